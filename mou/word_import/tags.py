"""The tags of a Word file -> tags of a template, or every reason why one cannot be taken, each with its place.

1. What a tag said of its place in the Word file (`{%p`, `{%tr`, `{{r`) is gone: the structure has it. What only Word can do
   (colours and widths of cells) is left out, and noted.
2. Names of fields in Thai, and names that nobody declared, become dotted names, see `names`; each is noted once.
3. A day without a filter is written with `thai_date`, a list of texts with spaces between; noted.
4. A syntax error, a tag of a kind that no template has, a function, what might be computed for ever: a problem, with the text
   around it.
5. A value of a draft of ours whose expression means nothing here stays as words, and is noted.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mou.template_source import FIELD_ROOTS, PROGRAM_NAMES, sandbox
from mou.templates import FieldType
from mou.word_import.elements import (
    CellElement,
    ControlElement,
    Element,
    Group,
    Piece,
    RowElement,
    SignatureBlock,
    TableElement,
    TextElement,
)
from mou.word_import.names import COLUMNS, FieldName, field_called, is_known, known_fields, own_value
from mou.word_import.pieces import TAG, straight_tag, without_prefix
from signatures.messages import Message, say

_BLOCK: Final = re.compile(r"\{%[-+]?\s*(?P<name>\w+)\s*(?P<rest>.*?)\s*[-+]?%\}$", re.DOTALL)
_PRINT: Final = re.compile(r"(?P<start>\{\{[-+]?\s*)(?P<inner>.*?)(?P<end>\s*[-+]?\}\})$", re.DOTALL)
_OF_WORD_ALONE: Final = frozenset({"cellbg", "colspan", "hm", "vm", "cell"})
_WHOLE: Final = {
    "if": "{tag}{{% endif %}}",
    "elif": "{{% if true %}}{tag}{{% endif %}}",
    "else": "{{% if true %}}{tag}{{% endif %}}",
    "endif": "{{% if true %}}{tag}",
    "for": "{tag}{{% endfor %}}",
    "endfor": "{{% for one in [] %}}{tag}",
    "filter": "{tag}{{% endfilter %}}",
    "endfilter": "{{% filter trim %}}{tag}",
    "set": "{tag}",
    "endset": "{{% set one %}}{tag}",
}
_NO_NAMES: Final = frozenset(
    (
        *("if", "else", "elif", "for", "in", "not", "and", "or", "is", "recursive", "ignore", "missing", "loop", "self"),
        *("true", "false", "none", "True", "False", "None"),
    )
)
# What stands around a tag in a house's own Word file ({%p, {%tr) is still there when the names of its loops are looked for.
_ASSIGNED: Final = re.compile(r"\{%[-+]?(?:tr|tc|p|r)?\s*(?:for\s+(?P<loop>[^%]*?)\s+in\s|set\s+(?P<set>\w[\w, ]*?)\s*(?:=|%))")
_FREE_NAME: Final = re.compile(r"[\u0e01-\u0e4e0-9A-Za-z ()/_-]*[\u0e01-\u0e4e][\u0e01-\u0e4e0-9A-Za-z ()/_-]*")
_STRINGS: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_LONG_NUMBER: Final = re.compile(r"[0-9][0-9_]{6,}")
_LEFT_OPEN: Final = re.compile(r"\{\{|\{%|%\}|\}\}")
_AROUND: Final = 60
LONGEST_TAG: Final = 1_000


@dataclass(slots=True)
class TagReading:
    """What was found out about the tags of one file."""

    environment: ImmutableSandboxedEnvironment
    locals: frozenset[str]
    has_charter: bool = False
    notes: list[Message] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def tell_name(self, written: str, found: FieldName, place: Message) -> None:
        """Note once that a name was taken for a field."""
        self.labels.setdefault(found.name, found.label)
        if written != found.name and (written, found.name) not in self._told:
            self._told.add((written, found.name))
            self.notes.append(
                say("{place}: {written} was taken for the field {field}", place=place, written=written, field=found.name)
            )


def read_tags(elements: tuple[Element, ...], *, has_charter: bool = False) -> tuple[tuple[Element, ...], TagReading]:
    """Return the elements with tags as a template has them; the reading's problems say what cannot be taken.

    Without a charter that the template names, `charter.title` is a value like any other.
    """
    reading = TagReading(sandbox({}, "thai"), _assigned_in(" ".join(_sources(elements))), has_charter)
    return tuple(_element(one, reading) for one in elements), reading


def _assigned_in(sources: str) -> frozenset[str]:
    """Return the names that tags give a value themselves."""
    assigned = {
        name.strip()
        for found in _ASSIGNED.finditer(" ".join(sources.split()))
        for name in re.split(r"[,()\s]+", found["loop"] or found["set"] or "")
    }
    return frozenset(assigned - {""})


def _sources(elements: tuple[Element, ...]) -> Iterator[str]:
    for one in elements:
        match one:
            case ControlElement():
                yield one.source
            case TextElement():
                yield from (piece.text for piece in one.pieces if piece.is_tag)
            case Group():
                yield from _sources(one.elements)
            case SignatureBlock():
                for place in one.places:
                    yield from _sources(place.lines)
            case TableElement():
                for row in one.rows:
                    inner: tuple[Element, ...] = (row,) if isinstance(row, ControlElement) else ()
                    for cell in row.cells if isinstance(row, RowElement) else ():
                        inner += (cell,) if isinstance(cell, ControlElement) else cell.elements
                    yield from _sources(inner)


def _element(one: Element, reading: TagReading) -> Element:
    match one:
        case ControlElement():
            return _control(one, reading)
        case TextElement():
            return _text(one, reading)
        case Group():
            return replace(one, elements=tuple(_element(inner, reading) for inner in one.elements))
        case SignatureBlock():
            places = (replace(place, lines=tuple(_text(line, reading) for line in place.lines)) for place in one.places)
            return replace(one, places=tuple(places))
        case TableElement():
            return replace(one, rows=tuple(_row(row, reading) for row in one.rows))


def _row(row: RowElement | ControlElement, reading: TagReading) -> RowElement | ControlElement:
    if isinstance(row, ControlElement):
        return _control(row, reading)
    cells = (_control(cell, reading) if isinstance(cell, ControlElement) else _cell(cell, reading) for cell in row.cells)
    return replace(row, cells=tuple(cells))


def _cell(cell: CellElement, reading: TagReading) -> CellElement:
    inner = (_text(one, reading) if isinstance(one, TextElement) else _control(one, reading) for one in cell.elements)
    return replace(cell, elements=tuple(inner))


def _control(one: ControlElement, reading: TagReading) -> ControlElement:
    tags = TAG.findall(one.source)
    return replace(one, source="".join(_tag(Piece(tag, is_tag=True), one.place, one.source, reading).text for tag in tags))


def _text(one: TextElement, reading: TagReading) -> TextElement:
    around = one.text[: _AROUND * 2]
    pieces = []
    for piece in one.pieces:
        if piece.is_tag:
            pieces.append(_tag(piece, one.place, around, reading))
            continue
        if found := _LEFT_OPEN.search(piece.text):
            at = piece.text[max(found.start() - _AROUND, 0) : found.end() + _AROUND].strip()
            reading.problems.append(
                say(
                    "{place}: {mark} stands alone; a tag begins and ends in one paragraph: {text}",
                    place=one.place,
                    mark=found.group(),
                    text=at,
                )
            )
        pieces.append(piece)
    return replace(one, pieces=tuple(piece for piece in pieces if piece.text))


def _tag(piece: Piece, place: Message, around: str, reading: TagReading) -> Piece:
    tag = without_prefix(straight_tag(piece.text))
    if tag.startswith("{#"):
        return replace(piece, text="")
    if len(tag) > LONGEST_TAG:
        reading.problems.append(
            say(
                "{place}: a tag of at most {limit} characters is expected, got one of {got}: {text}",
                place=place,
                limit=LONGEST_TAG,
                got=len(tag),
                text=f"{tag[:_AROUND]}…",
            )
        )
        return replace(piece, text="")
    named = _named(tag, place, reading, is_value=bool(piece.value))
    if named is None and piece.value:
        reading.notes.append(
            say(
                "{place}: the value of {tag} means nothing here and stays as words: {text}",
                place=place,
                tag=tag,
                text=piece.value[:80],
            )
        )
        return replace(piece, text=piece.value, value="", is_tag=False)
    cause = _costly(tag) or _unknown_function(tag) or _why_refused(named or tag, reading)
    if cause is not None:
        reading.problems.append(
            say("{place}: {tag}: {cause}; the text around it: {text}", place=place, tag=tag, cause=cause, text=around)
        )
        return replace(piece, text=tag)
    if (found := _BLOCK.match(tag)) and found["name"] in _OF_WORD_ALONE:
        reading.notes.append(say("{place}: {tag} is for Word alone and was left out", place=place, tag=tag))
        return replace(piece, text="")
    return replace(piece, text=_finished(named or tag, place, reading))


def _why_refused(tag: str, reading: TagReading) -> Message | None:
    """Return why no template can have this tag."""
    whole = tag
    if found := _BLOCK.match(tag):
        if found["name"] in _OF_WORD_ALONE:
            return None
        if found["name"] not in _WHOLE:
            return say("a tag such as if, for or set is expected, got {name}", name=found["name"])
        is_block_set = found["name"] == "set" and "=" not in found["rest"]
        whole = f"{tag}{{% endset %}}" if is_block_set else _WHOLE[found["name"]].format(tag=tag)
    try:
        reading.environment.parse(whole)
        reading.environment.compile(whole)
    except TemplateError as error:
        return say("Jinja2 syntax is expected: {cause}", cause=error.message or type(error).__name__)
    except RecursionError:
        return say("fewer brackets inside each other are expected")
    return None


def _costly(tag: str) -> Message | None:
    """Return a problem where reading the tag might never end: what is constant in it is computed at once."""
    if "*" in _STRINGS.sub("", tag) or _LONG_NUMBER.search(tag):
        return say("a tag that multiplies nothing and has no number of more than six digits is expected")
    return None


def _unknown_function(tag: str) -> Message | None:
    """Return a problem where a tag calls what is no function of a template; a filter's brackets call nothing."""
    words = _STRINGS.sub("''", tag)
    for found in re.finditer(r"(?P<before>[\w.|]\s*)?\b(?P<name>[A-Za-z_]\w*)\s*\(", words):
        if (found["before"] or "").strip() != "|" and found["name"] not in PROGRAM_NAMES | _NO_NAMES:
            return say("a template has no function {name}", name=found["name"])
    return None


