"""`mou generate --word` with the real program: drafts that an organisation edits, and that nobody's work is lost in."""

from io import BytesIO
from pathlib import Path

import docx
import pytest

from tests.acceptance.conftest import RunMou, StateOf
from tests.office import WORD_FORMAT, converted

ONE = ("note", "--list", "members", "--organisation", "org-1")


@pytest.fixture
def draft(run_mou: RunMou, workspace: Path) -> Path:
    """The draft of one organisation's note."""
    answer = run_mou("generate", *ONE, "--word", "--json", "-w", workspace)
    assert answer.code == 0, answer.stderr
    return Path(answer.table[0]["draft"])


def test_a_draft_is_a_word_file_and_nothing_is_recorded(run_mou: RunMou, workspace: Path, state_of: StateOf) -> None:
    before = state_of(workspace)
    answer = run_mou("generate", *ONE, "--word", "-w", workspace)
    assert answer.stdout.splitlines()[0] == "note: 1 drafts written"
    (path,) = (workspace / "drafts" / "note").iterdir()
    document = docx.Document(BytesIO(path.read_bytes()))
    assert "ทำกับ มูลนิธิที่1" in document.paragraphs[0].text
    assert "มิใช่ฉบับที่ลงนาม" in document.sections[0].footer.paragraphs[0].text
    assert {name: value for name, value in state_of(workspace).items() if not name.startswith("drafts")} == before


def test_a_draft_names_the_document_that_is_made_of_the_same_text(run_mou: RunMou, workspace: Path, draft: Path) -> None:
    footer = docx.Document(BytesIO(draft.read_bytes())).sections[0].footer.paragraphs[-1].text
    assert run_mou("generate", *ONE, "-w", workspace).code == 0
    found = run_mou("status", "--json", "-w", workspace).table
    assert footer.removeprefix("sha256:")[:24] in str(found)


def test_the_same_draft_again_is_the_file_that_is_there_and_an_edited_one_is_never_written_over(
    run_mou: RunMou, workspace: Path, draft: Path
) -> None:
    again = run_mou("generate", *ONE, "--word", "--json", "-w", workspace)
    assert again.table == [{"draft": str(draft)}]
    document = docx.Document(BytesIO(draft.read_bytes()))
    document.paragraphs[0].add_run(" ข้อความของเลขานุการ")
    document.save(str(draft))
    edited = draft.read_bytes()
    other = run_mou("generate", *ONE, "--word", "--json", "-w", workspace)
    assert other.table == [{"draft": str(draft.with_stem(f"{draft.stem}-2"))}]
    assert draft.read_bytes() == edited


def test_a_draft_that_libreoffice_opened_and_saved_has_no_change(
    run_mou: RunMou, workspace: Path, draft: Path, tmp_path: Path
) -> None:
    saved = converted(draft, WORD_FORMAT, tmp_path / "saved")
    answer = run_mou("document", "diff", draft, saved, "-w", workspace)
    assert answer.code == 0, answer.stderr
    assert "The two texts say the same, word for word." in answer.stdout
