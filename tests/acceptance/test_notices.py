"""Notices are witnesses: issued, sent and listed by the program, and checked by whoever holds one and nothing else."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from mou.app import open_workspace
from mou.ceremony import Channel
from mou.charter.instruments import Authority, Instrument, InstrumentKind, Meeting
from mou.workflow.depositing import receive_instruments, with_authority_id
from mou.workflow.examining import Presented
from signatures.ledger.entry import Event
from signatures.ledger.store import ledger_metadata
from tests.acceptance.conftest import Answer, RunMou, copy_of

PRESENT = ("--present", "on_site=11", "--present", "online=8", "--in-favour", "19")
ADOPTED = "2022-03-29"
FAR_AWAY = 100_000
ADOPTION, AFTER_WINDOW = date(2022, 3, 29), date(2022, 7, 10)


@pytest.fixture(scope="module")
def told_house(finished_demo: Path, tmp_path_factory: pytest.TempPathFactory, run_mou: RunMou) -> Path:
    """The demo with its charter adopted, one authority deposited, what was signed received, and a first notice of it all."""
    workspace = copy_of(finished_demo, tmp_path_factory.mktemp("told") / "demo")
    steps = (
        ("charter", "adopt", "lanna-charter", "--on", ADOPTED, *PRESENT),
        ("instrument", "authority", "lanna-01", "--kind", "board_resolution", "--issued-on", ADOPTED, "--on", ADOPTED),
        ("notice", "issue"),
    )
    for step in steps:
        answer = run_mou(*step, "-w", workspace)
        assert answer.code == 0, answer.stderr
    return workspace


@pytest.fixture
def house(told_house: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with what the test wants."""
    return copy_of(told_house, tmp_path / "house")


def notice_in(workspace: Path, number: int = 1) -> Path:
    return workspace / "documents" / "notices" / f"lanna-charter-notice-{number:04d}.pdf"


def memorandum_in(workspace: Path, number: int) -> Path:
    return workspace / "documents" / "lanna-mou" / f"LCRN-MOU-2565-{number:03d}.pdf"


def trusting(workspace: Path) -> tuple[object, ...]:
    """What somebody knows from before who holds a notice: the network's root, and the ledger's key."""
    return ("--trust", workspace / "keys" / "authority.pem", "--ledger-key", workspace / "keys" / "ledger.vkey")


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def reasons(answer: Answer) -> list[str]:
    """Why a check of a notice failed: every step and document that did."""
    report = answer.object
    return [one["reason"] for one in (*report["steps"], *report["documents"]) if one["outcome"] == "failed"]


def test_everybody_is_told_once_and_what_was_told_whom_can_be_asked(house: Path, run_mou: RunMou) -> None:
    repeated = run_mou("notice", "issue", "-w", house)
    assert (repeated.code, "nothing new since notice 1" in repeated.stdout) == (0, True)
    (listed,) = run_mou("notice", "list", "--json", "-w", house).table
    assert [one["kind"] for one in listed["notice"]["instruments"]] == ["text_adopted", "authority_deposited"]
    assert len(listed["letters"]) == 19
    assert {one["channel"] for one in listed["letters"]} == {"outbox"}
    mails = sorted((house / "outbox" / "mail").glob("*.eml"))
    subjects = [str(message_from_bytes(path.read_bytes(), policy=default)["Subject"]) for path in mails]
    assert sum("หนังสือแจ้งของผู้เก็บรักษา ฉบับที่ ๑" in subject for subject in subjects) == 19
    shown = run_mou("notice", "show", "1", "-w", house)
    assert listed["digest"] in shown.stdout
    assert "19" in run_mou("notice", "list", "-w", house).stdout


