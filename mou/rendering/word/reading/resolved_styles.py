"""How runs and paragraphs of a Word file look, resolved through their styles (ISO/IEC 29500-1, 17.7).

1. What a run says itself holds; else its character style, else the paragraph's style, else the file's defaults. A style takes
   from the one that it is based on.
2. Bold and italic that both a character style and a paragraph style ask for cancel each other out (17.7.3).
3. Thai letters are complex script: their bold, italic and size are `w:bCs`, `w:iCs`, `w:szCs` (17.3.2). A run with a Thai letter
   is read by these, any other by `w:b`, `w:i`, `w:sz`.
4. A paragraph's indents come from itself, else its list level, else its style; from its style first where that names the list.
The look that a table's style gives to its first row or column is not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from mou.rendering.word.element_names import Element, W
from mou.rendering.word.reading.numbering import is_on, whole
from mou.rendering.word.values import Alignment

_COMPLEX: Final = re.compile(r"[\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_HEADING: Final = re.compile(r"(?:heading|หัวเรื่อง) ?(?P<level>[1-9])")
_ALIGNMENTS: Final = {
    "center": Alignment.CENTRE,
    "right": Alignment.RIGHT,
    "end": Alignment.RIGHT,
    "both": Alignment.JUSTIFIED,
    "distribute": Alignment.JUSTIFIED,
    "thaiDistribute": Alignment.JUSTIFIED,
    "lowKashida": Alignment.JUSTIFIED,
    "mediumKashida": Alignment.JUSTIFIED,
    "highKashida": Alignment.JUSTIFIED,
}
_SIDES: Final = tuple(f"{W}{side}" for side in ("top", "left", "start", "bottom", "right", "end", "insideH", "insideV"))
_TWENTIETHS: Final = 20
_BODY_TEXT_LEVEL: Final = 9
_MOST_KNOWN_LOOKS: Final = 5_000
_LONGEST_CHAIN: Final = 30


Said: TypeAlias = dict[str, Element]


@dataclass(frozen=True, slots=True)
class RunLook:
    """What of a run's look its text or its meaning depends on."""

    bold: bool = False
    italic: bool = False
    size_pt: float | None = None
    is_hidden: bool = False
    is_struck: bool = False
    is_raised: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The list and level of a paragraph, and whether only its style says so."""

    list_id: str
    level: int | None
    styles: tuple[str, ...]
    is_from_style: bool


class Styles:
    """The styles of one file. Each answer is worked out from the elements; nothing is changed."""

    def __init__(self, root: Element) -> None:
        """Keep each style by its id; `root` is `word/styles.xml`, or None where a file has none."""
        self._known_looks: dict[tuple[str, bool, tuple[object, ...]], RunLook] = {}
        self._known_run_properties: dict[str, list[Said]] = {}
        self._known_paragraph_properties: dict[str, list[Said]] = {}
        self._known_lines: dict[str, dict[str, str]] = {}
        self._known_tabs: dict[str, bool] = {}
        found = [] if root is None else list(root.iterchildren(f"{W}style"))
        self._by_id: dict[str, Element] = {one.get(f"{W}styleId", ""): one for one in found}
        self._default = next(
            (
                one.get(f"{W}styleId", "")
                for one in found
                if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in {"1", "true"}
            ),
            "",
        )
        defaults = None if root is None else root.find(f"{W}docDefaults")
        self._run_defaults = _first_of_each(None if defaults is None else defaults.find(f"{W}rPrDefault/{W}rPr"))
        self._paragraph_defaults = _first_of_each(None if defaults is None else defaults.find(f"{W}pPrDefault/{W}pPr"))

    def style_of(self, properties: Element) -> str:
        """Return the id of a paragraph's style; the file's default one where it names none."""
        named = _attribute(properties, "pStyle")
        return named if named in self._by_id else self._default

    def name_of(self, style: str) -> str:
        """Return a style's name; Word's own headings as its menu writes them."""
        element = self._by_id.get(style)
        name = (_attribute(element, "name") or style) if element is not None else style
        return name.capitalize() if name.startswith("heading ") else name

    def lists_of_styles(self) -> Mapping[str, str]:
        """Return the list that each numbering style names."""
        named = {
            name: one.find(f"{W}pPr/{W}numPr/{W}numId") for name, one in self._by_id.items() if one.get(f"{W}type") == "numbering"
        }
        return {name: one.get(f"{W}val", "") for name, one in named.items() if one is not None}

    def look_of(self, properties: Element, paragraph_style: str, text: str) -> RunLook:
        """Return the look of a run with this text; it is worked out once for all runs that say the same."""
        is_complex = bool(_COMPLEX.search(text)) or is_on(_child(properties, "cs")) or is_on(_child(properties, "rtl"))
        same = (paragraph_style, is_complex, _said(properties))
        if same not in self._known_looks:
            if len(self._known_looks) >= _MOST_KNOWN_LOOKS:
                self._known_looks.clear()
            self._known_looks[same] = self._look(properties, paragraph_style, is_complex=is_complex)
        return self._known_looks[same]

    def _look(self, properties: Element, paragraph_style: str, *, is_complex: bool) -> RunLook:
        character_style = _attribute(properties, "rStyle") or ""
        suffix = "Cs" if is_complex else ""
        sizes = self._run_values(properties, paragraph_style, character_style, f"sz{suffix}")
        size = next((whole(one.get(f"{W}val"), 0) for one in sizes), 0)
        heights = self._run_values(properties, paragraph_style, character_style, "vertAlign")
        raised = next((one.get(f"{W}val") for one in heights), "")

        def is_switched_on(name: str) -> bool:
            return self._is_on(properties, paragraph_style, character_style, name)

        return RunLook(
            bold=is_switched_on(f"b{suffix}"),
            italic=is_switched_on(f"i{suffix}"),
            size_pt=size / 2 if size > 0 else None,
            is_hidden=is_switched_on("vanish"),
            is_struck=is_switched_on("strike") or is_switched_on("dstrike"),
            is_raised=raised in {"superscript", "subscript"},
            font=self._font(properties, paragraph_style, character_style),
        )

    def _font(self, properties: Element, paragraph_style: str, character_style: str) -> str:
        for fonts in self._run_values(properties, paragraph_style, character_style, "rFonts"):
            if name := fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi"):
                return str(name)
        return ""

    def _run_values(self, properties: Element, paragraph_style: str, character_style: str, name: str) -> Iterator[Element]:
        """Return what says something, the nearest first."""
        places = [properties, *self._run_properties(character_style), *self._run_properties(paragraph_style), self._run_defaults]
        yield from (child for place in places if (child := _child(place, name)) is not None)

    def _run_properties(self, style: str) -> list[Said]:
        if style not in self._known_run_properties:
            self._known_run_properties[style] = [_first_of_each(one.find(f"{W}rPr")) for one in self._chain(style)]
        return self._known_run_properties[style]

    def _is_on(self, properties: Element, paragraph_style: str, character_style: str, name: str) -> bool:
        if (own := _child(properties, name)) is not None:
            return is_on(own)
        in_styles = [
            next((child for place in self._run_properties(style) if (child := _child(place, name)) is not None), None)
            for style in (character_style, paragraph_style)
        ]
        said = [is_on(one) for one in in_styles if one is not None]
        return sum(said) == 1 if said else is_on(_child(self._run_defaults, name))

    def _chain(self, style: str) -> list[Element]:
        """Return the style and those that it is based on, the nearest first; a circle ends where it closes."""
        chain: list[Element] = []
        seen: set[str] = set()
        while style in self._by_id and style not in seen and len(chain) < _LONGEST_CHAIN:
            seen.add(style)
            chain.append(self._by_id[style])
            style = _attribute(chain[-1], "basedOn") or ""
        return chain

    def _paragraph_properties(self, style: str) -> list[Said]:
        if style not in self._known_paragraph_properties:
            self._known_paragraph_properties[style] = [_first_of_each(one.find(f"{W}pPr")) for one in self._chain(style)]
        return self._known_paragraph_properties[style]

    def _nearest(self, properties: Element, style: str, name: str) -> Element:
        places = [properties, *self._paragraph_properties(style), self._paragraph_defaults]
        return next((child for place in places if (child := _child(place, name)) is not None), None)

    def alignment_of(self, properties: Element, style: str) -> Alignment:
        """Return how the lines of a paragraph stand."""
        found = self._nearest(properties, style, "jc")
        return _ALIGNMENTS.get(found.get(f"{W}val", ""), Alignment.LEFT) if found is not None else Alignment.LEFT

    def begins_page(self, properties: Element, style: str) -> bool:
        """Return whether a paragraph asks for a page of its own."""
        return is_on(self._nearest(properties, style, "pageBreakBefore"))

    def heading_level(self, properties: Element, style: str) -> int:
        """Return a heading's level, 1 to 9; 0 for any other paragraph."""
        if (outline := self._nearest(properties, style, "outlineLvl")) is not None:
            level = whole(outline.get(f"{W}val"), _BODY_TEXT_LEVEL)
            return level + 1 if 0 <= level < _BODY_TEXT_LEVEL else 0
        names = (_attribute(one, "name") or "" for one in self._chain(style))
        return next((int(found["level"]) for name in names if (found := _HEADING.fullmatch(name.strip().casefold()))), 0)

    def has_dotted_tabs(self, properties: Element, style: str) -> bool:
        """Return whether a tab of this paragraph draws a line of dots or dashes."""
        if (own := _child(properties, "tabs")) is not None:
            return _draws_dots(own)
        if style not in self._known_tabs:
            self._known_tabs[style] = _draws_dots(self._nearest(None, style, "tabs"))
        return self._known_tabs[style]

    def table_lines(self, properties: Element) -> dict[str, str]:
        """Return which line a table has on each side, by itself or by its style."""
        style = _attribute(properties, "tblStyle") or ""
        if style not in self._known_lines:
            borders = (_child(_child(one, "tblPr"), "tblBorders") for one in reversed(self._chain(style)))
            self._known_lines[style] = {side: line for one in borders for side, line in _lines(one)}
        return self._known_lines[style] | dict(_lines(_child(properties, "tblBorders")))

    def numbered(self, properties: Element, style: str) -> Numbered | None:
        """Return the list of a paragraph; a list `0` takes it out of its style's."""
        own = _child(properties, "numPr")
        of_styles = zip(self._chain(style), self._paragraph_properties(style), strict=True)
        places = [("", own), *((one.get(f"{W}styleId", ""), _child(said, "numPr")) for one, said in of_styles)]
        said = [(name, _attribute(place, "numId"), _attribute(place, "ilvl")) for name, place in places if place is not None]
        list_id = next((number for _, number, _ in said if number is not None), "0")
        if whole(list_id, 0) <= 0:
            return None
        level = next((whole(depth, 0) for _, _, depth in said if depth is not None), None)
        is_from_style = _attribute(own, "numId") is None
        return Numbered(list_id, level, tuple(name for name, _ in places if name), is_from_style)

    def indents(self, properties: Element, style: str, level: Element, *, is_from_style: bool) -> tuple[float, float]:
        """Return the left and first-line indent in points; `level` is what the list's level says of its paragraphs, or None."""
        of_style = self._paragraph_properties(style)
        places = [properties, *of_style, level] if is_from_style else [properties, level, *of_style]
        indents = [one for place in [*places, self._paragraph_defaults] if (one := _child(place, "ind")) is not None]
        left = next((found for one in indents if (found := one.get(f"{W}left") or one.get(f"{W}start"))), None)
        return whole(left, 0) / _TWENTIETHS, next(
            (found for one in indents if (found := _first_line(one)) is not None), 0
        ) / _TWENTIETHS


