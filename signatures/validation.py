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

What is shared by the signatures of one file is found out once: its revisions, the hash that runs over it
(`signatures.running_digest`), and what each revision did (`signatures.comparison`).
"""

import logging
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as value
from datetime import datetime
from typing import Literal, TypeAlias

from asn1crypto import core
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signatures.cms_format import FormatError, byte_range_of, require_format, require_own_form, require_sound_certificates
from signatures.comparison import COMPARISON_SECONDS_AT_MOST, Comparison, ComparisonTooLongError, Lock
from signatures.digests import digest_of
from signatures.errors import PdfUnreadableError, TrustError
from signatures.excerpts import common_name, one_line
from signatures.fields import SEAL_FIELD
from signatures.messages import Message, say
from signatures.reader import open_reader
from signatures.registry_fields import REGISTRY_SEAL_FIELD
from signatures.revisions import Revision, read_revisions
from signatures.running import run
from signatures.running_digest import RunningDigest
from signatures.steps import recognised_steps
from signatures.time_and_trust import (
    REVOKED,
    Level,
    Surroundings,
    TimeAndTrust,
    TimeSource,
    establish,
    gather_proofs,
    surroundings,
)
from signatures.trust import TrustAnchors, context_without_roots

# pyHanko reports each refusal to its logger as well; the results here say the same in their own words.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())

Kind: TypeAlias = Literal["signature", "seal", "timestamp"]
Integrity: TypeAlias = Literal["intact", "modified", "invalid", "unreadable"]
Outcome: TypeAlias = Literal["passed", "failed", "indeterminate"]

_FAILING = REVOKED | {"HASH_FAILURE", "SIG_CRYPTO_FAILURE", "NOT_YET_VALID"}
_RUNNING_ALGORITHMS = frozenset({"sha1", "sha224", "sha256", "sha384", "sha512", "md5"})
_FIELDS_AT_MOST = 500
_BYTES_AT_MOST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """What was found out about one filled signature field."""

    field: str
    kind: Kind = "signature"
    signer: str = ""
    certificate_digest: str = ""
    certificate: bytes = value(default=b"", repr=False)
    """The signer's certificate in DER; empty when it could not be read."""
    intact: bool = False
    valid: bool = False
    trusted: bool | None = None
    covers_revision_end: bool = False
    later_changes_allowed: bool = False
    integrity: Integrity = "unreadable"
    level: Level = "none"
    time: datetime | None = None
    time_source: TimeSource = "none"
    has_own_time: bool = False
    """Whether the time is that of a trusted time stamp over this very signature; an archive time stamp may come years later."""
    capacity: str = ""
    sub_indication: str = "FORMAT_FAILURE"
    reason: Message
    trust_reason: Message | None = None
    trust_root: str = ""
    """The common name of the root that the certificate led to; `trust_set` is the name under which the verifier has it."""
    trust_set: str = ""
    identity: str = ""
    """A word for how the network says that it knew the signatory: from evidence that a ledger entry binds."""
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
    checks = run(_with_time_and_trust(document, examined))
    return tuple(sorted(checks, key=lambda check: (check.range_end or len(pdf) + 1, check.field)))


@dataclass(frozen=True, slots=True)
class _Document:
    """One file, read once for all its signatures."""

    pdf: bytes
    reader: PdfFileReader
    revisions: tuple[Revision, ...]
    filled_fields: tuple[tuple[str, generic.DictionaryObject], ...]
    surroundings: Surroundings
    comparison: Comparison
    running: RunningDigest
    at: datetime
    is_own: bool


def _open_document(pdf: bytes, trust: TrustAnchors | None, at: datetime, *, is_own: bool) -> _Document:
    if len(pdf) > _BYTES_AT_MOST:
        raise PdfUnreadableError("at most {limit} bytes are read, got {count}", limit=_BYTES_AT_MOST, count=len(pdf))
    revisions = read_revisions(pdf)
    try:
        reader = open_reader(pdf, strict=is_own)
        fields = _in_order_of_signing(
            reader, [(str(name), _resolved(field)) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
        )
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
        surroundings=around,
        comparison=Comparison(
            reader=reader,
            steps=recognised_steps(pdf, reader, revisions[0].end) if revisions else (),
            last_signed_revision=max(signed_in, default=0),
            is_own=is_own,
            certification=_certification(fields[0][1]) if fields else None,
        ),
        running=RunningDigest(pdf),
        at=at,
        is_own=is_own,
    )


