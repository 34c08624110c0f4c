"""Whether every tag that begins something ends in the place where it began, so that no condition cuts an element in two. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mou.word_import.elements import ControlElement, Element, Group, RowElement, SignatureBlock, TableElement, TextElement
from signatures.messages import Message, say

_BLOCK: Final = re.compile(r"\{%[-+]?\s*(?P<name>\w+)(?P<rest>(?:[^%]|%(?!\}))*)%\}")
_DEEPEST: Final = 8  # what Jinja2 writes of more may be more than Python reads
_ENDS: Final = {"endif": "if", "endfor": "for", "endfilter": "filter", "endset": "set"}
_BETWEEN: Final = {"elif": ("if",), "else": ("if", "for")}


def unbalanced(elements: tuple[Element, ...]) -> Iterator[Message]:
    """Return a problem for each tag without an end, and for each end without a beginning."""
    yield from _problems_of((one.source, one.place) for one in elements if isinstance(one, ControlElement))
    for one in elements:
        match one:
            case TextElement():
                yield from _problems_inside(one)
            case Group():
                yield from unbalanced(one.elements)
            case SignatureBlock():
                for place in one.places:
                    yield from unbalanced(place.lines)
            case TableElement():
                yield from _problems_of_table(one)
            case ControlElement():
                pass


def _problems_of_table(table: TableElement) -> Iterator[Message]:
    yield from _problems_of((row.source, row.place) for row in table.rows if isinstance(row, ControlElement))
    for row in table.rows:
        if isinstance(row, RowElement):
            yield from _problems_of((cell.source, cell.place) for cell in row.cells if isinstance(cell, ControlElement))
            for cell in row.cells:
                if not isinstance(cell, ControlElement):
                    yield from unbalanced(cell.elements)


def _problems_inside(one: TextElement) -> Iterator[Message]:
    for problem in _problems_of((piece.text, one.place) for piece in one.pieces if piece.is_tag):
        yield say(
            "{problem}, in a paragraph with words: put the tag in a paragraph of its own, or both in this one", problem=problem
        )


def _problems_of(sources: Iterable[tuple[str, Message]]) -> Iterator[Message]:
    open_tags: list[tuple[str, str, Message]] = []
    for source, place in sources:
        for found in _BLOCK.finditer(source):
            name = found["name"]
            if name in _ENDS:
                if open_tags and open_tags[-1][0] == _ENDS[name]:
                    open_tags.pop()
                else:
                    yield say("{place}: {tag} ends nothing that began in the same place", place=place, tag=found.group())
            elif name in _BETWEEN:
                if not open_tags or open_tags[-1][0] not in _BETWEEN[name]:
                    yield say("{place}: {tag} belongs to nothing that began in the same place", place=place, tag=found.group())
            elif name in _ENDS.values() and not (name == "set" and "=" in found["rest"]):
                open_tags.append((name, found.group(), place))
                if len(open_tags) == _DEEPEST + 1:
                    yield say("{place}: at most {limit} tags inside each other are expected", place=place, limit=_DEEPEST)
    for _, tag, place in open_tags:
        yield say("{place}: {tag} has no end in the same place", place=place, tag=tag)
