"""A table of a Word file -> a table of the page: its head, its cells over several columns or rows, tags between rows. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from mou.rendering.word.values import WordCell, WordParagraph, WordRow, WordTable
from mou.word_import.elements import CellElement, ControlElement, Kind, Piece, Pieces, RowElement, TableElement, TextElement
from mou.word_import.lines import is_control, paragraphs_in
from mou.word_import.pieces import pieces_of, place_prefix, stripped, without_prefix
from signatures.messages import Message


def table_element(table: WordTable, *, as_template: bool) -> TableElement:
    """Return the table; its first row is its head where Word repeats it, or where it alone is bold."""
    heads = _head_rows(table)
    rows = tuple(_rows(table, _rows_below(table), heads, as_template=as_template))
    return TableElement(rows, table.place, table.has_borders)


def _head_rows(table: WordTable) -> int:
    stated = 0
    while stated < len(table.rows) and table.rows[stated].is_header:
        stated += 1
    if stated:
        return stated
    if len(table.rows) > 1 and table.has_borders and _is_bold(table.rows[0]) and not _is_bold(table.rows[1]):
        return 1
    return 0


def _is_bold(row: WordRow) -> bool:
    seen = [run for cell in row.cells for one in paragraphs_in(cell.blocks) for run in one.runs if run.text.strip()]
    return bool(seen) and all(run.bold for run in seen)


def _rows(
    table: WordTable, below: Mapping[tuple[int, int], int], heads: int, *, as_template: bool
) -> Iterator[RowElement | ControlElement]:
    for number, row in enumerate(table.rows):
        if as_template and (control := _control_of(row.cells, "tr", table)):
            yield control
            continue
        cells: list[CellElement | ControlElement] = []
        column = 0
        for cell in row.cells:
            if as_template and (control := _control_of([cell], "tc", table)):
                cells.append(control)
            elif (number, column) in below:
                is_header = number < heads
                cells.append(_cell(cell, 1 + below[number, column], is_header=is_header, as_template=as_template))
            column += cell.columns
        if cells:
            yield RowElement(tuple(cells), is_header=number < heads)


def _rows_below(table: WordTable) -> dict[tuple[int, int], int]:
    """Return for each cell that is shown, by its row and column, how many rows below continue it.

    A cell that continues, with none above it in its column, is shown like any other.
    """
    below: dict[tuple[int, int], int] = {}
    begun: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(table.rows):
        goes_on: dict[int, tuple[int, int]] = {}
        column = 0
        for cell in row.cells:
            if cell.continues and column in begun:
                goes_on[column] = begun[column]
                below[begun[column]] += 1
            else:
                goes_on[column] = (number, column)
                below[number, column] = 0
            column += cell.columns
        begun = goes_on
    return below


def words_left_out(table: WordTable) -> Iterator[tuple[Message, str]]:
    """Return the words of cells that no reader sees, and those beside a tag that stands for its whole row, cell or paragraph."""
    below = _rows_below(table)
    for number, row in enumerate(table.rows):
        column = 0
        is_control = _control_of(row.cells, "tr", table) is not None
        for cell in row.cells:
            if is_control or (number, column) not in below or _control_of([cell], "tc", table):
                yield from _words_beside_tags(cell)
            else:
                yield from (one for inner in cell.blocks if isinstance(inner, WordParagraph) for one in _beside_tag(inner))
            column += cell.columns


def _words_beside_tags(cell: WordCell) -> Iterator[tuple[Message, str]]:
    for one in paragraphs_in(cell.blocks):
        if words := _without_decisions(pieces_of(one, as_template=True)):
            yield one.place, words


def _beside_tag(paragraph: WordParagraph) -> Iterator[tuple[Message, str]]:
    pieces = stripped(pieces_of(paragraph, as_template=True))
    if is_control(pieces) and (words := _without_decisions(pieces)):
        yield paragraph.place, words


def _without_decisions(pieces: Pieces) -> str:
    """Return the words, and the tags that print something."""
    return " ".join("".join(one.text for one in pieces if not (one.is_tag and one.text.startswith(("{%", "{#")))).split())


def _control_of(cells: Sequence[WordCell], prefix: str, table: WordTable) -> ControlElement | None:
    """Return the tags of a row or cell that stand for the whole of it; a row of nothing but such tags is one too."""
    pieces = [piece for cell in cells for one in paragraphs_in(cell.blocks) for piece in pieces_of(one, as_template=True)]
    tags = [piece.text for piece in pieces if piece.is_tag]
    stated = [tag for tag in tags if place_prefix(tag) == prefix]
    if not stated and prefix == "tr" and is_control(tuple(pieces)) and not any(place_prefix(tag) for tag in tags):
        stated = tags
    if not stated:
        return None
    first = next((one.place for cell in cells for one in paragraphs_in(cell.blocks)), table.place)
    return ControlElement("".join(map(without_prefix, stated)), first)


def _cell(cell: WordCell, rows: int, *, is_header: bool, as_template: bool) -> CellElement:
    elements: list[TextElement | ControlElement] = []
    for block in cell.blocks:
        if isinstance(block, WordParagraph):
            elements.extend(_cell_paragraph(block, as_template=as_template))
        else:
            elements.extend(_rows_as_lines(block, as_template=as_template))
    return CellElement(tuple(elements), cell.columns, rows, is_header)


def _cell_paragraph(paragraph: WordParagraph, *, as_template: bool) -> Iterator[TextElement | ControlElement]:
    pieces = stripped(pieces_of(paragraph, as_template=as_template))
    if as_template and is_control(pieces):
        yield ControlElement("".join(without_prefix(piece.text) for piece in pieces if piece.is_tag), paragraph.place)
    elif pieces or paragraph.number:
        number = " ".join(paragraph.number.split())
        yield TextElement(Kind.PARAGRAPH, "p", pieces, paragraph.place, number=number)


def _rows_as_lines(table: WordTable, *, as_template: bool) -> Iterator[TextElement]:
    """Return a nested table as lines, one for each row, its cells apart by a middle dot."""
    for row in table.rows:
        pieces: list[Piece] = []
        for cell in row.cells:
            for paragraph in paragraphs_in(cell.blocks):
                inner = stripped(pieces_of(paragraph, as_template=as_template))
                if number := " ".join(paragraph.number.split()):
                    inner = (Piece(f"{number} "), *inner)
                if inner:
                    pieces.extend([Piece(" · "), *inner] if pieces else inner)
        if pieces:
            yield TextElement(Kind.PARAGRAPH, "p", tuple(pieces), table.place, ("nested",))


def nested_tables(table: WordTable) -> Iterator[WordTable]:
    """Return the tables inside the cells."""
    for row in table.rows:
        for cell in row.cells:
            for block in cell.blocks:
                if isinstance(block, WordTable):
                    yield block
                    yield from nested_tables(block)
