"""From a filled template to the document that is put before the signatories: rendered, its fields made, its digest fixed."""

import gc
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from mou.models import FilledDocument
from mou.rendering.line_ends import LineEngine
from mou.rendering.pdf import Renderer
from mou.rendering.stamp_text import require_room_for_stamps
from signatures.canonical import JsonValue, canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.fields import prepare_fields

if TYPE_CHECKING:
    from mou.rendering.office_pages import OfficePages  # loads python-docx, which the PDF of record does not need


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """The PDF with every field that may ever be filled, all of them empty; the digest is what requests name.

    `line_engine` tells what found the ends of its lines; None where another program laid it out.
    """

    document_id: str
    pdf: bytes
    digest: Digest
    page_count: int
    line_engine: LineEngine | None


ADDRESS_CODE_DIGITS: Final = 32
"""Hexadecimal digits of a document's code in its public address: 128 bits, which nobody finds by trying."""


def input_digest(filled: FilledDocument, *, public_url: str | None = None, through_office: bool = False) -> Digest:
    """Return the digest of everything that decides the text: two equal inputs are one document.

    The house's own Word file is a file of the template. Which LibreOffice lays it out decides nothing: a newer one makes no
    document anew.
    """
    decisive: dict[str, JsonValue] = {
        "template": filled.template_digest,
        "html": filled.html,
        "css": filled.css,
        "record": dict(filled.record),
        "sample": filled.is_sample,
        "slots": [[slot.field, slot.role, slot.person.full_name, slot.capacity, slot.order] for slot in filled.slots],
    }
    # Left out where there is none, so that a document that was made before has the same digest.
    if public_url is not None:
        decisive["public_url"] = public_url
    if through_office:
        decisive["through_office"] = True
    return digest_of(canonical_bytes(decisive))


def with_address(filled: FilledDocument, source: Digest, *, public_url: str | None) -> FilledDocument:
    """Return the document with its public address on its pages and in its record, where the public is to find documents.

    `source` is the document's `input_digest` with the same `public_url`: known before the pages are drawn, which a digest of the
    file that shows it cannot be (docs/decisions/0011).
    """
    if public_url is None:
        return filled
    address = f"{public_url.rstrip('/')}/d/{source.hex[:ADDRESS_CODE_DIGITS]}"
    return replace(filled, address=address, record={**filled.record, "address": address})


def prepare_document(filled: FilledDocument, *, created: datetime) -> PreparedDocument:
    """Render the document and make its fields; the same input gives the same bytes in any process.

    Args:
        filled: the document with its slots.
        created: the date that stands in the PDF's metadata, the same for the same document: never the clock.

    Raises:
        RenderingError: a page cannot be drawn faithfully, or somebody's signature would not fit into its box.
    """
    rendered = _renderer().render(filled, created=created)
    require_room_for_stamps(rendered.slots, filled.slots)
    pdf = prepare_fields(rendered.pdf, rendered.slots, rendered.registry)
    digest = digest_of(pdf)
    return PreparedDocument(document_id_of(digest), pdf, digest, rendered.page_count, _renderer().line_engine)


def prepare_pages(filled: FilledDocument, pages: "OfficePages") -> PreparedDocument:
    """Make the fields of a document whose pages another program laid out.

    Raises:
        RenderingError: somebody's signature would not fit into its box.
    """
    require_room_for_stamps(pages.slots, filled.slots)
    pdf = prepare_fields(pages.pdf, pages.slots)
    digest = digest_of(pdf)
    return PreparedDocument(document_id_of(digest), pdf, digest, pages.page_count, None)


def document_id_of(prepared: Digest) -> str:
    """Return the id of the document whose text, with its empty fields, has this digest."""
    return f"doc_{prepared.hex[:24]}"


def draft_of(filled: FilledDocument, *, created: datetime) -> bytes:
    """Return the document as a draft to be read and commented on: marked on every page, nothing in it can be signed."""
    return _renderer().render(replace(filled, is_draft=True), created=created).pdf


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
