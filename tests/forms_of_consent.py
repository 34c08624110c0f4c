"""Papers that break one rule of `mou.charter.form_of_consent` each, with the clause and with what mends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import (
    AgeBand,
    Authority,
    Charter,
    Instrument,
    InstrumentKind,
    Meeting,
    MinorSignature,
    PaperOriginal,
)
from mou.models import OrganisationKind
from tests.charters import AGENCY, ALL_IN_FAVOUR, FOUNDATION, TEXT, act, adopted, authority, charter_with, day, founded, signed

K = InstrumentKind
# Three parties, in force since day 0; `d` and `e` hold an authority and have not signed.
BEGUN = founded("a", "b", "c")
OTHERS = (authority("d"), authority("e"))
YOUTH = OrganisationKind.YOUTH_GROUP
VOTE = {"min_fraction": "2/3", "of": "members"}
ALLOWED = {"reservations": {"mode": "allowed", "objection_days": 10}}
CLOSED = day(100)  # after the window


@dataclass(frozen=True)
class Rule:
    """A paper that fails a clause, what mends it, and what was there before; `also` comes with the mended paper only."""

    clause: str
    paper: Instrument
    mended: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Instrument, ...] = (*BEGUN, *OTHERS)
    also: tuple[Instrument, ...] = ()
    clauses: Mapping[str, Any] = field(default_factory=dict)
    listed: Mapping[str, OrganisationKind] | None = None

    @property
    def charter(self) -> Charter:
        """The charter with the changed clauses."""
        return charter_with(self.listed, **self.clauses)


def meeting(present: int, in_favour: int, against: int = 0) -> Meeting:
    return Meeting({Channel.ON_SITE: present}, in_favour, against, present - in_favour - against)


def deposit(number: int, **more: Any) -> Instrument:  # noqa: ANN401
    """An authority of `d`, each with an id of its own."""
    paper = replace(Authority("second", AuthorityKind.BOARD_RESOLUTION, day(number)), **more)
    return Instrument("deposit", K.AUTHORITY_DEPOSITED, day(number), party="d", party_kind=FOUNDATION, authority=paper)


def revoked(number: int) -> Instrument:
    return act("d", K.AUTHORITY_REVOKED, day(number))


def joins(number: int = 100, **more: Any) -> Instrument:  # noqa: ANN401
    return replace(act("d", K.ACCEDED, day(number)), **more)


SECOND: dict[str, Any] = {"authority_id": "second"}
AUTHORITY_RULES = {
    "an act names its party": Rule("form", replace(signed("d"), party=None), {"party": "d"}),
    "a signature rests on an authority": Rule(
        "proof_of_authority", signed("d", authority_id=None), {"authority_id": "authority of d"}
    ),
    "that is held": Rule("proof_of_authority", signed("d", **SECOND), also=(deposit(0),)),
    "by the party itself": Rule(
        "proof_of_authority", signed("d", authority_id="authority of e"), {"authority_id": "authority of d"}
    ),
    "from the day of its deposit": Rule(
        "proof_of_authority", signed("d", day(1), **SECOND), {"on": day(2)}, (*BEGUN, deposit(2))
    ),
    "from the day of its issue": Rule(
        "proof_of_authority", signed("d", day(3), **SECOND), {"on": day(4)}, (*BEGUN, deposit(2, issued_on=day(4)))
    ),
    "to the end of its last day": Rule(
        "proof_of_authority", signed("d", day(6), **SECOND), {"on": day(5)}, (*BEGUN, deposit(2, expires_on=day(5)))
    ),
    "to the end of the day of its revocation": Rule(
        "proof_of_authority", signed("d", day(6)), {"on": day(5)}, (*BEGUN, *OTHERS, revoked(5))
    ),
    "the first one": Rule(
        "proof_of_authority",
        signed("d", day(6)),
        {"on": day(5)},
        (*BEGUN, *OTHERS, revoked(5), replace(revoked(9), instrument_id="again")),
    ),
    "for this document": Rule(
        "proof_of_authority",
        signed("d", document="other", **SECOND),
        {"document": "mine"},
        (*BEGUN, deposit(0, covers=("mine",))),
    ),
    "for a document at all": Rule(
        "proof_of_authority", signed("d", **SECOND), {"document": "mine"}, (*BEGUN, deposit(0, covers=("mine",)))
    ),
    "for the person who signs": Rule(
        "proof_of_authority", signed("d", signatory="x", **SECOND), {"signatory": "y"}, (*BEGUN, deposit(0, holder="y"))
    ),
    "for somebody who is named": Rule(
        "proof_of_authority", signed("d", **SECOND), {"signatory": "y"}, (*BEGUN, deposit(0, holder="y"))
    ),
    "of a kind for the class that signs": Rule("proof_of_authority", signed("d", kind=AGENCY), {"party_kind": FOUNDATION}),
    "a deposit holds an authority": Rule(
        "proof_of_authority", replace(deposit(1), authority=None), {"authority": deposit(1).authority}
    ),
    "of a kind that the clause asks for": Rule(
        "proof_of_authority", deposit(1, kind=AuthorityKind.OFFICE_BY_LAW), {"authority": deposit(1).authority}
    ),
    "that ends after its issue": Rule(
        "proof_of_authority", deposit(1, expires_on=day(0)), {"authority": deposit(1, expires_on=day(1)).authority}
    ),
    "with an id of its own": Rule(
        "proof_of_authority", deposit(1, authority_id="authority of d"), {"authority": deposit(1).authority}
    ),
    "what is revoked is held": Rule(
        "proof_of_authority", replace(revoked(1), authority_id="second"), {"authority_id": "authority of d"}
    ),
}

SIGNED = (adopted(), authority("a"))
ON_PAPER = PaperOriginal("scan", "mine", attested_by="x", received_by="y")
GOOD_MINOR = MinorSignature(AgeBand.FROM_10_TO_17, day(1), day(1), "an adult")


def by_minor(**changes: Any) -> Instrument:  # noqa: ANN401
    return signed("a", day(1), kind=YOUTH, authority_id="youth", minor=replace(GOOD_MINOR, **changes))


YOUTH_BEGUN = (
    adopted(),
    Instrument(
        "youth deposits",
        K.AUTHORITY_DEPOSITED,
        day(0),
        party="a",
        party_kind=YOUTH,
        authority=Authority("youth", AuthorityKind.APPOINTMENT, day(0)),
    ),
)
MENDED_MINOR = {"minor": GOOD_MINOR}
SIGNATURE_RULES = {
    "a meeting adopts the text of the charter": Rule("text_adopted", replace(adopted(), text="another"), {"text": TEXT}, ()),
    "and says which": Rule("text_adopted", replace(adopted(), text=None), {"text": TEXT}, ()),
    "with minutes": Rule("form", replace(adopted(), meeting=None), {"meeting": ALL_IN_FAVOUR}, ()),
    "with votes": Rule(
        "form", replace(adopted(), meeting=Meeting({Channel.ON_SITE: 3}, 0, 0, 0)), {"meeting": meeting(3, 1)}, ()
    ),
    "of people who were there": Rule("form", replace(adopted(), meeting=Meeting({}, 1, 0, 0)), {"meeting": meeting(1, 1)}, ()),
    "nobody signs before": Rule("text_adopted", signed("a"), before=SIGNED[1:], also=SIGNED[:1]),
    "nor before the window": Rule(
        "signature_window", signed("a", day(-1)), {"on": day(0)}, (adopted(day(-2)), authority("a", day(-2)))
    ),
    "nor after it": Rule("signature_window", signed("a", day(94)), {"on": day(93)}, SIGNED),
    "an eligible class signs": Rule(
        "eligible_classes", signed("a", kind=OrganisationKind.FUNDER), {"party_kind": FOUNDATION}, SIGNED
    ),
    "and says which it is": Rule("eligible_classes", replace(signed("a"), party_kind=None), {"party_kind": FOUNDATION}, SIGNED),
    "the class on the list": Rule(
        "eligible_classes",
        signed("a", kind=OrganisationKind.ASSOCIATION),
        {"party_kind": FOUNDATION},
        SIGNED,
        listed={"a": FOUNDATION},
    ),
    "a final signature where the clause wants one": Rule(
        "effect_of_signature",
        act("a", K.SIGNED_SIMPLE, day(0)),
        {"kind": K.SIGNED_DEFINITIVE},
        SIGNED,
        clauses={"effect_of_signature": "definitive"},
    ),
    "one to be approved where the clause wants that": Rule(
        "effect_of_signature",
        signed("a"),
        {"kind": K.SIGNED_SIMPLE},
        SIGNED,
        clauses={"effect_of_signature": "subject_to_approval"},
    ),
    "paper has a scan": Rule("form", signed("a", channel=Channel.PAPER), {"channel": Channel.ONLINE}, SIGNED),
    "only paper has one": Rule("form", signed("a", document="mine", paper=ON_PAPER), {"channel": Channel.PAPER}, SIGNED),
    "of what was signed": Rule(
        "form", signed("a", document="other", channel=Channel.PAPER, paper=ON_PAPER), {"document": "mine"}, SIGNED
    ),
    "attested by another than who received it": Rule(
        "form",
        signed("a", document="mine", channel=Channel.PAPER, paper=replace(ON_PAPER, received_by="x")),
        {"paper": ON_PAPER},
        SIGNED,
    ),
    "a guardian consents": Rule("minors", by_minor(guardian_consent_on=None), MENDED_MINOR, YOUTH_BEGUN),
    "no later than the signature": Rule("minors", by_minor(guardian_consent_on=day(2)), MENDED_MINOR, YOUTH_BEGUN),
    "the minor assents": Rule("minors", by_minor(assent_on=None), MENDED_MINOR, YOUTH_BEGUN),
    "no later than it signs": Rule("minors", by_minor(assent_on=day(2)), MENDED_MINOR, YOUTH_BEGUN),
    "after the guardian's consent": Rule("minors", by_minor(assent_on=day(0)), MENDED_MINOR, YOUTH_BEGUN),
    "an adult signs beside": Rule("minors", by_minor(adult_beside=None), MENDED_MINOR, YOUTH_BEGUN),
    "at 18 and 19 too": Rule("minors", by_minor(age_band=AgeBand.FROM_18_TO_19, adult_beside=None), MENDED_MINOR, YOUTH_BEGUN),
    "no longer at 20": Rule(
        "minors",
        by_minor(age_band=AgeBand.FROM_18_TO_19, guardian_consent_on=None, assent_on=None, adult_beside=None),
        {"minor": MinorSignature(AgeBand.FROM_20)},
        YOUTH_BEGUN,
    ),
}

APPROVED = act("d", K.APPROVAL_DEPOSITED, day(5))
SIMPLE = act("d", K.SIGNED_SIMPLE, day(1))
ENDED = {"duration": {"ends_on": day(150), "renewal": "none"}}
CONSENT_RULES = {
    "an approval confirms a signature": Rule("effect_of_signature", APPROVED, also=(SIMPLE,)),
    "that was there before it": Rule(
        "effect_of_signature", APPROVED, {"on": day(6)}, (*BEGUN, *OTHERS, replace(SIMPLE, on=day(6)))
    ),
    "and that no consent has used": Rule(
        "effect_of_signature",
        replace(APPROVED, on=day(20), instrument_id="again"),
        before=(*BEGUN, *OTHERS, SIMPLE, APPROVED, act("d", K.WITHDRAWAL_NOTIFIED, day(8))),
        also=(replace(SIMPLE, on=day(19), instrument_id="anew"),),
        clauses={"withdrawal": {"notice_days": 0}},
    ),
    "by an eligible class": Rule(
        "eligible_classes",
        replace(APPROVED, party_kind=OrganisationKind.FUNDER),
        {"party_kind": None},
        (*BEGUN, *OTHERS, SIMPLE),
    ),
    "while the charter lasts": Rule(
        "duration", replace(APPROVED, on=day(151)), {"on": day(150)}, (*BEGUN, *OTHERS, SIMPLE), clauses=ENDED
    ),
    "as an accession": Rule("duration", joins(151), {"on": day(150)}, clauses=ENDED),
    "and a signature": Rule(
        "duration",
        signed("d", day(151)),
        {"on": day(150)},
        clauses={**ENDED, "signature_window": {"opens_on": day(0), "closes_on": None}},
    ),
    "or was not ended below its minimum": Rule(
        "remains_in_force_below_minimum",
        joins(11),
        {"on": day(9)},
        (*founded("a", "b"), *OTHERS, act("a", K.WITHDRAWAL_NOTIFIED, day(0))),
        clauses={"remains_in_force_below_minimum": False, "withdrawal": {"notice_days": 10}},
    ),
    "nobody accedes before the text is adopted": Rule("text_adopted", joins(), before=OTHERS, also=(adopted(),)),
    "nor while one still signs": Rule("accession", joins(93), {"on": day(94)}, (adopted(), *OTHERS)),
    "an eligible class accedes": Rule("eligible_classes", joins(party_kind=OrganisationKind.FUNDER), {"party_kind": FOUNDATION}),
    "with an invitation where the clause asks for one": Rule(
        "accession", joins(), {"invitation": "letter"}, clauses={"accession": {"mode": "by_invitation"}}
    ),
    "with minutes where it asks for a vote": Rule(
        "form", joins(), {"meeting": meeting(3, 2)}, clauses={"accession": {"mode": "by_vote", "rule": VOTE}}
    ),
    "and enough votes of the members": Rule(
        "accession",
        joins(meeting=meeting(3, 1, 2)),
        {"meeting": meeting(3, 2, 1)},
        clauses={"accession": {"mode": "by_vote", "rule": VOTE}},
    ),
    "of whom there are some": Rule(
        "accession",
        joins(meeting=meeting(3, 3)),
        before=(adopted(), *OTHERS),
        also=BEGUN[1:],
        clauses={"accession": {"mode": "by_vote", "rule": VOTE}},
    ),
}

RESERVED = act("d", K.RESERVED, day(2), provisions=("7",))
HELD = (*BEGUN, *OTHERS, replace(RESERVED, instrument_id="reservation"), signed("d", day(2)))
TOLD = (*HELD, Instrument("notice", K.NOTICE_ISSUED, day(3), about=("reservation",)))
OBJECTED = act("a", K.OBJECTED, day(13), reference="reservation")
RESERVATION_RULES = {
    "a reservation names what is excepted": Rule(
        "reservations", replace(RESERVED, provisions=()), {"provisions": ("7",)}, clauses=ALLOWED
    ),
    "among what may be": Rule(
        "reservations",
        replace(RESERVED, provisions=("7", "8")),
        {"provisions": ("7", "10")},
        clauses={"reservations": {"mode": "listed", "clauses": ["ข้อ ๗", "ข้อ ๑๐"], "objection_days": 10}},
    ),
    "no later than the consent": Rule(
        "reservations", RESERVED, {"on": day(1)}, (*BEGUN, *OTHERS, signed("d", day(1))), clauses=ALLOWED
    ),
    "an objection is to a reservation that is held": Rule(
        "reservations", OBJECTED, before=(*BEGUN, *OTHERS), also=HELD[9:], clauses=ALLOWED
    ),
    "of another": Rule("reservations", replace(OBJECTED, party="d"), {"party": "b"}, HELD, clauses=ALLOWED),
    "by one that has consented": Rule("reservations", replace(OBJECTED, party="e"), {"party": "b"}, HELD, clauses=ALLOWED),
    "in the time that runs from the notice": Rule(
        "reservations", replace(OBJECTED, on=day(14)), {"on": day(13)}, TOLD, clauses=ALLOWED
    ),
}
