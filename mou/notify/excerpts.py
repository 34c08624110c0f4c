"""Foreign words inside our own: on one line, cut short at a whole letter, or quoted. Pure."""

import unicodedata
from typing import Final

ELLIPSIS: Final = "…"

_BEFORE_ITS_CONSONANT: Final = "เแโใไ"
_LONGEST_QUOTE: Final = 2_000


def one_line(text: str) -> str:
    """The text on one line, without control characters, so that it stays where it was put."""
    return " ".join("".join(character if _is_seen(character) else " " for character in text).split())


def shortened(text: str, limit: int) -> str:
    """The text on one line in at most `limit` characters; where it is cut, no letter loses its vowel or its tone mark."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    end = limit - len(ELLIPSIS)
    while end > 0 and _belongs_to_the_letter_before(line[end]):
        end -= 1
    return line[:end].rstrip(f" {_BEFORE_ITS_CONSONANT}") + ELLIPSIS


def quoted(text: str) -> str:
    """The text as somebody else wrote it, each line marked as a quotation; what is not to be seen is left out."""
    short = text if len(text) <= _LONGEST_QUOTE else shortened_lines(text)
    return "\n".join(f"> {one_line(line)}".rstrip() for line in short.strip().splitlines())


def shortened_lines(text: str) -> str:
    """The text's beginning, its lines kept, as long as a quotation may be."""
    return text[:_LONGEST_QUOTE].rstrip() + ELLIPSIS


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}


def _belongs_to_the_letter_before(character: str) -> bool:
    """Whether a cut before this character would part it from its letter: a mark, or a vowel that stands behind."""
    return unicodedata.category(character).startswith("M") or character in "ะาำๅ"
