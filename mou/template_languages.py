"""What the text of a template with several languages must mark, so that a screen reader reads each in its own voice.

1. `<html lang>` is the main language, the first of `languages`.
2. The sentence that says which text prevails comes from the program, and is printed in an element of each language.
3. Text stands as HTML, not as a literal that code prints: a literal does not show in which language its place is.
4. No Thai letter stands in an English element. What a field brings is marked when the template is filled.
5. No three Latin words in a row stand in a Thai element; fewer are a name or an abbreviation.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from mou.languages import Language, Piece, pieces_of
from signatures.messages import Message, say

_COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
_CODE: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_PRINTING: Final = re.compile(r"\{\{|\{%-?\s*(?:set|call)\b")
_LITERAL: Final = re.compile(r'"[^"]*"|\'[^\']*\'')
_HTML: Final = re.compile(r"<html[\s>]", re.IGNORECASE)
_THAI: Final = re.compile("[ก-ฺเ-๎]+")
_LATIN_WORDS: Final = re.compile(r"(?:[a-z][a-z'’-]+[\s,;:().“”]+){2}[a-z][a-z'’-]+", re.IGNORECASE)
_STRANGERS: Final = {Language.ENGLISH: (_THAI, Language.THAI), Language.THAI: (_LATIN_WORDS, Language.ENGLISH)}


def language_problems(folder: Path, sources: Mapping[str, str], languages: Sequence[Language]) -> Iterator[Message]:
    """Yield each place where the sources of a template break the rules above; the first of `languages` is the main one."""
    printed: set[str] = set()
    for name, source in sources.items():
        text = _COMMENT.sub(_blank, source)
        pieces = list(pieces_of(_CODE.sub(_blank, text), languages[0]))
        printed.update(_printed_sentences(text, pieces))
        for at, told in (*_literals(text), *_wrong_root(pieces, languages[0]), *_strangers(pieces)):
            line = source.count("\n", 0, at) + 1
            yield say("{path}, line {line}: {told}", path=folder / name, line=line, told=told)
    for one in languages:
        if one not in printed:
            yield say(
                "{folder}: the sentence that says which text prevails is expected in each language; "
                "print {field} in an element with that language",
                folder=folder,
                field="{{ template.prevailing." + one + " }}",
            )


def _blank(match: re.Match[str]) -> str:
    """White space in place of code: as long, with its line ends."""
    return re.sub(r"[^\n]", " ", match.group())


def _printed_sentences(text: str, pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        code = text[piece.start : piece.start + len(piece.source)]
        if piece.is_text and re.search(rf"\{{\{{-?\s*template\.prevailing\.{re.escape(piece.language)}\b", code):
            yield piece.language


def _literals(text: str) -> Iterator[tuple[int, Message]]:
    for code in _CODE.finditer(text):
        for literal in _LITERAL.finditer(code.group()) if _PRINTING.match(code.group()) else ():
            if _THAI.search(literal.group()) or _LATIN_WORDS.search(literal.group()):
                yield (
                    code.start() + literal.start(),
                    say("text as HTML in an element of its language is expected, got the literal {text}", text=literal.group()),
                )


def _wrong_root(pieces: Sequence[Piece], main: Language) -> Iterator[tuple[int, Message]]:
    for piece in pieces:
        if _HTML.match(piece.source) and piece.language != main:
            yield (
                piece.start,
                say(
                    '<html lang="{main}">, the first of languages, is expected, got {got!r}', main=main.value, got=piece.language
                ),
            )


def _strangers(pieces: Sequence[Piece]) -> Iterator[tuple[int, Message]]:
    for piece in pieces:
        if not piece.is_text or piece.language not in _STRANGERS:
            continue
        pattern, other = _STRANGERS[Language(piece.language)]
        if found := pattern.search(html.unescape(piece.source)):
            yield (
                piece.start + max(piece.source.find(found.group()), 0),
                say(
                    'text in the language {language} is expected here, got “{text}”; mark it with <span lang="{other}">',
                    language=piece.language,
                    text=found.group(),
                    other=other.value,
                ),
            )
