"""The one step that our own documents take after their seal, recognised cheaply: an empty signature field is filled.

pyHanko's difference analysis reads the whole document anew for every signature. This module reads it once, looks only at the
objects that a later revision writes, and answers "this field was filled, and nothing else happened" or "not known", never
"allowed" for a shape that it did not recognise; what is not known goes to the full analysis. A revision is recognised when all
of this holds:

1. It frees no object, and its trailer names the same catalog, document information and file as the one before.
2. Of the objects that were there before it overwrites exactly one: a field of the form, a signature field without a value, a
   parent or children.
3. The field differs in nothing but /V, which it did not have, and /AP.
4. Every other object that it writes is new, and hangs from that /V or /AP, but for its own cross-reference stream.
5. No object that it makes was named by anything before, so that nothing waited to be switched on; nor does it name an object
   that is not there.

Why looking at each step alone is enough: by 4 and 5 a new object can be reached through the filled field only, and by 2 and 3
that field is the only thing that anybody may see otherwise than before; whatever else points to it still finds a signature
field with the same box. An appearance may draw what it likes, inside its box. Locks of a signature (FieldMDP) are not looked at
here: a document that has one goes to the full analysis.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

_REFERENCE = re.compile(rb"(\d+) \d+ R")
_CHANGED_BY_A_SIGNATURE = frozenset({"/V", "/AP"})
_OF_ONE_REVISION = frozenset({"/Prev", "/Size", "/ID", "/Index", "/W", "/Length", "/Filter", "/DecodeParms", "/Type"})


def recognised_fillings(pdf: bytes, reader: PdfFileReader, first_revision_end: int) -> tuple[str | None, ...]:
    """Return for every revision the name of the field that it fills and does nothing else, or None where that is not known.

    Args:
        pdf: the file, every byte of which belongs to a well-formed revision.
        reader: the same file, read strictly.
        first_revision_end: where the first revision ends, in bytes.
    """
    count = reader.xrefs.total_revisions
    unknown: tuple[str | None, ...] = (None,) * count
    try:
        named = _named_in_first_revision(pdf[:first_revision_end])
        known = {reference.idnum for reference in reader.xrefs.explicit_refs_in_revision(0)}
        if named is None or not named <= known:
            return unknown
        return (None, *_steps(reader, count, known, named))
    except Exception:  # noqa: BLE001  # whatever cannot be read here is not known here; the full analysis says what is wrong
        return unknown


def _named_in_first_revision(content: bytes) -> set[int] | None:
    """Return the number of every object that another one names; None for a file that has objects in a form of its own."""
    named: set[int] = set()
    with pikepdf.open(BytesIO(content), attempt_recovery=False) as document:
        for item in (document.trailer, *document.objects):
            dictionary = item.stream_dict if isinstance(item, pikepdf.Stream) else item
            named.update(int(number) for number in _REFERENCE.findall(dictionary.unparse(resolved=True)))
    return named


def _steps(reader: PdfFileReader, count: int, known: set[int], named: set[int]) -> Iterator[str | None]:
    for number in range(1, count):
        before, after = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
        written = {reference.idnum: after.get_object(reference) for reference in after.explicit_refs_in_revision()}
        names_of_new = {number_of for item in written.values() for number_of in _named_in(item)}
        is_closed = names_of_new <= known | written.keys() and not (written.keys() - known) & named
        yield _filled_field(before, after, written, known) if is_closed else None
        known |= written.keys()
        named |= names_of_new


def _filled_field(
    before: HistoricalResolver, after: HistoricalResolver, written: dict[int, generic.PdfObject], known: set[int]
) -> str | None:
    overwritten = written.keys() & known
    freed = after.refs_freed_in_revision()
    if freed or not _same_document(before, after) or len(overwritten) != 1:
        return None
    (number,) = overwritten
    reference = _field_references(before).get(number)
    if reference is None:
        return None
    old, new = before.get_object(reference), written[number]
    if not (isinstance(old, generic.DictionaryObject) and isinstance(new, generic.DictionaryObject) and _is_filling(old, new)):
        return None
    hanging = _reachable(new, written, known)
    rest = written.keys() - hanging - {number}
    if any(not _is_cross_reference_stream(written[other]) for other in rest) or len(rest) > 1:
        return None
    return str(new["/T"])


def _same_document(before: HistoricalResolver, after: HistoricalResolver) -> bool:
    return _lasting(before.trailer_view) == _lasting(after.trailer_view)


def _lasting(trailer: generic.DictionaryObject) -> dict[str, generic.PdfObject]:
    return {str(key): trailer.raw_get(key) for key in trailer if key not in _OF_ONE_REVISION}


def _field_references(before: HistoricalResolver) -> dict[int, generic.Reference]:
    fields = before.root["/AcroForm"]["/Fields"]
    return {field.idnum: field.reference for field in fields if isinstance(field, generic.IndirectObject)} if fields else {}


def _is_filling(old: generic.DictionaryObject, new: generic.DictionaryObject) -> bool:
    value = new.raw_get("/V") if "/V" in new else None
    return (
        old.get("/FT") == "/Sig"
        and not {"/V", "/Parent", "/Kids", "/Lock"} & old.keys()
        and isinstance(value, generic.IndirectObject)
        and _unchanged(old) == _unchanged(new)
    )


def _unchanged(field: generic.DictionaryObject) -> dict[str, generic.PdfObject]:
    return {str(key): field.raw_get(key) for key in field if key not in _CHANGED_BY_A_SIGNATURE}


def _reachable(field: generic.DictionaryObject, written: dict[int, generic.PdfObject], known: set[int]) -> set[int]:
    """Return the new objects that hang from the field's value or appearance."""
    met: set[int] = set()
    waiting = [number for key in _CHANGED_BY_A_SIGNATURE & field.keys() for number in _named_in(field.raw_get(key))]
    while waiting:
        number = waiting.pop()
        if number not in met and number in written and number not in known:
            met.add(number)
            waiting.extend(_named_in(written[number]))
    return met


def _is_cross_reference_stream(item: generic.PdfObject) -> bool:
    return isinstance(item, generic.StreamObject) and item.get("/Type") == "/XRef"


def _named_in(item: Any) -> Iterator[int]:  # noqa: ANN401  # a PDF object of any kind; pyHanko's own carry few types
    """The number of every object that this one names itself, nothing followed."""
    if isinstance(item, generic.IndirectObject):
        yield item.idnum
    elif isinstance(item, generic.DictionaryObject):
        for key in item:
            yield from _named_in(item.raw_get(key))
    elif isinstance(item, generic.ArrayObject):
        for index in range(len(item)):
            yield from _named_in(item.raw_get(index))
