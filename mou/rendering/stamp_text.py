"""What a stamp says, and whether its box has room for it: asked when a document is made, long before the last person signs."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from mou.errors import RenderingError
from mou.models import SignatorySlot
from mou.rendering.checks import check_characters
from mou.rendering.faces import bundled_family
from mou.rendering.stamp import require_layout, stamp_renderer
from mou.rendering.stamp_layout import width_of
from mou.thai import BANGKOK, MONTHS, capacity_in_thai, thai_datetime
from signatures.digests import Digest
from signatures.fields import SignatureSlot

_HEADING = "ลงลายมือชื่ออิเล็กทรอนิกส์"
_THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
_HEXADECIMAL_DIGITS = "0123456789abcdef"
# A consonant with a vowel sign and a tone mark or THANTHAKHAT, or with a tone mark and SARA AM; all else without marks.
_ORDINARY = re.compile(
    "(?:[ก-ฮ](?:[\u0e31\u0e34-\u0e39\u0e47]?[\u0e48-\u0e4c]?|[\u0e48-\u0e4b]?\u0e33)|[^\u0e31\u0e33-\u0e3a\u0e47-\u0e4e])*"
)


def stamp_lines(signatory: SignatorySlot, prepared: Digest, *, at: datetime) -> tuple[str, ...]:
    """Return the lines of a signatory's stamp, the full name second; `prepared` is the digest that they were asked to sign."""
    return _lines(signatory, thai_datetime(at), prepared.short())


def require_room_for_stamps(slots: Sequence[SignatureSlot], signatories: Sequence[SignatorySlot]) -> None:
    """Check that every signatory's stamp, without a picture, can be drawn in its slot at any time and on any digest.

    The widths of the letters decide, which takes about half a millisecond for each slot. Only a name that is spelt in an unusual
    way is drawn, since nothing less tells whether its marks come out of the PDF in the order in which they went in.

    Raises:
        RenderingError: one cannot; the message names the slot and the person.
    """
    drawable = bundled_family().drawable_characters()
    boxes = {slot.name: slot.box for slot in slots}
    for signatory in signatories:
        left, bottom, right, top = boxes[signatory.field]
        try:
            for lines in _widest_lines(signatory):
                check_characters("\n".join(lines), drawable)
                require_layout(right - left, top - bottom, lines)
            if not _ORDINARY.fullmatch(signatory.person.full_name):
                stamp_renderer().draw(right - left, top - bottom, lines)
        except RenderingError as error:
            raise RenderingError("{place}: {cause}", place=signatory.field, cause=error.message) from error


def _lines(signatory: SignatorySlot, time: str, digest: str) -> tuple[str, ...]:
    return _HEADING, signatory.person.full_name, capacity_in_thai(signatory.capacity), time, f"เอกสาร {digest}"


def _widest_lines(signatory: SignatorySlot) -> Iterator[tuple[str, ...]]:
    """Yield the lines for each month, every figure in them the widest there is."""
    digest = Digest(_widest_of(_HEXADECIMAL_DIGITS) * 64).short()
    figures = str.maketrans(dict.fromkeys(_THAI_DIGITS, _widest_of(_THAI_DIGITS)))
    for month in range(1, len(MONTHS) + 1):
        time = thai_datetime(datetime(2026, month, 28, 12, tzinfo=BANGKOK)).translate(figures)
        yield _lines(signatory, time, digest)


def _widest_of(characters: str) -> str:
    return max(characters, key=lambda character: width_of(character, is_bold=False))
