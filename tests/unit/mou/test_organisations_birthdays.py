"""Dates of birth in a list: read in Thai and ISO, refused with their place, never repeated, and kept out of everything else."""

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mou.ceremony import read_ceremony
from mou.documents import input_digest
from mou.errors import InputError
from mou.filling import CharterReference, fill_template
from mou.models import Organisation, Person
from mou.organisations import OrganisationList, read_organisations
from mou.organisations.birthdays import birthday_of
from mou.organisations.columns import field_of, is_of_birth, label_of
from mou.storage.records import organisation_from_text, organisation_to_text, person_from_text, person_to_text
from mou.templates import bundled_templates_folder, load_template
from signatures.canonical import canonical_bytes
from signatures.digests import digest_of

TODAY = date(2022, 3, 29)
HEADER = "ชื่อองค์กร,ประเภท,ชื่อผู้แทน,สกุลผู้แทน,ตำแหน่งผู้แทน,วันเกิด ผู้แทน,ชื่อพยาน,สกุลพยาน,ตำแหน่งพยาน,วันเกิด พยาน"


def read(folder: Path, *lines: str) -> OrganisationList:
    path = folder / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_organisations(path, today=TODAY)


def row(born: str, of_witness: str = "") -> str:
    return f"กลุ่มเยาวชนสมมติ,กลุ่มเยาวชน,ฟ้าใส,สมมติ,ประธานกลุ่ม,{born},ดวง,ตัวอย่าง,ที่ปรึกษา,{of_witness}"


def problems(folder: Path, born: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, HEADER, row(born))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("2004-03-29", id="ISO"),
        pytest.param("๒๐๐๔-๐๓-๒๙", id="ISO in Thai numerals"),
        pytest.param("29/3/2547", id="Thai, in numbers"),
        pytest.param("29-03-2547", id="with hyphens"),
        pytest.param("29.3.2547", id="with dots"),
        pytest.param("๒๙/๓/๒๕๔๗", id="Thai numerals"),
        pytest.param("29 มีนาคม 2547", id="the month in words"),
        pytest.param("๒๙ มีนาคม ๒๕๔๗", id="words and Thai numerals"),
        pytest.param("29 มี.ค. 2547", id="the month shortened"),
        pytest.param("29 มีค 2547", id="shortened without dots"),
        pytest.param("วันที่ 29 เดือน มีนาคม พ.ศ. 2547", id="every word"),
        pytest.param("29มีนาคม2547", id="without spaces"),
        pytest.param("29/3/พ.ศ.2547", id="the era between"),
        pytest.param("29 มีนาคม ค.ศ. 2004", id="the common era, by name"),
    ],
)
def test_a_thai_date_and_an_iso_date_name_the_same_day(written: str) -> None:
    assert birthday_of(written) == date(2004, 3, 29)


@pytest.mark.parametrize(
    "written",
    [
        "29 มีนาคม 47",
        "29/3/47",
        "3/29/2547",
        "31 เมษายน 2547",
        "29/2/2546",
        "มีนาคม 2547",
        "ประมาณ 18 ปี",
        "2004-3-29",
        "20040329",
        "-",
    ],
)
def test_what_names_no_day_of_the_calendar_is_not_guessed(written: str) -> None:
    assert birthday_of(written) is None


def test_the_leap_day_of_a_year_of_the_buddhist_era_is_a_day() -> None:
    assert birthday_of("29/2/2547") == date(2004, 2, 29)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("วันเกิด ผู้แทน", "representative_date_of_birth"),
        ("วันเกิด ผู้แทน (ผู้ลงนาม)", "representative_date_of_birth"),
        ("วัน/เดือน/ปีเกิด ผู้ลงนาม", "representative_date_of_birth"),
        ("วันเดือนปีเกิดพยาน", "witness_date_of_birth"),
        ("date_of_birth representative", "representative_date_of_birth"),
        ("representative_date_of_birth", "representative_date_of_birth"),
        ("Witness date of birth", "witness_date_of_birth"),
    ],
)
def test_a_heading_in_thai_or_english_names_whose_date_of_birth_it_is(header: str, field: str) -> None:
    assert field_of(header) == field
    assert is_of_birth(header)


def test_the_label_of_the_column_is_a_heading_that_is_read() -> None:
    assert field_of(label_of("witness_date_of_birth")) == "witness_date_of_birth"


def test_each_person_has_their_own_day_and_one_may_be_left_out(tmp_path: Path) -> None:
    one = read(tmp_path, HEADER, row("29 มีนาคม 2547")).rows[0].organisation
    assert one.representative == Person("ฟ้าใส", "สมมติ", "ประธานกลุ่ม", date_of_birth=date(2004, 3, 29))
    assert one.witness == Person("ดวง", "ตัวอย่าง", "ที่ปรึกษา")


