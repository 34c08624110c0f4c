"""A table of a Word file -> a table of the page: its head, its cells over several columns or rows, tags between rows. Pure."""

from collections.abc import Iterator, Sequence

from mou.rendering.word.values import WordCell, WordParagraph, WordRow, WordTable
from mou.word_import.elements import CellElement, ControlElement, Kind, Piece, RowElement, TableElement, TextElement
from mou.word_import.lines import is_control, paragraphs_in
from mou.word_import.pieces import pieces_of, place_prefix, stripped, without_prefix


def table_element(table: WordTable, *, as_template: bool) -> TableElement:
    """Return the table; its first row is its head where Word repeats it, or where it alone is bold."""
    heads = _head_rows(table)
    rows = tuple(_rows(table, heads, as_template=as_template))
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


def _rows(table: WordTable, heads: int, *, as_template: bool) -> Iterator[RowElement | ControlElement]:
    for number, row in enumerate(table.rows):
        if as_template and (control := _control_of(row.cells, "tr", table)):
            yield control
            continue
        cells: list[CellElement | ControlElement] = []
        column = 0
        for cell in row.cells:
            if as_template and (control := _control_of([cell], "tc", table)):
                cells.append(control)
            elif not cell.continues:
                below = _rows_below(table.rows[number + 1 :], column)
                is_header = number < heads
                cells.append(_cell(cell, 1 + below, is_header=is_header, as_template=as_template))
            column += cell.columns
        if cells:
            yield RowElement(tuple(cells), is_header=number < heads)


def _rows_below(rows: Sequence[WordRow], column: int) -> int:
    """Return how many of the rows continue the cell that begins in this column."""
    for count, row in enumerate(rows):
        at = 0
        for cell in row.cells:
            if at == column:
                break
            at += cell.columns
        else:
            return count
        if at != column or not cell.continues:
            return count
    return len(rows)


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
