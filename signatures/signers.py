"""Signers: what holds a key. The key is opened once, stays in this process, and never shows in a message."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from asn1crypto import core as asn1_core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import Signer as PyHankoSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signatures.digests import Digest, digest_of
from signatures.errors import CertificateRefusedError, KeyUnavailableError

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

SHORTEST_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1")
_PFX_VERSION = 3


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its certificate and the certificates that lead from it towards a root."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    private_key: PrivateKey = field(repr=False)

    @property
    def common_name(self) -> str:
        """The name of the person or body that the certificate speaks of."""
        return common_name_of(self.certificate)

    @property
    def digest(self) -> Digest:
        """The digest of the certificate, by which ledger and evidence name it."""
        return certificate_digest(self.certificate)

    def for_pyhanko(self) -> PyHankoSigner:
        """Return the same signer as pyHanko takes it."""
        return _LoadedKeySigner(self)


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
    """Open the bytes of a PKCS#12 file; `source` is what a message calls it."""
    if not _looks_like_pkcs12(content):
        raise KeyUnavailableError("{source}: a PKCS#12 file (.p12, .pfx) is expected, got something else", source=source)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode())
    except UnsupportedAlgorithm as error:
        raise KeyUnavailableError("{source}: the file uses an encryption that is not supported", source=source) from error
    except ValueError as error:
        # The library's own words are left out: they may quote what was typed.
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
    except (ValueError, TypeError) as error:
        raise KeyUnavailableError(
            "{source}: a private key and certificates in PEM are expected, got something else", source=source
        ) from error
    return signer_from_key(private_key, first, tuple(rest), source=source)


def signer_from_key(
    key: object, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], *, source: str = "key"
) -> Signer:
    """Return a signer of this key.

    Raises:
        KeyUnavailableError: the key is of a kind that is not supported, or the certificate is not for it.
    """
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < SHORTEST_RSA_BITS:
            raise KeyUnavailableError(
                "{source}: an RSA key of at least {least} bits is expected, got {bits}",
                source=source,
                least=SHORTEST_RSA_BITS,
                bits=key.key_size,
            )
    elif not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in CURVES:
        raise KeyUnavailableError("{source}: an RSA, P-256 or P-384 key is expected, got another kind", source=source)
    if _public_bytes(key.public_key()) != _public_bytes(certificate.public_key()):
        raise KeyUnavailableError("{source}: the certificate belongs to another key", source=source)
    return Signer(certificate, chain, key)


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
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Attribute's length must be")
        yield


def require_usable(signer: Signer, *, at: datetime) -> None:
    """Check that the certificate may sign a document at this time (RFC 5280, 4.1.2.5 and 4.2.1.3).

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
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise CertificateRefusedError(
            "the certificate of {name} is not made for signing documents: its key usage has neither digital signature nor "
            "content commitment",
            name=signer.common_name,
        )


class _LoadedKeySigner(PyHankoSigner):
    """pyHanko's signer over a key that is open already; its own one reads and checks the key anew for each signature."""

    def __init__(self, signer: Signer) -> None:
        super().__init__(
            signing_cert=_for_asn1(signer.certificate),
            cert_registry=_store_of(signer.chain),
        )
        self._private_key = signer.private_key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002  # the signature is pyHanko's
        algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest_algorithm]
        key = self._private_key
        if isinstance(key, ec.EllipticCurvePrivateKey):
            # DER of two integers: at most 9 bytes more than both of them.
            return bytes(2 * ((key.key_size + 7) // 8) + 9) if dry_run else key.sign(data, ec.ECDSA(algorithm))
        return bytes(key.key_size // 8) if dry_run else key.sign(data, padding.PKCS1v15(), algorithm)


def _store_of(certificates: tuple[x509.Certificate, ...]) -> SimpleCertificateStore:
    store: SimpleCertificateStore = SimpleCertificateStore()
    for certificate in certificates:
        store.register(_for_asn1(certificate))
    return store


def _for_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _public_bytes(key: object) -> bytes:
    if not hasattr(key, "public_bytes"):
        return b""
    content = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert isinstance(content, bytes)
    return content


def _looks_like_pkcs12(content: bytes) -> bool:
    """Whether the bytes begin as a PFX does: a sequence whose first member is the integer 3 (RFC 7292, 4)."""
    try:
        return bool(asn1_core.Sequence.load(content)[0].native == _PFX_VERSION)
    except (ValueError, KeyError, IndexError, TypeError):
        return False
