"""What is said of a draft that came back beside its differences, in sections that every output has. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mou.comparison.blocks import plain_text
from mou.comparison.comparing import Comparison, Edits, Outcome
from mou.comparison.text import edits_as_text
from mou.comparison.wording import name_of, visible
from mou.drafts.differing import DraftDifference, Tracking, changed_fields, tracking_of
from mou.drafts.numbering import numbered
from mou.rendering.word.values import ChangeKind, LossKind, TrackedChange, WordComment
from mou.thai import BANGKOK
from signatures.messages import Message, say


@dataclass(frozen=True, slots=True)
class Section:
    """A title, what must be known to read it, and its lines."""

    name: str
    title: Message
    notes: tuple[Message, ...]
    lines: tuple[Message, ...]


_PAGE_OF_PAGES: Final = re.compile("(?<=หน้า )[0-9]+ จาก [0-9]+|(?<=Page )[0-9]+ of [0-9]+")
"""As the margin of our drafts shows the number of a page."""

KINDS: Final = {
    ChangeKind.INSERTED: say("inserted"),
    ChangeKind.DELETED: say("deleted"),
    ChangeKind.MOVED_AWAY: say("moved away"),
    ChangeKind.MOVED_HERE: say("moved here"),
    ChangeKind.FORMATTED: say("another look"),
}
LOSSES: Final = {
    LossKind.TEXT_BOX: say("a text box"),
    LossKind.FOOTNOTE: say("a footnote"),
    LossKind.PICTURE: say("a picture"),
    LossKind.HEADER_OR_FOOTER: say("a header or footer"),
    LossKind.COMPUTED: say("text that Word computes"),
    LossKind.FORM_CONTROL: say("a form control"),
    LossKind.EQUATION: say("an equation"),
    LossKind.EMBEDDED: say("an embedded object"),
    LossKind.HIDDEN_TEXT: say("hidden text"),
    LossKind.COLUMNS: say("text in columns"),
    LossKind.OTHER: say("something else"),
}


def findings_of(difference: DraftDifference) -> tuple[Section, ...]:
    """Return the sections that have something to say."""
    sections = (
        _which_document(difference),
        _accepted(difference),
        _fields(difference),
        _untracked(difference),
        _tracked(difference),
        _comments(difference),
        _losses(difference),
        _numbers(difference),
    )
    return tuple(one for one in sections if one.lines or one.notes)


def document_differs(difference: DraftDifference) -> bool:
    """Return whether the draft that came back says that it is of another text than the one that was sent."""
    sent = difference.sent.document
    return sent is not None and difference.returned.document != sent


def _which_document(difference: DraftDifference) -> Section:
    sent, returned = difference.sent.document, difference.returned.document
    notes: tuple[Message, ...] = ()
    if document_differs(difference) and returned is not None:
        notes = (
            say(
                "The draft that came back is of another text: it names the document {returned}, the draft that was sent {sent}.",
                returned=returned,
                sent=sent,
            ),
        )
    elif document_differs(difference):
        notes = (
            say(
                "The draft that came back does not say any more of which document it is; the draft that was sent is of {sent}.",
                sent=sent,
            ),
        )
    return Section("document", say("Of which document"), notes, ())


def _accepted(difference: DraftDifference) -> Section:
    lines = tuple(say("[{number}] version {version}", number=number, version=one) for number, one in difference.accepted.items())
    return Section("accepted", say("Accepted before"), (), lines)


def _fields(difference: DraftDifference) -> Section:
    lines = tuple(
        say(
            "[{number}] {field}: this value comes from {origin}: change it there (sent: {value})",
            number=change.number,
            origin=field.origin,
            field=visible(field.expression),
            value=visible(field.value),
        )
        for change in difference.changes
        for field in changed_fields(difference, change)
    )
    return Section("fields", say("Values of fields that were changed"), (), lines)


def _untracked(difference: DraftDifference) -> Section:
    tracking = tracking_of(difference)
    notes: tuple[Message, ...] = ()
    if not difference.untracked.finds_nothing:
        notes = (
            say(
                "Without its tracked changes the file does not say what was sent: these words were changed without a mark. "
                "Somebody may have typed with tracking off."
            ),
        )
        numbers = {kind: [str(number) for number, one in tracking.items() if one is kind] for kind in Tracking}
        if numbers[Tracking.UNTRACKED]:
            notes += (say("Not tracked: changes {numbers}.", numbers=", ".join(numbers[Tracking.UNTRACKED])),)
        if numbers[Tracking.PARTLY]:
            notes += (say("Tracked only in part: changes {numbers}.", numbers=", ".join(numbers[Tracking.PARTLY])),)
    elif difference.changes:
        notes = (say("Every change was tracked."),)
    # Where nothing is tracked, the numbers say it all.
    lines = tuple(_lines_of(difference.untracked)) if difference.returned.changes else ()
    return Section("untracked", say("Changes that were not tracked"), notes, lines)


def _lines_of(comparison: Comparison) -> Iterator[Message]:
    """Yield each changed block with the name of its article."""
    for one in numbered(comparison):
        change = comparison.changes[one.item.article]
        name = name_of(change, is_new=change.new_place is not None)
        named = visible(name) if isinstance(name, str) else name
        if one.outcome is Outcome.MOVED:
            yield say("{article}: it stands elsewhere", article=named)
        else:
            yield say("{article}: {words}", article=named, words=marked(one.item.edits))


def marked(edits: Edits) -> str:
    """Return the words of a block with signs around what was removed and added."""
    return edits_as_text(edits)


_CLAIMS: Final = say("Names and times are what the file says of itself; nobody checked them.")


def _tracked(difference: DraftDifference) -> Section:
    found = difference.returned.changes
    lines = tuple(_tracked_line(one) for one in found)
    return Section("tracked", say("Tracked changes of the file"), (_CLAIMS,) if lines else (), lines)


def _tracked_line(one: TrackedChange) -> Message:
    return say(
        "{author}, {at}: {kind}: “{words}” ({place})",
        author=visible(one.author) or say("without a name"),
        at=shown_time(one.at),
        kind=KINDS[one.kind],
        words=_on_one_line(one.text),
        place=one.place,
    )


def _on_one_line(text: str) -> str:
    """Return the words without what only says where a line may end, and whatever else nobody would see written out."""
    return visible(plain_text(text))


def _comments(difference: DraftDifference) -> Section:
    lines = tuple(_comment_line(one) for one in difference.returned.comments)
    return Section("comments", say("Comments of the file"), (_CLAIMS,) if lines else (), lines)


def _comment_line(one: WordComment) -> Message:
    return say(
        "{author}, {at}, on “{quoted}”: {words} ({place})",
        author=visible(one.author) or say("without a name"),
        at=shown_time(one.at),
        quoted=_on_one_line(one.quoted),
        words=_on_one_line(one.text),
        place=one.place,
    )


def shown_time(at: datetime | None) -> str | Message:
    """Return a claimed time in Bangkok, by the minute."""
    return say("at an unknown time") if at is None else at.astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M")


def _losses(difference: DraftDifference) -> Section:
    known = {(one.kind, _without_page_numbers(one.text)) for one in difference.sent.losses}
    lines = tuple(
        say("{kind} ({place}): {words}", kind=LOSSES[one.kind], place=one.place, words=_on_one_line(one.text) or "-")
        for one in difference.returned.losses
        if (one.kind, _without_page_numbers(one.text)) not in known
    )
    notes = (say("This stands in the file that came back, and not in the one that was sent; it is no part of the comparison."),)
    return Section("not_compared", say("Not compared"), notes if lines else (), lines)


def _without_page_numbers(text: str) -> str:
    """Return the text of a margin without what each program counts anew."""
    return _PAGE_OF_PAGES.sub("", text)


def _numbers(difference: DraftDifference) -> Section:
    notes = (
        say("Each change has its number in square brackets; an arrow says that the article stands elsewhere."),
        say("Chosen changes go into the text of a document with: mou document accept SENT RETURNED --change NUMBER"),
    )
    return Section("numbers", say("Numbers of the changes"), notes if difference.changes else (), ())
