"""The depositary on the command line: papers examined, accepted or returned, and where the charter stands on any day."""

import hashlib
import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou

DAY = "2022-03-29"
MEETING = ("--present", "on_site=11", "--present", "online=8", "--in-favour", "18", "--abstaining", "1")
MEMBER = "lanna-01"


class Secretary:
    """Types commands about one charter in one workspace."""

    def __init__(self, run_mou: "RunMou", workspace: Path) -> None:
        self.run = run_mou
        self.workspace = workspace

    def __call__(self, *arguments: object) -> "Answer":
        return self.run(*arguments, "-w", self.workspace)

    def accepted(self, *arguments: object) -> str:
        answer = self(*arguments)
        assert answer.code == 0, answer.stdout + answer.stderr
        return answer.stdout

    def returned(self, *arguments: object) -> str:
        answer = self(*arguments)
        assert answer.code == 1, answer.stdout + answer.stderr
        assert "RETURNED, not counted" in answer.stdout
        return answer.stdout

    def asked(self, *arguments: object) -> dict[str, Any]:
        return self("charter", *arguments, "--json").object


@pytest.fixture
def secretary(run_mou: "RunMou", finished_demo: Path, tmp_path: Path) -> Secretary:
    """The demo's workspace after the meeting that adopted the charter's text."""
    workspace = tmp_path / "workspace"
    shutil.copytree(finished_demo, workspace, symlinks=True)
    found = Secretary(run_mou, workspace)
    found.accepted("charter", "adopt", "lanna-charter", "--on", DAY, *MEETING)
    return found


def deposit_authority(secretary: Secretary, *more: object) -> None:
    secretary.accepted(
        "instrument", "authority", MEMBER, "--kind", "board_resolution", "--issued-on", "2022-03-01", "--on", "2022-03-20", *more
    )


def test_a_signature_on_paper_is_counted_shown_as_paper_and_bound_to_the_electronic_original(
    secretary: Secretary, tmp_path: Path
) -> None:
    deposit_authority(secretary)
    scan = tmp_path / "ลงนามแล้ว.jpg"
    scan.write_bytes(b"\xff\xd8 an invented scan")
    paper = ("instrument", "paper", MEMBER, "lanna-charter", "--scan", scan, "--kept-at", "ตู้ ก แฟ้ม ๓", "--on", DAY)
    same = secretary.returned(*paper, "--received-by", "นางดวง สมมติ", "--attested-by", "นางดวง สมมติ")
    assert "somebody else" in same
    told = secretary.accepted(*paper, "--received-by", "นางดวง สมมติ", "--attested-by", "นายก้อง ตัวอย่าง")
    assert told.startswith(f"accepted: definitive signature, {MEMBER}, takes effect on {DAY}")
    status = secretary.asked("status", "--at", DAY)
    assert (status["state"], status["signed"], status["counted"], status["conditions"][0]["missing"]) == (
        "not_in_force",
        1,
        1,
        12,
    )
    papers = secretary("charter", "instruments", "--party", MEMBER, "--json").table
    shown = [one["paper"] for one in papers if one["paper"].get("channel")]
    assert {one["channel"] for one in shown} == {"paper"}
    charter = secretary("status", "lanna-charter", "--json").table[0]
    assert {one["paper"]["original"] for one in shown} == {charter["digest"]}
    assert "ดวง" not in json.dumps(papers, ensure_ascii=False)  # whoever attests it is an opaque id


def test_a_signature_after_the_authority_has_expired_is_returned_kept_and_not_counted(
    secretary: Secretary, tmp_path: Path
) -> None:
    deposit_authority(secretary, "--expires-on", "2022-03-28")
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(b"scan")
    told = secretary.returned(
        *("instrument", "paper", MEMBER, "lanna-charter", "--scan", scan, "--kept-at", "-", "--on", DAY),
        *("--received-by", "ก", "--attested-by", "ข"),
    )
    assert f"clause proof_of_authority\n  an authority that covers this document on {DAY} is expected" in told
    assert secretary.asked("status", "--at", DAY)["counted"] == 0
    outcomes = [one["outcome"] for one in secretary("charter", "instruments", "--party", MEMBER, "--json").table]
    assert outcomes == ["accepted", "returned"]
    assert secretary("ledger", "audit").code == 0


