"""Lists in workbooks: what a person sees in the cells is what is read, and what only a spreadsheet can compute is refused."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from mou.errors import InputError
from mou.models import ChildRightsTheme
from mou.organisations import read_organisations

HEADER = ("รหัส", "ชื่อองค์กร", "ประเภท", "รหัสไปรษณีย์")
ROW = ("a1", "มูลนิธิเพื่อนเด็ก", "มูลนิธิ", 50200)


def workbook_of(folder: Path, *rows: tuple[object, ...], change: Callable[[Worksheet], object] | None = None) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    path = folder / "list.xlsx"
    workbook.save(path)
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_organisations(path)
    return [str(problem) for problem in caught.value.problems] or [str(caught.value)]


def codes(path: Path) -> list[str]:
    return [found.code for found in read_organisations(path).discrepancies]


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    listed = read_organisations(workbook_of(tmp_path, HEADER, ROW))
    (row,) = listed.rows
    assert (row.number, row.organisation.name_th, row.organisation.postal_code) == (2, "มูลนิธิเพื่อนเด็ก", "50200")
    assert row.organisation.source_row == {"รหัส": "a1", "ชื่อองค์กร": "มูลนิธิเพื่อนเด็ก", "ประเภท": "มูลนิธิ", "รหัสไปรษณีย์": "50200"}
    assert listed.encoding is None
    assert listed.discrepancies == ()


def test_a_workbook_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, HEADER, ROW).rename(tmp_path / "list.csv")
    assert len(read_organisations(path).rows) == 1


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        pytest.param(50200.0, "General", "50200", id="whole number kept as a float"),
        pytest.param(5020, "00000", "05020", id="leading zero shown by the format"),
        pytest.param(105556012345, "0000000000000", "0105556012345", id="registration number with its zero"),
        pytest.param(105556012345, "0\\-0000\\-00000\\-00\\-0", "0-1055-56012-34-5", id="registration number with its signs"),
        pytest.param(812345678, '0##"-"###"-"####', "081-234-5678", id="telephone number with its zero"),
        pytest.param(53123456, "(0##) ###-###", "(053) 123-456", id="telephone number with an area"),
        pytest.param(1234567, "[$-41E]00-0", "123456-7", id="more figures than places"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="fraction as a spreadsheet shows it"),
        pytest.param(9007199254740992, "General", "9007199254740992", id="largest exact number"),
        pytest.param(1.5, "General", "1.5", id="fraction"),
        pytest.param(-3, "General", "-3", id="negative"),
        pytest.param(True, "General", "TRUE", id="truth value"),
        pytest.param(date(2022, 3, 29), "yyyy-mm-dd", "2022-03-29", id="date"),
        pytest.param(datetime.fromisoformat("2022-03-29 08:30"), "yyyy-mm-dd hh:mm", "2022-03-29 08:30:00", id="date and time"),
        pytest.param("  ก ข ", "General", "  ก ข ", id="text verbatim"),
    ],
)
def test_a_cell_is_read_as_the_text_that_a_person_sees(tmp_path: Path, value: object, number_format: str, text: str) -> None:
    def as_formatted(sheet: Worksheet) -> None:
        sheet["C2"].number_format = number_format

    path = workbook_of(tmp_path, ("รหัส", "ชื่อองค์กร", "เลขทะเบียน"), ("a1", "มูลนิธิดี", value), change=as_formatted)
    (organisation,) = read_organisations(path).organisations
    assert organisation.source_row["เลขทะเบียน"] == text


def test_an_id_that_a_spreadsheet_made_a_number_stays_whole(tmp_path: Path) -> None:
    listed = read_organisations(workbook_of(tmp_path, HEADER, (7.0, "มูลนิธิดี", None, None)))
    assert listed.organisations[0].organisation_id == "7"


def test_a_theme_that_is_a_number_is_read(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, ("ชื่อองค์กร", "ประเด็น"), ("มูลนิธิดี", 3))
    assert read_organisations(path).rows[0].organisation.child_rights_themes == {ChildRightsTheme.ONLINE_PROTECTION}


def test_numbers_that_the_spreadsheet_rounded_are_refused(tmp_path: Path) -> None:
    (problem,) = problems(workbook_of(tmp_path, HEADER, ("a1", "มูลนิธิดี", None, 12345678901234567890)))
    assert problem.startswith("list.xlsx, sheet “Sheet”, cell D2: a number of at most 15 digits is expected")


def test_formulas_merged_cells_and_error_values_are_all_named_at_once(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B3"] = '=CONCATENATE("มูลนิธิ", "ดี")'
        sheet["D4"] = "#N/A"
        sheet.merge_cells("C2:C3")

    found = problems(workbook_of(tmp_path, HEADER, ROW, ROW, ROW, change=change))
    assert [problem.split(": ")[0] for problem in found] == [
        "list.xlsx, sheet “Sheet”, cells C2:C3",
        "list.xlsx, sheet “Sheet”, cell B3",
        "list.xlsx, sheet “Sheet”, cell D4",
    ]
    assert "undo the merge" in found[0]
    assert "paste it as values" in found[1]


def test_a_merged_title_above_the_header_does_no_harm(tmp_path: Path) -> None:
    path = workbook_of(
        tmp_path, ("รายชื่อองค์กรสมาชิก จำนวน ๑๙ องค์กร",), (), HEADER, ROW, change=lambda sheet: sheet.merge_cells("A1:D1")
    )
    listed = read_organisations(path)
    assert (listed.rows[0].number, listed.declared_count) == (4, 19)


def test_a_text_that_begins_like_a_formula_is_text(tmp_path: Path) -> None:
    def as_text(sheet: Worksheet) -> None:
        sheet["B2"].data_type = "s"

    path = workbook_of(tmp_path, HEADER, ("a1", '=cmd|"/c calc"!A1', "มูลนิธิ", None), change=as_text)
    assert read_organisations(path).organisations[0].name_th == '=cmd|"/c calc"!A1'


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((), "none was found in “Sheet”", id="empty sheet"),
        pytest.param((("ก", "ข"), (1, 2)), "none was found in “Sheet”", id="no header"),
        pytest.param((HEADER,), "under the header in row 1, got none", id="header alone"),
        pytest.param((HEADER, (None, " ", None, None)), "under the header in row 1, got none", id="blank rows"),
    ],
)
def test_a_sheet_without_organisations_is_refused(tmp_path: Path, rows: tuple[tuple[object, ...], ...], expected: str) -> None:
    assert expected in problems(workbook_of(tmp_path, *rows))[0]


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_noted(tmp_path: Path) -> None:
    def more_sheets(sheet: Worksheet) -> None:
        sheet.title = "คำอธิบาย"
        workbook = sheet.parent
        assert isinstance(workbook, openpyxl.Workbook)
        members, other, hidden = (workbook.create_sheet(title) for title in ("สมาชิก", "อื่น", "ซ่อน"))
        for one in (members, other, hidden):
            one.append(HEADER)
            one.append(ROW)
        hidden.sheet_state = "hidden"

    path = workbook_of(tmp_path, ("อ่านก่อน",), ("เรื่องนี้",), change=more_sheets)
    listed = read_organisations(path)
    assert listed.source == "list.xlsx!สมาชิก"
    assert [(found.code, found.message.values["sheet"]) for found in listed.discrepancies] == [
        ("sheet_not_read", "“คำอธิบาย”"),
        ("sheet_not_read", "“อื่น”"),
        ("sheet_hidden", "“ซ่อน”"),
    ]


def test_hidden_rows_and_columns_are_read_and_noted(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True

    path = workbook_of(tmp_path, HEADER, ROW, ("b2", "สมาคมดี", "สมาคม", 50300), change=hide)
    listed = read_organisations(path)
    assert [one.postal_code for one in listed.organisations] == ["50200", "50300"]
    assert [(found.code, found.row, found.column) for found in listed.discrepancies] == [
        ("column_hidden", None, "D"),
        ("row_hidden", 3, None),
    ]


def test_a_cell_beside_the_list_is_kept_under_its_letter(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, HEADER, (*ROW, None, "ถามพี่แดง"))
    assert codes(path) == ["column_unknown", "column_unknown"]
    assert read_organisations(path).organisations[0].source_row["[F]"] == "ถามพี่แดง"


def test_a_sum_under_the_list_is_no_organisation(tmp_path: Path) -> None:
    listed = read_organisations(workbook_of(tmp_path, HEADER, ROW, (None, "รวม", 3, None)))
    assert (len(listed.rows), listed.declared_count) == (1, 3)


def test_a_sheet_formatted_to_the_last_row_is_refused_not_waited_for(tmp_path: Path) -> None:
    def touch(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = " "

    (problem,) = problems(workbook_of(tmp_path, HEADER, ROW, change=touch))
    assert "got cells up to XFD1048576; delete the empty rows and columns" in problem


def with_sheet(path: Path, old: bytes, new: bytes) -> Path:
    """The workbook with something else in its first sheet, as no spreadsheet writes it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old in parts[sheet]
    parts[sheet] = parts[sheet].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "added",
    [
        pytest.param(b'<mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>', id="one merge of the whole sheet"),
        pytest.param(
            b'<hyperlinks><hyperlink ref="$A$5:$XFD$1048576" location="A1"/></hyperlinks>', id="one link on the whole sheet"
        ),
        pytest.param(b"<mergeCells>" + b'<mergeCell ref="A2:A99999"/>' * 40 + b"</mergeCells>", id="many merges"),
    ],
)
def test_a_range_that_names_cells_without_end_is_refused_not_waited_for(tmp_path: Path, added: bytes) -> None:
    path = with_sheet(workbook_of(tmp_path, HEADER, ROW), b"</sheetData>", b"</sheetData>" + added)
    (problem,) = problems(path)
    assert "at most 3000000 cells and other parts is expected, got more" in problem


