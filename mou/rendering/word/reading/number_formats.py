"""A count in one of Word's number formats (ISO/IEC 29500-1, 17.18.59): decimal, Thai, letters, Roman. Pure."""

import re
from collections.abc import Callable
from typing import Final

from mou.thai.amounts import number_in_words
from mou.thai.numerals import letter, to_thai_digits

_LATIN_LETTERS: Final = 26
_THAI_LETTERS: Final = 41
# Word repeats a letter up to thirty times, and writes no Roman number above 32767; what is larger is written in figures.
_MOST_REPEATED: Final = 30
_LARGEST_ROMAN: Final = 4_999
_LARGEST_IN_WORDS: Final = 999_999_999
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
    (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_KNOWN: Final = frozenset(
    {
        *("none", "bullet", "decimal", "decimalZero", "decimalHalfWidth", "numberInDash", "lowerRoman", "upperRoman"),
        *("lowerLetter", "upperLetter", "thaiNumbers", "thaiLetters", "thaiCounting"),
    }
)
_MOST_ZEROS: Final = 20
_ZEROS: Final = re.compile(r"0+\d")


def is_known(kind: str, pattern: str = "") -> bool:
    """Return whether counts in this format are written here as Word writes them."""
    return bool(_ZEROS.match(pattern)) if pattern else kind in _KNOWN


def formatted(count: int, kind: str, pattern: str = "") -> str:
    """Return the count in a format by its name in the file; one that is not known here is written in figures.

    `pattern` is that of a `custom` format, such as `001, 002, 003, ...`.
    """
    if kind == "none":
        return ""
    if kind == "decimalZero":
        return f"{count:02d}"
    if pattern and (zeros := _ZEROS.match(pattern)):
        return str(count).zfill(min(len(zeros[0]), _MOST_ZEROS))
    if kind == "numberInDash":
        return f"- {count} -"
    if kind == "thaiNumbers":
        return to_thai_digits(str(count))
    return _in_letters_or_words(count, kind) if count > 0 else str(count)


def _in_letters_or_words(count: int, kind: str) -> str:
    if kind == "thaiCounting" and count <= _LARGEST_IN_WORDS:
        return number_in_words(count)
    if kind in {"lowerRoman", "upperRoman"} and count <= _LARGEST_ROMAN:
        return _roman(count) if kind == "lowerRoman" else _roman(count).upper()
    if kind in {"lowerLetter", "upperLetter"} and count <= _LATIN_LETTERS * _MOST_REPEATED:
        return _repeated(count, _LATIN_LETTERS, lambda number: chr(ord("a" if kind == "lowerLetter" else "A") + number - 1))
    if kind == "thaiLetters" and count <= _THAI_LETTERS * _MOST_REPEATED:
        return _repeated(count, _THAI_LETTERS, lambda number: letter(number).strip("()"))
    return str(count)


def _repeated(count: int, letters: int, letter_of: Callable[[int], str]) -> str:
    """After the last letter comes the first one twice: z, aa, bb (not ab)."""
    times, position = divmod(count - 1, letters)
    return letter_of(position + 1) * (times + 1)


def _roman(count: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        times, count = divmod(count, value)
        written += sign * times
    return written
