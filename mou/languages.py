"""The languages of a document: which text prevails, and in which language each piece of its markup is. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """A language in which the program can say which text prevails; the value is its tag (BCP 47)."""

    THAI = "th"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Piece:
    """A tag, a comment, or the text between two of them, as the markup has it; `start` counts characters from 0."""

    source: str
    start: int
    is_text: bool
    language: str


_NAMES: Final[Mapping[Language, Mapping[Language, str]]] = {
    Language.THAI: {Language.THAI: "ภาษาไทย", Language.ENGLISH: "ภาษาอังกฤษ"},
    Language.ENGLISH: {Language.THAI: "Thai", Language.ENGLISH: "English"},
}
_THIS_DOCUMENT: Final = {
    Language.THAI: {True: "ธรรมนูญนี้", False: "บันทึกความเข้าใจนี้"},
    Language.ENGLISH: {True: "This Charter", False: "This Memorandum"},
}
_AND: Final = {Language.THAI: "และ", Language.ENGLISH: " and "}
_SENTENCES: Final = {
    Language.THAI: "{document}ทำขึ้นเป็น{languages} หากข้อความในแต่ละภาษาขัดหรือแย้งกัน ให้ถือข้อความ{prevailing}เป็นหลัก",
    Language.ENGLISH: "{document} is made in {languages}. If the texts differ in meaning, the {prevailing} text prevails.",
}

_MARKUP_OR_TEXT: Final = re.compile(
    r"""(?P<raw><!--.*?-->|<![^>]*>|<(?P<element>head|style|script)\b.*?</(?P=element)\s*>)|(?P<tag><(?:[^<>"']|"[^"]*"|'[^']*')*>)|(?P<text>[^<]+)""",
    re.DOTALL | re.IGNORECASE,
)
_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>[a-z][\w-]*)", re.IGNORECASE)
_STATED: Final = re.compile(r"""\slang\s*=\s*["']?([\w-]*)""", re.IGNORECASE)
_VOID: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# The next one of these ends one that was left open.
_ENDED_BY_THEIR_LIKE: Final = frozenset({"p", "li", "dt", "dd", "tr", "td", "th"})
# From the first Thai letter to the last, with what is not Latin between them: a name with its number is one run.
_THAI_RUN: Final = re.compile("[ก-๛](?:[^a-z<>]*[ก-๛])?", re.IGNORECASE)


def prevailing_sentences(languages: Sequence[Language], prevailing: Language, *, is_charter: bool) -> dict[Language, str]:
    """Return the sentence that says in which languages the document is made and whose text prevails, in each of them."""
    return {
        one: _SENTENCES[one].format(
            document=_THIS_DOCUMENT[one][is_charter],
            languages=_AND[one].join(_NAMES[one][other] for other in languages),
            prevailing=_NAMES[one][prevailing],
        )
        for one in languages
    }


def pieces_of(markup: str, main: str) -> Iterator[Piece]:
    """Yield the markup piece by piece, each in the language of the nearest element with `lang`, else in `main`.

    Only the first part of a tag counts: en-GB is en. The head of a page is one piece without text.
    """
    opened: list[tuple[str, str]] = []
    for match in _MARKUP_OR_TEXT.finditer(markup):
        if match["tag"]:
            _follow(match["tag"], opened, main)
        yield Piece(match.group(), match.start(), match["text"] is not None, opened[-1][1] if opened else main)


def _follow(tag: str, opened: list[tuple[str, str]], main: str) -> None:
    """Bring the open elements, each with its language, up to date after a tag."""
    found = _TAG.match(tag)
    if found is None:
        return
    name = found["name"].lower()
    if found["end"]:
        depth = next((depth for depth in reversed(range(len(opened))) if opened[depth][0] == name), len(opened))
        del opened[depth:]
        return
    if name in _ENDED_BY_THEIR_LIKE and opened and opened[-1][0] == name:
        opened.pop()
    if name not in _VOID:
        stated = _STATED.search(tag)
        inherited = opened[-1][1] if opened else main
        opened.append((name, stated[1].lower().partition("-")[0] if stated else inherited))


def mark_thai_in_english(markup: str, main: str) -> str:
    """Return the markup with each run of Thai in an English element marked as Thai, such as a name that a field brought."""
    return "".join(
        _THAI_RUN.sub('<span lang="th">\\g<0></span>', piece.source)
        if piece.is_text and piece.language == Language.ENGLISH
        else piece.source
        for piece in pieces_of(markup, main)
    )
