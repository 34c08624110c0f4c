"""A Word file's package with the same bytes each time: its parts in order, none with the clock's time. Pure."""

import zipfile
from io import BytesIO
from typing import Final

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_FIRST: Final = "[Content_Types].xml"


def with_fixed_times(package: bytes) -> bytes:
    """Return the same parts, compressed, in the order of their names, the list of content types first."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as parts, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(parts.namelist(), key=lambda one: (one != _FIRST, one)):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, parts.read(name))
    return written.getvalue()
