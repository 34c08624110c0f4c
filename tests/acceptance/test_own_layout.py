"""A house that insists on its own Word layout, with the real program: drafts of it, and documents that LibreOffice lays out."""

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import NOTE, NOTE_MANIFEST, RunMou, State, StateOf, WriteTemplate
from tests.house_layout import house_file, opened
from tests.office import office as installed_office

FIELDS = """
[[fields]]
name = "document.number"
type = "text"
label = "เลขที่"
example = "1"

[[fields]]
name = "organisation.representative.full_name"
type = "text"
label = "ผู้แทน"
example = "นายตัวอย่าง สมมติ"
"""
RIVER = """
themes = ["การดูแลแม่น้ำ", "การศึกษา"]
plans = [{ title = "อบรม", starts_on = 2026-01-01, ends_on = 2026-03-31 }]
"""
RIVER_VALUES = """
[values]
"วันที่ต้องแจ้งล่วงหน้า" = "๓๐"
"""
BODY = f"{NOTE}<p>{{{{ document.number }}}} {{{{ organisation.representative.full_name }}}}</p>"


@pytest.fixture
def house(workspace: Path, write_template: WriteTemplate) -> Path:
    """The workspace with a template that has a Word file of its own."""
    assert 'name = "{name}"' in NOTE_MANIFEST
    folder = write_template(workspace, body=BODY, more_fields=FIELDS)
    (folder / "template.docx").write_bytes(house_file(places=("party", "network")))
    return workspace


def of_one(name: str) -> tuple[str, ...]:
    return ("faulty", "--list", "members", "--organisation", name)


def test_a_draft_of_the_houses_layout_is_written_and_the_layout_of_record_is_told(run_mou: RunMou, house: Path) -> None:
    answer = run_mou("generate", *of_one("org-1"), "--word", "--own-layout", "-w", house)
    assert answer.code == 0, answer.stderr
    assert "the PDF of record follows the program's layout, not this one" in answer.stdout
    (path,) = (house / "drafts" / "faulty").iterdir()
    assert path.name == "N-2565-001-draft.docx"
    document = opened(path.read_bytes())
    assert document.paragraphs[1].text == "ทำกับ มูลนิธิที่1 โดย นายผู้แทน1 ทดสอบ"
    assert "มิใช่ฉบับที่ลงนาม" in document.sections[0].footer.paragraphs[-1].text
    told = run_mou("generate", *of_one("org-1"), "--word", "--own-layout", "--json", "-w", house)
    assert told.table == [{"draft": str(path), "follows": "template.docx"}]


def test_what_libreoffice_laid_out_is_named_wherever_it_is_verified(run_mou: RunMou, house: Path, tmp_path: Path) -> None:
    program = installed_office()
    made = run_mou("generate", *of_one("org-1"), "--through-libreoffice", "-w", house, MOU_SOFFICE=program)
    assert made.code == 0, made.stderr
    assert "1 documents made, 0 were there already" in made.stdout
    assert "LibreOffice laid out their pages, not this program" in made.stdout
    again = run_mou("generate", *of_one("org-1"), "--through-libreoffice", "-w", house, MOU_SOFFICE=program)
    assert "0 documents made, 1 were there already" in again.stdout
    (pdf,) = (house / "documents" / "faulty").glob("*.pdf")
    told = run_mou("verify", pdf, "-w", house)
    assert "from the house's own Word file, not by this program" in told.stdout
    (report,) = run_mou("verify", pdf, "-w", house, "--json").lines
    assert report["laid_out_by"]["program"] == "LibreOffice"
    assert report["laid_out_by"]["layout"].startswith("sha256:")
    page = tmp_path / "report.html"
    run_mou("verify", pdf, "-w", house, "--report", page)
    assert page.read_text(encoding="utf-8").count("LibreOffice") >= 2  # once in each language
    looked_at = run_mou("doctor", "-w", house)
    assert looked_at.code == 0, looked_at.stdout
    assert "laid out by LibreOffice, which is not asked to follow these rules" in looked_at.stdout
    ours = run_mou("generate", *of_one("org-2"), "-w", house)
    assert ours.code == 0, ours.stderr
    other = house / "documents" / "faulty" / "N-2565-002.pdf"
    assert "laid_out_by" not in json.loads(run_mou("verify", other, "-w", house, "--json").stdout)


def test_a_wrong_tag_is_told_with_its_paragraph_and_nothing_is_left(run_mou: RunMou, house: Path, state_of: StateOf) -> None:
    (house / "templates" / "faulty" / "template.docx").write_bytes(
        house_file(paragraphs=["ก {{ organisation.name_th ข", "{{ organisation.nobody }}"])
    )
    before: State = state_of(house)
    for options in (("--word", "--own-layout"), ("--through-libreoffice",)):
        answer = run_mou("generate", *of_one("org-1"), *options, "-w", house)
        assert answer.code == 1
        assert "paragraph 3" in answer.stderr
        assert "{{ organisation.name_th ข" in answer.stderr
    assert state_of(house) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--own-layout",), "--own-layout goes with --word"),
        (("--through-libreoffice", "--word"), "leave --draft and --word out"),
        (("--through-libreoffice", "--draft"), "leave --draft and --word out"),
    ],
    ids=["a layout without a draft", "a Word draft through LibreOffice", "a draft through LibreOffice"],
)
def test_options_that_do_not_go_together_are_wrong_use(run_mou: RunMou, house: Path, options: tuple[str, ...], told: str) -> None:
    answer = run_mou("generate", "faulty", *options, "-w", house)
    assert answer.code == 2
    assert told in answer.stderr


def test_the_doctor_says_whether_libreoffice_is_there_and_misses_nothing_without_it(run_mou: RunMou, tmp_path: Path) -> None:
    without = run_mou("doctor", cwd=tmp_path, MOU_SOFFICE="/there/is/none")
    assert without.code == 0, without.stdout
    assert "- LibreOffice\n    not installed; only mou generate --through-libreoffice needs it" in without.stdout
    with_it = run_mou("doctor", cwd=tmp_path, MOU_SOFFICE=installed_office())
    assert "✓ LibreOffice\n" in with_it.stdout


def test_an_imported_file_is_filled_as_the_houses_own_layout_too(run_mou: RunMou, workspace: Path) -> None:
    guide = Path(__file__).resolve().parents[2] / "docs" / "examples" / "river-memorandum.docx"
    imported = run_mou("template", "import", guide, "-w", workspace)
    assert imported.code == 0, imported.stderr
    checked = run_mou("template", "check", "river-memorandum", "-w", workspace)
    assert checked.code == 0, checked.stdout
    ceremony = workspace / "ceremony.toml"
    ceremony.write_text(RIVER + ceremony.read_text("utf-8") + RIVER_VALUES, encoding="utf-8")
    answer = run_mou(
        "generate", "river-memorandum", "--list", "members", "--organisation", "org-1", "--word", "--own-layout", "-w", workspace
    )
    assert answer.code == 0, answer.stderr
    (path,) = (workspace / "drafts" / "river-memorandum").iterdir()
    shown = "\n".join(paragraph.text for paragraph in opened(path.read_bytes()).paragraphs)
    assert "นายผู้แทน1 ทดสอบ" in shown
    assert "{{" not in shown
