"""A workbook (.xlsx) as a table: the first visible sheet with a header, every cell as the text that a person sees.

1. Nothing here computes: a formula or a merged cell in the list is refused with its place; what it means is not in the file.
2. How much there is is counted before anything is opened: a few bytes may name cells without end.
3. What a spreadsheet makes of a text by itself is doubted aloud: a house number such as 12/3 becomes a day.
"""

import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from mou.errors import InputError
from mou.models import Discrepancy
from mou.organisations.columns import field_of, is_of_birth, label_of
from mou.organisations.starter import EXPLANATION_TITLE, explained_headings, is_own_sheet
from mou.organisations.tables import (
    LONGEST_PREAMBLE_ROWS,
    Table,
    TableRow,
    as_remark,
    column_letter,
    is_blank,
    is_header,
    named,
    only_counts,
    quoted,
    without_blank_end,
)
from mou.organisations.workbook_size import require_countable
from signatures.messages import Message, say

MAXIMUM_ROWS = 100_000
MAXIMUM_COLUMNS = 500
MAXIMUM_UNPACKED_BYTES = 256 * 1024 * 1024
MAXIMUM_PARTS = 3_000_000  # cells, their values, rows; also how many cells a sheet spans from its first to its last
# Above it a spreadsheet has already rounded a whole number (IEEE 754 double).
LARGEST_EXACT_NUMBER = 2**53
# A format of figures and the signs between them, as of 0-0000-00000-00-0 or 0##-###-####.
_FIGURES_AND_SIGNS = re.compile(r"(?=.*[0#])[0# ()-]{1,64}")
_FORMAT_ESCAPES = re.compile(r'\[\$-[0-9A-Fa-f]+\]|\\(?=[ ()-])|"(?=[ ()-])|(?<=[ ()-])"')
_MIDNIGHT = time()
# What openpyxl lets through when the parts of a workbook do not go together; it has no error of its own for that.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # what both XML parsers that openpyxl may use derive their errors from
    EOFError,
    RuntimeError,  # a part is encrypted
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
)


def read_workbook(source: str, content: bytes) -> Table:
    """Return the table on the first visible sheet that names the organisations; other sheets, hidden rows and columns are noted.

    Raises:
        InputError: the file is no workbook, is too large, no visible sheet has a header, or the list holds merged cells,
            formulas, error values or numbers that the spreadsheet has rounded: all of them at once, by sheet and cell.
    """
    workbook = _opened(source, content)
    sheet, header_row = _find_header(source, workbook)
    source_of_sheet = source if len(workbook.worksheets) == 1 else f"{source}!{sheet.title}"
    problems = list(_merged_cells(source_of_sheet, sheet, header_row))
    remarks: list[str] = []
    headers: tuple[str, ...] = ()
    rows: list[TableRow] = []
    found: list[Discrepancy] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number < header_row:
            remarks.append(as_remark(tuple(_text(cell) for cell in row)))
            continue
        problems.extend(problem for cell in row if (problem := _refusal(source_of_sheet, sheet, cell)))
        cells = tuple(_text(cell) for cell in row)
        if number == header_row:
            headers = cells
        elif only_counts(cells):
            remarks.append(as_remark(cells))
        elif not is_blank(cells):
            rows.append(TableRow(number, cells))
            found.extend(_notes_of_row(number, headers, row))
    if problems:
        raise InputError("{file}: {count} cells cannot be read", file=source, count=len(problems), problems=tuple(problems))
    width = max(len(without_blank_end(cells)) for cells in (headers, *(row.cells for row in rows)))
    return Table(
        source_of_sheet,
        header_row,
        named(headers[:width]),
        tuple(TableRow(row.number, row.cells[:width]) for row in rows),
        tuple(remark for remark in remarks if remark),
        None,
        (*_notes(workbook, sheet, header_row, width), *found),
        frozenset(_explained(workbook)),
    )


