"""What every step of a request shares: is it open, does the link still count, and the record of the step.

A step is one transaction of its caller, under the lock: the ledger's entry, the request as it now is, and its history.
"""

from dataclasses import replace
from datetime import datetime

from mou.requests import RequestRefusedError, RequestState, SignatureRequest, is_overdue, require_authority
from mou.storage.asking import Channel, Invitation, RequestStep
from mou.storage.database import Transaction
from mou.storage.store import Document, NotFoundError
from mou.workflow.letters import Letter, queue_letter
from mou.workflow.links import Invited
from mou.workflow.workspace import SECRETARIAT, operation_id
from signatures.canonical import JsonValue
from signatures.ledger.entry import Event


def standing_invitation(transaction: Transaction, request: SignatureRequest) -> Invitation | None:
    """Return the invitation of this round of the request that was not taken back."""
    for invitation in reversed(transaction.asking.invitations(request.document_id)):
        if (invitation.field, invitation.round) == (request.slot.field, request.round) and invitation.revoked_at is None:
            return invitation
    return None


def require_answerable(request: SignatureRequest, *, at: datetime) -> None:
    """Check that a signature may still come: the request is open, its deadline and a delegate's authority have not passed.

    Raises:
        RequestRefusedError: it may not.
    """
    require_authority(request, at=at)
    if not request.is_open or is_overdue(request, at=at):
        raise RequestRefusedError(
            "{document}, {field}: this request is no longer open ({state})",
            document=request.document_id,
            field=request.slot.field,
            state=RequestState.EXPIRED if request.is_open else request.state,
        )


def require_current(transaction: Transaction, invited: Invited, request: SignatureRequest) -> None:
    """Check that the link was made for this round of the request as it now is, and was not taken back meanwhile.

    Raises:
        RequestRefusedError: it no longer counts: somebody else was asked since, or the signatory was asked anew.
    """
    invitation = transaction.asking.invitation(invited.invitation.invitation_id)
    if invitation is None or not replace(invited, invitation=invitation, request=request).is_current:
        raise RequestRefusedError(
            "{document}, {field}: this link no longer counts; if you were asked anew, use the link of the newest invitation",
            document=request.document_id,
            field=request.slot.field,
        )


def record_step(
    transaction: Transaction,
    document: Document,
    request: SignatureRequest,
    event_type: str,
    body: dict[str, JsonValue],
    *,
    at: datetime,
    key: str,
    note: str | None = None,
) -> int:
    """Append what happened to a request to the ledger and to its history; return the entry's index.

    `key` tells one act of this type on this field from the next; the same act again changes nothing.
    """
    event = Event(
        type=event_type,
        subject=document.document_id,
        actor=signatory_id(document.document_id, request.slot.field) if "identity" in body else SECRETARIAT,
        body={"document": str(document.prepared), "field": request.slot.field, "round": request.round, **body},
        operation_id=operation_id(event_type, document.document_id, request.slot.field, key),
    )
    (entry,) = transaction.ledger.append([event], at=at)
    transaction.asking.add_step(
        RequestStep(entry.index, document.document_id, request.slot.field, request.round, event_type, at, note)
    )
    return entry.index


def signatory_id(document_id: str, field: str) -> str:
    """Return the opaque id by which the ledger names who signs in a field."""
    return f"sgn_{operation_id(document_id, field)[:24]}"


def request_of(transaction: Transaction, document_id: str, field: str) -> tuple[Document, SignatureRequest]:
    """Return a document and the request of one of its fields.

    Raises:
        NotFoundError: there is no such document or field.
    """
    document = transaction.store.document(document_id)
    for request in transaction.store.requests(document_id):
        if request.slot.field == field:
            return document, request
    raise NotFoundError("{document} has no signature field {field}", document=document.file_name, field=field)


def stop_signing(transaction: Transaction, document: Document, request: SignatureRequest, *, at: datetime) -> None:
    """Give up what is prepared for this field: its value is stale when it comes.

    Raises:
        RequestRefusedError: it has come already; the signature is given, and is being recorded.
    """
    own = [each for each in transaction.asking.open_preparations(document.document_id) if each.field == request.slot.field]
    if any(each.value is not None for each in own):
        raise RequestRefusedError(
            "{document}, {field}: {name} has signed a moment ago; the signature is being recorded, nothing was changed",
            document=document.file_name,
            field=request.slot.field,
            name=request.slot.person.full_name,
        )
    for each in own:
        transaction.asking.put_preparation(replace(each, ended_at=at))


def revoke(transaction: Transaction, request: SignatureRequest, letter: Letter | None, *, at: datetime) -> None:
    """Take back the link of the standing invitation; `letter` tells its reader, where one was sent by mail."""
    invitation = standing_invitation(transaction, request)
    if invitation is None:
        return
    transaction.asking.put_invitation(replace(invitation, revoked_at=at))
    if letter is not None and invitation.channel is Channel.MAIL and invitation.sent_at is not None:
        queue_letter(transaction, letter, invitation.invitation_id)
