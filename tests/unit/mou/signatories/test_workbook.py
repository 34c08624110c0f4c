"""The workbook: no cell comes alive, days are days, and a public copy has no column for a person."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from mou.signatories.rows import Names, OrganisationName, RegisterOfSignatories
from mou.signatories.workbook import register_as_workbook
from mou.spreadsheets.cells import FIRST_DAY
from mou.thai import columns, thai_date
from tests.charters import adopted, authority, day, signed
from tests.registers import PERSON_WORDS, SCAN, a_charter, joined, some_papers

SHEETS = ["ธรรมนูญ", "ผู้ลงนาม", "เอกสารที่รับไว้", "ข้อสงวน", "ยังไม่ลงนาม", "ส่งคืน"]
ALIVE = ["=1+1", "=cmd|'/c calc'!A1", "+66 2 000 0000", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", '=HYPERLINK("http://x")']


def opened(register: RegisterOfSignatories, language: str = "th") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(register_as_workbook(register, language)))


def table_of(sheet: Worksheet) -> list[dict[str, object]]:
    """Each row by the English heading of its columns."""
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    names = [str(one).split("\n")[1] for one in head]
    return [dict(zip(names, row, strict=True)) for row in rows]


def seen(value: object) -> str:
    """What a person sees in a cell."""
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str("" if value is None else value)


def test_there_is_a_sheet_for_parties_for_instruments_and_for_what_was_returned() -> None:
    register = joined(a_charter(), some_papers(), day(30))
    book = opened(register)
    assert book.sheetnames == SHEETS
    rows = {sheet.title: len(table_of(sheet)) for sheet in book.worksheets}
    assert rows["ผู้ลงนาม"] == len(register.signatories) == 3
    assert rows["เอกสารที่รับไว้"] == len(register.instruments)
    assert rows["ส่งคืน"] == len(register.returned) == 1


@pytest.mark.parametrize("text", ALIVE)
def test_no_text_comes_alive_as_a_formula(text: str) -> None:
    names = Names({"a": OrganisationName(text, text)}, {}, {"per_a": text})
    papers = [adopted(), authority("a"), signed("a", day(1), signatory="per_a")]
    register = joined(a_charter(), papers, day(2), names=names)
    register = replace(register, charter=replace(register.charter, title=text))
    book = opened(register)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    held = [cell for cell in cells if isinstance(cell.value, str) and cell.value.endswith(text.lstrip("\t\r\n"))]
    assert len(held) >= 4
    for cell in held:
        assert isinstance(cell.value, str)
        assert cell.data_type == "s"
        assert cell.value[0] in "[\n" or cell.quotePrefix  # a spreadsheet that is asked to edit it keeps it a text
    with zipfile.ZipFile(io.BytesIO(register_as_workbook(register, "th"))) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert [sheet for sheet in sheets if re.search(r"<f\b", sheet)] == []


def test_a_character_that_nobody_sees_is_written_out() -> None:
    names = Names({"a": OrganisationName("มูลนิธิ\u202e\u0000หนึ่ง")})
    book = opened(joined(a_charter(), [adopted(), authority("a"), signed("a", day(1))], day(2), names=names))
    assert table_of(book["ผู้ลงนาม"])[0]["Organisation"] == "มูลนิธิ[U+202E][U+0000]หนึ่ง"


def test_a_day_is_a_real_date_with_the_buddhist_era_in_words_beside_it() -> None:
    sheet = opened(joined(a_charter(), some_papers(), day(30)))["ผู้ลงนาม"]
    row = table_of(sheet)[0]
    assert (row["Signed on"], row["Signed on (B.E.)"]) == (datetime(2022, 3, 30, 0, 0), "๓๐ มีนาคม พ.ศ. ๒๕๖๕")  # noqa: DTZ001
    head = [cell.value for cell in sheet[1]]
    place = next(place for place, text in enumerate(head, start=1) if str(text).endswith("\nSigned on"))
    assert (sheet.cell(2, place).data_type, sheet.cell(2, place).number_format) == ("d", "yyyy-mm-dd")


def test_a_day_that_no_spreadsheet_knows_stands_in_words_alone() -> None:
    register = joined(a_charter(), some_papers(), day(30))
    (act,) = register.signatories[0].acts
    assert act.authority is not None
    old = replace(act, authority=replace(act.authority, issued_on=date(1650, 1, 2)))
    register = replace(register, signatories=(replace(register.signatories[0], acts=(old,)),))
    row = table_of(opened(register)["ผู้ลงนาม"])[0]
    assert (row["Authority issued on"], row["Authority issued on (B.E.)"]) == (None, thai_date(date(1650, 1, 2), era="buddhist"))
    assert date(1900, 2, 28) < FIRST_DAY


def test_headings_are_thai_frozen_and_as_wide_as_what_stands_below_them() -> None:
    for sheet in opened(joined(a_charter(), some_papers(), day(30)), "en").worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        for place, heading in enumerate(sheet[1]):
            assert re.search("[\u0e01-\u0e2e]", str(heading.value).split("\n")[0])
            width = sheet.column_dimensions[get_column_letter(place + 1)].width
            texts = [seen(row[place].value) for row in sheet.iter_rows()]
            lines = [line for text in texts for line in text.split("\n")]
            assert width >= min(46, max(columns(line) for line in lines))


def test_a_public_copy_has_no_column_and_no_word_of_a_person() -> None:
    papers = some_papers()
    own, public = (opened(joined(a_charter(), papers, day(30), is_public=is_public)) for is_public in (False, True))
    headings = [[str(cell.value).split("\n")[1] for sheet in book.worksheets for cell in sheet[1]] for book in (own, public)]
    assert set(headings[0]) - set(headings[1]) == {"Signatory", "Age", "Note of the secretariat"}
    text = " ".join(str(cell.value) for sheet in public.worksheets for row in sheet.iter_rows() for cell in row)
    assert [word for word in PERSON_WORDS if word in text] == []
    assert "กลุ่มเยาวชนสมมติ" in text


def test_paper_is_called_paper_with_the_digest_of_its_scan() -> None:
    book = opened(joined(a_charter(), some_papers(), day(30)), "en")
    for sheet in ("ผู้ลงนาม", "เอกสารที่รับไว้"):
        (row,) = [one for one in table_of(book[sheet]) if one["Digest of the scan"]]
        assert (row["Organisation id"], row["Channel"], row["Digest of the scan"]) == ("b", "on paper", SCAN)


def test_missing_stamp_duty_is_said() -> None:
    rows = table_of(opened(joined(a_charter(), some_papers(), day(30)), "en")["ผู้ลงนาม"])
    assert [one["Stamp duty"] for one in rows] == [None, "no evidence of stamp duty yet", None]


def test_the_first_sheet_has_the_state_and_the_conditions_with_how_many_are_missing() -> None:
    sheet = opened(joined(a_charter(entry_into_force={"min_count": 20, "delay_days": 0}), some_papers(), day(30)), "en")["ธรรมนูญ"]
    rows = {str(one["Item"]): one for one in table_of(sheet)}
    assert rows["State"]["Value"] == "not in force"
    condition = rows["organisations that have consented"]
    assert (condition["Needed"], condition["There are"], condition["Missing"]) == (20, 3, 17)
    assert rows["Have signed"]["Value"] == 3
