"""What holds for every register, whatever papers come in whatever order: drawn at random, few parties, few days, all kinds."""

import random
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mou.ceremony import Channel
from mou.charter.clauses import (
    Accession,
    AccessionMode,
    AmendmentForce,
    AuthorityKind,
    Duration,
    EntryIntoForce,
    FinalClauses,
    NonAccepting,
    Proposers,
    Rectification,
    Renewal,
    ReservationMode,
    Reservations,
    SignatureWindow,
    VoteBase,
    VoteRule,
    Withdrawal,
)
from mou.charter.instruments import OF_A_PARTY, Authority, Charter, Instrument, InstrumentKind, Meeting
from mou.charter.memory import CharterMemory, PartyMemory
from mou.charter.register import ClosedDayError, Register, replay
from mou.charter.status import (
    CharterState,
    CharterStatus,
    PartyState,
    PartyStatus,
    charter_status,
    forecast_withdrawal,
    party_statuses,
    unconfirmed_parties,
)
from tests.charters import AGENCY, ALL_IN_FAVOUR, FOUNDATION, TEXT, adopted, clauses_with, day

PARTIES = ("a", "b", "c", "d", "e", "f")
LISTED = {"a": FOUNDATION, "b": FOUNDATION, "c": AGENCY, "d": FOUNDATION}
Drawn: TypeAlias = tuple[InstrumentKind, int, int, int, int]
"""A kind, a day by its number, a party, another, and what decides the rest."""
CLASSES = {**LISTED, "e": FOUNDATION, "f": AGENCY}
LAST_DAY = 24
DAYS = tuple(day(number) for number in range(-1, LAST_DAY + 9))
NAMES = ("first", "second")
K = InstrumentKind
KINDS = tuple(K)
IDLE = (K.DECLARED, K.COPY_CERTIFIED, K.NUMBER_ASSIGNED, K.FORCE_NOTIFIED)
ONE_VOTE = Meeting({Channel.ON_SITE: 6}, in_favour=1, against=5, abstaining=0)
PROFILE = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def charters(draw: st.DrawFn) -> Charter:
    """A charter whose clauses take every variant; contradictions are left in, since an old charter may hold some."""
    clauses = clauses_with(authentic_languages=["th"])
    rule = VoteRule(Fraction(1, 2), draw(st.sampled_from(VoteBase)))
    mode = draw(st.sampled_from(AccessionMode))
    renewal = draw(st.sampled_from(Renewal))
    return Charter(
        "doc_1", TEXT, _drawn_clauses(draw, clauses, rule, mode, renewal), draw(st.sampled_from((None, LISTED, LISTED)))
    )


def _drawn_clauses(draw: st.DrawFn, clauses: FinalClauses, rule: VoteRule, mode: AccessionMode, renewal: Renewal) -> FinalClauses:
    delays = st.sampled_from((0, 0, 3))
    return replace(
        clauses,
        signature_window=SignatureWindow(day(0), draw(st.sampled_from((None, day(8), day(20))))),
        entry_into_force=EntryIntoForce(
            draw(delays),
            draw(st.sampled_from((1, 2, 3))),
            draw(st.sampled_from((None, None, Fraction(1, 2)))),
            "L",
            draw(st.sampled_from((None, None, {AGENCY: 1}))),
        ),
        later_party_delay_days=draw(delays),
        accession=Accession(mode, rule if mode is AccessionMode.BY_VOTE else None),
        reservations=Reservations(draw(st.sampled_from(ReservationMode)), 5, ("ข้อ ๗",)),
        amendments=replace(
            clauses.amendments,
            proposers=Proposers(committee=True, min_member_fraction=Fraction(1, 3)),
            adoption_rule=rule,
            in_force_rule=AmendmentForce(draw(st.sampled_from((Fraction(1, 3), Fraction(2, 3)))), draw(delays)),
            non_accepting=draw(st.sampled_from((NonAccepting.DEEMED_OUT, *NonAccepting))),
        ),
        rectification=Rectification(5),
        withdrawal=Withdrawal(draw(st.sampled_from((0, 4))), draw(st.sampled_from((None, day(15))))),
        expulsion=draw(st.sampled_from((None, rule))),
        duration=Duration(renewal, draw(st.sampled_from((None, day(18))))),
        remains_in_force_below_minimum=draw(st.sampled_from((None, True, False))),
    )


