"""Signing in two phases, the key elsewhere: a browser, a service, a token on another machine.

1. `prepare_signature`: the document with its new revision and zeros where the signature goes, and the attributes to sign. All of
   it is plain bytes and integers, so that the two phases may run in different processes.
2. Elsewhere, the key signs SHA-256 over `signed_attributes`.
3. `finish_signature`: the value is checked before it goes in, since pyHanko checks nothing here:
   a. raw r || s, as WebCrypto gives it, becomes DER;
   b. the attributes name this document (its digest, computed again from the stored bytes) and this certificate;
   c. the value is the certificate's key's over exactly these attributes.

What comes out is to be validated as a whole by the caller before it is stored. A prepared document is none: its /Contents are
zeros, so it is never listed, mailed or shown as one.
"""

import hashlib
import io
from dataclasses import dataclass

from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest

from signatures.cms_signer import LoadedKeySigner
from signatures.errors import CertificateRefusedError, SignaturesError, SigningError
from signatures.keys_elsewhere import matching_value
from signatures.running import run
from signatures.signers import Signer, is_strong_enough
from signatures.signing import SigningOrder, prepare_revision
from signatures.timestamps import TimestampService

_DIGEST = "sha256"


@dataclass(frozen=True, slots=True, repr=False)
class PreparedSignature:
    """Everything that the second phase needs.

    `content` is the document with its new revision; in `region_start` to `region_end` stand zeros in hexadecimal between `<` and
    `>`, which the signature replaces. `signed_attributes` is the DER of a SET OF, the bytes that the key signs.
    """

    field: str
    content: bytes
    document_digest: bytes
    region_start: int
    region_end: int
    signed_attributes: bytes
    certificate: bytes
    chain: tuple[bytes, ...]

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        """What is signed: offset and length of the bytes before the signature, and of those behind it."""
        return 0, self.region_start, self.region_end, len(self.content) - self.region_end


class _NoKey:
    """The place of a key that is elsewhere: asked to sign, it refuses."""

    async def sign(self, content: bytes, digest_algorithm: str) -> bytes:  # noqa: ARG002
        raise SigningError("the key is elsewhere; give the value that it made")


@dataclass(frozen=True, slots=True)
class _GivenValue:
    """A key that has signed already: its one value is known."""

    value: bytes

    async def sign(self, content: bytes, digest_algorithm: str) -> bytes:  # noqa: ARG002
        return self.value


def public_signer(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> Signer:
    """Return the signer of this certificate without its key.

    Raises:
        CertificateRefusedError: its key is of a kind that may not sign.
    """
    if not is_strong_enough(certificate.public_key()):
        raise CertificateRefusedError("a certificate for an RSA key of at least 2048 bits, a P-256 or a P-384 key is expected")
    return Signer(certificate, chain, _NoKey())


def prepare_signature(
    pdf: bytes, order: SigningOrder, signer: Signer, *, has_timestamp: bool, appearance: bytes | None = None
) -> PreparedSignature:
    """Return the document prepared for one signature, and what is to be signed.

    Args:
        pdf: a certified document; what is in it must have been validated before.
        order: what the signature says.
        signer: the certificate that will sign (`public_signer`).
        has_timestamp: whether room is kept for a time stamp.
        appearance: a PDF of one page of the box's size, as in `signing.sign`.

    Raises:
        PdfUnreadableError, FieldError, CertificateRefusedError, SigningError: as in `signing.sign`.
    """
    prepared, output = prepare_revision(pdf, order, signer, has_timestamp=has_timestamp, appearance=appearance)
    attributes = run(LoadedKeySigner(signer).signed_attrs(prepared.document_digest, _DIGEST, use_pades=True))
    return PreparedSignature(
        field=order.field,
        content=output.getvalue(),
        document_digest=prepared.document_digest,
        region_start=prepared.reserved_region_start,
        region_end=prepared.reserved_region_end,
        signed_attributes=attributes.dump(),
        certificate=signer.certificate.public_bytes(Encoding.DER),
        chain=tuple(each.public_bytes(Encoding.DER) for each in signer.chain),
    )


def checked_value(prepared: PreparedSignature, value: bytes) -> bytes:
    """Return the value as it goes into the document, after checks a to c of the module's docstring.

    Raises:
        SigningError: it is not this certificate's over this document; nothing may be stored.
    """
    certificate = x509.load_der_x509_certificate(prepared.certificate)
    _require_own_attributes(prepared, certificate)
    digest = hashlib.sha256(prepared.signed_attributes).digest()  # by SHA-256 for P-384 as well
    found = matching_value(certificate.public_key(), value, digest, _DIGEST)
    if found is None:
        raise SigningError(
            "{field}: the value that came back is not that of the certificate's key over this document; nothing was stored, "
            "sign again",
            field=prepared.field,
        )
    return found


def finish_signature(prepared: PreparedSignature, value: bytes, *, timestamps: TimestampService | None = None) -> bytes:
    """Return the signed document; with the same value and no time stamp, always the same bytes.

    Raises:
        SigningError: the value does not belong here (`checked_value`), or does not fit.
        TimestampError: the service gave no token.
    """
    value = checked_value(prepared, value)
    certificate = x509.load_der_x509_certificate(prepared.certificate)
    chain = tuple(x509.load_der_x509_certificate(each) for each in prepared.chain)
    signer = LoadedKeySigner(Signer(certificate, chain, _GivenValue(value)))
    output = io.BytesIO(prepared.content)
    region = PreparedByteRangeDigest(
        document_digest=prepared.document_digest,
        reserved_region_start=prepared.region_start,
        reserved_region_end=prepared.region_end,
    )
    try:
        content = run(
            signer.async_sign_prescribed_attributes(
                _DIGEST,
                signed_attrs=asn1_cms.CMSAttributes.load(prepared.signed_attributes),
                timestamper=timestamps.time_stamper() if timestamps else None,
            )
        )
        region.fill_with_cms(output, content.dump())
    except SignaturesError:
        raise
    except Exception as error:
        raise SigningError("{field}: the signature could not be made: {cause}", field=prepared.field, cause=error) from error
    return output.getvalue()


def _require_own_attributes(prepared: PreparedSignature, certificate: x509.Certificate) -> None:
    """Check that the attributes speak of the stored bytes and of this certificate (RFC 5652, 11.2; RFC 5035, 4)."""
    digest = hashlib.sha256(prepared.content[: prepared.region_start])
    digest.update(prepared.content[prepared.region_end :])
    try:
        attributes = {
            each["type"].native: each["values"][0]
            for each in asn1_cms.CMSAttributes.load(prepared.signed_attributes, strict=True)
        }
        named = attributes["message_digest"].native
        signer = attributes["signing_certificate_v2"]["certs"][0]["cert_hash"].native
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise SigningError("{field}: the prepared attributes cannot be read; prepare again", field=prepared.field) from error
    if not named == digest.digest() == prepared.document_digest:
        raise SigningError(
            "{field}: the prepared attributes name another document than the stored one; prepare again", field=prepared.field
        )
    if signer != certificate.fingerprint(hashes.SHA256()):
        raise SigningError(
            "{field}: the prepared attributes name another certificate than the one given; prepare again", field=prepared.field
        )
