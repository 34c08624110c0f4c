from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mou.charter.clauses import (
    Accession,
    AccessionMode,
    Duration,
    EntryIntoForce,
    FinalClauses,
    Renewal,
    ReservationMode,
    Reservations,
    VoteBase,
    VoteRule,
)
from mou.charter.contradictions import contradictions
from mou.charter.wording import clauses_in_thai
from mou.charter.wording_en import ClauseInEnglish, clauses_in_english
from mou.models import OrganisationKind
from tests.unit.mou.charter.clause_samples import CLAUSES, VALUES, with_value

MANY_LEFT_OUT = (HealthCheck.filter_too_much,)  # values that contradict each other are no charter
NAMES = {"secretariat": "the secretariat", "บัญชีสมาชิก": "list of members", "บัญชีผู้ก่อตั้ง": "list of founders"}


def texts_of(clause: ClauseInEnglish) -> Iterable[str]:
    return (*clause.paragraphs, *clause.items, *clause.closing)


def printed(clauses: FinalClauses) -> str:
    return "\n".join(text for one in clauses_in_english(clauses, names=NAMES) for text in (one.heading, *texts_of(one)))


def article(clauses: FinalClauses, key: str) -> str:
    return "\n".join(text for one in clauses_in_english(clauses) if one.key == key for text in texts_of(one))


def can_hold(clauses: FinalClauses) -> bool:
    proposers = clauses.amendments.proposers
    return not contradictions(clauses) and (proposers.committee or proposers.min_member_fraction is not None)


def drawn(data: st.DataObject) -> FinalClauses:
    clauses: Any = CLAUSES
    for path in data.draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=5, unique=True)):
        clauses = with_value(clauses, path, data.draw(VALUES[path]))
    assume(can_hold(clauses))
    assert isinstance(clauses, FinalClauses)
    return clauses


@pytest.mark.parametrize("path", sorted(VALUES))
@settings(max_examples=25, deadline=None, suppress_health_check=MANY_LEFT_OUT)
@given(data=st.data())
def test_another_value_gives_another_text(path: str, data: st.DataObject) -> None:
    one, other = (with_value(CLAUSES, path, data.draw(VALUES[path])) for _ in range(2))
    assume(one != other and can_hold(one) and can_hold(other))
    assert printed(one) != printed(other)


@settings(max_examples=60, deadline=None, suppress_health_check=MANY_LEFT_OUT)
@given(data=st.data())
def test_each_article_has_the_shape_of_the_thai_one_so_that_both_stand_as_pairs(data: st.DataObject) -> None:
    clauses = drawn(data)
    for thai, english in zip(clauses_in_thai(clauses), clauses_in_english(clauses), strict=True):
        assert thai.key == english.key
        for part in ("paragraphs", "items", "closing"):
            assert len(getattr(thai, part)) == len(getattr(english, part)), thai.key


@settings(max_examples=60, deadline=None, suppress_health_check=MANY_LEFT_OUT)
@given(data=st.data())
def test_sentences_are_whole_and_hold_no_thai_where_every_name_is_given(data: st.DataObject) -> None:
    clauses = drawn(data)
    for one in clauses_in_english(clauses, names=NAMES):
        for text in texts_of(one):
            assert "  " not in text
            assert text == text.strip()
            assert not any("ก" <= letter <= "๛" for letter in text)
        for text in (*one.paragraphs, *one.closing):
            assert text.endswith((".", ":"))
            assert text[0].isupper()


