"""One row of a table of papers, cell by cell: what stands in each, or why it cannot be used, with its place."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias, TypeVar

from mou.charter.instruments import Authority, Charter
from mou.charter.paper_columns import label_of
from mou.charter.paper_words import Words
from mou.charter.written_days import written_day
from mou.models import OrganisationKind
from mou.organisations.tables import Table, TableRow, quoted
from mou.thai import to_arabic_digits
from signatures.messages import Message, say

Code = TypeVar("Code", bound=StrEnum)
Problem: TypeAlias = tuple[int, int, Message]  # row, position of the column, what was expected there

_SEPARATORS = re.compile(r"[,;|\n]+")
_COUNT = re.compile(r"[0-9]{1,6}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_ID_IN_THE_LEDGER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_ROW = re.compile(r"(?:แถว|แถวที่|row)?\s*([0-9]{1,7})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lookups:
    """What cells are looked up in. `kinds` are those of the organisations by id, `ids` their ids by exact name.

    `document` finds what was signed by a document's number or file name, `file` a file beside the table: each returns the digest,
    or None. `person` gives the opaque id of somebody of an organisation, `authority` the authority under its id.
    """

    charter: Charter
    today: date
    kinds: Mapping[str, OrganisationKind]
    ids: Mapping[str, tuple[str, ...]]
    document: Callable[[str], str | None]
    file: Callable[[str], str | None]
    person: Callable[[str, str], str]
    authority: Callable[[str, Authority], Authority]


@dataclass(frozen=True, slots=True)
class Cells:
    """One row's cells by field; what cannot be used is added to the problems of the whole table."""

    table: Table
    positions: Mapping[str, int]
    row: TableRow
    lookups: Lookups
    problems: list[Problem]

    def only(self, fields: Collection[str]) -> "Cells":
        """The same row with the cells of these columns alone; every other one is as if it were empty."""
        return replace(self, positions={field: position for field, position in self.positions.items() if field in fields})

    def text(self, field: str) -> str | None:
        """The cell on one line, with single spaces; None if nothing stands in it."""
        position = self.positions.get(field)
        return None if position is None else " ".join(self.row.cells[position].split()) or None

    def refuse(self, field: str, expected: Message) -> None:
        """Note what was expected in a cell, and what came."""
        position, got = self.positions.get(field), self.text(field)
        problem = say(
            "{file}, row {row}, column {column}: {expected} is expected, got {got}",
            file=self.table.source,
            row=self.row.number,
            column=quoted(label_of(field) if position is None else self.table.headers[position]),
            expected=expected,
            got=say("nothing") if got is None else quoted(got),
        )
        self.problems.append((self.row.number, len(self.table.headers) if position is None else position, problem))

    def day(self, field: str, *, is_required: bool = False) -> date | None:
        """The day that the cell names."""
        text = self.text(field)
        found = None if text is None else written_day(text)
        if found is None and (text is not None or is_required):
            self.refuse(field, say("a day such as 2022-03-29, 29 มีนาคม 2565 or 29/3/2565"))
        return found

    def word(self, field: str, words: Words[Code], *, is_required: bool = False) -> Code | None:
        """The code that the cell names by one of its words."""
        text = self.text(field)
        found = None if text is None else words.code_of(text)
        if found is None and (text is not None or is_required):
            self.refuse(field, say("one of these: {words}", words=words.labels))
        return found

    def count(self, field: str) -> int:
        """The number in the cell; an empty one counts nothing."""
        text = to_arabic_digits(self.text(field) or "0")
        if not _COUNT.fullmatch(text):
            self.refuse(field, say("a number of people"))
            return 0
        return int(text)

    def organisation(self, field: str) -> str | None:
        """The id of the organisation that the cell names by id or by its exact name."""
        text = self.text(field)
        if text is None:
            self.refuse(field, say("an organisation"))
            return None
        return self._organisation_named(field, text)

    def organisations(self, field: str) -> tuple[str, ...]:
        """The ids of every organisation that the cell names."""
        found = [self._organisation_named(field, name) for name in self.parts(field)]
        return tuple(one for one in found if one is not None)

    def _organisation_named(self, field: str, name: str) -> str | None:
        known = (name,) if name in self.lookups.kinds else self.lookups.ids.get(name, ())
        if not known:
            self.refuse(field, say("an organisation of an imported list, by its id or its exact name,"))
        elif len(known) > 1:
            self.refuse(field, say("one organisation (the name is that of {ids}; write the id)", ids=", ".join(known)))
        elif not _ID_IN_THE_LEDGER.fullmatch(known[0]):
            self.refuse(field, say("an organisation whose id is of Latin letters and digits, since the ledger holds no other"))
        return known[0] if len(known) == 1 else None

    def document(self, field: str) -> str | None:
        """The digest of the document, file or text that the cell names."""
        text = self.text(field)
        return None if text is None else self._document_named(field, text)

    def documents(self, field: str) -> tuple[str, ...]:
        """The digests of every document that the cell names."""
        found = [self._document_named(field, name) for name in self.parts(field)]
        return tuple(one for one in found if one is not None)

    def _document_named(self, field: str, name: str) -> str | None:
        if _DIGEST.fullmatch(name):
            return name
        found = self.lookups.document(name) or self.lookups.file(name)
        if found is None:
            self.refuse(
                field, say("a document of the workspace by its number or file name, a file beside the table, or a digest")
            )
        return found

    def file(self, field: str = "file") -> str | None:
        """The digest of the file that the cell names."""
        text = self.text(field)
        found = None if text is None else self.lookups.file(text)
        if text is not None and found is None:
            self.refuse(field, say("the path of a file in the table's folder"))
        return found

    def person(self, field: str, organisation: str | None) -> str | None:
        """The opaque id of the person whose full name stands in the cell."""
        text = self.text(field)
        return None if text is None or organisation is None else self.lookups.person(organisation, text)

    def parts(self, field: str) -> tuple[str, ...]:
        """The parts of a cell; commas, semicolons, bars or line breaks part them."""
        position = self.positions.get(field)
        cell = "" if position is None else self.row.cells[position]
        return tuple(" ".join(part.split()) for part in _SEPARATORS.split(cell) if part.strip())

    def row_named(self, field: str) -> int | None:
        """The number of another row that the cell names: 12, แถว 12, row 12."""
        named = _ROW.fullmatch(to_arabic_digits(self.text(field) or ""))
        return None if named is None else int(named[1])
