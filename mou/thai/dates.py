"""Days, months and moments in Thai words. Pure."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from mou.thai.numerals import Numerals, in_numerals

BANGKOK: Final = ZoneInfo("Asia/Bangkok")
BUDDHIST_ERA_OFFSET: Final = 543

MONTHS: Final = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)


def buddhist_year(day: date) -> int:
    """The year of the Buddhist era in which this civil day falls, by the calendar in use since 2484 (1941)."""
    return day.year + BUDDHIST_ERA_OFFSET


def thai_date(day: date, numerals: Numerals = "thai", *, era: bool = False) -> str:
    """The day as it is written in a document: ๒๙ มีนาคม ๒๕๖๕, with the era ๒๙ มีนาคม พ.ศ. ๒๕๖๕."""
    year = in_numerals(buddhist_year(day), numerals)
    return f"{in_numerals(day.day, numerals)} {MONTHS[day.month - 1]} {'พ.ศ. ' if era else ''}{year}"


def thai_datetime(at: datetime, numerals: Numerals = "thai") -> str:
    """The moment in Bangkok time: ๒๙ มีนาคม ๒๕๖๕ เวลา ๐๘.๓๐ น.

    Raises:
        ValueError: `at` has no time zone, so that nobody knows which moment it is.
    """
    if at.tzinfo is None:
        raise ValueError("an aware datetime is expected, got one without a time zone")
    local = at.astimezone(BANGKOK)
    return f"{thai_date(local.date(), numerals)} เวลา {in_numerals(f'{local:%H.%M}', numerals)} น."


def thai_months(first: date, last: date, numerals: Numerals = "thai") -> str:
    """The months from the first day's to the last day's: เมษายน – ธันวาคม ๒๕๖๕, the first year only where it differs."""
    first_month = MONTHS[first.month - 1]
    if first.year != last.year:
        first_month += " " + in_numerals(buddhist_year(first), numerals)
    return f"{first_month} – {MONTHS[last.month - 1]} {in_numerals(buddhist_year(last), numerals)}"
