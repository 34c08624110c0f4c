from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from signatures.ledger.checkpoint import LedgerKey
from signatures.ledger.log import Ledger
from signatures.ledger.store import LedgerStore, create_ledger_tables, open_engine


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def key() -> LedgerKey:
    return LedgerKey("ledger.test/charters", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture
def stranger() -> LedgerKey:
    """Another ledger's key that bears the same name."""
    return LedgerKey("ledger.test/charters", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A transaction on an empty ledger in memory; it is never committed."""
    engine = open_engine("sqlite://")
    with engine.connect() as opened:
        create_ledger_tables(opened)
        yield opened
    engine.dispose()


@pytest.fixture
def ledger(connection: Connection, key: LedgerKey) -> Ledger:
    return Ledger(LedgerStore(connection), key.name, key)
