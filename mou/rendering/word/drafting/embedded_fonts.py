"""The faces of a font inside a Word file, so that a draft looks the same where the font is not installed.

ISO/IEC 29500-1, 17.8.1: a font is stored with its first 32 bytes changed by a key that stands beside it, which protects nothing
and keeps a system from taking it for an installed one.
"""

import hashlib
from typing import Final

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from mou.rendering.faces import Family
from mou.rendering.word.markup import element

_CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_FACES: Final = (
    ("embedRegular", 400, "normal"),
    ("embedBold", 700, "normal"),
    ("embedItalic", 400, "italic"),
    ("embedBoldItalic", 700, "italic"),
)
_CHANGED_BYTES: Final = 32


def embed_fonts(document: Document, family: Family) -> None:
    """Put the four faces of the family into the document, and say in its settings that they are there."""
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(f"<w:fonts {nsdecls('w', 'r')}/>")
    entry = element("font", name=family.name.value)
    for number, (name, weight, style) in enumerate(_FACES, start=1):
        content = family.face(weight, style).path.read_bytes()
        key = _key_of(content)
        part = Part(PackURI(f"/word/fonts/font{number}.odttf"), _CONTENT_TYPE, _changed(content, key), document.part.package)
        face = element(name, fontKey=key)
        face.set(qn("r:id"), table.relate_to(part, RELATIONSHIP_TYPE.FONT))
        entry.append(face)
    fonts.append(entry)
    table._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001  # python-docx reads this part and cannot write it
    document.settings.element.find(qn("w:zoom")).addnext(element("embedTrueTypeFonts"))


def _key_of(content: bytes) -> str:
    digits = hashlib.sha256(content).hexdigest()[:32].upper()
    return "{" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])) + "}"


def _changed(content: bytes, key: str) -> bytes:
    """Return the font with its first bytes changed by the key, whose bytes are taken from the last to the first."""
    mask = bytes.fromhex(key.strip("{}").replace("-", ""))[::-1] * 2
    head = bytes(byte ^ other for byte, other in zip(content[:_CHANGED_BYTES], mask, strict=True))
    return head + content[_CHANGED_BYTES:]
