"""One mail: who, to whom, what, with which attachments; and the bytes that travel.

1. The same message gives the same bytes: its id, date and every boundary come from outside or from what it holds.
2. Every byte is ASCII and every line short (RFC 5322, 2.1.1), so that no server on the way has to change anything.
3. A line break or another control character in a header, an address or a file's name is refused: it would begin a header
   that somebody else wrote (CWE-93).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from mou.notify.addresses import ascii_address, ascii_domain, is_address, mask_address
from mou.notify.delivery import UnsendableMessageError
from signatures.messages import Message, say

if TYPE_CHECKING:
    from email.message import EmailMessage

_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,80}@[A-Za-z0-9.-]{1,150}")
_MEDIA_TYPE: Final = re.compile(r"(application|image|text)/[a-z0-9][a-z0-9.+-]*")
_LONGEST_LINE: Final = 76  # RFC 2047, 2, for lines with encoded words
_LONGEST_NAME: Final = 200  # of a person or a file; longer is a mistake in a list
_NOT_IN_A_LINE: Final = {"Cc", "Cs", "Zl", "Zp"}
_FALLBACK_DOMAIN: Final = "mou.invalid"  # never a domain of anybody (RFC 2606)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and its address."""

    name: str
    address: str

    def __post_init__(self) -> None:
        """Refuse what is no address, and a name that cannot stand in a header."""
        if not is_address(self.address):
            raise UnsendableMessageError(
                "one mail address is expected, such as name@example.org, got {address}; correct it and send again",
                address=mask_address(_shown(self.address)),
            )
        _require_one_line(self.name, say("the name beside {address}", address=mask_address(self.address)))
        _require_short(self.name, say("the name beside {address}", address=mask_address(self.address)))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a message."""

    name: str
    content: bytes = field(repr=False)
    media_type: str

    def __post_init__(self) -> None:
        """Refuse a name that leads elsewhere, and what is no media type."""
        _require_one_line(self.name, say("the name of an attachment"))
        _require_short(self.name, say("the name of an attachment"))
        if not self.name.strip(" .") or "/" in self.name or "\\" in self.name:
            raise UnsendableMessageError(
                "the name of an attachment is expected to be a file's name without a folder, got {name!r}", name=self.name
            )
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise ValueError(say("a media type such as application/pdf is expected, got {got!r}", got=self.media_type))


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A mail, complete. Its text and its recipient stay out of what a log may print: they may hold a code or a link."""

    message_id: str
    """Without angle brackets; see `message_id`. The same act gives the same id, so that a repeat is known for one."""
    sender: Mailbox
    recipient: Mailbox = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    sent_at: datetime
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot stand in a header or in a text."""
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise ValueError("a message id such as operation@example.org is expected; make it with message_id")
        if self.sent_at.tzinfo is None:
            raise ValueError("an aware datetime is expected, got one without a time zone")
        _require_one_line(self.subject, say("the subject of the mail"))
        for character in self.text:
            if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
                raise _control_character(character, say("the text of the mail"))


def message_id(operation_id: str, origin: str) -> str:
    """The id of the message that belongs to an act: the act's own id, at the domain that the ledger's origin begins with.

    Raises:
        ValueError: the operation's id holds what no message id may hold.
    """
    found = f"{operation_id}@{domain_of_origin(origin)}"
    if not _MESSAGE_ID.fullmatch(found):
        raise ValueError(say("an id of letters, digits and . _ - is expected, got {got!r}", got=operation_id))
    return found


def domain_of_origin(origin: str) -> str:
    """The domain at the head of a ledger's origin (example.org/charters), or one that belongs to nobody."""
    return ascii_domain(origin.partition("/")[0]) or _FALLBACK_DOMAIN


def message_bytes(message: OutgoingMessage) -> bytes:
    """The message as it travels: ASCII, lines ending in CR LF."""
    from email.policy import SMTP

    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(message))
    return head.encode("ascii") + _content(message).as_bytes(policy=SMTP)


def _headers(message: OutgoingMessage) -> tuple[tuple[str, str], ...]:
    """The headers, encoded and folded; the content brings its own beside them."""
    from email.utils import format_datetime

    return (
        ("Date", format_datetime(message.sent_at)),
        ("From", _mailbox(message.sender, "From")),
        ("To", _mailbox(message.recipient, "To")),
        ("Subject", _encoded(message.subject, "Subject")),
        ("Message-ID", f"<{message.message_id}>"),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834, 5: no machine answers it
        ("Content-Language", "th, en"),
    )


def _mailbox(mailbox: Mailbox, header: str) -> str:
    address = ascii_address(mailbox.address)
    return f"{_encoded(mailbox.name, header)}\r\n <{address}>" if mailbox.name.strip() else address


def _encoded(text: str, header: str) -> str:
    """The text as encoded words.

    By the standard library's older class: the folding of its newer ones adds and drops spaces in Thai that fills several lines.
    """
    from email.header import Header

    return Header(text, "utf-8", header_name=header, maxlinelen=_LONGEST_LINE).encode(linesep="\r\n")


def _content(message: OutgoingMessage) -> "EmailMessage":
    """The text and the attachments with the headers that describe them."""
    from email.message import EmailMessage
    from email.policy import SMTP

    content = EmailMessage(policy=SMTP)
    content.set_content(message.text, charset="utf-8", cte="base64")
    for attachment in message.attachments:
        kind, _, subtype = attachment.media_type.partition("/")
        content.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.name)
    if message.attachments:
        content.set_boundary("=_" + hashlib.sha256(message.message_id.encode()).hexdigest()[:40])
    return content


def _require_one_line(text: str, place: Message) -> None:
    for character in text:
        if unicodedata.category(character) in _NOT_IN_A_LINE:
            raise _control_character(character, place)


def _require_short(text: str, place: Message) -> None:
    if len(text) > _LONGEST_NAME:
        raise UnsendableMessageError(
            "{place}: at most {limit} characters are expected, got {length}; correct it and send again",
            place=place,
            limit=_LONGEST_NAME,
            length=len(text),
        )


def _control_character(character: str, place: Message) -> UnsendableMessageError:
    return UnsendableMessageError(
        "{place} holds a line break or another character that no mail may hold there (U+{code}); correct it and send again",
        place=place,
        code=f"{ord(character):04X}",
    )


def _shown(text: str) -> str:
    """The text as a message may show it, on one line."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
