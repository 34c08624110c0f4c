"""Tracked changes of a Word file: what stands in which view, and who changed what (ISO/IEC 29500-1, 17.13.5). Pure.

1. What was inserted, or moved here, stands only after the changes; what was deleted, or moved away, only before them.
2. A paragraph whose mark does not stand in a view runs on into the next one, and takes its properties.
3. What was formatted has two sets of properties; before the changes the older one holds.

The author is what a program wrote. So is the time: Word writes the clock on the wall and marks it as UTC. Since 2023 it writes
the real UTC beside it, which is read where it is there; otherwise the wall clock is given as it is marked. In Thailand that is
9:15 UTC for 9:15 in Bangkok: seven hours too late.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from mou.rendering.word.element_names import Element, W
from mou.rendering.word.values import ChangeKind, View

_REAL_TIME: Final = "{http://schemas.microsoft.com/office/word/2023/wordml/word16du}dateUtc"
KINDS: Final = {
    f"{W}ins": ChangeKind.INSERTED,
    f"{W}del": ChangeKind.DELETED,
    f"{W}moveFrom": ChangeKind.MOVED_AWAY,
    f"{W}moveTo": ChangeKind.MOVED_HERE,
    f"{W}cellIns": ChangeKind.INSERTED,
    f"{W}cellDel": ChangeKind.DELETED,
}
_ONLY_IN: Final = {
    ChangeKind.INSERTED: View.AFTER_CHANGES,
    ChangeKind.MOVED_HERE: View.AFTER_CHANGES,
    ChangeKind.DELETED: View.BEFORE_CHANGES,
    ChangeKind.MOVED_AWAY: View.BEFORE_CHANGES,
}


def stands(change: Element, view: View) -> bool:
    """Return whether the content of a tracked change, or what it marks, stands in this view; true for any other element."""
    kind = KINDS.get(change.tag)
    return kind is None or _ONLY_IN[kind] is view


def marks(properties: Element) -> Iterator[Element]:
    """Return the tracked changes that mark a paragraph's end (`w:pPr/w:rPr`), a row (`w:trPr`) or a cell (`w:tcPr`)."""
    yield from _one_of_each(properties, lambda tag: tag in KINDS)


def is_kept(properties: Element, view: View) -> bool:
    """Return whether what these properties belong to stands in this view."""
    return all(stands(one, view) for one in marks(properties))


def properties_in(properties: Element, view: View) -> Element:
    """Return the properties of a run or paragraph that hold in this view; None where there were none."""
    if properties is None or view is View.AFTER_CHANGES:
        return properties
    name = properties.tag
    changed = properties.find(f"{name}Change")
    return properties if changed is None else changed.find(name)


def formattings(properties: Element) -> Iterator[Element]:
    """Return the tracked changes of formatting in a set of properties."""
    yield from _one_of_each(properties, lambda tag: tag.endswith("PrChange"))


def _one_of_each(properties: Element, is_wanted: Callable[[str], bool]) -> Iterator[Element]:
    """Return the first change of each name: the schema knows no second one, and each would repeat the same text."""
    seen: set[str] = set()
    for one in () if properties is None else properties:
        if isinstance(one.tag, str) and one.tag not in seen and is_wanted(one.tag):
            seen.add(one.tag)
            yield one


def is_same_act(one: Element, other: Element) -> bool:
    """Return whether two tracked changes that touch are one: of one kind, by one author at one time."""
    same_kind = KINDS.get(one.tag) is not None and KINDS.get(one.tag) is KINDS.get(other.tag)
    return same_kind and author_of(one) == author_of(other) and time_of(one) == time_of(other)


def author_of(change: Element) -> str:
    """Return who made a change or comment, as the file says."""
    return str(change.get(f"{W}author") or "")


def time_of(change: Element) -> datetime | None:
    """Return when, as the file says; see the module for what Word's times are worth."""
    written = change.get(_REAL_TIME) or change.get(f"{W}date") or ""
    try:
        time = datetime.fromisoformat(written)
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
