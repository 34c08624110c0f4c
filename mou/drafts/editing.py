"""Edits put into the source of a page: the words of the chosen changes, and every other byte as it was. Pure.

1. Signature blocks, and boxes that a register or a signature fills in, stay as they are.
2. What was put in stands in markup like that of its neighbours: a number in its span, a row like the row before it.
3. What cannot be done is said for each edit before anything is done; the result is read again and must say what it is to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mou.comparison.articles import Article, articles_of_blocks
from mou.comparison.blocks import Block, Part, PlacedBlock, Source, read_source
from mou.drafts.edits import BlockEdit, Insert, Move, NewBlock, Remove, Replace, edited_blocks, places_of
from mou.drafts.places import Place, cuts, is_signature, place_after, row_place
from mou.drafts.splicing import protected_text, spliced
from mou.errors import ConflictError
from signatures.messages import Message, say

_BOXES: Final = ("registry-box", "signature-box", "<img")
_PARTS_OF_A_WHOLE: Final = ("<tr", "<td", "<th", "<li", "<dt", "<dd")
_WRAPPERS: Final = {Part.ANNEX: ('<section class="annex">', "</section>"), Part.CLOSING: ('<div class="closing">', "</div>")}


@dataclass(frozen=True, slots=True)
class _Patch:
    """Source that stands in the place of other source; where both places are one, it is put in."""

    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Source that is put in at a place, with what holds it there: a table for rows, a section for another part."""

    at: int
    source: str
    wrapper: tuple[str, str] | None = None
    begins_wrapper: bool = False


def edited_html(html: str, edits: Sequence[BlockEdit], names: Sequence[str]) -> str:
    """Return the page with the edits in it.

    Raises:
        ConflictError: the page does not say what the edits are to make of it; `obstacle` tells more.
    """
    source = read_source(html, names)
    if any(place >= len(source.blocks) for edit in edits for place in places_of(edit)):
        raise _cannot_be_done()  # they are of a longer text
    expected = expected_articles(source, edits)
    if all(obstacle(source, edit, names) is None for edit in edits):
        result = _patched(source, edits, names)
        if articles_of_blocks([one.block for one in read_source(result, names).blocks]) == expected:
            return result
    raise _cannot_be_done()


def _cannot_be_done() -> ConflictError:
    return ConflictError("these changes cannot be put into the text together; accept fewer of them at a time")


def expected_articles(source: Source, edits: Sequence[BlockEdit]) -> tuple[Article, ...]:
    """Return the articles that the page has after the edits."""
    return articles_of_blocks(edited_blocks([one.block for one in source.blocks], edits))


def obstacle(source: Source, edit: BlockEdit, names: Sequence[str]) -> Message | None:
    """Return why an edit cannot be put into the page, or None."""
    match edit:
        case Replace():
            return _replacing(source, source.blocks[edit.block], edit, names)
        case Remove() | Move():
            return _taking_out(source, edit.block)
        case Insert():
            return _putting_in(source, edit)


def _replacing(source: Source, block: PlacedBlock, edit: Replace, names: Sequence[str]) -> Message | None:
    if is_signature(source, block):
        return _SIGNATURE
    if len(block.cells) != len(edit.cells):
        return say("a row of {expected} cells is expected, got {got}", expected=len(block.cells), got=len(edit.cells))
    if any(patch is None for patch in _cell_patches(source, block, edit, names)):
        return say("its markup and the new words do not go together")
    return None


_SIGNATURE: Final = say(
    "it stands in a signature block, whose words come from the list of organisations and ceremony.toml: change them there"
)


def _taking_out(source: Source, place: int) -> Message | None:
    block = source.blocks[place]
    if is_signature(source, block):
        return _SIGNATURE
    held = "".join(source.html[start:end] for start, end in cuts(source, frozenset((place,))))
    if any(one in held for one in _BOXES):
        return say("it holds a box or a picture, which would be lost")
    return None


