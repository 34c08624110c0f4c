"""The lines around a place for a signature -> the same lines as a template writes them. Pure.

1. A name in brackets becomes the signatory's, the line below it the position, a line with the name of a party the organisation's.
   What somebody typed there is noted, since it gives way.
2. `ลงชื่อ` with its dots becomes the place itself, and the capacity in words; what stands behind the dots says which side signs.
3. Every other line stays as it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from mou.models import Capacity
from mou.thai import capacity_in_thai
from mou.word_import.elements import Piece, SignaturePlace, TextElement, shown_text
from mou.word_import.markup import escaped
from signatures.messages import Message, say

_MARK: Final = re.compile(r"(?:\(\s*)?(?:ลงชื่อ|ลงนาม|ลายมือชื่อ|Signed|Signature|SIGNED)(?:\s*\))?(?:\s*[:：])?")  # as typed
_DOTS: Final = re.compile(r"[.…_\u2024\u2025]{2,}|…")
_ONLY_DOTS: Final = re.compile(r"[.…_\u2024\u2025\s]+")
_BRACKETS: Final = re.compile(r"\((?P<name>.*)\)$", re.DOTALL)
_NAME_TAG: Final = re.compile(r"(?:representative|witness)\.full_name")
_POSITION_TAG: Final = re.compile(r"(?:representative|witness)\.position")
_ORGANISATION_TAG: Final = re.compile(r"\.name_th\b")
_POSITION: Final = re.compile(r"ตำแหน่ง|Position|Title")
_SAME_TAG: Final = re.compile(r"\{\{[^}]*\b(?:full_name|position|name_th)\b[^}]*\}\}")
_PROMPTS: Final = frozenset({"ตำแหน่ง", "Position", "Position:", "ตำแหน่ง:"})
_CAPACITIES: Final = {capacity_in_thai(one): one for one in Capacity}
_LONGEST_LABEL: Final = 60


class Part(Enum):
    """What a line around a place is."""

    SIDE = auto()
    MARK = auto()
    NAME = auto()
    POSITION = auto()
    ORGANISATION = auto()
    KEPT = auto()


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A line with what it is."""

    part: Part
    line: TextElement


def parts_of(place: SignaturePlace, values: Mapping[str, str]) -> tuple[SignatureLine, ...]:
    """Return what each line of the place is; `values` are those of fields that stand in a draft of ours."""
    found: list[SignatureLine] = []
    for line in place.lines:
        after = found[-1].part if found else None
        found.append(SignatureLine(_part(line, after, values, is_first=not found), line))
    return tuple(found)


def _part(line: TextElement, after: Part | None, values: Mapping[str, str], *, is_first: bool) -> Part:
    """Return what a line is, after what the line before it is; the first rule that holds counts."""
    text, whole = shown_text(line.pieces), line.text.strip()
    has_tag = any(piece.is_tag for piece in line.pieces)
    rules = (
        (Part.SIDE, "side" in line.classes),
        (Part.KEPT, "below" in line.classes),
        (Part.MARK, bool(_MARK.match(whole))),
        (Part.NAME, bool(_NAME_TAG.search(whole)) or (bool(_BRACKETS.fullmatch(whole)) and after is not Part.NAME)),
        (Part.POSITION, bool(_POSITION_TAG.search(whole)) or bool(_POSITION.match(text))),
        (Part.ORGANISATION, bool(_ORGANISATION_TAG.search(whole)) or _is_name_of_party(text, values)),
        (Part.POSITION, after is Part.NAME and (not has_tag or bool(_ONLY_DOTS.fullmatch(whole)))),
        (Part.MARK, bool(_ONLY_DOTS.fullmatch(whole))),
        (Part.SIDE, is_first and not has_tag),
    )
    return next((part for part, holds in rules if holds), Part.KEPT)


def _is_name_of_party(text: str, values: Mapping[str, str]) -> bool:
    return values.get(text, "").partition("|")[0].strip().endswith(".name_th")


def label_of(lines: Sequence[SignatureLine]) -> str:
    """Return the words that say which side signs: a line before the place, or what comes after its dots."""
    for one in lines:
        text = shown_text(one.line.pieces)
        if one.part is Part.SIDE:
            return text[:_LONGEST_LABEL]
        if one.part is Part.MARK and (label := _behind_dots(text)):
            return label[:_LONGEST_LABEL]
    return ""


def _sides(lines: Sequence[SignatureLine]) -> list[str]:
    """Return everything that says which side signs, each once."""
    texts = [
        shown_text(one.line.pieces) if one.part is Part.SIDE else _behind_dots(shown_text(one.line.pieces))
        for one in lines
        if one.part in {Part.SIDE, Part.MARK}
    ]
    return list(dict.fromkeys(text for text in texts if text))


