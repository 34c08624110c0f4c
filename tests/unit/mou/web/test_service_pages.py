"""To the page of a signing service and back: the whole way, and what each wrong return is answered with."""

import html
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from itsdangerous import URLSafeSerializer
from starlette.testclient import TestClient

from mou.app import open_workspace
from mou.config import CscSettings
from mou.requests import RequestState
from mou.web import service_pages
from mou.web.application import create_app
from mou.workflow.asking import ask, withdraw
from mou.workflow.generating import generate, plan_generation
from mou.workflow.identifying import attest
from mou.workflow.links import Invited, invited_by, link_token
from mou.workflow.publishing import publish_queued
from mou.workflow.service_signing import Held
from mou.workflow.status import document_statuses
from mou.workflow.verifying import verify_published
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from tests.csc_service import (
    CREDENTIAL,
    PASSWORD,
    PIN,
    SECRET,
    TOKEN,
    CscDouble,
    HeldKey,
    answering,
    on_page,
    serve,
)
from tests.unit.mou.web.conftest import BEGIN, MANIFEST, MARKUP, NewBrowser, tick_from

if TYPE_CHECKING:
    from fastapi import FastAPI
    from httpx2 import Response

FIRST, SECOND = "นางสาวฟ้าใส เยาวมาลย์", "นางสาวดวงตะวัน สมมติวงศ์"
EVERY_CONSENT = ["read", "sign", "electronic"]
SECOND_ROLE = """
[[roles]]
name = "network"
label = "ผู้แทนเครือข่าย"
capacity = "authorised_representative"
order = 1
source = "host.representative"
"""


class Clock:
    """A clock that moves on by a second with every look, and by more when a test says so."""

    def __init__(self) -> None:
        self.now = BEGIN + timedelta(hours=2)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Signatory:
    """A browser whose owner was asked, showed who they are, read, agreed, and chose the service."""

    workspace: Workspace
    client: TestClient
    signing_field: str
    sent: list[str] = field(default_factory=list)
    """Everything that this browser sent to us."""

    def __post_init__(self) -> None:
        (document_id,) = {status.document.document_id for status in document_statuses(self.workspace, "pair")}
        (asked,) = ask(self.workspace, document_id, [self.signing_field])
        self.invitation_id = asked.invitation.invitation_id
        self.client.event_hooks["request"].append(lambda sent: self.sent.append(f"{sent.url} {sent.read().decode()}"))
        self.identify()
        self.choose("csc:bank")

    @property
    def invited(self) -> Invited:
        return invited_by(self.workspace, self.invitation_id)

    @property
    def page(self) -> str:
        return f"/sign/{link_token(self.workspace, self.invitation_id)}"

    def identify(self) -> None:
        code = attest(self.workspace, self.invitation_id, note="รู้จักกันมาก่อน")
        assert self.post(f"{self.page}/confirm", code=code).status_code == 303

    def choose(self, way: str) -> None:
        """Read, agree to everything, and choose a way."""
        answers = {"displayed": self.invited.document.current.hex, "read": "pages", "way": way}
        assert self.post(f"{self.page}/read", consent=EVERY_CONSENT, **answers).headers["location"].endswith("/review")

    def post(self, path: str, **values: str | list[str]) -> "Response":
        found = re.search(r'<meta name="csrf" content="([^"]+)">', self.client.get("/verify").text)
        assert found is not None
        return self.client.post(path, data={"csrf": found[1], **values})

    def press(self, **values: str) -> "Response":
        """Press the button that signs."""
        return self.post(f"{self.page}/service", **values)

    def leave(self, **values: str) -> str:
        """Press the button; the page of the service to which the browser goes."""
        left = self.press(**values)
        assert left.status_code == 200
        found = re.search(r'<a class="button button-large" href="([^"]+)"', left.text)
        assert found is not None
        address = html.unescape(found[1])
        assert left.headers["refresh"] == f"0;url={address}"
        return address

    def back(self, location: str) -> "Response":
        """Come back from the service."""
        parts = urlsplit(location)
        assert parts._replace(query="").geturl() == f"{self.workspace.site_url}/service/return"
        return self.client.get(f"{parts.path}?{parts.query}")

    def told(self, response: "Response") -> str:
        """The page that tells how it went; it survives a reload."""
        assert (response.status_code, response.headers["location"]) == (303, f"{self.page}/service")
        first, second = (self.client.get(f"{self.page}/service") for _ in range(2))
        assert first.status_code == second.status_code == 200
        return html.unescape(first.text)

    def ticket(self) -> str:
        """What the button of that page sends along."""
        found = re.search(r'name="ticket" value="([^"]+)"', self.client.get(f"{self.page}/service").text)
        assert found is not None
        return html.unescape(found[1])

    def sign(self) -> None:
        assert self.back(on_page(self.leave(), PIN=PIN)).headers["location"] == f"{self.page}/done"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def double(workspace: Workspace) -> Iterator[CscDouble]:
    """A service that holds the first signatory's key, unlocked on its own page."""
    held = key_of(workspace, FIRST)
    with serve(CscDouble(held.key, held.certificate, held.chain, way="oauth2code", is_open=True)) as running:
        yield running


