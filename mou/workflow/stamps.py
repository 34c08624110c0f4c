"""What a signatory's signature looks like on the page: a calm block of text in the place that the layout kept free."""

from datetime import datetime
from functools import cache

from mou.models import SignatorySlot
from mou.rendering.stamp import StampRenderer
from mou.storage.store import Document
from mou.thai import capacity_in_thai, thai_datetime
from signatures.fields import read_fields


def draw_stamp(pdf: bytes, slot: SignatorySlot, document: Document, *, at: datetime) -> bytes | None:
    """Return the stamp as a one-page PDF of the field's size; None where the field has no place on a page."""
    field = next((state for state in read_fields(pdf) if state.name == slot.field), None)
    if field is None or field.box is None:
        return None
    left, bottom, right, top = field.box
    lines = (
        "ลงลายมือชื่ออิเล็กทรอนิกส์",
        slot.person.full_name,
        capacity_in_thai(slot.capacity),
        thai_datetime(at),
        f"เอกสาร {document.prepared.short()}",
    )
    return _stamp_renderer().draw(right - left, top - bottom, lines)


@cache
def _stamp_renderer() -> StampRenderer:
    return StampRenderer()
