"""The desk's door: a link that opens once, and only when a person presses the button."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

import pytest
from fastapi import Depends, FastAPI
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from mou.web.application import create_app
from mou.web.entry_key import EntryKey
from mou.web.entry_pages import require_desk
from mou.workflow.workspace import Workspace

NewBrowser: TypeAlias = Callable[..., TestClient]
CsrfOf: TypeAlias = Callable[..., str]


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    app = create_app(workspace, https=False)

    @app.get("/desk-page")
    def page(_: Annotated[None, Depends(require_desk)]) -> Response:
        return PlainTextResponse("the desk")

    @app.get("/api/v1/desk")
    def interface(_: Annotated[None, Depends(require_desk)]) -> Response:
        return PlainTextResponse("the desk")

    return app


def key_of(app: FastAPI) -> str:
    key = app.state.site.entry.text
    assert isinstance(key, str)
    return key


def test_a_stranger_is_led_to_the_door(client: TestClient) -> None:
    answer = client.get("/desk-page")
    assert (answer.status_code, answer.headers["location"]) == (303, "/enter")
    assert "mou serve has printed" in client.get("/enter").text


def test_a_program_of_a_stranger_is_refused(client: TestClient) -> None:
    answer = client.get("/api/v1/desk")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "desk_only"


def test_the_link_opens_the_desk_when_the_button_is_pressed(app: FastAPI, client: TestClient, csrf_of: CsrfOf) -> None:
    token = csrf_of(client, f"/enter/{key_of(app)}")
    assert client.get("/desk-page").status_code == 303
    entered = client.post(f"/enter/{key_of(app)}", data={"csrf": token})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert client.get("/desk-page").text == "the desk"
    assert client.get("/api/v1/desk").text == "the desk"


def test_a_mail_scanner_that_follows_the_link_does_not_use_it_up(
    app: FastAPI, client: TestClient, new_browser: NewBrowser, csrf_of: CsrfOf
) -> None:
    for _ in range(3):
        assert new_browser(app).get(f"/enter/{key_of(app)}").status_code == 200
    assert client.post(f"/enter/{key_of(app)}", data={"csrf": csrf_of(client)}).status_code == 303


def test_the_link_opens_once(app: FastAPI, client: TestClient, new_browser: NewBrowser, csrf_of: CsrfOf) -> None:
    client.post(f"/enter/{key_of(app)}", data={"csrf": csrf_of(client)})
    late = new_browser(app)
    refused = late.post(f"/enter/{key_of(app)}", data={"csrf": csrf_of(late)})
    assert refused.status_code == 403
    assert "used already" in refused.text
    assert late.get(f"/enter/{key_of(app)}").status_code == 403
    assert late.get("/desk-page").status_code == 303


def test_a_link_of_an_earlier_start_opens_nothing(
    app: FastAPI, workspace: Workspace, new_browser: NewBrowser, csrf_of: CsrfOf
) -> None:
    restarted = new_browser(create_app(workspace, https=False))
    assert restarted.post(f"/enter/{key_of(app)}", data={"csrf": csrf_of(restarted)}).status_code == 403


def test_the_session_of_the_desk_has_a_new_id(app: FastAPI, client: TestClient, csrf_of: CsrfOf) -> None:
    token = csrf_of(client)
    planted = client.cookies["mou"]
    client.post(f"/enter/{key_of(app)}", data={"csrf": token})
    assert client.post("/leave", data={"csrf": token}).status_code == 403  # a form of the session before
    client.cookies.clear()
    assert client.get("/desk-page", headers={"Cookie": f"mou={planted}"}).status_code == 303


def test_who_leaves_the_desk_is_a_stranger_again(app: FastAPI, client: TestClient, csrf_of: CsrfOf) -> None:
    client.post(f"/enter/{key_of(app)}", data={"csrf": csrf_of(client)})
    assert client.post("/leave", data={"csrf": csrf_of(client, "/enter")}).headers["location"] == "/enter"
    assert client.get("/desk-page").status_code == 303


def test_keys_cannot_be_tried_out(client: TestClient, csrf_of: CsrfOf) -> None:
    token = csrf_of(client)
    answers = [client.post(f"/enter/{number}", data={"csrf": token}).status_code for number in range(11)]
    assert answers == [403] * 10 + [429]


def test_a_key_is_used_once_and_looking_at_it_does_not_count() -> None:
    key = EntryKey(bytes(32))
    assert not key.use("ก")
    assert [key.fits(key.text), key.fits(key.text), key.use(key.text), key.use(key.text), key.fits(key.text)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert EntryKey(bytes(32)).text != key.text
