"""PDF + evidence + policy -> `VerificationReport`: the whole claim, offline, at a time that the caller names.

The steps, with the same numbers in the code, the report, the page and the tests:

0. The file is read strictly; every byte belongs to a well-formed revision; a second parser does not have to repair it.
1. Each signature is intact and valid, and every expected field is filled.
2. What came after each signature is allowed (further expected signatures, evidence, time stamps), nothing else.
3. The time is established (RFC 3161, else claimed) and the signer's certificate leads to a trust root at that time, with
   revocation.
4. The signer is the signatory who was asked, in the capacity that was asked, while that capacity held.
5. The revision under the first signature has the digest that the request named.
6. The evidence's ledger entry names this very PDF, and its inclusion proof leads to the checkpoint's root.
7. The checkpoint is signed by the ledger and is consistent with every checkpoint that the verifier already holds.

Each step says `passed`, `failed` or `not_checked`, and why. The sum is derived: any failed -> `failed`; else any not checked
-> `indeterminate`; else `passed`. What cannot be looked at (no roots, no evidence, no key, no revocation list) is not
checked, never failed; what contradicts is failed, however much else passed.

Four rules are our own:

- A signature that cannot be read fails in a field where the evidence expects one, since a readable one was recorded there;
  elsewhere it is not checked.
- A certificate that leads to none of the given roots is not checked, since the roots may be the wrong ones; but it fails in an
  expected field when another signature of the file does lead to a root and the evidence does not name this very certificate:
  that is the mark of an outsider.
- A signature made with a program of the signatory's own may name no reason, which is where a capacity is stated. Then nothing
  contradicts: the capacity rests on the request that the ledger's entry binds, and step 4 says so. Another reason fails, and the
  network's seal always states what it is.
- A file that no evidence stands beside is read as one from elsewhere: the bytes before the end of its first signed range are
  then taken as its signatory took them.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from cryptography import x509

from signatures.bundle import Evidence, ExpectedSignature, commitment, read_evidence
from signatures.canonical import JsonValue
from signatures.capacities import judge_capacity
from signatures.digests import Digest, digest_of
from signatures.errors import CheckpointError, EntryError, EvidenceError, PdfUnreadableError, ProofError, VerificationError
from signatures.evidence_of_law import judge_by_law
from signatures.ledger.checkpoint import Checkpoint, LedgerPublicKey, open_checkpoint
from signatures.ledger.entry import Entry
from signatures.ledger.export import LedgerExport
from signatures.messages import Message, say
from signatures.registry_fields import REGISTRY_SEAL_FIELD
from signatures.revisions import findings, read_revisions
from signatures.time_and_trust import LEADS_NOWHERE
from signatures.trust import RootSet, TrustAnchors
from signatures.validation import Outcome, SignatureCheck, validate_signatures

StepOutcome: TypeAlias = Literal["passed", "failed", "not_checked"]
FileIntegrity: TypeAlias = Literal["intact", "modified", "invalid", "unreadable", "unsigned"]

LONGEST_COMMON_NAME = 64  # RFC 5280, appendix A.1: a longer name is cut in the certificate

_STEP_NAMES = (
    say("every byte belongs to a well-formed revision"),
    say("each signature is intact and valid"),
    say("what came after each signature is allowed"),
    say("time and trust"),
    say("the signer is the signatory who was asked"),
    say("the signed text is the one that was sent"),
    say("the ledger names this very file"),
    say("the ledger's checkpoint is signed and consistent"),
)
_TYPES_THAT_NAME_A_PDF = frozenset({"revision.frozen", "signature.applied", "timestamp.added", "ltv.added", "number.assigned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    """What the verifier brings along: roots and ledger keys known from before, what they hold, and the time of checking.

    A held checkpoint was opened with the ledger's key before (`open_checkpoint`).
    """

    roots: tuple[x509.Certificate, ...]
    ledger_keys: tuple[LedgerPublicKey, ...]
    at: datetime
    held_checkpoints: tuple[Checkpoint, ...] = ()
    ledger_export: LedgerExport | None = None
    root_sets: tuple[RootSet, ...] = ()
    """Names for some of the roots."""
    revocation_lists: tuple[bytes, ...] = ()
    """Lists (DER) that the verifier brings along: newer ones than those in file and evidence."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one numbered step found, and why."""

    number: int
    name: Message
    outcome: StepOutcome
    reason: Message


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Every step and every signature; the sums are derived from them."""

    digest: Digest | None
    """None when not even the bytes could be had."""
    integrity: FileIntegrity
    steps: tuple[StepResult, ...]
    signatures: tuple[SignatureCheck, ...]

    @property
    def verdict(self) -> Outcome:
        """Any failed step -> failed; else any that was not checked -> indeterminate; else passed."""
        outcomes = {step.outcome for step in self.steps}
        return "failed" if "failed" in outcomes else "indeterminate" if "not_checked" in outcomes else "passed"

    @property
    def reason(self) -> Message:
        """The reason of the first step that decided the verdict."""
        for outcome in ("failed", "not_checked"):
            for step in self.steps:
                if step.outcome == outcome:
                    return step.reason
        return say("all steps from 0 to 7 passed")

    def as_json(self, file: str) -> dict[str, JsonValue]:
        """Return the object that `mou verify --json` prints for one file; in English, since scripts read it."""
        return {
            "file": file,
            "sha256": self.digest.hex if self.digest else None,
            "verdict": self.verdict,
            "integrity": self.integrity,
            "reason": str(self.reason),
            "steps": [
                {"number": step.number, "name": str(step.name), "outcome": step.outcome, "reason": str(step.reason)}
                for step in self.steps
            ],
            "signatures": [_signature_as_json(check) for check in self.signatures],
        }

    def require_accepted(self) -> None:
        """Return when the verdict is `passed`.

        Raises:
            VerificationError: it is not; the message gives verdict and reason.
        """
        if self.verdict != "passed":
            raise VerificationError("{verdict}: {reason}", verdict=self.verdict, reason=self.reason)


def verify(pdf: bytes, evidence: bytes | None, policy: VerificationPolicy) -> VerificationReport:
    """Return the report on one PDF and the evidence beside it, None when there is none. Never raises for what a file holds."""
    claim = _read_claim(pdf, evidence, policy)
    steps = (
        _step_0(claim),
        _step_1(claim),
        _step_2(claim),
        _step_3(claim),
        _step_4(claim),
        _step_5(claim),
        _step_6(claim),
        _step_7(claim),
    )
    signatures = _with_identities(claim) if steps[4].outcome == "passed" else claim.checks
    return VerificationReport(digest=claim.digest, integrity=_integrity(claim), steps=steps, signatures=signatures)


def _with_identities(claim: "_Claim") -> tuple[SignatureCheck, ...]:
    """Return the checks with what the network says of how each signatory was known; the ledger bound it (step 4)."""
    known = {field: one.identity for field, one in claim.expected.items() if one.identity is not None}
    return tuple(replace(check, identity=known.get(check.field, "")) for check in claim.checks)


def unreadable_report(reason: Message) -> VerificationReport:
    """Return the report on a file whose bytes could not be had at all."""
    later = (_not_checked(number, say("the file could not be read")) for number in range(1, len(_STEP_NAMES)))
    return VerificationReport(digest=None, integrity="unreadable", steps=(_failed(0, reason), *later), signatures=())


@dataclass(frozen=True, slots=True)
class _Claim:
    """What was read, once, for all steps."""

    pdf: bytes
    digest: Digest
    policy: VerificationPolicy
    evidence: Evidence | None
    entry: Entry | None
    no_evidence: Message
    """Why there is none; empty words when there is one."""
    evidence_is_damaged: bool
    checks: tuple[SignatureCheck, ...]
    unreadable: Message | None
    byte_findings: tuple[Message, ...]

    @property
    def expected(self) -> Mapping[str, ExpectedSignature]:
        """What the evidence expects of each field."""
        return {one.field: one for one in self.evidence.expected} if self.evidence else {}

    @property
    def waiting(self) -> frozenset[str]:
        """The fields that nobody had signed yet when this very state was recorded: no certificate is named for them."""
        if not self.checks or self.entry is None or self.entry.body.get("after") != str(self.digest):
            return frozenset()
        filled = {check.field for check in self.checks}
        return frozenset(field for field, one in self.expected.items() if one.certificate_digest is None and field not in filled)

    @property
    def has_hidden_signature(self) -> bool:
        """Whether the file holds a signed range although no field shows a signature: one was cut out or covered."""
        return not self.checks and self.unreadable is None and b"/ByteRange" in self.pdf


def _read_claim(pdf: bytes, content: bytes | None, policy: VerificationPolicy) -> _Claim:
    evidence, entry, problem = _read_evidence(content)
    checks: tuple[SignatureCheck, ...] = ()
    unreadable: Message | None = None
    try:
        checks = validate_signatures(pdf, _anchors(policy, evidence), at=policy.at, strict=content is not None)
    except PdfUnreadableError as error:
        unreadable = error.message
    counted_from = 0 if content is not None else min((check.range_end for check in checks), default=len(pdf) + 1)
    return _Claim(
        pdf=pdf,
        digest=digest_of(pdf),
        policy=policy,
        evidence=evidence,
        entry=entry,
        no_evidence=problem or say("no evidence was given beside the file"),
        evidence_is_damaged=problem is not None,
        checks=checks,
        unreadable=unreadable,
        byte_findings=() if unreadable else findings(pdf, after=counted_from),
    )


def _read_evidence(content: bytes | None) -> tuple[Evidence | None, Entry | None, Message | None]:
    if content is None:
        return None, None, None
    try:
        evidence = read_evidence(content)
        entry = evidence.receipt.entry()
        for certificate in evidence.certificates:
            x509.load_der_x509_certificate(certificate)
        for listed in evidence.revocation_lists:
            x509.load_der_x509_crl(listed)
    except (EvidenceError, EntryError) as error:
        return None, None, say("the evidence cannot be used: {cause}", cause=error.message)
    except ValueError as error:
        return None, None, say("the evidence holds a certificate or revocation list that cannot be read: {cause}", cause=error)
    return evidence, entry, None


def _anchors(policy: VerificationPolicy, evidence: Evidence | None) -> TrustAnchors | None:
    if not policy.roots:
        return None
    if evidence is None:
        return TrustAnchors(policy.roots, policy.revocation_lists, root_sets=policy.root_sets)
    return TrustAnchors(
        roots=policy.roots,
        root_sets=policy.root_sets,
        revocation_lists=(*policy.revocation_lists, *evidence.revocation_lists),
        other_certificates=tuple(x509.load_der_x509_certificate(content) for content in evidence.certificates),
    )


def _integrity(claim: _Claim) -> FileIntegrity:
    """Return the word for the bytes and for what was done after signing, whatever the trust; the worst one counts."""
    met = {check.integrity for check in claim.checks}
    if claim.unreadable is not None:
        return "unreadable"
    if "invalid" in met:
        return "invalid"
    if "modified" in met or claim.has_hidden_signature or (claim.checks and claim.byte_findings):
        return "modified"
    return "unsigned" if not claim.checks else "unreadable" if "unreadable" in met else "intact"


def _step_0(claim: _Claim) -> StepResult:
    """The file is read strictly; every byte belongs to a well-formed revision."""
    if claim.unreadable is not None:
        return _failed(0, claim.unreadable)
    if claim.byte_findings:
        return _failed(0, _first_of(claim.byte_findings))
    return _passed(0, say("all {count} bytes are accounted for", count=len(claim.pdf)))


def _step_1(claim: _Claim) -> StepResult:
    """Each signature is intact and valid, and every expected field is filled."""
    broken = [
        check.reason
        for check in claim.checks
        if check.integrity == "invalid" or (check.integrity == "unreadable" and check.field in claim.expected)
    ]
    unreadable = [check.reason for check in claim.checks if check.integrity == "unreadable"]
    if claim.unreadable is not None:
        return _not_checked(1, say("the file could not be read"))
    missing = _missing_signature(claim)
    if broken or missing is not None:
        return _failed(1, _first_of([*broken, *([missing] if missing else [])]))
    if waiting := sorted(claim.waiting):
        return _not_checked(
            1,
            say(
                "{got} of {expected} signatures are there; still to be signed: {waiting}",
                got=len(claim.expected) - len(waiting),
                expected=len(claim.expected),
                waiting=", ".join(waiting),
            ),
        )
    if unreadable or not claim.checks:
        return _not_checked(1, _first_of(unreadable) if unreadable else say("the file has no signature"))
    return _passed(1, say("{count} of {count} signatures are intact and valid", count=len(claim.checks)))


def _missing_signature(claim: _Claim) -> Message | None:
    """Return what is missing, by count of fields, not of successes; None when nothing is."""
    missing = sorted(claim.expected.keys() - {check.field for check in claim.checks} - claim.waiting)
    if missing:
        return say(
            "{expected} signatures are expected, got {got}; missing: {missing}. They were cut out, or this is an older "
            "state of the file",
            expected=len(claim.expected),
            got=len(claim.expected) - len(missing) - len(claim.waiting),
            missing=", ".join(missing),
        )
    if claim.has_hidden_signature:
        return say("the file holds a signed range, but no signature field shows it: a signature was cut out")
    return None


def _step_2(claim: _Claim) -> StepResult:
    """What came after each signature is allowed, nothing else."""
    changed = [check.reason for check in claim.checks if check.integrity == "modified"]
    if changed:
        return _failed(2, _first_of(changed))
    unclear = [check.reason for check in claim.checks if not check.later_changes_allowed]
    if not claim.checks or unclear:
        return _not_checked(2, _first_of(unclear) if unclear else say("there is no signature after which anything could come"))
    if any(check.field == REGISTRY_SEAL_FIELD for check in claim.checks):
        return _passed(
            2, say("after each signature came only further signatures, the register's number, validation data and time stamps")
        )
    return _passed(2, say("after each signature came only further signatures, validation data and time stamps"))


def _step_3(claim: _Claim) -> StepResult:
    """The time is established, and each certificate leads to a trust root at that time, with revocation."""
    if not claim.checks:
        return _not_checked(3, say("there is no signature whose signer could be trusted"))
    if not claim.policy.roots:
        return _not_checked(3, say("no trust roots were given: whose keys signed is not known; give the roots that you trust"))
    refused = [check for check in claim.checks if check.is_revoked or check.sub_indication == "NOT_YET_VALID"]
    untrusted = [check for check in claim.checks if not check.trusted]
    strangers = [check for check in untrusted if _is_stranger(claim, check)]
    for check in (*refused, *strangers):
        return _failed(3, check.trust_reason or check.reason)
    for check in untrusted:
        return _not_checked(3, check.trust_reason or check.reason)
    for check in claim.checks:
        if check.time is None:
            return _not_checked(3, say("{field}: names no time of signing", field=check.field))
    return _passed(
        3,
        say(
            "{count} certificates lead to a trust root, not revoked; {stamped} times by a time stamp, {claimed} claimed",
            count=len(claim.checks),
            stamped=sum(check.time_source == "timestamp" for check in claim.checks),
            claimed=sum(check.time_source == "claimed" for check in claim.checks),
        ),
    )


def _is_stranger(claim: _Claim, check: SignatureCheck) -> bool:
    """Whether an expected field was signed by somebody who leads to no root, while the roots are right for another."""
    expected = claim.expected.get(check.field)
    roots_are_right = any(other.trusted for other in claim.checks)
    is_named = expected is not None and expected.certificate_digest == check.certificate_digest
    return check.sub_indication in LEADS_NOWHERE and expected is not None and roots_are_right and not is_named


def _step_4(claim: _Claim) -> StepResult:
    """The signer of each field is the signatory who was asked, in the capacity that was asked, and the ledger bound both."""
    if claim.evidence is None or claim.entry is None:
        return _not_checked(4, claim.no_evidence)
    expected, bound = commitment(claim.evidence.expected, claim.evidence.salt), claim.entry.body.get("expected")
    if bound != expected:
        return _failed(
            4,
            say("the ledger entry is expected to bind who was asked as {expected}, got {got}", expected=expected, got=str(bound)),
        )
    readable = [check for check in claim.checks if check.signer]
    contradictions = [reason for check in readable if (reason := _contradiction_of_signer(claim, check))]
    contradictions += _contradiction_of_entry(readable, claim.entry)
    if contradictions:
        return _failed(4, _first_of(contradictions))
    if not claim.checks or len(readable) < len(claim.checks):
        unclear = say("a signature's certificate could not be read")
        return _not_checked(4, unclear if claim.checks else say("there is no signature whose signer could be compared"))
    limits = [found for check in readable if (found := judge_capacity(claim.expected.get(check.field), check))]
    if limits:
        outcome, reason = min(limits, key=lambda found: found[0])  # "failed" before "not_checked"
        return StepResult(4, _STEP_NAMES[4], outcome, reason)
    return _passed(4, _signers_agree(claim))


def _signers_agree(claim: _Claim) -> Message:
    """Return that all signers are who was asked, and how many signatures leave it to the request to say in which capacity."""
    count, silent = len(claim.checks), sum(_is_silent(claim.expected.get(check.field), check) for check in claim.checks)
    if not silent:
        return say("{count} signers are those who were asked, as what they were asked", count=count)
    return say(
        "{count} signers are those who were asked; {silent} signatures do not state a capacity themselves: it rests on the "
        "request that evidence and ledger record",
        count=count,
        silent=silent,
    )


def _is_silent(expected: ExpectedSignature | None, check: SignatureCheck) -> bool:
    """Whether a signature that was asked for leaves out its capacity; the network's seal may not."""
    return expected is not None and expected.kind == "signature" and bool(expected.capacity) and not check.capacity.strip()


