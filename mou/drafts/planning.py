"""Chosen changes between a draft that was sent and one that came back -> edits of the text as it stands today. Pure.

1. A block of the draft that was sent is the block of today's text that says the same; where accepted changes made it say
   something else meanwhile, it can no longer be changed by that draft, but blocks can still be put in after it.
2. What is put in, and what moved, stands after the nearest block before it that is in both drafts and did not move.
3. With every change chosen, the result is the draft that came back.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from mou.comparison.blocks import PlacedBlock, Source
from mou.comparison.comparing import Comparison, Outcome
from mou.drafts.edits import BlockEdit, Insert, Move, NewBlock, Remove, Replace
from mou.drafts.numbering import Item, NumberedChange, items_of
from signatures.messages import Message, say

_WORDS: Final = r"(?:หมวด|ส่วน|ภาคผนวก|ข้อ|มาตรา|Chapter|Part|Annex|Article|Section)"
_DIGITS: Final = r"[0-9๐-๙]+(?:[./][0-9๐-๙]+)*"
_HEADING_NUMBER: Final = re.compile(rf"{_WORDS}(?:ที่)? ?{_DIGITS}(?![0-9๐-๙])(?= |$)")
_ITEM_NUMBER: Final = re.compile(rf"(?:{_DIGITS}[.)]?|\((?:[ก-ฮ]|[a-z]+|[0-9๐-๙]+)\)|[ก-ฮa-z][.)])(?= )")
_PAGE_LANGUAGE: Final = re.compile(r'<html[^>]*\blang="([a-z]+)')
_THAI: Final = re.compile("[\u0e01-\u0e2e]")
_LATIN: Final = re.compile("[A-Za-z]{2}")
_NUMBER_SPAN: Final = re.compile(r'\s*<span class="(?:article-)?number"')


@dataclass(frozen=True, slots=True)
class Plan:
    """The edits of the chosen changes, each with its change's number, and what stands in the way of others by their number."""

    edits: tuple[tuple[int, BlockEdit], ...]
    obstacles: tuple[tuple[int, Message], ...]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """Where the blocks of the draft that was sent stand in today's text: the same words, or at least the same place (rule 1)."""

    same: Mapping[int, int]
    place: Mapping[int, int]


def carried_over(sent: Sequence[PlacedBlock], today: Sequence[PlacedBlock]) -> CarriedOver:
    """Return where the blocks of a draft stand in today's text."""
    old = [(one.block.text, bool(one.block.level)) for one in sent]
    new = [(one.block.text, bool(one.block.level)) for one in today]
    same: dict[int, int] = {}
    place: dict[int, int] = {}
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = dict(zip(range(old_start, old_end), range(new_start, new_end), strict=False))
        if tag == "equal":
            same |= pairs
        if tag == "equal" or old_end - old_start == new_end - new_start:
            place |= pairs
    return CarriedOver(same, place)


def plan(
    comparison: Comparison, changes: Sequence[NumberedChange], returned: Source, today: Source, carried: CarriedOver
) -> Plan:
    """Return the edits of these changes, which were chosen among those of the comparison.

    Args:
        comparison: of the draft that was sent and the one that came back.
        changes: the chosen ones.
        returned: the page of the draft that came back.
        today: the page into which the changes go.
        carried: where the blocks of the draft that was sent stand in it.
    """
    chosen = {(one.item.article, one.item.paragraph): one.number for one in changes if one.outcome is not Outcome.MOVED}
    moved = {one.item.article: one.number for one in changes if one.outcome is Outcome.MOVED}
    edits: list[tuple[int, BlockEdit]] = []
    obstacles: list[tuple[int, Message]] = []
    anchor: int | None = None
    for item in items_of(comparison):
        number = chosen.get((item.article, item.paragraph))
        if item.old is not None and item.new is not None and item.article not in moved:
            anchor = carried.place.get(item.old, anchor)
        found = _edits_of(item, number, moved.get(item.article), _Texts(returned, today, carried), anchor)
        edits += [(of, one) for of, one in found if not isinstance(one, Message)]
        obstacles += [(of, one) for of, one in found if isinstance(one, Message)]
    once = {(number, str(why)): (number, why) for number, why in obstacles}
    return Plan(tuple(edits), tuple(once.values()))


