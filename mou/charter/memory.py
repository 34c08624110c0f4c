"""What a register remembers: running counts of the charter, and the facts of each party, every one with its day.

Nothing here is decided; `mou.charter.register` writes it, `mou.charter.status` reads it. All of it can be made again from the
instruments. It is kept in two parts, the charter's and each party's, so that one party's facts are read without all others'.

No fact is overwritten by a later one, so that every earlier day can still be answered; and no two parties share a value that
changes, since each is stored apart. What was known of an organisation before it succeeded another stands in `before`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mou.charter.instruments import Authority, InstrumentKind
from mou.models import OrganisationKind


class Leaving(StrEnum):
    """How a party ceased to be one."""

    WITHDRAWN = "withdrawn"
    EXPELLED = "expelled"
    NOT_ACCEPTING = "not_accepting"  # an amendment came into force that it had not accepted, and the charter lets it go
    SUCCEEDED = "succeeded"


@dataclass(slots=True)
class Tally:
    """How many parties, of them on the list, and of each kind."""

    total: int = 0
    listed: int = 0
    by_kind: dict[OrganisationKind, int] = field(default_factory=dict)

    def add(self, kind: OrganisationKind, *, listed: bool, count: int = 1) -> None:
        """Count a party; -1 takes it away again."""
        self.total += count
        self.listed += count if listed else 0
        self.by_kind[kind] = self.by_kind.get(kind, 0) + count

    def copy(self) -> "Tally":
        """The same counts, apart."""
        return Tally(self.total, self.listed, dict(self.by_kind))


@dataclass(slots=True)
class HeldAuthority:
    """An authority that the depositary holds, from the day of its deposit to the end of the day of its revocation."""

    authority: Authority
    deposited_on: date
    revoked_on: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether it counts on this day."""
        paper = self.authority
        begun = self.deposited_on <= day and paper.issued_on <= day
        expired = paper.expires_on is not None and paper.expires_on < day
        return begun and not expired and not (self.revoked_on is not None and self.revoked_on < day)

    def covers(self, document: str | None, on: date) -> bool:
        """Whether it is for this document and counts on this day."""
        return self.counts_on(on) and self.authority.is_for(document)


@dataclass(slots=True)
class Membership:
    """One time of being a party: from its consent until it left. `is_later` where the condition was met before it consented.

    A later party's own day is kept by `has_started`; all others start with the charter.
    """

    consent_on: date
    instrument_id: str
    how: InstrumentKind
    kind: OrganisationKind
    is_later: bool
    document: str | None = None
    has_started: bool = False
    accepted: dict[str, date] = field(default_factory=dict)  # amendment -> the day
    left_on: date | None = None
    left_how: Leaving | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """One party's objection to another's reservation: shown, never ruled on."""

    instrument_id: str
    by: str
    on: date


@dataclass(slots=True)
class Reservation:
    """What a party excepted itself from; the time for objections runs from the day on which the others were told."""

    instrument_id: str
    party: str
    on: date
    provisions: tuple[str, ...]
    notified_on: date | None = None
    objections: list[Objection] = field(default_factory=list)


@dataclass(slots=True)
class Withdrawal:
    """A notice of withdrawal and the day from which it counts."""

    instrument_id: str
    notified_on: date
    effective_on: date


@dataclass(slots=True)
class SignedSimply:
    """A signature that the body at home has still to confirm; `settled_on` is the day on which a consent took its place."""

    instrument_id: str
    on: date
    document: str | None = None
    settled_on: date | None = None

    def is_pending(self, day: date) -> bool:
        """Whether it was there on this day and nothing had taken its place."""
        return self.on <= day and (self.settled_on is None or self.settled_on > day)


@dataclass(slots=True)
class StatedKind:
    """What an organisation is, as it was stated from a day on."""

    on: date
    kind: OrganisationKind


