"""Mail to a real server: what arrives, what is refused, and what each refusal says."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mou.notify import (
    Delivery,
    Mailbox,
    MailError,
    MailSettingsError,
    MessageRefusedError,
    RecipientRefusedError,
    TemporaryMailError,
    message_bytes,
)
from mou.notify.smtp import SmtpMailer

if TYPE_CHECKING:
    from tests.unit.mou.notify.conftest import Certificate, MailServer, MakeMessage, StartServer

USER = "secretariat"
PASSWORD = "e0b983-throw-away"
RECIPIENT = "kamon@example.net"
LOGIN = {"user": USER, "password": PASSWORD}


def mailer_for(server: "MailServer", certificate: "Certificate", **changes: Any) -> SmtpMailer:  # noqa: ANN401  # any setting
    settings: dict[str, Any] = {"security": "none", "roots": certificate.path, "timeout_seconds": 5} | changes
    return SmtpMailer("localhost", server.port, **settings)


def refusal(mailer: SmtpMailer, make_message: "MakeMessage", kind: type[MailError]) -> str:
    """What the mailer says when it cannot send; whatever it is, it holds no password and no whole address."""
    with pytest.raises(kind) as refused:
        mailer.send(make_message())
    assert type(refused.value) is kind
    said = str(refused.value)
    assert PASSWORD not in said
    assert RECIPIENT not in said
    assert "\n" not in said
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    return said


@contextmanager
def scripted_server(script: bytes | None, *, then_hang_up: bool = True) -> Iterator[int]:
    """A server that says its piece to whoever calls, and reads no word; None says nothing and keeps the line."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            line, _ = listener.accept()
            with line:
                if script is not None:
                    line.sendall(script)
                if not then_hang_up or script is None:
                    done.wait(10)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_mail_in_thai_arrives_as_it_was_written(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage", security: str
) -> None:
    server = start_server(security=security)
    delivery = mailer_for(server, certificate, security=security).send(make_message())
    assert delivery == Delivery("smtp", "op-1@example.org", "localhost", "250 queued as A1")
    (envelope,) = server.received.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("secretariat@example.org", [RECIPIENT])
    assert isinstance(envelope.content, bytes)
    assert envelope.content == message_bytes(make_message())
    mail = message_from_bytes(envelope.content, policy=default)
    assert mail["Subject"] == "ขอเชิญลงนาม: บันทึกความเข้าใจ"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["บันทึกความเข้าใจ ๐๐๑.pdf"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_login_is_made_on_the_encrypted_line(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage", security: str
) -> None:
    server = start_server(security=security, asks_for_login=True)
    mailer_for(server, certificate, security=security, **LOGIN).send(make_message())
    assert server.received.logins == [USER]
    assert len(server.received.envelopes) == 1


def test_a_recipient_with_a_thai_domain_is_asked_for_in_ascii(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server()
    mailer_for(server, certificate).send(make_message(recipient=Mailbox("กมล", "kamon@ตัวอย่าง.ไทย")))
    assert server.received.envelopes[0].rcpt_tos == ["kamon@xn--72c1a1bt4awk9o.xn--o3cw4h"]


def test_a_line_of_a_single_dot_does_not_end_the_mail(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server()
    mailer_for(server, certificate).send(make_message(text="one\n.\ntwo\n", attachments=()))
    content = server.received.envelopes[0].content
    assert isinstance(content, bytes)
    assert message_from_bytes(content, policy=default).get_content() == "one\r\n.\r\ntwo\r\n"


def test_a_refused_recipient_is_told_apart_and_not_shown(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(answers={"RCPT": f"550 5.1.1 <{RECIPIENT}>: no such user"})
    said = refusal(mailer_for(server, certificate), make_message, RecipientRefusedError)
    assert "takes no mail for k•••@example.net (550 5.1.1 <k•••@example.net>: no such user)" in said
    assert server.received.envelopes == []


@pytest.mark.parametrize(
    "answer",
    [f"554 5.7.1 <{RECIPIENT}>: Relay access denied", "550 relay not permitted", "530 5.7.0 Authentication required"],
)
def test_a_server_that_does_not_carry_our_mail_is_not_the_recipients_fault(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage", answer: str
) -> None:
    server = start_server(answers={"RCPT": answer})
    said = refusal(mailer_for(server, certificate), make_message, MailSettingsError)
    assert "carries no mail to other domains for this program" in said


def test_a_recipient_whose_name_is_relay_is_still_the_one_who_is_refused(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(answers={"RCPT": "550 5.1.1 <relay@example.net>: no such user"})
    refusal(mailer_for(server, certificate), make_message, RecipientRefusedError)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_passing_failure_asks_to_be_tried_again(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage", stage: str
) -> None:
    server = start_server(answers={stage: "451 4.3.0 try again later"})
    said = refusal(mailer_for(server, certificate), make_message, TemporaryMailError)
    assert "asks to be tried again later (451 4.3.0 try again later); nothing was sent" in said
    server.received.answers.clear()
    assert mailer_for(server, certificate).send(make_message()).channel == "smtp"


def test_a_refused_message_is_not_the_recipients_fault(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(answers={"DATA": "554 5.7.1 looks like spam"})
    said = refusal(mailer_for(server, certificate), make_message, MessageRefusedError)
    assert "refused the message to k•••@example.net (554 5.7.1 looks like spam)" in said


def test_a_message_that_is_too_large_is_refused_before_it_is_sent(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server()
    with pytest.raises(MessageRefusedError, match="takes no message of this size"):
        mailer_for(server, certificate).send(make_message(text="ก" * 100_000))
    assert server.received.envelopes == []


def test_a_refused_sender_is_a_matter_of_settings(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(answers={"MAIL": "553 5.7.1 not your address"})
    said = refusal(mailer_for(server, certificate), make_message, MailSettingsError)
    assert "takes no mail from this sender (553 5.7.1 not your address)" in said
    assert "mail_from" in said


def test_a_wrong_password_is_a_matter_of_settings(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(security="starttls", asks_for_login=True)
    mailer = mailer_for(server, certificate, security="starttls", user=USER, password="wrong-word")
    said = refusal(mailer, make_message, MailSettingsError)
    assert "refused the login (535" in said
    assert "MOU_SMTP_PASSWORD" in said
    assert "wrong-word" not in said
    assert "wrong-word" not in repr(mailer)


def test_a_password_that_the_server_repeats_is_not_shown(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(security="starttls", asks_for_login=True, answers={"AUTH": f"535 not {PASSWORD} of {RECIPIENT}"})
    said = refusal(mailer_for(server, certificate, security="starttls", **LOGIN), make_message, MailSettingsError)
    assert "535 not ••• of k•••@example.net" in said


def test_a_login_that_is_closed_for_a_while_asks_to_be_tried_again(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(security="starttls", asks_for_login=True, answers={"AUTH": "454 4.7.0 later"})
    refusal(mailer_for(server, certificate, security="starttls", **LOGIN), make_message, TemporaryMailError)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_stops_before_the_login(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage", security: str
) -> None:
    server = start_server(security=security, asks_for_login=True)
    mailer = mailer_for(server, certificate, security=security, roots=None, **LOGIN)
    assert "cannot be trusted (self-signed certificate)" in refusal(mailer, make_message, MailSettingsError)
    assert server.received.logins == []


def test_a_certificate_for_another_name_stops_before_the_login(
    start_server: "StartServer",
    certificate: "Certificate",
    make_message: "MakeMessage",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find_locally(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

    server = start_server(security="starttls", asks_for_login=True)
    monkeypatch.setattr(socket, "getaddrinfo", find_locally)
    mailer = SmtpMailer("mail.example.org", server.port, roots=certificate.path, timeout_seconds=5, user=USER, password=PASSWORD)
    assert "Hostname mismatch" in refusal(mailer, make_message, MailSettingsError)
    assert server.received.logins == []


def test_a_server_without_encryption_gets_neither_mail_nor_login(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(security="none")
    said = refusal(mailer_for(server, certificate, security="starttls", **LOGIN), make_message, MailSettingsError)
    assert "offers no encryption" in said
    assert (server.received.logins, server.received.envelopes) == ([], [])


def test_tls_where_the_server_speaks_none_names_the_setting(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(security="starttls")
    said = refusal(mailer_for(server, certificate, security="tls"), make_message, MailSettingsError)
    assert "does not speak TLS on port" in said
    assert 'smtp_security = "tls" for port 465, "starttls" for port 587' in said


def test_a_server_that_takes_no_login_names_the_setting(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(security="none")
    said = refusal(mailer_for(server, certificate, **LOGIN), make_message, MailSettingsError)
    assert "offers no login" in said
    assert "smtp_user" in said


def test_a_server_that_is_not_there_asks_to_be_tried_again(make_message: "MakeMessage") -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    said = refusal(SmtpMailer("127.0.0.1", port, "none", timeout_seconds=5), make_message, TemporaryMailError)
    assert f"127.0.0.1 was not reached on port {port}" in said
    assert "Connection refused" in said


def test_a_host_that_is_no_name_asks_to_be_looked_at(make_message: "MakeMessage") -> None:
    said = refusal(SmtpMailer("mail..example.org", timeout_seconds=5), make_message, TemporaryMailError)
    assert "check smtp_host and smtp_port" in said


def test_a_server_that_says_nothing_is_given_up_after_the_time_out(make_message: "MakeMessage") -> None:
    with scripted_server(None) as port:
        said = refusal(SmtpMailer("127.0.0.1", port, "none", timeout_seconds=0.2), make_message, TemporaryMailError)
    assert "timed out" in said


def test_a_server_that_hangs_up_asks_to_be_tried_again(make_message: "MakeMessage") -> None:
    with scripted_server(b"") as port:
        refusal(SmtpMailer("127.0.0.1", port, "none", timeout_seconds=5), make_message, TemporaryMailError)


def test_what_is_no_mail_server_is_a_matter_of_settings(make_message: "MakeMessage") -> None:
    with scripted_server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        said = refusal(SmtpMailer("127.0.0.1", port, "none", timeout_seconds=5), make_message, MailSettingsError)
    assert f"what answers at 127.0.0.1 on port {port} is no mail server" in said


def test_a_server_that_is_closed_for_a_while_asks_to_be_tried_again(make_message: "MakeMessage") -> None:
    with scripted_server(b"421 4.3.2 closed for a moment\r\n") as port:
        said = refusal(SmtpMailer("127.0.0.1", port, "none", timeout_seconds=5), make_message, TemporaryMailError)
    assert "asks to be tried again later (421 4.3.2 closed for a moment)" in said


def test_a_server_that_turns_this_machine_away_is_a_matter_for_people(make_message: "MakeMessage") -> None:
    with scripted_server(b"554 5.7.1 no service for you\r\n") as port:
        said = refusal(SmtpMailer("127.0.0.1", port, "none", timeout_seconds=5), make_message, MailSettingsError)
    assert "does not talk to this machine (554 5.7.1 no service for you)" in said


def test_an_answer_is_shown_on_one_short_line(make_message: "MakeMessage") -> None:
    long = b"554-\x1b[31mred\r\n" + b"554-word\r\n" * 200 + b"554 end\r\n"
    with scripted_server(long) as port:
        said = refusal(SmtpMailer("127.0.0.1", port, "none", timeout_seconds=5), make_message, MailSettingsError)
    assert said.isprintable()
    assert len(said) < 400


def test_a_line_that_breaks_after_the_data_says_that_nobody_knows(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server()
    server.received.line_breaks_after_data = True
    said = refusal(mailer_for(server, certificate), make_message, TemporaryMailError)
    assert "broke before it said whether it has the message" in said
    assert "nothing was sent" not in said
    server.received.line_breaks_after_data = False
    mailer_for(server, certificate).send(make_message())
    ids = {message_from_bytes(one.content)["Message-ID"] for one in server.received.envelopes if isinstance(one.content, bytes)}
    assert ids == {"<op-1@example.org>"}
    assert len(server.received.envelopes) == 2


def test_a_farewell_that_fails_leaves_the_message_sent(
    start_server: "StartServer", certificate: "Certificate", make_message: "MakeMessage"
) -> None:
    server = start_server(answers={"QUIT": "500 what?"})
    assert mailer_for(server, certificate).send(make_message()).channel == "smtp"
    assert len(server.received.envelopes) == 1


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "localhost.example.org", "::2"])
def test_an_open_line_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(MailSettingsError, match="in the open"):
        SmtpMailer(host, security="none")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "::1"])
def test_an_open_line_to_this_machine_is_taken(host: str) -> None:
    assert SmtpMailer(host, security="none").host == host


def test_an_open_line_that_is_allowed_still_carries_no_password() -> None:
    assert SmtpMailer("mail.example.org", security="none", open_lines_are_allowed=True).user is None
    with pytest.raises(MailSettingsError, match="in the open"):
        SmtpMailer("mail.example.org", security="none", open_lines_are_allowed=True, user=USER, password=PASSWORD)


@pytest.mark.parametrize("login", [{"user": USER}, {"password": PASSWORD}])
def test_half_a_login_is_refused(login: dict[str, str]) -> None:
    with pytest.raises(MailSettingsError, match="belong together: one of them is missing") as refused:
        SmtpMailer("mail.example.org", **login)  # type: ignore[arg-type]  # half of the members
    assert PASSWORD not in str(refused.value)


def test_a_password_that_no_login_can_carry_is_refused_unseen() -> None:
    with pytest.raises(MailSettingsError, match="ASCII") as refused:
        SmtpMailer("mail.example.org", user=USER, password="รหัสลับ")
    assert "รหัสลับ" not in str(refused.value)


def test_roots_that_cannot_be_read_are_named(make_message: "MakeMessage", tmp_path: Path) -> None:
    mailer = SmtpMailer("localhost", roots=tmp_path / "missing.pem")
    with pytest.raises(MailSettingsError, match=r"missing\.pem cannot be read as certificates"):
        mailer.send(make_message())
    (tmp_path / "missing.pem").write_text("no certificate", encoding="ascii")
    with pytest.raises(MailSettingsError, match=r"missing\.pem cannot be read as certificates"):
        mailer.send(make_message())


@pytest.mark.parametrize(("login", "says"), [({}, "it was not asked for a login"), (LOGIN, "takes the login")])
def test_trying_out_goes_as_far_as_the_login_and_sends_nothing(
    start_server: "StartServer", certificate: "Certificate", login: dict[str, str], says: str
) -> None:
    server = start_server(security="starttls", asks_for_login=bool(login))
    assert says in str(mailer_for(server, certificate, security="starttls", **login).try_out())
    assert server.received.logins == ([USER] if login else [])
    assert server.received.envelopes == []


def test_trying_out_a_wrong_password_fails_as_sending_would(start_server: "StartServer", certificate: "Certificate") -> None:
    server = start_server(security="starttls", asks_for_login=True)
    with pytest.raises(MailSettingsError, match="refused the login"):
        mailer_for(server, certificate, security="starttls", user=USER, password="wrong-word").try_out()


def test_an_old_version_of_tls_is_not_spoken(certificate: "Certificate") -> None:
    trust = SmtpMailer("localhost", roots=certificate.path)._trust()
    assert trust.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert trust.check_hostname
    assert trust.verify_mode is ssl.CERT_REQUIRED
