"""What guards every request and every answer: headers, names of the host, sizes, how often, and a calm end."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from mou.web.application import create_app
from mou.web.limits import client_address, require_rate
from mou.web.security import KIB, MIB, allow_form_action, body_limit
from mou.workflow.workspace import Workspace

NewBrowser: TypeAlias = Callable[..., TestClient]
CsrfOf: TypeAlias = Callable[..., str]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PATHS = (
    "/",
    "/verify",
    "/verify?code=x",
    "/enter",
    "/enter/wrong",
    "/d/0123",
    "/api/docs",
    "/api/v1/openapi.json",
    "/api/v1/documents/0123",
    "/static/site.css",
    "/static/nothing.css",
    "/no/such/page",
)


def app_of(client: TestClient) -> FastAPI:
    assert isinstance(client.app, FastAPI)
    return client.app


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers_refusals_and_files_too(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "camera=()" in headers["permissions-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_an_answer_to_any_method_has_the_headers(client: TestClient, method: str) -> None:
    answer = client.request(method, "/verify")
    assert answer.status_code >= 400
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/static/site")])
def test_nothing_but_files_is_kept_by_a_browser(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


def test_a_fault_has_the_headers_and_a_number_and_tells_nothing_else(app: FastAPI, new_browser: NewBrowser) -> None:
    @app.get("/fault")
    def fail() -> None:
        raise RuntimeError("the name of somebody")

    answer = new_browser(app).get("/fault")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == POLICY
    assert "the name of somebody" not in answer.text
    assert "tell the secretariat this number" in answer.text


def test_one_page_may_let_its_forms_lead_to_another_site(app: FastAPI, new_browser: NewBrowser) -> None:
    @app.get("/elsewhere")
    def page(request: Request) -> Response:
        allow_form_action(request, "https://csc.example.org")
        return PlainTextResponse("")

    client = new_browser(app)
    assert "form-action 'self' https://csc.example.org;" in client.get("/elsewhere").headers["content-security-policy"]
    assert client.get("/enter").headers["content-security-policy"] == POLICY


def test_by_https_browsers_are_told_to_stay_there(workspace: Workspace, new_browser: NewBrowser) -> None:
    client = new_browser(create_app(workspace, https=True), base_url="https://mou.example.org")
    assert client.get("/verify").headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("localhost:8000", 200, id="this machine"),
        pytest.param("127.0.0.1", 200, id="its address"),
        pytest.param("[::1]:8000", 200, id="its address of version 6"),
        pytest.param("mou.example.org", 200, id="the public name"),
        pytest.param("MOU.example.org:443", 200, id="the public name in capitals"),
        pytest.param("evil.example", 400, id="another name"),
        pytest.param("mou.example.org.evil.example", 400, id="a name that begins alike"),
        pytest.param("192.168.1.4", 400, id="an address that was not asked for"),
        pytest.param("[::1", 400, id="no name at all"),
        pytest.param("", 400, id="nothing"),
    ],
)
def test_the_site_answers_by_its_own_names_alone(client: TestClient, host: str, status: int) -> None:
    assert client.get("/verify", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(("host", "status"), [("192.168.1.4:8000", 200), ("[fe80::1]", 200), ("evil.example", 400)])
def test_where_any_address_may_call_a_name_still_may_not(
    workspace: Workspace, new_browser: NewBrowser, host: str, status: int
) -> None:
    client = new_browser(create_app(workspace, https=False, any_address=True))
    assert client.get("/verify", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/verify", 40 * MIB),
        ("/api/v1/verify", 40 * MIB),
        ("/sign/abc/return", 40 * MIB),
        ("/api/v1/sign/abc/return", 40 * MIB),
        ("/sign/abc/read", 3 * MIB),
        ("/sign/abc/decline", 256 * KIB),
        ("/verify/", 256 * KIB),
        ("/", 256 * KIB),
    ],
)
def test_each_address_takes_so_many_bytes(path: str, limit: int) -> None:
    assert body_limit(path) == limit


@pytest.mark.parametrize("is_found", ["announced", "while reading"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_too_many_bytes_are_refused_calmly(client: TestClient, csrf_of: CsrfOf, is_found: str, accept: str) -> None:
    taken = []

    @app_of(client).post("/take")
    async def take(request: Request) -> Response:
        taken.append(await request.body())
        return PlainTextResponse("")

    content = b"x" * (256 * KIB + 1)
    sent = content if is_found == "announced" else iter([content[:1000], content[1000:]])
    headers = {"Accept": accept, "Content-Type": "text/plain", "X-CSRF-Token": csrf_of(client)}
    answer = client.post("/take", content=sent, headers=headers)
    assert answer.status_code == 413
    assert "at most 256 KiB" in (answer.json()["error"]["what"] if accept == "application/json" else answer.text)
    assert taken == []
    assert client.post("/take", content=content[1:], headers=headers).status_code == 200
    assert len(taken[0]) == 256 * KIB


def test_bytes_are_counted_while_a_form_is_read(client: TestClient) -> None:
    boundary = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    pieces = [boundary, *([b"0" * MIB] * 41), b"\r\n--b--\r\n"]
    answer = client.post("/api/v1/verify", content=iter(pieces), headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"
    assert "at most 40 MiB" in answer.json()["error"]["what"]


def test_who_tries_too_often_is_told_how_long_to_wait(workspace: Workspace, new_browser: NewBrowser) -> None:
    client = new_browser(create_app(workspace, https=False, rates={"default": "3/minute"}))
    assert [client.get("/enter").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/api/v1/documents/0")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert refused.headers["retry-after"] in refused.json()["error"]["next"]


def test_one_visitor_does_not_use_up_the_share_of_another(workspace: Workspace, new_browser: NewBrowser) -> None:
    app = create_app(workspace, https=False, rates={"default": "1/minute"})
    first, second = new_browser(app), new_browser(app, address="198.51.100.8")
    assert [first.get("/enter").status_code, first.get("/enter").status_code, second.get("/enter").status_code] == [200, 429, 200]


def test_files_are_not_counted(workspace: Workspace, new_browser: NewBrowser) -> None:
    client = new_browser(create_app(workspace, https=False, rates={"default": "1/minute"}))
    assert {client.get("/static/site.css").status_code for _ in range(5)} == {200}


def test_the_secretariat_is_counted_by_itself_in_a_room_behind_one_address(
    workspace: Workspace, new_browser: NewBrowser, csrf_of: CsrfOf
) -> None:
    app = create_app(workspace, https=False, rates={"default": "4/minute"})
    desk, visitor = new_browser(app), new_browser(app)
    key = app.state.site.entry.text
    desk.post(f"/enter/{key}", data={"csrf": csrf_of(desk)})
    assert [visitor.get("/enter").status_code for _ in range(3)] == [200, 200, 429]
    assert desk.get("/enter").status_code == 200


def test_verification_is_limited_more_tightly(workspace: Workspace, new_browser: NewBrowser) -> None:
    client = new_browser(create_app(workspace, https=False, rates={"verify": "2/minute"}))
    files = {"file": ("a.pdf", b"no PDF")}
    assert [client.post("/api/v1/verify", files=files).status_code for _ in range(3)] == [200, 200, 429]


def test_an_endpoint_may_count_by_what_it_protects(app: FastAPI, new_browser: NewBrowser) -> None:
    @app.get("/code/{invitation}")
    def code(request: Request, invitation: str) -> Response:
        require_rate(request, "code", subject=invitation)
        return PlainTextResponse("")

    browsers = [new_browser(app, address=f"198.51.100.{number}") for number in range(11)]
    assert [each.get("/code/a").status_code for each in browsers] == [200] * 10 + [429]
    assert browsers[0].get("/code/b").status_code == 200


@pytest.mark.parametrize(
    ("stands", "header", "address", "expected"),
    [
        ("alone", "203.0.113.9", "198.51.100.7", "198.51.100.7"),
        ("behind a proxy", "203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("behind a proxy", "192.0.2.1, 203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("behind a proxy", "", "198.51.100.7", "198.51.100.7"),
        ("alone", "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_the_visitors_address_is_the_proxys_word_only_where_there_is_one(
    workspace: Workspace,
    new_browser: NewBrowser,
    stands: str,
    header: str,
    address: str,
    expected: str,
) -> None:
    app = create_app(workspace, https=False, forwarded=stands == "behind a proxy")

    @app.get("/address")
    def tell(request: Request) -> Response:
        return PlainTextResponse(client_address(request))

    headers = {"X-Forwarded-For": header} if header else {}
    assert new_browser(app, address=address).get("/address", headers=headers).text == expected
