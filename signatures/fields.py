"""Signature fields: every place where a signature may ever stand, made before anybody is asked to sign.

1. Names are S0001, S0002, ...: fixed width and no dots, so that none is a prefix or a child of another.
2. The network's seal has a field of its own, S0000, invisible.
3. A field is one object with its widget, says what it is (TU), prints, cannot be moved, and looks empty.
4. In a tagged document each field is a Form element of the structure tree, so that a screen reader finds it (PDF/UA-1, 7.18.4).
5. The same document and slots give the same bytes in any process: no clock, no random identifier.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from signatures.errors import FieldError, PdfUnreadableError

SEAL_FIELD = "S0000"
SEAL_LABEL = "ตราประทับอัตโนมัติของเครือข่าย"

_SLOT_NAME = re.compile(r"S[0-9]{4}")
_PRINT_AND_LOCKED = 132  # ISO 32000-1, table 165: Print (bit 3) and Locked (bit 8)
_SIGNATURES_EXIST = 1  # ISO 32000-1, table 219

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SignatureSlot:
    """One place for a signature. `page` counts from 0; `box` is x1 y1 x2 y2 in points (1/72 inch) from the lower left corner."""

    name: str
    label: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class FieldState:
    """One signature field of a document as it is now; an invisible one has neither page nor box."""

    name: str
    is_filled: bool
    page: int | None
    box: Box | None


def prepare_fields(pdf: bytes, slots: Sequence[SignatureSlot]) -> bytes:
    """Return the document with an empty field for every slot and one for the seal, as a single revision.

    Raises:
        PdfUnreadableError: the bytes are no PDF that can be read without repair.
        FieldError: a slot has a bad or double name, lies off its page or on another slot, or the document has fields already.
    """
    with _open(pdf) as document:
        if Name.AcroForm in document.Root:
            raise FieldError("a document without fields is expected, got one that has a form already; prepare it only once")
        _check_slots(document, slots)
        fields = [_add_field(document, SignatureSlot(SEAL_FIELD, SEAL_LABEL, 0, (0, 0, 0, 0)))]
        fields += [_add_field(document, slot) for slot in slots]
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array(fields), SigFlags=_SIGNATURES_EXIST))
        if Name.StructTreeRoot in document.Root:
            _tag_fields(document, fields)
        prepared = io.BytesIO()
        document.save(
            prepared,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
    return prepared.getvalue()


def read_fields(pdf: bytes) -> tuple[FieldState, ...]:
    """Return the signature fields of a document in the order of its form.

    Raises:
        PdfUnreadableError: the bytes are no PDF that can be read without repair.
    """
    with _open(pdf) as document:
        if Name.AcroForm not in document.Root:
            return ()
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        return tuple(
            _read_field(field, pages) for field in document.Root.AcroForm.get(Name.Fields, ()) if field.get(Name.FT) == Name.Sig
        )


def _open(pdf: bytes) -> pikepdf.Pdf:
    try:
        document = pikepdf.open(io.BytesIO(pdf), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise PdfUnreadableError("an open PDF is expected, got one that asks for a password") from error
    except pikepdf.PdfError as error:
        raise PdfUnreadableError("the file cannot be read as a PDF: {cause}", cause=error) from error
    if document.is_encrypted:
        document.close()
        raise PdfUnreadableError("an open PDF is expected, got an encrypted one")
    return document


def _check_slots(document: pikepdf.Pdf, slots: Sequence[SignatureSlot]) -> None:
    seen: list[SignatureSlot] = []
    for slot in slots:
        if not _SLOT_NAME.fullmatch(slot.name) or slot.name == SEAL_FIELD:
            raise FieldError("{name}: a field name from S0001 to S9999 is expected", name=slot.name)
        if slot.page not in range(len(document.pages)):
            raise FieldError(
                "{name}: a page from 0 to {last} is expected, got {page}",
                name=slot.name,
                last=len(document.pages) - 1,
                page=slot.page,
            )
        if not _contains(document.pages[slot.page].mediabox, slot.box):
            raise FieldError("{name}: a box on its page is expected, got {box}", name=slot.name, box=slot.box)
        for other in seen:
            if other.name == slot.name:
                raise FieldError("{name}: each field has a name of its own, this one came twice", name=slot.name)
            if other.page == slot.page and _overlaps(other.box, slot.box):
                raise FieldError("{name}: the box lies on that of {other}", name=slot.name, other=other.name)
        seen.append(slot)


def _contains(page: Array, box: Box) -> bool:
    left, bottom, right, top = (float(edge) for edge in page)
    return left <= box[0] < box[2] <= right and bottom <= box[1] < box[3] <= top


def _overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _add_field(document: pikepdf.Pdf, slot: SignatureSlot) -> pikepdf.Object:
    width, height = slot.box[2] - slot.box[0], slot.box[3] - slot.box[1]
    appearance = document.make_stream(b"")
    appearance.Type, appearance.Subtype = Name.XObject, Name.Form
    appearance.BBox = Array([0, 0, _number(width), _number(height)])
    appearance.Resources = Dictionary()
    page = document.pages[slot.page]
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(slot.name),
            TU=String(slot.label),
            F=_PRINT_AND_LOCKED,
            Rect=Array([_number(edge) for edge in slot.box]),
            P=page.obj,
            AP=Dictionary(N=appearance),
        )
    )
    if Name.Annots not in page:
        page.Annots = Array()
    page.Annots.append(field)
    page.Tabs = Name.S
    return field


def _number(value: float) -> Any:  # noqa: ANN401  # pikepdf takes whole numbers and decimals as different Python types
    return int(value) if float(value).is_integer() else round(value, 3)


def _tag_fields(document: pikepdf.Pdf, fields: Sequence[pikepdf.Object]) -> None:
    """Give each field a Form element under the document's own element, and an entry in the parent tree."""
    root = document.Root.StructTreeRoot
    parent = _document_element(root)
    numbers = root.ParentTree.get(Name.Nums)
    if numbers is None:
        raise FieldError("a parent tree in one piece is expected in the structure tree, got one with branches")
    following = int(root.get(Name.ParentTreeNextKey, 0))
    if len(numbers) > 1:
        following = max(following, int(numbers[-2]) + 1)
    for field in fields:
        element = document.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Form,
                P=parent,
                Pg=field.P,
                Alt=field.TU,
                K=Dictionary(Type=Name.OBJR, Obj=field, Pg=field.P),
            )
        )
        parent.K.append(element)
        field.StructParent = following
        numbers.extend(Array([following, element]))
        following += 1
    root.ParentTreeNextKey = following


def _document_element(root: pikepdf.Object) -> pikepdf.Object:
    """The top element of the structure tree, its children as an array."""
    children = root.K
    element = children[0] if isinstance(children, Array) else children
    if not isinstance(element.get(Name.K), Array):
        element.K = Array([element.K] if Name.K in element else [])
    return element


def _read_field(field: pikepdf.Object, pages: dict[tuple[int, int], int]) -> FieldState:
    left, bottom, right, top = (float(edge) for edge in field.get(Name.Rect, (0, 0, 0, 0)))
    is_visible = right > left and top > bottom
    page = pages.get(field.P.objgen) if is_visible and Name.P in field else None
    box = (left, bottom, right, top) if is_visible else None
    return FieldState(str(field.get(Name.T, "")), Name.V in field, page, box)
