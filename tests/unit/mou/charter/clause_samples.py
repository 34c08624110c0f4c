"""Final clauses for tests: one set without contradictions, and for each single value others that it may have. All invented."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, get_type_hints

from hypothesis import strategies as st

from mou.charter.clauses import (
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
from mou.models import OrganisationKind

CLAUSES: Final = FinalClauses(
    eligible_classes=frozenset({OrganisationKind.FOUNDATION, OrganisationKind.STATE_AGENCY}),
    signature_window=SignatureWindow(date(2022, 3, 29), date(2022, 6, 30)),
    effect_of_signature=EffectOfSignature.STATED_BY_SIGNATORY,
    proof_of_authority={
        OrganisationKind.FOUNDATION: (AuthorityKind.BOARD_RESOLUTION,),
        OrganisationKind.STATE_AGENCY: (AuthorityKind.OFFICE_BY_LAW, AuthorityKind.DELEGATION_ORDER),
    },
    entry_into_force=EntryIntoForce(
        delay_days=30,
        min_count=13,
        min_fraction=Fraction(2, 3),
        of_list="บัญชีสมาชิก",
        class_minimums={OrganisationKind.STATE_AGENCY: 2},
    ),
    later_party_delay_days=15,
    accession=Accession(AccessionMode.BY_VOTE, VoteRule(Fraction(1, 2), VoteBase.MEMBERS_PRESENT)),
    reservations=Reservations(ReservationMode.LISTED, 45, ("ข้อ ๗",)),
    amendments=Amendments(
        Proposers(committee=True, min_member_fraction=Fraction(1, 4)),
        quorum=Fraction(1, 2),
        adoption_rule=VoteRule(Fraction(2, 3), VoteBase.VOTES_CAST),
        in_force_rule=AmendmentForce(Fraction(3, 5), 20),
        non_accepting=NonAccepting.STAY_ON_OLD,
    ),
    withdrawal=Withdrawal(90, date(2023, 1, 1)),
    expulsion=VoteRule(Fraction(3, 4), VoteBase.MEMBERS),
    duration=Duration(Renewal.AUTOMATIC, date(2026, 12, 31)),
    rectification=Rectification(21),
    depositary="secretariat",
    authentic_languages=("th",),
    successor_depositary="org-2",
    remains_in_force_below_minimum=False,
)

_DAYS = st.integers(min_value=0, max_value=400)
_FRACTIONS = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20)
_VOTES = st.builds(VoteRule, _FRACTIONS, st.sampled_from(VoteBase))
_KINDS = st.sampled_from(OrganisationKind)
_DOCUMENTS = st.lists(st.sampled_from(AuthorityKind), min_size=1, unique=True).map(tuple)
_IDS = st.sampled_from(("org-1", "org-2", "org-3"))

VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "eligible_classes": st.frozensets(_KINDS, min_size=1),
    "signature_window.opens_on": st.dates(date(2022, 1, 1), date(2022, 6, 1)),
    "signature_window.closes_on": st.none() | st.dates(date(2022, 6, 2), date(2023, 1, 1)),
    "effect_of_signature": st.sampled_from(EffectOfSignature),
    "proof_of_authority": st.dictionaries(_KINDS, _DOCUMENTS, min_size=1),
    "entry_into_force.delay_days": _DAYS,
    "entry_into_force.min_count": st.none() | st.integers(min_value=1, max_value=50),
    "entry_into_force.min_fraction": st.none() | _FRACTIONS,
    "entry_into_force.of_list": st.sampled_from(("บัญชีสมาชิก", "บัญชีผู้ก่อตั้ง")),
    "entry_into_force.class_minimums": st.none() | st.dictionaries(_KINDS, st.integers(1, 9), min_size=1, max_size=3),
    "later_party_delay_days": _DAYS,
    "accession.mode": st.sampled_from((AccessionMode.OPEN, AccessionMode.BY_INVITATION)),
    "accession.rule": _VOTES,
    "reservations.mode": st.sampled_from((ReservationMode.FORBIDDEN, ReservationMode.ALLOWED)),
    "reservations.objection_days": st.integers(min_value=1, max_value=400),
    "reservations.clauses": st.lists(st.sampled_from(("ข้อ ๗", "ข้อ ๘", "ข้อ ๙")), min_size=1, unique=True).map(tuple),
    "amendments.proposers.committee": st.booleans(),
    "amendments.proposers.min_member_fraction": st.none() | _FRACTIONS,
    "amendments.quorum": _FRACTIONS,
    "amendments.adoption_rule.min_fraction": _FRACTIONS,
    "amendments.adoption_rule.of": st.sampled_from(VoteBase),
    "amendments.in_force_rule.min_fraction": _FRACTIONS,
    "amendments.in_force_rule.delay_days": _DAYS,
    "amendments.non_accepting": st.sampled_from(NonAccepting),
    "withdrawal.notice_days": _DAYS,
    "withdrawal.earliest_on": st.none() | st.dates(date(2023, 3, 1), date(2026, 1, 1)),
    "expulsion": st.none() | _VOTES,
    "duration.renewal": st.sampled_from(Renewal),
    "duration.ends_on": st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    "rectification.objection_days": st.integers(min_value=1, max_value=400),
    "depositary": _IDS,
    "authentic_languages": st.lists(st.sampled_from(("th", "en", "my")), min_size=1, unique=True).map(tuple),
    "successor_depositary": st.none() | _IDS,
    "remains_in_force_below_minimum": st.none() | st.booleans(),
}
"""For each single value of the clauses, by its path, the values that it may have beside the others of `CLAUSES`."""


def with_value(clauses: Any, path: str, value: object) -> Any:  # noqa: ANN401  # clauses, or one table of them
    """The clauses with another value at a path; what that value needs or excludes beside it comes along or goes."""
    step, _, rest = path.partition(".")
    changed = replace(clauses, **{step: with_value(getattr(clauses, step), rest, value) if rest else value})
    if isinstance(changed, Accession):
        return replace(changed, rule=changed.rule if changed.mode is AccessionMode.BY_VOTE else None)
    if isinstance(changed, Reservations) and changed.mode is not ReservationMode.LISTED:
        days = 0 if changed.mode is ReservationMode.FORBIDDEN else changed.objection_days
        return Reservations(changed.mode, days)
    if isinstance(changed, EntryIntoForce) and changed.min_fraction is None:
        return replace(changed, of_list=None)
    return changed


def paths_of(kind: type) -> list[str]:
    """The path of every single value that clauses of this type hold; a vote or a table that may be left out is one value."""
    found = []
    for name, hint in get_type_hints(kind).items():
        below = paths_of(hint) if is_dataclass(hint) and isinstance(hint, type) else None
        found += [f"{name}.{one}" for one in below] if below is not None else [name]
    assert len(get_type_hints(kind)) == len(fields(kind))
    return found
