"""A network's own certificate authority: certificates for its seal and its signatories, and the list of those revoked.

The profile follows RFC 5280: the authority signs certificates and lists and nothing else (4.2.1.3), may have no authority below
it (4.2.1.9), and a signatory's certificate is for signing documents (RFC 9336).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from asn1crypto import core
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signatures.errors import CertificateRefusedError, KeyUnavailableError
from signatures.signers import PrivateKey, can_be_typed, is_strong_enough, subject_of, thai_names

EXPIRED_CERTIFICATES_ON_LIST = ObjectIdentifier("2.5.29.60")  # X.509, 9.5.2.8
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_PRINTABLE = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]*")  # X.680, 41.4
PASSWORD_ROUNDS = 100_000  # of PBKDF2
LONGEST_NAME = 64  # RFC 5280, appendix A.1: ub-common-name, ub-organization-name, ub-title

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names; `serial_number` is an opaque id that keeps two people of one name apart."""

    common_name: str
    organisation: str | None = None
    title: str | None = None
    serial_number: str | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that no longer counts from this time on."""

    serial_number: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority's certificate, which is a trust root for whoever chooses so, and its key."""

    certificate: x509.Certificate
    private_key: ec.EllipticCurvePrivateKey = field(repr=False)

    def issue(self, subject: Subject, public_key: PublicKey, *, not_before: datetime, not_after: datetime) -> x509.Certificate:
        """Return a certificate for signing documents, signed by this authority.

        Raises:
            CertificateRefusedError: the key is too weak, or the certificate would count when its authority does not.
        """
        if not is_strong_enough(public_key):
            raise CertificateRefusedError(
                "{name}: a public key of RSA with at least 2048 bits, P-256 or P-384 is expected, got a weaker or another one",
                name=subject.common_name,
            )
        first, last = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if not_before < first or not_after > last:
            raise CertificateRefusedError(
                "{name}: a certificate within the authority's own time, {first} to {last}, is expected, got {not_before} to "
                "{not_after}",
                name=subject.common_name,
                first=first.isoformat(),
                last=last.isoformat(),
                not_before=not_before.isoformat(),
                not_after=not_after.isoformat(),
            )
        own = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return (
            x509.CertificateBuilder()
            .subject_name(_name_of(subject))
            .issuer_name(subject_of(self.certificate))
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(digital_signature=True, content_commitment=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
            .sign(self.private_key, hashes.SHA256())
        )

    def revocation_list(self, *, at: datetime, next_update: datetime, number: int, revoked: Sequence[Revoked] = ()) -> bytes:
        """Return the DER bytes of the list of revoked certificates (RFC 5280, 5).

        `number` grows with each list (5.2.3); who calls remembers it. `revoked` names every certificate that was ever revoked:
        the list says of itself that it keeps expired ones, so that it still counts for a signature proven to be older.
        """
        own = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(subject_of(self.certificate))
            .last_update(at)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
            .add_extension(_keeps_expired_certificates(since=self.certificate.not_valid_before_utc), critical=False)
        )
        for entry in revoked:
            certificate = x509.RevokedCertificateBuilder().serial_number(entry.serial_number).revocation_date(entry.at)
            if entry.reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: then the extension is left out
                certificate = certificate.add_extension(x509.CRLReason(entry.reason), critical=False)
            builder = builder.add_revoked_certificate(certificate.build())
        return builder.sign(self.private_key, hashes.SHA256()).public_bytes(Encoding.DER)


def create_authority(name: str, *, at: datetime, lifetime: timedelta) -> Authority:
    """Return a new authority with a P-256 key of its own."""
    key = new_private_key()
    subject = _name_of(Subject(name))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + lifetime)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def open_authority(key: bytes, certificate: bytes, *, source: str) -> Authority:
    """Return the authority whose key and certificate these PEM bytes are.

    Raises:
        KeyUnavailableError: one of them is damaged, they do not belong together, or the certificate is no authority's.
    """
    try:
        private_key = load_pem_private_key(key, password=None)
        own = x509.load_pem_x509_certificate(certificate)
        is_authority = _is_authority(own)
        belongs_together = private_key.public_key() == own.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnavailableError(
            "{source}: a private key and a certificate in PEM are expected, got something else", source=source
        ) from error
    if not isinstance(private_key, ec.EllipticCurvePrivateKey) or not belongs_together:
        raise KeyUnavailableError("{source}: the certificate belongs to another key", source=source)
    if not is_authority:
        raise KeyUnavailableError("{source}: the certificate of an authority is expected, got another kind", source=source)
    return Authority(own, private_key)


def new_private_key() -> ec.EllipticCurvePrivateKey:
    """Return a new P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def private_key_to_pem(key: PrivateKey) -> bytes:
    """Return the key as unencrypted PKCS#8 in PEM; the file that holds it is to be readable by its owner alone."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def certificate_to_pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates in PEM, one after the other."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def write_pkcs12(
    name: str, key: PrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate], password: str
) -> bytes:
    """Return a PKCS#12 file with the key under this password (PBES2 with AES-256, RFC 8018).

    The rounds slow down guessing the password from the key; what protects the file is a password that nobody guesses.

    Raises:
        ValueError: the password is empty, or none that can be typed.
    """
    if not can_be_typed(password):
        raise ValueError("a password that can be typed is expected")
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(PASSWORD_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.encode())
    )
    return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, list(chain), protection)


def _name_of(subject: Subject) -> x509.Name:
    """The name with what is longer than X.520 allows cut; the full text stands in the document."""
    parts = [
        (NameOID.ORGANIZATION_NAME, subject.organisation),
        (NameOID.COMMON_NAME, subject.common_name),
        (NameOID.TITLE, subject.title),
        (NameOID.SERIAL_NUMBER, subject.serial_number),
    ]
    if not any(text for _, text in parts):
        raise ValueError("a subject with a name is expected")
    if subject.serial_number and not _PRINTABLE.fullmatch(subject.serial_number):
        raise ValueError("a serial number of printable ASCII characters is expected (X.520, PrintableString)")
    with thai_names():
        return x509.Name([x509.NameAttribute(oid, text[:LONGEST_NAME], _validate=False) for oid, text in parts if text])


def _keeps_expired_certificates(*, since: datetime) -> x509.UnrecognizedExtension:
    """Say that certificates which expired after this time stay on the list."""
    return x509.UnrecognizedExtension(EXPIRED_CERTIFICATES_ON_LIST, core.GeneralizedTime(since.astimezone(UTC)).dump())


def _is_authority(certificate: x509.Certificate) -> bool:
    kinds = {type(extension.value): extension.value for extension in certificate.extensions}
    constraints = kinds.get(x509.BasicConstraints)
    return isinstance(constraints, x509.BasicConstraints) and constraints.ca and x509.SubjectKeyIdentifier in kinds


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
