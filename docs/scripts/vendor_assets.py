#!/usr/bin/env python3
"""Rebuilds `mou/web/static/vendor/`: other people's scripts, unchanged, and the list of their digests.

1. A package is named here with its version and the SHA-512 of its archive, as its registry publishes it.
2. `npm pack` fetches the archive, or `--archives DIR` names a folder in which it lies already. Another archive is refused.
3. Only the files that a page loads are taken, and the licence.
4. `assets.toml` lists every file with its SHA-384, in the form that the attribute `integrity` of a page has.
"""

import argparse
import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VENDOR: Final = Path(__file__).resolve().parents[2] / "mou" / "web" / "static" / "vendor"
LIST: Final = "assets.toml"


@dataclass(frozen=True, slots=True)
class Package:
    """One package: its exact version, the digest of its archive in base64, its licence, and the files that are taken."""

    name: str
    version: str
    sha512: str
    licence: str
    files: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The folder's name, which carries the version."""
        return f"{self.name}-{self.version}"

    @property
    def archive(self) -> str:
        """The name that `npm pack` gives to the archive."""
        return f"{self.folder}.tgz"


PACKAGES: Final = (
    Package(
        "htmx.org",
        "4.0.1",
        "oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
        "0BSD",
        ("LICENSE", "dist/htmx.min.js"),
    ),
    Package(
        "node-forge",
        "1.4.3",
        "P6wzfh6t70avmV8FrVEAd/36sOPJQ+hkaJVX1Laap9J/77m7M0eyozDvc8SwnDf4P7MP94gwbAAo0rg3YVXT+g==",
        "BSD-3-Clause OR GPL-2.0-only",
        ("LICENSE", "dist/forge.min.js"),
    ),
    # The build for older browsers. Character maps, spare fonts and picture decoders stay away: a document of ours embeds its
    # fonts and holds no JPEG 2000, and a decoder would have to compile code in the page.
    Package(
        "pdfjs-dist",
        "6.5.438",
        "vg8Pw1x+AFKy4AMDvhuWl5cOYV8d698UoEANoFFhc79hqXDnZQqnOXoxw3HG907WHOg1JYOvLhP756boddFxpA==",
        "Apache-2.0",
        ("LICENSE", "legacy/build/pdf.min.mjs", "legacy/build/pdf.worker.min.mjs"),
    ),
)


def main() -> int:
    """Fetch, check, replace the folder, and tell what it holds."""
    parser = argparse.ArgumentParser(description="Rebuild mou/web/static/vendor.")
    parser.add_argument("--archives", type=Path, help="a folder with the archives, instead of npm pack")
    archives: Path | None = parser.parse_args().archives
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "vendor"
        for package in PACKAGES:
            archive = archives / package.archive if archives else fetch_archive(package, Path(scratch))
            take_files(package, archive, made)
        (made / LIST).write_text(list_of_assets(made), encoding="utf-8")
        if VENDOR.exists():
            shutil.rmtree(VENDOR)
        shutil.copytree(made, VENDOR)
    sys.stdout.write((VENDOR / LIST).read_text(encoding="utf-8"))
    return 0


def fetch_archive(package: Package, folder: Path) -> Path:
    """Return the archive as `npm pack` leaves it in `folder`."""
    subprocess.run(["npm", "pack", f"{package.name}@{package.version}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / package.archive


def take_files(package: Package, archive: Path, made: Path) -> None:
    """Copy the wanted files of `archive` into a folder of `made`.

    Raises:
        ValueError: the archive has another digest than the one that stands here.
    """
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode("ascii")
    if digest != package.sha512:
        raise ValueError(
            f"{archive}: SHA-512 {package.sha512} expected, got {digest}; compare with the registry before changing it"
        )
    folder = made / package.folder
    folder.mkdir(parents=True)
    with tarfile.open(archive) as opened:
        for name in package.files:
            member = opened.extractfile(f"package/{name}")
            if member is None:
                raise ValueError(f"{archive}: {name} is no file")
            (folder / Path(name).name).write_bytes(member.read())


def list_of_assets(made: Path) -> str:
    """Return `assets.toml` for what lies in `made`: one table for each file, in the order of the names."""
    tables = ['# Written by docs/scripts/vendor_assets.py; sha384 is what stands in integrity="sha384-...".\n']
    for package in PACKAGES:
        tables.extend(
            f'[[asset]]\npackage = "{package.name}"\nversion = "{package.version}"\nlicence = "{package.licence}"\n'
            f'file = "{package.folder}/{path.name}"\nsha384 = "{sha384(path)}"\n'
            for path in sorted((made / package.folder).iterdir())
        )
    return "\n".join(tables)


def sha384(path: Path) -> str:
    """Return the digest of a file in base64."""
    return base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode("ascii")


if __name__ == "__main__":
    sys.exit(main())
