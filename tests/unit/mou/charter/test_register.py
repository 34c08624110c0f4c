"""How a register reads its days: what is counted, when, and what a later paper cannot undo."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mou.charter.instruments import Instrument, InstrumentKind
from mou.charter.memory import Leaving
from mou.charter.register import ClosedDayError, replay
from mou.models import OrganisationKind
from tests.charters import (
    AGENCY,
    ALL_IN_FAVOUR,
    FOUNDATION,
    accepts,
    act,
    amendment,
    authority,
    charter_with,
    day,
    founded,
    in_force_for,
    leaves,
    passes_on,
    signed,
)

K = InstrumentKind
DELAYED: dict[str, Any] = {"entry_into_force": {"min_count": 2, "delay_days": 10}}
NO_NOTICE: dict[str, Any] = {"withdrawal": {"notice_days": 0}}
IN_TEN_DAYS: dict[str, Any] = {"withdrawal": {"notice_days": 10}}
OUT = {"non_accepting": "deemed_out", "in_force_rule": {"min_fraction": "1/2", "delay_days": 0}}


# The start.


def test_a_charter_without_delay_starts_on_the_day_on_which_its_conditions_are_met() -> None:
    register = replay(charter_with(), founded("a", "b"))
    assert register.memory.met_on == register.memory.in_force_on == day(0)
    assert register.memory.in_force == 2


def test_the_day_is_so_many_days_after_the_one_on_which_the_conditions_were_met() -> None:
    register = replay(charter_with(**DELAYED), founded("a", "b"))
    assert register.memory.in_force_on == day(10)
    assert not register.is_in_force(day(9))
    assert register.is_in_force(day(10))


@pytest.mark.parametrize(("consents_on", "starts_on"), [(0, 10), (1, 10), (7, 10), (8, 11), (30, 33)])
def test_a_later_party_starts_on_its_own_day_but_not_before_the_charter(consents_on: int, starts_on: int) -> None:
    charter = charter_with(**DELAYED, later_party_delay_days=3)
    register = replay(charter, [*founded("a", "b"), authority("c"), signed("c", day(consents_on))])
    assert in_force_for(register, starts_on) == 3
    assert in_force_for(register, starts_on - 1) == (0 if starts_on == 10 else 2)


def test_the_day_once_fixed_stays_though_a_party_leaves_before_it() -> None:
    register = replay(charter_with(**DELAYED, **NO_NOTICE), [*founded("a", "b"), leaves("a", 3)])
    register.settle(day(10))
    assert (register.memory.in_force_on, register.memory.in_force) == (day(10), 1)


def test_the_trigger_is_every_consent_of_the_day_and_none_of_the_day_before() -> None:
    papers = [*founded("a"), authority("b"), authority("c"), signed("b", day(4))]
    approved = act("c", K.APPROVAL_DEPOSITED, day(4))
    register = replay(charter_with(), [*papers, act("c", K.SIGNED_SIMPLE, day(3)), approved])
    assert register.memory.triggers == tuple(sorted([papers[-1].instrument_id, approved.instrument_id]))


def test_a_succession_that_changes_the_class_can_meet_the_conditions() -> None:
    charter = charter_with(entry_into_force={"class_minimums": {"state_agency": 1}, "delay_days": 0})
    change = passes_on("a", "new", 5, successor_kind=AGENCY)
    register = replay(charter, [*founded("a", "b"), change])
    assert (register.memory.met_on, register.memory.triggers) == (day(5), (change.instrument_id,))
    assert register.memory.in_force == 2


def test_a_succession_that_only_changes_the_name_is_no_trigger() -> None:
    charter = charter_with({"a": FOUNDATION}, **DELAYED)
    met = signed("b", day(5))
    register = replay(charter, [*founded("a"), authority("b"), met, passes_on("a", "new", 5)])
    assert (register.memory.met_on, register.memory.triggers) == (day(5), (met.instrument_id,))


def test_who_confirms_on_the_day_on_which_the_conditions_are_met_starts_with_the_charter() -> None:
    papers = [*founded("a", "b"), authority("c"), act("c", K.SIGNED_SIMPLE, day(0)), act("c", K.APPROVAL_DEPOSITED, day(0))]
    register = replay(charter_with(later_party_delay_days=30), papers)
    assert (register.memory.in_force, len(register.memory.triggers)) == (3, 3)


def test_the_class_is_the_one_that_the_consent_states() -> None:
    register = replay(charter_with(), [*founded("a"), authority("b"), signed("b", kind=OrganisationKind.ASSOCIATION)])
    assert register.memory.counted.by_kind == {FOUNDATION: 1, OrganisationKind.ASSOCIATION: 1}


def test_conditions_that_were_met_are_not_looked_at_again() -> None:
    register = replay(charter_with(**NO_NOTICE), [*founded("a", "b"), leaves("a", 3), authority("c"), signed("c", day(5))])
    assert register.memory.met_on == day(0)


# Leaving, and coming back.


@pytest.mark.parametrize(("on", "is_member"), [(9, True), (10, False), (11, False)])
def test_a_notice_of_ten_days_leaves_the_party_a_member_to_the_end_of_the_ninth(on: int, is_member: bool) -> None:  # noqa: FBT001
    register = replay(charter_with(**IN_TEN_DAYS), [*founded("a", "b", "c"), leaves("a", 0)])
    register.settle(day(on))
    assert register.is_member("a", day(on)) is is_member


def test_a_notice_without_a_period_counts_on_its_own_day() -> None:
    register = replay(charter_with(**NO_NOTICE), [*founded("a", "b"), leaves("a", 3)])
    assert (register.memory.counted.total, register.memory.in_force, register.memory.agenda) == (1, 1, [])


def test_of_two_notices_the_first_decides() -> None:
    register = replay(charter_with(**IN_TEN_DAYS), [*founded("a", "b", "c"), leaves("a", 0), leaves("a", 5)])
    register.settle(day(40))
    assert register.party("a").memberships[0].left_on == day(10)
    assert register.memory.counted.total == 2


def test_a_notice_of_a_former_time_does_not_end_a_later_one() -> None:
    charter = charter_with(**IN_TEN_DAYS, expulsion={"min_fraction": "1/2", "of": "members"})
    out = act("a", K.PARTY_EXPELLED, day(4), meeting=ALL_IN_FAVOUR)
    back = act("a", K.ACCEDED, day(6))
    register = replay(charter, [*founded("a", "b", "c"), leaves("a", 0), out, back])
    register.settle(day(40))
    assert [one.left_how for one in register.party("a").memberships] == [Leaving.EXPELLED, None]
    assert register.memory.in_force == 3


def test_who_leaves_and_comes_back_on_one_day_is_counted_once() -> None:
    register = replay(charter_with(**IN_TEN_DAYS), [*founded("a", "b"), leaves("a", 0), act("a", K.ACCEDED, day(10))])
    assert (register.memory.counted.total, register.memory.in_force) == (2, 2)


def test_who_starts_and_leaves_on_one_day_is_in_force_for_nobody() -> None:
    charter = charter_with(**IN_TEN_DAYS, later_party_delay_days=10)
    register = replay(charter, [*founded("a", "b"), authority("c"), signed("c", day(3)), leaves("c", 3)])
    assert in_force_for(register, 13) == 2


def test_who_consented_twice_before_the_charter_starts_once() -> None:
    charter = charter_with(**DELAYED, **NO_NOTICE)
    register = replay(charter, [*founded("a", "b"), authority("c"), signed("c", day(1)), leaves("c", 2), signed("c", day(3))])
    assert in_force_for(register, 10) == 3


def test_a_second_signature_while_the_first_stands_changes_nothing() -> None:
    register = replay(charter_with(), [*founded("a", "b"), signed("a", day(5)), act("a", K.SIGNED_SIMPLE, day(6))])
    assert (register.memory.signed, register.memory.counted.total, register.memory.unconfirmed) == (2, 2, 0)
    assert len(register.party("a").memberships) == 1


def test_a_final_signature_takes_the_place_of_one_that_waits() -> None:
    register = replay(charter_with(), [*founded("a"), authority("b"), act("b", K.SIGNED_SIMPLE, day(1)), signed("b", day(2))])
    assert (register.memory.signed, register.memory.counted.total, register.memory.unconfirmed) == (2, 2, 0)


# Amendments.


def test_an_amendment_is_in_force_on_the_day_on_which_enough_have_accepted() -> None:
    register = replay(charter_with(), [*founded("a", "b", "c"), *amendment("first", 5, "a", "b")])
    assert (register.memory.amendments["first"].in_force_on, register.memory.agenda) == (day(6), [])


def test_an_amendment_that_waits_for_nobody_waits_on() -> None:
    gone = [leaves("a", 8), leaves("b", 8)]
    register = replay(charter_with(**NO_NOTICE), [*founded("a", "b"), *amendment("first", 5), *gone])
    assert (register.memory.in_force, register.memory.amendments["first"].met_on) == (0, None)


def test_an_amendment_waits_for_its_delay_and_keeps_its_day_though_who_accepted_leaves() -> None:
    charter = charter_with(amendments={"in_force_rule": {"min_fraction": "2/3", "delay_days": 10}}, **NO_NOTICE)
    register = replay(charter, [*founded("a", "b", "c"), *amendment("first", 5, "a", "b"), leaves("a", 8)])
    register.settle(day(15))
    assert register.memory.amendments["first"].in_force_on is None
    register.settle(day(16))
    assert register.memory.amendments["first"].in_force_on == day(16)


def test_who_left_is_not_counted_among_those_who_accepted() -> None:
    charter = charter_with(amendments={"in_force_rule": {"min_fraction": "2/3", "delay_days": 0}}, **NO_NOTICE)
    papers = [*founded("a", "b", "c", "d"), *amendment("first", 5, "a", "b"), leaves("a", 7)]
    assert replay(charter, papers).memory.amendments["first"].in_force_on is None
    register = replay(charter, [*papers, accepts("c", "first", 9)])
    assert register.memory.amendments["first"].in_force_on == day(9)


def test_an_acceptance_of_a_former_time_does_not_save_from_being_out() -> None:
    back = [leaves("a", 7), act("a", K.ACCEDED, day(8))]
    papers = [*founded("a", "b", "c", "d", "e"), *amendment("first", 5, "a", "b"), *back, accepts("c", "first", 9)]
    register = replay(charter_with(amendments=OUT, **NO_NOTICE), papers)
    assert register.memory.amendments["first"].in_force_on is None
    register = replay(charter_with(amendments=OUT, **NO_NOTICE), [*papers, accepts("d", "first", 10)])
    assert [register.is_member(party, day(11)) for party in "abcde"] == [False, True, True, True, False]


def test_who_is_let_go_by_one_amendment_is_not_counted_for_another() -> None:
    clause = {"non_accepting": "deemed_out", "in_force_rule": {"min_fraction": "3/5", "delay_days": 0}}
    first, second = amendment("first", 5, "a", "b", "c"), amendment("second", 4, "d", "e")
    register = replay(charter_with(amendments=clause), [*founded("a", "b", "c", "d", "e"), *first, *second])
    assert register.memory.amendments["first"].in_force_on == day(6)
    assert register.memory.amendments["second"].accepted == 0
    assert register.memory.in_force == 3


def test_amendments_of_one_day_are_counted_before_anybody_is_let_go() -> None:
    first, second = amendment("first", 5, "a", "b"), amendment("second", 5, "b", "c")
    register = replay(charter_with(amendments=OUT), [*founded("a", "b", "c", "d"), *first, *second])
    assert {one.in_force_on for one in register.memory.amendments.values()} == {day(6)}
    assert [register.is_member(party, day(7)) for party in "abcd"] == [False, True, False, False]


def test_who_is_out_may_accept_to_the_end_of_the_day() -> None:
    clause = {"non_accepting": "deemed_out", "in_force_rule": {"min_fraction": "1/2", "delay_days": 10}}
    papers = [*founded("a", "b", "c", "d"), *amendment("first", 5, "a", "b"), accepts("c", "first", 16)]
    register = replay(charter_with(amendments=clause), [*papers, accepts("d", "first", 17)])
    assert register.party("c").membership == register.party("c").open_membership(day(20))
    assert register.party("d").memberships[0].left_on == day(16)
    assert [fault.clause for fault in register.faults.values()] == ["amendments"]


def test_founders_have_to_accept_an_amendment_even_of_the_first_day() -> None:
    papers = [*founded("a", "b", "c"), *amendment("first", 0), accepts("a", "first", 0), accepts("b", "first", 0)]
    register = replay(charter_with(amendments=OUT), papers)
    assert register.memory.amendments["first"].in_force_on == day(0)
    assert [register.is_member(party, day(0)) for party in "abc"] == [True, True, False]


def test_who_starts_on_the_day_of_an_amendment_starts_with_the_amended_text() -> None:
    papers = [*founded("a", "b", "c"), *amendment("first", 5, "a", "b"), authority("d"), signed("d", day(3))]
    register = replay(charter_with(amendments=OUT, later_party_delay_days=3), papers)
    assert [register.is_member(party, day(6)) for party in "abcd"] == [True, True, False, True]
    register = replay(charter_with(amendments=OUT, later_party_delay_days=2), papers)
    assert [register.is_member(party, day(6)) for party in "abcd"] == [True, True, False, False]


def test_an_amendment_does_not_start_when_the_charter_has_ended_before_its_day() -> None:
    clause = {"in_force_rule": {"min_fraction": "1/2", "delay_days": 10}}
    charter = charter_with(amendments=clause, remains_in_force_below_minimum=False, **NO_NOTICE)
    register = replay(charter, [*founded("a", "b"), *amendment("first", 5, "a", "b"), leaves("a", 8)])
    register.settle(day(40))
    assert register.memory.ended_on == day(8)
    assert register.memory.amendments["first"].in_force_on is None


def test_being_let_go_can_bring_the_charter_under_its_minimum_on_the_same_day() -> None:
    charter = charter_with(amendments=OUT, remains_in_force_below_minimum=False)
    register = replay(charter, [*founded("a", "b"), *amendment("first", 5, "a")])
    assert register.memory.ended_on == day(6)


# Notices of the depositary.


def test_the_time_to_object_runs_from_the_first_notice() -> None:
    charter = charter_with(reservations={"mode": "allowed", "objection_days": 30})
    reserved = act("a", K.RESERVED, day(0), provisions=("7",), instrument_id="reservation")
    told = [Instrument(f"notice {on}", K.NOTICE_ISSUED, day(on), about=("something", "reservation")) for on in (5, 9)]
    register = replay(charter, [*founded("a", "b"), reserved, *told])
    assert register.party("a").reservations[0].notified_on == day(5)


# Reading.


def test_a_day_that_was_closed_is_not_read_again() -> None:
    register = replay(charter_with(), founded("a", "b"))
    register.settle(day(5))
    with pytest.raises(ClosedDayError):
        register.read([authority("c", day(5))])
    register.read([authority("c", day(6))])
    assert "c" in register.parties


def test_settling_lets_happen_what_is_due_and_does_it_once() -> None:
    register = replay(charter_with(**DELAYED), founded("a", "b"))
    for _ in range(3):
        register.settle(day(20))
    assert [(one.on, one.in_force) for one in register.memory.days] == [(day(0), 0), (day(10), 2)]


def test_nothing_happens_that_lies_beyond_the_calendar() -> None:
    never = {"min_count": 1, "delay_days": 36_500}
    charter = charter_with(entry_into_force=never, later_party_delay_days=36_500, withdrawal={"notice_days": 36_500})
    last = date(9990, 1, 1)
    window = replace(charter.clauses.signature_window, closes_on=None)
    charter = replace(charter, clauses=replace(charter.clauses, signature_window=window))
    register = replay(charter, [*founded("a", on=last), authority("b", last), signed("b", date(9995, 1, 1)), leaves("a", 3)])
    assert register.memory.in_force_on == date.max
    register.settle(date(9999, 12, 30))
    assert not register.is_in_force(date(9999, 12, 30))
