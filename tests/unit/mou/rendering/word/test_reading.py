"""What is read of a Word file: its text, where pages begin, its tables, and the fields that its values came from."""

import io
import unicodedata
import zipfile
from collections.abc import Sequence

import pytest

from mou.rendering.word.reading.plain_text import composed
from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import LossKind, WordBlock, WordFile, WordParagraph, WordRun, WordTable
from tests.data.word.office_markup import OFFICE, add, cell, new_document, packed, paragraph, row, run, table, word_file

CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"


def _read(*blocks: str, styles: Sequence[str] = ()) -> WordFile:
    return read_word("ตัวอย่าง.docx", word_file(*blocks, styles=styles))


def _paragraphs(file: WordFile) -> list[WordParagraph]:
    return [one for one in file.blocks if isinstance(one, WordParagraph)]


def _texts(file: WordFile) -> list[str]:
    return [one.text for one in _paragraphs(file)]


def _runs(*inner: str, styles: Sequence[str] = ()) -> tuple[WordRun, ...]:
    return _paragraphs(_read(paragraph(*inner), styles=styles))[0].runs


SIGNS = {
    "a tab": ("<w:r><w:tab/></w:r>", "\t"),
    "a tab to the margin": ('<w:r><w:ptab w:relativeTo="margin" w:alignment="right" w:leader="none"/></w:r>', "\t"),
    "a line break": ("<w:r><w:br/></w:r>", "\n"),
    "a carriage return": ("<w:r><w:cr/></w:r>", "\n"),
    "a hyphen that does not break": ("<w:r><w:noBreakHyphen/></w:r>", "\u2011"),
    "a hyphen that shows at a line's end": ("<w:r><w:softHyphen/></w:r>", "\u00ad"),
    "a sign of a symbol font": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
    "a sign by its letter": ('<w:r><w:sym w:font="Symbol" w:char="00B0"/></w:r>', "°"),
    "a letter as a sign": ('<w:r><w:sym w:font="TH SarabunPSK" w:char="0E01"/></w:r>', "ก"),
    "a letter of a symbol font": (run("\uf0a7", more='<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "▪"),
    "a space alone": ("<w:r><w:t> </w:t></w:r>", " "),
    "a line end in the XML": ("<w:r><w:t>ก\nข</w:t></w:r>", "ก ข"),
    "a control's text": (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('ใน')}</w:sdtContent></w:sdt>", "ใน"),
    "a smart tag's text": (f'<w:smartTag w:element="x">{run("ใน")}</w:smartTag>', "ใน"),
    "custom XML's text": (f'<w:customXml w:element="x">{run("ใน")}</w:customXml>', "ใน"),
    "text of another direction": (f'<w:dir w:val="ltr">{run("ใน")}</w:dir>', "ใน"),
    "what nobody knows": (f"<w:newThing>{run('ใน')}</w:newThing>", "ใน"),
    "a link inside the file": (f'<w:hyperlink w:anchor="a">{run("ใน")}</w:hyperlink>', "ใน"),
}


@pytest.mark.parametrize(("markup", "text"), SIGNS.values(), ids=SIGNS)
def test_what_stands_in_a_run_or_around_it_is_text(markup: str, text: str) -> None:
    assert _texts(_read(paragraph("[", markup, "]"))) == [f"[{text}]"]


def test_runs_of_one_look_are_one() -> None:
    assert _runs(
        "{{ orga", '<w:proofErr w:type="spellStart"/>', "nisation.name", run("_th }}", bold=True), run(" ก", bold=True)
    ) == (
        WordRun("{{ organisation.name", size_pt=16),
        WordRun("_th }} ก", bold=True, size_pt=16),
    )


def test_text_is_in_nfc_over_the_border_of_runs_too() -> None:
    # ก with a lower vowel after its tone mark, and é in two pieces, in runs of two looks.
    runs = _runs("ก\u0e48", run("\u0e38ข", bold=True), "e", run("\u0301", bold=True))

    assert "".join(one.text for one in runs) == "ก\u0e38\u0e48ขé"


def test_characters_that_nobody_sees_are_kept() -> None:
    assert _texts(_read(paragraph("ก\u2060ข\u200bค\u00adง"))) == ["ก\u2060ข\u200bค\u00adง"]


BREAK = '<w:r><w:br w:type="page"/></w:r>'
SECTION = '<w:sectPr><w:type w:val="{}"/></w:sectPr>'
PAGES = {
    "asked for": ((paragraph("ก"), paragraph("ข", layout="<w:pageBreakBefore/>")), [False, True]),
    "after a break before the text": ((paragraph("ก"), paragraph(BREAK, "ข")), [False, True]),
    "after a break at the end": ((paragraph("ก", BREAK), paragraph("ข")), [False, True]),
    "after a break alone": ((paragraph("ก"), paragraph(BREAK), paragraph("ข")), [False, True]),
    "after an empty paragraph that asks": (
        (paragraph("ก"), "<w:p><w:pPr><w:pageBreakBefore/></w:pPr></w:p>", paragraph("ข")), [False, True],
    ),
    "a break of a column": ((paragraph("ก", '<w:r><w:br w:type="column"/></w:r>'), paragraph("ข")), [False, False]),
    "after a section": ((paragraph("ก", layout=SECTION.format("continuous")), paragraph("ข")), [False, True]),
    "a section that goes on": (
        (paragraph("ก", layout=SECTION.format("nextPage")), paragraph("ข", layout=SECTION.format("continuous")), paragraph("ค")),
        [False, False, True],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("blocks", "begins"), PAGES.values(), ids=PAGES)
def test_a_paragraph_knows_whether_it_begins_a_page(blocks: tuple[str, ...], begins: list[bool]) -> None:
    assert [one.begins_page for one in _paragraphs(_read(*blocks))] == begins


def test_a_page_break_inside_a_paragraph_is_a_line_break_and_told() -> None:
    file = _read(paragraph("ก", BREAK, "ข"))

    assert _texts(file) == ["ก\nข"]
    assert [(one.kind, str(one.place), one.text) for one in file.losses] == [(LossKind.OTHER, "paragraph 1", "ข")]


def _table(block: WordBlock) -> WordTable:
    assert isinstance(block, WordTable)
    return block


def test_rows_and_cells_in_controls_are_read_and_columns_left_out_are_counted() -> None:
    controlled = f"<w:sdt><w:sdtPr/><w:sdtContent>{row('ข', 'ค')}</w:sdtContent></w:sdt>"
    in_row = f"<w:tr><w:sdt><w:sdtPr/><w:sdtContent>{cell('ง')}</w:sdtContent></w:sdt>{cell('จ')}</w:tr>"
    shifted = row("ฉ", properties='<w:gridBefore w:val="1"/>')

    rows = _table(_read(table(row(cell("ก", span=2)), controlled, in_row, shifted, columns=2)).blocks[0]).rows

    assert [[(one.text, one.columns) for one in read.cells] for read in rows] == [
        [("ก", 2)],
        [("ข", 1), ("ค", 1)],
        [("ง", 1), ("จ", 1)],
        [("", 1), ("ฉ", 1)],
    ]


GRID = (
    '<w:style w:type="table" w:styleId="G"><w:name w:val="G"/>'
    '<w:tblPr><w:tblBorders><w:top w:val="single"/></w:tblBorders></w:tblPr></w:style>'
)
BORDERS = {
    "none": ("<w:tblPr/>", "", False),
    "by its style": ('<w:tblPr><w:tblStyle w:val="G"/></w:tblPr>', "", True),
    "taken off its style": (
        '<w:tblPr><w:tblStyle w:val="G"/><w:tblBorders><w:top w:val="nil"/></w:tblBorders></w:tblPr>',
        "",
        False,
    ),
    "by a cell": ("<w:tblPr/>", '<w:tcBorders><w:bottom w:val="dotted"/></w:tcBorders>', True),
}


@pytest.mark.parametrize(("properties", "of_cell", "drawn"), BORDERS.values(), ids=BORDERS)
def test_a_table_knows_whether_it_has_lines(properties: str, of_cell: str, *, drawn: bool) -> None:
    markup = f"<w:tbl>{properties}<w:tblGrid/><w:tr><w:tc><w:tcPr>{of_cell}</w:tcPr>{paragraph('ก')}</w:tc></w:tr></w:tbl>"

    assert _table(_read(markup, styles=[GRID]).blocks[0]).has_borders is drawn


def test_blocks_in_controls_are_read_in_their_place() -> None:
    control = (
        f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{paragraph('สอง')}{table(row('ก'), columns=1)}</w:sdtContent></w:sdt>"
    )
    file = _read(paragraph("หนึ่ง"), control, paragraph("สาม"))

    assert [type(one).__name__ for one in file.blocks] == ["WordParagraph", "WordParagraph", "WordTable", "WordParagraph"]
    assert file.losses[0].kind is LossKind.FORM_CONTROL


def _with_properties(content: bytes, named: dict[str, str]) -> bytes:
    """The file with custom properties, as Word writes them."""
    one = '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{}" name="{}"><vt:lpwstr>{}</vt:lpwstr></property>'
    written = "".join(one.format(number, name, text) for number, (name, text) in enumerate(named.items(), start=2))
    part = f'<Properties xmlns="{CUSTOM}" xmlns:vt="{TYPES}">{written}</Properties>'
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    relation = f'<Relationship Id="rIdC" Type="{OFFICE}/custom-properties" Target="docProps/custom.xml"/>'
    listed = f'<Override PartName="/docProps/custom.xml" ContentType="{kind}"/>'
    added = {"[Content_Types].xml": ("</Types>", listed), "_rels/.rels": ("</Relationships>", relation)}
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            end, more = added.get(name, ("", ""))
            new.writestr(name, old.read(name).decode().replace(end, more + end) if end else old.read(name))
        new.writestr("docProps/custom.xml", part)
    return result.getvalue()


def test_a_value_of_ours_knows_the_field_that_it_came_from() -> None:
    document = new_document()
    mark = '<w:bookmarkStart w:id="{0}" w:name="{1}"/>{2}<w:bookmarkEnd w:id="{0}"/>'.format
    add(
        document,
        paragraph(
            "ณ ",
            mark(1, "mou_0001", run("ศาลา") + run("ริมน้ำ")),
            mark(2, "mou_0002", run("ก")),
            mark(3, "mou_0003", ""),
            mark(4, "mou_0009", run("ไม่รู้จัก")),
            mark(5, "_Toc1", run("ข")),
        ),
    )
    named = {
        "mou_0001": "ceremony.place",
        "mou_0002": "ceremony.place",
        "mou_0003": "organisation.address",
        "digest": "sha256:00",
        "_Toc1": "x",
    }

    file = read_word("a.docx", _with_properties(packed(document), named))

    assert [(run.text, run.field) for run in _paragraphs(file)[0].runs] == [
        ("ณ ", None),
        ("ศาลาริมน้ำ", "ceremony.place"),
        ("ก", "ceremony.place"),
        ("", "organisation.address"),
        ("ไม่รู้จักข", None),
    ]
    assert file.properties == named


def _alternatives(requires: str) -> str:
    choice = f'<mc:Choice xmlns:x="urn:example" Requires="{requires}"><w:t>ใหม่</w:t></mc:Choice>'
    return f"<w:r><mc:AlternateContent>{choice}<mc:Fallback><w:t>เดิม</w:t></mc:Fallback></mc:AlternateContent></w:r>"


@pytest.mark.parametrize(("requires", "shown"), [("w14", "ใหม่"), ("x", "เดิม"), ("w14 x", "เดิม"), ("nowhere", "เดิม")])
def test_of_several_markups_the_one_that_word_shows_is_read(requires: str, shown: str) -> None:
    file = read_word("a.docx", word_file(paragraph(_alternatives(requires))))

    assert [one.text for one in file.blocks if isinstance(one, WordParagraph)] == [shown]


@pytest.mark.parametrize("around", ["smartTag", "customXml", "sdt"])
def test_cells_and_rows_are_read_through_whatever_stands_around_them(around: str) -> None:
    inner = ("", "") if around != "sdt" else ("<w:sdtContent>", "</w:sdtContent>")
    opening, closing = f"<w:{around}>{inner[0]}", f"{inner[1]}</w:{around}>"
    grid = table(f"{opening}<w:tr>{opening}{cell('ก')}{closing}{cell('ข')}</w:tr>{closing}", row("ค", "ง"), columns=2)

    file = read_word("a.docx", word_file(grid))

    assert [[[one.text for one in row.cells] for row in block.rows] for block in file.blocks if isinstance(block, WordTable)] == [
        [["ก", "ข"], ["ค", "ง"]]
    ]


@pytest.mark.parametrize("text", ["น\u0e49\u0e38า" * 900, "e\u0301" * 2_000, "\u1100\u1161\u11a8" * 900, "a" * 3_000])
def test_a_long_text_is_composed_like_a_short_one(text: str) -> None:
    assert composed(text) == unicodedata.normalize("NFC", text)


def test_no_mark_is_lost_of_thousands_above_one_letter() -> None:
    text = "ก" + "\u0323\u0301" * 2_000
    assert sorted(unicodedata.normalize("NFD", composed(text))) == sorted(text)


def test_words_outside_of_any_paragraph_are_read_as_those_of_the_next_or_as_one() -> None:
    assert _texts(_read(run("หนึ่ง"), paragraph("สอง"), paragraph("สาม"), run("สี่"))) == ["หนึ่งสอง", "สาม", "สี่"]


def test_words_of_a_table_outside_of_its_cells_are_told() -> None:
    file = _read(table(f"<w:tr>{cell('ก')}{paragraph('ข')}</w:tr>", paragraph("ค"), columns=1))

    assert [(str(one.place), one.text) for one in file.losses] == [("table 1", "ค"), ("table 1, row 1", "ข")]


def test_a_remark_of_xml_in_the_middle_of_a_word_takes_nothing_away() -> None:
    file = _read(paragraph("<w:r><w:t>หนึ่ง<!-- ก -->สอง<?ข ค?>สาม</w:t></w:r>"))

    assert _texts(file) == ["หนึ่งสองสาม"]