def _putting_in(source: Source, edit: Insert) -> Message | None:
    new = edit.new
    if new.is_row and row_place(source, edit.after, len(new.cells)):
        return None
    if place_after(source, edit.after, new.part, begins_annex=_begins_annex(new.block)) is None:
        return say("it would stand between the rows of a table or between signature blocks")
    return None


def _begins_annex(block: Block) -> bool:
    return bool(block.level) and block.part is Part.ANNEX


def _cell_patches(source: Source, block: PlacedBlock, edit: Replace, names: Sequence[str]) -> Iterator[_Patch | None]:
    for cell, new in zip(block.cells, edit.cells, strict=True):
        if cell.text != new:
            written = spliced(source.html[cell.start : cell.end], cell.text, new, names)
            yield None if written is None else _Patch(cell.start, cell.end, written)


def _patched(source: Source, edits: Sequence[BlockEdit], names: Sequence[str]) -> str:
    words = [
        patch
        for edit in edits
        if isinstance(edit, Replace)
        for patch in _cell_patches(source, source.blocks[edit.block], edit, names)
        if patch is not None
    ]
    put_in: defaultdict[int | None, list[Insert | Move]] = defaultdict(list)
    for edit in edits:
        if isinstance(edit, (Insert, Move)):
            put_in[edit.after].append(edit)
    pieces = [piece for after, several in put_in.items() for piece in _pieces(source, after, several, words, names)]
    gone = frozenset(edit.block for edit in edits if isinstance(edit, (Remove, Move)))
    ranges = cuts(source, gone, [piece.at for piece in pieces])
    removed = [_Patch(start, _with_line_end(source.html, end), "") for start, end in ranges]
    outside = [one for one in words if not any(start <= one.start < end for start, end in ranges)]
    return _apply(source.html, (0, len(source.html)), [*outside, *removed, *_joined(pieces)])


def _with_line_end(html: str, end: int) -> int:
    return end + 1 if html[end : end + 1] == "\n" else end


def _apply(html: str, whole: tuple[int, int], patches: Iterable[_Patch]) -> str:
    """Return a range of the source with the patches in it; at one place, what is put in comes before what is taken out."""
    result: list[str] = []
    done, stop = whole
    for patch in sorted(patches, key=lambda one: (one.start, one.end)):
        result += [html[done : max(done, patch.start)], patch.source]
        done = max(done, patch.end)
    return "".join([*result, html[done:stop]])


def _pieces(
    source: Source, after: int | None, several: Sequence[Insert | Move], words: Sequence[_Patch], names: Sequence[str]
) -> list[_Piece]:
    """Return what is put in after one block, in order; each stands behind the one before it."""
    pieces: list[_Piece] = []
    for unit in _units(several):
        if isinstance(unit, Insert):
            pieces.append(_behind(pieces, _new_piece(source, after, unit.new, names)))
        else:
            pieces += [_behind(pieces, one) for one in _moved_pieces(source, after, unit, words)]
    return pieces


def _units(several: Sequence[Insert | Move]) -> Iterator[Insert | tuple[int, ...]]:
    """Yield each block that is put in, and runs of moved ones as the blocks that they are."""
    run: list[int] = []
    for one in several:
        if isinstance(one, Move) and (not run or run[-1] + 1 == one.block):
            run.append(one.block)
            continue
        if run:
            yield tuple(run)
        run = [one.block] if isinstance(one, Move) else []
        if isinstance(one, Insert):
            yield one
    if run:
        yield tuple(run)


def _behind(before: Sequence[_Piece], piece: _Piece) -> _Piece:
    """Return the piece, not before what was put in before it."""
    if not before or before[-1].at <= piece.at:
        return piece
    return _Piece(before[-1].at, piece.source, piece.wrapper, piece.begins_wrapper)


