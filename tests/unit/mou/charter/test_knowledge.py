"""Days and terms: when a day so much later is, and when a charter ends."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mou.charter.instruments import Instrument, InstrumentKind
from mou.charter.knowledge import days_after
from mou.charter.register import replay
from tests.charters import ALL_IN_FAVOUR, charter_with, day, founded

K = InstrumentKind
DELAYED: dict[str, Any] = {"entry_into_force": {"min_count": 2, "delay_days": 10}}


@pytest.mark.parametrize(
    ("day_", "days", "then"),
    [(day(0), 0, day(0)), (day(0), 3, day(3)), (date.max, 0, date.max), (date.max, 1, date.max), (day(0), 10**9, date.max)],
)
def test_a_day_so_many_days_later_stays_in_the_calendar(day_: date, days: int, then: date) -> None:
    assert days_after(day_, days) == then


@pytest.mark.parametrize(
    ("on", "ends_on"),
    [(0, 9), (9, 9), (10, 19), (19, 19), (20, 29), (395, 399)],
)
def test_a_term_that_renews_itself_is_as_long_as_the_first(on: int, ends_on: int) -> None:
    register = replay(charter_with(duration={"ends_on": day(9), "renewal": "automatic"}), founded("a", "b"))
    assert register.term_end(day(on)) == day(ends_on)
    assert register.is_in_force(day(on))


def test_a_charter_that_did_not_start_within_its_term_is_not_renewed() -> None:
    register = replay(charter_with(duration={"ends_on": day(9), "renewal": "automatic"}), founded("a"))
    assert register.term_end(day(30)) == day(9)
    assert register.ended_from(day(9)) is None
    assert register.ended_from(day(30)) == day(10)


def test_the_last_of_several_decisions_on_a_term_counts() -> None:
    charter = charter_with(duration={"ends_on": day(90), "renewal": "automatic"})
    against = Instrument("against", K.RENEWAL_DECIDED, day(20), renewed=False, meeting=ALL_IN_FAVOUR)
    then = replace(against, instrument_id="longer", on=day(21), renewed=True, until=day(120))
    assert replay(charter, [*founded("a", "b"), against]).ended_from(day(200)) == day(91)
    register = replay(charter, [*founded("a", "b"), against, then])
    assert [register.term_end(day(number)) for number in (90, 91, 121)] == [day(90), day(120), day(211)]


def test_a_first_term_of_one_day_is_renewed_for_one_day() -> None:
    charter = charter_with(duration={"ends_on": day(10), "renewal": "automatic"}, **DELAYED)
    assert [replay(charter, founded("a", "b")).term_end(day(number)) for number in (10, 11, 12)] == [day(10), day(11), day(12)]


def test_a_decision_is_about_the_term_in_which_it_is_made() -> None:
    charter = charter_with(duration={"ends_on": day(90), "renewal": "automatic"})
    against = Instrument("against", K.RENEWAL_DECIDED, day(91), renewed=False, meeting=ALL_IN_FAVOUR)
    register = replay(charter, [*founded("a", "b"), against])
    assert not register.faults
    assert [register.ended_from(day(number)) for number in (91, 181, 182)] == [None, None, day(182)]
