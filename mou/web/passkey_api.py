"""`/api/v1/sign/LINK/passkey...`: what the script asks for that speaks with a device about a passkey (`mou.workflow.passkeys`).

1. Registering, on the last page: `/passkey/options`, then `/passkey`.
2. Confirming, on the first page: `/passkey/challenge`, then `/passkey/confirm`, which answers with the page that comes next.

A challenge is for one purpose, one invitation and one session; it counts for five minutes and once, whatever comes of it. It
travels in a signed value that the page sends back. The key of that value and the list of those that were used live and die with
this program: after a new start no old challenge counts.
"""

import hashlib
import ipaddress
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Annotated, Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from mou.storage.asking import Identity
from mou.web.invited import invited_of, require_open, required_identity
from mou.web.limits import require_rate
from mou.web.refusals import NOTHING_RECORDED, Problem, RefusedError
from mou.web.security import LOOPBACK_NAMES
from mou.web.sessions import keep_session, read_session
from mou.web.site import Site, site_of
from mou.workflow.links import Invited
from mou.workflow.passkeys import (
    CHALLENGE_LIFETIME,
    NONCE_BYTES,
    PasskeyRefusedError,
    RelyingParty,
    authentication_options,
    confirm_by_passkey,
    may_register,
    register,
    registered_passkeys,
    registration_options,
)
from signatures.messages import Message, say

LONGEST_STATE: Final = 1_000  # characters

Purpose: TypeAlias = Literal["register", "confirm"]
ThisSite = Annotated[Site, Depends(site_of)]

_DEFAULT_PORTS: Final = {"https": ":443", "http": ":80"}
_USE_A_CODE: Final = say("Try the passkey once more, or confirm with a code: a code always works.")
_NOT_NEEDED: Final = say("You need no passkey: next time a code does the same. You may also try once more.")
_NO_PASSKEY_HERE: Final = say("A passkey can be registered only after a one-time code, for an invitation that came by mail.")
_NO_NAME: Final = Problem(
    status=409,
    code="passkey_unavailable",
    what=say("Passkeys need a site with a name of its own; this one was called by a number."),
    kept=NOTHING_RECORDED,
    next_step=say("Confirm with a code."),
)
_OVER: Final = Problem(
    status=409,
    code="stale_challenge",
    what=say("This question to your passkey no longer counts: each counts for five minutes and once."),
    kept=NOTHING_RECORDED,
    next_step=say("Press the button again: a new question is asked."),
)


class Answer(BaseModel):
    """What the device answered, as the browser words it in JSON, and the value that came with the challenge."""

    state: str = Field(max_length=LONGEST_STATE)
    credential: dict[str, Any]


