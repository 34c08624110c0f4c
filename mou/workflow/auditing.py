"""The audit of a workspace: the ledger recomputed, and everything outside of it held against it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mou.errors import WorkspaceError
from mou.storage.store import Document, Revision
from mou.workflow.auditing_charters import INSTRUMENT_EVENTS, charter_findings
from mou.workflow.checkpoints import held_checkpoints
from mou.workflow.notifying import notice_findings
from mou.workflow.workspace import Workspace
from signatures.digests import Digest
from signatures.errors import SignaturesError
from signatures.ledger.audit import AuditReport, audit
from signatures.ledger.entry import Entry
from signatures.messages import Message, say

REVISION_EVENTS = frozenset({"revision.frozen", "signature.applied", "ltv.added", "number.assigned"})


def audit_workspace(workspace: Workspace, checkpoints: Sequence[Path] = ()) -> AuditReport:
    """Return the ledger's audit, with the files that entries name and the rows that entries made checked as well.

    The ledger is held against every checkpoint in the outbox and in the files given.
    """
    held = held_checkpoints(workspace, checkpoints)
    with workspace.database.read() as transaction:
        recorded: list[Entry] = []
        papers: list[Entry] = []

        def check_file(entry: Entry) -> Iterator[Message]:
            if entry.type in INSTRUMENT_EVENTS:
                papers.append(entry)
            if entry.type in REVISION_EVENTS:
                recorded.append(entry)
                yield from _file_findings(workspace, entry)

        keys = (workspace.keys.ledger_public_key(),)
        report = audit(transaction.ledger, keys=keys, held=held, entry_checks=(check_file,))
        found = [
            *_revision_findings(recorded, transaction.store.revisions()),
            *_document_findings(recorded, transaction.store.all_documents()),
            *charter_findings(transaction, papers),
        ]
        charters = [charter.charter_id for charter in transaction.depositary.charters()]
    found += [finding for charter in charters for finding in notice_findings(workspace, charter)]
    return replace(report, findings=(*report.findings, *found))


def _file_findings(workspace: Workspace, entry: Entry) -> Iterator[Message]:
    """Every PDF that an entry names is in the file store, with its digest."""
    try:
        workspace.files.get(Digest.parse(_digest_in(entry)))
    except (WorkspaceError, SignaturesError) as error:
        yield say("entry {index}: {cause}", index=entry.index, cause=error.message)


def _revision_findings(recorded: list[Entry], stored: tuple[Revision, ...]) -> Iterator[Message]:
    """The revisions in the workflow's tables are those that the entries tell of, no more and no fewer."""
    told = {entry.index: (entry.subject, _digest_in(entry)) for entry in recorded}
    held = {revision.entry_index: (revision.document_id, str(revision.digest)) for revision in stored}
    for index in sorted(told.keys() | held.keys()):
        if told.get(index) != held.get(index):
            yield say(
                "entry {index} tells of the revision {told}, the workflow's tables hold {held}",
                index=index,
                told=" ".join(told.get(index, ("-",))),
                held=" ".join(held.get(index, ("-",))),
            )


def _document_findings(recorded: list[Entry], stored: tuple[Document, ...]) -> Iterator[Message]:
    """Each document's newest revision is the one that its last entry tells of."""
    newest = {entry.subject: _digest_in(entry) for entry in recorded}
    held = {document.document_id: str(document.current) for document in stored}
    for document_id in sorted(newest.keys() | held.keys()):
        if newest.get(document_id) != held.get(document_id):
            yield say(
                "{document}: the ledger's newest revision is {told}, the workflow's tables say {held}",
                document=document_id,
                told=newest.get(document_id, "-"),
                held=held.get(document_id, "-"),
            )


def _digest_in(entry: Entry) -> str:
    """The digest of the PDF that the entry tells of; a dash where a tampered entry tells of none."""
    return str(entry.body.get("after", "-"))
