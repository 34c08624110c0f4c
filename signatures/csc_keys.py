"""Keys behind a remote signing service (Cloud Signature Consortium, API 1.0.4): the service signs a digest, and sees no document.

0. Where each holder has a login of their own: `login_address`, which is the service's page, and `exchange_login` give the access
   token with which `list_credentials` finds the holder's keys.
1. `fetch_credential`: the certificate, and how its holder unlocks the key: with PIN and one-time code (`explicit`), on the
   service's own page (`oauth2code`), or in a way that the service sees to (`implicit`).
2. Unlocking gives signature activation data (SAD) for this one digest: by `authorise`, or by `authorisation_address`, which is
   the service's page, and `exchange_code`. On that page nobody but the service sees the holder's PIN.
3. `sign_hash` gives the value, checked with the certificate before it is returned.

`service_signer` does all of it where somebody can be asked; a web page does the steps one by one.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from signatures.csc_service import (
    APPROVAL_TIMEOUT_SECONDS,
    CscService,
    ask,
    ask_for_token,
    excerpt,
    require_safe_address,
    text_in,
    unusable,
)
from signatures.errors import KeyUnavailableError
from signatures.keys_elsewhere import chain_of, checked_value, read_certificate
from signatures.messages import say
from signatures.signers import Signer

WAYS = ("implicit", "explicit", "oauth2code")
_DIGESTS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
# (kind of key, digest): the algorithm of both (RFC 5758, 3.2; RFC 8017, A.2.4)
_ALGORITHMS = {
    ("ec", "sha256"): "1.2.840.10045.4.3.2",
    ("ec", "sha384"): "1.2.840.10045.4.3.3",
    ("ec", "sha512"): "1.2.840.10045.4.3.4",
    ("rsa", "sha256"): "1.2.840.113549.1.1.11",
    ("rsa", "sha384"): "1.2.840.113549.1.1.12",
    ("rsa", "sha512"): "1.2.840.113549.1.1.13",
}
# What some services offer instead: the kind of key alone, with the digest told beside it.
_KINDS = {"ec": "1.2.840.10045.2.1", "rsa": "1.2.840.113549.1.1.1"}
_LONGEST_LIST = 20  # of credentials that one holder has


@dataclass(frozen=True, slots=True)
class Credential:
    """A key behind a service: its certificate, and what its holder has to give for a signature.

    `algorithms` are the identifiers of the signature algorithms that it offers; `way` is one of `WAYS`. `sends_code` tells that
    the service sends the one-time code when asked to; otherwise the holder has it from a device. `page` is where the service's
    own pages begin, for `oauth2code`.
    """

    credential_id: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithms: frozenset[str]
    way: str
    asks_pin: bool
    asks_code: bool
    sends_code: bool
    page: str | None


@dataclass(frozen=True, slots=True)
class Unlocking:
    """What a holder typed; None where the credential does not ask for it."""

    pin: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)


AskHolder: TypeAlias = Callable[[Credential], Unlocking]


async def signed_in(service: CscService) -> CscService:
    """Return the service with an access token; where there is none but a client secret, the service is asked for one.

    Raises:
        KeyUnavailableError: the service gives none.
    """
    if service.token or not (service.client_id and service.secret):
        return service
    address = f"{await _page_of(service)}/token"
    return replace(service, token=await ask_for_token(service, address, {"grant_type": "client_credentials", "scope": "service"}))


async def asks_for_login(service: CscService) -> bool:
    """Whether each holder logs in on the service's page: it offers that, and the workspace has no account of its own there.

    An account of the workspace is a credential that the settings name, or an access token from the environment.

    Raises:
        KeyUnavailableError: the service does not answer.
    """
    if service.credential_id or service.token:
        return False
    offered = (await ask(service, "info", {})).get("authType")
    return isinstance(offered, list) and "oauth2code" in offered


async def login_address(service: CscService, *, return_to: str, state: str, verifier: str) -> str:
    """Return the service's own page on which a holder logs in; what they type there nobody but the service sees.

    The arguments are those of `authorisation_address` (CSC 1.0.4, 8.3.2).

    Raises:
        KeyUnavailableError: the service does not answer, or the workspace is not known to it.
    """
    return _page_address(service, await _page_of(service), {"scope": "service"}, return_to, state, verifier)


async def exchange_login(service: CscService, code: str, *, return_to: str, verifier: str) -> str:
    """Return the holder's access token for the code that the browser brought back from the login.

    Raises:
        KeyUnavailableError: the service refuses the code.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": return_to, "code_verifier": verifier}
    return await ask_for_token(service, f"{await _page_of(service)}/token", form)


async def list_credentials(service: CscService) -> tuple[str, ...]:
    """Return the ids of the credentials that the access token opens, at most 20 of them.

    Raises:
        KeyUnavailableError: the service does not answer or refuses.
    """
    found = (await ask(service, "credentials/list", {})).get("credentialIDs")
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise unusable(service, say("{name} is missing", name="credentialIDs"))
    return tuple(found[:_LONGEST_LIST])


