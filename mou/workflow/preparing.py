"""The first half of signing with a key elsewhere: claim the document, prepare it.

The order, each step safe to repeat:
1. *Claim*: one transaction gives the document to one signatory for a few seconds (a lease), if nothing is missing beside a
   minor's signature (`mou.workflow.minors`). Who comes meanwhile waits a moment. *A crash here leaves a lease that runs out.*
2. *Prepare* the newest revision, keep its bytes among the prepared files, and what is to be signed in the claim's row.
3. *Receive*: the value is checked against certificate and document; then it is kept as a file, and one transaction records
   `signature.received` with the circumstances (who was established to be signing and how, what was shown, what was consented
   to) as a salted commitment. From here on nobody is asked to sign again: the claim holds the document until the value is in it.
   *A crash before it: the signatory's page asks for a new preparation, and its key signs again by itself.*
4. *Apply*: embed the value, validate the whole file as a stranger would, store it, and record it in one transaction as every
   signature is (`mou.workflow.signing`). *A crash before its commit: the next start applies it from what was kept.*

A claim whose lease ran out before its value came is given up: the value, if it still comes, is stale, and is prepared anew on
the newest revision. So two people who sign at one moment both succeed, and neither starts over.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mou.errors import ConflictError, MouError
from mou.rendering.pictures import read_picture
from mou.requests import SignatureRequest, require_turn
from mou.storage.asking import Preparation, SigningDraft
from mou.storage.database import Transaction
from mou.storage.store import Document, Revision
from mou.workflow.extending import workspace_anchors
from mou.workflow.links import Invited, invited_by
from mou.workflow.minors import require_ready_in
from mou.workflow.request_steps import require_answerable, require_current
from mou.workflow.signing import SignerRefusedError, request_for, require_signatory, signing_order
from mou.workflow.stamps import draw_stamp
from mou.workflow.workspace import Workspace
from signatures.remote import PreparedSignature, prepare_signature, public_signer
from signatures.signers import require_usable
from signatures.trust import TrustAnchors, why_not_trusted

LEASE = timedelta(seconds=10)
LEASE_AT_SERVICE = timedelta(minutes=3)
LONGEST_CHAIN = 6


class StalePreparationError(ConflictError):
    """What was prepared is no longer on the newest revision: prepare again, the key signs again by itself."""


class NotReadyError(MouError):
    """Something comes before signing: the identity, the consents."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody else is signing this document at this moment; ask again."""

    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class ReadyToSign:
    """What the key signs, and the bytes from which the signatory's side computes the digest itself."""

    preparation_id: str
    signed_attributes: bytes
    byte_range: tuple[int, int, int, int]


def prepare(
    workspace: Workspace, invited: Invited, certificate: bytes, chain: tuple[bytes, ...], *, lease: timedelta = LEASE
) -> ReadyToSign | Waiting:
    """Return the newest revision prepared for this certificate's signature, or that somebody else is signing just now.

    Raises:
        NotReadyError: identity or consents are missing.
        RequestRefusedError: the request is not open, or it is not the signatory's turn.
        MinorNotReadyError, PictureRefusedError: a minor signs, and a consent or the adult beside is missing.
        SignerRefusedError: the certificate is not this signatory's, or leads to no authority that is trusted here.
        CertificateRefusedError: it may not sign, or not now.
        RenderingError, SigningError: the document cannot be prepared; nothing was kept.
    """
    own, others = _read_certificates(certificate, chain)
    invited = invited_by(workspace, invited.invitation.invitation_id)
    at = workspace.clock()
    require_answerable(invited.request, at=at)
    if _is_held_by_another(workspace, invited):
        # Most who wait are answered here: without the lock that every writer needs, and before anything dear.
        return Waiting(timedelta(milliseconds=700 + secrets.randbelow(800)))
    require_signatory(invited.request, own)
    signer = public_signer(own, others)
    require_usable(signer, at=at)
    anchors = workspace_anchors(workspace, TrustAnchors(roots=()))
    if (reason := why_not_trusted(own, others, anchors, at=at)) is not None:
        raise SignerRefusedError(
            "{field}: a certificate from an authority that this network trusts is expected: {reason}",
            field=invited.request.slot.field,
            reason=reason,
        )
    claimed = _claim(workspace, invited, own, others, lease=lease)
    if isinstance(claimed, Waiting):
        return claimed
    preparation, document, request, draft = claimed
    try:
        before = workspace.files.get(document.current)
        picture = read_picture(draft.picture, source="picture") if draft.picture else None
        stamp = draw_stamp(before, request.slot, document, at=preparation.at, picture=picture)
        prepared = prepare_signature(
            before,
            signing_order(request, at=preparation.at),
            signer,
            has_timestamp=workspace.settings.timestamp_url is not None,
            appearance=stamp,
        )
    except BaseException:
        give_up(workspace, preparation)
        raise
    _keep_prepared(workspace, preparation, prepared)
    return ReadyToSign(preparation.preparation_id, prepared.signed_attributes, prepared.byte_range)


