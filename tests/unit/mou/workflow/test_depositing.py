"""A charter of two members on the day of its ceremony: what is signed becomes an instrument, counted where its form is due."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mou.app import create_workspace, open_workspace
from mou.ceremony import Channel
from mou.charter.answers import CharterState, PartyState
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import AgeBand, Authority, Instrument, InstrumentKind, Meeting, MinorSignature
from mou.charter.ledger_form import accepted_instruments
from mou.charter.register import replay
from mou.charter.status import charter_status, party_statuses
from mou.errors import InputError, UsageError
from mou.messages import translate
from mou.models import OrganisationKind
from mou.storage import tables
from mou.templates import bundled_templates_folder
from mou.workflow import depositing
from mou.workflow.auditing import audit_workspace
from mou.workflow.charters import (
    charter_on,
    forecast_on,
    instruments_received,
    parties_on,
    party_on,
    read_exported_register,
    unconfirmed_on,
)
from mou.workflow.depositing import adopt_text, kept_charter, receive_instrument, receive_signatures, with_authority_id
from mou.workflow.generating import generate, plan_generation
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from mou.workflow.signing import sign_document
from mou.workflow.status import find_document
from mou.workflow.workspace import Workspace
from signatures.authority import Subject, new_private_key
from signatures.ledger.export import export_ledger
from signatures.signers import Signer, signer_from_key
from tests.unit.mou.workflow.conftest import MEMBERS, tick_from

CEREMONY = datetime(2022, 3, 29, 2, 0, tzinfo=UTC)
DAY = CEREMONY.date()
FAULT = '{"clause": "form", "on": "2022-03-29", "fact": {"template": "-", "values": {}}}'
ALL_IN_FAVOUR = Meeting({Channel.ON_SITE: 1, Channel.ONLINE: 1}, 2, 0, 0)


@pytest.fixture(scope="module")
def ceremony(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The charter and two memoranda, made on the morning of the ceremony; the network's window for signatures is open."""
    folder = tmp_path_factory.mktemp("depositary") / "workspace"
    workspace = create_workspace(folder, name="เครือข่ายทดสอบ", origin="example.org/depositary", clock=tick_from(CEREMONY))
    shutil.copyfile(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml", folder / "ceremony.toml")
    members = folder / "members.csv"
    members.write_text(MEMBERS, encoding="utf-8")
    import_organisations(workspace, members)
    for template in ("lanna-charter", "lanna-mou"):
        for task in plan_generation(workspace, template):
            generate(workspace, task)
    publish_queued(workspace)
    workspace.database.close()
    return folder


@pytest.fixture
def workspace(ceremony: Path, tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "workspace"
    shutil.copytree(ceremony, folder)
    workspace = open_workspace(folder, clock=tick_from(CEREMONY + timedelta(hours=1)))
    yield workspace
    workspace.database.close()


def charter_id(workspace: Workspace) -> str:
    return find_document(workspace, "lanna-charter").document_id


def adopt(workspace: Workspace) -> str:
    adopt_text(workspace, find_document(workspace, "lanna-charter"), ALL_IN_FAVOUR, on=DAY)
    return charter_id(workspace)


def authority(party: str, *, on: date = DAY, expires_on: date | None = None) -> Instrument:
    paper = Authority("", AuthorityKind.BOARD_RESOLUTION, on - timedelta(days=7), expires_on=expires_on)
    return Instrument(
        "",
        InstrumentKind.AUTHORITY_DEPOSITED,
        on,
        party=party,
        party_kind=OrganisationKind.FOUNDATION,
        authority=with_authority_id(party, paper),
    )


def later(workspace: Workspace, day: date) -> Workspace:
    """The same workspace on a later day."""
    return replace(workspace, clock=tick_from(datetime(day.year, day.month, day.day, 3, tzinfo=UTC)))


def signer(workspace: Workspace, name: str) -> Signer:
    own, key = workspace.keys.authority(), new_private_key()
    certificate = own.issue(Subject(name), key.public_key(), not_before=CEREMONY, not_after=CEREMONY + timedelta(days=30))
    return signer_from_key(key, certificate, (own.certificate,))


def sign_charter(workspace: Workspace, *fields: str) -> None:
    names = {"S0001": "นางแก้ว ตัวอย่าง", "S0002": "นายคำ ตัวอย่าง"}
    for field in fields:
        sign_document(workspace, charter_id(workspace), field, signer(workspace, names[field]))


def test_what_is_signed_counts_on_an_authority_and_brings_the_charter_into_force(workspace: Workspace) -> None:
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    receive_instrument(workspace, charter, authority("org-2"))
    sign_charter(workspace, "S0001", "S0002")
    deposits = receive_signatures(workspace, charter)
    assert [(one.received.instrument.party, one.fault) for one in deposits] == [("org-1", None), ("org-2", None)]
    assert charter_on(workspace, charter, DAY).state is CharterState.DATE_FIXED
    in_force = charter_on(workspace, charter, date(2022, 4, 28))
    assert (in_force.state, in_force.counted, in_force.in_force_for) == (CharterState.IN_FORCE, 2, 2)
    assert set(in_force.triggers) == {one.received.instrument.instrument_id for one in deposits}
    bound = party_on(workspace, charter, "org-1", date(2022, 4, 28))
    assert (bound.state, bound.is_bound, bound.text) == (PartyState.IN_FORCE, True, kept(workspace, charter))


def kept(workspace: Workspace, charter: str) -> str:
    with workspace.database.read() as transaction:
        return kept_charter(transaction, charter).text


def test_a_signature_without_authority_is_returned_kept_and_not_counted_until_one_is_deposited(workspace: Workspace) -> None:
    charter = adopt(workspace)
    sign_charter(workspace, "S0001")
    (first,) = receive_signatures(workspace, charter)
    assert first.fault is not None
    assert (first.fault.clause, first.fault.on) == ("proof_of_authority", DAY)
    assert charter_on(workspace, charter, DAY).counted == 0
    (again,) = receive_signatures(workspace, charter)
    assert not again.is_new  # the same paper, the same answer: nothing is recorded twice
    receive_instrument(workspace, charter, authority("org-1"))
    (accepted,) = receive_signatures(workspace, charter)
    assert accepted.fault is None
    assert charter_on(workspace, charter, DAY).counted == 1
    outcomes = [(one.instrument.kind, one.fault is None) for one in instruments_received(workspace, charter, "org-1")]
    assert sorted(outcomes) == [
        (InstrumentKind.AUTHORITY_DEPOSITED, True),
        (InstrumentKind.SIGNED_DEFINITIVE, False),
        (InstrumentKind.SIGNED_DEFINITIVE, True),
    ]


def test_why_a_minors_signature_was_returned_is_told_again_as_it_was(workspace: Workspace) -> None:
    charter = adopt(workspace)
    (deposit,) = (receive_instrument(workspace, charter, one) for one in (minors_signature(workspace, charter),))
    assert deposit.fault is not None
    (kept_one,) = [one for one in instruments_received(workspace, charter, "org-1") if one.fault is not None]
    assert kept_one.fault is not None
    assert str(kept_one.fault.fact) == str(deposit.fault.fact)
    assert translate(kept_one.fault.fact, "th") == translate(deposit.fault.fact, "th")


def minors_signature(workspace: Workspace, charter: str) -> Instrument:
    deposited = receive_instrument(workspace, charter, authority("org-1")).received.instrument.authority
    assert deposited is not None
    return Instrument(
        "",
        InstrumentKind.SIGNED_DEFINITIVE,
        DAY,
        party="org-1",
        party_kind=OrganisationKind.FOUNDATION,
        authority_id=deposited.authority_id,
        minor=MinorSignature(AgeBand.FROM_18_TO_19),
    )


def test_a_repeat_of_everything_records_nothing_new(workspace: Workspace) -> None:
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    sign_charter(workspace, "S0001")
    receive_signatures(workspace, charter)
    before = ledger_size(workspace)
    adopt(workspace)
    assert not receive_instrument(workspace, charter, authority("org-1")).is_new
    assert [one.is_new for one in receive_signatures(workspace, charter)] == [False]
    assert ledger_size(workspace) == before


def ledger_size(workspace: Workspace) -> int:
    with workspace.database.read() as transaction:
        return transaction.ledger.head().size


def test_a_reader_of_the_export_and_the_charter_computes_the_same_status(workspace: Workspace, tmp_path: Path) -> None:
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    receive_instrument(workspace, charter, authority("org-2"))
    sign_charter(workspace, "S0001", "S0002")
    receive_signatures(workspace, charter)
    after = later(workspace, date(2022, 6, 1))
    receive_instrument(after, charter, Instrument("", InstrumentKind.WITHDRAWAL_NOTIFIED, date(2022, 6, 1), party="org-2"))
    with workspace.database.read() as transaction:
        export_ledger(transaction.ledger, tmp_path / "export")
    pdf = workspace.files.get(find_document(workspace, charter).current)
    register = read_exported_register(tmp_path / "export", [workspace.keys.ledger_public_key()], pdf)
    for day in (
        date(2022, 3, 28),
        DAY,
        date(2022, 4, 27),
        date(2022, 4, 28),
        date(2022, 6, 1),
        date(2022, 8, 30),
        date(2023, 1, 1),
    ):
        assert charter_status(register, day) == charter_on(workspace, charter, day)
        assert party_statuses(register, day) == parties_on(workspace, charter, day)


def test_an_export_that_was_changed_or_of_another_charter_gives_no_status(workspace: Workspace, tmp_path: Path) -> None:
    adopt(workspace)
    memorandum = next(one for one in (workspace.folder / "documents").rglob("*.pdf") if "mou" in one.parent.name)
    with workspace.database.read() as transaction:
        export_ledger(transaction.ledger, tmp_path / "export")
    keys = [workspace.keys.ledger_public_key()]
    with pytest.raises(InputError, match="got none"):
        read_exported_register(tmp_path / "export", keys, memorandum.read_bytes())
    bundle = next((tmp_path / "export" / "tile" / "entries").rglob("*"))
    bundle = next(one for one in (tmp_path / "export" / "tile" / "entries").rglob("*") if one.is_file())
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"X")
    pdf = workspace.files.get(find_document(workspace, "lanna-charter").current)
    with pytest.raises(InputError, match="recomputed"):
        read_exported_register(tmp_path / "export", keys, pdf)


def test_days_long_past_are_closed_and_a_late_paper_opens_them_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depositing, "MOST_OPEN_INSTRUMENTS", 1)
    monkeypatch.setattr(depositing, "DAYS_KEPT_OPEN", 5)
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    sign_charter(workspace, "S0001", "S0002")
    receive_signatures(workspace, charter)
    after = later(workspace, date(2022, 6, 20))
    for day in range(1, 20):
        receive_instrument(after, charter, Instrument("", InstrumentKind.DECLARED, date(2022, 6, day), party="org-1"))
    assert closed_through(workspace, charter) == date(2022, 6, 14)
    assert_same_as_replay(workspace, charter)
    late = receive_instrument(after, charter, authority("org-2", on=DAY))
    assert late.fault is None
    assert receive_signatures(after, charter)[1].fault is None
    assert charter_on(workspace, charter, date(2022, 6, 20)).counted == 2
    assert_same_as_replay(workspace, charter)


