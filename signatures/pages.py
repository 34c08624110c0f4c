"""The pages of a file from elsewhere: what a later revision may do to one.

1. The tree of pages stays as it is.
2. A page may get the widgets of new signature fields, and, where the certification allows it, notes without a look of their own.
   None goes.
3. Everything else on it says the same (`signatures.contents`), under whatever numbers.

Boxes of signatures that lie on each other are no finding here: honest tools and their samples put them so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.diff_analysis.form_rules_api import FieldComparisonContext, FieldMDPRule, FormUpdate

from signatures.contents import member, same_content

_NOTES = frozenset({"/Text", "/Popup"})
_LOOKS_OF_A_NOTE = frozenset({"/AP", "/A", "/AA", "/RC", "/IRT"})


@dataclass(frozen=True)
class PageRule(FieldMDPRule):
    """Approve pages that got widgets of new signature fields, and notes where they are allowed."""

    are_notes_allowed: bool

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Compare the pages that this revision wrote."""
        widgets = dict(_new_widgets(context))
        written = context.new.explicit_refs_in_revision()
        for reference, old_page, new_page in _pages(context.old.root, context.new.root):
            annotations = new_page.raw_get("/Annots") if "/Annots" in new_page else None
            lists = {annotations.reference} if isinstance(annotations, generic.IndirectObject) else set()
            if ({reference} | lists) & written:
                yield from self._compare(context, reference, old_page, new_page, widgets)

    def _compare(
        self,
        context: FieldComparisonContext,
        reference: generic.Reference,
        old_page: generic.DictionaryObject,
        new_page: generic.DictionaryObject,
        widgets: dict[generic.Reference, str],
    ) -> Iterator[tuple[ModificationLevel, FormUpdate]]:
        before, after = _annotations(old_page), _annotations(new_page)
        added = [one for one in after if one not in before]
        if set(before) - set(after):
            raise SuspiciousModification("annotations were removed")
        notes = [one for one in added if one not in widgets]
        for note in notes:
            self._require_note(note)
            yield ModificationLevel.ANNOTATIONS, FormUpdate(updated_ref=note)
        level = ModificationLevel.ANNOTATIONS if notes else ModificationLevel.LTA_UPDATES
        for update in _updates(context, reference, old_page, new_page):
            yield level, update

    def _require_note(self, reference: generic.Reference) -> None:
        note = reference.get_object()
        is_note = (
            self.are_notes_allowed
            and isinstance(note, generic.DictionaryObject)
            and note.get("/Subtype") in _NOTES
            and not _LOOKS_OF_A_NOTE & note.keys()
        )
        if not is_note:
            raise SuspiciousModification(f"annotation {reference!r} was added")


def _updates(
    context: FieldComparisonContext,
    reference: generic.Reference,
    old_page: generic.DictionaryObject,
    new_page: generic.DictionaryObject,
) -> Iterator[FormUpdate]:
    """Approve the page, its list of annotations, and the copies that it now names."""
    old, new = context.old, context.new
    if old_page.keys() | {"/Annots"} != new_page.keys() | {"/Annots"}:
        raise SuspiciousModification(f"the keys of page {reference!r} were changed")
    for key in new_page.keys() - {"/Annots"}:
        if not same_content(old_page.raw_get(key), new_page.raw_get(key), old, new):
            raise SuspiciousModification(f"{key} of page {reference!r} was changed")
        for copied in new.collect_dependencies(new_page.raw_get(key), since_revision=old.revision + 1):
            yield _approved(copied)
    # A page is named from everywhere in a file; since nothing but its annotations differs, all of these are approved.
    yield _approved(reference)
    listed = new_page.raw_get("/Annots") if "/Annots" in new_page else None
    if isinstance(listed, generic.IndirectObject):
        was_listed = old_page.raw_get("/Annots") if "/Annots" in old_page else None
        if listed == was_listed or _is_new(listed.reference, old):
            yield _approved(listed.reference)


def _approved(reference: generic.Reference) -> FormUpdate:
    return FormUpdate(updated_ref=reference, valid_when_locked=True)


def _is_new(reference: generic.Reference, old: HistoricalResolver) -> bool:
    return old.reader.xrefs.get_historical_ref(reference, old.revision) is None


def _new_widgets(context: FieldComparisonContext) -> Iterator[tuple[generic.Reference, str]]:
    """Yield each widget of a field that the signed revision does not have, with the field's name."""
    for name, spec in context.field_specs.items():
        if spec.old_field_ref is None and spec.new_field_ref is not None and spec.new_field is not None:
            yield spec.new_field_ref, name
            kids = member(spec.new_field, "/Kids")
            for kid in kids if isinstance(kids, generic.ArrayObject) else ():
                if isinstance(kid, generic.IndirectObject):
                    yield kid.reference, name


def _pages(
    old_root: generic.DictionaryObject, new_root: generic.DictionaryObject
) -> Iterator[tuple[generic.Reference, generic.DictionaryObject, generic.DictionaryObject]]:
    waiting = [(old_root.raw_get("/Pages"), new_root.raw_get("/Pages"))]
    met: set[generic.Reference] = set()
    while waiting:
        one, other = waiting.pop()
        if not isinstance(one, generic.IndirectObject) or one != other or one.reference in met:
            raise SuspiciousModification("the tree of pages was changed, or cannot be followed")
        met.add(one.reference)
        old_node, new_node = one.get_object(), other.get_object()
        if not isinstance(old_node, generic.DictionaryObject) or not isinstance(new_node, generic.DictionaryObject):
            raise SuspiciousModification(f"page {one.reference!r} is no dictionary")
        old_kids, new_kids = member(old_node, "/Kids"), member(new_node, "/Kids")
        if not isinstance(old_kids, generic.ArrayObject):
            yield other.reference, old_node, new_node
        elif not isinstance(new_kids, generic.ArrayObject) or len(new_kids) != len(old_kids):
            raise SuspiciousModification("pages were added or removed")
        else:
            waiting.extend((old_kids.raw_get(index), new_kids.raw_get(index)) for index in range(len(old_kids)))


def _annotations(page: generic.DictionaryObject) -> list[generic.Reference]:
    listed = member(page, "/Annots")
    if listed is None:
        return []
    items = [listed.raw_get(index) for index in range(len(listed))] if isinstance(listed, generic.ArrayObject) else [listed]
    references = [item.reference for item in items if isinstance(item, generic.IndirectObject)]
    if len(references) < len(items):
        raise SuspiciousModification("annotations are expected to be references")
    return references
