"""The four bundled Sarabun faces: where their files lie, and what each glyph says.

The tables are read from the bundled font files, since the subset inside a PDF has no glyph names; glyph numbers survive
the subsetting.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

import mou
from mou.errors import RenderingError

# The family becomes part of the font's name inside each PDF: another name gives other bytes. It is not plain "Sarabun",
# so that a Sarabun installed on the machine can never stand in for the bundled one.
FAMILY = "MOU Sarabun"

_UNICODE_NAME = re.compile(r"uni((?:[0-9A-F]{4})+)|u([0-9A-F]{4,6})")
_THAI = range(0x0E00, 0x0E80)
_PRIVATE_USE = range(0xE000, 0xF900)


@dataclass(frozen=True, slots=True)
class Face:
    """One font file and its name inside a PDF (after the subset's prefix)."""

    pdf_name: str
    file_name: str
    weight: int
    style: str


FACES = (
    Face("MOU-Sarabun", "Sarabun_400Regular.ttf", 400, "normal"),
    Face("MOU-Sarabun-Italic", "Sarabun_400Regular_Italic.ttf", 400, "italic"),
    Face("MOU-Sarabun-Bold", "Sarabun_700Bold.ttf", 700, "normal"),
    Face("MOU-Sarabun-Bold-Italic", "Sarabun_700Bold_Italic.ttf", 700, "italic"),
)


@dataclass(frozen=True, slots=True)
class GlyphTable:
    """What the glyphs of one face say and how wide they are; `thai_text` knows purely Thai glyphs alone.

    `text` is what each glyph with a code point says; WeasyPrint may say otherwise for the same glyph (SPACE and NO-BREAK SPACE).
    Widths are in thousandths of the font size. `characters` has the glyph of each code point that the face can draw.
    """

    text: Mapping[int, str]
    thai_text: Mapping[int, str]
    advances: tuple[int, ...]
    characters: Mapping[int, int]

    def advance_of(self, character: str) -> int:
        """Return how wide a character is when it stands alone; marks above and below take no room."""
        glyph = self.characters.get(ord(character))
        return 0 if glyph is None else self.advances[glyph]


def fonts_folder() -> Path:
    """Return the folder of the Sarabun files: inside the installed package, else in the checkout beside it."""
    package = Path(mou.__file__).resolve().parent
    installed = package / "bundled_templates" / "fonts" / "sarabun"
    return installed if installed.is_dir() else package.parent / "templates" / "fonts" / "sarabun"


def font_face_rules() -> str:
    """Return the `@font-face` rules of all four faces, their files named as they lie in the fonts' folder.

    All four, because WeasyPrint draws a missing bold or italic with the regular glyphs and names the font "Bold" all the same.
    """
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {face.weight}; font-style: {face.style};'
        f' src: url("{face.file_name}"); }}'
        for face in FACES
    )


@cache
def glyph_tables() -> Mapping[str, GlyphTable]:
    """Return the glyph table of each face by its name inside a PDF; read once per process."""
    return {face.pdf_name: _read_table(fonts_folder() / face.file_name) for face in FACES}


def drawable_characters() -> frozenset[int]:
    """Return the code points that all four faces can draw."""
    return frozenset.intersection(*(frozenset(table.characters) for table in glyph_tables().values()))


def _read_table(path: Path) -> GlyphTable:
    try:
        with TTFont(path, lazy=True) as font:
            order: list[str] = font.getGlyphOrder()
            characters: dict[int, str] = font.getBestCmap()
            metrics: Mapping[str, tuple[int, int]] = font["hmtx"].metrics
            units_per_em: int = font["head"].unitsPerEm
    except (OSError, TTLibError) as error:
        raise RenderingError(
            "a bundled font cannot be read: {path} ({error}); install mou again", path=str(path), error=str(error)
        ) from error
    # A private-use code point says nothing; among several that share a glyph the Thai one counts.
    said = {name: chr(code) for code, name in sorted(characters.items(), reverse=True) if code not in _PRIVATE_USE}
    numbers = {name: number for number, name in enumerate(order)}
    text = {number: said.get(name) or _text_of_name(name) for number, name in enumerate(order)}
    return GlyphTable(
        text=text,
        thai_text={number: t for number, t in text.items() if t and all(ord(c) in _THAI for c in t)},
        advances=tuple(round(metrics[name][0] * 1000 / units_per_em) for name in order),
        characters={code: numbers[name] for code, name in characters.items()},
    )


def _text_of_name(name: str) -> str:
    """Return what a glyph's name says, or an empty string: `uni0E4D0E49.narrow` is nikhahit and mai tho."""
    text = ""
    for part in name.partition(".")[0].split("_"):
        match = _UNICODE_NAME.fullmatch(part)
        if match is None:
            return ""
        digits = match[1] or match[2]
        size = 4 if match[1] else len(digits)
        text += "".join(chr(int(digits[at : at + size], 16)) for at in range(0, len(digits), size))
    return text
