"""The audit: everything is computed again from the leaf bytes, and compared with everything that is stored.

1. The indices have no gap and begin at 0.
2. Each leaf is one, and its row says what it says (leaf hash, operation id, type, subject, time).
3. Each leaf names the leaf hash of the one before.
4. The stored subtrees are those of the leaves, no more and no fewer.
5. The head has the number of the leaves, their root and frontier.
6. The head's note says so, and the ledger's key signed it.
7. Every checkpoint that went out, came back or is held elsewhere is the root of the same leaves at its size.
8. What the caller checks of each entry: that the files it names exist, with their digests.

That projections equal a replay is for the workflow to see: its check of each entry gets all of them, in order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from signatures.errors import CheckpointError, EntryError
from signatures.ledger.checkpoint import Checkpoint, LedgerPublicKey, open_checkpoint
from signatures.ledger.entry import Entry, parse_leaf, text_of_time
from signatures.ledger.merkle import Frontier, Node, leaf_hash, nodes_of, root_at
from signatures.messages import Message, say

if TYPE_CHECKING:
    from signatures.ledger.log import Ledger
    from signatures.ledger.store import LedgerStore, StoredCheckpoint, StoredEntry

EntryCheck: TypeAlias = Callable[[Entry], Iterable[Message]]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found. `checkpoint` is the root that was computed, not the one that is stored."""

    checkpoint: Checkpoint
    findings: tuple[Message, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def audit(
    ledger: "Ledger",
    *,
    keys: Sequence[LedgerPublicKey] = (),
    held: Sequence[Checkpoint] = (),
    entry_checks: Sequence[EntryCheck] = (),
) -> AuditReport:
    """Return what is wrong with the ledger; read it in one transaction of `read_only(engine)`.

    `keys` are the ledger keys known from elsewhere (default: the ledger's own, which proves less). `held` are checkpoints that
    somebody else keeps, their signatures checked: only they show that the end was cut off or everything rewritten.
    """
    leaf_hashes: list[bytes] = []
    findings = list(_check_entries(ledger.store, leaf_hashes, entry_checks))
    frontier = Frontier()
    for value in leaf_hashes:
        frontier, _ = frontier.append(value)
    known_keys = keys or (ledger.key.public,)
    findings += _check_nodes(ledger.store, leaf_hashes)
    findings += _check_head(ledger, frontier, known_keys)
    findings += _check_checkpoints(ledger, leaf_hashes, known_keys, held)
    return AuditReport(Checkpoint(ledger.origin, frontier.size, frontier.root()), tuple(findings))


def _check_entries(store: "LedgerStore", leaf_hashes: list[bytes], entry_checks: Sequence[EntryCheck]) -> Iterator[Message]:
    """Steps 1 to 3 and 8; the leaf hashes are added to the list in the order of the rows."""
    previous: bytes | None = None
    expected = 0
    for row in store.entries():
        if row.index != expected:
            yield say("entry {index}: index {expected} is expected here, there is a gap", index=row.index, expected=expected)
        expected = row.index + 1
        value = leaf_hash(row.leaf)
        leaf_hashes.append(value)
        try:
            entry = parse_leaf(row.leaf, row.index)
        except EntryError as error:
            yield say("entry {index}: the leaf is none ({cause})", index=row.index, cause=error.message)
        else:
            yield from _check_row(row, entry)
            if entry.previous != previous:
                yield say("entry {index}: it does not name the leaf before it", index=row.index)
            for check in entry_checks:
                yield from check(entry)
        previous = value


def _check_row(row: "StoredEntry", entry: Entry) -> Iterator[Message]:
    columns = {
        "leaf_hash": (row.leaf_hash, entry.leaf_hash),
        "op_id": (row.operation_id, entry.operation_id),
        "type": (row.type, entry.type),
        "subject": (row.subject, entry.subject),
        "at": (row.at, text_of_time(entry.at)),
    }
    for name, (stored, said) in columns.items():
        if stored != said:
            yield say(
                "entry {index}: the column {column} says {stored}, the leaf {said}",
                index=row.index,
                column=name,
                stored=stored,
                said=said,
            )


def _check_nodes(store: "LedgerStore", leaf_hashes: Sequence[bytes]) -> Iterator[Message]:
    """Step 4. One finding for each level, its first: one wrong leaf makes a whole branch wrong."""
    expected = _expected_nodes(leaf_hashes)
    wrong_levels: set[int] = set()
    count = 0
    for node in store.nodes():
        count += 1
        if next(expected, None) != node and node.level not in wrong_levels:
            wrong_levels.add(node.level)
            yield say("subtree {index} of level {level} is not that of the leaves", index=node.index, level=node.level)
    missing = sum(1 for _ in expected)
    if missing:
        yield say("{count} subtrees are stored, {missing} more are expected", count=count, missing=missing)


def _expected_nodes(leaf_hashes: Sequence[bytes]) -> Iterator[Node]:
    node, level = nodes_of(leaf_hashes), 1
    while len(leaf_hashes) >> level:
        yield from (Node(level, index, node(level, index)) for index in range(len(leaf_hashes) >> level))
        level += 1


def _check_head(ledger: "Ledger", frontier: Frontier, keys: Sequence[LedgerPublicKey]) -> Iterator[Message]:
    """Steps 5 and 6."""
    head = ledger.store.head()
    if head is None:
        if frontier.size:
            yield say("head: missing, but there are {count} entries", count=frontier.size)
        return
    if head.size != frontier.size:
        yield say("head: it says {size} entries, there are {count}", size=head.size, count=frontier.size)
    if head.root != frontier.root():
        yield say("head: its root is not that of the entries")
    if head.frontier != frontier.to_bytes():
        yield say("head: its frontier is not that of the entries")
    try:
        signed = open_checkpoint(head.note, keys)
    except CheckpointError as error:
        yield say("head: its note is not signed by the ledger ({cause})", cause=error.message)
        return
    if signed != Checkpoint(ledger.origin, head.size, head.root):
        yield say("head: its note is of another ledger, size or root")


def _check_checkpoints(
    ledger: "Ledger", leaf_hashes: Sequence[bytes], keys: Sequence[LedgerPublicKey], held: Sequence[Checkpoint]
) -> Iterator[Message]:
    """Step 7."""
    node = nodes_of(leaf_hashes)
    places = [(say("published checkpoint"), stored) for stored in ledger.store.checkpoints()]
    places += [(say("checkpoint from {source}", source=stored.source), stored) for stored in ledger.store.peer_checkpoints()]
    claimed = [(say("held checkpoint"), checkpoint) for checkpoint in held]
    for place, stored in places:
        try:
            claimed.append((place, _signed(stored, keys)))
        except CheckpointError as error:
            yield say("{place} of {size} entries: {cause}", place=place, size=stored.size, cause=error.message)
    for place, checkpoint in claimed:
        if checkpoint.origin != ledger.origin:
            yield say("{place}: it is of {origin}", place=place, origin=checkpoint.origin)
        elif checkpoint.size > len(leaf_hashes):
            yield say(
                "{place} of {size} entries: the ledger has only {count}, its end is missing",
                place=place,
                size=checkpoint.size,
                count=len(leaf_hashes),
            )
        elif root_at(node, checkpoint.size) != checkpoint.root:
            yield say("{place} of {size} entries: the ledger has another history", place=place, size=checkpoint.size)


def _signed(stored: "StoredCheckpoint", keys: Sequence[LedgerPublicKey]) -> Checkpoint:
    signed = open_checkpoint(stored.note, keys)
    if (signed.size, signed.root) != (stored.size, stored.root):
        raise CheckpointError("its note is of {size} entries or of another root", size=signed.size)
    return signed
