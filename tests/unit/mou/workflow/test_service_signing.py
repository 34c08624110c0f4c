"""Signing with a key at a signing service: which key, what is confirmed, and what each thing that goes wrong leaves behind."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from mou.config import CscSettings
from mou.requests import RequestState
from mou.workflow.asking import ask
from mou.workflow.consenting import save_draft
from mou.workflow.identifying import attest, confirm
from mou.workflow.links import Invited, invited_by
from mou.workflow.preparing import LEASE_AT_SERVICE, StalePreparationError, Waiting
from mou.workflow.publishing import publish_queued
from mou.workflow.service_signing import (
    Held,
    ReadyAtService,
    ServiceKeyRefusedError,
    begin,
    chosen_service,
    confirmation_address,
    finish,
    require_standing,
    set_free,
    somebody_signs,
)
from mou.workflow.signing import SignerRefusedError
from mou.workflow.status import document_statuses
from mou.workflow.verifying import verify_published
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, create_authority, new_private_key
from signatures.csc_service import CscService
from signatures.errors import KeyUnavailableError, SigningError, TimestampError
from signatures.signers import Signer
from tests.csc_service import (
    CREDENTIAL,
    PIN,
    SECRET,
    TOKEN,
    CscDouble,
    HeldKey,
    answering,
    on_page,
    serve,
)
from tests.unit.mou.workflow.conftest import BEGIN

Issue = Callable[..., Signer]
FIRST, SECOND = "นางแก้ว ตัวอย่าง", "นายคำ ตัวอย่าง"
EVERY_CONSENT = {"read": "read", "sign": "sign", "electronic": "electronic"}
EXCHANGE = {"return_to": "https://mou.example/service/return", "verifier": "v" * 43}
ENVIRONMENT = {"MOU_CSC_BANK_TOKEN": TOKEN, "MOU_CSC_BANK_SECRET": SECRET}
DAY = timedelta(days=1)


@dataclass
class Signatory:
    """Somebody who read, agreed, and chose the service."""

    workspace: Workspace
    field: str
    invitation_id: str = ""

    def __post_init__(self) -> None:
        document_id = document_statuses(self.workspace, "lanna-charter")[0].document.document_id
        (asked,) = ask(self.workspace, document_id, [self.field])
        self.invitation_id = asked.invitation.invitation_id
        identity = confirm(self.workspace, self.invited, attest(self.workspace, self.invitation_id, note="รู้จักกันมาก่อน"))
        self.draft = save_draft(
            self.workspace,
            self.invited,
            identity,
            displayed=self.invited.document.current.hex,
            read_how="pages",
            consents=EVERY_CONSENT,
            way="csc:bank",
            picture=None,
        )

    @property
    def invited(self) -> Invited:
        return invited_by(self.workspace, self.invitation_id)

    @property
    def service(self) -> CscService:
        service = chosen_service(self.workspace, self.draft, ENVIRONMENT)
        assert service is not None
        return service

    def begin(self) -> ReadyAtService:
        ready = begin(self.workspace, self.invited, self.service)
        assert isinstance(ready, ReadyAtService)
        return ready

    def confirm(self, ready: ReadyAtService, pin: str = PIN) -> str:
        """Type the PIN on the service's page; the code that comes back."""
        address = confirmation_address(self.service, ready, state="s", **EXCHANGE)
        return parse_qs(urlsplit(on_page(address, PIN=pin)).query).get("code", [""])[0]

    def finish(self, ready: ReadyAtService, code: str) -> bool:
        return finish(self.workspace, self.invited, self.service, ready.preparation_id, code, **EXCHANGE).is_new

    def sign(self) -> bool:
        ready = self.begin()
        return self.finish(ready, self.confirm(ready))


@pytest.fixture
def double(workspace: Workspace, issue: Issue) -> Iterator[CscDouble]:
    """A service that holds the first signatory's key, unlocked on its own page."""
    holder = issue(FIRST)
    assert isinstance(holder.private_key, ec.EllipticCurvePrivateKey)
    service = CscDouble(holder.private_key, holder.certificate, holder.chain, way="oauth2code")
    with serve(service) as running:
        yield running


