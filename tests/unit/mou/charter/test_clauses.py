import tomllib
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.charter.clauses import (
    AccessionMode,
    AmendmentForce,
    AuthorityKind,
    EffectOfSignature,
    NonAccepting,
    Renewal,
    VoteBase,
    VoteRule,
    clauses_as_record,
    parse_clauses,
)
from mou.charter.wording import ClauseInThai, clauses_in_thai
from mou.errors import TemplateError
from mou.models import OrganisationKind
from signatures.canonical import canonical_bytes

Table: TypeAlias = dict[str, Any]

WHOLE = """
eligible_classes = ["foundation", "state_agency"]
effect_of_signature = "stated_by_signatory"
later_party_delay_days = 15
expulsion = { min_fraction = "3/4", of = "members" }
depositary = "secretariat"
successor_depositary = "org-2"
authentic_languages = ["th", "en"]
remains_in_force_below_minimum = false

[signature_window]
opens_on = 2022-03-29
closes_on = 2022-06-30

[proof_of_authority]
foundation = ["board_resolution"]
state_agency = ["office_by_law", "delegation_order"]

[entry_into_force]
min_count = 13
min_fraction = "2/3"
of_list = "บัญชีสมาชิก"
class_minimums = { state_agency = 2 }
delay_days = 30

[accession]
mode = "by_vote"
rule = { min_fraction = "1/2", of = "members_present" }

[reservations]
mode = "listed"
clauses = ["ข้อ ๗"]
objection_days = 45

[amendments]
proposers = { committee = true, min_member_fraction = "1/4" }
quorum = "1/2"
adoption_rule = { min_fraction = "2/3", of = "votes_cast" }
in_force_rule = { min_fraction = "3/5", delay_days = 20 }
non_accepting = "deemed_out"

[withdrawal]
notice_days = 90
earliest_on = 2023-01-01

[duration]
ends_on = 2026-12-31
renewal = "automatic"

[rectification]
objection_days = 21
"""


@pytest.fixture
def whole() -> Table:
    return tomllib.loads(WHOLE)


def sentences(clauses: tuple[ClauseInThai, ...], key: str) -> str:
    clause = next(one for one in clauses if one.key == key)
    return "\n".join((*clause.paragraphs, *clause.items, *clause.closing))


def test_every_key_is_read(whole: Table) -> None:
    clauses = parse_clauses(whole, "final_clauses")
    assert clauses.eligible_classes == {OrganisationKind.FOUNDATION, OrganisationKind.STATE_AGENCY}
    assert clauses.signature_window.closes_on == date(2022, 6, 30)
    assert clauses.effect_of_signature is EffectOfSignature.STATED_BY_SIGNATORY
    assert clauses.proof_of_authority[OrganisationKind.FOUNDATION] == (AuthorityKind.BOARD_RESOLUTION,)
    assert clauses.entry_into_force.min_fraction == Fraction(2, 3)
    assert clauses.entry_into_force.class_minimums == {OrganisationKind.STATE_AGENCY: 2}
    assert (clauses.accession.mode, clauses.accession.rule) == (
        AccessionMode.BY_VOTE,
        VoteRule(Fraction(1, 2), VoteBase.MEMBERS_PRESENT),
    )
    assert clauses.amendments.in_force_rule == AmendmentForce(Fraction(3, 5), 20)
    assert clauses.amendments.non_accepting is NonAccepting.DEEMED_OUT
    assert clauses.duration.renewal is Renewal.AUTOMATIC
    assert clauses.remains_in_force_below_minimum is False


def test_the_record_of_the_clauses_is_canonical_json_and_gives_the_same_clauses_back(whole: Table) -> None:
    clauses = parse_clauses(whole, "final_clauses")
    record = clauses_as_record(clauses)
    assert canonical_bytes(record)
    assert parse_clauses(record, "the record") == clauses


def test_silence_on_the_minimum_is_written_and_is_neither_yes_nor_no(whole: Table) -> None:
    whole["remains_in_force_below_minimum"] = "silent"
    clauses = parse_clauses(whole, "final_clauses")
    assert clauses.remains_in_force_below_minimum is None
    assert parse_clauses(clauses_as_record(clauses), "the record") == clauses
    assert "ลดลง" not in sentences(clauses_in_thai(clauses), "entry_into_force")


def change(*path: str, to: object) -> Callable[[Table], None]:
    def apply(table: Table) -> None:
        for step in path[:-1]:
            table = table[step]
        table[path[-1]] = to

    return apply


