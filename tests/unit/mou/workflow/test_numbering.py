"""Numbering: once, when everybody has signed, under the register's seal; whatever is refused leaves nothing behind."""

import subprocess
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest

from mou.errors import RenderingError, UsageError
from mou.rendering.conformance import check_conformance
from mou.storage.files import FileStore
from mou.storage.store import StaleRevisionError, WorkflowStore
from mou.workflow import extending, numbering
from mou.workflow.auditing import audit_workspace
from mou.workflow.checking import require_sound
from mou.workflow.desk_view import NUMBERED, document_view
from mou.workflow.extending import extend_completed, extend_document
from mou.workflow.numbering import NotNumberedError, Numbered, NumberTakenError, assign_number, read_number
from mou.workflow.printing import print_document
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.status import document_statuses
from mou.workflow.verifying import verify_published
from mou.workflow.workspace import Workspace
from signatures.canonical import canonical_bytes
from signatures.ledger.entry import Entry
from signatures.registry_fields import REGISTRY_SEAL_FIELD, read_registry
from signatures.signers import Signer
from signatures.signing import SigningOrder, sign
from signatures.trust import RootSet, TrustAnchors
from signatures.validation import validate_signatures
from signatures.verification import VerificationReport
from tests.unit.signatures.pki import Fetching, Pki, build_pki

Issue = Callable[..., Signer]
NUMBER, DAY = "๑/๒๕๖๕", date(2022, 4, 1)


def memorandum_of(workspace: Workspace, place: int = 0) -> str:
    return document_statuses(workspace, "lanna-mou")[place].document.document_id


def complete(workspace: Workspace, issue: Issue, place: int = 0) -> str:
    """Let everybody sign a memorandum, each in turn."""
    status = document_statuses(workspace, "lanna-mou")[place]
    for request in sorted(status.requests, key=lambda one: one.slot.order):
        sign_document(workspace, status.document.document_id, request.slot.field, issue(request.slot.person.full_name))
    return status.document.document_id


@pytest.fixture
def completed(workspace: Workspace, issue: Issue) -> str:
    return complete(workspace, issue)


def pdf_of(workspace: Workspace, document_id: str) -> bytes:
    with workspace.database.read() as transaction:
        return workspace.files.get(transaction.store.document(document_id).current)


def entries_about(workspace: Workspace, document_id: str) -> tuple[Entry, ...]:
    with workspace.database.read() as transaction:
        return transaction.ledger.entries_about(document_id)


def state_of(workspace: Workspace, document_id: str) -> tuple[object, ...]:
    """Everything that a refused number may not change."""
    with workspace.database.read() as transaction:
        return transaction.store.document(document_id), transaction.ledger.head().size, transaction.store.queued("publish")


def verified(workspace: Workspace, document_id: str) -> VerificationReport:
    publish_queued(workspace)
    return verify_published(workspace, document_id)


def digest_of_current(workspace: Workspace, document_id: str) -> object:
    with workspace.database.read() as transaction:
        return transaction.store.document(document_id).current


def text_of(pdf: bytes, folder: Path) -> str:
    file = folder / "numbered.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-l", "1", file, "-"], capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def test_a_number_goes_into_the_document_the_ledger_and_what_is_published(
    workspace: Workspace, completed: str, tmp_path: Path
) -> None:
    before = pdf_of(workspace, completed)
    numbered = assign_number(workspace, completed, NUMBER, day=DAY)
    assert (numbered.number, numbered.day, numbered.is_new) == (NUMBER, DAY, True)
    after = pdf_of(workspace, completed)
    assert after.startswith(before)
    words = text_of(after, tmp_path)
    assert NUMBER in words
    assert "๑ เมษายน ๒๕๖๕" in words
    report = verified(workspace, completed)
    assert {step.outcome for step in report.steps} == {"passed"}, report.reason
    assert "the register's number" in str(report.steps[2].reason)
    assert [check.field for check in report.signatures][-1] == REGISTRY_SEAL_FIELD
    assert audit_workspace(workspace).findings == ()


def test_the_entry_holds_the_number_in_arabic_digits_the_day_and_digests(workspace: Workspace, completed: str) -> None:
    before, after = digest_of_current(workspace, completed), assign_number(workspace, completed, NUMBER, day=DAY).document
    entry = entries_about(workspace, completed)[-1]
    assert (entry.type, entry.body["number"], entry.body["date"]) == ("number.assigned", "1/2565", "2022-04-01")
    assert (entry.body["before"], entry.body["after"]) == (str(before), str(after.current))
    assert (entry.body["document"], entry.body["field"]) == (str(after.prepared), REGISTRY_SEAL_FIELD)


