"""Numbers and amounts of money, in words and in digits. Pure, and exact: no binary fraction ever stands for money.

Rules of the words:
1. A one at the end of a longer number is เอ็ด: สิบเอ็ด, หนึ่งร้อยเอ็ด, หนึ่งล้านเอ็ด. Two tens are ยี่สิบ, one ten is สิบ.
2. Above a million the millions are a number themselves, read by the same rules: ๑๒,๐๐๐,๐๐๐ is สิบสองล้าน, a million
   millions are หนึ่งล้านล้าน.
3. An amount without satang ends in ถ้วน, so that nobody can write more behind it. One below a baht has no ศูนย์บาท before it.
"""

import re
from decimal import Decimal
from typing import Final

from mou.thai.numerals import Numerals, in_numerals, to_arabic_digits
from signatures.messages import say

LARGEST_NUMBER: Final = 10**18 - 1
"""Nobody pays more; beyond it ล้าน would be said three times."""

_DIGITS: Final = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_POWERS: Final = ((100_000, "แสน"), (10_000, "หมื่น"), (1_000, "พัน"), (100, "ร้อย"))
_MILLION: Final = 1_000_000
_SATANG_IN_BAHT: Final = 100
_TYPED_AMOUNT: Final = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")


def number_in_words(number: int) -> str:
    """The number in Thai words: 21 is ยี่สิบเอ็ด, 1,000,001 หนึ่งล้านเอ็ด.

    Raises:
        ValueError: it is negative or over `LARGEST_NUMBER`.
    """
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(say("a number from 0 to {last:,} is expected, got {number:,}", last=LARGEST_NUMBER, number=number))
    return _words(number) or _DIGITS[0]


def _words(number: int) -> str:
    """The words of a number, none for 0."""
    millions, rest = divmod(number, _MILLION)
    words = f"{_words(millions)}ล้าน" if millions else ""
    for power, name in _POWERS:
        count, rest = divmod(rest, power)
        words += f"{_DIGITS[count]}{name}" if count else ""
    return words + _below_a_hundred(rest, is_alone=not words)


def _below_a_hundred(number: int, *, is_alone: bool) -> str:
    tens, ones = divmod(number, 10)
    ten = {0: "", 1: "สิบ", 2: "ยี่สิบ"}.get(tens, f"{_DIGITS[tens]}สิบ")
    if ones == 1:
        return f"{ten}{'หนึ่ง' if is_alone and not ten else 'เอ็ด'}"
    return ten + (_DIGITS[ones] if ones else "")


def parse_amount(typed: str) -> Decimal:
    """The amount that somebody typed, in Thai or Arabic numerals, with or without commas between the thousands: 12,345.50.

    Raises:
        ValueError: it is not an amount, or a comma stands at another place.
    """
    digits = to_arabic_digits(typed.strip())
    if not _TYPED_AMOUNT.fullmatch(digits):
        raise ValueError(say("an amount such as 12,345.50 is expected, got {typed!r}", typed=typed))
    return Decimal(digits.replace(",", ""))


def baht_in_words(amount: Decimal | int) -> str:
    """The amount of money in Thai words: 12,345.50 is หนึ่งหมื่นสองพันสามร้อยสี่สิบห้าบาทห้าสิบสตางค์, 20 ยี่สิบบาทถ้วน.

    Raises:
        ValueError: it is negative, over `LARGEST_NUMBER`, or divides a satang.
        TypeError: it is a binary fraction.
    """
    baht, satang = divmod(_satang_of(amount), _SATANG_IN_BAHT)
    if not satang:
        return f"{number_in_words(baht)}บาทถ้วน"
    return f"{number_in_words(baht)}บาท{_words(satang)}สตางค์" if baht else f"{_words(satang)}สตางค์"


def baht_in_digits(amount: Decimal | int, numerals: Numerals = "thai") -> str:
    """The amount of money in digits: ๑๒,๓๔๕.๕๐ บาท. The satang are always there, so that nobody can write them in.

    Raises:
        ValueError: it is negative, over `LARGEST_NUMBER`, or divides a satang.
        TypeError: it is a binary fraction.
    """
    baht, satang = divmod(_satang_of(amount), _SATANG_IN_BAHT)
    return f"{in_numerals(f'{baht:,}.{satang:02d}', numerals)} บาท"


def _satang_of(amount: Decimal | int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int)):
        raise TypeError(say("a decimal amount is expected, got {kind} {amount!r}", kind=type(amount).__name__, amount=amount))
    if not Decimal(amount).is_finite() or not 0 <= amount <= LARGEST_NUMBER:
        raise ValueError(say("an amount from 0 to {last:,} baht is expected, got {amount}", last=LARGEST_NUMBER, amount=amount))
    # As whole numbers, since decimal arithmetic rounds what has more than 28 digits.
    numerator, denominator = amount.as_integer_ratio()
    satang, remainder = divmod(numerator * _SATANG_IN_BAHT, denominator)
    if remainder:
        raise ValueError(say("an amount of at most two decimals is expected, got {amount}", amount=amount))
    return satang
