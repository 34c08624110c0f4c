"""What the characters of a text are: seen or not, in the right order, how wide. Pure."""

import re
import unicodedata


def columns(text: str) -> int:
    """How many columns the text takes: marks above and below a letter take none."""
    return sum(not unicodedata.category(character).startswith("M") for character in text)


def invisible_characters(text: str) -> tuple[str, ...]:
    """The characters of the text that nobody would see, each as its code point and name, without repetition.

    Control and format characters (U+200B, U+2060, U+FEFF, direction marks), private and unassigned code points, line and
    paragraph separators. Spaces are seen, the no-break space among them.
    """
    found = dict.fromkeys(one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
    return tuple(f"U+{ord(one):04X} {unicodedata.name(one, 'control character')}" for one in found)


def misordered_marks(text: str) -> tuple[str, ...]:
    """The places where a tone mark was typed before its vowel: it looks right, and no search finds it.

    NFC cannot mend them, since most Thai vowel signs have combining class 0.
    """
    return tuple(re.findall(r"[ก-ฮ][\u0E47-\u0E4E]+[\u0E31\u0E34-\u0E3A]", text))
