"""One signature as pyHanko reads it -> whether it follows its format, so that no two readers take it in two ways."""

from asn1crypto import core, parser
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signatures.messages import Message, say
from signatures.revisions import doubled_keys

_CONSTRUCTED = 1
_INTEGER = (0, 0, 2)
"""Universal class, primitive, tag 2 (X.690, 8.3)."""
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


def require_format(embedded: EmbeddedPdfSignature, pdf: bytes, *, is_timestamp: bool) -> None:
    """Refuse what a reader could take in two ways (RFC 5652, 5.3 and 11; ETSI EN 319 122-1, 4).

    Raises:
        FormatError: the signature has an unknown sub-filter, two entries with one key, content of its own, bytes behind its
            end, or signed attributes that are not DER.
    """
    _require_single_keys(embedded, pdf)
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
