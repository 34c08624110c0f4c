"""What guards every answer and every request: headers, the host's name, sizes, and a calm end for whatever goes wrong.

From the outside inwards: the request's line in the log, headers, the session's cookie, faults, the name of the host, how often,
how much.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mou.web.limits import require_default_rate
from mou.web.problems import answer, incident
from mou.web.refusals import WRONG_HOST, RefusedError, too_large
from mou.web.site import Site, site_of

KIB: Final = 2**10
MIB: Final = 2**20
DEFAULT_BODY_BYTES: Final = 256 * KIB
PDF_BODY_BYTES: Final = 40 * MIB
PICTURE_BODY_BYTES: Final = 3 * MIB
# The first rule that fits decides: exact addresses, then how an address ends.
BODY_BYTES_AT: Final[Mapping[str, int]] = {"/verify": PDF_BODY_BYTES, "/api/v1/verify": PDF_BODY_BYTES}
BODY_BYTES_BELOW: Final[Mapping[str, int]] = {
    "/return": PDF_BODY_BYTES,
    "/read": PICTURE_BODY_BYTES,
    "/picture": PICTURE_BODY_BYTES,
}
MOST_BYTES_SWALLOWED: Final = 100 * MIB
"""A browser shows an answer only when it could send all it had; more than this is cut off."""

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_STATIC: Final = "/static/"
_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ONE_YEAR: Final = "max-age=31536000"


def allow_form_action(request: HTTPConnection, origin: str) -> None:
    """Let this page's forms lead to another site as well, such as `https://csc.example.org`."""
    request.state.form_actions = (*getattr(request.state, "form_actions", ()), origin)


def allowed_hosts(addresses: Iterable[str | None], names: Iterable[str] = ()) -> frozenset[str]:
    """Return the names by which the site may be called: those in its addresses, this machine's own, and those that were given."""
    public = (urlsplit(address).hostname for address in addresses if address)
    return LOOPBACK_NAMES | {name.lower().strip("[]") for name in (*public, *names) if name}


class Guard:
    """Looks at a request before any page does, and at every answer before it goes out."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what no page should see; answer a fault calmly, unless an answer is on its way already."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            _require_known_host(request)
            if not request.url.path.startswith(_STATIC):
                require_default_rate(request)
            await self.app(scope, await _limited(request, receive), send_and_note)
        except RefusedError as refused:
            await answer(request, refused.problem)(scope, receive, send)
        except Exception as error:  # noqa: BLE001  # whatever it is, a person must not see it, and the log must not quote it
            response = incident(request, error)
            if not has_begun:
                await response(scope, receive, send)


class SecurityHeaders:
    """Sets the headers of every answer, those of refusals, faults and files included."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to its answer's headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["Content-Security-Policy"] = content_security_policy(getattr(request.state, "form_actions", ()))
                headers.setdefault("Cache-Control", "no-store")
                if site_of(request).https:
                    headers["Strict-Transport-Security"] = _ONE_YEAR
            await send(message)

        await self.app(scope, receive, send_with_headers)


def content_security_policy(form_actions: tuple[str, ...] = ()) -> str:
    """Return the policy: our own files and nothing else, no code or style inside a page."""
    own = _POLICY | {"form-action": " ".join(("'self'", *form_actions))}
    return "; ".join(f"{name} {value}" for name, value in own.items())


def body_limit(path: str) -> int:
    """Return how many bytes a request to this address may bring."""
    if path in BODY_BYTES_AT:
        return BODY_BYTES_AT[path]
    return next((limit for end, limit in BODY_BYTES_BELOW.items() if path.endswith(end)), DEFAULT_BODY_BYTES)


def _require_known_host(request: HTTPConnection) -> None:
    """Refuse another name: a page that calls us by its own name could read our answers as its own (DNS rebinding)."""
    site = site_of(request)
    if not is_known_host(site, request.headers.get("host", "")):
        raise RefusedError(WRONG_HOST)


def is_known_host(site: Site, header: str) -> bool:
    """Whether the site may be called like this; nobody can rebind a plain address, so any will do where one was asked for."""
    try:
        name = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if name in site.hosts:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return site.any_address


async def _limited(request: HTTPConnection, receive: Receive) -> Receive:
    """Return a `receive` that counts what comes in, and refuses at once what is announced to be too much.

    Raises:
        RefusedError: the announced length is over the limit. What is not absurdly long is taken in and thrown away first.
    """
    limit = body_limit(request.url.path)
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > limit:
        if int(announced) <= MOST_BYTES_SWALLOWED:
            await _swallow(receive)
        raise too_large(limit)
    received = 0

    async def receive_and_count() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > limit:
                raise too_large(limit)
        return message

    return receive_and_count


async def _swallow(receive: Receive) -> None:
    swallowed = 0
    while swallowed <= MOST_BYTES_SWALLOWED:
        message = await receive()
        swallowed += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return
