"""Asking on the command line: who is invited how, what is told when mail fails, and that nothing is asked twice."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zxingcpp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from PIL import Image

from mou.app import open_workspace
from mou.charter.clauses import AuthorityKind
from mou.models import Capacity, Person
from mou.requests import DocumentOfAuthority
from mou.workflow.asking import ask
from mou.workflow.delegating import propose_delegate
from mou.workflow.links import invited_by
from mou.workflow.request_steps import standing_invitation
from mou.workflow.signing import sign_document
from signatures.authority import Subject, new_private_key
from signatures.signers import signer_from_key
from tests.acceptance.conftest import LIST_HEADERS, copy_of

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou, StateOf

WITH_MAIL, WITHOUT_MAIL, HOST = "นายผู้แทน7 ทดสอบ", "นายผู้แทน8 ทดสอบ", "นางสาวดวง สมมติ"
ADDRESS = "seven@example.net"
IDENTITY = "idn_000000000000000000000000"

Request = Callable[..., "Answer"]


@pytest.fixture(scope="module")
def asked_workspace(run_mou: "RunMou", made_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made workspace with a list of two, of whom one has a mail address; a note for the first and a pact of both."""
    folder = tmp_path_factory.mktemp("asked")
    workspace = copy_of(made_workspace, folder / "workspace")
    rows = [
        ("ask-7", "มูลนิธิที่เจ็ด", "foundation", "นาย", "ผู้แทน7", "ทดสอบ", "ประธาน", ADDRESS),
        ("ask-8", "มูลนิธิที่แปด", "foundation", "นาย", "ผู้แทน8", "ทดสอบ", "ประธาน", ""),
    ]
    with (folder / "asked.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([(*LIST_HEADERS, "email representative"), *rows])
    for arguments in (
        ("organisations", "import", folder / "asked.csv"),
        ("generate", "note", "--list", "asked", "--organisation", "ask-7"),
        ("generate", "pact", "--list", "asked"),
    ):
        made = run_mou(*arguments, "-w", workspace)
        assert made.code == 0, made.stderr
    return workspace


@pytest.fixture
def workspace(asked_workspace: Path, tmp_path: Path) -> Path:
    return copy_of(asked_workspace, tmp_path / "workspace")


@pytest.fixture
def numbers(run_mou: "RunMou", asked_workspace: Path) -> dict[str, str]:
    """The number of the one document of each template."""
    rows = run_mou("status", "--json", "-w", asked_workspace).table
    return {row["template"]: row["number"] for row in rows}


@pytest.fixture
def request_command(run_mou: "RunMou", workspace: Path) -> Request:
    """A function that runs one `mou request` in the workspace."""

    def run(*arguments: object, **environment: str) -> "Answer":
        return run_mou("request", *arguments, "-w", workspace, cwd=None, **environment)

    return run


@pytest.fixture
def note(numbers: dict[str, str]) -> str:
    return numbers["note"]


@pytest.fixture
def pact(numbers: dict[str, str]) -> str:
    return numbers["pact"]


def letters_in(workspace: Path) -> list[Any]:
    paths = sorted(workspace.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]


def row_of(answer: "Answer", field: str) -> dict[str, Any]:
    return next(row for row in answer.table if row["field"] == field)


def test_each_signatory_is_told_of_in_the_way_that_reaches_them(request_command: Request, workspace: Path, pact: str) -> None:
    sent = request_command("send", pact)
    assert sent.code == 0, sent.stderr
    assert f"{pact}, S0001: {WITH_MAIL} is invited by mail" in sent.stdout
    assert f"{pact}, S0002: {WITHOUT_MAIL} has no mail address; hand on what this prints" in sent.stdout
    assert "1 letters lie in" in sent.stdout
    (letter,) = letters_in(workspace)
    assert letter["To"].addresses[0].addr_spec == ADDRESS


def test_who_signs_later_is_said_to_wait_for_whom(request_command: Request, note: str) -> None:
    assert f"{note}, S0002: {HOST} is invited when {WITH_MAIL} (S0001) has signed" in request_command("send", note).stdout


def test_asking_again_makes_nothing_twice(request_command: Request, workspace: Path, state_of: "StateOf") -> None:
    assert request_command("send", "--all").code == 0
    before = state_of(workspace)
    again = request_command("send", "--all")
    assert again.code == 0
    assert f"S0001: {WITH_MAIL} was invited already" in again.stdout
    assert state_of(workspace) == before


def test_the_list_says_who_was_asked_how_and_until_when(request_command: Request, pact: str) -> None:
    last_day = datetime.now(UTC).date() + timedelta(days=30)
    assert request_command("send", pact, "--slot", "S0001", "--deadline", last_day).code == 0
    listed = request_command("list", pact, "--json")
    row = row_of(listed, "S0001")
    assert (row["state"], row["channel"], row["round"], row["reminders"]) == ("sent", "mail", 1, 0)
    assert row["deadline"] == f"{last_day}T16:59:59+00:00"
    assert (row["invited"] is not None, row["opened"], row["last_step"]) == (True, None, "signatory.invited")
    assert (row_of(listed, "S0002")["state"], row_of(listed, "S0002")["channel"]) == ("draft", None)
    table = request_command("list", pact)
    assert f"{last_day} 23:59" in re.sub(r"\s+", " ", table.stdout)


USAGE = {
    "neither a document nor all": (("send",), "one or more documents, or --all"),
    "a document and all": (("send", "{pact}", "--all"), "one or more documents, or --all"),
    "no such document": (("send", "N-0000"), "no document N-0000"),
    "no day": (("send", "{pact}", "--deadline", "tomorrow"), "tomorrow"),
    "a year of the Buddhist era": (("send", "{pact}", "--deadline", "2569-12-31"), "common era is expected.*got 2569"),
    "a picture of another kind": (("message", "{pact}", "--slot", "S0001", "--qr", "link.gif"), "ends in .png or .svg"),
    "who was not invited": (("message", "{pact}", "--slot", "S0001"), "was not invited yet"),
}


@pytest.mark.parametrize(("arguments", "said"), USAGE.values(), ids=USAGE.keys())
def test_wrong_use_is_told_and_changes_nothing(
    request_command: Request, workspace: Path, state_of: "StateOf", pact: str, arguments: tuple[str, ...], said: str
) -> None:
    before = state_of(workspace)
    answer = request_command(*(argument.format(pact=pact) for argument in arguments))
    assert answer.code == 2
    assert re.search(said, answer.stderr)
    assert state_of(workspace) == before


def test_a_deadline_of_yesterday_is_refused(request_command: Request, workspace: Path, state_of: "StateOf", pact: str) -> None:
    before = state_of(workspace)
    refused = request_command("send", pact, "--deadline", date(2022, 3, 29))
    assert (refused.code, "a deadline in the future is expected" in refused.stderr) == (1, True)
    assert state_of(workspace) == before


def test_what_cannot_be_asked_of_one_document_does_not_stop_the_others(
    request_command: Request, workspace: Path, note: str, pact: str
) -> None:
    opened = open_workspace(workspace)
    with opened.database.read() as transaction:
        (document,) = transaction.store.documents("note")
    key, authority, now = new_private_key(), opened.keys.authority(), datetime.now(UTC)
    begin = now - timedelta(seconds=30)
    certificate = authority.issue(Subject(WITH_MAIL), key.public_key(), not_before=begin, not_after=now + timedelta(days=1))
    sign_document(opened, document.document_id, "S0001", signer_from_key(key, certificate, (authority.certificate,)))
    opened.database.close()
    asked = request_command("send", note, pact, "--slot", "S0001")
    assert asked.code == 1
    assert "is signed and cannot become sent" in asked.stderr
    assert f"{pact}, S0001: {WITH_MAIL} is invited by mail" in asked.stdout
    assert len(letters_in(workspace)) == 1


class Post:
    """A mail server that takes mail for everybody but those named."""

    def __init__(self, refused: tuple[str, ...]) -> None:
        self.refused, self.taken = refused, list[Envelope]()

    async def handle_RCPT(  # noqa: N802  # the server calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 queued"


class AnyPort(Controller):
    """The server on a port that the system picks."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # asyncio's server has sockets
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd types it in part


@contextmanager
def mail_server(*refused: str) -> Iterator[tuple[Post, dict[str, str]]]:
    """A server, and the settings with which a command finds it."""
    post = Post(refused)
    server = AnyPort(post, hostname="127.0.0.1", port=0, server_hostname="mail.test")
    server.start()
    settings = {"MOU_SMTP_HOST": "127.0.0.1", "MOU_SMTP_PORT": str(server.port), "MOU_SMTP_SECURITY": "none"}
    try:
        yield post, settings | {"MOU_MAIL_FROM": "office@network.example"}
    finally:
        server.stop()


def test_letters_go_through_the_mail_server_that_is_set(request_command: Request, workspace: Path) -> None:
    with mail_server() as (post, settings):
        sent = request_command("send", "--all", **settings)
    assert (sent.code, "2 letters sent" in sent.stdout) == (0, True)
    assert [each.rcpt_tos for each in post.taken] == [[ADDRESS], [ADDRESS]]
    assert letters_in(workspace) == []


def test_an_address_that_is_refused_is_told_and_everything_else_is_kept(request_command: Request, pact: str) -> None:
    with mail_server(ADDRESS) as (_, settings):
        sent = request_command("send", pact, **settings)
    assert sent.code == 1
    assert "s•••@example.net" in sent.stderr
    assert ADDRESS not in sent.stderr
    listed = request_command("list", pact, "--json")
    assert [row["state"] for row in listed.table] == ["sent", "sent"]
    assert row_of(listed, "S0001")["last_step"] == "invitation.undelivered"


def test_a_mail_server_that_is_away_keeps_the_letters_for_the_next_run(
    request_command: Request, workspace: Path, pact: str
) -> None:
    with mail_server() as (_, settings):
        pass
    away = request_command("send", pact, **settings)
    assert (away.code, "was not reached" in away.stderr) == (1, True)
    assert letters_in(workspace) == []
    later = request_command("send", pact)
    assert (later.code, len(letters_in(workspace))) == (0, 1)


def test_a_reminder_goes_out_once_and_not_again_the_same_day(request_command: Request, workspace: Path, pact: str) -> None:
    request_command("send", pact)
    assert "nobody is to be reminded now" in request_command("remind", "--due").stdout
    reminded = request_command("remind", pact)
    assert reminded.code == 0
    assert f"{pact}, S0001: {WITH_MAIL} is reminded by mail" in reminded.stdout
    assert f"{pact}, S0002: hand the message to {WITHOUT_MAIL} once more" in reminded.stdout
    assert len(letters_in(workspace)) == 2
    assert "nobody is to be reminded now" in request_command("remind").stdout
    assert row_of(request_command("list", pact, "--json"), "S0001")["reminders"] == 1


def test_a_withdrawn_request_is_told_and_its_message_no_longer_printed(
    request_command: Request, workspace: Path, pact: str
) -> None:
    request_command("send", pact)
    withdrawn = request_command("withdraw", pact, "--slot", "S0001", "--reason", "ชื่อผิด")
    assert withdrawn.code == 0
    assert f"{pact}, S0001: the request of {WITH_MAIL} is withdrawn" in withdrawn.stdout
    assert "ชื่อผิด" in str(letters_in(workspace)[-1].get_content())
    refused = request_command("message", pact, "--slot", "S0001")
    assert (refused.code, "no longer open (withdrawn)" in refused.stderr) == (1, True)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_message_ends_in_the_link_that_its_code_shows(
    request_command: Request, workspace: Path, pact: str, tmp_path: Path, suffix: str
) -> None:
    request_command("send", pact)
    path = tmp_path / f"link{suffix}"
    printed = request_command("message", pact, "--slot", "S0002", "--qr", path, MOU_SITE_URL="https://sign.example.org")
    assert printed.code == 0
    link = printed.stdout.splitlines()[-1]
    assert re.fullmatch(r"https://sign\.example\.org/sign/[A-Za-z0-9_-]{38}", link)
    assert WITHOUT_MAIL in printed.stdout
    if suffix == ".png":
        (found,) = zxingcpp.read_barcodes(Image.open(path))
        assert found.text == link
    else:
        assert path.read_text(encoding="utf-8").startswith("<svg ")
    assert letters_in(workspace) != []


def test_the_message_of_somebody_whose_turn_has_not_come_is_not_printed(request_command: Request, note: str) -> None:
    request_command("send", note)
    early = request_command("message", note, "--slot", "S0002")
    assert (early.code, early.stdout) == (1, "")
    assert f"not yet the turn of {HOST}: {WITH_MAIL} (S0001) signs before" in early.stderr


def test_a_code_on_site_is_printed_alone_for_the_secretariat_to_hand_over(request_command: Request, pact: str) -> None:
    request_command("send", pact)
    attested = request_command("attest", pact, "--slot", "S0002", "--note", "แสดงบัตรประชาชน")
    assert attested.code == 0
    assert re.fullmatch(r"\d{6}\n", attested.stdout)
    assert f"this code is for {WITHOUT_MAIL} alone, counts for 30 minutes" in attested.stderr
    refused = request_command("attest", pact, "--slot", "S0002", "--note", " ")
    assert (refused.code, "say how you knew the person" in refused.stderr) == (1, True)


def propose(workspace: Path) -> None:
    """As the signatory does on their page."""
    opened = open_workspace(workspace)
    with opened.database.read() as transaction:
        (document,) = transaction.store.documents("pact")
        request = transaction.store.requests(document.document_id)[0]
        invitation = standing_invitation(transaction, request)
    assert invitation is not None
    authority = DocumentOfAuthority(AuthorityKind.BOARD_RESOLUTION, date(2022, 3, 1), "มูลนิธิที่เจ็ด", "๓/๒๕๖๕")
    person = Person("มอบ", "ทดสอบ", "รองประธาน", prefix="นาย")
    invited = invited_by(opened, invitation.invitation_id)
    propose_delegate(opened, invited, person, Capacity.ACTING_ON_BEHALF, authority, identity_id=IDENTITY)
    opened.database.close()


def test_a_delegate_is_shown_with_their_authority_and_then_taken(request_command: Request, workspace: Path, pact: str) -> None:
    request_command("send", pact)
    propose(workspace)
    assert row_of(request_command("list", pact, "--json"), "S0001")["delegate_proposed"] is True
    shown = request_command("delegate", pact, "--slot", "S0001")
    assert "นายมอบ ทดสอบ is proposed to sign, as acting on behalf" in shown.stdout
    assert "authority: Resolution of the board ๓/๒๕๖๕ of 2022-03-01 by มูลนิธิที่เจ็ด, until -" in shown.stdout
    taken = request_command("delegate", pact, "--slot", "S0001", "--take")
    assert (taken.code, f"{pact}, S0001: นายมอบ ทดสอบ has no mail address" in taken.stdout) == (0, True)
    assert row_of(request_command("list", pact, "--json"), "S0001")["name"] == "นายมอบ ทดสอบ"


def test_a_delegate_who_is_refused_is_forgotten(request_command: Request, workspace: Path, pact: str) -> None:
    request_command("send", pact)
    propose(workspace)
    assert request_command("delegate", pact, "--slot", "S0001", "--refuse").code == 0
    assert row_of(request_command("list", pact, "--json"), "S0001")["name"] == WITH_MAIL
    again = request_command("delegate", pact, "--slot", "S0001", "--take")
    assert (again.code, "no delegate was proposed" in again.stderr) == (1, True)


def test_requests_whose_deadline_has_passed_are_closed_once(request_command: Request, workspace: Path, pact: str) -> None:
    now = datetime.now(UTC)
    opened = open_workspace(workspace, clock=lambda: now)
    with opened.database.read() as transaction:
        (document,) = transaction.store.documents("pact")
    ask(opened, document.document_id, ["S0001"], deadline=now + timedelta(microseconds=1))
    opened.database.close()
    closed = request_command("expire")
    assert f"{pact}, S0001: the deadline of {WITH_MAIL} has passed; the request is closed" in closed.stdout
    assert request_command("expire").stdout == "no deadline has passed\n"
    assert row_of(request_command("list", pact, "--json"), "S0001")["state"] == "expired"


def test_help_of_every_command_says_what_it_does(run_mou: "RunMou") -> None:
    for name in ("send", "list", "remind", "withdraw", "message", "attest", "delegate", "expire"):
        helped = run_mou("request", name, "--help")
        assert (helped.code, f"mou request {name}" in helped.stdout) == (0, True)
