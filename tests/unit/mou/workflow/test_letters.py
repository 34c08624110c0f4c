"""Letters: one for each act, whatever crashes in between; what a mail server refuses is told, and stops nobody else's."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import TypeAlias

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from mou.notify import MailSettingsError
from mou.notify.outbox import OutboxMailer
from mou.storage.asking import Channel
from mou.workflow import letters
from mou.workflow.asking import ask, withdraw
from mou.workflow.letters import QueuedLetter, count_queued, deliver_queued
from mou.workflow.links import link_of
from tests.unit.mou.notify.conftest import AnyPort, Received
from tests.unit.mou.workflow.desk import ADDRESSES, Desk, body_of, letter_in, opened_desk, recipients

FIRST = ADDRESSES["S0001"]


class PowerCutError(RuntimeError):
    """The machine stops in the middle of an act."""


def cut_power(*_arguments: object, **_options: object) -> None:
    raise PowerCutError


@pytest.fixture
def desk(finished_workspace: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(finished_workspace, tmp_path) as opened:
        yield opened


@dataclass
class Selective(Received):
    """A server that answers by recipient."""

    async def handle_RCPT(  # noqa: N802  # the server calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Post:
    """A desk whose mail goes to a server, and what the server took."""

    desk: Desk
    received: Selective

    @property
    def taken(self) -> list[EmailMessage]:
        return [letter_in(each) for each in self.received.envelopes]


OpenPost: TypeAlias = Callable[..., Post]


@pytest.fixture
def open_post(desk: Desk) -> Iterator[OpenPost]:
    """A function that gives the desk a mail server with these answers."""
    with ExitStack() as running:

        def start(**settings: object) -> Post:
            received = Selective()
            server = AnyPort(received, hostname="127.0.0.1", port=0, server_hostname="mail.test")
            server.start()
            running.callback(server.stop)
            mail = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
            own = desk.workspace.settings.model_copy(update={**mail, "mail_from": "secretariat@network.example", **settings})
            return Post(replace(desk, workspace=replace(desk.workspace, settings=own)), received)

        yield start


def test_an_invitation_brings_the_link_and_is_noted_as_sent(desk: Desk) -> None:
    desk.ask("S0001")
    assert desk.invited("S0001").invitation.sent_at is None
    desk.clock.move(minutes=3)
    (letter,) = desk.letters()
    invitation = desk.invited("S0001").invitation
    assert recipients([letter]) == [FIRST]
    assert link_of(desk.workspace, invitation.invitation_id) in body_of(letter).splitlines()
    assert invitation.sent_at == desk.clock()
    assert deliver_queued(desk.workspace).sent == 0


def test_what_was_asked_before_a_crash_is_sent_by_the_next_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the commit and before the mail: the letter is queued."""
    desk.ask("S0001")
    with monkeypatch.context() as patched:
        patched.setattr(OutboxMailer, "send", cut_power)
        with pytest.raises(PowerCutError):
            deliver_queued(desk.workspace)
    assert (desk.invited("S0001").invitation.sent_at, count_queued(desk.workspace)) == (None, 1)
    assert deliver_queued(desk.workspace).sent == 1
    assert recipients(desk.letters()) == [FIRST]


