"""Passkeys between a page's script and the site: challenges that count once, for one purpose, one link and one browser."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from mou.web.application import create_app
from mou.web.passkey_api import Challenges, Purpose, relying_party
from mou.web.refusals import RefusedError
from mou.workflow.asking import ask
from mou.workflow.identifying import attest
from mou.workflow.links import link_token
from mou.workflow.passkeys import CHALLENGE_LIFETIME, NONCE_BYTES, RelyingParty
from mou.workflow.status import DocumentStatus
from mou.workflow.workspace import Workspace
from tests.unit.mou.workflow.authenticator import Device
from tests.unit.mou.workflow.desk import set_address

NewBrowser: TypeAlias = Callable[..., TestClient]
StatusOf: TypeAlias = Callable[[str], DocumentStatus]
SignAs: TypeAlias = Callable[[str, str], None]

SITE = "https://mou.example.org"
SIGNATORY = "นางสาวฟ้าใส เยาวมาลย์"
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation, and the site on which it is answered."""

    app: FastAPI
    workspace: Workspace
    new_browser: NewBrowser
    invitation_id: str

    @property
    def page(self) -> str:
        return f"/sign/{link_token(self.workspace, self.invitation_id)}"

    def browser(self) -> "Visit":
        return Visit(self, self.new_browser(self.app, base_url=SITE))

    def identified(self) -> "Visit":
        """A browser in which a code was typed."""
        visit = self.browser()
        code = attest(self.workspace, self.invitation_id, note="showed an identity card")
        sent = visit.client.post(f"{self.page}/confirm", data={"csrf": visit.csrf(), "code": code})
        assert sent.status_code == 303
        return visit

    def methods(self) -> list[object]:
        with self.workspace.database.read() as transaction:
            entries = transaction.ledger.entries(0, transaction.ledger.head().size)
            return [entry.body["method"] for entry in entries if entry.type == "identity.confirmed"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One browser on the pages of a link."""

    link: Link
    client: TestClient

    def text(self, path: str = "") -> str:
        return self.client.get(f"{self.link.page}{path}").text

    def csrf(self) -> str:
        found = re.search(r'<meta name="csrf" content="([^"]+)">', self.text())
        assert found is not None
        return found[1]

    def post(self, path: str, content: Mapping[str, Any] | None = None, *, status: int = 200) -> dict[str, Any]:
        """What the interface answers below `/passkey`, with the status that is expected."""
        address = f"/api/v1{self.link.page}/passkey{path}"
        answer = self.client.post(address, json=dict(content or {}), headers={"X-CSRF-Token": self.csrf()})
        found: dict[str, Any] = answer.json()
        assert answer.status_code == status, found
        return found

    def refused(self, path: str, content: Mapping[str, Any] | None = None, *, status: int) -> str:
        """The code of a refusal, which also says what, what was kept and what next."""
        error = self.post(path, content, status=status)["error"]
        assert error["what"]
        assert error["kept"]
        assert error["next"]
        return str(error["code"])

    def register(self, device: Device) -> None:
        asked = self.post("/options")
        sent = {"state": asked["state"], "credential": device.make(asked["options"])}
        assert self.post("", sent) == {"state": "registered"}

    def answer(self, device: Device) -> dict[str, Any]:
        """What the script sends after the device has answered a new challenge."""
        asked = self.post("/challenge")
        return {"state": asked["state"], "credential": device.answer(asked["options"])}


@pytest.fixture
def link(workspace: Workspace, status_of: StatusOf, new_browser: NewBrowser) -> Link:
    status = status_of("org-2")
    set_address(workspace, status.requests[0], "fahsai@example.net")
    (asked,) = ask(workspace, status.document.document_id)
    return Link(create_app(workspace, https=True), workspace, new_browser, asked.invitation.invitation_id)


@pytest.fixture
def device() -> Device:
    """A device that does not count, as most that keep passkeys for several devices."""
    return Device("mou.example.org", SITE, steps=0)


def test_a_passkey_registered_in_one_browser_confirms_who_is_there_in_another(link: Link, device: Device) -> None:
    link.identified().register(device)
    visit = link.browser()
    assert 'id="decision"' not in visit.text()
    assert visit.post("/confirm", visit.answer(device)) == {"next": link.page}
    assert 'id="decision"' in visit.text()
    assert link.methods() == ["attested_on_site", "passkey"]


def test_the_first_page_offers_a_passkey_only_where_one_is_registered(link: Link, device: Device) -> None:
    assert 'id="passkey"' not in link.browser().text()
    link.identified().register(device)
    page = link.browser().text()
    assert re.search(r'<section class="card" id="passkey"[^>]* hidden data-act="confirm"', page)
    assert f'data-api="/api/v1{link.page}/passkey"' in page


def test_the_last_page_offers_to_register_one_after_a_code_and_not_after_a_passkey(
    link: Link, device: Device, sign_as: SignAs
) -> None:
    after_code, after_passkey = link.identified(), link.browser()
    after_code.register(device)
    after_passkey.post("/confirm", after_passkey.answer(device))
    sign_as("org-2", SIGNATORY)
    assert 'data-act="register"' in after_code.text("/done")
    assert 'id="passkey"' not in after_passkey.text("/done")
    after_code.register(Device("mou.example.org", SITE))


def test_an_answer_is_taken_once(link: Link, device: Device) -> None:
    link.identified().register(device)
    visit = link.browser()
    sent = visit.answer(device)
    visit.post("/confirm", sent)
    assert visit.refused("/confirm", sent, status=409) == "stale_challenge"
    assert link.methods() == ["attested_on_site", "passkey"]


def test_a_challenge_is_used_up_by_a_wrong_answer_too(link: Link, device: Device) -> None:
    link.identified().register(device)
    visit = link.browser()
    sent = visit.answer(device)
    assert visit.refused("/confirm", sent | {"credential": {"id": device.name}}, status=422) == "passkey_refused"
    assert visit.refused("/confirm", sent, status=409) == "stale_challenge"
    assert link.methods() == ["attested_on_site"]


def test_an_answer_counts_in_the_browser_that_asked_and_in_no_other(link: Link, device: Device) -> None:
    link.identified().register(device)
    sent = link.browser().answer(device)
    assert link.browser().refused("/confirm", sent, status=409) == "stale_challenge"


def test_a_challenge_for_registering_confirms_nobody(link: Link, device: Device) -> None:
    visit = link.identified()
    visit.register(device)
    asked = visit.post("/options")
    sent = {"state": asked["state"], "credential": device.answer(asked["options"])}
    assert visit.refused("/confirm", sent, status=409) == "stale_challenge"


def test_a_value_that_is_not_ours_is_refused(link: Link, device: Device) -> None:
    link.identified().register(device)
    visit = link.browser()
    sent = visit.answer(device)
    assert visit.refused("/confirm", sent | {"state": "x" + sent["state"]}, status=409) == "stale_challenge"
    assert visit.refused("/confirm", {"credential": {}}, status=422) == "invalid_fields"


def test_an_answer_made_for_another_page_establishes_nobody(link: Link, device: Device) -> None:
    link.identified().register(device)
    visit = link.browser()
    elsewhere = replace(device, origin="https://mou.example.com")
    assert visit.refused("/confirm", visit.answer(elsewhere), status=422) == "passkey_refused"
    assert 'id="decision"' not in visit.text()


def test_who_only_holds_the_link_registers_nothing(link: Link, device: Device) -> None:
    visit = link.browser()
    assert visit.refused("/options", status=401) == "unidentified"
    assert visit.refused("", {"state": "x", "credential": device.make({"challenge": "AA"})}, status=401) == "unidentified"
    assert visit.refused("/challenge", status=422) == "passkey_refused"


def test_after_a_passkey_no_other_is_registered(link: Link, device: Device) -> None:
    link.identified().register(device)
    visit = link.browser()
    visit.post("/confirm", visit.answer(device))
    assert visit.refused("/options", status=422) == "passkey_refused"


def test_without_the_token_of_the_session_nothing_is_answered(link: Link) -> None:
    visit = link.identified()
    answer = visit.client.post(f"/api/v1{link.page}/passkey/options", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "stale_form")


def test_answers_to_challenges_are_limited(link: Link, device: Device) -> None:
    limited = replace(link, app=create_app(link.workspace, https=True, rates={"confirm": "4/minute"}))
    limited.identified().register(device)
    visit = limited.browser()
    sent = visit.answer(device)
    codes = [visit.refused("/confirm", sent | {"state": "x"}, status=status) for status in (409, 409, 409, 429)]
    assert codes == ["stale_challenge"] * 3 + ["too_many_requests"]


def test_a_signed_document_is_not_confirmed_again(link: Link, device: Device, sign_as: SignAs) -> None:
    link.identified().register(device)
    visit = link.browser()
    visit.text()
    sign_as("org-2", SIGNATORY)
    token = visit.csrf()
    answer = visit.client.post(f"/api/v1{link.page}/passkey/challenge", json={}, headers={"X-CSRF-Token": token})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "signed")


def test_where_the_site_is_called_by_a_number_no_passkey_is_offered(link: Link, device: Device) -> None:
    link.identified().register(device)
    settings = link.workspace.settings.model_copy(update={"public_url": None})
    nameless = replace(link.workspace, settings=settings)
    client = link.new_browser(create_app(nameless, https=False), base_url="http://127.0.0.1:8000")
    visit = Visit(link, client)
    assert 'id="passkey"' not in visit.text()
    assert visit.refused("/challenge", status=409) == "passkey_unavailable"


@pytest.mark.parametrize(
    ("public_url", "host", "https", "expected"),
    [
        pytest.param(SITE, "mou.example.org", True, RelyingParty("mou.example.org", SITE), id="public"),
        pytest.param(f"{SITE}/", "localhost", True, RelyingParty("mou.example.org", SITE), id="public, called from within"),
        pytest.param(f"{SITE}:443", "x", True, RelyingParty("mou.example.org", SITE), id="default port"),
        pytest.param(f"{SITE}:8443/a", "x", True, RelyingParty("mou.example.org", f"{SITE}:8443"), id="port and folder"),
        pytest.param("https://MOU.example.org", "x", True, RelyingParty("mou.example.org", SITE), id="capitals"),
        pytest.param(None, "localhost:8000", False, RelyingParty("localhost", "http://localhost:8000"), id="this machine"),
        pytest.param("http://127.0.0.1:8000", "localhost:80", False, RelyingParty("localhost", "http://localhost"), id="port 80"),
        pytest.param(None, "127.0.0.1:8000", False, None, id="a number"),
        pytest.param(None, "[::1]:8000", False, None, id="a number of IPv6"),
        pytest.param("https://192.0.2.7", "192.0.2.7", True, None, id="a public number"),
    ],
)
def test_a_device_knows_the_site_by_its_name(
    workspace: Workspace, *, public_url: str | None, host: str, https: bool, expected: RelyingParty | None
) -> None:
    settings = workspace.settings.model_copy(update={"public_url": public_url})
    app = create_app(replace(workspace, settings=settings), https=https)
    request = Request({"type": "http", "app": app, "headers": [(b"host", host.encode())]})
    assert relying_party(request) == expected


def test_a_challenge_counts_for_five_minutes() -> None:
    challenges = Challenges()
    nonce, state = challenges.new("confirm", "inv_1", "session", at=AT)
    assert len(nonce) == NONCE_BYTES
    with pytest.raises(RefusedError):
        challenges.take(state, "confirm", "inv_1", "session", at=AT + CHALLENGE_LIFETIME + timedelta(seconds=1))
    assert challenges.take(state, "confirm", "inv_1", "session", at=AT + CHALLENGE_LIFETIME) == nonce


def test_a_used_challenge_is_remembered_for_as_long_as_it_would_count() -> None:
    challenges = Challenges()
    _, state = challenges.new("confirm", "inv_1", "session", at=AT)
    challenges.take(state, "confirm", "inv_1", "session", at=AT)
    _, other = challenges.new("confirm", "inv_1", "session", at=AT + CHALLENGE_LIFETIME)
    challenges.take(other, "confirm", "inv_1", "session", at=AT + CHALLENGE_LIFETIME)
    with pytest.raises(RefusedError):
        challenges.take(state, "confirm", "inv_1", "session", at=AT + CHALLENGE_LIFETIME)


@pytest.mark.parametrize(
    ("purpose", "invitation_id", "session_id"),
    [("register", "inv_1", "session"), ("confirm", "inv_2", "session"), ("confirm", "inv_1", "other")],
    ids=["purpose", "invitation", "session"],
)
def test_a_challenge_for_something_else_is_refused_and_not_used_up(purpose: Purpose, invitation_id: str, session_id: str) -> None:
    challenges = Challenges()
    nonce, state = challenges.new("confirm", "inv_1", "session", at=AT)
    with pytest.raises(RefusedError):
        challenges.take(state, purpose, invitation_id, session_id, at=AT)
    assert challenges.take(state, "confirm", "inv_1", "session", at=AT) == nonce


def test_after_a_new_start_no_old_challenge_counts() -> None:
    _, state = Challenges().new("confirm", "inv_1", "session", at=AT)
    with pytest.raises(RefusedError):
        Challenges().take(state, "confirm", "inv_1", "session", at=AT)
