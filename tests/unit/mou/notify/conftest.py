"""A real mail server on this machine, with a certificate of its own, and a message in Thai to send to it."""

import ssl
from asyncio import Transport
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mou.notify import Attachment, Mailbox, OutgoingMessage

USER = "secretariat"
PASSWORD = "e0b983-throw-away"
SENT_AT = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)

MakeMessage: TypeAlias = Callable[..., OutgoingMessage]


@dataclass
class Received:
    """What the server took, and what it answers in place of `250 OK`."""

    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    line_breaks_after_data: bool = False

    async def handle_MAIL(  # noqa: N802  # the server calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.line_breaks_after_data:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        answer = self.answers.get("DATA", "250 queued as A1")
        if answer.startswith("250"):
            self.envelopes.append(envelope)
        return answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return self.answers.get("QUIT", "221 Bye")

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: object) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append(login.login.decode())
        if "AUTH" in self.answers:
            return AuthResult(success=False, handled=False, message=self.answers["AUTH"])
        return AuthResult(success=(login.login, login.password) == (USER.encode(), PASSWORD.encode()), handled=False)


class AnyPort(Controller):
    """The server on a port that the system picks."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # asyncio's server has sockets
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd types it in part


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that runs, and what it took."""

    port: int
    received: Received


StartServer: TypeAlias = Callable[..., MailServer]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for localhost that nobody trusts by itself, and the server's side of it."""

    path: Path
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A throw-away certificate for localhost."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "localhost")


def make_certificate(folder: Path, name: str) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ip_address("127.0.0.1")))
    issued = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(issued.public_bytes(Encoding.PEM))
    key_path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path, key_path)
    return Certificate(path, context)


@pytest.fixture
def start_server(certificate: Certificate) -> Iterator[StartServer]:
    """A function that starts a server: plain, with STARTTLS, or with TLS from the beginning; stopped at the end of the test."""
    with ExitStack() as running:

        def start(*, security: str = "none", asks_for_login: bool = False, answers: dict[str, str] | None = None) -> MailServer:
            received = Received(answers=answers or {})
            options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "server_hostname": "mail.test"}
            if security == "starttls":
                options |= {"tls_context": certificate.context, "require_starttls": True}
            if security == "tls":
                options |= {"ssl_context": certificate.context, "auth_require_tls": False}
            if asks_for_login:
                options |= {"authenticator": received.authenticate, "auth_required": security == "starttls"}
            controller = AnyPort(received, data_size_limit=200_000, **options)
            controller.start()
            running.callback(controller.stop)
            return MailServer(controller.port, received)

        yield start


@pytest.fixture
def make_message() -> MakeMessage:
    """A function that makes a message in Thai, with what the test changes."""

    def make(**changes: Any) -> OutgoingMessage:  # noqa: ANN401  # a test changes any member
        members: dict[str, Any] = {
            "message_id": "op-1@example.org",
            "sender": Mailbox("เครือข่ายตัวอย่าง", "secretariat@example.org"),
            "recipient": Mailbox("นางกมล ใจดี", "kamon@example.net"),
            "subject": "ขอเชิญลงนาม: บันทึกความเข้าใจ",
            "text": "เรียน นางกมล ใจดี\n\nขอเชิญลงนาม\n",
            "sent_at": SENT_AT,
            "attachments": (Attachment("บันทึกความเข้าใจ ๐๐๑.pdf", b"%PDF-1.7\n", "application/pdf"),),
        }
        return OutgoingMessage(**(members | changes))

    return make
