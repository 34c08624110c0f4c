"""Papers examined together: all of them against one register, each as if it had come alone, in the order of their days.

How many are examined, for whatever number of papers with one reading of the register:

1. What was accepted before is not examined again. What was returned before is: something may have changed.
2. An act rests on the newest authority that was accepted by its day and counts on it, also one that comes with it; presented
   again, on the one on which it was accepted. An objection to a reservation that comes with it names that by its coming id.
3. Which authorities and reservations are accepted is found by reading. So all of them are taken for accepted first; where reading
   says otherwise, what rests on them is looked at once more. Whether one is accepted depends only on what is read before it, so
   that each reading settles at least one more of them: this ends, and mostly at once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from mou.charter.due_form import Fault
from mou.charter.instruments import NEEDS_AUTHORITY, Authority, Charter, Instrument
from mou.charter.ledger_form import paper_of
from mou.charter.register import ClosedDayError, Register
from mou.storage.database import Transaction
from mou.storage.depositary import Received, StoredParties
from mou.workflow.workspace import operation_id


@dataclass(frozen=True, slots=True)
class Presented:
    """A paper that is presented, with what the secretariat notes about it.

    `about` is the place, among the papers that are presented together, of the one that its reference names.
    """

    paper: Instrument
    note: str | None = None
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """A paper under the id that it gets, and why it is returned, if it is.

    `known` is what is recorded of it already, and then nothing new is.
    """

    instrument: Instrument
    fault: Fault | None
    known: Received | None = None


def examine(transaction: Transaction, charter: Charter, presented: Sequence[Presented]) -> tuple[Examined, ...]:
    """Return what examination finds, paper by paper; cost in proportion to them and to the days that are read again."""
    desk = _Desk(transaction, charter, presented)
    papers = desk.named(frozenset(range(len(presented))))
    while True:
        examined = desk.read(papers)
        renamed = desk.named({place for place, one in enumerate(examined) if one.fault is None})
        if renamed == papers:
            return examined
        papers = renamed


def read_papers(register: Register, papers: Iterable[Instrument]) -> None:
    """Read papers on top of a register; their parties are loaded together, not one by one."""
    listed = list(papers)
    if isinstance(register.parties, StoredParties):
        register.parties.load(paper.party for paper in listed if paper.party is not None)
    register.read(listed)


@dataclass(slots=True)
class _Desk:
    """The papers on the table, and what was looked up for them; each thing is looked up once."""

    transaction: Transaction
    charter: Charter
    presented: Sequence[Presented]
    _brought: dict[str, list[tuple[int, Instrument]]] = field(default_factory=dict)
    _held: dict[str, list[tuple[date, Authority]]] = field(default_factory=dict)
    _known: dict[str, Received | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put the authorities that come with the papers in the order in which they will be recorded, party by party."""
        brought = [
            (place, self._under_id(one.paper, 0)) for place, one in enumerate(self.presented) if one.paper.authority is not None
        ]
        for place, paper in sorted(brought, key=lambda one: one[1].sort_key):
            self._brought.setdefault(paper.party or "", []).append((place, paper))

    def named(self, accepted: Collection[int]) -> tuple[Instrument, ...]:
        """The papers with the authorities and ids that they name, where these places are the accepted ones."""
        with_authority = [self._with_authority(one.paper, accepted) for one in self.presented]
        return tuple(
            paper
            if one.about is None
            else replace(paper, reference=self._id_of(with_authority[one.about], one.about in accepted))
            for one, paper in zip(self.presented, with_authority, strict=True)
        )

    def read(self, papers: Sequence[Instrument]) -> tuple[Examined, ...]:
        """What one reading of the register says of every paper."""
        before = [self._presented_before(paper) for paper in papers]
        under_ids = [
            times[-1].instrument if times and times[-1].fault is None else self._under_id(paper, len(times))
            for paper, times in zip(papers, before, strict=True)
        ]
        new = {
            instrument.instrument_id: instrument
            for instrument, times in zip(under_ids, before, strict=True)
            if not times or times[-1].fault is not None
        }
        faults = self._faults_of(list(new.values())) if new else {}
        return tuple(
            _judged(instrument, times, faults.get(instrument.instrument_id))
            for instrument, times in zip(under_ids, before, strict=True)
        )

    def _with_authority(self, paper: Instrument, accepted: Collection[int]) -> Instrument:
        """The act with the authority on which it was accepted before, else the newest that counts on its day, else the newest."""
        if paper.kind not in NEEDS_AUTHORITY or paper.authority_id is not None or paper.party is None:
            return paper
        fitting = [
            authority
            for on, authority in reversed(self._authorities_of(paper.party, accepted))
            if on <= paper.on and authority.holder in {None, paper.signatory} and authority.is_for(paper.document)
        ]
        if not fitting:
            return paper
        resting = [replace(paper, authority_id=authority.authority_id) for authority in fitting]
        before = (one for one in resting if (times := self._presented_before(one)) and times[-1].fault is None)
        counting = (one for one, authority in zip(resting, fitting, strict=True) if _counts_on(authority, paper.on))
        return next(before, None) or next(counting, resting[0])

    def _authorities_of(self, party: str, accepted: Collection[int]) -> list[tuple[date, Authority]]:
        """Those that are held, and then those that come with the papers, in the order of their days."""
        if party not in self._held:
            received = self.transaction.depositary.received(self.charter.charter_id, party=party, is_accepted=True)
            self._held[party] = [
                (one.instrument.on, one.instrument.authority) for one in received if one.instrument.authority is not None
            ]
        held = self._held[party]
        held_ids = {authority.authority_id for _, authority in held}
        brought = [
            (paper.on, paper.authority)
            for place, paper in self._brought.get(party, ())
            if place in accepted and paper.authority is not None and paper.authority.authority_id not in held_ids
        ]
        return sorted([*held, *brought], key=lambda one: one[0])

    def _faults_of(self, new: list[Instrument]) -> dict[str, Fault]:
        depositary, charter_id = self.transaction.depositary, self.charter.charter_id
        register = depositary.remembered(self.charter)
        try:
            read_papers(register, [*depositary.accepted_after(charter_id, register.memory.folded_through), *new])
        except ClosedDayError:
            register = Register(self.charter)
            register.read([*depositary.accepted_after(charter_id, date.min), *new])
        return register.faults

    def _id_of(self, paper: Instrument, is_accepted: bool) -> str:  # noqa: FBT001  # a fact about the paper
        """The id under which a paper stands in the end, accepted or returned as is said."""
        times = self._presented_before(paper)
        stands = bool(times) and (times[-1].fault is None or not is_accepted)
        return times[-1].instrument.instrument_id if stands else self._under_id(paper, len(times)).instrument_id

    def _presented_before(self, paper: Instrument) -> tuple[Received, ...]:
        """Every time that this very paper was presented, oldest first."""
        found: list[Received] = []
        while (known := self._find(self._under_id(paper, len(found)).instrument_id)) is not None:
            found.append(known)
        return tuple(found)

    def _find(self, instrument_id: str) -> Received | None:
        if instrument_id not in self._known:
            self._known[instrument_id] = self.transaction.depositary.find_instrument(instrument_id)
        return self._known[instrument_id]

    def _under_id(self, paper: Instrument, presented: int) -> Instrument:
        named = operation_id("instrument", self.charter.charter_id, paper_of(paper), presented)
        return replace(paper, instrument_id=f"ins_{named[:24]}")


def _judged(instrument: Instrument, times: Sequence[Received], fault: Fault | None) -> Examined:
    last = times[-1] if times else None
    if last is None or (last.fault is not None and (fault is None or fault.clause != last.fault.clause)):
        return Examined(instrument, fault)
    return Examined(instrument, last.fault, last)


def _counts_on(authority: Authority, day: date) -> bool:
    return authority.issued_on <= day and (authority.expires_on is None or day <= authority.expires_on)
