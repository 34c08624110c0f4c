"""Tables as one workbook (.xlsx), a sheet for each.

1. Every text is written as text: no cell is a formula, whatever it begins with, and no program takes it for one on the next edit.
2. A day is a real date that sorts, and where its heading says so the same day of the Buddhist era stands beside it in words.
3. The head stays in sight, can be filtered, and is repeated on each printed page; columns are as wide as what stands in them.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from mou.errors import UsageError
from mou.spreadsheets.cells import Written, cells_of_table, comes_alive, sheet_titles
from mou.spreadsheets.packing import packed
from mou.spreadsheets.tables import SheetTable
from mou.thai import columns

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS: Final = 1_048_576  # of one sheet
_DAY_FORMAT: Final = "yyyy-mm-dd"
_NARROWEST, _WIDEST = 8, 46  # letters
_A4: Final = 9
_HEAD_COLOUR: Final = "DDE5E4"


def tables_as_workbook(tables: Sequence[SheetTable], *, title: str, language: str) -> bytes:
    """Return the workbook; headings are in Thai and English, messages in the cells in the reader's language.

    Raises:
        UsageError: a table has more rows than a sheet.
        ValueError: there is no table, or a row has more or fewer values than there are headings.
    """
    from openpyxl import Workbook

    if not tables:
        raise ValueError("a workbook has at least one table")
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in zip(sheet_titles(table.title for table in tables), tables, strict=True):
        if len(table.rows) >= MOST_ROWS:
            raise UsageError(
                "{sheet}: a sheet of a workbook has room for {limit} rows, got {got}; ask for fewer",
                sheet=name,
                limit=MOST_ROWS - 1,
                got=len(table.rows),
            )
        _add(book, name, cells_of_table(table, language))
    book.properties.title = title
    book.properties.creator = "mou"
    return packed(book)


def _add(book: "Workbook", title: str, table: Sequence[Sequence[Written]]) -> None:
    """Write one sheet: a frozen header, a filter, widths that fit, landscape when it is printed."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    page: Worksheet = book.create_sheet(title)
    _fill(page, table)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for place, letters in enumerate(zip(*table, strict=True), start=1):
        page.column_dimensions[get_column_letter(place)].width = _width(letters)


def _fill(page: "Worksheet", table: Sequence[Sequence[Written]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    alignment, bold, fill = Alignment(vertical="top", wrap_text=True), Font(bold=True), PatternFill("solid", fgColor=_HEAD_COLOUR)
    for row, values in enumerate(table, start=1):
        for place, value in enumerate(values, start=1):
            cell = page.cell(row, place, value)
            cell.alignment = alignment
            if row == 1:
                cell.font, cell.fill = bold, fill
            if isinstance(value, str):
                cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
                cell.quotePrefix = comes_alive(value)
            elif isinstance(value, date):
                cell.number_format = _DAY_FORMAT


def _width(letters: Sequence[Written]) -> float:
    widest = max(columns(line) for text in letters for line in ("" if text is None else str(text)).split("\n"))
    return min(max(widest + 2, _NARROWEST), _WIDEST)
