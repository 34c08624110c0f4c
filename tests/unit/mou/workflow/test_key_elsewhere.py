"""Signing with a key elsewhere: what each crash leaves behind, and that nobody who signed is asked again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mou.requests import RequestRefusedError, RequestState
from mou.storage.asking import Identity, IdentityMethod, Preparation
from mou.storage.store import StaleRevisionError
from mou.workflow import receiving
from mou.workflow.asking import ask, withdraw
from mou.workflow.auditing import audit_workspace
from mou.workflow.certifying import CERTIFICATE_LIFETIME_WITHOUT_TIMESTAMP, challenge_of, issue_certificate
from mou.workflow.consenting import DraftRefusedError, save_draft
from mou.workflow.identifying import attest, confirm
from mou.workflow.links import Invited, invited_by
from mou.workflow.preparing import (
    LEASE,
    NotReadyError,
    ReadyToSign,
    StalePreparationError,
    Waiting,
    prepare,
    prepared_bytes,
    release,
)
from mou.workflow.publishing import publish_queued
from mou.workflow.receiving import apply_received, circumstances_commitment, receive
from mou.workflow.signing import SignerRefusedError, sign_document
from mou.workflow.status import document_statuses
from mou.workflow.verifying import verify_published
from mou.workflow.workspace import Workspace
from signatures.errors import SigningError, TimestampError
from signatures.signers import Signer
from signatures.verification import VerificationPolicy, verify

Issue = Callable[..., Signer]
REPRESENTATIVE, OTHER_REPRESENTATIVE = "นางแก้ว ตัวอย่าง", "นายคำ ตัวอย่าง"
EVERY_CONSENT = {"read": "read", "sign": "sign", "electronic": "electronic"}


class Browser:
    """What a signatory's page does, with a key that it made itself."""

    def __init__(self, workspace: Workspace, field: str, template: str = "lanna-charter") -> None:
        document_id = document_statuses(workspace, template)[0].document.document_id
        (asked,) = ask(workspace, document_id, [field])
        self.workspace, self.invitation_id = workspace, asked.invitation.invitation_id
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.identity = confirm(workspace, self.invited, attest(workspace, self.invitation_id, note="รู้จักกันมาก่อน"))
        self.certificate: bytes = b""
        self.chain: tuple[bytes, ...] = ()

    @property
    def invited(self) -> Invited:
        return invited_by(self.workspace, self.invitation_id)

    def fill_in(self) -> "Browser":
        save_draft(
            self.workspace,
            self.invited,
            self.identity,
            displayed=self.invited.document.current.hex,
            read_how="pages",
            consents=EVERY_CONSENT,
            way="browser",
            picture=None,
        )
        return self

    def certify(self) -> "Browser":
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        proof = self.sign(challenge_of(self.invited))
        self.certificate, authority = issue_certificate(self.workspace, self.invited, self.identity, public, proof)
        self.chain = (authority,)
        return self

    def sign(self, content: bytes) -> bytes:
        return self.key.sign(content, ec.ECDSA(hashes.SHA256()))

    def prepare(self) -> ReadyToSign | Waiting:
        return prepare(self.workspace, self.invited, self.certificate, self.chain)

    def ready(self) -> ReadyToSign:
        prepared = self.prepare()
        assert isinstance(prepared, ReadyToSign)
        return prepared

    def send(self, ready: ReadyToSign) -> bool:
        return receive(self.workspace, self.invited, ready.preparation_id, self.sign(ready.signed_attributes)).is_new


@pytest.fixture
def browser(workspace: Workspace) -> Browser:
    return Browser(workspace, "S0001").fill_in().certify()


def events_of(workspace: Workspace, document_id: str) -> list[str]:
    with workspace.database.read() as transaction:
        return [entry.type for entry in transaction.ledger.entries_about(document_id)]


def state_of(browser: Browser) -> RequestState:
    return browser.invited.request.state


def test_a_key_made_elsewhere_signs_and_everything_about_it_is_recorded(workspace: Workspace, browser: Browser) -> None:
    ready = browser.ready()
    content = prepared_bytes(workspace, browser.invited, ready.preparation_id)
    assert content.startswith(workspace.files.get(browser.invited.document.current))
    assert browser.send(ready)
    assert events_of(workspace, browser.invited.document.document_id) == [
        "revision.frozen",
        "signatory.invited",
        "invitation.opened",
        "identity.confirmed",
        "certificate.issued",
        "signature.received",
        "signature.applied",
    ]
    assert audit_workspace(workspace).findings == ()
    assert not workspace.prepared.has(browser_preparation(workspace, ready).content)


def browser_preparation(workspace: Workspace, ready: ReadyToSign) -> Preparation:
    with workspace.database.read() as transaction:
        preparation = transaction.asking.preparation(ready.preparation_id)
    assert preparation is not None
    return preparation


