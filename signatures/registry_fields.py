"""Fields of a register: where its number and its date stand in a document, made before anybody signs, filled after everybody has.

1. R0001 is the place of the number, R0002 that of the date: text fields with a box on a page, empty, read-only, so that no
   viewer offers to fill them. `signatures.changes` lets each be filled once.
2. R0000 is for the register's seal, a signature without a place on any page. The revision that fills the places carries it: what
   stands behind a document's last signature may not touch the form, so a number that the seal does not cover is a modification.
3. A document has all three of them or none.
4. A field has a default appearance, which ISO 32000-2, table 228 asks for. It names a font of its own page; nobody draws with it,
   since each value comes with the page that shows it.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from signatures.errors import PdfUnreadableError

REGISTRY_SEAL_FIELD = "R0000"
REGISTRY_NUMBER_FIELD = "R0001"
REGISTRY_DATE_FIELD = "R0002"
REGISTRY_SEAL_LABEL = "ตราประทับของทะเบียน"
REGISTRY_LABELS = {REGISTRY_NUMBER_FIELD: "เลขที่ทะเบียน", REGISTRY_DATE_FIELD: "วันที่ลงทะเบียน"}
"""What a screen reader says of each place."""

_READ_ONLY = 1  # ISO 32000-2, table 227
_DEFAULT_FONT = "/Register"
_DEFAULT_SIZE_PT = 10


@dataclass(frozen=True, slots=True)
class RegistryPlace:
    """Where the number or the date is to stand; `page` and `box` as those of a signature's slot (`signatures.fields`)."""

    name: str
    page: int
    box: tuple[float, float, float, float]

    @property
    def label(self) -> str:
        """What a screen reader says of it."""
        return REGISTRY_LABELS[self.name]


@dataclass(frozen=True, slots=True)
class RegistryState:
    """What stands in a register's places, None where nothing does yet, and how large each of them is, in points."""

    number: str | None
    date: str | None
    sizes: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class RegistryText:
    """What goes into one place: the text, and a PDF of one page of the box's size that shows it."""

    name: str
    text: str
    appearance: bytes


def make_text_field(document: pikepdf.Pdf, field: pikepdf.Object) -> None:
    """Turn a signature field that was just made into an empty text field that no viewer offers to fill, in place."""
    field.FT, field.Ff = Name.Tx, _READ_ONLY
    if _font_of(document, field.P) is not None:
        field.DA = String(f"{_DEFAULT_FONT} {_DEFAULT_SIZE_PT} Tf 0 g")


def default_resources(document: pikepdf.Pdf, fields: Sequence[pikepdf.Object]) -> pikepdf.Object | None:
    """Return what the form has to hold for the default appearance of these fields; None where no field has one."""
    fonts = [font for field in fields if Name.DA in field and (font := _font_of(document, field.P)) is not None]
    return Dictionary(Font=Dictionary({_DEFAULT_FONT: fonts[0]})) if fonts else None


def _font_of(document: pikepdf.Pdf, page: pikepdf.Object) -> pikepdf.Object | None:
    """Return a font in which the page is set, an upright and light one where there is one; None where it has no text."""
    fonts = pikepdf.Page(page).resources.get(Name.Font, Dictionary())
    named = sorted((len(str(font.get(Name.BaseFont, ""))), str(key)) for key, font in fonts.items())
    return document.make_indirect(fonts[named[0][1]]) if named else None


def read_registry(pdf: bytes) -> RegistryState | None:
    """Return what stands in the places of a register; None where the document has none.

    Raises:
        PdfUnreadableError: the bytes are no PDF that can be read without repair.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as document:
            form = document.Root.get(Name.AcroForm, Dictionary())
            fields = {str(field.get(Name.T, "")): field for field in form.get(Name.Fields, Array())}
            if not {REGISTRY_SEAL_FIELD, *REGISTRY_LABELS} <= fields.keys():
                return None
            number, date = (_text_in(fields[name]) for name in (REGISTRY_NUMBER_FIELD, REGISTRY_DATE_FIELD))
            return RegistryState(number, date, {name: _size_of(fields[name]) for name in REGISTRY_LABELS})
    except (pikepdf.PdfError, AttributeError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise PdfUnreadableError("a PDF that can be read without repair is expected, got: {cause}", cause=error) from error


def _text_in(field: pikepdf.Object) -> str | None:
    return str(field.V) if Name.V in field else None


def _size_of(field: pikepdf.Object) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in field.Rect)
    return round(abs(right - left), 3), round(abs(top - bottom), 3)
