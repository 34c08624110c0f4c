"""What a row means: every field in Thai and English, every bad cell named, nothing guessed."""

from pathlib import Path

import pytest

from mou.errors import InputError
from mou.models import ChildRightsTheme, JuristicPerson, Organisation, OrganisationKind, Person
from mou.organisations import OrganisationList, read_organisations, with_ids

ALL_THEMES = frozenset(ChildRightsTheme)


def read(folder: Path, *lines: str) -> OrganisationList:
    path = folder / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_organisations(path)


def only(folder: Path, *lines: str) -> Organisation:
    (row,) = read(folder, *lines).rows
    return row.organisation


def problems(folder: Path, *lines: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, *lines)
    return [str(problem) for problem in caught.value.problems]


THAI_HEADER = (
    "รหัส,ชื่อเต็ม (ไทย),ชื่ออังกฤษ,ชื่อย่อ,ประเภท,สถานะนิติบุคคล (ใช่/ไม่ใช่/ไม่ทราบ),เลขทะเบียน,ต้นสังกัด,ที่อยู่,ตำบล,อำเภอ/เขต,จังหวัด,รหัสไปรษณีย์,"
    "อีเมลกลาง (สารบรรณ),ประเด็นสิทธิเด็กที่ทำ (๕ หัวข้อ),คำนำหน้า ผู้แทน (ผู้ลงนาม),ชื่อ ผู้แทน (ผู้ลงนาม),สกุล ผู้แทน (ผู้ลงนาม),"
    "ตำแหน่ง ผู้แทน (ผู้ลงนาม),อีเมล ผู้แทน (ผู้ลงนาม),คำนำหน้า พยาน,ชื่อ พยาน,สกุล พยาน,ตำแหน่ง พยาน,อีเมล พยาน"
)
ENGLISH_HEADER = (
    "organisation_id,name_th,name_en,abbreviation,kind,juristic_person,registration_number,parent_organisation_id,address_line,subdistrict,"
    "district,province,postal_code,official_email,child_rights_themes,representative_prefix,representative_given_name,"
    "representative_family_name,representative_position,representative_email,witness_prefix,witness_given_name,witness_family_name,"
    "witness_position,witness_email"
)
FULL_ROW = (
    "a1,มูลนิธิดาวดี,Dao Di Foundation,มดด.,foundation,yes,ท 1,a1,9 ถนนดี,สุเทพ,เมืองเชียงใหม่,เชียงใหม่,50200,office@example.org,"
    '"1, 3",นาง,ดาว,ดี,ประธาน,'
    "dao@example.org,นาย,เดือน,งาม,กรรมการ,duean@example.org"
)


@pytest.mark.parametrize("header", [THAI_HEADER, ENGLISH_HEADER], ids=["Thai headers", "English headers"])
def test_every_field_is_read_under_its_thai_and_its_english_header(tmp_path: Path, header: str) -> None:
    organisation = only(tmp_path, header, FULL_ROW)
    assert organisation == Organisation(
        organisation_id="a1",
        name_th="มูลนิธิดาวดี",
        kind=OrganisationKind.FOUNDATION,
        name_en="Dao Di Foundation",
        abbreviation="มดด.",
        juristic_person=JuristicPerson.YES,
        registration_number="ท 1",
        parent_organisation_id="a1",
        address_line="9 ถนนดี",
        subdistrict="สุเทพ",
        district="เมืองเชียงใหม่",
        province="เชียงใหม่",
        postal_code="50200",
        official_email="office@example.org",
        child_rights_themes=frozenset({ChildRightsTheme.ETHNIC_AND_INDIGENOUS_CHILDREN, ChildRightsTheme.ONLINE_PROTECTION}),
        representative=Person("ดาว", "ดี", "ประธาน", "นาง", "dao@example.org"),
        witness=Person("เดือน", "งาม", "กรรมการ", "นาย", "duean@example.org"),
        source_row=organisation.source_row,
    )
    assert list(organisation.source_row) == header.split(",")


@pytest.mark.parametrize(
    "header",
    ["ชื่อองค์กร", "ชื่อหน่วยงาน", "  ชื่อเต็ม(ไทย) ", "Organisation Name", "ชื่อองค์กร/หน่วยงาน *", "\ufeffname_th", "ชื่อ\u200bองค์กร"],
)
def test_common_variants_of_the_name_column_are_known(tmp_path: Path, header: str) -> None:
    assert only(tmp_path, f"{header},จังหวัด", "สมาคมดี,แพร่").name_th == "สมาคมดี"


