"""The workbook to fill in: what it asks, and that a filled one is imported without a word of doubt."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from mou.errors import InputError
from mou.models import OrganisationKind
from mou.organisations import OrganisationList, read_organisations
from mou.organisations.columns import field_of
from mou.organisations.labels import juristic_person_of_label, kind_of_label
from mou.organisations.starter import (
    CHOICES_TITLE,
    EXPLANATION_TITLE,
    FIRST_ROW,
    HEADER_ROW,
    LIST_TITLE,
    NEED_ROW,
    starter_workbook,
)
from mou.organisations.starter_columns import AskedColumn, Need, starter_columns
from mou.templates import bundled_template_names, bundled_templates_folder, load_template
from mou.workflow.starting_lists import starter_for

FOUNDATION = {
    "ชื่อเต็ม (ไทย)": "มูลนิธิตัวอย่าง “A&B <x>”",
    "ประเภท": "มูลนิธิ",
    "สถานะนิติบุคคล (ใช่/ไม่ใช่/ไม่ทราบ)": "ใช่",
    "เลขทะเบียน": "0105556012345",
    "จังหวัด": "เชียงใหม่",
    "รหัสไปรษณีย์": "05020",
    "ชื่อ ผู้แทน (ผู้ลงนาม)": "ดวง",
    "สกุล ผู้แทน (ผู้ลงนาม)": "สมมติ",
    "ตำแหน่ง ผู้แทน (ผู้ลงนาม)": "ประธาน",
}


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def list_of(content: bytes) -> Worksheet:
    return opened(content)[LIST_TITLE]


def headings_of(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): place for place, cell in enumerate(sheet[HEADER_ROW], start=1)}


def filled(content: bytes, path: Path, *rows: Mapping[str, str]) -> Path:
    """The starter as somebody filled it in and saved it."""
    book = opened(content)
    sheet = book[LIST_TITLE]
    places = headings_of(sheet)
    for number, row in enumerate(rows, start=FIRST_ROW):
        for heading, text in row.items():
            sheet.cell(number, places[heading]).value = text
    book.save(path)
    return path


def read(content: bytes, path: Path, *rows: Mapping[str, str]) -> OrganisationList:
    return read_organisations(filled(content, path, *rows))


def test_a_filled_starter_is_imported_without_a_discrepancy(tmp_path: Path) -> None:
    listed = read(starter_for(), tmp_path / "list.xlsx", FOUNDATION)
    (row,) = listed.rows
    assert (row.number, row.organisation.name_th) == (FIRST_ROW, "มูลนิธิตัวอย่าง “A&B <x>”")
    assert (row.organisation.registration_number, row.organisation.postal_code) == ("0105556012345", "05020")
    assert row.organisation.representative is not None
    assert row.organisation.representative.full_name == "ดวง สมมติ"
    assert (listed.discrepancies, listed.declared_count) == ((), None)


@pytest.mark.parametrize("name", bundled_template_names())
def test_a_starter_for_a_template_asks_for_its_columns_and_is_imported_without_a_discrepancy(name: str, tmp_path: Path) -> None:
    template = load_template(bundled_templates_folder() / name)
    content = starter_for(template, with_dates_of_birth=True)
    asked = [one for one in template.fields if one.name.startswith("organisation.columns.")]
    assert {one.label for one in asked} <= set(headings_of(list_of(content)))
    listed = read(content, tmp_path / "list.xlsx", FOUNDATION | {one.label: "ข้อความ" for one in asked})
    assert listed.discrepancies == ()
    assert [listed.rows[0].organisation.source_row[one.label] for one in asked] == ["ข้อความ"] * len(asked)


def test_an_empty_starter_holds_no_organisation(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a row for each organisation is expected under the header in row 4, got none"):
        read(starter_for(), tmp_path / "list.xlsx")


def test_every_heading_is_one_that_the_import_knows_and_each_field_stands_once() -> None:
    fields = [field_of(heading) for heading in headings_of(list_of(starter_for(with_dates_of_birth=True)))]
    assert None not in fields
    assert len(set(fields)) == len(fields)


def test_a_date_of_birth_is_asked_for_only_where_it_is_wanted() -> None:
    without, with_them = (headings_of(list_of(starter_for(with_dates_of_birth=wanted))) for wanted in (False, True))
    assert set(with_them) - set(without) == {"วันเกิด ผู้แทน (ผู้ลงนาม)", "วันเกิด พยาน"}


def test_what_must_be_filled_is_said_by_colour_and_by_words() -> None:
    sheet = list_of(starter_for())
    places = headings_of(sheet)
    colours = {}
    for heading, words in {
        "ชื่อเต็ม (ไทย)": "ต้องกรอก · required",
        "ประเภท": "ต้องกรอก · required",
        "ชื่อ พยาน": "ต้องกรอกเมื่อมีผู้ลงนาม · required where somebody signs",
        "ชื่ออังกฤษ": "กรอกถ้ามี · if there is one",
    }.items():
        need, head = sheet.cell(NEED_ROW, places[heading]), sheet.cell(HEADER_ROW, places[heading])
        assert str(need.value).endswith(words)
        assert need.fill.fgColor.rgb == head.fill.fgColor.rgb
        colours[words] = head.fill.fgColor.rgb
    assert len(set(colours.values())) == 3


def test_what_a_template_cannot_do_without_must_be_filled() -> None:
    template = load_template(bundled_templates_folder() / "partnership-mou-th-en")
    sheet = list_of(starter_for(template))
    needs = {heading: str(sheet.cell(NEED_ROW, place).value).split("\n")[1] for heading, place in headings_of(sheet).items()}
    required = "ต้องกรอก · required"
    assert {needs[one] for one in ("ชื่ออังกฤษ", "ตำแหน่ง พยาน", "สกุล ผู้แทน (ผู้ลงนาม)", "พยาน (อังกฤษ)")} == {required}
    assert required not in {needs[one] for one in ("ที่อยู่", "ที่อยู่ (อังกฤษ)", "ชื่อย่อ")}


def test_the_choices_are_words_that_the_import_takes() -> None:
    book = opened(starter_for())
    choices = {
        str(column[1].value): [str(cell.value) for cell in column[2:] if cell.value] for column in book[CHOICES_TITLE].columns
    }
    assert [kind_of_label(one) for one in choices["ประเภท"]] == list(OrganisationKind)
    assert None not in [juristic_person_of_label(one) for one in choices["สถานะนิติบุคคล (ใช่/ไม่ใช่/ไม่ทราบ)"]]
    assert (len(choices["จังหวัด"]), len(set(choices["จังหวัด"]))) == (77, 77)


def test_the_choices_are_offered_under_their_column_and_point_at_all_of_their_words() -> None:
    book = opened(starter_for())
    sheet = book[LIST_TITLE]
    places = headings_of(sheet)
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 3
    for heading, style in {"ประเภท": "stop", "สถานะนิติบุคคล (ใช่/ไม่ใช่/ไม่ทราบ)": "stop", "จังหวัด": "warning"}.items():
        rule = rules[sheet.cell(FIRST_ROW, places[heading]).coordinate]
        title, _, area = str(rule.formula1).partition("!")
        words = [row[0].value for row in book[title.strip("'")][area.replace("$", "")]]
        column = next(one for one in book[CHOICES_TITLE].columns if one[1].value == heading)
        assert words == [cell.value for cell in column[2:] if cell.value]
        assert (rule.type, rule.errorStyle, rule.allowBlank) == ("list", style, True)


def test_each_column_has_a_note_in_both_languages_with_an_example_and_is_text() -> None:
    sheet = list_of(starter_for())
    for cell in sheet[HEADER_ROW]:
        assert cell.comment is not None
        assert "\nเช่น " in cell.comment.text
        assert "\nSuch as " in cell.comment.text
        dimension = sheet.column_dimensions[cell.coordinate.rstrip("0123456789")]
        assert (dimension.number_format, dimension.width >= 18) == ("@", True)
    assert sheet.freeze_panes == f"C{FIRST_ROW}"
    assert sheet.max_row == HEADER_ROW


def test_the_explanation_names_each_column_with_its_example() -> None:
    book = opened(starter_for())
    rows = {str(row[0]): row for row in book[EXPLANATION_TITLE].iter_rows(values_only=True)}
    for heading in headings_of(book[LIST_TITLE]):
        assert all(rows[heading]), heading


def test_the_same_starter_is_the_same_bytes_and_holds_no_formula() -> None:
    template = load_template(bundled_templates_folder() / "lanna-mou")
    assert starter_for(template) == starter_for(template)
    for sheet in opened(starter_for(template)).worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_the_sheets_beside_the_list_may_stand_before_it(tmp_path: Path) -> None:
    path = filled(starter_for(), tmp_path / "list.xlsx", FOUNDATION)
    book = openpyxl.load_workbook(path)
    book.move_sheet(LIST_TITLE, offset=2)
    book.save(path)
    assert read_organisations(path).discrepancies == ()


def test_a_sheet_that_only_bears_the_title_of_ours_is_noted(tmp_path: Path) -> None:
    path = filled(starter_for(), tmp_path / "list.xlsx", FOUNDATION)
    book = openpyxl.load_workbook(path)
    book[CHOICES_TITLE]["A1"] = "องค์กรเพิ่มเติม"
    book.create_sheet("เพิ่ม").append(["หนึ่ง"])
    book["เพิ่ม"].append(["สอง"])
    book.save(path)
    assert [one.code for one in read_organisations(path).discrepancies] == ["sheet_not_read", "sheet_not_read"]


def test_a_column_that_the_secretariat_added_is_still_noted(tmp_path: Path) -> None:
    path = filled(starter_for(), tmp_path / "list.xlsx", FOUNDATION)
    book = openpyxl.load_workbook(path)
    sheet = book[LIST_TITLE]
    sheet.cell(HEADER_ROW, sheet.max_column + 1).value = "โทรศัพท์"
    book.save(path)
    (found,) = read_organisations(path).discrepancies
    assert (found.code, found.column) == ("column_unknown", "โทรศัพท์")


@pytest.mark.parametrize(
    ("asked", "heading", "count"),
    [
        pytest.param(AskedColumn("phone", "โทรศัพท์", "053"), "โทรศัพท์", 1, id="a column of its own"),
        pytest.param(AskedColumn("second_email", "อีเมล", "a@example.org"), "second_email", 1, id="a label that means another"),
        pytest.param(AskedColumn("email", "อีเมล", "a@example.org"), "อีเมล", 0, id="a meaning that there is"),
        pytest.param(AskedColumn("source_text", "ข้อความตามแหล่งที่มา", "ก"), "ข้อความตามแหล่งที่มา", 1, id="known and not in the list"),
    ],
)
def test_a_template_finds_its_column_and_no_two_columns_mean_the_same(
    asked: AskedColumn, heading: str, count: int, tmp_path: Path
) -> None:
    columns = starter_columns([asked])
    (found,) = [one for one in columns if one.heading == heading]
    assert found.need is Need.REQUIRED
    assert len(columns) - len(starter_columns()) == count
    listed = read(starter_workbook(columns), tmp_path / "list.xlsx", FOUNDATION | {heading: "a@example.org"})
    source_row = listed.rows[0].organisation.source_row
    assert "a@example.org" in {source_row.get(asked.name), source_row.get(asked.label)}


def test_a_label_that_looks_like_a_formula_stays_text() -> None:
    content = starter_workbook(starter_columns([AskedColumn("x", '=HYPERLINK("http://example.org")', "=1+1")]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert [sheet for sheet in sheets if b"<f>" in sheet] == []
