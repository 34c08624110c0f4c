"""A small workspace to ask for signatures in: a clock that a test sets, addresses, and what lies in the outbox."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import Envelope

from mou.app import open_workspace
from mou.requests import SignatureRequest
from mou.storage.asking import Invitation
from mou.workflow.asking import Asked, ask
from mou.workflow.letters import deliver_queued
from mou.workflow.links import Invited, invited_by
from mou.workflow.request_steps import standing_invitation
from mou.workflow.signing import Signed, sign_document
from mou.workflow.status import document_statuses
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from signatures.ledger.entry import Entry
from signatures.signers import signer_from_key

BEGIN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ADDRESSES = {
    "S0001": "kaew@example.net",
    "S0002": "kong@example.net",
    "S0003": "khwan@example.net",
}  # of the memorandum; who signs last has none


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace with a memorandum whose signatories have addresses, but for the last."""

    workspace: Workspace
    clock: Clock
    document_id: str

    def ask(self, *fields: str, deadline: datetime | None = None) -> tuple[Asked, ...]:
        return ask(self.workspace, self.document_id, fields or None, deadline=deadline)

    def request(self, field: str) -> SignatureRequest:
        with self.workspace.database.read() as transaction:
            return next(each for each in transaction.store.requests(self.document_id) if each.slot.field == field)

    def standing(self, field: str) -> Invitation | None:
        request = self.request(field)
        with self.workspace.database.read() as transaction:
            return standing_invitation(transaction, request)

    def invited(self, field: str) -> Invited:
        """Whom the link of the invitation that stands was made for."""
        invitation = self.standing(field)
        assert invitation is not None
        return invited_by(self.workspace, invitation.invitation_id)

    def invitations(self, field: str) -> list[Invitation]:
        with self.workspace.database.read() as transaction:
            return [each for each in transaction.asking.invitations(self.document_id) if each.field == field]

    def entries(self) -> list[Entry]:
        with self.workspace.database.read() as transaction:
            return list(transaction.ledger.entries(0, transaction.ledger.head().size))

    def told(self, event_type: str) -> list[Entry]:
        """What the ledger has of this kind on the memorandum."""
        return [entry for entry in self.entries() if (entry.type, entry.subject) == (event_type, self.document_id)]

    def letters(self) -> list[EmailMessage]:
        """Deliver what is queued and return everything that lies in the outbox, oldest first."""
        assert deliver_queued(self.workspace).failures == ()
        paths = sorted((self.workspace.folder / "outbox" / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]

    def sign(self, field: str) -> Signed:
        """Sign with a certificate of the network's authority in the name of whoever is asked now."""
        key, authority = new_private_key(), self.workspace.keys.authority()
        certificate = authority.issue(
            Subject(self.request(field).slot.person.full_name),
            key.public_key(),
            not_before=self.clock() - timedelta(minutes=1),
            not_after=self.clock() + timedelta(days=30),
        )
        return sign_document(self.workspace, self.document_id, field, signer_from_key(key, certificate, (authority.certificate,)))

    def set_address(self, field: str, address: str | None) -> None:
        set_address(self.workspace, self.request(field), address)


@contextmanager
def opened_desk(made: Path, folder: Path) -> Iterator[Desk]:
    """Open a copy of the finished workspace."""
    shutil.copytree(made, folder / "desk")
    clock = Clock()
    workspace = open_workspace(folder / "desk", clock=clock)
    with closing_desk(workspace, clock) as desk:
        yield desk


@contextmanager
def closing_desk(workspace: Workspace, clock: Clock) -> Iterator[Desk]:
    """Give the signatories of the first memorandum their addresses."""
    status = document_statuses(workspace, "lanna-mou")[0]
    for request in status.requests:
        set_address(workspace, request, ADDRESSES.get(request.slot.field))
    yield Desk(workspace, clock, status.document.document_id)
    workspace.database.close()


def set_address(workspace: Workspace, request: SignatureRequest, address: str | None) -> None:
    """As if the list had said it when the document was made."""
    person = replace(request.slot.person, email=address)
    with workspace.database.write() as transaction:
        transaction.asking.put_request(replace(request, slot=replace(request.slot, person=person)))


def body_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return "\n".join(str(part.get_content()).splitlines())


def letter_in(envelope: Envelope) -> EmailMessage:
    """What a mail server took."""
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=default)


def code_in(letter: EmailMessage) -> str:
    """The one-time code of a letter: six digits on a line of their own."""
    found = re.search(r"^\s+(\d{6})$", body_of(letter), re.MULTILINE)
    assert found is not None
    return found[1]


def recipients(letters: list[EmailMessage]) -> list[str]:
    return [str(letter["To"].addresses[0].addr_spec) for letter in letters]
