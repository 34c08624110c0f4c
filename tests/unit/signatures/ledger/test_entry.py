import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatures.canonical import JsonValue, canonical_bytes
from signatures.errors import EntryError
from signatures.ledger.entry import EVENT_TYPES, LARGEST_LEAF_BYTES, Event, leaf_bytes, parse_leaf

EVENT = Event(
    type="signature.applied",
    subject="doc_01",
    actor="usr_01",
    body={"document": "sha256:" + "ab" * 32, "field": "S0001", "number": 3, "parts": ["a", None, True]},
    operation_id="op-1",
)
PREVIOUS = bytes(range(32))

IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9._:/+=-]{0,40}", fullmatch=True)
BODIES = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**12) + 1, 10**12 - 1) | IDS,
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    max_size=5,
)


def of_size(count: int, at: datetime) -> Event:
    """An event whose leaf has so many bytes."""
    filler = ["x" * 200] * 322
    empty = len(leaf_bytes(replace(EVENT, body={"filler": [*filler, "x"]}), at=at, previous=None))
    missing = count - empty
    parts, rest = divmod(missing, 203)
    assert 0 <= rest <= 199
    return replace(EVENT, body={"filler": [*filler, *["x" * 200] * parts, "x" * (1 + rest)]})


def test_a_leaf_reads_as_what_was_asked_for(at: datetime) -> None:
    leaf = leaf_bytes(EVENT, at=at, previous=PREVIOUS)
    entry = parse_leaf(leaf, 7)
    assert (entry.index, entry.version, entry.type, entry.at) == (7, 1, "signature.applied", at)
    assert (entry.actor, entry.subject, entry.operation_id) == ("usr_01", "doc_01", "op-1")
    assert (entry.previous, entry.leaf) == (PREVIOUS, leaf)
    assert entry.body["parts"] == ["a", None, True]
    assert entry.records(EVENT)


def test_the_bytes_are_these(at: datetime) -> None:
    assert leaf_bytes(replace(EVENT, body={"b": 1, "a": "x"}), at=at, previous=None) == (
        b'{"actor":"usr_01","at":"2026-11-22T01:00:00Z","body":{"a":"x","b":1},"op":"op-1","prev":null,'
        b'"subject":"doc_01","type":"signature.applied","v":1}'
    )


def test_another_time_zone_and_a_fraction_give_the_same_leaf(at: datetime) -> None:
    in_bangkok = at.astimezone(timezone(timedelta(hours=7))) + timedelta(microseconds=999_999)
    assert leaf_bytes(EVENT, at=in_bangkok, previous=None) == leaf_bytes(EVENT, at=at, previous=None)


def test_a_time_without_its_zone_is_refused(at: datetime) -> None:
    with pytest.raises(EntryError, match="zone"):
        leaf_bytes(EVENT, at=at.replace(tzinfo=None), previous=None)


@given(body=BODIES, subject=IDS, event_type=st.sampled_from(sorted(EVENT_TYPES)))
@settings(deadline=None)
def test_every_leaf_that_can_be_written_can_be_read(body: dict[str, JsonValue], subject: str, event_type: str) -> None:
    event = Event(event_type, subject, "usr_01", body, "op-1")
    written = datetime.fromisoformat("2026-11-22T01:00:00+00:00")
    entry = parse_leaf(leaf_bytes(event, at=written, previous=None), 0)
    assert entry.records(event)
    assert entry.body == body


@given(position=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(deadline=None, max_examples=300)
def test_a_changed_leaf_is_refused_or_another_entry(position: int, bit: int) -> None:
    leaf = leaf_bytes(EVENT, at=datetime.fromisoformat("2026-11-22T01:00:00+00:00"), previous=PREVIOUS)
    changed = bytearray(leaf)
    changed[position % len(leaf)] ^= 1 << bit
    try:
        entry = parse_leaf(bytes(changed), 0)
    except EntryError:
        return
    assert replace(entry, leaf=leaf) != parse_leaf(leaf, 0)


@pytest.mark.parametrize(
    "value",
    [
        "สมชาย ใจดี",
        "Somchai Jaidee",
        "somchai@example.org",
        "1234567890123",
        "1-2345-67890-12-3",
        1234567890123,
        "",
        "x" * 201,
        "a\n",
        "é",
        ["fine", "not fine"],
        {"name": "not fine"},
    ],
    ids=[
        "Thai name",
        "name with a space",
        "e-mail address",
        "13 digits",
        "13 digits with hyphens",
        "13 digits as an integer",
        "empty",
        "201 characters",
        "newline",
        "accent",
        "in a list",
        "in an object",
    ],
)
def test_what_may_be_personal_data_is_refused_and_not_repeated(value: JsonValue, at: datetime) -> None:
    with pytest.raises(EntryError) as refused:
        leaf_bytes(replace(EVENT, body={"value": value}), at=at, previous=None)
    assert "body.value" in str(refused.value)
    if isinstance(value, str) and value:
        assert value not in str(refused.value)


@pytest.mark.parametrize("name", ["subject", "actor", "operation_id"])
def test_ids_follow_the_rule_of_text(name: str, at: datetime) -> None:
    ids = {"subject": "doc_01", "actor": "usr_01", "operation_id": "op-1"} | {name: "a name"}
    with pytest.raises(EntryError, match="free text and names"):
        leaf_bytes(Event(type="signature.applied", body={}, **ids), at=at, previous=None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"share": 0.5}, "float"),
        ({"count": 2**53}, "2^53"),
        ({"Name": 1}, "lower-case"),
        ({"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}, "8 deep"),
        ({"blob": b"x"}, "bytes"),
    ],
    ids=["float", "integer beyond 2^53", "key", "too deep", "bytes"],
)
def test_a_body_that_has_no_place_in_a_leaf_is_refused(body: dict[str, JsonValue], said: str, at: datetime) -> None:
    with pytest.raises(EntryError) as refused:
        leaf_bytes(replace(EVENT, body=body), at=at, previous=None)
    assert said in str(refused.value)