def _opened(source: str, content: bytes) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > MAXIMUM_UNPACKED_BYTES:
                raise InputError(
                    "{file}: a workbook of at most {limit} MiB unpacked is expected, got {got} MiB",
                    file=source,
                    limit=MAXIMUM_UNPACKED_BYTES // 2**20,
                    got=unpacked // 2**20,
                )
            require_countable(source, archive, MAXIMUM_PARTS)
        with warnings.catch_warnings():
            # openpyxl warns of what it would lose on saving (drop-down lists, missing default styles); nothing is saved here.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    except _UNREADABLE as error:
        raise InputError(
            "{file}: a workbook in the format .xlsx is expected, got one that is damaged, protected or of another format "
            "({reason}); open it in the spreadsheet program and save it as .xlsx",
            file=source,
            reason=type(error).__name__,
        ) from error


def _find_header(source: str, workbook: Workbook) -> tuple[Worksheet, int]:
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible" or _is_own(sheet):
            continue
        _check_extent(source, sheet)
        for number, row in enumerate(sheet.iter_rows(max_row=LONGEST_PREAMBLE_ROWS + 1), start=1):
            if is_header(tuple(_text(cell) for cell in row)):
                return sheet, number
    raise InputError(
        "{file}: a visible sheet with a row of column headers is expected, with a column {header} or “name_th”; "
        "none was found in {sheets}",
        file=source,
        header=f"“{label_of('name_th')}”",
        sheets=", ".join(f"“{sheet.title}”" for sheet in workbook.worksheets),
    )


def _check_extent(source: str, sheet: Worksheet) -> None:
    is_too_far = sheet.max_row > MAXIMUM_ROWS or sheet.max_column > MAXIMUM_COLUMNS
    if is_too_far or sheet.max_row * sheet.max_column > MAXIMUM_PARTS:  # a cell far below and another far to the right
        raise InputError(
            "{file}, sheet {sheet}: at most {rows} rows, {columns} columns and {cells} cells are expected, got cells up to "
            "{cell}; delete the empty rows and columns after the list, or save it as csv",
            file=source,
            sheet=f"“{sheet.title}”",
            rows=MAXIMUM_ROWS,
            columns=MAXIMUM_COLUMNS,
            cells=MAXIMUM_PARTS,
            cell=f"{column_letter(sheet.max_column - 1)}{sheet.max_row}",
        )


def _merged_cells(source: str, sheet: Worksheet, header_row: int) -> Iterator[Message]:
    for merged in sorted(sheet.merged_cells.ranges, key=lambda one: (one.min_row, one.min_col)):
        if merged.max_row >= header_row:
            yield say(
                "{file}, sheet {sheet}, cells {cells}: single cells are expected, got merged ones; "
                "undo the merge and fill every row",
                file=source,
                sheet=f"“{sheet.title}”",
                cells=merged.coord,
            )


def _refusal(source: str, sheet: Worksheet, cell: Cell | MergedCell) -> Message | None:
    """Return why a cell cannot be read as what a person sees, if so."""
    if isinstance(cell, MergedCell) or cell.value is None or cell.data_type == "s":
        return None
    place = {"file": source, "sheet": f"“{sheet.title}”", "cell": cell.coordinate}
    if cell.data_type == "f":
        return say(
            "{file}, sheet {sheet}, cell {cell}: a value is expected, got a formula; copy the column and paste it as values",
            **place,
        )
    if cell.data_type == "e":
        return say("{file}, sheet {sheet}, cell {cell}: a value is expected, got the error {got}", **place, got=str(cell.value))
    if isinstance(cell.value, int | float) and abs(cell.value) > LARGEST_EXACT_NUMBER:
        return say(
            "{file}, sheet {sheet}, cell {cell}: a number of at most 15 digits is expected, got one that the spreadsheet has "
            "rounded ({got}); format the cell as text and type the number again",
            **place,
            got=str(cell.value),
        )
    return None


