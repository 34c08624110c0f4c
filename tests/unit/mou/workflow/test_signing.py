"""Recording a signature: what each crash leaves behind, and that a repeat returns what is there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageDraw

from mou.errors import RenderingError
from mou.rendering.pictures import Picture, read_picture
from mou.requests import RequestRefusedError, RequestState
from mou.storage.files import FileStore
from mou.storage.store import NotFoundError, WorkflowStore
from mou.workflow import signing
from mou.workflow.auditing import audit_workspace
from mou.workflow.checking import require_sound
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import SignerRefusedError, check_picture, sign_document
from mou.workflow.stamps import draw_stamp, require_room_for_picture
from mou.workflow.status import document_statuses
from mou.workflow.verifying import verify_published
from mou.workflow.workspace import Workspace
from signatures.errors import CertificateRefusedError, SigningError
from signatures.fields import read_fields
from signatures.ledger.log import Ledger
from signatures.signers import Signer
from signatures.signing import sign

Issue = Callable[..., Signer]
REPRESENTATIVE, WITNESS = "นางแก้ว ตัวอย่าง", "นายก้อง ตัวอย่าง"


def charter_of(workspace: Workspace) -> str:
    return document_statuses(workspace, "lanna-charter")[0].document.document_id


def memorandum_of(workspace: Workspace) -> str:
    return document_statuses(workspace, "lanna-mou")[0].document.document_id


def size_of_ledger(workspace: Workspace) -> int:
    with workspace.database.read() as transaction:
        return transaction.ledger.head().size


def state_of(workspace: Workspace, document_id: str) -> tuple[str, int, tuple[RequestState, ...]]:
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        requests = transaction.store.requests(document_id)
    return str(document.current), document.revision_count, tuple(request.state for request in requests)


def test_a_signature_is_recorded_with_its_entry_and_published_with_its_evidence(workspace: Workspace, issue: Issue) -> None:
    document_id = memorandum_of(workspace)
    before = size_of_ledger(workspace)
    signed = sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    publish_queued(workspace)
    assert signed.is_new
    assert signed.document.revision_count == 2
    assert size_of_ledger(workspace) == before + 1
    report = verify_published(workspace, document_id)
    assert report.verdict == "indeterminate"  # three signatories have still to sign
    assert "still to be signed: S0002, S0003, S0004" in str(report.reason)
    assert audit_workspace(workspace).findings == ()


def test_the_last_signature_completes_the_document_in_the_same_transaction(workspace: Workspace, issue: Issue) -> None:
    document_id = charter_of(workspace)
    sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    sign_document(workspace, document_id, "S0002", issue("นายคำ ตัวอย่าง"))
    publish_queued(workspace)
    with workspace.database.read() as transaction:
        told = [entry.type for entry in transaction.ledger.entries_about(document_id)]
    assert told == ["revision.frozen", "signature.applied", "signature.applied", "charter.completed"]
    assert verify_published(workspace, document_id).verdict == "passed"


def test_a_repeat_with_the_same_key_returns_what_is_there(workspace: Workspace, issue: Issue) -> None:
    signer = issue(REPRESENTATIVE)
    document_id = memorandum_of(workspace)
    first = sign_document(workspace, document_id, "S0001", signer)
    before = (state_of(workspace, document_id), size_of_ledger(workspace))
    again = sign_document(workspace, document_id, "S0001", signer)
    assert not again.is_new
    assert again.document.current == first.document.current
    assert (state_of(workspace, document_id), size_of_ledger(workspace)) == before


def test_a_signed_field_is_not_signed_with_another_key(workspace: Workspace, issue: Issue) -> None:
    document_id = memorandum_of(workspace)
    sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    with pytest.raises(RequestRefusedError, match="is signed and cannot become signed"):
        sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))


Refusal = tuple[str, str, timedelta, type[Exception], str]
DAYS, MINUTES = timedelta(days=9), timedelta(minutes=30)  # an hour has passed when they sign
REFUSALS: dict[str, Refusal] = {
    "somebody else's key": ("S0001", "นายคนอื่น ตัวอย่าง", DAYS, SignerRefusedError, "of นางแก้ว ตัวอย่าง is expected, got"),
    "before one's turn": ("S0002", WITNESS, DAYS, RequestRefusedError, "not yet the turn"),
    "an expired certificate": ("S0001", REPRESENTATIVE, MINUTES, CertificateRefusedError, "valid from .* cannot sign"),
    "no such field": ("S0099", REPRESENTATIVE, DAYS, NotFoundError, "no signature field S0099; it has S0001"),
}


@pytest.mark.parametrize(("field", "name", "lifetime", "error", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_signature_that_is_refused_leaves_everything_as_it_was(
    workspace: Workspace, issue: Issue, field: str, name: str, lifetime: timedelta, error: type[Exception], message: str
) -> None:
    signer = issue(name, lifetime=lifetime)
    document_id = memorandum_of(workspace)
    before = (state_of(workspace, document_id), size_of_ledger(workspace))
    with pytest.raises(error, match=message):
        sign_document(workspace, document_id, field, signer)
    assert (state_of(workspace, document_id), size_of_ledger(workspace)) == before


def test_a_crash_before_the_commit_records_nothing_and_a_repeat_succeeds(
    workspace: Workspace, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is stored, the transaction is lost: an orphan that no entry names."""
    document_id, signer = memorandum_of(workspace), issue(REPRESENTATIVE)
    before = (state_of(workspace, document_id), size_of_ledger(workspace))
    with monkeypatch.context() as patch:
        patch.setattr(WorkflowStore, "put_signature", crash)
        with pytest.raises(RuntimeError, match="power cut"):
            sign_document(workspace, document_id, "S0001", signer)
    assert (state_of(workspace, document_id), size_of_ledger(workspace)) == before
    assert audit_workspace(workspace).findings == ()
    assert sign_document(workspace, document_id, "S0001", signer).is_new
    assert audit_workspace(workspace).findings == ()


