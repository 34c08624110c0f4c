"""The instruments of a charter: typed papers that a depositary receives, each with the day on which it takes effect.

The kinds follow what the depositary of a treaty receives (Vienna Convention on the Law of Treaties, arts. 76 to 79; the
annexes of the UN Treaty Handbook). Their order here is the order in which the papers of one day are read, so that the order
in which a secretary keyed them in changes nothing:

1. decisions about the text and its keeping; a body that goes on under another name;
2. the authority to act, before the acts that rest on it; its end, after them: what is revoked on a day still covers that day;
3. consent, before what attaches to it; leaving, last;
4. what has no effect of its own: notices, copies, numbers.

An instrument holds ids, digests and days, and no name of a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind, FinalClauses
from mou.models import Capacity, OrganisationKind


class AgeBand(StrEnum):
    """The only thing that is recorded of a signatory's age, on the day of signing."""

    UNDER_10 = "under_10"
    FROM_10_TO_17 = "10_to_17"
    FROM_18_TO_19 = "18_to_19"
    FROM_20 = "20_or_over"

    @property
    def is_child(self) -> bool:
        """Whether the signatory is under 18."""
        return self in {AgeBand.UNDER_10, AgeBand.FROM_10_TO_17}

    @property
    def is_minor(self) -> bool:
        """Whether the signatory is under 20 (Civil and Commercial Code, s. 19)."""
        return self is not AgeBand.FROM_20


class InstrumentKind(StrEnum):
    """What a paper does; the order is that in which the papers of one day are read."""

    TEXT_ADOPTED = "text_adopted"
    DEPOSITARY_CHANGED = "depositary_changed"
    RENEWAL_DECIDED = "renewal_decided"
    SUCCEEDED = "succeeded"
    AUTHORITY_DEPOSITED = "authority_deposited"
    SIGNED_SIMPLE = "signed_simple"
    SIGNED_DEFINITIVE = "signed_definitive"
    APPROVAL_DEPOSITED = "approval_deposited"
    ACCEDED = "acceded"
    PROVISIONAL = "provisional"
    RESERVED = "reserved"
    DECLARED = "declared"
    OBJECTED = "objected"
    AMENDMENT_PROPOSED = "amendment_proposed"
    AMENDMENT_ADOPTED = "amendment_adopted"
    AMENDMENT_ACCEPTED = "amendment_accepted"
    RECTIFICATION_PROPOSED = "rectification_proposed"
    RECTIFICATION_OBJECTED = "rectification_objected"
    RECTIFICATION_EFFECTED = "rectification_effected"
    WITHDRAWAL_NOTIFIED = "withdrawal_notified"
    PARTY_EXPELLED = "party_expelled"
    AUTHORITY_REVOKED = "authority_revoked"
    FORCE_NOTIFIED = "force_notified"
    NOTICE_ISSUED = "notice_issued"
    COPY_CERTIFIED = "copy_certified"
    NUMBER_ASSIGNED = "number_assigned"

    @property
    def rank(self) -> int:
        """Its place among the papers of one day."""
        return _RANKS[self]


_RANKS = {kind: rank for rank, kind in enumerate(InstrumentKind)}

SIGNATURES = frozenset({InstrumentKind.SIGNED_SIMPLE, InstrumentKind.SIGNED_DEFINITIVE})
NEEDS_AUTHORITY = SIGNATURES | {InstrumentKind.ACCEDED, InstrumentKind.WITHDRAWAL_NOTIFIED, InstrumentKind.AMENDMENT_ACCEPTED}
"""Acts that count only on an authority that covers the act's document on its day."""

