"""The depositary at work: a charter's text adopted, its instruments received, examined for due form, accepted or returned.

The order for one instrument, or for many that are received together, each step safe to repeat:
1. inside one transaction, under the ledger's lock: the register as it stands is read, the instruments on top of it, and whatever
   is wrong with their form is found (`mou.workflow.examining`);
2. the same transaction records that each came and whether it was accepted or returned, in the ledger and in the tables.
   **The commit point.** *A crash before it leaves nothing; after it, a repeat returns what is there.*

What was returned stays returned. The same paper presented again is examined again: where nothing has changed, the answer that is
there is given once more; where it is in due form now, that is a new entry.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from mou.charter.clauses import parse_clauses
from mou.charter.due_form import Fault
from mou.charter.instruments import Authority, Charter, Instrument, InstrumentKind, Meeting, MinorSignature
from mou.charter.ledger_form import paper_of, receiving_events
from mou.charter.register import Register
from mou.documents import document_id_of
from mou.errors import InputError, UsageError
from mou.models import Capacity, OrganisationKind
from mou.requests import SignatureRequest, is_complete
from mou.storage.database import Transaction
from mou.storage.depositary import Received, StoredParties
from mou.storage.store import Document
from mou.thai import BANGKOK
from mou.workflow.examining import Examined, Presented, examine, read_papers
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.canonical import canonical_bytes
from signatures.digests import Digest

DAYS_KEPT_OPEN = 60  # an instrument may come in this much later than the latest one without everything being read again
MOST_OPEN_INSTRUMENTS = 500
PAPERS_UNDER_ONE_HEAD = 500

_SPEAKS_FOR_PARTY = frozenset(
    {Capacity.AUTHORISED_REPRESENTATIVE, Capacity.ATTORNEY, Capacity.ACTING_ON_BEHALF, Capacity.ACTING_IN_OFFICE}
)


@dataclass(frozen=True, slots=True)
class Deposit:
    """What became of a paper: as it was received, and whether this call received it."""

    received: Received
    is_new: bool

    @property
    def fault(self) -> Fault | None:
        """Why it was returned; None where it was accepted."""
        return self.received.fault


def adopt_text(workspace: Workspace, document: Document, meeting: Meeting, *, on: date, note: str | None = None) -> Deposit:
    """Record that a meeting adopted the text of a charter; from here on its instruments are received.

    Raises:
        UsageError: the document is no charter.
        RequestRefusedError, StaleRevisionError: as for any write; nothing was recorded.
    """
    charter = _charter_of(workspace, document)
    paper = Instrument("", InstrumentKind.TEXT_ADOPTED, on, document=charter.text, text=charter.text, meeting=meeting)
    with workspace.database.write() as transaction:
        transaction.lock()
        if transaction.depositary.find_charter(charter.charter_id) is None:
            transaction.depositary.add_charter(charter)
        return receive_in(transaction, charter, paper, note=note, at=workspace.clock())


def receive_instrument(workspace: Workspace, charter_id: str, paper: Instrument, *, note: str | None = None) -> Deposit:
    """Receive one instrument: examine it, record it, and say what became of it.

    Raises:
        UsageError: no such charter is kept, or the day lies ahead.
    """
    with workspace.database.write() as transaction:
        transaction.lock()
        return receive_in(transaction, kept_charter(transaction, charter_id), paper, note=note, at=workspace.clock())


def receive_in(transaction: Transaction, charter: Charter, paper: Instrument, *, note: str | None, at: datetime) -> Deposit:
    """Receive one instrument in the open transaction, which holds the lock."""
    return receive_all_in(transaction, charter, [Presented(paper, note)], at=at)[0]


def receive_instruments(workspace: Workspace, charter_id: str, papers: Iterable[Presented]) -> tuple[Deposit, ...]:
    """Receive several instruments in one transaction, whatever their order, and say what became of each, in the order given.

    They are examined and recorded in the order of their days. A paper that stands among them twice is received once.

    Raises:
        UsageError: no such charter is kept, or the day of one lies ahead; nothing was recorded.
    """
    with workspace.database.write() as transaction:
        transaction.lock()
        return receive_all_in(transaction, kept_charter(transaction, charter_id), tuple(papers), at=workspace.clock())


def receive_all_in(
    transaction: Transaction, charter: Charter, presented: Sequence[Presented], *, at: datetime
) -> tuple[Deposit, ...]:
    """Receive instruments in the open transaction, which holds the lock."""
    today = at.astimezone(BANGKOK).date()
    for one in presented:
        if one.paper.on > today:
            raise UsageError("a day that has come is expected, got {day}; today is {today}", day=one.paper.on, today=today)
    examined = examine(transaction, charter, presented)
    new: dict[str, tuple[Examined, str | None]] = {}
    for paper, one in zip(examined, presented, strict=True):
        if paper.known is None:
            new.setdefault(paper.instrument.instrument_id, (paper, one.note))
    recorded = _record(transaction, charter, list(new.values()), at=at)
    accepted = [one.instrument.on for one in recorded.values() if one.fault is None]
    if accepted:
        _close_old_days(transaction, charter, min(accepted))
    return tuple(_deposits(examined, recorded))


def _record(
    transaction: Transaction, charter: Charter, new: Sequence[tuple[Examined, str | None]], *, at: datetime
) -> dict[str, Received]:
    """Record what is new, in the order of its days, with one signed head for many papers."""
    recorded: dict[str, Received] = {}
    ordered = sorted(new, key=lambda one: one[0].instrument.sort_key)
    for start in range(0, len(ordered), PAPERS_UNDER_ONE_HEAD):
        part = ordered[start : start + PAPERS_UNDER_ONE_HEAD]
        events = [
            event
            for paper, _ in part
            for event in receiving_events(charter.charter_id, paper.instrument, paper.fault, actor=SECRETARIAT)
        ]
        entries = transaction.ledger.append(events, at=at)
        for (paper, note), entry in zip(part, entries[::2], strict=True):  # each paper has two: that it came, and the verdict
            received = Received(paper.instrument, charter.charter_id, entry.index, paper.fault, note, at)
            transaction.depositary.add_instrument(received)
            recorded[paper.instrument.instrument_id] = received
    return recorded


def _deposits(examined: Iterable[Examined], recorded: Mapping[str, Received]) -> Iterator[Deposit]:
    """What became of each paper; of one that was presented twice, the first is the new one."""
    told: set[str] = set()
    for paper in examined:
        name = paper.instrument.instrument_id
        yield Deposit(paper.known or recorded[name], is_new=paper.known is None and name not in told)
        told.add(name)


def receive_signatures(workspace: Workspace, charter_id: str, *, simple: Sequence[str] = ()) -> tuple[Deposit, ...]:
    """Present every completed memorandum, and every signature on the charter's own page, that was not accepted yet.

    `simple` are the organisations that have stated that theirs is subject to approval.

    Raises:
        UsageError: no such charter is kept.
    """
    with workspace.database.read() as transaction:
        charter = kept_charter(transaction, charter_id)
        papers = signed_papers(workspace, transaction, charter, simple=simple)
    return receive_instruments(workspace, charter_id, map(Presented, papers))


def signed_papers(
    workspace: Workspace, transaction: Transaction, charter: Charter, *, simple: Sequence[str] = ()
) -> tuple[Instrument, ...]:
    """Return what was signed under a charter as instruments: one for each signature by which an organisation speaks.

    That is each signature on the charter's own page, and that of the organisation on its completed memorandum. A minor's waits
    for the adult beside, as long as somebody of the organisation may still sign.
    """
    found = []
    for document in transaction.store.documents():
        requests = transaction.store.requests(document.document_id)
        if document.document_id == charter.charter_id:
            own = [request for request in requests if request.signed_at is not None]
        elif document.organisation_id is not None and is_complete(requests) and _consents_to(workspace, document, charter):
            own = [request for request in requests if request.slot.organisation_id == document.organisation_id]
        else:
            continue
        ages = transaction.consents.ages(document.document_id)
        for request in own:
            minor = _minor_of(workspace, request, requests, ages)
            if minor is not None and minor.adult_beside is None and any(each.is_open for each in _beside(request, requests)):
                continue  # the adult beside may still sign
            is_simple = request.slot.organisation_id in simple
            paper = _signature_paper(workspace, transaction, document, request, is_simple=is_simple, minor=minor)
            found += [] if paper is None else [paper]
    return tuple(found)


def charter_from_record(record: Mapping[str, object], text: Digest) -> Charter:
    """Return the charter that a PDF's record describes; `text` is the digest of what its signatories were asked to sign.

    Raises:
        InputError: it has no final clauses: it is no charter.
    """
    clauses = record.get("final_clauses")
    if not isinstance(clauses, dict):
        raise InputError("a charter's PDF is expected, with its final clauses in its record; got another document")
    members = record.get("members")
    listed = {
        str(one["organisation_id"]): OrganisationKind(one["kind"])
        for one in (members if isinstance(members, list) else [])
        if isinstance(one, dict)
    }
    return Charter(document_id_of(text), str(text), parse_clauses(clauses, "record.json", is_signed=True), listed or None)


def kept_charter(transaction: Transaction, charter_id: str) -> Charter:
    """Return a charter whose instruments are received.

    Raises:
        UsageError: there is none of this id.
    """
    charter = transaction.depositary.find_charter(charter_id)
    if charter is None:
        raise UsageError(
            "{charter}: a charter whose text was adopted is expected; record that first: mou charter adopt", charter=charter_id
        )
    return charter


def open_register(transaction: Transaction, charter: Charter) -> Register:
    """Return the register with everything read that was accepted; cost in proportion to the days that are still open."""
    depositary = transaction.depositary
    register = depositary.remembered(charter)
    read_papers(register, depositary.accepted_after(charter.charter_id, register.memory.folded_through))
    return register


def person_id(workspace: Workspace, organisation_id: str, full_name: str) -> str:
    """Return the opaque id by which instruments name a person: always the same, and nothing that could be guessed back."""
    named = canonical_bytes([organisation_id, unicodedata.normalize("NFC", full_name)])
    return f"per_{hmac.new(workspace.keys.link_key(), b'mou.person.v1' + named, hashlib.sha256).hexdigest()[:24]}"


def organisation_kind(workspace: Workspace, organisation_id: str) -> OrganisationKind:
    """Return what an organisation is.

    Raises:
        UsageError: it was never imported.
    """
    with workspace.database.read() as transaction:
        kind = _kind_on(transaction, organisation_id)
    if kind is None:
        raise UsageError("no organisation with the id {id}; see: mou organisations list", id=organisation_id)
    return kind


def with_authority_id(organisation_id: str, authority: Authority) -> Authority:
    """Return the authority under the id that its content gives it."""
    record = paper_of(Instrument("", InstrumentKind.AUTHORITY_DEPOSITED, authority.issued_on, authority=authority))
    return replace(authority, authority_id=f"aut_{operation_id('authority', organisation_id, record)[:24]}")


def _signature_paper(
    workspace: Workspace,
    transaction: Transaction,
    document: Document,
    request: SignatureRequest,
    *,
    is_simple: bool,
    minor: MinorSignature | None,
) -> Instrument | None:
    """One signature as an instrument; None where the organisation does not speak by it, as by a witness's."""
    if request.signed_at is None or request.slot.capacity not in _SPEAKS_FOR_PARTY:
        return None
    on, slot = request.signed_at.astimezone(BANGKOK).date(), request.slot
    signatory = person_id(workspace, slot.organisation_id, slot.person.full_name)
    kind = _kind_on(transaction, slot.organisation_id)
    return Instrument(
        "",
        InstrumentKind.SIGNED_SIMPLE if is_simple else InstrumentKind.SIGNED_DEFINITIVE,
        on,
        party=slot.organisation_id,
        party_kind=kind,
        document=str(document.prepared),
        channel=request.channel,
        capacity=slot.capacity,
        occurred_at=request.signed_at.astimezone(UTC).replace(microsecond=0),
        signatory=signatory,
        minor=minor,
    )


