"""New words in the place of old ones, inside one block of the page, with as much of the markup as can stay. Pure.

1. Markup between two texts (a number's span, a line ended by hand, bold, another language) stays; only the texts that hold the
   change are written anew. What only protects words from line ends (class `nb`, `<wbr>`) is made anew in them.
2. What was written is read again; if it does not say the new words, the whole block is written anew, without markup, unless it
   holds a box or a picture.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from mou.comparison.blocks import blocks_of
from mou.thai import protect

_PIECES: Final = re.compile(r"""<!--.*?-->|<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+|<""", re.DOTALL)
_PROTECTING: Final = '<span class="nb">'
_BREAK: Final = re.compile(r"<wbr\s*/?>")
_VOID: Final = re.compile(r"<(?:br|wbr|img|input|!--)\b|<!--")
_UNSPLIT: Final = re.compile(r"<(?:img|svg|object|input)\b|\bid=|registry-box|signature-box", re.IGNORECASE)
_EMPTY_NUMBER: Final = re.compile(r'<span class="(?:article-)?number">\s*</span>')


def spliced(inner: str, old: str, new: str, names: Sequence[str]) -> str | None:
    """Return the block's source with its new words, or None where they cannot be put in.

    Args:
        inner: the source of the block between its tags.
        old: the words that it says.
        new: the words that it is to say.
        names: names that are protected from line ends, as plain text.
    """
    careful = _careful(inner, old, new, names)
    if careful is not None and not _EMPTY_NUMBER.search(careful) and _says(careful, new, names):
        return careful
    whole = protected_text(new, names)
    return whole if not _UNSPLIT.search(inner) and _says(whole, new, names) else None


def protected_text(text: str, names: Iterable[str]) -> str:
    """Return plain text as markup, its names and numbers protected from line ends."""
    return protect(html.escape(text, quote=False), names)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text, or markup that stays; `depth` is how many elements it is in."""

    source: str
    is_text: bool
    depth: int


def _careful(inner: str, old: str, new: str, names: Sequence[str]) -> str | None:
    """Return the source with only the texts written anew that hold the change, or None where their places are not known."""
    pieces = _pieces(inner)
    edges = _edges(pieces, old, names)
    if edges is None:
        return None
    start = _same_at_start(old, new)
    stop = len(old) - _same_at_start(old[start:][::-1], new[start:][::-1])
    words = new[start : len(new) - (len(old) - stop)]
    touched = [place for place, piece in enumerate(pieces) if piece.is_text and _is_touched(edges, place, start, stop)]
    if not touched:
        return None
    holder = touched[0] if start < stop else min(touched, key=lambda place: pieces[place].depth)
    written: dict[int, str] = {}
    for place in touched:
        begin, end = edges[place], edges[place + 1]
        before, after = old[begin : max(begin, min(end, start))], old[min(end, max(begin, stop)) : end]
        text = before + (words if place == holder else "") + after
        written[place] = _with_old_gaps(pieces[place].source, protected_text(text, names))
    return "".join(written.get(place, piece.source) for place, piece in enumerate(pieces))


def _same_at_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _is_touched(edges: Sequence[int], place: int, start: int, stop: int) -> bool:
    """Whether a text holds some of the words from start to stop, or the place where words are put in."""
    if edges[place] == edges[place + 1]:
        return False
    return edges[place] < stop and edges[place + 1] > start if start < stop else edges[place] <= start <= edges[place + 1]


def _pieces(inner: str) -> list[_Piece]:
    """Return texts and the markup between them in turn; spans that only protect words are part of a text."""
    pieces: list[_Piece] = []
    is_protecting: list[bool] = []
    depth = 0
    for match in _PIECES.finditer(inner):
        source = match.group()
        is_text = not source.startswith("<") or source == "<" or bool(_BREAK.fullmatch(source))
        if source.startswith("<span"):
            is_protecting.append(source == _PROTECTING)
            is_text = is_protecting[-1]
        elif source.startswith("</span"):
            is_text = is_protecting.pop() if is_protecting else False
        if is_text and pieces and pieces[-1].is_text:
            pieces[-1] = _Piece(pieces[-1].source + source, is_text, depth)
            continue
        if not is_text and not _VOID.match(source):
            depth += -1 if source.startswith("</") else 1
        pieces.append(_Piece(source, is_text, depth))
    return pieces


def _edges(pieces: Sequence[_Piece], old: str, names: Sequence[str]) -> list[int] | None:
    """Return where in the words each piece begins, and where the last one ends."""
    edges = [0]
    source = ""
    for piece in pieces:
        source += piece.source
        read = _read(source, names)
        if not old.startswith(read):
            return None
        edges.append(len(read))
    return edges if edges[-1] == len(old) else None


def _with_old_gaps(source: str, written: str) -> str:
    """Return what was written with the white space that stood around the text."""
    leading = source[: len(source) - len(source.lstrip())]
    trailing = source[len(source.rstrip()) :]
    return f"{leading}{written.strip()}{trailing}" if written.strip() else ""


def _read(source: str, names: Sequence[str]) -> str:
    return " ".join(block.text for block in blocks_of(source, names))


def _says(source: str, words: str, names: Sequence[str]) -> bool:
    found = blocks_of(source, names)
    return len(found) == 1 and found[0].text == words
