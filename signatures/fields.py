"""Signature fields: every place where a signature may ever stand, made before anybody is asked to sign.

1. Names are S0001, S0002, ...: fixed width and no dots, so that none is a prefix or a child of another.
2. A field is one object with its widget, says what it is (TU), prints, cannot be moved, and looks empty.
3. In a tagged document each field is a Form element of the structure tree, so that a screen reader finds it (PDF/UA-1, 7.18.4).
4. The network's seal has a field of its own, S0000, whose box is empty. It is not hidden: PDF/A wants every annotation to print
   and none to be hidden (ISO 19005-3, 6.3.2), PDF/UA wants every one that is not hidden in the structure tree (ISO 14289-1,
   7.18.1). So it prints, which is nothing, and is tagged like the others; both standards hold.
5. The same document and slots give the same bytes in any process: no clock, no random identifier.
6. Where a document has places for a register's number and date, their fields are made here too, and one for the register's seal
   (`signatures.registry_fields`).

Fields are read from the top level of the form alone, where they are made; a tree of fields comes from elsewhere.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from signatures.errors import FieldError, PdfUnreadableError
from signatures.registry_fields import (
    REGISTRY_LABELS,
    REGISTRY_SEAL_FIELD,
    REGISTRY_SEAL_LABEL,
    RegistryPlace,
    default_resources,
    make_text_field,
)

SEAL_FIELD = "S0000"
SEAL_LABEL = "ตราประทับอัตโนมัติของเครือข่าย"

_SLOT_NAME = re.compile(r"S[0-9]{4}")
_PRINT_AND_LOCKED = 132  # ISO 32000-1, table 165: Print (bit 3) and Locked (bit 8)
_SIGNATURES_EXIST = 1  # ISO 32000-1, table 219
_DOCMDP_DEFAULT = 2  # ISO 32000-1, table 254

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


@dataclass(frozen=True, slots=True)
class FormState:
    """The signature fields of a document in the order of its form, and how far the seal lets it change.

    `docmdp_level` is that of the certifying signature when it stands in the seal's field (ISO 32000-1, 12.8.2.2), else None.
    """

    fields: tuple[FieldState, ...]
    docmdp_level: int | None


def prepare_fields(pdf: bytes, slots: Sequence[SignatureSlot], registry: Sequence[RegistryPlace] = ()) -> bytes:
    """Return the document with an empty field for every slot and one for the seal, as a single revision.

    Args:
        pdf: a document without any field.
        slots: where signatures may stand.
        registry: where a register's number and its date are to stand, both of them; the register's seal gets a field as well.

    Raises:
        PdfUnreadableError: the bytes are no PDF that can be read without repair.
        FieldError: a slot has a bad or double name, lies off its page or on another slot, or the document has fields already; or
            a register has a place for its number and none for its date.
    """
    with _opened(pdf) as document:
        if Name.AcroForm in document.Root:
            raise FieldError("a document without fields is expected, got one that has a form already; prepare it only once")
        _check_slots(document, slots, registry)
        fields = [_add_field(document, SignatureSlot(SEAL_FIELD, SEAL_LABEL, 0, (0, 0, 0, 0)))]
        fields += [_add_field(document, slot) for slot in slots]
        form = Dictionary(SigFlags=_SIGNATURES_EXIST)
        if registry:
            fields += _add_registry(document, registry, form)
        form.Fields = Array(fields)
        document.Root.AcroForm = document.make_indirect(form)
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
    return read_form(pdf).fields


def read_form(pdf: bytes) -> FormState:
    """Return the signature fields of a document and the level of its certification, read in one go.

    Raises:
        PdfUnreadableError: the bytes are no PDF that can be read without repair.
    """
    with _opened(pdf) as document:
        if Name.AcroForm not in document.Root:
            return FormState((), None)
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        fields = [field for field in document.Root.AcroForm.get(Name.Fields, ()) if field.get(Name.FT) == Name.Sig]
        return FormState(tuple(_read_field(field, pages) for field in fields), _docmdp_level(document, fields))


@contextmanager
def _opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    """Open a PDF without repair; whatever its objects turn out to be, the error is one of ours."""
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as document:
            if document.is_encrypted:
                raise PdfUnreadableError("an open PDF is expected, got an encrypted one")
            yield document
    except pikepdf.PasswordError as error:
        raise PdfUnreadableError("an open PDF is expected, got one that asks for a password") from error
    except (pikepdf.PdfError, AttributeError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise PdfUnreadableError("a PDF that can be read without repair is expected, got: {cause}", cause=error) from error


def _check_slots(document: pikepdf.Pdf, slots: Sequence[SignatureSlot], registry: Sequence[RegistryPlace]) -> None:
    if not document.pages:
        raise FieldError("a document with at least one page is expected, got one with none")
    for slot in slots:
        if not _SLOT_NAME.fullmatch(slot.name) or slot.name == SEAL_FIELD:
            raise FieldError("{name}: a field name from S0001 to S9999 is expected", name=slot.name)
    if registry and sorted(place.name for place in registry) != sorted(REGISTRY_LABELS):
        raise FieldError(
            "one place for a register's number and one for its date ({expected}) are expected, got {got}",
            expected=", ".join(REGISTRY_LABELS),
            got=", ".join(place.name for place in registry),
        )
    _check_boxes(document, (*slots, *registry))


def _check_boxes(document: pikepdf.Pdf, places: Sequence[SignatureSlot | RegistryPlace]) -> None:
    seen: list[SignatureSlot | RegistryPlace] = []
    for slot in places:
        if slot.page not in range(len(document.pages)):
            raise FieldError(
                "{name}: a page from 0 to {last} is expected, got {page}",
                name=slot.name,
                last=len(document.pages) - 1,
                page=slot.page,
            )
        page = _sorted_box(document.pages[slot.page].cropbox)
        if not _contains(page, slot.box):
            raise FieldError("{name}: a box on its page ({page}) is expected, got {box}", name=slot.name, page=page, box=slot.box)
        for other in seen:
            if other.name == slot.name:
                raise FieldError("{name}: each field has a name of its own, this one came twice", name=slot.name)
            if other.page == slot.page and _overlaps(other.box, slot.box):
                raise FieldError(
                    "{name}: a box clear of the others is expected, {box} lies on that of {other}, {other_box}",
                    name=slot.name,
                    box=slot.box,
                    other=other.name,
                    other_box=other.box,
                )
        seen.append(slot)


def count_pages(pdf: bytes) -> int:
    """Return how many pages a document has.

    Raises:
        PdfUnreadableError: the bytes cannot be read.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)
    except pikepdf.PdfError as error:
        raise PdfUnreadableError("the document cannot be read: {cause}", cause=error) from error


