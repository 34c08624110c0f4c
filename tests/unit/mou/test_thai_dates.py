from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.thai import english_date, english_months, thai_date, thai_months, to_arabic_digits, to_thai_digits

CEREMONY = date(2022, 3, 29)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize(
    ("form", "written"),
    [
        pytest.param({}, "๒๙ มีนาคม ๒๕๖๕", id="plain"),
        pytest.param({"era": "buddhist"}, "๒๙ มีนาคม พ.ศ. ๒๕๖๕", id="Buddhist era"),
        pytest.param({"era": "common"}, "๒๙ มีนาคม ค.ศ. ๒๐๒๒", id="common era"),
        pytest.param({"short": True}, "๒๙ มี.ค. ๒๕๖๕", id="short"),
        pytest.param({"weekday": True, "era": "buddhist"}, "วันอังคารที่ ๒๙ มีนาคม พ.ศ. ๒๕๖๕", id="day of the week"),
        pytest.param({"weekday": True, "short": True, "era": "common"}, "วันอังคารที่ ๒๙ มี.ค. ค.ศ. ๒๐๒๒", id="all at once"),
    ],
)
def test_a_date_takes_the_form_that_is_asked_for(form: dict[str, object], written: str) -> None:
    assert thai_date(CEREMONY, **form) == written  # type: ignore[arg-type]  # a column of the table
    assert thai_date(CEREMONY, "arabic", **form) == to_arabic_digits(written)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("form", "written"),
    [
        pytest.param({}, "29 March 2022", id="plain"),
        pytest.param({"weekday": True}, "Tuesday, 29 March 2022", id="day of the week"),
        pytest.param({"era": "buddhist"}, "29 March B.E. 2565 (2022)", id="Buddhist era"),
    ],
)
def test_a_date_in_english_is_of_the_common_era_and_names_another(form: dict[str, object], written: str) -> None:
    assert english_date(CEREMONY, **form) == written  # type: ignore[arg-type]  # a column of the table


@given(DAYS)
def test_an_english_date_is_the_one_of_the_calendar(day: date) -> None:
    assert english_date(day, weekday=True) == f"{day:%A}, {day.day} {day:%B} {day.year}"  # the C library's English words


@given(DAYS, st.sampled_from(["thai", "arabic"]))
def test_a_year_of_the_common_era_is_never_without_its_name(day: date, numerals: str) -> None:
    written = thai_date(day, numerals, era="common")  # type: ignore[arg-type]  # drawn from the two
    year = to_thai_digits(str(day.year)) if numerals == "thai" else str(day.year)
    assert written.endswith(f"ค.ศ. {year}")
    assert "พ.ศ." not in written


@given(DAYS)
def test_a_date_with_its_weekday_says_day_once(day: date) -> None:
    assert thai_date(day, weekday=True).count("วัน") == 1


@pytest.mark.parametrize(
    ("era", "written"),
    [
        pytest.param(None, "ตุลาคม ๒๕๖๔ – กันยายน ๒๕๖๕", id="plain"),
        pytest.param("buddhist", "ตุลาคม พ.ศ. ๒๕๖๔ – กันยายน พ.ศ. ๒๕๖๕", id="Buddhist era"),
        pytest.param("common", "ตุลาคม ค.ศ. ๒๐๒๑ – กันยายน ค.ศ. ๒๐๒๒", id="common era"),
    ],
)
def test_the_months_of_a_period_name_the_era_with_each_year(era: str | None, written: str) -> None:
    assert thai_months(date(2021, 10, 1), date(2022, 9, 30), era=era) == written  # type: ignore[arg-type]


def test_the_months_of_a_period_in_english_have_a_year_once_where_one_is_enough() -> None:
    assert english_months(date(2022, 4, 1), date(2022, 12, 31)) == "April – December 2022"
    assert english_months(date(2021, 10, 1), date(2022, 9, 30)) == "October 2021 – September 2022"


@pytest.mark.parametrize("write", [thai_date, english_date])
def test_an_era_that_does_not_exist_is_refused(write: object) -> None:
    with pytest.raises(ValueError, match="one of buddhist, common, is expected, got 'julian'"):
        write(CEREMONY, era="julian")  # type: ignore[operator]  # the fault itself