def _is_held_by_another(workspace: Workspace, invited: Invited) -> bool:
    with workspace.database.read() as transaction:
        holder = transaction.asking.holder(invited.document.document_id, at=workspace.clock())
    return holder is not None and (holder.field != invited.request.slot.field or holder.value is not None)


def prepared_bytes(workspace: Workspace, invited: Invited, preparation_id: str) -> bytes:
    """Return the document with zeros where this signature goes, for its signatory's page to look at before the key signs.

    Raises:
        StalePreparationError: it was given up meanwhile, or is somebody else's.
    """
    preparation = own_preparation(workspace, invited, preparation_id)
    if preparation.ended_at is not None or not preparation.region_end:
        raise stale(invited)
    return workspace.prepared.get(preparation.content)


def release(workspace: Workspace, invited: Invited, preparation_id: str) -> None:
    """Give a document free whose signatory stopped before their key signed."""
    preparation = own_preparation(workspace, invited, preparation_id)
    if preparation.ended_at is None and preparation.value is None:
        give_up(workspace, preparation)


def _read_certificates(certificate: bytes, chain: tuple[bytes, ...]) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    if len(chain) > LONGEST_CHAIN:
        raise SignerRefusedError("at most {limit} certificates beside the signatory's own are expected", limit=LONGEST_CHAIN)
    try:
        own, *others = (x509.load_der_x509_certificate(each) for each in (certificate, *chain))
    except ValueError as error:
        raise SignerRefusedError("a certificate is expected, got something else; choose another file") from error
    return own, tuple(each for each in others if each != own)


def _claim(
    workspace: Workspace,
    invited: Invited,
    own: x509.Certificate,
    others: tuple[x509.Certificate, ...],
    *,
    lease: timedelta,
) -> Waiting | tuple[Preparation, Document, SignatureRequest, SigningDraft]:
    """Give the document to this signatory, unless somebody else has it; what they had prepared before is given up."""
    at = workspace.clock()
    document_id, field = invited.document.document_id, invited.request.slot.field
    given_up = []
    with workspace.database.write() as transaction:
        transaction.lock()
        document = transaction.store.document(document_id)
        requests = transaction.store.requests(document_id)
        request = request_for(requests, document, field)
        require_current(transaction, invited, request)
        require_answerable(request, at=at)
        require_turn(request, requests)
        draft = transaction.asking.draft(invited.invitation.invitation_id)
        if draft is None:
            raise NotReadyError("the document was not read and agreed to yet; begin with reading it")
        require_ready_in(transaction, request, requests, at=at, has_picture=draft.picture is not None)
        holder = transaction.asking.holder(document_id, at=at)
        if holder is not None and (holder.field != field or holder.value is not None):
            return Waiting(timedelta(milliseconds=300 + secrets.randbelow(500)))
        for old in transaction.asking.open_preparations(document_id):
            if old.value is None:
                transaction.asking.put_preparation(replace(old, ended_at=at))
                given_up.append(old.content)
        preparation = Preparation(
            preparation_id=f"prp_{secrets.token_hex(12)}",
            invitation_id=invited.invitation.invitation_id,
            document_id=document_id,
            field=field,
            base=document.current,
            content=document.current,  # until it is prepared; region_end says that it is not
            document_digest=b"",
            region_start=0,
            region_end=0,
            signed_attributes=b"",
            certificate=own.public_bytes(Encoding.DER),
            chain=b"".join(each.public_bytes(Encoding.PEM) for each in others),
            at=at.replace(microsecond=0),
            leased_until=at + lease,
        )
        transaction.asking.add_preparation(preparation)
    for content in given_up:
        workspace.prepared.discard(content)
    return preparation, document, request, draft


