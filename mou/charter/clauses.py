"""The final clauses of a charter as data, and the same clauses as Thai sentences.

Each key says one thing (the final clauses of the CRC, arts. 46 to 53, are the model). No key has a default that is presented
as law: what a charter does not decide is either written as undecided or is an error. The sentences are made from the data,
so that the printed charter and the computed status cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from mou.errors import TemplateError
from mou.models import OrganisationKind
from mou.toml_tables import TableReader
from signatures.canonical import JsonValue
from signatures.messages import Message, say


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


def parse_clauses(mapping: Mapping[str, object], where: str) -> FinalClauses:
    """Return the final clauses that a table of a manifest, or a record made by `clauses_as_record`, holds.

    Raises:
        TemplateError: with every wrong, missing or unknown key at once.
    """
    problems: list[Message] = []
    clauses = _read_clauses(TableReader(mapping, where, problems))
    if problems:
        raise TemplateError("{where}: the final clauses cannot be used", where=where, problems=tuple(problems))
    return clauses


def _read_clauses(table: TableReader) -> FinalClauses:
    eligible = frozenset(table.choices("eligible_classes", OrganisationKind))
    clauses = FinalClauses(
        eligible_classes=eligible,
        signature_window=_read_window(table.table("signature_window")),
        effect_of_signature=table.choice("effect_of_signature", EffectOfSignature),
        proof_of_authority=_read_proof(table.table("proof_of_authority"), eligible),
        entry_into_force=_read_entry_into_force(table.table("entry_into_force"), eligible),
        later_party_delay_days=table.integer("later_party_delay_days"),
        accession=_read_accession(table.table("accession")),
        reservations=_read_reservations(table.table("reservations")),
        amendments=_read_amendments(table.table("amendments")),
        withdrawal=_read_withdrawal(table.table("withdrawal")),
        expulsion=None if table.value("expulsion") == "none" else _read_vote(table.table("expulsion")),
        duration=_read_duration(table.table("duration")),
        rectification=_read_rectification(table.table("rectification")),
        depositary=table.text("depositary"),
        authentic_languages=table.texts("authentic_languages"),
        successor_depositary=table.optional_text("successor_depositary"),
        remains_in_force_below_minimum=_read_below_minimum(table),
    )
    if clauses.successor_depositary == clauses.depositary and clauses.depositary:
        table.expect("successor_depositary", say("another organisation than the depositary"), clauses.depositary)
    table.finish()
    return clauses


def _read_window(table: TableReader) -> SignatureWindow:
    window = SignatureWindow(table.day("opens_on"), table.optional_day("closes_on"))
    if window.closes_on is not None and window.closes_on < window.opens_on:
        table.expect("closes_on", say("a day not before opens_on"), window.closes_on.isoformat())
    table.finish()
    return window


def _read_proof(table: TableReader, eligible: frozenset[OrganisationKind]) -> dict[OrganisationKind, tuple[AuthorityKind, ...]]:
    proof = {table.chosen(key, key, OrganisationKind): table.choices(key, AuthorityKind) for key, _ in sorted(table.items())}
    for kind in sorted(eligible - set(proof)):
        table.expect(kind, say("a list of documents that show the authority of an eligible class"), None)
    return proof


def _read_entry_into_force(table: TableReader, eligible: frozenset[OrganisationKind]) -> EntryIntoForce:
    minimums_table = table.optional_table("class_minimums")
    minimums: dict[OrganisationKind, int] = {}
    if minimums_table is not None:
        for key, _ in sorted(minimums_table.items()):
            kind = minimums_table.chosen(key, key, OrganisationKind)
            minimums[kind] = minimums_table.integer(key, at_least=1)
            if kind not in eligible:
                minimums_table.expect(key, say("a class among eligible_classes"), key)
    entry = EntryIntoForce(
        delay_days=table.integer("delay_days"),
        min_count=table.optional_integer("min_count", at_least=1),
        min_fraction=table.optional_fraction("min_fraction"),
        of_list=table.optional_text("of_list"),
        class_minimums=minimums or None,
    )
    if entry.min_fraction is not None and entry.of_list is None:
        table.expect("of_list", say("the name of the list that min_fraction is taken of"), None)
    if entry.min_count is None and entry.min_fraction is None and not minimums:
        table.expect("min_count", say("at least one of min_count, min_fraction and class_minimums"), None)
    table.finish()
    return entry


def _read_vote(table: TableReader) -> VoteRule:
    fraction = _required_fraction(table, "min_fraction")
    rule = VoteRule(fraction, table.choice("of", VoteBase))
    table.finish()
    return rule


def _required_fraction(table: TableReader, key: str) -> Fraction:
    if table.value(key) is None:
        table.expect(key, say('a fraction over 0 and at most 1, as text such as "2/3"'), None)
    return table.optional_fraction(key) or Fraction(1)


def _read_accession(table: TableReader) -> Accession:
    mode = table.choice("mode", AccessionMode)
    rule_table = table.optional_table("rule")
    rule = None if rule_table is None else _read_vote(rule_table)
    if (mode is AccessionMode.BY_VOTE) != (rule is not None):
        table.expect("rule", say("a rule exactly when the mode is by_vote"), None if rule is None else mode)
    table.finish()
    return Accession(mode, rule)


def _read_reservations(table: TableReader) -> Reservations:
    mode = table.choice("mode", ReservationMode)
    clauses = table.texts("clauses", at_least=1 if mode is ReservationMode.LISTED else 0)
    if clauses and mode is not ReservationMode.LISTED:
        table.expect("clauses", say("no list of clauses unless the mode is listed"), mode)
    # Where no reservation can be made there is nothing to object to.
    forbidden = mode is ReservationMode.FORBIDDEN
    days = (table.optional_integer("objection_days") or 0) if forbidden else table.integer("objection_days", at_least=1)
    table.finish()
    return Reservations(mode, days, clauses)


def _read_amendments(table: TableReader) -> Amendments:
    amendments = Amendments(
        proposers=_read_proposers(table.table("proposers")),
        quorum=_required_fraction(table, "quorum"),
        adoption_rule=_read_vote(table.table("adoption_rule")),
        in_force_rule=_read_amendment_force(table.table("in_force_rule")),
        non_accepting=table.choice("non_accepting", NonAccepting),
    )
    table.finish()
    return amendments


def _read_proposers(table: TableReader) -> Proposers:
    proposers = Proposers(table.flag("committee"), table.optional_fraction("min_member_fraction"))
    if not proposers.committee and proposers.min_member_fraction is None:
        table.expect("min_member_fraction", say("somebody who may propose: committee = true, or a fraction of the members"), None)
    table.finish()
    return proposers


def _read_amendment_force(table: TableReader) -> AmendmentForce:
    rule = AmendmentForce(_required_fraction(table, "min_fraction"), table.integer("delay_days"))
    table.finish()
    return rule


def _read_withdrawal(table: TableReader) -> Withdrawal:
    withdrawal = Withdrawal(table.integer("notice_days"), table.optional_day("earliest_on"))
    table.finish()
    return withdrawal


def _read_duration(table: TableReader) -> Duration:
    duration = Duration(table.choice("renewal", Renewal), table.optional_day("ends_on"))
    if duration.ends_on is None and duration.renewal is not Renewal.NONE:
        table.expect("ends_on", say("a day, since what has no end is not renewed"), None)
    table.finish()
    return duration


def _read_rectification(table: TableReader) -> Rectification:
    rectification = Rectification(table.integer("objection_days", at_least=1))
    table.finish()
    return rectification


_BELOW_MINIMUM: Final = "remains_in_force_below_minimum"


def _read_below_minimum(table: TableReader) -> bool | None:
    found = table.value(_BELOW_MINIMUM)
    if found == "silent":
        return None
    if not isinstance(found, bool):
        table.expect(_BELOW_MINIMUM, say('true, false or "silent"'), found)
        return None
    return found


def clauses_as_record(clauses: FinalClauses) -> dict[str, JsonValue]:
    """Return the clauses as a record that JSON can hold; `parse_clauses` gives the same clauses back."""
    window, entry, duration, withdrawal = (
        clauses.signature_window,
        clauses.entry_into_force,
        clauses.duration,
        clauses.withdrawal,
    )
    below = clauses.remains_in_force_below_minimum
    return _without_none(
        {
            "eligible_classes": sorted(clauses.eligible_classes),
            "signature_window": {"opens_on": window.opens_on.isoformat(), "closes_on": _day(window.closes_on)},
            "effect_of_signature": clauses.effect_of_signature.value,
            "proof_of_authority": {
                kind.value: [one.value for one in kinds] for kind, kinds in clauses.proof_of_authority.items()
            },
            "entry_into_force": {
                "delay_days": entry.delay_days,
                "min_count": entry.min_count,
                "min_fraction": _fraction(entry.min_fraction),
                "of_list": entry.of_list,
                "class_minimums": {kind.value: count for kind, count in (entry.class_minimums or {}).items()} or None,
            },
            "later_party_delay_days": clauses.later_party_delay_days,
            "accession": {"mode": clauses.accession.mode.value, "rule": _vote(clauses.accession.rule)},
            "reservations": {
                "mode": clauses.reservations.mode.value,
                "clauses": list(clauses.reservations.clauses) or None,
                "objection_days": clauses.reservations.objection_days,
            },
            "amendments": {
                "proposers": {
                    "committee": clauses.amendments.proposers.committee,
                    "min_member_fraction": _fraction(clauses.amendments.proposers.min_member_fraction),
                },
                "quorum": _fraction(clauses.amendments.quorum),
                "adoption_rule": _vote(clauses.amendments.adoption_rule),
                "in_force_rule": {
                    "min_fraction": _fraction(clauses.amendments.in_force_rule.min_fraction),
                    "delay_days": clauses.amendments.in_force_rule.delay_days,
                },
                "non_accepting": clauses.amendments.non_accepting.value,
            },
            "withdrawal": {"notice_days": withdrawal.notice_days, "earliest_on": _day(withdrawal.earliest_on)},
            "expulsion": _vote(clauses.expulsion) or "none",
            "duration": {"renewal": duration.renewal.value, "ends_on": _day(duration.ends_on)},
            "rectification": {"objection_days": clauses.rectification.objection_days},
            "depositary": clauses.depositary,
            "successor_depositary": clauses.successor_depositary,
            "authentic_languages": list(clauses.authentic_languages),
            _BELOW_MINIMUM: "silent" if below is None else below,
        }
    )


def _without_none(table: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {
        key: _without_none(value) if isinstance(value, Mapping) else value for key, value in table.items() if value is not None
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _fraction(fraction: Fraction | None) -> str | None:
    return None if fraction is None else f"{fraction.numerator}/{fraction.denominator}"


def _vote(rule: VoteRule | None) -> dict[str, JsonValue] | None:
    return None if rule is None else {"min_fraction": _fraction(rule.min_fraction), "of": rule.of.value}