def test_a_crash_before_the_commit_leaves_neither_entry_nor_letter(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("mou.workflow.asking.queue_letter", cut_power)
        with pytest.raises(PowerCutError):
            desk.ask("S0001")
    assert (desk.standing("S0001"), desk.told("signatory.invited"), count_queued(desk.workspace)) == (None, [], 0)
    assert desk.ask("S0001")[0].is_new


def test_a_letter_that_was_sent_and_not_noted_goes_out_again_under_the_same_id(
    open_post: OpenPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = open_post()
    post.desk.ask("S0001")
    with monkeypatch.context() as patched:
        patched.setattr(letters, "_note_done", cut_power)
        with pytest.raises(PowerCutError):
            deliver_queued(post.desk.workspace)
    post.desk.clock.move(hours=1)
    assert deliver_queued(post.desk.workspace).sent == 1
    first, second = post.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert body_of(first) == body_of(second)
    assert deliver_queued(post.desk.workspace).sent == 0


def test_one_address_that_is_refused_for_good_stops_no_other_and_is_recorded(open_post: OpenPost) -> None:
    post = open_post()
    desk = post.desk
    desk.ask("S0001")
    desk.sign("S0001")
    desk.ask("S0002", "S0003")
    post.received.answers[ADDRESSES["S0002"]] = "550 5.1.1 nobody here"
    done = deliver_queued(desk.workspace)
    assert (done.sent, len(done.failures)) == (1, 1)
    assert ADDRESSES["S0002"] not in str(done.failures[0])
    assert recipients(post.taken) == [ADDRESSES["S0003"]]
    (entry,) = desk.told("invitation.undelivered")
    assert entry.body["field"] == "S0002"
    assert desk.invited("S0002").invitation.sent_at is None
    assert deliver_queued(desk.workspace) == letters.Deliveries(0, ())


def test_what_failed_for_now_stays_queued(open_post: OpenPost) -> None:
    post = open_post()
    post.desk.ask("S0001")
    post.received.answers[FIRST] = "450 4.2.0 greylisted"
    assert len(deliver_queued(post.desk.workspace).failures) == 1
    assert count_queued(post.desk.workspace) == 1
    assert post.desk.told("invitation.undelivered") == []
    del post.received.answers[FIRST]
    assert deliver_queued(post.desk.workspace).sent == 1
    assert post.desk.invited("S0001").invitation.sent_at is not None


def test_two_who_deliver_at_once_record_an_address_that_is_refused_once(
    open_post: OpenPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = open_post()
    post.desk.ask("S0001")
    post.received.answers[FIRST] = "550 5.1.1 nobody here"
    note, rivals = letters._note_undelivered, [post.desk.workspace]

    def let_a_rival_finish_first(*arguments: object) -> None:
        if rivals:
            deliver_queued(rivals.pop())
        note(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(letters, "_note_undelivered", let_a_rival_finish_first)
    assert len(deliver_queued(post.desk.workspace).failures) == 1
    assert len(post.desk.told("invitation.undelivered")) == 1


def test_settings_that_cannot_work_keep_every_letter_and_are_tried_once(
    open_post: OpenPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOU_SMTP_PASSWORD", "a-password")
    post = open_post(smtp_user="secretariat")  # the server offers no login
    post.desk.sign("S0001")
    post.desk.ask("S0002", "S0003")
    seen: list[QueuedLetter] = []

    def along(queued: object) -> Iterator[QueuedLetter]:
        for each in queued:  # type: ignore[attr-defined]  # letters
            seen.append(each)
            yield each

    with pytest.raises(MailSettingsError, match="offers no login"):
        deliver_queued(post.desk.workspace, along=along)
    assert (len(seen), count_queued(post.desk.workspace), post.taken) == (1, 2, [])


def test_an_invitation_that_was_taken_back_before_it_left_is_not_sent(desk: Desk) -> None:
    desk.ask("S0001")
    withdraw(desk.workspace, desk.document_id, "S0001")
    assert desk.letters() == []
    assert count_queued(desk.workspace) == 0


def test_an_invitation_that_is_taken_back_while_it_is_sent_stays_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ask("S0001")
    send = OutboxMailer.send

    def send_and_withdraw(mailer: OutboxMailer, *message: object) -> object:
        delivery = send(mailer, *message)  # type: ignore[arg-type]  # passed on as it came
        withdraw(desk.workspace, desk.document_id, "S0001")
        return delivery

    with monkeypatch.context() as patched:
        patched.setattr(OutboxMailer, "send", send_and_withdraw)
        deliver_queued(desk.workspace)
    (invitation,) = desk.invitations("S0001")
    assert invitation.revoked_at is not None
    assert invitation.sent_at is not None


def test_who_signs_after_others_reads_that_it_is_their_turn(desk: Desk) -> None:
    desk.ask("S0001", "S0002")
    (first,) = desk.letters()
    desk.sign("S0001")
    second = desk.letters()[-1]
    assert "Invitation to sign" in str(first["Subject"])
    assert "It is your turn to sign" in str(second["Subject"])


def test_who_has_no_address_gets_no_letter_but_an_invitation_to_hand_on(desk: Desk) -> None:
    desk.set_address("S0001", None)
    (asked,) = desk.ask("S0001")
    assert (asked.invitation.channel, asked.invitation.sent_at) == (Channel.MESSAGE, desk.clock())
    assert desk.letters() == []


def test_letters_of_two_documents_go_out_in_one_run(desk: Desk) -> None:
    desk.ask("S0001")
    with desk.workspace.database.read() as transaction:
        charter = transaction.store.documents("lanna-charter")[0]
        request = transaction.store.requests(charter.document_id)[0]
    person = replace(request.slot.person, email="charter@example.net")
    with desk.workspace.database.write() as transaction:
        transaction.asking.put_request(replace(request, slot=replace(request.slot, person=person)))
    ask(desk.workspace, charter.document_id, ["S0001"])
    assert deliver_queued(desk.workspace).sent == 2
    assert sorted(recipients(desk.letters())) == sorted([FIRST, "charter@example.net"])
