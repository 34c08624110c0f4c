"""Extending a signed PDF so that it can still be verified after its certificates have expired (B-LT and B-LTA), and again.

1. Only a document whose signatures are all intact and lead to a root is extended: what cannot be proven today cannot be tomorrow.
2. Validation data: for every certificate below a root, those of the time stamps too, the certificate and its issuer's word on
   revocation: one given, one in the file, or one fetched. What an earlier archive time stamp already settled is not asked again.
3. An archive time stamp over all of it, in a revision of its own.
4. It is renewed from a year before it weakens on, or when half of its time has passed where that is later: it weakens when a
   certificate of its authority expires or an algorithm of its chain ends. Renewal is steps 2 and 3 again.
5. The result is validated by what it holds alone, as of its new time stamp. Nothing less is returned.

SHA-2 and SHA-3 have no end here; SHA-1 and MD5 are over; RSA keys below 3072 bits end with 2030 (NIST SP 800-57 part 1, table 4).
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SignedDataCerts, extract_certificate_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.errors import PathBuildingError
from pyhanko_certvalidator.registry import PathBuilder, SimpleTrustManager

from signatures.errors import SignaturesError
from signatures.fetching import Fetch, fetch_statement
from signatures.longterm_revisions import write_archive_timestamp, write_validation_data
from signatures.path_context import KnownCertificates
from signatures.reader import open_reader
from signatures.revisions import findings
from signatures.revocation import Statement
from signatures.running import run
from signatures.security_store import read_store
from signatures.timestamps import TimestampService
from signatures.trust import TrustAnchors, for_asn1
from signatures.validation import SignatureCheck, validate_signatures

RENEWED_BEFORE_END = timedelta(days=365)
_ENDED = datetime(2010, 1, 1, tzinfo=UTC)
_END_OF_SHORT_RSA = datetime(2030, 12, 31, tzinfo=UTC)
_RSA_BITS_WITHOUT_END = 3072
_ENDED_DIGESTS = frozenset({"md2", "md5", "sha1"})


class LongTermError(SignaturesError):
    """A document cannot be extended; nothing was written."""


@dataclass(frozen=True, slots=True)
class Extended:
    """A document with an archive time stamp that stands: the very bytes that came in, unless `is_new`."""

    pdf: bytes
    field: str
    stamped_at: datetime
    weakens_at: datetime
    """When the archive time stamp loses its strength."""
    is_new: bool

    @property
    def renewed_from(self) -> datetime:
        """From when on the archive time stamp is renewed; rule 4."""
        return self.weakens_at - min(RENEWED_BEFORE_END, (self.weakens_at - self.stamped_at) / 2)


def extend(
    pdf: bytes, anchors: TrustAnchors, timestamps: TimestampService, *, at: datetime, fetch: Fetch | None, is_own: bool
) -> Extended:
    """Return the document with validation data and an archive time stamp; the same document while the one it has is strong.

    Args:
        pdf: a document with signatures.
        anchors: the roots of the signatories' and of the time stamps' authorities, and statements at hand.
        timestamps: the service.
        at: the time of asking.
        fetch: how to ask an issuer; None: only what is given and what the file holds is taken.
        is_own: whether the document was made here, so that it is read strictly.

    Raises:
        PdfUnreadableError: the document cannot be read, or not be written to.
        LongTermError: a signature is not intact or not trusted.
        FetchError: an issuer's word on revocation cannot be had.
        TimestampError: the service gave no token.
    """
    checks = validate_signatures(pdf, anchors, at=at, strict=is_own)
    _require_intact(pdf, checks, is_own=is_own)
    own = _OwnMaterial.read(pdf, anchors, is_own=is_own)
    settled = _settled_fields(pdf, anchors, checks, is_own=is_own)
    last = checks[-1]
    if settled == {check.field for check in checks} and last.kind == "timestamp" and last.time is not None:
        standing = Extended(pdf, last.field, last.time, own.weakens_at(own.signatures[last.field].signer_cert), is_new=False)
        if at < standing.renewed_from and last.range_end >= len(pdf.rstrip(b"\r\n")):
            return standing
        settled -= {last.field}
    authority = extract_certificate_info(timestamps.trial_token()["content"])
    own.registry.register_multiple([authority.signer_cert, *authority.other_certs])
    subjects = [*own.subjects(without=settled), authority.signer_cert]
    certificates, statements = _collect(own, subjects, anchors.statements(), fetch, at)
    with_data = write_validation_data(
        pdf,
        certificates=[certificate.dump() for certificate in certificates],
        lists=[statement.content for statement in statements if statement.is_list],
        responses=[statement.content for statement in statements if not statement.is_list],
        is_own=is_own,
    )
    extended = write_archive_timestamp(with_data, timestamps, is_own=is_own)
    field, stamped_at = _require_lasting(extended, anchors, at=at, is_own=is_own)
    return Extended(extended, field, stamped_at, own.weakens_at(authority.signer_cert), is_new=True)


def _require_intact(pdf: bytes, checks: tuple[SignatureCheck, ...], *, is_own: bool) -> None:
    if not checks:
        raise LongTermError("a document with signatures is expected, this one has none: there is nothing to preserve")
    for check in checks:
        if check.integrity != "intact":
            raise LongTermError("{field} is not intact: {reason}; nothing was written", field=check.field, reason=check.reason)
    for finding in findings(pdf, after=0 if is_own else min(check.range_end for check in checks)):
        raise LongTermError("the file is not a sound chain of revisions: {finding}; nothing was written", finding=finding)


def _settled_fields(pdf: bytes, anchors: TrustAnchors, checks: tuple[SignatureCheck, ...], *, is_own: bool) -> set[str]:
    """Return the fields that the file itself proves as of its last trusted archive time stamp, that time stamp among them."""
    stamps = [check for check in checks if check.kind == "timestamp" and check.time is not None]
    if not stamps:
        return set()
    last = stamps[-1]
    assert last.time is not None
    alone = validate_signatures(pdf, _roots_of(anchors), at=last.time, strict=is_own)
    return {check.field for check in alone if check.trusted and check.range_end <= last.range_end}


def _roots_of(anchors: TrustAnchors) -> TrustAnchors:
    return TrustAnchors(anchors.roots, root_sets=anchors.root_sets)


def _require_lasting(extended: bytes, anchors: TrustAnchors, *, at: datetime, is_own: bool) -> tuple[str, datetime]:
    """Return field and time of the new time stamp, after everything was validated by what the file holds; rule 5."""
    stamp = validate_signatures(extended, None, at=at, strict=is_own)[-1]
    stamped_at = stamp.time
    assert stamped_at is not None
    for check in validate_signatures(extended, _roots_of(anchors), at=max(at, stamped_at), strict=is_own):
        if not (check.integrity == "intact" and check.trusted):
            reason = check.reason if check.integrity != "intact" or check.trust_reason is None else check.trust_reason
            raise LongTermError("{field} cannot be made to last: {reason}; nothing was written", field=check.field, reason=reason)
    return stamp.field, stamped_at


@dataclass(frozen=True, slots=True)
class _OwnMaterial:
    """The signatures of a document by their fields, every certificate at hand, and what its store says already."""

    signatures: dict[str, EmbeddedPdfSignature]
    registry: KnownCertificates
    builder: PathBuilder
    statements: tuple[Statement, ...]

    @classmethod
    def read(cls, pdf: bytes, anchors: TrustAnchors, *, is_own: bool) -> "_OwnMaterial":
        reader = open_reader(pdf, strict=is_own)
        fields = [(str(name), field) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
        signatures = {name: EmbeddedPdfSignature(reader, field.get_object(), name) for name, field in fields}
        store = read_store(reader)
        registry = KnownCertificates([*map(for_asn1, (*anchors.roots, *anchors.other_certificates)), *store.certificates])
        for embedded in signatures.values():
            for found in _signers_of(embedded):
                registry.register_multiple([found.signer_cert, *found.other_certs])
        roots = SimpleTrustManager.build(trust_roots=[for_asn1(root) for root in anchors.roots])
        return cls(signatures, registry, PathBuilder(roots, registry), store.statements)

    def subjects(self, *, without: set[str]) -> Iterator[asn1_x509.Certificate]:
        """Yield whose word has to last: the signers of all but some fields, and those of their time stamps."""
        for field, embedded in self.signatures.items():
            if field not in without:
                yield from (found.signer_cert for found in _signers_of(embedded))

    def chain(self, certificate: asn1_x509.Certificate) -> list[asn1_x509.Certificate]:
        """Return one way from a root to the certificate, the root first; not validated."""
        return run(self._first_path(certificate))

    async def _first_path(self, certificate: asn1_x509.Certificate) -> list[asn1_x509.Certificate]:
        paths = self.builder.async_build_paths_lazy(certificate)
        try:
            with suppress(PathBuildingError):
                async for path in paths:
                    return list(path.iter_certs(include_root=True))
        finally:
            await paths.cancel()
        raise LongTermError(
            "{holder}: none of the trust roots leads there; give the root of its authority; nothing was written",
            holder=certificate.subject.human_friendly,
        )

    def weakens_at(self, certificate: asn1_x509.Certificate) -> datetime:
        """Return when a time stamp with this signer weakens: the earliest end in its chain; rule 4."""
        return min(end_of(one) for one in self.chain(certificate)[1:] or [certificate])


def _signers_of(embedded: EmbeddedPdfSignature) -> Iterator[SignedDataCerts]:
    """Yield the certificates of a signature, then of its time stamps; a time stamp that cannot be read proves nothing."""
    yield SignedDataCerts(embedded.signer_cert, list(embedded.other_embedded_certs), [])
    try:
        for token in generic_cms.extract_tst_data_iter(embedded.signer_info, signed=False):
            yield extract_certificate_info(token)
    except Exception:  # noqa: BLE001 - asn1crypto and pyHanko raise what they like
        return


def end_of(certificate: asn1_x509.Certificate) -> datetime:
    """Return when a signature of this certificate's key, or the one on it, weakens; rule 4."""
    expires: datetime = certificate.not_valid_after
    key = certificate.public_key
    if certificate.signature_algo in {"rsassa_pkcs1v15", "ecdsa"} and certificate.hash_algo in _ENDED_DIGESTS:
        return _ENDED
    return min(expires, _END_OF_SHORT_RSA) if key.algorithm == "rsa" and key.bit_size < _RSA_BITS_WITHOUT_END else expires


