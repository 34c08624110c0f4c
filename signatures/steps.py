"""The few steps that a document takes after its seal, recognised cheaply, each revision once against its predecessor.

pyHanko's difference analysis reads the whole document anew for every pair of revisions. This module reads it once, looks only at
the objects that a later revision writes, and answers "this step, and nothing else happened" or "not known", never "allowed" for
a shape that it did not recognise; what is not known goes to the full analysis. Four steps are known:

a. *filling*: an empty signature field gets its value, and maybe one appearance of its box's size;
b. *registry*: empty fields of the registry get their texts, likewise, and maybe one signature field its value with them;
c. *validation data*: the catalog names a document security store, with nothing in it but lists of streams;
d. *time stamp*: one more field, invisible, filled with a document time stamp, at the end of the form's fields, and maybe of one
   page's annotations.

For each of them all of this holds:

1. The revision frees no object, has no hybrid table, and its trailer names the same catalog, document information and file.
2. Of the objects that were there before it overwrites only those of its shape, and of these it changes only the entries of its
   shape. One that others may find (a list of fields or of annotations, the form, the store) is named by its one owner alone.
3. Every other object that it writes has a number above all earlier ones and hangs from those entries, but for its own
   cross-reference stream. A signature names no new object.
4. What it starts from is sound by itself: pyHanko refuses everything that comes after a malformed form or store.
5. No object that it makes was named by anything before, so that nothing waited to be switched on; nor does anything in the
   file name an object that is not there.

Why looking at each step alone is enough stands in docs/decisions/0012. Locks of a signature (FieldMDP) are not looked at here: a
document that has one goes to the full analysis.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification

from signatures.changes import (
    CHANGED_BY_FILLING,
    is_fitting_appearance,
    is_invisible,
    is_registry_field,
    is_registry_filling,
    is_sound,
)
from signatures.contents import member
from signatures.references import named_numbers
from signatures.stores import references_in_store

_REFERENCE = re.compile(rb"(?<![0-9A-Fa-f])(\d{1,10}+) \d{1,5}+ R")
_OF_ONE_REVISION = frozenset({"/Prev", "/Size", "/ID", "/Index", "/W", "/Length", "/Filter", "/DecodeParms", "/Type"})
_OF_A_TIMESTAMP_FIELD = frozenset({"/Type", "/Subtype", "/FT", "/T", "/F", "/Rect", "/P", "/V", "/TU"})
_TRAILER = 0
"""In place of an object's number: object 0 is never one (ISO 32000-2, 7.5.4)."""

Written = Mapping[int, generic.PdfObject]


@dataclass(frozen=True, slots=True)
class Step:
    """What one revision did: the level by which pyHanko would call it, and the fields that it filled."""

    level: ModificationLevel
    fields: frozenset[str] = frozenset()


def recognised_steps(pdf: bytes, reader: PdfFileReader, first_revision_end: int) -> tuple[Step | None, ...]:
    """Return for every revision the step that it takes and nothing else, or None where that is not known.

    Args:
        pdf: the file, every byte of which belongs to a well-formed revision.
        reader: the same file.
        first_revision_end: where the first revision ends, in bytes.
    """
    count = reader.xrefs.total_revisions
    unknown: tuple[Step | None, ...] = (None,) * count
    try:
        if reader.encrypted or reader.xrefs.hybrid_xrefs_present:
            return unknown
        state = _State(reader, _names_in_first_revision(pdf[:first_revision_end]))
        if not state.is_closed:
            return unknown
        return (None, *(state.take(number) for number in range(1, count)))
    except Exception:  # noqa: BLE001  # whatever cannot be read here is not known here; the full analysis says what is wrong
        return unknown


