"""Who is signing: codes that count once, for one invitation, for a while; and what each way is recorded as."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from mou.notify import RecipientRefusedError
from mou.requests import RequestRefusedError
from mou.storage.asking import IdentityMethod
from mou.workflow.asking import withdraw
from mou.workflow.identifying import (
    CODE_LIFETIME,
    CODE_LIFETIME_ON_SITE,
    TRIES_PER_CODE,
    CodeRefusedError,
    CodeTooSoonError,
    address_digest,
    attest,
    confirm,
    send_code,
    valid_identity,
)
from mou.workflow.links import link_of
from tests.unit.mou.notify.conftest import AnyPort, Received
from tests.unit.mou.workflow.desk import ADDRESSES, BEGIN, Desk, body_of, code_in, letter_in, opened_desk, recipients

NOTE = "แสดงบัตรประชาชน รู้จักกันตั้งแต่ปี ๒๕๖๒"
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@pytest.fixture
def desk(finished_workspace: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(finished_workspace, tmp_path) as opened:
        opened.ask("S0001", "S0002", deadline=BEGIN.replace(hour=23))
        opened.letters()
        yield opened


@contextmanager
def mail_server(desk: Desk, **answers: str) -> Iterator[tuple[Desk, Received]]:
    """The desk with a mail server that gives these answers."""
    received = Received(answers=answers)
    server = AnyPort(received, hostname="127.0.0.1", port=0, server_hostname="mail.test")
    server.start()
    mail = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none", "mail_from": "office@network.example"}
    settings = desk.workspace.settings.model_copy(update=mail)
    try:
        yield replace(desk, workspace=replace(desk.workspace, settings=settings)), received
    finally:
        server.stop()


def sent_code(desk: Desk, field: str = "S0001") -> str:
    """Ask for a code and read it in the outbox."""
    send_code(desk.workspace, desk.invited(field))
    return code_in(desk.letters()[-1])


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_right_code_establishes_who_is_signing_and_is_recorded_by_its_way(desk: Desk) -> None:
    code = sent_code(desk)
    identity = confirm(desk.workspace, desk.invited("S0001"), code)
    assert (identity.method, identity.confirmed_at) == (IdentityMethod.CODE_BY_HAND, desk.clock())
    (entry,) = desk.told("identity.confirmed")
    assert (entry.body["identity"], entry.body["method"]) == (identity.identity_id, "code_by_hand")
    assert entry.actor.startswith("sgn_")


def test_a_code_that_went_by_a_mail_server_is_recorded_as_such(desk: Desk) -> None:
    with mail_server(desk) as (posted, received):
        sent = send_code(posted.workspace, posted.invited("S0001"))
        assert (sent.method, sent.address_hint) == (IdentityMethod.CODE_BY_MAIL, "k•••@example.net")
        (envelope,) = received.envelopes
        identity = confirm(posted.workspace, posted.invited("S0001"), code_in(letter_in(envelope)))
    assert identity.method is IdentityMethod.CODE_BY_MAIL
    assert desk.told("identity.confirmed")[0].body["method"] == "code_by_mail"


def test_a_code_goes_to_the_registered_address_and_never_with_the_link(desk: Desk) -> None:
    sent_code(desk)
    letter = desk.letters()[-1]
    assert recipients([letter]) == [ADDRESSES["S0001"]]
    link = link_of(desk.workspace, desk.invited("S0001").invitation.invitation_id)
    assert link not in body_of(letter)
    assert link.rpartition("/")[2] not in str(letter)


def test_a_code_counts_once(desk: Desk) -> None:
    code = sent_code(desk)
    confirm(desk.workspace, desk.invited("S0001"), code)
    with pytest.raises(CodeRefusedError, match="there is no code to compare with"):
        confirm(desk.workspace, desk.invited("S0001"), code)
    assert len(desk.told("identity.confirmed")) == 1


WRITTEN: dict[str, Callable[[str], str]] = {
    "Thai digits": lambda code: code.translate(THAI_DIGITS),
    "full-width digits": lambda code: "".join(chr(ord("\uff10") + int(digit)) for digit in code),
    "parted by a space": lambda code: f" {code[:3]} {code[3:]}\n",
    "parted by a dash": lambda code: f"{code[:3]}-{code[3:]}",
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_code_is_the_same_however_its_digits_are_written(desk: Desk, write: Callable[[str], str]) -> None:
    assert confirm(desk.workspace, desk.invited("S0001"), write(sent_code(desk))).invitation_id


@pytest.mark.parametrize("typed", ["", "ก", "12345", "1234567"], ids=["nothing", "a letter", "five digits", "seven digits"])
def test_what_is_no_code_costs_a_try(desk: Desk, typed: str) -> None:
    sent_code(desk)
    with pytest.raises(CodeRefusedError) as refused:
        confirm(desk.workspace, desk.invited("S0001"), typed)
    assert refused.value.tries_left == TRIES_PER_CODE - 1


def test_after_five_wrong_tries_not_even_the_right_code_counts(desk: Desk) -> None:
    code = sent_code(desk)
    left = []
    for _ in range(TRIES_PER_CODE):
        with pytest.raises(CodeRefusedError, match="this is not the code that was sent") as refused:
            confirm(desk.workspace, desk.invited("S0001"), another(code))
        left.append(refused.value.tries_left)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(CodeRefusedError, match="no longer counts"):
        confirm(desk.workspace, desk.invited("S0001"), code)
    assert desk.told("identity.confirmed") == []
    desk.clock.move(minutes=1)
    assert confirm(desk.workspace, desk.invited("S0001"), sent_code(desk)).method is IdentityMethod.CODE_BY_HAND


def test_a_code_counts_until_the_end_of_its_tenth_minute(desk: Desk) -> None:
    code = sent_code(desk)
    desk.clock.now += CODE_LIFETIME
    assert confirm(desk.workspace, desk.invited("S0001"), code).identity_id
    desk.clock.move(minutes=1)
    code = sent_code(desk)
    desk.clock.now += CODE_LIFETIME
    desk.clock.move(seconds=1)
    with pytest.raises(CodeRefusedError, match="no longer counts"):
        confirm(desk.workspace, desk.invited("S0001"), code)


def test_a_new_code_replaces_the_one_before(desk: Desk) -> None:
    old = sent_code(desk)
    desk.clock.move(seconds=30)
    new = sent_code(desk)
    if old != new:  # once in a million they are the same
        with pytest.raises(CodeRefusedError):
            confirm(desk.workspace, desk.invited("S0001"), old)
    assert confirm(desk.workspace, desk.invited("S0001"), new).identity_id


def test_a_second_code_within_half_a_minute_is_not_sent(desk: Desk) -> None:
    sent_code(desk)
    desk.clock.move(seconds=29)
    with pytest.raises(CodeTooSoonError, match="a moment ago"):
        send_code(desk.workspace, desk.invited("S0001"))
    desk.clock.move(seconds=1)
    assert sent_code(desk)


def test_a_code_of_another_invitation_is_none(desk: Desk) -> None:
    theirs = sent_code(desk, "S0002")
    with pytest.raises(CodeRefusedError, match="there is no code to compare with"):
        confirm(desk.workspace, desk.invited("S0001"), theirs)
    sent_code(desk, "S0001")
    if code_in(desk.letters()[-1]) != theirs:
        with pytest.raises(CodeRefusedError, match="this is not the code"):
            confirm(desk.workspace, desk.invited("S0001"), theirs)


def test_who_has_no_address_is_sent_to_the_secretariat(desk: Desk) -> None:
    desk.ask("S0004")
    with pytest.raises(CodeRefusedError, match="no mail address to send a code to; ask the secretariat"):
        send_code(desk.workspace, desk.invited("S0004"))


def test_the_word_of_the_secretariat_is_kept_with_how_they_knew_the_person(desk: Desk) -> None:
    invited = desk.invited("S0001")
    code = attest(desk.workspace, invited.invitation.invitation_id, note=f"  {NOTE} ")
    desk.clock.now += CODE_LIFETIME_ON_SITE
    identity = confirm(desk.workspace, invited, code)
    assert (identity.method, identity.note) == (IdentityMethod.ATTESTED_ON_SITE, NOTE)
    assert NOTE not in desk.told("identity.confirmed")[0].leaf.decode()


def test_the_secretariat_says_how_they_knew_the_person_or_gives_no_code(desk: Desk) -> None:
    with pytest.raises(CodeRefusedError, match="say how you knew the person"):
        attest(desk.workspace, desk.invited("S0001").invitation.invitation_id, note="  ")


def test_a_code_that_could_not_be_sent_does_not_count_and_holds_up_no_other(desk: Desk) -> None:
    with (
        mail_server(desk, RCPT="550 5.1.1 nobody here") as (posted, _),
        pytest.raises(RecipientRefusedError),
    ):
        send_code(posted.workspace, posted.invited("S0001"))
    with pytest.raises(CodeRefusedError, match="there is no code to compare with"):
        confirm(desk.workspace, desk.invited("S0001"), "000000")
    assert confirm(desk.workspace, desk.invited("S0001"), sent_code(desk)).identity_id


def test_asking_for_a_code_is_what_opens_an_invitation_and_is_recorded_once(desk: Desk) -> None:
    assert desk.invited("S0001").invitation.opened_at is None
    sent_code(desk)
    first = desk.invited("S0001").invitation.opened_at
    desk.clock.move(minutes=1)
    confirm(desk.workspace, desk.invited("S0001"), sent_code(desk))
    assert (first, desk.invited("S0001").invitation.opened_at) == (BEGIN, BEGIN)
    assert len(desk.told("invitation.opened")) == 1


def test_a_link_that_was_taken_back_gets_no_code_and_its_code_no_longer_counts(desk: Desk) -> None:
    invited, code = desk.invited("S0001"), sent_code(desk)
    withdraw(desk.workspace, desk.document_id, "S0001")
    desk.clock.move(minutes=1)
    for _ in range(2):  # closed, then asked anew
        for act in (
            lambda: send_code(desk.workspace, invited),
            lambda: confirm(desk.workspace, invited, code),
            lambda: attest(desk.workspace, invited.invitation.invitation_id, note=NOTE),
        ):
            with pytest.raises(RequestRefusedError, match=r"no longer (open|counts)"):
                act()
        desk.ask("S0001")
    assert desk.told("identity.confirmed") == []


def test_after_the_deadline_no_code_is_given_although_nobody_has_closed_the_request(desk: Desk) -> None:
    code = sent_code(desk)
    desk.clock.now = BEGIN.replace(hour=23, minute=1)
    with pytest.raises(RequestRefusedError, match=r"no longer open \(expired\)"):
        send_code(desk.workspace, desk.invited("S0001"))
    with pytest.raises(RequestRefusedError, match=r"no longer open \(expired\)"):
        confirm(desk.workspace, desk.invited("S0001"), code)


def test_an_identity_counts_for_its_own_invitation_and_for_twelve_hours(desk: Desk) -> None:
    invited = desk.invited("S0001")
    identity = confirm(desk.workspace, invited, sent_code(desk))
    own, other = invited.invitation.invitation_id, desk.invited("S0002").invitation.invitation_id
    assert valid_identity(desk.workspace, identity.identity_id, own) == identity
    assert valid_identity(desk.workspace, identity.identity_id, other) is None
    assert valid_identity(desk.workspace, "idn_0", own) is None
    desk.clock.move(hours=12)
    assert valid_identity(desk.workspace, identity.identity_id, own) == identity
    desk.clock.move(seconds=1)
    assert valid_identity(desk.workspace, identity.identity_id, own) is None


def test_no_code_and_no_address_lies_in_the_database_in_a_way_that_can_be_read_back(desk: Desk) -> None:
    code = sent_code(desk)
    with desk.workspace.database.read() as transaction:
        kept = transaction.asking.code(desk.invited("S0001").invitation.invitation_id)
    assert kept is not None
    assert code not in repr(kept)
    one, same = (address_digest(desk.workspace, each) for each in ("Kaew@Example.net", "kaew@example.net"))
    assert one == same
    assert one != address_digest(desk.workspace, "kong@example.net")
