"""Who a signing page is for: the link, the request as it stands, and who was established to be behind this browser."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from mou.messages import translate
from mou.requests import RequestState, is_overdue
from mou.storage.asking import Identity
from mou.web.language import language_of
from mou.web.pages import moment_in_words
from mou.web.refusals import NOTHING_RECORDED, Problem, RefusedError
from mou.web.sessions import read_session
from mou.web.site import site_of
from mou.web.words import capacity_in_words
from mou.workflow.identifying import valid_identity
from mou.workflow.links import Invited, LinkRefusedError, open_link
from signatures.messages import Message, say

UNKNOWN_LINK = Problem(
    status=404,
    code="unknown_link",
    what=say("This link leads to no request of this network."),
    kept=NOTHING_RECORDED,
    next_step=say("Open the link from the invitation once more, whole; if it does not help, call the secretariat."),
)
UNIDENTIFIED = Problem(
    status=401,
    code="unidentified",
    what=say("It is not established any more who is signing: that counts for twelve hours in one browser."),
    kept=say("What you filled in is kept."),
    next_step=say("Open the link from the invitation again and confirm with a new code; you go on where you stopped."),
)


@dataclass(frozen=True, slots=True)
class Closed:
    """Why nothing can be signed by this link now, in words; `state` names it for the page and for programs."""

    state: str
    what: Message
    kept: Message
    next_step: Message


def invited_of(request: Request, token: str) -> Invited:
    """Return whom the link was made for.

    Raises:
        RefusedError: it is none of this network's links (404).
    """
    try:
        return open_link(site_of(request).workspace, token)
    except LinkRefusedError as error:
        raise RefusedError(UNKNOWN_LINK) from error


def identity_of(request: Request, invited: Invited) -> Identity | None:
    """Return who was established to be signing in this browser, for this invitation; None when nobody was, or long ago."""
    identity_id = read_session(request).confirmed.get(invited.invitation.invitation_id)
    if identity_id is None:
        return None
    return valid_identity(site_of(request).workspace, identity_id, invited.invitation.invitation_id)


def required_identity(request: Request, invited: Invited) -> Identity:
    """Return who was established to be signing.

    Raises:
        RefusedError: nobody was (401).
    """
    identity = identity_of(request, invited)
    if identity is None:
        raise RefusedError(UNIDENTIFIED)
    return identity


def require_open(request: Request, invited: Invited) -> None:
    """Check that something may still be signed by this link.

    Raises:
        RefusedError: it is answered, expired, withdrawn, or not yet its turn (409).
    """
    closed = why_closed(request, invited)
    if closed is not None:
        raise RefusedError(Problem(status=409, code=closed.state, what=closed.what, kept=closed.kept, next_step=closed.next_step))


def why_closed(request: Request, invited: Invited) -> Closed | None:
    """Return why nothing can be signed by this link now; None when something can."""
    asked = invited.request
    if not invited.is_current:
        return _REPLACED
    if asked.state is RequestState.SENT and is_overdue(asked, at=site_of(request).workspace.clock()):
        return _CLOSED[RequestState.EXPIRED]
    if asked.state is not RequestState.SENT:
        return _CLOSED[asked.state]
    waits_for = invited.waits_for
    if waits_for is None:
        return None
    return Closed(
        "waiting",
        say("It is not your turn yet: {name} signs before you.", name=waits_for.slot.person.full_name),
        NOTHING_RECORDED,
        say("You get a message when it is your turn. This link stays the same."),
    )


_CALL = say("If that is not what you expect, call the secretariat.")
_REPLACED = Closed(
    "withdrawn",
    say("This link no longer counts: the request was withdrawn, or made anew with another link."),
    NOTHING_RECORDED,
    say("Look for a newer invitation, or call the secretariat."),
)
_CLOSED: Mapping[RequestState, Closed] = {
    RequestState.SIGNED: Closed(
        "signed",
        say("You have signed this document. Nothing more is asked of you."),
        say("Your signature is in the document and in the ledger; nobody asks for it twice."),
        say("The signed document was sent to you, where you had an address; the secretariat gives it to you at any time."),
    ),
    RequestState.DECLINED: Closed(
        "declined",
        say("You have declined to sign this document."),
        say("That is recorded; nothing was signed."),
        say("If you have changed your mind, the secretariat can ask you once more."),
    ),
    RequestState.EXPIRED: Closed(
        "expired",
        say("The deadline for signing has passed."),
        say("Nothing was signed; what you filled in is kept."),
        say("The secretariat can ask you once more; you then go on where you stopped."),
    ),
    RequestState.WITHDRAWN: Closed("withdrawn", say("The secretariat has withdrawn this request."), NOTHING_RECORDED, _CALL),
    RequestState.DRAFT: Closed("withdrawn", say("This request is being prepared anew."), NOTHING_RECORDED, _CALL),
}


def asked_on_page(request: Request, invited: Invited) -> dict[str, str | None]:
    """Return what the templates call `asked`."""
    site, language = site_of(request), language_of(request)
    slot, document = invited.request.slot, invited.document
    deadline = invited.request.deadline
    return {
        "document_title": document.title,
        "document_number": document.document_number,
        "organisation_name": slot.organisation_name,
        "signatory_name": slot.person.full_name,
        "capacity": capacity_in_words(slot.capacity, language),
        "network_name": site.settings.name,
        "deadline": moment_in_words(deadline, language) if deadline else None,
    }


def summary_on_page(request: Request, invited: Invited, *, page_count: int) -> list[tuple[str, str]]:
    """Return the few lines by which a person finds their way before reading: what, with whom, how long."""
    language = language_of(request)
    document, requests = invited.document, invited.requests
    others = [each.slot for each in requests if each.slot.field != invited.request.slot.field]
    names = [
        f"{slot.person.full_name} ({capacity_in_words(slot.capacity, language)}, {slot.organisation_name})" for slot in others
    ]
    lines: list[tuple[Message, str]] = [
        (say("Document"), document.title),
        (say("Number"), document.document_number or "-"),
        (say("Pages"), str(page_count)),
        (say("You sign as"), capacity_in_words(invited.request.slot.capacity, language)),
        (say("For"), invited.request.slot.organisation_name),
        (say("Also asked to sign"), "; ".join(names) or "-"),
    ]
    return [(translate(label, language), value) for label, value in lines]
