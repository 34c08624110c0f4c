"""The ledger: append, read, prove, publish. The caller's transaction is the unit: its commit is the commit point.

1. An append is one act under one lock: entries, complete subtrees and the newly signed head are written together or not at all.
2. An operation id is recorded once. The same request again returns the entry that is there; another one is refused. The
   request is compared, not the leaf: a repeated leaf would differ in its time and its predecessor.
3. Two inconsistent heads are never signed. So before it signs, an append checks that the stored head is the one that was
   signed last, and that no checkpoint is known that is larger than the ledger or of another history: a restored backup.
4. What is held elsewhere decides. A checkpoint that comes back from a party is kept even where it contradicts the ledger.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from signatures.digests import Digest
from signatures.errors import CheckpointError, LedgerConflictError, LedgerError, ProofError
from signatures.ledger.checkpoint import Checkpoint, LedgerKey, open_checkpoint, sign_checkpoint
from signatures.ledger.entry import Entry, Event, leaf_bytes, parse_leaf
from signatures.ledger.merkle import (
    Frontier,
    Node,
    NodeReader,
    Place,
    complete_subtrees,
    consistency_path,
    consistency_proof,
    inclusion_path,
    inclusion_proof,
    leaf_hash,
    root_at,
)
from signatures.ledger.receipt import Receipt
from signatures.messages import Message, say

if TYPE_CHECKING:
    from signatures.ledger.store import LedgerStore


class Ledger:
    """One log, in the transaction that its store was given."""

    def __init__(self, store: "LedgerStore", origin: str, key: LedgerKey) -> None:
        """Bind the rows, the log's name and the key that signs its heads; the key bears the same name."""
        if key.name != origin:
            raise CheckpointError(
                "the ledger {origin} is signed by a key of its own name, got {name}", origin=origin, name=key.name
            )
        self.store = store
        self.origin = origin
        self.key = key

    def append(self, events: Sequence[Event], *, at: datetime, expected_size: int | None = None) -> tuple[Entry, ...]:
        """Record the events, in this order, and return their entries; what is recorded already is returned as it stands.

        Nothing is durable before the caller commits. With `expected_size` the append is a compare-and-swap: anything new is
        refused when the ledger has another size.

        Raises:
            EntryError: an event cannot become a leaf.
            LedgerConflictError: an operation id is taken by another request, or the ledger has another size.
            LedgerError: the stored head is not what was signed, or a checkpoint is known that contradicts the ledger.
        """
        self.store.lock()
        # A crash here leaves nothing: the lock goes with the transaction.
        frontier = self._frontier()
        entries = self._recorded(events)
        new = [event for event in _first_of_each_operation(events) if event.operation_id not in entries]
        if new:
            self._require_size(frontier.size, expected_size)
            self._require_no_contradiction(frontier.size)
            for entry in self._write(new, frontier, at):
                entries[entry.operation_id] = entry
        # A crash before the caller's commit leaves nothing; after it everything is there, and a repeat returns it.
        return tuple(entries[event.operation_id] for event in events)

    def _frontier(self) -> Frontier:
        """The tree as it stands, once it is found to be the one that was signed last."""
        head = self.store.head()
        if head is None:
            return Frontier()
        try:
            frontier = Frontier.from_bytes(head.size, head.frontier)
            signed = open_checkpoint(head.note, (self.key.public,))
        except (ProofError, CheckpointError) as error:
            raise LedgerError("the ledger's head cannot be used, run the audit: {cause}", cause=error.message) from error
        if not (signed == Checkpoint(self.origin, head.size, head.root) and frontier.root() == head.root):
            raise LedgerError("the ledger's head is not the one that was signed, run the audit")
        return frontier

    def _recorded(self, events: Sequence[Event]) -> dict[str, Entry]:
        """The entries of those events that are recorded already, by operation id."""
        rows = self.store.find({event.operation_id for event in events})
        entries = {operation_id: parse_leaf(row.leaf, row.index) for operation_id, row in rows.items()}
        for event in events:
            entry = entries.get(event.operation_id)
            if entry is not None and not entry.records(event):
                raise LedgerConflictError(
                    "operation {operation} is recorded as entry {index} with another request; a new act needs a new operation id",
                    operation=event.operation_id,
                    index=entry.index,
                )
        return entries

    def _require_size(self, size: int, expected_size: int | None) -> None:
        if expected_size is not None and expected_size != size:
            raise LedgerConflictError(
                "the ledger has {size} entries, the append was made for {expected}: read again and repeat",
                size=size,
                expected=expected_size,
            )

    def _require_no_contradiction(self, size: int) -> None:
        wrong = self.store.contradicting_checkpoint(size)
        if wrong is not None:
            raise LedgerError(
                "nothing is appended: {source} holds a checkpoint of {held} entries that this ledger of {size} does not "
                "continue; it was restored from an old backup, or there are two histories. Restore the newest copy",
                source=wrong.source or say("the list of published checkpoints"),
                held=wrong.size,
                size=size,
            )

    def _write(self, events: Sequence[Event], frontier: Frontier, at: datetime) -> list[Entry]:
        previous = self._last_hash(frontier.size)
        entries: list[Entry] = []
        completed: list[Node] = []
        for event in events:
            # What is written is what can be read: the leaf is parsed before it is kept.
            entry = parse_leaf(leaf_bytes(event, at=at, previous=previous), frontier.size)
            previous = entry.leaf_hash
            frontier, nodes = frontier.append(previous)
            entries.append(entry)
            completed.extend(nodes)
        self.store.add_entries(entries)
        # A crash here leaves nothing: entries without their subtrees and head are rolled back.
        self.store.add_nodes(completed)
        # A crash here leaves nothing, for the same reason.
        checkpoint = Checkpoint(self.origin, frontier.size, frontier.root())
        # The signature is made before the commit. If the commit fails, nobody has seen the note, and the next append may sign
        # another tree of this size: a note leaves the transaction with its commit only.
        self.store.write_head(checkpoint, frontier.to_bytes(), sign_checkpoint(checkpoint, self.key))
        return entries

    def _last_hash(self, size: int) -> bytes | None:
        if size == 0:
            return None
        last = self.store.entry(size - 1)
        if last is None:
            raise LedgerError(
                "the head says {size} entries, but entry {index} is missing; run the audit", size=size, index=size - 1
            )
        return leaf_hash(last.leaf)

    def signed_head(self) -> tuple[Checkpoint, str]:
        """Return the newest checkpoint and its signed note, which belong together whoever appends meanwhile.

        An empty ledger has a head too.
        """
        head = self.store.head()
        if head is None:
            empty = Checkpoint(self.origin, 0, Frontier().root())
            return empty, sign_checkpoint(empty, self.key)
        return Checkpoint(self.origin, head.size, head.root), head.note

    def head(self) -> Checkpoint:
        """Return the newest checkpoint."""
        return self.signed_head()[0]

    def note(self) -> str:
        """Return the signed note of the newest checkpoint."""
        return self.signed_head()[1]

    def entry(self, index: int) -> Entry:
        """Return the entry at this index; raises LedgerError when there is none."""
        row = self.store.entry(index)
        if row is None:
            raise LedgerError("the ledger has no entry {index}", index=index)
        return parse_leaf(row.leaf, row.index)

    def entries(self, start: int = 0, stop: int | None = None) -> tuple[Entry, ...]:
        """Return the entries from `start` up to `stop`, in order; they outlive the transaction."""
        return tuple(parse_leaf(row.leaf, row.index) for row in self.store.entries(start, stop))

    def entries_about(self, subject: str) -> tuple[Entry, ...]:
        """Return the entries with this subject, oldest first."""
        return tuple(parse_leaf(row.leaf, row.index) for row in self.store.entries_about(subject))

    def find(self, operation_id: str) -> Entry | None:
        """Return the entry that recorded this operation."""
        row = self.store.find((operation_id,)).get(operation_id)
        return None if row is None else parse_leaf(row.leaf, row.index)

    def receipt(self, index: int) -> Receipt:
        """Return the receipt of the entry under the present head.

        Raises:
            LedgerError: there is no such entry, or the stored tree does not prove it.
        """
        entry = self.entry(index)
        head, note = self.signed_head()
        node = self._reader(chain.from_iterable(inclusion_path(index, head.size)))
        receipt = Receipt(entry.leaf, index, inclusion_proof(node, index, head.size), note)
        try:
            receipt.check_inclusion()  # what does not prove itself here would accuse us elsewhere
        except ProofError as error:
            raise LedgerError("entry {index}: the stored tree does not prove it, run the audit", index=index) from error
        return receipt

    def consistency(self, old_size: int, new_size: int) -> tuple[bytes, ...]:
        """Return the proof that the ledger of the new size continues the one of the old size."""
        size = self.head().size
        if new_size > size:
            raise ProofError("the ledger has {size} entries, no {new_size}", size=size, new_size=new_size)
        return consistency_proof(self._reader(chain.from_iterable(consistency_path(old_size, new_size))), old_size, new_size)

    def root_at(self, size: int) -> bytes:
        """Return the root that the ledger had at this size."""
        return root_at(self._reader(complete_subtrees(0, size)), size)

    def _reader(self, places: Iterable[Place]) -> NodeReader:
        hashes = self.store.node_hashes(places)

        def node(level: int, index: int) -> bytes:
            if (level, index) not in hashes:
                raise LedgerError("the subtree {index} of level {level} is missing, run the audit", index=index, level=level)
            return hashes[level, index]

        return node

    def contradiction(self, held: Checkpoint) -> Message | None:
        """Return why this ledger does not continue a checkpoint that somebody holds, None when it does.

        The checkpoint's signature must have been checked.
        """
        size = self.head().size
        if held.origin != self.origin:
            return say("a checkpoint of {expected} is expected, got one of {got}", expected=self.origin, got=held.origin)
        if held.size > size:
            return say(
                "a checkpoint of {held} entries is held, the ledger has only {size}: its end is missing",
                held=held.size,
                size=size,
            )
        if self.root_at(held.size) != held.root:
            return say(
                "the ledger had another root at {held} entries than the checkpoint that is held: two histories", held=held.size
            )
        return None

    def take_peer_checkpoint(self, note: str, *, source: str, at: datetime) -> Message | None:
        """Keep a checkpoint that came back from a party, and return why it contradicts the ledger, None when it does not.

        It is kept in both cases, since it may be the only proof; from then on nothing is appended to a ledger that it
        contradicts. So this does not raise: the caller must commit.

        Raises:
            CheckpointError: this ledger did not sign the note.
        """
        held = open_checkpoint(note, (self.key.public,))
        self.store.lock()  # the size must not change between the comparison and the record of it
        reason = self.contradiction(held)
        self.store.add_peer_checkpoint(
            held, note, source=source, at=at, is_fork=reason is not None and held.size <= self.head().size
        )
        return reason

    def publish(self, *, at: datetime, actor: str) -> Checkpoint:
        """Keep the head among the checkpoints that go out, record that it does, and return it.

        The checkpoint does not cover its own entry; the next one does. Where nothing was appended since the last one but
        its entry, that one is returned. The caller hands the note out after the commit.
        """
        self.store.lock()
        head, note = self.signed_head()
        last = self.store.newest_checkpoint()
        if last is not None and head.size <= last.size + 1:
            return Checkpoint(self.origin, last.size, last.root)
        # A crash from here to the commit leaves nothing; after it the checkpoint is kept, and a repeat returns it.
        self.store.add_checkpoint(head, note, at)
        event = Event(
            type="checkpoint.published",
            subject=f"checkpoint:{head.size}",
            actor=actor,
            body={"size": head.size, "root": str(Digest(head.root.hex()))},
            operation_id=f"checkpoint.published:{head.size}",
        )
        self.append((event,), at=at, expected_size=head.size)
        return head


def _first_of_each_operation(events: Sequence[Event]) -> list[Event]:
    """The events without those that repeat an operation of the same batch.

    Raises:
        LedgerConflictError: an operation id stands for two different requests.
    """
    first: dict[str, Event] = {}
    for event in events:
        if first.setdefault(event.operation_id, event) != event:
            raise LedgerConflictError("operation {operation} stands for two requests in one append", operation=event.operation_id)
    return list(first.values())
