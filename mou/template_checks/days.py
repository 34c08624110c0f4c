"""The days that a finished text names: whether they can all be so. Pure.

1. A weekday is that day's, and a day is in the calendar.
2. A period does not end before it begins.
3. A text takes effect once: two days on which it does contradict each other.
4. Years of one era: a year without พ.ศ. or ค.ศ. is of the Buddhist era (`mou.thai.dates`). English text has its own.
5. A year that another era would have, such as พ.ศ. ๒๐๒๖, is doubtful: it lies five hundred years from the other days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from mou.template_checks.findings import Finding, error, excerpt, warning
from mou.template_checks.finished_text import Paragraph, TemplateText
from mou.thai import (
    BUDDHIST_ERA_OFFSET,
    ENGLISH_MONTHS,
    MONTHS,
    SHORT_MONTHS,
    WEEKDAYS,
    english_date,
    thai_date,
    to_arabic_digits,
)
from signatures.messages import say

_FIRST_BUDDHIST_YEAR: Final = 2400
_FIRST_COMMON_YEAR: Final = 1850
_ENGLISH_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_THAI_MONTH: Final = "|".join(re.escape(one) for one in (*MONTHS, *SHORT_MONTHS))
_ENGLISH_MONTH: Final = "|".join(ENGLISH_MONTHS)
_THAI_DAY: Final = re.compile(
    rf"(?:(?:วัน)?(?P<weekday>{'|'.join(WEEKDAYS)}) ?ที่ ?)?(?<![0-9๐-๙])"
    rf"(?P<day>[0-9๐-๙]{{1,2}}) ?(?:เดือน ?)?(?P<month>{_THAI_MONTH}) ?"
    r"(?P<era>(?:พ\.ศ\.|ค\.ศ\.|พุทธศักราช|คริสต์ศักราช) ?)?(?P<year>[0-9๐-๙]{4})(?![0-9๐-๙])"
)
_ENGLISH_DAY: Final = re.compile(
    rf"(?:(?P<weekday>{'|'.join(_ENGLISH_WEEKDAYS)}),? )?\b(?P<day>[0-9]{{1,2}}) (?P<month>{_ENGLISH_MONTH}) "
    r"(?P<era>B\.?E\.? ?)?(?P<year>[0-9]{4})\b"
)
_TO: Final = re.compile(
    r"\s*(?:เป็นต้นไป)?\s*(?:ไปจนถึง|จนถึง|ถึง|–|-|—|to|until|through"
    r"|(?:และ)?(?:จะ)?สิ้นสุด(?:ลง)?(?:ใน|เมื่อ)?|and (?:ends|ending) on)\s*(?:วันที่)?\s*",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(
    r"(?:ปี(?:งบประมาณ|การศึกษา)? ?|พ\.ศ\. ?)+(?P<first>[0-9๐-๙]{4}) ?(?:–|-|ถึง|จนถึง) ?"
    r"(?:ปี(?:งบประมาณ|การศึกษา)? ?|พ\.ศ\. ?)*(?P<last>[0-9๐-๙]{4})(?![0-9๐-๙])"
)
_YEAR_OF_ERA: Final = re.compile(
    r"(?P<era>พ\.ศ\.|พุทธศักราช|ค\.ศ\.|คริสต์ศักราช|B\.?E\.?|A\.?D\.?|\bC\.?E\.?) ?(?P<year>[0-9๐-๙]{4})(?![0-9๐-๙])"
)
_MONTHS_OF_PERIOD: Final = re.compile(
    rf"(?<![0-9๐-๙] )(?P<first>{_THAI_MONTH})(?: (?P<first_year>[0-9๐-๙]{{4}}))? ?(?:–|-|ถึง(?:เดือน)?) ?"
    rf"(?P<last>{_THAI_MONTH}) (?:พ\.ศ\. ?)?(?P<last_year>[0-9๐-๙]{{4}})"
)
_ITSELF: Final = r"(?:บันทึก[ก-๎]*|ข้อตกลง[ก-๎]*|ธรรมนูญ[ก-๎]*|หนังสือ[ก-๎]*|สัญญา[ก-๎]*)นี้"
_TAKES_EFFECT: Final = re.compile(
    rf"{_ITSELF} ?(?:ให้)?(?:เริ่ม)?(?:มีผล|ใช้บังคับ)[ก-๎]*?(?:ตั้งแต่|นับแต่|เมื่อ|ใน)(?:วันที่)? ?"
    r"|\bthis (?:memorandum|charter|agreement|mou)\b[^.]{0,20}(?:takes effect|comes? into force|enters? into force|is effective)"
    r"[^.]{0,12}\b(?:on|from) ",
    re.IGNORECASE,
)
_BY_SIGNATURE: Final = re.compile(r"(?:ที่)?(?:ผู้|ทั้ง|คู่|ทุก|ได้|มีการ)?[ก-๎]*ลงนาม|(?:the )?(?:day|date) of (?:the )?(?:last )?signature")


@dataclass(frozen=True, slots=True)
class _Written:
    """A day as a paragraph writes it; `day` is None where the calendar has no such day."""

    paragraph: Paragraph
    match: re.Match[str]
    day: date | None
    is_common_era: bool

    @property
    def shown(self) -> str:
        return f"“{self.match.group()}”"


def wrong_days(text: TemplateText) -> Iterator[Finding]:
    """Yield each day that is not in the calendar, and each whose weekday is another day's."""
    for one in _days(text):
        if one.day is not None and (not one.match["weekday"] or _number_of_weekday(one.match["weekday"]) == one.day.weekday()):
            continue
        place = text.place(one.paragraph, one.match.start(), one.match.end())
        if one.day is None:
            found = say("{day} is no day of the calendar", day=f"“{one.match.group()}”")
            yield error("day_impossible", place, found, say("write the day that is meant"))
        else:
            shown = thai_date if one.paragraph.language == "th" else english_date
            yield error(
                "weekday_wrong",
                place,
                say("{day} is not that weekday: it is {right}", day=f"“{one.match.group()}”", right=shown(one.day, weekday=True)),
                say("correct the weekday or the day; {filter} writes both", filter="thai_date(weekday=true)"),
            )


