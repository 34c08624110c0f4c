"""The receipt of one entry: its leaf, its inclusion proof and the signed checkpoint, as c2sp.org/tlog-proof@v1.

The `extra` line holds the leaf. The format does not authenticate it: whoever reads a receipt hashes the leaf, and the proof
binds it. Without a leaf the text is a proof of nothing that we could name, so it is refused.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from signatures.errors import EvidenceError
from signatures.ledger.checkpoint import LARGEST_NOTE_BYTES, Checkpoint, LedgerPublicKey, open_checkpoint, parse_checkpoint
from signatures.ledger.entry import LARGEST_LEAF_BYTES, Entry, parse_leaf
from signatures.ledger.merkle import HASH_BYTES, LARGEST_PROOF, check_inclusion, leaf_hash

_FIRST_LINE = "c2sp.org/tlog-proof@v1"
_HEAD_LINES = 3
_INDEX = re.compile(r"0|[1-9][0-9]{0,18}")
LARGEST_RECEIPT_BYTES = 4 * (LARGEST_LEAF_BYTES + 2) // 3 + LARGEST_NOTE_BYTES + 64 * 48
"""A leaf in base64, a note, and one line for each hash of the longest proof."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a party keeps to show, without us, that an entry is in the ledger. Nothing in it is checked yet."""

    leaf: bytes
    index: int
    proof: tuple[bytes, ...]  # from the leaf's sibling upwards
    note: str

    def entry(self) -> Entry:
        """Return the entry that the leaf says; raises EntryError."""
        return parse_leaf(self.leaf, self.index)

    def check_inclusion(self) -> Checkpoint:
        """Return what the note claims, once the proof is found to lead from the leaf to its root.

        The note's signature is not looked at: that is `open_checkpoint`.

        Raises:
            CheckpointError: the note is malformed.
            ProofError: the proof does not lead to the root.
        """
        checkpoint = parse_checkpoint(self.note)
        check_inclusion(leaf_hash(self.leaf), index=self.index, size=checkpoint.size, proof=self.proof, root=checkpoint.root)
        return checkpoint


def open_receipt(receipt: Receipt, keys: Sequence[LedgerPublicKey]) -> tuple[Entry, Checkpoint]:
    """Return the entry and the checkpoint that covers it, both proven; raises EntryError, ProofError or CheckpointError."""
    receipt.check_inclusion()
    return receipt.entry(), open_checkpoint(receipt.note, keys)


def write_receipt(receipt: Receipt) -> str:
    """Return the text of the receipt, for a file that ends in `.tlog-proof`."""
    hashes = "".join(f"{_encode(value)}\n" for value in receipt.proof)
    return f"{_FIRST_LINE}\nextra {_encode(receipt.leaf)}\nindex {receipt.index}\n{hashes}\n{receipt.note}"


def read_receipt(text: str) -> Receipt:
    """Read the text of a receipt. Each receipt has one text: any other is refused.

    Raises:
        EvidenceError: the text is not a receipt.
    """
    if len(text) > LARGEST_RECEIPT_BYTES:
        raise EvidenceError(
            "a receipt has at most {limit} bytes, got {count} characters", limit=LARGEST_RECEIPT_BYTES, count=len(text)
        )
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or len(lines) < _HEAD_LINES or lines[0] != _FIRST_LINE:
        raise EvidenceError("a receipt begins with the lines {first}, extra and index", first=_FIRST_LINE)
    leaf = _decode(_after(lines[1], "extra "), "extra")
    index = _after(lines[2], "index ")
    if not _INDEX.fullmatch(index):
        raise EvidenceError("index: a decimal number is expected, got {index!r}", index=index[:40])
    proof = tuple(_decode(line, "proof") for line in lines[_HEAD_LINES:])
    if len(proof) > LARGEST_PROOF or any(len(value) != HASH_BYTES for value in proof):
        raise EvidenceError(
            "proof: at most {limit} hashes of {expected} bytes are expected", limit=LARGEST_PROOF, expected=HASH_BYTES
        )
    receipt = Receipt(leaf, int(index), proof, note)
    if write_receipt(receipt) != text:
        raise EvidenceError("the receipt is not in the one form that it has")
    return receipt


def _after(line: str, prefix: str) -> str:
    if not line.startswith(prefix):
        raise EvidenceError("a line beginning with {prefix!r} is expected, got {line!r}", prefix=prefix, line=line[:100])
    return line.removeprefix(prefix)


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _decode(text: str, place: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise EvidenceError("{place}: base64 is expected, got {text!r}", place=place, text=text[:100]) from error
