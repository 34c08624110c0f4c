"""A minor signs in every way only when a guardian's consent, their own assent and an adult are there; and what is kept of it."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw

from mou.app import open_workspace
from mou.config import CscSettings
from mou.consents import ConsentKind, GivenConsent, words_of
from mou.minors import Lack, MinorNotReadyError, PictureRefusedError
from mou.rendering.pictures import Picture, read_picture
from mou.requests import RequestState
from mou.storage.asking import SigningDraft
from mou.storage.store import NotFoundError
from mou.workflow.auditing import audit_workspace
from mou.workflow.consenting import ASSENT, DraftRefusedError, save_draft
from mou.workflow.consents import (
    ConsentRefusedError,
    GuardianPaper,
    Recorded,
    consents_for_document,
    give_consent,
    withdraw_consent,
)
from mou.workflow.generating import generate, plan_generation
from mou.workflow.importing import import_organisations
from mou.workflow.minors import check_ready
from mou.workflow.preparing import ReadyToSign, Waiting
from mou.workflow.publishing import publish_queued
from mou.workflow.receiving import receive
from mou.workflow.returning import return_file
from mou.workflow.service_signing import ReadyAtService, begin, chosen_service, confirmation_address, finish
from mou.workflow.signing import Signed, check_picture, sign_document
from mou.workflow.status import document_statuses, find_document
from mou.workflow.workspace import Workspace
from signatures import comparison
from signatures.authority import Subject, new_private_key
from signatures.signers import Signer, signer_from_key
from tests.csc_service import PIN, SECRET, TOKEN, CscDouble, on_page, serve
from tests.foreign_programs import sign_with_pyhanko
from tests.unit.mou.workflow.conftest import BEGIN, MEMBERS, tick_from
from tests.unit.mou.workflow.test_key_elsewhere import Browser

KIND = ConsentKind
MINOR, ADULT = "นางแก้ว ตัวอย่าง", "นายก้อง ตัวอย่าง"
TODAY = date(2026, 11, 22)
EVERY_CONSENT = {"read": "read", "sign": "sign", "electronic": "electronic"}
ASSENT_WORDS = words_of(KIND.MINOR_ASSENT).whole
PAPER = GuardianPaper("นางสมหญิง ตัวอย่าง", "มารดา", b"%PDF a scan of the signed sheet")
ENVIRONMENT = {"MOU_CSC_BANK_TOKEN": TOKEN, "MOU_CSC_BANK_SECRET": SECRET}
EXCHANGE = {"return_to": "https://mou.example/service/return", "verifier": "v" * 43}


def list_with_dates(minor: str, adult: str) -> str:
    """The list of the finished workspace, with dates of birth for the first organisation's two."""
    header, first, second = MEMBERS.strip().splitlines()
    return "\n".join([f"{header},วันเกิด ผู้แทน,วันเกิด พยาน", f"{first},{minor},{adult}", f"{second},,", ""])


@dataclass(frozen=True)
class Desk:
    """A workspace whose first memorandum is signed by somebody of 18 years, with a witness of 30."""

    workspace: Workspace
    document_id: str

    def give(self, kind: ConsentKind, field: str = "S0001", **more: object) -> Recorded:
        guardian = None if kind is KIND.MINOR_ASSENT else PAPER
        return give_consent(self.workspace, self.document_id, field, kind, **{"guardian": guardian, **more})  # type: ignore[arg-type]

    def let_sign(self) -> None:
        """Record what is missing: the guardian's paper, then the minor's own word."""
        self.give(KIND.GUARDIAN_CONSENT)
        self.give(KIND.MINOR_ASSENT)

    def consents(self) -> tuple[GivenConsent, ...]:
        with self.workspace.database.read() as transaction:
            return transaction.consents.consents(self.document_id)

    def signer(self, name: str = MINOR) -> Signer:
        key, authority = new_private_key(), self.workspace.keys.authority()
        begin = authority.certificate.not_valid_before_utc
        certificate = authority.issue(Subject(name), key.public_key(), not_before=begin, not_after=begin + timedelta(days=3000))
        return signer_from_key(key, certificate, (authority.certificate,))

    def sign(self, field: str = "S0001", name: str = MINOR) -> Signed:
        return sign_document(self.workspace, self.document_id, field, self.signer(name))

    def everything(self) -> str:
        """Every entry of the ledger, as text."""
        with self.workspace.database.read() as transaction:
            head = transaction.ledger.head()
            return "\n".join(entry.leaf.decode() for entry in transaction.ledger.entries(0, head.size))

    def state(self) -> tuple[object, ...]:
        """What a refusal has to leave as it was."""
        with self.workspace.database.read() as transaction:
            requests = transaction.store.requests(self.document_id)
            return transaction.ledger.head().size, requests, transaction.store.document(self.document_id).current


