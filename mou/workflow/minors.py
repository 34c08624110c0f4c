"""The guard before a minor's signature, held against what the workspace knows, and the age that is kept with a signature.

Every way of signing asks twice: before a key is asked for (`check_ready`), and inside the transaction that records the signature
or takes its value (`require_ready_in`), so that a consent withdrawn meanwhile counts. Once the value is taken, the signature was
made, and what is withdrawn later changes nothing about it.
"""

from collections.abc import Sequence
from datetime import datetime

from mou.minors import Occasion, require_picture_allowed, require_ready, what_stands_beside
from mou.requests import SignatureRequest
from mou.storage.database import Transaction
from mou.workflow.links import Invited
from mou.workflow.workspace import Workspace


def occasion_in(
    transaction: Transaction, request: SignatureRequest, requests: Sequence[SignatureRequest], *, at: datetime
) -> Occasion:
    """Return what is known of one signatory at a moment: the list's word on them, and the consents for the document."""
    listed = transaction.store.find_organisation(request.slot.organisation_id)
    organisation = None if listed is None else listed.organisation
    return Occasion(request, requests, organisation, transaction.consents.consents(request.document_id), at)


def occasion_of(workspace: Workspace, invited: Invited) -> Occasion:
    """Return what is known now of the signatory whom a link was made for."""
    with workspace.database.read() as transaction:
        return occasion_in(transaction, invited.request, invited.requests, at=workspace.clock())


def check_ready(workspace: Workspace, document_id: str, field: str, *, has_picture: bool = False) -> None:
    """Check that nothing is missing beside a minor's signature, before a key is asked for.

    Of a field that is signed, or is not there, nothing is said: whoever asks for the signature says it better.

    Raises:
        MinorNotReadyError: a consent or the adult beside is missing.
        PictureRefusedError: there is a picture, and it may not stand in this stamp.
    """
    with workspace.database.read() as transaction:
        requests = transaction.store.requests(document_id)
        for request in requests:
            if request.slot.field == field and request.signed_at is None:
                require_ready_in(transaction, request, requests, at=workspace.clock(), has_picture=has_picture)


def require_ready_in(
    transaction: Transaction,
    request: SignatureRequest,
    requests: Sequence[SignatureRequest],
    *,
    at: datetime,
    has_picture: bool = False,
) -> None:
    """Check the same in an open transaction.

    Raises:
        MinorNotReadyError: a consent or the adult beside is missing.
        PictureRefusedError: there is a picture, and it may not stand in this stamp.
    """
    occasion = occasion_in(transaction, request, requests, at=at)
    require_ready(occasion)
    if has_picture:
        require_picture_allowed(occasion)


def keep_age(transaction: Transaction, request: SignatureRequest, requests: Sequence[SignatureRequest]) -> None:
    """Keep how old a signatory was on the day of signing, where that is known, in the transaction that records the signature."""
    assert request.signed_at is not None
    stands = what_stands_beside(occasion_in(transaction, request, requests, at=request.signed_at))
    if stands is not None:
        transaction.consents.put_age(request.document_id, request.slot.field, stands)