def _named(tag: str, place: Message, reading: TagReading, *, is_value: bool) -> str | None:
    """Return the tag with dotted names; None where its names mean nothing, or where it cannot be read."""
    if (found := _PRINT.match(tag)) and not is_value:
        inner, bar, filters = found["inner"].partition("|")
        if (called := _whole_name(inner.strip(), reading)) is not None:
            reading.tell_name(inner.strip(), called, place)
            return f"{found['start']}{called.name}{f' |{filters}' if bar else ''}{found['end']}"
    try:
        tokens = list(reading.environment.lex(tag))
    except TemplateError:
        return None
    return _with_names(tokens, place, reading, is_value=is_value)


def _whole_name(inner: str, reading: TagReading) -> FieldName | None:
    """Return the field that is called so in several words, or by a name that is no dotted one."""
    if inner in reading.locals or not _FREE_NAME.fullmatch(inner):
        return None
    return field_called(inner) or own_value(inner)


def _with_names(tokens: list[tuple[int, str, str]], place: Message, reading: TagReading, *, is_value: bool) -> str | None:
    written: list[str] = []
    at = 0
    is_first = tokens[0][1] == "block_begin"
    while at < len(tokens):
        _, kind, text = tokens[at]
        if kind != "name":
            written.append(text)
            at += 1
            continue
        chain, at = _chain(tokens, at)
        if is_first or not _is_root(written, tokens, at, chain, reading):
            written.append(chain)
            is_first = False
            continue
        if is_value:
            if not is_known(chain) or (chain.startswith("charter.") and not reading.has_charter):
                return None
            written.append(chain)
            continue
        is_charter = chain.startswith("charter.") and not reading.has_charter
        called = own_value(chain.replace(".", "_")) if is_charter else _called(chain)
        reading.tell_name(chain, called, place)
        written.append(called.name)
    return "".join(written)