def _contradiction_of_signer(claim: _Claim, check: SignatureCheck) -> Message | None:
    expected = claim.expected.get(check.field)
    if expected is None:
        return (
            None
            if check.kind == "timestamp"
            else say("{field}: nobody was asked to sign there, got {got}", field=check.field, got=check.signer)
        )
    if check.kind == "timestamp" or (expected.kind == "seal" and check.kind != "seal"):
        return say("{field}: a {expected} is expected, got a {got}", field=check.field, expected=expected.kind, got=check.kind)
    if expected.certificate_digest is not None and expected.certificate_digest != check.certificate_digest:
        return say(
            "{field}: certificate {expected} is expected, got {got}",
            field=check.field,
            expected=expected.certificate_digest,
            got=check.certificate_digest,
        )
    if _composed(expected.name)[:LONGEST_COMMON_NAME] != _composed(check.signer)[:LONGEST_COMMON_NAME]:
        return say(
            "{field}: signer {expected} is expected, got {got}", field=check.field, expected=expected.name, got=check.signer
        )
    if not _is_silent(expected, check) and _composed(expected.capacity) != _composed(check.capacity):
        return say(
            "{field}: capacity {expected!r} is expected, got {got!r}",
            field=check.field,
            expected=expected.capacity,
            got=check.capacity,
        )
    return None


