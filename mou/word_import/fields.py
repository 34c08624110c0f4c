"""The fields that a template's text uses -> their declarations: type, label and example, known or told by how they are used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from jinja2 import nodes

from mou.template_source import FIELD_ROOTS, sandbox, used_fields
from mou.template_source import fields_of as uses_of_fields
from mou.templates import MARKUP, FieldType, TemplateField
from mou.word_import.names import known_fields
from signatures.messages import Message

_BY_FILTER: Final = {
    "thai_date": FieldType.DAY,
    "english_date": FieldType.DAY,
    "months": FieldType.PERIODS,
    "in_words": FieldType.INTEGER,
    "item": FieldType.INTEGER,
    "article": FieldType.INTEGER,
}
_EXAMPLES: Final = {
    FieldType.TEXT: "ข้อความตัวอย่าง",
    FieldType.INTEGER: "30",
    FieldType.FLAG: "true",
    FieldType.DAY: "2026-12-05",
    FieldType.TEXTS: "ข้อความตัวอย่าง",
    FieldType.PERIODS: "เมษายน – ธันวาคม ๒๕๖๕",  # as periods are written
    FieldType.ORGANISATIONS: "มูลนิธิตัวอย่าง",
}
_WHOLE_NUMBERS: Final = ("_days", "_years", "_months", "_count", "_number_of")


def fields_of(markup: str, labels: Mapping[str, str], file: str) -> tuple[tuple[TemplateField, ...], tuple[Message, ...]]:
    """Return a declaration for each field that the text uses, in the order of their first use, and what is wrong with the text.

    Args:
        markup: `template.html`, as it will be written.
        labels: what the file called a field, by its name.
        file: the name by which a problem calls the text.
    """
    problems: list[Message] = []
    used = used_fields(Path(file), {MARKUP: markup}, problems)
    if problems:
        return (), tuple(problems)
    uses = dict(_uses(sandbox({}, "thai").parse(markup)))
    asked = _asked_only(markup)
    return tuple(_field(name, labels, uses, asked) for name in used), ()


def fields_besides(tree: nodes.Template, fields: Sequence[TemplateField], labels: Mapping[str, str]) -> tuple[TemplateField, ...]:
    """Return a declaration for each field that the tags of a house's own Word file use and the text does not.

    In a header, or in the lines below a signature, where our own layout has none or writes them by itself.
    """
    declared = {one.name for one in fields}
    uses = dict(_uses(tree))
    names = dict.fromkeys(name for name, _ in uses_of_fields(tree) if name not in declared)
    return tuple(_field(name, labels, uses, frozenset()) for name in names)


def _field(name: str, labels: Mapping[str, str], uses: Mapping[str, FieldType], asked: frozenset[str]) -> TemplateField:
    if known := known_fields().get(name):
        return replace(known, required=name not in asked or known.type is FieldType.FLAG)
    kind = uses.get(name)
    if kind is None:
        kind = FieldType.INTEGER if name.endswith(_WHOLE_NUMBERS) else FieldType.TEXT
    last = name.rpartition(".")[2]
    return TemplateField(name, kind, labels.get(name) or last.replace("_", " "), _EXAMPLES[kind], name not in asked)


def _uses(tree: nodes.Template) -> Iterator[tuple[str, FieldType]]:
    """Return what filters, loops and conditions tell of a field's type; what is told last counts."""
    shown = _shown(tree)
    for test in tree.find_all((nodes.If, nodes.CondExpr)):
        if (name := _dotted(test.test)) and name not in shown:  # type: ignore[attr-defined]  # both have it
            yield name, FieldType.FLAG
    for found in tree.find_all(nodes.Filter):
        if (name := _dotted(found.node)) and found.name in _BY_FILTER:
            yield name, _BY_FILTER[found.name]
    for loop in tree.find_all(nodes.For):
        if name := _dotted(loop.iter):
            yield name, FieldType.TEXTS


def _shown(tree: nodes.Template) -> frozenset[str]:
    """Return the fields that are printed or repeated somewhere."""
    printed = {_dotted(inner) for output in tree.find_all(nodes.Output) for inner in output.find_all(nodes.Getattr)}
    return frozenset(printed | {_dotted(loop.iter) for loop in tree.find_all(nodes.For)})


def _asked_only(markup: str) -> frozenset[str]:
    """Return the fields whose every use stands under a condition that asks for them: they may be left out."""
    tree = sandbox({}, "thai").parse(markup)
    asked = {name for test in tree.find_all(nodes.If) if (name := _dotted(test.test))}
    return frozenset(name for name in asked if not any(True for _ in _unguarded(tree, name, guarded=False)))


def _unguarded(node: nodes.Node, name: str, *, guarded: bool) -> Iterator[nodes.Node]:
    if isinstance(node, nodes.If) and _dotted(node.test) == name:
        for child in (*node.elif_, *node.else_):
            yield from _unguarded(child, name, guarded=guarded)
        return
    if isinstance(node, nodes.Getattr) and _dotted(node) == name:
        yield node
    for child in node.iter_child_nodes():
        yield from _unguarded(child, name, guarded=guarded)


def _dotted(node: nodes.Node | None) -> str:
    """Return the dotted name of a field, or nothing for anything else."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    if isinstance(node, nodes.Name) and node.name in FIELD_ROOTS:
        return ".".join([node.name, *reversed(names)])
    return ""
