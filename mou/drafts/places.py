"""Where in the source of a page a block begins and ends with its element, and where another one can be put in after it. Pure.

1. A paragraph goes behind the outermost element that ends with the block before it, inside the section that holds that; so it
   stands behind a table, a list or a pair of languages, and inside the section.
2. What begins another part of the document than that section's leaves the section, if the section ends there.
3. A row goes behind a row of as many cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mou.comparison.blocks import Element, Part, PlacedBlock, Source

_RUNNING: Final = frozenset(("html", "body", "main", "section", "article"))
_PAGE: Final = frozenset(("html", "body"))
_SIGNATURES: Final = frozenset(("signature", "signature-block", "signature-row"))
_TABLES: Final = frozenset(("table",))


@dataclass(frozen=True, slots=True)
class Place:
    """A place between elements, the part of the document there, and what a paragraph there is (`li` in a list)."""

    at: int
    part: Part
    tag: str = "p"


def ancestors(source: Source, block: PlacedBlock) -> Iterator[Element]:
    """Yield the elements that hold the block, innermost first."""
    place = block.element
    while place is not None:
        yield source.elements[place]
        place = source.elements[place].parent


def is_signature(source: Source, block: PlacedBlock) -> bool:
    """Return whether the block is that of a signature, whose words the list gives."""
    return any(one.classes & _SIGNATURES for one in ancestors(source, block))


def table_of(source: Source, block: PlacedBlock) -> Element | None:
    """Return the table that holds the row, if it is one."""
    return next((one for one in ancestors(source, block) if one.tag in _TABLES), None) if block.is_row else None


def cuts(source: Source, gone: frozenset[int], kept_places: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Return the ranges of the source that hold these blocks and no other, each as large as it can be.

    Args:
        source: the page.
        gone: the blocks.
        kept_places: places at which something is put in; no range holds one inside.
    """
    ranges: list[tuple[int, int]] = []
    for place, block in enumerate(source.blocks):
        if place not in gone or (ranges and block.cells[0].start < ranges[-1][1]):
            continue
        whole = [one for one in ancestors(source, block) if _is_whole(one, gone, kept_places)]
        if whole:
            ranges.append((whole[-1].start, whole[-1].end))
        else:
            ranges += [(cell.start, cell.end) for cell in block.cells]
    return ranges


def _is_whole(element: Element, gone: frozenset[int], kept_places: Sequence[int]) -> bool:
    return (
        element.tag not in _PAGE
        and element.first < element.last
        and gone.issuperset(range(element.first, element.last))
        and not any(element.start < place < element.end for place in kept_places)
    )


def place_after(source: Source, after: int | None, wanted: Part, *, begins_annex: bool = False) -> Place | None:
    """Return where a heading or paragraph of this part goes (rules 1 and 2), or None where there is no place for it."""
    if after is None:
        return _first_place(source)
    block = source.blocks[after]
    found = list(_places_behind(source, after))
    if not found:
        return _place_beside(source, after, block)
    if begins_annex:
        return next((one for one in reversed(found) if one.part is not Part.ANNEX), found[-1])
    if wanted is Part.BODY:
        return next((one for one in found if one.part is Part.BODY), found[0])
    return found[0]


def _place_beside(source: Source, after: int, block: PlacedBlock) -> Place | None:
    """Return the place behind a block inside what holds it with others: a list, a pair of languages; none between rows."""
    own = next(ancestors(source, block), None)
    if block.is_row or own is None:
        return None if block.is_row else Place(block.cells[-1].end, Part.BODY)
    if (own.first, own.last) != (after, after + 1):
        return Place(block.cells[-1].end, own.part)
    return Place(own.end, own.part, "li" if own.tag == "li" else "p")


def _places_behind(source: Source, after: int) -> Iterator[Place]:
    """Yield the places in running text behind elements that end with the block, innermost first."""
    chain = list(ancestors(source, source.blocks[after]))
    for element, parent in zip(chain, [*chain[1:], None], strict=True):
        if element.tag in _PAGE or element.last != after + 1:
            return
        if parent is None or parent.tag in _RUNNING:
            yield Place(element.end, parent.part if parent else Part.BODY)


def _first_place(source: Source) -> Place:
    if not source.blocks:
        return Place(len(source.html), Part.BODY)
    block = source.blocks[0]
    outer = [one for one in ancestors(source, block) if one.first == 0 and one.tag not in _PAGE]
    return Place(outer[-1].start if outer else block.cells[0].start, Part.BODY)


def row_place(source: Source, after: int | None, cell_count: int) -> tuple[int, PlacedBlock] | None:
    """Return where a row of so many cells goes (rule 3), and the row that it is made like; None where there is no such table."""
    if after is None:
        return None
    row = source.blocks[after]
    if (table := table_of(source, row)) is None or row.element is None:
        return None
    is_head = any(one.tag == "thead" for one in ancestors(source, row))
    if is_head:
        following = after + 1
        if following >= table.last or (element := source.blocks[following].element) is None:
            return None
        like, at = source.blocks[following], source.elements[element].start
    else:
        like, at = row, source.elements[row.element].end
    return (at, like) if len(like.cells) == cell_count else None
