"""What is printed is what is computed: every value shows, and each sentence tells the days and organisations that count."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mou.ceremony import Channel
from mou.charter.clauses import (
    Accession,
    AccessionMode,
    AuthorityKind,
    Duration,
    EntryIntoForce,
    FinalClauses,
    NonAccepting,
    Renewal,
    ReservationMode,
    Reservations,
    VoteBase,
    VoteRule,
    Withdrawal,
)
from mou.charter.contradictions import contradictions
from mou.charter.instruments import Authority, Charter, Instrument, InstrumentKind, Meeting
from mou.charter.register import Register, replay
from mou.charter.status import charter_status, party_status
from mou.charter.wording import ClauseInThai, clauses_in_thai
from mou.models import OrganisationKind
from tests.unit.mou.charter.clause_samples import CLAUSES, VALUES, paths_of, with_value

MANY_LEFT_OUT = (HealthCheck.filter_too_much,)  # values that contradict each other are no charter
SIGNED_ON = date(2022, 4, 20)


def printed(clauses: FinalClauses) -> str:
    return "\n".join(text for one in clauses_in_thai(clauses) for text in (one.heading, *texts_of(one)))


def texts_of(clause: ClauseInThai) -> Iterable[str]:
    return (*clause.paragraphs, *clause.items, *clause.closing)


def article(clauses: FinalClauses, key: str) -> str:
    return "\n".join(text for one in clauses_in_thai(clauses) if one.key == key for text in texts_of(one))


def clauses_with(path: str, value: object) -> FinalClauses:
    changed = with_value(CLAUSES, path, value)
    assert isinstance(changed, FinalClauses)
    return changed


def can_hold(clauses: FinalClauses) -> bool:
    proposers = clauses.amendments.proposers
    return not contradictions(clauses) and (proposers.committee or proposers.min_member_fraction is not None)


def test_every_value_of_the_clauses_has_others_to_be_tried_with() -> None:
    assert sorted(VALUES) == sorted(paths_of(FinalClauses))


@pytest.mark.parametrize("path", sorted(VALUES))
@settings(max_examples=25, deadline=None, suppress_health_check=MANY_LEFT_OUT)
@given(data=st.data())
def test_another_value_gives_another_text(path: str, data: st.DataObject) -> None:
    one, other = (clauses_with(path, data.draw(VALUES[path])) for _ in range(2))
    assume(one != other and can_hold(one) and can_hold(other))
    assert printed(one) != printed(other)


@settings(max_examples=60, deadline=None, suppress_health_check=MANY_LEFT_OUT)
@given(data=st.data())
def test_clauses_that_differ_anywhere_differ_in_print(data: st.DataObject) -> None:
    one = other = CLAUSES
    for path in data.draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4, unique=True)):
        one = with_value(one, path, data.draw(VALUES[path]))
        other = with_value(other, path, data.draw(VALUES[path]))
    assume(one != other and can_hold(one) and can_hold(other))
    assert printed(one) != printed(other)


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=MANY_LEFT_OUT)
def test_no_sentence_begins_or_ends_with_a_space_or_has_two_in_a_row(data: st.DataObject) -> None:
    clauses: Any = CLAUSES
    for path in data.draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=5, unique=True)):
        clauses = with_value(clauses, path, data.draw(VALUES[path]))
    assume(can_hold(clauses))
    for text in printed(clauses).split("\n"):
        assert text == text.strip()
        assert "  " not in text


def test_a_period_is_counted_without_its_first_day_and_with_holidays() -> None:
    said = article(CLAUSES, "entry_into_force")
    assert "การนับจำนวนวันตามธรรมนูญนี้มิให้นับวันแรก และวันสุดท้ายให้นับแม้เป็นวันหยุด" in said
    assert "การใดมีผลเมื่อครบจำนวนวัน ให้มีผลตั้งแต่ต้นวันสุดท้าย" in said
    assert "การใดให้กระทำภายในจำนวนวัน ให้กระทำได้จนสิ้นวันสุดท้าย" in said


def register_of(clauses: FinalClauses, *papers: Instrument) -> Register:
    adopted = Meeting({Channel.ON_SITE: 5}, in_favour=5, against=0, abstaining=0)
    deposited = Authority("a1", AuthorityKind.BOARD_RESOLUTION, SIGNED_ON)
    before = (
        Instrument("i1", InstrumentKind.TEXT_ADOPTED, SIGNED_ON, text="text", meeting=adopted),
        Instrument(
            "i2", InstrumentKind.AUTHORITY_DEPOSITED, SIGNED_ON, "org-1", OrganisationKind.FOUNDATION, authority=deposited
        ),
        Instrument("i3", InstrumentKind.SIGNED_DEFINITIVE, SIGNED_ON, "org-1", OrganisationKind.FOUNDATION, authority_id="a1"),
    )
    return replay(Charter("charter", "text", clauses), (*before, *papers))


@pytest.mark.parametrize("days", [0, 1, 30, 365])
def test_the_last_day_so_counted_is_the_day_that_is_computed(days: int) -> None:
    clauses = clauses_with("entry_into_force", EntryIntoForce(days, min_count=1))
    clauses = replace(clauses, withdrawal=Withdrawal(days))
    notice = Instrument("i4", InstrumentKind.WITHDRAWAL_NOTIFIED, SIGNED_ON, "org-1", authority_id="a1")
    last = [SIGNED_ON + timedelta(days=place) for place in range(1, days + 1)][-1] if days else SIGNED_ON  # without the first day
    assert charter_status(register_of(clauses), SIGNED_ON).in_force_on == last
    register = register_of(clauses, notice)
    assert register.faults == {}
    assert party_status(register, "org-1", last).left_on == last


def test_authority_is_shown_before_every_act_that_rests_on_it() -> None:
    assert article(CLAUSES, "proof_of_authority").startswith("ก่อนลงนาม เข้าร่วม ยอมรับการแก้ไขเพิ่มเติม หรือถอนตัว")


def test_a_share_of_the_list_is_of_the_organisations_on_it() -> None:
    entry = EntryIntoForce(30, min_fraction=Fraction(2, 3), of_list="บัญชีสมาชิก")
    said = article(clauses_with("entry_into_force", entry), "entry_into_force")
    assert "ครบตามเงื่อนไข คือ องค์กรตามบัญชีสมาชิกไม่น้อยกว่าสองในสาม\n" in said
    odd = article(clauses_with("entry_into_force", replace(entry, min_fraction=Fraction(7, 19))), "entry_into_force")
    assert "องค์กรตามบัญชีสมาชิกไม่น้อยกว่า ๗ ใน ๑๙\n" in odd
    all_of_it = article(clauses_with("entry_into_force", replace(entry, min_fraction=Fraction(1))), "entry_into_force")
    assert "องค์กรตามบัญชีสมาชิกทั้งหมด\n" in all_of_it


def test_a_later_party_is_one_after_the_conditions_were_met_and_starts_no_earlier_than_the_charter() -> None:
    said = article(CLAUSES, "entry_into_force")
    assert "องค์กรที่แสดงเจตนาผูกพันภายหลังวันที่ครบตามเงื่อนไข" in said
    assert "เมื่อครบ ๑๕ วันนับแต่วันที่แสดงเจตนา แต่ไม่ก่อนวันที่ธรรมนูญนี้เริ่มมีผล" in said
    at_once = article(clauses_with("later_party_delay_days", 0), "entry_into_force")
    assert "มีผลต่อองค์กรนั้นในวันที่แสดงเจตนา แต่ไม่ก่อนวันที่ธรรมนูญนี้เริ่มมีผล" in at_once


def test_whoever_has_consented_counts_for_the_minimum_and_not_the_members_alone() -> None:
    said = article(CLAUSES, "entry_into_force")
    assert "ถ้าภายหลังจำนวนองค์กรที่แสดงเจตนาผูกพันและยังมิได้พ้นจากการเป็นสมาชิกลดลง" in said
    assert "ให้ธรรมนูญนี้สิ้นผลในวันนั้น" in said


@pytest.mark.parametrize(
    ("path", "value", "start"),
    [
        pytest.param(
            "accession", CLAUSES.accession, "เมื่อพ้นกำหนดเวลาลงนามแล้วหรือเมื่อธรรมนูญนี้มีผลแล้ว องค์กร", id="a window that closes"
        ),
        pytest.param("signature_window.closes_on", None, "เมื่อธรรมนูญนี้มีผลแล้ว องค์กร", id="a window that stays open"),
    ],
)
def test_one_accedes_when_the_window_is_closed_or_the_charter_in_force(path: str, value: object, start: str) -> None:
    said = article(clauses_with(path, value), "accession")
    assert said.startswith(start)
    assert "ให้ถือว่าแสดงเจตนาผูกพันในวันที่ยื่น" in said


@pytest.mark.parametrize("mode", [ReservationMode.ALLOWED, ReservationMode.LISTED])
def test_a_reservation_comes_no_later_than_the_consent_and_objections_count_from_the_notice(mode: ReservationMode) -> None:
    clauses = ("ข้อ ๗",) if mode is ReservationMode.LISTED else ()
    said = article(clauses_with("reservations", Reservations(mode, 45, clauses)), "reservations")
    assert "ไม่ช้ากว่าวันที่แสดงเจตนาผูกพัน" in said
    assert "องค์กรที่แสดงเจตนาผูกพันแล้วอาจคัดค้านข้อสงวนขององค์กรอื่นได้ภายใน ๔๕ วันนับแต่วันที่ผู้เก็บรักษาแจ้งข้อสงวนนั้น" in said


@pytest.mark.parametrize("non_accepting", [NonAccepting.STAY_ON_OLD, NonAccepting.DEEMED_OUT])
def test_who_joins_after_an_amendment_joins_the_text_as_amended(non_accepting: NonAccepting) -> None:
    said = article(clauses_with("amendments.non_accepting", non_accepting), "amendments")
    assert "องค์กรซึ่งเป็นสมาชิกในวันที่การแก้ไขเพิ่มเติมมีผลและมิได้ยอมรับ" in said
    assert "องค์กรที่แสดงเจตนาผูกพันภายหลังและเริ่มเป็นสมาชิกในหรือหลังวันนั้น ให้ผูกพันตามข้อความที่แก้ไขเพิ่มเติมแล้ว" in said


def test_who_abstains_has_cast_no_vote() -> None:
    rule = VoteRule(Fraction(1, 2), VoteBase.VOTES_CAST)
    assert "จำนวนเสียงที่ลงคะแนนโดยไม่นับผู้งดออกเสียง" in article(clauses_with("expulsion", rule), "expulsion")


def test_all_members_are_said_in_one_word() -> None:
    said = article(clauses_with("amendments.quorum", Fraction(1)), "amendments")
    assert "ต้องมีองค์กรสมาชิกเข้าประชุมทุกองค์กร และ" in said


def test_who_has_consented_may_withdraw_before_the_charter_is_in_force() -> None:
    assert article(CLAUSES, "withdrawal").startswith("องค์กรที่แสดงเจตนาผูกพันแล้วอาจถอนตัวได้")


@pytest.mark.parametrize(
    ("renewal", "told"),
    [
        pytest.param(
            Renewal.AUTOMATIC,
            "คราวละเท่ากับจำนวนวันตั้งแต่วันที่ธรรมนูญนี้เริ่มมีผลถึงวันสิ้นสุดดังกล่าว โดยนับทั้งสองวัน เว้นแต่ที่ประชุมใหญ่จะมีมติเป็นอย่างอื่นก่อนวันสิ้นสุดของคราวนั้น",
            id="of itself",
        ),
        pytest.param(Renewal.BY_AGREEMENT, "โดยมติที่ประชุมใหญ่ก่อนวันสิ้นสุด ซึ่งต้องกำหนดวันสิ้นสุดใหม่", id="by agreement"),
        pytest.param(Renewal.NONE, "โดยไม่มีการต่ออายุ", id="not at all"),
    ],
)
def test_a_term_includes_its_last_day_and_says_how_long_the_next_one_is(renewal: Renewal, told: str) -> None:
    said = article(clauses_with("duration", Duration(renewal, date(2026, 12, 31))), "duration")
    assert said.startswith("ธรรมนูญนี้มีผลจนสิ้นวันที่ ๓๑ ธันวาคม ๒๕๖๙ ")
    assert told in said


def test_an_error_is_told_to_all_who_signed_or_joined() -> None:
    assert "แก่องค์กรที่ได้ลงนามหรือเข้าร่วมทุกองค์กร" in article(CLAUSES, "rectification")


def test_an_invitation_is_named_where_it_is_asked_for() -> None:
    said = article(clauses_with("accession", Accession(AccessionMode.BY_INVITATION)), "accession")
    assert said.endswith("ต้องได้รับคำเชิญจากคณะกรรมการ")
