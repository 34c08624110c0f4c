import base64
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

import mou

STATIC: Final = Path(mou.__file__).resolve().parent / "web" / "static"
TEMPLATES: Final = STATIC.parent / "templates"
VENDOR: Final = STATIC / "vendor"
ASSETS: Final[list[dict[str, str]]] = tomllib.loads((VENDOR / "assets.toml").read_text(encoding="utf-8"))["asset"]
OWN_SCRIPTS: Final = sorted(STATIC.glob("*.js"))
PAGES: Final = sorted(TEMPLATES.rglob("*.html"))


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset["file"])
def test_a_vendored_file_has_the_digest_of_the_list(asset: dict[str, str]) -> None:
    content = (VENDOR / asset["file"]).read_bytes()

    assert base64.b64encode(hashlib.sha384(content).digest()).decode("ascii") == asset["sha384"]


def test_every_vendored_file_is_listed_and_none_is_listed_twice() -> None:
    found = sorted(path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file())

    assert sorted([*(asset["file"] for asset in ASSETS), "assets.toml"]) == found


def test_a_vendored_folder_says_name_and_version_and_holds_the_licence() -> None:
    folders = {f"{asset['package']}-{asset['version']}" for asset in ASSETS}

    assert {path.name for path in VENDOR.iterdir() if path.is_dir()} == folders
    assert {asset["file"] for asset in ASSETS} >= {f"{folder}/LICENSE" for folder in folders}
    assert all(asset["licence"] for asset in ASSETS)


def test_no_source_map_is_handed_out() -> None:
    assert [path.name for path in STATIC.rglob("*.map")] == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_a_page_holds_no_script_style_or_handler_of_its_own(page: Path) -> None:
    source = page.read_text(encoding="utf-8")

    assert re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", source, re.IGNORECASE) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", source) if "src=" not in tag] == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_a_page_asks_no_other_site_for_anything(page: Path) -> None:
    assert re.findall(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("script", OWN_SCRIPTS, ids=names(OWN_SCRIPTS))
def test_a_script_of_ours_writes_no_markup_and_compiles_no_text(script: Path) -> None:
    source = script.read_text(encoding="utf-8")

    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\.cssText", source) == []
    )


@pytest.mark.parametrize("script", OWN_SCRIPTS, ids=names(OWN_SCRIPTS))
def test_a_script_of_ours_speaks_neither_thai_nor_of_other_sites(script: Path) -> None:
    source = script.read_text(encoding="utf-8")

    assert re.findall(r"[\u0e00-\u0e7f]+", source) == []
    assert re.findall(r"https?://[^\s\"'`]+", source) == []


@pytest.mark.parametrize("script", OWN_SCRIPTS, ids=names(OWN_SCRIPTS))
def test_a_script_of_ours_imports_only_files_that_are_here(script: Path) -> None:
    imported = re.findall(r"""from\s+["']([^"']+)["']""", script.read_text(encoding="utf-8"))

    assert [name for name in imported if not name.startswith("./") or not (STATIC / name).is_file()] == []


def test_what_a_page_loads_is_there() -> None:
    wanted = {
        path
        for page in PAGES
        for path in re.findall(r"""(?:static|integrity|module|vendored)\(["']([^"']+)["']\)""", page.read_text("utf-8"))
    }

    assert wanted
    assert sorted(path for path in wanted if not (STATIC / path).is_file()) == []
