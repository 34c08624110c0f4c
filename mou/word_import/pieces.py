"""A paragraph's runs -> its pieces: words with the look that sets them apart, and the tags that runs had split. Pure.

1. A tag is found in the joined text, so that it does not matter over how many runs Word has spread it.
2. Curly quotes in a tag become straight ones, and what nobody sees in it is dropped; the words around are never changed.
3. A run that holds a field's value is the tag `{{ field }}`, where a template is made.
4. For a template, characters that only say where a line may end are left out: the program finds the ends of lines itself.
5. The look of a whole paragraph is its style's, and sets no words apart.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final, NamedTuple

from mou.rendering.word.values import WordParagraph, WordRun
from mou.word_import.elements import Piece, Pieces, text_of

TAG: Final = re.compile(r"\{(?:\{(?:(?!\{[{%#]).)*?\}|%(?:(?!\{[{%#]).)*?%|#(?:(?!\{[{%#]).)*?#)\}", re.DOTALL)
"""A tag; it holds no beginning of another, so that many beginnings without an end are read in one go."""

_STRAIGHT: Final = str.maketrans(
    {**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛`´", "'"), **dict.fromkeys("\u00a0\t\n", " ")}
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", "")
)
_INVISIBLE: Final = frozenset("\u200b\u2060\ufeff\u00ad")
_OF_THE_WORD_PROGRAM: Final = re.compile(r"^\{([{%])(p|tr|tc|r)(?=\s)")


class _Letter(NamedTuple):
    """One letter, or a whole tag, with its look: bold, italic; a tag that stands for a value also with that."""

    text: str
    look: tuple[bool, bool]
    shown: str = ""


def pieces_of(paragraph: WordParagraph, *, as_template: bool = False) -> Pieces:
    """Return the pieces of the paragraph; as the page of a document, what looks like a tag is words."""
    letters: list[_Letter] = [
        _Letter(letter, (run.bold, run.italic), shown)
        for field, runs in groupby(paragraph.runs, key=lambda run: run.field if as_template else None)
        for run, shown in (_tag_of(field, list(runs)) if field else ((run, "") for run in runs))
        for letter in ([run.text] if field else run.text)
        if not (as_template and letter in _INVISIBLE)
    ]
    return _without_common_look(tuple(_joined(letters, as_template=as_template)))


def _tag_of(field: str, runs: list[WordRun]) -> list[tuple[WordRun, str]]:
    shown = "".join(run.text for run in runs)
    return [(replace(runs[0], text=f"{{{{ {field} }}}}"), shown)] if shown else []


def _joined(letters: list[_Letter], *, as_template: bool) -> Iterator[Piece]:
    """Return the letters joined by their look; a letter longer than one character is a tag already."""
    if as_template:
        letters = list(_with_whole_tags(letters))
    for (look, is_tag), group in groupby(letters, key=lambda one: (one.look, len(one.text) > 1)):
        found = list(group)
        for text, shown in ((one.text, one.shown) for one in found) if is_tag else [("".join(one.text for one in found), "")]:
            yield Piece(text, strong=look[0], em=look[1], is_tag=is_tag, value=shown)


def _with_whole_tags(letters: list[_Letter]) -> Iterator[_Letter]:
    text = "".join(letter.text if len(letter.text) == 1 else "\ufffc" for letter in letters)
    at = 0
    for found in TAG.finditer(text):
        if "\ufffc" in found.group():
            continue
        yield from letters[at : found.start()]
        yield _Letter(straight_tag(found.group()), letters[found.start()].look)
        at = found.end()
    yield from letters[at:]


def without_line_ends(text: str) -> str:
    """Return the text without the characters that only say where a line may or must not end."""
    return "".join(one for one in text if one not in _INVISIBLE)


def straight_tag(tag: str) -> str:
    """Return the tag with straight quotes, and without what nobody sees."""
    return tag.translate(_STRAIGHT)


def place_prefix(tag: str) -> str:
    """Return what a tag says of its own place in the Word file: `p`, `tr`, `tc`, `r`, or nothing."""
    found = _OF_THE_WORD_PROGRAM.match(tag)
    return found[2] if found else ""


def without_prefix(tag: str) -> str:
    """Return the tag as every template has it."""
    return _OF_THE_WORD_PROGRAM.sub(r"{\1", tag)


def _without_common_look(pieces: Pieces) -> Pieces:
    seen = [piece for piece in pieces if piece.text.strip()]
    all_strong = bool(seen) and all(piece.strong for piece in seen)
    all_em = bool(seen) and all(piece.em for piece in seen)
    return tuple(
        replace(piece, strong=piece.strong and not all_strong, em=piece.em and not all_em) for piece in pieces if piece.text
    )


def cut(pieces: Pieces, start: int, end: int | None = None) -> Pieces:
    """Return what stands from one place of the joined text to another; a tag is whole or not there."""
    end = len(text_of(pieces)) if end is None else end
    result = []
    at = 0
    for piece in pieces:
        first, last = max(start - at, 0), min(end - at, len(piece.text))
        if first < last and (not piece.is_tag or first == 0):
            result.append(piece if piece.is_tag else replace(piece, text=piece.text[first:last]))
        at += len(piece.text)
    return tuple(result)


def stripped(pieces: Pieces) -> Pieces:
    """Return the pieces without white space at both ends."""
    text = text_of(pieces)
    start = len(text) - len(text.lstrip())
    return cut(pieces, start, len(text.rstrip())) if text.strip() else ()


def divided(pieces: Pieces, at: re.Pattern[str]) -> tuple[Pieces, ...]:
    """Return the parts between what the pattern finds outside of tags, each without white space at its ends."""
    masked = "".join("\ufffc" * len(piece.text) if piece.is_tag else piece.text for piece in pieces)
    starts = [0]
    ends = []
    for found in at.finditer(masked):
        ends.append(found.start())
        starts.append(found.end())
    parts = (stripped(cut(pieces, start, end)) for start, end in zip(starts, [*ends, len(masked)], strict=True))
    return tuple(part for part in parts if part)


def joined_lines(lines: list[Pieces]) -> Pieces:
    """Return the lines as one text with a line end between them."""
    result: list[Piece] = []
    for line in lines:
        if result:
            result.append(Piece("\n", strong=result[-1].strong and line[0].strong))
        result.extend(line)
    return tuple(result)
