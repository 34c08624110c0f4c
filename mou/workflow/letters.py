"""Letters: queued in the transaction of the act that they tell of, sent after its commit, each under an id of its own.

A crash between the mail server's yes and our note sends a letter twice, under the same id, by which mail programs know it for
one. What the mail server refuses for good is recorded, so that the desk shows that somebody was not reached; what failed for
now stays queued, and the next run tries again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mou.models import Capacity
from mou.notify import (
    Attachment,
    Mailbox,
    Mailer,
    MailError,
    MailSettingsError,
    MessageRefusedError,
    OutgoingMessage,
    RecipientRefusedError,
    UnsendableMessageError,
    message_id,
)
from mou.notify import texts as mail_texts
from mou.notify.opening import sender_of
from mou.notify.texts import Asked, Text
from mou.storage.asking import RequestStep
from mou.storage.database import Transaction
from mou.thai import capacity_in_thai
from mou.workflow.links import Invited, invited_by, link_of
from mou.workflow.publishing import evidence_of
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.bundle import write_evidence
from signatures.ledger.entry import Event
from signatures.messages import Message

_FOR_GOOD = (RecipientRefusedError, MessageRefusedError, UnsendableMessageError)


class Letter(StrEnum):
    """What a letter tells; the value is how it is queued."""

    INVITATION = "letter.invitation"
    REMINDER = "letter.reminder"
    THANKS = "letter.thanks"
    WITHDRAWN = "letter.withdrawn"
    DECLINED = "letter.declined"
    DELEGATE_PROPOSED = "letter.delegate-proposed"

    @property
    def is_for_secretariat(self) -> bool:
        """Whether it goes to the network's own address."""
        return self in {Letter.DECLINED, Letter.DELEGATE_PROPOSED}


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How many letters went out, and which could not: one sentence for each."""

    sent: int
    failures: tuple[Message, ...]


def queue_letter(transaction: Transaction, letter: Letter, invitation_id: str, *, number: int = 0) -> None:
    """Note in the open transaction that a letter is to be sent; the same one again changes nothing."""
    transaction.store.queue(operation_id(letter.value, invitation_id, number), letter.value, invitation_id)


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """One letter that is to be sent, and the operation under which it is queued."""

    letter: Letter
    operation: str
    invitation_id: str


def count_queued(workspace: Workspace) -> int:
    """Return how many letters are still to be sent."""
    return len(_queued(workspace))


def deliver_queued(
    workspace: Workspace, *, along: Callable[[Iterable[QueuedLetter]], Iterable[QueuedLetter]] = iter
) -> Deliveries:
    """Send every letter that is queued; what fails is told, not raised, so that one address does not stop the others.

    `along` gives each letter on, for whoever counts them.

    Raises:
        MailSettingsError: mail cannot be sent at all; what was not sent before stays queued. No second login is tried with a
            password that was refused, since services lock an account after a few.
    """
    queued = _queued(workspace)
    if not queued:
        return Deliveries(0, ())
    mailer = workspace.mailer()
    sent, failures = 0, []
    for each in along(queued):
        try:
            sent += _deliver(workspace, mailer, each)
        except MailSettingsError:
            raise
        except _FOR_GOOD as error:
            _note_undelivered(workspace, each)
            failures.append(error.message)
        except MailError as error:
            failures.append(error.message)
    return Deliveries(sent, tuple(failures))


def asked_of(workspace: Workspace, invited: Invited) -> Asked:
    """Return who is asked to sign what, as letters and messages say it."""
    slot, document = invited.request.slot, invited.document
    mail_from = workspace.settings.mail_from
    return Asked(
        document_title=document.title,
        document_number=document.document_number,
        organisation_name=slot.organisation_name,
        signatory_name=slot.person.full_name,
        capacity_in_thai=capacity_in_thai(slot.capacity),
        capacity_in_english=capacity_in_english(slot.capacity),
        network_name=workspace.settings.name,
        link=link_of(workspace, invited.invitation.invitation_id),
        deadline=invited.request.deadline,
        sender_domain=mail_from.partition("@")[2] if mail_from else None,
    )


def capacity_in_english(capacity: Capacity) -> str:
    """Return the English words for a capacity."""
    return capacity.value.replace("_", " ")


def _queued(workspace: Workspace) -> list[QueuedLetter]:
    with workspace.database.read() as transaction:
        return [
            QueuedLetter(letter, operation, invitation_id)
            for letter in Letter
            for operation, invitation_id in transaction.store.queued(letter.value)
        ]


def _deliver(workspace: Workspace, mailer: Mailer, queued: QueuedLetter) -> bool:
    """Send one letter and note it; False where there is nobody to send it to any more."""
    letter = queued.letter
    invited = invited_by(workspace, queued.invitation_id)
    at = workspace.clock()
    recipient = _recipient(workspace, letter, invited)
    is_outdated = letter in {Letter.INVITATION, Letter.REMINDER} and not (invited.is_current and invited.request.is_open)
    if recipient is None or is_outdated:
        _note_done(workspace, queued, at=at, was_sent=False)
        return False
    text = _TEXTS[letter](workspace, invited)
    settings = workspace.settings
    mailer.send(
        OutgoingMessage(
            message_id=message_id(queued.operation[:40], settings.origin),
            sender=sender_of(settings.mail_from, name=settings.name, origin=settings.origin),
            recipient=recipient,
            subject=text.subject,
            text=text.body,
            sent_at=at,
            attachments=_attachments(workspace, invited) if letter is Letter.THANKS else (),
        )
    )
    # A crash here sends the letter again under the same id.
    _note_done(workspace, queued, at=at, was_sent=True)
    return True


def _recipient(workspace: Workspace, letter: Letter, invited: Invited) -> Mailbox | None:
    settings = workspace.settings
    if letter.is_for_secretariat:
        return sender_of(settings.mail_from, name=settings.name, origin=settings.origin)
    address = invited.invitation.address
    return Mailbox(invited.request.slot.person.full_name, address) if address else None


def _note_done(workspace: Workspace, queued: QueuedLetter, *, at: datetime, was_sent: bool) -> None:
    with workspace.database.write() as transaction:
        transaction.lock()  # the invitation is written whole: one that is revoked meanwhile must stay revoked
        transaction.store.mark_done([queued.operation], at=at)
        invitation = transaction.asking.invitation(queued.invitation_id)
        if was_sent and queued.letter is Letter.INVITATION and invitation is not None and invitation.sent_at is None:
            transaction.asking.put_invitation(replace(invitation, sent_at=at))


def _note_undelivered(workspace: Workspace, queued: QueuedLetter) -> None:
    """Record that a letter cannot reach its reader, and try it no more; of two who tried at once, the first records it."""
    invited, at = invited_by(workspace, queued.invitation_id), workspace.clock()
    document, request = invited.document, invited.request
    event = Event(
        type="invitation.undelivered",
        subject=document.document_id,
        actor=SECRETARIAT,
        body={"document": str(document.prepared), "field": request.slot.field, "invitation": queued.invitation_id},
        operation_id=operation_id("invitation.undelivered", queued.operation),
    )
    with workspace.database.write() as transaction:
        transaction.lock()
        if queued.operation not in {operation for operation, _ in transaction.store.queued(queued.letter.value)}:
            return
        transaction.store.mark_done([queued.operation], at=at)
        if queued.letter.is_for_secretariat:
            return  # it tells of no signatory who was not reached
        (entry,) = transaction.ledger.append([event], at=at)
        transaction.asking.add_step(
            RequestStep(entry.index, document.document_id, request.slot.field, request.round, event.type, at)
        )


def _attachments(workspace: Workspace, invited: Invited) -> tuple[Attachment, ...]:
    """The newest revision with its evidence: what the signatory keeps."""
    with workspace.database.read() as transaction:
        document = transaction.store.document(invited.document.document_id)
        evidence = evidence_of(workspace, transaction, document.document_id)
    return (
        Attachment(f"{document.file_name}.pdf", workspace.files.get(document.current), "application/pdf"),
        Attachment(f"{document.file_name}.evidence.json", write_evidence(evidence), "application/json"),
    )


def _invitation_text(workspace: Workspace, invited: Invited) -> Text:
    asked = asked_of(workspace, invited)
    if invited.request.authority is not None:
        return mail_texts.delegated(asked, delegated_by=invited.request.slot.organisation_name)
    if any(other.slot.order < invited.request.slot.order for other in invited.requests):
        return mail_texts.your_turn(asked)
    return mail_texts.invitation(asked)


def _thanks_text(workspace: Workspace, invited: Invited) -> Text:
    signed_at = invited.request.signed_at or workspace.clock()
    return mail_texts.thanks(asked_of(workspace, invited), signed_at=signed_at, verify_address=f"{workspace.site_url}/verify")


def _declined_text(workspace: Workspace, invited: Invited) -> Text:
    step = _last_step(workspace, invited, "signature.declined")
    return mail_texts.declined(
        asked_of(workspace, invited),
        declined_at=step.at if step else workspace.clock(),
        reason=step.note if step else None,
    )


def _withdrawn_text(workspace: Workspace, invited: Invited) -> Text:
    step = _last_step(workspace, invited, "invitation.withdrawn")
    return mail_texts.withdrawn(asked_of(workspace, invited), reason=step.note if step else None)


def _last_step(workspace: Workspace, invited: Invited, name: str) -> RequestStep | None:
    with workspace.database.read() as transaction:
        steps = transaction.asking.steps(invited.document.document_id)
    return next((each for each in reversed(steps) if each.step == name and each.field == invited.request.slot.field), None)


_TEXTS: dict[Letter, Callable[[Workspace, Invited], Text]] = {
    Letter.INVITATION: _invitation_text,
    Letter.REMINDER: lambda workspace, invited: mail_texts.reminder(asked_of(workspace, invited)),
    Letter.THANKS: _thanks_text,
    Letter.WITHDRAWN: _withdrawn_text,
    Letter.DECLINED: _declined_text,
    Letter.DELEGATE_PROPOSED: lambda workspace, invited: mail_texts.delegate_proposed(asked_of(workspace, invited)),
}
