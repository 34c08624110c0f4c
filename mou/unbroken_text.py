"""Text that goes on without a space for longer than its lines can be found in a reasonable time. Pure.

The time to find the ends of their lines grows with the square of the number of letters: in a cell one second for 2,000 and twenty
for 10,000, in a paragraph one second for 16,000 and a hundred for 64,000. No sentence of a Thai agreement comes near.
"""

from collections.abc import Iterator
from typing import Final

from signatures.messages import Message, say

LONGEST_WITHOUT_SPACE: Final = 2_000
"""How many letters of a text may follow each other without a space."""

BEGINNING: Final = 40
"""How many letters of such a text show which one it is."""


def long_runs(text: str) -> list[str]:
    """Return each stretch of a plain text that goes on for too long without a space."""
    if len(text) <= LONGEST_WITHOUT_SPACE:
        return []
    return [run for run in text.split() if len(run) > LONGEST_WITHOUT_SPACE]


def space_problems(text: str, place: str) -> Iterator[Message]:
    """Yield what is wrong with such stretches of a plain text that stands in this place."""
    yield from (without_space(run, place) for run in long_runs(text))


def without_space(run: str, place: str) -> Message:
    """Return what is wrong with such a stretch, with the place where it stands."""
    return say(
        "{place}: a space is expected after at most {most} letters, got {count} without one: {beginning};"
        " put spaces where a reader pauses",
        place=place,
        **_told(run),
    )


def value_without_space(run: str, field: str, label: str) -> Message:
    """Return what is wrong with such a stretch that a field has brought."""
    return say(
        "{field} ({label}): a space is expected after at most {most} letters, got {count} without one: {beginning};"
        " put spaces where a reader pauses",
        field=field,
        label=label,
        **_told(run),
    )


def _told(run: str) -> dict[str, object]:
    return {"most": LONGEST_WITHOUT_SPACE, "count": len(run), "beginning": f"“{run[:BEGINNING]}…”"}