def reversed_periods(text: TemplateText) -> Iterator[Finding]:
    """Yield each period that ends before it begins."""
    days = list(_days(text))
    for one, other in pairwise(days):
        if one.paragraph is not other.paragraph or one.day is None or other.day is None or other.day >= one.day:
            continue
        if _TO.fullmatch(one.paragraph.text, one.match.end(), other.match.start()):
            yield _reversed(text, one.paragraph, one.match.start(), other.match.end())
    for paragraph in text.paragraphs:
        for match in _YEARS.finditer(paragraph.text):
            if to_arabic_digits(match["last"]) < to_arabic_digits(match["first"]):
                yield _reversed(text, paragraph, match.start(), match.end())
        for match in _MONTHS_OF_PERIOD.finditer(paragraph.text):
            last_year = int(to_arabic_digits(match["last_year"]))
            first_year = int(to_arabic_digits(match["first_year"] or match["last_year"]))
            if (last_year, _number_of_month(match["last"])) < (first_year, _number_of_month(match["first"])):
                yield _reversed(text, paragraph, match.start(), match.end())


def years_of_another_era(text: TemplateText) -> Iterator[Finding]:
    """Yield each year that is called Buddhist and looks like one of the common era, and the other way round."""
    for paragraph in text.paragraphs:
        named = [(match, match["era"][0] in "พB") for match in _YEAR_OF_ERA.finditer(paragraph.own)]
        if paragraph.language != "th":
            named += [(match, False) for match in _ENGLISH_DAY.finditer(paragraph.own) if not match["era"]]
        for match, is_buddhist in named:
            year = int(to_arabic_digits(match["year"]))
            other = year + BUDDHIST_ERA_OFFSET if is_buddhist else year - BUDDHIST_ERA_OFFSET
            if _FIRST_COMMON_YEAR <= year < _FIRST_BUDDHIST_YEAR if is_buddhist else year >= _FIRST_BUDDHIST_YEAR:
                place = text.place(paragraph, match.start(), match.end())
                found = say(
                    "{year} looks like a year of the other era, in which it would be {other}",
                    year=f"“{match.group()}”",
                    other=other,
                )
                yield warning("era_doubtful", place, found, say("correct the year or its era"))


