"""Who is on the way to a signing service, and the ticket that goes there and comes back with their browser.

A ticket holds ids alone: no name, no token, no link. It is signed for one session, counts for ten minutes, and names the service
by a mark, so that what one service gives is never shown to another. The secret that proves who asked (PKCE) is made from the
site's own secret and the ticket, so that nothing is kept.
"""

import base64
import hashlib
import hmac
import logging
import os
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request

from mou.web.sessions import read_session
from mou.web.site import Site, site_of
from mou.workflow.consenting import draft_of
from mou.workflow.links import Invited, link_token
from mou.workflow.service_signing import TIME_AT_SERVICE, chosen_service
from signatures.csc_service import CscService
from signatures.errors import KeyUnavailableError

RETURN_PATH: Final = "/service/return"
LONGEST_RETURN: Final = 4000  # characters of what a browser brings back
_ERRAND_BYTES: Final = 18
_PARTS_OF_TICKET: Final = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What goes to the service and comes back.

    `errand` is random, and the name under which a login is held; `way` is the mark of the service that was chosen;
    `preparation_id` is empty until there is one.
    """

    invitation_id: str
    errand: str
    way: str
    at: int
    preparation_id: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """One signatory on the way to their service, as a request finds them."""

    request: Request
    site: Site
    invited: Invited
    service: CscService
    ticket: Ticket

    @property
    def page(self) -> str:
        """The address of the signatory's pages."""
        return f"/sign/{link_token(self.site.workspace, self.invited.invitation.invitation_id)}"

    @property
    def now(self) -> datetime:
        """The time."""
        return self.site.workspace.clock()

    @property
    def is_old(self) -> bool:
        """Whether the browser was away for too long."""
        return self.now.timestamp() - self.ticket.at > TIME_AT_SERVICE.total_seconds()

    @property
    def exchange(self) -> dict[str, str]:
        """Where the service sends the browser, and the secret of this exchange alone."""
        about = f"csc verifier {self.ticket.errand} {self.ticket.preparation_id}"
        verifier = hmac.digest(self.site.secret, about.encode(), hashlib.sha256)
        return {
            "return_to": f"{self.site.workspace.site_url}{RETURN_PATH}",
            "verifier": base64.urlsafe_b64encode(verifier).decode().rstrip("="),
        }

    @property
    def sealed(self) -> str:
        """The ticket, signed for this session."""
        ticket = self.ticket
        parts = [ticket.invitation_id, ticket.errand, ticket.way, ticket.at, ticket.preparation_id]
        return str(_serializer(self.request).dumps(parts))

    def begun_again(self, errand: str | None = None) -> "Errand":
        """The same way from its beginning; under the name of a login that is held, or a new one."""
        ticket = replace(self.ticket, errand=errand or _new_errand(), at=int(self.now.timestamp()), preparation_id="")
        return replace(self, ticket=ticket)

    def prepared(self, preparation_id: str) -> "Errand":
        """The errand with a document that waits for its signatory."""
        return replace(self, ticket=replace(self.ticket, at=int(self.now.timestamp()), preparation_id=preparation_id))

    def as_holder(self, token: str | None) -> "Errand":
        """The errand with the service as the holder's login opens it; without one, as the workspace's own account does."""
        return self if token is None else replace(self, service=replace(self.service, token=token))


def errand_of(request: Request, site: Site, invited: Invited, known: Ticket | None) -> Errand | None:
    """Return the errand of a ticket, or a new one where there is none or it is of another invitation or service.

    None where the signatory chose no service.
    """
    draft = draft_of(site.workspace, invited)
    if draft is None:
        return None
    try:
        service = chosen_service(site.workspace, draft, os.environ)
    except KeyUnavailableError:
        _log.warning("a signing service of the settings has no safe address")
        return None
    if service is None:
        return None
    way = hmac.digest(site.secret, b"csc way " + draft.way.encode(), hashlib.sha256).hex()[:16]
    if known is None or (known.invitation_id, known.way) != (invited.invitation.invitation_id, way):
        at = int(site.workspace.clock().timestamp())
        known = Ticket(invited.invitation.invitation_id, _new_errand(), way, at)
    return Errand(request, site, invited, service, known)


def read_ticket(request: Request, text: str) -> Ticket | None:
    """Return a ticket that was signed for this session; None for everything else."""
    try:
        parts = _serializer(request).loads(text[:LONGEST_RETURN])
    except BadData:
        return None
    if not isinstance(parts, list) or len(parts) != _PARTS_OF_TICKET:  # signed by another version of the program
        return None
    invitation_id, errand, way, at, preparation_id = parts
    return Ticket(str(invitation_id), str(errand), str(way), int(at), str(preparation_id))


def _new_errand() -> str:
    return secrets.token_urlsafe(_ERRAND_BYTES)


def _serializer(request: Request) -> URLSafeSerializer:
    salt = f"mou.service {read_session(request).session_id}"
    return URLSafeSerializer(site_of(request).secret, salt=salt, signer_kwargs={"digest_method": hashlib.sha256})
