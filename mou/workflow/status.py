"""Who has signed what, and what is missing: counted from the requests, never typed."""

from dataclasses import dataclass
from pathlib import Path

from mou.errors import UsageError
from mou.requests import RequestState, SignatureRequest
from mou.storage.store import Document
from mou.workflow.workspace import Workspace
from signatures.digests import digest_of_file


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """One document with its requests in the order of its fields."""

    document: Document
    requests: tuple[SignatureRequest, ...]

    @property
    def signed(self) -> int:
        """How many signatories have signed."""
        return sum(request.state is RequestState.SIGNED for request in self.requests)

    @property
    def missing(self) -> tuple[SignatureRequest, ...]:
        """The requests that are still open, in the order of the fields."""
        return tuple(request for request in self.requests if request.state in {RequestState.DRAFT, RequestState.SENT})


def document_statuses(workspace: Workspace, template: str | None = None) -> tuple[DocumentStatus, ...]:
    """Return the status of every document that stands today."""
    with workspace.database.read() as transaction:
        return tuple(
            DocumentStatus(document, transaction.store.requests(document.document_id))
            for document in transaction.store.documents(template)
        )


def find_document(workspace: Workspace, name: str) -> Document:
    """Return the document of this id, number or file name, or the one of which a PDF holds a recorded revision.

    Raises:
        UsageError: there is none, or the file is none of this workspace.
    """
    path = Path(name)
    if path.suffix == ".pdf":
        return _document_in(workspace, path)
    for status in document_statuses(workspace):
        document = status.document
        if name in {document.document_id, document.document_number, document.file_name}:
            return document
    raise UsageError("no document {name} in this workspace; see: mou status", name=name)


def _document_in(workspace: Workspace, path: Path) -> Document:
    """Return the document by its bytes: a name says nothing about what is in a file."""
    digest = digest_of_file(path)
    with workspace.database.read() as transaction:
        for revision in transaction.store.revisions():
            if revision.digest == digest:
                return transaction.store.document(revision.document_id)
    raise UsageError(
        "{path}: a PDF that this workspace made is expected, got another file, or one that was changed; see: mou status",
        path=path,
    )
