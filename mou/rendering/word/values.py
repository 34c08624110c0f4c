r"""What a Word file holds, as values: its blocks in reading order, each with its place, and what is no text of the page. Pure.

1. Text is in NFC. Inside a run a line break is `\n` and a tab is `\t`; nothing else stands for layout.
2. What Word counts by itself is counted here too: a paragraph's `number` is the text that a reader sees before it.
3. A file is read in one of two views: as it is with every tracked change accepted, or as it was before them.
4. What has no value here is a `Loss` with its place: nothing is dropped silently.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from signatures.messages import Message


class Alignment(StrEnum):
    """How the lines of a paragraph stand between its edges."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    JUSTIFIED = "justified"


@dataclass(frozen=True, slots=True)
class WordRun:
    """Text of one look; `field` is the expression whose value it is (`ceremony.date | thai_date`), where known."""

    text: str
    bold: bool = False
    italic: bool = False
    size_pt: float | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """A paragraph. `level` is that of a heading, 1 to 9, or 0; `style` is its style's name; lengths are in points.

    `number` is its automatic number as it is shown (`ข้อ ๑`, `1.1`, `(ก)`); a number that somebody typed is part of the text.
    """

    runs: tuple[WordRun, ...]
    place: Message
    number: str = ""
    style: str = ""
    level: int = 0
    alignment: Alignment = Alignment.LEFT
    left_pt: float = 0.0
    first_line_pt: float = 0.0
    begins_page: bool = False

    @property
    def text(self) -> str:
        """The paragraph's text without its automatic number."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class WordCell:
    """A cell with its paragraphs and nested tables, over so many `columns`; `continues` when it belongs to the cell above."""

    blocks: "tuple[WordBlock, ...]"
    columns: int = 1
    continues: bool = False

    @property
    def text(self) -> str:
        """The cell's text, a line for each paragraph."""
        return "\n".join(one.text for one in self.blocks if isinstance(one, WordParagraph))


@dataclass(frozen=True, slots=True)
class WordRow:
    """A row of a table; `is_header` when Word repeats it on each page."""

    cells: tuple[WordCell, ...]
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table; `has_borders` when lines are drawn between its cells."""

    rows: tuple[WordRow, ...]
    place: Message
    has_borders: bool = True


WordBlock = WordParagraph | WordTable


class LossKind(StrEnum):
    """What in a Word file is no text of its page."""

    TEXT_BOX = "text_box"
    FOOTNOTE = "footnote"
    PICTURE = "picture"
    HEADER_OR_FOOTER = "header_or_footer"
    COMPUTED = "computed"  # a table of contents, a page number, a cross-reference: the text shown is kept
    FORM_CONTROL = "form_control"
    EQUATION = "equation"
    EMBEDDED = "embedded"  # a chart, a drawing, an object of another program
    HIDDEN_TEXT = "hidden_text"
    COLUMNS = "columns"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that stands in the file and in none of its blocks, or stands there without its look; `text` is what it says."""

    kind: LossKind
    place: Message
    text: str = ""


class ChangeKind(StrEnum):
    """What was done while Word tracked changes."""

    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"
    FORMATTED = "formatted"


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """One tracked change, as its author's program signed it: a claim, which nobody checked. `at` is aware, or None."""

    kind: ChangeKind
    author: str
    at: datetime | None
    text: str
    place: Message


@dataclass(frozen=True, slots=True)
class WordComment:
    """One comment with the words that it is about; the author is a claim too."""

    author: str
    at: datetime | None
    text: str
    quoted: str
    place: Message


class View(StrEnum):
    """Which text of a file with tracked changes is read."""

    AFTER_CHANGES = "after"
    BEFORE_CHANGES = "before"


@dataclass(frozen=True, slots=True)
class WordFile:
    """A Word file, read whole. `properties` are its custom properties of text; `margins` the text of headers and footers."""

    source: str
    blocks: tuple[WordBlock, ...]
    margins: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    changes: tuple[TrackedChange, ...] = ()
    comments: tuple[WordComment, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