def remove(*path: str) -> Callable[[Table], None]:
    def apply(table: Table) -> None:
        for step in path[:-1]:
            table = table[step]
        del table[path[-1]]

    return apply


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        pytest.param(remove("depositary"), "depositary: text that is not empty expected, missing", id="no depositary"),
        pytest.param(remove("remains_in_force_below_minimum"), "remains_in_force_below_minimum", id="minimum left open"),
        pytest.param(
            change("entry_into_force", "min_fraction", to="3/2"), "entry_into_force: min_fraction: a fraction", id="over one"
        ),
        pytest.param(change("entry_into_force", "min_fraction", to=0.66), "min_fraction: a fraction", id="a float"),
        pytest.param(change("entry_into_force", "min_fraction", to="1/0"), "min_fraction: a fraction", id="divided by zero"),
        pytest.param(remove("entry_into_force", "of_list"), "of_list", id="fraction of nothing"),
        pytest.param(
            change("entry_into_force", "delay_days", to=-1), "delay_days: a whole number of at least 0", id="negative days"
        ),
        pytest.param(
            change("withdrawal", "notice_days", to=36_501),
            "notice_days: at most 36500 days expected, got 36501",
            id="over a century",
        ),
        pytest.param(change("later_party_delay_days", to=True), "later_party_delay_days", id="truth for a number"),
        pytest.param(
            change("signature_window", "closes_on", to=date(2022, 3, 28)), "closes_on: a day not before", id="closed before open"
        ),
        pytest.param(remove("accession", "rule"), "accession: rule", id="vote without a rule"),
        pytest.param(change("accession", "mode", to="open"), "accession: rule", id="rule without a vote"),
        pytest.param(remove("reservations", "clauses"), "reservations: clauses", id="listed without a list"),
        pytest.param(change("reservations", "mode", to="allowed"), "reservations: clauses", id="list without listed"),
        pytest.param(remove("proof_of_authority", "foundation"), "proof_of_authority: foundation", id="class without proof"),
        pytest.param(change("proof_of_authority", "guild", to=["appointment"]), "guild", id="unknown class"),
        pytest.param(
            change("entry_into_force", "class_minimums", to={"funder": 1}), "class_minimums: funder", id="class not eligible"
        ),
        pytest.param(
            change("amendments", "proposers", to={"committee": False}), "proposers: min_member_fraction", id="nobody proposes"
        ),
        pytest.param(remove("duration", "ends_on"), "duration: ends_on", id="renewal without an end"),
        pytest.param(change("successor_depositary", to="secretariat"), "successor_depositary", id="succeeds itself"),
        pytest.param(change("withdrawl", to={}), "withdrawl: this key is not known", id="misspelt key"),
        pytest.param(change("withdrawal", to=90), "withdrawal: a table expected", id="number for a table"),
        pytest.param(change("signature_window", "opens_on", to="someday"), "opens_on: a day such as", id="no day"),
    ],
)
def test_a_fault_is_refused_with_its_place(whole: Table, fault: Callable[[Table], None], told: str) -> None:
    fault(whole)
    with pytest.raises(TemplateError) as refusal:
        parse_clauses(whole, "final_clauses")
    assert told in str(refusal.value)


def test_a_charter_that_never_starts_is_refused(whole: Table) -> None:
    whole["entry_into_force"] = {"delay_days": 30}
    with pytest.raises(TemplateError, match="at least one of min_count"):
        parse_clauses(whole, "final_clauses")


def test_all_faults_are_reported_at_once(whole: Table) -> None:
    for fault in (remove("depositary"), change("effect_of_signature", to="maybe"), remove("duration", "renewal")):
        fault(whole)
    with pytest.raises(TemplateError) as refusal:
        parse_clauses(whole, "template.toml: final_clauses")
    assert len(refusal.value.problems) == 3
    assert all(str(problem).startswith("template.toml: final_clauses") for problem in refusal.value.problems)


