from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.charter.clauses import (
    Accession,
    AccessionMode,
    AuthorityKind,
    Duration,
    EntryIntoForce,
    FinalClauses,
    NonAccepting,
    Renewal,
    ReservationMode,
    Reservations,
    SignatureWindow,
    VoteBase,
    VoteRule,
    Withdrawal,
    clauses_as_record,
    parse_clauses,
)
from mou.charter.contradictions import contradictions, doubtful_clauses
from mou.errors import TemplateError
from mou.models import OrganisationKind
from mou.templates import bundled_template_names, bundled_templates_folder, load_template
from tests.unit.mou.charter.clause_samples import CLAUSES, with_value

FOUNDATION, STATE_AGENCY = OrganisationKind.FOUNDATION, OrganisationKind.STATE_AGENCY
NONE, AUTOMATIC, BY_AGREEMENT = Renewal.NONE, Renewal.AUTOMATIC, Renewal.BY_AGREEMENT
OPENS_ON, CLOSES_ON = date(2022, 3, 29), date(2022, 6, 30)


def clauses_with(changes: dict[str, object]) -> FinalClauses:
    clauses: Any = CLAUSES
    for path, value in changes.items():
        clauses = with_value(clauses, path, value)
    assert isinstance(clauses, FinalClauses)
    return clauses


def term(renewal: Renewal, ends_on: date) -> dict[str, object]:
    """A term that begins on 29 March, its window closed on 30 June, and nothing else that takes time."""
    return {
        "duration": Duration(renewal, ends_on),
        "entry_into_force.delay_days": 0,
        "later_party_delay_days": 0,
        "withdrawal": Withdrawal(0),
        "amendments.in_force_rule.delay_days": 0,
    }


LONG = term(NONE, date(2022, 12, 31))

