"""The workbook that a secretary fills in, and how the import knows its sheets again.

1. The list has a head of four rows: what it is, how to fill it in, what each column needs, the headings. Below it nothing stands,
   so that nothing is imported which nobody filled in.
2. Every cell of the list is text: a leading 0 stays, a day stays as it was typed, and no formula comes alive.
3. A second sheet explains each column in Thai and English with an example, a third holds the words to choose from. Both bear a
   mark in their first cell, by which the import passes over them in silence.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mou.organisations.starter_columns import Need, StarterColumn
from mou.spreadsheets import packed

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

LIST_TITLE: Final = "รายชื่อองค์กร"
EXPLANATION_TITLE: Final = "คำอธิบาย"
CHOICES_TITLE: Final = "ตัวเลือก"
_MARKS: Final = {
    EXPLANATION_TITLE: "คำอธิบายแบบกรอกรายชื่อองค์กร · How to fill in the list of organisations",
    CHOICES_TITLE: "ตัวเลือกของแบบกรอกรายชื่อองค์กร (ห้ามลบแผ่นนี้) · Words to choose from (keep this sheet)",
}
NEED_ROW, HEADER_ROW, FIRST_ROW = 3, 4, 5
LAST_ROW: Final = 2_000  # down to which a cell offers its choices
_EXPLAINED_FROM: Final = 10
_MOST_COLUMNS: Final = 500  # that an import takes
_NEEDS: Final = {
    Need.REQUIRED: ("ต้องกรอก", "required", "F8CBAD"),
    Need.WHERE_SIGNED: ("ต้องกรอกเมื่อมีผู้ลงนาม", "required where somebody signs", "FFE699"),
    Need.OPTIONAL: ("กรอกถ้ามี", "if there is one", "E2EFDA"),
}
_HOW_TO: Final = (
    (
        "กรอกองค์กรละหนึ่งแถว ตั้งแต่แถวที่ 5 ของแผ่น “รายชื่อองค์กร” ห้ามเว้นหัวคอลัมน์ ห้ามผสานเซลล์ และห้ามใช้สูตร",
        "One row for each organisation, from row 5 of the first sheet on. Keep the headings; merge no cells; use no formulas.",
    ),
    (
        "สีของหัวคอลัมน์และข้อความเหนือหัวคอลัมน์บอกว่าต้องกรอกหรือไม่ คอลัมน์ที่ไม่ใช้ลบได้",
        "The colour of a heading and the words above it say what must be filled. Columns that are not needed may be deleted.",
    ),
    (
        "ทุกช่องเป็นข้อความ เลข 0 ข้างหน้าจึงไม่หาย หากโปรแกรมเตือนว่าตัวเลขเก็บเป็นข้อความ ไม่ต้องแก้ไข",
        "Every cell is text, so that a leading 0 stays. Where the program warns of a number stored as text, leave it so.",
    ),
    ("เมื่อกรอกเสร็จ นำเข้าด้วยคำสั่ง mou organisations import", "When it is filled in: mou organisations import."),
)
_FONT: Final = "Tahoma"  # has Thai letters, and stands on every Windows and macOS
_SIZE: Final = 11
_A4: Final = 9


def starter_workbook(columns: Sequence[StarterColumn]) -> bytes:
    """Return the workbook with an empty list of these columns; the same columns give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    page: Worksheet = book.create_sheet(LIST_TITLE)
    places = _write_choices(book, columns)
    _write_list(page, columns, places)
    _write_explanation(book, columns)
    book.move_sheet(EXPLANATION_TITLE, offset=-1)
    book.properties.title = LIST_TITLE
    book.properties.creator = "mou"
    return packed(book)


def is_own_sheet(title: str, first_cell: object) -> bool:
    """Whether a sheet is one that this starter made beside the list, by its title and its first cell."""
    return first_cell is not None and _MARKS.get(title) == first_cell


def explained_headings(explanation: "Worksheet") -> Iterator[str]:
    """Yield the headings that the starter's own sheet of explanations explains."""
    last = _EXPLAINED_FROM + _MOST_COLUMNS
    for (heading,) in explanation.iter_rows(min_row=_EXPLAINED_FROM, max_row=last, max_col=1, values_only=True):
        if isinstance(heading, str):
            yield heading


