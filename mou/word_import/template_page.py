"""The elements of a page -> `template.html`: the title of the manifest, a place for each signature, the ending on one page."""

from typing import Final

from mou.word_import.elements import Element, Group, Kind, SignatureBlock, SignaturePlace, TableElement, TextElement
from mou.word_import.markup import elements_markup, escaped, page_markup, text_markup
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
_SIGNATURE: Final = """{% macro signature(slot) %}
<div class="signature">
{{ caller() }}
<div class="signature-box" id="slot-{{ slot.field }}"></div>
"""
_THAI_LINES: Final = "<p>ลงชื่อ {{ slot.capacity }}</p>\n"
_SIGNATURE_END: Final = """<p>({{ slot.person.full_name }})</p>
<p>{{ slot.person.position }}</p>
<p>{{ slot.organisation_name | lines(36) }}</p>
</div>
{% endmacro %}
"""


def template_markup(elements: tuple[Element, ...], *, language: str, each_organisation: frozenset[str]) -> str:
    """Return the text of `template.html`; `each_organisation` are the roles that have a place for each member."""
    signature = _SIGNATURE + (_THAI_LINES if language == "th" else "") + _SIGNATURE_END
    start, end = _ending(elements)
    parts = [_parts(elements[:start], language, each_organisation)]
    if start < end:
        parts.append(f'<section class="ending">\n{_parts(elements[start:end], language, each_organisation)}\n</section>')
    parts.append(_parts(elements[end:], language, each_organisation))
    body = "\n".join(part for part in parts if part)
    return page_markup(body, title="{{ template.title }}", language=language, head=signature)


def _ending(elements: tuple[Element, ...]) -> tuple[int, int]:
    """Return the elements that belong on one page: the last article where it is short, the closing words, the signatures."""
    block = next((at for at, one in enumerate(elements) if isinstance(one, SignatureBlock)), None)
    if block is None:
        return 0, 0
    start = block
    while start > 0 and isinstance(one := elements[start - 1], TextElement) and one.kind is Kind.CLOSING:
        start -= 1
    article = start
    while article > 0 and isinstance(elements[article - 1], TextElement):
        article -= 1
        one = elements[article]
        if isinstance(one, TextElement) and one.kind in {Kind.ARTICLE, Kind.HEADING}:
            length = sum(len(inner.text) for inner in elements[article:start] if isinstance(inner, TextElement))
            return (article if length <= _LONGEST_ENDING else start), block + 1
    return start, block + 1


def _parts(elements: tuple[Element, ...], language: str, each_organisation: frozenset[str]) -> str:
    return "\n".join(_part(one, language, each_organisation) for one in elements)


def _part(one: Element, language: str, each_organisation: frozenset[str]) -> str:
    if isinstance(one, TextElement) and one.kind is Kind.TITLE and not any(piece.is_tag for piece in one.pieces):
        return TITLE_MARKUP
    if isinstance(one, SignatureBlock):
        return _block(one, language, each_organisation)
    if isinstance(one, Group) and any(isinstance(inner, (SignatureBlock, Group, TableElement)) for inner in one.elements):
        classes = f' class="{" ".join(one.classes)}"' if one.classes else ""
        return f"<{one.tag}{classes}>\n{_parts(one.elements, language, each_organisation)}\n</{one.tag}>"
    return elements_markup((one,), language)


def _block(block: SignatureBlock, language: str, each_organisation: frozenset[str]) -> str:
    words = [text_markup(line, language) for line in lines_without_role(block)]
    places = "".join(_place(place, each_organisation) for place in block.places if place.role)
    return "\n".join([*words, f'<div class="signature-block">\n{places}\n</div>'])


def _place(place: SignaturePlace, each_organisation: frozenset[str]) -> str:
    side = f'<p class="side">{escaped(place.label)}</p>' if place.label else ""
    if place.role in each_organisation:
        return f'{{% for slot in slots_of("{place.role}") %}}{{% call signature(slot) %}}{side}{{% endcall %}}{{% endfor %}}'
    return f'{{% call signature(slot_of("{place.role}")) %}}{side}{{% endcall %}}'
