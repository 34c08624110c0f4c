"""One page with everything that a document may hold: what a machine makes of it shows whether it makes sound documents.

It has headings, the four faces, another language, lists, a table, a picture with transparency, a link, page margins, the mark
of a sample and two places to sign.
"""

from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

from mou.models import Capacity, FilledDocument, Person, SignatorySlot

SPECIMEN_DATE = datetime(2022, 3, 29, tzinfo=UTC)
_FIELDS = ("S0001", "S0002")
_PERSON = Person("ก้อง", "ตัวอย่าง", "ผู้อำนวยการ", "นาย")
_ORGANISATION = "มูลนิธิตัวอย่าง"
_PICTURE = b64decode(  # 2 x 2 pixels, one of them half transparent
    b"iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAGklEQVR42mM4ISfXIO8X/59R3i/+PwMDAwMANZoFHFVnWs0AAAAASUVORK5CYII="
)
_BODY = """
<h1>เอกสารตัวอย่าง</h1>
<p>น้ำทั้งสิ้น ซึ่งตรงกับ <b>ขึ้นซึ่งครั้ง</b> <i>ธรรมนูญ</i> <b><i>ญี่ปุ่น</i></b> <span lang="en">Memorandum of Understanding</span>
<a href="https://example.org/">example.org</a></p>
<h2>รายการ</h2>
<ol><li>ดำเนินงาน</li><li>สำนักงาน<ul><li>กตัญญู</li></ul></li></ol>
<table><thead><tr><th scope="col">ข้อ</th><th scope="col">จำนวน</th></tr></thead>
<tbody><tr><td>ก</td><td>๑</td></tr><tr><td>ข</td><td>๒</td></tr></tbody></table>
<p><img src="specimen.png" alt="ตราตัวอย่าง" style="width: 1cm"></p>
"""


def write_specimen(folder: Path) -> FilledDocument:
    """Write the specimen's picture into the folder and return the document, which reads it there."""
    (folder / "specimen.png").write_bytes(_PICTURE)
    places = "".join(
        f'<div class="signature"><div class="signature-box" id="slot-{field}"></div><p>({_PERSON.full_name})</p></div>'
        for field in _FIELDS
    )
    return FilledDocument(
        template_name="specimen",
        template_digest="sha256:" + 64 * "0",
        title="เอกสารตัวอย่าง",
        language="th",
        html='<!doctype html><html lang="th"><head><title>เอกสารตัวอย่าง</title></head>'
        f'<body>{_BODY}<section class="signature-block">{places}</section></body></html>',
        css="",
        folder=str(folder),
        record={"specimen": True},
        slots=tuple(
            SignatorySlot(field, "party", "org_1", _ORGANISATION, _PERSON, Capacity.AUTHORISED_REPRESENTATIVE, 1)
            for field in _FIELDS
        ),
        protected_names=(),
        document_number="ตัวอย่าง ๑",
        is_sample=True,
        address="https://example.org/specimen",
    )
