"""The words that are agreed to, and their versions."""

from datetime import UTC, datetime

import pytest

from mou.consents import ConsentKind, GivenConsent, Guardian, consents_of, words_of
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


def test_consents_of_one_second_are_listed_in_the_order_in_which_they_are_given() -> None:
    at = datetime(2026, 11, 26, 9, tzinfo=UTC)

    def given(consent_id: str, kind: ConsentKind) -> GivenConsent:
        digest = words_of(kind).digest
        return GivenConsent(
            consent_id=consent_id,
            document_id="doc_1",
            field="S0001",
            kind=kind,
            signatory="นางสาวฟ้าใส ตัวอย่าง",
            text=digest,
            given_on=at.date(),
            recorded_at=at,
            recorded_by="secretariat",
        )

    found = consents_of(
        [given("cns_1", ConsentKind.MINOR_ASSENT), given("cns_2", ConsentKind.GUARDIAN_CONSENT)], "S0001", "นางสาวฟ้าใส ตัวอย่าง"
    )
    assert [one.kind for one in found] == [ConsentKind.GUARDIAN_CONSENT, ConsentKind.MINOR_ASSENT]
