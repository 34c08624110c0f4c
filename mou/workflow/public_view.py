"""What anybody may know of a document: its text's name, who of which organisation is to sign, how far it is, and its digests.

1. Places are told by role and organisation. A person is named only where a consent to that stands (`mou.minors`), and nobody of a
   youth group or a children and youth council is, whatever they agreed to.
2. A document is found by the code on its pages, or by the digest of any of its revisions or of the text before the first
   signature.
3. One that was replaced stays to be seen and says what stands in its place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mou.consents import ConsentKind
from mou.documents import ADDRESS_CODE_DIGITS
from mou.minors import may_be_named
from mou.models import Capacity
from mou.requests import RequestState, SignatureRequest, is_complete
from mou.storage.database import Transaction
from mou.storage.store import Document, NotFoundError
from mou.workflow.minors import occasion_in
from mou.workflow.workspace import Workspace
from signatures.digests import Digest

_CODE: Final = re.compile(rf"[0-9a-f]{{{ADDRESS_CODE_DIGITS}}}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """One place for a signature: as what, for which organisation, whether it is there, and whose it is where they agreed to that.

    `person` is the full name; None for everybody who has not agreed, and before they have signed.
    """

    field: str
    role: str
    capacity: Capacity
    organisation_name: str
    state: RequestState
    person: str | None = None


@dataclass(frozen=True, slots=True)
class PublicRevision:
    """One state of the file: its digest, and the ledger's entry that names it."""

    number: int
    digest: Digest
    entry_index: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDocument:
    """A document, with nothing personal but what was agreed to; `asked_revision` is the one by whose digest it was asked for."""

    code: str
    title: str
    document_number: str | None
    template: str
    version: str
    prepared: Digest
    created_at: datetime
    organisations: tuple[str, ...]
    places: tuple[PublicPlace, ...]
    is_complete: bool
    revisions: tuple[PublicRevision, ...]
    asked_revision: int | None
    checkpoint: str
    ledger_key: str
    is_superseded: bool
    superseded_by: str | None
    """The code of the document that stands in its place; None when nothing does."""

    @property
    def signed(self) -> int:
        """How many signatures are there."""
        return sum(place.state is RequestState.SIGNED for place in self.places)


def public_document(workspace: Workspace, code: str) -> PublicDocument:
    """Return the document of this code (32 digits) or digest (64 digits, in hexadecimal).

    Raises:
        NotFoundError: there is none; the message does not repeat what was asked for.
    """
    with workspace.database.read() as transaction:
        document = find_by_code(transaction, code)
        if document is None:
            raise NotFoundError("no document of this site has this code; see that all of its digits were copied")
        requests = transaction.store.requests(document.document_id)
        named = _named(transaction, document, requests, at=workspace.clock())
        places = tuple(_place(request, named.get(request.slot.field)) for request in requests)
        revisions = tuple(
            PublicRevision(one.number, one.digest, one.entry_index, one.made_at)
            for one in transaction.store.revisions(document.document_id)
        )
        standing = transaction.store.documents(document.template)
        is_superseded = all(other.document_id != document.document_id for other in standing)
        checkpoint = transaction.ledger.note()
    return PublicDocument(
        code=code_of(document),
        title=document.title,
        document_number=document.document_number,
        template=document.template,
        version=document.version,
        prepared=document.prepared,
        created_at=document.created_at,
        organisations=tuple(dict.fromkeys(request.slot.organisation_name for request in requests)),
        places=places,
        is_complete=is_complete(requests),
        revisions=revisions,
        asked_revision=next((one.number for one in revisions if one.digest.hex == code), None),
        checkpoint=checkpoint,
        ledger_key=str(workspace.keys.ledger_public_key()),
        is_superseded=is_superseded,
        superseded_by=_successor(document, standing) if is_superseded else None,
    )


def code_of(document: Document) -> str:
    """Return the code that stands on the document's pages."""
    return document.input_digest.hex[:ADDRESS_CODE_DIGITS]


def read_code(text: str) -> str | None:
    """Return the code in what a person typed, whatever spaces, hyphens, capitals or address it came with; None for none."""
    bare = re.sub(r"[\s-]", "", text.strip().rstrip("/").rpartition("/")[2]).lower().removeprefix("sha256:")
    return bare if _CODE.fullmatch(bare) or _DIGEST.fullmatch(bare) else None


def find_by_code(transaction: Transaction, code: str) -> Document | None:
    """Return the document of this code or digest, if there is one."""
    if _CODE.fullmatch(code):
        return transaction.store.find_by_code(code)
    if not _DIGEST.fullmatch(code):
        return None
    digest = Digest.parse(f"sha256:{code}")
    revision = transaction.store.find_revision(digest)
    return transaction.store.document(revision.document_id) if revision is not None else transaction.store.find_prepared(digest)


def _named(transaction: Transaction, document: Document, requests: Sequence[SignatureRequest], *, at: datetime) -> dict[str, str]:
    """Return, by their fields, the names of those who have signed and agreed to be named."""
    consents = transaction.consents.consents(document.document_id)
    asked = {one.field for one in consents if one.kind is ConsentKind.NAME_PUBLICATION}
    signed = [one for one in requests if one.slot.field in asked and one.state is RequestState.SIGNED]
    return {
        one.slot.field: one.slot.person.full_name
        for one in signed
        if may_be_named(occasion_in(transaction, one, requests, at=at))
    }


def _place(request: SignatureRequest, person: str | None) -> PublicPlace:
    slot = request.slot
    return PublicPlace(slot.field, slot.role, slot.capacity, slot.organisation_name, request.state, person)


def _successor(document: Document, standing: tuple[Document, ...]) -> str | None:
    """The document that stands today for the same template and organisation."""
    return next((code_of(other) for other in standing if other.organisation_id == document.organisation_id), None)
