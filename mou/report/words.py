"""Codes of a verification as words, and the sign that stands beside each: never colour alone."""

from typing import TYPE_CHECKING, Final

from signatures.messages import Message, say

if TYPE_CHECKING:  # reading words loads nothing heavy
    from collections.abc import Mapping

    from signatures.evidence_of_law import Bearing, ThaiType
    from signatures.validation import Kind
    from signatures.verification import FileIntegrity, StepOutcome

SIGNS: Final["Mapping[str, str]"] = {
    "passed": "✓",
    "failed": "✗",
    "not_checked": "?",
    "indeterminate": "?",
    "evidence": "✓",
    "contradicted": "✗",
    "none": "?",
}
VERDICTS: Final["Mapping[str, Message]"] = {
    "passed": say("PASSED"),
    "failed": say("FAILED"),
    "indeterminate": say("CANNOT BE KNOWN"),
}
OUTCOMES: Final["Mapping[StepOutcome, Message]"] = {
    "passed": say("passed"),
    "failed": say("FAILED"),
    "not_checked": say("not checked"),
}
TIME_SOURCES: Final["Mapping[str, Message]"] = {
    "timestamp": say("by a time stamp"),
    "claimed": say("as the signer's machine claimed"),
    "none": say("no time is stated"),
}
INTEGRITIES: Final["Mapping[FileIntegrity, Message]"] = {
    "intact": say("intact: the signed bytes are those that were signed, and what came after is allowed"),
    "modified": say("modified: the signed bytes are right, but something was added, removed or hidden that is not allowed"),
    "invalid": say("invalid: a signature or its digest is wrong"),
    "unreadable": say("unreadable: nothing can be said"),
    "unsigned": say("unsigned: there is no signature"),
}
KINDS: Final["Mapping[Kind, Message]"] = {
    "signature": say("signature of a person"),
    "seal": say("seal: set by an automated system or for an organisation, no person's signature"),
    "timestamp": say("time stamp of a service"),
}
BEARINGS: Final["Mapping[Bearing, Message]"] = {
    "evidence": say("there is evidence"),
    "none": say("no evidence"),
    "contradicted": say("evidence against it"),
}
THAI_TYPES: Final["Mapping[ThaiType | None, Message]"] = {
    None: say("none, or it cannot be known"),
    1: say("type 1: general electronic signature (section 9)"),
    2: say("type 2: reliable electronic signature (section 26)"),
    3: say("type 3: reliable electronic signature with a provider's certificate (section 28)"),
}
IDENTITIES: Final["Mapping[str, Message]"] = {
    "code_by_mail": say("a one-time code sent to the registered mail address: somebody reads that mailbox"),
    "code_by_hand": say("a one-time code that the secretariat handed on, and could have used itself"),
    "attested_on_site": say("the secretariat looked at the person and attests it"),
    "passkey": say("a passkey that was registered before for the same mail address"),
}


def identity_in_words(word: str) -> Message:
    """Return how the network says that it knew a signatory: its own statement, which the ledger binds."""
    return IDENTITIES.get(word, say("{word}", word=word))
