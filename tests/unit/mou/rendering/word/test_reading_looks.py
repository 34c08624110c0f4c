"""How runs and paragraphs look, through their styles, as Word resolves them for Thai text."""

from collections.abc import Sequence

import pytest

from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import Alignment, WordFile, WordParagraph, WordRun
from tests.data.word.office_markup import layout, paragraph, run, word_file


def _read(*blocks: str, styles: Sequence[str] = ()) -> WordFile:
    return read_word("ตัวอย่าง.docx", word_file(*blocks, styles=styles))


def _paragraphs(file: WordFile) -> list[WordParagraph]:
    return [one for one in file.blocks if isinstance(one, WordParagraph)]


def _runs(*inner: str, styles: Sequence[str] = ()) -> tuple[WordRun, ...]:
    return _paragraphs(_read(paragraph(*inner), styles=styles))[0].runs


CHARACTER_STYLE = (
    '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:bCs/><w:szCs w:val="40"/></w:rPr></w:style>'
)
BASE = (
    '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:jc w:val="center"/><w:ind w:left="400" w:hanging="200"/></w:pPr>'
    '<w:rPr><w:bCs/><w:szCs w:val="36"/></w:rPr></w:style>'
)
OWN = (
    '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="ของเรา"/><w:basedOn w:val="Base"/>'
    '<w:pPr><w:ind w:left="600"/><w:pageBreakBefore/></w:pPr></w:style>'
)
LOOKS = {
    "Thai by its own marks": (run("ก", more="<w:bCs/><w:iCs/>"), WordRun("ก", bold=True, italic=True, size_pt=16)),
    "Thai without them": (run("ก", more="<w:b/><w:i/>"), WordRun("ก", size_pt=16)),
    "Latin by the others": (run("a 1", more="<w:b/><w:i/>"), WordRun("a 1", bold=True, italic=True, size_pt=16)),
    "Latin said to be complex": (run("1", more='<w:bCs/><w:szCs w:val="40"/><w:cs/>'), WordRun("1", bold=True, size_pt=20)),
    "Thai size": (run("ก", more='<w:sz w:val="40"/><w:szCs w:val="29"/>'), WordRun("ก", size_pt=14.5)),
    "turned off": (run("ก", more='<w:bCs w:val="0"/>'), WordRun("ก", size_pt=16)),
}


@pytest.mark.parametrize(("markup", "seen"), LOOKS.values(), ids=LOOKS)
def test_a_run_says_how_it_looks(markup: str, seen: WordRun) -> None:
    assert _runs(markup) == (seen,)


def test_a_run_has_the_look_of_its_styles() -> None:
    strong = '<w:rStyle w:val="Strong"/>'

    assert _runs(run("ก", more=strong), styles=[CHARACTER_STYLE]) == (WordRun("ก", bold=True, size_pt=20),)


def test_a_paragraph_has_the_look_of_its_styles_and_bold_twice_is_not_bold() -> None:
    strong = run("ข", more='<w:rStyle w:val="Strong"/>')

    [found] = _paragraphs(_read(paragraph("ก", strong, layout=layout(style="Own")), styles=[BASE, OWN, CHARACTER_STYLE]))

    assert found.runs == (WordRun("ก", bold=True, size_pt=18), WordRun("ข", size_pt=20))
    assert (found.style, found.alignment, found.left_pt, found.first_line_pt) == ("ของเรา", Alignment.CENTRE, 30, -10)
    assert found.begins_page


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("left", "left"),
        ("start", "left"),
        ("center", "centre"),
        ("end", "right"),
        ("both", "justified"),
        ("thaiDistribute", "justified"),
    ],
)
def test_the_alignment_is_read(written: str, seen: Alignment) -> None:
    assert _paragraphs(_read(paragraph("ก", layout=layout(align=written))))[0].alignment == seen


HEADINGS = {
    "Word's own": (layout(style="Heading2"), "", 2),
    "by its outline": ('<w:outlineLvl w:val="2"/>', "", 3),
    "a style's outline": (
        layout(style="T"),
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="ชื่อ"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>',
        1,
    ),
    "a Thai name": (layout(style="T"), '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="หัวเรื่อง 3"/></w:style>', 3),
    "on Word's own": (
        layout(style="T"),
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="ชื่อ"/><w:basedOn w:val="Heading1"/></w:style>',
        1,
    ),
    "body text on a heading's style": (layout(style="Heading1") + '<w:outlineLvl w:val="9"/>', "", 0),
    "no heading": (layout(style="Title"), "", 0),
}


@pytest.mark.parametrize(("properties", "style", "level"), HEADINGS.values(), ids=HEADINGS)
def test_a_heading_has_its_level(properties: str, style: str, level: int) -> None:
    assert _paragraphs(_read(paragraph("ก", layout=properties), styles=[style] if style else []))[0].level == level


def test_a_style_that_is_based_on_itself_ends_where_it_began() -> None:
    circle = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="ก"/><w:basedOn w:val="T"/></w:style>'

    assert _paragraphs(_read(paragraph("ก", layout=layout(style="T")), styles=[circle]))[0].text == "ก"
