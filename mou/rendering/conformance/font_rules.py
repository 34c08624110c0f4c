"""Rules on the fonts in which something is shown. Sources: ISO 19005-3:2012, 6.2.11; ISO 14289-1:2014, 7.21."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name, Stream

from mou.rendering.conformance.font_program import (
    TrueTypeProgram,
    declared_widths,
    glyph_of,
    is_private_use,
    read_true_type,
    to_unicode_of,
)
from mou.rendering.conformance.inspection import Inspection, UsedFont
from mou.rendering.conformance.report import Fault, Observation, Rule, Unseen
from signatures.messages import Message, say

_TYPES = frozenset(["/Type0", "/Type1", "/MMType1", "/TrueType", "/Type3"])
_PROGRAMS = (Name.FontFile, Name.FontFile2, Name.FontFile3)
_IDENTITY = frozenset({"/Identity-H", "/Identity-V"})
_NAMED_ENCODINGS = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding", "/MacExpertEncoding"})
_NOT_TEXT = frozenset("\0\ufeff\ufffe")
_WIDTH_TOLERANCE = 1  # thousandths of the em: what rounding may move
_MOST_SHOWN = 8  # glyphs that a message names


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """A composite font with Identity encoding and a TrueType program: code -> CID -> glyph."""

    font: UsedFont
    descendant: pikepdf.Object
    program: TrueTypeProgram
    mapping: Mapping[int, int] | None

    def glyph(self, code: int) -> int:
        return code if self.mapping is None else self.mapping.get(code, 0)


def fonts_are_whole(inspection: Inspection) -> Iterator[Observation]:
    """A font says what it is: Type, Subtype and, but for glyphs that are drawings, BaseFont."""
    for font in inspection.fonts:
        kind = str(font.dictionary.get(Name.Subtype, ""))
        if (
            font.dictionary.get(Name.Type) != Name.Font
            or kind not in _TYPES
            or (kind != "/Type3" and Name.BaseFont not in font.dictionary)
        ):
            yield Fault(say("a font with Type, Subtype and BaseFont is expected"), _place(font))


def fonts_are_embedded(inspection: Inspection) -> Iterator[Observation]:
    """Each font that leaves ink has its program in the file."""
    for font in inspection.fonts:
        if font.is_drawn and font.dictionary.get(Name.Subtype) != Name.Type3 and _program(font) is None:
            yield Fault(say("an embedded font is expected"), _place(font))


def fonts_map_characters_to_glyphs(inspection: Inspection) -> Iterator[Observation]:
    """A TrueType font of many characters says which glyph each is (CIDToGIDMap)."""
    for font in inspection.fonts:
        descendant = _descendant(font)
        if descendant.get(Name.Subtype) == Name.CIDFontType2 and not (
            descendant.get(Name.CIDToGIDMap) == Name.Identity or isinstance(descendant.get(Name.CIDToGIDMap), Stream)
        ):
            yield Fault(say("CIDToGIDMap is expected: Identity or a stream"), _place(font))


def fonts_embed_their_encoding(inspection: Inspection) -> Iterator[Observation]:
    """The encoding of a composite font is Identity-H, Identity-V or embedded; an embedded one is not looked at."""
    for font in inspection.fonts:
        encoding = font.dictionary.get(Name.Encoding)
        if not font.is_composite or str(encoding) in _IDENTITY:
            continue
        if isinstance(encoding, Stream):
            yield Unseen(say("what an embedded CMap says"), _place(font))
        else:
            yield Fault(
                say("the encoding Identity-H, Identity-V or an embedded CMap is expected, got {name}", name=str(encoding)),
                _place(font),
            )


def fonts_have_the_glyphs_shown(inspection: Inspection) -> Iterator[Observation]:
    """Each glyph that is shown is one of the embedded program; programs of other kinds than TrueType are not looked at."""
    for font in inspection.fonts:
        if (unseen := _unseen_program(font)) is not None:
            yield Unseen(unseen, _place(font))
    for glyphs in _readable(inspection):
        missing = [code for code in sorted(glyphs.font.codes) if glyphs.glyph(code) >= glyphs.program.glyph_count]
        if missing:
            yield Fault(
                say("the embedded font is expected to have the glyphs {codes}", codes=_named(missing)), _place(glyphs.font)
            )


def widths_are_those_of_the_font(inspection: Inspection) -> Iterator[Observation]:
    """The width of a glyph in the file is that in the font program."""
    for glyphs in _readable(inspection):
        widths = declared_widths(glyphs.descendant, iter(glyphs.font.codes))
        differing = [
            code
            for code, width in sorted(widths.items())
            if abs(width - glyphs.program.advance(glyphs.glyph(code))) > _WIDTH_TOLERANCE
        ]
        if differing:
            yield Fault(
                say("the widths of the embedded font are expected for the glyphs {codes}", codes=_named(differing)),
                _place(glyphs.font),
            )


def glyphs_have_text(inspection: Inspection) -> Iterator[Observation]:
    """Each glyph that is shown can be turned into text."""
    for font in inspection.fonts:
        text = to_unicode_of(font.dictionary)
        if text is None and not font.is_composite and str(font.dictionary.get(Name.Encoding)) in _NAMED_ENCODINGS:
            continue
        if silent := [code for code in sorted(font.codes) if not (text or {}).get(code)]:
            yield Fault(say("text is expected for the glyphs {codes} (ToUnicode)", codes=_named(silent)), _place(font))


def glyphs_have_real_text(inspection: Inspection) -> Iterator[Observation]:
    """No glyph that is shown stands for U+0000, U+FEFF or U+FFFE."""
    for font in inspection.fonts:
        text = to_unicode_of(font.dictionary) or {}
        if wrong := [code for code in sorted(font.codes) if _NOT_TEXT & set(text.get(code, ""))]:
            yield Fault(
                say("characters are expected for the glyphs {codes}, got U+0000, U+FEFF or U+FFFE", codes=_named(wrong)),
                _place(font),
            )


def private_characters_are_explained(inspection: Inspection) -> Iterator[Observation]:
    """A glyph that stands for a private-use character has an ActualText in the content round it."""
    for font in inspection.fonts:
        text = to_unicode_of(font.dictionary) or {}
        private = [
            code for code, is_replaced in sorted(font.codes.items()) if not is_replaced and is_private_use(text.get(code, ""))
        ]
        if private:
            yield Fault(say("an ActualText is expected for the private-use glyphs {codes}", codes=_named(private)), _place(font))


def no_missing_glyph_is_shown(inspection: Inspection) -> Iterator[Observation]:
    """The glyph that stands for a missing one, .notdef, is never shown."""
    for font in inspection.fonts:
        if (
            font.is_composite
            and (mapping := _mapping(font)) is not None
            and any(mapping.get(code, 0) == 0 for code in font.codes)
        ) or (font.is_composite and _mapping(font) is None and 0 in font.codes):
            yield Fault(say("a glyph for each character is expected, got .notdef"), _place(font))


def _place(font: UsedFont) -> Message:
    return say("{place}, font {font}", place=font.place, font=font.name)


def _descendant(font: UsedFont) -> pikepdf.Object:
    """Return the one CIDFont of a composite font, for a simple one an empty dictionary."""
    descendants = font.dictionary.get(Name.DescendantFonts)
    return descendants[0] if descendants is not None else Dictionary()


def _mapping(font: UsedFont) -> Mapping[int, int] | None:
    return glyph_of(_descendant(font))


def _program(font: UsedFont) -> pikepdf.Object | None:
    holder = _descendant(font) if font.is_composite else font.dictionary
    descriptor = holder.get(Name.FontDescriptor, Dictionary())
    return next((descriptor[key] for key in _PROGRAMS if isinstance(descriptor.get(key), Stream)), None)


def _unseen_program(font: UsedFont) -> Message | None:
    """Say what cannot be judged of a font, None where everything can."""
    if _program(font) is None:
        return None
    if not font.is_composite:
        return say("glyphs and widths of a font of one byte a character")
    if str(font.dictionary.get(Name.Encoding)) not in _IDENTITY or Name.FontFile2 not in _descendant(font).FontDescriptor:
        return say("glyphs and widths of a font program that is not TrueType with Identity encoding")
    return None


def _readable(inspection: Inspection) -> Iterator[_Glyphs]:
    """Yield the fonts whose glyphs can be followed into the program.

    Raises:
        LookupError: an embedded program has not the tables that it must have.
    """
    for font in inspection.fonts:
        program = _program(font)
        if program is None or not font.is_drawn or _unseen_program(font) is not None:
            continue
        try:
            yield _Glyphs(font, _descendant(font), read_true_type(program.read_bytes()), _mapping(font))
        except struct.error as error:
            raise LookupError(f"{font.name}: {error}") from error


def _named(codes: list[int]) -> str:
    named = ", ".join(f"{code:04X}" for code in codes[:_MOST_SHOWN])
    return named if len(codes) <= _MOST_SHOWN else f"{named} ... ({len(codes)})"


RULES = (
    Rule(fonts_are_whole, archive="6.2.11.2"),
    Rule(fonts_are_embedded, archive="6.2.11.4", access="7.21.4.1"),
    Rule(fonts_map_characters_to_glyphs, archive="6.2.11.3", access="7.21.3.2"),
    Rule(fonts_embed_their_encoding, archive="6.2.11.3", access="7.21.3.3"),
    Rule(fonts_have_the_glyphs_shown, archive="6.2.11.4", access="7.21.4.1"),
    Rule(widths_are_those_of_the_font, archive="6.2.11.5", access="7.21.5"),
    Rule(glyphs_have_text, archive="6.2.11.7", access="7.21.7"),
    Rule(glyphs_have_real_text, archive="6.2.11.7", access="7.21.7"),
    Rule(private_characters_are_explained, archive="6.2.11.7"),
    Rule(no_missing_glyph_is_shown, archive="6.2.11.8", access="7.21.8"),
)
