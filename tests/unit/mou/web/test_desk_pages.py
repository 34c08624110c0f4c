"""The secretariat's desk: every act on a real workspace, what the pages show, and what never stands in an address."""

import email
import email.policy
import hashlib
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mou.charter.clauses import AuthorityKind
from mou.models import Capacity, Person, SignatorySlot
from mou.notify import MailSettingsError, RecipientRefusedError, TemporaryMailError
from mou.notify.delivery import Delivery
from mou.notify.message import OutgoingMessage
from mou.requests import DocumentOfAuthority, RequestState, SignatureRequest
from mou.storage.asking import Channel, IdentityMethod
from mou.storage.store import Document
from mou.web import desk_pages
from mou.workflow.asking import ask, decline, expire_overdue
from mou.workflow.delegating import propose_delegate
from mou.workflow.desk_view import DocumentState, Wanted, document_view, overview
from mou.workflow.identifying import confirm
from mou.workflow.links import Invited, invited_by, link_of, open_link
from mou.workflow.status import DocumentStatus, document_statuses
from mou.workflow.workspace import Workspace
from signatures.digests import Digest
from signatures.messages import Message, say

CsrfOf: TypeAlias = Callable[..., str]
NewBrowser: TypeAlias = Callable[..., TestClient]
StatusOf: TypeAlias = Callable[[str], DocumentStatus]
Post: TypeAlias = Callable[..., str]
FIELD = "S0001"
NASTY = "<script>alert('ฟ้า')</script>"
MAIL = "fasai@youth.example"


@pytest.fixture
def desk(app: FastAPI, client: TestClient, csrf_of: CsrfOf) -> TestClient:
    """A browser that is the secretariat's."""
    entered = client.post(f"/enter/{app.state.site.entry.text}", data={"csrf": csrf_of(client)})
    assert entered.status_code == 303
    return client


@pytest.fixture
def post(desk: TestClient, csrf_of: CsrfOf) -> Post:
    """A function that sends a form and returns where it led to."""

    def send(path: str, data: Mapping[str, str] | None = None) -> str:
        answer = desk.post(path, data={"csrf": csrf_of(desk), **(data or {})})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    return send


@pytest.fixture
def document_id(status_of: StatusOf) -> str:
    """The document that nobody has signed."""
    return status_of("org-2").document.document_id


@pytest.fixture
def with_address(workspace: Workspace, document_id: str) -> str:
    """The same document; its signatory has a mail address and a name that is markup."""
    change_person(workspace, document_id, given_name=NASTY, email=MAIL)
    return document_id


def change_person(workspace: Workspace, document_id: str, *, given_name: str | None = None, email: str | None = None) -> None:
    with workspace.database.write() as transaction:
        (request,) = transaction.store.requests(document_id)
        was = request.slot.person
        person = replace(was, given_name=given_name or was.given_name, email=email or was.email)
        transaction.asking.put_request(replace(request, slot=replace(request.slot, person=person)))


def invitation_of(workspace: Workspace, document_id: str) -> str:
    (asked,) = document_view(workspace, document_id).requests
    assert asked.invitation is not None
    return asked.invitation.invitation_id


def invited(workspace: Workspace, document_id: str) -> Invited:
    return invited_by(workspace, invitation_of(workspace, document_id))


def letters(workspace: Workspace) -> list[EmailMessage]:
    files = sorted((workspace.folder / "outbox" / "mail").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def addresses_in(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'(?:href|action|src|data-hx-get)="([^"]*)"', page)]


def state_of(workspace: Workspace, document_id: str) -> RequestState:
    (asked,) = document_view(workspace, document_id).requests
    return asked.request.state


def propose(workspace: Workspace, document_id: str) -> None:
    ask(workspace, document_id)
    paper = DocumentOfAuthority(AuthorityKind.POWER_OF_ATTORNEY, date(2026, 11, 1), "กลุ่มเยาวชนสมมติ", "๑/๒๕๖๙")
    person = Person("ดาว", "แทนใจ", "เลขานุการ", "นาง", "dao@youth.example")
    propose_delegate(workspace, invited(workspace, document_id), person, Capacity.ATTORNEY, paper, identity_id="idn_1")


