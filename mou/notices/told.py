"""A notice and a file -> whether the notice tells of it: yes, no, or not to be known.

1. Yes: the file has the digest of a paper that the notice tells of, of a text before anybody signed it, or of the newest state of
   a document on the day of the notice.
2. No: nothing of it was told of. A file that has a told text, but not its newest state, is an earlier state or a changed file;
   the answer says that the text is the same.
3. Not to be known: the file begins with a state that was told of, and goes on. What came later the notice cannot know; where it
   is nothing that may come after a signature, the answer is no.
"""

from dataclasses import dataclass

from mou.charter.notices import Notice, ToldDocument
from signatures.digests import Digest, digest_of
from signatures.errors import SignaturesError
from signatures.messages import Message, say
from signatures.revisions import read_revisions
from signatures.verification import StepOutcome, VerificationPolicy, verify


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """Whether a notice tells of one file; passed is yes, failed is no."""

    file: str
    digest: Digest
    outcome: StepOutcome
    reason: Message


def answer_about(name: str, content: bytes, notice: Notice | None, policy: VerificationPolicy) -> DocumentAnswer:
    """Return whether the notice tells of a file; None is a notice that does not hold itself."""
    digest = digest_of(content)
    if notice is None:
        unknown = say("the notice itself does not hold, so nothing is known by it")
        return DocumentAnswer(name, digest, "not_checked", unknown)
    told = _told(notice, str(digest))
    if told is not None:
        return DocumentAnswer(name, digest, "passed", told)
    return DocumentAnswer(name, digest, *_not_told(notice, content, policy))


def _told(notice: Notice, digest: str) -> Message | None:
    for one in notice.documents:
        if one.newest == digest:
            return say("the notice tells of this very file: the newest state of {name}", name=_name_of(one))
        if one.digest == digest and one.newest is not None:
            return say("the notice tells of this text, before anybody signed it: {name}", name=_name_of(one))
        if one.digest == digest:
            return say("the notice tells of this very paper")
    return None


def _not_told(notice: Notice, content: bytes, policy: VerificationPolicy) -> tuple[StepOutcome, Message]:
    states = _digests_of_states(content)
    continued = next((one for one in notice.documents if one.newest in states), None)
    if continued is not None:
        report = verify(content, None, policy)
        if report.verdict == "failed":
            return "failed", say("the notice does NOT tell of this file, and it was changed: {reason}", reason=report.reason)
        return "not_checked", say(
            "the file begins with the one that the notice tells of ({name}), and something was added later: verify it",
            name=_name_of(continued),
        )
    same_text = next((one for one in notice.documents if one.digest in states), None)
    if same_text is not None:
        return "failed", say(
            "the notice does NOT tell of this file: its text is that of {name}, and what follows is an earlier state or was "
            "changed; expected {expected}",
            name=_name_of(same_text),
            expected=same_text.newest or same_text.digest,
        )
    return "failed", say("the notice does NOT tell of this file, nor of anything that it begins with")


def _name_of(document: ToldDocument) -> str:
    return document.number or document.digest


def _digests_of_states(content: bytes) -> frozenset[str]:
    """The digests of a PDF and of what it was before its later revisions; none for another kind of file."""
    try:
        ends = [revision.end for revision in read_revisions(content)]
    except SignaturesError:
        return frozenset()
    return frozenset(str(digest_of(content[:end])) for end in ends)
