"""A signer as pyHanko takes it: over a key that is open already, each part of the CMS encoded once."""

from collections.abc import Iterator
from typing import Any

from asn1crypto import cms as asn1_cms
from asn1crypto import tsp as asn1_tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.signers import Signer as PyHankoSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signatures.signers import Signer


class LoadedKeySigner(PyHankoSigner):
    """pyHanko's signer over a key that is open already; its own one reads and checks the key anew for each signature.

    And each part of the CMS is encoded once: what asn1crypto was given as values it encodes anew at every look, at every depth
    (wbond/asn1crypto#256); what it read as bytes it leaves alone. The bytes are the same, in a quarter of the time.
    """

    def __init__(self, signer: Signer) -> None:
        """Take a signer; for one thread."""
        certificate = _for_asn1(signer.certificate)
        super().__init__(signing_cert=certificate, cert_registry=_store_of(signer.chain))
        self.signed_attr_prov_spec = _SignedAttributes(certificate)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002  # the signature is pyHanko's
        """Return the signature value, or in a dry run as many zero bytes as it may have."""
        if dry_run:
            return bytes(self._signer.longest_value_bytes)
        key = self._signer.private_key
        if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
            return await key.sign(data, digest_algorithm)
        algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest_algorithm]
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(data, ec.ECDSA(algorithm))
        return key.sign(data, padding.PKCS1v15(), algorithm)

    async def signed_attrs(self, *arguments: Any, **settings: Any) -> asn1_cms.CMSAttributes:  # noqa: ANN401  # pyHanko's own
        """Return the signed attributes, encoded once."""
        attributes = await super().signed_attrs(*arguments, **settings)
        return asn1_cms.CMSAttributes.load(attributes.dump())

    def signer_info(self, *arguments: Any, **settings: Any) -> asn1_cms.SignerInfo:  # noqa: ANN401  # pyHanko's own
        """Return the signer information, encoded once."""
        return asn1_cms.SignerInfo.load(super().signer_info(*arguments, **settings).dump())


class _SignedAttributes(SignedAttributeProviderSpec):
    """What is signed beside content type and digest at the PAdES baseline: the signer's certificate (EN 319 142-1, 6.3)."""

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        self._certificate = certificate

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterator[CMSAttributeProvider]:  # noqa: ARG002  # pyHanko's
        yield _CertificateReference(self._certificate)


class _CertificateReference(CMSAttributeProvider):
    attribute_type = "signing_certificate_v2"

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        self._certificate = certificate

    async def build_attr_value(self, dry_run: bool = False) -> asn1_tsp.SigningCertificateV2:  # noqa: ARG002, FBT001, FBT002  # pyHanko's
        return asn1_tsp.SigningCertificateV2.load(as_signing_certificate_v2(self._certificate).dump())


def _store_of(certificates: tuple[x509.Certificate, ...]) -> SimpleCertificateStore:
    store: SimpleCertificateStore = SimpleCertificateStore()
    for certificate in certificates:
        store.register(_for_asn1(certificate))
    return store


def _for_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
