"""The source of a template: what it reads from, which fields it uses, and whether it tries to reach outside its folder.

1. All files are read once; whatever a template includes comes from that reading, so nothing outside its folder exists for it.
2. A symbolic link is refused, since it may lead outside.
3. Every reference to a file (src, href, url(), @import, include, extends, import) names a file of the folder, by a plain name.
4. The code runs in Jinja2's immutable sandbox; an undefined field is an error, and every value is escaped.
5. What a filter cannot write is told with the filter's name. `spaced` changes the template's own words and no value, since
   nobody signs what was changed behind their back.
"""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes, pass_eval_context
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from mou.field_marks import Marked, printed
from mou.thai import (
    Numerals,
    article_number,
    baht_in_digits,
    baht_in_words,
    balanced_lines,
    english_date,
    english_months,
    in_numerals,
    item_number,
    letter,
    number_in_words,
    parse_amount,
    protect,
    royal_society_spacing,
    thai_date,
    thai_months,
    to_arabic_digits,
)
from signatures.messages import Message, say

FIELD_ROOTS: Final = frozenset({"organisation", "host", "ceremony", "charter", "document", "members"})
"""Names whose values come from outside: each use of one is a field that the manifest declares."""

PROGRAM_NAMES: Final = frozenset({"template", "slots", "slots_of", "slot_of", "final_clauses", "final_clauses_en"})
"""Names that the program provides for every template."""

SPACING_FILTER: Final = "spaced"
"""The one filter that changes words; see rule 5."""

