"""What the register's codes are called, in the reader's language; numbers and days in the numerals of that language."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from mou.ceremony import Channel
from mou.charter.answers import CharterState, PartyState
from mou.charter.clauses import AuthorityKind, EffectOfSignature, VoteBase
from mou.charter.conditions import Condition, Outcome
from mou.charter.instruments import AgeBand, InstrumentKind
from mou.messages import translate
from mou.models import Capacity, OrganisationKind
from mou.report.voice import shown
from mou.signatories.rows import OrganisationName, StampDuty, TextKind, TextVersion
from mou.thai import capacity_in_thai, english_date, in_numerals, kind_in_thai, thai_date
from signatures.messages import Message, say

SECRETARIAT: Final = "secretariat"  # what a charter's clause on the depositary says where it names no organisation

CHARTER_STATES: Final[Mapping[CharterState, Message]] = {
    CharterState.NOT_ADOPTED: say("its text is not adopted"),
    CharterState.NOT_IN_FORCE: say("not in force"),
    CharterState.DATE_FIXED: say("not in force yet; the day is fixed"),
    CharterState.IN_FORCE: say("in force"),
    CharterState.ENDED: say("ended"),
    CharterState.UNKNOWN: say("cannot be known"),
}
PARTY_STATES: Final[Mapping[PartyState, Message]] = {
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
INSTRUMENTS: Final[Mapping[InstrumentKind, Message]] = {
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
CHANNELS: Final[Mapping[Channel, Message]] = {
    Channel.ON_SITE: say("on site"),
    Channel.ONLINE: say("online"),
    Channel.PAPER: say("on paper"),
}
NO_CHANNEL: Final = say("channel not recorded")
AUTHORITIES: Final[Mapping[AuthorityKind, Message]] = {
    AuthorityKind.BOARD_RESOLUTION: say("board resolution"),
    AuthorityKind.POWER_OF_ATTORNEY: say("power of attorney"),
    AuthorityKind.APPOINTMENT: say("letter of appointment"),
    AuthorityKind.DELEGATION_ORDER: say("order of delegation"),
    AuthorityKind.OFFICE_BY_LAW: say("evidence of the office held by law"),
}
STAMP_DUTIES: Final[Mapping[StampDuty, Message]] = {
    StampDuty.SHOWN: say("stamp duty is shown"),
    StampDuty.MISSING: say("no evidence of stamp duty yet"),
    StampDuty.NOT_STATED: say("stamp duty: not stated"),
}
"""Of a paper that needs none, nothing is said."""

AGE_BANDS: Final[Mapping[AgeBand, Message]] = {
    AgeBand.UNDER_10: say("under 10 years"),
    AgeBand.FROM_10_TO_17: say("10 to 17 years"),
    AgeBand.FROM_18_TO_19: say("18 to 19 years"),
    AgeBand.FROM_20: say("20 years or over"),
}
OUTCOMES: Final[Mapping[Outcome, Message]] = {
    Outcome.MET: say("met"),
    Outcome.NOT_MET: say("not met yet"),
    Outcome.UNKNOWN: say("cannot be known"),
}
TEXTS: Final[Mapping[TextKind, Message]] = {
    TextKind.ADOPTED: say("text as adopted"),
    TextKind.AMENDED: say("amendment"),
    TextKind.RECTIFIED: say("rectification"),
}
CLAUSES: Final[Mapping[str, Message]] = {
    "form": say("form of the paper"),
    "text_adopted": say("adoption of the text"),
    "eligible_classes": say("who may sign"),
    "signature_window": say("time for signing"),
    "effect_of_signature": say("effect of a signature"),
    "proof_of_authority": say("proof of authority"),
    "minors": say("signature of a minor"),
    "accession": say("accession"),
    "reservations": say("reservations"),
    "amendments": say("amendments"),
    "rectification": say("rectification"),
    "withdrawal": say("withdrawal"),
    "expulsion": say("expulsion"),
    "duration": say("duration"),
    "succession": say("succession"),
    "depositary": say("depositary"),
    "remains_in_force_below_minimum": say("continuing below the minimum"),
}
_EFFECTS: Final[Mapping[EffectOfSignature, Message]] = {
    EffectOfSignature.DEFINITIVE: say("definitive"),
    EffectOfSignature.SUBJECT_TO_APPROVAL: say("subject to approval"),
    EffectOfSignature.STATED_BY_SIGNATORY: say("as each signatory states"),
}
_BASES: Final[Mapping[VoteBase, Message]] = {
    VoteBase.MEMBERS: say("all parties"),
    VoteBase.MEMBERS_PRESENT: say("parties present"),
    VoteBase.VOTES_CAST: say("votes cast"),
}
# What stands before a word: colour only repeats it.
CHARTER_KINDS: Final[Mapping[CharterState, str]] = {
    CharterState.NOT_ADOPTED: "wait",
    CharterState.NOT_IN_FORCE: "wait",
    CharterState.DATE_FIXED: "wait",
    CharterState.IN_FORCE: "good",
    CharterState.ENDED: "none",
    CharterState.UNKNOWN: "open",
}
PARTY_KINDS: Final[Mapping[PartyState, str]] = {
    PartyState.NOT_INVITED: "none",
    PartyState.INVITED: "wait",
    PartyState.REPRESENTATIVE_NAMED: "wait",
    PartyState.SIGNED_SIMPLE: "wait",
    PartyState.PENDING_FORCE: "wait",
    PartyState.IN_FORCE: "good",
    PartyState.WITHDRAWING: "wait",
    PartyState.FORMER: "none",
    PartyState.EXCLUDED: "none",
    PartyState.SUCCEEDED: "note",
    PartyState.LAPSED: "none",
}
OUTCOME_KINDS: Final[Mapping[Outcome, str]] = {Outcome.MET: "good", Outcome.NOT_MET: "wait", Outcome.UNKNOWN: "open"}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def number_in(language: str, number: int | str) -> str:
    """Return a number in the numerals of the language."""
    return in_numerals(number) if language == "th" else str(number)


def day_in(language: str, day: date) -> str:
    """Return a day in words: of the Buddhist era in Thai."""
    return thai_date(day) if language == "th" else english_date(day)


def kind_in(language: str, kind: OrganisationKind) -> str:
    """Return what an organisation is."""
    return kind_in_thai(kind) if language == "th" else kind.value.replace("_", " ")


def capacity_in(language: str, capacity: Capacity) -> str:
    """Return in what capacity somebody signs."""
    return capacity_in_thai(capacity) if language == "th" else capacity.value.replace("_", " ")


def name_in(language: str, name: OrganisationName) -> str:
    """Return an organisation's name, in English where it has one."""
    return shown((name.en if language == "en" else None) or name.th)


