"""A template -> everything that its rules find, in order: its words line by line, then the finished text, then the pages.

What `load_template` refuses is found before; `refusal_findings` gives it in the same form.
1. The fields, and each line of the template's own words.
2. The template filled with its examples: what its text says, and whether everybody who signs has a place.
3. The pages drawn, once with the examples and once with long names; not where a finding above already says why they cannot be.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from jinja2 import TemplateError as JinjaError

from mou.charter.contradictions import doubtful_clauses
from mou.errors import InputError, RenderingError, TemplateError
from mou.models import FilledDocument
from mou.rendering.faces import Family, find_family, glyph_table
from mou.template_checks.characters import misplaced_marks, missing_glyphs, unseen_characters, useless_spaces
from mou.template_checks.days import effects_that_differ, mixed_eras, reversed_periods, wrong_days, years_of_another_era
from mou.template_checks.examples import Example, example_of, fill_with, with_long_names
from mou.template_checks.fields import repeated_labels, unasked_fields
from mou.template_checks.findings import Finding, Place, Severity, error, in_order, warning
from mou.template_checks.finished_text import TemplateText, context_for, finished_text, paragraphs_of
from mou.template_checks.numbering import counts_that_differ, disordered_items, disordered_numbers
from mou.template_checks.obligations import both_binding_and_not, payment_in_a_non_binding_text
from mou.template_checks.outline import outline_of
from mou.template_checks.own_layout import in_own_layout
from mou.template_checks.pages import title_column, undrawable
from mou.template_checks.references import references_nowhere
from mou.template_checks.repeated_words import repeated_words
from mou.template_checks.signature_places import misplaced_signatures
from mou.template_checks.source_words import SourceLine, lines_of, manifest_lines
from mou.template_checks.spacing import doubled_spaces, mixed_numerals, spaces_of_signs
from mou.template_checks.titles import badly_broken_titles
from mou.template_source import UnprintableValueError
from mou.templates import MANIFEST, Template, TemplateKind
from signatures.messages import Message, say

_REFUSALS: Final = {
    "{place}: a field that": "field_unknown",
    "{path}: fields: {name} is declared": "field_unused",
    "{path}: fields: each field once": "field_repeated",
    "{path}, line {line}: Jinja2 syntax": "syntax",
}
_UNBROKEN: Final = "{place}: a space is expected"
_PLACE: Final = re.compile(r"(?P<file>.*?)(?:, line (?P<line>\d+))?")


def check_template(template: Template, charter_template: Template | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong with the template, or doubtful.

    Args:
        template: a template that can be loaded.
        charter_template: the charter to which it consents, where it is at hand.
    """
    manifest = (template.folder / MANIFEST).read_text("utf-8-sig")
    lines = tuple(line for name, source in template.sources for line in lines_of(name, source))
    found = [*repeated_labels(template.fields, manifest), *_in_lines(lines, manifest), *_in_clauses(template, manifest)]
    found += in_own_layout(template, manifest)
    try:
        family = find_family(template.font)
    except RenderingError as cause:
        place = Place(MANIFEST, _line_of(manifest, "font"))
        return in_order((*found, error("font_missing", place, cause.message, say("install the font, or leave it out: Sarabun"))))
    found += (one for line in lines for one in missing_glyphs(line, family.drawable_characters(), family.name))
    try:
        example = example_of(template, charter_template)
        filled = fill_with(template, example)
    except InputError as cause:
        return in_order((*found, *_unfillable(cause, manifest)))
    found += _in_filled(template, example, filled, lines, manifest, family)
    if not any(one.severity is Severity.ERROR for one in found):
        found += undrawable(filled, lines) or _with_long_names(template, example, lines)
    return in_order(found)


def refusal_findings(refusal: TemplateError) -> tuple[Finding, ...]:
    """Return each problem for which a template cannot be loaded."""
    remedy = say("correct it, and check again")
    problems = refusal.problems or (refusal.message,)
    return in_order(error(_code_of(problem), _place_of(problem), problem, remedy) for problem in problems)


