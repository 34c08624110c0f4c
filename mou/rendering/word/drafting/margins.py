"""The margins of a Word draft: size of the paper, what stands above and below the text, the number of each page."""

from collections.abc import Sequence
from typing import Final

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.section import Section
from docx.shared import Mm

from mou.models import FilledDocument
from mou.rendering.word.drafting.draft_words import draft_footer, draft_mark
from mou.rendering.word.markup import XmlElement, border, element, paragraph_properties, run_of, text_properties, twips
from mou.rendering.word.page import TEXT_WIDTH_PT, Line, ParagraphLook, Piece, TextLook
from mou.rendering.word.values import Alignment
from signatures.digests import Digest

# Those of base.css and of the margins of the PDF of record.
_TOP_MM, _RIGHT_MM, _BOTTOM_MM, _LEFT_MM = 25, 20, 22, 30
_EDGE_MM = 10
_MARK: Final = TextLook(12.0, bold=True, italic=False, colour="A3402F")
_FOOT: Final = TextLook(8.0, bold=False, italic=False, colour="5B6470")
_LINE: Final = Line(0.4, "C9CFD6", 4.0)
_PAGES: Final = {"th": ("หน้า ", " จาก "), "en": ("Page ", " of ")}


def write_margins(document: Document, filled: FilledDocument, digest: Digest, font: str) -> None:
    """Set the paper of the only section, and write what stands in its margins."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin = Mm(_TOP_MM), Mm(_RIGHT_MM)
    section.bottom_margin, section.left_margin = Mm(_BOTTOM_MM), Mm(_LEFT_MM)
    section.header_distance = section.footer_distance = Mm(_EDGE_MM)
    head = [_paragraph([run_of(Piece(draft_mark(filled), _MARK, "th"), font)], _MARK, Alignment.RIGHT)]
    write_header_and_footer(section, head, footer_paragraphs(filled, digest, font))


def footer_paragraphs(filled: FilledDocument, digest: Digest, font: str) -> list[XmlElement]:
    """Return the lines of the lower margin, the number of the page at the end of the first."""
    languages = [one for one in filled.languages if one in _PAGES] or ["en"]
    runs = [run_of(Piece("\t", _FOOT, "th"), font)]
    for number, language in enumerate(languages):
        before, between = _PAGES[language]
        pieces = (" / " * bool(number) + before, "PAGE", between, "NUMPAGES")
        runs += [_field(one, font) if one.isupper() else run_of(Piece(one, _FOOT, "th"), font) for one in pieces]
    first, *others = draft_footer(filled, digest)
    lines = [[run_of(Piece(first, _FOOT, "th"), font), *runs], *([run_of(Piece(line, _FOOT, "th"), font)] for line in others)]
    made = [_paragraph(line, _FOOT, Alignment.LEFT) for line in lines]
    properties = made[0].find("./{*}pPr")
    properties.insert(0, element("pBdr", border("top", _LINE)))
    properties.insert(1, element("tabs", element("tab", val="right", pos=twips(TEXT_WIDTH_PT))))
    return made


def write_header_and_footer(section: Section, head: Sequence[XmlElement], foot: Sequence[XmlElement]) -> None:
    """Put these paragraphs into a section's header and footer, in the place of what stood there."""
    for part, paragraphs in ((section.header, head), (section.footer, foot)):
        part.is_linked_to_previous = False
        for old in list(part._element):  # noqa: SLF001  # the paragraph that python-docx begins with
            part._element.remove(old)  # noqa: SLF001
        part._element.extend(paragraphs)  # noqa: SLF001


def _paragraph(runs: Sequence[XmlElement], look: TextLook, alignment: Alignment) -> XmlElement:
    return element("p", paragraph_properties(ParagraphLook(look, alignment, 0.0, 0.0, 0.0, 0.0, 0.0)), *runs)


def _field(instruction: str, font: str) -> XmlElement:
    """Return a field that Word computes, the number of the page: in Arabic digits, since programs disagree on Thai ones."""
    shown = element("r", text_properties(_FOOT, font), element("t"))
    shown[-1].text = "1"
    return element("fldSimple", shown, instr=instruction)
