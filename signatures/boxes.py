"""The box of a field and what is drawn into it, as numbers: points (1/72 inch) from the lower left corner of the page.

A viewer maps the appearance's /BBox, turned by its /Matrix, onto the field's /Rect and cuts what sticks out
(ISO 32000-2, 12.5.5). One of another size is stretched: what the signatory saw is not what others see. So both sizes are
compared before anything is believed of an appearance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite

_NUMBERS_OF_A_BOX = 4
_NUMBERS_OF_A_MATRIX = 6
_NO_TURN = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LONGEST_OVERHANG_PT = 1.0
"""Layouts round; the same as what signing allows."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, its corners in order."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """In points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be seen in it."""
        return self.width <= 0 or self.height <= 0

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top


def read_box(numbers: Sequence[object] | None) -> Box | None:
    """Return the box of four numbers, two opposite corners in any order; None for anything else."""
    edges = _numbers(numbers, _NUMBERS_OF_A_BOX)
    if edges is None:
        return None
    return Box(min(edges[0], edges[2]), min(edges[1], edges[3]), max(edges[0], edges[2]), max(edges[1], edges[3]))


def fits(rect: Sequence[object] | None, bbox: Sequence[object] | None, matrix: Sequence[object] | None) -> bool:
    """Whether an appearance is drawn at its own size: its turned /BBox is as large as the field's /Rect, to a point."""
    place, form = read_box(rect), read_box(bbox)
    turn = _NO_TURN if matrix is None else _numbers(matrix, _NUMBERS_OF_A_MATRIX)
    if place is None or form is None or turn is None:
        return False
    drawn = _turned(form, turn)
    return abs(drawn.width - place.width) <= _LONGEST_OVERHANG_PT and abs(drawn.height - place.height) <= _LONGEST_OVERHANG_PT


def _numbers(values: Sequence[object] | None, count: int) -> tuple[float, ...] | None:
    if values is None or len(values) != count:
        return None
    try:
        numbers = tuple(float(value) for value in values)  # type: ignore[arg-type]  # whatever else a file holds is caught
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if all(map(isfinite, numbers)) else None


def _turned(form: Box, turn: Sequence[float]) -> Box:
    """Return the box around the turned one (ISO 32000-2, 8.3.4)."""
    corners = [
        (turn[0] * x + turn[2] * y + turn[4], turn[1] * x + turn[3] * y + turn[5])
        for x, y in product((form.left, form.right), (form.bottom, form.top))
    ]
    across, up = zip(*corners, strict=True)
    return Box(min(across), min(up), max(across), max(up))
