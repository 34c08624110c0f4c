"""What differs between two drafts: tracked or not, and which values of the list are touched."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mou.comparison.blocks import read_source
from mou.drafts.differing import DraftDifference, Tracking, changed_fields, differences_of, tracking_of
from mou.drafts.files import DraftFile, FieldValue
from mou.drafts.findings import document_differs
from mou.drafts.outputs import difference_as_record, difference_as_text
from mou.rendering.word.values import ChangeKind, Loss, LossKind, TrackedChange
from signatures.canonical import canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.messages import say

SENT = "<h2>ข้อ ๑ คู่ความร่วมมือ</h2><p>มูลนิธิตะวัน โดย นางแก้ว ดี ตำแหน่ง ประธาน</p><p>ทำงานปีละหนึ่งครั้ง</p><p>๕</p><p>รายงานผล</p>"
FIELDS: Mapping[str, tuple[FieldValue, ...]] = {
    "มูลนิธิตะวัน โดย นางแก้ว ดี ตำแหน่ง ประธาน": (
        FieldValue("organisation.name_th", "มูลนิธิตะวัน"),
        FieldValue("organisation.representative.full_name", "นางแก้ว ดี"),
    ),
    "๕": (FieldValue("members.count", "๕"),),
}
TRACKED = TrackedChange(ChangeKind.INSERTED, "ก\u202eข", None, "สอง", say("paragraph {number}", number=3))


def draft(html: str, *, before: str | None = None, document: Digest | None = None, losses: tuple[Loss, ...] = ()) -> DraftFile:
    page = read_source(html)
    unmarked = page if before is None else read_source(before)
    changes = () if before is None else (TRACKED,)
    return DraftFile("draft.docx", digest_of(html.encode()), page, unmarked, changes, (), losses, document, FIELDS)


def differing(returned: str, *, before: str | None = None) -> DraftDifference:
    return differences_of(draft(SENT), draft(returned, before=before))


def test_a_change_is_tracked_untracked_or_both() -> None:
    after = SENT.replace("หนึ่งครั้ง", "สองครั้ง").replace("รายงานผล", "รายงานผลเป็นหนังสือ").replace("<p>๕</p>", "<p>๕</p><p>เพิ่ม</p>")
    tracked = differing(after, before=SENT)
    assert set(tracking_of(tracked).values()) == {Tracking.TRACKED}
    untracked = differing(after)
    assert set(tracking_of(untracked).values()) == {Tracking.UNTRACKED}
    both = differing(after, before=SENT.replace("หนึ่งครั้ง", "สองครั้ง").replace("รายงานผล", "รายงานผลงาน"))
    assert list(tracking_of(both).values()) == [Tracking.UNTRACKED, Tracking.TRACKED, Tracking.PARTLY]
    text = difference_as_text(both, "en")
    assert "Not tracked: changes 1." in text
    assert "Tracked only in part: changes 3." in text
    assert "รายงานผล{+งาน+}" in text


FIELD_CASES = {
    "the name of a person": ("นางแก้ว", "นางกล้วย", ["organisation.representative.full_name"]),
    "words beside a value": (" โดย ", " ซึ่งมี ", []),
    "both values": (
        "มูลนิธิตะวัน โดย นางแก้ว ดี",
        "สมาคมจันทร์ โดย นายขำ",
        ["organisation.name_th", "organisation.representative.full_name"],
    ),
    "a short value": ("<p>๕</p>", "<p>๖</p>", ["members.count"]),
    "a paragraph that is nothing but a value": ("<p>๕</p>", "", ["members.count"]),
    "a paragraph with other words": ("<p>มูลนิธิตะวัน โดย นางแก้ว ดี ตำแหน่ง ประธาน</p>", "", []),
}


@pytest.mark.parametrize(("old", "new", "fields"), FIELD_CASES.values(), ids=FIELD_CASES.keys())
def test_values_of_the_list_are_named_where_they_were_changed(old: str, new: str, fields: list[str]) -> None:
    difference = differing(SENT.replace(old, new))
    found = [one.expression for change in difference.changes for one in changed_fields(difference, change)]
    assert found == fields


def test_words_typed_at_the_edge_of_a_value_inside_its_bookmark_change_the_value() -> None:
    typed = SENT.replace("ประธาน", "ประธานมูลนิธิ").replace("นางแก้ว ดี", "นางแก้ว ดี มาก")
    paragraph = "มูลนิธิตะวัน โดย นางแก้ว ดี มาก ตำแหน่ง ประธานมูลนิธิ"
    held = (FieldValue("organisation.name_th", "มูลนิธิตะวัน"), FieldValue("organisation.representative.full_name", "นางแก้ว ดี มาก"))
    for fields, expected in (({}, []), ({paragraph: held}, ["organisation.representative.full_name"])):
        difference = differences_of(draft(SENT), replace(draft(typed), fields=fields))
        found = [one.expression for change in difference.changes for one in changed_fields(difference, change)]
        assert found == expected


ORIGINS = {
    "organisation.name_th": "the list of organisations",
    "members[2].kind": "the list of organisations",
    "host.representative.full_name": "ceremony.toml",
    "ceremony.date | thai_date": "ceremony.toml",
    "document.number": "ceremony.toml",
    "charter.version | number": "the charter that this text names",
    "document.title": "the template",
}


@pytest.mark.parametrize(("expression", "origin"), ORIGINS.items())
def test_a_value_says_where_it_is_to_be_changed(expression: str, origin: str) -> None:
    assert str(FieldValue(expression, "ก").origin) == origin


def test_a_draft_of_another_document_is_told_apart() -> None:
    one, other = digest_of(b"one"), digest_of(b"other")
    for returned, expected in ((one, False), (other, True), (None, True)):
        difference = differences_of(draft(SENT, document=one), draft(SENT, document=returned))
        assert document_differs(difference) is expected
    assert not document_differs(differences_of(draft(SENT), draft(SENT, document=other)))


def test_a_record_has_one_canonical_form_and_hostile_text_is_written_out() -> None:
    difference = differing(SENT.replace("รายงานผล", "รายงาน\u202eผล<script>"), before=SENT)
    assert canonical_bytes(difference_as_record(difference))
    text = difference_as_text(difference, "en")
    assert "\u202e" not in text
    assert "ก[U+202E]ข, at an unknown time: inserted: “สอง” (paragraph 3)" in text


def test_what_stands_only_in_the_file_that_came_back_is_listed() -> None:
    known = Loss(LossKind.HEADER_OR_FOOTER, say("header"), "ร่าง")
    box = Loss(LossKind.TEXT_BOX, say("paragraph {number}", number=2), "ข้อความ\tลอย")
    difference = differences_of(draft(SENT, losses=(known,)), draft(SENT, losses=(known, box)))
    text = difference_as_text(difference, "en")
    assert "a text box (paragraph 2): ข้อความ ลอย" in text
    assert "header" not in text
