"""What a check found: per standard and clause, and what no rule could judge. Values only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.rendering.conformance.inspection import Inspection


class Standard(StrEnum):
    """A standard, by the name that a validator gives it."""

    ARCHIVE = "PDF/A-3a"
    """ISO 19005-3:2012, level A."""
    ACCESS = "PDF/UA-1"
    """ISO 14289-1:2014."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found, and where in the file."""

    message: Message
    place: Message


@dataclass(frozen=True, slots=True)
class Unseen:
    """What could not be judged, and where; it counts neither as a fault nor as passed."""

    message: Message
    place: Message


Observation = Fault | Unseen


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a function that yields what it sees, and the clauses that ask for it; an empty clause asks for nothing."""

    find: Callable[["Inspection"], Iterable[Observation]]
    archive: str = ""
    access: str = ""

    @property
    def name(self) -> str:
        """The rule's name in words."""
        return self.find.__name__.replace("_", " ")

    @property
    def clauses(self) -> tuple[tuple[Standard, str], ...]:
        """The standards that have such a clause, each with its number."""
        both = ((Standard.ARCHIVE, self.archive), (Standard.ACCESS, self.access))
        return tuple((standard, clause) for standard, clause in both if clause)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault under one standard; `rule` is the number of the rule, counted from 1."""

    rule: int
    standard: Standard
    clause: str
    message: Message
    place: Message


@dataclass(frozen=True, slots=True)
class ConformanceReport:
    """Everything that the rules saw in one file. It claims no conformance: a full validator has the last word."""

    rules: int
    findings: tuple[Finding, ...]
    unseen: tuple[Unseen, ...]

    def of(self, standard: Standard) -> tuple[Finding, ...]:
        """Return the findings under one standard, in the order of the rules."""
        return tuple(finding for finding in self.findings if finding.standard is standard)

    @property
    def has_faults(self) -> bool:
        """Whether any rule found a fault."""
        return bool(self.findings)

    @property
    def is_complete(self) -> bool:
        """Whether every rule could judge all that it is about."""
        return not self.unseen

    def summary(self) -> Message:
        """Return the sum in one sentence; where something was not looked at, it says so."""
        if self.findings:
            return say(
                "faults found by {rules} rules: {archive} against PDF/A-3a, {access} against PDF/UA-1",
                rules=self.rules,
                archive=len(self.of(Standard.ARCHIVE)),
                access=len(self.of(Standard.ACCESS)),
            )
        if self.unseen:
            return say(
                "no fault found by {rules} rules, {count} things not looked at; a full validator has the last word",
                rules=self.rules,
                count=len(self.unseen),
            )
        return say("no fault found by {rules} rules; a full validator has the last word", rules=self.rules)