async def fetch_credential(service: CscService) -> Credential:
    """Return the credential that the settings name, else the only one that the service has for us.

    Raises:
        KeyUnavailableError: the service does not answer or refuses, there is none or more than one, or it cannot sign: expired,
            revoked, disabled, or of a kind that may not sign.
    """
    wanted = service.credential_id or await _only_credential(service)
    request = {"credentialID": wanted, "certificates": "chain", "certInfo": False, "authInfo": True}
    answer = await ask(service, "credentials/info", request)
    key, certificates = _table(service, answer, "key"), _table(service, answer, "cert")
    _require_status(service, key, "enabled")
    _require_status(service, certificates, "valid")
    first, *others = _certificates_in(service, certificates)
    certificate = read_certificate(first, source=service.name)
    algorithms = key.get("algo")
    if not isinstance(algorithms, list) or not all(isinstance(each, str) for each in algorithms):
        raise unusable(service, say("{name} is missing", name="key.algo"))
    way = answer.get("authMode")
    if way not in WAYS:
        raise unusable(service, say("authMode is one of {ways}, got {way}", ways=", ".join(WAYS), way=excerpt(way)))
    pin, code = (_table(service, answer, name, may_be_missing=True) for name in ("PIN", "OTP"))
    is_explicit = way == "explicit"
    return Credential(
        credential_id=wanted,
        certificate=certificate,
        chain=chain_of(certificate, others),
        algorithms=frozenset(algorithms),
        way=way,
        asks_pin=is_explicit and _is_asked_for(pin),
        asks_code=is_explicit and _is_asked_for(code),
        sends_code=is_explicit and code.get("type") == "online",
        page=await _page_of(service) if way == "oauth2code" else None,
    )


async def send_one_time_code(service: CscService, credential: Credential) -> None:
    """Let the service send the holder a one-time code, where `sends_code` says that it does.

    Raises:
        KeyUnavailableError: it does not.
    """
    await ask(service, "credentials/sendOTP", {"credentialID": credential.credential_id})


async def authorise(service: CscService, credential: Credential, digest: bytes, unlocking: Unlocking) -> str:
    """Return the signature activation data for this digest, and for no other.

    Raises:
        KeyUnavailableError: the service refuses, as with a wrong PIN or code; what was typed is not repeated.
    """
    request: dict[str, object] = {"credentialID": credential.credential_id, "numSignatures": 1, "hash": [_base64(digest)]}
    given = {"PIN": unlocking.pin, "OTP": unlocking.code}
    request |= {name: value for name, value in given.items() if value}
    answer = await ask(
        service,
        "credentials/authorize",
        request,
        secrets=tuple(filter(None, given.values())),
        timeout_seconds=APPROVAL_TIMEOUT_SECONDS,
    )
    return text_in(service, answer, "SAD")


async def sign_hash(
    service: CscService, credential: Credential, digest: bytes, sad: str, *, digest_algorithm: str = "sha256"
) -> bytes:
    """Return the key's signature value over the digest: RSA with PKCS #1 v1.5 padding, or ECDSA in DER.

    Raises:
        KeyUnavailableError: the service does not answer or refuses, or does not offer an algorithm for this key and digest.
        SigningError: what came back is not the certificate's over this digest.
    """
    request = {
        "credentialID": credential.credential_id,
        "SAD": sad,
        "hash": [_base64(digest)],
        "hashAlgo": _DIGESTS[digest_algorithm],
        "signAlgo": _algorithm_for(service, credential, digest_algorithm),
    }
    answer = await ask(service, "signatures/signHash", request, secrets=(sad,), timeout_seconds=APPROVAL_TIMEOUT_SECONDS)
    values = answer.get("signatures")
    if not isinstance(values, list) or len(values) != 1:
        raise unusable(service, say("one signature was asked for, another number came"))
    value = _from_base64(service, values[0])
    return checked_value(credential.certificate, value, digest, digest_algorithm, source=service.name)


def authorisation_address(
    service: CscService, credential: Credential, digest: bytes, *, return_to: str, state: str, verifier: str
) -> str:
    """Return the service's own page on which the holder unlocks the key for this digest.

    Args:
        service: the service; its `client_id` is who asks.
        credential: one of the way `oauth2code`.
        digest: what will be signed.
        return_to: where the service sends the browser back to, with `code` and `state`; registered with the service.
        state: random, kept, and compared when the browser comes back (RFC 6749, 10.12).
        verifier: random, 43 to 128 letters and digits, kept, and given to `exchange_code` (RFC 7636, 4.1).

    Raises:
        KeyUnavailableError: the workspace is not known to the service, or the credential is not unlocked on a page.
    """
    wanted = {
        "scope": "credential",
        "credentialID": credential.credential_id,
        "numSignatures": "1",
        "hash": base64.urlsafe_b64encode(digest).decode(),
    }
    return _page_address(service, _own_page(service, credential), wanted, return_to, state, verifier)


