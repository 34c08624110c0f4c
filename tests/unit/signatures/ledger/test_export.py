import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tiles import tile_path

from signatures.errors import LedgerError, ProofError
from signatures.ledger.checkpoint import Checkpoint, LedgerKey, sign_checkpoint
from signatures.ledger.entry import Event, leaf_bytes
from signatures.ledger.export import LedgerExport, _tile_name, export_ledger, read_export
from signatures.ledger.log import Ledger
from signatures.ledger.merkle import EMPTY_ROOT, check_consistency, check_inclusion, leaf_hash, root_of


def fill(ledger: Ledger, at: datetime, start: int, stop: int) -> None:
    events = [
        Event("signature.applied", f"doc_{number}", "usr_01", {"number": number}, f"op-{number}") for number in range(start, stop)
    ]
    ledger.append(events, at=at)


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def findings(export: LedgerExport) -> list[str]:
    return [str(finding) for finding in export.findings]


@pytest.fixture
def exported(ledger: Ledger, at: datetime, tmp_path: Path) -> Path:
    fill(ledger, at, 0, 5)
    export_ledger(ledger, tmp_path / "export")
    return tmp_path / "export"


@pytest.mark.parametrize(
    ("size", "names"),
    [
        (0, []),
        (1, ["tile/0/000.p/1", "tile/entries/000.p/1"]),
        (255, ["tile/0/000.p/255", "tile/entries/000.p/255"]),
        (256, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]),
        (257, ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/1"]),
        (
            600,
            [
                "tile/0/000",
                "tile/0/001",
                "tile/0/002.p/88",
                "tile/1/000.p/2",
                "tile/entries/000",
                "tile/entries/001",
                "tile/entries/002.p/88",
            ],
        ),
    ],
    ids=["empty", "one", "one less than a tile", "a tile", "one more than a tile", "partial third"],
)
def test_an_export_has_the_files_of_its_size_and_reads_clean(
    size: int, names: list[str], ledger: Ledger, key: LedgerKey, at: datetime, tmp_path: Path
) -> None:
    fill(ledger, at, 0, size)
    folder = tmp_path / "a" / "new" / "export"
    assert export_ledger(ledger, folder) == ledger.head()
    assert files_of(folder) == ["checkpoint", *names, "vkey"]
    export = read_export(folder, (key.public,))
    assert export.findings == ()
    assert export.checkpoint == ledger.head()
    assert export.leaf_hashes == tuple(entry.leaf_hash for entry in ledger.entries())


def test_an_independent_reader_finds_the_same_tree(ledger: Ledger, key: LedgerKey, at: datetime, tmp_path: Path) -> None:
    fill(ledger, at, 0, 600)
    export_ledger(ledger, tmp_path / "export")
    reader = TilesReader(LocalBackend(tmp_path / "export"))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(str(key.public)))
    assert reader.calculate_root_hash() == checkpoint.root_hash == ledger.head().root
    export = read_export(tmp_path / "export", (key.public,))
    for index in (0, 1, 255, 256, 511, 512, 599):
        proof = reader.get_inclusion_proof(index, 600)
        assert tuple(proof.node_hashes) == export.inclusion_proof(index) == ledger.receipt(index).proof
        assert reader.get_entry(index) == ledger.entry(index).leaf
    for old_size in (1, 2, 255, 256, 257, 512, 599):
        consistency = reader.get_consistency_proof(old_size, 600)
        assert tuple(consistency.node_hashes) == export.consistency_proof(old_size) == ledger.consistency(old_size, 600)


@pytest.mark.parametrize("number", [0, 999, 1000, 1_234_067])
def test_tiles_are_named_as_the_independent_writer_names_them(number: int) -> None:
    assert _tile_name("0", number, 256) == "/".join(tile_path(0, number))
    assert _tile_name("entries", number, 7) == "/".join(tile_path(-1, number, 7))


def test_every_changed_byte_of_every_file_is_found_and_names_a_file(exported: Path, key: LedgerKey) -> None:
    for name in files_of(exported):
        path = exported / name
        original = path.read_bytes()
        for position in range(len(original)):
            changed = bytearray(original)
            changed[position] ^= 1 << (position % 8)
            path.write_bytes(changed)
            found = read_export(exported, (key.public,)).findings
            assert found, (name, position)
            assert all(finding.values["file"] in {name, "checkpoint"} or name.startswith("tile/entries") for finding in found)
        path.write_bytes(original)
    assert read_export(exported, (key.public,)).is_clean


