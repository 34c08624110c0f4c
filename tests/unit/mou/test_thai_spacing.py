import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.thai import join_titles, royal_society_spacing, space_abbreviation_marks, space_repeat_marks

TEXT = st.text(alphabet="กขะาิ่ๆฯลพณ นายง๑ \u00a0“”().,;<>/-\nab", max_size=40)


@pytest.mark.parametrize(
    ("typed", "spaced"),
    [
        pytest.param("ต่างๆกัน", "ต่าง\u00a0ๆ กัน", id="no space at all"),
        pytest.param("ต่าง ๆ กัน", "ต่าง\u00a0ๆ กัน", id="ordinary spaces"),
        pytest.param("ต่าง\nๆ กัน", "ต่าง\u00a0ๆ กัน", id="a line of the source ends before it"),
        pytest.param("ใด ๆ", "ใด\u00a0ๆ", id="at the end"),
        pytest.param("(ต่างๆ)", "(ต่าง\u00a0ๆ)", id="before a bracket"),
        pytest.param("“ๆ” และ ๆ", "“ๆ” และ\u00a0ๆ", id="the mark itself in quotation marks"),
        pytest.param("ต่าง&nbsp;ๆ กัน", "ต่าง&nbsp;ๆ กัน", id="no-break space by its name"),
    ],
)
def test_the_repeat_mark_gets_a_space_on_both_sides_and_the_first_one_holds(typed: str, spaced: str) -> None:
    assert space_repeat_marks(typed) == spaced
    assert space_repeat_marks(spaced) == spaced


@pytest.mark.parametrize(
    ("typed", "spaced"),
    [
        pytest.param("เครือข่าย ฯและสภา", "เครือข่ายฯ และสภา", id="before and behind"),
        pytest.param("รองนายกฯร่วมเปิด", "รองนายกฯ ร่วมเปิด", id="no space behind"),
        pytest.param("กรุงเทพฯ", "กรุงเทพฯ", id="at the end"),
        pytest.param("กรุงเทพฯ-เชียงใหม่", "กรุงเทพฯ-เชียงใหม่", id="before a hyphen"),
        pytest.param("(เครือข่ายฯ)", "(เครือข่ายฯ)", id="before a bracket"),
        pytest.param("เงาะ มังคุดฯลฯเป็นต้น", "เงาะ มังคุด ฯลฯ เป็นต้น", id="and so on"),
        pytest.param("เงาะ ฯ ล ฯ", "เงาะ ฯลฯ", id="and so on, typed apart"),
        pytest.param("(เงาะ ฯลฯ)", "(เงาะ ฯลฯ)", id="and so on before a bracket"),
        pytest.param("เครือข่ายฯ ฯลฯ", "เครือข่ายฯ ฯลฯ", id="both signs"),
        pytest.param("ฯพณฯท่าน", "ฯพณฯ ท่าน", id="his excellency"),
        pytest.param("“ฯพณฯ”", "“ฯพณฯ”", id="his excellency in quotation marks"),
    ],
)
def test_an_abbreviation_mark_ends_its_word_and_a_whole_sign_stays_whole(typed: str, spaced: str) -> None:
    assert space_abbreviation_marks(typed) == spaced
    assert space_abbreviation_marks(spaced) == spaced


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        pytest.param("นาย ธีระศักดิ์ ใจดี", "นายธีระศักดิ์ ใจดี", id="the given name alone"),
        pytest.param("กับ นางสาว ขวัญ", "กับ นางสาวขวัญ", id="the longest title"),
        pytest.param("เจ้านาย ทั้งหลาย", "เจ้านาย ทั้งหลาย", id="the end of another word"),
        pytest.param("นาย ก. กับ นาง ข.", "นาย ก. กับ นาง ข.", id="a letter is no name"),
    ],
)
def test_a_title_stands_before_the_name_without_a_space(typed: str, joined: str) -> None:
    assert join_titles(typed) == joined


@given(TEXT)
def test_spacing_changes_spaces_and_nothing_else(text: str) -> None:
    assert "".join(royal_society_spacing(text).split()) == "".join(text.split())


@given(TEXT)
def test_what_is_spaced_stays_as_it_is(text: str) -> None:
    spaced = royal_society_spacing(text)
    assert royal_society_spacing(spaced) == spaced
