"""The program's own values as words in the reader's language; JSON keeps the codes."""

from mou.charter.answers import CharterState, PartyState
from mou.charter.instruments import InstrumentKind
from mou.messages import translate
from mou.models import Capacity, OrganisationKind
from mou.requests import RequestState
from mou.signatories.words import CHARTER_STATES, INSTRUMENTS, PARTY_STATES
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
    return translate(CHARTER_STATES[state], language)


def party_state_in_words(state: PartyState, language: str) -> str:
    """Return where an organisation stands toward a charter."""
    return translate(PARTY_STATES[state], language)


def instrument_in_words(kind: InstrumentKind, language: str) -> str:
    """Return what a paper does."""
    return translate(INSTRUMENTS[kind], language)
