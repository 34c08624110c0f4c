"""A workbook as bytes: the same for the same workbook, since nothing in them tells when or where they were written."""

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
            content = read.read(name)
            target.writestr(member, _TIMES.sub(b"", content) if name == _PROPERTIES else content)
    return again.getvalue()
