"""One signature as pyHanko reads it -> whether it follows its format, so that no two readers take it in two ways."""

from functools import lru_cache

from asn1crypto import core, parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signatures.excerpts import one_line
from signatures.messages import Message, say
from signatures.revisions import doubled_keys

_CONSTRUCTED = 1
_INTEGER = (0, 0, 2)
"""Universal class, primitive, tag 2 (X.690, 8.3)."""
_BIT_STRING = (0, 0, 3)
"""Universal class, primitive, tag 3 (X.690, 8.6)."""
_END_OF_CONTENTS = (0, 0, 0)
"""Two zeros: the end of a value of indefinite length (X.690, 8.1.5), of which there is none in DER."""
_DEPTH_AT_MOST = 30


class FormatError(Exception):
    """A signature does not follow its format: the result of that one signature."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def byte_range_of(embedded: EmbeddedPdfSignature) -> tuple[int, int, int, int]:
    """Return the two pairs of place and length, in bytes; raise `FormatError` for anything else."""
    numbers = [number for number in embedded.byte_range if isinstance(number, int) and number >= 0]
    if len(numbers) != 4 or len(embedded.byte_range) != 4:  # noqa: PLR2004 - two pairs (ISO 32000-2, 12.8.1)
        raise FormatError(
            say(
                "{field}: a /ByteRange of four numbers is expected, got {got}",
                field=embedded.fq_name,
                got=str(embedded.byte_range),
            )
        )
    return numbers[0], numbers[1], numbers[2], numbers[3]


def require_own_form(embedded: EmbeddedPdfSignature) -> None:
    """Refuse what this program never writes, though a reader may pass over it: no byte of a signature is free to change.

    The version and the list of digest algorithms are those that RFC 5652, 5.1 prescribes, lengths are as short as can be, and the
    keys and signatures of certificates are whole octets.

    Raises:
        FormatError: the signature has another form.
    """
    signed, info = embedded.signed_data, embedded.signer_info
    is_token = signed["encap_content_info"]["content_type"].native == "tst_info"
    expected = ("v3" if is_token else "v1", "v1", [info["digest_algorithm"].dump()])
    algorithms = [algorithm.dump() for algorithm in signed["digest_algorithms"]]
    if (signed["version"].native, info["version"].native, algorithms) != expected:
        raise FormatError(
            say(
                "{field}: the version or the digest algorithms of the signature are not those of its kind", field=embedded.fq_name
            )
        )
    if not is_in_own_encoding(embedded.pkcs7_content[: _length_in_der(embedded.pkcs7_content)]):
        raise FormatError(say("{field}: a signature in DER is expected, got another encoding", field=embedded.fq_name))


def require_sound_certificates(embedded: EmbeddedPdfSignature, known: tuple[bytes, ...]) -> None:
    """Refuse a trusted signature with a certificate beside the signer's that nobody issued: one that was changed since.

    No attribute is bound to these. Each has to carry a good signature by one beside it, by itself, or by one that the verifier
    knows; `known` holds those in DER.

    Raises:
        FormatError: one of them carries none.
    """
    certificates = tuple(choice.chosen.dump() for choice in embedded.signed_data["certificates"] if choice.name == "certificate")
    others = [one for one in certificates if one != embedded.signer_cert.dump()]
    if not all(_is_issued_within(one, (*certificates, *known)) for one in others if one not in known):
        raise FormatError(say("{field}: a certificate in it was changed", field=embedded.fq_name))


@lru_cache(maxsize=64)
def _is_issued_within(content: bytes, certificates: tuple[bytes, ...]) -> bool:
    """Whether one of these issued the certificate and none of them is the same certificate in other bytes."""
    certificate = x509.load_der_x509_certificate(content)
    others = [x509.load_der_x509_certificate(other) for other in certificates if other != content]
    name = (certificate.issuer, certificate.serial_number)
    is_copy = any((other.issuer, other.serial_number) == name for other in others)
    return not is_copy and any(_issued(other, certificate) for other in (certificate, *others))


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def require_format(embedded: EmbeddedPdfSignature, pdf: bytes, *, is_timestamp: bool) -> None:
    """Refuse what a reader could take in two ways (RFC 5652, 5.3 and 11; ETSI EN 319 122-1, 4).

    Raises:
        FormatError: the signature has an unknown sub-filter, two entries with one key, content of its own, bytes behind its
            end, or signed attributes that are not DER.
    """
    _require_single_keys(embedded, pdf)
    _require_readable_certificates(embedded)
    subfilter = embedded.sig_object.get("/SubFilter")
    if subfilter not in {known.value for known in SigSeedSubFilter}:
        raise FormatError(say("{field}: sub-filter {got} is not known", field=embedded.fq_name, got=str(subfilter)))
    has_content = embedded.signed_data["encap_content_info"]["content"] is not core.VOID
    content = embedded.signed_data["encap_content_info"]["content"].native if has_content else None
    if not is_timestamp and content is not None:
        raise FormatError(say("{field}: a detached signature is expected, got one with content", field=embedded.fq_name))
    if embedded.pkcs7_content[_length_in_der(embedded.pkcs7_content) :].strip(b"\x00"):
        raise FormatError(say("{field}: zeros are expected behind the signature, got other bytes", field=embedded.fq_name))
    if subfilter == SigSeedSubFilter.PADES.value:
        _require_der_order(embedded)


def _require_single_keys(embedded: EmbeddedPdfSignature, pdf: bytes) -> None:
    reference = embedded.sig_field.raw_get("/V")
    place = embedded.reader.xrefs[reference.reference] if isinstance(reference, generic.IndirectObject) else None
    doubled = doubled_keys(pdf, place) if isinstance(place, int) else ()
    if doubled:
        raise FormatError(
            say(
                "{field}: each key is expected once in a signature, got twice: {keys}",
                field=embedded.fq_name,
                keys=", ".join(doubled),
            )
        )


def _require_readable_certificates(embedded: EmbeddedPdfSignature) -> None:
    """Read what is asked of every certificate later on: one that nobody can read is this signature's fault, not the file's."""
    certificates = embedded.signed_data["certificates"]
    for choice in certificates if certificates is not core.VOID else ():
        if choice.name == "certificate" and (fault := _fault_of_certificate(choice.chosen.dump())):
            raise FormatError(say("{field}: a certificate in it cannot be read: {cause}", field=embedded.fq_name, cause=fault))


@lru_cache(maxsize=64)
def _fault_of_certificate(content: bytes) -> str:
    """Return why a certificate cannot be read; empty for one that can. The authority's is the same in many signatures."""
    certificate = asn1_x509.Certificate.load(content)
    try:
        _ = certificate.issuer_serial, certificate.subject.native, certificate.key_identifier
    except Exception as error:  # noqa: BLE001  # asn1crypto raises what it likes
        return one_line(error) or type(error).__name__
    return ""


