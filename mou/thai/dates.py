"""Days, months and moments in Thai words, and in English ones for documents in both languages. Pure.

1. A year without the name of its era is of the Buddhist era; one of the common era is never written without ค.ศ.
2. A month may be shortened (มี.ค.), a year never is: in an archive nobody knows the century of ๖๕.
3. Days of the week are held without วัน, so that วัน is written once.
"""

from datetime import date, datetime
from typing import Final, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from mou.thai.numerals import Numerals, in_numerals
from signatures.messages import say

Era: TypeAlias = Literal["buddhist", "common"]

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
SHORT_MONTHS: Final = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
WEEKDAYS: Final = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
# Not from the C library, whose words depend on the machine's language.
ENGLISH_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ENGLISH_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def buddhist_year(day: date) -> int:
    """The year of the Buddhist era in which this civil day falls, by the calendar in use since 2484 (1941)."""
    return day.year + BUDDHIST_ERA_OFFSET


def thai_date(
    day: date, numerals: Numerals = "thai", *, era: Era | None = None, short: bool = False, weekday: bool = False
) -> str:
    """The day as it is written in a document: ๒๙ มีนาคม ๒๕๖๕.

    Args:
        day: the day.
        numerals: those of the document.
        era: "buddhist" writes ๒๙ มีนาคม พ.ศ. ๒๕๖๕, "common" ๒๙ มีนาคม ค.ศ. ๒๐๒๒; None the Buddhist year without its name.
        short: the month as in a table: ๒๙ มี.ค. ๒๕๖๕.
        weekday: the day of the week before it: วันอังคารที่ ๒๙ มีนาคม ๒๕๖๕.

    Raises:
        ValueError: there is no such era.
    """
    month = (SHORT_MONTHS if short else MONTHS)[day.month - 1]
    opening = f"วัน{WEEKDAYS[day.weekday()]}ที่ " if weekday else ""
    return f"{opening}{in_numerals(day.day, numerals)} {month} {_thai_year(day, numerals, era)}"


def _thai_year(day: date, numerals: Numerals, era: Era | None) -> str:
    _check_era(era)
    if era == "common":
        return f"ค.ศ. {in_numerals(day.year, numerals)}"
    return f"{'พ.ศ. ' if era else ''}{in_numerals(buddhist_year(day), numerals)}"


def _check_era(era: str | None) -> None:
    if era is not None and era not in get_args(Era):
        raise ValueError(say("an era, one of {eras}, is expected, got {era!r}", eras=", ".join(get_args(Era)), era=era))


def english_date(day: date, *, era: Era = "common", weekday: bool = False) -> str:
    """The day in English: 29 March 2022, of the Buddhist era 29 March B.E. 2565 (2022), with its weekday Tuesday, 29 March 2022.

    Raises:
        ValueError: there is no such era.
    """
    _check_era(era)
    opening = f"{_ENGLISH_WEEKDAYS[day.weekday()]}, " if weekday else ""
    year = f"B.E. {buddhist_year(day)} ({day.year})" if era == "buddhist" else str(day.year)
    return f"{opening}{day.day} {ENGLISH_MONTHS[day.month - 1]} {year}"


def thai_datetime(at: datetime, numerals: Numerals = "thai") -> str:
    """The moment in Bangkok time: ๒๙ มีนาคม ๒๕๖๕ เวลา ๐๘.๓๐ น.

    Raises:
        ValueError: `at` has no time zone, so that nobody knows which moment it is.
    """
    if at.tzinfo is None:
        raise ValueError("an aware datetime is expected, got one without a time zone")
    local = at.astimezone(BANGKOK)
    return f"{thai_date(local.date(), numerals)} เวลา {in_numerals(f'{local:%H.%M}', numerals)} น."


def thai_months(first: date, last: date, numerals: Numerals = "thai", *, era: Era | None = None) -> str:
    """The months from the first day's to the last day's: เมษายน – ธันวาคม ๒๕๖๕, the first year only where it differs.

    Raises:
        ValueError: there is no such era.
    """
    first_month = MONTHS[first.month - 1]
    if first.year != last.year:
        first_month += " " + _thai_year(first, numerals, era)
    return f"{first_month} – {MONTHS[last.month - 1]} {_thai_year(last, numerals, era)}"


def english_months(first: date, last: date) -> str:
    """The months from the first day's to the last day's: April – December 2022, the first year only where it differs."""
    first_month = ENGLISH_MONTHS[first.month - 1]
    if first.year != last.year:
        first_month += f" {first.year}"
    return f"{first_month} – {ENGLISH_MONTHS[last.month - 1]} {last.year}"
