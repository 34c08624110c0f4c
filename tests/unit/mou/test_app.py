"""Opening and making workspaces: a workspace never begins a second history under its own key."""

from pathlib import Path

import pytest

from mou.app import create_workspace, open_workspace
from mou.errors import UsageError, WorkspaceError


def test_a_new_workspace_opens_with_its_own_ledger(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "w", name="เครือข่าย", origin="example.org/a")
    made.database.close()
    with open_workspace(tmp_path / "w").database.read() as transaction:
        assert [entry.type for entry in transaction.ledger.entries()] == ["log.opened"]


def test_a_workspace_is_not_opened_on_an_empty_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the variable that named its database is missing, or names another one."""
    create_workspace(tmp_path / "w", name="เครือข่าย").database.close()
    monkeypatch.setenv("MOU_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    with pytest.raises(WorkspaceError, match=r"does not hold the ledger of this workspace; set MOU_DATABASE_URL"):
        open_workspace(tmp_path / "w")


def test_a_workspace_is_not_opened_on_the_database_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        create_workspace(tmp_path / name, name=name).database.close()
    monkeypatch.setenv("MOU_DATABASE_URL", f"sqlite:///{tmp_path / 'two' / 'mou.db'}")
    with pytest.raises(WorkspaceError, match="does not hold the ledger of this workspace"):
        open_workspace(tmp_path / "one")


def test_a_new_workspace_does_not_take_the_database_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOU_DATABASE_URL", f"sqlite:///{tmp_path / 'shared.db'}")
    create_workspace(tmp_path / "one", name="one").database.close()
    with pytest.raises(WorkspaceError, match="belongs to another workspace"):
        create_workspace(tmp_path / "two", name="two")
    assert not (tmp_path / "two").exists()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["one"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("not yours")
    with pytest.raises(UsageError, match="is not empty"):
        create_workspace(tmp_path, name="เครือข่าย")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