def capacity_of(lines: Sequence[SignatureLine]) -> Capacity | None:
    """Return the capacity that the words after ลงชื่อ name, where they are exactly those that the program writes."""
    for one in lines:
        if one.part is Part.MARK and (found := _CAPACITIES.get(_behind_dots(shown_text(one.line.pieces)))):
            return found
    return None


def _behind_dots(text: str) -> str:
    mark = _MARK.match(text)
    after = _DOTS.sub(" ", text[mark.end() :] if mark else text).strip()
    return "" if after.startswith("(") else after


def is_witness(lines: Sequence[SignatureLine]) -> bool:
    """Whether these lines say that a witness signs."""
    if capacity := capacity_of(lines):
        return capacity is Capacity.WITNESS
    return any(re.search(r"พยาน|[Ww]itness|WITNESS", one.line.text) for one in lines)


def notes_on(lines: Sequence[SignatureLine], *, is_own: bool) -> Iterator[Message]:
    """Return a note for each thing that somebody typed and that gives way to what the program writes."""
    if is_own:
        return  # the program wrote those lines itself
    for one in lines:
        typed = _typed(one)
        if typed and typed not in _PROMPTS:
            yield say(
                "{place}: what was typed, {text}, gives way to what is known of the signatory", place=one.line.place, text=typed
            )


def _typed(one: SignatureLine) -> str:
    """Return the words of a line that the program writes otherwise, without blanks and the tags that mean the same."""
    text = _SAME_TAG.sub("", " ".join(one.line.text.split()))
    if one.part is Part.MARK:
        mark = _MARK.match(text)
        text = text[mark.end() :] if mark else text
        return _DOTS.sub(" ", text).strip() if _DOTS.sub(" ", text).strip().startswith("(") else ""
    if one.part not in {Part.NAME, Part.POSITION, Part.ORGANISATION}:
        return ""
    return _DOTS.sub(" ", text).strip("() ")


def written_lines(
    lines: Sequence[SignatureLine], *, is_own: bool, language: str, keeps_tags: bool
) -> Iterator[TextElement | str]:
    """Return what a template writes around the place: lines as they were, and markup of its own.

    Args:
        lines: those around the place.
        is_own: whether the program wrote them in a draft.
        language: of the document.
        keeps_tags: whether a tag for the name stays as it is: not where one place is repeated for many, since the tag would
            have no value there.
    """
    has_organisation = any(one.part is Part.ORGANISATION for one in lines)
    rest = [one for one in lines if one.part is not Part.SIDE]
    yield from (one.line for one in lines if is_own and one.part is Part.SIDE)
    yield from (f'<p class="side">{escaped(side)}</p>' for side in ([] if is_own else _sides(lines)))
    yield BOX
    yield from [CAPACITY] if language == "th" and not is_own else []
    if not any(one.part is Part.NAME for one in rest):
        named = (_with_name_of(one.line) for one in rest if one.part is Part.MARK and keeps_tags and _has_tag(one.line))
        yield next(named, NAME)
        yield from [] if any(one.part is Part.POSITION for one in rest) else [POSITION]
    for one in rest:
        match one.part:
            case Part.NAME | Part.POSITION | Part.ORGANISATION if keeps_tags and _has_tag(one.line):
                yield one.line
            case Part.MARK:
                yield from [CAPACITY] if is_own else []
            case Part.NAME:
                yield NAME
                yield from [] if any(other.part is Part.POSITION for other in rest) else [POSITION]
            case Part.POSITION:
                yield POSITION
            case Part.ORGANISATION:
                yield ORGANISATION
            case _:
                yield one.line
    if not has_organisation and not is_own:
        yield ORGANISATION


def _has_tag(line: TextElement) -> bool:
    return any(piece.is_tag for piece in line.pieces)


def _with_name_of(line: TextElement) -> TextElement:
    """Return the tags of a line that begins with ลงชื่อ, in brackets as a name below a place stands."""
    tags = tuple(piece for piece in line.pieces if piece.is_tag)
    return replace(line, pieces=(Piece("("), *tags, Piece(")")), number="")


BOX: Final = '<div class="signature-box" id="slot-{{ slot.field }}"></div>'
CAPACITY: Final = "<p>ลงชื่อ {{ slot.capacity }}</p>"
NAME: Final = "<p>({{ slot.person.full_name }})</p>"
POSITION: Final = "<p>{{ slot.person.position }}</p>"
ORGANISATION: Final = "<p>{{ slot.organisation_name | lines(36) }}</p>"
