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
from mou.word_import.signature_lines import SignatureLine, capacity_of, is_witness, label_of, notes_on, parts_of
from signatures.messages import Message, say

_PARTY, _HOST = "party", "host"
_WORDS: Final = {
    _HOST: re.compile(r"เจ้าภาพ|เครือข่าย|กองเลขานุการ|ฝ่ายที่\s*(?:หนึ่ง|๑|1)|ฝ่ายแรก|[Hh]ost|First [Pp]arty"),
    _PARTY: re.compile(r"องค์กร|สมาชิก|ภาคี|ผู้ร่วมลงนาม|ฝ่ายที่\s*(?:สอง|๒|2)|ฝ่ายหลัง|[Mm]ember|[Pp]artner|Second [Pp]arty"),
}
_ROLES: Final = {
    "party": ("ผู้แทนองค์กร", Capacity.AUTHORISED_REPRESENTATIVE, 1, SignatorySource.ORGANISATION_REPRESENTATIVE),
    "party_witness": ("พยานฝ่ายองค์กร", Capacity.WITNESS, 2, SignatorySource.ORGANISATION_WITNESS),
    "host_witness": ("พยานฝ่ายเจ้าภาพ", Capacity.WITNESS, 2, SignatorySource.HOST_WITNESS),
    "host": ("ผู้แทนเจ้าภาพ", Capacity.AUTHORISED_REPRESENTATIVE, 3, SignatorySource.HOST_REPRESENTATIVE),
}


@dataclass(frozen=True, slots=True)
class Signers:
    """The elements with a role in each place, the roles in their order, and what was guessed or left out."""

    elements: tuple[Element, ...]
    roles: tuple[Role, ...]
    notes: tuple[Message, ...]


def with_signers(elements: tuple[Element, ...], values: Mapping[str, str], *, is_charter: bool = False) -> Signers:
    """Return who signs where; `values` are the values that stand in a draft of ours, each with its expression."""
    found = [place for block in _blocks(elements) for place in block.places]
    notes: list[Message] = []
    if not found:
        added = ("party",) if is_charter else ("host", "party")
        notes.append(say("no place for a signature was found; places for {roles} were added at the end", roles=", ".join(added)))
        block = SignatureBlock(tuple(SignaturePlace((), say("the end"), role=role) for role in added), say("the end"))
        return Signers(_with_block(elements, block), _roles(dict.fromkeys(added, ()), is_charter=is_charter), tuple(notes))
    lines = [parts_of(place, values) for place in found]
    wanted = [_side_and_kind(one, values, is_charter=is_charter) for one in lines]
    given = _given(found, wanted, notes, is_charter=is_charter)
    kept = [(one, place.is_own) for one, place, role in zip(lines, found, given, strict=True) if role]
    notes.extend(note for one, is_own in kept for note in notes_on(one, is_own=is_own))
    places = iter([replace(place, role=role) for place, role in zip(found, given, strict=True)])
    changed = tuple(_with_roles(one, places) for one in elements)
    of_roles = {role: one for one, role in zip(lines, given, strict=True) if role}
    return Signers(changed, _roles(of_roles, is_charter=is_charter), tuple(notes))


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


def _side_and_kind(lines: Sequence[SignatureLine], values: Mapping[str, str], *, is_charter: bool) -> tuple[str | None, bool]:
    """Return the side, where it can be told, and whether a witness signs."""
    text = "\n".join(one.line.text for one in lines)
    witness = is_witness(lines)
    expressions = " ".join(expression for value, expression in values.items() if len(value) > 1 and value in text)
    for words in (text, expressions):
        sides = {side for side, root in ((_HOST, "host."), (_PARTY, "organisation.")) if root in words}
        if len(sides) == 1:
            return next(iter(sides)), witness
    if is_charter:
        return _PARTY, witness
    sides = {side for side, pattern in _WORDS.items() if pattern.search(text)}
    return (next(iter(sides)) if len(sides) == 1 else None), witness


def _given(
    places: Sequence[SignaturePlace], wanted: Sequence[tuple[str | None, bool]], notes: list[Message], *, is_charter: bool
) -> list[str]:
    """Return a role for each place, or nothing for one that is too many."""
    given = [""] * len(places)
    taken: set[str] = set()
    for certain in (True, False):
        for at, (side, witness) in enumerate(wanted):
            if (side is not None) is not certain:
                continue
            is_alone = sum(other == witness for _, other in wanted) == 1
            first = side or (_PARTY if is_alone or is_charter else _HOST)
            sides = (first, _HOST if first == _PARTY else _PARTY)
            role = next((name for one in sides if (name := one + ("_witness" if witness else "")) not in taken), "")
            given[at] = role
            taken.add(role)
            place = places[at].place
            if not role:
                notes.append(say("{place}: nobody is left who could sign here; the lines were kept as words", place=place))
            elif side is None or not role.startswith(side):
                notes.append(say("{place}: it was guessed that {role} signs here", place=place, role=role))
    return given


def _roles(lines: Mapping[str, Sequence[SignatureLine]], *, is_charter: bool) -> tuple[Role, ...]:
    """Return the roles in their order, each with the label and the capacity that its lines state."""
    roles = []
    for name in _ROLES:
        if name in lines:
            label, capacity, order, source = _ROLES[name]
            stated = label_of(lines[name])
            each = is_charter and source.is_of_organisation
            written = label if stated in {"", "พยาน"} else stated
            roles.append(Role(name, written, capacity_of(lines[name]) or capacity, order, source, for_each_organisation=each))
    return tuple(roles)


def lines_without_role(block: SignatureBlock) -> tuple[TextElement, ...]:
    """Return the lines of the places that nobody signs."""
    return tuple(line for place in block.places if not place.role for line in place.lines)
