"""Signs of Word's symbol fonts as characters that every font may have. Pure.

In such a font a sign stands in the place of a letter, at F000 and the letter's number; without the font nobody can read it.
"""

from typing import Final

from mou.rendering.word.element_names import Element, W

FIRST: Final = 0xF000
LAST: Final = 0xF0FF
BULLET: Final = "•"
_SYMBOL: Final = {
    0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD6: "√", 0x2D: "−", 0x61: "α",
    0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x70: "π", 0x53: "Σ", 0x73: "σ", 0x57: "Ω", 0x77: "ω", 0x44: "Δ",
}  # fmt: skip
_WINGDINGS: Final = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "❐", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9F: "•",
    0xA1: "○", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓",
    0xFD: "☒", 0xFE: "☑", 0x28: "☎", 0x2A: "✉", 0x21: "✎", 0x22: "✂", 0x46: "☞", 0x45: "☜",
}  # fmt: skip
_WINGDINGS_2: Final = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA3: "□", 0x2A: "☐"}
_FONTS: Final = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def symbol(font: str, code: int) -> str | None:
    """Return the character for a sign of a symbol font, its code with or without F000; None for one that is not known."""
    return _FONTS.get(font.casefold(), {}).get(code - FIRST if code >= FIRST else code)


def sign_of(sign: Element) -> str | None:
    """Return the character that `w:sym` shows; None for one that nobody can read without its font."""
    try:
        code = int(sign.get(f"{W}char", ""), 16)
        character = symbol(sign.get(f"{W}font", ""), code) or ("" if is_private(chr(code)) else chr(code))
    except (ValueError, OverflowError):
        return None
    return character if character and character.isprintable() else None


def is_private(character: str) -> bool:
    """Return whether a character is one of a symbol font, which says nothing without it."""
    return FIRST <= ord(character) <= LAST
