"""The log says what was asked for and how it ended, and nothing of who asked for whom."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

NewBrowser: TypeAlias = Callable[..., TestClient]
CsrfOf: TypeAlias = Callable[..., str]
PdfOf: TypeAlias = Callable[[str], Path]

SECRETS = ("tok3n-of-an-invitation", "somsri@example.org", "สมศรี", "198.51.100.7", "secret.pdf")


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    """The application with addresses that fail in each way, a token in the path and a name in the error's words."""

    @app.get("/room/{token}")
    def fail(token: str) -> None:
        try:
            int("somsri@example.org")
        except ValueError as error:
            raise RuntimeError(f"สมศรี asked with {token}") from error

    @app.post("/room/{token}/number")
    def take(token: str, number: int) -> None:
        raise AssertionError(token, number)

    return app


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """A function that returns what the site has logged."""
    caplog.set_level(logging.DEBUG, "mou.web")
    return lambda: [record.getMessage() for record in caplog.records if record.name.startswith(("mou", "uvicorn", "starlette"))]


def test_a_line_names_the_pattern_of_the_address_with_status_and_time(client: TestClient, lines: Callable[[], list[str]]) -> None:
    client.get("/d/tok3n-of-an-invitation?name=สมศรี")
    line = lines()[-1].split()
    assert line[:3] == ["GET", "/d/{code}", "404"]
    assert line[3].isdigit()
    assert line[4] == "ms"


def test_no_token_name_or_address_is_in_the_log_whatever_happens(
    client: TestClient, lines: Callable[[], list[str]], csrf_of: CsrfOf, pdf_of: PdfOf
) -> None:
    token = csrf_of(client)
    headers = {"Referer": "http://localhost/room/tok3n-of-an-invitation", "User-Agent": "somsri@example.org"}
    client.get("/room/tok3n-of-an-invitation?email=somsri@example.org", headers=headers)
    client.post("/room/tok3n-of-an-invitation/number", params={"number": "สมศรี"}, data={"csrf": token})
    client.post("/room/tok3n-of-an-invitation/number", data={"csrf": "สมศรี"})
    client.post("/verify", data={"csrf": token}, files={"file": ("secret.pdf", pdf_of("org-1").read_bytes())})
    client.post("/api/v1/verify", files={"file": ("secret.pdf", b"somsri@example.org")})
    client.get("/d/somsri@example.org")
    client.get("/nothing/somsri@example.org")
    client.get("/enter/tok3n-of-an-invitation")
    client.get("/verify?code=somsri@example.org")
    client.request("สมศรี".encode().hex(), "/verify")
    client.get("/static/somsri@example.org")
    client.get("/verify", headers={"Host": "somsri@example.org"})
    assert len(lines()) >= 13
    found = [line for line in lines() if any(secret in line for secret in (*SECRETS, token, client.cookies["mou"]))]
    assert found == []


def test_a_fault_is_logged_with_its_place_and_cause_and_without_its_words(
    client: TestClient, lines: Callable[[], list[str]]
) -> None:
    page = client.get("/room/tok3n-of-an-invitation")
    fault = next(line for line in lines() if line.startswith("incident"))
    number = fault.split()[1].rstrip(":")
    assert number in page.text
    assert "builtins.RuntimeError at" in fault
    assert "caused by builtins.ValueError at" in fault
    assert "test_request_log.py" in fault
    assert lines()[-1].startswith("GET /room/{token} 500 ")


def test_a_fault_reaches_nobody_but_the_log(app: FastAPI, new_browser: NewBrowser, capfd: pytest.CaptureFixture[str]) -> None:
    assert new_browser(app).get("/room/tok3n-of-an-invitation").status_code == 500
    printed = capfd.readouterr()
    assert "RuntimeError" not in printed.out + printed.err