def test_more_cells_than_can_be_read_are_refused_before_one_is_read(tmp_path: Path) -> None:
    cells = b'<row r="3">' + b"<c/>" * 3_000_001 + b"</row></sheetData>"
    (problem,) = problems(with_sheet(workbook_of(tmp_path, HEADER, ROW), b"</sheetData>", cells))
    assert "at most 3000000 cells and other parts is expected, got more" in problem


def test_a_cell_far_below_and_another_far_to_the_right_are_refused_not_waited_for(tmp_path: Path) -> None:
    def far(sheet: Worksheet) -> None:
        sheet["A90000"], sheet["GR1"] = " ", " "

    (problem,) = problems(workbook_of(tmp_path, HEADER, ROW, change=far))
    assert "3000000 cells are expected, got cells up to GR90000" in problem


def test_a_number_beyond_all_numbers_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = with_sheet(workbook_of(tmp_path, HEADER, ROW), b"<v>50200</v>", b"<v>1E999</v>")
    (problem,) = problems(path)
    assert "cell D2: a number of at most 15 digits is expected" in problem


def test_a_house_number_that_the_spreadsheet_made_a_day_is_doubted(tmp_path: Path) -> None:
    header = (*HEADER, "ที่อยู่", "วันเกิด ผู้แทน", "ชื่อ ผู้แทน", "สกุล ผู้แทน", "ตำแหน่ง ผู้แทน", "วันจดทะเบียน")
    born = datetime.fromisoformat("1980-03-29")
    row = (*ROW, datetime.fromisoformat("2026-03-12"), born, "ก้อง", "ทดสอบ", "ประธาน", born)
    notes = [one for one in read_organisations(workbook_of(tmp_path, header, row)).discrepancies if one.code == "day_in_cell"]
    assert [(one.row, one.column) for one in notes] == [(2, "ที่อยู่")]
    assert "was read as “2026-03-12”" in str(notes[0].message)


