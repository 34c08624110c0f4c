"""A signed document -> its certified true copy: a sealed page that says what it is a copy of, with the document itself inside."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Final

import pikepdf
from markupsafe import Markup

from mou.notices.page import code, notice_style, pair, row
from mou.notices.words import Both, day_of
from mou.rendering.archive import attach_document, attach_record, saved
from mou.thai import in_numerals
from signatures.canonical import JsonValue, canonical_bytes
from signatures.fields import prepare_fields
from signatures.ledger.checkpoint import Checkpoint

TITLE: Final = Both("สำเนารับรอง", "Certified true copy")
FORMAT: Final = "mou.copy.v1"
_WHAT_IT_IS: Final = (
    Both(
        "ผู้เก็บรักษารับรองว่าไฟล์ที่แนบอยู่ในไฟล์นี้ตรงกับต้นฉบับอิเล็กทรอนิกส์ซึ่งบันทึกไว้ในบัญชีการลงนาม ณ รายการข้างต้นทุกไบต์ "
        "การรับรองนี้มิได้วินิจฉัยความสมบูรณ์ของข้อความหรืออำนาจของผู้ลงนาม",
        "The depositary certifies that the file attached here is, byte for byte, the electronic original that the ledger "
        "records at the entry above. This rules neither on what the text says nor on the authority of whoever signed it.",
    ),
    Both(
        "ตรวจต้นฉบับที่แนบด้วย mou verify ไฟล์นี้ผนึกด้วยตราประทับอัตโนมัติของเครือข่าย ระบบเป็นผู้ผนึก มิใช่ลายมือชื่อของบุคคลใด",
        "Check the attached original with mou verify. This file bears the network's automatic seal: a machine set it, and it is "
        "nobody's signature.",
    ),
)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy says: whose, of which document and revision, and where the ledger records that; `signatures` are counted."""

    network: str
    title: str
    name: str
    text: str
    revision: str
    entry: int
    signatures: int
    head: Checkpoint
    day: date

    def as_record(self) -> dict[str, JsonValue]:
        """Return it as the JSON object that travels inside the copy."""
        return {
            "format": FORMAT,
            "document": self.text,
            "revision": self.revision,
            "entry": self.entry,
            "ledger": self.head.origin,
            "size": self.head.size,
            "root": self.head.root.hex(),
            "day": self.day.isoformat(),
        }


def draw_copy(copy: Copy, original: bytes, *, created: datetime) -> bytes:
    """Return the PDF, unsealed, with the original inside; the same input gives the same bytes.

    Raises:
        RenderingError: the page cannot be drawn.
    """
    from mou.rendering.report_pdf import draw_report  # loads WeasyPrint

    page = draw_report(_page(copy), notice_style(), created=created)
    with pikepdf.open(BytesIO(page)) as pdf:
        attach_record(pdf, canonical_bytes(copy.as_record()), created=created)
        attach_document(pdf, original, name=f"{copy.name}.pdf", created=created)
        return prepare_fields(saved(pdf), ())


def _page(copy: Copy) -> str:
    rows = (
        row(Both("วันที่รับรอง", "Certified on"), pair("span", day_of(copy.day))),
        row(Both("เรื่อง", "About"), Markup("<span>{}</span>").format(copy.title)),
        row(Both("เอกสาร", "Document"), Markup("<span>{}</span>").format(copy.name)),
        row(Both("ข้อความก่อนลงนาม", "Text before signing"), code(copy.text)),
        row(Both("ไฟล์ที่รับรอง", "File that is certified"), code(copy.revision)),
        row(Both("ลายมือชื่อในไฟล์", "Signatures in it"), pair("span", Both(in_numerals(copy.signatures), str(copy.signatures)))),
        row(Both("บัญชีการลงนาม", "Ledger"), code(copy.head.origin)),
        row(Both("รายการที่", "Entry"), pair("span", Both(in_numerals(copy.entry), str(copy.entry)))),
        row(Both("หัวบัญชี (ค่าราก)", "Its head (root)"), code(copy.head.root.hex())),
    )
    words = Markup("").join(pair("p", one) for one in _WHAT_IT_IS)
    return str(
        Markup(
            '<!doctype html>\n<html lang="th"><head><title>{title}: {about}</title></head>\n<body><main>'
            '<p class="network">{network}</p><h1>{title}</h1><p class="again" lang="en">{english}</p>'
            '<table class="facts"><tbody>{rows}</tbody></table>{words}</main></body></html>\n'
        ).format(
            title=TITLE.th, about=copy.title, network=copy.network, english=TITLE.en, rows=Markup("").join(rows), words=words
        )
    )
