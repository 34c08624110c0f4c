"""Sessions: one signed cookie, and the token that binds a form to it.

1. The cookie holds a random id, the language, whether it is the secretariat's, and which invitations were confirmed. It is
   signed, not encrypted: ids only, no names.
2. It lasts twelve hours from the last request; it is written again when ten minutes have passed since it was.
3. A session gets a new id when it becomes the secretariat's, so that an id planted before is worth nothing.
4. Every request that may change something carries a token of its session, and is refused when a browser says that it comes from
   another site. A browser that hides where it comes from (`Origin: null`, as our referrer policy makes it) is judged by the
   token.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias, cast
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mou.errors import WorkspaceError
from mou.web.refusals import FOREIGN_FORM, STALE_FORM, RefusedError
from mou.web.site import Site, site_of
from mou.workflow.keys import secret_file
from mou.workflow.workspace import Workspace

Language: TypeAlias = Literal["th", "en"]

SESSION_LIFETIME: Final = timedelta(hours=12)
REWRITE_AFTER: Final = timedelta(minutes=10)
LONGEST_CONFIRMED: Final = 20  # invitations; a cookie has 4 KiB
SECRET_BYTES: Final = 32
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "X-CSRF-Token"
CHANGING_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OPEN_TO_PROGRAMS: Final = frozenset({"/api/v1/verify"})  # changes nothing and keeps nothing
FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")

_SECRET_FILE = "web.key"  # noqa: S105  # its name, not the secret


@dataclass(frozen=True, slots=True)
class Session:
    """What a browser's cookie says; `confirmed` maps an invitation's id to the id of the identity that was confirmed for it."""

    session_id: str
    issued_at: datetime
    language: Language | None = None
    is_desk: bool = False
    confirmed: Mapping[str, str] = field(default_factory=dict)

    def with_language(self, language: Language) -> "Session":
        """The session with the language that the person chose."""
        return replace(self, language=language)

    def with_confirmed(self, invitation_id: str, identity_id: str) -> "Session":
        """The session after a person showed who they are for one invitation; the oldest of many are forgotten."""
        kept = [item for item in self.confirmed.items() if item[0] != invitation_id][-(LONGEST_CONFIRMED - 1) :]
        return replace(self, confirmed=dict([*kept, (invitation_id, identity_id)]))

    def without_confirmed(self, invitation_id: str) -> "Session":
        """The session after an invitation came to its end."""
        return replace(self, confirmed={name: value for name, value in self.confirmed.items() if name != invitation_id})

    def as_desk(self) -> "Session":
        """The session as the secretariat's, under a new id."""
        return replace(self, session_id=secrets.token_urlsafe(18), is_desk=True)


def web_secret(workspace: Workspace) -> bytes:
    """Return the 32 bytes that sign this workspace's cookies; made on the first run, the same for whoever starts at that moment.

    Raises:
        WorkspaceError: the file holds something else.
    """
    path = workspace.keys.folder / _SECRET_FILE
    secret = secret_file(path, length=SECRET_BYTES)
    if len(secret) != SECRET_BYTES:
        raise WorkspaceError(
            "{path}: {expected} bytes are expected, got {got}; delete the file and start again: all sessions then begin anew",
            path=path,
            expected=SECRET_BYTES,
            got=len(secret),
        )
    return secret


def read_session(request: HTTPConnection) -> Session:
    """Return the session of this request; a new one, not yet in a cookie, when the browser brought none that holds."""
    known = getattr(request.state, "session", None)
    if known is None:
        site = site_of(request)
        known = _from_cookie(site, request.cookies.get(_cookie_name(site)))
        request.state.session_is_new = known is None
        known = known or Session(secrets.token_urlsafe(18), site.workspace.clock())
        request.state.session = known
    return cast("Session", known)


def keep_session(request: HTTPConnection, session: Session) -> None:
    """Put this session into the answer's cookie; what is read later in the same request is this one."""
    request.state.session = session
    request.state.session_is_changed = True


def end_session(request: HTTPConnection) -> None:
    """Begin a new session that knows nothing but the language."""
    old = read_session(request)
    keep_session(request, Session(secrets.token_urlsafe(18), site_of(request).workspace.clock(), old.language))


def csrf_token(request: HTTPConnection) -> str:
    """Return the token for the forms of this session; the answer then carries the session's cookie."""
    session = read_session(request)
    if request.state.session_is_new:
        keep_session(request, session)
    return _token_of(site_of(request), session)


async def require_csrf(request: Request) -> AsyncIterator[None]:
    """Check that a request which may change something comes from a page of this session (rule 4).

    The files of a form that was read here are closed when the answer is made.

    Raises:
        RefusedError: it does not.
    """
    try:
        await _check_csrf(request)
        yield
    finally:
        await request.close()


async def _check_csrf(request: Request) -> None:
    if request.method not in CHANGING_METHODS or request.url.path in OPEN_TO_PROGRAMS:
        return
    if _is_from_elsewhere(request):
        raise RefusedError(FOREIGN_FORM)
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").startswith(FORM_TYPES):
        value = (await request.form()).get(CSRF_FIELD)
        given = value if isinstance(value, str) else None
    session = read_session(request)
    expected = _token_of(site_of(request), session)
    if given is None or request.state.session_is_new or not hmac.compare_digest(given.encode(), expected.encode()):
        raise RefusedError(STALE_FORM)


class SessionMiddleware:
    """Writes the cookie when the session was changed, or when it was not written for a while."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look at the session when the answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and (cookie := _cookie_to_set(request)):
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _cookie_to_set(request: HTTPConnection) -> str | None:
    session = getattr(request.state, "session", None)
    if session is None:
        return None
    site = site_of(request)
    now = site.workspace.clock()
    is_due = not request.state.session_is_new and now - session.issued_at > REWRITE_AFTER
    if not (getattr(request.state, "session_is_changed", False) or is_due):
        return None
    value = _serializer(site).dumps(
        {
            "id": session.session_id,
            "at": int(now.timestamp()),
            "lang": session.language,
            "desk": session.is_desk,
            "confirmed": dict(session.confirmed),
        }
    )
    parts = [
        f"{_cookie_name(site)}={value}",
        "Path=/",
        f"Max-Age={int(SESSION_LIFETIME.total_seconds())}",
        "HttpOnly",
        "SameSite=Lax",
    ]
    return "; ".join([*parts, "Secure"] if site.https else parts)


def _from_cookie(site: Site, text: str | None) -> Session | None:
    """Return the session that the cookie holds; None when its signature is not ours, or its time is over."""
    if text is None:
        return None
    try:
        held = _serializer(site).loads(text)
        session = Session(
            session_id=str(held["id"]),
            issued_at=datetime.fromtimestamp(held["at"], UTC),
            language=held["lang"],
            is_desk=bool(held["desk"]),
            confirmed=dict(held["confirmed"]),
        )
    except (BadData, KeyError, TypeError, ValueError):  # signed by another version of the program
        return None
    return session if site.workspace.clock() - session.issued_at <= SESSION_LIFETIME else None


def _serializer(site: Site) -> URLSafeSerializer:
    return URLSafeSerializer(site.secret, salt="mou.session", signer_kwargs={"digest_method": hashlib.sha256})


def _cookie_name(site: Site) -> str:
    return "__Host-mou" if site.https else "mou"


def _token_of(site: Site, session: Session) -> str:
    value = hmac.new(site.secret, b"csrf:" + session.session_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _is_from_elsewhere(request: Request) -> bool:
    fetched_from = request.headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin not in {None, "null"} and urlsplit(origin or "").netloc != request.headers.get("host")
