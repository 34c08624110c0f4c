"""The signed head of the ledger: (origin, size, root) to and from a signed note.

Formats: c2sp.org/tlog-checkpoint in a c2sp.org/signed-note, keys in their vkey form, Ed25519 (type 0x01) alone. Rules:

1. A note is UTF-8 text without control characters but newline; text, an empty line, signature lines, each ended by a newline.
2. A signature line of a key that the reader does not know is ignored; one of a known key that does not verify refuses the note;
   a note without a line of a known key is refused.
3. Our own rules: the ledger's key bears the name of the origin, a checkpoint has no extension lines, base64 has one spelling.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signatures.errors import CheckpointError, KeyUnavailableError
from signatures.ledger.merkle import HASH_BYTES
from signatures.messages import say

LARGEST_NOTE_BYTES = 131_072
"""Room for 16 signature lines, the least that a reader must accept, and for post-quantum ones of nearly 5 kB each."""

_ED25519 = b"\x01"
_ED25519_KEY_BYTES = 32
_KEY_ID_BYTES = 4
_LARGEST_SIZE = 2**63
_TEXT_LINES = 3
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_NAME = re.compile(r"[^\s+]{1,255}")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIGNATURE_LINE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the ledger at one size: this root stands for everything before it."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


@dataclass(frozen=True, slots=True)
class LedgerPublicKey:
    """A ledger's public key; `str()` gives its vkey form, `name+key id+base64`."""

    name: str
    key: bytes  # Ed25519, 32 bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line (c2sp.org/signed-note, Signatures)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """The vkey form, as it stands in the README, behind the QR code and in the export."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.key).decode('ascii')}"

    @classmethod
    def parse(cls, text: str) -> "LedgerPublicKey":
        """Read the vkey form.

        Raises:
            CheckpointError: the text is not the vkey of an Ed25519 key, or its key id is another key's.
        """
        match = _VKEY.fullmatch(text)
        if not match or not _is_name(match[1]):
            raise CheckpointError("a ledger key is expected as name+key id+base64, got {text!r}", text=text[:200])
        name, key_id, encoded = match.groups()
        content = _decode(encoded, "ledger key")
        if content[:1] != _ED25519 or len(content) != 1 + _ED25519_KEY_BYTES:
            raise CheckpointError("ledger key {name}: an Ed25519 key (type 0x01, 32 bytes) is expected", name=name)
        key = cls(name, content[1:])
        if key.key_id.hex() != key_id:
            raise CheckpointError(
                "ledger key {name}: key id {expected} is expected, got {got}", name=name, expected=key.key_id.hex(), got=key_id
            )
        return key

    def verify(self, signature: bytes, text: str) -> bool:
        """Whether the signature is this key's over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """The private key with which the ledger signs its heads; its name is the ledger's origin."""

    name: str
    private_key: Ed25519PrivateKey

    def __post_init__(self) -> None:
        """Refuse a name that a signature line cannot hold."""
        if not _is_name(self.name):
            raise CheckpointError("a ledger's name has no space and no +, got {name!r}", name=self.name)

    @classmethod
    def generate(cls, name: str) -> "LedgerKey":
        """Return a new key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, name: str, content: bytes) -> "LedgerKey":
        """Read what `to_pem` gave.

        Raises:
            KeyUnavailableError: the bytes are not an Ed25519 private key in PKCS#8 without a password.
        """
        try:
            private_key = load_pem_private_key(content, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyUnavailableError(
                "ledger key {name}: a PEM file with a private key and no password is expected", name=name
            ) from error
        if not isinstance(private_key, Ed25519PrivateKey):
            raise KeyUnavailableError(
                "ledger key {name}: an Ed25519 key is expected, got {kind}", name=name, kind=type(private_key).__name__
            )
        return cls(name, private_key)

    def to_pem(self) -> bytes:
        """Return the private key as PKCS#8 in PEM, without a password: the file must have mode 0600."""
        return self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public(self) -> LedgerPublicKey:
        """The key that verifiers know."""
        return LedgerPublicKey(self.name, self.private_key.public_key().public_bytes_raw())


def sign_checkpoint(checkpoint: Checkpoint, key: LedgerKey) -> str:
    """Return the signed note of the checkpoint.

    Whoever calls this answers for the ledger never signing two inconsistent checkpoints.

    Raises:
        CheckpointError: the key bears another name than the origin.
    """
    if key.name != checkpoint.origin:
        raise CheckpointError(
            "the ledger {origin} is signed by a key of its own name, got {name}", origin=checkpoint.origin, name=key.name
        )
    text = checkpoint.text()
    signature = key.public.key_id + key.private_key.sign(text.encode())
    return f"{text}\n\u2014 {key.name} {base64.b64encode(signature).decode('ascii')}\n"


