"""References in a finished text to its own articles, items, chapters and annexes: each leads somewhere. Pure.

1. ข้อ ๑๗ leads to article 17, ข้อ ๕.๒ and ข้อ ๕ (๒) to an item of article 5; หมวด, ภาคผนวก, Article, Chapter and Annex likewise.
   Further numbers may follow without the word: ข้อ ๕ ถึง ๗. ข้อ ๕ วรรคสอง leads to the second paragraph that is no item.
2. A reference to another text is left alone: one that goes on with ของ, แห่ง or "of" and does not say นี้ or "this", and one before
   which a law, a rule or (in a memorandum) a charter is named. มาตรา is always a law's.
   Whatever is joined to such a reference is of the same text: ระเบียบ ... ข้อ ๕ และข้อ ๗.
3. What a value says is not the template's.
"""

import re
from collections.abc import Iterator
from typing import Final

from mou.template_checks.findings import Finding, error, excerpt, warning
from mou.template_checks.finished_text import Paragraph, TemplateText
from mou.template_checks.outline import NUMBER, WORDS, Outline, Series, is_item, plain_label
from mou.thai import number_in_words, to_arabic_digits
from signatures.messages import say

_ITEM: Final = rf"\((?:{NUMBER}|[ก-ฮa-z])\)"
_REFERENCE: Final = re.compile(
    rf"(?<!หัว)(?P<word>{'|'.join(WORDS)})(?P<plural>s|es)?(?:ที่)?"
    rf"(?:[ \u00a0]?(?P<number>{NUMBER})|(?:(?<=ภาคผนวก)|(?<=Annex)|(?<=Appendix))[ \u00a0](?P<letter>[ก-ฮA-Z](?![ก-๛A-Za-z])))"
    rf"(?P<deeper>(?:\.{NUMBER})*)(?: ?(?P<item>{_ITEM}))?"
)
_FURTHER: Final = re.compile(rf"(?:,|,? ?and|,? ?or| ?to| ?–)[ \u00a0]*(?P<number>{NUMBER})(?![0-9.,]*[0-9a-z])")
_GOES_ON: Final = "ของ|แห่ง|วรรค|และ|หรือ|ถึง|จนถึง|ข้างต้น|ดังกล่าว|ให้|ต้อง|จะ|มิ|ไม่|ย่อม|โดย|แต่|เว้นแต่|ตาม|แล้ว|มีผล"
_FURTHER_THAI: Final = re.compile(
    rf"[ \u00a0]*(?:,|และ|หรือ|ถึง|จนถึง|–|-)[ \u00a0]*(?P<number>{NUMBER})(?=[ \u00a0]*(?:$|[,;)”–-](?![0-9๐-๙])|{_GOES_ON}))"
)
"""A number that could also count what comes behind it, such as ข้อ ๓ และ ๓๐ วัน, is none."""

_ORDINALS: Final = {number_in_words(number): number for number in range(1, 21)}
_OF_PARAGRAPH: Final = re.compile(rf"[ \u00a0]*วรรค(?P<ordinal>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?![ก-๎])")
_OTHERS: Final = (
    "ระเบียบ|ข้อบังคับ|ประกาศ|กฎกระทรวง|กฎหมาย|พระราช|ประมวล|อนุสัญญา|พิธีสาร|ปฏิญญา|กติกา|คำสั่ง|หลักเกณฑ์|มติ|แนวปฏิบัติ|สัญญาเลขที่|รัฐธรรมนูญ"
    r"|ข้อบัญญัติ|เทศบัญญัติ|พ\.ร\.[กบ]\.|เป้าหมายการพัฒนา|SDGs?"
    "|Convention|Act|Protocol|Declaration|Constitution|Regulation"
)
_CHARTER: Final = "ธรรมนูญ|Charter"
_AFTER: Final = {
    word: re.compile(
        r"(?:[ \u00a0]*(?:และ|หรือ|ถึง|จนถึง|,|–|-|and|or|to)[ \u00a0]*"
        rf"(?:{word})?[ \u00a0]?{NUMBER}(?:\.{NUMBER})*(?: ?{_ITEM})?)*[ \u00a0]*(?:วรรค[ก-๎]{{2,5}}[ \u00a0]*)?"
        rf"(?:(?:ของ|แห่ง)(?P<whose>[^\s]*)|(?P<other>{_OTHERS})|of (?!this\b)(?P<english>\w))"
    )
    for word in WORDS
}
"""What follows a reference to another text: further numbers of the same kind, then whose they are."""

_UNNUMBERED_ANNEX: Final = re.compile(rf"(?:ตาม|ใน|ดัง)(?:เอกสาร)?(?:แนบท้าย)?ภาคผนวก(?! ?(?:{NUMBER}|[ก-ฮ](?![ก-๎])))")
_JOINED: Final = re.compile(
    rf"(?:(?:{'|'.join(WORDS)})s?[ \u00a0]?{NUMBER}(?:\.{NUMBER})*(?: ?{_ITEM})?[ \u00a0]*(?:วรรค[ก-๎]{{2,5}}[ \u00a0]*)?"
    r"(?:และ|หรือ|ถึง|จนถึง|,|–|-|and|or|to)[ \u00a0]*(?:ตาม)?)+$"
)
"""References before another one to which they are joined."""

