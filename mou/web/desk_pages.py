"""The secretariat's desk: how everything stands, one document with its requests, and every act on them.

Each act is one form and one use case; its answer leads back to the document (303) with a short word for what was done, so that
a reload repeats nothing. Two answers stay where they are: the code for somebody on site, which no address may hold, and a form in
which something is missing. Letters are sent right after the act; what could not be sent is told and stays queued.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from mou.charter.clauses import AuthorityKind
from mou.models import Capacity
from mou.notify import MailError
from mou.notify.chat import line_message, link_code
from mou.storage.asking import Channel
from mou.thai import BANGKOK
from mou.web.entry_pages import require_desk
from mou.web.language import language_of, say_in
from mou.web.pages import render
from mou.web.refusals import DESK_ONLY, RefusedError
from mou.web.sessions import read_session
from mou.web.site import Site, site_of
from mou.web.words import STATE_KINDS, STATES, capacity_in_words
from mou.workflow import desk_view
from mou.workflow.asking import LONGEST_REASON, ask, remind, withdraw
from mou.workflow.delegating import refuse_delegate, take_delegate
from mou.workflow.desk_view import DocumentState, DocumentView, RequestView, Wanted, document_view, invited_now, request_view
from mou.workflow.identifying import CODE_LIFETIME_ON_SITE, CodeRefusedError, attest
from mou.workflow.letters import asked_of, deliver_queued
from signatures.messages import Message, say

REFRESH_SECONDS: Final = 15
MOST_REASONS: Final = 10
"""Of letters that could not be sent: one cause is mostly the same for all."""

DOCUMENT_STATES: Final[Mapping[DocumentState, Message]] = {
    DocumentState.UNDELIVERED: say("mail not delivered"),
    DocumentState.DECLINED: say("declined"),
    DocumentState.OVERDUE: say("deadline passed"),
    DocumentState.DELEGATE_PROPOSED: say("delegate proposed"),
    DocumentState.WITHDRAWN: say("withdrawn"),
    DocumentState.NOT_ASKED: say("not asked yet"),
    DocumentState.WAITING: say("waiting for an answer"),
    DocumentState.COMPLETE: say("complete"),
}
DOCUMENT_STATE_KINDS: Final[Mapping[DocumentState, str]] = {
    DocumentState.UNDELIVERED: "bad",
    DocumentState.DECLINED: "bad",
    DocumentState.OVERDUE: "bad",
    DocumentState.DELEGATE_PROPOSED: "note",
    DocumentState.WITHDRAWN: "open",
    DocumentState.NOT_ASKED: "open",
    DocumentState.WAITING: "wait",
    DocumentState.COMPLETE: "good",
}
STEPS: Final[Mapping[str, Message]] = {
    "signatory.invited": say("invitation made"),
    "invitation.opened": say("invitation answered for the first time"),
    "invitation.undelivered": say("mail refused by the mail server"),
    "invitation.withdrawn": say("request withdrawn"),
    "reminder.sent": say("reminder"),
    "identity.confirmed": say("identity confirmed"),
    "certificate.issued": say("certificate issued for this signature"),
    "signature.received": say("signature received"),
    "signature.declined": say("signature declined"),
    "deadline.passed": say("deadline passed without a signature"),
    "delegate.proposed": say("delegate proposed"),
    "signatory.replaced": say("handed over to the delegate"),
    desk_view.CERTIFIED: say("document made and sealed"),
    desk_view.SIGNED: say("signature recorded"),
    desk_view.EXTENDED: say("validation data added"),
    desk_view.NUMBERED: say("register's number given"),
}
CHANNELS: Final[Mapping[Channel, Message]] = {
    Channel.MAIL: say("by mail"),
    Channel.MESSAGE: say("as a message that you hand on"),
}
AUTHORITY_KINDS: Final[Mapping[AuthorityKind, Message]] = {
    AuthorityKind.POWER_OF_ATTORNEY: say("Power of attorney"),
    AuthorityKind.DELEGATION_ORDER: say("Order of delegation"),
    AuthorityKind.APPOINTMENT: say("Appointment"),
    AuthorityKind.BOARD_RESOLUTION: say("Resolution of the board"),
    AuthorityKind.OFFICE_BY_LAW: say("Office by law"),
}
DONE: Final[Mapping[str, Message]] = {
    "sent": say("The request was sent. Whoever has no mail address gets the message from you: it is beside their name."),
    "unchanged": say("Everybody was asked already: nobody was asked twice. A new deadline counts from now on."),
    "reminded": say("A reminder went to everybody whose turn it is and who has not answered."),
    "nobody": say("Nobody was reminded: nobody's turn it is, or the last reminder is less than 20 hours old."),
    "withdrawn": say("The request was withdrawn; its link no longer counts."),
    "taken": say("The delegate was taken and invited; the link of the first signatory no longer counts."),
    "refused": say("The delegate was not taken; the signatory who was asked can still sign. Tell them, please."),
    "delivered": say("Every letter that waited was sent."),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What was done a moment ago, and how many letters could not be sent, with the reasons as far as they are still known."""

    done: Message | None
    unsent: int
    reasons: tuple[Message, ...]


