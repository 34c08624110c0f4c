"""From a filled template to the document that is put before the signatories: rendered, its fields made, its digest fixed."""

import gc
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from mou.models import FilledDocument
from mou.rendering.pdf import Renderer
from signatures.canonical import canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.fields import prepare_fields


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """The PDF with every field that may ever be signed, all of them empty; the digest is what requests name."""

    document_id: str
    pdf: bytes
    digest: Digest
    page_count: int


def input_digest(filled: FilledDocument) -> Digest:
    """Return the digest of everything that decides the text: two equal inputs are one document."""
    return digest_of(
        canonical_bytes(
            {
                "template": filled.template_digest,
                "html": filled.html,
                "css": filled.css,
                "record": filled.record,
                "sample": filled.is_sample,
                "slots": [[slot.field, slot.role, slot.person.full_name, slot.capacity, slot.order] for slot in filled.slots],
            }
        )
    )


def prepare_document(filled: FilledDocument, *, created: datetime) -> PreparedDocument:
    """Render the document and make its signature fields; the same input gives the same bytes in any process.

    Args:
        filled: the document with its slots.
        created: the date that stands in the PDF's metadata, the same for the same document: never the clock.
    """
    rendered = _renderer().render(filled, created=created)
    pdf = prepare_fields(rendered.pdf, rendered.slots)
    digest = digest_of(pdf)
    return PreparedDocument(f"doc_{digest.hex[:24]}", pdf, digest, rendered.page_count)


@cache
def _renderer() -> Renderer:
    """The renderer of this process: fonts and style sheets are read once.

    What is loaded by now stays for the life of the process, so the garbage collector need not look at it again; with each
    document it did so for a fifth of the time.
    """
    renderer = Renderer()
    gc.collect()
    gc.freeze()
    return renderer
