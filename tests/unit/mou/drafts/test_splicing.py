"""New words in one block of the page: the markup around what did not change stays, and the block says the new words."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.comparison.blocks import blocks_of
from mou.drafts.splicing import spliced

CASES = {
    "a plain text": ("ก ข ค", "ก ง ค", "ก ง ค"),
    "a number in its span stays": (
        '<span class="number">๑.๑</span>ทำงาน',
        "๑.๑ ทำงานร่วม",
        '<span class="number">๑.๑</span>ทำงานร่วม',
    ),
    "a number in its span changes": ('<span class="number">๑.๑</span>ทำงาน', "๑.๒ ทำงาน", '<span class="number">๑.๒</span>ทำงาน'),
    "a number that goes takes its span with it": ('<span class="number">๑.๑</span>ทำงาน', "ทำงาน", "ทำงาน"),
    "a line ended by hand stays": ("บันทึก<br>ทดสอบ", "บันทึกทดลอง", "บันทึก<br>ทดลอง"),
    "bold stays": ("ระหว่าง<strong>ก</strong>กับ", "ระหว่างกและ", "ระหว่าง<strong>ก</strong>และ"),
    "another language stays": ('ชื่อ <span lang="en">Name</span>', "นาม Name", 'นาม <span lang="en">Name</span>'),
    "a value's mark stays": ('ทำที่ <data value="ceremony.place">บ้าน</data> วันนี้', "ทำที่ บ้าน วันพรุ่งนี้", None),
    "what looks like markup is text": ("ก", "ก <b> & ข", "ก &lt;b&gt; &amp; ข"),
    "a box stays where words beside it change": (
        'เลขที่ <span class="registry-box" id="registry-number"></span> ลงวันที่',
        "เลขรับที่ ลงวันที่",
        'เลขรับที่ <span class="registry-box" id="registry-number"></span> ลงวันที่',
    ),
}


@pytest.mark.parametrize(("inner", "new", "expected"), CASES.values(), ids=CASES.keys())
def test_words_are_put_into_the_markup_that_is_there(inner: str, new: str, expected: str | None) -> None:
    old = blocks_of(inner)[0].text
    written = spliced(inner, old, new, ())
    assert written is not None
    assert [block.text for block in blocks_of(written)] == [new]
    assert expected is None or written == expected
    assert ("<data" in inner) == ("<data" in written)


def test_what_protects_words_is_made_anew() -> None:
    written = spliced(
        'ณ <span class="nb">บ้านเด็ก</span> <span class="nb">ข้อ ๑</span>', "ณ บ้านเด็ก ข้อ ๑", "ณ วัดเด็กดี ข้อ ๒", ("วัดเด็กดี",)
    )
    assert written == 'ณ <span class="nb">วัดเด็กดี</span> <span class="nb">ข้อ ๒</span>'


def test_words_that_would_need_a_box_to_go_are_refused() -> None:
    inner = '<span class="registry-box" id="registry-number"></span>'
    assert spliced(f"เลข<b>ที่{inner}</b>", "เลขที่", "", ()) is None


TEXTS = st.lists(st.sampled_from(("ก", "ข", "ค", " ", "น้ำ", "๑", "&", "<", "Child")), min_size=1, max_size=8).map("".join)
TAGS = st.sampled_from(
    ("<b>{}</b>", "<i>{}</i>", '<span class="nb">{}</span>', "{}<br>", "{}", '<span lang="en">{}</span>', "{}<wbr>")
)
MARKUP = st.lists(st.tuples(TAGS, TEXTS), min_size=1, max_size=5).map(
    lambda parts: "".join(tag.format(html.escape(text)) for tag, text in parts)
)


@given(MARKUP, TEXTS)
def test_whatever_the_markup_the_block_says_the_new_words(inner: str, typed: str) -> None:
    old = [block.text for block in blocks_of(inner)]
    new = [block.text for block in blocks_of(html.escape(typed))]
    if old and new:
        written = spliced(inner, old[0], new[0], ())
        assert written is not None
        assert [block.text for block in blocks_of(written)] == new
