"""The way to the secretariat's desk: a link that the program prints where it was started, and a page with one button.

The button is needed: mail scanners and previews follow links, and would use up the one entry.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from mou.web.limits import require_rate
from mou.web.pages import render
from mou.web.problems import problem, wants_json
from mou.web.refusals import DESK_ONLY, NOTHING_RECORDED, RefusedError
from mou.web.sessions import end_session, keep_session, read_session
from mou.web.site import Site, site_of
from signatures.messages import say

DESK = "/"

router = APIRouter(include_in_schema=False)


def require_desk(request: Request) -> None:
    """Let only the secretariat pass: others are led to the door, programs get 401.

    Raises:
        HTTPException: to `/enter`, with 303.
        RefusedError: 401 for a program.
    """
    if read_session(request).is_desk:
        return
    if wants_json(request):
        raise RefusedError(DESK_ONLY)
    raise HTTPException(303, headers={"Location": "/enter"})


@router.get("/enter")
def explain(request: Request) -> Response:
    """Say where the entry link is found."""
    return render(request, "enter.html", key=None, is_desk=read_session(request).is_desk, desk=DESK)


@router.get("/enter/{key}")
def show_door(request: Request, key: str, site: Annotated[Site, Depends(site_of)]) -> Response:
    """Show the button; nothing is used up yet."""
    require_rate(request, "enter")
    if read_session(request).is_desk:
        return RedirectResponse(DESK, 303)
    return render(request, "enter.html", key=key, is_desk=False, desk=DESK) if site.entry.fits(key) else _refuse(request)


@router.post("/enter/{key}")
def enter(request: Request, key: str, site: Annotated[Site, Depends(site_of)]) -> Response:
    """Make this session the secretariat's, once."""
    require_rate(request, "enter")
    if not site.entry.use(key):
        return _refuse(request)
    keep_session(request, read_session(request).as_desk())
    return RedirectResponse(DESK, 303)


@router.post("/leave")
def leave(request: Request) -> Response:
    """End the session."""
    end_session(request)
    return RedirectResponse("/enter", 303)


def _refuse(request: Request) -> Response:
    return problem(
        request,
        403,
        say("This entry link was used already, or it belongs to an earlier start of the program."),
        NOTHING_RECORDED,
        say("Stop mou serve where it runs and start it again: it prints a new link."),
        "entry_refused",
    )
