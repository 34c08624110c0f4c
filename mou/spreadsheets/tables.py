"""A table as a value: headings in Thai and English, rows of texts, numbers and days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from signatures.messages import Message

Value: TypeAlias = str | int | date | Message | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading in both languages; a column of days has each day in words beside it."""

    th: str
    en: str
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table under its title; every row has as many values as there are headings."""

    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Value]]
