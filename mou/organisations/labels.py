"""What a cell means whose column holds one of a few words: the kind, the standing in law, the themes."""

import re

from mou.models import ChildRightsTheme, JuristicPerson, OrganisationKind
from mou.thai import kind_in_thai, to_arabic_digits

_OTHER_KIND_LABELS = {
    "กลุ่มประชาสังคม": OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP,
    "กลุ่มไม่จดทะเบียน": OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP,
    "องค์กรภาคประชาสังคมไม่จดทะเบียน": OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP,
    "หน่วยงานของรัฐ": OrganisationKind.STATE_AGENCY,
    "หน่วยงานรัฐบาล": OrganisationKind.STATE_AGENCY,
    "ส่วนราชการ": OrganisationKind.STATE_AGENCY,
    "สนง.พมจ.": OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE,
    "พมจ.": OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE,
    "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัด": OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE,
    "กลุ่มแกนนำเยาวชน": OrganisationKind.YOUTH_GROUP,
    "แกนนำเยาวชน": OrganisationKind.YOUTH_GROUP,
    "เทศบาล (ไม่ระบุระดับ)": OrganisationKind.MUNICIPALITY,
}
# The longest beginning that fits decides. Left out on purpose: สำนักงาน, ศูนย์, เครือข่าย, กลุ่ม, สถาบัน, องค์กร, since each
# begins names of several kinds.
_KIND_OF_BEGINNING = {
    "มูลนิธิ": OrganisationKind.FOUNDATION,
    "สมาคม": OrganisationKind.ASSOCIATION,
    "เทศบาลนคร": OrganisationKind.CITY_MUNICIPALITY,
    "เทศบาลเมือง": OrganisationKind.TOWN_MUNICIPALITY,
    "เทศบาลตำบล": OrganisationKind.SUBDISTRICT_MUNICIPALITY,
    "เทศบาล": OrganisationKind.MUNICIPALITY,
    "ชุมชน": OrganisationKind.COMMUNITY,
    "กรม": OrganisationKind.DEPARTMENT,
    "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัด": OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE,
    "สนง.พมจ.": OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE,
    "สภาเด็กและเยาวชน": OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL,
    "กลุ่มเยาวชน": OrganisationKind.YOUTH_GROUP,
    "กลุ่มแกนนำเยาวชน": OrganisationKind.YOUTH_GROUP,
}
_JURISTIC_LABELS = {
    "ใช่": JuristicPerson.YES,
    "เป็น": JuristicPerson.YES,
    "เป็นนิติบุคคล": JuristicPerson.YES,
    "true": JuristicPerson.YES,
    "ไม่ใช่": JuristicPerson.NO,
    "ไม่เป็น": JuristicPerson.NO,
    "ไม่เป็นนิติบุคคล": JuristicPerson.NO,
    "false": JuristicPerson.NO,
    "ไม่ทราบ": JuristicPerson.UNKNOWN,
}
# In the order of the five themes; a cell may hold the number, the English value or the beginning of the words.
_THEME_BEGINNINGS = {
    ChildRightsTheme.ETHNIC_AND_INDIGENOUS_CHILDREN: ("สิทธิของเด็กชาติพันธุ์", "สิทธิเด็กชาติพันธุ์", "เด็กชาติพันธุ์"),
    ChildRightsTheme.ENDING_VIOLENCE: ("การขจัดความรุนแรง", "ขจัดความรุนแรง"),
    ChildRightsTheme.ONLINE_PROTECTION: ("การปกป้องคุ้มครองเด็กจากภัยออนไลน์", "คุ้มครองเด็กจากภัยออนไลน์", "ภัยออนไลน์"),
    ChildRightsTheme.HEALTHY_ENVIRONMENT: ("สิทธิเด็กกับสภาพแวดล้อม", "สภาพแวดล้อม"),
    ChildRightsTheme.MIGRANT_CHILDREN: ("สิทธิของเด็กผู้อพยพ", "สิทธิเด็กผู้อพยพ", "เด็กผู้อพยพ"),
}
_THEME_SEPARATORS = re.compile(r"[,;|\n•]+")
_THEME_NUMBER = re.compile(r"(?P<number>[1-5])\s*[.)]?\s*(?P<words>.*)", re.DOTALL)


def kind_of_label(label: str) -> OrganisationKind | None:
    """The kind that a cell names, in Thai or by its English value."""
    return _KIND_LABELS.get(_key(label))


def kind_of_name(name: str) -> OrganisationKind | None:
    """The kind that the beginning of a name leaves no doubt about; None for all others."""
    beginning = max((one for one in _KIND_OF_BEGINNING if name.startswith(one)), key=len, default=None)
    return _KIND_OF_BEGINNING[beginning] if beginning else None


def juristic_person_of_label(label: str) -> JuristicPerson | None:
    """The standing in law that a cell names."""
    key = _key(label)
    return JuristicPerson(key) if key in {one.value for one in JuristicPerson} else _JURISTIC_LABELS.get(key)


def themes_of_label(label: str) -> tuple[frozenset[ChildRightsTheme], tuple[str, ...]]:
    """The themes that a cell names, and the parts that name none; commas, semicolons, bars or line breaks part them."""
    parts = [part.strip() for part in _THEME_SEPARATORS.split(label) if part.strip()]
    themes = {part: _theme_of_part(part) for part in parts}
    return frozenset(theme for theme in themes.values() if theme), tuple(part for part, theme in themes.items() if theme is None)


def _theme_of_part(part: str) -> ChildRightsTheme | None:
    all_themes = tuple(ChildRightsTheme)
    key = _key(part)
    if key in all_themes:
        return ChildRightsTheme(key)
    match = _THEME_NUMBER.fullmatch(to_arabic_digits(part))
    words = match["words"] if match else part
    by_words = next((theme for theme in all_themes if words.startswith(_THEME_BEGINNINGS[theme])), None)
    if match is None:
        return by_words
    by_number = all_themes[int(match["number"]) - 1]
    # A number and words that name two themes are as unreadable as no theme at all.
    return by_number if not words or words.startswith(_THEME_BEGINNINGS[by_number]) else None


def _key(label: str) -> str:
    return re.sub(r"[\s_\-]+", "_", label.strip().casefold())


_KIND_LABELS = {
    **{_key(kind): kind for kind in OrganisationKind},
    **{_key(kind_in_thai(kind)): kind for kind in OrganisationKind},
    **{_key(label): kind for label, kind in _OTHER_KIND_LABELS.items()},
}
