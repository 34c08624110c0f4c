"""The answers of a day: the five questions, and that a day is answered from what was known on it."""

from dataclasses import replace
from typing import Any

import pytest

from mou.charter.instruments import Instrument, InstrumentKind
from mou.charter.register import replay
from mou.charter.status import (
    CharterState,
    PartyState,
    PartyStatus,
    charter_status,
    forecast_withdrawal,
    party_status,
    party_statuses,
    unconfirmed_parties,
)
from tests.charters import (
    AGENCY,
    ALL_IN_FAVOUR,
    FOUNDATION,
    TEXT,
    act,
    adopted,
    authority,
    charter_with,
    day,
    founded,
    leaves,
    passes_on,
    signed,
)

K = InstrumentKind
DELAYED: dict[str, Any] = {"entry_into_force": {"min_count": 2, "delay_days": 10}}
NO_NOTICE: dict[str, Any] = {"withdrawal": {"notice_days": 0}}
IN_TEN_DAYS: dict[str, Any] = {"withdrawal": {"notice_days": 10}}
RESERVING: dict[str, Any] = {"reservations": {"mode": "allowed", "objection_days": 10}}
SHORT: dict[str, Any] = {
    "signature_window": {"opens_on": day(0), "closes_on": day(8)},
    "withdrawal": {"notice_days": 5},
    "duration": {"ends_on": day(20), "renewal": "none"},
}


def amended(name: str, number: int, *accepting: str) -> list[Instrument]:
    """An amendment proposed on a day, adopted on the next, accepted on the one after."""
    proposal = Instrument(f"{name} proposed", K.AMENDMENT_PROPOSED, day(number), reference=name, text=f"text {name}")
    adoption = Instrument(f"{name} adopted", K.AMENDMENT_ADOPTED, day(number + 1), reference=name, meeting=ALL_IN_FAVOUR)
    about: dict[str, Any] = {"reference": name}
    accepted = [
        act(party, K.AMENDMENT_ACCEPTED, day(number + 2), instrument_id=f"{party} accepts {name}", **about) for party in accepting
    ]
    return [proposal, adoption, *accepted]


# The first question: the charter.


def test_a_charter_goes_through_its_states() -> None:
    papers = [adopted(day(1)), *(authority(one) for one in "ab"), signed("a", day(2)), signed("b", day(3))]
    register = replay(charter_with(**DELAYED, **SHORT), papers)
    states = {number: charter_status(register, day(number)).state for number in (0, 1, 2, 3, 12, 13, 20, 21)}
    assert states == {
        0: CharterState.NOT_ADOPTED,
        1: CharterState.NOT_IN_FORCE,
        2: CharterState.NOT_IN_FORCE,
        3: CharterState.DATE_FIXED,
        12: CharterState.DATE_FIXED,
        13: CharterState.IN_FORCE,
        20: CharterState.IN_FORCE,
        21: CharterState.ENDED,
    }


def test_before_the_conditions_are_met_no_day_and_no_trigger_is_told() -> None:
    register = replay(charter_with(**DELAYED), [*founded("a"), authority("b"), signed("b", day(3))])
    before, after = charter_status(register, day(2)), charter_status(register, day(3))
    assert (before.met_on, before.in_force_on, before.triggers) == (None, None, ())
    assert (after.met_on, after.in_force_on, len(after.triggers)) == (day(3), day(13), 1)
    assert [one.missing for one in before.conditions + after.conditions] == [1, 0]


def test_a_charter_whose_term_passed_before_it_started_has_ended() -> None:
    register = replay(charter_with(**SHORT), founded("a"))
    assert charter_status(register, day(20)).state is CharterState.NOT_IN_FORCE
    assert charter_status(register, day(21)).state is CharterState.ENDED
    status = party_status(register, "a", day(21))
    assert (status.state, status.in_force_on, status.is_bound) == (PartyState.FORMER, None, False)


def test_when_the_charter_has_ended_its_parties_are_former_and_still_counted() -> None:
    register = replay(charter_with(**SHORT), founded("a", "b"))
    whole = charter_status(register, day(21))
    assert (whole.state, whole.counted, whole.in_force_for) == (CharterState.ENDED, 2, 0)
    status = party_status(register, "a", day(21))
    assert (status.state, status.is_counted, status.is_bound) == (PartyState.FORMER, True, False)
    assert (status.in_force_on, status.left_on) == (day(0), None)