def _new_piece(source: Source, after: int | None, new: NewBlock, names: Sequence[str]) -> _Piece:
    if new.is_row:
        found = row_place(source, after, len(new.cells))
        if found is not None:
            return _Piece(found[0], _row_like(source, found[1], new.cells, names))
    place = place_after(source, after, new.part, begins_annex=_begins_annex(new.block))
    assert place is not None, "obstacle() was asked before"
    if new.is_row:
        cells = "".join(f"<td>{protected_text(text, names)}</td>" for text in new.cells)
        return _Piece(place.at, f"<tr>{cells}</tr>\n", ("<table><tbody>\n", "</tbody></table>"))
    return _Piece(place.at, _new_element(new, place, names), _wrapper(place, new.part), begins_wrapper=_begins_annex(new.block))


def _wrapper(place: Place, part: Part) -> tuple[str, str] | None:
    return None if part in {place.part, Part.BODY} else _WRAPPERS[part]


def _new_element(new: NewBlock, place: Place, names: Sequence[str]) -> str:
    tag = f"h{new.level}" if new.level else place.tag
    attributes = f' class="{" ".join(new.classes)}"' if new.classes else ""
    attributes += f' lang="{new.language}"' if new.language else ""
    text = new.cells[0]
    number = ""
    if new.number and text.startswith(new.number):
        kind = "article-number" if new.level else "number"
        number = f'<span class="{kind}">{protected_text(new.number, names)}</span>'
        text = text[len(new.number) :].strip()
    return f"<{tag}{attributes}>{number}{protected_text(text, names)}</{tag}>\n"


def _row_like(source: Source, row: PlacedBlock, cells: Sequence[str], names: Sequence[str]) -> str:
    """Return a row with the markup of another one."""
    assert row.element is not None
    element = source.elements[row.element]
    patches = [_Patch(cell.start, cell.end, protected_text(text, names)) for cell, text in zip(row.cells, cells, strict=True)]
    return "\n" + _apply(source.html, (element.start, element.end), patches)


def _moved_pieces(source: Source, after: int | None, blocks: Sequence[int], words: Sequence[_Patch]) -> Iterator[_Piece]:
    first = source.blocks[blocks[0]].block
    place = place_after(source, after, first.part, begins_annex=_begins_annex(first))
    for start, end in cuts(source, frozenset(blocks)):
        if place is None or source.html.startswith(_PARTS_OF_A_WHOLE, start):
            raise _cannot_be_done()
        inside = [one for one in words if start <= one.start and one.end <= end]
        moved = "\n" + _apply(source.html, (start, end), inside)
        has_part = any(
            one.start == start and one.end == end and _sets_part(source, one.parent, one.part) for one in source.elements
        )
        wrapper = None if has_part else _wrapper(place, first.part)
        yield _Piece(place.at, moved, wrapper, begins_wrapper=_begins_annex(first))


def _sets_part(source: Source, parent: int | None, part: Part) -> bool:
    return part is not Part.BODY and (parent is None or source.elements[parent].part is not part)


def _joined(pieces: Sequence[_Piece]) -> Iterator[_Patch]:
    """Yield what is put in at each place, neighbours with the same wrapper in one."""
    by_place: defaultdict[int, str] = defaultdict(str)
    open_wrapper: dict[int, tuple[str, str] | None] = {}
    for piece in pieces:
        is_open = open_wrapper.get(piece.at)
        if is_open and (piece.wrapper != is_open or piece.begins_wrapper):
            by_place[piece.at] += is_open[1]
            is_open = None
        if piece.wrapper and not is_open:
            by_place[piece.at] += "\n" + piece.wrapper[0]
        by_place[piece.at] += piece.source if piece.source.startswith("\n") or piece.wrapper else "\n" + piece.source
        open_wrapper[piece.at] = piece.wrapper
    for at, written in by_place.items():
        last = open_wrapper[at]
        yield _Patch(at, at, written.rstrip("\n") + (last[1] if last else ""))
