"""The pages for a signatory under 20: what is missing, said calmly; the own assent; and what the public sees."""

import html
import json
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from mou.app import open_workspace
from mou.consents import ConsentKind, words_of
from mou.requests import RequestState
from mou.workflow.asking import ask
from mou.workflow.consents import GuardianPaper, give_consent, withdraw_consent
from mou.workflow.generating import generate, plan_generation
from mou.workflow.identifying import attest
from mou.workflow.importing import import_organisations
from mou.workflow.links import Invited, invited_by, link_token
from mou.workflow.public_view import code_of
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.status import document_statuses, find_document
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from signatures.signers import signer_from_key
from tests.unit.mou.web.conftest import BEGIN, MANIFEST, MARKUP, tick_from

if TYPE_CHECKING:
    from httpx2 import Response

YEARS_OF_BIRTH = re.compile(r"\b(?:2551|2008)\b")  # a digest holds any four digits by chance

WITNESS_ROLE = """
[[roles]]
name = "adviser"
label = "ที่ปรึกษา"
capacity = "witness"
order = 1
source = "organisation.witness"
"""
MEMBERS = """\
รหัสองค์กร,ชื่อองค์กร,ประเภท,จังหวัด,คำนำหน้าผู้แทน,ชื่อผู้แทน,นามสกุลผู้แทน,ตำแหน่งผู้แทน,วันเกิด ผู้แทน,ชื่อพยาน,สกุลพยาน,ตำแหน่งพยาน,วันเกิด พยาน
org-1,มูลนิธิสมมติหนึ่ง,มูลนิธิ,เชียงใหม่,นาง,แก้ว,สมมุติวงศ์,ประธานกลุ่ม,1 มกราคม 2552,ก้อง,ผู้ใหญ่สมมติ,ที่ปรึกษา,1/1/2530
org-2,กลุ่มเยาวชนสมมติ,กลุ่มเยาวชน,เชียงใหม่,นางสาว,ฟ้าใส,เยาวมาลย์,ประธานกลุ่ม,22/11/2551,ดวง,ผู้ใหญ่สมมติ,ที่ปรึกษา,1/1/2530
"""
MINOR, YOUTH, ADULT = "นางแก้ว สมมุติวงศ์", "นางสาวฟ้าใส เยาวมาลย์", "ดวง ผู้ใหญ่สมมติ"
PAPER = GuardianPaper("นางผู้ปกครอง สมมติ", "มารดา", b"a scan of the signed sheet")
KIND = ConsentKind


