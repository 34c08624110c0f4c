"""The export: the whole ledger as files, in the layout of c2sp.org/tlog-tiles, and its check without a database.

    checkpoint                      the signed head
    vkey                            the ledger's public key, for convenience: never trusted, compared with the one that is known
    tile/<L>/<N>[.p/<W>]            hashes of complete subtrees of 256^L leaves, up to 256 in a tile
    tile/entries/<N>[.p/<W>]        leaves, each after its length in 16 bits, up to 256 in a bundle

The check trusts the given keys and the entries' bytes. It reports, with the file's name:

1. a checkpoint that is malformed or that no given key signed;
2. a `vkey` that is not one of the given keys;
3. a file that is missing, that is not part of an export, or that is no plain file;
4. an entry that is none, or that does not name the one before it;
5. a tile that is not that of the entries, and a root that is not the checkpoint's.

Personal data is not in an export, since it is not in the ledger.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from signatures.errors import CheckpointError, EntryError, LedgerError, ProofError
from signatures.ledger.checkpoint import LARGEST_NOTE_BYTES, Checkpoint, LedgerPublicKey, open_checkpoint
from signatures.ledger.entry import LARGEST_LEAF_BYTES, Entry, parse_leaf
from signatures.ledger.merkle import (
    HASH_BYTES,
    NodeReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    nodes_of,
    root_at,
)
from signatures.messages import Message, say

if TYPE_CHECKING:
    from signatures.ledger.log import Ledger

CHECKPOINT_FILE = "checkpoint"
VKEY_FILE = "vkey"
_TILE_FOLDER = "tile"
_TILE_WIDTH = 256
_TILE_HEIGHT = 8  # levels of the tree in one tile
_LENGTH_BYTES = 2
_LARGEST_BUNDLE_BYTES = _TILE_WIDTH * (_LENGTH_BYTES + LARGEST_LEAF_BYTES)
_LARGEST_VKEY_BYTES = 4_096


@dataclass(frozen=True)  # no slots: the tree is computed once, when it is first asked for
class LedgerExport:
    """An export that was read: what it proves, and what is wrong with it.

    Rely on the checkpoint and the hashes only when there are no findings.
    """

    folder: Path
    checkpoint: Checkpoint | None  # None when no given key signed it
    leaf_hashes: tuple[bytes, ...]
    findings: tuple[Message, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def entries(self) -> Iterator[Entry]:
        """Go through the entries, read once more from the files; meaningful only when there are no findings.

        Raises:
            LedgerError: a file is no longer what it was when the export was read.
        """
        for start in range(0, len(self.leaf_hashes), _TILE_WIDTH):
            expected = self.leaf_hashes[start : start + _TILE_WIDTH]
            name = _tile_name("entries", start // _TILE_WIDTH, len(expected))
            leaves = _split_bundle(_read_bytes(self.folder / name, _LARGEST_BUNDLE_BYTES))
            if tuple(map(leaf_hash, leaves)) != expected:
                raise LedgerError("{file}: it has changed since the export was read", file=name)
            yield from (parse_leaf(leaf, start + place) for place, leaf in enumerate(leaves))

    @cached_property
    def _node(self) -> NodeReader:
        return nodes_of(self.leaf_hashes)

    def root_at(self, size: int) -> bytes:
        """Return the root of the first `size` entries; raises ProofError when there are fewer."""
        if size > len(self.leaf_hashes):
            raise ProofError("the export has {count} entries, not {size}", count=len(self.leaf_hashes), size=size)
        return root_at(self._node, size)

    def contradiction(self, held: Checkpoint) -> Message | None:
        """Return why the export does not continue a checkpoint that somebody holds, None when it does."""
        if self.checkpoint is None:
            return say("{folder}: the export has no checkpoint that a known key signed", folder=self.folder)
        if held.origin != self.checkpoint.origin:
            return say(
                "a checkpoint of {expected} is expected, got one of {got}", expected=self.checkpoint.origin, got=held.origin
            )
        if held.size > len(self.leaf_hashes):
            return say("the checkpoint has {held} entries, the export only {count}", held=held.size, count=len(self.leaf_hashes))
        if self.root_at(held.size) != held.root:
            return say("the export had another root at {held} entries than the checkpoint: two histories", held=held.size)
        return None

    def index_of(self, hash_of_leaf: bytes) -> int | None:
        """Return where the entry with this leaf hash stands, None when it is not in the export."""
        return self.leaf_hashes.index(hash_of_leaf) if hash_of_leaf in self.leaf_hashes else None

    def inclusion_proof(self, index: int) -> tuple[bytes, ...]:
        """Return the proof that leads from an entry to the root over all entries of the export."""
        return inclusion_proof(self._node, index, len(self.leaf_hashes))

    def consistency_proof(self, old_size: int) -> tuple[bytes, ...]:
        """Return the proof that all entries of the export continue the first `old_size`."""
        return consistency_proof(self._node, old_size, len(self.leaf_hashes))


def export_ledger(ledger: "Ledger", folder: Path) -> Checkpoint:
    """Write the whole ledger to a folder and return the checkpoint it ends with; run it in one reader's transaction.

    The folder appears complete or not at all. An export of the same ledger is replaced, provided that the ledger continues
    it; any other folder is left alone.

    Raises:
        LedgerError: the folder holds something else, or the ledger does not prove what it would export.
    """
    _require_replaceable(ledger, folder)
    head, note = ledger.signed_head()
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.partial-", dir=folder.parent))
    try:
        partial.chmod(0o755)  # an export is made to be shown
        _write_file(partial / CHECKPOINT_FILE, note.encode())
        _write_file(partial / VKEY_FILE, f"{ledger.key.public}\n".encode())
        _write_tiles(_write_bundles(ledger, partial, head.size), partial, head)
        # A crash up to here leaves a hidden folder, named .partial-, that nobody reads.
        _put_in_place(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return head


def _require_replaceable(ledger: "Ledger", folder: Path) -> None:
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise LedgerError("{folder}: a folder for the export is expected, there is something else", folder=folder)
    names = {path.name for path in folder.iterdir()}
    if not names:
        return
    if not names <= {CHECKPOINT_FILE, VKEY_FILE, _TILE_FOLDER} or CHECKPOINT_FILE not in names:
        raise LedgerError("{folder}: it holds other files than an export; choose a new folder", folder=folder)
    try:
        earlier = open_checkpoint(_read_text(folder / CHECKPOINT_FILE, LARGEST_NOTE_BYTES), (ledger.key.public,))
    except (CheckpointError, OSError) as error:
        raise LedgerError(
            "{folder}: it holds an export that is not of this ledger; choose a new folder", folder=folder
        ) from error
    reason = ledger.contradiction(earlier)
    if reason is not None:  # it may be the only proof of what happened
        raise LedgerError("{folder}: the export that is there is kept: {reason}", folder=folder, reason=reason)


def _write_bundles(ledger: "Ledger", folder: Path, size: int) -> list[bytes]:
    """Write the entry bundles and return the leaf hashes."""
    leaf_hashes: list[bytes] = []
    for start in range(0, size, _TILE_WIDTH):
        stop = min(start + _TILE_WIDTH, size)
        leaves = [entry.leaf for entry in ledger.entries(start, stop)]
        name = _tile_name("entries", start // _TILE_WIDTH, stop - start)
        _write_file(folder / name, b"".join(len(leaf).to_bytes(_LENGTH_BYTES, "big") + leaf for leaf in leaves))
        leaf_hashes += [leaf_hash(leaf) for leaf in leaves]
    return leaf_hashes


def _write_tiles(leaf_hashes: Sequence[bytes], folder: Path, head: Checkpoint) -> None:
    node = nodes_of(leaf_hashes)
    if len(leaf_hashes) != head.size or root_at(node, head.size) != head.root:
        raise LedgerError("the ledger's entries do not lead to its head, nothing is exported; run the audit")
    for name, content in _tiles(node, head.size):
        _write_file(folder / name, content)


def _tiles(node: NodeReader, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every tile of a tree of this size (c2sp.org/tlog-tiles, Merkle Tree)."""
    for level, number, width in _tile_places(size):
        first = number * _TILE_WIDTH
        hashes = (node(level * _TILE_HEIGHT, index) for index in range(first, first + width))
        yield _tile_name(str(level), number, width), b"".join(hashes)


