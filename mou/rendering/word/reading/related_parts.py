"""The parts beside the text of a Word file: lists, styles, notes, comments, margins, custom properties."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from lxml import etree

from mou.rendering.word.element_names import CUSTOM, RELATIONS, Element, R, W
from mou.rendering.word.reading.changes_apart import Note, changes_apart
from mou.rendering.word.reading.drawings import drawings_in, lost_drawings
from mou.rendering.word.reading.gathering import GatheredChange
from mou.rendering.word.reading.numbering import is_on
from mou.rendering.word.reading.plain_text import plain_text
from mou.rendering.word.values import LossKind, View

if TYPE_CHECKING:
    from docx.document import Document

_FIELD_MARK: Final = re.compile(r"mou_\d{4,}")
_LONGEST_EXPRESSION: Final = 1_000  # we write none so long, and any number of bookmarks may have one name
_TEXT_TYPES: Final = ("lpwstr", "lpstr", "bstr")
_MARGINS: Final = (f"{W}headerReference", f"{W}footerReference")
_NO_NOTES: Final = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def take_out_remarks(document: "Document") -> None:
    """Take out what XML lets anybody remark between two letters of a word: Word reads on behind it, a library would not."""
    for part in document.part.package.iter_parts():
        if (root := getattr(part, "element", None)) is not None:
            etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)


def root_of(document: "Document", name: str) -> Element:
    """Return the root of the part that the text names by this kind of relation (`numbering`, `footnotes`); None without one."""
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype == f"{RELATIONS}/{name}":
            return _root(relation.target_part)
    return None


def addresses(document: "Document") -> Mapping[str, str]:
    """Return the address of every link to the outside by its relation's id. Nobody follows one here."""
    return {name: relation.target_ref for name, relation in document.part.rels.items() if relation.is_external}


def notes(document: "Document", kind: str, view: View) -> Mapping[str, Note]:
    """Return each note by its id; `kind` is `footnote` or `endnote`."""
    root = root_of(document, f"{kind}s")
    found = [] if root is None else [one for one in root if one.get(f"{W}type") not in _NO_NOTES]
    return {one.get(f"{W}id", ""): Note(plain_text(one, view).strip(), changes_apart(one)) for one in found}


def margins(document: "Document", view: View) -> Iterator[tuple[str, LossKind, str]]:
    """Return what each header and footer that is shown says, once, after `header` or `footer`: its text, and its drawings."""
    seen: set[tuple[LossKind, str]] = set()
    for name, root in _shown_margins(document):
        for kind, text in _said_in(root, view):
            if (kind, text) not in seen:
                seen.add((kind, text))
                yield name, kind, text


def changes_of_margins(document: "Document") -> Iterator[tuple[str, GatheredChange]]:
    """Return each tracked change of a header or footer that is shown, after `header` or `footer`."""
    for name, root in _shown_margins(document):
        yield from ((name, change) for change in changes_apart(root))


def _said_in(margin: Element, view: View) -> Iterator[tuple[LossKind, str]]:
    if text := plain_text(margin, view).strip():
        yield LossKind.HEADER_OR_FOOTER, text
    for drawing in drawings_in(margin):
        yield from (one for one in lost_drawings(drawing, view) if one[0] is not LossKind.TEXT_BOX)  # in the text already


def _shown_margins(document: "Document") -> Iterator[tuple[str, Element]]:
    """Return the root of each header and footer that some page shows, once."""
    settings = root_of(document, "settings")
    has_even = settings is not None and is_on(settings.find(f"{W}evenAndOddHeaders"))
    seen: set[str] = set()
    for section in document.element.iter(f"{W}sectPr"):
        has_first = is_on(section.find(f"{W}titlePg"))
        for reference in section.iterchildren(*_MARGINS):
            kind = reference.get(f"{W}type", "default")
            relation = document.part.rels.get(reference.get(f"{R}id", ""))
            if (
                relation is None
                or relation.is_external
                or (kind == "first" and not has_first)
                or (kind == "even" and not has_even)
            ):
                continue
            part = relation.target_part
            if part.partname not in seen:
                seen.add(part.partname)
                yield reference.tag.removeprefix(W).removesuffix("Reference"), _root(part)


def properties(document: "Document") -> Mapping[str, str]:
    """Return the custom properties that are text, by their names."""
    for relation in document.part.package.rels.values():
        if not relation.is_external and relation.reltype == f"{RELATIONS}/custom-properties":
            root = _root(relation.target_part)
            named = ((one.get("name"), one.find("{*}*")) for one in root.iterchildren(f"{CUSTOM}property"))
            texts = ((name, one) for name, one in named if name and one is not None)
            return {name: one.text or "" for name, one in texts if etree.QName(one).localname in _TEXT_TYPES}
    return {}


def expressions(of: Mapping[str, str]) -> Mapping[str, str]:
    """Return those custom properties that say which expression of a template stands in the bookmark of their name."""
    return {
        name: text
        for name, text in of.items()
        if _FIELD_MARK.fullmatch(name) and text.strip() and len(text) <= _LONGEST_EXPRESSION
    }


def _root(part: object) -> Element:
    element = getattr(part, "element", None)
    if element is not None:
        return element
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(part.blob, parser)  # type: ignore[attr-defined]
