"""What strangers send is read without a database, and ends in our own errors whatever it is."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatures.canonical import JsonValue, canonical_bytes
from signatures.errors import CheckpointError, EntryError, EvidenceError
from signatures.ledger.checkpoint import LedgerPublicKey, parse_checkpoint
from signatures.ledger.entry import parse_leaf
from signatures.ledger.receipt import read_receipt

LINES = st.lists(
    st.sampled_from(["", "a", "0", "7", "\u2014 a AAAAAAAA", "A" * 43 + "=", "c2sp.org/tlog-proof@v1", "extra e30=", "index 0"])
    | st.text(max_size=20),
    max_size=9,
).map("\n".join)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "A", "\u0e01"]), inner, max_size=3),
    max_leaves=5,
)
MEMBERS = st.fixed_dictionaries(
    {
        "v": st.just(1) | VALUES,
        "type": st.just("log.opened") | VALUES,
        "at": st.just("2026-11-22T01:00:00Z") | VALUES,
        "actor": st.just("usr_01") | VALUES,
        "subject": st.just("log_01") | VALUES,
        "op": st.just("op-1") | VALUES,
        "prev": st.just("ab" * 32) | VALUES,
        "body": VALUES,
    },
    optional={"more": VALUES},
)


@pytest.mark.parametrize("module", ["entry", "merkle", "checkpoint", "receipt", "export"])
def test_reading_needs_no_database_and_no_renderer(module: str) -> None:
    program = f"import sys, signatures.ledger.{module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    loaded = set(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.split())
    assert loaded.isdisjoint({"sqlalchemy", "mou", "pyhanko", "pikepdf", "weasyprint"})


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_an_entry_or_an_entry_error(content: bytes) -> None:
    with pytest.raises(EntryError):
        parse_leaf(content, 0)


@given(MEMBERS)
@settings(deadline=None, max_examples=300)
def test_any_object_is_an_entry_or_an_entry_error(members: dict[str, JsonValue]) -> None:
    leaf = canonical_bytes(members)
    try:
        said = parse_leaf(leaf, 0).leaf.decode()
    except EntryError as error:
        said = str(error)
    assert said == leaf.decode() or said.isprintable()


def test_a_number_of_five_thousand_digits_is_an_entry_error() -> None:
    with pytest.raises(EntryError):
        parse_leaf(b'{"v":' + b"1" * 5_000 + b"}", 0)


@given(LINES)
@settings(deadline=None)
def test_any_text_is_a_checkpoint_or_a_checkpoint_error(text: str) -> None:
    try:
        checkpoint = parse_checkpoint(text)
    except CheckpointError:
        return
    assert text.startswith(checkpoint.text())


@given(LINES)
@settings(deadline=None)
def test_any_text_is_a_key_or_a_checkpoint_error(text: str) -> None:
    with pytest.raises(CheckpointError):
        LedgerPublicKey.parse(text)


@given(LINES)
@settings(deadline=None)
def test_any_text_is_a_receipt_or_an_evidence_error(text: str) -> None:
    try:
        receipt = read_receipt(text)
    except EvidenceError:
        return
    assert text.endswith(receipt.note)
