"""The columns of the workbook that a secretary fills in: heading, whether it must be filled, what belongs there, an example.

1. Each heading is one that the import knows; a column of a template alone bears the name under which the template finds it.
2. Every example is invented, and stands in notes, never in a row of the list.
3. A date of birth is asked for only where somebody wants it: whoever does not need one does not hold one.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from mou.models import ChildRightsTheme, OrganisationKind
from mou.organisations.columns import field_of, is_of_birth, label_of
from mou.organisations.gazetteer import open_gazetteer
from mou.thai import kind_in_thai


class Need(StrEnum):
    """Whether a cell must be filled."""

    REQUIRED = "required"
    WHERE_SIGNED = "where_signed"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """A column that one template alone asks for, under its name in the template."""

    name: str
    label: str
    example: str
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class StarterColumn:
    """One column of the starter; `th` and `en` say what belongs there, `choices` are the words among which a cell chooses."""

    heading: str
    english: str
    need: Need
    th: str
    en: str
    example: str
    choices: tuple[str, ...] = ()
    is_open: bool = False  # another word than the choices is questioned, and not refused
    width: int = 20


@dataclass(frozen=True, slots=True)
class _Known:
    """What the starter says of a field that the import knows."""

    field: str
    english: str
    need: Need
    th: str
    en: str
    example: str
    width: int = 20


_THEMES: Final = f"1-{len(ChildRightsTheme)}"
_ORGANISATION: Final = (
    _Known(
        "organisation_id",
        "Organisation id",
        Need.OPTIONAL,
        "รหัสที่ท่านใช้เรียกองค์กรนี้ เป็นตัวอักษร ตัวเลข จุด หรือขีด ไม่เกิน 64 ตัว ห้ามซ้ำกัน หากเว้นว่าง โปรแกรมจะกำหนดให้",
        "Your own id of the organisation: letters, digits, dots, hyphens, at most 64. If empty, the program gives one.",
        "cm-001",
        18,
    ),
    _Known(
        "name_th",
        "Full name in Thai",
        Need.REQUIRED,
        "ชื่อเต็มตามทะเบียนหรือคำสั่งแต่งตั้ง พิมพ์ให้ตรงกับที่จะปรากฏในเอกสารทุกตัวอักษร",
        "The full name as registered, letter for letter as it is to stand in the documents.",
        "มูลนิธิตัวอย่างเพื่อเด็ก",
        40,
    ),
    _Known(
        "kind",
        "Kind of organisation",
        Need.REQUIRED,
        "เลือกจากรายการ",
        "Choose from the list.",
        "มูลนิธิ",
        28,
    ),
    _Known(
        "name_en", "Full name in English", Need.OPTIONAL, "ชื่อเต็มภาษาอังกฤษ", "The full name in English.", "Example Foundation", 32
    ),
    _Known("abbreviation", "Short name", Need.OPTIONAL, "ชื่อย่อหรืออักษรย่อ", "The short name.", "มตด.", 18),
    _Known(
        "juristic_person",
        "Juristic person",
        Need.OPTIONAL,
        "เลือก ใช่ ไม่ใช่ หรือ ไม่ทราบ หากเว้นว่าง ถือว่าไม่ทราบ",
        "Choose ใช่ (yes), ไม่ใช่ (no) or ไม่ทราบ (not known). An empty cell means not known.",
        "ใช่",
        20,
    ),
    _Known(
        "registration_number",
        "Registration number",
        Need.OPTIONAL,
        "เลขทะเบียนขององค์กร คอลัมน์นี้เป็นข้อความ เลข 0 ข้างหน้าจึงไม่หาย",
        "The organisation's number in its register. The column is text, so that a leading 0 stays.",
        "0991000000000",
    ),
    _Known(
        "parent_organisation_id",
        "Id of the parent organisation",
        Need.OPTIONAL,
        "รหัสขององค์กรต้นสังกัด ซึ่งต้องอยู่ในรายชื่อนี้ด้วย",
        "The id of the organisation that this one belongs to; it must stand in this list too.",
        "cm-000",
        18,
    ),
    _Known(
        "address_line",
        "Number, village, road",
        Need.OPTIONAL,
        "บ้านเลขที่ หมู่ที่ ซอย ถนน",
        "Number, village, lane, road.",
        "เลขที่ 1 ถนนตัวอย่าง",
        30,
    ),
    _Known(
        "subdistrict",
        "Subdistrict",
        Need.OPTIONAL,
        "ชื่อตำบลหรือแขวง ไม่ต้องพิมพ์คำว่า ตำบล หรือ แขวง",
        "The name without the word for subdistrict.",
        "สุเทพ",
    ),
    _Known(
        "district",
        "District",
        Need.OPTIONAL,
        "ชื่ออำเภอหรือเขต ไม่ต้องพิมพ์คำว่า อำเภอ หรือ เขต",
        "The name without the word for district.",
        "เมืองเชียงใหม่",
    ),
    _Known("province", "Province", Need.OPTIONAL, "เลือกจากรายการ 77 จังหวัด", "Choose one of the 77 provinces.", "เชียงใหม่"),
    _Known(
        "postal_code",
        "Postal code",
        Need.OPTIONAL,
        "ตัวเลข 5 หลัก คอลัมน์นี้เป็นข้อความ เลข 0 ข้างหน้าจึงไม่หาย",
        "Five digits. The column is text, so that a leading 0 stays.",
        "50200",
        18,
    ),
    _Known(
        "official_email",
        "Official e-mail",
        Need.OPTIONAL,
        "อีเมลกลางขององค์กร หนึ่งที่อยู่",
        "One address of the organisation.",
        "saraban@example.org",
        28,
    ),
    _Known(
        "child_rights_themes",
        "Child rights themes",
        Need.OPTIONAL,
        f"หมายเลขประเด็น {_THEMES} คั่นด้วยจุลภาค: 1 เด็กชาติพันธุ์และชนเผ่าพื้นเมือง 2 ขจัดความรุนแรง 3 ภัยออนไลน์ 4 สภาพแวดล้อม 5 เด็กผู้อพยพ",
        f"Numbers {_THEMES}, separated by commas: 1 ethnic and indigenous children, 2 ending violence, 3 online protection, "
        "4 healthy environment, 5 migrant children.",
        "2, 3",
    ),
)
_PERSON: Final = (
    _Known(
        "prefix",
        "prefix",
        Need.OPTIONAL,
        "คำนำหน้าชื่อ ยศ หรือตำแหน่งทางวิชาการ",
        "What stands before the name.",
        "นางสาว",
        18,
    ),
    _Known(
        "given_name",
        "given name",
        Need.WHERE_SIGNED,
        "ชื่อตัว ไม่ใส่คำนำหน้า",
        "The given name without a prefix.",
        "ตัวอย่าง",
    ),
    _Known("family_name", "family name", Need.WHERE_SIGNED, "นามสกุล", "The family name.", "สมมติ"),
    _Known(
        "position",
        "position",
        Need.WHERE_SIGNED,
        "ตำแหน่งที่จะพิมพ์ใต้ลายมือชื่อ",
        "The position as it is to stand under the signature.",
        "ประธานมูลนิธิ",
        26,
    ),
    _Known(
        "email",
        "e-mail",
        Need.OPTIONAL,
        "อีเมลของบุคคลนี้ คำขอลงนามจะส่งไปที่นี่",
        "Where this person is asked to sign.",
        "name@example.org",
        28,
    ),
)
_BIRTH: Final = _Known(
    "date_of_birth",
    "date of birth",
    Need.OPTIONAL,
    "กรอกเฉพาะผู้ที่อาจมีอายุไม่ถึง 20 ปี ปีที่ไม่ระบุศักราชถือเป็น พ.ศ. เป็นข้อมูลส่วนบุคคล เก็บแฟ้มนี้ให้มิดชิด",
    "Only for somebody who may be under 20. A year without its era is of the Buddhist era. Personal data: keep this file safe.",
    "29 มีนาคม 2547",
)
_ROLES: Final = {"representative": "Who signs", "witness": "Witness"}
_JURISTIC_WORDS: Final = ("ใช่", "ไม่ใช่", "ไม่ทราบ")


def starter_columns(
    asked: Sequence[AskedColumn] = (), *, required: Collection[str] = (), with_dates_of_birth: bool = False
) -> tuple[StarterColumn, ...]:
    """Return every column of the starter: those of the import, then those that a template alone asks for.

    `required` are fields of the import that a template needs beyond what every list must hold.
    """
    known = [
        replace(one, need=Need.REQUIRED) if one.field in required else one
        for one in (*_ORGANISATION, *_people(with_dates_of_birth=with_dates_of_birth))
    ]
    columns = {one.field: _column(one) for one in known}
    for one in asked:
        _add_asked(columns, one)
    return tuple(columns.values())


def _people(*, with_dates_of_birth: bool) -> Iterator[_Known]:
    for role, words in _ROLES.items():
        for one in (*_PERSON, *((_BIRTH,) if with_dates_of_birth else ())):
            yield replace(one, field=f"{role}_{one.field}", english=f"{words}: {one.english}")


def _column(known: _Known) -> StarterColumn:
    return StarterColumn(
        label_of(known.field),
        known.english,
        known.need,
        known.th,
        known.en,
        known.example,
        _choices(known.field),
        is_open=known.field == "province",
        width=known.width,
    )


def _choices(field: str) -> tuple[str, ...]:
    match field:
        case "kind":
            return tuple(kind_in_thai(kind) for kind in OrganisationKind)
        case "juristic_person":
            return _JURISTIC_WORDS
        case "province":
            return tuple(name for name, full in open_gazetteer().provinces.items() if name == full)
        case _:
            return ()


def _add_asked(columns: dict[str, StarterColumn], asked: AskedColumn) -> None:
    """Add a template's column, or rename the one that has its meaning already: the import refuses two of one meaning."""
    need = Need.REQUIRED if asked.is_required else Need.OPTIONAL
    taken = {one.heading for one in columns.values()}
    free = [one for one in (asked.label, asked.name) if field_of(one) is None and not is_of_birth(one) and one not in taken]
    field = field_of(asked.label)
    if not free and field in columns:
        columns[field] = replace(columns[field], heading=asked.label, need=need)
        return
    columns[asked.name] = StarterColumn(
        (*free, asked.label)[0],
        f"{asked.name} (of the template)",
        need,
        "คอลัมน์ที่แม่แบบนี้ต้องใช้",
        "A column that this template asks for.",
        asked.example,
        width=28,
    )
