"""Conditions of entry into force, each on its own and in sum; votes."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from mou.charter.clauses import VoteBase, VoteRule
from mou.charter.conditions import Outcome, conditions_of, sum_of, vote_fault
from mou.charter.instruments import InstrumentKind
from mou.charter.memory import Tally
from mou.charter.register import replay
from mou.charter.status import (
    CharterState,
    charter_status,
)
from tests.charters import ALL_IN_FAVOUR, FOUNDATION, charter_with, day, founded

K = InstrumentKind


@pytest.mark.parametrize(
    ("listed", "outcome", "missing"),
    [(None, Outcome.UNKNOWN, None), ({"a": FOUNDATION, "b": FOUNDATION, "c": FOUNDATION}, Outcome.NOT_MET, 1)],
)
def test_a_share_is_of_a_recorded_list(listed: dict[str, Any] | None, outcome: Outcome, missing: int | None) -> None:
    charter = charter_with(listed, entry_into_force={"min_fraction": "2/3", "of_list": "L", "delay_days": 0})
    (condition,) = conditions_of(charter, Tally(total=5, listed=1))
    assert (condition.outcome, condition.missing) == (outcome, missing)


def test_what_is_not_met_decides_over_what_is_not_known() -> None:
    charter = charter_with(entry_into_force={"min_fraction": "2/3", "of_list": "L", "min_count": 2, "delay_days": 0})
    assert sum_of(conditions_of(charter, Tally(total=1))) is Outcome.NOT_MET
    assert sum_of(conditions_of(charter, Tally(total=2))) is Outcome.UNKNOWN
    assert charter_status(replay(charter, founded("a")), day(0)).state is CharterState.NOT_IN_FORCE


@pytest.mark.parametrize(
    ("of", "fraction", "in_favour", "carries"),
    [
        (VoteBase.MEMBERS, "1/2", 3, True),
        (VoteBase.MEMBERS, "1/2", 2, False),
        (VoteBase.MEMBERS_PRESENT, "1/2", 2, True),
        (VoteBase.MEMBERS_PRESENT, "1/2", 1, False),
        (VoteBase.VOTES_CAST, "2/3", 2, True),
        (VoteBase.VOTES_CAST, "1", 2, False),
    ],
)
def test_a_vote_is_a_fraction_of_what_the_clause_names(
    of: VoteBase,
    fraction: str,
    in_favour: int,
    carries: bool,  # noqa: FBT001
) -> None:
    meeting = replace(ALL_IN_FAVOUR, present={next(iter(ALL_IN_FAVOUR.present)): 4}, in_favour=in_favour, against=1, abstaining=1)
    assert (vote_fault(VoteRule(Fraction(fraction), of), meeting, members=6) is None) is carries
