"""Places for signatures -> who signs there: the organisation or its host, as representative or witness. Pure.

1. A place of a witness says so (พยาน, Witness).
2. Which side: by the fields in its lines, by values of such fields that stand in a draft of ours, by its words; else the first
   place is the host's and the second the organisation's, which is noted.
3. Nobody signs twice: a second place of the same side and kind goes to the other side where that is free, and else it is left out
   as a place, kept as words, and noted.
4. The organisation signs first, then the witnesses, the host last.
5. Where no place is found, the host's and the organisation's are added, and noted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mou.models import Capacity
from mou.templates import Role, SignatorySource
from mou.word_import.elements import Element, Group, SignatureBlock, SignaturePlace, TextElement
from mou.word_import.markup import shown_text
from signatures.messages import Message, say

_PARTY, _HOST = "party", "host"
_WITNESS: Final = re.compile(r"พยาน|[Ww]itness|WITNESS")
_WORDS: Final = {
    _HOST: re.compile(r"เจ้าภาพ|เครือข่าย|กองเลขานุการ|ฝ่ายที่\s*(?:หนึ่ง|๑|1)|ฝ่ายแรก|[Hh]ost|First [Pp]arty"),
    _PARTY: re.compile(r"องค์กร|สมาชิก|ภาคี|ผู้ร่วมลงนาม|ฝ่ายที่\s*(?:สอง|๒|2)|ฝ่ายหลัง|[Mm]ember|[Pp]artner|Second [Pp]arty"),
}
_MARK: Final = re.compile(r"\(?\s*(?:ลงชื่อ|ลงนาม|ลายมือชื่อ|Signed|Signature|SIGNED)\s*\)?\s*[:：]?")
_DOTS: Final = re.compile(r"[.…_\u2024\u2025]{2,}|…")
_BRACKETS: Final = re.compile(r"\((?P<name>.*)\)$", re.DOTALL)
_POSITION: Final = re.compile(r"ตำแหน่ง|วันที่\s*[.…_]|[.…_\s]+$")
_ROLES: Final = {
    "party": ("ผู้แทนองค์กร", Capacity.AUTHORISED_REPRESENTATIVE, 1, SignatorySource.ORGANISATION_REPRESENTATIVE),
    "party_witness": ("พยานฝ่ายองค์กร", Capacity.WITNESS, 2, SignatorySource.ORGANISATION_WITNESS),
    "host_witness": ("พยานฝ่ายเจ้าภาพ", Capacity.WITNESS, 2, SignatorySource.HOST_WITNESS),
    "host": ("ผู้แทนเจ้าภาพ", Capacity.NETWORK_COUNTERSIGNER, 3, SignatorySource.HOST_REPRESENTATIVE),
}
_LONGEST_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Signers:
    """The elements with a role in each place, the roles in their order, and what was guessed or left out."""

    elements: tuple[Element, ...]
    roles: tuple[Role, ...]
    notes: tuple[Message, ...]
    were_added: bool = False


def with_signers(elements: tuple[Element, ...], values: Mapping[str, str], *, is_charter: bool = False) -> Signers:
    """Return who signs where; `values` are the values that stand in a draft of ours, each with its expression."""
    found = [place for block in _blocks(elements) for place in block.places]
    notes: list[Message] = []
    if not found:
        added = ("party",) if is_charter else ("host", "party")
        notes.append(say("no place for a signature was found; places for {roles} were added at the end", roles=", ".join(added)))
        block = SignatureBlock(tuple(SignaturePlace((), say("the end"), role=role) for role in added), say("the end"))
        return Signers(_with_block(elements, block), _roles(added, {}, is_charter=is_charter), tuple(notes), were_added=True)
    wanted = [_role_of(place, values, is_charter=is_charter) for place in found]
    given = _given(found, wanted, notes, is_charter=is_charter)
    labels = {role: _label(place) for place, role in zip(found, given, strict=True) if role}
    places = iter([replace(place, role=role, label=_label(place)) for place, role in zip(found, given, strict=True)])
    notes.extend(note for place, role in zip(found, given, strict=True) if role for note in _left_out(place))
    changed = tuple(_with_roles(one, places) for one in elements)
    return Signers(changed, _roles([role for role in given if role], labels, is_charter=is_charter), tuple(notes))


def _blocks(elements: Sequence[Element]) -> list[SignatureBlock]:
    blocks: list[SignatureBlock] = []
    for one in elements:
        if isinstance(one, SignatureBlock):
            blocks.append(one)
        elif isinstance(one, Group):
            blocks.extend(_blocks(one.elements))
    return blocks


def _with_roles(one: Element, places: Iterator[SignaturePlace]) -> Element:
    if isinstance(one, SignatureBlock):
        return replace(one, places=tuple(next(places) for _ in one.places))
    if isinstance(one, Group):
        return replace(one, elements=tuple(_with_roles(inner, places) for inner in one.elements))
    return one


def _with_block(elements: tuple[Element, ...], block: SignatureBlock) -> tuple[Element, ...]:
    """Return the elements with the block before the annexes."""
    at = next((at for at, one in enumerate(elements) if isinstance(one, Group) and "annex" in one.classes), len(elements))
    return (*elements[:at], block, *elements[at:])


def _role_of(place: SignaturePlace, values: Mapping[str, str], *, is_charter: bool) -> tuple[str | None, bool]:
    """Return the side, where it can be told, and whether a witness signs."""
    texts = [line.text for line in place.lines]
    text = "\n".join(texts)
    is_witness = bool(_WITNESS.search(text)) and "representative" not in text
    expressions = " ".join(expression for value, expression in values.items() if len(value) > 1 and value in text)
    for words in (text, expressions):
        sides = {side for side, root in ((_HOST, "host."), (_PARTY, "organisation.")) if root in words}
        if len(sides) == 1:
            return next(iter(sides)), is_witness
    if is_charter:
        return _PARTY, is_witness
    sides = {side for side, pattern in _WORDS.items() if pattern.search(text)}
    return (next(iter(sides)) if len(sides) == 1 else None), is_witness


def _given(
    places: Sequence[SignaturePlace], wanted: Sequence[tuple[str | None, bool]], notes: list[Message], *, is_charter: bool
) -> list[str]:
    """Return a role for each place, or nothing for one that is too many."""
    given = [""] * len(places)
    taken: set[str] = set()
    for certain in (True, False):
        for at, (side, is_witness) in enumerate(wanted):
            if (side is not None) is not certain:
                continue
            is_alone = sum(other == is_witness for _, other in wanted) == 1
            first = side or (_PARTY if is_alone or is_charter else _HOST)
            sides = (first, _HOST if first == _PARTY else _PARTY)
            role = next((name for one in sides if (name := one + ("_witness" if is_witness else "")) not in taken), "")
            given[at] = role
            taken.add(role)
            place = places[at].place
            if not role:
                notes.append(say("{place}: nobody is left who could sign here; the lines were kept as words", place=place))
            elif side is None or not role.startswith(side):
                notes.append(say("{place}: it was guessed that {role} signs here", place=place, role=role))
    return given


def _roles(given: Sequence[str], labels: Mapping[str, str], *, is_charter: bool) -> tuple[Role, ...]:
    roles = []
    for name in _ROLES:
        if name in given:
            label, capacity, order, source = _ROLES[name]
            each = is_charter and source.is_of_organisation
            stated = labels.get(name, "")
            roles.append(
                Role(name, label if stated in {"", "พยาน"} else stated, capacity, order, source, for_each_organisation=each)
            )
    return tuple(roles)


def _label(place: SignaturePlace) -> str:
    """Return the words that say who signs: a line before the place, or what comes after its dots."""
    for line in place.lines:
        text = shown_text(line.pieces)
        if "side" in line.classes and text:
            return text[:_LONGEST_LABEL]
        if _MARK.match(text):
            after = _DOTS.sub(" ", _MARK.sub("", text)).strip()
            if after and not after.startswith("("):
                return after[:_LONGEST_LABEL]
        elif text and not _DOTS.search(text) and not text.startswith("(") and line is place.lines[0]:
            return text[:_LONGEST_LABEL]
    return ""


def _left_out(place: SignaturePlace) -> list[Message]:
    """Return a note for each line that the place does not keep: the program writes name, position and organisation itself."""
    notes = []
    label = _label(place)
    for line in place.lines:
        text = shown_text(line.pieces)
        found = _BRACKETS.fullmatch(text)
        name = found["name"].strip() if found else ""
        if name and not _DOTS.search(name):
            notes.append(say("{place}: the name {name} gives way to that of the signatory", place=line.place, name=name))
        elif (
            text
            and not found
            and text != label
            and not _MARK.match(text)
            and not _POSITION.match(text)
            and "side" not in line.classes
        ):
            notes.append(
                say("{place}: the line {text} beside a place for a signature was left out", place=line.place, text=text[:80])
            )
    return notes


def lines_without_role(block: SignatureBlock) -> tuple[TextElement, ...]:
    """Return the lines of the places that nobody signs."""
    return tuple(line for place in block.places if not place.role for line in place.lines)
