from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from signatures.errors import CheckpointError, EntryError, EvidenceError, ProofError, SignaturesError
from signatures.ledger.checkpoint import LedgerKey
from signatures.ledger.entry import Event
from signatures.ledger.log import Ledger
from signatures.ledger.receipt import LARGEST_RECEIPT_BYTES, Receipt, open_receipt, read_receipt, write_receipt


@pytest.fixture
def receipt(ledger: Ledger, at: datetime) -> Receipt:
    events = [Event("signature.applied", f"doc_{number}", "usr_01", {"number": number}, f"op-{number}") for number in range(11)]
    ledger.append(events, at=at)
    return ledger.receipt(4)


def test_a_receipt_reads_back_as_it_was_written(receipt: Receipt, key: LedgerKey) -> None:
    text = write_receipt(receipt)
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert read_receipt(text) == receipt
    entry, checkpoint = open_receipt(read_receipt(text), (key.public,))
    assert (entry.subject, entry.index, checkpoint.size) == ("doc_4", 4, 11)


def test_every_changed_byte_of_a_receipt_is_found(receipt: Receipt, key: LedgerKey) -> None:
    text = write_receipt(receipt).encode()
    for position in range(len(text)):
        changed = bytearray(text)
        changed[position] ^= 1
        with pytest.raises(SignaturesError):
            open_receipt(read_receipt(changed.decode("utf-8", "surrogateescape")), (key.public,))


def test_the_leaf_in_a_receipt_is_bound_by_the_proof(receipt: Receipt, key: LedgerKey) -> None:
    with pytest.raises(ProofError, match="leads to the root"):
        open_receipt(replace(receipt, leaf=receipt.leaf.replace(b"doc_4", b"doc_5")), (key.public,))


def test_a_receipt_under_another_ledgers_checkpoint_is_refused(receipt: Receipt, stranger: LedgerKey) -> None:
    with pytest.raises(CheckpointError, match="is expected"):
        open_receipt(receipt, (stranger.public,))


def test_a_receipt_for_bytes_that_are_no_entry_is_refused(receipt: Receipt) -> None:
    with pytest.raises(EntryError):
        replace(receipt, leaf=b"{}").entry()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:0], "begins with the lines"),
        (lambda text: text.replace("@v1", "@v2"), "begins with the lines"),
        (lambda text: text.replace("extra ", "extras "), "'extra '"),
        (lambda text: text.replace("extra ", "extra *"), "base64"),
        (lambda text: text.replace("index 4", "index 04"), "decimal number"),
        (lambda text: text.replace("index 4", "index \u0e54"), "decimal number"),
        (lambda text: text.replace("index 4\n", "index 4\nAAAA\n"), "32 bytes"),
        (lambda text: text.replace("index 4\n", "index 4\n" + ("A" * 43 + "=\n") * 64), "at most 63"),
        (lambda text: text.replace("extra e", "extra e\r"), "base64"),
        (lambda text: text.ljust(LARGEST_RECEIPT_BYTES + 1, "x"), "at most"),
    ],
    ids=[
        "nothing",
        "another format",
        "no extra",
        "extra is no base64",
        "leading zero",
        "Thai digit",
        "short hash",
        "64 hashes",
        "carriage return",
        "too long",
    ],
)
def test_a_text_that_is_no_receipt_is_refused(receipt: Receipt, change: Callable[[str], str], said: str) -> None:
    with pytest.raises(EvidenceError) as refused:
        read_receipt(change(write_receipt(receipt)))
    assert said in str(refused.value)


def test_a_receipt_of_the_only_entry_has_no_hashes(ledger: Ledger, key: LedgerKey, at: datetime) -> None:
    ledger.append([Event("log.opened", "log_1", "usr_01", {}, "op-1")], at=at)
    receipt = read_receipt(write_receipt(ledger.receipt(0)))
    assert receipt.proof == ()
    assert open_receipt(receipt, (key.public,))[0].type == "log.opened"
