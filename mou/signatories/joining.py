"""Statuses, instruments and names -> the register of signatories. Pure.

Rules:

1. Only papers that take effect by the day are looked at; what was returned is listed apart, and counted nowhere.
2. A signatory is an organisation that has signed or consented, also one that left or was succeeded. Its acts are its own; where
   it has none, those of the organisation in whose place it stands.
3. Who is on the charter's list stands first, in the order of the list; then the others by the day of their signature or consent.
4. A public copy shows organisations and no person: no signatory, no age, no note of the secretariat, nobody who attested a paper;
   what a minor's signature lacked is not told either. Nobody is an exception, whatever they have consented to.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mou.charter.answers import CharterStatus, PartyState, PartyStatus
from mou.charter.clauses import AuthorityKind
from mou.charter.due_form import Fault
from mou.charter.instruments import SIGNATURES, Authority, Charter, Instrument, InstrumentKind
from mou.signatories.rows import (
    AuthorityRow,
    CharterFacts,
    LedgerHead,
    Names,
    NotSignedRow,
    PaperCopy,
    PaperRow,
    ReceivedPaper,
    RegisterOfSignatories,
    ReservationPair,
    SignatoryRow,
    StampDuty,
    TextKind,
    TextVersion,
)
from signatures.messages import say

CONSENTS = SIGNATURES | {InstrumentKind.APPROVAL_DEPOSITED, InstrumentKind.ACCEDED}
ASKED = frozenset({PartyState.INVITED, PartyState.REPRESENTATIVE_NAMED, PartyState.LAPSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the depositary holds of one charter as of a day, before it is joined."""

    charter: Charter
    facts: CharterFacts
    status: CharterStatus
    parties: Sequence[PartyStatus]
    received: Sequence[ReceivedPaper]
    names: Names
    ledger: LedgerHead
    made_at: datetime


def signatories_of(held: Held, *, is_public: bool) -> RegisterOfSignatories:
    """Return the register; `held.received` may hold later papers, which are left out."""
    on, names = held.status.on, held.names
    papers = [one for one in held.received if one.instrument.on <= on]
    rows = _Rows(papers, names, is_public=is_public)
    accepted = tuple(rows.of(one) for one in papers if one.fault is None)
    returned = tuple(rows.of(one) for one in papers if one.fault is not None)
    by_id = {one.instrument_id: one for one in accepted}
    depositary = held.status.depositary
    return RegisterOfSignatories(
        charter=held.facts,
        on=on,
        made_at=held.made_at,
        is_public=is_public,
        status=held.status,
        depositary=names.organisations.get(depositary),
        triggers=tuple(by_id[one] for one in held.status.triggers if one in by_id),
        signatories=_signatories(held, accepted, [one.instrument for one in papers if one.fault is None]),
        reservations=tuple(pair for party in held.parties for pair in _pairs(party, names)),
        texts=_texts(held.charter, held.status),
        not_signed=_not_signed(held, returned),
        instruments=accepted,
        returned=returned,
        ledger=held.ledger,
    )


class _Rows:
    """Makes rows of papers; knows every authority that was accepted, and when it was revoked."""

    def __init__(self, papers: Sequence[ReceivedPaper], names: Names, *, is_public: bool) -> None:
        accepted = [one.instrument for one in papers if one.fault is None]
        self._authorities = {one.authority.authority_id: (one.authority, one.on) for one in accepted if one.authority is not None}
        self._revoked: dict[str, date] = {}
        for one in accepted:
            if one.kind is InstrumentKind.AUTHORITY_REVOKED and one.authority_id is not None:
                self._revoked[one.authority_id] = min(one.on, self._revoked.get(one.authority_id, date.max))
        self._names = names
        self._is_public = is_public

    def of(self, received: ReceivedPaper) -> PaperRow:
        """Return one paper as a row."""
        paper, names = received.instrument, self._names
        is_public = self._is_public
        return PaperRow(
            instrument_id=paper.instrument_id,
            entry=received.entry,
            recorded_at=received.recorded_at,
            kind=paper.kind,
            on=paper.on,
            party=paper.party,
            party_name=None if paper.party is None else names.organisation(paper.party),
            party_kind=paper.party_kind,
            document=paper.document,
            document_name=names.documents.get(paper.document or ""),
            channel=paper.channel,
            capacity=paper.capacity,
            occurred_at=paper.occurred_at,
            signatory=None if is_public else self._person(paper.signatory),
            age_band=None if is_public or paper.minor is None else paper.minor.age_band,
            authority=self._authority(paper),
            paper=self._copy(paper),
            provisions=paper.provisions,
            reference=paper.reference,
            note=None if is_public else received.note,
            fault=_public_fault(received.fault) if is_public else received.fault,
        )

    def _person(self, person: str | None) -> str | None:
        return None if person is None else self._names.persons.get(person, person)

    def _copy(self, paper: Instrument) -> PaperCopy | None:
        if paper.paper is None:
            return None
        if self._is_public:
            return PaperCopy(paper.paper.scan, None, None)
        return PaperCopy(paper.paper.scan, self._person(paper.paper.received_by), self._person(paper.paper.attested_by))

    def _authority(self, paper: Instrument) -> AuthorityRow | None:
        if paper.authority is not None:
            return self._authority_row(paper.authority, paper.on)
        held = self._authorities.get(paper.authority_id or "")
        return None if held is None else self._authority_row(*held)

    def _authority_row(self, authority: Authority, deposited_on: date) -> AuthorityRow:
        return AuthorityRow(
            authority_id=authority.authority_id,
            kind=authority.kind,
            issued_on=authority.issued_on,
            deposited_on=deposited_on,
            expires_on=authority.expires_on,
            revoked_on=self._revoked.get(authority.authority_id),
            stamp_duty=stamp_duty_of(authority),
        )


