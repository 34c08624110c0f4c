r"""The page that a Word file is read as: its elements in reading order, each with its place in the file. Values only.

A piece of text is plain words or a tag of a template (`{{ ... }}`, `{% ... %}`); inside plain words `\n` is the end of a line.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from signatures.messages import Message


class Kind(StrEnum):
    """What a heading or paragraph of the page is."""

    TITLE = "title"
    BETWEEN = "between"
    CHAPTER = "chapter"
    ARTICLE = "article"
    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of one look, or one tag; `value` is what a draft of ours shows in the tag's place."""

    text: str
    strong: bool = False
    em: bool = False
    is_tag: bool = False
    value: str = ""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class TextElement:
    """A heading or paragraph; `number` stands before its text, with a class of its own; `depth` is an item's, from 1.

    In a loop the number is written by `number_source`, which is a template's.
    """

    kind: Kind
    tag: str
    pieces: Pieces
    place: Message
    classes: tuple[str, ...] = ()
    number: str = ""
    depth: int = 0
    number_source: str = ""

    @property
    def text(self) -> str:
        """The words and tags without the number."""
        return text_of(self.pieces)


@dataclass(frozen=True, slots=True)
class ControlElement:
    """Tags that stand alone, between paragraphs, rows or cells."""

    source: str
    place: Message


@dataclass(frozen=True, slots=True)
class CellElement:
    """A cell over so many columns and rows."""

    elements: "tuple[TextElement | ControlElement, ...]"
    columns: int = 1
    rows: int = 1
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class RowElement:
    """A row of a table; a tag between cells repeats the cells up to its end."""

    cells: "tuple[CellElement | ControlElement, ...]"
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class TableElement:
    """A table; a tag between rows repeats the rows up to its end."""

    rows: "tuple[RowElement | ControlElement, ...]"
    place: Message
    has_borders: bool = True


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where somebody signs: the lines around the place. `role` is the template's, where it is known.

    `is_own` where the program wrote the lines in a draft: the place itself is then an empty paragraph, which no reader keeps.
    """

    lines: tuple[TextElement, ...]
    place: Message
    role: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Places for signatures that stand together."""

    places: tuple[SignaturePlace, ...]
    place: Message


@dataclass(frozen=True, slots=True)
class Group:
    """Elements inside one that has a class: an annex, a pair of two languages."""

    tag: str
    classes: tuple[str, ...]
    elements: "tuple[Element, ...]"


Element = TextElement | ControlElement | TableElement | SignatureBlock | Group
PieceChange = Callable[[Piece, TextElement], Piece]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole file; `notes` are what had to be guessed or was left out, each with its place."""

    elements: tuple[Element, ...]
    notes: tuple[Message, ...] = ()


def text_of(pieces: Pieces) -> str:
    """Return words and tags as one text."""
    return "".join(piece.text for piece in pieces)


def shown_text(pieces: Pieces) -> str:
    """Return the words without tags, on one line."""
    return " ".join("".join(piece.text for piece in pieces if not piece.is_tag).split())


def texts_in(elements: tuple[Element, ...]) -> Iterator[TextElement]:
    """Return every heading and paragraph, also those of cells and signatures, in reading order."""
    for one in elements:
        match one:
            case TextElement():
                yield one
            case Group():
                yield from texts_in(one.elements)
            case SignatureBlock():
                for place in one.places:
                    yield from place.lines
            case TableElement():
                for cell in cells_in(one):
                    yield from (inner for inner in cell.elements if isinstance(inner, TextElement))
            case ControlElement():
                pass


def cells_in(table: TableElement) -> Iterator[CellElement]:
    """Return every cell of the table."""
    for row in table.rows:
        if isinstance(row, RowElement):
            yield from (cell for cell in row.cells if isinstance(cell, CellElement))


def all_of(elements: tuple[Element, ...]) -> Iterator[Element]:
    """Return every element, and those inside groups after the group itself."""
    for one in elements:
        yield one
        if isinstance(one, Group):
            yield from all_of(one.elements)


def with_changed_texts(elements: tuple[Element, ...], change: Callable[[TextElement], TextElement]) -> tuple[Element, ...]:
    """Return the same elements with every heading and paragraph changed, wherever it stands."""
    return tuple(_changed(one, change) for one in elements)


def _changed(one: Element, change: Callable[[TextElement], TextElement]) -> Element:
    match one:
        case TextElement():
            return change(one)
        case Group():
            return replace(one, elements=with_changed_texts(one.elements, change))
        case SignatureBlock():
            places = (replace(place, lines=tuple(map(change, place.lines))) for place in one.places)
            return replace(one, places=tuple(places))
        case TableElement():
            return replace(one, rows=tuple(_changed_row(row, change) for row in one.rows))
        case _:
            return one


def _changed_row(row: RowElement | ControlElement, change: Callable[[TextElement], TextElement]) -> RowElement | ControlElement:
    if isinstance(row, ControlElement):
        return row
    cells = (
        replace(cell, elements=tuple(change(one) if isinstance(one, TextElement) else one for one in cell.elements))
        if isinstance(cell, CellElement)
        else cell
        for cell in row.cells
    )
    return replace(row, cells=tuple(cells))
