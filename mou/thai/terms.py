"""The Thai words for the codes of a list and of a signature request. Pure."""

from typing import Final

from mou.models import Capacity, JuristicPerson, OrganisationKind

_CAPACITIES: Final = {
    Capacity.AUTHORISED_REPRESENTATIVE: "ผู้มีอำนาจลงนาม",
    Capacity.ATTORNEY: "ผู้รับมอบอำนาจ",
    Capacity.ACTING_ON_BEHALF: "ปฏิบัติราชการแทน",
    Capacity.ACTING_IN_OFFICE: "รักษาการ",
    Capacity.WITNESS: "พยาน",
    Capacity.LEGAL_REPRESENTATIVE: "ผู้แทนโดยชอบธรรม",
    Capacity.NETWORK_COUNTERSIGNER: "ผู้ลงนามรับรองของเครือข่าย",
}
_KINDS: Final = {
    OrganisationKind.FOUNDATION: "มูลนิธิ",
    OrganisationKind.ASSOCIATION: "สมาคม",
    OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP: "กลุ่มประชาสังคมไม่จดทะเบียน",
    OrganisationKind.STATE_AGENCY: "หน่วยงานรัฐ",
    OrganisationKind.CITY_MUNICIPALITY: "เทศบาลนคร",
    OrganisationKind.TOWN_MUNICIPALITY: "เทศบาลเมือง",
    OrganisationKind.SUBDISTRICT_MUNICIPALITY: "เทศบาลตำบล",
    OrganisationKind.MUNICIPALITY: "เทศบาล",
    OrganisationKind.COMMUNITY: "ชุมชน",
    OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE: "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัด",
    OrganisationKind.DEPARTMENT: "กรม",
    OrganisationKind.YOUTH_GROUP: "กลุ่มเยาวชน",
    OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL: "สภาเด็กและเยาวชน",
    OrganisationKind.FUNDER: "ผู้สนับสนุนทุน",
}
_JURISTIC: Final = {
    JuristicPerson.YES: "นิติบุคคล",
    JuristicPerson.NO: "กลุ่มบุคคล",
    JuristicPerson.UNKNOWN: "ไม่ปรากฏสถานะนิติบุคคล",
}


def capacity_in_thai(capacity: Capacity) -> str:
    """The words under a signature that say in what capacity it was given."""
    return _CAPACITIES[capacity]


def kind_in_thai(kind: OrganisationKind) -> str:
    """The Thai word for a kind of organisation."""
    return _KINDS[kind]


def juristic_person_in_thai(status: JuristicPerson) -> str:
    """The Thai words for an organisation's standing in law."""
    return _JURISTIC[status]
