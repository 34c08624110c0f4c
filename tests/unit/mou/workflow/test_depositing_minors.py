"""A minor's signature as the depositary's instrument: the band of age, two days and an opaque id, and nothing else about them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from mou.charter.instruments import AgeBand, Instrument, MinorSignature
from mou.consents import ConsentKind
from mou.models import Capacity
from mou.requests import RequestState
from mou.storage import tables
from mou.storage.records import person_to_text
from mou.workflow.consents import GuardianPaper, give_consent, withdraw_consent
from mou.workflow.depositing import person_id, receive_instrument, receive_signatures
from mou.workflow.importing import import_organisations
from mou.workflow.signing import sign_document
from mou.workflow.status import document_statuses
from mou.workflow.workspace import Workspace
from tests.unit.mou.workflow.test_depositing import (  # noqa: F401  # fixtures that pytest finds by their names
    DAY,
    adopt,
    authority,
    ceremony,
    later,
    signer,
    workspace,
)
from tests.unit.mou.workflow.test_minors import list_with_dates

MINOR, WITNESS = "นางแก้ว ตัวอย่าง", "นายก้อง ตัวอย่าง"
PAPER = GuardianPaper("นางสมหญิง ตัวอย่าง", "มารดา", b"a scan of the signed sheet")
pytestmark = pytest.mark.usefixtures("workspace")


def with_dates(workspace: Workspace, minor: str, adult: str) -> None:  # noqa: F811
    path = workspace.folder / "members.csv"
    path.write_text(list_with_dates(minor, adult), encoding="utf-8")
    import_organisations(workspace, path)


def memorandum(workspace: Workspace) -> str:  # noqa: F811
    return document_statuses(workspace, "lanna-mou")[0].document.document_id


def let_sign(workspace: Workspace, document_id: str) -> list[str]:  # noqa: F811
    """Record consent and assent; their ids."""
    day_before = DAY - timedelta(days=1)
    given = [
        give_consent(workspace, document_id, "S0001", ConsentKind.GUARDIAN_CONSENT, given_on=day_before, guardian=PAPER),
        give_consent(workspace, document_id, "S0001", ConsentKind.MINOR_ASSENT),
    ]
    return [one.consent.consent_id for one in given]


def sign_memorandum(workspace: Workspace, *fields: str) -> None:  # noqa: F811
    document_id = memorandum(workspace)
    with workspace.database.read() as transaction:
        names = {one.slot.field: one.slot.person.full_name for one in transaction.store.requests(document_id)}
    for field in fields:
        sign_document(workspace, document_id, field, signer(workspace, names[field]))


def received(workspace: Workspace, charter: str) -> Instrument:  # noqa: F811
    (deposit,) = receive_signatures(workspace, charter)
    assert deposit.fault is None
    return deposit.received.instrument


LONG_HEXADECIMAL = re.compile("[0-9a-f]{24,}")  # digests and ids, which hold any four digits by chance


def ledger_text(workspace: Workspace) -> str:  # noqa: F811
    with workspace.database.read() as transaction:
        return "\n".join(one.leaf.decode() for one in transaction.ledger.entries(0, transaction.ledger.head().size))


def signed_by_a_minor(workspace: Workspace) -> str:  # noqa: F811
    """A charter under which somebody born on 29 March 2547 signs a memorandum on 29 March 2565, an adult beside."""
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    with_dates(workspace, "29 มีนาคม 2547", "2/1/2533")
    let_sign(workspace, memorandum(workspace))
    sign_memorandum(workspace, "S0001", "S0002", "S0003", "S0004")
    return charter


def test_the_ledger_has_the_band_the_days_and_an_opaque_adult_and_no_date_of_birth_no_name_no_guardian(
    workspace: Workspace,  # noqa: F811
) -> None:
    instrument = received(workspace, signed_by_a_minor(workspace))
    assert instrument.minor == MinorSignature(
        AgeBand.FROM_18_TO_19, DAY - timedelta(days=1), DAY, person_id(workspace, "org-1", WITNESS)
    )
    told = LONG_HEXADECIMAL.sub("", ledger_text(workspace))
    assert '"age_band":"18_to_19"' in told
    for secret in ("2004-03-29", "2547", "แก้ว", "สมหญิง", "มารดา", "cns_", "1990"):
        assert secret not in told


def test_presented_again_after_the_dates_were_erased_and_all_was_withdrawn_it_is_the_same_paper(
    workspace: Workspace,  # noqa: F811
) -> None:
    charter = signed_by_a_minor(workspace)
    first = received(workspace, charter)
    with workspace.database.read() as transaction:
        consents = transaction.consents.consents(memorandum(workspace))
    for one in consents:
        withdraw_consent(workspace, one.consent_id)
    with_dates(workspace, "", "")
    (again,) = receive_signatures(workspace, charter)
    assert (again.is_new, again.received.instrument) == (False, first)


@pytest.mark.parametrize("born", ["", "1/1/2540"], ids=["of unknown age", "an adult"])
def test_of_nobody_else_is_an_age_told(workspace: Workspace, born: str) -> None:  # noqa: F811
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    with_dates(workspace, born, "")
    sign_memorandum(workspace, "S0001", "S0002", "S0003", "S0004")
    assert received(workspace, charter).minor is None
    assert "age_band" not in ledger_text(workspace)


def test_a_date_of_birth_that_becomes_known_later_changes_no_paper(workspace: Workspace) -> None:  # noqa: F811
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    sign_memorandum(workspace, "S0001", "S0002", "S0003", "S0004")
    first = received(workspace, charter)
    with_dates(workspace, "29 มีนาคม 2547", "2/1/2533")
    (again,) = receive_signatures(workspace, charter)
    assert (again.is_new, again.received.instrument) == (False, first)


def add_witness_of_charter(workspace: Workspace, charter: str) -> None:  # noqa: F811
    """As if the charter's page had a second place for the first organisation."""
    with workspace.database.read() as transaction:
        witness = next(one for one in transaction.store.requests(memorandum(workspace)) if one.slot.field == "S0002")
    with workspace.database.engine.begin() as connection:
        connection.execute(
            insert(tables.signature_request).values(
                document_id=charter,
                field="S0009",
                role="adviser",
                signing_order=1,
                organisation_id="org-1",
                organisation_name="มูลนิธิสมมติหนึ่ง",
                person=person_to_text(witness.slot.person),
                capacity=Capacity.WITNESS,
                state=RequestState.SENT,
            )
        )


