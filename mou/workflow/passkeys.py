"""Passkeys: a device that was registered after a code to an address shows, by itself, that the same person is there again.

1. Registering needs an identity that a code established for this invitation, and an invitation with an address: that address is
   what a passkey stands for. Where there is none, no passkey is offered.
2. A passkey is worth what the code before it was worth, so the way of that code is kept with it.
3. A challenge is random and bound to the invitation and to the document: what the device signs is about this document alone.
   The caller keeps its random part, `nonce`, and sees that it is used once and in time.
4. The device must have verified its user (a finger, a face, a number), for this site, on a page of this site.
5. A device that counts must count upwards; a copy of it would not.

What the device signed is not kept. The record is the identity and its method, as for a code: the network's own statement.
All cryptography is the library's.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from mou.errors import MouError
from mou.storage.asking import Identity, IdentityMethod, Passkey
from mou.storage.database import Transaction
from mou.workflow.identifying import address_digest, establish_by_passkey
from mou.workflow.links import Invited
from mou.workflow.workspace import Workspace

if TYPE_CHECKING:
    from webauthn.helpers.cose import COSEAlgorithmIdentifier
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

NONCE_BYTES: Final = 32
CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
MOST_PASSKEYS: Final = 10  # of one address
_LABEL: Final = b"mou passkey v1\n"
_CODES: Final = frozenset({IdentityMethod.CODE_BY_MAIL, IdentityMethod.CODE_BY_HAND, IdentityMethod.ATTESTED_ON_SITE})


class PasskeyRefusedError(MouError):
    """A passkey does not count here, or cannot be registered."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The site as a device knows it: its host, and the origin of its pages such as `https://mou.example.org`."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class RegisteredPasskey:
    """A passkey as the browser names it (base64url), and by which way its owner was known when it was registered."""

    credential_id: str
    registered_after: IdentityMethod
    kept: Passkey


def challenge_for(invited: Invited, nonce: bytes) -> bytes:
    """Return what the device signs: the random bytes, and 32 that stand for the invitation and the document as it was made."""
    content = f"{invited.invitation.invitation_id}\n{invited.document.prepared}\n".encode()
    return nonce + hashlib.sha256(_LABEL + content + nonce).digest()


def may_register(invited: Invited, identity: Identity) -> bool:
    """Whether a passkey may be registered: there is an address, the link still counts, and a code established who is there.

    Who was known by a passkey needs a code before another one: otherwise a device that is lost could name its successor.
    """
    return bool(invited.invitation.address) and invited.is_current and identity.method in _CODES


def registered_passkeys(workspace: Workspace, invited: Invited) -> tuple[RegisteredPasskey, ...]:
    """Return the passkeys that stand for the address of this invitation, oldest first."""
    with workspace.database.read() as transaction:
        return _registered(transaction, workspace, invited)


def registration_options(workspace: Workspace, invited: Invited, party: RelyingParty, nonce: bytes) -> dict[str, Any]:
    """Return what the browser is asked for, as JSON: a key of this device, none that is registered already.

    The device shows its owner the network's name and their own. Their address stays here; the user's id is its keyed digest.
    """
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

    options = generate_registration_options(
        rp_id=party.host,
        rp_name=workspace.settings.name,
        user_id=bytes.fromhex(_owner(workspace, invited)),
        user_name=invited.request.slot.person.full_name,
        challenge=challenge_for(invited, nonce),
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(registered_passkeys(workspace, invited)),
        supported_pub_key_algs=_algorithms(),
    )
    return options_to_json_dict(options)


