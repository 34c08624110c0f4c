#!/usr/bin/env python3
"""Makes what the guide to templates in Word shows: `.venv/bin/python docs/scripts/draw_word_guide.py`.

`docs/examples/river-memorandum.docx` is a memorandum as an officer writes it, with tags where something is filled in. The picture
shows it as LibreOffice draws it, beside the document that the program makes of it. Look at both before they are committed.
"""

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from make_pictures import draw_page, side_by_side

DOCS = Path(__file__).resolve().parents[1]
EXAMPLE = DOCS / "examples" / "river-memorandum.docx"
PICTURE = DOCS / "pictures" / "word-template.png"
FONTS = DOCS.parent / "templates" / "fonts"
FONT = "Sarabun"
POINTS = 11
UNCHANGING_TIME = (2026, 1, 1, 0, 0, 0)
MOU = Path(sys.executable).with_name("mou")

ARTICLES = (
    (
        "ข้อ ๑ วัตถุประสงค์",
        (
            "๑.๑ ดูแลคุณภาพน้ำของแม่น้ำปิงและลำน้ำสาขาร่วมกัน",
            "๑.๒ ส่งเสริมให้ชุมชนริมน้ำมีส่วนร่วมในการดูแลแม่น้ำ",
        ),
    ),
    (
        "ข้อ ๒ ประเด็นที่ทำงานร่วมกัน",
        ("ทั้งสองฝ่ายทำงานร่วมกันในประเด็นต่อไปนี้", "{%p for theme in ceremony.themes %}", "{{ theme }}", "{%p endfor %}"),
    ),
    ("ข้อ ๓ แผน", ("ทั้งสองฝ่ายดำเนินงานตามแผนต่อไปนี้",)),
)
LAST = ("ข้อ ๔ การยกเลิก", ("ฝ่ายใดจะยกเลิกต้องแจ้งอีกฝ่ายหนึ่งเป็นหนังสือล่วงหน้าไม่น้อยกว่า {{ วันที่ต้องแจ้งล่วงหน้า }} วัน",))
SIGNATURES = (
    ("ลงชื่อ ..............................................", "ลงชื่อ .............................................."),
    ("({{ host.representative.full_name }})", "({{ ผู้แทน }})"),
    ("ผู้แทนเจ้าภาพ", "ผู้แทนองค์กร"),
)


def main() -> int:
    """Write the Word file and draw the picture; return the exit code."""
    EXAMPLE.parent.mkdir(exist_ok=True)
    EXAMPLE.write_bytes(with_unchanging_times(word_file()))
    with tempfile.TemporaryDirectory() as folder:
        pages = [draw_page(as_pdf(EXAMPLE, Path(folder)), 0), draw_page(as_template(EXAMPLE, Path(folder)), 0)]
    side_by_side(pages).save(PICTURE, optimize=True)
    sys.stdout.write(f"{EXAMPLE}: {EXAMPLE.stat().st_size} bytes\n{PICTURE}: {PICTURE.stat().st_size} bytes\n")
    return 0


