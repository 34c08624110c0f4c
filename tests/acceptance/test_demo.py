"""The bundled example from beginning to end, and what `mou verify` says of its documents, whole and tampered with."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou, StateOf

CHARTER = "documents/lanna-charter/lanna-charter.pdf"
MEMORANDUM = "documents/lanna-mou/LCRN-MOU-2565-001.pdf"
OTHER_MEMORANDUM = "documents/lanna-mou/LCRN-MOU-2565-002.pdf"
MEMORANDA, SIGNATURES_ON_A_MEMORANDUM, SIGNATURES_ON_THE_CHARTER = 19, 4, 19
SIGNATURES = SIGNATURES_ON_THE_CHARTER + MEMORANDA * SIGNATURES_ON_A_MEMORANDUM
STEPS = list(range(8))


def changed(path: Path, at: int) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 0x01
    path.write_bytes(content)


def failed_steps(report: dict[str, Any]) -> list[int]:
    return [step["number"] for step in report["steps"] if step["outcome"] == "failed"]


def reason_of(report: dict[str, Any], step: int) -> str:
    assert report["steps"][step]["number"] == step
    return str(report["steps"][step]["reason"])


def verify(run_mou: "RunMou", workspace: Path, *arguments: object) -> "Answer":
    return run_mou("verify", "--json", "-w", workspace, *arguments)


def without_addresses(printed: str) -> list[str]:
    """What was printed, without the lines that name the folder."""
    return [line for line in printed.splitlines() if "/demo" not in line]


def test_the_demo_ends_with_every_signature_made_recorded_and_verified(first_demo_run: "tuple[Path, Answer]") -> None:
    _, answer = first_demo_run
    assert answer.code == 0
    assert f"{SIGNATURES} of {SIGNATURES} signatures are made and recorded" in answer.stdout
    assert f"{MEMORANDA + 1} of {MEMORANDA + 1} documents passed, {SIGNATURES} signatures" in answer.stdout
    assert re.search(r"the ledger is sound: \d+ entries", answer.stdout)
    assert len(re.findall(r"LCRN-MOU-2565-\d{3} .* 4/4 +PASSED", answer.stdout)) == MEMORANDA
    assert len(re.findall(r"lanna-charter .* 19/19 +PASSED", answer.stdout)) == 1
    assert "8 organisations are stated, 7 are listed" in answer.stdout


def test_every_document_of_the_demo_passes_for_somebody_who_verifies_the_files(run_mou: "RunMou", finished_demo: Path) -> None:
    files = sorted((finished_demo / "documents").rglob("*.pdf"))
    answer = verify(run_mou, finished_demo, *files)
    reports = answer.lines
    assert answer.code == 0
    assert [report["file"] for report in reports] == [str(path) for path in files]
    assert {report["verdict"] for report in reports} == {"passed"}
    assert {report["integrity"] for report in reports} == {"intact"}
    signed = {Path(report["file"]).name: _signatories(report) for report in reports}
    assert signed.pop("lanna-charter.pdf") == SIGNATURES_ON_THE_CHARTER
    assert list(signed.values()) == [SIGNATURES_ON_A_MEMORANDUM] * MEMORANDA


def _signatories(report: dict[str, Any]) -> int:
    passed = [
        one for one in report["signatures"] if (one["kind"], one["verdict"], one["trusted"]) == ("signature", "passed", True)
    ]
    return len(passed)


def test_the_ledger_of_the_demo_is_sound(run_mou: "RunMou", finished_demo: Path) -> None:
    answer = run_mou("ledger", "audit", "--json", "-w", finished_demo)
    assert (answer.code, answer.object["sound"], answer.object["findings"]) == (0, True, [])
    assert answer.object["size"] > SIGNATURES


def test_a_second_run_of_the_demo_makes_nothing_new_and_says_so(run_mou: "RunMou", demo: Path, state_of: "StateOf") -> None:
    before = state_of(demo)
    answer = run_mou("demo", demo)
    assert answer.code == 0
    assert "is there already; what it holds is not made again" in answer.stdout
    assert "lanna-charter: 1 documents, 0 of them new" in answer.stdout
    assert f"lanna-mou: {MEMORANDA} documents, 0 of them new" in answer.stdout
    assert f"{MEMORANDA + 1} of {MEMORANDA + 1} documents passed, {SIGNATURES} signatures" in answer.stdout
    assert state_of(demo) == before


def test_the_demo_leaves_a_workspace_of_somebody_else_alone(run_mou: "RunMou", workspace: Path, state_of: "StateOf") -> None:
    before = state_of(workspace)
    answer = run_mou("demo", workspace)
    assert (answer.code, answer.stdout) == (2, "")
    assert answer.stderr.startswith("mou: ")
    assert "choose another folder for the demo" in answer.stderr
    assert state_of(workspace) == before


def test_a_memorandum_passes_with_all_steps_in_the_promised_form(run_mou: "RunMou", finished_demo: Path) -> None:
    answer = verify(run_mou, finished_demo, finished_demo / MEMORANDUM)
    (report,) = answer.lines
    assert answer.code == 0
    assert (report["verdict"], report["integrity"]) == ("passed", "intact")
    assert list(report) == ["file", "sha256", "verdict", "integrity", "reason", "steps", "signatures"]
    assert re.fullmatch("[0-9a-f]{64}", report["sha256"])
    assert [step["number"] for step in report["steps"]] == STEPS
    assert {step["outcome"] for step in report["steps"]} == {"passed"}
    assert all(step["name"] and step["reason"] for step in report["steps"])
    promised = {"field", "kind", "signer", "verdict", "sub_indication", "integrity", "trusted", "level", "time", "time_source"}
    for signature in report["signatures"]:
        assert promised | {"capacity", "thai_type", "reason"} <= signature.keys()
        assert (signature["level"], signature["time_source"]) == ("B-B", "claimed")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", signature["time"])
    assert [signature["field"] for signature in report["signatures"]] == ["S0000", "S0001", "S0002", "S0003", "S0004"]
    assert [signature["kind"] for signature in report["signatures"]] == ["seal", *["signature"] * 4]


@pytest.fixture(scope="module")
def exported_ledger(run_mou: "RunMou", finished_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger as anybody may have it."""
    folder = tmp_path_factory.mktemp("ledger") / "export"
    assert run_mou("ledger", "export", folder, "-w", finished_demo).code == 0
    return folder


