"""The final clauses of a charter read from a manifest or a record, and written as a record.

Their values stand in `mou.charter.final_clauses`; who reads them imports them from here. The sentences are made from the same
values (`mou.charter.wording`), so that the printed charter and the computed status cannot differ.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from mou.charter.contradictions import contradictions
from mou.charter.final_clauses import (
    Accession,
    AccessionMode,
    AmendmentForce,
    Amendments,
    AuthorityKind,
    Duration,
    EffectOfSignature,
    EntryIntoForce,
    FinalClauses,
    NonAccepting,
    Proposers,
    Rectification,
    Renewal,
    ReservationMode,
    Reservations,
    SignatureWindow,
    VoteBase,
    VoteRule,
    Withdrawal,
)
from mou.errors import TemplateError
from mou.models import OrganisationKind
from mou.toml_tables import TableReader
from signatures.canonical import JsonValue
from signatures.messages import Message, say

__all__ = [
    "MOST_DAYS",
    "Accession",
    "AccessionMode",
    "AmendmentForce",
    "Amendments",
    "AuthorityKind",
    "Duration",
    "EffectOfSignature",
    "EntryIntoForce",
    "FinalClauses",
    "NonAccepting",
    "Proposers",
    "Rectification",
    "Renewal",
    "ReservationMode",
    "Reservations",
    "SignatureWindow",
    "VoteBase",
    "VoteRule",
    "Withdrawal",
    "clauses_as_record",
    "parse_clauses",
]

MOST_DAYS: Final = 36_500
_BELOW_MINIMUM: Final = "remains_in_force_below_minimum"


def parse_clauses(mapping: Mapping[str, object], where: str, *, is_signed: bool = False) -> FinalClauses:
    """Return the final clauses that a table of a manifest, or a record made by `clauses_as_record`, holds.

    Args:
        mapping: the table or the record.
        where: what stands at the head of each problem.
        is_signed: whether the text is signed already: its clauses are then read as they stand, contradictions and all.

    Raises:
        TemplateError: with every wrong, missing or unknown key at once; where there is none, with every contradiction.
    """
    problems: list[Message] = []
    clauses = _read_clauses(TableReader(mapping, where, problems))
    if not problems and not is_signed:
        problems.extend(say("{where}: {told}", where=where, told=told) for told in contradictions(clauses))
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
        later_party_delay_days=_read_days(table, "later_party_delay_days"),
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
        delay_days=_read_days(table, "delay_days"),
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
    days = (table.optional_integer("objection_days") or 0) if forbidden else _read_days(table, "objection_days", at_least=1)
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
    rule = AmendmentForce(_required_fraction(table, "min_fraction"), _read_days(table, "delay_days"))
    table.finish()
    return rule


def _read_withdrawal(table: TableReader) -> Withdrawal:
    withdrawal = Withdrawal(_read_days(table, "notice_days"), table.optional_day("earliest_on"))
    table.finish()
    return withdrawal


def _read_duration(table: TableReader) -> Duration:
    duration = Duration(table.choice("renewal", Renewal), table.optional_day("ends_on"))
    if duration.ends_on is None and duration.renewal is not Renewal.NONE:
        table.expect("ends_on", say("a day, since what has no end is not renewed"), None)
    table.finish()
    return duration


def _read_rectification(table: TableReader) -> Rectification:
    rectification = Rectification(_read_days(table, "objection_days", at_least=1))
    table.finish()
    return rectification


def _read_days(table: TableReader, key: str, *, at_least: int = 0) -> int:
    """A number of days: a day that lies so many days ahead must still have a date."""
    days = table.integer(key, at_least=at_least)
    if days > MOST_DAYS:
        table.expect(key, say("at most {most} days", most=MOST_DAYS), days)
        return at_least
    return days


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
