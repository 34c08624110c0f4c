"""Intact signatures + the file's validation data + trust -> when each was made, and whose key it is (ETSI EN 319 102-1, 5.6).

1. A trusted time stamp proves that what it covers existed by its time: a document time stamp (archive time stamp) all bytes
   before it, a signature's own time stamp that signature. A claimed time proves nothing.
2. Document time stamps are judged from the last to the first: the last as of the time of checking, each earlier one as of the
   time that a later, trusted one proves. One that is not trusted proves nothing, and is passed over.
3. A signature is judged as of the earliest proven time; without one as of the time of checking, so that an expired certificate is
   then OUT_OF_BOUNDS_NO_POE (5.2.6). It led to a root when every certificate below the root was within its time, and a revocation
   statement for it counts and does not name it, or only from a later time on.
4. A statement counts at a proven time when it was made for that time or later, but not after the certificate it speaks of had
   expired, unless it says that it keeps expired ones (RFC 5280, 3.3; X.509, 9.5.2.8). Its own signer may have expired or been
   revoked since: then it counts only if a trusted time stamp proves that it existed before, else NO_POE (5.6.2.1).
5. No statement that counts: TRY_LATER, never trusted.

Nothing is fetched: certificates and statements come from the file, from the evidence beside it, or from the verifier. What is
needed to judge as of one moment is built once for all signatures of the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SignedDataCerts, extract_certificate_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import find_valid_path
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
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import SimpleTrustManager

from signatures.excerpts import common_name, one_line
from signatures.messages import Message, say
from signatures.path_context import KnownCertificates, KnownStatements, PathContext
from signatures.revocation import Statement, statements_in
from signatures.security_store import SecurityStore, read_store
from signatures.trust import TrustAnchors, context_without_roots, for_asn1

Level: TypeAlias = Literal["B-B", "B-T", "B-LT", "B-LTA", "none"]
TimeSource: TypeAlias = Literal["timestamp", "claimed", "none"]

NO_CHAIN = "NO_CERTIFICATE_CHAIN_FOUND"
LEADS_NOWHERE = frozenset({NO_CHAIN, "CERTIFICATE_CHAIN_GENERAL_FAILURE", "CHAIN_CONSTRAINTS_FAILURE"})
"""The certificate is none that a given root stands for: no chain, or one whose signatures or rules do not hold."""
REVOKED = frozenset({"REVOKED", "REVOKED_NO_POE", "REVOKED_CA_NO_POE"})
_SIGNER_KEY_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
_TIMESTAMP_KEY_USAGE = KeyUsageConstraints(extd_key_usage={"time_stamping"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAndTrust:
    """When a signature was made, and whether its certificate led to a root at the right time."""

    level: Level = "none"
    time: datetime | None = None
    """What a trusted time stamp states; None when there is none, and the claimed time stays what is known."""
    has_own_time: bool = False
    """Whether that time stamp is the signature's own, made when it was; an archive time stamp may come years later."""
    trusted: bool | None
    """None: no roots were given, so nothing was looked at."""
    sub_indication: str
    reason: Message
    root: str = ""
    """The common name of the root that was reached."""
    root_set: str = ""
    """The named set in which the verifier has this root; empty when it is in none."""
    certificates: tuple[asn1_x509.Certificate, ...] = ()
    """Those from below the root to the signer's own, when it led there."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one file offers to all its signatures, read once, and the roots and the time by which they are judged."""

    anchors: TrustAnchors | None
    store: SecurityStore
    has_archive_timestamp: bool
    at: datetime


