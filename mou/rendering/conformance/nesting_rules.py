"""Rules on tables, lists and tables of contents. Sources: ISO 14289-1:2014, 7.2, 7.5, 7.6; ISO 32000-1:2008, 14.8.4."""

from collections.abc import Iterator
from itertools import accumulate

from pikepdf import Array, Name

from mou.rendering.conformance.inspection import Inspection, element_place
from mou.rendering.conformance.report import Fault, Observation, Rule
from mou.rendering.conformance.structure import Element
from signatures.messages import say

# What an element of a table, list or table of contents may stand in, and what it may hold.
_ABOVE = {
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
}
_BELOW = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
}
_SECTIONS = ("THead", "TFoot")
_CAPTION_LAST = frozenset({"Table"})  # elsewhere a caption comes first


def tables_lists_and_contents_are_nested(inspection: Inspection) -> Iterator[Observation]:
    """Rows stand in tables, cells in rows, entries in lists, and nothing else does."""
    for element in inspection.structure.elements:
        above = element.parent.kind if element.parent is not None else None
        if element.kind in _ABOVE and above not in _ABOVE[element.kind]:
            yield Fault(
                say(
                    "{name} is expected in {expected}, got {above}",
                    name=element.kind,
                    expected=_listed(_ABOVE[element.kind]),
                    above=above or say("nothing"),
                ),
                element_place(element),
            )
        strangers = sorted(set(element.child_kinds) - _BELOW[element.kind]) if element.kind in _BELOW else []
        if strangers and element.kind is not None:
            yield Fault(
                say(
                    "{name} is expected to hold {expected}, got {found}",
                    name=element.kind,
                    expected=_listed(_BELOW[element.kind]),
                    found=", ".join(strangers),
                ),
                element_place(element),
            )


def sections_and_captions_stand_in_order(inspection: Inspection) -> Iterator[Observation]:
    """A table has at most one head and one foot, and with them a body; a caption stands first, in a table first or last."""
    for element in inspection.structure.elements:
        kinds = element.child_kinds
        if element.kind == "Table" and (
            any(kinds.count(section) > 1 for section in _SECTIONS) or (set(_SECTIONS) & set(kinds) and "TBody" not in kinds)
        ):
            yield Fault(say("at most one THead and one TFoot, and with them a TBody, are expected"), element_place(element))
        inner = kinds[1:-1] if element.kind in _CAPTION_LAST else kinds[1:]
        if element.kind in {"Table", "L", "TOC"} and (kinds.count("Caption") > 1 or "Caption" in inner):
            yield Fault(say("one Caption is expected, at the beginning"), element_place(element))


def table_headers_say_what_they_head(inspection: Inspection) -> Iterator[Observation]:
    """Each header cell says whether it heads its row or column, unless every other cell names its headers (7.5)."""
    for table in _tables(inspection):
        cells = [cell for row in _rows(table) for cell in row.children]
        headers = [cell for cell in cells if cell.kind == "TH"]
        known = {str(cell.value.get(Name.ID, "")) for cell in headers} - {""}
        named = [_headers(cell) for cell in cells if cell.kind == "TD"]
        is_determined = bool(known) and all(names and names <= known for names in named)
        for header in headers:
            if not is_determined and header.attribute(Name.Scope) is None:
                yield Fault(say("a header cell with Scope is expected, or Headers in every other cell"), element_place(header))


def header_references_lead_somewhere(inspection: Inspection) -> Iterator[Observation]:
    """The headers that a cell names are cells of its table (7.5)."""
    for table in _tables(inspection):
        cells = [cell for row in _rows(table) for cell in row.children]
        known = {str(cell.value.get(Name.ID, "")) for cell in cells}
        for cell in cells:
            if unknown := sorted(_headers(cell) - known):
                message = say("the headers of a cell are expected in its table, got {names}", names=", ".join(unknown))
                yield Fault(message, element_place(cell))


def _headers(cell: Element) -> set[str]:
    return {str(name) for name in cell.attribute(Name.Headers) or Array()}


def tables_are_regular(inspection: Inspection) -> Iterator[Observation]:
    """All rows of a table are equally wide, spans counted."""
    for table in _tables(inspection):
        widths = _row_widths(_rows(table))
        if len(set(widths)) > 1:
            message = say("rows of equal width are expected, got {widths}", widths=", ".join(map(str, widths)))
            yield Fault(message, element_place(table))


def _tables(inspection: Inspection) -> Iterator[Element]:
    return (element for element in inspection.structure.elements if element.kind == "Table")


def _rows(table: Element) -> list[Element]:
    return [row for part in table.children for row in ([part] if part.kind == "TR" else part.children) if row.kind == "TR"]


def _row_widths(rows: list[Element]) -> list[int]:
    """Return how many columns each row fills, with the cells that reach down into it."""
    reaching = [0] * (len(rows) + 1)  # the change in columns that reach into each row from above
    widths = []
    for number, row in enumerate(rows):
        own = 0
        for cell in row.children:
            columns, height = cell.number(Name.ColSpan), cell.number(Name.RowSpan)
            own += columns
            if height > 1 and number + 1 < len(rows):
                reaching[number + 1] += columns
                reaching[min(number + height, len(rows))] -= columns
        widths.append(own)
    return [own + above for own, above in zip(widths, accumulate(reaching), strict=False)]


def _listed(kinds: set[str]) -> str:
    return ", ".join(sorted(kinds))


RULES = (
    Rule(tables_lists_and_contents_are_nested, access="7.2"),
    Rule(sections_and_captions_stand_in_order, access="7.2"),
    Rule(table_headers_say_what_they_head, access="7.5"),
    Rule(header_references_lead_somewhere, access="7.5"),
    Rule(tables_are_regular, access="7.2"),
)
