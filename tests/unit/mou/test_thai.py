import html
import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.models import Capacity, JuristicPerson, Organisation, OrganisationKind
from mou.thai import (
    LONGEST_PROTECTED_COLUMNS,
    MONTHS,
    article_number,
    buddhist_year,
    capacity_in_thai,
    columns,
    in_numerals,
    invisible_characters,
    item_number,
    juristic_person_in_thai,
    kind_in_thai,
    letter,
    misordered_marks,
    name_parts,
    place_names,
    protect,
    split_at_joints,
    thai_address,
    thai_date,
    thai_datetime,
    thai_months,
    to_arabic_digits,
    to_thai_digits,
)

THAI_TEXT = st.text(alphabet="กขคงเแโไาำิีุู่้๊็์ฯๆ๐๑๒๙ “”‘’.,()<>&", max_size=60)
SPAN = re.compile(r'<span class="nb">(.*?)</span>')


def without_protection(markup: str) -> str:
    return re.sub(r'<span class="nb">|</span>|<wbr>', "", markup)


def spans_of(text: str, *names: str) -> list[str]:
    return SPAN.findall(protect(text, names))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        pytest.param(date(2022, 3, 29), "๒๙ มีนาคม ๒๕๖๕", id="the ceremony"),
        pytest.param(date(2017, 9, 13), "๑๓ กันยายน ๒๕๖๐", id="the workshop"),
        pytest.param(date(2024, 2, 29), "๒๙ กุมภาพันธ์ ๒๕๖๗", id="leap day"),
        pytest.param(date(2023, 12, 31), "๓๑ ธันวาคม ๒๕๖๖", id="last day of a year"),
    ],
)
def test_a_date_is_written_with_its_buddhist_year(day: date, written: str) -> None:
    assert thai_date(day) == written
    assert thai_date(day, "arabic") == to_arabic_digits(written)


@given(st.dates(min_value=date(1941, 1, 1)))
def test_every_date_can_be_read_back(day: date) -> None:
    number, month, year = thai_date(day).split(" ")
    assert date(int(to_arabic_digits(year)) - 543, MONTHS.index(month) + 1, int(to_arabic_digits(number))) == day


@given(st.dates(min_value=date(1941, 1, 1)))
def test_the_buddhist_year_is_always_543_ahead(day: date) -> None:
    assert buddhist_year(day) - day.year == 543


@given(st.text())
def test_thai_digits_come_back_as_arabic_ones_and_change_nothing_else(text: str) -> None:
    assert to_arabic_digits(to_thai_digits(text)) == to_arabic_digits(text)
    assert [one for one in to_thai_digits(text) if one not in "๐๑๒๓๔๕๖๗๘๙"] == [
        one for one in text if one not in "0123456789๐๑๒๓๔๕๖๗๘๙"
    ]


@given(st.integers(min_value=0))
def test_a_number_keeps_its_value_in_both_numerals(number: int) -> None:
    # int() reads Thai digits as well, which makes it the referee here.
    assert int(in_numerals(number, "thai")) == int(in_numerals(number, "arabic")) == number


def test_a_moment_is_shown_in_bangkok_time_though_it_is_another_day_there() -> None:
    assert thai_datetime(datetime(2022, 3, 28, 18, 30, tzinfo=UTC)) == "๒๙ มีนาคม ๒๕๖๕ เวลา ๐๑.๓๐ น."
    assert (
        thai_datetime(datetime(2022, 3, 29, 8, 30, tzinfo=timezone(timedelta(hours=7))), "arabic")
        == "29 มีนาคม 2565 เวลา 08.30 น."
    )


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        thai_datetime(datetime(2022, 3, 29, 8, 30))  # noqa: DTZ001  the fault itself


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        pytest.param(date(2022, 4, 1), date(2022, 12, 31), "เมษายน – ธันวาคม ๒๕๖๕", id="within a year"),
        pytest.param(date(2021, 10, 1), date(2022, 9, 30), "ตุลาคม ๒๕๖๔ – กันยายน ๒๕๖๕", id="over a new year"),
    ],
)
def test_a_period_names_its_months_and_a_year_once_where_one_is_enough(first: date, last: date, written: str) -> None:
    assert thai_months(first, last) == written


