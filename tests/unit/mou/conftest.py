"""A small template, a ceremony and an organisation, each as plain as it can be and still be used."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest

from mou.ceremony import Ceremony, Channel, Period
from mou.models import JuristicPerson, Organisation, OrganisationKind, Person

WriteTemplate: TypeAlias = Callable[..., Path]

MANIFEST = """
name = "small"
title = "บันทึกความเข้าใจ"
title_lines = ["บันทึก", "ความเข้าใจ"]
kind = "memorandum"
language = "th"
numerals = "thai"
version = "1"
protected_terms = ["ความเข้าใจ"]

[[fields]]
name = "organisation.name_th"
type = "text"
label = "ชื่อองค์กร"
example = "มูลนิธิตัวอย่าง"

[[roles]]
name = "party"
label = "ผู้แทน"
capacity = "authorised_representative"
order = 1
source = "organisation.representative"
"""

MARKUP = """<!doctype html>
<html lang="th"><head><title>ก</title></head><body>
<p>ทำกับ {{ organisation.name_th }} นี้</p>
{% for slot in slots %}<div class="signature-box" id="slot-{{ slot.field }}"></div>{% endfor %}
</body></html>
"""


@pytest.fixture
def write_template(tmp_path: Path) -> WriteTemplate:
    """A function that writes a template folder: the small one, with what the test changes."""

    def write(
        *, manifest: str = MANIFEST, markup: str = MARKUP, more_fields: str = "", files: dict[str, bytes] | None = None
    ) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        (folder / "template.toml").write_text(manifest + more_fields, encoding="utf-8")
        (folder / "template.html").write_text(markup, encoding="utf-8")
        (folder / "template.css").write_text("p { margin: 0 }", encoding="utf-8")
        for name, content in (files or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    return write


@pytest.fixture
def party() -> Organisation:
    """An organisation with a representative and a witness."""
    return Organisation(
        "org-01",
        "มูลนิธิตะวัน",
        OrganisationKind.FOUNDATION,
        juristic_person=JuristicPerson.YES,
        district="เมืองเชียงใหม่",
        province="เชียงใหม่",
        official_email="office@example.org",
        representative=Person("กมล", "ใจดี", "ผู้อำนวยการ", prefix="นาง", email="kamon@example.org"),
        witness=Person("สายฝน", "รักษ์ไทย", "เจ้าหน้าที่", prefix="นางสาว"),
        source_row={"หมายเหตุ": "ลับ"},
    )


@pytest.fixture
def ceremony() -> Ceremony:
    """An event whose host has a representative and a witness."""
    return Ceremony(
        title="พิธีลงนาม",
        project="โครงการ",
        place="โรงแรมวินทรีย์",
        district="อำเภอเมือง",
        province="จังหวัดเชียงใหม่",
        date=date(2022, 3, 29),
        channels=(Channel.ON_SITE, Channel.ONLINE),
        convener="มูลนิธิรักษ์เด็ก",
        funder=None,
        host=Organisation(
            "host",
            "เครือข่ายตัวอย่าง",
            OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP,
            representative=Person("ดวง", "สมมติ", "ประธาน", prefix="นางสาว"),
            witness=Person("ก้อง", "ตัวอย่าง", "เลขานุการ", prefix="นาย"),
        ),
        themes=("ประเด็นหนึ่ง",),
        plans=(Period("แผน", date(2022, 4, 1), date(2022, 12, 31)),),
        number_pattern="N-{year}-{sequence:03d}",
        is_sample=True,
        values={"background": ("ความเป็นมา",)},
    )
