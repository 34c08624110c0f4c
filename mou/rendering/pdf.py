"""A filled document -> its PDF of record: laid out, text repaired, archival and accessible, checked, the same bytes each time.

The order of one document:
1. Every character must have a glyph in the faces of the template's font; nothing outside the template's folder is read. Where
   Pango finds no breaks between Thai words, the places where a line may end are marked.
2. WeasyPrint lays the pages out; a warning of any kind is an error.
3. The place of each signature is taken from the layout, and those of a register's number and date, where a template has them.
4. On the finished file, opened and saved once: the text layer, the margins as artifacts, the mark of a sample or draft, the code
   of the public address, the record, PDF/UA.
5. The text of the PDF is the text put in, nothing leaves its column, and every box that is filled later is empty.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import cast

import pikepdf
import weasyprint

from mou.errors import RenderingError
from mou.models import FilledDocument, Font
from mou.rendering.address_code import draw_address_code
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
from mou.rendering.faces import Family, bundled_family, find_family
from mou.rendering.languages import SpokenText, mark_languages, spoken_texts
from mou.rendering.line_ends import LineEngine, line_engine, open_breaks
from mou.rendering.line_memory import RememberedFonts
from mou.rendering.margins import ATTRIBUTES, margin_rules, margin_texts, page_mark
from mou.rendering.page_mark import mark_pages
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher, collected_warnings, refuse_losses
from mou.rendering.structure import Content, UnwrittenPdf, read_structure, release_margins
from mou.rendering.text_layer import Box, StretchMemory, repair_text
from signatures.canonical import JsonValue, canonical_bytes
from signatures.fields import SignatureSlot
from signatures.registry_fields import REGISTRY_DATE_FIELD, REGISTRY_NUMBER_FIELD, RegistryPlace

_FOLDER = Path(__file__).resolve().parent
_TEXT_ANCHOR = "document-text"  # set on body by base.css: the column of each page
_SLOT_ANCHOR = "slot-"
_REGISTRY_ANCHOR = "registry-"
_REGISTRY_FIELDS = {"number": REGISTRY_NUMBER_FIELD, "date": REGISTRY_DATE_FIELD}
_POINTS_PER_PIXEL = 0.75
_PARSED_STYLES = 32  # templates whose parsed style is kept

# Government papers ask for 16 pt on the line of the font's own metrics; Sarabun has letters of the same height at 10.9 pt. Style
# sheets give sizes in rem, and line heights as Sarabun's with a factor.
_TEXT_STYLE = 'html {{ --leading: {leading}; font: {size_pt}pt/{height} "{family}" }}'
SIZES_PT = {Font.SARABUN: 10.9, Font.TH_SARABUN_NEW: 16.0}
_LINE_HEIGHTS = {Font.SARABUN: 1.75, Font.TH_SARABUN_NEW: 1.331}


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """The PDF without its fields, where they belong, and how many pages it has."""

    pdf: bytes
    slots: tuple[SignatureSlot, ...]
    registry: tuple[RegistryPlace, ...]
    """Where a register's number and date are to stand; empty where the template has no place for them."""
    page_count: int


class Renderer:
    """Renders documents; fonts, style sheets and glyph tables are read once, so keep one per process."""

    def __init__(self) -> None:
        """Read the bundled font and its style sheets; refuse to work where Thai lines would not break."""
        self.line_engine = line_engine()
        self._lock = threading.Lock()  # Pango's font map is not made for two threads at once
        self._fonts = RememberedFonts()
        self._colours = open_colour_profile()
        self._stretches = StretchMemory()
        self._fonts.close()
        self._styles: OrderedDict[str, weasyprint.CSS] = OrderedDict()
        self._typefaces: dict[Font, _Typeface] = {}
        self._typeface(bundled_family())

    def _typeface(self, family: Family) -> "_Typeface":
        """Return the family with the starting settings of every document, read once."""
        if family.name not in self._typefaces:
            fetcher = FolderFetcher(family.folder)
            with self._fonts.opened(), collected_warnings() as warnings:
                style = self._parsed(starting_rules(family), fetcher)
            refuse_losses(fetcher.refused, warnings)
            self._typefaces[family.name] = _Typeface(family, family.drawable_characters(), style)
        return self._typefaces[family.name]

    def render(self, filled: FilledDocument, *, created: datetime) -> RenderedDocument:
        """Return the document's PDF, checked; the same input gives the same bytes in any process.

        Args:
            filled: the document; files are read from `filled.folder` alone.
            created: the aware date of the document for metadata and attachment.

        Raises:
            RenderingError: it cannot be drawn faithfully; the message names the place.
        """
        with self._lock:
            document, spoken = self._layout(filled)
            document.metadata.title = document.metadata.title or filled.title
            document.metadata.authors = document.metadata.authors or list(
                dict.fromkeys(s.organisation_name for s in filled.slots)
            )
            document.metadata.created = document.metadata.modified = metadata_date(created)
            slots, registry = _slots_of(filled, document), _registry_of(document)
            drawn = _draw(document)
        with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
            runs = repair_text(pdf, drawn.margins, self._stretches)
            check_text("".join(one.text for one in spoken), runs, drawn.structure)
            mark_languages(pdf, spoken, runs, drawn.structure)
            columns = tuple(_column(page) for page in document.pages)
            sheets = tuple((0.0, 0.0, page.width * _POINTS_PER_PIXEL, page.height * _POINTS_PER_PIXEL) for page in document.pages)
            check_edges(runs, columns, sheets)
            check_slots((*slots, *registry), runs, columns)
            if mark := page_mark(filled):
                mark_pages(pdf, mark)
            if filled.address:
                draw_address_code(pdf, filled.address)
            attach_record(pdf, canonical_bytes(cast("JsonValue", filled.record)), created=created)
            declare_universal_access(pdf)
            return RenderedDocument(saved(pdf), slots, registry, len(document.pages))

    def _layout(self, filled: FilledDocument) -> tuple[weasyprint.Document, tuple[SpokenText, ...]]:
        """Return the pages and the text that must stand on them, with its languages."""
        typeface = self._typeface(find_family(filled.font))
        margins = margin_texts(filled)
        fetcher = FolderFetcher(Path(filled.folder))
        with collected_warnings() as warnings:
            html = weasyprint.HTML(string=filled.html, base_url=FOLDER_ADDRESS, url_fetcher=fetcher)
            body = html.etree_element.find("body")
            spoken = tuple(spoken_texts(html.etree_element))
            shown = (*(one.text for one in spoken), *margins)
            check_characters("".join(shown), typeface.drawable, font=typeface.family.name)
            if self.line_engine is LineEngine.WORD_LIST:
                open_breaks(body, filled.protected_names)
            for attribute, value in zip(ATTRIBUTES, margins, strict=True):
                body.set(attribute, value)
            margins_style = self._kept_style(rules_of_margins(filled, typeface.family), fetcher)
            sheets = [typeface.style, margins_style, self._kept_style(filled.css, fetcher)]
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
        return document, spoken

    def _kept_style(self, css: str, fetcher: FolderFetcher) -> weasyprint.CSS:
        """Return a parsed style sheet, kept from an earlier document unless it reads files, which may change."""
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
class _Typeface:
    """A font as documents are set in it: what it can draw, and the starting settings of every document."""

    family: Family
    drawable: frozenset[int]
    style: weasyprint.CSS