def _names_in_first_revision(content: bytes) -> dict[int, set[int]]:
    """Return for the number of every object that another one names, which ones name it."""
    owners: dict[int, set[int]] = {}
    with pikepdf.open(BytesIO(content), attempt_recovery=False) as document:
        for item in (document.trailer, *document.objects):
            dictionary = item.stream_dict if isinstance(item, pikepdf.Stream) else item
            for named in _REFERENCE.findall(dictionary.unparse(resolved=True)):
                owners.setdefault(int(named), set()).add(item.objgen[0])
        for number in named_numbers(content, document):
            owners.setdefault(number, set())  # of one that is not there nobody is left who names it
    return owners


@dataclass(slots=True)
class _State:
    """What is known of the file up to the revision that was looked at last."""

    reader: PdfFileReader
    owners: dict[int, set[int]]
    """Number of an object -> the numbers of the objects that ever named it."""
    known: set[int] = field(init=False)
    size: int = field(init=False)
    fields: dict[int, str] = field(init=False)
    """Number of each field of the form -> its name."""
    empty: dict[int, Any] = field(default_factory=dict)
    """Each field as the first revision has it."""
    written_in: dict[int, int] = field(default_factory=dict)
    _unjudged: int | None = 0
    """The last revision that was not recognised, until it is judged by itself."""
    _sound: bool = True

    def __post_init__(self) -> None:
        self.known = {reference.idnum for reference in self.reader.xrefs.explicit_refs_in_revision(0)}
        self.size = self.reader.xrefs.get_xref_container_info(0).size
        self.empty = {number: self.old(number) for number in self._fields_of_form()}
        self.fields = {number: str(item["/T"]) for number, item in self.empty.items()}

    @property
    def is_closed(self) -> bool:
        """Whether nothing names an object that is not there."""
        return self.owners.keys() <= self.known

    def old(self, number: int) -> Any:  # noqa: ANN401  # a PDF object of any kind; pyHanko's own carry few types
        """Return an object as it was before the revision that is looked at."""
        revision = self.written_in.get(number, 0)
        known = self.empty.get(number) if revision == 0 else None
        return self._read(number, revision) if known is None else known

    def _read(self, number: int, revision: int) -> Any:  # noqa: ANN401  # as above
        reference = generic.Reference(number, 0, self.reader)
        if self.reader.xrefs.get_last_change(reference) == revision:
            return self.reader.get_object(reference)
        return self.reader.get_object(reference, revision)

    def _fields_of_form(self) -> Iterator[int]:
        form = self.old(self._root(0))
        for key in ("/AcroForm", "/Fields"):
            value = form.raw_get(key) if key in form else generic.DictionaryObject()
            form = self.old(value.idnum) if isinstance(value, generic.IndirectObject) else value
        for item in (form.raw_get(index) for index in range(len(form))) if isinstance(form, generic.ArrayObject) else ():
            yield item.idnum

    def _root(self, revision: int) -> int:
        return int(self.reader.trailer.raw_get("/Root", revision=revision).idnum)

    def take(self, revision: int) -> Step | None:
        """Look at the next revision; behind one that was not recognised and is not sound by itself none is."""
        step = self._look(revision)
        if step is not None and not self._is_sound_before(revision):
            step = None
        self._unjudged = revision if step is None else self._unjudged
        return step

    def _is_sound_before(self, revision: int) -> bool:
        if self._unjudged is not None and self._unjudged < revision:
            self._sound = is_sound(self.reader.get_historical_resolver(self._unjudged))
            self._unjudged = None
        return self._sound

    def _look(self, revision: int) -> Step | None:
        references = self.reader.xrefs.explicit_refs_in_revision(revision)
        written = {reference.idnum: self._read(reference.idnum, revision) for reference in references}
        named_by = {number: set(_named_in(item)) for number, item in written.items()}
        size = self.reader.xrefs.get_xref_container_info(revision).size
        fresh = written.keys() - self.known
        step = None
        if (
            all(reference.generation == 0 for reference in references)
            and not self.reader.xrefs.refs_freed_in_revision(revision)
            and self._is_same_document(revision)
            and set().union(*named_by.values()) <= self.known | written.keys()
            and not fresh & self.owners.keys()
            and self.size <= min(fresh, default=self.size)
            and self.size <= size
        ):
            step = self._recognise(_Revision(written, named_by, fresh, revision))
        self._note(revision, named_by, size)
        return step

    def _note(self, revision: int, named_by: Mapping[int, set[int]], size: int) -> None:
        for number, names in named_by.items():
            self.written_in[number] = revision
            for named in names:
                self.owners.setdefault(named, set()).add(number)
        self.known |= named_by.keys()
        self.size = max(self.size, size)

    def _is_same_document(self, revision: int) -> bool:
        trailers = self.reader.trailer._trailer_revisions  # noqa: SLF001  # one by one, the newest first: nobody else gives them
        before, after = (trailers[len(trailers) - 1 - number] for number in (revision - 1, revision))
        return bool(_lasting(before) == _lasting(after))

    def _recognise(self, revision: "_Revision") -> Step | None:
        overwritten = revision.written.keys() - revision.fresh
        if overwritten and overwritten <= self.fields.keys():
            return self._filling(overwritten, revision)
        return self._validation_data(overwritten, revision) or self._timestamp(overwritten, revision)

    def _filling(self, numbers: set[int], revision: "_Revision") -> Step | None:
        filled = [self._filled(number, revision) for number in numbers]
        known = [one for one in filled if one is not None]
        if len(known) < len(filled) or sum(one.is_signature for one in known) > 1:
            return None
        seen = {one.number for one in known if one.is_seen}
        if not revision.hangs_from(seen, [revision.written[number].raw_get("/V") for number in numbers]):  # type: ignore[attr-defined]  # dictionaries
            return None
        return Step(max(one.level for one in known), frozenset(self.fields[number] for number in numbers))

    def _filled(self, number: int, revision: "_Revision") -> "_Filled | None":
        """Return what was filled in one field, or None where more happened to it than that."""
        old, new, name = self.old(number), revision.written[number], self.fields[number]
        if not (isinstance(new, generic.DictionaryObject) and _is_plain(old) and _is_plain(new) and "/V" in new):
            return None
        changed = _differ_in(old, new)
        is_seen = "/AP" in changed
        if not changed <= CHANGED_BY_FILLING or (is_seen and not _has_fitting_look(new, revision)):
            return None
        if old.get("/FT") == "/Sig":
            level = None if "/V" in old else _level_of_signature(new, revision, is_seen=is_seen)
            return None if level is None else _Filled(number, level, is_signature=True, is_seen=is_seen)
        if not (is_registry_field(name, new) and is_registry_filling(old, new)):
            return None
        return _Filled(number, ModificationLevel.FORM_FILLING, is_signature=False, is_seen=is_seen)

    def _validation_data(self, overwritten: set[int], revision: "_Revision") -> Step | None:
        resolver = self.reader.get_historical_resolver(revision.number)
        root = self._root(revision.number)
        store = resolver.root.raw_get("/DSS") if "/DSS" in resolver.root else None
        place = store.idnum if isinstance(store, generic.IndirectObject) else root
        if not overwritten <= {root, place} or (place != root and self.owners.get(place, {root}) != {root}):
            return None
        catalog = revision.written.get(root)
        if catalog is not None and not (
            type(catalog) is generic.DictionaryObject and _differ_in(self.old(root), catalog) <= {"/DSS"}
        ):
            return None
        if not _is_store(resolver.root) or self._has_entries(revision.number) or self._has_entries(revision.number - 1):
            return None
        content = revision.written[place] if place in overwritten and place != root else store
        return None if revision.rest(revision.reached_from(content)) else Step(ModificationLevel.LTA_UPDATES)

    def _has_entries(self, revision: int) -> bool:
        """Whether the store has entries for single signatures: what may happen to them is left to the full analysis."""
        store = member(self.reader.get_historical_resolver(revision).root, "/DSS")
        return isinstance(store, generic.DictionaryObject) and "/VRI" in store

    def _timestamp(self, overwritten: set[int], revision: "_Revision") -> Step | None:
        fields = [number for number in revision.fresh if _is_timestamp_field(revision.written[number], revision)]
        if len(fields) != 1:
            return None
        (number,) = fields
        name = str(revision.written[number]["/T"])  # type: ignore[index]  # a dictionary, as just seen
        if name in self.fields.values() or not all(self._only_gains(one, number, revision) for one in overwritten):
            return None
        if not self._is_appended_to_form(number, revision):
            return None
        value = revision.written[number].raw_get("/V")  # type: ignore[attr-defined]  # as above
        if revision.rest({number, value.idnum}):
            return None
        self.fields[number] = name
        return Step(ModificationLevel.LTA_UPDATES)

    def _only_gains(self, number: int, gained: int, revision: "_Revision") -> bool:
        """Whether an overwritten object differs in nothing but that a list in it, or it as a list, has one more member."""
        old, new = self.old(number), revision.written[number]
        if isinstance(old, generic.ArrayObject):
            return _is_appended(old, new, gained) and len(self.owners.get(number, ())) == 1
        if not isinstance(old, generic.DictionaryObject) or type(old) is not type(new):
            return False
        assert isinstance(new, generic.DictionaryObject)
        kind, changed = old.get("/Type"), _differ_in(old, new)
        if kind == "/Page":
            return (
                changed <= {"/Annots"}
                and ("/Annots" in old or len(new.raw_get("/Annots")) == 1)
                and _is_appended(
                    old.raw_get("/Annots") if "/Annots" in old else generic.ArrayObject(), new.raw_get("/Annots"), gained
                )
            )
        if number == self._root(revision.number):
            forms = (one.raw_get("/AcroForm") if "/AcroForm" in one else None for one in (old, new))
            return changed <= {"/AcroForm"} and _form_gains(*forms, gained=gained)
        return self.owners.get(number) == {self._root(revision.number)} and _form_gains(old, new, gained=gained)

    def _is_appended_to_form(self, number: int, revision: "_Revision") -> bool:
        """Whether the field really is the last of the form now."""
        form = member(self.reader.get_historical_resolver(revision.number).root, "/AcroForm")
        fields = member(form, "/Fields") if isinstance(form, generic.DictionaryObject) else None
        is_last = isinstance(fields, generic.ArrayObject) and len(fields) == len(self.fields) + 1
        return is_last and fields.raw_get(len(self.fields)).idnum == number  # type: ignore[union-attr]  # an array, as just seen


