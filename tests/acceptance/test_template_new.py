"""`mou template new`: from answers in a file or typed, or as a copy; what comes out is filled and laid out like any template."""

import json
import os
import pty
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from mou.rendering.checks import bare_text
from mou.templates import bundled_templates_folder, load_template
from tests.acceptance.conftest import CEREMONY, MOU, SECONDS_BEFORE_GIVING_UP, Answer, require_no_traceback, surroundings

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou

ANSWERS = """
kind = "memorandum"
subject = "ความร่วมมือดูแลแม่น้ำปิง"
host_called = "เครือข่าย"
party_called = "องค์กรริมน้ำ"
purposes = ["ดูแลน้ำของ \\"A&B <x>\\" ร่วมกัน", "ตอบแทน {{ host.name_th }} อย่างเป็นธรรม"]
host_duties = ["ประสานงาน"]
party_duties = ["ตรวจคุณภาพน้ำ"]
has_plans = true
money = "host_pays"
term_years = 2
notice_days = 60
has_witnesses = true
has_children = false
has_registry = true
annexes = ["พื้นที่ดำเนินงาน"]
annex_1 = ["ลำน้ำช่วงอำเภอเมือง"]
"""
CHARTER = """
kind = "charter"
network = "เครือข่ายคนรักแม่น้ำปิง"
purposes = ["ดูแลแม่น้ำปิงร่วมกัน"]
membership = ["มีผู้แทนซึ่งได้รับมอบอำนาจโดยชอบ"]
member_duties = ["ปฏิบัติตามธรรมนูญนี้"]
has_children = true
"""
PLANS = '\n[[plans]]\ntitle = "แผนปีแรก"\nstarts_on = 2022-04-01\nends_on = 2022-12-31\n'
LIST = """รหัส,ชื่อองค์กร,ประเภท,งบประมาณ,คำนำหน้า ผู้แทน,ชื่อ ผู้แทน,สกุล ผู้แทน,ตำแหน่ง ผู้แทน,คำนำหน้า พยาน,ชื่อ พยาน,สกุล พยาน,ตำแหน่ง พยาน
org-1,มูลนิธิบ้านริมน้ำ,มูลนิธิ,12345.50,นาง,สายฝน,ใจงาม,ประธาน,นาย,ต้น,แสงดาว,เลขานุการ
org-2,สมาคมคนรักน้ำ,สมาคม,๒๐๐๐,นาย,ภูผา,ใจดี,นายกสมาคม,นาง,ขวัญ,แสงดาว,เลขานุการ
"""
TYPED = [
    *("1", "ความร่วมมือดูแลแม่น้ำปิง", "", "เครือข่าย", "เครือข่าย", "องค์กรริมน้ำ", "", ""),
    *("ดูแลแม่น้ำ", "", "ประสานงาน", "", "ตรวจน้ำ", "", "ไม่", "9", "1", "n", "๒", "60", "n", "ไม่", "n", "", ""),
]
CLAUSES_TYPED = [
    *("1 3", "1", "3", "5/12/2569", "31 มีนาคม 2570", "1", "2", "", "30", "30", "1", "1", "1"),
    *("y", "", "1/2", "2/3", "2", "2/3", "30", "1", "90", "", "1", "", "30", "secretariat", ""),
]


