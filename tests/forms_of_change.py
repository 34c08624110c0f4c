"""Papers that break one rule of `mou.charter.form_of_change` each, with the clause and with what mends them."""

from dataclasses import replace
from typing import Any

from mou.charter.instruments import (
    Instrument,
    InstrumentKind,
)
from tests.charters import ALL_IN_FAVOUR, act, day, founded, signed
from tests.forms_of_consent import BEGUN, ENDED, OTHERS, VOTE, Rule, meeting

K = InstrumentKind
WITH_TERM = {"duration": {"ends_on": day(200), "renewal": "by_agreement"}}


def decided(kind: InstrumentKind, number: int, **more: Any) -> Instrument:  # noqa: ANN401
    return replace(Instrument(f"{kind} {number}", kind, day(number), meeting=ALL_IN_FAVOUR, document="minutes"), **more)


PROPOSED = decided(K.AMENDMENT_PROPOSED, 10, reference="first", text="new")
ADOPTED = decided(K.AMENDMENT_ADOPTED, 11, reference="first")
ACCEPTED = act("a", K.AMENDMENT_ACCEPTED, day(12), reference="first")
KNOWN = (*BEGUN, *OTHERS, PROPOSED)
BY_MEMBERS = {"amendments": {"proposers": {"committee": False, "min_member_fraction": "1/2"}}}
BY_COMMITTEE = {"amendments": {"proposers": {"committee": True}}}
WRONG = decided(K.RECTIFICATION_PROPOSED, 10, reference="error", text="right", replaces="wrong")
NOTED = (*BEGUN, *OTHERS, WRONG)
AGAINST = act("a", K.RECTIFICATION_OBJECTED, day(40), reference="error")
EFFECTED = decided(K.RECTIFICATION_EFFECTED, 41, reference="error")
TEXT_RULES = {
    "an amendment has a name": Rule("amendments", replace(PROPOSED, reference=None), {"reference": "first"}),
    "and a text": Rule("amendments", replace(PROPOSED, text=None), {"text": "new"}),
    "and a name of its own": Rule(
        "amendments", replace(PROPOSED, instrument_id="the same again"), {"reference": "second"}, KNOWN
    ),
    "the committee proposes where it may": Rule("amendments", PROPOSED, {"proposed_by": ("a", "b")}, clauses=BY_MEMBERS),
    "members where they may": Rule(
        "amendments", replace(PROPOSED, proposed_by=("a", "b", "c")), {"proposed_by": ()}, clauses=BY_COMMITTEE
    ),
    "enough of them": Rule("amendments", replace(PROPOSED, proposed_by=("a",)), {"proposed_by": ("a", "b")}),
    "who are members": Rule("amendments", replace(PROPOSED, proposed_by=("a", "d")), {"proposed_by": ("a", "b")}),
    "each once": Rule("amendments", replace(PROPOSED, proposed_by=("a", "a")), {"proposed_by": ("a", "b")}),
    "what is adopted was proposed": Rule("amendments", ADOPTED, also=(PROPOSED,)),
    "by the members of a charter in force": Rule(
        "amendments",
        replace(ADOPTED, on=day(11)),
        {"on": day(12)},
        (*founded("a", "b", "c", on=day(5)), decided(K.AMENDMENT_PROPOSED, 6, reference="first", text="new")),
        clauses={"entry_into_force": {"min_count": 3, "delay_days": 7}},
    ),
    "with minutes": Rule("form", replace(ADOPTED, meeting=None), {"meeting": ALL_IN_FAVOUR}, KNOWN),
    "with the quorum": Rule("amendments", replace(ADOPTED, meeting=meeting(1, 1)), {"meeting": meeting(2, 2)}, KNOWN),
    "with the vote": Rule("amendments", replace(ADOPTED, meeting=meeting(3, 1, 2)), {"meeting": meeting(3, 2, 1)}, KNOWN),
    "what is accepted was adopted": Rule("amendments", ACCEPTED, before=KNOWN, also=(ADOPTED,)),
    "by a party": Rule(
        "amendments",
        replace(ACCEPTED, party="d", authority_id="authority of d"),
        {"party": "a", "authority_id": "authority of a"},
        (*KNOWN, ADOPTED),
    ),
    "a rectification has a name of its own": Rule(
        "rectification", replace(WRONG, instrument_id="the same again"), {"reference": "second"}, NOTED
    ),
    "and a name at all": Rule("rectification", replace(WRONG, reference=None), {"reference": "error"}),
    "a new text": Rule("rectification", replace(WRONG, text=None), {"text": "right"}),
    "an old text": Rule("rectification", replace(WRONG, replaces=None), {"replaces": "wrong"}),
    "that differ": Rule("rectification", replace(WRONG, text="wrong"), {"text": "right"}),
    "an objection is to one that was proposed": Rule("rectification", AGAINST, also=(WRONG,)),
    "by who signed": Rule("rectification", replace(AGAINST, party="d"), {"party": "a"}, NOTED),
    "in time": Rule("rectification", replace(AGAINST, on=day(41)), {"on": day(40)}, NOTED),
    "what is effected was proposed": Rule("rectification", EFFECTED, also=(WRONG,)),
    "after the time to object": Rule("rectification", replace(EFFECTED, on=day(40)), {"on": day(41)}, NOTED),
    "without objection": Rule(
        "rectification",
        EFFECTED,
        {"reference": "second"},
        (*NOTED, AGAINST, replace(WRONG, instrument_id="two", reference="second")),
    ),
    "once": Rule(
        "rectification",
        replace(EFFECTED, on=day(50), instrument_id="again"),
        {"reference": "second"},
        (*NOTED, EFFECTED, replace(WRONG, instrument_id="two", reference="second")),
    ),
}

