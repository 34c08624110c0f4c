"""What a certificate or revocation list says of whose it is, as text."""

import warnings
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from markupsafe import Markup

from mou.report.markup import code

_SHORT_NAMES = {
    NameOID.SERIAL_NUMBER: "serialNumber",
    NameOID.TITLE: "title",
    NameOID.ORGANIZATION_IDENTIFIER: "organizationIdentifier",
    NameOID.GIVEN_NAME: "givenName",
    NameOID.SURNAME: "SN",
    NameOID.EMAIL_ADDRESS: "emailAddress",
}
"""Beside those of RFC 4514, which are few (X.520, RFC 4519)."""


def subject_of(certificate: x509.Certificate) -> str:
    """Return the holder's name as one text (RFC 4514).

    Raises:
        ValueError: it cannot be read.
    """
    return _quietly(lambda: certificate.subject).rfc4514_string(_SHORT_NAMES)


def issuer_of(issued: x509.Certificate | x509.CertificateRevocationList) -> str:
    """Return the issuer's name as one text (RFC 4514).

    Raises:
        ValueError: it cannot be read.
    """
    return _quietly(lambda: issued.issuer).rfc4514_string(_SHORT_NAMES)


def issuer_countries(certificate: x509.Certificate) -> list[str]:
    """Return the countries that stand in the issuer's name, in capitals.

    Raises:
        ValueError: it cannot be read.
    """
    name = _quietly(lambda: certificate.issuer)
    return [str(one.value).upper() for one in name.get_attributes_for_oid(NameOID.COUNTRY_NAME)]


def fingerprint(certificate: x509.Certificate) -> Markup:
    """Return the digest by which a certificate is compared."""
    return code(certificate.fingerprint(SHA256()).hex())


def _quietly(read: Callable[[], x509.Name]) -> x509.Name:
    """Read a name without the warning that it is too long: cryptography counts bytes, and a Thai letter has three."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return read()
