"""Chosen changes put into the page: whatever is chosen, the page then says exactly that, and everything else stays."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mou.comparison.articles import articles_of, articles_of_blocks
from mou.comparison.blocks import read_source
from mou.comparison.comparing import Outcome, compare
from mou.drafts.editing import edited_html, expected_articles, obstacle
from mou.drafts.edits import BlockEdit, Move, Remove, Replace, edit_as_record, edit_from_record
from mou.drafts.numbering import NumberedChange, numbered
from mou.drafts.planning import Plan, carried_over, plan
from mou.errors import ConflictError

FOLDER = Path(__file__).resolve().parents[3] / "data" / "comparisons"
CHARTER = (FOLDER / "charter.html").read_text("utf-8")


def changes_between(old: str, new: str) -> tuple[NumberedChange, ...]:
    return numbered(compare(articles_of(old), articles_of(new)))


def planned(old: str, new: str, chosen: Sequence[int] | None = None) -> Plan:
    comparison = compare(articles_of(old), articles_of(new))
    changes = [one for one in numbered(comparison) if chosen is None or one.number in chosen]
    today, returned = read_source(old), read_source(new)
    return plan(comparison, changes, returned, today, carried_over(today.blocks, today.blocks))


def accepted(old: str, new: str, chosen: Sequence[int] | None = None, names: Sequence[str] = ()) -> str:
    """The old page with the chosen changes of the new one, all where none are named."""
    found = planned(old, new, chosen)
    assert found.obstacles == ()
    return edited_html(old, [edit for _, edit in found.edits], names)


def page(body: str) -> str:
    return f'<!doctype html>\n<html lang="th"><head><title>ก</title></head>\n<body>\n{body}\n</body></html>\n'


MEMORANDUM = page("""<h1>บันทึก<br>ทดสอบ</h1>
<p class="registry">เลขที่ทะเบียน <span class="registry-box" id="registry-number"></span>
ลงวันที่ <span class="registry-box date" id="registry-date"></span></p>
<p class="between">ระหว่าง<strong>เครือข่าย</strong>กับ<strong>มูลนิธิ</strong></p>
<h2><span class="article-number"><span class="nb">ข้อ ๑</span></span>วัตถุประสงค์</h2>
<p class="item"><span class="number">๑.๑</span>ส่งเสริม<em>สิทธิเด็ก</em>ทุกคน</p>
<p class="item"><span class="number">๑.๒</span>ทำงานร่วมกัน</p>
<h2><span class="article-number"><span class="nb">ข้อ ๒</span></span>ระยะเวลา</h2>
<p>มีผล <span class="nb">๑ ปี</span> นับแต่วันลงนาม</p>
<section class="ending">
<h2><span class="article-number"><span class="nb">ข้อ ๓</span></span>ผลผูกพัน</h2>
<p>ไม่เป็นสัญญา</p>
<p class="closing">ทำขึ้นสองฉบับ</p>
<div class="signature-block">
<div class="signature"><p class="side">ฝ่ายหนึ่ง</p><div class="signature-box" id="slot-S1"></div><p>(นางแก้ว ตัวอย่าง)</p></div>
<div class="signature"><div class="signature-box" id="slot-S2"></div><p>(นายคำ ตัวอย่าง)</p></div>
</div>
</section>
<section class="annex">
<h2>ภาคผนวก ๑</h2>
<p class="annex-title">แผน</p>
<table>
<thead><tr><th class="number-column">ลำดับ</th><th>แผน</th></tr></thead>
<tbody>
<tr><td class="number-column">๑</td><td>อบรม</td></tr>
<tr><td class="number-column">๒</td><td>ติดตามผล</td></tr>
</tbody>
</table>
</section>""")


def with_changed(old: str, new: str, text: str = MEMORANDUM) -> str:
    assert old in text
    return text.replace(old, new)


CASES = {
    "words of a paragraph": ("<p>ไม่เป็นสัญญา</p>", "<p>ไม่เป็นสัญญาจ้าง &amp; อื่น &lt;x&gt;</p>"),
    "words beside bold ones": ("ระหว่าง<strong>เครือข่าย</strong>กับ", "ระหว่าง<strong>เครือข่าย</strong>และ"),
    "words across bold ones": ("เครือข่าย</strong>กับ<strong>มูล", "สมาคม</strong>และ<strong>สถาบันมูล"),
    "a heading": ("ระยะเวลา</h2>", "ระยะเวลาและผล</h2>"),
    "a number of an article": ("ข้อ ๒</span>", "ข้อ ๔</span>"),
    "a number of an item": ("๑.๒</span>", "๑.๓</span>"),
    "a title of two lines": ("บันทึก<br>ทดสอบ", "บันทึก<br>ทดลอง"),
    "an item more": ("ทำงานร่วมกัน</p>", 'ทำงานร่วมกัน</p><p class="item"><span class="number">๑.๓</span>รายงานผล</p>'),
    "an item less": ('<p class="item"><span class="number">๑.๒</span>ทำงานร่วมกัน</p>', ""),
    "an article more": (
        '<section class="ending">',
        '<h2>ข้อ ๙ งบประมาณ</h2><p>ต่างฝ่ายต่างออก</p><p>ไม่มีภาระ</p><section class="ending">',
    ),
    "an article less": (re.search("<h2>.{60,70}ระยะเวลา.*?</p>", MEMORANDUM, re.DOTALL).group(), ""),  # type: ignore[union-attr]
    "a first paragraph": ("<body>\n", "<body>\n<p>ร่าง</p>"),
    "a row more": ("อบรม</td></tr>", "อบรม</td></tr><tr><td>๑ก</td><td>ประชุม <b>ใหญ่</b></td></tr>"),
    "a first row": ("<tbody>", "<tbody><tr><td>๐</td><td>เตรียม</td></tr>"),
    "a row less": ('<tr><td class="number-column">๒</td><td>ติดตามผล</td></tr>', ""),
    "a cell": ("อบรม</td>", "อบรมแกนนำ</td>"),
    "a paragraph behind the table": ("</table>", "</table><p>หมายเหตุ</p>"),
    "an annex more": ("</section>\n</body>", '</section><section class="annex"><h2>ภาคผนวก ๒</h2><p>งบ</p></section></body>'),
    "an annex less": (re.search('<section class="annex">.*</section>', MEMORANDUM, re.DOTALL).group(), ""),  # type: ignore[union-attr]
    "a table more": ("ไม่เป็นสัญญา</p>", "ไม่เป็นสัญญา</p><table><tr><td>ก</td><td>ข</td></tr><tr><td>ค</td><td>ง</td></tr></table>"),
    "the word beside a register's box": ("เลขที่ทะเบียน ", "เลขทะเบียน "),
}


@pytest.mark.parametrize(("old", "new"), CASES.values(), ids=CASES.keys())
def test_one_change_accepted_makes_the_page_say_what_came_back(old: str, new: str) -> None:
    returned = with_changed(old, new)
    result = accepted(MEMORANDUM, returned)
    assert articles_of(result) == articles_of(returned) != articles_of(MEMORANDUM)
    for box in ('id="slot-S1"', 'id="slot-S2"', 'id="registry-number"', 'id="registry-date"'):
        assert result.count(box) == 1


def test_what_was_not_changed_is_the_same_to_the_letter() -> None:
    result = accepted(MEMORANDUM, with_changed("นับแต่วันลงนาม", "นับแต่วันถัดไป"))
    assert result == with_changed("นับแต่วันลงนาม", "นับแต่วันถัดไป")


def test_markup_stays_around_the_words_that_did_not_change() -> None:
    result = accepted(MEMORANDUM, with_changed("ส่งเสริม<em>สิทธิเด็ก</em>ทุกคน", "ส่งเสริมสิทธิเด็กและเยาวชนทุกคน"))
    assert '<span class="number">๑.๑</span>ส่งเสริม<em>สิทธิเด็ก</em>และเยาวชนทุกคน</p>' in result


def test_names_in_changed_words_are_protected_again() -> None:
    result = accepted(MEMORANDUM, with_changed("ไม่เป็นสัญญา", "เทศบาลแม่กาไม่เป็นคู่สัญญา"), names=("เทศบาลแม่กา",))
    assert '<span class="nb">เทศบาลแม่กา</span>' in result


def test_a_new_item_has_the_markup_of_its_neighbours() -> None:
    result = accepted(MEMORANDUM, with_changed(*CASES["an item more"]))
    assert '<p class="item"><span class="number">๑.๓</span>รายงานผล</p>' in result
    row = accepted(MEMORANDUM, with_changed(*CASES["a row more"]))
    assert '<tr><td class="number-column">๑ก</td><td>ประชุม ใหญ่</td></tr>' in row


def test_an_emptied_section_goes_with_its_last_block() -> None:
    assert 'class="annex"' not in accepted(MEMORANDUM, with_changed(*CASES["an annex less"]))


def test_a_new_annex_is_a_section_of_its_own() -> None:
    assert accepted(MEMORANDUM, with_changed(*CASES["an annex more"])).count('<section class="annex">') == 2


REFUSED = {
    "a name in a signature block": ("(นางแก้ว ตัวอย่าง)", "(นางแก้ว สมมติ)", "signature block"),
    "a signature block less": (
        '<div class="signature"><div class="signature-box" id="slot-S2"></div><p>(นายคำ ตัวอย่าง)</p></div>',
        "",
        "signature block",
    ),
    "a paragraph between signatures": (
        '</div>\n<div class="signature"><div',
        '</div><p>พยาน</p><div class="signature"><div',
        "between",
    ),
    "a cell more": ("<td>อบรม</td>", "<td>อบรม</td><td>ด่วน</td>", "cells"),
    "the register's line less": (re.search('<p class="registry">.*?</p>', MEMORANDUM, re.DOTALL).group(), "", "box"),  # type: ignore[union-attr]
}


@pytest.mark.parametrize(("old", "new", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_carried_over_is_refused_with_its_reason(old: str, new: str, reason: str) -> None:
    found = planned(MEMORANDUM, with_changed(old, new))
    source = read_source(MEMORANDUM)
    reasons = [str(why) for _, edit in found.edits if (why := obstacle(source, edit, ()))] + [
        str(one) for _, one in found.obstacles
    ]
    assert any(reason in one for one in reasons), reasons


WORDS = st.sampled_from(("เด็ก", "เยาวชน", "และ", "สิทธิ", "น้ำ", "๑.๑ ", "๒", " ", "(ก) ", "Child", "&amp;", "ข้อ ๒", "“ก”"))
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: ("ก" + "".join(words)).strip())


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, str]:
    """The memorandum, and the same with lines left out, put in, edited, and taken elsewhere."""
    lines = MEMORANDUM.split("\n")
    fixed = re.compile("signature|section|</?body|<html|doctype|^</div>|table|tbody|thead|registry|<h1")
    new: list[str] = []
    for old in lines:
        line = old
        action = "keep" if fixed.search(line) or not line else draw(st.sampled_from(("keep",) * 6 + ("drop", "edit", "add")))
        if action == "edit":
            sentence = draw(SENTENCES)
            line = re.sub(r"(?<=>)[^<>]+(?=</(?:p|h2|td)>)", sentence, line, count=1)
        if action != "drop":
            new.append(line)
        if action == "add":
            if "<tr>" in line:
                new.append(f"<tr><td>{draw(SENTENCES)}</td><td>{draw(SENTENCES)}</td></tr>")
            else:
                tag = draw(st.sampled_from(("p", "p", "h2")))
                new.append(f"<{tag}>{draw(SENTENCES)}</{tag}>")
    return MEMORANDUM, "\n".join(new)


@st.composite
def reordered(draw: st.DrawFn) -> tuple[str, str]:
    """A charter of ten articles, and the same in another order with some articles edited, dropped or renumbered."""
    old = [
        f"<h2>ข้อ {number} {word}</h2>\n<p>{number}.๑ {word}{word} เด็ก</p>\n<p>{word} เยาวชน และ {word}</p>\n"
        for number, word in zip("๑๒๓๔๕๖๗๘", ("ชื่อ", "งบ", "แผน", "คน", "ผล", "งาน", "สิทธิ", "บท"), strict=True)
    ]
    order = draw(st.permutations(range(8)))
    new = [old[place] for place in order if draw(st.integers(0, 6))]
    new = [one if draw(st.booleans()) else one.replace("เยาวชน", draw(SENTENCES), 1) for one in new]
    return page("<h1>ธรรมนูญ</h1>\n" + "".join(old)), page("<h1>ธรรมนูญ</h1>\n" + "".join(new))


@settings(max_examples=150, deadline=None)
@given(st.one_of(pages(), reordered()), st.data())
def test_any_choice_of_changes_makes_the_page_say_exactly_that(pair: tuple[str, str], data: st.DataObject) -> None:
    old, new = pair
    changes = changes_between(old, new)
    chosen = [one.number for one in changes if data.draw(st.booleans())]
    found = planned(old, new, chosen)
    assert found.obstacles == ()
    edits = [edit for _, edit in found.edits]
    source = read_source(old)
    assert [str(why) for edit in edits if (why := obstacle(source, edit, ()))] == []
    assert articles_of(edited_html(old, edits, ())) == expected_articles(source, edits)
    every = [edit for _, edit in planned(old, new).edits]
    assert articles_of(edited_html(old, every, ())) == articles_of(new)


@given(st.one_of(pages(), reordered()))
@settings(max_examples=50, deadline=None)
def test_numbers_count_from_one_and_no_choice_changes_nothing(pair: tuple[str, str]) -> None:
    old, new = pair
    changes = changes_between(old, new)
    assert [one.number for one in changes] == list(range(1, len(changes) + 1))
    assert planned(old, new, []).edits == ()
    assert bool(changes) == (articles_of(old) != articles_of(new))


@given(st.one_of(pages(), reordered()))
@settings(max_examples=50, deadline=None)
def test_an_edit_is_read_back_from_its_record(pair: tuple[str, str]) -> None:
    edits: list[BlockEdit] = [edit for _, edit in planned(*pair).edits]
    assert [edit_from_record(edit_as_record(edit)) for edit in edits] == edits


def test_an_article_that_moved_has_one_number() -> None:
    articles = [
        f"<h2>ข้อ {number} {name}</h2><p>{name} ของเด็ก</p>" for number, name in zip("๑๒๓", ("ชื่อ", "งบ", "แผน"), strict=True)
    ]
    old, new = page("".join(articles)), page("".join([articles[2], articles[0], articles[1]]))
    changes = changes_between(old, new)
    assert [(one.number, one.outcome) for one in changes] == [(1, Outcome.MOVED)]
    assert articles_of(accepted(old, new)) == articles_of(new)


def test_the_articles_of_the_sample_are_its_blocks(  # the arithmetic of numbering rests on it
) -> None:
    blocks = read_source(CHARTER).blocks
    articles = articles_of_blocks([one.block for one in blocks])
    assert sum(bool(one.name) + len(one.paragraphs) for one in articles) == len(blocks)


def test_a_new_paragraph_in_another_language_says_so() -> None:
    result = accepted(MEMORANDUM, with_changed("ไม่เป็นสัญญา</p>", "ไม่เป็นสัญญา</p><p>This is no contract.</p><p>ไม่ใช่ MOU</p>"))
    assert '<p lang="en">This is no contract.</p>' in result
    assert "<p>ไม่ใช่ MOU</p>" in result


def test_a_row_does_not_move_without_its_table() -> None:
    annex = CASES["an annex less"][0]
    shorter = annex.replace('<tr><td class="number-column">๑</td><td>อบรม</td></tr>\n', "")
    moved = MEMORANDUM.replace(annex, "").replace('<section class="ending">', f'{shorter}<section class="ending">')
    assert Outcome.MOVED in {one.outcome for one in changes_between(MEMORANDUM, moved)}
    with pytest.raises(ConflictError, match="accept fewer"):
        accepted(MEMORANDUM, moved)


NO_EDITS: tuple[dict[str, object], ...] = (
    {"edit": "replace", "block": -1, "cells": ["ก"]},
    {"edit": "replace", "block": 0, "cells": []},
    {"edit": "replace", "block": 0, "cells": [""]},
    {"edit": "replace", "block": 0, "cells": "ก"},
    {"edit": "replace", "block": 0, "cells": [1]},
    {"edit": "move", "block": 0, "after": "1"},
    {"edit": "remove", "block": None},
    {"edit": "other"},
)


@pytest.mark.parametrize("record", NO_EDITS, ids=str)
def test_a_record_that_is_no_edit_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        edit_from_record(record)


@pytest.mark.parametrize("edit", [Remove(9999), Replace(9999, ("ก",)), Move(0, 9999), Move(9999, None)], ids=str)
def test_an_edit_of_a_block_that_is_not_there_is_refused(edit: BlockEdit) -> None:
    with pytest.raises(ConflictError, match="cannot be put into the text"):
        edited_html(MEMORANDUM, [edit], ())
