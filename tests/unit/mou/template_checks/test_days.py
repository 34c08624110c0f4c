from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.template_checks.days import effects_that_differ, mixed_eras, reversed_periods, wrong_days, years_of_another_era
from mou.template_checks.findings import Severity
from mou.thai import english_date, thai_date
from tests.unit.mou.template_checks.texts import codes, text_of, told

DAYS = st.dates(date(1957, 1, 1), date(2400, 1, 1))


@given(DAYS)
def test_no_day_that_the_program_writes_is_wrong(day: date) -> None:
    thai, english = thai_date(day, weekday=True), english_date(day, weekday=True)
    era = thai_date(day, "arabic", era="common", short=True, weekday=True)
    assert not list(wrong_days(text_of(f'<p>{thai}</p><p>{era}</p><p lang="en">{english}</p>')))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("วันจันทร์ที่ ๒๙ มีนาคม ๒๕๖๕", "weekday_wrong", id="another day's weekday"),
        pytest.param("วันจันทร์ที่ ๒๙ มี.ค. พ.ศ. ๒๕๖๕", "weekday_wrong", id="short month and era"),
        pytest.param("๓๑ กุมภาพันธ์ ๒๕๖๕", "day_impossible", id="no such day"),
        pytest.param("๓๑ เดือนกุมภาพันธ์ พ.ศ. ๒๕๖๕", "day_impossible", id="with the word for month"),
        pytest.param("วันจันทร์ ที่ ๒๙ เดือน มีนาคม พุทธศักราช ๒๕๖๕", "weekday_wrong", id="in full"),
        pytest.param('<span lang="en">Monday, 29 March 2022</span>', "weekday_wrong", id="English"),
    ],
)
def test_a_day_that_cannot_be_is_an_error_with_its_line(words: str, code: str) -> None:
    (finding,) = wrong_days(text_of(f"<p>ก</p>\n<p>เมื่อ {words}</p>"))
    assert (finding.code, finding.severity, finding.place.line) == (code, Severity.ERROR, 2)


def test_a_wrong_weekday_is_told_with_the_right_one() -> None:
    assert "วันอังคารที่ ๒๙ มีนาคม ๒๕๖๕" in told(wrong_days(text_of("<p>วันจันทร์ที่ ๒๙ มีนาคม ๒๕๖๕</p>")))[0]


@pytest.mark.parametrize(
    "words",
    [
        "ระหว่างวันที่ ๑ เมษายน ๒๕๖๕ ถึงวันที่ ๓๑ มีนาคม ๒๕๖๕",
        "๑ เม.ย. ๒๕๖๕ – ๓๑ มี.ค. ๒๕๖๕",
        "เมษายน – มกราคม ๒๕๖๖",
        "เดือนเมษายน ๒๕๖๖ ถึงเดือนธันวาคม ๒๕๖๕",
        '<span lang="en">1 April 2022 to 31 March 2022</span>',
        "เริ่มวันที่ ๑ มกราคม พ.ศ. ๒๕๗๐ และสิ้นสุดในวันที่ ๓๑ ธันวาคม พ.ศ. ๒๕๖๙",
        "ปีงบประมาณ พ.ศ. ๒๕๗๐ – ๒๕๖๙",
        "ระหว่างปี ๒๕๗๐ ถึง พ.ศ. ๒๕๖๙",
    ],
)
def test_a_period_that_ends_before_it_begins_is_an_error(words: str) -> None:
    (finding,) = reversed_periods(text_of(f"<p>{words}</p>"))
    assert (finding.code, finding.severity) == ("period_reversed", Severity.ERROR)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("ระหว่างวันที่ ๑ เมษายน ๒๕๖๕ ถึงวันที่ ๓๑ มีนาคม ๒๕๖๖", id="days"),
        pytest.param("เมษายน – ธันวาคม ๒๕๖๕", id="months of a year"),
        pytest.param("ตุลาคม ๒๕๖๕ – กันยายน ๒๕๖๖", id="months of two years"),
        pytest.param("๑ เมษายน ๒๕๖๖ และ ๑ มีนาคม ๒๕๖๕", id="two days, and no period"),
        pytest.param("๑ เมษายน ๒๕๖๕ ถึงวันที่ ๑ เมษายน ๒๕๖๕", id="one day"),
        pytest.param("๑ มกราคม พ.ศ. ๒๕๖๕ – ๑ มีนาคม ค.ศ. ๒๐๒๒", id="in two eras"),
    ],
)
def test_a_period_that_ends_after_its_beginning_passes(words: str) -> None:
    assert not list(reversed_periods(text_of(f"<p>{words}</p>")))