def closed_through(workspace: Workspace, charter: str) -> date:
    with workspace.database.read() as transaction:
        return transaction.depositary.remembered(kept_charter(transaction, charter)).memory.folded_through


def assert_same_as_replay(workspace: Workspace, charter: str) -> None:
    with workspace.database.read() as transaction:
        entries = transaction.ledger.entries(0, transaction.ledger.head().size)
        fresh = replay(kept_charter(transaction, charter), accepted_instruments(entries, charter))
    for day in (DAY, date(2022, 4, 28), date(2022, 6, 20)):
        assert charter_on(workspace, charter, day) == charter_status(fresh, day)
        assert parties_on(workspace, charter, day) == party_statuses(fresh, day)


def test_the_audit_finds_an_instrument_that_the_tables_tell_otherwise(workspace: Workspace) -> None:
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    assert audit_workspace(workspace).is_clean
    table = tables.instrument
    with workspace.database.write() as transaction:
        transaction.depositary.connection.execute(
            table.update().where(table.c.party == "org-1").values(is_accepted=False, fault=FAULT)
        )
    (found,) = (str(one) for one in audit_workspace(workspace).findings if "register" not in str(one))
    assert "tells of an instrument, the workflow's tables hold another or none" in found


def test_the_audit_finds_a_register_that_remembers_something_else(workspace: Workspace) -> None:
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    sign_charter(workspace, "S0001")
    receive_signatures(workspace, charter)
    with workspace.database.write() as transaction:
        register = transaction.depositary.remembered(kept_charter(transaction, charter))
        register.memory.signed = 7
        transaction.depositary.remember(register, {})
    assert [str(one) for one in audit_workspace(workspace).findings] == [
        f"{charter}: what is remembered of its register is not what its instruments say"
    ]


