"""Rules on the structure tree and on what is marked. Sources: ISO 19005-3:2012, 6.7; ISO 14289-1:2014, 7.1 to 7.9, 7.20."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name

from mou.rendering.conformance.content import Context, Misnesting
from mou.rendering.conformance.inspection import Content, Inspection, Key, element_place
from mou.rendering.conformance.report import Fault, Observation, Rule
from mou.rendering.conformance.structure import STANDARD_TYPES, standard_type
from signatures.messages import Message, say

_CATALOG = say("the catalog")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")  # RFC 3066, 2.1
_MISNESTED = {
    Misnesting.ARTIFACT_IN_TAGGED: say("artifacts are expected outside tagged content"),
    Misnesting.TAGGED_IN_ARTIFACT: say("tagged content is expected outside artifacts"),
}


def document_is_marked(inspection: Inspection) -> Iterator[Observation]:
    """The catalog says that the document is tagged."""
    if inspection.root.get(Name.MarkInfo, Dictionary()).get(Name.Marked, False) is not True:
        yield Fault(say("MarkInfo with Marked true is expected"), _CATALOG)


def tags_are_not_suspect(inspection: Inspection) -> Iterator[Observation]:
    """The catalog does not say that the tags are doubtful."""
    if inspection.root.get(Name.MarkInfo, Dictionary()).get(Name.Suspects, False):
        yield Fault(say("tags without Suspects are expected"), _CATALOG)


def structure_tree_is_there(inspection: Inspection) -> Iterator[Observation]:
    """There is a structure tree with at least one element."""
    if not inspection.structure.elements:
        yield Fault(say("a structure tree is expected (StructTreeRoot)"), _CATALOG)


def elements_name_their_parent(inspection: Inspection) -> Iterator[Observation]:
    """Each element names the one above it (ISO 32000-1, 14.7.2)."""
    root = inspection.root.get(Name.StructTreeRoot, Dictionary())
    for element in inspection.structure.elements:
        above = root if element.parent is None else element.parent.value
        if element.value.get(Name.P, Dictionary()).objgen != above.objgen:
            yield Fault(say("an element is expected to name the one above it (P)"), element_place(element))


def marked_content_has_its_element(inspection: Inspection) -> Iterator[Observation]:
    """Each marked content id is used once, and the parent tree leads to an element of the tree that holds it, and back."""
    elements = inspection.structure.by_key()
    held = {place: element for element in inspection.structure.elements for place in element.content}
    for content in inspection.contents:
        for number, count in sorted(Counter(content.facts.content_ids).items()):
            owner = held.pop((content.key, number), None)
            entry = _parent_entry(inspection, content, number)
            if count > 1:
                yield Fault(
                    say("marked content {number} is expected once, got {count}", number=number, count=count), content.place
                )
            if owner is None or entry is None or elements.get(entry.objgen) is not owner:
                yield Fault(say("marked content {number} is expected to belong to an element", number=number), content.place)
    for (_, number), element in held.items():
        yield Fault(
            say("the element is expected to hold content of a page, marked content {number} is nowhere", number=number),
            element_place(element),
        )


def _parent_entry(inspection: Inspection, content: Content, number: int) -> pikepdf.Object | None:
    """Return the element that the parent tree names for a marked content."""
    at = content.source.get(Name.StructParents)
    entries = inspection.parents.get(int(at)) if at is not None else None
    if not isinstance(entries, Array) or number >= len(entries):
        return None
    entry = entries[number]
    return entry if isinstance(entry, Dictionary) else None


def everything_drawn_is_marked(inspection: Inspection) -> Iterator[Observation]:
    """What a page paints is tagged as content or marked as an artifact."""
    for page in inspection.contents:
        if page.page is not None:
            for place, operator in _unmarked(inspection, page, set()):
                yield Fault(
                    say("marked content is expected round what is drawn, got {operator} outside", operator=operator), place
                )


def _unmarked(inspection: Inspection, content: Content, seen: set[Key]) -> Iterator[tuple[Message, str]]:
    """Yield what a stream paints unmarked, once for each operator; an unmarked form is looked into."""
    seen.add(content.key)
    yield from ((content.place, operator) for operator in sorted(set(content.facts.unmarked)))
    objects = content.resources.get(Name.XObject, Dictionary())
    for drawing in content.facts.drawings:
        if drawing.context is not Context.UNMARKED or drawing.name not in objects:
            continue
        form = inspection.content_of(objects[drawing.name])
        if form is None:
            yield content.place, "Do"
        elif form.key not in seen:
            yield from _unmarked(inspection, form, seen)


def artifacts_and_content_are_apart(inspection: Inspection) -> Iterator[Observation]:
    """No artifact stands in tagged content, and no tagged content in an artifact."""
    for content in inspection.contents:
        for kind in sorted(content.facts.misnested, key=lambda kind: kind.value):
            yield Fault(_MISNESTED[kind], content.place)
        for form in _forms_drawn(inspection, content, Context.ARTIFACT):
            if form.facts.content_ids:
                yield Fault(_MISNESTED[Misnesting.TAGGED_IN_ARTIFACT], content.place)


def _forms_drawn(inspection: Inspection, content: Content, *contexts: Context) -> Iterator[Content]:
    """Yield the forms that a stream draws in one of these contexts, each as often as it does."""
    objects = content.resources.get(Name.XObject, Dictionary())
    for drawing in content.facts.drawings:
        if drawing.context in contexts and drawing.name in objects and (form := inspection.content_of(objects[drawing.name])):
            yield form


def tagged_forms_are_drawn_once(inspection: Inspection) -> Iterator[Observation]:
    """A form with tagged content of its own is drawn once in the whole file."""
    drawn = Counter(
        form.key
        for content in inspection.contents
        for form in _forms_drawn(inspection, content, *Context)
        if form.facts.content_ids
    )
    for form in inspection.contents:
        if drawn[form.key] > 1:
            yield Fault(say("a form with tagged content is expected to be drawn once"), form.place)


def language_of_the_document(inspection: Inspection) -> Iterator[Observation]:
    """The catalog names the document's language."""
    if not str(inspection.root.get(Name.Lang, "")):
        yield Fault(say("the document's language is expected in the catalog (Lang)"), _CATALOG)