def _tile_places(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield level, number and width of every tile; there are no empty ones."""
    level = 0
    while hashes := size >> (level * _TILE_HEIGHT):
        for first in range(0, hashes, _TILE_WIDTH):
            yield level, first // _TILE_WIDTH, min(_TILE_WIDTH, hashes - first)
        level += 1


def _tile_name(level: str, number: int, width: int) -> str:
    """The path of a tile: its number in groups of three digits, all but the last with an x; a partial one with its width."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    suffix = "" if width == _TILE_WIDTH else f".p/{width}"
    return f"{_TILE_FOLDER}/{level}/{'/'.join(groups)}{suffix}"


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(partial: Path, folder: Path) -> None:
    replaced = partial.with_name(partial.name.replace(".partial-", ".replaced-"))
    if folder.exists():
        folder.rename(replaced)
    # A crash here leaves no folder of this name; the earlier export is beside it, hidden, named .replaced-.
    try:
        partial.rename(folder)
    except OSError:
        if replaced.exists():
            replaced.rename(folder)
        raise
    # A crash here leaves the new export, and the earlier one, hidden.
    shutil.rmtree(replaced, ignore_errors=True)
    descriptor = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_export(folder: Path, keys: Sequence[LedgerPublicKey]) -> LedgerExport:
    """Return what the export proves and what is wrong with it; a file that cannot be used is a finding, never an error."""
    findings: list[Message] = []
    checkpoint = _read_checkpoint(folder, keys, findings)
    _check_vkey(folder, keys, findings)
    present = _files(folder, findings)
    leaf_hashes: list[bytes] = []
    if checkpoint is not None:
        expected = {CHECKPOINT_FILE, VKEY_FILE}
        # Each bundle is asked for in turn and the first that is missing ends it, so a size beyond all measure costs nothing.
        for name in _read_bundles(folder, checkpoint.size, leaf_hashes, findings):
            expected.add(name)
        if len(leaf_hashes) == checkpoint.size:
            expected |= _check_tiles(folder, checkpoint, leaf_hashes, findings)
            findings += [say("{file}: it is not part of the export", file=name) for name in sorted(present - expected)]
    return LedgerExport(folder, checkpoint, tuple(leaf_hashes), tuple(findings))


def _read_checkpoint(folder: Path, keys: Sequence[LedgerPublicKey], findings: list[Message]) -> Checkpoint | None:
    try:
        return open_checkpoint(_read_text(folder / CHECKPOINT_FILE, LARGEST_NOTE_BYTES), keys)
    except CheckpointError as error:
        findings.append(say("{file}: {reason}", file=CHECKPOINT_FILE, reason=error.message))
    except OSError as error:
        findings.append(say("{file}: it cannot be read ({reason})", file=CHECKPOINT_FILE, reason=error.strerror))
    return None


def _check_vkey(folder: Path, keys: Sequence[LedgerPublicKey], findings: list[Message]) -> None:
    try:
        text = _read_text(folder / VKEY_FILE, _LARGEST_VKEY_BYTES)
    except CheckpointError as error:
        findings.append(say("{file}: {reason}", file=VKEY_FILE, reason=error.message))
    except OSError as error:
        findings.append(say("{file}: it cannot be read ({reason})", file=VKEY_FILE, reason=error.strerror))
    else:
        if text not in {f"{key}\n" for key in keys}:
            findings.append(say("{file}: it is not the ledger key that is known", file=VKEY_FILE))


def _files(folder: Path, findings: list[Message]) -> set[str]:
    """The names of all plain files; anything else than files and folders is a finding."""
    names = set()
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(root, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                findings.append(say("{file}: a plain file is expected", file=relative))
            elif path.is_file():
                names.add(relative)
    return names


def _read_bundles(folder: Path, size: int, leaf_hashes: list[bytes], findings: list[Message]) -> Iterator[str]:
    """Yield the names of the entry bundles, while their leaf hashes are added to the list; ends at the first unusable one."""
    previous: bytes | None = None
    for start in range(0, size, _TILE_WIDTH):
        width = min(_TILE_WIDTH, size - start)
        name = _tile_name("entries", start // _TILE_WIDTH, width)
        yield name
        try:
            leaves = _split_bundle(_read_bytes(folder / name, _LARGEST_BUNDLE_BYTES))
        except (EntryError, CheckpointError) as error:
            findings.append(say("{file}: {reason}", file=name, reason=error.message))
            return
        except OSError as error:
            findings.append(say("{file}: it cannot be read ({reason})", file=name, reason=error.strerror))
            return
        if len(leaves) != width:
            findings.append(
                say("{file}: {expected} entries are expected, got {count}", file=name, expected=width, count=len(leaves))
            )
            return
        for leaf in leaves:
            findings += _check_leaf(name, leaf, len(leaf_hashes), previous)
            previous = leaf_hash(leaf)
            leaf_hashes.append(previous)


def _split_bundle(content: bytes) -> list[bytes]:
    leaves, position = [], 0
    while position < len(content):
        start = position + _LENGTH_BYTES
        position = start + int.from_bytes(content[position:start], "big")
        if position > len(content):
            raise EntryError("the last entry is cut off")
        leaves.append(content[start:position])
    return leaves


def _check_leaf(name: str, leaf: bytes, index: int, previous: bytes | None) -> Iterator[Message]:
    try:
        entry = parse_leaf(leaf, index)
    except EntryError as error:
        yield say("{file}: entry {index}: {reason}", file=name, index=index, reason=error.message)
        return
    if entry.previous != previous:
        yield say("{file}: entry {index} does not name the leaf before it", file=name, index=index)


def _check_tiles(folder: Path, checkpoint: Checkpoint, leaf_hashes: Sequence[bytes], findings: list[Message]) -> set[str]:
    """Compare the root and every tile with the entries; the names of the tiles are returned."""
    node = nodes_of(leaf_hashes)
    if root_at(node, checkpoint.size) != checkpoint.root:
        findings.append(say("{file}: its root is not that of the entries", file=CHECKPOINT_FILE))
    names = set()
    for name, expected in _tiles(node, checkpoint.size):
        names.add(name)
        try:
            content = _read_bytes(folder / name, _TILE_WIDTH * HASH_BYTES)
        except CheckpointError as error:
            findings.append(say("{file}: {reason}", file=name, reason=error.message))
        except OSError as error:
            findings.append(say("{file}: it cannot be read ({reason})", file=name, reason=error.strerror))
        else:
            if content != expected:
                findings.append(say("{file}: it is not the tile of the entries", file=name))
    return names


def _read_bytes(path: Path, limit: int) -> bytes:
    if path.is_symlink() or not path.is_file():  # a pipe would keep us waiting
        raise FileNotFoundError(errno.ENOENT, "there is no plain file", str(path))
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise CheckpointError("at most {limit} bytes are expected", limit=limit)
    return content


def _read_text(path: Path, limit: int) -> str:
    try:
        return _read_bytes(path, limit).decode()
    except UnicodeDecodeError as error:
        raise CheckpointError("UTF-8 text is expected") from error
