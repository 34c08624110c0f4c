"""From settings to a mailer."""

from pathlib import Path

import pytest

from mou.notify import Mailbox, MailSettingsError
from mou.notify.opening import MailSettings, open_mailer, sender_of
from mou.notify.outbox import OutboxMailer
from mou.notify.smtp import SmtpMailer


def test_without_a_server_mail_goes_into_the_folder(tmp_path: Path) -> None:
    assert open_mailer(MailSettings(host=None), outbox=tmp_path) == OutboxMailer(tmp_path)
    assert open_mailer(MailSettings(host=""), outbox=tmp_path) == OutboxMailer(tmp_path)


def test_with_a_server_mail_goes_there_as_it_is_set(tmp_path: Path) -> None:
    settings = MailSettings("mail.example.org", 465, "tls", "secretariat", "throw-away", "secretariat@example.org")
    assert open_mailer(settings, outbox=tmp_path) == SmtpMailer("mail.example.org", 465, "tls", "secretariat", "throw-away")
    assert "throw-away" not in repr(settings)


def test_a_server_without_a_senders_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MailSettingsError, match=r"mail_from is missing in mou\.toml"):
        open_mailer(MailSettings("mail.example.org"), outbox=tmp_path)


def test_half_a_login_is_refused_when_the_mailer_is_opened(tmp_path: Path) -> None:
    settings = MailSettings("mail.example.org", user="secretariat", mail_from="secretariat@example.org")
    with pytest.raises(MailSettingsError, match="MOU_SMTP_PASSWORD"):
        open_mailer(settings, outbox=tmp_path)


def test_an_empty_variable_is_no_password(tmp_path: Path) -> None:
    settings = MailSettings("mail.example.org", user="", password="", mail_from="secretariat@example.org")
    assert open_mailer(settings, outbox=tmp_path) == SmtpMailer("mail.example.org")


def test_mail_comes_from_the_network_at_the_address_that_is_set() -> None:
    sender = sender_of("secretariat@example.org", name="เครือข่ายตัวอย่าง", origin="example.org/charters")
    assert sender == Mailbox("เครือข่ายตัวอย่าง", "secretariat@example.org")


@pytest.mark.parametrize(
    ("origin", "address"),
    [("workspace-01.mou.invalid", "secretariat@workspace-01.mou.invalid"), ("เครือข่าย", "secretariat@mou.invalid")],
)
def test_without_an_address_mail_comes_from_one_that_nobody_has(origin: str, address: str) -> None:
    assert sender_of(None, name="ก", origin=origin).address == address


@pytest.mark.parametrize("mail_from", ["กองเลขานุการ", "", "Secretariat <secretariat@example.org>", "a@b.org\nBcc: c@d.org"])
def test_a_sender_that_is_no_address_names_the_setting(mail_from: str) -> None:
    with pytest.raises(MailSettingsError, match=r"mail_from in mou\.toml: one mail address is expected") as refused:
        sender_of(mail_from, name="ก", origin="example.org")
    assert "\n" not in str(refused.value)
