"""What went wrong, told to people and to programs in the same words."""

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.testclient import TestClient

from mou.errors import ConflictError, InputError, MouError, UsageError, WorkspaceError
from mou.requests import RequestRefusedError
from mou.storage.store import NotFoundError, StaleRevisionError
from mou.web.problems import problem
from signatures.errors import CertificateRefusedError, LedgerError, SignaturesError, SigningError, TimestampError
from signatures.messages import say

NewBrowser: TypeAlias = Callable[..., TestClient]


def app_of(client: TestClient) -> FastAPI:
    assert isinstance(client.app, FastAPI)
    return client.app


def raise_at(app: FastAPI, path: str, error: Exception) -> None:
    @app.get(path)
    def fail() -> None:
        raise error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFoundError("there is no {what}", what="ก"), 404, "not_found"),
        (ConflictError("there is no {what}", what="ก"), 409, "conflict"),
        (StaleRevisionError("there is no {what}", what="ก"), 409, "stale_revision"),
        (RequestRefusedError("there is no {what}", what="ก"), 409, "request_refused"),
        (UsageError("there is no {what}", what="ก"), 422, "usage"),
        (SigningError("there is no {what}", what="ก"), 422, "signing"),
        (CertificateRefusedError("there is no {what}", what="ก"), 422, "certificate_refused"),
        (TimestampError("there is no {what}", what="ก"), 503, "timestamp"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_that_was_raised_on_purpose_is_told_in_its_own_words(
    client: TestClient, error: MouError | SignaturesError, status: int, code: str
) -> None:
    raise_at(app_of(client), "/fail", error)
    raise_at(app_of(client), "/api/v1/fail", error)
    page, told = client.get("/fail"), client.get("/api/v1/fail")
    assert (page.status_code, told.status_code) == (status, status)
    assert "there is no ก" in page.text
    assert told.json()["error"]["what"] == "there is no ก"
    assert told.json()["error"]["code"] == code
    assert set(told.json()["error"]) == {"code", "what", "kept", "next"}
    assert all(told.json()["error"].values())


@pytest.mark.parametrize(
    "error", [WorkspaceError("{path} is gone", path="/srv/keys"), LedgerError("{path} is gone", path="/srv/keys")]
)
def test_what_tells_of_the_machine_is_kept_from_visitors(client: TestClient, error: Exception) -> None:
    raise_at(app_of(client), "/api/v1/fail", error)
    answer = client.get("/api/v1/fail")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "incident"
    assert "/srv/keys" not in answer.text


def test_every_problem_of_a_list_is_told(client: TestClient) -> None:
    error = InputError("two rows", problems=(say("row {row}", row=4), say("row {row}", row=6)))
    raise_at(app_of(client), "/fail", error)
    raise_at(app_of(client), "/api/v1/fail", error)
    assert client.get("/api/v1/fail").json()["error"]["details"] == ["row 4", "row 6"]
    assert {"row 4", "row 6"} <= set(re.findall(r"row \d", client.get("/fail").text))


def test_a_program_that_asks_for_json_anywhere_gets_it(client: TestClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_person_gets_a_page(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is nothing at this address." in answer.text


def test_a_wrong_method_is_told_with_those_that_are_right(client: TestClient) -> None:
    answer = client.delete("/api/v1/verify")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "wrong_method")
    assert "POST" in answer.headers["allow"]


def test_fields_that_cannot_be_read_are_named_without_what_stood_in_them(client: TestClient) -> None:
    @app_of(client).get("/api/v1/count")
    def count(number: int, day: int) -> dict[str, int]:
        return {"number": number, "day": day}

    answer = client.get("/api/v1/count?number=somsri@example.org")
    assert answer.status_code == 422
    assert "query.day, query.number" in answer.json()["error"]["what"]
    assert "somsri" not in answer.text


def test_what_a_message_quotes_is_escaped_on_a_page(client: TestClient) -> None:
    raise_at(app_of(client), "/fail", UsageError("no {name}", name="<script>alert(1)</script>"))
    assert "<script>alert" not in client.get("/fail").text


def test_an_endpoint_may_tell_a_problem_of_its_own(client: TestClient) -> None:
    @app_of(client).get("/own")
    def own(request: Request) -> Response:
        return problem(request, 410, say("It is over."), say("All of it."), say("Go."), "over", headers={"X-Own": "1"})

    answer = client.get("/own", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["x-own"]) == (410, "1")
    assert answer.json() == {"error": {"code": "over", "what": "It is over.", "kept": "All of it.", "next": "Go."}}


def test_a_page_is_in_the_readers_language(client: TestClient) -> None:
    raise_at(app_of(client), "/fail", UsageError("no organisations yet; import a list first: mou organisations import FILE"))
    assert "ยังไม่มีองค์กร" in client.get("/fail?lang=th").text
