"""The Jinja tags of a house's own Word file, each with its place, made whole where Word split it over runs. Knows no value.

1. A tag stands in one paragraph. What docxtpl adds to Jinja is understood: `{%p`, `{%tr`, `{%tc` and `{%r` stand for the
   paragraph, row, cell or run around them, which go; so nothing else may stand there.
2. Tags stand in the text, in headers, footers and footnotes; anywhere else nothing would fill them, or nobody would have seen
   what they make: an instruction that reaches outside, such as that of a linked picture, was looked for before.
3. A file with tracked changes has two texts, and a field such as the day of printing another one each day: neither is filled.
4. Every problem is told with its paragraph and the text around it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from docx.document import Document
from docx.opc.part import Part
from jinja2 import Environment, TemplateSyntaxError, nodes
from lxml import etree

from mou.errors import InputError
from mou.rendering.word.element_names import XML_SPACE, W
from mou.rendering.word.field_codes import command, instructions
from mou.rendering.word.markup import XmlElement
from mou.rendering.word.opening.package import open_package
from signatures.messages import Message, say

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BEGINS: Final = re.compile(r"\{[{%#]")
_MARKS: Final = re.compile(r"\{\{|\}\}|\{%|%\}")
_AROUND: Final = re.compile(r"\{(?P<kind>[{%#])(?P<around>tr|tc|p|r)(?=\s)")
_OF_DOCXTPL: Final = re.compile(r"\{%\s*(?:(?:colspan|cellbg)\s+(?P<value>.*?)|vm|hm)\s*%\}", re.DOTALL)
_CONTAINERS: Final = {"p": f"{W}p", "tr": f"{W}tr", "tc": f"{W}tc"}
_CONTAINER_NAMES: Final = {"p": say("the paragraph"), "tr": say("the row"), "tc": say("the cell")}
_PLAIN_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_FILLED_PARTS: Final = re.compile(r"/word/(?:document|header\d*|footer\d*|footnotes)\.xml")
_TEXT: Final = "document"
_BESIDE_TEXT: Final = etree.XPath(".//text()[not(parent::w:t)]", namespaces={"w": W[1:-1]}, smart_strings=False)
_ATTRIBUTES: Final = etree.XPath(".//@*", smart_strings=False)
_REMARKS: Final = etree.XPath(".//comment() | .//processing-instruction()")
_CHANGES: Final = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_CHANGING_FIELDS: Final = frozenset(
    {
        *("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME", "REVNUM", "AUTHOR", "LASTSAVEDBY", "USERNAME"),
        *("USERINITIALS", "USERADDRESS", "FILENAME", "FILESIZE", "TEMPLATE", "ASK", "FILLIN", "MERGEFIELD", "MERGEREC", "NEXT"),
    }
)
_MORE_THAN_TEXT: Final = tuple(
    f"{W}{name}" for name in ("drawing", "pict", "object", "footnoteReference", "endnoteReference", "sectPr")
)
_EXCERPT: Final = 30  # characters on either side of a tag that are shown

Rewrite = Callable[[str], str]
TagReader = Callable[[str], Rewrite]


@dataclass(frozen=True, slots=True)
class Layout:
    """A house's Word file with whole tags, and what speaks against filling it.

    `tree` is what the tags do together, with a line for each of `places`; where they cannot be read together, the values alone.
    """

    source: str
    document: Document
    tree: nodes.Template
    places: tuple[Message, ...]
    problems: tuple[Message, ...]

    def require_sound(self, more: Iterable[Message] = ()) -> None:
        """Check that nothing speaks against filling the file, and nothing more was found.

        Raises:
            InputError: with every place.
        """
        if problems := (*self.problems, *more):
            raise InputError(
                "{file}: this Word file cannot be filled: {count} places",
                file=self.source,
                count=len(problems),
                problems=problems,
            )

    def at_line(self, line: int, problem: Message) -> Message:
        """Return a problem with the place of this line."""
        return _told(self.places[min(line, len(self.places)) - 1], problem) if self.places else problem


def read_layout(content: bytes, source: str, environment: Environment, reader: TagReader = lambda _tags: str) -> Layout:
    """Return the file with its tags; what cannot be filled is among its problems.

    Args:
        content: the .docx.
        source: what the reader calls the file.
        environment: by whose syntax the tags are read.
        reader: given all tags, gives what one of them is read as, for those that write fields in words of their own.

    Raises:
        InputError: it is no .docx that may be opened.
    """
    document = open_package(source, content)
    problems = [*_problems_of_file(document)]
    found = [*_lines_of(document, reader)]
    for line in found:
        problems += (_told(line.place, problem) for problem in _problems_of_line(line, environment))
    places = tuple(line.place for line in found)
    try:
        tree = _parsed(environment, "\n".join(" ".join(map(_for_jinja, line.tags)) for line in found))
    except TemplateSyntaxError as error:
        values = ([_for_jinja(tag) for tag in line.tags if tag.startswith("{{")] for line in found)
        sound = (" ".join(value for value in line if _cause(value, environment) is None) for line in values)
        tree = _parsed(environment, "\n".join(sound))
        if not problems:
            place = places[min(error.lineno, len(places)) - 1]
            problems.append(_told(place, say("Jinja2 syntax is expected: {cause}", cause=error.message)))
    layout = Layout(source, document, tree, places, ())
    problems += (layout.at_line(node.lineno, _NO_ESCAPES) for node in tree.find_all(nodes.ScopedEvalContextModifier))
    return replace(layout, problems=tuple(problems))


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph with tags, or with what is left of one."""

    place: Message
    paragraph: XmlElement
    tags: tuple[str, ...]
    text: str