def notice_of(request: Request, done: str = "", unsent: int = 0) -> Notice:
    """Return what the address says of the act before; the reasons are in this process's memory."""
    reasons = getattr(request.app.state, "unsent_reasons", ())
    return Notice(DONE.get(done), max(0, unsent), reasons if unsent > 0 else ())


def lead_to_door(request: Request) -> None:
    """Let a page that refreshes itself after its session has ended go to the door as a whole.

    Raises:
        RefusedError: 401 with the address for htmx.
    """
    if "hx-request" in request.headers and not read_session(request).is_desk:
        raise RefusedError(replace(DESK_ONLY, headers={"HX-Redirect": "/enter"}))


router = APIRouter(include_in_schema=False, dependencies=[Depends(lead_to_door), Depends(require_desk)])

ThisSite = Annotated[Site, Depends(site_of)]
ThisNotice = Annotated[Notice, Depends(notice_of)]
Typed = Annotated[str, Form()]


@router.get("/")
def show_overview(  # each is a place of the address
    request: Request,
    site: ThisSite,
    notice: ThisNotice,
    template: str = "",
    state: str = "",
    text: str = "",
    page: int = 1,
    refresh: str = "",
) -> Response:
    """Show how everything stands; a page that refreshes itself gets the part that changes."""
    known_state = DocumentState(state) if state in set(DocumentState) else None
    view = desk_view.overview(site.workspace, Wanted(template or None, known_state, text, page))
    places = {"template": template, "state": known_state or "", "text": text, "refresh": refresh}
    return render(
        request,
        "desk/overview.html" if "hx-request" in request.headers else "desk/desk.html",
        view=view,
        is_filtered=bool(template or known_state or text.strip()),
        template=template,
        state=known_state,
        text=text,
        refresh_seconds=None if refresh == "off" else REFRESH_SECONDS,
        address=lambda **changed: _address(places | {"page": view.page} | changed),
        states=DocumentState,
        state_words=DOCUMENT_STATES,
        state_kinds=DOCUMENT_STATE_KINDS,
        notice=notice,
    )


@router.post("/letters")
def send_letters(request: Request, site: ThisSite) -> Response:
    """Send every letter that waits once more."""
    return _led_to("/", request, site, "delivered", only_if_all=True)


@router.get("/documents/{document_id}")
def show_document(request: Request, site: ThisSite, notice: ThisNotice, document_id: str) -> Response:
    """Show one document with its requests and what happened to them."""
    return render(
        request,
        "desk/document.html",
        view=document_view(site.workspace, document_id),
        today=site.workspace.clock().astimezone(BANGKOK).date(),
        request_states=STATES,
        request_kinds=STATE_KINDS,
        channels=CHANNELS,
        steps=STEPS,
        authority_kinds=AUTHORITY_KINDS,
        capacity=_capacity_words(request),
        notice=notice,
    )


@router.get("/documents/{document_id}/file.pdf")
def show_file(site: ThisSite, document_id: str) -> Response:
    """Return the newest revision."""
    document = document_view(site.workspace, document_id).document
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(document.file_name, safe='')}.pdf"}
    return Response(site.workspace.files.get(document.current), headers=headers, media_type="application/pdf")


@router.post("/documents/{document_id}/send")
def send(
    request: Request, site: ThisSite, document_id: str, field: Typed = "", deadline: Annotated[date | None, Form()] = None
) -> Response:
    """Ask everybody who may be asked, or the signatory of one field; a deadline is the end of that day."""
    until = desk_view.end_of_day(deadline) if deadline else None
    asked = ask(site.workspace, document_id, [field] if field else None, deadline=until)
    return _led_back(request, site, document_id, "sent" if any(each.is_new for each in asked) else "unchanged")


@router.post("/documents/{document_id}/remind")
def send_reminders(request: Request, site: ThisSite, document_id: str) -> Response:
    """Remind everybody of this document whose turn it is."""
    reminded = remind(site.workspace, document_id, only_due=False)
    return _led_back(request, site, document_id, "reminded" if reminded else "nobody")


@router.get("/documents/{document_id}/withdraw/{field}")
def ask_before_withdrawing(request: Request, site: ThisSite, document_id: str, field: str) -> Response:
    """Show what a withdrawal means."""
    view, asked = request_view(site.workspace, document_id, field)
    return _form(request, "desk/withdraw.html", view, asked, reason="")