def test_an_event_type_that_nobody_knows_is_not_appended_but_can_be_read(at: datetime) -> None:
    with pytest.raises(EntryError, match="event types"):
        leaf_bytes(replace(EVENT, type="cake.eaten"), at=at, previous=None)
    newer = leaf_bytes(EVENT, at=at, previous=None).replace(b"signature.applied", b"cake.eaten")
    assert parse_leaf(newer, 0).type == "cake.eaten"


def test_a_leaf_of_65535_bytes_is_the_largest(at: datetime) -> None:
    leaf = leaf_bytes(of_size(LARGEST_LEAF_BYTES, at), at=at, previous=None)
    assert len(leaf) == 65_535
    assert parse_leaf(leaf, 0).leaf == leaf


def test_a_leaf_of_65536_bytes_is_refused(at: datetime) -> None:
    with pytest.raises(EntryError, match="65535 bytes, got 65536"):
        leaf_bytes(of_size(LARGEST_LEAF_BYTES + 1, at), at=at, previous=None)


def members(**changes: object) -> bytes:
    value = json.loads(leaf_bytes(EVENT, at=datetime.fromisoformat("2026-11-22T01:00:00+00:00"), previous=None)) | changes
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("leaf", "said"),
    [
        (b"", "JSON is expected"),
        (b"\xff\xfe", "JSON is expected"),
        (b"[" * 60_000, "JSON is expected"),
        (b"[]", "one JSON object"),
        (members(v=2), "version 1"),
        (members(v=True), "version 1"),
        (members(v="1"), "version 1"),
        (members(more=1), "members"),
        (members(subject=None), "subject: text"),
        (members(type="Applied"), "past participle"),
        (members(type=None), "past participle"),
        (members(at="2026-11-22T01:00:00+00:00"), "at: a time like"),
        (members(at="2026-13-22T01:00:00Z"), "at: a time like"),
        (members(at=1), "at: text"),
        (members(prev="AB" * 32), "prev"),
        (members(prev=1), "prev"),
        (members(body=[]), "body: an object"),
        (members(body={"a": 0.5}), "float"),
        (members().replace(b'"v":1', b'"v": 1'), "canonical"),
        (members().replace(b'{"actor"', b'{"v":1,"actor"'), "canonical"),
        (members().replace(b"usr_01", b"usr_0\\u0031"), "canonical"),
    ],
    ids=[
        "nothing",
        "no text",
        "nested beyond measure",
        "a list",
        "newer version",
        "version true",
        "version as text",
        "a further member",
        "no subject",
        "type without its verb",
        "no type",
        "another spelling of the time",
        "a month that is none",
        "a time as a number",
        "upper-case hash",
        "a hash as a number",
        "body is a list",
        "float",
        "a space",
        "a member twice",
        "an escape",
    ],
)
def test_bytes_that_are_no_leaf_are_refused(leaf: bytes, said: str) -> None:
    with pytest.raises(EntryError) as refused:
        parse_leaf(leaf, 0)
    assert said in str(refused.value)


def test_the_request_is_compared_without_time_and_place(at: datetime) -> None:
    entry = parse_leaf(leaf_bytes(EVENT, at=at, previous=PREVIOUS), 3)
    same = replace(EVENT, body=dict(sorted(EVENT.body.items(), reverse=True)) | {"parts": ("a", None, True)})
    assert canonical_bytes(same.body) == canonical_bytes(EVENT.body)
    assert entry.records(same)
    for changed in (
        replace(EVENT, type="charter.revoked"),
        replace(EVENT, subject="doc_02"),
        replace(EVENT, actor="usr_02"),
        replace(EVENT, body={}),
        replace(EVENT, operation_id="op-2"),
    ):
        assert not entry.records(changed)
