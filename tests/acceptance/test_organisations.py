"""`mou organisations` as people run it: a workbook to fill in, filled in, taken in; tables as workbooks; lists in Word."""

import io
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou, StateOf

FILLED = {
    "รหัส": "cm-001",
    "ชื่อเต็ม (ไทย)": "มูลนิธิ A&B <x> “ตัวอย่าง”",
    "ประเภท": "มูลนิธิ",
    "จังหวัด": "เชียงใหม่",
    "รหัสไปรษณีย์": "05020",
    "ชื่อ ผู้แทน (ผู้ลงนาม)": "ดวง",
    "สกุล ผู้แทน (ผู้ลงนาม)": "สมมติ",
    "ตำแหน่ง ผู้แทน (ผู้ลงนาม)": "ประธาน",
}
# A command that prints a table, and which sheets its workbook has.
TABLES = (
    pytest.param(("organisations", "list"), ["Organisations"], id="organisations"),
    pytest.param(("template", "list"), ["Templates"], id="templates"),
    pytest.param(("template", "show", "lanna-mou"), ["Fields", "Roles"], id="a template"),
    pytest.param(("status",), ["Documents"], id="documents"),
    pytest.param(("request", "list"), ["Requests"], id="requests"),
    pytest.param(("ledger", "show"), ["Ledger"], id="the ledger"),
)


def fill(path: Path) -> None:
    """Fill in a starter's first row, as somebody does in a spreadsheet program."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for place, cell in enumerate(sheet[4], start=1):
        sheet.cell(5, place).value = FILLED.get(str(cell.value))
    book.save(path)


def test_a_starter_is_written_filled_in_and_taken_in_without_a_word(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "ภาคี.xlsx"
    written = run_mou("organisations", "starter", path, "--for", "lanna-mou", "-w", workspace)
    assert (written.code, written.stderr) == (0, "")
    assert f"mou organisations import {path}" in written.stdout
    fill(path)
    taken = run_mou("organisations", "import", path, "--json", "-w", workspace)
    assert (taken.code, taken.object["organisations"], taken.object["discrepancies"]) == (0, ["cm-001"], [])
    listed = run_mou("organisations", "list", "--list", "ภาคี", "--json", "-w", workspace)
    assert [(one["name_th"], one["kind"], one["province"]) for one in listed.table] == [
        ("มูลนิธิ A&B <x> “ตัวอย่าง”", "foundation", "เชียงใหม่")
    ]


def test_a_starter_needs_no_workspace(run_mou: "RunMou", tmp_path: Path) -> None:
    assert run_mou("organisations", "starter", "list.xlsx", cwd=tmp_path).code == 0
    assert openpyxl.load_workbook(tmp_path / "list.xlsx").sheetnames == ["รายชื่อองค์กร", "คำอธิบาย", "ตัวเลือก"]


def test_a_filled_starter_is_not_overwritten_unless_somebody_says_so(run_mou: "RunMou", tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"filled in")
    refused = run_mou("organisations", "starter", path)
    assert (refused.code, refused.stdout) == (2, "")
    assert "replace it with --force" in refused.stderr
    assert path.read_bytes() == b"filled in"
    assert run_mou("organisations", "starter", path, "--force").code == 0
    assert zipfile.is_zipfile(path)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("list.csv",), "ends in .xlsx", id="another kind of file"),
        pytest.param(("none/list.xlsx",), "there is no folder none", id="no folder"),
        pytest.param(("list.xlsx", "--for", "nothing"), "no template nothing; there are: ", id="no template"),
    ],
)
def test_a_starter_that_cannot_be_written_leaves_nothing(
    run_mou: "RunMou", tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    refused = run_mou("organisations", "starter", *arguments, cwd=tmp_path)
    assert (refused.code, refused.stdout) == (2, "")
    assert told in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "sheets"), TABLES)
def test_a_table_is_written_as_a_workbook(
    run_mou: "RunMou", finished_demo: Path, tmp_path: Path, command: tuple[str, ...], sheets: list[str]
) -> None:
    path = tmp_path / "table.xlsx"
    written = run_mou(*command, "--xlsx", path, "-w", finished_demo)
    assert written.code == 0, written.stderr
    assert f"{path}: table written" in written.stdout
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == sheets
    for sheet in book.worksheets:
        assert sheet.max_row > 1
        for cell in sheet[1]:
            thai, english = str(cell.value).split("\n")
            assert any("ก" <= letter <= "๛" for letter in thai)
            assert english.isascii()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_table_in_thai_has_a_thai_title(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    assert run_mou("--lang", "th", "organisations", "list", "--xlsx", tmp_path / "a.xlsx", "-w", workspace).code == 0
    (title,) = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert title == "องค์กร"


def test_a_workbook_that_cannot_be_written_is_told_and_nothing_is_done(
    run_mou: "RunMou", workspace: Path, state_of: "StateOf", tmp_path: Path
) -> None:
    before = state_of(workspace)
    refused = run_mou("organisations", "list", "--xlsx", tmp_path / "none" / "a.xlsx", "-w", workspace)
    assert (refused.code, refused.stdout) == (2, "")
    assert "there is no folder" in refused.stderr
    assert (list(tmp_path.glob("none")), state_of(workspace)) == ([], before)


def word_list(path: Path) -> Path:
    """A letter with a list: eight are stated, one stands in the table."""
    document = docx.Document()
    document.add_paragraph("บัญชีแนบท้าย องค์กรภาคี จำนวน ๘ แห่ง")
    table = document.add_table(rows=2, cols=3)
    for row, texts in enumerate((("ชื่อองค์กร", "ประเภท", "จังหวัด"), ("มูลนิธิ A&B <x>", "มูลนิธิ", "เชียงใหม่"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    document.save(str(path))
    return path


def with_macro(path: Path) -> Path:
    """The same Word file with a macro in it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    macro = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", macro)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"word/vbaProject.bin": b"macro"}).items():
            archive.writestr(name, content)
    return path


