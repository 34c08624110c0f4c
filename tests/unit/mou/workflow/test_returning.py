"""What a signatory signed with their own program comes back: recorded once, or refused with everything left as it was."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest

from mou.app import open_workspace
from mou.requests import RequestRefusedError, RequestState
from mou.storage.store import NotFoundError, WorkflowStore
from mou.workflow import returning
from mou.workflow.auditing import audit_workspace
from mou.workflow.extending import TRUST_FOLDER
from mou.workflow.publishing import publish_queued
from mou.workflow.returning import return_file
from mou.workflow.signing import Signed, SignerRefusedError, sign_document
from mou.workflow.status import document_statuses
from mou.workflow.verifying import verify_published
from mou.workflow.workspace import Workspace
from signatures import comparison
from signatures.authority import Authority, Revoked, Subject, certificate_to_pem, create_authority, new_private_key
from signatures.return_faults import ReturnFault, ReturnRefusedError
from signatures.returned import Returned, read_returned
from signatures.signers import Signer, signer_from_key
from signatures.trust import TrustAnchors
from tests.foreign_programs import HAS_MUPDF, sign_with_mupdf_and_openssl, sign_with_pyhanko

FIRST, SECOND, WITNESS = "นางแก้ว ตัวอย่าง", "นายคำ ตัวอย่าง", "นายก้อง ตัวอย่าง"
YEARS = timedelta(days=3000)
F = ReturnFault


@dataclass(frozen=True, repr=False)
class Desk:
    """A workspace of today, since other programs sign by their own clocks, with a charter that two sign in any order."""

    workspace: Workspace
    charter: str
    memorandum: str

    def signer(self, name: str = FIRST, authority: Authority | None = None) -> Signer:
        """A key with a certificate of the workspace's own authority, or of another."""
        issuer = authority or self.workspace.keys.authority()
        key, begin = new_private_key(), issuer.certificate.not_valid_before_utc
        certificate = issuer.issue(Subject(name), key.public_key(), not_before=begin, not_after=begin + YEARS)
        return signer_from_key(key, certificate, (issuer.certificate,))

    def current(self, document_id: str | None = None) -> bytes:
        """What can be downloaded now."""
        with self.workspace.database.read() as transaction:
            document = transaction.store.document(document_id or self.charter)
        return self.workspace.files.get(document.current)

    def signed(self, field: str = "S0001", signer: Signer | None = None, *, base: bytes | None = None) -> bytes:
        """The charter, signed elsewhere."""
        return sign_with_pyhanko(base or self.current(), field, signer or self.signer())

    def give_back(self, content: bytes, *, field: str | None = None, document_id: str | None = None) -> Signed:
        """Return a file, and nothing else said."""
        return return_file(self.workspace, content, source="signed.pdf", field=field, document_id=document_id)

    def state(self) -> tuple[object, ...]:
        """Everything that a refusal has to leave as it was."""
        with self.workspace.database.read() as transaction:
            statuses = document_statuses(self.workspace)
            return (
                transaction.ledger.head().size,
                tuple(one.document for one in statuses),
                tuple(one.requests for one in statuses),
            )


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """How busy the machine is that runs the tests is no fact about the files."""
    monkeypatch.setattr(comparison, "COMPARISON_SECONDS_AT_MOST", 600.0)


@pytest.fixture
def desk(finished_workspace: Path, tmp_path: Path) -> Desk:
    folder = tmp_path / "workspace"
    shutil.copytree(finished_workspace, folder)
    workspace = open_workspace(folder, clock=lambda: datetime.now(UTC) + timedelta(seconds=1))
    charter = document_statuses(workspace, "lanna-charter")[0].document.document_id
    memorandum = document_statuses(workspace, "lanna-mou")[0].document.document_id
    return Desk(workspace, charter, memorandum)


