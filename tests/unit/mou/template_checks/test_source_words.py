import pytest

from mou.template_checks.findings import NOT_OWN, Place
from mou.template_checks.source_words import lines_of, manifest_lines, own_words, place_of


@pytest.mark.parametrize(
    ("source", "own"),
    [
        pytest.param("<p>คำ</p>", "คำ", id="between tags"),
        pytest.param('<p class="คำ">', "", id="in a tag"),
        pytest.param("{# คำ #}<!-- คำ -->", "", id="comments"),
        pytest.param("<style>p { content: 'คำ' }</style>", "", id="style"),
        pytest.param('{{ article(1, "ชื่อ") }}', "ชื่อ", id="a literal that is printed"),
        pytest.param('{{ slot_of("party") }}', "", id="a literal that names something"),
        pytest.param('{% if "คำ" in ceremony.channels %}', "", id="a literal that is compared"),
        pytest.param('{% set x = "คำ" %}', "คำ", id="a literal that is kept"),
        pytest.param("a < b และ c > d", "a < b และ c > d", id="no tag"),
    ],
)
def test_own_words_are_what_stands_between_tags_and_what_code_prints(source: str, own: str) -> None:
    words = own_words(source)
    assert len(words) == len(source)
    assert words.replace(NOT_OWN, "") == own


def test_lines_are_counted_and_references_are_characters() -> None:
    lines = list(lines_of("template.html", "<p>\n\nวันที่&nbsp;๑ A&amp;B\n</p>"))
    assert [(line.number, line.text) for line in lines] == [(3, "วันที่\u00a0๑ A&B")]


def test_a_manifest_has_words_outside_of_its_comments() -> None:
    assert [line.number for line in manifest_lines("template.toml", '# คำ\nname = "x"\n\n')] == [2]


LINES = tuple(lines_of("template.html", '<p>ตามข้อ ๑ และ</p>\n<p>{{ x("ภายใน ๓๐ วัน ตามข้อ ๑") }}</p>\n<p>ตามข้อ ๑ โดย</p>'))


@pytest.mark.parametrize(
    ("text", "wanted", "line"),
    [
        ("ตามข้อ ๑ และ", "ข้อ ๑", 1),
        ("ภายใน ๓๐ วัน ตามข้อ ๑", "ข้อ ๑", 2),
        ("ตามข้อ ๑ โดยมูลนิธิ", "ข้อ ๑", 3),
        ("ไม่มีในแม่แบบ", "แม่แบบ", 0),
    ],
)
def test_a_piece_of_finished_text_is_found_by_the_words_around_it(text: str, wanted: str, line: int) -> None:
    start = text.index(wanted)
    assert place_of(LINES, text, start, start + len(wanted), article="ข้อ ๗") == Place(
        "template.html" if line else "", line, "ข้อ ๗"
    )


COMPUTED = tuple(
    lines_of(
        "template.html",
        '<p>ตามข้อ ๓</p>\n{{ article(3, "ขอบเขต") }}\n<p>ให้ {{ a }} ชำระ {{ b | baht }} แก่ {{ c }}</p>\n'
        "<p><b>๑.</b> งาน</p>\n<p>๑. เงิน</p>",
    )
)


@pytest.mark.parametrize(
    ("text", "wanted", "line"),
    [
        pytest.param("ข้อ ๓ ขอบเขต", "ข้อ ๓ ขอบเขต", 2, id="a number that a filter writes"),
        pytest.param("ให้กรมชำระ ๕ บาท แก่มูลนิธิ", "บาท", 3, id="a word that a filter writes"),
        pytest.param("๑. งาน", "๑.", 4, id="a number in an element of its own"),
        pytest.param("๑. เงิน", "๑.", 5, id="the same in the text"),
    ],
)
def test_what_stands_in_no_line_is_found_by_its_paragraph(text: str, wanted: str, line: int) -> None:
    start = text.index(wanted)
    assert place_of(COMPUTED, text, start, start + len(wanted)).line == line