def test_an_unknown_column_is_noted_and_kept(tmp_path: Path) -> None:
    listed = read(tmp_path, "ชื่อองค์กร,ประเภท,โทรศัพท์", "สมาคมดี,สมาคม,053")
    assert [(found.code, found.column) for found in listed.discrepancies] == [("column_unknown", "โทรศัพท์")]
    assert listed.rows[0].organisation.source_row["โทรศัพท์"] == "053"


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("ชื่อองค์กร,จังหวัด,จังหวัด", id="one header twice"),
        pytest.param("ชื่อองค์กร,จังหวัด,province", id="two headers of one meaning"),
        pytest.param("ชื่อองค์กร,โทร,โทร", id="an unknown header twice"),
    ],
)
def test_a_column_that_stands_twice_is_refused_with_both_places(tmp_path: Path, header: str) -> None:
    (problem,) = problems(tmp_path, header, "สมาคมดี,แพร่,น่าน")
    assert problem.startswith("list.csv, row 1: one column for each meaning is expected")
    assert "(B, C)" in problem


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        *((kind.value, kind) for kind in OrganisationKind),
        ("มูลนิธิ", OrganisationKind.FOUNDATION),
        ("กลุ่มประชาสังคมไม่จดทะเบียน", OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP),
        ("หน่วยงานรัฐ", OrganisationKind.STATE_AGENCY),
        ("เทศบาลนคร", OrganisationKind.CITY_MUNICIPALITY),
        ("เทศบาล", OrganisationKind.MUNICIPALITY),
        ("สนง.พมจ.", OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE),
        ("สภาเด็กและเยาวชน", OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL),
        ("ผู้สนับสนุนทุน", OrganisationKind.FUNDER),
        ("City Municipality", OrganisationKind.CITY_MUNICIPALITY),
    ],
)
def test_a_kind_is_read_by_its_thai_label_or_english_value(tmp_path: Path, label: str, kind: OrganisationKind) -> None:
    assert only(tmp_path, "ชื่อองค์กร,ประเภท", f"ก,{label}").kind is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("มูลนิธิดาว", OrganisationKind.FOUNDATION),
        ("สมาคมดาว", OrganisationKind.ASSOCIATION),
        ("เทศบาลนครดาว", OrganisationKind.CITY_MUNICIPALITY),
        ("เทศบาลเมืองดาว", OrganisationKind.TOWN_MUNICIPALITY),
        ("เทศบาลตำบลดาว", OrganisationKind.SUBDISTRICT_MUNICIPALITY),
        ("เทศบาลดาว", OrganisationKind.MUNICIPALITY),
        ("ชุมชนดาว", OrganisationKind.COMMUNITY),
        ("กรมกิจการเด็กและเยาวชน", OrganisationKind.DEPARTMENT),
        ("สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดน่าน", OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE),
        ("สภาเด็กและเยาวชนดาว", OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL),
        ("กลุ่มแกนนำเยาวชนดาว", OrganisationKind.YOUTH_GROUP),
    ],
)
def test_a_kind_that_is_not_given_comes_from_the_name_and_is_said(tmp_path: Path, name: str, kind: OrganisationKind) -> None:
    listed = read(tmp_path, "ชื่อองค์กร", name)
    assert listed.rows[0].organisation.kind is kind
    assert "kind_from_name" in [found.code for found in listed.discrepancies]


@pytest.mark.parametrize("name", ["ศูนย์ดาว", "เครือข่ายดาว", "กลุ่มแม่ดาว", "สำนักงานดาว", "โรงเรียนดาว", "องค์กรมูลนิธิ"])
def test_a_name_that_leaves_doubt_gives_no_kind(tmp_path: Path, name: str) -> None:
    (problem,) = problems(tmp_path, "ชื่อองค์กร", name)
    assert problem.startswith("list.csv, row 2, column “ประเภท”: a kind of organisation is expected")
    assert f"the name “{name}” does not begin" in problem


