"""Signed PDF + trust -> one `SignatureCheck` per filled signature field, each judged on its own.

Facts are kept apart, and a word is derived from them at the end:

1. *intact*: the digest of the signed bytes is the one in the signature; *valid*: the signature is the key's.
2. *covers_revision_end*: the signed range begins at byte 0, leaves out exactly its own /Contents, and ends where a
   revision ends.
3. *later_changes_allowed*: every later revision only fills a signature field that was there, adds validation data
   (DSS), or adds a document time stamp in an invisible field of its own. Nothing else, at any level of DocMDP.
4. *trusted*: at the right time the signer's certificate led to a root given, with revocation data for every certificate
   below the root. None: no roots were given, so nothing was looked at.

The right time is that of a trusted RFC 3161 time stamp over the signature; without one it is the time of checking, since
a claimed time proves nothing: an expired certificate is then OUT_OF_BOUNDS_NO_POE (ETSI EN 319 102-1, 5.2.6).

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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Literal, TypeAlias

from asn1crypto import core, crl, parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext, find_valid_path
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathError,
    RevokedError,
    ValidationError,
)

from signatures.changes import CLOSING_POLICY, FOREIGN_POLICY, OWN_POLICY
from signatures.digests import digest_of
from signatures.errors import PdfUnreadableError
from signatures.fields import SEAL_FIELD
from signatures.fillings import recognised_fillings
from signatures.messages import Message, say
from signatures.revisions import Revision, read_revisions
from signatures.running import run
from signatures.trust import TrustAnchors, validation_context

# pyHanko reports each refusal to its logger as well; the results here say the same in their own words.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())

Kind: TypeAlias = Literal["signature", "seal", "timestamp"]
Integrity: TypeAlias = Literal["intact", "modified", "invalid", "unreadable"]
Level: TypeAlias = Literal["B-B", "B-T", "B-LT", "B-LTA", "none"]
TimeSource: TypeAlias = Literal["timestamp", "claimed", "none"]
Outcome: TypeAlias = Literal["passed", "failed", "indeterminate"]

NO_CHAIN = "NO_CERTIFICATE_CHAIN_FOUND"
LEADS_NOWHERE = frozenset({NO_CHAIN, "CERTIFICATE_CHAIN_GENERAL_FAILURE", "CHAIN_CONSTRAINTS_FAILURE"})
"""The certificate is none that a given root stands for: no chain, or one whose signatures or rules do not hold."""
_REVOKED = frozenset({"REVOKED", "REVOKED_NO_POE", "REVOKED_CA_NO_POE"})
_FAILING = _REVOKED | {"HASH_FAILURE", "SIG_CRYPTO_FAILURE", "NOT_YET_VALID"}
_SIGNER_KEY_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
_FIELDS_AT_MOST = 500
_BYTES_AT_MOST = 256 * 1024 * 1024
_LONGEST_CAUSE = 300
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
    range_end: int = 0
    """The first byte behind the signed range; 0 when there is none that can be read."""

    @property
    def is_revoked(self) -> bool:
        """Whether the signer's certificate, or one above it, is known to be revoked."""
        return self.sub_indication in _REVOKED

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
    checks = [_check(document, name, field) for name, field in document.filled_fields]
    return tuple(sorted(checks, key=lambda check: (check.range_end or len(pdf) + 1, check.field)))


