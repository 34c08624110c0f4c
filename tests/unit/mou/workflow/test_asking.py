"""Asking for signatures: each act once, in its turn, and what each leaves in tables, ledger and letters."""

import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import create_engine, make_url, text

from mou.app import create_workspace
from mou.charter.clauses import AuthorityKind
from mou.models import Capacity, Person
from mou.requests import DocumentOfAuthority, RequestRefusedError, RequestState
from mou.storage.asking import Channel, Preparation
from mou.storage.store import NotFoundError
from mou.templates import bundled_templates_folder
from mou.workflow.asking import decline, expire_overdue, remind, withdraw
from mou.workflow.auditing import audit_workspace
from mou.workflow.delegating import propose_delegate, refuse_delegate, take_delegate
from mou.workflow.generating import generate, plan_generation
from mou.workflow.identifying import attest, confirm
from mou.workflow.importing import import_organisations
from mou.workflow.publishing import publish_queued
from signatures.digests import digest_of
from tests.unit.mou.workflow.conftest import MEMBERS
from tests.unit.mou.workflow.desk import ADDRESSES, BEGIN, Clock, Desk, body_of, closing_desk, opened_desk, recipients

SERVER = os.environ.get("MOU_TEST_DATABASE_URL")
DELEGATE = Person("มอบ", "ตัวอย่าง", "รองประธาน", prefix="นาย", email="mop@example.net")
AUTHORITY = DocumentOfAuthority(AuthorityKind.POWER_OF_ATTORNEY, date(2026, 11, 1), "มูลนิธิสมมติหนึ่ง", "๗/๒๕๖๙", date(2026, 12, 31))
IDENTITY = "idn_000000000000000000000000"


