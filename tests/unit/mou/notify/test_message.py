"""A mail's bytes: Thai comes back as it was, nothing slips into a header, and a repeat is the same mail."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou.notify import Attachment, Mailbox, UnsendableMessageError, message_bytes, message_id
from mou.notify.message import domain_of_origin

if TYPE_CHECKING:
    from tests.unit.mou.notify.conftest import MakeMessage

SENT_AT = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)

LONG_TITLE = (
    "ขอเชิญลงนาม: บันทึกความเข้าใจว่าด้วยความร่วมมือในการขับเคลื่อนเมืองที่เป็นมิตรต่อเด็กและเยาวชน ๘ จังหวัดภาคเหนือตอนบน (ฉบับที่ ๒) "
    "และ ความร่วมมือ อื่น ๆ / Invitation to sign"
)
BREAKS = {
    "line feed": "ก\nBcc: all@example.org",
    "carriage return": "ก\rBcc: all@example.org",
    "both": "ก\r\n\r\nข",
    "null": "ก\0",
    "escape": "\x1b[31mก",
    "next line": "ก\x85ข",
    "line separator": "ก\u2028ข",
    "paragraph separator": "ก\u2029ข",
    "half a character": "ก\ud800",
}
thai_lines = st.text(st.sampled_from("กขคงนมะาำิีึืุูเแโใไ่้๊๋์ๆฯ๐๑๙ ABCxyz019.,;:()<>@\"'\\/-_=?&“”–"), min_size=1, max_size=150).map(
    lambda text: " ".join(text.split()) or "ก"
)


def read(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def name_and_address(content: bytes, header: str) -> tuple[str, str]:
    """By the parser's older half: the newer one of Python 3.11 puts spaces between encoded words in names."""
    raw = message_from_bytes(content)[header]
    name, address = parseaddr(raw)
    return str(make_header(decode_header(name))), address


def test_a_mail_in_thai_is_read_back_exactly(make_message: "MakeMessage") -> None:
    content = message_bytes(make_message())
    mail = read(content)
    assert mail["Subject"] == "ขอเชิญลงนาม: บันทึกความเข้าใจ"
    assert name_and_address(content, "To") == ("นางกมล ใจดี", "kamon@example.net")
    assert name_and_address(content, "From") == ("เครือข่ายตัวอย่าง", "secretariat@example.org")
    body = mail.get_body()
    assert body is not None
    assert body.get_content() == "เรียน นางกมล ใจดี\r\n\r\nขอเชิญลงนาม\r\n"  # as RFC 2045, 6.8, wants it inside base64
    (attachment,) = mail.iter_attachments()
    assert attachment.get_filename() == "บันทึกความเข้าใจ ๐๐๑.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == b"%PDF-1.7\n"


def test_a_mail_says_when_and_by_what_it_was_made(make_message: "MakeMessage") -> None:
    mail = read(message_bytes(make_message()))
    assert mail["Message-ID"] == "<op-1@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "th, en"
    assert mail["Date"].datetime == SENT_AT
    assert mail["MIME-Version"] == "1.0"


def test_a_mail_without_attachments_is_one_text(make_message: "MakeMessage") -> None:
    mail = read(message_bytes(make_message(attachments=())))
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"


def test_a_long_title_and_long_names_come_back_exactly(make_message: "MakeMessage") -> None:
    name = "นางสาวกมลวรรณลักษณ์ สกุลยาวมากเป็นพิเศษ ณ อยุธยา (ผู้แทนที่ได้รับมอบอำนาจของมูลนิธิ)"
    file = "บันทึกความเข้าใจว่าด้วยความร่วมมือในการขับเคลื่อนเมืองที่เป็นมิตรต่อเด็กและเยาวชน ๐๐๑.evidence.json"
    content = message_bytes(
        make_message(
            subject=LONG_TITLE,
            recipient=Mailbox(name, "kamon@example.net"),
            attachments=(Attachment(file, b"{}", "application/json"),),
        )
    )
    assert read(content)["Subject"] == LONG_TITLE
    assert name_and_address(content, "To") == (name, "kamon@example.net")
    assert [attachment.get_filename() for attachment in read(content).iter_attachments()] == [file]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=thai_lines, name=thai_lines)
def test_any_subject_and_name_come_back_exactly(make_message: "MakeMessage", subject: str, name: str) -> None:
    content = message_bytes(make_message(subject=subject, recipient=Mailbox(name, "kamon@example.net"), attachments=()))
    assert read(content)["Subject"] == subject
    assert name_and_address(content, "To") == (name, "kamon@example.net")
    assert max(len(line) for line in content.split(b"\r\n")) <= 78


def test_every_byte_is_ascii_and_every_line_ends_in_both_signs(make_message: "MakeMessage") -> None:
    content = message_bytes(make_message(text="ก" * 5_000 + "\n.\n..\nFrom here\n"))
    assert content.isascii()
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert max(len(line) for line in content.split(b"\r\n")) <= 78


def test_a_mailbox_without_a_name_is_its_address(make_message: "MakeMessage") -> None:
    content = message_bytes(make_message(recipient=Mailbox("", "kamon@example.net")))
    assert b"\r\nTo: kamon@example.net\r\n" in content


