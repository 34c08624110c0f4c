"""A Word file as the HTML of a document's page, in the classes of the bundled templates.

1. Every word of the file is escaped, and braces too: nothing that stands in it is run, whoever wrote it.
2. Only what was told apart as a tag, and only where a template is made, is written as it is.
3. Bold and italic are written where they set words apart from the rest of their paragraph.
"""

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Final

from mou.rendering.word.values import WordFile
from mou.word_import.elements import (
    CellElement,
    ControlElement,
    Element,
    Group,
    Kind,
    Pieces,
    RowElement,
    SignatureBlock,
    SignaturePlace,
    TableElement,
    TextElement,
)
from mou.word_import.pieces import divided, joined_lines
from mou.word_import.structure import page_of
from mou.word_import.writing_languages import language_of

_BRACES: Final = str.maketrans({"{": "&#123;", "}": "&#125;"})
_LINE_END: Final = re.compile("\n")
_LIKE_A_HEADING: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def html_of(file: WordFile, *, as_template: bool = False) -> str:
    """Return the file as a whole page; `as_template` keeps its tags and writes `{{ field }}` where a run is a field's value."""
    elements = page_of(file, as_template=as_template).elements
    title = next((one.text for one in elements if isinstance(one, TextElement) and one.kind is Kind.TITLE), file.source)
    language = language_of(elements)
    return page_markup(elements_markup(elements, language), title=escaped(title.replace("\n", "")), language=language)


def page_markup(body: str, *, title: str, language: str, head: str = "") -> str:
    """Return a whole page; all but the language is markup already."""
    return (
        f'{head}<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def elements_markup(elements: Iterable[Element], language: str) -> str:
    """Return the markup of elements, one below the other."""
    return "\n".join(_markup(one, language) for one in elements)


def _markup(one: Element, language: str) -> str:
    match one:
        case TextElement():
            return text_markup(one, language)
        case ControlElement():
            return one.source
        case TableElement():
            return _table_markup(one, language)
        case SignatureBlock():
            places = "\n".join(_place_markup(place, language) for place in one.places)
            return f'<div class="signature-block">\n{places}\n</div>'
        case Group() if one.tag in _LIKE_A_HEADING:
            return _heading_pair(one, language)
        case Group():
            inner = elements_markup(one.elements, language)
            return f"<{one.tag}{_classes(one.classes)}>\n{inner}\n</{one.tag}>"


def text_markup(one: TextElement, language: str) -> str:
    """Return the markup of one heading or paragraph."""
    number = ""
    if one.number or one.number_source:
        name = "article-number" if one.tag in _LIKE_A_HEADING else "number"
        number = f'<span class="{name}">{one.number_source or escaped(one.number)}</span>'
    words = _between_markup(one.pieces) if one.kind is Kind.BETWEEN else pieces_markup(one.pieces)
    return f"<{one.tag}{_classes(one.classes)}{_language(one, language)}>{number}{words}</{one.tag}>"


def pieces_markup(pieces: Pieces) -> str:
    """Return the markup of words and tags."""
    parts = []
    for (strong, em), group in groupby(pieces, key=lambda piece: (piece.strong, piece.em)):
        inner = "".join(piece.text if piece.is_tag else escaped(piece.text) for piece in group)
        inner = f"<em>{inner}</em>" if em and inner.strip() else inner
        parts.append(f"<strong>{inner}</strong>" if strong and inner.strip() else inner)
    return "".join(parts)


def _between_markup(pieces: Pieces) -> str:
    """Return the names of the parties, each of which stands on a line of its own by its style."""
    lines = divided(pieces, _LINE_END)
    groups = groupby(lines, key=lambda line: all(piece.strong for piece in line))
    return "".join(pieces_markup(joined_lines(list(group))) for _, group in groups)


def escaped(text: str) -> str:
    """Return words as markup that shows them: a line end as `<br>`, a tab as a space, braces that no template takes for a tag."""
    return escape(text.replace("\t", " "), quote=False).translate(_BRACES).replace("\n", "<br>")


def _heading_pair(one: Group, language: str) -> str:
    sides = []
    for inner in one.elements:
        if isinstance(inner, TextElement):
            number = f'<span class="article-number">{escaped(inner.number)}</span>' if inner.number else ""
            sides.append(f"<span{_language(inner, language)}>{number}{pieces_markup(inner.pieces)}</span>")
    return f"<{one.tag}{_classes(one.classes)}>{' '.join(sides)}</{one.tag}>"


def _place_markup(place: SignaturePlace, language: str) -> str:
    lines = "\n".join(text_markup(line, language) for line in place.lines)
    return f'<div class="signature">\n{lines}\n</div>'


def _table_markup(table: TableElement, language: str) -> str:
    heads = [row for row in table.rows if isinstance(row, RowElement) and row.is_header]
    body = [row for row in table.rows if not (isinstance(row, RowElement) and row.is_header)]
    parts = ["<table>" if table.has_borders else '<table class="plain">']
    if heads:
        parts += ["<thead>", *(_row_markup(row, language) for row in heads), "</thead>"]
    parts += [
        "<tbody>",
        *(row.source if isinstance(row, ControlElement) else _row_markup(row, language) for row in body),
        "</tbody>",
    ]
    return "\n".join([*parts, "</table>"])


def _row_markup(row: RowElement | ControlElement, language: str) -> str:
    if isinstance(row, ControlElement):
        return row.source
    cells = (cell.source if isinstance(cell, ControlElement) else _cell_markup(cell, language) for cell in row.cells)
    return f"<tr>{''.join(cells)}</tr>"


def _cell_markup(cell: CellElement, language: str) -> str:
    tag = "th" if cell.is_header else "td"
    attributes = ' scope="col"' if cell.is_header else ""
    attributes += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    attributes += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    return f"<{tag}{attributes}>{_cell_content(cell, language)}</{tag}>"


def _cell_content(cell: CellElement, language: str) -> str:
    if len(cell.elements) == 1 and isinstance(only := cell.elements[0], TextElement) and only.tag == "p" and not only.number:
        words = pieces_markup(only.pieces)
        marked = _language(only, language)
        return f"<span{marked}>{words}</span>" if marked else words
    return "\n".join(text_markup(one, language) if isinstance(one, TextElement) else one.source for one in cell.elements)


def _classes(classes: tuple[str, ...]) -> str:
    return f' class="{escape(" ".join(classes))}"' if classes else ""


def _language(one: TextElement, language: str) -> str:
    """Return the attribute for what is English in a Thai document."""
    return ' lang="en"' if language == "th" and language_of((one,)) == "en" else ""
