"""What a check of a template finds: a code, how bad it is, where it stands, what was found there, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from signatures.messages import Message

NOT_OWN: Final = "\ufffc"
"""Stands for each character that is not the template's own word."""

_AROUND: Final = 24  # characters of an excerpt on either side


class Severity(StrEnum):
    """How bad a finding is: with an error the template is not to be used, a warning is for a person to judge."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as far as it is known: a file of the template with its line, an article, a page of the example."""

    file: str = ""
    line: int = 0
    article: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found; `code` is the rule's own name for it and never translated."""

    code: str
    severity: Severity
    place: Place
    found: Message
    remedy: Message


def error(code: str, place: Place, found: Message, remedy: Message) -> Finding:
    """Return a finding with which the template is not to be used."""
    return Finding(code, Severity.ERROR, place, found, remedy)


def warning(code: str, place: Place, found: Message, remedy: Message) -> Finding:
    """Return a finding that a person judges."""
    return Finding(code, Severity.WARNING, place, found, remedy)


def excerpt(text: str, start: int, end: int) -> str:
    """Return the piece with a few characters on either side, in quotation marks."""
    return f"“{' '.join(text[max(0, start - _AROUND) : end + _AROUND].replace(NOT_OWN, ' ').split())}”"


def line_of(text: str, wanted: str) -> int:
    """Return the line of a file in which these words stand first, or 0."""
    at = text.find(wanted)
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, each once: errors first, then by file, line and page."""
    return tuple(
        sorted(
            {(one.code, one.place, str(one.found)): one for one in findings}.values(),
            key=lambda one: (one.severity is Severity.WARNING, one.place.file, one.place.line, one.place.page, one.code),
        )
    )