def test_what_comes_back_is_recorded_and_verifies_with_signatures_made_here(desk: Desk) -> None:
    sign_document(desk.workspace, desk.charter, "S0002", desk.signer(SECOND))
    signer = desk.signer()
    content = desk.signed(signer=signer)
    returned = desk.give_back(content)
    assert (returned.is_new, returned.request.slot.field, returned.request.certificate) == (True, "S0001", signer.digest)
    assert returned.request.state is RequestState.SIGNED
    assert desk.current() == content
    assert publish_queued(desk.workspace) == 1
    report = verify_published(desk.workspace, desk.charter)
    assert report.verdict == "passed"
    assert "1 signatures do not state a capacity themselves" in str(report.steps[4].reason)
    with desk.workspace.database.read() as transaction:
        told = [entry.type for entry in transaction.ledger.entries_about(desk.charter)]
    assert told == ["revision.frozen", "signature.applied", "signature.applied", "charter.completed"]
    assert audit_workspace(desk.workspace).findings == ()


def test_signatures_made_here_may_follow_one_that_came_back(desk: Desk) -> None:
    desk.give_back(desk.signed())
    sign_document(desk.workspace, desk.charter, "S0002", desk.signer(SECOND))
    publish_queued(desk.workspace)
    assert verify_published(desk.workspace, desk.charter).verdict == "passed"


@pytest.mark.skipif(not HAS_MUPDF, reason="mutool is missing: Debian package mupdf-tools")
def test_all_may_sign_elsewhere_each_with_another_program(desk: Desk, tmp_path: Path) -> None:
    desk.give_back(sign_with_mupdf_and_openssl(desk.current(), "S0001", desk.signer(), tmp_path))
    desk.give_back(desk.signed("S0002", desk.signer(SECOND)))
    publish_queued(desk.workspace)
    report = verify_published(desk.workspace, desk.charter)
    assert report.verdict == "passed"
    assert "2 signatures do not state a capacity themselves" in str(report.steps[4].reason)


def test_the_same_file_again_returns_what_is_there(desk: Desk) -> None:
    content = desk.signed()
    first = desk.give_back(content)
    before = desk.state()
    for field in (None, "S0001"):
        again = desk.give_back(content, field=field)
        assert (again.is_new, again.request.certificate) == (False, first.request.certificate)
    assert desk.state() == before


def test_the_same_file_is_known_again_after_others_have_signed(desk: Desk) -> None:
    content = desk.signed()
    desk.give_back(content)
    sign_document(desk.workspace, desk.charter, "S0002", desk.signer(SECOND))
    assert not desk.give_back(content).is_new


def test_a_file_of_another_document_is_told_apart(desk: Desk) -> None:
    content = desk.signed()
    with pytest.raises(ReturnRefusedError, match="another document than the one that was to be signed here") as refused:
        desk.give_back(content, document_id=desk.memorandum)
    assert refused.value.fault is F.OTHER_DOCUMENT
    assert desk.give_back(content, document_id=desk.charter).is_new


def other_authority(desk: Desk) -> Authority:
    begin = desk.workspace.keys.authority().certificate.not_valid_before_utc
    return create_authority("ผู้ออกใบรับรองอื่น", at=begin, lifetime=YEARS + timedelta(days=1))


def on_an_older_copy(desk: Desk) -> bytes:
    older = desk.current()
    sign_document(desk.workspace, desk.charter, "S0002", desk.signer(SECOND))
    return desk.signed(base=older)


def signed_here_meanwhile(desk: Desk) -> bytes:
    older = desk.current()
    sign_document(desk.workspace, desk.charter, "S0001", desk.signer())
    return desk.signed(base=older)


def altered_in_the_newest_revision(desk: Desk) -> bytes:
    older = desk.current()
    sign_document(desk.workspace, desk.charter, "S0002", desk.signer(SECOND))
    signed = desk.signed()
    place = signed.index(b"/Adobe.PPKLite", len(older))
    return signed[:place] + b"/Adobe.PPKLitf" + signed[place + 14 :]


