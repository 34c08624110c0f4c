"""Lines and tables where people sign -> the places for signatures, each with its lines. Pure.

1. A place begins with ลงชื่อ, ลงนาม or Signed and a blank, or with a blank above a name in brackets.
2. Two places in one line stand apart by tabs or wide gaps; the lines below are divided in the same way. In a table each column
   is read from top to bottom.
3. What stands before the first place of a column belongs to it: `ฝ่ายที่หนึ่ง`, `พยาน`.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mou.rendering.word.values import WordParagraph, WordTable
from mou.word_import.elements import Kind, Piece, Pieces, SignatureBlock, SignaturePlace, TextElement, text_of
from mou.word_import.lines import Line, paragraphs_in, paragraphs_of_table
from mou.word_import.numbers import annex_of
from mou.word_import.pieces import divided, pieces_of, stripped
from signatures.messages import Message

_BLANK: Final = r"[.…_\u2026\u2024\u2025]"
_WORD: Final = r"(?:\(\s*)?(?:ลงชื่อ|ลงนาม|ลายมือชื่อ|Signed|Signature|SIGNED)(?:\s*\))?(?:\s*[:：])?"  # a colon as people type it
_MARK: Final = re.compile(rf"{_WORD}\s*(?:{_BLANK}{{2,}}|$|(?=\t|\n| {{3,}}))", re.MULTILINE)
_BARE_WORD: Final = re.compile(rf"{_WORD}(?:\s.{{0,50}})?$", re.DOTALL)
_WORD_AND_TAG: Final = re.compile(rf"{_WORD}\s*\(?\{{\{{[^}}]*\}}\}}\)?$")
_BLANK_LINE: Final = re.compile(rf"\(?\s*{_BLANK}{{6,}}\s*\)?$")
_IN_BRACKETS: Final = re.compile(r"\(.{1,80}\)$", re.DOTALL)
_GAP: Final = re.compile(r"\t+| {3,}")
_LABEL: Final = re.compile(
    r"(?:ฝ่ายที่\s*(?:หนึ่ง|สอง|สาม|[๑-๙1-9])|ฝ่าย(?!ใด|หนึ่ง)\S{1,30}|พยาน\S{0,30}|ผู้แทน\S{0,40}|(?:ในนาม|สำหรับ)\S.{0,60}"
    r"|(?:For|Witness|On behalf of)\b.{0,60})$"
)
_LONGEST_LINE: Final = 110


def begins_place(text: str, next_text: str = "") -> bool:
    """Whether somebody is to sign in this line."""
    stripped_text = text.strip()
    if _MARK.match(stripped_text) or _WORD_AND_TAG.match(stripped_text):
        return True
    if _BARE_WORD.fullmatch(stripped_text) or (_BLANK_LINE.match(stripped_text) and not stripped_text.startswith("(")):
        return bool(_IN_BRACKETS.match(next_text.strip()))
    return len(_MARK.findall(text)) > 1


def is_signature_table(table: WordTable) -> bool:
    """Whether people sign in the cells of this table."""
    texts = [text for paragraph in paragraphs_of_table(table) for text in paragraph.text.split("\n")]
    return any(begins_place(text, after) for text, after in zip(texts, [*texts, ""][1:], strict=True))


def end_of_places(shown: Sequence[Line | WordTable], start: int, earliest: int) -> tuple[int, int]:
    """Return where the lines of a signature block begin and end, around the line where somebody signs first."""
    first = start
    while first > earliest and isinstance(before := shown[first - 1], Line) and _is_label_before(before):
        first -= 1
    end = start + 1
    while end < len(shown) and isinstance(line := shown[end], Line) and _goes_on(line, shown[end + 1 : end + 2]):
        end += 1
    return first, end


def _is_label_before(line: Line) -> bool:
    """Whether the line names who signs below, one name for each column."""
    if line.number is not None or len(line.text) > _LONGEST_LINE:
        return False
    return all(_LABEL.match(text_of(part)) for part in divided(line.pieces, _GAP))


def _goes_on(line: Line, following: Sequence[Line | WordTable]) -> bool:
    after = next((one.text for one in following if isinstance(one, Line)), "")
    if begins_place(line.text, after):
        return True
    if line.is_control:
        return False
    is_new_part = line.paragraph.level > 0 or line.number is not None or annex_of(line.text) is not None
    return len(line.text) <= _LONGEST_LINE * 2 and not is_new_part and not line.paragraph.begins_page


def block_of_lines(lines: Sequence[Line]) -> SignatureBlock:
    """Return the places of these lines, side by side where a line holds two."""
    columns: list[list[tuple[Pieces, Message]]] = []
    groups: list[list[list[tuple[Pieces, Message]]]] = []
    for line in lines:
        parts = divided(line.pieces, _GAP)
        if len(parts) != len(columns) and (len(parts) > 1 or not columns or begins_place(text_of(line.pieces))):
            columns = [[] for _ in parts]
            groups.append(columns)
        for column, part in zip(columns, parts, strict=False):
            column.append((part, line.place))
    places = [place for group in groups for place in _side_by_side(group)]
    return SignatureBlock(tuple(places), lines[0].place)


def block_of_table(table: WordTable, *, as_template: bool) -> SignatureBlock:
    """Return the places of a table, row by row as they are read."""
    columns: list[list[tuple[Pieces, Message]]] = []
    for row in table.rows:
        at = 0
        for cell in row.cells:
            while len(columns) <= at:
                columns.append([])
            columns[at].extend(_lines_of(paragraph, as_template) for paragraph in paragraphs_in(cell.blocks))
            at += cell.columns
    split = [[one for pieces, place in column for one in _by_lines(pieces, place)] for column in columns]
    return SignatureBlock(tuple(_side_by_side([column for column in split if column])), table.place)


def _lines_of(paragraph: WordParagraph, as_template: bool) -> tuple[Pieces, Message]:  # noqa: FBT001  # one of a pair of values
    pieces = stripped(pieces_of(paragraph, as_template=as_template))
    number = " ".join(paragraph.number.split())
    if number and not begins_place(text_of(pieces)):  # who signs first, second, ... is told by the places themselves
        pieces = (Piece(f"{number} "), *pieces)
    return pieces, paragraph.place


def _by_lines(pieces: Pieces, place: Message) -> list[tuple[Pieces, Message]]:
    return [(part, place) for part in divided(pieces, re.compile("\n"))]


def _side_by_side(columns: Sequence[Sequence[tuple[Pieces, Message]]]) -> list[SignaturePlace]:
    """Return the places of columns in the order in which they are read: the first of each, then the second of each."""
    found = [_places_of(column) for column in columns]
    longest = max(map(len, found), default=0)
    return [places[at] for at in range(longest) for places in found if at < len(places)]


def _places_of(lines: Sequence[tuple[Pieces, Message]]) -> list[SignaturePlace]:
    texts = [text_of(pieces) for pieces, _ in lines]
    marks = [at for at, text in enumerate(texts) if begins_place(text, texts[at + 1] if at + 1 < len(texts) else "")]
    starts = [0]
    for before, mark in pairwise(marks):
        start = mark
        while start - 1 > before and _LABEL.match(texts[start - 1].strip()) and start - 1 > before + 1:
            start -= 1
        starts.append(start)
    ends = [*starts[1:], len(lines)]
    return [_place(lines[start:end]) for start, end in zip(starts, ends, strict=True) if lines[start:end]]


def _place(lines: Sequence[tuple[Pieces, Message]]) -> SignaturePlace:
    elements = tuple(TextElement(Kind.PARAGRAPH, "p", pieces, place) for pieces, place in lines if pieces)
    return SignaturePlace(elements, lines[0][1])