def register(  # who, where, against what, and what came
    workspace: Workspace,
    invited: Invited,
    identity: Identity,
    party: RelyingParty,
    nonce: bytes,
    credential: Mapping[str, Any],
) -> RegisteredPasskey:
    """Keep the passkey that the browser has made.

    Raises:
        PasskeyRefusedError: it may not be registered here, is registered already, or its answer does not hold; nothing was kept.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    if not may_register(invited, identity):
        raise PasskeyRefusedError(
            "a passkey is registered after a one-time code, for the address of the invitation; here is none"
        )
    with _refusing():
        verified = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge_for(invited, nonce),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=_algorithms(),
        )
    credential_id, owner = bytes_to_base64url(verified.credential_id), _owner(workspace, invited)
    passkey = Passkey(
        credential_id=_kept_id(identity.method, owner, credential_id),
        address_digest=owner,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        made_at=workspace.clock(),
    )
    with workspace.database.write() as transaction:
        transaction.lock()
        known = _registered(transaction, workspace, invited)
        if any(each.credential_id == credential_id for each in known):
            raise PasskeyRefusedError("this passkey is registered already; nothing is left to do")
        if len(known) >= MOST_PASSKEYS:
            raise PasskeyRefusedError("at most {limit} passkeys are kept for one address; use one of them", limit=MOST_PASSKEYS)
        transaction.asking.put_passkey(passkey)
    return RegisteredPasskey(credential_id, identity.method, passkey)


def authentication_options(workspace: Workspace, invited: Invited, party: RelyingParty, nonce: bytes) -> dict[str, Any]:
    """Return what the browser is asked for, as JSON: an answer of one of the passkeys of this address.

    Raises:
        PasskeyRefusedError: there is none.
    """
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    known = registered_passkeys(workspace, invited)
    if not known:
        raise PasskeyRefusedError("no passkey is registered for the address of this invitation; ask for a code")
    options = generate_authentication_options(
        rp_id=party.host,
        challenge=challenge_for(invited, nonce),
        timeout=int(CHALLENGE_LIFETIME.total_seconds() * 1000),
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def confirm_by_passkey(
    workspace: Workspace, invited: Invited, party: RelyingParty, nonce: bytes, credential: Mapping[str, Any]
) -> Identity:
    """Return the identity that the device's answer establishes, recorded with the device's new count.

    All is one transaction, under the lock: two answers of one count cannot both be taken, and a crash leaves neither count nor
    identity.

    Raises:
        PasskeyRefusedError: no passkey of this address has answered, or the answer does not hold; nothing was recorded.
        RequestRefusedError: the request is no longer open, or the link no longer counts.
    """
    from webauthn import verify_authentication_response

    with workspace.database.write() as transaction:
        transaction.lock()
        known = _registered(transaction, workspace, invited)
        passkey = next((each for each in known if each.credential_id == credential.get("id")), None)
        if passkey is None:
            raise PasskeyRefusedError("this passkey is not registered for the address of this invitation; ask for a code")
        with _refusing():
            verified = verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge_for(invited, nonce),
                expected_rp_id=party.host,
                expected_origin=party.origin,
                credential_public_key=passkey.kept.public_key,
                credential_current_sign_count=passkey.kept.sign_count,
                require_user_verification=True,
            )
        transaction.asking.put_passkey(replace(passkey.kept, sign_count=verified.new_sign_count))
        return establish_by_passkey(transaction, workspace, invited, note=f"registered after {passkey.registered_after.value}")


def _owner(workspace: Workspace, invited: Invited) -> str:
    address = invited.invitation.address
    if not address:
        raise PasskeyRefusedError("a passkey stands for a registered address, and this invitation has none")
    return address_digest(workspace, address)


def _registered(transaction: Transaction, workspace: Workspace, invited: Invited) -> tuple[RegisteredPasskey, ...]:
    if not invited.invitation.address:
        return ()
    kept = transaction.asking.passkeys(_owner(workspace, invited))
    return tuple(_named(each) for each in kept)


def _kept_id(method: IdentityMethod, owner: str, credential_id: str) -> str:
    """Return the id under which a passkey is kept: `METHOD.OWNER.ID`.

    A credential's id is no secret, and whoever registers one chooses it. With the owner in the key, one address can never take
    the place of another's passkey.
    """
    return f"{method.value}.{owner}.{credential_id}"


def _named(kept: Passkey) -> RegisteredPasskey:
    method, _, credential_id = kept.credential_id.split(".")
    return RegisteredPasskey(credential_id, IdentityMethod(method), kept)


def _algorithms() -> "list[COSEAlgorithmIdentifier]":
    """Return the signatures that devices make today: ECDSA with P-256, Ed25519, and RSA of older ones."""
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    return [
        COSEAlgorithmIdentifier.ECDSA_SHA_256,
        COSEAlgorithmIdentifier.EDDSA,
        COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
    ]


def _descriptors(passkeys: tuple[RegisteredPasskey, ...]) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential_id)) for each in passkeys]


@contextmanager
def _refusing() -> Iterator[None]:
    """Say for whatever the library found that the answer does not hold: which part it was helps only who tries to forge one."""
    try:
        yield
    except Exception as error:  # a malformed answer ends in whatever its parts raise: a missing key, a wrong length, no number
        raise PasskeyRefusedError(
            "the answer of the passkey does not hold for this page; try once more, or use a code"
        ) from error
