"""Values of the workflow as text for the store, and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from mou.charter.clauses import AuthorityKind
from mou.models import ChildRightsTheme, JuristicPerson, Organisation, OrganisationKind, Person
from mou.requests import DocumentOfAuthority
from signatures.bundle import ExpectedSignature


def organisation_to_text(organisation: Organisation) -> str:
    """Return the organisation as JSON, the same text for the same organisation."""
    record = asdict(organisation)
    record["child_rights_themes"] = sorted(organisation.child_rights_themes)
    record["source_row"] = dict(organisation.source_row)
    for role in ("representative", "witness"):
        if (person := record[role]) is not None and (born := person.pop("date_of_birth")) is not None:
            person["date_of_birth"] = born.isoformat()
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def organisation_from_text(text: str) -> Organisation:
    """Return the organisation that `organisation_to_text` wrote."""
    record = json.loads(text)
    record["kind"] = OrganisationKind(record["kind"])
    record["juristic_person"] = JuristicPerson(record["juristic_person"])
    record["child_rights_themes"] = frozenset(ChildRightsTheme(theme) for theme in record["child_rights_themes"])
    for role in ("representative", "witness"):
        record[role] = _person_from(record[role]) if record[role] else None
    return Organisation(**record)


def person_to_text(person: Person) -> str:
    """Return the person as JSON, without a date of birth: that stands in the list of organisations alone."""
    record = asdict(person)
    del record["date_of_birth"]
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def person_from_text(text: str) -> Person:
    """Return the person that `person_to_text` wrote."""
    return _person_from(json.loads(text))


def _person_from(record: dict[str, Any]) -> Person:
    born = record.pop("date_of_birth", None)
    return Person(**record, date_of_birth=date.fromisoformat(born) if born else None)


def authority_to_text(authority: DocumentOfAuthority) -> str:
    """Return the document of authority as JSON."""
    return json.dumps(asdict(authority), ensure_ascii=False, sort_keys=True, default=date.isoformat)


def authority_from_text(text: str) -> DocumentOfAuthority:
    """Return what `authority_to_text` wrote."""
    record = json.loads(text)
    expires = record["expires_on"]
    return DocumentOfAuthority(
        kind=AuthorityKind(record["kind"]),
        issued_on=date.fromisoformat(record["issued_on"]),
        issued_by=record["issued_by"],
        number=record["number"],
        expires_on=date.fromisoformat(expires) if expires else None,
    )


def expected_to_text(expected: Sequence[ExpectedSignature]) -> str:
    """Return who is expected to sign what, as JSON."""
    return json.dumps([asdict(signature) for signature in expected], ensure_ascii=False, sort_keys=True)


def expected_from_text(text: str) -> tuple[ExpectedSignature, ...]:
    """Return what `expected_to_text` wrote."""
    return tuple(ExpectedSignature(**signature) for signature in json.loads(text))


def time_to_text(at: datetime) -> str:
    """Return an aware time in UTC, to the second, with Z (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_from_text(text: str) -> datetime:
    """Return the aware time that `time_to_text` wrote."""
    return datetime.fromisoformat(text)
