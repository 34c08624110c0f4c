"""`/sign/LINK/service` and `/service/return`: to the page of a signing service and back. No PIN and no password comes here.

1. *Sign* is pressed. Where holders have logins of their own, the browser goes to the service's login; else on with step 3.
2. It comes back with a code, which gives an access token. The token is held in the memory of this process, for ten minutes.
3. The document is prepared for the holder's key, and the browser goes to the page on which they confirm this one signature.
4. It comes back with a code, the key signs, the signature is recorded.

A browser that comes back without a ticket of its own session changes nothing. What went wrong is told by `/sign/LINK/service`,
which survives a reload; nothing is half done: the document is free again, or the signature is in it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from mou.errors import MouError
from mou.minors import MinorNotReadyError
from mou.requests import RequestState
from mou.web.invited import asked_on_page, identity_of, invited_of, require_open, required_identity, why_closed
from mou.web.limits import require_rate
from mou.web.minor_page import missing_page
from mou.web.pages import render
from mou.web.problems import problem
from mou.web.refusals import Problem, RefusedError
from mou.web.service_errands import LONGEST_RETURN, RETURN_PATH, Errand, Ticket, errand_of, read_ticket
from mou.web.sessions import read_session
from mou.web.signing_api import make_known
from mou.web.site import Site, site_of
from mou.workflow.links import Invited, invited_by, link_token
from mou.workflow.preparing import NotReadyError, StalePreparationError, Waiting
from mou.workflow.service_signing import (
    RETRY_AT_SERVICE,
    Held,
    ServiceKeyRefusedError,
    begin,
    confirmation_address,
    finish,
    require_standing,
    set_free,
    somebody_signs,
)
from mou.workflow.signing import SignerRefusedError
from signatures.csc_keys import asks_for_login, exchange_login, login_address
from signatures.errors import CertificateRefusedError, KeyUnavailableError, SignaturesError, SigningError, TimestampError
from signatures.messages import Message, say
from signatures.running import run

router = APIRouter(include_in_schema=False)

ThisSite = Annotated[Site, Depends(site_of)]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a signatory is told on their way; `errand` is theirs, so that nobody logs in twice."""

    state: str
    heading: Message
    what: Message
    kept: Message
    next_step: Message | None = None
    errand: str = ""


_LOGINS: Final[Held[str]] = Held()  # errand -> the holder's access token
_NOTICES: Final[Held[Notice]] = Held()
_RETURNING: Final = tuple(threading.Lock() for _ in range(64))
"""A return is taken once at a time: a page that is loaded twice must not take the document away from its first load."""

_NOTHING_SIGNED: Final = say("Nothing was signed, and what you chose is still here.")
_WAITING: Final = Notice(
    "waiting",
    say("Others are signing at this moment"),
    say("You are in line; this page goes on by itself. At a signing service a signature may take some minutes."),
    _NOTHING_SIGNED,
)
_DECLINED: Final = Notice(
    "again",
    say("Nothing was signed"),
    say("You did not confirm on the page of the service, or the service did not take what you typed there."),
    _NOTHING_SIGNED,
    say("Press the button when you want to try again. You may also go back and choose another way to sign."),
)
_UNANSWERED: Final = replace(_DECLINED, what=say("The service sent you back without confirming anything."))
_STALE: Final = Notice(
    "again",
    say("Please confirm once more"),
    say("Somebody else signed this document while you were at the service."),
    say("What you confirmed there was for the document as it stood before, so your key did not sign. All you chose is kept."),
    say("Press the button: the service asks you once more, for the document as it stands now."),
)
_TOO_LATE: Final = Notice(
    "again",
    say("Please begin once more"),
    say("More than ten minutes passed before you came back from the service."),
    _NOTHING_SIGNED,
    say("Press the button to go to the page of the service again."),
)
_LOGGED_OUT: Final = replace(_TOO_LATE, what=say("Your login at the service is not known here any more."))
_REFUSED: Final = Notice(
    "again",
    say("The signing service could not be used"),
    _NOTHING_SIGNED,
    _NOTHING_SIGNED,
    say("Try again in a few minutes. If it does not help, choose another way or tell the secretariat what this page says."),
)
_FOREIGN_RETURN: Final = Problem(
    status=403,
    code="foreign_return",
    what=say("What came back from the signing service does not belong to the present session of your browser."),
    kept=say("Nothing was signed. What you filled in is kept."),
    next_step=say("Open the link from the invitation again, in one browser alone, and go on where you stopped."),
)
_REFUSALS: Final = (KeyUnavailableError, CertificateRefusedError, SigningError, SignerRefusedError, ServiceKeyRefusedError)

