"""A structure tree -> its elements with what each holds, read once and without recursion (ISO 32000-1, 14.7 and 14.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

Key = tuple[int, int]

# ISO 32000-1, 14.8.4.
_STANDARD_NAMES = (
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
    "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu "
    "WT WP Figure Formula Form"
)
STANDARD_TYPES = frozenset(_STANDARD_NAMES.split())


@dataclass(slots=True, eq=False)
class Element:
    """A structure element; `kind` is its standard type after the role map, None where it has none."""

    value: pikepdf.Object
    name: str
    kind: str | None
    parent: "Element | None"
    children: "list[Element]" = field(default_factory=list)
    content: list[tuple[Key, int]] = field(default_factory=list)
    """Marked content: the page or form that holds it, and its id there."""
    objects: list[Key] = field(default_factory=list)
    """The annotations and XObjects that belong to it."""

    @property
    def child_kinds(self) -> tuple[str, ...]:
        """The standard types of its children, in order."""
        return tuple(child.kind or child.name for child in self.children)

    @property
    def attributes(self) -> Iterator[pikepdf.Object]:
        """Its attribute objects (ISO 32000-1, 14.7.5)."""
        values = self.value.get(Name.A, Array())
        for value in values if isinstance(values, Array) else [values]:
            if isinstance(value, Dictionary):
                yield value

    def attribute(self, key: Name) -> pikepdf.Object | None:
        """Return an attribute of whichever owner, None where it has none."""
        return next((attributes[key] for attributes in self.attributes if key in attributes), None)

    def number(self, key: Name) -> int:
        """Return an attribute that counts, 1 where it is not given."""
        found = self.attribute(key)
        return int(found) if found is not None else 1


@dataclass(frozen=True, slots=True)
class Structure:
    """All elements in reading order, and the document's role map."""

    elements: tuple[Element, ...]
    roles: Mapping[str, str]

    def by_key(self) -> dict[Key, Element]:
        """Return the elements by the number of their object."""
        return {element.value.objgen: element for element in self.elements}


def read_structure(root: pikepdf.Object | None) -> Structure:
    """Return the elements under a structure tree root in reading order."""
    if root is None:
        return Structure((), {})
    roles = {key.removeprefix("/"): str(value).removeprefix("/") for key, value in root.get(Name.RoleMap, Dictionary()).items()}
    elements: list[Element] = []
    seen: set[Key] = set()
    waiting: list[tuple[pikepdf.Object, Element | None]] = [(kid, None) for kid in reversed(_kids(root))]
    while waiting:
        value, parent = waiting.pop()
        if value.is_indirect and value.objgen in seen:
            continue
        seen.add(value.objgen)
        name = str(value.get(Name.S, "")).removeprefix("/")
        element = Element(value, name, standard_type(name, roles), parent)
        elements.append(element)
        if parent is not None:
            parent.children.append(element)
        below = _hold(element)
        waiting += ((kid, element) for kid in reversed(below))
    return Structure(tuple(elements), roles)


def standard_type(name: str, roles: Mapping[str, str]) -> str | None:
    """Return the standard type that a type stands for, None where the role map leads to none or in a circle."""
    passed: set[str] = set()
    while name not in STANDARD_TYPES:
        if name in passed or name not in roles:
            return None
        passed.add(name)
        name = roles[name]
    return name


def flat_numbers(tree: pikepdf.Object | None) -> dict[int, pikepdf.Object]:
    """Return the entries of a number tree (ISO 32000-1, 7.9.7)."""
    found: dict[int, pikepdf.Object] = {}
    waiting = [] if tree is None else [tree]
    seen: set[Key] = set()
    while waiting:
        node = waiting.pop()
        if node.is_indirect and node.objgen in seen:
            continue
        seen.add(node.objgen)
        entries = list(node.get(Name.Nums, ()))
        found |= {int(number): value for number, value in zip(entries[::2], entries[1::2], strict=True)}
        waiting += node.get(Name.Kids, ())
    return found


def _kids(node: pikepdf.Object) -> list[pikepdf.Object]:
    kids = node.get(Name.K, Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _hold(element: Element) -> list[pikepdf.Object]:
    """Note what an element holds, and return the elements below it."""
    below: list[pikepdf.Object] = []
    page = element.value.get(Name.Pg)
    for kid in _kids(element.value):
        if isinstance(kid, int):
            element.content.append((page.objgen if page is not None else (0, 0), kid))
        elif kid.get(Name.Type) == Name.MCR:
            holder = kid.get(Name.Stm, kid.get(Name.Pg, page))
            element.content.append((holder.objgen if holder is not None else (0, 0), int(kid.MCID)))
        elif kid.get(Name.Type) == Name.OBJR:
            element.objects.append(kid.Obj.objgen)
        else:
            below.append(kid)
    return below
