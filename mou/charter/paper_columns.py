"""What a header of a table of papers means, in Thai or English, whatever its spacing and brackets.

The column of the organisation goes by every header that a list of organisations has for the name, one of ids by those for the id.
"""

import re
from functools import lru_cache
from typing import Final

from mou.organisations.columns import field_of as list_field_of
from mou.thai import to_arabic_digits

ORGANISATION: Final = "organisation"
ORGANISATION_ID: Final = "organisation_id"

# The first header of each field is its label in messages and documents.
_FIELDS: Final = {
    "on": ("วันที่", "วันที่มีผล", "วันที่ลงนาม", "วันที่ได้รับ", "วันที่ยื่น", "on", "day", "date"),
    "instrument": ("เอกสาร", "ประเภทเอกสาร", "เอกสารที่ได้รับ", "instrument", "paper", "instrument kind"),
    ORGANISATION: ("องค์กร", "organisation"),
    "channel": ("ช่องทาง", "ช่องทางลงนาม", "channel"),
    "capacity": ("ฐานะ", "ลงนามในฐานะ", "capacity"),
    "signatory": ("ผู้ลงนาม", "ชื่อผู้ลงนาม", "ผู้แทน", "ผู้รับมอบอำนาจ", "signatory", "signed by", "holder"),
    "document": ("เอกสารที่ลงนาม", "ต้นฉบับอิเล็กทรอนิกส์", "document", "signed document"),
    "authority": ("ใช้เอกสารอำนาจ", "เอกสารอำนาจแถวที่", "authority", "rests on"),
    "authority_kind": ("ชนิดเอกสารอำนาจ", "เอกสารอำนาจ", "authority kind", "kind of authority"),
    "number": ("เลขที่", "เลขที่หนังสือ", "เลขที่เอกสาร", "เลขที่เอกสารอำนาจ", "number", "authority number", "no"),
    "issued_on": ("วันที่ออก", "ออกเมื่อ", "issued on"),
    "expires_on": ("วันหมดอายุ", "ใช้ได้ถึง", "ใช้ได้ถึงวันที่", "expires on"),
    "stamp_duty": ("อากรแสตมป์", "stamp duty"),
    "covers": ("ใช้กับเอกสาร", "ขอบเขต", "covers"),
    "articles": ("ข้อ", "ข้อที่สงวน", "articles", "provisions"),
    "reference": ("อ้างถึง", "เรื่อง", "reference", "about"),
    "text": ("ข้อความใหม่", "text", "new text"),
    "replaces": ("แทนข้อความ", "ข้อความเดิม", "replaces", "old text"),
    "proposed_by": ("ผู้เสนอ", "proposed by"),
    "invitation": ("หนังสือเชิญ", "invitation"),
    "successor": ("องค์กรที่สืบต่อ", "ผู้สืบต่อ", "successor"),
    "renewed": ("ต่ออายุ", "renewed"),
    "until": ("ถึงวันที่", "until"),
    "on_site": ("มาประชุม ณ ที่ตั้ง", "มาประชุม", "ผู้เข้าประชุม ณ ที่ตั้ง", "present on site"),
    "online": ("ออนไลน์", "มาประชุมออนไลน์", "ผู้เข้าประชุมออนไลน์", "present online"),
    "in_favour": ("เห็นชอบ", "in favour"),
    "against": ("ไม่เห็นชอบ", "against"),
    "abstaining": ("งดออกเสียง", "abstaining"),
    "minutes": ("รายงานการประชุม", "minutes"),
    "attested_by": ("ผู้รับรองสำเนา", "attested by"),
    "received_by": ("ผู้รับเอกสาร", "received by"),
    "age_band": ("ช่วงอายุ", "age band"),
    "guardian_consent_on": ("ผู้แทนโดยชอบธรรมยินยอมวันที่", "guardian consent on"),
    "assent_on": ("ผู้เยาว์สมัครใจวันที่", "assent on"),
    "adult_beside": ("ผู้ใหญ่ที่ลงนามด้วย", "adult beside"),
    "file": ("แฟ้ม", "ไฟล์", "แฟ้มเอกสาร", "file"),
    "note": ("หมายเหตุ", "note"),
}
_OF_A_LIST: Final = {"organisation_id": ORGANISATION_ID, "name_th": ORGANISATION}
_NOT_A_WORD: Final = re.compile(r"[^0-9a-z\u0e01-\u0e3a\u0e40-\u0e4e]+")


@lru_cache(maxsize=4096)
def field_of(header: str) -> str | None:
    """The field that a header names; None when nobody here knows it."""
    return _BY_KEY.get(_key(header)) or _OF_A_LIST.get(list_field_of(header) or "")


def label_of(field: str) -> str:
    """The label of a field in Thai, as a header that `field_of` knows."""
    return _FIELDS[field][0]


def _key(header: str) -> str:
    return _NOT_A_WORD.sub("", to_arabic_digits(header).casefold())


_BY_KEY: Final = {_key(header): field for field, headers in _FIELDS.items() for header in headers}
