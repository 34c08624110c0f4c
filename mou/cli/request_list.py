"""The requests as a table and as JSON: who was asked how, and what came of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from mou.cli.words import state_in_words
from mou.messages import translate
from signatures.messages import say

if TYPE_CHECKING:
    from mou.requests import SignatureRequest
    from mou.storage.asking import Invitation, RequestStep
    from mou.storage.store import Document
    from mou.workflow.workspace import Workspace

HEADINGS = (
    say("document"),
    say("field"),
    say("signatory"),
    say("state"),
    say("by"),
    say("invited"),
    say("opened"),
    say("reminders"),
    say("deadline"),
    say("last step"),
)
_CHANNELS = {"mail": say("mail"), "message": say("message")}
_STEPS = {
    "signatory.invited": say("invited"),
    "invitation.opened": say("opened the page"),
    "identity.confirmed": say("showed who they are"),
    "certificate.issued": say("has a certificate"),
    "signature.received": say("signature received"),
    "signature.applied": say("has signed"),
    "reminder.sent": say("reminded"),
    "invitation.undelivered": say("a letter could not be delivered"),
    "invitation.withdrawn": say("withdrawn"),
    "signature.declined": say("declined"),
    "deadline.passed": say("the deadline passed"),
    "delegate.proposed": say("proposed a delegate"),
    "signatory.replaced": say("handed over to the delegate"),
}


def rows_of(workspace: "Workspace", document: "Document") -> list[dict[str, object]]:
    """Return what is known of each request of a document; times are in UTC."""
    with workspace.database.read() as transaction:
        requests = transaction.store.requests(document.document_id)
        invitations = transaction.asking.invitations(document.document_id)
        steps = transaction.asking.steps(document.document_id)
        proposals = {each.field for each in transaction.asking.delegations(document.document_id)}
    rows = []
    for request in requests:
        of_round = [each for each in invitations if (each.field, each.round) == (request.slot.field, request.round)]
        own_steps = [each for each in steps if each.field == request.slot.field]
        row = _row(document, request, of_round[-1] if of_round else None, own_steps[-1] if own_steps else None)
        rows.append(row | {"delegate_proposed": request.slot.field in proposals})
    return rows


def _row(
    document: "Document", request: "SignatureRequest", invitation: "Invitation | None", step: "RequestStep | None"
) -> dict[str, object]:
    last = (step.step, step.at) if step else (None, None)
    if request.signed_at is not None:
        last = ("signature.applied", request.signed_at)
    return {
        "document": document.document_id,
        "number": document.document_number,
        "file_name": document.file_name,
        "field": request.slot.field,
        "order": request.slot.order,
        "name": request.slot.person.full_name,
        "organisation": request.slot.organisation_name,
        "capacity": request.slot.capacity.value,
        "state": request.state.value,
        "round": request.round,
        "channel": invitation.channel.value if invitation else None,
        "invited": _iso(invitation.sent_at if invitation else None),
        "opened": _iso(invitation.opened_at if invitation else None),
        "reminders": invitation.reminders if invitation else 0,
        "deadline": _iso(request.deadline),
        "last_step": last[0],
        "last_step_at": _iso(last[1]),
    }


def cells_of(row: dict[str, object], language: str) -> tuple[str, ...]:
    """Return what the table shows of a row; times are those of a clock in Bangkok."""
    from mou.requests import RequestState

    step = row["last_step"]
    words = _STEPS.get(str(step)) if step else None
    return (
        str(row["file_name"]),
        str(row["field"]),
        str(row["name"]),
        state_in_words(RequestState(str(row["state"])), language),
        _channel_in_words(row["channel"], language),
        _local(row["invited"]),
        _local(row["opened"]),
        str(row["reminders"]),
        _local(row["deadline"]),
        translate(words, language) if words else str(step or ""),
    )


def _channel_in_words(channel: object, language: str) -> str:
    return translate(_CHANNELS[str(channel)], language) if channel else ""


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _local(text: object) -> str:
    """Return a stored time as a clock in Bangkok shows it."""
    from mou.thai import BANGKOK

    return f"{datetime.fromisoformat(str(text)).astimezone(BANGKOK):%Y-%m-%d %H:%M}" if text else ""