def test_the_row_that_is_kept_is_without_the_dates_of_birth(tmp_path: Path) -> None:
    one = read(tmp_path, HEADER, row("29/3/2547", "1990-01-02")).rows[0].organisation
    assert [header for header in one.source_row if "เกิด" in header] == []
    assert one.source_row["ชื่อผู้แทน"] == "ฟ้าใส"


@pytest.mark.parametrize(
    "born",
    [
        pytest.param("30/3/2565", id="tomorrow"),
        pytest.param("2022-03-30", id="tomorrow in ISO"),
        pytest.param("2547-03-29", id="a Buddhist year in an ISO date"),
        pytest.param("29/3/2004", id="a year of the common era without its name"),
        pytest.param("1901-12-31", id="more than 120 years ago"),
    ],
)
def test_a_date_in_the_future_or_of_an_impossible_age_is_an_error_with_row_and_column(tmp_path: Path, born: str) -> None:
    (problem,) = problems(tmp_path, born)
    assert problem.startswith("list.csv, row 2, column “วันเกิด ผู้แทน”: a date of birth no later than today")


@pytest.mark.parametrize("born", ["29/3/2565", "1902-01-01"])
def test_the_first_and_the_last_possible_day_are_taken(tmp_path: Path, born: str) -> None:
    one = read(tmp_path, HEADER, row(born)).rows[0].organisation
    assert one.representative is not None
    assert one.representative.date_of_birth is not None


@pytest.mark.parametrize("born", ["29 มีนาคม 47", "2547-03-29", "สิบแปดปี"])
def test_no_message_and_no_log_repeats_what_stood_in_the_cell(
    tmp_path: Path, born: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        told = "\n".join(problems(tmp_path, born))
    assert "row 2" in told
    assert born not in told + caplog.text


def test_a_column_that_does_not_say_whose_dates_it_holds_is_told_and_not_kept(tmp_path: Path) -> None:
    listed = read(tmp_path, "ชื่อองค์กร,ประเภท,วันเกิด,วันเกิดเหตุ", "สมาคมดี,สมาคม,29/3/2547,1/1/2560")
    found = [(one.code, one.column) for one in listed.discrepancies]
    assert found == [("column_of_birth_unknown", "วันเกิด"), ("column_unknown", "วันเกิดเหตุ")]
    assert "2547" not in str(listed)
    assert listed.rows[0].organisation.source_row["วันเกิดเหตุ"] == "1/1/2560"


def member(born: date | None) -> Organisation:
    path = bundled_templates_folder() / "lanna-charter" / "example"
    one = read_organisations(path / "organisations.csv").organisations[0]
    assert one.representative is not None
    assert one.witness is not None
    persons = {role: replace(getattr(one, role), date_of_birth=born) for role in ("representative", "witness")}
    return replace(one, **persons)


def test_a_date_of_birth_survives_the_store_of_the_list_and_is_left_out_of_a_request() -> None:
    with_date = member(date(2004, 3, 29))
    assert organisation_from_text(organisation_to_text(with_date)) == with_date
    assert with_date.representative is not None
    assert person_from_text(person_to_text(with_date.representative)).date_of_birth is None


def test_a_list_without_dates_of_birth_is_stored_as_it_was_before_there_were_any() -> None:
    assert "date_of_birth" not in organisation_to_text(member(None))


def test_nobody_sees_a_date_of_birth_in_the_representation_of_a_person() -> None:
    assert "2004" not in repr(member(date(2004, 3, 29)))


@pytest.mark.parametrize("name", ["lanna-mou", "lanna-charter"])
def test_a_date_of_birth_changes_neither_the_text_of_a_document_nor_its_record_nor_its_digest(name: str) -> None:
    template = load_template(bundled_templates_folder() / name)
    ceremony = read_ceremony(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml")
    charter = CharterReference("ธรรมนูญ", "1", digest_of(b"the charter"))

    def filled(born: date | None) -> object:
        one = member(born)
        if template.is_joint:
            return fill_template(template, ceremony=ceremony, organisation=None, members=(one,), charter=charter, sequence=0)
        return fill_template(template, ceremony=ceremony, organisation=one, charter=charter, sequence=1)

    without, with_date = filled(None), filled(date(2004, 3, 29))
    assert with_date == without
    assert input_digest(with_date) == input_digest(without)  # type: ignore[arg-type]
    assert b"2004" not in canonical_bytes(dict(with_date.record))  # type: ignore[attr-defined]
