"""The program's own values as words in the reader's language; JSON keeps the codes."""

from mou.charter.answers import CharterState, PartyState
from mou.charter.instruments import InstrumentKind
from mou.messages import translate
from mou.models import Capacity, OrganisationKind
from mou.requests import RequestState
from mou.thai import capacity_in_thai, kind_in_thai
from signatures.messages import say

_STATES = {
    RequestState.DRAFT: say("not asked yet"),
    RequestState.SENT: say("asked"),
    RequestState.SIGNED: say("has signed"),
    RequestState.DECLINED: say("declined"),
    RequestState.EXPIRED: say("expired"),
    RequestState.WITHDRAWN: say("withdrawn"),
}

_CHARTER_STATES = {
    CharterState.NOT_ADOPTED: say("its text is not adopted"),
    CharterState.NOT_IN_FORCE: say("not in force"),
    CharterState.DATE_FIXED: say("not in force yet; the day is fixed"),
    CharterState.IN_FORCE: say("in force"),
    CharterState.ENDED: say("ended"),
    CharterState.UNKNOWN: say("cannot be known"),
}
_PARTY_STATES = {
    PartyState.NOT_INVITED: say("not invited"),
    PartyState.INVITED: say("invited"),
    PartyState.REPRESENTATIVE_NAMED: say("has named its representative"),
    PartyState.SIGNED_SIMPLE: say("has signed, subject to approval"),
    PartyState.PENDING_FORCE: say("has consented; not in force for it yet"),
    PartyState.IN_FORCE: say("a party"),
    PartyState.WITHDRAWING: say("a party that has given notice"),
    PartyState.FORMER: say("a former party"),
    PartyState.EXCLUDED: say("excluded"),
    PartyState.SUCCEEDED: say("succeeded by another organisation"),
    PartyState.LAPSED: say("has not signed in time"),
}
_INSTRUMENTS = {
    InstrumentKind.TEXT_ADOPTED: say("adoption of the text"),
    InstrumentKind.DEPOSITARY_CHANGED: say("change of depositary"),
    InstrumentKind.RENEWAL_DECIDED: say("decision on renewal"),
    InstrumentKind.SUCCEEDED: say("succession"),
    InstrumentKind.AUTHORITY_DEPOSITED: say("authority deposited"),
    InstrumentKind.SIGNED_SIMPLE: say("signature subject to approval"),
    InstrumentKind.SIGNED_DEFINITIVE: say("definitive signature"),
    InstrumentKind.APPROVAL_DEPOSITED: say("approval"),
    InstrumentKind.ACCEDED: say("accession"),
    InstrumentKind.PROVISIONAL: say("provisional application"),
    InstrumentKind.RESERVED: say("reservation"),
    InstrumentKind.DECLARED: say("declaration"),
    InstrumentKind.OBJECTED: say("objection to a reservation"),
    InstrumentKind.AMENDMENT_PROPOSED: say("amendment proposed"),
    InstrumentKind.AMENDMENT_ADOPTED: say("amendment adopted"),
    InstrumentKind.AMENDMENT_ACCEPTED: say("amendment accepted"),
    InstrumentKind.RECTIFICATION_PROPOSED: say("rectification proposed"),
    InstrumentKind.RECTIFICATION_OBJECTED: say("objection to a rectification"),
    InstrumentKind.RECTIFICATION_EFFECTED: say("rectification effected"),
    InstrumentKind.WITHDRAWAL_NOTIFIED: say("notice of withdrawal"),
    InstrumentKind.PARTY_EXPELLED: say("expulsion"),
    InstrumentKind.AUTHORITY_REVOKED: say("authority revoked"),
    InstrumentKind.FORCE_NOTIFIED: say("notice of entry into force"),
    InstrumentKind.NOTICE_ISSUED: say("notice of the depositary"),
    InstrumentKind.COPY_CERTIFIED: say("certified copy"),
    InstrumentKind.NUMBER_ASSIGNED: say("number in the register"),
}


def state_in_words(state: RequestState, language: str) -> str:
    """Return where a request stands."""
    return translate(_STATES[state], language)


def capacity_in_words(capacity: Capacity, language: str) -> str:
    """Return in what capacity somebody signs."""
    return capacity_in_thai(capacity) if language == "th" else capacity.value.replace("_", " ")


def kind_in_words(kind: OrganisationKind, language: str) -> str:
    """Return what an organisation is."""
    return kind_in_thai(kind) if language == "th" else kind.value.replace("_", " ")


def charter_state_in_words(state: CharterState, language: str) -> str:
    """Return where a charter stands."""
    return translate(_CHARTER_STATES[state], language)


def party_state_in_words(state: PartyState, language: str) -> str:
    """Return where an organisation stands toward a charter."""
    return translate(_PARTY_STATES[state], language)


def instrument_in_words(kind: InstrumentKind, language: str) -> str:
    """Return what a paper does."""
    return translate(_INSTRUMENTS[kind], language)