def effects_that_differ(text: TemplateText) -> Iterator[Finding]:
    """Yield each place after the first where the text says of itself that it takes effect on another day."""
    first: dict[str, tuple[object, str]] = {}
    for paragraph in text.paragraphs:
        for match in _TAKES_EFFECT.finditer(paragraph.text):
            begins, end = _beginning(paragraph, match.end())
            if begins is None:
                continue
            shown = excerpt(paragraph.text, match.start(), end)
            known, where = first.setdefault(paragraph.language, (begins, shown))
            if known != begins:
                yield warning(
                    "effect_differs",
                    text.place(paragraph, match.start(), end),
                    say("{here} and {there} name two beginnings", here=shown, there=where),
                    say("say once when the text takes effect"),
                )


def mixed_eras(text: TemplateText) -> Iterator[Finding]:
    """Yield the first Thai day of the common era in a text whose other Thai days are of the Buddhist era."""
    days = [one for one in _days(text) if one.paragraph.language == "th"]
    common = next((one for one in days if one.is_common_era), None)
    buddhist = next((one for one in days if not one.is_common_era), None)
    if common is not None and buddhist is not None:
        yield warning(
            "eras_mixed",
            text.place(common.paragraph, common.match.start(), common.match.end()),
            say("{common} is of the common era, {buddhist} of the Buddhist era", common=common.shown, buddhist=buddhist.shown),
            say("write all days of one language in one era"),
        )


def _days(text: TemplateText) -> Iterator[_Written]:
    for paragraph in text.paragraphs:
        for match in (_THAI_DAY if paragraph.language == "th" else _ENGLISH_DAY).finditer(paragraph.text):
            year = int(to_arabic_digits(match["year"]))
            era = match["era"] or ""
            is_buddhist = year >= _FIRST_BUDDHIST_YEAR if paragraph.language == "th" and not era else era.startswith(("พ", "B"))
            yield _Written(paragraph, match, _day_of(match, year - BUDDHIST_ERA_OFFSET * is_buddhist), not is_buddhist)


def _day_of(match: re.Match[str], year: int) -> date | None:
    try:
        return date(year, _number_of_month(match["month"]), int(to_arabic_digits(match["day"])))
    except ValueError:
        return None


def _number_of_month(name: str) -> int:
    return next(names.index(name) + 1 for names in (MONTHS, SHORT_MONTHS, ENGLISH_MONTHS) if name in names)


def _number_of_weekday(name: str) -> int:
    return next(names.index(name) for names in (WEEKDAYS, _ENGLISH_WEEKDAYS) if name in names)


def _beginning(paragraph: Paragraph, start: int) -> tuple[object, int]:
    """What comes behind "takes effect from", a day or the signature, and where it ends."""
    if match := (_THAI_DAY if paragraph.language == "th" else _ENGLISH_DAY).match(paragraph.text, start):
        return (match["day"], match["month"], match["year"]), match.end()
    if match := _BY_SIGNATURE.match(paragraph.text, start):
        return "signature", match.end()
    return None, start


def _reversed(text: TemplateText, paragraph: Paragraph, start: int, end: int) -> Finding:
    return error(
        "period_reversed",
        text.place(paragraph, start, end),
        say("the period {period} ends before it begins", period=f"“{paragraph.text[start:end]}”"),
        say("correct one of its two days"),
    )
