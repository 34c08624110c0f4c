"""An organisation list as a value: its rows, what looked wrong in it, and the ids that its organisations get."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mou.models import Discrepancy, Organisation


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation and the row it stands in, as a spreadsheet program counts.

    Where the list gives no id, `has_own_id` is false and the organisation bears the row's number instead ("row-7"): good for a
    report on this list, never stored; `with_ids` gives it one of its own.
    """

    number: int
    organisation: Organisation
    has_own_id: bool = True


@dataclass(frozen=True, slots=True)
class OrganisationList:
    """Every organisation of one list in its order, and everything about it that looks wrong; nothing was corrected.

    `encoding` is "utf-8", "utf-16", "windows-874", or None for a workbook; `declared_count` is the number that the list or its
    sender states, None if nobody does.
    """

    source: str
    rows: tuple[OrganisationRow, ...]
    discrepancies: tuple[Discrepancy, ...] = ()
    encoding: str | None = None
    declared_count: int | None = None

    @property
    def has_all_ids(self) -> bool:
        """Every organisation has an id that may be stored."""
        return all(row.has_own_id for row in self.rows)

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The organisations, each with an id of its own.

        Raises:
            RuntimeError: some have none yet; `with_ids` comes first.
        """
        if not self.has_all_ids:
            raise RuntimeError("the list gives no id for some organisations: call with_ids before storing them")
        return tuple(row.organisation for row in self.rows)


def with_ids(listed: OrganisationList, existing: Mapping[str, str], next_number: int) -> OrganisationList:
    """Return the list with an id for every organisation; ids that the list gives stay.

    An organisation whose name (`name_th`, character for character) is in `existing` gets that id again; the others get
    org-0001, org-0002, ... from `next_number` on, leaving out ids that are in use. A name that stands twice in the list gets the
    existing id once: whether both rows are one body is for a person to say.
    """
    used = {row.organisation.organisation_id for row in listed.rows if row.has_own_id}
    known = {name: own for name, own in existing.items() if own not in used}
    fresh = _fresh_ids(next_number, used | set(existing.values()))
    rows = tuple(
        row if row.has_own_id else _with_id(row, known.pop(row.organisation.name_th, "") or next(fresh)) for row in listed.rows
    )
    return replace(listed, rows=rows)


def _with_id(row: OrganisationRow, organisation_id: str) -> OrganisationRow:
    return OrganisationRow(row.number, replace(row.organisation, organisation_id=organisation_id))


def _fresh_ids(number: int, used: set[str]) -> Iterator[str]:
    while True:
        organisation_id = f"org-{number:04d}"
        if organisation_id not in used:
            yield organisation_id
        number += 1
