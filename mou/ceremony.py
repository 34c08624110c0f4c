"""One event: what is the same in every document made for it."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

from mou.errors import InputError
from mou.models import JuristicPerson, Organisation, OrganisationKind, Person
from mou.thai import buddhist_year
from mou.toml_tables import TableReader, read_toml
from signatures.messages import Message, say

FreeValue: TypeAlias = str | int | bool | date | tuple[str, ...]

_PLACES_OF_NUMBER: Final = frozenset({"year", "sequence"})


class CeremonyError(InputError):
    """A `ceremony.toml` cannot be used."""


class Channel(StrEnum):
    """How somebody takes part."""

    ON_SITE = "on_site"
    ONLINE = "online"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of months with what is planned in it; both days are included."""

    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What is the same for every document of one event.

    `host` is the network or the department: the party that stands on the other side of every memorandum. `values` holds what
    only one template asks for. With `is_sample` every page says that it is a sample.
    """

    title: str
    project: str
    place: str
    district: str
    province: str
    date: date
    channels: tuple[Channel, ...]
    convener: str
    funder: str | None
    host: Organisation
    themes: tuple[str, ...]
    plans: tuple[Period, ...]
    number_pattern: str
    is_sample: bool
    values: Mapping[str, FreeValue] = field(default_factory=dict)
    protected_terms: tuple[str, ...] = ()

    def document_number(self, sequence: int) -> str:
        """The number of the document that is the `sequence`-th of the list, with the Buddhist year of the ceremony."""
        return self.number_pattern.format(year=buddhist_year(self.date), sequence=sequence)


def read_ceremony(path: Path) -> Ceremony:
    """Return the ceremony that a `ceremony.toml` describes.

    Raises:
        CeremonyError: with every wrong, missing or unknown key at once.
    """
    problems: list[Message] = []
    ceremony = _read(TableReader(read_toml(path, CeremonyError), str(path), problems))
    if problems:
        raise CeremonyError("{path}: the ceremony cannot be used", path=path, problems=tuple(problems))
    return ceremony


def _read(table: TableReader) -> Ceremony:
    ceremony = Ceremony(
        title=table.text("title"),
        project=table.text("project"),
        place=table.text("place"),
        district=table.text("district"),
        province=table.text("province"),
        date=table.day("date"),
        channels=table.choices("channels", Channel),
        convener=table.text("convener"),
        funder=table.optional_text("funder"),
        host=_read_host(table.table("host")),
        themes=table.texts("themes", at_least=0),
        plans=tuple(_read_period(one) for one in table.tables("plans")),
        number_pattern=table.text("number_pattern"),
        is_sample=table.flag("is_sample"),
        values=_read_values(table.optional_table("values")),
        protected_terms=table.texts("protected_terms", at_least=0),
    )
    _check_number_pattern(table, ceremony.number_pattern)
    table.finish()
    return ceremony


def _read_host(table: TableReader) -> Organisation:
    host = Organisation(
        organisation_id=table.text("organisation_id"),
        name_th=table.text("name_th"),
        kind=table.choice("kind", OrganisationKind),
        name_en=table.optional_text("name_en"),
        abbreviation=table.optional_text("abbreviation"),
        juristic_person=table.choice("juristic_person", JuristicPerson),
        address_line=table.optional_text("address_line"),
        subdistrict=table.optional_text("subdistrict"),
        district=table.optional_text("district"),
        province=table.optional_text("province"),
        postal_code=table.optional_text("postal_code"),
        official_email=table.optional_text("official_email"),
        representative=_read_person(table.table("representative")),
        witness=_read_person(table.table("witness")),
    )
    table.finish()
    return host


def _read_person(table: TableReader) -> Person:
    person = Person(
        given_name=table.text("given_name"),
        family_name=table.text("family_name"),
        position=table.text("position"),
        prefix=table.optional_text("prefix"),
        email=table.optional_text("email"),
    )
    table.finish()
    return person


def _read_period(table: TableReader) -> Period:
    period = Period(table.text("title"), table.day("starts_on"), table.day("ends_on"))
    if period.ends_on < period.starts_on:
        table.expect("ends_on", say("a day not before starts_on"), period.ends_on.isoformat())
    table.finish()
    return period


def _read_values(table: TableReader | None) -> Mapping[str, FreeValue]:
    if table is None:
        return {}
    values: dict[str, FreeValue] = {}
    for key, found in table.items():
        if isinstance(found, str):
            values[key] = table.text(key)
        elif isinstance(found, list):
            values[key] = table.texts(key)
        elif isinstance(found, int):
            values[key] = found
        elif isinstance(found, date):
            values[key] = table.day(key)
        else:
            table.expect(key, say("text, a list of texts, a whole number, true or false, or a day"), found)
    return values


def _check_number_pattern(table: TableReader, pattern: str) -> None:
    expected = say('a pattern with {year} and {sequence}, such as "LCRN-MOU-{year}-{sequence:03d}"')
    try:
        places = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
        usable = "sequence" in places and places <= _PLACES_OF_NUMBER and bool(pattern.format(year=2565, sequence=1))
    except (ValueError, LookupError, AttributeError):
        usable = False
    if pattern and not usable:
        table.expect("number_pattern", expected, pattern)