def _in_order_of_signing(
    reader: PdfFileReader, fields: Sequence[tuple[str, generic.DictionaryObject]]
) -> tuple[tuple[str, generic.DictionaryObject], ...]:
    return tuple(sorted(fields, key=lambda field: _revision_of_value(reader, field[1])))


def _certification(first: generic.DictionaryObject) -> MDPPerm | None:
    """Return the level of the certification under which everything was signed: that of the first signature, if it is one."""
    try:
        locks = [lock.get_object() for lock in first["/V"]["/Reference"]]
        levels = [lock["/TransformParams"].get("/P", 2) for lock in locks if lock["/TransformMethod"] == "/DocMDP"]
        return MDPPerm(levels[0]) if levels else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


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


async def _with_time_and_trust(document: _Document, examined: Sequence["_Examined"]) -> list[SignatureCheck]:
    """Find out fact 4 about each intact signature; whatever goes wrong is its result."""
    intact = [one.embedded for one in examined if one.check.integrity == "intact" and one.embedded is not None]
    try:
        proofs = await gather_proofs(document.surroundings, intact)
    except TrustError:
        raise
    except Exception as error:  # noqa: BLE001 - as in `_last_of`; which of them provoked it is not known
        return [_refused(one, error).check if one.check.integrity == "intact" else one.check for one in examined]
    checks = []
    for one in examined:
        if one.check.integrity != "intact" or one.embedded is None:
            checks.append(one.check)
            continue
        try:
            found = await establish(proofs, one.embedded)
            if document.is_own and found.trusted:
                require_sound_certificates(one.embedded, _known_certificates(document.surroundings.anchors))
        except Exception as error:  # noqa: BLE001 - as in `_last_of`
            checks.append(_refused(one, error).check)
        else:
            checks.append(_trusted(one.check, found))
    return checks


def _known_certificates(anchors: TrustAnchors | None) -> tuple[bytes, ...]:
    """Return the certificates, in DER, that the verifier brought along."""
    given = () if anchors is None else (*anchors.roots, *anchors.other_certificates)
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in given)


def _trusted(known: SignatureCheck, found: TimeAndTrust) -> SignatureCheck:
    if found.time is not None:
        known = replace(known, time=found.time, time_source="timestamp")
    return replace(
        known,
        level=found.level,
        trusted=found.trusted,
        sub_indication=found.sub_indication,
        trust_reason=found.reason,
        has_own_time=found.has_own_time,
        trust_root=found.root,
        trust_set=found.root_set,
    )


@dataclass(frozen=True, slots=True)
class _Examined:
    """What is known about a field, and its signature as pyHanko reads it, once it could be read."""

    check: SignatureCheck
    embedded: EmbeddedPdfSignature | None = None


def _last_of(known: _Examined, steps: Iterator[_Examined]) -> _Examined:
    """Return what was known after the last step, or that the signature cannot be read where a step raised."""
    try:
        for step in steps:
            known = step
    except Exception as error:  # noqa: BLE001 - a hostile file may provoke any exception; it is this signature's result
        return _refused(known, error)
    return known


def _refused(known: _Examined, error: Exception) -> _Examined:
    """Return the result of a signature that provoked this exception."""
    name = known.check.field
    if isinstance(error, FormatError):
        return _unreadable(known, error.message)
    if isinstance(error, ComparisonTooLongError):
        limit = COMPARISON_SECONDS_AT_MOST
        reason = say("{field}: what came after it could not be compared within {limit:g} seconds", field=name, limit=limit)
        return _unreadable(known, reason, "GENERIC")
    if isinstance(error, SignatureValidationError):
        word = getattr(error.ades_subindication, "name", "GENERIC")
        reason = say("{field}: {cause}", field=name, cause=one_line(error))
        return _unreadable(known, reason, "FORMAT_FAILURE" if word == "GENERIC" else word)
    cause = say(
        "{field}: a signature that can be read is expected, got {kind}: {cause}",
        field=name,
        kind=type(error).__name__,
        cause=one_line(error),
    )
    return _unreadable(known, cause)


