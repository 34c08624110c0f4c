"""A notice's PDF that somebody holds -> what it proves, offline; and whether it tells of a document that they hold as well.

The steps, with the same numbers in the code, the report and the tests:

1. The file is whole: every byte belongs to a well-formed revision, and the last one is the network's automatic seal, intact.
2. The seal's certificate leads to a trust root, is not revoked, and is a seal's: a person's signature is none.
3. The notice in the file is in its one form, and names the digest of the one before it.
4. The head of the ledger in it is signed by the ledger's key.
5. The notice before it, where it is given, is the one that it names, and the ledger went on from there.
6. The ledger's export, where it is given, goes on from that head, holds every instrument that the notice tells of, with the same
   outcome, and names this very file.

Then each document that is asked about (`mou.notices.told`). By a notice that does not hold itself nothing is known of any.

Each is `passed`, `failed` or `not_checked`, with the reason. *Not checked* never counts as passed. That the page says what the
notice in the file says is drawn so by the program and is not checked here: what counts is the notice in the file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mou.charter.instruments import InstrumentKind
from mou.charter.ledger_form import ACCEPTED, RECEIVED, RETURNED
from mou.charter.notices import IssuedNotice, Notice, NoticeError, chain_findings
from mou.notices.drawing import carried_notice
from mou.notices.told import DocumentAnswer, answer_about
from signatures.canonical import JsonValue
from signatures.digests import Digest, digest_of
from signatures.errors import CheckpointError, PdfUnreadableError
from signatures.fields import SEAL_FIELD
from signatures.ledger.checkpoint import open_checkpoint
from signatures.ledger.entry import Entry
from signatures.ledger.export import LedgerExport
from signatures.messages import Message, say
from signatures.revisions import findings
from signatures.signing import SEAL_CAPACITY
from signatures.trust import TrustAnchors
from signatures.validation import Outcome, SignatureCheck, validate_signatures
from signatures.verification import StepResult, VerificationPolicy

AUTOMATIC_SEAL: Final = "ตราประทับอัตโนมัติ"
"""How the name in a seal's certificate begins: the authority gives it to no person."""

_STEPS: Final = {
    1: say("the file is whole, under the automatic seal"),
    2: say("the seal is the network's"),
    3: say("the notice in the file is in its one form"),
    4: say("the head of the ledger is signed"),
    5: say("the notice before it"),
    6: say("the ledger's export"),
}


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """Every step and every document; the sum is derived from them. `notice` is None where none could be read."""

    digest: Digest
    notice: Notice | None
    steps: tuple[StepResult, ...]
    documents: tuple[DocumentAnswer, ...]

    @property
    def verdict(self) -> Outcome:
        """Any failed -> failed; else any not checked -> indeterminate; else passed."""
        outcomes = {one.outcome for one in self.steps} | {one.outcome for one in self.documents}
        return "failed" if "failed" in outcomes else "indeterminate" if "not_checked" in outcomes else "passed"

    def as_json(self, file: str) -> dict[str, JsonValue]:
        """Return the object that `mou notice check --json` prints; in English, since scripts read it."""
        return {
            "file": file,
            "sha256": self.digest.hex,
            "verdict": self.verdict,
            "number": None if self.notice is None else self.notice.number,
            "steps": [
                {"number": one.number, "name": str(one.name), "outcome": one.outcome, "reason": str(one.reason)}
                for one in self.steps
            ],
            "documents": [
                {"file": one.file, "sha256": one.digest.hex, "outcome": one.outcome, "reason": str(one.reason)}
                for one in self.documents
            ],
        }


def check_notice(
    pdf: bytes, policy: VerificationPolicy, *, previous: bytes | None = None, documents: Iterable[tuple[str, bytes]] = ()
) -> NoticeReport:
    """Return what a notice's PDF proves; never raises for what a file holds, and asks no network.

    Args:
        pdf: the notice.
        policy: the roots, ledger keys, export and time that the verifier brings along.
        previous: the PDF of the notice before it.
        documents: files of which is asked whether the notice tells of them, each with its name.
    """
    digest, seal = digest_of(pdf), _read_seal(pdf, policy)
    notice: Notice | None = None
    try:
        notice = carried_notice(pdf)
        third = _passed(3, _what_it_names(notice))
    except NoticeError as error:
        third = _failed(3, error.message)
    steps = [_step_1(pdf, seal), _step_2(seal, policy), third, _step_4(notice, policy)]
    if previous is not None:
        steps.append(_step_5(notice, digest, previous))
    if policy.ledger_export is not None:
        steps.append(_step_6(notice, digest, policy.ledger_export))
    holds = all(one.outcome != "failed" for one in steps)
    answers = (answer_about(name, content, notice if holds else None, policy) for name, content in documents)
    return NoticeReport(digest, notice, tuple(steps), tuple(answers))


def _read_seal(pdf: bytes, policy: VerificationPolicy) -> tuple[SignatureCheck, ...] | Message:
    anchors = TrustAnchors(policy.roots, policy.revocation_lists, root_sets=policy.root_sets) if policy.roots else None
    try:
        return validate_signatures(pdf, anchors, at=policy.at)
    except PdfUnreadableError as error:
        return error.message


