"""Signing on this machine: a signatory's own PKCS#12 file, or a key held elsewhere, behind one `Signer`.

The order of a signature, each step safe to repeat:
1. check that it is this signatory's turn and certificate, and that nothing is missing beside a minor's; sign the newest revision;
   validate every signature of the result; store the signed PDF by its digest (a crash here leaves an orphan file that no entry
   names);
2. one transaction: ledger entry, tree, signed head, revision, request, queued publication. **The commit point**, with
   compare-and-swap on the document's newest revision: when somebody else signed meanwhile, step 1 is done again on theirs;
3. publish the PDF and its evidence (a crash before this is made good by the next run).
"""

import time
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509

from mou.ceremony import Channel
from mou.errors import MouError
from mou.minors import require_picture_allowed
from mou.rendering.pictures import Picture
from mou.requests import RequestState, SignatureRequest, is_complete, require_turn, sign_request
from mou.storage.database import Transaction
from mou.storage.store import Document, NotFoundError, Revision, StaleRevisionError
from mou.workflow.asking import invite_next
from mou.workflow.checking import capacity_label, require_sound, with_signature
from mou.workflow.minors import check_ready, keep_age, occasion_in, require_ready_in
from mou.workflow.publishing import queue_publication
from mou.workflow.request_steps import signatory_id
from mou.workflow.stamps import draw_stamp, require_room_for_picture
from mou.workflow.workspace import SECRETARIAT, Workspace, operation_id
from signatures.authority import LONGEST_NAME
from signatures.bundle import commitment
from signatures.digests import Digest
from signatures.ledger.entry import Event
from signatures.signers import Signer, common_name_of
from signatures.signing import SigningOrder, sign

LONGEST_WAIT_SECONDS = 15
SECONDS_BETWEEN_LOOKS = 0.2
ATTEMPTS_ON_A_BUSY_DOCUMENT = 40  # somewhat more than may press sign at once on one joint document


class SignerRefusedError(MouError):
    """The key that was offered is not the signatory's who was asked."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature left: the document's newest state, and whether this call made it."""

    document: Document
    request: SignatureRequest
    is_new: bool


def check_picture(workspace: Workspace, document_id: str, field: str, picture: Picture) -> None:
    """Check that a picture can stand in the stamp of this field, before anybody is asked for a key.

    Raises:
        NotFoundError: the document has no such field.
        PictureRefusedError: it needs a consent that is not there.
        RenderingError: there is no room for the picture.
    """
    at = workspace.clock()
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        requests = transaction.store.requests(document_id)
        request = request_for(requests, document, field)
        require_picture_allowed(occasion_in(transaction, request, requests, at=at))
    pdf = workspace.files.get(document.current)
    require_room_for_picture(pdf, request.slot, document, picture, at=at)


def sign_document(
    workspace: Workspace,
    document_id: str,
    field: str,
    signer: Signer,
    *,
    picture: Picture | None = None,
    channel: Channel | None = None,
) -> Signed:
    """Sign one field of a document and record it; a repeat with the same certificate returns what is there.

    `picture` is drawn beside the stamp's text and stands in the signed PDF alone; `channel` is how the signatory takes part,
    where that is known.

    Raises:
        RequestRefusedError: it is not this signatory's turn, or the request is closed or signed with another certificate.
        MinorNotReadyError, PictureRefusedError: a minor signs, and a consent or the adult beside is missing.
        SignerRefusedError: the certificate names somebody else.
        StaleRevisionError: the document stays busy.
        RenderingError: the stamp does not fit into its field.
        SigningError: the signature could not be made or did not validate; nothing was stored.
    """
    for _ in range(ATTEMPTS_ON_A_BUSY_DOCUMENT):
        wait_for_others(workspace, document_id)
        try:
            return _sign_newest_revision(workspace, document_id, field, signer, picture, channel)
        except StaleRevisionError:
            continue
    raise StaleRevisionError("{document} is busy: others keep signing it; sign again in a moment", document=document_id)


def wait_for_others(workspace: Workspace, document_id: str) -> None:
    """Wait while somebody signs in a browser: their key signs what was prepared on the newest revision, within seconds.

    Raises:
        StaleRevisionError: it takes longer.
    """
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        with workspace.database.read() as transaction:
            if transaction.asking.holder(document_id, at=workspace.clock()) is None:
                return
        if time.monotonic() > end:
            raise StaleRevisionError(
                "{document}: somebody is signing it in a browser; nothing was done, sign again in a moment", document=document_id
            )
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _sign_newest_revision(
    workspace: Workspace, document_id: str, field: str, signer: Signer, picture: Picture | None, channel: Channel | None
) -> Signed:
    with workspace.database.read() as transaction:
        document = transaction.store.document(document_id)
        requests = transaction.store.requests(document_id)
        newest = transaction.store.revisions(document_id)[-1]
    request = request_for(requests, document, field)
    if request.state is RequestState.SIGNED and request.certificate == signer.digest:
        return Signed(document, request, is_new=False)
    require_signatory(request, signer.certificate)
    require_turn(request, requests)
    check_ready(workspace, document_id, field, has_picture=picture is not None)
    at = workspace.clock()
    signed = sign_request(request, certificate=signer.digest, at=at, channel=channel)
    before = workspace.files.get(document.current)
    stamp = draw_stamp(before, request.slot, document, at=at, picture=picture)
    order = signing_order(request, at=at)
    after = sign(before, order, signer, timestamps=workspace.timestamps(), appearance=stamp)
    require_sound(workspace, after, at=at)
    stored = workspace.files.put(after)
    with workspace.database.write() as transaction:
        transaction.lock()
        # The swap comes first: a document that moved on meanwhile is found before the ledger is asked.
        transaction.store.require_current(document_id, document.current)
        require_ready_in(transaction, request, requests, at=at, has_picture=picture is not None)
        document = record_signature(transaction, document, newest, signed, requests, stored)
    return Signed(document, signed, is_new=True)


