"""Every illustration replays to the days that it states, whatever the order in which its papers came in."""

import random
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.charter.clauses import FinalClauses
from mou.charter.instruments import Instrument
from mou.charter.register import replay
from mou.charter.status import forecast_withdrawal
from mou.errors import InputError
from tests.illustrated_facts import CHARTER_FACTS, PARTY_FACTS
from tests.illustrations import illustration_files, read_illustration

Order: TypeAlias = Callable[[Sequence[Instrument]], list[Instrument]]


def _days_shuffled(papers: Sequence[Instrument]) -> list[Instrument]:
    """The days in their order, the papers of each day in another."""
    by_day = sorted(papers, key=lambda one: one.on)
    random.Random(4).shuffle(by_day)  # noqa: S311  # an order, not a secret
    return sorted(by_day, key=lambda one: one.on)


ORDERS: dict[str, Order] = {"as written": list, "days shuffled": _days_shuffled, "reversed": lambda papers: list(papers)[::-1]}
FILES = illustration_files()
every_file = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


@every_file
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_an_illustration_replays_to_the_days_that_it_states(path: Path, order: Order) -> None:
    illustration = read_illustration(path)
    register = replay(illustration.charter, order(illustration.instruments))
    assert {name: fault.clause for name, fault in register.faults.items()} == illustration.returned
    for moment in illustration.must_hold:
        found = {name: CHARTER_FACTS[name](register, moment.on) for name in moment.of_charter}
        assert found == moment.of_charter, moment.on
        for name, expected in moment.of_parties.items():
            assert {who: PARTY_FACTS[name](register, who, moment.on) for who in expected} == expected, (moment.on, name)


@every_file
def test_an_illustration_answers_what_a_notice_of_withdrawal_would_do(path: Path) -> None:
    illustration = read_illustration(path)
    register = replay(illustration.charter, illustration.instruments)
    for notice in illustration.if_notice_given:
        forecast = forecast_withdrawal(register, notice.who, notice.on)
        remains = "unknown" if forecast.charter_remains is None else forecast.charter_remains
        assert (forecast.effective_on, remains) == (notice.counts_from, notice.charter_remains), notice


@every_file
def test_an_illustration_says_something_of_every_day_on_which_a_paper_counts(path: Path) -> None:
    illustration = read_illustration(path)
    last = max(moment.on for moment in illustration.must_hold)
    assert last >= max(one.on for one in illustration.instruments if one.instrument_id not in illustration.returned)
    assert all(moment.of_charter or moment.of_parties for moment in illustration.must_hold)


def test_every_final_clause_is_illustrated() -> None:
    without_an_effect_on_status = {"authentic_languages"}
    illustrated = {read_illustration(path).clause for path in FILES}
    assert illustrated == {one.name for one in fields(FinalClauses)} - without_an_effect_on_status


@every_file
def test_what_an_illustration_says_of_a_day_needs_no_later_paper(path: Path) -> None:
    illustration = read_illustration(path)
    for moment in illustration.must_hold:
        register = replay(illustration.charter, [one for one in illustration.instruments if one.on <= moment.on])
        assert {name: CHARTER_FACTS[name](register, moment.on) for name in moment.of_charter} == moment.of_charter, moment.on
        for name, expected in moment.of_parties.items():
            assert {who: PARTY_FACTS[name](register, who, moment.on) for who in expected} == expected, (moment.on, name)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('charter = "in_force"', 'charterr = "in_force"'),
        ("signed_definitive", "signed_definitively"),
        ('clause = "effect_of_signature"', 'clause = "effect_of_signature"\nnotes = "none"'),
        ('who = "มูลนิธิ ข", clause', 'who = "มูลนิธิ ค", clause'),
        ("present = 2", "presence = 2"),
    ],
    ids=["an unknown fact", "an unknown event", "an unknown key", "what was returned never came", "an unknown detail"],
)
def test_a_key_that_nobody_knows_is_refused(tmp_path: Path, written: str, instead: str) -> None:
    text = next(path for path in FILES if path.stem == "effect-definitive").read_text(encoding="utf-8")
    assert written in text
    changed = tmp_path / "changed.toml"
    changed.write_text(text.replace(written, instead), encoding="utf-8")
    with pytest.raises(InputError):
        read_illustration(changed)
