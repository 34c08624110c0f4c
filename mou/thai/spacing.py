"""The spaces that the Royal Society asks for. Pure.

For the text of templates; what somebody else wrote and signs is never changed.
1. A space stands on both sides of ๆ, and the one before it does not break: ต่าง ๆ กัน.
2. No space stands before ฯ where it cuts a word short, and one after it: เครือข่ายฯ และ, กรุงเทพฯ.
3. ฯลฯ and ฯพณฯ are one sign each, with a space on both sides.
4. A title stands before a given name without a space: นายธีระศักดิ์.
"""

import re
from typing import Final

_NO_BREAK_SPACE: Final = "\u00a0"
_CLOSING: Final = r"""\s.,;:!?)\]}”’»"'</–-"""
"""What follows without a space."""
_OPENING: Final = r"""\s(\[{“‘«"'>;"""
"""What no space follows; a semicolon ends `&nbsp;`."""
_LETTER: Final = "ก-ฮะ-ฺเ-ๅ็-๎"

_TITLES: Final = "นางสาว|นาย|นาง|เด็กชาย|เด็กหญิง|คุณหญิง|ท่านผู้หญิง"
# A single letter is no name: นาย ก. means nobody in particular, and นายก is a mayor.
_TITLE_APART: Final = re.compile(rf"(?<![{_LETTER}])({_TITLES})[ {_NO_BREAK_SPACE}]+(?=[ก-ฮเแโใไ][{_LETTER}])")

_WHOLE_SIGN_APART: Final = re.compile(r"ฯ[ ]?(ล|พณ)[ ]?ฯ")
_WHOLE_SIGN: Final = "ฯลฯ|ฯพณฯ"


def royal_society_spacing(text: str) -> str:
    """The text with ๆ, ฯ and titles spaced by all four rules; text that keeps them comes back as it was."""
    return join_titles(space_abbreviation_marks(space_repeat_marks(text)))


def space_repeat_marks(text: str) -> str:
    """The text with ๆ spaced as the Royal Society asks: a no-break space before it, a space after it."""
    spaced = re.sub(rf"(?<=[^{_OPENING}])\s*ๆ", f"{_NO_BREAK_SPACE}ๆ", text)
    return re.sub(rf"ๆ(?=[^{_CLOSING}])", "ๆ ", spaced)


def space_abbreviation_marks(text: str) -> str:
    """The text with ฯ at the end of its word and a space behind it, ฯลฯ and ฯพณฯ whole, with a space on both sides."""
    whole = _WHOLE_SIGN_APART.sub(r"ฯ\1ฯ", text)
    apart = re.sub(rf"(?<=[^{_OPENING}])(?={_WHOLE_SIGN})", " ", whole)
    cut_short = re.sub(rf"(?<=[{_LETTER}])[ {_NO_BREAK_SPACE}]+ฯ(?!ลฯ|พณฯ)", "ฯ", apart)
    # Atomic, so that a whole sign is never taken for its first mark.
    return re.sub(rf"((?>{_WHOLE_SIGN}|ฯ))(?=[^{_CLOSING}])", r"\1 ", cut_short)


def join_titles(text: str) -> str:
    """The text with each title joined to the given name behind it: นายธีระศักดิ์."""
    return _TITLE_APART.sub(r"\1", text)