async def exchange_code(service: CscService, credential: Credential, code: str, *, return_to: str, verifier: str) -> str:
    """Return the signature activation data for the code that the browser brought back; a code counts once.

    `return_to` and `verifier` are those of `authorisation_address`.

    Raises:
        KeyUnavailableError: the service refuses the code.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": return_to, "code_verifier": verifier}
    return await ask_for_token(service, f"{_own_page(service, credential)}/token", form)


def service_signer(service: CscService, credential: Credential, ask_holder: AskHolder) -> Signer:
    """Return a signer that asks the holder at each signature, in the thread and the event loop that sign.

    Raises:
        KeyUnavailableError: the key is unlocked on the service's own page alone.
    """
    if credential.way == "oauth2code":
        raise KeyUnavailableError(
            "{service}: this key is unlocked on the service's own page; sign in the browser, on the page of your invitation",
            service=service.name,
        )
    return Signer(credential.certificate, credential.chain, _ServiceKey(service, credential, ask_holder))


@dataclass(frozen=True, slots=True)
class _ServiceKey:
    """A key behind a service, unlocked anew for each signature."""

    service: CscService
    credential: Credential
    ask_holder: AskHolder

    async def sign(self, content: bytes, digest_algorithm: str) -> bytes:
        digest = hashlib.new(digest_algorithm, content).digest()
        if self.credential.sends_code:
            await send_one_time_code(self.service, self.credential)
        sad = await authorise(self.service, self.credential, digest, self.ask_holder(self.credential))
        return await sign_hash(self.service, self.credential, digest, sad, digest_algorithm=digest_algorithm)


async def _only_credential(service: CscService) -> str:
    found = await list_credentials(service)
    if len(found) != 1:
        raise KeyUnavailableError(
            "{service}: one key is expected, the service has {count}; put its credential_id into mou.toml: {found}",
            service=service.name,
            count=len(found),
            found=excerpt(", ".join(found)) or say("none"),
        )
    return found[0]


async def _page_of(service: CscService) -> str:
    """Return where the service's OAuth pages begin (CSC 1.0.4, 11.1, `oauth2`)."""
    base = text_in(service, await ask(service, "info", {}), "oauth2")
    require_safe_address(service, base)
    return f"{base.rstrip('/').removesuffix('/oauth2')}/oauth2"


def _page_address(service: CscService, page: str, wanted: dict[str, str], return_to: str, state: str, verifier: str) -> str:
    """Return a page of the service with what is asked of it there (RFC 6749, 4.1.1; RFC 7636, 4.2)."""
    if not service.client_id:
        raise KeyUnavailableError(
            "{service}: no client_id is set; register the workspace with the service and put its client_id into mou.toml",
            service=service.name,
        )
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": service.client_id,
        "redirect_uri": return_to,
        **wanted,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{page}/authorize?{urlencode(asked)}"


def _own_page(service: CscService, credential: Credential) -> str:
    if credential.page is None:
        raise KeyUnavailableError("{service}: the key is not unlocked on a page of the service", service=service.name)
    return credential.page


def _table(service: CscService, answer: dict[str, Any], name: str, *, may_be_missing: bool = False) -> dict[str, Any]:
    value = answer.get(name, {} if may_be_missing else None)
    if isinstance(value, dict):
        return value
    raise unusable(service, say("{name} is missing", name=name))


def _require_status(service: CscService, table: dict[str, Any], expected: str) -> None:
    if (got := table.get("status", expected)) != expected:
        raise KeyUnavailableError(
            "{service}: a key and a certificate that are {expected} are expected, got {got}; ask the service's operator",
            service=service.name,
            expected=expected,
            got=excerpt(got),
        )


def _certificates_in(service: CscService, table: dict[str, Any]) -> list[bytes]:
    found = table.get("certificates")
    if not isinstance(found, list) or not found:
        raise unusable(service, say("{name} is missing", name="cert.certificates"))
    return [_from_base64(service, each) for each in found]


def _is_asked_for(table: dict[str, Any]) -> bool:
    return str(table.get("presence", "false")).lower() != "false"


def _algorithm_for(service: CscService, credential: Credential, digest_algorithm: str) -> str:
    kind = "ec" if isinstance(credential.certificate.public_key(), ec.EllipticCurvePublicKey) else "rsa"
    wanted = (_ALGORITHMS[kind, digest_algorithm], _KINDS[kind])
    for each in wanted:
        if each in credential.algorithms:
            return each
    raise KeyUnavailableError(
        "{service}: the key does not sign in one of the ways {wanted}; it offers {offered}",
        service=service.name,
        wanted=", ".join(wanted),
        offered=excerpt(", ".join(sorted(credential.algorithms))) or say("none"),
    )


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _from_base64(service: CscService, text: object) -> bytes:
    try:
        if isinstance(text, str):
            return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise unusable(service, say("text in Base64 was expected, got something else")) from error
    raise unusable(service, say("text in Base64 was expected, got something else"))
