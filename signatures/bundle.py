"""The evidence that travels beside a PDF: what a verifier needs offline, but the trust roots and the ledger's public key.

One evidence has one byte string: RFC 8785 JSON with base64 in its one spelling. Any other is refused, and a checksum over
the rest tells a damaged file from a whole one. The checksum proves nothing against an author; these bindings do:

1. what is expected of each field (`expected`, `salt`) is bound to the ledger entry by `commitment`;
2. `document_digest` and `signed_digest` stand in the entry as `document` and `after`;
3. the entry is bound to the checkpoint by the receipt's inclusion proof, the checkpoint to the ledger by its signature;
4. certificates and revocation lists bear their issuers' signatures.

Evidence holds the signatories' names, as the PDF beside it does; the entry holds only the salted commitment to them.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from signatures.canonical import JsonValue, canonical_bytes
from signatures.digests import Digest, digest_of
from signatures.errors import EvidenceError, SignaturesError
from signatures.ledger.receipt import Receipt, read_receipt, write_receipt

EVIDENCE_VERSION = 1
SALT_BYTES = 32
LARGEST_EVIDENCE_BYTES = 16 * 1024 * 1024

ExpectedKind: TypeAlias = Literal["signature", "seal"]

_COMMITMENT_LABEL = b"mou.expected.v1\x00"
_MEMBERS = frozenset(
    {
        "certificates",
        "checksum",
        "document_digest",
        "document_id",
        "expected",
        "receipt",
        "revocation_lists",
        "salt",
        "signed_digest",
        "version",
    }
)
_EXPECTED_MEMBERS = frozenset({"capacity", "certificate_digest", "field", "kind", "name"})
_WHERE_KNOWN = ("capacity_from", "capacity_until", "identity")
"""Left out where there is none, so that evidence and commitments from before they existed stay what they are."""
_IDENTITY = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True, slots=True)
class ExpectedSignature:
    """Who was asked to sign in which field, as what; with the certificate's digest where it was known from before.

    The capacity holds from `capacity_from` on and before `capacity_until`: times in UTC to the second, as 2026-11-22T01:00:00Z.
    `identity` is a word for how the network established who was signing: its own statement, bound by the ledger.
    """

    field: str
    kind: ExpectedKind
    name: str
    capacity: str
    certificate_digest: str | None
    capacity_from: str | None = None
    capacity_until: str | None = None
    identity: str | None = None

    def __post_init__(self) -> None:
        """Refuse a time or a word in another form: one meaning has one spelling, since it is committed to."""
        if self.identity is not None and not _IDENTITY.fullmatch(self.identity):
            raise EvidenceError(
                "{field}: identity: a word of a-z and _ is expected, got {got!r}", field=self.field, got=self.identity[:40]
            )
        for name, text in (("capacity_from", self.capacity_from), ("capacity_until", self.capacity_until)):
            if text is not None and not _is_time(text):
                raise EvidenceError(
                    "{field}: {name}: a time in UTC such as 2026-11-22T01:00:00Z is expected, got {got!r}",
                    field=self.field,
                    name=name,
                    got=text,
                )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that stands in one evidence file. Nothing in it is checked yet but its form."""

    document_digest: Digest
    """Of the prepared revision, the bytes under the first signature."""
    signed_digest: Digest
    """Of the PDF beside which the evidence stands."""
    document_id: str
    expected: tuple[ExpectedSignature, ...]
    salt: bytes
    receipt: Receipt
    certificates: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...]


