"""The verification page and its interface say what `mou verify` says, and keep nothing."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import pikepdf
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from mou.app import open_workspace
from mou.cli.verify import command
from mou.web.application import create_app
from mou.workflow.status import DocumentStatus
from mou.workflow.workspace import Workspace

NewBrowser: TypeAlias = Callable[..., TestClient]
CsrfOf: TypeAlias = Callable[..., str]
PdfOf: TypeAlias = Callable[[str], Path]
StatusOf: TypeAlias = Callable[[str], DocumentStatus]
SignAs: TypeAlias = Callable[[str, str], None]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDS = {"passed": "PASSED", "failed": "FAILED", "indeterminate": "CANNOT BE KNOWN"}
SIGNS = {"passed": "✓", "failed": "✗", "indeterminate": "?"}


def tampered(pdf: bytes) -> bytes:
    """One byte of the text changed, far from the signature."""
    at = pdf.index(b"endstream") - 20
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def by_command(file: Path, workspace: Workspace) -> dict[str, Any]:
    """What `mou verify --json -w WORKSPACE` prints for this file."""
    answer = CliRunner().invoke(
        command,
        ["--json", "-w", str(workspace.folder), "--at", f"{NOW:%Y-%m-%dT%H:%M:%SZ}", str(file)],
        obj="en",
        standalone_mode=False,
    )
    found = json.loads(answer.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def client(workspace: Workspace, new_browser: NewBrowser) -> Iterator[TestClient]:
    """A browser on a site whose clock stands still, so that a command can judge at the same time."""
    still = open_workspace(workspace.folder, clock=lambda: NOW)
    yield new_browser(create_app(still, https=False))
    still.database.close()


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path, pdf_of: PdfOf) -> Path:
    """One file of each kind with its evidence beside it where a person would have it."""
    own = pdf_of("org-1")
    beside = own.with_suffix(".evidence.json").read_bytes()
    content, evidence = {
        "intact": (own.read_bytes(), beside),
        "intact, no evidence": (own.read_bytes() + b"\n", None),
        "tampered": (tampered(own.read_bytes()), beside),
        "tampered, no evidence": (tampered(own.read_bytes()), None),
        "not signed by all": (pdf_of("org-2").read_bytes(), pdf_of("org-2").with_suffix(".evidence.json").read_bytes()),
        "another's evidence": (pdf_of("org-2").read_bytes(), beside),
        "unsigned": (unsigned_pdf(), None),
        "garbage": (b"\x00garbage" * 100, None),
        "garbage as evidence": (own.read_bytes(), b"garbage"),
        "nothing": (b"", None),
    }[request.param]
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    if evidence is not None:
        file.with_suffix(".evidence.json").write_bytes(evidence)
    return file


def unsigned_pdf() -> bytes:
    """A PDF of one empty page."""
    written = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(written)
    return written.getvalue()


def sent(file: Path) -> dict[str, tuple[str, bytes]]:
    beside = file.with_suffix(".evidence.json")
    files = {"file": (file.name, file.read_bytes())}
    return files | ({"evidence": (beside.name, beside.read_bytes())} if beside.exists() else {})


CASES = (
    "intact",
    "intact, no evidence",
    "tampered",
    "tampered, no evidence",
    "not signed by all",
    "another's evidence",
    "unsigned",
    "garbage",
    "garbage as evidence",
    "nothing",
)


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_the_interface_answers_what_the_command_prints(client: TestClient, workspace: Workspace, case: Path) -> None:
    answer = client.post("/api/v1/verify", files=sent(case))
    assert answer.status_code == 200
    assert answer.json() == {**by_command(case, workspace), "file": case.name}


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_the_page_says_the_same_with_a_sign_and_a_word_for_each_step(
    client: TestClient, workspace: Workspace, csrf_of: CsrfOf, case: Path
) -> None:
    told = by_command(case, workspace)
    page = client.post("/verify", files=sent(case), data={"csrf": csrf_of(client)})
    assert page.status_code == 200
    verdict = re.search(
        r'<div class="verdict">.*?notice-sign" aria-hidden="true">(.)<.*?notice-heading">([^<]+)<', page.text, re.DOTALL
    )
    assert verdict is not None
    assert verdict.groups() == (SIGNS[told["verdict"]], WORDS[told["verdict"]])
    steps = re.findall(r'chip-sign" aria-hidden="true">(.)</span>([^<]+)</span> <strong>(\d) ·', page.text)
    words = {"passed": ("✓", "passed"), "failed": ("✗", "FAILED"), "not_checked": ("?", "not checked")}
    assert steps == [(*words[step["outcome"]], str(step["number"])) for step in told["steps"]]
    assert "What this does not prove" in page.text


def test_the_cases_end_in_all_three_ways(client: TestClient, pdf_of: PdfOf) -> None:
    def verdict(content: bytes) -> str:
        return str(client.post("/api/v1/verify", files={"file": ("a.pdf", content)}).json()["verdict"])

    own = pdf_of("org-1").read_bytes()
    assert [verdict(own), verdict(tampered(own)), verdict(unsigned_pdf())] == ["passed", "failed", "indeterminate"]


def test_a_recorded_file_is_judged_by_the_evidence_of_the_site_when_none_is_sent(
    client: TestClient, csrf_of: CsrfOf, pdf_of: PdfOf
) -> None:
    files = {"file": ("a.pdf", pdf_of("org-1").read_bytes())}
    answer = client.post("/api/v1/verify", files=files)
    assert answer.json()["verdict"] == "passed"
    assert re.fullmatch(r'</api/v1/documents/[0-9a-f]{32}>; rel="describedby"', answer.headers["link"])
    page = client.post("/verify", files=files, data={"csrf": csrf_of(client)}).text
    assert "Checked with the evidence that this site keeps." in page
    assert "newest revision of a document of this network" in page


def test_an_older_revision_is_told_to_be_one(client: TestClient, csrf_of: CsrfOf, pdf_of: PdfOf, sign_as: SignAs) -> None:
    before = pdf_of("org-2").read_bytes()
    sign_as("org-2", "นางสาวฟ้าใส เยาวมาลย์")
    answer = client.post("/api/v1/verify", files={"file": ("a.pdf", before)}).json()
    assert answer["verdict"] == "indeterminate"
    assert "1 of 2 signatures" in answer["reason"]
    page = client.post("/verify", files={"file": ("a.pdf", before)}, data={"csrf": csrf_of(client)}).text
    assert "There is a newer revision" in page
    assert "This file is revision 1 of 2" in page
    after = client.post("/api/v1/verify", files={"file": ("a.pdf", pdf_of("org-2").read_bytes())}).json()
    assert after["verdict"] == "passed"


def test_a_file_of_a_document_that_was_replaced_is_told_to_be_one(
    client: TestClient, workspace: Workspace, csrf_of: CsrfOf, status_of: StatusOf
) -> None:
    standing = status_of("org-1").document
    with workspace.database.read() as transaction:
        old = next(
            each
            for each in transaction.store.all_documents()
            if each.organisation_id == "org-1" and each.document_id != standing.document_id
        )
    files = {"file": ("a.pdf", workspace.files.get(old.current))}
    assert "This document was replaced" in client.post("/verify", files=files, data={"csrf": csrf_of(client)}).text


def test_a_file_is_not_kept(client: TestClient, workspace: Workspace, csrf_of: CsrfOf) -> None:
    def held() -> set[Path]:
        return {path for path in workspace.folder.rglob("*") if path.is_file()}

    csrf_of(client)  # the first page makes the secret of the site
    before = held()
    client.post("/verify", files={"file": ("a.pdf", unsigned_pdf())}, data={"csrf": csrf_of(client)})
    client.post("/api/v1/verify", files={"file": ("a.pdf", unsigned_pdf())})
    assert held() == before


def test_a_form_without_a_file_asks_for_one(client: TestClient, csrf_of: CsrfOf) -> None:
    # As a browser sends a form in which no file was chosen.
    part = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    fields = (("csrf", "", csrf_of(client)), ("file", '; filename=""', ""), ("evidence", '; filename=""', ""))
    form = "".join(part.format(*field) for field in fields) + "--b--\r\n"
    page = client.post("/verify", content=form, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert page.status_code == 422
    assert "Choose the PDF that you want to verify." in page.text
    assert 'aria-invalid="true"' in page.text
    assert client.post("/api/v1/verify").json()["error"]["code"] == "invalid_fields"


def test_an_evidence_field_that_was_left_empty_is_no_evidence(client: TestClient, csrf_of: CsrfOf, pdf_of: PdfOf) -> None:
    files = {"file": ("a.pdf", pdf_of("org-1").read_bytes()), "evidence": ("", b"")}
    assert (
        "Checked with the evidence that this site keeps."
        in client.post("/verify", files=files, data={"csrf": csrf_of(client)}).text
    )


def test_a_file_name_cannot_steer_the_page(client: TestClient, csrf_of: CsrfOf) -> None:
    name = "../../etc/<b>a</b>\u202efdp.pdf"
    page = client.post("/verify", files={"file": (name, b"x")}, data={"csrf": csrf_of(client)}).text
    assert "<b>" not in page
    assert "\u202e" not in page
    assert "/etc" not in page


@pytest.mark.parametrize("written", ["{code}", " {code} ", "{upper}", "{spaced}", "https://mou.example.org/d/{code}", "{code}/"])
def test_a_code_as_a_person_types_it_leads_to_the_document(client: TestClient, written: str, status_of: StatusOf) -> None:
    code = status_of("org-1").document.input_digest.hex[:32]
    spaced = " ".join(code[at : at + 4] for at in range(0, 32, 4))
    answer = client.get("/verify", params={"code": written.format(code=code, upper=code.upper(), spaced=spaced)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/d/{code}")


@pytest.mark.parametrize("written", ["xyz", "0123", "<script>", "0" * 33])
def test_what_is_no_code_is_told_beside_its_field(client: TestClient, written: str) -> None:
    answer = client.get("/verify", params={"code": written})
    assert answer.status_code == 422
    assert "A code has 32 digits" in answer.text
    assert "<script>" not in answer.text


def test_the_page_speaks_thai_with_the_buddhist_era(client: TestClient, csrf_of: CsrfOf, pdf_of: PdfOf) -> None:
    files = {"file": ("a.pdf", pdf_of("org-1").read_bytes())}
    page = client.post("/verify?lang=th", files=files, data={"csrf": csrf_of(client)}).text
    assert '<html lang="th">' in page
    assert "๒๕๖๙" in page
