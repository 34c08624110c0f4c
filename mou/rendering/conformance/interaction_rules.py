"""Rules on annotations, fields, actions and layers.

Sources: ISO 19005-3:2012, 6.3 to 6.5 and 6.9; ISO 14289-1:2014, 7.10, 7.15 and 7.18.
"""

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Stream

from mou.rendering.conformance.inspection import Annotation, Inspection, inherited, page_place
from mou.rendering.conformance.report import Fault, Observation, Rule
from mou.rendering.conformance.structure import Element
from signatures.messages import say

_CATALOG = say("the catalog")
_FORM = say("the form")
_TYPES_NAMES = (
    "Text Link FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink "
    "Popup FileAttachment Widget PrinterMark TrapNet Watermark Redact"
)
_TYPES = frozenset(_TYPES_NAMES.split())
_PRINT = 4
_HIDING = 1 | 2 | 32 | 256  # Invisible, Hidden, NoView, ToggleNoView (ISO 32000-1, table 165)
_ACTIONS = frozenset(["/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"])
_NAMED_ACTIONS = frozenset(["/NextPage", "/PrevPage", "/FirstPage", "/LastPage"])
_ELEMENT_OF = {"Widget": "Form", "Link": "Link"}  # others stand in Annot
_OUTSIDE_STRUCTURE = frozenset({"Popup", "PrinterMark"})


def annotations_are_of_allowed_types(inspection: Inspection) -> Iterator[Observation]:
    """Annotations are of the types of ISO 32000-1 without 3D, Sound, Screen and Movie."""
    for annotation in inspection.annotations:
        if annotation.subtype not in _TYPES:
            yield Fault(
                say("an annotation of an allowed type is expected, got {name}", name=annotation.subtype), annotation.place
            )


def no_trap_networks(inspection: Inspection) -> Iterator[Observation]:
    """There is no TrapNet annotation."""
    for annotation in inspection.annotations:
        if annotation.subtype == "TrapNet":
            yield Fault(say("an annotation of an allowed type is expected, got {name}", name="TrapNet"), annotation.place)


def annotations_are_printed_and_not_hidden(inspection: Inspection) -> Iterator[Observation]:
    """Annotations are printed, and neither invisible nor hidden nor out of view."""
    for annotation in inspection.annotations:
        flags = annotation.value.get(Name.F)
        if annotation.subtype == "Popup" and flags is None:
            continue
        if flags is None or not int(flags) & _PRINT or int(flags) & _HIDING:
            yield Fault(
                say(
                    "an annotation that is printed and not hidden is expected (F), got {flags}",
                    flags=say("none") if flags is None else int(flags),
                ),
                annotation.place,
            )


def annotations_have_an_appearance(inspection: Inspection) -> Iterator[Observation]:
    """Annotations with a box, but links and pop-ups, have an appearance: a stream N alone, for a button its states."""
    for annotation in inspection.annotations:
        appearance = annotation.value.get(Name.AP)
        if appearance is None:
            if annotation.subtype not in {"Popup", "Link"} and not _has_empty_box(annotation):
                yield Fault(say("an appearance is expected (AP)"), annotation.place)
            continue
        is_button = annotation.subtype == "Widget" and inherited(annotation.value, Name.FT) == Name.Btn
        normal = appearance.get(Name.N)
        is_right_kind = (
            isinstance(normal, Dictionary) and not isinstance(normal, Stream) and len(normal) > 0
            if is_button
            else isinstance(normal, Stream)
        )
        if set(appearance.keys()) != {"/N"} or not is_right_kind:
            yield Fault(say("an appearance with N alone is expected: a stream, for a button its states"), annotation.place)


def _has_empty_box(annotation: Annotation) -> bool:
    left, bottom, right, top = map(float, annotation.value.get(Name.Rect, (0, 0, 0, 0)))
    return left == right and bottom == top


def fields_have_no_actions(inspection: Inspection) -> Iterator[Observation]:
    """Neither a widget nor a field has an action (A, AA)."""
    for annotation in inspection.annotations:
        if annotation.subtype == "Widget" and (Name.A in annotation.value or Name.AA in annotation.value):
            yield Fault(say("a field without actions is expected (A, AA)"), annotation.place)
    for field, place in inspection.fields:
        if Name.AA in field and field.get(Name.Subtype) != Name.Widget:
            yield Fault(say("a field without actions is expected (A, AA)"), place)


def appearances_are_not_made_anew(inspection: Inspection) -> Iterator[Observation]:
    """The form does not ask a viewer to make appearances (NeedAppearances)."""
    if inspection.root.get(Name.AcroForm, Dictionary()).get(Name.NeedAppearances, False):
        yield Fault(say("a form that is shown as it stands is expected (NeedAppearances)"), _FORM)


def no_xfa_form(inspection: Inspection) -> Iterator[Observation]:
    """There is no XFA form."""
    if Name.XFA in inspection.root.get(Name.AcroForm, Dictionary()) or inspection.root.get(Name.NeedsRendering, False):
        yield Fault(say("a form without XFA is expected"), _FORM)


