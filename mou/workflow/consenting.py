"""What a signatory fills in before signing: how they read the document, what they consent to, which way they sign.

Each consent stands alone, none is given beforehand, and what was consented to is kept as the digest of the words that were
shown. The draft survives a reload, another day, another device; it signs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mou.consents import ConsentKind, ConsentWords, words_of
from mou.errors import MouError
from mou.messages import translate
from mou.minors import Occasion, require_ready
from mou.rendering.pictures import read_picture
from mou.storage.asking import Identity, SigningDraft
from mou.workflow.consents import record_assent
from mou.workflow.links import Invited, invited_by
from mou.workflow.minors import occasion_of
from mou.workflow.request_steps import require_answerable, require_current
from mou.workflow.signing import check_picture
from mou.workflow.workspace import Workspace
from signatures.digests import Digest, digest_of
from signatures.messages import Message, say

READ_AS_PAGES, READ_OTHERWISE = "pages", "otherwise"
ASSENT = "assent"
BROWSER_KEY, OWN_FILE, ELSEWHERE, SERVICE_PREFIX = "browser", "pkcs12", "elsewhere", "csc:"


class DraftRefusedError(MouError):
    """Something is missing or wrong in what a signatory filled in; `fields` says what, by the name of the field."""

    def __init__(self, template: str, /, *, fields: Mapping[str, Message], **values: object) -> None:
        """Keep a sentence for each field."""
        super().__init__(template, **values)
        self.fields = fields

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return _rebuild, (type(self), self.message.template, self.fields)


def _rebuild(kind: type[DraftRefusedError], template: str, fields: Mapping[str, Message]) -> DraftRefusedError:
    return kind(template, fields=fields)


@dataclass(frozen=True, slots=True)
class Consent:
    """One thing to consent to, in words that end up as evidence."""

    name: str
    text: Message
    detail: Message


@dataclass(frozen=True, slots=True)
class Way:
    """One way to sign."""

    name: str
    title: Message
    detail: Message


def consents_for(invited: Invited, *, capacity: str, assent: ConsentWords | None = None) -> tuple[Consent, ...]:
    """Return what this signatory consents to, each thing apart; `capacity` is theirs in the reader's language.

    `assent` are the words by which a minor agrees, in the reader's language; None for everybody else.
    """
    slot = invited.request.slot
    own = () if assent is None else (Consent(ASSENT, say("{words}", words=assent.text), say("{words}", words=assent.detail)),)
    return (
        *own,
        Consent(
            "read",
            say("I have read the document, or had it read to me, and what I did not understand was explained to me."),
            say("The text cannot be changed any more: what you read is what you sign."),
        ),
        Consent(
            "sign",
            say(
                "I want to sign it as {capacity} of {organisation}.",
                capacity=capacity,
                organisation=slot.organisation_name,
            ),
            say("Whether you may bind the organisation follows from your mandate, which nobody can see from a signature."),
        ),
        Consent(
            "electronic",
            say("I agree to sign electronically, and that my name, capacity and time stand in the file."),
            say(
                "Everybody who holds the file can read them. Under the Electronic Transactions Act, section 7, a signature is "
                "not denied effect only because it is electronic."
            ),
        ),
    )


def ways_for(workspace: Workspace) -> tuple[Way, ...]:
    """Return the ways to sign that this workspace offers, the simplest first."""
    services = tuple(
        Way(
            f"{SERVICE_PREFIX}{name}",
            say("With my key at {service}", service=service.title or name),
            say("You are taken to the page of the service, confirm there, and come back. Its password is never typed here."),
        )
        for name, service in sorted(workspace.settings.csc.items())
    )
    return (
        Way(
            BROWSER_KEY,
            say("With a key that is made now, in this browser"),
            say(
                "Nothing to prepare. The network certifies for a short time that the key is yours; it signs once and is "
                "forgotten. It never leaves this device."
            ),
        ),
        Way(
            OWN_FILE,
            say("With my own certificate, a file ending in .p12 or .pfx"),
            say("The file is opened in this browser alone. Neither the file nor its password is sent to anybody."),
        ),
        Way(
            ELSEWHERE,
            say("In a program of my own"),
            say("Download the document, sign it in your program, and bring the file back here."),
        ),
        *services,
    )


def save_draft(  # noqa: PLR0913  # one argument for each thing that a signatory fills in
    workspace: Workspace,
    invited: Invited,
    identity: Identity,
    *,
    displayed: str,
    read_how: str,
    consents: Mapping[str, str],
    way: str,
    picture: bytes | None,
    keeps_picture: bool = False,
) -> SigningDraft:
    """Keep what a signatory filled in, in the place of what was there.

    Args:
        workspace: where the request is.
        invited: whom the link was made for.
        identity: who was established to be signing.
        displayed: hexadecimal digest of the bytes that the page showed; empty where they were read otherwise.
        read_how: `pages` or `otherwise`.
        consents: the name of each consent that was given -> the words that were shown.
        way: the name of the way to sign.
        picture: a PNG or JPEG of the handwritten signature, if one was given.
        keeps_picture: whether the picture of the draft before stays where no new one came.

    Raises:
        DraftRefusedError: something is missing or wrong; nothing was kept.
        RequestRefusedError: the request is no longer open.
        MinorNotReadyError: something has to be there before a minor can agree to sign.
    """
    fresh = invited_by(workspace, invited.invitation.invitation_id)
    require_answerable(fresh.request, at=workspace.clock())
    occasion = occasion_of(workspace, fresh)
    require_ready(occasion, has_assent=True)
    shown = _shown_revision(workspace, fresh, displayed)
    wrong = _faults_of_reading(shown, read_how) | _faults_of_consents(fresh, occasion, consents)
    if way not in {each.name for each in ways_for(workspace)}:
        wrong["way"] = say("choose how you want to sign")
    if picture and (fault := _fault_of_picture(workspace, fresh, picture)) is not None:
        wrong["picture"] = fault
    if wrong or shown is None:
        raise DraftRefusedError(
            "some answers are missing or cannot be used; nothing was signed, and the others were kept", fields=wrong
        )
    assent = consents[ASSENT].encode() if occasion.is_minor else None
    if assent is not None:
        workspace.files.put(assent)  # the words; a crash here leaves a file that nothing names
    with workspace.database.write() as transaction:
        transaction.lock()
        require_current(transaction, fresh, fresh.request)
        known = transaction.asking.draft(fresh.invitation.invitation_id)
        draft = SigningDraft(
            invitation_id=fresh.invitation.invitation_id,
            identity_id=identity.identity_id,
            displayed=shown,
            read_how=read_how,
            consents={name: {"given": True, "text": str(digest_of(text.encode()))} for name, text in sorted(consents.items())},
            way=way,
            saved_at=workspace.clock(),
            picture=picture or (known.picture if known and keeps_picture else None),
        )
        transaction.asking.put_draft(draft)
        if assent is not None:
            record_assent(workspace, transaction, fresh, digest_of(assent))
    return draft


def _faults_of_reading(shown: Digest | None, read_how: str) -> dict[str, Message]:
    if shown is None:
        return {"read": say("the page showed other bytes than the network holds; load the page again before you sign")}
    if read_how not in {READ_AS_PAGES, READ_OTHERWISE}:
        return {"read": say("read the document to its end, or say that you read it in another way")}
    return {}


def _faults_of_consents(invited: Invited, occasion: Occasion, consents: Mapping[str, str]) -> dict[str, Message]:
    asked = consents_for(invited, capacity="", assent=assent_words(occasion, "th"))
    return {
        f"consent-{one.name}": say("without this consent nothing can be signed; you may also decline")
        for one in asked
        if one.name not in consents
    }


def _fault_of_picture(workspace: Workspace, invited: Invited, picture: bytes) -> Message | None:
    try:
        check_picture(
            workspace, invited.document.document_id, invited.request.slot.field, read_picture(picture, source="picture")
        )
    except MouError as error:
        return error.message
    return None


def draft_of(workspace: Workspace, invited: Invited) -> SigningDraft | None:
    """Return what the signatory filled in so far."""
    with workspace.database.read() as transaction:
        return transaction.asking.draft(invited.invitation.invitation_id)


def assent_words(occasion: Occasion, language: str) -> ConsentWords | None:
    """Return the words by which a minor agrees to sign; None for anybody who is not known to be one."""
    return words_of(ConsentKind.MINOR_ASSENT, language) if occasion.is_minor else None


def consent_in_words(consent: Consent, language: str) -> str:
    """Return the words of a consent as they are shown, and as their digest is kept."""
    return f"{translate(consent.text, language)} {translate(consent.detail, language)}"


def _shown_revision(workspace: Workspace, invited: Invited, displayed: str) -> Digest | None:
    """Return the revision of the document that was shown; the newest one where nothing was; None for bytes of elsewhere."""
    if not displayed:
        return invited.document.current
    with workspace.database.read() as transaction:
        revisions = transaction.store.revisions(invited.document.document_id)
    return next((revision.digest for revision in revisions if revision.digest.hex == displayed.lower()), None)