@pytest.mark.parametrize(
    ("state", "outcomes"),
    [
        pytest.param(RequestState.SENT, [], id="it waits while the adult may still sign"),
        pytest.param(RequestState.DECLINED, ["minors"], id="it is returned when the adult does not"),
    ],
)
def test_a_minors_signature_on_the_charters_own_page_waits_for_the_adult(
    workspace: Workspace,  # noqa: F811
    state: RequestState,
    outcomes: Sequence[str],
) -> None:
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    with_dates(workspace, "29 มีนาคม 2547", "2/1/2533")
    add_witness_of_charter(workspace, charter)
    let_sign(workspace, charter)
    sign_document(workspace, charter, "S0001", signer(workspace, MINOR))
    with workspace.database.engine.begin() as connection:
        field = tables.signature_request.c.field == "S0009"
        connection.execute(tables.signature_request.update().where(field).values(state=state))
    deposits = receive_signatures(workspace, charter)
    assert [one.fault.clause for one in deposits if one.fault is not None] == list(outcomes)
    assert len(deposits) == len(outcomes)


def test_the_age_is_that_of_the_day_of_signing_also_when_the_paper_is_received_years_later(
    workspace: Workspace,  # noqa: F811
) -> None:
    charter = signed_by_a_minor(workspace)
    minor = received(later(workspace, date(2024, 4, 1)), charter).minor
    assert minor is not None
    assert minor.age_band is AgeBand.FROM_18_TO_19
