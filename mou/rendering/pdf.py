"""A filled document -> its PDF of record: laid out, text repaired, archival and accessible, checked, the same bytes each time.

The order of one document:
1. Every character must have a glyph in the bundled faces; nothing outside the template's folder is read.
2. WeasyPrint lays the pages out; a warning of any kind is an error.
3. The place of each signature is taken from the layout.
4. On the finished file, opened and saved once: the text layer, the margins as artifacts, the record, PDF/UA.
5. The text of the PDF is the text put in, nothing leaves its column, and every signature box is empty.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast
from xml.etree.ElementTree import Element

import pikepdf
import weasyprint
from weasyprint.text.line_break import get_log_attrs

from mou.errors import RenderingError
from mou.models import FilledDocument
from mou.rendering.archive import (
    OUTPUT_INTENT,
    PREPARED_OUTPUT_INTENT,
    attach_record,
    declare_universal_access,
    metadata_date,
    open_colour_profile,
    saved,
)
from mou.rendering.checks import check_characters, check_edges, check_slots, check_text
from mou.rendering.faces import drawable_characters, font_face_rules, fonts_folder
from mou.rendering.line_memory import RememberedFonts
from mou.rendering.sample_mark import mark_as_sample
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher, collected_warnings, refuse_losses
from mou.rendering.structure import Content, UnwrittenPdf, read_structure, release_margins
from mou.rendering.text_layer import Box, StretchMemory, repair_text
from signatures.canonical import JsonValue, canonical_bytes
from signatures.fields import SignatureSlot

_FOLDER = Path(__file__).resolve().parent
_TEXT_ANCHOR = "document-text"  # set on body by base.css: the column of each page
_SLOT_ANCHOR = "slot-"
_POINTS_PER_PIXEL = 0.75
_PARSED_STYLES = 32  # templates whose parsed style is kept
_UNSHOWN_TAGS = frozenset(("script", "style", "template", "{http://www.w3.org/2000/svg}svg"))

# A line may break at these places and no other (libthai 0.1.29).
_BREAKS = ("สิทธิ", "เด็ก", "และ", "เยาวชน")


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """The PDF without its signature fields, where they belong, and how many pages it has."""

    pdf: bytes
    slots: tuple[SignatureSlot, ...]
    page_count: int


class Renderer:
    """Renders documents; fonts, style sheets and glyph tables are read once, so keep one per process."""

    def __init__(self) -> None:
        """Read fonts and style sheets; refuse to work where Thai lines would not break."""
        if not thai_line_breaking_works():
            raise RenderingError(
                "Pango finds no breaks between Thai words, so lines would run off the page: install libthai (Debian: libthai0 "
                "and libpango-1.0-0) and a Pango that was built with it"
            )
        self._lock = threading.Lock()  # Pango's font map is not made for two threads at once
        self._fonts = RememberedFonts()
        self._colours = open_colour_profile()
        self._stretches = StretchMemory()
        self._drawable = drawable_characters()
        fetcher = FolderFetcher(fonts_folder())
        with collected_warnings() as warnings:
            self._base = self._parsed(font_face_rules() + (_FOLDER / "base.css").read_text("utf-8"), fetcher)
            self._sample = self._parsed((_FOLDER / "sample.css").read_text("utf-8"), fetcher)
        refuse_losses(fetcher.refused, warnings)
        self._fonts.close()
        self._styles: OrderedDict[str, weasyprint.CSS] = OrderedDict()

    def render(self, filled: FilledDocument, *, created: datetime) -> RenderedDocument:
        """Return the document's PDF, checked; the same input gives the same bytes in any process.

        Args:
            filled: the document; files are read from `filled.folder` alone.
            created: the aware date of the document for metadata and attachment.

        Raises:
            RenderingError: it cannot be drawn faithfully; the message names the place.
        """
        with self._lock:
            document, text = self._layout(filled)
            document.metadata.title = document.metadata.title or filled.title
            document.metadata.authors = document.metadata.authors or list(
                dict.fromkeys(s.organisation_name for s in filled.slots)
            )
            document.metadata.created = document.metadata.modified = metadata_date(created)
            slots = _slots_of(filled, document)
            drawn = _draw(document)
        with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
            runs = repair_text(pdf, drawn.margins, self._stretches)
            check_text(text, runs, drawn.structure)
            columns = tuple(_points(page.anchors[_TEXT_ANCHOR], page.height) for page in document.pages)
            sheets = tuple((0.0, 0.0, page.width * _POINTS_PER_PIXEL, page.height * _POINTS_PER_PIXEL) for page in document.pages)
            check_edges(runs, columns, sheets)
            check_slots(slots, runs, columns)
            if filled.is_sample:
                mark_as_sample(pdf)
            attach_record(pdf, canonical_bytes(cast("JsonValue", filled.record)), created=created)
            declare_universal_access(pdf)
            return RenderedDocument(saved(pdf), slots, len(document.pages))

    def _layout(self, filled: FilledDocument) -> tuple[weasyprint.Document, str]:
        """Return the pages and the text that must stand on them."""
        fetcher = FolderFetcher(Path(filled.folder))
        with collected_warnings() as warnings:
            html = weasyprint.HTML(string=filled.html, base_url=FOLDER_ADDRESS, url_fetcher=fetcher)
            body = html.etree_element.find("body")
            text = "".join(_shown_text(body))
            check_characters(text + (filled.document_number or ""), self._drawable)
            body.set("data-document-number", filled.document_number or "")
            sheets = [self._base, self._template_style(filled.css, fetcher)]
            if filled.is_sample:
                sheets.insert(1, self._sample)
            document = html.render(
                font_config=self._fonts,
                stylesheets=sheets,
                color_profiles={OUTPUT_INTENT: self._colours},
                output_intent=OUTPUT_INTENT,
            )
        refuse_losses(fetcher.refused, warnings)
        if document.metadata.attachments or any(link[0] == "attachment" for page in document.pages for link in page.links):
            raise RenderingError(
                "the template attaches a file of its own; only the record travels inside the PDF: remove the link"
            )
        return document, text

    def _template_style(self, css: str, fetcher: FolderFetcher) -> weasyprint.CSS:
        """Return the template's parsed style sheet, kept from an earlier document unless it reads files, which may change."""
        style = self._styles.pop(css, None)
        if style is None:
            with collected_warnings() as warnings:
                style = self._parsed(css, fetcher)
            refuse_losses(fetcher.refused, warnings)
            if fetcher.has_read:
                return style
        self._styles[css] = style
        if len(self._styles) > _PARSED_STYLES:
            self._styles.popitem(last=False)
        return style

    def _parsed(self, css: str, fetcher: FolderFetcher) -> weasyprint.CSS:
        return weasyprint.CSS(string=css, base_url=FOLDER_ADDRESS, url_fetcher=fetcher, font_config=self._fonts)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A PDF as WeasyPrint wrote it, uncompressed, and what its marked contents are."""

    pdf: bytes
    structure: tuple[Mapping[int, Content], ...]
    margins: tuple[frozenset[int], ...]


def _draw(document: weasyprint.Document) -> _Drawn:
    found: list[tuple[Mapping[int, Content], ...]] = []
    margins: list[frozenset[int]] = []

    def finish(_document: weasyprint.Document, pdf: UnwrittenPdf) -> None:
        found.append(read_structure(pdf))
        margins.extend(release_margins(pdf, found[0]))

    with collected_warnings() as warnings:
        drawn = document.write_pdf(
            pdf_variant="pdf/a-3a", uncompressed_pdf=True, output_intent=PREPARED_OUTPUT_INTENT, finisher=finish
        )
    refuse_losses((), warnings)
    return _Drawn(drawn, found[0], tuple(margins))


@cache
def thai_line_breaking_works() -> bool:
    """Return whether this machine's Pango finds the breaks between Thai words, and no others (libthai)."""
    text = "".join(_BREAKS)
    attributes = get_log_attrs(text, "th")
    found = [place for place in range(1, len(text)) if attributes[place].is_line_break]
    return found == [len("".join(_BREAKS[:count])) for count in range(1, len(_BREAKS))]


