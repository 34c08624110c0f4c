"""The template's own words in its files, and the line in which a piece of the finished text stands. Pure.

1. Own words are what stands between tags, and literals that the code prints; tags, comments, names and values are none.
2. What is not an own word is U+FFFC here, character for character, so that a place in the one is a place in the other.
3. A piece of finished text is in the line that has most of its paragraph's words, and of those around the piece: what a filter
   has written, such as the number of an article, stands in no line.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mou.template_checks.findings import NOT_OWN, Place

_AROUND: Final = 60  # characters on either side that are tried
_SHORTEST_PIECE: Final = 3  # letters
_UNSEEN: Final = re.compile(
    r"\{#.*?#\}|<!--.*?-->|<!doctype[^>]*>|<(?P<element>style|script)\b.*?</(?P=element)\s*>", re.DOTALL | re.IGNORECASE
)
_CODE: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_TAG: Final = re.compile(r"""</?[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.DOTALL | re.IGNORECASE)
_LITERAL: Final = re.compile(r'"[^"]*"|\'[^\']*\'')
_PRINTS_WORDS: Final = re.compile("[ก-๛]| ")
_BLOCK_THAT_PRINTS: Final = re.compile(r"\{%-?\s*(?:call|set)\b")
_ENTITY: Final = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a file: its own words with the characters that references such as `&nbsp;` stand for."""

    file: str
    number: int
    text: str

    @property
    def place(self) -> Place:
        """Where the line stands."""
        return Place(self.file, self.number)


def own_words(source: str) -> str:
    """Return the file with U+FFFC in place of whatever is not an own word; as long, with the same line ends."""
    without_unseen = _UNSEEN.sub(_blank, source)
    without_code = _CODE.sub(_literals_alone, without_unseen)
    return _TAG.sub(_blank, without_code)


def lines_of(file: str, source: str) -> Iterator[SourceLine]:
    """Yield the lines of an HTML file that have own words."""
    for number, line in enumerate(own_words(source).split("\n"), 1):
        if line.strip(f"{NOT_OWN} \t\r"):
            yield SourceLine(file, number, _ENTITY.sub(lambda match: html.unescape(match.group()), line))


def manifest_lines(file: str, text: str) -> Iterator[SourceLine]:
    """Yield the lines of a manifest but for its comments."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield SourceLine(file, number, line.rstrip("\r"))


def place_of(lines: Sequence[SourceLine], text: str, start: int, end: int, *, article: str = "") -> Place:
    """Return where the piece of a finished paragraph stands in the template's files; the article alone where no file has it.

    Args:
        lines: the own words of the template, line by line.
        text: the finished paragraph.
        start: where the piece begins in it.
        end: where it ends.
        article: the article of the paragraph.
    """
    wanted, whole = _squeezed(text[start:end]), _squeezed(text)
    before, after = _squeezed(text[max(0, start - _AROUND) : start]), _squeezed(text[end : end + _AROUND])
    scored = [(_score(line.text, whole) + _score_of_piece(line.text, wanted, before, after), line) for line in lines]
    best, line = max(scored, key=lambda one: one[0], default=(0, None))
    return Place(line.file, line.number, article) if best and line is not None else Place(article=article)


def _score(line: str, whole: str) -> int:
    """How many letters the line has in pieces, each between two of code or tags, that the finished paragraph has too."""
    pieces = (_squeezed(piece) for piece in line.split(NOT_OWN))
    return sum(len(piece) for piece in pieces if len(piece) >= _SHORTEST_PIECE and piece in whole)


def _score_of_piece(line: str, wanted: str, before: str, after: str) -> int:
    """How many letters the line has of the piece with what stands around it; 0 where it does not have the piece."""
    words = _squeezed(line)
    best, at = 0, words.find(wanted) if wanted else -1
    while at >= 0:
        around = _shared(before[::-1], words[:at][::-1]) + _shared(after, words[at + len(wanted) :])
        best = max(best, len(wanted) + around)
        at = words.find(wanted, at + 1)
    return best


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with that are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", NOT_OWN, match.group())


def _literals_alone(match: re.Match[str]) -> str:
    """The code with everything blank but the words of the literals that it prints."""
    code = match.group()
    if code.startswith("{%") and not _BLOCK_THAT_PRINTS.match(code):
        return _blank(match)
    kept = list(re.sub(r"[^\n]", NOT_OWN, code))
    for literal in _LITERAL.finditer(code):
        if _PRINTS_WORDS.search(literal.group()):
            kept[literal.start() + 1 : literal.end() - 1] = literal.group()[1:-1]
    return "".join(kept)


def _squeezed(text: str) -> str:
    return "".join(text.replace(NOT_OWN, "").split())
