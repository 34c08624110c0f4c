"""The styles of a Word draft: Word's own few, and one for each kind of paragraph, with the look that most of them have."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from docx.document import Document
from docx.oxml.ns import qn

from mou.rendering.word.markup import XmlElement, element, paragraph_properties, text_properties
from mou.rendering.word.page import PageBlock, PageParagraph, ParagraphLook, TextLook
from mou.rendering.word.style_names import style_name
from mou.rendering.word.values import Alignment

NORMAL: Final = "Normal"
_KEPT: Final = frozenset((NORMAL, "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer"))
_COLOUR: Final = "1D2530"  # of base.css
_PROPERTIES: Final = ("pPr", "rPr", "tblPr")


def looks_of_styles(blocks: Sequence[PageBlock]) -> dict[str, ParagraphLook]:
    """Return the look of each style by its name: the one that most of its paragraphs have."""
    found: dict[str, Counter[ParagraphLook]] = defaultdict(Counter)
    for paragraph in paragraphs_of(blocks):
        found[style_name(paragraph.element)][paragraph.look] += 1
    return {name: looks.most_common(1)[0][0] for name, looks in found.items()}


def paragraphs_of(blocks: Sequence[PageBlock]) -> Iterator[PageParagraph]:
    """Yield every paragraph, also those in tables."""
    for block in blocks:
        if isinstance(block, PageParagraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from cell.paragraphs


def write_styles(
    document: Document, looks: Mapping[str, ParagraphLook], blocks: Sequence[PageBlock], font: str, size_pt: float
) -> dict[str, str]:
    """Put the styles into the document in the place of python-docx's own; return the id of each by its name."""
    styles = document.styles.element
    text = TextLook(size_pt, bold=False, italic=False, colour=_COLOUR)
    for style in styles.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")).casefold() not in {name.casefold() for name in _KEPT}:
            styles.remove(style)
        elif style.get(qn("w:type")) != "numbering":
            _set(style, "rPr", text_properties(text, font))
            for link in style.findall(qn("w:link")):  # to a character style that is not kept
                style.remove(link)
    defaults = styles.find(qn("w:docDefaults"))
    defaults.find(qn("w:rPrDefault")).clear()
    defaults.find(qn("w:rPrDefault")).append(text_properties(text, font))
    plain = ParagraphLook(text, Alignment.LEFT, 0.0, 0.0, 0.0, 0.0, 0.0)
    _set(next(one for one in styles if one.get(qn("w:styleId")) == NORMAL), "pPr", paragraph_properties(plain))
    levels = {style_name(one.element): one.level for one in paragraphs_of(blocks)}
    ids = {name: _style_id(name) for name in looks}
    for name, look in sorted(looks.items()):
        styles.append(_style(name, ids[name], look, levels[name], font))
    return ids


def _style(name: str, style_id: str, look: ParagraphLook, level: int, font: str) -> XmlElement:
    made = element("style", element("name", val=name), element("basedOn", val=NORMAL), type="paragraph", styleId=style_id)
    if not name.startswith("Heading"):
        made.set(qn("w:customStyle"), "1")
    made.extend((element("next", val=style_id), element("qFormat")))
    made.append(paragraph_properties(replace(look, keeps_lines=False), level=level, keeps_with_next=bool(level)))
    made.append(text_properties(look.text, font))
    return made


def _style_id(name: str) -> str:
    return re.sub("[^A-Za-z0-9]", "", name.title())


def _set(style: XmlElement, name: str, properties: XmlElement) -> None:
    """Put properties into a style in the place of those that it has, else in the order of its schema (17.7.4.17)."""
    old = style.find(qn(f"w:{name}"))
    if old is not None:
        style.replace(old, properties)
        return
    behind = (style.find(qn(f"w:{later}")) for later in _PROPERTIES[_PROPERTIES.index(name) + 1 :])
    following = next((one for one in behind if one is not None), None)
    if following is not None:
        following.addprevious(properties)
    else:
        style.append(properties)
