"""A word that stands twice where the template's own words meet a value: โครงการ before a value that begins with โครงการ. Pure.

Thai repeats a word with ๆ, so that a word twice is seldom meant. Left out is การ, which ends one noun and begins the next
(คณะกรรมการการเลือกตั้ง).
"""

import re
from collections.abc import Iterator
from typing import Final

from mou.template_checks.findings import NOT_OWN, Finding, excerpt, warning
from mou.template_checks.finished_text import TemplateText
from signatures.messages import say

_EDGE: Final = re.compile(rf"(?<=[^{NOT_OWN}])(?= ?{NOT_OWN})|(?<={NOT_OWN})(?= ?[^{NOT_OWN} ])")
_LABELS: Final = "วัน|วันที่|ที่|เลขที่|ฉบับที่|ตำแหน่ง|โครงการ|ตำบล|อำเภอ|จังหวัด|ถนน|นาย|นาง|นางสาว"
_LABEL_TWICE: Final = re.compile(rf"(?P<word>{_LABELS}) ?(?P=word)(?!ๆ)")
_SHORTEST: Final = 3  # letters
_LONGEST: Final = 24
_NEVER: Final = frozenset({"การ", "ความ"})


def repeated_words(text: TemplateText) -> Iterator[Finding]:
    """Yield the first word of each paragraph that the template writes and a value repeats."""
    for paragraph in text.paragraphs:
        if paragraph.language != "th":
            continue
        match = next(_repeated(paragraph.text, paragraph.own), None)
        if match is not None:
            start, end, word = match
            yield warning(
                "word_repeated",
                text.place(paragraph, paragraph.own.rfind(NOT_OWN, 0, start) + 1, start + len(word)),
                say("{word} stands twice in {excerpt}", word=f"“{word}”", excerpt=excerpt(paragraph.text, start, end)),
                say("leave the word out of the text or of the example, and let the field's label say which of the two it is"),
            )


def _repeated(text: str, own: str) -> Iterator[tuple[int, int, str]]:
    """Where a word ends and begins again around the edge of a value, or a label stands twice; with the word."""
    for edge in _EDGE.finditer(own):
        at = edge.start()
        before, after = text[:at], text[at:].lstrip(" ")
        for length in range(_LONGEST, _SHORTEST - 1, -1):
            word = before[-length:]
            if len(word) == length and after.startswith(word) and word.isprintable() and re.fullmatch("[ก-๎]+", word):
                if word not in _NEVER:
                    yield at - length, at + length, word
                break
    for match in _LABEL_TWICE.finditer(text):
        if NOT_OWN in own[match.start() : match.end()] and own[match.start()] != NOT_OWN:
            yield match.start(), match.end(), match["word"]
