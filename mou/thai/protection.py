"""What a line must not break, in spans that hold it together, and where a long name may be taken apart. Pure."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from mou.thai.characters import columns
from mou.thai.dates import ENGLISH_MONTHS, MONTHS, SHORT_MONTHS, WEEKDAYS

LONGEST_PROTECTED_COLUMNS: Final = 26
"""About a third of a line of 160 mm in Sarabun 10.9 pt, which holds 80 columns."""

_NUMBER: Final = r"[0-9๐-๙]+(?:[.,/:][0-9๐-๙]+)*"
_GAP: Final = "[ \u00a0]"
_MONTH: Final = "|".join([*MONTHS, *map(re.escape, SHORT_MONTHS), *(rf"{month}\b" for month in ENGLISH_MONTHS)])
_DAY_OF_WEEK: Final = f"(?:{'|'.join(WEEKDAYS)})?"
_BEFORE_NUMBER: Final = r"ข้อ|มาตรา|หมวด|ฉบับที่|วรรค|ลำดับที่|ภาคผนวก|หน้า|ครั้งที่|พ\.ศ\.|ค\.ศ\.|ปี|วาระ|เลขที่|วันที่|ห้องที่|ฝ่ายที่|ระยะที่|ที่"
_AFTER_NUMBER: Final = (
    r"องค์กร(?:/หน่วยงาน)?|หน่วยงาน|กลุ่ม|แห่ง|คน|วัน|เดือน|ปี|ฉบับ|ชุด|ประเด็น|หัวข้อ|ด้าน|บาท|น\.|ฝ่าย|รายการ|ราย|ครั้ง|เสียง|พื้นที่|ใน " + _NUMBER
)
_WITH_NUMBER: Final = (
    rf"(?:(?:วัน{_DAY_OF_WEEK})?ที่{_GAP})?{_NUMBER}{_GAP}(?:{_MONTH})(?:{_GAP}[0-9๐-๙]{{4}})?"
    rf"|(?:{_BEFORE_NUMBER}){_GAP}{_NUMBER}"
    rf"|{_NUMBER}{_GAP}(?:{_AFTER_NUMBER})"
    rf"|(?:{_MONTH}){_GAP}(?:[คพ]\.ศ\.{_GAP})?[0-9๐-๙]{{4}}"
)
_MARKS: Final = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_OPENING: Final = "[“‘«]"
_FIRST_WORDS: Final = "โครงการ|เครือข่าย|การ|ความ|ส่งเสริม|เสริมพลัง|พัฒนา|เด็ก|เยาวชน|เมือง|องค์กร|สิทธิ|ธรรมนูญ|บันทึก|พื้นที่"
# Without a dictionary the first word after a mark is known only if the quotation is short or begins with a usual word;
# else its first letter, with the marks that belong to it, keeps the mark from standing alone at the end of a line.
_QUOTED: Final = (
    rf"{_OPENING}(?:[^\s<>&“”‘’«»{_MARKS}][{_MARKS}]*){{1,{LONGEST_PROTECTED_COLUMNS - 2}}}(?:[”’»]|(?=\s|$))"
    rf"|{_OPENING}(?:{_FIRST_WORDS})"
    rf"|{_OPENING}[เแโใไ]?[^\s<>&{_MARKS}][{_MARKS}]*ำ?"
)
# Where a name is taken apart: after what it is, and before what joins its halves.
# Atomic, so that a name that is nothing but เทศบาลตำบล is not taken for เทศบาล and more.
_KIND: Final = re.compile(
    r"(?>เทศบาล(?:นคร|เมือง|ตำบล)?|องค์การบริหารส่วน(?:ตำบล|จังหวัด)|มูลนิธิ|สมาคม|สำนักงาน|เครือข่าย|กลุ่ม|ชุมชน|ชมรม|ศูนย์"
    r"|สถาบัน|โครงการ|โรงเรียน|สภาเด็กและเยาวชน|กรม(?!ธรรม์))(?=[ก-ฮเแโใไฤฦA-Za-z“])"
)
# Not behind an opening mark, and not inside a word or set phrase that only looks like two.
_JOINT: Final = re.compile(
    "(?<=[^(“‘«])(?<!กำ)(?<!ขอบ)(?<!เทศบาล)(?<!ส่วน)(?<!เด็ก(?=และเยาวชน))(?=และ|เพื่อ|แห่ง|บนพื้นที่|ลุ่มน้ำ|จังหวัด|อำเภอ|ตำบล|เขต|กับ|ภาค)"
)
_IS_PREFIXED_NUMBER: Final = re.compile(f"(?:ข้อ|มาตรา|หมวด|ฉบับที่|ลำดับที่|ภาคผนวก|ครั้งที่|พ\\.ศ\\.|เลขที่|วัน{_DAY_OF_WEEK}ที่|ระยะที่){_GAP}")
_STARTS_A_WORD: Final = re.compile("[ก-ฮเแโใไฤฦ]")
_THAI: Final = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")


def name_parts(name: str) -> tuple[tuple[str, bool], ...]:
    """The name taken apart so that each part may be protected, joined again it is the name; True where a part is protected.

    A name of at most a third of a line is one part. A longer one is taken apart at spaces, after the word for its kind
    (มูลนิธิ, เทศบาลเมือง) and before a joining word (และ, เพื่อ); a part that is still too long is left to libthai.
    """
    if columns(name) <= LONGEST_PROTECTED_COLUMNS:
        return ((name, True),)
    pieces = (part for piece in re.split(r"( (?![0-9๐-๙]))", name) for part in _apart(piece))
    return tuple((part, part != " " and columns(part) <= LONGEST_PROTECTED_COLUMNS) for part in pieces)


def _apart(piece: str) -> list[str]:
    if columns(piece) <= LONGEST_PROTECTED_COLUMNS:
        return [piece] if piece else []
    kind, others = _kind_and_others(piece)
    parts = [kind] if kind else []
    joined = ""
    for part in others:
        if joined and columns(joined + part) > LONGEST_PROTECTED_COLUMNS:
            parts.append(joined)
            joined = part
        else:
            joined += part
    return [*parts, joined]


def _kind_and_others(word: str) -> tuple[str, list[str]]:
    """The word for what the name is of, empty if it begins with none, and the parts at whose joints the rest may be broken."""
    kind = _KIND.match(word)
    return (kind.group(), _JOINT.split(word[kind.end() :])) if kind else ("", _JOINT.split(word))


def split_at_joints(name: str) -> list[tuple[str, str]]:
    """The shortest parts of a name between which a line may be broken by hand, each with the spaces before it.

    Joined again, spaces and parts, it is the name. A number stays with the word before it, however many spaces lie between.
    """
    first, *rest = re.split(r"( +(?![ 0-9๐-๙]))", name)
    parts: list[tuple[str, str]] = []
    for gap, word in zip(["", *rest[::2]], [first, *rest[1::2]], strict=True):
        kind, others = _kind_and_others(word)
        joined = [kind, *others] if kind else others
        parts += zip([gap, *[""] * (len(joined) - 1)], joined, strict=True)
    return parts


def protect(escaped_text: str, names: Iterable[str] = ()) -> str:
    """The HTML-escaped text with each name, number with its unit, ฯลฯ and opening quotation mark in a span that no line breaks.

    Longest names first, so that a short one inside a longer one does not split it. `names` are plain text, not escaped. A
    `<wbr>` at the edges of a name gives back the break that a span takes away there.
    """
    if not escaped_text.strip():
        return escaped_text
    return _protecting_pattern(tuple(sorted(set(names), key=lambda name: (-len(name), name)))).sub(_protected, escaped_text)


@lru_cache(maxsize=256)
def _protecting_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    any_name = "|".join(_escaped_in_any_way(name) for name in names if name.strip()) or "(?!)"
    return re.compile(rf"(?P<mark>{_OPENING})?(?P<name>{any_name})|(?P<number>{_WITH_NUMBER})|ฯลฯ|ฯพณฯ|{_QUOTED}")


def _escaped_in_any_way(name: str) -> str:
    """The pattern of the name in HTML: a quotation mark may be written in several ways."""
    escaped = re.escape(html.escape(name, quote=False))
    return escaped.replace('"', '(?:"|&quot;|&#34;)').replace("'", "(?:'|&#x27;|&#39;)")


def _protected(match: re.Match[str]) -> str:
    spans = _spans_of_name(match) if match["name"] else _nowrap(match.group())
    if not match["name"] and not _IS_PREFIXED_NUMBER.match(match.group()):
        return spans + _break_after(match)
    opens = not match["mark"] and _THAI.fullmatch(match.string[: match.start()][-1:])
    return ("<wbr>" if opens else "") + spans + _break_after(match)


def _break_after(match: re.Match[str]) -> str:
    is_word_edge = _THAI.fullmatch(match.group()[-1]) and _STARTS_A_WORD.fullmatch(match.string[match.end() :][:1])
    return "<wbr>" if is_word_edge and (match["name"] or match["number"]) else ""


def _spans_of_name(match: re.Match[str]) -> str:
    pieces: list[str] = []
    mark = match["mark"] or ""
    for text, is_protected in name_parts(html.unescape(match["name"])):
        if pieces and pieces[-1] != " " and text != " ":
            pieces.append("<wbr>")
        escaped = mark + html.escape(text)
        pieces.append(_nowrap(escaped) if is_protected else escaped)
        mark = ""
    return "".join(pieces)


def _nowrap(text: str) -> str:
    return f'<span class="nb">{text}</span>'