def test_a_note_on_a_cell_of_the_list_is_told_and_those_on_headings_are_not(tmp_path: Path) -> None:
    def noted(sheet: Worksheet) -> None:
        sheet["B1"].comment = Comment("ชื่อเต็ม", "mou")
        sheet["B2"].comment = Comment("ถอนตัวแล้ว", "เลขานุการ")

    listed = read_organisations(workbook_of(tmp_path, HEADER, ROW, change=noted))
    assert [(one.code, one.row, one.column) for one in listed.discrepancies] == [("comments_not_read", 2, "ชื่อองค์กร")]
    assert "cell B2" in str(listed.discrepancies[0].message)


def test_what_is_struck_out_is_read_and_told(tmp_path: Path) -> None:
    def struck(sheet: Worksheet) -> None:
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    listed = read_organisations(workbook_of(tmp_path, HEADER, ROW, ("a2", "สมาคมที่ถอนตัว", "สมาคม", None), change=struck))
    assert len(listed.rows) == 2
    assert {(one.code, one.row) for one in listed.discrepancies} == {("struck_out", 3)}
    assert "“สมาคมที่ถอนตัว” is struck out in the sheet" in "".join(str(one.message) for one in listed.discrepancies)


def test_what_commands_a_terminal_is_shown_as_its_number(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("ชื่อองค์กร,ประเภท,x\x1b[2J\u202ey\nมูลนิธิดี,มูลนิธิ,1\n", encoding="utf-8")
    (found,) = read_organisations(path).discrepancies
    assert "“x[U+001B][2J[U+202E]y”" in str(found.message)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(257):
            part.write(bytes(2**20))
    assert "at most 256 MiB unpacked is expected, got 257 MiB" in problems(path)[0]


def test_no_truncated_workbook_comes_through_as_anything_but_a_sentence(tmp_path: Path) -> None:
    content = workbook_of(tmp_path, HEADER, ROW).read_bytes()
    path = tmp_path / "damaged.xlsx"
    for length in range(4, len(content), 97):
        path.write_bytes(content[:length])
        assert problems(path)[0].startswith("damaged.xlsx: a workbook in the format .xlsx is expected")


@pytest.mark.parametrize("missing", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_that_lacks_a_part_is_refused(tmp_path: Path, missing: str) -> None:
    whole = workbook_of(tmp_path, HEADER, ROW)
    path = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as damaged:
        for member in archive.infolist():
            if member.filename != missing:
                damaged.writestr(member, archive.read(member))
    assert problems(path)[0].startswith("damaged.xlsx: a ")


def test_twenty_thousand_rows_are_read_and_kept_in_order(tmp_path: Path) -> None:
    rows = ((f"id-{number}", f"มูลนิธิหมายเลข {number}", "มูลนิธิ", 50200) for number in range(20_000))
    listed = read_organisations(workbook_of(tmp_path, HEADER, *rows))
    assert [one.organisation_id for one in listed.organisations] == [f"id-{number}" for number in range(20_000)]
