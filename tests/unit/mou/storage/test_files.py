import os
from pathlib import Path

import pytest

from mou.errors import WorkspaceError
from mou.storage import files
from mou.storage.files import FileStore, replace_file
from signatures.digests import digest_of


def test_a_file_comes_back_under_its_digest(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put("ธรรมนูญ".encode())
    assert digest == digest_of("ธรรมนูญ".encode())
    assert store.get(digest) == "ธรรมนูญ".encode()
    assert store.has(digest)


def test_putting_the_same_bytes_again_leaves_the_file_alone(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(b"once")
    path = tmp_path / digest.hex[:2] / digest.hex
    before = path.stat()
    assert store.put(b"once") == digest
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [entry.name for entry in path.parent.iterdir()] == [digest.hex]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"has no file sha256:.*restore it from a backup"):
        FileStore(tmp_path).get(digest_of(b"never stored"))


def test_a_changed_file_is_not_given_out(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(b"signed")
    (tmp_path / digest.hex[:2] / digest.hex).write_bytes(b"forged")
    with pytest.raises(WorkspaceError, match="was changed"):
        store.get(digest)


def test_a_crash_before_the_link_stores_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(temporary: Path, path: Path) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(files, "link_without_overwriting", crash)
    store = FileStore(tmp_path)
    with pytest.raises(OSError, match="power cut"):
        store.put(b"half")
    assert not store.has(digest_of(b"half"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_two_writers_of_the_same_bytes_both_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)
    link = os.link

    def link_after_another_writer(source: Path, target: Path) -> None:
        target.write_bytes(b"shared")
        link(source, target)

    monkeypatch.setattr(os, "link", link_after_another_writer)
    assert store.get(store.put(b"shared")) == b"shared"


def test_a_replaced_file_is_the_old_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "published.pdf"
    replace_file(path, b"old")

    def crash(self: Path, target: Path) -> Path:
        raise OSError("power cut")

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OSError, match="power cut"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["published.pdf"]


def test_a_private_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    replace_file(tmp_path / "key.pem", b"private", mode=0o600)
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