def _chain(tokens: list[tuple[int, str, str]], at: int) -> tuple[str, int]:
    """Return the dotted name that begins here, and where the next token is."""
    names = [tokens[at][2]]
    at += 1
    while at + 1 < len(tokens) and tokens[at][2] == "." and tokens[at + 1][1] == "name":
        names.append(tokens[at + 1][2])
        at += 2
    return ".".join(names), at


def _is_root(written: list[str], tokens: list[tuple[int, str, str]], at: int, chain: str, reading: TagReading) -> bool:
    """Whether a name stands for a value from outside: not a filter, a test, a keyword, an argument's name or a local one."""
    before = "".join(written).rstrip()
    root = chain.partition(".")[0]
    after = "".join(token[2] for token in tokens[at : at + 2]).lstrip()
    is_argument_name = after.startswith("=") and not after.startswith("==") and before.endswith(("(", ","))
    is_filter_or_test = before.endswith(("|", ".")) or bool(re.search(r"\bis(\s+not)?$", before))
    return not (is_argument_name or is_filter_or_test or root in _NO_NAMES | PROGRAM_NAMES | reading.locals)


def _called(chain: str) -> FieldName:
    root, _, rest = chain.partition(".")
    if chain in known_fields() or (root in FIELD_ROOTS and rest and is_known(chain)):
        return FieldName(chain, known_fields()[chain].label if chain in known_fields() else rest.rpartition(".")[2])
    if root in FIELD_ROOTS and rest:
        if root == "organisation":
            name = rest.removeprefix("columns.").replace(".", "_")
            return FieldName(f"{COLUMNS}{name}", name)
        name = rest.removeprefix("values.").replace(".", "_")
        return own_value(name if root == "ceremony" else f"{root}_{name}")
    if chain == "members":
        return FieldName(chain, known_fields()[chain].label)
    return field_called(chain) or own_value(chain.replace(".", "_"))