def opened(made: Path, folder: Path, clock: Callable[[], datetime], *, minor: str, adult: str) -> Desk:
    shutil.copytree(made, folder)
    workspace = open_workspace(folder, clock=clock)
    members = folder / "members.csv"
    members.write_text(list_with_dates(minor, adult), encoding="utf-8")
    import_organisations(workspace, members)
    return Desk(workspace, document_statuses(workspace, "lanna-mou")[0].document.document_id)


@pytest.fixture
def desk(finished_workspace: Path, tmp_path: Path) -> Iterator[Desk]:
    clock = tick_from(BEGIN + timedelta(hours=1))
    made = opened(finished_workspace, tmp_path / "desk", clock, minor="22 พ.ย. 2551", adult="1996-01-02")
    yield made
    made.workspace.database.close()


def test_dates_of_birth_in_the_list_make_no_document_anew_and_stand_nowhere_but_there(desk: Desk) -> None:
    workspace = desk.workspace
    before = {one.document.document_id for one in document_statuses(workspace)}
    for template in ("lanna-charter", "lanna-mou"):
        assert [generate(workspace, task).is_new for task in plan_generation(workspace, template)] == [False] * (
            1 if template == "lanna-charter" else 2
        )
    assert {one.document.document_id for one in document_statuses(workspace)} == before
    with workspace.database.read() as transaction:
        persons = [one.slot.person for document in before for one in transaction.store.requests(document)]
    assert all(person.date_of_birth is None for person in persons)
    assert "2008-11-22" not in desk.everything()


def test_the_ledger_does_not_tell_one_date_of_birth_in_a_list_from_another(desk: Desk) -> None:
    before = desk.everything()
    path = desk.workspace.folder / "members.csv"
    path.write_text(list_with_dates("23/11/2551", "1990-05-06"), encoding="utf-8")
    import_organisations(desk.workspace, path)
    assert desk.everything() == before  # it was imported already, as far as the ledger is told
    path.write_text(list_with_dates("", ""), encoding="utf-8")
    import_organisations(desk.workspace, path)
    assert desk.everything() != before


@pytest.mark.parametrize("missing", ["everything", "the assent", "the guardian"])
def test_the_command_line_is_refused_before_a_key_is_asked_for_and_signs_when_all_is_there(desk: Desk, missing: str) -> None:
    if missing == "the assent":
        desk.give(KIND.GUARDIAN_CONSENT)
    if missing == "the guardian":
        desk.give(KIND.MINOR_ASSENT)
    before = desk.state()
    with pytest.raises(MinorNotReadyError):
        check_ready(desk.workspace, desk.document_id, "S0001")
    with pytest.raises(MinorNotReadyError, match=r"โมฆียะ หากไม่มีความยินยอม|own assent"):
        desk.sign()
    assert desk.state() == before
    desk.let_sign()
    check_ready(desk.workspace, desk.document_id, "S0001")
    assert desk.sign().is_new
    publish_queued(desk.workspace)
    assert audit_workspace(desk.workspace).findings == ()


