"""The Merkle tree of RFC 9162, section 2.1: hashes, roots, proofs and the checks of proofs. Pure.

A complete subtree of 2^level leaves has the place (level, index): its leaves are those from index * 2^level on. Such a
subtree never changes again, whatever is appended, so every root and proof is folded from places alone. Where their hashes
come from (memory, database, export) is the caller's affair: a `NodeReader`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from signatures.errors import ProofError

HASH_BYTES = 32
LARGEST_PROOF = 63
"""Hashes in a proof at most: a tree of 2^63 leaves is the largest that is considered."""

EMPTY_ROOT = hashlib.sha256().digest()
"""The root of the tree without leaves (RFC 9162, 2.1.1)."""

Place: TypeAlias = tuple[int, int]
NodeReader: TypeAlias = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Return the 32-byte Merkle leaf hash of one leaf.

    The 0x00 prefix keeps a leaf from passing as an inner node (RFC 9162, 2.1.1).
    """
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of the inner node over two subtrees (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Node:
    """The hash of one complete subtree of 2^level leaves."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The complete subtrees that make up a tree, from left to right: all that an append has to know of the past."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, hash_of_leaf: bytes) -> tuple["Frontier", tuple[Node, ...]]:
        """Return the frontier with one more leaf, and the inner nodes that this leaf completed, lowest first."""
        hashes = list(self.hashes)
        carried, level, index = hash_of_leaf, 0, self.size
        completed = []
        while index & 1:
            carried = node_hash(hashes.pop(), carried)
            level, index = level + 1, index >> 1
            completed.append(Node(level, index, carried))
        return Frontier(self.size + 1, (*hashes, carried)), tuple(completed)

    def root(self) -> bytes:
        """Return the root of the tree."""
        return _fold(self.hashes) if self.hashes else EMPTY_ROOT

    def to_bytes(self) -> bytes:
        """Return the hashes one after the other, as they are stored."""
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, stored: bytes) -> "Frontier":
        """Read what `to_bytes` gave for a tree of this size.

        Raises:
            ProofError: the number of hashes is not that of a tree of this size.
        """
        expected = size.bit_count() * HASH_BYTES
        if len(stored) != expected:
            raise ProofError(
                "the frontier of a tree of {size} leaves has {expected} bytes, got {count}",
                size=size,
                expected=expected,
                count=len(stored),
            )
        return cls(size, tuple(stored[start : start + HASH_BYTES] for start in range(0, expected, HASH_BYTES)))


def nodes_of(leaf_hashes: Sequence[bytes]) -> NodeReader:
    """Return a reader of every complete subtree over these leaf hashes, all computed at once."""
    levels = [list(leaf_hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over these leaf hashes."""
    return root_at(nodes_of(leaf_hashes), len(leaf_hashes))


def root_at(node: NodeReader, size: int) -> bytes:
    """Return the root that the tree had when it was of this size."""
    return _fold([node(*place) for place in complete_subtrees(0, size)]) if size else EMPTY_ROOT


def inclusion_proof(node: NodeReader, index: int, size: int) -> tuple[bytes, ...]:
    """Return the hashes from the leaf's sibling upwards that lead to the root at this size (RFC 9162, 2.1.3.1)."""
    return tuple(_fold([node(*place) for place in places]) for places in inclusion_path(index, size))


def consistency_proof(node: NodeReader, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """Return the hashes that show the old tree to be the beginning of the new one (RFC 9162, 2.1.4.1).

    Nothing has to be shown for two equal sizes or an old tree without leaves: the proof is empty.
    """
    return tuple(_fold([node(*place) for place in places]) for places in consistency_path(old_size, new_size))


def complete_subtrees(start: int, stop: int) -> tuple[Place, ...]:
    """Return the largest complete subtrees that cover the leaves from `start` up to `stop`, from left to right."""
    places = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        places.append((level, start >> level))
        start += 1 << level
    return tuple(places)


def inclusion_path(index: int, size: int) -> tuple[tuple[Place, ...], ...]:
    """Return, for each hash of an inclusion proof, the places that it is folded from.

    Raises:
        ProofError: there is no such leaf in a tree of this size.
    """
    if not 0 <= index < size:
        raise ProofError("a tree of {size} leaves has no leaf {index}", size=size, index=index)
    path = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _left_half(stop - start)
        if index < middle:
            path.append(complete_subtrees(middle, stop))
            stop = middle
        else:
            path.append(complete_subtrees(start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_path(old_size: int, new_size: int) -> tuple[tuple[Place, ...], ...]:
    """Return, for each hash of a consistency proof, the places that it is folded from.

    Raises:
        ProofError: the old tree is larger than the new one.
    """
    if not 0 <= old_size <= new_size:
        raise ProofError("a tree of {new_size} leaves has no past of {old_size}", new_size=new_size, old_size=old_size)
    if old_size in (0, new_size):
        return ()
    path = []
    start, stop = 0, new_size
    while old_size != stop:
        middle = start + _left_half(stop - start)
        if old_size <= middle:
            path.append(complete_subtrees(middle, stop))
            stop = middle
        else:
            path.append(complete_subtrees(start, middle))
            start = middle
    if start:  # else the verifier knows this subtree: it is the old root itself
        path.append(complete_subtrees(start, stop))
    return tuple(reversed(path))


def check_inclusion(hash_of_leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf with this hash stands at `index` in the tree with this size and root (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: it does not, or the proof has another shape.
    """
    if not 0 <= index < size:
        raise ProofError("a tree of {size} leaves has no leaf {index}", size=size, index=index)
    _require_hashes((hash_of_leaf, root, *proof))
    node, last, carried = index, size - 1, hash_of_leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("the inclusion proof of leaf {index} is longer than the way to the root", index=index)
        if node & 1 or node == last:
            carried = node_hash(sibling, carried)
            node, last = _climb_to_right_child(node, last)
        else:
            carried = node_hash(carried, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("the inclusion proof of leaf {index} ends before the root", index=index)
    if carried != root:
        raise ProofError(
            "the inclusion proof of leaf {index} leads to the root {got}, expected {expected}",
            index=index,
            got=carried.hex(),
            expected=root.hex(),
        )


def check_consistency(proof: Sequence[bytes], *, old_size: int, old_root: bytes, new_size: int, new_root: bytes) -> None:
    """Check that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2, and its trivial cases).

    Raises:
        ProofError: it is not, or the proof has another shape.
    """
    if not 0 <= old_size <= new_size:
        raise ProofError("a tree of {new_size} leaves has no past of {old_size}", new_size=new_size, old_size=old_size)
    _require_hashes((old_root, new_root, *proof))
    if old_size in (0, new_size):
        _check_trivial_consistency(proof, old_size, old_root, new_root)
        return
    hashes = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    node, last = _skip_right_children(old_size - 1, new_size - 1)
    if not hashes:
        raise ProofError("the consistency proof from {old_size} to {new_size} is empty", old_size=old_size, new_size=new_size)
    old_carried = new_carried = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofError("the consistency proof from {old_size} is longer than the way to the root", old_size=old_size)
        if node & 1 or node == last:
            old_carried = node_hash(sibling, old_carried)
            new_carried = node_hash(sibling, new_carried)
            node, last = _climb_to_right_child(node, last)
        else:
            new_carried = node_hash(new_carried, sibling)
        node, last = node >> 1, last >> 1
    if last or old_carried != old_root or new_carried != new_root:
        raise ProofError(
            "the tree of {new_size} leaves is not a continuation of the one of {old_size}: the proof does not lead to both roots",
            new_size=new_size,
            old_size=old_size,
        )


def _check_trivial_consistency(proof: Sequence[bytes], old_size: int, old_root: bytes, new_root: bytes) -> None:
    if proof:
        raise ProofError("nothing is to be proven from size {old_size}, got {count} hashes", old_size=old_size, count=len(proof))
    expected = new_root if old_size else EMPTY_ROOT
    if old_root != expected:
        raise ProofError(
            "at size {old_size} the root {expected} is expected, got {got}",
            old_size=old_size,
            expected=expected.hex(),
            got=old_root.hex(),
        )


def _left_half(size: int) -> int:
    """The largest power of two below `size`, which is 2 or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees that lie side by side, the largest on the left."""
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def _climb_to_right_child(node: int, last: int) -> tuple[int, int]:
    """Go up past the levels where the node has no sibling on its right and is not a right child itself."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _skip_right_children(node: int, last: int) -> tuple[int, int]:
    while node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _require_hashes(hashes: Sequence[bytes]) -> None:
    if len(hashes) > LARGEST_PROOF + 2:
        raise ProofError("a proof has at most {limit} hashes, got {count}", limit=LARGEST_PROOF, count=len(hashes) - 2)
    for value in hashes:
        if len(value) != HASH_BYTES:
            raise ProofError("a hash of {expected} bytes is expected, got {count}", expected=HASH_BYTES, count=len(value))
