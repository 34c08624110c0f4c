"""Lists in csv: encodings, separators, quotation marks, rows as a spreadsheet counts them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mou.errors import InputError
from mou.models import OrganisationKind
from mou.organisations import read_organisations

ROW = "a1,มูลนิธิเพื่อนเด็ก,foundation"
HEADER = "รหัส,ชื่อองค์กร,ประเภท"


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_organisations(path)
    return [str(problem) for problem in caught.value.problems] or [str(caught.value)]


def test_a_csv_file_is_read_without_loading_what_reads_workbooks(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\n{ROW}\n")
    code = (
        "import sys; from pathlib import Path; from mou.organisations import read_organisations; "
        f"read_organisations(Path({str(path)!r})); sys.exit('openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        pytest.param("utf-8", "utf-8", id="utf-8"),
        pytest.param("utf-8-sig", "utf-8", id="utf-8 with a byte order mark"),
        pytest.param("utf-16", "utf-16", id="utf-16 as spreadsheets call Unicode text"),
        pytest.param("cp874", "windows-874", id="windows-874"),
        pytest.param("tis-620", "windows-874", id="tis-620"),
    ],
)
def test_every_usual_encoding_gives_the_same_names(tmp_path: Path, encoding: str, name: str) -> None:
    listed = read_organisations(written(tmp_path, f"{HEADER}\n{ROW}\n", encoding))
    assert [one.name_th for one in listed.organisations] == ["มูลนิธิเพื่อนเด็ก"]
    assert listed.encoding == name


def test_windows_874_is_read_and_said(tmp_path: Path) -> None:
    listed = read_organisations(written(tmp_path, f"{HEADER}\n{ROW}\n", "cp874"))
    assert [found.code for found in listed.discrepancies] == ["encoding_windows_874"]


def test_bytes_of_no_encoding_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"{HEADER}\n".encode() + b"\xdb\xdb,\xfc\n")
    assert problems(path)[0].startswith("list.csv: text in UTF-8 or Windows-874 (TIS-620) is expected, got a byte")


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_the_separator_is_found_from_the_header(tmp_path: Path, separator: str) -> None:
    text = f"{HEADER}\n{ROW}\n".replace(",", separator)
    (row,) = read_organisations(written(tmp_path, text)).rows
    assert (row.organisation.organisation_id, row.organisation.kind) == ("a1", OrganisationKind.FOUNDATION)


def test_a_list_of_names_alone_needs_no_separator(tmp_path: Path) -> None:
    listed = read_organisations(written(tmp_path, "ชื่อองค์กร\nมูลนิธิหนึ่ง\nสมาคมสอง\n"))
    assert [row.organisation.name_th for row in listed.rows] == ["มูลนิธิหนึ่ง", "สมาคมสอง"]


def test_quotation_marks_separators_and_line_breaks_in_a_cell_are_kept(tmp_path: Path) -> None:
    text = 'รหัส,ชื่อองค์กร,ที่อยู่\na1,"มูลนิธิ ""ดาว"", สาขาเหนือ","12 หมู่ 3\nถนนดี"\nb2,สมาคมดี,\n'
    first, second = read_organisations(written(tmp_path, text)).rows
    assert first.organisation.name_th == 'มูลนิธิ "ดาว", สาขาเหนือ'
    assert first.organisation.address_line == "12 หมู่ 3\nถนนดี"
    assert (first.number, second.number) == (2, 3)


def test_row_numbers_count_remarks_and_blank_lines_as_a_spreadsheet_does(tmp_path: Path) -> None:
    listed = read_organisations(written(tmp_path, f"# หมายเหตุ\n\n{HEADER}\n{ROW}\n\n,,\nb2,สมาคมดี,\n"))
    assert [row.number for row in listed.rows] == [4, 7]


def test_the_source_row_is_kept_verbatim(tmp_path: Path) -> None:
    text = "รหัส,ชื่อองค์กร,รหัสไปรษณีย์,โทร\n a1 ,  มูลนิธิดี ,๕๐๒๐๐,0 53 00\n"
    (organisation,) = read_organisations(written(tmp_path, text)).organisations
    assert organisation.source_row == {"รหัส": " a1 ", "ชื่อองค์กร": "  มูลนิธิดี ", "รหัสไปรษณีย์": "๕๐๒๐๐", "โทร": "0 53 00"}
    assert (organisation.organisation_id, organisation.name_th, organisation.postal_code) == ("a1", "มูลนิธิดี", "50200")


@pytest.mark.parametrize(
    "name",
    [
        "{{ 7*7 }}",
        "{% raw %}",
        "<b>มูลนิธิ</b>",
        "../../etc/passwd",
        '=cmd|"/c calc"!A1',
        "@SUM(A1)",
        "{name}",
        "%s{0.__class__}",
        "' OR 1=1 --",
    ],
)
def test_a_name_that_looks_like_code_is_kept_as_it_stands(tmp_path: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    listed = read_organisations(written(tmp_path, f'{HEADER}\na1,"{quoted}",foundation\nb2,"{quoted}",association\n'))
    assert listed.organisations[0].name_th == name
    assert name in str(next(found for found in listed.discrepancies if found.code == "name_repeated").message)


def test_a_name_that_looks_like_code_can_stand_in_a_problem(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, f"{HEADER}\na1,{{{{x}}}},{{kind}}\n"))
    assert problem.endswith("got “{kind}”")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'{HEADER}\na1,"มูลนิธิดี,foundation\nb2,สมาคมดี,\n', id="not closed"),
        pytest.param(f'{HEADER}\na1,"มูลนิธิ"ดี,foundation\n', id="text after it"),
        pytest.param(f'{HEADER}\na1,"' + "ก" * 200_000 + '",foundation\n', id="a cell without end"),
    ],
)
def test_a_quotation_mark_out_of_place_is_refused_with_its_row(tmp_path: Path, text: str) -> None:
    assert problems(written(tmp_path, text))[0].startswith("list.csv, row 2: a cell in quotation marks is expected")


def test_rows_with_too_many_cells_are_all_named(tmp_path: Path) -> None:
    found = problems(written(tmp_path, f"{HEADER}\n{ROW},x\nb2,สมาคมดี,\nc3,สมาคม,ใหม่,association\n"))
    assert [problem.split(":")[0] for problem in found] == ["list.csv, row 2", "list.csv, row 4"]


def test_a_short_row_ends_in_empty_cells(tmp_path: Path) -> None:
    (organisation,) = read_organisations(written(tmp_path, f"{HEADER}\na1,มูลนิธิดี\n")).organisations
    assert organisation.source_row["ประเภท"] == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "got an empty file", id="no byte"),
        pytest.param(" \n\n", "got an empty file", id="blank lines"),
        pytest.param(
            f"{HEADER}\n", "a row for each organisation is expected under the header in row 1, got none", id="header alone"
        ),
        pytest.param(f"# x\n{HEADER}\n,,\nรวม,8,\n", "under the header in row 2, got none", id="only a sum"),
        pytest.param("a,b\n1,2\n", "with a column “ชื่อเต็ม (ไทย)” or “name_th”; none was found", id="no header"),
    ],
)
def test_a_list_without_organisations_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problems(written(tmp_path, text))[0]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(lambda path: path.touch() or path.unlink(), "No such file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "Is a directory", id="folder"),
        pytest.param(
            lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
            "an old one (.xls) or one with a password",
            id="xls",
        ),
        pytest.param(lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xdb"), "got a byte that neither knows", id="picture"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(tmp_path: Path, make: Callable[[Path], object], expected: str) -> None:
    path = tmp_path / "list.csv"
    make(path)
    assert expected in problems(path)[0]


@pytest.mark.parametrize(
    "remark",
    [
        "# จำนวนที่ระบุ: 8",
        "# จำนวนที่ระบุ: ๘",
        "# declared_count: 8",
        "declared_count,8,",
        "# พื้นที่นำร่องจำนวน 8 แห่ง",
        "# มีองค์กรสมาชิกจำนวน ๘ องค์กร/หน่วยงาน ผู้เข้าร่วมจำนวน 60 คน",
        "# ประชุม 13 กันยายน 2560 รวม 8 แห่ง",
    ],
)
def test_a_count_that_the_list_declares_is_compared(tmp_path: Path, remark: str) -> None:
    listed = read_organisations(written(tmp_path, f"{remark}\n{HEADER}\n{ROW}\n"))
    assert listed.declared_count == 8
    assert [str(found.message) for found in listed.discrepancies] == ["8 organisations are stated, 1 are listed"]


@pytest.mark.parametrize("remark", ["# ผู้เข้าร่วมจำนวน 60 คน", "# วันที่ 13 กันยายน 2560", "# งบประมาณรวม 5,000 บาท", "# รุ่น 2"])
def test_a_number_of_something_else_is_no_count(tmp_path: Path, remark: str) -> None:
    assert read_organisations(written(tmp_path, f"{remark}\n{HEADER}\n{ROW}\n")).declared_count is None


def test_a_sum_under_the_list_is_a_count_and_no_organisation(tmp_path: Path) -> None:
    listed = read_organisations(written(tmp_path, f"{HEADER}\n{ROW}\nรวมทั้งสิ้น,2,\n"))
    assert (len(listed.rows), listed.declared_count) == (1, 2)


def test_the_count_that_is_passed_wins_and_the_other_one_is_said(tmp_path: Path) -> None:
    listed = read_organisations(written(tmp_path, f"# จำนวนที่ระบุ: 8\n{HEADER}\n{ROW}\n"), declared_count=1)
    assert listed.declared_count == 1
    assert [found.code for found in listed.discrepancies] == ["declared_counts_differ"]


def test_twenty_thousand_rows_are_read_and_kept_in_order(tmp_path: Path) -> None:
    lines = [f"id-{number},มูลนิธิหมายเลข {number},foundation" for number in range(20_000)]
    listed = read_organisations(written(tmp_path, "\n".join([HEADER, *lines])))
    assert [one.organisation_id for one in listed.organisations] == [f"id-{number}" for number in range(20_000)]
    assert listed.discrepancies == ()
