"""One database for the workflow and the ledger: opening it, its version, and transactions over both at once."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from mou.errors import WorkspaceError
from mou.storage.asking import AskingStore
from mou.storage.consents import ConsentStore
from mou.storage.depositary import DepositaryStore
from mou.storage.notices import NoticeStore
from mou.storage.store import WorkflowStore
from signatures.ledger.checkpoint import LedgerKey
from signatures.ledger.log import Ledger
from signatures.ledger.store import LedgerStore, open_engine, read_only

SCHEMA_VERSION = "0006"
MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"


class DatabaseError(WorkspaceError):
    """The database refused: full, damaged, read-only, or not there."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What one transaction may touch: the workflow's rows and the ledger, committed together or not at all."""

    store: WorkflowStore
    asking: AskingStore
    depositary: DepositaryStore
    notices: NoticeStore
    consents: ConsentStore
    ledger: Ledger

    def lock(self) -> None:
        """Let no other writer pass until this transaction ends; the ledger's own lock, so that there is one order of locks."""
        self.ledger.store.lock()


@dataclass(frozen=True, slots=True)
class Database:
    """The workspace's database with the key that signs the ledger's head."""

    engine: Engine
    origin: str
    ledger_key: LedgerKey
    one_writer: AbstractContextManager[object] = field(default_factory=threading.Lock, repr=False, compare=False)
    """Threads of this process write one after the other: SQLite would let them try again and again, and some for too long."""

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Begin a transaction that may write; leaving the block commits it, an error inside undoes all of it.

        Raises:
            DatabaseError: the database cannot be read or written; nothing of the block is kept.
        """
        with self.one_writer, _translated(self.engine), self.engine.begin() as connection:
            yield self._transaction(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Begin a transaction that only reads, so that writers need not wait for it."""
        with _translated(self.engine), read_only(self.engine).begin() as connection:
            yield self._transaction(connection)

    def close(self) -> None:
        """Close every connection, so that the database's folder may be moved."""
        self.engine.dispose()

    def _transaction(self, connection: Connection) -> Transaction:
        ledger = Ledger(LedgerStore(connection), self.origin, self.ledger_key)
        return Transaction(
            store=WorkflowStore(connection),
            asking=AskingStore(connection),
            depositary=DepositaryStore(connection),
            notices=NoticeStore(connection),
            consents=ConsentStore(connection),
            ledger=ledger,
        )


def open_database(url: str, *, origin: str, ledger_key: LedgerKey) -> Database:
    """Return the database at this address, its tables brought up to this version.

    Raises:
        WorkspaceError: a newer version of the program made it.
    """
    engine = open_engine(url)
    with _translated(engine):
        version = _schema_version(engine)
        if version is None or version < SCHEMA_VERSION:
            migrate(engine)
    if version is not None and version > SCHEMA_VERSION:
        engine.dispose()
        raise WorkspaceError(
            "the workspace's database has schema {found}, this program knows up to {known}; use a newer mou",
            found=version,
            known=SCHEMA_VERSION,
        )
    return Database(engine, origin, ledger_key)


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    """Say what the database said, in one sentence with its place: the disk is full, the file is damaged, nobody answers."""
    try:
        yield
    except DBAPIError as error:
        engine.dispose()
        place = engine.url.database or engine.url.render_as_string(hide_password=True)
        cause = str(error.orig).strip().splitlines()[0]
        if "disk is full" in cause or "No space left" in cause:  # SQLite's words and PostgreSQL's
            raise DatabaseError(
                "no space left to write {place}: nothing was recorded for this step; free some space and run the command again",
                place=place,
            ) from error
        raise DatabaseError(
            "{place}: the database cannot be used ({cause}): nothing was recorded for this step; see that the file or its server "
            "is there and sound, and run the command again",
            place=place,
            cause=cause,
        ) from error


def migrate(engine: Engine) -> None:
    """Bring the tables up to this version; a crash in the middle leaves the version before it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _schema_version(engine: Engine) -> str | None:
    with read_only(engine).begin() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
