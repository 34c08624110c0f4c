"""docs/architecture.md, the import contracts and the tree say the same; and importing the packages stays cheap."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import grimp
import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
ARCHITECTURE = CHECKOUT / "docs" / "architecture.md"
PACKAGES = ("mou", "signatures")
HEAVY = {
    "alembic",
    "asyncio",
    "cryptography",
    "docx",
    "fontTools",
    "jinja2",
    "lxml",
    "openpyxl",
    "pikepdf",
    "pydantic",
    "pyhanko",
    "pypdfium2",
    "rich",
    "sqlalchemy",
    "weasyprint",
}
# Each of these opens a backend; where it is named, a backend is picked.
BACKENDS = {
    "open_database": {"mou.app"},
    "InlineRunner": {"mou.app"},
    "ProcessPool": {"mou.app"},
    "open_engine": {"mou.storage.database"},
}


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def modules_in_tree(package: str) -> set[str]:
    """Every file that holds code, as a path inside its package; an `__init__.py` below the root counts with its folder."""
    folder = folder_of(package)
    paths = {path.relative_to(folder) for path in folder.rglob("*.py")}
    return {str(path) for path in paths if path.name != "__init__.py" or path.parent == Path()}


def modules_in_document(package: str) -> set[str]:
    section = ARCHITECTURE.read_text(encoding="utf-8").split(f"### `{package}/`\n")[1].split("\n#")[0]
    first_columns = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for column in first_columns for name in re.findall(r"`([^`]+)`", column)}


def layers_in_document() -> dict[str, list[str]]:
    blocks = re.findall(r"`([a-z.]+)`:\n\n```layers\n(.*?)\n```", ARCHITECTURE.read_text(encoding="utf-8"), re.DOTALL)
    return {package: lines.splitlines() for package, lines in blocks}


def layers_in_contracts() -> dict[str, list[str]]:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    layers: dict[str, list[str]] = {}
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] != "layers":
            continue
        package = contract["containers"][0] if "containers" in contract else "signatures.ledger"
        layers[package] = [layer.replace("(", "").replace(")", "").replace(f"{package}.", "") for layer in contract["layers"]]
    return layers


def imported_names(package: str) -> Iterator[tuple[str, str]]:
    """Each (module, name that it imports from somewhere)."""
    folder = folder_of(package)
    for path in sorted(folder.rglob("*.py")):
        module = ".".join([package, *path.relative_to(folder).with_suffix("").parts]).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                yield from ((module, alias.name) for alias in node.names)


def loaded_by(module: str) -> set[str]:
    """The top-level names of everything that a fresh Python has loaded after importing the module."""
    program = f"import {module}, json, sys; print(json.dumps(list(sys.modules)))"
    answer = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, text=True)
    return {str(name).partition(".")[0] for name in json.loads(answer.stdout)}


def test_the_packages_under_test_are_those_that_this_run_is_about() -> None:
    expected = "site-packages" if "MOU_TEST_WHEEL" in os.environ else CHECKOUT.name
    assert {folder_of(package).parent.name for package in PACKAGES} == {expected}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_is_described_in_the_architecture_document(package: str) -> None:
    described = modules_in_document(package)
    folders = tuple(name for name in described if name.endswith("/"))
    assert {module for module in modules_in_tree(package) - described if not module.startswith(folders)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_that_the_architecture_document_describes_exists(package: str) -> None:
    described = modules_in_document(package)
    assert {name for name in described if not (folder_of(package) / name).exists()} == set()


def test_the_documents_layers_are_the_contracts_layers() -> None:
    assert layers_in_document() == layers_in_contracts()


def test_the_import_contracts_hold() -> None:
    linter = str(Path(sys.executable).with_name("lint-imports"))
    settings = str(CHECKOUT / "pyproject.toml")
    answer = subprocess.run(
        [linter, "--no-cache", "--no-logo", "--config", settings], capture_output=True, check=False, text=True, cwd=CHECKOUT
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_is_opened_in_one_place_only(name: str) -> None:
    importers = {module for package in PACKAGES for module, imported in imported_names(package) if imported == name}
    assert importers == BACKENDS[name]


@pytest.mark.parametrize("module", ["signatures", "mou", "mou.cli"])
def test_importing_a_package_loads_nothing_heavy(module: str) -> None:
    assert loaded_by(module) & HEAVY == set()


@pytest.mark.parametrize("module", ["mou.workflow.generating", "mou.workflow.drafting", "mou.workflow.signing", "mou.app"])
def test_documents_are_made_and_signed_without_the_libraries_for_office_files(module: str) -> None:
    assert loaded_by(module) & {"docx", "docxtpl", "openpyxl"} == set()


def test_verification_loads_no_renderer_no_database_and_no_workflow() -> None:
    assert loaded_by("signatures.verification") & {"mou", "weasyprint", "sqlalchemy", "alembic", "jinja2", "click"} == set()