OF_A_PARTY = NEEDS_AUTHORITY | {
    InstrumentKind.SUCCEEDED,
    InstrumentKind.AUTHORITY_DEPOSITED,
    InstrumentKind.AUTHORITY_REVOKED,
    InstrumentKind.APPROVAL_DEPOSITED,
    InstrumentKind.PROVISIONAL,
    InstrumentKind.RESERVED,
    InstrumentKind.DECLARED,
    InstrumentKind.OBJECTED,
    InstrumentKind.RECTIFICATION_OBJECTED,
    InstrumentKind.PARTY_EXPELLED,
}
"""Instruments that name one party; the others are the meeting's or the depositary's."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the minutes of a meeting say: who was present through which channel, and how they voted. Facts, not a result."""

    present: Mapping[Channel, int]
    in_favour: int
    against: int
    abstaining: int
    minutes: str | None = None  # digest of the minutes

    @property
    def total_present(self) -> int:
        """How many were present, through every channel."""
        return sum(self.present.values())


@dataclass(frozen=True, slots=True)
class Authority:
    """A document of authority as it was deposited. It counts from the day of its issue to the end of `expires_on`.

    `covers` holds the digests of the documents that it is for; empty, it is for this charter and everything under it. `holder` is
    the opaque id of the only person who may act on it. `stamp_duty_shown` is None where the duty does not apply.
    """

    authority_id: str
    kind: AuthorityKind
    issued_on: date
    holder: str | None = None
    expires_on: date | None = None
    covers: tuple[str, ...] = ()
    document: str | None = None
    stamp_duty_shown: bool | None = None

    def is_for(self, document: str | None) -> bool:
        """Whether it is for the document of this digest."""
        return not self.covers or document in self.covers


@dataclass(frozen=True, slots=True)
class PaperOriginal:
    """A signature on paper: the scan, the electronic original that it was printed from, and who else attests both."""

    scan: str
    original: str
    attested_by: str
    received_by: str


@dataclass(frozen=True, slots=True)
class MinorSignature:
    """What must stand beside the signature of somebody under 20: a guardian's consent, the minor's own, an adult."""

    age_band: AgeBand
    guardian_consent_on: date | None = None
    assent_on: date | None = None
    adult_beside: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """One paper as the ledger holds it.

    `on` is the day in Bangkok on which it takes effect: of signature, deposit or receipt. `document` is the digest of the paper
    itself, or of the document that was signed. Which of the later fields a kind has stands beside them.
    """

    instrument_id: str
    kind: InstrumentKind
    on: date
    party: str | None = None
    party_kind: OrganisationKind | None = None
    document: str | None = None
    channel: Channel | None = None
    capacity: Capacity | None = None
    occurred_at: datetime | None = None
    signatory: str | None = None  # the opaque id of the person who signed
    authority_id: str | None = None  # NEEDS_AUTHORITY, authority_revoked
    authority: Authority | None = None  # authority_deposited
    minor: MinorSignature | None = None  # the signatures
    paper: PaperOriginal | None = None  # the signatures, where the channel is paper
    meeting: Meeting | None = None  # text_adopted, acceded, amendment_adopted, party_expelled, renewal_decided
    invitation: str | None = None  # acceded: the digest of the invitation
    provisions: tuple[str, ...] = ()  # reserved: articles, by their numbers in Arabic numerals
    reference: str | None = None  # objected, amendment_*, rectification_*, copy_certified: what it is about
    text: str | None = None  # text_adopted, amendment_proposed, rectification_proposed: the digest of the new text
    replaces: str | None = None  # rectification_proposed: the digest of the text with the error
    proposed_by: tuple[str, ...] = ()  # amendment_proposed: members; nobody means the committee
    successor: str | None = None  # succeeded, depositary_changed
    successor_kind: OrganisationKind | None = None  # succeeded
    renewed: bool | None = None  # renewal_decided
    until: date | None = None  # renewal_decided
    number: int | None = None  # notice_issued
    about: tuple[str, ...] = ()  # notice_issued, force_notified: the instruments that it tells of

    @property
    def sort_key(self) -> tuple[date, int, str, str]:
        """The place in which it is read: by day, then by kind; never by when it was keyed in."""
        return (self.on, self.kind.rank, self.party or "", self.instrument_id)


@dataclass(frozen=True, slots=True)
class Charter:
    """The charter as it is kept: its text's digest, its final clauses, and the list at its end (list L) where it has one."""

    charter_id: str
    text: str
    clauses: FinalClauses
    listed: Mapping[str, OrganisationKind] | None = None
