"""What a signatory's signature looks like on the page: a calm block of text in the place that the layout kept free.

A picture of a handwritten signature or of an organisation's stamp, where the signatory gives one, is drawn into the PDF and
kept nowhere else: neither ledger nor database nor log hears of it.
"""

from datetime import datetime
from pathlib import Path

from mou.errors import RenderingError
from mou.models import SignatorySlot
from mou.rendering.pictures import LARGEST_BYTES, Picture, read_picture
from mou.rendering.stamp import require_layout, stamp_renderer
from mou.rendering.stamp_text import stamp_lines
from mou.storage.store import Document
from signatures.fields import read_fields


def open_picture(path: Path) -> Picture:
    """Return the picture in a file that a signatory gave.

    Raises:
        PictureError: it is no picture that can be used.
    """
    with path.open("rb") as file:
        return read_picture(file.read(LARGEST_BYTES + 1), source=str(path))


def draw_stamp(
    pdf: bytes, slot: SignatorySlot, document: Document, *, at: datetime, picture: Picture | None = None
) -> bytes | None:
    """Return the stamp as a one-page PDF of the field's size; None where the field has no place on a page.

    Raises:
        RenderingError: the stamp does not fit into its field, or there is a picture and no place for it.
    """
    size = _size_of_field(pdf, slot.field)
    if size is not None:
        return stamp_renderer().draw(*size, stamp_lines(slot, document.prepared, at=at), picture)
    if picture is not None:
        raise _no_place(slot.field)
    return None


def require_room_for_picture(pdf: bytes, slot: SignatorySlot, document: Document, picture: Picture, *, at: datetime) -> None:
    """Check that the picture can stand in this field beside the text; nothing is drawn.

    Raises:
        RenderingError: it cannot.
    """
    size = _size_of_field(pdf, slot.field)
    if size is None:
        raise _no_place(slot.field)
    require_layout(*size, stamp_lines(slot, document.prepared, at=at), picture)


def _size_of_field(pdf: bytes, name: str) -> tuple[float, float] | None:
    field = next((state for state in read_fields(pdf) if state.name == name), None)
    if field is None or field.box is None:
        return None
    left, bottom, right, top = field.box
    return right - left, top - bottom


def _no_place(field: str) -> RenderingError:
    return RenderingError("{field}: the field has no place on a page for a picture; sign without the picture", field=field)
