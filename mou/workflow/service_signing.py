"""Signing with a key at a remote signing service, which its holder unlocks on the service's own page.

No PIN and no password ever comes here; what we hold is an access token, in memory, for a few minutes.

1. `chosen_service`: the service that the signatory chose.
2. `begin`: the key there whose certificate names the signatory, and the document claimed and prepared for it. *A crash here
   leaves a lease that runs out.*
3. The browser goes to the service's page, for this one digest (`confirmation_address`), and comes back with a code.
4. `finish`: the code unlocks the key once; its value is received as every other (`mou.workflow.receiving`). *A crash before the
   value is kept: the holder confirms once more. A repeat after it returns what is there.*

Where somebody else signed meanwhile, what was confirmed is for a document that is not the newest any more: the key is not asked
to sign it, and the holder confirms once more.
"""

import asyncio
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding

from mou.errors import MouError
from mou.requests import SignatureRequest
from mou.storage.asking import Preparation, SigningDraft
from mou.workflow.consenting import SERVICE_PREFIX
from mou.workflow.links import Invited
from mou.workflow.minors import check_ready
from mou.workflow.preparing import (
    LEASE_AT_SERVICE,
    StalePreparationError,
    Waiting,
    own_preparation,
    prepare,
    release,
    stale,
)
from mou.workflow.receiving import receive
from mou.workflow.signing import Signed, SignerRefusedError, require_signatory
from mou.workflow.workspace import Workspace
from signatures.csc_keys import (
    Credential,
    authorisation_address,
    exchange_code,
    fetch_credential,
    list_credentials,
    sign_hash,
    signed_in,
)
from signatures.csc_service import CscService, service_of
from signatures.errors import SignaturesError
from signatures.running import run

TIME_AT_SERVICE = timedelta(minutes=10)
RETRY_AT_SERVICE = timedelta(seconds=5)  # who signs at a service may take minutes

HeldT = TypeVar("HeldT")


class ServiceKeyRefusedError(MouError):
    """The service has no key that this signatory can use from a browser."""


@dataclass(frozen=True, slots=True)
class ReadyAtService:
    """A document that waits for its signatory to confirm on the page of the service."""

    preparation_id: str
    credential: Credential
    digest: bytes


class Held(Generic[HeldT]):
    """What is kept in the memory of this process alone, for a short time and under a random name."""

    def __init__(self, lifetime: timedelta = TIME_AT_SERVICE, most: int = 1000) -> None:
        """Hold nothing; of more than `most` the oldest are forgotten."""
        self._lifetime, self._most = lifetime, most
        self._held: dict[str, tuple[datetime, HeldT]] = {}
        self._lock = threading.Lock()

    def put(self, name: str, value: HeldT, *, at: datetime) -> None:
        """Hold a value; what is over its time is forgotten."""
        with self._lock:
            young = [(key, item) for key, item in self._held.items() if at - item[0] <= self._lifetime and key != name]
            self._held = dict([*young[-(self._most - 1) :], (name, (at, value))])

    def get(self, name: str, *, at: datetime) -> HeldT | None:
        """Return what is held under this name; None when its time is over or it was never there."""
        with self._lock:
            put_at, value = self._held.get(name, (None, None))
            if put_at is not None and at - put_at > self._lifetime:
                del self._held[name]
                return None
        return value

    def drop(self, name: str) -> None:
        """Forget a value."""
        with self._lock:
            self._held.pop(name, None)

    def __repr__(self) -> str:
        """Say how many are held, and nothing of them."""
        return f"{type(self).__name__}({len(self._held)})"


def chosen_service(workspace: Workspace, draft: SigningDraft, environment: Mapping[str, str]) -> CscService | None:
    """Return the service that the signatory chose; None when they chose another way, or the settings have it no longer.

    Raises:
        KeyUnavailableError: its address is not safe.
    """
    name = draft.way.removeprefix(SERVICE_PREFIX)
    table = workspace.settings.csc.get(name)
    if table is None or name == draft.way:
        return None
    return service_of(name, table, environment)


def somebody_signs(workspace: Workspace, invited: Invited) -> bool:
    """Whether somebody else holds the document just now, so that the service need not be asked yet."""
    with workspace.database.read() as transaction:
        holder = transaction.asking.holder(invited.document.document_id, at=workspace.clock())
    return holder is not None and holder.field != invited.request.slot.field


def begin(workspace: Workspace, invited: Invited, service: CscService) -> ReadyAtService | Waiting:
    """Return the document prepared for the signatory's key at the service, or that somebody else is signing just now.

    Raises:
        KeyUnavailableError: the service does not answer or refuses.
        ServiceKeyRefusedError: it has no key for this signatory, or one that is not unlocked on its own page.
        SignerRefusedError: its key is somebody else's, or its certificate leads to no authority that is trusted here.
        CertificateRefusedError: the certificate may not sign, or not now.
        MinorNotReadyError: a minor signs, and a consent or the adult beside is missing; the service was not asked.
        NotReadyError, RequestRefusedError, RenderingError, SigningError: as `prepare` says; nothing was kept.
    """
    if somebody_signs(workspace, invited):
        return Waiting(RETRY_AT_SERVICE)
    check_ready(workspace, invited.document.document_id, invited.request.slot.field)
    _, credential = run(_open(service, invited.request))
    own, *others = (each.public_bytes(Encoding.DER) for each in (credential.certificate, *credential.chain))
    ready = prepare(workspace, invited, own, tuple(others), lease=LEASE_AT_SERVICE)
    if isinstance(ready, Waiting):
        return Waiting(RETRY_AT_SERVICE)
    return ReadyAtService(ready.preparation_id, credential, _digest_of(ready.signed_attributes))


