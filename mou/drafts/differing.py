"""A draft that was sent and one that came back -> what differs, each change with its number; tracked or not, and in which fields.

1. The text that came back is the one with every tracked change accepted.
2. Read without its tracked changes, the file that came back says what was sent; where it does not, somebody typed with tracking
   off, and that change was made without a mark.
3. What the file says of authors and times is a claim, which nobody checked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from mou.comparison.articles import Article, articles_of_blocks
from mou.comparison.blocks import CELL_EDGE, Source
from mou.comparison.compared import Compared, ComparisonKind, TextVersion
from mou.comparison.comparing import Comparison, EditKind, Edits, Outcome, compare, new_side, old_side
from mou.comparison.words import CLUSTERS, Divider
from mou.drafts.files import DraftFile, FieldValue
from mou.drafts.numbering import Item, NumberedChange, items_of, numbered

_SHORTEST_SOUGHT: Final = 4
"""Letters; a shorter value stands in other words too, so that it is not known to be there still because it is found."""

_NO_WORDS: Final = re.compile(r"[\W\d_]*")


class Tracking(StrEnum):
    """Whether a change was made with a mark."""

    TRACKED = "tracked"
    UNTRACKED = "untracked"
    PARTLY = "partly"


@dataclass(frozen=True, slots=True)
class DraftDifference:
    """The comparison of two drafts, its numbered changes, and what was changed without a mark (rule 2).

    `accepted` are the versions of the text that have changes already, by the numbers of these.
    """

    sent: DraftFile
    returned: DraftFile
    compared: Compared
    changes: tuple[NumberedChange, ...]
    untracked: Comparison
    accepted: Mapping[int, str] = field(default_factory=dict)


def differences_of(
    sent: DraftFile,
    returned: DraftFile,
    *,
    version: TextVersion | None = None,
    language: str = "th",
    divider: Divider = CLUSTERS,
    names: Iterable[str] = (),
) -> DraftDifference:
    """Return what differs.

    Args:
        sent: the draft that was sent.
        returned: the one that came back.
        version: what the text that was sent is known by; its file, if nothing else.
        language: of both texts.
        divider: what finds Thai words.
        names: names that are corrected as a whole.
    """
    known = tuple(names)
    old, new, before = (_articles(one) for one in (sent.page, returned.page, returned.before))
    comparison = compare(old, new, divider=divider, names=known)
    changes = numbered(comparison)
    compared = Compared(
        ComparisonKind.DRAFT,
        version or TextVersion(sent.name, "", sent.digest),
        TextVersion(returned.name, "", returned.digest),
        comparison,
        language=language,
        labels=_labels(changes),
    )
    return DraftDifference(sent, returned, compared, changes, compare(old, before, divider=divider, names=known))


def tracking_of(difference: DraftDifference) -> dict[int, Tracking]:
    """Return for each change, by its number, whether it was tracked."""
    old_items = {one.old: one for one in items_of(difference.untracked) if one.old is not None}
    added = {new_side(one.edits) for one in items_of(difference.untracked) if one.old is None}
    moved = {one.item.old for one in numbered(difference.untracked) if one.outcome is Outcome.MOVED}
    return {one.number: _tracking(one, old_items, added, moved) for one in difference.changes}


def _tracking(change: NumberedChange, items: dict[int, Item], added: set[str], moved: set[int | None]) -> Tracking:
    item = change.item
    if change.outcome is Outcome.MOVED:
        return Tracking.UNTRACKED if item.old in moved else Tracking.TRACKED
    if item.old is None:
        return Tracking.UNTRACKED if new_side(item.edits) in added else Tracking.TRACKED
    before = items.get(item.old)
    if before is None or before.outcome is Outcome.UNCHANGED:
        return Tracking.TRACKED
    return Tracking.UNTRACKED if new_side(before.edits) == new_side(item.edits) else Tracking.PARTLY


def changed_fields(difference: DraftDifference, change: NumberedChange) -> tuple[FieldValue, ...]:
    """Return the values of fields that a change touches: each is to be changed where it comes from."""
    item, fields = change.item, difference.sent.fields
    if fields is None or item.old is None or change.outcome not in {Outcome.CHANGED, Outcome.REMOVED}:
        return ()
    cells = difference.sent.page.blocks[item.old].cells
    retyped = _retyped(difference, item)
    place = 0
    found: dict[FieldValue, None] = {}
    for cell in cells:
        for value, start in _placed(fields.get(cell.text, ()), cell.text):
            if value.expression in retyped or _is_touched(item.edits, value.value, place + start):
                found[value] = None
        place += len(cell.text) + len(CELL_EDGE)
    if item.new is None and not _NO_WORDS.fullmatch(_without(item.edits, fields, [cell.text for cell in cells])):
        return ()  # the words around the values are the text's own: they may be taken out
    return tuple(found)


def _retyped(difference: DraftDifference, item: Item) -> frozenset[str]:
    """Return the expressions of the fields that hold other words in the block that came back, and no longer those that were sent.

    So words that were typed at the edge of a value, inside its bookmark, are seen as a part of it.
    """
    sent, returned = _values_in(difference.sent, item.old), _values_in(difference.returned, item.new)
    expressions = {one.expression for one in sent} & {one.expression for one in returned}
    kept = {one.expression for one in sent & returned}
    return frozenset(expressions - kept)


def _values_in(file: DraftFile, block: int | None) -> set[FieldValue]:
    if file.fields is None or block is None:
        return set()
    return {value for cell in file.page.blocks[block].cells for value in file.fields.get(cell.text, ())}


def _articles(source: Source) -> tuple[Article, ...]:
    return articles_of_blocks([one.block for one in source.blocks])


def _labels(changes: Iterable[NumberedChange]) -> dict[tuple[int, int | None], str]:
    labels: defaultdict[tuple[int, int | None], list[str]] = defaultdict(list)
    for one in changes:
        is_moved = one.outcome is Outcome.MOVED
        labels[one.item.article, None if is_moved else one.item.paragraph].append(f"[{one.number}{' →' if is_moved else ''}]")
    return {place: " ".join(several) for place, several in labels.items()}


def _placed(values: Iterable[FieldValue], text: str) -> list[tuple[FieldValue, int]]:
    """Return the values with the places at which they stand; one that stands there twice, with the first of them."""
    return [(one, text.find(one.value)) for one in values if one.value in text]


def _is_touched(edits: Edits, value: str, start: int) -> bool:
    end, place, is_touched = start + len(value), 0, False
    for edit in edits:
        if edit.kind is EditKind.ADDED:
            is_touched |= start < place < end
            continue
        if edit.kind is EditKind.REMOVED:
            is_touched |= place < end and place + len(edit.text) > start
        place += len(edit.text)
    is_there_still = len(value) >= _SHORTEST_SOUGHT and new_side(edits).count(value) >= old_side(edits).count(value)
    return is_touched and not is_there_still


def _without(edits: Edits, fields: Mapping[str, tuple[FieldValue, ...]], cells: Iterable[str]) -> str:
    text = old_side(edits)
    for cell in cells:
        for one in fields.get(cell, ()):
            text = text.replace(one.value, "", 1)
    return text