def _step_1(pdf: bytes, seal: tuple[SignatureCheck, ...] | Message) -> StepResult:
    if isinstance(seal, Message):
        return _failed(1, seal)
    for finding in findings(pdf):
        return _failed(1, finding)
    if len(seal) != 1 or seal[0].field != SEAL_FIELD or seal[0].kind != "seal":
        return _failed(1, say("one seal and nothing else is expected, got {count} signatures", count=len(seal)))
    check = seal[0]
    if not (check.intact and check.valid and check.later_changes_allowed):
        return _failed(1, check.reason)
    if check.range_end != len(pdf):
        return _failed(1, say("the seal is expected to lie over the whole file; something was added after it"))
    return _passed(1, say("all {count} bytes lie under the seal", count=len(pdf)))


def _step_2(seal: tuple[SignatureCheck, ...] | Message, policy: VerificationPolicy) -> StepResult:
    if isinstance(seal, Message) or not seal:
        return _not_checked(2, say("there is no seal whose holder could be known"))
    check = seal[0]
    if not check.signer.startswith(AUTOMATIC_SEAL) or check.capacity != SEAL_CAPACITY:
        return _failed(
            2, say("an automatic seal is expected ({expected}), got {got}", expected=AUTOMATIC_SEAL, got=check.signer or "-")
        )
    if not policy.roots:
        return _not_checked(2, say("no trust roots were given: whose seal it is is not known; give the roots that you trust"))
    reason = check.trust_reason or check.reason
    if check.is_revoked or check.sub_indication == "NOT_YET_VALID":
        return _failed(2, reason)
    return _passed(2, reason) if check.trusted else _not_checked(2, reason)


def _what_it_names(notice: Notice) -> Message:
    if notice.previous is None:
        return say("notice 1 of {day}, the first; instruments: {count}", day=notice.day, count=len(notice.instruments))
    return say(
        "notice {number} of {day}; it names {previous} as the one before it; instruments: {count}",
        number=notice.number,
        day=notice.day,
        previous=notice.previous,
        count=len(notice.instruments),
    )


def _step_4(notice: Notice | None, policy: VerificationPolicy) -> StepResult:
    if notice is None:
        return _not_checked(4, say("there is no notice in which a head of the ledger could stand"))
    if not policy.ledger_keys:
        return _not_checked(4, say("no ledger key was given: who signed the head is not known"))
    try:
        head = open_checkpoint(notice.checkpoint, policy.ledger_keys)
    except CheckpointError as error:
        return _failed(4, error.message)
    return _passed(4, say("{origin} signed this head of {size} entries", origin=head.origin, size=head.size))


def _step_5(notice: Notice | None, digest: Digest, previous: bytes) -> StepResult:
    if notice is None:
        return _not_checked(5, say("there is no notice that could name another"))
    if notice.previous is None:
        return _failed(5, say("this is notice 1, which names none before it"))
    try:
        before = IssuedNotice(carried_notice(previous), digest_of(previous))
    except NoticeError as error:
        return _failed(5, error.message)
    for finding in chain_findings((before, IssuedNotice(notice, digest))):
        return _failed(5, finding)
    return _passed(
        5, say("notice {number} is the one that it names, and the ledger went on from there", number=before.notice.number)
    )


def _step_6(notice: Notice | None, digest: Digest, export: LedgerExport) -> StepResult:
    if notice is None:
        return _not_checked(6, say("there is no notice that could be held against the ledger"))
    for finding in export.findings:
        return _failed(6, finding)
    head = notice.head
    if head.size > len(export.leaf_hashes):
        return _not_checked(
            6,
            say(
                "the export ends at {count} entries, before the head of {size}: a newer export is needed",
                count=len(export.leaf_hashes),
                size=head.size,
            ),
        )
    if (contradiction := export.contradiction(head)) is not None:
        return _failed(6, contradiction)
    return _held_against(notice, digest, tuple(export.entries()))


def _held_against(notice: Notice, digest: Digest, entries: Sequence[Entry]) -> StepResult:
    """Compare what the notice tells with an export that continues its head."""
    examined = {str(one.body.get("instrument")): one for one in entries if one.type in {ACCEPTED, RETURNED}}
    for told in notice.instruments:
        entry, verdict = entries[told.entry], examined.get(told.instrument_id)
        outcome = RETURNED if told.returned_for is not None else ACCEPTED
        is_there = entry.type == RECEIVED and entry.body.get("instrument") == told.instrument_id
        if not is_there or verdict is None or verdict.type != outcome or verdict.body.get("clause") != told.returned_for:
            return _failed(6, say("entry {index} of the ledger is not what the notice tells of", index=told.entry))
    named = _digest_of_number(notice, entries)
    if named is None:
        return _not_checked(6, say("the export ends before the entry that names this notice: a newer one is needed"))
    if named != str(digest):
        return _failed(
            6,
            say(
                "the ledger names {expected} as notice {number}, got {got}", expected=named, number=notice.number, got=str(digest)
            ),
        )
    return _passed(6, say("the ledger of {size} entries goes on from the head, and names this file", size=len(entries)))


def _digest_of_number(notice: Notice, entries: Sequence[Entry]) -> str | None:
    for entry in entries[notice.head.size :]:
        paper = entry.body.get("paper")
        if entry.type != RECEIVED or entry.subject != notice.charter_id or not isinstance(paper, dict):
            continue
        if (paper.get("kind"), paper.get("number")) == (InstrumentKind.NOTICE_ISSUED, notice.number):
            return str(paper.get("document"))
    return None


def _passed(number: int, reason: Message) -> StepResult:
    return StepResult(number, _STEPS[number], "passed", reason)


def _failed(number: int, reason: Message) -> StepResult:
    return StepResult(number, _STEPS[number], "failed", reason)


def _not_checked(number: int, reason: Message) -> StepResult:
    return StepResult(number, _STEPS[number], "not_checked", reason)
