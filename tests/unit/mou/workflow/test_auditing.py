"""The audit of a workspace: each thing that was done to it behind the program's back has its own finding."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from mou.workflow.auditing import audit_workspace
from mou.workflow.checkpoints import publish_checkpoint
from mou.workflow.importing import import_organisations
from mou.workflow.status import document_statuses
from mou.workflow.workspace import Workspace

Damage = Callable[[Workspace], None]


def run_sql(workspace: Workspace, statement: str) -> None:
    """As a stranger's shell would, with the guards of the database taken off."""
    workspace.database.close()
    connection = sqlite3.connect(workspace.folder / "mou.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()


def newest_file(workspace: Workspace) -> Path:
    digest = document_statuses(workspace)[0].document.current
    return workspace.folder / "files" / digest.hex[:2] / digest.hex


def lose_a_file(workspace: Workspace) -> None:
    newest_file(workspace).unlink()


def change_a_file(workspace: Workspace) -> None:
    newest_file(workspace).write_bytes(newest_file(workspace).read_bytes() + b" ")


def forget_a_revision(workspace: Workspace) -> None:
    run_sql(workspace, "DELETE FROM revision")


def point_to_another_revision(workspace: Workspace) -> None:
    run_sql(workspace, "UPDATE document SET current_digest = prepared_digest WHERE template = 'lanna-charter'")


def change_an_entry(workspace: Workspace) -> None:
    run_sql(workspace, "UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'usr_', 'adm_') AS BLOB) WHERE seq = 1")


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a signed file is lost": (lose_a_file, "the file store has no file"),
    "a signed file is changed": (change_a_file, "was changed: its bytes have the digest"),
    "a revision's row is gone": (forget_a_revision, "the workflow's tables hold -"),
    "a document points elsewhere": (point_to_another_revision, "the ledger's newest revision is"),
    "an entry is changed": (change_an_entry, "entry 1"),
}


def test_a_workspace_in_order_has_no_findings(workspace: Workspace) -> None:
    assert audit_workspace(workspace).findings == ()


@pytest.mark.parametrize(("damage", "finding"), DAMAGES.values(), ids=DAMAGES.keys())
def test_what_was_done_to_it_is_found(workspace: Workspace, damage: Damage, finding: str) -> None:
    damage(workspace)
    assert finding in "\n".join(map(str, audit_workspace(workspace).findings))


def test_a_database_restored_from_an_old_backup_is_contradicted_by_the_outbox(workspace: Workspace) -> None:
    members, database = workspace.folder / "members.csv", workspace.folder / "mou.db"
    workspace.database.close()
    shutil.copyfile(database, workspace.folder / "backup.db")
    members.write_text(members.read_text(encoding="utf-8").replace("สมมติสอง", "สมมติสาม"), encoding="utf-8")
    import_organisations(workspace, members)
    publish_checkpoint(workspace)
    workspace.database.close()
    for leftover in ("mou.db-wal", "mou.db-shm"):
        (workspace.folder / leftover).unlink(missing_ok=True)
    shutil.copyfile(workspace.folder / "backup.db", database)
    (finding,) = audit_workspace(workspace).findings
    assert "its end is missing" in str(finding)


def test_a_checkpoint_is_published_once_for_the_same_entries(workspace: Workspace) -> None:
    first = publish_checkpoint(workspace)
    assert publish_checkpoint(workspace) == first
    first.unlink()
    assert publish_checkpoint(workspace).read_text() == first.read_text()
