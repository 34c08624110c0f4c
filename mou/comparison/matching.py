"""Which article of the old text is which of the new one, and which paragraph which. Pure.

Articles, in this order; only pieces of one kind go together:
1. the same text in the same order, whatever its number (a number that an article's items repeat counts as its own);
2. the same text elsewhere;
3. the same heading, where it stands once among what is left on each side;
4. the most similar text, if at least half of the words are the same;
5. the same number; then what is alone of its kind on both sides.

Paragraphs, in order: the same text; the same text but for its digits, as in a numbered list into which a row was put; the most
similar ones; and in the gaps between them what stands in the same place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, TypeAlias, TypeVar

from mou.comparison.articles import Article, PieceKind
from mou.thai import to_arabic_digits

Words: TypeAlias = Callable[[str], Sequence[str]]
Pair: TypeAlias = tuple[int | None, int | None]
"""Places in the old and the new text, from 0; None where the other one has nothing."""

Value = TypeVar("Value", bound=Hashable)

LEAST_COMMON_SHARE: Final = 0.5
"""Of the words of two articles, for them to be one article that was changed."""

_MOST_COMPARED_PAIRS: Final = 10_000
"""Of paragraphs, each with each; where there are more, they are taken as they stand."""

_ENGLISH_NUMBER: Final = re.compile(r"\b(?:Article|Section|Chapter|Part) ([0-9]+)\b")
_DIGITS: Final = re.compile("[0-9๐-๙]+")
_ONE_OF_A_KIND: Final = frozenset((PieceKind.PREAMBLE, PieceKind.CLOSING, PieceKind.ANNEX))


@dataclass(frozen=True, slots=True)
class Match:
    """One article in both texts or in one: the same but for its number, and elsewhere than what stood around it."""

    old: int | None
    new: int | None
    has_same_text: bool = False
    is_elsewhere: bool = False


def match_articles(old: Sequence[Article], new: Sequence[Article], words: Words) -> tuple[Match, ...]:
    """Return each article of both texts once, in the order of the new text; what was removed follows what it followed."""
    found: dict[int, Match] = {}
    old_bodies, new_bodies = [_body(one) for one in old], [_body(one) for one in new]
    for one, other in _in_order(old_bodies, new_bodies):
        found[one] = Match(one, other, has_same_text=True)
    for step in (_same_text, _same_heading, _most_similar, _same_number, _alone_of_its_kind):
        rest = _Rest(
            [place for place in range(len(old)) if place not in found],
            sorted(set(range(len(new))) - {match.new for match in found.values() if match.new is not None}),
        )
        for one, other in step(old, new, rest, words):
            is_same = step is _same_text
            found[one] = Match(one, other, has_same_text=is_same, is_elsewhere=is_same)
    return _in_reading_order(found, len(old), len(new))


def match_paragraphs(old: Sequence[str], new: Sequence[str], words: Words) -> tuple[Pair, ...]:
    """Return each paragraph of both texts once, in order."""
    pairs: list[Pair] = []
    for (old_start, old_end), (new_start, new_end) in _blocks(old, new):
        inner = _Gap(range(old_start, old_end), range(new_start, new_end))
        pairs += _aligned(old, new, inner, words) if old[old_start:old_end] != new[new_start:new_end] else inner.in_order()
    return tuple(pairs)


def common_share(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how much of two texts is the same words, from 0 to 1, in whatever order; spaces count for nothing."""
    return _share(_counted(one), _counted(other))


def _counted(words: Sequence[str]) -> Counter[str]:
    return Counter(word for word in words if not word.isspace())


