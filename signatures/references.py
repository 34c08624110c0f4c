"""The text of a PDF -> every number that something in it names as an object.

A parser turns a reference to nothing into null, so that it is gone when one looks at its objects. Here the text itself is read:
that of the file, and that of its streams of objects. More may be found than is there (in a string, in a picture), never less.
"""

import re

import pikepdf

_GAP = rb"(?:[\x00\t\n\f\r ]++|%[^\r\n]*+[\r\n])++"
_REFERENCE = re.compile(rb"(?<![0-9])(\d{1,10}+)" + _GAP + rb"\d{1,5}+" + _GAP + rb"R(?![A-Za-z0-9])")


def named_numbers(content: bytes, document: pikepdf.Pdf) -> set[int]:
    """Return the numbers that the text names; `document` is the same file, opened."""
    streams = (item for item in document.objects if isinstance(item, pikepdf.Stream))
    unpacked = (item.read_bytes() for item in streams if item.stream_dict.get("/Type") == pikepdf.Name.ObjStm)
    return {int(number) for text in (content, *unpacked) for number in _REFERENCE.findall(text)}
