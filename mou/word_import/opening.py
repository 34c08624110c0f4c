"""The beginning of anybody's file -> its title, its number, and the lines that name the parties. Pure.

1. The title are the centred lines at the start that stand out (bold, large, a heading); where none does, all centred lines.
2. What stands before it is kept as it is: the document's number at the right, a remark in the middle.
3. The parties are the centred lines that begin with ระหว่าง, on one line or on several.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import Final

from mou.rendering.word.values import Alignment, WordTable
from mou.word_import.elements import Element, Kind, Piece, Pieces, TextElement, shown_text, text_of
from mou.word_import.lines import LONGEST_HEADING, Line, is_separator
from mou.word_import.numbers import annex_of
from mou.word_import.pieces import TAG, cut, joined_lines, stripped
from signatures.messages import Message, say

_LONGEST_NUMBER: Final = 60
_BETWEEN: Final = re.compile(r"(?:ระหว่าง|between|BETWEEN)")
_JOINING: Final = re.compile(r"(?:ระหว่าง|กับ|และ|between|and|with|BETWEEN|AND)$")
_JOINING_BEFORE: Final = re.compile(r"(?:^(?:ระหว่าง|กับ|และ|between|and|with)\s+(?=\S))|(?:(?<=\s)(?:กับ|และ|and)(?=\s))")
_THAI: Final = re.compile("[\u0e01-\u0e4e]")
_DOCUMENT_NUMBER: Final = re.compile(r"(?:เลขที่\s*|ที่\s+|No\.\s*|Ref\.\s*)\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """The elements of the beginning, what was guessed, and at which line the text goes on."""

    elements: tuple[Element, ...]
    notes: tuple[Message, ...]
    ends_at: int


def opening_of(shown: Sequence[Line | WordTable]) -> Opening:
    """Return the beginning of the file."""
    lines = [one for one in takewhile(lambda one: isinstance(one, Line) and _may_open(one), shown) if isinstance(one, Line)]
    start, end = _title_in(lines)
    notes: list[Message] = []
    if start == end and lines == [] and shown and isinstance(first := shown[0], Line) and _may_be_title(first):
        lines, start, end = [first], 0, 1
        notes.append(
            say(
                "{place}: no centred title was found; this line was taken for it: {text}", place=first.place, text=first.text[:80]
            )
        )
    elements: list[Element] = [_before_title(line) for line in lines[:start] if not is_separator(line.text)]
    if start < end:
        title = [line.pieces for line in lines[start:end] if not is_separator(line.text)]
        elements.append(TextElement(Kind.TITLE, "h1", joined_lines(title), lines[start].place))
    parties_end = _end_of_parties(shown, end)
    parties = [line for line in shown[end:parties_end] if isinstance(line, Line) and not is_separator(line.text)]
    if parties:
        pieces = _parties([line.pieces for line in parties])
        elements.append(TextElement(Kind.BETWEEN, "p", pieces, parties[0].place, ("between",)))
    drawn = [line for line in shown[:parties_end] if isinstance(line, Line) and is_separator(line.text)]
    notes.extend(separator_note(line) for line in drawn)
    return Opening(tuple(elements), tuple(notes), parties_end)


def separator_note(line: Line) -> Message:
    """Return the note about a line that is drawn with letters."""
    return say("{place}: a line drawn with letters ({text}) was left out", place=line.place, text=line.text.strip()[:20])


def _may_open(line: Line) -> bool:
    """Whether the line may stand before the text: centred, at the right, or the document's number."""
    if line.is_control or line.number is not None or annex_of(line.text) or _BETWEEN.match(line.text):
        return False
    is_short = len(line.text) <= LONGEST_HEADING * 2
    return is_short and (line.is_title or is_separator(line.text) or _is_document_number(line))


def _is_document_number(line: Line) -> bool:
    is_at_right = line.paragraph.alignment is Alignment.RIGHT
    return is_at_right or (bool(_DOCUMENT_NUMBER.match(line.text)) and len(line.text) <= _LONGEST_NUMBER)


def _title_in(lines: Sequence[Line]) -> tuple[int, int]:
    """Return where the title begins and ends among the first lines; the same place twice where there is none."""
    standing_out = [at for at, line in enumerate(lines) if line.is_title and line.stands_out and shown_text(line.pieces)]
    wanted = set(standing_out or (at for at, line in enumerate(lines) if line.is_title and not line.text.startswith("(")))
    if not wanted:
        return 0, 0
    start = end = min(wanted)
    while end < len(lines) and (end in wanted or is_separator(lines[end].text)):
        end += 1
    return start, end


def _before_title(line: Line) -> TextElement:
    is_number = line.paragraph.alignment is Alignment.RIGHT or not line.is_centred
    return TextElement(Kind.PARAGRAPH, "p", line.pieces, line.place, ("document-number",) if is_number else ("centred",))


def _may_be_title(line: Line) -> bool:
    short = len(line.text) <= LONGEST_HEADING and line.number is None and not line.is_control
    return short and not _BETWEEN.match(line.text)


def _end_of_parties(shown: Sequence[Line | WordTable], first: int) -> int:
    at = first
    while at < len(shown) and isinstance(line := shown[at], Line) and line.is_centred and not line.is_control:
        if (at == first and not _BETWEEN.match(line.text)) or line.number is not None or len(line.text) > LONGEST_HEADING * 2:
            break
        at += 1
    return at


def _parties(lines: list[Pieces]) -> Pieces:
    """Return the lines as one paragraph: joining words plain, names strong, each on a line of its own."""
    parts: list[Pieces] = []
    for line in lines:
        masked = TAG.sub(lambda found: "\ufffc" * len(found.group()), text_of(line))
        edges = [0, *(place for found in _JOINING_BEFORE.finditer(masked) for place in found.span()), len(masked)]
        for start, end in pairwise(edges):
            half = stripped(cut(line, start, end))
            is_joining = bool(_JOINING.match(text_of(half)))
            if half:
                parts.append(tuple(replace(piece, strong=not is_joining) for piece in half))
    return _joined(parts)


def _joined(parts: list[Pieces]) -> Pieces:
    """Return the parts with a line end between them, and with a space where no Thai letter is on either side."""
    result: list[Piece] = []
    for part in parts:
        if result:
            is_thai = bool(_THAI.search(result[-1].text[-1:] + part[0].text[:1])) or result[-1].is_tag or part[0].is_tag
            result.append(Piece("\n" if is_thai else " "))
        result.extend(part)
    return tuple(result)
