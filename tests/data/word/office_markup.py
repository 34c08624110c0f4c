"""The markup of Word, piece by piece, as Word itself writes it: what write_office_files.py puts its files together from."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm
from lxml import etree

FONT = "TH SarabunPSK"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{OFFICE}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_MADE_AT = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 python-docx writes a naive time as UTC
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def text(words: str, tag: str = "t") -> str:
    """The content of a run: a tab and a line break are elements of their own."""
    pieces = words.replace("\t", "\0<w:tab/>\0").replace("\n", "\0<w:br/>\0").split("\0")
    return "".join(
        one if one in {"<w:tab/>", "<w:br/>"} else f'<w:{tag} xml:space="preserve">{escape(one)}</w:{tag}>'
        for one in pieces
        if one
    )


def look(*, bold: bool = False, italic: bool = False, size: float | None = None, more: str = "") -> str:
    """The properties of a run, for complex scripts too, as Word writes them when somebody presses B and picks a size."""
    marks = ("<w:b/><w:bCs/>" if bold else "") + ("<w:i/><w:iCs/>" if italic else "")
    sizes = f'<w:sz w:val="{int(size * 2)}"/><w:szCs w:val="{int(size * 2)}"/>' if size else ""
    return f"<w:rPr>{marks}{more}{sizes}</w:rPr>" if marks or sizes or more else ""


def run(words: str, *, bold: bool = False, italic: bool = False, size: float | None = None, more: str = "") -> str:
    return f"<w:r>{look(bold=bold, italic=italic, size=size, more=more)}{text(words)}</w:r>"


def paragraph(*runs: str, layout: str = "") -> str:
    """A paragraph; a piece that is no markup yet is made a plain run."""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p>{f'<w:pPr>{layout}</w:pPr>' if layout else ''}{inner}</w:p>"


def layout(
    *,
    style: str = "",
    align: str = "",
    left: int = 0,
    first: int = 0,
    numbered: tuple[int, int] | None = None,
    before: str = "",
    tabs: str = "",
) -> str:
    """The properties of a paragraph, in the order of the schema; lengths in twentieths of a point."""
    list_level = f'<w:numPr><w:ilvl w:val="{numbered[1]}"/><w:numId w:val="{numbered[0]}"/></w:numPr>' if numbered else ""
    indent = f' w:left="{left}"' if left else ""
    indent += (f' w:firstLine="{first}"' if first > 0 else f' w:hanging="{-first}"') if first else ""
    return (
        (f'<w:pStyle w:val="{style}"/>' if style else "")
        + before
        + list_level
        + tabs
        + (f"<w:ind{indent}/>" if indent else "")
        + (f'<w:jc w:val="{align}"/>' if align else "")
    )


def cell(*blocks: str, width: int = 2200, span: int = 1, merged: str = "") -> str:
    """A cell; `merged` is `restart` in the first cell of a column of merged ones, `continue` in the others."""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>' + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
    properties += {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merged]
    inner = "".join(one if one.startswith(("<w:p>", "<w:tbl>")) else paragraph(one) for one in blocks)
    inner += "<w:p/>" if not blocks or blocks[-1].startswith("<w:tbl>") else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A row; a cell that is no markup yet is made a plain one."""
    inner = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>"


