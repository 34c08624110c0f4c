"""The names of paragraph styles in our own Word files: which element of the page a paragraph was, and back. Pure.

A name holds the element, its classes and the part of the document: `mou p`, `mou p.item`, `mou p.annex-title @annex`.
A heading of the body without classes has Word's own style, `Heading 2`. What programs do to a name is undone: some write it with
other capitals.
"""

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"mou (?P<tag>[a-z][a-z0-9]*)(?P<classes>(?:\.[a-z0-9_-]+)*)(?: @(?P<part>[a-z0-9_-]+))?")
_HEADING: Final = re.compile(r"heading (?P<level>[1-6])")


@dataclass(frozen=True, slots=True)
class PageElement:
    """An element of a document's page: its tag, its classes, and the class of the part that holds it (`annex`), or none."""

    tag: str
    classes: tuple[str, ...] = ()
    part: str | None = None


def style_name(element: PageElement) -> str:
    """Return the name of the Word style for such paragraphs."""
    if re.fullmatch("h[1-6]", element.tag) and not element.classes and element.part is None:
        return f"Heading {element.tag[1]}"
    classes = "".join(f".{one}" for one in element.classes)
    return f"mou {element.tag}{classes}" + (f" @{element.part}" if element.part else "")


def element_of(name: str) -> PageElement | None:
    """Return the element that a style of ours stands for; None for anybody else's style, apart from Word's headings."""
    name = name.strip().casefold()
    if found := _HEADING.fullmatch(name):
        return PageElement(f"h{found['level']}")
    if found := _NAME.fullmatch(name):
        return PageElement(found["tag"], tuple(one for one in found["classes"].split(".") if one), found["part"])
    return None
