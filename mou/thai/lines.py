"""A long name or title in lines of about equal length. Pure.

1. A line ends at a space, after the word for a kind (มูลนิธิ) or before a joining word (และ, เพื่อ); a number stays with its word.
2. A line takes at most so many columns, unless it is one part that cannot be broken.
3. There are as few lines as possible; among the ways with so few, the one whose longest and shortest line differ least;
   among these, the one that breaks at most spaces.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias

from mou.thai.characters import columns as columns_of
from mou.thai.protection import split_at_joints
from signatures.messages import say

_Lines: TypeAlias = Sequence[Sequence[tuple[int, int]]]
"""For each part the lines that may begin with it, longest first: the number of the part behind the line, and its columns."""


def balanced_lines(text: str, columns: int) -> tuple[str, ...]:
    """The text in lines; joined by the spaces at which it was broken it is the text, without the spaces at its two ends.

    Args:
        text: a name or a title, not escaped; an empty one has no line.
        columns: how many columns a line holds, as `mou.thai.columns` counts them.

    Raises:
        ValueError: a line holds no column.
    """
    if columns < 1:
        raise ValueError(say("a line of at least one column is expected, got {columns}", columns=columns))
    if not (stripped := text.strip(" ")):
        return ()
    parts = split_at_joints(stripped)
    lines = tuple(tuple(_lines_from(parts, start, columns))[::-1] for start in range(len(parts)))
    ends = _most_even(lines, frozenset(number for number, (gap, _) in enumerate(parts) if number and not gap))
    return tuple(_joined(parts[start:end]) for start, end in zip((0, *ends), ends, strict=False))


def _joined(parts: Sequence[tuple[str, str]]) -> str:
    (_, first), *rest = parts
    return first + "".join(gap + part for gap, part in rest)


def _lines_from(parts: Sequence[tuple[str, str]], start: int, columns: int) -> Iterator[tuple[int, int]]:
    width = columns_of(parts[start][1])
    yield start + 1, width
    for number, (gap, part) in enumerate(parts[start + 1 :], start=start + 1):
        width += columns_of(gap + part)
        if width > columns:
            return
        yield number + 1, width


def _most_even(lines: _Lines, inside_words: frozenset[int]) -> tuple[int, ...]:
    """The ends of the lines, by rule 3; `inside_words` are the parts before which there is no space."""
    fewest = _fewest_lines(lines)
    widths = {width for choices in lines for _, width in choices}
    narrowest = {shortest: _narrowest(lines, fewest, shortest) for shortest in sorted(widths)}
    bounds = [(shortest, longest) for shortest, longest in narrowest.items() if longest is not None]
    least = min(longest - shortest for shortest, longest in bounds)
    ways = [_kindest(lines, fewest, inside_words, one) for one in bounds if one[1] - one[0] == least]
    return min((way for way in ways if way), key=lambda way: way[0])[1]


def _fewest_lines(lines: _Lines) -> list[int]:
    """How many lines the text from each part on takes at least, and 0 behind the last part."""
    fewest = [0] * (len(lines) + 1)
    for start in reversed(range(len(lines))):
        fewest[start] = 1 + min(fewest[end] for end, _ in lines[start])
    return fewest


def _narrowest(lines: _Lines, fewest: Sequence[int], shortest: int) -> int | None:
    """How narrow the longest line can be, in the fewest lines and none below `shortest` columns; None if there is no way."""

    @cache
    def from_part(start: int) -> int | None:
        if start == len(lines):
            return 0
        # In the fewest lines altogether, what follows a line is in its fewest lines too.
        rests = ((width, from_part(end)) for end, width in lines[start] if width >= shortest and fewest[end] < fewest[start])
        return min((max(width, rest) for width, rest in rests if rest is not None), default=None)

    return from_part(0)


def _kindest(
    lines: _Lines, fewest: Sequence[int], inside_words: frozenset[int], bounds: tuple[int, int]
) -> tuple[int, tuple[int, ...]] | None:
    """The way with the fewest breaks inside words, lines within these bounds: the number of such breaks, and the lines' ends."""

    @cache
    def from_part(start: int) -> tuple[int, tuple[int, ...]] | None:
        if start == len(lines):
            return 0, ()
        ways = (
            (rest[0] + (end in inside_words), (end, *rest[1]))
            for end, width in lines[start]
            if bounds[0] <= width <= bounds[1] and fewest[end] < fewest[start] and (rest := from_part(end))
        )
        return min(ways, key=lambda way: way[0], default=None)

    return from_part(0)
