"""Thai text: dates of the Buddhist era, numerals, addresses, and what a line must not break. Pure.

Rules (Royal Society's spacing, and what was measured with Pango and libthai):
1. A year of the Buddhist era is the year of the common era + 543; times are shown in Bangkok time.
2. One system of numerals in one document.
3. A space stands on both sides of ๆ; the one before it does not break.
4. libthai breaks a line inside names, between a number and its unit or month, inside ฯลฯ, and after an opening quotation
   mark. Such text is protected by a span of class `nb` (white-space: nowrap), never by U+2060, which makes new breaks.
5. A protected span is at most a third of a line of 160 mm; of a longer name the parts are protected.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from mou.models import Capacity, JuristicPerson, Organisation, OrganisationKind

Numerals: TypeAlias = Literal["thai", "arabic"]

BANGKOK: Final = ZoneInfo("Asia/Bangkok")
BUDDHIST_ERA_OFFSET: Final = 543

MONTHS: Final = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
LONGEST_PROTECTED_COLUMNS: Final = 26
"""About a third of a line of 160 mm in Sarabun 10.9 pt, which holds 80 columns."""

# Lists leave out ฃ and ฅ, which stand in no word today, and by custom ฆ.
_LIST_LETTERS: Final = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_TO_THAI: Final = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

_CAPACITIES: Final = {
    Capacity.AUTHORISED_REPRESENTATIVE: "ผู้มีอำนาจลงนาม",
    Capacity.ATTORNEY: "ผู้รับมอบอำนาจ",
    Capacity.ACTING_ON_BEHALF: "ปฏิบัติราชการแทน",
    Capacity.ACTING_IN_OFFICE: "รักษาการ",
    Capacity.WITNESS: "พยาน",
    Capacity.LEGAL_REPRESENTATIVE: "ผู้แทนโดยชอบธรรม",
    Capacity.NETWORK_COUNTERSIGNER: "ผู้ลงนามรับรองของเครือข่าย",
}
_KINDS: Final = {
    OrganisationKind.FOUNDATION: "มูลนิธิ",
    OrganisationKind.ASSOCIATION: "สมาคม",
    OrganisationKind.UNREGISTERED_CIVIL_SOCIETY_GROUP: "กลุ่มประชาสังคมไม่จดทะเบียน",
    OrganisationKind.STATE_AGENCY: "หน่วยงานรัฐ",
    OrganisationKind.CITY_MUNICIPALITY: "เทศบาลนคร",
    OrganisationKind.TOWN_MUNICIPALITY: "เทศบาลเมือง",
    OrganisationKind.SUBDISTRICT_MUNICIPALITY: "เทศบาลตำบล",
    OrganisationKind.MUNICIPALITY: "เทศบาล",
    OrganisationKind.COMMUNITY: "ชุมชน",
    OrganisationKind.PROVINCIAL_SOCIAL_DEVELOPMENT_OFFICE: "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัด",
    OrganisationKind.DEPARTMENT: "กรม",
    OrganisationKind.YOUTH_GROUP: "กลุ่มเยาวชน",
    OrganisationKind.CHILDREN_AND_YOUTH_COUNCIL: "สภาเด็กและเยาวชน",
    OrganisationKind.FUNDER: "ผู้สนับสนุนทุน",
}
_JURISTIC: Final = {
    JuristicPerson.YES: "นิติบุคคล",
    JuristicPerson.NO: "กลุ่มบุคคล",
    JuristicPerson.UNKNOWN: "ไม่ปรากฏสถานะนิติบุคคล",
}


def capacity_in_thai(capacity: Capacity) -> str:
    """The words under a signature that say in what capacity it was given."""
    return _CAPACITIES[capacity]


def kind_in_thai(kind: OrganisationKind) -> str:
    """The Thai word for a kind of organisation."""
    return _KINDS[kind]


def juristic_person_in_thai(status: JuristicPerson) -> str:
    """The Thai words for an organisation's standing in law."""
    return _JURISTIC[status]


def to_thai_digits(text: str) -> str:
    """The text with 0 to 9 written ๐ to ๙, all else as it was."""
    return text.translate(_TO_THAI)


def to_arabic_digits(text: str) -> str:
    """The text with ๐ to ๙ written 0 to 9, all else as it was."""
    return text.translate(_TO_ARABIC)


