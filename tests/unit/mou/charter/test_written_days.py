"""A day in a table is read as it was meant, or not at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.charter.written_days import written_day
from mou.thai import thai_date
from mou.thai.dates import english_date

CEREMONY = date(2022, 3, 29)
READ = {
    "iso": "2022-03-29",
    "iso-of-the-buddhist-era": "2565-03-29",
    "iso-of-a-workbook": "2022-03-29 00:00:00",
    "words": "29 มีนาคม 2565",
    "thai-numerals": "๒๙ มีนาคม ๒๕๖๕",
    "short-month": "29 มี.ค. 2565",
    "slashes": "29/3/2565",
    "slashes-in-thai": "๒๙/๐๓/๒๕๖๕",
    "points": "29.3.2565",
    "weekday": "วันอังคารที่ ๒๙ มีนาคม ๒๕๖๕",
    "day-word": "วันที่ 29 มีนาคม พ.ศ. 2565",
    "era-without-a-space": "29 มีนาคม พ.ศ.2565",
    "common-era": "29 มีนาคม ค.ศ. 2022",
    "english": "29 March 2022",
    "no-break-spaces": "29\u00a0มีนาคม\u00a02565",
    "spaces-around": "  29  มีนาคม  2565 ",
}
NOT_READ = {
    "nothing": "",
    "another-weekday": "วันพุธที่ 29 มีนาคม 2565",
    "two-digits-of-a-year": "29/3/65",
    "a-short-year-in-words": "29 มี.ค. 65",
    "which-is-the-month": "3/4/2022",
    "month-first": "3/29/2565",
    "thai-month-in-no-era": "29 มีนาคม 2022",
    "the-wrong-era": "29 มีนาคม ค.ศ. 2565",
    "no-such-day": "31 เมษายน 2565",
    "no-leap-year": "29/2/2566",
    "a-month-that-is-none": "29 มีนาคมม 2565",
    "with-a-time": "2022-03-29 08:30:00",
    "a-number": "44649",
    "a-year-that-nobody-means": "0022-03-29",
    "two-days": "29-30 มีนาคม 2565",
}


@pytest.mark.parametrize("text", READ.values(), ids=READ.keys())
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert written_day(text) == CEREMONY


@pytest.mark.parametrize("text", NOT_READ.values(), ids=NOT_READ.keys())
def test_what_leaves_the_day_open_is_not_read(text: str) -> None:
    assert written_day(text) is None


def test_a_leap_day_is_one_of_the_common_year() -> None:
    assert written_day("29/2/2567") == written_day("2567-02-29") == date(2024, 2, 29)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_day_that_the_program_writes_is_read_back(day: date) -> None:
    written = [
        day.isoformat(),
        thai_date(day),
        thai_date(day, "arabic", era="common"),
        thai_date(day, era="buddhist", weekday=True),
        thai_date(day, short=True),
        english_date(day),
    ]
    assert {written_day(text) for text in written} == {day}


@given(st.text(max_size=30))
def test_no_text_is_more_than_a_day_or_none(text: str) -> None:
    assert written_day(text) is None or isinstance(written_day(text), date)
