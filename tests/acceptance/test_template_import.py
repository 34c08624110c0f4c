"""`mou template import`, as an officer calls it: a Word file becomes a template of the workspace, which makes documents."""

import json
from pathlib import Path

import pytest

from mou.templates import bundled_templates_folder
from tests.acceptance.conftest import RunMou, State, StateOf

FILES = Path(__file__).parents[1] / "data" / "word"
BY_HAND = FILES / "01-styles-by-hand.docx"


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def clauses_file(folder: Path) -> Path:
    """The final clauses of the bundled charter in a file of their own."""
    manifest = (bundled_templates_folder() / "lanna-charter" / "template.toml").read_text(encoding="utf-8")
    path = folder / "clauses.toml"
    path.write_text(manifest[manifest.index("[final_clauses]") :], encoding="utf-8")
    return path


def test_a_word_file_becomes_a_template_from_which_documents_are_made(run_mou: RunMou, workspace: Path) -> None:
    answer = run_mou("template", "import", BY_HAND, "--name", "forest-mou", "-w", workspace)
    assert answer.code == 0, answer.stderr
    assert answer.stdout.splitlines()[1] == ("forest-mou: 3 articles, 2 items, 0 tables, 9 fields, 1 places for signatures")
    folder = workspace / "templates" / "forest-mou"
    assert sorted(files_in(folder)) == [
        *("import-report.json", "template.css", "template.docx", "template.html", "template.toml"),
    ]
    assert (folder / "template.docx").read_bytes() == BY_HAND.read_bytes()
    assert run_mou("template", "check", "forest-mou", "-w", workspace).code == 0
    with (workspace / "ceremony.toml").open("a", encoding="utf-8") as ceremony:
        ceremony.write("\n[values]\nnotice_days = 45\n")
    made = run_mou("generate", "forest-mou", "--list", "members", "--organisation", "org-1", "--json", "-w", workspace)
    assert made.code == 0, made.stderr
    assert len(made.table) == 1
    draft = run_mou(
        "generate", "forest-mou", "--list", "members", "--organisation", "org-1", "--word", "--own-layout", "-w", workspace
    )
    assert draft.code == 0, draft.stderr
    assert "the PDF of record follows the program's layout, not this one" in draft.stdout


def test_the_report_is_told_as_text_and_as_json_and_kept_in_the_folder(run_mou: RunMou, tmp_path: Path) -> None:
    source = FILES / "07-typed-numbers-and-blanks.docx"
    told = run_mou("template", "import", source, "--into", tmp_path / "one")
    assert "blanks without a tag (8):" in told.stdout
    assert "paragraph 3: after เขียนที่: perhaps {{ ceremony.place }}" in told.stdout
    assert "charter.title was taken for the field ceremony.values.charter_title" in told.stdout
    as_json = run_mou("template", "import", source, "--into", tmp_path / "two", "--json").object
    kept = json.loads((tmp_path / "two" / source.stem / "import-report.json").read_text(encoding="utf-8"))
    assert {name: as_json[name] for name in kept} == kept
    assert len(kept["blanks"]) == 8


def test_the_report_is_told_in_thai_without_a_traceback(run_mou: RunMou, tmp_path: Path) -> None:
    answer = run_mou("--lang", "th", "template", "import", BY_HAND, "--into", tmp_path)
    assert answer.code == 0, answer.stderr


def test_the_same_file_again_gives_what_is_there_and_changes_nothing(run_mou: RunMou, workspace: Path, state_of: StateOf) -> None:
    assert run_mou("template", "import", BY_HAND, "-w", workspace).code == 0
    html = workspace / "templates" / BY_HAND.stem / "template.html"
    html.write_text(html.read_text(encoding="utf-8").replace("การเลิก", "การยกเลิก"), encoding="utf-8")
    before: State = state_of(workspace)
    again = run_mou("template", "import", BY_HAND, "-w", workspace)
    assert again.code == 0
    assert "was made from this very file before, and was left as it is" in again.stdout
    assert state_of(workspace) == before


def test_another_file_under_the_same_name_is_refused(run_mou: RunMou, tmp_path: Path) -> None:
    assert run_mou("template", "import", BY_HAND, "--name", "one", "--into", tmp_path).code == 0
    before = files_in(tmp_path / "one")
    answer = run_mou("template", "import", FILES / "06-footnotes.docx", "--name", "one", "--into", tmp_path)
    assert answer.code == 1
    assert "choose another --name" in answer.stderr
    assert files_in(tmp_path / "one") == before


