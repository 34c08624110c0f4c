"""A date of birth as lists write it: Thai, of the Buddhist era, or ISO 8601. Nothing is guessed.

1. A year without the name of its era is of the Buddhist era (29/3/2547, ๒๙ มีนาคม ๒๕๔๗, 29 มี.ค. พ.ศ. 2547); one of the common era
   is written with ค.ศ., or as ISO 8601 writes it (2004-03-29).
2. The day stands before the month. A year has four digits: nobody knows the century of 47.
"""

import re
from datetime import date
from typing import Final

from mou.thai import BUDDHIST_ERA_OFFSET, MONTHS, SHORT_MONTHS, to_arabic_digits

LONGEST_LIFE_YEARS: Final = 120

_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
_ERA: Final = r"(?P<era>พ\.?\s*ศ\.?|ค\.?\s*ศ\.?)?"
_IN_NUMBERS: Final = re.compile(rf"(?P<day>\d{{1,2}})\s*[/.-]\s*(?P<month>\d{{1,2}})\s*[/.-]\s*{_ERA}\s*(?P<year>\d{{4}})")
_IN_WORDS: Final = re.compile(
    rf"(?:วันที่\s*)?(?P<day>\d{{1,2}})\s*(?:เดือน\s*)?(?P<month>[ก-๎.]+?)\s*(?:ปี\s*)?{_ERA}\s*(?P<year>\d{{4}})"
)


def birthday_of(text: str) -> date | None:
    """Return the day that a cell names; None where it names none, or none of the calendar."""
    plain = " ".join(to_arabic_digits(text).split())
    if (match := _ISO.fullmatch(plain)) is not None:
        return _day(int(match["year"]), int(match["month"]), match["day"])
    if (match := _IN_NUMBERS.fullmatch(plain)) is not None:
        return _day(_common_year(match), int(match["month"]), match["day"])
    if (match := _IN_WORDS.fullmatch(plain)) is not None and (month := _MONTH_OF_NAME.get(_bare(match["month"]))) is not None:
        return _day(_common_year(match), month, match["day"])
    return None


def first_birthday(today: date) -> date:
    """Return the earliest day on which anybody alive today can have been born."""
    return date(today.year - LONGEST_LIFE_YEARS, 1, 1)


def _common_year(match: re.Match[str]) -> int:
    is_common = (match["era"] or "").startswith("ค")
    return int(match["year"]) - (0 if is_common else BUDDHIST_ERA_OFFSET)


def _day(year: int, month: int, day: str) -> date | None:
    try:
        return date(year, month, int(day))
    except ValueError:
        return None


def _bare(name: str) -> str:
    return name.replace(".", "")


_MONTH_OF_NAME: Final = {_bare(name): number for names in (MONTHS, SHORT_MONTHS) for number, name in enumerate(names, start=1)}
