"""What must hold of finished pages before anybody may sign them. Pure: an error that names the place, or nothing."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from mou.errors import RenderingError
from mou.rendering.structure import Content
from mou.rendering.text_layer import Box, TextRun
from signatures.fields import SignatureSlot
from signatures.registry_fields import RegistryPlace

# Left out of a comparison beside white space: they leave no trace in a PDF's text.
_INVISIBLE = "\u200b\u2060\ufeff\u00ad"
_WITHOUT_INVISIBLE = str.maketrans("", "", _INVISIBLE)
# Drawn without a glyph of their own: white space collapses, U+200B only allows a break.
_DRAWN_BY_LAYOUT = frozenset("\t\n\f\r \u200b")
_EXCERPT = 24  # characters on either side of a fault that are shown
_TOLERANCE = 0.5  # points: what rounding may move an edge


def bare_text(text: str) -> str:
    """Return the text without white space and invisible characters: the form in which texts are compared."""
    return "".join(text.split()).translate(_WITHOUT_INVISIBLE)


def check_characters(text: str, drawable: frozenset[int], *, font: str = "Sarabun") -> None:
    """Refuse characters that a face of the font cannot draw, and spellings that cannot come out of a PDF as they went in."""
    if "\u2060" in text:
        raise RenderingError(
            "U+2060 (WORD JOINER) stands in the text near {excerpt}; it breaks Thai words apart: remove it, "
            'protect a name with <span class="nb"> instead',
            excerpt=_excerpt(text, text.index("\u2060")),
        )
    missing = {character for character in set(text) - _DRAWN_BY_LAYOUT if ord(character) not in drawable}
    if missing:
        raise RenderingError(
            "the font {font} has no glyph for {characters}, near {excerpt}: write other characters, or draw the sign with a "
            "border or an image",
            font=font,
            excerpt=_excerpt(text, min(text.index(character) for character in missing)),
            characters=", ".join(
                f"{character} (U+{ord(character):04X} {unicodedata.name(character, 'unnamed')})" for character in sorted(missing)
            ),
        )
    divided = text.find("\u0e4d\u0e32")
    if divided >= 0:
        raise RenderingError(
            "SARA AM is written as U+0E4D and U+0E32 near {excerpt}; expected U+0E33: correct it in the list or template",
            excerpt=_excerpt(text, divided),
        )


def check_text(expected: str, runs: Sequence[TextRun], structure: Sequence[Mapping[int, Content]]) -> None:
    """Refuse a PDF whose text differs from the text put in; both are compared without white space.

    Left out are margins, bullets made by CSS, and the head of a table where it is repeated on a further page.
    """
    wanted = bare_text(expected)
    found = bare_text("".join(_document_text(runs, structure)))
    if wanted == found:
        return
    at = next(
        (i for i, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other), min(len(wanted), len(found))
    )
    raise RenderingError(
        "the text of the PDF is not the text put in: expected {expected}, got {found}; a style sheet of the template may neither "
        "hide, add, change nor move text",
        expected=_excerpt(wanted, at),
        found=_excerpt(found, at),
    )


def _document_text(runs: Sequence[TextRun], structure: Sequence[Mapping[int, Content]]) -> Iterable[str]:
    heads: dict[int, str] = {}
    for run in runs:
        if run.content_id is not None and structure[run.page][run.content_id] is Content.TABLE_HEAD:
            heads[run.page] = heads.get(run.page, "") + run.text
    for run in runs:
        kind = None if run.content_id is None else structure[run.page][run.content_id]
        is_repeated = kind is Content.TABLE_HEAD and heads[run.page] == heads.get(run.page - 1)
        if kind is Content.TEXT or (kind is Content.TABLE_HEAD and not is_repeated):
            yield run.text


def check_edges(runs: Sequence[TextRun], text_boxes: Sequence[Box], page_boxes: Sequence[Box]) -> None:
    """Refuse text that leaves the column of its page, or a running line that leaves the paper.

    All boxes are in PDF points from the lower left corner; one text box and one page box per page.
    """
    for run in runs:
        is_margin = run.content_id is None
        left, bottom, right, top = page_boxes[run.page] if is_margin else text_boxes[run.page]
        x1, y1, x2, y2 = run.box
        middle = (y1 + y2) / 2
        if x1 < left - _TOLERANCE or x2 > right + _TOLERANCE or not bottom <= middle <= top:
            raise RenderingError(
                "page {page}: the text {text} does not fit between the margins ({over} points too far); "
                "shorten it, or let it break",
                page=run.page + 1,
                text=run.text,
                over=round(max(left - x1, x2 - right, bottom - middle, middle - top), 1),
            )


def check_slots(slots: Sequence[SignatureSlot | RegistryPlace], runs: Sequence[TextRun], text_boxes: Sequence[Box]) -> None:
    """Refuse boxes of signatures or of a register that overlap, leave the column, or have text in them."""
    for slot in slots:
        if not _contains(text_boxes[slot.page], slot.box):
            raise RenderingError(
                "page {page}: the box of {slot} does not fit between the margins", page=slot.page + 1, slot=slot.name
            )
        for run in runs:
            if run.page == slot.page and _overlap(run.box, slot.box):
                raise RenderingError(
                    "page {page}: the text {text} stands in the box of {slot}; leave the box empty",
                    page=slot.page + 1,
                    text=run.text,
                    slot=slot.name,
                )
    for one, other in combinations(slots, 2):
        if one.page == other.page and _overlap(one.box, other.box):
            raise RenderingError(
                "page {page}: the boxes of {one} and {other} overlap", page=one.page + 1, one=one.name, other=other.name
            )


def _contains(outer: Box, inner: Box) -> bool:
    return (
        outer[0] - _TOLERANCE <= inner[0]
        and outer[1] - _TOLERANCE <= inner[1]
        and inner[2] <= outer[2] + _TOLERANCE
        and inner[3] <= outer[3] + _TOLERANCE
    )


def _overlap(one: Box, other: Box) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width > _TOLERANCE and height > _TOLERANCE


def _excerpt(text: str, at: int) -> str:
    return f"“{' '.join(text[max(0, at - _EXCERPT) : at + _EXCERPT].split())}”"
