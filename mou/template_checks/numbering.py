"""Whether the numbers of a finished text are in order: those of articles, chapters, annexes and items, and stated counts. Pure.

1. Articles count on from one to the next, through all chapters; chapters and annexes likewise, and each language by itself.
2. ๕.๑ stands in article ๕. Items count on, and begin again where another list begins.
3. Where a sentence counts what the list below it holds, it holds as many.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from mou.template_checks.findings import Finding, error, warning
from mou.template_checks.finished_text import TemplateText
from mou.template_checks.outline import Item, Numbered, Outline, Series
from mou.thai import in_numerals, letter, number_in_words, to_arabic_digits
from signatures.messages import say

_LETTERS: Final = tuple(letter(number).strip("()") for number in range(1, 42))
_IN_WORDS: Final = {number_in_words(number): number for number in range(1, 100)}
_COUNT: Final = re.compile(
    rf"(?P<count>[0-9๐-๙]+|{'|'.join(sorted(_IN_WORDS, key=len, reverse=True))}) ?"
    r"(?P<unit>ข้อ|ประการ|พื้นที่|แห่ง|องค์กร|ฉบับ|เรื่อง|ด้าน|ประเด็น|รายการ|แผน|ขั้นตอน|ระยะ) ?(?:ดังต่อไปนี้|ดังนี้|ได้แก่|คือ)$"
)


def disordered_numbers(text: TemplateText, outline: Outline) -> Iterator[Finding]:
    """Yield each article, chapter and annex whose number stands there twice, is out of order, or comes after a gap."""
    for series in Series:
        for language in sorted({one.paragraph.language for one in outline.numbered}):
            counted = [one for one in outline.of(series, language) if one.number.isdigit()]
            if series is Series.ARTICLE:
                main = [one for one in counted if not one.paragraph.is_annex]
                yield from _disordered(text, main)
            else:
                yield from _disordered(text, counted)


def disordered_items(text: TemplateText, outline: Outline) -> Iterator[Finding]:
    """Yield each item that is numbered as another article's, and each that does not follow the one before it."""
    last: dict[tuple[str, str, str], tuple[int, Item]] = {}
    for item in outline.items:
        prefix, _, deepest = item.label.rpartition(".")
        number = _LETTERS.index(deepest) + 1 if deepest in _LETTERS else int(deepest) if deepest.isdigit() else 0
        if not number:
            continue
        if prefix and item.article and prefix.partition(".")[0] != item.article:
            yield error(
                "item_of_other_article",
                text.place(item.paragraph),
                say("{item} stands in {article}", item=item.shown, article=item.paragraph.article),
                say("number it as an item of its article"),
            )
            continue
        key = (item.paragraph.article, item.paragraph.language, f"{prefix}{'a' if deepest in _LETTERS else ''}")
        before = last.get(key)
        last[key] = (number, item)
        if before is not None and number not in {before[0] + 1, 1}:
            yield warning(
                "item_out_of_order",
                text.place(item.paragraph),
                say(
                    "{item} comes after {before} in {article}",
                    item=item.shown,
                    before=before[1].shown,
                    article=item.paragraph.article,
                ),
                say("count on from one item to the next"),
            )


def counts_that_differ(text: TemplateText, outline: Outline) -> Iterator[Finding]:
    """Yield each sentence that counts the list below it, and counts otherwise."""
    items = {id(one.paragraph) for one in outline.items}
    for place, paragraph in enumerate(text.paragraphs):
        match = _COUNT.search(paragraph.text)
        if match is None or paragraph.level:
            continue
        following = (one for one in text.paragraphs[place + 1 :] if one.language == paragraph.language)
        listed = sum(1 for _ in takewhile(lambda one: id(one) in items, following))
        stated = _IN_WORDS.get(match["count"]) or int(to_arabic_digits(match["count"]))
        if listed and listed != stated:
            yield warning(
                "count_differs",
                text.place(paragraph, match.start(), match.end()),
                say("{stated} are stated, and {listed} are listed below", stated=f"“{match.group()}”", listed=listed),
                say("correct the number, or the list"),
            )


def _disordered(text: TemplateText, counted: Sequence[Numbered]) -> Iterator[Finding]:
    times = Counter(one.number for one in counted)
    seen: set[str] = set()
    expected = 1
    for one in counted:
        number = int(one.number)
        place = text.place(one.paragraph, 0, len(one.paragraph.text))
        if one.number in seen:
            found = say("{number} stands there {times} times", number=one.shown, times=times[one.number])
            yield error("number_repeated", place, found, say("give each its own number, and look at what refers to it"))
        elif number < expected:
            found = say("{number} comes after {expected}", number=one.shown, expected=_shown(text, expected - 1))
            yield error("number_out_of_order", place, found, say("put it where its number belongs, or count anew"))
        elif number > expected:
            found = say("{number} comes where {expected} is expected", number=one.shown, expected=_shown(text, expected))
            yield warning("number_skipped", place, found, say("count on without a gap, and look at what refers to it"))
        seen.add(one.number)
        expected = max(expected, number + 1)


def _shown(text: TemplateText, number: int) -> str:
    return in_numerals(number, text.numerals)
