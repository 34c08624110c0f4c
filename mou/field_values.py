"""The values that a template may read: views of parties, persons and the event, and the check of each declared field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Final

from mou.ceremony import Ceremony, Channel, Period
from mou.charter.wording import clauses_in_thai
from mou.charter.wording_en import clauses_in_english
from mou.field_marks import marked
from mou.models import JuristicPerson, Organisation, Person, SignatorySlot
from mou.template_source import FIELD_ROOTS
from mou.templates import FieldType, Template, TemplateField
from mou.thai import buddhist_year, capacity_in_thai, juristic_person_in_thai, kind_in_thai, thai_address
from mou.toml_tables import text_problems
from signatures.digests import Digest
from signatures.messages import Message, say

_MISSING: Final = object()
_CHANNELS: Final = {Channel.ON_SITE: "ในที่ตั้ง", Channel.ONLINE: "ช่องทางสื่อสารออนไลน์", Channel.PAPER: "เอกสารกระดาษ"}
_LISTS: Final[Mapping[FieldType, type]] = {
    FieldType.TEXTS: str,
    FieldType.PERIODS: Period,
    FieldType.ORGANISATIONS: SimpleNamespace,
}
_SINGLE: Final[Mapping[FieldType, type]] = {
    FieldType.TEXT: str,
    FieldType.INTEGER: int,
    FieldType.FLAG: bool,
    FieldType.DAY: date,
}


@dataclass(frozen=True, slots=True)
class CharterReference:
    """The charter to which a memorandum consents: the digest is of the charter's PDF as it is put before its signatories."""

    title: str
    version: str
    digest: Digest


def context_of(
    template: Template,
    ceremony: Ceremony,
    organisation: Organisation | None,
    members: Sequence[Organisation],
    charter: CharterReference | None,
    *,
    slots: Sequence[SignatorySlot],
    number: str | None,
    sequence: int,
) -> dict[str, object]:
    """What the text may read; everything is a plain value, so that no method of ours can be called from a template."""
    labels = {role.name: role.label for role in template.roles}
    views = [_slot_view(slot, labels[slot.role]) for slot in slots]
    clauses = () if template.clauses is None else clauses_in_thai(template.clauses, numerals=template.numerals)
    return {
        "template": _template_view(template),
        "organisation": None if organisation is None else _organisation_view(organisation, template.fields),
        "host": _organisation_view(ceremony.host, ()),
        "members": [_organisation_view(one, template.fields) for one in members],
        "ceremony": _ceremony_view(ceremony, template.fields),
        "charter": None
        if charter is None
        else SimpleNamespace(
            title=charter.title, version=charter.version, digest=str(charter.digest), digest_hex=charter.digest.hex
        ),
        "document": SimpleNamespace(
            title=template.title,
            version=template.version,
            number=number,
            sequence=sequence,
            year=buddhist_year(ceremony.date),
            is_sample=ceremony.is_sample,
        ),
        "slots": views,
        "slots_of": lambda role: [view for view in views if view.role == role],
        "slot_of": lambda role: next(view for view in views if view.role == role),
        "final_clauses": clauses,
        "final_clauses_en": () if template.clauses is None else clauses_in_english(template.clauses),
    }


def marked_context(context: Mapping[str, object]) -> dict[str, object]:
    """What the text may read, with every value of a field marked by the field's name."""
    return {name: marked(value, name) if name in FIELD_ROOTS else value for name, value in context.items()}


def _template_view(template: Template) -> SimpleNamespace:
    return SimpleNamespace(
        title=template.title,
        title_lines=template.title_lines,
        version=template.version,
        prevailing=SimpleNamespace(**{one.value: sentence for one, sentence in template.prevailing.items()}),
    )


def _slot_view(slot: SignatorySlot, label: str) -> SimpleNamespace:
    return SimpleNamespace(
        field=slot.field,
        role=slot.role,
        label=label,
        person=_person_view(slot.person),
        organisation_name=slot.organisation_name,
        capacity=capacity_in_thai(slot.capacity),
        order=slot.order,
    )


