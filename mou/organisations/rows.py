"""A table's rows as organisations: every cell that cannot be used is found, all at once, and none is guessed.

What a row must hold: a name; a kind that the list states or the name leaves no doubt about; given name and position of everybody
who signs. What must have its form where it is given: id, e-mail address, postal code, themes, standing in law, date of birth.

A date of birth is read, and then stands with its person alone: no message repeats it, and the row that is kept is without it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mou.errors import InputError
from mou.models import ChildRightsTheme, Discrepancy, JuristicPerson, Organisation, OrganisationKind, Person
from mou.organisations.birthdays import LONGEST_LIFE_YEARS, birthday_of, first_birthday
from mou.organisations.columns import field_of, is_of_birth, label_of
from mou.organisations.labels import juristic_person_of_label, kind_of_label, kind_of_name, themes_of_label
from mou.organisations.listed import OrganisationRow
from mou.organisations.tables import Table, TableRow, column_letter, quoted
from mou.thai import invisible_characters, kind_in_thai, to_arabic_digits
from signatures.messages import Message, say

_PLAIN_SPACE = " \t\r\n"
_POSTAL_CODE = re.compile(r"[0-9]{5}")
_EMAIL = re.compile(r"[^@\s<>()\[\]\\,;:\"']+@[^@\s<>()\[\]\\,;:\"'.]+(\.[^@\s<>()\[\]\\,;:\"'.]+)+")
# An id stands in file names, addresses of pages and the ledger.
_ORGANISATION_ID = re.compile(r"[0-9A-Za-z\u0e01-\u0e59][0-9A-Za-z\u0e01-\u0e59._-]{0,63}")


def read_rows(table: Table, today: date | None = None) -> tuple[tuple[OrganisationRow, ...], tuple[Discrepancy, ...]]:
    """Return the table's organisations in their order, and notes on what was concluded rather than read.

    Dates of birth are held against `today`; without it, against nothing.

    Raises:
        InputError: a column stands twice, there is no row, or rows cannot be used; `problems` names each place.
    """
    positions = _positions(table)
    problems: list[Message] = []
    notes: list[Discrepancy] = []
    rows = []
    for table_row in table.rows:
        cells = _Cells(table, positions, table_row, problems, today)
        organisation = _organisation(cells, notes)
        if organisation:
            rows.append(OrganisationRow(table_row.number, organisation, has_own_id=cells.text("organisation_id") is not None))
    problems.extend(_repeated_ids(table, positions))
    problems.sort(key=_row_of)
    if problems:
        count = len({_row_of(problem) for problem in problems})
        raise InputError("{file}: {count} rows cannot be used", problems=tuple(problems), file=table.source, count=count)
    if not rows:
        raise InputError(
            "{file}: a row for each organisation is expected under the header in row {row}, got none",
            file=table.source,
            row=table.header_row,
        )
    return tuple(rows), (*_unknown_columns(table), *notes)


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row's cells by field; what cannot be used is added to the problems of the whole table."""

    table: Table
    positions: Mapping[str, int]
    row: TableRow
    problems: list[Message]
    today: date | None = None

    def text(self, field: str) -> str | None:
        """The cell without plain space around it; None if nothing, or nothing that can be seen, stands in it."""
        position = self.positions.get(field)
        text = self.row.cells[position].strip(_PLAIN_SPACE) if position is not None else ""
        return text if _is_seen(text) else None

    def place(self, field: str) -> dict[str, object]:
        """Where the cell stands, as the values of a message; a missing column goes by its label."""
        position = self.positions.get(field)
        column = label_of(field) if position is None else self.table.headers[position]
        return {"file": self.table.source, "row": self.row.number, "column": quoted(column)}


def _organisation(cells: _Cells, notes: list[Discrepancy]) -> Organisation | None:
    before = len(cells.problems)
    name = _name(cells)
    kind = _kind(cells, name, notes)
    organisation_id = _organisation_id(cells)
    juristic_person = _juristic_person(cells)
    themes = _themes(cells)
    postal_code = _postal_code(cells)
    official_email = _email(cells, "official_email")
    representative = _person(cells, "representative", notes)
    witness = _person(cells, "witness", notes)
    if len(cells.problems) > before or kind is None:
        return None
    return Organisation(
        organisation_id=organisation_id,
        name_th=name,
        kind=kind,
        name_en=cells.text("name_en"),
        abbreviation=cells.text("abbreviation"),
        juristic_person=juristic_person,
        registration_number=cells.text("registration_number"),
        parent_organisation_id=cells.text("parent_organisation_id"),
        address_line=cells.text("address_line"),
        subdistrict=cells.text("subdistrict"),
        district=cells.text("district"),
        province=cells.text("province"),
        postal_code=postal_code,
        official_email=official_email,
        child_rights_themes=themes,
        representative=representative,
        witness=witness,
        source_row={
            header: cell for header, cell in zip(cells.table.headers, cells.row.cells, strict=True) if not is_of_birth(header)
        },
    )


