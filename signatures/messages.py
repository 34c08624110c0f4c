"""A sentence with named places, kept apart from its values so that it can be said in another language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence: the English template is also the key under which a catalogue holds its translation."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English, each place filled."""
        return self.template.format_map(self.values) if self.values else self.template


def say(template: str, /, **values: object) -> Message:
    """Return the message; the template is a literal, so that the catalogues can be made from the source."""
    return Message(template, values)
