"""The form of what binds a party: its authority, signature, approval, accession; reservations and the objections to them."""

from mou.ceremony import Channel
from mou.charter.ages import consent_faults
from mou.charter.clauses import AccessionMode, EffectOfSignature, ReservationMode
from mou.charter.form_rules import (
    FormFault,
    party_of,
    require,
    require_consented,
    require_eligible,
    require_minutes,
    require_not_ended,
    require_vote,
)
from mou.charter.instruments import Instrument, InstrumentKind
from mou.charter.knowledge import Knowledge, days_after
from mou.thai import to_arabic_digits
from signatures.messages import say


def article_of(reference: str) -> str:
    """Return the number of an article as instruments hold it: ข้อ ๑๐ becomes 10; text without a number stays as it is."""
    digits = "".join(letter for letter in to_arabic_digits(reference) if letter.isdigit())
    return digits or reference


def check_adoption(register: Knowledge, instrument: Instrument) -> None:
    """The minutes of a meeting that adopted this charter's text."""
    require("text_adopted", instrument.text, say("the digest of the text is expected, got none"))
    require(
        "text_adopted",
        instrument.text == register.charter.text,
        say("the text of this charter is expected ({expected}), got {got}", expected=register.charter.text, got=instrument.text),
    )
    require_minutes(instrument)


