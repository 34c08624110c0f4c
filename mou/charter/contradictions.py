"""Final clauses that cannot all hold, found while the text can still be changed: once it is signed, only an amendment mends it.

A contradiction is a pair of values of which one can never come true, or never decides anything, whatever the parties do. Two
values that only say the same thing twice agree, and are none. Where a charter can be renewed, a day may lie in a later term.

The term:
1. It ends before the first day on which anybody may sign.
2. Force begins after its end, even when all sign on the first day.
3. It renews itself for as long as before, and has no length.
4. The window closes after the end, and nothing renews the term.
5. Force begins after the end when the last signature comes on the last day, and nothing renews the term.
6. Nobody who consents later, no withdrawal, no amendment counts before the end, and nothing renews the term.

What never decides:
7. A number of parties below the sum of the class minimums; the minimum of the only class there is, below the number.
8. A list of which no share is taken.
9. A first day of withdrawal that every notice outlasts.
10. A vote or an invitation to accede, where everybody may sign for ever without one.
11. Days to object to reservations that nobody may make.

What never comes true:
12. An exclusion that needs the vote of the organisation that is excluded.
13. An entry of a list of languages, articles or documents that stands there before.

That a class has a proof of authority and is eligible, and that a depositary does not succeed itself, is seen when the clauses
are read. `doubtful_clauses` points out what can hold and is seldom meant; the law on which it rests is not ours to judge.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from mou.charter.final_clauses import (
    AccessionMode,
    AuthorityKind,
    FinalClauses,
    NonAccepting,
    Renewal,
    ReservationMode,
    VoteBase,
)
from mou.models import OrganisationKind
from mou.thai import to_arabic_digits
from signatures.messages import Message, say

# A group that no law made has no office by law, and no official duty to delegate.
_WITHOUT_OFFICE: Final = frozenset({OrganisationKind.YOUTH_GROUP, OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP})
_OF_OFFICE: Final = frozenset({AuthorityKind.OFFICE_BY_LAW, AuthorityKind.DELEGATION_ORDER})


def contradictions(clauses: FinalClauses) -> tuple[Message, ...]:
    """Return every contradiction: both keys, both values, and what to do."""
    return (
        *_in_the_term(clauses),
        *_in_entry_into_force(clauses),
        *_in_withdrawal(clauses),
        *_in_joining_and_excluding(clauses),
        *_in_reservations(clauses),
        *_in_lists(clauses),
    )


def doubtful_clauses(clauses: FinalClauses) -> tuple[Message, ...]:
    """Return what can hold, and is seldom meant: pointed out, never refused."""
    return (*_doubts_about_membership(clauses), *_doubts_about_proof(clauses))


def _in_the_term(clauses: FinalClauses) -> Iterator[Message]:
    duration, opens_on = clauses.duration, clauses.signature_window.opens_on
    ends_on, days = duration.ends_on, clauses.entry_into_force.delay_days
    if ends_on is None:
        return
    starts_on = _days_after(opens_on, days)
    end = ("duration.ends_on", ends_on)
    if ends_on < opens_on:
        fault = say("the charter ends before anybody may sign it; let it end later, or open it sooner")
        yield _between(end, ("signature_window.opens_on", opens_on), fault)
    elif starts_on > ends_on:
        fault = say(
            "signed on the first day, it would start only on {day}; let it end later, or shorten the delay", day=starts_on
        )
        yield _between(end, ("entry_into_force.delay_days", days), fault)
    elif duration.renewal is Renewal.AUTOMATIC and ends_on == opens_on:
        fault = say("the term that is renewed ends on the day on which it opens; let it end later, or do not renew it")
        yield _between(("duration.renewal", duration.renewal), end, fault)
    if duration.renewal is Renewal.NONE and ends_on >= opens_on:
        yield from _after_the_window(clauses, ends_on)
        yield from _after_the_end(clauses, ends_on)


def _after_the_window(clauses: FinalClauses, ends_on: date) -> Iterator[Message]:
    closes_on, days = clauses.signature_window.closes_on, clauses.entry_into_force.delay_days
    if closes_on is None:
        return
    if closes_on > ends_on:
        fault = say("it could be signed when it has ended; close the window sooner, or let the charter end later")
        yield _between(("signature_window.closes_on", closes_on), ("duration.ends_on", ends_on), fault)
    elif _days_after(clauses.signature_window.opens_on, days) <= ends_on < _days_after(closes_on, days):
        fault = say(
            "when the last signature that is needed comes on the last day, {last}, the charter would start only on {day}; "
            "close the window sooner, or let the charter end later",
            last=closes_on,
            day=_days_after(closes_on, days),
        )
        yield _between(("entry_into_force.delay_days", days), ("duration.ends_on", ends_on), fault)


def _after_the_end(clauses: FinalClauses, ends_on: date) -> Iterator[Message]:
    """What counts only after the end, however early it is done."""
    opens_on, withdrawal = clauses.signature_window.opens_on, clauses.withdrawal
    starts_on = _days_after(opens_on, clauses.entry_into_force.delay_days)
    periods = (
        # Who consents on the day that meets the conditions, at the earliest the first, starts with the charter.
        ("later_party_delay_days", clauses.later_party_delay_days, _days_after(opens_on, 1)),
        ("withdrawal.notice_days", withdrawal.notice_days, opens_on),
        ("amendments.in_force_rule.delay_days", clauses.amendments.in_force_rule.delay_days, starts_on),
    )
    for key, days, first in periods:
        if first <= ends_on < _days_after(first, days):
            fault = say(
                "begun on the first day possible, {first}, it is over on {day}, when the charter has ended; shorten it, let the "
                "charter end later, or let it be renewed",
                first=first,
                day=_days_after(first, days),
            )
            yield _between((key, days), ("duration.ends_on", ends_on), fault)
    if withdrawal.earliest_on is not None and withdrawal.earliest_on > ends_on:
        fault = say(
            "nobody could leave before the charter has ended; name an earlier day, let it end later, or let it be renewed"
        )
        yield _between(("withdrawal.earliest_on", withdrawal.earliest_on), ("duration.ends_on", ends_on), fault)


def _in_entry_into_force(clauses: FinalClauses) -> Iterator[Message]:
    entry, minimums = clauses.entry_into_force, clauses.entry_into_force.class_minimums or {}
    least = sum(minimums.values())
    count = ("entry_into_force.min_count", entry.min_count)
    classes = ("entry_into_force.class_minimums", ", ".join(f"{kind}: {number}" for kind, number in sorted(minimums.items())))
    if entry.min_count is not None and entry.min_count < least:
        fault = say(
            "the classes need {least} together, so that the smaller number never decides; raise it, or leave it out", least=least
        )
        yield _between(count, classes, fault)
    if (
        entry.min_count is not None
        and clauses.eligible_classes == set(minimums)
        and len(minimums) == 1
        and entry.min_count > least
    ):
        fault = say("no other class may sign, so that the minimum of the class never decides; leave it out")
        yield _between(classes, count, fault)
    if entry.of_list is not None and entry.min_fraction is None:
        fault = say("no share of the list is asked for; add min_fraction, or leave of_list out")
        yield _between(("entry_into_force.of_list", entry.of_list), ("entry_into_force.min_fraction", None), fault)


def _in_withdrawal(clauses: FinalClauses) -> Iterator[Message]:
    withdrawal = clauses.withdrawal
    first = _days_after(clauses.signature_window.opens_on, withdrawal.notice_days)
    if withdrawal.earliest_on is not None and withdrawal.earliest_on < first:
        fault = say(
            "a notice on the first day for signatures counts from {day}, so that the earlier day never decides; "
            "name a later day, or leave it out",
            day=first,
        )
        yield _between(
            ("withdrawal.earliest_on", withdrawal.earliest_on), ("withdrawal.notice_days", withdrawal.notice_days), fault
        )


def _in_joining_and_excluding(clauses: FinalClauses) -> Iterator[Message]:
    mode, expulsion = clauses.accession.mode, clauses.expulsion
    if clauses.signature_window.closes_on is None and mode is not AccessionMode.OPEN:
        fault = say("who may accede may sign at any time, and is asked for no more than that; close the window, or write open")
        yield _between(("accession.mode", mode), ("signature_window.closes_on", None), fault)
    if expulsion is not None and (expulsion.min_fraction, expulsion.of) == (Fraction(1), VoteBase.MEMBERS):
        fault = say('who is excluded is a member and would have to vote for it; ask for less, or write expulsion = "none"')
        yield _between(("expulsion.min_fraction", "1/1"), ("expulsion.of", expulsion.of), fault)


def _in_reservations(clauses: FinalClauses) -> Iterator[Message]:
    mode, days = clauses.reservations.mode, clauses.reservations.objection_days
    if mode is ReservationMode.FORBIDDEN and days:
        fault = say("there is nothing to object to; allow reservations, or leave objection_days out")
        yield _between(("reservations.mode", mode), ("reservations.objection_days", days), fault)


def _in_lists(clauses: FinalClauses) -> Iterator[Message]:
    lists: dict[str, Sequence[str]] = {
        "authentic_languages": clauses.authentic_languages,
        "reservations.clauses": clauses.reservations.clauses,
        **{f"proof_of_authority.{kind}": documents for kind, documents in clauses.proof_of_authority.items()},
    }
    for key, entries in lists.items():
        seen: dict[str, int] = {}
        for place, entry in enumerate(entries, 1):
            first = seen.setdefault(_without_spelling(entry), place)
            if first != place:
                fault = say("the same is listed twice; leave one out")
                yield _between((f"{key}[{first}]", entries[first - 1]), (f"{key}[{place}]", entry), fault)


def _doubts_about_membership(clauses: FinalClauses) -> Iterator[Message]:
    mode, non_accepting = clauses.accession.mode, clauses.amendments.non_accepting
    if clauses.signature_window.closes_on is None and mode is AccessionMode.OPEN:
        doubt = say("who may accede may as well sign, so that nobody need accede; is the window never to close?")
        yield _between(("accession.mode", mode), ("signature_window.closes_on", None), doubt)
    if clauses.expulsion is None and non_accepting is NonAccepting.DEEMED_OUT:
        doubt = say("no vote excludes anybody, and yet an amendment excludes who does not accept it; is that meant?")
        yield _between(("expulsion", "none"), ("amendments.non_accepting", non_accepting), doubt)


def _doubts_about_proof(clauses: FinalClauses) -> Iterator[Message]:
    eligible = ("eligible_classes", ", ".join(sorted(clauses.eligible_classes)))
    for kind, documents in sorted(clauses.proof_of_authority.items()):
        proof = (f"proof_of_authority.{kind}", ", ".join(documents))
        # It may be meant: an organisation that succeeds a party may be of another class.
        if kind not in clauses.eligible_classes:
            yield _between(proof, eligible, say("this class shows its authority and may not sign; is it to be eligible?"))
        elif kind in _WITHOUT_OFFICE and set(documents) <= _OF_OFFICE:
            doubt = say("a group that is not registered may have none of these documents; add one that it can show")
            yield _between(proof, eligible, doubt)


def _between(one: tuple[str, object], other: tuple[str, object], told: Message) -> Message:
    """What is told of two keys, with the values of both; a value that is not there is None."""
    stated = [
        say("no {key}", key=key) if value is None else say("{key} = {value}", key=key, value=value) for key, value in (one, other)
    ]
    return say("{one} and {other}: {told}", one=stated[0], other=stated[1], told=told)


def _without_spelling(entry: str) -> str:
    """The entry as far as it distinguishes: TH is th, ข้อ ๗ is ข้อ 7."""
    return "".join(to_arabic_digits(entry).casefold().split())


def _days_after(day: date, days: int) -> date:
    """The day so many days later, or the last one that the calendar has."""
    return date.max if days > (date.max - day).days else day + timedelta(days=days)
