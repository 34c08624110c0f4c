"""What is kept of consents and of ages on the day of signing, on every database."""

from datetime import date, timedelta

import pytest

from mou.charter.instruments import AgeBand, MinorSignature
from mou.consents import ConsentKind, GivenConsent, Guardian, words_of
from mou.storage.database import Database
from signatures.digests import digest_of
from tests.contract.test_database import (  # noqa: F401  # fixtures that pytest finds by their names
    NOW,
    database,
    document_of,
    keep_document,
    ledger_key,
    url,
)

GUARDIAN = Guardian("นางสมมติ ตัวอย่าง", "มารดา", digest_of(b"the signed paper"))
BY = "usr_secretariat"


def consent_of(
    consent_id: str, kind: ConsentKind = ConsentKind.GUARDIAN_CONSENT, *, seconds: int = 0, guardian: Guardian | None = GUARDIAN
) -> GivenConsent:
    return GivenConsent(
        consent_id=consent_id,
        document_id="doc_1",
        field="S0001",
        kind=kind,
        signatory="สมมติ ตัวอย่าง",
        text=words_of(kind).digest,
        given_on=date(2026, 11, 20),
        recorded_at=NOW + timedelta(seconds=seconds),
        recorded_by=BY,
        guardian=guardian,
    )


@pytest.fixture
def kept(database: Database) -> Database:  # noqa: F811  # the fixture of the same name
    keep_document(database, document_of())
    return database


def test_a_consent_comes_back_as_it_was_given(kept: Database) -> None:
    given = consent_of("cns_1"), consent_of("cns_2", ConsentKind.MINOR_ASSENT, seconds=1, guardian=None)
    with kept.write() as transaction:
        for one in given:
            transaction.consents.add_consent(one)
    with kept.read() as transaction:
        assert transaction.consents.consents("doc_1") == given
        assert transaction.consents.find_consent("cns_2") == given[1]
        assert transaction.consents.find_consent("cns_9") is None
        assert transaction.consents.consents("doc_9") == ()


def test_consents_come_in_the_order_of_their_record(kept: Database) -> None:
    with kept.write() as transaction:
        for name, seconds in (("cns_c", 2), ("cns_a", 9), ("cns_b", 2)):
            transaction.consents.add_consent(consent_of(name, seconds=seconds))
    with kept.read() as transaction:
        assert [one.consent_id for one in transaction.consents.consents()] == ["cns_b", "cns_c", "cns_a"]


def test_a_withdrawal_keeps_the_row_and_its_first_moment(kept: Database) -> None:
    with kept.write() as transaction:
        transaction.consents.add_consent(consent_of("cns_1"))
        transaction.consents.withdraw_consent("cns_1", at=NOW + timedelta(days=1), by=BY)
        transaction.consents.withdraw_consent("cns_1", at=NOW + timedelta(days=2), by="somebody else")
    with kept.read() as transaction:
        (one,) = transaction.consents.consents("doc_1")
    assert (one.withdrawn_at, one.withdrawn_by) == (NOW + timedelta(days=1), BY)
    assert one.guardian == GUARDIAN
    assert (one.stands(NOW), one.stands(NOW + timedelta(days=1))) == (True, False)


def test_the_age_on_the_day_of_signing_is_kept_once_and_not_changed_afterwards(kept: Database) -> None:
    minor = MinorSignature(AgeBand.FROM_18_TO_19, date(2026, 11, 20), date(2026, 11, 21))
    with kept.write() as transaction:
        transaction.consents.put_age("doc_1", "S0001", minor)
        transaction.consents.put_age("doc_1", "S0001", MinorSignature(AgeBand.FROM_20))
        transaction.consents.put_age("doc_1", "S0002", MinorSignature(AgeBand.FROM_20))
    with kept.read() as transaction:
        assert transaction.consents.ages("doc_1") == {"S0001": minor, "S0002": MinorSignature(AgeBand.FROM_20)}
        assert transaction.consents.ages("doc_9") == {}


def test_names_can_be_erased_and_the_fact_of_the_consent_stays(kept: Database) -> None:
    with kept.write() as transaction:
        transaction.consents.add_consent(consent_of("cns_1"))
    with kept.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE consent SET signatory = NULL, guardian_name = NULL, guardian_relationship = NULL")
    with kept.read() as transaction:
        (one,) = transaction.consents.consents("doc_1")
    assert (one.signatory, one.guardian) == ("", Guardian("", "", GUARDIAN.paper))
    assert one.stands(NOW)


def test_an_organisation_is_found_by_its_id(kept: Database) -> None:
    with kept.read() as transaction:
        found = transaction.store.find_organisation("org-1")
        assert found is not None
        assert found == transaction.store.organisations()[0]
        assert transaction.store.find_organisation("org-9") is None
