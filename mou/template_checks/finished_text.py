"""A template filled with its examples -> its paragraphs as a reader meets them, the template's own words told from values. Pure.

1. A paragraph is a block of one language: a heading, a paragraph, a cell. Where an element states another language, another
   paragraph begins.
2. A paragraph under a heading belongs to that article, chapter or annex.
3. Values that fields bring are marked while the template runs, so that a rule about its words leaves a name of others alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Final

from markupsafe import Markup, escape

from mou.ceremony import Period
from mou.field_values import context_of
from mou.models import FilledDocument
from mou.template_checks.examples import Example
from mou.template_checks.findings import NOT_OWN, Place
from mou.template_checks.source_words import SourceLine, place_of
from mou.template_source import FIELD_ROOTS, sandbox
from mou.templates import MARKUP, Template
from mou.thai import Numerals

_OPEN, _CLOSE = Markup("\ue000"), Markup("\ue001")
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "figcaption", "figure"),
        *("footer", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
        *_HEADINGS,
    )
)
_UNREAD: Final = frozenset(("head", "script", "style", "template", "title", "svg"))
_VOID: Final = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
_NUMBER_CLASSES: Final = frozenset(("number", "article-number"))
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of the finished text.

    `own` is as long as `text`, with U+FFFC for what fields brought; `number` is the number in front, where the markup tells it
    from the words; `lines` is the text as `<br>` divides it; `article` is the heading's number, such as ข้อ ๕, or its words.
    """

    text: str
    own: str
    language: str
    level: int = 0
    number: str = ""
    article: str = ""
    lines: tuple[str, ...] = ()
    is_annex: bool = False
    is_cell: bool = False


@dataclass(frozen=True, slots=True)
class TemplateText:
    """What a rule about the text reads: the finished paragraphs, and the lines of the template that they came from."""

    paragraphs: tuple[Paragraph, ...]
    lines: tuple[SourceLine, ...]
    numerals: Numerals = "thai"
    is_charter: bool = False

    def place(self, paragraph: Paragraph, start: int = 0, end: int | None = None) -> Place:
        """Return where a piece of a paragraph stands, the whole of it without a start."""
        return place_of(self.lines, paragraph.text, start, len(paragraph.text) if end is None else end, article=paragraph.article)


class _Value(str):
    """A text that a field brought, which marks itself when it is printed."""

    __slots__ = ()

    def __html__(self) -> str:
        return _OPEN + escape(str(self)) + _CLOSE


def context_for(template: Template, example: Example, filled: FilledDocument) -> dict[str, object]:
    """Return what the text of the template reads when it is filled with this example, of which `filled` came."""
    return context_of(
        template,
        example.ceremony,
        None if template.is_joint else example.organisations[0],
        example.organisations if template.is_joint else (),
        example.charter,
        slots=filled.slots,
        number=filled.document_number,
        sequence=0 if template.is_joint else 1,
    )


