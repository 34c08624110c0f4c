"""What the mails say, in both languages, and what they never say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mou.notify import Mailbox, OutgoingMessage, texts
from mou.notify.excerpts import one_line, quoted, shortened
from mou.notify.texts import Asked, Text

LINK = "https://sign.example.org/sign/3xAmpLe"
DEADLINE = datetime(2026, 12, 15, 9, 30, tzinfo=UTC)
SIGNED_AT = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)  # in Bangkok the next year has begun
ASKED = Asked(
    document_title="บันทึกความเข้าใจ",
    document_number="ลนส. ๐๐๑/๒๕๖๙",
    organisation_name="มูลนิธิตะวัน",
    signatory_name="นางกมล ใจดี",
    capacity_in_thai="ผู้แทนที่ได้รับมอบอำนาจ",
    capacity_in_english="authorised representative",
    network_name="เครือข่ายตัวอย่าง",
    link=LINK,
    deadline=DEADLINE,
    sender_domain="example.org",
)
WITH_LINK: dict[str, Callable[[Asked], Text]] = {
    "invitation": texts.invitation,
    "reminder": texts.reminder,
    "your turn": texts.your_turn,
    "delegated": lambda asked: texts.delegated(asked, delegated_by="นายก้อง ตัวอย่าง"),
}
WITHOUT_LINK: dict[str, Callable[[Asked], Text]] = {
    "code": lambda asked: texts.one_time_code(asked, "492817", lifetime=timedelta(minutes=10)),
    "thanks": lambda asked: texts.thanks(asked, signed_at=SIGNED_AT, verify_address="https://charters.example.net/verify"),
    "declined": lambda asked: texts.declined(asked, declined_at=SIGNED_AT, reason="ยังไม่มีมติ"),
    "withdrawn": lambda asked: texts.withdrawn(asked, reason="แก้ไขเอกสาร"),
}
ALL = WITH_LINK | WITHOUT_LINK


def halves(text: Text) -> tuple[str, str]:
    """The Thai part and the English one."""
    thai, _, english = text.body.partition("─" * 30)
    return thai, english


@pytest.mark.parametrize("write", ALL.values(), ids=ALL)
def test_every_mail_speaks_thai_first_and_english_below_the_line(write: Callable[[Asked], Text]) -> None:
    text = write(ASKED)
    thai, english = halves(text)
    assert thai.startswith("เรียน ")
    assert english.lstrip().startswith("Dear ")
    assert text.subject.isprintable()
    assert text.body.endswith("\n")
    assert "None" not in text.body


@pytest.mark.parametrize("write", ALL.values(), ids=ALL)
def test_every_mail_can_be_sent(write: Callable[[Asked], Text]) -> None:
    hostile = replace(
        ASKED,
        document_title="บันทึก\r\nBcc: all@example.org\0",
        signatory_name="กมล\n\x1b[31m",
        organisation_name="มูลนิธิ\u2028ตะวัน",
        network_name="เครือข่าย\t\nตัวอย่าง",
        capacity_in_thai="ผู้แทน\r",
    )
    text = write(hostile)
    box = Mailbox("ก", "kamon@example.net")
    assert OutgoingMessage("op@example.org", box, box, text.subject, text.body, SIGNED_AT).text == text.body
    assert "\nBcc" not in text.body


@pytest.mark.parametrize("write", WITH_LINK.values(), ids=WITH_LINK)
def test_a_mail_with_the_link_says_what_it_is_for_and_how_to_tell_that_it_is_genuine(write: Callable[[Asked], Text]) -> None:
    thai, english = halves(write(ASKED))
    for half in (thai, english):
        assert f"\n{LINK}\n" in half
        assert "@example.org" in half
        assert "https://sign.example.org/" in half.replace(LINK, "")
    for sentence in (
        "ลิงก์เพียงอย่างเดียวไม่ทำให้เกิดการลงนาม",
        "เป็นของท่านเพียงผู้เดียว",
        "ประมาณ ๑๐ นาที",
        "โทรศัพท์เครื่องเดียวก็เพียงพอ",
        "ตามหมายเลขที่ท่านทราบอยู่แล้ว",
        "ขอให้ลงนามภายใน: วันที่ ๑๕ ธันวาคม ๒๕๖๙ เวลา ๑๖.๓๐ น.",
        "ผู้แทนที่ได้รับมอบอำนาจ",
        "ลนส. ๐๐๑/๒๕๖๙",
    ):
        assert sentence in thai
    for sentence in (
        "The link alone signs nothing",
        "for you alone",
        "about 10 minutes, and a phone is enough",
        "on a number that you already know",
        "Please sign by: 15 December 2026, 16:30 (Bangkok time)",
        "authorised representative",
    ):
        assert sentence in english


@pytest.mark.parametrize("write", WITHOUT_LINK.values(), ids=WITHOUT_LINK)
def test_no_other_mail_holds_the_link_or_its_page(write: Callable[[Asked], Text]) -> None:
    text = write(ASKED)
    assert LINK not in text.subject + text.body
    assert "sign.example.org" not in text.subject + text.body


def test_the_code_stands_alone_on_its_line_in_both_languages_and_not_in_the_subject() -> None:
    text = texts.one_time_code(ASKED, "492817", lifetime=timedelta(minutes=10))
    assert text.body.splitlines().count("    492817") == 2
    assert "492817" not in text.subject
    assert "http" not in text.body
    assert "ใช้ได้ ๑๐ นาที และใช้ได้ครั้งเดียว" in text.body
    assert "It counts for 10 minutes and once only" in text.body
    assert "ไม่มีผู้ใดจากกองเลขานุการจะขอรหัสนี้จากท่าน" in text.body
    assert "Nobody from the secretariat will ask you for this code" in text.body


def test_a_code_for_a_minute_is_said_in_the_singular() -> None:
    assert "counts for 1 minute and" in texts.one_time_code(ASKED, "1", lifetime=timedelta(seconds=60)).body


def test_moments_are_told_in_bangkok_time_and_in_the_era_of_the_language() -> None:
    thai, english = halves(texts.thanks(ASKED, signed_at=SIGNED_AT))
    assert "เมื่อวันที่ ๑ มกราคม ๒๕๗๐ เวลา ๐๐.๐๕ น." in thai
    assert "on 1 January 2027, 00:05 (Bangkok time)" in english


def test_thanks_name_the_page_for_verifying_where_there_is_one() -> None:
    address = "https://charters.example.net/verify"
    assert texts.thanks(ASKED, signed_at=SIGNED_AT, verify_address=address).body.count(address) == 2
    assert "http" not in texts.thanks(ASKED, signed_at=SIGNED_AT).body


def test_what_is_not_known_is_left_out() -> None:
    body = texts.invitation(replace(ASKED, document_number=None, deadline=None, sender_domain=None)).body
    for word in ("เลขที่:", "Number:", "ภายใน:", "sign by", "@", "None"):
        assert word not in body
    assert "ที่ท่านรู้จักว่าเป็นของกองเลขานุการ" in body


def test_a_decline_goes_to_the_secretariat_with_the_reason_as_it_was_written() -> None:
    text = texts.declined(ASKED, declined_at=SIGNED_AT, reason="ยังไม่มีมติ\n\nโปรดดู https://example.com\x1b[31m")
    thai, english = halves(text)
    for half in (thai, english):
        assert "> ยังไม่มีมติ\n>\n> โปรดดู https://example.com [31m\n" in half
    assert thai.startswith("เรียน กองเลขานุการ\n")
    assert "Dear secretariat," in english


def test_a_decline_without_a_reason_says_so() -> None:
    body = texts.declined(ASKED, declined_at=SIGNED_AT).body
    assert "ผู้ลงนามไม่ได้ให้เหตุผล" in body
    assert "No reason was given." in body


def test_a_withdrawal_without_a_reason_does_not_speak_of_one() -> None:
    assert "เหตุผล" not in texts.withdrawn(ASKED).body
    assert "> แก้ไขเอกสาร" in texts.withdrawn(ASKED, reason="แก้ไขเอกสาร").body


def test_a_delegation_names_who_gave_it_and_what_to_do_if_it_is_not_known() -> None:
    thai, english = halves(texts.delegated(ASKED, delegated_by="นายก้อง\nตัวอย่าง"))
    assert "นายก้อง ตัวอย่าง ได้มอบหมายให้ท่านลงนามแทน" in thai
    assert "หนังสือมอบอำนาจ" in thai
    assert "If you do not know of it, please do not sign" in english


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        texts.thanks(ASKED, signed_at=SIGNED_AT.replace(tzinfo=None))


def test_what_a_log_may_print_holds_no_link() -> None:
    assert "3xAmpLe" not in repr(ASKED)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("กขค", 3, "กขค"),
        ("กขคง", 3, "กข…"),
        ("น้ำใจดี", 3, "…"),
        ("น้ำใจดี", 4, "น้ำ…"),
        ("น้ำใจดี", 5, "น้ำ…"),
        ("กี่ กา", 5, "กี่…"),
        ("a\nb", 3, "a b"),
    ],
)
def test_a_text_is_cut_at_a_whole_letter(text: str, limit: int, short: str) -> None:
    assert shortened(text, limit) == short
    assert len(shortened(text, limit)) <= limit


def test_a_long_reason_is_cut() -> None:
    cut = quoted("ก" * 5_000)
    assert len(cut) < 2_100
    assert cut.endswith("…")


@pytest.mark.parametrize("text", ["ก\0ข", "ก\r\nข", "ก \u2028 ข"])
def test_a_line_stays_one(text: str) -> None:
    assert one_line(text) == "ก ข"


def test_every_member_of_what_is_asked_reaches_the_invitation() -> None:
    members: dict[str, Any] = {"document_title": "ชื่อหนึ่ง", "organisation_name": "องค์กรสอง", "network_name": "เครือข่ายสาม"}
    text = texts.invitation(replace(ASKED, **members))
    assert "ชื่อหนึ่ง" in text.subject
    assert all(member in text.body for member in members.values())
