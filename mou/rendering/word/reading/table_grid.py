"""The rows and cells of a Word table, read through whatever stands around them, and the lines that are drawn. Pure."""

from collections.abc import Iterator
from typing import Final

from mou.rendering.word.element_names import MC, Element, W
from mou.rendering.word.reading.numbering import is_on, whole
from mou.rendering.word.reading.plain_text import PROPERTIES, chosen
from mou.rendering.word.reading.resolved_styles import Styles

_MOST_COLUMNS: Final = 63
_HOLDS_NO_ROW: Final = PROPERTIES | {f"{W}{name}" for name in ("tr", "tc", "p", "tbl", "r", "tblPrEx", "sdtEndPr")}
_NO_LINE: Final = frozenset({"none", "nil", None})


def rows_of(table: Element) -> Iterator[Element]:
    """Return the rows of a table, those in controls too; not the rows of tables inside it."""
    return _children(table, f"{W}tr")


def cells_of(row: Element) -> Iterator[Element]:
    """Return the cells of a row, those in controls too."""
    return _children(row, f"{W}tc")


def _children(container: Element, tag: str) -> Iterator[Element]:
    """Return the rows or cells, through whatever else stands around them; not those of a table inside."""
    for child in container:
        if child.tag == tag:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            if (choice := chosen(child)) is not None:
                yield from _children(choice, tag)
        elif isinstance(child.tag, str) and child.tag not in _HOLDS_NO_ROW:
            yield from _children(child, tag)


def controls_beginning_at(part: Element) -> Iterator[Element]:
    """Return the content controls around whole rows or cells of which this row or cell is the first, the innermost first."""
    while (outer := part.getparent()) is not None and outer.tag not in {f"{W}tbl", f"{W}tr"}:
        if next(part.itersiblings(f"{W}tr", f"{W}tc", f"{W}sdt", preceding=True), None) is not None:
            return
        if outer.tag == f"{W}sdt":
            yield outer
        part = outer


def columns(properties: Element, name: str, otherwise: int) -> int:
    """Return how many columns a cell goes over (`gridSpan`), or a row leaves out (`gridBefore`, `gridAfter`)."""
    written = properties.find(f"{W}{name}") if properties is not None else None
    return min(max(whole(written.get(f"{W}val"), otherwise), otherwise), _MOST_COLUMNS) if written is not None else otherwise


def goes_on(properties: Element) -> bool:
    """Return whether a cell is one with the cell above it."""
    merged = properties.find(f"{W}vMerge") if properties is not None else None
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"


def is_header(properties: Element) -> bool:
    """Return whether a row is repeated on each page."""
    return properties is not None and is_on(properties.find(f"{W}tblHeader"))


def has_borders(table: Element, styles: Styles) -> bool:
    """Return whether any line is drawn in or around a table: by itself, by its style, or by one of its cells."""
    sides = styles.table_lines(table.find(f"{W}tblPr"))
    of_cells = (
        side.get(f"{W}val")
        for row in rows_of(table)
        for cell in cells_of(row)
        for side in cell.iterfind(f"{W}tcPr/{W}tcBorders/*")
    )
    return any(line not in _NO_LINE for line in (*sides.values(), *of_cells))
