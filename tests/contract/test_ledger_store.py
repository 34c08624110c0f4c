"""What the ledger promises on every database. PostgreSQL takes part when MOU_TEST_DATABASE_URL names one."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from signatures.errors import LedgerConflictError, LedgerError
from signatures.ledger.audit import audit
from signatures.ledger.checkpoint import LedgerKey, open_checkpoint
from signatures.ledger.entry import Event
from signatures.ledger.export import export_ledger, read_export
from signatures.ledger.log import Ledger
from signatures.ledger.merkle import Node
from signatures.ledger.store import LedgerStore, create_ledger_tables, ledger_metadata, open_engine, read_only
from signatures.ledger.triggers import trigger_statements

DATABASE_VARIABLE = "MOU_TEST_DATABASE_URL"
APPENDER = Path(__file__).with_name("ledger_appender.py")
AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
KEY = LedgerKey("ledger.test/charters", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; on PostgreSQL a schema of its own, so that runs do not disturb each other."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/ledger.sqlite3"
        return
    server = os.environ.get(DATABASE_VARIABLE)
    if not server:
        pytest.skip(f"{DATABASE_VARIABLE} is not set: PostgreSQL was not tried")
    schema = f"ledger_{uuid.uuid4().hex}"
    administrator = create_engine(server, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield make_url(server).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with administrator.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    administrator.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    with opened.begin() as connection:
        create_ledger_tables(connection)
    yield opened
    opened.dispose()


def log(connection: Connection) -> Ledger:
    return Ledger(LedgerStore(connection), KEY.name, KEY)


def events(*numbers: int) -> Sequence[Event]:
    return [Event("signature.applied", f"doc_{number}", "usr_01", {"number": number}, f"op-{number}") for number in numbers]


def fill(engine: Engine, start: int, stop: int) -> None:
    with engine.begin() as connection:
        log(connection).append(events(*range(start, stop)), at=AT)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with read_only(engine).begin() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(table.select()))
            for table in ledger_metadata.sorted_tables
        }


def require_clean(engine: Engine, size: int) -> None:
    with read_only(engine).begin() as connection:
        report = audit(log(connection), keys=(KEY.public,))
    assert report.findings == ()
    assert report.checkpoint.size == size


def test_what_was_committed_is_there_in_another_connection(engine: Engine) -> None:
    fill(engine, 0, 3)
    fill(engine, 3, 20)
    with read_only(engine).begin() as connection:
        ledger = log(connection)
        assert [entry.index for entry in ledger.entries()] == list(range(20))
        assert open_checkpoint(ledger.note(), (KEY.public,)) == ledger.head()
        assert ledger.receipt(11).check_inclusion() == ledger.head()
        found = ledger.find("op-7")
        assert found is not None
        assert found.subject == "doc_7"
    require_clean(engine, 20)


def test_reading_in_pieces_leaves_nothing_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signatures.ledger.store.ROWS_AT_A_TIME", 7)
    monkeypatch.setattr("signatures.ledger.store.PLACES_AT_A_TIME", 3)
    fill(engine, 0, 30)
    require_clean(engine, 30)
    with read_only(engine).begin() as connection:
        ledger = log(connection)
        assert [entry.index for entry in ledger.entries(5, 26)] == list(range(5, 26))
        assert [entry.index for entry in ledger.entries(stop=7)] == list(range(7))
        assert len(ledger.store.node_hashes((0, index) for index in range(30))) == 30
        assert len(ledger.store.node_hashes((1, index) for index in range(15))) == 15
        assert sorted(ledger.store.find(f"op-{number}" for number in range(30))) == sorted(f"op-{number}" for number in range(30))


def test_an_append_that_fails_before_its_commit_is_not_stored_and_can_be_repeated(engine: Engine) -> None:
    fill(engine, 0, 2)
    before = rows(engine)
    with engine.connect() as connection:
        log(connection).append(events(2), at=AT)
        connection.rollback()  # what the database does when the process is gone
    assert rows(engine) == before
    fill(engine, 2, 3)
    require_clean(engine, 3)


def test_an_append_that_was_stored_although_nobody_heard_of_it_returns_the_same_entry(engine: Engine) -> None:
    with engine.begin() as connection:
        stored = log(connection).append(events(0), at=AT)
    # The answer was lost on its way; the caller repeats.
    with engine.begin() as connection:
        assert log(connection).append(events(0), at=datetime(2027, 1, 1, tzinfo=UTC), expected_size=0) == stored
    with pytest.raises(LedgerConflictError), engine.begin() as connection:
        log(connection).append([replace(events(0)[0], actor="usr_02")], at=AT)
    require_clean(engine, 1)


def test_a_row_that_is_taken_is_a_conflict(engine: Engine) -> None:
    """What the lock does not catch the keys of the tables do."""
    with engine.begin() as connection:
        entries = log(connection).append(events(0), at=AT)
    with pytest.raises(LedgerConflictError, match="read again"), engine.begin() as connection:
        LedgerStore(connection).add_entries(entries)
    with pytest.raises(LedgerConflictError, match="read again"), engine.begin() as connection:
        LedgerStore(connection).add_nodes([Node(1, 4, bytes(32))])


def test_a_second_writer_waits_and_then_continues_the_first(engine: Engine) -> None:
    appended: list[int] = []

    def append_one() -> None:
        with engine.begin() as connection:
            appended.append(log(connection).append(events(1), at=AT)[0].index)

    with engine.begin() as connection:
        log(connection).append(events(0), at=AT)
        second = threading.Thread(target=append_one)
        second.start()
        time.sleep(0.2)
        assert appended == []
    second.join(timeout=10)
    assert appended == [1]
    require_clean(engine, 2)


def test_a_reader_sees_one_state_while_others_append(engine: Engine) -> None:
    fill(engine, 0, 4)
    with read_only(engine).begin() as connection:
        ledger = log(connection)
        before = ledger.head()
        fill(engine, 4, 9)
        assert ledger.head() == before
        assert audit(ledger).is_clean
    require_clean(engine, 9)


def test_a_reader_cannot_write(engine: Engine) -> None:
    with pytest.raises(LedgerError, match="reads only"), read_only(engine).begin() as connection:
        log(connection).append(events(0), at=AT)
    with pytest.raises(DBAPIError, match=r"read-?only"), read_only(engine).begin() as connection:
        connection.execute(text("DELETE FROM ledger_head"))


def test_an_append_under_repeatable_read_is_refused(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        assert trigger_statements("sqlite")  # there is one isolation level only
        return
    with (
        pytest.raises(LedgerError, match="READ COMMITTED"),
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
    ):
        log(connection).append(events(0), at=AT)


# What a stranger's shell with default settings, or a careless script, may try.
ENTRY = "leaf, leaf_hash, type, subject, at FROM ledger_entry WHERE seq = 1"
FORBIDDEN = {
    "update an entry": "UPDATE ledger_entry SET leaf = leaf WHERE seq = 1",
    "delete an entry": "DELETE FROM ledger_entry WHERE seq = 1",
    "delete all entries": "DELETE FROM ledger_entry",
    "an index that exists": f"INSERT INTO ledger_entry SELECT 1, 'op-new', {ENTRY}",
    "an operation id that exists": f"INSERT INTO ledger_entry SELECT 3, 'op-1', {ENTRY}",
    "a gap": f"INSERT INTO ledger_entry SELECT 4, 'op-new', {ENTRY}",
    "before the first": f"INSERT INTO ledger_entry SELECT -1, 'op-new', {ENTRY}",
    "no index": f"INSERT INTO ledger_entry SELECT NULL, 'op-new', {ENTRY}",
    "on conflict of the index": (
        f"INSERT INTO ledger_entry SELECT 1, 'op-new', {ENTRY} ON CONFLICT (seq) DO UPDATE SET leaf = EXCLUDED.leaf"
    ),
    "on conflict of the operation id": (
        f"INSERT INTO ledger_entry SELECT 3, 'op-1', {ENTRY} ON CONFLICT (op_id) DO UPDATE SET leaf = EXCLUDED.leaf"
    ),
    "update a subtree": "UPDATE ledger_node SET hash = hash",
    "delete a subtree": "DELETE FROM ledger_node",
    "a subtree that exists": "INSERT INTO ledger_node SELECT 1, 0, hash FROM ledger_node",
    "a gap in subtrees": "INSERT INTO ledger_node SELECT 1, 2, hash FROM ledger_node",
    "delete a checkpoint": "DELETE FROM checkpoint",
    "a checkpoint's size": "UPDATE checkpoint SET size = 9",
    "a checkpoint's root": "UPDATE checkpoint SET root = (SELECT hash FROM ledger_node)",
    "a checkpoint's note": "UPDATE checkpoint SET note = 'x'",
    "a checkpoint's time": "UPDATE checkpoint SET published_at = 'x'",
    "a checkpoint that exists": "INSERT INTO checkpoint SELECT * FROM checkpoint",
    "update a peer's checkpoint": "UPDATE peer_checkpoint SET is_fork = 0",
    "delete a peer's checkpoint": "DELETE FROM peer_checkpoint",
    "a second head": "INSERT INTO ledger_head SELECT 2, size, root, frontier, note FROM ledger_head",
}
FORBIDDEN_IN_SQLITE = {
    "insert or replace an index": f"INSERT OR REPLACE INTO ledger_entry SELECT 1, 'op-new', {ENTRY}",
    "insert or replace an operation id": f"INSERT OR REPLACE INTO ledger_entry SELECT 3, 'op-1', {ENTRY}",
    "replace": f"REPLACE INTO ledger_entry SELECT 1, 'op-1', {ENTRY}",
    "update or replace": "UPDATE OR REPLACE ledger_entry SET seq = 2 WHERE seq = 1",
    "insert or ignore": f"INSERT OR IGNORE INTO ledger_entry SELECT 1, 'op-new', {ENTRY}",
    "by row number": "UPDATE ledger_entry SET rowid = 9 WHERE seq = 1",
    "replace a subtree": "REPLACE INTO ledger_node SELECT 1, 0, leaf_hash FROM ledger_entry WHERE seq = 0",
    "replace a checkpoint": "REPLACE INTO checkpoint SELECT size, root, 'x', NULL, NULL, published_at FROM checkpoint",
    "replace a peer's checkpoint": "REPLACE INTO peer_checkpoint SELECT source, size, root, 'x', seen_at, 1 FROM peer_checkpoint",
    "a number in place of bytes": (
        "INSERT INTO ledger_entry SELECT 3, 'op-new', 7, leaf_hash, type, subject, at FROM ledger_entry WHERE seq = 1"
    ),
}
FORBIDDEN_IN_POSTGRESQL = {
    "truncate entries": "TRUNCATE ledger_entry",
    "truncate subtrees": "TRUNCATE ledger_node",
    "truncate checkpoints": "TRUNCATE checkpoint",
    "merge": (
        "MERGE INTO ledger_entry AS old USING ledger_entry AS new ON old.seq = new.seq "
        "WHEN MATCHED THEN UPDATE SET leaf = new.leaf"
    ),
    "switched off by a superuser": "SET session_replication_role = replica; DELETE FROM ledger_entry",
    "a gap with triggers switched off": (
        f"SET session_replication_role = replica; INSERT INTO ledger_entry SELECT 4, 'op-new', {ENTRY}"
    ),
}


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with engine.begin() as connection:
        ledger = log(connection)
        ledger.append(events(0, 1, 2), at=AT)
        ledger.store.add_checkpoint(ledger.head(), ledger.note(), AT)
        ledger.take_peer_checkpoint(ledger.note(), source="org_01", at=AT)
    return engine


def test_the_tables_refuse_all_but_the_next_row(filled: Engine, database_url: str) -> None:
    before = rows(filled)
    is_sqlite = filled.dialect.name == "sqlite"
    statements = FORBIDDEN | (FORBIDDEN_IN_SQLITE if is_sqlite else FORBIDDEN_IN_POSTGRESQL)
    for case, statement in statements.items():
        if is_sqlite:
            stranger = sqlite3.connect(make_url(database_url).database or "", isolation_level=None)
            with pytest.raises(sqlite3.Error):
                stranger.execute(statement)
            stranger.close()
        else:
            with pytest.raises(DBAPIError), filled.begin() as connection:
                connection.exec_driver_sql(statement)
        assert rows(filled) == before, case
    require_clean(filled, 3)


def test_our_own_connections_fire_triggers_for_replaced_rows(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/ledger.sqlite3")
    expected = {"recursive_triggers": 1, "foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000, "journal_mode": "wal"}
    with engine.connect() as connection:
        assert {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in expected} == expected
    engine.dispose()


def test_a_token_and_cosignatures_may_arrive_later(filled: Engine) -> None:
    with filled.begin() as connection:
        changed = connection.execute(
            text("UPDATE checkpoint SET rfc3161_token = :token, cosignatures = 'line' WHERE size = 3"), {"token": b"token"}
        )
        assert changed.rowcount == 1


def test_a_restored_backup_appends_nothing_once_a_newer_checkpoint_came_back(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/ledger.sqlite3")
    with engine.begin() as connection:
        create_ledger_tables(connection)
    fill(engine, 0, 5)
    engine.dispose()
    shutil.copy(tmp_path / "ledger.sqlite3", tmp_path / "backup.sqlite3")
    fill(engine, 5, 9)
    with read_only(engine).begin() as connection:
        held = log(connection).note()
    engine.dispose()

    restored = open_engine(f"sqlite:///{tmp_path}/backup.sqlite3")
    with restored.begin() as connection:
        reason = log(connection).take_peer_checkpoint(held, source="org_01", at=AT)
    assert "its end is missing" in str(reason)
    with pytest.raises(LedgerError, match="restored from an old backup"), restored.begin() as connection:
        log(connection).append(events(5), at=AT)
    with read_only(restored).begin() as connection:
        assert log(connection).head().size == 5
        assert not audit(log(connection)).is_clean
    restored.dispose()


def test_two_histories_are_proven_by_two_checkpoints(tmp_path: Path) -> None:
    """The backup was used before the newer checkpoint came back: the key has signed two heads of one size."""
    notes = []
    for actor in ("usr_01", "usr_02"):
        engine = open_engine(f"sqlite:///{tmp_path}/{actor}.sqlite3")
        with engine.begin() as connection:
            create_ledger_tables(connection)
            log(connection).append([*events(0, 1), replace(events(2)[0], actor=actor), *events(3)], at=AT)
            notes.append(log(connection).note())
        engine.dispose()
    engine = open_engine(f"sqlite:///{tmp_path}/usr_01.sqlite3")
    with engine.begin() as connection:
        assert "two histories" in str(log(connection).take_peer_checkpoint(notes[1], source="org_01", at=AT))
    with pytest.raises(LedgerError, match="two histories"), engine.begin() as connection:
        log(connection).append(events(4), at=AT)
    engine.dispose()


def test_an_export_is_the_same_from_every_database(engine: Engine, tmp_path: Path) -> None:
    fill(engine, 0, 300)
    with read_only(engine).begin() as connection:
        head = export_ledger(log(connection), tmp_path / "export")
    export = read_export(tmp_path / "export", (KEY.public,))
    assert export.is_clean
    assert export.checkpoint == head
    # The events, the time and the key are fixed: so is the root, on every database and in ten years.
    assert head.root.hex() == "fd762547a9f90d1194386c290a305b4ab4da6171303c79596cf8b80fd5f3840e"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://user:word@host/name", "sqlite or postgresql is expected, got mysql"),
        ("a file", "a URL like sqlite"),
        ("postgresql+pg8000://user:word@host/name", "is not installed"),
        ("postgresql+nodriver://user:word@host/name", "a URL like sqlite"),
    ],
    ids=["another database", "no URL", "driver missing", "no such driver"],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(url: str, said: str) -> None:
    with pytest.raises(LedgerError) as refused:
        open_engine(url)
    assert said in str(refused.value)
    assert "word" not in str(refused.value)


def test_a_database_without_triggers_is_refused() -> None:
    with pytest.raises(LedgerError, match="got mysql"):
        trigger_statements("mysql")


def test_killed_appenders_lose_nothing_and_double_nothing(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """Three processes send every operation twice; one after the other is killed at a random moment and begins again from zero."""
    count, kills = 30, 4
    chance = random.Random(20261122)  # noqa: S311 - moments to kill, no secrets
    (tmp_path / "key.pem").write_bytes(KEY.to_pem())
    committed = [tmp_path / f"committed-{worker}" for worker in range(3)]

    def start(worker: int) -> subprocess.Popen[bytes]:
        arguments = [database_url, str(tmp_path / "key.pem"), str(worker), str(count), str(committed[worker])]
        return subprocess.Popen([sys.executable, str(APPENDER), *arguments])

    def lines(worker: int) -> int:
        return committed[worker].read_bytes().count(b"\n") if committed[worker].exists() else 0

    running = [start(worker) for worker in range(3)]
    for _ in range(kills):
        victim = chance.randrange(3)
        target = lines(victim) + chance.randrange(1, 2 * count // 3)
        while lines(victim) < target and running[victim].poll() is None:
            time.sleep(0.001)
        running[victim].kill()
        running[victim].wait()
        running[victim] = start(victim)
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]

    require_clean(engine, 3 * count)
    with read_only(engine).begin() as connection:
        stored = {(entry.index, entry.operation_id) for entry in log(connection).entries()}
    assert {operation for _, operation in stored} == {f"op-{worker}-{number}" for worker in range(3) for number in range(count)}
    # Whatever a process was told is true, and was told the same each time.
    for file in committed:
        told = {(int(index), operation) for index, operation in (line.split() for line in file.read_text().splitlines())}
        assert len(told) == count
        assert told <= stored
