"""One of several processes that append to one ledger until somebody kills it; each operation is sent twice.

Arguments: database URL, file with the ledger key, number of this process, count of operations, file for what was committed.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from signatures.ledger.checkpoint import LedgerKey
from signatures.ledger.entry import Event
from signatures.ledger.log import Ledger
from signatures.ledger.store import LedgerStore, open_engine


def main(url: str, key_file: str, worker: str, count: str, committed_file: str) -> None:
    key = LedgerKey.from_pem("ledger.test/charters", Path(key_file).read_bytes())
    engine = open_engine(url)
    with Path(committed_file).open("a", encoding="utf-8") as committed:
        for number in range(int(count)):
            event = Event("signature.applied", f"doc_{worker}", "usr_01", {"number": number}, f"op-{worker}-{number}")
            for _ in range(2):
                with engine.begin() as connection:
                    (entry,) = Ledger(LedgerStore(connection), key.name, key).append([event], at=datetime.now(UTC))
                # A kill between the commit and this line is the case "failed, but stored".
                committed.write(f"{entry.index} {event.operation_id}\n")
                committed.flush()


main(*sys.argv[1:])