def _contradiction_of_entry(checks: Sequence[SignatureCheck], entry: Entry) -> list[Message]:
    """Return where the entry of a signature names another certificate than the file has in that field."""
    field, named = entry.body.get("field"), entry.body.get("certificate")
    return [
        say(
            "{field}: the ledger names certificate {expected}, got {got}",
            field=check.field,
            expected=str(named),
            got=check.certificate_digest,
        )
        for check in checks
        if entry.type == "signature.applied" and check.field == field and check.certificate_digest != named
    ]


def _composed(text: str) -> str:
    """Return the text in its composed form (NFC), since two keyboards may spell one Thai name in two ways."""
    return unicodedata.normalize("NFC", text)


def _step_5(claim: _Claim) -> StepResult:
    """The revision under the first signature has the digest that evidence and ledger name."""
    if claim.evidence is None or claim.entry is None:
        return _not_checked(5, claim.no_evidence)
    if not claim.checks:
        return _not_checked(5, say("there is no signature under which a revision could lie"))
    found = _digest_under_first_signature(claim)
    named = {str(claim.evidence.document_digest), str(claim.entry.body.get("document"))}
    if found is None or named != {str(found)}:
        return _failed(
            5,
            say(
                "the revision under the first signature is expected to be {expected}, got {got}",
                expected=", ".join(sorted(named)),
                got=say("none") if found is None else str(found),
            ),
        )
    return _passed(5, say("the revision under the first signature is {digest}, as sent", digest=str(found)))


