#!/usr/bin/env python3
"""Brings the Thai catalogue in line with the source: `mou.po` for people, `mou.mo` for the program.

1. A template is what a caller gives to a function that takes a positional-only `template` (`say`, `echo`), to an error class that
   has such a constructor or inherits it, and to `Message`.
2. It is a literal. Only a function that takes a positional-only `template` itself may pass that on.
   In a page of `mou/web/templates` it is what is given to `_`, a literal as well.
3. A template that the catalogue lacks is added without a translation, one that the source lacks is dropped.
4. The same source and translations give the same bytes: no date, no line number.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

import mou
import signatures
from mou.messages import CATALOGUES

PACKAGES = tuple(Path(str(package.__file__)).parent for package in (mou, signatures))
FOLDER = CATALOGUES / "th" / "LC_MESSAGES"
PARAMETER = "template"
PAGE_FUNCTION = "_"
PAGE_SUFFIX = ".html"
PAGES = Path("web") / "templates"
HEADER_COMMENT = """# The messages of mou and signatures in Thai; the words that are used are in docs/glossary.md.
# Change translations here, then run docs/scripts/update_catalogue.py, which writes this file and mou.mo."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template and where it is said."""

    text: str
    file: str


class UndatedCatalogue(Catalog):
    """A catalogue whose header tells no day."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The lines that gettext reads, and none that changes from day to day."""
        return [
            ("Project-Id-Version", "mou"),
            ("Language", "th"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def main() -> int:
    """Write both files, tell what changed, and return 1 while a template has no translation or is no literal."""
    templates, not_literal = find_templates(read_sources())
    for place in not_literal:
        _print(f"{place}: a literal is expected as template; put what varies into a named place")
    if not_literal:
        return 1
    translations = read_translations()
    said = dict.fromkeys(template.text for template in templates)
    for dropped in translations.keys() - said:
        _print(f"dropped: {dropped!r}, which was {translations[dropped]!r}")
    catalogue = make_catalogue(templates, translations)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "mou.po").write_bytes(po_bytes(catalogue))
    (FOLDER / "mou.mo").write_bytes(mo_bytes(catalogue))
    missing = [text for text in said if not translations.get(text)]
    for text in missing:
        _print(f"without a translation: {text!r}")
    _print(f"{len(said)} messages, {len(missing)} without a translation")
    return 1 if missing else 0


def read_sources() -> dict[str, str]:
    """Return the text of every module and page by its path, as it is written in an import's place: `mou/cli/verify.py`."""
    return {
        path.relative_to(package.parent).as_posix(): path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in (*sorted(package.rglob("*.py")), *sorted((package / PAGES).rglob(f"*{PAGE_SUFFIX}")))
    }


def find_templates(sources: Mapping[str, str]) -> tuple[tuple[Template, ...], tuple[str, ...]]:
    """Return every template with its file in the order of the source, and the places where one is no literal."""
    trees = {path: ast.parse(text, path) for path, text in sources.items() if not path.endswith(PAGE_SUFFIX)}
    speakers = _find_speakers(trees.values())
    found, not_literal = [], []
    said = [
        (path, call.lineno, _literal(argument)) for path, tree in trees.items() for call, argument in _said_in(tree, speakers)
    ]
    said += [(path, *call) for path, text in sources.items() if path.endswith(PAGE_SUFFIX) for call in _said_on_page(text)]
    for path, line, text in said:
        if text is None:
            not_literal.append(f"{path}:{line}")
        else:
            found.append((line, Template(text, path)))
    ordered = sorted(found, key=lambda each: (each[1].file, each[0]))
    return tuple(template for _, template in ordered), tuple(sorted(not_literal))


def _literal(argument: ast.expr | None) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _said_on_page(text: str) -> Iterator[tuple[int, str | None]]:
    """Give the line and the sentence of every call of `_` on a page; None where that is no literal."""
    for call in Environment(autoescape=True).parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == PAGE_FUNCTION:
            first = call.args[0] if call.args else None
            yield call.lineno, first.value if isinstance(first, nodes.Const) and isinstance(first.value, str) else None


def _find_speakers(trees: Iterable[ast.Module]) -> dict[str, int]:
    """Return the position of the template in a call, by the name of what is called: functions, `Message`, error classes."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    speakers = {"Message": 0}
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and node.name != "__init__" and (place := _template_position(node)) is not None:
            speakers[node.name] = place
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    speakers |= {each.name: 0 for each in classes if any(_is_speaking_constructor(node) for node in each.body)}
    # Until no class is added: one may derive from another that a later file defines.
    while added := {
        each.name: 0 for each in classes if each.name not in speakers and any(_name_of(base) in speakers for base in each.bases)
    }:
        speakers |= added
    return speakers


def _is_speaking_constructor(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__" and _template_position(node) is not None


def _template_position(function: ast.FunctionDef) -> int | None:
    names = [argument.arg for argument in function.args.posonlyargs]
    return names.index(PARAMETER) if PARAMETER in names else None


def _said_in(tree: ast.Module, speakers: Mapping[str, int]) -> Iterator[tuple[ast.Call, ast.expr | None]]:
    """Give every call that says something with its template; what a function was given and passes on is not said there."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _template_position(node) is not None]
    passing_on = {id(node) for function in functions for node in ast.walk(function)}
    speaking_classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name in speakers]
    in_errors = {id(node) for each in speaking_classes for node in ast.walk(each)}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        is_constructor = id(call) in in_errors and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"
        position = 0 if is_constructor else speakers.get(_name_of(call.func))
        if position is None:
            continue
        argument = call.args[position] if len(call.args) > position else None
        if not (id(call) in passing_on and isinstance(argument, ast.Name) and argument.id == PARAMETER):
            yield call, argument


def _name_of(called: ast.expr) -> str:
    """The last name of what is called; nothing for what belongs to click, which has an `echo` of its own."""
    if isinstance(called, ast.Attribute):
        return "" if isinstance(called.value, ast.Name) and called.value.id == "click" else called.attr
    return called.id if isinstance(called, ast.Name) else ""


def read_translations() -> dict[str, str]:
    """Return the translations of the catalogue by template, an empty text where one is still missing."""
    path = FOLDER / "mou.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="th") if message.id}


def make_catalogue(templates: Iterable[Template], translations: Mapping[str, str]) -> Catalog:
    """Return the catalogue: each template once, where it is said first, with all the files that say it."""
    catalogue = UndatedCatalogue(locale="th", header_comment=HEADER_COMMENT, fuzzy=False)
    for template in templates:
        message = catalogue.add(template.text, translations.get(template.text, ""), locations=[(template.file, 0)])
        # Babel takes `%%EOF` for a place of the old kind.
        message.flags.discard("python-format")
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue as people read it, one line per message."""
    written = BytesIO()
    write_po(written, catalogue, width=0, include_lineno=False)
    return written.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue as gettext reads it, without what has no translation yet."""
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
