"""Certified true copies: the newest state of a document inside a sealed page that names its place in the ledger.

The order, each step safe to repeat:
1. draw, seal, and store the copy by its digest (a crash here leaves an orphan file that nothing names);
2. one transaction: the instrument `copy_certified`, which names the copy and the revision. **The commit point**;
3. publish it under a readable name (a crash before this is made good by the next call).

A repeat returns the copy of that revision that is there.
"""

from dataclasses import dataclass
from pathlib import Path

from mou.charter.instruments import Instrument, InstrumentKind
from mou.requests import RequestState
from mou.storage.depositary import Received
from mou.storage.files import replace_file
from mou.storage.store import Document
from mou.thai import BANGKOK
from mou.workflow.checking import require_plain, require_sound
from mou.workflow.depositing import kept_charter, receive_instrument
from mou.workflow.workspace import SECRETARIAT, Workspace
from signatures.digests import Digest
from signatures.ledger.checkpoint import open_checkpoint

COPIES_FOLDER = "copies"


@dataclass(frozen=True, slots=True)
class Copied:
    """Where the copy lies, and whether this call made it."""

    path: Path
    received: Received
    is_new: bool


def certify_copy(workspace: Workspace, charter_id: str, document: Document) -> Copied:
    """Return the certified true copy of a document's newest state; made and recorded once.

    Raises:
        UsageError: no such charter is kept.
        RenderingError: the page cannot be drawn.
    """
    with workspace.database.read() as transaction:
        kept_charter(transaction, charter_id)
        known = [
            one
            for one in transaction.depositary.received(charter_id, is_accepted=True)
            if one.instrument.kind is InstrumentKind.COPY_CERTIFIED and one.instrument.reference == str(document.current)
        ]
    if known:
        return Copied(_publish(workspace, document, known[-1]), known[-1], is_new=False)
    stored = workspace.files.put(_sealed_copy(workspace, document))
    today = workspace.clock().astimezone(BANGKOK).date()
    paper = Instrument("", InstrumentKind.COPY_CERTIFIED, today, document=str(stored), reference=str(document.current))
    deposit = receive_instrument(workspace, charter_id, paper)
    return Copied(_publish(workspace, document, deposit.received), deposit.received, is_new=deposit.is_new)


def _sealed_copy(workspace: Workspace, document: Document) -> bytes:
    from mou.notices.copies import Copy, draw_copy  # brings WeasyPrint
    from mou.notices.drawing import seal_notice

    at = workspace.clock()
    with workspace.database.write() as transaction:
        transaction.lock()
        transaction.ledger.publish(at=at, actor=SECRETARIAT)
        head = transaction.ledger.store.newest_checkpoint()
        newest = transaction.store.revisions(document.document_id)[-1]
        requests = transaction.store.requests(document.document_id)
    assert head is not None
    copy = Copy(
        network=workspace.settings.name,
        title=document.title,
        name=document.file_name,
        text=str(document.prepared),
        revision=str(document.current),
        entry=newest.entry_index,
        signatures=sum(request.state is RequestState.SIGNED for request in requests),
        head=open_checkpoint(head.note, (workspace.keys.ledger_public_key(),)),
        day=at.astimezone(BANGKOK).date(),
    )
    drawn = draw_copy(copy, workspace.files.get(document.current), created=at)
    require_plain(drawn)
    keys = workspace.keys
    sealed = seal_notice(
        drawn,
        keys.seal(),
        revocation_list=keys.revocation_list(at=at),
        at=at,
        name=workspace.settings.name,
        timestamps=workspace.timestamps(),
    )
    require_sound(workspace, sealed, at=at)
    return sealed


def _publish(workspace: Workspace, document: Document, received: Received) -> Path:
    """Write the copy under a name that says of what and of which entry it is."""
    path = workspace.documents_folder / COPIES_FOLDER / f"{document.file_name}-copy-{received.entry_index}.pdf"
    assert received.instrument.document is not None
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, workspace.files.get(Digest.parse(received.instrument.document)))
    return path
