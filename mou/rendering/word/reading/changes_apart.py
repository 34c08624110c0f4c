"""Tracked changes of what stands apart from the text: in text boxes, notes, headers and footers. Pure."""

from dataclasses import dataclass
from typing import Final

from mou.rendering.word.element_names import Element, W
from mou.rendering.word.reading.gathering import GatheredChange
from mou.rendering.word.reading.plain_text import excerpt
from mou.rendering.word.revisions import KINDS, author_of, formattings, is_same_act, marks, time_of
from mou.rendering.word.values import ChangeKind

END_OF_PARAGRAPH: Final = "¶"


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote: its text in one view, and who changed what in it."""

    text: str
    changes: tuple[GatheredChange, ...]


def changes_apart(root: Element) -> tuple[GatheredChange, ...]:
    """Return the tracked changes in a part that is told as a whole; those that touch and are one act are one."""
    found: list[GatheredChange] = []
    of_runs: GatheredChange | None = None
    for element in root.iter(f"{W}*"):
        if _is_properties(element):
            found += [_change(one, _owner_text(element)) for one in (*marks(element), *formattings(element))]
        elif element.tag in KINDS and not _is_properties(element.getparent()):
            before = element.getprevious()
            if of_runs is not None and before is not None and is_same_act(before, element):
                of_runs.pieces.append(excerpt(element))
            else:
                of_runs = _change(element, excerpt(element))
                found.append(of_runs)
    return tuple(found)


def _is_properties(element: Element) -> bool:
    return str(element.tag).endswith("Pr")


def _owner_text(properties: Element) -> str:
    """Return the text of what has these properties: a run, a paragraph or its end, a row, a cell."""
    owner = properties.getparent()
    return END_OF_PARAGRAPH if owner.tag == f"{W}pPr" else excerpt(owner)


def _change(change: Element, text: str) -> GatheredChange:
    return GatheredChange(KINDS.get(change.tag, ChangeKind.FORMATTED), author_of(change), time_of(change), [text])
