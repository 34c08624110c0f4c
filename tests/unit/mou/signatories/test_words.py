"""Codes of the register in the reader's language."""

from datetime import date

import pytest

from mou.ceremony import Channel
from mou.charter.answers import CharterState, PartyState
from mou.charter.clauses import AuthorityKind
from mou.charter.conditions import Condition, Outcome
from mou.charter.instruments import AgeBand, InstrumentKind
from mou.models import OrganisationKind
from mou.signatories.rows import StampDuty, TextKind, TextVersion
from mou.signatories.words import (
    AGE_BANDS,
    AUTHORITIES,
    CHANNELS,
    CHARTER_KINDS,
    CHARTER_STATES,
    INSTRUMENTS,
    OUTCOME_KINDS,
    OUTCOMES,
    PARTY_KINDS,
    PARTY_STATES,
    STAMP_DUTIES,
    TEXTS,
    articles_in,
    condition_in,
    depositary_in,
    fact_in,
    text_in,
)
from signatures.messages import say


def test_every_code_has_a_word_and_every_state_a_sign() -> None:
    assert set(CHARTER_STATES) == set(CHARTER_KINDS) == set(CharterState)
    assert set(PARTY_STATES) == set(PARTY_KINDS) == set(PartyState)
    assert set(OUTCOMES) == set(OUTCOME_KINDS) == set(Outcome)
    assert set(INSTRUMENTS) == set(InstrumentKind)
    assert set(CHANNELS) == set(Channel)
    assert set(AUTHORITIES) == set(AuthorityKind)
    assert set(AGE_BANDS) == set(AgeBand)
    assert set(TEXTS) == set(TextKind)
    assert set(StampDuty) - set(STAMP_DUTIES) == {StampDuty.NOT_ASKED}


@pytest.mark.parametrize(
    "whose", [say("a guardian's consent"), {"template": "a guardian's consent", "values": {}}, "a guardian's consent"]
)
def test_why_a_paper_was_returned_is_said_without_a_code(whose: object) -> None:
    fact = say("{whose} on or before {day} is expected, got {got}", whose=whose, day="2022-03-29", got="-")
    assert fact_in("en", fact) == "a guardian's consent on or before 29 March 2022 is expected, got -"
    said = fact_in("th", fact)
    assert "ความยินยอมของผู้แทนโดยชอบธรรม" in said
    assert "๒๙ มีนาคม ๒๕๖๕" in said


def test_codes_among_the_values_are_said_in_words() -> None:
    kinds = f"{AuthorityKind.BOARD_RESOLUTION}, {AuthorityKind.POWER_OF_ATTORNEY}"
    fact = say(
        "for {kind} one of these is expected: {expected}; got {got}",
        kind=OrganisationKind.FOUNDATION,
        expected=kinds,
        got=AuthorityKind.APPOINTMENT.value,
    )
    assert fact_in("en", fact) == (
        "for foundation one of these is expected: board resolution, power of attorney; got letter of appointment"
    )
    assert "มติคณะกรรมการ, หนังสือมอบอำนาจ" in fact_in("th", fact)


def test_a_day_that_is_none_and_a_strange_word_stay_as_they_are() -> None:
    fact = say("an objection until {last} is expected, got {day}", last="2022-02-30", day="สมมติ")
    assert fact_in("en", fact) == "an objection until 2022-02-30 is expected, got สมมติ"


def test_articles_texts_and_conditions_are_named() -> None:
    assert articles_in("en", ("5", "7")) == "articles 5, 7"
    assert articles_in("th", ("5", "7")).endswith("๕, ๗")
    assert text_in("en", TextVersion(TextKind.AMENDED, "A1", "sha256:new", date(2022, 3, 29))) == "amendment A1"
    asked = Condition("entry_into_force.class_minimums", 2, 1, Outcome.NOT_MET, OrganisationKind.STATE_AGENCY)
    assert condition_in("en", asked) == "organisations of the kind state agency that have consented"


def test_who_keeps_the_charter_is_named_by_the_clause_where_it_is_no_organisation() -> None:
    assert depositary_in("en", "secretariat", None) == "the network's secretariat"
    assert depositary_in("en", "กองเลขานุการตัวอย่าง", None) == "กองเลขานุการตัวอย่าง"
