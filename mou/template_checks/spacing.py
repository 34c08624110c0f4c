"""The spaces and numerals of a template's own words. Pure.

1. ๆ, ฯ, ฯลฯ and titles are spaced as the Royal Society asks (`mou.thai.spacing`); `{% filter spaced %}` does it.
2. One space parts two pieces of a Thai sentence, never two.
3. One system of numerals in one document. E-mail addresses, digests, telephone numbers, numbers of documents, whatever stands
   with Latin letters, and the sections and year of a law are written as they are everywhere.
"""

import re
from collections.abc import Iterator
from typing import Final

from mou.template_checks.findings import NOT_OWN, Finding, excerpt, warning
from mou.template_checks.finished_text import Paragraph, TemplateText
from mou.template_checks.source_words import SourceLine
from mou.templates import MANIFEST
from mou.thai import join_titles, space_abbreviation_marks, space_repeat_marks
from signatures.messages import say

_LETTER: Final = "ก-ฮะ-ฺเ-ๅ็-๎"
_DOUBLED: Final = re.compile(rf"(?<=[^\s{NOT_OWN}])[ \u00a0]{{2,}}(?=[^\s{NOT_OWN}])")
_ARABIC: Final = re.compile(r"[0-9]+(?:[.,:/-][0-9]+)*")
_THAI: Final = re.compile(r"[๐-๙]+(?:[.,:/-][๐-๙]+)*")
_LATIN_BEFORE: Final = re.compile(r"(?:[A-Za-z@][^\sก-๛]*[ \u00a0/-]?|เลขที่ ?)$")
_LATIN_AFTER: Final = re.compile(r"[ \u00a0]?[^\sก-๛]*[A-Za-z@]")
_LAWS: Final = r"พระราช|พ\.ร\.[กบ]\.|ประมวล|รัฐธรรมนูญ|กฎกระทรวง|กฎหมาย|ระเบียบ|ข้อบังคับ|ประกาศ|คำสั่ง|ข้อบัญญัติ|เทศบัญญัติ|อนุสัญญา"
_NOBODYS_BEFORE: Final = re.compile(
    r"(?:โทร(?:ศัพท์|สาร)?(?:มือถือ)?\.?|มือถือ|แฟกซ์|รหัสไปรษณีย์)[ \u00a0:]*(?:[0-9][0-9 \u00a0,-]*)?$"
    r"|โควิด[ \u00a0-]?$|หนังสือ[ก-๛ ]*ที่ ?[ก-ฮ]{2,4} ?(?:[0-9./]+ ?[ก-ฮ] ?)?$"
    r"|มาตรา[ \u00a0]?(?:[0-9/]+[ \u00a0]?(?:และ|หรือ|ถึง|,|-|–)[ \u00a0]?(?:มาตรา[ \u00a0]?)?)*$"
    rf"|(?:{_LAWS})[^0-9๐-๙]{{0,120}}(?:ข้อ|ฉบับที่|\(ฉบับที่|[พค]\.ศ\.|พุทธศักราช)[ \u00a0]?$"
)
"""What stands before a number that others gave: a telephone's, a letter's, a law's."""

_REACH: Final = 200  # characters before a number that may say what it is
_NUMERALS: Final = {"thai": say("Thai numerals"), "arabic": say("Arabic numerals")}
_SIGNS: Final = (("ๆ", space_repeat_marks), ("ฯ", space_abbreviation_marks), ("", join_titles))


def spaces_of_signs(text: TemplateText) -> Iterator[Finding]:
    """Yield each paragraph whose own words have ๆ, ฯ or a title spaced otherwise than the Royal Society asks."""
    for paragraph in text.paragraphs:
        if paragraph.language != "th":
            continue
        for sign, spaced in _SIGNS:
            own = paragraph.own
            wanted = spaced(own) if sign in own else own
            if wanted != own:
                yield _badly_spaced(text, paragraph, wanted)


def _badly_spaced(text: TemplateText, paragraph: Paragraph, wanted: str) -> Finding:
    """The first place in which the paragraph is not spaced as wanted; a plain space instead of a no-break one looks the same."""
    own = paragraph.own
    at = next((i for i, (one, other) in enumerate(zip(own, wanted, strict=False)) if one != other), len(own) - 1)
    shown, by = excerpt(own, at, at + 1), "{% filter spaced %}"
    found = say("{excerpt} is not spaced as the Royal Society asks", excerpt=shown)
    remedy = say("write {wanted}; {filter} around the words does it", wanted=excerpt(wanted, at, at + 1), filter=by)
    place = text.place(paragraph, max(0, at - 6), min(len(own), at + 2))
    if (own[at], wanted[at]) == (" ", "\u00a0"):
        found = say("a line may end before ๆ in {excerpt}", excerpt=shown)
        remedy = say("write {space} before ๆ; {filter} around the words does it", space="&nbsp;", filter=by)
    if place.file == MANIFEST:
        remedy = say(
            "in {manifest} a no-break space, which goes before ๆ, is written {space}", manifest=MANIFEST, space="\\u00a0"
        )
    return warning("spaces_of_signs", place, found, remedy)


def doubled_spaces(line: SourceLine) -> Iterator[Finding]:
    """Yield the place in the line where two spaces stand together."""
    if match := _DOUBLED.search(line.text):
        before, after = line.text[: match.start()].split()[-1], line.text[match.end() :].split()[0]
        yield warning(
            "space_doubled",
            line.place,
            say("two spaces stand between {before} and {after}", before=_shown(before), after=_shown(after)),
            say("leave one"),
        )


def mixed_numerals(text: TemplateText) -> Iterator[Finding]:
    """Yield each paragraph whose own words have numerals of the other system than the template's."""
    strange = _ARABIC if text.numerals == "thai" else _THAI
    for paragraph in text.paragraphs:
        match = next((one for one in strange.finditer(paragraph.own) if not _is_latin(paragraph, one)), None)
        if match is None or paragraph.language != "th":
            continue
        yield warning(
            "numerals_mixed",
            text.place(paragraph, match.start(), match.end()),
            say(
                "{number} stands in {excerpt}, and the document is written with {numerals}",
                number=match.group(),
                excerpt=excerpt(paragraph.text, match.start(), match.end()),
                numerals=_NUMERALS[text.numerals],
            ),
            say("write it in one system; {filter} after a value does it", filter="| number"),
        )


def _is_latin(paragraph: Paragraph, match: re.Match[str]) -> bool:
    before = paragraph.text[max(0, match.start() - _REACH) : match.start()]
    return bool(
        _LATIN_BEFORE.search(before) or _NOBODYS_BEFORE.search(before) or _LATIN_AFTER.match(paragraph.text[match.end() :])
    )


def _shown(word: str) -> str:
    return f"“{word.replace(NOT_OWN, '')}”"
