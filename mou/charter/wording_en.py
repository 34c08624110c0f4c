"""The final clauses as plain English sentences, for a charter in two languages: article by article what the Thai ones say.

Each article has as many paragraphs and items as in Thai (`mou.charter.wording`), so that a template can print the two as pairs.
Days are of the common era, numerals Arabic. What the data holds as Thai text, the name of a list, is printed as it stands unless
`names` says it in English.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from mou.charter.clauses import (
    AccessionMode,
    Amendments,
    AuthorityKind,
    EffectOfSignature,
    EntryIntoForce,
    FinalClauses,
    NonAccepting,
    Renewal,
    ReservationMode,
    VoteBase,
    VoteRule,
)
from mou.models import OrganisationKind
from mou.thai import english_date, to_arabic_digits

_KINDS: Final = {
    OrganisationKind.FOUNDATION: ("foundation", "foundations"),
    OrganisationKind.ASSOCIATION: ("association", "associations"),
    OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP: (
        "unregistered civil society group",
        "unregistered civil society groups",
    ),
    OrganisationKind.STATE_AGENCY: ("state agency", "state agencies"),
    OrganisationKind.CITY_MUNICIPALITY: ("city municipality", "city municipalities"),
    OrganisationKind.TOWN_MUNICIPALITY: ("town municipality", "town municipalities"),
    OrganisationKind.SUBDISTRICT_MUNICIPALITY: ("subdistrict municipality", "subdistrict municipalities"),
    OrganisationKind.MUNICIPALITY: ("municipality", "municipalities"),
    OrganisationKind.COMMUNITY: ("community", "communities"),
    OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE: (
        "provincial office of social development and human security",
        "provincial offices of social development and human security",
    ),
    OrganisationKind.DEPARTMENT: ("department", "departments"),
    OrganisationKind.YOUTH_GROUP: ("youth group", "youth groups"),
    OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL: ("children and youth council", "children and youth councils"),
    OrganisationKind.FUNDER: ("funder", "funders"),
}
_AUTHORITIES: Final = {
    AuthorityKind.BOARD_RESOLUTION: "a resolution of the board",
    AuthorityKind.POWER_OF_ATTORNEY: "a power of attorney",
    AuthorityKind.APPOINTMENT: "a letter that appoints the representative",
    AuthorityKind.DELEGATION_ORDER: "an order that delegates the official duty",
    AuthorityKind.OFFICE_BY_LAW: "evidence of holding the office that has the power by law",
}
_BASES: Final = {
    VoteBase.MEMBERS: "all Members",
    VoteBase.MEMBERS_PRESENT: "the Members present",
    VoteBase.VOTES_CAST: "the votes cast, abstentions not counted",
}
_FRACTIONS: Final = {
    Fraction(1, 5): "one fifth",
    Fraction(1, 4): "one quarter",
    Fraction(1, 3): "one third",
    Fraction(1, 2): "one half",
    Fraction(3, 5): "three fifths",
    Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three quarters",
    Fraction(4, 5): "four fifths",
}
_CONFIRMED: Final = (
    "is consent to be bound from the day on which the organisation deposits the confirming resolution with the Depositary."
)
_EFFECTS: Final = {
    EffectOfSignature.DEFINITIVE: (
        "A signature by an authorised person is the organisation's full consent to be bound from the day of signature."
    ),
    EffectOfSignature.SUBJECT_TO_APPROVAL: f"A signature approves the text in principle. It {_CONFIRMED}",
    EffectOfSignature.STATED_BY_SIGNATORY: (
        "Each signatory states whether the signature binds or approves the text in principle. "
        f"A signature that approves the text in principle {_CONFIRMED}"
    ),
}
_AMENDED_FOR_LATER: Final = (
    "An organisation that consents later and becomes a Member on or after that day is bound by the text as amended."
)
_NON_ACCEPTING: Final = {
    NonAccepting.STAY_ON_OLD: (
        "An organisation that is a Member on the day on which an amendment enters into force and has not accepted it stays bound "
        f"by the former text until it accepts. {_AMENDED_FOR_LATER}"
    ),
    NonAccepting.DEEMED_OUT: (
        "An organisation that is a Member on the day on which an amendment enters into force and has not accepted it ceases to "
        f"be a Member on that day. {_AMENDED_FOR_LATER}"
    ),
    NonAccepting.BOUND: (
        "An amendment that has entered into force binds every Member, including those that have not accepted it."
    ),
}
_RENEWALS: Final = {
    Renewal.AUTOMATIC: (
        ". It is then renewed of itself, each time for as many days as there are from its entry into force to that day, both "
        "included, unless the general meeting decides otherwise before the last day of the term."
    ),
    Renewal.BY_AGREEMENT: (
        ". It may be renewed by a decision of the general meeting before that day, which names the new last day."
    ),
    Renewal.NONE: " and is not renewed.",
}
_COUNTING: Final = (
    "In counting days under this Charter the first day is left out, and the last is counted even if it is a holiday. What takes "
    "effect when days have run takes effect at the beginning of the last day; what may be done within days may be done until the "
    "end of the last day."
)
_LANGUAGES: Final = {"th": "Thai", "en": "English"}
_UNLESS_ONE_PREVAILS: Final = ", unless this Charter says which text prevails where they differ."
_NAMES: Final = MappingProxyType({"secretariat": "the secretariat of the Network"})


@dataclass(frozen=True, slots=True)
class ClauseInEnglish:
    """One final clause as it is printed: a heading, paragraphs, items after the last of them, and what follows the items."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def clauses_in_english(clauses: FinalClauses, *, names: Mapping[str, str] = _NAMES) -> tuple[ClauseInEnglish, ...]:
    """Return the final clauses as English articles, in the order and the shape of the Thai ones.

    Args:
        clauses: the data.
        names: what to print for an organisation id or the name of a list; one that is not in it is printed as it stands.
    """
    return _Wording(clauses, names).all()


