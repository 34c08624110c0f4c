"""What is asked for the final clauses of a charter, and the clauses that come of the answers.

1. The keys are those of `[final_clauses]` in a charter's `template.toml`, so that a file of answers holds the same table.
2. No question has a default that decides something. What is left out is what the clauses themselves let be left out.
3. The text is written in Thai, so that Thai is the authentic language where nothing else is said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from mou.charter.clauses import (
    MOST_DAYS,
    AccessionMode,
    AuthorityKind,
    EffectOfSignature,
    FinalClauses,
    NonAccepting,
    Renewal,
    ReservationMode,
    VoteBase,
    parse_clauses,
)
from mou.models import OrganisationKind
from mou.thai import kind_in_thai
from mou.workflow.template_answers import nested
from mou.workflow.template_questions import FINAL_CLAUSES, AnswerKind, Question
from signatures.messages import Message, say

LIST_OF_MEMBERS: Final = "บัญชีองค์กรสมาชิกท้ายธรรมนูญนี้"
"""How the text of a charter names the list at its end."""

_BY_VOTE: Final = "by_vote"
_NONE: Final = "none"
_SILENT: Final = "silent"
_EFFECTS: Final[Mapping[str, Message]] = {
    EffectOfSignature.DEFINITIVE: say("it binds the organisation at once"),
    EffectOfSignature.SUBJECT_TO_APPROVAL: say("it binds when the organisation's own body has confirmed it"),
    EffectOfSignature.STATED_BY_SIGNATORY: say("each signatory says which of the two"),
}
_AUTHORITIES: Final[Mapping[str, Message]] = {
    AuthorityKind.BOARD_RESOLUTION: say("a resolution of its board"),
    AuthorityKind.POWER_OF_ATTORNEY: say("a power of attorney"),
    AuthorityKind.APPOINTMENT: say("a letter of appointment"),
    AuthorityKind.DELEGATION_ORDER: say("an order that delegates official duty"),
    AuthorityKind.OFFICE_BY_LAW: say("the office that the law gives the power to"),
}
_BASES: Final[Mapping[str, Message]] = {
    VoteBase.MEMBERS: say("of all members"),
    VoteBase.MEMBERS_PRESENT: say("of the members present"),
    VoteBase.VOTES_CAST: say("of the votes cast, without abstentions"),
}
_ACCESSIONS: Final[Mapping[str, Message]] = {
    AccessionMode.OPEN: say("by a letter alone"),
    AccessionMode.BY_INVITATION: say("on the committee's invitation"),
    AccessionMode.BY_VOTE: say("by a vote of the general assembly"),
}
_RESERVATIONS: Final[Mapping[str, Message]] = {
    ReservationMode.FORBIDDEN: say("no reservation may be made"),
    ReservationMode.ALLOWED: say("reservations may be made in writing"),
    ReservationMode.LISTED: say("only to the articles that are listed"),
}
_NON_ACCEPTING: Final[Mapping[str, Message]] = {
    NonAccepting.STAY_ON_OLD: say("stays bound by the old text"),
    NonAccepting.DEEMED_OUT: say("is no longer a member"),
    NonAccepting.BOUND: say("is bound by the new text all the same"),
}
_RENEWALS: Final[Mapping[str, Message]] = {
    Renewal.AUTOMATIC: say("it is renewed by itself for as long again"),
    Renewal.BY_AGREEMENT: say("it may be renewed by a resolution"),
    Renewal.NONE: say("it ends"),
}
_EXPULSIONS: Final[Mapping[str, Message]] = {_NONE: say("no"), _BY_VOTE: say("yes, by a vote of the general assembly")}
_BELOW_MINIMUM: Final[Mapping[str, Message]] = {
    "true": say("it stays in force for those who are left"),
    "false": say("it ends"),
    _SILENT: say("the charter says nothing about it"),
}
_HALF: Final = "1/2"
_TWO_THIRDS: Final = "2/3"


def clause_questions(answers: Mapping[str, object]) -> Iterator[Question]:
    """Yield the questions for the final clauses one after the other, each in the light of the answers before it."""
    yield from _about_signing(answers)
    yield from _about_force(answers)
    yield from _about_joining_and_reserving(answers)
    yield from _about_amendments(answers)
    yield from _about_leaving(answers)
    yield from _about_keeping()


def _about_signing(answers: Mapping[str, object]) -> Iterator[Question]:
    yield Question(
        _key("eligible_classes"),
        AnswerKind.CHOICES,
        say("Which kinds of organisation may sign?"),
        [OrganisationKind.FOUNDATION.value, OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP.value],
        choices=tuple(OrganisationKind),
    )
    eligible = answers.get(_key("eligible_classes"))
    for kind in eligible if isinstance(eligible, list) else []:
        yield Question(
            _key(f"proof_of_authority.{kind}"),
            AnswerKind.CHOICES,
            say(
                "What shows that somebody may sign for an organisation of the kind {kind}? One or more",
                kind=f"{kind_in_thai(OrganisationKind(kind))} ({kind})",
            ),
            [AuthorityKind.BOARD_RESOLUTION.value, AuthorityKind.POWER_OF_ATTORNEY.value],
            choices=tuple(AuthorityKind),
            words=_AUTHORITIES,
        )
    yield _day("signature_window.opens_on", say("From which day on may it be signed?"), "2026-12-05")
    yield _day(
        "signature_window.closes_on",
        say("Until which day may it be signed? Nothing where that has no end"),
        "2027-03-31",
        is_needed=False,
    )
    yield _choice("effect_of_signature", say("What does a signature do?"), _EFFECTS)


def _about_force(answers: Mapping[str, object]) -> Iterator[Question]:
    yield Question(
        _key("entry_into_force.min_count"),
        AnswerKind.NUMBER,
        say("How many organisations must have consented before it takes effect? Nothing where a share decides"),
        3,
        is_needed=False,
        at_least=1,
    )
    yield _fraction(
        "entry_into_force.min_fraction",
        say("Which share of the list of members must have consented? Nothing where the number decides"),
        _TWO_THIRDS,
        is_needed=answers.get(_key("entry_into_force.min_count")) is None,
    )
    if answers.get(_key("entry_into_force.min_fraction")) is not None:
        yield Question(
            _key("entry_into_force.of_list"),
            AnswerKind.TEXT,
            say("What does the text call the list that the share is taken of?"),
            LIST_OF_MEMBERS,
            default=LIST_OF_MEMBERS,
            is_needed=False,
            depends=True,
        )
    yield _days("entry_into_force.delay_days", say("How many days after that does it take effect?"), 30)
    yield _days("later_party_delay_days", say("Who consents later: after how many days is it bound?"), 30)
    yield _choice(
        "remains_in_force_below_minimum", say("And if members leave until there are fewer than were needed?"), _BELOW_MINIMUM
    )


def _about_joining_and_reserving(answers: Mapping[str, object]) -> Iterator[Question]:
    yield _choice("accession.mode", say("How may an organisation join later?"), _ACCESSIONS, AccessionMode.BY_VOTE)
    if answers.get(_key("accession.mode")) == AccessionMode.BY_VOTE:
        yield from map(_depending, _vote("accession.rule", say("Which share of the votes lets it join?"), _HALF))
    yield _choice("reservations.mode", say("May an organisation except itself from an article?"), _RESERVATIONS)
    mode = answers.get(_key("reservations.mode"))
    if mode == ReservationMode.LISTED:
        yield Question(
            _key("reservations.clauses"),
            AnswerKind.LINES,
            say("From which articles? One on each line"),
            ["ข้อ ๕", "ข้อ ๗"],
            depends=True,
        )
    if mode in {ReservationMode.LISTED, ReservationMode.ALLOWED}:
        objection = say("Within how many days may the others object?")
        yield _depending(_days("reservations.objection_days", objection, 30, at_least=1))


def _about_amendments(answers: Mapping[str, object]) -> Iterator[Question]:
    yield Question(
        _key("amendments.proposers.committee"),
        AnswerKind.YES_OR_NO,
        say("May the committee propose an amendment?"),
        example=True,
    )
    yield _fraction(
        "amendments.proposers.min_member_fraction",
        say("Which share of the members may propose one? Nothing where only the committee may"),
        "1/4",
        is_needed=answers.get(_key("amendments.proposers.committee")) is not True,
    )
    yield _fraction("amendments.quorum", say("Which share of the members must attend to adopt it?"), _HALF)
    yield from _vote("amendments.adoption_rule", say("Which share of the votes adopts it?"), _TWO_THIRDS)
    yield _fraction(
        "amendments.in_force_rule.min_fraction", say("Which share of the members must have accepted it?"), _TWO_THIRDS
    )
    yield _days("amendments.in_force_rule.delay_days", say("How many days after that does the amendment take effect?"), 30)
    yield _choice("amendments.non_accepting", say("And a member that has not accepted it?"), _NON_ACCEPTING)


def _about_leaving(answers: Mapping[str, object]) -> Iterator[Question]:
    yield _days("withdrawal.notice_days", say("How many days after its notice does a member leave?"), 90)
    yield _day(
        "withdrawal.earliest_on",
        say("Before which day may nobody leave? Nothing where there is no such day"),
        "2028-01-01",
        is_needed=False,
    )
    yield _choice("expulsion", say("May a member be excluded?"), _EXPULSIONS, _BY_VOTE)
    if answers.get(_key("expulsion")) == _BY_VOTE:
        yield from map(_depending, _vote("expulsion", say("Which share of the votes excludes a member?"), "3/4"))
    yield _day(
        "duration.ends_on",
        say("On which day does the charter end? Nothing where it has no end"),
        "2031-12-31",
        is_needed=False,
    )
    if answers.get(_key("duration.ends_on")) is not None:
        yield _depending(_choice("duration.renewal", say("And what happens then?"), _RENEWALS, Renewal.NONE))


def _about_keeping() -> Iterator[Question]:
    yield _days(
        "rectification.objection_days",
        say("Within how many days may members object to the correction of an error?"),
        30,
        at_least=1,
    )
    yield Question(
        _key("depositary"),
        AnswerKind.TEXT,
        say("Who keeps the original? secretariat, or the id of an organisation"),
        "secretariat",
    )
    yield Question(
        _key("successor_depositary"),
        AnswerKind.TEXT,
        say("Who keeps it if they cannot? The id of an organisation, or nothing"),
        "org-01",
        is_needed=False,
    )


def clauses_of(answers: Mapping[str, object], where: str) -> FinalClauses:
    """The final clauses that the answers give.

    Raises:
        TemplateError: with every wrong answer at once; where there is none, with every contradiction.
    """
    table = nested(answers).get(FINAL_CLAUSES)
    return parse_table(table if isinstance(table, Mapping) else {}, where)


def parse_table(table: Mapping[str, object], where: str) -> FinalClauses:
    """The final clauses of the table `[final_clauses]` in a file of answers.

    Raises:
        TemplateError: with every wrong, missing or unknown key at once; where there is none, with every contradiction.
    """
    whole = {"authentic_languages": ["th"], **table}
    below = whole.get("remains_in_force_below_minimum")
    if isinstance(below, str) and below != _SILENT:  # as it is chosen at a terminal; any other text is refused as a value
        whole["remains_in_force_below_minimum"] = {"true": True, "false": False}.get(below, below)
    duration = whole.get("duration", {})
    if isinstance(duration, Mapping) and "ends_on" not in duration:
        whole["duration"] = {"renewal": Renewal.NONE.value, **duration}
    return parse_clauses(whole, where)


def _depending(question: Question) -> Question:
    """The question as one that only some answers before it bring up."""
    return replace(question, depends=True)


def _key(name: str) -> str:
    return f"{FINAL_CLAUSES}.{name}"


def _choice(name: str, asks: Message, words: Mapping[str, Message], example: str | None = None) -> Question:
    codes = tuple(str(code) for code in words)
    return Question(_key(name), AnswerKind.CHOICE, asks, str(example or codes[0]), choices=codes, words=words)


def _days(name: str, asks: Message, example: int, *, at_least: int = 0) -> Question:
    return Question(_key(name), AnswerKind.NUMBER, asks, example, at_least=at_least, at_most=MOST_DAYS)


def _day(name: str, asks: Message, example: str, *, is_needed: bool = True) -> Question:
    return Question(_key(name), AnswerKind.DAY, asks, example, is_needed=is_needed)


def _fraction(name: str, asks: Message, example: str, *, is_needed: bool = True) -> Question:
    return Question(_key(name), AnswerKind.FRACTION, asks, example, is_needed=is_needed)


def _vote(name: str, asks: Message, example: str) -> Iterator[Question]:
    yield _fraction(f"{name}.min_fraction", asks, example)
    yield _choice(f"{name}.of", say("A share of what?"), _BASES)
