"""A youth group whose representative is 18: what the commands refuse, record, show and let through."""

import io
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from signatures.authority import Subject, new_private_key, open_authority, write_pkcs12

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou, WriteTemplate

MINOR, ADULT = "นางสาวฟ้าใส สมมติ", "นางดวง ตัวอย่าง"
PASSWORD = "correct-horse"
ROLE_BESIDE = """
[[roles]]
name = "adviser"
label = "ที่ปรึกษา"
capacity = "witness"
order = 1
source = "organisation.witness"
"""
HEADERS = (
    "organisation_id,name_th,kind,prefix representative,given name representative,family name representative,"
    "position representative,date_of_birth representative,prefix witness,given name witness,family name witness,"
    "position witness,วันเกิด พยาน"
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace with the memorandum of a youth group, and what its signatories need."""

    run: "RunMou"
    workspace: Path
    folder: Path
    born: str

    def __call__(self, *arguments: object) -> "Answer":
        return self.run(*arguments, "-w", self.workspace)

    def sign(self, field: str, name: str) -> "Answer":
        own = self.workspace / "keys"
        authority = open_authority((own / "authority.key.pem").read_bytes(), (own / "authority.pem").read_bytes(), source="own")
        key, begin = new_private_key(), authority.certificate.not_valid_before_utc
        certificate = authority.issue(Subject(name), key.public_key(), not_before=begin, not_after=begin + timedelta(days=30))
        key_file, password_file = self.folder / f"{field}.p12", self.folder / "password.txt"
        key_file.write_bytes(write_pkcs12(name, key, certificate, (authority.certificate,), PASSWORD))
        password_file.write_text(PASSWORD, encoding="utf-8")
        return self("sign", "N-2565-001", "--slot", field, "--pkcs12", key_file, "--password-file", password_file)

    def give(self, kind: str, *options: object) -> "Answer":
        return self("consent", "give", "N-2565-001", "--slot", "S0001", "--kind", kind, *options)

    def guardian(self) -> tuple[object, ...]:
        """The options by which a guardian consents."""
        paper = self.folder / "paper.pdf"
        paper.write_bytes(b"%PDF a scan of the signed sheet")
        return ("--guardian", "นางสมหญิง สมมติ", "--relationship", "มารดา", "--file", paper)

    def listed(self) -> dict[str, Any]:
        (first, *_) = self("consent", "list", "N-2565-001", "--json").table
        return first


def years_ago(years: float) -> str:
    """A day so many years before today, since the program's clock is the machine's."""
    return f"{datetime.now(UTC) - timedelta(days=365.25 * years):%Y-%m-%d}"


@pytest.fixture
def desk(run_mou: "RunMou", workspace: Path, tmp_path: Path, write_template: "WriteTemplate") -> Desk:
    write_template(workspace, more_fields=ROLE_BESIDE)
    born = years_ago(18.5)
    youth = tmp_path / "youth.csv"
    row = f"youth-1,กลุ่มเยาวชนสมมติ,กลุ่มเยาวชน,นางสาว,ฟ้าใส,สมมติ,ประธานกลุ่ม,{born},นาง,ดวง,ตัวอย่าง,ที่ปรึกษา,1990-01-02"
    youth.write_text(f"{HEADERS}\n{row}\n", encoding="utf-8")
    for arguments in (("organisations", "import", youth), ("generate", "faulty", "--list", "youth")):
        answer = run_mou(*arguments, "-w", workspace)
        assert answer.code == 0, answer.stderr
    return Desk(run_mou, workspace, tmp_path, born)


def test_the_way_of_a_signatory_of_18_from_refusal_to_signature(desk: Desk) -> None:
    refused = desk.sign("S0001", MINOR)
    assert refused.code == 1
    assert "โมฆียะ หากไม่มีความยินยอม" in refused.stderr
    assert "mou consent give" in refused.stderr
    assert (desk.listed()["age"], desk.listed()["missing"]) == ("18_to_19", ["guardian_consent", "minor_assent"])
    given = desk.give("guardian_consent", *desk.guardian())
    assert (given.code, "recorded: a guardian lets them sign" in given.stdout) == (0, True)
    assert "the own assent" in desk("consent", "list", "N-2565-001").stdout
    assert desk.sign("S0001", MINOR).code == 1
    assert desk.give("minor_assent").code == 0
    assert desk.listed()["missing"] == []
    signed = desk.sign("S0001", MINOR)
    assert (signed.code, signed.stderr) == (0, "")
    assert desk.sign("S0002", ADULT).code == 0


def test_a_date_of_birth_is_in_the_list_and_in_nothing_that_the_program_prints_or_writes(desk: Desk) -> None:
    desk.give("guardian_consent", *desk.guardian())
    desk.give("minor_assent")
    desk.sign("S0001", MINOR)
    printed = [
        desk("status", "--json"),
        desk("status", "N-2565-001", "--json"),
        desk("request", "list", "--json"),
        desk("organisations", "list"),
        desk("consent", "list", "N-2565-001", "--json"),
        desk("ledger", "show", "--json"),
    ]
    year = desk.born[:4]
    for answer in printed:
        assert answer.code == 0
        assert desk.born not in answer.stdout + answer.stderr
    for pdf in desk.workspace.rglob("*.pdf"):
        with pikepdf.open(io.BytesIO(pdf.read_bytes())) as opened:
            attachments = b"".join(one.get_file().read_bytes() for one in opened.attachments.values())
        assert f"{year}-".encode() not in attachments
    for evidence in desk.workspace.rglob("*.evidence.json"):
        assert desk.born not in evidence.read_text(encoding="utf-8")
    with closing(sqlite3.connect(desk.workspace / "mou.db")) as database:
        holding = {
            table
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for row in database.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names that the database itself gave
            if any(desk.born in str(cell) for cell in row)
        }
    assert holding == {"organisation"}


def test_a_withdrawal_keeps_what_was_signed_and_is_told_once(desk: Desk) -> None:
    desk.give("guardian_consent", *desk.guardian())
    desk.give("minor_assent")
    desk.sign("S0001", MINOR)
    consent = desk.listed()["consents"][0]["id"]
    first, second = desk("consent", "withdraw", consent), desk("consent", "withdraw", consent)
    assert (first.code, "What was signed stays" in first.stdout) == (0, True)
    assert (second.code, "nothing was done" in second.stdout) == (0, True)
    assert desk.listed()["consents"][0]["withdrawn_at"] is not None
    (row,) = desk("status", "N-2565-001", "--json").table
    assert row["signed"] == 1


def test_what_is_not_whole_is_refused_with_what_is_expected(desk: Desk) -> None:
    paper = desk.guardian()
    refusals = {
        "a guardian is expected": ("guardian_consent",),
        "--guardian, --relationship and --file are expected together": ("guardian_consent", *paper[:4]),
        "a day that has come is expected": ("guardian_consent", *paper, "--on", "2999-01-01"),
        "shows no person in public": ("name_publication", *paper),
        "no guardian is expected": ("minor_assent", *paper),
    }
    for told, options in refusals.items():
        answer = desk.give(*map(str, options))
        assert answer.code in {1, 2}
        assert told in answer.stderr
    assert desk.listed()["consents"] == []
    assert desk("consent", "withdraw", "cns_none").code == 1


def test_the_words_are_printed_in_thai_with_their_version_and_that_version_is_recorded(desk: Desk) -> None:
    told = desk.run("consent", "text", "guardian_consent").stdout
    assert "ผู้แทนโดยชอบธรรม" in told
    desk.give("guardian_consent", *desk.guardian())
    assert f"version: {desk.listed()['consents'][0]['text']}" in told


def test_a_bad_date_of_birth_is_refused_with_row_and_column_and_not_repeated(desk: Desk) -> None:
    path = desk.folder / "bad.csv"
    row = "youth-2,กลุ่มเยาวชนสอง,กลุ่มเยาวชน,,ก้อง,สมมติ,ประธาน,31/2/2547,,,,,2999-01-01"
    path.write_text(f"{HEADERS}\n{row}\n", encoding="utf-8")
    answer = desk("organisations", "import", path)
    assert answer.code == 1
    assert "row 2, column “date_of_birth representative”" in answer.stderr
    assert "row 2, column “วันเกิด พยาน”" in answer.stderr
    assert "31/2" not in answer.stderr
    assert "2999" not in answer.stderr
