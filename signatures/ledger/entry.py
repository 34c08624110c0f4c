"""One event becomes one leaf, and back. The leaf is the truth: it is kept and hashed as these bytes for ever.

A leaf is the RFC 8785 bytes of one JSON object with exactly these members (version 1):

    {"actor":"usr_...","at":"2026-11-22T01:00:00Z","body":{...},"op":"...","prev":"<hex of the previous leaf hash>",
     "subject":"doc_...","type":"signature.applied","v":1}

1. `v` is the version of this shape. A leaf of another version is refused, never guessed at.
2. `type` is a noun and a past participle; what may be appended is listed in `EVENT_TYPES`, what is read may be newer.
3. `at` is the machine's clock in UTC to the second, a claim; `prev` is null in the first leaf.
4. `op` is the operation id. It is in the leaf so that the index of the database can be rebuilt from leaves alone.
5. `body` stands apart, so that no member of an event can pass for one of the envelope. It holds null, truth values, integers,
   text, lists and objects, at most 8 deep; its keys are `[a-z][a-z0-9_]*`, at most 64 characters.
6. Text, everywhere, is an id, a digest, a version, a date or a time: 1 to 200 of `A-Z a-z 0-9 . _ : / + = -`, the first of
   them a letter or digit. So no space, no `@`, no Thai name. Neither text nor an integer may have the 13 digits of a Thai
   citizen's or taxpayer's number. This stops accidents; that an id is opaque is for the caller to see to.
7. A leaf has at most 65,535 bytes: an entry bundle of c2sp.org/tlog-tiles has 16 bits for its length.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from signatures.canonical import JsonValue, canonical_bytes
from signatures.errors import EntryError
from signatures.ledger.merkle import leaf_hash

LEAF_VERSION = 1
LARGEST_LEAF_BYTES = 65_535
LONGEST_TEXT = 200
DEEPEST_BODY = 8

EVENT_TYPES = frozenset(
    {
        "log.opened",
        "key.rotated",
        "checkpoint.published",
        "import.done",
        "export.made",
        "template.registered",
        "charter.drafted",
        "revision.frozen",
        "signatory.invited",
        "invitation.opened",
        "invitation.withdrawn",
        "invitation.undelivered",
        "reminder.sent",
        "deadline.passed",
        "signatory.replaced",
        "delegate.proposed",
        "identity.confirmed",
        "certificate.issued",
        "signature.declined",
        "signature.prepared",
        "signature.received",
        "signature.refused",
        "signature.applied",
        "timestamp.added",
        "ltv.added",
        "charter.completed",
        "charter.superseded",
        "charter.revoked",
        "number.assigned",
        "instrument.received",
        "instrument.accepted",
        "instrument.returned",
    }
)
"""What may be appended. Names never change their meaning; a new one is added here."""

_MEMBERS = frozenset({"actor", "at", "body", "op", "prev", "subject", "type", "v"})
_TEXT = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._:/+=-]{{0,{LONGEST_TEXT - 1}}}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TYPE = re.compile(r"[a-z]{1,40}\.[a-z]{1,40}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")
_PERSONAL_NUMBER = re.compile(r"\d(-?\d){12}", re.ASCII)
_SMALLEST_PERSONAL_NUMBER, _AFTER_PERSONAL_NUMBERS = 10**12, 10**13


@dataclass(frozen=True, slots=True)
class Event:
    """What a caller asks to record. The same act always has the same operation id."""

    type: str
    subject: str
    actor: str
    body: Mapping[str, JsonValue]
    operation_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf, read: its place in the ledger, its members, and the bytes themselves."""

    index: int
    version: int
    type: str
    at: datetime
    actor: str
    subject: str
    previous: bytes | None  # the leaf hash of the entry before
    body: Mapping[str, JsonValue]
    leaf: bytes
    operation_id: str

    @property
    def leaf_hash(self) -> bytes:
        """The 32-byte hash with which the entry stands in the tree."""
        return leaf_hash(self.leaf)

    def records(self, event: Event) -> bool:
        """Whether this entry is what the event asks for: all but the time and the place are compared."""
        return (self.type, self.subject, self.actor, self.operation_id, canonical_bytes(self.body)) == (
            event.type,
            event.subject,
            event.actor,
            event.operation_id,
            canonical_bytes(event.body),
        )


def leaf_bytes(event: Event, *, at: datetime, previous: bytes | None) -> bytes:
    """Return the leaf of the event; `previous` is the leaf hash of the entry before it, None for the first.

    The time is cut to the second.

    Raises:
        EntryError: the event breaks a rule of this module; the message gives the place.
    """
    if event.type not in EVENT_TYPES:
        raise EntryError("type: one of the ledger's event types is expected, got {type!r}", type=event.type)
    if at.tzinfo is None:
        raise EntryError("at: a time with its zone is expected, got {at}", at=at.isoformat())
    members: dict[str, JsonValue] = {
        "v": LEAF_VERSION,
        "type": event.type,
        "at": text_of_time(at),
        "actor": event.actor,
        "subject": event.subject,
        "op": event.operation_id,
        "prev": None if previous is None else previous.hex(),
        "body": event.body,
    }
    _check_members(members)
    leaf = canonical_bytes(members)
    _check_length(leaf)
    return leaf