def test_a_list_in_word_is_taken_in_with_what_looks_doubtful(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    path = word_list(tmp_path / "บัญชี.docx")
    taken = run_mou("organisations", "import", path, "-w", workspace)
    assert taken.code == 0, taken.stderr
    assert taken.stdout.splitlines() == [
        "บัญชี.docx: 1 organisations read and kept",
        "1 discrepancies; nothing was corrected:",
        "  - 8 organisations are stated, 1 are listed",
    ]
    listed = run_mou("organisations", "list", "--list", "บัญชี", "--json", "-w", workspace)
    assert [one["name_th"] for one in listed.table] == ["มูลนิธิ A&B <x>"]


def test_a_word_file_that_could_run_something_is_refused_and_nothing_is_kept(
    run_mou: "RunMou", workspace: Path, state_of: "StateOf", tmp_path: Path
) -> None:
    path = with_macro(word_list(tmp_path / "list.docx"))
    before = state_of(workspace)
    refused = run_mou("organisations", "import", path, "-w", workspace)
    assert (refused.code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("mou: list.docx: ")
    assert "vbaProject" in refused.stderr
    assert state_of(workspace) == before


def test_an_exported_table_holds_no_formula(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('ชื่อองค์กร,ประเภท,จังหวัด\n"=HYPERLINK(""http://example.org"")",มูลนิธิ,+66\n', encoding="utf-8")
    assert run_mou("organisations", "import", path, "-w", workspace).code == 0
    assert run_mou("organisations", "list", "--xlsx", tmp_path / "a.xlsx", "-w", workspace).code == 0
    content = (tmp_path / "a.xlsx").read_bytes()
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    texts = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    for text in ('=HYPERLINK("http://example.org")', "+66"):
        assert texts[text].data_type == "s"
        assert texts[text].quotePrefix
