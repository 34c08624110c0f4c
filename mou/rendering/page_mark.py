"""The word ตัวอย่าง or ร่าง, lightly across every page of a sample or a draft, behind the text.

Drawn as outlines and as an artifact, so that neither a reader nor a search finds it in the middle of a sentence. One object
serves all pages: as a background image WeasyPrint would draw and store it again on each.
"""

import math
from collections.abc import Iterator
from functools import cache

import pikepdf
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from mou.rendering.faces import bundled_family

_LENGTH_PT = 400.0  # along the slant; A4 is 595 points wide
_SLANT = math.radians(38)
_COLOUR = "0.965 0.94 0.93 rg"
_LARGEST_HEIGHT_PT = 150.0  # of a line of it, so that a short word does not fill the page
_NAME = "/PageMark"


def mark_pages(pdf: pikepdf.Pdf, word: str) -> None:
    """Draw the word behind the content of every page, in place."""
    outlines, width, height = _outlines(word)
    mark = pdf.make_stream(
        outlines,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, -height, width, height],
        Resources=pikepdf.Dictionary(),
    )
    scale = min(_LENGTH_PT / width, _LARGEST_HEIGHT_PT / height)
    a, b = scale * math.cos(_SLANT), scale * math.sin(_SLANT)
    for page in pdf.pages:
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        # The middle of the word, a third of its height above the line, stands in the middle of the page.
        x, y = width / 2, height / 3
        e, f = (left + right) / 2 - (a * x - b * y), (bottom + top) / 2 - (b * x + a * y)
        if "/XObject" not in page.obj.Resources:
            page.obj.Resources.XObject = pikepdf.Dictionary()
        page.obj.Resources.XObject[_NAME] = mark
        drawing = (
            f"/Artifact <</Type /Background>> BDC\nq\n{a:.4f} {b:.4f} {-b:.4f} {a:.4f} {e:.2f} {f:.2f} cm\n{_NAME} Do\nQ\nEMC\n"
        )
        page.obj.Contents.write(drawing.encode("ascii") + page.obj.Contents.read_bytes())


@cache
def _outlines(word: str) -> tuple[bytes, int, int]:
    """Return the filled outlines of the word in font units, its width, and the height of a line."""
    with TTFont(bundled_family().face(700).path) as font:
        glyphs = font.getGlyphSet()
        names = font.getBestCmap()
        position = 0
        operations = [_COLOUR]
        for character in word:
            pen = _OutlinePen(glyphs, position)
            glyphs[names[ord(character)]].draw(pen)
            operations += pen.operations
            position += glyphs[names[ord(character)]].width
        return "\n".join((*operations, "f")).encode("ascii"), position, font["hhea"].ascent


class _OutlinePen(BasePen):  # type: ignore[misc]  # fontTools ships no types
    """Writes the outline of a glyph as PDF path operations, moved to the right."""

    def __init__(self, glyphs: object, right: int) -> None:
        super().__init__(glyphs)
        self._right = right
        self.operations: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # the pen's protocol
        self._write("m", point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._write("l", point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._write("c", *points)

    def _closePath(self) -> None:  # noqa: N802
        self.operations.append("h")

    def _write(self, operator: str, *points: tuple[float, float]) -> None:
        self.operations.append(" ".join((*self._placed(points), operator)))

    def _placed(self, points: tuple[tuple[float, float], ...]) -> Iterator[str]:
        for x, y in points:
            yield f"{round(x + self._right)}"
            yield f"{round(y)}"
