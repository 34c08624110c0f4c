"""The answers: what the charter is, and what one party is, as of any day, computed from a register alone.

Only facts of that day or earlier are looked at. Counts are derived, never typed. What a clause leaves open is answered with
`unknown` and the reason.

The five questions (each a function here or a field of what one returns):

1. Is the charter in force on a day, and what triggered it? `charter_status`: state, conditions, triggers.
2. Is an organisation bound on a day, by which text, with which reservations? `party_status`.
3. Who signed and has not confirmed, and how many are still needed? `unconfirmed_parties`, `Condition.missing`.
4. If a party gives notice on a day, when does it count, and does the charter stay in force? `forecast_withdrawal`.
5. What did the secretariat tell whom, and when? The notices; they are no part of a register.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mou.charter.clauses import NonAccepting
from mou.charter.conditions import Condition, Outcome, conditions_of, sum_of
from mou.charter.instruments import InstrumentKind
from mou.charter.memory import DayCount, Leaving, Membership, PartyMemory, Reservation, Tally
from mou.charter.register import Register
from mou.models import OrganisationKind
from signatures.messages import Message, say


class CharterState(StrEnum):
    """Where a charter stands on a day."""

    NOT_ADOPTED = "not_adopted"
    NOT_IN_FORCE = "not_in_force"
    DATE_FIXED = "date_fixed"
    IN_FORCE = "in_force"
    ENDED = "ended"
    UNKNOWN = "unknown"


class PartyState(StrEnum):
    """Where an organisation stands toward a charter on a day."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    REPRESENTATIVE_NAMED = "representative_named"
    SIGNED_SIMPLE = "signed_simple"
    PENDING_FORCE = "party_pending_force"
    IN_FORCE = "party_in_force"
    WITHDRAWING = "withdrawing"
    FORMER = "former_party"
    EXCLUDED = "excluded"
    SUCCEEDED = "succeeded_by"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class AmendmentStatus:
    """An amendment as of a day."""

    name: str
    text: str
    proposed_on: date
    adopted_on: date | None
    in_force_on: date | None


@dataclass(frozen=True, slots=True)
class RectificationStatus:
    """A rectification as of a day: open to objection until `last_day_to_object`, effected, or objected to."""

    name: str
    replaces: str
    text: str
    proposed_on: date
    last_day_to_object: date
    objected_by: tuple[str, ...]
    effected_on: date | None


@dataclass(frozen=True, slots=True)
class CharterStatus:
    """The charter as of a day. `in_force_on` is fixed, and may lie ahead, from the day on which the conditions are met."""

    on: date
    state: CharterState
    adopted_on: date | None
    listed: int | None
    signed: int
    unconfirmed: int
    counted: int
    in_force_for: int
    conditions: tuple[Condition, ...]
    met_on: date | None
    triggers: tuple[str, ...]
    in_force_on: date | None
    term_ends_on: date | None
    depositary: str
    amendments: tuple[AmendmentStatus, ...]
    rectifications: tuple[RectificationStatus, ...]
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyStatus:
    """One organisation as of a day. `is_bound` is None where it cannot be known."""

    on: date
    party: str
    kind: OrganisationKind | None
    state: PartyState
    is_listed: bool
    signed_on: date | None
    consent_on: date | None
    consent_by: InstrumentKind | None
    is_counted: bool
    is_bound: bool | None
    in_force_on: date | None
    text: str | None
    amendments: tuple[str, ...]
    rectifications: tuple[str, ...]
    reservations: tuple[Reservation, ...]
    applies_provisionally: bool
    withdrawal_notified_on: date | None
    leaves_on: date | None
    left_on: date | None
    succeeded_by: str | None
    succeeds: str | None


@dataclass(frozen=True, slots=True)
class WithdrawalForecast:
    """What a notice of withdrawal on a day would do. `charter_remains` is None where the charter is silent."""

    notified_on: date
    effective_on: date
    charter_remains: bool | None
    reason: Message


def charter_status(register: Register, on: date) -> CharterStatus:
    """Return the charter as of a day; the register is settled to that day at least."""
    register.settle(on)
    memory, charter = register.memory, register.charter
    day = _counts_on(register, on)
    met_on = _until(memory.met_on, on)
    conditions = conditions_of(charter, day.counted)
    state, remarks = _state_on(register, on, conditions)
    is_adopted = _until(memory.adopted_on, on) is not None
    return CharterStatus(
        on=on,
        state=state if is_adopted else CharterState.NOT_ADOPTED,
        adopted_on=_until(memory.adopted_on, on),
        listed=None if charter.listed is None else len(charter.listed),
        signed=day.signed,
        unconfirmed=day.unconfirmed,
        counted=day.counted.total,
        in_force_for=day.in_force,
        conditions=conditions,
        met_on=met_on,
        triggers=memory.triggers if met_on is not None else (),
        in_force_on=memory.in_force_on if met_on is not None else None,
        term_ends_on=register.term_end(on),
        depositary=_depositary_on(register, on),
        amendments=_amendments_on(register, on),
        rectifications=_rectifications_on(register, on),
        remarks=remarks,
    )


