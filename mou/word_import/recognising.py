"""Anybody's Word file -> the elements of a document's page, told by how its paragraphs begin and look. Pure.

1. How the title and the parties are told, see `opening`.
2. ข้อ, มาตรา or Article with a number begins an article: its heading is what stands out in that line, or a few words alone; a long
   sentence after the number is the article's text. A reference that happens to begin a line is told by its number, which does
   not follow the last one.
3. หมวด, ส่วน or Chapter begins a chapter; ภาคผนวก, เอกสารแนบท้าย or Annex an annex, up to the next one or the signatures.
4. A number, letter or bullet begins an item. It stands one step further in than the items among which its kind begins.
5. Where people sign, see `places`. The words before that say what is signed are the closing.
6. What was guessed is noted with its place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mou.rendering.word.values import Alignment, WordBlock, WordTable
from mou.word_import.elements import (
    ControlElement,
    Element,
    Group,
    Kind,
    Piece,
    Pieces,
    SignatureBlock,
    TextElement,
    shown_text,
    text_of,
)
from mou.word_import.lines import LONGEST_HEADING, Line, body_size_of, is_separator, line_of
from mou.word_import.numbers import LineNumber, NumberKind, annex_of, chapter_of
from mou.word_import.opening import opening_of, separator_note
from mou.word_import.pieces import cut, joined_lines, stripped, without_prefix
from mou.word_import.places import begins_place, block_of_lines, block_of_table, end_of_places, is_signature_table
from mou.word_import.word_tables import nested_tables, table_element, words_left_out
from signatures.messages import Message, say

_LONGEST_BARE_HEADING: Final = 45
_NO_HEADING: Final = re.compile(r"[{}]|(?:ดังต่อไปนี้|ดังนี้|[:;,])\s*$|\s\S+\s\S+\s")
_CAPTION: Final = re.compile(r"(?:ภาพ|รูป|ตาราง|แผนภูมิ)(?:ที่)?\s*[0-9๐-๙]|(?:Figure|Table)\s+[0-9]")
_LONGEST_ANNEX_HEADING: Final = 100
_CLOSING: Final = re.compile(
    r"(?:ทำขึ้น|จัดทำขึ้น).{0,80}(?:ฉบับ|ถ้อยคำ|ข้อความ)"
    r"|(?:ลง(?:ลาย)?(?:มือ)?(?:ชื่อ|นาม)).{0,80}(?:เป็นสำคัญ|เป็นหลักฐาน|ต่อหน้าพยาน)|IN WITNESS|in witness",
    re.DOTALL,
)
_INNERMOST: Final = 3


@dataclass(slots=True)
class _Reading:
    """What is known while the lines go by."""

    as_template: bool
    has_chapters: bool = False
    last_article: int = 0
    may_restart: bool = True
    item_styles: list[str] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    lines_alone: int = 0
    """How many lines just before were read, each as one element: those that name who signs may be taken back."""
    annex: list[Element] | None = None
    notes: list[Message] = field(default_factory=list)

    def add(self, element: Element) -> None:
        """Add to the annex that is open, or to the page."""
        (self.elements if self.annex is None else self.annex).append(element)

    def close_annex(self) -> None:
        """End the annex that is open."""
        if self.annex is not None:
            self.elements.append(Group("section", ("annex",), tuple(self.annex)))
            self.annex = None


def recognised(blocks: Sequence[WordBlock], *, as_template: bool) -> tuple[tuple[Element, ...], tuple[Message, ...]]:
    """Return the elements of the page and what was guessed about them."""
    size = body_size_of(blocks)
    read = [one if isinstance(one, WordTable) else line_of(one, size, as_template=as_template) for one in blocks]
    shown = [one for one in read if isinstance(one, WordTable) or one.text.strip()]
    reading = _Reading(as_template)
    reading.has_chapters = any(isinstance(one, Line) and _is_chapter(one) for one in shown)
    opening = opening_of(shown)
    reading.elements.extend(opening.elements)
    reading.notes.extend(opening.notes)
    at = opening.ends_at
    while at < len(shown):
        at = _read_next(shown, at, reading)
    reading.close_annex()
    return _with_closing(reading.elements), tuple(reading.notes)


def _read_next(shown: Sequence[Line | WordTable], at: int, reading: _Reading) -> int:
    """Read what stands here; return where the next begins."""
    one = shown[at]
    lines_alone, reading.lines_alone = reading.lines_alone, 0
    if isinstance(one, WordTable):
        _read_table(one, reading)
        return at + 1
    after = shown[at + 1] if at + 1 < len(shown) else None
    if begins_place(one.text, after.text if isinstance(after, Line) else ""):
        return _read_signatures(shown, at, reading, at - lines_alone)
    if _is_annex(one):
        return _begin_annex(shown, at, reading)
    if _is_chapter(one):
        return _read_chapter(shown, at, reading)
    if one.is_control:
        _read_control(one, reading)
    elif is_separator(one.text):
        reading.notes.append(separator_note(one))
    elif not (_begins_article(one) and _read_article(one, after, reading)):
        _read_text(one, after, reading)
        reading.lines_alone = lines_alone + 1
    return at + 1


def _begins_article(line: Line) -> bool:
    return line.number is not None and line.number.kind is NumberKind.ARTICLE


def _read_control(line: Line, reading: _Reading) -> None:
    tags = "".join(without_prefix(piece.text) for piece in line.pieces if piece.is_tag)
    reading.add(ControlElement(tags, line.place))
    _note_words_beside_tags(line, reading)


def _note_words_beside_tags(line: Line, reading: _Reading) -> None:
    words = " ".join(piece.text.strip() for piece in line.pieces if not piece.is_tag and piece.text.strip())
    if words:
        reading.notes.append(
            say(
                "{place}: words beside a tag that stands for its whole paragraph were left out: {text}",
                place=line.place,
                text=words,
            )
        )


def _read_table(table: WordTable, reading: _Reading) -> None:
    if is_signature_table(table):
        reading.close_annex()
        reading.add(block_of_table(table, as_template=reading.as_template))
        return
    reading.item_styles.clear()
    reading.add(table_element(table, as_template=reading.as_template))
    reading.notes.extend(
        say("{place}: a table inside a table is written as lines, its cells apart by a middle dot", place=inner.place)
        for inner in nested_tables(table)
    )
    if reading.as_template:
        reading.notes.extend(
            say("{place}: words that no page of the template shows were left out: {text}", place=place, text=words)
            for place, words in words_left_out(table)
        )


def _read_signatures(shown: Sequence[Line | WordTable], at: int, reading: _Reading, earliest: int) -> int:
    """Read the places from this line on, with the lines before it that name who signs; none of them is before `earliest`."""
    first, last = end_of_places(shown, at, earliest)
    _take_back(at - first, reading)
    reading.close_annex()
    reading.add(block_of_lines([one for one in shown[first:last] if isinstance(one, Line)]))
    return last


def _take_back(count: int, reading: _Reading) -> None:
    """Remove the last elements, which were read as paragraphs and name who signs below."""
    into = reading.elements if reading.annex is None else reading.annex
    del into[len(into) - count :]


def _is_annex(line: Line) -> bool:
    found = annex_of(line.text)
    if found is None or len(line.text) > _LONGEST_ANNEX_HEADING:
        return False
    return line.is_centred or line.stands_out or line.paragraph.begins_page or len(line.text) - found.text_at <= 1


def _begin_annex(shown: Sequence[Line | WordTable], at: int, reading: _Reading) -> int:
    line = shown[at]
    assert isinstance(line, Line)
    reading.close_annex()
    reading.item_styles.clear()
    reading.annex = []
    reading.may_restart = True
    reading.add(TextElement(Kind.HEADING, "h2", _with_number(line), line.place))
    after = shown[at + 1] if at + 1 < len(shown) else None
    if isinstance(after, Line) and (after.is_centred or after.is_bold) and after.number is None and not _is_annex(after):
        reading.add(TextElement(Kind.PARAGRAPH, "p", after.pieces, after.place, ("annex-title",)))
        return at + 2
    return at + 1


def _with_number(line: Line) -> Pieces:
    """Return the whole line with the number that Word counted."""
    number = " ".join(line.paragraph.number.split())
    return (Piece(f"{number} "), *line.pieces) if number else line.pieces


def _is_chapter(line: Line) -> bool:
    found = chapter_of(line.text)
    if found is None or len(line.text) > LONGEST_HEADING:
        return False
    return line.is_centred or line.stands_out


def _read_chapter(shown: Sequence[Line | WordTable], at: int, reading: _Reading) -> int:
    line = shown[at]
    assert isinstance(line, Line)
    reading.item_styles.clear()
    reading.may_restart = True
    pieces = [_with_number(line)]
    after = shown[at + 1] if at + 1 < len(shown) else None
    found = chapter_of(line.text)
    is_number_alone = found is not None and found.text_at >= len(line.text.strip())
    takes_next = (
        isinstance(after, Line) and (after.number is None or not after.number.written) and (after.is_centred or after.stands_out)
    )
    if is_number_alone and takes_next and isinstance(after, Line):
        pieces.append(after.pieces)
    reading.add(TextElement(Kind.CHAPTER, "h2", joined_lines(pieces), line.place, ("chapter",)))
    return at + len(pieces)


def _read_article(line: Line, after: Line | WordTable | None, reading: _Reading) -> bool:
    """Read the article that begins here; False where the line only refers to one."""
    assert line.number is not None
    value = line.number.value or 0
    if not _is_next_article(line, reading.last_article) and not (value == 1 and reading.may_restart):
        reading.notes.append(
            say(
                "{place}: {number} is not the next article and was taken for a reference",
                place=line.place,
                number=line.number.written,
            )
        )
        return False
    heading, text = _heading_and_text(line, after)
    tag = "h3" if reading.has_chapters else "h2"
    reading.last_article, reading.may_restart = value, False
    reading.item_styles.clear()
    reading.add(TextElement(Kind.ARTICLE, tag, heading, line.place, number=line.number.written))
    if text:
        reading.add(TextElement(Kind.PARAGRAPH, "p", text, line.place))
    return True


def _heading_and_text(line: Line, after: Line | WordTable | None) -> tuple[Pieces, Pieces]:
    """Divide what comes after the number of an article."""
    text = text_of(line.rest)
    first_line, end, _below = text.partition("\n")
    is_bold = any(piece.strong for piece in line.rest[:1]) or line.stands_out
    if end and (_is_bare_heading(first_line) or (is_bold and len(first_line) <= LONGEST_HEADING)):
        return stripped(cut(line.rest, 0, len(first_line))), stripped(cut(line.rest, len(first_line) + 1))
    if line.stands_out:
        return line.rest, ()
    bold = 0
    for piece in line.rest:
        if not piece.strong and piece.text.strip():
            break
        bold += len(piece.text)
    if 0 < bold < len(text) and any(piece.strong for piece in line.rest):
        heading = cut(line.rest, 0, bold)
        return stripped(tuple(replace(piece, strong=False) for piece in heading)), stripped(cut(line.rest, bold))
    if _is_bare_heading(text) and _has_text_below(after, line.number.value if line.number else None):
        return line.rest, ()
    return (), line.rest


def _is_bare_heading(text: str) -> bool:
    """Whether words that do not stand out may be a heading: few, without a tag, and leading to nothing."""
    return len(text) <= _LONGEST_BARE_HEADING and not _NO_HEADING.search(text) and not _CLOSING.search(text)


def _is_next_article(line: Line, last: int) -> bool:
    """Whether a line that begins like an article is the one after the last, and no reference."""
    is_counted = bool(line.paragraph.number) or line.stands_out
    return is_counted or (line.number is not None and line.number.value == last + 1)


def _has_text_below(after: Line | WordTable | None, number: int | None = None) -> bool:
    if not isinstance(after, Line):
        return after is not None
    begins_another = after.number is not None and (
        after.number.kind is NumberKind.CHAPTER
        or (after.number.kind is NumberKind.ARTICLE and (number is None or _is_next_article(after, number)))
    )
    return not begins_another and not _is_annex(after) and not begins_place(after.text)


def _read_text(line: Line, after: Line | WordTable | None, reading: _Reading) -> None:
    number = line.number
    if _is_heading(line, after, reading):
        reading.item_styles.clear()
        is_article = number is not None and number.kind is NumberKind.ITEM and number.style == "digit."
        written = number.written if is_article and number is not None else ""
        tag = "h3" if reading.has_chapters and is_article else "h2"
        pieces = line.rest if is_article else _with_number(line)
        reading.add(TextElement(Kind.ARTICLE if is_article else Kind.HEADING, tag, pieces, line.place, number=written))
    elif number is not None and number.kind is NumberKind.ITEM:
        reading.add(_item(line, number, reading))
    else:
        if number is None and not line.paragraph.first_line_pt and not line.paragraph.left_pt:
            reading.item_styles.clear()
        pieces = _with_number(line)
        if line.is_bold:
            pieces = tuple(replace(piece, strong=True) for piece in pieces)
        reading.add(TextElement(Kind.PARAGRAPH, "p", pieces, line.place, _alignment_classes(line)))


def _alignment_classes(line: Line) -> tuple[str, ...]:
    return {Alignment.CENTRE: ("centred",), Alignment.RIGHT: ("right",)}.get(line.paragraph.alignment, ())


def _is_heading(line: Line, after: Line | WordTable | None, reading: _Reading) -> bool:
    """Whether it is a heading of the text; the headings inside an annex are strong paragraphs, since one begins an annex."""
    if not shown_text(line.pieces) or _CAPTION.match(line.text):
        return False
    if reading.annex is not None or not line.stands_out or (not _has_text_below(after) and not _begins_numbered(after)):
        return False
    if line.number is None:
        return True
    return line.number.kind is NumberKind.ITEM and line.number.style == "digit." and (bool(line.paragraph.level) or line.is_bold)


def _begins_numbered(after: Line | WordTable | None) -> bool:
    return isinstance(after, Line) and after.number is not None


def _item(line: Line, number: LineNumber, reading: _Reading) -> TextElement:
    depth = _depth(number.style, reading.item_styles)
    classes: tuple[str, ...] = ("item",)
    if depth == 1 and number.style in {"(ก)", "ก.", "(a)", "a.", "bullet"}:
        classes = ("item", "lettered")
    elif depth > 1:
        classes = ("item", "inner") if depth < _INNERMOST else ("item", "inner", "innermost")
    pieces = tuple(replace(piece, strong=True) for piece in line.rest) if line.is_bold else line.rest
    return TextElement(Kind.ITEM, "p", pieces, line.place, classes, number.written, depth)


def _depth(style: str, styles: list[str]) -> int:
    """Return how far in this kind of number stands among those that are open, from 1."""
    if style in styles:
        del styles[styles.index(style) + 1 :]
    else:
        styles.append(style)
    return len(styles)


def _with_closing(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Return the elements with the words before the signatures as the closing."""
    result = list(elements)
    block = next((at for at, one in enumerate(result) if isinstance(one, SignatureBlock)), len(result))
    at = block - 1
    while at >= 0 and isinstance(one := result[at], TextElement) and one.kind is Kind.PARAGRAPH and _CLOSING.search(one.text):
        result[at] = replace(one, kind=Kind.CLOSING, classes=("closing",))
        at -= 1
    return tuple(result)