def articles_in(language: str, provisions: tuple[str, ...]) -> str:
    """Return the articles that a reservation excepts."""
    named = ", ".join(number_in(language, shown(one)) for one in provisions)
    return translate(say("articles {articles}", articles=named), language)


def depositary_in(language: str, depositary: str, name: OrganisationName | None) -> str:
    """Return who keeps the charter."""
    if name is not None:
        return name_in(language, name)
    return translate(say("the network's secretariat"), language) if depositary == SECRETARIAT else shown(depositary)


def text_in(language: str, text: TextVersion) -> str:
    """Return what a text of the charter is called."""
    return " ".join(filter(None, (translate(TEXTS[text.kind], language), shown(text.name))))


def condition_in(language: str, condition: Condition) -> str:
    """Return what a condition of entry into force asks for."""
    names = {
        "entry_into_force.min_count": say("organisations that have consented"),
        "entry_into_force.min_fraction": say("organisations of the charter's list that have consented"),
    }
    if condition.kind is not None:
        asked = say("organisations of the kind {kind} that have consented", kind=kind_in(language, condition.kind))
    else:
        asked = names[condition.clause]
    return translate(asked, language)


def fact_in(language: str, fact: Message) -> str:
    """Return why a paper was returned; days and codes among the values are said in words."""
    return shown(translate(_in_words(language, fact), language))


def _in_words(language: str, message: Message) -> Message:
    return replace(message, values={name: _value_in(language, value) for name, value in message.values.items()})


def _value_in(language: str, value: object) -> object:
    if isinstance(value, Message):
        return _in_words(language, value)
    if isinstance(value, Mapping):  # a message within a message, as the tables hold it
        return _word_in(language, str(value.get("template", "")))
    if isinstance(value, date):
        return day_in(language, value)
    text = str(value)
    return ", ".join(_word_in(language, part) for part in text.split(", "))


def _word_in(language: str, text: str) -> str:
    if _DAY.fullmatch(text):
        try:
            return day_in(language, date.fromisoformat(text))
        except ValueError:
            return text
    word = _CODES.get(text)
    if word is not None:
        return translate(word, language)
    if text in set(OrganisationKind):
        return kind_in(language, OrganisationKind(text))
    return number_in(language, text) if text.isdecimal() else text


_CODES: Final[Mapping[str, Message]] = {
    **{code.value: word for table in (AUTHORITIES, _EFFECTS, _BASES, INSTRUMENTS) for code, word in table.items()},
    **{str(word): word for word in (say("a guardian's consent"), say("the minor's own assent"))},
}
"""What a fault's values may be: codes, and words that were kept as they are in English."""
