"""`mou doctor` from outside: this machine, a workspace, any PDF, and veraPDF where it is installed."""

import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou

PROGRAM = """#!{python}
import sys
path = sys.argv[-1]
profile = "PDF/UA-1 validation profile" if "ua1" in sys.argv else "PDF/A-3A validation profile"
rule = '<rule clause="7.1" testNumber="3" status="failed" failedChecks="2"><description>Content is marked</description></rule>'
failed = "ua1" in sys.argv
print(f'<report><jobs><job><item><name>{{path}}</name></item><validationReport jobEndStatus="normal" profileName="{{profile}}" '
      f'isCompliant="{{str(not failed).lower()}}"><details failedRules="{{int(failed)}}">{{rule if failed else ""}}</details>'
      '</validationReport></job></jobs></report>')
"""


def check_named(answer: "Answer", name: str) -> dict[str, Any]:
    return next(check for check in answer.table if check["name"] == name)


@pytest.fixture
def document(demo: Path) -> Path:
    """A document of the demo with all its signatures."""
    return next(iter(sorted((demo / "documents").rglob("*.pdf"))))


@pytest.fixture
def faulty(document: Path, tmp_path: Path) -> Path:
    """The same without a language."""
    path = tmp_path / "faulty.pdf"
    with pikepdf.open(document) as pdf:
        del pdf.Root.Lang
        pdf.save(path)
    return path


def test_the_output_of_this_machine_has_no_fault(run_mou: "RunMou", tmp_path: Path) -> None:
    answer = run_mou("doctor", "--json", cwd=tmp_path)
    assert answer.code == 0
    check = check_named(answer, "archival and accessible output")
    assert check["works"] is True
    assert str(check["finding"]).startswith("no fault found by ")


def test_the_newest_document_of_each_template_is_looked_at(run_mou: "RunMou", demo: Path) -> None:
    answer = run_mou("doctor", "--json", "-w", demo)
    assert answer.code == 0
    templates = {path.parent.name for path in (demo / "documents").rglob("*.pdf")}
    looked_at = [check for check in answer.table if str(check["name"]).startswith("documents/")]
    assert sorted(Path(str(check["name"])).parent.name for check in looked_at) == sorted(templates)
    assert all(check["works"] is True for check in looked_at)


def test_a_workspace_without_documents_has_nothing_to_look_at(run_mou: "RunMou", workspace: Path) -> None:
    answer = run_mou("doctor", "--json", "-w", workspace)
    assert check_named(answer, "archival and accessible documents")["works"] is None
    assert answer.code == 0


def test_files_are_looked_at_alone_and_a_fault_is_shown_with_its_clause(run_mou: "RunMou", document: Path, faulty: Path) -> None:
    answer = run_mou("doctor", "--pdf", document, "--pdf", faulty)
    assert answer.code == 1
    assert f"✓ {document}" in answer.stdout
    assert f"✗ {faulty}" in answer.stdout
    assert "PDF/UA-1 7.2: the catalog: the document's language is expected in the catalog (Lang)" in answer.stdout
    assert "page layout" not in answer.stdout


def test_a_fault_is_told_to_a_program(run_mou: "RunMou", faulty: Path) -> None:
    answer = run_mou("doctor", "--pdf", faulty, "--json")
    (check,) = answer.table
    assert check["works"] is False
    assert {
        "standard": "PDF/UA-1",
        "clause": "7.2",
        "message": "the document's language is expected in the catalog (Lang)",
        "place": "the catalog",
        "is_fault": True,
    } in check["details"]


def test_what_is_no_pdf_is_a_fault_and_no_crash(run_mou: "RunMou", tmp_path: Path) -> None:
    path = tmp_path / "text.pdf"
    path.write_text("no PDF")
    answer = run_mou("doctor", "--pdf", path)
    assert answer.code == 1
    assert "not looked at: everything else: the file cannot be opened" in answer.stdout


def test_a_file_that_is_not_there_is_wrong_use(run_mou: "RunMou", tmp_path: Path) -> None:
    assert run_mou("doctor", "--pdf", tmp_path / "absent.pdf").code == 2


def test_without_verapdf_its_check_is_not_done_and_never_passed(run_mou: "RunMou", document: Path, tmp_path: Path) -> None:
    answer = run_mou("doctor", "--pdf", document, "--verapdf", MOU_VERAPDF=str(tmp_path / "absent"))
    assert answer.code == 0
    assert "- veraPDF\n    not looked at: veraPDF is not installed; install it from verapdf.org" in answer.stdout


def test_what_verapdf_finds_is_shown_by_its_clause(run_mou: "RunMou", document: Path, tmp_path: Path) -> None:
    program = tmp_path / "verapdf"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    answer = run_mou("doctor", "--pdf", document, "--verapdf", MOU_VERAPDF=str(program))
    assert answer.code == 1
    assert "PDF/UA-1 7.1: veraPDF" in answer.stdout
    assert "Content is marked (test 3, 2 times)" in answer.stdout


def test_a_verapdf_that_crashes_passes_nothing(run_mou: "RunMou", document: Path) -> None:
    answer = run_mou("doctor", "--pdf", document, "--verapdf", "--json", MOU_VERAPDF="false")
    (check,) = answer.table
    assert check["works"] is None
    assert answer.code == 0
