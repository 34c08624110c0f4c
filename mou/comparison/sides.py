"""What differs, as HTML: the words of both texts with their signs, and both sides of an article beside each other."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from markupsafe import Markup

from mou.comparison.comparing import ArticleChange, Edit, EditKind, Edits, new_side, old_side
from mou.comparison.wording import SIGNS, LeftOut, is_change, shown_places, visible
from mou.messages import translate
from mou.report.markup import joined
from mou.thai import columns
from signatures.messages import Message, say

LONGEST_BESIDE_COLUMNS: Final = 1500
"""A longer paragraph goes over the whole width, old before new: beside each other they would not fit on a page."""

OLDER: Final = say("Older text")
NEWER: Final = say("Newer text")

_OLD_SIDE: Final = frozenset((EditKind.KEPT, EditKind.REMOVED))
_NEW_SIDE: Final = frozenset((EditKind.KEPT, EditKind.ADDED))
_BOTH_SIDES: Final = frozenset(EditKind)
_ELEMENTS: Final = {EditKind.REMOVED: Markup("del"), EditKind.ADDED: Markup("ins")}
_THAI: Final = re.compile("[\u0e01-\u0e4e]")


@dataclass(frozen=True, slots=True)
class Tongues:
    """The two languages of a page, the reader's first, and whether Thai words are known, so that a line may end at a sign."""

    first: str
    second: str
    words_are_known: bool = True

    def both(self, message: Message, join: str = " · ") -> Markup:
        """Return a label in both languages."""
        said = (Markup('<span lang="{}">{}</span>').format(one, say_in(message, one)) for one in (self.first, self.second))
        return Markup(join).join(said)  # noqa: S704  # our own separator

    def named(self, name: str | Message) -> Markup:
        """Return a heading of the text as it is, or the label of a piece that has none."""
        return self.both(name) if isinstance(name, Message) else Markup("{}").format(visible(name))


def say_in(message: Message, language: str) -> str:
    """Return the words in a language, every character visible."""
    return visible(translate(message, language))


Label: TypeAlias = Callable[[int], str]
"""What the change of a paragraph is called, by the paragraph's place, with a space behind it; or nothing."""


def no_label(_place: int) -> str:
    """Return that no change has a name."""
    return ""


def both_sides(change: ArticleChange, tongues: Tongues, label: Label = no_label) -> Markup:
    """Return an article that was changed: the old text left, the new one right, what is the same once over both."""
    heads = Markup('<tr class="heads"><th scope="col">{}</th><th scope="col">{}</th></tr>').format(
        tongues.both(OLDER), tongues.both(NEWER)
    )
    rows = joined(row for shown in shown_places(change) for row in _rows(change, shown, tongues, label))
    return Markup('<table class="beside"><tbody>{}{}</tbody></table>').format(heads, rows)


def whole_article(change: ArticleChange, tongues: Tongues, label: Label = no_label) -> Markup:
    """Return the paragraphs of an article that stands in one text only."""
    return joined(
        Markup("<p>{}{}</p>").format(label(place), marked(edits, tongues)) for place, edits in enumerate(change.paragraphs)
    )


def marked(edits: Edits, tongues: Tongues, kinds: Iterable[EditKind] = _BOTH_SIDES) -> Markup:
    """Return the words of these kinds, with signs around those that were removed or added."""
    chosen = [edit for edit in edits if edit.kind in kinds]
    pieces: list[Markup] = []
    for place, edit in enumerate(chosen):
        if place and tongues.words_are_known and _is_inside_thai(chosen[place - 1], edit):
            pieces.append(Markup("<wbr>"))
        pieces.append(_marked(edit))
    return Markup("").join(pieces)


def has_words(edits: Edits, kinds: Iterable[EditKind]) -> bool:
    """Return whether anything of these kinds is among them."""
    return any(edit.kind in kinds for edit in edits)


def _marked(edit: Edit) -> Markup:
    if edit.kind is EditKind.KEPT:
        return Markup("{}").format(visible(edit.text))
    opening, closing = SIGNS[edit.kind]
    return Markup('<{0}><span class="sign">{1}</span><span class="words">{2}</span><span class="sign">{3}</span></{0}>').format(
        _ELEMENTS[edit.kind], opening, visible(edit.text), closing
    )


def _is_inside_thai(before: Edit, after: Edit) -> bool:
    """Whether the signs would hold two Thai words together that a line may part."""
    return bool(_THAI.fullmatch(before.text[-1]) and _THAI.fullmatch(after.text[0]))


def _rows(change: ArticleChange, place: int | LeftOut, tongues: Tongues, label: Label) -> Iterator[Markup]:
    over_both = Markup('<tr class="{0}"><td colspan="2">{1}</td></tr>')
    if isinstance(place, LeftOut):
        yield over_both.format("left-out", tongues.both(place.message))
        return
    shown = change.paragraphs[place]
    if not is_change(shown):
        yield over_both.format("kept", marked(shown, tongues))
    elif max(columns(old_side(shown)), columns(new_side(shown))) > LONGEST_BESIDE_COLUMNS:
        for side, kinds in ((OLDER, _OLD_SIDE), (NEWER, _NEW_SIDE)):
            if words := marked(shown, tongues, kinds):
                said = Markup('{}<span class="side">{}:</span> {}').format(label(place), tongues.both(side), words)
                yield over_both.format("long", said)
    else:
        cells = Markup("").join(
            Markup('<td data-side="{}">{}{}</td>').format(
                " · ".join(say_in(side, one) for one in (tongues.first, tongues.second)),
                label(place) if has_words(shown, kinds) else "",
                marked(shown, tongues, kinds),
            )
            for side, kinds in ((OLDER, _OLD_SIDE), (NEWER, _NEW_SIDE))
        )
        yield Markup("<tr>{}</tr>").format(cells)