def test_the_sentences_say_what_the_data_says(whole: Table) -> None:
    said = clauses_in_thai(
        parse_clauses(whole, "final_clauses"), organisation_names={"secretariat": "กองเลขานุการ", "org-2": "มูลนิธิ ก"}
    )
    assert sentences(said, "eligible_classes") == "องค์กรหรือหน่วยงานประเภทมูลนิธิและหน่วยงานรัฐ มีสิทธิลงนามในธรรมนูญนี้"
    assert "ตั้งแต่วันที่ ๒๙ มีนาคม ๒๕๖๕ ถึงวันที่ ๓๐ มิถุนายน ๒๕๖๕" in sentences(said, "signature_window")
    force = sentences(said, "entry_into_force")
    assert "เมื่อครบ ๓๐ วันนับแต่วันที่" in force
    assert "องค์กรไม่น้อยกว่า ๑๓ องค์กร\nองค์กรตามบัญชีสมาชิกไม่น้อยกว่าสองในสาม\nหน่วยงานรัฐไม่น้อยกว่า ๒ องค์กร" in force
    assert "เมื่อครบ ๑๕ วันนับแต่วันที่แสดงเจตนา" in force
    assert "สิ้นผล" in force
    assert "ไม่น้อยกว่ากึ่งหนึ่งของจำนวนองค์กรสมาชิกที่เข้าประชุม" in sentences(said, "accession")
    assert "เฉพาะข้อ ๗" in sentences(said, "reservations")
    assert "ภายใน ๔๕ วัน" in sentences(said, "reservations")
    assert "คณะกรรมการหรือองค์กรสมาชิกไม่น้อยกว่าหนึ่งในสี่" in sentences(said, "amendments")
    assert "ไม่น้อยกว่าสองในสามของจำนวนเสียงที่ลงคะแนน" in sentences(said, "amendments")
    assert "เมื่อครบ ๒๐ วันนับแต่วันที่องค์กรสมาชิกไม่น้อยกว่าสามในห้า" in sentences(said, "amendments")
    assert "เมื่อครบ ๙๐ วันนับแต่วันที่ผู้เก็บรักษาได้รับแจ้ง แต่จะมีผลก่อนวันที่ ๑ มกราคม ๒๕๖๖ มิได้" in sentences(said, "withdrawal")
    assert "ไม่น้อยกว่าสามในสี่" in sentences(said, "expulsion")
    assert "๓๑ ธันวาคม ๒๕๖๙ และให้ต่ออายุออกไปโดยอัตโนมัติ" in sentences(said, "duration")
    assert "ภายใน ๒๑ วัน" in sentences(said, "rectification")
    assert "ให้กองเลขานุการเป็นผู้เก็บรักษา" in sentences(said, "depositary")
    assert "ให้มูลนิธิ กเป็นผู้เก็บรักษาแทน" in sentences(said, "depositary")
    assert "ภาษาไทยและภาษาอังกฤษ" in sentences(said, "authentic_languages")


def test_other_choices_have_their_own_sentences(whole: Table) -> None:
    other = deepcopy(whole)
    other["effect_of_signature"] = "definitive"
    other["expulsion"] = "none"
    other["accession"] = {"mode": "open"}
    other["reservations"] = {"mode": "forbidden"}
    other["duration"] = {"renewal": "none"}
    other["entry_into_force"] = {"min_count": 13, "delay_days": 0}
    del other["signature_window"]["closes_on"]
    first, second = (clauses_in_thai(parse_clauses(table, "final_clauses")) for table in (whole, other))
    for key in (
        "effect_of_signature",
        "expulsion",
        "accession",
        "reservations",
        "duration",
        "entry_into_force",
        "signature_window",
    ):
        assert sentences(first, key) != sentences(second, key)
    assert sentences(second, "entry_into_force").startswith(
        "ธรรมนูญนี้เริ่มมีผลในวันที่มีการแสดงเจตนาผูกพันครบตามเงื่อนไข คือ องค์กรไม่น้อยกว่า ๑๓ องค์กร"
    )


def test_the_numerals_of_the_document_are_used_throughout(whole: Table) -> None:
    said = clauses_in_thai(parse_clauses(whole, "final_clauses"), numerals="arabic")
    all_text = "".join(
        "".join((*clause.paragraphs, *clause.items, *clause.closing)) for clause in said if clause.key != "reservations"
    )
    assert not set(all_text) & set("๐๑๒๓๔๕๖๗๘๙")
    assert "13" in all_text


@given(
    days=st.integers(min_value=0, max_value=1700),
    fraction=st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100),
)
def test_any_delay_and_any_fraction_come_back_from_the_record(days: int, fraction: Fraction) -> None:
    table = tomllib.loads(WHOLE)
    table["entry_into_force"] |= {"delay_days": days, "min_fraction": f"{fraction.numerator}/{fraction.denominator}"}
    clauses = parse_clauses(table, "final_clauses")
    assert parse_clauses(clauses_as_record(clauses), "the record").entry_into_force == clauses.entry_into_force
    assert all(clause.paragraphs for clause in clauses_in_thai(clauses))
