"""The text of a piece of a Word file without its look: a text box, a note, a comment, a header, a change. Pure."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from mou.rendering.word.element_names import MC, Element, M, W
from mou.rendering.word.revisions import stands
from mou.rendering.word.values import View

SIGNS: Final = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\u2011",
    f"{W}softHyphen": "\u00ad",
}
TEXTS: Final = frozenset({f"{W}t", f"{W}delText", f"{M}t"})
PROPERTIES: Final = frozenset(
    f"{W}{name}" for name in ("pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sectPr", "tblGrid", "rubyPr")
)
_UNSAID: Final = PROPERTIES | {f"{W}instrText", f"{W}delInstrText"}


def plain_text(element: Element, view: View | None = None) -> str:
    """Return the text of an element in a view, or everything where there is none: a line for each paragraph."""
    return unicodedata.normalize("NFC", "".join(_pieces(element, view))).strip("\n")


def words_of(element: Element) -> str:
    """Return the text of `w:t`; a line end in the XML is a space, as Word shows it."""
    return (element.text or "").replace("\r\n", " ").replace("\n", " ").replace("\r", " ").replace("\t", " ")


def chosen(alternatives: Element) -> Element:
    """Return the one of several markups for the same content that is read: the newest, as Word does; None where there is none."""
    choice = alternatives.find(f"{MC}Choice")
    return choice if choice is not None else alternatives.find(f"{MC}Fallback")


def _pieces(element: Element, view: View | None) -> Iterator[str]:
    if element.tag in TEXTS:
        yield words_of(element)
    elif element.tag in SIGNS:
        yield SIGNS[element.tag]
    elif element.tag == f"{MC}AlternateContent":
        if (choice := chosen(element)) is not None:
            yield from _of_children(choice, view)
    elif element.tag not in _UNSAID and isinstance(element.tag, str) and (view is None or stands(element, view)):
        yield from _of_children(element, view)
        if element.tag == f"{W}p":
            yield "\n"


def _of_children(element: Element, view: View | None) -> Iterator[str]:
    for child in element:
        yield from _pieces(child, view)
