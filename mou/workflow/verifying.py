"""Verifying what a workspace has published, with the roots and the ledger's key of that workspace."""

from mou.workflow.workspace import Workspace
from signatures.verification import VerificationPolicy, VerificationReport, verify


def verify_published(workspace: Workspace, document_id: str) -> VerificationReport:
    """Verify a document's published PDF with its evidence, as anybody would who trusts this network's authority and ledger."""
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
    path = workspace.documents_folder / document.template / f"{document.file_name}.pdf"
    policy = VerificationPolicy(
        roots=workspace.keys.roots(), ledger_keys=(workspace.keys.ledger_public_key(),), at=workspace.clock()
    )
    return verify(path.read_bytes(), path.with_suffix(".evidence.json").read_bytes(), policy)
