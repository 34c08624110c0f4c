"""Blocks of a page -> paragraphs and tables of a Word file."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import groupby, pairwise

from docx.document import Document
from docx.shared import Pt
from docx.text.run import Run

from mou.rendering.word.markup import XmlElement, border, element, paragraph_properties, run_of, twips
from mou.rendering.word.page import PageBlock, PageCell, PageParagraph, PageRow, PageTable, ParagraphLook, Picture, Piece
from mou.rendering.word.style_names import style_name

_SMALLEST_GAP_PT = 1.0
"""Two tables that follow each other would be one in Word; a line of this height parts them."""


class BlockWriter:
    """Writes blocks in reading order and numbers the bookmarks of field values: `expressions` tells what each of them holds."""

    def __init__(self, document: Document, font: str, looks: Mapping[str, ParagraphLook], style_ids: Mapping[str, str]) -> None:
        """Write into this document; `looks` and `style_ids` are those of its styles, by name."""
        self._document, self._font, self._looks, self._style_ids = document, font, looks, style_ids
        self.expressions: dict[str, str] = {}

    def elements(self, blocks: Sequence[PageBlock]) -> Iterator[XmlElement]:
        """Yield the element of each block."""
        for block, following in pairwise((*blocks, None)):
            if isinstance(block, PageParagraph):
                after = following.before_pt if isinstance(following, PageTable) else 0.0
                yield self._paragraph(block, after_pt=after)
            elif block is not None:
                yield self._table(block)
                if not isinstance(following, PageParagraph):
                    yield _gap(following.before_pt if following else 0.0)

    def _paragraph(self, paragraph: PageParagraph, *, after_pt: float = 0.0) -> XmlElement:
        name = style_name(paragraph.element)
        properties = paragraph_properties(
            paragraph.look,
            self._looks[name],
            style=self._style_ids[name],
            keeps_with_next=paragraph.keeps_with_next,
            begins_page=paragraph.begins_page,
            after_pt=after_pt,
        )
        made = element("p", properties)
        for field, pieces in groupby(paragraph.pieces, key=lambda piece: piece.field if isinstance(piece, Piece) else None):
            start, end = self._bookmark(field) if field else (None, None)
            if start is not None:
                made.append(start)
            for piece in pieces:
                made.append(run_of(piece, self._font) if isinstance(piece, Piece) else self._picture(piece))
            if end is not None:
                made.append(end)
        return made

    def _bookmark(self, expression: str) -> tuple[XmlElement, XmlElement]:
        number = len(self.expressions) + 1
        name = f"mou_{number:04d}"
        self.expressions[name] = expression
        return element("bookmarkStart", id=number, name=name), element("bookmarkEnd", id=number)

    def _picture(self, picture: Picture) -> XmlElement:
        run = Run(element("r"), self._document.paragraphs[0] if self._document.paragraphs else self._document.add_paragraph())
        shape = run.add_picture(BytesIO(picture.content), width=Pt(picture.width_pt))
        shape._inline.docPr.set("descr", picture.description)  # noqa: SLF001  # python-docx has no other way to describe a picture
        return run._r  # noqa: SLF001  # the element itself

    def _table(self, table: PageTable) -> XmlElement:
        padding = table.padding
        margins = ("top", padding.top_pt), ("left", padding.left_pt), ("bottom", padding.bottom_pt), ("right", padding.right_pt)
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        properties = element(
            "tblPr",
            element("tblW", w=twips(sum(table.widths_pt)), type="dxa"),
            element("tblInd", w=twips(table.left_pt), type="dxa"),
            element("tblBorders", *(border(side, table.line) for side in sides)),
            element("tblLayout", type="fixed"),
            element("tblCellMar", *(element(side, w=twips(width), type="dxa") for side, width in margins)),
        )
        grid = element("tblGrid", *(element("gridCol", w=twips(width)) for width in table.widths_pt))
        return element("tbl", properties, grid, *(self._row(row, table) for row in table.rows))

    def _row(self, row: PageRow, table: PageTable) -> XmlElement:
        properties = element("trPr", element("cantSplit"))
        if row.is_header:
            properties.append(element("tblHeader"))
        missing = len(table.widths_pt) - sum(cell.columns for cell in row.cells)
        empty = [PageCell((), width) for width in table.widths_pt[len(table.widths_pt) - missing :]] if missing > 0 else []
        return element("tr", properties, *(self._cell(cell) for cell in (*row.cells, *empty)))

    def _cell(self, cell: PageCell) -> XmlElement:
        properties = element("tcPr", element("tcW", w=twips(cell.width_pt), type="dxa"))
        if cell.columns > 1:
            properties.append(element("gridSpan", val=cell.columns))
        if cell.fill:
            properties.append(element("shd", val="clear", color="auto", fill=cell.fill))
        return element(
            "tc", properties, *(self._paragraph(one) for one in cell.paragraphs), *([] if cell.paragraphs else [_gap(0.0)])
        )


def _gap(height_pt: float) -> XmlElement:
    """Return an empty line of this height, which parts two tables or ends the file."""
    height = max(height_pt, _SMALLEST_GAP_PT)
    size = element("rPr", element("sz", val=2), element("szCs", val=2))
    return element("p", element("pPr", element("spacing", before=0, after=0, line=twips(height), lineRule="exact"), size))
