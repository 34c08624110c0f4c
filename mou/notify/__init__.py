"""Mail and messages: the words, the bytes, and what carries them.

A message is made of values, sent by a `Mailer`, and nothing here knows a workspace, a request or a page.
"""

from mou.notify.addresses import is_address, mask_address
from mou.notify.delivery import (
    Channel,
    Delivery,
    Mailer,
    MailError,
    MailSettingsError,
    MessageRefusedError,
    RecipientRefusedError,
    TemporaryMailError,
    UnsendableMessageError,
)
from mou.notify.message import Attachment, Mailbox, OutgoingMessage, message_bytes, message_id

__all__ = [
    "Attachment",
    "Channel",
    "Delivery",
    "MailError",
    "MailSettingsError",
    "Mailbox",
    "Mailer",
    "MessageRefusedError",
    "OutgoingMessage",
    "RecipientRefusedError",
    "TemporaryMailError",
    "UnsendableMessageError",
    "is_address",
    "mask_address",
    "message_bytes",
    "message_id",
]
