"""A draft in Word comes back: the program shows what changed in it, with and without a workspace, and accepts what is chosen."""

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import RunMou, StateOf, WriteTemplate
from tests.unit.mou.drafts.word_drafts import added_after, retyped, saved, tracked

BODY = """
<h1>บันทึกทดสอบ</h1>
<p>ทำกับ {{ organisation.name_th }} ดังนี้</p>
<h2><span class="article-number">{{ 1 | article }}</span>วัตถุประสงค์</h2>
<p class="item"><span class="number">{{ 1 | item(1) }}</span>ส่งเสริมสิทธิเด็กในพื้นที่</p>
<h2><span class="article-number">{{ 2 | article }}</span>ระยะเวลา</h2>
<p>มีผลหนึ่งปีนับแต่วันลงนาม</p>
"""
CSS = ".number, .article-number { display: inline-block; margin-right: 1rem }"


@pytest.fixture
def sent(workspace: Path, write_template: WriteTemplate, run_mou: RunMou) -> Path:
    """The draft of the first organisation, as it is sent."""
    write_template(workspace, body=BODY, css=CSS)
    made = run_mou("generate", "faulty", "--list", "members", "--organisation", "org-1", "--word", "--json", "-w", workspace)
    assert made.code == 0, made.stderr
    return Path(made.table[0]["draft"])


@pytest.fixture
def returned(sent: Path) -> Path:
    """The same with three changes: one typed with tracking on, two with it off."""
    return saved(
        sent,
        sent.with_name("returned.docx"),
        lambda word: added_after(word, "ส่งเสริมสิทธิเด็ก", "๑.๒ รายงาน <b>ผล</b> & อื่น"),
        lambda word: tracked(word, "ในพื้นที่", "ในทุกพื้นที่"),
        lambda word: retyped(word, "หนึ่งปี", "สองปี"),
    )


def test_two_files_are_compared_without_a_workspace(sent: Path, returned: Path, tmp_path: Path, run_mou: RunMou) -> None:
    for name in ("sent.docx", "returned.docx"):
        source = sent if name == "sent.docx" else returned
        (tmp_path / name).write_bytes(source.read_bytes())
    text = run_mou("document", "diff", "sent.docx", "returned.docx", cwd=tmp_path)
    page = run_mou("document", "diff", "sent.docx", "returned.docx", "--format", "html", cwd=tmp_path)
    record = run_mou("document", "diff", "sent.docx", "returned.docx", "--format", "json", cwd=tmp_path)
    assert [text.code, page.code, record.code] == [0, 0, 0]
    assert [one["tracking"] for one in record.object["changes"]] == ["tracked", "untracked", "untracked"]
    for number in (1, 2, 3):
        assert f"[{number}] " in text.stdout
        assert f"[{number}] " in page.stdout
    assert "Not tracked: changes 2, 3." in text.stdout
    assert "{+๑.๒ รายงาน <b>ผล</b> & อื่น+}" in text.stdout
    assert "&lt;b&gt;ผล&lt;/b&gt; &amp; อื่น" in page.stdout
    assert "default-src 'none'" in page.stdout
    assert "<script" not in page.stdout


def test_chosen_changes_become_the_text_and_its_document(workspace: Path, sent: Path, returned: Path, run_mou: RunMou) -> None:
    here = ("-w", workspace)
    accepted = run_mou(
        "document", "accept", sent, returned, "--all", "--except", 3, "--by", "ผู้รับ", "--document", "faulty/org-1", *here
    )
    assert accepted.code == 0, accepted.stderr
    assert "version 1.1: 2 changes accepted" in accepted.stdout
    again = run_mou("document", "accept", sent, returned, "--change", 1, "--change", 2, "--json", *here)
    assert again.code == 0, again.stderr
    assert (again.object["new"], again.object["version"]) == (False, "1.1")
    made = run_mou("generate", "faulty", "--list", "members", "--organisation", "org-1", "--json", *here)
    assert made.table[0]["new"] is True
    history = run_mou("document", "history", made.table[0]["document"], "--json", *here)
    assert [(one["version"], one["changes"], one["accepted_by"]) for one in history.table] == [("1.1", [1, 2], "ผู้รับ")]
    shown = run_mou("document", "history", "faulty/org-1", *here)
    assert history.table[0]["text"] in shown.stdout
    newer = run_mou("document", "diff", "faulty/org-1", returned, "--format", "json", *here)
    assert [(one["number"], one["accepted_in"]) for one in newer.object["changes"]] == [(1, "1.1"), (2, "1.1"), (3, None)]
    by_name = run_mou("document", "accept", "faulty/org-1", returned, "--change", 1, "--json", *here)
    assert (by_name.object["new"], by_name.object["version"]) == (False, "1.1")
    rest = run_mou("document", "accept", "faulty/org-1", returned, "--all", "--json", *here)
    assert (rest.object["new"], rest.object["version"], rest.object["changes"]) == (True, "1.2", [3])


