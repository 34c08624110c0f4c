"""A workspace with a charter of two members and their memoranda, made once; each test works on a copy."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mou.app import create_workspace, open_workspace
from mou.templates import bundled_templates_folder
from mou.workflow.generating import GenerationTask, generate, plan_generation
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from signatures.signers import Signer, signer_from_key

BEGIN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MEMBERS = """\
รหัสองค์กร,ชื่อองค์กร,ประเภท,จังหวัด,คำนำหน้าผู้แทน,ชื่อผู้แทน,นามสกุลผู้แทน,ตำแหน่งผู้แทน,คำนำหน้าพยาน,ชื่อพยาน,นามสกุลพยาน,ตำแหน่งพยาน
org-1,มูลนิธิสมมติหนึ่ง,มูลนิธิ,เชียงใหม่,นาง,แก้ว,ตัวอย่าง,ประธาน,นาย,ก้อง,ตัวอย่าง,เลขานุการ
org-2,มูลนิธิสมมติสอง,มูลนิธิ,เชียงใหม่,นาย,คำ,ตัวอย่าง,ประธาน,นาง,ขวัญ,ตัวอย่าง,เลขานุการ
"""

Issue = Callable[..., Signer]


def tick_from(begin: datetime) -> Callable[[], datetime]:
    """A clock that moves on by a second with every look."""
    seconds = iter(range(10**6))
    return lambda: begin + timedelta(seconds=next(seconds))


@pytest.fixture(scope="session")
def finished_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workflow") / "workspace"
    workspace = create_workspace(folder, name="เครือข่ายทดสอบ", origin="example.org/test", clock=tick_from(BEGIN))
    example = bundled_templates_folder() / "lanna-charter" / "example"
    shutil.copyfile(example / "ceremony.toml", folder / "ceremony.toml")
    members = folder / "members.csv"
    members.write_text(MEMBERS, encoding="utf-8")
    import_organisations(workspace, members)
    for template in ("lanna-charter", "lanna-mou"):
        for task in plan_generation(workspace, template):
            generate(workspace, task)
    publish_queued(workspace)
    workspace.database.close()
    return folder


@pytest.fixture
def workspace(finished_workspace: Path, tmp_path: Path) -> Workspace:
    folder = tmp_path / "workspace"
    shutil.copytree(finished_workspace, folder)
    return open_workspace(folder, clock=tick_from(BEGIN + timedelta(hours=1)))


@pytest.fixture
def issue(workspace: Workspace) -> Issue:
    """Issue a signatory's certificate by the workspace's own authority."""

    def make(name: str, *, lifetime: timedelta = timedelta(days=30)) -> Signer:
        authority = workspace.keys.authority()
        key = new_private_key()
        certificate = authority.issue(Subject(name), key.public_key(), not_before=BEGIN, not_after=BEGIN + lifetime)
        return signer_from_key(key, certificate, (authority.certificate,))

    return make


@pytest.fixture
def task() -> GenerationTask:
    return GenerationTask("lanna-mou", "members", "org-1")
