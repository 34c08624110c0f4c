"""The final clauses as plain formal Thai sentences, made from the data: what is printed is what is computed.

Each sentence says which day counts, and whose act: `mou.charter.register` and the rules of form compute the same.

1. The first day of a period is not counted (Civil and Commercial Code, s. 193/3), and a holiday does not put off the last one,
   as it would without a word (s. 193/8). The last day counts from its beginning where something takes effect, and to its end
   where something may be done. The article on entry into force says so for all.
2. องค์กรสมาชิก is an organisation for which the charter is in force; who has only declared itself bound is named as that.
3. "Later" is after the day on which the conditions were met, whether the charter is in force by then or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from mou.charter.clauses import (
    AccessionMode,
    Amendments,
    AuthorityKind,
    EffectOfSignature,
    EntryIntoForce,
    FinalClauses,
    NonAccepting,
    Renewal,
    ReservationMode,
    VoteBase,
    VoteRule,
)
from mou.models import OrganisationKind
from mou.thai import Numerals, in_numerals, kind_in_thai, thai_date

_AUTHORITIES: Final = {
    AuthorityKind.BOARD_RESOLUTION: "มติคณะกรรมการ",
    AuthorityKind.POWER_OF_ATTORNEY: "หนังสือมอบอำนาจ",
    AuthorityKind.APPOINTMENT: "หนังสือแต่งตั้งผู้แทน",
    AuthorityKind.DELEGATION_ORDER: "คำสั่งมอบหมายให้ปฏิบัติราชการแทน",
    AuthorityKind.OFFICE_BY_LAW: "หลักฐานการดำรงตำแหน่งผู้มีอำนาจตามกฎหมาย",
}
_BASES: Final = {
    VoteBase.MEMBERS: "จำนวนองค์กรสมาชิกทั้งหมด",
    VoteBase.MEMBERS_PRESENT: "จำนวนองค์กรสมาชิกที่เข้าประชุม",
    VoteBase.VOTES_CAST: "จำนวนเสียงที่ลงคะแนนโดยไม่นับผู้งดออกเสียง",
}
_FRACTIONS: Final = {
    Fraction(1, 5): "หนึ่งในห้า",
    Fraction(1, 4): "หนึ่งในสี่",
    Fraction(1, 3): "หนึ่งในสาม",
    Fraction(1, 2): "กึ่งหนึ่ง",
    Fraction(3, 5): "สามในห้า",
    Fraction(2, 3): "สองในสาม",
    Fraction(3, 4): "สามในสี่",
    Fraction(4, 5): "สี่ในห้า",
}
_EFFECTS: Final = {
    EffectOfSignature.DEFINITIVE: "การลงนามโดยผู้มีอำนาจถือเป็นการแสดงเจตนาผูกพันขององค์กรโดยสมบูรณ์นับแต่วันที่ลงนาม",
    EffectOfSignature.SUBJECT_TO_APPROVAL: (
        "การลงนามถือเป็นการรับหลักการ และให้นับเป็นการแสดงเจตนาผูกพันตั้งแต่วันที่องค์กรได้ยื่นมติยืนยันต่อผู้เก็บรักษา"
    ),
    EffectOfSignature.STATED_BY_SIGNATORY: (
        "ผู้ลงนามต้องระบุว่าการลงนามของตนเป็นการลงนามผูกพันหรือเป็นการลงนามรับหลักการ "
        "การลงนามรับหลักการให้นับเป็นการแสดงเจตนาผูกพันตั้งแต่วันที่องค์กรได้ยื่นมติยืนยันต่อผู้เก็บรักษา"
    ),
}
_AMENDED_FOR_LATER: Final = "ส่วนองค์กรที่แสดงเจตนาผูกพันภายหลังและเริ่มเป็นสมาชิกในหรือหลังวันนั้น ให้ผูกพันตามข้อความที่แก้ไขเพิ่มเติมแล้ว"
_NON_ACCEPTING: Final = {
    NonAccepting.STAY_ON_OLD: (
        "องค์กรซึ่งเป็นสมาชิกในวันที่การแก้ไขเพิ่มเติมมีผลและมิได้ยอมรับ ให้คงผูกพันตามข้อความเดิมต่อไปจนกว่าจะยอมรับ " + _AMENDED_FOR_LATER
    ),
    NonAccepting.DEEMED_OUT: (
        "องค์กรซึ่งเป็นสมาชิกในวันที่การแก้ไขเพิ่มเติมมีผลและมิได้ยอมรับ ให้ถือว่าพ้นจากการเป็นสมาชิกในวันนั้น " + _AMENDED_FOR_LATER
    ),
    NonAccepting.BOUND: "การแก้ไขเพิ่มเติมที่มีผลแล้วให้ผูกพันองค์กรสมาชิกทุกองค์กร รวมทั้งองค์กรที่มิได้ยอมรับ",
}
_RENEWALS: Final = {
    Renewal.AUTOMATIC: (
        "และให้ต่ออายุออกไปโดยอัตโนมัติคราวละเท่ากับจำนวนวันตั้งแต่วันที่ธรรมนูญนี้เริ่มมีผลถึงวันสิ้นสุดดังกล่าว โดยนับทั้งสองวัน "
        "เว้นแต่ที่ประชุมใหญ่จะมีมติเป็นอย่างอื่นก่อนวันสิ้นสุดของคราวนั้น"
    ),
    Renewal.BY_AGREEMENT: "และอาจต่ออายุได้โดยมติที่ประชุมใหญ่ก่อนวันสิ้นสุด ซึ่งต้องกำหนดวันสิ้นสุดใหม่",
    Renewal.NONE: "โดยไม่มีการต่ออายุ",
}
_COUNTING: Final = (
    "การนับจำนวนวันตามธรรมนูญนี้มิให้นับวันแรก และวันสุดท้ายให้นับแม้เป็นวันหยุด การใดมีผลเมื่อครบจำนวนวัน ให้มีผลตั้งแต่ต้นวันสุดท้าย "
    "และการใดให้กระทำภายในจำนวนวัน ให้กระทำได้จนสิ้นวันสุดท้าย"
)
_LANGUAGES: Final = {"th": "ภาษาไทย", "en": "ภาษาอังกฤษ"}
_DEPOSITARIES: Final = MappingProxyType({"secretariat": "กองเลขานุการของเครือข่าย"})


@dataclass(frozen=True, slots=True)
class ClauseInThai:
    """One final clause as it is printed: a heading, paragraphs, items after the last of them, and what follows the items."""

    key: str
    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def clauses_in_thai(
    clauses: FinalClauses,
    *,
    numerals: Numerals = "thai",
    organisation_names: Mapping[str, str] = _DEPOSITARIES,
) -> tuple[ClauseInThai, ...]:
    """Return the final clauses as Thai articles, in the order of a treaty's: who, when, effect, change, end, keeping.

    Args:
        clauses: the data.
        numerals: the numerals of the document.
        organisation_names: what to print for an organisation id; an id that is not in it is printed as it stands.
    """
    return _Wording(clauses, numerals, organisation_names).all()


class _Wording:
    """Says one charter's clauses in one system of numerals."""

    def __init__(self, clauses: FinalClauses, numerals: Numerals, names: Mapping[str, str]) -> None:
        self._clauses = clauses
        self._numerals = numerals
        self._names = names

    def all(self) -> tuple[ClauseInThai, ...]:
        return (
            self._eligible_classes(),
            self._proof_of_authority(),
            self._signature_window(),
            ClauseInThai("effect_of_signature", "ผลของการลงนาม", (_EFFECTS[self._clauses.effect_of_signature],)),
            self._entry_into_force(self._clauses.entry_into_force),
            self._accession(),
            self._reservations(),
            self._amendments(self._clauses.amendments),
            self._withdrawal(),
            self._expulsion(),
            self._duration(),
            self._rectification(),
            self._depositary(),
            self._authentic_languages(),
        )

    def _eligible_classes(self) -> ClauseInThai:
        kinds = _joined([kind_in_thai(kind) for kind in OrganisationKind if kind in self._clauses.eligible_classes], "และ")
        text = f"องค์กรหรือหน่วยงานประเภท{kinds} มีสิทธิลงนามในธรรมนูญนี้"
        return ClauseInThai("eligible_classes", "ผู้มีสิทธิลงนาม", (text,))

    def _proof_of_authority(self) -> ClauseInThai:
        by_documents: dict[tuple[AuthorityKind, ...], list[str]] = {}
        for kind in OrganisationKind:
            if kind in self._clauses.proof_of_authority:
                by_documents.setdefault(self._clauses.proof_of_authority[kind], []).append(kind_in_thai(kind))
        items = tuple(
            f"{_joined(kinds, 'และ')} ให้แสดง{_joined([_AUTHORITIES[one] for one in documents], 'หรือ')}"
            for documents, kinds in by_documents.items()
        )
        text = "ก่อนลงนาม เข้าร่วม ยอมรับการแก้ไขเพิ่มเติม หรือถอนตัว ผู้กระทำการแทนองค์กรต้องแสดงหลักฐานแห่งอำนาจต่อผู้เก็บรักษา ดังต่อไปนี้"
        return ClauseInThai("proof_of_authority", "หลักฐานแห่งอำนาจลงนาม", (text,), items)

    def _signature_window(self) -> ClauseInThai:
        window = self._clauses.signature_window
        opens = f"ธรรมนูญนี้เปิดให้ลงนามตั้งแต่วันที่ {thai_date(window.opens_on, self._numerals)}"
        if window.closes_on is None:
            text = f"{opens} เป็นต้นไป โดยไม่กำหนดวันสิ้นสุด"
        else:
            text = f"{opens} ถึงวันที่ {thai_date(window.closes_on, self._numerals)}"
        return ClauseInThai("signature_window", "กำหนดเวลาลงนาม", (text,))

    def _entry_into_force(self, entry: EntryIntoForce) -> ClauseInThai:
        conditions = self._conditions(entry)
        later = (
            "สำหรับองค์กรที่แสดงเจตนาผูกพันภายหลังวันที่ครบตามเงื่อนไข ให้ธรรมนูญนี้มีผลต่อองค์กรนั้น"
            f"{self._after(self._clauses.later_party_delay_days)}ที่แสดงเจตนา แต่ไม่ก่อนวันที่ธรรมนูญนี้เริ่มมีผล"
        )
        force = f"ธรรมนูญนี้เริ่มมีผล{self._after(entry.delay_days)}ที่มีการแสดงเจตนาผูกพันครบตามเงื่อนไข"
        paragraphs = [later, *self._below_minimum(), _COUNTING]
        if len(conditions) == 1:
            return ClauseInThai("entry_into_force", "การมีผล", (f"{force} คือ {conditions[0]}", *paragraphs))
        return ClauseInThai("entry_into_force", "การมีผล", (f"{force}ทุกข้อดังต่อไปนี้",), conditions, tuple(paragraphs))

    def _conditions(self, entry: EntryIntoForce) -> tuple[str, ...]:
        conditions = []
        if entry.min_count is not None:
            conditions.append(f"องค์กรไม่น้อยกว่า {self._number(entry.min_count)} องค์กร")
        if entry.min_fraction is not None:
            conditions.append(f"องค์กรตาม{entry.of_list}{self._fraction(entry.min_fraction).rstrip()}")
        for kind, count in sorted((entry.class_minimums or {}).items()):
            conditions.append(f"{kind_in_thai(kind)}ไม่น้อยกว่า {self._number(count)} องค์กร")
        return tuple(conditions)

    def _below_minimum(self) -> tuple[str, ...]:
        remains = self._clauses.remains_in_force_below_minimum
        if remains is None:
            return ()
        then = "ธรรมนูญนี้ยังคงมีผลต่อองค์กรสมาชิกที่เหลืออยู่" if remains else "ให้ธรรมนูญนี้สิ้นผลในวันนั้น"
        return (f"ถ้าภายหลังจำนวนองค์กรที่แสดงเจตนาผูกพันและยังมิได้พ้นจากการเป็นสมาชิกลดลงจนต่ำกว่าเงื่อนไขการมีผล {then}",)

    def _accession(self) -> ClauseInThai:
        accession = self._clauses.accession
        closes = self._clauses.signature_window.closes_on is not None
        start = (
            f"{'เมื่อพ้นกำหนดเวลาลงนามแล้วหรือ' if closes else ''}เมื่อธรรมนูญนี้มีผลแล้ว องค์กรซึ่งมีสิทธิลงนามอาจเข้าร่วมธรรมนูญนี้ได้"
            "โดยยื่นหนังสือเข้าร่วมต่อผู้เก็บรักษา และให้ถือว่าแสดงเจตนาผูกพันในวันที่ยื่น"
        )
        if accession.mode is AccessionMode.BY_INVITATION:
            start += " ทั้งนี้ ต้องได้รับคำเชิญจากคณะกรรมการ"
        elif accession.rule is not None:
            start += f" ทั้งนี้ ต้องได้รับความเห็นชอบจากที่ประชุมใหญ่ด้วยคะแนนเสียง{self._vote(accession.rule)}"
        return ClauseInThai("accession", "การเข้าร่วมภายหลัง", (start,))

    def _reservations(self) -> ClauseInThai:
        reservations = self._clauses.reservations
        in_time = "ไม่ช้ากว่าวันที่แสดงเจตนาผูกพัน"
        objection = (
            "องค์กรที่แสดงเจตนาผูกพันแล้วอาจคัดค้านข้อสงวนขององค์กรอื่นได้"
            f"ภายใน {self._number(reservations.objection_days)} วันนับแต่วันที่ผู้เก็บรักษาแจ้งข้อสงวนนั้น"
        )
        if reservations.mode is ReservationMode.FORBIDDEN:
            paragraphs: tuple[str, ...] = ("จะตั้งข้อสงวนต่อธรรมนูญนี้มิได้",)
        elif reservations.mode is ReservationMode.ALLOWED:
            allowed = f"องค์กรอาจตั้งข้อสงวนเป็นหนังสือได้{in_time} โดยระบุข้อที่ตั้งข้อสงวน เว้นแต่ข้อสงวนที่ขัดต่อวัตถุประสงค์ของธรรมนูญนี้"
            paragraphs = (allowed, objection)
        else:
            paragraphs = (f"องค์กรอาจตั้งข้อสงวนเป็นหนังสือได้เฉพาะ{_joined(reservations.clauses, 'และ')} {in_time}", objection)
        return ClauseInThai("reservations", "ข้อสงวน", paragraphs)

    def _amendments(self, amendments: Amendments) -> ClauseInThai:
        proposers = ["คณะกรรมการ"] if amendments.proposers.committee else []
        if amendments.proposers.min_member_fraction is not None:
            proposers.append(f"องค์กรสมาชิก{self._of_all(amendments.proposers.min_member_fraction)}")
        proposal = f"ผู้มีสิทธิเสนอแก้ไขเพิ่มเติมธรรมนูญนี้ ได้แก่ {_joined(proposers, 'หรือ')}"
        adoption = (
            "ที่ประชุมใหญ่เพื่อพิจารณาการแก้ไขเพิ่มเติม"
            f"ต้องมีองค์กรสมาชิกเข้าประชุม{self._of_all(amendments.quorum)} "
            f"และต้องมีมติเห็นชอบด้วยคะแนนเสียง{self._vote(amendments.adoption_rule)}"
        )
        rule = amendments.in_force_rule
        force = (
            f"การแก้ไขเพิ่มเติมมีผล{self._after(rule.delay_days)}ที่องค์กรสมาชิก"
            f"{self._of_all(rule.min_fraction)}ได้แจ้งการยอมรับต่อผู้เก็บรักษา "
            f"{_NON_ACCEPTING[amendments.non_accepting]}"
        )
        return ClauseInThai("amendments", "การแก้ไขเพิ่มเติม", (proposal, adoption, force))

    def _withdrawal(self) -> ClauseInThai:
        withdrawal = self._clauses.withdrawal
        text = (
            "องค์กรที่แสดงเจตนาผูกพันแล้วอาจถอนตัวได้โดยแจ้งเป็นหนังสือต่อผู้เก็บรักษา "
            f"และให้การถอนตัวมีผล{self._after(withdrawal.notice_days)}ที่ผู้เก็บรักษาได้รับแจ้ง"
        )
        if withdrawal.earliest_on is not None:
            text += f" แต่จะมีผลก่อนวันที่ {thai_date(withdrawal.earliest_on, self._numerals)} มิได้"
        return ClauseInThai("withdrawal", "การถอนตัว", (text, "การถอนตัวไม่กระทบสิทธิและหน้าที่ที่เกิดขึ้นก่อนวันที่การถอนตัวมีผล"))

    def _expulsion(self) -> ClauseInThai:
        rule = self._clauses.expulsion
        text = "จะให้องค์กรสมาชิกพ้นจากการเป็นสมาชิกโดยมติของที่ประชุมมิได้"
        if rule is not None:
            text = f"ที่ประชุมใหญ่อาจมีมติให้องค์กรสมาชิกพ้นจากการเป็นสมาชิกด้วยคะแนนเสียง{self._vote(rule)} ทั้งนี้ ต้องให้โอกาสองค์กรนั้นชี้แจงก่อน"
        return ClauseInThai("expulsion", "การให้พ้นจากการเป็นสมาชิก", (text,))

    def _duration(self) -> ClauseInThai:
        duration = self._clauses.duration
        text = "ธรรมนูญนี้ไม่มีกำหนดเวลาสิ้นสุด"
        if duration.ends_on is not None:
            text = f"ธรรมนูญนี้มีผลจนสิ้นวันที่ {thai_date(duration.ends_on, self._numerals)} {_RENEWALS[duration.renewal]}"
        return ClauseInThai("duration", "ระยะเวลา", (text,))

    def _rectification(self) -> ClauseInThai:
        days = self._number(self._clauses.rectification.objection_days)
        text = (
            "เมื่อพบคำผิดหรือข้อผิดพลาดเล็กน้อยในธรรมนูญนี้ ให้ผู้เก็บรักษาแจ้งข้อความที่เสนอแก้ไขแก่องค์กรที่ได้ลงนามหรือเข้าร่วมทุกองค์กร "
            f"ถ้าไม่มีองค์กรใดคัดค้านภายใน {days} วันนับแต่วันที่แจ้ง ให้ผู้เก็บรักษาทำบันทึกแก้คำผิดโดยไม่ต้องลงนามใหม่"
        )
        return ClauseInThai("rectification", "การแก้คำผิด", (text,))

    def _depositary(self) -> ClauseInThai:
        name = self._names.get(self._clauses.depositary, self._clauses.depositary)
        duties = (
            f"ให้{name}เป็นผู้เก็บรักษาธรรมนูญนี้ มีหน้าที่เก็บรักษาต้นฉบับ รับการลงนาม หนังสือ และคำแจ้ง "
            "ตรวจรูปแบบของเอกสาร จัดทำทะเบียน และแจ้งให้องค์กรที่เกี่ยวข้องทราบ"
        )
        paragraphs = [duties, "ผู้เก็บรักษาไม่มีอำนาจวินิจฉัยข้อโต้แย้งระหว่างองค์กรสมาชิก"]
        if self._clauses.successor_depositary is not None:
            successor = self._names.get(self._clauses.successor_depositary, self._clauses.successor_depositary)
            paragraphs.append(f"ถ้าผู้เก็บรักษาไม่อาจปฏิบัติหน้าที่ได้ ให้{successor}เป็นผู้เก็บรักษาแทน")
        return ClauseInThai("depositary", "ผู้เก็บรักษา", tuple(paragraphs))

    def _authentic_languages(self) -> ClauseInThai:
        languages = self._clauses.authentic_languages
        named = _joined([_LANGUAGES.get(tag, tag) for tag in languages], "และ")
        text = f"ธรรมนูญนี้ทำขึ้นเป็น{named}"
        if len(languages) > 1:
            text += " ข้อความในแต่ละภาษาใช้เป็นหลักได้เท่าเทียมกัน เว้นแต่ธรรมนูญนี้กำหนดว่าให้ใช้ข้อความภาษาใดเมื่อข้อความแตกต่างกัน"
        else:
            text += " และให้ใช้ข้อความภาษานี้เป็นหลักในการตีความ"
        return ClauseInThai("authentic_languages", "ภาษา", (text,))

    def _number(self, number: int) -> str:
        return in_numerals(number, self._numerals)

    def _after(self, days: int) -> str:
        return f"เมื่อครบ {self._number(days)} วันนับแต่วัน" if days else "ในวัน"

    def _fraction(self, fraction: Fraction) -> str:
        if fraction == 1:
            return "ทั้งหมด"
        in_figures = f" {self._number(fraction.numerator)} ใน {self._number(fraction.denominator)} "
        return f"ไม่น้อยกว่า{_FRACTIONS.get(fraction, in_figures)}"

    def _of_all(self, fraction: Fraction) -> str:
        """So many of the members."""
        return "ทุกองค์กร" if fraction == 1 else f"{self._fraction(fraction)}ของ{_BASES[VoteBase.MEMBERS]}"

    def _vote(self, rule: VoteRule) -> str:
        if rule.min_fraction == 1:
            return f"เป็นเอกฉันท์โดยนับจาก{_BASES[rule.of]}"
        return f"{self._fraction(rule.min_fraction)}ของ{_BASES[rule.of]}"


def _joined(words: list[str] | tuple[str, ...], last: str) -> str:
    """The words as a Thai list: ก, กและข, ก ข และค."""
    *first, end = words
    return end if not first else " ".join(first) + (" " if len(first) > 1 else "") + last + end