@dataclass(frozen=True, slots=True)
class _Document:
    """One file, read once for all its signatures."""

    pdf: bytes
    reader: PdfFileReader
    revisions: tuple[Revision, ...]
    filled_fields: tuple[tuple[str, generic.DictionaryObject], ...]
    last_signed_revision: int
    has_archive_timestamp: bool
    trust: TrustAnchors | None
    validation_material: "_ValidationMaterial"
    fillings: tuple[str | None, ...]
    """For each revision the field that it fills and does nothing else; None where the full analysis has to look."""
    at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class _ValidationMaterial:
    """What the file's document security store holds (ETSI EN 319 142-1, 5.4.2)."""

    certificates: tuple[asn1_x509.Certificate, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    responses: int = 0


@dataclass(frozen=True, slots=True)
class _Trust:
    """Whether a certificate led to a root at one time; the word for it, and why not."""

    trusted: bool | None
    sub_indication: str
    reason: Message


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
        material = _read_validation_material(reader)
        signed_in = [_revision_of_value(reader, field) for _, field in fields]
        timestamps = [revision for revision, (_, field) in zip(signed_in, fields, strict=True) if _is_timestamp(field)]
        store = _revision_of_store(reader)
    except Exception as error:
        raise PdfUnreadableError(
            "signature fields that can be listed are expected, got {kind}: {cause}",
            kind=type(error).__name__,
            cause=_one_line(error),
        ) from error
    if len(fields) > _FIELDS_AT_MOST:
        raise PdfUnreadableError("at most {limit} signatures are read, got {count}", limit=_FIELDS_AT_MOST, count=len(fields))
    return _Document(
        pdf=pdf,
        reader=reader,
        revisions=revisions,
        filled_fields=fields,
        last_signed_revision=max(signed_in, default=0),
        has_archive_timestamp=max(timestamps, default=-1) >= store,
        trust=_with_material(trust, material),
        validation_material=material,
        fillings=recognised_fillings(pdf, reader, revisions[0].end) if is_own and revisions else (),
        at=at,
        is_own=is_own,
    )


def _revision_of_store(reader: PdfFileReader) -> int:
    """Return the revision that last changed the document security store; 0 when the store is part of the catalog."""
    store = reader.root.raw_get("/DSS") if "/DSS" in reader.root else None
    return int(reader.xrefs.get_last_change(store.reference)) if isinstance(store, generic.IndirectObject) else 0


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


def _read_validation_material(reader: PdfFileReader) -> _ValidationMaterial:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return _ValidationMaterial()
    except Exception:  # noqa: BLE001 - a broken store is no evidence; what it may hide is judged by the changes it made
        return _ValidationMaterial()
    return _ValidationMaterial(
        certificates=tuple(store.load_certs()),
        revocation_lists=tuple(_content_of(reference) for reference in store.crls),
        responses=len(store.ocsps),
    )


def _content_of(reference: generic.IndirectObject) -> bytes:
    stream = reference.reference.get_object()
    return bytes(stream.data) if isinstance(stream, generic.StreamObject) else b""


def _with_material(trust: TrustAnchors | None, material: _ValidationMaterial) -> TrustAnchors | None:
    if trust is None or not trust.roots:
        return None
    return replace(
        trust,
        revocation_lists=(*trust.revocation_lists, *material.revocation_lists),
        other_certificates=(
            *trust.other_certificates,
            *(x509.load_der_x509_certificate(certificate.dump()) for certificate in material.certificates),
        ),
    )


def _check(document: _Document, name: str, field: generic.DictionaryObject) -> SignatureCheck:
    """Judge one field; whatever goes wrong is this field's result."""
    known = SignatureCheck(field=name, reason=say("{field}: nothing could be read", field=name))
    steps = _judge(document, known, field)
    try:
        for step in steps:
            known = step
    except _FormatError as error:
        return _unreadable(known, error.message)
    except SignatureValidationError as error:
        word = getattr(error.ades_subindication, "name", "GENERIC")
        reason = say("{field}: {cause}", field=name, cause=_one_line(error))
        return _unreadable(known, reason, "FORMAT_FAILURE" if word == "GENERIC" else word)
    except Exception as error:  # noqa: BLE001 - a hostile file may provoke any exception; it is this signature's result
        cause = say(
            "{field}: a signature that can be read is expected, got {kind}: {cause}",
            field=name,
            kind=type(error).__name__,
            cause=_one_line(error),
        )
        return _unreadable(known, cause)
    return known


def _unreadable(known: SignatureCheck, reason: Message, sub_indication: str = "FORMAT_FAILURE") -> SignatureCheck:
    return replace(known, integrity="unreadable", trusted=None, level="none", sub_indication=sub_indication, reason=reason)


def _judge(document: _Document, known: SignatureCheck, field: generic.DictionaryObject) -> Iterator[SignatureCheck]:
    """Yield what is known after each step; the last one is the result."""
    embedded = EmbeddedPdfSignature(document.reader, field, known.field)
    _, _, second, length = _byte_range(embedded)
    known = replace(known, kind=_kind(known.field, embedded), capacity=_text(embedded, "/Reason"), range_end=second + length)
    yield known
    certificate = embedded.signer_cert
    known = replace(known, signer=_common_name(certificate), certificate_digest=str(digest_of(certificate.dump())))
    known = _with_claimed_time(embedded, known)
    yield known
    _require_format(embedded, is_timestamp=known.kind == "timestamp")
    known = _with_cryptography(document, embedded, known)
    yield known
    if known.integrity == "invalid":
        return
    known = _with_coverage(document, embedded, known)
    known = _with_changes(document, embedded, known)
    if known.integrity == "modified":
        yield known
        return
    yield run(_with_time_and_trust(document, embedded, known))


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


def _common_name(certificate: asn1_x509.Certificate) -> str:
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) else ", ".join(name)


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
                embedded.signed_data, _context_without_roots(document.at), embedded.compute_digest
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
        cause = _one_line(outcome)
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


