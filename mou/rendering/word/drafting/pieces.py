"""The text inside one paragraph of a page, in pieces of one look, with white space as a page shows it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element

from mou.errors import RenderingError
from mou.field_marks import FIELD_ELEMENT
from mou.rendering.sources import FOLDER_ADDRESS, FolderFetcher
from mou.rendering.word.drafting import page_looks as looks
from mou.rendering.word.drafting.page_looks import Style
from mou.rendering.word.page import TEXT_WIDTH_PT, Picture, Piece, TextLook

_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_BLANK: Final = "\u00a0"
_GAP: Final = "\u2002"  # as wide as the margin of an article's number
_BLANK_PT: Final = 2.7  # width of a space of Sarabun at the size of the text
_SHORTEST_BLANK_PT: Final = 20.0
_NUMBERS: Final = frozenset(("number", "article-number"))
_SHOWN_OF_ADDRESS: Final = 80  # characters


@dataclass(frozen=True, slots=True)
class TextReader:
    """Reads what stands inside paragraphs; pictures come from the template's folder."""

    style_of: Callable[..., Style]  # of an element; with a side, of its ::before or ::after, where it has one
    fetcher: FolderFetcher

    def pieces(
        self, content: "Iterable[Element | str]", style: Style, language: str, name: str | None = None
    ) -> "list[Piece | Picture]":
        """Return text and inline elements in their looks; `name` is the expression whose value all of it is."""
        look = looks.text_look(style)
        pieces: list[Piece | Picture] = []
        for one in content:
            if isinstance(one, str):
                pieces.append(Piece(_SPACES.sub(" ", one), look, language, name))
            elif isinstance(one.tag, str) and self.style_of(one)["display"][0] != "none":
                pieces += self._inline(one, language, name)
        return pieces

    def is_wide(self, element: Element) -> bool:
        """Return whether the element is an inline block of a stated width."""
        style = self.style_of(element)
        return bool(style["display"] == ("inline", "flow-root") and style["width"] != "auto")

    def content_of(self, element: Element) -> "list[Element | str]":
        """Return the text and the children of an element in order, with what its style writes before and after them."""
        own = [element.text or "", *(one for child in element for one in (child, child.tail or ""))]
        return [*self._generated(element, "before"), *own, *self._generated(element, "after")]

    def _generated(self, element: Element, side: str) -> list[str]:
        style = self.style_of(element, side)
        content = "normal" if style is None else style["content"]
        if isinstance(content, str):  # normal, none
            return []
        if any(kind != "string" for kind, _ in content):
            raise RenderingError(
                "words alone are expected in the content that a template's style writes, in a Word draft; got {kinds} on {tag}",
                kinds=", ".join(kind for kind, _ in content),
                tag=element.tag,
            )
        return [text for _, text in content]

    def _inline(self, element: Element, language: str, name: str | None) -> "list[Piece | Picture]":
        style = self.style_of(element)
        look, language = looks.text_look(style), element.get("lang", language)
        match element.tag:
            case "br" | "wbr":  # a line ends; a line may end here, which Word finds itself
                return [Piece("\n", look, language, name)] if element.tag == "br" else []
            case "img":
                return [self._picture(element)]
        is_wide = self.is_wide(element)
        if is_wide and not has_content(element):
            return [_blank(looks.points(style["width"]), look, language)]
        if element.tag == FIELD_ELEMENT:
            name = element.get("value", name)
        inner = self.pieces(self.content_of(element), style, language, name)
        if style["display"][0] == "block":
            return [Piece("\n", look, language), *inner, Piece("\n", look, language)]
        if is_wide:
            return [*inner, Piece("\t", look, language)]
        return [*inner, Piece(_GAP, look, language)] if _has_gap(element) else inner

    def _picture(self, element: Element) -> Picture:
        from PIL import Image, UnidentifiedImageError

        address = element.get("src", "")
        content = self.fetcher.fetch(address if address.startswith("data:") else FOLDER_ADDRESS + address).read()
        try:
            with Image.open(BytesIO(content)) as image:
                pixels = image.width
        except UnidentifiedImageError as error:
            shown = address[:_SHOWN_OF_ADDRESS]
            raise RenderingError("a picture in PNG or JPEG is expected in a Word draft, got {name}", name=shown) from error
        style = self.style_of(element)
        width = looks.points(style["width"]) if style["width"] != "auto" else looks.points_of_pixels(pixels)
        return Picture(content, min(width, TEXT_WIDTH_PT), element.get("alt", ""))


def classes_of(element: Element) -> tuple[str, ...]:
    """Return the classes of an element."""
    return tuple(element.get("class", "").split())


def _has_gap(element: Element) -> bool:
    """Whether the element is a number, which stands apart from what follows it."""
    return any(name in _NUMBERS for name in classes_of(element))


def has_content(element: Element) -> bool:
    """Return whether the element shows text or a picture."""
    return bool("".join(element.itertext()).strip()) or element.find(".//img") is not None or element.tag == "img"


def _blank(width_pt: float, look: TextLook, language: str) -> Piece:
    spaces = round(max(width_pt, _SHORTEST_BLANK_PT) / _BLANK_PT)
    return Piece(_BLANK * spaces, look, language, is_blank=True)


def collapsed(pieces: "Iterable[Piece | Picture]") -> "Iterator[Piece | Picture]":
    """Yield the pieces with white space as a page shows it: none at the edges of a line, one space between words."""
    shown: list[Piece | Picture] = []
    at_edge = True  # of a line, or after a space
    for piece in pieces:
        if isinstance(piece, Picture) or piece.is_blank:
            shown.append(piece)
            at_edge = False
            continue
        text = piece.text
        if text == "\n":
            _strip_end(shown)
            if shown and not _ends_line(shown[-1]):
                shown.append(piece)
            at_edge = True
            continue
        if text == "\t":
            _strip_end(shown)
        elif at_edge:
            text = text.lstrip(" ")
        if text:
            shown.append(replace(piece, text=text))
            at_edge = text.endswith((" ", "\t"))
    _strip_end(shown)
    while shown and _ends_line(shown[-1]):
        shown.pop()
        _strip_end(shown)
    yield from shown


def _ends_line(piece: "Piece | Picture") -> bool:
    return isinstance(piece, Piece) and piece.text == "\n"


def _strip_end(shown: "list[Piece | Picture]") -> None:
    while shown and isinstance(last := shown[-1], Piece) and not last.is_blank and last.text.endswith(" "):
        text = last.text.rstrip(" ")
        if text:
            shown[-1] = replace(last, text=text)
            return
        shown.pop()
