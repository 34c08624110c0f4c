"""A PDF that is about to be signed -> what in it could be made to say something else afterwards (NDSS 2021, shadow attacks).

Whoever prepares a document may hide content in it, have it signed, and bring the content to light by a change that looks
harmless.
The change is a finding when it comes (`signatures.changes`); what waits for it is told here, before anybody signs:

1. *replace*: a form value, which is drawn by what may be changed later; a form of the XFA kind; another field than a signature's
   or the registry's.
2. *hide*: a layer that is switched off, or that may be; an action, which may change what is shown.
3. *hide and replace*: an object that nothing uses, or a reference to one that is not there.
4. *content from outside*: a stream or a page that lies in another file.

These are warnings: honest files have layers and forms too. Our own templates make none of it.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name

from signatures.messages import Message, say
from signatures.references import named_numbers

_REGISTRY_FIELD = re.compile(r"R[0-9]{4}")
_NULL = re.compile(rb"(\d{1,10}+) \d{1,5}+ obj\s++null\s++endobj")
_OF_THE_FILE = frozenset({"/XRef", "/ObjStm"})
_ACTIONS = frozenset({"/JavaScript", "/Hide", "/SetOCGState", "/ImportData", "/ResetForm", "/Rendition", "/GoToE", "/Launch"})
_SHOWN_AT_MOST = 5

Number = tuple[int, int]


def shadow_content(pdf: bytes) -> tuple[Message, ...]:
    """Return one warning for each kind of content that a later revision could switch to; none for a plain document.

    Never raises: a file that cannot be read is itself the warning.
    """
    try:
        with pikepdf.open(BytesIO(pdf), attempt_recovery=False) as document:
            return tuple(_warnings(pdf, document))
    except (pikepdf.PdfError, pikepdf.PasswordError, AttributeError, LookupError, TypeError, ValueError, RuntimeError) as error:
        return (say("a PDF that can be read without repair is expected, got: {cause}", cause=error),)


def _warnings(pdf: bytes, document: pikepdf.Pdf) -> Iterator[Message]:
    objects = [item for item in document.objects if isinstance(item, pikepdf.Object)]  # a null comes as None
    used = _reached(document)
    unused = sorted(item.objgen for item in objects if item.objgen not in used and not _is_of_the_file(item))
    missing = sorted(named_numbers(pdf, document) - _defined_numbers(pdf, objects))
    if unused:
        yield say("{count} objects are used by nothing: {objects}", count=len(unused), objects=_listed(unused))
    if missing:
        shown = ", ".join(map(str, missing[:_SHOWN_AT_MOST]))
        yield say("{count} numbers are named and lead to no object: {objects}", count=len(missing), objects=shown)
    yield from _form_warnings(document)
    if Name.OCProperties in document.Root:
        yield say("the document has layers, which may be shown or hidden")
    actions = sorted({kind for item in used.values() for kind in _actions(item)})
    if actions:
        yield say("the document has actions that may change what is shown: {kinds}", kinds=", ".join(actions))
    outside = sorted(number for number, item in used.items() if _comes_from_outside(item))
    if outside:
        yield say("{count} objects take their content from another file: {objects}", count=len(outside), objects=_listed(outside))


def _reached(document: pikepdf.Pdf) -> dict[Number, pikepdf.Object]:
    """Return every object that hangs from the trailer, the trailer itself as object 0."""
    used: dict[Number, pikepdf.Object] = {(0, 0): document.trailer}
    waiting = _members(document.trailer)
    while waiting:
        item = waiting.pop()
        if item.is_indirect:
            if item.objgen in used:
                continue
            used[item.objgen] = item
        waiting.extend(_members(item.stream_dict if isinstance(item, pikepdf.Stream) else item))
    return used


def _defined_numbers(pdf: bytes, objects: Iterable[pikepdf.Object]) -> set[int]:
    """Return the number of every object, those that are null among them: these are no content that waits."""
    return {item.objgen[0] for item in objects} | {int(number) for number in _NULL.findall(pdf)}


def _members(item: pikepdf.Object) -> list[pikepdf.Object]:
    if isinstance(item, pikepdf.Dictionary):
        found = [item.get(key) for key in item.keys() if key not in {"/Prev", "/XRefStm"}]  # noqa: SIM118  # pikepdf needs it
    elif isinstance(item, pikepdf.Array):
        found = list(item)
    else:
        return []
    return [one for one in found if isinstance(one, pikepdf.Object)]


def _form_warnings(document: pikepdf.Pdf) -> Iterator[Message]:
    form = document.Root.get(Name.AcroForm, Dictionary())
    if Name.XFA in form:
        yield say("the form is of the XFA kind, which draws the pages itself")
    if form.get(Name.NeedAppearances, False):
        yield say("the form orders viewers to draw all its values anew")
    names = [str(field.get(Name.T, "")) for field in form.get(Name.Fields, ()) if not _is_expected(field)]
    if names:
        yield say(
            "{count} fields may get another value later: {fields}",
            count=len(names),
            fields=", ".join(sorted(names)[:_SHOWN_AT_MOST]),
        )


def _is_expected(field: pikepdf.Object) -> bool:
    if field.get(Name.FT) == Name.Sig:
        return True
    is_empty = not str(field.get(Name.V, ""))
    return field.get(Name.FT) == Name.Tx and _REGISTRY_FIELD.fullmatch(str(field.get(Name.T, ""))) is not None and is_empty


def _is_of_the_file(item: pikepdf.Object) -> bool:
    """Whether the object belongs to the file's structure: a table, a stream of objects, the head of a linearised file."""
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return False
    return str(item.get("/Type", "")) in _OF_THE_FILE or "/Linearized" in item


def _actions(item: pikepdf.Object) -> Iterator[str]:
    if isinstance(item, pikepdf.Dictionary) and str(item.get("/S", "")) in _ACTIONS:
        yield str(item.get("/S"))
    for inner in _members(item):
        if not inner.is_indirect:
            yield from _actions(inner)


def _comes_from_outside(item: pikepdf.Object) -> bool:
    """Whether a stream lies in another file, or a form stands for a page of one (ISO 32000-2, 7.3.8.2 and 8.10.4)."""
    is_file_itself = isinstance(item, pikepdf.Stream) and item.get("/Type") == Name.EmbeddedFile
    return isinstance(item, pikepdf.Stream) and not is_file_itself and ("/F" in item or "/Ref" in item)


def _listed(numbers: list[Number]) -> str:
    shown = ", ".join(f"{number} {generation}" for number, generation in numbers[:_SHOWN_AT_MOST])
    return shown if len(numbers) <= _SHOWN_AT_MOST else f"{shown} ..."
