from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from signatures.errors import CheckpointError, EntryError, LedgerConflictError, LedgerError, ProofError
from signatures.ledger.audit import audit
from signatures.ledger.checkpoint import Checkpoint, LedgerKey, open_checkpoint, sign_checkpoint
from signatures.ledger.entry import Event
from signatures.ledger.log import Ledger
from signatures.ledger.merkle import EMPTY_ROOT, check_consistency, root_of
from signatures.ledger.store import LedgerStore, create_ledger_tables, open_engine, read_only


def events(*numbers: int) -> Sequence[Event]:
    return [Event("signature.applied", f"doc_{number % 3}", "usr_01", {"number": number}, f"op-{number}") for number in numbers]


def test_an_empty_ledger_has_a_signed_head(ledger: Ledger, key: LedgerKey) -> None:
    assert ledger.head() == Checkpoint(key.name, 0, EMPTY_ROOT)
    assert open_checkpoint(ledger.note(), (key.public,)) == ledger.head()
    assert ledger.entries() == ()
    assert audit(ledger).is_clean


def test_entries_come_back_in_order_each_naming_the_one_before(ledger: Ledger, at: datetime) -> None:
    written = [*ledger.append(events(0, 1, 2), at=at), *ledger.append(events(3), at=at + timedelta(hours=1))]
    assert list(ledger.entries()) == written
    assert [entry.index for entry in written] == [0, 1, 2, 3]
    assert [entry.previous for entry in written] == [None, *(entry.leaf_hash for entry in written[:3])]
    assert ledger.entries(1, 3) == tuple(written[1:3])
    assert ledger.entry(2) == written[2]
    assert ledger.entries_about("doc_0") == (written[0], written[3])
    assert ledger.find("op-1") == written[1]
    assert ledger.find("op-9") is None


def test_the_head_is_that_of_the_leaves_and_signed(ledger: Ledger, key: LedgerKey, at: datetime) -> None:
    hashes: list[bytes] = []
    for number in range(20):
        hashes += [entry.leaf_hash for entry in ledger.append(events(number), at=at)]
        assert ledger.head() == Checkpoint(key.name, number + 1, root_of(hashes))
        assert open_checkpoint(ledger.note(), (key.public,)) == ledger.head()
    assert ledger.root_at(13) == root_of(hashes[:13])


def test_one_batch_and_single_appends_give_the_same_head(key: LedgerKey, at: datetime) -> None:
    heads = []
    for batches in ([list(range(17))], [[number] for number in range(17)], [[0], list(range(1, 16)), [16]]):
        engine = open_engine("sqlite://")
        with engine.begin() as connection:
            create_ledger_tables(connection)
            ledger = Ledger(LedgerStore(connection), key.name, key)
            for batch in batches:
                ledger.append(events(*batch), at=at)
            heads.append(ledger.head())
        engine.dispose()
    assert heads[0] == heads[1] == heads[2]


def test_every_entry_has_a_receipt_and_every_past_a_consistency_proof(ledger: Ledger, at: datetime) -> None:
    ledger.append(events(*range(13)), at=at)
    for index in range(13):
        assert ledger.receipt(index).check_inclusion() == ledger.head()
    for old_size in range(14):
        for new_size in range(old_size, 14):
            check_consistency(
                ledger.consistency(old_size, new_size),
                old_size=old_size,
                old_root=ledger.root_at(old_size),
                new_size=new_size,
                new_root=ledger.root_at(new_size),
            )


def test_a_repeated_operation_returns_the_entry_that_is_there(ledger: Ledger, at: datetime) -> None:
    first = ledger.append(events(0, 1), at=at)
    again = ledger.append(events(1, 2, 0), at=at + timedelta(days=1))
    assert (again[0], again[2]) == (first[1], first[0])
    assert again[1].index == 2
    assert ledger.head().size == 3


def test_a_repeat_in_one_batch_is_one_entry(ledger: Ledger, at: datetime) -> None:
    first, second = ledger.append([*events(0), *events(0)], at=at)
    assert first == second
    assert ledger.head().size == 1


def test_a_repeat_is_answered_whatever_size_was_expected(ledger: Ledger, at: datetime) -> None:
    (first,) = ledger.append(events(0), at=at, expected_size=0)
    assert ledger.append(events(0), at=at, expected_size=0) == (first,)