def test_every_file_cut_short_or_made_longer_is_found(exported: Path, key: LedgerKey) -> None:
    for name in files_of(exported):
        original = (exported / name).read_bytes()
        for changed in (original[:-1], b"", original + b"\n", original * 2):
            (exported / name).write_bytes(changed)
            assert not read_export(exported, (key.public,)).is_clean, name
        (exported / name).write_bytes(original)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda folder: (folder / "checkpoint").unlink(), "checkpoint: it cannot be read"),
        (lambda folder: (folder / "vkey").unlink(), "vkey: it cannot be read"),
        (lambda folder: (folder / "tile/0/000.p/5").unlink(), "tile/0/000.p/5: it cannot be read"),
        (lambda folder: (folder / "tile/entries/000.p/5").unlink(), "tile/entries/000.p/5: it cannot be read"),
        (lambda folder: (folder / "more").write_bytes(b""), "more: it is not part of the export"),
        (lambda folder: (folder / "tile/0/000.p/4").write_bytes(b""), "tile/0/000.p/4: it is not part of the export"),
        (lambda folder: (folder / "link").symlink_to("checkpoint"), "link: a plain file is expected"),
        (lambda folder: os.mkfifo(folder / "pipe"), "pipe: a plain file is expected"),
        (shutil.rmtree, "checkpoint: it cannot be read"),
        (lambda folder: (folder / "checkpoint").write_bytes(bytes(200_000)), "checkpoint: at most"),
        (lambda folder: (folder / "checkpoint").write_bytes(b"\xff"), "checkpoint: UTF-8"),
        (lambda folder: (folder / "vkey").write_bytes(b"\xff"), "vkey: UTF-8"),
        (lambda folder: (folder / "tile/0/000.p/5").write_bytes(bytes(9_000)), "tile/0/000.p/5: at most"),
    ],
    ids=[
        "no checkpoint",
        "no vkey",
        "no tile",
        "no bundle",
        "one file more",
        "another width",
        "link",
        "pipe",
        "no folder",
        "checkpoint too long",
        "checkpoint no text",
        "vkey no text",
        "tile too long",
    ],
)
def test_an_export_that_is_not_whole_is_a_finding_never_an_error(
    harm: Callable[[Path], object], said: str, exported: Path, key: LedgerKey
) -> None:
    harm(exported)
    assert any(finding.startswith(said) for finding in findings(read_export(exported, (key.public,)))), said


def test_a_checkpoint_that_is_a_pipe_does_not_keep_the_reader_waiting(exported: Path, key: LedgerKey) -> None:
    (exported / "checkpoint").unlink()
    os.mkfifo(exported / "checkpoint")
    assert not read_export(exported, (key.public,)).is_clean


def test_the_key_inside_is_not_trusted(exported: Path, stranger: LedgerKey, key: LedgerKey) -> None:
    (exported / "vkey").write_text(f"{stranger.public}\n")
    assert findings(read_export(exported, (key.public,))) == ["vkey: it is not the ledger key that is known"]
    note = sign_checkpoint(Checkpoint(key.name, 5, bytes(32)), stranger)
    (exported / "checkpoint").write_text(note)
    export = read_export(exported, (key.public,))
    assert export.checkpoint is None
    assert len(export.findings) == 2


def test_a_signed_checkpoint_over_other_entries_is_a_finding(exported: Path, key: LedgerKey) -> None:
    (exported / "checkpoint").write_text(sign_checkpoint(Checkpoint(key.name, 5, bytes(32)), key))
    assert findings(read_export(exported, (key.public,))) == ["checkpoint: its root is not that of the entries"]


def test_a_signed_size_beyond_measure_ends_at_the_first_missing_bundle(exported: Path, key: LedgerKey) -> None:
    (exported / "checkpoint").write_text(sign_checkpoint(Checkpoint(key.name, 2**62, bytes(32)), key))
    assert findings(read_export(exported, (key.public,))) == ["tile/entries/000: it cannot be read (there is no plain file)"]


def test_entries_that_do_not_name_one_another_are_a_finding(ledger: Ledger, key: LedgerKey, at: datetime, tmp_path: Path) -> None:
    """Somebody with the key built a right tree over leaves that were not appended one after the other."""
    fill(ledger, at, 0, 2)
    export_ledger(ledger, tmp_path / "export")
    leaves = [leaf_bytes(Event("log.opened", "log_1", "usr_01", {}, f"op-{number}"), at=at, previous=None) for number in range(2)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    (tmp_path / "export/tile/entries/000.p/2").write_bytes(b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves))
    (tmp_path / "export/tile/0/000.p/2").write_bytes(b"".join(hashes))
    (tmp_path / "export/checkpoint").write_text(sign_checkpoint(Checkpoint(key.name, 2, root_of(hashes)), key))
    assert findings(read_export(tmp_path / "export", (key.public,))) == [
        "tile/entries/000.p/2: entry 1 does not name the leaf before it"
    ]


