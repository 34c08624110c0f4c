"""Revocation statements: what an issuer says about which of its certificates no longer count.

A statement is a revocation list (RFC 5280, 5) or an OCSP response (RFC 6960, 4.2). Reading one proves nothing; whether its signer
may make it is checked where a path is built.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from asn1crypto import cms, crl, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509 import ocsp as read_ocsp

from signatures.errors import TrustError

_EXPIRED_CERTIFICATES_ON_LIST = "2.5.29.60"  # X.509, 9.5.2.8
_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"  # RFC 6960, 4.4.4

Parsed: TypeAlias = crl.CertificateList | ocsp.OCSPResponse


@dataclass(frozen=True, slots=True)
class Statement:
    """One revocation list or OCSP response in DER, and the revision of the file that brought it; None: it came from outside."""

    content: bytes
    parsed: Parsed
    revision: int | None = None

    @property
    def issued(self) -> datetime:
        """When the statement was made (thisUpdate)."""
        issued = self._single["this_update"].native if self._single is not None else self._list["this_update"].native
        assert isinstance(issued, datetime)
        return issued

    def holds_at(self, moment: datetime) -> bool:
        """Whether the moment lies between this statement and the next that it announces; it does not when none is announced."""
        following = self._single["next_update"].native if self._single is not None else self._list["next_update"].native
        return following is not None and self.issued <= moment <= following

    @property
    def is_list(self) -> bool:
        """Whether it is a revocation list."""
        return isinstance(self.parsed, crl.CertificateList)

    def is_about(self, certificate: asn1_x509.Certificate) -> bool:
        """Whether this speaks of the certificate: a list of its issuer, or a response with its number."""
        if self._single is None:
            return bool(self._list["issuer"] == certificate.issuer)
        return bool(self._single["cert_id"]["serial_number"].native == certificate.serial_number)

    def responders(self) -> Iterator[asn1_x509.Certificate]:
        """The certificates that a response brings along for its signer; none for a list."""
        if isinstance(self.parsed, ocsp.OCSPResponse):
            yield from self.parsed.basic_ocsp_response["certs"] or ()

    def tells_of_expired(self) -> bool:
        """Whether the statement promises to speak of expired certificates too; else those may have been dropped from it."""
        extensions = self._single["single_extensions"] if self._single is not None else self._list["crl_extensions"]
        own = {extension["extn_id"].dotted for extension in extensions or ()}
        return bool(own & {_EXPIRED_CERTIFICATES_ON_LIST, _ARCHIVE_CUTOFF})

    @property
    def _list(self) -> crl.TbsCertList:
        return self.parsed["tbs_cert_list"]

    @property
    def _single(self) -> ocsp.SingleResponse | None:
        return self.parsed.response_data["responses"][0] if isinstance(self.parsed, ocsp.OCSPResponse) else None


def read_list(content: bytes, revision: int | None = None) -> Statement:
    """Return a revocation list from its DER bytes.

    Raises:
        TrustError: they are none.
    """
    try:
        x509.load_der_x509_crl(content)  # reads all of it; asn1crypto reads a part when somebody asks for it
        return Statement(content, crl.CertificateList.load(content, strict=True), revision)
    except ValueError as error:
        raise TrustError("a revocation list in DER is expected, got something else") from error


def read_response(content: bytes, revision: int | None = None) -> Statement:
    """Return an OCSP response from its DER bytes.

    Raises:
        TrustError: they are none, or it holds no answer.
    """
    try:
        found = read_ocsp.load_der_ocsp_response(content)
        if found.response_status is not read_ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise TrustError("an OCSP response with an answer is expected, got {status}", status=found.response_status.name)
        next(iter(found.responses))
        return Statement(content, ocsp.OCSPResponse.load(content, strict=True), revision)
    except (ValueError, StopIteration) as error:
        raise TrustError("an OCSP response in DER is expected, got something else") from error


def readable(read: Callable[[bytes, int | None], Statement], content: bytes, revision: int | None) -> Iterator[Statement]:
    """Yield the statement if it can be read; one of a file's own that cannot be read proves nothing, and harms nothing."""
    try:
        yield read(content, revision)
    except TrustError:
        return


def statements_in(signed_data: cms.SignedData, revision: int) -> Iterator[Statement]:
    """Yield what a CMS brings along: in its own list (RFC 5652, 10.2.1), or as Adobe's attribute (ISO 32000-2, 12.8.3.3.2).

    What cannot be read is left out: it proves nothing.
    """
    for choice in signed_data["crls"] or ():
        if choice.name == "crl":
            yield from readable(read_list, choice.chosen.untag().dump(), revision)
        elif choice.chosen["other_rev_info_format"].native == "ocsp_response":
            yield from readable(read_response, choice.chosen["other_rev_info"].dump(), revision)
    for signer in signed_data["signer_infos"]:
        for attribute in signer["signed_attrs"] or ():
            if attribute["type"].native == "adobe_revocation_info_archival":
                archived = attribute["values"][0]
                for one in archived["crl"] or ():
                    yield from readable(read_list, one.dump(), revision)
                for one in archived["ocsp"] or ():
                    yield from readable(read_response, one.dump(), revision)
