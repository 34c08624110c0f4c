"""A day as people write it in a table, read without guessing. Pure.

1. 2022-03-29, and 29 มีนาคม 2565, 29 มี.ค. 2565, 29/3/2565 (also with . or - between), 29 March 2022; in Thai or Arabic numerals,
   with พ.ศ. or ค.ศ., with วันที่ or วันอังคารที่ before it. A day of the week that is not that day's makes it unreadable.
2. A year from 2400 on is of the Buddhist era, also in 2565-03-29: a spreadsheet set to English writes so what was typed as
   29/3/2565.
3. A year of the common era stands in YYYY-MM-DD, beside ค.ศ., or beside the name of an English month. In 3/4/2022 nobody can say
   which is the month, and 65 may be of any century: neither is read.
"""

import re
from datetime import date
from typing import Final

from mou.thai import to_arabic_digits
from mou.thai.dates import BUDDHIST_ERA_OFFSET, ENGLISH_MONTHS, MONTHS, SHORT_MONTHS, WEEKDAYS

FIRST_BUDDHIST_YEAR: Final = 2400
_LAST_YEAR_IN_USE: Final = 2200
_FIRST_YEAR_IN_USE: Final = 1800

_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?: 00:00:00)?")
_SLASHES: Final = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<era>พ\.ศ\. ?|ค\.ศ\. ?)?(?P<year>\d{4})")
_WORDS: Final = re.compile(
    r"(?:วัน(?P<weekday>[\u0e01-\u0e4e]*?)ที่ ?)?(?P<day>\d{1,2}) ?(?P<month>[\u0e01-\u0e4e.]+?|[A-Za-z]+),? ?"
    r"(?P<era>พ\.ศ\. ?|ค\.ศ\. ?)?(?P<year>\d{4})"
)
_MONTH_NUMBERS: Final = {
    name.casefold(): number for months in (MONTHS, SHORT_MONTHS, ENGLISH_MONTHS) for number, name in enumerate(months, start=1)
}


def written_day(text: str) -> date | None:
    """Return the day that a cell names; None where it names none, or leaves open which."""
    plain = to_arabic_digits(" ".join(text.split()))
    if (iso := _ISO.fullmatch(plain)) is not None:
        return _day(int(iso["day"]), int(iso["month"]), int(iso["year"]), era=None, may_be_common=True)
    if (slashes := _SLASHES.fullmatch(plain)) is not None:
        return _day(int(slashes["day"]), int(slashes["month"]), int(slashes["year"]), era=slashes["era"], may_be_common=False)
    words = _WORDS.fullmatch(plain)
    month = None if words is None else _MONTH_NUMBERS.get(words["month"].casefold())
    if words is None or month is None:
        return None
    found = _day(int(words["day"]), month, int(words["year"]), era=words["era"], may_be_common=words["month"].isascii())
    weekday = words["weekday"]
    return None if found is None or (weekday and weekday != WEEKDAYS[found.weekday()]) else found


def _day(day: int, month: int, year: int, *, era: str | None, may_be_common: bool) -> date | None:
    is_buddhist = year >= FIRST_BUDDHIST_YEAR
    if era is not None and is_buddhist != era.startswith("พ"):
        return None
    if not (is_buddhist or era is not None or may_be_common):
        return None
    common = year - BUDDHIST_ERA_OFFSET if is_buddhist else year
    if not _FIRST_YEAR_IN_USE <= common <= _LAST_YEAR_IN_USE:
        return None
    try:
        return date(common, month, day)
    except ValueError:
        return None
