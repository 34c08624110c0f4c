"""Handing a request to a delegate: the signatory proposes, the secretariat looks at the authority and takes it, or not.

Each act is one transaction, as all of asking is (`mou.workflow.asking`). The names stand in the workflow's tables alone.
"""

from typing import TYPE_CHECKING

from mou.models import Capacity, Person
from mou.requests import DocumentOfAuthority, delegate_request
from mou.storage.asking import Delegation
from mou.storage.store import NotFoundError
from mou.thai import BANGKOK
from mou.workflow.asking import Asked, invite
from mou.workflow.letters import Letter, queue_letter
from mou.workflow.links import Invited
from mou.workflow.request_steps import record_step, request_of, require_current, revoke, stop_signing
from mou.workflow.workspace import Workspace
from signatures.ledger.entry import text_of_time

if TYPE_CHECKING:
    from signatures.canonical import JsonValue


def propose_delegate(
    workspace: Workspace,
    invited: Invited,
    person: Person,
    capacity: Capacity,
    authority: DocumentOfAuthority,
    *,
    identity_id: str,
) -> Delegation:
    """Record a signatory's proposal that somebody else signs; nothing changes until the secretariat has seen the authority.

    Raises:
        RequestRefusedError: the request is closed, the authority does not hold today, or the link no longer counts.
    """
    at = workspace.clock()
    document_id, field = invited.document.document_id, invited.request.slot.field
    with workspace.database.write() as transaction:
        transaction.lock()
        document, request = request_of(transaction, document_id, field)
        require_current(transaction, invited, request)
        delegate_request(request, person, capacity, authority, on=at.astimezone(BANGKOK).date())
        proposal = Delegation(document_id, field, person, capacity, authority, at)
        transaction.asking.put_delegation(proposal)
        body: dict[str, JsonValue] = {"identity": identity_id, "capacity": capacity.value, "authority": authority.kind.value}
        key = f"{request.round}-{text_of_time(at)}"
        record_step(transaction, document, request, "delegate.proposed", body, at=at, key=key)
        queue_letter(transaction, Letter.DELEGATE_PROPOSED, invited.invitation.invitation_id, number=int(at.timestamp()))
    return proposal


def take_delegate(workspace: Workspace, document_id: str, field: str) -> Asked:
    """Hand the request to the proposed delegate: the first link no longer counts, and the delegate is invited.

    Raises:
        NotFoundError: nobody was proposed.
        RequestRefusedError: the request is closed, or the authority does not hold today.
    """
    at = workspace.clock()
    with workspace.database.write() as transaction:
        transaction.lock()
        document, request = request_of(transaction, document_id, field)
        proposal = next((each for each in transaction.asking.delegations(document_id) if each.field == field), None)
        if proposal is None:
            raise NotFoundError("{document}, {field}: no delegate was proposed", document=document.file_name, field=field)
        today = at.astimezone(BANGKOK).date()
        delegated = delegate_request(request, proposal.person, proposal.capacity, proposal.authority, on=today)
        stop_signing(transaction, document, request, at=at)
        revoke(transaction, request, None, at=at)
        transaction.asking.put_request(delegated)
        transaction.asking.drop_delegation(document_id, field)
        body: dict[str, JsonValue] = {
            "capacity": proposal.capacity.value,
            "authority": proposal.authority.kind.value,
            "until": proposal.authority.expires_on.isoformat() if proposal.authority.expires_on else None,
        }
        key = f"{request.round}-{text_of_time(at)}"
        record_step(transaction, document, delegated, "signatory.replaced", body, at=at, key=key)
        requests = transaction.store.requests(document_id)
        return invite(transaction, document, delegated, requests, deadline=None, at=at)


def refuse_delegate(workspace: Workspace, document_id: str, field: str) -> None:
    """Forget a proposal: the signatory who was asked signs, or nobody does."""
    with workspace.database.write() as transaction:
        transaction.lock()
        transaction.asking.drop_delegation(document_id, field)