def test_a_silent_clause_leaves_open_who_is_bound_and_not_who_has_left() -> None:
    charter = charter_with(remains_in_force_below_minimum="silent", later_party_delay_days=30, **NO_NOTICE)
    papers = [*founded("a", "b"), authority("c"), leaves("a", 5), leaves("b", 5), signed("c", day(6))]
    register = replay(charter, [*papers, signed("b", day(40))])
    whole = charter_status(register, day(38))
    assert (whole.state, len(whole.remarks)) == (CharterState.UNKNOWN, 1)
    bound = {party: party_status(register, party, day(35)).is_bound for party in "abc"}
    assert bound == {"a": False, "b": False, "c": False}
    assert party_status(register, "c", day(36)).is_bound is None
    assert party_status(register, "c", day(40)).is_bound is True


def test_the_depositary_is_the_one_of_the_day() -> None:
    changes = [
        Instrument(f"to {one}", K.DEPOSITARY_CHANGED, day(number), document="m", successor=one)
        for one, number in (("x", 5), ("y", 9))
    ]
    register = replay(charter_with(), [adopted(), *changes])
    assert [charter_status(register, day(number)).depositary for number in (4, 5, 8, 9)] == ["กองเลขานุการตัวอย่าง", "x", "x", "y"]


def test_a_rectification_shows_who_had_objected_by_the_day() -> None:
    error = Instrument("error", K.RECTIFICATION_PROPOSED, day(1), reference="error", text="right", replaces="wrong")
    against = [act(one, K.RECTIFICATION_OBJECTED, day(number), reference="error") for one, number in (("b", 3), ("a", 5))]
    register = replay(charter_with(), [*founded("a", "b"), error, *against])
    shown = [charter_status(register, day(number)).rectifications for number in (0, 1, 3, 5)]
    assert shown[0] == ()
    assert [one[0].objected_by for one in shown[1:]] == [(), ("b",), ("b", "a")]
    assert shown[1][0].last_day_to_object == day(31)


def test_a_rectification_that_was_effected_is_the_partys_too() -> None:
    error = Instrument("error", K.RECTIFICATION_PROPOSED, day(1), reference="error", text="right", replaces="wrong")
    effected = Instrument("effected", K.RECTIFICATION_EFFECTED, day(32), reference="error")
    register = replay(charter_with(), [*founded("a", "b"), error, effected])
    assert [party_status(register, "a", day(number)).rectifications for number in (31, 32)] == [(), ("error",)]
    assert party_status(register, "a", day(32)).text == TEXT


# The second question: one organisation.


def test_an_organisation_goes_through_its_states() -> None:
    charter = charter_with({"a": FOUNDATION, "b": FOUNDATION}, **DELAYED, **IN_TEN_DAYS)
    papers = [adopted(), authority("a", day(1)), act("a", K.SIGNED_SIMPLE, day(2)), act("a", K.APPROVAL_DEPOSITED, day(3))]
    papers += [authority("b", day(3)), signed("b", day(3)), leaves("a", 20)]
    register = replay(charter, papers)
    states = {number: party_status(register, "a", day(number)).state for number in (0, 1, 2, 3, 12, 13, 20, 29, 30)}
    assert states == {
        0: PartyState.INVITED,
        1: PartyState.REPRESENTATIVE_NAMED,
        2: PartyState.SIGNED_SIMPLE,
        3: PartyState.PENDING_FORCE,
        12: PartyState.PENDING_FORCE,
        13: PartyState.IN_FORCE,
        20: PartyState.WITHDRAWING,
        29: PartyState.WITHDRAWING,
        30: PartyState.FORMER,
    }


@pytest.mark.parametrize(("party", "on", "state"), [("a", 93, "invited"), ("a", 94, "lapsed"), ("z", 94, "not_invited")])
def test_who_is_on_the_list_and_did_not_sign_has_let_the_time_pass(party: str, on: int, state: str) -> None:
    register = replay(charter_with({"a": FOUNDATION}), [adopted()])
    assert party_status(register, party, day(on)).state == state


