"""The words that are agreed to, and their versions."""

import pytest

from mou.consents import ConsentKind, Guardian, words_of
from signatures.digests import digest_of


@pytest.mark.parametrize("kind", ConsentKind)
def test_the_words_are_thai_short_and_say_that_they_can_be_taken_back_or_refused(kind: ConsentKind) -> None:
    words = words_of(kind)
    assert all("ก" <= letter <= "๛" or letter in " ()" for letter in words.whole)
    assert len(words.whole) < 500
    assert any(word in words.detail for word in ("ถอน", "เปลี่ยนใจ"))
    assert any(word in words.detail for word in ("ไม่ยินยอม", "ไม่ลงนามก็ได้"))


@pytest.mark.parametrize("language", ["th", "en"])
def test_each_consent_has_words_of_its_own_and_their_digest_is_the_version(language: str) -> None:
    versions = {words_of(kind, language).digest for kind in ConsentKind}
    assert len(versions) == len(ConsentKind)
    for kind in ConsentKind:
        words = words_of(kind, language)
        assert words.digest == digest_of(f"{words.text} {words.detail}".encode())


def test_the_words_of_another_language_are_another_version() -> None:
    assert all(words_of(kind, "en").digest != words_of(kind, "th").digest for kind in ConsentKind)


def test_a_guardian_is_not_named_where_values_are_printed() -> None:
    guardian = Guardian("นางสมมติ ตัวอย่าง", "มารดา", digest_of(b"paper"))
    assert "สมมติ" not in repr(guardian)
    assert "มารดา" not in repr(guardian)
