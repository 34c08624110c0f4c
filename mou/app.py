"""Everything wired: from a folder to a workspace. The only file that picks a backend."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mou.config import SETTINGS_FILE, Settings, read_settings, settings_text
from mou.errors import UsageError, WorkspaceError
from mou.jobs import JobRunner
from mou.jobs.pool import InlineRunner, ProcessPool, processes_can_be_started
from mou.storage.database import open_database
from mou.storage.files import FileStore, replace_file, sync_folder
from mou.workflow.keys import KeyFolder, create_keys
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.ledger.entry import Event

DATABASE_FILE = "mou.db"

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(UTC)


def create_workspace(folder: Path, *, name: str, origin: str | None = None, clock: Clock = utc_now) -> Workspace:
    """Make a new workspace: settings, database, the network's authority, its seal and the key of its ledger.

    Everything is made in a folder beside it first; giving that its name is the commit point, so that a crash leaves
    either no workspace or a whole one.

    Raises:
        UsageError: the folder holds something already.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("{folder} is not empty: a new workspace needs a folder of its own", folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        origin = origin or f"workspace-{secrets.token_hex(8)}.mou.invalid"
        replace_file(building / SETTINGS_FILE, settings_text(name=name, origin=origin).encode())
        for part in ("files", "documents", "outbox"):
            (building / part).mkdir()
        create_keys(building / "keys", name=name, origin=origin, at=clock())
        _open_ledger(building, clock)
        sync_folder(building)
        building.chmod(0o755)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    sync_folder(folder.parent)
    return open_workspace(folder, clock=clock)


def open_workspace(folder: Path, *, clock: Clock = utc_now) -> Workspace:
    """Open the workspace in this folder.

    Raises:
        WorkspaceError: it is none, one of a newer version, or a key is missing.
    """
    folder = folder.absolute()
    settings = read_settings(folder)
    if settings.database_url is None and not (folder / DATABASE_FILE).is_file():
        raise WorkspaceError(
            "{path} is missing: it holds the ledger and who has signed; restore it from a backup, or set MOU_DATABASE_URL where "
            "it lies on a server",
            path=folder / DATABASE_FILE,
        )
    workspace = _wire(folder, settings, clock)
    _require_own_ledger(workspace)
    return workspace


def job_runner(workspace: Workspace, *, items: int) -> JobRunner[Workspace]:
    """Return what carries jobs: a pool of warm worker processes, or this process where there is one item or one worker."""
    workers = min(workspace.settings.workers, items, os.cpu_count() or 1)
    if workers < 2 or not processes_can_be_started():  # noqa: PLR2004  # one worker is no faster than this process
        return InlineRunner(workspace)
    return ProcessPool(workers, open_workspace, workspace.folder)


def _wire(folder: Path, settings: Settings, clock: Clock) -> Workspace:
    keys = KeyFolder(folder / "keys", settings.origin)
    database = open_database(_database_url(folder, settings), origin=settings.origin, ledger_key=keys.ledger_key())
    return Workspace(folder, settings, database, FileStore(folder / "files"), keys, clock)


def _open_ledger(folder: Path, clock: Clock) -> None:
    """Make the tables and the ledger's first entry.

    Raises:
        WorkspaceError: the database holds a ledger already.
    """
    workspace = _wire(folder, read_settings(folder), clock)
    origin = workspace.settings.origin
    opened = Event("log.opened", _ledger_subject(origin), SECRETARIAT, {}, operation_id("log.opened", origin))
    with workspace.database.write() as transaction:
        if transaction.ledger.store.head() is not None:
            raise WorkspaceError(
                "the database that MOU_DATABASE_URL names belongs to another workspace; a new one needs a database of its own"
            )
        transaction.ledger.append([opened], at=clock())
    workspace.database.close()


def _require_own_ledger(workspace: Workspace) -> None:
    """Check that the database holds this workspace's ledger: an empty one would begin a second history under the same key."""
    with workspace.database.read() as transaction:
        first = next(iter(transaction.ledger.store.entries(0, 1)), None)
    if first is None or first.subject != _ledger_subject(workspace.settings.origin):
        workspace.database.close()
        raise WorkspaceError(
            "{folder}: the database does not hold the ledger of this workspace; set MOU_DATABASE_URL (or database_url in "
            "mou.toml) to the one that it was made with, or restore it from a backup",
            folder=workspace.folder,
        )


def _ledger_subject(origin: str) -> str:
    """The opaque id of a ledger in its own first entry."""
    return f"log_{operation_id(origin)[:24]}"


def _database_url(folder: Path, settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{folder / DATABASE_FILE}"
