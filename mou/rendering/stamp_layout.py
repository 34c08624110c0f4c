"""Lines of text and a picture -> where each stands in a signature's box, from the widths of the letters; nothing is drawn.

Every line of a stamp is broken here and none by the renderer, so that what fits here fits on the page:
1. The text is as large as the box allows, from 7.6 pt down to 5.5 pt and never smaller.
2. The name stands on one line as long as it is no smaller than the text. Else it takes several lines, broken at its spaces
   and nowhere else: a person's name is not broken inside a word.
3. Every other line breaks between words.
4. A picture stands left of the text, its ratio kept, in at most 38 % of the box's width. It gives way, down to 22 %, before the
   text gets smaller than 6.4 pt.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mou.rendering.faces import bundled_family, glyph_table
from mou.rendering.line_ends import pieces_of

LARGEST_PT, SMALLEST_PT, STEP_PT = 7.6, 5.5, 0.3
LINE_HEIGHT = 1.34  # Sarabun's own 1.30 em and a little air
RULE_PT, GAP_PT, MARGIN_PT = 1.2, 5.0, 2.5
_CALM_PT = 6.4  # text that is larger than this leaves the picture its place
_PICTURE_SHARES = (0.38, 0.3, 0.22)  # of the box's width
_KERNING = 1.02  # how much longer a line may get by pairs of letters that are moved apart
# Sizes relative to the text: what was done, who (largest and smallest), the rest, the digest.
_HEADING, _NAMES, _TEXT, _DIGEST = 0.88, (1.24, 1.12, 1.0), 1.0, 0.82
_JOINT_OF_NAME = re.compile("(?<= )(?<! ณ )")  # สมมติ ณ เชียงใหม่: ณ is a part of what follows


@dataclass(frozen=True, slots=True)
class StampLine:
    """One line of a stamp; `kind` is heading, name, text or digest."""

    kind: str
    size_pt: float
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands, in points from the upper left corner of the box."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class StampLayout:
    """A stamp that fits: its lines, how far the rule stands from the left and the text from the top, in points."""

    lines: tuple[StampLine, ...]
    text_pt: float
    rule_left: float
    text_top: float
    picture: Place | None


def lay_out(width_pt: float, height_pt: float, lines: Sequence[str], picture_ratio: float | None = None) -> StampLayout | None:
    """Return the best layout that fits into the box, or None where there is none.

    Args:
        width_pt: the width of the signature field.
        height_pt: its height.
        lines: what was done, the full name, any further lines, and last a short digest.
        picture_ratio: the picture's width by its height, if there is one.
    """
    if picture_ratio is None:
        return _text_beside(None, width_pt, height_pt, lines)
    found = None
    for share in _PICTURE_SHARES:
        place = _picture_place(picture_ratio, share * width_pt, height_pt)
        candidate = _text_beside(place, width_pt, height_pt, lines)
        if candidate is not None and (found is None or candidate.text_pt > found.text_pt):
            found = candidate
        if found is not None and found.text_pt >= _CALM_PT:
            break
    return found


def _picture_place(ratio: float, width_pt: float, height_pt: float) -> Place:
    room = height_pt - 2 * MARGIN_PT
    width = min(width_pt - MARGIN_PT, ratio * room)
    height = width / ratio
    return Place(MARGIN_PT, (height_pt - height) / 2, width, height)


def _text_beside(picture: Place | None, width_pt: float, height_pt: float, lines: Sequence[str]) -> StampLayout | None:
    """Return the layout with the largest text that fits beside the picture, or None."""
    rule_left = MARGIN_PT if picture is None else picture.left + picture.width + GAP_PT
    room = width_pt - rule_left - RULE_PT - GAP_PT - MARGIN_PT
    if room <= 0:
        return None
    for text_pt in _sizes():
        for placed in _settings(lines, text_pt, room / _KERNING):
            free = height_pt - 2 * MARGIN_PT - sum(line.size_pt * LINE_HEIGHT for line in placed)
            if free >= 0:
                return StampLayout(placed, text_pt, rule_left, free / 2, picture)
    return None


def _sizes() -> Iterator[float]:
    steps = math.floor((LARGEST_PT - SMALLEST_PT) / STEP_PT + 1e-9)
    return (round(LARGEST_PT - step * STEP_PT, 1) for step in range(steps + 1))


def _settings(lines: Sequence[str], text_pt: float, room: float) -> Iterator[tuple[StampLine, ...]]:
    """Yield the ways to set the lines with text of this size, the best first; each line fits into the room."""
    heading, name, *texts, digest = lines
    around = [
        _broken("heading", heading, _HEADING * text_pt, room),
        *(_broken("text", text, _TEXT * text_pt, room) for text in texts),
        _broken("digest", digest, _DIGEST * text_pt, room),
    ]
    if all(around):
        for named in _names(name, text_pt, room):
            yield (*around[0], *named, *(line for broken in around[1:] for line in broken))


def _names(name: str, text_pt: float, room: float) -> Iterator[tuple[StampLine, ...]]:
    """Yield the ways to set the name: on one line as large as it fits, then on several lines, each time smaller."""
    widest = room / max(width_of(name, is_bold=True), 1e-9)
    one_line = min(_NAMES[0] * text_pt, math.floor(10 * widest) / 10)
    if one_line >= text_pt:
        yield (StampLine("name", one_line, name),)
        return
    for factor in _NAMES:
        size = factor * text_pt
        wrapped = _wrapped(_JOINT_OF_NAME.split(name), room / size, is_bold=True)
        if wrapped:
            yield tuple(StampLine("name", size, line) for line in wrapped)


def _broken(kind: str, text: str, size_pt: float, room: float) -> tuple[StampLine, ...]:
    """Return the text on as few lines as it takes, or nothing where a word is wider than the room."""
    size = max(SMALLEST_PT, size_pt)
    return tuple(StampLine(kind, size, line) for line in _wrapped(pieces_of(text), room / size, is_bold=False))


def _wrapped(pieces: Sequence[str], room_em: float, *, is_bold: bool) -> list[str]:
    """Return the lines that the pieces fill one after the other, or nothing where one of them is too wide for a line."""
    lines = [""]
    for piece in pieces:
        if width_of((lines[-1] + piece).rstrip(), is_bold=is_bold) <= room_em:
            lines[-1] += piece
        elif width_of(piece.rstrip(), is_bold=is_bold) <= room_em:
            lines.append(piece)
        else:
            return []
    return [line.rstrip() for line in lines if line.strip()]


@lru_cache(maxsize=1024)
def width_of(text: str, *, is_bold: bool) -> float:
    """Return the width of a line in font sizes, from the advances of its letters."""
    table = glyph_table(bundled_family().face(700 if is_bold else 400))
    return sum(table.advance_of(character) for character in text) / 1000
