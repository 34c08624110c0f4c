"""Lines of our own draft that list the values of one field -> one line in a loop. Pure.

1. Lines that follow each other, with the tags `x[0]`, `x[1]`, ... and otherwise the same words but for their number, are one loop
   over `x`; so are rows of a table.
2. A number that counts them becomes `loop.index`: ๑., (ก), or the last part of ๗.๑.
3. A tag with a place in a list that is in no loop becomes the words that stood there, and is noted: the next list may be longer.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from mou.thai import letter, to_arabic_digits
from mou.word_import.elements import (
    CellElement,
    ControlElement,
    Element,
    Group,
    Piece,
    RowElement,
    TableElement,
    TextElement,
    with_changed_texts,
)
from mou.word_import.markup import escaped
from signatures.messages import Message, say

_PLACE: Final = re.compile(r"\{\{\s*(?P<list>[\w.]+)\[(?P<at>\d+)\](?P<rest>[^}]*?)\s*\}\}")
_ONE: Final = "one"
_NUMBER: Final = re.compile(r"(?P<before>(?:.*[.(])?)(?P<digits>[0-9๐-๙]{1,9})(?P<after>[.)]?)")
ShownT = TypeVar("ShownT", TextElement, RowElement)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Which place of which list a line or row shows."""

    field: str
    at: int


def with_loops(elements: tuple[Element, ...]) -> tuple[tuple[Element, ...], tuple[Message, ...]]:
    """Return the elements with loops for lists, and a note for each tag that no loop could take."""
    notes: list[Message] = []
    looped = _looped(elements)
    return with_changed_texts(looped, lambda one: _with_words(one, notes)), tuple(notes)


def _looped(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    inner = tuple(
        replace(one, elements=_looped(one.elements))
        if isinstance(one, Group)
        else replace(one, rows=tuple(_fold(one.rows, RowElement, _row_place, _looped_row)))
        if isinstance(one, TableElement)
        else one
        for one in elements
    )
    return tuple(_fold(inner, TextElement, _text_place, _looped_text))


def _fold(
    shown: Sequence[object],
    kind: type[ShownT],
    place_of: Callable[[ShownT], _Listed | None],
    loop: Callable[[ShownT, int], ShownT],
) -> list[Any]:
    """Return the lines or rows, those that list one field as one in a loop."""
    result: list[Any] = []
    at = 0
    while at < len(shown):
        first = shown[at]
        listed = place_of(first) if isinstance(first, kind) else None
        if not isinstance(first, kind) or listed is None or listed.at != 0:
            result.append(first)
            at += 1
            continue
        made = loop(first, 1)
        count = 1
        while at + count < len(shown) and _goes_on(shown[at + count], kind, place_of, loop, made, count, listed.field):
            count += 1
        place = first.place if isinstance(first, TextElement) else _place_of_row(first)
        result += [ControlElement(f"{{% for {_ONE} in {listed.field} %}}", place), made, ControlElement("{% endfor %}", place)]
        at += count
    return result


def _goes_on(  # one line compared with the first
    one: object,
    kind: type[ShownT],
    place_of: Callable[[ShownT], _Listed | None],
    loop: Callable[[ShownT, int], ShownT],
    made: ShownT,
    count: int,
    field: str,
) -> bool:
    if not isinstance(one, kind) or place_of(one) != _Listed(field, count):
        return False
    return _shape(loop(one, count + 1)) == _shape(made)


def _shape(one: TextElement | RowElement) -> object:
    """Return what two lines of one list have in common: all but where they stand in the file, and the values that they show."""
    if isinstance(one, TextElement):
        pieces = tuple(replace(piece, value="") for piece in one.pieces)
        return (one.tag, one.classes, one.number_source or one.number, pieces)
    cells = (cell for cell in one.cells if isinstance(cell, CellElement))
    return tuple(tuple(_shape(inner) for inner in cell.elements if isinstance(inner, TextElement)) for cell in cells)


def _text_place(one: TextElement) -> _Listed | None:
    return _common([one])


def _row_place(row: RowElement) -> _Listed | None:
    return _common(_texts_of(row))


def _texts_of(row: RowElement) -> list[TextElement]:
    cells = [cell for cell in row.cells if isinstance(cell, CellElement)]
    return [one for cell in cells for one in cell.elements if isinstance(one, TextElement)]


def _place_of_row(row: RowElement) -> Message:
    return _texts_of(row)[0].place


def _common(texts: Sequence[TextElement]) -> _Listed | None:
    """Return the one place that all tags of these lines name; None where they name none, or several."""
    found = {
        _Listed(match["list"], int(match["at"]))
        for one in texts
        for piece in one.pieces
        if piece.is_tag and (match := _PLACE.fullmatch(piece.text))
    }
    return next(iter(found)) if len(found) == 1 else None


def _looped_text(one: TextElement, count: int) -> TextElement:
    return replace(one, pieces=tuple(_looped_piece(piece) for piece in one.pieces), number_source=_counting(one.number, count))


def _looped_row(row: RowElement, count: int) -> RowElement:
    cells: list[CellElement | ControlElement] = []
    for cell in row.cells:
        if isinstance(cell, CellElement):
            texts = (_looped_cell_text(one, count) if isinstance(one, TextElement) else one for one in cell.elements)
            cells.append(replace(cell, elements=tuple(texts)))
        else:
            cells.append(cell)
    return replace(row, cells=tuple(cells))


def _looped_cell_text(one: TextElement, count: int) -> TextElement:
    """Return the line of a cell; one that holds nothing but the row's number holds the number of the loop."""
    if not one.number and not any(piece.is_tag for piece in one.pieces) and (source := _counting(one.text, count)):
        return replace(one, pieces=(Piece(source, is_tag=True),))
    return _looped_text(one, count)


def _looped_piece(piece: Piece) -> Piece:
    found = _PLACE.fullmatch(piece.text) if piece.is_tag else None
    return replace(piece, text=f"{{{{ {_ONE}{found['rest']} }}}}", value="") if found else piece


def _counting(number: str, count: int) -> str:
    """Return what writes this number in a loop, where it counts its lines; otherwise nothing."""
    if count <= _LETTERS and number == letter(count):
        return "{{ loop.index | letter }}"
    found = _NUMBER.fullmatch(number)
    if found is None or int(to_arabic_digits(found["digits"])) != count:
        return ""
    return f"{escaped(found['before'])}{{{{ loop.index }}}}{found['after']}"


_LETTERS: Final = 41


def _with_words(one: TextElement, notes: list[Message]) -> TextElement:
    pieces = []
    for piece in one.pieces:
        if piece.is_tag and piece.value and _PLACE.fullmatch(piece.text):
            notes.append(
                say(
                    "{place}: {tag} stands in no list that could be repeated, and stays as words: {text}",
                    place=one.place,
                    tag=piece.text,
                    text=piece.value[:80],
                )
            )
            pieces.append(replace(piece, text=piece.value, value="", is_tag=False))
        else:
            pieces.append(piece)
    return replace(one, pieces=tuple(pieces))
