"""The register of a charter: every instrument read once, in an order that does not depend on when it was keyed in.

How a day is read:

1. At dawn what is due by itself happens: the charter comes into force, parties leave, later parties start.
2. Then the papers of the day are read, kind by kind (`mou.charter.instruments`). One that is not in due form is left out and its
   fault is kept (`mou.charter.due_form`). After each kind the conditions of entry into force are looked at.
3. At dusk amendments that enough parties have accepted come into force, and the counts of the day are written down.

A day that has been read is closed. A register is fast because of this: what comes later is read on top of it, and only an
instrument that takes effect on a closed day makes everything be read again (`replay`).
"""

import heapq
from collections.abc import Iterable, MutableMapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from mou.charter.clauses import NonAccepting, Renewal
from mou.charter.conditions import Outcome, conditions_of, sum_of
from mou.charter.due_form import Fault, fault_of
from mou.charter.instruments import SIGNATURES, Charter, Instrument, InstrumentKind
from mou.charter.memory import (
    Amendment,
    Appointment,
    CharterMemory,
    DayCount,
    Due,
    HeldAuthority,
    Leaving,
    Membership,
    Objection,
    PartyMemory,
    Rectification,
    Reservation,
    SignedSimply,
    Withdrawal,
)
from mou.charter.memory import Renewal as DecidedRenewal
from mou.models import OrganisationKind


class ClosedDayError(Exception):
    """An instrument takes effect on a day that was closed: everything has to be read again."""


def replay(charter: Charter, instruments: Iterable[Instrument]) -> "Register":
    """Return the register that these instruments make, in whatever order they come; cost in proportion to their number."""
    register = Register(charter)
    register.read(instruments)
    return register


