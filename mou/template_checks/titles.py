"""The title as it stands on the page: broken by hand into lines that fit, and each of which can be read by itself. Pure.

1. The lines together are the title, so that a list of documents and the document call it the same.
2. A line that is wider than the column is broken once more, where nobody chose.
3. A line begins with no sign that ends something and ends with no word or sign that begins something; no line break stands
   inside a protected term; a short last line looks forgotten.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mou.template_checks.findings import Finding, Place, warning
from mou.template_checks.finished_text import TemplateText
from mou.templates import MANIFEST
from mou.thai import columns
from signatures.messages import Message, say

_BEGINS_BADLY: Final = re.compile(r"[ๆฯ)\]}”’»,.;:!?\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]")
_ENDS_BADLY: Final = re.compile(r"[(\[{“‘«]$")
_LEADS_ON: Final = re.compile(
    r"(?:^|(?<=\s))(?:และ|หรือ|ของ|แห่ง|ใน|ที่|เพื่อ|โดย|กับ|แก่|ต่อ|ณ|พ\.ศ\.|and|or|of|the|on|for|to|in|with|a|an)$|ว่าด้วย$",
    re.IGNORECASE,
)
_FORGOTTEN_COLUMNS: Final = 8
_FORGOTTEN_RATIO: Final = 3


@dataclass(frozen=True, slots=True)
class Column:
    """How wide the column of a title is, and how wide a text is that is set in the title's font and size, in points."""

    width_pt: float
    width_of: Callable[[str], float]


def badly_broken_titles(
    title: str, title_lines: Sequence[str], terms: Sequence[str], text: TemplateText, column: Column, manifest: str
) -> Iterator[Finding]:
    """Yield what is wrong with the lines of the title, and with those of the headings of the first level.

    Args:
        title: the title as the manifest has it.
        title_lines: the same, broken into lines.
        terms: words that no line may break.
        text: the finished text.
        column: where the title stands.
        manifest: the text of the manifest.
    """
    place = Place(MANIFEST, _line_of(manifest, "title_lines"))
    if _bare(title) != _bare("".join(title_lines)):
        yield warning(
            "title_differs",
            place,
            say(
                "title_lines together are {lines}, and the title is {title}",
                lines=f"“{' '.join(title_lines)}”",
                title=f"“{title}”",
            ),
            say("write the same words in both"),
        )
    yield from _broken(title_lines, place, terms, column)
    for paragraph in text.paragraphs:
        if paragraph.level == 1 and _bare("".join(paragraph.lines)) != _bare("".join(title_lines)):
            yield from _broken(paragraph.lines, text.place(paragraph), terms, column)


def _broken(lines: Sequence[str], place: Place, terms: Sequence[str], column: Column) -> Iterator[Finding]:
    for line in lines:
        if (width := column.width_of(line)) > column.width_pt:
            yield warning(
                "title_too_wide",
                place,
                say(
                    "the line {line} of the title is {width} mm wide, the column {column} mm",
                    line=f"“{line}”",
                    width=_millimetres(width),
                    column=_millimetres(column.width_pt),
                ),
                say("break it by hand, where a reader pauses"),
            )
        if told := _why_it_reads_badly(line, is_first=line is lines[0], is_last=line is lines[-1]):
            yield warning("title_breaks_badly", place, told, say("move the break, so that each line can be read by itself"))
    yield from _between_lines(lines, place, terms)


def _why_it_reads_badly(line: str, *, is_first: bool, is_last: bool) -> Message | None:
    if not is_first and _BEGINS_BADLY.match(line):
        return say("the line {line} of the title begins with {sign}", line=f"“{line}”", sign=f"“{line[0]}”")
    if not is_last and (match := _ENDS_BADLY.search(line) or _LEADS_ON.search(line)):
        return say("the line {line} of the title ends with {sign}, which leads on", line=f"“{line}”", sign=f"“{match.group()}”")
    return None


def _between_lines(lines: Sequence[str], place: Place, terms: Sequence[str]) -> Iterator[Finding]:
    for one, other in pairwise(lines):
        joined = one + other
        term = next((term for term in terms for at in _all_of(term, joined) if at < len(one) < at + len(term)), None)
        if term is not None:
            yield warning(
                "title_breaks_badly",
                place,
                say("a line of the title ends inside {term}", term=f"“{term}”"),
                say("move the break: the words are a protected term"),
            )
    if (
        len(lines) > 1
        and columns(lines[-1]) * _FORGOTTEN_RATIO <= columns(lines[-2])
        and columns(lines[-1]) <= _FORGOTTEN_COLUMNS
    ):
        yield warning(
            "title_breaks_badly",
            place,
            say("the last line of the title is {line} alone, below a long one", line=f"“{lines[-1]}”"),
            say("share the words out, so that the lines are about as long"),
        )


def _all_of(term: str, text: str) -> Iterator[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + 1)


def _bare(text: str) -> str:
    return "".join(text.split())


def _millimetres(points: float) -> int:
    return round(points * 25.4 / 72)


def _line_of(text: str, key: str) -> int:
    return next((number for number, line in enumerate(text.split("\n"), 1) if line.startswith(key)), 0)
