"""From a list to documents: made once, whatever happens in the middle; what cannot be used leaves nothing behind."""

import json
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import openpyxl
import pikepdf
import pytest
from openpyxl.worksheet.worksheet import Worksheet

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou, StartMou, StateOf, WriteList, WriteTemplate

MEMBERS = 6
SECONDS_TO_WAIT = 60
Made: TypeAlias = set[tuple[str, str | None, str]]


def made_documents(workspace: Path) -> Made:
    """Every document by template, organisation and the digest of its text; each once, else the set would be smaller."""
    with closing(sqlite3.connect(workspace / "mou.db")) as database:
        rows = database.execute("SELECT template, organisation_id, prepared_digest FROM document").fetchall()
    made = set(rows)
    assert len(made) == len(rows)
    return made


def require_refused(answer: "Answer", *told: str, codes: tuple[int, ...] = (1, 2)) -> None:
    """The error is one sentence on standard error, with the places below it, and tells what it should."""
    assert answer.code in codes, answer.stdout + answer.stderr
    assert answer.stdout == ""
    sentence, *places = answer.stderr.splitlines()
    assert sentence.startswith("mou: ")
    assert all(place.startswith("  - ") for place in places), answer.stderr
    for words in told:
        assert words in answer.stderr


@pytest.fixture(scope="module")
def uninterrupted(run_mou: "RunMou", made_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What one run makes that nobody disturbs, in a workspace of its own."""
    workspace = tmp_path_factory.mktemp("uninterrupted") / "workspace"
    subprocess.run(["cp", "-a", made_workspace, workspace], check=True)
    assert run_mou("generate", "note", "--list", "members", "-w", workspace).code == 0
    return made_documents(workspace)


def test_a_second_run_makes_nothing_new_and_says_so(run_mou: "RunMou", workspace: Path, state_of: "StateOf") -> None:
    first = run_mou("generate", "note", "--list", "members", "-w", workspace)
    assert (first.code, first.stdout.splitlines()[0]) == (0, f"note: {MEMBERS} documents made, 0 were there already")
    assert len(list((workspace / "documents" / "note").glob("*.pdf"))) == MEMBERS
    before = state_of(workspace)
    second = run_mou("generate", "note", "--list", "members", "-w", workspace)
    assert (second.code, second.stdout.splitlines()[0]) == (0, f"note: 0 documents made, {MEMBERS} were there already")
    assert state_of(workspace) == before


def recorded_documents(workspace: Path) -> int:
    with closing(sqlite3.connect(f"file:{workspace / 'mou.db'}?mode=ro", uri=True)) as database:
        (count,) = database.execute("SELECT count(*) FROM document").fetchone()
    return int(count)


def stored_files(workspace: Path) -> int:
    return sum(path.is_file() for path in (workspace / "files").rglob("*"))


def published_files(workspace: Path) -> int:
    return sum(path.suffix == ".pdf" for path in (workspace / "documents").rglob("*"))


# The moment at which the program is killed: when this many of these are there.
MOMENTS: dict[str, tuple[Callable[[Path], int], int]] = {
    "when-the-first-file-is-stored": (stored_files, 1),
    "when-the-second-document-is-recorded": (recorded_documents, 2),
    "when-the-first-document-is-published": (published_files, 1),
}


@pytest.mark.parametrize(("count", "wanted"), MOMENTS.values(), ids=MOMENTS.keys())
def test_a_run_that_was_killed_is_finished_by_the_next_one(
    run_mou: "RunMou",
    start_mou: "StartMou",
    workspace: Path,
    uninterrupted: Made,
    count: Callable[[Path], int],
    wanted: int,
) -> None:
    process = start_mou("generate", "note", "--list", "members", "-w", workspace)
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while count(workspace) < wanted:
        assert process.poll() is None, "the program ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    again = run_mou("generate", "note", "--list", "members", "-w", workspace)
    assert again.code == 0, again.stderr
    assert made_documents(workspace) == uninterrupted
    assert published_files(workspace) == MEMBERS
    audit = run_mou("ledger", "audit", "--json", "-w", workspace)
    assert (audit.code, audit.object["findings"]) == (0, [])


def workbook(change: Callable[[Worksheet], None]) -> bytes:
    """A list of two organisations as .xlsx, with what the case changes in its sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (("organisation_id", "name_th", "kind"), ("x-1", "มูลนิธิหนึ่ง", "foundation"), ("x-2", "มูลนิธิสอง", "foundation")):
        sheet.append(row)
    change(sheet)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def merge(sheet: Worksheet) -> None:
    sheet.merge_cells("C2:C3")


def compute(sheet: Worksheet) -> None:
    sheet["B3"] = '=CONCATENATE("มูลนิธิ","สอง")'


HEADER = "organisation_id,name_th,kind\n"
# name of the list: (its bytes, what the error tells)
UNUSABLE_LISTS: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "merged-cells.xlsx": (workbook(merge), ("merged-cells.xlsx", "C2:C3", "merged")),
    "formulas.xlsx": (workbook(compute), ("formulas.xlsx", "B3", "formula")),
    "empty-list.csv": (HEADER.encode(), ("empty-list.csv",)),
    "one-id-twice.csv": (
        f"{HEADER}x-1,มูลนิธิหนึ่ง,foundation\nx-1,มูลนิธิสอง,foundation\n".encode(),
        ("one-id-twice.csv", "row 3", "x-1"),
    ),
    "id-of-another-list.csv": (f"{HEADER}org-1,มูลนิธิอื่น,foundation\n".encode(), ("id-of-another-list.csv", "row 2", "org-1")),
}


