"""From the settings for mail to what carries it."""

from dataclasses import dataclass, field
from pathlib import Path

from mou.notify.addresses import is_address
from mou.notify.delivery import Mailer, MailSettingsError
from mou.notify.message import Mailbox, domain_of_origin
from mou.notify.outbox import OutboxMailer
from mou.notify.smtp import Security, SmtpMailer


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What a workspace says about mail; the password comes from the environment alone."""

    host: str | None
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    mail_from: str | None = None


def open_mailer(settings: MailSettings, *, outbox: Path) -> Mailer:
    """Return what carries mail: the server that is set, else the folder.

    Raises:
        MailSettingsError: the settings are incomplete, or would let a message travel in the open.
    """
    if not settings.host:
        return OutboxMailer(outbox)
    if settings.mail_from is None:
        raise MailSettingsError(
            "mail_from is missing in mou.toml: with smtp_host goes the address that mail comes from, such as "
            'mail_from = "secretariat@example.org"'
        )
    return SmtpMailer(settings.host, settings.port, settings.security, settings.user or None, settings.password or None)


def sender_of(mail_from: str | None, *, name: str, origin: str) -> Mailbox:
    """Return who mail comes from: the network at its address, or at one that nobody has, until one is set.

    Raises:
        MailSettingsError: `mail_from` is no mail address.
    """
    if mail_from is not None and not is_address(mail_from):
        raise MailSettingsError(
            "mail_from in mou.toml: one mail address is expected, such as secretariat@example.org, got {got!r}", got=mail_from
        )
    return Mailbox(name, mail_from or f"secretariat@{domain_of_origin(origin)}")
