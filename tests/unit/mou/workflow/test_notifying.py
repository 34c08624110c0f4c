"""Notices: what is told, to whom and when; each once, whatever crashes, and by nobody else's number."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import update

from mou.app import open_workspace
from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.facts import FactKind
from mou.charter.instruments import Authority, Instrument, InstrumentKind, Meeting
from mou.charter.notices import notice_bytes
from mou.charter.status import party_status
from mou.errors import UsageError
from mou.models import OrganisationKind
from mou.notices.checking import check_notice
from mou.notices.drawing import carried_notice
from mou.notify import Delivery, OutgoingMessage, RecipientRefusedError, TemporaryMailError
from mou.storage import tables
from mou.storage.database import Transaction
from mou.storage.notices import NoticeStore
from mou.storage.store import ListedOrganisation
from mou.workflow import notifying
from mou.workflow.auditing import audit_workspace
from mou.workflow.depositing import (
    adopt_text,
    kept_charter,
    open_register,
    person_id,
    receive_instrument,
    with_authority_id,
)
from mou.workflow.notice_letters import deliver_notices, waiting_letters
from mou.workflow.notifying import (
    Issued,
    NoticeOvertakenError,
    find_notice,
    issue_notice,
    letters_of,
    notice_findings,
    notices_issued,
    publish_notices,
    published_path,
)
from mou.workflow.status import find_document
from mou.workflow.verifying import policy_of
from mou.workflow.workspace import Workspace
from signatures.digests import digest_of

ADOPTED, AFTER_WINDOW = date(2022, 3, 29), date(2022, 7, 10)
VOTE = Meeting({Channel.ON_SITE: 2}, in_favour=2, against=0, abstaining=0)
NAMES = tuple(f"{name} ตัวอย่าง" for name in ("แก้ว", "ก้อง", "คำ", "ขวัญ"))


@pytest.fixture
def charter_id(workspace: Workspace) -> str:
    """The charter, its text adopted."""
    document = find_document(workspace, "lanna-charter")
    assert adopt_text(workspace, document, VOTE, on=ADOPTED).fault is None
    return document.document_id


def authority(party: str, workspace: Workspace, name: str = "นางแก้ว ตัวอย่าง") -> Instrument:
    paper = Authority(
        "",
        AuthorityKind.BOARD_RESOLUTION,
        ADOPTED,
        holder=person_id(workspace, party, name),
        document=str(workspace.files.put(f"มติของ {party}".encode())),
    )
    return Instrument(
        "",
        InstrumentKind.AUTHORITY_DEPOSITED,
        ADOPTED,
        party=party,
        party_kind=OrganisationKind.FOUNDATION,
        authority=with_authority_id(party, paper),
    )


def accede(workspace: Workspace, charter_id: str, *parties: str, on: date = AFTER_WINDOW) -> None:
    """Let organisations join, each on an authority and a vote."""
    for party in parties:
        receive_instrument(workspace, charter_id, authority(party, workspace))
        paper = Instrument("", InstrumentKind.ACCEDED, on, party=party, party_kind=OrganisationKind.FOUNDATION, meeting=VOTE)
        signatory = person_id(workspace, party, "นางแก้ว ตัวอย่าง")
        assert receive_instrument(workspace, charter_id, replace(paper, signatory=signatory)).fault is None


def withdraw(workspace: Workspace, charter_id: str, party: str) -> None:
    paper = Instrument("", InstrumentKind.WITHDRAWAL_NOTIFIED, date(2026, 11, 20), party=party)
    signatory = person_id(workspace, party, "นางแก้ว ตัวอย่าง")
    assert receive_instrument(workspace, charter_id, replace(paper, signatory=signatory)).fault is None


def issued(workspace: Workspace, charter_id: str) -> Issued:
    found = issue_notice(workspace, charter_id)
    assert found is not None
    return found


def with_addresses(workspace: Workspace) -> None:
    """Give the first member a mail address of its own, and the second one only its representative's."""
    with workspace.database.write() as transaction:
        first, second = transaction.store.organisations()
        person = second.organisation.representative
        assert person is not None
        put(transaction, first, official_email="saraban@one.example")
        put(transaction, second, representative=replace(person, email="rep@two.example"))


def put(transaction: Transaction, listed: ListedOrganisation, **changes: object) -> None:
    changed = replace(listed.organisation, **changes)  # type: ignore[arg-type]  # a member of any type
    transaction.store.put_organisation(replace(listed, organisation=changed), at=datetime(2026, 11, 22, tzinfo=UTC))


