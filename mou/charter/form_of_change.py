"""The form of what changes the charter or who is a party: amendments, rectification, leaving, renewal, succession, keeping."""

import math

from mou.charter.clauses import Renewal
from mou.charter.form_rules import (
    party_of,
    require,
    require_acting,
    require_consented,
    require_member,
    require_minutes,
    require_vote,
)
from mou.charter.instruments import Instrument
from mou.charter.knowledge import Knowledge
from signatures.messages import say


def check_proposal(register: Knowledge, instrument: Instrument) -> None:
    """An amendment by whom the clause names: the committee, or so many members."""
    proposers = register.charter.clauses.amendments.proposers
    require("amendments", instrument.reference and instrument.text, say("a name and the digest of the new text are expected"))
    require(
        "amendments",
        instrument.reference not in register.memory.amendments,
        say("an amendment with a name of its own is expected"),
    )
    if not instrument.proposed_by:
        require(
            "amendments", proposers.committee, say("a proposal by members is expected: the committee has no right to propose")
        )
        return
    fraction = proposers.min_member_fraction
    require("amendments", fraction, say("a proposal by the committee is expected: members have no right to propose"))
    assert fraction is not None
    members = [one for one in sorted(set(instrument.proposed_by)) if register.is_member(one, instrument.on)]
    needed = math.ceil(fraction * register.members_at_dawn)
    require(
        "amendments",
        members and len(members) >= needed,
        say("a proposal by at least {needed} members is expected, got {got}", needed=max(needed, 1), got=len(members)),
    )


def check_amendment_adoption(register: Knowledge, instrument: Instrument) -> None:
    """A vote with quorum of the members of a charter in force."""
    clause = register.charter.clauses.amendments
    require(
        "amendments",
        instrument.reference in register.memory.amendments,
        say("a proposed amendment is expected, got none of this name"),
    )
    require(
        "amendments",
        register.is_in_force(instrument.on),
        say("a charter in force on {day} is expected: before that it has no members to change it", day=instrument.on),
    )
    meeting = require_minutes(instrument)
    quorum = max(1, math.ceil(clause.quorum * register.members_at_dawn))
    require(
        "amendments",
        meeting.total_present >= quorum,
        say("a quorum of {needed} is expected, got {got}", needed=quorum, got=meeting.total_present),
    )
    require_vote(register, instrument, "amendments", clause.adoption_rule)


def check_acceptance(register: Knowledge, instrument: Instrument) -> None:
    """By a party, of an amendment that a meeting has adopted."""
    amendment = register.memory.amendments.get(instrument.reference or "")
    require("amendments", amendment and amendment.adopted_on, say("an adopted amendment is expected, got none of this name"))
    require_member(register, instrument, "amendments")


def check_rectification(register: Knowledge, instrument: Instrument) -> None:
    """An error with its correction, under a name of its own."""
    known = register.memory.rectifications
    require(
        "rectification",
        instrument.reference and instrument.reference not in known,
        say("a rectification with a name of its own is expected"),
    )
    require(
        "rectification", instrument.text and instrument.replaces, say("the digests of the old and of the new text are expected")
    )
    require("rectification", instrument.text != instrument.replaces, say("a new text that differs from the old one is expected"))


def check_rectification_objection(register: Knowledge, instrument: Instrument) -> None:
    """By an organisation that has signed or consented, in time."""
    rectification = register.memory.rectifications.get(instrument.reference or "")
    require("rectification", rectification, say("a proposed rectification is expected, got none of this name"))
    assert rectification is not None
    party = party_of(register, instrument)
    require("rectification", party.signed_on or party.membership, say("an organisation that has signed is expected"))
    last = rectification.last_day_to_object
    require(
        "rectification",
        instrument.on <= last,
        say("an objection until {last} is expected, got {day}", last=last, day=instrument.on),
    )


def check_rectification_effect(register: Knowledge, instrument: Instrument) -> None:
    """Once, when the time to object is over and nobody has objected."""
    rectification = register.memory.rectifications.get(instrument.reference or "")
    require("rectification", rectification, say("a proposed rectification is expected, got none of this name"))
    assert rectification is not None
    last = rectification.last_day_to_object
    require(
        "rectification", instrument.on > last, say("a day after {last} is expected: until then anybody may object", last=last)
    )
    require("rectification", not rectification.objections, say("a rectification without objection is expected"))
    require(
        "rectification",
        rectification.effected_on is None,
        say("a rectification that was not effected yet is expected; this one was on {day}", day=rectification.effected_on or "-"),
    )


def check_withdrawal(register: Knowledge, instrument: Instrument) -> None:
    """By one that has consented and not left."""
    require_consented(register, instrument, "withdrawal")


def check_expulsion(register: Knowledge, instrument: Instrument) -> None:
    """By the vote that the clause asks for, of a party."""
    rule = register.charter.clauses.expulsion
    require("expulsion", rule, say("no expulsion is expected: the charter excludes it"))
    assert rule is not None
    require_member(register, instrument, "expulsion")
    require_vote(register, instrument, "expulsion", rule)


def check_renewal(register: Knowledge, instrument: Instrument) -> None:
    """A meeting's decision before the last day of the term, with the new last day where the clause leaves it to the meeting."""
    renewal, ends_on = register.charter.clauses.duration.renewal, register.term_end(instrument.on)
    require("duration", renewal is not Renewal.NONE, say("no renewal is expected: the charter has none"))
    require("duration", instrument.renewed is not None, say("whether the charter is renewed is expected, got nothing"))
    require_minutes(instrument)
    require(
        "duration", ends_on and instrument.on < ends_on, say("a decision before the end ({end}) is expected", end=ends_on or "-")
    )
    needs_end = instrument.renewed and renewal is Renewal.BY_AGREEMENT
    if needs_end or instrument.until is not None:
        require(
            "duration",
            instrument.until and ends_on and instrument.until > ends_on,
            say("a new last day after {end} is expected, got {got}", end=ends_on or "-", got=instrument.until or "-"),
        )


def check_succession(register: Knowledge, instrument: Instrument) -> None:
    """Shown by a document, to another organisation, which was not succeeded itself."""
    require("succession", instrument.document, say("a document that shows the succession is expected, got none"))
    require("succession", instrument.successor, say("the organisation that succeeds is expected, got none"))
    require("succession", instrument.successor != instrument.party, say("another organisation is expected as the successor"))
    require_acting(register, instrument.successor or "")


def check_depositary(register: Knowledge, instrument: Instrument) -> None:
    """A decision for a new depositary, the one that the charter names where it names one."""
    successor = register.charter.clauses.successor_depositary
    require("depositary", instrument.document, say("the decision on the new depositary is expected, got none"))
    require("depositary", instrument.successor, say("the organisation that becomes the depositary is expected, got none"))
    require(
        "depositary",
        successor is None or instrument.successor == successor,
        say(
            "the successor that the charter names is expected ({expected}), got {got}",
            expected=successor or "-",
            got=instrument.successor or "-",
        ),
    )
