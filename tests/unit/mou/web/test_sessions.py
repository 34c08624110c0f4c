"""Sessions: a cookie that nobody else can write, and forms that belong to it."""

import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import TypeAlias

import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.testclient import TestClient

from mou.app import open_workspace
from mou.errors import WorkspaceError
from mou.web.application import create_app
from mou.web.language import preferred
from mou.web.sessions import LONGEST_CONFIRMED, Session, keep_session, read_session, web_secret
from mou.workflow.workspace import Workspace

NewBrowser: TypeAlias = Callable[..., TestClient]
CsrfOf: TypeAlias = Callable[..., str]


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(workspace: Workspace) -> Clock:
    return Clock(workspace.clock())


@pytest.fixture
def app(workspace: Workspace, clock: Clock) -> FastAPI:
    """The application with two addresses of a test: one takes forms, one tells what the session holds."""
    app = create_app(open_workspace(workspace.folder, clock=clock), https=False)

    @app.post("/take")
    def take() -> Response:
        return PlainTextResponse("taken")

    @app.get("/session")
    def tell(request: Request) -> Response:
        session = read_session(request)
        return JSONResponse({"id": session.session_id, "confirmed": dict(session.confirmed), "desk": session.is_desk})

    @app.get("/confirm/{invitation}")
    def confirm(request: Request, invitation: str) -> Response:
        keep_session(request, read_session(request).with_confirmed(invitation, f"identity of {invitation}"))
        return PlainTextResponse("")

    return app


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites_forms(client: TestClient) -> None:
    cookie = client.get("/verify").headers["set-cookie"]
    assert cookie.startswith("mou=")
    assert cookie.endswith("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax")


def test_by_https_the_cookie_is_bound_to_the_host(workspace: Workspace, new_browser: NewBrowser) -> None:
    client = new_browser(create_app(workspace, https=True), base_url="https://mou.example.org")
    cookie = client.get("/verify").headers["set-cookie"]
    assert cookie.startswith("__Host-mou=")
    assert cookie.endswith("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure")
    assert "Domain" not in cookie


def test_a_session_remembers_what_an_endpoint_kept(client: TestClient) -> None:
    client.get("/confirm/first")
    client.get("/confirm/second")
    assert client.get("/session").json()["confirmed"] == {
        "first": "identity of first",
        "second": "identity of second",
    }


def test_a_session_remembers_only_the_newest_of_many_confirmations() -> None:
    session = Session("id", datetime.now().astimezone())
    for number in range(50):
        session = session.with_confirmed(f"invitation {number}", "identity")
    assert list(session.confirmed) == [f"invitation {number}" for number in range(50 - LONGEST_CONFIRMED, 50)]
    assert "invitation 49" not in session.without_confirmed("invitation 49").confirmed


def test_a_cookie_that_was_changed_is_worth_nothing(client: TestClient) -> None:
    client.get("/confirm/first")
    value = client.cookies["mou"]
    for wrong in (value[:-2] + "AA", value[1:], "", "x" * 3000, value.split(".")[0]):
        client.cookies.clear()
        assert client.get("/session", headers={"Cookie": f"mou={wrong}"}).json()["confirmed"] == {}


def test_a_cookie_of_another_workspace_is_worth_nothing(
    client: TestClient, workspace: Workspace, new_browser: NewBrowser
) -> None:
    client.get("/confirm/first")
    (workspace.keys.folder / "web.key").write_bytes(bytes(32))
    other = create_app(workspace, https=False)

    @other.get("/session")
    def tell(request: Request) -> Response:
        return JSONResponse(dict(read_session(request).confirmed))

    assert new_browser(other).get("/session", headers={"Cookie": f"mou={client.cookies['mou']}"}).json() == {}


def test_a_session_lasts_twelve_hours_from_its_last_use(client: TestClient, clock: Clock) -> None:
    client.get("/confirm/first")
    for _ in range(4):
        clock.at += timedelta(hours=11)
        assert client.get("/session").json()["confirmed"] != {}
    clock.at += timedelta(hours=12, seconds=1)
    assert client.get("/session").json()["confirmed"] == {}


