"""One paragraph of a Word file while it is read: its runs, and what in it is no text of the page."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, pairwise, takewhile

from mou.rendering.word.reading.plain_text import composed
from mou.rendering.word.reading.resolved_styles import RunLook
from mou.rendering.word.values import ChangeKind, LossKind, WordRun


@dataclass(frozen=True, slots=True)
class FieldMark:
    """A bookmark of ours around the value of a field, and the expression that stood there in the template."""

    name: str
    expression: str


@dataclass(frozen=True, slots=True)
class GatheredChange:
    """A tracked change before its place is known."""

    kind: ChangeKind
    author: str
    at: datetime | None
    pieces: list[str]


@dataclass(slots=True)
class Gathered:
    """What was found so far. It goes on over several paragraphs where tracked changes join them."""

    runs: list[tuple[WordRun, FieldMark | None]] = field(default_factory=list)
    losses: list[tuple[LossKind, list[str]]] = field(default_factory=list)
    changes: list[GatheredChange] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    begins_page: bool = False
    page_break_follows: bool = False
    has_text: bool = False
    has_field: bool = False
    has_tab: bool = False
    _stretch: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether a reader sees nothing here: no text, and no place of a field either."""
        return not self.has_text and not self.has_field

    def add(self, text: str, look: RunLook, mark: FieldMark | None) -> None:
        """Add text of one look."""
        self.has_text = self.has_text or bool(text.strip())
        self.has_tab = self.has_tab or "\t" in text
        self.has_field = self.has_field or mark is not None
        self.runs.append((WordRun(text, look.bold, look.italic, look.size_pt, mark.expression if mark else None), mark))

    def lose(self, kind: LossKind, text: str, *, stretch: str = "") -> None:
        """Note what is lost; pieces of one `stretch` that follow each other are one loss."""
        if stretch and stretch == self._stretch and self.losses:
            self.losses[-1][1].append(text)
        else:
            self.losses.append((kind, [text]))
        self._stretch = stretch

    def end_stretch(self) -> None:
        """Text of another look follows."""
        self._stretch = ""

    def change(self, change: GatheredChange, *, goes_on: bool = False) -> None:
        """Note a tracked change; one that `goes_on` after the last one is a part of it."""
        if goes_on and self.changes:
            self.changes[-1].pieces.extend(change.pieces)
        else:
            self.changes.append(change)

    def joined(self) -> tuple[WordRun, ...]:
        """Return the runs, those of one look and one field together, in NFC over their borders too."""
        together = [
            replace(looks_like, text="".join(run.text for run, _ in runs))
            for (looks_like, _), runs in groupby(self.runs, key=lambda one: (replace(one[0], text=""), one[1]))
        ]
        return tuple(run for run in _normalized(together) if run.text or run.field)


def _normalized(runs: list[WordRun]) -> list[WordRun]:
    """A mark that belongs to the letter before it goes where that letter is, so that the text of all runs is in NFC."""
    texts = [run.text for run in runs]
    for before, after in pairwise(range(len(texts))):
        if texts[before]:
            marks = sum(1 for _ in takewhile(unicodedata.combining, texts[after]))
            texts[before], texts[after] = texts[before] + texts[after][:marks], texts[after][marks:]
    return [replace(run, text=composed(text)) for run, text in zip(runs, texts, strict=True)]
