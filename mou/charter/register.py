"""The register of a charter: every instrument read once, in an order that does not depend on when it was keyed in.

How a day is read:

1. At dawn what is due by itself happens: the charter comes into force, later parties start, parties leave.
2. Then the papers of the day are read, kind by kind (`mou.charter.instruments`). One that is not in due form is left out and its
   fault is kept (`mou.charter.due_form`). After each kind that can change who is counted, the conditions of entry into force are
   looked at.
3. At dusk amendments that enough parties have accepted come into force, and the counts of the day are written down.

A day that has been read is closed. A register is fast because of this: what comes later is read on top of it, and only an
instrument that takes effect on a closed day makes everything be read again (`replay`).

Rules that had to be decided:

1. The conditions once met, the day of entry into force stays, whoever leaves before it. What triggered it are the consents of the
   day on which they were met, and the successions of that day that changed a class or the list.
2. Whoever consents on that day still starts with the charter; whoever consents on a later day is a later party.
3. An organisation consents once: while its consent stands, another one is in due form and changes nothing. Having left, it may
   consent anew, and then nothing of its former time counts: no notice, no acceptance, no confirmed signature.
4. Of several notices of withdrawal the first decides.
5. All amendments of a day are counted before any of them lets a party go. They come into force only while the charter is.
6. Enough acceptances once counted, an amendment's day stays, whoever leaves before it.
7. What is revoked or takes back on a day was still there for the acts of that day; of two revocations the first counts.
8. Two successions of one day, of which the second continues the first, are read in the order of the organisations' ids; where
   that is the wrong one, the second is returned.
"""

import heapq
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from mou.charter.clauses import NonAccepting
from mou.charter.conditions import Outcome, conditions_of, sum_of
from mou.charter.due_form import Fault, fault_of
from mou.charter.instruments import SIGNATURES, Charter, Instrument, InstrumentKind
from mou.charter.knowledge import Knowledge, days_after
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
    Renewal,
    Reservation,
    SignedSimply,
    Withdrawal,
)
from mou.charter.succession import end_place, heir_of


class ClosedDayError(Exception):
    """An instrument takes effect on a day that was closed: everything has to be read again."""


def replay(charter: Charter, instruments: Iterable[Instrument]) -> "Register":
    """Return the register that these instruments make, in whatever order they come; cost in proportion to their number."""
    register = Register(charter)
    register.read(instruments)
    return register