@st.composite
def papers(draw: st.DrawFn) -> tuple[Instrument, ...]:
    """Papers as they come: the founders' signatures, what usually follows what, and anything at any time."""
    masks, numbers, parties = st.integers(0, 63), st.integers(0, LAST_DAY), st.integers(0, 5)
    founding = [(K.SIGNED_DEFINITIVE, 0, who, 0, 1) for who in _chosen(draw(masks))]
    stories = draw(st.lists(st.tuples(st.sampled_from(STORIES), numbers, parties, parties, masks), min_size=3, max_size=9))
    anything = draw(st.lists(st.tuples(st.sampled_from(KINDS), numbers, parties, parties, st.integers(0, 7)), max_size=12))
    drawn = [*founding, *(one for story, *about in stories for one in story(*about)), *anything]
    missing = draw(st.sampled_from((None,) * 9 + PARTIES))
    deposits = [_deposit(party, day(0)) for party in PARTIES if party != missing]
    found = [_paper(f"paper {place:02}", *one) for place, one in enumerate(drawn)]
    reserved = [one.instrument_id for one in found if one.kind is K.RESERVED] or ["paper 00"]
    objections = [one for one in found if one.kind is K.OBJECTED]
    about = {one.instrument_id: reserved[place % len(reserved)] for place, one in enumerate(objections)}
    return (adopted(), *deposits, *(replace(one, reference=about.get(one.instrument_id, one.reference)) for one in found))


def _chosen(mask: int) -> tuple[int, ...]:
    return tuple(who for who in range(len(PARTIES)) if mask & 1 << who)


def _amendment(number: int, who: int, other: int, mask: int) -> list[Drawn]:
    name = 1 + mask % 2
    accepted = [(K.AMENDMENT_ACCEPTED, number + 1 + place % 3, one, other, name) for place, one in enumerate(_chosen(mask))]
    return [(K.AMENDMENT_PROPOSED, number, who, other, name), (K.AMENDMENT_ADOPTED, number + 1, who, other, name), *accepted]


def _rectification(number: int, who: int, other: int, mask: int) -> list[Drawn]:
    found = [(K.RECTIFICATION_PROPOSED, number, who, other, 1), (K.RECTIFICATION_EFFECTED, number + 7, who, other, 1)]
    return found if mask % 3 else [*found, (K.RECTIFICATION_OBJECTED, number + 2, who, other, 1)]


def _confirmed(number: int, who: int, other: int, mask: int) -> list[Drawn]:
    return [(K.SIGNED_SIMPLE, number, who, other, 1), (K.APPROVAL_DEPOSITED, number + mask % 4, who, other, 1)]


def _back_again(number: int, who: int, other: int, mask: int) -> list[Drawn]:
    leaves = K.PARTY_EXPELLED if mask % 3 == 0 else K.WITHDRAWAL_NOTIFIED
    returns = K.ACCEDED if mask % 2 else K.SIGNED_DEFINITIVE
    return [(leaves, number, who, other, 1), (returns, number + mask % 7, who, other, 1)]


def _succession(number: int, who: int, other: int, mask: int) -> list[Drawn]:
    return [(K.SUCCEEDED, number, who, other, mask % 8), (K.SUCCEEDED, number + mask % 5, other, who + 1, 1)][: 1 + mask % 2]


def _with_reservation(number: int, who: int, other: int, mask: int) -> list[Drawn]:
    consent = K.ACCEDED if mask % 2 else K.SIGNED_DEFINITIVE
    return [
        (K.RESERVED, number, who, other, 1),
        (consent, number, who, other, 1),
        (K.NOTICE_ISSUED, number + mask % 4, who, other, 0),
        (K.OBJECTED, number + mask % 9, other, who, 1),
    ]


def _renewal(number: int, who: int, other: int, mask: int) -> list[Drawn]:
    return [(K.RENEWAL_DECIDED, min(number, 17), who, other, mask % 8)]


STORIES = (_amendment, _amendment, _rectification, _confirmed, _back_again, _succession, _with_reservation, _renewal)


