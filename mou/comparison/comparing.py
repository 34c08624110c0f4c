"""Two texts, article by article -> what was kept, removed and added, word by word. Pure.

1. An article is unchanged, changed, added, removed, or moved: the same text with another number or in another place.
2. A comparison holds every word of both texts: kept and removed are the old one, kept and added the new one, in order.
3. What is removed stands before what is added in its place; where too little is the same, the whole paragraph is replaced.
4. Applied to a text it gives the other one, and refuses a text from which it was not made.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from itertools import groupby, takewhile
from typing import Final, TypeAlias

from mou.comparison.articles import Article, PieceKind
from mou.comparison.matching import Match, Words, common_share, match_articles, match_paragraphs
from mou.comparison.words import CLUSTERS, Divider, DividerName, words_of
from mou.errors import InputError


class EditKind(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that stand one after the other and had the same fate; never empty."""

    kind: EditKind
    text: str


Edits: TypeAlias = tuple[Edit, ...]


class Outcome(StrEnum):
    """What became of an article."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """One article in both texts; the places count pieces from 0 and are None where a text does not have it."""

    outcome: Outcome
    kind: PieceKind
    old_place: int | None
    new_place: int | None
    number: Edits
    heading: Edits
    paragraphs: tuple[Edits, ...]

    @property
    def old(self) -> Article | None:
        """The article of the old text, made of what was kept and removed."""
        return None if self.old_place is None else self._side(old_side)

    @property
    def new(self) -> Article | None:
        """The article of the new text, made of what was kept and added."""
        return None if self.new_place is None else self._side(new_side)

    def _side(self, side: Callable[[Edits], str]) -> Article:
        paragraphs = tuple(text for edits in self.paragraphs if (text := side(edits)))
        return Article(self.kind, side(self.number), side(self.heading), paragraphs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All articles of both texts in the order of the new one; `divider` is what found the words."""

    changes: tuple[ArticleChange, ...]
    divider: DividerName

    @property
    def finds_nothing(self) -> bool:
        """Whether the two texts say the same, word for word, in the same order."""
        return all(one.outcome is Outcome.UNCHANGED for one in self.changes)

    @property
    def old_articles(self) -> tuple[Article, ...]:
        """The old text."""
        placed = [(one.old_place, one.old) for one in self.changes if one.old_place is not None]
        return tuple(article for _, article in sorted(placed, key=lambda one: one[0]) if article is not None)

    @property
    def new_articles(self) -> tuple[Article, ...]:
        """The new text."""
        placed = [(one.new_place, one.new) for one in self.changes if one.new_place is not None]
        return tuple(article for _, article in sorted(placed, key=lambda one: one[0]) if article is not None)

    def with_outcome(self, outcome: Outcome) -> tuple[ArticleChange, ...]:
        """Return the articles to which this happened."""
        return tuple(one for one in self.changes if one.outcome is outcome)


_SHORTEST_KEPT: Final = {DividerName.LIBTHAI: 2, DividerName.WORD_LIST: 2, DividerName.CLUSTERS: 3}
"""Fewer words between two changes, such as a space, are the same by chance; without words, fewer clusters."""

_LONGEST_COMPARED_WORDS: Final = 1000
"""In a longer paragraph words that are everywhere are no landmarks (difflib's `autojunk`): else the time grows with the cube."""

_LEAST_COMMON_SHARE: Final = 0.3
"""Of the words of a paragraph, for the differences to be shown inside it."""


def compare(
    old: Sequence[Article], new: Sequence[Article], *, divider: Divider = CLUSTERS, names: Iterable[str] = ()
) -> Comparison:
    """Return what differs between two texts.

    Args:
        old: the pieces of the one text, as `articles_of` gives them.
        new: the pieces of the other.
        divider: what finds Thai words (`installed_divider()`).
        names: names that are corrected as a whole, such as `FilledDocument.protected_names` of both.
    """
    known = tuple(names)

    @cache
    def words(text: str) -> Sequence[str]:
        return words_of(text, divider, known)

    shortest_kept = _SHORTEST_KEPT[divider.name]
    changes = (_change(match, old, new, words, shortest_kept) for match in match_articles(old, new, words))
    return Comparison(tuple(changes), divider.name)