def _in_lines(lines: Sequence[SourceLine], manifest: str) -> Iterator[Finding]:
    for line in lines:
        yield from (*unseen_characters(line), *useless_spaces(line), *misplaced_marks(line), *doubled_spaces(line))
    for line in manifest_lines(MANIFEST, manifest):
        yield from (*useless_spaces(line), *misplaced_marks(line))


def _in_clauses(template: Template, manifest: str) -> Iterator[Finding]:
    place = Place(MANIFEST, _line_of(manifest, "[final_clauses]"))
    for doubt in () if template.clauses is None else doubtful_clauses(template.clauses):
        yield warning("clause_doubtful", place, doubt, say("change it while the text can still be changed, if it is not meant"))


def _in_filled(
    template: Template,
    example: Example,
    filled: FilledDocument,
    lines: tuple[SourceLine, ...],
    manifest: str,
    family: Family,
) -> Iterator[Finding]:
    context = context_for(template, example, filled)
    try:
        paragraphs = finished_text(template, context)
    except (JinjaError, UnprintableValueError):
        paragraphs = paragraphs_of(filled.html, template.language)
    title = SourceLine(MANIFEST, _line_of(manifest, "title"), template.title)  # where the text has it from
    text = TemplateText(paragraphs, (*lines, title), template.numerals, is_charter=template.kind is TemplateKind.CHARTER)
    yield from unasked_fields(template, context)
    yield from misplaced_signatures(template.roles, filled.slots, filled.html, dict(template.sources))
    column = title_column(template.css, family.name, glyph_table(family.face(700)).advance_of)
    yield from badly_broken_titles(template.title, template.title_lines, template.protected_terms, text, column, manifest)
    yield from _in_text(text)


def _in_text(text: TemplateText) -> Iterator[Finding]:
    outline = outline_of(text.paragraphs)
    for rule in (spaces_of_signs, repeated_words, mixed_numerals, payment_in_a_non_binding_text, both_binding_and_not):
        yield from rule(text)
    for rule in (wrong_days, reversed_periods, effects_that_differ, mixed_eras, years_of_another_era):
        yield from rule(text)
    for counted in (disordered_numbers, disordered_items, counts_that_differ, references_nowhere):
        yield from counted(text, outline)


def _with_long_names(template: Template, example: Example, lines: Sequence[SourceLine]) -> tuple[Finding, ...]:
    return undrawable(fill_with(template, with_long_names(example)), lines, with_long_names=True)


def _unfillable(cause: InputError, manifest: str) -> Iterator[Finding]:
    """Each reason for which the template cannot be filled with its examples, in the line of its field."""
    for problem in cause.problems or (cause.message,):
        field = problem.values.get("field")
        if problem.template.startswith(_UNBROKEN):
            yield error("text_unbroken", _place_of(problem), problem, say("put spaces into it, or begin new paragraphs"))
            continue
        place = Place(MANIFEST, _line_of(manifest, f'name = "{field}"')) if field else _place_of(problem)
        yield error(
            "example_unusable",
            place,
            say("{problem}, when the template is filled with its examples", problem=problem),
            say("correct the field's example, or what lies in the folder {folder}", folder="example"),
        )


def _code_of(problem: Message) -> str:
    return next((code for beginning, code in _REFUSALS.items() if problem.template.startswith(beginning)), "unusable")


def _place_of(problem: Message) -> Place:
    """The file and line that the problem names, without the folder."""
    told = str(problem.values.get("place") or problem.values.get("path") or problem.values.get("where") or "")
    match = _PLACE.fullmatch(told)
    line = problem.values.get("line") or (match["line"] if match else None) or 0
    file = (match["file"] if match else told).partition(": ")[0]
    return Place(file, int(str(line)))


def _line_of(text: str, beginning: str) -> int:
    return next((number for number, line in enumerate(text.split("\n"), 1) if line.lstrip().startswith(beginning)), 0)
