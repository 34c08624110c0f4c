"""A document's HTML -> its articles in reading order, each with its number, its heading and its paragraphs as plain text. Pure.

1. A heading begins a piece. One that begins with ข้อ, มาตรา, Article or Section and a number is an article, one with หมวด, ส่วน,
   Chapter or Part a chapter.
2. What stands before the first of them is the preamble, in as many pieces as it has headings; the first holds the title.
3. The closing (class `closing` or `adoption`, the signature blocks) and each annex (class `annex`: the list of members) are
   pieces of their own. A heading without a number between them is a chapter.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mou.comparison.blocks import Block, Part, blocks_of
from signatures.canonical import JsonValue, canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.messages import say


class PieceKind(StrEnum):
    """What a piece of a text is."""

    PREAMBLE = "preamble"
    CHAPTER = "chapter"
    ARTICLE = "article"
    CLOSING = "closing"
    ANNEX = "annex"


@dataclass(frozen=True, slots=True)
class Article:
    """One piece of a text; `number` (ข้อ ๑๒) and `heading` may be empty, a paragraph never is."""

    kind: PieceKind
    number: str
    heading: str
    paragraphs: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse an empty paragraph, which nobody would see added or removed."""
        if not all(self.paragraphs):
            raise ValueError(say("a paragraph with text is expected, got an empty one in {article}", article=self.name))

    @property
    def name(self) -> str:
        """Number and heading, as they stand above the text; empty where there is neither."""
        return f"{self.number} {self.heading}".strip()


_DIGITS: Final = r"[0-9๐-๙]+(?:[./][0-9๐-๙]+)*(?![0-9๐-๙])"
_WORDS: Final = r"(?:(?P<chapter>หมวด|ส่วน|Chapter|Part)|ภาคผนวก|Annex|ข้อ|มาตรา|Article|Section)(?:ที่)? ?"
_NUMBERED: Final = re.compile(rf"(?P<number>{_WORDS}{_DIGITS}|{_DIGITS}(?=[.)]))[.:)]?(?: (?P<heading>.*))?")
_PIECES: Final = {Part.CLOSING: PieceKind.CLOSING, Part.ANNEX: PieceKind.ANNEX}


def articles_of(html: str, names: Iterable[str] = ()) -> tuple[Article, ...]:
    """Return the pieces of the document.

    Args:
        html: a whole page, as `FilledDocument.html` has it.
        names: names that the page may break into lines, such as `FilledDocument.protected_names`.
    """
    return articles_of_blocks(blocks_of(html, names))


def articles_of_blocks(blocks: Sequence[Block]) -> tuple[Article, ...]:
    """Return the pieces that these blocks are; of an article, its name is one, if it has one, and each paragraph."""
    pieces = _pieces(blocks)
    numbered = (place for place, blocks in enumerate(pieces) if _number_of(blocks[0]) or blocks[0].part is not Part.BODY)
    beginning = next(numbered, 1)
    return tuple(_article(blocks, is_preamble=place < beginning) for place, blocks in enumerate(pieces))


def text_digest(articles: Sequence[Article]) -> Digest:
    """Return the digest of the words of a text: of the canonical bytes (RFC 8785) of each kind, number, heading, paragraphs."""
    pieces: list[JsonValue] = [[one.kind.value, one.number, one.heading, list(one.paragraphs)] for one in articles]
    return digest_of(canonical_bytes(pieces))


def _pieces(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks by pieces: a new one begins with a heading, and where the closing or an annex begins."""
    pieces: list[list[Block]] = []
    part = Part.BODY
    for block in blocks:
        if not pieces or block.level or block.part not in {Part.BODY, part}:
            pieces.append([])
            part = block.part
        pieces[-1].append(block)
    return pieces


def _article(blocks: Sequence[Block], *, is_preamble: bool) -> Article:
    first = blocks[0]
    found = _number_of(first)
    if first.part is not Part.BODY:
        kind = _PIECES[first.part]
    elif is_preamble:
        kind = PieceKind.PREAMBLE
    else:
        kind = PieceKind.CHAPTER if not found or found["chapter"] else PieceKind.ARTICLE
    number, heading = (found["number"], found["heading"] or "") if found else ("", first.text if first.level else "")
    return Article(kind, number, heading, tuple(block.text for block in blocks[bool(first.level) :]))


def _number_of(block: Block) -> re.Match[str] | None:
    return _NUMBERED.fullmatch(block.text) if block.level else None
