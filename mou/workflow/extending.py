"""Extending: validation data and an archive time stamp for a document of the workspace, or for a PDF beside it.

The order in a workspace is that of a signature (`mou.workflow.signing`), each step safe to repeat:
1. extend the newest revision; what came out was validated by what it holds alone; store it by its digest (a crash here leaves an
   orphan file that no entry names, and the next run asks for a new time stamp);
2. one transaction: ledger entry, signed head, revision, queued publication. **The commit point**, with compare-and-swap on the
   document's newest revision;
3. publish.

A document whose archive time stamp is still strong is left as it is: nothing is asked, stored or recorded.
"""

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mou.errors import MouError
from mou.requests import is_complete
from mou.storage.files import replace_file
from mou.storage.store import Document, Revision
from mou.workflow.publishing import queue_publication
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.bundle import commitment
from signatures.digests import Digest
from signatures.errors import SignaturesError
from signatures.fetching import Fetch, fetch_over_http
from signatures.ledger.entry import Event
from signatures.longterm import Extended, extend
from signatures.registry_fields import REGISTRY_SEAL_FIELD
from signatures.timestamps import TimestampService
from signatures.trust import RootSet, TrustAnchors, load_root_sets

TRUST_FOLDER = "trust"  # in a workspace: a PEM file or a folder of them for each named set of roots
NETWORK_SET = "network"

_log = logging.getLogger(__name__)


class NotExtendedError(MouError):
    """A document cannot be extended from here."""


def workspace_anchors(workspace: Workspace, given: TrustAnchors) -> TrustAnchors:
    """Return what is given, and before it the network's own root and list, and the sets in the workspace's trust folder."""
    own = RootSet(NETWORK_SET, workspace.keys.roots())
    sets = (own, *load_root_sets(workspace.folder / TRUST_FOLDER), *given.root_sets)
    return replace(
        given,
        roots=tuple(root for one in sets for root in one.roots),
        root_sets=sets,
        revocation_lists=(workspace.keys.revocation_list(at=workspace.clock()), *given.revocation_lists),
    )


def extend_document(
    workspace: Workspace, document_id: str, given: TrustAnchors, timestamps: TimestampService, fetch: Fetch | None
) -> Extended:
    """Extend the newest revision of a document and record it; one that needs nothing stays as it is.

    Raises:
        StaleRevisionError: somebody signed meanwhile; extend again.
        LongTermError, FetchError, TimestampError: as `signatures.longterm.extend`; nothing was recorded.
    """
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        newest = transaction.store.revisions(document_id)[-1]
    before = workspace.files.get(document.current)
    anchors = workspace_anchors(workspace, given)
    extended = extend(before, anchors, timestamps, at=workspace.clock(), fetch=fetch, is_own=True)
    if extended.is_new:
        _record(workspace, document, newest, extended)
    return extended


def extend_completed(workspace: Workspace) -> int:
    """Extend every completed document that is not extended yet, where a time stamp service is set; return how many were.

    Certificates of keys made in browsers count for minutes. A time stamp in each signature proves when it was made, and what the
    service's own issuer says of it, kept in the file, lets that be seen for years (EN 319 142-1, B-LTA). A document that cannot
    be extended now, as without a network, is left for the next time.
    """
    timestamps = workspace.timestamps()
    if timestamps is None:
        return 0
    extended = 0
    for document_id in _completed_and_not_extended(workspace):
        try:
            extended += extend_document(workspace, document_id, TrustAnchors(roots=()), timestamps, fetch_over_http).is_new
        except (MouError, SignaturesError) as error:
            _log.warning("a completed document waits to be extended: %s", type(error).__name__)
    return extended


def _completed_and_not_extended(workspace: Workspace) -> tuple[str, ...]:
    with workspace.database.read() as transaction:
        by_document = transaction.store.all_requests()
        completed = [
            each.document_id for each in transaction.store.documents() if is_complete(by_document.get(each.document_id, ()))
        ]
        return tuple(
            document_id
            for document_id in completed
            if transaction.store.revisions(document_id)[-1].field
            in {REGISTRY_SEAL_FIELD, *(each.slot.field for each in by_document[document_id])}
        )


def extend_file(
    file: Path, out: Path, anchors: TrustAnchors, timestamps: TimestampService, fetch: Fetch | None, *, at: datetime
) -> Extended:
    """Extend a PDF that belongs to no workspace; the result is written beside it, never over anything.

    Raises:
        NotExtendedError: something lies at `out` already.
        LongTermError, FetchError, TimestampError: as `signatures.longterm.extend`; nothing was written.
    """
    if out.exists():
        raise NotExtendedError("{path} exists already: name another file with -o; nothing was written", path=out)
    is_own = file.with_suffix(".evidence.json").is_file()
    extended = extend(file.read_bytes(), anchors, timestamps, at=at, fetch=fetch, is_own=is_own)
    if extended.is_new:
        replace_file(out, extended.pdf)
    return extended


def _record(workspace: Workspace, document: Document, newest: Revision, extended: Extended) -> None:
    stored = workspace.files.put(extended.pdf)
    at = workspace.clock()
    number = document.revision_count + 1
    with workspace.database.write() as transaction:
        # The swap comes first: a document that moved on meanwhile is found before the ledger is asked.
        transaction.store.require_current(document.document_id, document.current)
        entry, *_ = transaction.ledger.append([_added_event(document, newest, extended.field, stored)], at=at)
        revision = Revision(document.document_id, number, stored, extended.field, entry.index, at, newest.expected)
        transaction.store.put_revision(revision, before=document.current)
        queue_publication(transaction, document.document_id, revision=number)


def _added_event(document: Document, newest: Revision, field: str, stored: Digest) -> Event:
    return Event(
        type="ltv.added",
        subject=document.document_id,
        actor=SECRETARIAT,
        body={
            "document": str(document.prepared),
            "before": str(document.current),
            "after": str(stored),
            "field": field,
            "expected": commitment(newest.expected, document.salt),
        },
        operation_id=operation_id("ltv.added", document.document_id, str(document.current)),
    )