def _name(cells: _Cells) -> str:
    name = cells.text("name_th")
    if name is None:
        cells.problems.append(
            say("{file}, row {row}, column {column}: a name is expected, got nothing", **cells.place("name_th"))
        )
    return name or ""


def _kind(cells: _Cells, name: str, notes: list[Discrepancy]) -> OrganisationKind | None:
    label = cells.text("kind")
    kind = kind_of_label(label) if label else kind_of_name(name)
    if kind is None and label:
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: a kind of organisation is expected, one of {kinds}; got {got}",
                **cells.place("kind"),
                kinds=_all_kinds(),
                got=quoted(label),
            )
        )
    elif kind is None:
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: a kind of organisation is expected, one of {kinds}; got nothing, and the "
                "name {name} does not begin with a word that leaves no doubt",
                **cells.place("kind"),
                kinds=_all_kinds(),
                name=quoted(name),
            )
        )
    elif not label:
        notes.append(
            Discrepancy(
                "kind_from_name",
                say(
                    "the list gives no kind; {kind} was concluded from the beginning of the name {name}",
                    kind=kind,
                    name=quoted(name),
                ),
                cells.row.number,
            )
        )
    return kind


def _all_kinds() -> str:
    return ", ".join(kind_in_thai(kind) for kind in OrganisationKind)


def _organisation_id(cells: _Cells) -> str:
    organisation_id = cells.text("organisation_id")
    if organisation_id is None:
        return f"row-{cells.row.number}"
    if not _ORGANISATION_ID.fullmatch(organisation_id):
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: an id of at most 64 letters, digits, dots, hyphens and underscores is "
                "expected that begins with a letter or digit, got {got}",
                **cells.place("organisation_id"),
                got=quoted(organisation_id),
            )
        )
    return organisation_id


def _juristic_person(cells: _Cells) -> JuristicPerson:
    label = cells.text("juristic_person")
    status = juristic_person_of_label(label) if label else JuristicPerson.UNKNOWN
    if status is None:
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: ใช่ (yes), ไม่ใช่ (no) or ไม่ทราบ (unknown) is expected, got {got}",
                **cells.place("juristic_person"),
                got=quoted(label or ""),
            )
        )
    return status or JuristicPerson.UNKNOWN


def _themes(cells: _Cells) -> frozenset[ChildRightsTheme]:
    themes, unread = themes_of_label(cells.text("child_rights_themes") or "")
    if unread:
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: themes are expected as numbers from 1 to 5 or as {themes}, separated by "
                "commas; got {got}",
                **cells.place("child_rights_themes"),
                themes=", ".join(ChildRightsTheme),
                got=", ".join(quoted(part) for part in unread),
            )
        )
    return themes


def _postal_code(cells: _Cells) -> str | None:
    text = cells.text("postal_code")
    if text is None:
        return None
    postal_code = to_arabic_digits(text)
    if not _POSTAL_CODE.fullmatch(postal_code):
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: a postal code of 5 digits is expected, got {got}",
                **cells.place("postal_code"),
                got=quoted(text),
            )
        )
    return postal_code


def _email(cells: _Cells, field: str) -> str | None:
    email = cells.text(field)
    # An address with something invisible in it would go to another box than the one that is read here.
    if email and (not _EMAIL.fullmatch(email) or invisible_characters(email)):
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: one e-mail address such as name@example.org is expected, got {got}",
                **cells.place(field),
                got=quoted(email),
            )
        )
    return email


