"""A filled document's HTML and style -> the blocks of its page. The style is computed by the engine that draws the PDF of record.

1. One element, one paragraph: `p` and headings, whatever stands inside; text that stands in a container alone is a paragraph too.
2. What stands side by side, as inline blocks of a stated width, becomes a table without lines; `table` becomes one with them.
3. A number with a width of its own hangs before its paragraph, apart by a tab; one without, by a space.
4. Nothing that the page shows is left out: what has no place here, such as a drawing (SVG), is an error.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal
from xml.etree.ElementTree import Element

import weasyprint
from weasyprint.css import get_all_computed_styles
from weasyprint.text.fonts import FontConfiguration

from mou.errors import RenderingError
from mou.models import FilledDocument, Font
from mou.rendering.faces import find_family
from mou.rendering.pdf import starting_rules
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher, collected_warnings, refuse_losses
from mou.rendering.word.drafting import page_looks as looks
from mou.rendering.word.drafting.page_looks import Place, Style
from mou.rendering.word.drafting.pieces import TextReader, classes_of, collapsed, has_content
from mou.rendering.word.page import (
    NO_PADDING,
    TEXT_WIDTH_PT,
    Line,
    Padding,
    PageBlock,
    PageCell,
    PageParagraph,
    PageRow,
    PageTable,
    Picture,
    Piece,
)
from mou.rendering.word.style_names import PageElement

_TEXT_ELEMENTS: Final = re.compile("p|h[1-6]")
_PARTS: Final = ("annex", "adoption", "closing", "signature", "pair", "sample-note")
"""Classes of containers that a paragraph's style names, so that the part is known again when the file is read."""


def page_blocks(filled: FilledDocument) -> tuple[PageBlock, ...]:
    """Return the blocks of the document's page.

    Raises:
        RenderingError: its style cannot be computed, or it shows something that Word cannot hold.
    """
    fetcher, fonts = FolderFetcher(Path(filled.folder)), FontConfiguration()
    with collected_warnings() as warnings:
        html = weasyprint.HTML(string=filled.html, base_url=FOLDER_ADDRESS, url_fetcher=fetcher)
        start = _starting_style(filled.font)
        own = weasyprint.CSS(string=filled.css, base_url=FOLDER_ADDRESS, url_fetcher=fetcher, font_config=fonts)
        style_of = get_all_computed_styles(html, [start, own], font_config=fonts)
    refuse_losses(fetcher.refused, warnings)
    body = html.etree_element.find("body")
    walk = _Walk(style_of, TextReader(style_of, fetcher))
    walk.visit(body, Place(width_pt=TEXT_WIDTH_PT, language=filled.language))
    return tuple(walk.blocks)


@cache
def _starting_style(font: Font) -> weasyprint.CSS:
    """Return the style with which every document in this font begins, read once in a process."""
    family = find_family(font)
    return weasyprint.CSS(
        string=starting_rules(family),
        base_url=FOLDER_ADDRESS,
        url_fetcher=FolderFetcher(family.folder),
        font_config=FontConfiguration(),
    )


