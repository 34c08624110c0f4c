"""Recording consents: the secretariat a guardian's paper, the signing page a minor's own assent; and their withdrawal.

Each act is one transaction. The signed paper and the words that were agreed to are kept as files under their digests first: *a
crash here leaves files that nothing names*. Nothing of a consent goes into the ledger: what it needs is told with the signature.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date

from mou.charter.instruments import AgeBand
from mou.consents import TO_SIGN, ConsentKind, GivenConsent, Guardian, standing, words_of
from mou.errors import MouError, UsageError
from mou.minors import Lack, Occasion, day_of, lacks_of, require_ready
from mou.requests import RequestState, SignatureRequest
from mou.storage.database import Transaction
from mou.storage.store import Document, NotFoundError
from mou.workflow.links import Invited
from mou.workflow.minors import occasion_in
from mou.workflow.request_steps import request_of, signatory_id
from mou.workflow.workspace import SECRETARIAT, Workspace
from signatures.digests import Digest
from signatures.messages import Message, say


class ConsentRefusedError(MouError):
    """A consent cannot be recorded as it was brought."""


@dataclass(frozen=True, slots=True)
class GuardianPaper:
    """What a guardian brought: their name, what they are to the minor, and the paper that they signed."""

    name: str
    relationship: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    """A consent, and whether this call recorded it."""

    consent: GivenConsent
    is_new: bool


@dataclass(frozen=True, slots=True)
class SignatoryConsents:
    """One signatory with what is known of their age today, what is missing beside their signature, and what they agreed to."""

    request: SignatureRequest
    band: AgeBand | None
    lacks: tuple[Lack, ...]
    consents: tuple[GivenConsent, ...]


def give_consent(
    workspace: Workspace,
    document_id: str,
    field: str,
    kind: ConsentKind,
    *,
    given_on: date | None = None,
    guardian: GuardianPaper | None = None,
) -> Recorded:
    """Record a consent that was brought to the secretariat; the same paper again returns what is there.

    Args:
        workspace: where the document is.
        document_id: the document that it is for; another text needs another consent.
        field: the field of whoever it is about.
        kind: what is consented to.
        given_on: the day of the paper, or on which it was said; None for today.
        guardian: who consents for a minor, with the signed paper.

    Raises:
        NotFoundError: there is no such document or field.
        UsageError: the day lies ahead.
        ConsentRefusedError: the guardian's part is missing, or the consent could change nothing.
    """
    at = workspace.clock()
    today = day_of(at)
    if given_on is not None and given_on > today:
        raise UsageError("a day that has come is expected, got {day}; today is {today}", day=given_on, today=today)
    words = words_of(kind)
    kept = None if guardian is None else Guardian(guardian.name, guardian.relationship, workspace.files.put(guardian.content))
    workspace.files.put(words.whole.encode())
    with workspace.database.write() as transaction:
        transaction.lock()
        _, request = request_of(transaction, document_id, field)
        occasion = occasion_in(transaction, request, transaction.store.requests(document_id), at=at)
        _require_useful(occasion, kind, kept)
        consent = GivenConsent(
            consent_id=f"cns_{secrets.token_hex(12)}",
            document_id=document_id,
            field=field,
            kind=kind,
            signatory=request.slot.person.full_name,
            text=words.digest,
            given_on=given_on or today,
            recorded_at=at.replace(microsecond=0),
            recorded_by=SECRETARIAT,
            guardian=kept,
        )
        known = next((one for one in occasion.own_consents if one.stands(at) and _is_same(one, consent)), None)
        is_asked_again = kind is ConsentKind.MINOR_ASSENT and Lack.ASSENT_AFTER_CONSENT in lacks_of(occasion)
        if known is not None and not is_asked_again:
            return Recorded(known, is_new=False)
        transaction.consents.add_consent(consent)
    return Recorded(consent, is_new=True)


def withdraw_consent(workspace: Workspace, consent_id: str) -> Recorded:
    """Record that a consent was withdrawn; what was signed stays, and a second withdrawal changes nothing.

    Raises:
        NotFoundError: there is no such consent.
    """
    at = workspace.clock().replace(microsecond=0)
    with workspace.database.write() as transaction:
        transaction.lock()
        known = transaction.consents.find_consent(consent_id)
        if known is None:
            raise NotFoundError("no consent with the id {consent}; see: mou consent list DOCUMENT", consent=consent_id)
        if known.withdrawn_at is not None:
            return Recorded(known, is_new=False)
        transaction.consents.withdraw_consent(consent_id, at=at, by=SECRETARIAT)
    return Recorded(replace(known, withdrawn_at=at, withdrawn_by=SECRETARIAT), is_new=True)


def consents_for_document(workspace: Workspace, document: Document) -> tuple[SignatoryConsents, ...]:
    """Return what is known of every signatory of a document, in the order of the fields."""
    at = workspace.clock()
    with workspace.database.read() as transaction:
        requests = transaction.store.requests(document.document_id)
        return tuple(_of_signatory(occasion_in(transaction, request, requests, at=at)) for request in requests)


def record_assent(workspace: Workspace, transaction: Transaction, invited: Invited, text: Digest) -> None:
    """Record a minor's own assent as it was given on the signing page, in the open transaction; once for the same words.

    `text` is the digest of the words that were shown, in the language in which they were.

    Raises:
        MinorNotReadyError: something has to come before it.
    """
    at, request = workspace.clock(), invited.request
    occasion = occasion_in(transaction, request, transaction.store.requests(request.document_id), at=at)
    require_ready(occasion, has_assent=True)
    known = standing(occasion.own_consents, ConsentKind.MINOR_ASSENT, at=at)
    if known is not None and known.text == text and not lacks_of(occasion):
        return
    transaction.consents.add_consent(
        GivenConsent(
            consent_id=f"cns_{secrets.token_hex(12)}",
            document_id=request.document_id,
            field=request.slot.field,
            kind=ConsentKind.MINOR_ASSENT,
            signatory=request.slot.person.full_name,
            text=text,
            given_on=day_of(at),
            recorded_at=at.replace(microsecond=0),
            recorded_by=signatory_id(request.document_id, request.slot.field),
        )
    )


def _require_useful(occasion: Occasion, kind: ConsentKind, guardian: Guardian | None) -> None:
    """Check that the consent is whole and can change something: nothing about a person is kept for nothing."""
    request = occasion.request
    reason = _why_useless(occasion, kind) or _fault_of_guardian(occasion, kind, guardian)
    if reason is not None:
        raise ConsentRefusedError(
            "{field}, {name}: {reason}", field=request.slot.field, name=request.slot.person.full_name, reason=reason
        )


def _why_useless(occasion: Occasion, kind: ConsentKind) -> Message | None:
    """Why this consent would change nothing."""
    if kind in TO_SIGN and occasion.request.state is RequestState.SIGNED:
        return say("this signature is there already, and a consent to sign comes before it")
    if kind in TO_SIGN and occasion.band is AgeBand.FROM_20:
        return say("the signatory is 20 or over: no such consent is asked for, and none is kept")
    if kind is ConsentKind.NAME_PUBLICATION and occasion.of_youth:
        return say("a youth group or a children and youth council shows no person in public, whatever is agreed")
    if kind is ConsentKind.NAME_PUBLICATION and occasion.organisation is None:
        return say(
            "the organisation is on no imported list: it is not known whether it is a youth group, so nobody of it is named in "
            "public"
        )
    return None


def _fault_of_guardian(occasion: Occasion, kind: ConsentKind, guardian: Guardian | None) -> Message | None:
    """What is wrong with the guardian's part: missing, incomplete, or not asked for."""
    needs_one = kind is ConsentKind.GUARDIAN_CONSENT or (occasion.is_minor_today and kind is not ConsentKind.MINOR_ASSENT)
    if guardian is None:
        return (
            say("a guardian is expected: the name, what they are to the signatory, and the paper that they signed")
            if needs_one
            else None
        )
    if kind is ConsentKind.MINOR_ASSENT or occasion.band is AgeBand.FROM_20:
        return say("no guardian is expected: this consent is the signatory's own")
    if not (guardian.name.strip() and guardian.relationship.strip()):
        return say("the guardian's name is expected, and what they are to the signatory")
    return None


def _is_same(one: GivenConsent, other: GivenConsent) -> bool:
    return (one.kind, one.text, one.given_on, one.guardian) == (other.kind, other.text, other.given_on, other.guardian)


def _of_signatory(occasion: Occasion) -> SignatoryConsents:
    is_signed = occasion.request.state is RequestState.SIGNED
    return SignatoryConsents(occasion.request, occasion.band, () if is_signed else lacks_of(occasion), occasion.own_consents)
