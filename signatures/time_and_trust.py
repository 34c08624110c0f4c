"""One signature that is intact + the file's validation data + trust -> when it was made, and whose key it is.

The right time is that of a trusted RFC 3161 time stamp over the signature; without one it is the time of checking, since
a claimed time proves nothing: an expired certificate is then OUT_OF_BOUNDS_NO_POE (ETSI EN 319 102-1, 5.2.6).

Nothing is fetched: certificates and revocation data come from the file, from the evidence beside it, or from the verifier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from asn1crypto import crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
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

from signatures.excerpts import common_name, one_line
from signatures.messages import Message, say
from signatures.trust import TrustAnchors, context_without_roots, validation_context

Level: TypeAlias = Literal["B-B", "B-T", "B-LT", "B-LTA", "none"]
TimeSource: TypeAlias = Literal["timestamp", "claimed", "none"]

NO_CHAIN = "NO_CERTIFICATE_CHAIN_FOUND"
LEADS_NOWHERE = frozenset({NO_CHAIN, "CERTIFICATE_CHAIN_GENERAL_FAILURE", "CHAIN_CONSTRAINTS_FAILURE"})
"""The certificate is none that a given root stands for: no chain, or one whose signatures or rules do not hold."""
REVOKED = frozenset({"REVOKED", "REVOKED_NO_POE", "REVOKED_CA_NO_POE"})
_SIGNER_KEY_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAndTrust:
    """When a signature was made, and whether its certificate led to a root at the right time."""

    level: Level = "none"
    time: datetime | None = None
    """The proven time; None when nothing proves one, and the claimed time stays what is known."""
    trusted: bool | None
    """None: no roots were given, so nothing was looked at."""
    sub_indication: str
    reason: Message


@dataclass(frozen=True, slots=True)
class ValidationMaterial:
    """What the file's document security store holds (ETSI EN 319 142-1, 5.4.2)."""

    certificates: tuple[asn1_x509.Certificate, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    responses: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one file offers to all its signatures, read once, and the roots and the time by which they are judged."""

    anchors: TrustAnchors | None
    material: ValidationMaterial
    has_archive_timestamp: bool
    at: datetime


def surroundings(
    reader: PdfFileReader, trust: TrustAnchors | None, timestamp_revisions: Sequence[int], *, at: datetime
) -> Surroundings:
    """Read the document security store; `timestamp_revisions` are those in which a document time stamp was added."""
    material = _read_validation_material(reader)
    return Surroundings(
        anchors=_with_material(trust, material),
        material=material,
        has_archive_timestamp=max(timestamp_revisions, default=-1) >= _revision_of_store(reader),
        at=at,
    )


def _revision_of_store(reader: PdfFileReader) -> int:
    """Return the revision that last changed the document security store; 0 when the store is part of the catalog."""
    store = reader.root.raw_get("/DSS") if "/DSS" in reader.root else None
    return int(reader.xrefs.get_last_change(store.reference)) if isinstance(store, generic.IndirectObject) else 0


def _read_validation_material(reader: PdfFileReader) -> ValidationMaterial:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return ValidationMaterial()
    except Exception:  # noqa: BLE001 - a broken store is no evidence; what it may hide is judged by the changes it made
        return ValidationMaterial()
    return ValidationMaterial(
        certificates=tuple(store.load_certs()),
        revocation_lists=tuple(_content_of(reference) for reference in store.crls),
        responses=len(store.ocsps),
    )


def _content_of(reference: generic.IndirectObject) -> bytes:
    stream = reference.reference.get_object()
    return bytes(stream.data) if isinstance(stream, generic.StreamObject) else b""


def _with_material(trust: TrustAnchors | None, material: ValidationMaterial) -> TrustAnchors | None:
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


@dataclass(frozen=True, slots=True)
class _Stamp:
    """One RFC 3161 time stamp that is intact and valid; `trusted` as in a check."""

    time: datetime
    trusted: bool | None


async def establish(file: Surroundings, embedded: EmbeddedPdfSignature, *, is_timestamp: bool) -> TimeAndTrust:
    """Return when an intact signature was made and whether its certificate led to a root; whatever pyHanko raises escapes."""
    if is_timestamp:
        return await _establish_timestamp(file, embedded)
    stamp = await _stamp_of(file, embedded)
    proven = stamp.time if stamp is not None and stamp.trusted and stamp.time <= file.at else None
    trust = await _trust_of(
        file,
        embedded.signer_cert,
        embedded.other_embedded_certs,
        proven or file.at,
        is_proven=proven is not None,
        usage=_SIGNER_KEY_USAGE,
    )
    return replace(trust, level=_level(file, embedded, has_stamp=stamp is not None), time=proven)


async def _establish_timestamp(file: Surroundings, embedded: EmbeddedPdfSignature) -> TimeAndTrust:
    usage = KeyUsageConstraints(extd_key_usage={"time_stamping"})
    others = embedded.other_embedded_certs
    trust = await _trust_of(file, embedded.signer_cert, others, file.at, is_proven=False, usage=usage)
    stated = embedded.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return replace(trust, time=stated if trust.trusted else None)


async def _stamp_of(file: Surroundings, embedded: EmbeddedPdfSignature) -> _Stamp | None:
    """Return the best time stamp over the signature value; a broken one is none, and the time is then only claimed."""
    best: _Stamp | None = None
    try:
        for token in generic_cms.extract_tst_data_iter(embedded.signer_info, signed=False):
            context = context_without_roots(file.at) if file.anchors is None else validation_context(file.anchors, at=file.at)
            imprint = generic_cms.message_imprint_checker(embedded.signer_info)
            status = await generic_cms.validate_tst_signed_data(token, context, imprint)
            if status["intact"] and status["valid"]:
                trusted = None if file.anchors is None else status["trust_problem_indic"] is None
                best = best if best is not None and best.trusted else _Stamp(status["timestamp"], trusted)
    except Exception:  # noqa: BLE001 - the token stands outside the signed attributes: a broken one proves no time, no more
        return best
    return best


async def _trust_of(
    file: Surroundings,
    certificate: asn1_x509.Certificate,
    others: Iterable[asn1_x509.Certificate],
    moment: datetime,
    *,
    is_proven: bool,
    usage: KeyUsageConstraints,
) -> TimeAndTrust:
    """Return whether the certificate led to a root at the moment; `is_proven` when a trusted time stamp gave the moment."""
    signer = common_name(certificate)
    if file.anchors is None:
        reason = say("{signer}: no trust roots were given, so nothing says whose key this is", signer=signer)
        return TimeAndTrust(trusted=None, sub_indication=NO_CHAIN, reason=reason)
    context = validation_context(file.anchors, at=moment)
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
            cause=one_line(error),
        )
        return TimeAndTrust(trusted=False, sub_indication=word, reason=reason)
    return TimeAndTrust(
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


def _level(file: Surroundings, embedded: EmbeddedPdfSignature, *, has_stamp: bool) -> Level:
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
    material = file.material
    issuer = embedded.signer_cert.issuer
    lists = (crl.CertificateList.load(content) for content in material.revocation_lists)
    if not material.certificates or not (material.responses or any(listed.issuer == issuer for listed in lists)):
        return "B-T"
    return "B-LTA" if file.has_archive_timestamp else "B-LT"