def _deposit(party: str, on: date) -> Instrument:
    shown = AuthorityKind.OFFICE_BY_LAW if CLASSES[party] is AGENCY else AuthorityKind.BOARD_RESOLUTION
    paper = Authority("authority", shown, on)
    return Instrument(f"authority of {party}", K.AUTHORITY_DEPOSITED, on, party=party, party_kind=CLASSES[party], authority=paper)


def _paper(name: str, kind: InstrumentKind, number: int, who: int, other: int, chance: int) -> Instrument:
    """One paper in which `chance` decides what is left open; most papers are in due form where the clauses allow them."""
    party, second, meeting = PARTIES[who], PARTIES[other % len(PARTIES)], ALL_IN_FAVOUR if chance else ONE_VOTE
    plain = Instrument(name, kind, day(number), document=f"document of {name}", channel=Channel.ONLINE)
    if kind in OF_A_PARTY:
        plain = replace(plain, party=party, party_kind=CLASSES[party], authority_id="authority")
    about = {"reference": NAMES[chance % 2], "text": f"text {name}", "meeting": meeting}
    proposers = (party, second) if chance > 4 else ()
    details: dict[InstrumentKind, dict[str, Any]] = {
        K.TEXT_ADOPTED: {"text": TEXT, "meeting": meeting},
        K.AUTHORITY_DEPOSITED: {"authority": _deposit(party, day(number)).authority},
        K.ACCEDED: {"meeting": meeting, "invitation": "invitation" if chance else None},
        K.PARTY_EXPELLED: {"meeting": meeting},
        K.RESERVED: {"provisions": ("7",) if chance else ("8",)},
        K.AMENDMENT_PROPOSED: {**about, "proposed_by": proposers},
        K.AMENDMENT_ADOPTED: about,
        K.AMENDMENT_ACCEPTED: about,
        K.RECTIFICATION_PROPOSED: {**about, "replaces": TEXT},
        K.RECTIFICATION_OBJECTED: about,
        K.RECTIFICATION_EFFECTED: about,
        K.RENEWAL_DECIDED: {"meeting": meeting, "renewed": chance > 1, "until": day(18 + chance) if chance > 3 else None},
        K.SUCCEEDED: {"successor": second, "successor_kind": AGENCY if chance == 0 else None},
        K.DEPOSITARY_CHANGED: {"successor": second},
        K.NOTICE_ISSUED: {"about": tuple(f"paper {place:02}" for place in range(chance, 60, 1 + chance))},
    }
    return replace(plain, **details.get(kind, {}))


def answers(
    register: Register, days: Iterable[date] = DAYS
) -> list[tuple[CharterStatus, tuple[PartyStatus, ...], tuple[str, ...]]]:
    """Every answer about every day."""
    return [
        (charter_status(register, one), party_statuses(register, one, PARTIES), unconfirmed_parties(register, one))
        for one in days
    ]


@PROFILE
@given(charters(), papers(), st.randoms(use_true_random=False))
def test_the_order_in_which_papers_were_keyed_in_changes_no_answer(
    charter: Charter, found: tuple[Instrument, ...], chance: random.Random
) -> None:
    other_way = list(found)
    chance.shuffle(other_way)
    first, second = replay(charter, found), replay(charter, other_way)
    assert answers(first) == answers(second)
    assert first.faults == second.faults


@PROFILE
@given(charters(), papers(), st.lists(st.tuples(st.sampled_from(IDLE), st.integers(0, LAST_DAY), st.integers(0, 5)), min_size=1))
def test_papers_without_an_effect_of_their_own_change_no_answer(
    charter: Charter, found: tuple[Instrument, ...], idle: list[tuple[InstrumentKind, int, int]]
) -> None:
    more = [_paper(f"idle {place}", kind, number, who, 0, 1) for place, (kind, number, who) in enumerate(idle)]
    about_nothing = Instrument("notice about nothing", K.NOTICE_ISSUED, day(5), number=1)
    assert answers(replay(charter, found)) == answers(replay(charter, [*found, about_nothing, *more]))


@PROFILE
@given(charters(), papers(), st.integers(0, LAST_DAY))
def test_what_came_later_changes_no_earlier_answer(charter: Charter, found: tuple[Instrument, ...], number: int) -> None:
    until = [one for one in DAYS if one <= day(number)]
    by_then = [one for one in found if one.on <= day(number)]
    whole = replay(charter, found)
    assert answers(replay(charter, by_then), until) == answers(whole, until)


