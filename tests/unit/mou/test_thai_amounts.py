from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.thai import (
    LARGEST_NUMBER,
    baht_in_digits,
    baht_in_words,
    number_in_words,
    parse_amount,
    to_arabic_digits,
    to_thai_digits,
)

SATANG = st.integers(min_value=0, max_value=LARGEST_NUMBER * 100)


def amount_of(satang: int) -> Decimal:
    return Decimal(f"{satang // 100}.{satang % 100:02d}")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param(0, "ศูนย์", id="nothing"),
        pytest.param(1, "หนึ่ง", id="one alone"),
        pytest.param(10, "สิบ", id="ten"),
        pytest.param(11, "สิบเอ็ด", id="eleven"),
        pytest.param(20, "ยี่สิบ", id="twenty"),
        pytest.param(21, "ยี่สิบเอ็ด", id="twenty-one"),
        pytest.param(101, "หนึ่งร้อยเอ็ด", id="one behind a hundred"),
        pytest.param(12_345, "หนึ่งหมื่นสองพันสามร้อยสี่สิบห้า", id="every power"),
        pytest.param(1_000_001, "หนึ่งล้านเอ็ด", id="one behind a million"),
        pytest.param(21_000_011, "ยี่สิบเอ็ดล้านสิบเอ็ด", id="twenty-one million"),
        pytest.param(10**12, "หนึ่งล้านล้าน", id="million millions"),
        # The number of millions is a number too, read by the same rules.
        pytest.param(1_000_001_000_000, "หนึ่งล้านเอ็ดล้าน", id="a million and one millions"),
    ],
)
def test_a_number_in_words(number: int, words: str) -> None:
    assert number_in_words(number) == words


@pytest.mark.parametrize(
    ("amount", "words", "digits"),
    [
        pytest.param("12345.50", "หนึ่งหมื่นสองพันสามร้อยสี่สิบห้าบาทห้าสิบสตางค์", "๑๒,๓๔๕.๕๐ บาท", id="with satang"),
        pytest.param("12345.5", "หนึ่งหมื่นสองพันสามร้อยสี่สิบห้าบาทห้าสิบสตางค์", "๑๒,๓๔๕.๕๐ บาท", id="one decimal"),
        pytest.param("1000001", "หนึ่งล้านเอ็ดบาทถ้วน", "๑,๐๐๐,๐๐๑.๐๐ บาท", id="whole"),
        pytest.param("500000.000", "ห้าแสนบาทถ้วน", "๕๐๐,๐๐๐.๐๐ บาท", id="zeros behind"),
        pytest.param("1E+3", "หนึ่งพันบาทถ้วน", "๑,๐๐๐.๐๐ บาท", id="with an exponent"),
        pytest.param("0.25", "ยี่สิบห้าสตางค์", "๐.๒๕ บาท", id="below a baht"),
        pytest.param("1.01", "หนึ่งบาทหนึ่งสตางค์", "๑.๐๑ บาท", id="one satang"),
        pytest.param("0", "ศูนย์บาทถ้วน", "๐.๐๐ บาท", id="nothing"),
    ],
)
def test_an_amount_in_words_and_in_digits(amount: str, words: str, digits: str) -> None:
    assert baht_in_words(Decimal(amount)) == words
    assert baht_in_digits(Decimal(amount)) == digits
    assert baht_in_digits(Decimal(amount), "arabic") == to_arabic_digits(digits)


def test_a_whole_number_is_an_amount_of_baht() -> None:
    assert (baht_in_words(20), baht_in_digits(20)) == ("ยี่สิบบาทถ้วน", "๒๐.๐๐ บาท")


@given(SATANG)
def test_an_amount_in_digits_can_be_read_back_to_the_satang(satang: int) -> None:
    for numerals in ("thai", "arabic"):
        written = baht_in_digits(amount_of(satang), numerals)
        assert parse_amount(written.removesuffix(" บาท")) == amount_of(satang)


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        pytest.param("-1", "from 0 to", id="negative"),
        pytest.param("-0.01", "from 0 to", id="a little negative"),
        pytest.param("0.005", "at most two decimals is expected, got 0.005", id="half a satang"),
        pytest.param("99999999999999999.999", "at most two decimals", id="three decimals behind many digits"),
        pytest.param("999999999999999999.01", "from 0 to", id="a satang too large"),
        pytest.param("1E+18", "from 0 to", id="a baht too large"),
        pytest.param("NaN", "from 0 to", id="not a number"),
        pytest.param("Infinity", "from 0 to", id="without end"),
    ],
)
def test_an_amount_that_nobody_can_pay_is_refused(amount: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        baht_in_words(Decimal(amount))
    with pytest.raises(ValueError, match=told):
        baht_in_digits(Decimal(amount))


@pytest.mark.parametrize("amount", [12345.5, True])
def test_a_binary_fraction_or_a_flag_is_no_amount(amount: Decimal) -> None:
    with pytest.raises(TypeError, match="a decimal amount is expected"):
        baht_in_words(amount)


@pytest.mark.parametrize("number", [-1, LARGEST_NUMBER + 1])
def test_a_number_outside_the_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 999,999,999,999,999,999 is expected"):
        number_in_words(number)


def test_the_largest_number_has_words() -> None:
    assert number_in_words(LARGEST_NUMBER).count("ล้าน") == 2


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("12345.50", id="plain"),
        pytest.param("12,345.50", id="commas"),
        pytest.param("๑๒,๓๔๕.๕๐", id="thai"),
        pytest.param(" 12,345.50 ", id="spaces around"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str) -> None:
    assert parse_amount(typed) == Decimal("12345.50")


@pytest.mark.parametrize(
    "typed", ["", "1,23", "1,2345", "12.345,50", "1.", ".5", "-5", "+5", "1e3", "NaN", "12 345", "5 บาท", "٣"]
)
def test_what_is_no_amount_is_refused_and_not_guessed(typed: str) -> None:
    with pytest.raises(ValueError, match=r"an amount such as 12,345\.50 is expected"):
        parse_amount(typed)


@given(st.integers(min_value=0))
def test_any_whole_number_is_read_with_and_without_commas_in_both_numerals(number: int) -> None:
    for typed in (str(number), f"{number:,}", to_thai_digits(f"{number:,}")):
        assert parse_amount(typed) == number
