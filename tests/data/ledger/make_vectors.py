"""Write `vectors.json` beside this file: leaves, hashes, roots, a signed checkpoint and receipts that must never change."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signatures.ledger.checkpoint import Checkpoint, LedgerKey, sign_checkpoint
from signatures.ledger.entry import Event, leaf_bytes
from signatures.ledger.merkle import consistency_proof, inclusion_proof, leaf_hash, nodes_of, root_at
from signatures.ledger.receipt import Receipt, write_receipt

DIGEST = "sha256:" + "0123456789abcdef" * 4
EVENTS = (
    Event("log.opened", "log_01", "usr_01", {"origin": "ledger.test/vectors"}, "op-0"),
    Event("template.registered", "tpl_lanna-mou", "usr_01", {"template": DIGEST, "version": "1.0.0"}, "op-1"),
    Event("charter.drafted", "doc_01", "usr_01", {"organisation": "org_01", "slots": 4}, "op-2"),
    Event(
        "revision.frozen", "doc_01", "usr_01", {"after": DIGEST, "data": DIGEST, "document": DIGEST, "expected": DIGEST}, "op-3"
    ),
    Event("signature.applied", "doc_01", "usr_02", {"before": DIGEST, "after": DIGEST, "field": "S0001"}, "op-4"),
    Event("charter.completed", "doc_01", "usr_01", {"fields": ["S0001"], "is_joint": False, "ended": None}, "op-5"),
    Event("checkpoint.published", "checkpoint:6", "usr_01", {"size": 6, "root": DIGEST}, "op-6"),
)


def main() -> None:
    key = LedgerKey("ledger.test/vectors", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    leaves: list[bytes] = []
    for number, event in enumerate(EVENTS):
        at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC) + timedelta(minutes=number)
        leaves.append(leaf_bytes(event, at=at, previous=leaf_hash(leaves[-1]) if leaves else None))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    node, size = nodes_of(hashes), len(hashes)
    note = sign_checkpoint(Checkpoint(key.name, size, root_at(node, size)), key)
    vectors = {
        "leaves": [leaf.decode("ascii") for leaf in leaves],
        "leaf_hashes": [value.hex() for value in hashes],
        "roots": [root_at(node, count).hex() for count in range(size + 1)],
        "consistency": [[value.hex() for value in consistency_proof(node, count, size)] for count in range(size + 1)],
        "vkey": str(key.public),
        "note": note,
        "receipts": [write_receipt(Receipt(leaf, at, inclusion_proof(node, at, size), note)) for at, leaf in enumerate(leaves)],
    }
    text = json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"
    Path(__file__).with_name("vectors.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