def finished_text(template: Template, context: Mapping[str, object]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of the template filled with this context.

    Raises:
        jinja2.TemplateError, UnprintableValueError: the template cannot run with it.
    """
    environment = sandbox(dict(template.sources), template.numerals)
    environment.filters["lines"] = _marking(environment.filters["lines"])
    return paragraphs_of(environment.get_template(MARKUP).render(_marked_context(context)), template.language)


def paragraphs_of(markup: str, language: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a page; `language` is that of what states none."""
    reader = _Reader(language)
    reader.feed(markup)
    reader.close()
    reader.end_paragraph()
    return _in_articles(reader.paragraphs)


def _marked_context(context: Mapping[str, object]) -> dict[str, object]:
    marked = {name: _marked(value) if name in FIELD_ROOTS else value for name, value in context.items()}
    slots = _marked(context["slots"])
    assert isinstance(slots, list)
    return {
        **marked,
        "slots": slots,
        "slots_of": lambda role: [slot for slot in slots if slot.role == role],
        "slot_of": lambda role: next(slot for slot in slots if slot.role == role),
    }


def _marked(value: object) -> object:
    if isinstance(value, str):
        return _Value(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_marked(one) for one in value)
    if isinstance(value, SimpleNamespace):
        return SimpleNamespace(**{name: _marked(one) for name, one in vars(value).items()})
    if isinstance(value, Period):
        return replace(value, title=_Value(value.title))
    return value


def _marking(write: object) -> object:
    """The filter that breaks a name into lines, which would leave its mark behind."""
    assert callable(write)

    def written(text: object, *arguments: object) -> object:
        lines = write(text, *arguments)
        return _OPEN + lines + _CLOSE if isinstance(text, _Value) else lines

    return written


@dataclass(slots=True)
class _Open:
    """An element whose end has not come."""

    tag: str
    language: str
    is_unread: bool
    is_number: bool
    is_annex: bool
    states_language: bool


class _Reader(HTMLParser):
    """What collects the paragraphs while the markup goes by."""

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[Paragraph] = []
        self._language = language
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._number: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = dict(attrs)
        if tag == "br":
            self._text.append("\n")
        language = (stated.get("lang") or "").lower().partition("-")[0]
        if tag in _BLOCKS or (language and language != self._now()):
            self.end_paragraph()
        if tag in _VOID:
            return
        classes = frozenset((stated.get("class") or "").split())
        self._open.append(
            _Open(
                tag,
                language or self._now(),
                is_unread=tag in _UNREAD or self._any("is_unread"),
                is_number=bool(classes & _NUMBER_CLASSES),
                is_annex="annex" in classes or self._any("is_annex"),
                states_language=bool(language) and language != self._now(),
            )
        )

    def handle_endtag(self, tag: str) -> None:
        if not any(one.tag == tag for one in self._open):
            return
        if tag in _BLOCKS:
            self.end_paragraph()
        while (last := self._open.pop()).tag != tag:
            pass
        if last.is_number:
            self._text.append(" ")
        if last.states_language:
            self._open.append(last)
            self.end_paragraph()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._any("is_unread"):
            return
        if self._any("is_number"):
            self._number.append(data)
        self._text.append(_SPACES.sub(" ", data))

    def end_paragraph(self) -> None:
        """Take what was read since the last paragraph."""
        marked = "".join(self._text)
        number = _without_marks("".join(self._number)).strip()
        self._text.clear()
        self._number.clear()
        text, own = _told_apart(marked)
        if text:
            tags = [one.tag for one in self._open]
            self.paragraphs.append(
                Paragraph(
                    text,
                    own,
                    self._now(),
                    level=next((_HEADINGS[tag] for tag in tags if tag in _HEADINGS), 0),
                    number=number,
                    lines=tuple(line for one in _without_marks(marked).split("\n") if (line := one.strip(" "))),
                    is_annex=self._any("is_annex"),
                    is_cell="td" in tags or "th" in tags,
                )
            )

    def _now(self) -> str:
        return self._open[-1].language if self._open else self._language

    def _any(self, fact: str) -> bool:
        return any(getattr(one, fact) for one in self._open)


def _told_apart(marked: str) -> tuple[str, str]:
    """The text with single spaces, and the same with U+FFFC for every character that a field brought."""
    text: list[str] = []
    own: list[str] = []
    depth = 0
    for character in marked.replace("\n", " ").strip(" "):
        if character in {_OPEN, _CLOSE}:
            depth += 1 if character == _OPEN else -1
        elif character != " " or (text and text[-1] != " "):
            text.append(character)
            own.append(NOT_OWN if depth else character)
    while text and text[-1] == " ":
        text.pop()
        own.pop()
    return "".join(text), "".join(own)


def _without_marks(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


_OF_ARTICLE: Final = re.compile(r"(?:ข้อ|หมวด|ภาคผนวก|Article|Chapter|Annex|Section)\s?[0-9๐-๙]+(?:\.[0-9๐-๙]+)*")


def _in_articles(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """The paragraphs, each with the heading above it: its number, else its words."""
    placed: list[Paragraph] = []
    article = ""
    for one in paragraphs:
        if one.level > 1 and one.language == paragraphs[0].language:
            found = _OF_ARTICLE.match(one.text.replace("\u00a0", " "))
            article = found.group() if found else one.text
        placed.append(replace(one, article=article))
    return tuple(placed)
