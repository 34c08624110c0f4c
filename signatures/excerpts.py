"""Short texts out of what may be hostile: what an exception says, what a certificate calls its holder."""

from asn1crypto import x509

_LONGEST_CAUSE = 300


def one_line(error: object) -> str:
    """Return what an error says on one line, at most 300 characters of it."""
    return " ".join(str(error).split())[:_LONGEST_CAUSE]


def common_name(certificate: x509.Certificate) -> str:
    """Return the holder's common name, several joined; empty when the certificate has none."""
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) else ", ".join(name)
