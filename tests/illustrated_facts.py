"""What an illustration may say of a day, by the words that it uses; each word is one fact that the register answers."""

from collections.abc import Callable
from datetime import date

from mou.charter.register import Register
from mou.charter.status import charter_status, party_status, unconfirmed_parties

NOTHING, UNKNOWN = "none", "unknown"


def _needed(register: Register, on: date) -> object:
    """How many are still needed: one number where there is one condition, else one for each."""
    conditions = charter_status(register, on).conditions
    by_name = {
        (one.kind.value if one.kind is not None else one.clause.rpartition(".")[2]): UNKNOWN
        if one.missing is None
        else one.missing
        for one in conditions
    }
    return next(iter(by_name.values())) if len(by_name) == 1 else by_name


def _triggered_by(register: Register, on: date) -> list[str]:
    """Whose papers met the conditions; an illustration's paper ends with the name of the organisation."""
    return sorted(one.split(" ", 2)[2] for one in charter_status(register, on).triggers)


def _objected_to(register: Register, on: date) -> dict[str, list[str]]:
    return {one.name: sorted(one.objected_by) for one in charter_status(register, on).rectifications if one.objected_by}


def _or_nothing(found: object) -> object:
    return NOTHING if found is None else found


CHARTER_FACTS: dict[str, Callable[[Register, date], object]] = {
    "charter": lambda register, on: charter_status(register, on).state.value,
    "signed": lambda register, on: charter_status(register, on).signed,
    "counted": lambda register, on: charter_status(register, on).counted,
    "needed": _needed,
    "in_force_for": lambda register, on: charter_status(register, on).in_force_for,
    "not_confirmed": lambda register, on: list(unconfirmed_parties(register, on)),
    "met_on": lambda register, on: _or_nothing(charter_status(register, on).met_on),
    "triggered_by": _triggered_by,
    "in_force_since": lambda register, on: _or_nothing(charter_status(register, on).in_force_on),
    "term_ends_on": lambda register, on: _or_nothing(charter_status(register, on).term_ends_on),
    "depositary": lambda register, on: charter_status(register, on).depositary,
    "amended_by": lambda register, on: [one.name for one in charter_status(register, on).amendments if one.in_force_on],
    "rectified": lambda register, on: [one.name for one in charter_status(register, on).rectifications if one.effected_on],
    "objected_to": _objected_to,
    "is_explained": lambda register, on: bool(charter_status(register, on).remarks),
}

PARTY_FACTS: dict[str, Callable[[Register, str, date], object]] = {
    "parties": lambda register, who, on: party_status(register, who, on).state.value,
    "class": lambda register, who, on: _or_nothing(party_status(register, who, on).kind),
    "consent_on": lambda register, who, on: _or_nothing(party_status(register, who, on).consent_on),
    "is_counted": lambda register, who, on: party_status(register, who, on).is_counted,
    "is_bound": lambda register, who, on: UNKNOWN if (bound := party_status(register, who, on).is_bound) is None else bound,
    "party_since": lambda register, who, on: _or_nothing(party_status(register, who, on).in_force_on),
    "bound_by": lambda register, who, on: _or_nothing(party_status(register, who, on).text),
    "leaves_on": lambda register, who, on: _or_nothing(party_status(register, who, on).leaves_on),
    "left_on": lambda register, who, on: _or_nothing(party_status(register, who, on).left_on),
    "reserved": lambda register, who, on: [x for one in party_status(register, who, on).reservations for x in one.provisions],
    "objected_by": lambda register, who, on: [
        x.by for one in party_status(register, who, on).reservations for x in one.objections
    ],
    "applies_provisionally": lambda register, who, on: party_status(register, who, on).applies_provisionally,
    "succeeds": lambda register, who, on: _or_nothing(party_status(register, who, on).succeeds),
    "succeeded_by": lambda register, who, on: _or_nothing(party_status(register, who, on).succeeded_by),
}
