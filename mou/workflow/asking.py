"""Asking for signatures: send, remind, withdraw, decline, hand over to a delegate, let expire.

Each act is one transaction: the ledger's entry, the request and the invitation as they now are, and the letter that is to be
sent. **The commit is the commit point**: a crash before it leaves nothing, after it the letter is still queued and the next run
sends it (`mou.workflow.letters`). A repeat finds the state and does nothing twice. What a person wrote (a reason) stands in the
workflow's tables alone, where it can be erased.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mou.requests import (
    RequestRefusedError,
    RequestState,
    SignatureRequest,
    advance,
    first_before,
    is_overdue,
    send_request,
)
from mou.storage.asking import Channel, Invitation
from mou.storage.database import Transaction
from mou.storage.store import Document, NotFoundError
from mou.workflow.letters import Letter, queue_letter
from mou.workflow.links import ID_PREFIX, Invited
from mou.workflow.request_steps import (
    record_step,
    request_of,
    require_current,
    revoke,
    standing_invitation,
    stop_signing,
)
from mou.workflow.workspace import Workspace
from signatures.ledger.entry import text_of_time

if TYPE_CHECKING:
    from signatures.canonical import JsonValue

REMINDERS_BEFORE_DEADLINE = (timedelta(days=7), timedelta(days=1))
REMINDER_WITHOUT_DEADLINE = timedelta(days=7)
REMINDERS_AT_MOST = 3
SHORTEST_TIME_BETWEEN_REMINDERS = timedelta(hours=20)
LONGEST_REASON = 1000  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """One signatory with the invitation that stands, and whether this call made it."""

    request: SignatureRequest
    invitation: Invitation
    is_new: bool
    waits: bool
    """Whether somebody signs before; the letter goes out when the turn has come."""


def ask(
    workspace: Workspace, document_id: str, fields: Sequence[str] | None = None, *, deadline: datetime | None = None
) -> tuple[Asked, ...]:
    """Invite the signatories of a document who have not signed; one who is invited already keeps the invitation.

    Without `fields` everybody is asked but those who declined or whose request was withdrawn: they are asked again by name alone.

    Raises:
        NotFoundError: there is no such document or field.
        RequestRefusedError: a named signatory has signed already, or the deadline has passed.
    """
    at = workspace.clock()
    with workspace.database.write() as transaction:
        transaction.lock()
        document = transaction.store.document(document_id)
        _require_standing(transaction, document)
        requests = transaction.store.requests(document_id)
        _require_fields(document, requests, fields)
        return tuple(
            invite(transaction, document, request, requests, deadline=deadline, at=at)
            for request in requests
            if _is_to_be_asked(request, fields)
        )


def _require_standing(transaction: Transaction, document: Document) -> None:
    """Check that no newer document stands in the place of this one."""
    if all(each.document_id != document.document_id for each in transaction.store.documents(document.template)):
        raise RequestRefusedError(
            "{document} was replaced by a newer document: ask for signatures on that one", document=document.file_name
        )


def _require_fields(document: Document, requests: Sequence[SignatureRequest], fields: Sequence[str] | None) -> None:
    known = [request.slot.field for request in requests]
    for field in fields or ():
        if field not in known:
            raise NotFoundError(
                "{document} has no signature field {field}; it has {fields}",
                document=document.file_name,
                field=field,
                fields=", ".join(known),
            )


def _is_to_be_asked(request: SignatureRequest, fields: Sequence[str] | None) -> bool:
    if fields is not None:
        return request.slot.field in fields
    return request.is_open or request.state is RequestState.EXPIRED


def invite(
    transaction: Transaction,
    document: Document,
    request: SignatureRequest,
    requests: Sequence[SignatureRequest],
    *,
    deadline: datetime | None,
    at: datetime,
) -> Asked:
    """Return the invitation of one signatory, made in the open transaction where none stands."""
    sent = send_request(request, deadline=deadline, at=at)
    known = standing_invitation(transaction, sent)
    waits = first_before(sent, requests) is not None
    if sent != request:
        transaction.asking.put_request(sent)
    if sent.round != request.round:
        transaction.asking.drop_delegation(document.document_id, sent.slot.field)  # proposed in a round that has ended
    if known is not None:
        return Asked(sent, known, is_new=False, waits=waits)
    address = sent.slot.person.email
    channel = Channel.MAIL if address else Channel.MESSAGE
    invitation = Invitation(
        ID_PREFIX + secrets.token_hex(12), document.document_id, sent.slot.field, sent.round, channel, address, at
    )
    if channel is Channel.MESSAGE and not waits:
        invitation = replace(invitation, sent_at=at)
    transaction.asking.add_invitation(invitation)
    body: dict[str, JsonValue] = {
        "invitation": invitation.invitation_id,
        "channel": channel.value,
        "until": text_of_time(sent.deadline) if sent.deadline else None,
    }
    record_step(transaction, document, sent, "signatory.invited", body, at=at, key=invitation.invitation_id)
    if channel is Channel.MAIL and not waits:
        queue_letter(transaction, Letter.INVITATION, invitation.invitation_id)
    return Asked(sent, invitation, is_new=True, waits=waits)


def invite_next(transaction: Transaction, document_id: str, *, at: datetime) -> None:
    """Let the invitations go out whose turn has come, in the transaction that recorded a signature."""
    requests = transaction.store.requests(document_id)
    for request in requests:
        if request.state is not RequestState.SENT or first_before(request, requests) is not None:
            continue
        invitation = standing_invitation(transaction, request)
        if invitation is None or invitation.sent_at is not None:
            continue
        if invitation.channel is Channel.MAIL:
            queue_letter(transaction, Letter.INVITATION, invitation.invitation_id)
        else:
            transaction.asking.put_invitation(replace(invitation, sent_at=at))


def remind(workspace: Workspace, document_id: str | None = None, *, only_due: bool) -> tuple[Invitation, ...]:
    """Queue a reminder to everybody whose turn it is and who has not answered; with `only_due`, to those whose hour has come.

    Nobody is reminded twice within 20 hours, or more than three times by itself.
    """
    at = workspace.clock()
    reminded = []
    with workspace.database.write() as transaction:
        transaction.lock()
        for request, invitation in _unanswered(transaction, document_id, at=at):
            last = invitation.reminded_at or invitation.sent_at
            too_soon = invitation.reminded_at is not None and at - invitation.reminded_at < SHORTEST_TIME_BETWEEN_REMINDERS
            if last is None or too_soon or (only_due and not reminder_is_due(request, invitation, at=at)):
                continue
            counted = replace(invitation, reminders=invitation.reminders + 1, reminded_at=at)
            transaction.asking.put_invitation(counted)
            document = transaction.store.document(request.document_id)
            body: dict[str, JsonValue] = {"invitation": invitation.invitation_id, "number": counted.reminders}
            key = f"{invitation.invitation_id}-{counted.reminders}"
            record_step(transaction, document, request, "reminder.sent", body, at=at, key=key)
            if invitation.channel is Channel.MAIL:
                queue_letter(transaction, Letter.REMINDER, invitation.invitation_id, number=counted.reminders)
            reminded.append(counted)
    return tuple(reminded)


def reminder_is_due(request: SignatureRequest, invitation: Invitation, *, at: datetime) -> bool:
    """Whether a reminder's hour has come: 7 days and 1 day before the deadline; each week, at most three times, without one."""
    if invitation.sent_at is None or invitation.reminders >= REMINDERS_AT_MOST:
        return False
    last = invitation.reminded_at or invitation.sent_at
    if request.deadline is None:
        return at - last >= REMINDER_WITHOUT_DEADLINE
    deadline = request.deadline
    return any(last < deadline - before <= at for before in REMINDERS_BEFORE_DEADLINE)