def _minor_of(
    workspace: Workspace,
    request: SignatureRequest,
    requests: Sequence[SignatureRequest],
    ages: Mapping[str, MinorSignature],
) -> MinorSignature | None:
    """What was kept with a minor's signature, and the opaque id of an adult who signed beside; None for everybody else.

    Both are as they were on the day of signing: the list may know more or less by now.
    """
    own = ages.get(request.slot.field)
    if own is None or not own.age_band.is_minor:
        return None
    for each in _beside(request, requests):
        beside = ages.get(each.slot.field)
        if each.signed_at is not None and beside is not None and not beside.age_band.is_minor:
            return replace(own, adult_beside=person_id(workspace, each.slot.organisation_id, each.slot.person.full_name))
    return own


def _beside(request: SignatureRequest, requests: Sequence[SignatureRequest]) -> Iterator[SignatureRequest]:
    """The others who sign the same document for the same organisation."""
    own = request.slot
    return (each for each in requests if each.slot.organisation_id == own.organisation_id and each.slot.field != own.field)


def _kind_on(transaction: Transaction, organisation_id: str) -> OrganisationKind | None:
    listed = (one.organisation for one in transaction.store.organisations())
    return next((one.kind for one in listed if one.organisation_id == organisation_id), None)


def _consents_to(workspace: Workspace, document: Document, charter: Charter) -> bool:
    """Whether a memorandum names this charter's digest in its text."""
    from mou.rendering.archive import read_record  # brings pikepdf

    record = read_record(workspace.files.get(document.current))
    named = record.get("charter")
    return isinstance(named, dict) and named.get("digest") == charter.text


def _close_old_days(transaction: Transaction, charter: Charter, newest: date) -> None:
    """Keep what the register knows of days long past, so that nobody reads them again; or forget it after a late paper."""
    depositary, charter_id = transaction.depositary, charter.charter_id
    register = depositary.remembered(charter)
    closed = register.memory.folded_through
    if newest <= closed:
        depositary.forget(charter_id)
        register = depositary.remembered(charter)
        closed = register.memory.folded_through
    elif depositary.count_accepted_after(charter_id, closed) <= MOST_OPEN_INSTRUMENTS:
        return
    last = depositary.last_day(charter_id) or newest
    end = last - timedelta(days=DAYS_KEPT_OPEN)
    if end <= closed:
        return
    read_papers(register, depositary.accepted_after(charter_id, closed, until=end))
    register.settle(end)
    assert isinstance(register.parties, StoredParties)
    depositary.remember(register, register.parties.touched)


def _charter_of(workspace: Workspace, document: Document) -> Charter:
    """The charter as its own PDF describes it: what a reader finds who has nothing else."""
    from mou.rendering.archive import read_record  # brings pikepdf

    return charter_from_record(read_record(workspace.files.get(document.current)), document.prepared)
