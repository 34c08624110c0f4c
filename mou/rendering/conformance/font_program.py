"""The parts of a font that a check compares: widths and glyphs of an embedded TrueType program, widths and text in the PDF."""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Name, Stream

_DEFAULT_WIDTH = 1000  # ISO 32000-1, table 117
_HIGHEST_CODE = 65535  # ISO 32000-1, annex C; a range beyond it would only cost time
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf(?:char|range)", re.DOTALL)
_CODE = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


@dataclass(frozen=True, slots=True)
class TrueTypeProgram:
    """The advance of each glyph in thousandths of the em, as far as the program tells them."""

    glyph_count: int
    advances: tuple[float, ...]

    def advance(self, glyph: int) -> float:
        """Return a glyph's advance; those behind the last one that is told have the last one's (OpenType, hmtx)."""
        return self.advances[min(glyph, len(self.advances) - 1)]


def read_true_type(program: bytes) -> TrueTypeProgram:
    """Read maxp, head, hhea and hmtx.

    Raises:
        LookupError: a table is missing.
        struct.error: a table is too short.
    """
    count = struct.unpack_from(">H", program, 4)[0]
    tables = {}
    for number in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", program, 12 + 16 * number)
        tables[tag] = program[offset : offset + length]
    (glyph_count,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    (units_per_em,) = struct.unpack_from(">H", tables[b"head"], 18)
    (told,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    advances = struct.unpack_from(">" + "Hh" * told, tables[b"hmtx"], 0)[::2]
    return TrueTypeProgram(glyph_count, tuple(advance * 1000 / units_per_em for advance in advances))


def declared_widths(descendant: pikepdf.Object, cids: Iterator[int]) -> dict[int, float]:
    """Return the widths that a CIDFont declares for these CIDs (ISO 32000-1, 9.7.4.3)."""
    told: dict[int, float] = {}
    entries = list(descendant.get(Name.W, ()))
    at = 0
    while at < len(entries):
        first, second = int(entries[at]), entries[at + 1]
        if isinstance(second, Array):
            told |= {first + step: float(width) for step, width in enumerate(second)}
            at += 2
        else:
            told |= dict.fromkeys(range(first, min(int(second), _HIGHEST_CODE) + 1), float(entries[at + 2]))
            at += 3
    default = float(descendant.get(Name.DW, _DEFAULT_WIDTH))
    return {cid: told.get(cid, default) for cid in cids}


def glyph_of(descendant: pikepdf.Object) -> Mapping[int, int] | None:
    """Return the map from CID to glyph of a Type 2 CIDFont; None where both numbers are the same."""
    mapping = descendant.get(Name.CIDToGIDMap)
    if not isinstance(mapping, Stream):
        return None
    content = mapping.read_bytes()
    return dict(enumerate(struct.unpack(f">{len(content) // 2}H", content[: len(content) // 2 * 2])))


def read_to_unicode(content: bytes) -> dict[int, str]:
    """Return the text of each character code (ISO 32000-1, 9.10.3; Adobe Technical Note 5014)."""
    text: dict[int, str] = {}
    for kind, block in _BLOCK.findall(content):
        values = list(_values(block))
        if kind == b"bfchar":
            for code, said in zip(values[::2], values[1::2], strict=True):
                assert isinstance(code, bytes)  # a map of another shape is not looked at
                assert isinstance(said, bytes)
                text[int.from_bytes(code)] = _decoded(said)
        else:
            for first, last, said in zip(values[::3], values[1::3], values[2::3], strict=True):
                text |= _range(first, last, said)
    return text


def _values(block: bytes) -> Iterator[bytes | list[bytes]]:
    """Yield hexadecimal strings, and arrays of them."""
    array: list[bytes] | None = None
    for digits, opens, closes in _CODE.findall(block):
        if opens:
            array = []
        elif closes and array is not None:
            yield array
            array = None
        elif array is not None:
            array.append(bytes.fromhex(digits.decode("ascii")))
        else:
            yield bytes.fromhex(digits.decode("ascii"))


def _range(first: bytes | list[bytes], last: bytes | list[bytes], said: bytes | list[bytes]) -> dict[int, str]:
    assert isinstance(first, bytes)
    assert isinstance(last, bytes)  # a map of another shape is not looked at
    codes = range(int.from_bytes(first), min(int.from_bytes(last), _HIGHEST_CODE) + 1)
    if isinstance(said, list):
        return {code: _decoded(text) for code, text in zip(codes, said, strict=False)}
    start = int.from_bytes(said[-2:])
    return {code: _decoded(said[:-2] + (start + step).to_bytes(2)) for step, code in enumerate(codes)}


def _decoded(text: bytes) -> str:
    return text.decode("utf-16-be", errors="replace")


def is_private_use(text: str) -> bool:
    """Whether a character lies in one of the private use areas."""
    return any(0xE000 <= ord(c) <= 0xF8FF or 0xF0000 <= ord(c) <= 0x10FFFF for c in text)  # noqa: PLR2004  # Unicode 23.5


def to_unicode_of(font: pikepdf.Object) -> dict[int, str] | None:
    """Return what the font's ToUnicode says; None where it has none."""
    mapping = font.get(Name.ToUnicode)
    return read_to_unicode(mapping.read_bytes()) if isinstance(mapping, pikepdf.Stream) else None
