"""Mail by a server (RFC 5321), with the submission that most services ask for: STARTTLS on port 587, or TLS on 465.

What became of a message is known by how far the talk came:
1. Up to the answer to RCPT: nothing was sent.
2. From DATA to the server's answer: nobody knows, where the line breaks. A repeat carries the same id.
3. After the answer 250: the server has it. Whatever breaks then changes nothing.

Foreign exceptions end here. None is attached to a `MailError` as its cause, since their texts may hold a recipient's address.
"""

import ipaddress
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from mou.notify.addresses import ascii_address, mask_address, mask_addresses_in
from mou.notify.delivery import (
    Delivery,
    MailError,
    MailSettingsError,
    MessageRefusedError,
    RecipientRefusedError,
    TemporaryMailError,
)
from mou.notify.message import OutgoingMessage, message_bytes
from signatures.messages import Message, say

Security: TypeAlias = Literal["starttls", "tls", "none"]

RESPONSE_TIMEOUT_SECONDS: Final = 20
PASSWORD_VARIABLE: Final = "MOU_SMTP_PASSWORD"  # noqa: S105  # the variable's name, no password

_HELLO: Final = "[127.0.0.1]"  # a literal (RFC 5321, 4.1.3): this machine's name is nobody's business, and looking it up may hang
_OK: Final = 250
_RECIPIENT_OK: Final = {250, 251}
_FIRST_TEMPORARY: Final = 400
_FIRST_PERMANENT: Final = 500
_LOGIN_WANTED: Final = 530  # RFC 4954, 6
_LONGEST_ANSWER: Final = 200


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """A mail server. Its certificate is always checked; an open line goes no further than this machine, unless it is allowed."""

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = RESPONSE_TIMEOUT_SECONDS
    open_lines_are_allowed: bool = False
    roots: Path | None = None
    """Certificates that alone are trusted, as PEM; None takes those of this machine."""

    def __post_init__(self) -> None:
        """Refuse settings under which a message or a password would travel in the open, or which cannot work."""
        if (self.user is None) != (self.password is None):
            raise MailSettingsError(
                "smtp_user in mou.toml and the password in {variable} belong together: one of them is missing",
                variable=PASSWORD_VARIABLE,
            )
        if not (f"{self.user or ''}{self.password or ''}").isascii():
            raise MailSettingsError(
                "smtp_user and the password in {variable} are expected to be of ASCII letters, digits and signs; choose another "
                "password with the mail service",
                variable=PASSWORD_VARIABLE,
            )
        if self.security != "none" or _is_loopback(self.host):
            return
        if not self.open_lines_are_allowed or self.password is not None:
            raise MailSettingsError(
                'smtp_security = "none" would send mail to {host} in the open; set it to "starttls" or "tls"', host=self.host
            )

    def send(self, message: OutgoingMessage) -> Delivery:
        """Hand the message to the server and return its answer.

        Raises:
            MailError: as the classes in `mou.notify.delivery` say.
        """
        content = message_bytes(message)
        server = self._log_in()
        try:
            answer = self._hand_over(server, message, content)
        finally:
            _hang_up(server)
        if isinstance(answer, MailError):
            raise answer
        return Delivery("smtp", message.message_id, self.host, answer)

    def try_out(self) -> Message:
        """Connect, say hello and log in; nothing is sent.

        Raises:
            MailError: sending would fail.
        """
        _hang_up(self._log_in())
        if self.user is None:
            return say(
                "the mail server {host} answers on port {port}; it was not asked for a login", host=self.host, port=self.port
            )
        return say("the mail server {host} answers on port {port} and takes the login", host=self.host, port=self.port)

    def _log_in(self) -> smtplib.SMTP:
        """Return a line to the server, encrypted as set, with the login done.

        Raises:
            MailError: there is none; nothing was sent.
        """
        trust = self._trust()
        server: smtplib.SMTP | None = None
        failure: MailError
        try:
            server = self._connect(trust)
            if self.security == "starttls":
                server.starttls(context=trust)
            server.ehlo_or_helo_if_needed()
            if self.user is not None and self.password is not None:
                server.login(self.user, self.password)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:  # UnicodeError: the host is no name that DNS can be asked
            failure = self._failed_login(error)
        else:
            return server
        if server is not None:
            server.close()
        raise failure

    def _connect(self, trust: ssl.SSLContext) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, _HELLO, timeout=self.timeout_seconds, context=trust)
        return smtplib.SMTP(self.host, self.port, _HELLO, timeout=self.timeout_seconds)

    def _trust(self) -> ssl.SSLContext:
        """Return a context that checks the certificate and the name in it."""
        try:
            return ssl.create_default_context(cafile=self.roots)
        except OSError as error:
            raise MailSettingsError("{path} cannot be read as certificates: {cause}", path=self.roots, cause=error) from error

    def _failed_login(self, error: Exception) -> MailError:
        """Say why there is no line to the server; every answer that comes here was given before a message."""
        where = {"host": self.host, "port": self.port}
        if isinstance(error, ssl.SSLCertVerificationError):
            return MailSettingsError(
                "the certificate of the mail server {host} cannot be trusted ({cause}); nothing was sent. Check smtp_host in "
                "mou.toml, and the clock of this machine",
                **where,
                cause=error.verify_message,
            )
        if isinstance(error, ssl.SSLError):
            return MailSettingsError(
                'the mail server {host} does not speak TLS on port {port} ({cause}); nothing was sent. Set smtp_security = "tls" '
                'for port 465, "starttls" for port 587',
                **where,
                cause=error.reason or type(error).__name__,
            )
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return self._not_offered()
        if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= _FIRST_PERMANENT:
            return MailSettingsError(
                "the mail server {host} refused the login ({answer}); nothing was sent. Check smtp_user in mou.toml and the "
                "password in {variable}; some services want a password of its own for a program",
                **where,
                answer=self._said(error.smtp_code, error.smtp_error),
                variable=PASSWORD_VARIABLE,
            )
        if isinstance(error, smtplib.SMTPResponseException):
            return self._turned_away(error.smtp_code, error.smtp_error)
        return TemporaryMailError(
            "the mail server {host} was not reached on port {port} ({cause}); nothing was sent. Try again later, or check "
            "smtp_host and smtp_port in mou.toml",
            **where,
            cause=self._clean(str(error) or type(error).__name__),
        )

    def _turned_away(self, code: int, answer: bytes | str) -> MailError:
        """Say that the server ended the talk before any login."""
        if _FIRST_TEMPORARY <= code < _FIRST_PERMANENT:
            return self._later(code, answer)
        if code < _FIRST_TEMPORARY:
            return MailSettingsError(
                "what answers at {host} on port {port} is no mail server ({answer}); nothing was sent. Check smtp_host and "
                "smtp_port in mou.toml",
                host=self.host,
                port=self.port,
                answer=self._clean(_as_text(answer)),
            )
        return MailSettingsError(
            "the mail server {host} does not talk to this machine ({answer}); nothing was sent. Ask whoever runs the mail server",
            host=self.host,
            answer=self._said(code, answer),
        )

    def _not_offered(self) -> MailError:
        """Say what the server does not offer: smtplib raises the same class for both, before either was tried."""
        if self.security == "starttls":
            return MailSettingsError(
                "the mail server {host} offers no encryption or no login that this program knows on port {port}; nothing was "
                'sent. Set smtp_security = "tls" for port 465, "starttls" for port 587',
                host=self.host,
                port=self.port,
            )
        return MailSettingsError(
            "the mail server {host} offers no login on port {port} that this program knows; nothing was sent. Take smtp_user out "
            "of mou.toml if it needs none",
            host=self.host,
            port=self.port,
        )

    def _hand_over(self, server: smtplib.SMTP, message: OutgoingMessage, content: bytes) -> str | MailError:
        """Return what the server said when it took the message, or why it did not."""
        masked = mask_address(message.recipient.address)
        data_has_begun = False
        try:
            size = [f"size={len(content)}"] if server.has_extn("size") else []
            code, answer = server.mail(ascii_address(message.sender.address), size)
            if code != _OK:
                return self._later(code, answer) if code < _FIRST_PERMANENT else self._refused_before_recipient(code, answer)
            code, answer = server.rcpt(ascii_address(message.recipient.address))
            if code not in _RECIPIENT_OK:
                return self._later(code, answer) if code < _FIRST_PERMANENT else self._refused_recipient(code, answer, masked)
            data_has_begun = True
            code, answer = server.data(content)
        except smtplib.SMTPDataError as error:
            return self._refused_data(error.smtp_code, error.smtp_error, masked)
        except (smtplib.SMTPException, OSError) as error:
            return self._broken_line(self._clean(str(error)), data_has_begun=data_has_begun)
        return self._said(code, answer) if code == _OK else self._refused_data(code, answer, masked)

    def _later(self, code: int, answer: bytes | str) -> MailError:
        return TemporaryMailError(
            "the mail server {host} asks to be tried again later ({answer}); nothing was sent",
            host=self.host,
            answer=self._said(code, answer),
        )

    def _broken_line(self, cause: str, *, data_has_begun: bool) -> MailError:
        if not data_has_begun:
            return TemporaryMailError(
                "the line to the mail server {host} broke ({cause}); nothing was sent. Try again later",
                host=self.host,
                cause=cause,
            )
        return TemporaryMailError(
            "the line to the mail server {host} broke before it said whether it has the message ({cause}). Send it again: it "
            "carries the same id, so that a second copy is known for one",
            host=self.host,
            cause=cause,
        )

    def _refused_before_recipient(self, code: int, answer: bytes) -> MailError:
        """Say that the sender was refused, or the size, which is told at the same moment (RFC 1870, 6.1)."""
        if code == 552:  # noqa: PLR2004  # RFC 1870's code stands here alone
            return MessageRefusedError(
                "the mail server {host} takes no message of this size ({answer}); nothing was sent. Send it without attachments, "
                "with the address from where they can be fetched",
                host=self.host,
                answer=self._said(code, answer),
            )
        return MailSettingsError(
            "the mail server {host} takes no mail from this sender ({answer}); nothing was sent. Check mail_from and smtp_user "
            "in mou.toml",
            host=self.host,
            answer=self._said(code, answer),
        )

    def _refused_recipient(self, code: int, answer: bytes, recipient: str) -> MailError:
        """Tell a server that takes no mail from us for anybody elsewhere from one that does not know this address."""
        if (
            code == _LOGIN_WANTED or "relay" in self._said(code, answer).lower()
        ):  # there is no code for it: servers say 550, 551, 553 or 554
            return MailSettingsError(
                "the mail server {host} carries no mail to other domains for this program ({answer}); nothing was sent. Check "
                "smtp_host and smtp_user in mou.toml: most services want a login",
                host=self.host,
                answer=self._said(code, answer),
            )
        return RecipientRefusedError(
            "the mail server {host} takes no mail for {recipient} ({answer}); nothing was sent. Ask the signatory for the right "
            "address, or send the link in another way",
            host=self.host,
            recipient=recipient,
            answer=self._said(code, answer),
        )

    def _refused_data(self, code: int, answer: bytes | str, recipient: str) -> MailError:
        if code < _FIRST_PERMANENT:
            return self._later(code, answer)
        return MessageRefusedError(
            "the mail server {host} refused the message to {recipient} ({answer}); it was not sent. Ask whoever runs the mail "
            "server, or send the link in another way",
            host=self.host,
            recipient=recipient,
            answer=self._said(code, answer),
        )

    def _said(self, code: int, answer: bytes | str) -> str:
        """Return the server's answer as an error may show it."""
        return f"{code} {self._clean(_as_text(answer))}".strip()

    def _clean(self, text: str) -> str:
        """Return foreign text on one line, short, without the password and with every address masked."""
        if self.password:
            text = text.replace(self.password, "•••")
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        return mask_addresses_in(line)[:_LONGEST_ANSWER]


def _hang_up(server: smtplib.SMTP) -> None:
    """End the talk; what fails now changes nothing, since the server has answered already."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _as_text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
