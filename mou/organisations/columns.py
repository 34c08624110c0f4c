"""What a header means: the field that it names, in Thai or English, whatever its spacing and brackets."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from mou.thai import to_arabic_digits

# The first header of each field is its label in pages and documents. Left out: "ชื่อ-สกุล" and "title", since nobody can say
# where a full name is to be cut, or whether a title is a prefix or a position.
_FIELDS = {
    "organisation_id": ("รหัส", "รหัสองค์กร", "รหัสหน่วยงาน", "organisation id", "organization id", "id"),
    "name_th": (
        "ชื่อเต็ม (ไทย)",
        "ชื่อเต็ม",
        "ชื่อเต็มภาษาไทย",
        "ชื่อไทย",
        "ชื่อภาษาไทย",
        "ชื่อองค์กร",
        "ชื่อองค์กร (ไทย)",
        "ชื่อองค์กร/หน่วยงาน",
        "ชื่อหน่วยงาน",
        "ชื่อกลุ่ม",
        "ชื่อกลุ่มเยาวชน",
        "ชื่อพื้นที่",
        "พื้นที่นำร่อง",
        "องค์กร",
        "องค์กร/หน่วยงาน",
        "หน่วยงาน",
        "name th",
        "thai name",
        "name",
        "organisation",
        "organization",
        "organisation name",
        "organization name",
    ),
    "name_en": ("ชื่ออังกฤษ", "ชื่อภาษาอังกฤษ", "ชื่อเต็ม (อังกฤษ)", "ชื่อองค์กร (อังกฤษ)", "name en", "english name"),
    "abbreviation": ("ชื่อย่อ", "ตัวย่อ", "อักษรย่อ", "abbreviation", "short name", "acronym"),
    "kind": ("ประเภท", "ประเภทองค์กร", "ประเภทหน่วยงาน", "ชนิด", "kind", "type", "organisation kind", "organisation type"),
    "juristic_person": ("สถานะนิติบุคคล (ใช่/ไม่ใช่/ไม่ทราบ)", "สถานะนิติบุคคล", "นิติบุคคล", "juristic person", "legal person"),
    "registration_number": ("เลขทะเบียน", "เลขที่ทะเบียน", "ทะเบียนเลขที่", "registration number", "registration no"),
    "parent_organisation_id": ("ต้นสังกัด", "รหัสต้นสังกัด", "parent organisation id", "parent organization id", "parent"),
    "address_line": ("ที่อยู่", "เลขที่", "ที่ตั้ง", "address line", "address"),
    "subdistrict": ("ตำบล", "ตำบล/แขวง", "แขวง", "แขวง/ตำบล", "subdistrict", "sub district", "tambon"),
    "district": ("อำเภอ", "อำเภอ/เขต", "เขต", "เขต/อำเภอ", "district", "amphoe"),
    "province": ("จังหวัด", "province", "changwat"),
    "postal_code": ("รหัสไปรษณีย์", "ไปรษณีย์", "postal code", "postcode", "post code", "zip", "zip code"),
    "official_email": (
        "อีเมลกลาง (สารบรรณ)",
        "อีเมลกลาง",
        "อีเมลสารบรรณ",
        "อีเมลองค์กร",
        "อีเมลหน่วยงาน",
        "อีเมล",
        "อีเมล์",
        "official email",
        "email",
        "e-mail",
    ),
    "child_rights_themes": (
        "ประเด็นสิทธิเด็กที่ทำ (๕ หัวข้อ)",
        "ประเด็นสิทธิเด็กที่ทำ",
        "ประเด็นสิทธิเด็ก",
        "ประเด็น",
        "child rights themes",
        "themes",
    ),
    "source_text": ("ข้อมูลตามแหล่งที่มา", "ข้อความตามแหล่งที่มา", "source text"),
}
_PERSON_FIELDS = {
    "prefix": ("คำนำหน้า", "คำนำหน้าชื่อ", "คำนำหน้านาม", "prefix", "name prefix"),
    "given_name": ("ชื่อ", "ชื่อตัว", "given name", "first name", "name"),
    "family_name": ("สกุล", "นามสกุล", "family name", "last name", "surname"),
    "position": ("ตำแหน่ง", "position"),
    "email": ("อีเมล", "อีเมล์", "email", "e-mail"),
    "date_of_birth": (
        "วันเกิด",
        "วันเดือนปีเกิด",
        "วัน/เดือน/ปีเกิด",
        "วัน เดือน ปี เกิด",
        "ว/ด/ป เกิด",
        "date of birth",
        "birth date",
        "birthday",
        "born",
        "dob",
    ),
}
_ROLES = {
    "representative": (
        "ผู้แทน (ผู้ลงนาม)",
        "ผู้แทน",
        "ผู้ลงนาม",
        "ผู้มีอำนาจลงนาม",
        "ผู้แทนองค์กร",
        "representative",
        "signatory",
    ),
    "witness": ("พยาน", "witness"),
}
_NOT_A_WORD = re.compile(r"[^0-9a-z\u0e01-\u0e3a\u0e40-\u0e4e]+")


@lru_cache(maxsize=4096)
def field_of(header: str) -> str | None:
    """The field that a header names, `representative_given_name` for a person's; None when nobody here knows it."""
    return _BY_KEY.get(_key(header))


def is_of_birth(header: str) -> bool:
    """Whether a column holds dates of birth, also where it does not say whose."""
    key = _key(header)
    if (_BY_KEY.get(key) or "").endswith("_date_of_birth") or key in _BIRTH_KEYS:
        return True
    return any(word in key for word in ("วันเกิด", "ปีเกิด", "dateofbirth", "birthdate")) and "เกิดเหตุ" not in key


def label_of(field: str) -> str:
    """The label of a field in Thai, as a header that `field_of` knows."""
    return _LABELS[field]


def _key(header: str) -> str:
    # A header carries line breaks, brackets, stars and invisible characters that mean nothing.
    return _NOT_A_WORD.sub("", to_arabic_digits(header).casefold())


def _person_headers() -> Iterator[tuple[str, str]]:
    for role, field in product(_ROLES, _PERSON_FIELDS):
        for role_word, field_word in product(_ROLES[role], _PERSON_FIELDS[field]):
            yield f"{field_word} {role_word}", f"{role}_{field}"
            yield f"{role_word} {field_word}", f"{role}_{field}"


_HEADERS = (*((header, field) for field, headers in _FIELDS.items() for header in headers), *_person_headers())
_LABELS = dict(reversed([(field, header) for header, field in _HEADERS]))
_BY_KEY = {_key(header): field for header, field in _HEADERS}
_BIRTH_KEYS = frozenset(_key(header) for header in _PERSON_FIELDS["date_of_birth"])