def _can_answer(request: SignatureRequest, requests: Sequence[SignatureRequest], *, at: datetime) -> bool:
    is_asked = request.state is RequestState.SENT and not is_overdue(request, at=at)
    return is_asked and first_before(request, requests) is None


def _unanswered(transaction: Transaction, document_id: str | None, *, at: datetime) -> list[tuple[SignatureRequest, Invitation]]:
    found = []
    documents = transaction.store.documents() if document_id is None else (transaction.store.document(document_id),)
    for document in documents:
        requests = transaction.store.requests(document.document_id)
        for request in requests:
            if not _can_answer(request, requests, at=at):
                continue
            invitation = standing_invitation(transaction, request)
            if invitation is not None:
                found.append((request, invitation))
    return found


def withdraw_all(transaction: Transaction, document: Document, *, at: datetime) -> None:
    """Take back every open request of a document that is being replaced, in the transaction that replaces it."""
    for request in transaction.store.requests(document.document_id):
        if request.is_open:
            _withdraw(transaction, document, request, reason=None, at=at)


def withdraw(workspace: Workspace, document_id: str, field: str, *, reason: str | None = None) -> SignatureRequest:
    """Take a request back; its link no longer counts, and the signatory is told where they had been invited by mail.

    Raises:
        RequestRefusedError: it is signed or ended already, or the signature has come and is being recorded.
    """
    at = workspace.clock()
    with workspace.database.write() as transaction:
        transaction.lock()
        document, request = request_of(transaction, document_id, field)
        if request.state is RequestState.WITHDRAWN:
            return request
        return _withdraw(transaction, document, request, reason=reason, at=at)


