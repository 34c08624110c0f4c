"""The register of signatories as values: who, as what, when, how, on which authority, since when, bound by which text.

Counts are derived from the rows and from the charter's status; none is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from mou.ceremony import Channel
from mou.charter.answers import CharterStatus, PartyState, PartyStatus
from mou.charter.clauses import AuthorityKind
from mou.charter.due_form import Fault
from mou.charter.instruments import AgeBand, Instrument, InstrumentKind
from mou.models import Capacity, OrganisationKind


class StampDuty(StrEnum):
    """What is known of the stamp duty of an authority. Where it is missing, that is said and blocks nothing."""

    SHOWN = "shown"
    MISSING = "missing"
    NOT_STATED = "not_stated"  # a power of attorney of which nobody said whether the duty applies
    NOT_ASKED = "not_asked"  # another paper, of which nobody said that it does


class TextKind(StrEnum):
    """How a text of the charter came about."""

    ADOPTED = "adopted"
    AMENDED = "amended"
    RECTIFIED = "rectified"


@dataclass(frozen=True, slots=True)
class ReceivedPaper:
    """What the depositary holds: an instrument, the ledger's entry that names it, and why it was returned, if it was."""

    instrument: Instrument
    entry: int
    recorded_at: datetime
    fault: Fault | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """What an organisation is called."""

    th: str
    en: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What ids and digests are called: organisations, documents by the digest that was signed, persons by their opaque id."""

    organisations: Mapping[str, OrganisationName] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)

    def organisation(self, organisation_id: str) -> OrganisationName:
        """Return its name; of one that is in no list, its id."""
        return self.organisations.get(organisation_id) or OrganisationName(organisation_id)


@dataclass(frozen=True, slots=True)
class CharterFacts:
    """Which charter it is; `code` leads to its public page, `is_sample` says that everything in it is invented."""

    charter_id: str
    title: str
    number: str | None
    code: str
    text: str
    network: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The state of the ledger from which the register was computed."""

    origin: str
    size: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """The authority on which an act rests; `revoked_on` where that had happened by the day."""

    authority_id: str
    kind: AuthorityKind
    issued_on: date
    deposited_on: date
    expires_on: date | None
    revoked_on: date | None
    stamp_duty: StampDuty


@dataclass(frozen=True, slots=True)
class PaperCopy:
    """A signature on paper: the digest of its scan, and who received and who attested it; None in a public copy."""

    scan: str
    received_by: str | None
    attested_by: str | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One instrument. `signatory`, `age_band` and `note` are None in a public copy; `fault` says why it was returned."""

    instrument_id: str
    entry: int
    recorded_at: datetime
    kind: InstrumentKind
    on: date
    party: str | None
    party_name: OrganisationName | None
    party_kind: OrganisationKind | None
    document: str | None
    document_name: str | None
    channel: Channel | None
    capacity: Capacity | None
    occurred_at: datetime | None
    signatory: str | None
    age_band: AgeBand | None
    authority: AuthorityRow | None
    paper: PaperCopy | None
    provisions: tuple[str, ...]
    reference: str | None
    note: str | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class SignatoryRow:
    """One organisation that has signed or consented: its acts in their order, and where it stands on the day."""

    number: int
    name: OrganisationName
    status: PartyStatus
    acts: tuple[PaperRow, ...]

    @property
    def decisive(self) -> PaperRow | None:
        """The act by which it consented; where it has not yet, its first signature."""
        consents = (act for act in self.acts if (act.kind, act.on) == (self.status.consent_by, self.status.consent_on))
        return next(consents, self.acts[0] if self.acts else None)

    @property
    def authorities(self) -> tuple[AuthorityRow, ...]:
        """The authorities on which its acts rest, each once."""
        return tuple(dict.fromkeys(act.authority for act in self.acts if act.authority is not None))


@dataclass(frozen=True, slots=True)
class NotSignedRow:
    """One organisation that was asked, or has named its representative, and has not signed; `returned` counts its papers."""

    number: int
    party: str
    name: OrganisationName
    kind: OrganisationKind | None
    state: PartyState
    returned: int


@dataclass(frozen=True, slots=True)
class ReservationPair:
    """One reservation and one objection to it; `objector` is None where nobody has objected. Shown, never ruled on."""

    instrument_id: str
    party: str
    name: OrganisationName
    provisions: tuple[str, ...]
    made_on: date
    notified_on: date | None
    objector: str | None = None
    objector_name: OrganisationName | None = None
    objected_on: date | None = None


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A text of the charter. `name` is that of the amendment or the rectification; `since` is None while it does not count."""

    kind: TextKind
    name: str
    digest: str
    since: date | None


@dataclass(frozen=True, slots=True)
class RegisterOfSignatories:
    """The register as of a day. A public copy names no person, whoever they are."""

    charter: CharterFacts
    on: date
    made_at: datetime
    is_public: bool
    status: CharterStatus
    depositary: OrganisationName | None
    triggers: tuple[PaperRow, ...]
    signatories: tuple[SignatoryRow, ...]
    reservations: tuple[ReservationPair, ...]
    texts: tuple[TextVersion, ...]
    not_signed: tuple[NotSignedRow, ...]
    instruments: tuple[PaperRow, ...]
    returned: tuple[PaperRow, ...]
    ledger: LedgerHead


def texts_of(register: RegisterOfSignatories, row: SignatoryRow) -> tuple[TextVersion, ...]:
    """Return the texts that make up what an organisation is bound by: the adopted one, amendments, rectifications."""
    status = row.status
    if status.text is None:
        return ()
    names = {TextKind.ADOPTED: ("",), TextKind.AMENDED: status.amendments, TextKind.RECTIFIED: status.rectifications}
    return tuple(text for text in register.texts if text.name in names[text.kind])