def test_a_comparison_is_written_in_the_form_that_its_name_asks_for(
    workspace: Path, sent: Path, returned: Path, tmp_path: Path, run_mou: RunMou
) -> None:
    for name in ("diff.html", "diff.json", "diff.txt"):
        written = run_mou("document", "diff", sent, returned, "--out", tmp_path / name, "-w", workspace)
        assert written.stdout == f"{tmp_path / name}: written; 3 changes\n"
    assert (tmp_path / "diff.html").read_text("utf-8").startswith("<!doctype html>")
    assert json.loads((tmp_path / "diff.json").read_text("utf-8"))["format"] == "mou.draft_difference.v1"
    refused = run_mou("document", "diff", sent, returned, "--out", tmp_path / "diff.pdf", "-w", workspace)
    assert refused.code == 2
    assert ".html, .json or .txt" in refused.stderr
    assert not (tmp_path / "diff.pdf").exists()


WRONG = {
    "a number that is none of them": (("--change", 9), 2, "there is no change 9: there are 3"),
    "nothing chosen": ((), 2, "--change NUMBER"),
    "both": (("--all", "--change", 1), 2, "either --change NUMBER"),
    "left out of nothing": (("--change", 1, "--except", 1), 2, "either --change NUMBER"),
    "a number left out that is none": (("--all", "--except", 7), 2, "there is no change 7 to leave out"),
    "another document": (("--all", "--document", "nothing"), 2, "no document nothing"),
    "an organisation that is none": (("--all", "--document", "faulty/x"), 2, "faulty/org-1"),
}


@pytest.mark.parametrize(("options", "code", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_accepted_is_refused_and_nothing_is_written(
    workspace: Path,
    sent: Path,
    returned: Path,
    run_mou: RunMou,
    state_of: StateOf,
    options: tuple[object, ...],
    code: int,
    words: str,
) -> None:
    before = state_of(workspace)
    refused = run_mou("document", "accept", sent, returned, *options, "-w", workspace)
    assert (refused.code, words in refused.stderr) == (code, True), refused.stderr
    assert state_of(workspace) == before


BAD_FILES = {
    "none": ("missing.docx", None, "there is no such file"),
    "another kind": ("returned.odt", b"x", "a Word file (.docx) is expected"),
    "no Word file": ("returned.docx", b"no zip", "returned.docx"),
    "an empty file": ("returned.docx", b"", "returned.docx"),
    "a password": ("returned.docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "returned.docx"),
}


@pytest.mark.parametrize(("name", "content", "words"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_is_no_draft_is_named(
    workspace: Path, sent: Path, tmp_path: Path, run_mou: RunMou, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    for command in (("diff",), ("accept", "--all")):
        refused = run_mou("document", *command, sent, tmp_path / name, "-w", workspace)
        assert refused.code == 1
        assert words in refused.stderr


def test_a_value_of_the_list_is_refused_by_its_number(workspace: Path, sent: Path, run_mou: RunMou, state_of: StateOf) -> None:
    document = saved(sent, sent.with_name("named.docx"), lambda word: retyped(word, "มูลนิธิที่1", "มูลนิธิที่หนึ่ง"))
    before = state_of(workspace)
    refused = run_mou("document", "accept", sent, document, "--all", "--document", "faulty/org-1", "-w", workspace)
    assert refused.code == 1
    assert "change 1: มูลนิธิที่1 is a value of the list of organisations (organisation.name_th): change it there" in refused.stderr
    assert state_of(workspace) == before