def languages_are_well_formed(inspection: Inspection) -> Iterator[Observation]:
    """Each language is a tag as th or en-GB."""
    named = [(str(inspection.root.Lang), _CATALOG)] if Name.Lang in inspection.root else []
    speaking = [element for element in inspection.structure.elements if Name.Lang in element.value]
    named += [(str(element.value.Lang), element_place(element)) for element in speaking]
    named += [(language, content.place) for content in inspection.contents for language in sorted(content.facts.languages)]
    for language, place in named:
        if language and not _LANGUAGE.fullmatch(language):
            yield Fault(say("a language tag such as th or en-GB is expected, got {language}", language=language), place)


def title_is_shown(inspection: Inspection) -> Iterator[Observation]:
    """The window shows the document's title, not the name of its file."""
    if inspection.root.get(Name.ViewerPreferences, Dictionary()).get(Name.DisplayDocTitle, False) is not True:
        yield Fault(say("ViewerPreferences with DisplayDocTitle true are expected"), _CATALOG)


def structure_types_are_known(inspection: Inspection) -> Iterator[Observation]:
    """Each structure type is a standard one, or the role map leads to one."""
    for name in sorted({element.name for element in inspection.structure.elements if element.kind is None}):
        yield Fault(
            say("a standard structure type is expected for {name}, or a way to one in the role map", name=name),
            say("the structure tree"),
        )


