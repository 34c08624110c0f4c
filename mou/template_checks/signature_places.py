"""The places for signatures, as they come out when the template is filled: each slot has one, and nobody else has any. Pure.

Seen in the finished page, since only the filled template knows which places its macros and loops make.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Final

from mou.models import SignatorySlot
from mou.template_checks.findings import Finding, Place, error
from mou.templates import MARKUP, Role
from signatures.messages import say

_ANCHOR: Final = "slot-"
_BLOCK: Final = re.compile(r"""id\s*=\s*["']?slot-|class\s*=\s*["'][^"']*\bsignature""")


def misplaced_signatures(
    roles: Sequence[Role], slots: Sequence[SignatorySlot], html: str, sources: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield each role without a place for its signature, each with several, and each place that is nobody's.

    Args:
        roles: those of the template.
        slots: who signs the filled document.
        html: the filled document.
        sources: the template's HTML files by name.
    """
    places = Counter(_anchors(html))
    labels = {role.name: role.label for role in roles}
    for role, missing in _by_role(slot for slot in slots if not places[slot.field]).items():
        yield error(
            "role_without_place",
            _nearest(sources, role),
            say(
                "{role} ({label}) signs, and the text has no place for {count} of its signatures",
                role=role,
                label=labels[role],
                count=missing,
            ),
            say(
                "add an empty element with id {anchor} for {slot}",
                anchor=f"{_ANCHOR}{{{{ slot.field }}}}",
                slot=f'slots_of("{role}")',
            ),
        )
    for role, count in _by_role(slot for slot in slots if places[slot.field] > 1).items():
        yield error(
            "role_placed_twice",
            _nearest(sources, role),
            say("{role} ({label}) has {count} places where one is expected", role=role, label=labels[role], count=count + 1),
            say("leave one place for each signature"),
        )
    for field in places.keys() - {slot.field for slot in slots}:
        yield error(
            "place_for_nobody",
            _nearest(sources, field),
            say("the place {anchor} is for nobody: no role signs there", anchor=f"{_ANCHOR}{field}"),
            say("remove it, or add a role to {manifest}", manifest="template.toml"),
        )


def _by_role(slots: Iterator[SignatorySlot]) -> Mapping[str, int]:
    return Counter(slot.role for slot in slots)


def _nearest(sources: Mapping[str, str], wanted: str) -> Place:
    """The line that names the role or field, else that of the last place for a signature."""
    named = re.compile(rf"""["']{re.escape(wanted)}["']|slot-{re.escape(wanted)}\b""")
    blocks: list[Place] = []
    for file, source in sources.items():
        for number, line in enumerate(source.split("\n"), 1):
            if named.search(line):
                return Place(file, number)
            if _BLOCK.search(line):
                blocks.append(Place(file, number))
    return blocks[-1] if blocks else Place(MARKUP)


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the signature is HTMLParser's
        name = dict(attrs).get("id") or ""
        if name.startswith(_ANCHOR):
            self.fields.append(name.removeprefix(_ANCHOR))


def _anchors(html: str) -> list[str]:
    parser = _Anchors()
    parser.feed(html)
    parser.close()
    return parser.fields