# What is told.


def test_the_first_notice_tells_of_everything_received_with_its_outcome(workspace: Workspace, charter_id: str) -> None:
    returned = Instrument("", InstrumentKind.ACCEDED, AFTER_WINDOW, party="org-1", party_kind=OrganisationKind.FOUNDATION)
    assert receive_instrument(workspace, charter_id, returned).fault is not None
    notice = issued(workspace, charter_id).stored.notice
    assert [(one.kind, one.party, one.name, one.returned_for) for one in notice.instruments] == [
        (InstrumentKind.TEXT_ADOPTED, None, None, None),
        (InstrumentKind.ACCEDED, "org-1", "มูลนิธิสมมติหนึ่ง", "proof_of_authority"),
    ]
    assert (notice.number, notice.previous, notice.day) == (1, None, date(2026, 11, 22))
    assert notice.documents[0].digest == notice.text == kept_text(workspace, charter_id)
    assert notice.head.size > max(one.entry for one in notice.instruments)


def kept_text(workspace: Workspace, charter_id: str) -> str:
    with workspace.database.read() as transaction:
        return kept_charter(transaction, charter_id).text


def test_where_nothing_is_new_nothing_is_issued_and_nothing_is_written(workspace: Workspace, charter_id: str) -> None:
    issued(workspace, charter_id)
    with workspace.database.read() as transaction:
        before = transaction.ledger.head().size
    assert issue_notice(workspace, charter_id) is None
    with workspace.database.read() as transaction:
        assert transaction.ledger.head().size == before
    assert len(notices_issued(workspace, charter_id)) == 1


def test_a_second_notice_tells_what_came_since_and_names_the_first(workspace: Workspace, charter_id: str) -> None:
    first = issued(workspace, charter_id).stored
    receive_instrument(workspace, charter_id, authority("org-1", workspace))
    second = issued(workspace, charter_id).stored
    assert [one.kind for one in second.notice.instruments] == [InstrumentKind.AUTHORITY_DEPOSITED]
    assert (second.notice.number, second.notice.previous) == (2, str(first.digest))
    assert notice_findings(workspace, charter_id) == ()


def test_entry_into_force_is_told_and_recorded_as_told(workspace: Workspace, charter_id: str) -> None:
    accede(workspace, charter_id, "org-1", "org-2")
    stored = issued(workspace, charter_id).stored
    told = [(one.kind, one.on, one.from_day) for one in stored.notice.facts]
    assert told == [
        (FactKind.CONDITIONS_MET, AFTER_WINDOW, date(2022, 8, 9)),
        (FactKind.CHARTER_IN_FORCE, date(2022, 8, 9), None),
    ]
    notified = [
        one
        for one in received(workspace, charter_id)
        if one.kind in {InstrumentKind.NOTICE_ISSUED, InstrumentKind.FORCE_NOTIFIED}
    ]
    assert [(one.kind, one.number, one.document) for one in notified] == [
        (InstrumentKind.NOTICE_ISSUED, 1, str(stored.digest)),
        (InstrumentKind.FORCE_NOTIFIED, None, str(stored.digest)),
    ]
    assert notified[0].about == tuple(one.instrument_id for one in stored.notice.instruments)
    assert notified[1].about == stored.notice.facts[1].because


def received(workspace: Workspace, charter_id: str) -> list[Instrument]:
    with workspace.database.read() as transaction:
        found = transaction.depositary.received(charter_id)
    return [one.instrument for one in sorted(found, key=lambda one: one.entry_index)]


def test_a_notice_of_withdrawal_is_told_with_the_day_on_which_it_takes_effect(workspace: Workspace, charter_id: str) -> None:
    accede(workspace, charter_id, "org-1", "org-2")
    issued(workspace, charter_id)
    withdraw(workspace, charter_id, "org-2")
    (fact,) = issued(workspace, charter_id).stored.notice.facts
    assert (fact.kind, fact.on, fact.name) == (FactKind.WITHDRAWAL_EFFECTIVE, date(2027, 2, 18), "มูลนิธิสมมติสอง")


