"""The register as a workbook (.xlsx): a sheet each for the charter, its signatories, papers, reservations, missing ones, returns.

1. Every text is written as text: no cell is a formula, whatever it begins with, and no program takes it for one on the next edit.
2. A day is a real date that sorts, and beside it stands the same day of the Buddhist era in words.
3. A character that nobody sees is written out, as [U+202E].
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from mou.messages import translate
from mou.signatories.rows import RegisterOfSignatories
from mou.signatories.sheets import (
    RowT,
    Sheet,
    Value,
    charter_sheet,
    instrument_sheet,
    not_signed_sheet,
    party_sheet,
    reservation_sheet,
    returned_sheet,
)
from mou.thai import columns, thai_date
from signatures.messages import Message, say

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Written: TypeAlias = str | int | date | None

MOST_CHARACTERS: Final = 32_767  # of one cell
FIRST_DAY: Final = date(1900, 3, 1)  # before it, spreadsheets do not agree on the calendar
_DAY_FORMAT: Final = "yyyy-mm-dd"
_NARROWEST, _WIDEST = 8, 46  # letters
_ALIVE: Final = ("=", "+", "-", "@")
_IN_WORDS: Final = "พ.ศ.", "B.E."


def register_as_workbook(register: RegisterOfSignatories, language: str) -> bytes:
    """Return the workbook; headings are in Thai and English, words in the cells in the reader's language."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _add(book, charter_sheet(register, language), language)
    _add(book, party_sheet(register, language), language)
    _add(book, instrument_sheet(register, language), language)
    _add(book, reservation_sheet(register, language), language)
    _add(book, not_signed_sheet(register, language), language)
    _add(book, returned_sheet(register, language), language)
    book.properties.title = translate(say("Register of signatories"), language)
    book.properties.creator = "mou"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _add(book: "Workbook", sheet: Sheet[RowT], language: str) -> None:
    """Write one sheet: a frozen header, a filter, widths that fit, landscape when it is printed."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    table = _cells(sheet, language)
    page: Worksheet = book.create_sheet(sheet.title)
    for row, written in enumerate(table, start=1):
        for place, value in enumerate(written, start=1):
            _write(page.cell(row, place), value, is_head=row == 1)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for place, letters in enumerate(zip(*table, strict=True), start=1):
        page.column_dimensions[get_column_letter(place)].width = _width(letters)


def _cells(sheet: Sheet[RowT], language: str) -> list[list[Written]]:
    head: list[Written] = []
    for column in sheet.columns:
        head.append(f"{column.th}\n{column.en}")
        if column.is_day:
            head.append(f"{column.th} ({_IN_WORDS[0]})\n{column.en} ({_IN_WORDS[1]})")
    table = [head]
    for row in sheet.rows:
        cells: list[Written] = []
        for column in sheet.columns:
            value = column.value(row)
            cells += _day(value) if column.is_day else [_plain(value, language)]
        table.append(cells)
    return table


def _day(value: Value) -> list[Written]:
    """A day twice: as a date, where spreadsheets know one, and in words."""
    if not isinstance(value, date):
        return [None, None]
    return [value if value >= FIRST_DAY else None, thai_date(value, era="buddhist")]


def _plain(value: Value, language: str) -> Written:
    if isinstance(value, Message):
        value = translate(value, language)
    if not isinstance(value, str):
        return value
    visible = "".join(letter if letter.isprintable() or letter == "\n" else f"[U+{ord(letter):04X}]" for letter in value)
    return visible[:MOST_CHARACTERS]


def _write(cell: "Cell | MergedCell", value: Written, *, is_head: bool) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_head:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE5E4")
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
        cell.quotePrefix = value.startswith(_ALIVE)
    elif isinstance(value, date):
        cell.number_format = _DAY_FORMAT


def _width(letters: Sequence[Written]) -> float:
    widest = max(columns(line) for text in letters for line in ("" if text is None else str(text)).split("\n"))
    return min(max(widest + 2, _NARROWEST), _WIDEST)
