"""Signature requests: what may follow what.

1. A request begins as a draft when the text of its document is frozen.
2. A draft is sent, or withdrawn.
3. A sent request is signed, declined or withdrawn, or expires.
4. A signatory who is in the room may sign a draft: no invitation is needed for that.
5. What was signed stays signed; declined, expired and withdrawn requests stay as they are, and a new request is made.
6. Slots of a higher order wait until every slot of a lower order is signed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mou.errors import MouError
from mou.models import SignatorySlot
from signatures.digests import Digest


class RequestState(StrEnum):
    """Where one signature request stands."""

    DRAFT = "draft"
    SENT = "sent"
    SIGNED = "signed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class RequestRefusedError(MouError):
    """A signature request cannot take this step from where it stands."""


@dataclass(frozen=True, slots=True)
class SignatureRequest:
    """One signatory asked to sign one document in one field."""

    document_id: str
    slot: SignatorySlot
    state: RequestState = RequestState.DRAFT
    certificate: Digest | None = None
    signed_at: datetime | None = None


_MAY_FOLLOW: dict[RequestState, frozenset[RequestState]] = {
    RequestState.DRAFT: frozenset({RequestState.SENT, RequestState.SIGNED, RequestState.WITHDRAWN}),
    RequestState.SENT: frozenset({RequestState.SIGNED, RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN}),
}


def advance(request: SignatureRequest, state: RequestState) -> SignatureRequest:
    """Return the request in its next state (rules 2 to 5).

    Raises:
        RequestRefusedError: the state cannot follow the one that the request is in.
    """
    if state not in _MAY_FOLLOW.get(request.state, frozenset()):
        raise RequestRefusedError(
            "{document}, {field}: the request of {name} is {state} and cannot become {wanted}",
            document=request.document_id,
            field=request.slot.field,
            name=request.slot.person.full_name,
            state=request.state,
            wanted=state,
        )
    return replace(request, state=state)


def sign_request(request: SignatureRequest, *, certificate: Digest, at: datetime) -> SignatureRequest:
    """Return the request as signed with this certificate."""
    return replace(advance(request, RequestState.SIGNED), certificate=certificate, signed_at=at)


def require_turn(request: SignatureRequest, requests: Sequence[SignatureRequest]) -> None:
    """Check that nobody of a lower order has still to sign (rule 6).

    Raises:
        RequestRefusedError: somebody has; the message names the first of them.
    """
    for other in requests:
        if other.slot.order < request.slot.order and other.state is not RequestState.SIGNED:
            raise RequestRefusedError(
                "{document}: it is not yet the turn of {name}: {other} ({field}) signs before",
                document=request.document_id,
                name=request.slot.person.full_name,
                other=other.slot.person.full_name,
                field=other.slot.field,
            )


def is_complete(requests: Sequence[SignatureRequest]) -> bool:
    """Whether every slot of a document is signed."""
    return all(request.state is RequestState.SIGNED for request in requests)
