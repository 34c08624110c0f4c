"""The structure tree of a PDF in the making -> what each piece of marked content is; page margins leave the reading order.

Read in WeasyPrint's finisher, just before the file is written: there the tree is made of plain dictionaries, and reading it
takes a tenth of the time that the finished file would.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Protocol


class UnwrittenPdf(Protocol):
    """What is used of `pydyf.PDF`: its objects by number, its catalog, and the references of its pages ("12 0 R")."""

    objects: Sequence[Any]
    catalog: Mapping[str, Any]

    @property
    def page_references(self) -> Sequence[bytes]:
        """One reference per page, in order."""


class Content(Enum):
    """What a piece of marked content is to a reader."""

    TEXT = "text"
    LABEL = "label"
    """A list's bullet or number that CSS made."""
    TABLE_HEAD = "table head"
    """Repeated on each page that its table goes on to."""
    MARGIN = "margin"
    """Page number, running line, mark of a sample."""


def read_structure(pdf: UnwrittenPdf) -> tuple[Mapping[int, Content], ...]:
    """Return for each page what its marked contents are, by their ids.

    WeasyPrint makes structure elements for the boxes in the page margins, too, but leaves them out of the tree: what the
    parent tree knows and the tree does not is margin.
    """
    pages = {reference: number for number, reference in enumerate(pdf.page_references)}
    found = tuple(dict.fromkeys(range(len(elements)), Content.MARGIN) for elements in _page_elements(pdf))
    root = _resolved(pdf, pdf.catalog["StructTreeRoot"])
    for page, content_id, kind in _walk(pdf, _resolved(pdf, root["K"][0]), Content.TEXT):
        found[pages[page]][content_id] = kind
    return found


def release_margins(pdf: UnwrittenPdf, structure: tuple[Mapping[int, Content], ...]) -> tuple[frozenset[int], ...]:
    """Take margin content out of the parent tree and return its ids page by page, to be marked as artifacts.

    An artifact may not belong to a structure element (ISO 32000-1, 14.8.2.2).
    """
    margins = tuple(frozenset(key for key, kind in contents.items() if kind is Content.MARGIN) for contents in structure)
    for elements, margin in zip(_page_elements(pdf), margins, strict=True):
        for content_id in margin:
            elements[content_id] = "null"
    return margins


def _resolved(pdf: UnwrittenPdf, reference: bytes) -> Any:  # noqa: ANN401  # pydyf's objects carry no types
    return pdf.objects[int(reference.split()[0])]


def _page_elements(pdf: UnwrittenPdf) -> Iterator[Any]:
    """Yield the parent tree's array for each page; WeasyPrint numbers pages from 0 and writes one flat list."""
    root = _resolved(pdf, pdf.catalog["StructTreeRoot"])
    numbers = _resolved(pdf, root["ParentTree"])["Nums"]
    for page in range(len(pdf.page_references)):
        assert numbers[2 * page] == page
        yield numbers[2 * page + 1]


def _walk(pdf: UnwrittenPdf, element: Mapping[str, Any], kind: Content) -> Iterator[tuple[bytes, int, Content]]:
    """Yield page, id and kind of all marked content under the element, in reading order."""
    tag = element.get("S")
    if tag == "/Lbl":
        kind = Content.LABEL
    elif tag == "/THead":
        kind = Content.TABLE_HEAD
    for kid in element["K"]:
        if isinstance(kid, int):
            yield element["Pg"], kid, kind
            continue
        child = _resolved(pdf, kid)
        if child.get("Type") == "/StructElem":
            yield from _walk(pdf, child, kind)
