"""The register's rows: everything that was received by a day is in one of them, and every count follows from dated papers."""

from dataclasses import replace
from datetime import date

import pytest

from mou.ceremony import Channel
from mou.charter.answers import CharterState, PartyState
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import AgeBand, Authority, Instrument, InstrumentKind, MinorSignature
from mou.models import OrganisationKind
from mou.signatories.joining import stamp_duty_of
from mou.signatories.rows import OrganisationName, RegisterOfSignatories, SignatoryRow, StampDuty, TextKind, texts_of
from tests.charters import ALL_IN_FAVOUR, FOUNDATION, act, adopted, authority, charter_with, day, founded, signed
from tests.registers import PERSONS, YOUTH, K, a_charter, joined, some_papers


def row_of(register: RegisterOfSignatories, party: str) -> SignatoryRow:
    return next(one for one in register.signatories if one.status.party == party)


def test_who_signed_is_told_with_capacity_day_channel_and_authority() -> None:
    register = joined(a_charter(), some_papers(), day(30))
    assert [one.status.party for one in register.signatories] == ["a", "b", "y"]
    assert [one.number for one in register.signatories] == [1, 2, 3]
    (act_of_b,) = row_of(register, "b").acts
    assert (act_of_b.on, act_of_b.channel, act_of_b.capacity) == (day(2), Channel.PAPER, "attorney")
    assert (act_of_b.signatory, act_of_b.document_name) == (PERSONS["per_b"], "N-2565-001")
    assert act_of_b.paper is not None
    assert act_of_b.paper.attested_by == PERSONS["per_attester"]
    assert act_of_b.authority is not None
    assert (act_of_b.authority.kind, act_of_b.authority.issued_on) == (AuthorityKind.POWER_OF_ATTORNEY, day(-5))
    assert act_of_b.authority.stamp_duty is StampDuty.MISSING


def test_the_state_of_the_day_stands_with_what_triggered_it() -> None:
    register = joined(a_charter(), some_papers(), day(11))
    assert (register.status.state, register.status.in_force_on) == (CharterState.DATE_FIXED, day(12))
    assert [(one.party, one.kind) for one in register.triggers] == [("b", K.SIGNED_DEFINITIVE)]
    assert joined(a_charter(), some_papers(), day(12)).status.state is CharterState.IN_FORCE


def test_a_later_paper_is_not_in_the_register_of_an_earlier_day() -> None:
    register = joined(a_charter(), some_papers(), day(1))
    assert [one.status.party for one in register.signatories] == ["a"]
    assert {one.on for one in register.instruments} <= {day(0), day(1)}
    assert register.returned == ()
    assert register.triggers == ()


def test_reservations_and_objections_stand_pair_by_pair() -> None:
    papers = some_papers()
    register = joined(a_charter(), papers, day(30))
    assert [(one.party, one.provisions, one.objector, one.objected_on) for one in register.reservations] == [
        ("a", ("5", "7"), "b", day(3))
    ]
    before = joined(a_charter(), papers, day(2))
    assert [(one.party, one.objector) for one in before.reservations] == [("a", None)]


def test_a_notice_of_withdrawal_stands_until_the_party_has_left() -> None:
    papers = some_papers()
    noticed, left = (row_of(joined(a_charter(), papers, day(number)), "a") for number in (60, 150))
    assert (noticed.status.state, noticed.status.leaves_on) == (PartyState.WITHDRAWING, day(150))
    assert (left.status.state, left.status.left_on) == (PartyState.FORMER, day(150))


def test_what_was_returned_is_listed_with_its_reason_and_counted_nowhere() -> None:
    register = joined(a_charter(), some_papers(), day(30))
    (returned,) = register.returned
    assert returned.fault is not None
    assert (returned.party, returned.fault.clause) == ("c", "proof_of_authority")
    assert returned.instrument_id not in {one.instrument_id for one in register.instruments}
    assert register.status.signed == len(register.signatories) == 3
    assert [(one.party, one.state, one.returned) for one in register.not_signed] == [("c", PartyState.INVITED, 1)]


