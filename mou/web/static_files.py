"""Style, scripts, pictures and fonts: each under an address that changes with its bytes, so that browsers may keep it."""

import base64
import gzip
import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

STATIC_FOLDER: Final = Path(__file__).parent / "static"
VENDOR_LIST: Final = "vendor/assets.toml"
# The names in site.css -> the files of the bundled templates' font.
FONTS: Final["Mapping[str, str]"] = {
    "fonts/Sarabun-Regular.ttf": "sarabun/Sarabun_400Regular.ttf",
    "fonts/Sarabun-Italic.ttf": "sarabun/Sarabun_400Regular_Italic.ttf",
    "fonts/Sarabun-Bold.ttf": "sarabun/Sarabun_700Bold.ttf",
    "fonts/Sarabun-BoldItalic.ttf": "sarabun/Sarabun_700Bold_Italic.ttf",
}

# Stated here, since what a machine's own table says of .mjs and .ttf differs.
MEDIA_TYPES: Final["Mapping[str, str]"] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".pfb": "application/octet-stream",
    ".bcmap": "application/octet-stream",
    ".icc": "application/octet-stream",
    ".txt": "text/plain; charset=utf-8",
    "": "text/plain; charset=utf-8",
}
_WORTH_PACKING: Final = frozenset({".css", ".js", ".mjs", ".json", ".svg", ".ttf"})


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it goes out."""

    content: bytes
    packed: bytes | None
    """The same with gzip; None where that saves nothing."""
    digest: str
    """SHA-256 in hexadecimal digits."""
    media_type: str


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files in our folder, and those of `FONTS` from the folder of fonts."""

    folder: Path
    fonts: Path

    def find(self, name: str) -> StaticFile | None:
        """Return the file of this name; None when there is none, or when the name leads elsewhere."""
        root, inner = (self.fonts, FONTS[name]) if name in FONTS else (self.folder, name)
        try:
            path = (root / inner).resolve()
            if not path.is_relative_to(root.resolve()) or path.suffix not in MEDIA_TYPES or not path.is_file():
                return None
            return _read(path, path.stat().st_mtime_ns)
        except (OSError, ValueError):  # a name that no file can have
            return None

    def address(self, name: str) -> str:
        """Return where a page finds the file; raises LookupError for a name that we do not have."""
        file = self.find(name)
        if file is None:
            raise LookupError(name)
        return f"/static/{name}?v={file.digest[:16]}"

    def integrity(self, name: str) -> str:
        """Return what a browser holds a vendored file against: the digest in our list, not one taken from the file."""
        listed = _vendored(self.folder / VENDOR_LIST)
        return listed[name]


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> StaticFile:
    content = path.read_bytes()
    packed = gzip.compress(content, mtime=0) if path.suffix in _WORTH_PACKING else None
    if packed is not None and len(packed) >= len(content):
        packed = None
    return StaticFile(content, packed, hashlib.sha256(content).hexdigest(), MEDIA_TYPES[path.suffix])


@lru_cache(maxsize=4)
def _vendored(path: Path) -> "Mapping[str, str]":
    """Return the integrity value of each vendored file, by its name in the static folder."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = [row for value in tables.values() if isinstance(value, list) for row in value]
    return {_below_static(row["file"]): _as_integrity(row["sha384"]) for row in rows}


def _below_static(name: str) -> str:
    return name if name.startswith("vendor/") else f"vendor/{name}"


def _as_integrity(value: str) -> str:
    bare = value.removeprefix("sha384-")
    base64.b64decode(bare, validate=True)
    return f"sha384-{bare}"
