"""A template -> what it may be filled with to be looked at: an event, organisations and a charter, all of them a sample.

1. A ceremony comes from the template's `example/`, else from that of the charter's template, else it is invented here.
2. Of the lists in `example/`, the longest counts in which everybody who signs is named; else three organisations are invented.
3. What they leave open, a field's own `example` says: an event has every value that this template asks for.
4. Every document says that it is a sample, whatever the ceremony says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mou.ceremony import Ceremony, Channel, FreeValue, Period, read_ceremony
from mou.errors import InputError
from mou.filling import CharterReference, fill_template
from mou.models import FilledDocument, JuristicPerson, Organisation, OrganisationKind, Person
from mou.organisations import OrganisationList, read_organisations, with_ids
from mou.organisations.labels import kind_of_label
from mou.templates import EXAMPLE_FOLDER, FieldType, Role, SignatorySource, Template, TemplateField
from mou.thai import to_arabic_digits
from signatures.digests import digest_of

CEREMONY_FILE: Final = "ceremony.toml"
_LISTS: Final = ("*.csv", "*.xlsx")
_DAY: Final = date(2026, 11, 20)
_COUNTED: Final = ("หนึ่ง", "สอง", "สาม")

LONG_NAME: Final = "สำนักงานสมมติเพื่อส่งเสริมการมีส่วนร่วมของเด็กและเยาวชนกลุ่มชาติพันธุ์และชนเผ่าพื้นเมือง ในอนุภูมิภาคลุ่มน้ำโขง ประจำจังหวัดประจวบคีรีขันธ์"
"""About as long as the name of a public office is: 107 columns."""

_LONG_NAME_EN: Final = (
    "Example International Fund for the Participation of Ethnic and Indigenous Children and Young People in the Greater Mekong"
)
_LONG_PERSON: Final = Person(
    "สมมตินามยาวเป็นพิเศษ", "ณ ตัวอย่างสกุลยาวกาญจนาภิเษก", "ผู้อำนวยการสำนักงานสมมติ ปฏิบัติราชการแทนผู้ว่าราชการจังหวัด", "ว่าที่ร้อยตรีหญิง"
)


@dataclass(frozen=True, slots=True)
class Example:
    """What one template is filled with; of several organisations a memorandum is made for the first."""

    ceremony: Ceremony
    organisations: tuple[Organisation, ...]
    charter: CharterReference | None


def example_document(template: Template, charter_template: Template | None = None) -> FilledDocument:
    """Return the template filled with its examples.

    Args:
        template: what is filled.
        charter_template: the charter to which it consents, where there is one and it is at hand.

    Raises:
        InputError: the examples of its folder cannot be used, or do not go together with the template.
    """
    return fill_with(template, example_of(template, charter_template))


def fill_with(template: Template, example: Example) -> FilledDocument:
    """Return the template filled for the first organisation, or for all of them where they sign one document.

    Raises:
        FillingError: the values and the template do not go together, or the template's code breaks off.
    """
    return fill_template(
        template,
        ceremony=example.ceremony,
        organisation=None if template.is_joint else example.organisations[0],
        members=example.organisations if template.is_joint else (),
        charter=example.charter,
        sequence=0 if template.is_joint else 1,
    )


def example_of(template: Template, charter_template: Template | None = None) -> Example:
    """Return an event, organisations and a charter for this template.

    Raises:
        InputError: the ceremony in its folder of examples cannot be used.
    """
    examples = {one.name: one for one in template.fields}
    folders = [one.folder / EXAMPLE_FOLDER for one in (template, charter_template) if one is not None]
    path = next((folder / CEREMONY_FILE for folder in folders if (folder / CEREMONY_FILE).is_file()), None)
    ceremony = _invented_ceremony(examples) if path is None else read_ceremony(path)
    return Example(
        ceremony=replace(_completed(ceremony, template.fields), is_sample=True),
        organisations=_with_columns(_listed(folders, template.roles) or _invented_organisations(examples), template.fields),
        charter=_charter(template, charter_template, examples),
    )


def with_long_names(example: Example) -> Example:
    """Return the example with parties and persons whose names are as long as names of offices are.

    A charter of many members gets one such member, the first: nobody has nineteen.
    """
    first, *others = example.organisations
    long_witness = replace(_LONG_PERSON, given_name="สมมตินามพยานยาวเป็นพิเศษ")
    long_first = replace(
        first, name_th=LONG_NAME, name_en=_LONG_NAME_EN, representative=_LONG_PERSON, witness=first.witness and long_witness
    )
    return replace(example, organisations=(long_first, *others))


def _charter(
    template: Template, charter_template: Template | None, examples: Mapping[str, TemplateField]
) -> CharterReference | None:
    if template.charter is None:
        return None
    if charter_template is not None:
        return CharterReference(
            charter_template.title, charter_template.version, digest_of(str(charter_template.digest).encode())
        )
    title = _said(examples, "charter.title", "ธรรมนูญตัวอย่าง")
    return CharterReference(title, _said(examples, "charter.version", "1"), digest_of(template.charter.encode()))


def _listed(folders: Sequence[Path], roles: Sequence[Role]) -> tuple[Organisation, ...]:
    """The organisations of the longest list that names everybody who signs; of several as long, the first by name."""
    lists = [_organisations_in(path) for folder in folders for path in _lists_in(folder)]
    usable = [one for one in lists if one and all(_signs(party, role) for party in one for role in roles)]
    return max(usable, key=len, default=())


def _lists_in(folder: Path) -> Iterator[Path]:
    yield from sorted(path for pattern in _LISTS for path in folder.glob(pattern))


def _organisations_in(path: Path) -> tuple[Organisation, ...]:
    """The organisations of a list; none where the file is of something else, such as a charter's instruments."""
    try:
        listed: OrganisationList = read_organisations(path)
    except InputError:
        return ()
    return with_ids(listed, {}, 1).organisations


