"""What the script of the page "check and sign" does with a key made for one signature, step by step, without a browser."""

import base64
import hashlib
import time
from dataclasses import dataclass, field

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.browser.visitor import Reply, Visitor

SECONDS_IN_LINE = 600
LONGEST_PAUSE = 2.0


@dataclass
class Scripted:
    """One press of the button; `waited` and `repeated` count how often others came first."""

    visitor: Visitor
    review: Reply
    private_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    waited: int = 0
    repeated: int = 0

    def __post_init__(self) -> None:
        self.page = self.review.page.by_id["signing"]
        self.api = self.page["data-api"]

    def sign(self) -> str:
        """Return the address of the page that tells of the success."""
        shown = self.bytes_of(self.page["data-document"])
        assert hashlib.sha256(shown).hexdigest() == self.page["data-digest"]
        certificate, chain = self.certificate()
        until = time.monotonic() + SECONDS_IN_LINE
        while time.monotonic() < until:
            prepared = self.prepare(certificate, chain, until)
            attributes = base64.b64decode(prepared["signed_attributes"])
            self.check(shown, prepared, attributes, base64.b64decode(certificate))
            value = {"preparation": prepared["preparation"], "value": self.raw_value(attributes)}
            reply = self.visitor.post(f"{self.api}/value", value)
            if reply.status == 200:
                assert reply.json["state"] == "signed"
                return str(reply.json["done"])
            assert (reply.status, reply.json.get("state")) == (409, "stale"), reply.body
            self.repeated += 1
        raise AssertionError(f"not signed within {SECONDS_IN_LINE} s")

    def certificate(self) -> tuple[str, list[str]]:
        """Return the network's certificate for this key, and its chain."""
        public = self.private_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        proof = self.raw_value(base64.b64decode(self.page["data-challenge"]))
        reply = self.visitor.post(f"{self.api}/certificate", {"public_key": base64.b64encode(public).decode(), "proof": proof})
        assert reply.status == 200, reply.body
        return str(reply.json["certificate"]), list(reply.json["chain"])

    def prepare(self, certificate: str, chain: list[str], until: float) -> dict[str, str]:
        """Return what was prepared, after waiting in line."""
        while time.monotonic() < until:
            reply = self.visitor.post(f"{self.api}/prepare", {"certificate": certificate, "chain": chain})
            if reply.status == 200:
                return reply.json
            assert (reply.status, reply.json.get("waiting")) == (202, True), reply.body
            self.waited += 1
            time.sleep(min(reply.json["retry_after_ms"] / 1000, LONGEST_PAUSE))
        raise AssertionError(f"not this signatory's turn within {SECONDS_IN_LINE} s")

    def check(self, shown: bytes, prepared: dict[str, str], attributes: bytes, certificate: bytes) -> None:
        """Check that what is to be signed is what was shown with one more revision, and that the attributes say so."""
        content = self.bytes_of(prepared["prepared"])
        start, end, again, rest = (int(number) for number in prepared["byte_range"])
        assert (start, again + rest) == (0, len(content))
        assert content.startswith(shown)
        assert set(content[end + 1 : again - 1]) == {ord("0")}
        said = {each["type"].native: each["values"][0] for each in cms.CMSAttributes.load(attributes)}
        assert said["message_digest"].native == hashlib.sha256(content[:end] + content[again:]).digest()
        assert said["signing_certificate_v2"]["certs"][0]["cert_hash"].native == hashlib.sha256(certificate).digest()

    def raw_value(self, content: bytes) -> str:
        """Return r and s of a signature over the content, side by side, as a browser gives them."""
        numbers = decode_dss_signature(self.private_key.sign(content, ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(b"".join(number.to_bytes(32) for number in numbers)).decode()

    def bytes_of(self, address: str) -> bytes:
        """Return a file of the site."""
        reply = self.visitor.ask("GET", address)
        assert reply.status == 200, reply.body
        return reply.body