@dataclass(frozen=True, slots=True)
class _Stamp:
    """One RFC 3161 time stamp that is intact and valid; `trusted` as in a check."""

    time: datetime
    trusted: bool | None


async def _with_time_and_trust(document: _Document, embedded: EmbeddedPdfSignature, known: SignatureCheck) -> SignatureCheck:
    if known.kind == "timestamp":
        return await _with_trust_of_timestamp(document, embedded, known)
    stamp = await _stamp_of(document, embedded)
    is_proven = stamp is not None and bool(stamp.trusted) and stamp.time <= document.at
    if stamp is not None and is_proven:
        known = replace(known, time=stamp.time, time_source="timestamp")
    trust = await _trust_of(
        document,
        embedded.signer_cert,
        embedded.other_embedded_certs,
        stamp.time if stamp is not None and is_proven else document.at,
        is_proven=is_proven,
        usage=_SIGNER_KEY_USAGE,
    )
    level = _level(document, embedded, has_stamp=stamp is not None)
    return replace(known, level=level, trusted=trust.trusted, sub_indication=trust.sub_indication, trust_reason=trust.reason)


async def _with_trust_of_timestamp(document: _Document, embedded: EmbeddedPdfSignature, known: SignatureCheck) -> SignatureCheck:
    usage = KeyUsageConstraints(extd_key_usage={"time_stamping"})
    others = embedded.other_embedded_certs
    trust = await _trust_of(document, embedded.signer_cert, others, document.at, is_proven=False, usage=usage)
    source: TimeSource = "timestamp" if trust.trusted else "claimed"
    return replace(
        known, time_source=source, trusted=trust.trusted, sub_indication=trust.sub_indication, trust_reason=trust.reason
    )


async def _stamp_of(document: _Document, embedded: EmbeddedPdfSignature) -> _Stamp | None:
    """Return the best time stamp over the signature value; a broken one is none, and the time is then only claimed."""
    best: _Stamp | None = None
    try:
        for token in generic_cms.extract_tst_data_iter(embedded.signer_info, signed=False):
            context = (
                _context_without_roots(document.at)
                if document.trust is None
                else validation_context(document.trust, at=document.at)
            )
            imprint = generic_cms.message_imprint_checker(embedded.signer_info)
            status = await generic_cms.validate_tst_signed_data(token, context, imprint)
            if status["intact"] and status["valid"]:
                trusted = None if document.trust is None else status["trust_problem_indic"] is None
                best = best if best is not None and best.trusted else _Stamp(status["timestamp"], trusted)
    except Exception:  # noqa: BLE001 - the token stands outside the signed attributes: a broken one proves no time, no more
        return best
    return best


def _context_without_roots(at: datetime) -> ValidationContext:
    """Return a context in which nothing is trusted: an empty list, since None would mean the system's own roots."""
    return ValidationContext(trust_roots=[], moment=at, allow_fetching=False)


