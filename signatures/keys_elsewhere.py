"""What is asked of every key that lies elsewhere, on a token or behind a service, whoever holds it.

Its certificate must be one that may sign, and each value that comes back is checked with that certificate's public key before
anything else is done with it: a value that is not over these bytes would show only in the signed document.
"""

from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from signatures.errors import KeyUnavailableError, SigningError
from signatures.signers import is_strong_enough, subject_of, thai_names

HASHES: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


def read_certificate(der: bytes, *, source: str) -> x509.Certificate:
    """Return the signatory's certificate; `source` is what a message calls the place that it came from.

    Raises:
        KeyUnavailableError: it cannot be read, or its key is of a kind that may not sign.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        subject_of(certificate)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnavailableError(
            "{source}: a certificate that can be read is expected: {cause}", source=source, cause=error
        ) from error
    if not is_strong_enough(key):
        raise KeyUnavailableError(
            "{source}: an RSA key of at least 2048 bits, a P-256 or a P-384 key is expected, got another kind", source=source
        )
    return certificate


def chain_of(certificate: x509.Certificate, others: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """Return those of the other certificates (DER) that lead from this one towards a root, each issuer behind its subject.

    Tokens and services hold certificates of other keys too; those, and what cannot be read, are left out.
    """
    candidates = [each for der in others if (each := _readable(der)) is not None and each != certificate]
    chain: list[x509.Certificate] = []
    last = certificate
    while issuer := next((each for each in candidates if each not in chain and _is_issued_by(last, each)), None):
        chain.append(issuer)
        last = issuer
    return tuple(chain)


def checked_value(certificate: x509.Certificate, value: bytes, digest: bytes, digest_algorithm: str, *, source: str) -> bytes:
    """Return the signature value as a CMS holds it: an ECDSA one that came as r || s becomes DER.

    Raises:
        SigningError: it is not a value of the certificate's key over this digest.
    """
    found = matching_value(certificate.public_key(), value, digest, digest_algorithm)
    if found is None:
        raise SigningError(
            "{source}: the value that came back is not one of the certificate's key over this document; nothing was signed. The "
            "key and the certificate may not belong together",
            source=source,
        )
    return found


def matching_value(key: object, value: bytes, digest: bytes, digest_algorithm: str) -> bytes | None:
    """Return the value, or for ECDSA what r || s stands for (IEEE P1363), made by the key over this digest; else None."""
    candidates = [value]
    length = (key.key_size + 7) // 8 if isinstance(key, ec.EllipticCurvePublicKey) else 0
    if length and len(value) == 2 * length:
        first, second = (int.from_bytes(half, "big") for half in (value[:length], value[length:]))
        candidates.append(encode_dss_signature(first, second))
    return next((each for each in candidates if _is_value_of(key, each, digest, digest_algorithm)), None)


def _is_value_of(key: object, value: bytes, digest: bytes, digest_algorithm: str) -> bool:
    algorithm = Prehashed(HASHES[digest_algorithm]())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, digest, ec.ECDSA(algorithm))
        else:
            assert isinstance(key, rsa.RSAPublicKey)
            key.verify(value, digest, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError):
        return False
    return True


def _readable(der: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        return None


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if certificate == issuer:
        return False
    try:
        with thai_names():
            certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
