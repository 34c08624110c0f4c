"""What a notice says, in Thai and in English.

The words stand here and in no catalogue: a notice is kept for decades, and has to say the same whoever translates the program.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from mou.charter.facts import Fact, FactKind
from mou.charter.instruments import InstrumentKind
from mou.charter.notices import ToldInstrument
from mou.thai import english_date, in_numerals, thai_date


@dataclass(frozen=True, slots=True)
class Both:
    """The same in Thai and in English."""

    th: str
    en: str


KINDS: Final = {
    InstrumentKind.TEXT_ADOPTED: Both("ที่ประชุมรับรองข้อความ", "Adoption of the text"),
    InstrumentKind.DEPOSITARY_CHANGED: Both("เปลี่ยนผู้เก็บรักษา", "Change of depositary"),
    InstrumentKind.RENEWAL_DECIDED: Both("ที่ประชุมตัดสินเรื่องต่ออายุ", "Decision on renewal"),
    InstrumentKind.SUCCEEDED: Both("เปลี่ยนชื่อ ยกฐานะ หรือควบรวม", "Succession"),
    InstrumentKind.AUTHORITY_DEPOSITED: Both("ยื่นหนังสือแต่งตั้งผู้แทน", "Authority deposited"),
    InstrumentKind.SIGNED_SIMPLE: Both("ลงนามรับหลักการ (รอมติองค์กร)", "Signature subject to approval"),
    InstrumentKind.SIGNED_DEFINITIVE: Both("ลงนามผูกพัน", "Definitive signature"),
    InstrumentKind.APPROVAL_DEPOSITED: Both("ยืนยันโดยมติองค์กร", "Approval"),
    InstrumentKind.ACCEDED: Both("เข้าร่วมภายหลัง", "Accession"),
    InstrumentKind.PROVISIONAL: Both("ใช้ชั่วคราว", "Provisional application"),
    InstrumentKind.RESERVED: Both("ข้อสงวน", "Reservation"),
    InstrumentKind.DECLARED: Both("ถ้อยแถลง", "Declaration"),
    InstrumentKind.OBJECTED: Both("คัดค้านข้อสงวน", "Objection to a reservation"),
    InstrumentKind.AMENDMENT_PROPOSED: Both("เสนอแก้ไขธรรมนูญ", "Amendment proposed"),
    InstrumentKind.AMENDMENT_ADOPTED: Both("ที่ประชุมรับรองการแก้ไข", "Amendment adopted"),
    InstrumentKind.AMENDMENT_ACCEPTED: Both("ยอมรับการแก้ไข", "Amendment accepted"),
    InstrumentKind.RECTIFICATION_PROPOSED: Both("เสนอแก้คำผิด", "Rectification proposed"),
    InstrumentKind.RECTIFICATION_OBJECTED: Both("คัดค้านการแก้คำผิด", "Objection to a rectification"),
    InstrumentKind.RECTIFICATION_EFFECTED: Both("แก้คำผิดแล้ว", "Rectification effected"),
    InstrumentKind.WITHDRAWAL_NOTIFIED: Both("แจ้งถอนตัว", "Notice of withdrawal"),
    InstrumentKind.PARTY_EXPELLED: Both("ที่ประชุมให้พ้นจากการเป็นภาคี", "Expulsion"),
    InstrumentKind.AUTHORITY_REVOKED: Both("เพิกถอนการแต่งตั้งผู้แทน", "Authority revoked"),
    InstrumentKind.FORCE_NOTIFIED: Both("แจ้งการเริ่มมีผล", "Notice of entry into force"),
    InstrumentKind.NOTICE_ISSUED: Both("หนังสือแจ้งของผู้เก็บรักษา", "Depositary notice"),
    InstrumentKind.COPY_CERTIFIED: Both("สำเนารับรอง", "Certified true copy"),
    InstrumentKind.NUMBER_ASSIGNED: Both("ออกเลขทะเบียน", "Number in the register"),
}
CLAUSES: Final = {
    "accession": Both("การเข้าร่วมภายหลัง", "accession"),
    "amendments": Both("การแก้ไขธรรมนูญ", "amendments"),
    "depositary": Both("ผู้เก็บรักษา", "depositary"),
    "duration": Both("กำหนดเวลา", "duration"),
    "effect_of_signature": Both("ผลของการลงนาม", "effect of signature"),
    "eligible_classes": Both("ประเภทองค์กรที่ลงนามได้", "who may sign"),
    "expulsion": Both("การให้พ้นจากการเป็นภาคี", "expulsion"),
    "form": Both("แบบของเอกสาร", "form of the paper"),
    "minors": Both("การลงนามของผู้เยาว์", "signatures of minors"),
    "proof_of_authority": Both("หลักฐานอำนาจลงนาม", "proof of authority"),
    "rectification": Both("การแก้คำผิด", "rectification"),
    "remains_in_force_below_minimum": Both("จำนวนภาคีต่ำกว่าเกณฑ์", "fewer parties than needed"),
    "reservations": Both("ข้อสงวน", "reservations"),
    "signature_window": Both("ช่วงเวลาลงนาม", "time for signature"),
    "succession": Both("การสืบต่อ", "succession"),
    "text_adopted": Both("การรับรองข้อความ", "adoption of the text"),
    "withdrawal": Both("การถอนตัว", "withdrawal"),
}
_FACTS: Final = {
    FactKind.CONDITIONS_MET: Both(
        "เงื่อนไขการมีผลครบเมื่อวันที่ {on} ธรรมนูญมีกำหนดเริ่มมีผลวันที่ {start}",
        "The conditions of entry into force were met on {on}; the charter's day is {start}",
    ),
    FactKind.CHARTER_IN_FORCE: Both(
        "ธรรมนูญเริ่มมีผลแล้ว ตั้งแต่วันที่ {on}",
        "The charter is in force, from {on}",
    ),
    FactKind.PARTY_IN_FORCE: Both(
        "ธรรมนูญมีผลต่อ {who} ตั้งแต่วันที่ {on}",
        "The charter is in force for {who} from {on}",
    ),
    FactKind.WITHDRAWAL_EFFECTIVE: Both(
        "การถอนตัวของ {who} มีผลวันที่ {on}",
        "The withdrawal of {who} takes effect on {on}",
    ),
    FactKind.AMENDMENT_IN_FORCE: Both(
        "การแก้ไข {amendment} เริ่มมีผลวันที่ {on}",
        "The amendment {amendment} is in force from {on}",
    ),
    FactKind.PARTY_LET_GO: Both(
        "{who} ไม่ได้ยอมรับการแก้ไข จึงพ้นจากการเป็นภาคีวันที่ {on}",
        "{who} did not accept an amendment and ceased to be a party on {on}",
    ),
    FactKind.CHARTER_ENDED: Both(
        "ธรรมนูญสิ้นสุดลง ตั้งแต่วันที่ {on}",
        "The charter has ended, from {on}",
    ),
}
TITLE: Final = Both("หนังสือแจ้งของผู้เก็บรักษา", "Depositary notice")
NOTHING: Final = Both("ไม่มี", "none")


def title_of(number: int) -> Both:
    """Return the title of a notice with its number."""
    return Both(f"{TITLE.th} ฉบับที่ {in_numerals(number)}", f"{TITLE.en} no. {number}")


def day_of(day: date) -> Both:
    """Return a day, of the Buddhist era in Thai and of the common era in English."""
    return Both(thai_date(day), english_date(day))


def short_day_of(day: date) -> Both:
    """Return a day for a narrow column: the month is shortened, the year never."""
    return Both(thai_date(day, short=True), english_date(day))


def outcome_of(told: ToldInstrument) -> Both:
    """Return whether an instrument was in due form, and if not, by which clause."""
    if told.returned_for is None:
        return Both("รับไว้", "accepted")
    clause = CLAUSES.get(told.returned_for, Both(told.returned_for, told.returned_for))
    return Both(f"ส่งคืน ไม่นับ: {clause.th}", f"returned, not counted: {clause.en}")


def detail_of(told: ToldInstrument) -> Both | None:
    """Return what a reader has to know of an instrument beside its kind, where there is more."""
    if told.successor is not None:
        heir = told.successor_name or told.successor
        return Both(f"ผู้สืบต่อ: {heir}", f"in its place: {heir}")
    if told.provisions:
        return Both(f"ข้อ {in_numerals(', '.join(told.provisions))}", f"articles {', '.join(told.provisions)}")
    if told.reference is not None:
        return Both(f"อ้างถึง {told.reference}", f"about {told.reference}")
    return None


def fact_in_words(fact: Fact) -> Both:
    """Return a fact as a sentence in each language."""
    said = _sentence(fact)
    if fact.holds:
        return said
    return Both(
        f"ข้อความที่เคยแจ้งว่า “{said.th}” ไม่เป็นจริงแล้ว เพราะมีเอกสารที่มาถึงภายหลัง",
        f"What an earlier notice said (“{said.en}”) does not hold any more, by instruments that came later",
    )


def _sentence(fact: Fact) -> Both:
    template, on, start = _FACTS[fact.kind], day_of(fact.on), day_of(fact.from_day or fact.on)
    values = {"who": fact.name or fact.party or "", "amendment": fact.reference or ""}
    return Both(
        template.th.format(on=on.th, start=start.th, **values),
        template.en.format(on=on.en, start=start.en, **values),
    )
