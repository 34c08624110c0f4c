"""The fonts of a document: the bundled Sarabun, or an installed TH Sarabun New; where their files lie, and what each glyph says.

The tables are read from the font files, since the subset inside a PDF has no glyph names; glyph numbers survive the subsetting.
TH Sarabun New is the usual font of Thai government papers. Its licence (GPL 2 or later, with an exception for embedding) keeps
it out of the package, so it is looked for where this machine keeps its fonts.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont, TTLibError

import mou
from mou.errors import RenderingError
from mou.models import Font

_UNICODE_NAME = re.compile(r"uni((?:[0-9A-F]{4})+)|u([0-9A-F]{4,6})")
_THAI = range(0x0E00, 0x0E80)
_PRIVATE_USE = range(0xE000, 0xF900)
_FAMILY_RECORDS = (16, 1)  # of the name table: the typographic family, else the family


@dataclass(frozen=True, slots=True)
class Face:
    """One font file and its name inside a PDF (after the subset's prefix)."""

    pdf_name: str
    path: Path
    weight: int
    style: str


@dataclass(frozen=True, slots=True)
class Family:
    """Four faces under one name: regular, italic, bold, bold italic.

    `css_name` becomes part of the font's name inside each PDF: another name gives other bytes. It is not the font's own, so that
    one that is installed on the machine can never stand in for the one that is meant.
    """

    name: Font
    css_name: str
    faces: tuple[Face, Face, Face, Face]

    @property
    def folder(self) -> Path:
        """The folder of the four files."""
        return self.faces[0].path.parent

    def face(self, weight: int, style: str = "normal") -> Face:
        """The face of this weight (400 or 700) and style (`normal` or `italic`)."""
        return next(face for face in self.faces if (face.weight, face.style) == (weight, style))

    def font_face_rules(self) -> str:
        """The `@font-face` rules of all four faces, their files named as they lie in the family's folder.

        All four, because WeasyPrint draws a missing bold or italic with the regular glyphs and still names the font "Bold".
        """
        return "\n".join(
            f'@font-face {{ font-family: "{self.css_name}"; font-weight: {face.weight}; font-style: {face.style};'
            f' src: url("{face.path.name}"); }}'
            for face in self.faces
        )

    def drawable_characters(self) -> frozenset[int]:
        """The code points that all four faces can draw."""
        return frozenset.intersection(*(frozenset(glyph_table(face).characters) for face in self.faces))


@dataclass(frozen=True, slots=True)
class GlyphTable:
    """What the glyphs of one face say and how wide they are.

    `text` is what each glyph says by its code point or name; `thai_text` that of purely Thai glyphs alone. A glyph of several
    code points, such as one for SARA AA and LAKKHANGYAO, is in `ambiguous` with all of them: which is meant only the use tells.
    Widths are in thousandths of the font size. `characters` has the glyph of each code point that the face can draw.
    """

    text: Mapping[int, str]
    thai_text: Mapping[int, str]
    ambiguous: Mapping[int, frozenset[str]]
    advances: tuple[int, ...]
    characters: Mapping[int, int]

    def text_of(self, glyph: int, used_for: str) -> str:
        """Return what a glyph says where it was first used for this text: the font knows better, unless both may be right."""
        if used_for in self.ambiguous.get(glyph, ()):
            return used_for
        return self.thai_text.get(glyph, used_for)

    def advance_of(self, character: str) -> int:
        """Return how wide a character is when it stands alone; marks above and below take no room."""
        glyph = self.characters.get(ord(character))
        return 0 if glyph is None else self.advances[glyph]


@cache
def find_family(font: Font) -> Family:
    """Return the family that a template names.

    Raises:
        RenderingError: it is not installed here.
    """
    if font is Font.SARABUN:
        return bundled_family()
    files = _installed_files(font)
    if missing := [style for style in _TH_SARABUN_NEW_STYLES if style not in files]:
        raise RenderingError(
            "the font {font} is not installed here in full (missing: {missing}): put its four TTF files into {folder}, "
            'or write font = "Sarabun" into template.toml',
            font=font,
            missing=", ".join(missing),
            folder=str(next(_font_folders())),
        )
    regular, italic, bold, bold_italic = (
        Face(f"MOU-TH-Sarabun-New{suffix}", files[style], weight, slant)
        for style, (suffix, weight, slant) in _TH_SARABUN_NEW_STYLES.items()
    )
    return Family(font, "MOU TH Sarabun New", (regular, italic, bold, bold_italic))


@cache
def bundled_family() -> Family:
    """Return Sarabun as it lies inside the installed package, else in the checkout beside it."""
    package = Path(mou.__file__).resolve().parent
    installed = package / "bundled_templates" / "fonts" / "sarabun"
    folder = installed if installed.is_dir() else package.parent / "templates" / "fonts" / "sarabun"
    return Family(
        Font.SARABUN,
        "MOU Sarabun",
        (
            Face("MOU-Sarabun", folder / "Sarabun_400Regular.ttf", 400, "normal"),
            Face("MOU-Sarabun-Italic", folder / "Sarabun_400Regular_Italic.ttf", 400, "italic"),
            Face("MOU-Sarabun-Bold", folder / "Sarabun_700Bold.ttf", 700, "normal"),
            Face("MOU-Sarabun-Bold-Italic", folder / "Sarabun_700Bold_Italic.ttf", 700, "italic"),
        ),
    )


_TH_SARABUN_NEW_STYLES: Final[Mapping[str, tuple[str, int, str]]] = {
    "regular": ("", 400, "normal"),
    "italic": ("-Italic", 400, "italic"),
    "bold": ("-Bold", 700, "normal"),
    "bolditalic": ("-Bold-Italic", 700, "italic"),
}


def _font_folders() -> Iterator[Path]:
    """Yield the folders in which a person or a system keeps fonts; the first is the person's own."""
    home = Path.home()
    yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "fonts"
    yield home / ".fonts"
    yield home / "Library" / "Fonts"
    yield from map(Path, ("/usr/local/share/fonts", "/usr/share/fonts", "/Library/Fonts"))


def _installed_files(name: str) -> dict[str, Path]:
    """Return the file of each style of an installed family: THSarabunNew.ttf, THSarabunNew-Bold.ttf, TH Sarabun New Bold.ttf ...

    The file's name only narrows the search; what counts is the family that the font itself names. The first folder counts.
    """
    key = "".join(name.split()).lower()
    found: dict[str, Path] = {}
    for folder in _font_folders():
        for path in sorted(folder.rglob("*.[Tt][Tt][Ff]")):
            squeezed = re.sub("[^a-z]", "", path.stem.lower())
            style = squeezed.removeprefix(key) or "regular"
            if squeezed.startswith(key) and style in _TH_SARABUN_NEW_STYLES and style not in found and _family_of(path) == name:
                found[style] = path
    return found


def _family_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:  # TTFont leaves a file open that it cannot read
            return next((str(said) for record in _FAMILY_RECORDS if (said := font["name"].getDebugName(record))), None)
    except (OSError, TTLibError, KeyError):
        return None


@cache
def glyph_table(face: Face) -> GlyphTable:
    """Return the glyph table of a face; read once per process."""
    return _read_table(face.path)


@cache
def face_in_pdf(pdf_name: str) -> Face | None:
    """Return the face that has this name inside a PDF; None if it is none of ours."""
    for font in Font:
        if pdf_name.startswith("MOU-" + font.replace(" ", "-")):
            return next((face for face in find_family(font).faces if face.pdf_name == pdf_name), None)
    return None


def _read_table(path: Path) -> GlyphTable:
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            order: list[str] = font.getGlyphOrder()
            characters: dict[int, str] = font.getBestCmap()
            metrics: Mapping[str, tuple[int, int]] = font["hmtx"].metrics
            units_per_em: int = font["head"].unitsPerEm
    except (OSError, TTLibError) as error:
        raise RenderingError(
            "a font cannot be read: {path} ({error}); install it again, or mou, if it came with mou",
            path=str(path),
            error=str(error),
        ) from error
    # A private-use code point says nothing; among several that share a glyph the Thai one counts.
    said: dict[str, str] = {}
    shared: dict[str, set[str]] = {}
    for code, name in sorted(characters.items(), reverse=True):
        if code not in _PRIVATE_USE:
            said[name] = chr(code)
            shared.setdefault(name, set()).add(chr(code))
    numbers = {name: number for number, name in enumerate(order)}
    text = {number: said.get(name) or _text_of_name(name) for number, name in enumerate(order)}
    return GlyphTable(
        text=text,
        thai_text={number: t for number, t in text.items() if t and all(ord(c) in _THAI for c in t)},
        ambiguous={numbers[name]: frozenset(texts) for name, texts in shared.items() if len(texts) > 1},
        advances=tuple(round(metrics[name][0] * 1000 / units_per_em) for name in order),
        characters={code: numbers[name] for code, name in characters.items()},
    )


def _text_of_name(name: str) -> str:
    """Return what a glyph's name says, or an empty string: `uni0E4D0E49.narrow` is nikhahit and mai tho.

    A name that ends in `.liga` tells the first character of a ligature alone (`uni0E24.liga` is RU and LAKKHANGYAO).
    """
    base, _, variant = name.partition(".")
    if variant == "liga":
        return ""
    text = ""
    for part in base.split("_"):
        match = _UNICODE_NAME.fullmatch(part)
        if match is None:
            return ""
        digits = match[1] or match[2]
        size = 4 if match[1] else len(digits)
        text += "".join(chr(int(digits[at : at + size], 16)) for at in range(0, len(digits), size))
    return text
