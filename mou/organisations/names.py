"""When two names look like one: what spacing, invisible characters, misplaced marks, numerals and abbreviations hide."""

import re
import unicodedata

from mou.thai import to_arabic_digits

_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f]+")
_DECOMPOSED_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_TONE_AFTER_SARA_AM = re.compile("\u0e33([\u0e48-\u0e4b])")
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{2,}")
_PUNCTUATION = re.compile(r"[\"'“”‘’«».,:;/()\[\]\-–—ฯ]+")
_TONES_AND_SILENCERS = re.compile("[\u0e47-\u0e4c]")
# Each pair is two ways to write one thing, the first becomes the second.
_ABBREVIATIONS = (
    ("สนง.พมจ.", "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัด"),
    ("สนง.", "สำนักงาน"),
    ("องค์การบริหารส่วนจังหวัด", "อบจ."),
    ("องค์การบริหารส่วนตำบล", "อบต."),
    ("เทศบาลนคร", "ทน."),
    ("เทศบาลเมือง", "ทม."),
    ("เทศบาลตำบล", "ทต."),
)
_UNTYPICAL = re.compile(
    "\u0e4d[\u0e48-\u0e4b]?\u0e32"  # ํ with า, which together look like ำ
    "|\u0e40\u0e40"  # เเ, which looks like แ
    "|[\u0e48-\u0e4c][\u0e31\u0e34-\u0e3a\u0e47]"  # a tone mark or ์ before the vowel over or under the same letter
    "|\u0e33[\u0e48-\u0e4b]"  # a tone mark after ำ
    "|([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1"  # one mark twice
    "|(?:^|[^\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"  # a mark without a letter
)


def as_seen(name: str) -> str:
    """The name as a reader sees it: no spacing, no invisible characters, Thai marks in the order of typing, Arabic digits."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", name))
    text = _DECOMPOSED_SARA_AM.sub("\\1\u0e33", text).replace("\u0e40\u0e40", "\u0e41")
    text = _TONE_AFTER_SARA_AM.sub("\\1\u0e33", text)
    return to_arabic_digits(_MARKS.sub(_in_typing_order, text)).casefold()


def as_said(name: str) -> str:
    """The name as seen, less tone marks, silencers and punctuation, and with the usual abbreviations: where spellings meet."""
    text = as_seen(name)
    for one, other in _SEEN_ABBREVIATIONS:
        text = text.replace(one, other)
    return _TONES_AND_SILENCERS.sub("", _PUNCTUATION.sub("", text))


def untypical_marks(text: str) -> tuple[str, ...]:
    """The places where Thai marks are typed so that they look right, or nearly, and are another text for every search."""
    if not _UNTYPICAL.search(text):
        return ()
    return tuple(dict.fromkeys(match.group() for match in _UNTYPICAL.finditer(text)))


def unusual_spaces(text: str) -> tuple[str, ...]:
    """The spaces that look like the common one and are another character: no-break, wide, thin."""
    found = dict.fromkeys(one for one in text if one != " " and unicodedata.category(one) == "Zs")
    return tuple(f"U+{ord(one):04X} {unicodedata.name(one)}" for one in found)


def _in_typing_order(marks: re.Match[str]) -> str:
    # Vowels over and under the letter come before tone marks and ์ (WTT 2.0, the order in which keyboards take them).
    return "".join(sorted(dict.fromkeys(marks.group()), key=lambda mark: mark > "\u0e47"))


_SEEN_ABBREVIATIONS = tuple((as_seen(one), as_seen(other)) for one, other in _ABBREVIATIONS)
