"""Characters of a list that deceive the reader: unseen ones, Thai marks out of place, numerals of two kinds."""

import re
from collections.abc import Iterator, Sequence

from mou.models import Discrepancy
from mou.organisations.columns import field_of
from mou.organisations.listed import OrganisationRow
from mou.organisations.names import untypical_marks, unusual_spaces
from mou.organisations.tables import quoted
from mou.thai import invisible_characters
from signatures.messages import say

# Numbers in these cells are not written for readers, so that their numerals are nobody's choice.
_FIELDS_OF_MACHINES = frozenset(
    {
        "organisation_id",
        "parent_organisation_id",
        "kind",
        "child_rights_themes",
        "official_email",
        "representative_email",
        "witness_email",
    }
)
_THAI_NUMERAL = re.compile("[๐-๙]")
_ARABIC_NUMERAL = re.compile("[0-9]")


def doubt_characters(row: OrganisationRow) -> Iterator[Discrepancy]:
    """Yield the cells of one row that hold something unseen, or Thai marks that only look right."""
    for header, cell in row.organisation.source_row.items():
        if cell.isprintable():
            yield from _doubt_marks(row, header, cell)
            continue
        # A line break is plain in an address; inside a name it would be printed as a space.
        text = cell.strip(" \t\r\n") if field_of(header) == "name_th" else re.sub(r"[\t\r\n]", " ", cell)
        yield from _doubt_unseen(row, header, text)
        yield from _doubt_marks(row, header, text)


def doubt_numerals(rows: Sequence[OrganisationRow]) -> Iterator[Discrepancy]:
    """Yield the rows that hold Thai and Arabic numerals, and the columns that hold Thai ones here and Arabic ones there."""
    first_thai: dict[str, int] = {}
    first_arabic: dict[str, int] = {}
    for row in rows:
        cells = [
            (header, cell) for header, cell in row.organisation.source_row.items() if field_of(header) not in _FIELDS_OF_MACHINES
        ]
        thai = [header for header, cell in cells if _THAI_NUMERAL.search(cell)]
        arabic = [header for header, cell in cells if _ARABIC_NUMERAL.search(cell)]
        if thai and arabic:
            yield Discrepancy(
                "numerals_mixed",
                say(
                    "Thai numerals stand in {thai}, Arabic ones in {arabic}",
                    thai=", ".join(map(quoted, thai)),
                    arabic=", ".join(map(quoted, arabic)),
                ),
                row.number,
            )
        for headers, first_rows in ((thai, first_thai), (arabic, first_arabic)):
            for header in headers:
                first_rows.setdefault(header, row.number)
    for header, row_number in first_thai.items():
        if first_arabic.get(header, row_number) != row_number:
            yield Discrepancy(
                "numerals_mixed",
                say(
                    "the column {column} holds Thai numerals (row {thai}) and Arabic ones (row {arabic})",
                    column=quoted(header),
                    thai=row_number,
                    arabic=first_arabic[header],
                ),
                column=header,
            )


def _doubt_unseen(row: OrganisationRow, header: str, text: str) -> Iterator[Discrepancy]:
    unseen = (*invisible_characters(text), *unusual_spaces(text))
    if unseen:
        yield Discrepancy(
            "invisible_character",
            say(
                "{column}, {text}: holds characters that nobody sees: {characters}",
                column=quoted(header),
                text=quoted(text),
                characters=", ".join(unseen),
            ),
            row.number,
            header,
        )


def _doubt_marks(row: OrganisationRow, header: str, text: str) -> Iterator[Discrepancy]:
    marks = untypical_marks(text)
    if marks:
        yield Discrepancy(
            "marks_misplaced",
            say(
                "{column}, {text}: holds Thai marks in an unusual order or in parts ({marks}), which look right and are not "
                "found in a search",
                column=quoted(header),
                text=quoted(text),
                marks=", ".join(" ".join(f"U+{ord(mark):04X}" for mark in place) for place in marks),
            ),
            row.number,
            header,
        )
