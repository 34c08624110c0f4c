"""A .docx from a stranger, opened only after everything in it was looked at; nothing it points to is ever followed.

1. It is unpacked within limits (`packed`).
2. Every XML part is well formed, in UTF-8 or UTF-16, without a document type and entities, within limits of size and depth.
3. Nothing in it could run or reaches outside (`dangers`); all such places are told at once.
4. It is a Word document, not a workbook, a template or one with macros; only then does python-docx see it.
Whatever else a damaged file makes a library say is told as one sentence.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lxml import etree

from mou.errors import InputError
from mou.rendering.word.element_names import PACKAGE, STRICT, Element, W
from mou.rendering.word.opening.dangers import dangers
from mou.rendering.word.opening.packed import unpacked
from signatures.messages import Message, say

if TYPE_CHECKING:
    from docx.document import Document

MAXIMUM_XML_BYTES: Final = 32 * 1024 * 1024
MAXIMUM_TAGS: Final = 3_000_000
MAXIMUM_DEPTH: Final = 120
_CONTENT_TYPES: Final = "[Content_Types].xml"
_DOCUMENT: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DRAWING: Final = "image/svg+xml"  # shown by Word as a picture; no part of the text, and never parsed here
_DECLARED: Final = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["'](?P<name>[^"']+)["']""")
_LONGEST_DECLARATION: Final = 300
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf16"})
# What python-docx lets through when the parts of a file do not go together; it has no error of its own for that.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    etree.LxmlError,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
    EOFError,
    OSError,
)


def open_package(source: str, content: bytes) -> "Document":
    """Return a checked .docx as python-docx opens it; `source` is what the reader calls the file.

    Raises:
        InputError: it is no whole .docx within the limits, has a password, or holds something that could run or reaches outside.
    """
    parts = unpacked(source, content)
    if _CONTENT_TYPES not in parts:
        raise _not_word(source, say("another packed file"))
    known_types = _content_types(source, parts)
    drawings = {
        name: parts[name].decode(_encoding(parts[name]), errors="replace")
        for name, kind in known_types.items()
        if kind.casefold() == _DRAWING or name.casefold().endswith(".svg")
    }
    roots = _roots(source, parts, known_types)
    problems = tuple({str(problem): problem for problem in dangers(known_types, roots, drawings)}.values())
    if problems:
        raise InputError(
            "{file}: a Word file that holds its own text and nothing that runs or reaches outside is expected, got {count} such "
            "places; nothing of it was opened",
            file=source,
            count=len(problems),
            problems=problems,
        )
    _check_kind(source, known_types, roots)
    return _opened(source, content)


def _content_types(source: str, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the content type of every part, as python-docx will look it up."""
    root = _root(source, _CONTENT_TYPES, parts[_CONTENT_TYPES])
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}
    for entry in root:
        kind = entry.get("ContentType") or ""
        if entry.tag == f"{{{PACKAGE}/content-types}}Default":
            defaults[(entry.get("Extension") or "").casefold()] = kind
        elif entry.tag == f"{{{PACKAGE}/content-types}}Override":
            overrides[(entry.get("PartName") or "").casefold()] = kind
    return {
        name: overrides.get(f"/{name}".casefold(), defaults.get(name.rpartition(".")[2].casefold(), "")).strip()
        for name in parts
        if name != _CONTENT_TYPES
    }


def _roots(source: str, parts: Mapping[str, bytes], known_types: Mapping[str, str]) -> dict[str, Element]:
    """Return the root of every part that any reader would take for XML."""
    written = {
        name: parts[name]
        for name, kind in known_types.items()
        if (kind.casefold().endswith("xml") and kind != _DRAWING) or name.casefold().endswith((".xml", ".rels", ".vml"))
    }
    size = sum(map(len, written.values()))
    tags = sum(part.count(b"<") for part in written.values())
    if size > MAXIMUM_XML_BYTES or tags > MAXIMUM_TAGS:
        raise InputError(
            "{file}: text of at most {limit} MiB and {tags} marks is expected, got {got} MiB and {got_tags}; divide the document",
            file=source,
            limit=MAXIMUM_XML_BYTES // 2**20,
            tags=MAXIMUM_TAGS,
            got=-(-size // 2**20),
            got_tags=tags,
        )
    return {name: _root(source, name, part) for name, part in written.items()}


def _text(source: str, name: str, part: bytes) -> str:
    """Return the text of an XML part, with neither a document type nor an entity in it."""
    try:
        text = part.decode(_encoding(part))
    except UnicodeDecodeError as error:
        raise _unusable(source, name, say("another encoding")) from error
    declared = _DECLARED.match(text[:_LONGEST_DECLARATION])
    if "\0" in text or (declared and declared["name"].casefold() not in _ENCODINGS):
        raise _unusable(source, name, declared["name"] if declared else say("another encoding"))
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(
            "{file}, part {part}: text without a document type and entities is expected, got some; no office program writes "
            "such a file: ask for it again from whom you know",
            file=source,
            part=name,
        )
    return text


def _encoding(part: bytes) -> str:
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if part[:2] == b"<\0":
        return "utf-16-le"
    return "utf-16-be" if part[:2] == b"\0<" else "utf-8-sig"


def _root(source: str, name: str, part: bytes) -> Element:
    _text(source, name, part)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except (etree.LxmlError, ValueError) as error:
        raise _unusable(source, name, str(error)) from error
    if root.xpath("boolean(" + "/*" * (MAXIMUM_DEPTH + 1) + ")"):
        raise InputError(
            "{file}, part {part}: at most {limit} levels of tables in tables are expected, got more; copy the text into a new "
            "document",
            file=source,
            part=name,
            limit=MAXIMUM_DEPTH,
        )
    return root


def _check_kind(source: str, content_types: Mapping[str, str], roots: Mapping[str, Element]) -> None:
    if any(etree.QName(root).namespace.startswith(STRICT) for root in roots.values() if etree.QName(root).namespace):
        raise InputError(
            "{file}: the format “Word Document (.docx)” is expected, got “Strict Open XML Document”; open it in Word and save it "
            "as “Word Document (.docx)”",
            file=source,
        )
    if _DOCUMENT not in content_types.values():
        got = next((kind for kind in content_types.values() if kind.endswith("main+xml")), say("another packed file"))
        raise _not_word(source, got)


def _opened(source: str, content: bytes) -> "Document":
    import docx

    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
    except _UNREADABLE as error:
        raise _damaged(source, str(error)) from error
    if body is None or document.element.tag != f"{W}document":
        raise _damaged(source, "w:body")
    return document


def _not_word(source: str, got: str | Message) -> InputError:
    return InputError(
        "{file}: a Word file (.docx) is expected, got {got}; open it in the program that made it and save it as .docx",
        file=source,
        got=got,
    )


def _damaged(source: str, reason: str) -> InputError:
    return InputError(
        "{file}: a whole Word file (.docx) is expected, got one that is damaged ({reason}); ask for it again, or open it in Word "
        "and save it under a new name",
        file=source,
        reason=reason,
    )


def _unusable(source: str, part: str, reason: str | Message) -> InputError:
    return InputError(
        "{file}, part {part}: well-formed XML in UTF-8 or UTF-16 is expected, got something else ({reason}); ask for the file "
        "again, or open it in Word and save it under a new name",
        file=source,
        part=part,
        reason=reason,
    )
