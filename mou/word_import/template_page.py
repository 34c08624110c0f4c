"""The elements of a page -> `template.html`: the title of the manifest, a place for each signature, the ending on one page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mou.word_import.elements import Element, Group, Kind, SignatureBlock, SignaturePlace, TableElement, TextElement
from mou.word_import.markup import elements_markup, page_markup, text_markup
from mou.word_import.signature_lines import parts_of, written_lines
from mou.word_import.signers import lines_without_role

TITLE_MARKUP: Final = "<h1>{% for line in template.title_lines %}{{ line }}{% if not loop.last %}<br>{% endif %}{% endfor %}</h1>"
STYLE: Final = """
/* What a Word file has besides. */
.centred { text-align: center; text-indent: 0; }
.right { text-align: right; text-indent: 0; }
.item.innermost { padding-left: 56mm; }
table.plain td { border: 0; }
td .nested { font-size: 0.917rem; }
"""
"""What a template from a Word file adds to the style sheet of every new template."""

_LONGEST_ENDING: Final = 1500
_REGISTRY_BOXES: Final = (
    '<span class="registry-box" id="registry-number"></span>',
    '<span class="registry-box date" id="registry-date"></span>',
)
_BLANKS: Final = re.compile("\u00a0{6,}")


@dataclass(frozen=True, slots=True)
class _Writing:
    """What every part of the page is written with."""

    language: str
    values: Mapping[str, str]
    each_organisation: frozenset[str]


def template_markup(
    elements: tuple[Element, ...], *, language: str, values: Mapping[str, str], each_organisation: frozenset[str]
) -> str:
    """Return the text of `template.html`.

    Args:
        elements: with a role in each place for a signature.
        language: of the document.
        values: those of fields that stand in a draft of ours, each with its expression.
        each_organisation: the roles that have a place for each member.
    """
    writing = _Writing(language, values, each_organisation)
    start, end = _ending(elements)
    parts = [_parts(elements[:start], writing)]
    if start < end:
        parts.append(f'<section class="ending">\n{_parts(elements[start:end], writing)}\n</section>')
    parts.append(_parts(elements[end:], writing))
    body = "\n".join(part for part in parts if part)
    return page_markup(body, title="{{ template.title }}", language=language)


def _ending(elements: tuple[Element, ...]) -> tuple[int, int]:
    """Return the elements that belong on one page: the last article where it is short, the closing words, the signatures."""
    block = next((at for at, one in enumerate(elements) if isinstance(one, SignatureBlock)), None)
    if block is None:
        return 0, 0
    start = block
    while start > 0 and _is_closing(elements[start - 1]):
        start -= 1
    article = start
    while article > 0 and isinstance(elements[article - 1], TextElement):
        article -= 1
        one = elements[article]
        if isinstance(one, TextElement) and one.kind in {Kind.ARTICLE, Kind.HEADING}:
            length = sum(len(inner.text) for inner in elements[article:start] if isinstance(inner, TextElement))
            return (article if length <= _LONGEST_ENDING else start), block + 1
    return start, block + 1


def _is_closing(one: Element) -> bool:
    return (isinstance(one, TextElement) and one.kind is Kind.CLOSING) or (isinstance(one, Group) and "closing" in one.classes)


def _parts(elements: tuple[Element, ...], writing: _Writing) -> str:
    return "\n".join(_part(one, writing) for one in elements)


def _part(one: Element, writing: _Writing) -> str:
    if isinstance(one, TextElement) and one.kind is Kind.TITLE and not any(piece.is_tag for piece in one.pieces):
        return TITLE_MARKUP
    if isinstance(one, TextElement) and "registry" in one.classes:
        return _with_registry_boxes(text_markup(one, writing.language))
    if isinstance(one, SignatureBlock):
        return _block(one, writing)
    if isinstance(one, Group) and any(isinstance(inner, (SignatureBlock, Group, TableElement)) for inner in one.elements):
        classes = f' class="{" ".join(one.classes)}"' if one.classes else ""
        return f"<{one.tag}{classes}>\n{_parts(one.elements, writing)}\n</{one.tag}>"
    return elements_markup((one,), writing.language)


def _with_registry_boxes(paragraph: str) -> str:
    """Return a draft's line for the register with its boxes for the blanks; the last blank is gone with the end of the line."""
    number, date = _REGISTRY_BOXES
    words = _BLANKS.sub(number, paragraph, count=1)
    return f"{words.removesuffix('</p>')} {date}</p>" if number in words else paragraph


def _block(block: SignatureBlock, writing: _Writing) -> str:
    words = [text_markup(line, writing.language) for line in lines_without_role(block)]
    places = "".join(_place(place, writing) for place in block.places if place.role)
    return "\n".join([*words, f'<div class="signature-block">\n{places}\n</div>'])


def _place(place: SignaturePlace, writing: _Writing) -> str:
    is_repeated = place.role in writing.each_organisation
    lines = written_lines(
        parts_of(place, writing.values), is_own=place.is_own, language=writing.language, keeps_tags=not is_repeated
    )
    inner = "\n".join(line if isinstance(line, str) else text_markup(line, writing.language) for line in lines)
    block = f'<div class="signature">\n{inner}\n</div>'
    if is_repeated:
        return f'{{% for slot in slots_of("{place.role}") %}}\n{block}\n{{% endfor %}}\n'
    return f'{{% with slot = slot_of("{place.role}") %}}\n{block}\n{{% endwith %}}\n'
