"""Signature requests: what may follow what.

1. A request begins as a draft when the text of its document is frozen.
2. A draft is sent, or withdrawn. Sending again what is sent changes its deadline at most.
3. A sent request is signed, declined or withdrawn, or expires when its deadline has passed.
4. A signatory who is in the room may sign a draft: no invitation is needed for that.
5. What was signed stays signed. After a declined, expired or withdrawn request the signatory may be asked once more: that is a
   new round of the request, a draft again; what happened in the rounds before stays recorded.
6. Slots of a higher order wait until every slot of a lower order is signed: they are not invited, and cannot sign, before.
7. Until it is signed, a request may be handed to a delegate, who then signs in a delegate's capacity, on a document of
   authority, and not after that has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from mou.ceremony import Channel
from mou.charter.final_clauses import AuthorityKind
from mou.errors import MouError
from mou.models import Capacity, Person, SignatorySlot
from mou.thai import BANGKOK
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
class DocumentOfAuthority:
    """The paper by which somebody signs for another: kind, number, day, who issued it, and the last day on which it counts."""

    kind: AuthorityKind
    issued_on: date
    issued_by: str
    number: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class SignatureRequest:
    """One signatory asked to sign one document in one field; `round` counts from 1 how often they were asked."""

    document_id: str
    slot: SignatorySlot
    state: RequestState = RequestState.DRAFT
    certificate: Digest | None = None
    signed_at: datetime | None = None
    round: int = 1
    deadline: datetime | None = None
    authority: DocumentOfAuthority | None = None
    channel: Channel | None = None  # of the signature, once it is there and its channel is known

    @property
    def is_open(self) -> bool:
        """Whether a signature may still come."""
        return self.state in {RequestState.DRAFT, RequestState.SENT}

    @property
    def is_closed_unsigned(self) -> bool:
        """Whether it ended without a signature."""
        return self.state in {RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN}


_MAY_FOLLOW: dict[RequestState, frozenset[RequestState]] = {
    RequestState.DRAFT: frozenset({RequestState.SENT, RequestState.SIGNED, RequestState.WITHDRAWN}),
    RequestState.SENT: frozenset({RequestState.SIGNED, RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN}),
}
_DELEGATES = frozenset({Capacity.ATTORNEY, Capacity.ACTING_ON_BEHALF, Capacity.ACTING_IN_OFFICE})


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


def send_request(request: SignatureRequest, *, deadline: datetime | None, at: datetime) -> SignatureRequest:
    """Return the request as sent, with a new round where the one before ended without a signature (rules 2 and 5).

    Raises:
        RequestRefusedError: it is signed, or the deadline has passed already.
    """
    if deadline is not None and deadline <= at:
        raise RequestRefusedError(
            "{document}, {field}: a deadline in the future is expected, got {deadline}",
            document=request.document_id,
            field=request.slot.field,
            deadline=deadline.isoformat(timespec="minutes"),
        )
    if request.state is RequestState.SENT:
        return replace(request, deadline=deadline or request.deadline)
    if request.is_closed_unsigned:
        request = replace(request, state=RequestState.DRAFT, round=request.round + 1, deadline=None)
    return replace(advance(request, RequestState.SENT), deadline=deadline)


def sign_request(
    request: SignatureRequest, *, certificate: Digest, at: datetime, channel: Channel | None = None
) -> SignatureRequest:
    """Return the request as signed with this certificate, through this channel where it is known.

    Raises:
        RequestRefusedError: it cannot be signed any more, or a delegate's authority had ended (rule 7).
    """
    require_authority(request, at=at)
    return replace(advance(request, RequestState.SIGNED), certificate=certificate, signed_at=at, channel=channel)


def is_overdue(request: SignatureRequest, *, at: datetime) -> bool:
    """Whether a sent request's deadline has passed (rule 3)."""
    return request.state is RequestState.SENT and request.deadline is not None and at > request.deadline


def delegate_request(
    request: SignatureRequest, person: Person, capacity: Capacity, authority: DocumentOfAuthority, *, on: date
) -> SignatureRequest:
    """Return the request as one to the delegate (rule 7).

    Raises:
        RequestRefusedError: it is closed, the capacity is none of a delegate, or the authority does not hold on this day.
    """
    place = {"document": request.document_id, "field": request.slot.field}
    if not request.is_open:
        raise RequestRefusedError(
            "{document}, {field}: only a request that is open can be handed to a delegate, this one is {state}",
            state=request.state,
            **place,
        )
    if capacity not in _DELEGATES:
        raise RequestRefusedError(
            "{document}, {field}: a delegate's capacity is expected ({expected}), got {got}",
            expected=", ".join(sorted(_DELEGATES)),
            got=capacity,
            **place,
        )
    if authority.issued_on > on or (authority.expires_on is not None and authority.expires_on < on):
        raise RequestRefusedError(
            "{document}, {field}: an authority that counts on {day} is expected, this one counts from {first} to {last}",
            day=on.isoformat(),
            first=authority.issued_on.isoformat(),
            last=authority.expires_on.isoformat() if authority.expires_on else "-",
            **place,
        )
    return replace(request, slot=replace(request.slot, person=person, capacity=capacity), authority=authority)


def require_authority(request: SignatureRequest, *, at: datetime) -> None:
    """Check that a delegate's authority has not ended (rule 7); it counts to the end of its last day in Bangkok.

    Raises:
        RequestRefusedError: it has.
    """
    paper = request.authority
    if paper is not None and paper.expires_on is not None and at.astimezone(BANGKOK).date() > paper.expires_on:
        raise RequestRefusedError(
            "{document}, {field}: the authority of {name} ended on {last}; ask somebody else, or on a new authority",
            document=request.document_id,
            field=request.slot.field,
            name=request.slot.person.full_name,
            last=paper.expires_on.isoformat(),
        )


def require_turn(request: SignatureRequest, requests: Sequence[SignatureRequest]) -> None:
    """Check that nobody of a lower order has still to sign (rule 6).

    Raises:
        RequestRefusedError: somebody has; the message names the first of them.
    """
    other = first_before(request, requests)
    if other is not None:
        raise RequestRefusedError(
            "{document}: it is not yet the turn of {name}: {other} ({field}) signs before",
            document=request.document_id,
            name=request.slot.person.full_name,
            other=other.slot.person.full_name,
            field=other.slot.field,
        )


def first_before(request: SignatureRequest, requests: Sequence[SignatureRequest]) -> SignatureRequest | None:
    """Return the first request of a lower order that is not signed; None when it is this request's turn (rule 6)."""
    before = (each for each in requests if each.slot.order < request.slot.order and each.state is not RequestState.SIGNED)
    return next(before, None)


def is_complete(requests: Sequence[SignatureRequest]) -> bool:
    """Whether every slot of a document is signed."""
    return all(request.state is RequestState.SIGNED for request in requests)
