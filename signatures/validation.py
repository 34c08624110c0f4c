"""Signed PDF + trust -> one `SignatureCheck` per filled signature field, each judged on its own.

Facts are kept apart, and a word is derived from them at the end:

1. *intact*: the digest of the signed bytes is the one in the signature; *valid*: the signature is the key's.
2. *covers_revision_end*: the signed range begins at byte 0, leaves out exactly its own /Contents, and ends where a
   revision ends.
3. *later_changes_allowed*: every later revision only fills a signature field that was there, adds validation data
   (DSS), or adds a document time stamp in an invisible field of its own. Nothing else, at any level of DocMDP.
4. *trusted*: at the right time the signer's certificate led to a root given, with revocation data for every certificate
   below the root. None: no roots were given, so nothing was looked at.

Facts 1 to 3 are found out first, for all signatures; fact 4 (`signatures.time_and_trust`) is asked of the intact ones.

Every exception that a signature provokes becomes that signature's result (`unreadable`, FORMAT_FAILURE), never "no
signature" and never the end of the list.

Our own documents are read with pyHanko's strict reader. Files from elsewhere (`strict=False`) often miss the letter of
the standard without being tampered with: they are read with the permissive one, and two things that their tools do are
allowed: a later signature may bring its own field, and an object that nothing used may be freed. Fact 2, and
`revisions.findings`, hold for both.

Later revisions of our own documents are recognised one by one (`signatures.fillings`); whatever is not recognised is compared by
pyHanko's difference analysis: each signed revision with every later one, at a cost that grows with the cube of their number.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Literal, TypeAlias

from asn1crypto import core, parser
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signatures.changes import CLOSING_POLICY, FOREIGN_POLICY, OWN_POLICY
from signatures.digests import digest_of
from signatures.errors import PdfUnreadableError
from signatures.excerpts import common_name, one_line
from signatures.fields import SEAL_FIELD
from signatures.fillings import recognised_fillings
from signatures.messages import Message, say
from signatures.revisions import Revision, read_revisions
from signatures.running import run
from signatures.time_and_trust import REVOKED, Level, Proofs, Surroundings, TimeSource, establish, gather_proofs, surroundings
from signatures.trust import TrustAnchors, context_without_roots

# pyHanko reports each refusal to its logger as well; the results here say the same in their own words.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())

Kind: TypeAlias = Literal["signature", "seal", "timestamp"]
Integrity: TypeAlias = Literal["intact", "modified", "invalid", "unreadable"]
Outcome: TypeAlias = Literal["passed", "failed", "indeterminate"]

_FAILING = REVOKED | {"HASH_FAILURE", "SIG_CRYPTO_FAILURE", "NOT_YET_VALID"}
_FIELDS_AT_MOST = 500
_BYTES_AT_MOST = 256 * 1024 * 1024
_CONSTRUCTED = 1
_INTEGER = (0, 0, 2)
"""Universal class, primitive, tag 2 (X.690, 8.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """What was found out about one filled signature field."""

    field: str
    kind: Kind = "signature"
    signer: str = ""
    certificate_digest: str = ""
    intact: bool = False
    valid: bool = False
    trusted: bool | None = None
    covers_revision_end: bool = False
    later_changes_allowed: bool = False
    integrity: Integrity = "unreadable"
    level: Level = "none"
    time: datetime | None = None
    time_source: TimeSource = "none"
    capacity: str = ""
    sub_indication: str = "FORMAT_FAILURE"
    reason: Message
    trust_reason: Message | None = None
    trust_root: str = ""
    """The common name of the root that the certificate led to; `trust_set` is the name under which the verifier has it."""
    trust_set: str = ""
    range_end: int = 0
    """The first byte behind the signed range; 0 when there is none that can be read."""

    @property
    def is_revoked(self) -> bool:
        """Whether the signer's certificate, or one above it, is known to be revoked."""
        return self.sub_indication in REVOKED

    @property
    def verdict(self) -> Outcome:
        """What is known about this signature alone (ETSI EN 319 102-1, 5.1.3), later changes counted in."""
        if self.integrity in {"modified", "invalid"} or self.sub_indication in _FAILING:
            return "failed"
        return "passed" if self.integrity == "intact" and self.trusted else "indeterminate"


def validate_signatures(
    pdf: bytes, trust: TrustAnchors | None, *, at: datetime, strict: bool = True
) -> tuple[SignatureCheck, ...]:
    """Return one check for each filled signature field, in the order in which they were signed.

    `trust=None` means that no roots are known: `trusted` is then None everywhere. Without `strict`, the file is taken as
    one from elsewhere. No network.

    Raises:
        PdfUnreadableError: the file as a whole cannot be read, so that its fields cannot be counted.
    """
    document = _open_document(pdf, trust, at, is_own=strict)
    examined = [_examine(document, name, field) for name, field in document.filled_fields]
    intact = [one.embedded for one in examined if one.check.integrity == "intact" and one.embedded is not None]
    proofs = run(gather_proofs(document.surroundings, intact))
    checks = [_with_time_and_trust(proofs, one) for one in examined]
    return tuple(sorted(checks, key=lambda check: (check.range_end or len(pdf) + 1, check.field)))


@dataclass(frozen=True, slots=True)
class _Document:
    """One file, read once for all its signatures."""

    pdf: bytes
    reader: PdfFileReader
    revisions: tuple[Revision, ...]
    filled_fields: tuple[tuple[str, generic.DictionaryObject], ...]
    last_signed_revision: int
    surroundings: Surroundings
    fillings: tuple[str | None, ...]
    """For each revision the field that it fills and does nothing else; None where the full analysis has to look."""
    at: datetime
    is_own: bool


class _FormatError(Exception):
    """A signature does not follow its format; never leaves this module."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def _open_document(pdf: bytes, trust: TrustAnchors | None, at: datetime, *, is_own: bool) -> _Document:
    if len(pdf) > _BYTES_AT_MOST:
        raise PdfUnreadableError("at most {limit} bytes are read, got {count}", limit=_BYTES_AT_MOST, count=len(pdf))
    revisions = read_revisions(pdf)
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=is_own)
        fields = tuple((str(name), _resolved(field)) for name, _, field in enumerate_sig_fields(reader, filled_status=True))
        signed_in = [_revision_of_value(reader, field) for _, field in fields]
        timestamps = [revision for revision, (_, field) in zip(signed_in, fields, strict=True) if _is_timestamp(field)]
        around = surroundings(reader, trust, timestamps, at=at)
    except Exception as error:
        raise PdfUnreadableError(
            "signature fields that can be listed are expected, got {kind}: {cause}",
            kind=type(error).__name__,
            cause=one_line(error),
        ) from error
    if len(fields) > _FIELDS_AT_MOST:
        raise PdfUnreadableError("at most {limit} signatures are read, got {count}", limit=_FIELDS_AT_MOST, count=len(fields))
    return _Document(
        pdf=pdf,
        reader=reader,
        revisions=revisions,
        filled_fields=fields,
        last_signed_revision=max(signed_in, default=0),
        surroundings=around,
        fillings=recognised_fillings(pdf, reader, revisions[0].end) if is_own and revisions else (),
        at=at,
        is_own=is_own,
    )


def _is_timestamp(field: generic.DictionaryObject) -> bool:
    value = field["/V"]
    return isinstance(value, generic.DictionaryObject) and value.get("/Type") == "/DocTimeStamp"


def _resolved(field: generic.IndirectObject | generic.DictionaryObject) -> generic.DictionaryObject:
    found = field.reference.get_object() if isinstance(field, generic.IndirectObject) else field
    if not isinstance(found, generic.DictionaryObject):
        raise PdfUnreadableError("a signature field is expected to be a dictionary, got {kind}", kind=type(found).__name__)
    return found


def _revision_of_value(reader: PdfFileReader, field: generic.DictionaryObject) -> int:
    value = field.raw_get("/V")
    return int(reader.xrefs.get_last_change(value.reference)) if isinstance(value, generic.IndirectObject) else 0


def _examine(document: _Document, name: str, field: generic.DictionaryObject) -> "_Examined":
    """Find out facts 1 to 3 about one field; whatever goes wrong is this field's result."""
    known = _Examined(SignatureCheck(field=name, reason=say("{field}: nothing could be read", field=name)))
    return _last_of(known, _steps(document, known.check, field))


def _with_time_and_trust(proofs: Proofs, examined: "_Examined") -> SignatureCheck:
    """Find out fact 4 about an intact signature; whatever goes wrong is its result."""
    if examined.check.integrity != "intact" or examined.embedded is None:
        return examined.check
    return _last_of(examined, _trust_steps(proofs, examined.check, examined.embedded)).check


@dataclass(frozen=True, slots=True)
class _Examined:
    """What is known about a field, and its signature as pyHanko reads it, once it could be read."""

    check: SignatureCheck
    embedded: EmbeddedPdfSignature | None = None


def _last_of(known: _Examined, steps: Iterator[_Examined]) -> _Examined:
    """Return what was known after the last step, or that the signature cannot be read where a step raised."""
    name = known.check.field
    try:
        for step in steps:
            known = step
    except _FormatError as error:
        return _unreadable(known, error.message)
    except SignatureValidationError as error:
        word = getattr(error.ades_subindication, "name", "GENERIC")
        reason = say("{field}: {cause}", field=name, cause=one_line(error))
        return _unreadable(known, reason, "FORMAT_FAILURE" if word == "GENERIC" else word)
    except Exception as error:  # noqa: BLE001 - a hostile file may provoke any exception; it is this signature's result
        cause = say(
            "{field}: a signature that can be read is expected, got {kind}: {cause}",
            field=name,
            kind=type(error).__name__,
            cause=one_line(error),
        )
        return _unreadable(known, cause)
    return known


def _unreadable(known: _Examined, reason: Message, sub_indication: str = "FORMAT_FAILURE") -> _Examined:
    check = replace(known.check, integrity="unreadable", trusted=None, level="none", sub_indication=sub_indication, reason=reason)
    return replace(known, check=check)


def _steps(document: _Document, known: SignatureCheck, field: generic.DictionaryObject) -> Iterator[_Examined]:
    """Yield what is known after each step; the last one is the result."""
    embedded = EmbeddedPdfSignature(document.reader, field, known.field)
    _, _, second, length = _byte_range(embedded)
    known = replace(known, kind=_kind(known.field, embedded), capacity=_text(embedded, "/Reason"), range_end=second + length)
    yield _Examined(known, embedded)
    certificate = embedded.signer_cert
    known = replace(known, signer=common_name(certificate), certificate_digest=str(digest_of(certificate.dump())))
    known = _with_claimed_time(embedded, known)
    yield _Examined(known, embedded)
    _require_format(embedded, is_timestamp=known.kind == "timestamp")
    known = _with_cryptography(document, embedded, known)
    yield _Examined(known, embedded)
    if known.integrity == "invalid":
        return
    known = _with_coverage(document, embedded, known)
    known = _with_changes(document, embedded, known)
    yield _Examined(known, embedded)


def _trust_steps(proofs: Proofs, known: SignatureCheck, embedded: EmbeddedPdfSignature) -> Iterator[_Examined]:
    found = run(establish(proofs, embedded))
    if found.time is not None:
        known = replace(known, time=found.time, time_source="timestamp")
    trusted = replace(
        known,
        level=found.level,
        trusted=found.trusted,
        sub_indication=found.sub_indication,
        trust_reason=found.reason,
        trust_root=found.root,
        trust_set=found.root_set,
    )
    yield _Examined(trusted, embedded)


def _byte_range(embedded: EmbeddedPdfSignature) -> tuple[int, int, int, int]:
    numbers = [number for number in embedded.byte_range if isinstance(number, int) and number >= 0]
    if len(numbers) != 4 or len(embedded.byte_range) != 4:  # noqa: PLR2004 - two pairs (ISO 32000-2, 12.8.1)
        raise _FormatError(
            say(
                "{field}: a /ByteRange of four numbers is expected, got {got}",
                field=embedded.fq_name,
                got=str(embedded.byte_range),
            )
        )
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _kind(name: str, embedded: EmbeddedPdfSignature) -> Kind:
    """Return what the signature is: by its format a time stamp, by its place or its holder a seal, else a signature.

    A certificate with an organisation identifier belongs to a legal person (ETSI EN 319 412-3, 4.2.1).
    """
    is_timestamp = embedded.sig_object.get("/SubFilter") == SigSeedSubFilter.ETSI_RFC3161.value
    if is_timestamp or embedded.sig_object_type == "/DocTimeStamp":
        return "timestamp"
    if name == SEAL_FIELD and embedded.docmdp_level is not None:
        return "seal"
    return "seal" if "organization_identifier" in embedded.signer_cert.subject.native else "signature"


def _text(embedded: EmbeddedPdfSignature, key: str) -> str:
    value = embedded.sig_object.get(key)
    return str(value) if isinstance(value, (generic.TextStringObject, generic.ByteStringObject)) else ""


def _with_claimed_time(embedded: EmbeddedPdfSignature, known: SignatureCheck) -> SignatureCheck:
    content = embedded.signed_data["encap_content_info"]["content"]
    is_token = known.kind == "timestamp" and isinstance(content, core.ParsableOctetString)
    time = content.parsed["gen_time"].native if is_token else embedded.self_reported_timestamp
    return known if time is None or time.tzinfo is None else replace(known, time=time, time_source="claimed")


def _require_format(embedded: EmbeddedPdfSignature, *, is_timestamp: bool) -> None:
    """Refuse what a reader could take in two ways (RFC 5652, 5.3 and 11; ETSI EN 319 122-1, 4)."""
    subfilter = embedded.sig_object.get("/SubFilter")
    if subfilter not in {known.value for known in SigSeedSubFilter}:
        raise _FormatError(say("{field}: sub-filter {got} is not known", field=embedded.fq_name, got=str(subfilter)))
    has_content = embedded.signed_data["encap_content_info"]["content"] is not core.VOID
    content = embedded.signed_data["encap_content_info"]["content"].native if has_content else None
    if not is_timestamp and content is not None:
        raise _FormatError(say("{field}: a detached signature is expected, got one with content", field=embedded.fq_name))
    if embedded.pkcs7_content[_length_in_der(embedded.pkcs7_content) :].strip(b"\x00"):
        raise _FormatError(say("{field}: zeros are expected behind the signature, got other bytes", field=embedded.fq_name))
    if subfilter == SigSeedSubFilter.PADES.value:
        _require_der_order(embedded)


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
        raise _FormatError(say("{field}: signed attributes are expected, got none", field=embedded.fq_name))
    if encoded != sorted(encoded) or not all(_has_minimal_integers(one) for one in encoded):
        raise _FormatError(say("{field}: signed attributes in DER order are expected, got another", field=embedded.fq_name))


def _has_minimal_integers(content: bytes) -> bool:
    at = 0
    while at < len(content):
        category, method, tag, header, inner, trailer = parser.parse(content[at:])
        if method == _CONSTRUCTED and not _has_minimal_integers(inner):
            return False
        if (category, method, tag) == _INTEGER and len(inner) > 1 and (inner[0], inner[1] >> 7) in {(0x00, 0), (0xFF, 1)}:
            return False
        at += len(header) + len(inner) + len(trailer)
    return True


def _with_cryptography(document: _Document, embedded: EmbeddedPdfSignature, known: SignatureCheck) -> SignatureCheck:
    if known.kind == "timestamp":
        status = run(
            generic_cms.validate_tst_signed_data(
                embedded.signed_data, context_without_roots(document.at), embedded.compute_digest
            )
        )
        intact, valid = bool(status["intact"]), bool(status["valid"])
    else:
        intact, valid = generic_cms.validate_sig_integrity(
            embedded.signer_info, embedded.signer_cert, expected_content_type="data", actual_digest=embedded.compute_digest()
        )
    if not valid:
        word, reason = "SIG_CRYPTO_FAILURE", say("{field}: the signature is not that of its certificate's key", field=known.field)
    elif not intact:
        word, reason = "HASH_FAILURE", say("{field}: the signed bytes are not those that were signed", field=known.field)
    else:
        word, reason = "", say("{field}: intact and valid", field=known.field)
    return replace(
        known,
        intact=intact,
        valid=valid,
        integrity="intact" if intact and valid else "invalid",
        sub_indication=word,
        reason=reason,
    )


def _with_coverage(document: _Document, embedded: EmbeddedPdfSignature, known: SignatureCheck) -> SignatureCheck:
    first, length, second, _ = _byte_range(embedded)
    gap = document.pdf[length:second]
    ends = any(
        revision.start < known.range_end <= revision.end and not document.pdf[known.range_end : revision.end].strip(b"\r\n")
        for revision in document.revisions
    )
    coverage = embedded.evaluate_signature_coverage()
    covers = (
        first == 0
        and ends
        and gap[:1] == b"<"
        and gap[-1:] == b">"
        and bytes.fromhex(gap[1:-1].decode("ascii")) == embedded.pkcs7_content
        and coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    )
    if covers:
        return replace(known, covers_revision_end=True)
    reason = say(
        "{field}: a signed range from byte 0 to the end of a revision, without its own /Contents alone, is expected; got {got}",
        field=known.field,
        got=str([int(number) for number in embedded.byte_range]),
    )
    return replace(known, integrity="modified", sub_indication="FORMAT_FAILURE", reason=reason)


def _with_changes(document: _Document, embedded: EmbeddedPdfSignature, known: SignatureCheck) -> SignatureCheck:
    if not known.covers_revision_end:
        return known
    is_whole_file = known.range_end == len(document.pdf)
    outcome = DiffResult(ModificationLevel.NONE, set()) if is_whole_file else _compare(document, embedded)
    is_last = embedded.signed_revision == document.last_signed_revision
    if document.is_own and is_last and isinstance(outcome, DiffResult) and outcome.modification_level != ModificationLevel.NONE:
        outcome = CLOSING_POLICY.review_file(document.reader, embedded.signed_revision)
    if isinstance(outcome, SuspiciousModification):
        cause = one_line(outcome)
    elif (limit := embedded.docmdp_level) is not None and outcome.modification_level.value > limit.value:
        cause = f"{outcome.modification_level.name} at DocMDP level {limit.value}"
    else:
        return replace(known, later_changes_allowed=True)
    reason = say(
        "{field}: after it only expected signatures, validation data and time stamps are allowed, got: {cause}",
        field=known.field,
        cause=cause,
    )
    return replace(known, integrity="modified", reason=reason)


def _compare(document: _Document, embedded: EmbeddedPdfSignature) -> DiffResult | SuspiciousModification:
    """Return what was added after the signed revision, under the locks that the signature set."""
    later = document.fillings[embedded.signed_revision + 1 :]
    if later and None not in later and embedded.fieldmdp is None:
        return DiffResult(ModificationLevel.FORM_FILLING, {name for name in later if name is not None})
    policy = OWN_POLICY if document.is_own else FOREIGN_POLICY
    return policy.review_file(
        document.reader, embedded.signed_revision, field_mdp_spec=embedded.fieldmdp, doc_mdp=embedded.docmdp_level
    )
