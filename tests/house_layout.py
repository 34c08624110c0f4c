"""A Word file as a house keeps one for its memoranda: its own fonts, margins and tables, with tags where values go."""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

FONT = "Sarabun"
TITLE = "บันทึกความเข้าใจ"
PARTY = "ทำกับ {{ organisation.name_th }} โดย {{ organisation.representative.full_name }}"
SIGNED_BY = "(นามผู้ลงนาม)"


def house_file(*, paragraphs: Sequence[str] = (PARTY,), places: Sequence[str] = ()) -> bytes:
    """Return the file: a header, a title, the paragraphs, and a table with a cell for each place, where there are any."""
    document = Document()
    _dress(document)
    document.sections[0].header.paragraphs[0].text = "สำนักงานตัวอย่าง เลขที่ {{ document.number }}"
    document.sections[0].footer.paragraphs[0].text = "แบบฟอร์มของหน่วยงาน"
    title = document.add_paragraph(TITLE)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].bold = True
    for text in paragraphs:
        document.add_paragraph(text)
    if places:
        table = document.add_table(rows=1, cols=len(places), style="Table Grid")
        for cell, place in zip(table.rows[0].cells, places, strict=True):
            cell.paragraphs[0].text = f"{{{{ place_of({place!r}) }}}}"
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            cell.add_paragraph(SIGNED_BY)
    return bytes_of(document)


def split_over_runs(paragraph: Paragraph, *pieces: str) -> None:
    """Write the pieces as runs of their own, every second one bold, as Word does when somebody corrects a tag."""
    for number, piece in enumerate(pieces):
        paragraph.add_run(piece).bold = bool(number % 2)


def bytes_of(document: WordDocument) -> bytes:
    """Return the file's bytes."""
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def opened(content: bytes) -> WordDocument:
    """Return a file as python-docx reads it."""
    return Document(io.BytesIO(content))


def _dress(document: WordDocument) -> None:
    """Set the house's font on every style, for Thai too, and its paper."""
    for style in document.styles:
        if style.element.tag != qn("w:style") or style.element.get(qn("w:type")) not in {"paragraph", "character"}:
            continue
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    document.styles["Normal"].font.size = Pt(12)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), "24")
    document.styles["Normal"].element.rPr.append(size)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
