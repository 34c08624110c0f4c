"""The ledger's tables on SQLite and PostgreSQL. The only file of `signatures` that knows a database.

1. `leaf` is the truth; every other column of `ledger_entry` is an index of it. `ledger_node` holds complete subtrees from
   level 1 on, and `ledger_head` the only row that changes.
2. One writer at a time. SQLite: a transaction begins with BEGIN IMMEDIATE, since two deferred ones that read and then write
   end in "database is locked". PostgreSQL: an advisory lock as a statement of its own under READ COMMITTED; under REPEATABLE
   READ the lock statement itself takes the snapshot, and the waiter reads the old head.
3. Readers take no lock: `read_only(engine)` gives one snapshot for the whole transaction.
4. Triggers refuse to change, remove, replace or skip. They stop accidents and careless scripts, not an administrator: the
   proofs are for that.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    func,
    insert,
    make_url,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from signatures.errors import LedgerConflictError, LedgerError
from signatures.ledger.checkpoint import Checkpoint
from signatures.ledger.entry import Entry, text_of_time
from signatures.ledger.merkle import Node, Place
from signatures.ledger.triggers import trigger_statements

LOCK_TIMEOUT_MILLISECONDS = 10_000
"""How long an append waits for another one before it gives up."""

ROWS_AT_A_TIME = 1_000
_READ_ONLY = "ledger_read_only"
_BACKENDS = ("sqlite", "postgresql")
_HEAD_ID = 1
_ADVISORY_LOCK = 0x6D6F755F6C6F67  # "mou_log": one ledger in one database
PLACES_AT_A_TIME = 200

_WholeNumber = BigInteger().with_variant(Integer(), "sqlite")  # INTEGER makes the key SQLite's own row number

ledger_metadata = MetaData()

ledger_entry = Table(
    "ledger_entry",
    ledger_metadata,
    Column("seq", _WholeNumber, primary_key=True, autoincrement=False),
    Column("op_id", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("op_id", name="uq_ledger_entry_op_id"),
    Index("ix_ledger_entry_subject", "subject"),
    sqlite_strict=True,
)

ledger_node = Table(
    "ledger_node",
    ledger_metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", _WholeNumber, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_strict=True,
)

ledger_head = Table(
    "ledger_head",
    ledger_metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="ck_ledger_head_one_row"), primary_key=True, autoincrement=False),
    Column("size", _WholeNumber, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_strict=True,
)

checkpoint = Table(
    "checkpoint",
    ledger_metadata,
    Column("size", _WholeNumber, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("cosignatures", Text),  # lines of witnesses, as they come in
    Column("rfc3161_token", LargeBinary),  # over the note
    Column("published_at", Text, nullable=False),
    sqlite_strict=True,
)

peer_checkpoint = Table(
    "peer_checkpoint",
    ledger_metadata,
    Column("source", Text, primary_key=True),
    Column("size", _WholeNumber, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, primary_key=True),
    Column("note", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("is_fork", Integer, nullable=False),  # 1: of a size that we have, with another root
    sqlite_strict=True,
)

_ENTRY_ROWS = select(
    ledger_entry.c.seq,
    ledger_entry.c.op_id,
    ledger_entry.c.leaf,
    ledger_entry.c.leaf_hash,
    ledger_entry.c.type,
    ledger_entry.c.subject,
    ledger_entry.c.at,
)
_HEAD_ROWS = select(ledger_head.c.size, ledger_head.c.root, ledger_head.c.frontier, ledger_head.c.note)
_NODE_ROWS = select(ledger_node.c.level, ledger_node.c.idx, ledger_node.c.hash)
_CHECKPOINT_ROWS = select(checkpoint.c.size, checkpoint.c.root, checkpoint.c.note, checkpoint.c.published_at)
_PEER_ROWS = select(
    peer_checkpoint.c.size, peer_checkpoint.c.root, peer_checkpoint.c.note, peer_checkpoint.c.seen_at, peer_checkpoint.c.source
)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One row of `ledger_entry`, as it is; only the audit looks at more than the leaf."""

    index: int
    operation_id: str
    leaf: bytes
    leaf_hash: bytes
    type: str
    subject: str
    at: str


@dataclass(frozen=True, slots=True)
class StoredHead:
    """The row of `ledger_head`, as it is."""

    size: int
    root: bytes
    frontier: bytes
    note: str


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint that went out (`source` is None) or that came back from a party."""

    size: int
    root: bytes
    note: str
    at: str
    source: str | None = None


def open_engine(url: str) -> Engine:
    """Return an engine whose every transaction may append to the ledger.

    Raises:
        LedgerError: the URL names neither SQLite nor PostgreSQL, or the driver is not installed.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        options = {"isolation_level": "READ COMMITTED"} if backend == "postgresql" else {}
        if backend not in _BACKENDS:
            raise LedgerError("database_url: sqlite or postgresql is expected, got {backend}", backend=backend)
        engine = create_engine(parsed, **options)
    except ArgumentError as error:  # the URL may hold a password, so it is not repeated
        raise LedgerError(
            "database_url: a URL like sqlite:///ledger.sqlite3 or postgresql+psycopg://host/name is expected"
        ) from error
    except ModuleNotFoundError as error:
        raise LedgerError(
            "database_url: {module} is not installed; install mou with its extra 'postgres'", module=error.name
        ) from error
    if backend == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite_transaction)
    else:
        event.listen(engine, "connect", _prepare_postgresql_connection)
    return engine


