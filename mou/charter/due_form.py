"""Due form: what must be so before an instrument counts. The depositary examines form, and rules on nothing else.

Each check looks at what stood when the papers of that kind were read (`mou.charter.instruments` has their order within a day)
and returns the clause, the day and the fact that failed. The rules, by the kind of the instrument:

1. Every act of a party names the party and its class. Signatures, accession, withdrawal and the acceptance of an amendment rest
   on an authority that the depositary holds, that covers the document, and that counts on that day.
2. A signature falls in the window, comes from an eligible class, and is of an effect that the clause allows. A signature on
   paper has a scan bound to the digest of the electronic original, and is attested by somebody else than who received it.
3. A minor's signature has a guardian's consent and the minor's own assent, neither later than itself, and an adult beside it.
4. An approval confirms an earlier simple signature.
5. Accession comes when the window is closed or the charter is in force, with the invitation or the vote that the clause asks for.
6. A reservation names provisions, is allowed by the clause, and comes no later than the consent. An objection comes in its time.
7. An amendment is proposed by whom the clause names, adopted with quorum and vote, accepted by parties.
8. A rectification is effected when the time to object is over and nobody has objected.
9. Leaving, exclusion, renewal, succession and a new depositary each follow their clause.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mou.ceremony import Channel
from mou.charter.clauses import AccessionMode, EffectOfSignature, Renewal, ReservationMode
from mou.charter.conditions import vote_fault
from mou.charter.instruments import NEEDS_AUTHORITY, OF_A_PARTY, Instrument, InstrumentKind, Meeting
from mou.models import OrganisationKind
from mou.thai import to_arabic_digits
from signatures.messages import Message, say

if TYPE_CHECKING:
    from mou.charter.memory import PartyMemory
    from mou.charter.register import Register


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an instrument does not count: the clause that it fails, the day, and the fact."""

    clause: str
    on: date
    fact: Message


class _FormFault(Exception):  # noqa: N818  # how a check speaks; it never leaves this module
    def __init__(self, clause: str, fact: Message) -> None:
        super().__init__(clause)
        self.clause, self.fact = clause, fact


def fault_of(register: "Register", instrument: Instrument) -> Fault | None:
    """Return why the instrument is not in due form, or None where it is."""
    try:
        if instrument.kind in OF_A_PARTY:
            _require_party(instrument)
        if instrument.kind in NEEDS_AUTHORITY:
            _require_authority(register, instrument)
        check = _CHECKS.get(instrument.kind)
        if check is not None:
            check(register, instrument)
    except _FormFault as fault:
        return Fault(fault.clause, instrument.on, fault.fact)
    return None


def _require(clause: str, holds: object, template: Message) -> None:
    if not holds:
        raise _FormFault(clause, template)


def _require_party(instrument: Instrument) -> None:
    _require("form", instrument.party is not None, say("the party whose act this is is expected, got none"))


def _require_authority(register: "Register", instrument: Instrument) -> None:
    held = None
    if instrument.authority_id is not None:
        held = _party(register, instrument).authorities.get(instrument.authority_id)
    _require("proof_of_authority", held, say("an authority that the depositary holds is expected, got none"))
    assert held is not None
    paper = held.authority
    _require(
        "proof_of_authority",
        held.covers(instrument.document, instrument.on),
        say(
            "an authority that covers this document on {day} is expected; {authority} counts from {first} to {last}",
            day=instrument.on,
            authority=paper.authority_id,
            first=max(held.deposited_on, paper.issued_on),
            last=min((day for day in (paper.expires_on, held.revoked_on) if day is not None), default=None) or "-",
        ),
    )


def _check_adoption(_register: "Register", instrument: Instrument) -> None:
    _require("text_adopted", instrument.text, say("the digest of the text is expected, got none"))
    _require_minutes(instrument)


def _require_minutes(instrument: Instrument) -> Meeting:
    meeting = instrument.meeting
    _require("form", meeting, say("what the minutes say is expected: who was present, and the votes"))
    assert meeting is not None
    voted = meeting.in_favour + meeting.against + meeting.abstaining
    _require(
        "form",
        0 < voted <= meeting.total_present,
        say(
            "at most as many votes as were present are expected ({present}), got {voted}",
            present=meeting.total_present,
            voted=voted,
        ),
    )
    return meeting


