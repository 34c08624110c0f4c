"""Whatever an office types, in whatever order: each word is on the page, and in the template or its report."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from mou.comparison.articles import articles_of
from mou.comparison.blocks import plain_text
from mou.rendering.word.values import Alignment, WordBlock, WordFile, WordParagraph
from mou.word_import.lines import paragraphs_in
from mou.word_import.markup import html_of
from mou.word_import.template_of import TemplateWishes, template_of
from tests.unit.mou.word_import.typed import bold, cell, file, paragraph, table

BEGINNINGS = (
    *("", "", "ข้อ ๑ ", "ข้อ ๒ ", "ข้อ 3. ", "หมวด ๑ ", "ภาคผนวก ๑ ", "๑. ", "๑.๑ ", "(ก) ", "- ", "ระหว่าง ", "กับ ", "เลขที่ "),
    *("ลงชื่อ......", "(", "พยาน ", "ฝ่ายที่หนึ่ง ", "ตำแหน่ง ", "บันทึกนี้ทำขึ้นสองฉบับ มีข้อความตรงกัน "),
)
WORDS = st.integers(100, 999).map(lambda number: f"คำ{number}")
NO_WORDS = re.compile(r"[\s().·]")


@st.composite
def paragraphs(draw: st.DrawFn) -> WordParagraph:
    text = draw(st.sampled_from(BEGINNINGS)) + draw(WORDS) + draw(st.sampled_from(["", "", ")", "\n", "\t"])) + draw(WORDS)
    run = bold(text, draw(st.sampled_from([16.0, 20.0]))) if draw(st.booleans()) else text
    return paragraph(
        run,
        at=draw(st.sampled_from(Alignment)),
        number=draw(st.sampled_from(["", "", "", "ข้อ ๑", "๑.๑", "(ข)"])),
        level=draw(st.sampled_from([0, 0, 0, 1, 2])),
        begins_page=draw(st.booleans()),
    )


@st.composite
def labels(draw: st.DrawFn) -> WordParagraph:
    """A line that names who signs below, or that a place follows."""
    text = draw(st.sampled_from(("ฝ่ายที่หนึ่ง", f"พยาน{draw(WORDS)}", f"ในนาม{draw(WORDS)}", "ลงชื่อ..............")))
    return paragraph(bold(text, 20.0) if draw(st.booleans()) else text, at=draw(st.sampled_from(Alignment)))


BLOCKS: "st.SearchStrategy[WordBlock]" = st.one_of(
    paragraphs(),
    paragraphs(),
    paragraphs(),
    labels(),
    st.lists(st.lists(st.lists(paragraphs(), max_size=2), min_size=1, max_size=2), min_size=1, max_size=2).map(
        lambda rows: table(*([cell(*blocks) for blocks in row] for row in rows))
    ),
)
OFFICE_FILES = st.lists(BLOCKS, min_size=1, max_size=14).map(lambda blocks: file(*blocks))


def typed_words(words: WordFile) -> list[str]:
    return [found for one in paragraphs_in(words.blocks) for found in re.findall(r"คำ\d{3}", one.text)]


@given(OFFICE_FILES)
def test_each_word_stands_on_the_page(words: WordFile) -> None:
    pieces = articles_of(html_of(words))
    shown = " ".join(text for one in pieces for text in (one.number, one.heading, *one.paragraphs))
    assert sorted(re.findall(r"คำ\d{3}", shown)) == sorted(typed_words(words))
    assert not any(plain_text(text) != text for one in pieces for text in one.paragraphs)


@given(OFFICE_FILES)
def test_each_word_is_in_the_template_or_in_the_report(words: WordFile) -> None:
    if not typed_words(words):
        return
    made = template_of(words, b"bytes", TemplateWishes("office"))
    kept = unescape("".join(one.decode() for one in made.files.values()))
    assert [word for word in typed_words(words) if word not in kept] == []