@dataclass(slots=True)
class PartyMemory:
    """Everything that is known of one party. `signed_on` is the day of its first signature, or of a predecessor's."""

    party: str
    is_listed: bool = False
    kinds: list[StatedKind] = field(default_factory=list)
    authorities: dict[str, HeldAuthority] = field(default_factory=dict)
    signed_simply: list[SignedSimply] = field(default_factory=list)
    signed_on: date | None = None
    provisional_on: date | None = None
    memberships: list[Membership] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    succeeded_by: tuple[date, str] | None = None
    succeeds: tuple[date, str] | None = None
    before: "PartyMemory | None" = None  # what was known until the day of `succeeds`

    @property
    def kind(self) -> OrganisationKind | None:
        """What it is, as far as is known."""
        return self.kinds[-1].kind if self.kinds else None

    @property
    def membership(self) -> Membership | None:
        """The newest time of being a party, left or not."""
        return self.memberships[-1] if self.memberships else None

    def kind_on(self, day: date) -> OrganisationKind | None:
        """What it was, as far as was known on a day."""
        return next((one.kind for one in reversed(self.kinds) if one.on <= day), None)

    def open_membership(self, day: date) -> Membership | None:
        """Its membership, unless it has left by the end of this day; asked of the newest day that was read."""
        membership = self.membership
        has_left = membership is not None and membership.left_on is not None and membership.left_on <= day
        return None if has_left else membership

    def pending_signature(self, day: date) -> SignedSimply | None:
        """Its signature that was still to be confirmed at the end of a day."""
        return next((one for one in reversed(self.signed_simply) if one.is_pending(day)), None)

    def state_kind(self, kind: OrganisationKind | None, day: date) -> None:
        """Note what it says that it is, where that is new."""
        if kind is not None and kind is not self.kind:
            self.kinds.append(StatedKind(day, kind))


@dataclass(slots=True)
class Amendment:
    """A change of the text: proposed, adopted by a meeting, accepted by parties, in force once enough have.

    `accepted` counts the parties that have accepted and not left, until it comes into force; `due_on` is fixed when enough have.
    """

    proposed_on: date
    text: str
    adopted_on: date | None = None
    met_on: date | None = None
    due_on: date | None = None
    in_force_on: date | None = None
    accepted: int = 0


@dataclass(slots=True)
class Rectification:
    """The correction of an error: proposed, open to objection, effected."""

    proposed_on: date
    replaces: str
    text: str
    last_day_to_object: date
    objections: list[tuple[date, str]] = field(default_factory=list)
    effected_on: date | None = None


class Due(StrEnum):
    """What is due by itself on a day; sorted by name they stand in the order in which they happen on it.

    Who starts and leaves on one day has started first. LOOK makes the day be read, for what happens at its dusk.
    """

    FORCE = "force"
    JOIN = "join"
    LEAVE = "leave"
    LOOK = "look"


@dataclass(slots=True, order=True)
class Appointment:
    """Something that will happen by itself on a day."""

    on: date
    due: Due
    party: str = ""


@dataclass(slots=True)
class DayCount:
    """The counts at the end of a day on which one of them changed."""

    on: date
    counted: Tally
    in_force: int
    signed: int
    unconfirmed: int


@dataclass(slots=True)
class Renewal:
    """What a meeting decided about the next term."""

    decided_on: date
    renewed: bool
    until: date | None = None


@dataclass(slots=True)
class CharterMemory:
    """Everything that is known of the charter as a whole."""

    folded_through: date = date.min
    adopted_on: date | None = None
    counted: Tally = field(default_factory=Tally)
    waiting: int = 0  # of those counted: they start on the charter's own day
    in_force: int = 0  # of those counted: the charter is in force for them, once it is and while it lasts
    signed: int = 0
    unconfirmed: int = 0
    days: list[DayCount] = field(default_factory=list)
    met_on: date | None = None
    triggers: tuple[str, ...] = ()
    in_force_on: date | None = None
    has_started: bool = False
    below_minimum: list[tuple[date, bool]] = field(default_factory=list)
    ended_on: date | None = None
    amendments: dict[str, Amendment] = field(default_factory=dict)
    rectifications: dict[str, Rectification] = field(default_factory=dict)
    reservations: dict[str, str] = field(default_factory=dict)  # instrument id -> whose it is
    depositaries: list[tuple[date, str]] = field(default_factory=list)
    renewals: list[Renewal] = field(default_factory=list)
    agenda: list[Appointment] = field(default_factory=list)  # a heap