@pytest.mark.parametrize("stored_count", [1, 0], ids=["stored before", "in one batch"])
def test_another_request_with_a_used_operation_id_is_refused(stored_count: int, ledger: Ledger, at: datetime) -> None:
    (event,) = events(0)
    other = replace(event, body={"number": 1})
    ledger.append([event][:stored_count], at=at)
    with pytest.raises(LedgerConflictError, match="op-0"):
        ledger.append([event, other], at=at)
    assert ledger.head().size == stored_count


def test_an_append_after_a_stale_read_is_refused(ledger: Ledger, at: datetime) -> None:
    ledger.append(events(0), at=at)
    with pytest.raises(LedgerConflictError, match="has 1 entries, the append was made for 0"):
        ledger.append(events(1), at=at, expected_size=0)
    assert ledger.head().size == 1


def test_a_batch_with_one_event_that_is_none_writes_nothing(ledger: Ledger, at: datetime) -> None:
    bad = replace(events(1)[0], subject="a name")
    with pytest.raises(EntryError):
        ledger.append([*events(0), bad, *events(2)], at=at)
    assert ledger.head().size == 0
    assert audit(ledger).is_clean


def test_an_append_of_nothing_changes_nothing(ledger: Ledger, at: datetime) -> None:
    assert ledger.append([], at=at) == ()
    assert ledger.store.head() is None


def test_a_ledger_is_opened_with_the_key_of_its_name(ledger: Ledger, key: LedgerKey) -> None:
    with pytest.raises(CheckpointError, match="its own name"):
        Ledger(ledger.store, "another.test/log", key)


def test_what_is_not_there_is_an_error_that_says_so(ledger: Ledger, at: datetime) -> None:
    ledger.append(events(0), at=at)
    with pytest.raises(LedgerError, match="no entry 1"):
        ledger.entry(1)
    with pytest.raises(LedgerError, match="no entry 1"):
        ledger.receipt(1)
    with pytest.raises(ProofError, match="no 2"):
        ledger.consistency(1, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_head SET size = 2, frontier = substr(frontier, 1, 32)",
        "UPDATE ledger_head SET root = zeroblob(32)",
        "UPDATE ledger_head SET frontier = zeroblob(64)",
        "UPDATE ledger_head SET frontier = x'00'",
        "UPDATE ledger_head SET note = 'x'",
        "UPDATE ledger_head SET note = replace(note, 'ledger.test', 'another.test')",
    ],
    ids=["size", "root", "frontier", "short frontier", "no note", "another ledger's note"],
)
def test_nothing_is_signed_on_top_of_a_head_that_was_not_signed(
    statement: str, ledger: Ledger, connection: Connection, at: datetime
) -> None:
    ledger.append(events(0, 1, 2), at=at)
    connection.execute(text(statement))
    with pytest.raises(LedgerError, match="run the audit"):
        ledger.append(events(3), at=at)


def test_a_head_signed_by_a_stranger_is_not_continued(
    ledger: Ledger, stranger: LedgerKey, connection: Connection, at: datetime
) -> None:
    ledger.append(events(0), at=at)
    note = sign_checkpoint(ledger.head(), stranger)
    connection.execute(text("UPDATE ledger_head SET note = :note"), {"note": note})
    with pytest.raises(LedgerError, match="run the audit"):
        ledger.append(events(1), at=at)


def test_a_changed_subtree_gives_no_receipt(ledger: Ledger, connection: Connection, at: datetime) -> None:
    ledger.append(events(0, 1, 2, 3), at=at)
    connection.execute(text("DROP TRIGGER ledger_node_refuses_update"))
    connection.execute(text("UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 1 AND idx = 1"))
    with pytest.raises(LedgerError, match="does not prove it"):
        ledger.receipt(0)


def test_a_missing_subtree_gives_no_receipt(ledger: Ledger, connection: Connection, at: datetime) -> None:
    ledger.append(events(0, 1, 2, 3), at=at)
    connection.execute(text("DROP TRIGGER ledger_node_refuses_delete"))
    connection.execute(text("DELETE FROM ledger_node WHERE level = 1 AND idx = 1"))
    with pytest.raises(LedgerError, match="is missing"):
        ledger.receipt(0)