def _shown_text(element: Element) -> Iterator[str]:
    """Yield the text that a reader is to see, in order."""
    if not isinstance(element.tag, str) or element.tag in _UNSHOWN_TAGS:
        return
    yield element.text or ""
    for child in element:
        yield from _shown_text(child)
        yield child.tail or ""


def _slots_of(filled: FilledDocument, document: weasyprint.Document) -> tuple[SignatureSlot, ...]:
    """Return each slot with the page and box that the layout gave it."""
    places: dict[str, list[tuple[int, Box]]] = {}
    for number, page in enumerate(document.pages):
        for anchor, rectangle in page.anchors.items():
            if anchor.startswith(_SLOT_ANCHOR):
                places.setdefault(anchor.removeprefix(_SLOT_ANCHOR), []).append((number, _points(rectangle, page.height)))
    unknown = sorted(places.keys() - {slot.field for slot in filled.slots})
    if unknown:
        raise RenderingError(
            "the template has places for {unknown}, which nobody is to sign: remove them", unknown=", ".join(unknown)
        )
    slots = []
    for slot in filled.slots:
        found = places.get(slot.field, [])
        if len(found) != 1:
            raise RenderingError(
                'one element with id "{anchor}" on one page is expected for the signature of {name}, got {count}',
                anchor=_SLOT_ANCHOR + slot.field,
                name=slot.person.full_name,
                count=len(found),
            )
        page_number, box = found[0]
        slots.append(SignatureSlot(slot.field, slot.label, page_number, box))
    return tuple(slots)


def _points(rectangle: tuple[float, float, float, float], page_height: float) -> Box:
    """Turn a rectangle of the layout (pixels from the upper left) into PDF points from the lower left, to a thousandth."""
    x1, y1, x2, y2 = rectangle
    low, high = sorted((page_height - y1, page_height - y2))
    left, bottom, right, top = (round(pixels * _POINTS_PER_PIXEL, 3) for pixels in (x1, low, x2, high))
    return left, bottom, right, top