def test_an_export_answers_for_checkpoints_and_entries(ledger: Ledger, key: LedgerKey, at: datetime, tmp_path: Path) -> None:
    fill(ledger, at, 0, 6)
    held = ledger.head()
    fill(ledger, at, 6, 11)
    head = export_ledger(ledger, tmp_path / "export")
    export = read_export(tmp_path / "export", (key.public,))
    assert export.contradiction(held) is None
    assert export.contradiction(Checkpoint(key.name, 0, EMPTY_ROOT)) is None
    assert "two histories" in str(export.contradiction(Checkpoint(key.name, 6, bytes(32))))
    assert "only 11" in str(export.contradiction(Checkpoint(key.name, 12, bytes(32))))
    assert "another.test" in str(export.contradiction(Checkpoint("another.test/log", 6, held.root)))
    with pytest.raises(ProofError, match="11 entries, not 12"):
        export.root_at(12)

    entry = ledger.entry(7)
    assert export.index_of(entry.leaf_hash) == 7
    assert export.index_of(bytes(32)) is None
    check_inclusion(entry.leaf_hash, index=7, size=11, proof=export.inclusion_proof(7), root=head.root)
    check_consistency(export.consistency_proof(6), old_size=6, old_root=held.root, new_size=11, new_root=head.root)


def test_an_export_without_a_known_checkpoint_answers_for_nothing(exported: Path, key: LedgerKey) -> None:
    assert "no checkpoint" in str(read_export(exported, ()).contradiction(Checkpoint(key.name, 0, EMPTY_ROOT)))


def test_an_export_replaces_an_earlier_one_and_leaves_nothing_beside_it(
    ledger: Ledger, key: LedgerKey, at: datetime, exported: Path
) -> None:
    fill(ledger, at, 5, 9)
    export_ledger(ledger, exported)
    export_ledger(ledger, exported)
    assert read_export(exported, (key.public,)).checkpoint == ledger.head()
    assert files_of(exported) == ["checkpoint", "tile/0/000.p/9", "tile/entries/000.p/9", "vkey"]
    assert [path.name for path in exported.parent.iterdir()] == ["export"]


def test_an_empty_folder_is_used(ledger: Ledger, at: datetime, tmp_path: Path) -> None:
    fill(ledger, at, 0, 1)
    (tmp_path / "export").mkdir()
    export_ledger(ledger, tmp_path / "export")
    assert "checkpoint" in files_of(tmp_path / "export")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda folder: (folder.mkdir(), (folder / "letter.txt").write_text("keep")), "other files"),
        (lambda folder: (folder.mkdir(), (folder / "vkey").write_text("keep")), "other files"),
        (lambda folder: (folder.mkdir(), (folder / "checkpoint").write_text("keep")), "not of this ledger"),
        (lambda folder: folder.write_text("keep"), "something else"),
        (lambda folder: folder.symlink_to("elsewhere"), "something else"),
    ],
    ids=["letters", "no checkpoint", "a checkpoint that is none", "a file", "a link"],
)
def test_what_is_not_our_export_is_left_alone(
    prepare: Callable[[Path], object], said: str, ledger: Ledger, at: datetime, tmp_path: Path
) -> None:
    fill(ledger, at, 0, 1)
    prepare(tmp_path / "export")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(LedgerError, match=said):
        export_ledger(ledger, tmp_path / "export")
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_an_export_that_proves_another_history_is_kept(ledger: Ledger, key: LedgerKey, exported: Path) -> None:
    longer = sign_checkpoint(Checkpoint(key.name, 9, bytes(32)), key)
    (exported / "checkpoint").write_text(longer)
    with pytest.raises(LedgerError, match="is kept"):
        export_ledger(ledger, exported)
    assert (exported / "checkpoint").read_text() == longer


def test_a_ledger_that_does_not_prove_itself_is_not_exported(
    ledger: Ledger, connection: Connection, at: datetime, tmp_path: Path
) -> None:
    fill(ledger, at, 0, 3)
    connection.execute(text("DROP TRIGGER ledger_entry_refuses_update"))
    connection.execute(text("UPDATE ledger_entry SET leaf = (SELECT leaf FROM ledger_entry WHERE seq = 0) WHERE seq = 1"))
    with pytest.raises(LedgerError, match="nothing is exported"):
        export_ledger(ledger, tmp_path / "export")
    assert list(tmp_path.iterdir()) == []
