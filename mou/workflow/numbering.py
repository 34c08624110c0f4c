"""Numbering: a register's number and date go into a document that everybody has signed, and into the ledger.

The order is that of a signature (`mou.workflow.signing`), each step safe to repeat:
1. fill the places that were prepared for them, under the register's seal, in one revision of the newest one; validate every
   signature of the result; store it by its digest (a crash here leaves an orphan file that no entry names);
2. one transaction: ledger entry, signed head, revision, queued publication. **The commit point**, with compare-and-swap on the
   document's newest revision, and with another look for the number, which somebody may have given away meanwhile;
3. publish.

A document is numbered once, when everybody has signed: what the register enters is a document that is complete. A number is given
once in a workspace's register; ๑/๒๕๖๕ and 1/2565 are one number, written as it was given.

The ledger holds a number of Latin letters, digits and . / - as it is, in Arabic digits. Any other is free text, and so may be one
of thirteen digits, which is how a person's number looks: of these it holds a commitment with the document's salt.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from mou.errors import ConflictError, MouError, UsageError
from mou.rendering.registry_text import draw_registry_text
from mou.requests import RequestState, SignatureRequest
from mou.storage.database import Transaction
from mou.storage.store import Document, Revision, StaleRevisionError
from mou.thai import BANGKOK, Numerals, thai_date, to_arabic_digits
from mou.workflow.checking import require_sound
from mou.workflow.publishing import queue_publication
from mou.workflow.templates import find_template
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.bundle import ExpectedSignature, commitment
from signatures.canonical import JsonValue
from signatures.ledger.entry import Entry, Event
from signatures.registry_fields import (
    REGISTRY_DATE_FIELD,
    REGISTRY_NUMBER_FIELD,
    REGISTRY_SEAL_FIELD,
    RegistryState,
    RegistryText,
    read_registry,
)
from signatures.signers import Signer
from signatures.signing import REGISTRY_SEAL_CAPACITY, register

NUMBER_ASSIGNED = "number.assigned"
LONGEST_NUMBER = 60
_ATTEMPTS_ON_A_BUSY_DOCUMENT = 5
_PLAIN_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*")
_PERSONAL_NUMBER = re.compile(r"[0-9](-?[0-9]){12}")
_NUMBER_LABEL = b"mou.number.v1\x00"


class NotNumberedError(MouError):
    """A document cannot be given a number."""


class NumberTakenError(ConflictError):
    """The document has another number, or the number another document."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document with its number as it stands there, the day, the ledger's entry, and whether this call gave it."""

    document: Document
    number: str
    day: date
    entry_index: int
    is_new: bool


def assign_number(workspace: Workspace, document_id: str, number: str, *, day: date | None = None) -> Numbered:
    """Put a register's number and date into a document and record it; a repeat with the same number returns what is there.

    Args:
        workspace: where the document lies.
        document_id: the document.
        number: the number as it is to be read: in Thai or Arabic digits, with whatever belongs to it.
        day: the day of the register; None: today, and with a repeat the day that is there.

    Raises:
        UsageError: this is no number, or the day has not come yet.
        NotFoundError: there is no such document.
        NotNumberedError: it has no place for a number, or somebody has not signed yet.
        NumberTakenError: it has another number already, or another document has this one.
        RenderingError: the number does not fit into its place.
        StaleRevisionError: the document stays busy.
        SigningError: the result did not validate; nothing was stored.
    """
    wanted = read_number(number)
    today = workspace.clock().astimezone(BANGKOK).date()
    if day is not None and day > today:
        raise UsageError(
            "a day up to today, {today}, is expected, got {day}: write the year of the common era", today=today, day=day
        )
    for _ in range(_ATTEMPTS_ON_A_BUSY_DOCUMENT):
        try:
            return _assign_to_newest(workspace, document_id, wanted, day, today)
        except StaleRevisionError:
            continue
    raise StaleRevisionError("{document} is busy: it keeps changing; give the number again in a moment", document=document_id)


def read_number(text: str) -> str:
    """Return the number as it will stand in the document: composed, its spaces single.

    Raises:
        UsageError: there is nothing to be read, or more than 60 characters.
    """
    number = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(number) <= LONGEST_NUMBER or not any(character.isalnum() for character in number):
        raise UsageError(
            "a number like ๑/๒๕๖๕ of at most {limit} characters is expected, got {text!r}", limit=LONGEST_NUMBER, text=text[:80]
        )
    return number