def test_a_signature_that_is_there_is_returned_whatever_was_withdrawn_since(desk: Desk) -> None:
    desk.let_sign()
    signer = desk.signer()
    sign_document(desk.workspace, desk.document_id, "S0001", signer)
    for one in desk.consents():
        withdraw_consent(desk.workspace, one.consent_id)
    check_ready(desk.workspace, desk.document_id, "S0001")
    assert not sign_document(desk.workspace, desk.document_id, "S0001", signer).is_new


def test_an_adult_and_somebody_of_unknown_age_are_not_held_up(desk: Desk) -> None:
    check_ready(desk.workspace, desk.document_id, "S0002")
    other = document_statuses(desk.workspace, "lanna-mou")[1].document.document_id
    assert sign_document(desk.workspace, other, "S0001", desk.signer("นายคำ ตัวอย่าง")).is_new


def test_without_an_adult_who_is_known_to_be_one_the_consents_are_not_enough(finished_workspace: Path, tmp_path: Path) -> None:
    clock = tick_from(BEGIN + timedelta(hours=1))
    desk = opened(finished_workspace, tmp_path / "desk", clock, minor="2008-11-22", adult="")
    desk.let_sign()
    with pytest.raises(MinorNotReadyError) as caught:
        desk.sign()
    assert caught.value.lacks == (Lack.ADULT_BESIDE,)
    (desk.workspace.folder / "members.csv").write_text(list_with_dates("2008-11-22", "1996-01-02"), encoding="utf-8")
    import_organisations(desk.workspace, desk.workspace.folder / "members.csv")
    assert desk.sign().is_new


def test_whoever_becomes_twenty_on_the_day_signs_alone(finished_workspace: Path, tmp_path: Path) -> None:
    clock = tick_from(BEGIN + timedelta(hours=1))
    desk = opened(finished_workspace, tmp_path / "desk", clock, minor="22/11/2549", adult="")
    assert desk.sign().is_new
    tomorrow = opened(finished_workspace, tmp_path / "other", clock, minor="23/11/2549", adult="")
    with pytest.raises(MinorNotReadyError, match="is under 20 on 2026-11-22"):
        tomorrow.sign()


class MinorBrowser(Browser):
    """The page of a signatory of the memorandum, who agrees first of all to sign."""

    def agree(self, *, assent: bool = True, way: str = "browser", picture: bytes | None = None) -> SigningDraft:
        return save_draft(
            self.workspace,
            self.invited,
            self.identity,
            displayed=self.invited.document.current.hex,
            read_how="pages",
            consents=EVERY_CONSENT | ({ASSENT: ASSENT_WORDS} if assent else {}),
            way=way,
            picture=picture,
        )


@pytest.fixture
def page(desk: Desk) -> MinorBrowser:
    return MinorBrowser(desk.workspace, "S0001", "lanna-mou")


def test_on_the_page_nothing_goes_on_before_the_guardian_and_nothing_without_the_own_assent(
    desk: Desk, page: MinorBrowser
) -> None:
    with pytest.raises(MinorNotReadyError, match="consent of a guardian is not recorded"):
        page.agree()
    with pytest.raises(MinorNotReadyError):
        page.certify()
    desk.give(KIND.GUARDIAN_CONSENT)
    with pytest.raises(DraftRefusedError) as caught:
        page.agree(assent=False)
    assert list(caught.value.fields) == ["consent-assent"]
    assert [one.kind for one in desk.consents()] == [KIND.GUARDIAN_CONSENT]
    with pytest.raises(MinorNotReadyError) as missing:
        page.certify()
    assert missing.value.lacks == (Lack.ASSENT,)
    page.agree()
    assert page.certify().send(page.ready())
    assert page.invited.request.state is RequestState.SIGNED