@pytest.mark.parametrize(
    "path", ["/", "/documents/{id}", "/documents/{id}/file.pdf", "/documents/{id}/message/S0001", "/documents/{id}/attest/S0001"]
)
def test_a_stranger_sees_nothing_of_the_desk(client: TestClient, document_id: str, path: str) -> None:
    answer = client.get(path.format(id=document_id))
    assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/enter", "")


@pytest.mark.parametrize("act", ["send", "remind", "withdraw/S0001", "attest/S0001", "delegate/S0001"])
def test_a_stranger_can_do_nothing_at_the_desk(
    workspace: Workspace, client: TestClient, csrf_of: CsrfOf, document_id: str, act: str
) -> None:
    form = {"csrf": csrf_of(client), "reason": "x", "confirm": "yes", "note": "x", "answer": "take"}
    assert client.post(f"/documents/{document_id}/{act}", data=form).headers["location"] == "/enter"
    assert state_of(workspace, document_id) is RequestState.DRAFT


def test_a_form_without_the_token_changes_nothing(workspace: Workspace, desk: TestClient, document_id: str) -> None:
    assert desk.post(f"/documents/{document_id}/send", data={}).status_code == 403
    assert state_of(workspace, document_id) is RequestState.DRAFT


def test_a_page_that_refreshes_itself_without_a_session_goes_to_the_door_as_a_whole(client: TestClient) -> None:
    answer = client.get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/enter")


def test_the_desk_counts_from_the_requests(desk: TestClient) -> None:
    page = desk.get("/").text
    figures = dict(re.findall(r"<dt>(?:<a [^>]*>)?([^<]*)(?:</a>)?</dt><dd>([^<]*)</dd>", page))
    assert figures["Documents, complete"] == "1 of 2"
    assert figures["Signatures"] == "1 of 2"
    assert figures["Signatories not asked yet"] == "1"
    assert figures["Signatories whose answer is awaited"] == "0"


def test_the_part_that_refreshes_is_the_part_alone(desk: TestClient) -> None:
    whole = desk.get("/?state=complete")
    part = desk.get("/?state=complete", headers={"HX-Request": "true"})
    assert 'data-hx-get="/?state=complete"' in whole.text
    assert part.text.startswith('<div id="overview"')
    assert "<html" not in part.text
    assert part.text.count('<tr role="row" id=') == 1


def test_refreshing_can_be_stopped(desk: TestClient) -> None:
    page = desk.get("/?refresh=off").text
    assert "data-hx-get" not in page
    assert "htmx.min.js" not in page
    assert 'name="refresh" value="off"' in page  # a search goes on standing still


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=complete", ["org-1"]),
        ("state=not_asked", ["org-2"]),
        ("state=overdue", []),
        ("state=nonsense", ["org-1", "org-2"]),
        ("template=note", ["org-1", "org-2"]),
        ("template=other", []),
        ("text=เยาวชน", ["org-2"]),
        ("text=ฟ้าใส", []),  # persons are not searched for: the words stand in the address
        ("text=เยาวชน&state=complete", []),
        ("page=7", ["org-1", "org-2"]),
    ],
)
def test_documents_are_found_by_template_state_and_text(
    desk: TestClient, status_of: StatusOf, query: str, expected: list[str]
) -> None:
    rows = re.findall(r'<tr role="row" id="([^"]*)">', desk.get(f"/?{query}").text)
    assert sorted(rows) == sorted(status_of(name).document.document_id for name in expected)


def test_an_empty_desk_says_what_to_do(workspace: Workspace, desk: TestClient, status_of: StatusOf) -> None:
    with workspace.database.write() as transaction:
        for name in ("org-1", "org-2"):
            document_id = status_of(name).document.document_id
            transaction.store.supersede(document_id, document_id)
    page = desk.get("/").text
    assert "mou organisations import" in page
    assert "mou generate TEMPLATE" in page


