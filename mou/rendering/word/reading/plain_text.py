"""The text of a piece of a Word file without its look: a text box, a note, a comment, a header, a change. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from mou.rendering.word.element_names import MC, Element, M, W
from mou.rendering.word.reading.symbols import sign_of
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
LONGEST_EXCERPT: Final = 10_000
_UNSAID: Final = PROPERTIES | {f"{W}instrText", f"{W}delInstrText"}
_KNOWN_TO_WORD: Final = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")
_LONGEST_STRETCH: Final = 1_000


def plain_text(element: Element, view: View | None = None) -> str:
    """Return the text of an element in a view, or everything where there is none: a line for each paragraph."""
    return composed("".join(_pieces(element, view))).strip("\n")


def excerpt(element: Element, view: View | None = None) -> str:
    """Return the beginning of such a text, for what may tell the same words again and again; `…` says that it goes on."""
    return shortened(_pieces(element, view))


def shortened(pieces: Iterable[str]) -> str:
    """Return the joined pieces up to `LONGEST_EXCERPT`; no more of them is read than that."""
    found: list[str] = []
    left = LONGEST_EXCERPT
    for piece in pieces:
        found.append(piece[:left])
        left -= len(found[-1])
        if len(piece) > len(found[-1]):
            return composed("".join(found)).strip("\n") + "…"
    return composed("".join(found)).strip("\n")


def composed(text: str) -> str:
    """Return the text in NFC.

    Python sorts the marks above one letter in the square of their number. So the text is composed stretch by stretch, each ending
    before a letter that joins nothing; only among hundreds of marks in a row, which is no text, one is ended anywhere.
    """
    if len(text) <= _LONGEST_STRETCH or text.isascii():
        return unicodedata.normalize("NFC", text)
    parts = []
    start = 0
    while start < len(text):
        end = start + _LONGEST_STRETCH
        while start + _LONGEST_STRETCH // 2 < end < len(text) and not _stand_apart(text[end - 1], text[end]):
            end -= 1
        parts.append(unicodedata.normalize("NFC", text[start:end]))
        start = end
    return "".join(parts)


def _stand_apart(before: str, after: str) -> bool:
    return not unicodedata.combining(after) and unicodedata.is_normalized("NFC", before + after)


def words_of(element: Element) -> str:
    """Return the text of `w:t`; a line end in the XML is a space, as Word shows it."""
    return (element.text or "").replace("\r\n", " ").replace("\n", " ").replace("\r", " ").replace("\t", " ")


def chosen(alternatives: Element) -> Element:
    """Return the one of several markups for the same content that Word shows; None where there is none.

    It is the first that asks for nothing that Word does not know (ISO/IEC 29500-3, 7.6), else the one for everybody.
    """
    choices = (one for one in alternatives.iterchildren(f"{MC}Choice") if _is_known_to_word(one))
    return next(choices, alternatives.find(f"{MC}Fallback"))


def _is_known_to_word(choice: Element) -> bool:
    wanted = (choice.nsmap.get(prefix, "") for prefix in choice.get("Requires", "").split())
    return all(one.startswith(_KNOWN_TO_WORD) for one in wanted)


def _pieces(element: Element, view: View | None) -> Iterator[str]:
    if element.tag in TEXTS:
        yield words_of(element)
    elif element.tag in SIGNS:
        yield SIGNS[element.tag]
    elif element.tag == f"{W}sym":
        yield sign_of(element) or ""
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