def let_two_thirds_join(workspace: Path) -> None:
    """Thirteen of nineteen join by a vote when the time for signature is over; the program itself would be started 26 times."""
    opened = open_workspace(workspace)
    with opened.database.read() as transaction:
        (charter,) = transaction.depositary.charters()
        listed = [one.organisation for one in transaction.store.organisations()]
    vote = Meeting({Channel.ON_SITE: 19}, in_favour=19, against=0, abstaining=0)
    papers = []
    for one in listed[:13]:
        name, kind = one.organisation_id, one.kind
        paper = Authority("", charter.clauses.proof_of_authority[kind][0], ADOPTION)
        plain = Instrument("", InstrumentKind.AUTHORITY_DEPOSITED, ADOPTION, party=name, party_kind=kind)
        papers.append(replace(plain, authority=with_authority_id(name, paper)))
        papers.append(replace(plain, kind=InstrumentKind.ACCEDED, on=AFTER_WINDOW, meeting=vote))
    assert {one.fault for one in receive_instruments(opened, charter.charter_id, map(Presented, papers))} == {None}
    opened.database.close()


def test_entry_into_force_is_told_in_plain_words(house: Path, run_mou: RunMou) -> None:
    let_two_thirds_join(house)
    issued = run_mou("notice", "issue", "--json", "-w", house).object["issued"]["notice"]
    assert [(one["kind"], one["on"]) for one in issued["facts"]] == [
        ("conditions_met", "2022-07-10"),
        ("charter_in_force", "2022-08-09"),
    ]
    shown = run_mou("notice", "show", "2", "-w", house, MOU_LANG="th").stdout
    assert "ธรรมนูญเริ่มมีผลแล้ว ตั้งแต่วันที่ ๙ สิงหาคม ๒๕๖๕" in shown
    chained = run_mou("notice", "check", notice_in(house, 2), "--previous", notice_in(house), *trusting(house))
    assert chained.code == 0, chained.stdout


def test_one_notice_and_one_pdf_are_enough_and_the_three_answers_are_told_apart(
    house: Path, run_mou: RunMou, tmp_path: Path
) -> None:
    notice, charter = tmp_path / "notice.pdf", tmp_path / "charter.pdf"
    shutil.copyfile(notice_in(house), notice)
    shutil.copyfile(house / "documents" / "lanna-charter" / "lanna-charter.pdf", charter)
    yes = run_mou("notice", "check", notice, charter, *trusting(house), cwd=tmp_path)
    assert (yes.code, "the notice tells of this very file" in yes.stdout) == (0, True)
    no = run_mou("notice", "check", notice, memorandum_in(house, 7), *trusting(house), cwd=tmp_path)
    assert (no.code, "does NOT tell of this file" in no.stdout) == (1, True)
    unknown = run_mou("notice", "check", notice, charter, cwd=tmp_path)
    assert (unknown.code, "no trust roots were given" in unknown.stdout) == (3, True)