def test_the_assent_on_the_page_is_recorded_once_with_its_words_and_bound_by_the_ledger(desk: Desk, page: MinorBrowser) -> None:
    desk.give(KIND.GUARDIAN_CONSENT)
    page.agree()
    page.agree()
    guardian, assent = desk.consents()
    assert (assent.kind, assent.text, assent.guardian) == (KIND.MINOR_ASSENT, words_of(KIND.MINOR_ASSENT).digest, None)
    assert assent.follows(guardian)
    assert assent.recorded_by.startswith("sgn_")
    assert desk.workspace.files.get(assent.text).decode() == ASSENT_WORDS
    ready = page.certify().ready()
    page.send(ready)
    with desk.workspace.database.read() as transaction:
        kept = transaction.asking.preparation(ready.preparation_id)
    assert kept is not None
    assert json.loads(str(kept.circumstances))["consents"][ASSENT] == {"given": True, "text": str(assent.text)}


def test_an_assent_that_came_before_the_guardian_is_asked_for_once_more_on_the_page(desk: Desk, page: MinorBrowser) -> None:
    desk.give(KIND.MINOR_ASSENT)
    desk.give(KIND.GUARDIAN_CONSENT)
    with pytest.raises(MinorNotReadyError) as caught:
        page.certify()
    assert caught.value.lacks == (Lack.ASSENT_AFTER_CONSENT,)
    page.agree()
    assert page.certify().send(page.ready())


def test_a_consent_that_is_withdrawn_before_the_value_comes_counts(desk: Desk, page: MinorBrowser) -> None:
    consent = desk.give(KIND.GUARDIAN_CONSENT).consent
    page.agree()
    ready = page.certify().ready()
    withdraw_consent(desk.workspace, consent.consent_id)
    with pytest.raises(MinorNotReadyError):
        receive(desk.workspace, page.invited, ready.preparation_id, page.sign(ready.signed_attributes))
    assert page.invited.request.state is RequestState.SENT
    assert "signature.received" not in desk.everything()
    with pytest.raises(MinorNotReadyError):
        page.prepare()


def test_an_adult_is_not_asked_whether_they_want_to_and_nothing_is_recorded_of_them(desk: Desk) -> None:
    desk.let_sign()
    desk.sign()
    before = desk.consents()
    witness = MinorBrowser(desk.workspace, "S0002", "lanna-mou")
    witness.agree()  # a page that was made up: the field of the assent is there although nobody asks for it
    assert witness.certify().send(witness.ready())
    assert desk.consents() == before


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "COMPARISON_SECONDS_AT_MOST", 600.0)


@pytest.mark.usefixtures("unhurried")
def test_a_file_that_comes_back_is_refused_and_then_taken(finished_workspace: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC)  # other programs sign by their own clocks
    born = f"{now - timedelta(days=18 * 366):%Y-%m-%d}"
    clock = lambda: datetime.now(UTC) + timedelta(seconds=1)  # noqa: E731
    desk = opened(finished_workspace, tmp_path / "desk", clock, minor=born, adult="1950-01-02")
    current = desk.workspace.files.get(find_document(desk.workspace, desk.document_id).current)
    content = sign_with_pyhanko(current, "S0001", desk.signer())
    before = desk.state()
    with pytest.raises(MinorNotReadyError, match="consent of a guardian is not recorded"):
        return_file(desk.workspace, content, source="signed.pdf")
    assert desk.state() == before
    desk.let_sign()
    assert return_file(desk.workspace, content, source="signed.pdf").is_new


def test_a_signing_service_is_not_asked_before_all_is_there(desk: Desk, page: MinorBrowser) -> None:
    holder = desk.signer()
    assert isinstance(holder.private_key, ec.EllipticCurvePrivateKey)
    with serve(CscDouble(holder.private_key, holder.certificate, holder.chain, way="oauth2code")) as double:
        table = CscSettings(url=double.url, client_id="mou-test", title="ธนาคารทดสอบ")
        workspace = replace(desk.workspace, settings=desk.workspace.settings.model_copy(update={"csc": {"bank": table}}))
        page.workspace = workspace
        consent = desk.give(KIND.GUARDIAN_CONSENT).consent
        service = chosen_service(workspace, page.agree(way="csc:bank"), ENVIRONMENT)
        assert service is not None
        withdraw_consent(workspace, consent.consent_id)
        with pytest.raises(MinorNotReadyError):
            begin(workspace, page.invited, service)
        assert double.questions == []
        desk.let_sign()
        ready = begin(workspace, page.invited, service)
        assert isinstance(ready, ReadyAtService)
        address = confirmation_address(service, ready, state="s", **EXCHANGE)
        code = parse_qs(urlsplit(on_page(address, PIN=PIN)).query)["code"][0]
        assert finish(workspace, page.invited, service, ready.preparation_id, code, **EXCHANGE).is_new