def _person_view(person: Person | None) -> SimpleNamespace | None:
    return None if person is None else SimpleNamespace(full_name=person.full_name, position=person.position)


def _organisation_view(organisation: Organisation, declared: Sequence[TemplateField]) -> SimpleNamespace:
    prefix = "organisation.columns."
    asked = [one for one in declared if one.name.startswith(prefix)]
    return SimpleNamespace(
        organisation_id=organisation.organisation_id,
        name_th=organisation.name_th,
        name_en=organisation.name_en,
        abbreviation=organisation.abbreviation,
        kind=kind_in_thai(organisation.kind),
        juristic_person=juristic_person_in_thai(organisation.juristic_person),
        is_group_of_persons=organisation.juristic_person is JuristicPerson.NO,
        registration_number=organisation.registration_number,
        address=thai_address(organisation),
        district=organisation.district,
        province=organisation.province,
        representative=_person_view(organisation.representative),
        witness=_person_view(organisation.witness),
        # Columns of the list that only this template asks for, by their name or by their Thai heading.
        columns=SimpleNamespace(
            **{
                one.name.removeprefix(prefix): organisation.source_row.get(one.name.removeprefix(prefix))
                or organisation.source_row.get(one.label)
                for one in asked
            }
        ),
    )


def _ceremony_view(ceremony: Ceremony, declared: Sequence[TemplateField]) -> SimpleNamespace:
    prefix = "ceremony.values."
    optional = {one.name.removeprefix(prefix): None for one in declared if one.name.startswith(prefix) and not one.required}
    return SimpleNamespace(
        title=ceremony.title,
        project=ceremony.project,
        place=ceremony.place,
        district=ceremony.district,
        province=ceremony.province,
        date=ceremony.date,
        channels=tuple(_CHANNELS[channel] for channel in ceremony.channels),
        convener=ceremony.convener,
        funder=ceremony.funder,
        themes=ceremony.themes,
        plans=ceremony.plans,
        values=SimpleNamespace(**{**optional, **ceremony.values}),
    )


def field_values(template: Template, context: Mapping[str, object], problems: list[Message]) -> dict[str, object]:
    """The value of every declared field that has one."""
    values: dict[str, object] = {}
    for one in template.fields:
        value = _resolve(context, one.name)
        if value is None or value in ((), []) or (isinstance(value, str) and not value.strip()):
            if one.required:
                problems.append(say("{field} ({label}): a value is expected, there is none", field=one.name, label=one.label))
        elif value is _MISSING:
            problems.append(say("{field} ({label}): there is no such field", field=one.name, label=one.label))
        elif not _has_type(value, one.type):
            problems.append(
                say(
                    "{field} ({label}): a value of the type {expected} is expected, got {got}",
                    field=one.name,
                    label=one.label,
                    expected=one.type.value,
                    got=type(value).__name__,
                )
            )
        else:
            values[one.name] = value
            problems.extend(problem for text in _texts_in(value) for problem in text_problems(text, one.name))
    return values


def _resolve(context: Mapping[str, object], name: str) -> object:
    root, *steps = name.split(".")
    value = context.get(root, _MISSING)
    for step in steps:
        if value is None:
            return None
        value = getattr(value, step, _MISSING)
    return value


def _has_type(value: object, kind: FieldType) -> bool:
    if kind in _LISTS:
        return isinstance(value, (tuple, list)) and all(isinstance(one, _LISTS[kind]) for one in value)
    if isinstance(value, bool):
        return kind is FieldType.FLAG
    return isinstance(value, _SINGLE[kind])


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _texts_in(one)
    elif isinstance(value, SimpleNamespace):
        yield from _texts_in(tuple(vars(value).values()))
    elif isinstance(value, Period):
        yield value.title
