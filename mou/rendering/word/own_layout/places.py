"""Places for signatures in a Word file: where its tags ask for them, or on a page of their own behind the text.

1. A place is two paragraphs: one of the box's height with a bookmark where the box begins, and one hardly higher than nothing,
   set to the right, with a bookmark where the column ends. So the box is measured where it was laid out, in a table cell, too.
2. A place stands alone in its paragraph. It stays on one page, since it is one line.
3. Either everybody who signs has one place, or nobody has, and the page behind the text has them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from docx.document import Document

from mou.errors import InputError
from mou.models import SignatorySlot
from mou.rendering.word.element_names import W
from mou.rendering.word.markup import XmlElement, border, element, twips
from mou.rendering.word.own_layout.tags import filled_roots, holds_more_than_text
from mou.rendering.word.page import Line
from signatures.messages import Message, say

BOX_HEIGHT_PT: Final = 64.0
BEGIN, END = "mouplacebegin", "mouplaceend"
"""How the two bookmarks of a place begin; the name of its field follows. Letters and digits, which a PDF keeps as they are."""

_FIRST_BOOKMARK: Final = 900_001  # beyond those of any program
_SMALLEST_PT: Final = 1.0
_FONT: Final = "Sarabun"
_PAGE_TITLE: Final = "หน้าลงลายมือชื่อ"
_SIDES: Final = ("left", "center", "right")
_LINE: Final = Line(0.5, "8b95a1", 0)


def token(mark: str, field: str) -> str:
    """Return what stands for a place while tags are filled; `mark` is of this document alone, so that no value can hold it."""
    return f"[place {mark} {field}]"


def make_places(document: Document, source: str, mark: str, slots: Sequence[SignatorySlot]) -> None:
    """Make every place that a tag asked for; where there is none, add a page that has a place for everybody. In place.

    Raises:
        InputError: a place does not stand alone in its paragraph, or somebody has none, or several.
    """
    asked, problems = _asked_for(document, {token(mark, slot.field): slot for slot in slots})
    named = [slot.field for _, slot in asked]
    if named or problems:
        for slot in slots:
            if (count := named.count(slot.field)) != 1:
                problems.append(
                    say(
                        "{name} ({role}): one place for the signature is expected, got {count}",
                        name=slot.person.full_name,
                        role=slot.role,
                        count=count,
                    )
                )
    if problems:
        raise InputError("{file}: the places for signatures are not right", file=source, problems=tuple(problems))
    for number, (paragraph, slot) in enumerate(asked):
        alignment = paragraph.find(f"{W}pPr/{W}jc")
        side = alignment.get(f"{W}val") if alignment is not None else "left"
        row = next(paragraph.iterancestors(f"{W}tr"), None)
        if row is not None:
            _keep_whole(row)
        replacement = [*_place(slot.field, number, side if side in _SIDES else "left", is_in_table=row is not None)]
        parent, at = paragraph.getparent(), paragraph.getparent().index(paragraph)
        parent[at : at + 1] = replacement
    if not asked:
        _append_page(document, slots)


def _asked_for(
    document: Document, tokens: Mapping[str, SignatorySlot]
) -> tuple[list[tuple[XmlElement, SignatorySlot]], list[Message]]:
    """Return the paragraphs that hold a token, and whose, and what speaks against them."""
    asked: list[tuple[XmlElement, SignatorySlot]] = []
    problems: list[Message] = []
    for part, root in filled_roots(document):
        for paragraph in root.iter(f"{W}p"):
            text = "".join(one.text or "" for one in paragraph.iter(f"{W}t"))
            for found, slot in tokens.items():
                if found not in text:
                    continue
                if not part.is_text or text.strip() != found:
                    problems.append(
                        say(
                            "{name} ({role}): a place for a signature that stands alone in a paragraph of the text is expected, "
                            "got: {text}",
                            name=slot.person.full_name,
                            role=slot.role,
                            text=text.replace(found, "…"),
                        )
                    )
                elif holds_more_than_text(paragraph):
                    problems.append(
                        say(
                            "{name} ({role}): a place for a signature that stands alone in its paragraph is expected, got a "
                            "picture, a note, or the end of a page or section beside it; move that into another paragraph",
                            name=slot.person.full_name,
                            role=slot.role,
                        )
                    )
                asked.append((paragraph, slot))
    return asked, problems


def _place(field: str, number: int, side: str, *, is_in_table: bool, line: Line | None = None) -> Iterator[XmlElement]:
    begin, end = _FIRST_BOOKMARK + 2 * number, _FIRST_BOOKMARK + 2 * number + 1
    keeps = not is_in_table  # in a table it would hold the whole table together; there the row is not torn
    yield _paragraph(*_bookmark(f"{BEGIN}{side}{field}", begin), line_pt=BOX_HEIGHT_PT, keeps_with_next=keeps)
    yield _paragraph(*_bookmark(f"{END}{field}", end), line_pt=_SMALLEST_PT, side="right", keeps_with_next=keeps, line=line)
    yield _paragraph(line_pt=_SMALLEST_PT)  # LibreOffice loses a bookmark in the last paragraph of a text


def _keep_whole(row: XmlElement) -> None:
    """Let no page tear a row."""
    properties = row.get_or_add_trPr()
    if properties.find(f"{W}cantSplit") is None:
        properties.append(element("cantSplit"))


def _bookmark(name: str, number: int) -> tuple[XmlElement, XmlElement]:
    return element("bookmarkStart", id=number, name=name), element("bookmarkEnd", id=number)


def _paragraph(
    *content: XmlElement,
    line_pt: float | None = None,
    side: str = "left",
    keeps_with_next: bool = False,
    begins_page: bool = False,
    line: Line | None = None,
) -> XmlElement:
    properties = element("pPr")
    if keeps_with_next:
        properties.append(element("keepNext"))
    if begins_page:
        properties.append(element("pageBreakBefore"))
    if line is not None:
        properties.append(element("pBdr", border("top", line)))
    height = {"line": twips(line_pt), "lineRule": "exact"} if line_pt else {"line": 300, "lineRule": "auto"}
    properties.append(element("spacing", before=0, after=0, **height))
    properties.append(element("ind", left=0, right=0, firstLine=0))
    properties.append(element("jc", val=side))
    return element("p", properties, *content)


def _append_page(document: Document, slots: Sequence[SignatorySlot]) -> None:
    """Add a page with the places of all who sign, two side by side, before the settings of the last section."""
    body = document.element.body
    width = (_text_width(document)) // 2
    grid = element("tblGrid", element("gridCol", w=width), element("gridCol", w=width))
    table = element(
        "tbl",
        element("tblPr", element("tblW", w=2 * width, type="dxa"), element("tblLayout", type="fixed")),
        grid,
        *(_row(slots[at : at + 2], at, width) for at in range(0, len(slots), 2)),
    )
    title = _paragraph(_run(_PAGE_TITLE, size_pt=13, is_bold=True), side="center", begins_page=True, keeps_with_next=True)
    for made in (title, _paragraph(line_pt=12), table, _paragraph(line_pt=_SMALLEST_PT)):
        body.insert(_end_of(body), made)


def _row(slots: Sequence[SignatorySlot], first: int, width: int) -> XmlElement:
    cells = [_cell(slot, first + place, width) for place, slot in enumerate(slots)]
    if len(cells) == 1:
        cells.append(element("tc", element("tcPr", element("tcW", w=width, type="dxa")), _paragraph()))
    return element("tr", element("trPr", element("cantSplit")), *cells)


def _cell(slot: SignatorySlot, number: int, width: int) -> XmlElement:
    lines = (f"({slot.person.full_name})", slot.person.position or "", slot.organisation_name)
    return element(
        "tc",
        element("tcPr", element("tcW", w=width, type="dxa")),
        *_place(slot.field, number, "left", is_in_table=True, line=_LINE),
        *(_paragraph(_run(line)) for line in lines if line),
        _paragraph(line_pt=14),
    )


def _run(text: str, *, size_pt: float = 11, is_bold: bool = False) -> XmlElement:
    bold = (element("b"), element("bCs")) if is_bold else ()
    half_points = round(size_pt * 2)
    shown = element("t")
    shown.text = text
    return element(
        "r",
        element(
            "rPr",
            element("rFonts", ascii=_FONT, hAnsi=_FONT, eastAsia=_FONT, cs=_FONT),
            *bold,
            element("sz", val=half_points),
            element("szCs", val=half_points),
            element("lang", val="en-US", bidi="th-TH"),
        ),
        shown,
    )


def _text_width(document: Document) -> int:
    """Return the width of the last section's column, in twentieths of a point."""
    section = document.sections[-1]
    page, left, right = section.page_width, section.left_margin, section.right_margin
    return 9000 if page is None or left is None or right is None else int((page - left - right) / 635)


def _end_of(body: XmlElement) -> int:
    """Return where the text of the body ends: before the settings of its last section, which stand behind it."""
    return len(body) - 1 if len(body) and body[-1].tag == f"{W}sectPr" else len(body)
