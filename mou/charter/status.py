"""The answers: what the charter is, and what one party is, as of any day, computed from a register alone.

Only facts of that day or earlier are looked at: what became known later, such as a notice, a decision or a succession, does not
change what an earlier day is answered. Counts are derived, never typed. What a clause leaves open is answered with `unknown` and
the reason.

Rules that had to be decided:

1. A day is answered as it stood at its end.
2. When the charter has ended, the organisations that had consented are former parties. They did not leave, so they stay counted,
   and one sees by how many the charter missed its minimum; `in_force_for` is 0.
3. A signature is counted once: where another organisation succeeded, it is the successor's.
4. A reservation belongs to the consent that it came with or before; it does not return with a later consent.
5. A party that left keeps the text by which it was bound on its last day.
6. A former party that signs anew subject to approval is one that has signed and not confirmed.
7. An authority that is revoked or expired names no representative.

The five questions (each a function here or a field of what one returns):

1. Is the charter in force on a day, and what triggered it? `charter_status`: state, conditions, triggers.
2. Is an organisation bound on a day, by which text, with which reservations? `party_status`.
3. Who signed and has not confirmed, and how many are still needed? `unconfirmed_parties`, `Condition.missing`.
4. If a party gives notice on a day, when does it count, and does the charter stay in force? `forecast_withdrawal`.
5. What did the secretariat tell whom, and when? The notices; they are no part of a register.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from mou.charter.answers import (
    AmendmentStatus,
    CharterState,
    CharterStatus,
    PartyState,
    PartyStatus,
    RectificationStatus,
    WithdrawalForecast,
)
from mou.charter.clauses import NonAccepting
from mou.charter.conditions import Condition, Outcome, conditions_of, sum_of
from mou.charter.knowledge import days_after
from mou.charter.memory import DayCount, Leaving, Membership, PartyMemory, Reservation, Tally, Withdrawal
from mou.charter.register import Register
from signatures.messages import Message, say

__all__ = [
    "AmendmentStatus",
    "CharterState",
    "CharterStatus",
    "PartyState",
    "PartyStatus",
    "RectificationStatus",
    "WithdrawalForecast",
    "charter_status",
    "forecast_withdrawal",
    "party_status",
    "party_statuses",
    "unconfirmed_parties",
]


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
        in_force_for=0 if register.has_ended(on) else day.in_force,
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
    known = register.party_on(party, on)
    membership = _membership_on(known, on)
    left_on = _until(membership.left_on, on) if membership is not None else None
    withdrawal = _withdrawal_on(known, membership, on)
    is_counted = membership is not None and left_on is None
    start = _start_on(register, membership, on)
    ends_on = min((one for one in (left_on, register.ended_from(on)) if one is not None), default=date.max)
    state = _party_state(register, known, on)
    amendments = _amendments_of(register, membership, on)
    return PartyStatus(
        on=on,
        party=party,
        kind=membership.kind if membership else known.kind_on(on),
        state=state,
        is_listed=known.is_listed,
        signed_on=_until(known.signed_on, on),
        consent_on=membership.consent_on if membership else None,
        consent_by=membership.how if membership else None,
        is_counted=is_counted,
        is_bound=_is_bound(register, start, on) if is_counted else False,
        in_force_on=start if start is not None and start < ends_on else None,
        text=_text_of(register, amendments) if membership else None,
        amendments=amendments,
        rectifications=tuple(one.name for one in _rectifications_on(register, on) if one.effected_on is not None),
        reservations=_reservations_on(known, membership, on),
        applies_provisionally=_until(known.provisional_on, on) is not None
        and _can_start(state)
        and (start is None or start > on),
        withdrawal_notified_on=withdrawal.notified_on if withdrawal else None,
        leaves_on=withdrawal.effective_on if withdrawal and is_counted else None,
        left_on=left_on,
        succeeded_by=known.succeeded_by[1] if known.succeeded_by and known.succeeded_by[0] <= on else None,
        succeeds=known.succeeds[1] if known.succeeds else None,
    )


def unconfirmed_parties(register: Register, on: date) -> tuple[str, ...]:
    """Return who has signed subject to approval and has not confirmed, in the order of their ids."""
    register.settle(on)
    states = ((name, _party_state(register, register.party_on(name, on), on)) for name in sorted(register.parties))
    return tuple(name for name, state in states if state is PartyState.SIGNED_SIMPLE)


def forecast_withdrawal(register: Register, party: str, on: date) -> WithdrawalForecast:
    """Return what a notice of withdrawal on this day would do, as far as is known on it.

    Notices that others have given by then are taken into account where they count no later. One that the party itself has given
    already decides its day.
    """
    register.settle(on)
    known, clause = register.party_on(party, on), register.charter.clauses.withdrawal
    membership = _membership_on(known, on)
    has_left = membership is not None and _until(membership.left_on, on) is not None
    given = None if has_left else _withdrawal_on(known, membership, on)
    effective_on = max(days_after(on, clause.notice_days), clause.earliest_on or date.min)
    effective_on = effective_on if given is None else given.effective_on
    if membership is None or has_left:
        return WithdrawalForecast(
            on, effective_on, None, say("the organisation has not consented, or has left: nothing to withdraw")
        )
    if register.has_ended(on) or _until(register.memory.met_on, on) is None:
        return WithdrawalForecast(on, effective_on, None, say("the charter is not in force, and no day for it is fixed"))
    outcome = sum_of(conditions_of(register.charter, _counted_after(register, party, on, effective_on)))
    remains = register.charter.clauses.remains_in_force_below_minimum
    if outcome is Outcome.MET:
        return WithdrawalForecast(on, effective_on, True, say("the conditions of entry into force stay met"))
    if remains is None:
        silent = say("the charter would fall below its conditions, and its clauses do not say what follows")
        return WithdrawalForecast(on, effective_on, None, silent)
    if remains:
        return WithdrawalForecast(
            on, effective_on, True, say("the charter falls below its conditions and stays in force all the same")
        )
    return WithdrawalForecast(on, effective_on, False, say("the charter falls below its conditions and ends"))


def _counted_after(register: Register, party: str, on: date, effective_on: date) -> Tally:
    """The parties counted on a later day, without this one and without those whose notices, given by now, count by then."""
    tally = _counts_on(register, on).counted.copy()
    for name in sorted(register.parties):
        known = register.party_on(name, on)
        membership = _membership_on(known, on)
        if membership is None or _until(membership.left_on, on) is not None:
            continue
        notice = _withdrawal_on(known, membership, on)
        if name == party or (notice is not None and notice.effective_on <= effective_on):
            tally.add(membership.kind, listed=known.is_listed, count=-1)
    return tally


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
    if register.has_ended(on):
        return CharterState.ENDED, ()
    if _until(memory.met_on, on) is None or memory.in_force_on is None:
        if sum_of(conditions) is Outcome.UNKNOWN:
            return CharterState.UNKNOWN, tuple(one.reason for one in conditions if one.reason is not None)
        return CharterState.NOT_IN_FORCE, ()
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
        for name, one in sorted(register.memory.amendments.items(), key=lambda item: (item[1].proposed_on, item[0]))
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
        for name, one in sorted(register.memory.rectifications.items(), key=lambda item: (item[1].proposed_on, item[0]))
        if one.proposed_on <= on
    )


def _membership_on(party: PartyMemory, on: date) -> Membership | None:
    """The newest membership that had begun by the day, left or not."""
    begun = [one for one in party.memberships if one.consent_on <= on]
    return begun[-1] if begun else None


def _withdrawal_on(party: PartyMemory, membership: Membership | None, on: date) -> Withdrawal | None:
    """The first notice of this membership that had been given by the day: it is the one that counts."""
    if membership is None:
        return None
    return next((one for one in party.withdrawals if membership.consent_on <= one.notified_on <= on), None)


def _start_on(register: Register, membership: Membership | None, on: date) -> date | None:
    """The day from which the charter is in force for a party, where that day was fixed by then; it may lie ahead."""
    if membership is None or _until(register.memory.met_on, on) is None:
        return None
    return register.start_of(membership)


def _party_state(register: Register, party: PartyMemory, on: date) -> PartyState:
    if party.succeeded_by is not None and party.succeeded_by[0] <= on:
        return PartyState.SUCCEEDED
    membership = _membership_on(party, on)
    has_left = membership is not None and _until(membership.left_on, on) is not None
    if membership is not None and not has_left:
        return _state_of_member(register, party, membership, on)
    if party.pending_signature(on) is not None:
        return PartyState.SIGNED_SIMPLE
    if membership is not None:
        return PartyState.EXCLUDED if membership.left_how is Leaving.EXPELLED else PartyState.FORMER
    return _state_before_signing(register, party, on)


def _state_before_signing(register: Register, party: PartyMemory, on: date) -> PartyState:
    closes_on = register.charter.clauses.signature_window.closes_on
    if party.is_listed and closes_on is not None and closes_on < on:
        return PartyState.LAPSED
    if any(held.counts_on(on) for held in party.authorities.values()):
        return PartyState.REPRESENTATIVE_NAMED
    return PartyState.INVITED if party.is_listed else PartyState.NOT_INVITED


def _state_of_member(register: Register, party: PartyMemory, membership: Membership, on: date) -> PartyState:
    if register.has_ended(on):
        return PartyState.FORMER
    if _withdrawal_on(party, membership, on) is not None:
        return PartyState.WITHDRAWING
    start = _start_on(register, membership, on)
    return PartyState.IN_FORCE if start is not None and start <= on else PartyState.PENDING_FORCE


def _can_start(state: PartyState) -> bool:
    """Whether the charter may still come into force for an organisation, so that it can be applied before."""
    return state not in {PartyState.FORMER, PartyState.EXCLUDED, PartyState.SUCCEEDED, PartyState.LAPSED}


def _is_bound(register: Register, start: date | None, on: date) -> bool | None:
    """Whether the charter binds one that has consented and not left; what is not in force for it yet does not."""
    state, _ = _state_on(register, on, conditions_of(register.charter, _counts_on(register, on).counted))
    if state is CharterState.UNKNOWN:
        return None if start is None or start <= on else False
    return state is CharterState.IN_FORCE and start is not None and start <= on


def _amendments_of(register: Register, membership: Membership | None, on: date) -> tuple[str, ...]:
    """The amendments of the text by which a party is or was bound: accepted, binding on all, or there when it started.

    They stand in the order in which they came into force.
    """
    if membership is None:
        return ()
    binds_all = register.charter.clauses.amendments.non_accepting is NonAccepting.BOUND
    left_on = _until(membership.left_on, on) or date.max
    found = []
    for name, amendment in register.memory.amendments.items():
        in_force_on = amendment.in_force_on
        if in_force_on is None or in_force_on > on or in_force_on >= left_on:
            continue
        accepted_on = membership.accepted.get(name, date.max)
        if binds_all or accepted_on <= on or register.joins_amended(membership, in_force_on):
            found.append((in_force_on, name))
    return tuple(name for _, name in sorted(found))


def _text_of(register: Register, amendments: tuple[str, ...]) -> str:
    return register.memory.amendments[amendments[-1]].text if amendments else register.charter.text


def _reservations_on(party: PartyMemory, membership: Membership | None, on: date) -> tuple[Reservation, ...]:
    """The reservations of this consent, or of none so far, with the objections made by the day, pair by pair."""
    earlier = [one.consent_on for one in party.memberships if one is not membership and one.consent_on <= on]
    return tuple(
        replace(
            one,
            notified_on=_until(one.notified_on, on),
            objections=[objection for objection in one.objections if objection.on <= on],
        )
        for one in party.reservations
        if one.on <= on and one.on > max(earlier, default=date.min)
    )