@dataclass(frozen=True, slots=True)
class _Filled:
    """One field that a revision filled."""

    number: int
    level: ModificationLevel
    is_signature: bool
    is_seen: bool


@dataclass(frozen=True, slots=True)
class _Revision:
    """The objects that one revision writes."""

    written: Written
    named_by: Mapping[int, set[int]]
    fresh: set[int]
    number: int

    def reached_from(self, item: generic.PdfObject | None) -> set[int]:
        """Return the new objects that hang from this one."""
        met: set[int] = set()
        waiting = list(_named_in(item))
        while waiting:
            number = waiting.pop()
            if number in self.fresh and number not in met:
                met.add(number)
                waiting.extend(self.named_by[number])
        return met

    def rest(self, accounted: set[int]) -> set[int]:
        """Return the new objects beside these and the revision's own cross-reference stream."""
        rest = self.fresh - accounted
        streams = {number for number in rest if _is_cross_reference_stream(self.written[number])}
        return rest - streams if len(streams) <= 1 else rest

    def hangs_from(self, fields: set[int], values: Iterable[generic.PdfObject]) -> bool:
        """Whether every new object is one of the values itself or hangs from the appearance of one of these fields."""
        own = {value.idnum for value in values if isinstance(value, generic.IndirectObject)}
        looks = (self.reached_from(self.written[number].raw_get("/AP")) for number in fields)  # type: ignore[attr-defined]  # dictionaries
        return not self.rest(own.union(*looks))


