"""What a line begins with: the number of an article, a chapter, an annex or an item, in either numerals. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mou.thai import to_arabic_digits


class NumberKind(StrEnum):
    """What a number at the beginning of a line counts."""

    ARTICLE = "article"
    CHAPTER = "chapter"
    ANNEX = "annex"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class LineNumber:
    """A number as it is written, what kind of item it counts (`style`), and where the text after it begins."""

    kind: NumberKind
    written: str
    text_at: int
    style: str = ""
    value: int | None = None


_DIGIT: Final = "[0-9๐-๙]"
_GAP: Final = r"[ \t\u00a0\u2002\u2003]"
_ARTICLE: Final = re.compile(
    rf"(?P<number>(?:ข้อ|มาตรา|Article|ARTICLE|Section|SECTION|Clause){_GAP}*(?:ที่)?{_GAP}*(?P<value>{_DIGIT}{{1,3}}))"
    rf"(?!{_DIGIT}|[./]{_DIGIT})(?P<after>[.:)]?(?:{_GAP}+|\n|$)|[.:)])"
)
_CHAPTER: Final = re.compile(
    rf"(?P<number>(?:หมวด|ส่วน|ภาค|ลักษณะ|Chapter|CHAPTER|Part|PART){_GAP}*(?:ที่)?{_GAP}*(?P<value>{_DIGIT}{{1,3}}))"
    rf"(?!{_DIGIT})[.:)]?(?:{_GAP}+|\n|$)"
)
_CHAPTER_WITHOUT_NUMBER: Final = re.compile(r"(?:บทเฉพาะกาล|บททั่วไป|บทสุดท้าย)\s*$")
_ANNEX: Final = re.compile(
    rf"(?:(?:ภาคผนวก|เอกสารแนบท้าย|เอกสารแนบ|สิ่งที่แนบท้าย|แนบท้าย|บัญชีแนบท้าย)(?:หมายเลข|ที่)?{_GAP}*"
    rf"(?:{_DIGIT}+|[ก-ฮ](?![\u0e01-\u0e4e]))?|(?:Annex|ANNEX|Appendix|APPENDIX|Attachment){_GAP}*(?:{_DIGIT}+|[A-Z])?)"
    rf"(?![\u0e01-\u0e4eA-Za-z])"
)
_ITEMS: Final = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("article.digit", rf"(?P<number>ข้อ{_GAP}*{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,3}})+)\.?(?:{_GAP}+|$)"),
        ("digit.digit", rf"(?P<number>{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,3}})+[.)]?)(?:{_GAP}+|$|(?=[\u0e01-\u0e4e“\"{{]))"),
        ("digit.", rf"(?P<number>(?P<value>{_DIGIT}{{1,3}})[.)])(?:{_GAP}+|$|(?=[\u0e01-\u0e4e“\"{{]))"),
        ("(digit)", rf"(?P<number>\((?P<value>{_DIGIT}{{1,3}})\))(?:{_GAP}*)"),
        ("(ก)", rf"(?P<number>\([ก-ฮ]\))(?:{_GAP}*)"),
        ("ก.", rf"(?P<number>[ก-ฮ][.)])(?:{_GAP}+|$)"),
        ("(a)", rf"(?P<number>\([a-z]{{1,4}}\))(?:{_GAP}+|$)"),
        ("a.", rf"(?P<number>[a-z][.)])(?:{_GAP}+|$)"),
        ("bullet", rf"(?P<number>[-–•●○▪■◦*·\uf0b7\uf0a7\uf02d])(?:{_GAP}+|$)"),  # a dash as people type it
    )
)
_PRIVATE_BULLETS: Final = str.maketrans({"\uf0b7": "•", "\uf0a7": "•", "\uf02d": "–", "▪": "•", "■": "•", "●": "•", "◦": "•"})
_AUTOMATIC: Final = re.compile(rf"{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,3}})+")


def article_of(text: str) -> LineNumber | None:
    """Return the number of the article that this line begins; none for an item of one (ข้อ ๑.๑)."""
    found = _ARTICLE.match(text)
    if found is None:
        return None
    return LineNumber(NumberKind.ARTICLE, _tidy(found["number"]), found.end(), value=_value(found["value"]))


def chapter_of(text: str) -> LineNumber | None:
    """Return the number of the chapter that this line begins, or the words of one that has no number."""
    if found := _CHAPTER.match(text):
        return LineNumber(NumberKind.CHAPTER, _tidy(found["number"]), found.end(), value=_value(found["value"]))
    if found := _CHAPTER_WITHOUT_NUMBER.match(text):
        return LineNumber(NumberKind.CHAPTER, "", 0)
    return None


def annex_of(text: str) -> LineNumber | None:
    """Return the words with which this line begins an annex."""
    found = _ANNEX.match(text)
    return None if found is None else LineNumber(NumberKind.ANNEX, _tidy(found.group()), found.end())


def item_of(text: str) -> LineNumber | None:
    """Return the number, letter or bullet that this line begins with."""
    for style, pattern in _ITEMS:
        if found := pattern.match(text):
            written = _tidy(found["number"]).translate(_PRIVATE_BULLETS)
            has_levels = style in {"digit.digit", "article.digit"}
            level = str(written.rstrip(".)").count(".")) if has_levels else ""
            value = found.groupdict().get("value")
            return LineNumber(NumberKind.ITEM, written, found.end(), style + level, _value(value) if value else None)
    return None


def automatic_item(number: str) -> LineNumber:
    """Return a number that Word has counted, which is one whatever it looks like."""
    found = item_of(number)
    if found is not None and found.text_at == len(number):
        return found
    style = f"digit.digit{number.count('.')}" if _AUTOMATIC.fullmatch(number) else "automatic"
    return LineNumber(NumberKind.ITEM, number.translate(_PRIVATE_BULLETS), len(number), style)


def _tidy(number: str) -> str:
    return " ".join(number.split())


def _value(digits: str) -> int:
    return int(to_arabic_digits(digits))