def test_the_cookie_is_written_again_only_after_a_while(client: TestClient, clock: Clock) -> None:
    client.get("/confirm/first")
    clock.at += timedelta(minutes=9)
    assert "set-cookie" not in client.get("/session").headers
    clock.at += timedelta(minutes=2)
    assert "set-cookie" in client.get("/session").headers


def test_who_only_reads_for_a_program_gets_no_cookie(client: TestClient) -> None:
    assert "set-cookie" not in client.get("/session").headers
    assert "set-cookie" not in client.get("/static/site.css").headers
    assert "set-cookie" not in client.get("/api/v1/documents/0").headers


def test_a_form_of_this_session_is_taken(client: TestClient, csrf_of: CsrfOf) -> None:
    token = csrf_of(client)
    assert client.post("/take", data={"csrf": token}).text == "taken"
    assert client.post("/take", data={"csrf": token}, files={"file": b""}).text == "taken"
    assert client.post("/take", json={}, headers={"X-CSRF-Token": token}).text == "taken"


def test_a_form_without_the_sessions_token_is_refused(client: TestClient, csrf_of: CsrfOf, new_browser: NewBrowser) -> None:
    of_another = csrf_of(new_browser(client.app))
    csrf_of(client)
    for data in ({}, {"csrf": ""}, {"csrf": "ก"}, {"csrf": of_another}):
        answer = client.post("/take", data=data)
        assert answer.status_code == 403
        assert "reload the page" in answer.text
    refused = client.post("/take", json={"csrf": "in the wrong place"}, headers={"Accept": "application/json"})
    assert refused.json()["error"]["code"] == "stale_form"


def test_a_token_is_worth_nothing_without_its_cookie(client: TestClient, csrf_of: CsrfOf) -> None:
    token = csrf_of(client)
    client.cookies.clear()
    assert client.post("/take", data={"csrf": token}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200, id="this site"),
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200, id="this site, which hides its name"),
        pytest.param({"Sec-Fetch-Site": "none"}, 200, id="the person"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a neighbour"),
        pytest.param({"Origin": "http://localhost"}, 200, id="an older browser, this site"),
        pytest.param({"Origin": "null"}, 200, id="an older browser, this site, which hides its name"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="an older browser, another site"),
        pytest.param({"Origin": "http://localhost:1"}, 403, id="an older browser, another port"),
    ],
)
def test_where_a_form_comes_from_counts_beside_its_token(
    client: TestClient, csrf_of: CsrfOf, headers: dict[str, str], status: int
) -> None:
    assert client.post("/take", data={"csrf": csrf_of(client)}, headers=headers).status_code == status


def test_the_secret_is_made_once_and_is_its_owners_alone(workspace: Workspace) -> None:
    path = workspace.keys.folder / "web.key"
    path.unlink(missing_ok=True)
    barrier, made = Barrier(8), list[bytes]()

    def start() -> None:
        barrier.wait()
        made.append(web_secret(workspace))

    threads = [Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(made) == {path.read_bytes()}
    assert len(made) == 8
    assert len(made[0]) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_of_another_length_is_refused_and_not_repeated(workspace: Workspace) -> None:
    (workspace.keys.folder / "web.key").write_bytes(b"too short")
    with pytest.raises(WorkspaceError, match="32 bytes are expected, got 9") as refused:
        web_secret(workspace)
    assert "too short" not in str(refused.value)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "th"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("de, en;q=0.5, th;q=0.4", "en"),
        ("en;q=0.4,th-TH", "th"),
        ("de,fr", "th"),
        ("en;q=0", "th"),
        ("EN", "en"),
        ("en;q=nonsense", "th"),
        (";;;,,,=q", "th"),
    ],
)
def test_the_browsers_wish_decides_where_nothing_else_does(header: str, language: str) -> None:
    assert preferred(header) == language


def test_a_language_that_was_chosen_stays_chosen(client: TestClient) -> None:
    assert '<html lang="en">' in client.get("/verify").text
    assert '<html lang="th">' in client.get("/verify?lang=th").text
    assert '<html lang="th">' in client.get("/enter").text
    assert '<html lang="th">' in client.get("/enter?lang=xx").text
    assert client.get("/enter?lang=en").headers["content-language"] == "en"