def test_a_thai_domain_stands_in_the_header_as_it_travels(make_message: "MakeMessage") -> None:
    content = message_bytes(make_message(recipient=Mailbox("กมล", "kamon@ตัวอย่าง.ไทย")))
    assert name_and_address(content, "To") == ("กมล", "kamon@xn--72c1a1bt4awk9o.xn--o3cw4h")


def test_the_same_message_gives_the_same_bytes(make_message: "MakeMessage") -> None:
    assert message_bytes(make_message()) == message_bytes(make_message())


@pytest.mark.parametrize("text", BREAKS.values(), ids=BREAKS)
def test_a_line_break_in_a_subject_is_refused(make_message: "MakeMessage", text: str) -> None:
    with pytest.raises(UnsendableMessageError, match="the subject of the mail holds a line break or another character"):
        make_message(subject=text)


@pytest.mark.parametrize("text", BREAKS.values(), ids=BREAKS)
def test_a_line_break_in_a_name_is_refused_without_showing_the_address(text: str) -> None:
    with pytest.raises(UnsendableMessageError, match=r"the name beside k•••@example\.net holds a line break"):
        Mailbox(text, "kamon@example.net")


@pytest.mark.parametrize("text", BREAKS.values(), ids=BREAKS)
def test_a_line_break_in_an_attachments_name_is_refused(text: str) -> None:
    with pytest.raises(UnsendableMessageError, match="the name of an attachment holds a line break"):
        Attachment(text, b"", "application/pdf")


@pytest.mark.parametrize("address", ["kamon@example.net\r\nBcc: all@example.org", "กมล", "", "a@b"])
def test_what_is_no_address_gets_no_mail(address: str) -> None:
    with pytest.raises(UnsendableMessageError, match="one mail address is expected") as refused:
        Mailbox("กมล", address)
    assert "\n" not in str(refused.value)
    assert "kamon" not in str(refused.value)


@pytest.mark.parametrize("name", ["../ledger.pdf", "a/b.pdf", "a\\b.pdf", "", "..", "  "])
def test_an_attachments_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UnsendableMessageError, match="without a folder"):
        Attachment(name, b"", "application/pdf")


def test_a_name_that_is_longer_than_any_is_refused() -> None:
    with pytest.raises(UnsendableMessageError, match="at most 200 characters are expected, got 201"):
        Mailbox("ก" * 201, "kamon@example.net")
    assert Mailbox("ก" * 200, "kamon@example.net").name


@pytest.mark.parametrize("media_type", ["application", "application/pdf\r\nX: y", "message/rfc822", ""])
def test_what_is_no_media_type_of_a_file_is_a_programmers_mistake(media_type: str) -> None:
    with pytest.raises(ValueError, match="a media type such as application/pdf is expected"):
        Attachment("a.pdf", b"", media_type)


@pytest.mark.parametrize("text", ["ก\0", "ก\x1b[31m", "ก\r\nข", "ก\ud800"])
def test_a_control_character_in_the_text_is_refused(make_message: "MakeMessage", text: str) -> None:
    with pytest.raises(UnsendableMessageError, match="the text of the mail holds"):
        make_message(text=text)


@pytest.mark.parametrize("found", ["../x@example.org", "op 1@example.org", "op@", "op\n@example.org", "op", "<op@example.org>"])
def test_an_id_that_could_be_a_path_or_a_header_is_a_programmers_mistake(make_message: "MakeMessage", found: str) -> None:
    with pytest.raises(ValueError, match="a message id such as"):
        make_message(message_id=found)


def test_a_moment_without_a_time_zone_is_a_programmers_mistake(make_message: "MakeMessage") -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        make_message(sent_at=SENT_AT.replace(tzinfo=None))


def test_an_id_is_the_acts_id_at_the_ledgers_domain() -> None:
    assert message_id("a" * 64, "example.org/charters") == "a" * 64 + "@example.org"
    assert message_id("op", "workspace-0123456789abcdef.mou.invalid") == "op@workspace-0123456789abcdef.mou.invalid"


@pytest.mark.parametrize("origin", ["เครือข่าย", "localhost", "example..org/x", "/charters", "exa>mple.org"])
def test_an_origin_without_a_domain_gives_ids_at_one_that_nobody_has(origin: str) -> None:
    assert domain_of_origin(origin) == "mou.invalid"


def test_an_operation_id_that_no_message_id_may_hold_is_a_programmers_mistake() -> None:
    with pytest.raises(ValueError, match="an id of letters, digits"):
        message_id("op/../1", "example.org")


def test_what_a_log_may_print_of_a_message_holds_neither_recipient_nor_text(make_message: "MakeMessage") -> None:
    printed = repr(make_message(text="รหัส 492817"))
    for secret in ("kamon", "กมล", "492817", "ขอเชิญ", "%PDF"):
        assert secret not in printed
    assert "op-1@example.org" in printed


def test_the_date_is_the_one_that_was_passed_in_wherever_it_was_written(make_message: "MakeMessage") -> None:
    bangkok = datetime.fromisoformat("2026-12-01T09:30:00+07:00")
    mail = read(message_bytes(replace(make_message(), sent_at=bangkok)))
    assert mail["Date"].datetime.astimezone(UTC) == SENT_AT
    assert mail["Date"].datetime.utcoffset() == timedelta(hours=7)