def word_file() -> Document:
    """Return the memorandum as it is typed in Word."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Cm(3), Cm(2), Cm(2.5), Cm(2)
    for name in ("Normal", "Heading 1", "Header"):
        set_font(document, name)
    section.header.paragraphs[0].text = "ฉบับของกองเลขานุการ"
    for text in ("บันทึกความเข้าใจ", "ว่าด้วยความร่วมมือดูแลแม่น้ำปิง"):
        centred(document, text, is_title=True)
    centred(document, "ระหว่าง {{ เจ้าภาพ }} กับ {{ ชื่อองค์กร }}")
    indented(document, "ทำขึ้น ณ {{ สถานที่ }} เมื่อวันที่ {{ วันที่ทำ }}")
    indented(
        document,
        "{{ ชื่อองค์กร }}{% if organisation.address %} ที่อยู่ {{ ที่อยู่ }}{% endif %} โดย {{ ผู้แทน }} ตำแหน่ง {{ ตำแหน่ง }}"
        " ตกลงกับ{{ เจ้าภาพ }} ดังต่อไปนี้",
    )
    for heading, lines in ARTICLES:
        article(document, heading, lines)
    plans(document.add_table(rows=4, cols=2, style="Table Grid"))
    article(document, *LAST)
    signatures(document.add_table(rows=len(SIGNATURES), cols=2))
    return document


def set_font(document: Document, style: str) -> None:
    """Set font and size for Latin letters and, apart, for Thai, as Word keeps them."""
    font = document.styles[style].font
    font.name, font.size = FONT, Pt(POINTS)
    properties = document.styles[style].element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for slot in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(slot), FONT)
    for slot in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(slot), None)
    for tag, value in (("w:szCs", str(POINTS * 2)), ("w:lang", None)):
        element = properties.find(qn(tag))
        if element is None:
            element = OxmlElement(tag)
            properties.append(element)
        if value is not None:
            element.set(qn("w:val"), value)
        else:
            element.set(qn("w:bidi"), "th-TH")
    if style.startswith("Heading"):
        font.color.rgb = None
        bold(properties)


def bold(properties: object) -> None:
    """Make Thai letters bold too, for which Word has a switch of its own."""
    for tag in ("w:b", "w:bCs"):
        if properties.find(qn(tag)) is None:  # type: ignore[attr-defined]  # an element of python-docx, which has no types
            properties.append(OxmlElement(tag))  # type: ignore[attr-defined]


def centred(document: Document, text: str, *, is_title: bool = False) -> None:
    """Add a line in the middle."""
    paragraph = document.add_paragraph(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if is_title:
        bold(paragraph.runs[0]._r.get_or_add_rPr())  # noqa: SLF001  # python-docx sets bold for Latin letters alone


def indented(document: Document, text: str) -> Paragraph:
    """Add a paragraph with an indented first line."""
    paragraph: Paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Cm(1.5)
    return paragraph


def article(document: Document, heading: str, lines: tuple[str, ...]) -> None:
    """Add a heading and what stands below it."""
    document.add_heading(heading, level=1)
    for line in lines:
        indented(document, line)


def plans(table: Table) -> None:
    """Fill the table whose middle row is repeated for each plan."""
    rows = (
        ("แผน", "ช่วงเวลา"),
        ("{%tr for plan in ceremony.plans %}", ""),
        ("{{ plan.title }}", "{{ plan | months }}"),
        ("{%tr endfor %}", ""),
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def signatures(table: Table) -> None:
    """Fill the table at whose places people sign."""
    for row, texts in zip(table.rows, SIGNATURES, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def with_unchanging_times(document: Document) -> bytes:
    """Return the file with one fixed time on each of its parts, so that the same text gives the same bytes."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.core_properties.author = ""
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in parts.infolist():
            target.writestr(zipfile.ZipInfo(part.filename, UNCHANGING_TIME), parts.read(part), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def as_pdf(source: Path, folder: Path) -> Path:
    """Return the Word file as LibreOffice prints it, with the bundled fonts."""
    configuration = folder / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f'<fontconfig><dir>{FONTS}</dir><include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>',
        encoding="utf-8",
    )
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)],
        env=os.environ | {"FONTCONFIG_FILE": str(configuration)},
        check=True,
        capture_output=True,
    )
    return folder / f"{source.stem}.pdf"


def as_template(source: Path, folder: Path) -> Path:
    """Return the document that the program makes of the Word file, filled with examples."""
    templates = folder / "templates"
    subprocess.run([str(MOU), "template", "import", str(source), "--into", str(templates)], check=True)
    drawn = folder / "drawn"
    subprocess.run([str(MOU), "template", "preview", str(templates / source.stem), "--out", str(drawn)], check=True)
    [pdf] = drawn.glob("*.pdf")
    return pdf


if __name__ == "__main__":
    sys.exit(main())