def test_a_day_that_comes_by_itself_is_told_without_a_new_paper(workspace: Workspace, charter_id: str) -> None:
    accede(workspace, charter_id, "org-1", "org-2", on=date(2026, 11, 20))
    first = issued(workspace, charter_id).stored.notice
    assert [one.kind for one in first.facts] == [FactKind.CONDITIONS_MET]
    later = open_workspace(workspace.folder, clock=lambda: datetime(2026, 12, 20, 3, 0, tzinfo=UTC))
    second = issued(later, charter_id).stored.notice
    assert ([one.kind for one in second.facts], second.instruments) == ([FactKind.CHARTER_IN_FORCE], ())


def test_no_person_is_named_in_a_notice_nor_in_its_letter(workspace: Workspace, charter_id: str) -> None:
    with_addresses(workspace)
    accede(workspace, charter_id, "org-1", "org-2")
    stored = issued(workspace, charter_id).stored
    deliver_notices(workspace)
    letters = [letter_text(path) for path in outbox(workspace)]
    for text in (notice_bytes(stored.notice).decode(), *letters):
        assert [name for name in NAMES if name in text] == []
        assert person_id(workspace, "org-1", "นางแก้ว ตัวอย่าง") not in text
    assert len(letters) == 2


def test_a_reservation_that_the_charter_forbids_is_told_with_its_articles_and_the_clause(
    workspace: Workspace, charter_id: str
) -> None:
    reserved = Instrument("", InstrumentKind.RESERVED, ADOPTED, party="org-1", provisions=("5",))
    assert receive_instrument(workspace, charter_id, reserved).fault is not None
    (told,) = issued(workspace, charter_id).stored.notice.instruments[1:]
    assert (told.provisions, told.returned_for) == (("5",), "reservations")


