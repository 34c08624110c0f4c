"""What a list file holds before anybody asks what it means: a header, rows of text, and the lines around them."""

import re
from dataclasses import dataclass

from mou.models import Discrepancy
from mou.organisations.columns import field_of

# A title, a few remarks, a declared count: whoever has more above the header has a letter, not a list.
LONGEST_PREAMBLE_ROWS = 20
LONGEST_QUOTATION = 60
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_COUNT_ALONE = re.compile(
    r"(?:รวม|จำนวน|ทั้งหมด|ทั้งสิ้น|total)(?:จำนวน|ทั้งหมด|ทั้งสิ้น)?[\s:=]*\d{1,7}\s*(?:แห่ง|องค์กร|หน่วยงาน|องค์กร/หน่วยงาน|กลุ่ม|พื้นที่)?\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a list; `number` is the row as a spreadsheet program shows it, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One list as it was read: every row has as many cells as there are headers, blank rows are left out.

    `remarks` are the rows above the header and those that only count (รวม 8 แห่ง), each on one line; `encoding` is None for a
    workbook; `notes` say what was seen on the way; `explained` are headers whose use the file itself states.
    """

    source: str
    header_row: int
    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    remarks: tuple[str, ...] = ()
    encoding: str | None = None
    notes: tuple[Discrepancy, ...] = ()
    explained: frozenset[str] = frozenset()


def is_blank(cells: tuple[str, ...]) -> bool:
    """Nothing but white space stands in the row."""
    return not any(cell.strip() for cell in cells)


def is_header(cells: tuple[str, ...]) -> bool:
    """The row names its columns, since one of its cells names the column of the organisation's name."""
    return any(field_of(cell) == "name_th" for cell in cells)


def only_counts(cells: tuple[str, ...]) -> bool:
    """The row is no organisation but a sum under the list: its one filled cell, or its two, say a number."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) in {1, 2} and _COUNT_ALONE.fullmatch(" ".join(filled)) is not None


def without_blank_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells up to the last one that holds something."""
    width = max((at + 1 for at, cell in enumerate(cells) if cell.strip()), default=0)
    return cells[:width]


def as_remark(cells: tuple[str, ...]) -> str:
    """The row's filled cells on one line."""
    return " ".join(cell.strip() for cell in cells if cell.strip())


def named(headers: tuple[str, ...]) -> tuple[str, ...]:
    """The headers, with its letter in brackets for a column that has none, so that its cells can be kept too."""
    return tuple(header if header.strip() else f"[{column_letter(at)}]" for at, header in enumerate(headers))


def column_letter(position: int) -> str:
    """The name that a spreadsheet gives the column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def on_one_line(text: str) -> str:
    """The text as a report shows it: a line break as a space, and as its number what commands a terminal or turns a line."""
    if text.isprintable():
        return text
    return "".join(f"[U+{ord(one):04X}]" if _COMMANDS.match(one) else one for one in re.sub(r"[\t\r\n]+", " ", text))


def quoted(text: str) -> str:
    """The text on one line in quotation marks, cut when it is long, so that one cell cannot flood a report."""
    return f"“{on_one_line(text[:LONGEST_QUOTATION])}{'…' if len(text) > LONGEST_QUOTATION else ''}”"