def confirmation_address(service: CscService, ready: ReadyAtService, *, return_to: str, state: str, verifier: str) -> str:
    """Return the service's page on which the signatory confirms this one signature.

    Raises:
        KeyUnavailableError: the workspace is not known to the service.
    """
    return authorisation_address(service, ready.credential, ready.digest, return_to=return_to, state=state, verifier=verifier)


def require_standing(workspace: Workspace, invited: Invited, preparation_id: str) -> Preparation:
    """Return a preparation that a value can still be made for, or whose value has come already.

    Raises:
        StalePreparationError: it was given up meanwhile, or is somebody else's.
    """
    preparation = own_preparation(workspace, invited, preparation_id)
    if preparation.value is None and (preparation.ended_at is not None or not preparation.region_end):
        raise stale(invited)
    return preparation


def finish(  # the two secrets of one exchange, and where they belong
    workspace: Workspace,
    invited: Invited,
    service: CscService,
    preparation_id: str,
    code: str,
    *,
    return_to: str,
    verifier: str,
) -> Signed:
    """Let the key sign with what its holder confirmed, and record the signature; a repeat returns what is there.

    Raises:
        StalePreparationError: somebody else signed meanwhile; the key did not sign, and has to be unlocked anew.
        KeyUnavailableError: the service does not answer or refuses; the document is free again.
        ServiceKeyRefusedError, SignerRefusedError: it shows another key than before; the document is free again.
        SigningError: the value is not the certificate's; nothing was kept, and the document is free again.
        TimestampError: the value is kept and nobody is asked again, but no time stamp could be had yet.
    """
    preparation = require_standing(workspace, invited, preparation_id)
    if preparation.value is not None:
        return receive(workspace, invited, preparation_id, b"")
    try:
        value = run(_value_of(service, invited.request, preparation, code, return_to=return_to, verifier=verifier))
    except BaseException:
        set_free(workspace, invited, preparation_id)
        raise
    # A crash here loses the value; its holder confirms once more.
    return receive(workspace, invited, preparation_id, value)


def set_free(workspace: Workspace, invited: Invited, preparation_id: str) -> None:
    """Give a document free whose signatory did not confirm; nothing happens where it is free already."""
    try:
        release(workspace, invited, preparation_id)
    except StalePreparationError:
        return


async def _value_of(
    service: CscService, request: SignatureRequest, preparation: Preparation, code: str, *, return_to: str, verifier: str
) -> bytes:
    opened, credential = await _open(service, request)
    if credential.certificate.public_bytes(Encoding.DER) != preparation.certificate:
        raise ServiceKeyRefusedError(
            "{service}: the key for which the document was prepared is expected, the service shows another one; begin again",
            service=service.name,
        )
    sad = await exchange_code(opened, credential, code, return_to=return_to, verifier=verifier)
    return await sign_hash(opened, credential, _digest_of(preparation.signed_attributes), sad)


async def _open(service: CscService, request: SignatureRequest) -> tuple[CscService, Credential]:
    """Return the service with an access token, and the key there that is this signatory's."""
    opened = await signed_in(service)
    names = (opened.credential_id,) if opened.credential_id else await list_credentials(opened)
    if not names:
        raise ServiceKeyRefusedError(
            "{service}: a key of {asked} is expected, the service has none for this login; ask the service for one",
            service=service.name,
            asked=request.slot.person.full_name,
        )
    credential = _best_of(
        await asyncio.gather(*(_own_credential(opened, each, request) for each in names), return_exceptions=True)
    )
    if credential.page is None:
        raise ServiceKeyRefusedError(
            "{service}: a key that is unlocked on the page of the service is expected; this one asks for a PIN here, and this "
            "site never takes one. Choose another way to sign",
            service=service.name,
        )
    return opened, credential


async def _own_credential(service: CscService, credential_id: str, request: SignatureRequest) -> Credential:
    credential = await fetch_credential(replace(service, credential_id=credential_id))
    require_signatory(request, credential.certificate)
    return credential


def _best_of(found: "list[Credential | BaseException]") -> Credential:
    """Return the key that is unlocked on a page and holds longest; where none fits, raise what is the matter."""
    fitting = [each for each in found if isinstance(each, Credential)]
    if fitting:
        return max(fitting, key=lambda each: (each.page is not None, each.certificate.not_valid_after_utc))
    faults = [each for each in found if isinstance(each, BaseException)]
    unforeseen = [each for each in faults if not isinstance(each, MouError | SignaturesError)]
    others = [each for each in faults if not isinstance(each, SignerRefusedError)]
    raise next(iter([*unforeseen, *others, *faults]))


def _digest_of(signed_attributes: bytes) -> bytes:
    return hashlib.sha256(signed_attributes).digest()