def actions_are_allowed(inspection: Inspection) -> Iterator[Observation]:
    """Actions lead to a place, a file or an address; none starts a program or a script, plays, hides or resets anything."""
    for located in inspection.dictionaries:
        for key in (Name.A, Name.OpenAction, Name.Next):
            value = located.value.get(key)
            for action in value if isinstance(value, Array) else [value]:
                if not isinstance(action, Dictionary) or Name.S not in action:
                    continue
                kind = str(action.S)
                if kind not in _ACTIONS or (kind == "/Named" and str(action.get(Name.N, "")) not in _NAMED_ACTIONS):
                    yield Fault(say("an allowed action is expected, got {name}", name=kind.removeprefix("/")), located.place)


def no_actions_by_themselves(inspection: Inspection) -> Iterator[Observation]:
    """Neither the document nor a page does anything by itself (AA)."""
    if Name.AA in inspection.root:
        yield Fault(say("a document without additional actions is expected (AA)"), _CATALOG)
    for number, page in enumerate(inspection.pages):
        if Name.AA in page:
            yield Fault(say("a page without additional actions is expected (AA)"), page_place(number))


def layers_have_a_name_and_no_automatism(inspection: Inspection) -> Iterator[Observation]:
    """Each arrangement of layers has a name, and none changes by itself (AS)."""
    properties = inspection.root.get(Name.OCProperties, Dictionary())
    arrangements = [properties.D] if Name.D in properties else []
    for arrangement in [*arrangements, *properties.get(Name.Configs, ())]:
        if not str(arrangement.get(Name.Name, "")):
            yield Fault(say("an arrangement of layers with a name is expected"), _CATALOG)
        if Name.AS in arrangement:
            yield Fault(say("an arrangement of layers that does not change by itself is expected (AS)"), _CATALOG)


def annotations_stand_in_the_structure(inspection: Inspection) -> Iterator[Observation]:
    """A field stands in a Form element, a link in a Link element, another annotation in an Annot element that refers to it."""
    elements = inspection.structure.by_key()
    for annotation in inspection.annotations:
        if annotation.subtype in _OUTSIDE_STRUCTURE:
            continue
        expected = _ELEMENT_OF.get(annotation.subtype, "Annot")
        element = _element_of(inspection, annotation, elements)
        if element is None or element.kind != expected or annotation.value.objgen not in element.objects:
            yield Fault(say("an element {name} of the structure tree is expected to hold it", name=expected), annotation.place)


def _element_of(inspection: Inspection, annotation: Annotation, elements: dict[tuple[int, int], Element]) -> Element | None:
    number = annotation.value.get(Name.StructParent)
    parent = inspection.parents.get(int(number)) if number is not None else None
    return elements.get(parent.objgen) if isinstance(parent, Dictionary) else None


def links_and_annotations_are_described(inspection: Inspection) -> Iterator[Observation]:
    """A link has Contents; another annotation than a field has Contents, or its element an alternative text."""
    elements = inspection.structure.by_key()
    for annotation in inspection.annotations:
        if annotation.subtype in {"Widget"} | _OUTSIDE_STRUCTURE or str(annotation.value.get(Name.Contents, "")):
            continue
        element = _element_of(inspection, annotation, elements)
        if annotation.subtype == "Link" or element is None or not str(element.value.get(Name.Alt, "")):
            yield Fault(say("a description is expected (Contents)"), annotation.place)


def fields_say_what_they_are(inspection: Inspection) -> Iterator[Observation]:
    """Each field has a name for a person (TU), or its element an alternative text."""
    for annotation in inspection.annotations:
        if annotation.subtype == "Widget" and not str(inherited(annotation.value, Name.TU) or ""):
            yield Fault(say("a field with a name for people is expected (TU)"), annotation.place)


def tabs_follow_the_structure(inspection: Inspection) -> Iterator[Observation]:
    """On a page with annotations, the tab key follows the structure."""
    for number in sorted({annotation.page for annotation in inspection.annotations}):
        if inspection.pages[number].get(Name.Tabs) != Name.S:
            yield Fault(say("a tab order after the structure is expected (Tabs S)"), page_place(number))


RULES = (
    Rule(annotations_are_of_allowed_types, archive="6.3.1"),
    Rule(no_trap_networks, access="7.18.2"),
    Rule(annotations_are_printed_and_not_hidden, archive="6.3.2"),
    Rule(annotations_have_an_appearance, archive="6.3.3"),
    Rule(fields_have_no_actions, archive="6.4.1"),
    Rule(appearances_are_not_made_anew, archive="6.4.1"),
    Rule(no_xfa_form, archive="6.4.2", access="7.15"),
    Rule(actions_are_allowed, archive="6.5.1"),
    Rule(no_actions_by_themselves, archive="6.5.2"),
    Rule(layers_have_a_name_and_no_automatism, archive="6.9", access="7.10"),
    Rule(annotations_stand_in_the_structure, access="7.18.1"),
    Rule(links_and_annotations_are_described, access="7.18.5"),
    Rule(fields_say_what_they_are, access="7.18.1"),
    Rule(tabs_follow_the_structure, access="7.18.3"),
)