def test_who_has_not_signed_when_the_window_is_closed_is_still_listed() -> None:
    register = joined(a_charter(), founded("a", "b"), day(200))
    assert [(one.party, one.state) for one in register.not_signed] == [("c", PartyState.LAPSED), ("y", PartyState.LAPSED)]


def test_every_paper_received_by_the_day_is_an_instrument_or_was_returned() -> None:
    papers = some_papers()
    for number in (0, 1, 5, 60, 300):
        register = joined(a_charter(), papers, day(number))
        listed = [one.instrument_id for one in (*register.instruments, *register.returned)]
        assert sorted(listed) == sorted(one.instrument_id for one in papers if one.on <= day(number))


def test_a_successor_is_shown_with_the_acts_of_the_one_in_whose_place_it_stands() -> None:
    successor = Instrument(
        "succession", K.SUCCEEDED, day(20), party="a", document="sha256:law", successor="z", successor_kind=FOUNDATION
    )
    register = joined(a_charter(), [*some_papers()[:-1], successor], day(30))
    row = row_of(register, "z")
    assert [(one.party, one.kind) for one in row.acts] == [("a", K.SIGNED_DEFINITIVE)]
    assert row.name == OrganisationName("z")  # of no list: its id
    assert row_of(register, "a").status.state is PartyState.SUCCEEDED


def test_the_act_that_consents_decides_not_the_signature_that_waited_for_it() -> None:
    papers = [
        adopted(),
        authority("a"),
        act("a", K.SIGNED_SIMPLE, day(1)),
        replace(act("a", K.APPROVAL_DEPOSITED, day(9)), channel=None),
    ]
    waiting, approved = (row_of(joined(a_charter(), papers, day(number)), "a") for number in (8, 9))
    assert waiting.decisive is not None
    assert approved.decisive is not None
    assert (waiting.decisive.kind, approved.decisive.kind) == (K.SIGNED_SIMPLE, K.APPROVAL_DEPOSITED)
    assert len(approved.acts) == 2


def test_a_party_is_bound_by_the_adopted_text_and_the_amendments_that_bind_it() -> None:
    amendment = (
        Instrument("p", K.AMENDMENT_PROPOSED, day(20), reference="A1", text="sha256:new"),
        Instrument("m", K.AMENDMENT_ADOPTED, day(21), reference="A1", meeting=ALL_IN_FAVOUR),
        *(replace(act(one, K.AMENDMENT_ACCEPTED, day(22)), reference="A1") for one in ("a", "b")),
    )
    register = joined(a_charter(), [*founded("a", "b", "c"), *amendment], day(40))
    assert [(one.kind, one.name, one.since) for one in register.texts] == [
        (TextKind.ADOPTED, "", day(0)),
        (TextKind.AMENDED, "A1", day(22)),
    ]
    assert [one.name for one in texts_of(register, row_of(register, "a"))] == ["", "A1"]
    assert [one.name for one in texts_of(register, row_of(register, "c"))] == [""]


@pytest.mark.parametrize(
    ("kind", "shown", "expected"),
    [
        (AuthorityKind.POWER_OF_ATTORNEY, True, StampDuty.SHOWN),
        (AuthorityKind.POWER_OF_ATTORNEY, False, StampDuty.MISSING),
        (AuthorityKind.POWER_OF_ATTORNEY, None, StampDuty.NOT_STATED),
        (AuthorityKind.BOARD_RESOLUTION, None, StampDuty.NOT_ASKED),
        (AuthorityKind.APPOINTMENT, False, StampDuty.MISSING),
    ],
)
def test_stamp_duty_is_never_guessed(kind: AuthorityKind, *, shown: bool | None, expected: StampDuty) -> None:
    assert stamp_duty_of(Authority("one", kind, day(0), stamp_duty_shown=shown)) is expected


