"""A template filled with its examples -> its draft as a PDF, or why its pages cannot be drawn; and pages as pictures."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Final, TypeVar

from mou.documents import draft_of, prepare_document
from mou.errors import RenderingError
from mou.models import FilledDocument, Font
from mou.template_checks.findings import Finding, Place, error
from mou.template_checks.source_words import SourceLine, place_of
from mou.template_checks.titles import Column
from signatures.messages import Message, say

Drawn = TypeVar("Drawn")

CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in the metadata of every preview, so that the same template gives the same bytes."""

_PICTURE_SCALE: Final = 2.0  # pixels for each point
_COLUMN_PT: Final = 160 / 25.4 * 72
_TITLE_REM: Final = 1.47  # of an h1 in base.css
_TITLE_SIZE: Final = re.compile(
    r"(?:^|[},])\s*h1\s*\{[^}]*?font-size:\s*(?P<size>\d+(?:\.\d+)?)(?P<unit>rem|em|pt|%)", re.MULTILINE
)
TEXT_SIZES_PT: Final = {Font.SARABUN: 10.9, Font.TH_SARABUN_NEW: 16.0}
"""The size of the text of a document in each font, as mou.rendering.pdf sets it."""


def undrawable(filled: FilledDocument, lines: Sequence[SourceLine], *, with_long_names: bool = False) -> tuple[Finding, ...]:
    """Return why the document's pages cannot be drawn, or why a signature would have no room; nothing where they can.

    Args:
        filled: the document.
        lines: the own words of its template, to find the line.
        with_long_names: whether it is filled with long names, which the finding then says.
    """
    try:
        _drawn(lambda: prepare_document(filled, created=CREATED))
    except RenderingError as cause:
        told: Message = cause.message
        if with_long_names:
            told = say("with a name as long as those of public offices are: {cause}", cause=told)
        remedy = say("change the template, and look at it with: mou template preview")
        return (error("page_undrawable", _place(cause, lines), told, remedy),)
    return ()


def title_column(css: str, font: Font, advance_of: Callable[[str], int]) -> Column:
    """Return how wide a page's column is, and what measures a line of the title.

    Args:
        css: the style sheet of the template, which may set the size of an h1.
        font: the template's font.
        advance_of: the width of a character in thousandths of its size, in the bold face.
    """
    text_pt = TEXT_SIZES_PT[font]
    match = _TITLE_SIZE.search(css)
    units = {"rem": text_pt, "em": text_pt, "%": text_pt / 100, "pt": 1.0}
    size = float(match["size"]) * units[match["unit"]] if match else _TITLE_REM * text_pt
    return Column(_COLUMN_PT, lambda line: sum(map(advance_of, line)) * size / 1000)


def draft_pdf(filled: FilledDocument) -> bytes:
    """Return the document as a PDF that is marked as a draft on every page.

    Raises:
        RenderingError: a page cannot be drawn faithfully.
    """
    return _drawn(lambda: draft_of(replace(filled, is_sample=True), created=CREATED))


def count_pages(pdf: bytes) -> int:
    """Return how many pages the PDF has."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def pages_as_png(pdf: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Yield these pages of the PDF, counted from 1, each with its picture as a PNG."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        for number in numbers:
            picture = BytesIO()
            document[number - 1].render(scale=_PICTURE_SCALE).to_pil().save(picture, "PNG")
            yield number, picture.getvalue()


def _drawn(draw: Callable[[], Drawn]) -> Drawn:
    """What `draw` gives; a page whose elements are nested without end is told like every other that cannot be drawn."""
    try:
        return draw()
    except RecursionError as error:
        raise RenderingError("the elements of the page are nested too deeply; close those that are open, one by one") from error


def _place(cause: RenderingError, lines: Sequence[SourceLine]) -> Place:
    """Where the fault stands, as far as the error tells it: its page, and the line that has its text, or a part of it."""
    values = cause.message.values
    page = values.get("page")
    said = str(values.get("text") or values.get("excerpt") or values.get("expected") or "").strip("“”")
    third = len(said) // 3
    parts = ((0, len(said)), (third, len(said) - third), (len(said) // 2, len(said)), (0, len(said) // 2))
    found = (place_of(lines, said, start, end) for start, end in parts if said[start:end].strip())
    place = next((one for one in found if one.line), Place())
    return replace(place, page=page if isinstance(page, int) else 0)