@PROFILE
@given(charters(), papers())
def test_a_register_read_day_by_day_and_stored_in_between_answers_like_one_read_at_once(
    charter: Charter, found: tuple[Instrument, ...]
) -> None:
    whole, memory, parties = replay(charter, found), CharterMemory(), LoadedParties()
    for one in DAYS:
        register = Register(charter, memory, parties)
        register.read([paper for paper in found if paper.on == one])
        assert answers(register, [one]) == answers(whole, [one])
        memory = CHARTER_ADAPTER.validate_json(CHARTER_ADAPTER.dump_json(memory))
        parties.store()


CHARTER_ADAPTER = TypeAdapter(CharterMemory)
PARTY_ADAPTER = TypeAdapter(PartyMemory)


class LoadedParties(MutableMapping[str, PartyMemory]):
    """As a store gives them: each party on its own, loaded anew whenever it is asked for, until something is written to it."""

    def __init__(self) -> None:
        self._stored: dict[str, bytes] = {}
        self._written: dict[str, PartyMemory] = {}

    def __getitem__(self, party: str) -> PartyMemory:
        return self._written[party] if party in self._written else PARTY_ADAPTER.validate_json(self._stored[party])

    def __setitem__(self, party: str, memory: PartyMemory) -> None:
        self._written[party] = memory

    def __delitem__(self, party: str) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        return iter({*self._stored, *self._written})

    def __len__(self) -> int:
        return len({*self._stored, *self._written})

    def store(self) -> None:
        """Keep what was written, and forget the values."""
        self._stored |= {name: PARTY_ADAPTER.dump_json(one) for name, one in self._written.items()}
        self._written.clear()


@PROFILE
@given(charters(), papers())
def test_every_count_of_the_charter_is_the_count_of_its_parties(charter: Charter, found: tuple[Instrument, ...]) -> None:
    register = replay(charter, found)
    for one in DAYS:
        whole, parties = charter_status(register, one), party_statuses(register, one)
        note(f"{one}: {whole}")
        counted = [party for party in parties if party.is_counted]
        started = [party for party in counted if party.in_force_on is not None and party.in_force_on <= one]
        assert whole.counted == len(counted)
        assert whole.in_force_for == (0 if whole.state is CharterState.ENDED else len(started))
        assert whole.signed == sum(party.signed_on is not None and party.succeeded_by is None for party in parties)
        assert whole.unconfirmed == sum(party.state is PartyState.SIGNED_SIMPLE for party in parties)
        assert unconfirmed_parties(register, one) == tuple(
            party.party for party in parties if party.state is PartyState.SIGNED_SIMPLE
        )
        for condition in whole.conditions:
            if condition.clause.endswith("class_minimums"):
                assert condition.counted == sum(party.kind is condition.kind for party in counted)
            elif condition.clause.endswith("min_fraction"):
                assert condition.counted == sum(party.is_listed for party in counted)


@PROFILE
@given(charters(), papers())
def test_an_answer_never_contradicts_itself(charter: Charter, found: tuple[Instrument, ...]) -> None:
    register = replay(charter, found)
    for one in DAYS:
        whole = charter_status(register, one)
        for party in party_statuses(register, one):
            note(f"{one}: {party}")
            is_in_force = party.state in {PartyState.IN_FORCE, PartyState.WITHDRAWING} and party.in_force_on is not None
            assert not party.is_bound or whole.state is CharterState.IN_FORCE
            assert not party.is_bound or is_in_force
            assert not party.is_bound or party.text is not None
            assert party.left_on is None or (party.left_on <= one and not party.is_counted)
            assert party.consent_on is None or party.consent_on <= one
            assert party.leaves_on is None or party.leaves_on > one
            assert not party.applies_provisionally or not party.is_bound
            forecast = forecast_withdrawal(register, party.party, one)
            assert forecast.effective_on >= one
            assert party.leaves_on is None or forecast.effective_on == party.leaves_on


def test_a_paper_of_a_closed_day_is_not_read_in_silence() -> None:
    register = replay(Charter("doc_1", TEXT, clauses_with()), [adopted(day(3))])
    with pytest.raises(ClosedDayError):
        register.read([_deposit("a", day(3))])
    assert register.parties == {}