def request_for(requests: tuple[SignatureRequest, ...], document: Document, field: str) -> SignatureRequest:
    """Return the request of a field.

    Raises:
        NotFoundError: the document has no such field.
    """
    for request in requests:
        if request.slot.field == field:
            return request
    raise NotFoundError(
        "{document} has no signature field {field}; it has {fields}",
        document=document.file_name,
        field=field,
        fields=", ".join(request.slot.field for request in requests),
    )


def require_signatory(request: SignatureRequest, certificate: x509.Certificate) -> None:
    """Check that the certificate names the person who was asked: the common name is the full name, spelt the same.

    Raises:
        SignerRefusedError: it names somebody else.
    """
    asked = unicodedata.normalize("NFC", request.slot.person.full_name)[:LONGEST_NAME]
    named = common_name_of(certificate)
    if unicodedata.normalize("NFC", named) != asked:
        raise SignerRefusedError(
            "{field}: a certificate of {asked} is expected, got one of {got}; choose this signatory's own key",
            field=request.slot.field,
            asked=asked,
            got=named,
        )


def signing_order(request: SignatureRequest, *, at: datetime) -> SigningOrder:
    """Return what the signature says beside the document; name and capacity are those that were asked."""
    slot = request.slot
    return SigningOrder(field=slot.field, capacity=capacity_label(slot.capacity), name=slot.person.full_name, at=at)


def record_signature(
    transaction: Transaction,
    document: Document,
    newest: Revision,
    request: SignatureRequest,
    requests: tuple[SignatureRequest, ...],
    stored: Digest,
    *,
    identity: str | None = None,
) -> Document:
    """Record one signature in the open transaction, with the document's completion after its last one.

    Whoever signs next is invited. `identity` is a word for how the signatory was known.

    Raises:
        StaleRevisionError: `document` is no longer as it stands; nothing may be committed.
    """
    assert request.certificate is not None
    assert request.signed_at is not None
    _require_nobody_waits(transaction, document, request)
    expected = with_signature(newest.expected, request, identity=identity)
    events = [_applied_event(document, request, stored, commitment(expected, document.salt))]
    if is_complete([request if other.slot.field == request.slot.field else other for other in requests]):
        events.append(_completed_event(document, stored))
    entry, *_ = transaction.ledger.append(events, at=request.signed_at)
    number = document.revision_count + 1
    revision = Revision(document.document_id, number, stored, request.slot.field, entry.index, request.signed_at, expected)
    transaction.store.put_signature(request, revision, before=document.current)
    keep_age(transaction, request, requests)
    queue_publication(transaction, document.document_id, revision=number)
    invite_next(transaction, document.document_id, at=request.signed_at)
    return replace(document, current=stored, revision_count=number)


def _require_nobody_waits(transaction: Transaction, document: Document, request: SignatureRequest) -> None:
    """Check that no value of somebody else was received for the newest revision: it would have to be asked for again."""
    for preparation in transaction.asking.open_preparations(document.document_id):
        if preparation.value is not None and preparation.field != request.slot.field:
            raise StaleRevisionError(
                "{document}: a signature of somebody else was received and is about to go in; sign again in a moment",
                document=document.document_id,
            )


def _applied_event(document: Document, request: SignatureRequest, stored: Digest, expected: str) -> Event:
    return Event(
        type="signature.applied",
        subject=document.document_id,
        actor=signatory_id(document.document_id, request.slot.field),
        body={
            "document": str(document.prepared),
            "before": str(document.current),
            "after": str(stored),
            "field": request.slot.field,
            "certificate": str(request.certificate),
            "expected": expected,
        },
        operation_id=operation_id("signature.applied", document.document_id, request.slot.field),
    )


def _completed_event(document: Document, stored: Digest) -> Event:
    return Event(
        type="charter.completed",
        subject=document.document_id,
        actor=SECRETARIAT,
        body={"document": str(document.prepared), "after": str(stored)},
        operation_id=operation_id("charter.completed", document.document_id),
    )