def party_status(register: Register, party: str, on: date) -> PartyStatus:
    """Return what an organisation is toward the charter as of a day; the register is settled to that day at least."""
    register.settle(on)
    known = register.party(party)
    membership = _membership_on(known, on)
    left = register.left_on(known, membership) if membership is not None else None
    has_left = left is not None and left[0] <= on
    start = register.start_of(membership) if membership is not None and _until(register.memory.met_on, on) else None
    withdrawal = next(
        (one for one in known.withdrawals if one.notified_on <= on and membership and one.notified_on >= membership.consent_on),
        None,
    )
    state = _party_state(register, known, on)
    is_counted = membership is not None and not has_left
    amendments = _amendments_of(register, known, membership, on)
    return PartyStatus(
        on=on,
        party=party,
        kind=membership.kind if membership else known.kind,
        state=state,
        is_listed=known.is_listed,
        signed_on=_until(known.signed_on, on),
        consent_on=membership.consent_on if membership else None,
        consent_by=membership.how if membership else None,
        is_counted=is_counted,
        is_bound=_is_bound(register, is_counted=is_counted, start=start, on=on),
        in_force_on=start if start is not None and (left is None or start < left[0]) else None,
        text=_text_of(register, amendments) if membership else None,
        amendments=amendments,
        rectifications=tuple(
            name for name, one in register.memory.rectifications.items() if _until(one.effected_on, on) is not None
        ),
        reservations=tuple(_reservation_on(one, on) for one in known.reservations if one.on <= on),
        applies_provisionally=_until(known.provisional_on, on) is not None and not (start is not None and start <= on),
        withdrawal_notified_on=withdrawal.notified_on if withdrawal else None,
        leaves_on=withdrawal.effective_on if withdrawal and not has_left else None,
        left_on=left[0] if left is not None and has_left else None,
        succeeded_by=known.succeeded_by[1] if known.succeeded_by and known.succeeded_by[0] <= on else None,
        succeeds=known.succeeds[1] if known.succeeds and known.succeeds[0] <= on else None,
    )


def unconfirmed_parties(register: Register, on: date) -> tuple[str, ...]:
    """Return who has signed subject to approval and has not confirmed, in the order of their ids."""
    register.settle(on)
    states = ((name, _party_state(register, register.parties[name], on)) for name in sorted(register.parties))
    return tuple(name for name, state in states if state is PartyState.SIGNED_SIMPLE)


def forecast_withdrawal(register: Register, party: str, on: date) -> WithdrawalForecast:
    """Return what a notice of withdrawal on this day would do, all that is recorded by then being so."""
    clause = register.charter.clauses.withdrawal
    effective_on = max(on + timedelta(days=clause.notice_days), clause.earliest_on or date.min)
    register.settle(effective_on)
    known, tally = register.party(party), _counts_on(register, effective_on).counted.copy()
    membership = known.membership
    if membership is not None and membership.left_on is None:
        tally.add(membership.kind, listed=known.is_listed, count=-1)
    outcome = sum_of(conditions_of(register.charter, tally))
    remains = register.charter.clauses.remains_in_force_below_minimum
    if outcome is Outcome.MET:
        return WithdrawalForecast(on, effective_on, True, say("the conditions of entry into force stay met"))
    if outcome is Outcome.UNKNOWN or remains is None:
        silent = say("the charter would fall below its conditions, and its clauses do not say what follows")
        reason = silent if outcome is Outcome.NOT_MET else say("the conditions cannot be computed")
        return WithdrawalForecast(on, effective_on, None, reason)
    if remains:
        return WithdrawalForecast(
            on, effective_on, True, say("the charter falls below its conditions and stays in force all the same")
        )
    return WithdrawalForecast(on, effective_on, False, say("the charter falls below its conditions and ends"))


def party_statuses(register: Register, on: date, parties: Iterable[str] | None = None) -> tuple[PartyStatus, ...]:
    """Return the status of each of these organisations, or of everybody who is listed or was ever heard of, by id."""
    names = {*(register.charter.listed or {}), *register.parties} if parties is None else parties
    return tuple(party_status(register, name, on) for name in sorted(names))