def open_checkpoint(note: str, keys: Sequence[LedgerPublicKey]) -> Checkpoint:
    """Return the checkpoint of the note, once a known key of the ledger's own name is found to have signed it.

    Raises:
        CheckpointError: the note is malformed, a known key's signature is wrong, or none of the keys signed it.
    """
    text, signatures = _split_note(note)
    checkpoint = _parse_text(text)
    known = {(key.name, key.key_id): key for key in keys}
    is_signed = False
    for name, signature in signatures:
        key = known.get((name, signature[:_KEY_ID_BYTES]))
        if key is None:
            continue
        if not key.verify(signature[_KEY_ID_BYTES:], text):
            raise CheckpointError(
                "checkpoint of {origin}: the signature of {key} is wrong", origin=checkpoint.origin, key=str(key)
            )
        is_signed = is_signed or name == checkpoint.origin
    if not is_signed:
        raise CheckpointError(
            "checkpoint of {origin}: a signature by one of the ledger keys {expected} is expected, got signatures by {got}",
            origin=checkpoint.origin,
            expected=", ".join(str(key) for key in keys) or say("(none given)"),
            got=", ".join(ascii(name) for name, _ in signatures)[:200],
        )
    return checkpoint


def parse_checkpoint(note: str) -> Checkpoint:
    """Return what the note claims, its signatures unverified.

    Raises:
        CheckpointError: the note is malformed.
    """
    text, _ = _split_note(note)
    return _parse_text(text)


def _is_name(text: str) -> bool:
    """Whether the text can name a key and a ledger, and can be shown in a message."""
    return bool(_NAME.fullmatch(text)) and text.isprintable()


def _split_note(note: str) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """The signed text, and (key name, key id and signature) for each line."""
    try:
        count = len(note.encode())
    except UnicodeEncodeError as error:
        raise CheckpointError("a signed note is valid UTF-8") from error
    if count > LARGEST_NOTE_BYTES:
        raise CheckpointError("a signed note has at most {limit} bytes, got {count}", limit=LARGEST_NOTE_BYTES, count=count)
    if _CONTROL.search(note):
        raise CheckpointError("a signed note has no control character but newline")
    # The last empty line parts the text from its signatures.
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise CheckpointError("a signed note is text, an empty line and signature lines, each ended by a newline")
    signatures = []
    for line in tail[:-1].split("\n"):
        match = _SIGNATURE_LINE.fullmatch(line)
        if not match:
            raise CheckpointError("a signature line is expected as: em dash, name, base64; got {line!r}", line=line[:200])
        signature = _decode(match[2], "signature line")
        if len(signature) <= _KEY_ID_BYTES:
            raise CheckpointError("a signature line holds a key id and a signature, got {count} bytes", count=len(signature))
        signatures.append((match[1], signature))
    return text + "\n", tuple(signatures)


def _parse_text(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) != _TEXT_LINES:
        raise CheckpointError("a checkpoint has three lines (origin, size, root), got {count}", count=len(lines))
    origin, size, root = lines
    if not _is_name(origin):
        raise CheckpointError("a checkpoint's origin has no space and no +, got {origin!r}", origin=origin[:200])
    if not _SIZE.fullmatch(size) or int(size) > _LARGEST_SIZE:
        raise CheckpointError(
            "checkpoint of {origin}: a size is expected as a decimal number, got {size!r}", origin=origin, size=size[:40]
        )
    content = _decode(root, "root")
    if len(content) != HASH_BYTES:
        raise CheckpointError(
            "checkpoint of {origin}: a root of {expected} bytes is expected, got {count}",
            origin=origin,
            expected=HASH_BYTES,
            count=len(content),
        )
    return Checkpoint(origin, int(size), content)


def _decode(encoded: str, place: str) -> bytes:
    """Decode base64 that has no other spelling, so that no byte of a note can change unseen."""
    try:
        content = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise CheckpointError("{place}: base64 is expected, got {text!r}", place=place, text=encoded[:100]) from error
    if base64.b64encode(content).decode("ascii") != encoded:
        raise CheckpointError("{place}: base64 is expected in its one spelling, got {text!r}", place=place, text=encoded[:100])
    return content
