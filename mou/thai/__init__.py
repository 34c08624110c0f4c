"""Thai text: numerals, dates, words, addresses, spacing, and what a line must not break. Pure.

Rules (Royal Society's spacing, and what was measured with Pango and libthai):
1. A year of the Buddhist era is the year of the common era + 543; times are shown in Bangkok time.
2. One system of numerals in one document.
3. A space stands on both sides of ๆ; the one before it does not break.
4. libthai breaks a line inside names, between a number and its unit or month, inside ฯลฯ, and after an opening quotation
   mark. Such text is protected by a span of class `nb` (white-space: nowrap), never by U+2060, which makes new breaks.
5. A protected span is at most a third of a line of 160 mm; of a longer name the parts are protected.
"""

from mou.thai.addresses import place_names, thai_address
from mou.thai.characters import columns, invisible_characters, misordered_marks
from mou.thai.dates import BANGKOK, BUDDHIST_ERA_OFFSET, MONTHS, buddhist_year, thai_date, thai_datetime, thai_months
from mou.thai.numerals import Numerals, article_number, in_numerals, letter, to_arabic_digits, to_thai_digits
from mou.thai.protection import LONGEST_PROTECTED_COLUMNS, name_parts, protect
from mou.thai.spacing import space_repeat_marks
from mou.thai.terms import capacity_in_thai, juristic_person_in_thai, kind_in_thai

__all__ = [
    "BANGKOK",
    "BUDDHIST_ERA_OFFSET",
    "LONGEST_PROTECTED_COLUMNS",
    "MONTHS",
    "Numerals",
    "article_number",
    "buddhist_year",
    "capacity_in_thai",
    "columns",
    "in_numerals",
    "invisible_characters",
    "juristic_person_in_thai",
    "kind_in_thai",
    "letter",
    "misordered_marks",
    "name_parts",
    "place_names",
    "protect",
    "space_repeat_marks",
    "thai_address",
    "thai_date",
    "thai_datetime",
    "thai_months",
    "to_arabic_digits",
    "to_thai_digits",
]
