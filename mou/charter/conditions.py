"""Whether the conditions of entry into force are met: each one on its own, met, not met, or not to be known."""

import math
from dataclasses import dataclass
from enum import StrEnum

from mou.charter.clauses import VoteBase, VoteRule
from mou.charter.instruments import Charter, Meeting
from mou.charter.memory import Tally
from mou.models import OrganisationKind
from signatures.messages import Message, say


class Outcome(StrEnum):
    """Three honest answers."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of entry into force: how many it needs, how many there are; `kind` where it asks for a class."""

    clause: str
    needed: int | None
    counted: int
    outcome: Outcome
    kind: OrganisationKind | None = None
    reason: Message | None = None

    @property
    def missing(self) -> int | None:
        """How many are still needed; None where that cannot be known."""
        return None if self.needed is None else max(0, self.needed - self.counted)


def conditions_of(charter: Charter, tally: Tally) -> tuple[Condition, ...]:
    """Return every condition of the clause on entry into force, against the parties counted."""
    clause = charter.clauses.entry_into_force
    found = []
    if clause.min_count is not None:
        found.append(_condition("entry_into_force.min_count", clause.min_count, tally.total))
    if clause.min_fraction is not None:
        if charter.listed is None:
            found.append(
                Condition(
                    "entry_into_force.min_fraction",
                    None,
                    tally.listed,
                    Outcome.UNKNOWN,
                    reason=say("the share cannot be computed: the list {list} is not recorded", list=clause.of_list or "-"),
                )
            )
        else:
            needed = math.ceil(clause.min_fraction * len(charter.listed))
            found.append(_condition("entry_into_force.min_fraction", needed, tally.listed))
    for kind, needed in sorted((clause.class_minimums or {}).items()):
        found.append(_condition("entry_into_force.class_minimums", needed, tally.by_kind.get(kind, 0), kind))
    return tuple(found)


def sum_of(conditions: tuple[Condition, ...]) -> Outcome:
    """Return whether all are met: one that is not met decides, one that cannot be known leaves the sum unknown."""
    outcomes = {condition.outcome for condition in conditions}
    return next((one for one in (Outcome.NOT_MET, Outcome.UNKNOWN) if one in outcomes), Outcome.MET)


def vote_fault(rule: VoteRule, meeting: Meeting, members: int) -> Message | None:
    """Return why a vote does not carry what the rule asks for, or None where it does.

    `members` are the parties at the beginning of the day: derived, not taken from the minutes.
    """
    bases = {
        VoteBase.MEMBERS: members,
        VoteBase.MEMBERS_PRESENT: meeting.total_present,
        VoteBase.VOTES_CAST: meeting.in_favour + meeting.against,
    }
    base = bases[rule.of]
    if base == 0:
        return say("a vote is expected, and there was nobody to take it of ({base})", base=rule.of)
    needed = math.ceil(rule.min_fraction * base)
    if meeting.in_favour >= needed:
        return None
    return say("{needed} of {base} votes in favour are expected, got {got}", needed=needed, base=base, got=meeting.in_favour)


def _condition(clause: str, needed: int, counted: int, kind: OrganisationKind | None = None) -> Condition:
    return Condition(clause, needed, counted, Outcome.MET if counted >= needed else Outcome.NOT_MET, kind)