@pytest.fixture(scope="module")
def finished_workspace(finished_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished workspace with dates of birth in its list, and a document that representative and adviser sign."""
    folder = tmp_path_factory.mktemp("minors") / "workspace"
    shutil.copytree(finished_workspace, folder)
    template = folder / "templates" / "pair"
    template.mkdir()
    manifest = MANIFEST.replace('"note"', '"pair"').replace("{version}", "1") + WITNESS_ROLE
    for name, content in {"template.toml": manifest, "template.html": MARKUP, "template.css": "p { margin: 0 }"}.items():
        (template / name).write_text(content, encoding="utf-8")
    (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
    workspace = open_workspace(folder, clock=tick_from(BEGIN + timedelta(minutes=30)))
    import_organisations(workspace, folder / "members.csv")
    for task in plan_generation(workspace, "pair"):
        generate(workspace, task)
    publish_queued(workspace)
    workspace.database.close()
    return folder


class Signatory:
    """A browser with the link of one signatory; the language of its pages is said with each."""

    def __init__(self, workspace: Workspace, client: TestClient, organisation_id: str, field: str = "S0001") -> None:
        statuses = document_statuses(workspace, "pair")
        self.document = next(one.document for one in statuses if one.document.organisation_id == organisation_id)
        (asked,) = ask(workspace, self.document.document_id, [field])
        self.workspace, self.client, self.field = workspace, client, field
        self.invitation_id = asked.invitation.invitation_id
        self.page = f"/sign/{link_token(workspace, self.invitation_id)}"

    @property
    def invited(self) -> Invited:
        return invited_by(self.workspace, self.invitation_id)

    def post(self, path: str, **values: str | list[str]) -> "Response":
        found = re.search(r'<meta name="csrf" content="([^"]+)">', self.client.get("/verify").text)
        assert found is not None
        return self.client.post(path, data={"csrf": found[1], **values})

    def identify(self) -> "Signatory":
        code = attest(self.workspace, self.invitation_id, note="รู้จักกันมาก่อน")
        assert self.post(f"{self.page}/confirm", code=code).status_code == 303
        return self

    def read(self, language: str = "en") -> str:
        answer = self.client.get(f"{self.page}?lang={language}")
        assert answer.status_code == 200
        return html.unescape(answer.text)

    def agree(self, *consents: str) -> "Response":
        answers = {"displayed": self.invited.document.current.hex, "read": "pages", "way": "browser"}
        return self.post(f"{self.page}/read", consent=["read", "sign", "electronic", *consents], **answers)

    def give(self, kind: ConsentKind, *, guardian: GuardianPaper | None = PAPER) -> str:
        given = give_consent(self.workspace, self.document.document_id, self.field, kind, guardian=guardian)
        return given.consent.consent_id

    def sign(self, name: str, field: str = "S0001") -> None:
        key, authority = new_private_key(), self.workspace.keys.authority()
        certificate = authority.issue(Subject(name), key.public_key(), not_before=BEGIN, not_after=BEGIN + timedelta(days=30))
        signer = signer_from_key(key, certificate, (authority.certificate,))
        sign_document(self.workspace, self.document.document_id, field, signer)


Seat = Callable[..., Signatory]


@pytest.fixture
def seat(workspace: Workspace, client: TestClient) -> Seat:
    """A function that gives a signatory a browser."""
    return lambda organisation_id="org-2", field="S0001": Signatory(workspace, client, organisation_id, field)


def test_a_link_alone_tells_nobody_how_old_its_owner_is(seat: Seat) -> None:
    page = seat().read()
    assert "You cannot sign just yet" not in page
    assert "20" not in re.sub(r"<[^>]*>", "", page.split("<main")[1].split("</main>")[0]).replace("2026", "")


def test_the_page_says_calmly_what_is_missing_and_who_can_do_it(seat: Seat) -> None:
    signatory = seat().identify()
    page = signatory.read()
    for told in (
        "You cannot sign just yet",
        "You have done nothing wrong",
        "Your mother, your father or another guardian has not agreed yet",
        "The secretariat gives them the sheet",
        "โมฆียะ หากไม่มีความยินยอม",
        "That is a warning and says nothing about you",
        "You may also say no",
        f'href="{signatory.page}/download"',
        f'href="{signatory.page}/decline"',
    ):
        assert told in page
    assert "No adult of your organisation" not in page  # the adviser is known to be one
    shown = page.split("<main")[1].split("</main>")[0]
    assert not YEARS_OF_BIRTH.search(shown)
    for word in ("22/11", "<form", "error"):
        assert word not in shown
    assert signatory.client.get(f"{signatory.page}/download").status_code == 200
    assert signatory.client.get(f"{signatory.page}/decline").status_code == 200


def test_nothing_leads_past_that_page(seat: Seat) -> None:
    signatory = seat().identify()
    answers = signatory.agree("assent")
    assert "You cannot sign just yet" in answers.text
    review = signatory.client.get(f"{signatory.page}/review")
    assert (review.status_code, review.headers["location"]) == (303, signatory.page)
    service = signatory.post(f"{signatory.page}/service")
    assert "You cannot sign just yet" in service.text
    token = re.search(r'<meta name="csrf" content="([^"]+)">', signatory.client.get("/verify").text)
    assert token is not None
    sent = signatory.client.post(
        f"/api/v1{signatory.page}/certificate", json={"public_key": "AA==", "proof": "AA=="}, headers={"X-CSRF-Token": token[1]}
    )
    assert sent.status_code == 409
    assert "consent of a guardian is not recorded" in sent.json()["error"]["what"]
    assert signatory.invited.request.state is RequestState.SENT


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_assent_is_asked_for_first_and_apart_in_plain_words(seat: Seat, language: str) -> None:
    signatory = seat().identify()
    signatory.give(KIND.GUARDIAN_CONSENT)
    page = signatory.read(language)
    words = words_of(KIND.MINOR_ASSENT, language)
    assert words.text in page
    assert words.detail in page
    names = re.findall(r'name="consent" value="(\w+)"', page)
    assert names == ["assent", "read", "sign", "electronic"]
    assert 'value="assent" checked' not in page


def test_without_the_assent_the_page_does_not_go_on_and_with_it_the_last_look_shows_it(seat: Seat) -> None:
    signatory = seat().identify()
    signatory.give(KIND.GUARDIAN_CONSENT)
    refused = signatory.agree()
    assert refused.status_code == 422
    assert 'id="consent-assent-error"' in refused.text
    taken = signatory.agree("assent")
    assert (taken.status_code, taken.headers["location"]) == (303, f"{signatory.page}/review")
    review = html.unescape(signatory.client.get(f"{signatory.page}/review").text)
    assert words_of(KIND.MINOR_ASSENT, "en").text in review
    signatory.sign(YOUTH)
    assert signatory.invited.request.state is RequestState.SIGNED


def test_a_guardian_who_withdraws_leads_back_to_what_is_missing(seat: Seat) -> None:
    signatory = seat().identify()
    consent = signatory.give(KIND.GUARDIAN_CONSENT)
    signatory.agree("assent")
    withdraw_consent(signatory.workspace, consent)
    assert signatory.client.get(f"{signatory.page}/review").headers["location"] == signatory.page
    assert "You cannot sign just yet" in signatory.read()


def test_a_picture_is_offered_only_where_it_was_agreed_to(seat: Seat) -> None:
    signatory = seat().identify()
    signatory.give(KIND.GUARDIAN_CONSENT)
    page = signatory.read()
    assert 'id="picture"' not in page
    assert "picture.js" not in page
    signatory.give(KIND.PHOTO_PUBLICATION)
    assert 'id="picture"' in signatory.read()


def test_an_adult_sees_the_pages_as_they_were(seat: Seat) -> None:
    page = seat(field="S0002").identify().read()
    assert re.findall(r'name="consent" value="(\w+)"', page) == ["read", "sign", "electronic"]
    assert 'id="picture"' in page


def public_text(signatory: Signatory) -> str:
    """What the public page and its JSON say."""
    code = code_of(find_document(signatory.workspace, signatory.document.document_id))
    page = html.unescape(signatory.client.get(f"/d/{code}?lang=en").text)
    told = signatory.client.get(f"/api/v1/documents/{code}").json()
    return page + json.dumps(told, ensure_ascii=False)


def test_acceptance_case_8_the_public_page_of_a_youth_group_shows_no_person(seat: Seat) -> None:
    signatory = seat()
    signatory.give(KIND.GUARDIAN_CONSENT)
    signatory.give(KIND.MINOR_ASSENT, guardian=None)
    signatory.give(KIND.PHOTO_PUBLICATION)
    signatory.sign(YOUTH)
    signatory.sign(ADULT, "S0002")
    told = public_text(signatory)
    assert "กลุ่มเยาวชนสมมติ" in told
    assert "This page names no person." in told
    for secret in ("ฟ้าใส", "เยาวมาลย์", "ดวง", "ผู้ใหญ่สมมติ", "ผู้ปกครอง", "18_to_19", "guardian", "consent"):
        assert secret not in told
    assert not YEARS_OF_BIRTH.search(told)


def test_a_name_is_public_from_the_signature_on_where_that_was_agreed_to_and_goes_when_it_is_withdrawn(seat: Seat) -> None:
    signatory = seat("org-1")
    guardian = signatory.give(KIND.GUARDIAN_CONSENT)
    signatory.give(KIND.MINOR_ASSENT, guardian=None)
    assert MINOR not in public_text(signatory)
    signatory.give(KIND.NAME_PUBLICATION)
    assert MINOR not in public_text(signatory)  # not signed yet
    signatory.sign(MINOR)
    assert public_text(signatory).count(MINOR) == 2  # on the page and to programs
    assert "This page names only those who agreed to be named." in public_text(signatory)
    withdraw_consent(signatory.workspace, guardian)
    assert MINOR not in public_text(signatory)
    with signatory.workspace.database.read() as transaction:
        assert transaction.consents.ages(signatory.document.document_id)["S0001"].guardian_consent_on is not None
    assert signatory.invited.request.state is RequestState.SIGNED  # the instrument is kept
