"""Small texts as a rule reads them, without a template around them."""

from collections.abc import Iterable

from mou.template_checks.findings import Finding
from mou.template_checks.finished_text import TemplateText, paragraphs_of
from mou.template_checks.source_words import SourceLine, lines_of
from mou.thai import Numerals


def text_of(markup: str, *, numerals: Numerals = "thai", is_charter: bool = False, language: str = "th") -> TemplateText:
    """The text of a page whose every word is the template's own."""
    lines = tuple(lines_of("template.html", markup))
    return TemplateText(paragraphs_of(markup, language), lines, numerals, is_charter=is_charter)


def line_of(words: str) -> SourceLine:
    """One line of a template."""
    return SourceLine("template.html", 7, words)


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes of the findings, in order."""
    return [one.code for one in findings]


def told(findings: Iterable[Finding]) -> list[str]:
    """What was found, in English."""
    return [str(one.found) for one in findings]
