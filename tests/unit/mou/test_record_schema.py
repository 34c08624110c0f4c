"""The published schema of record.json holds the record of every bundled template, and nothing else.

Each record is broken at every place, one fact at a time: a member removed, added, or of another type.
"""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator

from mou.ceremony import Channel, read_ceremony
from mou.charter.clauses import (
    AccessionMode,
    AuthorityKind,
    EffectOfSignature,
    NonAccepting,
    Renewal,
    ReservationMode,
    VoteBase,
    clauses_as_record,
    parse_clauses,
)
from mou.field_values import CharterReference
from mou.filling import fill_template
from mou.models import Capacity, JuristicPerson, OrganisationKind
from mou.templates import TemplateKind, bundled_template_names, bundled_templates_folder, load_template
from signatures.digests import digest_of

Record: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str | int, ...]

SCHEMA_FILE = Path(__file__).resolve().parents[3] / "docs" / "record.schema.json"
SCHEMA: Record = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)

# The members of these objects are named by a template or by kinds of organisation.
OPEN_OBJECTS = {("fields",), ("final_clauses", "proof_of_authority"), ("final_clauses", "entry_into_force", "class_minimums")}
# What a record may lack, each for a reason that its description tells.
OPTIONAL = {
    ("charter",),
    ("members",),
    ("organisation",),
    ("final_clauses", "amendments", "proposers", "min_member_fraction"),
    ("final_clauses", "entry_into_force", "class_minimums"),
    ("final_clauses", "signature_window", "closes_on"),
    ("final_clauses", "successor_depositary"),
    ("final_clauses", "withdrawal", "earliest_on"),
}


def record_of(name: str) -> Record:
    """The record of a bundled template, filled with its example, as it is read from the PDF."""
    template = load_template(bundled_templates_folder() / name)
    examples = [bundled_templates_folder() / folder / "example" / "ceremony.toml" for folder in (name, template.charter or name)]
    ceremony = read_ceremony(next(path for path in examples if path.exists()))
    party = replace(
        ceremony.host,
        organisation_id="org-01",
        name_th="มูลนิธิตะวัน",
        name_en="Tawan Foundation",
        province="เชียงใหม่",
        source_row={one.label: str(one.example) for one in template.fields},
    )
    is_charter = template.kind is TemplateKind.CHARTER
    filled = fill_template(
        template,
        ceremony=ceremony,
        organisation=None if is_charter else party,
        members=(party, replace(party, organisation_id="org-02")) if is_charter else (),
        charter=CharterReference("ธรรมนูญ", "1", digest_of(b"the charter")) if template.charter else None,
        sequence=7,
    )
    record: Record = json.loads(json.dumps(filled.record))
    return record


@pytest.fixture(scope="module", params=bundled_template_names())
def record(request: pytest.FixtureRequest) -> Record:
    """The record of each bundled template in turn; no test changes it."""
    return record_of(request.param)


