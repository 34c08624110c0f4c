"""What every output of a comparison says, and the signs around words: never colour alone. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Final

from mou.comparison.articles import PieceKind
from mou.comparison.compared import Compared, TextVersion
from mou.comparison.comparing import ArticleChange, EditKind, Edits, Outcome, new_side, old_side
from mou.comparison.words import DividerName
from mou.thai import english_date, thai_date
from signatures.messages import Message, say

SIGNS: Final[Mapping[EditKind, tuple[str, str]]] = MappingProxyType(
    {EditKind.KEPT: ("", ""), EditKind.REMOVED: ("[−", "−]"), EditKind.ADDED: ("{+", "+}")}
)
"""What stands before and after words that were removed or added."""

OUTCOMES: Final[Mapping[Outcome, tuple[str, Message]]] = MappingProxyType(
    {
        Outcome.CHANGED: ("≠", say("changed")),
        Outcome.ADDED: ("+", say("added")),
        Outcome.REMOVED: ("−", say("removed")),
        Outcome.MOVED: ("→", say("moved, with the same text")),
        Outcome.UNCHANGED: ("=", say("unchanged")),
    }
)
"""Each outcome as a sign and in words."""

_NAMELESS: Final[Mapping[PieceKind, Message]] = MappingProxyType(
    {
        PieceKind.PREAMBLE: say("Opening of the text"),
        PieceKind.CHAPTER: say("A chapter without a heading"),
        PieceKind.ARTICLE: say("An article without a heading"),
        PieceKind.CLOSING: say("Closing words and signatures"),
        PieceKind.ANNEX: say("An annex without a heading"),
    }
)
_DIVIDERS: Final[Mapping[DividerName, Message]] = MappingProxyType(
    {
        DividerName.LIBTHAI: say("The words of Thai text were found by libthai."),
        DividerName.WORD_LIST: say("The words of Thai text were found with a list of words."),
        DividerName.CLUSTERS: say("The words of Thai text were not known here: it was compared letter by letter."),
    }
)
_NEIGHBOURS: Final = 1
"""Unchanged paragraphs that are shown on either side of a change in a long piece."""

_SHORTEST_GAP: Final = 4
"""Fewer unchanged paragraphs in a row are shown."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many paragraphs in which nothing changed, and which are not shown."""

    count: int

    @property
    def message(self) -> Message:
        """What stands in their place."""
        return say("({count} paragraphs without a change)", count=self.count)


def is_change(edits: Edits) -> bool:
    """Return whether anything in them was removed or added."""
    return any(edit.kind is not EditKind.KEPT for edit in edits)


def shown_paragraphs(change: ArticleChange) -> Iterator[Edits | LeftOut]:
    """Yield the paragraphs of an article; a long run without a change is left out but for its ends."""
    yield from (one if isinstance(one, LeftOut) else change.paragraphs[one] for one in shown_places(change))


def shown_places(change: ArticleChange) -> Iterator[int | LeftOut]:
    """Yield the places of the paragraphs that are shown of an article, as in `shown_paragraphs`."""
    changed = [place for place, edits in enumerate(change.paragraphs) if is_change(edits)]
    shown = {place + step for place in changed for step in range(-_NEIGHBOURS, _NEIGHBOURS + 1)}
    for is_shown, group in groupby(range(len(change.paragraphs)), key=shown.__contains__):
        places = list(group)
        if is_shown or len(places) < _SHORTEST_GAP:
            yield from places
        else:
            yield LeftOut(len(places))


def name_of(change: ArticleChange, *, is_new: bool) -> str | Message:
    """Return number and heading of an article, in the new text or in the old one; a piece without both is named by its kind."""
    side = new_side if is_new else old_side
    return f"{side(change.number)} {side(change.heading)}".strip() or _NAMELESS[change.kind]


def moved(compared: Compared) -> list[str | Message]:
    """Return what became of each article that was moved: its old and new name, or after which one it stands now."""
    in_new = {one.new_place: one for one in compared.comparison.changes if one.new_place is not None}
    return [
        _labelled(compared.label(place, None), _where_it_went(one, in_new.get(one.new_place - 1)))
        for place, one in enumerate(compared.comparison.changes)
        if one.outcome is Outcome.MOVED and one.new_place is not None
    ]


def _labelled(label: str, said: str | Message) -> str | Message:
    if not label:
        return said
    return f"{label}{said}" if isinstance(said, str) else say("{label}{article}", label=label, article=said)


def _where_it_went(change: ArticleChange, previous: ArticleChange | None) -> str | Message:
    old, new = name_of(change, is_new=False), name_of(change, is_new=True)
    if old != new:
        return f"{old} → {new}"
    if previous is None:
        return say("{article} now stands first", article=new)
    return say("{article} now stands after {other}", article=new, other=name_of(previous, is_new=True))


def counts(compared: Compared) -> Message:
    """Return how many articles there are of each outcome."""
    numbers = {outcome.value: len(compared.comparison.with_outcome(outcome)) for outcome in Outcome}
    if compared.comparison.finds_nothing:
        return say("The two texts say the same, word for word.")
    return say(
        "Pieces of the text: {changed} changed, {added} added, {removed} removed, {moved} moved, {unchanged} unchanged.",
        **numbers,
    )


def which_is_older(compared: Compared, language: str) -> Message:
    """Return the sentence that says which of the two texts is the older one; days are written in this language."""
    old, new = (_version(one, language) for one in (compared.old, compared.new))
    return say(
        "The older text is {old} ({old_digest} …); the newer one is {new} ({new_digest} …).",
        old=old,
        new=new,
        old_digest=compared.old.digest.short(),
        new_digest=compared.new.digest.short(),
    )


def _version(text: TextVersion, language: str) -> Message:
    if not text.version:
        return say("the text of {file}", file=text.title)
    if text.dated is None:
        return say("version {version} of the text", version=text.version)
    return say("version {version} of the text, {day}", version=text.version, day=day_in(language, text.dated))


def day_in(language: str, day: date) -> str:
    """Return the day as this language writes it."""
    return thai_date(day, "arabic") if language == "th" else english_date(day)


def what_this_is(compared: Compared) -> tuple[Message, ...]:
    """Return what a reader must know of how the comparison came about, and of what it does not say."""
    return (
        say(
            "This comparison is computed by mou from two texts, {old} and {new}; nobody wrote it. Whoever holds both texts can "
            "compute it again.",
            old=compared.old.digest,
            new=compared.new.digest,
        ),
        say("Words are compared. Line ends, kinds of spaces, fonts, pictures and layout are not."),
        say(
            "It shows what differs and judges nothing: whether and when a correction or an amendment has effect, it does not say."
        ),
        _DIVIDERS[compared.comparison.divider],
    )


def visible(text: str) -> str:
    """Return the text with every character that nobody would see written out, as [U+202E]."""
    return "".join(letter if letter.isprintable() else f"[U+{ord(letter):04X}]" for letter in text)
