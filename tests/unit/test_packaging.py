"""What travels with the program says the same everywhere: its version, and the licences that it owes somebody a word about."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, requires
from pathlib import Path

from packaging.requirements import Requirement

import mou

CHECKOUT = Path(__file__).resolve().parents[2]
RECIPROCAL = re.compile(r"\b(MPL|LGPL|GPL|AGPL|EUPL|CDDL)|Mozilla Public|General Public", re.IGNORECASE)


def needed_by(name: str, extras: frozenset[str], seen: set[str]) -> Iterator[str]:
    """The distributions that a distribution brings along here, itself included."""
    if name in seen:
        return
    seen.add(name)
    yield name
    for line in requires(name) or []:
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield from needed_by(needed.name, frozenset(needed.extras), seen)


def licence_of(name: str) -> str:
    about = distribution(name).metadata
    return "\n".join(text for key in ("License-Expression", "License", "Classifier") for text in about.get_all(key) or [])


def test_the_version_is_the_same_in_the_package_the_project_and_what_is_installed() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert mou.__version__ == project["version"] == distribution("mou").version


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    assert "\n## [Unreleased]\n" in (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_notice_names_every_library_whose_licence_asks_for_more() -> None:
    notice = (CHECKOUT / "NOTICE").read_text(encoding="utf-8").lower()
    needed = set(needed_by("mou", frozenset({"pkcs11", "postgres", "web"}), set()))
    reciprocal = {name.lower() for name in needed if RECIPROCAL.search(licence_of(name))}
    assert {"pikepdf", "psycopg"} <= reciprocal
    assert {name for name in reciprocal if name.removesuffix("-binary") not in notice} == set()
