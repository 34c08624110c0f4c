"""A table of papers with the real program: received at once or not at all, from csv or xlsx, and never twice."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.acceptance.conftest import Answer, RunMou, StateOf, copy_of
from tests.acceptance.events import PAPERS_OF_THE_CITIES, cities_with_adopted_text

ORDER = "คำสั่งมอบหมาย"
AUTHORITY = {
    "วันที่": "13 กันยายน 2560",
    "เอกสาร": "หนังสือแต่งตั้งผู้แทน",
    "องค์กร": "pilot-4",
    "ชนิดเอกสารอำนาจ": ORDER,
    "วันที่ออก": "1/9/2560",
}
SIGNATURE = {"วันที่": "13 กันยายน 2560", "เอกสาร": "ลงนามผูกพัน", "องค์กร": "pilot-4", "ช่องทาง": "ณ ที่ตั้ง"}


@pytest.fixture(scope="module")
def adopted_cities(tmp_path_factory: pytest.TempPathFactory, run_mou: RunMou) -> Path:
    """A workspace of the pilot areas whose invented charter is adopted; tests work on copies."""
    return cities_with_adopted_text(tmp_path_factory.mktemp("papers"), run_mou)


@pytest.fixture
def cities(adopted_cities: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return copy_of(adopted_cities, tmp_path / "cities")


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *([row.get(header, "") for header in headers] for row in rows)])
    return path


def imported(run_mou: RunMou, workspace: Path, path: Path) -> Mapping[str, Any]:
    return run_mou("instrument", "import", path, "--json", "-w", workspace).object


def status_of(run_mou: RunMou, workspace: Path, day: str) -> Mapping[str, Any]:
    return run_mou("charter", "status", "--at", day, "--json", "-w", workspace).object


def problems_in(answer: Answer) -> list[str]:
    assert answer.code == 1
    return [line.removeprefix("  - ") for line in answer.stderr.splitlines() if line.startswith("  - ")]


def test_every_row_is_reported_with_what_became_of_it(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    answer = run_mou(
        "instrument", "import", write_table(tmp_path / "papers.csv", [SIGNATURE, AUTHORITY, AUTHORITY]), "-w", cities
    )
    assert answer.code == 0
    lines = answer.stdout.splitlines()
    assert lines[0].startswith("row 2: accepted: definitive signature, pilot-4, takes effect on 2017-09-13 (entry ")
    assert lines[1].startswith("row 3: accepted: authority deposited, pilot-4, takes effect on 2017-09-13 (entry ")
    assert lines[2].startswith("row 4: accepted before: authority deposited, pilot-4, takes effect on 2017-09-13 (entry ")
    assert lines[3] == "papers.csv: 2 accepted, 1 accepted before, 0 returned and not counted"


def test_a_returned_row_says_clause_day_and_fact_and_ends_with_1(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    answer = run_mou("instrument", "import", write_table(tmp_path / "papers.csv", [SIGNATURE]), "-w", cities)
    assert answer.code == 1
    assert answer.stdout.splitlines() == [
        "row 2: RETURNED, not counted: definitive signature, pilot-4, 2017-09-13; clause proof_of_authority",
        "  an authority that the depositary holds is expected, got none",
        "papers.csv: 0 accepted, 0 accepted before, 1 returned and not counted",
    ]
    listed = run_mou("charter", "instruments", "--party", "pilot-4", "--json", "-w", cities).table
    assert [(row["outcome"], row["clause"]) for row in listed] == [("returned", "proof_of_authority")]


def test_cells_that_cannot_be_used_are_named_at_once_and_nothing_is_written(
    cities: Path, run_mou: RunMou, tmp_path: Path, state_of: StateOf
) -> None:
    (tmp_path / "order.pdf").write_bytes(b"an order")
    rows = [
        {**AUTHORITY, "แฟ้ม": "order.pdf"},
        {**SIGNATURE, "วันที่": "13/9/2017"},
        {**SIGNATURE, "องค์กร": "เทศบาลนครตัวอย่าง", "ช่องทาง": "โทรเลข"},
        {**AUTHORITY, "แฟ้ม": "lost.pdf"},
    ]
    before = state_of(cities)
    answer = run_mou("instrument", "import", write_table(tmp_path / "papers.csv", rows), "-w", cities)
    assert state_of(cities) == before
    assert answer.stdout == ""
    assert "papers.csv: 3 rows cannot be used; nothing was recorded" in answer.stderr
    row_3, *row_4, row_5 = [problem.removeprefix("papers.csv, row ") for problem in problems_in(answer)]
    assert row_3 == "3, column “วันที่”: a day such as 2022-03-29, 29 มีนาคม 2565 or 29/3/2565 is expected, got “13/9/2017”"
    assert row_4 == [
        "4, column “องค์กร”: an organisation of an imported list, by its id or its exact name, is expected, got “เทศบาลนครตัวอย่าง”",
        "4, column “ช่องทาง”: one of these: ณ ที่ตั้ง (on_site), ออนไลน์ (online), กระดาษ (paper) is expected, got “โทรเลข”",
    ]
    assert row_5 == "5, column “แฟ้ม”: the path of a file in the table's folder is expected, got “lost.pdf”"


def test_a_file_beside_the_table_is_kept_under_its_digest(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "scans").mkdir(parents=True)
    (folder / "scans" / "order.pdf").write_bytes(b"an order")
    table = write_table(folder / "papers.csv", [{**AUTHORITY, "แฟ้ม": "scans\\order.pdf"}])  # as Windows writes it
    (row,) = imported(run_mou, cities, table)["rows"]
    digest = hashlib.sha256(b"an order").hexdigest()
    assert row["paper"]["authority"]["document"] == f"sha256:{digest}"
    assert (cities / "files" / digest[:2] / digest).read_bytes() == b"an order"


@pytest.mark.parametrize("name", ["../secret.txt", "{folder}/secret.txt", "link.txt"], ids=["above", "absolute", "link"])
def test_a_table_takes_no_file_from_elsewhere(cities: Path, run_mou: RunMou, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("another's", encoding="utf-8")
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    table = write_table(folder / "papers.csv", [{**AUTHORITY, "แฟ้ม": name.format(folder=tmp_path)}])
    (problem,) = problems_in(run_mou("instrument", "import", table, "-w", cities))
    assert "the path of a file in the table's folder is expected" in problem


def test_a_workbook_says_the_same_as_a_csv_file(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["ข้อมูลสมมติ"])
    sheet.append(["on", "instrument", "organisation", "channel", "authority kind", "issued on"])
    sheet.append([date(2017, 9, 13), "signed_definitive", "pilot-4", "on_site", None, None])
    sheet.append([date(2017, 9, 13), "authority_deposited", "เทศบาลนครขอนแก่น", None, "delegation_order", date(2017, 9, 1)])
    workbook.save(tmp_path / "papers.xlsx")
    first = imported(run_mou, cities, tmp_path / "papers.xlsx")
    assert (first["accepted"], first["returned"]) == (2, 0)
    again = imported(run_mou, cities, write_table(tmp_path / "papers.csv", [SIGNATURE, AUTHORITY]))
    assert again["accepted_before"] == 2
    assert {row["instrument"] for row in again["rows"]} == {row["instrument"] for row in first["rows"]}


def test_the_same_table_again_makes_nothing(cities: Path, run_mou: RunMou, tmp_path: Path, state_of: StateOf) -> None:
    imported(run_mou, cities, PAPERS_OF_THE_CITIES)
    before = state_of(cities)
    again = imported(run_mou, cities, PAPERS_OF_THE_CITIES)
    assert (again["accepted"], again["accepted_before"], again["returned"]) == (0, 13, 1)
    assert not any(row["is_new"] for row in again["rows"])
    assert state_of(cities) == before


def test_the_order_of_the_rows_changes_no_answer(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    remark, header, *rows = PAPERS_OF_THE_CITIES.read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([remark, header, *reversed(rows)]), encoding="utf-8")
    other = copy_of(cities, tmp_path / "other")
    outcomes = [
        {(row["paper"]["kind"], row["paper"]["party"], row["outcome"], row["entry"]) for row in imported(run_mou, *pair)["rows"]}
        for pair in ((cities, PAPERS_OF_THE_CITIES), (other, turned))
    ]
    assert len(outcomes[0]) == len(rows)
    assert outcomes[0] == outcomes[1]
    for day in ("2017-09-13", "2017-11-01"):
        one, another = (status_of(run_mou, workspace, day) for workspace in (cities, other))
        assert {**one, "triggers": None} == {**another, "triggers": None}  # ids hold persons, under each workspace's own key


def test_a_table_received_in_two_parts_ends_where_the_whole_does(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    remark, header, *rows = PAPERS_OF_THE_CITIES.read_text(encoding="utf-8").splitlines()
    other = copy_of(cities, tmp_path / "other")
    imported(run_mou, cities, PAPERS_OF_THE_CITIES)
    for number, part in enumerate((rows[6:], rows)):  # first the signatures, which are returned; then everything
        path = tmp_path / f"part-{number}.csv"
        path.write_text("\n".join([remark, header, *part]), encoding="utf-8")
        imported(run_mou, other, path)
    for day in ("2017-09-13", "2017-11-01"):
        whole, parts = (status_of(run_mou, workspace, day) for workspace in (cities, other))
        assert {**whole, "triggers": None} == {**parts, "triggers": None}


def test_a_signature_on_paper_needs_its_scan_attested_by_somebody_else(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"a scan")
    on_paper = {**SIGNATURE, "ช่องทาง": "กระดาษ", "เอกสารที่ลงนาม": "pilot-areas-charter", "แฟ้ม": "scan.pdf"}
    rows = [
        AUTHORITY,
        {**on_paper, "ผู้รับเอกสาร": "นางตัวอย่าง ก"},
        {**on_paper, "ผู้รับรองสำเนา": "นางตัวอย่าง ก", "ผู้รับเอกสาร": "นางตัวอย่าง ก"},
        {**on_paper, "ผู้รับรองสำเนา": "นายตัวอย่าง ข", "ผู้รับเอกสาร": "นางตัวอย่าง ก"},
    ]
    found = imported(run_mou, cities, write_table(tmp_path / "papers.csv", rows))["rows"]
    assert [(row["outcome"], row["clause"]) for row in found[1:]] == [
        ("returned", "form"),
        ("returned", "form"),
        ("accepted", None),
    ]
    assert found[3]["paper"]["paper"]["original"] == found[3]["paper"]["document"]


def test_a_column_that_means_nothing_is_named(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    answer = run_mou("instrument", "import", write_table(tmp_path / "papers.csv", [{**AUTHORITY, "โทรศัพท์": "081"}]), "-w", cities)
    assert answer.code == 0
    assert answer.stdout.startswith("the column “โทรศัพท์” has no meaning here and was not read\n")


NO_TABLE = {
    "nothing": (b"", "papers.csv: a table of papers is expected"),
    "no-table": ("สวัสดี".encode(), "papers.csv: a table of papers is expected"),
    "no-columns": ("องค์กร,จังหวัด\npilot-4,ขอนแก่น\n".encode(), "papers.csv: no column “วันที่”"),
    "no-rows": (
        "วันที่,เอกสาร,องค์กร\n".encode(),
        "papers.csv: a row for each paper is expected under the header in row 1, got none",
    ),
    "bytes": (b"\xff\xfe\x00\xd8\x00", "papers.csv: a table of papers is expected"),
    "a-damaged-workbook": (b"PK\x03\x04 and nothing more", "papers.csv: a table of papers is expected"),
}


@pytest.mark.parametrize(("content", "expected"), NO_TABLE.values(), ids=NO_TABLE.keys())
def test_a_file_that_is_no_table_of_papers_is_refused(
    cities: Path, run_mou: RunMou, tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "papers.csv"
    path.write_bytes(content)
    answer = run_mou("instrument", "import", path, "-w", cities)
    assert answer.code == 1
    assert expected in answer.stderr


def test_a_file_that_is_not_there_is_refused(cities: Path, run_mou: RunMou, tmp_path: Path) -> None:
    answer = run_mou("instrument", "import", tmp_path / "papers.csv", "-w", cities)
    assert answer.code == 1
    assert "papers.csv cannot be read" in answer.stderr


def test_papers_are_received_for_a_charter_whose_text_is_adopted(workspace: Path, run_mou: RunMou, tmp_path: Path) -> None:
    answer = run_mou("instrument", "import", write_table(tmp_path / "papers.csv", [AUTHORITY]), "-w", workspace)
    assert answer.code == 2
    assert "mou charter adopt" in answer.stderr
