"""Numbers as they are written: Thai or Arabic numerals, numbers of articles and items, letters. Pure."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from signatures.messages import say

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


def item_number(numbers: Sequence[int], numerals: Numerals = "thai") -> str:
    """The number of an item in its article, of any depth: (1, 2) is ๑.๒, (1, 2, 3) is ๑.๒.๓.

    Raises:
        ValueError: there is no number, or one below 1.
    """
    if not numbers or min(numbers) < 1:
        raise ValueError(say("numbers from 1 on are expected, got {numbers}", numbers=", ".join(map(str, numbers)) or "-"))
    return in_numerals(".".join(map(str, numbers)), numerals)


def article_number(number: int | Sequence[int], numerals: Numerals = "thai") -> str:
    """The number of an article, ข้อ ๑, or of an item where others refer to it, ข้อ ๑.๒.

    Raises:
        ValueError: there is no number, or one below 1.
    """
    return f"ข้อ {item_number([number] if isinstance(number, int) else number, numerals)}"


def letter(number: int) -> str:
    """The letter of an item, counted from 1: (ก), (ข), ... (ฮ).

    Raises:
        ValueError: there are 41 letters.
    """
    if not 1 <= number <= len(_LIST_LETTERS):
        raise ValueError(say("an item from 1 to {last} is expected, got {number}", last=len(_LIST_LETTERS), number=number))
    return f"({_LIST_LETTERS[number - 1]})"