def typed(lines: list[str], *arguments: object) -> Answer:
    """The program with these lines on standard input, and its end after them."""
    done = subprocess.run(
        [MOU, *map(str, arguments)],
        env=surroundings(),
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS_BEFORE_GIVING_UP,
        check=False,
    )
    answer = Answer(done.returncode, done.stdout, done.stderr)
    require_no_traceback(answer)
    return answer


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory, run_mou: "RunMou") -> Path:
    """A workspace with two organisations, and a memorandum and a charter that were written from answers."""
    folder = tmp_path_factory.mktemp("river")
    workspace = folder / "ours"
    assert run_mou("init", workspace, "--name", "เครือข่ายคนรักแม่น้ำปิง", "--origin", "example.org/river").code == 0
    (workspace / "ceremony.toml").write_text(CEREMONY + PLANS, encoding="utf-8")
    (folder / "members.csv").write_text(LIST, encoding="utf-8")
    assert run_mou("organisations", "import", folder / "members.csv", "-w", workspace).code == 0
    for name, answers, more in (("river-mou", ANSWERS, ()), ("river-charter", CHARTER, ("--clauses-from", "lanna-charter"))):
        path = folder / f"{name}.toml"
        path.write_text(answers, encoding="utf-8")
        made = run_mou("template", "new", name, "--answers", path, *more, "-w", workspace)
        assert made.code == 0, made.stderr
        assert ("the final clauses are those of lanna-charter" in made.stdout) is bool(more)
    return workspace


def text_of(folder: Path, name: str) -> str:
    with pypdfium2.PdfDocument(folder / name) as document:
        return bare_text("".join(page.get_textpage().get_text_range() for page in document))


def test_a_memorandum_from_a_file_of_answers_is_generated_for_each_organisation(river: Path, run_mou: "RunMou") -> None:
    made = run_mou("generate", "river-mou", "-w", river, "--json")
    assert made.code == 0, made.stderr
    assert [one["new"] for one in json.loads(made.stdout)] == [True, True]
    text = text_of(river / "documents" / "river-mou", "N-2565-001.pdf")
    for words in (
        "บันทึกความเข้าใจว่าด้วยความร่วมมือดูแลแม่น้ำปิง",
        'ดูแลน้ำของ "A&B <x>" ร่วมกัน',
        "ตอบแทน {{ host.name_th }} อย่างเป็นธรรม",
        "๑๒,๓๔๕.๕๐ บาท (หนึ่งหมื่นสองพันสามร้อยสี่สิบห้าบาทห้าสิบสตางค์)",
        "แผนปีแรก",
        "เมษายน – ธันวาคม ๒๕๖๕",
        "ภาคผนวก ๒ พื้นที่ดำเนินงาน",
    ):
        assert bare_text(words) in text
    assert bare_text("ไม่ก่อให้เกิดนิติสัมพันธ์") not in text


def test_a_charter_from_a_file_of_answers_has_a_place_for_each_member(river: Path, run_mou: "RunMou") -> None:
    made = run_mou("generate", "river-charter", "-w", river)
    assert made.code == 0, made.stderr
    [pdf] = (river / "documents" / "river-charter").glob("*.pdf")
    text = text_of(pdf.parent, pdf.name)
    for words in ("ธรรมนูญของเครือข่ายคนรักแม่น้ำปิง", "มูลนิธิบ้านริมน้ำ", "สมาคมคนรักน้ำ", "บัญชีองค์กรสมาชิกท้ายธรรมนูญ", "ผู้มีสิทธิลงนาม"):
        assert bare_text(words) in text


@pytest.mark.parametrize("name", ["river-mou", "river-charter"])
def test_what_is_written_from_answers_passes_the_check(name: str, river: Path, run_mou: "RunMou") -> None:
    checked = run_mou("template", "check", name, "-w", river)
    assert checked.code == 0, checked.stderr
    assert "error" not in checked.stdout
    assert "warning" not in checked.stdout


def test_answers_are_typed_one_after_the_other_and_asked_again_where_they_are_none(workspace: Path, run_mou: "RunMou") -> None:
    answer = typed(TYPED, "template", "new", "river-mou", "-w", workspace)
    assert answer.code == 0, answer.stderr
    assert "another name than host_called expected, got 'เครือข่าย'" in answer.stdout
    assert "one of none, host_pays, party_pays expected, got '9'" in answer.stdout
    template = load_template(workspace / "templates" / "river-mou")
    assert template.title_lines == ("บันทึกความเข้าใจ", "ว่าด้วยความร่วมมือดูแลแม่น้ำปิง")
    assert [role.name for role in template.roles] == ["party", "host"]
    made = run_mou("generate", "river-mou", "--list", "members", "-w", workspace)
    assert made.code == 0, made.stderr