def test_an_authority_says_when_it_was_revoked_once_that_has_happened() -> None:
    revoked = Instrument("revoked", K.AUTHORITY_REVOKED, day(40), party="a", authority_id="authority of a")
    papers = [*some_papers()[:-1], revoked]
    before, after = (row_of(joined(a_charter(), papers, day(number)), "a").authorities[0] for number in (39, 40))
    assert (before.revoked_on, after.revoked_on) == (None, day(40))


def test_a_public_copy_holds_no_person_no_age_and_no_note() -> None:
    register = joined(a_charter(), some_papers(), day(30), is_public=True)
    papers = [*register.instruments, *register.returned, *(act for row in register.signatories for act in row.acts)]
    assert {(one.signatory, one.age_band, one.note) for one in papers} == {(None, None, None)}
    assert [(one.paper.received_by, one.paper.attested_by) for one in papers if one.paper] == [(None, None)] * 2
    assert [one.status.party for one in register.signatories] == ["a", "b", "y"]


def test_a_public_copy_does_not_tell_that_a_signatory_is_a_minor() -> None:
    lacking = MinorSignature(AgeBand.FROM_10_TO_17, guardian_consent_on=None, assent_on=day(1), adult_beside="per_b")
    paper = replace(Authority("authority of y", AuthorityKind.APPOINTMENT, day(0)))
    papers = [adopted(), replace(authority("y", kind=YOUTH), authority=paper), signed("y", day(1), YOUTH, minor=lacking)]
    (own,) = joined(a_charter(), papers, day(2)).returned
    (public,) = joined(a_charter(), papers, day(2), is_public=True).returned
    assert own.fault is not None
    assert public.fault is not None
    assert (own.fault.clause, own.age_band) == ("minors", AgeBand.FROM_10_TO_17)
    assert (public.fault.clause, public.age_band, "guardian" in str(public.fault.fact)) == ("form", None, False)


def test_counts_over_time_are_derived_from_dated_events() -> None:
    """Acceptance case 9: 19 members and 16 youth groups sign in March 2565, then some accede. All numbers are invented."""
    members = {f"m{number:02d}": FOUNDATION for number in range(1, 20)}
    groups = {f"y{number:02d}": YOUTH for number in range(1, 17)}
    charter = charter_with({**members, **groups}, entry_into_force={"min_count": 19, "delay_days": 30})
    papers = [adopted()]
    for party, kind in {**members, **groups}.items():
        shown = AuthorityKind.APPOINTMENT if kind is YOUTH else AuthorityKind.BOARD_RESOLUTION
        papers += [
            replace(authority(party, kind=kind), authority=Authority(f"authority of {party}", shown, day(0))),
            signed(party, day(0), kind),
        ]
    for number, on in enumerate((date(2023, 2, 1), date(2023, 5, 1), date(2023, 11, 1)), start=1):
        papers += [authority(f"later{number}", on), act(f"later{number}", InstrumentKind.ACCEDED, on)]
    papers.append(act("m01", InstrumentKind.WITHDRAWAL_NOTIFIED, date(2023, 6, 1)))

    def counted(on: date) -> tuple[int, int, int]:
        register = joined(charter, papers, on)
        kinds = [one.status.kind for one in register.signatories if one.status.is_counted]
        assert register.status.counted == len(kinds)
        assert register.status.signed == sum(one.status.signed_on is not None for one in register.signatories)
        return len(kinds), kinds.count(OrganisationKind.FOUNDATION), kinds.count(OrganisationKind.YOUTH_GROUP)

    assert counted(date(2022, 3, 28)) == (0, 0, 0)
    assert counted(date(2022, 3, 29)) == (35, 19, 16)
    assert counted(date(2023, 2, 1)) == (36, 20, 16)
    assert counted(date(2023, 8, 29)) == (37, 21, 16)
    assert counted(date(2023, 8, 30)) == (36, 20, 16)
    assert counted(date(2023, 11, 1)) == (37, 21, 16)
