"""A Word file, read whole: its paragraphs and tables in reading order, and by name everything that is in none of them.

1. `package` has looked at the file first; nothing outside of it is followed.
2. A paragraph that says nothing (no text, no number, no place of a field) is left out: blank lines are somebody's layout.
3. Places count paragraphs that say something, outside of tables, from 1; tables from 1, those inside a cell by that cell.
4. What Word counts by itself is counted over the whole file in the view that is read.
5. A page begins where a paragraph asks for it, after a page break, and after a section whose next one begins on a new page.
"""

from typing import Final

from mou.rendering.word.element_names import MC, Element, W
from mou.rendering.word.field_codes import without_end
from mou.rendering.word.opening.package import open_package
from mou.rendering.word.reading.changes_apart import END_OF_PARAGRAPH
from mou.rendering.word.reading.gathering import Gathered, GatheredChange
from mou.rendering.word.reading.inline import InlineReader
from mou.rendering.word.reading.numbering import Counting, is_on, lists_of, whole
from mou.rendering.word.reading.plain_text import chosen, excerpt, plain_text, shortened
from mou.rendering.word.reading.related_parts import (
    addresses,
    changes_of_margins,
    expressions,
    margins,
    notes,
    properties,
    root_of,
    take_out_remarks,
)
from mou.rendering.word.reading.resolved_styles import Styles
from mou.rendering.word.reading.table_grid import (
    cells_of,
    columns,
    controls_beginning_at,
    goes_on,
    has_borders,
    is_header,
    rows_of,
)
from mou.rendering.word.revisions import KINDS, author_of, formattings, is_kept, marks, properties_in, stands, time_of
from mou.rendering.word.values import (
    Loss,
    LossKind,
    TrackedChange,
    View,
    WordBlock,
    WordCell,
    WordComment,
    WordFile,
    WordParagraph,
    WordRow,
    WordTable,
)
from signatures.messages import Message, say

_NEW_PAGES: Final = frozenset({"nextPage", "oddPage", "evenPage"})


def read_word(source: str, content: bytes, *, view: View = View.AFTER_CHANGES) -> WordFile:
    """Return what a .docx holds in one view of its tracked changes; `source` is what the reader calls the file.

    Raises:
        InputError: it is no .docx that can be opened safely (see `open_package`).
    """
    document = open_package(source, content)
    take_out_remarks(document)
    named = properties(document)
    styles = Styles(root_of(document, "styles"))
    body = document.element.body
    inline = InlineReader(
        styles,
        view,
        expressions=expressions(named),
        addresses=addresses(document),
        notes={kind: notes(document, kind, view) for kind in ("footnote", "endnote")},
        unmatched=without_end(body, view),
    )
    counting = Counting(lists_of(root_of(document, "numbering"), styles.lists_of_styles()))
    reader = _BodyReader(inline, styles, counting, view, _sections(body))
    blocks = reader.read(body)
    shown = list(margins(document, view))
    return WordFile(
        source=source,
        blocks=blocks,
        margins=tuple(text for _, kind, text in shown if kind is LossKind.HEADER_OR_FOOTER),
        losses=(*reader.losses, *(_margin_loss(*one) for one in shown)),
        changes=(*reader.changes, *(_margin_change(*one) for one in changes_of_margins(document))),
        comments=tuple(reader.comments(root_of(document, "comments"))),
        properties=named,
    )


def _sections(body: Element) -> list[Element]:
    """Return what is said of each section, in order, without what was said before a tracked change."""
    return [one for one in body.iter(f"{W}sectPr") if one.getparent().tag != f"{W}sectPrChange"]


def _margin_loss(margin: str, kind: LossKind, text: str) -> Loss:
    return Loss(kind, _margin_place(margin), text)


def _margin_change(margin: str, change: GatheredChange) -> TrackedChange:
    return _placed(change, _margin_place(margin))


def _margin_place(margin: str) -> Message:
    return say("header") if margin == "header" else say("footer")


