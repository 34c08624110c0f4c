"""What carries a message, what it says afterwards, and why it may refuse.

An error says what became of the message, since the next step hangs on it:
1. `TemporaryMailError`: not sent, or nobody knows; sending the same message again later is right.
2. `RecipientRefusedError`: the server takes no mail for this address; a person must look at the address.
3. `MessageRefusedError`: the server does not take this message, whoever it is for.
4. `MailSettingsError`: nothing can be sent until the settings are corrected.
5. `UnsendableMessageError`: the message itself is wrong; nothing was tried.

No error holds a password or a whole address, and none has a cause attached that might.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from mou.errors import MouError
from signatures.messages import Message

if TYPE_CHECKING:
    from mou.notify.message import OutgoingMessage

Channel: TypeAlias = Literal["smtp", "outbox"]
"""How a message left: `smtp` to a mail server; `outbox` into a folder, where whoever runs the workspace can read it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message was handed over. It says nothing about whether anybody has received or read it."""

    channel: Channel
    message_id: str
    place: str
    """The mail server's name, or the file's."""
    answer: str = ""
    """What the mail server said when it took the message, its addresses masked; empty for the outbox."""


class Mailer(Protocol):
    """Carries messages, one at a time; a message that was sent twice has the same id both times."""

    def send(self, message: "OutgoingMessage") -> Delivery:
        """Hand the message over.

        Raises:
            MailError: it was not handed over; the class says what to do about it.
        """
        ...

    def try_out(self) -> Message:
        """Do everything that sending takes but sending, and say what was found.

        Raises:
            MailError: sending would fail.
        """
        ...


class MailError(MouError):
    """A message was not handed over."""


class TemporaryMailError(MailError):
    """It may go through later; sending the same message again is safe."""


class RecipientRefusedError(MailError):
    """The mail server takes no mail for this address, now or later."""


class MessageRefusedError(MailError):
    """The mail server does not take this message."""


class MailSettingsError(MailError):
    """The settings for mail are wrong or incomplete."""


class UnsendableMessageError(MailError):
    """The message holds what no mail may hold; nothing was tried."""
