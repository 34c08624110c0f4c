"""The errors of the workflow: one root, each class with its exit code; only the command line exits."""

from signatures.messages import Message, MessageError


class MouError(MessageError):
    """Root of all errors that the workflow raises on purpose."""

    exit_code = 1


class UsageError(MouError):
    """The command was called in a way that cannot be carried out."""

    exit_code = 2


class InputError(MouError):
    """A file or value that came from outside cannot be used; `problems` lists every place, all found at once."""

    def __init__(self, template: str, /, *, problems: tuple[Message, ...] = (), **values: object) -> None:
        """Keep every problem as a message of its own beside the sentence that sums them up."""
        super().__init__(template, **values)
        self.problems = problems

    def __str__(self) -> str:
        """The sum and each problem on its own line, in English."""
        return "\n".join([str(self.message), *(f"  {problem}" for problem in self.problems)])

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return _rebuild_input, (type(self), self.message.template, self.problems, dict(self.message.values))


def _rebuild_input(kind: type[InputError], template: str, problems: tuple[Message, ...], values: dict[str, object]) -> InputError:
    return kind(template, problems=problems, **values)


class TemplateError(InputError):
    """A template cannot be used: manifest, syntax, fields, or what it tries to reach."""


class FillingError(InputError):
    """A template and the values for it do not go together."""


class RenderingError(MouError):
    """A document cannot be laid out faithfully: a glyph or an image is missing, or text leaves the page."""


class WorkspaceError(MouError):
    """A folder is not a workspace, is damaged, or belongs to a newer version."""


class ConflictError(MouError):
    """Somebody else changed the document meanwhile; reading it again and repeating is safe."""
