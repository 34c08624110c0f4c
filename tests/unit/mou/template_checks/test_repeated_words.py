import pytest

from mou.template_checks.repeated_words import repeated_words
from tests.unit.mou.template_checks.texts import text_of, told


@pytest.mark.parametrize(
    ("words", "word"),
    [
        pytest.param("ภายใต้โครงการ\ue000โครงการตัวอย่าง\ue001", "โครงการ", id="before a value"),
        pytest.param("หนังสือที่ \ue000ที่ ตย ๑\ue001", "ที่", id="before a value, with a space"),
        pytest.param("\ue000จังหวัดเชียงใหม่\ue001เชียงใหม่", "เชียงใหม่", id="after a value"),
    ],
)
def test_a_word_that_template_and_value_both_write_is_a_warning(words: str, word: str) -> None:
    (one,) = told(repeated_words(text_of(f"<p>{words}</p>")))
    assert one.startswith(f"“{word}” stands twice")


@pytest.mark.parametrize(
    "words",
    [
        "ภายใต้โครงการ\ue000เสริมพลัง\ue001",
        "คณะกรรมการ\ue000การเลือกตั้ง\ue001",
        "คณะกรรมการการศึกษา",
        "ระหว่าง\ue000มูลนิธิหนึ่ง\ue001กับ\ue000มูลนิธิสอง\ue001",
        "ต่าง ๆ",
    ],
)
def test_words_that_are_meant_twice_pass(words: str) -> None:
    assert not list(repeated_words(text_of(f"<p>{words}</p>")))
