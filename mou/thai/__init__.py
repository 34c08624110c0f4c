"""Thai text: numerals, dates, amounts, addresses, spacing, and what a line must not break. Pure.

Rules (Royal Society's spacing, and what was measured with Pango and libthai):
1. A year of the Buddhist era is the year of the common era + 543; times are shown in Bangkok time.
2. One system of numerals in one document.
3. A space stands on both sides of ๆ; the one before it does not break.
4. libthai breaks a line inside names, between a number and its unit or month, inside ฯลฯ, and after an opening quotation
   mark. Such text is protected by a span of class `nb` (white-space: nowrap), never by U+2060, which makes new breaks.
5. A protected span is at most a third of a line of 160 mm; of a longer name the parts are protected.
"""

from mou.thai.addresses import place_names, thai_address
from mou.thai.amounts import LARGEST_NUMBER, baht_in_digits, baht_in_words, number_in_words, parse_amount
from mou.thai.characters import columns, invisible_characters, misordered_marks
from mou.thai.dates import (
    BANGKOK,
    BUDDHIST_ERA_OFFSET,
    ENGLISH_MONTHS,
    MONTHS,
    SHORT_MONTHS,
    WEEKDAYS,
    Era,
    buddhist_year,
    english_date,
    english_months,
    thai_date,
    thai_datetime,
    thai_months,
)
from mou.thai.lines import balanced_lines
from mou.thai.numerals import Numerals, article_number, in_numerals, item_number, letter, to_arabic_digits, to_thai_digits
from mou.thai.protection import LONGEST_PROTECTED_COLUMNS, name_parts, protect, split_at_joints
from mou.thai.spacing import join_titles, royal_society_spacing, space_abbreviation_marks, space_repeat_marks
from mou.thai.terms import capacity_in_thai, juristic_person_in_thai, kind_in_thai

__all__ = [
    "BANGKOK",
    "BUDDHIST_ERA_OFFSET",
    "ENGLISH_MONTHS",
    "LARGEST_NUMBER",
    "LONGEST_PROTECTED_COLUMNS",
    "MONTHS",
    "SHORT_MONTHS",
    "WEEKDAYS",
    "Era",
    "Numerals",
    "article_number",
    "baht_in_digits",
    "baht_in_words",
    "balanced_lines",
    "buddhist_year",
    "capacity_in_thai",
    "columns",
    "english_date",
    "english_months",
    "in_numerals",
    "invisible_characters",
    "item_number",
    "join_titles",
    "juristic_person_in_thai",
    "kind_in_thai",
    "letter",
    "misordered_marks",
    "name_parts",
    "number_in_words",
    "parse_amount",
    "place_names",
    "protect",
    "royal_society_spacing",
    "space_abbreviation_marks",
    "space_repeat_marks",
    "split_at_joints",
    "thai_address",
    "thai_date",
    "thai_datetime",
    "thai_months",
    "to_arabic_digits",
    "to_thai_digits",
]
