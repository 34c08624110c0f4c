"""A content stream -> what it shows, paints and marks: one pass over its operations (ISO 32000-1, 7.8.2 and annex A).

What is drawn at a place follows from the marked content round it: the innermost Artifact, or marked content with an id,
decides. An XObject is drawn by name and read on its own, so that a form that stands on every page is read once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

_OPERATOR_NAMES = (
    "b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re "
    "RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
)
_OPERATORS = frozenset(_OPERATOR_NAMES.split())
_INLINE_IMAGE = "INLINE IMAGE"
_PATH_PAINTING = frozenset(["S", "s", "f", "F", "f*", "B", "B*", "b", "b*"])
_DEVICE_SPACES = {
    "g": "/DeviceGray",
    "G": "/DeviceGray",
    "rg": "/DeviceRGB",
    "RG": "/DeviceRGB",
    "k": "/DeviceCMYK",
    "K": "/DeviceCMYK",
}
_INVISIBLE = 3  # text rendering mode (ISO 32000-1, table 106)


class Context(Enum):
    """What the marked content round a place makes of what is drawn there."""

    UNMARKED = "unmarked"
    TAGGED = "tagged"
    ARTIFACT = "artifact"


class Misnesting(Enum):
    """Marked content in the wrong company."""

    ARTIFACT_IN_TAGGED = "artifact in tagged content"
    TAGGED_IN_ARTIFACT = "tagged content in an artifact"


@dataclass(frozen=True, slots=True)
class TextShown:
    """One string in one font; `is_replaced` says that an ActualText stands for it, `is_drawn` that it leaves ink."""

    font: str
    text: bytes
    is_replaced: bool
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """An XObject drawn by its resource name."""

    name: str
    context: Context


@dataclass(slots=True)
class StreamFacts:
    """What one content stream does; names are those of its resources, with their slash."""

    operators: set[str] = field(default_factory=set)
    texts: set[TextShown] = field(default_factory=set)
    colour_spaces: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    shadings: set[str] = field(default_factory=set)
    intents: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    drawings: list[Drawing] = field(default_factory=list)
    inline_images: list[pikepdf.Object] = field(default_factory=list)
    content_ids: list[int] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    unmarked: list[str] = field(default_factory=list)
    """The operators that painted outside all marked content, in order."""
    misnested: set[Misnesting] = field(default_factory=set)
    deepest: int = 0
    """How far q and Q are nested."""
    is_balanced: bool = True

    @property
    def unknown_operators(self) -> set[str]:
        """Operators that ISO 32000-1 does not define."""
        return self.operators - _OPERATORS - {_INLINE_IMAGE}

    @property
    def used_resources(self) -> tuple[tuple[str, set[str]], ...]:
        """The names that the stream looks up, by the kind of resource."""
        return (
            ("/Font", {shown.font for shown in self.texts}),
            ("/XObject", {drawing.name for drawing in self.drawings}),
            ("/ExtGState", self.states),
            ("/Pattern", self.patterns),
            ("/Shading", self.shadings),
            ("/Properties", self.properties),
        )


@dataclass(frozen=True, slots=True)
class _Mark:
    context: Context
    is_replaced: bool


_OUTSIDE = _Mark(Context.UNMARKED, is_replaced=False)


@dataclass(slots=True)
class _Reader:
    """The state between two operations."""

    resources: pikepdf.Object
    facts: StreamFacts = field(default_factory=StreamFacts)
    marks: list[_Mark] = field(default_factory=list)
    settings: list[tuple[str, int]] = field(default_factory=list)
    font: str = ""
    mode: int = 0

    @property
    def mark(self) -> _Mark:
        return self.marks[-1] if self.marks else _OUTSIDE

    def paint(self, operator: str) -> None:
        if self.mark.context is Context.UNMARKED:
            self.facts.unmarked.append(operator)

    def show(self, operator: str, text: bytes) -> None:
        if text:
            self.facts.texts.add(TextShown(self.font, text, self.mark.is_replaced, self.mode != _INVISIBLE))
            self.paint(operator)


def read_content(content: pikepdf.Object, resources: pikepdf.Object) -> StreamFacts:
    """Return what a page or stream does; `resources` are those that its names are looked up in.

    Raises:
        pikepdf.PdfError: it is no content stream.
    """
    reader = _Reader(resources)
    for instruction in pikepdf.parse_content_stream(content):
        operator = str(instruction.operator)
        reader.facts.operators.add(operator)
        follow = _FOLLOWED.get(operator)
        if follow is not None:
            follow(reader, operator, list(instruction.operands))
    reader.facts.is_balanced = reader.facts.is_balanced and not reader.settings and not reader.marks
    return reader.facts


Operands = Sequence[Any]  # what pikepdf makes of operands: objects, numbers, images


def _show_string(reader: _Reader, operator: str, operands: Operands) -> None:
    reader.show(operator, bytes(operands[-1]))


def _show_array(reader: _Reader, operator: str, operands: Operands) -> None:
    reader.show(operator, b"".join(bytes(piece) for piece in operands[0] if isinstance(piece, pikepdf.String)))


def _set_font(reader: _Reader, _operator: str, operands: Operands) -> None:
    reader.font = str(operands[0])


def _set_mode(reader: _Reader, _operator: str, operands: Operands) -> None:
    reader.mode = int(operands[0])


def _save(reader: _Reader, _operator: str, _operands: Operands) -> None:
    reader.settings.append((reader.font, reader.mode))
    reader.facts.deepest = max(reader.facts.deepest, len(reader.settings))


def _restore(reader: _Reader, _operator: str, _operands: Operands) -> None:
    if not reader.settings:
        reader.facts.is_balanced = False
        return
    reader.font, reader.mode = reader.settings.pop()


def _paint_path(reader: _Reader, operator: str, _operands: Operands) -> None:
    reader.paint(operator)


def _paint_shading(reader: _Reader, operator: str, operands: Operands) -> None:
    reader.facts.shadings.add(str(operands[0]))
    reader.paint(operator)


def _paint_inline_image(reader: _Reader, _operator: str, operands: Operands) -> None:
    reader.facts.inline_images.append(operands[0].obj)
    reader.paint("BI")


def _draw(reader: _Reader, _operator: str, operands: Operands) -> None:
    reader.facts.drawings.append(Drawing(str(operands[0]), reader.mark.context))


def _use_device_colour(reader: _Reader, operator: str, _operands: Operands) -> None:
    reader.facts.colour_spaces.add(_DEVICE_SPACES[operator])


def _use_colour_space(reader: _Reader, _operator: str, operands: Operands) -> None:
    reader.facts.colour_spaces.add(str(operands[0]))


def _use_pattern(reader: _Reader, _operator: str, operands: Operands) -> None:
    if operands and isinstance(operands[-1], Name):
        reader.facts.patterns.add(str(operands[-1]))


def _use_state(reader: _Reader, _operator: str, operands: Operands) -> None:
    reader.facts.states.add(str(operands[0]))


def _use_intent(reader: _Reader, _operator: str, operands: Operands) -> None:
    reader.facts.intents.add(str(operands[0]))


def _open_mark(reader: _Reader, _operator: str, operands: Operands) -> None:
    outer = reader.mark
    properties = _properties(reader, operands[1]) if len(operands) > 1 else Dictionary()
    if Name.Lang in properties:
        reader.facts.languages.add(str(properties.Lang))
    context = outer.context
    if str(operands[0]) == "/Artifact":
        context = Context.ARTIFACT
    elif Name.MCID in properties:
        context = Context.TAGGED
        reader.facts.content_ids.append(int(properties.MCID))
    if (outer.context, context) == (Context.TAGGED, Context.ARTIFACT):
        reader.facts.misnested.add(Misnesting.ARTIFACT_IN_TAGGED)
    if (outer.context, context) == (Context.ARTIFACT, Context.TAGGED):
        reader.facts.misnested.add(Misnesting.TAGGED_IN_ARTIFACT)
    reader.marks.append(_Mark(context, outer.is_replaced or Name.ActualText in properties))


def _properties(reader: _Reader, operand: pikepdf.Object) -> pikepdf.Object:
    """Return a property list, which stands in the operand or among the resources (ISO 32000-1, 14.6.2)."""
    if not isinstance(operand, Name):
        return operand
    reader.facts.properties.add(str(operand))
    return reader.resources.get(Name.Properties, Dictionary()).get(str(operand), Dictionary())


def _close_mark(reader: _Reader, _operator: str, _operands: Operands) -> None:
    if not reader.marks:
        reader.facts.is_balanced = False
        return
    reader.marks.pop()


_FOLLOWED: dict[str, Callable[[_Reader, str, Operands], None]] = {
    "Tj": _show_string,
    "'": _show_string,
    '"': _show_string,
    "TJ": _show_array,
    "Tf": _set_font,
    "Tr": _set_mode,
    "q": _save,
    "Q": _restore,
    "sh": _paint_shading,
    _INLINE_IMAGE: _paint_inline_image,
    "Do": _draw,
    "cs": _use_colour_space,
    "CS": _use_colour_space,
    "scn": _use_pattern,
    "SCN": _use_pattern,
    "gs": _use_state,
    "ri": _use_intent,
    "BMC": _open_mark,
    "BDC": _open_mark,
    "EMC": _close_mark,
    **dict.fromkeys(_PATH_PAINTING, _paint_path),
    **dict.fromkeys(_DEVICE_SPACES, _use_device_colour),
}