@pytest.fixture
def desk(finished_workspace: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(finished_workspace, tmp_path) as opened:
        yield opened


@pytest.fixture
def desk_on_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The same desk on PostgreSQL, in a schema of its own."""
    if SERVER is None:
        pytest.skip("no PostgreSQL here: MOU_TEST_DATABASE_URL is not set")
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(SERVER)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(SERVER).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    monkeypatch.setenv("MOU_DATABASE_URL", url)
    clock, folder = Clock(), tmp_path / "desk"
    workspace = create_workspace(folder, name="เครือข่ายทดสอบ", origin="example.org/test", clock=clock)
    copyfile(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml", folder / "ceremony.toml")
    (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
    import_organisations(workspace, folder / "members.csv")
    for template in ("lanna-charter", "lanna-mou"):
        generate(workspace, plan_generation(workspace, template)[0])
    with closing_desk(workspace, clock) as opened:
        yield opened
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def ask_twice_sign_and_ask_again(desk: Desk) -> None:
    first, again = desk.ask(), desk.ask()
    assert [(each.is_new, each.waits) for each in first] == [(True, False), (True, True), (True, True), (True, True)]
    assert [(each.is_new, each.invitation.invitation_id) for each in again] == [
        (False, each.invitation.invitation_id) for each in first
    ]
    assert recipients(desk.letters()) == [ADDRESSES["S0001"]]
    assert len(desk.told("signatory.invited")) == 4
    desk.sign("S0001")
    assert sorted(recipients(desk.letters())) == sorted(ADDRESSES.values())
    assert [each.is_new for each in desk.ask()] == [False, False, False]
    assert audit_workspace(desk.workspace).findings == ()


def test_who_is_asked_twice_has_one_invitation_one_entry_and_one_letter(desk: Desk) -> None:
    ask_twice_sign_and_ask_again(desk)


def test_asking_is_the_same_on_a_database_server(desk_on_a_server: Desk) -> None:
    ask_twice_sign_and_ask_again(desk_on_a_server)


def test_nobody_hears_of_it_before_everybody_of_a_lower_order_has_signed(desk: Desk) -> None:
    desk.ask()
    assert recipients(desk.letters()) == [ADDRESSES["S0001"]]
    assert [desk.invited(field).invitation.sent_at is None for field in ("S0001", "S0002", "S0003", "S0004")] == [
        False,
        True,
        True,
        True,
    ]
    desk.sign("S0001")
    assert sorted(recipients(desk.letters())) == sorted(ADDRESSES.values())
    desk.sign("S0003")
    last = desk.standing("S0004")
    assert last is not None
    assert (last.channel, last.sent_at) == (Channel.MESSAGE, None)
    desk.sign("S0002")
    last = desk.standing("S0004")
    assert last is not None
    assert last.sent_at == desk.clock()


def test_only_the_named_fields_are_asked(desk: Desk) -> None:
    (asked,) = desk.ask("S0001")
    assert asked.request.slot.field == "S0001"
    assert [desk.request(field).state for field in ("S0001", "S0002")] == [RequestState.SENT, RequestState.DRAFT]


def test_a_field_that_is_not_there_is_named_with_those_that_are_and_nobody_is_asked(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="no signature field S0009; it has S0001, S0002, S0003, S0004"):
        desk.ask("S0001", "S0009")
    assert desk.standing("S0001") is None


def test_who_has_signed_is_left_out_and_refused_by_name(desk: Desk) -> None:
    desk.sign("S0001")
    assert [each.request.slot.field for each in desk.ask()] == ["S0002", "S0003", "S0004"]
    with pytest.raises(RequestRefusedError, match="is signed and cannot become sent"):
        desk.ask("S0001")


def test_who_declined_or_was_told_not_to_is_asked_again_by_name_alone(desk: Desk) -> None:
    desk.ask("S0001")
    withdraw(desk.workspace, desk.document_id, "S0001")
    assert "S0001" not in [each.request.slot.field for each in desk.ask()]
    (again,) = desk.ask("S0001")
    assert (again.is_new, again.request.round, again.invitation.round) == (True, 2, 2)
    assert len(desk.invitations("S0001")) == 2


def test_a_deadline_is_kept_and_may_be_moved_without_a_second_invitation(desk: Desk) -> None:
    desk.ask("S0001", deadline=BEGIN + timedelta(days=9))
    (again,) = desk.ask("S0001", deadline=BEGIN + timedelta(days=20))
    assert not again.is_new
    assert desk.request("S0001").deadline == BEGIN + timedelta(days=20)
    assert [entry.body["until"] for entry in desk.told("signatory.invited")] == ["2026-12-01T03:00:00Z"]


def test_a_deadline_that_has_passed_changes_nothing(desk: Desk) -> None:
    with pytest.raises(RequestRefusedError, match="a deadline in the future is expected"):
        desk.ask(deadline=BEGIN)
    assert desk.told("signatory.invited") == []
    assert desk.request("S0001").state is RequestState.DRAFT


DUE = {
    "8 days before": (timedelta(days=8), 0),
    "7 days before": (timedelta(days=7), 1),
    "2 days before, none was sent": (timedelta(days=2), 1),
    "in the last hour": (timedelta(hours=1), 1),
    "after the deadline": (timedelta(seconds=-1), 0),
}


@pytest.mark.parametrize(("before", "count"), DUE.values(), ids=DUE.keys())
def test_a_reminder_is_due_a_week_and_a_day_before_the_deadline(desk: Desk, before: timedelta, count: int) -> None:
    deadline = BEGIN + timedelta(days=30)
    desk.ask("S0001", deadline=deadline)
    desk.letters()
    desk.clock.now = deadline - before
    assert len(remind(desk.workspace, only_due=True)) == count
    assert remind(desk.workspace, only_due=True) == ()


def test_each_reminder_before_a_deadline_goes_out_once(desk: Desk) -> None:
    deadline = BEGIN + timedelta(days=30)
    desk.ask("S0001", deadline=deadline)
    desk.letters()
    sent_on = []
    while desk.clock() <= deadline + timedelta(days=3):
        if remind(desk.workspace, only_due=True):
            sent_on.append((deadline - desk.clock()).days)
        desk.clock.move(hours=6)
    assert sent_on == [7, 1]
    assert len(desk.letters()) == 3
    assert [entry.body["number"] for entry in desk.told("reminder.sent")] == [1, 2]


def test_without_a_deadline_a_reminder_goes_out_each_week_three_times_at_most(desk: Desk) -> None:
    desk.ask("S0001")
    desk.letters()
    sent_on = []
    for _ in range(60):
        desk.clock.move(days=1)
        if remind(desk.workspace, only_due=True):
            sent_on.append((desk.clock() - BEGIN).days)
    assert sent_on == [7, 14, 21]


def test_nobody_is_reminded_twice_within_20_hours(desk: Desk) -> None:
    desk.ask("S0001")
    desk.letters()
    assert len(remind(desk.workspace, desk.document_id, only_due=False)) == 1
    desk.clock.move(hours=19, minutes=59)
    assert remind(desk.workspace, desk.document_id, only_due=False) == ()
    desk.clock.move(minutes=1)
    (second,) = remind(desk.workspace, desk.document_id, only_due=False)
    assert second.reminders == 2


def test_who_was_not_reached_yet_and_who_waits_for_others_are_not_reminded(desk: Desk) -> None:
    desk.ask()
    assert remind(desk.workspace, only_due=False) == ()  # the first letter is still queued
    desk.letters()
    assert [each.field for each in remind(desk.workspace, only_due=False)] == ["S0001"]


def test_a_deadline_that_passes_closes_the_request_and_the_signatory_may_be_asked_once_more(desk: Desk) -> None:
    deadline = BEGIN + timedelta(days=1)
    desk.ask("S0001", deadline=deadline)
    desk.clock.now = deadline
    assert expire_overdue(desk.workspace) == ()
    desk.clock.move(seconds=1)
    assert [each.slot.field for each in expire_overdue(desk.workspace)] == ["S0001"]
    assert expire_overdue(desk.workspace) == ()
    assert (desk.request("S0001").state, len(desk.told("deadline.passed"))) == (RequestState.EXPIRED, 1)
    (asked,) = [each for each in desk.ask() if each.request.slot.field == "S0001"]
    assert (asked.request.state, asked.request.round, asked.request.deadline) == (RequestState.SENT, 2, None)


def test_a_withdrawn_request_is_told_by_mail_with_its_reason_and_once(desk: Desk) -> None:
    desk.ask("S0001")
    desk.letters()
    for _ in range(2):
        assert withdraw(desk.workspace, desk.document_id, "S0001", reason=" ชื่อผิด ").state is RequestState.WITHDRAWN
    letter = desk.letters()[-1]
    assert recipients([letter]) == [ADDRESSES["S0001"]]
    assert "ชื่อผิด" in body_of(letter)
    assert len(desk.letters()) == 2
    assert (desk.standing("S0001"), len(desk.told("invitation.withdrawn"))) == (None, 1)


def test_who_never_heard_of_it_hears_of_no_withdrawal(desk: Desk) -> None:
    desk.ask()
    withdraw(desk.workspace, desk.document_id, "S0002")
    assert recipients(desk.letters()) == [ADDRESSES["S0001"]]


def test_a_signed_request_is_not_withdrawn(desk: Desk) -> None:
    desk.sign("S0001")
    with pytest.raises(RequestRefusedError, match="is signed and cannot become withdrawn"):
        withdraw(desk.workspace, desk.document_id, "S0001")
    assert desk.request("S0001").state is RequestState.SIGNED


def test_who_declines_is_recorded_with_how_they_were_known_and_the_secretariat_is_told_why(desk: Desk) -> None:
    desk.ask()
    desk.letters()
    for _ in range(2):
        declined = decline(desk.workspace, desk.invited("S0001"), identity_id=IDENTITY, reason="คณะกรรมการยังไม่เห็นชอบ")
        assert declined.state is RequestState.DECLINED
    letter = desk.letters()[-1]
    assert recipients([letter]) == ["secretariat@example.org"]
    assert "คณะกรรมการยังไม่เห็นชอบ" in body_of(letter)
    (entry,) = desk.told("signature.declined")
    assert entry.body["identity"] == IDENTITY
    assert entry.actor.startswith("sgn_")
    assert recipients(desk.letters()) == [ADDRESSES["S0001"], "secretariat@example.org"]  # nobody of the next order


def test_a_link_of_an_earlier_round_neither_declines_nor_proposes(desk: Desk) -> None:
    desk.ask("S0001")
    old = desk.invited("S0001")
    withdraw(desk.workspace, desk.document_id, "S0001")
    desk.ask("S0001")
    with pytest.raises(RequestRefusedError, match="this link no longer counts"):
        decline(desk.workspace, old, identity_id=IDENTITY, reason="-")
    with pytest.raises(RequestRefusedError, match="this link no longer counts"):
        propose_delegate(desk.workspace, old, DELEGATE, Capacity.ATTORNEY, AUTHORITY, identity_id=IDENTITY)
    assert desk.request("S0001").state is RequestState.SENT


def propose(desk: Desk, authority: DocumentOfAuthority = AUTHORITY) -> None:
    propose_delegate(desk.workspace, desk.invited("S0001"), DELEGATE, Capacity.ATTORNEY, authority, identity_id=IDENTITY)


def test_a_proposal_changes_nothing_but_tells_the_secretariat(desk: Desk) -> None:
    desk.ask("S0001")
    before = desk.request("S0001")
    desk.letters()
    propose(desk)
    assert desk.request("S0001") == before
    assert recipients(desk.letters()) == [ADDRESSES["S0001"], "secretariat@example.org"]
    refuse_delegate(desk.workspace, desk.document_id, "S0001")
    with pytest.raises(NotFoundError, match="no delegate was proposed"):
        take_delegate(desk.workspace, desk.document_id, "S0001")


def test_a_delegate_signs_in_their_own_name_and_capacity_and_the_evidence_says_until_when(desk: Desk) -> None:
    desk.ask("S0001")
    first = desk.invited("S0001")
    propose(desk)
    desk.clock.move(minutes=5)
    asked = take_delegate(desk.workspace, desk.document_id, "S0001")
    assert (asked.is_new, asked.invitation.address) == (True, DELEGATE.email)
    assert (asked.request.slot.person, asked.request.slot.capacity) == (DELEGATE, Capacity.ATTORNEY)
    assert sorted(recipients(desk.letters())) == sorted([str(DELEGATE.email), "secretariat@example.org"])
    with pytest.raises(RequestRefusedError, match="this link no longer counts"):
        decline(desk.workspace, first, identity_id=IDENTITY, reason="-")
    signed = desk.sign("S0001")
    publish_queued(desk.workspace)
    published = desk.workspace.documents_folder / "lanna-mou" / f"{signed.document.file_name}.evidence.json"
    evidence = json.loads(published.read_text(encoding="utf-8"))
    (expected,) = [each for each in evidence["expected"] if each["field"] == "S0001"]
    assert (expected["name"], expected["capacity_until"]) == ("นายมอบ ตัวอย่าง", "2026-12-31T17:00:00Z")
    assert "attorney" in expected["capacity"]
    assert audit_workspace(desk.workspace).findings == ()


def test_an_authority_that_ended_while_the_secretariat_looked_is_not_taken(desk: Desk) -> None:
    desk.ask("S0001")
    propose(desk, replace(AUTHORITY, expires_on=date(2026, 11, 22)))
    desk.clock.now = datetime.fromisoformat("2026-11-22T17:00:00+00:00")  # midnight in Bangkok
    with pytest.raises(RequestRefusedError, match="an authority that counts on 2026-11-23 is expected"):
        take_delegate(desk.workspace, desk.document_id, "S0001")
    assert desk.request("S0001").authority is None


def test_a_proposal_ends_with_its_round(desk: Desk) -> None:
    desk.ask("S0001")
    propose(desk)
    withdraw(desk.workspace, desk.document_id, "S0001")
    desk.ask("S0001")
    with pytest.raises(NotFoundError, match="no delegate was proposed"):
        take_delegate(desk.workspace, desk.document_id, "S0001")


def preparation_of(desk: Desk, *, has_value: bool) -> Preparation:
    """What the pages keep while a key elsewhere signs."""
    with desk.workspace.database.write() as transaction:
        document = transaction.store.document(desk.document_id)
        preparation = Preparation(
            "prp_1",
            desk.invited("S0001").invitation.invitation_id,
            desk.document_id,
            "S0001",
            document.current,
            document.current,
            b"",
            1,
            2,
            b"",
            b"",
            b"",
            desk.clock(),
            desk.clock() + timedelta(seconds=10),
            digest_of(b"value") if has_value else None,
        )
        transaction.asking.add_preparation(preparation)
    return preparation


def test_a_signature_that_was_given_is_neither_withdrawn_nor_declined_nor_handed_over(desk: Desk) -> None:
    desk.ask("S0001")
    propose(desk)
    preparation_of(desk, has_value=True)
    for act in (
        lambda: withdraw(desk.workspace, desk.document_id, "S0001"),
        lambda: decline(desk.workspace, desk.invited("S0001"), identity_id=IDENTITY, reason="-"),
        lambda: take_delegate(desk.workspace, desk.document_id, "S0001"),
    ):
        with pytest.raises(RequestRefusedError, match="has signed a moment ago"):
            act()
    assert desk.request("S0001").state is RequestState.SENT


def test_what_was_prepared_for_a_signatory_is_stale_once_a_delegate_signs(desk: Desk) -> None:
    desk.ask("S0001")
    propose(desk)
    preparation = preparation_of(desk, has_value=False)
    take_delegate(desk.workspace, desk.document_id, "S0001")
    with desk.workspace.database.read() as transaction:
        known = transaction.asking.preparation(preparation.preparation_id)
    assert known is not None
    assert known.ended_at == desk.clock()


def test_a_deadline_does_not_close_what_somebody_is_signing_at_this_moment(desk: Desk) -> None:
    desk.ask("S0001", deadline=BEGIN + timedelta(seconds=5))
    preparation_of(desk, has_value=True)
    desk.clock.move(seconds=6)
    assert expire_overdue(desk.workspace) == ()
    assert desk.request("S0001").state is RequestState.SENT


def test_no_leaf_of_the_ledger_holds_a_name_an_address_or_what_somebody_wrote(desk: Desk) -> None:
    desk.ask(deadline=BEGIN + timedelta(days=20))
    desk.letters()
    desk.clock.move(days=14)
    remind(desk.workspace, only_due=True)
    invited = desk.invited("S0001")
    code = attest(desk.workspace, invited.invitation.invitation_id, note="แสดงบัตรประชาชน")
    identity = confirm(desk.workspace, invited, code)
    propose(desk)
    desk.clock.move(minutes=1)
    take_delegate(desk.workspace, desk.document_id, "S0001")
    decline(desk.workspace, desk.invited("S0001"), identity_id=identity.identity_id, reason="ไม่เห็นด้วย")
    withdraw(desk.workspace, desk.document_id, "S0002", reason="ย้ายงาน")
    desk.clock.move(days=10)
    expire_overdue(desk.workspace)
    desk.ask("S0001")
    desk.sign("S0001")
    leaves = [entry.leaf.decode() for entry in desk.entries()]
    people = [desk.request(field).slot.person for field in ("S0001", "S0002", "S0003", "S0004")]
    personal = {part for person in (*people, DELEGATE) for part in (person.given_name, person.family_name, person.position)}
    written = {"แสดงบัตรประชาชน", "ไม่เห็นด้วย", "ย้ายงาน", "มูลนิธิ", "๗/๒๕๖๙", code, "@", "example.net"}
    assert {word for word in personal | written for leaf in leaves if word in leaf} == set()
    assert {entry.type for entry in desk.entries()} >= {
        "signatory.invited",
        "reminder.sent",
        "invitation.opened",
        "identity.confirmed",
        "delegate.proposed",
        "signatory.replaced",
        "signature.declined",
        "invitation.withdrawn",
        "deadline.passed",
        "signature.applied",
    }


def test_the_audit_finds_the_ledger_sound_after_everything_that_asking_does(desk: Desk) -> None:
    desk.ask(deadline=BEGIN + timedelta(days=1))
    withdraw(desk.workspace, desk.document_id, "S0002")
    desk.clock.move(days=2)
    expire_overdue(desk.workspace)
    assert audit_workspace(desk.workspace).findings == ()
