"""Finished paragraphs -> their outline: articles, chapters and annexes with their numbers, and the items of each article. Pure.

1. A heading that begins with ข้อ, หมวด, ภาคผนวก, Article, Chapter or Annex and a number is that. In a text whose headings have no
   article at all, paragraphs that begin with ข้อ or Article and a number are its articles.
2. An item is a paragraph that begins with a number of its own: ๕.๑, (ก), (1), or what the markup sets apart as its number.
3. Numbers are compared in Arabic digits, letters without their brackets.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mou.template_checks.finished_text import Paragraph
from mou.thai import to_arabic_digits


class Series(StrEnum):
    """What is counted: each by itself, in each language."""

    ARTICLE = "article"
    CHAPTER = "chapter"
    ANNEX = "annex"


WORDS: Final[Mapping[str, Series]] = {
    "ข้อ": Series.ARTICLE,
    "Article": Series.ARTICLE,
    "หมวด": Series.CHAPTER,
    "Chapter": Series.CHAPTER,
    "ภาคผนวก": Series.ANNEX,
    "Annex": Series.ANNEX,
    "Appendix": Series.ANNEX,
}
NUMBER: Final = r"[0-9๐-๙]+"
_HEAD: Final = re.compile(
    rf"(?P<word>{'|'.join(WORDS)})(?:ที่)?[ \u00a0]?(?P<number>{NUMBER}|[ก-ฮA-Z])(?P<deeper>(?:\.{NUMBER})*)(?![0-9๐-๙ก-๛A-Za-z])"
)
_ITEM: Final = re.compile(rf"(?P<label>\((?:{NUMBER}|[ก-ฮa-z])\)|{NUMBER}(?:\.{NUMBER})+|{NUMBER}[.)])(?![0-9๐-๙.])")


@dataclass(frozen=True, slots=True)
class Numbered:
    """An article, a chapter or an annex: its number in Arabic digits or its letter, and how far its head reaches."""

    series: Series
    number: str
    paragraph: Paragraph
    end: int

    @property
    def shown(self) -> str:
        """The head as the text writes it."""
        return self.paragraph.text[: self.end]


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered paragraph of an article; `label` is as `plain_label` gives it."""

    label: str
    shown: str
    article: str
    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text counts."""

    numbered: tuple[Numbered, ...]
    items: tuple[Item, ...]

    def of(self, series: Series, language: str) -> tuple[Numbered, ...]:
        """Return what is counted in this series in this language."""
        return tuple(one for one in self.numbered if one.series is series and one.paragraph.language == language)

    def items_of(self, article: str, language: str) -> frozenset[str]:
        """Return the labels of the items of an article, by its number."""
        return frozenset(one.label for one in self.items if one.article == article and one.paragraph.language == language)


def outline_of(paragraphs: Sequence[Paragraph]) -> Outline:
    """Return the outline of these paragraphs."""
    heads = [found for one in paragraphs if one.level and (found := _head(one))]
    if not any(one.series is Series.ARTICLE for one in heads):
        heads = [found for one in paragraphs if (found := _head(one)) and (one.level or found.series is Series.ARTICLE)]
    by_paragraph = {id(one.paragraph): one for one in heads}
    items: list[Item] = []
    article: dict[str, str] = {}
    for paragraph in paragraphs:
        head = by_paragraph.get(id(paragraph))
        if head is not None:
            article[paragraph.language] = head.number if head.series is Series.ARTICLE else ""
        elif paragraph.level:
            article[paragraph.language] = ""
        elif label := _label(paragraph):
            items.append(Item(plain_label(label), label, article.get(paragraph.language, ""), paragraph))
    return Outline(tuple(heads), tuple(items))


def plain_label(label: str) -> str:
    """Return what tells an item from its like: (ก) is ก, ๕.๑ is 5.1, ๓. is 3."""
    return to_arabic_digits(label).strip(" ().")


def numbers_of(numbered: Sequence[Numbered]) -> Iterator[int]:
    """Yield the numbers of those that have one and no letter."""
    yield from (int(one.number) for one in numbered if one.number.isdigit())


def _head(paragraph: Paragraph) -> Numbered | None:
    match = _HEAD.match(paragraph.text)
    if match is None or match["deeper"] or paragraph.is_cell:
        return None
    return Numbered(WORDS[match["word"]], to_arabic_digits(match["number"]), paragraph, match.end())


def is_item(paragraph: Paragraph) -> bool:
    """Whether the paragraph begins with a number of its own."""
    return bool(_label(paragraph))


def _label(paragraph: Paragraph) -> str:
    """The number in front of a paragraph; one that stands in a cell counts rows, and no items."""
    if paragraph.is_cell:
        return ""
    if paragraph.number:
        return paragraph.number
    match = _ITEM.match(paragraph.text)
    return match["label"] if match else ""
