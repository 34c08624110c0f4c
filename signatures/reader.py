"""Bytes -> pyHanko's reader, made quick at three things, and at ease with a reference that leads nowhere.

1. pyHanko reads the hexadecimal digits of a signature's /Contents one by one. Where a dictionary has them before any string,
   comment or dictionary of its own, they are cut out, the rest is read by pyHanko, and they are put back as bytes. Whatever
   looks otherwise is read as ever.
2. It looks through all revisions for each object. Here the revisions that name an object are listed once.
3. It unpacks a stream of objects anew for each object in it, and reads its whole list of places. Here both are kept, as long as
   the list is well-formed; else the stream is read as ever.
4. A reference to an object that no revision defines is null (ISO 32000-2, 7.3.10) and came with no revision: pyHanko raises a
   `KeyError`. That a later revision which does define it is a modification is a rule of `signatures.changes`.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef, XRefCache, XRefSection

NEVER = -1
"""In place of the number of a revision: none defines the object."""

_LONG_CONTENTS = re.compile(rb"\d+\s+\d+\s+obj\s*<<[^()%<>#]*?/Contents\s*<((?:[0-9A-Fa-f]{2}){64,})>")
_PLACES = re.compile(rb"[\t\n\f\r ]*(?:\d{1,10}[\t\n\f\r ]+)*")
_END = b"endobj"
_WHAT_FOLLOWS = b"\nxref"


def open_reader(pdf: bytes, *, strict: bool) -> PdfFileReader:
    """Return a reader of the file; its streams may hold at most 256 MiB each.

    Raises:
        Exception: whatever pyHanko raises for a file that it cannot follow.
    """
    return _Reader(pdf, strict=strict)


class _Reader(PdfFileReader):
    def __init__(self, pdf: bytes, *, strict: bool) -> None:
        self._pdf = pdf
        self._object_streams: dict[int, _ObjectStream | None] = {}
        self._is_plain: bool | None = None
        super().__init__(BytesIO(pdf), strict=strict, decode_limits=DecodeLimits())
        self.xrefs = _History(self, self.xrefs._xref_sections)  # noqa: SLF001  # nobody else gives them

    @property
    def encrypt_dict(self) -> generic.DictionaryObject | None:
        """Asked for each object that is read; pyHanko asks every trailer each time."""
        if self._is_plain is None:
            self._is_plain = "/Encrypt" not in self.trailer
        return None if self._is_plain else super().encrypt_dict

    def _read_object(self, ref: generic.Reference, marker: int | ObjStreamRef | None, *args: Any, **options: Any) -> Any:  # noqa: ANN401  # a PDF object of any kind
        short = _without_contents(self._pdf, marker) if isinstance(marker, int) else None
        if short is not None:
            found = self._read_apart(short[0], ref, *args, **options)
            if found is not None:
                contents = generic.pdf_string(bytes.fromhex(short[1].decode("ascii")))
                contents.container_ref = found.container_ref
                found[generic.pdf_name("/Contents")] = contents
                return found
        return super()._read_object(ref, marker, *args, **options)

    def _read_apart(self, content: bytes, *args: Any, **options: Any) -> generic.DictionaryObject | None:  # noqa: ANN401  # as above
        """Return the dictionary that the bytes hold, with nothing as its /Contents; None for anything else."""
        whole, self.stream = self.stream, BytesIO(content)
        try:
            found = super()._read_object(args[0], 0, *args[1:], **options)
            empty = found.raw_get("/Contents").original_bytes == b"" if type(found) is generic.DictionaryObject else False
        except Exception:  # noqa: BLE001  # read as ever, it is refused in pyHanko's own words
            return None
        finally:
            self.stream = whole
        return found if empty else None

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:  # noqa: ANN401  # as above
        if stmnum not in self._object_streams:
            self._object_streams[stmnum] = self._unpack(stmnum)
        unpacked = self._object_streams[stmnum]
        place = unpacked.place_of(idnum, idx) if unpacked else None
        if unpacked is None or place is None:
            return self._read_from_stream(idnum, stmnum, idx)
        content = BytesIO(unpacked.content)
        content.seek(place)
        found = generic.read_object(content, generic.Reference(idnum, 0, self))
        if isinstance(found, generic.StreamObject | generic.IndirectObject):
            return self._read_from_stream(idnum, stmnum, idx)
        return found

    def _read_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:  # noqa: ANN401  # as above
        return super()._get_object_from_stream(idnum, stmnum, idx)  # type: ignore[no-untyped-call]  # pyHanko's carries no types

    def _unpack(self, number: int) -> "_ObjectStream | None":
        """Return the objects of a stream that no revision overwrites, None for one that is not well-formed."""
        stream = generic.Reference(number, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream.get("/Type") != "/ObjStm":
            return None
        first, count = stream.get("/First"), stream.get("/N")
        if not isinstance(first, int) or not isinstance(count, int):
            return None
        content = stream.read_data(DecodePurpose.OBJECT_STREAM)
        listed = _PLACES.fullmatch(content, 0, max(first, 0))
        numbers = [int(word) for word in listed[0].split()] if listed else []
        if len(numbers) != 2 * count:
            return None
        return _ObjectStream(content, tuple(numbers[0::2]), tuple(first + place for place in numbers[1::2]))


@dataclass(frozen=True, slots=True)
class _ObjectStream:
    """What a stream of objects holds once it is unpacked (ISO 32000-2, 7.5.7)."""

    content: bytes
    numbers: tuple[int, ...]
    places: tuple[int, ...]

    def place_of(self, number: int, index: int) -> int | None:
        is_there = 0 <= index < len(self.numbers) and self.numbers[index] == number and self.numbers.count(number) == 1
        return self.places[index] if is_there and self.places[index] < len(self.content) else None


def _without_contents(pdf: bytes, place: int) -> tuple[bytes, bytes] | None:
    """Return the object at this place without the digits of its /Contents, and the digits."""
    found = _LONG_CONTENTS.match(pdf, place)
    end = pdf.find(_END, found.end()) if found else -1
    if found is None or end < 0:
        return None
    rest = pdf[found.end(1) : end + len(_END)]
    if b"#" in rest or b"/Contents" in rest:
        return None
    return pdf[place : found.start(1)] + rest + _WHAT_FOLLOWS, found[1]


class _History(XRefCache):
    """The same answers, from a list of the revisions that name each object."""

    def __init__(self, reader: PdfFileReader, sections: list[XRefSection]) -> None:
        super().__init__(reader, sections)
        self._revisions: dict[int, list[int]] = {}
        for revision, section in enumerate(sections):
            for number in _numbers_in(section):
                self._revisions.setdefault(number, []).append(revision)

    def get_last_change(self, ref: generic.Reference) -> int:
        for revision in reversed(self._revisions.get(ref.idnum, ())):
            if self._is_named(ref, revision):
                return revision
        raise KeyError(ref)

    def get_introducing_revision(self, ref: generic.Reference) -> int:
        for revision in self._revisions.get(ref.idnum, ()):
            if self._is_named(ref, revision) and self._xref_sections[revision].xref_data.try_resolve(ref) is not None:
                return revision
        return NEVER

    def get_historical_ref(self, ref: generic.Reference, revision: int) -> int | ObjStreamRef | None:
        named = self._revisions.get(ref.idnum, [])
        for earlier in reversed(named[: bisect_right(named, revision)]):
            if self._is_named(ref, earlier):
                place: int | ObjStreamRef | None = self._xref_sections[earlier].xref_data.try_resolve(ref)
                return place
        return None

    def _is_named(self, ref: generic.Reference, revision: int) -> bool:
        try:
            self._xref_sections[revision].xref_data.try_resolve(ref)
        except KeyError:
            return False
        return True


def _numbers_in(section: XRefSection) -> set[int]:
    listed = section.xref_data
    hybrid = set() if listed.hybrid is None else _numbers_in(listed.hybrid)
    return {*listed.freed, *listed.standard_xrefs, *listed.xrefs_in_objstm, *hybrid}