def _check_authority(register: "Register", instrument: Instrument) -> None:
    paper = instrument.authority
    _require("proof_of_authority", paper, say("a document of authority is expected, got none"))
    assert paper is not None
    kind = instrument.party_kind or _party(register, instrument).kind
    wanted = () if kind is None else register.charter.clauses.proof_of_authority.get(kind, ())
    _require(
        "proof_of_authority",
        paper.kind in wanted,
        say(
            "for {kind} one of these is expected: {expected}; got {got}",
            kind=kind or "-",
            expected=", ".join(wanted) or "-",
            got=paper.kind,
        ),
    )
    _require(
        "proof_of_authority",
        paper.expires_on is None or paper.expires_on >= paper.issued_on,
        say(
            "an authority that ends after its issue is expected ({issued}), got {ended}",
            issued=paper.issued_on,
            ended=paper.expires_on,
        ),
    )


def _check_revocation(register: "Register", instrument: Instrument) -> None:
    known = instrument.authority_id in _party(register, instrument).authorities
    _require("proof_of_authority", known, say("an authority that the depositary holds is expected, got none"))


def _check_signature(register: "Register", instrument: Instrument) -> None:
    clauses, window = register.charter.clauses, register.charter.clauses.signature_window
    _require("text_adopted", register.memory.adopted_on, say("an adopted text is expected before anybody signs"))
    _require_eligible(register, instrument.party_kind)
    _require(
        "signature_window",
        window.opens_on <= instrument.on and (window.closes_on is None or instrument.on <= window.closes_on),
        say(
            "a day from {first} to {last} is expected, got {day}",
            first=window.opens_on,
            last=window.closes_on or "-",
            day=instrument.on,
        ),
    )
    refused = {
        EffectOfSignature.DEFINITIVE: InstrumentKind.SIGNED_SIMPLE,
        EffectOfSignature.SUBJECT_TO_APPROVAL: InstrumentKind.SIGNED_DEFINITIVE,
    }
    _require(
        "effect_of_signature",
        refused.get(clauses.effect_of_signature) is not instrument.kind,
        say(
            "a signature of the effect {expected} is expected, got {got}",
            expected=clauses.effect_of_signature,
            got=instrument.kind,
        ),
    )
    _require_paper(instrument)
    _require_consent_of_minor(instrument)


def _require_eligible(register: "Register", kind: OrganisationKind | None) -> None:
    _require(
        "eligible_classes",
        kind in register.charter.clauses.eligible_classes,
        say("a class that may sign is expected, got {kind}", kind=kind or "-"),
    )


def _require_paper(instrument: Instrument) -> None:
    paper = instrument.paper
    _require(
        "form",
        (paper is not None) == (instrument.channel is Channel.PAPER),
        say("a scan with its attestation is expected exactly where the channel is paper"),
    )
    if paper is not None:
        _require(
            "form",
            paper.original == instrument.document,
            say("a scan of the document that was signed is expected, got one of another"),
        )
        _require(
            "form",
            paper.attested_by != paper.received_by,
            say("an attestation by somebody else than who received the paper is expected"),
        )


def _require_consent_of_minor(instrument: Instrument) -> None:
    minor = instrument.minor
    if minor is None or not minor.age_band.is_minor:
        return
    for given_on, whose in (
        (minor.guardian_consent_on, say("a guardian's consent")),
        (minor.assent_on, say("the minor's own assent")),
    ):
        _require(
            "minors",
            given_on is not None and given_on <= instrument.on,
            say("{whose} on or before {day} is expected, got {got}", whose=whose, day=instrument.on, got=given_on or "-"),
        )
    _require("minors", minor.adult_beside, say("the signature of an adult beside the minor's is expected, got none"))


def _check_approval(register: "Register", instrument: Instrument) -> None:
    _require(
        "effect_of_signature",
        _party(register, instrument).signed_simply,
        say("an earlier signature subject to approval is expected, got none"),
    )


def _check_accession(register: "Register", instrument: Instrument) -> None:
    clauses, window = register.charter.clauses, register.charter.clauses.signature_window
    _require_eligible(register, instrument.party_kind)
    closed = window.closes_on is not None and instrument.on > window.closes_on
    _require(
        "accession",
        closed or register.is_in_force(instrument.on),
        say("a closed window or a charter in force is expected on {day}; until then an organisation signs", day=instrument.on),
    )
    if clauses.accession.mode is AccessionMode.BY_INVITATION:
        _require("accession", instrument.invitation, say("an invitation is expected, got none"))
    if clauses.accession.rule is not None:
        fault = vote_fault(clauses.accession.rule, _require_minutes(instrument), register.members_at_dawn)
        _require("accession", fault is None, fault or say("a vote is expected"))


