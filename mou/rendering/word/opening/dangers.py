"""What in the parts of a Word file could run, or reaches outside when somebody opens it: one sentence for each. Pure.

1. Nothing runs: no macros, no ActiveX controls, and no customisation that could start one.
2. Nothing is fetched: no linked picture, object, template, text or frame, and no field that brings in a file or another program.
3. No other file is opened as a part of this one (`altChunk`): what it holds nobody has checked.
An ordinary hyperlink is followed by nobody but a person who clicks on it: it is no danger here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from mou.rendering.word.element_names import OFFICE, PACKAGE, Element, R, V, W
from mou.rendering.word.field_codes import MOST_NESTED_FIELDS, REACHING_OUTSIDE, command, deepest_nesting, instructions
from signatures.messages import Message, say

_MACRO_RELATIONS: Final = frozenset(
    {"vbaproject", "wordvbadata", "control", "activexcontrolbinary", "keymapcustomizations", "attachedtoolbars", "extensibility"}
)
_OTHER_FILES: Final = frozenset({"afchunk", "subdocument", "frame"})
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.IGNORECASE)
_MACRO_CONTENT: Final = ("macroenabled", "vbaproject", "vbadata", "activex")  # in the type of a part, or in its name
_SVG_REFERENCE: Final = re.compile(
    r"""(?:href\s*=\s*["']\s*|url\(\s*(?:["']\s*)?|@import\s+["']?)(?![\s"'#]|data:|url)(?P<target>[^"')]+)""", re.IGNORECASE
)
_FOR_A_CLICK: Final = frozenset({"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"})


def dangers(content_types: Mapping[str, str], xml: Mapping[str, Element], drawings: Mapping[str, str]) -> Iterator[Message]:
    """Return what speaks against opening the file, part by part.

    `content_types` holds the type of every part; `xml` the root of every part that is XML, relationships included; `drawings` the
    text of every SVG picture.
    """
    yield from _macros(content_types)
    related = {part.casefold(): root for part, root in xml.items() if part.casefold().endswith(".rels")}
    for part, root in xml.items():
        if part.endswith(".rels"):
            for relation in root.iterchildren(f"{{{PACKAGE}/relationships}}Relationship"):
                yield from _relation(part, relation)
        else:
            yield from _fields(part, root)
            yield from _elements(part, root)
            yield from _links_used_otherwise(part, root, _links_of(part.casefold(), related))
    for part, text in drawings.items():
        if found := _SVG_REFERENCE.search(text):
            yield _linked(part, "image", found["target"])
        elif "<!ENTITY" in text:
            yield _linked(part, "image", "<!ENTITY")


def _macros(content_types: Mapping[str, str]) -> Iterator[Message]:
    for part, kind in content_types.items():
        if any(word in name for word in _MACRO_CONTENT for name in (kind.casefold(), part.casefold())):
            yield _macro(part, kind or part)


def _relation(part: str, relation: Element) -> Iterator[Message]:
    kind = relation.get("Type", "").rstrip("/").rpartition("/")[2]
    target = relation.get("Target", "")
    if kind.casefold() in _MACRO_RELATIONS:
        yield _macro(part, target)
    elif kind.casefold() == "hyperlink":
        return
    elif relation.get("TargetMode") == "External" or _ADDRESS.match(target):
        yield _linked(part, kind, target)
    elif kind.casefold() in _OTHER_FILES:
        yield _other_file(part, target)


def _links_of(part: str, related: Mapping[str, Element]) -> dict[str, str]:
    """Return the address of each ordinary hyperlink of a part by its id."""
    folder, _, name = part.rpartition("/")
    relations = related.get(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
    found = () if relations is None else relations.iterchildren(f"{{{PACKAGE}/relationships}}Relationship")
    return {
        one.get("Id", ""): one.get("Target", "")
        for one in found
        if one.get("Type", "").rstrip("/").rpartition("/")[2].casefold() == "hyperlink"
    }


def _links_used_otherwise(part: str, root: Element, links: Mapping[str, str]) -> Iterator[Message]:
    """Yield each hyperlink by which something else than a link goes outside: not every reader looks at the kind of a relation."""
    for element in root.iter() if links else ():
        if isinstance(element.tag, str) and (name := etree.QName(element).localname) not in _FOR_A_CLICK:
            used = (value for attribute, value in element.items() if attribute.startswith(R) and value in links)
            yield from (_linked(part, name, links[one]) for one in used)


def _macro(part: str, got: str) -> Message:
    return say(
        "part {part}: text alone is expected, got a macro or a control that runs one ({got}); in Word save the file as .docx",
        part=part,
        got=got,
    )


def _other_file(part: str, target: str) -> Message:
    return say(
        "part {part}: text is expected, got another file inside this one ({target}); copy its text into the document",
        part=part,
        target=target,
    )


def _linked(part: str, kind: str, target: str) -> Message:
    if kind.casefold() == "attachedtemplate":
        return say(
            "part {part}: nothing outside the file is expected, got the template {target}; in Word attach the template Normal "
            "instead (Developer, Document Template)",
            part=part,
            target=target,
        )
    return say(
        "part {part}: nothing outside the file is expected, got a link of the kind {kind} to {target}; in Word break the link "
        "(File, Info, Edit Links to Files) or put the picture itself in",
        part=part,
        kind=kind,
        target=target,
    )


def _fields(part: str, root: Element) -> Iterator[Message]:
    for instruction, is_computed in instructions(root):
        if is_computed or command(instruction) in REACHING_OUTSIDE:
            yield say(
                "part {part}: nothing outside the file is expected, got the field {field}; in Word click on it, press "
                "Ctrl+Shift+F9 and save",
                part=part,
                field=instruction.strip() or "{ }",
            )
    if deepest_nesting(root) > MOST_NESTED_FIELDS:
        yield say(
            "part {part}: at most {limit} fields inside each other are expected, got more; copy the text into a new document",
            part=part,
            limit=MOST_NESTED_FIELDS,
        )


def _elements(part: str, root: Element) -> Iterator[Message]:
    for picture in root.iter(f"{V}imagedata", f"{V}fill", f"{V}stroke"):
        for name in ("src", f"{OFFICE}href"):
            if _ADDRESS.match(target := picture.get(name) or ""):
                yield _linked(part, "image", target)
    for element in root.iter(f"{W}altChunk", f"{W}subDoc"):
        yield _other_file(part, element.get(f"{R}id") or "-")
    if (control := next(root.iter(f"{W}control"), None)) is not None:
        yield _macro(part, control.get(f"{W}name") or "w:control")