def _share(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


@dataclass(frozen=True, slots=True)
class _Rest:
    """Places that have no partner yet."""

    old: list[int]
    new: list[int]


_Pairs: TypeAlias = Iterator[tuple[int, int]]


def _body(article: Article) -> tuple[PieceKind, str, tuple[str, ...]]:
    """Return what an article is whatever its number: its own number, where its items and heading repeat it, left out."""
    if not (digits := _DIGITS.search(article.number)):
        return article.kind, article.heading, article.paragraphs
    number = digits.group()
    repeated = re.compile(rf"(?:{number}|{to_arabic_digits(number)})(?=\.[0-9๐-๙])")
    heading = _ENGLISH_NUMBER.sub(
        lambda match: match.group().replace(match[1], "#") if match[1] == to_arabic_digits(number) else match.group(),
        article.heading,
    )
    return (
        article.kind,
        heading,
        tuple(repeated.sub("#", one, count=1) if repeated.match(one) else one for one in article.paragraphs),
    )


def _in_order(old: Sequence[Value], new: Sequence[Value]) -> _Pairs:
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for place in range(block.size):
            yield block.a + place, block.b + place


def _same_text(old: Sequence[Article], new: Sequence[Article], rest: _Rest, _words: Words) -> _Pairs:
    places = defaultdict(list)
    for place in reversed(rest.new):
        places[_body(new[place])].append(place)
    for place in rest.old:
        if waiting := places.get(_body(old[place])):
            yield place, waiting.pop()


def _same_heading(old: Sequence[Article], new: Sequence[Article], rest: _Rest, _words: Words) -> _Pairs:
    def once(articles: Sequence[Article], places: Sequence[int]) -> dict[tuple[PieceKind, str], int]:
        headings = Counter((articles[place].kind, articles[place].heading) for place in places)
        named = ((articles[place].kind, articles[place].heading, place) for place in places)
        return {(kind, heading): place for kind, heading, place in named if heading and headings[kind, heading] == 1}

    partners = once(new, rest.new)
    for heading, place in once(old, rest.old).items():
        if heading in partners:
            yield place, partners[heading]


def _most_similar(old: Sequence[Article], new: Sequence[Article], rest: _Rest, words: Words) -> _Pairs:
    """Pair off the most similar articles first; which have words in common is looked up, so that not each meets each."""

    def counted(article: Article) -> Counter[str]:
        return _counted([word for text in (article.heading, *article.paragraphs) for word in words(text)])

    old_words = {place: counted(old[place]) for place in rest.old}
    new_words = {place: counted(new[place]) for place in rest.new}
    holders: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, bag in new_words.items():
        for word, count in bag.items():
            holders[word].append((place, count))
    candidates: list[tuple[float, int, int, int]] = []
    for place, bag in old_words.items():
        common: Counter[int] = Counter()
        for word, count in bag.items():
            for other, other_count in holders.get(word, ()):
                common[other] += min(count, other_count)
        for other, number in common.items():
            share = 2 * number / (bag.total() + new_words[other].total())
            if share >= LEAST_COMMON_SHARE and old[place].kind is new[other].kind:
                candidates.append((-share, abs(place - other), place, other))
    yield from _best_first(candidates)


def _best_first(candidates: Sequence[tuple[float, int, int, int]]) -> _Pairs:
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, _, place, other in sorted(candidates):
        if place not in taken_old and other not in taken_new:
            taken_old.add(place)
            taken_new.add(other)
            yield place, other


def _same_number(old: Sequence[Article], new: Sequence[Article], rest: _Rest, _words: Words) -> _Pairs:
    places = {(new[place].kind, new[place].number): place for place in reversed(rest.new) if new[place].number}
    for place in rest.old:
        if (other := places.pop((old[place].kind, old[place].number), None)) is not None:
            yield place, other


def _alone_of_its_kind(old: Sequence[Article], new: Sequence[Article], rest: _Rest, _words: Words) -> _Pairs:
    for kind in _ONE_OF_A_KIND:
        places = [place for place in rest.old if old[place].kind is kind]
        others = [place for place in rest.new if new[place].kind is kind]
        if len(places) == len(others) == 1:
            yield places[0], others[0]


def _in_reading_order(found: dict[int, Match], old_count: int, new_count: int) -> tuple[Match, ...]:
    by_new = {match.new: match for match in found.values()}
    removed_after: defaultdict[int | None, list[Match]] = defaultdict(list)
    previous: int | None = None  # the last article before it that is still there
    for place in range(old_count):
        if place in found:
            previous = place
        else:
            removed_after[previous].append(Match(place, None))
    ordered = list(removed_after[None])
    for place in range(new_count):
        match = by_new.get(place, Match(None, place))
        ordered += [match, *(removed_after[match.old] if match.old is not None else ())]
    return tuple(ordered)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Paragraphs of both texts between two that belong together."""

    old: range
    new: range

    def in_order(self) -> list[Pair]:
        """Return them as they stand: side by side, then what one side has more."""
        shared = min(len(self.old), len(self.new))
        return [
            *zip(self.old[:shared], self.new[:shared], strict=True),
            *((place, None) for place in self.old[shared:]),
            *((None, place) for place in self.new[shared:]),
        ]


def _blocks(old: Sequence[Value], new: Sequence[Value]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the ranges of both sides in order, those that are the same and those between them."""
    for _, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield (old_start, old_end), (new_start, new_end)


def _aligned(old: Sequence[str], new: Sequence[str], gap: _Gap, words: Words) -> list[Pair]:
    """Return the pairs of a gap by what the paragraphs say but for their digits, then by their words."""
    old_keys = [_DIGITS.sub("#", old[place]) for place in gap.old]
    new_keys = [_DIGITS.sub("#", new[place]) for place in gap.new]
    pairs: list[Pair] = []
    for (old_start, old_end), (new_start, new_end) in _blocks(old_keys, new_keys):
        inner = _Gap(gap.old[old_start:old_end], gap.new[new_start:new_end])
        if old_keys[old_start:old_end] == new_keys[new_start:new_end] or len(inner.old) * len(inner.new) > _MOST_COMPARED_PAIRS:
            pairs += inner.in_order()
        else:
            pairs += _by_words(old, new, inner, words)
    return pairs


def _by_words(old: Sequence[str], new: Sequence[str], gap: _Gap, words: Words) -> list[Pair]:
    """Return the pairs, in order, whose shares of common words have the largest sum; in the gaps, what stands in one place."""
    old_words = [_counted(words(old[place])) for place in gap.old]
    new_words = [_counted(words(new[place])) for place in gap.new]
    shares = [[_share(one, other) for other in new_words] for one in old_words]
    rows, columns = len(old_words), len(new_words)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            share = shares[row][column]
            together = best[row + 1][column + 1] + (share if share >= LEAST_COMMON_SHARE else 0.0)
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    pairs: list[Pair] = []
    row = column = old_done = new_done = 0
    while row < rows and column < columns:
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            pairs += _Gap(gap.old[old_done:row], gap.new[new_done:column]).in_order()
            pairs.append((gap.old[row], gap.new[column]))
            row, column = row + 1, column + 1
            old_done, new_done = row, column
    return [*pairs, *_Gap(gap.old[old_done:], gap.new[new_done:]).in_order()]
