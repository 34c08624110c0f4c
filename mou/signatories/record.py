"""The register as a JSON object: codes and days for programs, names as they are called."""

from datetime import UTC, date, datetime

from mou.charter.answer_records import charter_as_record, party_as_record
from mou.signatories.rows import (
    AuthorityRow,
    NotSignedRow,
    OrganisationName,
    PaperRow,
    RegisterOfSignatories,
    ReservationPair,
    SignatoryRow,
    TextVersion,
)
from signatures.canonical import JsonValue

FORMAT = "mou.register.v1"


def register_as_record(register: RegisterOfSignatories) -> dict[str, JsonValue]:
    """Return the register; days as YYYY-MM-DD, moments in UTC, null where there is none."""
    charter = register.charter
    return {
        "format": FORMAT,
        "is_public": register.is_public,
        "is_sample": charter.is_sample,
        "on": register.on.isoformat(),
        "made_at": _moment(register.made_at),
        "charter": {
            "charter": charter.charter_id,
            "title": charter.title,
            "number": charter.number,
            "code": charter.code,
            "text": charter.text,
            "network": charter.network,
        },
        "ledger": {
            "origin": register.ledger.origin,
            "size": register.ledger.size,
            "checkpoint": register.ledger.checkpoint,
        },
        "status": charter_as_record(register.status),
        "triggered_by": [_paper(one) for one in register.triggers],
        "signatories": [_signatory(one) for one in register.signatories],
        "reservations": [_pair(one) for one in register.reservations],
        "texts": [_text(one) for one in register.texts],
        "not_signed": [_not_signed(one) for one in register.not_signed],
        "returned": [_paper(one) for one in register.returned],
        "instruments": [_paper(one) for one in register.instruments],
    }


def _signatory(row: SignatoryRow) -> JsonValue:
    return {
        "number": row.number,
        "name": _name(row.name),
        "status": party_as_record(row.status),
        "acts": [_paper(one) for one in row.acts],
    }


def _not_signed(row: NotSignedRow) -> JsonValue:
    return {
        "number": row.number,
        "party": row.party,
        "name": _name(row.name),
        "kind": None if row.kind is None else row.kind.value,
        "state": row.state.value,
        "returned": row.returned,
    }


def _paper(row: PaperRow) -> JsonValue:
    fault, paper = row.fault, row.paper
    return {
        "instrument": row.instrument_id,
        "entry": row.entry,
        "recorded_at": _moment(row.recorded_at),
        "kind": row.kind.value,
        "on": row.on.isoformat(),
        "occurred_at": None if row.occurred_at is None else _moment(row.occurred_at),
        "party": row.party,
        "party_name": None if row.party_name is None else _name(row.party_name),
        "party_kind": None if row.party_kind is None else row.party_kind.value,
        "document": row.document,
        "document_name": row.document_name,
        "channel": None if row.channel is None else row.channel.value,
        "capacity": None if row.capacity is None else row.capacity.value,
        "signatory": row.signatory,
        "age_band": None if row.age_band is None else row.age_band.value,
        "authority": None if row.authority is None else _authority(row.authority),
        "paper": None
        if paper is None
        else {"scan": paper.scan, "received_by": paper.received_by, "attested_by": paper.attested_by},
        "provisions": list(row.provisions),
        "reference": row.reference,
        "note": row.note,
        "returned": None if fault is None else {"clause": fault.clause, "on": fault.on.isoformat(), "fact": str(fault.fact)},
    }


def _authority(row: AuthorityRow) -> JsonValue:
    return {
        "authority": row.authority_id,
        "kind": row.kind.value,
        "issued_on": row.issued_on.isoformat(),
        "deposited_on": row.deposited_on.isoformat(),
        "expires_on": _day(row.expires_on),
        "revoked_on": _day(row.revoked_on),
        "stamp_duty": row.stamp_duty.value,
    }


def _pair(pair: ReservationPair) -> JsonValue:
    return {
        "reservation": pair.instrument_id,
        "party": pair.party,
        "provisions": list(pair.provisions),
        "made_on": pair.made_on.isoformat(),
        "notified_on": _day(pair.notified_on),
        "objector": pair.objector,
        "objected_on": _day(pair.objected_on),
    }


def _text(text: TextVersion) -> JsonValue:
    return {"kind": text.kind.value, "name": text.name or None, "digest": text.digest, "since": _day(text.since)}


def _name(name: OrganisationName) -> JsonValue:
    return {"th": name.th, "en": name.en}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
