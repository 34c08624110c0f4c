"""The register of signatories of a charter, read in one transaction: what the depositary holds, with this workspace's names."""

from dataclasses import dataclass
from datetime import date

from mou.charter.instruments import Charter
from mou.charter.status import charter_status, party_statuses
from mou.signatories.joining import Held, signatories_of
from mou.signatories.rows import CharterFacts, LedgerHead, Names, OrganisationName, ReceivedPaper, RegisterOfSignatories
from mou.storage.database import Transaction
from mou.storage.depositary import Received
from mou.storage.store import Document, NotFoundError
from mou.thai import BANGKOK
from mou.workflow.depositing import kept_charter, open_register, person_id
from mou.workflow.public_view import code_of, find_by_code, read_code
from mou.workflow.workspace import Workspace
from signatures.digests import Digest


@dataclass(frozen=True, slots=True)
class KeptCharter:
    """A charter whose instruments are received, as the public knows it."""

    charter_id: str
    code: str
    title: str
    document_number: str | None
    text: str


def register_on(workspace: Workspace, charter_id: str, on: date, *, is_public: bool) -> RegisterOfSignatories:
    """Return the register as of a day; a public one names no person, and nobody's name is even looked up for it.

    Raises:
        UsageError: no such charter is kept.
    """
    with workspace.database.read() as transaction:
        charter = kept_charter(transaction, charter_id)
        register = open_register(transaction, charter)
        received = transaction.depositary.received(charter_id)
        checkpoint, note = transaction.ledger.signed_head()
        held = Held(
            charter=charter,
            facts=_facts(workspace, transaction.store.document(charter_id), charter),
            status=charter_status(register, on),
            parties=party_statuses(register, on),
            received=[_paper(one) for one in received],
            names=_names(workspace, transaction, received, is_public=is_public),
            ledger=LedgerHead(checkpoint.origin, checkpoint.size, note),
            made_at=workspace.clock(),
        )
    return signatories_of(held, is_public=is_public)


def today(workspace: Workspace) -> date:
    """Return the day in Bangkok."""
    return workspace.clock().astimezone(BANGKOK).date()


def kept_charters(workspace: Workspace) -> tuple[KeptCharter, ...]:
    """Return every charter that is kept, by id."""
    with workspace.database.read() as transaction:
        return tuple(
            _as_kept(transaction.store.document(charter.charter_id), charter) for charter in transaction.depositary.charters()
        )


def find_kept_charter(workspace: Workspace, name: str) -> KeptCharter:
    """Return the charter of this id, of the code on its pages, or of the digest of one of its states.

    Raises:
        NotFoundError: there is none; the message does not repeat what was asked for.
    """
    with workspace.database.read() as transaction:
        charter = transaction.depositary.find_charter(name)
        if charter is None and (code := read_code(name)) is not None:
            document = find_by_code(transaction, code)
            charter = None if document is None else transaction.depositary.find_charter(document.document_id)
        if charter is None:
            raise NotFoundError("no charter of this site has this code, or its text is not adopted yet")
        return _as_kept(transaction.store.document(charter.charter_id), charter)


def has_register(workspace: Workspace, text: Digest) -> bool:
    """Return whether the document of this text, as it was before its first signature, is a charter that is kept."""
    with workspace.database.read() as transaction:
        document = transaction.store.find_prepared(text)
        return document is not None and transaction.depositary.find_charter(document.document_id) is not None


def require_known_organisation(workspace: Workspace, charter_id: str, organisation: str) -> None:
    """Check that an organisation is on a charter's list, in the workspace's, or has sent the depositary something.

    Raises:
        NotFoundError: it is not.
    """
    with workspace.database.read() as transaction:
        listed = kept_charter(transaction, charter_id).listed or {}
        if organisation in listed or transaction.depositary.received(charter_id, party=organisation):
            return
        if organisation not in {one.organisation.organisation_id for one in transaction.store.organisations()}:
            raise NotFoundError("no organisation of this id is known here; see that it was copied whole")


def _as_kept(document: Document, charter: Charter) -> KeptCharter:
    return KeptCharter(charter.charter_id, code_of(document), document.title, document.document_number, charter.text)


def _facts(workspace: Workspace, document: Document, charter: Charter) -> CharterFacts:
    """What the charter's own PDF says of itself: what a reader finds who has nothing else."""
    from mou.rendering.archive import read_record  # brings pikepdf

    record = read_record(workspace.files.get(document.current))
    host = record.get("host")
    network = str(host["name_th"]) if isinstance(host, dict) and "name_th" in host else workspace.settings.name
    return CharterFacts(
        charter_id=charter.charter_id,
        title=document.title,
        number=document.document_number,
        code=code_of(document),
        text=charter.text,
        network=network,
        is_sample=record.get("is_sample") is True,
    )


def _paper(received: Received) -> ReceivedPaper:
    return ReceivedPaper(received.instrument, received.entry_index, received.recorded_at, received.fault, received.note)


def _names(workspace: Workspace, transaction: Transaction, received: tuple[Received, ...], *, is_public: bool) -> Names:
    organisations = [one.organisation for one in transaction.store.organisations()]
    documents = {str(one.prepared): one for one in transaction.store.all_documents()}
    named = {digest: documents[digest] for one in received if (digest := one.instrument.document or "") in documents}
    return Names(
        organisations={one.organisation_id: OrganisationName(one.name_th, one.name_en) for one in organisations},
        documents={digest: document.document_number or document.title for digest, document in named.items()},
        persons={} if is_public else _persons(workspace, transaction, received),
    )


def _persons(workspace: Workspace, transaction: Transaction, received: tuple[Received, ...]) -> dict[str, str]:
    """Who the opaque ids of instruments stand for, among the people whom the lists and the requests name."""
    parties = {one.instrument.party for one in received}
    people = {
        (one.organisation_id, person)
        for listed in transaction.store.organisations()
        if (one := listed.organisation).organisation_id in parties
        for person in (one.representative, one.witness)
        if person is not None
    }
    people |= {
        (request.slot.organisation_id, request.slot.person)
        for requests in transaction.store.all_requests().values()
        for request in requests
        if request.slot.organisation_id in parties
    }
    return {
        person_id(workspace, organisation, person.full_name): f"{person.full_name}, {person.position}"
        for organisation, person in sorted(people, key=lambda one: (one[0], one[1].full_name, one[1].position))
    }
