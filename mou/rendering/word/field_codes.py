"""The fields of a Word file: what each computes, as its instruction says. Pure.

A field stands whole in `w:fldSimple`, or between three marks over as many runs as Word likes: begin, instruction, separate,
result, end. Fields stand in fields; an instruction that holds a field is computed by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mou.rendering.word.element_names import Element, W
from mou.rendering.word.revisions import stands
from mou.rendering.word.values import View

MOST_NESTED_FIELDS: Final = 50
# These bring something in from outside the file when they are updated, or start another program.
REACHING_OUTSIDE: Final = frozenset(
    {"DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "RD", "DATABASE"}
)


@dataclass(slots=True)
class _Open:
    pieces: list[str] = field(default_factory=list)
    in_instruction: bool = True
    is_computed: bool = False
    says_something: bool = False


def command(instruction: str) -> str:
    """Return the first word of an instruction, in capitals: `PAGE`, `TOC`, `REF`; empty where there is none."""
    words = instruction.split(maxsplit=1)
    return words[0].upper() if words else ""


def deepest_nesting(root: Element) -> int:
    """Return how many fields of a part stand inside each other where most of them do."""
    deepest = depth = 0
    for mark in root.iter(f"{W}fldChar"):
        depth = max(depth + {"begin": 1, "end": -1}.get(mark.get(f"{W}fldCharType", ""), 0), 0)
        deepest = max(deepest, depth)
    return deepest


def without_end(root: Element, view: View) -> frozenset[Element]:
    """Return the first marks of fields that have no last one in this view: somebody's program cut through them."""
    stack: list[Element] = []
    for mark in root.iter(f"{W}fldChar"):
        if not all(stands(one, view) and one.tag != f"{W}txbxContent" for one in mark.iterancestors()):
            continue
        if mark.get(f"{W}fldCharType") == "begin":
            stack.append(mark)
        elif mark.get(f"{W}fldCharType") == "end" and stack:
            stack.pop()
    return frozenset(stack)


def instructions(root: Element) -> Iterator[tuple[str, bool]]:
    """Return every field's instruction in a part, and whether another field computes which command it is."""
    stack: list[_Open] = []
    for element in root.iter(f"{W}fldSimple", f"{W}fldChar", f"{W}instrText", f"{W}delInstrText"):
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr", ""), False
        elif element.tag != f"{W}fldChar":
            if stack and stack[-1].in_instruction:
                stack[-1].pieces.append(element.text or "")
                stack[-1].says_something = stack[-1].says_something or bool((element.text or "").strip())
            else:
                yield element.text or "", False  # left over outside of any field
        elif (mark := element.get(f"{W}fldCharType")) == "begin":
            if stack and stack[-1].in_instruction and not stack[-1].says_something:
                stack[-1].is_computed = True
            stack.append(_Open())
        elif mark == "separate" and stack:
            stack[-1].in_instruction = False
        elif mark == "end" and stack:
            ended = stack.pop()
            yield "".join(ended.pieces), ended.is_computed
    for unended in stack:
        yield "".join(unended.pieces), unended.is_computed
