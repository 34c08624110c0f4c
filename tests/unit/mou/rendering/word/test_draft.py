"""A filled document as a draft in Word: the same text and look as its page, and every setting that Thai needs in Word."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from mou.errors import RenderingError
from mou.models import FilledDocument
from mou.rendering.faces import bundled_family
from mou.rendering.word.drafting.draft import word_of
from mou.rendering.word.drafting.layout import page_blocks
from mou.rendering.word.page import PageParagraph, PageTable, Piece
from signatures.digests import digest_of
from tests.golden.draw_pages import EXAMPLES, fill_example

CREATED = datetime(2022, 3, 29, tzinfo=UTC)
DIGEST = digest_of(b"the PDF")
CSS = """
h1 { text-align: center; }
.item { padding-left: 37mm; text-indent: -12mm; }
.item .number { display: inline-block; width: 12mm; text-indent: 0; }
.article-number { margin-right: 2.5mm; }
.annex { break-before: page; }
.sum { width: 30mm; }
"""


def page(body: str, css: str = CSS) -> FilledDocument:
    """A document with this body."""
    return replace(fill_example("lanna-mou"), html=f'<html lang="th"><body>{body}</body></html>', css=css)


def written(body: str, css: str = CSS) -> Document:
    """The draft of a document with this body, as python-docx reads it."""
    return docx.Document(BytesIO(word_of(page(body, css), digest=DIGEST, created=CREATED)))


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def all_runs(document: Document) -> Iterator[BaseOxmlElement]:
    section = document.sections[0]
    for part in (document.element.body, section.header._element, section.footer._element):
        yield from part.iter(qn("w:r"))


def style_of(paragraph: Paragraph) -> str:
    assert paragraph.style is not None
    return str(paragraph.style.name)


def indents(paragraph: Paragraph) -> tuple[float, float]:
    """Left and first line of a paragraph in millimetres, direct or by its style."""
    assert paragraph.style is not None
    found = paragraph.paragraph_format if paragraph.paragraph_format.left_indent is not None else paragraph.style.paragraph_format
    return round(found.left_indent.mm), round(found.first_line_indent.mm)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_run_and_every_style_carries_font_size_and_language_of_complex_scripts(name: str) -> None:
    document = docx.Document(BytesIO(word_of(fill_example(name), digest=DIGEST, created=CREATED)))
    styles = [one for one in document.styles.element.iter(qn("w:style")) if one.get(qn("w:type")) in {"paragraph", "character"}]
    properties = [*(run.find(qn("w:rPr")) for run in all_runs(document)), *(style.find(qn("w:rPr")) for style in styles)]
    assert len(properties) > 50
    for one in properties:
        fonts = one.find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Sarabun"}
        assert not [attribute for attribute in fonts.attrib if "Theme" in attribute]
        assert one.find(qn("w:sz")).get(qn("w:val")) == one.find(qn("w:szCs")).get(qn("w:val"))
        assert one.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
        for latin, thai in (("w:b", "w:bCs"), ("w:i", "w:iCs")):
            assert (one.find(qn(latin)) is None) == (one.find(qn(thai)) is None)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_draft_of_a_bundled_template_is_the_same_bytes_each_time(name: str) -> None:
    filled = fill_example(name, marks_fields=True)
    assert word_of(filled, digest=DIGEST, created=CREATED) == word_of(filled, digest=DIGEST, created=CREATED)


def test_the_margins_say_that_it_is_a_draft_and_of_which_document() -> None:
    document = written("<p>ข้อความ</p>")
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "ตัวอย่าง · ร่าง"
    footer = [paragraph.text for paragraph in section.footer.paragraphs]
    assert "มิใช่ฉบับที่ลงนาม" in footer[0]
    assert footer[-1] == str(DIGEST)
    assert {field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))} == {"PAGE", "NUMPAGES"}


def test_headings_are_headings_and_numbers_are_text() -> None:
    document = written(
        '<h1>ชื่อ<br>สองบรรทัด</h1><h2><span class="article-number">ข้อ ๑</span>วัตถุประสงค์</h2>'
        '<p class="item"><span class="number">๑.๑</span>ส่งเสริมสิทธิเด็ก</p>'
    )
    title, heading, item = document.paragraphs
    assert (style_of(title), title.text) == ("Heading 1", "ชื่อ\nสองบรรทัด")
    assert (style_of(heading), heading.text) == ("Heading 2", "ข้อ ๑\u2002วัตถุประสงค์")
    assert heading.style is not None
    assert heading.style.element.find(f".//{qn('w:outlineLvl')}").get(qn("w:val")) == "1"
    assert (style_of(item), item.text, indents(item)) == ("mou p.item", "๑.๑\tส่งเสริมสิทธิเด็ก", (37, -12))
    assert not list(document.element.body.iter(qn("w:numPr")))


def test_an_annex_begins_a_page_and_its_style_says_where_it_stands() -> None:
    document = written('<p>ก</p><section class="annex"><h2>ภาคผนวก ๑</h2><p>ข</p></section>')
    _, heading, text = document.paragraphs
    assert style_of(heading) == "mou h2 @annex"
    assert heading._p.find(f".//{qn('w:pageBreakBefore')}") is not None
    assert style_of(text) == "mou p @annex"


@pytest.mark.parametrize("name", ["A&B <x>", 'มูลนิธิ "บ้าน" & ‘เรือน’', "“ไทย” <script>alert(1)</script>", "{{ host.name_th }}"])
def test_a_name_of_any_kind_survives(name: str) -> None:
    from markupsafe import escape

    document = written(f"<p>ระหว่าง <strong>{escape(name)}</strong> กับ</p>")
    assert texts(document) == [f"ระหว่าง {name} กับ"]
    assert document.paragraphs[0].runs[1].bold


def test_a_table_keeps_its_header_lines_and_widths() -> None:
    document = written(
        '<table><thead><tr><th class="sum">จำนวน</th><th>แผน</th></tr></thead>'
        "<tbody><tr><td>๑</td><td>อบรม</td></tr></tbody></table>"
    )
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["จำนวน", "แผน"], ["๑", "อบรม"]]
    header = table.rows[0]._tr
    assert header.find(f".//{qn('w:tblHeader')}") is not None
    assert round(table.columns[0].width.mm) == 34  # with the padding of 2.2 mm at both sides
    assert table._tbl.find(f".//{qn('w:insideH')}").get(qn("w:val")) == "single"
    assert table.cell(0, 0).paragraphs[0].runs[0].bold


def test_signatures_stand_side_by_side_over_a_line_to_sign_on() -> None:
    filled = fill_example("lanna-mou")
    document = docx.Document(BytesIO(word_of(filled, digest=DIGEST, created=CREATED)))
    table = next(one for one in document.tables if "ลงชื่อ" in one.cell(0, 0).text)
    assert (len(table.rows), len(table.columns)) == (2, 2)
    box = next(one for one in table.cell(0, 0).paragraphs if style_of(one) == "mou div.signature-box @signature")
    spacing = box._p.find(f".//{qn('w:spacing')}")
    if spacing is None:
        spacing = box.style.element.find(f".//{qn('w:spacing')}")
    assert (spacing.get(qn("w:lineRule")), round(int(spacing.get(qn("w:line"))) / 20 / 72 * 25.4)) == ("exact", 22)


def test_each_value_stands_in_a_bookmark_whose_property_names_its_field() -> None:
    filled = fill_example("lanna-mou", marks_fields=True)
    package = word_of(filled, digest=DIGEST, created=CREATED)
    document = docx.Document(BytesIO(package))
    with zipfile.ZipFile(BytesIO(package)) as parts:
        properties = parts.read("docProps/custom.xml").decode()
    found = {start.get(qn("w:name")) for start in document.element.body.iter(qn("w:bookmarkStart"))}
    assert len(found) > 20
    assert all(f'name="{name}"' in properties for name in found)
    for expression in (
        "organisation.name_th | lines(44)",
        "ceremony.date | thai_date",
        "ceremony.themes[0]",
        "ceremony.plans[0] | months",
    ):
        assert f"<vt:lpwstr>{expression}</vt:lpwstr>" in properties
    assert str(DIGEST) in properties


def test_a_marked_document_shows_what_the_plain_one_shows() -> None:
    def shown(filled: FilledDocument) -> list[str]:
        return texts(docx.Document(BytesIO(word_of(filled, digest=DIGEST, created=CREATED))))

    for name in EXAMPLES:
        assert shown(fill_example(name, marks_fields=True)) == shown(fill_example(name))


def test_the_font_travels_along_and_is_whole_again_when_its_key_is_applied() -> None:
    with zipfile.ZipFile(BytesIO(word_of(page("<p>ก</p>"), digest=DIGEST, created=CREATED))) as parts:
        table = parts.read("word/fontTable.xml").decode()
        stored = parts.read("word/fonts/font1.odttf")
    key = table.split('fontKey="{')[1].split("}")[0]
    mask = bytes.fromhex(key.replace("-", ""))[::-1] * 2
    assert (
        bytes(a ^ b for a, b in zip(stored[:32], mask, strict=True)) + stored[32:] == bundled_family().face(400).path.read_bytes()
    )


def test_changes_are_tracked_from_the_first_key_on() -> None:
    assert written("<p>ก</p>").settings.element.find(qn("w:trackRevisions")) is not None


def test_a_picture_of_the_template_is_in_the_draft(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (40, 20), "red").save(tmp_path / "logo.png")
    filled = replace(page('<p><img src="logo.png" alt="ตรา"> ชื่อ</p>'), folder=str(tmp_path))
    document = docx.Document(BytesIO(word_of(filled, digest=DIGEST, created=CREATED)))
    (shape,) = document.inline_shapes
    assert (round(shape.width.pt), shape._inline.docPr.get("descr")) == (30, "ตรา")


def test_words_that_the_style_writes_are_in_the_draft() -> None:
    css = 'p::before { content: "หมายเหตุ " } b::after { content: "!" } p.counted::before { content: counter(page) }'
    assert texts(written("<p>โปรด<b>อ่าน</b></p>", css)) == ["หมายเหตุ โปรดอ่าน!"]
    with pytest.raises(RenderingError, match="got counter"):
        written('<p class="counted">ก</p>', css)


def test_what_word_cannot_hold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    with pytest.raises(RenderingError, match="PNG or JPEG"):
        word_of(replace(page('<p><img src="logo.svg" alt=""></p>'), folder=str(tmp_path)), digest=DIGEST, created=CREATED)
    with pytest.raises(RenderingError, match="rowspan"):
        written('<table><tr><td rowspan="2">ก</td><td>ข</td></tr><tr><td>ค</td></tr></table>')
    with pytest.raises(RenderingError, match="got a table"):
        written("<table><tr><td><table><tr><td>ก</td></tr></table></td></tr></table>")


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_that_the_page_shows_is_left_out(name: str) -> None:
    from weasyprint import HTML

    from mou.rendering.languages import spoken_texts

    filled = fill_example(name)
    body = HTML(string=filled.html).etree_element.find("body")
    expected = "".join("".join(one.text for one in spoken_texts(body)).split())
    shown: list[str] = []
    for block in page_blocks(filled):
        cells = [block] if isinstance(block, PageParagraph) else _paragraphs_of(block)
        shown += [
            piece.text for paragraph in cells for piece in paragraph.pieces if isinstance(piece, Piece) and not piece.is_blank
        ]
    assert "".join("".join(shown).split()) == expected


def _paragraphs_of(table: PageTable) -> list[PageParagraph]:
    return [paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]