def test_more_than_one_notice_can_hold_is_told_by_the_next(
    workspace: Workspace, charter_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accede(workspace, charter_id, "org-1", "org-2")
    monkeypatch.setattr(notifying, "MOST_TOLD", 2)
    counts = []
    while (one := issue_notice(workspace, charter_id)) is not None:
        counts.append((len(one.stored.notice.instruments), one.left))
    assert counts == [(2, 3), (2, 1), (1, 0)]
    assert notice_findings(workspace, charter_id) == ()


def test_what_was_told_is_what_the_file_carries_and_the_file_holds(workspace: Workspace, charter_id: str) -> None:
    accede(workspace, charter_id, "org-1")
    stored = issued(workspace, charter_id).stored
    path = published_path(workspace, stored.notice)
    pdf = path.read_bytes()
    assert path == workspace.documents_folder / "notices" / "lanna-charter-notice-0001.pdf"
    assert (digest_of(pdf), carried_notice(pdf)) == (stored.digest, stored.notice)
    charter = (workspace.documents_folder / "lanna-charter" / "lanna-charter.pdf").read_bytes()
    memorandum = (workspace.documents_folder / "lanna-mou" / "LCRN-MOU-2565-001.pdf").read_bytes()
    paper = "มติของ org-1".encode()
    report = check_notice(
        pdf, policy_of(workspace), documents=[("charter", charter), ("paper", paper), ("memorandum", memorandum)]
    )
    # The memorandum was not signed, so no instrument is about it.
    assert [one.outcome for one in report.documents] == ["passed", "passed", "failed"]
    assert {step.outcome for step in report.steps} == {"passed"}


def test_the_ledger_is_sound_afterwards_and_its_published_head_lies_in_the_outbox(workspace: Workspace, charter_id: str) -> None:
    stored = issued(workspace, charter_id).stored
    assert audit_workspace(workspace).is_clean
    notes = [path.read_text("utf-8") for path in (workspace.folder / "outbox").glob("checkpoint-*.txt")]
    assert stored.notice.checkpoint in notes


def test_a_notice_of_an_unknown_number_or_charter_is_refused(workspace: Workspace, charter_id: str) -> None:
    with pytest.raises(UsageError, match="from 1 to 0"):
        find_notice(workspace, charter_id, 1)
    with pytest.raises(UsageError, match="mou charter adopt"):
        issue_notice(workspace, "doc_unknown")
    with pytest.raises(UsageError, match="no list friends"):
        issue_notice(workspace, charter_id, copy_to=["friends"])
    assert notices_issued(workspace, charter_id) == ()


def test_a_later_party_s_start_is_recorded_as_told_with_its_consent(workspace: Workspace, charter_id: str) -> None:
    accede(workspace, charter_id, "org-1", "org-2")
    issued(workspace, charter_id)
    accede(workspace, charter_id, "org-9", on=date(2026, 11, 20))
    (fact,) = issued(workspace, charter_id).stored.notice.facts
    assert (fact.kind, fact.party, fact.name, fact.on) == (FactKind.PARTY_IN_FORCE, "org-9", None, date(2026, 12, 20))
    assert received(workspace, charter_id)[-1].kind is InstrumentKind.FORCE_NOTIFIED
    assert received(workspace, charter_id)[-1].about == fact.because


def test_a_chain_with_a_broken_link_or_a_changed_file_is_found(workspace: Workspace, charter_id: str) -> None:
    first = issued(workspace, charter_id).stored
    receive_instrument(workspace, charter_id, authority("org-1", workspace))
    issued(workspace, charter_id)
    path = workspace.folder / "files" / first.digest.hex[:2] / first.digest.hex
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    (changed,) = notice_findings(workspace, charter_id)
    assert "was changed" in str(changed)
    with workspace.database.write() as transaction:
        other = str(digest_of(b"another file"))
        transaction.notices.connection.execute(update(tables.notice).where(tables.notice.c.number == 1).values(digest=other))
    broken, missing = map(str, notice_findings(workspace, charter_id))
    assert ("as the one before it, got" in broken, "has no file" in missing) == (True, True)


# To whom.


def recipients(workspace: Workspace, charter_id: str, number: int) -> list[str]:
    return [one.organisation_id for one in letters_of(workspace, charter_id) if one.number == number]


def test_everybody_on_the_list_gets_it_and_who_got_one_gets_all(workspace: Workspace, charter_id: str) -> None:
    with workspace.database.write() as transaction:
        first, _ = transaction.store.organisations()
        youth = replace(first.organisation, organisation_id="y-1", kind=OrganisationKind.YOUTH_GROUP, name_th="กลุ่มเยาวชนสมมติ")
        transaction.store.put_organisation(ListedOrganisation("youth", 1, youth), at=workspace.clock())
    issue_notice(workspace, charter_id)
    receive_instrument(workspace, charter_id, authority("org-1", workspace))
    issue_notice(workspace, charter_id, copy_to=["youth"])
    receive_instrument(workspace, charter_id, authority("org-2", workspace))
    issue_notice(workspace, charter_id)
    assert [recipients(workspace, charter_id, number) for number in (1, 2, 3)] == [
        ["org-1", "org-2"],
        ["org-1", "org-2", "y-1"],
        ["org-1", "org-2", "y-1"],
    ]


def test_who_was_succeeded_gets_no_more_and_the_successor_does(workspace: Workspace, charter_id: str) -> None:
    accede(workspace, charter_id, "org-1", "org-2")
    paper = Instrument(
        "",
        InstrumentKind.SUCCEEDED,
        date(2026, 11, 20),
        party="org-2",
        successor="org-9",
        successor_kind=OrganisationKind.FOUNDATION,
        document=str(digest_of(b"deed")),
    )
    assert receive_instrument(workspace, charter_id, paper).fault is None
    issue_notice(workspace, charter_id)
    assert recipients(workspace, charter_id, 1) == ["org-1", "org-9"]


# The letters.


def outbox(workspace: Workspace) -> list[Path]:
    return sorted((workspace.folder / "outbox" / "mail").glob("*.eml"))


def letter_text(path: Path) -> str:
    body = message_from_bytes(path.read_bytes(), policy=default).get_body()
    assert body is not None
    return str(body.get_content())


def test_the_letter_carries_the_pdf_to_the_organisation_or_its_representative(workspace: Workspace, charter_id: str) -> None:
    with_addresses(workspace)
    stored = issued(workspace, charter_id).stored
    found = deliver_notices(workspace)
    assert (found.sent, found.failures, found.without_address) == (2, (), ())
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in outbox(workspace)]
    assert {str(mail["To"].addresses[0].addr_spec) for mail in mails} == {"saraban@one.example", "rep@two.example"}
    for mail in mails:
        (attached,) = mail.iter_attachments()
        assert digest_of(attached.get_content()) == stored.digest
        assert attached.get_filename() == "lanna-charter-notice-0001.pdf"
    assert {one.channel for one in letters_of(workspace, charter_id)} == {"outbox"}
    assert deliver_notices(workspace).sent == 0


def test_an_organisation_without_an_address_waits_until_it_has_one(workspace: Workspace, charter_id: str) -> None:
    issue_notice(workspace, charter_id)
    assert deliver_notices(workspace).without_address == ("org-1", "org-2")
    with_addresses(workspace)
    assert deliver_notices(workspace).sent == 2
    assert waiting_letters(workspace) == ()


