"""Numbers as they are written: Thai or Arabic numerals, numbers of articles, letters of items. Pure."""

from typing import Final, Literal, TypeAlias

Numerals: TypeAlias = Literal["thai", "arabic"]

# Lists leave out ฃ and ฅ, which stand in no word today, and by custom ฆ.
_LIST_LETTERS: Final = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_TO_THAI: Final = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def to_thai_digits(text: str) -> str:
    """The text with 0 to 9 written ๐ to ๙, all else as it was."""
    return text.translate(_TO_THAI)


def to_arabic_digits(text: str) -> str:
    """The text with ๐ to ๙ written 0 to 9, all else as it was."""
    return text.translate(_TO_ARABIC)


def in_numerals(number: int | str, numerals: Numerals = "thai") -> str:
    """The number in the numerals of the document."""
    return to_thai_digits(str(number)) if numerals == "thai" else to_arabic_digits(str(number))


def article_number(number: int, numerals: Numerals = "thai") -> str:
    """The number of an article: ข้อ ๑."""
    return f"ข้อ {in_numerals(number, numerals)}"


def letter(number: int) -> str:
    """The letter of an item, counted from 1: (ก), (ข), ... (ฮ).

    Raises:
        ValueError: there are 41 letters.
    """
    if not 1 <= number <= len(_LIST_LETTERS):
        raise ValueError(f"an item from 1 to {len(_LIST_LETTERS)} is expected, got {number}")
    return f"({_LIST_LETTERS[number - 1]})"
