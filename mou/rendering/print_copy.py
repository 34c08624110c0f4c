"""A signed PDF -> the copy that is printed: the same pages, on each a line that says it is a copy; no signature and no field.

It stays PDF/A-3a and PDF/UA-1, since each step keeps the file's order:
1. What each signature looks like becomes part of its page, its Form element a Figure that says the same; empty fields and the
   seal leave page and structure tree.
2. What speaks of signatures and of the record leaves the file: form, permissions, extensions, the attached values.
3. Each page gets the line as an artifact, above its text. It is a small page of WeasyPrint's and no outlines, because Thai needs
   its marks placed and its text must copy out; one object serves all pages.
4. The title says that it is a copy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from html import escape
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from mou.errors import RenderingError
from mou.rendering.archive import metadata_date, saved
from mou.rendering.faces import bundled_family
from mou.rendering.small_page import SmallPageRenderer

LINE_WIDTH_PT, LINE_HEIGHT_PT = 368.5, 26.0  # 130 mm: the upper right corner is that of samples and drafts
_LINE_LEFT_PT, _LINE_TOP_PT = 85.0, 20.0  # 30 mm from the left as the text, 7 mm from the upper edge
_LINE_NAME = Name.PrintLine
_STYLE = f"""
html {{ font: 7pt/1.5 "{bundled_family().css_name}"; color: #5b6470; }}
body {{ margin: 0; }}
p {{ margin: 0; white-space: nowrap; }}
p:first-child {{ font: 700 9.5pt/1.45 "{bundled_family().css_name}"; color: #1d2530; }}
"""
_TITLE = re.compile(rb"(<dc:title>.*?<rdf:li[^>]*>).*?(</rdf:li>)", re.DOTALL)
_MODIFIED = re.compile(rb"(<xmp:ModifyDate>).*?(</xmp:ModifyDate>)")


def print_copy(signed: bytes, lines: Sequence[str], looks: Mapping[str, str], *, title: str, at: datetime) -> bytes:
    """Return the copy to print; the same input gives the same bytes in any process.

    Args:
        signed: a revision of a document that this program made; nothing else is expected here.
        lines: what stands above the text of each page: that this is a copy, then what it is a copy of.
        looks: for every field with a visible signature the words that a screen reader says in its place.
        title: the title of the copy.
        at: when it was printed, an aware time.

    Raises:
        RenderingError: the lines do not fit above the text.
    """
    with pikepdf.open(BytesIO(signed)) as pdf:
        _flatten_fields(pdf, looks)
        _remove_evidence(pdf)
        _draw_line(pdf, _line_renderer().draw(LINE_WIDTH_PT, LINE_HEIGHT_PT, _body(lines), lines))
        _rename(pdf, title, at)
        return saved(pdf)


def _flatten_fields(pdf: pikepdf.Pdf, looks: Mapping[str, str]) -> None:
    """Draw every visible signature into its page, and take all fields out of pages and structure tree (step 1)."""
    tree = pdf.Root.StructTreeRoot
    elements = dict(_pairs(tree.ParentTree.Nums))
    for field in pdf.Root.AcroForm.Fields:
        element = elements.pop(int(field.StructParent))
        name = str(field.T)
        if Name.V in field and name in looks:
            _draw_appearance(field, element, elements[int(field.P.StructParents)], looks[name])
        else:
            element.P.K = Array([kid for kid in element.P.K if not _is_same(kid, element)])
        field.P.Annots = Array([annotation for annotation in field.P.Annots if not _is_same(annotation, field)])
        if len(field.P.Annots) == 0:
            del field.P.Annots
    tree.ParentTree.Nums = Array([item for key in sorted(elements) for item in (key, elements[key])])


def _pairs(numbers: pikepdf.Object) -> Iterator[tuple[int, pikepdf.Object]]:
    """Yield the keys and values of a number tree in one piece (ISO 32000-1, 7.9.7)."""
    return ((int(numbers[at]), numbers[at + 1]) for at in range(0, len(numbers), 2))


def _is_same(one: pikepdf.Object, other: pikepdf.Object) -> bool:
    return isinstance(one, Dictionary) and one.objgen == other.objgen


def _draw_appearance(field: pikepdf.Object, element: pikepdf.Object, marked: pikepdf.Object, words: str) -> None:
    """Draw a signature's appearance where its field stood; its element becomes a Figure with alternative text.

    `marked` is the parent tree's array of the page: the place of an element in it is the id of its marked content.
    """
    page = pikepdf.Page(field.P)
    content_id = len(marked)
    marked.append(element)
    element.S, element.Alt, element.K, element.Pg = Name.Figure, words, content_id, field.P
    element.A = Dictionary(O=Name.Layout, BBox=field.Rect, Placement=Name.Block)
    look = page.add_resource(field.AP.N, Name.XObject, Name(f"/Look{field.T}"))
    left, bottom, right, top = (float(edge) for edge in field.Rect)
    x1, y1, x2, y2 = (float(edge) for edge in field.AP.N.BBox)
    across, up = (right - left) / (x2 - x1), (top - bottom) / (y2 - y1)
    moved = f"{across:.5f} 0 0 {up:.5f} {left - across * x1:.3f} {bottom - up * y1:.3f} cm"
    _write_behind(page, f"/Figure <</MCID {content_id}>> BDC\nq\n{moved}\n{look} Do\nQ\nEMC\n")


def _write_behind(page: pikepdf.Page, drawing: str) -> None:
    """Add operations at the end of a page's content, whatever state that leaves behind."""
    content = page.obj.Contents.read_bytes()
    page.obj.Contents.write(b"q\n" + content + b"\nQ\n" + drawing.encode("ascii"))


def _remove_evidence(pdf: pikepdf.Pdf) -> None:
    """Take out what only the signed document may hold (step 2); objects that nothing names are not written."""
    for key in (Name.AcroForm, Name.Perms, Name.Extensions, Name.DSS, Name.AF):
        if key in pdf.Root:
            del pdf.Root[key]
    if Name.Names in pdf.Root and Name.EmbeddedFiles in pdf.Root.Names:
        del pdf.Root.Names[Name.EmbeddedFiles]


def _draw_line(pdf: pikepdf.Pdf, drawn: bytes) -> None:
    """Draw the small page at the upper left of every page, as an artifact (step 3)."""
    with pikepdf.open(BytesIO(drawn)) as small:
        line = pdf.copy_foreign(small.pages[0].as_form_xobject())
    for page in pdf.pages:
        left, _, _, top = (float(edge) for edge in page.mediabox)
        page.add_resource(line, Name.XObject, _LINE_NAME)
        place = f"1 0 0 1 {left + _LINE_LEFT_PT:.3f} {top - _LINE_TOP_PT - LINE_HEIGHT_PT:.3f} cm"
        _write_behind(page, f"/Artifact <</Type /Pagination>> BDC\nq\n{place}\n{_LINE_NAME} Do\nQ\nEMC\n")


def _rename(pdf: pikepdf.Pdf, title: str, at: datetime) -> None:
    """Set title and time of change in both places where a PDF keeps them (step 4)."""
    date = metadata_date(at)
    metadata = _replaced(pdf.Root.Metadata.read_bytes(), _TITLE, escape(title, quote=False))
    pdf.Root.Metadata.write(_replaced(metadata, _MODIFIED, date))
    pdf.docinfo[Name.Title] = title
    pdf.docinfo[Name.ModDate] = "D:" + re.sub(r"[-:T]", "", date)


def _replaced(metadata: bytes, pattern: re.Pattern[bytes], value: str) -> bytes:
    """Return the metadata with another value in the one place that the pattern finds."""
    found = list(pattern.finditer(metadata))
    if len(found) != 1:
        raise RenderingError("metadata with one title and one date are expected; print a document that this program made")
    return metadata[: found[0].end(1)] + value.encode() + metadata[found[0].start(2) :]


def _body(lines: Sequence[str]) -> str:
    return "<body>" + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</body>"


@cache
def _line_renderer() -> SmallPageRenderer:
    return SmallPageRenderer(_STYLE)
