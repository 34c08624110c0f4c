import pytest

from mou.template_checks.characters import misplaced_marks, missing_glyphs, unseen_characters, useless_spaces
from mou.template_checks.findings import Severity
from tests.unit.mou.template_checks.texts import codes, line_of, told

DRAWABLE = frozenset(map(ord, "กขคนำีี่่ที้แม ABC"))


@pytest.mark.parametrize(
    ("words", "severity", "named"),
    [
        pytest.param("เทศ\u2060บาล", Severity.ERROR, "U+2060 WORD JOINER", id="word joiner"),
        pytest.param("เทศ\u200bบาล", Severity.WARNING, "U+200B ZERO WIDTH SPACE", id="a break where nobody chose"),
        pytest.param("เทศ\u202eบาล", Severity.ERROR, "U+202E RIGHT-TO-LEFT OVERRIDE", id="direction"),
        pytest.param("เทศ\ufeffบาล", Severity.ERROR, "U+FEFF ZERO WIDTH NO-BREAK SPACE", id="byte order mark inside"),
        pytest.param("เทศ\x07บาล", Severity.ERROR, "U+0007 control character", id="control character"),
    ],
)
def test_a_character_that_nobody_sees_is_found_by_its_name(words: str, severity: Severity, named: str) -> None:
    (finding,) = unseen_characters(line_of(words))
    assert (finding.code, finding.severity, finding.place.line) == ("character_unseen", severity, 7)
    assert str(finding.found).startswith(named)


@pytest.mark.parametrize("words", ["เทศบาล ตำบล", "\tเทศบาล", "ต่าง\u00a0ๆ", "\ufffcกับ"])
def test_words_spaces_and_what_stands_for_a_value_are_seen(words: str) -> None:
    assert not list(unseen_characters(line_of(words)))


def test_a_no_break_space_before_a_thai_letter_protects_nothing() -> None:
    (finding,) = useless_spaces(line_of("วันที่ ๒๙\u00a0มีนาคม"))
    assert (finding.code, finding.severity) == ("no_break_space_useless", Severity.WARNING)
    assert 'class="nb"' in str(finding.remedy)


@pytest.mark.parametrize("words", ["ต่าง\u00a0ๆ กัน", "24\u00a0hours", "Article\u00a01"])
def test_a_no_break_space_that_does_protect_is_left_alone(words: str) -> None:
    assert not list(useless_spaces(line_of(words)))


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        pytest.param("ท\u0e48\u0e35", "type the vowel before the tone mark", id="tone before vowel"),
        pytest.param("น\u0e4d\u0e32", "type ำ as one character (U+0E33)", id="sara am in two"),
        pytest.param("น\u0e4d\u0e49\u0e32", "type ำ as one character (U+0E33)", id="sara am in two, a tone between"),
        pytest.param("\u0e40\u0e40ม่", "type แ as one character (U+0E41)", id="two sara e"),
        pytest.param("ที\u0e48\u0e48", "type the mark once", id="a mark twice"),
        pytest.param("ผ\u0e48\u0e39", "type the vowel before the tone mark", id="what NFC would mend"),
    ],
)
def test_marks_that_only_look_right_are_errors_with_their_remedy(words: str, remedy: str) -> None:
    (finding,) = misplaced_marks(line_of(f"คำว่า {words} นี้"))
    assert (finding.code, finding.severity, str(finding.remedy)) == ("marks_misplaced", Severity.ERROR, remedy)


def test_a_decomposed_letter_is_an_error() -> None:
    assert codes(misplaced_marks(line_of("Cafe\u0301 ตัวอย่าง"))) == ["text_decomposed"]


@pytest.mark.parametrize("words", ["น้ำทั้งสิ้น ที่ ญี่ปุ่น กตัญญู ผู้ใหญ่ ษี่ ฤๅษี แม่", "\ufffcที่", "ทำ\ufffc"])
def test_words_that_are_typed_as_they_should_be_pass(words: str) -> None:
    assert not list(misplaced_marks(line_of(words)))


def test_each_character_that_the_font_lacks_is_found_once_with_its_name() -> None:
    (finding,) = missing_glyphs(line_of("ก ☑ ข ☑"), DRAWABLE, "Sarabun")
    assert (finding.code, finding.severity) == ("glyph_missing", Severity.ERROR)
    assert "☑ (U+2611 BALLOT BOX WITH CHECK)" in told([finding])[0]


def test_what_the_font_draws_and_what_is_a_value_is_no_missing_glyph() -> None:
    assert not list(missing_glyphs(line_of("ก ข \ufffc\ufffc ค"), DRAWABLE, "Sarabun"))