def _lines_of(document: Document, reader: TagReader) -> Iterator[_Line]:
    """Yield every paragraph with tags, which are made whole and stand as they are read from then on."""
    filled = [*filled_roots(document)]
    rewrite = reader(" ".join(tag for _, root in filled for tag in _TAG.findall(_text_of_all(root))))
    for part, root in filled:
        for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
            tags = _made_whole(paragraph, rewrite)
            text = _text_of(paragraph)
            if tags or _MARKS.search(text):
                yield _Line(_place(part, number, text), paragraph, tuple(tags), text)
        if part.keep is not None:
            part.keep()


def _parsed(environment: Environment, source: str) -> nodes.Template:
    try:
        environment.compile(source)  # which knows the filters, too, and computes what is the same each time
        return environment.parse(source)
    except (ValueError, ArithmeticError, MemoryError, RecursionError) as error:
        raise TemplateSyntaxError(str(error) or type(error).__name__, getattr(error, "lineno", 1)) from error


def _cause(source: str, environment: Environment) -> Message | None:
    """Return why this is no source of a template."""
    try:
        _parsed(environment, source)
    except TemplateSyntaxError as error:
        return say("Jinja2 syntax is expected: {cause}", cause=error.message)
    return None


_NO_ESCAPES: Final = say("every value is written as text; a block that turns this off is not allowed: remove it")


def _told(place: Message, problem: Message) -> Message:
    return say("{place}: {problem}", place=place, problem=problem)


def _place(part: "_Part", number: int, text: str) -> Message:
    found = _MARKS.search(text)
    around = text[max(0, found.start() - _EXCERPT) : found.end() + 2 * _EXCERPT] if found else text[: 3 * _EXCERPT]
    excerpt = f"“{' '.join(around.split())}”"
    if part.is_text:
        return say("paragraph {number}, {excerpt}", number=number, excerpt=excerpt)
    return say("{part}, paragraph {number}, {excerpt}", part=part.name, number=number, excerpt=excerpt)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that is filled, by the name that stands in the file; `keep` writes back what python-docx does not keep as a tree."""

    name: str
    keep: Callable[[], None] | None = None

    @property
    def is_text(self) -> bool:
        """It is the text itself, neither a margin nor a note."""
        return self.name == _TEXT


def filled_roots(document: Document) -> Iterator[tuple[_Part, XmlElement]]:
    """Yield every part that is filled with the root of its tree, the text first."""
    yield _Part(_TEXT), document.element.body
    for part in document.part.package.iter_parts():
        name = str(part.partname)
        if not _FILLED_PARTS.fullmatch(name) or part is document.part:
            continue
        short = name.rpartition("/")[2].removesuffix(".xml")
        if hasattr(part, "element"):
            yield _Part(short), part.element
        else:
            root = etree.fromstring(part.blob, _parser())
            yield _Part(short, _keeper(part, root)), root


def _keeper(part: Part, root: XmlElement) -> Callable[[], None]:
    def keep() -> None:
        part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001  # no other way

    return keep


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _problems_of_file(document: Document) -> Iterator[Message]:
    for part in document.part.package.iter_parts():
        name = str(part.partname)
        if not name.startswith("/word/") or not name.endswith(".xml"):
            continue
        root = part.element if hasattr(part, "element") else etree.fromstring(part.blob, _parser())
        short = name.rpartition("/")[2].removesuffix(".xml")
        if not _FILLED_PARTS.fullmatch(name):
            if _TAG.search("".join(root.itertext())):
                yield say(
                    "{part}: a tag stands where nothing fills it; move it into the text, a header or a footnote", part=short
                )
            continue
        if _has_tag_beside_text(root):
            yield say(
                "{part}: a tag stands in what nobody reads, such as the instruction of a field or the description of a picture; "
                "move it into the text",
                part=short,
            )
        if next(root.iter(*_CHANGES), None) is not None:
            yield say("{part}: one text is expected, got tracked changes; in Word accept or reject all of them", part=short)
        for instruction, _ in instructions(root):
            if command(instruction) in _CHANGING_FIELDS:
                yield say(
                    "{part}: a text that stays as it is is expected, got the field {field}; in Word click on it and press "
                    "Ctrl+Shift+F9",
                    part=short,
                    field=command(instruction),
                )
        for binding in [*root.iter(f"{W}dataBinding")]:  # Word would put another text in the place of the filled one
            binding.getparent().remove(binding)


def _has_tag_beside_text(root: XmlElement) -> bool:
    """Whether a tag begins in an attribute, or in anything that is written but is no text, over borders of elements too."""
    beside = "".join(_BESIDE_TEXT(root))
    return any(_BEGINS.search(one) for one in (beside, *_ATTRIBUTES(root), *(remark.text or "" for remark in _REMARKS(root))))


def _own_texts(paragraph: XmlElement) -> list[XmlElement]:
    """The elements with the paragraph's text, without those of paragraphs inside it, as in a text box."""
    return [one for one in paragraph.iter(f"{W}t") if next(one.iterancestors(f"{W}p")) is paragraph]


