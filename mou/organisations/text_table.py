"""A csv file as a table: its encoding, its separator, and every record with the row that a spreadsheet shows."""

import codecs
import csv
import io
from collections.abc import Iterator

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
    without_blank_end,
)
from signatures.messages import Message, say

SEPARATORS = (",", ";", "\t")


def read_text_table(source: str, content: bytes) -> Table:
    """Return the table of a csv file in UTF-8, UTF-16 or Windows-874, separated by commas, semicolons or tabs.

    A row's number counts records and blank lines as a spreadsheet does: a cell with a line break in it is still one row. Lines
    above the header are remarks; one that begins with # is meant as such.

    Raises:
        InputError: the file is no text, no row names the organisations, a quotation mark is out of place, or rows are too long.
    """
    text, encoding = _decoded(source, content)
    separator, header_row = _find_header(source, text)
    headers: tuple[str, ...] = ()
    remarks: list[str] = []
    rows: list[TableRow] = []
    problems: list[Message] = []
    for number, cells in _records(source, text, separator):
        if number == header_row:
            headers = named(without_blank_end(cells))
        elif number < header_row or only_counts(cells):
            remarks.append(as_remark(cells))
        elif not is_blank(cells):
            problems.extend(_too_wide(headers, cells, source, number))
            rows.append(TableRow(number, (*cells[: len(headers)], *[""] * (len(headers) - len(cells)))))
    if problems:
        count = len(problems)
        raise InputError("{file}: {count} rows do not fit under the header", problems=tuple(problems), file=source, count=count)
    notes = (_windows_874_note(source),) if encoding == "windows-874" else ()
    return Table(source, header_row, headers, tuple(rows), tuple(remarks), encoding, notes)


def _decoded(source: str, content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = [("utf-16", "utf-16")]
    else:
        encodings = [("utf-8-sig", "utf-8"), ("cp874", "windows-874")]
    for codec, encoding in encodings:
        try:
            return content.decode(codec), encoding
        except UnicodeDecodeError as error:
            position = error.start
    raise InputError(
        "{file}: text in UTF-8 or Windows-874 (TIS-620) is expected, got a byte that neither knows after {position} bytes; "
        "in the spreadsheet program, save the list as “CSV UTF-8”",
        file=source,
        position=position,
    )


def _windows_874_note(source: str) -> Discrepancy:
    return Discrepancy(
        "encoding_windows_874",
        say("{file} is not in UTF-8; it was read as Windows-874 (TIS-620): look at the names before going on", file=source),
    )


def _find_header(source: str, text: str) -> tuple[str, int]:
    """Return the separator under which a header appears with the most columns, and the header's row."""
    found: list[tuple[int, str, int]] = []
    for separator in SEPARATORS:
        for number, cells in _first_records(text, separator):
            if is_header(cells):
                found.append((len(without_blank_end(cells)), separator, number))
                break
    if not found:
        raise InputError(
            "{file}: a row of column headers is expected among the first {rows} rows, with a column {header} or “name_th”; "
            "none was found",
            file=source,
            rows=LONGEST_PREAMBLE_ROWS + 1,
            header=f"“{label_of('name_th')}”",
        )
    _, separator, number = max(found, key=lambda one: one[0])
    return separator, number


def _first_records(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    # Not strict: a quotation mark in a remark, or the wrong separator, must not hide the header.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for number in range(1, LONGEST_PREAMBLE_ROWS + 2):
        try:
            yield number, tuple(next(reader))
        except (StopIteration, csv.Error):
            return


def _records(source: str, text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, tuple(cells)
    except csv.Error as error:
        raise InputError(
            "{file}, row {row}: a cell in quotation marks is expected to end with one before the next separator, and a quotation "
            "mark inside it to be doubled; got one that is not closed or has text after it ({reason})",
            file=source,
            row=number + 1,
            reason=str(error),
        ) from error


def _too_wide(headers: tuple[str, ...], cells: tuple[str, ...], source: str, number: int) -> Iterator[Message]:
    width = len(without_blank_end(cells))
    if width > len(headers):
        yield say(
            "{file}, row {row}: {expected} cells are expected as in the header, got {got}; "
            "put a cell that holds the separator in quotation marks",
            file=source,
            row=number,
            expected=len(headers),
            got=width,
        )
