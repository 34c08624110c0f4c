"""What a rule of form is made of: a fact that is required, under the clause that asks for it."""

from mou.charter.clauses import VoteRule
from mou.charter.conditions import vote_fault
from mou.charter.instruments import Instrument, Meeting
from mou.charter.knowledge import Knowledge
from mou.charter.memory import PartyMemory
from mou.models import OrganisationKind
from signatures.messages import Message, say


class FormFault(Exception):  # noqa: N818  # how a rule speaks; it never leaves the examination
    """A fact that was required and is not there."""

    def __init__(self, clause: str, fact: Message) -> None:
        """Keep the clause and the fact."""
        super().__init__(clause)
        self.clause, self.fact = clause, fact


def require(clause: str, holds: object, fact: Message) -> None:
    """Stop with this fault unless the fact holds."""
    if not holds:
        raise FormFault(clause, fact)


def party_of(register: Knowledge, instrument: Instrument) -> PartyMemory:
    """Return what is known of the party whose act this is."""
    assert instrument.party is not None
    return register.party(instrument.party)


def require_acting(register: Knowledge, party: str) -> None:
    """An organisation that nobody has succeeded: of one that is gone there is nobody to act."""
    succeeded_by = register.party(party).succeeded_by
    require(
        "succession",
        succeeded_by is None,
        say(
            "an organisation that goes on is expected; {party} was succeeded by {successor} on {day}",
            party=party,
            day=succeeded_by[0] if succeeded_by else "-",
            successor=succeeded_by[1] if succeeded_by else "-",
        ),
    )


def require_minutes(instrument: Instrument) -> Meeting:
    """Return what the minutes say, with no more votes than there were people to cast them."""
    meeting = instrument.meeting
    require("form", meeting, say("what the minutes say is expected: who was present, and the votes"))
    assert meeting is not None
    voted = meeting.in_favour + meeting.against + meeting.abstaining
    require(
        "form",
        0 < voted <= meeting.total_present,
        say(
            "at most as many votes as were present are expected ({present}), got {voted}",
            present=meeting.total_present,
            voted=voted,
        ),
    )
    return meeting


def require_vote(register: Knowledge, instrument: Instrument, clause: str, rule: VoteRule) -> None:
    """The votes that the rule asks for, of the members whom the register counts at the beginning of the day."""
    fault = vote_fault(rule, require_minutes(instrument), register.members_at_dawn)
    if fault is not None:
        raise FormFault(clause, fault)


def require_eligible(register: Knowledge, instrument: Instrument, kind: OrganisationKind | None) -> None:
    """Of a class that may sign, and, for an organisation on the list, of the class under which it stands there."""
    require(
        "eligible_classes",
        kind in register.charter.clauses.eligible_classes,
        say("a class that may sign is expected, got {kind}", kind=kind or "-"),
    )
    listed = (register.charter.listed or {}).get(instrument.party or "")
    has_succeeded = party_of(register, instrument).succeeds is not None
    require(
        "eligible_classes",
        listed is None or listed == kind or has_succeeded,
        say("the class under which the list has it is expected ({listed}), got {kind}", listed=listed or "-", kind=kind or "-"),
    )


def require_member(register: Knowledge, instrument: Instrument, clause: str) -> None:
    """A party for which the charter is in force."""
    assert instrument.party is not None
    require(
        clause,
        register.is_member(instrument.party, instrument.on),
        say("a party for which the charter is in force on {day} is expected", day=instrument.on),
    )


def require_consented(register: Knowledge, instrument: Instrument, clause: str) -> None:
    """A party that has consented and not left, whether the charter is in force for it or not yet."""
    require(
        clause,
        party_of(register, instrument).open_membership(instrument.on),
        say("an organisation that has consented and not left is expected"),
    )


def require_not_ended(register: Knowledge, instrument: Instrument) -> None:
    """Nobody consents to a charter that is over."""
    ended = register.ended_from(instrument.on)
    is_term = ended is not None and ended != register.memory.ended_on
    require(
        "duration" if is_term else "remains_in_force_below_minimum",
        ended is None,
        say("a charter that has not ended is expected; this one was over from {day}", day=ended or "-"),
    )
