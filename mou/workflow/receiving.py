"""The second half of signing with a key elsewhere: take the value, embed it, validate, record.

The order is told in `mou.workflow.preparing`; a value that was received is never asked for again.
"""

import hashlib
import json
import logging
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from cryptography import x509

from mou.errors import MouError
from mou.requests import RequestState, sign_request
from mou.storage.asking import Preparation
from mou.storage.database import Transaction
from mou.storage.store import StaleRevisionError
from mou.workflow.checking import require_sound
from mou.workflow.letters import Letter, queue_letter
from mou.workflow.links import Invited
from mou.workflow.minors import require_ready_in
from mou.workflow.preparing import NotReadyError, give_up, own_preparation, prepared_of, stale, stale_of, standing_of
from mou.workflow.request_steps import record_step, require_answerable, signatory_id
from mou.workflow.signing import Signed, record_signature, request_for
from mou.workflow.workspace import Workspace, operation_id
from signatures.digests import Digest, digest_of
from signatures.errors import SignaturesError, SigningError, TimestampError
from signatures.ledger.entry import Event
from signatures.remote import checked_value, finish_signature

if TYPE_CHECKING:
    from signatures.canonical import JsonValue

_CIRCUMSTANCES_LABEL = b"mou circumstances v1\n"
_SALT_BYTES = 32

_log = logging.getLogger(__name__)


def receive(workspace: Workspace, invited: Invited, preparation_id: str, value: bytes) -> Signed:
    """Take the value that the key made, and record the signature; a repeat returns what is there.

    Raises:
        StalePreparationError: the document moved on before the value came; prepare again.
        SigningError: the value is not this certificate's over this document; nothing was kept, and the document is free again.
        MinorNotReadyError: a consent to a minor's signature was withdrawn before the value came; nothing was kept.
        TimestampError: the value is kept and nobody is asked again, but no time stamp could be had yet.
    """
    preparation = own_preparation(workspace, invited, preparation_id)
    digest = digest_of(preparation.certificate)
    with workspace.database.read() as transaction:
        requests = transaction.store.requests(preparation.document_id)
        document = transaction.store.document(preparation.document_id)
    request = request_for(requests, document, preparation.field)
    if request.state is RequestState.SIGNED and request.certificate == digest:
        return Signed(document, request, is_new=False)
    if preparation.value is None:
        preparation = _keep_value(workspace, invited, preparation, value)
    return apply(workspace, preparation)


def apply(workspace: Workspace, preparation: Preparation) -> Signed:
    """Embed a received value, validate the file, store and record it; from what was kept, so that it may be repeated.

    Raises:
        TimestampError: no time stamp could be had; the value stays kept for the next try.
        SigningError: what came out does not validate; it is recorded as refused, and the document is free again.
        StalePreparationError: a signature was recorded on the document past the claim; prepare again.
    """
    assert preparation.value is not None
    try:
        signed_pdf = finish_signature(
            prepared_of(workspace, preparation), workspace.files.get(preparation.value), timestamps=workspace.timestamps()
        )
        require_sound(workspace, signed_pdf, at=workspace.clock())
    except TimestampError:
        if _certificate_ended(workspace, preparation):
            _refuse(workspace, preparation)
        raise
    except SigningError:
        _refuse(workspace, preparation)
        raise
    stored = workspace.files.put(signed_pdf)
    try:
        signed = _record(workspace, preparation, stored)
    except StaleRevisionError as error:
        # The value is for a revision that is no longer the newest: it can never go in.
        _refuse(workspace, preparation)
        raise stale_of(preparation.document_id) from error
    # A crash here leaves a prepared file that nothing names.
    workspace.prepared.discard(preparation.content)
    return signed


def _record(workspace: Workspace, preparation: Preparation, stored: Digest) -> Signed:
    """Record the signature in one transaction, with all that hangs on it."""
    certificate = digest_of(preparation.certificate)
    with workspace.database.write() as transaction:
        transaction.lock()
        document, newest, request, requests = standing_of(transaction, preparation)
        if request.state is RequestState.SIGNED and request.certificate == certificate:
            return Signed(document, request, is_new=False)  # another process was quicker with the same value
        transaction.store.require_current(document.document_id, preparation.base)
        identity = transaction.asking.identity(json.loads(preparation.circumstances or "{}").get("identity", ""))
        method, channel = (identity.method.value, identity.method.channel) if identity else (None, None)
        signed = sign_request(request, certificate=certificate, at=preparation.at, channel=channel)
        document = record_signature(transaction, document, newest, signed, requests, stored, identity=method)
        transaction.asking.put_preparation(replace(preparation, ended_at=workspace.clock()))
        transaction.asking.forget_picture(preparation.invitation_id)
        queue_letter(transaction, Letter.THANKS, preparation.invitation_id)
    return Signed(document, signed, is_new=True)


