from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mou.ceremony import Ceremony, CeremonyError, Channel, read_ceremony
from mou.templates import bundled_templates_folder

WHOLE = """
title = "พิธี"
project = "โครงการ"
place = "โรงแรม"
district = "อำเภอเมือง"
province = "จังหวัดเชียงใหม่"
date = 2022-03-29
channels = ["on_site", "online"]
convener = "มูลนิธิ"
number_pattern = "N-{year}-{sequence:03d}"
is_sample = true
themes = ["หนึ่ง", "สอง"]

[host]
organisation_id = "host"
name_th = "เครือข่าย"
kind = "unregistered_civil_society_group"
juristic_person = "unknown"

[host.representative]
given_name = "ดวง"
family_name = "สมมติ"
position = "ประธาน"

[host.witness]
given_name = "ก้อง"
family_name = "ตัวอย่าง"
position = "เลขานุการ"

[[plans]]
title = "แผน"
starts_on = 2022-04-01
ends_on = 2022-12-31

[values]
year = 2565
places = ["ก", "ข"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "ceremony.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ceremony_is_read_whole(tmp_path: Path) -> None:
    ceremony = read_ceremony(write(tmp_path, WHOLE))
    assert ceremony.date == date(2022, 3, 29)
    assert ceremony.channels == (Channel.ON_SITE, Channel.ONLINE)
    assert ceremony.host.representative is not None
    assert ceremony.host.representative.full_name == "ดวง สมมติ"
    assert ceremony.themes == ("หนึ่ง", "สอง")
    assert ceremony.funder is None
    assert ceremony.values == {"year": 2565, "places": ("ก", "ข")}


def test_the_number_of_a_document_has_the_buddhist_year(ceremony: Ceremony) -> None:
    assert ceremony.document_number(7) == "N-2565-007"
    assert replace(ceremony, number_pattern="{sequence}/{year}").document_number(19) == "19/2565"


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        pytest.param('title = "พิธี"', 'title = " "', "title: text that is not empty expected, got ' '", id="empty title"),
        pytest.param("date = 2022-03-29", "date = 2022-03-29T08:30:00Z", "date: a day such as", id="moment for a day"),
        pytest.param("date = 2022-03-29", 'date = "29 มีนาคม 2565"', "date: a day such as", id="text for a day"),
        pytest.param('"online"', '"telepathy"', "channels[2]: one of on_site, online, paper", id="unknown channel"),
        pytest.param("is_sample = true", "", "is_sample: true or false expected, missing", id="sample or not left open"),
        pytest.param("{sequence:03d}", "x", "number_pattern", id="number without a sequence"),
        pytest.param("{sequence:03d}", "{sequence:03d}{0}", "number_pattern", id="number with another place"),
        pytest.param("{sequence:03d}", "{sequence.__class__}", "number_pattern", id="number that looks inside"),
        pytest.param("{sequence:03d}", "{sequence:q}", "number_pattern", id="number of no format"),
        pytest.param("ends_on = 2022-12-31", "ends_on = 2022-01-31", "plans[1]: ends_on: a day not before", id="plan backwards"),
        pytest.param('kind = "unregistered_civil_society_group"', 'kind = "club"', "host: kind: one of", id="unknown kind"),
        pytest.param('position = "เลขานุการ"', "", "host: witness: position", id="witness without a position"),
        pytest.param("year = 2565", "year = 25.65", "values: year", id="float among the values"),
        pytest.param('convener = "มูลนิธิ"', 'convenor = "มูลนิธิ"', "convenor: this key is not known", id="misspelt key"),
        pytest.param('"โรงแรม"', '"โรง\\u2060แรม"', "U+2060 WORD JOINER", id="invisible character"),
    ],
)
def test_a_fault_is_refused_with_its_place(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in WHOLE
    path = write(tmp_path, WHOLE.replace(right, wrong, 1))
    with pytest.raises(CeremonyError) as refusal:
        read_ceremony(path)
    assert told in str(refusal.value)
    assert str(path) in str(refusal.value)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace('title = "พิธี"', "").replace("is_sample = true", 'is_sample = "yes"').replace('"on_site"', '"here"')
    with pytest.raises(CeremonyError) as refusal:
        read_ceremony(write(tmp_path, text))
    assert len(refusal.value.problems) == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"\ntitle = = 1", "line 2", id="syntax error with its line"),
        pytest.param("title = 'พิธี'".encode("tis-620"), "UTF-8", id="another encoding"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "ceremony.toml"
    path.write_bytes(content)
    with pytest.raises(CeremonyError, match=told):
        read_ceremony(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CeremonyError, match="there is none"):
        read_ceremony(tmp_path / "ceremony.toml")


@pytest.mark.parametrize("template", ["lanna-charter", "child-friendly-city-mou"])
def test_the_bundled_examples_are_samples(template: str) -> None:
    assert read_ceremony(bundled_templates_folder() / template / "example" / "ceremony.toml").is_sample


def test_the_lanna_example_has_the_facts_of_the_announcement() -> None:
    ceremony = read_ceremony(bundled_templates_folder() / "lanna-charter" / "example" / "ceremony.toml")
    assert (ceremony.host.name_th, ceremony.convener, ceremony.funder) == (
        "เครือข่ายสิทธิเด็กล้านนา",
        "มูลนิธิรักษ์เด็ก",
        "Diakonia Thailand",
    )
    assert (ceremony.date, ceremony.place, len(ceremony.themes)) == (date(2022, 3, 29), "โรงแรมวินทรีย์", 5)
    assert [(plan.starts_on, plan.ends_on) for plan in ceremony.plans] == [
        (date(2022, 4, 1), date(2022, 12, 31)),
        (date(2023, 1, 1), date(2023, 12, 31)),
    ]
