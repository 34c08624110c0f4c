"""A paragraph of anybody's file -> a line with what its look says: bold, centred, larger than the text. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mou.rendering.word.values import Alignment, WordBlock, WordParagraph, WordTable
from mou.word_import.elements import Pieces, text_of
from mou.word_import.numbers import LineNumber, annex_of, article_of, automatic_item, chapter_of, item_of
from mou.word_import.pieces import TAG, cut, pieces_of, place_prefix, stripped
from signatures.messages import Message

LONGEST_HEADING: Final = 120
_TITLE_STYLES: Final = frozenset({"title", "subtitle", "ชื่อเรื่อง", "ชื่อเรื่องรอง"})


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; `number` is what it begins with, counted by Word or typed, and `rest` is what comes after."""

    pieces: Pieces
    paragraph: WordParagraph
    number: LineNumber | None
    rest: Pieces
    is_bold: bool
    is_large: bool

    @property
    def text(self) -> str:
        """The whole line, as it is read."""
        automatic = self.paragraph.number
        return f"{automatic} {text_of(self.pieces)}" if automatic else text_of(self.pieces)

    @property
    def place(self) -> Message:
        """Where it stands in the file."""
        return self.paragraph.place

    @property
    def is_centred(self) -> bool:
        """Whether its lines stand in the middle."""
        return self.paragraph.alignment is Alignment.CENTRE

    @property
    def is_title(self) -> bool:
        """Whether it looks like a line of the document's title."""
        is_styled = self.paragraph.style.strip().casefold() in _TITLE_STYLES
        return is_styled or self.is_centred or self.paragraph.level == 1

    @property
    def stands_out(self) -> bool:
        """Whether it looks like a heading: short, and a heading by its style, bold, or larger than the text."""
        return len(self.text) <= LONGEST_HEADING and (self.paragraph.level > 0 or self.is_bold or self.is_large)

    @property
    def is_control(self) -> bool:
        """Whether nothing but tags that decide or repeat stands here."""
        return is_control(self.pieces)


def is_control(pieces: Pieces) -> bool:
    """Whether there are only tags that decide or repeat, or a tag that stands for its whole paragraph or row."""
    tags = [piece for piece in pieces if piece.is_tag]
    if any(tag.text.startswith("{%") and place_prefix(tag.text) in {"p", "tr", "tc"} for tag in tags):
        return True
    words = [piece for piece in pieces if not piece.is_tag and piece.text.strip()]
    return bool(tags) and not words and all(tag.text.startswith(("{%", "{#")) for tag in tags)


def line_of(paragraph: WordParagraph, body_size: float | None, *, as_template: bool) -> Line:
    """Return the line that a paragraph is."""
    pieces = stripped(pieces_of(paragraph, as_template=as_template))
    number, rest = _number_and_rest(paragraph, pieces)
    seen = [run for run in paragraph.runs if run.text.strip()]
    return Line(
        pieces=pieces,
        paragraph=paragraph,
        number=number,
        rest=rest,
        is_bold=bool(seen) and all(run.bold for run in seen),
        is_large=body_size is not None and bool(seen) and all((run.size_pt or body_size) > body_size + 1 for run in seen),
    )


def _number_and_rest(paragraph: WordParagraph, pieces: Pieces) -> tuple[LineNumber | None, Pieces]:
    text = text_of(pieces)
    if paragraph.number.strip():
        automatic = " ".join(paragraph.number.split())
        counted = article_of(automatic) or chapter_of(automatic) or annex_of(automatic) or automatic_item(automatic)
        return replace(counted, text_at=0), pieces
    masked = TAG.sub(lambda found: "\ufffc" * len(found.group()), text)
    typed = article_of(masked) or chapter_of(masked) or item_of(masked)
    return typed, stripped(cut(pieces, typed.text_at)) if typed else pieces


def body_size_of(blocks: Sequence[WordBlock]) -> float | None:
    """Return the size of most letters of the file, in points, where the file states sizes."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs_in(blocks):
        for run in paragraph.runs:
            if run.size_pt is not None:
                sizes[run.size_pt] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else None


def paragraphs_in(blocks: Sequence[WordBlock]) -> Iterator[WordParagraph]:
    """Return every paragraph, those of cells and nested tables too."""
    for block in blocks:
        if isinstance(block, WordParagraph):
            yield block
        else:
            yield from paragraphs_of_table(block)


def paragraphs_of_table(table: WordTable) -> Iterator[WordParagraph]:
    """Return every paragraph of a table, row by row."""
    for row in table.rows:
        for cell in row.cells:
            yield from paragraphs_in(cell.blocks)


def is_separator(text: str) -> bool:
    """Whether a line is drawn with letters and says nothing."""
    return bool(re.fullmatch(r"[-_–—*=~.… ]{3,}", text))  # dashes as people type them