def test_what_was_shown_and_agreed_to_is_bound_by_the_ledger_without_a_name(workspace: Workspace, browser: Browser) -> None:
    ready = browser.ready()
    browser.send(ready)
    kept = browser_preparation(workspace, ready)
    assert kept.circumstances is not None
    assert kept.salt is not None
    with workspace.database.read() as transaction:
        entries = transaction.ledger.entries_about(browser.invited.document.document_id)
    received = next(entry for entry in entries if entry.type == "signature.received")
    assert received.body["circumstances"] == circumstances_commitment(kept.circumstances, kept.salt)
    assert '"method": "attested_on_site"' in kept.circumstances
    assert received.body["identity"] == browser.identity.identity_id
    assert not any("ตัวอย่าง".encode() in entry.leaf for entry in entries)


def test_the_evidence_says_how_the_signatory_was_known(workspace: Workspace, browser: Browser) -> None:
    browser.send(browser.ready())
    with workspace.database.read() as transaction:
        newest = transaction.store.revisions(browser.invited.document.document_id)[-1]
    assert [one.identity for one in newest.expected] == [None, "attested_on_site", None]


def test_a_certificate_names_the_signatory_and_the_identity_that_was_established(browser: Browser) -> None:
    certificate = x509.load_der_x509_certificate(browser.certificate)
    names = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert names[x509.NameOID.COMMON_NAME] == REPRESENTATIVE
    assert names[x509.NameOID.SERIAL_NUMBER] == browser.identity.identity_id.replace("_", "-")
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert lifetime == CERTIFICATE_LIFETIME_WITHOUT_TIMESTAMP + timedelta(minutes=1)


def test_no_certificate_for_a_key_that_the_sender_does_not_have(workspace: Workspace, browser: Browser) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    public = stranger.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(SignerRefusedError, match="does not have its key"):
        issue_certificate(workspace, browser.invited, browser.identity, public, browser.sign(challenge_of(browser.invited)))
    for wrong in (b"", b"no key"):
        with pytest.raises(SignerRefusedError, match="a public key is expected"):
            issue_certificate(workspace, browser.invited, browser.identity, wrong, b"")


def test_a_repeat_of_the_value_returns_the_signature_that_is_there(workspace: Workspace, browser: Browser) -> None:
    ready = browser.ready()
    assert browser.send(ready)
    before = browser.invited.document.current
    assert not browser.send(ready)
    assert browser.invited.document.current == before


def test_who_comes_while_somebody_signs_waits_and_then_signs_after_them(workspace: Workspace, browser: Browser) -> None:
    other = Browser(workspace, "S0002").fill_in().certify()
    ready = browser.ready()
    waiting = other.prepare()
    assert isinstance(waiting, Waiting)
    assert timedelta() < waiting.retry_after < timedelta(seconds=2)
    assert browser.send(ready)
    assert other.send(other.ready())
    publish_queued(workspace)
    document_id = browser.invited.document.document_id
    assert verify_published(workspace, document_id).verdict == "passed"
    assert "charter.completed" in events_of(workspace, document_id)


def test_a_lease_that_ran_out_makes_room_and_the_late_value_is_prepared_anew(workspace: Workspace, browser: Browser) -> None:
    other = Browser(workspace, "S0002").fill_in().certify()
    late = browser.ready()
    now = workspace.clock()
    other.workspace = replace(workspace, clock=lambda: now + LEASE + timedelta(seconds=5))
    assert other.send(other.ready())
    with pytest.raises(StalePreparationError):
        browser.send(late)
    assert browser.send(browser.ready())  # the same key and certificate; nobody starts over
    assert state_of(browser) is state_of(other) is RequestState.SIGNED


