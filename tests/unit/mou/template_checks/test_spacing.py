import pytest

from mou.template_checks.findings import Severity
from mou.template_checks.spacing import doubled_spaces, mixed_numerals, spaces_of_signs
from tests.unit.mou.template_checks.texts import codes, line_of, text_of, told


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param("สิทธิต่างๆ ของเด็ก", "ต่าง ๆ", id="no space before the sign of repetition"),
        pytest.param("เครือข่าย ฯ และ", "เครือข่ายฯ และ", id="a space before paiyannoi"),
        pytest.param("นาย ธีระศักดิ์", "นายธีระศักดิ์", id="a title apart"),
    ],
)
def test_signs_that_are_spaced_otherwise_than_the_royal_society_asks_are_warnings(words: str, wanted: str) -> None:
    (finding,) = spaces_of_signs(text_of(f"<p>{words}</p>"))
    assert (finding.code, finding.severity, finding.place.line) == ("spaces_of_signs", Severity.WARNING, 1)
    assert wanted in str(finding.remedy).replace("\u00a0", " ")


def test_a_plain_space_before_the_sign_of_repetition_is_told_as_the_line_end_that_it_is() -> None:
    (finding,) = spaces_of_signs(text_of("<p>สิทธิต่าง ๆ ของเด็ก</p>"))
    assert str(finding.found) == "a line may end before ๆ in “สิทธิต่าง ๆ ของเด็ก”"
    assert "&nbsp;" in str(finding.remedy)


@pytest.mark.parametrize("words", ["สิทธิต่าง&nbsp;ๆ ของเด็ก", "เครือข่ายฯ และ", "ฯลฯ", "นายธีระศักดิ์ นายกเทศมนตรี"])
def test_signs_that_are_spaced_as_they_should_be_pass(words: str) -> None:
    assert not list(spaces_of_signs(text_of(f"<p>{words}</p>")))


def test_two_spaces_between_words_are_a_warning() -> None:
    assert told(doubled_spaces(line_of("คู่ความ  ร่วมมือ"))) == ["two spaces stand between “คู่ความ” and “ร่วมมือ”"]


@pytest.mark.parametrize("words", ["    คู่ความ ร่วมมือ", "คู่ความ \ufffc\ufffc  \ufffc", "คู่ความ "])
def test_spaces_at_the_edge_of_a_line_or_around_code_are_none(words: str) -> None:
    assert not list(doubled_spaces(line_of(words)))


def test_an_arabic_number_among_thai_ones_is_found_with_its_line() -> None:
    (finding,) = mixed_numerals(text_of("<p>ข้อความ</p>\n<p>ภายใน 24 ชั่วโมง</p>"))
    assert (finding.code, finding.severity, finding.place.line) == ("numerals_mixed", Severity.WARNING, 2)


def test_a_thai_number_among_arabic_ones_is_found() -> None:
    assert codes(mixed_numerals(text_of("<p>ภายใน ๒๔ ชั่วโมง</p>", numerals="arabic"))) == ["numerals_mixed"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("ภายใน ๒๔ ชั่วโมง", id="the system of the document"),
        pytest.param("ติดต่อ office1@example.org", id="mail"),
        pytest.param("ตามวิธี SHA-256 ดังนี้", id="a digest's name"),
        pytest.param("มาตรฐาน ISO 9001 และ COVID-19", id="names with numbers"),
        pytest.param("โทรศัพท์ 02-123-4567, 081-234-5678", id="telephones"),
        pytest.param("โรคโควิด-19 และโควิด 19", id="a name in Thai with a number"),
        pytest.param("หนังสือกระทรวงศึกษาธิการ ที่ ศธ 0503/ว 123", id="a letter of an office"),
        pytest.param("พระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา 26 และ 27", id="a law"),
        pytest.param("https://example.org/2569/01", id="an address"),
        pytest.param("ขนาด 16 GB", id="a unit in Latin letters"),
        pytest.param("เลขที่ LCRN-MOU-2565-001", id="number of a document"),
        pytest.param("5814349e32b623ef54ef48fa14904d17", id="digest"),
        pytest.param('ภายใน ๒๔ ชั่วโมง <span lang="en">within 24 hours</span>', id="English"),
        pytest.param("\ue000ชุมชน 2\ue001 ตกลง", id="a value"),
    ],
)
def test_numbers_that_are_nobodys_choice_are_left_alone(words: str) -> None:
    assert not list(mixed_numerals(text_of(f"<p>{words}</p>")))