def picture(folder: Path) -> Picture:
    path = folder / "drawn.png"
    image = Image.new("RGB", (300, 120), "white")
    ImageDraw.Draw(image).line([(20, 90), (140, 20), (280, 100)], fill="navy", width=6)
    image.save(path)
    return read_picture(path.read_bytes(), source=str(path))


def test_a_picture_of_a_minor_needs_a_consent_of_its_own_with_the_guardian(
    desk: Desk, page: MinorBrowser, tmp_path: Path
) -> None:
    desk.let_sign()
    drawn = picture(tmp_path)
    for ask in (
        lambda: check_picture(desk.workspace, desk.document_id, "S0001", drawn),
        lambda: sign_document(desk.workspace, desk.document_id, "S0001", desk.signer(), picture=drawn),
        lambda: check_ready(desk.workspace, desk.document_id, "S0001", has_picture=True),
    ):
        with pytest.raises(PictureRefusedError):
            ask()
    with pytest.raises(DraftRefusedError) as caught:
        page.agree(picture=(tmp_path / "drawn.png").read_bytes())
    assert list(caught.value.fields) == ["picture"]
    consent = desk.give(KIND.PHOTO_PUBLICATION).consent
    page.agree(picture=(tmp_path / "drawn.png").read_bytes())
    withdraw_consent(desk.workspace, consent.consent_id)
    page.certify()
    with pytest.raises(PictureRefusedError):
        page.prepare()
    desk.give(KIND.PHOTO_PUBLICATION)
    prepared = page.prepare()
    assert isinstance(prepared, ReadyToSign)
    assert not isinstance(prepared, Waiting)


def test_what_is_kept_of_an_age_is_the_band_on_the_day_and_nothing_else_of_it(desk: Desk) -> None:
    desk.give(KIND.GUARDIAN_CONSENT, given_on=TODAY - timedelta(days=3))
    desk.give(KIND.MINOR_ASSENT)
    desk.sign()
    desk.sign("S0002", ADULT)
    (desk.workspace.folder / "members.csv").write_text(list_with_dates("", ""), encoding="utf-8")
    import_organisations(desk.workspace, desk.workspace.folder / "members.csv")  # the dates of birth are erased
    with desk.workspace.database.read() as transaction:
        ages = transaction.consents.ages(desk.document_id)
    assert (ages["S0001"].age_band, ages["S0001"].guardian_consent_on, ages["S0001"].assent_on) == (
        "18_to_19",
        TODAY - timedelta(days=3),
        TODAY,
    )
    assert (ages["S0002"].age_band, ages["S0002"].guardian_consent_on) == ("20_or_over", None)


def test_nothing_of_a_consent_goes_into_the_ledger(desk: Desk) -> None:
    before = desk.state()
    desk.let_sign()
    withdraw_consent(desk.workspace, desk.consents()[0].consent_id)
    assert desk.state() == before


def test_a_guardians_paper_and_the_words_are_kept_by_their_digests(desk: Desk) -> None:
    consent = desk.give(KIND.GUARDIAN_CONSENT, given_on=TODAY - timedelta(days=1)).consent
    assert consent.guardian is not None
    assert desk.workspace.files.get(consent.guardian.paper) == PAPER.content
    assert desk.workspace.files.get(consent.text).decode() == words_of(KIND.GUARDIAN_CONSENT).whole
    assert (consent.given_on, consent.recorded_by, consent.signatory) == (TODAY - timedelta(days=1), "usr_secretariat", MINOR)