def _sorted_box(corners: pikepdf.Object) -> Box:
    """Return the box in which a rectangle lies; any two opposite corners may stand for it (ISO 32000-1, 7.9.5)."""
    one_x, one_y, other_x, other_y = (float(edge) for edge in corners)
    return min(one_x, other_x), min(one_y, other_y), max(one_x, other_x), max(one_y, other_y)


def _contains(page: Box, box: Box) -> bool:
    """Whether the box, as it will be written, has a size and lies on the page."""
    left, bottom, right, top = (_number(edge) for edge in box)
    return page[0] <= left < right <= page[2] and page[1] <= bottom < top <= page[3]


def _overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _add_registry(document: pikepdf.Pdf, registry: Sequence[RegistryPlace], form: pikepdf.Object) -> list[pikepdf.Object]:
    """Return the fields of a register's number, date and seal; the form gets what the first two name in their appearance."""
    texts = [_add_field(document, place) for place in registry]
    for field in texts:
        make_text_field(document, field)
    if (resources := default_resources(document, texts)) is not None:
        form.DR = resources
    return [*texts, _add_field(document, SignatureSlot(REGISTRY_SEAL_FIELD, REGISTRY_SEAL_LABEL, 0, (0, 0, 0, 0)))]


def _add_field(document: pikepdf.Pdf, slot: SignatureSlot | RegistryPlace) -> pikepdf.Object:
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
    # A new array: two pages may share one.
    page.Annots = Array([*page.get(Name.Annots, ()), field])
    return field


def _number(value: float) -> float:
    """Return a coordinate to a thousandth of a point, a whole one as an integer, which PDF writes shorter."""
    rounded = round(float(value), 3)
    return int(rounded) if rounded.is_integer() else rounded


def _tag_fields(document: pikepdf.Pdf, fields: Sequence[pikepdf.Object]) -> None:
    """Give each field a Form element under the document's own element, and an entry in the parent tree."""
    root = document.Root.StructTreeRoot
    parent = _document_element(root)
    if Name.ParentTree not in root:
        root.ParentTree = document.make_indirect(Dictionary(Nums=Array()))
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
        field.P.Tabs = Name.S  # PDF/UA-1, 7.18.3
        field.StructParent = following
        numbers.extend(Array([following, element]))
        following += 1
    root.ParentTreeNextKey = following


def _document_element(root: pikepdf.Object) -> pikepdf.Object:
    """The top element of the structure tree, its children as an array."""
    children = root.get(Name.K, Array())
    tops = children if isinstance(children, Array) else Array([children])
    if not tops or not isinstance(tops[0], Dictionary):
        raise FieldError("a structure tree with a document element is expected, got an empty one")
    element = tops[0]
    if not isinstance(element.get(Name.K), Array):
        element.K = Array([element.K] if Name.K in element else [])
    return element


def _read_field(field: pikepdf.Object, pages: dict[tuple[int, int], int]) -> FieldState:
    box = _sorted_box(field.get(Name.Rect, Array([0, 0, 0, 0])))
    is_visible = box[0] < box[2] and box[1] < box[3]
    page = pages.get(field.P.objgen) if is_visible and Name.P in field else None
    return FieldState(str(field.get(Name.T, "")), Name.V in field, page, box if is_visible else None)


def _docmdp_level(document: pikepdf.Pdf, fields: Sequence[pikepdf.Object]) -> int | None:
    certifying = document.Root.get(Name.Perms, Dictionary()).get(Name.DocMDP)
    seal = next((field.get(Name.V) for field in fields if field.get(Name.T) == SEAL_FIELD), None)
    if certifying is None or seal is None or certifying.objgen != seal.objgen:
        return None
    for reference in certifying.get(Name.Reference, ()):
        if reference.get(Name.TransformMethod) == Name.DocMDP:
            return int(reference.get(Name.TransformParams, Dictionary()).get(Name.P, _DOCMDP_DEFAULT))
    return None
