"""A template's own Word file, `template.docx`: its tags, held against the fields that the manifest declares.

1. Tags are read as an import reads them, names of fields in Thai and all, and `place_of` stands for the place of a signature.
2. A field that the manifest does not declare is refused, since nobody checks its value and the record would not hold it.
3. A declared field is used by the text or by this file; one that neither uses is collected for nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Name

from mou.errors import UsageError
from mou.rendering.word.own_layout.tags import Layout, read_layout
from mou.template_source import FIELD_ROOTS, PROGRAM_NAMES, fields_of, sandbox, used_fields
from mou.templates import MANIFEST, OWN_LAYOUT, Template
from mou.thai import Numerals, balanced_lines
from mou.word_import.tags import tag_reader
from signatures.messages import Message, say

PLACE_OF: Final = "place_of"
"""What a tag calls for the place of a signature."""

# What would let a value be read as something else than text.
_MARKUP_FILTERS: Final = ("safe", "urlize", "xmlattr", "tojson", "forceescape", "escape", "e", "striptags")


@dataclass(frozen=True, slots=True)
class OwnLayout:
    """The file with its tags, the sandbox in which they run, and what speaks against filling it."""

    source: str
    layout: Layout
    environment: Environment
    problems: tuple[Message, ...]

    @property
    def used_fields(self) -> frozenset[str]:
        """The fields that its tags use."""
        return frozenset(name for name, _ in fields_of(self.layout.tree))


def has_own_layout(template: Template) -> bool:
    """Whether the template's folder holds the house's own Word file."""
    return (template.folder / OWN_LAYOUT).is_file()


def open_own_layout(template: Template) -> OwnLayout:
    """Return the house's own Word file.

    Raises:
        UsageError: the template has none.
        InputError: it is no .docx that may be opened.
    """
    if not has_own_layout(template):
        raise UsageError(
            "{template} has no Word file of its own: put the house's file, with its tags, into its folder as {name}",
            template=template.name,
            name=OWN_LAYOUT,
        )
    source = f"{template.name}/{OWN_LAYOUT}"
    environment = _word_sandbox(template.numerals)
    content = (template.folder / OWN_LAYOUT).read_bytes()
    layout = layout_of(content, source, environment, has_charter=template.charter is not None)
    return OwnLayout(source, layout, environment, (*layout.problems, *_problems_of_names(layout, template)))


def layout_of(content: bytes, source: str, environment: Environment | None = None, *, has_charter: bool) -> Layout:
    """Return a Word file with its tags read as an import reads them; what cannot be filled is among its problems.

    Raises:
        InputError: it is no .docx that may be opened.
    """

    def reader(tags: str) -> Callable[[str], str]:
        return tag_reader(tags, frozenset({PLACE_OF}), has_charter=has_charter)

    return read_layout(content, source, environment or _word_sandbox("thai"), reader)


def fields_used_nowhere(template: Template, own: OwnLayout) -> tuple[str, ...]:
    """Return the declared fields that neither the text nor this file uses, in the manifest's order."""
    used = used_fields(template.folder, dict(template.sources), []).keys() | own.used_fields
    return tuple(one.name for one in template.fields if one.name not in used)


def _word_sandbox(numerals: Numerals) -> Environment:
    """Return the sandbox of every template, for text that is no HTML: what gives markup there gives text, or is not there."""
    environment = sandbox({}, numerals)
    for name in _MARKUP_FILTERS:
        environment.filters.pop(name, None)
    environment.filters["lines"] = _in_lines
    return environment


def _in_lines(text: str, columns: int) -> str:
    return "\n".join(balanced_lines(text, columns))


def _problems_of_names(layout: Layout, template: Template) -> Iterator[Message]:
    """Yield each field that the manifest does not declare, and each name that stands for nothing."""
    declared = {one.name for one in template.fields}
    for field, line in fields_of(layout.tree):
        if field not in declared:
            yield layout.at_line(
                line, say("a field that {manifest} declares is expected, got {name}", manifest=MANIFEST, name=field)
            )
    if layout.problems:  # which names the tags themselves make is not known then
        return
    known = FIELD_ROOTS | PROGRAM_NAMES | {PLACE_OF}
    for unknown in sorted(find_undeclared_variables(layout.tree) - known):
        line = next((one.lineno for one in layout.tree.find_all(Name) if one.name == unknown), 1)
        names = ", ".join(sorted(known))
        yield layout.at_line(line, say("one of {known} is expected, got {unknown}", known=names, unknown=unknown))
