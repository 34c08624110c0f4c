"""What the secretariat sees at its desk: all documents at a glance, and one document with everything about its requests.

1. Everything is counted from the requests, each view in one transaction; documents that were replaced are left out of the glance.
2. A document may be in several states at once: one signatory has declined, another has still to be asked.
3. A request is overdue when its deadline has passed without an answer, closed for that already or not.
4. A letter is undelivered when the mail server refused it for good since the invitation that stands was made.
5. The search looks at titles, numbers and organisations, never at persons: what is searched for stands in an address.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, TypeAlias

from mou.requests import RequestRefusedError, RequestState, SignatureRequest, first_before, is_complete, is_overdue
from mou.storage.asking import Delegation, Invitation, RequestStep
from mou.storage.database import Transaction
from mou.storage.store import Document, NotFoundError, Revision
from mou.thai import BANGKOK
from mou.workflow.letters import Letter
from mou.workflow.links import Invited
from mou.workflow.public_view import code_of
from mou.workflow.request_steps import standing_invitation
from mou.workflow.workspace import Workspace
from signatures.registry_fields import REGISTRY_SEAL_FIELD

LINES_PER_PAGE: Final = 50
UNDELIVERED: Final = "invitation.undelivered"
CERTIFIED: Final = "document.certified"
SIGNED: Final = "document.signed"
EXTENDED: Final = "document.extended"
NUMBERED: Final = "document.numbered"


class DocumentState(StrEnum):
    """What can be said of a document; what presses most stands first."""

    UNDELIVERED = "undelivered"
    DECLINED = "declined"
    OVERDUE = "overdue"
    DELEGATE_PROPOSED = "delegate_proposed"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents are looked for; pages count from 1."""

    template: str | None = None
    state: DocumentState | None = None
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document at a glance; `waits_for` are those who were asked and whose turn it is."""

    document: Document
    organisations: tuple[str, ...]
    signed: int
    signatures: int
    waits_for: tuple[SignatureRequest, ...]
    states: tuple[DocumentState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How everything stands, counted; `requests` counts signatories, the rest documents, signatures and letters."""

    documents: int
    complete: int
    signed: int
    signatures: int
    requests: Mapping[DocumentState, int]
    letters_queued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All documents at a glance, one page of those that were looked for."""

    figures: Figures
    lines: tuple[DocumentLine, ...]
    found: int
    page: int
    pages: int
    templates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """One request with the invitation that stands for it; `letter_is_queued`: a letter has still to go out."""

    request: SignatureRequest
    invitation: Invitation | None
    waits_for: SignatureRequest | None
    is_overdue: bool
    undelivered_at: datetime | None
    letter_is_queued: bool
    proposal: Delegation | None

    @property
    def may_be_asked(self) -> bool:
        """Whether an invitation may be made: nobody was asked yet, or the last round ended without a signature."""
        return self.request.state is RequestState.DRAFT or self.request.is_closed_unsigned

    @property
    def is_asked(self) -> bool:
        """Whether the request was sent and its deadline has not passed."""
        return self.request.state is RequestState.SENT and not self.is_overdue

    @property
    def is_answerable(self) -> bool:
        """Whether the signatory's link leads to an answer now or when the turn has come."""
        return self.invitation is not None and self.request.is_open and not self.is_overdue


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened, with the ledger's entry; `note` is what somebody wrote about it."""

    entry_index: int
    at: datetime
    step: str
    organisation_name: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """One document with its requests in the order of its fields; the newest of the history comes first."""

    document: Document
    code: str
    public_address: str | None
    requests: tuple[RequestView, ...]
    history: tuple[HistoryLine, ...]
    is_superseded: bool

    @property
    def signed(self) -> int:
        """How many have signed."""
        return sum(each.request.state is RequestState.SIGNED for each in self.requests)

    @property
    def may_be_asked(self) -> bool:
        """Whether sending to everybody reaches somebody: a request is open, or its deadline has passed."""
        return any(each.request.is_open or each.request.state is RequestState.EXPIRED for each in self.requests)

    @property
    def may_be_reminded(self) -> bool:
        """Whether somebody was asked whose turn it is, and still has time."""
        return any(each.is_asked and each.waits_for is None for each in self.requests)


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that stands in the tables about requests, by document."""

    requests: Mapping[str, tuple[SignatureRequest, ...]]
    undelivered: Mapping[str, tuple[RequestStep, ...]]
    invitations: Mapping[str, tuple[Invitation, ...]]  # of the documents with letters that were not delivered
    proposed: Mapping[str, frozenset[str]]


_Found: TypeAlias = tuple[DocumentState, SignatureRequest]


def overview(workspace: Workspace, wanted: Wanted) -> Overview:
    """Return how everything stands, and the page of the documents that were looked for; the last one where there are fewer."""
    at = workspace.clock()
    with workspace.database.read() as transaction:
        documents = transaction.store.documents()
        known = _read_all(transaction)
        queued = len(_queued(transaction))
    found_of = {each.document_id: _states_of_requests(each.document_id, known, at=at) for each in documents}
    lines = [_line(each, known.requests.get(each.document_id, ()), found_of[each.document_id]) for each in documents]
    found = [line for line in lines if _is_wanted(line, wanted)]
    pages = max(1, -(-len(found) // LINES_PER_PAGE))
    page = min(max(1, wanted.page), pages)
    return Overview(
        figures=_figures(lines, found_of.values(), letters_queued=queued),
        lines=tuple(found[(page - 1) * LINES_PER_PAGE : page * LINES_PER_PAGE]),
        found=len(found),
        page=page,
        pages=pages,
        templates=tuple(dict.fromkeys(document.template for document in documents)),
    )


def document_view(workspace: Workspace, document_id: str) -> DocumentView:
    """Return one document with everything about its requests.

    Raises:
        NotFoundError: there is no such document.
    """
    at = workspace.clock()
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        requests = transaction.store.requests(document_id)
        steps = transaction.asking.steps(document_id)
        proposals = {each.field: each for each in transaction.asking.delegations(document_id)}
        queued = set(_queued(transaction))
        revisions = transaction.store.revisions(document_id)
        standing = transaction.store.documents(document.template)
        views = []
        for request in requests:
            invitation = standing_invitation(transaction, request)
            views.append(
                RequestView(
                    request=request,
                    invitation=invitation,
                    waits_for=first_before(request, requests) if request.is_open else None,
                    is_overdue=_is_late(request, at=at),
                    undelivered_at=_undelivered_at(request, invitation, steps),
                    letter_is_queued=invitation is not None and invitation.invitation_id in queued,
                    proposal=proposals.get(request.slot.field),
                )
            )
    code, public_url = code_of(document), workspace.settings.public_url
    return DocumentView(
        document=document,
        code=code,
        public_address=f"{public_url.rstrip('/')}/d/{code}" if public_url else None,
        requests=tuple(views),
        history=_history(requests, steps, revisions),
        is_superseded=all(other.document_id != document_id for other in standing),
    )


def request_view(workspace: Workspace, document_id: str, field: str) -> tuple[DocumentView, RequestView]:
    """Return one request with its document.

    Raises:
        NotFoundError: there is no such document or field.
    """
    view = document_view(workspace, document_id)
    for each in view.requests:
        if each.request.slot.field == field:
            return view, each
    raise NotFoundError("{document} has no signature field {field}", document=view.document.file_name, field=field)


def invited_now(view: DocumentView, asked: RequestView) -> Invited:
    """Return the invitation whose link the signatory can answer.

    Raises:
        RequestRefusedError: nobody was asked, or the request has ended.
    """
    if asked.invitation is None or not asked.is_answerable:
        raise RequestRefusedError(
            "{document}, {field}: no invitation stands for this signatory; send the request first",
            document=view.document.file_name,
            field=asked.request.slot.field,
        )
    return Invited(asked.invitation, view.document, asked.request, tuple(each.request for each in view.requests))


def queued_letters(workspace: Workspace) -> int:
    """Return how many letters have still to go out."""
    with workspace.database.read() as transaction:
        return len(_queued(transaction))


def end_of_day(day: date) -> datetime:
    """Return the last second of this day in Bangkok."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=BANGKOK)


