"""The characters of a template's own words: seen, in the order in which a search finds them, and in the font. Pure.

1. U+2060 makes new breaks inside Thai words; another character that nobody sees is in nobody's interest.
2. U+00A0 before a Thai letter protects nothing: a line may end there all the same. Before ๆ it does.
3. A tone mark before its vowel, ํ and า for ำ, เเ for แ, a mark twice: each looks right and is another word for a search.
4. A character that the font lacks would be an empty box, or drawn in some other font.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from mou.organisations.names import untypical_marks
from mou.template_checks.findings import NOT_OWN, Finding, error, excerpt, warning
from mou.template_checks.source_words import SourceLine
from mou.thai import invisible_characters
from signatures.messages import Message, say

_WORD_JOINER: Final = "\u2060"
_ONLY_BREAKS: Final = frozenset("\u200b\u00ad")
_DRAWN_BY_LAYOUT: Final = frozenset("\t\n\f\r \u200b\ufeff")
_USELESS_SPACE: Final = re.compile("\u00a0(?=[\u0e01-\u0e45\u0e47-\u0e5b])")
_DECOMPOSED: Final = re.compile("\u0e4d[\u0e48-\u0e4b]?\u0e32")
_ORPHAN: Final = re.compile("(?:^|[^\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")


def unseen_characters(line: SourceLine) -> Iterator[Finding]:
    """Yield each kind of character in the line that nobody sees."""
    text = line.text.replace("\t", " ").replace(NOT_OWN, " ").replace("\ufeff", "" if line.number == 1 else "\ufeff")
    for character in dict.fromkeys(one for one in text if invisible_characters(one)):
        at = text.index(character)
        found = say(
            "{character} stands in {excerpt}, where nobody sees it",
            character=invisible_characters(character)[0],
            excerpt=excerpt(text, at, at + 1),
        )
        if character == _WORD_JOINER:
            remedy = say("remove it: it breaks Thai words apart; protect a name with {span} instead", span='<span class="nb">')
            yield error("character_unseen", line.place, found, remedy)
        elif character in _ONLY_BREAKS:
            yield warning("character_unseen", line.place, found, say("remove it: the program finds where a Thai line may end"))
        else:
            yield error("character_unseen", line.place, found, say("remove it, or type the words again"))


def useless_spaces(line: SourceLine) -> Iterator[Finding]:
    """Yield the no-break space in the line that protects nothing."""
    if match := _USELESS_SPACE.search(line.text):
        yield warning(
            "no_break_space_useless",
            line.place,
            say("U+00A0 (&nbsp;) stands before a Thai letter in {excerpt}", excerpt=_around(line, match)),
            say("put {span} around what must stay on one line: a line ends at U+00A0 all the same", span='<span class="nb">'),
        )


def misplaced_marks(line: SourceLine) -> Iterator[Finding]:
    """Yield the marks in the line that look right and are another text."""
    for place in untypical_marks(line.text.replace(NOT_OWN, "ก")):
        if _ORPHAN.fullmatch(place):
            continue  # after a value or a tag nobody knows what is before it
        at = line.text.find(place)
        yield error(
            "marks_misplaced",
            line.place,
            say(
                "{excerpt} is typed as {marks}",
                excerpt=excerpt(line.text, at, at + len(place)),
                marks=" ".join(f"U+{ord(mark):04X}" for mark in place),
            ),
            _remedy_for(place),
        )
    if not untypical_marks(line.text) and (changed := _changed_by_nfc(line.text)) is not None:
        yield error(
            "text_decomposed",
            line.place,
            say("{excerpt} is not in NFC, the one spelling of each letter", excerpt=excerpt(line.text, changed, changed + 1)),
            say("type the word again, or save the file with composed letters (NFC)"),
        )


def missing_glyphs(line: SourceLine, drawable: frozenset[int], font: str) -> Iterator[Finding]:
    """Yield each character in the line that the font cannot draw."""
    for character in dict.fromkeys(line.text):
        if character in _DRAWN_BY_LAYOUT or character == NOT_OWN or ord(character) in drawable or invisible_characters(character):
            continue
        at = line.text.index(character)
        yield error(
            "glyph_missing",
            line.place,
            say(
                "the font {font} has no glyph for {character} ({code} {name}) in {excerpt}",
                font=font,
                character=character,
                code=f"U+{ord(character):04X}",
                name=unicodedata.name(character, "unnamed"),
                excerpt=excerpt(line.text, at, at + 1),
            ),
            say("write another character, or draw the sign with a border or an image"),
        )


def _remedy_for(place: str) -> Message:
    if _DECOMPOSED.fullmatch(place):
        return say("type ำ as one character (U+0E33)")
    if place == "เเ":
        return say("type แ as one character (U+0E41)")
    if len(place) > 1 and place[0] == place[1]:
        return say("type the mark once")
    return say("type the vowel before the tone mark")


def _changed_by_nfc(text: str) -> int | None:
    composed = unicodedata.normalize("NFC", text)
    if composed == text:
        return None
    return next((at for at, (one, other) in enumerate(zip(text, composed, strict=False)) if one != other), len(text) - 1)


def _around(line: SourceLine, match: re.Match[str]) -> str:
    return excerpt(line.text, match.start(), match.end())
