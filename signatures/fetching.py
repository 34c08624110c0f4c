"""Revocation statements over HTTP, from the addresses in a certificate. Only who extends a document asks; a verifier never does.

OCSP first (RFC 6960, without a nonce, since the answer is kept and judged by its times), then the revocation list (RFC 5280,
4.2.1.13). What comes back proves nothing yet: its signature is checked where a path is built.
"""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from signatures.errors import SignaturesError
from signatures.excerpts import one_line
from signatures.messages import Message, say
from signatures.revocation import Statement, read_list, read_response

SILENCE_TIMEOUT_SECONDS = 20
ANSWER_TIMEOUT_SECONDS = 60
LARGEST_ANSWER_BYTES = 20 * 1024 * 1024
_PIECE_BYTES = 65_536

Fetch: TypeAlias = Callable[[str, bytes | None], bytes]
"""An address and what is posted there, or None for a plain request -> the bytes of the answer."""


class FetchError(SignaturesError):
    """Nobody answers, or not with what was asked for."""


def fetch_over_http(address: str, body: bytes | None) -> bytes:
    """Return what lies at an HTTP address.

    Raises:
        FetchError: another kind of address, no answer in time, or one that is too large.
    """
    if not address.startswith(("http://", "https://")):
        raise FetchError("an http address is expected, got {address}", address=address)
    request = urllib.request.Request(address, data=body, headers={"Content-Type": "application/ocsp-request"} if body else {})  # noqa: S310 - see above
    try:
        with urllib.request.urlopen(request, timeout=SILENCE_TIMEOUT_SECONDS) as answer:  # noqa: S310
            return _read_within_limits(address, answer)
    except (OSError, ValueError, HTTPException) as error:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        raise FetchError("{address} gives no answer: {cause}", address=address, cause=one_line(cause)) from error


def _read_within_limits(address: str, answer: HTTPResponse) -> bytes:
    content, end = bytearray(), monotonic() + ANSWER_TIMEOUT_SECONDS
    while piece := answer.read1(_PIECE_BYTES):
        content += piece
        if len(content) > LARGEST_ANSWER_BYTES:
            raise FetchError("{address}: at most {limit} bytes are taken", address=address, limit=LARGEST_ANSWER_BYTES)
        if monotonic() > end:
            raise FetchError("{address}: no whole answer within {limit} seconds", address=address, limit=ANSWER_TIMEOUT_SECONDS)
    return bytes(content)


def fetch_statement(certificate: x509.Certificate, issuer: x509.Certificate, fetch: Fetch) -> Statement:
    """Return what the issuer says about a certificate today.

    Raises:
        FetchError: no address of the certificate gives an answer that can be read; the message says why for each.
    """
    faults: list[Message] = []
    for address, body in _requests_for(certificate, issuer):
        try:
            content = fetch(address, body)
            return read_list(_der_of_list(content)) if body is None else read_response(content)
        except SignaturesError as error:
            faults.append(say("{address}: {cause}", address=address, cause=error.message))
    raise FetchError(
        "{holder}: its issuer's word on revocation cannot be had ({faults}); give a revocation list as a file",
        holder=certificate.subject.rfc4514_string(),
        faults="; ".join(str(fault) for fault in faults) or say("the certificate names no address"),
    )


def _requests_for(certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[tuple[str, bytes | None]]:
    extensions = {type(extension.value): extension.value for extension in certificate.extensions}
    access = extensions.get(x509.AuthorityInformationAccess)
    for description in access if isinstance(access, x509.AuthorityInformationAccess) else ():
        if description.access_method == AuthorityInformationAccessOID.OCSP:
            # SHA-1 only names the issuer here; responders know no other (RFC 5019, 2.1.1).
            request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()  # noqa: S303
            yield description.access_location.value, request.public_bytes(Encoding.DER)
    points = extensions.get(x509.CRLDistributionPoints)
    for point in points if isinstance(points, x509.CRLDistributionPoints) else ():
        for name in point.full_name or ():
            yield name.value, None


def _der_of_list(content: bytes) -> bytes:
    """Return a list in DER, which is what RFC 5280 asks for; some servers send PEM."""
    return x509.load_pem_x509_crl(content).public_bytes(Encoding.DER) if content.startswith(b"-----BEGIN") else content
