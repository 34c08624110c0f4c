"""What a cell of a table of papers means whose column holds one of a few words: plain Thai, or the codes of the program."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Generic, TypeVar

from mou.ceremony import Channel
from mou.charter.clauses import AuthorityKind
from mou.charter.instruments import AgeBand, InstrumentKind
from mou.models import Capacity
from mou.thai import capacity_in_thai

Code = TypeVar("Code", bound=StrEnum)
_SPACING: Final = re.compile(r"[\s_\-]+")


class StampDuty(StrEnum):
    """Whether stamp duty is shown on a document of authority."""

    SHOWN = "shown"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class Answer(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


class Words(Generic[Code]):
    """The codes that a column may hold, each with its words; the first word is its label in messages."""

    def __init__(self, words: Mapping[Code, tuple[str, ...]]) -> None:
        """Keep the words under the spelling that does not look at spaces, hyphens and capital letters."""
        self._labels = {code: known[0] for code, known in words.items()}
        self._codes = {_key(word): code for code, known in words.items() for word in (code.value, *known)}

    def code_of(self, text: str) -> Code | None:
        """Return the code that a cell names, by one of its words or as it stands in the program."""
        return self._codes.get(_key(text))

    def label_of(self, code: Code) -> str:
        """Return the label of one code."""
        return self._labels[code]

    @property
    def labels(self) -> str:
        """Every label with its code, for a message that says what is expected."""
        return ", ".join(f"{label} ({code})" for code, label in self._labels.items())


def _key(text: str) -> str:
    return _SPACING.sub("_", text.strip().casefold())


# Left out on purpose: notices, certified copies and numbers, which the depositary makes itself and nobody hands in.
KINDS: Final = Words(
    {
        InstrumentKind.TEXT_ADOPTED: ("ที่ประชุมรับรองข้อความ", "มติรับรองธรรมนูญ", "มติรับรอง"),
        InstrumentKind.DEPOSITARY_CHANGED: ("เปลี่ยนกองเลขานุการ", "เปลี่ยนผู้เก็บรักษา"),
        InstrumentKind.RENEWAL_DECIDED: ("มติต่ออายุธรรมนูญ", "มติต่ออายุ"),
        InstrumentKind.SUCCEEDED: ("องค์กรเปลี่ยนชื่อ/ยกฐานะ/ควบรวม", "องค์กรเปลี่ยนชื่อ", "องค์กรยกฐานะ", "องค์กรควบรวม"),
        InstrumentKind.AUTHORITY_DEPOSITED: ("หนังสือแต่งตั้งผู้แทน", "เอกสารอำนาจ", "หนังสือมอบอำนาจ"),
        InstrumentKind.AUTHORITY_REVOKED: ("เพิกถอนหนังสือแต่งตั้งผู้แทน", "เพิกถอนเอกสารอำนาจ", "เพิกถอนหนังสือมอบอำนาจ"),
        InstrumentKind.SIGNED_SIMPLE: ("ลงนามรับหลักการ (รอมติองค์กร)", "ลงนามรับหลักการ"),
        InstrumentKind.SIGNED_DEFINITIVE: ("ลงนามผูกพัน",),
        InstrumentKind.APPROVAL_DEPOSITED: ("ยืนยันโดยมติองค์กร",),
        InstrumentKind.ACCEDED: ("เข้าร่วมภายหลัง", "หนังสือเข้าร่วม"),
        InstrumentKind.PROVISIONAL: ("ใช้ชั่วคราว",),
        InstrumentKind.RESERVED: ("ข้อสงวน",),
        InstrumentKind.DECLARED: ("ถ้อยแถลง",),
        InstrumentKind.OBJECTED: ("คัดค้านข้อสงวน",),
        InstrumentKind.AMENDMENT_PROPOSED: ("เสนอแก้ไขธรรมนูญ",),
        InstrumentKind.AMENDMENT_ADOPTED: ("มติแก้ไขธรรมนูญ", "รับรองการแก้ไขธรรมนูญ"),
        InstrumentKind.AMENDMENT_ACCEPTED: ("ยอมรับการแก้ไขธรรมนูญ",),
        InstrumentKind.RECTIFICATION_PROPOSED: ("เสนอแก้คำผิด",),
        InstrumentKind.RECTIFICATION_OBJECTED: ("คัดค้านการแก้คำผิด",),
        InstrumentKind.RECTIFICATION_EFFECTED: ("บันทึกแก้คำผิด", "แก้คำผิดโดยไม่ต้องลงนามใหม่"),
        InstrumentKind.WITHDRAWAL_NOTIFIED: ("ถอนตัว", "หนังสือแจ้งถอนตัว"),
        InstrumentKind.PARTY_EXPELLED: ("มติให้พ้นจากการเป็นสมาชิก",),
    }
)
CHANNELS: Final = Words(
    {
        Channel.ON_SITE: ("ณ ที่ตั้ง", "ในที่ตั้ง", "ที่ตั้ง"),
        Channel.ONLINE: ("ออนไลน์", "ช่องทางสื่อสารออนไลน์"),
        Channel.PAPER: ("กระดาษ", "ลงนามบนกระดาษ"),
    }
)
AUTHORITIES: Final = Words(
    {
        AuthorityKind.BOARD_RESOLUTION: ("มติคณะกรรมการ",),
        AuthorityKind.POWER_OF_ATTORNEY: ("หนังสือมอบอำนาจ",),
        AuthorityKind.APPOINTMENT: ("หนังสือแต่งตั้งผู้แทน", "แต่งตั้งผู้แทน", "หนังสือแต่งตั้ง"),
        AuthorityKind.DELEGATION_ORDER: ("คำสั่งมอบหมายให้ปฏิบัติราชการแทน", "คำสั่งมอบหมาย", "คำสั่งมอบอำนาจ"),
        AuthorityKind.OFFICE_BY_LAW: ("หลักฐานการดำรงตำแหน่งผู้มีอำนาจตามกฎหมาย", "ผู้มีอำนาจตามกฎหมาย", "หลักฐานการดำรงตำแหน่ง"),
    }
)
CAPACITIES: Final = Words(
    {
        **{capacity: (capacity_in_thai(capacity),) for capacity in Capacity},
        Capacity.AUTHORISED_REPRESENTATIVE: (capacity_in_thai(Capacity.AUTHORISED_REPRESENTATIVE), "ผู้มีอำนาจ"),
        Capacity.ATTORNEY: (capacity_in_thai(Capacity.ATTORNEY), "รับมอบอำนาจ"),
    }
)
AGE_BANDS: Final = Words(
    {
        AgeBand.UNDER_10: ("ต่ำกว่า 10 ปี",),
        AgeBand.FROM_10_TO_17: ("10 ถึง 17 ปี", "10-17"),
        AgeBand.FROM_18_TO_19: ("18 ถึง 19 ปี", "18-19"),
        AgeBand.FROM_20: ("20 ปีขึ้นไป", "20"),
    }
)


STAMP_DUTIES: Final = Words(
    {
        StampDuty.SHOWN: ("แสดงแล้ว", "มีหลักฐานอากร", "ชำระแล้ว"),
        StampDuty.MISSING: ("ยังไม่มีหลักฐานอากร", "ยังไม่แสดง", "ไม่มี"),
        StampDuty.NOT_APPLICABLE: ("ไม่ต้องเสียอากร", "ไม่เกี่ยวข้อง", "-"),
    }
)
ANSWERS: Final = Words({Answer.YES: ("ใช่", "ต่ออายุ"), Answer.NO: ("ไม่ใช่", "ไม่", "ไม่ต่ออายุ")})
