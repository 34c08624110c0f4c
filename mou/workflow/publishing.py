"""Publishing: each document's newest revision under a readable name, with the evidence beside it.

Publication follows the commit that recorded the revision and may be repeated at will: what a crash left undone is still
queued, and the next run does it.
"""

from mou.storage.database import Transaction
from mou.storage.files import replace_file
from mou.workflow.workspace import Workspace, operation_id
from signatures.bundle import Evidence, write_evidence

_KIND = "publish"


def queue_publication(transaction: Transaction, document_id: str, *, revision: int) -> None:
    """Note in the open transaction that this revision is to be published."""
    transaction.store.queue(operation_id(_KIND, document_id, revision), _KIND, document_id)


def publish_queued(workspace: Workspace) -> int:
    """Publish every document that has an unpublished revision; return how many there were."""
    with workspace.database.read() as transaction:
        queued = transaction.store.queued(_KIND)
    by_document: dict[str, list[str]] = {}
    for operation, document_id in queued:
        by_document.setdefault(document_id, []).append(operation)
    for document_id, operations in by_document.items():
        publish(workspace, document_id)
        with workspace.database.write() as transaction:
            transaction.store.mark_done(operations, at=workspace.clock())
    return len(by_document)


def publish(workspace: Workspace, document_id: str) -> None:
    """Write the newest revision and its evidence; a reader sees an old pair or a new one, the PDF last."""
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        evidence = evidence_of(workspace, transaction, document_id)
    folder = workspace.documents_folder / document.template
    replace_file(folder / f"{document.file_name}.evidence.json", write_evidence(evidence))
    replace_file(folder / f"{document.file_name}.pdf", workspace.files.get(document.current))


def evidence_of(workspace: Workspace, transaction: Transaction, document_id: str) -> Evidence:
    """Return what a verifier needs to know of the newest revision, but for trust roots and the ledger's public key."""
    document = transaction.store.document(document_id)
    newest = transaction.store.revisions(document_id)[-1]
    return Evidence(
        document_digest=document.prepared,
        signed_digest=document.current,
        document_id=document_id,
        expected=newest.expected,
        salt=document.salt,
        receipt=transaction.ledger.receipt(newest.entry_index),
        certificates=(),
        revocation_lists=(workspace.keys.revocation_list(at=workspace.clock()),),
    )