def test_the_same_paper_twice_is_one_consent_and_a_withdrawal_is_one(desk: Desk) -> None:
    first = desk.give(KIND.GUARDIAN_CONSENT)
    again = desk.give(KIND.GUARDIAN_CONSENT)
    assert (first.is_new, again.is_new, again.consent.consent_id) == (True, False, first.consent.consent_id)
    assert withdraw_consent(desk.workspace, first.consent.consent_id).is_new
    assert not withdraw_consent(desk.workspace, first.consent.consent_id).is_new
    renewed = desk.give(KIND.GUARDIAN_CONSENT)
    assert renewed.is_new
    assert renewed.consent.consent_id != first.consent.consent_id


REFUSALS: dict[str, tuple[str, ConsentKind, GuardianPaper | None, str]] = {
    "a guardian's without a guardian": ("S0001", KIND.GUARDIAN_CONSENT, None, "a guardian is expected"),
    "a minor's name without a guardian": ("S0001", KIND.NAME_PUBLICATION, None, "a guardian is expected"),
    "a guardian without a name": (
        "S0001",
        KIND.GUARDIAN_CONSENT,
        GuardianPaper(" ", "มารดา", b"x"),
        "guardian's name is expected",
    ),
    "an assent by a guardian": ("S0001", KIND.MINOR_ASSENT, PAPER, "no guardian is expected"),
    "a guardian of an adult": ("S0002", KIND.GUARDIAN_CONSENT, PAPER, "20 or over: no such consent is asked for"),
    "a guardian's word for an adult's name": ("S0002", KIND.NAME_PUBLICATION, PAPER, "no guardian is expected"),
    "the host's name": ("S0003", KIND.NAME_PUBLICATION, None, "on no imported list"),
}


@pytest.mark.parametrize(("field", "kind", "guardian", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_consent_that_is_not_whole_or_changes_nothing_is_not_kept(
    desk: Desk, field: str, kind: ConsentKind, guardian: GuardianPaper | None, message: str
) -> None:
    with pytest.raises(ConsentRefusedError, match=message):
        desk.give(kind, field, guardian=guardian)
    assert desk.consents() == ()


def test_a_consent_to_sign_comes_before_the_signature(desk: Desk) -> None:
    desk.let_sign()
    desk.sign()
    with pytest.raises(ConsentRefusedError, match="this signature is there already"):
        desk.give(KIND.GUARDIAN_CONSENT, guardian=replace(PAPER, content=b"another paper"))


def test_a_consent_of_tomorrow_or_of_an_unknown_id_is_refused(desk: Desk) -> None:
    with pytest.raises(Exception, match="a day that has come is expected, got 2026-11-23"):
        desk.give(KIND.GUARDIAN_CONSENT, given_on=TODAY + timedelta(days=1))
    with pytest.raises(NotFoundError, match="no consent with the id cns_9"):
        withdraw_consent(desk.workspace, "cns_9")
    with pytest.raises(NotFoundError):
        desk.give(KIND.GUARDIAN_CONSENT, "S0099")


def test_the_secretariat_sees_of_each_signatory_what_is_known_and_what_is_missing(desk: Desk) -> None:
    def seen() -> list[tuple[str | None, tuple[Lack, ...]]]:
        document = find_document(desk.workspace, desk.document_id)
        return [(one.band.value if one.band else None, one.lacks) for one in consents_for_document(desk.workspace, document)]

    unknown: tuple[str | None, tuple[Lack, ...]] = (None, ())
    assert seen() == [("18_to_19", (Lack.GUARDIAN_CONSENT, Lack.ASSENT)), ("20_or_over", ()), unknown, unknown]
    desk.let_sign()
    assert seen()[0] == ("18_to_19", ())
    desk.sign()
    withdraw_consent(desk.workspace, desk.consents()[0].consent_id)
    assert seen()[0] == ("18_to_19", ())  # the signature stands