def _write_list(page: "Worksheet", columns: Sequence[StarterColumn], places: dict[str, str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    _write(page.cell(1, 1), "แบบกรอกรายชื่อองค์กร · List of organisations", bold=True, wrap=False)
    _write(page.cell(2, 1), f"{_HOW_TO[0][0]} · {_HOW_TO[0][1]}", wrap=False)
    for place, column in enumerate(columns, start=1):
        th, en, colour = _NEEDS[column.need]
        _write(page.cell(NEED_ROW, place), f"{column.english}\n{th} · {en}", colour=colour)
        heading = page.cell(HEADER_ROW, place)
        _write(heading, column.heading, bold=True, colour=colour)
        heading.comment = Comment(_note(column), "mou", height=190, width=330)
        letter = get_column_letter(place)
        dimension = page.column_dimensions[letter]
        dimension.width = column.width
        dimension.number_format = "@"
        dimension.font = Font(name=_FONT, size=_SIZE)
        dimension.alignment = Alignment(vertical="top", wrap_text=True)
        if column.choices:
            rule = _rule(column, places[column.heading])
            rule.add(f"{letter}{FIRST_ROW}:{letter}{LAST_ROW}")
            page.add_data_validation(rule)
    page.row_dimensions[NEED_ROW].height = 66
    page.row_dimensions[HEADER_ROW].height = 36
    page.freeze_panes = f"C{FIRST_ROW}"
    page.print_title_rows = f"{NEED_ROW}:{HEADER_ROW}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4


def _note(column: StarterColumn) -> str:
    th, en, _ = _NEEDS[column.need]
    return f"{column.th}\n({th})\nเช่น {column.example}\n\n{column.en}\n({en})\nSuch as {column.example}"


def _rule(column: StarterColumn, place: str) -> "DataValidation":
    """The list of choices under a cell; another word is refused, or questioned where the import takes it too."""
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type="list",
        formula1=place,
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="warning" if column.is_open else "stop",
        errorTitle=column.heading[:32],
        error="เลือกคำจากรายการ หรือเว้นว่าง\nChoose a word of the list, or leave the cell empty.",
    )


def _write_choices(book: "Workbook", columns: Sequence[StarterColumn]) -> dict[str, str]:
    """Write the words to choose from, and return where those of each heading stand."""
    from openpyxl.utils import get_column_letter

    page: Worksheet = book.create_sheet(CHOICES_TITLE)
    _write(page.cell(1, 1), _MARKS[CHOICES_TITLE], wrap=False)
    places = {}
    for place, column in enumerate((one for one in columns if one.choices), start=1):
        letter = get_column_letter(place)
        _write(page.cell(2, place), column.heading, bold=True, colour=_NEEDS[Need.OPTIONAL][2])
        for row, word in enumerate(column.choices, start=3):
            _write(page.cell(row, place), word)
        page.column_dimensions[letter].width = max(column.width, 50 if place == 1 else 0)
        places[column.heading] = f"'{CHOICES_TITLE}'!${letter}$3:${letter}${2 + len(column.choices)}"
    page.freeze_panes = "A3"
    return places


def _write_explanation(book: "Workbook", columns: Sequence[StarterColumn]) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    page: Worksheet = book.create_sheet(EXPLANATION_TITLE)
    _write(page.cell(1, 1), _MARKS[EXPLANATION_TITLE], bold=True, wrap=False)
    for row, (th, en) in enumerate(_HOW_TO, start=2):
        _write(page.cell(row, 1), f"{th} · {en}", wrap=False)
    head = ("คอลัมน์ · Column", "ต้องกรอกหรือไม่ · Needed", "คำอธิบาย", "Explanation", "ตัวอย่าง · Example")
    for place, (text, width) in enumerate(zip(head, (34, 26, 52, 52, 28), strict=True), start=1):
        _write(page.cell(_EXPLAINED_FROM - 1, place), text, bold=True, colour="DDE5E4")
        page.column_dimensions["ABCDE"[place - 1]].width = width
    for row, column in enumerate(columns, start=_EXPLAINED_FROM):
        th, en, colour = _NEEDS[column.need]
        words = (column.heading, f"{th} · {en}", column.th, f"{column.english}. {column.en}", column.example)
        for place, text in enumerate(words, start=1):
            _write(page.cell(row, place), text, colour=colour if place == 2 else None)  # noqa: PLR2004  # the column of needs
    page.freeze_panes = f"B{_EXPLAINED_FROM}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write(cell: "Cell | MergedCell", text: str, *, bold: bool = False, colour: str | None = None, wrap: bool = True) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.font = Font(name=_FONT, size=_SIZE, bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    if colour is not None:
        cell.fill = PatternFill("solid", fgColor=colour)
