"""A signed PDF -> where on which page each of its signatures is seen, in parts of the page as it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Name

PAGES_AT_MOST = 2000
_FIELDS_ABOVE_AT_MOST = 32
_QUARTER_TURN = 90


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page, counted from 1; its edges in parts of the page's width and height, from the upper left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float


def find_places(pdf: bytes) -> dict[str, list[Place]]:
    """Return by field the places in which a signature can be seen; a field without one has none that can be seen.

    Raises:
        pikepdf.PdfError: the file cannot be read.
    """
    found: dict[str, list[Place]] = {}
    with pikepdf.open(BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages[:PAGES_AT_MOST], start=1):
            for widget in _widgets(page):
                place = _place(number, page, widget)
                if place is not None and _inherited(widget, Name.FT) == Name.Sig and _inherited(widget, Name.V) is not None:
                    found.setdefault(_full_name(widget), []).append(place)
    return found


def _widgets(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    annotations = page.obj.get(Name.Annots)
    if isinstance(annotations, pikepdf.Array):
        yield from (one for one in annotations if isinstance(one, pikepdf.Dictionary))


def _chain(widget: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the widget and the fields above it; a circle ends."""
    field: pikepdf.Object | None = widget
    for _ in range(_FIELDS_ABOVE_AT_MOST):
        if not isinstance(field, pikepdf.Dictionary):
            return
        yield field
        field = field.get(Name.Parent)


def _inherited(widget: pikepdf.Object, key: pikepdf.Name) -> pikepdf.Object | None:
    return next((field[key] for field in _chain(widget) if key in field), None)


def _full_name(widget: pikepdf.Object) -> str:
    """Return the field's name with those above it, parted by full stops (ISO 32000-2, 12.7.4.2)."""
    return ".".join(reversed([str(field.T) for field in _chain(widget) if Name.T in field]))


def _place(number: int, page: pikepdf.Page, widget: pikepdf.Object) -> Place | None:
    try:
        sheet, box = _corners(page.cropbox), _corners(widget.Rect)
        turns = int(page.obj.get(Name.Rotate, 0)) // _QUARTER_TURN % 4
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    wide, high = sheet[2] - sheet[0], sheet[3] - sheet[1]
    if min(wide, high, box[2] - box[0], box[3] - box[1]) <= 0:
        return None
    edges = (
        (box[0] - sheet[0]) / wide,
        (sheet[3] - box[3]) / high,
        (box[2] - sheet[0]) / wide,
        (sheet[3] - box[1]) / high,
    )
    for _ in range(turns):  # a quarter to the right: what was the lower edge becomes the left one
        edges = (1 - edges[3], edges[0], 1 - edges[1], edges[2])
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in edges)
    return Place(number, left, top, right - left, bottom - top) if right > left and bottom > top else None


def _corners(numbers: pikepdf.Object) -> tuple[float, float, float, float]:
    one, two, three, four = (float(number) for number in numbers)
    return min(one, three), min(two, four), max(one, three), max(two, four)
