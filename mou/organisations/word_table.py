"""A Word file (.docx) as a table: the first one that names the organisations, every cell as the text that a person sees.

1. Tracked changes are read as accepted; a note says so.
2. A merged cell, a table within a table, and a row of another width are refused with their place: what they mean for a list is
   not in the file.
3. Rows and columns are counted as a person does, from 1; a row that a tracked change deletes is not there to be counted.
4. A number that Word counts by itself is a cell's text where nothing else stands in the cell, and no part of a name otherwise.
5. The text around the table is remarks; a count that it declares counts. What else stands in the file is noted, never read;
   so is what looks as if it no longer counted, since it is struck out.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from mou.errors import InputError
from mou.models import Discrepancy
from mou.organisations.columns import label_of
from mou.organisations.tables import (
    LONGEST_PREAMBLE_ROWS,
    Table,
    TableRow,
    as_remark,
    is_blank,
    is_header,
    named,
    only_counts,
    quoted,
    without_blank_end,
)
from mou.rendering.word.reading.word_file import read_word
from mou.rendering.word.values import LossKind, WordBlock, WordCell, WordFile, WordParagraph, WordRow, WordTable
from signatures.messages import Message, say

# What may hold words of a list and stands in none of its cells; a picture, a page number, a look cannot.
_NOT_READ = frozenset({LossKind.TEXT_BOX, LossKind.FOOTNOTE, LossKind.EMBEDDED, LossKind.HIDDEN_TEXT})


def read_word_table(source: str, content: bytes) -> Table:
    """Return the first table of a Word file that has a header; other tables, changes and comments are noted.

    Raises:
        InputError: the file cannot be opened safely, no table has a header, or the list holds merged cells, tables within its
            cells or rows of another width: all of them at once, by table and row.
    """
    file = read_word(source, content)
    tables = [block for block in file.blocks if isinstance(block, WordTable)]
    number, table, header_row = _find_header(source, tables)
    source_of_table = source if len(tables) == 1 else f"{source}!{number}"
    problems = tuple(_refusals(source, number, table, header_row))
    if problems:
        raise InputError("{file}: {count} cells cannot be read", file=source, count=len(problems), problems=problems)
    remarks = list(_text_around(file.blocks, table))
    headers: tuple[str, ...] = ()
    rows: list[TableRow] = []
    for place, cells in enumerate(_texts(table), start=1):
        if place == header_row:
            headers = cells
        elif place < header_row or only_counts(cells):
            remarks.append(as_remark(cells))
        elif not is_blank(cells):
            rows.append(TableRow(place, cells))
    width = max(len(without_blank_end(cells)) for cells in (headers, *(row.cells for row in rows)))
    return Table(
        source_of_table,
        header_row,
        named(headers[:width]),
        tuple(TableRow(row.number, row.cells[:width]) for row in rows),
        tuple(remark for remark in remarks if remark),
        None,
        tuple(_notes(file, tables, number)),
    )


def _find_header(source: str, tables: Sequence[WordTable]) -> tuple[int, WordTable, int]:
    """Return the number of the first table with a header, the table, and the header's row."""
    for number, table in enumerate(tables, start=1):
        for row, cells in enumerate(_texts(table)[: LONGEST_PREAMBLE_ROWS + 1], start=1):
            if is_header(cells):
                return number, table, row
    raise InputError(
        "{file}: a table with a row of column headers is expected, with a column {header} or “name_th”; none was found in the "
        "tables of the file ({count})",
        file=source,
        header=f"“{label_of('name_th')}”",
        count=len(tables),
    )


def _texts(table: WordTable) -> list[tuple[str, ...]]:
    return [tuple(_text(cell) for cell in row.cells) for row in table.rows]


def _text(cell: WordCell) -> str:
    text = cell.text.strip("\n")
    if text.strip():
        return text
    return " ".join(one.number for one in cell.blocks if isinstance(one, WordParagraph) and one.number)


