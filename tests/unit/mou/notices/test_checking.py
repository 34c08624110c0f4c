"""A notice that somebody holds: each step is broken once, and exactly that step says so."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from mou.charter.notices import Notice, ToldDocument
from mou.notices.checking import AUTOMATIC_SEAL, NoticeReport, check_notice
from mou.notices.drawing import draw_notice
from mou.workflow.keys import seal_name
from signatures.authority import Revoked
from signatures.digests import digest_of
from signatures.fields import SignatureSlot, prepare_fields
from signatures.ledger.checkpoint import Checkpoint, LedgerKey, sign_checkpoint
from signatures.ledger.export import read_export
from signatures.ledger.store import create_ledger_tables, open_engine
from signatures.signing import SigningOrder, certify, sign
from signatures.verification import VerificationPolicy
from tests.conftest import blank_pdf
from tests.unit.mou.notices.house import AT, PAPER, SEAL, House, found_house, signed, told

FLIPS = 60


def outcomes(report: NoticeReport) -> dict[int, str]:
    return {step.number: step.outcome for step in report.steps}


def checked(pdf: bytes, policy: VerificationPolicy, previous: bytes | None = None) -> dict[int, str]:
    return outcomes(check_notice(pdf, policy, previous=previous))


SOUND = {1: "passed", 2: "passed", 3: "passed", 4: "passed"}


def test_an_honest_notice_passes_with_nothing_but_root_and_key(house: House, sealed: bytes) -> None:
    report = check_notice(sealed, house.policy())
    assert (report.verdict, outcomes(report)) == ("passed", SOUND)


def test_without_root_and_key_nothing_is_known_and_nothing_is_wrong(house: House, sealed: bytes) -> None:
    report = check_notice(sealed, replace(house.policy(), roots=(), ledger_keys=()))
    assert (report.verdict, outcomes(report)) == ("indeterminate", SOUND | {2: "not_checked", 4: "not_checked"})


def test_the_name_of_a_workspace_s_seal_is_the_one_that_is_looked_for() -> None:
    assert seal_name("เครือข่าย").startswith(AUTOMATIC_SEAL)


# Step 1.


def test_one_byte_flipped_anywhere_in_a_notice_fails(house: House, sealed: bytes) -> None:
    chosen = random.Random(1)  # noqa: S311  # the same places each time
    for place in sorted(chosen.sample(range(len(sealed)), FLIPS)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1 << chosen.randrange(8)
        assert check_notice(bytes(flipped), house.policy()).verdict == "failed", place


@pytest.mark.parametrize("added", [b"\n", b"%%EOF\n", b"1 0 obj null endobj\n"], ids=["a line", "an end", "an object"])
def test_what_is_added_after_the_seal_fails(house: House, sealed: bytes, added: bytes) -> None:
    assert checked(sealed + added, house.policy())[1] == "failed"


def test_a_notice_without_a_seal_fails(house: House, notice: Notice) -> None:
    assert checked(draw_notice(notice, created=AT), house.policy()) == SOUND | {1: "failed", 2: "not_checked"}


def test_a_file_that_is_no_pdf_fails(house: House) -> None:
    assert checked(b"no PDF", house.policy()) == {1: "failed", 2: "not_checked", 3: "failed", 4: "not_checked"}


def test_another_notice_saved_over_a_sealed_one_fails(house: House, sealed: bytes) -> None:
    with pikepdf.open(BytesIO(sealed)) as pdf:
        written = BytesIO()
        pdf.save(written)
    assert checked(written.getvalue(), house.policy())[1] == "failed"


# Step 2.


def test_a_person_of_the_network_cannot_seal_a_notice(house: House, notice: Notice) -> None:
    forged = house.seal(notice, house.signer("นายก้อง ตัวอย่าง"))
    assert checked(forged, house.policy()) == SOUND | {2: "failed"}


def test_the_seal_of_another_authority_is_not_known(
    house: House, notice: Notice, tmp_path_factory: pytest.TempPathFactory
) -> None:

    stranger = found_house(tmp_path_factory.mktemp("stranger"))
    assert checked(stranger.seal(notice), house.policy()) == SOUND | {2: "not_checked"}


def test_a_seal_that_was_revoked_fails(house: House, notice: Notice) -> None:
    seal = house.signer(SEAL)
    newer = house.authority.revocation_list(
        at=AT + timedelta(hours=1),
        next_update=AT + timedelta(days=30),
        number=2,
        revoked=[Revoked(seal.certificate.serial_number, AT + timedelta(minutes=30))],
    )
    assert checked(house.seal(notice, seal), replace(house.policy(), revocation_lists=(newer,))) == SOUND | {2: "failed"}


def test_a_seal_of_which_nothing_newer_is_known_cannot_be_judged_for_ever(house: House, sealed: bytes) -> None:
    assert checked(sealed, house.policy(at=AT + timedelta(days=200))) == SOUND | {2: "not_checked"}


# Step 3: `tests/unit/mou/charter/test_notices.py` has every way in which a notice is none.


def test_a_sealed_file_that_holds_no_notice_fails(house: House) -> None:
    other = certify(prepare_fields(blank_pdf(), ()), house.signer(SEAL), at=AT, name="x")
    assert checked(other, house.policy())[3] == "failed"


# Step 4.


def test_a_head_that_another_key_of_the_same_name_signed_fails(house: House, notice: Notice) -> None:
    stranger = LedgerKey.generate(house.ledger_key.name)
    forged = replace(notice, checkpoint=sign_checkpoint(Checkpoint(stranger.name, 4, b"\x07" * 32), stranger))
    assert checked(house.seal(forged), house.policy()) == SOUND | {4: "failed"}


# Step 5.


def test_the_notice_before_it_is_the_one_that_it_names(house: House, second: Callable[..., Notice], sealed: bytes) -> None:
    assert checked(house.seal(second()), house.policy(), sealed) == SOUND | {5: "passed"}


def test_another_notice_before_it_fails(house: House, second: Callable[..., Notice], notice: Notice, sealed: bytes) -> None:
    reissued = house.seal(notice)
    assert reissued != sealed
    assert checked(house.seal(second()), house.policy(), reissued) == SOUND | {5: "failed"}


def test_the_first_notice_has_none_before_it(house: House, sealed: bytes) -> None:
    assert checked(sealed, house.policy(), sealed) == SOUND | {5: "failed"}


def test_a_file_that_is_no_notice_is_not_the_one_before(house: House, second: Callable[..., Notice]) -> None:
    assert checked(house.seal(second()), house.policy(), b"%PDF-1.7") == SOUND | {5: "failed"}


# Step 6.


def test_the_export_goes_on_from_the_head_and_names_the_file(house: House, sealed: bytes) -> None:
    house.issue(sealed, 1)
    assert checked(sealed, house.policy(export=house.export())) == SOUND | {6: "passed"}


def test_an_export_from_before_the_notice_was_recorded_tells_nothing_of_it(house: House, sealed: bytes) -> None:
    assert checked(sealed, house.policy(export=house.export())) == SOUND | {6: "not_checked"}


def test_an_export_that_is_older_than_the_head_tells_nothing(house: House, second: Callable[..., Notice]) -> None:
    older = house.export()
    assert checked(house.seal(second()), house.policy(export=older)) == SOUND | {6: "not_checked"}


def test_an_export_that_names_another_file_as_this_notice_fails(house: House, notice: Notice, sealed: bytes) -> None:
    house.issue(house.seal(notice), 1)
    assert checked(sealed, house.policy(export=house.export())) == SOUND | {6: "failed"}


@pytest.mark.parametrize(
    "change",
    [{"entry": 2}, {"instrument_id": "ins_9"}, {"returned_for": "signature_window"}, {"entry": 1}],
    ids=["another entry", "another instrument", "another outcome", "the verdict's entry"],
)
def test_a_notice_that_tells_something_else_than_the_ledger_fails(
    house: House, notice: Notice, change: dict[str, object]
) -> None:
    false = replace(notice, instruments=(replace(told(1), **change),))  # type: ignore[arg-type]  # a member of any type
    pdf = house.seal(false)
    house.issue(pdf, 1)
    assert checked(pdf, house.policy(export=house.export())) == SOUND | {6: "failed"}


def test_a_clause_other_than_the_ledger_s_fails(house: House, notice: Notice) -> None:
    pdf = house.seal(replace(notice, instruments=(replace(told(2), returned_for="signature_window"),)))
    house.issue(pdf, 1)
    assert checked(pdf, house.policy(export=house.export())) == SOUND | {6: "failed"}


def test_a_ledger_written_anew_without_one_paper_contradicts_the_notice(house: House, sealed: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "anew"
    folder.mkdir()
    anew = replace(house, database=f"sqlite:///{folder / 'ledger.db'}", folder=folder)
    engine = open_engine(anew.database)
    with engine.begin() as connection:
        create_ledger_tables(connection)
    engine.dispose()
    for number in (1, 3, 4):  # the second paper was never there
        anew.receive(signed(number))
    export = anew.export()
    assert export.is_clean
    assert checked(sealed, house.policy(export=export)) == SOUND | {6: "failed"}


def test_one_byte_flipped_in_an_export_fails(house: House, sealed: bytes) -> None:
    house.issue(sealed, 1)
    house.export()
    (bundle,) = (path for path in (house.folder / "export" / "tile" / "entries").rglob("*") if path.is_file())
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    export = read_export(house.folder / "export", [house.ledger_key.public])
    assert checked(sealed, house.policy(export=export)) == SOUND | {6: "failed"}


# Documents.


def answers(report: NoticeReport) -> list[str]:
    return [one.outcome for one in report.documents]


def test_each_document_is_told_of_or_is_not(house: House, sealed: bytes) -> None:
    known = [("paper", PAPER), ("newest", b"signed"), ("text", b"the text of the charter"), ("other", b"something else")]
    report = check_notice(sealed, house.policy(), documents=known)
    assert answers(report) == ["passed", "passed", "passed", "failed"]
    assert report.verdict == "failed"


def test_a_notice_that_does_not_hold_says_nothing_of_any_document(house: House, sealed: bytes) -> None:
    report = check_notice(sealed[:-20] + b" " + sealed[-19:], house.policy(), documents=[("paper", PAPER)])
    assert answers(report) == ["not_checked"]
    assert report.verdict == "failed"


def test_a_state_of_a_document_is_told_apart_from_one_that_was_changed(house: House, notice: Notice) -> None:
    prepared = prepare_fields(
        blank_pdf(), [SignatureSlot(f"S000{n}", "x", 0, (50, 100.0 * n, 250, 100.0 * n + 50)) for n in (1, 2)]
    )
    certified = certify(prepared, house.signer(SEAL), at=AT, name="x")
    states = [certified]
    for field in ("S0001", "S0002"):
        states.append(sign(states[-1], SigningOrder(field, "x", "x", AT), house.signer("นายก้อง ตัวอย่าง")))
    told_of = replace(notice, documents=(ToldDocument(str(digest_of(prepared)), str(digest_of(states[1])), "N-1"),))
    pdf = house.seal(told_of)
    flipped = bytearray(states[1])
    flipped[-200] ^= 1
    documents = {
        "the text": (prepared, "passed"),
        "the state told of": (states[1], "passed"),
        "an earlier state": (states[0], "failed"),
        "a later state": (states[2], "not_checked"),
        "one byte changed": (bytes(flipped), "failed"),
        "something added": (states[1] + b"9 0 obj null endobj\n", "failed"),
    }
    report = check_notice(pdf, house.policy(), documents=[(name, content) for name, (content, _) in documents.items()])
    assert {one.file: one.outcome for one in report.documents} == {name: outcome for name, (_, outcome) in documents.items()}


def test_the_json_of_a_report_names_every_step_and_document(house: House, sealed: bytes) -> None:
    record = check_notice(sealed, house.policy(), documents=[("a.pdf", PAPER)]).as_json("n.pdf")
    assert (record["file"], record["verdict"], record["number"]) == ("n.pdf", "passed", 1)
    assert [step["number"] for step in record["steps"]] == [1, 2, 3, 4]  # type: ignore[index,union-attr,call-overload]
    assert [one["outcome"] for one in record["documents"]] == ["passed"]  # type: ignore[index,union-attr,call-overload]
