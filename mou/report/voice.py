"""Everything that a report says, in one language, with nothing in it that hides or misleads.

Names, reasons and file names come from outside. A character that nobody sees, or that turns the order of the letters around, is
written out as [U+202E]; a text without end is cut.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from mou.messages import translate
from mou.thai import BANGKOK, thai_datetime
from signatures.messages import Message, say

LONGEST_TEXT = 600  # characters


@dataclass(frozen=True, slots=True)
class Voice:
    """The reader's language: `th` or `en`."""

    language: str

    def __call__(self, words: Message | str) -> str:
        """Return the words in this language, as they can be shown."""
        return shown(translate(words, self.language) if isinstance(words, Message) else words)

    def say(self, template: str, /, **values: object) -> str:
        """Return a sentence whose places are filled; a value that is a message is translated too."""
        return self(say(template, **values))

    def moment(self, at: datetime) -> str:
        """Return a time in Bangkok as a person reads it, and in UTC to the second."""
        utc = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        try:
            local = thai_datetime(at) if self.language == "th" else f"{at.astimezone(BANGKOK):%d %B %Y, %H:%M:%S} (Bangkok)"
        except (ValueError, OverflowError):  # a certificate may name the last hour of the year 9999
            return utc
        return f"{local} · {utc}"


def shown(text: str) -> str:
    """Return the text with every character visible, on one line, at most `LONGEST_TEXT` long."""
    line = " ".join(text[: 2 * LONGEST_TEXT].split())
    visible = "".join(letter if letter.isprintable() else f"[U+{ord(letter):04X}]" for letter in line)
    return visible if len(visible) <= LONGEST_TEXT else f"{visible[:LONGEST_TEXT]} …"