def _is_store(root: generic.DictionaryObject) -> bool:
    try:
        references_in_store(root)
    except (SuspiciousModification, KeyError):
        return False
    return True


def _has_fitting_look(new: generic.DictionaryObject, revision: _Revision) -> bool:
    look = new.raw_get("/AP") if "/AP" in new else None
    if isinstance(look, generic.IndirectObject):
        look = revision.written.get(look.idnum)
    if not isinstance(look, generic.DictionaryObject) or look.keys() != {"/N"}:
        return False
    form = look.raw_get("/N")
    is_new = isinstance(form, generic.IndirectObject) and form.idnum in revision.fresh
    return is_new and is_fitting_appearance(new, revision.written[form.idnum])


def _level_of_signature(new: generic.DictionaryObject, revision: _Revision, *, is_seen: bool) -> ModificationLevel | None:
    """Return the level of filling a signature field whose value names no new object."""
    reference = new.raw_get("/V")
    if not isinstance(reference, generic.IndirectObject) or reference.idnum not in revision.fresh:
        return None
    value = revision.written[reference.idnum]
    if type(value) is not generic.DictionaryObject or revision.named_by[reference.idnum] & revision.fresh:
        return None
    is_timestamp = value.get("/Type") == "/DocTimeStamp" and is_invisible(new)
    return ModificationLevel.LTA_UPDATES if is_timestamp and not is_seen else ModificationLevel.FORM_FILLING


