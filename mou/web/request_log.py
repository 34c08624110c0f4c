"""The log: one line for each request, with nothing in it of who asked for what.

A line holds the method, the *pattern* of the address (`/sign/{token}`, never the token), the status and the time it took. Of a
fault it holds where in the program it happened and of which kind it was; the words of an exception may hold a name, so they are
left out.
"""

import logging
import time
import traceback
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER: Final = logging.getLogger("mou.web")
_PACKAGES: Final = Path(__file__).resolve().parents[2]
_NO_ROUTE: Final = "(no such page)"


class RequestLog:
    """Writes the line when the answer is out."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write its line."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 0
        begun = time.perf_counter()

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_look)
        finally:
            milliseconds = round(1000 * (time.perf_counter() - begun))
            LOGGER.info("%s %s %s %d ms", _method_of(scope), route_pattern(scope), status or "-", milliseconds)


def route_pattern(scope: Scope) -> str:
    """Return the pattern of the address that answered: what stands in its places is nobody's business."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    for found in (context, scope.get("route")):
        pattern = getattr(found, "path_format", None) or getattr(found, "path", None)
        if isinstance(pattern, str):
            return pattern
    return _NO_ROUTE


def log_fault(number: str, error: BaseException) -> None:
    """Write where a fault happened, under the number that the visitor sees."""
    LOGGER.error("incident %s: %s", number, "; caused by ".join(_places(error)))


def _places(error: BaseException) -> list[str]:
    """Return the kind of an exception and of what caused it, with our frames and the innermost one; no values and no words."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)
        telling = [frame for place, frame in enumerate(frames, 1 - len(frames)) if place == 0 or _is_ours(frame.filename)]
        where = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in telling)
        told.append(f"{type(current).__module__}.{type(current).__qualname__} at {where}")
        current = current.__cause__ or current.__context__
    return told


def _is_ours(file_name: str) -> bool:
    return Path(file_name).is_relative_to(_PACKAGES) and "site-packages" not in Path(file_name).relative_to(_PACKAGES).parts


def _method_of(scope: Scope) -> str:
    """The method, unless somebody invented one."""
    method = str(scope["method"])
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "OTHER"