def _text(cell: Cell | MergedCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_as_text(value, cell.number_format)
    return _time_as_text(value) if isinstance(value, date | time | timedelta) else str(value)


def _number_as_text(value: float, number_format: str) -> str:
    # A spreadsheet holds 50200 as 50200.0, shows at most 15 figures, and leading zeros where the format has them.
    if not math.isfinite(value) or value != int(value):
        return f"{value:.15g}"
    signs = _FORMAT_ESCAPES.sub("", number_format)
    return _in_places(int(value), signs) if value >= 0 and _FIGURES_AND_SIGNS.fullmatch(signs) else str(int(value))


def _in_places(number: int, signs: str) -> str:
    """The figures of a number in the places of its format, from the last one on; what has no place stands before the first."""
    figures = list(str(number)) if number or "0" in signs else []
    shown: list[str] = []
    for place, sign in reversed(list(enumerate(signs))):
        if sign not in "0#":
            # A sign between places that stay empty is shown all the same, by every spreadsheet.
            shown.append(sign)
            continue
        figure = figures.pop() if figures else "0" if sign == "0" else ""
        is_first = not any(one in "0#" for one in signs[:place])
        shown.append("".join(figures) + figure if is_first else figure)
    return "".join(reversed(shown))


def _time_as_text(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ")
    return str(value)


def _is_own(sheet: Worksheet) -> bool:
    return is_own_sheet(sheet.title, sheet["A1"].value)


def _explained(workbook: Workbook) -> Iterator[str]:
    for sheet in workbook.worksheets:
        if sheet.title == EXPLANATION_TITLE and _is_own(sheet):
            yield from explained_headings(sheet)


def _notes_of_row(number: int, headers: tuple[str, ...], row: tuple[Cell | MergedCell, ...]) -> Iterator[Discrepancy]:
    """Yield what a person should look at again: a day where words are expected, what is struck out, a note on a cell."""
    for header, cell in zip(headers, row, strict=False):
        if isinstance(cell.value, date | time | timedelta) and field_of(header) is not None and not is_of_birth(header):
            yield Discrepancy(
                "day_in_cell",
                say(
                    "the cell holds a day or a time, which was read as {text}; where it should be a number such as 12/3, format "
                    "the cell as text and type it again",
                    text=quoted(_text(cell)),
                ),
                number,
                header,
            )
        if cell.has_style and cell.value is not None and cell.font.strike:
            yield Discrepancy(
                "struck_out",
                say("{text} is struck out in the sheet, and was read like the others", text=quoted(_text(cell))),
                number,
                header or None,
            )
        if cell.comment is not None:
            yield Discrepancy(
                "comments_not_read",
                say("a note stands on the cell {cell}, which was not read", cell=cell.coordinate),
                number,
                header or None,
            )


def _notes(workbook: Workbook, sheet: Worksheet, header_row: int, width: int) -> Iterator[Discrepancy]:
    for other in workbook.worksheets:
        if _is_own(other):
            continue
        if other.sheet_state != "visible":
            yield Discrepancy("sheet_hidden", say("the sheet {sheet} is hidden and was not read", sheet=f"“{other.title}”"))
        elif other is not sheet and other.max_row > 1:
            yield Discrepancy(
                "sheet_not_read",
                say("the sheet {sheet} was not read; the list is on {read}", sheet=f"“{other.title}”", read=f"“{sheet.title}”"),
            )
    for number in sorted(number for number, row in sheet.row_dimensions.items() if row.hidden and number > header_row):
        if number <= sheet.max_row:
            yield Discrepancy("row_hidden", say("the row is hidden in the sheet, and was read like the others"), row=number)
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            for position in range(dimension.min or 1, min(dimension.max or width, width) + 1):
                letter = column_letter(position - 1)
                yield Discrepancy(
                    "column_hidden",
                    say("the column {letter} is hidden in the sheet, and was read like the others", letter=letter),
                    column=letter,
                )
