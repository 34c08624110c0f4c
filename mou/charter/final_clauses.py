"""The final clauses of a charter as values: what is printed, and what its status is computed from.

Each key says one thing (the final clauses of the CRC, arts. 46 to 53, are the model). No key has a default that is presented
as law: what a charter does not decide is either written as undecided or is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from mou.models import OrganisationKind


class EffectOfSignature(StrEnum):
    """What a signature does: final consent, consent that the body at home has still to confirm, or each signatory says which."""

    DEFINITIVE = "definitive"
    SUBJECT_TO_APPROVAL = "subject_to_approval"
    STATED_BY_SIGNATORY = "stated_by_signatory"


class AuthorityKind(StrEnum):
    """The document that shows somebody may sign for an organisation."""

    BOARD_RESOLUTION = "board_resolution"
    POWER_OF_ATTORNEY = "power_of_attorney"
    APPOINTMENT = "appointment"
    DELEGATION_ORDER = "delegation_order"
    OFFICE_BY_LAW = "office_by_law"


class VoteBase(StrEnum):
    """What a fraction is taken of."""

    MEMBERS = "members"
    MEMBERS_PRESENT = "members_present"
    VOTES_CAST = "votes_cast"


class AccessionMode(StrEnum):
    """How an organisation may join later."""

    OPEN = "open"
    BY_INVITATION = "by_invitation"
    BY_VOTE = "by_vote"


class ReservationMode(StrEnum):
    """What a party may except itself from."""

    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    LISTED = "listed"


class NonAccepting(StrEnum):
    """What becomes of a party that does not accept an amendment."""

    STAY_ON_OLD = "stay_on_old"
    DEEMED_OUT = "deemed_out"
    BOUND = "bound"


class Renewal(StrEnum):
    """What happens at the end of the term."""

    AUTOMATIC = "automatic"
    BY_AGREEMENT = "by_agreement"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SignatureWindow:
    """The days on which the charter may be signed, both included; without `closes_on` it stays open."""

    opens_on: date
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class VoteRule:
    """At least this fraction of that."""

    min_fraction: Fraction
    of: VoteBase


@dataclass(frozen=True, slots=True)
class EntryIntoForce:
    """When the charter starts: every minimum reached, then `delay_days` more.

    `min_fraction` is of the list that `of_list` names; `class_minimums` ask for so many of a kind.
    """

    delay_days: int
    min_count: int | None = None
    min_fraction: Fraction | None = None
    of_list: str | None = None
    class_minimums: Mapping[OrganisationKind, int] | None = None


@dataclass(frozen=True, slots=True)
class Accession:
    """How to join later; `rule` where a vote decides."""

    mode: AccessionMode
    rule: VoteRule | None = None


@dataclass(frozen=True, slots=True)
class Reservations:
    """What may be excepted; `clauses` are the articles that a listed reservation may name."""

    mode: ReservationMode
    objection_days: int
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposers:
    """Who may propose an amendment: the committee, or at least this fraction of the members, or either."""

    committee: bool
    min_member_fraction: Fraction | None = None


@dataclass(frozen=True, slots=True)
class AmendmentForce:
    """When an adopted amendment starts: accepted by this fraction of the parties, then `delay_days` more."""

    min_fraction: Fraction
    delay_days: int


@dataclass(frozen=True, slots=True)
class Amendments:
    """How the text is changed."""

    proposers: Proposers
    quorum: Fraction
    adoption_rule: VoteRule
    in_force_rule: AmendmentForce
    non_accepting: NonAccepting


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """How a party leaves."""

    notice_days: int
    earliest_on: date | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """How long the charter lasts; without `ends_on` until it is dissolved."""

    renewal: Renewal
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rectification:
    """How long the parties may object to the correction of an error."""

    objection_days: int


@dataclass(frozen=True, slots=True)
class FinalClauses:
    """All final clauses of one charter.

    `expulsion` is None where no party can be excluded. `remains_in_force_below_minimum` is None where the charter is silent.
    `depositary` and `successor_depositary` are organisation ids.
    """

    eligible_classes: frozenset[OrganisationKind]
    signature_window: SignatureWindow
    effect_of_signature: EffectOfSignature
    proof_of_authority: Mapping[OrganisationKind, tuple[AuthorityKind, ...]]
    entry_into_force: EntryIntoForce
    later_party_delay_days: int
    accession: Accession
    reservations: Reservations
    amendments: Amendments
    withdrawal: Withdrawal
    expulsion: VoteRule | None
    duration: Duration
    rectification: Rectification
    depositary: str
    authentic_languages: tuple[str, ...]
    successor_depositary: str | None = None
    remains_in_force_below_minimum: bool | None = None
