"""`mou verify --report`, as people use it; and that whoever only checks needs none of what makes it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou

DOCUMENT = "demo/documents/lanna-mou/LCRN-MOU-2565-001.pdf"
# What a verification does without:
HEAVY = {
    "mou",
    "weasyprint",
    "sqlalchemy",
    "alembic",
    "jinja2",
    "click",
    "pypdfium2",
    "fontTools",
    "PIL",
    "markupsafe",
}
CHECK_ALONE = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
import signatures.verification as verification
from signatures.ledger.checkpoint import LedgerPublicKey
from signatures.trust import load_roots
pdf, keys = Path(sys.argv[1]), Path(sys.argv[2])
policy = verification.VerificationPolicy(
    roots=load_roots([keys / "authority.pem"]),
    ledger_keys=(LedgerPublicKey.parse((keys / "ledger.vkey").read_text().strip()),),
    at=datetime.now(UTC),
)
report = verification.verify(pdf.read_bytes(), pdf.with_suffix(".evidence.json").read_bytes(), policy)
types = [one["thai_type"] for one in report.as_json("x")["signatures"]]
print(json.dumps([report.verdict, types, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.fixture
def folder(demo: Path) -> Path:
    """Where a person stands: the demo's workspace lies in it."""
    return demo.parent


def test_a_verification_loads_no_workflow_no_renderer_and_no_database(folder: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-I", "-c", CHECK_ALONE, folder / DOCUMENT, folder / "demo/keys"], capture_output=True, check=True
    ).stdout
    verdict, types, loaded = json.loads(told)
    assert verdict == "passed"
    assert types == [None, 1, 1, 1, 1]  # a seal has no type, and nothing shows who held the others' keys
    assert HEAVY & set(loaded) == set()


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_report_in_html_is_written_and_told_of(run_mou: "RunMou", folder: Path, language: str) -> None:
    answer = run_mou("verify", "-w", "demo", DOCUMENT, "--report", "report.html", "--lang", language, cwd=folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert (answer.code, answer.stderr) == (0, "")
    assert "report.html" in answer.stdout
    assert f'<html lang="{language}">' in page
    assert hashlib.sha256((folder / DOCUMENT).read_bytes()).hexdigest() in page
    assert "data:image/png;base64," in page
    assert not list(folder.glob(".new-*"))


def test_a_report_in_pdf_is_one(run_mou: "RunMou", folder: Path) -> None:
    answer = run_mou("verify", "-w", "demo", DOCUMENT, "--report", "report.pdf", cwd=folder)
    assert (answer.code, answer.stderr) == (0, "")
    text = subprocess.run(["pdftotext", "-raw", folder / "report.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "no evidence" in text
    assert "ไม่มีหลักฐาน" in text


def test_the_report_changes_neither_exit_code_nor_json(run_mou: "RunMou", folder: Path) -> None:
    (folder / "broken.pdf").write_bytes((folder / DOCUMENT).read_bytes().replace(b"/Adobe.PPKLite", b"/Adobe.PPKLitf", 1))
    files = ("broken.pdf", "none.pdf", DOCUMENT)
    plain = run_mou("verify", "-w", "demo", "--json", "--at", "2026-12-01", *files, cwd=folder)
    answer = run_mou("verify", "-w", "demo", "--json", "--at", "2026-12-01", *files, "--report", "all.html", cwd=folder)
    assert (answer.code, answer.stdout) == (plain.code, plain.stdout)
    page = (folder / "all.html").read_text(encoding="utf-8")
    assert [page.index(f"Verification of {file}") for file in files] == sorted(page.index(f"Verification of {f}") for f in files)
    assert page.count("<article>") == 3


@pytest.mark.parametrize("name", ["report.html", "report.pdf"])
def test_a_file_that_cannot_be_read_gets_a_report_too(run_mou: "RunMou", folder: Path, name: str) -> None:
    (folder / "noise.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    answer = run_mou("verify", "none.pdf", "noise.pdf", "--report", name, cwd=folder)
    assert (answer.code, answer.stderr) == (1, "")
    assert (folder / name).stat().st_size > 10_000


def test_a_file_that_is_there_is_kept_and_nothing_is_verified(run_mou: "RunMou", folder: Path) -> None:
    (folder / "report.html").write_text("kept")
    answer = run_mou("verify", "-w", "demo", DOCUMENT, "--report", "report.html", cwd=folder, MOU_LANG="en")
    assert (answer.code, answer.stdout) == (2, "")
    assert "report.html is there already, and a report never takes the place of a file" in answer.stderr
    assert (folder / "report.html").read_text() == "kept"


def test_a_report_is_html_or_pdf(run_mou: "RunMou", folder: Path) -> None:
    answer = run_mou("verify", "-w", "demo", DOCUMENT, "--report", "report.docx", cwd=folder, MOU_LANG="en")
    assert (answer.code, answer.stdout) == (2, "")
    assert "name it OUT.html or OUT.pdf" in answer.stderr
    assert not (folder / "report.docx").exists()


def test_a_module_in_the_folder_one_stands_in_is_never_run(run_mou: "RunMou", folder: Path) -> None:
    (folder / "mou").mkdir()
    (folder / "mou/__init__.py").write_text("open('run', 'w').close()")
    (folder / "pypdfium2.py").write_text("open('run', 'w').close()")
    answer = run_mou("verify", "-w", "demo", DOCUMENT, "--report", "report.html", cwd=folder)
    assert answer.code == 0
    assert not (folder / "run").exists()
