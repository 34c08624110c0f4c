"""What a signed PDF must be before it is stored, and who is expected to have signed it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from mou.models import Capacity, SignatorySlot
from mou.requests import SignatureRequest
from mou.thai import BANGKOK, capacity_in_thai
from mou.workflow.workspace import Workspace
from signatures.bundle import ExpectedSignature
from signatures.errors import SigningError
from signatures.fields import SEAL_FIELD
from signatures.ledger.entry import text_of_time
from signatures.revisions import findings
from signatures.shadows import shadow_content
from signatures.signers import Signer
from signatures.signing import SEAL_CAPACITY
from signatures.validation import validate_signatures


def capacity_label(capacity: Capacity) -> str:
    """Return what is signed with the rest as the reason: the Thai words for people, the code for programs."""
    return f"{capacity_in_thai(capacity)} ({capacity.value})"


def require_sound(workspace: Workspace, pdf: bytes, *, at: datetime) -> None:
    """Check a PDF as a stranger would before it is stored: every byte, every signature, everything added later.

    Trust is not asked here: whether a certificate leads to a root is a verifier's question, and its roots are the verifier's.

    Raises:
        SigningError: something is wrong; nothing of it may be stored.
    """
    for finding in findings(pdf):
        raise SigningError("the file is not a sound chain of revisions: {finding}; nothing was stored", finding=finding)
    for check in validate_signatures(pdf, workspace.keys.trust(at=at), at=at):
        if not (check.intact and check.valid and check.later_changes_allowed):
            raise SigningError(
                "{field}: the signature did not validate: {reason}; nothing was stored", field=check.field, reason=check.reason
            )


def require_plain(pdf: bytes) -> None:
    """Check that a document which is about to be certified holds nothing that a later revision could switch on.

    Raises:
        SigningError: it does; a template of ours makes none of it.
    """
    for warning in shadow_content(pdf):
        raise SigningError(
            "the document holds what could change its meaning after it was signed: {warning}; nothing was stored", warning=warning
        )


def expected_signatures(seal: Signer, slots: Sequence[SignatorySlot]) -> tuple[ExpectedSignature, ...]:
    """Return who must sign what: the network's automatic seal, whose certificate is known, then every signatory."""
    return (
        ExpectedSignature(SEAL_FIELD, "seal", seal.common_name, SEAL_CAPACITY, str(seal.digest)),
        *(_expected_of(slot) for slot in slots),
    )


def with_signature(
    expected: Sequence[ExpectedSignature], request: SignatureRequest, *, identity: str | None = None
) -> tuple[ExpectedSignature, ...]:
    """Return the expectations with what is known of one field now that it is signed.

    That is the person, who may be a delegate by now, until when their authority counts, the certificate, and how they were
    known.
    """
    authority = request.authority
    until = None
    if authority is not None and authority.expires_on is not None:
        end = datetime.combine(authority.expires_on + timedelta(days=1), time(), tzinfo=BANGKOK)
        until = text_of_time(end)
    signed = replace(
        _expected_of(request.slot), certificate_digest=str(request.certificate), capacity_until=until, identity=identity
    )
    return tuple(signed if signature.field == request.slot.field else signature for signature in expected)


def _expected_of(slot: SignatorySlot) -> ExpectedSignature:
    return ExpectedSignature(slot.field, "signature", slot.person.full_name, capacity_label(slot.capacity), None)
