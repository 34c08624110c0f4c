"""Tables as workbooks (.xlsx) for people who keep their lists in a spreadsheet; nothing in them computes.

A table goes through `cells` (what may stand in a cell, and under which title a sheet) and `writing` (its look) to `packing`,
which makes the same file of the same tables at any hour.
"""

from mou.spreadsheets.packing import packed
from mou.spreadsheets.tables import Heading, SheetTable, Value
from mou.spreadsheets.writing import tables_as_workbook

__all__ = ["Heading", "SheetTable", "Value", "packed", "tables_as_workbook"]
