"""How much a workbook holds, counted in one pass over its parts before anything is opened.

A range is a few letters and may mean every cell of a sheet: whoever opens a workbook makes each cell of one that is merged or
linked. So ranges count as their cells, and everything else as one.
"""

import re
import zipfile
from typing import Final
from xml.parsers import expat

from mou.errors import InputError

_RANGES: Final = frozenset({"mergeCell", "hyperlink"})
_RANGE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_BLOCK_BYTES: Final = 1 << 16


class _TooMuchError(Exception):
    """More was counted than there may be."""


def require_countable(source: str, archive: zipfile.ZipFile, limit: int) -> None:
    """Check that all parts together hold no more than can be read.

    Raises:
        InputError: they do.
    """
    count = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += _cells_of(attributes.get("ref", "")) if name.rpartition(" ")[2] in _RANGES else 1
        if count > limit:
            raise _TooMuchError

    try:
        for member in archive.infolist():
            parser = expat.ParserCreate(namespace_separator=" ")
            parser.StartElementHandler = begin
            _read(archive, member, parser)
    except _TooMuchError as error:
        raise InputError(
            "{file}: a workbook with at most {limit} cells and other parts is expected, got more; delete the empty rows and "
            "columns after the list, undo what is merged, or save the list as csv",
            file=source,
            limit=limit,
        ) from error


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, parser: expat.XMLParserType) -> None:
    try:
        with archive.open(member) as part:
            while block := part.read(_BLOCK_BYTES):
                parser.Parse(block)
    except expat.ExpatError:
        return  # no XML, such as a picture; where it should be some, whoever opens the workbook says so


def _cells_of(area: str) -> int:
    found = _RANGE.fullmatch(area)
    if found is None:
        return 1
    left, top, right, bottom = found.groups()
    return (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
