"""A comparison of drafts -> its blocks in reading order; its changes numbered, so that each can be accepted by itself. Pure.

1. A block is a heading with its number, a paragraph, or the row of a table; each that was changed, added or removed has a number.
2. An article that stands elsewhere has a number for that, before those of its blocks. Which articles moved, where two changed
   places, is that with the fewest blocks.
3. Numbers count from 1 in the order of the newer text; what was removed follows what it followed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mou.comparison.articles import Article
from mou.comparison.comparing import ArticleChange, Comparison, Edit, EditKind, Edits, Outcome, new_side, old_side
from mou.comparison.wording import is_change


@dataclass(frozen=True, slots=True)
class Item:
    """One block in both texts or in one: its article's place among the comparison's, its paragraph's (None: the heading).

    `old` and `new` are the places of the block among all blocks of each text.
    """

    article: int
    paragraph: int | None
    edits: Edits
    old: int | None
    new: int | None

    @property
    def outcome(self) -> Outcome:
        """What became of the block."""
        if self.old is None:
            return Outcome.ADDED
        if self.new is None:
            return Outcome.REMOVED
        return Outcome.CHANGED if is_change(self.edits) else Outcome.UNCHANGED


@dataclass(frozen=True, slots=True)
class NumberedChange:
    """One change that can be accepted by itself; `item` is the block, or of an article that moved its first one."""

    number: int
    outcome: Outcome
    item: Item


def items_of(comparison: Comparison) -> tuple[Item, ...]:
    """Return each block of both texts once, in reading order."""
    old_starts, new_starts = _starts(comparison.old_articles), _starts(comparison.new_articles)
    items: list[Item] = []
    for place, change in enumerate(comparison.changes):
        old = None if change.old_place is None else old_starts[change.old_place]
        new = None if change.new_place is None else new_starts[change.new_place]
        items += _items_of_article(place, change, old, new)
    return tuple(items)


def numbered(comparison: Comparison) -> tuple[NumberedChange, ...]:
    """Return the changes in reading order, each with its number."""
    elsewhere = moved_articles(comparison)
    found: list[NumberedChange] = []
    for item in items_of(comparison):
        if item.article in elsewhere:
            elsewhere -= {item.article}
            found.append(NumberedChange(len(found) + 1, Outcome.MOVED, item))
        if item.outcome is not Outcome.UNCHANGED:
            found.append(NumberedChange(len(found) + 1, item.outcome, item))
    return tuple(found)


def moved_articles(comparison: Comparison) -> frozenset[int]:
    """Return the places, among the comparison's, of the articles that stand elsewhere (rule 2)."""
    both = [
        (place, change.old_place)
        for place, change in enumerate(comparison.changes)
        if change.old_place is not None and change.new_place is not None
    ]
    weights = [1 + len(comparison.changes[place].paragraphs) for place, _ in both]
    best = list(weights)
    before: list[int | None] = [None] * len(both)
    for this, (_, old_place) in enumerate(both):
        for other in range(this):
            if both[other][1] < old_place and best[other] + weights[this] > best[this]:
                best[this], before[this] = best[other] + weights[this], other
    kept: set[int] = set()
    last = max(range(len(both)), key=best.__getitem__, default=None)
    while last is not None:
        kept.add(both[last][0])
        last = before[last]
    return frozenset(place for place, _ in both) - kept


def name_edits(change: ArticleChange) -> Edits:
    """Return number and heading of an article as one line."""
    between = (Edit(EditKind.KEPT, " "),) if change.number and change.heading else ()
    return (*change.number, *between, *change.heading)


def _starts(articles: Sequence[Article]) -> list[int]:
    """Return the place of each article's first block."""
    return [0, *accumulate(bool(one.name) + len(one.paragraphs) for one in articles)]


def _items_of_article(place: int, change: ArticleChange, old: int | None, new: int | None) -> Iterator[Item]:
    heading = name_edits(change)
    has_old = bool(old_side(change.number) or old_side(change.heading))
    has_new = bool(new_side(change.number) or new_side(change.heading))
    if heading:
        yield Item(place, None, heading, old if has_old else None, new if has_new else None)
    if old is not None:
        old += has_old
    if new is not None:
        new += has_new
    for paragraph, edits in enumerate(change.paragraphs):
        is_old, is_new = bool(old_side(edits)), bool(new_side(edits))
        yield Item(place, paragraph, edits, old if is_old else None, new if is_new else None)
        old = old + 1 if old is not None and is_old else old
        new = new + 1 if new is not None and is_new else new