def test_a_document_passes_beside_the_export_of_the_ledger(run_mou: "RunMou", finished_demo: Path, exported_ledger: Path) -> None:
    answer = verify(run_mou, finished_demo, finished_demo / MEMORANDUM, "--ledger-export", exported_ledger)
    assert (answer.code, answer.lines[0]["verdict"]) == (0, "passed")
    key = finished_demo / "keys" / "ledger.vkey"
    checked = run_mou("ledger", "verify-export", exported_ledger, "--ledger-key", key, "--json")
    assert (checked.code, checked.object["findings"]) == (0, [])


def entries_of(export: Path) -> Path:
    (bundle,) = [path for path in (export / "tile" / "entries").rglob("*") if path.is_file()]
    return bundle


def test_a_changed_byte_of_pdf_evidence_or_export_is_found_each_by_its_own_step(
    run_mou: "RunMou", demo: Path, exported_ledger: Path, tmp_path: Path
) -> None:
    export = tmp_path / "export"
    shutil.copytree(exported_ledger, export)
    pdf, evidence = demo / MEMORANDUM, (demo / OTHER_MEMORANDUM).with_suffix(".evidence.json")
    changed(pdf, at=20_000)  # in what a page shows, not in what the reader needs to find its way
    changed(evidence, at=evidence.read_bytes().index(b'"salt":"') + 12)
    changed(entries_of(export), at=1_000)
    beside_the_files = verify(run_mou, demo, pdf, demo / OTHER_MEMORANDUM)
    beside_the_export = verify(run_mou, demo, demo / CHARTER, "--ledger-export", export)
    of_pdf, of_evidence, of_export = *beside_the_files.lines, *beside_the_export.lines
    assert (beside_the_files.code, beside_the_export.code) == (1, 1)
    assert [report["verdict"] for report in (of_pdf, of_evidence, of_export)] == ["failed"] * 3
    assert [report["integrity"] for report in (of_pdf, of_evidence, of_export)] == ["invalid", "intact", "intact"]
    assert 1 in failed_steps(of_pdf)
    assert failed_steps(of_evidence) == [6]
    assert failed_steps(of_export) == [7]
    assert len({report["reason"] for report in (of_pdf, of_evidence, of_export)}) == 3
    checked = run_mou("ledger", "verify-export", export, "--ledger-key", demo / "keys" / "ledger.vkey", "--json")
    assert checked.code == 1
    assert checked.object["findings"]


def test_without_trust_roots_nobody_can_say_who_signed(run_mou: "RunMou", finished_demo: Path, tmp_path: Path) -> None:
    answer = run_mou("verify", "--json", finished_demo / MEMORANDUM, cwd=tmp_path)
    (report,) = answer.lines
    assert (answer.code, report["verdict"], report["integrity"]) == (3, "indeterminate", "intact")
    assert report["steps"][3]["outcome"] == "not_checked"
    assert "no trust roots were given" in reason_of(report, 3)
    assert {signature["trusted"] for signature in report["signatures"]} == {None}