def test_sending_puts_a_letter_into_the_outbox_once(
    workspace: Workspace, desk: TestClient, post: Post, with_address: str
) -> None:
    assert post(f"/documents/{with_address}/send", {"deadline": "2026-12-05"}) == f"/documents/{with_address}?done=sent"
    (letter,) = letters(workspace)
    assert MAIL in letter["To"]
    assert link_of(workspace, invitation_of(workspace, with_address)) in letter.get_content()
    assert post(f"/documents/{with_address}/send") == f"/documents/{with_address}?done=unchanged"
    assert len(letters(workspace)) == 1
    page = desk.get(f"/documents/{with_address}?done=sent").text
    assert "The request was sent." in page
    assert "by mail: " + MAIL in page


def test_a_deadline_is_the_end_of_that_day_in_bangkok(workspace: Workspace, post: Post, document_id: str) -> None:
    post(f"/documents/{document_id}/send", {"deadline": "2026-12-05", "field": FIELD})
    (asked,) = document_view(workspace, document_id).requests
    assert asked.request.deadline == datetime(2026, 12, 5, 16, 59, 59, tzinfo=UTC)
    post(f"/documents/{document_id}/send", {"deadline": "2026-12-09", "field": FIELD})
    (asked,) = document_view(workspace, document_id).requests
    assert asked.request.deadline == datetime(2026, 12, 9, 16, 59, 59, tzinfo=UTC)


def test_a_deadline_that_has_passed_is_refused(workspace: Workspace, desk: TestClient, csrf_of: CsrfOf, document_id: str) -> None:
    answer = desk.post(f"/documents/{document_id}/send", data={"csrf": csrf_of(desk), "deadline": "2026-11-01"})
    assert (answer.status_code, state_of(workspace, document_id)) == (409, RequestState.DRAFT)
    assert "a deadline in the future is expected" in answer.text


def test_a_reminder_goes_out_at_most_once_in_twenty_hours(
    workspace: Workspace, desk: TestClient, post: Post, with_address: str
) -> None:
    assert post(f"/documents/{with_address}/remind").endswith("?done=nobody")
    post(f"/documents/{with_address}/send")
    assert post(f"/documents/{with_address}/remind").endswith("?done=reminded")
    assert post(f"/documents/{with_address}/remind").endswith("?done=nobody")
    assert len(letters(workspace)) == 2
    assert "1 · 22 November 2026" in desk.get(f"/documents/{with_address}").text


def test_a_withdrawal_needs_a_reason_and_a_yes(
    workspace: Workspace, desk: TestClient, csrf_of: CsrfOf, with_address: str
) -> None:
    path = f"/documents/{with_address}/withdraw/{FIELD}"
    assert "the request is withdrawn" in desk.get(path).text
    for form, missing in (({"reason": "ผิดคน"}, "confirm"), ({"confirm": "yes", "reason": " "}, "reason")):
        answer = desk.post(path, data={"csrf": csrf_of(desk), **form})
        assert answer.status_code == 422
        assert f'href="#{missing}"' in answer.text
        assert html.escape(form["reason"].strip()) in answer.text
    assert state_of(workspace, with_address) is RequestState.DRAFT


def test_a_withdrawn_request_is_told_to_the_signatory_and_can_be_sent_anew(
    workspace: Workspace, desk: TestClient, post: Post, with_address: str
) -> None:
    post(f"/documents/{with_address}/send")
    led_to = post(f"/documents/{with_address}/withdraw/{FIELD}", {"reason": "ผิดคน & ผิดวัน", "confirm": "yes"})
    assert led_to == f"/documents/{with_address}?done=withdrawn"
    assert state_of(workspace, with_address) is RequestState.WITHDRAWN
    assert len(letters(workspace)) == 2
    page = desk.get(f"/documents/{with_address}").text
    assert "ผิดคน &amp; ผิดวัน" in page
    assert "Ask again" in page
    assert post(f"/documents/{with_address}/send", {"field": FIELD}).endswith("?done=sent")
    assert state_of(workspace, with_address) is RequestState.SENT