def _keep_prepared(workspace: Workspace, preparation: Preparation, prepared: PreparedSignature) -> None:
    """Fill the claim's row; a claim that ran out meanwhile stays given up, and the value will be stale."""
    content = workspace.prepared.put(prepared.content)
    with workspace.database.write() as transaction:
        transaction.lock()
        known = transaction.asking.preparation(preparation.preparation_id)
        assert known is not None
        transaction.asking.put_preparation(
            replace(
                known,
                content=content,
                document_digest=prepared.document_digest,
                region_start=prepared.region_start,
                region_end=prepared.region_end,
                signed_attributes=prepared.signed_attributes,
            )
        )


def own_preparation(workspace: Workspace, invited: Invited, preparation_id: str) -> Preparation:
    """Return a preparation that was made for this invitation.

    Raises:
        StalePreparationError: it is somebody else's, or there is none.
    """
    with workspace.database.read() as transaction:
        preparation = transaction.asking.preparation(preparation_id)
    if preparation is None or preparation.invitation_id != invited.invitation.invitation_id:
        raise stale(invited)
    return preparation


def prepared_of(workspace: Workspace, preparation: Preparation) -> PreparedSignature:
    """Return what the second phase needs, from what was kept."""
    chain = x509.load_pem_x509_certificates(preparation.chain) if preparation.chain else []
    return PreparedSignature(
        field=preparation.field,
        content=workspace.prepared.get(preparation.content),
        document_digest=preparation.document_digest,
        region_start=preparation.region_start,
        region_end=preparation.region_end,
        signed_attributes=preparation.signed_attributes,
        certificate=preparation.certificate,
        chain=tuple(each.public_bytes(Encoding.DER) for each in chain),
    )


def standing_of(
    transaction: Transaction, preparation: Preparation
) -> tuple[Document, Revision, SignatureRequest, tuple[SignatureRequest, ...]]:
    """Return the document, its newest revision, and the preparation's request among all of it, as they now are."""
    document = transaction.store.document(preparation.document_id)
    requests = transaction.store.requests(preparation.document_id)
    newest = transaction.store.revisions(preparation.document_id)[-1]
    return document, newest, request_for(requests, document, preparation.field), requests


def stale(invited: Invited) -> StalePreparationError:
    """Return the error that asks for a new preparation."""
    return stale_of(invited.document.file_name)


def stale_of(document: str) -> StalePreparationError:
    """Return the error that asks for a new preparation of the document of this name."""
    return StalePreparationError(
        "{document}: somebody else's signature was recorded meanwhile; it is prepared once more and signed by itself",
        document=document,
    )


def give_up(workspace: Workspace, preparation: Preparation) -> None:
    """Give the document free, unless the value has come already."""
    with workspace.database.write() as transaction:
        transaction.lock()
        known = transaction.asking.preparation(preparation.preparation_id)
        if known is None or known.ended_at is not None or known.value is not None:
            return
        transaction.asking.put_preparation(replace(known, ended_at=workspace.clock()))
    workspace.prepared.discard(known.content)