def test_articles_and_letters_are_numbered_the_thai_way() -> None:
    assert (article_number(12), article_number(12, "arabic")) == ("ข้อ ๑๒", "ข้อ 12")
    assert [letter(number) for number in (1, 2, 3, 4, 5, 6)] == ["(ก)", "(ข)", "(ค)", "(ง)", "(จ)", "(ฉ)"]
    assert letter(41) == "(ฮ)"


@pytest.mark.parametrize(
    ("numbers", "written"),
    [
        pytest.param((1, 2), "๑.๒", id="item"),
        pytest.param((10, 11, 12), "๑๐.๑๑.๑๒", id="item of an item"),
        pytest.param((3,), "๓", id="article alone"),
    ],
)
def test_an_item_bears_the_number_of_its_article_before_its_own(numbers: tuple[int, ...], written: str) -> None:
    assert item_number(numbers) == written
    assert item_number(numbers, "arabic") == to_arabic_digits(written)
    assert article_number(numbers) == f"ข้อ {written}"


@pytest.mark.parametrize("numbers", [(), (0,), (1, 0), (1, -2)])
def test_an_item_without_a_number_from_1_on_is_refused(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="from 1 on are expected"):
        item_number(numbers)


@pytest.mark.parametrize("number", [0, 42])
def test_a_letter_beyond_the_alphabet_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 41"):
        letter(number)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("เท\u2060ศบาล", "U+2060 WORD JOINER", id="word joiner"),
        pytest.param("เทศ\u200bบาล", "U+200B ZERO WIDTH SPACE", id="zero width space"),
        pytest.param("ก\x07", "U+0007 control character", id="bell"),
        pytest.param("ก\u202eข", "U+202E RIGHT-TO-LEFT OVERRIDE", id="direction"),
        pytest.param("\ufeffก", "U+FEFF ZERO WIDTH NO-BREAK SPACE", id="byte order mark"),
    ],
)
def test_a_character_that_nobody_sees_is_named(text: str, named: str) -> None:
    assert invisible_characters(text) == (named,)


def test_a_space_that_does_not_break_is_seen() -> None:
    assert invisible_characters("ต่าง\u00a0ๆ เครือข่ายฯ “ก” – ๒๙") == ()


def test_a_tone_mark_typed_before_its_vowel_is_found_and_a_right_one_is_not() -> None:
    assert misordered_marks("ท\u0e48\u0e35 ที่ น้ำ ผู้ใหญ่ ญี่ปุ่น") == ("ท\u0e48\u0e35",)


def organisation(**address: str) -> Organisation:
    return Organisation("o-1", "องค์กร", OrganisationKind.FOUNDATION, **address)  # type: ignore[arg-type]  # the address alone


@pytest.mark.parametrize(
    ("given_parts", "written"),
    [
        pytest.param(
            {
                "address_line": "1/2",
                "subdistrict": "สุเทพ",
                "district": "เมืองเชียงใหม่",
                "province": "เชียงใหม่",
                "postal_code": "50200",
            },
            "1/2 ตำบลสุเทพ อำเภอเมืองเชียงใหม่ จังหวัดเชียงใหม่ 50200",
            id="bare names",
        ),
        pytest.param({"district": "อ.เมือง", "province": "จังหวัดเลย"}, "อ.เมือง จังหวัดเลย", id="names with their prefix"),
        pytest.param({"district": "บึงกุ่ม", "province": "กรุงเทพมหานคร"}, "เขตบึงกุ่ม กรุงเทพมหานคร", id="bangkok"),
    ],
)
def test_an_address_names_the_level_of_each_place_once(given_parts: dict[str, str], written: str) -> None:
    assert thai_address(organisation(**given_parts)) == written
    assert all(name in written for name in place_names(organisation(**given_parts)))


def test_an_organisation_of_no_known_address_has_none() -> None:
    assert thai_address(organisation()) is None
    assert place_names(organisation()) == ()


