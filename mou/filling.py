"""A template and its values become one document: each value checked and escaped, each problem told before anything is written.

1. A field's value must be there (unless the field may be left out), of its type, in NFC, with no character that nobody sees.
2. Everybody who signs is known by name, and nobody is a witness of their own signature.
3. The text runs in the sandbox; what a value contains is printed literally, whatever it looks like.
4. A document in several languages says which text prevails, in each; a Thai value in its English text is marked as Thai.
5. Names, numbers with their units and opening quotation marks are protected from bad line ends (`mou.thai`).
6. Where it is asked for, each value stands in an element with its field's name, for a draft in Word; the text is the same.
7. No text goes on without a space for longer than its lines can be found in a reasonable time.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import lru_cache
from types import SimpleNamespace
from typing import Final, TypeVar, cast

from jinja2 import Template as CompiledTemplate

from mou.ceremony import Ceremony, Period
from mou.charter.clauses import clauses_as_record
from mou.errors import FillingError
from mou.field_marks import with_elements, without_marks
from mou.field_values import CharterReference, context_of, field_values, marked_context
from mou.languages import mark_thai_in_english
from mou.models import Capacity, FilledDocument, Organisation, Person, SignatorySlot
from mou.template_source import TEMPLATE_FAILURES, sandbox, why_it_failed
from mou.templates import MARKUP, Role, SignatorySource, Template, TemplateKind
from mou.thai import Numerals, columns, place_names, protect
from mou.toml_tables import text_problems
from mou.unbroken_text import BEGINNING, long_runs, value_without_space, without_space
from signatures.canonical import JsonValue
from signatures.messages import Message, say

__all__ = ["CharterReference", "Filling", "fill_template", "filled_document", "prepare_filling"]

Value = TypeVar("Value")

_SHORTEST_PROTECTED_COLUMNS: Final = 4
"""A shorter name is also a part of other words, which a span would then hold together."""

_MARKUP_OR_TEXT: Final = re.compile(
    r"""(?P<raw><!--.*?-->|<(?P<element>head|style|script)\b.*?</(?P=element)\s*>)|(?P<tag><(?:[^<>"']|"[^"]*"|'[^']*')*>)|(?P<text>[^<]+)""",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Filling:
    """A template with the values for it, each checked: what its text may read (`context`), and the declared fields (`values`)."""

    template: Template
    ceremony: Ceremony
    organisation: Organisation | None
    members: tuple[Organisation, ...]
    charter: CharterReference | None
    slots: tuple[SignatorySlot, ...]
    number: str | None
    context: Mapping[str, object]
    values: Mapping[str, object]


def fill_template(
    template: Template,
    *,
    ceremony: Ceremony,
    organisation: Organisation | None,
    members: Sequence[Organisation] = (),
    charter: CharterReference | None = None,
    sequence: int,
    marks_fields: bool = False,
) -> FilledDocument:
    """Return the document of one organisation, or without one the common text that all `members` sign.

    Args:
        template: what is filled.
        ceremony: what is the same in all documents of the event.
        organisation: the organisation whose document this is; None for a charter.
        members: the organisations of a charter, in the order of their list.
        charter: the charter to which a memorandum consents.
        sequence: the organisation's place in the list, counted from 1; it becomes part of the document's number.
        marks_fields: whether each value is marked with its field (rule 6).

    Raises:
        FillingError: with every missing, empty, wrong or unreadable value at once.
    """
    filling = prepare_filling(
        template, ceremony=ceremony, organisation=organisation, members=members, charter=charter, sequence=sequence
    )
    return filled_document(filling, marks_fields=marks_fields)


def prepare_filling(
    template: Template,
    *,
    ceremony: Ceremony,
    organisation: Organisation | None,
    members: Sequence[Organisation] = (),
    charter: CharterReference | None = None,
    sequence: int,
) -> Filling:
    """Return the values for one document, checked; the arguments are those of `fill_template`.

    Raises:
        FillingError: with every missing, empty, wrong or unreadable value at once.
    """
    organisation, ceremony, charter = _composed(organisation), _composed(ceremony), _composed(charter)
    members = _composed(tuple(members))
    problems: list[Message] = []
    slots = _make_slots(template, ceremony.host, organisation, members, problems)
    number = ceremony.document_number(sequence) if template.kind is TemplateKind.MEMORANDUM else None
    context = context_of(template, ceremony, organisation, members, charter, slots=slots, number=number, sequence=sequence)
    values = field_values(template, context, problems)
    problems.extend(_party_problems(organisation, members, slots))
    if problems:
        raise _refusal(template, organisation, problems)
    return Filling(template, ceremony, organisation, tuple(members), charter, slots, number, context, values)


def filled_document(filling: Filling, *, marks_fields: bool = False) -> FilledDocument:
    """Return the template's text with the values in it.

    Raises:
        FillingError: the text runs into something that cannot be printed, or lacks what it must say.
    """
    template, organisation = filling.template, filling.organisation
    names = _protected_names(template, filling.ceremony, organisation, filling.members, filling.slots)
    markup = _run(template, filling.context, organisation)
    if problems := tuple(_without_spaces(filling, markup)):
        raise _refusal(template, organisation, problems)
    if marks_fields:
        markup = _with_fields(markup, _run(template, marked_context(filling.context), organisation))
    if template.prevailing:
        markup = _in_marked_languages(template, markup, organisation)
    return FilledDocument(
        template_name=template.name,
        template_digest=str(template.digest),
        title=template.title,
        language=template.language,
        languages=template.languages,
        html=_protected_html(markup, names),
        css=template.css,
        folder=str(template.folder),
        record=_record(filling),
        slots=filling.slots,
        protected_names=names,
        document_number=filling.number,
        is_sample=filling.ceremony.is_sample,
        version=template.version,
        numerals=template.numerals,
        font=template.font,
    )


def _refusal(template: Template, organisation: Organisation | None, problems: Sequence[Message]) -> FillingError:
    once = {str(problem): problem for problem in problems}
    return FillingError(
        "{template} cannot be filled for {party}",
        template=template.name,
        party=say("all members") if organisation is None else f"{organisation.organisation_id} {organisation.name_th}",
        problems=tuple(once.values()),
    )


def _composed(value: Value) -> Value:
    """The value with every text in it in NFC: two spellings of one character are one text."""
    return cast("Value", _in_nfc(value))


def _in_nfc(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Enum):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, tuple):
        return tuple(_in_nfc(one) for one in value)
    if isinstance(value, dict):
        return {key: _in_nfc(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _in_nfc(getattr(value, one.name)) for one in fields(value)})
    return value


def _make_slots(
    template: Template,
    host: Organisation,
    organisation: Organisation | None,
    members: Sequence[Organisation],
    problems: list[Message],
) -> tuple[SignatorySlot, ...]:
    """The places for signatures in signing order: S0001, S0002, ..."""
    slots: list[SignatorySlot] = []
    for role in template.roles:
        for party in _parties_of(role, host, organisation, members):
            if (person := _person_of(role.source, party)) is None:
                problems.append(
                    say(
                        "{organisation}: {role} ({source}): a person who signs is expected, there is none; add one to the list",
                        organisation=f"{party.organisation_id} {party.name_th}",
                        role=role.label,
                        source=role.source.value,
                    )
                )
                continue
            name = f"S{len(slots) + 1:04d}"
            slots.append(SignatorySlot(name, role.name, party.organisation_id, party.name_th, person, role.capacity, role.order))
        if role.source.is_of_organisation and not role.for_each_organisation and organisation is None:
            problems.append(say("{role}: an organisation is expected, there is none", role=role.label))
    return tuple(slots)


def _parties_of(
    role: Role, host: Organisation, organisation: Organisation | None, members: Sequence[Organisation]
) -> Sequence[Organisation]:
    if role.for_each_organisation:
        return members
    if not role.source.is_of_organisation:
        return (host,)
    return () if organisation is None else (organisation,)


def _person_of(source: SignatorySource, party: Organisation) -> Person | None:
    """Who signs, without the date of birth: nothing that is made from here on can hold it."""
    person = party.witness if source.is_witness else party.representative
    return None if person is None else replace(person, date_of_birth=None)


def _party_problems(
    organisation: Organisation | None, members: Sequence[Organisation], slots: Sequence[SignatorySlot]
) -> Iterator[Message]:
    for party in (*members, *((organisation,) if organisation else ())):
        yield from text_problems(party.name_th, f"{party.organisation_id}: name_th")
    for slot in slots:
        yield from text_problems(slot.person.full_name, f"{slot.organisation_id}: {slot.role}: name")
        yield from text_problems(slot.person.position, f"{slot.organisation_id}: {slot.role}: position")
    witnessed = {slot.person.full_name: slot for slot in slots if slot.capacity is not Capacity.WITNESS}
    for slot in slots:
        if slot.capacity is Capacity.WITNESS and slot.person.full_name in witnessed:
            yield say(
                "{organisation}: {role}: a witness other than the signatories is expected, got {name}, who signs as {other}",
                organisation=slot.organisation_id,
                role=slot.role,
                name=slot.person.full_name,
                other=witnessed[slot.person.full_name].role,
            )


def _run(template: Template, context: Mapping[str, object], organisation: Organisation | None) -> str:
    try:
        return _compiled(template.sources, template.numerals).render(context)
    except TEMPLATE_FAILURES as error:
        raise _refusal(template, organisation, [why_it_failed(error)]) from error


def _without_spaces(filling: Filling, markup: str) -> Iterator[Message]:
    """Each text that goes on for too long without a space, with the field or the line that it comes from."""
    for match in _MARKUP_OR_TEXT.finditer(markup):
        for run in long_runs(html.unescape(match["text"] or "")):
            field = next((one for one in filling.template.fields if _brings(filling.values.get(one.name), run)), None)
            if field is None:
                yield without_space(run, _line_with(filling.template, run))
            else:
                yield value_without_space(run, field.name, field.label)


def _brings(value: object, run: str) -> bool:
    """Whether the text that goes on for too long is this value's, at least for the most part."""
    texts = value if isinstance(value, (list, tuple)) else (value,)
    return any(piece in run for text in texts if isinstance(text, str) for piece in text.split() if 2 * len(piece) > len(run))


def _line_with(template: Template, run: str) -> str:
    """The line of the template that has such a text, else the template's name."""
    for name, source in template.sources:
        for number, line in enumerate(source.split("\n"), 1):
            # What stands in a literal of the code has a quotation mark before it.
            if any(one[BEGINNING : 2 * BEGINNING] in run for one in long_runs(html.unescape(line))):
                return f"{name}, line {number}"
    return template.name


def _with_fields(markup: str, marked: str) -> str:
    """The marked text with its elements; the plain one where the marks changed what the template does."""
    if without_marks(marked) != markup:
        return markup
    return with_elements(_MARKUP_OR_TEXT.sub(lambda match: match["text"] or without_marks(match.group()), marked))


@lru_cache(maxsize=16)
def _compiled(sources: tuple[tuple[str, str], ...], numerals: Numerals) -> CompiledTemplate:
    """The compiled template, kept for the next organisation of the same process."""
    return sandbox(dict(sources), numerals).get_template(MARKUP)


def _in_marked_languages(template: Template, markup: str, organisation: Organisation | None) -> str:
    """The markup with Thai values marked; the sentence on the prevailing text must be there in each language."""
    problems = [
        say(
            "template.prevailing.{language}: this sentence is expected in the text: {sentence}",
            language=one,
            sentence=sentence,
        )
        for one, sentence in template.prevailing.items()
        if sentence not in markup
    ]
    if problems:
        raise _refusal(template, organisation, problems)
    return mark_thai_in_english(markup, template.language)


def _protected_names(
    template: Template,
    ceremony: Ceremony,
    organisation: Organisation | None,
    members: Sequence[Organisation],
    slots: Sequence[SignatorySlot],
) -> tuple[str, ...]:
    """The names of parties, persons and places that the text may hold, longest first."""
    parties = [ceremony.host, *members, *((organisation,) if organisation else ())]
    names = {
        *(party.name_th for party in parties),
        *(name for party in parties for name in place_names(party)),
        *(slot.person.full_name for slot in slots),
        *(name for name in (ceremony.convener, ceremony.funder, ceremony.place, ceremony.district, ceremony.province) if name),
        *ceremony.protected_terms,
        *template.protected_terms,
    }
    return tuple(
        sorted((name for name in names if columns(name) >= _SHORTEST_PROTECTED_COLUMNS), key=lambda name: (-len(name), name))
    )


def _protected_html(markup: str, names: Sequence[str]) -> str:
    """The markup with its text protected; tags, comments and the elements that hold no text of the page stay as they are."""
    return _MARKUP_OR_TEXT.sub(lambda match: protect(match["text"], names) if match["text"] else match.group(), markup)


def _record(filling: Filling) -> dict[str, JsonValue]:
    """What was filled in, for programs: it travels inside the PDF, so no address for mail and no row of the list is in it."""
    template, ceremony, organisation, charter = filling.template, filling.ceremony, filling.organisation, filling.charter
    record: dict[str, JsonValue] = {
        "format": "mou.record.v1",
        "template": _template_record(template),
        "is_sample": ceremony.is_sample,
        "host": _party_record(ceremony.host),
        "ceremony": {
            "title": ceremony.title,
            "project": ceremony.project,
            "place": ceremony.place,
            "district": ceremony.district,
            "province": ceremony.province,
            "date": ceremony.date.isoformat(),
            "channels": [channel.value for channel in ceremony.channels],
            "convener": ceremony.convener,
        },
        "fields": {name: _json(value) for name, value in filling.values.items()},
        "signatories": [
            {
                "field": slot.field,
                "role": slot.role,
                "name": slot.person.full_name,
                "position": slot.person.position,
                "organisation_id": slot.organisation_id,
                "organisation": slot.organisation_name,
                "capacity": slot.capacity.value,
                "order": slot.order,
            }
            for slot in filling.slots
        ],
    }
    if filling.number is not None:
        record["document_number"] = filling.number
    if organisation is not None:
        record["organisation"] = _party_record(organisation)
    if filling.members:
        record["members"] = [_party_record(one) for one in filling.members]
    if charter is not None:
        record["charter"] = {"title": charter.title, "version": charter.version, "digest": str(charter.digest)}
    if template.clauses is not None:
        record["final_clauses"] = clauses_as_record(template.clauses)
    return record


def _template_record(template: Template) -> dict[str, JsonValue]:
    record: dict[str, JsonValue] = {
        "name": template.name,
        "title": template.title,
        "kind": template.kind.value,
        "version": template.version,
        "language": template.language,
        "digest": str(template.digest),
    }
    if template.prevailing_language is not None:
        record["languages"] = list(template.languages)
        record["prevailing_language"] = template.prevailing_language.value
    return record


def _party_record(organisation: Organisation) -> dict[str, JsonValue]:
    return {
        "organisation_id": organisation.organisation_id,
        "name_th": organisation.name_th,
        "kind": organisation.kind.value,
        "juristic_person": organisation.juristic_person.value,
    }


def _json(value: object) -> JsonValue:
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period):
        return {"title": value.title, "starts_on": value.starts_on.isoformat(), "ends_on": value.ends_on.isoformat()}
    if isinstance(value, SimpleNamespace):
        return cast("JsonValue", value.organisation_id)
    return [_json(one) for one in cast("Sequence[object]", value)]
