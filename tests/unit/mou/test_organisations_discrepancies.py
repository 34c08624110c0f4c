"""What looks wrong in a list: each rule on its own, that it speaks, that it stays silent, and that nothing is corrected."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.models import Discrepancy
from mou.organisations import read_organisations
from mou.organisations.gazetteer import open_gazetteer
from mou.organisations.names import as_said, as_seen, untypical_marks

# Concluded rather than doubted; the rules below are about names, not about this.
QUIET = {"kind_from_name"}


def found_in(folder: Path, *lines: str, declared_count: int | None = None) -> Sequence[Discrepancy]:
    path = folder / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read_organisations(path, declared_count=declared_count).discrepancies
    return [one for one in found if one.code not in QUIET]


def codes(found: Sequence[Discrepancy]) -> list[tuple[str, int | None]]:
    return [(one.code, one.row) for one in found]


@pytest.mark.parametrize(
    ("name", "province", "code"),
    [
        pytest.param("เทศบาลเมืองเขาสามร้อยยอด", "ลพบุรี", "province_and_place", id="a landmark of another province"),
        pytest.param("เทศบาลตำบลสามร้อยยอด", "ลพบุรี", "province_and_place", id="a district of another province"),
        pytest.param("เทศบาลนครขอนแก่น", "พะเยา", "province_and_place", id="the name of another province"),
        pytest.param("เทศบาลตำบลแม่กา", "กระบี่", "province_and_place", id="a subdistrict of another province"),
        pytest.param("ชุมชนดาว (เขตบึงกุ่ม)", "เชียงใหม่", "province_and_place", id="a district in brackets"),
        pytest.param("เทศบาลตำบลดาวพลูโต", "กระบี่", "place_unknown", id="a place that nobody knows"),
        pytest.param("เทศบาลตำบลแม่กา", "พเยา", "province_unknown", id="a misspelled province"),
        pytest.param("สมาคมดาว จังหวัดน่าน", "แพร่", "provinces_differ", id="another province in the name"),
        pytest.param("สนง.พมจ.น่าน", "แพร่", "provinces_differ", id="another province's office"),
        pytest.param("เทศบาลตำบลแม่กา จังหวัดกระบี่", "", "province_and_place", id="the province in the name alone"),
    ],
)
def test_a_place_and_a_province_that_do_not_go_together_are_doubted(tmp_path: Path, name: str, province: str, code: str) -> None:
    found = [one for one in found_in(tmp_path, "ชื่อองค์กร,จังหวัด", f"{name},{province}") if one.code != "not_juristic_person"]
    assert codes(found) == [(code, 2)]


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("เทศบาลเมืองเขาสามยอด", "ลพบุรี"),
        ("เทศบาลตำบลแม่กา", "พะเยา"),
        ("เทศบาลตำบลแม่กา จังหวัดพะเยา", "จังหวัดพะเยา"),
        ("เทศบาลตำบลแม่กา", "จ.พะเยา"),
        ("เทศบาลตำบลแม่กา", "Phayao"),
        ("เทศบาลนครขอนแก่น", "ขอนแก่น"),
        ("เทศบาลเมืองพล", "ขอนแก่น"),
        ("สมาคมเขตบึงกุ่ม", "กทม."),
        ("สมาคมขอนแก่น", "กระบี่"),
        ("เทศบาลตำบลแม่กา", ""),
    ],
)
def test_a_place_in_its_province_is_not_doubted(tmp_path: Path, name: str, province: str) -> None:
    assert found_in(tmp_path, "ชื่อองค์กร,จังหวัด", f"{name},{province}") == []


def test_a_subdistrict_administration_bears_the_name_of_a_place(tmp_path: Path) -> None:
    found = found_in(tmp_path, "ชื่อองค์กร,ประเภท,จังหวัด", "อบต.แม่กา,หน่วยงานรัฐ,กระบี่", "องค์การบริหารส่วนตำบลแม่กา,หน่วยงานรัฐ,พะเยา")
    assert codes(found) == [("province_and_place", 2)]


def test_the_sentence_names_both_halves_and_decides_nothing(tmp_path: Path) -> None:
    (found,) = found_in(tmp_path, "ชื่อองค์กร,จังหวัด", "เทศบาลเมืองเขาสามร้อยยอด,ลพบุรี")
    assert str(found.message) == (
        "“เทศบาลเมืองเขาสามร้อยยอด”: “เขาสามร้อยยอด” is known in ประจวบคีรีขันธ์, not in ลพบุรี; one half of the pair looks wrong, "
        "and which one is not for this program to decide"
    )


@pytest.mark.parametrize(
    ("district", "subdistrict", "expected"),
    [
        ("เมือง", "แม่กา", []),
        ("อำเภอเมืองพะเยา", "ต.แม่กา", []),
        ("ลำทับ", "", [("province_and_place", 2)]),
        ("", "ลำทับ", [("province_and_place", 2)]),
    ],
)
def test_districts_and_subdistricts_are_compared_with_the_province(
    tmp_path: Path, district: str, subdistrict: str, expected: list[tuple[str, int]]
) -> None:
    assert codes(found_in(tmp_path, "ชื่อองค์กร,อำเภอ,ตำบล,จังหวัด", f"สมาคมดี,{district},{subdistrict},พะเยา")) == expected


@pytest.mark.parametrize("name", ["เทศบาลนนทบุรี", "เทศบาลแม่กา", "เทศบาลนครนายก"])
def test_a_municipality_without_its_level_is_said(tmp_path: Path, name: str) -> None:
    assert codes(found_in(tmp_path, "ชื่อองค์กร", name)) == [("level_missing", 2)]


@pytest.mark.parametrize("name", ["เทศบาลนครนนทบุรี", "เทศบาลเมืองพล", "เทศบาลตำบลเมืองปาน", "เทศบาลเมืองเมืองพล", "สมาคมเทศบาลไทย"])
def test_a_municipality_with_its_level_is_not_said(tmp_path: Path, name: str) -> None:
    assert found_in(tmp_path, "ชื่อองค์กร", name) == []


@pytest.mark.parametrize(("name", "kind"), [("มูลนิธิดี", "สมาคม"), ("เทศบาลนครดี", "เทศบาลตำบล"), ("ชุมชนดี", "มูลนิธิ")])
def test_a_kind_that_contradicts_the_name_is_doubted(tmp_path: Path, name: str, kind: str) -> None:
    assert codes(found_in(tmp_path, "ชื่อองค์กร,ประเภท", f"{name},{kind}")) == [("kind_and_name_differ", 2)]


@pytest.mark.parametrize(("name", "kind"), [("กรมดี", "หน่วยงานรัฐ"), ("มูลนิธิดี", "ผู้สนับสนุนทุน"), ("เครือข่ายดี", "สมาคม")])
def test_a_wider_kind_than_the_name_is_not_doubted(tmp_path: Path, name: str, kind: str) -> None:
    assert found_in(tmp_path, "ชื่อองค์กร,ประเภท", f"{name},{kind}") == []


def test_a_level_in_the_kind_does_not_hide_that_the_name_lacks_it(tmp_path: Path) -> None:
    assert codes(found_in(tmp_path, "ชื่อองค์กร,ประเภท", "เทศบาลนนทบุรี,เทศบาลนคร")) == [("level_missing", 2)]


def test_a_count_that_somebody_states_is_compared(tmp_path: Path) -> None:
    found = found_in(tmp_path, "ชื่อองค์กร", "สมาคมหนึ่ง", "สมาคมสอง", declared_count=3)
    assert [str(one.message) for one in found] == ["3 organisations are stated, 2 are listed"]
    assert found_in(tmp_path, "ชื่อองค์กร", "สมาคมหนึ่ง", "สมาคมสอง", declared_count=2) == []


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        pytest.param("สมาคมดี,แพร่", "สมาคมดี,แพร่", "row_doubled", id="cell for cell"),
        pytest.param("สมาคมดี,แพร่", "สมาคมดี ,  แพร่", "row_doubled", id="but for space around"),
        pytest.param("สมาคมดี,แพร่", "สมาคมดี,น่าน", "name_repeated", id="the name"),
        pytest.param("สมาคมดี งาม,แพร่", "สมาคมดีงาม,แพร่", "name_spacing", id="a space inside"),
        pytest.param("สมาคมน้ำดี,แพร่", "สมาคมน\u0e4d\u0e49\u0e32ดี,แพร่", "name_spacing", id="a decomposed vowel"),
        pytest.param("สมาคมดี\u200bงาม,แพร่", "สมาคมดีงาม,แพร่", "name_spacing", id="an invisible character"),
        pytest.param("สมาคมดี 2,แพร่", "สมาคมดี ๒,แพร่", "name_spacing", id="numerals"),
        pytest.param("เทศบาลตำบลแม่กา,พะเยา", "ทต. แม่กา,พะเยา", "name_spellings", id="an abbreviation"),
        pytest.param("สมาคม “ดี”,แพร่", "สมาคมดี,แพร่", "name_spellings", id="quotation marks"),
        pytest.param("สมาคมพันธุ์ดี,แพร่", "สมาคมพันธุดี,แพร่", "name_spellings", id="a silencer"),
    ],
)
def test_two_rows_that_may_be_one_organisation_are_named_once(tmp_path: Path, first: str, second: str, code: str) -> None:
    found = found_in(tmp_path, "รหัส,ชื่อองค์กร,จังหวัด,ประเภท", f"a1,{first},สมาคม", f"b2,{second},สมาคม")
    doubles = [one for one in found if one.code.startswith(("row_", "name_"))]
    assert codes(doubles) == [(code, 3)]
    assert doubles[0].message.values["first"] == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("กลุ่มดาว 1,แพร่", "กลุ่มดาว 2,แพร่"),
        ("เทศบาลตำบลบ้านใหม่,แพร่", "เทศบาลเมืองบ้านใหม่,แพร่"),
        ("ทต.แม่กา,พะเยา", "เทศบาลตำบลแม่กา,กระบี่"),
        ("สมาคมดาว,แพร่", "สมาคมเดือน,แพร่"),
    ],
)
def test_two_organisations_stay_two(tmp_path: Path, first: str, second: str) -> None:
    found = found_in(tmp_path, "ชื่อองค์กร,จังหวัด,ประเภท", f"{first},สมาคม", f"{second},สมาคม")
    assert [one for one in found if one.code.startswith(("row_", "name_"))] == []


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\u00a0", "U+00A0 NO-BREAK SPACE"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\u200d", "U+200D ZERO WIDTH JOINER"),
        ("\u00ad", "U+00AD SOFT HYPHEN"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u3000", "U+3000 IDEOGRAPHIC SPACE"),
        ("\x07", "U+0007"),
        ("\t", "U+0009"),
    ],
)
def test_a_character_that_nobody_sees_is_named_and_kept(tmp_path: Path, character: str, named: str) -> None:
    name = f"สมาคม{character}ดี"
    path = tmp_path / "list.csv"
    path.write_text(f"ชื่อองค์กร,ประเภท\n{name},สมาคม\n", encoding="utf-8")
    listed = read_organisations(path)
    assert listed.rows[0].organisation.name_th == name
    (found,) = listed.discrepancies
    assert (found.code, found.row, found.column) == ("invisible_character", 2, "ชื่อองค์กร")
    assert named in str(found.message)


def test_a_line_break_is_said_in_a_name_and_not_in_an_address(tmp_path: Path) -> None:
    found = found_in(tmp_path, "ชื่อองค์กร,ที่อยู่", '"สมาคม\nดี","9 ถนนดี\nแพร่"')
    assert [(one.code, one.column) for one in found] == [("invisible_character", "ชื่อองค์กร")]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        pytest.param("น\u0e4d\u0e49\u0e32", "\u0e4d\u0e49\u0e32", id="nikhahit and sara aa for sara am"),
        pytest.param("\u0e40\u0e40ม่", "\u0e40\u0e40", id="two sara e for sara ae"),
        pytest.param("ท\u0e48\u0e35", "\u0e48\u0e35", id="tone before vowel"),
        pytest.param("น\u0e33\u0e49", "\u0e33\u0e49", id="tone after sara am"),
        pytest.param("ก\u0e48\u0e48", "\u0e48\u0e48", id="one mark twice"),
        pytest.param("ก \u0e48", " \u0e48", id="a mark without a letter"),
    ],
)
def test_thai_marks_out_of_place_are_named(tmp_path: Path, typed: str, place: str) -> None:
    assert untypical_marks(typed) == (place,)
    found = found_in(tmp_path, "ชื่อองค์กร,ประเภท", f"สมาคม{typed},สมาคม")
    assert codes(found) == [("marks_misplaced", 2)]


@pytest.mark.parametrize("word", ["น้ำ", "แม่", "ที่นี่", "พันธุ์", "สิทธิ์", "กี๊กกี๋", "ก็", "ปัญญ์", "ฎีกา ฤๅษี", "ฯลฯ ๆ", "“ไม้”", "(อำเภอ)"])
def test_thai_that_is_typed_as_usual_is_not_doubted(word: str) -> None:
    assert untypical_marks(word) == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["สมาคม ๒ สาขา 3,"], [("numerals_mixed", 2)], id="in one cell"),
        pytest.param(["สมาคม ๒,9 ถนนดี"], [("numerals_mixed", 2)], id="in one row"),
        pytest.param(["สมาคมหนึ่ง,๙ ถนนดี", "สมาคมสอง,9 ถนนดี"], [("numerals_mixed", None)], id="in one column"),
        pytest.param(["สมาคมหนึ่ง,๙ ถนนดี", "สมาคมสอง,๘ ถนนดี"], [], id="Thai throughout"),
        pytest.param(["สมาคมหนึ่ง,9 ถนนดี", "สมาคมสอง,8 ถนนดี"], [], id="Arabic throughout"),
    ],
)
def test_mixed_numerals_are_said(tmp_path: Path, lines: list[str], expected: list[tuple[str, int | None]]) -> None:
    assert codes(found_in(tmp_path, "ชื่อองค์กร,ที่อยู่", *lines)) == expected


def test_ids_themes_and_addresses_of_mail_have_no_numerals_of_their_own(tmp_path: Path) -> None:
    assert found_in(tmp_path, "รหัส,ชื่อองค์กร,อีเมล,ประเด็น", "a1,สมาคม ๑,a1@example.org,1") == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("ชุมชนดาว,ชุมชน,", ["not_juristic_person"]),
        ("กลุ่มดาว,กลุ่มประชาสังคมไม่จดทะเบียน,ไม่ทราบ", ["not_juristic_person"]),
        ("ชุมชนดาว,ชุมชน,ใช่", []),
        ("สมาคมดาว,สมาคม,", []),
        ("กลุ่มเยาวชนดาว,กลุ่มเยาวชน,", []),
    ],
)
def test_a_party_that_is_no_juristic_person_is_noted(tmp_path: Path, row: str, expected: list[str]) -> None:
    assert [one.code for one in found_in(tmp_path, "ชื่อองค์กร,ประเภท,นิติบุคคล", row)] == expected


def test_a_person_beside_a_youth_group_is_noted(tmp_path: Path) -> None:
    found = found_in(tmp_path, "ชื่อองค์กร,ชื่อ ผู้แทน,สกุล ผู้แทน,ตำแหน่ง ผู้แทน", "กลุ่มเยาวชนดาว,ดาว,ดี,แกนนำ")
    assert codes(found) == [("youth_group_person", 2)]
    assert "ดี" not in str(found[0].message).replace("กลุ่มเยาวชนดาว", "")


def test_a_parent_that_is_not_listed_is_said(tmp_path: Path) -> None:
    found = found_in(tmp_path, "รหัส,ชื่อองค์กร,ต้นสังกัด", "a1,สมาคมหนึ่ง,", "b2,สมาคมสอง,a1", "c3,สมาคมสาม,z9")
    assert codes(found) == [("parent_unknown", 4)]


def test_the_gazetteer_knows_every_province_by_its_thai_and_english_name() -> None:
    gazetteer = open_gazetteer()
    provinces = set(gazetteer.provinces.values())
    assert len(provinces) == 77
    assert {place for known in gazetteer.places.values() for place in known} == provinces
    assert (
        gazetteer.province("Chiang Mai Province")
        == gazetteer.province("จังหวัดเชียงใหม่")
        == gazetteer.province("chiangmai")
        == "เชียงใหม่"
    )
    assert gazetteer.province("กรุงเทพฯ") == gazetteer.province("Bangkok") == "กรุงเทพมหานคร"
    assert gazetteer.province("") is None


THAI = st.text(alphabet=[chr(code) for code in range(0x0E01, 0x0E5B)] + list(" 12-()\u200b\u00a0"), max_size=30)


@given(THAI)
def test_a_name_as_seen_is_seen_so_again(name: str) -> None:
    assert as_seen(as_seen(name)) == as_seen(name)


@given(THAI, st.sampled_from(" \u00a0\u200b\ufeff\n"), st.integers(min_value=0, max_value=30))
def test_spacing_and_unseen_characters_change_no_name_as_seen(name: str, unseen: str, position: int) -> None:
    spaced = name[:position] + unseen + name[position:]
    assert as_seen(spaced) == as_seen(name)
    assert as_said(spaced) == as_said(name)