def _unreadable(known: _Examined, reason: Message, sub_indication: str = "FORMAT_FAILURE") -> _Examined:
    check = replace(known.check, integrity="unreadable", trusted=None, level="none", sub_indication=sub_indication, reason=reason)
    return replace(known, check=check)


def _steps(document: _Document, known: SignatureCheck, field: generic.DictionaryObject) -> Iterator[_Examined]:
    """Yield what is known after each step; the last one is the result."""
    embedded = EmbeddedPdfSignature(document.reader, field, known.field)
    _, _, second, length = byte_range_of(embedded)
    known = replace(known, kind=_kind(known.field, embedded), capacity=_text(embedded, "/Reason"), range_end=second + length)
    yield _Examined(known, embedded)
    certificate = embedded.signer_cert
    content = certificate.dump()
    known = replace(known, signer=common_name(certificate), certificate=content, certificate_digest=str(digest_of(content)))
    known = _with_claimed_time(embedded, known)
    yield _Examined(known, embedded)
    require_format(embedded, document.pdf, is_timestamp=known.kind == "timestamp")
    if document.is_own:
        require_own_form(embedded)
    _digest_once(document, embedded)
    known = _with_cryptography(document, embedded, known)
    yield _Examined(known, embedded)
    if known.integrity == "invalid":
        return
    known = _with_coverage(document, embedded, known)
    known = _with_changes(document, embedded, known)
    yield _Examined(known, embedded)


def _kind(name: str, embedded: EmbeddedPdfSignature) -> Kind:
    """Return what the signature is: by its format a time stamp, by its place or its holder a seal, else a signature.

    A certificate with an organisation identifier belongs to a legal person (ETSI EN 319 412-3, 4.2.1).
    """
    is_timestamp = embedded.sig_object.get("/SubFilter") == SigSeedSubFilter.ETSI_RFC3161.value
    if is_timestamp or embedded.sig_object_type == "/DocTimeStamp":
        return "timestamp"
    if name == REGISTRY_SEAL_FIELD or (name == SEAL_FIELD and embedded.docmdp_level is not None):
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


def _digest_once(document: _Document, embedded: EmbeddedPdfSignature) -> None:
    """Put the digest where pyHanko looks for it; an unusual range or algorithm is left to pyHanko."""
    first, length, second, rest = byte_range_of(embedded)
    algorithm = embedded.external_md_algorithm
    if first == 0 and algorithm in _RUNNING_ALGORITHMS and length <= second and second + rest <= len(document.pdf):
        embedded.external_digests[algorithm] = document.running.of(algorithm, length, second, second + rest)


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
    first, length, second, _ = byte_range_of(embedded)
    gap = document.pdf[length:second]
    ends = _ends_a_revision(document, known.range_end)
    coverage = embedded.evaluate_signature_coverage()
    covers = (
        first == 0
        and ends
        and gap[:1] == b"<"
        and gap[-1:] == b">"
        and bytes.fromhex(gap[1:-1].decode("ascii")) == embedded.pkcs7_content
        and (not document.is_own or gap in {gap.lower(), gap.upper()})
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


def _ends_a_revision(document: _Document, end: int) -> bool:
    """Whether nothing but an end of line lies between this byte and the end of the revision in which it lies."""
    number = bisect_left(document.revisions, end, key=lambda revision: revision.end)
    if number == len(document.revisions) or end <= document.revisions[number].start:
        return False
    return not document.pdf[end : document.revisions[number].end].strip(b"\r\n")


def _with_changes(document: _Document, embedded: EmbeddedPdfSignature, known: SignatureCheck) -> SignatureCheck:
    if not known.covers_revision_end:
        return known
    lock = Lock(embedded.docmdp_level, embedded.fieldmdp)
    is_whole_file = known.range_end == len(document.pdf)
    outcome = None if is_whole_file else document.comparison.after(embedded.signed_revision, lock)
    if not isinstance(outcome, SuspiciousModification):
        return replace(known, later_changes_allowed=True)
    reason = say(
        "{field}: after it only expected signatures, validation data and time stamps are allowed, got: {cause}",
        field=known.field,
        cause=one_line(outcome),
    )
    return replace(known, integrity="modified", reason=reason)
