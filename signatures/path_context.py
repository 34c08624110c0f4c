"""What pyHanko needs to judge a certificate as of one moment, with its memories made safe to share between signatures.

pyHanko remembers validated certificates, and who issued a revocation list, by the value of their signature alone. Anybody can
copy that value onto a certificate with another key, or onto a list with fewer entries, put it into a file, and have it taken for
the real one. And of two certificates with one issuer and number it keeps the first alone: a forged twin hides the real one.
Here all three are remembered by all of their bytes.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from asn1crypto import crl, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.ltv.poe import POEManager
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import CertificateRegistry, SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, process_legacy_ocsp_input
from pyhanko_certvalidator.revinfo.manager import RevinfoManager

from signatures.revocation import Statement


class KnownCertificates(CertificateRegistry):
    """The certificates of which a way to a root may be made; twins stand side by side, and each way is tried."""

    def __init__(self, certificates: Iterable[x509.Certificate]) -> None:
        super().__init__()
        self._known: set[bytes] = set()
        self.register_multiple(certificates)

    def register(self, cert: x509.Certificate) -> bool:
        """Add a certificate; return whether it is new."""
        if (digest := _digest(cert)) in self._known:
            return False
        self._known.add(digest)
        first = self.certs.pop(cert.issuer_serial, cert)
        super().register(cert)
        self.certs[cert.issuer_serial] = first
        return True


class KnownStatements(RevinfoManager):
    """The revocation statements that count, each list remembered by all its bytes once its issuer is known."""

    def __init__(self, registry: CertificateRegistry, statements: Iterable[Statement]) -> None:
        statements = tuple(statements)
        super().__init__(
            registry,
            POEManager(),
            [CRLContainer(one.parsed) for one in statements if one.is_list],
            process_legacy_ocsp_input([one.parsed for one in statements if not one.is_list]),
        )
        self._issuers: dict[bytes, x509.Certificate] = {}

    def record_crl_issuer(self, certificate_list: crl.CertificateList, cert: x509.Certificate) -> None:
        """Remember who issued a list, after its signature was checked."""
        self._issuers[_digest(certificate_list)] = cert

    def check_crl_issuer(self, certificate_list: crl.CertificateList) -> x509.Certificate | None:
        """Return who issued a list, if that is known."""
        return self._issuers.get(_digest(certificate_list))


class PathContext(ValidationContext):
    """One moment, the roots, and what else helps; revocation is required for every certificate but a root."""

    def __init__(
        self,
        trust_manager: SimpleTrustManager,
        registry: CertificateRegistry,
        statements: KnownStatements,
        moment: datetime,
        *,
        counts_later_statements: bool,
    ) -> None:
        self._validated: dict[bytes, ValidationPath] = {}
        super().__init__(
            trust_manager=trust_manager,
            certificate_registry=registry,
            revinfo_manager=statements,
            moment=moment,
            allow_fetching=False,
            revocation_mode="require",
            # A list from after a proven moment tells what happened since, with the times at which it did.
            retroactive_revinfo=counts_later_statements,
        )

    def record_validation(self, cert: x509.Certificate, path: ValidationPath) -> None:
        """Remember that a certificate leads to a root."""
        self._validated[_digest(cert)] = path

    def check_validation(self, cert: x509.Certificate) -> ValidationPath | None:
        """Return the way to a root, if it is known already; a root's own is empty."""
        anchor = self.path_builder.trust_manager.as_trust_anchor(AuthorityWithCert(cert))
        return ValidationPath(anchor, [], None) if anchor else self._validated.get(_digest(cert))


def _digest(value: Any) -> bytes:  # noqa: ANN401 - asn1crypto has no types
    return hashlib.sha256(value.dump()).digest()