def table(*rows: str, columns: int, width: int = 2200, borders: bool = True) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    drawn = f"<w:tblBorders>{sides}</w:tblBorders>" if borders else ""
    grid = f'<w:gridCol w:w="{width}"/>' * columns
    properties = f'<w:tblPr><w:tblW w:w="0" w:type="auto"/>{drawn}<w:tblLook w:val="04A0"/></w:tblPr>'
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def field(instruction: str, result: str) -> str:
    """A field over five runs, as Word writes one."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run(result)}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def changed(kind: str, number: int, author: str, at: str, inner: str = "") -> str:
    """A tracked change (`ins`, `del`, `moveFrom`, `moveTo`) around its runs, or empty as the mark of a paragraph or row."""
    who = f'w:id="{number}" w:author={quoteattr(author)} w:date="{at}"'
    return f"<w:{kind} {who}>{inner}</w:{kind}>" if inner else f"<w:{kind} {who}/>"


def deleted_run(words: str, *, bold: bool = False) -> str:
    return f"<w:r>{look(bold=bold)}{text(words, 'delText')}</w:r>"


def picture_bytes() -> bytes:
    """A PNG of 24 by 16 dots: a green field with a white stripe."""
    line = b"\0" + b"\x20\x70\x40" * 24
    white = b"\0" + b"\xff\xff\xff" * 24
    body = zlib.compress(line * 6 + white * 4 + line * 6, 9)
    pieces = ((b"IHDR", struct.pack(">IIBBBBB", 24, 16, 8, 2, 0, 0, 0)), (b"IDAT", body), (b"IEND", b""))
    packed = (struct.pack(">I", len(one)) + kind + one + struct.pack(">I", zlib.crc32(kind + one)) for kind, one in pieces)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def new_document() -> Document:
    """An empty document as an office in Thailand has it: the font, the size and the language set once, for Normal."""
    document = docx.Document()
    defaults = document.styles.element.find(".//{*}rPrDefault/{*}rPr")
    normal = document.styles["Normal"].element.get_or_add_rPr()
    for properties in (defaults, normal):
        for old in list(properties):
            properties.remove(old)
        for markup in (
            f'<w:rFonts {NAMESPACES} w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>',
            f'<w:sz {NAMESPACES} w:val="32"/>',
            f'<w:szCs {NAMESPACES} w:val="32"/>',
            f'<w:lang {NAMESPACES} w:val="en-US" w:bidi="th-TH"/>',
        ):
            properties.append(parse_xml(markup))
    spacing = document.styles.element.find(".//{*}pPrDefault/{*}pPr/{*}spacing")
    spacing.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}after", "0")
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    properties = document.core_properties
    properties.author = "สำนักงานเลขานุการ (ตัวอย่าง)"
    properties.comments, properties.title = "", "ตัวอย่าง"
    properties.created = properties.modified = _MADE_AT
    return document


def add(document: Document, *blocks: str) -> None:
    """Append paragraphs and tables before the section's properties at the end of the body."""
    end = document.element.body.sectPr
    for block in blocks:
        for element in parse_xml(f"<w:body {NAMESPACES}>{block}</w:body>"):
            end.addprevious(element)


def add_part(document: Document, name: str, markup: str) -> None:
    """Add a part of Word's own, such as footnotes, in the folder of the document."""
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{markup}'.encode()
    part = Part(PackURI(f"/word/{name}.xml"), f"{CONTENT}.{name}+xml", content, document.part.package)
    document.part.relate_to(part, f"{OFFICE}/{name}")


def add_style(document: Document, markup: str) -> None:
    document.styles.element.append(parse_xml(markup.replace("<w:style ", f"<w:style {NAMESPACES} ", 1)))


def set_numbering(document: Document, markup: str) -> None:
    """Put these lists in place of the ones that python-docx brings along."""
    root = document.part.numbering_part.element
    for old in list(root):
        root.remove(old)
    for element in parse_xml(f"<w:numbering {NAMESPACES}>{markup}</w:numbering>"):
        root.append(element)


def level(number: int, text_of_number: str, kind: str, *, left: int, more: str = "", after: str = "") -> str:
    """One level of a list."""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text_of_number}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="700"/></w:pPr>{after}</w:lvl>'
    )


def packed(document: Document) -> bytes:
    """The document as bytes that are the same each time."""
    saved = io.BytesIO()
    document.save(saved)
    return with_fixed_times(saved.getvalue())


def word_file(*blocks: str, styles: Sequence[str] = ()) -> bytes:
    """A document of these blocks alone."""
    document = new_document()
    for style in styles:
        add_style(document, style)
    add(document, *blocks)
    return packed(document)


def with_fixed_times(content: bytes, leave_out: Sequence[str] = ("docProps/thumbnail.jpeg",)) -> bytes:
    """The same package without times; the thumbnail that python-docx brings along is left out, with the mention of it."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name in leave_out:
                continue
            part = old.read(name)
            if name == "_rels/.rels":
                root = parse_xml(part)
                for relation in [one for one in root if one.get("Target") in leave_out]:
                    root.remove(relation)
                part = written_xml(root)
            new.writestr(zipfile.ZipInfo(name, _ZIP_TIME), part, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def written_xml(root: object) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
