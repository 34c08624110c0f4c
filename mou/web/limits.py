"""How often one visitor may try: a moving window for each kind of request, in the memory of this process.

A visitor is an address (of IPv6 its /64, which one household has whole). Where an event's whole room comes from one address, a
person who has confirmed who they are counts alone, by their session; so does the secretariat. What an endpoint limits for itself
may name a narrower subject, such as an invitation.
"""

import hashlib
import ipaddress
import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from limits import parse
from starlette.requests import HTTPConnection

from mou.web.refusals import too_many
from mou.web.sessions import read_session
from mou.web.site import site_of

if TYPE_CHECKING:
    from limits.strategies import RateLimiter

RATES: Final[Mapping[str, str]] = {
    "default": "600/minute",
    "verify": "30/minute",
    "code": "10/10 minutes",
    "confirm": "20/10 minutes",
    "enter": "10/10 minutes",
}
_IPV6_HOUSEHOLD: Final = 64  # bits


def new_limiter() -> "RateLimiter":
    """Return what counts; it forgets everything when the program ends."""
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter

    return MovingWindowRateLimiter(MemoryStorage())


def require_rate(request: HTTPConnection, kind: str, *, subject: str | None = None) -> None:
    """Count one request of this kind for this visitor, or for the subject that the caller names instead.

    Raises:
        RefusedError: it was one too many (429, with the seconds to wait).
    """
    site = site_of(request)
    rate = parse(site.rates[kind])
    visitor = hashlib.sha256((subject or client_address(request)).encode()).hexdigest()  # no address stays in memory
    if not site.limiter.hit(rate, kind, visitor):
        reset = site.limiter.get_window_stats(rate, kind, visitor).reset_time
        raise too_many(max(1, math.ceil(reset - time.time())))


def require_default_rate(request: HTTPConnection) -> None:
    """Count a request of any kind."""
    session = read_session(request)
    is_known = session.is_desk or bool(session.confirmed)
    require_rate(request, "default", subject=f"session {session.session_id}" if is_known else None)


def client_address(request: HTTPConnection) -> str:
    """Return the visitor's address: the one that the connection comes from, behind a proxy the one that the proxy saw."""
    address = request.client.host if request.client else ""
    if site_of(request).forwarded and (forwarded := request.headers.get("x-forwarded-for")):
        address = forwarded.rpartition(",")[2].strip()  # the last one is our own proxy's; those before are the visitor's word
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:  # noqa: PLR2004
        return str(ipaddress.ip_network((parsed, _IPV6_HOUSEHOLD), strict=False))
    return str(parsed)