def test_the_lines_of_a_title_can_be_typed_otherwise(workspace: Path) -> None:
    lines = [*TYPED[:2], "n", "บันทึกความเข้าใจ", "อย่างอื่น", "", "n", "บันทึกความเข้าใจ", "ว่าด้วยความร่วมมือ", "ดูแลแม่น้ำปิง", "", *TYPED[3:]]
    answer = typed(lines, "template", "new", "river-mou", "-w", workspace)
    assert answer.code == 0, answer.stderr
    assert "lines that are together “บันทึกความเข้าใจว่าด้วยความร่วมมือดูแลแม่น้ำปิง” expected" in answer.stdout
    assert load_template(workspace / "templates" / "river-mou").title_lines == (
        "บันทึกความเข้าใจ",
        "ว่าด้วยความร่วมมือ",
        "ดูแลแม่น้ำปิง",
    )


def test_a_charter_is_typed_with_its_final_clauses_and_a_contradiction_is_asked_again(tmp_path: Path) -> None:
    lines = ["เครือข่ายคนรักแม่น้ำปิง", "", "", "ดูแลแม่น้ำ", "", "มีผู้แทน", "", "ปฏิบัติตามธรรมนูญ", "", "n", ""]
    # First an exclusion for which the excluded would have to vote; then every answer again as it was, but for that share.
    contradicting = [*CLAUSES_TYPED[:-6], "", "2", "1/1", "1", *CLAUSES_TYPED[-4:]]
    again = [""] * (len(contradicting) - len(CLAUSES_TYPED[-4:]) - 2) + ["3/4", "", "", "", "", ""]
    answer = typed([*lines, *contradicting, *again], "template", "new", "pact", "--kind", "charter", "--into", tmp_path)
    assert answer.code == 0, answer.stdout[-800:] + answer.stderr
    assert "These answers do not go together" in answer.stdout
    assert "who is excluded is a member and would have to vote for it" in answer.stdout
    clauses = load_template(tmp_path / "pact").clauses
    assert clauses is not None
    assert clauses.expulsion is not None
    assert str(clauses.expulsion.min_fraction) == "3/4"
    assert clauses.signature_window.closes_on is not None


@pytest.mark.parametrize("after", [0, 1, 5, 12, len(TYPED) - 1])
def test_whoever_breaks_off_leaves_nothing(after: int, tmp_path: Path) -> None:
    answer = typed(TYPED[:after], "template", "new", "river-mou", "--into", tmp_path / "templates")
    assert answer.code == 1
    assert answer.stderr.strip() == "mou: stopped; nothing was written"
    assert list(tmp_path.iterdir()) == []