def test_who_signs_at_the_desk_waits_for_a_browser_and_says_so_when_it_takes_too_long(
    workspace: Workspace, browser: Browser, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mou.workflow.signing.LONGEST_WAIT_SECONDS", 0)
    ready = browser.ready()
    document_id = browser.invited.document.document_id
    with pytest.raises(StaleRevisionError, match="somebody is signing it in a browser"):
        sign_document(workspace, document_id, "S0002", issue(OTHER_REPRESENTATIVE))
    assert browser.send(ready)
    assert sign_document(workspace, document_id, "S0002", issue(OTHER_REPRESENTATIVE)).is_new


def test_another_tab_of_the_same_person_takes_the_place_of_the_first(workspace: Workspace, browser: Browser) -> None:
    first, second = browser.ready(), browser.ready()
    with pytest.raises(StalePreparationError):
        browser.send(first)
    assert browser.send(second)


def test_a_person_who_stops_gives_the_document_free(workspace: Workspace, browser: Browser) -> None:
    other = Browser(workspace, "S0002").fill_in().certify()
    ready = browser.ready()
    release(workspace, browser.invited, ready.preparation_id)
    assert isinstance(other.prepare(), ReadyToSign)


def test_a_wrong_value_is_refused_and_leaves_everything_as_it_was(workspace: Workspace, browser: Browser) -> None:
    ready = browser.ready()
    before = (browser.invited, events_of(workspace, browser.invited.document.document_id))
    with pytest.raises(SigningError, match="not that of the certificate's key"):
        receive(workspace, browser.invited, ready.preparation_id, browser.sign(b"something else"))
    assert (browser.invited, events_of(workspace, browser.invited.document.document_id)) == before
    assert browser.send(browser.ready())


def test_a_preparation_of_somebody_else_is_not_ones_own(workspace: Workspace, browser: Browser) -> None:
    other = Browser(workspace, "S0002").fill_in().certify()
    ready = browser.ready()
    for look in (
        lambda: prepared_bytes(workspace, other.invited, ready.preparation_id),
        lambda: receive(workspace, other.invited, ready.preparation_id, b""),
        lambda: release(workspace, other.invited, ready.preparation_id),
    ):
        with pytest.raises(StalePreparationError):
            look()


def test_a_crash_after_the_value_was_kept_asks_nobody_again(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = browser.ready()

    def crash(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "finish_signature", crash)
        with pytest.raises(KeyboardInterrupt):
            browser.send(ready)
    assert state_of(browser) is RequestState.SENT
    other = Browser(workspace, "S0002").fill_in().certify()
    assert isinstance(other.prepare(), Waiting)  # the document is held until the value is in it
    assert apply_received(workspace) == 1
    assert state_of(browser) is RequestState.SIGNED
    assert apply_received(workspace) == 0
    assert other.send(other.ready())
    assert audit_workspace(workspace).findings == ()


def test_a_crash_before_the_commit_leaves_a_file_that_nothing_names(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = browser.ready()

    def crash(*_: object, **__: object) -> None:
        raise OSError("the machine stopped")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "record_signature", crash)
        with pytest.raises(OSError, match="stopped"):
            browser.send(ready)
    assert state_of(browser) is RequestState.SENT
    assert "signature.applied" not in events_of(workspace, browser.invited.document.document_id)
    assert apply_received(workspace) == 1
    assert state_of(browser) is RequestState.SIGNED


def test_a_crash_after_the_commit_leaves_a_prepared_file_and_a_finished_signature(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = browser.ready()

    def crash(*_: object) -> None:
        raise OSError("the machine stopped")

    with monkeypatch.context() as patch:
        patch.setattr("mou.storage.files.FileStore.discard", crash)
        with pytest.raises(OSError, match="stopped"):
            browser.send(ready)
    assert state_of(browser) is RequestState.SIGNED
    assert not browser.send(ready)
    assert apply_received(workspace) == 0


def test_a_value_that_cannot_go_in_is_recorded_as_refused_and_frees_the_document(
    workspace: Workspace, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = browser.ready()

    def refuse(*_: object, **__: object) -> None:
        raise SigningError("the file is not sound")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "require_sound", refuse)
        with pytest.raises(SigningError, match="not sound"):
            browser.send(ready)
    assert events_of(workspace, browser.invited.document.document_id)[-1] == "signature.refused"
    assert state_of(browser) is RequestState.SENT
    assert browser.send(browser.ready())


def test_a_revision_past_the_claim_is_found_at_the_commit_and_frees_the_document(
    workspace: Workspace, browser: Browser, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = browser.ready()

    def sign_meanwhile(*_: object, **__: object) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("mou.workflow.signing.wait_for_others", lambda *_: None)
            patch.setattr("mou.workflow.signing._require_nobody_waits", lambda *_: None)
            sign_document(workspace, browser.invited.document.document_id, "S0002", issue(OTHER_REPRESENTATIVE))

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "require_sound", sign_meanwhile)
        with pytest.raises(StalePreparationError):
            browser.send(ready)
    assert browser.send(browser.ready())
    assert audit_workspace(workspace).findings == ()


def test_a_received_value_is_not_overtaken_by_another_way_of_signing(
    workspace: Workspace, browser: Browser, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = browser.ready()

    def wait(*_: object, **__: object) -> bytes:
        raise TimestampError("the service does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "finish_signature", wait)
        with pytest.raises(TimestampError):
            browser.send(ready)
        patch.setattr("mou.workflow.signing.wait_for_others", lambda *_: None)
        patch.setattr("mou.workflow.signing.ATTEMPTS_ON_A_BUSY_DOCUMENT", 1)
        with pytest.raises(StaleRevisionError, match="busy"):
            sign_document(workspace, browser.invited.document.document_id, "S0002", issue(OTHER_REPRESENTATIVE))
    assert apply_received(workspace) == 1
    assert state_of(browser) is RequestState.SIGNED


def test_nothing_is_prepared_before_the_document_was_read_and_agreed_to(workspace: Workspace) -> None:
    hasty = Browser(workspace, "S0001").certify()
    with pytest.raises(NotReadyError, match="begin with reading"):
        hasty.prepare()


def test_nothing_is_prepared_out_of_turn(workspace: Workspace) -> None:
    witness = Browser(workspace, "S0002", "lanna-mou").fill_in()
    with pytest.raises(RequestRefusedError, match="not yet the turn"):
        witness.certify()


def test_nothing_is_prepared_for_a_withdrawn_request(workspace: Workspace, browser: Browser) -> None:
    invited = browser.invited
    withdraw(workspace, invited.document.document_id, "S0001")
    with pytest.raises(RequestRefusedError, match="no longer open"):
        prepare(workspace, invited, browser.certificate, browser.chain)


def test_a_certificate_of_somebody_else_is_refused(workspace: Workspace, browser: Browser, issue: Issue) -> None:
    other = issue(OTHER_REPRESENTATIVE).certificate.public_bytes(Encoding.DER)
    with pytest.raises(SignerRefusedError, match="a certificate of นางแก้ว ตัวอย่าง is expected"):
        prepare(workspace, browser.invited, other, ())


def test_a_certificate_that_leads_nowhere_is_refused(workspace: Workspace, browser: Browser) -> None:
    from signatures.authority import Subject, create_authority

    at = workspace.clock()
    stranger = create_authority("คนอื่น", at=at - timedelta(days=1), lifetime=timedelta(days=9))
    own = stranger.issue(Subject(REPRESENTATIVE), browser.key.public_key(), not_before=at, not_after=at + timedelta(days=1))
    with pytest.raises(SignerRefusedError, match="leads to none of the trusted authorities"):
        prepare(workspace, browser.invited, own.public_bytes(Encoding.DER), ())
    with pytest.raises(SignerRefusedError, match="a certificate is expected"):
        prepare(workspace, browser.invited, b"nothing", ())


def test_what_is_missing_in_the_answers_is_said_by_field_and_keeps_nothing(workspace: Workspace) -> None:
    browser = Browser(workspace, "S0001")
    with pytest.raises(DraftRefusedError) as refused:
        save_draft(
            workspace,
            browser.invited,
            browser.identity,
            displayed="0" * 64,
            read_how="",
            consents={"read": "read"},
            way="telepathy",
            picture=b"no picture",
        )
    assert set(refused.value.fields) == {"read", "consent-sign", "consent-electronic", "way", "picture"}
    with workspace.database.read() as transaction:
        assert transaction.asking.draft(browser.invitation_id) is None


def test_an_identity_of_another_invitation_or_of_yesterday_does_not_count(workspace: Workspace, browser: Browser) -> None:
    from mou.workflow.identifying import valid_identity

    other = Browser(workspace, "S0002")
    known: Identity | None = valid_identity(workspace, browser.identity.identity_id, browser.invitation_id)
    assert known is not None
    assert known.method is IdentityMethod.ATTESTED_ON_SITE
    assert valid_identity(workspace, browser.identity.identity_id, other.invitation_id) is None
    later = replace(workspace, clock=lambda: browser.identity.confirmed_at + timedelta(hours=13))
    assert valid_identity(later, browser.identity.identity_id, browser.invitation_id) is None


def test_an_error_of_the_answers_survives_the_way_between_processes() -> None:
    import pickle

    from signatures.messages import say

    error = DraftRefusedError("some answers are missing", fields={"way": say("choose how you want to sign")})
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert isinstance(copy, DraftRefusedError)
    assert copy.fields == error.fields


def test_a_verifier_reads_how_the_signatory_was_known_only_where_the_ledger_binds_it(
    workspace: Workspace, browser: Browser
) -> None:
    browser.send(browser.ready())
    publish_queued(workspace)
    report = verify_published(workspace, browser.invited.document.document_id)
    assert {check.field: check.identity for check in report.signatures} == {"S0000": "", "S0001": "attested_on_site"}
    signatures = report.as_json("x.pdf")["signatures"]
    assert isinstance(signatures, list)
    assert [one["identity"] for one in signatures if isinstance(one, dict)] == [None, "attested_on_site"]
    document = browser.invited.document
    path = workspace.documents_folder / document.template / f"{document.file_name}.pdf"
    evidence = path.with_suffix(".evidence.json").read_bytes().replace(b"attested_on_site", b"passkey_passkey_")
    forged = verify(path.read_bytes(), evidence, policy_of(workspace))
    assert forged.verdict == "failed"
    assert {check.identity for check in forged.signatures} == {""}


def policy_of(workspace: Workspace) -> VerificationPolicy:
    keys = workspace.keys
    return VerificationPolicy(roots=keys.roots(), ledger_keys=(keys.ledger_public_key(),), at=workspace.clock())