@given(DAYS, DAYS)
def test_a_period_is_reversed_exactly_when_its_end_is_earlier(one: date, other: date) -> None:
    found = list(reversed_periods(text_of(f"<p>{thai_date(one)} ถึงวันที่ {thai_date(other)}</p>")))
    assert bool(found) == (other < one)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param("บันทึกความเข้าใจนี้มีผลตั้งแต่วันที่ ๑ พฤษภาคม ๒๕๖๕", id="another day"),
        pytest.param("บันทึกความเข้าใจนี้มีผลใช้บังคับนับแต่วันที่ลงนาม", id="the signature"),
    ],
)
def test_a_text_that_takes_effect_twice_is_a_warning(second: str) -> None:
    text = text_of(f"<p>บันทึกความเข้าใจนี้มีผลใช้บังคับตั้งแต่วันที่ ๑ เมษายน ๒๕๖๕</p>\n<p>{second}</p>")
    (finding,) = effects_that_differ(text)
    assert (finding.code, finding.severity, finding.place.line) == ("effect_differs", Severity.WARNING, 2)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param("บันทึกความเข้าใจนี้มีผลตั้งแต่วันที่ ๑ เมษายน ๒๕๖๕", id="the same day"),
        pytest.param("การถอนตัวมีผลตั้งแต่วันที่ ๑ พฤษภาคม ๒๕๖๕", id="something else takes effect"),
        pytest.param("บันทึกความเข้าใจนี้มีผลตลอดเวลาที่ผูกพัน", id="no day"),
    ],
)
def test_a_text_that_takes_effect_once_passes(second: str) -> None:
    assert not list(effects_that_differ(text_of(f"<p>บันทึกความเข้าใจนี้มีผลตั้งแต่วันที่ ๑ เมษายน ๒๕๖๕</p><p>{second}</p>")))


@pytest.mark.parametrize(
    "words",
    [
        "วันที่ ๑ เมษายน พ.ศ. ๒๐๒๖",
        "ปี ค.ศ. ๒๕๖๙",
        "พุทธศักราช 2026",
        '<span lang="en">1 April 2569</span>',
        '<span lang="en">B.E. 2026</span>',
    ],
)
def test_a_year_that_the_other_era_would_have_is_a_warning(words: str) -> None:
    (finding,) = years_of_another_era(text_of(f"<p>ก</p>\n<p>{words}</p>"))
    assert (finding.code, finding.severity, finding.place.line) == ("era_doubtful", Severity.WARNING, 2)


@pytest.mark.parametrize(
    "words", ["พ.ศ. ๒๔๗๕", "ค.ศ. ๑๙๘๙", "พ.ศ. ๑๘๒๖", '<span lang="en">5 December B.E. 2569 (2026)</span>', "๑ เมษายน ๒๕๖๙"]
)
def test_a_year_of_its_era_passes(words: str) -> None:
    assert not list(years_of_another_era(text_of(f"<p>{words}</p>")))


def test_days_of_two_eras_in_thai_are_a_warning() -> None:
    assert codes(mixed_eras(text_of("<p>๑ เมษายน ๒๕๖๕ และ ๑ เมษายน ค.ศ. ๒๐๒๓</p>"))) == ["eras_mixed"]


@pytest.mark.parametrize(
    "words", ["๑ เมษายน ๒๕๖๕ และ ๑ เมษายน พ.ศ. ๒๕๖๖", '๑ เมษายน ๒๕๖๕ <span lang="en">1 April 2022</span>', "๑ เมษายน ค.ศ. ๒๐๒๒"]
)
def test_days_of_one_era_in_each_language_pass(words: str) -> None:
    assert not list(mixed_eras(text_of(f"<p>{words}</p>")))