def test_whoever_presses_ctrl_c_at_a_terminal_leaves_nothing(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [MOU, "template", "new", "river-mou", "--into", tmp_path / "templates"],
        env=surroundings(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        os.write(ours, b"1\n")
        assert process.stdout is not None
        while "What is the memorandum about?" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=SECONDS_BEFORE_GIVING_UP)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
    assert (process.returncode, told.strip().splitlines()[-1]) == (1, "mou: stopped; nothing was written")
    assert list(tmp_path.iterdir()) == []


def test_every_wrong_answer_of_a_file_is_told_and_nothing_is_written(tmp_path: Path, run_mou: "RunMou") -> None:
    path = tmp_path / "answers.toml"
    path.write_text(ANSWERS.replace("term_years = 2", 'term_years = "two"').replace("subject", "subjekt"), encoding="utf-8")
    answer = run_mou("template", "new", "river-mou", "--answers", path, "--into", tmp_path / "templates")
    assert answer.code == 1
    assert answer.stderr.splitlines() == [
        f"mou: {path}: the answers cannot be used",
        f"  - {path}: subject: text that is not empty expected, missing",
        f"  - {path}: term_years: a whole number of at least 0 expected, got 'two'",
        f"  - {path}: subjekt: this key is not known; look for a misspelling",
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["answers.toml"]


@pytest.mark.parametrize("content", [b"\xff", b"kind = ", b"[[kind]]\n", b"kind = 1979-05-27\n"])
def test_a_file_that_holds_no_answers_is_told_without_a_traceback(content: bytes, tmp_path: Path, run_mou: "RunMou") -> None:
    path = tmp_path / "answers.toml"
    path.write_bytes(content)
    answer = run_mou("template", "new", "river-mou", "--answers", path, "--into", tmp_path / "templates")
    assert (answer.code, str(path) in answer.stderr) == (1, True)


def test_the_questions_are_printed_as_a_file_to_fill_in(run_mou: "RunMou", tmp_path: Path) -> None:
    shown = run_mou("template", "new", "--show-questions", "--kind", "charter")
    assert shown.code == 0
    path = tmp_path / "answers.toml"
    path.write_text(shown.stdout, encoding="utf-8")
    answer = run_mou("template", "new", "pact", "--answers", path, "--into", tmp_path / "templates")
    assert answer.code == 1
    assert "final_clauses: withdrawal: notice_days: a whole number of at least 0 expected, got ''" in answer.stderr


def test_a_bundled_template_is_copied_and_used_under_its_new_name(workspace: Path, run_mou: "RunMou") -> None:
    made = run_mou("template", "new", "our-mou", "--from", "child-friendly-city-mou", "-w", workspace)
    assert made.code == 0, made.stderr
    bundled = load_template(bundled_templates_folder() / "child-friendly-city-mou")
    copied = load_template(workspace / "templates" / "our-mou")
    assert (copied.name, copied.title, copied.version, copied.css) == ("our-mou", bundled.title, "1", bundled.css)
    assert (copied.folder / "example" / "ceremony.toml").is_file()
    second = run_mou("template", "new", "second", "--from", "our-mou", "-w", workspace)
    assert second.code == 0, second.stderr
    listed = run_mou("template", "list", "--json", "-w", workspace)
    assert {"our-mou", "second", "note"} <= {one["name"] for one in json.loads(listed.stdout)}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "a name for the template is expected"),
        (("a b", "--into", "x"), 1, "a template's name of letters"),
        (("../x", "--into", "x"), 1, "a template's name of letters"),
        (("x",), 2, "no workspace here"),
        (("x", "--from", "nowhere", "--into", "x"), 2, "no template nowhere; there are: "),
        (("x", "--from", "lanna-mou", "--kind", "charter", "--into", "x"), 2, "--from copies a whole template"),
        (("x", "--clauses-from", "lanna-mou", "--into", "x"), 2, "a charter's template is expected, got lanna-mou"),
        (("x", "--kind", "memorandum", "--clauses-from", "lanna-charter", "--into", "x"), 2, "a memorandum has no final clauses"),
        (("x", "--answers", "nowhere.toml", "--into", "x"), 2, "nowhere.toml"),
    ],
)
def test_a_call_that_cannot_be_carried_out_asks_nothing(
    arguments: tuple[str, ...], code: int, told: str, tmp_path: Path, run_mou: "RunMou"
) -> None:
    answer = run_mou("template", "new", *arguments, cwd=tmp_path)
    assert (answer.code, answer.stdout) == (code, "")
    assert told in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_told_before_anything_is_asked(workspace: Path, run_mou: "RunMou") -> None:
    before = (workspace / "templates" / "note" / "template.html").read_bytes()
    answer = run_mou("template", "new", "note", "-w", workspace)
    assert (answer.code, answer.stdout) == (1, "")
    assert "a folder that is not there yet is expected" in answer.stderr
    assert (workspace / "templates" / "note" / "template.html").read_bytes() == before