def _digest_under_first_signature(claim: _Claim) -> Digest | None:
    first = min((check.range_end for check in claim.checks if check.range_end), default=0)
    below = [revision.end for revision in read_revisions(claim.pdf) if first > revision.end]
    return digest_of(claim.pdf[: below[-1]]) if below else None


def _step_6(claim: _Claim) -> StepResult:
    """The evidence's ledger entry names this very PDF, and its inclusion proof leads to the checkpoint's root."""
    evidence, entry = claim.evidence, claim.entry
    if evidence is None or entry is None:
        return _failed(6, claim.no_evidence) if claim.evidence_is_damaged else _not_checked(6, claim.no_evidence)
    if entry.type not in _TYPES_THAT_NAME_A_PDF:
        return _failed(6, say("a ledger entry that names a PDF is expected, got one of type {got}", got=entry.type))
    named = {str(evidence.signed_digest), str(entry.body.get("after"))}
    if named != {str(claim.digest)}:
        return _failed(
            6,
            say(
                "the ledger entry is expected to name {expected}, got {got}",
                expected=str(claim.digest),
                got=", ".join(sorted(named)),
            ),
        )
    if entry.subject != evidence.document_id:
        return _failed(
            6,
            say(
                "the ledger entry is expected to be about {expected}, got {got}", expected=evidence.document_id, got=entry.subject
            ),
        )
    try:
        checkpoint = evidence.receipt.check_inclusion()
    except (ProofError, CheckpointError) as error:
        return _failed(6, error.message)
    return _passed(
        6, say("entry {index} names this file and is one of {size} in the ledger", index=entry.index, size=checkpoint.size)
    )