@pytest.mark.parametrize("number", ["ทบ. ๑/๒๕๖๕", "1 / 2565", "1234567890123"], ids=["Thai letters", "spaces", "as a person's"])
def test_a_number_that_is_free_text_or_looks_like_a_persons_is_committed_to_and_not_told(
    workspace: Workspace, completed: str, number: str
) -> None:
    assign_number(workspace, completed, number, day=DAY)
    body = entries_about(workspace, completed)[-1].body
    assert "number" not in body
    assert str(body["number_commitment"]).startswith("sha256:")
    assert number not in canonical_bytes(body).decode()
    state = read_registry(pdf_of(workspace, completed))
    assert state is not None
    assert state.number == number
    assert assign_number(workspace, completed, number).is_new is False


def test_without_a_day_it_is_that_of_today_in_bangkok_in_the_documents_numerals(workspace: Workspace, completed: str) -> None:
    numbered = assign_number(workspace, completed, "LCRN-1/2565")
    assert numbered.day == date(2026, 11, 22)
    state = read_registry(pdf_of(workspace, completed))
    assert state is not None
    assert (state.number, state.date) == ("LCRN-1/2565", "๒๒ พฤศจิกายน ๒๕๖๙")


@pytest.mark.parametrize("again", [NUMBER, "1/2565", "  ๑/๒๕๖๕ "], ids=["the same", "Arabic digits", "spaces around"])
def test_a_repeat_with_the_same_number_returns_what_is_there(workspace: Workspace, completed: str, again: str) -> None:
    first = assign_number(workspace, completed, NUMBER, day=DAY)
    state = state_of(workspace, completed)
    assert assign_number(workspace, completed, again) == Numbered(first.document, NUMBER, DAY, first.entry_index, is_new=False)
    assert assign_number(workspace, completed, again, day=DAY).is_new is False
    assert state_of(workspace, completed) == state


@pytest.mark.parametrize(("number", "day"), [("๒/๒๕๖๕", None), (NUMBER, date(2022, 4, 2))], ids=["number", "day"])
def test_another_number_or_day_is_refused_and_what_is_there_is_said(
    workspace: Workspace, completed: str, number: str, day: date | None
) -> None:
    assign_number(workspace, completed, NUMBER, day=DAY)
    state = state_of(workspace, completed)
    with pytest.raises(NumberTakenError, match="has the number ๑/๒๕๖๕ of 2022-04-01 already"):
        assign_number(workspace, completed, number, day=day)
    assert state_of(workspace, completed) == state


@pytest.mark.parametrize(
    ("first", "second"),
    [("๑/๒๕๖๕", "1/2565"), ("ทบ. ๑/๒๕๖๕", "ทบ. 1/2565")],
    ids=["told by the ledger", "committed to"],
)
def test_two_documents_never_get_one_number(workspace: Workspace, issue: Issue, first: str, second: str) -> None:
    one, other = complete(workspace, issue, 0), complete(workspace, issue, 1)
    holder = assign_number(workspace, one, first, day=DAY).document
    state = state_of(workspace, other)
    with pytest.raises(NumberTakenError, match=f"that of {holder.file_name} already") as refused:
        assign_number(workspace, other, second, day=DAY)
    assert refused.value.message.values["number"] == second
    assert state_of(workspace, other) == state
    assert assign_number(workspace, other, "2/2565", day=DAY).is_new


