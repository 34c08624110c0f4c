"""What is known of a charter and its parties at the end of what was read: the questions that reading and answering share.

Rules that had to be decided:

1. A day means its end: what happens on a day holds on it. A party that leaves on a day is no party on it; one that starts on a
   day is one on it; the last day of a term still belongs to the term.
2. A later party starts no earlier than the charter itself.
3. A term that renews itself has as many days as the first, from entry into force to `ends_on`. A charter that did not enter into
   force within its first term is not renewed.
4. A party that starts on the day of an amendment or after it joins the text as amended (Vienna Convention, art. 40(5)). The
   founders, who start with the charter, have to accept an amendment even of that day.
5. A day beyond the calendar never comes.
"""

from collections.abc import MutableMapping
from datetime import date, timedelta

from mou.charter.clauses import Renewal
from mou.charter.instruments import Charter
from mou.charter.memory import CharterMemory, Membership, PartyMemory, Reservation, StatedKind


def days_after(day: date, days: int) -> date:
    """Return the day so many days later, or the calendar's last."""
    return day + timedelta(days=days) if days <= (date.max - day).days else date.max


class Knowledge:
    """One charter with its parties, as far as was read. `parties` may be a mapping that loads each party when it is asked for."""

    def __init__(
        self, charter: Charter, memory: CharterMemory | None = None, parties: MutableMapping[str, PartyMemory] | None = None
    ) -> None:
        """Begin with nothing read, or go on from what was remembered."""
        self.charter = charter
        self.memory = CharterMemory() if memory is None else memory
        self.parties: MutableMapping[str, PartyMemory] = {} if parties is None else parties
        self.members_at_dawn = 0

    def party(self, party: str) -> PartyMemory:
        """Return what is known of a party; one that was never heard of has an empty memory, which is not kept."""
        known = self.parties.get(party)
        if known is not None:
            return known
        kind = (self.charter.listed or {}).get(party)
        return PartyMemory(party, kind is not None, [] if kind is None else [StatedKind(date.min, kind)])

    def party_on(self, party: str, day: date) -> PartyMemory:
        """Return what is known of a party without what it took over after this day."""
        known = self.party(party)
        while known.succeeds is not None and known.before is not None and known.succeeds[0] > day:
            known = known.before
        return known

    def start_of(self, membership: Membership) -> date | None:
        """Return the day from which the charter is in force for a party; None while that day is not fixed."""
        in_force_on = self.memory.in_force_on
        if in_force_on is None or not membership.is_later:
            return in_force_on
        return max(in_force_on, days_after(membership.consent_on, self.charter.clauses.later_party_delay_days))

    def joins_amended(self, membership: Membership, in_force_on: date) -> bool:
        """Whether a party starts with the text that an amendment of this day has changed."""
        start = self.start_of(membership)
        return start is not None and membership.is_later and start >= in_force_on

    def is_member(self, party: str, day: date) -> bool:
        """Whether the charter is in force for this party on the day that is being read."""
        membership = self.party(party).open_membership(day)
        start = self.start_of(membership) if membership is not None else None
        return start is not None and start <= day and self.is_in_force(day)

    def is_in_force(self, day: date) -> bool:
        """Whether the charter is in force on this day."""
        start = self.memory.in_force_on
        return start is not None and start <= day and not self.has_ended(day)

    def has_ended(self, day: date) -> bool:
        """Whether the charter's term is over, or it fell under its minimum and the clause ends it for that."""
        return self.ended_from(day) is not None

    def ended_from(self, day: date) -> date | None:
        """Return the first day on which the charter was over, if that has come by this day."""
        found = [] if self.memory.ended_on is None or self.memory.ended_on > day else [self.memory.ended_on]
        end = self.term_end(day)
        if end is not None and end < day:
            found.append(days_after(end, 1))
        return min(found, default=None)

    def term_end(self, day: date) -> date | None:
        """Return the last day of the term that runs on this day, or of the last one there was; None where there is no end."""
        began, end = date.min, self.charter.clauses.duration.ends_on
        while end is not None and end < day:
            following = self._end_of_next_term(began, end)
            if following is None:
                return end
            began, end = days_after(end, 1), following
        return end

    def _end_of_next_term(self, began: date, end: date) -> date | None:
        """The last day of the term after this one: as was decided in it, or as the clause has it."""
        duration, start = self.charter.clauses.duration, self.memory.in_force_on
        decided = [one for one in self.memory.renewals if began <= one.decided_on <= end]
        if decided and not decided[-1].renewed:
            return None
        if decided and decided[-1].until is not None:
            return decided[-1].until
        first_end = duration.ends_on
        if duration.renewal is not Renewal.AUTOMATIC or start is None or first_end is None or start > first_end:
            return None
        return days_after(end, (first_end - start).days + 1)

    def reservation(self, instrument_id: str | None) -> Reservation | None:
        """Return a reservation by the instrument that made it."""
        owner = self.memory.reservations.get(instrument_id or "")
        if owner is None:
            return None
        return next((one for one in self.party(owner).reservations if one.instrument_id == instrument_id), None)