@pytest.fixture
def with_service(workspace: Workspace, double: CscDouble) -> Workspace:
    """The workspace with the service in its settings."""
    return with_settings(workspace, double.url)


@pytest.fixture
def signatory(with_service: Workspace) -> Signatory:
    return Signatory(with_service, "S0001")


def with_settings(workspace: Workspace, url: str, **settings: str) -> Workspace:
    table = CscSettings(url=url, client_id="mou-test", title="ธนาคารทดสอบ", **settings)
    return replace(workspace, settings=workspace.settings.model_copy(update={"csc": {"bank": table}}))


def hold(double: CscDouble, holder: Signer) -> HeldKey:
    """A key as the service holds it."""
    assert isinstance(holder.private_key, ec.EllipticCurvePrivateKey)
    return HeldKey(holder.private_key, holder.certificate, holder.chain)


def of_another_authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, tuple[x509.Certificate, ...]]:
    """A key in the first signatory's name from an authority that nobody here trusts."""
    authority = create_authority("ผู้ออกใบรับรองอื่น", at=BEGIN, lifetime=100 * DAY)
    key = new_private_key()
    certificate = authority.issue(Subject(FIRST), key.public_key(), not_before=BEGIN, not_after=BEGIN + DAY)
    return key, certificate, (authority.certificate,)


def events_of(signatory: Signatory) -> list[str]:
    with signatory.workspace.database.read() as transaction:
        return [each.type for each in transaction.ledger.entries_about(signatory.invited.document.document_id)]


def require_nothing_done(signatory: Signatory) -> None:
    """Nothing is signed or received, and nobody holds the document."""
    assert signatory.invited.request.state is RequestState.SENT
    assert not {"signature.received", "signature.applied", "signature.refused"} & {*events_of(signatory)}
    with signatory.workspace.database.read() as transaction:
        document_id = signatory.invited.document.document_id
        assert transaction.asking.holder(document_id, at=signatory.workspace.clock()) is None


def test_a_key_at_a_service_signs_the_very_digest_that_its_holder_confirmed(double: CscDouble, signatory: Signatory) -> None:
    ready = signatory.begin()
    assert signatory.finish(ready, signatory.confirm(ready))
    assert events_of(signatory)[-2:] == ["signature.received", "signature.applied"]
    (shown,) = double.asked("page")
    (signed,) = double.asked("signatures/signHash")
    assert base64.urlsafe_b64decode(shown["hash"]) == base64.b64decode(signed["hash"][0]) == ready.digest


def test_both_sign_one_document_and_it_passes_when_all_have(double: CscDouble, with_service: Workspace, issue: Issue) -> None:
    double.others["second"] = hold(double, issue(SECOND))
    first, second = Signatory(with_service, "S0001"), Signatory(with_service, "S0002")
    ready = first.begin()
    waiting = begin(with_service, second.invited, second.service)
    assert isinstance(waiting, Waiting)
    assert somebody_signs(with_service, second.invited)
    assert not somebody_signs(with_service, first.invited)
    assert first.finish(ready, first.confirm(ready))
    assert second.sign()
    publish_queued(with_service)
    assert verify_published(with_service, first.invited.document.document_id).verdict == "passed"


def test_a_service_is_not_asked_while_somebody_else_signs(
    double: CscDouble, with_service: Workspace, signatory: Signatory, issue: Issue
) -> None:
    double.others["second"] = hold(double, issue(SECOND))
    second = Signatory(with_service, "S0002")
    signatory.begin()
    double.questions.clear()
    assert isinstance(begin(with_service, second.invited, second.service), Waiting)
    assert double.questions == []


def test_a_key_that_was_confirmed_too_late_does_not_sign(
    double: CscDouble, with_service: Workspace, signatory: Signatory, issue: Issue
) -> None:
    double.others["second"] = hold(double, issue(SECOND))
    second = Signatory(with_service, "S0002")
    ready = signatory.begin()
    code = signatory.confirm(ready)
    now = with_service.clock()
    second.workspace = replace(with_service, clock=lambda: now + LEASE_AT_SERVICE + timedelta(seconds=5))
    assert second.sign()
    signed_so_far = len(double.asked("signatures/signHash"))
    with pytest.raises(StalePreparationError):
        signatory.finish(ready, code)
    assert len(double.asked("signatures/signHash")) == signed_so_far
    assert signatory.sign()  # after a new confirmation
    publish_queued(with_service)
    assert verify_published(with_service, signatory.invited.document.document_id).verdict == "passed"