@pytest.mark.parametrize(
    ("cell", "themes"),
    [
        ("", frozenset()),
        ('"1,2,3,4,5"', ALL_THEMES),
        ("๑;๒;๓;๔;๕", ALL_THEMES),
        ("5", {ChildRightsTheme.MIGRANT_CHILDREN}),
        ("online_protection | Ending Violence", {ChildRightsTheme.ONLINE_PROTECTION, ChildRightsTheme.ENDING_VIOLENCE}),
        ("๔.สิทธิเด็กกับสภาพแวดล้อมที่สะอาด ปลอดภัย มีสุขภาวะและยั่งยืน", {ChildRightsTheme.HEALTHY_ENVIRONMENT}),
        ("การขจัดความรุนแรงต่อเด็กทุกรูปแบบ โดยเน้นการลงโทษเด็กทางกายและทำให้ด้อยค่า", {ChildRightsTheme.ENDING_VIOLENCE}),
    ],
)
def test_themes_are_read_as_numbers_words_or_values(tmp_path: Path, cell: str, themes: set[ChildRightsTheme]) -> None:
    assert only(tmp_path, "ชื่อองค์กร,ประเด็น", f"สมาคมดี,{cell}").child_rights_themes == themes


@pytest.mark.parametrize("cell", ["6", "0", "12", "เด็ก", "1 การขจัดความรุนแรง", "1 2", "1.3"])
def test_a_theme_that_cannot_be_read_is_refused(tmp_path: Path, cell: str) -> None:
    (problem,) = problems(tmp_path, "ชื่อองค์กร,ประเด็น", f"สมาคมดี,{cell}")
    assert "themes are expected as numbers from 1 to 5" in problem
    assert problem.endswith(f"got “{cell}”")


@pytest.mark.parametrize("cell", ["5020", "502000", "ห้าหมื่น", "50-200", "5020O", "๕๐๒", "50200.0"])
def test_a_malformed_postal_code_is_refused(tmp_path: Path, cell: str) -> None:
    (problem,) = problems(tmp_path, "ชื่อองค์กร,รหัสไปรษณีย์", f"สมาคมดี,{cell}")
    assert problem == f"list.csv, row 2, column “รหัสไปรษณีย์”: a postal code of 5 digits is expected, got “{cell}”"


@pytest.mark.parametrize(
    "cell",
    [
        "a",
        "a@b",
        "a@@b.org",
        "a b@c.org",
        "a@b.org; c@d.org",
        "<a@b.org>",
        "a@b..org",
        "a@.org",
        "a@b.org\u200b",
        '"a@b.org\nBcc: c@d.org"',
    ],
)
def test_a_malformed_email_address_is_refused(tmp_path: Path, cell: str) -> None:
    (problem,) = problems(tmp_path, "ชื่อองค์กร,อีเมล", f"สมาคมดี,{cell}")
    assert problem.startswith("list.csv, row 2, column “อีเมล”: one e-mail address such as name@example.org is expected")


@pytest.mark.parametrize("cell", ["a@b.org", "first.last+tag@sub.example.co.th", "คน@ไทย.ไทย", "o_1-2@x.org"])
def test_an_email_address_is_kept_as_it_stands(tmp_path: Path, cell: str) -> None:
    assert only(tmp_path, "ชื่อองค์กร,อีเมล", f"สมาคมดี,{cell}").official_email == cell


@pytest.mark.parametrize("cell", ["../a", "a/b", ".a", "-a", "a b", "ก" * 65, "{{x}}", "a\u200b"])
def test_an_id_that_cannot_stand_in_a_file_name_is_refused(tmp_path: Path, cell: str) -> None:
    (problem,) = problems(tmp_path, "รหัส,ชื่อองค์กร", f"{cell},สมาคมดี")
    assert "column “รหัส”: an id of at most 64 letters" in problem


@pytest.mark.parametrize(
    "cell", ["", "   ", "\u200b", "\u00a0\ufeff"], ids=["empty", "spaces", "zero width space", "no-break space"]
)
def test_a_name_that_nobody_sees_is_no_name(tmp_path: Path, cell: str) -> None:
    (problem,) = problems(tmp_path, "รหัส,ชื่อองค์กร,ประเภท", f"a1,{cell},สมาคม")
    assert problem == "list.csv, row 2, column “ชื่อองค์กร”: a name is expected, got nothing"