_EXAMPLE_FOLDER: Final = "example"
_MARKUP_SUFFIX: Final = ".html"
_MAIN_SOURCE: Final = "template.html"
_REFERENCE_ATTRIBUTES: Final = re.compile(
    r"""\b(?:src|srcset|href|poster|data|background|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_STYLE_REFERENCES: Final = re.compile(r"""(?:@import\s+url\(|url\(|@import)\s*["']?([^"');\s]*)""", re.IGNORECASE)


class UnprintableValueError(Exception):
    """A value came to be printed that has no one text form, or one that a filter cannot write."""

    def __init__(self, problem: Message) -> None:
        """Keep the sentence that tells it."""
        super().__init__(problem)
        self.problem = problem


def read_files(folder: Path, problems: list[Message]) -> dict[str, bytes]:
    """The bytes of every file of the folder but those in `example/` and hidden ones, by relative path with slashes."""
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if relative.parts[0] == _EXAMPLE_FOLDER or any(part.startswith(".") for part in relative.parts):
            continue
        if path.is_symlink():
            problems.append(say("{path}: a file or folder is expected, got a symbolic link; put a copy there", path=path))
        elif path.is_file():
            files[relative.as_posix()] = path.read_bytes()
    return files


def decode_markup(folder: Path, files: Mapping[str, bytes], problems: list[Message]) -> tuple[tuple[str, str], ...]:
    """The text of every HTML file by relative path."""
    sources = []
    for name, content in files.items():
        if name.endswith(_MARKUP_SUFFIX):
            try:
                sources.append((name, content.decode("utf-8-sig")))
            except UnicodeDecodeError as error:
                problems.append(say("{path}: text in UTF-8 is expected, byte {at} is not", path=folder / name, at=error.start))
    return tuple(sources)


def sandbox(sources: Mapping[str, str], numerals: Numerals) -> ImmutableSandboxedEnvironment:
    """The environment in which a template with these sources runs: no file, no network, no value left undefined."""
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(sources)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printing_in(numerals),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    del environment.filters["random"]  # the same input gives the same bytes
    environment.filters |= {name: _telling(name, write) for name, write in _filters(numerals).items()}
    # A template has no other functions: what it prints comes from its fields.
    environment.globals.clear()
    return environment


def _filters(numerals: Numerals) -> dict[str, Callable[..., object]]:
    """What a template may write its values with, each in the numerals of the document unless it is English."""
    return {
        "thai_date": lambda day, **form: thai_date(_day(day), numerals, **form),
        "english_date": lambda day, **form: english_date(_day(day), **form),
        "months": lambda period, **form: thai_months(*_first_and_last_day(period), numerals, **form),
        "english_months": lambda period: english_months(*_first_and_last_day(period)),
        "number": lambda number: in_numerals(_text_or_whole(number), numerals),
        "arabic": lambda number: in_numerals(_text_or_whole(number), "arabic"),
        "in_words": lambda number: number_in_words(_whole(number)),
        "baht": lambda amount: baht_in_digits(_amount(amount), numerals),
        "baht_in_words": lambda amount: baht_in_words(_amount(amount)),
        "article": lambda *numbers: article_number([_whole(one) for one in numbers], numerals),
        "item": lambda *numbers: item_number([_whole(one) for one in numbers], numerals),
        "letter": lambda number: letter(_whole(number)),
        "lines": _in_lines,
        SPACING_FILTER: _spaced,
    }


def _telling(name: str, write: Callable[..., object]) -> Callable[..., object]:
    """The filter with what it cannot write told as a problem of the template."""

    def written(value: object, *arguments: object, **form: object) -> object:
        if isinstance(value, Undefined):
            return str(value)  # which tells the field that is not there
        try:
            text = write(value, *arguments, **form)
        except (TypeError, ValueError) as error:
            cause = error.args[0] if error.args else type(error).__name__
            raise UnprintableValueError(say("filter {filter}: {cause}", filter=name, cause=cause)) from error
        return printed(escape(text), _call(value.expression, name, arguments, form)) if isinstance(value, Marked) else text

    return written


def _call(expression: str, name: str, arguments: Sequence[object], form: Mapping[str, object]) -> str:
    """The expression with a filter and what it was given, as a template writes it."""
    given = ", ".join((*map(repr, arguments), *(f"{key}={value!r}" for key, value in form.items())))
    return f"{expression} | {name}" + (f"({given})" if given else "")


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(say("a day is expected, got {kind} {value!r}", kind=type(value).__name__, value=value))
    return value


def _first_and_last_day(period: object) -> tuple[date, date]:
    return _day(getattr(period, "starts_on", period)), _day(getattr(period, "ends_on", period))


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch("[0-9]+", digits := to_arabic_digits(value)):
        return int(digits)
    raise TypeError(say("a whole number is expected, got {kind} {value!r}", kind=type(value).__name__, value=value))


def _text_or_whole(value: object) -> str | int:
    return value if isinstance(value, str) else _whole(value)


def _amount(value: object) -> Decimal | int:
    if isinstance(value, float):
        raise TypeError(say('an exact amount is expected, got {value}; write it as text: "{value}"', value=value))
    return parse_amount(value) if isinstance(value, str) else _whole(value)


def _in_lines(text: object, columns: int) -> Markup:
    """The text in balanced lines with `<br>` between them, each held together as names are; nothing else in it is markup."""
    if not isinstance(text, str):
        raise TypeError(say("text is expected, got {kind} {value!r}", kind=type(text).__name__, value=text))
    plain = text.unescape() if isinstance(text, Markup) else text
    return Markup("<br>").join(Markup(protect(escape(line), (line,))) for line in balanced_lines(plain, columns))  # noqa: S704  # it was escaped


def _spaced(text: str) -> str:
    spaced = royal_society_spacing(text)
    return Markup(spaced) if isinstance(text, Markup) else spaced  # noqa: S704  # only spaces were added or left out


def _printing_in(numerals: Numerals) -> Callable[..., object]:
    """What every printed value passes; since it asks for its surroundings, Jinja prints no number of the code beforehand."""

    @pass_eval_context
    def printing(_surroundings: nodes.EvalContext, value: object) -> object:
        return _printed(value, numerals=numerals)

    return printing


def _printed(value: object, *, numerals: Numerals) -> object:
    if isinstance(value, (str, Markup, StrictUndefined)):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        written = in_numerals(value, numerals)
        return printed(written, value.expression) if isinstance(value, Marked) else written
    kind = "date without the filter thai_date" if isinstance(value, date) else type(value).__name__
    raise UnprintableValueError(say("text or a whole number is expected where a value is printed, got {kind}", kind=kind))


def used_fields(folder: Path, sources: Mapping[str, str], problems: list[Message]) -> dict[str, str]:
    """Each field that the sources use, as a dotted name, with the file and line of its first use.

    A syntax error, an unknown name, an include of what is not in the folder: each becomes a problem with file and line.
    """
    environment = sandbox(sources, "thai")
    used: dict[str, str] = {}
    for name, source in sources.items():
        path = folder / name
        try:
            tree = environment.parse(source, name)
            environment.compile(source, name)  # which computes what is the same each time
        except TemplateSyntaxError as error:
            problems.append(
                say("{path}, line {line}: Jinja2 syntax is expected: {cause}", path=path, line=error.lineno, cause=error.message)
            )
            continue
        except (ArithmeticError, MemoryError, RecursionError, ValueError) as error:
            problems.append(
                say("{path}: code that can be computed is expected: {cause}", path=path, cause=str(error) or type(error).__name__)
            )
            continue
        problems.extend(_problems_of_tree(tree, path, sources))
        for field, line in fields_of(tree):
            used.setdefault(field, f"{path}, line {line}")
    return used


def _problems_of_tree(tree: nodes.Template, path: Path, sources: Mapping[str, str]) -> Iterator[Message]:
    for unknown in sorted(find_undeclared_variables(tree) - FIELD_ROOTS - PROGRAM_NAMES):
        line = next((node.lineno for node in tree.find_all(nodes.Name) if node.name == unknown), tree.lineno)
        known = ", ".join(sorted(FIELD_ROOTS | PROGRAM_NAMES))
        yield say(
            "{path}, line {line}: one of {known} is expected, got {unknown}", path=path, line=line, known=known, unknown=unknown
        )
    for name in tree.find_all(nodes.Name):
        if name.ctx != "load" and name.name in FIELD_ROOTS | PROGRAM_NAMES:
            yield say("{path}, line {line}: {name} cannot be given another value", path=path, line=name.lineno, name=name.name)
    for reference in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        target = reference.template  # type: ignore[attr-defined]  # all four nodes have it, their common base has not
        wanted = target.value if isinstance(target, nodes.Const) else None
        if wanted not in sources:
            yield say(
                "{path}, line {line}: the plain name of an HTML file of the template's folder is expected, got {wanted!r}",
                path=path,
                line=reference.lineno,
                wanted=wanted,
            )
    for place in _spaced_values(tree):
        yield say(
            "{path}, line {line}: only the template's own words are expected under the filter {filter}, got a value, which is"
            " printed as it was written",
            path=path,
            line=place.lineno,
            filter=SPACING_FILTER,
        )


def _spaced_values(tree: nodes.Template) -> Iterator[nodes.Node]:
    """Where the filter for spacing is put on a value, be it a field, a variable or what a macro was given."""
    for node in tree.find_all((nodes.Filter, nodes.FilterBlock, nodes.AssignBlock)):
        filters = [node] if isinstance(node, nodes.Filter) else [*_with_inner(node.filter, nodes.Filter)]  # type: ignore[attr-defined]  # both have it
        changed = [node.node] if isinstance(node, nodes.Filter) else node.body  # type: ignore[attr-defined]  # both have it
        if any(map(_spaces, filters)) and any(inner for one in changed for inner in _with_inner(one, nodes.Name)):
            yield node


def _spaces(node: nodes.Node) -> bool:
    """Whether this filter is the one for spacing, or a filter such as `map` that is given its name."""
    return isinstance(node, nodes.Filter) and (
        node.name == SPACING_FILTER or any(isinstance(one, nodes.Const) and one.value == SPACING_FILTER for one in node.args)
    )


def _with_inner(node: nodes.Node | None, kind: type[nodes.Node]) -> Iterator[nodes.Node]:
    if node is not None:
        yield from [node] if isinstance(node, kind) else []
        yield from node.find_all(kind)


def fields_of(node: nodes.Node) -> Iterator[tuple[str, int]]:
    """Each use of a field in a parsed source, as a dotted name, with its line."""
    names: list[str] = []
    inner: nodes.Node = node
    while isinstance(inner, (nodes.Getattr, nodes.Getitem)):
        if isinstance(inner, nodes.Getattr):
            names.append(inner.attr)
        elif isinstance(inner.arg, nodes.Const) and isinstance(inner.arg.value, str):
            names.append(inner.arg.value)
        else:
            break
        inner = inner.node
    if isinstance(inner, nodes.Name) and inner.name in FIELD_ROOTS and inner.ctx == "load":
        yield ".".join([inner.name, *reversed(names)]), inner.lineno
        return
    for child in node.iter_child_nodes():
        yield from fields_of(child)


def outside_references(folder: Path, files: Mapping[str, bytes]) -> Iterator[Message]:
    """Each reference of an HTML or CSS file that names no file of the folder."""
    for name, content in files.items():
        text = content.decode("utf-8", "replace")
        found: list[re.Match[str]] = []
        if name.endswith(_MARKUP_SUFFIX):
            found += _REFERENCE_ATTRIBUTES.finditer(text)
        if name.endswith((_MARKUP_SUFFIX, ".css")):
            found += _STYLE_REFERENCES.finditer(text)
        for match in found:
            wanted = next((group for group in match.groups() if group is not None), "")
            if not wanted.startswith(("#", "data:")) and wanted not in files:
                yield say(
                    "{path}, line {line}: the name of a file of the template's folder is expected, got {wanted!r}",
                    path=folder / name,
                    line=text.count("\n", 0, match.start()) + 1,
                    wanted=wanted,
                )


TEMPLATE_FAILURES: Final = (
    TemplateError,
    UnprintableValueError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the code of a template may end with: it divides, compares and calls as Python does."""


def why_it_failed(error: BaseException) -> Message:
    """What went wrong while the template ran, as a sentence."""
    if isinstance(error, UnprintableValueError):
        return error.problem
    if isinstance(error, TemplateError):
        return say("{cause}", cause=error.message or type(error).__name__)
    return say(
        "{path}, line {line}: the code of the template breaks off with {kind}: {cause}",
        path=_MAIN_SOURCE,
        line=_line_in_template(error),
        kind=type(error).__name__,
        cause=str(error),
    )


def _line_in_template(error: BaseException) -> int:
    """The line of the template in which its code broke off, as Jinja leaves it in the trace; 0 where it is not there."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == "<template>"), 0)
