"""The lists that come with the program: invented members and youth groups, and the pilot areas word for word."""

from pathlib import Path

import pytest

from mou.models import OrganisationKind
from mou.organisations import OrganisationList, read_organisations
from mou.organisations.gazetteer import open_gazetteer
from mou.templates import bundled_templates_folder

TEMPLATES = bundled_templates_folder()
NETWORK = TEMPLATES / "lanna-charter" / "example"
CITIES = TEMPLATES / "child-friendly-city-mou" / "example"
UPPER_NORTH = {"เชียงใหม่", "เชียงราย", "ลำพูน", "ลำปาง", "พะเยา", "แพร่", "น่าน", "แม่ฮ่องสอน"}
PILOT_AREAS = (
    "ชุมชนสุวรรณประสิทธิ์ 2 (เขตบึงกุ่ม) กรุงเทพมหานคร",
    "เทศบาลนนทบุรี จังหวัดนนทบุรี",
    "เทศบาลตำบลแม่กา จังหวัดพะเยา",
    "เทศบาลนครขอนแก่น จังหวัดขอนแก่น",
    "เทศบาลตำบลลำทับ จังหวัดกระบี่",
    "เทศบาลนครภูเก็ต จังหวัดภูเก็ต",
    "เทศบาลเมืองเขาสามร้อยยอด จังหวัดลพบุรี",
)


def codes(listed: OrganisationList) -> list[tuple[str, int | None]]:
    return [(found.code, found.row) for found in listed.discrepancies]


@pytest.mark.parametrize("name", ["pilot-areas.csv", "pilot-areas-sample-signers.csv"])
def test_the_pilot_areas_are_eight_by_statement_and_seven_by_list_and_nothing_is_corrected(name: str) -> None:
    listed = read_organisations(CITIES / name)
    assert (listed.declared_count, len(listed.organisations)) == (8, 7)
    assert tuple(one.source_row["ข้อมูลตามแหล่งที่มา"] for one in listed.organisations) == PILOT_AREAS
    entries = [row.number for row in listed.rows]
    assert codes(listed) == [
        ("declared_count", None),
        ("not_juristic_person", entries[0]),
        ("level_missing", entries[1]),
        ("province_and_place", entries[6]),
    ]
    assert (listed.organisations[1].name_th, listed.organisations[1].kind) == ("เทศบาลนนทบุรี", OrganisationKind.MUNICIPALITY)
    assert (listed.organisations[6].name_th, listed.organisations[6].province) == ("เทศบาลเมืองเขาสามร้อยยอด", "ลพบุรี")
    for one, source in zip(listed.organisations, PILOT_AREAS, strict=True):
        assert source.startswith(one.name_th)
        assert source.endswith(one.province or "?")


def test_no_signer_is_put_beside_the_pilot_areas_as_the_source_has_them() -> None:
    listed = read_organisations(CITIES / "pilot-areas.csv")
    assert all(one.representative is None and one.witness is None for one in listed.organisations)


def test_every_sample_signer_is_called_an_example() -> None:
    listed = read_organisations(CITIES / "pilot-areas-sample-signers.csv")
    persons = [person for one in listed.organisations for person in (one.representative, one.witness)]
    assert len(persons) == 14
    assert all(person and person.given_name.startswith("ตัวอย่าง") and "(สมมติ)" in person.position for person in persons)
    assert len({person.full_name for person in persons if person}) == 14


def test_the_members_are_nineteen_of_mixed_kinds_in_the_upper_north() -> None:
    listed = read_organisations(NETWORK / "organisations.csv")
    assert listed.declared_count == len(listed.organisations) == 19
    assert len({one.kind for one in listed.organisations}) == 8
    assert {one.province for one in listed.organisations} == UPPER_NORTH
    lengths = sorted(len(one.name_th) for one in listed.organisations)
    assert (lengths[0], lengths[-1]) == (18, 115)
    assert {code for code, _ in codes(listed)} == {"not_juristic_person", "place_unknown"}


def test_every_member_has_a_representative_and_a_witness_who_can_sign() -> None:
    listed = read_organisations(NETWORK / "organisations.csv")
    persons = [person for one in listed.organisations for person in (one.representative, one.witness) if person]
    assert len({person.full_name for person in persons}) == len({person.email for person in persons}) == 38
    assert all(person.family_name and person.position and person.email for person in persons)
    assert all((person.email or "").endswith("@example.org") for person in persons)
    assert all(one.child_rights_themes and one.postal_code for one in listed.organisations)


def test_every_member_says_in_its_row_that_it_is_invented() -> None:
    listed = read_organisations(NETWORK / "organisations.csv")
    assert all("สมมติ" in one.source_row["ข้อมูลตามแหล่งที่มา"] for one in listed.organisations)


def test_no_member_is_a_municipality_of_a_real_place() -> None:
    listed = read_organisations(NETWORK / "organisations.csv")
    municipalities = [one for one in listed.organisations if one.name_th.startswith("เทศบาล")]
    assert len(municipalities) == 3
    for one in municipalities:
        place = one.name_th.removeprefix("เทศบาล").removeprefix("นคร").removeprefix("เมือง").removeprefix("ตำบล")
        assert open_gazetteer().provinces_of(place) == frozenset()


def test_the_youth_groups_are_sixteen_and_name_no_person() -> None:
    listed = read_organisations(NETWORK / "youth-groups.csv")
    assert listed.declared_count == len(listed.organisations) == 16
    assert listed.discrepancies == ()
    for one in listed.organisations:
        assert one.kind is OrganisationKind.YOUTH_GROUP
        assert one.representative is None
        assert one.witness is None
        assert one.official_email is None


@pytest.mark.parametrize("folder", [NETWORK, CITIES], ids=["network", "cities"])
def test_every_example_says_where_it_comes_from(folder: Path) -> None:
    source = (folder / "SOURCE").read_text(encoding="utf-8")
    assert all(path.name in source for path in folder.glob("*.csv"))