class Register:
    """One charter with its parties. `parties` may be a mapping that loads each party when it is asked for."""

    def __init__(
        self, charter: Charter, memory: CharterMemory | None = None, parties: MutableMapping[str, PartyMemory] | None = None
    ) -> None:
        """Begin with nothing read, or go on from what was remembered."""
        self.charter = charter
        self.memory = CharterMemory() if memory is None else memory
        self.parties: MutableMapping[str, PartyMemory] = {} if parties is None else parties
        self.faults: dict[str, Fault] = {}
        self.members_at_dawn = 0
        self._today: list[str] = []  # the consents of the day that is being read

    def read(self, instruments: Iterable[Instrument]) -> None:
        """Read instruments of days that are not closed yet, and close those days.

        Raises:
            ClosedDayError: one of them takes effect on a closed day; nothing was read.
        """
        ordered = sorted(instruments, key=lambda one: one.sort_key)
        if ordered and ordered[0].on <= self.memory.folded_through:
            raise ClosedDayError(ordered[0].instrument_id)
        for day, papers in groupby(ordered, key=lambda one: one.on):
            self.settle(day - timedelta(days=1))
            self._read_day(day, list(papers))

    def settle(self, until: date) -> None:
        """Let everything happen that is due by itself, to the end of this day."""
        while self.memory.agenda and self.memory.agenda[0].on <= until:
            self._read_day(self.memory.agenda[0].on, [])
        self.memory.folded_through = max(self.memory.folded_through, until)

    def _read_day(self, day: date, papers: Sequence[Instrument]) -> None:
        self._today = []
        self._keep_appointments(day)
        self.members_at_dawn = self.memory.in_force.total
        for kind, same in groupby(papers, key=lambda one: one.kind):
            for paper in same:
                fault = fault_of(self, paper)
                if fault is None:
                    self._apply(paper)
                else:
                    self.faults[paper.instrument_id] = fault
            if kind in _CONSENTS:
                self._look_at_conditions(day)
                self._keep_appointments(day)
        self._put_amendments_in_force(day)
        self._look_at_minimum(day)
        self._write_counts(day)
        self.memory.folded_through = day

    # What is known on the day that is being read.

    def party(self, party: str) -> PartyMemory:
        """Return what is known of a party; one that was never heard of has an empty memory, which is not kept."""
        known = self.parties.get(party)
        if known is not None:
            return known
        kind = (self.charter.listed or {}).get(party)
        return PartyMemory(party, kind=kind, is_listed=kind is not None)

    def _keep(self, party: str) -> PartyMemory:
        """What is known of a party, kept, so that what is written to it stays."""
        known = self.parties[party] = self.party(party)
        return known

    def start_of(self, membership: Membership) -> date | None:
        """Return the day from which the charter is in force for a party; None while that day is not fixed."""
        in_force_on = self.memory.in_force_on
        if in_force_on is None or not membership.is_later:
            return in_force_on
        return max(in_force_on, membership.consent_on + timedelta(days=self.charter.clauses.later_party_delay_days))

    def left_on(self, party: PartyMemory, membership: Membership) -> tuple[date, Leaving] | None:
        """Return when and how a party left: by its own notice, by a decision, or by an amendment that it did not accept."""
        if membership.left_on is not None and membership.left_how is not None:
            left = (membership.left_on, membership.left_how)
        else:
            left = (date.max, Leaving.WITHDRAWN)
        start = self.start_of(membership)
        if start is not None and self.charter.clauses.amendments.non_accepting is NonAccepting.DEEMED_OUT:
            for name, amendment in self.memory.amendments.items():
                out_on = amendment.in_force_on
                accepted_on = party.accepted.get(name)
                is_late = out_on is not None and (accepted_on is None or accepted_on > out_on)
                if out_on is not None and is_late and start <= out_on < left[0]:
                    left = (out_on, Leaving.NOT_ACCEPTING)
        return None if left[0] == date.max else left

    def is_member(self, party: str, day: date) -> bool:
        """Whether the charter is in force on this day for this party."""
        known = self.party(party)
        membership = known.membership
        start = self.start_of(membership) if membership is not None else None
        if membership is None or start is None or start > day or not self.is_in_force(day):
            return False
        left = self.left_on(known, membership)
        return left is None or left[0] > day

    def is_in_force(self, day: date) -> bool:
        """Whether the charter is in force on this day, as far as is known on it."""
        start = self.memory.in_force_on
        return start is not None and start <= day and not self.has_ended(day)

    def has_ended(self, day: date) -> bool:
        """Whether the charter's term is over, or it fell under its minimum and the clause ends it for that."""
        if self.memory.ended_on is not None and self.memory.ended_on <= day:
            return True
        end = self.term_end(day)
        return end is not None and end < day

    def term_end(self, day: date) -> date | None:
        """Return the last day of the term that runs on this day, or of the last one there was; None where there is no end.

        Where the clause renews of itself, each term is as many days long as the first, from entry into force to `ends_on`.
        """
        duration = self.charter.clauses.duration
        end, began = duration.ends_on, date.min
        start = self.memory.in_force_on
        while end is not None and end < day:
            decided = [one for one in self.memory.renewals if began <= one.decided_on <= end]
            last = decided[-1] if decided else None
            if last is not None and (not last.renewed or last.until is not None):
                following = last.until if last.renewed else None
            elif (
                duration.renewal is Renewal.AUTOMATIC
                and start is not None
                and duration.ends_on is not None
                and start <= duration.ends_on
            ):
                following = end + (duration.ends_on - start + timedelta(days=1))
            else:
                following = None
            if following is None:
                return end
            began, end = end + timedelta(days=1), following
        return end

    def reservation(self, instrument_id: str | None) -> Reservation | None:
        """Return a reservation by the instrument that made it."""
        owner = self.memory.reservations.get(instrument_id or "")
        if owner is None:
            return None
        return next((one for one in self.party(owner).reservations if one.instrument_id == instrument_id), None)

    # What an instrument in due form does.

    def _apply(self, paper: Instrument) -> None:
        party = None
        if paper.party is not None:
            party = self._keep(paper.party)
            party.kind = paper.party_kind or party.kind
        if party is not None and paper.kind in _CONSENTS:
            self._apply_consent(party, paper)
        elif party is not None:
            self._apply_to_party(party, paper)
        else:
            self._apply_to_charter(paper)

    def _apply_consent(self, party: PartyMemory, paper: Instrument) -> None:
        if paper.kind in SIGNATURES and party.signed_on is None:
            party.signed_on = paper.on
            self.memory.signed += 1
        if paper.kind is InstrumentKind.SIGNED_SIMPLE:
            if party.signed_simply is None:
                party.signed_simply = SignedSimply(paper.instrument_id, paper.on, paper.document)
                self.memory.unconfirmed += 0 if self._open_membership(party, paper.on) else 1
            return
        if self._open_membership(party, paper.on) is not None:
            return  # consents once; the same said again changes nothing
        if party.signed_simply is not None and not party.memberships:
            self.memory.unconfirmed -= 1
        self._begin_membership(party, paper)

    def _begin_membership(self, party: PartyMemory, paper: Instrument) -> None:
        memory, kind = self.memory, paper.party_kind or party.kind
        assert kind is not None
        is_later = memory.met_on is not None and paper.on > memory.met_on
        membership = Membership(paper.on, paper.instrument_id, paper.kind, kind, is_later, paper.document)
        party.memberships.append(membership)
        memory.counted.add(kind, listed=party.is_listed)
        self._today.append(paper.instrument_id)
        if not is_later:
            (memory.in_force if memory.has_started else memory.waiting).add(kind, listed=party.is_listed)
            return
        start = self.start_of(membership)
        assert start is not None
        heapq.heappush(memory.agenda, Appointment(start, Due.START, party.party))

    def _apply_to_party(self, party: PartyMemory, paper: Instrument) -> None:
        match paper.kind:
            case InstrumentKind.AUTHORITY_DEPOSITED | InstrumentKind.AUTHORITY_REVOKED:
                self._apply_authority(party, paper)
            case InstrumentKind.PROVISIONAL:
                party.provisional_on = party.provisional_on or paper.on
            case InstrumentKind.RESERVED:
                party.reservations.append(Reservation(paper.instrument_id, party.party, paper.on, paper.provisions))
                self.memory.reservations[paper.instrument_id] = party.party
            case InstrumentKind.OBJECTED | InstrumentKind.AMENDMENT_ACCEPTED | InstrumentKind.RECTIFICATION_OBJECTED:
                self._apply_answer(party, paper)
            case InstrumentKind.WITHDRAWAL_NOTIFIED:
                self._apply_withdrawal(party, paper)
            case InstrumentKind.PARTY_EXPELLED:
                self._end_membership(party, paper.on, Leaving.EXPELLED)
            case InstrumentKind.SUCCEEDED if paper.successor is not None:
                self._pass_on(party, paper.successor, paper.successor_kind, paper.on)
            case _:
                pass

    def _apply_authority(self, party: PartyMemory, paper: Instrument) -> None:
        if paper.authority is not None:
            party.authorities[paper.authority.authority_id] = HeldAuthority(paper.authority, paper.on)
        elif paper.authority_id is not None:
            party.authorities[paper.authority_id].revoked_on = paper.on

    def _apply_answer(self, party: PartyMemory, paper: Instrument) -> None:
        """What a party says to something that others did: an objection, or an acceptance."""
        about = paper.reference
        assert about is not None
        if paper.kind is InstrumentKind.OBJECTED:
            reservation = self.reservation(about)
            assert reservation is not None
            reservation.objections.append(Objection(paper.instrument_id, party.party, paper.on))
            self._keep(reservation.party)
        elif paper.kind is InstrumentKind.AMENDMENT_ACCEPTED:
            self._accept_amendment(party, about, paper.on)
        else:
            self.memory.rectifications[about].objections.append((paper.on, party.party))

    def _apply_to_charter(self, paper: Instrument) -> None:
        memory = self.memory
        match paper.kind:
            case InstrumentKind.TEXT_ADOPTED:
                memory.adopted_on = memory.adopted_on or paper.on
            case InstrumentKind.AMENDMENT_PROPOSED if paper.reference and paper.text:
                memory.amendments[paper.reference] = Amendment(paper.on, paper.text)
            case InstrumentKind.AMENDMENT_ADOPTED if paper.reference:
                amendment = memory.amendments[paper.reference]
                amendment.adopted_on = amendment.adopted_on or paper.on
            case InstrumentKind.RECTIFICATION_PROPOSED if paper.reference and paper.text and paper.replaces:
                last = paper.on + timedelta(days=self.charter.clauses.rectification.objection_days)
                memory.rectifications[paper.reference] = Rectification(paper.on, paper.replaces, paper.text, last)
            case InstrumentKind.RECTIFICATION_EFFECTED if paper.reference:
                memory.rectifications[paper.reference].effected_on = paper.on
            case InstrumentKind.RENEWAL_DECIDED if paper.renewed is not None:
                memory.renewals.append(DecidedRenewal(paper.on, paper.renewed, paper.until))
            case InstrumentKind.DEPOSITARY_CHANGED if paper.successor is not None:
                memory.depositaries.append((paper.on, paper.successor))
            case InstrumentKind.NOTICE_ISSUED:
                self._note_what_was_told(paper)
            case _:
                pass

    def _note_what_was_told(self, paper: Instrument) -> None:
        for instrument_id in paper.about:
            reservation = self.reservation(instrument_id)
            if reservation is not None and reservation.notified_on is None:
                reservation.notified_on = paper.on
                self._keep(reservation.party)

    def _accept_amendment(self, party: PartyMemory, name: str, day: date) -> None:
        amendment, membership = self.memory.amendments[name], party.membership
        if name in party.accepted or membership is None:
            return
        party.accepted[name] = day
        if amendment.in_force_on is None or amendment.in_force_on > day:
            amendment.accepted.add(membership.kind, listed=party.is_listed)

    def _apply_withdrawal(self, party: PartyMemory, paper: Instrument) -> None:
        clause = self.charter.clauses.withdrawal
        effective_on = max(paper.on + timedelta(days=clause.notice_days), clause.earliest_on or date.min)
        party.withdrawals.append(Withdrawal(paper.instrument_id, paper.on, effective_on))
        if effective_on <= paper.on:
            self._end_membership(party, paper.on, Leaving.WITHDRAWN)
        else:
            heapq.heappush(self.memory.agenda, Appointment(effective_on, Due.LEAVE, party.party))

    def _pass_on(self, party: PartyMemory, successor: str, kind: OrganisationKind | None, day: date) -> None:
        """Let another organisation go on in the place of a party: its consent, its list entry, its reservations, its notices."""
        heir = self._keep(successor)
        heir.kind = kind or heir.kind or party.kind
        membership = self._open_membership(party, day)
        if membership is not None and heir.kind is not None:
            self._count_change(party, membership, day, -1)
            heir.is_listed = heir.is_listed or party.is_listed
            inherited = Membership(
                membership.consent_on,
                membership.instrument_id,
                membership.how,
                heir.kind,
                membership.is_later,
                membership.document,
            )
            heir.memberships.append(inherited)
            membership.left_on, membership.left_how = day, Leaving.SUCCEEDED
            self._count_change(heir, inherited, day, 1)
        heir.signed_on, heir.signed_simply = party.signed_on, party.signed_simply
        heir.reservations, heir.accepted = list(party.reservations), dict(party.accepted)
        heir.authorities = {**party.authorities, **heir.authorities}
        heir.withdrawals = list(party.withdrawals)
        for one in heir.reservations:
            self.memory.reservations[one.instrument_id] = successor
        start = self.start_of(heir.memberships[-1]) if heir.memberships else None
        if start is not None and start > day:
            heapq.heappush(self.memory.agenda, Appointment(start, Due.START, successor))
        for notice in heir.withdrawals:
            if notice.effective_on > day:
                heapq.heappush(self.memory.agenda, Appointment(notice.effective_on, Due.LEAVE, successor))
        party.succeeded_by, heir.succeeds = (day, successor), (day, party.party)

    # Counting.

    def _open_membership(self, party: PartyMemory, day: date) -> Membership | None:
        """The party's membership, unless it has left it by this day."""
        membership = party.membership
        left = self.left_on(party, membership) if membership is not None else None
        return None if left is not None and left[0] <= day else membership

    def _end_membership(self, party: PartyMemory, day: date, how: Leaving) -> None:
        membership = self._open_membership(party, day)
        if membership is None:
            return
        self._count_change(party, membership, day, -1)
        membership.left_on, membership.left_how = day, how

    def _count_change(self, party: PartyMemory, membership: Membership, day: date, count: int) -> None:
        memory, kind, listed = self.memory, membership.kind, party.is_listed
        memory.counted.add(kind, listed=listed, count=count)
        start = self.start_of(membership)
        if start is not None and start <= day and memory.has_started:
            memory.in_force.add(kind, listed=listed, count=count)
        elif not membership.is_later:
            memory.waiting.add(kind, listed=listed, count=count)
        for name in party.accepted:
            amendment = memory.amendments[name]
            if amendment.in_force_on is None:
                amendment.accepted.add(kind, listed=listed, count=count)

    def _keep_appointments(self, day: date) -> None:
        while self.memory.agenda and self.memory.agenda[0].on <= day:
            appointment = heapq.heappop(self.memory.agenda)
            match appointment.due:
                case Due.FORCE:
                    self._start_charter()
                case Due.START:
                    self._start_party(appointment.party, day)
                case Due.LEAVE:
                    self._let_go(appointment.party, day)

    def _start_charter(self) -> None:
        memory = self.memory
        memory.has_started = True
        memory.in_force, memory.waiting = memory.waiting, type(memory.waiting)()

    def _start_party(self, name: str, day: date) -> None:
        party = self.party(name)
        membership = self._open_membership(party, day)
        if membership is not None and membership.is_later and self.start_of(membership) == day:
            self.memory.in_force.add(membership.kind, listed=party.is_listed)

    def _let_go(self, name: str, day: date) -> None:
        party = self._keep(name)
        membership = party.membership
        notices = [one for one in party.withdrawals if membership is not None and one.notified_on >= membership.consent_on]
        if any(one.effective_on == day for one in notices):  # a notice of an earlier membership does not end a later one
            self._end_membership(party, day, Leaving.WITHDRAWN)

    def _look_at_conditions(self, day: date) -> None:
        memory = self.memory
        if memory.met_on is not None or sum_of(conditions_of(self.charter, memory.counted)) is not Outcome.MET:
            if memory.met_on == day:
                memory.triggers = tuple(sorted(self._today))
            return
        memory.met_on, memory.triggers = day, tuple(sorted(self._today))
        memory.in_force_on = day + timedelta(days=self.charter.clauses.entry_into_force.delay_days)
        heapq.heappush(memory.agenda, Appointment(memory.in_force_on, Due.FORCE))

    def _put_amendments_in_force(self, day: date) -> None:
        memory, rule = self.memory, self.charter.clauses.amendments.in_force_rule
        for amendment in memory.amendments.values():
            if amendment.met_on is None and amendment.adopted_on is not None and memory.in_force.total > 0:
                share = Fraction(amendment.accepted.total, memory.in_force.total)
                if share >= rule.min_fraction:
                    amendment.met_on = day
            due_on = amendment.met_on + timedelta(days=rule.delay_days) if amendment.met_on is not None else None
            if due_on is None or amendment.in_force_on is not None:
                continue
            if due_on > day:
                self._remember_day(due_on)
                continue
            amendment.in_force_on = due_on
            if self.charter.clauses.amendments.non_accepting is NonAccepting.DEEMED_OUT:
                out = memory.in_force.copy()
                out.subtract(amendment.accepted)
                memory.counted.subtract(out)
                memory.in_force.subtract(out)

    def _remember_day(self, day: date) -> None:
        """See that this day is read, though no paper may come on it."""
        appointment = Appointment(day, Due.START)
        if appointment not in self.memory.agenda:
            heapq.heappush(self.memory.agenda, appointment)

    def _look_at_minimum(self, day: date) -> None:
        memory, remains = self.memory, self.charter.clauses.remains_in_force_below_minimum
        if not self.is_in_force(day):
            return
        is_below = sum_of(conditions_of(self.charter, memory.counted)) is Outcome.NOT_MET
        was_below = bool(memory.below_minimum) and memory.below_minimum[-1][1]
        if is_below != was_below:
            memory.below_minimum.append((day, is_below))
        if is_below and remains is False:
            memory.ended_on = day

    def _write_counts(self, day: date) -> None:
        memory = self.memory
        last = memory.days[-1] if memory.days else None
        now = DayCount(day, memory.counted.copy(), memory.in_force.total, memory.signed, memory.unconfirmed)
        if last is None or (last.counted, last.in_force, last.signed, last.unconfirmed) != (
            now.counted,
            now.in_force,
            now.signed,
            now.unconfirmed,
        ):
            memory.days.append(now)


_CONSENTS = SIGNATURES | {InstrumentKind.APPROVAL_DEPOSITED, InstrumentKind.ACCEDED}