def commitment(expected: Sequence[ExpectedSignature], salt: bytes) -> str:
    """Return the salted commitment to the expectations, as it stands in a ledger entry.

    SHA-256 over a fixed label, the 32 bytes of salt and the canonical list: without the salt nobody can search the names.

    Raises:
        EvidenceError: the salt is not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise EvidenceError("salt: {expected} bytes are expected, got {got}", expected=SALT_BYTES, got=len(salt))
    content = _COMMITMENT_LABEL + salt + canonical_bytes(_expected_as_json(expected))
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def write_evidence(evidence: Evidence) -> bytes:
    """Return the one byte string of the evidence."""
    members: dict[str, JsonValue] = {
        "version": EVIDENCE_VERSION,
        "document_digest": str(evidence.document_digest),
        "signed_digest": str(evidence.signed_digest),
        "document_id": evidence.document_id,
        "expected": _expected_as_json(evidence.expected),
        "salt": _encode(evidence.salt),
        "receipt": write_receipt(evidence.receipt),
        "certificates": [_encode(certificate) for certificate in evidence.certificates],
        "revocation_lists": [_encode(listed) for listed in evidence.revocation_lists],
    }
    return canonical_bytes({**members, "checksum": _checksum(members)})


def read_evidence(content: bytes) -> Evidence:
    """Read what `write_evidence` gave, and nothing else.

    Raises:
        EvidenceError: the bytes are damaged, of a newer version, or not in their one form; the message says where.
    """
    if len(content) > LARGEST_EVIDENCE_BYTES:
        raise EvidenceError("evidence has at most {limit} bytes, got {count}", limit=LARGEST_EVIDENCE_BYTES, count=len(content))
    members = _read_members(content)
    evidence = Evidence(
        document_digest=_digest(members, "document_digest"),
        signed_digest=_digest(members, "signed_digest"),
        document_id=_text(members, "document_id"),
        expected=tuple(_read_expected(value, place) for place, value in enumerate(_list(members, "expected"))),
        salt=_decode(_text(members, "salt"), "salt"),
        receipt=read_receipt(_text(members, "receipt")),
        certificates=_read_contents(members, "certificates"),
        revocation_lists=_read_contents(members, "revocation_lists"),
    )
    if len(evidence.salt) != SALT_BYTES:
        raise EvidenceError("salt: {expected} bytes are expected, got {got}", expected=SALT_BYTES, got=len(evidence.salt))
    _require_one_form(evidence, members, content)
    return evidence


def _read_members(content: bytes) -> Mapping[str, object]:
    try:
        members = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise EvidenceError("evidence is expected to be JSON in UTF-8, got: {cause}", cause=error) from error
    if not isinstance(members, dict) or "version" not in members:
        raise EvidenceError("evidence is expected to be a JSON object with a version")
    if members["version"] != EVIDENCE_VERSION or isinstance(members["version"], bool):
        raise EvidenceError(
            "evidence of version {expected} is expected, got {got!r}: read it with the release that wrote it, or a newer one",
            expected=EVIDENCE_VERSION,
            got=members["version"],
        )
    _require_members(members, _MEMBERS, "evidence")
    return members


def _require_members(members: Mapping[str, object], expected: frozenset[str], place: str) -> None:
    if members.keys() != expected:
        raise EvidenceError(
            "{place}: the members {expected} are expected, got {got}",
            place=place,
            expected=", ".join(sorted(expected)),
            got=", ".join(sorted(members)),
        )


def _require_one_form(evidence: Evidence, members: Mapping[str, object], content: bytes) -> None:
    try:
        written = write_evidence(evidence)
    except SignaturesError as error:
        raise EvidenceError("the evidence has no canonical form: {cause}", cause=error) from error
    if written == content:
        return
    checksum = json.loads(written)["checksum"]
    if members["checksum"] != checksum:
        raise EvidenceError(
            "the evidence is damaged: checksum {expected} is expected, got {got!r}; fetch it again from where it came",
            expected=checksum,
            got=members["checksum"],
        )
    raise EvidenceError("the evidence is not in its one form (RFC 8785): fetch it again from where it came")


def _read_expected(value: object, place: int) -> ExpectedSignature:
    where = f"expected[{place}]"
    if not isinstance(value, dict):
        raise EvidenceError("{place}: an object is expected, got {kind}", place=where, kind=type(value).__name__)
    _require_members({name: one for name, one in value.items() if name not in _WHERE_KNOWN}, _EXPECTED_MEMBERS, where)
    kind = _text(value, "kind", where)
    if kind not in {"signature", "seal"}:
        raise EvidenceError("{place}.kind: signature or seal is expected, got {got!r}", place=where, got=kind)
    return ExpectedSignature(
        field=_text(value, "field", where),
        kind="seal" if kind == "seal" else "signature",
        name=_text(value, "name", where),
        capacity=_text(value, "capacity", where),
        certificate_digest=None if value["certificate_digest"] is None else str(_digest(value, "certificate_digest", where)),
        **{name: _text(value, name, where) for name in _WHERE_KNOWN if name in value},
    )


def _expected_as_json(expected: Sequence[ExpectedSignature]) -> list[JsonValue]:
    return [_one_expected_as_json(one) for one in expected]


def _one_expected_as_json(one: ExpectedSignature) -> dict[str, JsonValue]:
    members: dict[str, JsonValue] = {
        "capacity": one.capacity,
        "certificate_digest": one.certificate_digest,
        "field": one.field,
        "kind": one.kind,
        "name": one.name,
    }
    known = {name: getattr(one, name) for name in _WHERE_KNOWN}
    return members | {name: text for name, text in known.items() if text is not None}


def _is_time(text: str) -> bool:
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%dT%H:%M:%SZ}" == text
    except ValueError:
        return False


def _checksum(members: Mapping[str, JsonValue]) -> str:
    return str(digest_of(canonical_bytes(members)))


def _text(members: Mapping[str, object], name: str, place: str = "evidence") -> str:
    value = members[name]
    if not isinstance(value, str):
        raise EvidenceError("{place}.{name}: text is expected, got {kind}", place=place, name=name, kind=type(value).__name__)
    return value


def _list(members: Mapping[str, object], name: str) -> list[object]:
    value = members[name]
    if not isinstance(value, list):
        raise EvidenceError("{name}: a list is expected, got {kind}", name=name, kind=type(value).__name__)
    return value


def _digest(members: Mapping[str, object], name: str, place: str = "evidence") -> Digest:
    try:
        return Digest.parse(_text(members, name, place))
    except EvidenceError:
        raise
    except SignaturesError as error:
        raise EvidenceError("{place}.{name}: {cause}", place=place, name=name, cause=error) from error


def _read_contents(members: Mapping[str, object], name: str) -> tuple[bytes, ...]:
    values = _list(members, name)
    return tuple(_decode(_text({name: value}, name), f"{name}[{place}]") for place, value in enumerate(values))


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _decode(text: str, place: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvidenceError("{place}: base64 is expected, got {text!r}", place=place, text=text[:100]) from error