def _until(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


def _counts_on(register: Register, on: date) -> DayCount:
    days = register.memory.days
    place = bisect_right(days, on, key=lambda one: one.on)
    return days[place - 1] if place else DayCount(on, Tally(), 0, 0, 0)


def _state_on(register: Register, on: date, conditions: tuple[Condition, ...]) -> tuple[CharterState, tuple[Message, ...]]:
    memory, remains = register.memory, register.charter.clauses.remains_in_force_below_minimum
    if _until(memory.met_on, on) is None or memory.in_force_on is None:
        if sum_of(conditions) is Outcome.UNKNOWN:
            return CharterState.UNKNOWN, tuple(one.reason for one in conditions if one.reason is not None)
        return CharterState.NOT_IN_FORCE, ()
    if register.has_ended(on):
        return CharterState.ENDED, ()
    if on < memory.in_force_on:
        return CharterState.DATE_FIXED, ()
    place = bisect_right(memory.below_minimum, on, key=lambda one: one[0])
    is_below = bool(place) and memory.below_minimum[place - 1][1]
    if is_below and remains is None:
        silent = say("fewer parties are left than entry into force needs, and the clauses do not say what follows")
        return CharterState.UNKNOWN, (silent,)
    return CharterState.IN_FORCE, ()


def _depositary_on(register: Register, on: date) -> str:
    changed = [name for day, name in register.memory.depositaries if day <= on]
    return changed[-1] if changed else register.charter.clauses.depositary


def _amendments_on(register: Register, on: date) -> tuple[AmendmentStatus, ...]:
    return tuple(
        AmendmentStatus(name, one.text, one.proposed_on, _until(one.adopted_on, on), _until(one.in_force_on, on))
        for name, one in register.memory.amendments.items()
        if one.proposed_on <= on
    )


def _rectifications_on(register: Register, on: date) -> tuple[RectificationStatus, ...]:
    return tuple(
        RectificationStatus(
            name,
            one.replaces,
            one.text,
            one.proposed_on,
            one.last_day_to_object,
            tuple(party for day, party in one.objections if day <= on),
            _until(one.effected_on, on),
        )
        for name, one in register.memory.rectifications.items()
        if one.proposed_on <= on
    )


def _membership_on(party: PartyMemory, on: date) -> Membership | None:
    """The newest membership that had begun by the day; an heir's begins with the succession, whatever day it consented."""
    if party.succeeds is not None and party.succeeds[0] > on:
        return None
    begun = [one for one in party.memberships if one.consent_on <= on]
    return begun[-1] if begun else None


def _party_state(register: Register, party: PartyMemory, on: date) -> PartyState:
    if party.succeeded_by is not None and party.succeeded_by[0] <= on:
        return PartyState.SUCCEEDED
    membership = _membership_on(party, on)
    if membership is not None:
        return _state_of_member(register, party, membership, on)
    if party.signed_simply is not None and party.signed_simply.on <= on:
        return PartyState.SIGNED_SIMPLE
    closes_on = register.charter.clauses.signature_window.closes_on
    if party.is_listed and closes_on is not None and closes_on < on:
        return PartyState.LAPSED
    if any(held.deposited_on <= on for held in party.authorities.values()):
        return PartyState.REPRESENTATIVE_NAMED
    return PartyState.INVITED if party.is_listed else PartyState.NOT_INVITED


def _state_of_member(register: Register, party: PartyMemory, membership: Membership, on: date) -> PartyState:
    left = register.left_on(party, membership)
    if left is not None and left[0] <= on:
        return PartyState.EXCLUDED if left[1] is Leaving.EXPELLED else PartyState.FORMER
    if any(membership.consent_on <= one.notified_on <= on for one in party.withdrawals):
        return PartyState.WITHDRAWING
    start = register.start_of(membership) if _until(register.memory.met_on, on) else None
    return PartyState.IN_FORCE if start is not None and start <= on else PartyState.PENDING_FORCE


def _is_bound(register: Register, *, is_counted: bool, start: date | None, on: date) -> bool | None:
    if not is_counted:
        return False
    conditions = conditions_of(register.charter, _counts_on(register, on).counted)
    state, _ = _state_on(register, on, conditions)
    if state is CharterState.UNKNOWN:
        return None
    return state is CharterState.IN_FORCE and start is not None and start <= on


def _amendments_of(register: Register, party: PartyMemory, membership: Membership | None, on: date) -> tuple[str, ...]:
    """The amendments of the text by which a party is bound: accepted, binding on all, or in force before it consented."""
    if membership is None:
        return ()
    binds_all = register.charter.clauses.amendments.non_accepting is NonAccepting.BOUND
    found = []
    for name, amendment in register.memory.amendments.items():
        if amendment.in_force_on is None or amendment.in_force_on > on:
            continue
        accepted_on = party.accepted.get(name)
        joined_after = membership.consent_on > amendment.in_force_on
        if binds_all or joined_after or (accepted_on is not None and accepted_on <= on):
            found.append(name)
    return tuple(found)


def _text_of(register: Register, amendments: tuple[str, ...]) -> str:
    return register.memory.amendments[amendments[-1]].text if amendments else register.charter.text


def _reservation_on(reservation: Reservation, on: date) -> Reservation:
    """The reservation with the objections that were made by the day, pair by pair."""
    return replace(
        reservation,
        notified_on=_until(reservation.notified_on, on),
        objections=[one for one in reservation.objections if one.on <= on],
    )