def surroundings(
    reader: PdfFileReader, trust: TrustAnchors | None, timestamp_revisions: Sequence[int], *, at: datetime
) -> Surroundings:
    """Read the document security store; `timestamp_revisions` are those in which a document time stamp was added."""
    store = read_store(reader)
    return Surroundings(
        anchors=trust if trust is not None and trust.roots else None,
        store=store,
        has_archive_timestamp=max(timestamp_revisions, default=-1) >= store.changed_in,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Proofs:
    """What proves, for one file, when things existed and whose certificates they are; made by `gather_proofs`."""

    file: Surroundings
    statements: tuple[Statement, ...]
    registry: KnownCertificates
    trust_manager: SimpleTrustManager
    last_stamped: int
    """The last revision that an intact document time stamp covers, trusted or not; -1 when there is none."""
    stamps: list[tuple[int, datetime]] = field(default_factory=list)
    """The trusted document time stamps: the last revision that each covers, and its time."""
    known: dict[frozenset[int], KnownStatements] = field(default_factory=dict)
    """By the statements that do not count."""
    contexts: dict[tuple[datetime, bool, frozenset[int]], PathContext] = field(default_factory=dict)
    """By the moment, whether it is proven, and the statements that do not count."""
    answers: dict[tuple[bytes, datetime | None, frozenset[int]], ValidationPath | Exception] = field(default_factory=dict)
    """By the certificate, the proven time, and the statements that do not count."""

    def proven(self, revision: int) -> datetime | None:
        """Return the earliest time at which this revision of the file provably existed; None when nothing proves any."""
        return min((time for covered, time in self.stamps if covered >= revision), default=None)

    def known_since(self, statement: Statement) -> datetime:
        """Return since when a statement provably existed: without proof, since the time of checking."""
        proven = None if statement.revision is None else self.proven(statement.revision)
        return self.file.at if proven is None else min(proven, self.file.at)

    async def path(
        self, certificate: asn1_x509.Certificate, proven: datetime | None, without: frozenset[int] = frozenset()
    ) -> ValidationPath:
        """Return the way from a root to this certificate, as of the proven time; what stops it is raised as pyHanko does."""
        key = (certificate.sha256, proven, without)
        if key not in self.answers:
            context = self._context(proven or self.file.at, without, is_proven=proven is not None)
            paths = context.path_builder.async_build_paths_lazy(certificate)
            try:
                self.answers[key] = await find_valid_path(certificate, paths, validation_context=context)
            except (PathError, ValidationError) as error:
                self.answers[key] = error
        answer = self.answers[key]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _context(self, moment: datetime, without: frozenset[int], *, is_proven: bool) -> PathContext:
        key = (moment, is_proven, without)
        if key not in self.contexts:
            if without not in self.known:
                counting = [one for number, one in enumerate(self.statements) if number not in without]
                self.known[without] = KnownStatements(self.registry, counting)
            self.contexts[key] = PathContext(
                self.trust_manager, self.registry, self.known[without], moment, counts_later_statements=is_proven
            )
        return self.contexts[key]


async def gather_proofs(file: Surroundings, signatures: Sequence[EmbeddedPdfSignature]) -> Proofs:
    """Return what the file proves, given its intact signatures and document time stamps; rule 2 of this module.

    A time stamp that raises proves nothing here; asked about itself it raises again.

    Raises:
        TrustError: a revocation statement that the verifier gave is no DER.
    """
    proofs = _open_proofs(file, signatures)
    if file.anchors is None:
        return proofs
    for embedded in sorted(signatures, key=lambda one: one.signed_revision, reverse=True):
        if _is_document_timestamp(embedded):
            try:
                found = await _establish_timestamp(proofs, embedded)
            except Exception:  # noqa: BLE001, S112 - whatever is wrong with it, it proves nothing
                continue
            if found.time is not None and found.time <= file.at:
                proofs.stamps.append((embedded.signed_revision, found.time))
    return proofs


def _open_proofs(file: Surroundings, signatures: Sequence[EmbeddedPdfSignature]) -> Proofs:
    anchors = file.anchors or TrustAnchors(())
    certificates = [for_asn1(one) for one in (*anchors.roots, *anchors.other_certificates)]
    statements = [*anchors.statements(), *file.store.statements]
    for embedded in signatures:
        for signed_data in _signed_data_of(embedded):
            try:
                certificates += [choice.chosen for choice in signed_data["certificates"] if choice.name == "certificate"]
                statements += statements_in(signed_data, embedded.signed_revision)
            except Exception:  # noqa: BLE001, S112 - asn1crypto raises what it likes; what cannot be read proves nothing
                continue
    return Proofs(
        file=file,
        statements=tuple(statements),
        registry=KnownCertificates([*certificates, *file.store.certificates]),
        last_stamped=max((one.signed_revision for one in signatures if _is_document_timestamp(one)), default=-1),
        trust_manager=SimpleTrustManager.build(trust_roots=[for_asn1(root) for root in anchors.roots]),
    )


def _signed_data_of(embedded: EmbeddedPdfSignature) -> Iterator[cms.SignedData]:
    """Yield a signature's own CMS and those of its time stamps, as far as they can be read."""
    yield embedded.signed_data
    try:
        yield from generic_cms.extract_tst_data_iter(embedded.signer_info, signed=False)
    except Exception:  # noqa: BLE001 - a broken time stamp brings nothing along
        return


def _is_document_timestamp(embedded: EmbeddedPdfSignature) -> bool:
    is_token = embedded.sig_object.get("/SubFilter") == SigSeedSubFilter.ETSI_RFC3161.value
    return is_token or embedded.sig_object_type == "/DocTimeStamp"


async def establish(proofs: Proofs, embedded: EmbeddedPdfSignature) -> TimeAndTrust:
    """Return when an intact signature was made and whether its certificate led to a root; whatever pyHanko raises escapes."""
    if _is_document_timestamp(embedded):
        return await _establish_timestamp(proofs, embedded)
    archived = proofs.proven(embedded.signed_revision + 1)
    has_stamp, stamped = await _stamp_of(proofs, embedded, archived)
    proven = min((time for time in (archived, stamped) if time is not None), default=None)
    certificates = SignedDataCerts(embedded.signer_cert, list(embedded.other_embedded_certs), [])
    trust = await _trust_of(proofs, certificates, proven, _SIGNER_KEY_USAGE)
    has_stamp = has_stamp or embedded.signed_revision < proofs.last_stamped
    level = _level(proofs.file, embedded, has_stamp=has_stamp)
    return replace(trust, level=level, time=proven, has_own_time=stamped is not None)


async def _establish_timestamp(proofs: Proofs, embedded: EmbeddedPdfSignature) -> TimeAndTrust:
    certificates = SignedDataCerts(embedded.signer_cert, list(embedded.other_embedded_certs), [])
    proven = proofs.proven(embedded.signed_revision + 1)
    trust = await _trust_of(proofs, certificates, proven, _TIMESTAMP_KEY_USAGE)
    return replace(trust, time=_stated_time(embedded.signed_data) if trust.trusted else None)


def _stated_time(signed_data: cms.SignedData) -> datetime:
    stated = signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    assert isinstance(stated, datetime)
    return stated


async def _stamp_of(proofs: Proofs, embedded: EmbeddedPdfSignature, archived: datetime | None) -> tuple[bool, datetime | None]:
    """Return whether a sound time stamp lies over the signature value, and the earliest time of a trusted one.

    A broken one is none: it stands outside the signed attributes, and proves no time, no more.
    """
    has_stamp, earliest = False, None
    try:
        for token in generic_cms.extract_tst_data_iter(embedded.signer_info, signed=False):
            imprint = generic_cms.message_imprint_checker(embedded.signer_info)
            status = await generic_cms.validate_tst_signed_data(token, context_without_roots(proofs.file.at), imprint)
            if not (status["intact"] and status["valid"]):
                continue
            has_stamp = True
            trust = await _trust_of(proofs, extract_certificate_info(token), archived, _TIMESTAMP_KEY_USAGE)
            stated = _stated_time(token)
            if trust.trusted and stated <= (archived or proofs.file.at):
                earliest = min(earliest or stated, stated)
    except Exception:  # noqa: BLE001 - see above
        return has_stamp, earliest
    return has_stamp, earliest


async def _trust_of(
    proofs: Proofs, certificates: SignedDataCerts, proven: datetime | None, usage: KeyUsageConstraints
) -> TimeAndTrust:
    """Return whether the signer's certificate led to a root, as of the proven time or else the time of checking."""
    signer = common_name(certificates.signer_cert)
    if proofs.file.anchors is None:
        reason = say("{signer}: no trust roots were given, so nothing says whose key this is", signer=signer)
        return TimeAndTrust(trusted=None, sub_indication=NO_CHAIN, reason=reason)
    moment = (proven or proofs.file.at).isoformat()
    try:
        path = await proofs.path(certificates.signer_cert, proven)
        usage.validate(certificates.signer_cert)
    except (PathError, ValidationError) as error:
        return _untrusted(signer, moment, _word_for(error, is_proven=proven is not None), error)
    try:
        if proven is not None and (weak := await _weak_statements(proofs, path)):
            path = await proofs.path(certificates.signer_cert, proven, weak)
    except (PathError, ValidationError) as error:
        word = "NO_POE" if isinstance(error, InsufficientRevinfoError) else _word_for(error, is_proven=True)
        return _untrusted(signer, moment, word, error)
    return _trusted(proofs.file.anchors, signer, moment, path)


async def _weak_statements(proofs: Proofs, path: ValidationPath) -> frozenset[int]:
    """Return the numbers of the statements about this path's certificates that do not count as of a proven time; rule 4."""
    weak: set[int] = set()
    ends = proofs.file.at  # until when the issuer at hand could speak; a root always can
    for certificate in path.iter_certs(include_root=False):
        for number, statement in enumerate(proofs.statements):
            if not statement.is_about(certificate):
                continue
            too_late = statement.issued > certificate.not_valid_after and not statement.tells_of_expired()
            own_end = min([ends, *(responder.not_valid_after for responder in statement.responders())])
            if too_late or (own_end < proofs.file.at and proofs.known_since(statement) > own_end):
                weak.add(number)
        ends = min(ends, await _end_of(proofs, certificate))
    return frozenset(weak)


async def _end_of(proofs: Proofs, certificate: asn1_x509.Certificate) -> datetime:
    """Return until when a certificate counted, as known at the time of checking: it expired, or was revoked before."""
    expires: datetime = certificate.not_valid_after
    if certificate.ca:
        try:
            await proofs.path(certificate, None)
        except RevokedError as error:
            return min(expires, error.revocation_dt)
        except (PathError, ValidationError):
            return expires
    return expires


def _trusted(anchors: TrustAnchors, signer: str, moment: str, path: ValidationPath) -> TimeAndTrust:
    root = path.first
    named = x509.load_der_x509_certificate(root.dump())
    root_set = anchors.set_of(named)
    words = {"signer": signer, "root": common_name(root), "moment": moment}
    reason = (
        say("{signer}: leads to trust root {root} of {set} on {moment}, not revoked", set=root_set, **words)
        if root_set
        else say("{signer}: leads to trust root {root} on {moment}, not revoked", **words)
    )
    certificates = tuple(path.iter_certs(include_root=False))
    return TimeAndTrust(
        trusted=True, sub_indication="", reason=reason, root=common_name(root), root_set=root_set, certificates=certificates
    )


def _untrusted(signer: str, moment: str, word: str, error: Exception) -> TimeAndTrust:
    reason = say(
        "{signer}: a certificate that leads to a trust root on {moment} is expected, got {word}: {cause}",
        signer=signer,
        moment=moment,
        word=word,
        cause=one_line(error),
    )
    return TimeAndTrust(trusted=False, sub_indication=word, reason=reason)


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


def _level(file: Surroundings, embedded: EmbeddedPdfSignature, *, has_stamp: bool) -> Level:
    """Return the level of the format (ETSI EN 319 142-1, 6): what the file holds, not whether it is trusted.

    B-LT is said only when the store holds certificates and a revocation list by the issuer of the signer's certificate,
    or an OCSP response about it; B-LTA only when a document time stamp was added in the revision of that store or later.
    """
    attributes = embedded.signer_info["signed_attrs"]
    is_pades = embedded.sig_object.get("/SubFilter") == SigSeedSubFilter.PADES.value
    if not is_pades or generic_cms.get_signing_cert_attr(attributes) is None:
        return "none"
    if not has_stamp:
        return "B-B"
    told = any(statement.is_about(embedded.signer_cert) for statement in file.store.statements)
    if not file.store.certificates or not told:
        return "B-T"
    return "B-LTA" if file.has_archive_timestamp else "B-LT"
