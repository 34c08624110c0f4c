"""How dear a document's checking becomes once everybody has signed it.

A signature that is followed by known steps alone (`signatures.steps`) costs next to nothing. One that has a lock of fields, or is
followed by a revision that is not known, is compared with each later revision (`signatures.comparison`), within a few seconds for
the whole file. So one unusual revision in the middle of many signatures could leave a document that nobody can check in time:
that is found out before the revision is accepted.
"""

from bisect import bisect_left
from collections.abc import Mapping

from signatures.reader import open_reader
from signatures.revisions import read_revisions
from signatures.steps import recognised_steps

COMPARISONS_AT_MOST = 40
"""Of two revisions each. With our own charter one takes 0.05 to 0.1 seconds of a processor, and a machine may be busy."""


def comparisons_to_come(pdf: bytes, signed_until: Mapping[str, int], *, locking: frozenset[str], still_empty: int) -> int:
    """Return how many comparisons one check will take when the empty fields are filled by known steps.

    Args:
        pdf: a document whose signatures were validated.
        signed_until: each filled field -> the end of the signed range, in bytes.
        locking: the filled fields whose signatures have a lock of fields.
        still_empty: how many signatures are still to come.
    """
    revisions = read_revisions(pdf)
    steps = recognised_steps(pdf, open_reader(pdf, strict=True), revisions[0].end)
    last_unknown = max((number for number, step in enumerate(steps) if step is None), default=0)
    total = 0
    for field, end in signed_until.items():
        number = bisect_left(revisions, end, key=lambda revision: revision.end)
        if number < last_unknown or field in locking:
            total += len(revisions) - 1 - number + still_empty
    return total