def starting_rules(family: Family) -> str:
    """Return the style sheet with which every document in this font begins; its files lie in the family's folder."""
    height = _LINE_HEIGHTS[family.name]
    text_style = _TEXT_STYLE.format(
        leading=round(height / _LINE_HEIGHTS[Font.SARABUN], 3),
        size_pt=SIZES_PT[family.name],
        height=height,
        family=family.css_name,
    )
    return "\n".join((family.font_face_rules(), text_style, (_FOLDER / "base.css").read_text("utf-8")))


def rules_of_margins(filled: FilledDocument, family: Family) -> str:
    """Return the style sheet of the document's margins."""
    font = f'{SIZES_PT[family.name]}pt "{family.css_name}"'
    return margin_rules(filled.numerals, filled.languages, font, has_address=filled.address is not None)


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


def _slots_of(filled: FilledDocument, document: weasyprint.Document) -> tuple[SignatureSlot, ...]:
    """Return each slot with the page and box that the layout gave it."""
    places = _places(document, _SLOT_ANCHOR)
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


def _registry_of(document: weasyprint.Document) -> tuple[RegistryPlace, ...]:
    """Return where a register's number and date are to stand: both, or neither."""
    places = _places(document, _REGISTRY_ANCHOR)
    counts = {name: len(found) for name, found in places.items()}
    if counts and counts != dict.fromkeys(_REGISTRY_FIELDS, 1):
        raise RenderingError(
            'a template with a place for a register has one element with id "registry-number" and one with id "registry-date", '
            "each on one page; got {got}",
            got=", ".join(f"{_REGISTRY_ANCHOR}{name}: {count}" for name, count in sorted(counts.items())),
        )
    return tuple(RegistryPlace(field, *places[name][0]) for name, field in _REGISTRY_FIELDS.items() if name in places)


def _places(document: weasyprint.Document, prefix: str) -> dict[str, list[tuple[int, Box]]]:
    """Return page and box of every element whose id begins like this, by the rest of the id."""
    places: dict[str, list[tuple[int, Box]]] = {}
    for number, page in enumerate(document.pages):
        for anchor, rectangle in page.anchors.items():
            if anchor.startswith(prefix):
                places.setdefault(anchor.removeprefix(prefix), []).append((number, _points(rectangle, page.height)))
    return places


def _column(page: weasyprint.Page) -> Box:
    """Return the column of a page's text; the anchor of `body` grows with what no page can hold, the paper's margin does not."""
    left, bottom, right, top = _points(page.anchors[_TEXT_ANCHOR], page.height)
    return left, max(bottom, round(page._page_box.margin_bottom * _POINTS_PER_PIXEL, 3)), right, top  # noqa: SLF001  # no other way


def _points(rectangle: tuple[float, float, float, float], page_height: float) -> Box:
    """Turn a rectangle of the layout (pixels from the upper left) into PDF points from the lower left, to a thousandth."""
    x1, y1, x2, y2 = rectangle
    low, high = sorted((page_height - y1, page_height - y2))
    left, bottom, right, top = (round(pixels * _POINTS_PER_PIXEL, 3) for pixels in (x1, low, x2, high))
    return left, bottom, right, top