def require_authority(register: Knowledge, instrument: Instrument) -> None:
    """An authority that is held, of a kind that the clause asks for, for this person and document, counting on this day."""
    party, held = party_of(register, instrument), None
    if instrument.authority_id is not None:
        held = party.authorities.get(instrument.authority_id)
    require("proof_of_authority", held, say("an authority that the depositary holds is expected, got none"))
    assert held is not None
    paper, kind = held.authority, instrument.party_kind or party.kind
    wanted = () if kind is None else register.charter.clauses.proof_of_authority.get(kind, ())
    require(
        "proof_of_authority",
        not wanted or paper.kind in wanted,
        say(
            "for {kind} one of these is expected: {expected}; got {got}",
            kind=kind or "-",
            expected=", ".join(wanted),
            got=paper.kind,
        ),
    )
    require(
        "proof_of_authority",
        paper.holder is None or paper.holder == instrument.signatory,
        say("the person whom {authority} authorises is expected to act, got another", authority=paper.authority_id),
    )
    require(
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


def check_authority(register: Knowledge, instrument: Instrument) -> None:
    """A document of a kind that the clause asks for, with an id of its own."""
    paper, party = instrument.authority, party_of(register, instrument)
    require("proof_of_authority", paper, say("a document of authority is expected, got none"))
    assert paper is not None
    kind = instrument.party_kind or party.kind
    wanted = () if kind is None else register.charter.clauses.proof_of_authority.get(kind, ())
    require(
        "proof_of_authority",
        paper.kind in wanted,
        say(
            "for {kind} one of these is expected: {expected}; got {got}",
            kind=kind or "-",
            expected=", ".join(wanted) or "-",
            got=paper.kind,
        ),
    )
    require(
        "proof_of_authority",
        paper.expires_on is None or paper.expires_on >= paper.issued_on,
        say(
            "an authority that ends after its issue is expected ({issued}), got {ended}",
            issued=paper.issued_on,
            ended=paper.expires_on,
        ),
    )
    require(
        "proof_of_authority",
        paper.authority_id not in party.authorities,
        say("an authority with an id of its own is expected; {authority} is held already", authority=paper.authority_id),
    )


def check_revocation(register: Knowledge, instrument: Instrument) -> None:
    """The end of an authority that is held."""
    known = instrument.authority_id in party_of(register, instrument).authorities
    require("proof_of_authority", known, say("an authority that the depositary holds is expected, got none"))


def check_signature(register: Knowledge, instrument: Instrument) -> None:
    """In the window, by an eligible class, of an effect that the clause allows, with what paper and minors need."""
    clauses, window = register.charter.clauses, register.charter.clauses.signature_window
    require("text_adopted", register.memory.adopted_on, say("an adopted text is expected before anybody signs"))
    require_not_ended(register, instrument)
    require_eligible(register, instrument, instrument.party_kind)
    require(
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
    require(
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


def _require_paper(instrument: Instrument) -> None:
    paper = instrument.paper
    require(
        "form",
        (paper is not None) == (instrument.channel is Channel.PAPER),
        say("a scan with its attestation is expected exactly where the channel is paper"),
    )
    if paper is not None:
        require(
            "form",
            paper.original == instrument.document,
            say("a scan of the document that was signed is expected, got one of another"),
        )
        require(
            "form",
            paper.attested_by != paper.received_by,
            say("an attestation by somebody else than who received the paper is expected"),
        )


def _require_consent_of_minor(instrument: Instrument) -> None:
    faults = () if instrument.minor is None else consent_faults(instrument.minor, instrument.on)
    if faults:
        raise FormFault("minors", faults[0])


def check_approval(register: Knowledge, instrument: Instrument) -> None:
    """The confirmation of a simple signature that waits for it, or of a consent that stands anyway."""
    party = party_of(register, instrument)
    require_not_ended(register, instrument)
    require(
        "effect_of_signature",
        party.pending_signature(instrument.on) or party.open_membership(instrument.on),
        say("an earlier signature subject to approval is expected, got none"),
    )
    if instrument.party_kind is not None:
        require_eligible(register, instrument, instrument.party_kind)


def check_accession(register: Knowledge, instrument: Instrument) -> None:
    """When signing is over or the charter in force, as the clause lets one join."""
    clauses, window = register.charter.clauses, register.charter.clauses.signature_window
    require("text_adopted", register.memory.adopted_on, say("an adopted text is expected before anybody accedes"))
    require_not_ended(register, instrument)
    require_eligible(register, instrument, instrument.party_kind)
    closed = window.closes_on is not None and instrument.on > window.closes_on
    require(
        "accession",
        closed or register.is_in_force(instrument.on),
        say("a closed window or a charter in force is expected on {day}; until then an organisation signs", day=instrument.on),
    )
    if clauses.accession.mode is AccessionMode.BY_INVITATION:
        require("accession", instrument.invitation, say("an invitation is expected, got none"))
    if clauses.accession.rule is not None:
        require_vote(register, instrument, "accession", clauses.accession.rule)


def check_reservation(register: Knowledge, instrument: Instrument) -> None:
    """As the clause allows, naming what is excepted, no later than the consent."""
    clause = register.charter.clauses.reservations
    require(
        "reservations", clause.mode is not ReservationMode.FORBIDDEN, say("no reservation is expected: the charter forbids them")
    )
    require("reservations", instrument.provisions, say("the provisions that are excepted are expected, got none"))
    if clause.mode is ReservationMode.LISTED:
        listed = {article_of(one) for one in clause.clauses}
        others = [one for one in instrument.provisions if one not in listed]
        require(
            "reservations",
            not others,
            say("articles among {expected} are expected, got {got}", expected=", ".join(sorted(listed)), got=", ".join(others)),
        )
    membership = party_of(register, instrument).open_membership(instrument.on)
    require(
        "reservations",
        membership is None or membership.consent_on >= instrument.on,
        say(
            "a reservation no later than the consent is expected ({consent})",
            consent=membership.consent_on if membership else "-",
        ),
    )


def check_objection(register: Knowledge, instrument: Instrument) -> None:
    """To another's reservation, by one that has consented, in the time that runs from the notice."""
    reservation = register.reservation(instrument.reference)
    require("reservations", reservation, say("a reservation that the depositary holds is expected, got none"))
    assert reservation is not None
    require(
        "reservations", reservation.party != instrument.party, say("another party's reservation is expected, got the party's own")
    )
    require_consented(register, instrument, "reservations")
    if reservation.notified_on is not None:
        last = days_after(reservation.notified_on, register.charter.clauses.reservations.objection_days)
        require(
            "reservations",
            instrument.on <= last,
            say("an objection until {last} is expected, got {day}", last=last, day=instrument.on),
        )
