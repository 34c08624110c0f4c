"""A paragraph's runs -> its pieces: words with the look that sets them apart, and the tags that runs had split. Pure.

1. A tag is found in the joined text, so that it does not matter over how many runs Word has spread it.
2. Curly quotes in a tag become straight ones, and what nobody sees in it is dropped; the words around are never changed.
3. A run that holds a field's value is the tag `{{ field }}`, where a template is made.
4. For a template, characters that only say where a line may end are left out: the program finds the ends of lines itself.
5. The look of a whole paragraph is its style's, and sets no words apart.
"""

import re
from collections.abc import Iterable, Iterator
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
_WITHOUT_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_OF_THE_WORD_PROGRAM: Final = re.compile(r"^\{([{%])(p|tr|tc|r)(?=\s)")


class _Stretch(NamedTuple):
    """Text of one look (bold, italic), or a whole tag; `shown` is the value in whose place a tag stands."""

    text: str
    look: tuple[bool, bool]
    is_tag: bool = False
    shown: str = ""


def pieces_of(paragraph: WordParagraph, *, as_template: bool = False) -> Pieces:
    """Return the pieces of the paragraph; as the page of a document, what looks like a tag is words."""
    stretches = [
        stretch
        for field, runs in groupby(paragraph.runs, key=lambda run: run.field if as_template else None)
        for stretch in (_value_of(field, list(runs)) if field else _words_of(runs, as_template=as_template))
    ]
    joined = _joined(_with_whole_tags(stretches) if as_template else stretches)
    return _without_common_look(tuple(joined))


def _words_of(runs: Iterable[WordRun], *, as_template: bool) -> Iterator[_Stretch]:
    for run in runs:
        if text := without_line_ends(run.text) if as_template else run.text:
            yield _Stretch(text, (run.bold, run.italic))


def _value_of(field: str, runs: list[WordRun]) -> list[_Stretch]:
    shown = "".join(run.text for run in runs)
    return [_Stretch(f"{{{{ {field} }}}}", (runs[0].bold, runs[0].italic), is_tag=True, shown=shown)] if shown else []


def _joined(stretches: Iterable[_Stretch]) -> Iterator[Piece]:
    """Return the pieces: words of one look joined, each tag by itself."""
    for (look, is_tag), group in groupby(stretches, key=lambda one: (one.look, one.is_tag)):
        found = list(group)
        for text, shown in ((one.text, one.shown) for one in found) if is_tag else [("".join(one.text for one in found), "")]:
            yield Piece(text, strong=look[0], em=look[1], is_tag=is_tag, value=shown)


def _with_whole_tags(stretches: list[_Stretch]) -> Iterator[_Stretch]:
    """Return the words and tags; a tag has the look in which it begins."""
    text = "".join("\ufffc" if one.is_tag else one.text for one in stretches)
    tags = (found for found in TAG.finditer(text) if "\ufffc" not in found.group())
    tag = next(tags, None)
    begin = 0
    for stretch in stretches:
        if stretch.is_tag:
            yield stretch
            begin += 1
            continue
        at, end = begin, begin + len(stretch.text)
        while at < end:
            if tag is None or tag.start() >= end:
                yield stretch._replace(text=stretch.text[at - begin :])
                break
            if at < tag.start():
                yield stretch._replace(text=stretch.text[at - begin : tag.start() - begin])
            if at <= tag.start():
                yield _Stretch(straight_tag(tag.group()), stretch.look, is_tag=True)
            at = min(tag.end(), end)
            if tag.end() <= end:
                tag = next(tags, None)
        begin = end


def without_line_ends(text: str) -> str:
    """Return the text without the characters that only say where a line may or must not end."""
    return text.translate(_WITHOUT_INVISIBLE)


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
    parts = map(stripped, _cut_apart(pieces, list(zip(starts, [*ends, len(masked)], strict=True))))
    return tuple(part for part in parts if part)


def _cut_apart(pieces: Pieces, spans: list[tuple[int, int]]) -> Iterator[Pieces]:
    """Return what stands in each of these stretches of the joined text, which follow each other and cut no tag."""
    at = span = 0
    found: list[Piece] = []
    for piece in pieces:
        end = at + len(piece.text)
        while span < len(spans) and spans[span][0] < end:
            start, stop = spans[span]
            first, last = max(start - at, 0), min(stop - at, len(piece.text))
            if first < last:
                found.append(piece if piece.is_tag else replace(piece, text=piece.text[first:last]))
            if stop > end:
                break
            yield tuple(found)
            found = []
            span += 1
        at = end
    yield tuple(found)


def joined_lines(lines: list[Pieces]) -> Pieces:
    """Return the lines as one text with a line end between them."""
    result: list[Piece] = []
    for line in lines:
        if result:
            result.append(Piece("\n", strong=result[-1].strong and line[0].strong))
        result.extend(line)
    return tuple(result)