def test_case_6_one_byte_flipped_in_a_pdf_in_the_ledger_and_in_a_notice_are_three_different_findings(
    house: Path, run_mou: RunMou, tmp_path: Path
) -> None:
    notice = notice_in(house)
    charter = tmp_path / "charter.pdf"
    shutil.copyfile(house / "documents" / "lanna-charter" / "lanna-charter.pdf", charter)
    export = tmp_path / "export"
    assert run_mou("ledger", "export", export, "-w", house).code == 0
    whole = run_mou("notice", "check", notice, charter, "--ledger-export", export, *trusting(house), "--json")
    assert (whole.code, reasons(whole)) == (0, [])

    # In the PDF: not what the notice tells of, and no signature of it holds.
    flip(charter, 2000)
    in_pdf = reasons(run_mou("notice", "check", notice, charter, *trusting(house), "--json"))
    assert run_mou("verify", charter, "-w", house).code == 1

    # In the ledger, as it was exported.
    (bundle,) = (path for path in (export / "tile" / "entries").rglob("*") if path.is_file())
    flip(bundle, bundle.stat().st_size // 2)
    in_ledger = reasons(run_mou("notice", "check", notice, "--ledger-export", export, *trusting(house), "--json"))
    assert run_mou("ledger", "verify-export", export, "--ledger-key", house / "keys" / "ledger.vkey").code == 1

    # In the notice.
    forged = tmp_path / "forged.pdf"
    shutil.copyfile(notice, forged)
    flip(forged, forged.stat().st_size // 2)
    in_notice = reasons(run_mou("notice", "check", forged, *trusting(house), "--json"))

    assert [len(found) for found in (in_pdf, in_ledger, in_notice)] == [1, 1, 1]
    assert len({*in_pdf, *in_ledger, *in_notice}) == 3
    assert "does NOT tell of this file" in in_pdf[0]
    assert "tile/entries" in in_ledger[0]


def rewrite_without(workspace: Path, kind: str) -> None:
    """What a secretariat could do that holds every key: a new ledger without one paper, and no trace of an earlier head."""
    opened = open_workspace(workspace)
    with opened.database.read() as transaction:
        entries = transaction.ledger.entries()
        (charter,) = transaction.depositary.charters()
        (paper,) = (one for one in transaction.depositary.received(charter.charter_id) if one.instrument.kind == kind)
        dropped = paper.instrument.instrument_id
    opened.database.close()
    with closing(sqlite3.connect(workspace / "mou.db")) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        for table in ledger_metadata.sorted_tables:
            database.execute(f"DELETE FROM {table.name}")  # noqa: S608  # a name of ours
        database.execute("DELETE FROM instrument WHERE instrument_id = ?", (dropped,))
        for step in (FAR_AWAY, -FAR_AWAY - 2):  # a paper has two entries; no two rows may have one index meanwhile
            database.execute(
                "UPDATE instrument SET entry_index = entry_index + ? WHERE entry_index > ?", (step, paper.entry_index)
            )
        database.commit()
    for path in (workspace / "outbox").glob("checkpoint-*.txt"):
        path.unlink()
    with opened.database.write() as transaction:
        for entry in entries:
            if entry.body.get("instrument") != dropped:
                event = Event(entry.type, entry.subject, entry.actor, entry.body, entry.operation_id)
                transaction.ledger.append([event], at=entry.at)
    opened.database.close()


def test_a_secretariat_that_rewrites_history_is_contradicted_by_one_member_s_copy(
    house: Path, run_mou: RunMou, tmp_path: Path
) -> None:
    held = tmp_path / "notice.pdf"
    shutil.copyfile(notice_in(house), held)
    printed = run_mou("notice", "checkpoint", held)
    note = tmp_path / "note.txt"
    note.write_text(printed.stdout, encoding="utf-8")
    honest = run_mou("ledger", "audit", "--checkpoint", note, "-w", house)
    assert honest.code == 0, honest.stdout

    rewrite_without(house, "authority_deposited")
    alone = run_mou("ledger", "audit", "-w", house)
    assert alone.code == 0, alone.stdout  # nothing in the house shows it
    found = run_mou("ledger", "audit", "--checkpoint", note, "-w", house)
    assert (found.code, "its end is missing" in found.stdout or "another history" in found.stdout) == (1, True)

    # More entries make the new ledger longer, and no truer.
    assert (
        run_mou("instrument", "authority", "lanna-02", "--kind", "board_resolution", "--issued-on", ADOPTED, "-w", house).code
        == 0
    )
    longer = run_mou("ledger", "audit", "--checkpoint", note, "-w", house)
    assert (longer.code, "the ledger has another history" in longer.stdout) == (1, True)
    export = tmp_path / "export"
    assert run_mou("ledger", "export", export, "-w", house).code == 0
    checked = run_mou("notice", "check", held, "--ledger-export", export, *trusting(house), "--json")
    assert (checked.code, ["two histories" in one for one in reasons(checked)]) == (1, [True])


def test_a_file_that_is_no_notice_is_refused_with_a_sentence(house: Path, run_mou: RunMou) -> None:
    refused = run_mou("notice", "checkpoint", memorandum_in(house, 1))
    assert (refused.code, "a notice of the form mou.notice.v1 is expected" in refused.stderr) == (1, True)
    assert run_mou("notice", "check", memorandum_in(house, 1), *trusting(house)).code == 1
    assert run_mou("notice", "show", "9", "-w", house).code == 2
