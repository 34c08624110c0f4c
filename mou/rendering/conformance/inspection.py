"""An open PDF as the rules look at it: its objects, content streams, fonts and annotations, each read once.

Everything is found by walking, never by repair: what has an unexpected shape raises, and the rule that met it says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from mou.rendering.conformance.content import StreamFacts, read_content
from mou.rendering.conformance.structure import Element, Structure, flat_numbers, read_structure
from mou.rendering.conformance.xmp import Xmp, read_xmp
from signatures.messages import Message, say

Key = tuple[int, int]  # an indirect object's number and generation
_HIGHEST_INHERITANCE = 64  # levels of a page tree or a field tree that are climbed


@dataclass(frozen=True, slots=True)
class Located:
    """A dictionary or a stream's dictionary, and the indirect object that it stands in."""

    value: pikepdf.Object
    place: Message


@dataclass(frozen=True, slots=True)
class Content:
    """One content stream; `own_resources` says whether it names its resources itself. Page and field numbers stand in `place`."""

    key: Key
    source: pikepdf.Object
    resources: pikepdf.Object
    facts: StreamFacts
    place: Message
    page: int | None = None
    """The page, counted from 0, whose content it is; None for a form, a pattern, a glyph or an appearance."""


@dataclass(slots=True)
class UsedFont:
    """A font with the character codes that are shown in it.

    Each code tells whether an ActualText stands for it wherever it is shown.
    """

    dictionary: pikepdf.Object
    name: str
    place: Message
    is_drawn: bool = False
    codes: dict[int, bool] = field(default_factory=dict)

    @property
    def is_composite(self) -> bool:
        """Whether codes are longer than a byte; two bytes each with Identity-H."""
        return bool(self.dictionary.get(Name.Subtype) == Name.Type0)


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation of a page; `page` counts from 0."""

    value: pikepdf.Object
    page: int
    place: Message

    @property
    def subtype(self) -> str:
        """Its type, without the slash."""
        return str(self.value.get(Name.Subtype, "")).removeprefix("/")


class Inspection:
    """A PDF with everything that a rule may ask for."""

    def __init__(self, raw: bytes, pdf: pikepdf.Pdf) -> None:
        """Read nothing yet."""
        self.raw = raw
        self.pdf = pdf
        self.root = pdf.Root

    @cached_property
    def pages(self) -> tuple[pikepdf.Object, ...]:
        """The page dictionaries."""
        return tuple(page.obj for page in self.pdf.pages)

    @cached_property
    def dictionaries(self) -> tuple[Located, ...]:
        """Every dictionary and every stream's dictionary of the file, wherever it stands."""
        found: list[Located] = []
        for obj in self.pdf.objects:
            place = say("object {number}", number=obj.objgen[0])
            found += (Located(value, place) for value in _direct_dictionaries(obj))
        found += (Located(value, say("the trailer")) for value in _direct_dictionaries(self.pdf.trailer))
        return tuple(found)

    @cached_property
    def streams(self) -> tuple[Located, ...]:
        """Every stream of the file."""
        return tuple(located for located in self.dictionaries if isinstance(located.value, Stream))

    @cached_property
    def xmp(self) -> Xmp | None:
        """The document's metadata; None where there is none or it is not well-formed."""
        return read_xmp(self.root.Metadata.read_bytes()) if Name.Metadata in self.root else None

    @cached_property
    def structure(self) -> Structure:
        """The structure tree; without one it is empty."""
        return read_structure(self.root.get(Name.StructTreeRoot))

    @cached_property
    def parents(self) -> Mapping[int, pikepdf.Object]:
        """The parent tree: from a StructParent(s) number to an element or an array of elements."""
        root = self.root.get(Name.StructTreeRoot, Dictionary())
        return flat_numbers(root.get(Name.ParentTree))

    @cached_property
    def annotations(self) -> tuple[Annotation, ...]:
        """The annotations of all pages."""
        return tuple(
            Annotation(value, number, _annotation_place(number, value))
            for number, page in enumerate(self.pages)
            for value in page.get(Name.Annots, ())
        )

    @cached_property
    def fields(self) -> tuple[tuple[pikepdf.Object, Message], ...]:
        """The form's fields that have no fields below them."""
        form = self.root.get(Name.AcroForm, Dictionary())
        return tuple(
            (value, say("field {field}", field=full_name(value))) for value in _leaves(form.get(Name.Fields, Array()), set())
        )

    @cached_property
    def contents(self) -> tuple[Content, ...]:
        """Every content stream that is drawn: pages, then what they draw, then the annotations' appearances."""
        return tuple(_Contents(self).all())

    @cached_property
    def _contents_by_key(self) -> Mapping[Key, Content]:
        return {content.key: content for content in self.contents}

    def content_of(self, stream: pikepdf.Object) -> Content | None:
        """Return the content stream of a form; None for an image."""
        return self._contents_by_key.get(stream.objgen)

    @cached_property
    def fonts(self) -> tuple[UsedFont, ...]:
        """The fonts in which something is shown."""
        found: dict[object, UsedFont] = {}
        for content in self.contents:
            for shown in content.facts.texts:
                dictionary = content.resources.get(Name.Font, Dictionary()).get(shown.font)
                if dictionary is None:
                    continue
                key = dictionary.objgen if dictionary.is_indirect else (content.key, shown.font)
                font = found.setdefault(key, _used_font(dictionary, content.place))
                font.is_drawn = font.is_drawn or shown.is_drawn
                for code in _codes(shown.text, 2 if font.is_composite else 1):
                    font.codes[code] = font.codes.get(code, True) and shown.is_replaced
        return tuple(found.values())


