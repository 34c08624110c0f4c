"""Links of invitations: single-purpose, expiring, revocable, and never written down by us.

A token is the invitation's id and a keyed digest of it, so that the database holds nothing with which a link could be made.
What the invitation is good for now is asked each time: an answered, expired or withdrawn one opens a page that says so.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from mou.errors import MouError
from mou.requests import SignatureRequest, first_before
from mou.storage.asking import Invitation
from mou.storage.store import Document
from mou.workflow.workspace import Workspace

ID_PREFIX = "inv_"
_ID_BYTES = 12
_MAC_BYTES = 16


class LinkRefusedError(MouError):
    """A link is not one of ours, or was made for another workspace."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Who a link was made for: the invitation, its request among those of the document."""

    invitation: Invitation
    document: Document
    request: SignatureRequest
    requests: tuple[SignatureRequest, ...]

    @property
    def is_current(self) -> bool:
        """Whether the link was made for this round of the request, and not taken back."""
        return self.invitation.round == self.request.round and self.invitation.revoked_at is None

    @property
    def waits_for(self) -> SignatureRequest | None:
        """The signatory who signs before this one; None when the turn has come."""
        return first_before(self.request, self.requests)


def link_token(workspace: Workspace, invitation_id: str) -> str:
    """Return what stands in the link of this invitation: 38 characters of base64url."""
    identifier = bytes.fromhex(invitation_id.removeprefix(ID_PREFIX))
    return base64.urlsafe_b64encode(identifier + _mac(workspace, identifier)).decode().rstrip("=")


def link_of(workspace: Workspace, invitation_id: str) -> str:
    """Return the address under which this invitation is answered."""
    return f"{workspace.site_url}/sign/{link_token(workspace, invitation_id)}"


def open_link(workspace: Workspace, token: str) -> Invited:
    """Return whom the link was made for.

    Raises:
        LinkRefusedError: it is none of ours; whoever tries learns no more than that.
    """
    refused = LinkRefusedError("this link is not one of this network's; open it again from the invitation, whole")
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise refused from error
    identifier, mac = content[:_ID_BYTES], content[_ID_BYTES:]
    if not hmac.compare_digest(mac, _mac(workspace, identifier)):
        raise refused
    return invited_by(workspace, ID_PREFIX + identifier.hex())


def invited_by(workspace: Workspace, invitation_id: str) -> Invited:
    """Return an invitation with its request.

    Raises:
        LinkRefusedError: there is no such invitation.
    """
    with workspace.database.read() as transaction:
        invitation = transaction.asking.invitation(invitation_id)
        if invitation is None:
            raise LinkRefusedError("this link is not one of this network's; open it again from the invitation, whole")
        document = transaction.store.document(invitation.document_id)
        requests = transaction.store.requests(invitation.document_id)
    request = next(each for each in requests if each.slot.field == invitation.field)
    return Invited(invitation, document, request, requests)


def _mac(workspace: Workspace, identifier: bytes) -> bytes:
    return hmac.digest(workspace.keys.link_key(), b"mou link v1\n" + identifier, hashlib.sha256)[:_MAC_BYTES]
