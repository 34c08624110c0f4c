"""What passes to an organisation that goes on in the place of another, and how the two are counted."""

from mou.charter.instruments import InstrumentKind
from mou.charter.register import replay
from mou.charter.status import party_status
from tests.charters import (
    FOUNDATION,
    accepts,
    act,
    adopted,
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
OUT = {"non_accepting": "deemed_out", "in_force_rule": {"min_fraction": "1/2", "delay_days": 0}}


def test_an_heir_takes_the_place_of_a_party_with_its_consent() -> None:
    register = replay(charter_with(), [*founded("a", "b"), passes_on("a", "new", 5)])
    heir = register.party("new").membership
    assert heir is not None
    assert (heir.consent_on, heir.how, heir.kind) == (day(0), K.SIGNED_DEFINITIVE, FOUNDATION)
    assert (register.memory.signed, register.memory.counted.total, register.memory.in_force) == (2, 2, 2)


def test_an_heir_that_is_a_party_keeps_its_own_place_and_the_two_are_counted_once() -> None:
    register = replay(charter_with(), [*founded("a", "b", "c"), passes_on("a", "b", 5)])
    assert len(register.party("b").memberships) == 1
    assert (register.memory.signed, register.memory.counted.total, register.memory.in_force) == (2, 2, 2)


def test_an_heir_takes_over_a_signature_that_waits_and_confirms_it() -> None:
    papers = [*founded("a"), authority("b"), act("b", K.SIGNED_SIMPLE, day(1)), passes_on("b", "new", 3)]
    register = replay(charter_with(), papers)
    assert (register.memory.signed, register.memory.unconfirmed, register.memory.counted.total) == (2, 1, 1)
    register = replay(charter_with(), [*papers, act("new", K.APPROVAL_DEPOSITED, day(4))])
    assert (register.memory.signed, register.memory.unconfirmed, register.memory.counted.total) == (2, 0, 2)


def test_an_heir_that_waits_itself_is_counted_once() -> None:
    waiting = [act(one, K.SIGNED_SIMPLE, day(1)) for one in ("b", "new")]
    papers = [*founded("a"), authority("b"), authority("new"), *waiting]
    register = replay(charter_with(), [*papers, passes_on("b", "new", 3)])
    assert (register.memory.signed, register.memory.unconfirmed, register.memory.counted.total) == (2, 1, 1)
    register = replay(charter_with(), [*papers, passes_on("a", "new", 3)])
    assert (register.memory.signed, register.memory.unconfirmed, register.memory.counted.total) == (2, 1, 1)


def test_an_organisation_that_never_signed_passes_nothing_on_to_a_party() -> None:
    register = replay(charter_with({"c": FOUNDATION}), [*founded("a", "b"), authority("c"), passes_on("c", "a", 5)])
    assert (register.memory.signed, register.memory.counted.total, register.memory.in_force) == (2, 2, 2)


def test_an_heir_takes_over_the_place_on_the_list() -> None:
    charter = charter_with(
        {"a": FOUNDATION, "b": FOUNDATION}, entry_into_force={"min_fraction": "1", "of_list": "L", "delay_days": 0}
    )
    papers = [adopted(), *(authority(one) for one in ("b", "new")), passes_on("a", "new", 2)]
    register = replay(charter, [*papers, signed("b", day(3)), signed("new", day(4))])
    assert register.memory.met_on == day(4)


def test_an_heir_takes_over_a_later_partys_own_day_and_its_notice() -> None:
    charter = charter_with(later_party_delay_days=10, withdrawal={"notice_days": 20})
    papers = [*founded("a", "b"), authority("c"), signed("c", day(2)), leaves("c", 3), passes_on("c", "new", 5)]
    register = replay(charter, papers)
    assert [in_force_for(register, number) for number in (11, 12, 22, 23)] == [2, 3, 3, 2]


def test_an_heir_takes_over_what_was_accepted() -> None:
    papers = [*founded("a", "b", "c"), *amendment("first", 5, "a"), passes_on("a", "new", 7), accepts("b", "first", 8)]
    register = replay(charter_with(amendments=OUT), papers)
    assert [register.is_member(party, day(9)) for party in ("new", "b", "c")] == [True, True, False]


def test_an_objection_to_an_heirs_reservation_is_kept_with_the_heir() -> None:
    charter = charter_with(reservations={"mode": "allowed", "objection_days": 30})
    reserved = act("a", K.RESERVED, day(0), provisions=("7",), instrument_id="reservation")
    objected = act("b", K.OBJECTED, day(8), reference="reservation")
    register = replay(charter, [*founded("a", "b"), reserved, passes_on("a", "new", 5), objected])
    (kept,) = register.party("new").reservations
    assert (kept.party, [one.by for one in kept.objections]) == ("new", ["b"])
    assert register.party("a").reservations[0].objections == []


def test_a_name_changed_twice_on_one_day_is_read_in_the_order_of_the_ids() -> None:
    twice = [passes_on("a", "m", 5), passes_on("m", "z", 5)]
    register = replay(charter_with(), [*founded("a", "b"), *twice])
    assert register.is_member("z", day(6))
    register = replay(charter_with(), [*founded("a", "b"), passes_on("a", "m", 5), passes_on("m", "0", 5)])
    assert register.is_member("0", day(6))
    register = replay(charter_with(), [*founded("b", "c"), passes_on("c", "a", 5), passes_on("a", "z", 5)])
    assert [(one.clause, one.on) for one in register.faults.values()] == [("succession", day(5))]


def test_an_heir_goes_on_to_apply_provisionally() -> None:
    delayed = {"min_count": 2, "delay_days": 10}
    papers = [*founded("a", "b"), act("a", K.PROVISIONAL, day(1)), passes_on("a", "new", 5)]
    register = replay(charter_with(entry_into_force=delayed), papers)
    applies = [party_status(register, "new", day(number)).applies_provisionally for number in (4, 5, 9, 10)]
    assert applies == [False, True, True, False]
