"""Software tokens by SoftHSM, each in a folder of its own: what a card would be, for tests that need a real one."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signatures.signers import PrivateKey

LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/usr/lib/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
MODULE = next((path for path in LIBRARIES if Path(path).exists()), None)
IS_MISSING = MODULE is None or shutil.which("softhsm2-util") is None
WHY = "softhsm2-util and its library are needed: apt-get install softhsm2"
PIN = "pin-ไทย-2468"

# Objects are written by another process: a library that this one has loaded knows only the tokens of its own start.
_WRITE_OBJECTS = """
import json, sys
import pkcs11
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.rsa import decode_rsa_private_key

def as_object(order):
    content = bytes.fromhex(order["content"])
    shared = {Attribute.TOKEN: True, Attribute.ID: bytes.fromhex(order["id"]), Attribute.LABEL: order["label"]}
    if order["kind"] == "certificate":
        return shared | {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: 0,
            Attribute.PRIVATE: False,
            Attribute.SUBJECT: bytes.fromhex(order["subject"]),
            Attribute.VALUE: content,
        }
    own = decode_ec_private_key(content) if order["kind"] == "ec" else decode_rsa_private_key(content)
    return own | shared | {
        Attribute.PRIVATE: True,
        Attribute.SENSITIVE: True,
        Attribute.SIGN: order["signs"],
        Attribute.ALWAYS_AUTHENTICATE: order["asks_each_time"],
    }

given = json.load(sys.stdin)
token = pkcs11.lib(given["module"]).get_token(token_label=given["token"])
with token.open(rw=True, user_pin=given["pin"]) as session:
    for order in given["objects"]:
        session.create_object(as_object(order))
"""


TokenObject: TypeAlias = dict[str, object]


def token_key(label: str, number: int, key: PrivateKey, *, signs: bool = True, asks_each_time: bool = False) -> TokenObject:
    """A private key for a token; one that asks each time wants the PIN again for every signature."""
    kind = "ec" if isinstance(key, ec.EllipticCurvePrivateKey) else "rsa"
    content = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return _object(label, number, kind=kind, content=content.hex(), signs=signs, asks_each_time=asks_each_time)


def token_certificate(label: str, number: int, certificate: x509.Certificate) -> TokenObject:
    """A certificate for a token."""
    subject, content = certificate.subject.public_bytes(), certificate.public_bytes(Encoding.DER)
    return _object(label, number, kind="certificate", content=content.hex(), subject=subject.hex())


def _object(label: str, number: int, **parts: object) -> TokenObject:
    return {"label": label, "id": f"{number:02x}", **parts}


@dataclass(frozen=True, slots=True)
class SoftHsm:
    """A place for tokens; a process that is to see them needs `settings` as its SOFTHSM2_CONF."""

    folder: Path

    @property
    def settings(self) -> str:
        """The file that leads the library to these tokens."""
        return str(self.folder / "softhsm2.conf")

    def add_token(self, label: str) -> None:
        """Make an empty token with the PIN of these tests."""
        self._run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "12345678")

    def put(self, token: str, *objects: TokenObject) -> None:
        """Put keys and certificates on a token."""
        given = {"module": MODULE, "token": token, "pin": PIN, "objects": objects}
        self._run(sys.executable, "-c", _WRITE_OBJECTS, given=json.dumps(given))

    def _run(self, *command: str, given: str = "") -> None:
        surroundings = os.environ | {"SOFTHSM2_CONF": self.settings}
        done = subprocess.run(command, env=surroundings, input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def new_softhsm(folder: Path, *, mechanisms: str = "ALL") -> SoftHsm:
    """Return a new place for tokens; `mechanisms` are those that they offer, as softhsm2.conf writes it."""
    (folder / "tokens").mkdir()
    settings = {
        "directories.tokendir": folder / "tokens",
        "objectstore.backend": "file",
        "log.level": "ERROR",
        "slots.mechanisms": mechanisms,
    }
    hsm = SoftHsm(folder)
    Path(hsm.settings).write_text("".join(f"{name} = {value}\n" for name, value in settings.items()), encoding="utf-8")
    return hsm