def test_a_number_that_is_given_away_while_the_page_is_drawn_is_refused_at_the_commit(
    workspace: Workspace, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = complete(workspace, issue, 0), complete(workspace, issue, 1)

    def be_overtaken(*arguments: object, at: datetime) -> None:
        monkeypatch.setattr(numbering, "require_sound", require_sound)
        require_sound(*arguments, at=at)  # type: ignore[arg-type]  # passed on as they came
        assign_number(workspace, one, NUMBER)

    monkeypatch.setattr(numbering, "require_sound", be_overtaken)
    state = state_of(workspace, other)[0]
    with pytest.raises(NumberTakenError):
        assign_number(workspace, other, NUMBER)
    assert state_of(workspace, other)[0] == state


def test_a_document_is_numbered_when_everybody_has_signed_and_not_before(workspace: Workspace, issue: Issue) -> None:
    document_id = memorandum_of(workspace)
    sign_document(workspace, document_id, "S0001", issue("นางแก้ว ตัวอย่าง"))
    state = state_of(workspace, document_id)
    with pytest.raises(NotNumberedError, match="when everybody has signed; 3 of 4 have not") as refused:
        assign_number(workspace, document_id, NUMBER)
    assert "นายก้อง ตัวอย่าง" in str(refused.value)
    assert "นางแก้ว" not in str(refused.value)
    assert state_of(workspace, document_id) == state


def test_a_document_without_a_place_is_refused(workspace: Workspace) -> None:
    charter = document_statuses(workspace, "lanna-charter")[0].document.document_id
    with pytest.raises(NotNumberedError, match="its template lanna-charter has no elements"):
        assign_number(workspace, charter, NUMBER)


@pytest.mark.parametrize("text", ["", "   ", "///", "๑" * 61], ids=["nothing", "spaces", "signs", "too long"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="a number like"):
        read_number(text)


def test_a_number_is_read_in_one_form() -> None:
    assert read_number(" ทบ.\t๑ /  ๒๕๖๕\n") == "ทบ. ๑ / ๒๕๖๕"


def test_a_day_that_has_not_come_is_refused_since_its_year_may_be_a_buddhist_one(workspace: Workspace, completed: str) -> None:
    with pytest.raises(UsageError, match="up to today, 2026-11-22, is expected, got 2565-04-01"):
        assign_number(workspace, completed, NUMBER, day=date(2565, 4, 1))


@pytest.mark.parametrize("number", ["๑" * 40, "1/2565 \N{SNOWMAN}"], ids=["too wide", "no such letter"])
def test_a_number_that_cannot_be_drawn_is_refused_and_nothing_is_recorded(
    workspace: Workspace, completed: str, number: str
) -> None:
    state = state_of(workspace, completed)
    with pytest.raises(RenderingError):
        assign_number(workspace, completed, number)
    assert state_of(workspace, completed) == state


class CrashError(Exception):
    pass


def test_a_crash_before_the_commit_leaves_nothing_and_the_next_run_numbers(
    workspace: Workspace, completed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = state_of(workspace, completed)

    def crash(*_: object, **__: object) -> None:
        raise CrashError

    with monkeypatch.context() as broken:
        broken.setattr(WorkflowStore, "put_revision", crash)
        with pytest.raises(CrashError):
            assign_number(workspace, completed, NUMBER, day=DAY)
    assert state_of(workspace, completed) == state
    assert assign_number(workspace, completed, NUMBER, day=DAY).is_new


def test_failed_after_the_commit_is_stored_and_a_repeat_returns_it(workspace: Workspace, completed: str) -> None:
    assign_number(workspace, completed, NUMBER, day=DAY)  # nobody published: the program stopped here
    assert assign_number(workspace, completed, NUMBER).is_new is False
    publish_queued(workspace)
    assert verify_published(workspace, completed).digest == digest_of_current(workspace, completed)


def test_a_document_that_moved_on_meanwhile_is_numbered_on_its_new_revision(
    workspace: Workspace, completed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    require = WorkflowStore.require_current

    def be_stale_once(store: WorkflowStore, document_id: str, revision: object) -> None:
        seen.append(1)
        if len(seen) == 1:
            raise StaleRevisionError("{document} moved on", document=document_id)
        require(store, document_id, revision)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(WorkflowStore, "require_current", be_stale_once)
    assert assign_number(workspace, completed, NUMBER, day=DAY).is_new
    assert len(seen) == 2


def test_a_result_that_does_not_validate_is_not_stored(
    workspace: Workspace, completed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[bytes] = []
    monkeypatch.setattr(numbering, "require_sound", lambda *_, **__: pytest.fail("reached"))
    monkeypatch.setattr(FileStore, "put", lambda _, content: stored.append(content))
    with pytest.raises(pytest.fail.Exception):
        assign_number(workspace, completed, NUMBER)
    assert stored == []


def test_a_number_that_a_stranger_seals_is_no_number_of_this_register(
    workspace: Workspace, completed: str, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that the network issued to somebody signs where the register's seal belongs: nobody was asked to sign there."""
    assign_number(workspace, completed, NUMBER, day=DAY)
    publish_queued(workspace)
    status = next(one for one in document_statuses(workspace, "lanna-mou") if one.document.document_id == completed)
    with workspace.database.read() as transaction:
        before = workspace.files.get(transaction.store.revisions(completed)[-2].digest)
    forged = sign(before, SigningOrder(REGISTRY_SEAL_FIELD, "x", "y", workspace.clock()), issue("นายคำ ตัวอย่าง"))
    (workspace.documents_folder / "lanna-mou" / f"{status.document.file_name}.pdf").write_bytes(forged)
    report = verify_published(workspace, completed)
    assert {step.number for step in report.steps if step.outcome == "failed"} >= {4, 6}


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return build_pki(tmp_path_factory.mktemp("pki"))


def extended(workspace: Workspace, pki: Pki, document_id: str) -> TrustAnchors:
    """Extend a document now; return whom a verifier has to trust then."""
    at = workspace.clock()
    trusted = TrustAnchors((pki.certificate("tsa-root"),), root_sets=(RootSet("time", (pki.certificate("tsa-root"),)),))
    assert extend_document(workspace, document_id, trusted, pki.timestamps("one", at), Fetching(pki, at)).is_new
    return TrustAnchors((*workspace.keys.roots(), pki.certificate("tsa-root")))


@pytest.mark.parametrize("order", ["number first", "extended first", "extended around"])
def test_numbering_and_extending_go_in_any_order(workspace: Workspace, completed: str, pki: Pki, order: str) -> None:
    anchors = TrustAnchors(())
    if order != "number first":
        anchors = extended(workspace, pki, completed)
    assign_number(workspace, completed, NUMBER, day=DAY)
    if order != "extended first":
        anchors = extended(workspace, pki, completed)
    pdf = pdf_of(workspace, completed)
    at = workspace.clock() + timedelta(minutes=1)
    checks = validate_signatures(pdf, TrustAnchors(anchors.roots, (workspace.keys.revocation_list(at=at),)), at=at)
    assert {(check.integrity, check.later_changes_allowed) for check in checks} == {("intact", True)}
    levels = {check.field: check.level for check in checks if check.kind != "timestamp"}
    if order != "extended first":
        assert set(levels.values()) == {"B-LTA"}
    assert {check.verdict for check in checks} == {"passed"}, [str(check.trust_reason) for check in checks]
    assert audit_workspace(workspace).findings == ()
    assert check_conformance(pdf).findings == ()


def test_a_document_that_was_numbered_after_it_was_extended_waits_to_be_extended_again(
    workspace: Workspace, completed: str, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    extended(workspace, pki, completed)
    service = pki.timestamps("one", workspace.clock())
    monkeypatch.setattr(Workspace, "timestamps", lambda _: service)
    asked: list[str] = []

    def note(_: Workspace, document_id: str, *__: object) -> SimpleNamespace:
        asked.append(document_id)
        return SimpleNamespace(is_new=True)

    monkeypatch.setattr(extending, "extend_document", note)
    assert extend_completed(workspace) == 0
    monkeypatch.setattr(Workspace, "timestamps", lambda _: None)
    assign_number(workspace, completed, NUMBER, day=DAY)
    monkeypatch.setattr(Workspace, "timestamps", lambda _: service)
    assert extend_completed(workspace) == 1
    assert asked == [completed]


def test_a_copy_for_paper_shows_the_number_and_says_it_to_a_screen_reader(
    workspace: Workspace, completed: str, tmp_path: Path
) -> None:
    assert "๒๕๖๕" not in text_of(print_document(workspace, completed).pdf, tmp_path).split("ระหว่าง")[0].split("ลงวันที่")[1][:20]
    assign_number(workspace, completed, NUMBER, day=DAY)
    copy = print_document(workspace, completed).pdf
    words = text_of(copy, tmp_path)
    assert NUMBER in words
    with pikepdf.open(BytesIO(copy)) as document:
        said = [str(thing.Alt) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing]
    assert {"เลขที่ทะเบียน ๑/๒๕๖๕", "วันที่ลงทะเบียน ๑ เมษายน ๒๕๖๕"} <= set(said)
    assert check_conformance(copy).findings == ()


def test_the_desk_tells_that_a_number_was_given(workspace: Workspace, completed: str) -> None:
    numbered = assign_number(workspace, completed, NUMBER, day=DAY)
    newest = document_view(workspace, completed).history[0]
    assert (newest.step, newest.entry_index) == (NUMBERED, numbered.entry_index)


def test_a_numbered_document_is_still_archival_and_accessible(workspace: Workspace, completed: str) -> None:
    assert check_conformance(pdf_of(workspace, completed)).findings == ()
    assign_number(workspace, completed, NUMBER, day=DAY)
    assert check_conformance(pdf_of(workspace, completed)).findings == ()
