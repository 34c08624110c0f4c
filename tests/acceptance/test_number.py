"""`mou number` as people run it: on the demo's signed memoranda, with the verdict of `mou verify` before and after."""

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from mou.rendering.conformance import check_conformance

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou, StateOf, WriteTemplate

DOCUMENT, OTHER, UNSIGNED = "LCRN-MOU-2565-001", "LCRN-MOU-2565-002", "N-2565-001"
PDF = f"documents/lanna-mou/{DOCUMENT}.pdf"
NUMBER = "๑/๒๕๖๕"


def first_page(file: Path) -> str:
    done = subprocess.run(["pdftotext", "-l", "1", file, "-"], capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


@pytest.fixture
def numbered(run_mou: "RunMou", demo: Path) -> Path:
    """The demo, its first memorandum numbered."""
    done = run_mou("number", DOCUMENT, NUMBER, "--date", "2022-04-01", "-w", demo)
    assert done.code == 0, done.stderr
    return demo


def test_the_number_is_told_shown_published_and_verifies(run_mou: "RunMou", demo: Path) -> None:
    before = (demo / PDF).read_bytes()
    assert NUMBER not in first_page(demo / PDF)
    done = run_mou("number", DOCUMENT, NUMBER, "--date", "2022-04-01", "-w", demo)
    assert done.code == 0, done.stderr
    assert f"{DOCUMENT}: number {NUMBER} of 2022-04-01, recorded as entry" in done.stdout
    after = (demo / PDF).read_bytes()
    assert after.startswith(before)
    text = first_page(demo / PDF)
    assert NUMBER in text
    assert "๑ เมษายน ๒๕๖๕" in text
    verified = run_mou("verify", "-w", demo, demo / PDF, "--json")
    assert verified.code == 0, verified.stdout
    (report,) = verified.lines
    assert {step["outcome"] for step in report["steps"]} == {"passed"}
    assert [(one["field"], one["kind"]) for one in report["signatures"]][-1] == ("R0000", "seal")
    assert run_mou("ledger", "audit", "-w", demo).code == 0
    assert check_conformance(after).findings == ()


def test_a_repeat_says_what_is_there_and_changes_nothing(run_mou: "RunMou", numbered: Path, state_of: "StateOf") -> None:
    before = state_of(numbered)
    again = run_mou("number", DOCUMENT, "1/2565", "-w", numbered, "--json")
    assert (again.code, again.object["is_new"], again.object["number"], again.object["date"]) == (0, False, NUMBER, "2022-04-01")
    said = run_mou("number", DOCUMENT, NUMBER, "-w", numbered)
    assert f"{DOCUMENT}: has the number {NUMBER} of 2022-04-01 already" in said.stdout
    assert state_of(numbered) == before


def test_another_number_and_one_that_is_given_away_are_refused_by_name(
    run_mou: "RunMou", numbered: Path, state_of: "StateOf"
) -> None:
    before = state_of(numbered)
    other = run_mou("number", DOCUMENT, "๒/๒๕๖๕", "-w", numbered)
    assert (other.code, f"has the number {NUMBER} of 2022-04-01 already" in other.stderr) == (1, True)
    taken = run_mou("number", OTHER, "1/2565", "-w", numbered)
    assert (taken.code, f"that of {DOCUMENT} already" in taken.stderr) == (1, True)
    assert state_of(numbered) == before
    assert run_mou("number", OTHER, "2/2565", "-w", numbered).code == 0


def test_what_cannot_be_numbered_is_told_why(
    run_mou: "RunMou", workspace: Path, write_template: "WriteTemplate", state_of: "StateOf"
) -> None:
    place = '<p>เลขที่ <span class="registry-box" id="registry-number"></span>'
    place += ' วันที่ <span class="registry-box" id="registry-date"></span></p>'
    write_template(workspace, body=place + "<p>ทำกับ {{ organisation.name_th }} ดังนี้</p>")
    assert run_mou("generate", "faulty", "--organisation", "org-1", "--list", "members", "-w", workspace).code == 0
    before = state_of(workspace)
    refused = run_mou("number", UNSIGNED, NUMBER, "-w", workspace)
    assert (refused.code, state_of(workspace)) == (1, before)
    assert f"{UNSIGNED} gets its number when everybody has signed; 2 of 2 have not" in refused.stderr
    assert run_mou("number", UNSIGNED, " / ", "-w", workspace).code == 2
    assert run_mou("number", UNSIGNED, NUMBER, "--date", "2565-04-01", "-w", workspace).code == 2
    assert run_mou("number", "nothing", NUMBER, "-w", workspace).code == 2


def test_a_number_that_somebody_changes_afterwards_is_a_modification(run_mou: "RunMou", numbered: Path, tmp_path: Path) -> None:
    file = tmp_path / "changed.pdf"
    with pikepdf.open(numbered / PDF) as document:
        field = next(one for one in document.Root.AcroForm.Fields if str(one.T) == "R0001")
        number, generation = field.objgen
        field.V = pikepdf.String("๙๙/๒๕๖๕")
        written = field.unparse(resolved=True)
        size, root = int(document.trailer.Size), document.Root.objgen
    pdf = (numbered / PDF).read_bytes().rstrip(b"\n") + b"\n"
    last = pdf.rsplit(b"startxref", 1)[1].split()[0]
    table = b"xref\n%d 1\n%010d %05d n \n" % (number, len(pdf), generation)
    content = b"%d %d obj\n%s\nendobj\n" % (number, generation, written)
    trailer = b"trailer\n<< /Size %d /Root %d %d R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        *root,
        last,
        len(pdf + content),
    )
    file.write_bytes(pdf + content + table + trailer)
    file.with_suffix(".evidence.json").write_bytes((numbered / PDF).with_suffix(".evidence.json").read_bytes())
    report = run_mou("verify", "-w", numbered, file, "--json")
    assert (report.code, report.lines[0]["integrity"]) == (1, "modified")


def test_the_ledger_tells_the_number_and_no_name(run_mou: "RunMou", numbered: Path) -> None:
    shown = run_mou("ledger", "show", "-w", numbered, "--json")
    assert shown.code == 0, shown.stderr
    (entry,) = (leaf for one in shown.object["entries"] if (leaf := json.loads(one))["type"] == "number.assigned")
    assert entry["body"]["number"] == "1/2565"
    assert all(str(value).isascii() for value in entry["body"].values())
