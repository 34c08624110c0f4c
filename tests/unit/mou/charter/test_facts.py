"""What follows from the instruments, and what of it is told when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mou.charter.facts import Fact, FactKind, facts_of, facts_to_tell
from mou.charter.instruments import Charter, Instrument, InstrumentKind, Meeting
from mou.charter.register import replay
from tests.charters import ALL_IN_FAVOUR, OPENING, act, authority, charter_with, day, founded, signed

DELAYED: dict[str, Any] = {"entry_into_force": {"min_count": 2, "delay_days": 30}, "later_party_delay_days": 30}


def facts(charter: Charter, instruments: tuple[Instrument, ...], on: date) -> list[tuple[FactKind, str | None, date]]:
    return [(one.kind, one.party, one.on) for one in facts_of(replay(charter, instruments), on)]


def test_the_day_of_the_charter_is_told_when_it_is_fixed_and_its_force_when_the_day_has_come() -> None:
    charter, papers = charter_with(**DELAYED), founded("one", "two")
    (fixed,) = facts_of(replay(charter, papers), day(29))
    assert (fixed.kind, fixed.on, fixed.from_day) == (FactKind.CONDITIONS_MET, OPENING, day(30))
    assert fixed.because == ("one signed_definitive 2022-03-29", "two signed_definitive 2022-03-29")
    assert facts(charter, papers, day(30))[1:] == [(FactKind.CHARTER_IN_FORCE, None, day(30))]


def test_nothing_follows_while_one_consent_is_missing() -> None:
    assert facts(charter_with(**DELAYED), founded("one"), day(400)) == []


def test_a_later_party_starts_on_a_day_of_its_own_and_founders_with_the_charter() -> None:
    papers = (*founded("one", "two"), authority("three"), signed("three", day(1)))
    found = facts(charter_with(**DELAYED), papers, day(2))
    assert [one for one in found if one[1] is not None] == [(FactKind.PARTY_IN_FORCE, "three", day(31))]


def test_a_later_party_that_leaves_before_its_day_never_starts() -> None:
    clauses: dict[str, Any] = {**DELAYED, "withdrawal": {"notice_days": 1}}
    papers = (
        *founded("one", "two"),
        authority("three"),
        signed("three", day(1)),
        act("three", InstrumentKind.WITHDRAWAL_NOTIFIED, day(2)),
    )
    found = facts(charter_with(**clauses), papers, day(60))
    assert [one for one in found if one[1] is not None] == [(FactKind.WITHDRAWAL_EFFECTIVE, "three", day(3))]


@pytest.mark.parametrize("on", [1, 91, 92, 400], ids=["noticed", "its last day", "left", "long ago"])
def test_the_day_of_a_withdrawal_is_the_same_fact_before_it_has_come_and_after(on: int) -> None:
    papers = (*founded("one", "two"), act("two", InstrumentKind.WITHDRAWAL_NOTIFIED, day(1)))
    assert (FactKind.WITHDRAWAL_EFFECTIVE, "two", day(91)) in facts(charter_with(), papers, day(on))


def test_of_two_notices_of_withdrawal_the_first_one_is_told() -> None:
    notices = [act("two", InstrumentKind.WITHDRAWAL_NOTIFIED, day(number)) for number in (1, 5)]
    found = facts(charter_with(), (*founded("one", "two"), *notices), day(10))
    assert [one for one in found if one[0] is FactKind.WITHDRAWAL_EFFECTIVE] == [(FactKind.WITHDRAWAL_EFFECTIVE, "two", day(91))]


def test_a_party_that_was_excluded_has_no_withdrawal_left_to_take_effect() -> None:
    expelled = Instrument("x", InstrumentKind.PARTY_EXPELLED, day(5), party="two", meeting=ALL_IN_FAVOUR)
    papers = (*founded("one", "two", "three"), act("two", InstrumentKind.WITHDRAWAL_NOTIFIED, day(1)), expelled)
    charter = charter_with(expulsion={"min_fraction": "1/2", "of": "members_present"})
    assert FactKind.WITHDRAWAL_EFFECTIVE not in {one[0] for one in facts(charter, papers, day(10))}


def test_an_heir_has_no_day_of_its_own_where_its_predecessor_had_started() -> None:
    succeeded = Instrument("s", InstrumentKind.SUCCEEDED, day(40), party="three", successor="four", document="d")
    papers = (*founded("one", "two"), authority("three"), signed("three", day(1)), succeeded)
    found = facts(charter_with(**DELAYED), papers, day(50))
    assert [one for one in found if one[1] is not None] == [(FactKind.PARTY_IN_FORCE, "three", day(31))]


def test_an_heir_takes_over_the_day_that_has_not_come() -> None:
    succeeded = Instrument("s", InstrumentKind.SUCCEEDED, day(10), party="three", successor="four", document="d")
    papers = (*founded("one", "two"), authority("three"), signed("three", day(1)), succeeded)
    found = facts(charter_with(**DELAYED), papers, day(50))
    assert [one for one in found if one[1] is not None] == [(FactKind.PARTY_IN_FORCE, "four", day(31))]


def test_a_party_that_takes_the_place_of_another_keeps_its_own_day() -> None:
    succeeded = Instrument("s", InstrumentKind.SUCCEEDED, day(40), party="one", successor="three", document="d")
    papers = (*founded("one", "two"), authority("three"), signed("three", day(1)), succeeded)
    assert (FactKind.PARTY_IN_FORCE, "three", day(31)) in facts(charter_with(**DELAYED), papers, day(50))


def test_the_end_of_a_term_is_told_when_it_has_come() -> None:
    charter = charter_with(duration={"ends_on": day(200), "renewal": "none"})
    assert FactKind.CHARTER_ENDED not in {one[0] for one in facts(charter, founded("one", "two"), day(200))}
    assert (FactKind.CHARTER_ENDED, None, day(201)) in facts(charter, founded("one", "two"), day(201))


def test_who_did_not_accept_an_amendment_and_is_let_go_is_told_with_the_amendment() -> None:
    rule = {"in_force_rule": {"min_fraction": "1/2", "delay_days": 0}, "non_accepting": "deemed_out"}
    amendments = {
        "proposers": {"committee": True, "min_member_fraction": "1/2"},
        "quorum": "1/2",
        "adoption_rule": {"min_fraction": "1/2", "of": "members_present"},
        **rule,
    }
    vote = Meeting(ALL_IN_FAVOUR.present, 6, 0, 0)
    papers = (
        *founded("one", "two"),
        Instrument("p", InstrumentKind.AMENDMENT_PROPOSED, day(1), reference="A1", text="new"),
        Instrument("q", InstrumentKind.AMENDMENT_ADOPTED, day(2), reference="A1", meeting=vote),
        act("one", InstrumentKind.AMENDMENT_ACCEPTED, day(3), reference="A1"),
    )
    found = facts_of(replay(charter_with(amendments=amendments), papers), day(4))
    assert [(one.kind, one.party, one.reference) for one in found if one.on == day(3)] == [
        (FactKind.AMENDMENT_IN_FORCE, None, "A1"),
        (FactKind.PARTY_LET_GO, "two", None),
    ]


# What is told, and when.

STARTS = Fact(FactKind.PARTY_IN_FORCE, OPENING, "one", "ชื่อเดิม", because=("i",))


def test_a_fact_is_told_once() -> None:
    (told,) = facts_to_tell((), (STARTS,))
    assert told == STARTS
    assert facts_to_tell((told,), (STARTS,)) == ()


def test_a_new_name_makes_no_new_fact() -> None:
    assert facts_to_tell((STARTS,), (replace(STARTS, name="ชื่อใหม่"),)) == ()


def test_a_fact_that_does_not_hold_any_more_is_told_once_and_told_again_where_it_returns() -> None:
    (over,) = facts_to_tell((STARTS,), ())
    assert (over.holds, over.name) == (False, "ชื่อเดิม")
    assert facts_to_tell((STARTS, over), ()) == ()
    assert facts_to_tell((STARTS, over), (STARTS,)) == (STARTS,)


def test_a_paper_that_comes_late_moves_the_day_and_the_earlier_one_is_taken_back() -> None:
    charter, first = charter_with(**DELAYED), (*founded("one"), authority("two"), signed("two", day(5)))
    told = facts_of(replay(charter, first), day(10))
    late = (*first, authority("three"), signed("three", day(2)))
    news = facts_to_tell(told, facts_of(replay(charter, late), day(10)))
    assert [(one.kind, one.on, one.holds) for one in news if one.kind is FactKind.CONDITIONS_MET] == [
        (FactKind.CONDITIONS_MET, day(5), False),
        (FactKind.CONDITIONS_MET, day(2), True),
    ]
    assert next(one.from_day for one in news if one.holds) == day(2) + timedelta(days=30)