def test_a_crash_after_the_commit_is_made_good_by_the_next_run(workspace: Workspace, issue: Issue) -> None:
    """Recorded but not published: the outbox remembers."""
    document_id = charter_of(workspace)
    sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    published = workspace.documents_folder / "lanna-charter" / "lanna-charter.pdf"
    assert {field.name for field in read_fields(published.read_bytes()) if field.is_filled} == {"S0000"}
    assert publish_queued(workspace) == 1
    assert {field.name for field in read_fields(published.read_bytes()) if field.is_filled} == {"S0000", "S0001"}
    assert publish_queued(workspace) == 0


def test_a_full_disk_while_storing_records_nothing(workspace: Workspace, issue: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    document_id = memorandum_of(workspace)
    before = (state_of(workspace, document_id), size_of_ledger(workspace))
    monkeypatch.setattr(FileStore, "put", no_space)
    with pytest.raises(OSError, match="No space left"):
        sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    assert (state_of(workspace, document_id), size_of_ledger(workspace)) == before


def test_a_signature_made_on_a_stale_revision_is_made_again_on_the_newest(
    workspace: Workspace, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two members press sign at once: the second finds the first one's revision and signs on that."""
    document_id, other = charter_of(workspace), issue("นายคำ ตัวอย่าง")
    soundness, rivals = require_sound, [other]

    def let_a_rival_finish_first(desk: Workspace, pdf: bytes, *, at: datetime) -> None:
        soundness(desk, pdf, at=at)
        if rivals:
            sign_document(desk, document_id, "S0002", rivals.pop())

    monkeypatch.setattr(signing, "require_sound", let_a_rival_finish_first)
    sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    publish_queued(workspace)
    assert state_of(workspace, document_id)[1:] == (3, (RequestState.SIGNED, RequestState.SIGNED))
    assert verify_published(workspace, document_id).verdict == "passed"
    assert audit_workspace(workspace).findings == ()


def test_a_result_that_does_not_validate_is_not_stored(
    workspace: Workspace, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = memorandum_of(workspace)
    before = (state_of(workspace, document_id), size_of_ledger(workspace))
    make = sign

    def with_loose_bytes(*arguments: object, **options: object) -> bytes:
        return make(*arguments, **options) + b"9999 0 obj\n<<>>\nendobj\n"  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(signing, "sign", with_loose_bytes)
    with pytest.raises(SigningError, match=r"not a sound chain of revisions.*nothing was stored"):
        sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    assert (state_of(workspace, document_id), size_of_ledger(workspace)) == before


def test_a_ledger_that_refuses_undoes_the_whole_signature(
    workspace: Workspace, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = memorandum_of(workspace)
    before = state_of(workspace, document_id)
    monkeypatch.setattr(Ledger, "append", crash)
    with pytest.raises(RuntimeError, match="power cut"):
        sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE))
    assert state_of(workspace, document_id) == before


@pytest.fixture
def picture() -> Picture:
    """A scribble."""
    image = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(image).line([(20, 180), (200, 20), (300, 160), (580, 40)], fill=(20, 30, 120), width=9)
    content = BytesIO()
    image.save(content, format="PNG")
    return read_picture(content.getvalue(), source="test")


def pictures_in(pdf: bytes) -> dict[str, int]:
    """How many pictures the look of each signature has."""
    with pikepdf.open(BytesIO(pdf)) as document:
        looks = {str(field.T): field.AP.N for field in document.Root.AcroForm.Fields}
        kinds = {
            name: [thing.Subtype for thing in look.Resources.get("/XObject", pikepdf.Dictionary()).values()]
            for name, look in looks.items()
        }
    return {name: kinds_of_one.count(pikepdf.Name.Image) for name, kinds_of_one in kinds.items()}


def test_a_picture_stands_in_the_signed_pdf_and_nowhere_else(workspace: Workspace, issue: Issue, picture: Picture) -> None:
    document_id = charter_of(workspace)
    without = sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE)).document
    before = set(workspace.folder.rglob("*"))
    signed = sign_document(workspace, document_id, "S0002", issue("นายคำ ตัวอย่าง"), picture=picture).document
    pdf = workspace.files.get(signed.current)
    assert pictures_in(pdf) == {"S0000": 0, "S0001": 0, "S0002": 1}
    assert pdf.startswith(workspace.files.get(without.current))
    new = [path for path in set(workspace.folder.rglob("*")) - before if path.is_file() and not path.name.startswith("mou.db")]
    assert [path.read_bytes() for path in new] == [pdf]
    with workspace.database.read() as transaction:
        one, other = [entry for entry in transaction.ledger.entries_about(document_id) if entry.type == "signature.applied"]
    assert one.body.keys() == other.body.keys()
    publish_queued(workspace)
    assert verify_published(workspace, document_id).verdict == "passed"
    assert audit_workspace(workspace).findings == ()