_log = logging.getLogger(__name__)


@router.post("/sign/{token}/service")
def go(request: Request, token: str, site: ThisSite, ticket: Annotated[str, Form(max_length=LONGEST_RETURN)] = "") -> Response:
    """Lead the browser to the page of the service."""
    invited = invited_of(request, token)
    required_identity(request, invited)
    if invited.request.state is RequestState.SIGNED:
        return RedirectResponse(f"/sign/{token}/done", 303)
    require_open(request, invited)
    if (waits := missing_page(request, token, invited)) is not None:
        return waits
    errand = errand_of(request, site, invited, read_ticket(request, ticket))
    if errand is None:
        return RedirectResponse(f"/sign/{token}", 303)
    if somebody_signs(site.workspace, invited):
        return _tell(errand, _WAITING)
    require_rate(request, "confirm", subject=f"service {invited.invitation.invitation_id}")
    login = _LOGINS.get(errand.ticket.errand, at=errand.now)
    begun = errand.begun_again(errand.ticket.errand if login is not None else None)
    return _attempt(begun, partial(_set_out, begun, login))


@router.get("/sign/{token}/service")
def tell(request: Request, token: str, site: ThisSite) -> Response:
    """Tell how it stands with the service, with the button that goes on."""
    invited = invited_of(request, token)
    notice = _NOTICES.get(_name_of_notice(request, invited), at=site.workspace.clock())
    is_open = identity_of(request, invited) is not None and why_closed(request, invited) is None
    errand = errand_of(request, site, invited, None)
    if not is_open or errand is None or notice is None:
        return RedirectResponse(f"/sign/{token}/review", 303)
    return render(
        request,
        "sign/service.html",
        asked=asked_on_page(request, invited),
        state=notice.state,
        heading=notice.heading,
        what=notice.what,
        kept=notice.kept,
        next=notice.next_step,
        action=f"{errand.page}/service",
        ticket=errand.begun_again(notice.errand).sealed,
        retry_after_ms=int(RETRY_AT_SERVICE.total_seconds() * 1000),
        back_url=f"{errand.page}/review",
    )


@router.get(RETURN_PATH)
def come_back(request: Request, site: ThisSite, state: str = "", code: str = "", error: str = "") -> Response:
    """Take the browser back from the service: from its login, or with what unlocks the key.

    Nobody else can make a browser come here to any effect: the ticket is one of its own session.
    """
    ticket = read_ticket(request, state)
    if ticket is None:
        raise RefusedError(_FOREIGN_RETURN)
    required_identity(request, invited_by(site.workspace, ticket.invitation_id))
    require_rate(request, "confirm", subject=f"return {ticket.invitation_id}")
    with _RETURNING[hash(ticket.errand) % len(_RETURNING)]:
        return _take_back(request, site, ticket, code[:LONGEST_RETURN], error)


def _take_back(request: Request, site: Site, ticket: Ticket, code: str, error: str) -> Response:
    invited = invited_by(site.workspace, ticket.invitation_id)
    page = f"/sign/{link_token(site.workspace, ticket.invitation_id)}"
    if invited.request.state is RequestState.SIGNED:
        return RedirectResponse(f"{page}/done", 303)
    errand = errand_of(request, site, invited, ticket)
    if errand is None or errand.ticket != ticket or why_closed(request, invited) is not None:
        # Another way was chosen meanwhile, or nothing may be signed any more.
        _set_free(site, invited, ticket)
        return RedirectResponse(f"{page}/review", 303)
    if errand.is_old:
        return _stop(errand, _TOO_LATE)
    if error or not code:
        return _stop(errand, _DECLINED if error == "access_denied" else _UNANSWERED)
    return _attempt(errand, partial(_sign if ticket.preparation_id else _log_in, errand, code))


def _attempt(errand: Errand, step: Callable[[], Response]) -> Response:
    """Return what a step gives; where it fails, the document is free again, and the signatory is told why."""
    try:
        return step()
    except StalePreparationError:
        return _stop(errand, _STALE)
    except TimestampError as error:
        return _kept_for_later(errand.request, error)
    except (NotReadyError, MinorNotReadyError):
        _set_free(errand.site, errand.invited, errand.ticket)
        return RedirectResponse(errand.page, 303)
    except _REFUSALS as error:
        return _stop(errand, _refused(error))


