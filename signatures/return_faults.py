"""Why a file that was signed elsewhere is refused: a word for programs, and the error that carries it."""

from enum import StrEnum

from signatures.errors import SignaturesError


class ReturnFault(StrEnum):
    """Why a returned file is refused: the words for programs; the message of the error has those for people."""

    EMPTY = "empty"
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    REWRITTEN = "rewritten"
    NOTHING_NEW = "nothing_new"
    MALFORMED = "malformed"
    NOT_SIGNED = "not_signed"
    OWN_FIELD = "own_field"
    OTHER_FIELD = "other_field"
    SEVERAL_SIGNATURES = "several_signatures"
    OTHER_CHANGES = "other_changes"
    INVALID = "invalid"
    WEAK = "weak"
    LOCKS = "locks"
    OTHER_CAPACITY = "other_capacity"
    WRONG_TIME = "wrong_time"
    UNUSUAL = "unusual"
    BUSY = "busy"
    FIELD_TAKEN = "field_taken"
    OUTDATED = "outdated"
    SUPERSEDED = "superseded"
    OTHER_DOCUMENT = "other_document"
    REVOKED = "revoked"
    NOT_TRUSTED = "not_trusted"


class ReturnRefusedError(SignaturesError):
    """A returned file was refused; nothing was stored. `fault` says why in a word, the message what to do."""

    def __init__(self, template: str, /, *, fault: ReturnFault, **values: object) -> None:
        """Keep the word beside the sentence."""
        super().__init__(template, **values)
        self.fault = fault

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return _rebuild, (type(self), self.message.template, self.fault, dict(self.message.values))


def _rebuild(kind: type[ReturnRefusedError], template: str, fault: ReturnFault, values: dict[str, object]) -> ReturnRefusedError:
    return kind(template, fault=fault, **values)