@pytest.mark.parametrize("name", UNUSABLE_LISTS)
def test_a_list_that_cannot_be_used_is_refused_and_leaves_nothing(
    run_mou: "RunMou", workspace: Path, tmp_path: Path, state_of: "StateOf", name: str
) -> None:
    content, told = UNUSABLE_LISTS[name]
    (tmp_path / name).write_bytes(content)
    before = state_of(workspace)
    require_refused(run_mou("organisations", "import", tmp_path / name, "-w", workspace), *told)
    assert state_of(workspace) == before


def test_a_list_that_is_not_there_is_named(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    require_refused(run_mou("organisations", "import", tmp_path / "nowhere.csv", "-w", workspace), "nowhere.csv")


def test_a_list_in_windows_874_is_read_and_said_to_be(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(f"{HEADER}x-1,มูลนิธิเด็กน้ำใจ,foundation\n".encode("cp874"))
    answer = run_mou("organisations", "import", path, "-w", workspace)
    assert answer.code == 0
    assert "1 organisations read and kept" in answer.stdout
    assert "Windows-874" in answer.stdout
    names = [row["name_th"] for row in run_mou("organisations", "list", "--list", "old", "--json", "-w", workspace).table]
    assert names == ["มูลนิธิเด็กน้ำใจ"]


UNDECLARED = "<p>{{ organisation.name_th }}</p>\n<p>{{ organisation.nickname }}</p>"
UNUSED = """
[[fields]]
name = "organisation.province"
type = "text"
label = "จังหวัด"
example = "เชียงใหม่"
"""
# what is wrong: (what the template is given, what the error tells)
UNUSABLE_TEMPLATES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "a-syntax-error": ({"body": "<p>{{ organisation.name_th }}</p>\n{% if %}"}, ("template.html, line 4", "syntax")),
    "an-include-from-outside": (
        {"body": '<p>{{ organisation.name_th }}</p>{% include "../../mou.toml" %}'},
        ("template.html, line 3", "../../mou.toml"),
    ),
    "an-image-from-the-network": (
        {"body": '<p>{{ organisation.name_th }}</p><img alt="" src="https://example.org/a.png">'},
        ("template.html, line 3", "https://example.org/a.png"),
    ),
    "a-style-from-the-network": (
        {"css": '@import url("https://example.org/a.css");'},
        ("template.css, line 1", "https://example.org/a.css"),
    ),
    "a-way-out-of-the-sandbox": (
        {"body": "<p>{{ organisation.name_th.__class__.__mro__[1].__subclasses__() }}</p>"},
        ("faulty", "__class__"),
    ),
    "a-field-that-is-not-declared": ({"body": UNDECLARED}, ("template.html, line 4", "organisation.nickname")),
    "a-field-that-is-never-used": ({"more_fields": UNUSED}, ("template.toml", "organisation.province")),
}


@pytest.mark.parametrize("fault", UNUSABLE_TEMPLATES)
def test_a_template_that_cannot_be_used_is_refused_and_leaves_nothing(
    run_mou: "RunMou", workspace: Path, write_template: "WriteTemplate", state_of: "StateOf", fault: str
) -> None:
    changes, told = UNUSABLE_TEMPLATES[fault]
    write_template(workspace, **changes)
    before = state_of(workspace)
    require_refused(run_mou("generate", "faulty", "--list", "pair", "-w", workspace), *told)
    assert state_of(workspace) == before


def test_a_value_that_is_missing_stops_the_run_before_anything_is_written(
    run_mou: "RunMou", workspace: Path, write_template: "WriteTemplate", state_of: "StateOf"
) -> None:
    write_template(workspace, body="<p>{{ organisation.name_th }} {{ organisation.province }}</p>", more_fields=UNUSED)
    before = state_of(workspace)
    answer = run_mou("generate", "faulty", "--list", "pair", "-w", workspace)
    require_refused(answer, "org-7", "org-8", "organisation.province", "จังหวัด", codes=(1,))
    assert state_of(workspace) == before


def test_one_organisation_that_cannot_be_filled_leaves_the_others_alone(
    run_mou: "RunMou", workspace: Path, write_list: "WriteList", tmp_path: Path
) -> None:
    good = ("y-1", "มูลนิธิหนึ่ง", "foundation", "นาย", "หนึ่ง", "ทดสอบ", "ประธาน")
    nobody = ("y-2", "มูลนิธิสอง", "foundation", "", "", "", "")
    path = write_list(tmp_path / "mixed.csv", [good, nobody])
    assert run_mou("organisations", "import", path, "-w", workspace).code == 0
    answer = run_mou("generate", "note", "--list", "mixed", "-w", workspace)
    require_refused(answer, "1 of 2 documents could not be made", "y-2", codes=(1,))
    assert {organisation for _, organisation, _ in made_documents(workspace)} == {"y-1"}


STRANGE_NAMES = {
    "an-expression": "มูลนิธิ{{ 7 * 7 }}",
    "a-statement": "มูลนิธิ{% include 'x' %}",
    "an-element": "มูลนิธิ<b>หนา</b>",
    "an-attack": "มูลนิธิ<script>alert(1)</script>",
    "a-path": "../../../มูลนิธิ",
    "an-entity": "มูลนิธิ &amp; เพื่อน",
    "a-quotation": "มูลนิธิ\"'ใจดี'\"",
}


def test_a_name_is_printed_as_it_stands_whatever_it_looks_like(
    run_mou: "RunMou", workspace: Path, write_list: "WriteList", tmp_path: Path
) -> None:
    rows = [
        (f"z-{number}", name, "foundation", "นาย", f"ผู้แทน{number}", "ทดสอบ", "ประธาน")
        for number, name in enumerate(STRANGE_NAMES.values(), start=1)
    ]
    outside = {path for path in tmp_path.rglob("*") if not path.is_relative_to(workspace)}
    path = write_list(tmp_path / "strange.csv", rows)
    assert run_mou("organisations", "import", path, "-w", workspace).code == 0
    generated = run_mou("generate", "note", "--list", "strange", "-w", workspace)
    assert generated.code == 0, generated.stderr
    printed = [
        subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True, encoding="utf-8").stdout
        for pdf in sorted((workspace / "documents" / "note").glob("*.pdf"))
    ]
    expected = [f"ทำกับ {name} ดังนี้" for name in STRANGE_NAMES.values()]
    assert ["".join(text.split())[: len("".join(line.split()))] for text, line in zip(printed, expected, strict=True)] == [
        "".join(line.split()) for line in expected
    ]
    assert {found for found in tmp_path.rglob("*") if not found.is_relative_to(workspace)} == outside | {path}


