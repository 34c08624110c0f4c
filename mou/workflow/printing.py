"""A copy for people who want paper: the newest revision's pages, each of which says that it is a copy and of what.

It is neither signed nor recorded: the electronic original stays the only record.
"""

from dataclasses import dataclass
from datetime import datetime

from mou.rendering.print_copy import print_copy
from mou.requests import RequestState, SignatureRequest
from mou.storage.store import Document
from mou.thai import BANGKOK, capacity_in_thai, in_numerals, thai_date, thai_datetime
from mou.workflow.workspace import Workspace
from signatures.registry_fields import REGISTRY_DATE_FIELD, REGISTRY_LABELS, REGISTRY_NUMBER_FIELD, read_registry


@dataclass(frozen=True, slots=True)
class Printed:
    """A copy to print, and how many of those who were asked had signed the original by then."""

    document: Document
    pdf: bytes
    signed: int
    asked: int


def print_document(workspace: Workspace, document_id: str) -> Printed:
    """Return the copy of a document's newest revision.

    Raises:
        NotFoundError: the workspace has no such document.
        RenderingError: it cannot be drawn.
    """
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        requests = transaction.store.requests(document_id)
    signed = [request for request in requests if request.state is RequestState.SIGNED]
    at = workspace.clock()
    newest = workspace.files.get(document.current)
    pdf = print_copy(
        newest,
        _lines(document, len(signed), len(requests), at=at),
        {request.slot.field: _words(request) for request in signed} | _words_of_registry(newest),
        title=f"{document.title} (สำเนา)",
        at=at,
    )
    return Printed(document, pdf, len(signed), len(requests))


def _lines(document: Document, signed: int, asked: int, *, at: datetime) -> tuple[str, str]:
    """Return what stands above the text of every page."""
    day = thai_date(at.astimezone(BANGKOK).date())
    counted = f"{in_numerals(signed)} จาก {in_numerals(asked)} ราย"
    return (
        f"สิ่งพิมพ์ออก (สำเนา) · พิมพ์เมื่อวันที่ {day}",
        f"ต้นฉบับคือแฟ้มอิเล็กทรอนิกส์ ค่าแฮช sha256: {document.current.short()} … ซึ่งมีลายมือชื่ออิเล็กทรอนิกส์ {counted}",
    )


def _words_of_registry(pdf: bytes) -> dict[str, str]:
    """Return what a screen reader says of the register's number and date on the copy."""
    state = read_registry(pdf)
    texts = {} if state is None else {REGISTRY_NUMBER_FIELD: state.number, REGISTRY_DATE_FIELD: state.date}
    return {field: f"{REGISTRY_LABELS[field]} {text}" for field, text in texts.items() if text is not None}


def _words(request: SignatureRequest) -> str:
    """Return what a screen reader says of a signature on the copy."""
    assert request.signed_at is not None
    return f"{request.slot.label} {capacity_in_thai(request.slot.capacity)} {thai_datetime(request.signed_at)}"