LEAVING = act("a", K.WITHDRAWAL_NOTIFIED, day(20))
EXCLUDED = act("a", K.PARTY_EXPELLED, day(20), meeting=meeting(3, 2, 1))
RENEWED = decided(K.RENEWAL_DECIDED, 199, renewed=True, until=day(300))
PASSED_ON = act("a", K.SUCCEEDED, day(20), document="register", successor="d")
TAKEN_OVER = decided(K.DEPOSITARY_CHANGED, 20, successor="e")
CHANGE_RULES = {
    "who leaves has consented": Rule(
        "withdrawal", replace(LEAVING, party="d", authority_id="authority of d"), also=(signed("d"),)
    ),
    "and not left": Rule(
        "withdrawal",
        replace(LEAVING, instrument_id="again", on=day(21)),
        {"party": "b", "authority_id": "authority of b"},
        (*BEGUN, LEAVING),
        clauses={"withdrawal": {"notice_days": 0}},
    ),
    "nobody is excluded where the clause knows no vote": Rule(
        "expulsion", EXCLUDED, {"kind": K.WITHDRAWAL_NOTIFIED}, clauses={"expulsion": "none"}
    ),
    "a party is excluded": Rule("expulsion", replace(EXCLUDED, party="d"), {"party": "b"}, clauses={"expulsion": VOTE}),
    "by minutes": Rule("form", replace(EXCLUDED, meeting=None), {"meeting": meeting(3, 2)}, clauses={"expulsion": VOTE}),
    "by enough votes": Rule(
        "expulsion", replace(EXCLUDED, meeting=meeting(3, 1, 2)), {"meeting": meeting(3, 2, 1)}, clauses={"expulsion": VOTE}
    ),
    "what can be renewed is": Rule("duration", RENEWED, {"kind": K.NUMBER_ASSIGNED}, clauses=ENDED),
    "or is not: that is said": Rule("duration", replace(RENEWED, renewed=None), {"renewed": False}, clauses=WITH_TERM),
    "by a meeting": Rule("form", replace(RENEWED, meeting=None), {"meeting": ALL_IN_FAVOUR}, clauses=WITH_TERM),
    "before the last day": Rule("duration", replace(RENEWED, on=day(200)), {"on": day(199)}, clauses=WITH_TERM),
    "to a day": Rule("duration", replace(RENEWED, until=None), {"until": day(201)}, clauses=WITH_TERM),
    "that is later": Rule("duration", replace(RENEWED, until=day(200)), {"until": day(201)}, clauses=WITH_TERM),
    "a succession is shown": Rule("succession", replace(PASSED_ON, document=None), {"document": "register"}),
    "to somebody": Rule("succession", replace(PASSED_ON, successor=None), {"successor": "d"}),
    "else": Rule("succession", replace(PASSED_ON, successor="a"), {"successor": "d"}),
    "who was not succeeded": Rule(
        "succession", replace(PASSED_ON, party="c", successor="a", on=day(21)), {"successor": "b"}, (*BEGUN, PASSED_ON)
    ),
    "who was succeeded acts no more": Rule("succession", replace(LEAVING, on=day(21)), {"on": day(19)}, (*BEGUN, PASSED_ON)),
    "not on that day either": Rule("succession", replace(LEAVING, on=day(20)), {"on": day(19)}, (*BEGUN, PASSED_ON)),
    "a new depositary is decided on": Rule("depositary", replace(TAKEN_OVER, document=None), {"document": "minutes"}),
    "and named": Rule("depositary", replace(TAKEN_OVER, successor=None), {"successor": "e"}),
    "it is the one that the clause names": Rule(
        "depositary", TAKEN_OVER, {"successor": "d"}, clauses={"successor_depositary": "d"}
    ),
}
