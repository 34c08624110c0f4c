"""What may stand in a cell, and what a sheet may be called. Pure.

1. A character that nobody sees is written out, as [U+202E]; a line break alone stays one.
2. A text is at most as long as a cell may be; one that is cut ends with a mark that says so.
3. `_x0041_` means a letter to a spreadsheet; where a text really says so, it is written as what means these seven characters.
4. A number that a spreadsheet would round is a text.
5. A day before March 1900 is a text alone, since spreadsheets do not agree on the calendar before.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, TypeAlias

from mou.messages import translate
from mou.spreadsheets.tables import Heading, SheetTable, Value
from mou.thai import thai_date
from signatures.messages import Message

Written: TypeAlias = str | int | date | None

MOST_CHARACTERS: Final = 32_767  # of one cell, in UTF-16
MOST_TITLE_CHARACTERS: Final = 31
FIRST_DAY: Final = date(1900, 3, 1)
LARGEST_EXACT_NUMBER: Final = 10**15 - 1
CUT: Final = " […]"
DAY_IN_WORDS: Final = Heading("พ.ศ.", "B.E.")
_ALIVE: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are their full-width forms
_LAST_OF_ONE_UNIT: Final = "\uffff"
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_TITLES: Final = re.compile(r"[\\/?*:\[\]]")
_RESERVED_TITLES: Final = frozenset({"history"})  # Excel keeps it for itself


def comes_alive(text: str) -> bool:
    """Whether a spreadsheet takes the text for a formula when somebody edits its cell; white space before it does not help."""
    return text.lstrip().startswith(_ALIVE)


def text_in_cell(text: str) -> str:
    """Return the text as it may stand in a cell."""
    visible = "".join(letter if letter.isprintable() or letter == "\n" else f"[U+{ord(letter):04X}]" for letter in text)
    escaped = _ESCAPE.sub("_x005F_", visible)
    return escaped if utf_16_length(escaped) <= MOST_CHARACTERS else f"{_cut(escaped, MOST_CHARACTERS - len(CUT))}{CUT}"


def cells_of_table(table: SheetTable, language: str) -> list[list[Written]]:
    """Return the head and every row as cells; a column of days becomes two.

    Raises:
        ValueError: a row has more or fewer values than there are headings.
    """
    return [_head(table.headings), *(_row(table.headings, row, language) for row in table.rows)]


def sheet_titles(wanted: Iterable[str]) -> list[str]:
    """Return titles that a workbook may have: no forbidden character, not too long, none twice whatever their letters' case."""
    titles: list[str] = []
    taken = set(_RESERVED_TITLES)
    for text in wanted:
        visible = "".join(letter for letter in text if letter.isprintable())
        bare = _NOT_IN_TITLES.sub(" ", visible).strip().strip("'").strip() or "-"
        title = _cut(bare, MOST_TITLE_CHARACTERS)
        number = 2
        while title.casefold() in taken:
            ending = f" ({number})"
            title = _cut(bare, MOST_TITLE_CHARACTERS - len(ending)) + ending
            number += 1
        taken.add(title.casefold())
        titles.append(title)
    return titles


def utf_16_length(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text) + sum(letter > _LAST_OF_ONE_UNIT for letter in text)


def _head(headings: Sequence[Heading]) -> list[Written]:
    head: list[Written] = []
    for each in headings:
        head.append(f"{each.th}\n{each.en}")
        if each.is_day:
            head.append(f"{each.th} ({DAY_IN_WORDS.th})\n{each.en} ({DAY_IN_WORDS.en})")
    return head


def _row(headings: Sequence[Heading], row: Sequence[Value], language: str) -> list[Written]:
    cells: list[Written] = []
    for heading, value in zip(headings, row, strict=True):
        cells += _day(value, language) if heading.is_day else [_plain(value, language)]
    return cells


def _day(value: Value, language: str) -> list[Written]:
    """A day twice: as a date, where spreadsheets know one, and in words; what is no day stands as it is."""
    if not isinstance(value, date):
        return [_plain(value, language), None]
    return [value if value >= FIRST_DAY else None, thai_date(value, era="buddhist")]


def _plain(value: Value, language: str) -> Written:
    if isinstance(value, Message):
        value = translate(value, language)
    if isinstance(value, str):
        return text_in_cell(value) or None
    if isinstance(value, date):
        return value if value >= FIRST_DAY else value.isoformat()
    return str(value) if value is not None and abs(value) > LARGEST_EXACT_NUMBER else value


def _cut(text: str, most: int) -> str:
    """The beginning of a text, as long as spreadsheets count."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")
