"""The register as a workbook (.xlsx): a sheet each for the charter, its signatories, papers, reservations, missing ones, returns.

What a cell may hold and how a workbook looks is in `mou.spreadsheets`: no text comes alive, a day is a date and stands in words.
"""

from mou.messages import translate
from mou.signatories.rows import RegisterOfSignatories
from mou.signatories.sheets import (
    RowT,
    Sheet,
    charter_sheet,
    instrument_sheet,
    not_signed_sheet,
    party_sheet,
    reservation_sheet,
    returned_sheet,
)
from mou.spreadsheets import Heading, SheetTable, tables_as_workbook
from signatures.messages import say


def register_as_workbook(register: RegisterOfSignatories, language: str) -> bytes:
    """Return the workbook; headings are in Thai and English, words in the cells in the reader's language."""
    tables = (
        _table(charter_sheet(register, language)),
        _table(party_sheet(register, language)),
        _table(instrument_sheet(register, language)),
        _table(reservation_sheet(register, language)),
        _table(not_signed_sheet(register, language)),
        _table(returned_sheet(register, language)),
    )
    return tables_as_workbook(tables, title=translate(say("Register of signatories"), language), language=language)


def _table(sheet: Sheet[RowT]) -> SheetTable:
    headings = tuple(Heading(column.th, column.en, is_day=column.is_day) for column in sheet.columns)
    return SheetTable(sheet.title, headings, tuple(tuple(column.value(row) for column in sheet.columns) for row in sheet.rows))
