"""A mail server on this machine, and what a person finds in their mail: the newest message, its link, its code."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SECONDS_TO_WAIT = 60
LINK = re.compile(r"https?://[^\s<>\"]+")
CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message as it arrived, with the addresses that it was handed over for."""

    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        """What a person reads."""
        body = self.message.get_body(preferencelist=("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def link(self) -> str:
        """The first link in it."""
        found = LINK.search(self.text)
        assert found is not None, self.text
        return str(found.group())

    @property
    def code(self) -> str:
        """The six digits in it; a message with two different ones is unclear."""
        codes = set(CODE.findall(self.text))
        assert len(codes) == 1, self.text
        return str(codes.pop())

    @property
    def attachments(self) -> dict[str, bytes]:
        """The files in it, by name."""
        return {str(part.get_filename()): part.get_payload(decode=True) for part in self.message.iter_attachments()}  # type: ignore[misc]


@dataclass
class Mailbox:
    """Everybody's mail."""

    port: int
    delivered: list[Delivered] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the library's name
        """Take one message in."""
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self.changed:
            self.delivered.append(Delivered(tuple(envelope.rcpt_tos), message))
            self.changed.notify_all()
        return "250 OK"

    def to(self, address: str) -> list[Delivered]:
        """Return the messages to an address, oldest first."""
        return [one for one in self.delivered if address in one.recipients]

    def newest(self, address: str, *, after: int = 0) -> Delivered:
        """Return the newest message to an address, as soon as more than `after` have come."""
        until = time.monotonic() + SECONDS_TO_WAIT
        with self.changed:
            while len(self.to(address)) <= after:
                arrived = self.changed.wait(timeout=until - time.monotonic())
                assert arrived, f"no message number {after + 1} to {address} within {SECONDS_TO_WAIT} s"
            return self.to(address)[-1]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Keep a server listening on 127.0.0.1 which takes every message."""
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port on 127.0.0.1 that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
