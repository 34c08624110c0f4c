"""Each rule of due form: one paper that breaks exactly that fact, with its clause, and the same paper with the fact mended."""

from dataclasses import replace

import pytest

from mou.charter.due_form import article_of
from mou.charter.instruments import (
    NEEDS_AUTHORITY,
    OF_A_PARTY,
    Instrument,
    InstrumentKind,
)
from mou.charter.register import replay
from tests.charters import ALL_IN_FAVOUR, act, adopted, charter_with, day, signed
from tests.forms_of_change import CHANGE_RULES, TEXT_RULES
from tests.forms_of_consent import (
    AUTHORITY_RULES,
    BEGUN,
    CLOSED,
    CONSENT_RULES,
    RESERVATION_RULES,
    SECOND,
    SIGNATURE_RULES,
    Rule,
    deposit,
)

K = InstrumentKind

RULES = {
    f"{group}: {name}": rule
    for group, rules in {
        "authority": AUTHORITY_RULES,
        "signature": SIGNATURE_RULES,
        "consent": CONSENT_RULES,
        "reservation": RESERVATION_RULES,
        "text": TEXT_RULES,
        "change": CHANGE_RULES,
    }.items()
    for name, rule in rules.items()
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


@every_rule
def test_a_paper_that_breaks_one_rule_is_returned_for_its_clause(rule: Rule) -> None:
    register = replay(rule.charter, [*rule.before, rule.paper])
    assert {name: (fault.clause, fault.on) for name, fault in register.faults.items()} == {
        rule.paper.instrument_id: (rule.clause, rule.paper.on)
    }


@every_rule
def test_the_same_paper_with_that_one_fact_mended_is_accepted(rule: Rule) -> None:
    assert not replay(rule.charter, [*rule.before, *rule.also, replace(rule.paper, **rule.mended)]).faults


@every_rule
def test_the_fact_is_a_whole_sentence(rule: Rule) -> None:
    fault = replay(rule.charter, [*rule.before, rule.paper]).faults[rule.paper.instrument_id]
    assert "expected" in str(fault.fact)
    assert "None" not in str(fault.fact)


@pytest.mark.parametrize("kind", sorted(NEEDS_AUTHORITY))
def test_each_act_that_binds_rests_on_an_authority(kind: InstrumentKind) -> None:
    register = replay(charter_with(), [*BEGUN, act("a", kind, CLOSED, authority_id=None)])
    assert [fault.clause for fault in register.faults.values()] == ["proof_of_authority"]


@pytest.mark.parametrize("kind", sorted(OF_A_PARTY))
def test_each_act_of_a_party_names_it(kind: InstrumentKind) -> None:
    register = replay(charter_with(), [*BEGUN, replace(act("a", kind, CLOSED), party=None)])
    assert [fault.clause for fault in register.faults.values()] == ["form"]


def test_a_delegate_who_signs_after_the_authority_expired_is_returned_and_not_counted() -> None:
    papers = [adopted(), deposit(0, expires_on=day(5)), signed("d", day(6), **SECOND)]
    register = replay(charter_with(), papers)
    fault = register.faults[papers[-1].instrument_id]
    assert (fault.clause, fault.on) == ("proof_of_authority", day(6))
    assert str(fault.fact) == (
        "an authority that covers this document on 2022-04-04 is expected; second counts from 2022-03-29 to 2022-04-03"
    )
    assert (register.memory.signed, register.memory.counted.total) == (0, 0)


@pytest.mark.parametrize(("renewal", "renewed"), [("automatic", True), ("automatic", False), ("by_agreement", False)])
def test_a_decision_on_the_term_needs_a_day_only_where_a_meeting_alone_renews(renewal: str, renewed: bool) -> None:  # noqa: FBT001
    charter = charter_with(duration={"ends_on": day(200), "renewal": renewal})
    decision = Instrument("decision", InstrumentKind.RENEWAL_DECIDED, day(150), renewed=renewed, meeting=ALL_IN_FAVOUR)
    assert not replay(charter, [*BEGUN, decision]).faults


def test_two_consents_of_one_party_are_both_in_due_form() -> None:
    register = replay(charter_with(), [*BEGUN, signed("a", day(1)), act("a", K.APPROVAL_DEPOSITED, day(2))])
    assert not register.faults
    assert register.memory.counted.total == 3


@pytest.mark.parametrize(("written", "number"), [("ข้อ ๑๐", "10"), ("Article 7", "7"), ("๓", "3"), ("คำปรารภ", "คำปรารภ")])
def test_an_article_is_known_by_its_number(written: str, number: str) -> None:
    assert article_of(written) == number
