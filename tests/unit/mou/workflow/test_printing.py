"""A copy to print: it counts the signatures of the newest revision, names it, and leaves the workspace as it was."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pypdfium2

from mou.storage.store import Document
from mou.workflow.printing import print_document
from mou.workflow.signing import sign_document
from mou.workflow.status import document_statuses
from mou.workflow.workspace import Workspace
from signatures.signers import Signer

Issue = Callable[..., Signer]


def charter_of(workspace: Workspace) -> Document:
    return document_statuses(workspace, "lanna-charter")[0].document


def text_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def test_every_page_names_the_newest_revision_and_counts_its_signatures(workspace: Workspace, issue: Issue) -> None:
    prepared = charter_of(workspace)
    assert "ลายมือชื่ออิเล็กทรอนิกส์๐จาก๒ราย" in text_of(print_document(workspace, prepared.document_id).pdf)[0]
    sign_document(workspace, prepared.document_id, "S0002", issue("นายคำ ตัวอย่าง"))
    printed = print_document(workspace, prepared.document_id)
    signed = charter_of(workspace)
    assert (printed.document, printed.signed, printed.asked) == (signed, 1, 2)
    assert signed.current != prepared.current
    for text in text_of(printed.pdf):
        assert "สิ่งพิมพ์ออก(สำเนา)·พิมพ์เมื่อวันที่๒๒พฤศจิกายน๒๕๖๙" in text
        assert f"sha256:{signed.current.hex[:16]}…ซึ่งมีลายมือชื่ออิเล็กทรอนิกส์๑จาก๒ราย" in text


def test_a_signature_is_described_by_who_in_what_capacity_and_when(workspace: Workspace, issue: Issue) -> None:
    document_id = charter_of(workspace).document_id
    sign_document(workspace, document_id, "S0002", issue("นายคำ ตัวอย่าง"))
    with pikepdf.open(BytesIO(print_document(workspace, document_id).pdf)) as pdf:
        (words,) = [
            str(thing.Alt)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == pikepdf.Name.Figure
        ]
        assert str(pdf.docinfo["/Title"]).endswith(" (สำเนา)")
    assert words == "ลายมือชื่อ นายคำ ตัวอย่าง มูลนิธิสมมติสอง ผู้มีอำนาจลงนาม ๒๒ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๐๐ น."


def test_printing_changes_nothing_in_the_workspace(workspace: Workspace) -> None:
    def state() -> tuple[object, ...]:
        with workspace.database.read() as transaction:
            size = transaction.ledger.head().size
        paths = {path: path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
        return size, paths

    before = state()
    print_document(workspace, charter_of(workspace).document_id)
    assert state() == before
