"""What is done to a text when a change is accepted, block by block; and the same as a record. Pure.

A block is counted from 0 in the text as it was before all of these edits. What is put in after one block stands in the order of
the edits; after None is before the first block.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from mou.comparison.blocks import CELL_EDGE, Block, Part
from signatures.canonical import JsonValue


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block that is put in: a heading (`level`), a paragraph, or a row; its number, where the markup sets it apart.

    `language` is empty where it is that of the page.
    """

    level: int
    part: Part
    cells: tuple[str, ...]
    is_row: bool = False
    classes: tuple[str, ...] = ()
    number: str = ""
    language: str = ""

    @property
    def block(self) -> Block:
        """The block as it is read again."""
        return Block(self.level, self.part, CELL_EDGE.join(self.cells))


@dataclass(frozen=True, slots=True)
class Replace:
    """Other words in a block: one text, or one for each cell of a row."""

    block: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """A block less."""

    block: int


@dataclass(frozen=True, slots=True)
class Insert:
    """A block more, after another one."""

    after: int | None
    new: NewBlock


@dataclass(frozen=True, slots=True)
class Move:
    """A block that goes elsewhere, with what is replaced in it."""

    block: int
    after: int | None


BlockEdit: TypeAlias = Replace | Remove | Insert | Move


def places_of(edit: BlockEdit) -> tuple[int, ...]:
    """Return the blocks that an edit names."""
    named = (None if isinstance(edit, Insert) else edit.block, edit.after if isinstance(edit, (Insert, Move)) else None)
    return tuple(one for one in named if one is not None)


def edited_blocks(blocks: Sequence[Block], edits: Sequence[BlockEdit]) -> tuple[Block, ...]:
    """Return the blocks that the edits make of these."""
    replaced = {one.block: CELL_EDGE.join(one.cells) for one in edits if isinstance(one, Replace)}
    texts = [replace(block, text=replaced.get(place, block.text)) for place, block in enumerate(blocks)]
    gone = {one.block for one in edits if isinstance(one, (Remove, Move))}
    put_in: defaultdict[int | None, list[Block]] = defaultdict(list)
    for one in edits:
        if isinstance(one, Insert):
            put_in[one.after].append(one.new.block)
        elif isinstance(one, Move):
            put_in[one.after].append(texts[one.block])
    result = list(put_in[None])
    for place, block in enumerate(texts):
        result += [*([] if place in gone else [block]), *put_in[place]]
    return tuple(result)


def edit_as_record(edit: BlockEdit) -> dict[str, JsonValue]:
    """Return the edit as it is kept."""
    match edit:
        case Replace():
            return {"edit": "replace", "block": edit.block, "cells": list(edit.cells)}
        case Remove():
            return {"edit": "remove", "block": edit.block}
        case Move():
            return {"edit": "move", "block": edit.block, "after": edit.after}
        case Insert():
            new = edit.new
            return {
                "edit": "insert",
                "after": edit.after,
                "level": new.level,
                "part": new.part.value,
                "cells": list(new.cells),
                "row": new.is_row,
                "classes": list(new.classes),
                "number": new.number,
                "language": new.language,
            }


def edit_from_record(record: Mapping[str, Any]) -> BlockEdit:
    """Return the edit that was kept.

    Raises:
        KeyError, ValueError, TypeError: it is none.
    """
    match record["edit"]:
        case "replace":
            return Replace(_place(record["block"]), _texts(record["cells"]))
        case "remove":
            return Remove(_place(record["block"]))
        case "move":
            return Move(_place(record["block"]), _place_or_none(record["after"]))
        case "insert":
            new = NewBlock(
                int(record["level"]),
                Part(record["part"]),
                _texts(record["cells"]),
                bool(record["row"]),
                tuple(map(str, record["classes"])),
                str(record["number"]),
                str(record["language"]),
            )
            return Insert(_place_or_none(record["after"]), new)
        case other:
            raise ValueError(other)


def _place(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _place_or_none(value: object) -> int | None:
    return None if value is None else _place(value)


def _texts(value: object) -> tuple[str, ...]:
    """Return the texts of cells: one at least, none of them empty."""
    if not isinstance(value, list) or not value or not all(one and isinstance(one, str) for one in value):
        raise ValueError(value)
    return tuple(value)