def test_each_kind_capacity_and_standing_has_thai_words() -> None:
    words = [
        *map(kind_in_thai, OrganisationKind),
        *map(capacity_in_thai, Capacity),
        *map(juristic_person_in_thai, JuristicPerson),
    ]
    assert all(re.fullmatch("[ก-๛ ]+", word) for word in words)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("เมื่อวันที่ ๒๙ มีนาคม ๒๕๖๕ นี้", "วันที่ ๒๙ มีนาคม ๒๕๖๕", id="day, month and year"),
        pytest.param("ในวันอังคารที่ ๒๙ มีนาคม พ.ศ. ๒๕๖๕ นี้", "วันอังคารที่ ๒๙ มีนาคม", id="day of the week"),
        pytest.param("เมื่อ ๒๙ มี.ค. ๒๕๖๕ นี้", "๒๙ มี.ค. ๒๕๖๕", id="day, short month and year"),
        pytest.param("of 29 March 2022.", "29 March 2022", id="day, month and year in English"),
        pytest.param("เดือนมีนาคม ค.ศ. ๒๐๒๒ นี้", "มีนาคม ค.ศ. ๒๐๒๒", id="month and common era"),
        pytest.param("จำนวน ๑๒,๓๔๕.๕๐ บาท นี้", "๑๒,๓๔๕.๕๐ บาท", id="amount of money"),
        pytest.param("ถึง ธันวาคม ๒๕๖๕ นี้", "ธันวาคม ๒๕๖๕", id="month and year"),
        pytest.param("ในปี พ.ศ. ๒๕๖๕ นี้", "พ.ศ. ๒๕๖๕", id="era"),
        pytest.param("มี ๑๙ องค์กร ร่วม", "๑๙ องค์กร", id="number and unit"),
        pytest.param("เวลา ๐๘.๓๐ น. ณ", "๐๘.๓๐ น.", id="time"),
        pytest.param("ตาม ข้อ ๑๒ วรรค", "ข้อ ๑๒", id="article"),
        pytest.param("ตาม มาตรา 26 แห่ง", "มาตรา 26", id="section in arabic"),
        pytest.param("ก ข ฯลฯ ค", "ฯลฯ", id="and so on"),
        pytest.param("ฯพณฯ ท่าน", "ฯพณฯ", id="his excellency"),
        pytest.param("เรียกว่า “เครือข่าย” ฝ่าย", "“เครือข่าย”", id="short quotation"),
        pytest.param("“เสริมพลังแก่เครือข่ายองค์กรภาคประชาสังคมเพื่อสิทธิเด็ก", "“เสริมพลัง", id="known first word"),
        pytest.param("“ผู้ใหญ่บ้านและกำนันทุกตำบลในเขตจังหวัดทั้งหมด", "“ผู้", id="unknown first word: its first letter with its marks"),
    ],
)
def test_no_line_may_end_inside(text: str, held: str) -> None:
    assert held in spans_of(text)


def test_the_longest_name_wins_so_that_a_short_one_inside_it_does_not_split_it() -> None:
    assert spans_of("ของเครือข่ายสิทธิเด็กล้านนา", "สิทธิเด็ก", "เครือข่ายสิทธิเด็กล้านนา") == ["เครือข่ายสิทธิเด็กล้านนา"]


def test_a_name_after_an_opening_mark_takes_the_mark_with_it() -> None:
    assert spans_of("ชื่อ “เครือข่ายสิทธิเด็กล้านนา”", "เครือข่ายสิทธิเด็กล้านนา") == ["“เครือข่ายสิทธิเด็กล้านนา"]


def test_a_name_with_markup_in_it_is_found_in_its_escaped_form() -> None:
    assert (
        protect("ของ &lt;b&gt;A&amp;B&lt;/b&gt; นี้", ["<b>A&B</b>"]) == 'ของ <span class="nb">&lt;b&gt;A&amp;B&lt;/b&gt;</span> นี้'
    )


