"""What stands on a document's page, as Word can hold it: paragraphs and tables with their computed look. Pure values.

Lengths are in points. A paragraph's `before` is the whole gap to the block above it, since margins collapse on a page and add up
in Word.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mou.rendering.word.style_names import PageElement
from mou.rendering.word.values import Alignment

TEXT_WIDTH_PT: Final = 160 / 25.4 * 72
"""The column of base.css: A4 with margins of 30 and 20 mm."""


@dataclass(frozen=True, slots=True)
class TextLook:
    """How text looks; the colour is six hexadecimal digits."""

    size_pt: float
    bold: bool
    italic: bool
    colour: str


@dataclass(frozen=True, slots=True)
class Piece:
    r"""Text of one look in one language. `\n` is a line break, `\t` a tab; `field` is the expression whose value it is.

    A blank is a line to write on, of the width of its spaces.
    """

    text: str
    look: TextLook
    language: str
    field: str | None = None
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a line of text."""

    content: bytes
    width_pt: float
    description: str


@dataclass(frozen=True, slots=True)
class Line:
    """A border: how thick, in which colour, how far from the text."""

    width_pt: float
    colour: str
    space_pt: float


@dataclass(frozen=True, slots=True)
class Borders:
    """The lines around a paragraph; None where there is none."""

    top: Line | None = None
    left: Line | None = None
    bottom: Line | None = None
    right: Line | None = None


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """How a paragraph stands. `line_pt` is the height of a line at least, or exactly where the paragraph is an empty box."""

    text: TextLook
    alignment: Alignment
    left_pt: float
    right_pt: float
    first_line_pt: float
    before_pt: float
    line_pt: float
    line_is_exact: bool = False
    tab_pt: float | None = None
    borders: Borders = Borders()
    keeps_lines: bool = False


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """A paragraph with the element that it was; `level` is that of a heading, or 0."""

    element: PageElement
    look: ParagraphLook
    pieces: tuple[Piece | Picture, ...]
    level: int = 0
    begins_page: bool = False
    keeps_with_next: bool = False

    @property
    def text(self) -> str:
        """The text that it shows."""
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Piece))


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell with its width; `fill` is the colour of its ground, six hexadecimal digits."""

    paragraphs: tuple[PageParagraph, ...]
    width_pt: float
    columns: int = 1
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row; a header is repeated on each page."""

    cells: tuple[PageCell, ...]
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Padding:
    """The room between a cell's edges and its text."""

    top_pt: float = 0.0
    left_pt: float = 0.0
    bottom_pt: float = 0.0
    right_pt: float = 0.0


NO_PADDING: Final = Padding()


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table with lines, or what stands side by side without them; `before_pt` is the gap to the block above."""

    rows: tuple[PageRow, ...]
    widths_pt: tuple[float, ...]
    line: Line | None
    padding: Padding = NO_PADDING
    before_pt: float = 0.0
    left_pt: float = 0.0
    kind: Literal["table", "side by side"] = "table"


PageBlock: TypeAlias = PageParagraph | PageTable
