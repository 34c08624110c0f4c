"""Tables as workbooks: nothing comes alive, days are days, sheets bear titles that may be, the same bytes each time."""

import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

from mou.errors import UsageError
from mou.spreadsheets import Heading, SheetTable, packed, tables_as_workbook, writing
from mou.spreadsheets.cells import CUT, MOST_CHARACTERS, comes_alive, sheet_titles, text_in_cell, utf_16_length
from signatures.messages import say

ALIVE = ("=1+1", "+66 2 000 0000", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1", "＝1+1", "#N/A", "=")
HEADINGS = (Heading("ชื่อ", "name"), Heading("วันที่", "day", is_day=True), Heading("จำนวน", "count"))


def workbook_of(*rows: tuple[object, ...], language: str = "th", title: str = "ตาราง") -> openpyxl.Workbook:
    table = SheetTable(title, HEADINGS, rows)  # type: ignore[arg-type]  # what a test gives may be wrong on purpose
    return openpyxl.load_workbook(io.BytesIO(tables_as_workbook([table], title=title, language=language)))


def values_of(book: openpyxl.Workbook) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


@pytest.mark.parametrize("text", ALIVE)
def test_no_text_comes_alive_now_or_when_its_cell_is_edited(text: str) -> None:
    content = tables_as_workbook([SheetTable(text, HEADINGS, [(text, None, None)])], title=text, language="th")
    cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix or str(cell.value)[0] in "[#"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert re.search(rb"<f\b|<definedName", archive.read("xl/worksheets/sheet1.xml")) is None


def test_a_heading_stands_in_thai_and_english_and_a_day_has_its_buddhist_day_beside_it() -> None:
    head, row = values_of(workbook_of(("มูลนิธิ", date(2022, 3, 29), 12)))
    assert head == ["ชื่อ\nname", "วันที่\nday", "วันที่ (พ.ศ.)\nday (B.E.)", "จำนวน\ncount"]
    assert row == ["มูลนิธิ", datetime.fromisoformat("2022-03-29"), "๒๙ มีนาคม พ.ศ. ๒๕๖๕", 12]


def test_what_stands_in_a_column_of_days_and_is_none_is_kept() -> None:
    _, row = values_of(workbook_of(("ก", "-", None)))
    assert row == ["ก", "-", None, None]


def test_a_message_is_written_in_the_language_of_the_reader() -> None:
    assert values_of(workbook_of((say("yes"), None, None), language="en"))[1][0] == "yes"
    assert values_of(workbook_of((say("yes"), None, None), language="th"))[1][0] != "yes"


def test_a_number_that_a_spreadsheet_would_round_is_a_text() -> None:
    assert values_of(workbook_of(("ก", None, 10**15 - 1), ("ข", None, 10**15)))[1:] == [
        ["ก", None, None, 999_999_999_999_999],
        ["ข", None, None, "1000000000000000"],
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("มูลนิธิ\u202eหนึ่ง", "มูลนิธิ[U+202E]หนึ่ง", id="a mark of direction"),
        pytest.param("\t=1", "[U+0009]=1", id="a tab before a formula"),
        pytest.param("ก\x00\x1b\ud800\uffff", "ก[U+0000][U+001B][U+D800][U+FFFF]", id="what no XML may hold"),
        pytest.param("ก\nข", "ก\nข", id="a line break"),
        pytest.param("_x003D_1+1", "_x005F_x003D_1+1", id="what a spreadsheet would take for a letter"),
        pytest.param("A&B <x> “y”", "A&B <x> “y”", id="marks of XML"),
    ],
)
def test_a_text_is_written_so_that_it_can_be_seen(text: str, written: str) -> None:
    assert text_in_cell(text) == written


def test_a_text_that_is_too_long_for_a_cell_says_that_it_was_cut() -> None:
    whole, cut = text_in_cell("ก" * MOST_CHARACTERS), text_in_cell("😀" * MOST_CHARACTERS)
    assert whole == "ก" * MOST_CHARACTERS
    assert cut.endswith("😀" + CUT)
    assert utf_16_length(cut) in {MOST_CHARACTERS, MOST_CHARACTERS - 1}


def test_sheets_bear_titles_that_a_spreadsheet_allows() -> None:
    assert sheet_titles(["a/b:c?*[d]\\", "'ชื่อ'", "", "\u202e\x00"]) == ["a b c   d", "ชื่อ", "-", "- (2)"]
    assert sheet_titles(["ก" * 40, "ก" * 40]) == ["ก" * 31, "ก" * 27 + " (2)"]
    assert sheet_titles(["History", "List", "list"]) == ["History (2)", "List", "list (2)"]


@given(st.lists(st.text(), max_size=6))
def test_any_titles_become_titles_that_a_spreadsheet_allows(wanted: list[str]) -> None:
    titles = sheet_titles(wanted)
    assert len({one.casefold() for one in titles}) == len(wanted)
    for title in titles:
        assert 1 <= utf_16_length(title) <= 31
        assert not set(title) & set("\\/?*:[]")
        assert title[0] != "'" != title[-1]


@given(st.text(max_size=50))
def test_any_text_comes_back_as_text(text: str) -> None:
    cell = workbook_of((text, None, None)).worksheets[0]["A2"]
    assert (cell.value or "") == text_in_cell(text)
    assert cell.data_type == ("s" if text else "n")
    assert not comes_alive(str(cell.value or "")) or cell.quotePrefix


def test_the_same_tables_give_the_same_bytes_and_no_time_stands_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    table = SheetTable("ตาราง", HEADINGS, [("ก", date(2022, 3, 29), 1)])
    first = tables_as_workbook([table], title="ตาราง", language="th")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert tables_as_workbook([table], title="ตาราง", language="th") == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert re.search(rb"\d{4}-\d\d-\d\dT|openpyxl", archive.read("docProps/core.xml")) is None


def test_the_properties_of_a_font_stand_in_the_order_of_the_schema() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"].font = Font(
        name="Tahoma",
        sz=16,
        b=True,
        i=True,
        charset=222,
        u="single",
        strike=True,
        color="FF0000",
        scheme="minor",
        family=2,
        vertAlign="superscript",
        outline=True,
        shadow=True,
        condense=True,
        extend=True,
    )
    with zipfile.ZipFile(io.BytesIO(packed(book))) as archive:
        fonts = re.findall(r"<font>(.*?)</font>", archive.read("xl/styles.xml").decode(), re.DOTALL)
    assert re.findall(r"<([A-Za-z]+)", fonts[0]) == ["sz", "color", "name", "family", "scheme"]
    order = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"
    assert re.findall(r"<([A-Za-z]+)", fonts[1]) == order.split()
    read = openpyxl.load_workbook(io.BytesIO(packed(book))).worksheets[0]["A1"].font
    assert repr(read) == repr(book.active["A1"].font)


def test_a_table_without_rows_is_a_sheet_with_its_head() -> None:
    sheet = workbook_of().worksheets[0]
    assert (sheet.dimensions, sheet.freeze_panes, sheet.auto_filter.ref) == ("A1:D1", "A2", "A1:D1")


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    with pytest.raises(UsageError, match="has room for 2 rows, got 3"):
        workbook_of(("ก", None, 1), ("ข", None, 2), ("ค", None, 3))


def test_a_row_that_does_not_fit_its_headings_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="zip"):
        workbook_of(("ก",))
    with pytest.raises(ValueError, match="at least one table"):
        tables_as_workbook([], title="", language="th")