def parse_leaf(leaf: bytes, index: int) -> Entry:
    """Return the entry that these bytes are, at this place in the ledger.

    Raises:
        EntryError: they are not the canonical bytes of a leaf of version 1.
    """
    _check_length(leaf)
    try:
        members = json.loads(leaf)
    except (ValueError, RecursionError) as error:
        raise EntryError("entry {index}: JSON is expected, got bytes that are none", index=index) from error
    _check_members(members)
    if canonical_bytes(members) != leaf:
        raise EntryError("entry {index}: the bytes are not the canonical form (RFC 8785) of what they say", index=index)
    return Entry(
        index=index,
        version=members["v"],
        type=members["type"],
        at=time_of_text(members["at"]),
        actor=members["actor"],
        subject=members["subject"],
        previous=None if members["prev"] is None else bytes.fromhex(members["prev"]),
        body=members["body"],
        leaf=leaf,
        operation_id=members["op"],
    )


def text_of_time(at: datetime) -> str:
    """Return the time as leaves and rows hold it: UTC, to the second, with `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of_text(text: str) -> datetime:
    """Read what `text_of_time` wrote.

    Raises:
        EntryError: the text has another form, or names no day or hour that exists.
    """
    try:
        at = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:  # the form is right, but there is no such day or hour
        at = None
    if at is None:
        raise EntryError("at: a time like 2026-11-22T01:00:00Z is expected, got {text!r}", text=text[:40])
    return at


def _check_length(leaf: bytes) -> None:
    if len(leaf) > LARGEST_LEAF_BYTES:
        raise EntryError("a leaf has at most {limit} bytes, got {count}", limit=LARGEST_LEAF_BYTES, count=len(leaf))


def _check_members(members: object) -> None:
    if not isinstance(members, dict):
        raise EntryError("a leaf is one JSON object, got {kind}", kind=type(members).__name__)
    if type(members.get("v")) is not int or members["v"] != LEAF_VERSION:
        raise EntryError(
            "v: this program reads leaves of version {expected}, got {got!r}; a newer program may read it",
            expected=LEAF_VERSION,
            got=str(members.get("v"))[:40],
        )
    if members.keys() != _MEMBERS:
        raise EntryError(
            "a leaf has the members {expected}, got {got}",
            expected=", ".join(sorted(_MEMBERS)),
            got=", ".join(sorted(map(ascii, members)))[:200],
        )
    for name in ("actor", "subject", "op"):
        _check_text(members[name], name)
    if not isinstance(members["type"], str) or not _TYPE.fullmatch(members["type"]):
        raise EntryError("type: a noun and a past participle are expected, got {type!r}", type=str(members["type"])[:100])
    if not isinstance(members["at"], str):
        raise EntryError("at: text is expected, got {kind}", kind=type(members["at"]).__name__)
    time_of_text(members["at"])
    if members["prev"] is not None and not (isinstance(members["prev"], str) and _HASH.fullmatch(members["prev"])):
        raise EntryError("prev: null or 64 lower-case hexadecimal digits are expected, got {prev!r}", prev=members["prev"])
    if not isinstance(members["body"], Mapping):
        raise EntryError("body: an object is expected, got {kind}", kind=type(members["body"]).__name__)
    _check_value(members["body"], "body", 1)


def _check_value(value: object, place: str, depth: int) -> None:
    if depth > DEEPEST_BODY:
        raise EntryError("{place}: a body is at most {limit} deep", place=place, limit=DEEPEST_BODY)
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if _SMALLEST_PERSONAL_NUMBER <= abs(value) < _AFTER_PERSONAL_NUMBERS:
            raise EntryError("{place}: a number of 13 digits may be a person's; put a salted commitment here", place=place)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise EntryError(
                    "{place}: a key of lower-case letters, digits and _ is expected, got {key!r}", place=place, key=key
                )
            _check_value(member, f"{place}.{key}", depth + 1)
    elif isinstance(value, (list, tuple)):
        for index, member in enumerate(value):
            _check_value(member, f"{place}[{index}]", depth + 1)
    else:
        _check_text(value, place)


def _check_text(value: object, place: str) -> None:
    if not isinstance(value, str):
        raise EntryError("{place}: text is expected, got {kind}", place=place, kind=type(value).__name__)
    # The value is not repeated in the message: it may be the very thing that must not be written down.
    if not _TEXT.fullmatch(value):
        raise EntryError(
            "{place}: an id, digest, version or time is expected (1 to {limit} of A-Z a-z 0-9 . _ : / + = -), "
            "got {count} characters that are none; free text and names do not belong in the ledger",
            place=place,
            limit=LONGEST_TEXT,
            count=len(value),
        )
    if _PERSONAL_NUMBER.fullmatch(value):
        raise EntryError("{place}: a number of 13 digits may be a person's; put a salted commitment here", place=place)