def test_a_person_needs_a_given_name_and_a_position(tmp_path: Path) -> None:
    found = problems(tmp_path, "ชื่อองค์กร,ชื่อ ผู้แทน,สกุล ผู้แทน,ตำแหน่ง ผู้แทน,ชื่อ พยาน", "สมาคมดี,,ใจดี,นายก,ดาว")
    assert [problem.split(": ")[0] for problem in found] == [
        "list.csv, row 2, column “ชื่อ ผู้แทน”",
        "list.csv, row 2, column “ตำแหน่ง พยาน”",
    ]


def test_a_person_without_family_name_is_kept_and_noted(tmp_path: Path) -> None:
    listed = read(tmp_path, "ชื่อองค์กร,ประเภท,ชื่อ ผู้แทน,สกุล ผู้แทน,ตำแหน่ง ผู้แทน", "สมาคมดี,สมาคม,หมื่อแฮ,,นายก")
    person = listed.rows[0].organisation.representative
    assert person is not None
    assert person.full_name == "หมื่อแฮ"
    assert [(found.code, found.column) for found in listed.discrepancies] == [("family_name_missing", "สกุล ผู้แทน")]


def test_all_bad_rows_are_reported_at_once_in_order(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(
            tmp_path,
            "รหัส,ชื่อองค์กร,ประเภท,รหัสไปรษณีย์,อีเมล,ประเด็น,สถานะนิติบุคคล",
            "a1,มูลนิธิดี,มูลนิธิ,50200,,,",
            "a1,สมาคมดี,สมาคม,5,x,9,อาจจะ",
            "b2,,บริษัท,,,,",
            "a1,สมาคมงาม,สมาคม,,,,",
        )
    assert str(caught.value.message) == "list.csv: 3 rows cannot be used"
    assert [(problem.values["row"], problem.values.get("column")) for problem in caught.value.problems] == [
        (3, "“สถานะนิติบุคคล”"),
        (3, "“ประเด็น”"),
        (3, "“รหัสไปรษณีย์”"),
        (3, "“อีเมล”"),
        (3, "“รหัส”"),
        (4, "“ชื่อองค์กร”"),
        (4, "“ประเภท”"),
        (5, "“รหัส”"),
    ]
    assert "got “a1”, which row 2 has already" in str(caught.value)


def test_a_list_without_ids_gets_them_once_and_keeps_them(tmp_path: Path) -> None:
    listed = read(tmp_path, "ชื่อองค์กร", "สมาคมหนึ่ง", "สมาคมสอง", "สมาคมสาม")
    assert not listed.has_all_ids
    first = with_ids(listed, {}, 1)
    assert [one.organisation_id for one in first.organisations] == ["org-0001", "org-0002", "org-0003"]
    existing = {one.name_th: one.organisation_id for one in first.organisations}
    later = read(tmp_path, "ชื่อองค์กร", "สมาคมใหม่", "สมาคมสาม", "สมาคมหนึ่ง")
    assert [one.organisation_id for one in with_ids(later, existing, 4).organisations] == ["org-0004", "org-0003", "org-0001"]


def test_an_id_in_use_is_never_given_again(tmp_path: Path) -> None:
    listed = read(tmp_path, "รหัส,ชื่อองค์กร", "org-0002,สมาคมหนึ่ง", ",สมาคมสอง", ",สมาคมสาม")
    named = with_ids(listed, {"สมาคมเก่า": "org-0003"}, 1)
    assert [one.organisation_id for one in named.organisations] == ["org-0002", "org-0001", "org-0004"]


def test_one_name_in_two_rows_takes_the_existing_id_once(tmp_path: Path) -> None:
    listed = read(tmp_path, "ชื่อองค์กร,จังหวัด", "สมาคมดี,แพร่", "สมาคมดี,น่าน")
    named = with_ids(listed, {"สมาคมดี": "org-0001"}, 2)
    assert [one.organisation_id for one in named.organisations] == ["org-0001", "org-0002"]


def test_organisations_without_ids_are_not_handed_out(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="call with_ids"):
        _ = read(tmp_path, "ชื่อองค์กร", "สมาคมหนึ่ง").organisations


def test_ids_that_the_list_gives_stay(tmp_path: Path) -> None:
    listed = read(tmp_path, "รหัส,ชื่อองค์กร", "a1,สมาคมหนึ่ง")
    assert with_ids(listed, {"สมาคมหนึ่ง": "org-0009"}, 10) == listed
