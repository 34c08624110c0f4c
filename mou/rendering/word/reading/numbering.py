"""What Word counts by itself, as the text that a reader sees: ข้อ ๑, 1.1, (ก) (ISO/IEC 29500-1, 17.9). No files.

1. A paragraph belongs to a list (`w:num`) and one of its nine levels, of its own or through its style.
2. Lists that share a definition (`w:abstractNum`) count on together, over tables and other text, from the first to the last page.
3. A list that says so (`w:startOverride`) begins anew at its first paragraph, once.
4. A level begins anew after a higher one, unless it says never, or only after a certain level (`w:lvlRestart`).
5. A higher level that no paragraph has had yet counts as begun.
6. The text of a number holds a place for each level that it names; `w:isLgl` writes all of them in Arabic numerals.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mou.rendering.word.element_names import Element, W
from mou.rendering.word.reading.number_formats import formatted, is_known
from mou.rendering.word.reading.symbols import BULLET, is_private, symbol

LEVELS: Final = 9
_LONGEST: Final = 255  # of a number's text, and of a number; what is longer is no number
_PLACE: Final = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `restarts_after` counts levels from 1; 0 is never, None after any higher one.

    `properties` are those of its paragraphs (`w:pPr`), where the level brings its own; `style` is the style that is linked to it.
    """

    start: int = 1
    kind: str = "decimal"
    pattern: str = ""
    text: str = ""
    restarts_after: int | None = None
    is_legal: bool = False
    style: str | None = None
    properties: Element = None


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A list: the definition whose count it shares, its levels, and where it begins anew."""

    definition: str
    levels: Mapping[int, Level]
    begins_anew: Mapping[int, int]

    def level_of_style(self, style: str) -> int | None:
        """Return the level that a paragraph style is linked to, if any."""
        return next((number for number, level in self.levels.items() if level.style == style), None)


def lists_of(numbering: Element, list_of_style: Mapping[str, str]) -> dict[str, NumberedList]:
    """Return the lists of `word/numbering.xml` by their `w:numId`; `list_of_style` names the list of each numbering style."""
    if numbering is None:
        return {}
    definitions = {one.get(f"{W}abstractNumId", ""): one for one in numbering.iterchildren(f"{W}abstractNum")}
    lists = {one.get(f"{W}numId", ""): one for one in numbering.iterchildren(f"{W}num")}
    links = {name: _value(one, "numStyleLink") for name, one in definitions.items()}
    found = {}
    for number, one in lists.items():
        definition = _value(one, "abstractNumId") or ""
        if link := links.get(definition):
            # The definition only names a style; the style's own list holds the levels.
            linked = lists.get(list_of_style.get(link, ""))
            definition = (_value(linked, "abstractNumId") or definition) if linked is not None else definition
        if definition in definitions:
            found[number] = _numbered_list(one, definition, definitions[definition])
    return found


def _numbered_list(one: Element, definition: str, definition_element: Element) -> NumberedList:
    levels = {
        number: _level(level) for level in definition_element.iterchildren(f"{W}lvl") if (number := _index(level)) is not None
    }
    begins_anew: dict[int, int] = {}
    for override in one.iterchildren(f"{W}lvlOverride"):
        if (number := _index(override)) is None:
            continue
        if (own := override.find(f"{W}lvl")) is not None:
            levels[number] = _level(own)
        if (start := override.find(f"{W}startOverride")) is not None:
            begins_anew[number] = whole(start.get(f"{W}val"), 1)
            levels[number] = replace(levels.get(number, Level()), start=begins_anew[number])
    return NumberedList(definition, levels, begins_anew)


def _level(level: Element) -> Level:
    kinds = list(level.iter(f"{W}numFmt"))
    custom = next((one.get(f"{W}format", "") for one in kinds if one.get(f"{W}val") == "custom"), "")
    kind = kinds[-1].get(f"{W}val", "decimal") if kinds else "decimal"
    restart = _value(level, "lvlRestart")
    text = (_value(level, "lvlText") or "")[:_LONGEST]
    if kind == "bullet":
        text = _bullet(level, text)
    return Level(
        start=whole(_value(level, "start"), 0),
        kind=kind,
        pattern=custom,
        text=text,
        restarts_after=None if restart is None else whole(restart, 0),
        is_legal=is_on(level.find(f"{W}isLgl")),
        style=_value(level, "pStyle"),
        properties=level.find(f"{W}pPr"),
    )


def _bullet(level: Element, text: str) -> str:
    fonts = level.find(f"{W}rPr/{W}rFonts")
    font = (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "") if fonts is not None else ""
    signs = (symbol(font, ord(one)) or (BULLET if is_private(one) else one) for one in text)
    return "".join(signs) or (BULLET if level.find(f"{W}lvlPicBulletId") is not None else "")


@dataclass(slots=True)
class Counting:
    """Counts the paragraphs of one document, in reading order."""

    lists: Mapping[str, NumberedList]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next_number(self, list_id: str, level: int) -> str:
        """Count one paragraph and return its number as it is shown, without the space after it; empty where nothing is shown."""
        numbered = self.lists.get(list_id)
        if numbered is None or level not in numbered.levels:
            return ""
        counts = self._counts.setdefault(numbered.definition, {})
        for number in range(level + 1):
            is_new = (list_id, number) not in self._begun and number in numbered.begins_anew
            if is_new:
                self._begun.add((list_id, number))
                counts[number] = numbered.begins_anew[number]
            elif number not in counts:
                counts[number] = numbered.levels.get(number, Level()).start
            elif number == level:
                counts[number] += 1
            if is_new or number == level:
                _restart_deeper(numbered, counts, number)
        return _shown(numbered, counts, level)

    def format_in_figures(self, list_id: str, level: int) -> str:
        """Return a format in this level's number that is written in figures, since only Word knows it; or nothing."""
        numbered = self.lists[list_id]
        own = numbered.levels.get(level, Level())
        named = (numbered.levels.get(int(place) - 1) for place in _PLACE.findall(own.text))
        shown = [] if own.is_legal else [one for one in named if one is not None]
        return next((one.kind for one in shown if not is_known(one.kind, one.pattern)), "")