def in_numerals(number: int | str, numerals: Numerals = "thai") -> str:
    """The number in the numerals of the document."""
    return to_thai_digits(str(number)) if numerals == "thai" else to_arabic_digits(str(number))


def buddhist_year(day: date) -> int:
    """The year of the Buddhist era in which this civil day falls, by the calendar in use since 2484 (1941)."""
    return day.year + BUDDHIST_ERA_OFFSET


def thai_date(day: date, numerals: Numerals = "thai", *, era: bool = False) -> str:
    """The day as it is written in a document: ๒๙ มีนาคม ๒๕๖๕, with the era ๒๙ มีนาคม พ.ศ. ๒๕๖๕."""
    year = in_numerals(buddhist_year(day), numerals)
    return f"{in_numerals(day.day, numerals)} {MONTHS[day.month - 1]} {'พ.ศ. ' if era else ''}{year}"


def thai_datetime(at: datetime, numerals: Numerals = "thai") -> str:
    """The moment in Bangkok time: ๒๙ มีนาคม ๒๕๖๕ เวลา ๐๘.๓๐ น.

    Raises:
        ValueError: `at` has no time zone, so that nobody knows which moment it is.
    """
    if at.tzinfo is None:
        raise ValueError("an aware datetime is expected, got one without a time zone")
    local = at.astimezone(BANGKOK)
    return f"{thai_date(local.date(), numerals)} เวลา {in_numerals(f'{local:%H.%M}', numerals)} น."


def thai_months(first: date, last: date, numerals: Numerals = "thai") -> str:
    """The months from the first day's to the last day's: เมษายน – ธันวาคม ๒๕๖๕, the first year only where it differs."""
    first_month = MONTHS[first.month - 1]
    if first.year != last.year:
        first_month += " " + in_numerals(buddhist_year(first), numerals)
    return f"{first_month} – {MONTHS[last.month - 1]} {in_numerals(buddhist_year(last), numerals)}"


def article_number(number: int, numerals: Numerals = "thai") -> str:
    """The number of an article: ข้อ ๑."""
    return f"ข้อ {in_numerals(number, numerals)}"


def letter(number: int) -> str:
    """The letter of an item, counted from 1: (ก), (ข), ... (ฮ).

    Raises:
        ValueError: there are 41 letters.
    """
    if not 1 <= number <= len(_LIST_LETTERS):
        raise ValueError(f"an item from 1 to {len(_LIST_LETTERS)} is expected, got {number}")
    return f"({_LIST_LETTERS[number - 1]})"


def space_repeat_marks(text: str) -> str:
    """The text with ๆ spaced as the Royal Society asks: a no-break space before it, a space after it.

    For the text of templates; what somebody else wrote and signs is never changed.
    """
    spaced = re.sub(r"[ \u00a0]*ๆ", "\u00a0ๆ", text)
    return re.sub(r"ๆ(?=[^\s.,;:)\]”’»<])", "ๆ ", spaced)


def columns(text: str) -> int:
    """How many columns the text takes: marks above and below a letter take none."""
    return sum(not unicodedata.category(character).startswith("M") for character in text)


