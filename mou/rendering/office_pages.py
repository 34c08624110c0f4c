"""A PDF that LibreOffice made -> what is known of its pages, and the same file with what every document of ours carries.

1. It must be PDF/A-3b with tags, since that was asked for, and drawn in the fonts that the Word file names.
2. The words of the Word file stand on the pages, compared without white space and without regard to order.
3. The box of each signature is measured between two bookmarks; nothing may stand inside.
4. The record, the title, parties and day of the document and the mark of a sample are added; the bookmarks of the places go,
   and so does who wrote the Word file.

What such a file does not have, unlike the PDF of record in our own layout: a text layer that was repaired, the rules of PDF/UA
checked, and the same bytes each time on every machine.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final, cast

import pikepdf
import pypdfium2

from mou.errors import RenderingError
from mou.models import FilledDocument, SignatorySlot
from mou.rendering.archive import attach_record, metadata_date, saved
from mou.rendering.checks import bare_text
from mou.rendering.margins import page_mark
from mou.rendering.office import PROGRAM_NAME
from mou.rendering.page_mark import mark_pages
from mou.rendering.word.own_layout.places import BEGIN, END
from signatures.canonical import JsonValue, canonical_bytes
from signatures.fields import SignatureSlot

_BOX_WIDTH_PT: Final = 213.75  # of base.css
_ARCHIVAL: Final = re.compile(rb"<pdfaid:part>3</pdfaid:part>\s*<pdfaid:conformance>B</pdfaid:conformance>")
_METADATA: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>3</pdfaid:part>\
<pdfaid:conformance>B</pdfaid:conformance></rdf:Description>\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">\
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>\
<dc:creator><rdf:Seq>{creators}</rdf:Seq></dc:creator></rdf:Description>\
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>Writer</xmp:CreatorTool>\
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{producer}</pdf:Producer>\
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_SUBSET: Final = re.compile(r"^[A-Z]{6}\+")
# Drawn in the place of others of the same widths, or for bullets: what LibreOffice brings for that.
_STAND_INS: Final = ("opensymbol", "liberation", "carlito", "caladea")
_PLACE: Final = re.compile(rf"/(?:{BEGIN}(?P<side>left|center|right)|{END})(?P<field>S\d{{4}})")
_INSET_PT: Final = 1.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class OfficePages:
    """The file with everything but its fields, and where they belong."""

    pdf: bytes
    slots: tuple[SignatureSlot, ...]
    page_count: int


def finished_pages(pdf: bytes, filled: FilledDocument, *, words: str, fonts: frozenset[str], created: datetime) -> OfficePages:
    """Return the document, checked, with its record.

    Args:
        pdf: what LibreOffice made.
        filled: the document; its record says already by what it was laid out.
        words: the text of the Word file.
        fonts: the families that the Word file names.
        created: the aware date of the document.

    Raises:
        RenderingError: it is no PDF/A-3b, lacks words or a font, or a signature has no place of its own.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as document:
            _check_kind(document)
            _check_fonts(document, fonts)
            slots = tuple(_slots_of(document, filled.slots))
            _check_words(pdf, words, slots)
            _without_places(document)
            _describe(document, filled, created)
            if mark := page_mark(filled):
                mark_pages(document, mark)
            attach_record(document, canonical_bytes(cast("JsonValue", filled.record)), created=created)
            return OfficePages(saved(document), slots, len(document.pages))
    except (pikepdf.PdfError, AttributeError, LookupError, TypeError) as error:
        raise RenderingError(
            "a whole PDF of LibreOffice is expected, got one that cannot be read: {cause}", cause=error
        ) from error


def _check_kind(document: pikepdf.Pdf) -> None:
    metadata = document.Root.Metadata.read_bytes() if pikepdf.Name.Metadata in document.Root else b""
    if not _ARCHIVAL.search(metadata) or pikepdf.Name.StructTreeRoot not in document.Root:
        raise RenderingError("a tagged PDF/A-3b is expected of LibreOffice, got another kind of PDF; install a newer LibreOffice")


def _check_fonts(document: pikepdf.Pdf, named: frozenset[str]) -> None:
    """Refuse a font that the file does not name: it stands in the place of one that is missing, or has other signs."""
    known = (*(_plain_name(one) for one in named), *_STAND_INS)
    strange = sorted({one for one in _fonts_of(document) if not _plain_name(one).startswith(known)})
    if strange:
        raise RenderingError(
            "the Word file is drawn in fonts that it names ({named}); LibreOffice drew some of it in {strange}: install what is "
            "missing, or choose Sarabun in Word, which comes with the program",
            named=", ".join(sorted(named)),
            strange=", ".join(strange),
        )


def _fonts_of(document: pikepdf.Pdf) -> Iterator[str]:
    for found in document.objects:
        if isinstance(found, pikepdf.Dictionary) and found.get(pikepdf.Name.Type) == pikepdf.Name.FontDescriptor:
            yield _SUBSET.sub("", str(found.FontName).removeprefix("/")).partition("-")[0]


