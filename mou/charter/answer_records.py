"""Statuses as JSON objects: what commands and the HTTP interface give to programs."""

from datetime import date

from mou.charter.answers import CharterStatus, PartyStatus
from mou.charter.conditions import Condition
from signatures.canonical import JsonValue


def charter_as_record(status: CharterStatus) -> dict[str, JsonValue]:
    """Return the charter's status; every day as YYYY-MM-DD, and null where there is none."""
    return {
        "on": status.on.isoformat(),
        "state": status.state.value,
        "adopted_on": _day(status.adopted_on),
        "listed": status.listed,
        "signed": status.signed,
        "unconfirmed": status.unconfirmed,
        "counted": status.counted,
        "in_force_for": status.in_force_for,
        "conditions": [_condition(one) for one in status.conditions],
        "met_on": _day(status.met_on),
        "triggers": list(status.triggers),
        "in_force_on": _day(status.in_force_on),
        "term_ends_on": _day(status.term_ends_on),
        "depositary": status.depositary,
        "amendments": [
            {
                "name": one.name,
                "text": one.text,
                "proposed_on": _day(one.proposed_on),
                "adopted_on": _day(one.adopted_on),
                "in_force_on": _day(one.in_force_on),
            }
            for one in status.amendments
        ],
        "rectifications": [
            {
                "name": one.name,
                "replaces": one.replaces,
                "text": one.text,
                "proposed_on": _day(one.proposed_on),
                "last_day_to_object": _day(one.last_day_to_object),
                "objected_by": list(one.objected_by),
                "effected_on": _day(one.effected_on),
            }
            for one in status.rectifications
        ],
        "remarks": [str(one) for one in status.remarks],
    }


def party_as_record(status: PartyStatus) -> dict[str, JsonValue]:
    """Return one organisation's status; `is_bound` is null where it cannot be known."""
    return {
        "on": status.on.isoformat(),
        "party": status.party,
        "kind": None if status.kind is None else status.kind.value,
        "state": status.state.value,
        "is_listed": status.is_listed,
        "signed_on": _day(status.signed_on),
        "consent_on": _day(status.consent_on),
        "consent_by": None if status.consent_by is None else status.consent_by.value,
        "is_counted": status.is_counted,
        "is_bound": status.is_bound,
        "in_force_on": _day(status.in_force_on),
        "text": status.text,
        "amendments": list(status.amendments),
        "rectifications": list(status.rectifications),
        "reservations": [
            {
                "instrument": one.instrument_id,
                "on": _day(one.on),
                "provisions": list(one.provisions),
                "notified_on": _day(one.notified_on),
                "objections": [{"instrument": each.instrument_id, "by": each.by, "on": _day(each.on)} for each in one.objections],
            }
            for one in status.reservations
        ],
        "applies_provisionally": status.applies_provisionally,
        "withdrawal_notified_on": _day(status.withdrawal_notified_on),
        "leaves_on": _day(status.leaves_on),
        "left_on": _day(status.left_on),
        "succeeded_by": status.succeeded_by,
        "succeeds": status.succeeds,
    }


def _condition(condition: Condition) -> dict[str, JsonValue]:
    return {
        "clause": condition.clause,
        "kind": None if condition.kind is None else condition.kind.value,
        "needed": condition.needed,
        "counted": condition.counted,
        "missing": condition.missing,
        "outcome": condition.outcome.value,
        "reason": None if condition.reason is None else str(condition.reason),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