def _text_of(paragraph: XmlElement) -> str:
    return "".join(one.text or "" for one in _own_texts(paragraph))


def _text_of_all(root: XmlElement) -> str:
    return " ".join(_text_of(paragraph) for paragraph in root.iter(f"{W}p"))


def _made_whole(paragraph: XmlElement, rewrite: Rewrite) -> list[str]:
    """Return the paragraph's tags in order, each now standing in one element, in plain quotation marks and as it is read."""
    texts = _own_texts(paragraph)
    for one in texts:
        one.text = re.sub(r"[\t\r\n]", " ", one.text or "")  # which Word shows as spaces; filled in values they are line breaks
    tags: list[str] = []
    for found in reversed([*_TAG.finditer("".join(one.text for one in texts))]):
        tags.append(_rewritten(found.group().translate(_PLAIN_QUOTES), rewrite))
        _put(texts, found.start(), found.end(), tags[-1])
    return tags[::-1]


def _rewritten(tag: str, rewrite: Rewrite) -> str:
    """The tag as it is read; the letter for what is around it stays."""
    around = _AROUND.match(tag)
    if around is None:
        return rewrite(tag)
    bare = rewrite("{" + around["kind"] + tag[around.end() :])
    return bare[:2] + around["around"] + " " + bare[2:].lstrip()


def _put(texts: list[XmlElement], start: int, end: int, tag: str) -> None:
    at = 0
    for one in texts:
        length = len(one.text)
        first, last = max(start - at, 0), min(end - at, length)
        if first < last:
            begins = at <= start
            one.text = one.text[:first] + (tag if begins else "") + one.text[last:]
            one.set(XML_SPACE, "preserve")
        at += length


def _for_jinja(tag: str) -> str:
    """Return the tag as Jinja alone would read it."""
    if found := _OF_DOCXTPL.fullmatch(tag):
        return "{{ " + found["value"] + " }}" if found["value"] else ""
    return _AROUND.sub(r"{\g<kind>", tag).replace("\n", " ")


def _problems_of_line(line: _Line, environment: Environment) -> Iterator[Message]:
    if left := _MARKS.search(_TAG.sub("", line.text)):
        yield say("a tag that begins and ends in this paragraph is expected, got {mark} alone", mark=left.group())
    for tag in line.tags:
        around = _AROUND.match(tag)
        if around is not None and around["kind"] == "{":
            yield say(
                "{tag}: a value stands in a line of text; write it without the letter {letter}", tag=tag, letter=around["around"]
            )
        elif around is not None and around["around"] in _CONTAINERS and _has_more(line.paragraph, around["around"]):
            yield say(
                "{tag}: {container} around this tag is taken out when the file is filled, and something else stands in it, such "
                "as text, a picture or a page break; put the tag there alone",
                tag=tag,
                container=_CONTAINER_NAMES[around["around"]],
            )
        elif tag.startswith("{{") and (cause := _cause(_for_jinja(tag), environment)) is not None:
            yield cause


def _has_more(paragraph: XmlElement, around: str) -> bool:
    """Whether beside the tag something else stands in what goes with it."""
    container = next((one for one in (paragraph, *paragraph.iterancestors()) if one.tag == _CONTAINERS[around]), paragraph)
    text = "".join(one.text or "" for one in container.iter(f"{W}t"))
    return bool(_TAG.sub("", text).strip()) or len(_TAG.findall(text)) > 1 or holds_more_than_text(container)


def holds_more_than_text(container: XmlElement) -> bool:
    """Whether a picture, a note, or the end of a page or section stands in it, which would go with it unseen."""
    if next(container.iter(*_MORE_THAN_TEXT), None) is not None:
        return True
    return any(one.get(f"{W}type") in {"page", "column"} for one in container.iter(f"{W}br"))