def test_signatures_outside_the_window_are_returned_with_the_clause_and_the_days(secretary: Secretary) -> None:
    deposit_authority(secretary)
    answer = secretary("charter", "receive", "--json")
    assert answer.code == 1
    clauses = {(one["paper"]["party"], one["clause"]) for one in answer.table}
    assert (MEMBER, "signature_window") in clauses  # the demo is signed today, the window closed in 2022
    assert ("lanna-02", "proof_of_authority") in clauses


def test_the_same_answers_come_from_an_exported_ledger_and_the_charter_alone(
    secretary: Secretary, run_mou: "RunMou", tmp_path: Path
) -> None:
    deposit_authority(secretary)
    export = tmp_path / "export"
    secretary.accepted("ledger", "export", export)
    charter = next((secretary.workspace / "documents" / "lanna-charter").glob("*.pdf"))
    alone = ("--export", export, "--ledger-key", secretary.workspace / "keys" / "ledger.vkey", "--charter-pdf", charter, "--json")
    for question in (("status",), ("party", MEMBER), ("party", "lanna-02")):
        asked = ("charter", *question, "--at", "2022-04-01", "--json")
        without = run_mou(*asked[:-1], *alone, cwd=tmp_path)
        assert without.code == 0, without.stderr
        assert json.loads(without.stdout) == secretary(*asked).object


def test_an_error_in_the_text_is_corrected_without_new_signatures_unless_somebody_objects(
    secretary: Secretary, tmp_path: Path
) -> None:
    deposit_authority(secretary)
    scan, corrected = tmp_path / "scan.jpg", tmp_path / "corrected.txt"
    scan.write_bytes(b"scan")
    corrected.write_text("เทศบาลเมืองเขาสามยอด", encoding="utf-8")
    people = ("--received-by", "ก", "--attested-by", "ข")
    secretary.accepted("instrument", "paper", MEMBER, "lanna-charter", "--scan", scan, "--kept-at", "-", "--on", DAY, *people)
    propose = ("charter", "rectify", "propose", "--replaces", "lanna-charter", "--text", corrected)
    secretary.accepted(*propose, "2565-1", "--on", "2022-05-01")
    early = secretary.returned("charter", "rectify", "effect", "2565-1", "--on", "2022-05-31")
    assert "until then anybody may object" in early
    secretary.accepted("charter", "rectify", "effect", "2565-1", "--on", "2022-06-01")
    secretary.accepted(*propose, "2565-2", "--on", "2022-05-01")
    secretary.accepted("charter", "rectify", "object", "2565-2", MEMBER, "--on", "2022-05-10")
    assert "without objection" in secretary.returned("charter", "rectify", "effect", "2565-2", "--on", "2022-06-02")
    known = {one["name"]: one["effected_on"] for one in secretary.asked("status")["rectifications"]}
    assert known == {"2565-1": "2022-06-01", "2565-2": None}


def test_a_misspelt_name_is_shown_article_by_article(secretary: Secretary, tmp_path: Path) -> None:
    page = tmp_path / "correction.html"
    assert "{+" not in secretary.accepted("charter", "compare", "lanna-charter")
    ceremony = secretary.workspace / "ceremony.toml"
    was = ceremony.read_text(encoding="utf-8")
    ceremony.write_text(was.replace("เครือข่ายสิทธิเด็กล้านนา", "เครือข่ายสิทธิเด็กล้านนาฯ"), encoding="utf-8")
    told = secretary.accepted("charter", "compare", "lanna-charter", "--kind", "rectification", "--out", page)
    assert "the newer text has the digest sha256:" in told
    written = page.read_text(encoding="utf-8")
    assert "บันทึกแก้คำผิด" in written
    assert "เครือข่ายสิทธิเด็กล้านนาฯ" in written
    wrong = secretary("charter", "compare", "lanna-charter", "--out", tmp_path / "correction.docx")
    assert wrong.code == 2
    assert ".html, .pdf, .json or .txt" in wrong.stderr