def _finished(tag: str, place: Message, reading: TagReading) -> str:
    """Return the tag with the filter that its value needs to be printed."""
    found = _PRINT.match(tag)
    known = known_fields().get(found["inner"].strip()) if found else None
    if found is None or known is None:
        return tag
    needed = {FieldType.DAY: "thai_date", FieldType.TEXTS: 'join(" ")'}.get(known.type)
    if needed is None:
        return tag
    reading.notes.append(
        say("{place}: {field} is written with the filter {filter}", place=place, field=known.name, filter=needed)
    )
    return f"{found['start']}{found['inner']} | {needed}{found['end']}"


def tag_reader(tags: str, functions: frozenset[str], *, has_charter: bool = False) -> Callable[[str], str]:
    """Return what gives each tag as a template has it; what cannot be read is given back, for who fills it to refuse.

    Args:
        tags: all tags of the file, which tell the names that they give values themselves.
        functions: names that stand for no field.
        has_charter: whether the template names a charter, whose fields then are its own.
    """
    reading = TagReading(sandbox({}, "thai"), _assigned_in(tags) | functions, has_charter)

    def read(tag: str) -> str:
        if len(tag) > LONGEST_TAG:
            return tag
        nowhere = say("the text")  # where a name stands is not told here
        return _finished(_named(tag, nowhere, reading, is_value=False) or tag, nowhere, reading)

    return read