def _refusals(source: str, number: int, table: WordTable, header_row: int) -> Iterator[Message]:
    """Yield each place from the header on that cannot be read as one row of one organisation."""
    header = table.rows[header_row - 1]
    for place, row in enumerate(table.rows[header_row - 1 :], start=header_row):
        where = {"file": source, "table": number, "row": place}
        merged = _merged(row, header)
        if merged:
            yield say(
                "{file}, table {table}, row {row}, column {columns}: single cells are expected, got merged ones; split them and "
                "fill every row",
                **where,
                columns=", ".join(str(at + 1) for at in merged),
            )
        elif not _stands_under(row, header):
            yield say(
                "{file}, table {table}, row {row}: {expected} cells are expected as in the header, got {got}",
                **where,
                expected=len(header.cells),
                got=len(row.cells),
            )
        for at, cell in enumerate(row.cells):
            if any(isinstance(block, WordTable) for block in cell.blocks):
                yield say(
                    "{file}, table {table}, row {row}, column {column}: text is expected, got a table within it; write its "
                    "text into the cell",
                    **where,
                    column=at + 1,
                )


def _merged(row: WordRow, header: WordRow) -> list[int]:
    """Return the cells that belong to the one above, or stand under two headings from edge to edge."""
    headings = _edges(header)
    return [
        at
        for at, (cell, (left, right)) in enumerate(zip(row.cells, _edges(row), strict=True))
        if cell.continues or sum(left <= begin and end <= right for begin, end in headings) > 1
    ]


def _stands_under(row: WordRow, header: WordRow) -> bool:
    """Whether each cell stands under its heading; an edge that somebody has moved in one row does no harm."""
    pairs = zip(_edges(row), _edges(header), strict=False)
    return len(row.cells) == len(header.cells) and all(left < end and begin < right for (left, right), (begin, end) in pairs)


def _edges(row: WordRow) -> list[tuple[int, int]]:
    """Return where each cell begins and ends, in columns of the table's grid."""
    ends = list(accumulate(cell.columns for cell in row.cells))
    return list(zip([0, *ends], ends, strict=False))


def _text_around(blocks: Sequence[WordBlock], table: WordTable) -> Iterator[str]:
    """Yield the paragraphs between the table before and the one after this table."""
    at = next(place for place, block in enumerate(blocks) if block is table)
    begin = max((place + 1 for place, block in enumerate(blocks[:at]) if isinstance(block, WordTable)), default=0)
    end = next((place for place in range(at + 1, len(blocks)) if isinstance(blocks[place], WordTable)), len(blocks))
    for block in blocks[begin:end]:
        if isinstance(block, WordParagraph):
            yield " ".join(block.text.split())


def _notes(file: WordFile, tables: Sequence[WordTable], read: int) -> Iterator[Discrepancy]:
    for number, table in enumerate(tables, start=1):
        if number != read and not all(is_blank(cells) for cells in _texts(table)):
            yield Discrepancy(
                "table_not_read",
                say("table {number} of the file was not read; the list is in table {read}", number=number, read=read),
            )
    if file.changes:
        yield Discrepancy(
            "tracked_changes",
            say("the file holds tracked changes ({count}); it was read as if all were accepted", count=len(file.changes)),
        )
    if file.comments:
        yield Discrepancy(
            "comments_not_read", say("the file holds comments ({count}), which were not read", count=len(file.comments))
        )
    for loss in file.losses:
        text = " ".join(loss.text.split())
        if loss.kind in _NOT_READ and text:
            told = say("{place}: {text} stands in no cell of the list and was not read", place=loss.place, text=quoted(text))
            yield Discrepancy("text_not_read", told)
        elif loss.kind is LossKind.OTHER and any(one.isalnum() for one in text):
            told = say(
                "{place}: {text} is struck out or raised, or a sign of a font of its own; it was read as plain text: look at it "
                "in the file",
                place=loss.place,
                text=quoted(text),
            )
            yield Discrepancy("look_not_read", told)