CONTRADICTIONS: dict[str, tuple[dict[str, object], str]] = {
    "the end before the window": (
        term(BY_AGREEMENT, date(2022, 3, 28)),
        "duration.ends_on = 2022-03-28 and signature_window.opens_on = 2022-03-29: the charter ends before",
    ),
    "force after the end": (
        {**term(AUTOMATIC, date(2022, 4, 27)), "entry_into_force.delay_days": 30},
        "duration.ends_on = 2022-04-27 and entry_into_force.delay_days = 30: signed on the first day, it would start",
    ),
    "a renewal without a length": (
        term(AUTOMATIC, OPENS_ON),
        "duration.renewal = automatic and duration.ends_on = 2022-03-29: the term that is renewed ends on the day",
    ),
    "a window that closes after the end": (
        term(NONE, date(2022, 6, 29)),
        "signature_window.closes_on = 2022-06-30 and duration.ends_on = 2022-06-29: it could be signed when it has ended",
    ),
    "force after the end for the last signature": (
        {**term(NONE, date(2022, 7, 29)), "entry_into_force.delay_days": 30},
        "entry_into_force.delay_days = 30 and duration.ends_on = 2022-07-29: when the last signature that is needed comes on",
    ),
    "a later party after the end": (
        {**LONG, "later_party_delay_days": 277},
        "later_party_delay_days = 277 and duration.ends_on = 2022-12-31: begun on the first day possible, 2022-03-30",
    ),
    "a notice longer than the term": (
        {**LONG, "withdrawal.notice_days": 278},
        "withdrawal.notice_days = 278 and duration.ends_on = 2022-12-31: begun on the first day possible, 2022-03-29",
    ),
    "an amendment after the end": (
        {**LONG, "entry_into_force.delay_days": 10, "amendments.in_force_rule.delay_days": 268},
        "amendments.in_force_rule.delay_days = 268 and duration.ends_on = 2022-12-31: begun on the first day possible",
    ),
    "a withdrawal after the end": (
        {**LONG, "withdrawal.earliest_on": date(2023, 1, 1)},
        "withdrawal.earliest_on = 2023-01-01 and duration.ends_on = 2022-12-31: nobody could leave",
    ),
    "a withdrawal that every notice outlasts": (
        {"withdrawal": Withdrawal(90, date(2022, 6, 26))},
        "withdrawal.earliest_on = 2022-06-26 and withdrawal.notice_days = 90: a notice on the first day",
    ),
    "fewer than the classes need": (
        {"entry_into_force": EntryIntoForce(0, 13, class_minimums={FOUNDATION: 8, STATE_AGENCY: 6})},
        "entry_into_force.min_count = 13 and entry_into_force.class_minimums = foundation: 8, state_agency: 6: the classes",
    ),
    "a minimum of the only class": (
        {
            "eligible_classes": frozenset({FOUNDATION}),
            "proof_of_authority": {FOUNDATION: (AuthorityKind.BOARD_RESOLUTION,)},
            "entry_into_force": EntryIntoForce(0, 13, class_minimums={FOUNDATION: 8}),
        },
        "entry_into_force.class_minimums = foundation: 8 and entry_into_force.min_count = 13: no other class may sign",
    ),
    "a list without a share": (
        {"entry_into_force": EntryIntoForce(0, 13, of_list="บัญชีสมาชิก")},
        "entry_into_force.of_list = บัญชีสมาชิก and no entry_into_force.min_fraction: no share of the list is asked for",
    ),
    "a vote that nobody needs": (
        {"signature_window.closes_on": None},
        "accession.mode = by_vote and no signature_window.closes_on: who may accede may sign at any time",
    ),
    "an invitation that nobody needs": (
        {"signature_window.closes_on": None, "accession.mode": AccessionMode.BY_INVITATION},
        "accession.mode = by_invitation and no signature_window.closes_on: who may accede may sign at any time",
    ),
    "a vote against oneself": (
        {"expulsion": VoteRule(Fraction(1), VoteBase.MEMBERS)},
        "expulsion.min_fraction = 1/1 and expulsion.of = members: who is excluded is a member and would have to vote for it",
    ),
    "nothing to object to": (
        {"reservations": Reservations(ReservationMode.FORBIDDEN, 30)},
        "reservations.mode = forbidden and reservations.objection_days = 30: there is nothing to object to",
    ),
    "a language listed twice": (
        {"authentic_languages": ("th", "en", "TH")},
        "authentic_languages[1] = th and authentic_languages[3] = TH: the same is listed twice",
    ),
    "an article listed twice": (
        {"reservations.clauses": ("ข้อ ๗", "ข้อ 7")},
        "reservations.clauses[1] = ข้อ ๗ and reservations.clauses[2] = ข้อ 7: the same is listed twice",
    ),
    "a document listed twice": (
        {
            "proof_of_authority": {
                FOUNDATION: (AuthorityKind.APPOINTMENT, AuthorityKind.APPOINTMENT),
                STATE_AGENCY: (AuthorityKind.OFFICE_BY_LAW,),
            }
        },
        "proof_of_authority.foundation[1] = appointment and proof_of_authority.foundation[2] = appointment: the same",
    ),
}


