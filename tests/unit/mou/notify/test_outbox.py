"""The outbox folder: a file for each message, whole or not there, for nobody else to read."""

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mou.notify import Delivery, Mailbox, MailError, message_bytes
from mou.notify.outbox import OutboxMailer

if TYPE_CHECKING:
    from tests.unit.mou.notify.conftest import MakeMessage


def test_a_message_becomes_a_file_that_a_mail_program_opens_as_a_draft(make_message: "MakeMessage", tmp_path: Path) -> None:
    delivery = OutboxMailer(tmp_path / "mail").send(make_message())
    assert delivery == Delivery("outbox", "op-1@example.org", "op-1@example.org.eml")
    mail = message_from_bytes((tmp_path / "mail" / delivery.place).read_bytes(), policy=default)
    assert mail["X-Unsent"] == "1"
    assert mail["Subject"] == "ขอเชิญลงนาม: บันทึกความเข้าใจ"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["บันทึกความเข้าใจ ๐๐๑.pdf"]


def test_the_file_is_the_mail_that_a_server_would_get(make_message: "MakeMessage", tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(make_message())
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().removeprefix(b"X-Unsent: 1\r\n") == message_bytes(make_message())


def test_nobody_but_the_owner_can_read_folder_or_file(make_message: "MakeMessage", tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        OutboxMailer(tmp_path / "mail").send(make_message())
    finally:
        os.umask(before)
    (path,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_repeat_of_a_message_leaves_the_first_file_as_it_was(make_message: "MakeMessage", tmp_path: Path) -> None:
    first = OutboxMailer(tmp_path).send(make_message())
    written = (tmp_path / first.place).read_bytes()
    later = replace(make_message(), sent_at=datetime(2026, 12, 1, 2, 30, tzinfo=UTC) + timedelta(hours=3))
    assert OutboxMailer(tmp_path).send(later) == first
    assert [path.name for path in tmp_path.iterdir()] == [first.place]
    assert (tmp_path / first.place).read_bytes() == written


def test_another_message_under_the_same_id_is_not_lost_in_silence(make_message: "MakeMessage", tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(make_message(text="รหัส 111111\n"))
    with pytest.raises(MailError, match="holds another message under the same id, and was left as it is"):
        OutboxMailer(tmp_path).send(make_message(text="รหัส 222222\n"))
    with pytest.raises(MailError, match="another message"):
        OutboxMailer(tmp_path).send(make_message(text="รหัส 111111\n", recipient=Mailbox("ก้อง", "kong@example.net")))
    (path,) = tmp_path.iterdir()
    assert b"kamon@example.net" in path.read_bytes()


def test_of_two_writers_at_once_the_first_stays(
    make_message: "MakeMessage", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_link = os.link

    def link_after_another(source: str, target: str, **options: bool) -> None:
        if not Path(target).exists():
            other = tmp_path / "other"
            other.write_bytes(Path(source).read_bytes())
            real_link(other, target)
            other.unlink()
        real_link(source, target, **options)

    monkeypatch.setattr(os, "link", link_after_another)
    assert OutboxMailer(tmp_path).send(make_message()).place == "op-1@example.org.eml"
    assert [path.name for path in tmp_path.iterdir()] == ["op-1@example.org.eml"]


def test_a_message_that_was_cut_short_leaves_no_file(
    make_message: "MakeMessage", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(MailError, match="No space left on device"):
        OutboxMailer(tmp_path).send(make_message())
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    OutboxMailer(tmp_path).send(make_message())
    assert [path.suffix for path in tmp_path.iterdir()] == [".eml"]


def test_a_folder_that_cannot_be_made_is_named(make_message: "MakeMessage", tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    mailer = OutboxMailer(tmp_path / "file" / "mail")
    with pytest.raises(MailError, match="file/mail: the message cannot be put there"):
        mailer.send(make_message())
    with pytest.raises(MailError, match="file/mail: the message cannot be put there"):
        mailer.try_out()


def test_trying_out_leaves_nothing_behind_and_says_that_a_person_sends(tmp_path: Path) -> None:
    assert "for a person to send (smtp_host in mou.toml)" in str(OutboxMailer(tmp_path / "mail").try_out())
    assert list((tmp_path / "mail").iterdir()) == []