@pytest.fixture(scope="module")
def finished_workspace(finished_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished workspace with one more document, which two people sign in any order."""
    folder = tmp_path_factory.mktemp("pair") / "workspace"
    shutil.copytree(finished_workspace, folder)
    template = folder / "templates" / "pair"
    template.mkdir()
    manifest = MANIFEST.replace('"note"', '"pair"').replace("{version}", "1") + SECOND_ROLE
    for name, content in {"template.toml": manifest, "template.html": MARKUP, "template.css": "p { margin: 0 }"}.items():
        (template / name).write_text(content, encoding="utf-8")
    workspace = open_workspace(folder, clock=tick_from(BEGIN + timedelta(minutes=30)))
    (task,) = [each for each in plan_generation(workspace, "pair") if "org-2" in str(each)]
    generate(workspace, task)
    workspace.database.close()
    return folder


@pytest.fixture
def with_pair(workspace: Workspace, clock: Clock) -> Workspace:
    """The workspace with a clock that a test moves."""
    return replace(workspace, clock=clock)


NewSignatory = Callable[..., Signatory]


@pytest.fixture
def new_signatory(with_pair: Workspace, double: CscDouble, new_browser: NewBrowser) -> NewSignatory:
    """A function that seats a signatory at a browser of their own; the site is one."""
    apps: dict[str, FastAPI] = {}

    def seat(signing_field: str = "S0001", **settings: str) -> Signatory:
        table = CscSettings(url=double.url, client_id="mou-test", title="ธนาคารทดสอบ", **settings)
        workspace = replace(with_pair, settings=with_pair.settings.model_copy(update={"csc": {"bank": table}}))
        app = apps.setdefault("site", create_app(workspace, https=False))
        return Signatory(workspace, new_browser(app), signing_field)

    return seat


@pytest.fixture
def with_account(double: CscDouble, monkeypatch: pytest.MonkeyPatch) -> CscDouble:
    """The service as one at which the workspace has an account of its own."""
    monkeypatch.setenv("MOU_CSC_BANK_TOKEN", TOKEN)
    monkeypatch.setenv("MOU_CSC_BANK_SECRET", SECRET)
    double.is_open = False
    return double


@pytest.fixture
def with_logins(double: CscDouble, monkeypatch: pytest.MonkeyPatch) -> CscDouble:
    """The service as one where each holder logs in."""
    monkeypatch.delenv("MOU_CSC_BANK_TOKEN", raising=False)
    double.asks_login = True
    return double


def key_of(workspace: Workspace, name: str) -> HeldKey:
    """A key that the network's authority certified."""
    key, authority = new_private_key(), workspace.keys.authority()
    certificate = authority.issue(Subject(name), key.public_key(), not_before=BEGIN, not_after=BEGIN + timedelta(days=30))
    return HeldKey(key, certificate, (authority.certificate,))


def state_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def holder_of(signatory: Signatory) -> str | None:
    """Who holds the document."""
    with signatory.workspace.database.read() as transaction:
        holder = transaction.asking.holder(signatory.invited.document.document_id, at=signatory.workspace.clock())
    return holder.field if holder is not None else None


def require_nothing_done(signatory: Signatory) -> None:
    assert signatory.invited.request.state is RequestState.SENT
    assert holder_of(signatory) is None
    assert signatory.client.get(f"{signatory.page}/review").status_code == 200


def test_a_key_of_the_workspaces_account_signs_by_one_page_of_the_service(
    with_account: CscDouble, new_signatory: NewSignatory
) -> None:
    signatory = new_signatory(credential_id=CREDENTIAL)
    address = signatory.leave()
    asked = parse_qs(urlsplit(address).query)
    assert (asked["scope"], asked["redirect_uri"]) == (["credential"], [f"{signatory.workspace.site_url}/service/return"])
    done = signatory.back(on_page(address, PIN=PIN))
    assert (done.status_code, done.headers["location"]) == (303, f"{signatory.page}/done")
    assert signatory.invited.request.state is RequestState.SIGNED
    assert signatory.client.get(done.headers["location"]).status_code == 200
    assert len(with_account.asked("page")) == 1


def test_a_holder_logs_in_confirms_and_has_signed(with_logins: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    login = signatory.leave()
    assert parse_qs(urlsplit(login).query)["scope"] == ["service"]
    assert holder_of(signatory) is None  # nobody is kept waiting by who has not logged in yet
    on = signatory.back(on_page(login, password=PASSWORD))
    assert on.status_code == 303
    assert parse_qs(urlsplit(on.headers["location"]).query)["scope"] == ["credential"]
    assert signatory.back(on_page(on.headers["location"], PIN=PIN)).headers["location"] == f"{signatory.page}/done"
    assert signatory.invited.request.state is RequestState.SIGNED
    pages = with_logins.asked("page")
    assert len({page["code_challenge"] for page in pages}) == len({page["state"] for page in pages}) == 2


def test_two_people_at_one_document_both_sign_it(
    with_account: CscDouble, with_pair: Workspace, new_signatory: NewSignatory
) -> None:
    with_account.others["second"] = key_of(with_pair, SECOND)
    first, second = new_signatory("S0001"), new_signatory("S0002")
    address = first.leave()
    waiting = second.told(second.press())
    assert "Others are signing at this moment" in waiting
    assert 'data-goes-on="5000"' in waiting
    assert first.back(on_page(address, PIN=PIN)).headers["location"] == f"{first.page}/done"
    assert second.back(on_page(second.leave(ticket=second.ticket()), PIN=PIN)).headers["location"] == f"{second.page}/done"
    publish_queued(first.workspace)
    assert verify_published(first.workspace, first.invited.document.document_id).verdict == "passed"


def test_who_waits_after_the_login_does_not_log_in_twice(
    with_logins: CscDouble, with_pair: Workspace, new_signatory: NewSignatory
) -> None:
    first, second = new_signatory("S0001"), new_signatory("S0002")
    confirmation = first.back(on_page(first.leave(), password=PASSWORD)).headers["location"]
    with_logins.others["second"] = key_of(with_pair, SECOND)
    location = on_page(late_login(second, first), password=PASSWORD)
    assert "Others are signing" in second.told(second.back(location))
    assert first.back(on_page(confirmation, PIN=PIN)).headers["location"] == f"{first.page}/done"
    address = second.leave(ticket=second.ticket())
    assert parse_qs(urlsplit(address).query)["scope"] == ["credential"]
    assert second.back(on_page(address, PIN=PIN)).headers["location"] == f"{second.page}/done"


def late_login(second: Signatory, first: Signatory) -> str:
    """The login page of somebody who pressed the button before the other one held the document."""
    with first.workspace.database.read() as transaction:
        (held,) = transaction.asking.open_preparations(first.invited.document.document_id)
    with first.workspace.database.write() as transaction:
        transaction.asking.put_preparation(replace(held, leased_until=BEGIN))
    address = second.leave()
    with first.workspace.database.write() as transaction:
        transaction.asking.put_preparation(held)
    return address


def test_who_was_too_slow_confirms_once_more_and_signs(
    with_account: CscDouble, with_pair: Workspace, new_signatory: NewSignatory, clock: Clock
) -> None:
    with_account.others["second"] = key_of(with_pair, SECOND)
    first, second = new_signatory("S0001"), new_signatory("S0002")
    location = on_page(first.leave(), PIN=PIN)
    clock.now += timedelta(minutes=4)
    second.sign()
    page = first.told(first.back(location))
    assert "Please confirm once more" in page
    assert "your key did not sign" in page
    first.sign()
    publish_queued(first.workspace)
    assert verify_published(first.workspace, first.invited.document.document_id).verdict == "passed"


def test_who_declines_at_the_service_has_signed_nothing_and_holds_nobody_up(
    with_account: CscDouble, new_signatory: NewSignatory
) -> None:
    signatory = new_signatory()
    page = signatory.told(signatory.back(on_page(signatory.leave(), PIN="0000")))
    assert "You did not confirm" in page
    assert "Nothing was signed, and what you chose is still here." in page
    require_nothing_done(signatory)
    signatory.sign()
    assert not with_account.unlocked


def test_who_declines_at_the_login_has_signed_nothing(with_logins: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    assert "You did not confirm" in signatory.told(signatory.back(on_page(signatory.leave(), password="another")))
    require_nothing_done(signatory)
    assert with_logins.tokens == set()


@pytest.mark.parametrize("answer", ["error=server_error", "", "code="], ids=["fault", "nothing", "empty"])
def test_a_return_without_a_code_gives_the_document_free(
    with_account: CscDouble, new_signatory: NewSignatory, answer: str
) -> None:
    signatory = new_signatory()
    back = signatory.client.get(f"/service/return?state={state_in(signatory.leave())}&{answer}")
    assert "The service sent you back without confirming anything." in signatory.told(back)
    require_nothing_done(signatory)
    assert not with_account.asked("signatures/signHash")


def tampered(state: str) -> str:
    """Another letter where the signature is: its last one holds bits that count for nothing."""
    return f"{state[:-5]}{'A' if state[-5] != 'A' else 'B'}{state[-4:]}"


@pytest.mark.parametrize("change", [tampered, lambda _: "", lambda _: "W10.c2ln"], ids=["tampered", "missing", "invented"])
def test_a_return_without_a_ticket_of_ours_changes_nothing(
    with_account: CscDouble, new_signatory: NewSignatory, change: Callable[[str], str]
) -> None:
    signatory = new_signatory()
    location = on_page(signatory.leave(), PIN=PIN)
    code = parse_qs(urlsplit(location).query)["code"][0]
    refused = signatory.client.get(f"/service/return?state={change(state_in(location))}&code={code}")
    assert refused.status_code == 403
    assert "does not belong to the present session" in refused.text
    assert holder_of(signatory) == "S0001"
    assert not with_account.asked("token")
    assert signatory.back(location).headers["location"] == f"{signatory.page}/done"


def test_a_return_into_another_session_changes_nothing(
    with_account: CscDouble, with_pair: Workspace, new_signatory: NewSignatory
) -> None:
    with_account.others["second"] = key_of(with_pair, SECOND)
    first, second = new_signatory("S0001"), new_signatory("S0002")
    location = on_page(first.leave(), PIN=PIN)
    assert second.back(location).status_code == 403
    assert not with_account.asked("token")
    second.client.cookies.clear()
    assert second.back(location).status_code == 403
    assert first.back(location).headers["location"] == f"{first.page}/done"
    assert second.invited.request.state is RequestState.SENT


def test_who_comes_back_after_more_than_ten_minutes_begins_once_more(
    with_account: CscDouble, new_signatory: NewSignatory, clock: Clock
) -> None:
    signatory = new_signatory()
    location = on_page(signatory.leave(), PIN=PIN)
    clock.now += timedelta(minutes=11)
    assert "More than ten minutes" in signatory.told(signatory.back(location))
    assert not with_account.asked("token")
    require_nothing_done(signatory)
    signatory.sign()


def test_whose_identity_is_not_established_any_more_cannot_go_and_cannot_return(
    with_account: CscDouble, new_signatory: NewSignatory, monkeypatch: pytest.MonkeyPatch
) -> None:
    signatory = new_signatory()
    location = on_page(signatory.leave(), PIN=PIN)
    with monkeypatch.context() as patch:
        patch.setattr("mou.workflow.identifying.IDENTITY_LIFETIME", timedelta())
        assert [signatory.back(location).status_code, signatory.press().status_code] == [401, 401]
        assert signatory.client.get(f"{signatory.page}/service").status_code == 303
    assert not with_account.asked("token")
    assert signatory.back(location).headers["location"] == f"{signatory.page}/done"


def test_a_return_that_is_loaded_twice_at_once_signs_once(with_account: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    location = on_page(signatory.leave(), PIN=PIN)
    with ThreadPoolExecutor(2) as two:
        targets = [back.headers["location"] for back in two.map(signatory.back, [location, location])]
    assert targets == [f"{signatory.page}/done"] * 2
    assert len(with_account.asked("signatures/signHash")) == 1
    assert signatory.back(location).headers["location"] == f"{signatory.page}/done"
    assert signatory.press().headers["location"] == f"{signatory.page}/done"


@pytest.mark.parametrize("method", ["info", "credentials/list", "credentials/info"])
def test_a_service_that_is_down_is_told_calmly_before_anything_is_claimed(
    with_account: CscDouble, new_signatory: NewSignatory, method: str
) -> None:
    signatory = new_signatory()
    with_account.answers[method] = answering({"error": "server_error"}, 503)
    page = signatory.told(signatory.press())
    assert "The signing service could not be used" in page
    assert "server_error" in page
    require_nothing_done(signatory)


@pytest.mark.parametrize("method", ["token", "credentials/info", "signatures/signHash"])
def test_a_service_that_goes_down_in_between_is_told_calmly_and_leaves_nothing_half_done(
    with_account: CscDouble, new_signatory: NewSignatory, method: str
) -> None:
    signatory = new_signatory()
    location = on_page(signatory.leave(), PIN=PIN)
    with_account.answers[method] = answering({"error": "server_error"}, 503)
    assert "The signing service could not be used" in signatory.told(signatory.back(location))
    require_nothing_done(signatory)
    del with_account.answers[method]
    signatory.sign()


def test_somebody_elses_key_is_refused_by_name(
    with_account: CscDouble, with_pair: Workspace, new_signatory: NewSignatory
) -> None:
    other = key_of(with_pair, "นายคนอื่น ไม่ใช่ผู้ลงนาม")
    with_account.key, with_account.certificate, with_account.chain = other.key, other.certificate, other.chain
    signatory = new_signatory()
    page = signatory.told(signatory.press())
    assert FIRST in page
    assert "นายคนอื่น" in page
    require_nothing_done(signatory)


def test_a_login_that_is_not_held_any_more_is_told_and_made_again(
    with_logins: CscDouble, new_signatory: NewSignatory, monkeypatch: pytest.MonkeyPatch
) -> None:
    signatory = new_signatory()
    confirmation = signatory.back(on_page(signatory.leave(), password=PASSWORD)).headers["location"]
    location = on_page(confirmation, PIN=PIN)
    monkeypatch.setattr(service_pages, "_LOGINS", Held())  # the program was started again
    assert "Your login at the service is not known here any more." in signatory.told(signatory.back(location))
    require_nothing_done(signatory)
    assert parse_qs(urlsplit(signatory.leave(ticket=signatory.ticket())).query)["scope"] == ["service"]
    assert not with_logins.asked("signatures/signHash")


def test_another_way_that_was_chosen_meanwhile_ends_the_errand(with_account: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    location = on_page(signatory.leave(), PIN=PIN)
    signatory.choose("browser")
    assert signatory.back(location).headers["location"] == f"{signatory.page}/review"
    assert not with_account.asked("token")
    require_nothing_done(signatory)
    assert signatory.press().headers["location"] == signatory.page


def test_a_request_that_was_withdrawn_meanwhile_is_not_signed(with_account: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    location = on_page(signatory.leave(), PIN=PIN)
    withdraw(signatory.workspace, signatory.invited.document.document_id, "S0001", reason="แก้ไขเอกสาร")
    assert signatory.back(location).headers["location"] == f"{signatory.page}/review"
    assert not with_account.asked("token")
    assert holder_of(signatory) is None
    assert signatory.press().status_code == 409


def test_a_ticket_of_another_invitation_begins_an_errand_of_its_own(with_logins: CscDouble, new_signatory: NewSignatory) -> None:
    first, second = new_signatory("S0001"), new_signatory("S0002")
    first.told(first.back(on_page(first.leave(), password="another")))
    address = second.leave(ticket=first.ticket())
    assert parse_qs(urlsplit(address).query)["scope"] == ["service"]
    assert first.invitation_id != second.invitation_id
    assert not with_logins.tokens


def test_without_the_button_nobody_is_led_to_the_service(with_account: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    assert signatory.client.get(f"{signatory.page}/service").headers["location"] == f"{signatory.page}/review"
    assert signatory.client.post(f"{signatory.page}/service").status_code == 403
    assert with_account.questions == []


def test_nothing_secret_is_logged_and_nothing_typed_at_the_service_comes_to_us(
    with_logins: CscDouble, new_signatory: NewSignatory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    signatory = new_signatory()
    declined = on_page(signatory.leave(), password="another")
    signatory.told(signatory.back(declined))
    login = on_page(signatory.leave(), password=PASSWORD)
    confirmation = signatory.back(login).headers["location"]
    location = on_page(confirmation, PIN=PIN)
    assert signatory.back(location).headers["location"] == f"{signatory.page}/done"
    codes = [parse_qs(urlsplit(each).query)["code"][0] for each in (login, location)]
    own = "\n".join(record.getMessage() for record in caplog.records if record.name != "httpx2")
    secrets = [*codes, *with_logins.tokens, state_in(login), state_in(location), PIN, PASSWORD, signatory.page[6:], FIRST]
    assert not [secret for secret in secrets if secret in own]
    assert not [typed for typed in (PIN, PASSWORD) if typed in unquote_plus("\n".join(signatory.sent))]
    assert [name for name in ("state", "code") if name in "\n".join(signatory.sent)] == ["state", "code"]


def test_a_ticket_holds_ids_alone(with_account: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    _, parts = URLSafeSerializer("unknown").loads_unsafe(state_in(signatory.leave()))
    invitation_id, errand, way, at, preparation_id = parts
    assert (invitation_id, preparation_id[:4], len(errand), len(way)) == (signatory.invitation_id, "prp_", 24, 16)
    assert isinstance(at, int)
    assert with_account.asked("page") == []


def test_the_pages_speak_the_readers_language_and_lead_on_without_scripts(
    with_account: CscDouble, new_signatory: NewSignatory
) -> None:
    signatory = new_signatory()
    left = signatory.press()
    assert left.headers["cache-control"] == "no-store"
    assert "form-action 'self';" in left.headers["content-security-policy"]
    assert "<script>" not in left.text
    signatory.told(signatory.back(on_page(signatory.leave(), PIN="0000")))
    assert '<html lang="th">' in signatory.client.get(f"{signatory.page}/service?lang=th").text


def test_who_comes_back_too_often_waits_a_while(with_account: CscDouble, new_signatory: NewSignatory) -> None:
    signatory = new_signatory()
    location = f"{signatory.workspace.site_url}/service/return?code=guessed&state={state_in(signatory.leave())}"
    assert [signatory.back(location).status_code for _ in range(21)] == [303] * 20 + [429]
    assert len(with_account.asked("token")) == 1  # the others came for a document that was free again
