"""The spaces that the Royal Society asks for. Pure."""

import re


def space_repeat_marks(text: str) -> str:
    """The text with ๆ spaced as the Royal Society asks: a no-break space before it, a space after it.

    For the text of templates; what somebody else wrote and signs is never changed.
    """
    spaced = re.sub(r"[ \u00a0]*ๆ", "\u00a0ๆ", text)
    return re.sub(r"ๆ(?=[^\s.,;:)\]”’»<])", "ๆ ", spaced)
