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


class MessageError(Exception):
    """An error whose words can be said in another language: what both packages' errors have in common."""

    def __init__(self, template: str, /, **values: object) -> None:
        """Keep the template and its values apart."""
        super().__init__(template, values)
        self.message = Message(template, values)

    def __str__(self) -> str:
        """The message in English."""
        return str(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return _rebuild, (type(self), self.message.template, dict(self.message.values))


def _rebuild(kind: type[MessageError], template: str, values: dict[str, object]) -> MessageError:
    return kind(template, **values)


def say(template: str, /, **values: object) -> Message:
    """Return the message; the template is a literal, so that the catalogues can be made from the source."""
    return Message(template, values)