def invisible_characters(text: str) -> tuple[str, ...]:
    """The characters of the text that nobody would see, each as its code point and name, without repetition.

    Control and format characters (U+200B, U+2060, U+FEFF, direction marks), private and unassigned code points, line and
    paragraph separators. Spaces are seen, the no-break space among them.
    """
    found = dict.fromkeys(one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
    return tuple(f"U+{ord(one):04X} {unicodedata.name(one, 'control character')}" for one in found)


def misordered_marks(text: str) -> tuple[str, ...]:
    """The places where a tone mark was typed before its vowel: it looks right, and no search finds it.

    NFC cannot mend them, since most Thai vowel signs have combining class 0.
    """
    return tuple(re.findall(r"[ก-ฮ][\u0E47-\u0E4E]+[\u0E31\u0E34-\u0E3A]", text))


def thai_address(organisation: Organisation) -> str | None:
    """The address on one line, with ตำบล อำเภอ จังหวัด (in Bangkok แขวง เขต) before names that lack them; None if none is known."""
    in_bangkok = (organisation.province or "").startswith("กรุงเทพ")
    subdistrict, district, province = ("แขวง", "เขต", "") if in_bangkok else ("ตำบล", "อำเภอ", "จังหวัด")
    parts = (
        organisation.address_line,
        _with_prefix(organisation.subdistrict, subdistrict, ("ตำบล", "แขวง", "ต.")),
        _with_prefix(organisation.district, district, ("อำเภอ", "เขต", "อ.")),
        _with_prefix(organisation.province, province, ("จังหวัด", "จ.", "กรุงเทพ")),
        organisation.postal_code,
    )
    return " ".join(part for part in parts if part) or None


def place_names(organisation: Organisation) -> tuple[str, ...]:
    """The names of places in the organisation's address, in the form in which the address has them."""
    in_bangkok = (organisation.province or "").startswith("กรุงเทพ")
    return tuple(
        name
        for name in (
            _with_prefix(organisation.subdistrict, "แขวง" if in_bangkok else "ตำบล", ("ตำบล", "แขวง", "ต.")),
            _with_prefix(organisation.district, "เขต" if in_bangkok else "อำเภอ", ("อำเภอ", "เขต", "อ.")),
            _with_prefix(organisation.province, "" if in_bangkok else "จังหวัด", ("จังหวัด", "จ.", "กรุงเทพ")),
        )
        if name
    )


def _with_prefix(name: str | None, prefix: str, known: tuple[str, ...]) -> str | None:
    return name if not name or name.startswith(known) else prefix + name


_NUMBER: Final = r"[0-9๐-๙]+(?:[.,/:][0-9๐-๙]+)*"
_GAP: Final = "[ \u00a0]"
_MONTH: Final = "|".join(MONTHS)
_BEFORE_NUMBER: Final = r"ข้อ|มาตรา|หมวด|ฉบับที่|วรรค|ลำดับที่|ภาคผนวก|หน้า|ครั้งที่|พ\.ศ\.|ค\.ศ\.|ปี|วาระ|เลขที่|วันที่|ห้องที่|ฝ่ายที่|ระยะที่|ที่"
_AFTER_NUMBER: Final = (
    r"องค์กร(?:/หน่วยงาน)?|หน่วยงาน|กลุ่ม|แห่ง|คน|วัน|เดือน|ปี|ฉบับ|ชุด|ประเด็น|หัวข้อ|ด้าน|บาท|น\.|ฝ่าย|รายการ|ราย|ครั้ง|เสียง|พื้นที่|ใน " + _NUMBER
)
_WITH_NUMBER: Final = (
    rf"(?:วันที่{_GAP})?{_NUMBER}{_GAP}(?:{_MONTH})"
    rf"|(?:{_BEFORE_NUMBER}){_GAP}{_NUMBER}"
    rf"|{_NUMBER}{_GAP}(?:{_AFTER_NUMBER})"
    rf"|(?:{_MONTH}){_GAP}(?:พ\.ศ\.{_GAP})?[0-9๐-๙]{{4}}"
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
_KIND: Final = re.compile(
    r"(?:เทศบาล(?:นคร|เมือง|ตำบล)?|องค์การบริหารส่วน(?:ตำบล|จังหวัด)|มูลนิธิ|สมาคม|สำนักงาน|เครือข่าย|กลุ่ม|ชุมชน|ชมรม|ศูนย์"
    r"|สถาบัน|โครงการ|โรงเรียน|สภาเด็กและเยาวชน|กรม)(?=.)"
)
_JOINT: Final = re.compile("(?<=.)(?=และ|เพื่อ|แห่ง|บนพื้นที่|ลุ่มน้ำ|จังหวัด|อำเภอ|ตำบล|เขต|กับ|ภาค)")
_IS_PREFIXED_NUMBER: Final = re.compile(f"(?:ข้อ|มาตรา|หมวด|ฉบับที่|ลำดับที่|ภาคผนวก|ครั้งที่|พ\\.ศ\\.|เลขที่|วันที่|ระยะที่){_GAP}")
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
    kind = _KIND.match(piece)
    parts = [kind.group()] if kind else []
    joined = ""
    for part in _JOINT.split(piece[kind.end() :] if kind else piece):
        if joined and columns(joined + part) > LONGEST_PROTECTED_COLUMNS:
            parts.append(joined)
            joined = part
        else:
            joined += part
    return [*parts, joined]


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
    any_name = "|".join(re.escape(html.escape(name)) for name in names if name.strip()) or "(?!)"
    return re.compile(rf"(?P<mark>{_OPENING})?(?P<name>{any_name})|(?P<number>{_WITH_NUMBER})|ฯลฯ|ฯพณฯ|{_QUOTED}")


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
