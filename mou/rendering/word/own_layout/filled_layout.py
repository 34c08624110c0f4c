"""A house's own Word file, filled through docxtpl: its layout, our values, our sandbox.

1. A value is text and nothing else: it is escaped, a line end in it is a line break, and what looks like a tag in it stays.
2. What docxtpl makes must be well-formed; it would mend what is not, and lose text.
3. The same input gives the same bytes: the parts of the file bear no time.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateError
from lxml import etree

from mou.errors import InputError
from mou.rendering.word.element_names import MC, XML_SPACE, A, W
from mou.rendering.word.markup import XmlElement, element
from mou.rendering.word.own_layout.tags import Layout
from mou.rendering.word.packing import with_fixed_times
from signatures.messages import Message, say

if TYPE_CHECKING:
    from types import TracebackType

_TAG: Final = re.compile(r"(?<=\{[{%]).*?(?=[}%]\})", re.DOTALL)
_PARAGRAPH: Final = re.compile(r"<w:p(?=[ >])")
_BREAKS: Final = re.compile(r"([\t\n])")
_MARK_PT, _LINES_PT = 13.0, 7.5
_MARK_COLOUR, _LINES_COLOUR = "A3402F", "5B6470"  # those of the PDF's margins
_FONT: Final = "Sarabun"
_EXCERPT: Final = 80  # characters
# What a template's own code may run into beside the errors of Jinja2.
_CODE_FAILED: Final = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError, MemoryError)
_NO_LETTERS: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # of no XML, and so of no Word file


WordDocument = Document
"""A Word file that is open, for those who may not know python-docx."""


def filled_layout(layout: Layout, context: Mapping[str, object], environment: Environment) -> Document:
    """Return the file with its tags filled.

    Raises:
        InputError: a tag cannot be filled; with its paragraph.
    """
    layout.require_sound()
    form = _Form(io.BytesIO(file_bytes(layout.document)), layout.source)
    form.render(dict(context), environment, autoescape=True)
    # Read again: docxtpl puts new headers and footers into the file, and the open document still has the old ones.
    return docx.Document(io.BytesIO(file_bytes(form.docx)))


def file_bytes(document: Document) -> bytes:
    """Return the file, the same bytes for the same content."""
    written = io.BytesIO()
    document.save(written)
    return with_fixed_times(written.getvalue())


@dataclass(frozen=True, slots=True)
class FilledLayout:
    """A filled file: its bytes, the words of its text, and the fonts that it names."""

    content: bytes
    words: str
    fonts: frozenset[str]


def as_file(document: Document) -> FilledLayout:
    """Return a filled file with what must be seen again on its pages."""
    return FilledLayout(file_bytes(document), "".join(_words_of(document.element.body)), frozenset(_fonts_of(document)))


def _words_of(body: XmlElement) -> Iterator[str]:
    """Yield the text as it stands in the body; what Word computes anew, such as a page number, is left out."""
    depth = 0
    for one in body.iter(f"{W}t", f"{W}fldChar"):
        if one.tag == f"{W}fldChar":
            depth += {"begin": 1, "end": -1}.get(one.get(f"{W}fldCharType", ""), 0)
        elif depth == 0 and next(one.iterancestors(f"{MC}Fallback", f"{W}fldSimple"), None) is None:
            yield one.text or ""


def _fonts_of(document: Document) -> Iterator[str]:
    for part in document.part.package.iter_parts():
        if not str(part.partname).startswith("/word/") or not str(part.partname).endswith(".xml"):
            continue
        root = part.element if hasattr(part, "element") else etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False))
        for fonts in root.iter(f"{W}rFonts"):
            yield from (fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "cs", "eastAsia") if fonts.get(f"{W}{script}"))
        yield from (one.get("typeface") for one in root.iter(f"{A}latin", f"{A}cs") if one.get("typeface"))
        yield from (one.get("typeface") for one in root.iter(f"{A}font") if one.get("script") == "Thai")


def mark_as_draft(document: Document, mark: str, lines: Sequence[str]) -> None:
    """Write what a draft says of itself into every header and footer, below whatever stands there, in place."""
    has_even_pages = document.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(document.sections):
        margins = [(section.header, section.footer)]
        if section.different_first_page_header_footer:
            margins.append((section.first_page_header, section.first_page_footer))
        if has_even_pages:
            margins.append((section.even_page_header, section.even_page_footer))
        for header, footer in margins:
            if number == 0 or not header.is_linked_to_previous:
                _write(header.add_paragraph(), mark, size_pt=_MARK_PT, colour=_MARK_COLOUR, is_bold=True)
            if number == 0 or not footer.is_linked_to_previous:
                _write(footer.add_paragraph(), "\n".join(lines), size_pt=_LINES_PT, colour=_LINES_COLOUR)


def _write(paragraph: Paragraph, text: str, *, size_pt: float, colour: str, is_bold: bool = False) -> None:
    half_points = round(size_pt * 2)
    bold = (element("b"), element("bCs")) if is_bold else ()
    look = element(
        "rPr",
        element("rFonts", ascii=_FONT, hAnsi=_FONT, eastAsia=_FONT, cs=_FONT),
        *bold,
        element("color", val=colour),
        element("sz", val=half_points),
        element("szCs", val=half_points),
        element("lang", val="en-US", bidi="th-TH"),
    )
    paragraph._p.append(element("r", look, *_text_elements(text)))  # noqa: SLF001  # the element itself


class _Form(DocxTemplate):  # type: ignore[misc]  # docxtpl ships no types
    """docxtpl, but for how a part is rendered: nothing is mended and no value is read as anything but text."""

    def __init__(self, content: io.BytesIO, source: str) -> None:
        super().__init__(content)
        self._source = source

    def render_xml_part(self, src_xml: str, part: object, context: Mapping[str, object], jinja_env: Environment) -> str:  # noqa: ARG002  # docxtpl calls it so
        """Return the part filled."""
        # One paragraph to a line, so that an error knows its place; what docxtpl leaves escaped inside a tag is its code.
        xml = _PARAGRAPH.sub("\n<w:p", _TAG.sub(lambda found: found.group().replace("&amp;", "&"), src_xml))
        try:
            filled = jinja_env.from_string(xml).render(context)
        except (TemplateError, *_CODE_FAILED) as error:
            raise self._refusal(error, xml) from error
        except Exception as error:
            if not isinstance(getattr(error, "problem", None), Message):
                raise
            raise self._refusal(error, xml) from error
        self._check_letters(filled)
        return self._with_breaks(filled)

    def render_properties(self, context: Mapping[str, object], jinja_env: Environment | None = None) -> None:
        """Leave the properties of the file as they are: nobody reads them, and they are not of the document's text."""

    def _refusal(self, error: Exception, xml: str) -> InputError:
        problem = getattr(error, "problem", None)
        if not isinstance(problem, Message):
            problem = say("{cause}", cause=str(getattr(error, "message", None) or error) or type(error).__name__)
        line = _line_of(error)
        if line is not None and 0 < line <= len(lines := xml.split("\n")):
            problem = _near(lines[line - 1], problem)
        return InputError("{file}: this Word file cannot be filled", file=self._source, problems=(problem,))

    def _check_letters(self, filled: str) -> None:
        """Refuse a value with what no Word file can hold."""
        found = _NO_LETTERS.search(filled)
        if found is None:
            return
        paragraph = filled[filled.rfind("\n<w:p", 0, found.start()) + 1 :].partition("</w:p>")[0]
        problem = say(
            "a value holds U+{code}, which no Word file can hold; take it out where the value was written",
            code=f"{ord(found.group()):04X}",
        )
        raise InputError(
            "{file}: this Word file cannot be filled",
            file=self._source,
            problems=(_near(_NO_LETTERS.sub("\ufffd", paragraph), problem),),
        )

    def _with_breaks(self, xml: str) -> str:
        """Return the part, strictly read, with line ends and tabs in its text as Word writes them."""
        try:
            root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        except etree.XMLSyntaxError as error:
            raise InputError(
                "{file}: the tags take this Word file apart; a block that begins in a paragraph, cell or row and ends in another "
                "needs the form for whole ones, such as p, tr or tc behind the opening sign",
                file=self._source,
                problems=(say("{cause}", cause=error.msg),),
            ) from error
        for text in [*root.iter(f"{W}t")]:
            if _BREAKS.search(text.text or ""):
                parent, at = text.getparent(), text.getparent().index(text)
                parent[at : at + 1] = _text_elements(text.text)
        made: str = etree.tostring(root, encoding="unicode")
        return made


def _near(xml: str, problem: Message) -> Message:
    text = " ".join(re.sub(r"<[^>]*>", "", xml).split())
    return say("near “{excerpt}”: {problem}", excerpt=text[:_EXCERPT], problem=problem)


def _text_elements(text: str) -> list[XmlElement]:
    """Return what shows a text: words, and between them a line break or a tab."""
    made = []
    for piece in filter(None, _BREAKS.split(text)):
        if piece in "\t\n":
            made.append(element("tab" if piece == "\t" else "br"))
        else:
            shown = element("t")
            shown.text = piece
            shown.set(XML_SPACE, "preserve")
            made.append(shown)
    return made


def _line_of(error: BaseException) -> int | None:
    """Return the line of the template in which an error arose."""
    found: int | None = getattr(error, "lineno", None)
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in {"<template>", "<unknown>"}:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