@dataclass(frozen=True, slots=True)
class _Texts:
    returned: Source
    today: Source
    carried: CarriedOver


_OTHER_TODAY: Final = say("the text says something else there today than the draft that was sent: send a new draft")


def _edits_of(
    item: Item, number: int | None, moved: int | None, texts: _Texts, anchor: int | None
) -> list[tuple[int, BlockEdit | Message]]:
    """Return what one block asks for: nothing, words, a block more or less, and its new place if its article moved."""
    if item.old is None:
        return [] if number is None or item.new is None else [(number, Insert(anchor, _new_block(texts, item.new)))]
    block = texts.carried.same.get(item.old)
    if block is None:
        return [(of, _OTHER_TODAY) for of in (number, moved) if of is not None]
    found: list[tuple[int, BlockEdit | Message]] = []
    if item.new is None and number is not None:
        return [(number, Remove(block))]
    if moved is not None:
        found.append((moved, Move(block, anchor)))
    if number is not None and item.new is not None:
        found.append((number, _replacement(texts, block, item.new)))
    return found


def _replacement(texts: _Texts, block: int, new: int) -> Replace | Message:
    old, wanted = texts.today.blocks[block], texts.returned.blocks[new]
    cells = tuple(cell.text for cell in wanted.cells)
    if old.is_row != wanted.is_row:
        # A row of one cell may have come back as a paragraph; any other would become a paragraph with separators in it.
        return (
            Replace(block, cells)
            if len(cells) == len(old.cells) == 1
            else say("a row of a table became a paragraph, or the other way")
        )
    return Replace(block, cells)


def _new_block(texts: _Texts, place: int) -> NewBlock:
    """Return the block as it is put in, in the markup of its like in today's text."""
    new = texts.returned.blocks[place]
    cells = tuple(cell.text for cell in new.cells)
    if new.is_row:
        return NewBlock(0, new.block.part, cells, is_row=True)
    level = _level(texts, place)
    element = texts.returned.elements[new.element] if new.element is not None else None
    like = [one for one in texts.today.blocks if one.block.level == level and not one.is_row and one.element is not None]
    known = Counter(name for one in like for name in texts.today.elements[one.element or 0].classes)
    classes = tuple(sorted(name for name in (element.classes if element else ()) if known[name]))
    found = (_HEADING_NUMBER if level else _ITEM_NUMBER).match(cells[0])
    sets_apart = any(
        _NUMBER_SPAN.match(texts.today.html, one.cells[0].start)
        for one in like
        if frozenset(classes) == texts.today.elements[one.element or 0].classes
    )
    return NewBlock(
        level,
        new.block.part,
        cells,
        classes=classes,
        number=found.group() if found and sets_apart else "",
        language=_language(texts.today.html, cells[0]),
    )


def _language(page: str, text: str) -> str:
    """Return the language of a text by its letters, or nothing where it is that of the page."""
    found = _PAGE_LANGUAGE.search(page)
    own = "th" if _THAI.search(text) else "en" if _LATIN.search(text) else ""
    return "" if found and found.group(1) == own else own


def _level(texts: _Texts, place: int) -> int:
    """Return the level of a heading as today's text has it for headings that begin alike; a Word file may count otherwise."""
    new = texts.returned.blocks[place].block
    if not new.level:
        return 0
    beginning = _beginning(new.text)
    alike = [one.block for one in texts.today.blocks if one.block.level and _beginning(one.block.text) == beginning]
    levels = Counter(one.level for one in alike if one.part is new.part) or Counter(one.level for one in alike)
    return levels.most_common(1)[0][0] if levels and beginning else new.level


def _beginning(text: str) -> str:
    found = _HEADING_NUMBER.match(text)
    return re.split(r"[ 0-9๐-๙]", found.group())[0] if found else ""