def test_an_authority_that_has_ended_names_no_representative() -> None:
    paper = authority("a")
    assert paper.authority is not None
    ending = replace(paper, authority=replace(paper.authority, expires_on=day(5)))
    register = replay(charter_with(), [adopted(), ending, authority("b"), act("b", K.AUTHORITY_REVOKED, day(5))])
    for party in "ab":
        states = [party_status(register, party, day(number)).state for number in (5, 6)]
        assert states == [PartyState.REPRESENTATIVE_NAMED, PartyState.NOT_INVITED]


def test_an_organisation_that_was_excluded_is_shown_so() -> None:
    charter = charter_with(expulsion={"min_fraction": "1/2", "of": "members"})
    register = replay(charter, [*founded("a", "b"), act("a", K.PARTY_EXPELLED, day(5), meeting=ALL_IN_FAVOUR)])
    assert [party_status(register, "a", day(number)).state for number in (4, 5)] == [PartyState.IN_FORCE, PartyState.EXCLUDED]


def test_a_former_party_that_signs_subject_to_approval_is_one_that_has_not_confirmed() -> None:
    papers = [*founded("a", "b"), leaves("a", 5), act("a", K.SIGNED_SIMPLE, day(8)), act("a", K.APPROVAL_DEPOSITED, day(9))]
    register = replay(charter_with(**NO_NOTICE), papers)
    states = [party_status(register, "a", day(number)).state for number in (5, 8, 9)]
    assert states == [PartyState.FORMER, PartyState.SIGNED_SIMPLE, PartyState.IN_FORCE]
    assert [unconfirmed_parties(register, day(number)) for number in (7, 8, 9)] == [(), ("a",), ()]


def test_who_confirms_and_leaves_on_one_day_is_former_and_not_waiting() -> None:
    papers = [*founded("b", "c"), authority("a"), act("a", K.SIGNED_SIMPLE, day(1)), act("a", K.APPROVAL_DEPOSITED, day(2))]
    register = replay(charter_with(**NO_NOTICE), [*papers, leaves("a", 2)])
    assert [_of("a", register, number).state for number in (1, 2)] == [PartyState.SIGNED_SIMPLE, PartyState.FORMER]
    assert charter_status(register, day(2)).unconfirmed == 0


def test_the_text_is_the_one_that_came_into_force_last_of_those_that_bind() -> None:
    first, second = amended("first", 5, "a"), amended("second", 8, "a", "b")
    late = act("b", K.AMENDMENT_ACCEPTED, day(15), reference="first", instrument_id="late")
    charter = charter_with(amendments={"in_force_rule": {"min_fraction": "2/3", "delay_days": 0}})
    register = replay(charter, [*founded("a", "b", "c"), *first, *second, late])
    texts = {party: party_status(register, party, day(20)) for party in "abc"}
    assert {party: one.amendments for party, one in texts.items()} == {
        "a": ("second", "first"),
        "b": ("second", "first"),
        "c": (),
    }
    assert {party: one.text for party, one in texts.items()} == {"a": "text first", "b": "text first", "c": TEXT}


def test_a_party_that_left_keeps_the_text_of_its_last_day() -> None:
    charter = charter_with(amendments={"non_accepting": "bound"}, **NO_NOTICE)
    papers = [*founded("a", "b", "c"), *amended("first", 1, "b", "c"), leaves("a", 5), *amended("second", 8, "b", "c")]
    register = replay(charter, papers)
    assert [party_status(register, "a", day(number)).text for number in (2, 3, 5, 10)] == [
        TEXT,
        "text first",
        "text first",
        "text first",
    ]
    assert party_status(register, "b", day(10)).text == "text second"


def test_who_leaves_on_the_day_of_an_amendment_was_never_bound_by_it() -> None:
    charter = charter_with(amendments={"non_accepting": "bound"}, **NO_NOTICE)
    register = replay(charter, [*founded("a", "b", "c"), *amended("first", 1, "b", "c"), leaves("a", 3)])
    assert (_of("a", register, 3).left_on, _of("a", register, 3).text, _of("b", register, 3).text) == (day(3), TEXT, "text first")