def _set_out(errand: Errand, login: str | None) -> Response:
    """Lead the browser to the login, or to the page on which the holder confirms."""
    if login is None and run(asks_for_login(errand.service)):
        return _leave(errand, run(login_address(errand.service, state=errand.sealed, **errand.exchange)))
    address = _confirmation(errand.as_holder(login))
    return _leave(errand, address) if address is not None else _tell(errand, _WAITING)


def _log_in(errand: Errand, code: str) -> Response:
    """Hold the holder's access token and lead them on to the page on which they confirm."""
    token = run(exchange_login(errand.service, code, **errand.exchange))
    _LOGINS.put(errand.ticket.errand, token, at=errand.now)
    address = _confirmation(errand.as_holder(token))
    return RedirectResponse(address, 303) if address is not None else _tell(errand, _WAITING)


def _sign(errand: Errand, code: str) -> Response:
    """Let the key sign, and record it."""
    workspace, invited, ticket = errand.site.workspace, errand.invited, errand.ticket
    require_standing(workspace, invited, ticket.preparation_id)
    login = _LOGINS.get(ticket.errand, at=errand.now)
    if login is None and run(asks_for_login(errand.service)):
        return _stop(errand, _LOGGED_OUT)
    finish(workspace, invited, errand.as_holder(login).service, ticket.preparation_id, code, **errand.exchange)
    _LOGINS.drop(ticket.errand)
    _NOTICES.drop(_name_of_notice(errand.request, invited))
    make_known(workspace)
    return RedirectResponse(f"{errand.page}/done", 303)


def _confirmation(errand: Errand) -> str | None:
    """Return the page on which the holder confirms, for the document as it was just prepared; None while somebody else signs."""
    ready = begin(errand.site.workspace, errand.invited, errand.service)
    if isinstance(ready, Waiting):
        return None
    prepared = errand.prepared(ready.preparation_id)
    try:
        return confirmation_address(prepared.service, ready, state=prepared.sealed, **prepared.exchange)
    except KeyUnavailableError:
        _set_free(prepared.site, prepared.invited, prepared.ticket)
        raise


def _leave(errand: Errand, address: str) -> Response:
    """Return a page that leads to the service at once; its link is for browsers that do not go by themselves.

    A redirect would not do: where a form leads, our policy decides at every redirect, and services send people on to other sites.
    """
    response = render(
        errand.request,
        "sign/service.html",
        asked=asked_on_page(errand.request, errand.invited),
        state="leaving",
        heading=say("You go on to the page of the service"),
        what=say("There you confirm this one signature; what unlocks your key is typed only there. Then you come back here."),
        address=address,
        back_url=f"{errand.page}/review",
    )
    response.headers["Refresh"] = f"0;url={address}"
    return response


def _stop(errand: Errand, notice: Notice) -> Response:
    """Give the document free and tell the signatory why they did not sign."""
    _set_free(errand.site, errand.invited, errand.ticket)
    return _tell(errand, notice)


def _tell(errand: Errand, notice: Notice) -> Response:
    """Keep what the signatory is told, and lead them to where it stands."""
    kept = replace(notice, errand=errand.ticket.errand)
    _NOTICES.put(_name_of_notice(errand.request, errand.invited), kept, at=errand.now)
    return RedirectResponse(f"{errand.page}/service", 303)


def _refused(error: MouError | SignaturesError) -> Notice:
    """Return what a signatory is told when the service or its key cannot be used; the log has no more than the kind."""
    _log.warning("a signing service could not be used: %s", type(error).__name__)
    return replace(_REFUSED, what=error.message)


def _kept_for_later(request: Request, error: TimestampError) -> Response:
    return problem(
        request,
        503,
        error.message,
        say("Your signature was received and is kept. You need not sign again."),
        say("It goes into the document by itself as soon as the time stamp service answers. Look here again later."),
        "timestamp",
    )


def _set_free(site: Site, invited: Invited, ticket: Ticket) -> None:
    if ticket.preparation_id:
        set_free(site.workspace, invited, ticket.preparation_id)


def _name_of_notice(request: Request, invited: Invited) -> str:
    return f"{read_session(request).session_id} {invited.invitation.invitation_id}"