def test_a_published_checkpoint_is_covered_by_the_next_one(ledger: Ledger, at: datetime) -> None:
    ledger.append(events(0, 1), at=at)
    published = ledger.publish(at=at, actor="usr_01")
    assert published.size == 2
    entry = ledger.entry(2)
    assert (entry.type, entry.body) == ("checkpoint.published", {"size": 2, "root": f"sha256:{published.root.hex()}"})
    assert [(stored.size, stored.root) for stored in ledger.store.checkpoints()] == [(2, published.root)]
    assert audit(ledger).is_clean


def test_publishing_again_with_nothing_new_publishes_nothing(ledger: Ledger, at: datetime) -> None:
    ledger.append(events(0, 1), at=at)
    first = ledger.publish(at=at, actor="usr_01")
    assert ledger.publish(at=at + timedelta(days=1), actor="usr_02") == first
    assert ledger.head().size == 3
    ledger.append(events(2), at=at)
    assert ledger.publish(at=at, actor="usr_01").size == 4


def test_a_checkpoint_that_comes_back_is_kept_once(ledger: Ledger, at: datetime) -> None:
    ledger.append(events(0, 1), at=at)
    note = ledger.note()
    ledger.append(events(2), at=at)
    for _ in range(2):
        assert ledger.take_peer_checkpoint(note, source="org_01", at=at) is None
    assert [(stored.source, stored.size) for stored in ledger.store.peer_checkpoints()] == [("org_01", 2)]
    ledger.append(events(3), at=at)


def test_a_checkpoint_of_a_stranger_is_not_kept(ledger: Ledger, stranger: LedgerKey, at: datetime) -> None:
    with pytest.raises(CheckpointError):
        ledger.take_peer_checkpoint(sign_checkpoint(Checkpoint(stranger.name, 9, bytes(32)), stranger), source="org_01", at=at)
    assert ledger.store.peer_checkpoints() == ()


def test_a_ledger_whose_end_is_missing_appends_nothing(ledger: Ledger, key: LedgerKey, at: datetime) -> None:
    ledger.append(events(0, 1), at=at)
    newer = sign_checkpoint(Checkpoint(key.name, 5, bytes(32)), key)
    assert "its end is missing" in str(ledger.take_peer_checkpoint(newer, source="org_01", at=at))
    with pytest.raises(LedgerError, match="org_01 holds a checkpoint of 5 entries"):
        ledger.append(events(2), at=at)
    assert [str(finding) for finding in audit(ledger).findings] == [
        "checkpoint from org_01 of 5 entries: the ledger has only 2, its end is missing"
    ]


def test_a_fork_is_kept_as_proof_and_ends_the_ledger(ledger: Ledger, key: LedgerKey, at: datetime) -> None:
    ledger.append(events(0, 1, 2), at=at)
    other_history = sign_checkpoint(Checkpoint(key.name, 2, bytes(32)), key)
    assert "two histories" in str(ledger.take_peer_checkpoint(other_history, source="org_01", at=at))
    with pytest.raises(LedgerError, match="nothing is appended"):
        ledger.append(events(3), at=at)
    assert ledger.append(events(1), at=at)[0].index == 1  # what is recorded is still answered
    assert "another history" in str(audit(ledger).findings[0])


def test_a_published_checkpoint_beyond_the_head_stops_the_ledger(ledger: Ledger, key: LedgerKey, at: datetime) -> None:
    ledger.append(events(0), at=at)
    newer = Checkpoint(key.name, 7, bytes(32))
    ledger.store.add_checkpoint(newer, sign_checkpoint(newer, key), at)
    with pytest.raises(LedgerError, match="list of published checkpoints"):
        ledger.append(events(1), at=at)


def test_a_checkpoint_of_another_ledger_contradicts(ledger: Ledger) -> None:
    assert "another.test" in str(ledger.contradiction(Checkpoint("another.test/log", 0, EMPTY_ROOT)))


def test_a_reader_cannot_append_and_cannot_write(tmp_path: Path, key: LedgerKey, at: datetime) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/ledger.sqlite3")
    with engine.begin() as connection:
        create_ledger_tables(connection)
    with read_only(engine).begin() as connection:
        store = LedgerStore(connection)
        with pytest.raises(LedgerError, match="reads only"):
            Ledger(store, key.name, key).append(events(0), at=at)
        with pytest.raises(LedgerError, match="readonly"):
            store.write_head(Checkpoint(key.name, 0, EMPTY_ROOT), b"", "note")
    with engine.begin() as connection:
        Ledger(LedgerStore(connection), key.name, key).append(events(0), at=at)
    engine.dispose()