def inherited(value: pikepdf.Object, key: Name) -> pikepdf.Object | None:
    """Return an entry that a page or a field may have from its parent (ISO 32000-1, 7.7.3.4 and 12.7.3.1)."""
    node: pikepdf.Object | None = value
    for _ in range(_HIGHEST_INHERITANCE):
        if node is None or key in node:
            break
        node = node.get(Name.Parent)
    return None if node is None else node.get(key)


def full_name(value: pikepdf.Object) -> str:
    """Return a field's name with those of its parents before it (ISO 32000-1, 12.7.3.2)."""
    names: list[str] = []
    node: pikepdf.Object | None = value
    while node is not None and len(names) < _HIGHEST_INHERITANCE:
        names.append(str(node.get(Name.T, "")))
        node = node.get(Name.Parent)
    return ".".join(name for name in reversed(names) if name)


def page_place(number: int) -> Message:
    """Name a page, counted from 0, as a person counts."""
    return say("page {page}", page=number + 1)


def element_place(element: Element) -> Message:
    """Name an element of the structure tree by its type and its object."""
    return say("element {name}, object {number}", name=element.name, number=element.value.objgen[0])


def _annotation_place(page: int, value: pikepdf.Object) -> Message:
    name = full_name(value) or str(value.get(Name.Subtype, "")).removeprefix("/")
    return say("page {page}, {name}", page=page + 1, name=name)


def _direct_dictionaries(value: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the dictionaries in an object without following a reference, the object's own first."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Dictionary | Stream):
            yield node
            waiting += (child for child in node.values() if _is_direct_container(child))
        elif isinstance(node, Array):
            waiting += (child for child in node if _is_direct_container(child))


def _is_direct_container(value: object) -> bool:
    return isinstance(value, Dictionary | Array) and not value.is_indirect


def _leaves(values: pikepdf.Object, seen: set[Key]) -> Iterator[pikepdf.Object]:
    for value in values:
        if value.objgen in seen:
            continue
        if value.is_indirect:
            seen.add(value.objgen)
        kids = [kid for kid in value.get(Name.Kids, ()) if Name.T in kid]
        if kids:
            yield from _leaves(Array(kids), seen)
        else:
            yield value


def _codes(text: bytes, length: int) -> Iterator[int]:
    for at in range(0, len(text), length):
        yield int.from_bytes(text[at : at + length])


def _used_font(dictionary: pikepdf.Object, place: Message) -> UsedFont:
    return UsedFont(dictionary, str(dictionary.get(Name.BaseFont, dictionary.get(Name.Name, ""))).removeprefix("/"), place)


class _Contents:
    """Finds the content streams from the pages on, each once."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._seen: set[Key] = set()

    def all(self) -> Iterator[Content]:
        for number, page in enumerate(self._inspection.pages):
            resources = inherited(page, Name.Resources) or Dictionary()
            content = Content(page.objgen, page, resources, read_content(page, resources), page_place(number), number)
            yield content
            yield from self._below(content)
        for annotation in self._inspection.annotations:
            for stream in _appearances(annotation.value):
                yield from self._read(stream, Dictionary(), annotation.place)

    def _read(self, stream: pikepdf.Object, outer: pikepdf.Object, place: Message) -> Iterator[Content]:
        """Yield a stream and what it draws; without resources of its own it uses the outer ones (ISO 32000-1, 7.8.3)."""
        if stream.objgen in self._seen:
            return
        self._seen.add(stream.objgen)
        resources = stream.get(Name.Resources, outer)
        content = Content(stream.objgen, stream, resources, read_content(stream, resources), place)
        yield content
        yield from self._below(content)

    def _below(self, content: Content) -> Iterator[Content]:
        for stream, name in _drawn_streams(content):
            place = say("{place}, {name}", place=content.place, name=name.removeprefix("/"))
            yield from self._read(stream, content.resources, place)


def _drawn_streams(content: Content) -> Iterator[tuple[pikepdf.Object, str]]:
    """Yield the content streams that one draws: forms, tiling patterns, soft masks and glyphs that are drawings."""
    resources, facts = content.resources, content.facts
    forms = resources.get(Name.XObject, Dictionary())
    for name in sorted({drawing.name for drawing in facts.drawings}):
        if name in forms and forms[name].get(Name.Subtype) == Name.Form:
            yield forms[name], name
    patterns = resources.get(Name.Pattern, Dictionary())
    for name in sorted(facts.patterns):
        if name in patterns and isinstance(patterns[name], Stream):
            yield patterns[name], name
    for name in sorted(facts.states):
        mask = resources.get(Name.ExtGState, Dictionary()).get(name, Dictionary()).get(Name.SMask)
        if isinstance(mask, Dictionary) and Name.G in mask:
            yield mask.G, name
    fonts = resources.get(Name.Font, Dictionary())
    for name in sorted({shown.font for shown in facts.texts}):
        if name in fonts and fonts[name].get(Name.Subtype) == Name.Type3:
            yield from ((glyph, name) for glyph in fonts[name].CharProcs.values())


def _appearances(annotation: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for appearance in annotation.get(Name.AP, Dictionary()).values():
        if isinstance(appearance, Stream):
            yield appearance
        elif isinstance(appearance, Dictionary):
            yield from (state for state in appearance.values() if isinstance(state, Stream))