def _length_in_der(content: bytes) -> int:
    """Return how many bytes the outermost DER value takes; all of them when its length is indefinite (X.690, 8.1.3)."""
    first = content[1] if len(content) > 1 else 0
    if first < 0x80:  # noqa: PLR2004 - the short form
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(content[2 : 2 + count], "big") if count else len(content)


def _require_der_order(embedded: EmbeddedPdfSignature) -> None:
    """Refuse signed attributes that are not DER: two readers may hash them in two ways.

    The members of a SET OF are sorted by their bytes (X.690, 11.6), and an integer has no octet too many (8.3.2).
    """
    attributes = embedded.signer_info["signed_attrs"]
    encoded = [] if attributes is core.VOID else [attribute.dump() for attribute in attributes]
    if not encoded:
        raise FormatError(say("{field}: signed attributes are expected, got none", field=embedded.fq_name))
    if encoded != sorted(encoded) or not all(_has_minimal_integers(one) for one in encoded):
        raise FormatError(say("{field}: signed attributes in DER order are expected, got another", field=embedded.fq_name))


def is_in_own_encoding(content: bytes, depth: int = 0) -> bool:
    """Whether these are values as this program writes them: lengths as short as can be (X.690, 10.1), nothing to pass over.

    Zeros would be passed over, were the outermost length to reach into those behind the signature. So would be the last bit of a
    signature that is called unused, which half of the time is 0 anyway.
    """
    at = 0
    while at < len(content):
        category, method, tag, header, inner, trailer = parser.parse(content[at:])
        digits, kind = header[2:], (category, method, tag)
        is_shortest = not digits or (digits[0] != 0 and len(inner) >= 0x80)  # noqa: PLR2004 - the short form
        is_passed_over = kind == _END_OF_CONTENTS or (kind == _BIT_STRING and inner[:1] != b"\x00")
        if trailer or not is_shortest or is_passed_over or depth > _DEPTH_AT_MOST:
            return False
        if method == _CONSTRUCTED and not is_in_own_encoding(inner, depth + 1):
            return False
        at += len(header) + len(inner)
    return True


def _has_minimal_integers(content: bytes, depth: int = 0) -> bool:
    at = 0
    if depth > _DEPTH_AT_MOST:
        return False
    while at < len(content):
        category, method, tag, header, inner, trailer = parser.parse(content[at:])
        if method == _CONSTRUCTED and not _has_minimal_integers(inner, depth + 1):
            return False
        if (category, method, tag) == _INTEGER and len(inner) > 1 and (inner[0], inner[1] >> 7) in {(0x00, 0), (0xFF, 1)}:
            return False
        at += len(header) + len(inner) + len(trailer)
    return True
