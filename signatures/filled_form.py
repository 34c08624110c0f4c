"""The fields of a PDF's form as they stand, and of each signature what nobody else asks: its format, its reason, its locks.

Only the top of the form is read, where our own fields are; a signature below it is found where all of them are validated.
"""

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from signatures.errors import PdfUnreadableError
from signatures.excerpts import one_line

_NO_CHANGES = 1  # ISO 32000-2, table 257


@dataclass(frozen=True, slots=True)
class Lock:
    """What a signature forbids later on (ISO 32000-2, 12.8.2.2 and 12.8.2.4): how, and the names of fields that go with it."""

    action: str
    names: frozenset[str]

    def forbids(self, fields: frozenset[str]) -> bool:
        """Whether one of these fields could not be filled any more; to name none at all is what some programs do."""
        return bool(fields) and (self.action != "/Include" or bool(self.names & fields))


@dataclass(frozen=True, slots=True)
class SignatureValue:
    """A filled signature field's value."""

    is_timestamp: bool
    subfilter: str
    contents: bytes
    reason: str | None
    """Empty where there is none; None where there is something that is no text."""
    locks: tuple[Lock, ...]
    locks_fields: bool
    """Whether it has a lock of fields, be it one of no field."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its signature when it is a signature field that is filled, its text when it is of another kind."""

    name: str
    is_signature: bool
    signature: SignatureValue | None
    text: str


def read_filled_form(pdf: bytes) -> tuple[FormField, ...]:
    """Return the fields at the top of the form.

    Raises:
        PdfUnreadableError: the bytes are no PDF that can be read without repair, or its form is none.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as document:
            form = document.Root.get(Name.AcroForm, Dictionary())
            return tuple(_read_field(field) for field in form.get(Name.Fields, Array()))
    except (pikepdf.PdfError, AttributeError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise PdfUnreadableError("a form that can be read is expected, got: {cause}", cause=one_line(error)) from error


def _read_field(field: pikepdf.Object) -> FormField:
    value = field.get(Name.V)
    is_signature = bool(field.get(Name.FT) == Name.Sig)
    return FormField(
        name=str(field.get(Name.T, "")),
        is_signature=is_signature,
        signature=_read_signature(value) if is_signature and value is not None else None,
        text="" if is_signature or value is None else repr(value),
    )


def _read_signature(value: pikepdf.Object) -> SignatureValue:
    reason = value.get(Name.Reason, String(""))
    references = list(value.get(Name.Reference, Array()))
    return SignatureValue(
        is_timestamp=bool(value.get(Name.Type) == Name.DocTimeStamp),
        subfilter=str(value.get(Name.SubFilter, "")),
        contents=bytes(value.get(Name.Contents, String(""))),
        reason=str(reason) if isinstance(reason, String) else None,
        locks=tuple(_read_lock(reference) for reference in references),
        locks_fields=any(reference.get(Name.TransformMethod) == Name.FieldMDP for reference in references),
    )


def _read_lock(reference: pikepdf.Object) -> Lock:
    parameters = reference.get(Name.TransformParams, Dictionary())
    # Acrobat writes the level of a locked document into the lock of the fields, where no standard has it.
    if reference.get(Name.TransformMethod) != Name.FieldMDP or parameters.get(Name.P) == _NO_CHANGES:
        return Lock(str(reference.get(Name.TransformMethod)), frozenset())
    return Lock(str(parameters.get(Name.Action)), frozenset(str(name) for name in parameters.get(Name.Fields, Array())))