def _queued(transaction: Transaction) -> list[str]:
    """Return the invitation of each letter that has still to go out."""
    return [invitation_id for letter in Letter for _, invitation_id in transaction.store.queued(letter.value)]


def _read_all(transaction: Transaction) -> _Known:
    """Read each table once: a query for each of thousands of documents would take seconds."""
    undelivered = transaction.asking.steps_named(UNDELIVERED)
    return _Known(
        requests=transaction.store.all_requests(),
        undelivered=undelivered,
        invitations={document_id: transaction.asking.invitations(document_id) for document_id in undelivered},
        proposed=transaction.asking.delegated_fields(),
    )


def _states_of_requests(document_id: str, known: _Known, *, at: datetime) -> list[_Found]:
    """Return what can be said of the requests of a document, each with its request."""
    requests = known.requests.get(document_id, ())
    proposed = known.proposed.get(document_id, frozenset())
    steps = known.undelivered.get(document_id, ())
    latest = {(each.field, each.round): each for each in known.invitations.get(document_id, ()) if each.revoked_at is None}
    found: list[_Found] = []
    for request in requests:
        if request.slot.field in proposed:
            found.append((DocumentState.DELEGATE_PROPOSED, request))
        if _undelivered_at(request, latest.get((request.slot.field, request.round)), steps) is not None:
            found.append((DocumentState.UNDELIVERED, request))
        state = _state_of(request, requests, at=at)
        if state is not None:
            found.append((state, request))
    return found