def _plain_name(font: str) -> str:
    return re.sub(r"[^a-z0-9\u0e00-\u0e7f]", "", font.casefold())


def _slots_of(document: pikepdf.Pdf, slots: Sequence[SignatorySlot]) -> Iterator[SignatureSlot]:
    begins, ends = _places_of(document)
    for slot in slots:
        if slot.field not in begins or slot.field not in ends:
            raise RenderingError(
                "{name}: LibreOffice lays out no place for this signature; take it out of its text box or frame",
                name=slot.person.full_name,
            )
        (page, left, top, side), (end_page, right, bottom, _) = begins[slot.field], ends[slot.field]
        if page != end_page or not (left < right and bottom < top):
            raise RenderingError("{name}: the place for this signature is expected on one page", name=slot.person.full_name)
        width = min(right - left, _BOX_WIDTH_PT)
        if side != "left":
            left += (right - left - width) / (2 if side == "center" else 1)
        yield SignatureSlot(
            slot.field, slot.label, page, (round(left, 3), round(bottom, 3), round(left + width, 3), round(top, 3))
        )


Found = tuple[int, float, float, str]


def _places_of(document: pikepdf.Pdf) -> tuple[Mapping[str, Found], Mapping[str, Found]]:
    """Return page, left and upper edge of the two bookmarks of each place, and on which side of its column it stands."""
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
    begins: dict[str, Found] = {}
    ends: dict[str, Found] = {}
    for name, target in document.Root.get(pikepdf.Name.Dests, pikepdf.Dictionary()).items():
        if found := _PLACE.fullmatch(name):
            place = target if isinstance(target, pikepdf.Array) else target.D
            side = found["side"]
            (begins if side else ends)[found["field"]] = (pages[place[0].objgen], float(place[2]), float(place[3]), side or "")
    return begins, ends


def _check_words(pdf: bytes, words: str, slots: Sequence[SignatureSlot]) -> None:
    """Refuse a PDF that lacks letters of the Word file, or that has text where somebody is to sign."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = [page.get_textpage() for page in document]
        missing = Counter(_comparable(words)) - Counter(_comparable("".join(text.get_text_range() for text in texts)))
        if missing:
            raise RenderingError(
                "the words of the Word file are expected on the pages that LibreOffice made; {count} letters are missing there, "
                "among them {letters}: look for hidden text, or for text that its box cuts off",
                count=missing.total(),
                letters=" ".join(sorted(missing)[:10]),
            )
        for slot in slots:
            left, bottom, right, top = slot.box
            inside = texts[slot.page].get_text_bounded(left + _INSET_PT, bottom + _INSET_PT, right - _INSET_PT, top - _INSET_PT)
            if inside.strip():
                raise RenderingError(
                    "page {page}: the text {text} stands in the box of {slot}; leave the box empty",
                    page=slot.page + 1,
                    text=inside.strip(),
                    slot=slot.name,
                )
    finally:
        document.close()


def _comparable(text: str) -> str:
    """Return letters, marks and figures; SARA AM in its two halves, as some programs write it."""
    return "".join(one for one in bare_text(text).replace("\u0e33", "\u0e4d\u0e32") if one.isalnum() or "\u0e00" < one < "\u0e7f")


def _without_places(document: pikepdf.Pdf) -> None:
    """Take the bookmarks of the places away, and what a viewer would do when it opens the file."""
    destinations = document.Root.get(pikepdf.Name.Dests, pikepdf.Dictionary())
    for name in [one for one in destinations.keys() if _PLACE.fullmatch(one)]:  # noqa: SIM118  # pikepdf's own
        del destinations[name]
    if pikepdf.Name.Dests in document.Root and not destinations.keys():
        del document.Root.Dests
    if pikepdf.Name.OpenAction in document.Root:
        del document.Root.OpenAction


def _describe(document: pikepdf.Pdf, filled: FilledDocument, created: datetime) -> None:
    """Write the document's title, parties and day in the place of what the Word file and the clock said, in place."""
    parties = list(dict.fromkeys(slot.organisation_name for slot in filled.slots))
    producer = str(document.docinfo.get("/Producer", PROGRAM_NAME))
    date = metadata_date(created)
    creators = "".join(f"<rdf:li>{escape(party)}</rdf:li>" for party in parties)
    metadata = _METADATA.format(title=escape(filled.title), creators=creators, date=date, producer=escape(producer))
    document.Root.Metadata.write(metadata.encode())
    for key in document.docinfo.keys() - {"/Creator", "/Producer"}:
        del document.docinfo[key]
    stamp = "D:" + re.sub(r"[^0-9]", "", date) + "Z"
    said = {"/Title": filled.title, "/Author": ", ".join(parties), "/CreationDate": stamp, "/ModDate": stamp}
    for key, value in said.items():
        document.docinfo[key] = value
    document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
