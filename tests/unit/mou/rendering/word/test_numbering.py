"""What Word counts by itself: each rule of the count, each format, and the same numbers as LibreOffice shows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mou.rendering.word.reading.number_formats import formatted
from mou.rendering.word.reading.numbering import Counting, Level, NumberedList
from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import LossKind, WordFile, WordParagraph
from tests.data.word.office_markup import add, add_style, layout, level, new_document, packed, paragraph, set_numbering
from tests.office import converted

FORMATS = {
    "decimal": ("decimal", {1: "1", 12: "12"}),
    "decimal with a zero": ("decimalZero", {1: "01", 9: "09", 10: "10", 123: "123"}),
    "Thai digits": ("thaiNumbers", {1: "๑", 29: "๒๙"}),
    "Thai letters": ("thaiLetters", {1: "ก", 2: "ข", 3: "ค", 4: "ง", 41: "ฮ", 42: "กก", 83: "กกก"}),
    "Thai words": ("thaiCounting", {1: "หนึ่ง", 11: "สิบเอ็ด", 21: "ยี่สิบเอ็ด"}),
    "small letters": ("lowerLetter", {1: "a", 26: "z", 27: "aa", 28: "bb", 53: "aaa"}),
    "large letters": ("upperLetter", {2: "B", 52: "ZZ"}),
    "small Roman": ("lowerRoman", {1: "i", 4: "iv", 9: "ix", 14: "xiv", 40: "xl", 1999: "mcmxcix"}),
    "large Roman": ("upperRoman", {3: "III", 90: "XC"}),
    "dashes": ("numberInDash", {1: "- 1 -"}),
    "none": ("none", {1: ""}),
    "one that is not known": ("chicago", {7: "7"}),
    "below one": ("lowerRoman", {0: "0", -3: "-3"}),
    "too large to be written out": ("lowerLetter", {10**9: "1000000000"}),
}


@pytest.mark.parametrize(("kind", "written"), FORMATS.values(), ids=FORMATS)
def test_each_format_is_written_as_word_writes_it(kind: str, written: Mapping[int, str]) -> None:
    assert {count: formatted(count, kind) for count in written} == written


def test_zeros_of_a_format_of_its_own_are_kept() -> None:
    assert formatted(7, "custom", "001, 002, 003, ...") == "007"


def _counted(levels: Sequence[Level], order: Sequence[int], begins_anew: Mapping[int, int] | None = None) -> list[str]:
    counting = Counting({"1": NumberedList("1", dict(enumerate(levels)), begins_anew or {})})
    return [counting.next_number("1", one) for one in order]


ARTICLE = Level(text="ข้อ %1", kind="thaiNumbers")
ITEM = Level(text="%1.%2", kind="thaiNumbers")
POINT = Level(text="(%3)", kind="thaiLetters")
COUNTED = {
    "an article with items and points": (
        (ARTICLE, ITEM, POINT),
        (0, 1, 2, 2, 1, 2, 0, 1, 2),
        ["ข้อ ๑", "๑.๑", "(ก)", "(ข)", "๑.๒", "(ก)", "ข้อ ๒", "๒.๑", "(ก)"],
    ),
    "a level that never begins anew": (
        (ARTICLE, Level(text="%2)", restarts_after=0)),
        (0, 1, 1, 0, 1),
        ["ข้อ ๑", "1)", "2)", "ข้อ ๒", "3)"],
    ),
    "a level that begins anew after the first level only": (
        (Level(text="%1"), Level(text="%1.%2"), Level(text="%3)", restarts_after=1)),
        (0, 1, 2, 1, 2, 0, 1, 2),
        ["1", "1.1", "1)", "1.2", "2)", "2", "2.1", "1)"],
    ),
    "Arabic numerals in all places": (
        (ARTICLE, Level(text="%1.%2", kind="thaiLetters", is_legal=True)),
        (0, 1, 1),
        ["ข้อ ๑", "1.1", "1.2"],
    ),
    "an item before any article": ((Level(text="%1."), Level(text="%1.%2")), (1, 1, 0, 1), ["1.1", "1.2", "2.", "2.1"]),
    "a start of its own": ((Level(text="%1.", start=5), Level(text="%1.%2", start=0)), (0, 1, 0), ["5.", "5.0", "6."]),
    "bullets": ((Level(text="•", kind="bullet"),), (0, 0), ["•", "•"]),
    "a bullet above": ((Level(text="•", kind="bullet"), Level(text="%1%2.")), (0, 1), ["•", "1."]),
    "nothing shown, and counted": ((Level(text="", kind="none"), Level(text="%2.")), (0, 1, 1), ["", "1.", "2."]),
    "a level deeper than the text names": ((ARTICLE, Level(text="%1-%9")), (0, 1), ["ข้อ ๑", "๑-"]),
}


@pytest.mark.parametrize(("levels", "order", "shown"), COUNTED.values(), ids=COUNTED)
def test_levels_are_counted_as_word_counts_them(levels: Sequence[Level], order: Sequence[int], shown: list[str]) -> None:
    assert _counted(levels, order) == shown


def test_lists_of_one_definition_count_on_and_one_that_begins_anew_does_so_once() -> None:
    levels = {0: Level(text="%1."), 1: Level(text="%1.%2")}
    first, same = NumberedList("a", levels, {}), NumberedList("a", levels, {})
    anew = NumberedList("a", {**levels, 0: Level(text="%1.", start=3)}, {0: 3})
    other = NumberedList("b", levels, {})
    counting = Counting({"1": first, "2": same, "3": anew, "4": other})
    order = (("1", 0), ("2", 0), ("1", 1), ("3", 0), ("3", 0), ("3", 1), ("4", 0), ("1", 0))

    assert [counting.next_number(*one) for one in order] == ["1.", "2.", "2.1", "3.", "4.", "4.1", "1.", "5."]


def test_a_list_or_level_that_the_file_does_not_have_shows_no_number() -> None:
    assert Counting({}).next_number("1", 0) == ""
    assert _counted((ARTICLE,), (4,)) == [""]


LIST = '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'


def _numbered_file(levels: str, *paragraphs: str, lists: str = LIST, style: str = "") -> bytes:
    document = new_document()
    set_numbering(
        document, f'<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>{lists}'
    )
    if style:
        add_style(document, style)
    add(document, *paragraphs)
    return packed(document)


def _item(words: str, depth: int, of: int = 1) -> str:
    return paragraph(words, layout=layout(numbered=(of, depth)))


def _numbers(file: WordFile) -> list[str]:
    return [one.number for one in file.blocks if isinstance(one, WordParagraph)]


def test_a_style_brings_its_list_and_a_paragraph_can_leave_it() -> None:
    linked = level(0, "ข้อ %1", "decimal", left=700) + level(1, "%1.%2", "decimal", left=1400, more='<w:pStyle w:val="Item"/>')
    style = (
        '<w:style w:type="paragraph" w:styleId="Item"><w:name w:val="Item"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '<w:ind w:left="300" w:firstLine="0"/></w:pPr></w:style>'
    )
    out = paragraph("ไม่นับ", layout=layout(style="Item", numbered=(0, 0)))
    styled = layout(style="Item")
    content = _numbered_file(
        linked, _item("ก", 0), paragraph("ข", layout=styled), out, paragraph("ค", layout=styled), style=style
    )

    file = read_word("a.docx", content)

    assert _numbers(file) == ["ข้อ 1", "1.1", "", "1.2"]
    assert [one.left_pt for one in file.blocks if isinstance(one, WordParagraph)] == [35, 15, 15, 15]


def test_a_list_that_only_names_a_style_has_the_levels_of_that_style() -> None:
    document = new_document()
    set_numbering(
        document,
        f'<w:abstractNum w:abstractNumId="1">{level(0, "ข้อ %1", "thaiNumbers", left=0)}</w:abstractNum>'
        '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="Legal"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>',
    )
    add_style(
        document,
        '<w:style w:type="numbering" w:styleId="Legal"><w:name w:val="Legal"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
    )
    add(document, _item("ก", 0, of=2), _item("ข", 0, of=1))

    assert _numbers(read_word("a.docx", packed(document))) == ["ข้อ ๑", "ข้อ ๒"]


def test_a_picture_or_sign_of_a_symbol_font_is_a_bullet() -> None:
    wingdings = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
    levels = level(0, "\uf0a7", "bullet", left=0, after=wingdings) + level(1, "\uf0ff", "bullet", left=0, after=wingdings)

    assert _numbers(read_word("a.docx", _numbered_file(levels, _item("ก", 0), _item("ข", 1)))) == ["▪", "•"]


# LibreOffice writes the Thai digits of a list as Arabic ones, so they are left out here.
SHOWN_BY_LIBREOFFICE = {
    "articles, items, letters": (
        level(0, "ข้อ %1", "decimal", left=700)
        + level(1, "%1.%2", "decimal", left=1400)
        + level(2, "(%3)", "thaiLetters", left=2100),
        (0, 1, 2, 2, 1, 2, 0, 1, 2, 2, 2),
    ),
    "Roman and Latin": (
        level(0, "%1.", "upperRoman", left=700)
        + level(1, "%2)", "lowerLetter", left=1400)
        + level(2, "%3.", "lowerRoman", left=2100),
        (0, 1, 1, 2, 2, 2, 2, 0, 0, 0, 1),
    ),
    "an item before any article": (level(0, "%1.", "decimal", left=700) + level(1, "%1.%2", "decimal", left=1400), (1, 1, 0, 1)),
    "more than the alphabet": (level(0, "%1", "lowerLetter", left=700), (0,) * 28),
    # The 33rd letter is ฤ there; the standard (17.18.59) and Word leave ฤ and ฦ out.
    "Thai letters": (level(0, "(%1)", "thaiLetters", left=700), (0,) * 32),
    "large letters": (level(0, "%1.", "upperLetter", left=700) + level(1, "%1%2", "decimalZero", left=700), (0, 1, 1, 0, 1)),
}


@pytest.mark.parametrize(("levels", "order"), SHOWN_BY_LIBREOFFICE.values(), ids=SHOWN_BY_LIBREOFFICE)
def test_libreoffice_shows_the_same_numbers(levels: str, order: Sequence[int], tmp_path: Path) -> None:
    words = [f"รายการ{number}" for number in range(len(order))]
    written = tmp_path / "numbers.docx"
    written.write_bytes(_numbered_file(levels, *(_item(word, depth) for word, depth in zip(words, order, strict=True))))

    shown = converted(written, "txt:Text (encoded):UTF8", tmp_path / "shown").read_text("utf-8-sig").splitlines()

    ours = _numbers(read_word("a.docx", written.read_bytes()))
    assert [f"{number} {word}" for number, word in zip(ours, words, strict=True)] == [line.lstrip() for line in shown]


def _lists(format_name: str, text: str) -> bytes:
    document = new_document()
    definition = f'<w:abstractNum w:abstractNumId="0">{level(0, text, format_name, left=0)}</w:abstractNum>'
    set_numbering(document, f'{definition}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>')
    add(document, paragraph("ก", layout=layout(numbered=(1, 0))))
    return packed(document)


def test_a_format_that_only_word_knows_is_written_in_figures_and_told() -> None:
    file = read_word("a.docx", _lists("ordinalText", "%1:"))

    assert [one.number for one in file.blocks if isinstance(one, WordParagraph)] == ["1:"]
    assert [(one.kind, str(one.place), one.text) for one in file.losses] == [(LossKind.OTHER, "paragraph 1", "ordinalText: 1:")]


def test_no_number_repeats_a_long_text_for_each_paragraph() -> None:
    file = read_word("a.docx", _lists("decimal", "ยาว" * 1_000))

    assert [len(one.number) for one in file.blocks if isinstance(one, WordParagraph)] == [255]