def _restart_deeper(numbered: NumberedList, counts: dict[int, int], level: int) -> None:
    for deeper in [one for one in counts if one > level]:
        restarts_after = numbered.levels.get(deeper, Level()).restarts_after
        if restarts_after is None or level < restarts_after:
            del counts[deeper]


def _shown(numbered: NumberedList, counts: Mapping[int, int], level: int) -> str:
    own = numbered.levels[level]
    if own.kind == "bullet":
        return own.text

    def number_of(place: re.Match[str]) -> str:
        other = int(place[1]) - 1
        shown = numbered.levels.get(other)
        if shown is None or other > level or shown.kind in {"bullet", "none"}:
            return ""
        count = counts.get(other, shown.start)
        return formatted(count, "decimal" if own.is_legal else shown.kind, shown.pattern)

    return _PLACE.sub(number_of, own.text).strip()[:_LONGEST]


def _index(element: Element) -> int | None:
    number = whole(element.get(f"{W}ilvl"), -1)
    return number if 0 <= number < LEVELS else None


def _value(element: Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    value: str | None = child.get(f"{W}val") if child is not None else None
    return value


def whole(text: str | None, otherwise: int) -> int:
    """Return the whole number that a file wrote, or another where it wrote none."""
    try:
        return int(float(text)) if text and len(text) <= len("-1234567890.5") else otherwise
    except (ValueError, OverflowError):
        return otherwise


def is_on(element: Element) -> bool:
    """Return whether a switch such as `w:b` is there and not turned off."""
    return element is not None and (element.get(f"{W}val") or "1").casefold() not in {"0", "false", "off", "none"}
