"""The language of each piece of a page's text -> /Lang in the structure tree, for a screen reader's voice (PDF/UA-1, 7.2).

WeasyPrint writes the language of the root alone. The way to the others is the text itself: the text of the PDF is the text put
in (`checks.check_text`), so a run's distance from the beginning tells from which element of the HTML it comes.

Where all text of an element is in one language, and that is not so for its parent, the element states the language. What is
in the main language, the catalog's, states nothing.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from xml.etree.ElementTree import Element

import pikepdf

from mou.rendering.checks import bare_text
from mou.rendering.structure import Content
from mou.rendering.text_layer import TextRun

UNSHOWN_TAGS = frozenset(("head", "script", "style", "template", "{http://www.w3.org/2000/svg}svg"))


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A piece of text that a reader is to see, and the tag of its language (BCP 47); empty where the page states none."""

    text: str
    language: str


def spoken_texts(element: Element, language: str = "") -> Iterator[SpokenText]:
    """Yield the text under the element that a reader is to see, in order; `language` is that of the element's parent."""
    if not isinstance(element.tag, str) or element.tag in UNSHOWN_TAGS:
        return
    language = element.get("lang", language)
    yield SpokenText(element.text or "", language)
    for child in element:
        yield from spoken_texts(child, language)
        yield SpokenText(child.tail or "", language)


def mark_languages(
    pdf: pikepdf.Pdf,
    spoken: Sequence[SpokenText],
    runs: Sequence[TextRun],
    structure: Sequence[Mapping[int, Content]],
) -> None:
    """State the languages of the document's text in its structure tree, in place; `check_text` must have passed.

    A document in one language stays as it is.
    """
    main = str(pdf.Root.Lang)
    if {one.language for one in spoken if one.text.strip()} <= {main}:
        return
    elements: dict[tuple[int, int], pikepdf.Object] = {}
    found: dict[tuple[int, int], set[str]] = {}
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    for page, content_id, language in _languages_of(runs, structure, spoken):
        element = numbers[2 * page + 1][content_id]
        while "/S" in element and language not in found.setdefault(element.objgen, set()):
            found[element.objgen].add(language)
            elements[element.objgen] = element
            element = element.P
    for identity, element in elements.items():
        if len(found[identity]) == 1 and found[identity] not in ({main}, found.get(element.P.objgen)):
            element.Lang = pikepdf.String(*found[identity])


def _languages_of(
    runs: Sequence[TextRun], structure: Sequence[Mapping[int, Content]], spoken: Sequence[SpokenText]
) -> Iterator[tuple[int, int, str]]:
    """Yield page and marked content of each run of the document's text, with its language; white space has none.

    The head of a table that is repeated on a further page says again what it said, in the same languages.
    """
    ends = tuple(accumulate(len(bare_text(one.text)) for one in spoken))
    heads = _table_heads(runs, structure)
    language_of_head: dict[str, str] = {}
    position = 0
    for run in runs:
        kind, text = _kind(run, structure), bare_text(run.text)
        if run.content_id is None or not text or kind not in {Content.TEXT, Content.TABLE_HEAD}:
            continue
        if kind is Content.TABLE_HEAD and heads[run.page] == heads.get(run.page - 1):
            language = language_of_head[text]
        else:
            language = spoken[bisect_right(ends, position)].language
            position += len(text)
        if kind is Content.TABLE_HEAD:
            language_of_head[text] = language
        yield run.page, run.content_id, language


def _table_heads(runs: Sequence[TextRun], structure: Sequence[Mapping[int, Content]]) -> Mapping[int, str]:
    """Return what the heads of tables say, page by page."""
    heads: dict[int, str] = {}
    for run in runs:
        if _kind(run, structure) is Content.TABLE_HEAD:
            heads[run.page] = heads.get(run.page, "") + run.text
    return heads


def _kind(run: TextRun, structure: Sequence[Mapping[int, Content]]) -> Content:
    return Content.MARGIN if run.content_id is None else structure[run.page][run.content_id]
