"""The words of each document as they were filled in, kept so that a later text can be laid beside them article by article.

A text is kept before its document is recorded. *A crash between the two leaves a text that nothing names; the next run writes it
again.* It holds names, and is erased with them; nothing that was signed depends on it.
"""

import json
from dataclasses import replace

from mou.documents import document_id_of
from mou.errors import UsageError
from mou.models import FilledDocument
from mou.storage.files import replace_file
from mou.storage.store import Document
from mou.workflow.workspace import Workspace
from signatures.digests import Digest

_KEPT = ("title", "version", "language", "html", "protected_names")


def keep_text(workspace: Workspace, prepared: Digest, filled: FilledDocument) -> None:
    """Keep the words of the document whose text has this digest."""
    path = workspace.texts_folder / f"{document_id_of(prepared)}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: getattr(filled, name) for name in _KEPT}
    replace_file(path, json.dumps(kept, ensure_ascii=False, sort_keys=True).encode())


def kept_text(workspace: Workspace, document: Document, like: FilledDocument) -> FilledDocument:
    """Return the words that were kept of a document, in the place of those of `like`, a document of the same template.

    Raises:
        UsageError: they were not kept: an earlier version of the program made the document.
    """
    path = workspace.texts_folder / f"{document.document_id}.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(
            "{document}: its words were not kept when it was made; only documents that this version made can be compared",
            document=document.file_name,
        ) from error
    return replace(like, **{**kept, "protected_names": tuple(kept["protected_names"])})
