"""Digests of files and texts, always with the name of their algorithm."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from signatures.errors import SignaturesError

_TEXT_FORM = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256 digest; `str()` gives its one text form, `sha256:` and 64 lower-case hexadecimal digits."""

    hex: str

    def __str__(self) -> str:
        """The text form, as it stands in entries, evidence and file names of the export."""
        return f"sha256:{self.hex}"

    def short(self) -> str:
        """The first 16 hexadecimal digits in groups of four, for people: never enough to decide anything."""
        return " ".join(self.hex[start : start + 4] for start in range(0, 16, 4))

    @classmethod
    def parse(cls, text: str) -> "Digest":
        """Read the text form.

        Raises:
            SignaturesError: `text` is not `sha256:` and 64 lower-case hexadecimal digits.
        """
        if not _TEXT_FORM.fullmatch(text):
            raise SignaturesError("a digest is expected as sha256: and 64 lower-case hexadecimal digits, got {text!r}", text=text)
        return cls(text.removeprefix("sha256:"))


def digest_of(content: bytes) -> Digest:
    """Return the digest of these bytes."""
    return Digest(hashlib.sha256(content).hexdigest())


def digest_of_file(path: Path) -> Digest:
    """Return the digest of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())
