"""The HTML of a document -> its blocks of plain text in reading order: headings, paragraphs, rows. Pure.

1. Whatever only says where a line may or must end leaves no trace: spans, `<br>`, `<wbr>`, U+00AD, U+200B, U+2060, U+FEFF.
2. A `<br>` between two Thai letters stands for nothing, any other for a space, like white space of every kind and length.
   Inside a name that is known, it stands for what the name has there: a long name is broken at its spaces.
3. The row of a table and the block of a signature are one block each, their cells apart by ` · `.
4. Text is in NFC, and SARA AM is one character: two spellings of one letter are one letter.
5. Where each block and each element stands in the source is noted, so that words can be put in their place (`read_source`).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from typing import Final


class Part(StrEnum):
    """The part of a document that its markup names."""

    BODY = "body"
    CLOSING = "closing"
    ANNEX = "annex"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 to 6), or a paragraph or row (`level` 0); the text is never empty."""

    level: int
    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a block, or of one cell of a row, and where it stands in the source with its inline markup."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block and where it stands: its cells (one, unless it is a row), and the innermost element that holds it."""

    block: Block
    cells: tuple[Cell, ...]
    element: int | None
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the page: its places in the source, its parent, and its blocks, from `first` up to before `last`."""

    tag: str
    classes: frozenset[str]
    part: Part
    parent: int | None
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Source:
    """A page with its blocks and elements, each in the order in which it begins."""

    html: str
    blocks: tuple[PlacedBlock, ...]
    elements: tuple[Element, ...]


CELL_EDGE: Final = " · "
_LINE_END: Final = "\u2028"
"""Stands for `<br>` until it is known what is on both sides of it."""

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BLOCKS: Final = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "dd",
            "div",
            "dl",
            "dt",
            "figcaption",
            "figure",
            "footer",
        ),
        *("header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
        *_HEADINGS,
    )
)
_UNREAD: Final = frozenset(("head", "script", "style", "template", "title", "svg"))
_VOID: Final = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
# What a start tag ends when it was left open just before.
_ENDED_BY: Final = {
    "li": frozenset(("p", "li")),
    "dt": frozenset(("p", "dt", "dd")),
    "dd": frozenset(("p", "dt", "dd")),
    "td": frozenset(("p", "td", "th")),
    "th": frozenset(("p", "td", "th")),
    "tr": frozenset(("p", "td", "th", "tr")),
}
_P: Final = frozenset(("p",))
_ROW_TAGS: Final = frozenset(("tr",))
_ROW_CLASSES: Final = frozenset(("signature",))
_NUMBER_CLASSES: Final = frozenset(("number", "article-number"))
_PARTS: Final = {
    "closing": Part.CLOSING,
    "adoption": Part.CLOSING,
    "signature-block": Part.CLOSING,
    "signature-row": Part.CLOSING,
    "annex": Part.ANNEX,
}
_INVISIBLE: Final = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")
_SPLIT_SARA_AM: Final = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_AROUND_LINE_END: Final = re.compile(rf"\s*{_LINE_END}\s*")
_WITHOUT_GAPS: Final = str.maketrans("", "", f" {_LINE_END}")
_BETWEEN_THAI: Final = re.compile(f"(?<=[\u0e01-\u0e4e]){_LINE_END}(?=[\u0e01-\u0e4e])")


def blocks_of(html: str, names: Iterable[str] = ()) -> tuple[Block, ...]:
    """Return the blocks of the document; `names` are those that may be broken into lines by hand, plain text."""
    return tuple(placed.block for placed in read_source(html, names).blocks)


def read_source(html: str, names: Iterable[str] = ()) -> Source:
    """Return the blocks of the document with their places (rule 5); `names` as in `blocks_of`."""
    reader = _Reader(html, tuple(names))
    reader.feed(html)
    reader.close()
    reader.end_document()
    return reader.source()


def plain_text(text: str, names: Iterable[str] = ()) -> str:
    """Return the text as it is compared (rules 1, 2 and 4)."""
    composed = _SPLIT_SARA_AM.sub("\\1\u0e33", unicodedata.normalize("NFC", text.translate(_INVISIBLE)))
    if _LINE_END in composed:
        lines = _AROUND_LINE_END.sub(lambda match: match.group() if match.group() == _LINE_END else " ", composed)
        composed = _BETWEEN_THAI.sub("", _mended(lines, names))
    return " ".join(composed.split())


def _mended(lines: str, names: Iterable[str]) -> str:
    """Return the text with each name whole that was broken into lines."""
    bare = lines.translate(_WITHOUT_GAPS)
    for name in sorted(names, key=len, reverse=True):
        if name.translate(_WITHOUT_GAPS) in bare:
            lines = _broken(name).sub(name.replace("\\", r"\\"), lines)
    return lines


def _broken(name: str) -> re.Pattern[str]:
    """Return what finds a name that may be broken into lines at its spaces and between its letters."""
    words = (f"{_LINE_END}?".join(map(re.escape, word)) for word in name.split(" "))
    return re.compile(f"[ {_LINE_END}]".join(words))


@dataclass(slots=True)
class _Open:
    """An element whose end has not come; `place` is its own among all elements."""

    tag: str
    part: Part
    place: int
    start: int
    first: int
    is_row: bool
    is_number: bool
    is_unread: bool
    classes: frozenset[str]


class _Reader(HTMLParser):
    """What collects the blocks while the markup goes by."""

    def __init__(self, html: str, names: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self._html = html
        self._names = names
        self._blocks: list[PlacedBlock] = []
        self._elements: dict[int, Element] = {}
        self._count = 0
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._text_start = 0
        self._cells: list[Cell] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]

    def source(self) -> Source:
        """Return what was read."""
        return Source(self._html, tuple(self._blocks), tuple(self._elements[place] for place in range(self._count)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        here = self._here()
        if tag == "br":
            self._text.append(_LINE_END)
        if tag in _BLOCKS:
            self._end_text(here)
            while self._open and self._open[-1].tag in _ENDED_BY.get(tag, _P):
                self._close_last(here)
            self._text_start = here + len(self.get_starttag_text() or "")
        if tag not in _VOID:
            classes = frozenset((dict(attrs).get("class") or "").split())
            self._open.append(self._opened(tag, classes, here))

    def _opened(self, tag: str, classes: frozenset[str], here: int) -> _Open:
        part = next((_PARTS[one] for one in sorted(classes & _PARTS.keys())), self._part())
        self._count += 1
        return _Open(
            tag,
            part,
            self._count - 1,
            here,
            len(self._blocks),
            is_row=tag in _ROW_TAGS or bool(classes & _ROW_CLASSES),
            is_number=bool(classes & _NUMBER_CLASSES),
            is_unread=tag in _UNREAD or self._is_unread(),
            classes=classes,
        )

    def handle_endtag(self, tag: str) -> None:
        here = self._here()
        end = self._html.find(">", here) + 1 or len(self._html)
        if tag in _BLOCKS:
            self._end_text(here)
            self._text_start = end
        if any(one.tag == tag for one in self._open):
            while self._open[-1].tag != tag:
                self._close_last(here)
            self._close_last(end)

    def handle_data(self, data: str) -> None:
        if not self._is_unread():
            self._text.append(data.replace(_LINE_END, " "))

    def end_document(self) -> None:
        """Take what was read since the last block, and whatever was left open."""
        end = len(self._html)
        self._end_text(end)
        while self._open:
            self._close_last(end)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _close_last(self, end: int) -> None:
        last = self._open.pop()
        if last.is_number:
            self._text.append(" ")
        if last.is_row and not self._is_in_row():
            self._end_row(last)
        parent = self._open[-1].place if self._open else None
        self._elements[last.place] = Element(
            last.tag, last.classes, last.part, parent, last.start, end, last.first, len(self._blocks)
        )

    def _end_text(self, end: int) -> None:
        text = plain_text("".join(self._text), self._names)
        self._text.clear()
        if not text:
            return
        cell = Cell(text, self._text_start, end)
        if self._is_in_row():
            self._cells.append(cell)
        else:
            level = next((_HEADINGS[one.tag] for one in self._open if one.tag in _HEADINGS), 0)
            element = next((one.place for one in reversed(self._open) if one.tag in _BLOCKS), None)
            self._blocks.append(PlacedBlock(Block(level, self._part(), text), (cell,), element))

    def _end_row(self, row: _Open) -> None:
        if self._cells:
            block = Block(0, row.part, CELL_EDGE.join(cell.text for cell in self._cells))
            self._blocks.append(PlacedBlock(block, tuple(self._cells), row.place, is_row=True))
        self._cells.clear()

    def _part(self) -> Part:
        return self._open[-1].part if self._open else Part.BODY

    def _is_unread(self) -> bool:
        return bool(self._open) and self._open[-1].is_unread

    def _is_in_row(self) -> bool:
        return any(one.is_row for one in self._open)