def test_an_organisations_id_never_leads_out_of_the_folder(
    run_mou: "RunMou", workspace: Path, write_list: "WriteList", tmp_path: Path
) -> None:
    rows = [("../../outside", "มูลนิธิหนึ่ง", "foundation", "นาย", "หนึ่ง", "ทดสอบ", "ประธาน")]
    path = write_list(tmp_path / "paths.csv", rows)
    answer = run_mou("organisations", "import", path, "-w", workspace)
    if answer.code == 0:
        assert run_mou("generate", "note", "--list", "paths", "-w", workspace).code == 0
    else:
        require_refused(answer, "paths.csv", "row 2")
    assert not list(tmp_path.rglob("*outside*"))


# what is asked for: (the command line behind `generate`, what the error tells)
WRONG_USES: dict[str, tuple[tuple[str, ...], str]] = {
    "an-unknown-template": (("nothing",), "no template nothing"),
    "no-choice-among-lists": (("note",), "choose one with --list"),
    "an-unknown-organisation": (("note", "--list", "pair", "--organisation", "org-1"), "org-1"),
    "a-memorandum-before-its-charter": (("lanna-mou", "--list", "pair"), "make it first: mou generate lanna-charter"),
}


@pytest.mark.parametrize(("arguments", "told"), WRONG_USES.values(), ids=WRONG_USES.keys())
def test_a_wrong_use_is_told_and_changes_nothing(
    run_mou: "RunMou", workspace: Path, state_of: "StateOf", arguments: tuple[str, ...], told: str
) -> None:
    before = state_of(workspace)
    require_refused(run_mou("generate", *arguments, "-w", workspace), told)
    assert state_of(workspace) == before


def test_drafts_are_written_marked_and_nothing_is_recorded(run_mou: "RunMou", workspace: Path, state_of: "StateOf") -> None:
    before = state_of(workspace)
    drafts = [
        row["draft"] for row in run_mou("generate", "note", "--list", "members", "--draft", "--json", "-w", workspace).table
    ]
    assert len(drafts) == MEMBERS
    assert all(Path(draft).read_bytes().startswith(b"%PDF-") for draft in drafts)
    assert recorded_documents(workspace) == 0
    assert {name: digest for name, digest in state_of(workspace).items() if "drafts" not in name} == before


def test_a_public_address_stands_in_the_record_of_what_is_made_from_then_on(run_mou: "RunMou", workspace: Path) -> None:
    settings = workspace / "mou.toml"
    settings.write_text(settings.read_text("utf-8") + 'public_url = "https://charters.example.org"\n', "utf-8")
    assert run_mou("generate", "note", "--list", "members", "-w", workspace).code == 0
    addresses = set()
    for path in (workspace / "documents" / "note").glob("*.pdf"):
        with pikepdf.open(path) as pdf:
            addresses.add(json.loads(pdf.attachments["record.json"].get_file().read_bytes())["address"])
    assert len(addresses) == MEMBERS
    assert all(re.fullmatch("https://charters.example.org/d/[0-9a-f]{32}", address) for address in addresses)
