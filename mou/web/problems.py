"""What went wrong, as a calm page for people and as JSON for programs.

Both say the same: what happened, what was kept, what to do next. Errors that the workflow or `signatures` raise on purpose say it
in their own words; what nobody foresaw is said with a number under which the log tells more.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from mou.errors import ConflictError, InputError, MouError, RenderingError, WorkspaceError
from mou.messages import translate
from mou.requests import RequestRefusedError
from mou.storage.store import NotFoundError
from mou.web.language import language_of, say_in
from mou.web.pages import render
from mou.web.refusals import CHECK_THE_ADDRESS, NOT_FOUND, NOTHING_RECORDED, Problem, RefusedError
from mou.web.request_log import log_fault
from signatures.errors import (
    KeyUnavailableError,
    LedgerConflictError,
    LedgerError,
    SignaturesError,
    TimestampError,
    TrustError,
)
from signatures.messages import Message, say

API_PREFIX: Final = "/api/"

# The first class that an error is of decides. Those of the last line tell of the machine, which is no visitor's business.
STATUS_OF: Final[tuple[tuple[type[Exception], int], ...]] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (RequestRefusedError, 409),
    (LedgerConflictError, 409),
    (TimestampError, 503),
    (WorkspaceError, 500),
    (RenderingError, 500),
    (LedgerError, 500),
    (TrustError, 500),
    (KeyUnavailableError, 500),
    (MouError, 422),
    (SignaturesError, 422),
)
ERROR_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": 'What cannot be done: `{"error": {"code", "what", "kept", "next"}}`, in the reader\'s language.'}
}
"""For the description of the interface; without it the framework describes errors of its own."""

_TITLES: Final[Mapping[int, Message]] = {
    400: say("This cannot be answered"),
    401: say("For the secretariat"),
    403: say("This was not taken"),
    404: say("Not found"),
    405: say("This cannot be done here"),
    409: say("Something changed meanwhile"),
    413: say("Too large"),
    422: say("This cannot be used"),
    429: say("Please wait a moment"),
    500: say("Something went wrong here"),
    503: say("Not available at the moment"),
}
_NEXT: Final[Mapping[int, Message]] = {
    404: CHECK_THE_ADDRESS,
    409: say("Reload the page: it shows how things stand now."),
    422: say("Go back, correct it and send it again."),
    503: say("Try again in a few minutes."),
}


def problem(  # three sentences, and where they go
    request: HTTPConnection,
    status: int,
    what: Message,
    kept: Message,
    next_step: Message,
    code: str,
    *,
    details: tuple[Message, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer for something that cannot be done: a page, or `{"error": {...}}` for a program."""
    return answer(
        request,
        Problem(
            status=status, code=code, what=what, kept=kept, next_step=next_step, details=details, headers=dict(headers or {})
        ),
    )


def answer(request: HTTPConnection, told: Problem) -> Response:
    """Return a problem as a page or as JSON, in the reader's language."""
    what, kept, next_step = (say_in(request, sentence) for sentence in (told.what, told.kept, told.next_step))
    details = [say_in(request, one) for one in told.details]
    response: Response
    if wants_json(request):
        error: dict[str, object] = {"code": told.code, "what": what, "kept": kept, "next": next_step}
        response = JSONResponse({"error": error | ({"details": details} if details else {})}, told.status)
        response.headers["Content-Language"] = language_of(request)
    else:
        response = render(
            request,
            "problem.html",
            status_code=told.status,
            title=_TITLES.get(told.status, _TITLES[400]),
            what="\n".join([what, *details]),
            kept=kept,
            next=next_step,
            status=told.status,
        )
    response.headers.update(told.headers)
    return response


def wants_json(request: HTTPConnection) -> bool:
    """Whether a program asks: below /api, or one that accepts JSON and no page."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith(API_PREFIX) or ("application/json" in accepted and "text/html" not in accepted)


def incident(request: HTTPConnection, error: BaseException) -> Response:
    """Return the answer for what nobody foresaw; the log has its place in the program under the same number."""
    number = secrets.token_hex(4)
    log_fault(number, error)
    return problem(
        request,
        500,
        say("Something went wrong on our side that nobody foresaw."),
        say("What was recorded before stays recorded; this step may not have been."),
        say("Try again. If it happens again, tell the secretariat this number: {number}.", number=number),
        "incident",
    )


def add_handlers(app: FastAPI) -> None:
    """Let the application answer every error in this way."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(MouError, _raised_on_purpose)
    app.add_exception_handler(SignaturesError, _raised_on_purpose)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return answer(request, error.problem)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == NOT_FOUND.status:
        return answer(request, NOT_FOUND)
    if 300 <= error.status_code < 400:  # noqa: PLR2004  # a redirect that a dependency asks for
        return Response(status_code=error.status_code, headers=error.headers)
    is_method = error.status_code == 405  # noqa: PLR2004
    return problem(
        request,
        error.status_code,
        say("This address does not take what was sent to it in this way.") if is_method else say("What was sent cannot be read."),
        NOTHING_RECORDED,
        say("Go back to the page and use its own buttons."),
        "wrong_method" if is_method else "unreadable",
        headers=error.headers,
    )


async def _invalid(request: Request, error: Exception) -> Response:
    """Name the fields that cannot be used; what stood in them is not repeated."""
    assert isinstance(error, RequestValidationError)
    fields = sorted({".".join(str(part) for part in one["loc"] if part != "body") for one in error.errors()})
    if any(one["loc"] and one["loc"][0] == "path" for one in error.errors()):
        return answer(request, NOT_FOUND)
    return problem(
        request,
        422,
        say("These fields are missing or cannot be read: {fields}.", fields=", ".join(fields)),
        NOTHING_RECORDED,
        _NEXT[422],
        "invalid_fields",
    )


async def _raised_on_purpose(request: Request, error: Exception) -> Response:
    assert isinstance(error, MouError | SignaturesError)
    status = next(status for kind, status in STATUS_OF if isinstance(error, kind))
    if status == 500:  # noqa: PLR2004
        return incident(request, error)
    return problem(
        request,
        status,
        error.message,
        NOTHING_RECORDED,
        _NEXT[status],
        _code_of(error),
        details=error.problems if isinstance(error, InputError) else (),
    )


def _code_of(error: Exception) -> str:
    """Return the class's name as programs read it: `RequestRefusedError` -> `request_refused`."""
    name = type(error).__name__.removesuffix("Error")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def sentence_of(error: MouError | SignaturesError, language: str) -> str:
    """Return what an error says, for a page that shows it beside a field."""
    return translate(error.message, language)
