"""Each row of the table of what an audit detects: one thing is done to the ledger, and the audit says which."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Connection, text

from signatures.ledger.audit import audit
from signatures.ledger.checkpoint import LedgerKey, sign_checkpoint
from signatures.ledger.entry import Entry, Event
from signatures.ledger.log import Ledger
from signatures.ledger.store import LedgerStore, create_ledger_tables, open_engine
from signatures.messages import Message, say

COUNT = 11


def fill(connection: Connection, key: LedgerKey, at: datetime, count: int = COUNT, actor: str = "usr_01") -> Ledger:
    ledger = Ledger(LedgerStore(connection), key.name, key)
    for number in range(count):
        event = Event("signature.applied", f"doc_{number}", actor, {"number": number}, f"op-{number}")
        ledger.append([event], at=at)
    return ledger


def remove_triggers(connection: Connection) -> None:
    """What an administrator can do."""
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    for name in names:
        connection.execute(text(f"DROP TRIGGER {name}"))


def findings(ledger: Ledger) -> list[str]:
    return [str(finding) for finding in audit(ledger).findings]


def test_a_ledger_that_nobody_touched_is_clean(connection: Connection, key: LedgerKey, at: datetime) -> None:
    ledger = fill(connection, key, at)
    report = audit(ledger, keys=(key.public,), held=(ledger.head(),))
    assert report.findings == ()
    assert report.is_clean
    assert report.checkpoint == ledger.head()


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            ["UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'doc_5', 'doc_6') AS BLOB) WHERE seq = 5"],
            [
                "entry 5: the column leaf_hash",
                "entry 5: the column subject",
                "entry 6: it does not name",
                "subtree 2 of level 1",
                "head: its root",
            ],
        ),
        (
            ["DELETE FROM ledger_entry WHERE seq = 5"],
            ["entry 6: index 5 is expected", "entry 6: it does not name", "head: it says 11"],
        ),
        (["DELETE FROM ledger_entry WHERE seq = 0"], ["entry 1: index 0 is expected", "entry 1: it does not name"]),
        (["DELETE FROM ledger_entry WHERE seq = 10"], ["head: it says 11 entries, there are 10", "head: its root"]),
        (
            [
                "UPDATE ledger_entry SET seq = 100 WHERE seq = 3",
                "UPDATE ledger_entry SET seq = 3 WHERE seq = 4",
                "UPDATE ledger_entry SET seq = 4 WHERE seq = 100",
            ],
            ["entry 3: it does not name", "entry 4: it does not name", "head: its root"],
        ),
        (
            ["INSERT INTO ledger_entry SELECT 11, 'op-11', leaf, leaf_hash, type, subject, at FROM ledger_entry WHERE seq = 5"],
            ["entry 11: the column op_id", "entry 11: it does not name", "head: it says 11 entries, there are 12"],
        ),
        (
            [
                "INSERT INTO ledger_entry SELECT -1, 'op-x', leaf, leaf_hash, type, subject, at FROM ledger_entry WHERE seq = 5",
            ],
            ["entry -1: index 0 is expected"],
        ),
        (["UPDATE ledger_entry SET leaf = x'7b7d' WHERE seq = 5"], ["entry 5: the leaf is none"]),
        (["UPDATE ledger_entry SET leaf_hash = zeroblob(32) WHERE seq = 5"], ["entry 5: the column leaf_hash"]),
        (["UPDATE ledger_entry SET type = 'charter.revoked' WHERE seq = 5"], ["entry 5: the column type says charter.revoked"]),
        (["UPDATE ledger_entry SET subject = 'doc_9' WHERE seq = 5"], ["entry 5: the column subject says doc_9"]),
        (["UPDATE ledger_entry SET at = '2020-01-01T00:00:00Z' WHERE seq = 5"], ["entry 5: the column at says 2020"]),
        (["UPDATE ledger_entry SET op_id = 'op-free' WHERE seq = 5"], ["entry 5: the column op_id says op-free"]),
        (["UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 2 AND idx = 1"], ["subtree 1 of level 2"]),
        (["DELETE FROM ledger_node WHERE level = 3"], ["7 subtrees are stored, 1 more"]),
        (["INSERT INTO ledger_node VALUES (9, 0, zeroblob(32))"], ["subtree 0 of level 9"]),
        (["UPDATE ledger_head SET root = zeroblob(32)"], ["head: its root", "head: its note is of another"]),
        (["UPDATE ledger_head SET size = 12"], ["head: it says 12 entries, there are 11", "head: its note is of another"]),
        (["UPDATE ledger_head SET frontier = zeroblob(96)"], ["head: its frontier"]),
        (["UPDATE ledger_head SET note = 'x'"], ["head: its note is not signed"]),
        (["DELETE FROM ledger_head"], ["head: missing, but there are 11 entries"]),
        (["UPDATE checkpoint SET root = zeroblob(32)"], ["published checkpoint of 5 entries: its note"]),
        (["UPDATE checkpoint SET note = 'x'"], ["published checkpoint of 5 entries: a signed note"]),
        (["UPDATE peer_checkpoint SET size = 6"], ["checkpoint from org_01 of 6 entries: its note"]),
    ],
    ids=[
        "leaf changed",
        "removed in the middle",
        "first removed",
        "last removed",
        "two exchanged",
        "one added",
        "one added before the first",
        "leaf is none",
        "leaf hash edited",
        "type edited",
        "subject edited",
        "time edited",
        "operation id edited",
        "subtree edited",
        "subtree removed",
        "subtree added",
        "head's root edited",
        "head's size edited",
        "frontier edited",
        "note edited",
        "head removed",
        "published root edited",
        "published note edited",
        "peer's size edited",
    ],
)
def test_what_was_done_to_the_ledger_is_found(
    statements: list[str], said: list[str], connection: Connection, key: LedgerKey, at: datetime
) -> None:
    ledger = fill(connection, key, at, 5)
    ledger.store.add_checkpoint(ledger.head(), ledger.note(), at)
    ledger.take_peer_checkpoint(ledger.note(), source="org_01", at=at)
    fill(connection, key, at)
    assert findings(ledger) == []

    remove_triggers(connection)
    for statement in statements:
        connection.execute(text(statement))
    found = findings(ledger)
    for sentence in said:
        assert any(finding.startswith(sentence) for finding in found), (sentence, found)


@pytest.fixture
def other_connection() -> Iterator[Connection]:
    engine = open_engine(
        "sqlite://",
    )
    with engine.connect() as opened:
        create_ledger_tables(opened)
        yield opened
    engine.dispose()


def test_a_note_of_a_stranger_is_found(connection: Connection, key: LedgerKey, stranger: LedgerKey, at: datetime) -> None:
    ledger = fill(connection, key, at)
    connection.execute(text("UPDATE ledger_head SET note = :note"), {"note": sign_checkpoint(ledger.head(), stranger)})
    assert findings(ledger)[0].startswith("head: its note is not signed by the ledger")


def test_a_rewritten_ledger_is_found_only_with_a_checkpoint_held_elsewhere(
    connection: Connection, other_connection: Connection, key: LedgerKey, at: datetime
) -> None:
    held = fill(connection, key, at, 8).head()
    rewritten = fill(other_connection, key, at, 9, actor="usr_02")
    assert audit(rewritten).is_clean
    assert [str(finding) for finding in audit(rewritten, held=(held,)).findings] == [
        "held checkpoint of 8 entries: the ledger has another history"
    ]


def test_a_cut_off_end_is_found_only_with_a_checkpoint_held_elsewhere(
    connection: Connection, other_connection: Connection, key: LedgerKey, at: datetime
) -> None:
    longer = fill(connection, key, at, 9).head()
    cut = fill(other_connection, key, at, 6)
    assert audit(cut, held=(cut.head(),)).is_clean
    assert "its end is missing" in str(audit(cut, held=(longer,)).findings[0])


def test_another_ledgers_checkpoint_is_a_finding(connection: Connection, key: LedgerKey, at: datetime) -> None:
    ledger = fill(connection, key, at, 2)
    other = LedgerKey("another.test/log", key.private_key)
    foreign = type(ledger.head())(other.name, 0, bytes(32))
    assert str(audit(ledger, held=(foreign,)).findings[0]) == "held checkpoint: it is of another.test/log"


def test_the_caller_checks_each_entry_in_order(connection: Connection, key: LedgerKey, at: datetime) -> None:
    ledger = fill(connection, key, at, 4)
    seen: list[int] = []

    def file_exists(entry: Entry) -> Iterator[Message]:
        seen.append(entry.index)
        if entry.index == 2:
            yield say("entry {index}: its file is missing", index=entry.index)

    report = audit(ledger, entry_checks=(file_exists,))
    assert seen == [0, 1, 2, 3]
    assert [str(finding) for finding in report.findings] == ["entry 2: its file is missing"]
    assert not report.is_clean
