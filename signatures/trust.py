"""Trust: the roots and revocation lists by which a certificate is judged. Nothing is fetched from anywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.errors import TrustError

if TYPE_CHECKING:
    from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """What a verifier chose to trust, and what helps to get from a signer there.

    Revocation lists (DER) and other certificates may come from anywhere: they carry signatures of their own.
    """

    roots: tuple[x509.Certificate, ...]
    revocation_lists: tuple[bytes, ...] = ()
    other_certificates: tuple[x509.Certificate, ...] = ()


def load_roots(paths: Iterable[Path]) -> tuple[x509.Certificate, ...]:
    """Return the certificates of PEM files, several to a file if it holds several.

    Raises:
        TrustError: a file cannot be read or holds no certificate; the message names it.
    """
    roots: list[x509.Certificate] = []
    for path in paths:
        try:
            roots.extend(x509.load_pem_x509_certificates(path.read_bytes()))
        except OSError as error:
            raise TrustError("{path} cannot be read: {cause}", path=path, cause=error.strerror) from error
        except ValueError as error:
            raise TrustError("{path}: certificates in PEM are expected, got something else", path=path) from error
    return tuple(roots)


def validation_context(anchors: TrustAnchors, *, at: datetime) -> "ValidationContext":
    """Return pyHanko's context for judging certificates as of `at`.

    Revocation is required for every certificate but a root: where no list says anything, the answer is not "trusted".

    Raises:
        TrustError: a revocation list is no DER.
    """
    from pyhanko_certvalidator import ValidationContext  # heavy, and only judging needs it

    return ValidationContext(
        trust_roots=[_for_asn1(root) for root in anchors.roots],
        other_certs=[_for_asn1(certificate) for certificate in anchors.other_certificates],
        crls=[_read_list(content) for content in anchors.revocation_lists],
        moment=at,
        allow_fetching=False,
        revocation_mode="require",
    )


def context_without_roots(at: datetime) -> "ValidationContext":
    """Return a context in which nothing is trusted: an empty list, since None would mean the system's own roots."""
    from pyhanko_certvalidator import ValidationContext  # heavy, and only judging needs it

    return ValidationContext(trust_roots=[], moment=at, allow_fetching=False)


def _read_list(content: bytes) -> asn1_crl.CertificateList:
    try:
        x509.load_der_x509_crl(content)  # reads all of it; asn1crypto reads a part when somebody asks for it
        return asn1_crl.CertificateList.load(content, strict=True)
    except ValueError as error:
        raise TrustError("a revocation list in DER is expected, got something else") from error


def _for_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
