"""A workbook as bytes: the same for the same workbook, since nothing in them tells when or where they were written.

What openpyxl writes is put right where it is not as the schema of Office Open XML has it: the properties of a font have an order.
"""

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive can state
_CREATED_ON_UNIX: Final = 3
_PLAIN_FILE: Final = 0o600 << 16
_PROPERTIES: Final = "docProps/core.xml"
_STYLES: Final = "xl/styles.xml"
_FONT: Final = re.compile(rb"(?<=<font>).*?(?=</font>)", re.DOTALL)
_PROPERTY_OF_FONT: Final = re.compile(rb"<(?P<name>[A-Za-z]+)[^<>]*/>")
# ISO/IEC 29500-1, 18.8.22 (CT_Font).
_ORDER_IN_FONT: Final = (
    *(b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u"),
    *(b"vertAlign", b"sz", b"color", b"name", b"family", b"charset", b"scheme"),
)
_TIMES: Final = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")


def packed(book: "Workbook") -> bytes:
    """Return the workbook as a file. Its properties bear no time of creation, the members of its archive none of writing."""
    written, again = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as read, zipfile.ZipFile(again, "w") as target:
        for name in read.namelist():
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = _CREATED_ON_UNIX
            member.external_attr = _PLAIN_FILE
            target.writestr(member, _put_right(name, read.read(name)))
    return again.getvalue()


def _put_right(name: str, content: bytes) -> bytes:
    """Return a member of the archive as it is to be written."""
    if name == _PROPERTIES:
        return _TIMES.sub(b"", content)
    return _FONT.sub(_in_order, content) if name == _STYLES else content


def _in_order(font: re.Match[bytes]) -> bytes:
    properties = sorted(_PROPERTY_OF_FONT.finditer(font.group()), key=lambda one: _ORDER_IN_FONT.index(one["name"]))
    return b"".join(one.group() for one in properties)