class _Wording:
    """Says one charter's clauses."""

    def __init__(self, clauses: FinalClauses, names: Mapping[str, str]) -> None:
        self._clauses = clauses
        self._names = names

    def all(self) -> tuple[ClauseInEnglish, ...]:
        clauses = self._clauses
        return (
            self._eligible_classes(),
            self._proof_of_authority(),
            self._signature_window(),
            ClauseInEnglish("effect_of_signature", "Effect of signature", (_EFFECTS[clauses.effect_of_signature],)),
            self._entry_into_force(clauses.entry_into_force),
            self._accession(),
            self._reservations(),
            _amendments(clauses.amendments),
            self._withdrawal(),
            self._expulsion(),
            self._duration(),
            self._rectification(),
            self._depositary(),
            self._authentic_languages(),
        )

    def _eligible_classes(self) -> ClauseInEnglish:
        kinds = _joined([_KINDS[kind][1] for kind in OrganisationKind if kind in self._clauses.eligible_classes], "and")
        return ClauseInEnglish("eligible_classes", "Who may sign", (f"{_sentence(kinds)} may sign this Charter.",))

    def _proof_of_authority(self) -> ClauseInEnglish:
        by_documents: dict[tuple[AuthorityKind, ...], list[str]] = {}
        for kind in OrganisationKind:
            if kind in self._clauses.proof_of_authority:
                by_documents.setdefault(self._clauses.proof_of_authority[kind], []).append(_KINDS[kind][1])
        items = tuple(
            f"{_joined(kinds, 'and')}: {_joined([_AUTHORITIES[one] for one in documents], 'or')}"
            for documents, kinds in by_documents.items()
        )
        text = (
            "Before an organisation signs, accedes, accepts an amendment or withdraws, whoever acts for it shows the Depositary "
            "evidence of authority, as follows:"
        )
        return ClauseInEnglish("proof_of_authority", "Authority to sign", (text,), items)

    def _signature_window(self) -> ClauseInEnglish:
        window = self._clauses.signature_window
        opens = f"This Charter is open for signature from {english_date(window.opens_on)}"
        closes = ", without a last day." if window.closes_on is None else f" to {english_date(window.closes_on)}, both included."
        return ClauseInEnglish("signature_window", "Time for signature", (opens + closes,))

    def _entry_into_force(self, entry: EntryIntoForce) -> ClauseInEnglish:
        conditions = self._conditions(entry)
        later = (
            "For an organisation that consents to be bound after the day on which the conditions are met, this Charter enters "
            f"into force {_after(self._clauses.later_party_delay_days)} of its consent, but no earlier than this Charter itself."
        )
        force = f"This Charter enters into force {_after(entry.delay_days)} on which consent to be bound has been given by"
        paragraphs = [later, *self._below_minimum(), _COUNTING]
        heading = "Entry into force"
        if len(conditions) == 1:
            return ClauseInEnglish("entry_into_force", heading, (f"{force} {conditions[0]}.", *paragraphs))
        return ClauseInEnglish("entry_into_force", heading, (f"{force} all of these:",), conditions, tuple(paragraphs))

    def _conditions(self, entry: EntryIntoForce) -> tuple[str, ...]:
        conditions = []
        if entry.min_count is not None:
            conditions.append(f"at least {_counted(entry.min_count, ('organisation', 'organisations'))}")
        if entry.min_fraction is not None:
            list_name = self._name(entry.of_list or "")
            share = "all" if entry.min_fraction == 1 else _fraction(entry.min_fraction)
            conditions.append(f"{share} of the organisations on the list “{list_name}”")
        for kind, count in sorted((entry.class_minimums or {}).items()):
            conditions.append(f"at least {_counted(count, _KINDS[kind])}")
        return tuple(conditions)

    def _below_minimum(self) -> tuple[str, ...]:
        remains = self._clauses.remains_in_force_below_minimum
        if remains is None:
            return ()
        then = "it stays in force for the remaining Members" if remains else "it ceases to have effect on that day"
        below = "the organisations that have consented to be bound and have not left later fall below the conditions"
        return (f"If {below} for the entry into force of this Charter, {then}.",)

    def _accession(self) -> ClauseInEnglish:
        accession = self._clauses.accession
        closes = self._clauses.signature_window.closes_on is not None
        text = (
            f"{'When the time for signature is over, or when' if closes else 'When'} this Charter is in force, an organisation "
            "that may sign may accede to it by depositing an instrument of accession with the Depositary, and has then consented "
            "to be bound on the day of deposit."
        )
        if accession.mode is AccessionMode.BY_INVITATION:
            text += " It needs an invitation by the committee."
        elif accession.rule is not None:
            text += f" It needs the approval of the general meeting, by {_vote(accession.rule)}."
        return ClauseInEnglish("accession", "Accession", (text,))

    def _reservations(self) -> ClauseInEnglish:
        reservations = self._clauses.reservations
        days = _counted(reservations.objection_days, ("day", "days"))
        objection = (
            "An organisation that has consented to be bound may object to another's reservation within "
            f"{days} from the day on which the Depositary gives notice of it."
        )
        in_time = "in writing no later than the day of its consent to be bound"
        if reservations.mode is ReservationMode.FORBIDDEN:
            paragraphs: tuple[str, ...] = ("No reservation may be made to this Charter.",)
        elif reservations.mode is ReservationMode.ALLOWED:
            allowed = (
                f"An organisation may make a reservation {in_time}, naming the provision that it excepts, unless the reservation "
                "is contrary to the objectives of this Charter."
            )
            paragraphs = (allowed, objection)
        else:
            articles = _joined([_article(one) for one in reservations.clauses], "and")
            paragraphs = (f"An organisation may make a reservation {in_time}, and only to {articles}.", objection)
        return ClauseInEnglish("reservations", "Reservations", paragraphs)

    def _withdrawal(self) -> ClauseInEnglish:
        withdrawal = self._clauses.withdrawal
        text = (
            "An organisation that has consented to be bound may withdraw by written notice to the Depositary. The withdrawal "
            f"takes effect {_after(withdrawal.notice_days)} on which the Depositary receives the notice"
        )
        if withdrawal.earliest_on is not None:
            text += f", but not before {english_date(withdrawal.earliest_on)}"
        kept = "Withdrawal does not affect rights and duties that arose before the day on which it takes effect."
        return ClauseInEnglish("withdrawal", "Withdrawal", (f"{text}.", kept))

    def _expulsion(self) -> ClauseInEnglish:
        rule = self._clauses.expulsion
        text = "No Member may be excluded by a decision of a meeting."
        if rule is not None:
            text = (
                f"The general meeting may exclude a Member by {_vote(rule)}, after giving it the opportunity to explain itself."
            )
        return ClauseInEnglish("expulsion", "Exclusion", (text,))

    def _duration(self) -> ClauseInEnglish:
        duration = self._clauses.duration
        text = "This Charter has no end of its term."
        if duration.ends_on is not None:
            text = f"This Charter has effect until the end of {english_date(duration.ends_on)}{_RENEWALS[duration.renewal]}"
        return ClauseInEnglish("duration", "Duration", (text,))

    def _rectification(self) -> ClauseInEnglish:
        days = _counted(self._clauses.rectification.objection_days, ("day", "days"))
        text = (
            "When a clerical or minor error is found in this Charter, the Depositary gives notice of the proposed text to every "
            f"organisation that has signed or acceded. If none objects within {days} from the day of the notice, the Depositary "
            "draws up a record of the correction, and nobody signs anew."
        )
        return ClauseInEnglish("rectification", "Correction of errors", (text,))

    def _depositary(self) -> ClauseInEnglish:
        duties = (
            f"The Depositary of this Charter is {self._name(self._clauses.depositary)}. It keeps the original, receives "
            "signatures, instruments and notices, examines the form of documents, keeps the register, and informs the "
            "organisations concerned."
        )
        paragraphs = [duties, "The Depositary has no power to decide disputes between Members."]
        if self._clauses.successor_depositary is not None:
            successor = self._name(self._clauses.successor_depositary)
            paragraphs.append(f"If the Depositary cannot perform its duties, {successor} becomes the Depositary in its place.")
        return ClauseInEnglish("depositary", "Depositary", tuple(paragraphs))

    def _authentic_languages(self) -> ClauseInEnglish:
        languages = self._clauses.authentic_languages
        text = f"This Charter is made in {_joined([_LANGUAGES.get(tag, tag) for tag in languages], 'and')}"
        text += (
            ", each text being equally authentic" + _UNLESS_ONE_PREVAILS
            if len(languages) > 1
            else ", and that text prevails in its interpretation."
        )
        return ClauseInEnglish("authentic_languages", "Languages", (text,))

    def _name(self, name: str) -> str:
        return self._names.get(name, name)