def _step_7(claim: _Claim) -> StepResult:
    """The checkpoint is signed by the ledger and is consistent with every checkpoint that the verifier holds."""
    policy = claim.policy
    if claim.evidence is None:
        return _not_checked(7, claim.no_evidence)
    if not policy.ledger_keys:
        return _not_checked(7, say("no ledger key was given: who signed the checkpoint is not known"))
    try:
        checkpoint = open_checkpoint(claim.evidence.receipt.note, policy.ledger_keys)
    except CheckpointError as error:
        return _failed(7, error.message)
    if policy.ledger_export is not None and policy.ledger_export.findings:
        return _failed(7, _first_of(policy.ledger_export.findings))
    unclear = [_compare(checkpoint, held, policy.ledger_export) for held in policy.held_checkpoints]
    if policy.ledger_export is not None:
        unclear.append(_compare_with_export(checkpoint, policy.ledger_export))
    for outcome in ("failed", "not_checked"):
        for result in unclear:
            if result is not None and result.outcome == outcome:
                return result
    return _passed(
        7,
        say(
            "the checkpoint at {size} entries is signed by the ledger and agrees with {held} held before",
            size=checkpoint.size,
            held=len(policy.held_checkpoints) + (policy.ledger_export is not None),
        ),
    )


def _compare(checkpoint: Checkpoint, held: Checkpoint, export: LedgerExport | None) -> StepResult | None:
    """Return what speaks against the two being heads of one history, None when nothing does."""
    if held.origin != checkpoint.origin:
        return _not_checked(
            7,
            say(
                "the checkpoint that is held is expected to be of {expected}, got {got}",
                expected=checkpoint.origin,
                got=held.origin,
            ),
        )
    if held.size == checkpoint.size:
        if held.root == checkpoint.root:
            return None
        return _failed(
            7,
            say(
                "two histories: at {size} entries root {expected} is held, got {got}",
                size=held.size,
                expected=held.root.hex(),
                got=checkpoint.root.hex(),
            ),
        )
    if export is None:
        return _not_checked(
            7,
            say(
                "a checkpoint at {held} entries is held, the evidence has one at {size}: only the ledger's export can join them",
                held=held.size,
                size=checkpoint.size,
            ),
        )
    return _compare_with_export(held, export)