def role_map_is_sound(inspection: Inspection) -> Iterator[Observation]:
    """The role map leads in no circle, and leaves standard types alone."""
    roles = inspection.structure.roles
    for name in sorted(roles):
        if name in STANDARD_TYPES:
            yield Fault(
                say("the standard structure type {name} is expected to stay itself", name=name), say("the structure tree")
            )
        elif standard_type(name, roles) is None:
            yield Fault(
                say("the role map is expected to lead from {name} to a standard type", name=name), say("the structure tree")
            )


def _without_text(kind: str) -> Callable[[Inspection], Iterator[Observation]]:
    def find(inspection: Inspection) -> Iterator[Observation]:
        for element in inspection.structure.elements:
            if element.kind == kind and not any(str(element.value.get(key, "")) for key in (Name.Alt, Name.ActualText)):
                yield Fault(say("an alternative text is expected (Alt)"), element_place(element))

    return find


def figures_have_a_text(inspection: Inspection) -> Iterator[Observation]:
    """A picture has an alternative text or a replacement."""
    return _without_text("Figure")(inspection)


def formulas_have_a_text(inspection: Inspection) -> Iterator[Observation]:
    """A formula has an alternative text or a replacement."""
    return _without_text("Formula")(inspection)


def headings_descend_step_by_step(inspection: Inspection) -> Iterator[Observation]:
    """The first heading is H1, and none is more than one level below the one before it."""
    level = 0
    for element in inspection.structure.elements:
        if element.kind is None or not re.fullmatch("H[1-6]", element.kind):
            continue
        if int(element.kind[1]) > level + 1:
            yield Fault(
                say("a heading of level {expected} at most is expected, got {name}", expected=level + 1, name=element.kind),
                element_place(element),
            )
        level = int(element.kind[1])


def headings_are_of_one_kind(inspection: Inspection) -> Iterator[Observation]:
    """A document has either H or H1 to H6; with H, no element has two of them."""
    kinds = {element.kind for element in inspection.structure.elements}
    if "H" in kinds and any(f"H{level}" in kinds for level in range(1, 7)):
        yield Fault(say("either H or H1 to H6 are expected, got both"), say("the structure tree"))
    for element in inspection.structure.elements:
        if element.child_kinds.count("H") > 1:
            yield Fault(say("one H in an element is expected, got more"), element_place(element))


def notes_have_an_identifier(inspection: Inspection) -> Iterator[Observation]:
    """Each note has an identifier of its own."""
    notes = [element for element in inspection.structure.elements if element.kind == "Note"]
    counts = Counter(str(note.value.get(Name.ID, "")) for note in notes)
    for note in notes:
        if not str(note.value.get(Name.ID, "")) or counts[str(note.value.ID)] > 1:
            yield Fault(say("a note with an identifier of its own is expected (ID)"), element_place(note))


RULES = (
    Rule(document_is_marked, archive="6.7.2", access="7.1"),
    Rule(tags_are_not_suspect, access="7.1"),
    Rule(structure_tree_is_there, archive="6.7.3", access="7.1"),
    Rule(elements_name_their_parent, archive="6.7.3"),
    Rule(marked_content_has_its_element, archive="6.7.3", access="7.1"),
    Rule(everything_drawn_is_marked, access="7.1"),
    Rule(artifacts_and_content_are_apart, access="7.1"),
    Rule(tagged_forms_are_drawn_once, access="7.20"),
    Rule(language_of_the_document, access="7.2"),
    Rule(languages_are_well_formed, archive="6.7.4", access="7.2"),
    Rule(title_is_shown, access="7.1"),
    Rule(structure_types_are_known, archive="6.7.3", access="7.1"),
    Rule(role_map_is_sound, access="7.1"),
    Rule(figures_have_a_text, access="7.3"),
    Rule(formulas_have_a_text, access="7.7"),
    Rule(headings_descend_step_by_step, access="7.4.2"),
    Rule(headings_are_of_one_kind, access="7.4.4"),
    Rule(notes_have_an_identifier, access="7.9"),
)
