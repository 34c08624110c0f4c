"""A text -> the words by which it is compared; none parts a mark from its letter. Pure, but for what finds the words.

1. A letter with all that is drawn on it is one cluster (UAX 29); เ แ โ ใ ไ belong to the letter that they stand before.
2. Words are runs of letters, as the machine divides Thai (`mou.rendering.line_ends`), and runs of digits; a run of spaces and any
   other character are words of their own. A number in Thai words is one word. Where no words are known, each cluster is one.
3. A known name is one word, so that it is corrected as a whole.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, groupby
from typing import Final

from mou.errors import RenderingError


class DividerName(StrEnum):
    """What divided a text into words: on another machine the words may be longer or shorter, the texts are the same."""

    LIBTHAI = "libthai"
    WORD_LIST = "word list"
    CLUSTERS = "grapheme clusters"


@dataclass(frozen=True, slots=True)
class Divider:
    """What takes a text apart; the pieces, joined again, are the text."""

    name: DividerName
    divide: Callable[[str], Sequence[str]]


_SPACING_MARKS: Final = frozenset("\u0e33\u0eb3")  # SARA AM and its like in Lao are letters to Unicode
_LEADING_VOWELS: Final = frozenset("เแโใไ")
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_MODIFIERS: Final = range(0x1F3FB, 0x1F400)  # of an emoji's skin
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
_NUMBERS: Final = frozenset(
    (
        *("ศูนย์", "หนึ่ง", "เอ็ด", "สอง", "ยี่", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"),
        *("สิบ", "ร้อย", "พัน", "หมื่น", "แสน", "ล้าน"),
    )
)
_JAMO: Final = range(0x1100, 0x1200)  # of one Hangul syllable, if NFC left them apart


def clusters_of(text: str) -> list[str]:
    """Return the text in clusters; joined again they are the text (rule 1)."""
    clusters: list[str] = []
    for letter in text:
        if clusters and _continues(clusters[-1], letter):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _continues(cluster: str, letter: str) -> bool:
    last, code, category = cluster[-1], ord(letter), unicodedata.category(letter)
    if category.startswith("M") or letter in _SPACING_MARKS or letter in {_JOINER, _NON_JOINER} or code in _MODIFIERS:
        return True
    if last in _LEADING_VOWELS:
        return category.startswith("L")
    if code in _FLAG_LETTERS:
        return len(cluster) == 1 and ord(last) in _FLAG_LETTERS
    return last == _JOINER or (code in _JAMO and ord(last) in _JAMO)


CLUSTERS: Final = Divider(DividerName.CLUSTERS, clusters_of)


def installed_divider() -> Divider:
    """Return what divides Thai on this machine: libthai, else the list of words, else nothing but clusters."""
    from mou.rendering.line_ends import line_engine, pieces_of  # loads WeasyPrint

    try:
        return Divider(DividerName(line_engine().value), pieces_of)
    except RenderingError:
        return CLUSTERS


def words_of(text: str, divider: Divider = CLUSTERS, names: Iterable[str] = ()) -> list[str]:
    """Return the words of the text; joined again they are the text (rules 2 and 3)."""
    clusters = clusters_of(text)
    places = [0, *accumulate(map(len, clusters))]
    edges = set(accumulate(map(len, divider.divide(text))))
    inside: set[int] = set()
    for start, end in _spans_of(names, text, frozenset(places)):
        edges |= {start, end}
        inside.update(range(start + 1, end))
    words: list[str] = []
    kind = _Kind.OTHER
    for place, cluster in zip(places, clusters, strict=False):
        before, kind = kind, _kind_of(cluster)
        if words and (place in inside or (kind is before is not _Kind.OTHER and place not in edges)):
            words[-1] += cluster
        else:
            words.append(cluster)
    return _with_whole_numbers(words)


def _with_whole_numbers(words: Sequence[str]) -> list[str]:
    """Return the words with สาม and สิบ as one: half a number that changed misleads."""
    whole: list[str] = []
    for is_number, group in groupby(words, key=_NUMBERS.__contains__):
        run = list(group)
        whole += ["".join(run)] if is_number else run
    return whole


class _Kind(StrEnum):
    LETTER = "letter"
    DIGIT = "digit"
    SPACE = "space"
    OTHER = "other"


def _kind_of(cluster: str) -> _Kind:
    if cluster.isspace():
        return _Kind.SPACE
    category = unicodedata.category(cluster[0])
    return {"L": _Kind.LETTER, "N": _Kind.DIGIT}.get(category[0], _Kind.OTHER)


def _spans_of(names: Iterable[str], text: str, places: frozenset[int]) -> list[tuple[int, int]]:
    """Return where known names stand, longest first; none that begins or ends inside a cluster."""
    found = sorted((name for name in set(names) if name and name in text), key=lambda name: (-len(name), name))
    if not found:
        return []
    spans = (match.span() for match in re.finditer("|".join(map(re.escape, found)), text))
    return [(start, end) for start, end in spans if start in places and end in places]