def read_only(engine: Engine) -> Engine:
    """Return the same engine for readers: each transaction sees one state, takes no lock and cannot write."""
    options: dict[str, object] = {_READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return engine.execution_options(**options)


def _prepare_sqlite_connection(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own
    for pragma in (
        f"busy_timeout={LOCK_TIMEOUT_MILLISECONDS}",  # the first one: the next may have to wait
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL can lose the last commits in a power cut: with a published checkpoint that is a fork
        "foreign_keys=ON",
        "recursive_triggers=ON",  # without it INSERT OR REPLACE removes a row and fires no delete trigger
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    is_reader = bool(connection.get_execution_options().get(_READ_ONLY))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if is_reader else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")


def _prepare_postgresql_connection(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}")
    cursor.close()
    connection.commit()


def create_ledger_tables(connection: Connection) -> None:
    """Make the tables and their triggers in an empty database, without a migration."""
    ledger_metadata.create_all(connection)
    for statement in trigger_statements(connection.dialect.name):
        connection.execute(text(statement))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise LedgerConflictError(
            "somebody else wrote to the ledger first; read again and repeat ({cause})", cause=str(error.orig)
        ) from error
    except DBAPIError as error:
        raise LedgerError("the ledger's database refused: {cause}", cause=str(error.orig)) from error


class LedgerStore:
    """Reads and writes the ledger's rows in the caller's transaction; knows no rule of the ledger but their shape."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Let nobody else append until the caller's transaction ends.

        Raises:
            LedgerError: the connection is a reader's, its snapshot may be old, or another append took too long.
        """
        if self._connection.get_execution_options().get(_READ_ONLY):
            raise LedgerError("this connection reads only; append on one of the engine that open_engine gave")
        if self._connection.dialect.name == "sqlite":
            return  # BEGIN IMMEDIATE took the lock already
        with _translated():
            isolation = self._connection.scalar(text("SHOW transaction_isolation"))
            if isolation != "read committed":
                raise LedgerError("an append runs under READ COMMITTED, got {isolation}", isolation=isolation)
            self._connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))

    def head(self) -> StoredHead | None:
        """Return the head, None before the first append."""
        row = self._first(_HEAD_ROWS)
        return None if row is None else StoredHead(*row)

    def write_head(self, head: Checkpoint, frontier: bytes, note: str) -> None:
        """Write the head in place of the one that is there."""
        values = {"size": head.size, "root": head.root, "frontier": frontier, "note": note}
        with _translated():
            changed = self._connection.execute(update(ledger_head).where(ledger_head.c.id == _HEAD_ID).values(values))
            if not changed.rowcount:
                self._connection.execute(insert(ledger_head).values(id=_HEAD_ID, **values))

    def add_entries(self, entries: Sequence[Entry]) -> None:
        """Add the entries; raises LedgerConflictError where an index or operation id is taken."""
        rows = [
            {
                "seq": entry.index,
                "op_id": entry.operation_id,
                "leaf": entry.leaf,
                "leaf_hash": entry.leaf_hash,
                "type": entry.type,
                "subject": entry.subject,
                "at": text_of_time(entry.at),
            }
            for entry in entries
        ]
        with _translated():
            self._connection.execute(insert(ledger_entry), rows)

    def add_nodes(self, nodes: Sequence[Node]) -> None:
        """Add the complete subtrees, each level in its order."""
        if not nodes:
            return
        rows = [{"level": node.level, "idx": node.index, "hash": node.hash} for node in nodes]
        with _translated():
            self._connection.execute(insert(ledger_node), rows)

    def entry(self, index: int) -> StoredEntry | None:
        """Return the row at this index."""
        row = self._first(_ENTRY_ROWS.where(ledger_entry.c.seq == index))
        return None if row is None else StoredEntry(*row)

    def entries(self, start: int | None = None, stop: int | None = None) -> Iterator[StoredEntry]:
        """Yield the rows in order of their index; without bounds really all, however wrong their indices are."""
        query = _ENTRY_ROWS.order_by(ledger_entry.c.seq).limit(ROWS_AT_A_TIME)
        if stop is not None:
            query = query.where(ledger_entry.c.seq < stop)
        while True:
            rows = self._all(query if start is None else query.where(ledger_entry.c.seq >= start))
            yield from (StoredEntry(*row) for row in rows)
            if len(rows) < ROWS_AT_A_TIME:
                return
            start = rows[-1].seq + 1

    def entries_about(self, subject: str) -> tuple[StoredEntry, ...]:
        """Return the rows with this subject, oldest first."""
        query = _ENTRY_ROWS.where(ledger_entry.c.subject == subject).order_by(ledger_entry.c.seq)
        return tuple(StoredEntry(*row) for row in self._all(query))

    def find(self, operation_ids: Iterable[str]) -> dict[str, StoredEntry]:
        """Return the rows that have one of these operation ids, by operation id."""
        wanted = list(operation_ids)
        found: dict[str, StoredEntry] = {}
        for start in range(0, len(wanted), PLACES_AT_A_TIME):
            part = wanted[start : start + PLACES_AT_A_TIME]
            for row in self._all(_ENTRY_ROWS.where(ledger_entry.c.op_id.in_(part))):
                found[row.op_id] = StoredEntry(*row)
        return found

    def node_hashes(self, places: Iterable[Place]) -> dict[Place, bytes]:
        """Return the hashes of the complete subtrees at these places, of those that are stored."""
        wanted = sorted(set(places))
        leaves = [index for level, index in wanted if level == 0]
        inner = [place for place in wanted if place[0]]
        found: dict[Place, bytes] = {}
        for start in range(0, len(leaves), PLACES_AT_A_TIME):
            part = leaves[start : start + PLACES_AT_A_TIME]
            query = select(ledger_entry.c.seq, ledger_entry.c.leaf_hash).where(ledger_entry.c.seq.in_(part))
            found |= {(0, row.seq): row.leaf_hash for row in self._all(query)}
        for start in range(0, len(inner), PLACES_AT_A_TIME):
            part_of_inner = inner[start : start + PLACES_AT_A_TIME]
            place = tuple_(ledger_node.c.level, ledger_node.c.idx)
            found |= {(row.level, row.idx): row.hash for row in self._all(_NODE_ROWS.where(place.in_(part_of_inner)))}
        return found

    def nodes(self) -> Iterator[Node]:
        """Yield every stored subtree, level by level, each in order."""
        columns = ledger_node.c
        query = _NODE_ROWS.order_by(columns.level, columns.idx).limit(ROWS_AT_A_TIME)
        last: tuple[int, int] | None = None
        while True:
            after = query if last is None else query.where(tuple_(columns.level, columns.idx) > tuple_(*last))
            rows = self._all(after)
            yield from (Node(*row) for row in rows)
            if len(rows) < ROWS_AT_A_TIME:
                return
            last = rows[-1].level, rows[-1].idx

    def add_checkpoint(self, published: Checkpoint, note: str, at: datetime) -> None:
        """Keep a checkpoint that goes out."""
        values = {"size": published.size, "root": published.root, "note": note, "published_at": text_of_time(at)}
        with _translated():
            self._connection.execute(insert(checkpoint).values(values))

    def checkpoints(self) -> tuple[StoredCheckpoint, ...]:
        """Return the checkpoints that went out, smallest first."""
        return tuple(StoredCheckpoint(*row) for row in self._all(_CHECKPOINT_ROWS.order_by(checkpoint.c.size)))

    def newest_checkpoint(self) -> StoredCheckpoint | None:
        """Return the largest checkpoint that went out."""
        row = self._first(_CHECKPOINT_ROWS.order_by(checkpoint.c.size.desc()).limit(1))
        return None if row is None else StoredCheckpoint(*row)

    def add_peer_checkpoint(self, held: Checkpoint, note: str, *, source: str, at: datetime, is_fork: bool) -> None:
        """Keep a checkpoint that came back; one that is there already stays as it is."""
        columns = peer_checkpoint.c
        known = _PEER_ROWS.where(columns.source == source, columns.size == held.size, columns.root == held.root)
        if self._first(known) is not None:
            return
        values = {
            "source": source,
            "size": held.size,
            "root": held.root,
            "note": note,
            "seen_at": text_of_time(at),
            "is_fork": int(is_fork),
        }
        with _translated():
            self._connection.execute(insert(peer_checkpoint).values(values))

    def peer_checkpoints(self) -> tuple[StoredCheckpoint, ...]:
        """Return the checkpoints that came back, smallest first."""
        query = _PEER_ROWS.order_by(peer_checkpoint.c.size, peer_checkpoint.c.source)
        return tuple(StoredCheckpoint(*row) for row in self._all(query))

    def contradicting_checkpoint(self, size: int) -> StoredCheckpoint | None:
        """Return a checkpoint, ours or a peer's, larger than this size or known to be of another history, if there is one."""
        is_wrong = or_(peer_checkpoint.c.size > size, peer_checkpoint.c.is_fork != 0)
        peer = self._first(_PEER_ROWS.where(is_wrong).order_by(peer_checkpoint.c.size.desc()).limit(1))
        if peer is not None:
            return StoredCheckpoint(*peer)
        own = self.newest_checkpoint()
        return own if own is not None and own.size > size else None

    def _first(self, query: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]] | None:
        with _translated():
            return self._connection.execute(query).first()

    def _all(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        with _translated():
            return self._connection.execute(query).all()
