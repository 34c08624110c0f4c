"""Pieces of WordprocessingML (ISO/IEC 29500-1, part 17), each element's children in the order that its schema asks for. Pure.

Thai is a complex script in Word: font, size, bold, italic and language have settings of their own for it, and a run without them
falls back to another font, without bold. So every style and every run carries both kinds.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from mou.rendering.word.page import Borders, Line, ParagraphLook, Piece, TextLook
from mou.rendering.word.values import Alignment

XmlElement: TypeAlias = BaseOxmlElement

_ALIGNMENTS: Final = {
    Alignment.LEFT: "left",
    Alignment.CENTRE: "center",
    Alignment.RIGHT: "right",
    Alignment.JUSTIFIED: "both",
}
_LANGUAGES: Final = {"th": "th-TH", "en": "en-GB"}
_ORDER: Final = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "pBdr", "tabs", "spacing", "ind", "jc", "outlineLvl"),
)
_THICKEST_BORDER_SPACE_PT: Final = 31  # of Word


def element(name: str, /, *children: XmlElement, **attributes: object) -> XmlElement:
    """Return an element of Word's own namespace with attributes of it."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), str(value))
    for child in children:
        made.append(child)
    return made


def twips(points: float) -> int:
    """Return a length in twentieths of a point."""
    return round(points * 20)


def text_properties(look: TextLook, font: str, language: str = "th", *, is_underlined: bool = False) -> XmlElement:
    """Return the properties of a run or of a style's text."""
    half_points = round(look.size_pt * 2)
    properties = element("rPr", element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    if look.bold:
        properties.extend((element("b"), element("bCs")))
    if look.italic:
        properties.extend((element("i"), element("iCs")))
    properties.append(element("color", val=look.colour))
    properties.extend((element("sz", val=half_points), element("szCs", val=half_points)))
    if is_underlined:
        properties.append(element("u", val="single"))
    latin = _LANGUAGES.get(language, language) if language != "th" else "en-US"
    properties.append(element("lang", val=latin, eastAsia="en-US", bidi="th-TH"))
    return properties


def run_of(piece: Piece, font: str) -> XmlElement:
    """Return the run of a piece."""
    run = element("r", text_properties(piece.look, font, piece.language, is_underlined=piece.is_blank))
    for child in _text_elements(piece.text):
        run.append(child)
    return run


def _text_elements(text: str) -> Iterator[XmlElement]:
    """Yield what shows a text: a tab, a line break, and between them the words."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield element("br")
        for place, words in enumerate(line.split("\t")):
            if place:
                yield element("tab")
            if words:
                shown = element("t")
                shown.text = words
                shown.set(qn("xml:space"), "preserve")
                yield shown


def paragraph_properties(
    look: ParagraphLook,
    than: ParagraphLook | None = None,
    *,
    style: str | None = None,
    keeps_with_next: bool = False,
    begins_page: bool = False,
    after_pt: float = 0.0,
    level: int = 0,
) -> XmlElement:
    """Return the properties of a paragraph, or of a style; with `than` only what differs from the look of its style."""
    found: dict[str, XmlElement] = {}
    if style is not None:
        found["pStyle"] = element("pStyle", val=style)
    facts = {"keepNext": keeps_with_next, "keepLines": look.keeps_lines, "pageBreakBefore": begins_page}
    found |= {name: element(name) for name, is_so in facts.items() if is_so}
    if look.borders != (than.borders if than else Borders()):
        found["pBdr"] = _borders(look.borders)
    if look.tab_pt is not None and not (than and than.tab_pt == look.tab_pt):
        found["tabs"] = element("tabs", element("tab", val="left", pos=twips(look.tab_pt)))
    if than is None or after_pt or _spacing_of(look) != _spacing_of(than):
        found["spacing"] = element("spacing", **_spacing(look, after_pt))
    if than is None or _indent_of(look) != _indent_of(than):
        found["ind"] = element("ind", **_indent(look))
    if than is None or look.alignment != than.alignment:
        found["jc"] = element("jc", val=_ALIGNMENTS[look.alignment])
    if level:
        found["outlineLvl"] = element("outlineLvl", val=level - 1)
    return element("pPr", *(found[name] for name in _ORDER if name in found))


def _spacing_of(look: ParagraphLook) -> tuple[float, float, bool]:
    return look.before_pt, look.line_pt, look.line_is_exact


def _spacing(look: ParagraphLook, after_pt: float) -> dict[str, object]:
    spacing: dict[str, object] = {"before": twips(look.before_pt), "after": twips(after_pt)}
    if look.line_pt:
        spacing |= {"line": twips(look.line_pt), "lineRule": "exact" if look.line_is_exact else "atLeast"}
    return spacing


def _indent_of(look: ParagraphLook) -> tuple[float, float, float]:
    return look.left_pt, look.right_pt, look.first_line_pt


def _indent(look: ParagraphLook) -> dict[str, object]:
    first = twips(look.first_line_pt)
    return {
        "left": twips(look.left_pt),
        "right": twips(look.right_pt),
        ("firstLine" if first >= 0 else "hanging"): abs(first),
    }


def _borders(borders: Borders) -> XmlElement:
    sides = (("top", borders.top), ("left", borders.left), ("bottom", borders.bottom), ("right", borders.right))
    return element("pBdr", *(border(side, line) for side, line in sides if line is not None))


def border(side: str, line: Line | None) -> XmlElement:
    """Return the border of one side, or that there is none."""
    if line is None:
        return element(side, val="nil")
    eighths = max(2, round(line.width_pt * 8))
    return element(side, val="single", sz=eighths, space=min(round(line.space_pt), _THICKEST_BORDER_SPACE_PT), color=line.colour)