def test_a_folder_that_no_import_made_is_refused(run_mou: RunMou, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "import-report.json").write_text("[1, 2", encoding="utf-8")
    assert run_mou("template", "import", BY_HAND, "--name", "one", "--into", tmp_path).code == 1
    assert list(files_in(tmp_path / "one")) == ["import-report.json"]


def test_a_file_whose_name_gives_none_asks_for_one(run_mou: RunMou, tmp_path: Path) -> None:
    source = tmp_path / "บันทึกความเข้าใจ ๑.docx"
    source.write_bytes(BY_HAND.read_bytes())
    answer = run_mou("template", "import", source, "--into", tmp_path / "templates")
    assert answer.code == 2
    assert "--name" in answer.stderr
    assert not (tmp_path / "templates").exists()


@pytest.mark.parametrize("name", ["../outside", "a b", ".hidden"])
def test_a_name_that_no_template_can_have_is_refused(run_mou: RunMou, tmp_path: Path, name: str) -> None:
    answer = run_mou("template", "import", BY_HAND, "--name", name, "--into", tmp_path / "templates")
    assert answer.code == 1
    assert "a template's name" in answer.stderr
    assert not (tmp_path / "templates").exists()
    assert not (tmp_path / "outside").exists()


def test_a_charter_needs_final_clauses_and_takes_them_from_a_file(run_mou: RunMou, tmp_path: Path) -> None:
    source = FILES / "03-automatic-numbers.docx"
    refused = run_mou("template", "import", source, "--kind", "charter", "--into", tmp_path)
    assert refused.code == 2
    assert "--clauses FILE.toml" in refused.stderr
    arguments = ("template", "import", source, "--kind", "charter", "--clauses", clauses_file(tmp_path), "--into", tmp_path)
    assert run_mou(*arguments).code == 0
    manifest = (tmp_path / source.stem / "template.toml").read_text(encoding="utf-8")
    assert 'kind = "charter"' in manifest
    assert "[final_clauses]" in manifest
    assert "for_each_organisation = true" in manifest


def test_clauses_that_are_none_or_not_a_charters_are_refused(run_mou: RunMou, tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text("a = 1\n", encoding="utf-8")
    arguments = ("template", "import", BY_HAND, "--clauses", empty, "--into", tmp_path / "templates")
    assert "add --kind charter" in run_mou(*arguments).stderr
    answer = run_mou(*arguments, "--kind", "charter")
    assert "[final_clauses] is expected" in answer.stderr
    assert not (tmp_path / "templates").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "expected", id="empty"),
        pytest.param(b"no word file at all", "expected", id="text"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "", id="an old or encrypted file"),
        pytest.param(BY_HAND.read_bytes()[:4000], "", id="cut off"),
    ],
)
def test_what_is_no_word_file_is_refused_and_leaves_nothing(run_mou: RunMou, tmp_path: Path, content: bytes, words: str) -> None:
    source = tmp_path / "broken.docx"
    source.write_bytes(content)
    answer = run_mou("template", "import", source, "--into", tmp_path / "templates")
    assert answer.code == 1
    assert "broken.docx" in answer.stderr
    assert words in answer.stderr
    assert not (tmp_path / "templates").exists()


def test_a_tag_with_a_fault_is_told_with_its_paragraph_and_nothing_is_written(run_mou: RunMou, tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    for text in ("บันทึกข้อตกลง", "ทำกับ {{ organisation.name_th | }} ดังนี้", "{%p if organisation.address %}", "ที่อยู่ {{ budget"):
        document.add_paragraph(text)
    source = tmp_path / "faulty.docx"
    document.save(str(source))
    answer = run_mou("template", "import", source, "--into", tmp_path / "templates")
    assert answer.code == 1
    for words in (
        "paragraph 2: {{ organisation.name_th | }}: Jinja2 syntax is expected",
        "ทำกับ {{ organisation.name_th | }} ดังนี้",
        "paragraph 3: {% if organisation.address %} has no end",
        "paragraph 4: {{ stands alone",
    ):
        assert words in answer.stderr
    assert not (tmp_path / "templates").exists()