class Register(Knowledge):
    """One charter with its parties, read day by day."""

    def __init__(
        self, charter: Charter, memory: CharterMemory | None = None, parties: MutableMapping[str, PartyMemory] | None = None
    ) -> None:
        """Begin with nothing read, or go on from what was remembered."""
        super().__init__(charter, memory, parties)
        self.faults: dict[str, Fault] = {}
        self._today: list[str] = []  # what changed who is counted on the day that is being read

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
        """Let everything happen that is due by itself, to the end of this day, and close it."""
        while self.memory.agenda and self.memory.agenda[0].on <= until:
            self._read_day(self.memory.agenda[0].on, [])
        self.memory.folded_through = max(self.memory.folded_through, until)

    def _read_day(self, day: date, papers: Sequence[Instrument]) -> None:
        self._today = []
        self._keep_appointments(day)
        self.members_at_dawn = self.memory.in_force
        for kind, same in groupby(papers, key=lambda one: one.kind):
            for paper in same:
                fault = fault_of(self, paper)
                if fault is None:
                    self._apply(paper)
                else:
                    self.faults[paper.instrument_id] = fault
            if kind in _CONSENTS or kind is InstrumentKind.SUCCEEDED:
                self._look_at_conditions(day)
                self._keep_appointments(day)
        self._put_amendments_in_force(day)
        self._look_at_minimum(day)
        self._write_counts(day)
        self.memory.folded_through = day

    def _keep(self, party: str) -> PartyMemory:
        """What is known of a party, kept, so that what is written to it stays."""
        known = self.parties[party] = self.party(party)
        return known

    # What an instrument in due form does.

    def _apply(self, paper: Instrument) -> None:
        if paper.party is None:
            self._apply_to_charter(paper)
        elif paper.kind in _CONSENTS:
            self._apply_consent(self._keep(paper.party), paper)
        else:
            self._apply_to_party(self._keep(paper.party), paper)

    def _apply_consent(self, party: PartyMemory, paper: Instrument) -> None:
        party.state_kind(paper.party_kind, paper.on)
        if paper.kind in SIGNATURES and party.signed_on is None:
            party.signed_on = paper.on
            self.memory.signed += 1
        waiting = party.pending_signature(paper.on)
        if party.open_membership(paper.on) is not None:
            return  # consents once; the same said again changes nothing
        if paper.kind is not InstrumentKind.SIGNED_SIMPLE:
            if waiting is not None:
                waiting.settled_on = paper.on
                self.memory.unconfirmed -= 1
            self._begin_membership(party, paper)
        elif waiting is None:
            party.signed_simply.append(SignedSimply(paper.instrument_id, paper.on, paper.document))
            self.memory.unconfirmed += 1

    def _begin_membership(self, party: PartyMemory, paper: Instrument) -> None:
        memory, kind = self.memory, party.kind
        assert kind is not None
        is_later = memory.met_on is not None and paper.on > memory.met_on
        membership = Membership(paper.on, paper.instrument_id, paper.kind, kind, is_later, paper.document)
        party.memberships.append(membership)
        self._count_membership(party, membership, 1)
        self._today.append(paper.instrument_id)
        self._agree_on_start(party.party, membership)

    def _agree_on_start(self, party: str, membership: Membership) -> None:
        """See that a later party starts on its own day."""
        start = self.start_of(membership)
        if membership.is_later and not membership.has_started and start is not None:
            heapq.heappush(self.memory.agenda, Appointment(start, Due.JOIN, party))

    def _apply_to_party(self, party: PartyMemory, paper: Instrument) -> None:
        match paper.kind:
            case InstrumentKind.AUTHORITY_DEPOSITED if paper.authority is not None:
                party.state_kind(None if party.kinds else paper.party_kind, paper.on)  # a consent states it anew
                party.authorities[paper.authority.authority_id] = HeldAuthority(paper.authority, paper.on)
            case InstrumentKind.AUTHORITY_REVOKED if paper.authority_id is not None:
                held = party.authorities[paper.authority_id]
                held.revoked_on = held.revoked_on or paper.on
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
                self._pass_on(party, self.party(paper.successor), paper)
            case _:
                pass

    def _apply_answer(self, party: PartyMemory, paper: Instrument) -> None:
        """What a party says to something that others did: an objection, or an acceptance."""
        about = paper.reference
        assert about is not None
        if paper.kind is InstrumentKind.OBJECTED:
            self._keep(self.memory.reservations[about])
            reservation = self.reservation(about)
            assert reservation is not None
            reservation.objections.append(Objection(paper.instrument_id, party.party, paper.on))
        elif paper.kind is InstrumentKind.AMENDMENT_ACCEPTED:
            membership, amendment = party.open_membership(paper.on), self.memory.amendments[about]
            assert membership is not None
            if about not in membership.accepted:
                membership.accepted[about] = paper.on
                amendment.accepted += 1 if amendment.in_force_on is None else 0
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
                last = days_after(paper.on, self.charter.clauses.rectification.objection_days)
                memory.rectifications[paper.reference] = Rectification(paper.on, paper.replaces, paper.text, last)
            case InstrumentKind.RECTIFICATION_EFFECTED if paper.reference:
                memory.rectifications[paper.reference].effected_on = paper.on
            case InstrumentKind.RENEWAL_DECIDED if paper.renewed is not None:
                memory.renewals.append(Renewal(paper.on, paper.renewed, paper.until))
            case InstrumentKind.DEPOSITARY_CHANGED if paper.successor is not None:
                memory.depositaries.append((paper.on, paper.successor))
            case InstrumentKind.NOTICE_ISSUED:
                self._note_what_was_told(paper)
            case _:
                pass

    def _note_what_was_told(self, paper: Instrument) -> None:
        for instrument_id in paper.about:
            if instrument_id in self.memory.reservations:
                self._keep(self.memory.reservations[instrument_id])
            reservation = self.reservation(instrument_id)
            if reservation is not None:
                reservation.notified_on = reservation.notified_on or paper.on

    def _apply_withdrawal(self, party: PartyMemory, paper: Instrument) -> None:
        clause = self.charter.clauses.withdrawal
        effective_on = max(days_after(paper.on, clause.notice_days), clause.earliest_on or date.min)
        party.withdrawals.append(Withdrawal(paper.instrument_id, paper.on, effective_on))
        if effective_on <= paper.on:
            self._end_membership(party, paper.on, Leaving.WITHDRAWN)
        else:
            heapq.heappush(self.memory.agenda, Appointment(effective_on, Due.LEAVE, party.party))

    def _pass_on(self, party: PartyMemory, heir: PartyMemory, paper: Instrument) -> None:
        """Let another organisation go on in the place of a party; both are taken out of the counts and counted anew."""
        day, was, is_listed = paper.on, party.open_membership(paper.on), party.is_listed or heir.is_listed
        for one in (party, heir):
            self._count_party(one, day, -1)
        new = self.parties[heir.party] = heir_of(party, heir, paper.successor_kind, day)
        end_place(party, heir.party, day)
        self._count_party(new, day, 1)
        for reservation in new.reservations:
            self.memory.reservations[reservation.instrument_id] = new.party
        membership = new.open_membership(day)
        if membership is None or was is None:
            return
        if (membership.kind, is_listed) != (was.kind, party.is_listed):
            self._today.append(paper.instrument_id)
        self._agree_on_start(new.party, membership)
        for notice in new.withdrawals:
            if notice.effective_on > day:
                heapq.heappush(self.memory.agenda, Appointment(notice.effective_on, Due.LEAVE, new.party))

    # Counting.

    def _count_party(self, party: PartyMemory, day: date, count: int) -> None:
        """Put everything that a party adds to the counts into them, or take it out."""
        self.memory.signed += count if party.signed_on is not None else 0
        self.memory.unconfirmed += count if party.pending_signature(day) is not None else 0
        membership = party.open_membership(day)
        if membership is not None:
            self._count_membership(party, membership, count)

    def _count_membership(self, party: PartyMemory, membership: Membership, count: int) -> None:
        memory = self.memory
        memory.counted.add(membership.kind, listed=party.is_listed, count=count)
        if membership.has_started or (memory.has_started and not membership.is_later):
            memory.in_force += count
        elif not membership.is_later:
            memory.waiting += count
        for name in membership.accepted:
            amendment = memory.amendments[name]
            amendment.accepted += count if amendment.in_force_on is None else 0

    def _end_membership(self, party: PartyMemory, day: date, how: Leaving) -> None:
        membership = party.open_membership(day)
        if membership is not None:
            self._count_membership(party, membership, -1)
            membership.left_on, membership.left_how = day, how

    def _keep_appointments(self, day: date) -> None:
        memory = self.memory
        while memory.agenda and memory.agenda[0].on <= day:
            appointment = heapq.heappop(memory.agenda)
            match appointment.due:
                case Due.FORCE:
                    memory.has_started = True
                    memory.in_force, memory.waiting = memory.in_force + memory.waiting, 0
                case Due.JOIN:
                    self._start_party(self._keep(appointment.party), day)
                case Due.LEAVE:
                    self._let_go(self._keep(appointment.party), day)
                case Due.LOOK:
                    pass  # the day is read, and that is all

    def _start_party(self, party: PartyMemory, day: date) -> None:
        membership = party.open_membership(day)
        if membership is None or not membership.is_later or membership.has_started or self.start_of(membership) != day:
            return  # it has left, or what starts today is not this membership
        membership.has_started = True
        self.memory.in_force += 1

    def _let_go(self, party: PartyMemory, day: date) -> None:
        membership = party.open_membership(day)
        notices = [one for one in party.withdrawals if membership is not None and one.notified_on >= membership.consent_on]
        if any(one.effective_on == day for one in notices):  # a notice of an earlier membership does not end a later one
            self._end_membership(party, day, Leaving.WITHDRAWN)

    def _look_at_conditions(self, day: date) -> None:
        memory = self.memory
        if memory.met_on is None and sum_of(conditions_of(self.charter, memory.counted)) is Outcome.MET:
            memory.met_on = day
            memory.in_force_on = days_after(day, self.charter.clauses.entry_into_force.delay_days)
            heapq.heappush(memory.agenda, Appointment(memory.in_force_on, Due.FORCE))
        if memory.met_on == day:
            memory.triggers = tuple(sorted(self._today))

    def _put_amendments_in_force(self, day: date) -> None:
        memory, clause = self.memory, self.charter.clauses.amendments
        if not self.is_in_force(day):
            return
        for amendment in memory.amendments.values():
            is_open = amendment.adopted_on is not None and amendment.met_on is None and memory.in_force > 0
            if is_open and Fraction(amendment.accepted, memory.in_force) >= clause.in_force_rule.min_fraction:
                amendment.met_on, amendment.due_on = day, days_after(day, clause.in_force_rule.delay_days)
                if amendment.due_on > day:
                    heapq.heappush(memory.agenda, Appointment(amendment.due_on, Due.LOOK))
        due = {
            name: one
            for name, one in memory.amendments.items()
            if one.due_on is not None and one.due_on <= day and one.in_force_on is None
        }
        for amendment in due.values():
            amendment.in_force_on = day
        if due and clause.non_accepting is NonAccepting.DEEMED_OUT:
            self._let_go_who_did_not_accept(due, day)

    def _let_go_who_did_not_accept(self, amendments: Iterable[str], day: date) -> None:
        """All parties are looked at: each of them has accepted by an instrument, or is let go once."""
        for name in sorted(self.parties):
            party = self.party(name)
            membership = party.open_membership(day)
            start = self.start_of(membership) if membership is not None else None
            if membership is None or start is None or start > day or self.joins_amended(membership, day):
                continue
            if not membership.accepted.keys() >= set(amendments):
                self._end_membership(self._keep(name), day, Leaving.NOT_ACCEPTING)

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
        now = DayCount(day, memory.counted.copy(), memory.in_force, memory.signed, memory.unconfirmed)
        if last is None or replace(last, on=day) != now:
            memory.days.append(now)


_CONSENTS = SIGNATURES | {InstrumentKind.APPROVAL_DEPOSITED, InstrumentKind.ACCEDED}
