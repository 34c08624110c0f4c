"""What a register answers, as values: a charter, and one organisation toward it, as of a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mou.charter.conditions import Condition
from mou.charter.instruments import InstrumentKind
from mou.charter.memory import Reservation
from mou.models import OrganisationKind
from signatures.messages import Message


class CharterState(StrEnum):
    """Where a charter stands on a day."""

    NOT_ADOPTED = "not_adopted"
    NOT_IN_FORCE = "not_in_force"
    DATE_FIXED = "date_fixed"
    IN_FORCE = "in_force"
    ENDED = "ended"
    UNKNOWN = "unknown"


class PartyState(StrEnum):
    """Where an organisation stands toward a charter on a day."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    REPRESENTATIVE_NAMED = "representative_named"
    SIGNED_SIMPLE = "signed_simple"
    PENDING_FORCE = "party_pending_force"
    IN_FORCE = "party_in_force"
    WITHDRAWING = "withdrawing"
    FORMER = "former_party"
    EXCLUDED = "excluded"
    SUCCEEDED = "succeeded_by"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class AmendmentStatus:
    """An amendment as of a day."""

    name: str
    text: str
    proposed_on: date
    adopted_on: date | None
    in_force_on: date | None


@dataclass(frozen=True, slots=True)
class RectificationStatus:
    """A rectification as of a day: open to objection until `last_day_to_object`, effected, or objected to."""

    name: str
    replaces: str
    text: str
    proposed_on: date
    last_day_to_object: date
    objected_by: tuple[str, ...]
    effected_on: date | None


@dataclass(frozen=True, slots=True)
class CharterStatus:
    """The charter as of a day. `in_force_on` is fixed, and may lie ahead, from the day on which the conditions are met."""

    on: date
    state: CharterState
    adopted_on: date | None
    listed: int | None
    signed: int
    unconfirmed: int
    counted: int
    in_force_for: int
    conditions: tuple[Condition, ...]
    met_on: date | None
    triggers: tuple[str, ...]
    in_force_on: date | None
    term_ends_on: date | None
    depositary: str
    amendments: tuple[AmendmentStatus, ...]
    rectifications: tuple[RectificationStatus, ...]
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyStatus:
    """One organisation as of a day. `is_bound` is None where it cannot be known."""

    on: date
    party: str
    kind: OrganisationKind | None
    state: PartyState
    is_listed: bool
    signed_on: date | None
    consent_on: date | None
    consent_by: InstrumentKind | None
    is_counted: bool
    is_bound: bool | None
    in_force_on: date | None
    text: str | None
    amendments: tuple[str, ...]
    rectifications: tuple[str, ...]
    reservations: tuple[Reservation, ...]
    applies_provisionally: bool
    withdrawal_notified_on: date | None
    leaves_on: date | None
    left_on: date | None
    succeeded_by: str | None
    succeeds: str | None


@dataclass(frozen=True, slots=True)
class WithdrawalForecast:
    """What a notice of withdrawal on a day would do. `charter_remains` is None where the charter is silent."""

    notified_on: date
    effective_on: date
    charter_remains: bool | None
    reason: Message
