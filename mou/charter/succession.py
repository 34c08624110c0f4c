"""Succession: what passes from an organisation to the one that goes on in its place.

1. The place passes whole: consent with its day, place on the list, reservations, acceptances, notices, authorities. What
   stood between the charter and the predecessor stands between the charter and the heir (continuity).
2. An heir that is a party itself (two parties merged) stays what it is; the predecessor's place ends.
3. A predecessor that is no party passes on its signature, if that waits for approval and the heir has none of its own.
4. Days before the succession are answered from what was known then, so all of it is kept.
5. Who has been succeeded acts no more, and is no successor later (`mou.charter.due_form`).
"""

from copy import deepcopy
from dataclasses import replace
from datetime import date

from mou.charter.memory import Leaving, PartyMemory, Reservation
from mou.models import OrganisationKind


def heir_of(party: PartyMemory, heir: PartyMemory, kind: OrganisationKind | None, day: date) -> PartyMemory:
    """Return what is known of the heir once it stands in the party's place; neither of the two is changed."""
    new = replace(deepcopy(replace(heir, before=None)), before=heir, succeeds=(day, party.party))
    new.is_listed = heir.is_listed or party.is_listed
    new.signed_on = min((one for one in (heir.signed_on, party.signed_on) if one is not None), default=None)
    if heir.open_membership(day) is not None:
        return new
    new.state_kind(kind or heir.kind or party.kind, day)
    is_waiting = party.pending_signature(day) is not None and heir.pending_signature(day) is None
    if party.open_membership(day) is not None or is_waiting:
        _take_place(deepcopy(replace(party, before=None)), new, day)
    new.authorities = {**deepcopy(party.authorities), **new.authorities}
    return new


def end_place(party: PartyMemory, successor: str, day: date) -> None:
    """Let a party's place end because another organisation goes on in it."""
    membership, waiting = party.open_membership(day), party.pending_signature(day)
    if membership is not None:
        membership.left_on, membership.left_how = day, Leaving.SUCCEEDED
    if waiting is not None:
        waiting.settled_on = day
    party.succeeded_by = (day, successor)


def _take_place(place: PartyMemory, heir: PartyMemory, day: date) -> None:
    membership, kind = place.open_membership(day), heir.kind
    if membership is not None and kind is not None:
        membership.kind = kind
    heir.memberships, heir.signed_simply, heir.withdrawals = place.memberships, place.signed_simply, place.withdrawals
    heir.provisional_on = place.provisional_on or heir.provisional_on
    heir.reservations = [*(_made_by(heir.party, one) for one in place.reservations), *heir.reservations]


def _made_by(party: str, reservation: Reservation) -> Reservation:
    return replace(reservation, party=party)