def test_a_signature_that_is_made_again_keeps_its_picture(
    workspace: Workspace, issue: Issue, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id, other = charter_of(workspace), issue("นายคำ ตัวอย่าง")
    soundness, rivals = require_sound, [other]

    def let_a_rival_finish_first(desk: Workspace, pdf: bytes, *, at: datetime) -> None:
        soundness(desk, pdf, at=at)
        if rivals:
            sign_document(desk, document_id, "S0002", rivals.pop())

    monkeypatch.setattr(signing, "require_sound", let_a_rival_finish_first)
    signed = sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE), picture=picture)
    assert pictures_in(workspace.files.get(signed.document.current)) == {"S0000": 0, "S0001": 1, "S0002": 0}


def test_a_picture_for_a_field_that_is_not_there_is_refused(workspace: Workspace, picture: Picture) -> None:
    check_picture(workspace, charter_of(workspace), "S0001", picture)
    with pytest.raises(NotFoundError, match="no signature field S0009"):
        check_picture(workspace, charter_of(workspace), "S0009", picture)


def test_a_picture_that_would_be_seen_nowhere_is_refused(workspace: Workspace, picture: Picture) -> None:
    """The seal's field has no place on a page."""
    with workspace.database.read() as transaction:
        document = transaction.store.document(charter_of(workspace))
        slot = replace(transaction.store.requests(document.document_id)[0].slot, field="S0000")
    pdf, at = workspace.files.get(document.current), workspace.clock()
    assert draw_stamp(pdf, slot, document, at=at) is None
    with pytest.raises(RenderingError, match="S0000: the field has no place on a page"):
        draw_stamp(pdf, slot, document, at=at, picture=picture)
    with pytest.raises(RenderingError, match="S0000: the field has no place on a page"):
        require_room_for_picture(pdf, slot, document, picture, at=at)


def test_a_picture_that_leaves_the_name_no_room_is_refused_before_anything_is_signed(
    workspace: Workspace, issue: Issue, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = charter_of(workspace)
    before = (state_of(workspace, document_id), size_of_ledger(workspace))
    monkeypatch.setattr("mou.rendering.stamp_layout._PICTURE_SHARES", (0.9,))
    for attempt in (
        lambda: check_picture(workspace, document_id, "S0001", picture),
        lambda: sign_document(workspace, document_id, "S0001", issue(REPRESENTATIVE), picture=picture),
    ):
        with pytest.raises(RenderingError, match=f"{REPRESENTATIVE} leaves no room for a picture"):
            attempt()
    assert (state_of(workspace, document_id), size_of_ledger(workspace)) == before


def crash(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("power cut")


def no_space(*_arguments: object) -> None:
    raise OSError(28, "No space left on device", "files/ab")