async def _trust_of(
    document: _Document,
    certificate: asn1_x509.Certificate,
    others: Iterable[asn1_x509.Certificate],
    moment: datetime,
    *,
    is_proven: bool,
    usage: KeyUsageConstraints,
) -> _Trust:
    """Return whether the certificate led to a root at the moment; `is_proven` when a trusted time stamp gave the moment."""
    signer = _common_name(certificate)
    if document.trust is None:
        return _Trust(
            None, NO_CHAIN, say("{signer}: no trust roots were given, so nothing says whose key this is", signer=signer)
        )
    context = validation_context(document.trust, at=moment)
    if is_proven:
        context = _with_later_lists(context, moment)
    context.certificate_registry.register_multiple(others)
    try:
        await find_valid_path(certificate, context.path_builder.async_build_paths_lazy(certificate), validation_context=context)
        usage.validate(certificate)
    except (PathError, ValidationError) as error:
        word = _word_for(error, is_proven=is_proven)
        reason = say(
            "{signer}: a certificate that leads to a trust root on {moment} is expected, got {word}: {cause}",
            signer=signer,
            moment=moment.isoformat(),
            word=word,
            cause=_one_line(error),
        )
        return _Trust(trusted=False, sub_indication=word, reason=reason)
    return _Trust(
        trusted=True,
        sub_indication="",
        reason=say("{signer}: leads to a trust root on {moment}, not revoked", signer=signer, moment=moment.isoformat()),
    )


def _with_later_lists(context: ValidationContext, moment: datetime) -> ValidationContext:
    """Return the context with lists counted that were issued after the moment: what happened since is what they tell.

    A certificate that was revoked only after a proven time of signing was good when it signed.
    """
    return ValidationContext(
        trust_manager=context.path_builder.trust_manager,
        certificate_registry=context.certificate_registry,
        revinfo_manager=context.revinfo_manager,
        moment=moment,
        allow_fetching=False,
        revocation_mode="require",
        retroactive_revinfo=True,
    )


def _word_for(error: Exception, *, is_proven: bool) -> str:
    """Return the sub-indication of ETSI EN 319 102-1, table 6, for what stopped the path."""
    if isinstance(error, RevokedError):
        return "REVOKED" if is_proven else "REVOKED_NO_POE" if error.is_ee_cert else "REVOKED_CA_NO_POE"
    if isinstance(error, NotYetValidError):
        return "NOT_YET_VALID" if is_proven else "OUT_OF_BOUNDS_NO_POE"
    words: tuple[tuple[type[Exception], str], ...] = (
        (ExpiredError, "OUT_OF_BOUNDS_NO_POE"),
        (InsufficientRevinfoError, "TRY_LATER"),
        (DisallowedAlgorithmError, "CRYPTO_CONSTRAINTS_FAILURE"),
        (PathBuildingError, NO_CHAIN),
        (InvalidCertificateError, "CHAIN_CONSTRAINTS_FAILURE"),
    )
    return next((word for kind, word in words if isinstance(error, kind)), "CERTIFICATE_CHAIN_GENERAL_FAILURE")


def _level(document: _Document, embedded: EmbeddedPdfSignature, *, has_stamp: bool) -> Level:
    """Return the level of the format (ETSI EN 319 142-1, 6): what the file holds, not whether it is trusted.

    B-LT is said only when the store holds certificates and a revocation list by the issuer of the signer's certificate,
    or an OCSP response; B-LTA only when a document time stamp was added in the revision of that store or later.
    """
    attributes = embedded.signer_info["signed_attrs"]
    is_pades = embedded.sig_object.get("/SubFilter") == SigSeedSubFilter.PADES.value
    if not is_pades or generic_cms.get_signing_cert_attr(attributes) is None:
        return "none"
    if not has_stamp:
        return "B-B"
    material = document.validation_material
    issuer = embedded.signer_cert.issuer
    lists = (crl.CertificateList.load(content) for content in material.revocation_lists)
    if not material.certificates or not (material.responses or any(listed.issuer == issuer for listed in lists)):
        return "B-T"
    return "B-LTA" if document.has_archive_timestamp else "B-LT"


def _one_line(error: BaseException | SuspiciousModification) -> str:
    return " ".join(str(error).split())[:_LONGEST_CAUSE]
