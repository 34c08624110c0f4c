"""PyThaiNLP as the referee: whatever both can write must be the same, but for two differences that are stated here."""

import importlib
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mou.thai import LARGEST_NUMBER, Numerals, baht_in_words, number_in_words, thai_date

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
NUMBERS = st.integers(min_value=0, max_value=LARGEST_NUMBER) | st.text(alphabet="0123", min_size=1, max_size=18).map(int)
# The referee takes binary fractions: up to here one has the satang exactly.
SATANG = st.integers(min_value=100, max_value=10**15) | st.text(alphabet="0123", min_size=3, max_size=15).map(int).filter(
    lambda satang: satang >= 100
)


@pytest.fixture(scope="module")
def referee(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """PyThaiNLP's conversions, which keep out of the home folder and off the network; what importing it warns of is not ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHAINLP_DATA", str(tmp_path_factory.mktemp("pythainlp")))
        patch.setenv("PYTHAINLP_OFFLINE", "1")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = importlib.import_module("pythainlp.util")
        yield module


FORMS = {
    "plain": ("%-d %B %Y", {}),
    "era": ("%-d %B พ.ศ. %Y", {"era": "buddhist"}),
    "short": ("%-d %b %Y", {"short": True}),
    "weekday": ("%Aที่ %-d %B พ.ศ. %Y", {"era": "buddhist", "weekday": True}),
}


@pytest.mark.parametrize("numerals", ["thai", "arabic"])
@pytest.mark.parametrize(("pattern", "form"), FORMS.values(), ids=FORMS.keys())
@given(day=DAYS)
def test_a_date_is_the_referee_s(referee: ModuleType, numerals: Numerals, pattern: str, form: dict[str, Any], day: date) -> None:
    its_own = referee.thai_strftime(datetime.combine(day, time()), pattern, thaidigit=numerals == "thai")
    assert thai_date(day, numerals, **form) == its_own


@pytest.mark.parametrize("month", range(1, 13))
def test_each_month_is_the_referee_s(referee: ModuleType, month: int) -> None:
    noon = datetime(2022, month, 28)  # noqa: DTZ001  # a day of the calendar, in no zone
    assert thai_date(noon.date(), "arabic") == referee.thai_strftime(noon, "%-d %B %Y")
    assert thai_date(noon.date(), "arabic", short=True) == referee.thai_strftime(noon, "%-d %b %Y")


@given(number=NUMBERS)
@example(number=1_000_001_000_000)
@example(number=21_000_001_000_001)
def test_a_number_in_words_is_the_referee_s_but_for_a_one_before_the_inner_million(referee: ModuleType, number: int) -> None:
    # The referee reads six digits at a time, so that of 1,000,001 millions it makes หนึ่งล้านหนึ่งล้าน. Here the millions are
    # a number by themselves, whose last one is เอ็ด as in หนึ่งล้านเอ็ด.
    assert number_in_words(number) == referee.num_to_thaiword(number).replace("ล้านหนึ่งล้าน", "ล้านเอ็ดล้าน")


@given(satang=SATANG)
@example(satang=1_234_550)
@example(satang=100_000_100)
def test_an_amount_from_a_baht_on_is_the_referee_s(referee: ModuleType, satang: int) -> None:
    amount = Decimal(f"{satang // 100}.{satang % 100:02d}")
    its_own = referee.bahttext(float(amount)).replace("ล้านหนึ่งล้าน", "ล้านเอ็ดล้าน")
    assert baht_in_words(amount) == its_own


@pytest.mark.parametrize("satang", range(1, 100))
def test_an_amount_below_a_baht_is_the_referee_s_without_its_no_baht(referee: ModuleType, satang: int) -> None:
    # The referee says ศูนย์บาทยี่สิบห้าสตางค์; on paper nobody writes that there is no baht.
    its_own = referee.bahttext(satang / 100)
    assert its_own.startswith("ศูนย์บาท")
    assert baht_in_words(Decimal(satang) / 100) == its_own.removeprefix("ศูนย์บาท")


def test_nothing_is_the_referee_s_nothing(referee: ModuleType) -> None:
    assert baht_in_words(0) == referee.bahttext(0)