def _state_of(request: SignatureRequest, requests: Sequence[SignatureRequest], *, at: datetime) -> DocumentState | None:
    """Return how one request stands; None when it is signed, or waits for somebody before."""
    if request.state is RequestState.SIGNED:
        return None
    if _is_late(request, at=at):
        return DocumentState.OVERDUE
    if request.state is RequestState.SENT:
        return DocumentState.WAITING if first_before(request, requests) is None else None
    return _UNSIGNED[request.state]


_UNSIGNED: Final[Mapping[RequestState, DocumentState]] = {
    RequestState.DRAFT: DocumentState.NOT_ASKED,
    RequestState.DECLINED: DocumentState.DECLINED,
    RequestState.WITHDRAWN: DocumentState.WITHDRAWN,
}


def _is_late(request: SignatureRequest, *, at: datetime) -> bool:
    return request.state is RequestState.EXPIRED or is_overdue(request, at=at)


def _undelivered_at(request: SignatureRequest, invitation: Invitation | None, steps: Iterable[RequestStep]) -> datetime | None:
    """Return when the mail server last refused a letter of the standing invitation (rule 4)."""
    if invitation is None or not request.is_open:
        return None
    refused = (
        step.at for step in steps if step.step == UNDELIVERED and (step.field, step.round) == (invitation.field, invitation.round)
    )
    return max((moment for moment in refused if moment >= invitation.made_at), default=None)


def _line(document: Document, requests: Sequence[SignatureRequest], found: Sequence[_Found]) -> DocumentLine:
    states = {state for state, _ in found}
    if requests and is_complete(requests):
        states.add(DocumentState.COMPLETE)
    return DocumentLine(
        document=document,
        organisations=tuple(dict.fromkeys(request.slot.organisation_name for request in requests)),
        signed=sum(request.state is RequestState.SIGNED for request in requests),
        signatures=len(requests),
        waits_for=tuple(request for state, request in found if state is DocumentState.WAITING),
        states=tuple(state for state in DocumentState if state in states),
    )


def _is_wanted(line: DocumentLine, wanted: Wanted) -> bool:
    if wanted.template is not None and line.document.template != wanted.template:
        return False
    if wanted.state is not None and wanted.state not in line.states:
        return False
    sought = wanted.text.strip().casefold()
    named = (line.document.title, line.document.document_number or "", line.document.file_name, *line.organisations)
    return not sought or any(sought in text.casefold() for text in named)


def _figures(lines: Sequence[DocumentLine], found: Iterable[Sequence[_Found]], *, letters_queued: int) -> Figures:
    return Figures(
        documents=len(lines),
        complete=sum(DocumentState.COMPLETE in line.states for line in lines),
        signed=sum(line.signed for line in lines),
        signatures=sum(line.signatures for line in lines),
        requests=Counter(state for each in found for state, _ in each),
        letters_queued=letters_queued,
    )


def _history(
    requests: Sequence[SignatureRequest], steps: Iterable[RequestStep], revisions: Iterable[Revision]
) -> tuple[HistoryLine, ...]:
    names = {request.slot.field: request.slot.organisation_name for request in requests}
    lines = [HistoryLine(each.entry_index, each.at, each.step, names.get(each.field), each.note) for each in steps]
    for revision in revisions:
        name = names.get(revision.field)
        added = NUMBERED if revision.field == REGISTRY_SEAL_FIELD else EXTENDED
        step = CERTIFIED if revision.number == 1 else SIGNED if name else added
        lines.append(HistoryLine(revision.entry_index, revision.made_at, step, name, None))
    return tuple(sorted(lines, key=lambda line: -line.entry_index))
