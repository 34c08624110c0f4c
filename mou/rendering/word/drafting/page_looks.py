"""Computed styles (CSS) -> looks in points. Pure; a style is what WeasyPrint computed for one element."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias
from xml.etree.ElementTree import Element  # noqa: TC003  # a type that is told at run time too

from mou.rendering.word.page import Borders, Line, Padding, ParagraphLook, TextLook
from mou.rendering.word.values import Alignment

Style: TypeAlias = Mapping[str, Any]
"""What WeasyPrint computed for one element, by the names of CSS with underscores."""

_POINTS_PER_PIXEL: Final = 0.75
_LEAST_OPAQUE: Final = 0.5
_BOLD: Final = 600
_ALIGNMENTS: Final = {
    "left": Alignment.LEFT,
    "start": Alignment.LEFT,
    "center": Alignment.CENTRE,
    "right": Alignment.RIGHT,
    "end": Alignment.RIGHT,
    "justify": Alignment.JUSTIFIED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: what its ancestors decide. `part` is the class of the container that its style names."""

    width_pt: float
    language: str
    left_pt: float = 0.0
    right_pt: float = 0.0
    part: str | None = None
    keeps_together: bool = False
    borders: Borders | None = None


def points(length: object, whole_pt: float = 0.0) -> float:
    """Return a computed length in points; a percentage is of `whole_pt`, and `auto` is nothing."""
    value, unit = getattr(length, "value", 0.0), getattr(length, "unit", "px")
    return float(value) / 100 * whole_pt if unit == "%" else round(float(value) * _POINTS_PER_PIXEL, 3)


def points_of_pixels(pixels: int) -> float:
    """Return the length of so many pixels of CSS."""
    return pixels * _POINTS_PER_PIXEL


def text_look(style: Style) -> TextLook:
    """Return how text in this element looks."""
    return TextLook(
        size_pt=round(style["font_size"] * _POINTS_PER_PIXEL, 3),
        bold=style["font_weight"] >= _BOLD,
        italic=style["font_style"] != "normal",
        colour=_hexadecimal(style["color"]),
    )


def paragraph_look(style: Style, place: Place, *, before_pt: float, number_pt: float | None) -> ParagraphLook:
    """Return how the paragraph of this element stands; `number_pt` is the width of the number that it begins with."""
    first_line = points(style["text_indent"], place.width_pt)
    text = text_look(style)
    return ParagraphLook(
        text=text,
        alignment=_ALIGNMENTS.get(style["text_align_all"], Alignment.LEFT),
        left_pt=place.left_pt,
        right_pt=place.right_pt,
        first_line_pt=first_line,
        before_pt=before_pt,
        line_pt=_line_height(style, text.size_pt),
        tab_pt=place.left_pt + first_line + number_pt if number_pt and first_line >= 0 else None,
        borders=place.borders or Borders(),
    )


def box_look(style: Style, place: Place, *, before_pt: float) -> ParagraphLook:
    """Return how an empty box stands: one line exactly as high as the box."""
    look = paragraph_look(style, place, before_pt=before_pt, number_pt=None)
    borders = borders_of(style) or Borders()
    return replace(
        look, first_line_pt=0.0, line_pt=points(style["height"]), line_is_exact=True, borders=borders, keeps_lines=True
    )


def is_box(style: Style) -> bool:
    """Whether the element has a height of its own."""
    return style["height"] != "auto" and points(style["height"]) > 0


def inside(place: Place, style: Style, *, has_borders: bool, is_cell: bool = False) -> Place:
    """Return the place inside an element: as far from the column's edges as its margins and paddings ask for."""
    whole = place.width_pt
    margins = (0.0, 0.0) if is_cell else (points(style["margin_left"], whole), points(style["margin_right"], whole))
    left = margins[0] + points(style["padding_left"], whole)
    right = margins[1] + points(style["padding_right"], whole)
    borders = borders_of(style) if has_borders else None
    return replace(
        place,
        left_pt=place.left_pt + left,
        right_pt=place.right_pt + right,
        width_pt=whole - left - right,
        borders=borders or place.borders,
    )


def borders_of(style: Style) -> Borders | None:
    """Return the lines around an element, or None where there are none."""
    found = {side: line_of(style, side) for side in ("top", "left", "bottom", "right")}
    return Borders(**found) if any(found.values()) else None


def line_of(style: Style, side: str) -> Line | None:
    """Return the border on this side, or None."""
    if style[f"border_{side}_style"] in {"none", "hidden"} or not style[f"border_{side}_width"]:
        return None
    width = style[f"border_{side}_width"] * _POINTS_PER_PIXEL
    return Line(round(width, 3), _hexadecimal(style[f"border_{side}_color"]), points(style[f"padding_{side}"]))


def fill_of(style: Style) -> str | None:
    """Return the colour of an element's ground, or None where the paper shows through."""
    colour = style["background_color"]
    return _hexadecimal(colour) if getattr(colour, "alpha", 0) > _LEAST_OPAQUE else None


def padding_of(style: Style) -> Padding:
    """Return the room inside a cell's edges."""
    return Padding(**{f"{side}_pt": points(style[f"padding_{side}"]) for side in ("top", "left", "bottom", "right")})


def outer_width(style: Style, whole_pt: float) -> float:
    """Return the width of an inline block with its margins."""
    return sum(points(style[name], whole_pt) for name in ("width", "margin_left", "margin_right"))


def without_width(style: Style) -> Style:
    """Return the style of what became a cell: the cell has its width and margins."""
    return _WithoutMargins(style)


def column_widths(rows: "Sequence[Sequence[tuple[Element, Style]]]", columns: int, whole_pt: float) -> tuple[float, ...]:
    """Return the width of each column: as stated by a cell that has it alone, the others share what is left."""
    stated: dict[int, float] = {}
    for cells in rows:
        column = 0
        for cell, style in cells:
            span = int(cell.get("colspan", 1))
            if span == 1 and style["width"] != "auto" and column not in stated:
                paddings = points(style["padding_left"]) + points(style["padding_right"])
                stated[column] = points(style["width"], whole_pt) + (0 if style["box_sizing"] == "border-box" else paddings)
            column += span
    free = columns - len(stated)
    rest = max(whole_pt - sum(stated.values()), 0.0)
    scale = 1.0 if free else whole_pt / sum(stated.values())
    return tuple(stated[column] * scale if column in stated else rest / free for column in range(columns))


class _WithoutMargins(Mapping[str, Any]):
    """A style but for the margins at its sides."""

    def __init__(self, style: Style) -> None:
        self._style = style

    def __getitem__(self, name: str) -> object:
        return None if name in {"margin_left", "margin_right"} else self._style[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._style)

    def __len__(self) -> int:
        return len(self._style)


def _line_height(style: Style, size_pt: float) -> float:
    height = style["line_height"]
    if height == "normal":
        return 0.0
    return round(points(height, size_pt) if hasattr(height, "value") else float(height) * size_pt, 3)


def _hexadecimal(colour: object) -> str:
    if not hasattr(colour, "to"):
        return "000000"  # the word currentcolor
    red, green, blue = (round(max(0.0, min(1.0, one)) * 255) for one in colour.to("srgb").coordinates)
    return f"{red:02x}{green:02x}{blue:02x}".upper()