def _check_reservation(register: "Register", instrument: Instrument) -> None:
    clause = register.charter.clauses.reservations
    _require(
        "reservations", clause.mode is not ReservationMode.FORBIDDEN, say("no reservation is expected: the charter forbids them")
    )
    _require("reservations", instrument.provisions, say("the provisions that are excepted are expected, got none"))
    if clause.mode is ReservationMode.LISTED:
        listed = {article_of(one) for one in clause.clauses}
        others = [one for one in instrument.provisions if one not in listed]
        _require(
            "reservations",
            not others,
            say("articles among {expected} are expected, got {got}", expected=", ".join(sorted(listed)), got=", ".join(others)),
        )
    membership = _party(register, instrument).membership
    _require(
        "reservations",
        membership is None or membership.consent_on >= instrument.on,
        say(
            "a reservation no later than the consent is expected ({consent})",
            consent=membership.consent_on if membership else "-",
        ),
    )


def _check_objection(register: "Register", instrument: Instrument) -> None:
    reservation = register.reservation(instrument.reference)
    _require("reservations", reservation, say("a reservation that the depositary holds is expected, got none"))
    assert reservation is not None
    _require(
        "reservations", reservation.party != instrument.party, say("another party's reservation is expected, got the party's own")
    )
    _require_member(register, instrument, "reservations")
    if reservation.notified_on is not None:
        last = reservation.notified_on + timedelta(days=register.charter.clauses.reservations.objection_days)
        _require(
            "reservations",
            instrument.on <= last,
            say("an objection until {last} is expected, got {day}", last=last, day=instrument.on),
        )


def _check_proposal(register: "Register", instrument: Instrument) -> None:
    proposers = register.charter.clauses.amendments.proposers
    _require("amendments", instrument.reference and instrument.text, say("a name and the digest of the new text are expected"))
    _require(
        "amendments",
        instrument.reference not in register.memory.amendments,
        say("an amendment with a name of its own is expected"),
    )
    if not instrument.proposed_by:
        _require(
            "amendments", proposers.committee, say("a proposal by members is expected: the committee has no right to propose")
        )
        return
    fraction = proposers.min_member_fraction
    _require("amendments", fraction, say("a proposal by the committee is expected: members have no right to propose"))
    assert fraction is not None
    members = [one for one in sorted(set(instrument.proposed_by)) if register.is_member(one, instrument.on)]
    needed = math.ceil(fraction * register.members_at_dawn)
    _require(
        "amendments",
        members and len(members) >= needed,
        say("a proposal by at least {needed} members is expected, got {got}", needed=max(needed, 1), got=len(members)),
    )


def _check_amendment_adoption(register: "Register", instrument: Instrument) -> None:
    clause = register.charter.clauses.amendments
    _require(
        "amendments",
        instrument.reference in register.memory.amendments,
        say("a proposed amendment is expected, got none of this name"),
    )
    meeting, members = _require_minutes(instrument), register.members_at_dawn
    quorum = max(1, math.ceil(clause.quorum * members))
    _require(
        "amendments",
        meeting.total_present >= quorum,
        say("a quorum of {needed} is expected, got {got}", needed=quorum, got=meeting.total_present),
    )
    fault = vote_fault(clause.adoption_rule, meeting, members)
    _require("amendments", fault is None, fault or say("a vote is expected"))


def _check_acceptance(register: "Register", instrument: Instrument) -> None:
    amendment = register.memory.amendments.get(instrument.reference or "")
    _require("amendments", amendment and amendment.adopted_on, say("an adopted amendment is expected, got none of this name"))
    _require_member(register, instrument, "amendments")


def _check_rectification(register: "Register", instrument: Instrument) -> None:
    known = register.memory.rectifications
    _require(
        "rectification",
        instrument.reference and instrument.reference not in known,
        say("a rectification with a name of its own is expected"),
    )
    _require(
        "rectification", instrument.text and instrument.replaces, say("the digests of the old and of the new text are expected")
    )
    _require("rectification", instrument.text != instrument.replaces, say("a new text that differs from the old one is expected"))


def _check_rectification_objection(register: "Register", instrument: Instrument) -> None:
    rectification = register.memory.rectifications.get(instrument.reference or "")
    _require("rectification", rectification, say("a proposed rectification is expected, got none of this name"))
    assert rectification is not None
    party = _party(register, instrument)
    _require("rectification", party.signed_on or party.membership, say("an organisation that has signed is expected"))
    last = rectification.last_day_to_object
    _require(
        "rectification",
        instrument.on <= last,
        say("an objection until {last} is expected, got {day}", last=last, day=instrument.on),
    )


def _check_rectification_effect(register: "Register", instrument: Instrument) -> None:
    rectification = register.memory.rectifications.get(instrument.reference or "")
    _require("rectification", rectification, say("a proposed rectification is expected, got none of this name"))
    assert rectification is not None
    last = rectification.last_day_to_object
    _require(
        "rectification", instrument.on > last, say("a day after {last} is expected: until then anybody may object", last=last)
    )
    _require("rectification", not rectification.objections, say("a rectification without objection is expected"))