def test_the_other_questions_are_answered(workspace: Workspace) -> None:
    charter = adopt(workspace)
    receive_instrument(workspace, charter, authority("org-1"))
    receive_instrument(workspace, charter, authority("org-2"))
    sign_charter(workspace, "S0001", "S0002")
    receive_signatures(workspace, charter)
    missing = unconfirmed_on(workspace, charter, DAY)
    assert (missing.parties, missing.missing) == ((), 0)
    forecast = forecast_on(workspace, charter, "org-2", date(2022, 5, 1))
    assert (forecast.effective_on, forecast.charter_remains) == (date(2022, 7, 30), True)


def test_a_day_that_lies_ahead_is_refused_and_nothing_is_recorded(workspace: Workspace) -> None:
    charter = adopt(workspace)
    before = ledger_size(workspace)
    with pytest.raises(UsageError, match="a day that has come"):
        receive_instrument(workspace, charter, authority("org-1", on=date(2022, 3, 30)))
    assert ledger_size(workspace) == before


def test_only_a_charter_is_adopted(workspace: Workspace) -> None:
    memorandum = next(one for one in (workspace.folder / "documents").rglob("*.pdf") if "mou" in one.parent.name)
    with pytest.raises(InputError, match="a charter's PDF is expected"):
        adopt_text(workspace, find_document(workspace, str(memorandum)), ALL_IN_FAVOUR, on=DAY)
    with pytest.raises(UsageError, match="mou charter adopt"):
        receive_instrument(workspace, charter_id(workspace), authority("org-1"))