@pytest.mark.parametrize(("changes", "told"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_contradiction_is_told_with_both_keys_and_both_values(changes: dict[str, object], told: str) -> None:
    found = [str(one) for one in contradictions(clauses_with(changes))]
    assert len(found) == 1
    assert found[0].startswith(told)
    assert ";" in found[0], "what to do about it"


@pytest.mark.parametrize("changes", [changes for changes, _ in CONTRADICTIONS.values()], ids=CONTRADICTIONS.keys())
def test_a_template_with_a_contradiction_is_refused_where_it_stands(changes: dict[str, object]) -> None:
    clauses = clauses_with(changes)
    with pytest.raises(TemplateError) as refusal:
        parse_clauses(clauses_as_record(clauses), "template.toml: final_clauses")
    assert [str(one) for one in refusal.value.problems] == [
        f"template.toml: final_clauses: {one}" for one in contradictions(clauses)
    ]


AGREEING: dict[str, dict[str, object]] = {
    "an end on the last day of the window": term(NONE, CLOSES_ON),
    "force on the last day": {**term(NONE, date(2022, 7, 30)), "entry_into_force.delay_days": 30},
    "a term of one day that is not renewed": {
        **term(NONE, OPENS_ON),
        "signature_window": SignatureWindow(OPENS_ON, OPENS_ON),
    },
    "a term of two days that is renewed": term(AUTOMATIC, date(2022, 3, 30)),
    "a window that closes in a later term": term(AUTOMATIC, date(2022, 6, 29)),
    "a window that closes in a term that may be agreed on": term(BY_AGREEMENT, date(2022, 6, 29)),
    "a withdrawal in a later term": {**term(AUTOMATIC, date(2022, 12, 31)), "withdrawal": Withdrawal(400, date(2024, 1, 1))},
    "a later party on the last day": {**LONG, "later_party_delay_days": 276},
    "a notice that ends on the last day": {**LONG, "withdrawal.notice_days": 277},
    "an amendment on the last day": {**LONG, "amendments.in_force_rule.delay_days": 277},
    "a withdrawal on the last day": {**LONG, "withdrawal.earliest_on": date(2022, 12, 31)},
    "a withdrawal as early as a notice": {"withdrawal": Withdrawal(90, date(2022, 6, 27))},
    "as many as the classes need": {"entry_into_force": EntryIntoForce(0, 14, class_minimums={FOUNDATION: 8, STATE_AGENCY: 6})},
    "more than the classes need": {"entry_into_force": EntryIntoForce(0, 15, class_minimums={FOUNDATION: 8, STATE_AGENCY: 6})},
    "one class alone": {"entry_into_force": EntryIntoForce(0, 15, class_minimums={FOUNDATION: 8})},
    "a share of the list beside a number": {"entry_into_force": EntryIntoForce(0, 15, Fraction(1), "บัญชีสมาชิก")},
    "everybody may join for ever": {"signature_window.closes_on": None, "accession": Accession(AccessionMode.OPEN)},
    "all who are present exclude": {"expulsion": VoteRule(Fraction(1), VoteBase.MEMBERS_PRESENT)},
    "nobody is excluded": {"expulsion": None},
    "a quorum that the vote outdoes": {"amendments.adoption_rule": VoteRule(Fraction(1), VoteBase.MEMBERS)},
    "other languages of one country": {"authentic_languages": ("th", "en")},
}


@pytest.mark.parametrize("changes", AGREEING.values(), ids=AGREEING.keys())
def test_what_can_hold_is_no_contradiction(changes: dict[str, object]) -> None:
    assert contradictions(clauses_with(changes)) == ()


def test_a_contradiction_of_days_names_the_day_on_which_it_would_be() -> None:
    late = {**term(NONE, date(2022, 7, 29)), "entry_into_force.delay_days": 30}
    assert "the last day, 2022-06-30, the charter would start only on 2022-07-30" in str(contradictions(clauses_with(late))[0])
    long = {**LONG, "entry_into_force.delay_days": 10, "amendments.in_force_rule.delay_days": 268}
    assert "the first day possible, 2022-04-08, it is over on 2023-01-01" in str(contradictions(clauses_with(long))[0])


def test_all_contradictions_are_told_at_once() -> None:
    changes = {
        "expulsion": VoteRule(Fraction(1), VoteBase.MEMBERS),
        "reservations": Reservations(ReservationMode.FORBIDDEN, 30),
        "withdrawal": Withdrawal(9000, date(2031, 1, 1)),
        "later_party_delay_days": 9000,
        "duration.renewal": NONE,
    }
    told = "\n".join(str(one) for one in contradictions(clauses_with(changes)))
    for key in ("later_party_delay_days", "withdrawal.notice_days", "withdrawal.earliest_on", "expulsion", "reservations"):
        assert key in told


def test_what_follows_from_a_contradiction_is_not_told_again() -> None:
    changes = {**term(NONE, date(2022, 4, 27)), "entry_into_force.delay_days": 30, "withdrawal.notice_days": 90}
    told = [str(one) for one in contradictions(clauses_with(changes))]
    assert [one.partition(" = ")[0] for one in told] == [
        "duration.ends_on",
        "signature_window.closes_on",
        "withdrawal.notice_days",
    ]
    assert len(contradictions(clauses_with(changes | {"duration": Duration(NONE, date(2022, 3, 28))}))) == 1


def test_a_fault_in_one_key_comes_before_contradictions_between_two() -> None:
    record = clauses_as_record(clauses_with({"expulsion": VoteRule(Fraction(1), VoteBase.MEMBERS)}))
    with pytest.raises(TemplateError) as refusal:
        parse_clauses({**record, "depositary": ""}, "final_clauses")
    assert len(refusal.value.problems) == 1


def test_a_charter_that_is_signed_is_read_with_its_contradictions() -> None:
    clauses = clauses_with({"expulsion": VoteRule(Fraction(1), VoteBase.MEMBERS)})
    assert parse_clauses(clauses_as_record(clauses), "the record", is_signed=True) == clauses


@pytest.mark.parametrize("name", bundled_template_names())
def test_no_bundled_template_contradicts_itself_or_is_doubtful(name: str) -> None:
    clauses = load_template(bundled_templates_folder() / name).clauses
    if clauses is not None:
        assert (contradictions(clauses), doubtful_clauses(clauses)) == ((), ())


DOUBTS: dict[str, tuple[dict[str, object], str]] = {
    "nobody need accede": (
        {"signature_window.closes_on": None, "accession": Accession(AccessionMode.OPEN)},
        "accession.mode = open and no signature_window.closes_on",
    ),
    "no exclusion, and yet one": (
        {"expulsion": None, "amendments.non_accepting": NonAccepting.DEEMED_OUT},
        "expulsion = none and amendments.non_accepting = deemed_out",
    ),
    "a class that shows its authority and may not sign": (
        {"eligible_classes": frozenset({FOUNDATION})},
        "proof_of_authority.state_agency = office_by_law, delegation_order and eligible_classes = foundation",
    ),
    "a youth group with an office by law": (
        {
            "eligible_classes": frozenset({OrganisationKind.YOUTH_GROUP}),
            "proof_of_authority": {OrganisationKind.YOUTH_GROUP: (AuthorityKind.OFFICE_BY_LAW,)},
        },
        "proof_of_authority.youth_group = office_by_law and eligible_classes = youth_group: a group that is not registered",
    ),
}


@pytest.mark.parametrize(("changes", "told"), DOUBTS.values(), ids=DOUBTS.keys())
def test_what_is_seldom_meant_is_pointed_out_and_not_refused(changes: dict[str, object], told: str) -> None:
    clauses = clauses_with(changes)
    found = [str(one) for one in doubtful_clauses(clauses)]
    assert len(found) == 1
    assert found[0].startswith(told)
    assert contradictions(clauses) == ()


def test_a_youth_group_that_can_show_one_of_its_documents_is_not_doubtful() -> None:
    documents = (AuthorityKind.OFFICE_BY_LAW, AuthorityKind.APPOINTMENT)
    kind = OrganisationKind.YOUTH_GROUP
    clauses = clauses_with({"eligible_classes": frozenset({kind}), "proof_of_authority": {kind: documents}})
    assert doubtful_clauses(clauses) == ()


@given(opens_on=st.dates(), ends_on=st.none() | st.dates(), days=st.integers(min_value=0, max_value=10**12))
def test_any_days_and_any_periods_are_judged(opens_on: date, ends_on: date | None, days: int) -> None:
    clauses = replace(
        clauses_with(
            {"entry_into_force.delay_days": days, "withdrawal": Withdrawal(days, ends_on), "later_party_delay_days": days}
        ),
        signature_window=SignatureWindow(opens_on, opens_on),
        duration=Duration(NONE, ends_on),
    )
    told = [str(one) for one in contradictions(clauses)]
    assert (ends_on is None or ends_on >= opens_on) or told