def _is_timestamp_field(item: generic.PdfObject, revision: _Revision) -> bool:
    if type(item) is not generic.DictionaryObject or item.get("/FT") != "/Sig" or not item.keys() <= _OF_A_TIMESTAMP_FIELD:
        return False
    value = item.raw_get("/V") if "/V" in item else None
    if not isinstance(value, generic.IndirectObject) or value.idnum not in revision.fresh or "/T" not in item:
        return False
    signature = revision.written[value.idnum]
    return (
        type(signature) is generic.DictionaryObject
        and signature.get("/Type") == "/DocTimeStamp"
        and not revision.named_by[value.idnum] & revision.fresh
        and "." not in str(item["/T"])
        and is_invisible(item)
    )


def _form_gains(old: generic.PdfObject | None, new: generic.PdfObject | None, *, gained: int) -> bool:
    """Whether two forms, both in place, differ in nothing but that the list of fields, in place too, has one more."""
    if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
        return bool(old == new)
    if "/Fields" not in old or "/Fields" not in new or not _differ_in(old, new) <= {"/Fields"}:
        return False
    return old == new or _is_appended(old.raw_get("/Fields"), new.raw_get("/Fields"), gained)


def _is_appended(old: generic.PdfObject, new: generic.PdfObject, gained: int) -> bool:
    if not isinstance(old, generic.ArrayObject) or not isinstance(new, generic.ArrayObject) or len(new) != len(old) + 1:
        return False
    last = new.raw_get(len(old))
    is_same = all(old.raw_get(index) == new.raw_get(index) for index in range(len(old)))
    return is_same and isinstance(last, generic.IndirectObject) and last.idnum == gained


def _is_plain(item: generic.PdfObject) -> bool:
    """Whether a field is a dictionary by itself: no parent, children or lock."""
    return type(item) is generic.DictionaryObject and not {"/Parent", "/Kids", "/Lock"} & item.keys()


def _differ_in(old: generic.DictionaryObject, new: generic.DictionaryObject) -> set[str]:
    """Return the keys whose values are not written alike in both."""
    common = old.keys() & new.keys()
    return (old.keys() ^ new.keys()) | {key for key in common if old.raw_get(key) != new.raw_get(key)}


def _lasting(trailer: generic.DictionaryObject) -> dict[str, generic.PdfObject]:
    return {str(key): trailer.raw_get(key) for key in trailer if key not in _OF_ONE_REVISION}


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
