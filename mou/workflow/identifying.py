"""Who is signing: a one-time code, the secretariat's word on site, or a passkey; recorded with how it was established.

A link alone signs nothing. What a way is worth is written down with it, and limits what is claimed:

- `code_by_mail`: the code went to the registered address by the mail server; it shows that somebody reads that mailbox;
- `code_by_hand`: it lies in the outbox folder of the secretariat, who could have read it; it shows no more than their word;
- `attested_on_site`: the secretariat looked at the person and says how they knew them; the code ties that to this browser;
- `passkey`: a device that was registered after a code to the same address.

The code is six digits, counts for ten minutes and five tries, and is kept as a keyed digest; a new one replaces it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mou.errors import MouError
from mou.notify import Mailbox, MailError, OutgoingMessage, mask_address, message_id
from mou.notify.opening import sender_of
from mou.notify.texts import one_time_code
from mou.storage.asking import Channel, Identity, IdentityMethod, OneTimeCode
from mou.storage.database import Transaction
from mou.workflow.letters import asked_of
from mou.workflow.links import Invited, invited_by
from mou.workflow.request_steps import record_step, require_answerable, require_current
from mou.workflow.workspace import Workspace, operation_id

if TYPE_CHECKING:
    from signatures.canonical import JsonValue

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=10)
CODE_LIFETIME_ON_SITE = timedelta(minutes=30)
TRIES_PER_CODE = 5
IDENTITY_LIFETIME = timedelta(hours=12)
SHORTEST_TIME_BETWEEN_CODES = timedelta(seconds=30)


class CodeRefusedError(MouError):
    """A one-time code does not count; `tries_left` says how often it may still be tried."""

    def __init__(self, template: str, /, *, tries_left: int = 0, **values: object) -> None:
        """Keep the tries beside the sentence."""
        super().__init__(template, tries_left=tries_left, **values)
        self.tries_left = tries_left


class CodeTooSoonError(MouError):
    """A code was sent a moment ago."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """Where a code went, in a form that gives no address away, and by which way."""

    address_hint: str
    method: IdentityMethod


def send_code(workspace: Workspace, invited: Invited) -> SentCode:
    """Send a new one-time code to the registered address.

    The code is kept before it is sent: a crash in between costs a code that nobody has.

    Raises:
        CodeTooSoonError: the last one is younger than 30 seconds.
        CodeRefusedError: there is no registered address; the secretariat gives a code on site.
        RequestRefusedError: the request is no longer open, or the link no longer counts.
        MailError: the mail could not be sent; no code counts.
    """
    invitation = invited.invitation
    if invitation.channel is not Channel.MAIL or not invitation.address:
        raise CodeRefusedError("there is no mail address to send a code to; ask the secretariat, who gives one in person")
    at = workspace.clock()
    mailer, settings = workspace.mailer(), workspace.settings
    method = IdentityMethod.CODE_BY_MAIL if settings.smtp_host else IdentityMethod.CODE_BY_HAND
    code = _new_code()
    with workspace.database.write() as transaction:
        transaction.lock()
        _require_open(transaction, invited, workspace)
        known = transaction.asking.code(invitation.invitation_id)
        if known is not None and known.tries < TRIES_PER_CODE and at - known.made_at < SHORTEST_TIME_BETWEEN_CODES:
            raise CodeTooSoonError("a code was sent a moment ago; look for it, or ask for another one in half a minute")
        _note_opened(transaction, invited, workspace)
        digest = _digest(workspace, invitation.invitation_id, code)
        transaction.asking.put_code(OneTimeCode(invitation.invitation_id, digest, method, at, at + CODE_LIFETIME))
    letter = one_time_code(asked_of(workspace, invited), code, lifetime=CODE_LIFETIME)
    message = OutgoingMessage(
        message_id=message_id(operation_id("code", invitation.invitation_id, at.isoformat())[:40], settings.origin),
        sender=sender_of(settings.mail_from, name=settings.name, origin=settings.origin),
        recipient=Mailbox(invited.request.slot.person.full_name, invitation.address),
        subject=letter.subject,
        text=letter.body,
        sent_at=at,
    )
    try:
        mailer.send(message)
    except MailError:
        _forget_code(workspace, invitation.invitation_id, digest)  # so that another one may be asked for at once
        raise
    return SentCode(mask_address(invitation.address), method)


def attest(workspace: Workspace, invitation_id: str, *, note: str) -> str:
    """Return a code for a signatory whom the secretariat has in front of them; `note` says how they knew the person.

    The signatory types it into the page that their own link opened, so that the word of the secretariat goes to this very
    browser.

    Raises:
        CodeRefusedError: it is not said how the person was known.
        RequestRefusedError: the request is no longer open, or the link no longer counts.
    """
    if not note.strip():
        raise CodeRefusedError("say how you knew the person, such as: showed an identity card, known since 2019")
    invited = invited_by(workspace, invitation_id)
    at = workspace.clock()
    code = _new_code()
    with workspace.database.write() as transaction:
        transaction.lock()
        _require_open(transaction, invited, workspace)
        digest = _digest(workspace, invitation_id, code)
        transaction.asking.put_code(
            OneTimeCode(
                invitation_id, digest, IdentityMethod.ATTESTED_ON_SITE, at, at + CODE_LIFETIME_ON_SITE, note=note.strip()[:1000]
            )
        )
    return code


def confirm(workspace: Workspace, invited: Invited, code: str) -> Identity:
    """Return the identity that the right code establishes; the code is used up.

    Raises:
        CodeRefusedError: there is none, it is too old, tried too often, or another one.
        RequestRefusedError: the request is no longer open, or the link no longer counts.
    """
    at = workspace.clock()
    typed = "".join(character for character in code if character.isdecimal())
    invitation_id = invited.invitation.invitation_id
    refusal: CodeRefusedError | None = None
    with workspace.database.write() as transaction:
        transaction.lock()
        _require_open(transaction, invited, workspace)
        known = transaction.asking.code(invitation_id)
        if known is None:
            raise CodeRefusedError("there is no code to compare with; ask for one first")
        if at > known.expires_at or known.tries >= TRIES_PER_CODE:
            raise CodeRefusedError("this code no longer counts; ask for a new one")
        # Thai and other digits are digits: what a keyboard in Thai types is the same number.
        plain = "".join(str(int(digit)) for digit in typed)
        if hmac.compare_digest(known.code_digest, _digest(workspace, invitation_id, plain)):
            return _establish(transaction, workspace, invited, known.method, note=known.note)
        tried = replace(known, tries=known.tries + 1)
        transaction.asking.put_code(tried)
        left = TRIES_PER_CODE - tried.tries
        refusal = CodeRefusedError(
            "this is not the code that was sent; compare the six digits with the newest message",
            tries_left=left,
        )
    raise refusal


def establish_by_passkey(transaction: Transaction, workspace: Workspace, invited: Invited, *, note: str) -> Identity:
    """Return the identity that a verified passkey establishes, recorded in the open transaction; `note` says after what way."""
    _require_open(transaction, invited, workspace)
    return _establish(transaction, workspace, invited, IdentityMethod.PASSKEY, note=note)


def valid_identity(workspace: Workspace, identity_id: str, invitation_id: str) -> Identity | None:
    """Return the identity if it was established for this invitation within the last twelve hours."""
    with workspace.database.read() as transaction:
        identity = transaction.asking.identity(identity_id)
    if identity is None or identity.invitation_id != invitation_id:
        return None
    return identity if workspace.clock() - identity.confirmed_at <= IDENTITY_LIFETIME else None


def address_digest(workspace: Workspace, address: str) -> str:
    """Return the keyed digest that stands for a registered address."""
    return hmac.digest(workspace.keys.link_key(), b"mou address v1\n" + address.casefold().encode(), hashlib.sha256).hex()


def _establish(
    transaction: Transaction, workspace: Workspace, invited: Invited, method: IdentityMethod, *, note: str | None
) -> Identity:
    at = workspace.clock()
    _note_opened(transaction, invited, workspace)
    identity = Identity(f"idn_{secrets.token_hex(12)}", invited.invitation.invitation_id, method, at, note)
    transaction.asking.add_identity(identity)
    transaction.asking.drop_code(invited.invitation.invitation_id)
    body: dict[str, JsonValue] = {"identity": identity.identity_id, "method": method.value}
    document, request = invited.document, invited.request
    record_step(transaction, document, request, "identity.confirmed", body, at=at, key=identity.identity_id)
    return identity


def _note_opened(transaction: Transaction, invited: Invited, workspace: Workspace) -> None:
    """Record that somebody answered the link: by an act, since previews and mail scanners open every link."""
    invitation = transaction.asking.invitation(invited.invitation.invitation_id)
    if invitation is None or invitation.opened_at is not None:
        return
    at = workspace.clock()
    transaction.asking.put_invitation(replace(invitation, opened_at=at))
    body: dict[str, JsonValue] = {"invitation": invitation.invitation_id}
    record_step(transaction, invited.document, invited.request, "invitation.opened", body, at=at, key=invitation.invitation_id)


def _require_open(transaction: Transaction, invited: Invited, workspace: Workspace) -> None:
    """Check the request as it is now, under the lock: the link was read before."""
    field = invited.request.slot.field
    request = next(each for each in transaction.store.requests(invited.document.document_id) if each.slot.field == field)
    require_answerable(request, at=workspace.clock())
    require_current(transaction, invited, request)


def _forget_code(workspace: Workspace, invitation_id: str, digest: str) -> None:
    with workspace.database.write() as transaction:
        transaction.lock()
        known = transaction.asking.code(invitation_id)
        if known is not None and known.code_digest == digest:
            transaction.asking.drop_code(invitation_id)


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _digest(workspace: Workspace, invitation_id: str, code: str) -> str:
    content = f"mou code v1\n{invitation_id}\n{code}".encode()
    return hmac.digest(workspace.keys.link_key(), content, hashlib.sha256).hex()