def test_a_certified_copy_holds_the_original_and_names_its_place_in_the_ledger(secretary: Secretary, tmp_path: Path) -> None:
    told = secretary.accepted("charter", "copy", "lanna-charter")
    (copy,) = (secretary.workspace / "documents" / "copies").glob("*.pdf")
    assert told == f"{copy}: certified and recorded (entry {copy.stem.rpartition('-')[2]})\n"
    again = secretary.accepted("charter", "copy", "lanna-charter")
    assert "was certified before" in again
    status = secretary("status", "lanna-charter", "--json").table[0]
    with pikepdf.open(copy) as pdf:
        record = json.loads(pdf.attachments["record.json"].get_file().read_bytes())
        original = pdf.attachments["lanna-charter.pdf"].get_file().read_bytes()
    assert record["revision"] == status["current"] == f"sha256:{hashlib.sha256(original).hexdigest()}"
    inside = tmp_path / "inside.pdf"
    inside.write_bytes(original)
    evidence = next((secretary.workspace / "documents" / "lanna-charter").glob("*.json"))
    assert secretary("verify", inside, "--evidence", evidence).code == 0
    seal = secretary("verify", "--json", copy).lines[0]
    assert (seal["integrity"], [one["kind"] for one in seal["signatures"]]) == ("intact", ["seal"])
    text = subprocess.run(["pdftotext", copy, "-"], capture_output=True, check=True).stdout.decode()
    assert "สำเนารับรอง" in text
    assert secretary("doctor", "--pdf", copy).code == 0
    assert secretary("ledger", "audit").code == 0


def test_every_kind_of_paper_is_examined_and_answered_by_the_clause_that_it_fails(secretary: Secretary, tmp_path: Path) -> None:
    paper = tmp_path / "letter.pdf"
    paper.write_bytes(b"an invented letter")
    vote = ("--present", "on_site=13", "--in-favour", "13")
    on = ("--on", "2022-07-01", "--file", paper, "--note", "ที่ ๑/๒๕๖๕")
    answers = {
        ("approve", MEMBER): "effect_of_signature",
        ("accede", MEMBER, *vote, "--invitation", paper): "proof_of_authority",
        ("withdraw", MEMBER): "proof_of_authority",
        ("instrument", "reserve", MEMBER, "--article", "๗"): "reservations",
        ("instrument", "object", MEMBER, "--reservation", "ins_none"): "reservations",
        ("instrument", "revoke", MEMBER, "--authority", "aut_none"): "proof_of_authority",
        ("instrument", "expel", MEMBER, *vote): "expulsion",
        ("charter", "amend", "propose", "2565-1", "--text", paper, "--by", MEMBER): "amendments",
        ("charter", "amend", "adopt", "2565-1", *vote): "amendments",
        ("charter", "amend", "accept", "2565-1", MEMBER): "proof_of_authority",
        ("charter", "renew", "--until", "2027-12-31", *vote): "duration",
    }
    for arguments, clause in answers.items():
        assert f"clause {clause}\n" in secretary.returned(*arguments, *on), arguments
    accepted = (
        ("instrument", "declare", MEMBER),
        ("instrument", "declare", MEMBER, "--provisionally"),
        ("instrument", "succeed", MEMBER, "lanna-02"),
        ("charter", "depositary", "lanna-03"),
    )
    for arguments in accepted:
        assert secretary.accepted(*arguments, *on).startswith("accepted: "), arguments
    told = secretary("charter", "instruments", "--json").table
    assert len(told) == 1 + len(answers) + len(accepted)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("charter", "status", "--charter", "lanna-mou"), "one of these charters is expected: lanna-charter"),
        (("approve", "nobody"), "no organisation with the id nobody"),
        (
            ("charter", "adopt", "lanna-charter", "--present", "by_phone=3", "--in-favour", "3"),
            "a channel and a count like on_site=11",
        ),
        (("withdraw", MEMBER, "--on", "29 มีนาคม"), "a day like 2022-03-29 is expected"),
        (("withdraw", MEMBER, "--on", f"{date.max.year}-01-01"), "a day that has come is expected"),
    ],
    ids=["another charter", "nobody", "a channel that is none", "no day", "a day that lies ahead"],
)
def test_a_wrong_command_is_refused_in_one_sentence(secretary: Secretary, arguments: tuple[object, ...], expected: str) -> None:
    answer = secretary(*arguments)
    assert answer.code == 2
    assert expected in answer.stderr


def test_nothing_is_answered_before_a_text_is_adopted(run_mou: "RunMou", finished_demo: Path) -> None:
    answer = run_mou("charter", "status", "-w", finished_demo)
    assert answer.code == 2
    assert "record the adoption of its text first: mou charter adopt" in answer.stderr
