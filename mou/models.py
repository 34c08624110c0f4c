"""The workflow's values: frozen, and the same words everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from signatures.canonical import JsonValue
from signatures.messages import Message


class OrganisationKind(StrEnum):
    """What an organisation is; the value is what a list and the store hold."""

    FOUNDATION = "foundation"
    ASSOCIATION = "association"
    UNREGISTERED_CIVIL_SOCIETY_GROUP = "unregistered_civil_society_group"
    STATE_AGENCY = "state_agency"
    CITY_MUNICIPALITY = "city_municipality"
    TOWN_MUNICIPALITY = "town_municipality"
    SUBDISTRICT_MUNICIPALITY = "subdistrict_municipality"
    MUNICIPALITY = "municipality"
    COMMUNITY = "community"
    PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE = "provincial_social_development_office"
    DEPARTMENT = "department"
    YOUTH_GROUP = "youth_group"
    CHILDREN_AND_YOUTH_COUNCIL = "children_and_youth_council"
    FUNDER = "funder"


class JuristicPerson(StrEnum):
    """Whether an organisation is a person in law; `unknown` is an answer, not a gap."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ChildRightsTheme(StrEnum):
    """The five themes of the Lanna Child Rights Network's festival of 20 November 2564."""

    ETHNIC_AND_INDIGENOUS_CHILDREN = "ethnic_and_indigenous_children"
    ENDING_VIOLENCE = "ending_violence"
    ONLINE_PROTECTION = "online_protection"
    HEALTHY_ENVIRONMENT = "healthy_environment"
    MIGRANT_CHILDREN = "migrant_children"


class Font(StrEnum):
    """A font that a document may be set in; the value is its own name. All but the first must be installed."""

    SARABUN = "Sarabun"
    TH_SARABUN_NEW = "TH Sarabun New"


class Capacity(StrEnum):
    """In what capacity somebody signs."""

    AUTHORISED_REPRESENTATIVE = "authorised_representative"
    ATTORNEY = "attorney"
    ACTING_ON_BEHALF = "acting_on_behalf"
    ACTING_IN_OFFICE = "acting_in_office"
    WITNESS = "witness"
    LEGAL_REPRESENTATIVE = "legal_representative"
    NETWORK_COUNTERSIGNER = "network_countersigner"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs; the prefix stands before the given name without a space (นายธีระศักดิ์).

    A date of birth stands in the list of organisations alone: no document, request, log or page holds it (docs/minors.md).
    """

    given_name: str
    family_name: str
    position: str
    prefix: str | None = None
    email: str | None = None
    date_of_birth: date | None = field(default=None, repr=False)

    @property
    def full_name(self) -> str:
        """The name as it is printed and as it stands in a certificate."""
        return f"{self.prefix or ''}{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What looks wrong in a list, said and never corrected."""

    code: str
    message: Message
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation as its list names it; `source_row` is the row verbatim, header by header, but for dates of birth."""

    organisation_id: str
    name_th: str
    kind: OrganisationKind
    name_en: str | None = None
    abbreviation: str | None = None
    juristic_person: JuristicPerson = JuristicPerson.UNKNOWN
    registration_number: str | None = None
    parent_organisation_id: str | None = None
    address_line: str | None = None
    subdistrict: str | None = None
    district: str | None = None
    province: str | None = None
    postal_code: str | None = None
    official_email: str | None = None
    child_rights_themes: frozenset[ChildRightsTheme] = frozenset()
    representative: Person | None = None
    witness: Person | None = None
    source_row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignatorySlot:
    """One place for one signature in one document: who must sign it, in which capacity, and when their turn comes.

    `order` counts from 1; slots of one order are signed in parallel, a higher one waits for all lower ones.
    """

    field: str
    role: str
    organisation_id: str
    organisation_name: str
    person: Person
    capacity: Capacity
    order: int

    @property
    def label(self) -> str:
        """What a screen reader says of the field."""
        return f"ลายมือชื่อ {self.person.full_name} {self.organisation_name}"


@dataclass(frozen=True, slots=True)
class FilledDocument:
    """A template filled for one organisation, ready for a renderer.

    `html` is complete but for style; `record` is the data that was filled in and travels inside the PDF;
    `protected_names` are the names that no line may break badly. `address` is where the public finds the document, when it is
    published. A draft is to be read and commented on: it has no signature fields and is not recorded.
    """

    template_name: str
    template_digest: str
    title: str
    language: str
    html: str
    css: str
    folder: str
    record: Mapping[str, JsonValue]
    slots: tuple[SignatorySlot, ...]
    protected_names: tuple[str, ...]
    document_number: str | None
    is_sample: bool
    version: str = "1"
    numerals: Literal["thai", "arabic"] = "thai"
    languages: tuple[str, ...] = ("th",)
    font: Font = Font.SARABUN
    address: str | None = None
    is_draft: bool = False
