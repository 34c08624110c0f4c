"""A draft that this program wrote -> the elements of the page that it was made from. Pure.

The styles of its paragraphs name element, classes and part, see `mou.rendering.word.style_names`; a paragraph that somebody
added in Word has a style of its own and is a plain paragraph or an item of the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from mou.rendering.word.style_names import PageElement, element_of
from mou.rendering.word.values import WordBlock, WordCell, WordParagraph, WordTable
from mou.word_import.elements import (
    Element,
    Group,
    Kind,
    Pieces,
    SignatureBlock,
    SignaturePlace,
    TextElement,
    text_of,
)
from mou.word_import.lines import paragraphs_in
from mou.word_import.numbers import article_of, chapter_of, item_of
from mou.word_import.pieces import cut, pieces_of, stripped
from mou.word_import.word_tables import table_element

_SIGNATURE: Final = "signature"
_BOX: Final = "signature-box"
_PAIR: Final = "pair"
_ANNEX: Final = "annex"
_LONGEST_NUMBER: Final = 24
_NUMBERED: Final = re.compile(rf"(?P<number>[^\t\u2002\n]{{1,{_LONGEST_NUMBER}}})[\t\u2002]")
_HEADING: Final = re.compile("h[1-6]")


@dataclass(frozen=True, slots=True)
class _Placed:
    """An element with the part of the document that holds it."""

    element: Element
    part: str | None


def is_own_draft(blocks: Sequence[WordBlock]) -> bool:
    """Whether the styles of a draft of ours are there; Word's own headings are everybody's."""
    return any(one.style.strip().casefold().startswith("mou ") and element_of(one.style) for one in paragraphs_in(blocks))


def own_elements(blocks: Sequence[WordBlock], *, as_template: bool) -> tuple[Element, ...]:
    """Return the elements of our own draft."""
    placed: list[_Placed] = []
    part: str | None = None
    for block in blocks:
        found = _table(block, as_template) if isinstance(block, WordTable) else _paragraph(block, part, as_template)
        if found is None:
            continue
        # A table, and what somebody added in Word, stands in the part that it stands in the middle of.
        part = found.part
        placed.append(found)
    _carry_parts(placed)
    return tuple(_grouped(placed))


def _carry_parts(placed: list[_Placed]) -> None:
    part: str | None = None
    for at, one in enumerate(placed):
        if isinstance(one.element, (SignatureBlock, Group)):
            part = None
        elif one.part == "":
            following = next((later.part for later in placed[at + 1 :] if later.part != ""), part)
            placed[at] = _Placed(one.element, part if part in {_ANNEX, following} else None)
        else:
            part = one.part


def _grouped(placed: Sequence[_Placed]) -> Iterator[Element]:
    for part, group in groupby(placed, key=lambda one: one.part):
        elements = tuple(one.element for one in group)
        if part is None:
            yield from elements
        elif part == _ANNEX:
            yield from (Group("section", (_ANNEX,), section) for section in _by_headings(elements))
        else:
            yield Group("div", (part,), elements)


def _by_headings(elements: Sequence[Element]) -> Iterator[tuple[Element, ...]]:
    section: list[Element] = []
    for one in elements:
        if section and isinstance(one, TextElement) and one.tag in {"h1", "h2"}:
            yield tuple(section)
            section = []
        section.append(one)
    if section:
        yield tuple(section)


def _paragraph(paragraph: WordParagraph, part: str | None, as_template: bool) -> _Placed | None:  # noqa: FBT001
    styled = element_of(paragraph.style)
    element = own_text(paragraph, as_template=as_template)
    if not element.pieces and not element.number:
        return None
    if styled is None:
        return _Placed(element, "")
    is_everybodys = not paragraph.style.strip().casefold().startswith("mou ")
    return _Placed(element, None if is_everybodys and part != _ANNEX else styled.part)


def own_text(paragraph: WordParagraph, *, as_template: bool) -> TextElement:
    """Return the heading or paragraph that a paragraph was."""
    styled = element_of(paragraph.style)
    pieces = stripped(pieces_of(paragraph, as_template=as_template))
    number, rest = _number_of(paragraph, pieces, styled)
    if styled is None:
        return TextElement(
            Kind.ITEM if number else Kind.PARAGRAPH, "p", rest, paragraph.place, ("item",) if number else (), number
        )
    kind = _kind(styled, f"{number} {text_of(rest)}".strip())
    tag = styled.tag if styled.tag not in {"div", "li", "td", "th"} else "p"
    return TextElement(kind, tag, rest, paragraph.place, styled.classes, number, depth=1 if kind is Kind.ITEM else 0)


def _number_of(paragraph: WordParagraph, pieces: Pieces, styled: PageElement | None) -> tuple[str, Pieces]:
    text = text_of(pieces)
    if paragraph.number:
        return " ".join(paragraph.number.split()), pieces
    if found := _NUMBERED.match(text):
        return found["number"].strip(), stripped(cut(pieces, found.end()))
    if styled is None and (item := item_of(text)):
        return item.written, stripped(cut(pieces, item.text_at))
    return "", pieces


def _kind(styled: PageElement, text: str) -> Kind:
    if styled.tag == "h1":
        return Kind.TITLE
    if _HEADING.fullmatch(styled.tag):
        if article_of(text):
            return Kind.ARTICLE
        return Kind.CHAPTER if chapter_of(text) or "chapter" in styled.classes else Kind.HEADING
    by_class = {"between": Kind.BETWEEN, "item": Kind.ITEM, "closing": Kind.CLOSING}
    return next((by_class[one] for one in styled.classes if one in by_class), Kind.PARAGRAPH)


def _table(table: WordTable, as_template: bool) -> _Placed | None:  # noqa: FBT001
    parts = {styled.part for one in paragraphs_in((table,)) if (styled := element_of(one.style))}
    classes = {name for one in paragraphs_in((table,)) if (styled := element_of(one.style)) for name in styled.classes}
    if _SIGNATURE in parts or _BOX in classes:
        return _Placed(_signature_block(table, as_template), None)
    part = next((one for one in parts if one not in {None, _PAIR}), "" if not parts else None)
    if parts and not table.has_borders:
        rows = tuple(_pair(row.cells, as_template) for row in table.rows)
        return _Placed(rows[0] if len(rows) == 1 else Group("div", ("pairs",), rows), part)
    return _Placed(table_element(table, as_template=as_template), part)


def _signature_block(table: WordTable, as_template: bool) -> SignatureBlock:  # noqa: FBT001
    places = []
    for row in table.rows:
        for cell in row.cells:
            lines = tuple(own_text(one, as_template=as_template) for one in paragraphs_in(cell.blocks))
            shown = tuple(one for one in lines if one.pieces)
            if shown:
                places.append(SignaturePlace(shown, shown[0].place, is_own=True))
    return SignatureBlock(tuple(places), table.place)


def _pair(cells: Sequence[WordCell], as_template: bool) -> Group:  # noqa: FBT001
    sides = []
    for cell in cells:
        texts = [own_text(one, as_template=as_template) for one in paragraphs_in(cell.blocks)]
        sides.append(tuple(one for one in texts if one.pieces or one.number))
    shown = [side for side in sides if side]
    tags = {one.tag for side in shown for one in side}
    if all(len(side) == 1 for side in shown) and len(tags) == 1 and _HEADING.fullmatch(tag := next(iter(tags))):
        return Group(tag, (_PAIR,), tuple(one for side in shown for one in side))
    classes = {name for side in shown for one in side for name in one.classes if name in {"item", "lead", "parties"}}
    return Group("div", (_PAIR, *sorted(classes)), tuple(side[0] if len(side) == 1 else Group("div", (), side) for side in shown))
