"""Rows of one list that may be one organisation; each later row is compared with the first of its like, in one pass."""

from collections.abc import Callable, Hashable, Iterator, Sequence

from mou.models import Discrepancy
from mou.organisations.columns import field_of
from mou.organisations.listed import OrganisationRow
from mou.organisations.names import as_said, as_seen
from mou.organisations.tables import quoted
from signatures.messages import Message, say


def find_doubles(rows: Sequence[OrganisationRow]) -> Iterator[Discrepancy]:
    """Yield one discrepancy for each row that repeats an earlier one, by the strictest likeness that holds.

    In this order: the whole row but for the id; the name; the name but for spacing and what nobody sees; the name but for its
    spelling, within one province.
    """
    likenesses: tuple[
        tuple[str, Callable[[OrganisationRow], Hashable], Callable[[OrganisationRow, OrganisationRow], Message]], ...
    ] = (
        ("row_doubled", _cells, _say_doubled),
        ("name_repeated", lambda row: row.organisation.name_th, _say_repeated),
        ("name_spacing", lambda row: as_seen(row.organisation.name_th), _say_spacing),
        ("name_spellings", lambda row: (as_said(row.organisation.name_th), row.organisation.province), _say_spellings),
    )
    firsts: tuple[dict[Hashable, OrganisationRow], ...] = tuple({} for _ in likenesses)
    for row in rows:
        found = None
        for (code, key_of, sentence), first_rows in zip(likenesses, firsts, strict=True):
            first = first_rows.setdefault(key_of(row), row)
            if first is not row and found is None:
                found = Discrepancy(code, sentence(first, row), row.number)
        if found:
            yield found


def _cells(row: OrganisationRow) -> Hashable:
    return tuple(cell.strip() for header, cell in row.organisation.source_row.items() if field_of(header) != "organisation_id")


def _say_doubled(first: OrganisationRow, row: OrganisationRow) -> Message:
    return say("the row repeats row {first} cell for cell ({name})", first=first.number, name=quoted(row.organisation.name_th))


def _say_repeated(first: OrganisationRow, row: OrganisationRow) -> Message:
    return say("the name {name} stands in row {first} too", first=first.number, name=quoted(row.organisation.name_th))


def _say_spacing(first: OrganisationRow, row: OrganisationRow) -> Message:
    return say(
        "the name {name} looks like {other} in row {first}; they differ in spacing, numerals or characters that nobody sees",
        name=quoted(row.organisation.name_th),
        other=quoted(first.organisation.name_th),
        first=first.number,
    )


def _say_spellings(first: OrganisationRow, row: OrganisationRow) -> Message:
    return say(
        "the name {name} may be another spelling of {other} in row {first}",
        name=quoted(row.organisation.name_th),
        other=quoted(first.organisation.name_th),
        first=first.number,
    )
