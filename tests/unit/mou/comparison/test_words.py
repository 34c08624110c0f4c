"""Words of Thai text: none parts a mark from its letter, whoever divides."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint.text.line_break import get_log_attrs

from mou.comparison.words import CLUSTERS, Divider, DividerName, clusters_of, installed_divider, words_of

THAI = st.text("กขงณนมยรลวอฤ" + "เแโใไะาำๅ" + "ัิีึืฺุู็่้๊๋์ํ๎" + "ๆฯ๐๙" + "aé1 .(“", max_size=30)
DIVIDERS = st.sampled_from([CLUSTERS, installed_divider()])


def edges(pieces: list[str]) -> set[int]:
    return set(accumulate(map(len, pieces)))


@given(THAI)
def test_pango_sees_no_cluster_divided(text: str) -> None:
    attributes = get_log_attrs(text, "th")
    places = {place for place in range(1, len(text)) if attributes[place].is_cursor_position} | {len(text)}
    assert edges(clusters_of(text)) <= places | {0}


@given(THAI, DIVIDERS, st.lists(THAI, max_size=3))
def test_words_are_the_text_and_none_begins_inside_a_cluster(text: str, divider: Divider, names: list[str]) -> None:
    words = words_of(text, divider, names)
    assert "".join(words) == text
    assert edges(words) <= edges(clusters_of(text))


@given(st.text(max_size=20))
def test_any_text_whatever_is_divided_and_joined_again(text: str) -> None:
    assert "".join(clusters_of(text)) == "".join(words_of(text)) == text


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        pytest.param("ที่นี้", ["ที่", "นี้"], id="vowel and tone above"),
        pytest.param("น้ำ", ["น้ำ"], id="SARA AM"),
        pytest.param("เด็กแม่", ["เด็", "ก", "แม่"], id="a vowel before its letter"),
        pytest.param("e\u0301a", ["e\u0301", "a"], id="an accent apart"),
        pytest.param("👩\u200d👧👍🏽🇹🇭🇹🇭", ["👩\u200d👧", "👍🏽", "🇹🇭", "🇹🇭"], id="emoji"),
        pytest.param("\u1112\u1161\u11abก", ["\u1112\u1161\u11ab", "ก"], id="Hangul apart"),
        pytest.param("เ ก", ["เ", " ", "ก"], id="a vowel without its letter"),
    ],
)
def test_a_letter_and_all_that_is_drawn_on_it_is_one(text: str, clusters: list[str]) -> None:
    assert clusters_of(text) == clusters


def test_spaces_numbers_and_signs_are_words_of_their_own() -> None:
    assert words_of("ตามข้อ ๒๕ (ก) และ ก.ย. 2565", installed_divider()) == [
        *("ตาม", "ข้อ", " ", "๒๕", " ", "(", "ก", ")", " ", "และ", " ", "ก", ".", "ย", ".", " ", "2565")
    ]


def test_a_number_in_thai_words_is_one_word() -> None:
    assert words_of("ไม่น้อยกว่าหนึ่งร้อยยี่สิบวัน", installed_divider())[-2:] == ["หนึ่งร้อยยี่สิบ", "วัน"]


def test_a_known_name_is_one_word_the_longest_first() -> None:
    names = ["เขาสามยอด", "เทศบาลเมืองเขาสามยอด"]
    assert words_of("๗ เทศบาลเมืองเขาสามยอด ลพบุรี", installed_divider(), names)[2] == "เทศบาลเมืองเขาสามยอด"


def test_a_name_that_would_end_inside_a_cluster_is_none() -> None:
    assert words_of("ตากี่", CLUSTERS, ["ตาก"]) == ["ต", "า", "กี่"]


def test_this_machine_divides_thai_by_words() -> None:
    assert installed_divider().name in {DividerName.LIBTHAI, DividerName.WORD_LIST}