def _amendments(amendments: Amendments) -> ClauseInEnglish:
    proposers = ["the committee"] if amendments.proposers.committee else []
    if amendments.proposers.min_member_fraction is not None:
        proposers.append(_of_all(amendments.proposers.min_member_fraction))
    proposal = f"Amendments to this Charter may be proposed by {_joined(proposers, 'or')}."
    adoption = (
        f"The general meeting that considers an amendment needs the presence of {_of_all(amendments.quorum)}, and adopts the "
        f"amendment by {_vote(amendments.adoption_rule)}."
    )
    rule = amendments.in_force_rule
    force = (
        f"An amendment enters into force {_after(rule.delay_days)} on which {_of_all(rule.min_fraction)} have notified their "
        f"acceptance to the Depositary. {_NON_ACCEPTING[amendments.non_accepting]}"
    )
    return ClauseInEnglish("amendments", "Amendments", (proposal, adoption, force))


def _after(days: int) -> str:
    return f"when {_counted(days, ('day has', 'days have'))} run from the day" if days else "on the day"


def _counted(count: int, words: tuple[str, str]) -> str:
    return f"{count} {words[count != 1]}"


def _fraction(fraction: Fraction) -> str:
    return f"at least {_FRACTIONS.get(fraction, f'{fraction.numerator}/{fraction.denominator}')}"


def _of_all(fraction: Fraction) -> str:
    """So many of the Members."""
    return _BASES[VoteBase.MEMBERS] if fraction == 1 else f"{_fraction(fraction)} of {_BASES[VoteBase.MEMBERS]}"


def _vote(rule: VoteRule) -> str:
    if rule.min_fraction == 1:
        return f"a unanimous vote, counted of {_BASES[rule.of]}"
    return f"a vote of {_fraction(rule.min_fraction)} of {_BASES[rule.of]}"


def _article(reference: str) -> str:
    """The name of an article: ข้อ ๗ is Article 7; anything else stays as it stands."""
    article = to_arabic_digits(reference)
    return f"Article {article.removeprefix('ข้อ').strip()}" if article.startswith("ข้อ") else article


def _joined(words: Sequence[str], last: str) -> str:
    """The words as an English list: a; a and b; a, b and c."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def _sentence(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
