"""Checkpoints that go out: the signed head of the ledger, kept in the outbox for everybody who is to hold a copy.

Whoever holds one contradicts a ledger that was cut, rewritten or restored from an old backup. So the audit compares the
ledger with every checkpoint in the outbox, which outlives a database that was restored.
"""

from collections.abc import Sequence
from pathlib import Path

from mou.storage.files import replace_file
from mou.workflow.workspace import SECRETARIAT, Workspace
from signatures.ledger.checkpoint import Checkpoint, open_checkpoint

_PATTERN = "checkpoint-*.txt"


def publish_checkpoint(workspace: Workspace) -> Path:
    """Record the ledger's head as published and put it into the outbox; return where the newest one lies.

    Where nothing was recorded since the last one, that one is returned. A crash after the commit leaves the file to a later call.
    """
    with workspace.database.write() as transaction:
        transaction.ledger.publish(at=workspace.clock(), actor=SECRETARIAT)
        published = transaction.ledger.store.checkpoints()
    for checkpoint in published:
        path = _path(workspace, checkpoint.size)
        if not path.exists():
            replace_file(path, checkpoint.note.encode())
    return _path(workspace, published[-1].size)


def held_checkpoints(workspace: Workspace, others: Sequence[Path] = ()) -> tuple[Checkpoint, ...]:
    """Return the checkpoints in the outbox and those in other files, each opened with the ledger's key.

    Raises:
        CheckpointError: a file is no checkpoint of this ledger.
    """
    keys = (workspace.keys.ledger_public_key(),)
    paths = (*sorted((workspace.folder / "outbox").glob(_PATTERN)), *others)
    return tuple(open_checkpoint(path.read_text(encoding="utf-8"), keys) for path in paths)


def _path(workspace: Workspace, size: int) -> Path:
    return workspace.folder / "outbox" / f"checkpoint-{size:08d}.txt"