def _said(properties: Element) -> tuple[object, ...]:
    """Return what a run says of its look, to be compared."""
    if properties is None:
        return ()
    return tuple((one.tag, one.get(f"{W}val"), one.get(f"{W}ascii"), one.get(f"{W}hAnsi")) for one in properties)


def _first_line(indent: Element) -> int | None:
    if (hanging := indent.get(f"{W}hanging")) is not None:
        return -whole(hanging, 0)
    first = indent.get(f"{W}firstLine")
    return None if first is None else whole(first, 0)


def _first_of_each(properties: Element) -> Said:
    """Return the first child of each name; looked up in it, thousands of properties in a style cost no paragraph anything."""
    return {} if properties is None else {one.tag: one for one in reversed(properties) if isinstance(one.tag, str)}


def _lines(borders: Element) -> Iterator[tuple[str, str]]:
    sides = () if borders is None else borders.iterchildren(*_SIDES)
    return ((one.tag, one.get(f"{W}val") or "nil") for one in sides)


def _draws_dots(tabs: Element) -> bool:
    return tabs is not None and any(one.get(f"{W}leader", "none") != "none" for one in tabs.iterchildren(f"{W}tab"))


def _child(said: Element | Said, name: str) -> Element:
    if isinstance(said, dict):
        return said.get(f"{W}{name}")
    return None if said is None else said.find(f"{W}{name}")


def _attribute(element: Element, name: str) -> str | None:
    child = _child(element, name)
    value: str | None = child.get(f"{W}val") if child is not None else None
    return value
