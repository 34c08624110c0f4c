"""A small workspace behind the pages: one memorandum that is signed, one of a youth group that is not, one that was replaced."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mou.app import create_workspace, open_workspace
from mou.templates import bundled_templates_folder
from mou.web.application import create_app
from mou.workflow import templates
from mou.workflow.generating import generate, plan_generation
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.status import DocumentStatus, document_statuses
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from signatures.signers import signer_from_key

BEGIN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PUBLIC_NAME = "mou.example.org"
MEMBERS = """\
รหัสองค์กร,ชื่อองค์กร,ประเภท,จังหวัด,คำนำหน้าผู้แทน,ชื่อผู้แทน,นามสกุลผู้แทน,ตำแหน่งผู้แทน
org-1,มูลนิธิสมมติหนึ่ง,มูลนิธิ,เชียงใหม่,นาง,แก้ว,สมมุติวงศ์,ประธานกลุ่ม
org-2,กลุ่มเยาวชนสมมติ,กลุ่มเยาวชน,เชียงใหม่,นางสาว,ฟ้าใส,เยาวมาลย์,ประธานกลุ่ม
"""
MANIFEST = """
name = "note"
title = "บันทึกทดสอบ"
title_lines = ["บันทึกทดสอบ"]
kind = "memorandum"
language = "th"
numerals = "thai"
version = "{version}"

[[fields]]
name = "organisation.name_th"
type = "text"
label = "ชื่อองค์กร"
example = "มูลนิธิตัวอย่าง"

[[roles]]
name = "party"
label = "ผู้แทนองค์กร"
capacity = "authorised_representative"
order = 1
source = "organisation.representative"
"""
MARKUP = """<!doctype html>
<html lang="th"><head><meta charset="utf-8"><title>ทดสอบ</title></head><body>
<p>ทำกับ {{ organisation.name_th }} ดังนี้</p>
{% for slot in slots %}<div class="signature-box" id="slot-{{ slot.field }}"></div>
<p>{{ slot.person.full_name }}</p>
{% endfor %}
</body></html>
"""

NewBrowser: TypeAlias = Callable[..., TestClient]
CsrfOf: TypeAlias = Callable[..., str]
StatusOf: TypeAlias = Callable[[str], DocumentStatus]
PdfOf: TypeAlias = Callable[[str], Path]
SignAs: TypeAlias = Callable[[str, str], None]


def tick_from(begin: datetime) -> Callable[[], datetime]:
    """A clock that moves on by a second with every look."""
    seconds = iter(range(10**6))
    return lambda: begin + timedelta(seconds=next(seconds))


def write_note(folder: Path, *, version: str) -> None:
    """Write the one template of this workspace."""
    template = folder / "templates" / "note"
    template.mkdir(parents=True, exist_ok=True)
    (template / "template.toml").write_text(MANIFEST.replace("{version}", version), encoding="utf-8")
    (template / "template.html").write_text(MARKUP, encoding="utf-8")
    (template / "template.css").write_text("p { margin: 0 }", encoding="utf-8")


def generate_all(workspace: Workspace) -> None:
    for task in plan_generation(workspace, "note"):
        generate(workspace, task)


@pytest.fixture(scope="session")
def finished_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "workspace"
    clock = tick_from(BEGIN)
    create_workspace(folder, name="เครือข่ายทดสอบ", origin="example.org/test", clock=clock).database.close()
    with (folder / "mou.toml").open("a", encoding="utf-8") as file:
        file.write(f'public_url = "https://{PUBLIC_NAME}"\n')
    shutil.copyfile(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml", folder / "ceremony.toml")
    (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
    workspace = open_workspace(folder, clock=clock)
    import_organisations(workspace, folder / "members.csv")
    write_note(folder, version="1")
    generate_all(workspace)
    write_note(folder, version="2")  # nobody has signed yet: the documents of version 1 are replaced
    templates._load.cache_clear()  # a later start of the program
    generate_all(workspace)
    _sign(workspace, _status_of(workspace, "org-1").document.document_id, "นางแก้ว สมมุติวงศ์")
    workspace.database.close()
    return folder


@pytest.fixture
def workspace(finished_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "workspace"
    shutil.copytree(finished_workspace, folder)
    opened = open_workspace(folder, clock=tick_from(BEGIN + timedelta(hours=1)))
    yield opened
    opened.database.close()


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    return create_app(workspace, https=False)


@pytest.fixture
def new_browser() -> NewBrowser:
    """A function that returns a browser: it speaks English, has no cookies, and shows redirects instead of following them."""

    def make(app: FastAPI, *, base_url: str = "http://localhost", address: str = "198.51.100.7") -> TestClient:
        headers = {"Accept-Language": "en", "Accept": "text/html,*/*;q=0.8"}
        return TestClient(app, base_url=base_url, follow_redirects=False, headers=headers, client=(address, 50000))

    return make


@pytest.fixture
def client(app: FastAPI, new_browser: NewBrowser) -> TestClient:
    return new_browser(app)


@pytest.fixture
def csrf_of() -> CsrfOf:
    """A function that returns the token which a page gives to its forms; the browser then has a session."""

    def read(client: TestClient, path: str = "/verify") -> str:
        found = re.search(r'<meta name="csrf" content="([^"]+)">', client.get(path).text)
        assert found is not None
        return found[1]

    return read


@pytest.fixture
def status_of(workspace: Workspace) -> StatusOf:
    """A function that returns the document of one organisation that stands today."""
    return lambda organisation_id: _status_of(workspace, organisation_id)


@pytest.fixture
def pdf_of(workspace: Workspace, status_of: StatusOf) -> PdfOf:
    """A function that returns where an organisation's newest PDF is published."""

    def path(organisation_id: str) -> Path:
        document = status_of(organisation_id).document
        return workspace.documents_folder / document.template / f"{document.file_name}.pdf"

    return path


@pytest.fixture
def sign_as(workspace: Workspace, status_of: StatusOf) -> SignAs:
    """A function that signs an organisation's document with a certificate of the network's authority."""
    return lambda organisation_id, name: _sign(workspace, status_of(organisation_id).document.document_id, name)


def _status_of(workspace: Workspace, organisation_id: str) -> DocumentStatus:
    return next(each for each in document_statuses(workspace) if each.document.organisation_id == organisation_id)


def _sign(workspace: Workspace, document_id: str, name: str) -> None:
    key = new_private_key()
    authority = workspace.keys.authority()
    certificate = authority.issue(Subject(name), key.public_key(), not_before=BEGIN, not_after=BEGIN + timedelta(days=30))
    sign_document(workspace, document_id, "S0001", signer_from_key(key, certificate, (authority.certificate,)))
    publish_queued(workspace)
