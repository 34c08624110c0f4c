"""Computed facts: what follows from the instruments of a charter by its clauses, and that everybody is to be told of.

A fact is told when its day is fixed, which may lie ahead; that the charter is in force is told when the day has come. Rules:

1. The conditions of entry into force, once met, fix the charter's own day; the instruments that met them stand beside it.
2. A later party, one that consented after that day, starts on a day of its own. Founders start with the charter.
3. A notice of withdrawal fixes the day on which its party leaves. Where the party left before that by other means, nothing is
   left to be told.
4. A succession moves no day: an heir of a party that had started by then has no fact of its own.
5. An instrument that comes late may change what follows from the others. So whoever tells facts compares all that are true now
   with all that were told (`facts_to_tell`), and tells as well which of them no longer hold.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from mou.charter.memory import Leaving, Membership, PartyMemory
from mou.charter.register import Register


class FactKind(StrEnum):
    """What follows; the order is that in which the facts of one day are told."""

    CONDITIONS_MET = "conditions_met"
    CHARTER_IN_FORCE = "charter_in_force"
    PARTY_IN_FORCE = "party_in_force"
    WITHDRAWAL_EFFECTIVE = "withdrawal_effective"
    AMENDMENT_IN_FORCE = "amendment_in_force"
    PARTY_LET_GO = "party_let_go"  # an amendment came into force that it had not accepted, and the clause lets it go
    CHARTER_ENDED = "charter_ended"


@dataclass(frozen=True, slots=True)
class Fact:
    """One computed fact and its day; `because` are the ids of the instruments that it follows from.

    `from_day` is, where the conditions were met, the day of entry into force that this fixed. `name` is the organisation's. A
    fact that was told before and does not hold any more has `holds` false.
    """

    kind: FactKind
    on: date
    party: str | None = None
    name: str | None = None
    reference: str | None = None  # the amendment
    from_day: date | None = None
    because: tuple[str, ...] = ()
    holds: bool = True

    @property
    def key(self) -> "Fact":
        """What makes it this fact and no other: an organisation may change its name meanwhile."""
        return replace(self, name=None, holds=True)

    @property
    def sort_key(self) -> tuple[date, int, str, str]:
        """The place in which it is told."""
        return (self.on, list(FactKind).index(self.kind), self.party or "", self.reference or "")


def facts_of(register: Register, on: date) -> tuple[Fact, ...]:
    """Return every fact that is known at the end of a day; cost in proportion to the parties, all of which are looked at."""
    register.settle(on)
    found = [*_of_charter(register, on)]
    for name in sorted(register.parties):
        found += _of_party(register, register.party(name))
    return tuple(sorted(found, key=lambda fact: fact.sort_key))


def facts_to_tell(told: Iterable[Fact], now: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return what is new since these facts were told, in their order, and what was told and does not hold any more."""
    standing: dict[Fact, Fact] = {}
    for fact in told:
        if fact.holds:
            standing[fact.key] = fact
        else:
            standing.pop(fact.key, None)
    true_now = {fact.key: fact for fact in now}
    new = [fact for key, fact in true_now.items() if key not in standing]
    over = [replace(fact, holds=False) for key, fact in standing.items() if key not in true_now]
    return tuple(sorted([*over, *new], key=lambda fact: (fact.holds, fact.sort_key)))


def _of_charter(register: Register, on: date) -> Iterator[Fact]:
    memory, ended_on = register.memory, register.ended_from(on)
    if memory.met_on is not None and memory.in_force_on is not None:
        yield Fact(FactKind.CONDITIONS_MET, memory.met_on, from_day=memory.in_force_on, because=memory.triggers)
        if memory.in_force_on <= on and (ended_on is None or memory.in_force_on < ended_on):
            yield Fact(FactKind.CHARTER_IN_FORCE, memory.in_force_on, because=memory.triggers)
    for name, amendment in memory.amendments.items():
        if amendment.in_force_on is not None:
            yield Fact(FactKind.AMENDMENT_IN_FORCE, amendment.in_force_on, reference=name)
    if ended_on is not None:
        yield Fact(FactKind.CHARTER_ENDED, ended_on)


def _of_party(register: Register, party: PartyMemory) -> Iterator[Fact]:
    for membership in party.memberships:
        start = _own_start(register, party, membership)
        if start is not None:
            yield Fact(FactKind.PARTY_IN_FORCE, start, party.party, because=(membership.instrument_id,))
        yield from _of_leaving(party, membership)


def _own_start(register: Register, party: PartyMemory, membership: Membership) -> date | None:
    """The day on which a later party starts; None for founders, for who leaves before it, and for what an heir took over."""
    start = register.start_of(membership)
    if start is None or not membership.is_later or (membership.left_on is not None and membership.left_on <= start):
        return None
    if party.succeeds is None or party.before is None or start > party.succeeds[0]:
        return start
    own = {one.instrument_id for one in party.before.memberships}
    return start if membership.instrument_id in own else None


def _of_leaving(party: PartyMemory, membership: Membership) -> Iterator[Fact]:
    if membership.left_how is Leaving.NOT_ACCEPTING and membership.left_on is not None:
        yield Fact(FactKind.PARTY_LET_GO, membership.left_on, party.party)
        return
    # Of several notices the first one decides.
    notice = next((one for one in party.withdrawals if _is_of(membership, one.notified_on)), None)
    if notice is not None and membership.left_how in {None, Leaving.WITHDRAWN}:
        yield Fact(FactKind.WITHDRAWAL_EFFECTIVE, notice.effective_on, party.party, because=(notice.instrument_id,))


def _is_of(membership: Membership, day: date) -> bool:
    """Whether a notice of this day belongs to this time of being a party, and not to one before or after."""
    return membership.consent_on <= day and (membership.left_on is None or day <= membership.left_on)