def _collect(
    own: _OwnMaterial,
    subjects: Iterable[asn1_x509.Certificate],
    given: tuple[Statement, ...],
    fetch: Fetch | None,
    at: datetime,
) -> tuple[list[asn1_x509.Certificate], list[Statement]]:
    """Return every certificate below a root on the way to the subjects, and what is said about each; rule 2."""
    certificates: dict[bytes, asn1_x509.Certificate] = {}
    statements: list[Statement] = []
    waiting = list(subjects)
    while waiting:
        chain = own.chain(waiting.pop())
        for issuer, certificate in pairwise(chain):
            if certificate.sha256 in certificates:
                continue
            certificates[certificate.sha256] = certificate
            told = _statements_about(own, certificate, issuer, (*given, *statements), fetch, at)
            statements += told
            for statement in told:
                own.registry.register_multiple(statement.responders())
                waiting += statement.responders()
    return list(certificates.values()), statements


def _statements_about(
    own: _OwnMaterial,
    certificate: asn1_x509.Certificate,
    issuer: asn1_x509.Certificate,
    given: tuple[Statement, ...],
    fetch: Fetch | None,
    at: datetime,
) -> list[Statement]:
    """Return a statement that holds today; for an expired certificate all that are at hand, since nobody need speak of it now."""
    if certificate.ocsp_no_check_value is not None:  # RFC 6960, 4.2.2.2.1: nothing is said about such a responder
        return []
    at_hand = [one for one in given if one.is_about(certificate)]
    if certificate.not_valid_after < at:
        return [*at_hand, *(one for one in own.statements if one.is_about(certificate))]
    if current := [one for one in at_hand if one.holds_at(at)]:
        return [max(current, key=lambda one: one.issued)]
    if fetch is None:
        raise LongTermError(
            "{holder}: no revocation list that holds today was given; nothing was written",
            holder=certificate.subject.human_friendly,
        )
    try:
        subject, authority = (x509.load_der_x509_certificate(one.dump()) for one in (certificate, issuer))
    except ValueError as error:
        raise LongTermError(
            "{holder}: a certificate that follows RFC 5280 is expected, got another: {cause}; nothing was written",
            holder=certificate.subject.human_friendly,
            cause=error,
        ) from error
    return [fetch_statement(subject, authority, fetch)]