def _signs(party: Organisation, role: Role) -> bool:
    if role.source is SignatorySource.ORGANISATION_WITNESS:
        return party.witness is not None
    return role.source is not SignatorySource.ORGANISATION_REPRESENTATIVE or party.representative is not None


def _with_columns(organisations: Sequence[Organisation], fields: Sequence[TemplateField]) -> tuple[Organisation, ...]:
    """The organisations with a cell for every column of the list that only this template asks for."""
    prefix = "organisation.columns."
    asked = {one.name.removeprefix(prefix): one for one in fields if one.name.startswith(prefix)}
    return tuple(
        replace(
            party,
            source_row={
                **party.source_row,
                **{
                    name: one.example
                    for name, one in asked.items()
                    if not party.source_row.get(name) and not party.source_row.get(one.label)
                },
            },
        )
        for party in organisations
    )


def _completed(ceremony: Ceremony, fields: Sequence[TemplateField]) -> Ceremony:
    """The ceremony with every value that the fields ask for, none of its own changed."""
    prefix = "ceremony.values."
    missing = {
        one.name.removeprefix(prefix): _value(one)
        for one in fields
        if one.name.startswith(prefix) and one.name.removeprefix(prefix) not in ceremony.values
    }
    asked = {one.name for one in fields}
    return replace(
        ceremony,
        values={**ceremony.values, **missing},
        funder=ceremony.funder or ("ผู้สนับสนุนทุนตัวอย่าง" if "ceremony.funder" in asked else None),
        themes=ceremony.themes or (("ประเด็นตัวอย่างที่หนึ่ง", "ประเด็นตัวอย่างที่สอง") if "ceremony.themes" in asked else ()),
        plans=ceremony.plans or (_plans(ceremony.date) if "ceremony.plans" in asked else ()),
    )


def _plans(day: date) -> tuple[Period, ...]:
    year = day.year + 1
    return (
        Period("แผนตัวอย่าง ระยะที่หนึ่ง", date(year, 1, 1), date(year, 6, 30)),
        Period("แผนตัวอย่าง ระยะที่สอง", date(year, 7, 1), date(year, 12, 31)),
    )


def _value(asked: TemplateField) -> FreeValue:
    """The value that the field's example says, in its type."""
    match asked.type:
        case FieldType.INTEGER:
            digits = to_arabic_digits(asked.example)
            return int(digits) if digits.isascii() and digits.isdigit() else 1
        case FieldType.FLAG:
            return asked.example.strip().casefold() not in {"false", "no", "ไม่", "ไม่ใช่"}
        case FieldType.DAY:
            return _day_of(asked.example)
        case FieldType.TEXTS:
            return (asked.example, "ข้อความตัวอย่างที่สอง")
        case _:
            return asked.example