def places_of(value: object, place: Place = ()) -> Iterator[Place]:
    """The place of every member and item of the value, outermost first."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in members:
        yield (*place, key)
        yield from places_of(one, (*place, key))


def at(record: Record, place: Place) -> Any:  # noqa: ANN401  # whatever stands there
    value: Any = record
    for key in place:
        value = value[key]
    return value


def changed(record: Record, place: Place, value: object) -> Record:
    """A copy of the record with another value at the place."""
    copied = copy.deepcopy(record)
    at(copied, place[:-1])[place[-1]] = value
    return copied


def is_member_of_an_open_object(place: Place) -> bool:
    return place[:-1] in OPEN_OBJECTS


def test_the_schema_is_one_and_names_no_host() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert re.fullmatch("urn:[a-z0-9-]+:[a-z0-9:.]+", SCHEMA["$id"])


def schemas_in(value: object) -> Iterator[Record]:
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from schemas_in(one)


def described() -> Iterator[tuple[str, Record]]:
    """Every member of a closed object of the schema, and every definition, with its schema."""
    yield from SCHEMA["$defs"].items()
    for schema in schemas_in(SCHEMA):
        if schema.get("additionalProperties") is False:
            yield from schema["properties"].items()


def test_every_member_is_described_in_english_and_in_thai() -> None:
    members = [*described(), ("the record", SCHEMA)]
    assert len(members) > 90
    for name, schema in members:
        english, thai = schema["description"].split("\n")
        assert re.match("[A-Z]", english), name
        assert english.endswith("."), name
        assert re.search("[ก-ฮ]", thai), name
        assert not re.search("[ก-ฮ]", english), name


def test_the_record_of_every_bundled_template_is_valid(record: Record) -> None:
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(record)] == []


def test_a_record_without_one_of_its_members_is_refused(record: Record) -> None:
    members = [place for place in places_of(record) if isinstance(place[-1], str) and not is_member_of_an_open_object(place)]
    for place in members:
        if place in OPTIONAL:
            continue
        copied = copy.deepcopy(record)
        del at(copied, place[:-1])[place[-1]]
        assert not VALIDATOR.is_valid(copied), f"without {place}"


def test_a_record_without_an_optional_member_is_valid(record: Record) -> None:
    for place in OPTIONAL & set(places_of(record)):
        copied = copy.deepcopy(record)
        del at(copied, place[:-1])[place[-1]]
        assert VALIDATOR.is_valid(copied), f"without {place}"


def test_a_record_with_one_more_member_is_refused(record: Record) -> None:
    objects = [(), *(place for place in places_of(record) if isinstance(at(record, place), dict))]
    for place in objects:
        assert not VALIDATOR.is_valid(changed(record, (*place, "e-mail"), "office@example.org")), f"more in {place}"


def test_a_record_with_a_value_of_another_type_is_refused(record: Record) -> None:
    for place in places_of(record):
        value = at(record, place)
        others: list[object] = [None, 1.5, {"a": 1}] if place[0] == "fields" else [None, {"a": 1}, 1.5, [1.5]]
        others += [] if place[0] == "fields" else [0 if isinstance(value, str) else "x"]
        for other in others:
            assert not VALIDATOR.is_valid(changed(record, place, other)), f"{other!r} at {place}"


def test_a_text_of_another_form_is_refused(record: Record) -> None:
    wrong = {
        ("format",): "mou.record.v2",
        ("template", "kind"): "letter",
        ("template", "digest"): "sha256:abc",
        ("template", "language"): "Thai",
        ("ceremony", "date"): "29/03/2565",
        ("ceremony", "channels", 0): "fax",
        ("host", "kind"): "club",
        ("host", "juristic_person"): "maybe",
        ("host", "name_th"): "",
        ("signatories", 0, "field"): "Signature1",
        ("signatories", 0, "capacity"): "friend",
        ("signatories", 0, "order"): 0,
        ("signatories",): [],
    }
    for place, value in wrong.items():
        assert not VALIDATOR.is_valid(changed(record, place, value)), f"{value!r} at {place}"


def test_a_day_that_no_calendar_has_is_refused(record: Record) -> None:
    assert not VALIDATOR.is_valid(changed(record, ("ceremony", "date"), "2022-02-30"))


def test_a_charter_has_final_clauses_and_a_memorandum_a_number_instead(record: Record) -> None:
    other = {"charter": "memorandum", "memorandum": "charter"}[record["template"]["kind"]]
    assert not VALIDATOR.is_valid(changed(record, ("template", "kind"), other))


def test_a_record_may_name_languages_and_an_address(record: Record) -> None:
    template = record["template"] | {"languages": ["th", "en"], "prevailing_language": "th"}
    fuller = record | {"template": template, "address": "https://example.org/documents/1"}
    assert VALIDATOR.is_valid(fuller)
    for place, value in {
        ("address",): "example.org/documents/1",
        ("template", "languages"): ["th"],
        ("template", "languages", 1): "English",
        ("template", "prevailing_language"): 1,
    }.items():
        assert not VALIDATOR.is_valid(changed(fuller, place, value)), f"{value!r} at {place}"
    for name in ("languages", "prevailing_language"):
        lacking = copy.deepcopy(fuller)
        del lacking["template"][name]
        assert not VALIDATOR.is_valid(lacking), f"without {name}"


def test_a_record_may_name_the_program_that_laid_the_pages_out(record: Record) -> None:
    by = {"program": "LibreOffice", "version": "7.4.7.2", "layout": f"sha256:{'0' * 64}"}
    fuller = record | {"laid_out_by": by}
    assert VALIDATOR.is_valid(fuller)
    for place, value in {
        ("laid_out_by", "program"): "another",
        ("laid_out_by", "version"): "seven",
        ("laid_out_by", "layout"): "sha256:abc",
        ("laid_out_by", "more"): "x",
        ("laid_out_by",): "LibreOffice",
    }.items():
        assert not VALIDATOR.is_valid(changed(fuller, place, value)), f"{value!r} at {place}"
    for name in by:
        lacking = copy.deepcopy(fuller)
        del lacking["laid_out_by"][name]
        assert not VALIDATOR.is_valid(lacking), f"without {name}"


def wording_of(*versions: int) -> Record:
    """What a record says where changes were accepted that often."""
    digest = str(digest_of(b"words"))
    history = [
        {"version": f"1.{one}", "text": digest, "returned": digest, "changes": [1, 4], "accepted_at": "2026-11-26T07:44:08+00:00"}
        for one in versions
    ]
    return {"version": f"1.{versions[-1]}", "base": digest, "text": digest, "history": history}


def test_a_record_may_tell_what_was_accepted_into_the_text_and_names_nobody(record: Record) -> None:
    fuller = record | {"wording": wording_of(1, 2)}
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(fuller)] == []
    for place in places_of(fuller["wording"], ("wording",)):
        assert not VALIDATOR.is_valid(changed(fuller, place, None)), f"nothing at {place}"
        if isinstance(place[-1], str):
            lacking = copy.deepcopy(fuller)
            del at(lacking, place[:-1])[place[-1]]
            assert not VALIDATOR.is_valid(lacking), f"without {place}"
    for place, value in {
        ("wording", "accepted_by"): "นางสาวตัวอย่าง",
        ("wording", "history", 0, "accepted_by"): "นางสาวตัวอย่าง",
        ("wording", "history", 0, "changes"): [],
        ("wording", "history", 0, "accepted_at"): "yesterday",
        ("wording", "history"): [],
        ("wording", "version"): "1",
    }.items():
        assert not VALIDATOR.is_valid(changed(fuller, place, value)), f"{value!r} at {place}"


CLAUSES = {
    "joining by a vote": ("accession", {"mode": "by_vote", "rule": {"min_fraction": "2/3", "of": "votes_cast"}}, True),
    "joining by a vote without one": ("accession", {"mode": "by_vote"}, False),
    "a vote where joining is open": ("accession", {"mode": "open", "rule": {"min_fraction": "2/3", "of": "members"}}, False),
    "listed reservations": ("reservations", {"mode": "listed", "clauses": ["ข้อ ๒"], "objection_days": 30}, True),
    "listed reservations without a list": ("reservations", {"mode": "listed", "objection_days": 30}, False),
    "nobody is excluded": ("expulsion", "none", True),
    "a share of a list": ("entry_into_force", {"delay_days": 0, "min_fraction": "1/2", "of_list": "founders"}, True),
    "a share of no list": ("entry_into_force", {"delay_days": 0, "min_fraction": "1/2"}, False),
    "so many of a kind": ("entry_into_force", {"delay_days": 0, "class_minimums": {"foundation": 2}}, True),
    "so many of an unknown kind": ("entry_into_force", {"delay_days": 0, "class_minimums": {"club": 2}}, False),
    "no minimum": ("entry_into_force", {"delay_days": 0}, False),
    "an end": ("duration", {"renewal": "automatic", "ends_on": "2030-01-01"}, True),
    "a renewal without an end": ("duration", {"renewal": "automatic"}, False),
    "a fraction of nothing": ("expulsion", {"min_fraction": "0/3", "of": "members"}, False),
    "an inexact fraction": ("expulsion", {"min_fraction": "0.5", "of": "members"}, False),
}


@pytest.mark.parametrize(("name", "value", "holds"), CLAUSES.values(), ids=CLAUSES.keys())
def test_the_schema_allows_the_clauses_that_the_program_reads(name: str, value: object, holds: bool) -> None:  # noqa: FBT001  # a column of the table
    record = changed(record_of("lanna-charter"), ("final_clauses", name), value)
    assert VALIDATOR.is_valid(record) is holds
    if holds:
        assert clauses_as_record(parse_clauses(record["final_clauses"], "the record")) == record["final_clauses"]


def enums_of(schema: object) -> Iterator[frozenset[object]]:
    if isinstance(schema, dict):
        if "enum" in schema:
            yield frozenset(schema["enum"])
        for one in schema.values():
            yield from enums_of(one)
    for one in schema if isinstance(schema, list) else ():
        yield from enums_of(one)


@pytest.mark.parametrize(
    "kind",
    [
        TemplateKind,
        Channel,
        OrganisationKind,
        JuristicPerson,
        Capacity,
        EffectOfSignature,
        AuthorityKind,
        VoteBase,
        AccessionMode,
        ReservationMode,
        NonAccepting,
        Renewal,
    ],
)
def test_the_schema_has_every_word_of_the_program_and_no_other(kind: type[StrEnum]) -> None:
    assert frozenset(one.value for one in kind) in set(enums_of(SCHEMA))
