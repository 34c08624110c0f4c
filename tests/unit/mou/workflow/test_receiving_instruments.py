"""Many papers at once are received as one after the other would be, with one reading of the register, and never twice."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import Authority, Charter, Instrument, InstrumentKind
from mou.charter.register import Register
from mou.errors import UsageError
from mou.storage.database import Transaction
from mou.workflow.depositing import (
    Deposit,
    receive_all_in,
    receive_in,
    receive_instrument,
    receive_instruments,
    with_authority_id,
)
from mou.workflow.examining import Presented
from mou.workflow.workspace import Workspace
from tests.charters import FOUNDATION, adopted, charter_with, day

PARTIES = ("org-1", "org-2", "org-3", "org-4")
CLAUSES = {"reservations": {"mode": "allowed", "objection_days": 30}}


class RollBackError(Exception):
    """Leaves the block of a transaction so that nothing of it is kept."""


@pytest.fixture
def charter(workspace: Workspace) -> Charter:
    """A charter with invented clauses, kept under the id of the document that is there."""
    with workspace.database.write() as transaction:
        document = transaction.store.documents("lanna-charter")[0]
        charter = replace(charter_with({"org-1": FOUNDATION, "org-2": FOUNDATION}, **CLAUSES), charter_id=document.document_id)
        transaction.depositary.add_charter(charter)
    return charter


def deposited(party: str, on: date, *, expires_on: date | None = None, holder: str | None = None) -> Instrument:
    paper = with_authority_id(party, Authority("", AuthorityKind.BOARD_RESOLUTION, on, holder, expires_on))
    return Instrument("", InstrumentKind.AUTHORITY_DEPOSITED, on, party=party, party_kind=FOUNDATION, authority=paper)


def acts(party: str, kind: InstrumentKind, on: date, signatory: str | None = None) -> Instrument:
    return Instrument("", kind, on, party=party, party_kind=FOUNDATION, signatory=signatory)


def is_adopted() -> Instrument:
    return replace(adopted(), instrument_id="")


parties, days = st.sampled_from(PARTIES), st.integers(0, 40).map(day)
holders = st.sampled_from([None, "per_1", "per_2"])
ends = st.sampled_from([None, day(-1), day(5), day(30)])
authorities = st.builds(
    lambda party, on, ends_on, holder: deposited(party, on, expires_on=ends_on, holder=holder), parties, days, ends, holders
)
kinds = st.sampled_from(
    [
        InstrumentKind.SIGNED_DEFINITIVE,
        InstrumentKind.SIGNED_SIMPLE,
        InstrumentKind.APPROVAL_DEPOSITED,
        InstrumentKind.ACCEDED,
        InstrumentKind.WITHDRAWAL_NOTIFIED,
    ]
)
batches = st.lists(authorities | st.builds(acts, parties, kinds, days, holders), max_size=12).map(
    lambda some: [is_adopted(), *some]
)


@contextmanager
def tried(workspace: Workspace) -> Iterator[Transaction]:
    """A transaction of which nothing is kept."""
    with suppress(RollBackError), workspace.database.write() as transaction:
        transaction.lock()
        yield transaction
        raise RollBackError


def one_after_the_other(
    transaction: Transaction, charter: Charter, papers: Sequence[Instrument], at: datetime
) -> dict[int, Deposit]:
    return {place: receive_in(transaction, charter, paper, note=None, at=at) for place, paper in enumerate(papers)}


def at_once(transaction: Transaction, charter: Charter, papers: Sequence[Instrument], at: datetime) -> tuple[Deposit, ...]:
    return receive_all_in(transaction, charter, [Presented(one) for one in papers], at=at)


def became(deposits: Sequence[Deposit]) -> list[tuple[str, str | None, str]]:
    return [
        (one.received.instrument.instrument_id, None if one.fault is None else one.fault.clause, str(one.received.instrument))
        for one in deposits
    ]


@given(batches, st.integers(0, 12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_papers_at_once_become_what_they_become_one_after_the_other(
    workspace: Workspace, charter: Charter, papers: list[Instrument], before: int
) -> None:
    at, come_before, come = workspace.clock(), papers[:before], papers[before:]
    with tried(workspace) as transaction:
        one_after_the_other(transaction, charter, come_before, at)
        together = at_once(transaction, charter, come, at)
    # Papers of one kind, party and day are received in the order of their ids, which are known by now.
    order = sorted(range(len(come)), key=lambda place: together[place].received.instrument.sort_key)
    with tried(workspace) as transaction:
        one_after_the_other(transaction, charter, come_before, at)
        alone = one_after_the_other(transaction, charter, [come[place] for place in order], at)
    assert became([together[place] for place in order]) == became(list(alone.values()))


@given(batches)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_papers_received_again_make_nothing(workspace: Workspace, charter: Charter, papers: list[Instrument]) -> None:
    with tried(workspace) as transaction:
        first = at_once(transaction, charter, papers, workspace.clock())
        size = transaction.ledger.head().size
        again = at_once(transaction, charter, papers, workspace.clock())
        assert became(again) == became(first)
        assert not any(one.is_new for one in again)
        assert transaction.ledger.head().size == size


def test_papers_of_one_day_may_stand_in_any_order(workspace: Workspace, charter: Charter) -> None:
    papers = [acts("org-1", InstrumentKind.SIGNED_DEFINITIVE, day(0)), deposited("org-1", day(0)), is_adopted()]
    deposits = receive_instruments(workspace, charter.charter_id, map(Presented, papers))
    assert [one.fault for one in deposits] == [None, None, None]
    signature, authority, _ = (one.received for one in deposits)
    assert signature.entry_index > authority.entry_index
    assert authority.instrument.authority is not None
    assert signature.instrument.authority_id == authority.instrument.authority.authority_id


def test_an_act_whose_authority_is_returned_rests_on_an_earlier_one(workspace: Workspace, charter: Charter) -> None:
    sound, ended = deposited("org-1", day(0)), deposited("org-1", day(3), expires_on=day(2))
    papers = [is_adopted(), sound, ended, acts("org-1", InstrumentKind.SIGNED_DEFINITIVE, day(4))]
    deposits = receive_instruments(workspace, charter.charter_id, map(Presented, papers))
    assert [None if one.fault is None else one.fault.clause for one in deposits] == [None, None, "proof_of_authority", None]


def test_an_authority_that_counts_stands_before_a_newer_one_that_has_ended(workspace: Workspace, charter: Charter) -> None:
    papers = [is_adopted(), deposited("org-1", day(0)), deposited("org-1", day(1), expires_on=day(2))]
    deposits = receive_instruments(
        workspace, charter.charter_id, map(Presented, [*papers, acts("org-1", InstrumentKind.SIGNED_DEFINITIVE, day(4))])
    )
    assert deposits[-1].fault is None


def test_what_was_accepted_on_one_authority_is_not_received_again_on_a_newer_one(workspace: Workspace, charter: Charter) -> None:
    signature = acts("org-1", InstrumentKind.SIGNED_DEFINITIVE, day(4))
    receive_instruments(workspace, charter.charter_id, map(Presented, [is_adopted(), deposited("org-1", day(0)), signature]))
    receive_instrument(workspace, charter.charter_id, deposited("org-1", day(3)))
    assert not receive_instrument(workspace, charter.charter_id, signature).is_new


def test_a_returned_paper_is_received_anew_once_what_it_lacked_is_there(workspace: Workspace, charter: Charter) -> None:
    signature = acts("org-1", InstrumentKind.SIGNED_DEFINITIVE, day(4))
    (_, returned) = receive_instruments(workspace, charter.charter_id, map(Presented, [is_adopted(), signature]))
    assert returned.fault is not None
    (_, accepted) = receive_instruments(workspace, charter.charter_id, map(Presented, [deposited("org-1", day(4)), signature]))
    assert accepted.fault is None
    assert accepted.received.instrument.instrument_id != returned.received.instrument.instrument_id


@pytest.mark.parametrize("is_repeated", [False, True], ids=["once", "again"])
def test_an_objection_names_the_reservation_that_comes_with_it(workspace: Workspace, charter: Charter, is_repeated: bool) -> None:  # noqa: FBT001  # a column of the table
    papers = [
        Presented(replace(acts("org-2", InstrumentKind.OBJECTED, day(3))), about=1),
        Presented(replace(acts("org-1", InstrumentKind.RESERVED, day(1)), provisions=("7",))),
        *map(Presented, [is_adopted(), deposited("org-1", day(0)), deposited("org-2", day(0))]),
        Presented(acts("org-1", InstrumentKind.SIGNED_DEFINITIVE, day(1))),
        Presented(acts("org-2", InstrumentKind.SIGNED_DEFINITIVE, day(1))),
    ]
    deposits = receive_instruments(workspace, charter.charter_id, papers)
    if is_repeated:
        deposits = receive_instruments(workspace, charter.charter_id, papers)
    assert [one.fault for one in deposits] == [None] * len(papers)
    assert {one.is_new for one in deposits} == {not is_repeated}
    assert deposits[0].received.instrument.reference == deposits[1].received.instrument.instrument_id


def test_an_objection_to_a_returned_reservation_is_returned_and_never_received_twice(
    workspace: Workspace, charter: Charter
) -> None:
    papers = [
        Presented(acts("org-2", InstrumentKind.OBJECTED, day(3)), about=1),
        Presented(acts("org-1", InstrumentKind.RESERVED, day(1))),  # names no article
        Presented(is_adopted()),
    ]
    first = receive_instruments(workspace, charter.charter_id, papers)
    assert [one.fault is None for one in first] == [False, False, True]
    again = receive_instruments(workspace, charter.charter_id, papers)
    assert became(again) == became(first)
    assert not any(one.is_new for one in again)


def test_the_same_paper_twice_is_received_once(workspace: Workspace, charter: Charter) -> None:
    twice = [is_adopted(), deposited("org-1", day(0)), deposited("org-1", day(0))]
    deposits = receive_instruments(workspace, charter.charter_id, map(Presented, twice))
    assert [one.is_new for one in deposits] == [True, True, False]
    assert deposits[1].received == deposits[2].received


def test_nothing_is_recorded_where_one_day_lies_ahead(workspace: Workspace, charter: Charter) -> None:
    ahead = workspace.clock().date() + timedelta(days=2)
    with workspace.database.read() as transaction:
        size = transaction.ledger.head().size
    with pytest.raises(UsageError, match="a day that has come is expected"):
        receive_instruments(workspace, charter.charter_id, map(Presented, [is_adopted(), deposited("org-1", ahead)]))
    with workspace.database.read() as transaction:
        assert transaction.ledger.head().size == size
        assert transaction.depositary.received(charter.charter_id) == ()


@pytest.mark.parametrize("count", [10, 200])
def test_the_register_is_read_once_however_many_papers_there_are(
    workspace: Workspace, charter: Charter, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    readings = 0
    read = Register.read

    def counted(register: Register, instruments: Sequence[Instrument]) -> None:
        nonlocal readings
        readings += 1
        read(register, instruments)

    monkeypatch.setattr(Register, "read", counted)
    papers = [
        paper
        for number in range(count)
        for paper in (deposited(f"org-{number}", day(0)), acts(f"org-{number}", InstrumentKind.SIGNED_DEFINITIVE, day(1)))
    ]
    deposits = receive_instruments(workspace, charter.charter_id, map(Presented, [is_adopted(), *papers]))
    assert all(one.fault is None for one in deposits)
    assert readings == 1


def test_old_days_are_closed_after_many_papers_and_a_late_one_is_still_received(workspace: Workspace, charter: Charter) -> None:
    papers = [deposited(f"org-{number}", day(number)) for number in range(600)]
    receive_instruments(workspace, charter.charter_id, map(Presented, [is_adopted(), *papers]))
    with workspace.database.read() as transaction:
        closed = transaction.depositary.remembered(charter).memory.folded_through
    assert closed == day(599) - timedelta(days=60)
    late = [acts("org-1", InstrumentKind.SIGNED_DEFINITIVE, day(2)), acts("org-2", InstrumentKind.SIGNED_DEFINITIVE, day(3))]
    deposits = receive_instruments(workspace, charter.charter_id, map(Presented, late))
    assert [one.fault for one in deposits] == [None, None]