_REACH: Final = 90


def references_nowhere(text: TemplateText, outline: Outline) -> Iterator[Finding]:
    """Yield each reference to an article, an item, a chapter or an annex that the text does not have."""
    heads = {id(one.paragraph): one.end for one in outline.numbered}
    for paragraph in text.paragraphs:
        for match in _REFERENCE.finditer(paragraph.own, heads.get(id(paragraph), 0)):
            if paragraph.is_cell or _is_to_another_text(paragraph, match, is_charter=text.is_charter):
                continue
            yield from _missing_paragraph(text, paragraph, match)
            for missing, end in _missing(paragraph, match, outline):
                yield error(
                    "reference_nowhere",
                    text.place(paragraph, match.start(), end),
                    say(
                        "{reference} leads nowhere, in {excerpt}",
                        reference=f"“{missing}”",
                        excerpt=excerpt(paragraph.text, match.start(), end),
                    ),
                    say("name the one that is meant; {filter} writes the number of an article", filter="| article"),
                )
        yield from _unnumbered(text, paragraph, outline)


def _missing(paragraph: Paragraph, match: re.Match[str], outline: Outline) -> Iterator[tuple[str, int]]:
    """The reference as it is written where it leads nowhere, and each further number of an English one; with its end."""
    series = WORDS[match["word"]]
    known = outline.of(series, paragraph.language) or tuple(one for one in outline.numbered if one.series is series)
    numbers = {one.number for one in known}
    number = to_arabic_digits(match["number"] or match["letter"])
    if number not in numbers or (series is Series.ARTICLE and not _has_item(match, number, paragraph, outline)):
        yield match.group(), match.end()
    joined = _FURTHER_THAI if paragraph.language == "th" else _FURTHER if match["plural"] else None
    at = match.end()
    while joined and (further := joined.match(paragraph.own, at)):
        if to_arabic_digits(further["number"]) not in numbers:
            yield f"{match['word']} {further['number']}", further.end()
        at = further.end()


def _missing_paragraph(text: TemplateText, paragraph: Paragraph, match: re.Match[str]) -> Iterator[Finding]:
    """A reference to a วรรค that its article does not seem to have: a person may count paragraphs otherwise."""
    named = _OF_PARAGRAPH.match(paragraph.own, match.end())
    if named is None or match["item"] or match["deeper"] or WORDS[match["word"]] is not Series.ARTICLE:
        return
    article = to_arabic_digits(match["number"])
    inside = [one for one in text.paragraphs if _article_number(one) == article and one.language == paragraph.language]
    count = sum(1 for one in inside if not one.level and not one.is_cell and not is_item(one))
    if inside and _ORDINALS[named["ordinal"]] > max(count, 1):
        yield warning(
            "reference_nowhere",
            text.place(paragraph, match.start(), named.end()),
            say(
                "{reference} is named, and that article has {count} paragraphs that are no items",
                reference=f"“{paragraph.text[match.start() : named.end()]}”",
                count=count,
            ),
            say("name the paragraph that is meant, or begin it in an element of its own"),
        )


def _article_number(paragraph: Paragraph) -> str:
    found = re.fullmatch(rf"ข้อ[ \u00a0]?({NUMBER})", paragraph.article)
    return to_arabic_digits(found[1]) if found else ""


def _has_item(match: re.Match[str], number: str, paragraph: Paragraph, outline: Outline) -> bool:
    items = outline.items_of(number, paragraph.language)
    if match["deeper"]:
        return number + to_arabic_digits(match["deeper"]) in items
    if match["item"] is None:
        return True
    label = plain_label(match["item"])
    return label in items or any(one.endswith(f".{label}") and one.count(".") == 1 and label.isdigit() for one in items)


def _is_to_another_text(paragraph: Paragraph, match: re.Match[str], *, is_charter: bool) -> bool:
    after = _AFTER[match["word"]].match(paragraph.text, match.end())
    if after and (after["other"] or after["english"] or "นี้" not in (after["whose"] or "นี้")):
        return True
    named = _OTHERS if is_charter else f"{_OTHERS}|{_CHARTER}"
    before = _JOINED.sub("", paragraph.text[max(0, match.start() - 2 * _REACH) : match.start()])[-_REACH:]
    return bool(re.search(rf"(?:{named})(?!นี้)(?:(?!และ|หรือ|ตาม|แต่|,|;|(?<!ศ)\.\s).)*$", before))


def _unnumbered(text: TemplateText, paragraph: Paragraph, outline: Outline) -> Iterator[Finding]:
    has_annex = any(one.series is Series.ANNEX for one in outline.numbered) or any(one.is_annex for one in text.paragraphs)
    match = None if has_annex else _UNNUMBERED_ANNEX.search(paragraph.own)
    if match is not None:
        yield warning(
            "annex_missing",
            text.place(paragraph, match.start(), match.end()),
            say("{excerpt} names an annex, and the text has none", excerpt=excerpt(paragraph.text, match.start(), match.end())),
            say("add the annex in an element of the class {name}, or leave the words out", name="annex"),
        )
