"""A filled document -> its PDF of record: laid out, text repaired, archival and accessible, checked, the same bytes each time.

The order of one document:
1. Every character must have a glyph in the bundled faces; nothing outside the template's folder is read.
2. WeasyPrint lays the pages out; a warning of any kind is an error.
3. The place of each signature is taken from the layout.
4. On the finished file, opened and saved once: the text layer, the margins as artifacts, the record, PDF/UA.
5. The text of the PDF is the text put in, nothing leaves its column, and every signature box is empty.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pikepdf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import get_log_attrs
from weasyprint.urls import URLFetcher, URLFetcherResponse

from mou.errors import RenderingError
from mou.models import FilledDocument
from mou.rendering.archive import attach_record, declare_universal_access, metadata_date, saved
from mou.rendering.checks import check_characters, check_edges, check_slots, check_text
from mou.rendering.faces import drawable_characters, font_face_rules, fonts_folder
from mou.rendering.structure import Content, UnwrittenPdf, read_structure, release_margins
from mou.rendering.text_layer import Box, StretchMemory, repair_text
from signatures.canonical import canonical_bytes
from signatures.fields import SignatureSlot

_FOLDER = Path(__file__).resolve().parent
_TEXT_ANCHOR = "document-text"  # set on body by base.css: the column of each page
_SLOT_ANCHOR = "slot-"
_POINTS_PER_PIXEL = 0.75
_PARSED_STYLES = 32  # templates whose parsed style is kept
_UNSHOWN_TAGS = frozenset(("script", "style", "template", "{http://www.w3.org/2000/svg}svg"))
_IMAGES_IN_ADDRESSES = ("data:image/png;", "data:image/jpeg;", "data:image/svg+xml")

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
        _listen_to_weasyprint()
        self._lock = threading.Lock()  # Pango's font map is not made for two threads at once
        self._fonts = FontConfiguration()
        self._stretches = StretchMemory()
        self._drawable = drawable_characters()
        fetcher = _FolderFetcher(fonts_folder(), _FOLDER)
        with _collected_warnings() as warnings:
            self._base = self._parsed(font_face_rules() + (_FOLDER / "base.css").read_text("utf-8"), _FOLDER, fetcher)
            self._sample = self._parsed((_FOLDER / "sample.css").read_text("utf-8"), _FOLDER, fetcher)
        _refuse(fetcher.refused, warnings)
        self._styles: OrderedDict[tuple[str, str], weasyprint.CSS] = OrderedDict()

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
            attach_record(pdf, canonical_bytes(filled.record), created=created)
            declare_universal_access(pdf)
            return RenderedDocument(saved(pdf), slots, len(document.pages))

    def _layout(self, filled: FilledDocument) -> tuple[weasyprint.Document, str]:
        """Return the pages and the text that must stand on them."""
        folder = Path(filled.folder).resolve()
        fetcher = _FolderFetcher(folder, _FOLDER)
        with _collected_warnings() as warnings:
            html = weasyprint.HTML(string=filled.html, base_url=f"{folder.as_uri()}/", url_fetcher=fetcher)
            body = html.etree_element.find("body")
            text = "".join(_shown_text(body))
            check_characters(text + (filled.document_number or ""), self._drawable)
            body.set("data-document-number", filled.document_number or "")
            sheets = [self._base, self._template_style(filled.css, folder, fetcher)]
            if filled.is_sample:
                sheets.insert(1, self._sample)
            document = html.render(font_config=self._fonts, stylesheets=sheets)
        _refuse(fetcher.refused, warnings)
        if document.metadata.attachments or any(link[0] == "attachment" for page in document.pages for link in page.links):
            raise RenderingError(
                "the template attaches a file of its own; only the record travels inside the PDF: remove the link"
            )
        return document, text

    def _template_style(self, css: str, folder: Path, fetcher: "_FolderFetcher") -> weasyprint.CSS:
        """Return the template's parsed style sheet, kept from an earlier document where it was without fault."""
        key = (css, str(folder))
        style = self._styles.pop(key, None)
        if style is None:
            with _collected_warnings() as warnings:
                style = self._parsed(css, folder, fetcher)
            _refuse(fetcher.refused, warnings)
        self._styles[key] = style
        if len(self._styles) > _PARSED_STYLES:
            self._styles.popitem(last=False)
        return style

    def _parsed(self, css: str, folder: Path, fetcher: "_FolderFetcher") -> weasyprint.CSS:
        return weasyprint.CSS(string=css, base_url=f"{folder.as_uri()}/", url_fetcher=fetcher, font_config=self._fonts)


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

    with _collected_warnings() as warnings:
        drawn = document.write_pdf(pdf_variant="pdf/a-3a", uncompressed_pdf=True, finisher=finish)
    _refuse((), warnings)
    return _Drawn(drawn, found[0], tuple(margins))


class _FolderFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Reads files inside the given folders, and images that are written into the address itself; remembers what it refused.

    WeasyPrint only logs what could not be read and goes on, so the caller looks at `refused` afterwards.
    """

    def __init__(self, *folders: Path) -> None:
        super().__init__()
        self._folders = tuple(folder.resolve() for folder in folders)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith(_IMAGES_IN_ADDRESSES):
            return super().fetch(url, headers)
        parts = urlsplit(url)
        path = Path(url2pathname(parts.path)).resolve()
        is_inside = any(path.is_relative_to(folder) for folder in self._folders)
        if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not is_inside:
            self.refused.append(url[:200])
            raise ValueError("only files of the template's folder are read")
        return URLFetcherResponse(
            url, path.read_bytes(), {"Content-Type": guess_type(path.name)[0] or "application/octet-stream"}
        )


@cache
def thai_line_breaking_works() -> bool:
    """Return whether this machine's Pango finds the breaks between Thai words, and no others (libthai)."""
    text = "".join(_BREAKS)
    attributes = get_log_attrs(text, "th")
    found = [place for place in range(1, len(text)) if attributes[place].is_line_break]
    return found == [len("".join(_BREAKS[:count])) for count in range(1, len(_BREAKS))]


_warnings: ContextVar[list[str] | None] = ContextVar("weasyprint_warnings", default=None)


class _Collector(logging.Handler):
    """Keeps what WeasyPrint says while a document of this thread is in work."""

    def emit(self, record: logging.LogRecord) -> None:
        collected = _warnings.get()
        if collected is not None:
            collected.append(record.getMessage())


@cache
def _listen_to_weasyprint() -> None:
    logger = logging.getLogger("weasyprint")
    logger.setLevel(logging.WARNING)
    logger.addHandler(_Collector(logging.WARNING))


@contextmanager
def _collected_warnings() -> Iterator[list[str]]:
    collected: list[str] = []
    token = _warnings.set(collected)
    try:
        yield collected
    finally:
        _warnings.reset(token)


def _refuse(addresses: list[str] | tuple[str, ...], warnings: list[str]) -> None:
    """Raise for what WeasyPrint only logs."""
    if addresses:
        raise RenderingError(
            "the template asks for {addresses}; only files inside its own folder are read: put the file there",
            addresses=", ".join(dict.fromkeys(addresses)),
        )
    if warnings:
        raise RenderingError("the document cannot be drawn faithfully: {warnings}", warnings="; ".join(dict.fromkeys(warnings)))


def _shown_text(element: Any) -> Iterator[str]:  # an element tree's node, of whichever implementation WeasyPrint brings
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
