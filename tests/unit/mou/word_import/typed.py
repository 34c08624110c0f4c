"""Word files as values, written down as short as somebody types them."""

from collections.abc import Sequence
from itertools import count

from mou.rendering.word.values import (
    Alignment,
    WordBlock,
    WordCell,
    WordFile,
    WordParagraph,
    WordRow,
    WordRun,
    WordTable,
)
from signatures.messages import say

_PLACES = count(1)


def bold(text: str, size_pt: float = 16) -> WordRun:
    """Return bold words."""
    return WordRun(text, bold=True, size_pt=size_pt)


def value(text: str, field: str) -> WordRun:
    """Return words that are the value of a field."""
    return WordRun(text, field=field)


def paragraph(
    *runs: str | WordRun,
    style: str = "Normal",
    number: str = "",
    level: int = 0,
    at: Alignment = Alignment.LEFT,
    begins_page: bool = False,
    place: str | None = None,
) -> WordParagraph:
    """Return a paragraph; words without a look of their own are plain."""
    return WordParagraph(
        tuple(WordRun(run, size_pt=16) if isinstance(run, str) else run for run in runs),
        say("{place}", place=place or f"paragraph {next(_PLACES)}"),
        number=number,
        style=style,
        level=level,
        alignment=at,
        begins_page=begins_page,
    )


def centred(*runs: str | WordRun) -> WordParagraph:
    """Return a paragraph in the middle."""
    return paragraph(*runs, at=Alignment.CENTRE)


def cell(*blocks: str | WordBlock, columns: int = 1, continues: bool = False) -> WordCell:
    """Return a cell with these paragraphs."""
    inner = tuple(paragraph(one) if isinstance(one, str) else one for one in blocks)
    return WordCell(inner, columns, continues)


def table(*rows: Sequence[str | WordBlock | WordCell], has_borders: bool = True, heads: int = 0) -> WordTable:
    """Return a table; the first `heads` rows are repeated on each page."""
    made = tuple(
        WordRow(tuple(one if isinstance(one, WordCell) else cell(one) for one in row), is_header=at < heads)
        for at, row in enumerate(rows)
    )
    return WordTable(made, say("{place}", place=f"table {next(_PLACES)}"), has_borders)


def file(*blocks: str | WordBlock, source: str = "memorandum.docx") -> WordFile:
    """Return a file with these paragraphs and tables."""
    return WordFile(source, tuple(paragraph(one) if isinstance(one, str) else one for one in blocks))


TITLE = centred(bold("บันทึกข้อตกลง", 20))
