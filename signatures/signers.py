"""Signers: what holds a key. The key is opened once, stays in this process, and never shows in a message."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from asn1crypto import core as asn1_core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signatures.digests import Digest, digest_of
from signatures.errors import CertificateRefusedError, KeyUnavailableError

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class KeyElsewhere(Protocol):
    """A private key that this process never sees: on a token, behind a service, in a signatory's browser."""

    async def sign(self, content: bytes, digest_algorithm: str) -> bytes:
        """Return the signature value over the content: RSA with PKCS #1 v1.5 padding, or ECDSA in DER.

        Raises:
            SignaturesError: the key cannot be used now; the message says why.
        """


SHORTEST_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1")
_PFX_VERSION = 3
_CMS_FRAME_BYTES = 600  # everything in the CMS but the certificates, the issuer's name and the value; 480 were seen
_USES_OF_MACHINES = {
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING,
    ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
}
_FILTERS = threading.RLock()  # Python's warning filters belong to the whole process


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, here or elsewhere, with its certificate and the certificates that lead from it towards a root."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    private_key: PrivateKey | KeyElsewhere = field(repr=False)

    @property
    def common_name(self) -> str:
        """The name of the person or body that the certificate speaks of."""
        return common_name_of(self.certificate)

    @property
    def digest(self) -> Digest:
        """The digest of the certificate, by which ledger and evidence name it."""
        return certificate_digest(self.certificate)

    @property
    def key_here(self) -> PrivateKey:
        """The private key itself, where it lies in this process.

        Raises:
            ValueError: it lies elsewhere.
        """
        if not isinstance(self.private_key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
            raise ValueError("a key of this process is expected, this one lies elsewhere")  # noqa: TRY004  # a wrong use, not a wrong type
        return self.private_key

    @property
    def longest_value_bytes(self) -> int:
        """How long a signature value of this key may be."""
        key = self.certificate.public_key()
        assert isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey))
        if isinstance(key, ec.EllipticCurvePublicKey):
            # DER of two integers: at most 9 bytes more than both of them.
            return 2 * ((key.key_size + 7) // 8) + 9
        return key.key_size // 8

    @property
    def longest_cms_bytes(self) -> int:
        """How long a signature of this key may be, its certificates counted in, a time stamp not."""
        certificates = [_for_asn1(certificate) for certificate in (self.certificate, *self.chain)]
        issuer = len(certificates[0].issuer.dump())  # stands in it twice more: as signer identifier and in the attributes
        return _CMS_FRAME_BYTES + 2 * issuer + self.longest_value_bytes + sum(len(one.dump()) for one in certificates)


def open_pkcs12(path: Path, password: str) -> Signer:
    """Open a PKCS#12 file (.p12, .pfx).

    Raises:
        KeyUnavailableError: no such file, not PKCS#12, a wrong password, no private key in it, or an unsupported key.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KeyUnavailableError("{path} cannot be read: {cause}", path=path, cause=error.strerror) from error
    return open_pkcs12_bytes(content, password, source=str(path))


def open_pkcs12_bytes(content: bytes, password: str, *, source: str) -> Signer:
    """Open the bytes of a PKCS#12 file; `source` is what a message calls it.

    Files with today's encryption (PBES2) and with the older one of Windows and macOS (3DES, RC2) are opened alike.
    """
    if not _looks_like_pkcs12(content):
        raise KeyUnavailableError("{source}: a PKCS#12 file (.p12, .pfx) is expected, got something else", source=source)
    if not can_be_typed(password):
        raise KeyUnavailableError("{source}: wrong password, or the file is damaged; try again", source=source)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode())
    except UnsupportedAlgorithm as error:
        raise KeyUnavailableError("{source}: the file uses an encryption that is not supported", source=source) from error
    except (ValueError, TypeError) as error:
        # The library's own words are left out of the message: they do not tell a wrong password from a damaged file.
        raise KeyUnavailableError("{source}: wrong password, or the file is damaged; try again", source=source) from error
    if key is None or certificate is None:
        raise KeyUnavailableError("{source}: a private key with its certificate is expected, there is none", source=source)
    return signer_from_key(key, certificate, tuple(others), source=source)


def open_pem(key: bytes, certificate: bytes, *, source: str) -> Signer:
    """Open an unencrypted private key and its certificate chain, both PEM; for the network's own keys.

    Raises:
        KeyUnavailableError: one of them is damaged, or they do not belong together.
    """
    try:
        private_key = load_pem_private_key(key, password=None)
        first, *rest = x509.load_pem_x509_certificates(certificate)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnavailableError(
            "{source}: a private key and certificates in PEM are expected, got something else", source=source
        ) from error
    return signer_from_key(private_key, first, tuple(rest), source=source)


def signer_from_key(
    key: object, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], *, source: str = "key"
) -> Signer:
    """Return a signer of this key.

    Raises:
        KeyUnavailableError: the key is of a kind that is not supported, or the certificate is not for it or names nobody that
            can be read.
    """
    if isinstance(key, rsa.RSAPrivateKey) and not is_strong_enough(key):
        raise KeyUnavailableError(
            "{source}: an RSA key of at least {least} bits is expected, got {bits}",
            source=source,
            least=SHORTEST_RSA_BITS,
            bits=key.key_size,
        )
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)) or not is_strong_enough(key):
        raise KeyUnavailableError("{source}: an RSA, P-256 or P-384 key is expected, got another kind", source=source)
    try:
        belongs_together = certificate.public_key() == key.public_key()
        subject_of(certificate)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnavailableError(
            "{source}: a certificate that can be read is expected: {cause}", source=source, cause=error
        ) from error
    if not belongs_together:
        raise KeyUnavailableError("{source}: the certificate belongs to another key", source=source)
    return Signer(certificate, chain, key)


def is_strong_enough(key: object) -> bool:
    """Whether a key, private or public, is of a kind and length that may sign: RSA from 2,048 bits on, P-256 or P-384."""
    if isinstance(key, (rsa.RSAPrivateKey, rsa.RSAPublicKey)):
        return key.key_size >= SHORTEST_RSA_BITS
    return isinstance(key, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)) and key.curve.name in CURVES


def can_be_typed(password: str) -> bool:
    """Whether a file can have this password; the libraries' words for one that none can have would quote it."""
    return "\0" not in password and not any("\ud800" <= character <= "\udfff" for character in password)


def certificate_digest(certificate: x509.Certificate) -> Digest:
    """Return the digest of a certificate's DER bytes."""
    return digest_of(certificate.public_bytes(Encoding.DER))


def common_name_of(certificate: x509.Certificate) -> str:
    """Return the common name of the subject, or an empty text where there is none."""
    names = subject_of(certificate).get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def subject_of(certificate: x509.Certificate) -> x509.Name:
    """Return whom the certificate names, however long the name is."""
    with thai_names():
        return certificate.subject


@contextmanager
def thai_names() -> Iterator[None]:
    """Let common names be as long as X.520 lets them: 64 characters. The library counts bytes, and a Thai letter has three."""
    with _FILTERS, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Attribute's length must be")
        yield


def require_usable(signer: Signer, *, at: datetime) -> None:
    """Check that the certificate may sign a document at this time (RFC 5280, 4.1.2.5, 4.2.1.3 and 4.2.1.12).

    Of the key usages, digital signature or content commitment is enough: authorities give people the one, the other, or both,
    and validation asks no more. (pyHanko's own default asks for content commitment.) Of the extended ones only those that no
    person has are refused, when there is no other: whoever issues certificates to people names their use in many ways.

    Raises:
        CertificateRefusedError: it is expired, not yet valid, or made for another use.
    """
    certificate = signer.certificate
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= at <= last:
        raise CertificateRefusedError(
            "the certificate of {name} is valid from {first} to {last}, and cannot sign at {at}; ask for a new one",
            name=signer.common_name,
            first=first.isoformat(),
            last=last.isoformat(),
            at=at.isoformat(timespec="seconds"),
        )
    usage, purposes = _usages(signer)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise CertificateRefusedError(
            "the certificate of {name} is not made for signing documents: its key usage has neither digital signature nor "
            "content commitment",
            name=signer.common_name,
        )
    if purposes is not None and set(purposes) <= _USES_OF_MACHINES:
        raise CertificateRefusedError(
            "the certificate of {name} is not made for signing documents: its extended key usage is that of a server or service",
            name=signer.common_name,
        )


def _usages(signer: Signer) -> tuple[x509.KeyUsage | None, x509.ExtendedKeyUsage | None]:
    try:
        extensions = list(signer.certificate.extensions)
    except (ValueError, x509.DuplicateExtension) as error:
        raise CertificateRefusedError(
            "the certificate of {name} has extensions that cannot be read: {cause}", name=signer.common_name, cause=error
        ) from error
    usage = next((one.value for one in extensions if isinstance(one.value, x509.KeyUsage)), None)
    purposes = next((one.value for one in extensions if isinstance(one.value, x509.ExtendedKeyUsage)), None)
    return usage, purposes


def _for_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _looks_like_pkcs12(content: bytes) -> bool:
    """Whether the bytes begin as a PFX does: a sequence whose first member is the integer 3 (RFC 7292, 4)."""
    try:
        return bool(asn1_core.Sequence.load(content)[0].native == _PFX_VERSION)
    except (ValueError, KeyError, IndexError, TypeError):
        return False
