"""The example's documents with their signatories' keys: what signing and validation are measured on."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from benchmarks.example import SIGNED_AT, open_example
from mou.documents import prepare_document
from mou.models import FilledDocument, SignatorySlot
from mou.workflow.checking import capacity_label
from mou.workflow.demonstrating import NETWORK_NAME
from mou.workflow.keys import seal_name
from signatures.authority import Authority, Subject, create_authority, new_private_key, write_pkcs12
from signatures.signers import Signer, open_pkcs12_bytes
from signatures.signing import SigningOrder, certify, sign
from signatures.trust import TrustAnchors

PASSWORD = "benchmark"  # noqa: S105  # of keys that live as long as the run
LIFETIME = timedelta(days=30)
AUTHORITY_LIFETIME = 2 * LIFETIME


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who is to sign: what the signature says, and the key as the file that they would hold."""

    order: SigningOrder
    pkcs12: bytes

    def open(self) -> Signer:
        """Return the signatory's key, opened."""
        return open_pkcs12_bytes(self.pkcs12, PASSWORD, source=self.order.name)


@dataclass(frozen=True, slots=True)
class CertifiedDocument:
    """A document under the network's seal, and everybody who is to sign it, in their order."""

    pdf: bytes
    signatories: tuple[Signatory, ...]

    def signed_by_all(self) -> bytes:
        """Return the document with every signature."""
        pdf = self.pdf
        for signatory in self.signatories:
            pdf = sign(pdf, signatory.order, signatory.open())
        return pdf


@cache
def authority() -> Authority:
    """The authority of this run."""
    return create_authority(NETWORK_NAME, at=SIGNED_AT - timedelta(days=1), lifetime=AUTHORITY_LIFETIME)


@cache
def trust() -> TrustAnchors:
    """The root of this run with its empty list of revoked certificates."""
    begin = SIGNED_AT - timedelta(minutes=1)
    revocation_list = authority().revocation_list(at=begin, next_update=begin + LIFETIME, number=1)
    return TrustAnchors((authority().certificate,), (revocation_list,))


def certified_memorandum(number: int) -> CertifiedDocument:
    """Return one memorandum under its seal, with its four signatories."""
    return _certified(open_example().fill_memorandum(number))


def certified_charter() -> CertifiedDocument:
    """Return the charter under its seal, with its 19 signatories."""
    return _certified(open_example().fill_charter())


def _certified(filled: FilledDocument) -> CertifiedDocument:
    prepared = prepare_document(filled, created=open_example().created)
    slots = sorted(filled.slots, key=lambda slot: (slot.order, slot.field))
    return CertifiedDocument(
        certify(prepared.pdf, seal(), at=SIGNED_AT, name=NETWORK_NAME), tuple(_signatory(slot) for slot in slots)
    )


@cache
def seal() -> Signer:
    """The network's automatic seal of this run."""
    return open_pkcs12_bytes(_pkcs12(Subject(seal_name(NETWORK_NAME), NETWORK_NAME)), PASSWORD, source="seal")


def _signatory(slot: SignatorySlot) -> Signatory:
    subject = Subject(slot.person.full_name, slot.organisation_name, slot.person.position, f"sgn-{slot.field}")
    order = SigningOrder(slot.field, capacity_label(slot.capacity), slot.person.full_name, SIGNED_AT)
    return Signatory(order, _pkcs12(subject))


def _pkcs12(subject: Subject) -> bytes:
    key = new_private_key()
    begin = SIGNED_AT - timedelta(hours=1)
    certificate = authority().issue(subject, key.public_key(), not_before=begin, not_after=begin + LIFETIME)
    return write_pkcs12("benchmark", key, certificate, [authority().certificate], PASSWORD)