@dataclass(slots=True)
class _Walk:
    """Collects blocks in reading order; `gap_pt` is the margin since the last one, `begins_page` whether a new page is due."""

    style_of: Callable[[Element], Style]
    text: TextReader
    blocks: list[PageBlock] = field(default_factory=list)
    gap_pt: float = 0.0
    begins_page: bool = False

    def visit(self, element: Element, place: Place) -> None:
        """Add what the element shows."""
        style = self.style_of(element)
        if not isinstance(element.tag, str) or style["display"][0] == "none":
            return
        place = replace(place, language=element.get("lang", place.language))
        if style["break_before"] in {"page", "left", "right", "always"}:
            self.begins_page = bool(self.blocks)
        if style["break_before"] == "avoid":
            self._keep_last_with_next()
        self.gap_pt = max(self.gap_pt, looks.points(style["margin_top"]))
        if style["display"] == ("block", "table"):
            self._add_table(element, place)
        elif _TEXT_ELEMENTS.fullmatch(element.tag) and not self._stands_side_by_side(element):
            self._add_paragraph(element, place, looks.inside(place, style, has_borders=False))
        else:
            self._visit_container(element, style, place)
        self.gap_pt = max(self.gap_pt, looks.points(style["margin_bottom"]))
        if style["break_after"] == "avoid":
            self._keep_last_with_next()

    def paragraphs(self) -> tuple[PageParagraph, ...]:
        """Return what was collected in a cell, which holds no table of its own."""
        found = tuple(block for block in self.blocks if isinstance(block, PageParagraph))
        if len(found) != len(self.blocks):
            raise RenderingError(
                "paragraphs alone are expected in a cell of a Word draft, got a table or what stands side by side"
            )
        return found

    def _visit_container(self, element: Element, style: Style, place: Place) -> None:
        first = len(self.blocks)
        part = next((name for name in _PARTS if name in classes_of(element)), place.part)
        inner = replace(looks.inside(place, style, has_borders=True), part=part)
        if style["break_inside"] == "avoid":
            inner = replace(inner, keeps_together=True)
        if self._stands_side_by_side(element):
            self._add_side_by_side(element, inner)
        elif looks.is_box(style) and not has_content(element):
            self._add_box(element, style, inner)
        else:
            for child, text in self._stretches(element):
                if child is not None:
                    self.visit(child, inner)
                else:
                    self._add_text(element, text, inner)
        if inner.keeps_together:
            for number in range(first, len(self.blocks) - 1):
                self._keep_with_next(number)

    def _stretches(self, element: Element) -> Iterator[tuple[Element | None, "list[Element | str]"]]:
        """Yield the block children, and between them the stretches of text and inline elements."""
        stretch: list[Element | str] = [element.text or ""]
        for child in element:
            if self._is_block(child):
                yield None, stretch
                yield child, []
                stretch = []
            else:
                stretch.append(child)
            stretch.append(child.tail or "")
        yield None, stretch

    def _is_block(self, element: Element) -> bool:
        if not isinstance(element.tag, str):
            return False
        display = self.style_of(element)["display"]
        return display[0] in {"block", "none"} or (
            display[1:] == ("flow-root",) and _TEXT_ELEMENTS.fullmatch(element.tag) is not None
        )

    def _stands_side_by_side(self, element: Element) -> bool:
        """Whether all that the element holds are inline blocks of a stated width."""
        children = [child for child in element if isinstance(child.tag, str)]
        texts = [element.text, *(child.tail for child in element)]
        return (
            bool(children)
            and not any((text or "").strip() for text in texts)
            and all(self.text.is_wide(child) for child in children)
            and any(has_content(child) for child in children)
        )

    def _add_text(self, element: Element, stretch: "Sequence[Element | str]", place: Place) -> None:
        if any(one.strip() if isinstance(one, str) else isinstance(one.tag, str) for one in stretch):
            self._append(element, self.text.pieces(stretch, self.style_of(element), place.language), place)

    def _add_paragraph(self, element: Element, outer: Place, place: Place) -> None:
        style = self.style_of(element)
        pieces = self.text.pieces(self.text.content_of(element), style, place.language)
        if pieces:
            self._append(element, pieces, replace(place, part=outer.part, borders=looks.borders_of(style) or outer.borders))

    def _append(self, element: Element, pieces: Iterable[Piece | Picture], place: Place) -> None:
        style = self.style_of(element)
        shown = tuple(collapsed(pieces))
        if not shown:
            return
        level = int(element.tag[1]) if re.fullmatch("h[1-6]", element.tag) else 0
        tab = next((one for one in (self._number_width(child) for child in element) if one), None)
        look = looks.paragraph_look(style, place, before_pt=self.gap_pt, number_pt=tab)
        self.gap_pt = 0.0
        page_element = PageElement(element.tag, classes_of(element), place.part)
        keeps_lines = place.keeps_together or style["break_inside"] == "avoid"
        self.blocks.append(
            PageParagraph(page_element, replace(look, keeps_lines=keeps_lines), shown, level, begins_page=self.begins_page)
        )
        self.begins_page = False

    def _number_width(self, element: Element) -> float | None:
        if isinstance(element.tag, str) and self.text.is_wide(element) and has_content(element):
            return looks.points(self.style_of(element)["width"])
        return None

    def _add_box(self, element: Element, style: Style, place: Place) -> None:
        """An empty box with a height, such as the place of a signature: a paragraph that is exactly as high."""
        look = looks.box_look(style, place, before_pt=self.gap_pt)
        self.gap_pt = 0.0
        self.blocks.append(
            PageParagraph(PageElement(element.tag, classes_of(element), place.part), look, (), begins_page=self.begins_page)
        )
        self.begins_page = False

    def _add_side_by_side(self, element: Element, place: Place) -> None:
        """Cells in rows, as many in one as its width holds; what a row has less than the first one stays empty."""
        rows: list[list[PageCell]] = [[]]
        room = place.width_pt
        for child in element:
            if not isinstance(child.tag, str):
                continue
            style = self.style_of(child)
            width = looks.outer_width(style, place.width_pt)
            if rows[-1] and width > room:
                rows.append([])
                room = place.width_pt
            room -= width
            rows[-1].append(PageCell(self._cell(child, element, place, width), width))
        below = max(looks.points(self.style_of(child)["margin_bottom"]) for child in element if isinstance(child.tag, str))
        self._append_table(rows, None, place, "side by side", padding=Padding(bottom_pt=below))

    def _cell(self, child: Element, parent: Element, place: Place, width: float) -> tuple[PageParagraph, ...]:
        inner = _Walk(self.style_of, self.text)
        part = next((name for name in _PARTS if name in classes_of(child)), place.part)
        left, right = (looks.points(self.style_of(child)[name], place.width_pt) for name in ("margin_left", "margin_right"))
        at = replace(place, width_pt=width - left - right, left_pt=left, right_pt=right, part=part, keeps_together=True)
        if _TEXT_ELEMENTS.fullmatch(parent.tag):  # a heading in two languages: each of its spans is that heading
            inner._append(
                parent,
                inner.text.pieces(self.text.content_of(child), self.style_of(child), child.get("lang", place.language)),
                at,
            )
        elif _TEXT_ELEMENTS.fullmatch(child.tag):
            inner._add_paragraph(child, at, looks.inside(at, self.style_of(child), has_borders=False, is_cell=True))
        else:
            inner._visit_container(child, looks.without_width(self.style_of(child)), at)
        return inner.paragraphs()

    def _add_table(self, table: Element, place: Place) -> None:
        rows, headers = [], []
        for row in table.iter("tr"):
            cells = [cell for cell in row if cell.tag in {"td", "th"}]
            headers.append(all(cell.tag == "th" for cell in cells))
            rows.append(cells)
        columns = max((sum(int(cell.get("colspan", 1)) for cell in cells) for cells in rows), default=0)
        if not columns:
            return
        if any(cell.get("rowspan", "1") != "1" for cells in rows for cell in cells):
            raise RenderingError("a table whose cells span one row is expected in a Word draft, got one with rowspan")
        widths = looks.column_widths([[(cell, self.style_of(cell)) for cell in cells] for cells in rows], columns, place.width_pt)
        filled = [self._table_cells(cells, widths, place) for cells in rows]
        line = looks.line_of(self.style_of(rows[0][0]), "bottom")
        padding = looks.padding_of(self.style_of(rows[0][0]))
        self._append_table(filled, line, place, "table", headers=headers, widths=widths, padding=padding)

    def _table_cells(self, cells: Sequence[Element], widths: Sequence[float], place: Place) -> list[PageCell]:
        filled, column = [], 0
        for cell in cells:
            style, span = self.style_of(cell), int(cell.get("colspan", 1))
            width = sum(widths[column : column + span])
            column += span
            inner = _Walk(self.style_of, self.text)
            at = replace(
                place, width_pt=width, left_pt=0.0, right_pt=0.0, borders=None, language=cell.get("lang", place.language)
            )
            for child, text in self._stretches(cell):
                if child is not None:
                    inner.visit(child, at)
                else:
                    inner._add_text(cell, text, at)
            filled.append(PageCell(inner.paragraphs(), width, span, looks.fill_of(style)))
        return filled

    def _append_table(
        self,
        rows: "Sequence[Sequence[PageCell]]",
        line: Line | None,
        place: Place,
        kind: Literal["table", "side by side"],
        *,
        headers: Sequence[bool] = (),
        widths: Sequence[float] = (),
        padding: Padding = NO_PADDING,
    ) -> None:
        columns = tuple(widths) or tuple(cell.width_pt for cell in max(rows, key=len))
        made = tuple(
            PageRow(tuple(cells), is_header=bool(headers) and headers[number] and number == 0)
            for number, cells in enumerate(rows)
        )
        if self.begins_page:
            made = _on_new_page(made)
        self.blocks.append(PageTable(made, columns, line, padding, self.gap_pt, place.left_pt, kind))
        self.gap_pt, self.begins_page = 0.0, False

    def _keep_last_with_next(self) -> None:
        if self.blocks:
            self._keep_with_next(len(self.blocks) - 1)

    def _keep_with_next(self, number: int) -> None:
        block = self.blocks[number]
        if isinstance(block, PageParagraph):
            self.blocks[number] = replace(block, keeps_with_next=True)
        else:
            rows = tuple(replace(row, cells=tuple(_kept(cell) for cell in row.cells)) for row in block.rows)
            self.blocks[number] = replace(block, rows=rows)


def _kept(cell: PageCell) -> PageCell:
    return replace(cell, paragraphs=tuple(replace(one, keeps_with_next=True) for one in cell.paragraphs))


def _on_new_page(rows: tuple[PageRow, ...]) -> tuple[PageRow, ...]:
    first, *others = rows
    cell, *more = first.cells
    if not cell.paragraphs:
        return rows
    begun = replace(cell, paragraphs=(replace(cell.paragraphs[0], begins_page=True), *cell.paragraphs[1:]))
    return (replace(first, cells=(begun, *more)), *others)