@dataclass(slots=True)
class Challenges:
    """The challenges of one run of the program: it remembers those that were used, for as long as they would count."""

    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _used: dict[str, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def new(self, purpose: Purpose, invitation_id: str, session_id: str, *, at: datetime) -> tuple[bytes, str]:
        """Return the random part of a new challenge, and the value with which the page brings it back."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        held = {"for": [purpose, invitation_id, session_id], "nonce": nonce.hex(), "at": int(at.timestamp())}
        return nonce, str(self._serializer.dumps(held))

    def take(self, state: str, purpose: Purpose, invitation_id: str, session_id: str, *, at: datetime) -> bytes:
        """Return the random part of a challenge, which is used up by this.

        Raises:
            RefusedError: it is for something or somebody else, too old, or used already (409).
        """
        try:
            held = self._serializer.loads(state)
        except BadData as error:
            raise RefusedError(_OVER) from error
        nonce, made_at = str(held["nonce"]), datetime.fromtimestamp(held["at"], UTC)
        with self._lock:
            self._used = {name: used for name, used in self._used.items() if at - used <= CHALLENGE_LIFETIME}
            is_for_this = held["for"] == [purpose, invitation_id, session_id]
            if not is_for_this or at - made_at > CHALLENGE_LIFETIME or nonce in self._used:
                raise RefusedError(_OVER)
            self._used[nonce] = at
        return bytes.fromhex(nonce)

    @property
    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt="mou.passkey", signer_kwargs={"digest_method": hashlib.sha256})


def new_router() -> APIRouter:
    """Return the addresses of this module, with challenges of their own."""
    api = _PasskeyApi(Challenges())
    router = APIRouter(prefix="/api/v1/sign/{token}", include_in_schema=False)
    router.add_api_route("/passkey/options", api.ask_to_register, methods=["POST"])
    router.add_api_route("/passkey", api.register, methods=["POST"])
    router.add_api_route("/passkey/challenge", api.ask_to_confirm, methods=["POST"])
    router.add_api_route("/passkey/confirm", api.confirm, methods=["POST"])
    return router


def where_to_register(request: Request, token: str, invited: Invited, identity: Identity) -> str | None:
    """Return where a page registers a passkey; None where none can be."""
    can = may_register(invited, identity) and relying_party(request) is not None
    return _address(token) if can else None


def where_to_confirm(request: Request, token: str, invited: Invited) -> str | None:
    """Return where a page confirms by a passkey; None where none is registered.

    Whether an address has passkeys is seen by whoever holds its link, and by nobody else.
    """
    can = relying_party(request) is not None and registered_passkeys(site_of(request).workspace, invited)
    return _address(token) if can else None


def relying_party(request: Request) -> RelyingParty | None:
    """Return the site as devices know it: by its public address, on one machine alone by the name under which it was called.

    None where that is a number: browsers bind passkeys to names (Web Authentication, 5.1.3).
    """
    site = site_of(request)
    address = urlsplit(site.workspace.site_url)
    if address.hostname in LOOPBACK_NAMES:
        address = urlsplit(f"{'https' if site.https else 'http'}://{request.headers.get('host', '')}")
    host = address.hostname or ""
    if not host or _is_number(host):
        return None
    netloc = address.netloc.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORTS.get(address.scheme, "\n"))
    return RelyingParty(host, f"{address.scheme}://{netloc}")


class _PasskeyApi:
    """The four calls, around the challenges of one application."""

    def __init__(self, challenges: Challenges) -> None:
        self._challenges = challenges

    def ask_to_register(self, request: Request, token: str, site: ThisSite) -> Response:
        """Return what the browser asks the device for, so that it makes a passkey."""
        invited = invited_of(request, token)
        identity = required_identity(request, invited)
        party = _required_party(request)
        _require_rate(request, invited, "passkey")
        if not may_register(invited, identity):
            raise _refused(_NO_PASSKEY_HERE, _NOT_NEEDED)
        nonce, state = self._new(request, site, invited, "register")
        return JSONResponse({"options": registration_options(site.workspace, invited, party, nonce), "state": state})

    def register(self, request: Request, token: str, sent: Answer, site: ThisSite) -> Response:
        """Keep the passkey that the device has made."""
        invited = invited_of(request, token)
        identity = required_identity(request, invited)
        party = _required_party(request)
        _require_rate(request, invited, "passkey")
        nonce = self._take(request, site, invited, sent.state, "register")
        with _worded(_NOT_NEEDED):
            register(site.workspace, invited, identity, party, nonce, sent.credential)
        return JSONResponse({"state": "registered"})

    def ask_to_confirm(self, request: Request, token: str, site: ThisSite) -> Response:
        """Return what the browser asks the device for, so that it answers with a passkey that it has."""
        invited = invited_of(request, token)
        require_open(request, invited)
        party = _required_party(request)
        _require_rate(request, invited, "passkey")
        nonce, state = self._new(request, site, invited, "confirm")
        with _worded(_USE_A_CODE):
            options = authentication_options(site.workspace, invited, party, nonce)
        return JSONResponse({"options": options, "state": state})

    def confirm(self, request: Request, token: str, sent: Answer, site: ThisSite) -> Response:
        """Compare the answer; the right one establishes for twelve hours, in this browser, who is signing."""
        invited = invited_of(request, token)
        require_open(request, invited)
        party = _required_party(request)
        _require_rate(request, invited, "confirm")
        nonce = self._take(request, site, invited, sent.state, "confirm")
        with _worded(_USE_A_CODE):
            identity = confirm_by_passkey(site.workspace, invited, party, nonce, sent.credential)
        keep_session(request, read_session(request).with_confirmed(invited.invitation.invitation_id, identity.identity_id))
        return JSONResponse({"next": f"/sign/{token}"})

    def _new(self, request: Request, site: Site, invited: Invited, purpose: Purpose) -> tuple[bytes, str]:
        session_id, at = read_session(request).session_id, site.workspace.clock()
        return self._challenges.new(purpose, invited.invitation.invitation_id, session_id, at=at)

    def _take(self, request: Request, site: Site, invited: Invited, state: str, purpose: Purpose) -> bytes:
        session_id, at = read_session(request).session_id, site.workspace.clock()
        return self._challenges.take(state, purpose, invited.invitation.invitation_id, session_id, at=at)


def _required_party(request: Request) -> RelyingParty:
    party = relying_party(request)
    if party is None:
        raise RefusedError(_NO_NAME)
    return party


def _require_rate(request: Request, invited: Invited, name: str) -> None:
    """Count a try for this invitation; answers to a challenge count together with codes that were typed."""
    require_rate(request, "confirm", subject=f"{name} {invited.invitation.invitation_id}")


@contextmanager
def _worded(next_step: Message) -> Iterator[None]:
    """Tell what was wrong with a passkey together with what to do instead."""
    try:
        yield
    except PasskeyRefusedError as error:
        raise _refused(error.message, next_step) from error


def _refused(what: Message, next_step: Message) -> RefusedError:
    return RefusedError(Problem(status=422, code="passkey_refused", what=what, kept=NOTHING_RECORDED, next_step=next_step))


def _address(token: str) -> str:
    return f"/api/v1/sign/{token}/passkey"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