def _compare_with_export(checkpoint: Checkpoint, export: LedgerExport) -> StepResult | None:
    if checkpoint.size > len(export.leaf_hashes):
        return _not_checked(
            7,
            say(
                "the export ends at {count} entries, before the checkpoint at {size}: a newer export is needed to compare them",
                count=len(export.leaf_hashes),
                size=checkpoint.size,
            ),
        )
    contradiction = export.contradiction(checkpoint)
    return None if contradiction is None else _failed(7, contradiction)


def _passed(number: int, reason: Message) -> StepResult:
    return StepResult(number, _STEP_NAMES[number], "passed", reason)


def _failed(number: int, reason: Message) -> StepResult:
    return StepResult(number, _STEP_NAMES[number], "failed", reason)


def _not_checked(number: int, reason: Message) -> StepResult:
    return StepResult(number, _STEP_NAMES[number], "not_checked", reason)


def _first_of(reasons: Sequence[Message]) -> Message:
    """Return the first reason, with the number of further ones: a sentence, not a page."""
    first, *more = reasons
    return say("{first} (and {count} more)", first=first, count=len(more)) if more else first


def _signature_as_json(check: SignatureCheck) -> dict[str, JsonValue]:
    return {
        "field": check.field,
        "kind": check.kind,
        "signer": check.signer,
        "verdict": check.verdict,
        "sub_indication": check.sub_indication,
        "integrity": check.integrity,
        "trusted": check.trusted,
        "trust_root": check.trust_root,
        "trust_set": check.trust_set,
        "level": check.level,
        "time": None if check.time is None else f"{check.time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "time_source": check.time_source,
        "capacity": check.capacity,
        "identity": check.identity or None,
        "thai_type": judge_by_law(check).thai_type,
        "reason": str(check.reason if check.integrity != "intact" or check.trust_reason is None else check.trust_reason),
    }