def _withdraw(
    transaction: Transaction, document: Document, request: SignatureRequest, *, reason: str | None, at: datetime
) -> SignatureRequest:
    withdrawn = advance(request, RequestState.WITHDRAWN)
    stop_signing(transaction, document, request, at=at)
    transaction.asking.put_request(withdrawn)
    revoke(transaction, request, Letter.WITHDRAWN, at=at)
    key = str(request.round)
    record_step(transaction, document, request, "invitation.withdrawn", {}, at=at, key=key, note=_cut(reason))
    return withdrawn


def decline(workspace: Workspace, invited: Invited, *, identity_id: str, reason: str) -> SignatureRequest:
    """Record that a signatory, whose identity was established, declines; the secretariat is told, with the reason.

    Raises:
        RequestRefusedError: the request is signed or ended already, or the link was made for another round of it or taken back.
    """
    at = workspace.clock()
    document_id, field = invited.document.document_id, invited.request.slot.field
    with workspace.database.write() as transaction:
        transaction.lock()
        document, request = request_of(transaction, document_id, field)
        require_current(transaction, invited, request)
        if request.state is RequestState.DECLINED:
            return request
        declined = advance(request, RequestState.DECLINED)
        stop_signing(transaction, document, request, at=at)
        transaction.asking.put_request(declined)
        body: dict[str, JsonValue] = {"identity": identity_id}
        key = str(request.round)
        record_step(transaction, document, request, "signature.declined", body, at=at, key=key, note=_cut(reason))
        queue_letter(transaction, Letter.DECLINED, invited.invitation.invitation_id)
    return declined


def expire_overdue(workspace: Workspace) -> tuple[SignatureRequest, ...]:
    """Close every request whose deadline has passed; what a signatory had begun is kept, and they can be asked once more."""
    at = workspace.clock()
    with workspace.database.read() as transaction:
        overdue = [request for request in transaction.store.sent_requests() if is_overdue(request, at=at)]
    if not overdue:
        return ()
    expired = []
    with workspace.database.write() as transaction:
        transaction.lock()
        for seen in overdue:
            document, request = request_of(transaction, seen.document_id, seen.slot.field)
            if not is_overdue(request, at=at) or transaction.asking.holder(seen.document_id, at=at) is not None:
                continue  # answered meanwhile, or somebody is signing at this very moment
            expired.append(advance(request, RequestState.EXPIRED))
            transaction.asking.put_request(expired[-1])
            record_step(transaction, document, request, "deadline.passed", {}, at=at, key=str(request.round))
    return tuple(expired)


def _cut(text: str | None) -> str | None:
    return text.strip()[:LONGEST_REASON] if text and text.strip() else None