def applied(comparison: Comparison, articles: Sequence[Article], *, backwards: bool = False) -> tuple[Article, ...]:
    """Return the new text that the differences make of the old one, or backwards the old one of the new.

    Raises:
        InputError: the comparison was not made from this text.
    """
    expected, result = comparison.old_articles, comparison.new_articles
    if backwards:
        expected, result = result, expected
    if tuple(articles) != expected:
        place = next((place for place, pair in enumerate(zip(articles, expected, strict=False)) if pair[0] != pair[1]), None)
        at = min(len(articles), len(expected)) if place is None else place
        raise InputError(
            "the comparison was not made from this text: piece {place} differs, expected {expected}, got {got}; compare again",
            place=at + 1,
            expected=_name_of(expected, at),
            got=_name_of(articles, at),
        )
    return result


def old_side(edits: Edits) -> str:
    """Return what stood there."""
    return "".join(edit.text for edit in edits if edit.kind is not EditKind.ADDED)


def new_side(edits: Edits) -> str:
    """Return what stands there now."""
    return "".join(edit.text for edit in edits if edit.kind is not EditKind.REMOVED)


def differences(old: Sequence[str], new: Sequence[str], *, shortest_kept: int = 1) -> Edits:
    """Return the differences between two texts in words; fewer kept words than that between two changes are part of them."""
    start = _same_at_start(old, new)
    end = _same_at_start(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    middle = _middle(old[start:old_end], new[start:new_end], shortest_kept)
    return _joined([(EditKind.KEPT, old[:start]), *middle, (EditKind.KEPT, old[old_end:])])


def _same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _middle(old: Sequence[str], new: Sequence[str], shortest_kept: int) -> Iterator[tuple[EditKind, Sequence[str]]]:
    """Yield what lies between the first and the last change."""
    removed: list[str] = []
    added: list[str] = []
    is_long = max(len(old), len(new)) > _LONGEST_COMPARED_WORDS
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=is_long).get_opcodes():
        kept = old[old_start:old_end]
        if tag == "equal" and len(kept) >= shortest_kept:
            yield from ((EditKind.REMOVED, removed), (EditKind.ADDED, added), (EditKind.KEPT, kept))
            removed, added = [], []
        else:
            removed += kept
            added += new[new_start:new_end]
    yield from ((EditKind.REMOVED, removed), (EditKind.ADDED, added))


def _joined(pieces: Iterable[tuple[EditKind, Sequence[str]]]) -> Edits:
    texts = ((kind, "".join(words)) for kind, words in pieces)
    by_kind = groupby(((kind, text) for kind, text in texts if text), key=lambda piece: piece[0])
    return tuple(Edit(kind, "".join(text for _, text in group)) for kind, group in by_kind)


def _change(match: Match, old: Sequence[Article], new: Sequence[Article], words: Words, shortest_kept: int) -> ArticleChange:
    kind = old[match.old].kind if match.new is None and match.old is not None else new[match.new or 0].kind
    nothing = Article(kind, "", "", ())
    before = nothing if match.old is None else old[match.old]
    after = nothing if match.new is None else new[match.new]

    def edits(text: str, other: str) -> Edits:
        return _edits(text, other, words, shortest_kept)

    pairs = match_paragraphs(before.paragraphs, after.paragraphs, words)
    return ArticleChange(
        _outcome(match, before, after),
        kind,
        match.old,
        match.new,
        edits(before.number, after.number),
        edits(before.heading, after.heading),
        tuple(edits(_at(before.paragraphs, place), _at(after.paragraphs, other)) for place, other in pairs),
    )


def _outcome(match: Match, before: Article, after: Article) -> Outcome:
    if match.old is None:
        return Outcome.ADDED
    if match.new is None:
        return Outcome.REMOVED
    if before == after:
        return Outcome.MOVED if match.is_elsewhere else Outcome.UNCHANGED
    return Outcome.MOVED if match.has_same_text and before.number != after.number else Outcome.CHANGED


def _edits(text: str, other: str, words: Words, shortest_kept: int) -> Edits:
    if text == other:
        return _joined([(EditKind.KEPT, [text])])
    old, new = words(text), words(other)
    if old and new and common_share(old, new) < _LEAST_COMMON_SHARE:
        return _joined([(EditKind.REMOVED, old), (EditKind.ADDED, new)])
    return differences(old, new, shortest_kept=shortest_kept)


def _at(paragraphs: Sequence[str], place: int | None) -> str:
    return "" if place is None else paragraphs[place]


def _name_of(articles: Sequence[Article], place: int) -> str:
    return (articles[place].name or articles[place].kind.value) if place < len(articles) else "-"
