"""Revisions and their steps -> for each signed revision what came after it.

A revision that only takes a known step (`signatures.steps`) was looked at once, and the answer counts for every earlier
signature. After a signature with a revision among its later ones that is not known, pyHanko compares the signed revision with
each later one, by the rules of `signatures.changes`; that is dear, so the seconds spent on one file are limited.

A value that was filled stays: pairs of revisions do not show it to a signature that is older than both, so it is looked at
here, step by step, for the revisions that are not known.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel, StandardDiffPolicy, SuspiciousModification
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from signatures.changes import CLOSING_POLICY, FOREIGN_POLICIES, OWN_POLICY, REGISTRY_FIELD
from signatures.contents import member
from signatures.steps import Step

COMPARISON_SECONDS_AT_MOST = 8.0
"""For all comparisons of one file; one that has begun is finished."""
_DEPTH_AT_MOST = 20


class ComparisonTooLongError(Exception):
    """The comparisons of one file took longer than they may; the signature's changes are not known."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What a signature lets happen after it (ISO 32000-2, 12.8.2.2 and 12.8.2.4); None stands for no lock of its own."""

    level: MDPPerm | None
    fields: FieldMDPSpec | None


@dataclass(slots=True)
class Comparison:
    """One file's revisions, judged by one of the two policies."""

    reader: PdfFileReader
    steps: Sequence[Step | None]
    last_signed_revision: int
    is_own: bool
    certification: MDPPerm | None = None
    clock: Callable[[], float] = time.thread_time  # a busy machine is no fault of the file
    seconds: float = 0.0
    _replaced: dict[int, str | None] = field(default_factory=dict)

    def after(self, base: int, lock: Lock) -> DiffResult | SuspiciousModification:
        """Return what was added after revision `base`, or what speaks against it; levels are judged against the lock.

        Raises:
            ComparisonTooLongError: the comparisons took too long.
        """
        outcome = self._outcome(base, lock)
        level = lock.level
        if isinstance(outcome, DiffResult) and level is not None and outcome.modification_level.value > level.value:
            return SuspiciousModification(f"{outcome.modification_level.name} at DocMDP level {level.value}")
        return outcome

    def _outcome(self, base: int, lock: Lock) -> DiffResult | SuspiciousModification:
        later = self.steps[base + 1 :]
        known = [step for step in later if step is not None]
        if len(known) == len(later) == self.reader.xrefs.total_revisions - base - 1 and lock.fields is None:
            outcome: DiffResult | SuspiciousModification = _sum(known)
        else:
            outcome = self._compare_with_each(base, lock)
        if self.is_own and base == self.last_signed_revision and isinstance(outcome, DiffResult) and later:
            outcome = self._review(CLOSING_POLICY, base, base + 1, Lock(None, None))
        return outcome

    def _compare_with_each(self, base: int, lock: Lock) -> DiffResult | SuspiciousModification:
        policy = OWN_POLICY if self.is_own else FOREIGN_POLICIES[self.certification]
        outcome = self._review(policy, base, base + 1, lock)
        if isinstance(outcome, DiffResult):
            for revision in range(base + 1, self.reader.xrefs.total_revisions):
                if name := self._replaced_value(revision):
                    return SuspiciousModification(f"the value of {name} was replaced in revision {revision}")
        return outcome

    def _review(self, policy: StandardDiffPolicy, base: int, first: int, lock: Lock) -> DiffResult | SuspiciousModification:
        """Compare the revision with each later one, as pyHanko's `review_file` does, while there is time."""
        old = self.reader.get_historical_resolver(base)
        total = DiffResult(ModificationLevel.NONE, set())
        for revision in range(first, self.reader.xrefs.total_revisions):
            if self.seconds > COMPARISON_SECONDS_AT_MOST:
                raise ComparisonTooLongError
            begin = self.clock()
            try:
                new = self.reader.get_historical_resolver(revision)
                found = policy.apply(old, new, field_mdp_spec=lock.fields, doc_mdp=lock.level)
            except SuspiciousModification as refused:
                return refused
            finally:
                self.seconds += self.clock() - begin
            total = DiffResult(
                max(total.modification_level, found.modification_level), total.changed_form_fields | found.changed_form_fields
            )
        return total

    def _replaced_value(self, revision: int) -> str | None:
        """Return the name of a signature field, or field of the registry, whose value this revision replaced or removed."""
        if self.steps and self.steps[revision] is not None:
            return None
        if revision not in self._replaced:
            before, after = (dict(_values(self.reader, number)) for number in (revision - 1, revision))
            names = [name for name, value in before.items() if after.get(name) != value]
            self._replaced[revision] = names[0] if names else None
        return self._replaced[revision]


def _sum(steps: Sequence[Step]) -> DiffResult:
    level = max((step.level for step in steps), default=ModificationLevel.NONE)
    return DiffResult(level, {name for step in steps for name in step.fields})


def _values(reader: PdfFileReader, revision: int) -> Iterator[tuple[str, generic.PdfObject]]:
    """Yield name and value of each filled signature field and field of the registry, the value as it stands: a reference."""
    form = member(reader.get_historical_resolver(revision).root, "/AcroForm")
    fields = member(form, "/Fields") if isinstance(form, generic.DictionaryObject) else None
    waiting = [(one, "", 0) for one in fields] if isinstance(fields, generic.ArrayObject) else []
    while waiting:
        item, parent, depth = waiting.pop()
        found = item.get_object()
        if not isinstance(found, generic.DictionaryObject) or depth > _DEPTH_AT_MOST:
            continue
        name = f"{parent}.{found.get('/T', '')}".lstrip(".")
        if "/V" in found and (found.get("/FT") == "/Sig" or REGISTRY_FIELD.fullmatch(name)):
            value = found.raw_get("/V")
            if not isinstance(value, generic.NullObject):
                yield name, value
        kids = member(found, "/Kids")
        waiting.extend((kid, name, depth + 1) for kid in kids) if isinstance(kids, generic.ArrayObject) else None