def _day_of(example: str | None) -> date:
    try:
        return date.fromisoformat(to_arabic_digits(example or ""))
    except ValueError:
        return _DAY


def _said(examples: Mapping[str, TemplateField], name: str, otherwise: str) -> str:
    return examples[name].example if name in examples else otherwise


def _invented_ceremony(examples: Mapping[str, TemplateField]) -> Ceremony:
    day = examples.get("ceremony.date")
    host = Organisation(
        "example-host",
        _said(examples, "host.name_th", "เครือข่ายตัวอย่าง"),
        _kind(examples, "host.kind", OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP),
        name_en=_said(examples, "host.name_en", "Example Network"),
        abbreviation=_said(examples, "host.abbreviation", "คตย."),
        juristic_person=JuristicPerson.NO,
        registration_number=_said(examples, "host.registration_number", "ตย-๐๐๐"),
        address_line=_said(examples, "host.address", "ถนนสมมติ"),
        district=_said(examples, "host.district", "อำเภอเมือง") if "host.address" not in examples else None,
        province=_said(examples, "host.province", "จังหวัดตัวอย่าง") if "host.address" not in examples else None,
        representative=_person(examples, "host.representative", "นางสาวตัวอย่าง สมมติวงศ์", "ประธานเครือข่าย"),
        witness=_person(examples, "host.witness", "นายพยาน สมมติวงศ์", "เลขานุการเครือข่าย"),
    )
    return Ceremony(
        title=_said(examples, "ceremony.title", "พิธีลงนาม (ตัวอย่าง)"),
        project=_said(examples, "ceremony.project", "ความร่วมมือตัวอย่าง"),
        place=_said(examples, "ceremony.place", "ห้องประชุมตัวอย่าง"),
        district=_said(examples, "ceremony.district", "อำเภอเมือง"),
        province=_said(examples, "ceremony.province", "จังหวัดตัวอย่าง"),
        date=_day_of(day.example if day else None),
        channels=(Channel.ON_SITE, Channel.ONLINE),
        convener=_said(examples, "ceremony.convener", "มูลนิธิตัวอย่าง"),
        funder=None,
        host=host,
        themes=(),
        plans=(),
        number_pattern="SAMPLE-{year}-{sequence:03d}",
        is_sample=True,
    )


def _invented_organisations(examples: Mapping[str, TemplateField]) -> tuple[Organisation, ...]:
    return tuple(_invented_organisation(examples, number) for number in range(len(_COUNTED)))


def _invented_organisation(examples: Mapping[str, TemplateField], number: int) -> Organisation:
    """The organisation that the fields give as an example, and after it others whose names are counted."""
    counted = _COUNTED[number] if number else ""
    group = examples.get("organisation.is_group_of_persons")
    is_group = group is not None and _value(group) is True
    has_address = "organisation.address" in examples
    return Organisation(
        f"example-{number + 1}",
        _said(examples, "organisation.name_th", "มูลนิธิตัวอย่าง") + counted,
        _kind(examples, "organisation.kind", OrganisationKind.FOUNDATION),
        name_en=_said(examples, "organisation.name_en", "Example Foundation"),
        abbreviation=_said(examples, "organisation.abbreviation", "มตย."),
        juristic_person=JuristicPerson.NO if is_group else JuristicPerson.YES,
        registration_number=_said(examples, "organisation.registration_number", "ตย-๐๐๑"),
        address_line=_said(examples, "organisation.address", "ถนนสมมติ"),
        district=None if has_address else _said(examples, "organisation.district", "อำเภอเมือง"),
        province=None if has_address else _said(examples, "organisation.province", "จังหวัดตัวอย่าง"),
        representative=_person(examples, "organisation.representative", f"นายตัวอย่าง{counted} สมมตินาม", "ประธานกรรมการ"),
        witness=_person(examples, "organisation.witness", f"นางพยาน{counted} สมมตินาม", "เลขานุการ"),
    )


def _kind(examples: Mapping[str, TemplateField], name: str, otherwise: OrganisationKind) -> OrganisationKind:
    return kind_of_label(_said(examples, name, "")) or otherwise


def _person(examples: Mapping[str, TemplateField], name: str, full_name: str, position: str) -> Person:
    """The person whose whole name the fields give; where a title ends, nobody need know."""
    given_name, _, family_name = _said(examples, f"{name}.full_name", full_name).partition(" ")
    return Person(given_name, family_name, _said(examples, f"{name}.position", position))