def _assign_to_newest(workspace: Workspace, document_id: str, number: str, day: date | None, today: date) -> Numbered:
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        requests = transaction.store.requests(document_id)
        newest = transaction.store.revisions(document_id)[-1]
        recorded = _entry_of(transaction, document_id)
    before = workspace.files.get(document.current)
    state = read_registry(before)
    if recorded is not None:
        return _same_number(document, state, recorded, number, day)
    empty = _require_numberable(document, requests, state)
    with workspace.database.read() as transaction:
        _require_free(transaction, document, number)
    day = day or today
    at, seal = workspace.clock(), workspace.keys.seal()
    texts = _texts(empty, number, thai_date(day, _numerals_of(workspace, document)))
    after = register(before, texts, seal, at=at, name=workspace.settings.name, timestamps=workspace.timestamps())
    require_sound(workspace, after, at=at)
    stored = workspace.files.put(after)
    expected = (*newest.expected, _expected_seal(seal))
    revision = Revision(document_id, document.revision_count + 1, stored, REGISTRY_SEAL_FIELD, -1, at, expected)
    with workspace.database.write() as transaction:
        transaction.lock()
        # The swap comes first: a document that moved on meanwhile is found before the ledger is asked.
        transaction.store.require_current(document_id, document.current)
        _require_free(transaction, document, number)
        event = _assigned_event(document, revision, seal, _number_in_ledger(number, document.salt), day)
        entry, *_ = transaction.ledger.append([event], at=at)
        transaction.store.put_revision(replace(revision, entry_index=entry.index), before=document.current)
        queue_publication(transaction, document_id, revision=revision.number)
    document = replace(document, current=stored, revision_count=revision.number)
    return Numbered(document, number, day, entry.index, is_new=True)


def _entry_of(transaction: Transaction, document_id: str) -> Entry | None:
    """Return the entry by which a document was numbered."""
    return transaction.ledger.find(operation_id(NUMBER_ASSIGNED, document_id))


def _same_number(document: Document, state: RegistryState | None, recorded: Entry, number: str, day: date | None) -> Numbered:
    """Return what is there, if it is what is asked for.

    Raises:
        NumberTakenError: it is another number or day.
    """
    assert state is not None
    assert state.number is not None
    there = date.fromisoformat(str(recorded.body["date"]))
    if _key(state.number) != _key(number) or day not in {None, there}:
        raise NumberTakenError(
            "{document} has the number {number} of {day} already; a number is given once and never changed",
            document=document.file_name,
            number=state.number,
            day=there,
        )
    return Numbered(document, state.number, there, recorded.index, is_new=False)


def _require_numberable(document: Document, requests: tuple[SignatureRequest, ...], state: RegistryState | None) -> RegistryState:
    if state is None:
        raise NotNumberedError(
            "{document} has no place for a register's number: its template {template} has no elements with the ids "
            "registry-number and registry-date",
            document=document.file_name,
            template=document.template,
        )
    if missing := [request.slot.person.full_name for request in requests if request.state is not RequestState.SIGNED]:
        raise NotNumberedError(
            "{document} gets its number when everybody has signed; {count} of {asked} have not: {missing}",
            document=document.file_name,
            count=len(missing),
            asked=len(requests),
            missing=", ".join(missing),
        )
    return state


def _require_free(transaction: Transaction, document: Document, number: str) -> None:
    """Check that no other document has the number: every revision that a register's seal made names its entry."""
    for revision in transaction.store.revisions():
        if revision.field != REGISTRY_SEAL_FIELD or revision.document_id == document.document_id:
            continue
        holder = transaction.store.document(revision.document_id)
        body = transaction.ledger.entry(revision.entry_index).body
        if _number_in_ledger(number, holder.salt).items() <= body.items():
            raise NumberTakenError(
                "the number {number} is that of {holder} already; give {document} another one",
                number=number,
                holder=holder.file_name,
                document=document.file_name,
            )


def _key(number: str) -> str:
    """Return what two writings of one number have in common."""
    return to_arabic_digits(number)


def _number_in_ledger(number: str, salt: bytes) -> dict[str, JsonValue]:
    """Return how the ledger holds a number: as it is, or where it is free text a commitment to it."""
    key = _key(number)
    if _PLAIN_NUMBER.fullmatch(key) and not _PERSONAL_NUMBER.fullmatch(key):
        return {"number": key}
    return {"number_commitment": f"sha256:{hashlib.sha256(_NUMBER_LABEL + salt + key.encode()).hexdigest()}"}


def _texts(state: RegistryState, number: str, day: str) -> tuple[RegistryText, ...]:
    values = {REGISTRY_NUMBER_FIELD: number, REGISTRY_DATE_FIELD: day}
    return tuple(RegistryText(name, text, draw_registry_text(*state.sizes[name], text)) for name, text in values.items())


def _numerals_of(workspace: Workspace, document: Document) -> Numerals:
    """Return the numerals of the document's template; Thai ones where the template is gone."""
    try:
        return find_template(workspace.templates_folder, document.template).numerals
    except UsageError:
        return "thai"


def _expected_seal(seal: Signer) -> ExpectedSignature:
    return ExpectedSignature(REGISTRY_SEAL_FIELD, "seal", seal.common_name, REGISTRY_SEAL_CAPACITY, str(seal.digest))


def _assigned_event(document: Document, revision: Revision, seal: Signer, number: dict[str, JsonValue], day: date) -> Event:
    return Event(
        type=NUMBER_ASSIGNED,
        subject=document.document_id,
        actor=SECRETARIAT,
        body={
            "document": str(document.prepared),
            "before": str(document.current),
            "after": str(revision.digest),
            "field": revision.field,
            "certificate": str(seal.digest),
            "expected": commitment(revision.expected, document.salt),
            "date": day.isoformat(),
            **number,
        },
        operation_id=operation_id(NUMBER_ASSIGNED, document.document_id),
    )