def test_an_amendment_is_shown_from_the_day_of_its_proposal() -> None:
    register = replay(charter_with(), [*founded("a", "b"), *amended("first", 5, "a")])
    shown = [charter_status(register, day(number)).amendments for number in (4, 5, 6, 7)]
    assert [[(one.adopted_on, one.in_force_on) for one in found] for found in shown] == [
        [],
        [(None, None)],
        [(day(6), None)],
        [(day(6), day(7))],
    ]


def test_a_reservation_does_not_return_with_a_later_consent() -> None:
    reserved = [act("a", K.RESERVED, day(number), provisions=(article,)) for number, article in ((0, "7"), (9, "8"), (10, "9"))]
    papers = [*founded("a", "b"), leaves("a", 5), *reserved, signed("a", day(10))]
    register = replay(charter_with(**RESERVING, **NO_NOTICE), papers)
    assert not register.faults
    made = {number: [x for one in _of("a", register, number).reservations for x in one.provisions] for number in (0, 9, 10)}
    assert made == {0: ["7"], 9: ["7", "8"], 10: ["8", "9"]}


def test_a_reservation_is_shown_with_the_objections_of_the_day() -> None:
    reserved = act("a", K.RESERVED, day(0), provisions=("7",), instrument_id="reservation")
    told = Instrument("notice", K.NOTICE_ISSUED, day(2), about=("reservation",))
    objected = act("b", K.OBJECTED, day(4), reference="reservation")
    register = replay(charter_with(**RESERVING), [*founded("a", "b"), reserved, told, objected])
    shown = [_of("a", register, number).reservations[0] for number in (1, 2, 4)]
    assert [(one.notified_on, len(one.objections)) for one in shown] == [(None, 0), (day(2), 0), (day(2), 1)]


def test_what_applies_provisionally_does_so_until_the_party_starts_or_is_gone() -> None:
    papers = [*founded("a", "b"), *(act(one, K.PROVISIONAL, day(1)) for one in "ab"), leaves("b", 4)]
    register = replay(charter_with(**DELAYED, **NO_NOTICE), papers)
    assert [_of("a", register, number).applies_provisionally for number in (0, 1, 9, 10)] == [False, True, True, False]
    assert [_of("b", register, number).applies_provisionally for number in (3, 4)] == [True, False]


def test_everybody_who_is_listed_or_was_heard_of_is_answered_by_id() -> None:
    register = replay(charter_with({"b": FOUNDATION, "a": FOUNDATION}), [adopted(), authority("c")])
    assert [one.party for one in party_statuses(register, day(0))] == ["a", "b", "c"]
    assert [one.party for one in party_statuses(register, day(0), ["z", "b"])] == ["b", "z"]


# Only what was known on the day.


def test_a_notice_that_comes_later_does_not_take_back_a_start_that_was_fixed() -> None:
    register = replay(charter_with(**DELAYED, **IN_TEN_DAYS), [*founded("a", "b", "c"), leaves("a", 0), leaves("b", 1)])
    assert [_of("b", register, number).in_force_on for number in (0, 1, 11)] == [day(10), day(10), day(10)]
    assert [_of("a", register, number).in_force_on for number in (0, 10)] == [day(10), None]


def test_a_notice_of_the_day_of_the_consent_is_a_notice() -> None:
    register = replay(charter_with(**IN_TEN_DAYS), [*founded("a", "b"), leaves("a", 0)])
    assert (_of("a", register, 0).state, _of("a", register, 0).leaves_on) == (PartyState.WITHDRAWING, day(10))


def test_what_had_ended_is_not_passed_on() -> None:
    papers = [*founded("a", "b"), leaves("a", 2), act("b", K.DECLARED, day(3))]
    register = replay(charter_with(**NO_NOTICE), [*papers, passes_on("a", "new", 5)])
    heir = _of("new", register, 5)
    assert (heir.state, heir.consent_on, heir.signed_on) == (PartyState.REPRESENTATIVE_NAMED, None, day(0))
    assert charter_status(register, day(5)).signed == 2