def _placed(change: GatheredChange, place: Message) -> TrackedChange:
    return TrackedChange(change.kind, change.author, change.at, "".join(change.pieces), place)


class _BodyReader:
    """Reads blocks, and gives everything its place."""

    def __init__(self, inline: InlineReader, styles: Styles, counting: Counting, view: View, sections: list[Element]) -> None:
        self.losses: list[Loss] = []
        self.changes: list[TrackedChange] = []
        self._places_of_comments: dict[str, Message] = {}
        self._inline = inline
        self._styles = styles
        self._counting = counting
        self._view = view
        self._sections = sections
        self._sections_ended = 0
        self._paragraphs = 0
        self._tables = 0
        self._cell: Message | None = None
        self._page_begins = False
        self._open_paragraph: Element = None

    def read(self, body: Element) -> tuple[WordBlock, ...]:
        """Return the blocks of the whole text."""
        blocks = self._blocks(body)
        if (last := body.find(f"{W}sectPr")) is not None:
            self._note_formattings(last)
            self._columns(last)
        self._place_rest(self._inline.gathered, says_something=False)
        return tuple(blocks)

    def comments(self, root: Element) -> list[WordComment]:
        """Return the comments in the order in which they are written, with the words that each is about."""
        return [
            WordComment(
                author_of(one),
                time_of(one),
                plain_text(one, self._view),
                self._inline.quote(one.get(f"{W}id", "")),
                self._places_of_comments.get(one.get(f"{W}id", ""), say("nowhere in the text")),
            )
            for one in ([] if root is None else root.iterchildren(f"{W}comment"))
        ]

    def _blocks(self, container: Element) -> list[WordBlock]:
        blocks: list[WordBlock] = []
        self._read_blocks(container, blocks)
        self._finish_open(blocks)
        return blocks

    def _read_blocks(self, container: Element, blocks: list[WordBlock]) -> None:
        for child in container:
            if child.tag == f"{W}p":
                self._paragraph(child, blocks)
            elif child.tag == f"{W}tbl":
                self._finish_open(blocks)
                self._table(child, blocks)
            elif child.tag == f"{W}sdt":
                self._inline.control(child, lambda content: self._read_blocks(content, blocks))
            elif child.tag == f"{MC}AlternateContent":
                if (choice := chosen(child)) is not None:
                    self._read_blocks(choice, blocks)
            elif isinstance(child.tag, str):
                self._read_between(child, blocks)

    def _read_between(self, element: Element, blocks: list[WordBlock]) -> None:
        """Read what stands between paragraphs: a mark, or something around whole paragraphs."""
        if next(element.iterdescendants(f"{W}p", f"{W}tbl"), None) is None:
            self._inline.read(element)
            if self._open_paragraph is None and self._inline.gathered.has_text:
                self._open_paragraph = element  # words outside of any paragraph: those of the next one, or one of their own
            return
        if element.tag in KINDS:
            self._inline.note_mark(element, excerpt(element))
        if stands(element, self._view):
            self._read_blocks(element, blocks)

    def _paragraph(self, paragraph: Element, blocks: list[WordBlock]) -> None:
        written = paragraph.find(f"{W}pPr")
        current = properties_in(written, self._view)
        is_left_out = self._inline.is_leaving_out
        self._inline.paragraph(paragraph, self._styles.style_of(current))
        self._note_formattings(written, paragraph)
        mark = written.find(f"{W}rPr") if written is not None else None
        for change in marks(mark):
            self._inline.note_mark(change, END_OF_PARAGRAPH, after=paragraph[-1])
        self._open_paragraph = paragraph
        if not is_kept(mark, self._view) and self._inline.gathered.says_nothing:
            # Nothing of it stands here: what was done to it is told where it would be, not with the paragraph after it.
            self._open_paragraph = None
            self._page_begins = self._page_begins or self._inline.gathered.begins_page
            self._place_now()
        elif is_kept(mark, self._view):
            if is_left_out and self._inline.gathered.says_nothing:
                self._open_paragraph = None  # a line of a table of contents: what it counts is no number of the text
            self._finish_open(blocks)
        if written is not None and (section := written.find(f"{W}sectPr")) is not None:
            self._end_section(section)

    def _finish_open(self, blocks: list[WordBlock]) -> None:
        """Finish the paragraph that is being gathered, as the last of its parts says; what is no paragraph yet waits for one."""
        paragraph, self._open_paragraph = self._open_paragraph, None
        if paragraph is None:
            return
        gathered = self._inline.gathered
        self._inline.begin()
        current = properties_in(paragraph.find(f"{W}pPr"), self._view)
        style = self._styles.style_of(current)
        number, left, first = self._number(current, style, gathered)
        begins_page = self._page_begins or gathered.begins_page or self._styles.begins_page(current, style)
        dotted = gathered.has_tab and self._styles.has_dotted_tabs(current, style)
        says_something = bool(number) or dotted or not gathered.says_nothing
        if dotted:
            gathered.lose(LossKind.OTHER, "\t......")
        place = self._place_rest(gathered, says_something=says_something)
        self._page_begins = gathered.page_break_follows or (begins_page and not says_something)
        if says_something:
            blocks.append(
                WordParagraph(
                    runs=gathered.joined(),
                    place=place,
                    number=number,
                    style=self._styles.name_of(style),
                    level=self._styles.heading_level(current, style),
                    alignment=self._styles.alignment_of(current, style),
                    left_pt=left,
                    first_line_pt=first,
                    begins_page=begins_page,
                )
            )

    def _number(self, current: Element, style: str, gathered: Gathered) -> tuple[str, float, float]:
        """Return a paragraph's number, counted, and its indents."""
        numbered = self._styles.numbered(current, style)
        listed = self._counting.lists.get(numbered.list_id) if numbered else None
        if numbered is None or listed is None:
            return "", *self._styles.indents(current, style, None, is_from_style=False)
        level = numbered.level or 0
        if numbered.is_from_style:
            linked = (found for one in numbered.styles if (found := listed.level_of_style(one)) is not None)
            level = next(linked, level)
        own = listed.levels.get(level)
        indents = self._styles.indents(current, style, own and own.properties, is_from_style=numbered.is_from_style)
        is_hidden = current is not None and is_on(current.find(f"{W}rPr/{W}vanish")) and gathered.says_nothing
        number = "" if is_hidden else self._counting.next_number(numbered.list_id, level)
        if number and (kind := self._counting.format_in_figures(numbered.list_id, level)):
            gathered.lose(LossKind.OTHER, f"{kind}: {number}")
        return number, *indents

    def _place_rest(self, gathered: Gathered, *, says_something: bool) -> Message:
        """Give what was gathered its place, and return it."""
        place = self._cell or self._place_in_text(says_something=says_something)
        self.losses.extend(Loss(kind, place, "".join(pieces)) for kind, pieces in gathered.losses)
        self.changes.extend(_placed(one, place) for one in gathered.changes)
        for name in gathered.comments:
            self._places_of_comments.setdefault(name, place)
        return place

    def _place_now(self) -> None:
        """Place what belongs to no paragraph."""
        self._place_rest(self._inline.gathered, says_something=False)
        self._inline.begin()

    def _place_in_text(self, *, says_something: bool) -> Message:
        if says_something:
            self._paragraphs += 1
            return say("paragraph {number}", number=self._paragraphs)
        if self._paragraphs:
            return say("after paragraph {number}", number=self._paragraphs)
        return say("before the first paragraph")

    def _note_formattings(self, written: Element, formatted: Element = None) -> None:
        for change in formattings(written):
            self._inline.note_mark(change, "" if formatted is None else excerpt(formatted, self._view))

    # Sections

    def _end_section(self, section: Element) -> None:
        self._note_formattings(section)
        self._columns(section)
        following = self._sections[self._sections_ended] if self._sections_ended < len(self._sections) else None
        kind = following.find(f"{W}type") if following is not None else None
        self._page_begins = self._page_begins or kind is None or kind.get(f"{W}val") in _NEW_PAGES

    def _columns(self, section: Element) -> None:
        self._sections_ended += 1
        columns = section.find(f"{W}cols")
        if columns is not None and whole(columns.get(f"{W}num"), 1) > 1:
            self.losses.append(Loss(LossKind.COLUMNS, say("section {number}", number=self._sections_ended)))

    # Tables

    def _table(self, table: Element, blocks: list[WordBlock]) -> None:
        self._tables += 1
        place = say("table {table}", table=self._tables)
        if outer := self._cell:
            place = say("{outer}, inner table {table}", outer=outer, table=self._tables)
        tables, self._tables = self._tables, 0
        self._cell = place
        self._note_formattings(table.find(f"{W}tblPr"))
        self._lose_outside_of_cells(table)
        self._place_now()
        rows: list[WordRow] = []
        for row in rows_of(table):
            if (read := self._row(row, place, len(rows) + 1)) is not None:
                rows.append(read)
        self._cell, self._tables = outer, tables
        if rows:
            blocks.append(WordTable(tuple(rows), place, has_borders(table, self._styles)))

    def _row(self, row: Element, table: Message, number: int) -> WordRow | None:
        """Return a row; None where it does not stand in this view."""
        properties = row.find(f"{W}trPr")
        is_here = is_kept(properties, self._view)
        self._cell = say("{table}, row {row}", table=table, row=number) if is_here else table
        changes = [*marks(properties), *formattings(properties)]
        told = frozenset((KINDS[one.tag], author_of(one)) for one in marks(properties))
        for change in changes:
            self._inline.note_mark(change, shortened(f"\t{excerpt(cell)}" for cell in cells_of(row)).strip("\t"))
        told_outside, self._inline.told_by_row = self._inline.told_by_row, told | self._inline.told_by_row
        if not is_here:
            self._read_what_is_gone(row)
        else:
            for control in controls_beginning_at(row):
                self._inline.note_form(control)
            self._lose_outside_of_cells(row)
        self._place_now()
        cells = self._cells(row, table, number) if is_here else ()
        self._inline.told_by_row = told_outside
        return WordRow(cells, is_header(properties)) if is_here else None

    def _lose_outside_of_cells(self, container: Element) -> None:
        """Tell the words that stand in a table or row and in none of its cells: no program shows them."""
        for stray in container.iterchildren(f"{W}p", f"{W}r", f"{W}tbl" if container.tag == f"{W}tr" else f"{W}tc"):
            if text := plain_text(stray, self._view):
                self._inline.gathered.lose(LossKind.OTHER, text)

    def _read_what_is_gone(self, row: Element) -> None:
        """Note who changed or asked what in a row that does not stand in this view."""
        for inner in row.iter(*KINDS, f"{W}commentReference"):
            if inner.tag not in KINDS:
                self._inline.read(inner)
            elif len(inner):
                self._inline.note_mark(inner, excerpt(inner))

    def _cells(self, row: Element, table: Message, number: int) -> tuple[WordCell, ...]:
        properties = row.find(f"{W}trPr")
        before, after = columns(properties, "gridBefore", 0), columns(properties, "gridAfter", 0)
        cells = [WordCell((), columns=before)] if before else []
        column = before + 1
        for cell in cells_of(row):
            read = self._cell_read(cell, say("{table}, row {row}, column {column}", table=table, row=number, column=column))
            cells += [read] if read is not None else []
            column += read.columns if read is not None else 0
        return (*cells, *([WordCell((), columns=after)] if after else []))

    def _cell_read(self, cell: Element, place: Message) -> WordCell | None:
        properties = cell.find(f"{W}tcPr")
        self._cell, self._tables = place, 0
        for change in marks(properties):
            self._inline.note_mark(change, excerpt(cell))
        self._note_formattings(properties, cell)
        if not is_kept(properties, self._view):
            return None
        for control in controls_beginning_at(cell):
            self._inline.note_form(control)
        blocks = tuple(self._blocks(cell))
        return WordCell(blocks, columns(properties, "gridSpan", 1), goes_on(properties))