def test_the_code_for_somebody_on_site_counts_for_that_signatory(
    workspace: Workspace, desk: TestClient, csrf_of: CsrfOf, document_id: str
) -> None:
    ask(workspace, document_id)
    path = f"/documents/{document_id}/attest/{FIELD}"
    assert "นางสาวฟ้าใส เยาวมาลย์" in desk.get(path).text
    answer = desk.post(path, data={"csrf": csrf_of(desk), "note": "แสดงบัตรประชาชน"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "location" not in answer.headers
    shown = re.search(r"data-code>(\d{3})<span[^>]*> </span>(\d{3})<", answer.text)
    assert shown is not None
    assert "It counts for 30 minutes" in answer.text
    assert "แสดงบัตรประชาชน" in answer.text
    identity = confirm(workspace, invited(workspace, document_id), shown[1] + shown[2])
    assert (identity.method, identity.note) == (IdentityMethod.ATTESTED_ON_SITE, "แสดงบัตรประชาชน")


def test_nobody_is_attested_without_a_word_on_how_they_were_known(
    workspace: Workspace, desk: TestClient, csrf_of: CsrfOf, document_id: str
) -> None:
    ask(workspace, document_id)
    answer = desk.post(f"/documents/{document_id}/attest/{FIELD}", data={"csrf": csrf_of(desk), "note": " "})
    assert answer.status_code == 422
    assert "say how you knew the person" in answer.text
    with workspace.database.read() as transaction:
        assert transaction.asking.code(invitation_of(workspace, document_id)) is None


@pytest.mark.parametrize("page", ["attest", "message"])
def test_who_was_not_asked_has_no_link_and_no_code(desk: TestClient, document_id: str, page: str) -> None:
    answer = desk.get(f"/documents/{document_id}/{page}/{FIELD}")
    assert answer.status_code == 409
    assert "send the request first" in answer.text


def test_the_message_holds_the_link_and_its_picture(workspace: Workspace, desk: TestClient, document_id: str) -> None:
    ask(workspace, document_id)
    answer = desk.get(f"/documents/{document_id}/message/{FIELD}")
    text = re.search(r'<textarea[^>]*id="message"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert text is not None
    link = text[1].strip().splitlines()[-1]
    assert open_link(workspace, link.rpartition("/")[2]).request.slot.field == FIELD
    assert '<svg role="img"' in answer.text
    assert "The link alone signs nothing" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_link_stands_on_its_own_page_alone(workspace: Workspace, desk: TestClient, document_id: str) -> None:
    ask(workspace, document_id)
    token = link_of(workspace, invitation_of(workspace, document_id)).rpartition("/")[2]
    for path in ("/", f"/documents/{document_id}", f"/documents/{document_id}/attest/{FIELD}"):
        assert token not in desk.get(path).text


def test_a_proposed_delegate_is_taken(workspace: Workspace, desk: TestClient, post: Post, document_id: str) -> None:
    propose(workspace, document_id)
    page = desk.get(f"/documents/{document_id}").text
    assert "นางดาว แทนใจ" in page
    assert "no last day is named" in page
    assert "Delegates proposed" in desk.get("/?state=delegate_proposed").text
    first = invitation_of(workspace, document_id)
    assert post(f"/documents/{document_id}/delegate/{FIELD}", {"answer": "take"}) == f"/documents/{document_id}?done=taken"
    (asked,) = document_view(workspace, document_id).requests
    assert (asked.request.slot.person.full_name, asked.proposal) == ("นางดาว แทนใจ", None)
    assert not invited_by(workspace, first).is_current
    assert "dao@youth.example" in [letter["To"].addresses[0].addr_spec for letter in letters(workspace)]
    assert "Power of attorney" in desk.get(f"/documents/{document_id}").text


def test_a_proposed_delegate_is_refused(workspace: Workspace, post: Post, document_id: str) -> None:
    propose(workspace, document_id)
    assert post(f"/documents/{document_id}/delegate/{FIELD}", {"answer": "refuse"}).endswith("?done=refused")
    (asked,) = document_view(workspace, document_id).requests
    assert (asked.request.slot.person.given_name, asked.proposal) == ("ฟ้าใส", None)


def test_a_name_that_is_markup_is_shown_as_text(workspace: Workspace, desk: TestClient, post: Post, with_address: str) -> None:
    post(f"/documents/{with_address}/send")
    for path in ("/", *(f"/documents/{with_address}{rest}" for rest in ("", f"/message/{FIELD}", f"/attest/{FIELD}"))):
        page = desk.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_no_address_on_any_page_names_a_person(workspace: Workspace, desk: TestClient, post: Post, with_address: str) -> None:
    propose(workspace, with_address)
    post(f"/documents/{with_address}/send")
    pages = [desk.get(path).text for path in ("/", f"/documents/{with_address}", f"/documents/{with_address}/attest/{FIELD}")]
    found = [address for page in pages for address in addresses_in(page)]
    assert f"/documents/{with_address}" in found
    for personal in (NASTY, "เยาวมาลย์", MAIL, "แทนใจ", "dao@youth.example"):
        assert [address for address in found if personal in address] == []


def test_the_newest_pdf_is_shown(workspace: Workspace, desk: TestClient, status_of: StatusOf) -> None:
    document = status_of("org-1").document
    answer = desk.get(f"/documents/{document.document_id}/file.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert Digest.parse(f"sha256:{hashlib.sha256(answer.content).hexdigest()}") == document.current
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''")


def test_the_history_tells_each_step_with_its_entry(desk: TestClient, post: Post, status_of: StatusOf) -> None:
    signed = desk.get(f"/documents/{status_of('org-1').document.document_id}").text
    assert "signature recorded" in signed
    other = status_of("org-2").document.document_id
    post(f"/documents/{other}/send")
    entries = re.findall(r'data-label="Entry in the ledger">(\d+)<', desk.get(f"/documents/{other}").text)
    assert len(entries) == 2
    assert int(entries[0]) > int(entries[1])


def test_a_document_that_does_not_exist_is_not_found(desk: TestClient) -> None:
    assert desk.get("/documents/doc_nowhere").status_code == 404
    assert desk.get("/documents/doc_nowhere/file.pdf").status_code == 404


def test_a_field_that_does_not_exist_is_not_found(desk: TestClient, document_id: str) -> None:
    assert desk.get(f"/documents/{document_id}/withdraw/S9999").status_code == 404


class RefusingMailer:
    """A mail server that refuses everybody, for the reason that it was given."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send(self, message: OutgoingMessage) -> Delivery:  # noqa: ARG002  # refused, whatever it says
        raise self.error

    def try_out(self) -> Message:
        return say("refuses everybody")


def let_mail_fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(Workspace, "mailer", lambda _: RefusingMailer(error))


def test_a_letter_that_failed_for_now_is_told_and_can_be_sent_again(
    workspace: Workspace, desk: TestClient, post: Post, with_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        let_mail_fail(patched, TemporaryMailError("mail.example.org: nobody answers"))
        led_to = post(f"/documents/{with_address}/send")
        assert led_to == f"/documents/{with_address}?done=sent&unsent=1"
        page = desk.get(led_to).text
        assert "mail.example.org: nobody answers" in page
        assert "a letter has still to be sent" in page
        assert post("/letters") == "/?unsent=1"
    assert "Letters that have still to be sent: 1" in desk.get("/").text
    assert post("/letters") == "/?done=delivered"
    assert len(letters(workspace)) == 1
    assert "Letters that have still to be sent" not in desk.get("/").text


def test_a_letter_that_was_refused_for_good_is_shown_beside_its_signatory(
    desk: TestClient, post: Post, with_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_mail_fail(monkeypatch, RecipientRefusedError("no such mailbox"))
    assert post(f"/documents/{with_address}/send").endswith("?done=sent&unsent=1")
    page = desk.get(f"/documents/{with_address}").text
    assert "mail not delivered" in page
    assert "mail refused by the mail server" in page
    assert f'id="{with_address}"' in desk.get("/?state=undelivered").text


def test_mail_that_is_not_set_up_loses_nothing(
    desk: TestClient, post: Post, with_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_is_set(_: Workspace) -> RefusingMailer:
        raise MailSettingsError("mail_from is missing in mou.toml")

    monkeypatch.setattr(Workspace, "mailer", nothing_is_set)
    led_to = post(f"/documents/{with_address}/send")
    assert led_to.endswith("?done=sent&unsent=1")
    assert "mail_from is missing in mou.toml" in desk.get(led_to).text
    assert "Letters that have still to be sent: 1" in desk.get("/").text


def test_a_deadline_that_passed_and_a_refusal_are_states_of_the_document(
    workspace: Workspace, post: Post, document_id: str
) -> None:
    post(f"/documents/{document_id}/send", {"deadline": "2026-11-22"})
    late = replace(workspace, clock=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    assert [line.states for line in overview(late, Wanted(state=DocumentState.OVERDUE)).lines] == [(DocumentState.OVERDUE,)]
    assert document_view(late, document_id).requests[0].is_overdue
    expire_overdue(late)
    assert overview(late, Wanted()).figures.requests[DocumentState.OVERDUE] == 1
    ask(late, document_id)
    decline(late, invited(late, document_id), identity_id="idn_1", reason="ไม่เห็นด้วย")
    assert overview(late, Wanted()).figures.requests == {DocumentState.DECLINED: 1}


def test_who_signs_later_is_not_waited_for_yet(workspace: Workspace) -> None:
    at = workspace.clock()
    add_documents(workspace, 1, orders=(1, 2), at=at)
    (document_id,) = (each.document.document_id for each in document_statuses(workspace, "many"))
    ask(workspace, document_id)
    (line,) = overview(workspace, Wanted(template="many")).lines
    assert [each.slot.order for each in line.waits_for] == [1]
    first, second = document_view(workspace, document_id).requests
    assert (first.waits_for, second.waits_for and second.waits_for.slot.order) == (None, 1)
    assert first.invitation is not None
    assert first.invitation.channel is Channel.MESSAGE


def add_documents(workspace: Workspace, count: int, *, orders: tuple[int, ...], at: datetime) -> None:
    def digest(text: str) -> Digest:
        return Digest.parse(f"sha256:{hashlib.sha256(text.encode()).hexdigest()}")

    with workspace.database.write() as transaction:
        for number in range(count):
            name = f"many-{number:04}"
            document = Document(
                document_id=f"doc_{name}",
                template="many",
                organisation_id=None,
                input_digest=digest(f"{name} input"),
                prepared=digest(f"{name} prepared"),
                current=digest(f"{name} current"),
                revision_count=1,
                version="1",
                title="บันทึกทดสอบ",
                document_number=None,
                file_name=name,
                salt=b"",
                created_at=at,
            )
            requests = [
                SignatureRequest(
                    document.document_id,
                    SignatorySlot(
                        field=f"S{place:04}",
                        role="party",
                        organisation_id="org-1",
                        organisation_name="มูลนิธิสมมติหนึ่ง",
                        person=Person("แก้ว", "สมมุติวงศ์", "ประธาน"),
                        capacity=Capacity.AUTHORISED_REPRESENTATIVE,
                        order=order,
                    ),
                )
                for place, order in enumerate(orders, start=1)
            ]
            transaction.store.add_document(document, requests)


def test_two_thousand_documents_are_shown_fifty_a_page(workspace: Workspace, desk: TestClient) -> None:
    add_documents(workspace, 2000, orders=(1,), at=workspace.clock())
    page = desk.get("/?template=many&page=3").text
    assert page.count('<tr role="row" id=') == 50
    assert "page 3 of 40" in page
    assert 'id="doc_many-0100"' in page
    assert "/?template=many&amp;page=4" in page


def test_every_state_kind_and_channel_has_words() -> None:
    assert set(desk_pages.DOCUMENT_STATES) == set(desk_pages.DOCUMENT_STATE_KINDS) == set(DocumentState)
    assert set(desk_pages.AUTHORITY_KINDS) == set(AuthorityKind)
    assert set(desk_pages.CHANNELS) == set(Channel)


def test_the_desk_is_never_kept_by_a_browser(desk: TestClient, document_id: str) -> None:
    for path in ("/", f"/documents/{document_id}", f"/documents/{document_id}/file.pdf"):
        assert desk.get(path).headers["cache-control"] == "no-store"
