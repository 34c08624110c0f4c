"""The errors of `signatures`: one root, and one class for each thing that a caller may want to tell apart.

A message says what was expected, what came, where, and what to do next; it never holds a secret.
"""

from signatures.messages import MessageError


class SignaturesError(MessageError):
    """Root of all errors that this package raises on purpose."""


class PdfUnreadableError(SignaturesError):
    """The bytes are not a PDF that can be read strictly."""


class FieldError(SignaturesError):
    """A signature field is missing, filled already, or cannot be made."""


class KeyUnavailableError(SignaturesError):
    """A key could not be opened: no file, wrong password, no private key in it."""


class CertificateRefusedError(SignaturesError):
    """A certificate cannot be used for this signature: expired, not yet valid, wrong use, wrong person."""


class SigningError(SignaturesError):
    """A signature could not be made, or what came out did not validate; nothing was stored."""


class TimestampError(SignaturesError):
    """The time stamp service did not give a usable token."""


class TrustError(SignaturesError):
    """A trust root or revocation list cannot be read."""


class EntryError(SignaturesError):
    """A value cannot become a ledger entry, or bytes are not one."""


class ProofError(SignaturesError):
    """A Merkle proof does not lead where it should."""


class CheckpointError(SignaturesError):
    """A checkpoint or a key for it is malformed, or its signature is wrong."""


class LedgerConflictError(SignaturesError):
    """An append was based on a stale read, or repeats an operation id with another request."""


class LedgerError(SignaturesError):
    """The ledger's stored state contradicts itself or the proofs that are held."""


class EvidenceError(SignaturesError):
    """An evidence file is malformed."""


class VerificationError(SignaturesError):
    """A claim was not accepted; raised by `VerificationReport.require_accepted` alone."""
