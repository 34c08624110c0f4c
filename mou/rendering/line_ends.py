"""Where a line of Thai may end: libthai through Pango; where that is missing, between the words of a list.

Thai has no spaces between words. A Pango without libthai says nothing and lets lines run off the page, so it is asked first.

The rules for the list (nothing but U+200B is ever added, which allows a break and leaves no trace in a PDF's text):
1. Words are found by longest matching over `thai_words.txt` (nlpO3); what no word matches stays as nlpO3 gives it.
2. Each part of a protected name is a word of its own, longest first, and so is what longest matching is known to tear apart;
   not where it stands inside a longer word of the list.
3. No break before a vowel sign, a mark, ฯ or ๆ, and none after a leading vowel (เ แ โ ใ ไ).
4. Runs of Thai letters are looked at, each by itself: nothing is added beside a digit, a Latin letter, a sign or a space, at the
   edge of an element, or inside a span of class `nb`.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache, lru_cache, partial
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element

from weasyprint.text.line_break import get_log_attrs

from mou.errors import RenderingError
from mou.thai import columns, name_parts

Segment: TypeAlias = Callable[[str], list[str]]

WORD_LIST_FILE: Final = Path(__file__).resolve().parent / "thai_words.txt"
BREAK: Final = "\u200b"
"""ZERO WIDTH SPACE."""

# A line may break at these places and no other (libthai 0.1.29).
_BREAKS: Final = ("สิทธิ", "เด็ก", "และ", "เยาวชน")
_DICTIONARY: Final = "mou"  # the list's name inside nlpO3, which keeps it for as long as the process lives
_RUN: Final = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")
# PAIYANNOI, vowel signs, LAKKHANGYAO, MAIYAMOK, marks.
_NEVER_FIRST: Final = frozenset(map(chr, (*range(0x0E2F, 0x0E3B), *range(0x0E45, 0x0E4F))))
_NEVER_LAST: Final = frozenset("เแโใไ")
_CLOSED_TAGS: Final = frozenset(("script", "style", "template", "title", "{http://www.w3.org/2000/svg}svg"))
_NOWRAP_CLASS: Final = "nb"
_SHORTEST_NAME_COLUMNS: Final = 2
# Before การ, which begins more words of the list than any other, longest matching moves the end of these (โครง|การเมือง).
_TORN: Final = ("โครงการ", "แนวทาง", "ทิศทาง", "รายการ")


class LineEngine(StrEnum):
    """What finds the places where a line of Thai may end."""

    LIBTHAI = "libthai"
    WORD_LIST = "word list"


@cache
def line_engine() -> LineEngine:
    """Return what finds the line ends of this process; asked once.

    Raises:
        RenderingError: neither Pango nor a word list can, so that lines would run off the page.
    """
    if pango_breaks_thai():
        return LineEngine.LIBTHAI
    if find_spec("nlpo3") is None:
        raise RenderingError(
            "Pango finds no breaks between Thai words, so lines would run off the page: install libthai (Debian: libthai0 "
            "and libpango-1.0-0) and a Pango that was built with it, or the Python package nlpo3"
        )
    return LineEngine.WORD_LIST


def pango_breaks_thai() -> bool:
    """Return whether this machine's Pango finds the breaks between Thai words, and no others (libthai)."""
    text = "".join(_BREAKS)
    attributes = get_log_attrs(text, "th")
    found = [place for place in range(1, len(text)) if attributes[place].is_line_break]
    return found == list(accumulate(map(len, _BREAKS)))[:-1]


def open_breaks(body: Element, protected_names: Iterable[str] = ()) -> None:
    """Put U+200B between the Thai words of an element and of all below it, in place; `protected_names` are plain text."""
    pattern = _pattern_of(protected_names)
    segment = _segmenter()
    _open_element(body, lambda text: opened(text, pattern, segment))


def _open_element(element: Element, open_text: Callable[[str], str]) -> None:
    if not isinstance(element.tag, str) or element.tag in _CLOSED_TAGS or _NOWRAP_CLASS in element.get("class", "").split():
        return
    element.text = element.text and open_text(element.text)
    for child in element:
        _open_element(child, open_text)
        child.tail = child.tail and open_text(child.tail)


@lru_cache(maxsize=256)
def pieces_of(text: str) -> tuple[str, ...]:
    """Return the text in pieces between which a line may end, spaces with the piece before them; joined again they are the text.

    U+200B is left out.
    """
    text = text.replace(BREAK, "")
    if line_engine() is LineEngine.WORD_LIST:
        text = opened(text, _pattern_of(()), _segmenter())
    attributes = get_log_attrs(text, "th")
    edges = [0, *(place for place in range(1, len(text)) if attributes[place].is_line_break), len(text)]
    return tuple(text[start:end].replace(BREAK, "") for start, end in pairwise(edges))


def opened(text: str, names: re.Pattern[str], segment: Segment) -> str:
    """Return the text with U+200B between the words of its Thai runs."""
    return _RUN.sub(lambda run: BREAK.join(divided(run.group(), names, segment)), text)


def divided(run: str, names: re.Pattern[str], segment: Segment) -> list[str]:
    """Return the pieces of a run of Thai letters between which a line may end (rules 1 to 3)."""
    ends = [0, *accumulate(map(len, _words(run, names, segment)))]
    places = [0, *(end for end in ends[1:-1] if may_break(run, end)), len(run)]
    return [run[start:end] for start, end in pairwise(places)]


def may_break(run: str, place: int) -> bool:
    """Return whether the spelling allows a line to end before the character at this place (rule 3)."""
    return run[place] not in _NEVER_FIRST and run[place - 1] not in _NEVER_LAST


def _words(run: str, names: re.Pattern[str], segment: Segment) -> list[str]:
    """Return the words of a run, joined again they are the run (rules 1 and 2)."""
    spans = list(pairwise([0, *accumulate(map(len, segment(run)))]))
    words: list[str] = []
    done = 0
    for name in names.finditer(run):
        if not any(start <= name.start() and name.end() <= end and (start, end) != name.span() for start, end in spans):
            words += [*segment(run[done : name.start()]), name.group()]
            done = name.end()
    return [*words, *segment(run[done:])]


def _pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the parts of names that stay whole, and the words that longest matching tears apart."""
    parts = (part for name in names for part, is_protected in name_parts(name) if is_protected)
    runs = {run for part in parts for run in _RUN.findall(part) if columns(run) >= _SHORTEST_NAME_COLUMNS}
    return re.compile("|".join(map(re.escape, sorted({*runs, *_TORN}, key=lambda run: (-len(run), run)))))


@cache
def _segmenter() -> Segment:
    """Return what takes a run apart into words; the list is read once per process, which takes 0.1 s and 60 MB."""
    from nlpo3 import load_dict, segment  # where Pango has libthai, nobody needs it

    if not WORD_LIST_FILE.is_file():  # nlpO3 would end with an error that is no Exception
        raise RenderingError("the list of Thai words is missing: {path}; install mou again", path=str(WORD_LIST_FILE))
    load_dict(str(WORD_LIST_FILE), _DICTIONARY)
    return partial(segment, dict_name=_DICTIONARY)