def test_a_day_before_a_succession_is_answered_as_it_was() -> None:
    papers = [
        *founded("a", "b"),
        act("a", K.RESERVED, day(0), provisions=("7",)),
        authority("new", day(1), AGENCY),
        leaves("a", 2),
    ]
    charter = charter_with({"a": FOUNDATION}, **RESERVING, **IN_TEN_DAYS)
    register = replay(charter, [*papers, passes_on("a", "new", 5)])
    before = replay(charter, papers)
    for number in range(5):
        for party in ("a", "b", "new"):
            assert _of(party, register, number) == _of(party, before, number)
    heir = _of("new", register, 5)
    assert (heir.state, heir.is_listed, heir.signed_on, heir.leaves_on) == (PartyState.WITHDRAWING, True, day(0), day(12))
    assert (heir.kind, heir.succeeds, heir.consent_on) == (AGENCY, "a", day(0))
    gone = _of("a", register, 5)
    assert (gone.state, gone.succeeded_by, gone.is_counted) == (PartyState.SUCCEEDED, "new", False)


def test_a_class_that_is_stated_later_is_not_told_before() -> None:
    papers = [*founded("a", "b"), leaves("a", 2), authority("c"), act("c", K.SIGNED_SIMPLE, day(3))]
    register = replay(charter_with(**NO_NOTICE), papers)
    assert [_of("c", register, number).kind for number in (-1, 0, 3)] == [None, FOUNDATION, FOUNDATION]


def _of(party: str, register: Any, number: int) -> PartyStatus:  # noqa: ANN401
    return party_status(register, party, day(number))


# The fourth question: leaving.


def test_a_forecast_tells_the_day_and_whether_the_conditions_stay_met() -> None:
    register = replay(charter_with(**IN_TEN_DAYS), founded("a", "b", "c"))
    forecast = forecast_withdrawal(register, "a", day(5))
    assert (forecast.notified_on, forecast.effective_on, forecast.charter_remains) == (day(5), day(15), True)


@pytest.mark.parametrize(("remains", "expected"), [(True, True), (False, False), ("silent", None)])
def test_a_forecast_says_what_the_clause_makes_of_a_missing_party(remains: object, expected: bool | None) -> None:  # noqa: FBT001
    charter = charter_with(remains_in_force_below_minimum=remains, **IN_TEN_DAYS)
    assert forecast_withdrawal(replay(charter, founded("a", "b")), "a", day(5)).charter_remains is expected


def test_a_forecast_counts_the_notices_of_others_that_were_given_by_then() -> None:
    charter = charter_with(remains_in_force_below_minimum=False, **IN_TEN_DAYS)
    register = replay(charter, [*founded("a", "b", "c"), leaves("b", 5)])
    remains = [forecast_withdrawal(register, "a", day(number)).charter_remains for number in (4, 5)]
    assert remains == [True, False]


def test_a_forecast_does_not_count_who_joins_after_its_day() -> None:
    charter = charter_with(remains_in_force_below_minimum=False, **IN_TEN_DAYS)
    register = replay(charter, [*founded("a", "b"), authority("c"), signed("c", day(6))])
    remains = [forecast_withdrawal(register, "a", day(number)).charter_remains for number in (5, 6)]
    assert remains == [False, True]


def test_a_notice_that_was_given_decides_the_day_of_the_forecast() -> None:
    register = replay(charter_with(**IN_TEN_DAYS), [*founded("a", "b"), leaves("a", 5)])
    assert forecast_withdrawal(register, "a", day(9)).effective_on == day(15)


@pytest.mark.parametrize("party", ["a", "z"], ids=["has left", "was never heard of"])
def test_who_is_no_party_has_nothing_to_leave(party: str) -> None:
    register = replay(charter_with(**IN_TEN_DAYS), [*founded("a", "b", "c"), leaves("a", 2)])
    forecast = forecast_withdrawal(register, party, day(12))
    assert forecast.charter_remains is None
    assert "nothing to withdraw" in str(forecast.reason)


def test_a_charter_without_a_day_of_entry_has_nothing_to_remain() -> None:
    forecast = forecast_withdrawal(replay(charter_with(**IN_TEN_DAYS), founded("a")), "a", day(5))
    assert forecast.charter_remains is None
    assert "not in force" in str(forecast.reason)


def test_a_forecast_leaves_the_days_after_its_own_open() -> None:
    register = replay(charter_with(**IN_TEN_DAYS), founded("a", "b"))
    forecast_withdrawal(register, "a", day(5))
    register.read([authority("c", day(6))])
    assert "c" in register.parties
