"""Mail without a server: each message a file that a mail program opens, for a person to send.

Whoever runs the workspace can read these files. Whether a code that lies here proves anything is for the caller to judge:
the delivery says `outbox`.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mou.notify.delivery import Delivery, MailError
from mou.notify.message import OutgoingMessage, message_bytes
from signatures.messages import Message, say

_DRAFT = b"X-Unsent: 1\r\n"  # Outlook then opens the file as a message that is ready to be sent


@dataclass(frozen=True, slots=True)
class OutboxMailer:
    """A folder that messages are put into, one file each, readable by the owner of the workspace alone."""

    folder: Path

    def send(self, message: OutgoingMessage) -> Delivery:
        """Put the message into the folder; one that lies there already stays as it is.

        A crash before the link leaves a temporary file, after it a whole message; a repeat is right in both cases.

        Raises:
            MailError: the folder cannot be written to, or holds another message under this id.
        """
        path = self.folder / f"{message.message_id}.eml"
        try:
            if not path.exists():
                self._write(path, _DRAFT + message_bytes(message))
            written = path.read_bytes()
        except OSError as error:
            raise _no_folder(self.folder, error) from error
        if _without_date(written) != _without_date(_DRAFT + message_bytes(message)):
            raise MailError(
                "{path} holds another message under the same id, and was left as it is; move it elsewhere and send again",
                path=path,
            )
        return Delivery("outbox", message.message_id, path.name)

    def try_out(self) -> Message:
        """Write an empty file and take it away again.

        Raises:
            MailError: the folder cannot be written to.
        """
        try:
            self._make_folder()
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise _no_folder(self.folder, error) from error
        return say(
            "no mail server is set: messages are put into {folder}, for a person to send (smtp_host in mou.toml)",
            folder=self.folder,
        )

    def _write(self, path: Path, content: bytes) -> None:
        """Write the file so that a reader sees all of it or nothing; of two at once, the first stays."""
        self._make_folder()
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=self.folder)  # with mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            path.hardlink_to(temporary)
        except FileExistsError:
            return
        finally:
            Path(temporary).unlink(missing_ok=True)
        _sync(self.folder)

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _without_date(content: bytes) -> list[bytes]:
    """Return the lines of a message but for the moment at which it was made, which differs in a repeat."""
    return [line for line in content.split(b"\r\n") if not line.startswith(b"Date: ")]


def _no_folder(folder: Path, error: OSError) -> MailError:
    return MailError(
        "{folder}: the message cannot be put there ({cause}); make room or give the right to write, then send again",
        folder=folder,
        cause=error.strerror or error,
    )


def _sync(folder: Path) -> None:
    """Make the names in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