def of_a_document_that_was_replaced(desk: Desk) -> bytes:
    with desk.workspace.database.write() as transaction:
        transaction.store.supersede(desk.charter, desk.memorandum)
    return desk.signed()


def when_all_have_signed(desk: Desk) -> bytes:
    sign_document(desk.workspace, desk.charter, "S0001", desk.signer())
    sign_document(desk.workspace, desk.charter, "S0002", desk.signer(SECOND))
    return sign_with_pyhanko(desk.current(), None, desk.signer(), new_field="Another")


def with_a_revoked_certificate(desk: Desk) -> bytes:
    signer, keys = desk.signer(), desk.workspace.keys
    now = desk.workspace.clock().replace(microsecond=0)
    revoked = [Revoked(signer.certificate.serial_number, now - timedelta(hours=1))]
    listed = keys.authority().revocation_list(
        at=now - timedelta(minutes=1), next_update=now + timedelta(days=90), number=9, revoked=revoked
    )
    (keys.folder / "revocation.crl").write_bytes(listed)
    return desk.signed(signer=signer)


def by_a_trusted_authority_that_says_nothing(desk: Desk) -> bytes:
    authority = other_authority(desk)
    folder = desk.workspace.folder / TRUST_FOLDER
    folder.mkdir()
    (folder / "other.pem").write_bytes(certificate_to_pem(authority.certificate))
    return desk.signed(signer=desk.signer(authority=authority))


def saved_anew(desk: Desk) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(desk.signed())) as document:
        document.save(out)
    return out.getvalue()


