"""What looks wrong in a list of organisations.

Each rule warns; none corrects, and none decides which half of a contradiction is wrong.

Codes, and what each of them says:

- `declared_count`: another number of organisations is stated than is listed; `declared_counts_differ`: several are stated
- `level_missing`: a municipality without นคร, เมือง or ตำบล, or where that word may belong to the place
- `kind_and_name_differ`: the kind that is given is not the one that the name begins with
- `province_and_place`: the place is known in another province and not in this one; `place_unknown`: it is known nowhere, so that
  nothing was checked; `province_unknown`: no such province; `provinces_differ`: the name and its column state two
- `numerals_mixed`: Thai and Arabic numerals in one cell, in one row, or in one column
- `invisible_character`, `marks_misplaced`: characters that nobody sees, and Thai marks that look right and are another text
- `row_doubled`, `name_repeated`, `name_spacing`, `name_spellings`: two rows that may be one organisation
- `parent_unknown`: the parent's id is not in the list
- `not_juristic_person`: a community or an unregistered group as a party
- `youth_group_person`: a person is named beside a youth group

From reading: `encoding_windows_874`, `sheet_not_read`, `sheet_hidden`, `row_hidden`, `column_hidden`, `column_unknown`,
`day_in_cell`, `struck_out`, `kind_from_name`, `family_name_missing`, `comments_not_read`; of a Word file `table_not_read`,
`tracked_changes`, `text_not_read`, `look_not_read`.
"""

import re
from collections.abc import Iterator, Sequence

from mou.models import Discrepancy, JuristicPerson, OrganisationKind
from mou.organisations.characters import doubt_characters, doubt_numerals
from mou.organisations.doubles import find_doubles
from mou.organisations.gazetteer import Gazetteer
from mou.organisations.labels import kind_of_name
from mou.organisations.listed import OrganisationRow
from mou.organisations.places import doubt_places
from mou.organisations.tables import quoted
from mou.thai import kind_in_thai
from signatures.messages import say

# A key, a count of organisations in a sentence, or a sum alone; never a count of persons or baht.
_DECLARED_COUNT = re.compile(
    r"(?:จำนวนที่ระบุ|จำนวนที่แจ้ง|declared[_ ]count)\W{0,10}(?P<by_key>\d{1,7})"
    r"|(?:จำนวน|รวม|ทั้งหมด|ทั้งสิ้น)\D{0,60}(?P<in_sentence>\d{1,7})\s*(?:แห่ง|องค์กร|หน่วยงาน|กลุ่ม|พื้นที่)"
    r"|^\W*(?:รวม|จำนวน|ทั้งหมด|ทั้งสิ้น|total)(?:จำนวน|ทั้งหมด|ทั้งสิ้น)?[\s:=]*(?P<alone>\d{1,7})\W*$",
    re.IGNORECASE,
)
_NO_JURISTIC_PERSON = frozenset({OrganisationKind.COMMUNITY, OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP})
# A narrower kind may go by the wider word, and whoever pays may be anything.
_WIDER_KINDS = frozenset({OrganisationKind.STATE_AGENCY, OrganisationKind.FUNDER})


def declared_counts(remarks: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of organisations that the remarks of a list state, each once, in Thai or Arabic numerals."""
    matches = (match for remark in remarks for match in _DECLARED_COUNT.finditer(remark))
    return tuple(dict.fromkeys(int(match[match.lastgroup or 0]) for match in matches))


def find_discrepancies(
    rows: Sequence[OrganisationRow], declared_count: int | None, stated: Sequence[int], gazetteer: Gazetteer
) -> Iterator[Discrepancy]:
    """Yield everything that looks wrong in the rows; `stated` are the counts that the list itself declares."""
    yield from _doubt_counts(len(rows), declared_count, stated)
    ids = {row.organisation.organisation_id for row in rows}
    for row in rows:
        yield from doubt_places(row, gazetteer)
        yield from _doubt_kind(row)
        yield from _doubt_standing(row)
        yield from doubt_characters(row)
        yield from _doubt_parent(row, ids)
    yield from find_doubles(rows)
    yield from doubt_numerals(rows)


def _doubt_counts(listed_count: int, declared_count: int | None, stated: Sequence[int]) -> Iterator[Discrepancy]:
    if declared_count is not None and declared_count != listed_count:
        yield Discrepancy(
            "declared_count",
            say("{declared} organisations are stated, {listed} are listed", declared=declared_count, listed=listed_count),
        )
    others = [count for count in stated if count != declared_count]
    if others:
        yield Discrepancy(
            "declared_counts_differ",
            say(
                "more than one number of organisations is stated: {declared}, and in the list {others}",
                declared=declared_count,
                others=", ".join(map(str, others)),
            ),
        )


def _doubt_kind(row: OrganisationRow) -> Iterator[Discrepancy]:
    organisation = row.organisation
    by_name = kind_of_name(organisation.name_th)
    # A municipality whose name lacks its level is `level_missing` already; its kind may state the level.
    if by_name in {None, organisation.kind, OrganisationKind.MUNICIPALITY} or organisation.kind in _WIDER_KINDS:
        return
    yield Discrepancy(
        "kind_and_name_differ",
        say(
            "{name}: the kind says {kind}, the name begins like {by_name}",
            name=quoted(organisation.name_th),
            kind=kind_in_thai(organisation.kind),
            by_name=kind_in_thai(by_name),
        ),
        row.number,
    )


def _doubt_standing(row: OrganisationRow) -> Iterator[Discrepancy]:
    organisation = row.organisation
    if organisation.kind in _NO_JURISTIC_PERSON and organisation.juristic_person is not JuristicPerson.YES:
        yield Discrepancy(
            "not_juristic_person",
            say(
                "{name}: a community or an unregistered group is as such held to be no juristic person; who may sign is open",
                name=quoted(organisation.name_th),
            ),
            row.number,
        )
    if organisation.kind is OrganisationKind.YOUTH_GROUP and (organisation.representative or organisation.witness):
        yield Discrepancy(
            "youth_group_person",
            say(
                "{name}: a person is named beside a youth group; persons of youth groups may be minors and are not public",
                name=quoted(organisation.name_th),
            ),
            row.number,
        )


def _doubt_parent(row: OrganisationRow, ids: set[str]) -> Iterator[Discrepancy]:
    parent = row.organisation.parent_organisation_id
    if parent and parent not in ids:
        yield Discrepancy(
            "parent_unknown",
            say("no organisation of this list has the id {parent}, which is given as the parent's", parent=quoted(parent)),
            row.number,
        )