def apply_received(workspace: Workspace) -> int:
    """Apply every value that was received and is not in its document yet; return how many went in.

    What fails is left for the next time, or was recorded as refused; one document does not hold up another.
    """
    with workspace.database.read() as transaction:
        waiting = [each for each in transaction.asking.open_preparations() if each.value is not None]
    applied = 0
    for preparation in waiting:
        try:
            applied += apply(workspace, preparation).is_new
        except (MouError, SignaturesError) as error:
            _log.warning("a received signature waits: %s", type(error).__name__)
    return applied


def _keep_value(workspace: Workspace, invited: Invited, preparation: Preparation, value: bytes) -> Preparation:
    """Check and keep a value; from the commit on it is recorded that this signatory signed."""
    if preparation.ended_at is not None or not preparation.region_end:
        raise stale(invited)
    try:
        checked = checked_value(prepared_of(workspace, preparation), value)
    except SigningError:
        give_up(workspace, preparation)
        raise
    kept = workspace.files.put(checked)
    # A crash here leaves a value that nothing names.
    with workspace.database.write() as transaction:
        transaction.lock()
        document, _, request, requests = standing_of(transaction, preparation)
        known = transaction.asking.preparation(preparation.preparation_id)
        assert known is not None
        if known.value is not None:
            return known
        require_answerable(request, at=preparation.at)
        if known.ended_at is not None or document.current != known.base:
            raise stale(invited)
        require_ready_in(transaction, request, requests, at=workspace.clock())
        circumstances = _circumstances(transaction, known)
        salt = secrets.token_bytes(_SALT_BYTES)
        received = replace(known, value=kept, circumstances=circumstances, salt=salt)
        transaction.asking.put_preparation(received)
        body: dict[str, JsonValue] = {
            "identity": json.loads(circumstances)["identity"],
            "before": str(known.base),
            "certificate": str(digest_of(known.certificate)),
            "attributes": str(digest_of(known.signed_attributes)),
            "value": str(kept),
            "circumstances": circumstances_commitment(circumstances, salt),
        }
        record_step(transaction, document, request, "signature.received", body, at=workspace.clock(), key=known.preparation_id)
    return received


def circumstances_commitment(circumstances: str, salt: bytes) -> str:
    """Return the salted commitment to the circumstances of a signature, as it stands in the ledger."""
    return f"sha256:{hashlib.sha256(_CIRCUMSTANCES_LABEL + salt + circumstances.encode()).hexdigest()}"


def _circumstances(transaction: Transaction, preparation: Preparation) -> str:
    """Return as JSON who was established to be signing and how, what was shown, and what was consented to."""
    draft = transaction.asking.draft(preparation.invitation_id)
    if draft is None:
        raise NotReadyError("the document was not read and agreed to yet; begin with reading it")
    identity = transaction.asking.identity(draft.identity_id)
    assert identity is not None
    record = {
        "identity": identity.identity_id,
        "method": identity.method.value,
        "displayed": str(draft.displayed),
        "read": draft.read_how,
        "consents": dict(draft.consents),
        "way": draft.way,
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def _refuse(workspace: Workspace, preparation: Preparation) -> None:
    """Record that a received value could not be used, and give the document free."""
    at = workspace.clock()
    event = Event(
        type="signature.refused",
        subject=preparation.document_id,
        actor=signatory_id(preparation.document_id, preparation.field),
        body={"field": preparation.field, "value": str(preparation.value)},
        operation_id=operation_id("signature.refused", preparation.preparation_id),
    )
    with workspace.database.write() as transaction:
        transaction.ledger.append([event], at=at)
        transaction.asking.put_preparation(replace(preparation, ended_at=at))
    workspace.prepared.discard(preparation.content)


def _certificate_ended(workspace: Workspace, preparation: Preparation) -> bool:
    """Whether a time stamp of now would come after the certificate's last moment, and prove nothing."""
    return workspace.clock() > x509.load_der_x509_certificate(preparation.certificate).not_valid_after_utc