def _person(cells: _Cells, role: str, notes: list[Discrepancy]) -> Person | None:
    """Return the person of that role; None if every cell of theirs is empty."""
    prefix, given_name, family_name, position = (
        cells.text(f"{role}_{field}") for field in ("prefix", "given_name", "family_name", "position")
    )
    email = _email(cells, f"{role}_email")
    date_of_birth = _date_of_birth(cells, f"{role}_date_of_birth")
    if not any((prefix, given_name, family_name, position, email, date_of_birth)):
        return None
    for field, text in (("given_name", given_name), ("position", position)):
        if text is None:
            cells.problems.append(
                say(
                    "{file}, row {row}, column {column}: a value is expected beside the other columns of the same person, got "
                    "nothing",
                    **cells.place(f"{role}_{field}"),
                )
            )
    if given_name and not family_name:
        notes.append(
            Discrepancy(
                "family_name_missing",
                say("{name} stands without a family name; it is printed as it stands", name=quoted(given_name)),
                cells.row.number,
                _header_of(cells, f"{role}_family_name"),
            )
        )
    return Person(given_name or "", family_name or "", position or "", prefix, email, date_of_birth)


def _date_of_birth(cells: _Cells, field: str) -> date | None:
    """The day in the cell. What stands there is never repeated in a message: it would end up in logs and letters."""
    text = cells.text(field)
    if text is None:
        return None
    born = birthday_of(text)
    if born is None:
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: a date of birth such as 29 มีนาคม 2547, 29/3/2547 or 2004-03-29 is expected, "
                "got something else (it is not repeated here)",
                **cells.place(field),
            )
        )
    elif cells.today is not None and not first_birthday(cells.today) <= born <= cells.today:
        cells.problems.append(
            say(
                "{file}, row {row}, column {column}: a date of birth no later than today and at most {years} years ago is "
                "expected, got another (it is not repeated here); a year without its era is read as one of the Buddhist era, one "
                "as in 2004-03-29 as one of the common era",
                **cells.place(field),
                years=LONGEST_LIFE_YEARS,
            )
        )
    return born


def _header_of(cells: _Cells, field: str) -> str | None:
    position = cells.positions.get(field)
    return None if position is None else cells.table.headers[position]


def _positions(table: Table) -> dict[str, int]:
    """Return the column of each field; two columns for one field, or two with one header, are refused."""
    positions: dict[str, int] = {}
    headers: dict[str, int] = {}
    problems = []
    for position, header in enumerate(table.headers):
        field = field_of(header)
        first = headers.get(header.strip()) if field is None else positions.get(field)
        if first is not None:
            problems.append(
                say(
                    "{file}, row {row}: one column for each meaning is expected, got {column} and {other} ({letters}); "
                    "delete or rename one of them",
                    file=table.source,
                    row=table.header_row,
                    column=quoted(table.headers[first]),
                    other=quoted(header),
                    letters=f"{column_letter(first)}, {column_letter(position)}",
                )
            )
        headers.setdefault(header.strip(), position)
        if field is not None:
            positions.setdefault(field, position)
    if problems:
        raise InputError("{file}: {count} columns stand twice", problems=tuple(problems), file=table.source, count=len(problems))
    return positions


def _repeated_ids(table: Table, positions: Mapping[str, int]) -> Iterator[Message]:
    first_rows: dict[str, int] = {}
    for row in table.rows:
        cells = _Cells(table, positions, row, [])
        organisation_id = cells.text("organisation_id")
        if organisation_id in first_rows:
            yield say(
                "{file}, row {row}, column {column}: an id of its own is expected for each organisation, got {got}, which row "
                "{first} has already",
                **cells.place("organisation_id"),
                got=quoted(organisation_id),
                first=first_rows[organisation_id],
            )
        elif organisation_id is not None:
            first_rows[organisation_id] = row.number


def _row_of(problem: Message) -> int:
    row = problem.values["row"]
    assert isinstance(row, int)
    return row


def _unknown_columns(table: Table) -> Iterator[Discrepancy]:
    for header in table.headers:
        if field_of(header) is None and is_of_birth(header):
            yield Discrepancy(
                "column_of_birth_unknown",
                say(
                    "the column {column} does not say whose dates of birth it holds; it is neither read nor kept. Name it "
                    "{expected}",
                    column=quoted(header),
                    expected=quoted(label_of("representative_date_of_birth")),
                ),
                column=header,
            )
        elif field_of(header) is None and header not in table.explained:
            yield Discrepancy(
                "column_unknown",
                say(
                    "the column {column} has no meaning here; it is kept with each row and used for nothing",
                    column=quoted(header),
                ),
                column=header,
            )


def _is_seen(text: str) -> bool:
    # A printable text needs no second look: what Python calls printable is every letter, mark, sign and the common space.
    return bool(text) and (text.isprintable() or any(not one.isspace() and not invisible_characters(one) for one in text))
