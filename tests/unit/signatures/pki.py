"""A test PKI by certomancer whose clock can be set: authorities, OCSP, revocation lists, time stamp services."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from asn1crypto import cms, ocsp, tsp
from certomancer.registry import CertLabel, CertomancerConfig, PKIArchitecture
from certomancer.registry.common import ArchLabel, KeyLabel, ServiceLabel
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.sign.timestamps import TimeStamper

from signatures.authority import new_private_key, private_key_to_pem
from signatures.fetching import FetchError
from signatures.signers import Signer, signer_from_key
from signatures.timestamps import TimestampService

HOST = "http://pki.test"
_KEYS = (
    *("root", "interm", "signer", "revoked", "short", "responder", "wrong-responder"),
    *("tsa-root", "tsa-one", "tsa-two", "stranger-root", "stranger-tsa"),
)
_LAYOUT = f"""
external-url-prefix: {HOST}
keysets:
  pki:
    path-prefix: keys
    keys: {{{", ".join(f"{name}: {{path: {name}.pem}}" for name in _KEYS)}}}
pki-architectures:
  pki:
    keyset: pki
    entity-defaults: {{country-name: TH, organization-name: Trial}}
    entities:
      root: {{common-name: Trial root}}
      interm: {{common-name: Trial authority}}
      signer: {{common-name: "นายก้อง ทดสอบ"}}
      revoked: {{common-name: "นายก้อง ทดสอบ"}}
      short: {{common-name: "นายก้อง ทดสอบ"}}
      responder: {{common-name: Trial responder}}
      wrong-responder: {{common-name: Wrong responder}}
      tsa-root: {{common-name: Time root}}
      tsa-one: {{common-name: Time one}}
      tsa-two: {{common-name: Time two}}
      stranger-root: {{common-name: Stranger root}}
      stranger-tsa: {{common-name: Stranger time}}
    certs:
      root: &root
        subject: root
        subject-key: root
        authority-key: root
        issuer: root
        validity: {{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2060-01-01T00:00:00+0000"}}
        profiles: [{{id: simple-ca, params: {{crl-repo: root}}}}]
      interm:
        subject: interm
        issuer: root
        validity: {{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2031-01-01T00:00:00+0000"}}
        profiles: [{{id: simple-ca, params: {{crl-repo: interm, ocsp-service: interm, max-path-len: 0}}}}]
      signer: &signer
        subject: signer
        issuer: interm
        validity: {{valid-from: "2026-01-01T00:00:00+0000", valid-to: "2028-01-01T00:00:00+0000"}}
        profiles: [digsig-commitment]
      revoked:
        <<: *signer
        subject: revoked
        revocation: {{revoked-since: "2026-06-01T00:00:00+0000", reason: key_compromise}}
      short:
        <<: *signer
        subject: short
        validity: {{valid-from: "2026-11-01T00:00:00+0000", valid-to: "2026-12-01T00:00:00+0000"}}
      responder:
        subject: responder
        issuer: interm
        validity: {{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2030-01-01T00:00:00+0000"}}
        profiles: [ocsp-responder]
      wrong-responder:
        subject: wrong-responder
        issuer: interm
        validity: {{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2030-01-01T00:00:00+0000"}}
        profiles: [digsig-commitment]
      tsa-root:
        <<: *root
        subject: tsa-root
        subject-key: tsa-root
        authority-key: tsa-root
        issuer: tsa-root
        profiles: [{{id: simple-ca, params: {{crl-repo: tsa-root}}}}]
      tsa-one: &tsa
        subject: tsa-one
        issuer: tsa-root
        validity: {{valid-from: "2026-01-01T00:00:00+0000", valid-to: "2037-06-01T00:00:00+0000"}}
        extensions:
          - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [digital_signature]}}}}
          - {{id: extended_key_usage, critical: true, value: [time_stamping]}}
      tsa-two:
        <<: *tsa
        subject: tsa-two
        validity: {{valid-from: "2036-01-01T00:00:00+0000", valid-to: "2047-01-01T00:00:00+0000"}}
      stranger-root:
        <<: *root
        subject: stranger-root
        subject-key: stranger-root
        authority-key: stranger-root
        issuer: stranger-root
        profiles: [simple-ca]
      stranger-tsa:
        <<: *tsa
        subject: stranger-tsa
        issuer: stranger-root
    services:
      ocsp:
        interm: {{for-issuer: interm, responder-cert: responder, signing-key: responder}}
        wrong: {{for-issuer: interm, responder-cert: wrong-responder, signing-key: wrong-responder}}
      crl-repo:
        root: {{for-issuer: root, signing-key: root, simulated-update-schedule: P30D}}
        interm: {{for-issuer: interm, signing-key: interm, simulated-update-schedule: P7D}}
        tsa-root: {{for-issuer: tsa-root, signing-key: tsa-root, simulated-update-schedule: P30D}}
      time-stamping:
        one: {{signing-key: tsa-one, signing-cert: tsa-one, certs-to-embed: [tsa-root]}}
        two: {{signing-key: tsa-two, signing-cert: tsa-two, certs-to-embed: [tsa-root]}}
        stranger: {{signing-key: stranger-tsa, signing-cert: stranger-tsa, certs-to-embed: [stranger-root]}}
"""


@dataclass(frozen=True)
class Pki:
    """The PKI; every answer is made as of a time that the caller names."""

    architecture: PKIArchitecture

    def certificate(self, label: str) -> x509.Certificate:
        """Return a certificate."""
        return x509.load_der_x509_certificate(self.architecture.get_cert(CertLabel(label)).dump())

    def key(self, label: str) -> bytes:
        """Return a private key in DER."""
        return bytes(self.architecture.key_set.get_private_key(KeyLabel(label)).dump())

    def signer(self, label: str) -> Signer:
        """Return a signatory's key with the chain, the root left out."""
        key = load_der_private_key(self.key(label), None)
        return signer_from_key(key, self.certificate(label), (self.certificate("interm"),))

    def revocation_list(self, repository: str, at: datetime) -> bytes:
        """Return the list that an authority would hand out at this time."""
        return bytes(self.architecture.service_registry.get_crl(ServiceLabel(repository), at_time=at).dump())

    def response(self, request: bytes, at: datetime, service: str = "interm") -> bytes:
        """Return the answer of an OCSP responder at this time."""
        responder = self.architecture.service_registry.summon_responder(ServiceLabel(service), at_time=at)
        return bytes(responder.build_ocsp_response(ocsp.OCSPRequest.load(request)).dump())

    def timestamps(self, label: str, at: datetime) -> "SimulatedService":
        """Return a time stamp service whose clock stands at this time."""
        return SimulatedService(f"{HOST}/tsa", pki=self, label=label, at=at)


@dataclass(frozen=True)
class Fetching:
    """The network at one time; `down` are the parts of addresses that give no answer. What was asked is kept."""

    pki: Pki
    at: datetime
    down: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def __call__(self, address: str, body: bytes | None) -> bytes:
        """Answer a request."""
        self.asked.append(address)
        if any(part in address for part in self.down):
            raise FetchError("{address} gives no answer: {cause}", address=address, cause="down")
        if body is not None:
            return self.pki.response(body, self.at)
        return self.pki.revocation_list(address.split("/crls/")[1].split("/", maxsplit=1)[0], self.at)


@dataclass(frozen=True)
class SimulatedService(TimestampService):
    """A time stamp service in this process."""

    pki: Pki = field(kw_only=True)
    label: str = field(kw_only=True)
    at: datetime = field(kw_only=True)

    def time_stamper(self) -> "_Stamper":  # type: ignore[override]  # what callers use is pyHanko's common interface
        """Return the service as pyHanko takes it."""
        return _Stamper(self)


class _Stamper(TimeStamper):
    def __init__(self, service: SimulatedService) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko's has no types
        self._service = service

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        registry = self._service.pki.architecture.service_registry
        return registry.summon_timestamper(ServiceLabel(self._service.label), at_time=self._service.at).request_tsa_response(req)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        number, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]  # pyHanko's has no types
        assert number
        return (await self.async_request_tsa_response(request))["time_stamp_token"]


def build_pki(folder: Path) -> Pki:
    """Make the keys in this folder, and the PKI over them."""
    (folder / "keys").mkdir()
    for name in _KEYS:
        (folder / "keys" / f"{name}.pem").write_bytes(private_key_to_pem(new_private_key()))
    configuration = CertomancerConfig.from_yaml(_LAYOUT, key_search_dir=str(folder))
    return Pki(configuration.get_pki_arch(ArchLabel("pki")))
