"""The letters that carry notices: one for each organisation, queued with the notice, sent after its commit.

A crash between the mail server's yes and our note sends a letter twice, under the same id, by which mail programs know it for
one. What the server refuses for good is recorded and tried no more; what failed for now stays queued. An organisation without a
mail address stays queued too, until it has one: its copy is handed over by a person.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mou.models import Organisation
from mou.notices.words import Both, title_of
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
from mou.notify.excerpts import one_line
from mou.notify.opening import sender_of
from mou.storage.notices import NoticeLetter, StoredNotice
from mou.workflow.notifying import published_path
from mou.workflow.workspace import Workspace, operation_id
from signatures.messages import Message

_FOR_GOOD: Final = (RecipientRefusedError, MessageRefusedError, UnsendableMessageError)
_LINE: Final = "─" * 30


@dataclass(frozen=True, slots=True)
class NoticeDeliveries:
    """How many letters went out, which could not (a sentence each), and which organisations have no mail address."""

    sent: int
    failures: tuple[Message, ...]
    without_address: tuple[str, ...]


def waiting_letters(workspace: Workspace) -> tuple[NoticeLetter, ...]:
    """Return the letters that are still to be sent, of every charter."""
    with workspace.database.read() as transaction:
        return tuple(letter for letter in transaction.notices.letters() if letter.is_waiting)


def deliver_notices(
    workspace: Workspace, *, along: Callable[[Iterable[NoticeLetter]], Iterable[NoticeLetter]] = iter
) -> NoticeDeliveries:
    """Send every letter that is queued; what fails is told, not raised, so that one address does not stop the others.

    `along` gives each letter on, for whoever counts them.

    Raises:
        MailSettingsError: mail cannot be sent at all; what was not sent before stays queued.
    """
    waiting = waiting_letters(workspace)
    with workspace.database.read() as transaction:
        known = {one.organisation.organisation_id: one.organisation for one in transaction.store.organisations()}
        notices = {(one.notice.charter_id, one.notice.number): one for one in transaction.notices.notices()}
    reachable = [one for one in waiting if _address_of(known.get(one.organisation_id)) is not None]
    missing = sorted({one.organisation_id for one in waiting} - {one.organisation_id for one in reachable})
    if not reachable:
        return NoticeDeliveries(0, (), tuple(missing))
    mailer, sent, failures = workspace.mailer(), 0, []
    for letter in along(reachable):
        try:
            _send(workspace, mailer, letter, known, notices[letter.charter_id, letter.number])
            sent += 1
        except MailSettingsError:
            raise
        except _FOR_GOOD as error:
            with workspace.database.write() as transaction:
                transaction.notices.mark_refused(letter, at=workspace.clock())
            failures.append(error.message)
        except MailError as error:
            failures.append(error.message)
    return NoticeDeliveries(sent, tuple(failures), tuple(missing))


def _send(
    workspace: Workspace, mailer: Mailer, letter: NoticeLetter, known: Mapping[str, Organisation], stored: StoredNotice
) -> None:
    organisation, settings = known[letter.organisation_id], workspace.settings
    address = _address_of(organisation)
    assert address is not None
    operation = operation_id("letter.notice", letter.charter_id, letter.number, letter.organisation_id)
    path = published_path(workspace, stored.notice)
    text = _text(stored, organisation)
    message = OutgoingMessage(
        message_id=message_id(operation[:40], settings.origin),
        sender=sender_of(settings.mail_from, name=settings.name, origin=settings.origin),
        recipient=Mailbox(organisation.name_th, address),
        subject=_subject(stored),
        text=text,
        sent_at=workspace.clock(),
        attachments=(Attachment(path.name, workspace.files.get(stored.digest), "application/pdf"),),
    )
    delivery = mailer.send(message)
    # A crash here sends the letter again under the same id.
    _note_sent(workspace, letter, delivery.channel, at=message.sent_at)


def _note_sent(workspace: Workspace, letter: NoticeLetter, channel: str, *, at: datetime) -> None:
    with workspace.database.write() as transaction:
        transaction.notices.mark_sent(letter, channel=channel, at=at)


def _address_of(organisation: Organisation | None) -> str | None:
    """The organisation's own address, or else its representative's."""
    if organisation is None:
        return None
    representative = organisation.representative
    return organisation.official_email or (representative.email if representative is not None else None) or None


def _subject(stored: StoredNotice) -> str:
    title = title_of(stored.notice.number)
    return f"{title.th}: {one_line(stored.notice.title)} / {title.en}"


def _text(stored: StoredNotice, organisation: Organisation) -> str:
    """The mail in both languages: what is attached, and why it is to be kept. No person is named in it."""
    notice, network = stored.notice, one_line(stored.notice.network)
    title = title_of(notice.number)
    told = Both(
        f"เอกสารที่ได้รับ {len(notice.instruments)} รายการ ข้อเท็จจริงที่คำนวณ {len(notice.facts)} ข้อ",
        f"instruments received: {len(notice.instruments)}; computed facts: {len(notice.facts)}",
    )
    thai = (
        f"เรียน {one_line(organisation.name_th)}",
        f"กองเลขานุการในฐานะผู้เก็บรักษา{one_line(notice.title)} ขอส่ง{title.th} ({told.th}) ตามไฟล์ PDF ที่แนบ",
        "โปรดเก็บไฟล์นี้ไว้ ฉบับที่ท่านถืออยู่เป็นพยานของบัญชีการลงนามในวันที่แจ้ง: หากบัญชีถูกแก้ไขภายหลัง ไม่ว่าโดยผู้ใด ไฟล์นี้จะขัดกับบัญชีนั้น",
        f"ค่าแฮชของไฟล์: {stored.digest}",
        "ไฟล์ผนึกด้วยตราประทับอัตโนมัติของระบบ มิใช่ลายมือชื่อของบุคคลใด ตรวจได้เองด้วยคำสั่ง mou notice check",
        f"ขอแสดงความนับถือ\nกองเลขานุการ {network}",
    )
    english = (
        f"Dear {one_line(organisation.name_en or organisation.name_th)},",
        f"The secretariat, as depositary, sends you {title.en} ({told.en}) as the attached PDF.",
        "Please keep the file. Your copy is a witness of the ledger as it stood: one that is rewritten later contradicts it.",
        f"Digest of the file: {stored.digest}",
        "It bears the automatic seal of a machine, nobody's signature. Check it yourself with: mou notice check",
        f"Yours sincerely,\nThe secretariat of {network}",
    )
    return "\n\n".join([*thai, _LINE, *english]) + "\n"
