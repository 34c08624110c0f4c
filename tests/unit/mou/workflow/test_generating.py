"""Generating: the same input is one document, and a signed text is not replaced by changing a list."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mou.errors import ConflictError, UsageError
from mou.workflow import generating
from mou.workflow.auditing import audit_workspace
from mou.workflow.generating import GenerationTask, generate, plan_generation
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.status import document_statuses
from mou.workflow.workspace import Workspace
from signatures.signers import Signer

Issue = Callable[..., Signer]


def rename(workspace: Workspace, old: str, new: str) -> None:
    changed = workspace.folder / "members.csv"
    changed.write_text(changed.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    import_organisations(workspace, changed)


def standing(workspace: Workspace) -> set[str]:
    return {status.document.file_name for status in document_statuses(workspace)}


def test_a_joint_document_is_one_task_and_a_memorandum_one_for_each(workspace: Workspace) -> None:
    assert plan_generation(workspace, "lanna-charter") == (GenerationTask("lanna-charter", "members", None),)
    assert [task.organisation_id for task in plan_generation(workspace, "lanna-mou")] == ["org-1", "org-2"]
    assert len(plan_generation(workspace, "lanna-mou", organisation_ids=["org-2"])) == 1


def test_the_same_input_is_the_document_that_is_there(workspace: Workspace, task: GenerationTask) -> None:
    before = standing(workspace)
    again = generate(workspace, task)
    assert not again.is_new
    assert standing(workspace) == before
    assert publish_queued(workspace) == 0


def test_a_changed_name_makes_a_new_document_and_the_old_one_is_kept(workspace: Workspace, task: GenerationTask) -> None:
    rename(workspace, "มูลนิธิสมมติหนึ่ง", "มูลนิธิสมมติหนึ่งใหม่")
    made = generate(workspace, task)
    assert made.is_new
    assert made.document.file_name.endswith("-v2")
    assert made.document.file_name in standing(workspace)
    assert made.document.file_name.removesuffix("-v2") not in standing(workspace)
    assert audit_workspace(workspace).findings == ()


def test_a_signed_text_is_not_replaced_by_changing_a_list(workspace: Workspace, task: GenerationTask, issue: Issue) -> None:
    document_id = document_statuses(workspace, "lanna-mou")[0].document.document_id
    sign_document(workspace, document_id, "S0001", issue("นางแก้ว ตัวอย่าง"))
    rename(workspace, "มูลนิธิสมมติหนึ่ง", "มูลนิธิสมมติหนึ่งใหม่")
    before = standing(workspace)
    with pytest.raises(ConflictError, match="is signed already and its text would change"):
        generate(workspace, task)
    assert standing(workspace) == before


def test_a_crash_before_the_commit_leaves_no_document(
    workspace: Workspace, task: GenerationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(workspace, "มูลนิธิสมมติหนึ่ง", "มูลนิธิสมมติหนึ่งใหม่")
    before = standing(workspace)
    with monkeypatch.context() as patch:
        patch.setattr(generating, "queue_publication", lambda *_, **__: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            generate(workspace, task)
    assert standing(workspace) == before
    assert audit_workspace(workspace).findings == ()
    assert generate(workspace, task).is_new


def test_the_memorandum_prints_the_digest_of_the_charter_that_its_signatories_see(workspace: Workspace) -> None:
    charter = document_statuses(workspace, "lanna-charter")[0].document
    memorandum = document_statuses(workspace, "lanna-mou")[0].document
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=workspace.files.get(memorandum.current), capture_output=True, check=True
    ).stdout.decode()
    assert charter.prepared.hex in "".join(text.split())


Refused = tuple[str, dict[str, object], str]
REFUSED: dict[str, Refused] = {
    "no such template": ("no-such", {}, "no template no-such; there are: .*lanna-mou"),
    "no such list": ("lanna-mou", {"list_name": "cities"}, "no list cities; imported are: members"),
    "no such organisation": ("lanna-mou", {"organisation_ids": ["org-9"]}, "no organisation with the id org-9"),
    "one of a joint document": ("lanna-charter", {"organisation_ids": ["org-1"]}, "one document for the whole list"),
}


@pytest.mark.parametrize(("template", "options", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_planned_is_said(workspace: Workspace, template: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        plan_generation(workspace, template, **options)  # type: ignore[arg-type]  # a table of options


def test_two_lists_want_a_choice(workspace: Workspace, tmp_path: Path) -> None:
    others = tmp_path / "others.csv"
    members = (workspace.folder / "members.csv").read_text(encoding="utf-8")
    others.write_text(re.sub(r"org-(\d)", r"other-\1", members), encoding="utf-8")
    import_organisations(workspace, others)
    with pytest.raises(UsageError, match=r"choose one with --list: members, others"):
        plan_generation(workspace, "lanna-mou")
