"""Files under addresses that change with their bytes, and the description of the interface."""

import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from jinja2 import UndefinedError
from starlette.testclient import TestClient

from mou.web.pages import page_environment
from mou.web.static_files import FONTS, StaticFiles

NewBrowser: TypeAlias = Callable[..., TestClient]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "vendor").mkdir(parents=True)
    (folder / "a.js").write_text("export const a = 1;\n" * 100)
    (folder / "vendor" / "b.mjs").write_text("b")
    (folder / "secret.key").write_text("secret")
    (tmp_path / "outside.js").write_text("outside")
    return folder


def test_an_address_changes_with_the_bytes(folder: Path, tmp_path: Path) -> None:
    files = StaticFiles(folder, tmp_path)
    first = files.address("a.js")
    (folder / "a.js").write_text("other")
    assert first.startswith("/static/a.js?v=")
    assert files.address("a.js") != first


@pytest.mark.parametrize(
    "name", ["../outside.js", "/etc/passwd", "secret.key", "none.js", "vendor", "a.js/", "a\x00.js", "fonts/none.ttf"]
)
def test_a_name_that_leads_elsewhere_finds_nothing(folder: Path, tmp_path: Path, name: str) -> None:
    files = StaticFiles(folder, tmp_path)
    found = files.find(name)
    assert found is None or found.content == (folder / "a.js").read_bytes()
    if name != "a.js/":
        assert found is None
        with pytest.raises(LookupError):
            files.address(name)


def test_a_file_is_kept_for_a_year_where_its_address_names_its_bytes(client: TestClient) -> None:
    page = client.get("/verify").text
    style = re.search(r'href="(/static/site\.css\?v=[0-9a-f]{16})"', page)
    assert style is not None
    assert client.get(style[1]).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/site.css?v=0123456789abcdef").headers["cache-control"] == "no-cache"


def test_a_file_that_a_browser_has_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/static/site.css").headers["etag"]
    again = client.get("/static/site.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/static/site.css", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_file_is_packed_for_browsers_that_can_unpack_it(client: TestClient) -> None:
    packed = client.get("/static/site.css", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/static/site.css", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert gzip.compress(plain.content)


@pytest.mark.parametrize("name", sorted(FONTS))
def test_the_font_is_there(client: TestClient, name: str) -> None:
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "font/ttf")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("site.css", "text/css; charset=utf-8"),
        ("vendor/pdfjs-dist-6.5.438/legacy/build/pdf.min.mjs", "text/javascript; charset=utf-8"),
    ],
)
def test_the_kind_of_a_file_does_not_depend_on_the_machine(client: TestClient, name: str, kind: str) -> None:
    from mou.web.static_files import STATIC_FOLDER

    found = next(STATIC_FOLDER.rglob(Path(name).name)).relative_to(STATIC_FOLDER)
    assert client.get(f"/static/{found}").headers["content-type"] == kind


def test_integrity_comes_from_the_list_and_not_from_the_file(app: FastAPI) -> None:
    static = app.state.site.static
    name = "vendor/htmx.org-4.0.1/htmx.min.js"
    value = static.integrity(name)
    assert re.fullmatch(r"sha384-[A-Za-z0-9+/]{64}", value)
    assert hashlib.sha384(static.find(name).content).hexdigest() != value
    with pytest.raises(LookupError):
        static.integrity("vendor/unlisted.js")


def test_a_page_escapes_what_is_filled_in_and_refuses_a_name_that_nobody_gave(app: FastAPI) -> None:
    environment = page_environment(app.state.site.static)
    assert environment.from_string("{{ name }}").render(name="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        environment.from_string("{{ name }}").render()


def test_the_schema_names_the_interface_and_no_page(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/verify", "/api/v1/documents/{code}"} <= set(paths)
    assert [path for path in paths if not path.startswith("/api/v1/")] == []


def test_the_description_shows_every_operation_of_the_schema_without_a_script(client: TestClient) -> None:
    page = client.get("/api/docs").text
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}</code>" in page
    assert "<script" not in page
    assert "evidence" in page
    assert "Validation Error" not in page


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_the_frameworks_own_pages_which_load_from_elsewhere_are_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/verify", "/enter", "/api/docs", "/nowhere"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_no_page_holds_code_or_style_that_the_policy_forbids(client: TestClient, path: str, language: str) -> None:
    page = client.get(f"{path}?lang={language}").text
    assert re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=|javascript:", page) is None
    assert [address for address in re.findall(r'(?:src|href)="([^"]+)"', page) if address.startswith(("http", "//"))] == []