def _check_withdrawal(register: "Register", instrument: Instrument) -> None:
    membership = _party(register, instrument).membership
    _require(
        "withdrawal",
        membership is not None and (membership.left_on is None or membership.left_on > instrument.on),
        say("an organisation that has consented and not left is expected"),
    )


def _check_expulsion(register: "Register", instrument: Instrument) -> None:
    rule = register.charter.clauses.expulsion
    _require("expulsion", rule, say("no expulsion is expected: the charter excludes it"))
    assert rule is not None
    _require_member(register, instrument, "expulsion")
    fault = vote_fault(rule, _require_minutes(instrument), register.members_at_dawn)
    _require("expulsion", fault is None, fault or say("a vote is expected"))


def _check_renewal(register: "Register", instrument: Instrument) -> None:
    renewal, ends_on = register.charter.clauses.duration.renewal, register.term_end(instrument.on)
    _require("duration", renewal is not Renewal.NONE, say("no renewal is expected: the charter has none"))
    _require("duration", instrument.renewed is not None, say("whether the charter is renewed is expected, got nothing"))
    _require(
        "duration", ends_on and instrument.on <= ends_on, say("a decision before the end ({end}) is expected", end=ends_on or "-")
    )
    needs_end = instrument.renewed and renewal is Renewal.BY_AGREEMENT
    if needs_end or instrument.until is not None:
        _require(
            "duration",
            instrument.until and ends_on and instrument.until > ends_on,
            say("a new last day after {end} is expected, got {got}", end=ends_on or "-", got=instrument.until or "-"),
        )


def _check_succession(register: "Register", instrument: Instrument) -> None:
    _require("succession", instrument.document, say("a document that shows the succession is expected, got none"))
    _require("succession", instrument.successor, say("the organisation that succeeds is expected, got none"))
    _require("succession", instrument.successor != instrument.party, say("another organisation is expected as the successor"))
    _require(
        "succession",
        register.party(instrument.successor or "").membership is None,
        say("a successor that is no party itself is expected"),
    )


def _check_depositary(register: "Register", instrument: Instrument) -> None:
    successor = register.charter.clauses.successor_depositary
    _require("depositary", instrument.document, say("the decision on the new depositary is expected, got none"))
    _require(
        "depositary",
        successor is None or instrument.successor == successor,
        say(
            "the successor that the charter names is expected ({expected}), got {got}",
            expected=successor or "-",
            got=instrument.successor or "-",
        ),
    )


def _require_member(register: "Register", instrument: Instrument, clause: str) -> None:
    assert instrument.party is not None
    _require(
        clause,
        register.is_member(instrument.party, instrument.on),
        say("a party for which the charter is in force on {day} is expected", day=instrument.on),
    )


def _party(register: "Register", instrument: Instrument) -> "PartyMemory":
    assert instrument.party is not None
    return register.party(instrument.party)


def article_of(reference: str) -> str:
    """Return the number of an article as instruments hold it: ข้อ ๑๐ becomes 10; text without a number stays as it is."""
    digits = "".join(letter for letter in to_arabic_digits(reference) if letter.isdigit())
    return digits or reference


_CHECKS: dict[InstrumentKind, Callable[["Register", Instrument], None]] = {
    InstrumentKind.TEXT_ADOPTED: _check_adoption,
    InstrumentKind.AUTHORITY_DEPOSITED: _check_authority,
    InstrumentKind.AUTHORITY_REVOKED: _check_revocation,
    InstrumentKind.SIGNED_SIMPLE: _check_signature,
    InstrumentKind.SIGNED_DEFINITIVE: _check_signature,
    InstrumentKind.APPROVAL_DEPOSITED: _check_approval,
    InstrumentKind.ACCEDED: _check_accession,
    InstrumentKind.RESERVED: _check_reservation,
    InstrumentKind.OBJECTED: _check_objection,
    InstrumentKind.AMENDMENT_PROPOSED: _check_proposal,
    InstrumentKind.AMENDMENT_ADOPTED: _check_amendment_adoption,
    InstrumentKind.AMENDMENT_ACCEPTED: _check_acceptance,
    InstrumentKind.RECTIFICATION_PROPOSED: _check_rectification,
    InstrumentKind.RECTIFICATION_OBJECTED: _check_rectification_objection,
    InstrumentKind.RECTIFICATION_EFFECTED: _check_rectification_effect,
    InstrumentKind.WITHDRAWAL_NOTIFIED: _check_withdrawal,
    InstrumentKind.PARTY_EXPELLED: _check_expulsion,
    InstrumentKind.RENEWAL_DECIDED: _check_renewal,
    InstrumentKind.SUCCEEDED: _check_succession,
    InstrumentKind.DEPOSITARY_CHANGED: _check_depositary,
}
