"""Which language and which numerals a text is written in, told by its letters. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from mou.thai import Numerals
from mou.word_import.elements import Element, SignatureBlock, texts_in

_THAI: Final = re.compile("[\u0e01-\u0e2e]")
_LATIN_WORDS: Final = re.compile(r"[A-Za-z]{2,}[^A-Za-z]+[A-Za-z]{2,}")


def language_of(elements: tuple[Element, ...]) -> str:
    """Return `en` for words without one Thai letter and at least two English ones, else `th`."""
    text = " ".join(_words_in(elements))
    return "en" if not _THAI.search(text) and _LATIN_WORDS.search(text) else "th"


def has_english_passages(elements: tuple[Element, ...]) -> bool:
    """Whether some paragraphs are English in a text that is Thai."""
    return language_of(elements) == "th" and any(language_of((one,)) == "en" for one in texts_in(elements))


def numerals_of(elements: tuple[Element, ...]) -> tuple[Numerals, bool]:
    """Return the numerals of most numbers, and whether both kinds are used; English passages and signatories do not count."""
    outside = tuple(one for one in elements if not isinstance(one, SignatureBlock))
    texts = [text for one in texts_in(outside) if language_of((one,)) == "th" for text in _words_in((one,))]
    thai = sum(len(re.findall("[๐-๙]+", text)) for text in texts)
    arabic = sum(len(re.findall("(?<![A-Za-z0-9-])[0-9]+(?![A-Za-z0-9])", text)) for text in texts)
    if thai == arabic == 0:
        return ("thai" if language_of(elements) == "th" else "arabic"), False
    return ("thai" if thai >= arabic else "arabic"), bool(thai and arabic)


def _words_in(elements: tuple[Element, ...]) -> Iterator[str]:
    for one in texts_in(elements):
        yield one.number
        yield from (piece.text for piece in one.pieces if not piece.is_tag)