def test_who_returns_twice_has_signed_once(double: CscDouble, signatory: Signatory) -> None:
    ready = signatory.begin()
    code = signatory.confirm(ready)
    assert signatory.finish(ready, code)
    assert not signatory.finish(ready, code)
    assert len(double.asked("signatures/signHash")) == 1
    assert signatory.invited.request.state is RequestState.SIGNED


def test_a_crash_after_the_value_was_kept_asks_the_service_no_more(
    double: CscDouble, signatory: Signatory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_order(*_: object, **__: object) -> bytes:
        raise TimestampError("out of order")

    ready = signatory.begin()
    code = signatory.confirm(ready)
    with monkeypatch.context() as patch:
        patch.setattr("mou.workflow.receiving.finish_signature", out_of_order)
        with pytest.raises(TimestampError):
            signatory.finish(ready, code)
    asked = len(double.questions)
    assert signatory.finish(ready, "")
    assert len(double.questions) == asked


def test_who_declines_there_gives_the_document_free(signatory: Signatory) -> None:
    ready = signatory.begin()
    assert signatory.confirm(ready, pin="0000") == ""
    set_free(signatory.workspace, signatory.invited, ready.preparation_id)
    require_nothing_done(signatory)
    set_free(signatory.workspace, signatory.invited, ready.preparation_id)
    set_free(signatory.workspace, signatory.invited, "prp_unknown")
    assert signatory.sign()


def test_a_preparation_of_somebody_else_cannot_be_finished(
    double: CscDouble, with_service: Workspace, signatory: Signatory, issue: Issue
) -> None:
    double.others["second"] = hold(double, issue(SECOND))
    second = Signatory(with_service, "S0002")
    ready = signatory.begin()
    with pytest.raises(StalePreparationError):
        second.finish(ready, signatory.confirm(ready))
    assert require_standing(with_service, signatory.invited, ready.preparation_id).ended_at is None
    assert not double.asked("signatures/signHash")


@pytest.mark.parametrize("method", ["token", "signatures/signHash", "credentials/info"])
def test_a_service_that_goes_down_in_between_leaves_nothing_half_done(
    double: CscDouble, signatory: Signatory, method: str
) -> None:
    ready = signatory.begin()
    code = signatory.confirm(ready)
    double.answers[method] = answering({"error": "server_error"}, 503)
    with pytest.raises(KeyUnavailableError, match="server_error"):
        signatory.finish(ready, code)
    require_nothing_done(signatory)
    del double.answers[method]
    assert signatory.sign()


def test_a_service_that_is_down_is_told_before_anything_is_claimed(double: CscDouble, signatory: Signatory) -> None:
    double.answers["credentials/list"] = answering(b"", 502)
    with pytest.raises(KeyUnavailableError, match="HTTP 502"):
        signatory.begin()
    require_nothing_done(signatory)


def test_a_value_of_another_key_is_refused(double: CscDouble, signatory: Signatory) -> None:
    ready = signatory.begin()
    code = signatory.confirm(ready)
    double.key = new_private_key()
    with pytest.raises(SigningError):
        signatory.finish(ready, code)
    require_nothing_done(signatory)


def test_a_key_that_changed_while_its_holder_confirmed_is_not_used(double: CscDouble, signatory: Signatory, issue: Issue) -> None:
    ready = signatory.begin()
    code = signatory.confirm(ready)
    held = hold(double, issue(FIRST))
    double.key, double.certificate, double.chain = held.key, held.certificate, held.chain
    with pytest.raises(ServiceKeyRefusedError, match="another one"):
        signatory.finish(ready, code)
    assert not double.asked("token")  # the code was not spent
    require_nothing_done(signatory)


def test_among_several_keys_the_one_that_names_the_signatory_is_taken(
    double: CscDouble, signatory: Signatory, issue: Issue
) -> None:
    held = hold(double, issue("นายคนอื่น ไม่ใช่ผู้ลงนาม"))
    double.others["own"] = HeldKey(double.key, double.certificate, double.chain)
    double.key, double.certificate, double.chain = held.key, held.certificate, held.chain
    assert signatory.begin().credential.credential_id == "own"
    assert signatory.confirm(signatory.begin())


def test_of_two_keys_of_one_person_the_longer_one_is_taken(double: CscDouble, signatory: Signatory, issue: Issue) -> None:
    double.others["longer"] = hold(double, issue(FIRST, lifetime=timedelta(days=60)))
    double.others["shorter"] = hold(double, issue(FIRST, lifetime=timedelta(days=10)))
    assert signatory.begin().credential.credential_id == "longer"


@pytest.mark.parametrize("is_set", [True, False], ids=["set", "the only one"])
def test_the_key_of_somebody_else_is_refused_by_name(
    double: CscDouble, workspace: Workspace, issue: Issue, *, is_set: bool
) -> None:
    held = hold(double, issue("นายคนอื่น ไม่ใช่ผู้ลงนาม"))
    double.key, double.certificate, double.chain = held.key, held.certificate, held.chain
    settings = {"credential_id": CREDENTIAL} if is_set else {}
    signatory = Signatory(with_settings(workspace, double.url, **settings), "S0001")
    with pytest.raises(SignerRefusedError, match=f"{FIRST} is expected, got one of นายคนอื่น"):
        signatory.begin()
    require_nothing_done(signatory)


def test_a_key_that_is_not_unlocked_on_the_services_page_is_refused(double: CscDouble, signatory: Signatory) -> None:
    double.way = "explicit"
    with pytest.raises(ServiceKeyRefusedError, match="never takes one"):
        signatory.begin()
    require_nothing_done(signatory)


def test_a_service_without_a_key_for_the_signatory_says_for_whom_one_is_missing(double: CscDouble, signatory: Signatory) -> None:
    double.answers["credentials/list"] = answering({"credentialIDs": []})
    with pytest.raises(ServiceKeyRefusedError, match=f"a key of {FIRST} is expected"):
        signatory.begin()


def test_a_certificate_of_an_authority_that_is_not_trusted_here_is_refused(double: CscDouble, signatory: Signatory) -> None:
    double.key, double.certificate, double.chain = of_another_authority()
    with pytest.raises(SignerRefusedError, match="an authority that this network trusts is expected"):
        signatory.begin()
    require_nothing_done(signatory)


def test_a_service_counts_only_where_the_signatory_chose_it_and_the_settings_have_it(signatory: Signatory) -> None:
    workspace, draft = signatory.workspace, signatory.draft
    for way in ("browser", "bank", "csc:", "csc:other"):
        assert chosen_service(workspace, replace(draft, way=way), ENVIRONMENT) is None
    found = chosen_service(workspace, draft, ENVIRONMENT)
    assert found is not None
    assert (found.name, found.token, found.secret) == ("bank", TOKEN, SECRET)
    assert not [secret for secret in (TOKEN, SECRET) if secret in repr(found)]


def test_what_is_held_is_forgotten_in_time_and_shows_nowhere() -> None:
    held: Held[str] = Held(timedelta(minutes=10), most=2)
    held.put("one", "secret", at=BEGIN)
    assert held.get("one", at=BEGIN + timedelta(minutes=10)) == "secret"
    assert held.get("one", at=BEGIN + timedelta(minutes=10, seconds=1)) is None
    assert "Held(0)" in repr(held)
    assert held.get("two", at=BEGIN) is None
    held.put("one", "secret", at=BEGIN)
    assert "secret" not in repr(held)
    held.put("two", "2", at=BEGIN)
    held.put("three", "3", at=BEGIN)
    assert [held.get(name, at=BEGIN) for name in ("one", "two", "three")] == [None, "2", "3"]
    held.drop("three")
    held.drop("three")
    assert held.get("three", at=BEGIN) is None
    held.put("four", "4", at=BEGIN + timedelta(hours=1))
    assert "Held(1)" in repr(held)
