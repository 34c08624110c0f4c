"""The fields of a template: whether people can tell them apart, and whether the text asks for one that may be missing.

1. Two fields with one label look alike in every form and list.
2. A field that is not required may have no value. Where the text prints it all the same, no document can be made without it:
   found by making one. The line is that of its first use outside of an `{% if %}` that asks for it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace

from jinja2 import TemplateError, nodes

from mou.template_checks.findings import Finding, Place, error, line_of, warning
from mou.template_source import UnprintableValueError, sandbox
from mou.templates import MANIFEST, MARKUP, Template, TemplateField
from signatures.messages import say


def repeated_labels(fields: Sequence[TemplateField], manifest: str) -> Iterator[Finding]:
    """Yield each label that several fields have, in the line of the last of them; `manifest` is the text of the file."""
    for label, times in Counter(" ".join(one.label.split()) for one in fields).items():
        if times > 1:
            names = [one.name for one in fields if " ".join(one.label.split()) == label]
            yield warning(
                "field_label_repeated",
                Place(MANIFEST, line_of(manifest, f'"{names[-1]}"')),
                say("the fields {names} have the same label {label}", names=", ".join(names), label=f"“{label}”"),
                say("give each a label of its own, so that people know which value goes where"),
            )


def unasked_fields(template: Template, context: Mapping[str, object]) -> Iterator[Finding]:
    """Yield each field that may be missing and that the text prints without asking.

    Args:
        template: the template.
        context: what it is filled with, every field in it.
    """
    environment = sandbox(dict(template.sources), template.numerals)
    compiled = environment.get_template(MARKUP)
    trees = {name: environment.parse(source, name) for name, source in template.sources}
    for one in template.fields:
        if one.required or "." not in one.name:
            continue
        try:
            compiled.render(_without(context, one.name.split(".")))
        except (TemplateError, UnprintableValueError, TypeError, AttributeError):
            file, line = _first_unasked_use(trees, one.name)
            yield error(
                "field_unasked",
                Place(file, line),
                say("{field} may be missing (required = false), and the text prints it without asking", field=one.name),
                say(
                    "write {asking} before it and {end} after it, or make the field required",
                    asking="{% if " + one.name + " %}",
                    end="{% endif %}",
                ),
            )


def _without(context: Mapping[str, object], steps: Sequence[str]) -> dict[str, object]:
    """The context with nothing under this name; what it shares with the other is not changed."""
    root, *others = steps
    return {**context, root: _view_without(context.get(root), others)}


def _view_without(view: object, steps: Sequence[str]) -> object:
    if not steps or not isinstance(view, SimpleNamespace):
        return None
    name, *others = steps
    return SimpleNamespace(**{**vars(view), name: _view_without(getattr(view, name, None), others)})


def _first_unasked_use(trees: Mapping[str, nodes.Template], field: str) -> tuple[str, int]:
    """The file and line that print the field outside of whatever asks for it, else those of its first use."""
    uses = [(name, line, asked) for name, tree in trees.items() for line, asked in _uses(tree, field, asked=False)]
    return next(((name, line) for name, line, asked in uses if not asked), uses[0][:2] if uses else (MARKUP, 0))


def _uses(node: nodes.Node, field: str, *, asked: bool) -> Iterator[tuple[int, bool]]:
    """Each use of the field below the node, with whether a condition around it asks for the field."""
    if isinstance(node, (nodes.If, nodes.CondExpr)):
        asks = asked or any(True for _ in _uses(node.test, field, asked=False))
        for child in node.iter_child_nodes():
            yield from _uses(child, field, asked=asks)
    elif isinstance(node, (nodes.Getattr, nodes.Getitem)) and _dotted(node) == field:
        yield node.lineno, asked
    else:
        for child in node.iter_child_nodes():
            yield from _uses(child, field, asked=asked)


def _dotted(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_dotted(node.node)}.{node.attr}"
        case nodes.Getitem() if isinstance(node.arg, nodes.Const):
            return f"{_dotted(node.node)}.{node.arg.value}"
    return ""
