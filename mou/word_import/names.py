"""What a tag may be called: the fields that a template has, and the names by which people in an office call them.

1. A field's own dotted name is itself: `organisation.name_th`.
2. A label of a field, of a bundled template's field or of a list's column is that field: `ชื่อองค์กร`, `วันที่ทำ`, `ตำแหน่ง ผู้แทน`.
3. Any other name is a value of the ceremony's own: `budget` is `ceremony.values.budget`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mou.organisations.columns import field_of, label_of
from mou.templates import FieldType, TemplateField, bundled_template_names, bundled_templates_folder, load_template

VALUES: Final = "ceremony.values."
COLUMNS: Final = "organisation.columns."

_T, _F, _D, _L = FieldType.TEXT, FieldType.FLAG, FieldType.DAY, FieldType.TEXTS
_OF_ORGANISATION: Final = (
    ("organisation_id", _T, "รหัสองค์กร", "org-01"),
    ("name_th", _T, "ชื่อองค์กร", "มูลนิธิตัวอย่าง"),
    ("name_en", _T, "ชื่อองค์กร (อังกฤษ)", "Example Foundation"),
    ("abbreviation", _T, "ชื่อย่อ", "มต."),
    ("kind", _T, "ประเภทองค์กร", "มูลนิธิ"),
    ("juristic_person", _T, "สถานะนิติบุคคล", "เป็นนิติบุคคล"),
    ("is_group_of_persons", _F, "เป็นกลุ่มบุคคล มิใช่นิติบุคคล", "false"),
    ("registration_number", _T, "เลขทะเบียน", "๑๒๓/๒๕๖๐"),
    ("address", _T, "ที่อยู่", "เลขที่ ๑ ตำบลตัวอย่าง อำเภอเมือง จังหวัดเชียงใหม่"),
    ("district", _T, "อำเภอ", "อำเภอเมือง"),
    ("province", _T, "จังหวัด", "จังหวัดเชียงใหม่"),
    ("representative.full_name", _T, "ผู้แทนองค์กร", "นายตัวอย่าง สมมติ"),
    ("representative.position", _T, "ตำแหน่งของผู้แทนองค์กร", "ผู้อำนวยการ"),
    ("witness.full_name", _T, "พยานฝ่ายองค์กร", "นางตัวอย่าง สมมติ"),
    ("witness.position", _T, "ตำแหน่งของพยานฝ่ายองค์กร", "เลขานุการ"),
)
_OTHERS: Final = (
    ("ceremony.title", _T, "ชื่อพิธี", "พิธีลงนามบันทึกความเข้าใจ"),
    ("ceremony.project", _T, "ชื่อโครงการ", "โครงการตัวอย่าง"),
    ("ceremony.place", _T, "สถานที่", "ศาลาตัวอย่าง"),
    ("ceremony.district", _T, "อำเภอของสถานที่", "อำเภอเมือง"),
    ("ceremony.province", _T, "จังหวัดของสถานที่", "จังหวัดเชียงใหม่"),
    ("ceremony.date", _D, "วันที่ทำ", "2026-12-05"),
    ("ceremony.channels", _L, "ช่องทาง", "ในที่ตั้ง"),
    ("ceremony.convener", _T, "ผู้ดำเนินงานโครงการ", "มูลนิธิตัวอย่าง"),
    ("ceremony.funder", _T, "ผู้สนับสนุนทุน", "กองทุนตัวอย่าง"),
    ("ceremony.themes", _L, "ประเด็น", "การคุ้มครองเด็ก"),
    ("ceremony.plans", FieldType.PERIODS, "แผนดำเนินงานร่วม", "เมษายน – ธันวาคม ๒๕๖๕"),  # as periods are written
    ("charter.title", _T, "ชื่อธรรมนูญ", "ธรรมนูญตัวอย่าง"),
    ("charter.version", _T, "ฉบับที่ของธรรมนูญ", "1"),
    ("charter.digest", _T, "ค่าแฮชของธรรมนูญ", "sha256:64 hexadecimal digits"),
    ("charter.digest_hex", _T, "ค่าแฮชของธรรมนูญ", "64 hexadecimal digits"),
    ("document.title", _T, "ชื่อเอกสาร", "บันทึกความเข้าใจ"),
    ("document.version", _T, "ฉบับที่", "1"),
    ("document.number", _T, "เลขที่เอกสาร", "MOU-2569-001"),
    ("document.sequence", FieldType.INTEGER, "ลำดับที่", "1"),
    ("document.year", FieldType.INTEGER, "ปี พ.ศ.", "2569"),
    ("document.is_sample", _F, "เป็นตัวอย่าง", "true"),
    ("members", FieldType.ORGANISATIONS, "องค์กรสมาชิก", "มูลนิธิตัวอย่าง"),
)
_HOST_LABELS: Final = {
    "name_th": "ชื่อเจ้าภาพ",
    "name_en": "ชื่อเจ้าภาพ (อังกฤษ)",
    "representative.full_name": "ผู้แทนเจ้าภาพ",
    "representative.position": "ตำแหน่งของผู้แทนเจ้าภาพ",
    "witness.full_name": "พยานฝ่ายเจ้าภาพ",
    "witness.position": "ตำแหน่งของพยานฝ่ายเจ้าภาพ",
}
# Examples of the host that are not the organisation's, so that a preview shows two parties.
_HOST_EXAMPLES: Final = {
    "organisation_id": "host",
    "name_th": "เครือข่ายตัวอย่าง",
    "name_en": "Example Network",
    "abbreviation": "คต.",
    "kind": "เครือข่าย",
    "registration_number": "๔๕๖/๒๕๖๐",
    "address": "เลขที่ ๒ ตำบลสมมติ อำเภอเมือง จังหวัดเชียงใหม่",
    "representative.full_name": "นางสาวสมมติ ตัวอย่าง",
    "representative.position": "ประธาน",
    "witness.full_name": "นายสมมติ ตัวอย่าง",
    "witness.position": "ผู้ประสานงาน",
}
# By which words people call a field that has another label; the columns of a list are known besides, see `field_of`.
_CALLED: Final = {
    "วันที่": "ceremony.date",
    "วันที่ลงนาม": "ceremony.date",
    "วันที่จัดทำ": "ceremony.date",
    "date": "ceremony.date",
    "place": "ceremony.place",
    "สถานที่ลงนาม": "ceremony.place",
    "โครงการ": "ceremony.project",
    "project": "ceremony.project",
    "เลขที่": "document.number",
    "number": "document.number",
    "documentnumber": "document.number",
    "ผู้แทน": "organisation.representative.full_name",
    "ชื่อผู้แทน": "organisation.representative.full_name",
    "ผู้ลงนาม": "organisation.representative.full_name",
    "ผู้มีอำนาจลงนาม": "organisation.representative.full_name",
    "representative": "organisation.representative.full_name",
    "representativename": "organisation.representative.full_name",
    "signatory": "organisation.representative.full_name",
    "ตำแหน่ง": "organisation.representative.position",
    "ตำแหน่งผู้แทน": "organisation.representative.position",
    "position": "organisation.representative.position",
    "พยาน": "organisation.witness.full_name",
    "witness": "organisation.witness.full_name",
    "เจ้าภาพ": "host.name_th",
    "host": "host.name_th",
    "ที่อยู่": "organisation.address",
    "address": "organisation.address",
    "อำเภอ": "organisation.district",
    "จังหวัด": "organisation.province",
    "ประเด็นสิทธิเด็ก": "ceremony.themes",
    "แผน": "ceremony.plans",
}
_OF_COLUMNS: Final = {
    "address_line": "organisation.address",
    "representative_position": "organisation.representative.position",
    "witness_position": "organisation.witness.position",
}
_NOT_IN_A_NAME: Final = re.compile(r"[\s().,/\"'_-]+")
_NOT_IN_A_KEY: Final = re.compile(r"[^0-9A-Za-z\u0e01-\u0e3a\u0e40-\u0e4e]+")


@dataclass(frozen=True, slots=True)
class FieldName:
    """The dotted name of a field, and the label under which the file had it."""

    name: str
    label: str


def standard_fields() -> dict[str, TemplateField]:
    """Return every field that needs no declaration elsewhere, by its dotted name."""
    rows = [
        *((f"organisation.{name}", kind, label, example) for name, kind, label, example in _OF_ORGANISATION),
        *(
            (f"host.{name}", kind, _HOST_LABELS.get(name, f"{label} (เจ้าภาพ)"), _HOST_EXAMPLES.get(name, example))
            for name, kind, label, example in _OF_ORGANISATION
        ),
        *_OTHERS,
    ]
    return {name: TemplateField(name, kind, label, example) for name, kind, label, example in rows}


@lru_cache(maxsize=1)
def known_fields() -> dict[str, TemplateField]:
    """Return the standard fields, and those that bundled templates declare besides."""
    bundled = [one for name in bundled_template_names() for one in load_template(bundled_templates_folder() / name).fields]
    standard = standard_fields()
    return standard | {one.name: one for one in bundled if one.name not in standard}


@lru_cache(maxsize=1)
def _labelled() -> dict[str, str]:
    bundled = {
        _key(one.label): one.name
        for name in bundled_template_names()
        for one in load_template(bundled_templates_folder() / name).fields
    }
    return (
        bundled
        | {_key(one.label): one.name for one in standard_fields().values()}
        | {_key(one): name for one, name in _CALLED.items()}
    )


def _key(name: str) -> str:
    return _NOT_IN_A_NAME.sub("", name).casefold()


def field_called(name: str) -> FieldName | None:
    """Return the field that people call so (rule 2); None where nobody here knows it."""
    if name in known_fields():
        return FieldName(name, known_fields()[name].label)
    if found := _labelled().get(_key(name)):
        return FieldName(found, known_fields()[found].label)
    column = field_of(name)
    return None if column is None else _field_of_column(column, name)


def _field_of_column(column: str, name: str) -> FieldName:
    """Return the field that a column of a list gives."""
    if column in _OF_COLUMNS:
        return FieldName(_OF_COLUMNS[column], name)
    if f"organisation.{column}" in known_fields():
        return FieldName(f"organisation.{column}", known_fields()[f"organisation.{column}"].label)
    if column.endswith(("given_name", "family_name", "prefix")):
        person = "witness" if column.startswith("witness") else "representative"
        return FieldName(f"organisation.{person}.full_name", name)
    return FieldName(f"{COLUMNS}{column}", label_of(column))


def own_value(name: str) -> FieldName:
    """Return a field of the ceremony's own values under this name (rule 3)."""
    return FieldName(f"{VALUES}{_NOT_IN_A_KEY.sub('_', name).strip('_') or 'value'}", name.strip())


def is_known(chain: str) -> bool:
    """Whether a dotted name that begins like a field's leads to a value."""
    if chain in known_fields() or (chain.startswith((VALUES, COLUMNS)) and len(chain.split(".")) == len(VALUES.split("."))):
        return True
    return any(name.startswith(f"{chain}.") for name in known_fields())