def stamp_duty_of(authority: Authority) -> StampDuty:
    """Return what is known of an authority's stamp duty; what nobody has said is not guessed."""
    if authority.stamp_duty_shown is not None:
        return StampDuty.SHOWN if authority.stamp_duty_shown else StampDuty.MISSING
    return StampDuty.NOT_STATED if authority.kind is AuthorityKind.POWER_OF_ATTORNEY else StampDuty.NOT_ASKED


def _public_fault(fault: Fault | None) -> Fault | None:
    """The fault without what it would tell of somebody's age."""
    if fault is None or fault.clause != "minors":
        return fault
    return Fault("form", fault.on, say("a paper that has to stand beside this one is missing"))


def _signatories(held: Held, accepted: Sequence[PaperRow], instruments: Sequence[Instrument]) -> tuple[SignatoryRow, ...]:
    acts: dict[str, list[PaperRow]] = {}
    for row in accepted:
        if row.kind in CONSENTS and row.party is not None:
            acts.setdefault(row.party, []).append(row)
    places = {party: place for place, party in enumerate(held.charter.listed or {})}
    chosen = [one for one in held.parties if one.signed_on is not None or one.consent_on is not None]
    chosen.sort(key=lambda one: (places.get(one.party, len(places)), one.signed_on or one.consent_on or date.max, one.party))
    before = _predecessors(instruments)
    return tuple(
        SignatoryRow(number, held.names.organisation(one.party), one, tuple(_acts_of(one.party, acts, before)))
        for number, one in enumerate(chosen, start=1)
    )


def _predecessors(instruments: Sequence[Instrument]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in instruments:
        if one.kind is InstrumentKind.SUCCEEDED and one.party is not None and one.successor is not None:
            found.setdefault(one.successor, []).append(one.party)
    return found


def _acts_of(party: str, acts: Mapping[str, list[PaperRow]], before: Mapping[str, list[str]]) -> list[PaperRow]:
    """Its own acts, else those of its predecessors, as far back as it takes; an organisation succeeds another only once."""
    own = acts.get(party)
    if own:
        return own
    return [act for one in before.get(party, ()) for act in _acts_of(one, acts, before)]


def _pairs(party: PartyStatus, names: Names) -> list[ReservationPair]:
    pairs = []
    for one in party.reservations:
        alone = ReservationPair(
            one.instrument_id, party.party, names.organisation(party.party), one.provisions, one.on, one.notified_on
        )
        pairs += [
            replace(alone, objector=each.by, objector_name=names.organisation(each.by), objected_on=each.on)
            for each in one.objections
        ] or [alone]
    return pairs


def _texts(charter: Charter, status: CharterStatus) -> tuple[TextVersion, ...]:
    return (
        TextVersion(TextKind.ADOPTED, "", charter.text, status.adopted_on),
        *(TextVersion(TextKind.AMENDED, one.name, one.text, one.in_force_on) for one in status.amendments),
        *(TextVersion(TextKind.RECTIFIED, one.name, one.text, one.effected_on) for one in status.rectifications),
    )


def _not_signed(held: Held, returned: Sequence[PaperRow]) -> tuple[NotSignedRow, ...]:
    listed, names = held.charter.listed or {}, held.names
    counts = Counter(row.party for row in returned)
    places = {party: place for place, party in enumerate(listed)}
    waiting = sorted(
        (one for one in held.parties if one.state in ASKED and one.signed_on is None and one.consent_on is None),
        key=lambda one: (places.get(one.party, len(places)), one.party),
    )
    return tuple(
        NotSignedRow(number, one.party, names.organisation(one.party), one.kind, one.state, counts[one.party])
        for number, one in enumerate(waiting, start=1)
    )
