"""Verifying with what a workspace knows: its authority, the trust roots it was given, its ledger's key, and its own evidence.

Importing this module loads no database, since `mou verify` needs none.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mou.errors import InputError
from signatures.digests import digest_of
from signatures.ledger.checkpoint import LedgerPublicKey
from signatures.trust import RootSet, load_root_sets, load_roots
from signatures.verification import VerificationPolicy, VerificationReport, verify

if TYPE_CHECKING:
    from mou.storage.store import Document, Revision
    from mou.workflow.workspace import Workspace
    from signatures.digests import Digest

NETWORK_ROOTS = "network"
"""The name of the set that holds the authority of the workspace's own network."""


@dataclass(frozen=True, slots=True)
class RecordedRevision:
    """A file that is one of the revisions recorded here, and the document that it belongs to."""

    document: "Document"
    revision: "Revision"
    is_superseded: bool
    """Whether another document stands in the place of this one today."""

    @property
    def is_newest(self) -> bool:
        """Whether nothing was recorded after it."""
        return self.revision.number == self.document.revision_count


def trust_in_folder(folder: Path) -> tuple[tuple[RootSet, ...], LedgerPublicKey]:
    """Return the sets of roots that a workspace trusts, its own authority first, and the key of its ledger; reads files alone.

    Raises:
        InputError: the file of the key holds no text.
        OSError: a file is missing.
        SignaturesError: a root or the key cannot be read.
    """
    sets = (RootSet(NETWORK_ROOTS, load_roots([folder / "keys" / "authority.pem"])), *load_root_sets(folder / "trust"))
    path = folder / "keys" / "ledger.vkey"
    try:
        key = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError("{path}: text in UTF-8 is expected, got something else", path=path) from error
    return sets, LedgerPublicKey.parse(key.strip())


def policy_of(workspace: "Workspace") -> VerificationPolicy:
    """Return by what this workspace judges a file now: the same as `mou verify -w WORKSPACE`."""
    sets, key = trust_in_folder(workspace.folder)
    return VerificationPolicy(
        roots=tuple(root for one in sets for root in one.roots), root_sets=sets, ledger_keys=(key,), at=workspace.clock()
    )


def find_recorded(workspace: "Workspace", digest: "Digest") -> RecordedRevision | None:
    """Return the recorded revision whose bytes have this digest; None when the workspace has none."""
    if not workspace.files.has(digest):  # most files that strangers bring are none of ours, and this asks no table
        return None
    with workspace.database.read() as transaction:
        revision = transaction.store.find_revision(digest)
        if revision is None:
            return None
        document = transaction.store.document(revision.document_id)
        return RecordedRevision(document, revision, document not in transaction.store.documents(document.template))


def verify_submitted(
    workspace: "Workspace", pdf: bytes, evidence: bytes | None
) -> tuple[VerificationReport, RecordedRevision | None]:
    """Verify a file that somebody brought; without evidence beside it, a recorded revision is judged by its own.

    The evidence of an older revision tells of the state at that revision: that there is a newer one is said by the second value.
    """
    recorded = find_recorded(workspace, digest_of(pdf))
    if evidence is None and recorded is not None:
        evidence = evidence_at(workspace, recorded.revision)
    return verify(pdf, evidence, policy_of(workspace)), recorded


def evidence_at(workspace: "Workspace", revision: "Revision") -> bytes:
    """Return the evidence file of a revision, as it was or would have been published when that was the newest one."""
    from mou.workflow.publishing import evidence_of
    from signatures.bundle import write_evidence

    with workspace.database.read() as transaction:
        newest = evidence_of(workspace, transaction, revision.document_id)
        receipt = transaction.ledger.receipt(revision.entry_index)
    return write_evidence(replace(newest, signed_digest=revision.digest, expected=revision.expected, receipt=receipt))


def verify_published(workspace: "Workspace", document_id: str) -> VerificationReport:
    """Verify a document's published PDF with its evidence, as anybody would who trusts this network's authority and ledger."""
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
    path = workspace.documents_folder / document.template / f"{document.file_name}.pdf"
    policy = VerificationPolicy(
        roots=workspace.keys.roots(), ledger_keys=(workspace.keys.ledger_public_key(),), at=workspace.clock()
    )
    return verify(path.read_bytes(), path.with_suffix(".evidence.json").read_bytes(), policy)