@pytest.mark.parametrize("written", ["&quot;ก&#39;ข&quot;", "&#34;ก&#x27;ข&#34;", '"ก\'ข"'])
def test_a_name_in_quotation_marks_is_found_however_they_are_escaped(written: str) -> None:
    assert spans_of(f"ของ {written} นี้", '"ก\'ข"') == ["&quot;ก&#x27;ข&quot;"]


def test_a_word_that_only_begins_like_a_month_is_not_held_to_the_number_before_it() -> None:
    assert spans_of("all 5 Mayors") == []


@pytest.mark.parametrize(
    ("name", "word"),
    [
        pytest.param("โครงการพัฒนาระบบการกำกับดูแลสถานศึกษาของท้องถิ่น", "กำกับ", id="supervise"),
        pytest.param("คณะอนุกรรมการพิจารณาขอบเขตอำนาจหน้าที่ของหน่วยงาน", "ขอบเขต", id="scope"),
        pytest.param("เครือข่ายฯสิทธิเด็กและเยาวชนภาคเหนือตอนบนของประเทศไทย", "ข่ายฯ", id="cut short"),
        pytest.param("ศูนย์ประสานงานเพื่อการคุ้มครองเด็ก(เขตบางกอกน้อยกรุงเทพมหานคร)", "(เขต", id="bracket"),
        pytest.param("คณะกรรมการส่งเสริมการพัฒนาเด็กและเยาวชนแห่งชาติประจำปี", "เด็กและเยาวชน", id="set phrase"),
    ],
)
def test_a_long_name_is_not_taken_apart_inside(name: str, word: str) -> None:
    assert columns(name) > LONGEST_PROTECTED_COLUMNS
    assert any(word in part for part, _ in name_parts(name))
    assert any(word in part for _, part in split_at_joints(name))


def test_a_break_is_given_back_at_the_edges_of_a_name_inside_running_text() -> None:
    assert protect("ของลำทับและ", ["ลำทับ"]) == 'ของ<wbr><span class="nb">ลำทับ</span><wbr>และ'
    assert protect("ของลำทับฯ", ["ลำทับ"]) == 'ของ<wbr><span class="nb">ลำทับ</span>ฯ'


@pytest.mark.parametrize(
    ("name", "protected_parts"),
    [
        pytest.param("เทศบาลเมืองเขาสามร้อยยอด", ["เทศบาลเมืองเขาสามร้อยยอด"], id="short enough"),
        pytest.param(
            "มูลนิธิส่งเสริมโอกาสเด็กและเยาวชนลุ่มน้ำโขงเพื่อการพัฒนาที่ยั่งยืน",
            ["มูลนิธิ", "ส่งเสริมโอกาสเด็กและเยาวชน", "ลุ่มน้ำโขงเพื่อการพัฒนาที่ยั่งยืน"],
            id="kind and joints",
        ),
        pytest.param(
            "ชุมชนสุวรรณประสิทธิ์ 2 (เขตบึงกุ่ม) กรุงเทพมหานคร",
            ["ชุมชนสุวรรณประสิทธิ์ 2", "(เขตบึงกุ่ม)", "กรุงเทพมหานคร"],
            id="spaces, never before a number",
        ),
    ],
)
def test_a_long_name_is_protected_in_parts(name: str, protected_parts: list[str]) -> None:
    assert [part for part, is_protected in name_parts(name) if is_protected] == protected_parts


@given(THAI_TEXT.filter(bool))
def test_the_parts_of_a_name_joined_are_the_name_and_none_is_longer_than_a_third_of_a_line(name: str) -> None:
    parts = name_parts(name)
    assert "".join(part for part, _ in parts) == name
    assert all(columns(part) <= LONGEST_PROTECTED_COLUMNS for part, is_protected in parts if is_protected)


@given(THAI_TEXT, st.lists(THAI_TEXT.filter(str.strip), max_size=4))
def test_protecting_changes_no_character_of_the_text(text: str, names: list[str]) -> None:
    escaped = html.escape(text)
    assert html.unescape(without_protection(protect(escaped, names))) == text
