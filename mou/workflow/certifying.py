"""A certificate for a key that was made in a signatory's browser: the network's own authority says whose key it is.

The authority looks at two things: the identity that was established for this invitation, and that whoever sends the public key
has its private half (proof of possession). The key itself never comes here.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from mou.requests import require_turn
from mou.storage.asking import Identity
from mou.workflow.links import Invited
from mou.workflow.minors import check_ready
from mou.workflow.request_steps import record_step, require_answerable, require_current
from mou.workflow.signing import SignerRefusedError
from mou.workflow.workspace import Workspace
from signatures.authority import Subject
from signatures.digests import digest_of

if TYPE_CHECKING:
    from signatures.canonical import JsonValue

CERTIFICATE_LIFETIME = timedelta(minutes=15)
CERTIFICATE_LIFETIME_WITHOUT_TIMESTAMP = timedelta(days=366)
_CHALLENGE_LABEL = b"mou proof of possession v1\n"
_RAW_VALUE_BYTES = 64  # of P-256, as WebCrypto gives it


def challenge_of(invited: Invited) -> bytes:
    """Return what a new key signs to show that who sends its public half has it."""
    content = f"{invited.invitation.invitation_id}\n{invited.document.prepared}".encode()
    return _CHALLENGE_LABEL + content


def issue_certificate(
    workspace: Workspace, invited: Invited, identity: Identity, public_key: bytes, proof: bytes
) -> tuple[bytes, bytes]:
    """Return a certificate of the network's authority for a key made in the signatory's browser, and the authority's own (DER).

    It names the signatory as the document does, and the identity by which they were known as its serial number. With a time
    stamp service it counts for 15 minutes, since the time stamp proves when it was used; without one for 366 days, as nothing
    else would show later that the signature was made in time.

    Raises:
        SignerRefusedError: the key is no P-256 key, or the proof is not its own.
        RequestRefusedError: the request is not open, or it is not the signatory's turn.
        MinorNotReadyError: a minor signs, and a consent or the adult beside is missing.
    """
    at = workspace.clock()
    require_answerable(invited.request, at=at)
    require_turn(invited.request, invited.requests)
    check_ready(workspace, invited.document.document_id, invited.request.slot.field)
    key = _possessed_key(public_key, proof, challenge_of(invited))
    slot = invited.request.slot
    authority = workspace.keys.authority()
    lifetime = CERTIFICATE_LIFETIME if workspace.settings.timestamp_url else CERTIFICATE_LIFETIME_WITHOUT_TIMESTAMP
    certificate = authority.issue(
        Subject(
            slot.person.full_name,
            slot.organisation_name,
            slot.person.position,
            identity.identity_id.replace("_", "-"),
        ),
        key,
        not_before=at - timedelta(minutes=1),
        not_after=min(at + lifetime, authority.certificate.not_valid_after_utc),
    )
    der = certificate.public_bytes(Encoding.DER)
    body: dict[str, JsonValue] = {"identity": identity.identity_id, "certificate": str(digest_of(der))}
    with workspace.database.write() as transaction:
        transaction.lock()
        require_current(transaction, invited, invited.request)
        serial = f"{certificate.serial_number:x}"
        transaction.asking.add_certificate(serial, invited.invitation.invitation_id, identity, der, at=at)
        record_step(transaction, invited.document, invited.request, "certificate.issued", body, at=at, key=serial)
    return der, authority.certificate.public_bytes(Encoding.DER)


def _possessed_key(public_key: bytes, proof: bytes, challenge: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignerRefusedError("a public key is expected, got something else; load the page again") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise SignerRefusedError("a P-256 key is expected, got another kind; load the page again")
    if len(proof) == _RAW_VALUE_BYTES:
        proof = encode_dss_signature(int.from_bytes(proof[:32], "big"), int.from_bytes(proof[32:], "big"))
    try:
        key.verify(proof, challenge, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise SignerRefusedError("whoever sent this public key does not have its key; load the page again") from error
    return key