def test_roots_and_ledger_key_from_options_do_as_well_as_a_workspace(
    run_mou: "RunMou", finished_demo: Path, tmp_path: Path
) -> None:
    keys = finished_demo / "keys"
    options = ("--trust", keys / "authority.pem", "--ledger-key", keys / "ledger.vkey")
    answer = run_mou("verify", "--json", *options, finished_demo / MEMORANDUM, cwd=tmp_path)
    assert (answer.code, answer.lines[0]["verdict"]) == (0, "passed")


def test_one_bad_file_changes_nothing_for_the_others(run_mou: "RunMou", demo: Path, tmp_path: Path) -> None:
    # One time of checking for all, since it stands in the reasons; in it nothing has expired.
    at = ("--at", (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d"))
    alone = [verify(run_mou, demo, *at, demo / name).lines[0] for name in (CHARTER, MEMORANDUM)]
    garbage = tmp_path / "garbage.pdf"
    garbage.write_bytes(b"\x00\xff no PDF at all")
    missing = tmp_path / "missing.pdf"
    files = [demo / CHARTER, garbage, missing, tmp_path, demo / MEMORANDUM]
    answer = verify(run_mou, demo, *at, *files)
    reports = answer.lines
    assert [report["file"] for report in reports] == [str(path) for path in files]
    assert [reports[0], reports[-1]] == alone
    assert [report["integrity"] for report in reports[1:-1]] == ["unreadable"] * 3
    assert all("cannot be read" in report["reason"] for report in reports[2:4])
    assert reports[2]["sha256"] is None
    assert answer.code == 1


WORST_CODES = {
    "passed-and-indeterminate": (("good", "alone"), 3),
    "indeterminate-and-failed": (("alone", "missing"), 1),
}


@pytest.mark.parametrize(("names", "code"), WORST_CODES.values(), ids=WORST_CODES.keys())
def test_the_exit_code_is_that_of_the_worst_file(
    run_mou: "RunMou", finished_demo: Path, tmp_path: Path, names: tuple[str, ...], code: int
) -> None:
    alone = tmp_path / "without-its-evidence.pdf"
    shutil.copyfile(finished_demo / MEMORANDUM, alone)
    files = {"good": finished_demo / MEMORANDUM, "alone": alone, "missing": tmp_path / "missing.pdf"}
    assert verify(run_mou, finished_demo, *(files[name] for name in names)).code == code


@pytest.mark.parametrize("option", ["--trust", "--ledger-key", "--checkpoint"])
def test_what_a_verifier_brings_along_must_be_readable(
    run_mou: "RunMou", finished_demo: Path, tmp_path: Path, option: str
) -> None:
    brought = tmp_path / "brought.txt"
    brought.write_bytes(b"\xff\xfe")
    answer = verify(run_mou, finished_demo, option, brought, finished_demo / MEMORANDUM)
    assert answer.code in {1, 2}
    assert answer.stderr.startswith("mou: ")
    assert str(brought) in answer.stderr


def test_the_evidence_of_another_document_does_not_do(run_mou: "RunMou", finished_demo: Path) -> None:
    other = (finished_demo / OTHER_MEMORANDUM).with_suffix(".evidence.json")
    answer = verify(run_mou, finished_demo, finished_demo / MEMORANDUM, "--evidence", other)
    assert answer.code == 1
    assert {5, 6} <= set(failed_steps(answer.lines[0]))


def test_a_person_reads_each_step_with_its_reason_and_what_is_not_proved(run_mou: "RunMou", finished_demo: Path) -> None:
    answer = run_mou("verify", "-w", finished_demo, finished_demo / MEMORANDUM)
    assert answer.code == 0
    assert f"{finished_demo / MEMORANDUM}: PASSED" in answer.stdout
    assert [int(number) for number in re.findall(r"^  ✓ (\d) ", answer.stdout, re.MULTILINE)] == STEPS
    assert "This does not prove that what the text says is true" in answer.stdout


def test_the_ledger_holds_no_name_and_no_address(run_mou: "RunMou", finished_demo: Path) -> None:
    entries = run_mou("ledger", "show", "--last", 100_000, "--json", "-w", finished_demo).object["entries"]
    signers = {one["signer"] for one in verify(run_mou, finished_demo, finished_demo / MEMORANDUM).lines[0]["signatures"]}
    leaves = "\n".join(entries)
    assert len(signers) == 5
    assert not any(signer in leaves for signer in signers)
    assert "@" not in leaves
    assert not re.search("[\u0e00-\u0e7f]", leaves)
    assert {json.loads(entry)["actor"].partition("_")[0] for entry in entries} == {"usr", "sgn"}