class RefusingMailer:
    """A mail server that takes nothing: for good from one, for now from all others."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def send(self, message: OutgoingMessage) -> Delivery:
        self.asked.append(message.recipient.address)
        if message.recipient.address == "rep@two.example":
            raise RecipientRefusedError("no such mailbox")
        raise TemporaryMailError("try again later")


def test_what_is_refused_for_good_is_tried_no_more_and_what_failed_for_now_is(
    workspace: Workspace, charter_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_addresses(workspace)
    issue_notice(workspace, charter_id)
    mailer = RefusingMailer()
    monkeypatch.setattr(Workspace, "mailer", lambda _: mailer)
    assert [len(deliver_notices(workspace).failures) for _ in range(2)] == [2, 1]
    assert mailer.asked == ["saraban@one.example", "rep@two.example", "saraban@one.example"]
    states = {one.organisation_id: (one.sent_at, one.is_waiting) for one in letters_of(workspace, charter_id)}
    assert states == {"org-1": (None, True), "org-2": (None, False)}


# What crashes, and who else was there.


def crashing(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_crash_before_the_commit_records_nothing_and_the_next_run_issues_the_same_number(
    workspace: Workspace, charter_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(NoticeStore, "add_notice", crashing)
        with pytest.raises(KeyboardInterrupt):
            issue_notice(workspace, charter_id)
    assert notices_issued(workspace, charter_id) == ()
    assert InstrumentKind.NOTICE_ISSUED not in {one.kind for one in received(workspace, charter_id)}
    assert issued(workspace, charter_id).stored.notice.number == 1
    assert audit_workspace(workspace).is_clean


def test_a_crash_after_the_commit_leaves_the_file_to_the_next_run(
    workspace: Workspace, charter_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(notifying, "publish_notices", crashing)
        with pytest.raises(KeyboardInterrupt):
            issue_notice(workspace, charter_id)
    (stored,) = notices_issued(workspace, charter_id)
    path = published_path(workspace, stored.notice)
    assert not path.exists()
    assert publish_notices(workspace) == (path,)
    assert digest_of(path.read_bytes()) == stored.digest
    assert publish_notices(workspace) == ()
    assert issue_notice(workspace, charter_id) is None


def test_of_two_who_issue_at_once_one_issues_and_the_other_finds_nothing_new(
    workspace: Workspace, charter_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[Issued | None] = []
    seal = notifying._sealed

    def overtaken(workspace: Workspace, draft: notifying._Draft) -> bytes:
        content = seal(workspace, draft)
        if not others:
            others.append(None)
            others[0] = issue_notice(workspace, charter_id)
        return content

    monkeypatch.setattr(notifying, "_sealed", overtaken)
    assert issue_notice(workspace, charter_id) is None
    (stored,) = notices_issued(workspace, charter_id)
    assert others[0] is not None
    assert others[0].stored == stored


def test_who_is_always_overtaken_gives_up(workspace: Workspace, charter_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise NoticeOvertakenError("notice {number} was issued by somebody else meanwhile", number=1)

    monkeypatch.setattr(notifying, "_record", never)
    with pytest.raises(NoticeOvertakenError, match="try again in a moment"):
        issue_notice(workspace, charter_id)


def test_a_paper_that_comes_while_the_notice_is_sealed_is_told_by_the_next_one(
    workspace: Workspace, charter_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = notifying._sealed

    def meanwhile(workspace: Workspace, draft: notifying._Draft) -> bytes:
        receive_instrument(workspace, charter_id, authority("org-1", workspace))
        return seal(workspace, draft)

    with monkeypatch.context() as patched:
        patched.setattr(notifying, "_sealed", meanwhile)
        first = issued(workspace, charter_id).stored.notice
    assert [one.kind for one in first.instruments] == [InstrumentKind.TEXT_ADOPTED]
    second = issued(workspace, charter_id).stored.notice
    assert [one.kind for one in second.instruments] == [InstrumentKind.AUTHORITY_DEPOSITED]


def test_the_register_answers_as_before_after_its_notices(workspace: Workspace, charter_id: str) -> None:
    accede(workspace, charter_id, "org-1", "org-2")

    def answer() -> object:
        with workspace.database.read() as transaction:
            register = open_register(transaction, kept_charter(transaction, charter_id))
            return party_status(register, "org-1", workspace.clock().date() + timedelta(days=1))

    before = answer()
    issued(workspace, charter_id)
    assert answer() == before
