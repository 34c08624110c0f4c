"""Leaves of 2026, written down as bytes: they must be read, hashed and proven in the same way for ever."""

import hashlib
import json
from pathlib import Path
from typing import TypedDict

import pytest

from signatures.ledger.checkpoint import LedgerPublicKey, open_checkpoint
from signatures.ledger.entry import Event, leaf_bytes, parse_leaf
from signatures.ledger.merkle import check_consistency, leaf_hash, root_of
from signatures.ledger.receipt import open_receipt, read_receipt, write_receipt


class Vectors(TypedDict):
    leaves: list[str]
    leaf_hashes: list[str]
    roots: list[str]
    consistency: list[list[str]]
    vkey: str
    note: str
    receipts: list[str]


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    folder = Path(__file__).parents[3] / "data" / "ledger"
    read: Vectors = json.loads((folder / "vectors.json").read_text(encoding="utf-8"))
    return read


def test_leaves_hash_as_they_did(vectors: Vectors) -> None:
    assert [leaf_hash(leaf.encode()).hex() for leaf in vectors["leaves"]] == vectors["leaf_hashes"]
    # The way that a person follows by hand, with a shell: (printf '\0'; cat leaf) | sha256sum
    assert [hashlib.sha256(b"\0" + leaf.encode()).hexdigest() for leaf in vectors["leaves"]] == vectors["leaf_hashes"]
    assert vectors["leaf_hashes"][0] == "a5636d2c60f6ea8087603ad04b4336b779e0da04cc285db0be3283d2bd196e05"
    assert vectors["roots"][7] == "b807baf7c84f0debe409d7994e1a99104864302c83bb22b5851389caf3aba8e2"


def test_leaves_read_and_chain_as_they_did(vectors: Vectors) -> None:
    entries = [parse_leaf(leaf.encode(), index) for index, leaf in enumerate(vectors["leaves"])]
    assert [None if entry.previous is None else entry.previous.hex() for entry in entries] == [None, *vectors["leaf_hashes"][:-1]]
    for entry in entries:
        event = Event(entry.type, entry.subject, entry.actor, entry.body, entry.operation_id)
        assert leaf_bytes(event, at=entry.at, previous=entry.previous) == entry.leaf


def test_roots_and_proofs_hold_as_they_did(vectors: Vectors) -> None:
    hashes = [bytes.fromhex(text) for text in vectors["leaf_hashes"]]
    assert [root_of(hashes[:size]).hex() for size in range(8)] == vectors["roots"]
    for size, proof in enumerate(vectors["consistency"]):
        check_consistency(
            [bytes.fromhex(text) for text in proof],
            old_size=size,
            old_root=bytes.fromhex(vectors["roots"][size]),
            new_size=7,
            new_root=bytes.fromhex(vectors["roots"][7]),
        )


def test_the_note_and_receipts_open_as_they_did(vectors: Vectors) -> None:
    keys = (LedgerPublicKey.parse(vectors["vkey"]),)
    checkpoint = open_checkpoint(vectors["note"], keys)
    assert (checkpoint.size, checkpoint.root.hex()) == (7, vectors["roots"][7])
    for index, text in enumerate(vectors["receipts"]):
        receipt = read_receipt(text)
        entry, covered_by = open_receipt(receipt, keys)
        assert (entry.index, entry.leaf, covered_by) == (index, vectors["leaves"][index].encode(), checkpoint)
        assert write_receipt(receipt) == text
