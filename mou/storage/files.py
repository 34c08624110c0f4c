"""The file store: every file under the digest of its bytes, written once and never changed."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mou.errors import WorkspaceError
from signatures.digests import Digest, digest_of


@dataclass(frozen=True, slots=True)
class FileStore:
    """Files in a local folder, at `ab/<64 hexadecimal digits>`."""

    folder: Path

    def put(self, content: bytes) -> Digest:
        """Keep the bytes and return their digest; a file that is already there stays as it is.

        A crash before the link leaves a temporary file, after it a complete one that no entry names yet: both harmless.
        """
        digest = digest_of(content)
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            link_without_overwriting(Path(temporary), path)
        finally:
            Path(temporary).unlink(missing_ok=True)
        sync_folder(path.parent)
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes under this digest.

        Raises:
            WorkspaceError: there is no such file, or its bytes have another digest.
        """
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError as error:
            raise WorkspaceError(
                "the file store has no file {digest} although it is recorded; restore it from a backup", digest=digest
            ) from error
        if (found := digest_of(content)) != digest:
            raise WorkspaceError(
                "the stored file {digest} was changed: its bytes have the digest {found}; restore it from a backup",
                digest=digest,
                found=found,
            )
        return content

    def has(self, digest: Digest) -> bool:
        """Whether a file of this digest is there; its bytes are not read."""
        return self._path(digest).exists()

    def discard(self, digest: Digest) -> None:
        """Remove a file that nothing names; that it is gone already is no error."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: Digest) -> Path:
        return self.folder / digest.hex[:2] / digest.hex


def link_without_overwriting(temporary: Path, path: Path) -> None:
    """Give a finished temporary file its final name, unless somebody else did so meanwhile with the same bytes."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    sync_folder(path.parent)
