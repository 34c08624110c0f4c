"""The fields that are open while a Word file is read, and what becomes of each: its shown text is kept, or left out as a whole.

1. Text in an instruction is no text of the page.
2. The result of a field is, as it was last computed; that it is computed is a loss.
3. A table of contents and its kind are left out as a whole: the program that lays out the text makes its own.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from mou.rendering.word.element_names import Element, W
from mou.rendering.word.field_codes import command
from mou.rendering.word.reading.numbering import is_on
from mou.rendering.word.reading.plain_text import shortened
from mou.rendering.word.values import LossKind

LEFT_OUT: Final = frozenset({"TOC", "TOA", "INDEX", "BIBLIOGRAPHY"})
# What they mark is shown somewhere else, or nowhere.
_SHOW_NOTHING: Final = frozenset(
    {"", "XE", "TC", "TA", "SET", "PRIVATE", "ADVANCE", "NEXT", "NEXTIF", "SKIPIF", "ASK", "BARCODE"}
)
_WRITTEN_IN_THE_INSTRUCTION: Final = frozenset({"MACROBUTTON", "GOTOBUTTON"})
_ADDRESS: Final = re.compile(r"\s*HYPERLINK\s+(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[^\s\\\"]\S*))", re.IGNORECASE)
_LONGEST_ADDRESS: Final = 2_000
_KINDS: Final = {
    "EQ": LossKind.EQUATION,
    "EMBED": LossKind.EMBEDDED,
    "SHAPE": LossKind.EMBEDDED,
    "FORMTEXT": LossKind.FORM_CONTROL,
    "FORMCHECKBOX": LossKind.FORM_CONTROL,
    "FORMDROPDOWN": LossKind.FORM_CONTROL,
    "MACROBUTTON": LossKind.FORM_CONTROL,
    "GOTOBUTTON": LossKind.FORM_CONTROL,
}


@dataclass(slots=True)
class OpenField:
    """A field between its first and its last mark."""

    pieces: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    in_result: bool = False
    check_box: bool | None = None
    is_left_out: bool = False
    """Whether nothing of its result is read."""

    @property
    def instruction(self) -> str:
        """The instruction as far as it was read."""
        return "".join(self.pieces)

    def begin_result(self) -> None:
        """The instruction is read; its result follows."""
        self.in_result = True
        self.is_left_out = command(self.instruction) in LEFT_OUT

    def text_of_its_own(self) -> str:
        """Return what is shown though no result holds it: the words of a button, the mark of a check box."""
        if self.check_box is not None:
            return "☒" if self.check_box else "☐"
        if command(self.instruction) in _WRITTEN_IN_THE_INSTRUCTION:
            return " ".join(self.instruction.split(maxsplit=2)[2:]).strip()
        return ""

    def loss(self) -> tuple[LossKind, str] | None:
        """Return what is lost once the field has ended, if anything is."""
        name = command(self.instruction)
        shown = shortened(self.shown)
        if name == "HYPERLINK":
            return link_loss(shown, address) if (address := address_of(self.instruction)) else None
        if name in _SHOW_NOTHING or name in LEFT_OUT:
            return None
        return _KINDS.get(name, LossKind.COMPUTED), shown or self.instruction.strip()


def opened(mark: Element) -> OpenField:
    """Return the field that begins here, with the state of its check box if it has one."""
    box = mark.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return OpenField()
    checked = box.find(f"{W}checked")
    return OpenField(check_box=is_on(checked if checked is not None else box.find(f"{W}default")))


def address_of(instruction: str) -> str:
    """Return the address of a HYPERLINK field; empty for a place in the same file."""
    found = _ADDRESS.match(instruction)
    return (found["quoted"] or found["plain"]) if found else ""


def link_loss(words: str, address: str) -> tuple[LossKind, str]:
    """Return the loss of a link to an address, of which only the words are kept; many links may have one address."""
    shown = address if len(address) <= _LONGEST_ADDRESS else f"{address[:_LONGEST_ADDRESS]}…"
    return LossKind.OTHER, f"{words} <{shown}>".strip()
