"""A device with one passkey, as browsers speak with it: a real P-256 key, CBOR, and every field of its answers open to a lie."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

USER_PRESENT, USER_VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


def base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Device:
    """A device that knows one site; `steps` is by how much it counts up with each answer, 0 for one that does not count."""

    host: str
    origin: str
    steps: int = 1
    verifies: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(20))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def name(self) -> str:
        """The credential's id as the browser gives it."""
        return base64url(self.credential_id)

    def make(self, options: dict[str, Any], *, algorithm: int = -7) -> dict[str, Any]:
        """What `navigator.credentials.create` gives for these options."""
        numbers = self.key.public_key().public_numbers()
        public_key = {1: 2, 3: algorithm, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + cbor2.dumps(public_key)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._said(HOLDS_KEY) + held}
        parts = {
            "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
            "attestationObject": cbor2.dumps(attestation),
        }
        return self._credential(parts)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` gives for these options."""
        self.count += self.steps
        client_data, said = self._client_data("webauthn.get", options["challenge"]), self._said(0)
        signature = self.key.sign(said + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential({"clientDataJSON": client_data, "authenticatorData": said, "signature": signature})

    def _said(self, flags: int) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _credential(self, parts: dict[str, bytes]) -> dict[str, Any]:
        response = {name: base64url(content) for name, content in parts.items()}
        return {"id": self.name, "rawId": self.name, "type": "public-key", "response": response}