Make = Callable[[Desk], bytes]
REFUSED: dict[str, tuple[Make, str | None, ReturnFault, str]] = {
    "no pdf": (lambda _desk: b"hello", None, F.NOT_A_PDF, "signed.pdf: a PDF is expected"),
    "a file saved anew": (saved_anew, None, F.REWRITTEN, "signed.pdf: the file does not begin with the bytes"),
    "an unsigned copy": (lambda desk: desk.current(), None, F.NOTHING_NEW, "without a new signature"),
    "an older copy": (
        on_an_older_copy,
        None,
        F.OUTDATED,
        rf"no longer the newest of lanna-charter \(added since: {SECOND}\).*download the document again",
    ),
    "signed here meanwhile": (signed_here_meanwhile, None, F.FIELD_TAKEN, f"S0001: {FIRST} has signed lanna-charter already"),
    "an altered newest revision": (altered_in_the_newest_revision, None, F.REWRITTEN, "does not begin with"),
    "a replaced document": (of_a_document_that_was_replaced, None, F.SUPERSEDED, "replaced by a newer document"),
    "all have signed": (when_all_have_signed, None, F.FIELD_TAKEN, "everybody has signed lanna-charter"),
    "another's field": (lambda desk: desk.signed("S0002", desk.signer(SECOND)), "S0001", F.OTHER_FIELD, "got one in S0002"),
    "an unknown authority": (
        lambda desk: desk.signed(signer=desk.signer(authority=other_authority(desk))),
        None,
        F.NOT_TRUSTED,
        "NO_CERTIFICATE_CHAIN_FOUND.*the secretariat chooses whose certificates count here",
    ),
    "a revoked certificate": (with_a_revoked_certificate, None, F.REVOKED, "the certificate was revoked"),
    "no word on revocation": (
        by_a_trusted_authority_that_says_nothing,
        None,
        F.NOT_TRUSTED,
        "TRY_LATER.*add the certificate's revocation data",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_file_leaves_everything_as_it_was(desk: Desk, case: str) -> None:
    make, field, fault, words = REFUSED[case]
    content = make(desk)
    before = desk.state()
    with pytest.raises(ReturnRefusedError, match=words) as refused:
        desk.give_back(content, field=field)
    assert refused.value.fault is fault
    assert desk.state() == before


def test_a_certificate_of_somebody_else_is_refused(desk: Desk) -> None:
    before = desk.state()
    with pytest.raises(SignerRefusedError, match=f"S0001: a certificate of {FIRST} is expected, got one of {WITNESS}"):
        desk.give_back(desk.signed(signer=desk.signer(WITNESS)))
    assert desk.state() == before


def test_nobody_signs_before_their_turn_by_signing_elsewhere(desk: Desk) -> None:
    content = desk.signed("S0002", desk.signer(WITNESS), base=desk.current(desk.memorandum))
    before = desk.state()
    with pytest.raises(RequestRefusedError, match="not yet the turn"):
        desk.give_back(content)
    assert desk.state() == before


def test_a_field_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="no signature field S0099; it has S0001, S0002"):
        desk.give_back(desk.signed(), field="S0099")


def test_whose_certificate_counts_may_be_left_open_but_a_revoked_one_never_counts(desk: Desk) -> None:
    revoked = with_a_revoked_certificate(desk)
    with pytest.raises(ReturnRefusedError, match="the certificate was revoked"):
        return_file(desk.workspace, revoked, source="signed.pdf", require_trust=False)
    unknown = desk.signed(signer=desk.signer(authority=other_authority(desk)))
    assert return_file(desk.workspace, unknown, source="signed.pdf", require_trust=False).is_new


def test_another_authority_counts_with_its_list_beside_the_file(desk: Desk) -> None:
    authority = other_authority(desk)
    folder, now = desk.workspace.folder / TRUST_FOLDER, desk.workspace.clock().replace(microsecond=0)
    folder.mkdir()
    (folder / "other.pem").write_bytes(certificate_to_pem(authority.certificate))
    listed = authority.revocation_list(at=now - timedelta(hours=1), next_update=now + timedelta(days=9), number=1)
    content = desk.signed(signer=desk.signer(authority=authority))
    given = TrustAnchors((), revocation_lists=(listed,))
    assert return_file(desk.workspace, content, source="signed.pdf", given=given).is_new


def crash(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("power cut")


def test_a_crash_before_the_commit_records_nothing_and_a_repeat_succeeds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    content, before = desk.signed(), desk.state()
    with monkeypatch.context() as patch:
        patch.setattr(WorkflowStore, "put_signature", crash)
        with pytest.raises(RuntimeError, match="power cut"):
            desk.give_back(content)
    assert desk.state() == before
    assert audit_workspace(desk.workspace).findings == ()
    assert desk.give_back(content).is_new
    assert audit_workspace(desk.workspace).findings == ()


def after_something_else(monkeypatch: pytest.MonkeyPatch, happens: list[Callable[[], object]]) -> None:
    """Let somebody else finish once a file was judged, before it is recorded."""

    def judge(*arguments: object, **options: object) -> Returned:
        found = read_returned(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came
        if happens:
            happens.pop()()
        return found

    monkeypatch.setattr(returning, "read_returned", judge)


def test_who_signs_at_the_same_moment_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rival = desk.signer(SECOND)
    content = desk.signed()
    after_something_else(monkeypatch, [lambda: sign_document(desk.workspace, desk.charter, "S0002", rival)])
    with pytest.raises(ReturnRefusedError, match=rf"added since: {SECOND}") as refused:
        desk.give_back(content)
    assert refused.value.fault is F.OUTDATED
    with desk.workspace.database.read() as transaction:
        states = [one.state for one in transaction.store.requests(desk.charter)]
    assert [state is RequestState.SIGNED for state in states] == [False, True]


def test_a_file_that_is_sent_twice_at_once_is_recorded_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    content, others = desk.signed(), []
    after_something_else(monkeypatch, [lambda: others.append(desk.give_back(content))])
    assert not desk.give_back(content).is_new
    assert [one.is_new for one in others] == [True]
    assert audit_workspace(desk.workspace).findings == ()
