"""A template's folder as a person would write it: the manifest's text, the first style sheet, and the whole folder at once.

1. A manifest that is written here and read by `load_template` gives the same values back, whatever characters they hold.
2. A folder is written beside its place under a hidden name, read there as every template is read, and then renamed.
   *The renaming is the commit point.* A crash before it leaves a hidden folder, which the next writing beside it removes.
3. Who writes into a folder of templates holds a lock on it, so that nobody takes a neighbour's half-written folder for a
   crashed one.
4. What is there already is never touched, and what is refused leaves nothing behind.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from mou.charter.clauses import FinalClauses, clauses_as_record
from mou.errors import InputError, TemplateError
from mou.languages import Language
from mou.templates import FieldType, Role, Template, TemplateField, TemplateKind, load_template
from mou.thai import Numerals, invisible_characters
from signatures.messages import Message, say

HIDDEN_PREFIX: Final = ".new-template-"
"""How the folder begins in which a template is written before it has its name."""

_NAME: Final = re.compile(r"\w[\w.-]{0,99}")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_TO_ESCAPE: Final = re.compile(r'[\\"\x00-\x1f\x7f]')
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_DAY_KEY: Final = re.compile(r"\w+_on")
_LONGEST_LINE: Final = 120


def house_style() -> str:
    """The style sheet that a new template begins with: the classes that the bundled templates set, explained."""
    return Path(__file__).with_name("house_style.css").read_text(encoding="utf-8")


def manifest_text(  # noqa: PLR0913  # one for each key of a manifest
    *,
    name: str,
    title: str,
    title_lines: Sequence[str],
    kind: TemplateKind,
    languages: Sequence[str],
    numerals: Numerals,
    version: str,
    fields: Sequence[TemplateField],
    roles: Sequence[Role],
    charter: str | None = None,
    protected_terms: Sequence[str] = (),
    prevailing_language: Language | None = None,
    clauses: FinalClauses | None = None,
) -> str:
    """The text of a `template.toml` with these values; it is not checked whether they go together, which `load_template` does.

    Raises:
        ValueError: no language, or text with half a surrogate pair, which no file in UTF-8 can hold.
    """
    if not languages:
        raise ValueError("at least one language is expected")
    head: dict[str, object] = {"name": name, "title": title, "title_lines": list(title_lines), "kind": kind.value}
    if len(languages) == 1:
        head["language"] = languages[0]
    else:
        head["languages"] = list(languages)
    if prevailing_language is not None:
        head["prevailing_language"] = prevailing_language.value
    head |= {"numerals": numerals, "version": version}
    if charter is not None:
        head["charter"] = charter
    if protected_terms:
        head["protected_terms"] = list(protected_terms)
    parts = [
        _lines(head),
        *(f"[[fields]]\n{_lines(_field_table(one))}" for one in fields),
        *(f"[[roles]]\n{_lines(_role_table(one))}" for one in roles),
        *([] if clauses is None else _clauses_parts(clauses)),
    ]
    text = "\n".join(parts)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(say("text is expected, got half a surrogate pair at {at}", at=error.start)) from error
    return text


def _field_table(field: TemplateField) -> dict[str, object]:
    table: dict[str, object] = {
        "name": field.name,
        "type": FieldType(field.type).value,
        "label": field.label,
        "example": field.example,
    }
    return table if field.required else table | {"required": False}


def _role_table(role: Role) -> dict[str, object]:
    table: dict[str, object] = {
        "name": role.name,
        "label": role.label,
        "capacity": role.capacity.value,
        "order": role.order,
        "source": role.source.value,
    }
    return table | {"for_each_organisation": True} if role.for_each_organisation else table


def _clauses_parts(clauses: FinalClauses) -> Iterator[str]:
    """The final clauses: what is one value first, then a table for each clause that has several."""
    record = clauses_as_record(clauses)
    tables = {key: value for key, value in record.items() if isinstance(value, Mapping)}
    yield f"[final_clauses]\n{_lines({key: value for key, value in record.items() if key not in tables})}"
    for key, table in tables.items():
        yield f"[final_clauses.{_toml_key(key)}]\n{_lines(table)}"


def _lines(table: Mapping[str, object]) -> str:
    return "".join(toml_line(key, value) for key, value in table.items())


def toml_line(key: str, value: object) -> str:
    """The line, or the lines, that give a key this value in TOML: text, a whole number, true or false, a list or a table.

    A day is text in the form 2026-12-05, under a key that ends in `_on`.
    """
    return f"{_toml_key(key)} = {_toml_value(key, value)}\n"


def _toml_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _toml_text(key)


def _toml_value(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # A record holds a day as text; a person writes a day.
        return value if _DAY_KEY.fullmatch(key) else _toml_text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml_key(inner)} = {_toml_value(inner, one)}" for inner, one in value.items()) + " }"
    assert isinstance(value, Sequence)
    items = [_toml_value("", one) for one in value]
    on_one_line = f"[{', '.join(items)}]"
    if len(on_one_line) + len(key) <= _LONGEST_LINE:
        return on_one_line
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _toml_text(text: str) -> str:
    """The text as a basic string of TOML 1.0: on one line, with everything escaped that may not stand in it."""
    return '"' + _TO_ESCAPE.sub(lambda found: _ESCAPES.get(found.group(), f"\\u{ord(found.group()):04X}"), text) + '"'


def require_template_name(name: str) -> None:
    """Refuse what cannot be a template's name, which is also its folder's, and stands in commands.

    Raises:
        InputError: it is empty, too long, begins with a dot or a dash, or has a space, a slash or the like in it.
    """
    # A mark above or below a Thai letter is no letter to the regular expression, and is one to whoever reads the name.
    seen = "".join("x" if "\u0e31" <= one <= "\u0e4e" else one for one in name)
    if not _NAME.fullmatch(seen) or invisible_characters(name):
        raise InputError(
            "a template's name of letters, digits, hyphens and dots, at most 100, is expected, got {name!r};"
            " choose one such as river-mou",
            name=name,
        )


def write_template(folder: Path, files: Mapping[str, bytes]) -> Template:
    """Make the folder with these files, by relative path with slashes, and return the template that it holds.

    Raises:
        InputError: something is there already, or the name of the folder cannot be a template's.
        TemplateError: the files are no usable template; every problem with the place where the file would have been.
        ValueError: a path leads out of the folder.
    """
    require_template_name(folder.name)
    for path in files:
        _require_inside(path)
    made = _make_parents(folder.parent)
    try:
        with _locked(folder.parent):
            _remove_leftovers(folder.parent)
            require_absent(folder)
            return _write_and_rename(folder, files)
    except BaseException:
        _remove_empty(made)
        raise


def require_absent(folder: Path) -> None:
    """Refuse a place where something is already, be it a file or a link to nowhere.

    Raises:
        InputError: which says so.
    """
    if os.path.lexists(folder):
        raise InputError(
            "{folder}: a folder that is not there yet is expected; choose another name, or move away what is there",
            folder=folder,
        )


def _require_inside(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
        raise ValueError(say("a path inside the template's folder is expected, got {path!r}", path=path))


def _write_and_rename(folder: Path, files: Mapping[str, bytes]) -> Template:
    hidden = Path(tempfile.mkdtemp(prefix=HIDDEN_PREFIX, dir=folder.parent))
    try:
        written = hidden / folder.name
        written.mkdir()
        for path, content in files.items():
            _write_file(written / path, content)
        for inner in sorted({written, *((written / path).parent for path in files)}):
            _sync(inner)
        try:
            template = load_template(written)
        except TemplateError as error:
            raise _placed(error, written, folder) from error
        written.rename(folder)
        _sync(folder.parent)
        return replace(template, folder=folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _placed(error: TemplateError, written: Path, folder: Path) -> TemplateError:
    """The same problems, each with the place that the reader knows instead of the hidden one."""

    def moved(value: object) -> object:
        if isinstance(value, Message):
            return replace(value, values={key: moved(one) for key, one in value.values.items()})
        if isinstance(value, (str, Path)) and str(written) in str(value):
            return str(value).replace(str(written), str(folder))
        return value

    problems = [moved(problem) for problem in error.problems or (error.message,)]
    return TemplateError(
        "{folder}: the template cannot be used",
        folder=folder,
        problems=tuple(problem for problem in problems if isinstance(problem, Message)),
    )


@contextmanager
def _locked(parent: Path) -> Iterator[None]:
    """Wait until nobody else writes a template here; the operating system frees the lock of a process that died."""
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_leftovers(parent: Path) -> None:
    """Remove what a crash left; under the lock nobody is still writing it."""
    for leftover in parent.glob(f"{HIDDEN_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _make_parents(parent: Path) -> list[Path]:
    """Make the folder and those above it that are missing, and return those that were made, the innermost first."""
    missing = [one for one in (parent, *parent.parents) if not one.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: Sequence[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