@router.post("/documents/{document_id}/withdraw/{field}")
def withdraw_request(  # the two fields of its form
    request: Request, site: ThisSite, document_id: str, field: str, reason: Typed = "", confirm: Typed = ""
) -> Response:
    """Take the request back, when it was confirmed and a reason was given."""
    errors = {}
    if not reason.strip():
        errors["reason"] = say_in(request, say("Write the reason in a sentence: the signatory who was invited by mail reads it."))
    if confirm != "yes":
        errors["confirm"] = say_in(request, say("Confirm that the request is to be withdrawn."))
    if errors:
        view, asked = request_view(site.workspace, document_id, field)
        return _form(request, "desk/withdraw.html", view, asked, errors=errors, reason=reason)
    withdraw(site.workspace, document_id, field, reason=reason)
    return _led_back(request, site, document_id, "withdrawn")


@router.get("/documents/{document_id}/attest/{field}")
def ask_who_is_here(request: Request, site: ThisSite, document_id: str, field: str) -> Response:
    """Show what the secretariat says when it attests who somebody is."""
    view, asked = request_view(site.workspace, document_id, field)
    invited_now(view, asked)
    return _form(request, "desk/attest.html", view, asked, note="")


@router.post("/documents/{document_id}/attest/{field}")
def attest_on_site(request: Request, site: ThisSite, document_id: str, field: str, note: Typed = "") -> Response:
    """Show the code for the signatory who stands here: in this answer alone, never in an address."""
    view, asked = request_view(site.workspace, document_id, field)
    invited = invited_now(view, asked)
    try:
        code = attest(site.workspace, invited.invitation.invitation_id, note=note)
    except CodeRefusedError as error:
        return _form(request, "desk/attest.html", view, asked, errors={"note": say_in(request, error.message)}, note=note)
    minutes = int(CODE_LIFETIME_ON_SITE.total_seconds() // 60)
    return _form(request, "desk/code.html", view, asked, code=code, minutes=minutes, note=note.strip())


@router.get("/documents/{document_id}/message/{field}")
def show_message(request: Request, site: ThisSite, document_id: str, field: str) -> Response:
    """Show the message to hand on, with its link as text and as QR code."""
    view, asked = request_view(site.workspace, document_id, field)
    told = asked_of(site.workspace, invited_now(view, asked))
    return _form(request, "desk/message.html", view, asked, message=line_message(told), picture=link_code(told.link))


@router.post("/documents/{document_id}/delegate/{field}")
def answer_proposal(
    request: Request, site: ThisSite, document_id: str, field: str, answer: Annotated[str, Form(pattern="^(take|refuse)$")]
) -> Response:
    """Take or refuse the delegate whom a signatory has proposed."""
    if answer == "take":
        take_delegate(site.workspace, document_id, field)
        return _led_back(request, site, document_id, "taken")
    refuse_delegate(site.workspace, document_id, field)
    return _led_back(request, site, document_id, "refused")


def _form(  # what the page is about, and what goes into it
    request: Request,
    name: str,
    view: DocumentView,
    asked: RequestView,
    *,
    errors: Mapping[str, str] | None = None,
    **values: object,
) -> Response:
    """Return a page about one request."""
    return render(
        request,
        name,
        status_code=422 if errors else 200,
        view=view,
        asked=asked,
        errors=errors or {},
        back=f"/documents/{view.document.document_id}",
        capacity=_capacity_words(request),
        longest=LONGEST_REASON,
        **values,
    )


def _capacity_words(request: Request) -> Mapping[Capacity, str]:
    language = language_of(request)
    return {each: capacity_in_words(each, language) for each in Capacity}


def _led_back(request: Request, site: Site, document_id: str, done: str) -> Response:
    return _led_to(f"/documents/{quote(document_id, safe='')}", request, site, done)


def _led_to(path: str, request: Request, site: Site, done: str, *, only_if_all: bool = False) -> Response:
    """Send what waits and lead to a page that tells of it; what was done is recorded whatever becomes of the letters."""
    unsent = _deliver(request, site)
    told = {} if unsent and only_if_all else {"done": done}
    query = urlencode(told | ({"unsent": str(unsent)} if unsent else {}))
    return RedirectResponse(f"{path}?{query}", 303)


def _deliver(request: Request, site: Site) -> int:
    """Return how many letters could not be sent; the reasons are kept for the page that comes next, in memory alone."""
    try:
        failures = deliver_queued(site.workspace).failures
        unsent = len(failures)
    except MailError as error:  # nothing can be sent at all
        failures = (error.message,)
        unsent = desk_view.queued_letters(site.workspace)
    request.app.state.unsent_reasons = tuple({str(each): each for each in failures}.values())[:MOST_REASONS]
    return unsent


def _address(places: Mapping[str, object]) -> str:
    """Return the address of the overview with these places, empty ones left out."""
    query = urlencode({name: value for name, value in places.items() if value and (name, value) != ("page", 1)})
    return f"/?{query}" if query else "/"