def test_the_sentences_say_what_the_data_says() -> None:
    assert article(CLAUSES, "eligible_classes") == "Foundations and state agencies may sign this Charter."
    assert "state agencies: evidence of holding the office" in article(CLAUSES, "proof_of_authority")
    assert "from 29 March 2022 to 30 June 2022, both included" in article(CLAUSES, "signature_window")
    force = article(CLAUSES, "entry_into_force")
    assert "when 30 days have run from the day on which consent to be bound has been given by all of these:" in force
    assert (
        "at least 13 organisations\nat least two thirds of the organisations on the list “บัญชีสมาชิก”\nat least 2 state agencies"
        in force
    )
    assert "when 15 days have run from the day of its consent, but no earlier than this Charter itself" in force
    assert "it ceases to have effect on that day" in force
    assert "the first day is left out, and the last is counted even if it is a holiday" in force
    assert "a vote of at least one half of the Members present" in article(CLAUSES, "accession")
    assert "only to Article 7" in article(CLAUSES, "reservations")
    assert "within 45 days from the day on which the Depositary gives notice" in article(CLAUSES, "reservations")
    assert "the committee or at least one quarter of all Members" in article(CLAUSES, "amendments")
    assert "when 20 days have run from the day on which at least three fifths of all Members" in article(CLAUSES, "amendments")
    assert "but not before 1 January 2023" in article(CLAUSES, "withdrawal")
    assert "a vote of at least three quarters of all Members" in article(CLAUSES, "expulsion")
    assert "until the end of 31 December 2026. It is then renewed of itself" in article(CLAUSES, "duration")
    assert "within 21 days" in article(CLAUSES, "rectification")
    assert "The Depositary of this Charter is the secretariat of the Network." in article(CLAUSES, "depositary")
    assert "org-2 becomes the Depositary" in article(CLAUSES, "depositary")
    assert "made in Thai, and that text prevails" in article(CLAUSES, "authentic_languages")


def test_one_is_said_in_the_singular_and_no_delay_as_the_day_itself() -> None:
    entry = EntryIntoForce(0, 1, class_minimums={OrganisationKind.STATE_AGENCY: 1})
    said = article(replace(CLAUSES, entry_into_force=entry, later_party_delay_days=1), "entry_into_force")
    assert "enters into force on the day on which consent to be bound has been given by all of these:" in said
    assert "at least 1 organisation\nat least 1 state agency\n" in said
    assert "when 1 day has run from the day of its consent" in said


def test_a_single_condition_stands_in_the_sentence() -> None:
    share = EntryIntoForce(30, min_fraction=Fraction(7, 19), of_list="บัญชีสมาชิก")
    said = article(replace(CLAUSES, entry_into_force=share), "entry_into_force")
    assert "has been given by at least 7/19 of the organisations on the list “บัญชีสมาชิก”." in said
    all_of_it = replace(share, min_fraction=Fraction(1))
    assert "given by all of the organisations on the list" in article(
        replace(CLAUSES, entry_into_force=all_of_it), "entry_into_force"
    )


@pytest.mark.parametrize(
    ("path", "value", "key", "told"),
    [
        pytest.param(
            "signature_window.closes_on", None, "signature_window", "from 29 March 2022, without a last day.", id="open"
        ),
        pytest.param("signature_window.closes_on", None, "accession", "When this Charter is in force, an", id="never closed"),
        pytest.param(
            "accession", Accession(AccessionMode.OPEN), "accession", "When the time for signature is over, or", id="closed"
        ),
        pytest.param("accession", Accession(AccessionMode.BY_INVITATION), "accession", "It needs an invitation", id="invitation"),
        pytest.param(
            "reservations",
            Reservations(ReservationMode.FORBIDDEN, 0),
            "reservations",
            "No reservation may be made",
            id="forbidden",
        ),
        pytest.param(
            "reservations", Reservations(ReservationMode.ALLOWED, 30), "reservations", "naming the provision", id="allowed"
        ),
        pytest.param("reservations.clauses", ("บทนำ 7",), "reservations", "only to บทนำ 7.", id="no article"),
        pytest.param("expulsion", None, "expulsion", "No Member may be excluded", id="nobody excluded"),
        pytest.param(
            "expulsion",
            VoteRule(Fraction(1), VoteBase.MEMBERS_PRESENT),
            "expulsion",
            "a unanimous vote, counted of",
            id="unanimous",
        ),
        pytest.param("amendments.quorum", Fraction(1), "amendments", "needs the presence of all Members, and", id="all"),
        pytest.param("duration", Duration(Renewal.NONE), "duration", "This Charter has no end of its term.", id="endless"),
        pytest.param(
            "duration", Duration(Renewal.NONE, date(2026, 12, 31)), "duration", "31 December 2026 and is not renewed.", id="ended"
        ),
        pytest.param(
            "duration",
            Duration(Renewal.BY_AGREEMENT, date(2026, 12, 31)),
            "duration",
            "31 December 2026. It may be renewed",
            id="agreed",
        ),
        pytest.param(
            "authentic_languages", ("th", "en"), "authentic_languages", "in Thai and English, each text", id="languages"
        ),
    ],
)
def test_each_choice_has_its_own_sentence(path: str, value: object, key: str, told: str) -> None:
    assert told in article(with_value(CLAUSES, path, value), key)
