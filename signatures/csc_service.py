"""A remote signing service (Cloud Signature Consortium, API 1.0.4): its address, and how it is asked.

1. Questions go over TLS, except to this machine itself, and nowhere else: no answer may send them on, since a PIN or token
   would go along.
2. An answer is a JSON object of at most `LARGEST_ANSWER_BYTES`, whole within the time that the question allows.
3. What a service says when it refuses is told, unless it repeats something secret that was sent.
4. Access token and client secret come from the environment, never from a file of the workspace or the command line.
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from signatures.errors import KeyUnavailableError
from signatures.excerpts import one_line
from signatures.messages import Message, say

if TYPE_CHECKING:
    import aiohttp

LARGEST_ANSWER_BYTES = 1024 * 1024
ANSWER_TIMEOUT_SECONDS = 30
APPROVAL_TIMEOUT_SECONDS = 300  # a service may wait until somebody approves on a telephone
_UNAUTHORISED = 401
_ABOUT_THE_TOKEN = {"", "invalid_token", "unauthorized"}
_SECRETS_OF_FORMS = {"code", "code_verifier", "client_secret"}
_OK = range(200, 300)
_API = "/csc/v1"


@dataclass(frozen=True, slots=True)
class CscService:
    """A service as a workspace knows it; `url` is what stands before `/csc/v1` in its addresses.

    `token` is the access token that opens the service, `secret` that of the client; not the signatory's.
    """

    name: str
    url: str
    client_id: str | None = None
    credential_id: str | None = None
    token: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that is not safe to send a PIN to."""
        require_safe_address(self, self.url)

    @property
    def token_variable(self) -> str:
        """The environment variable with the access token."""
        return _variable(self.name, "TOKEN")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may repeat."""
        return tuple(filter(None, (self.token, self.secret)))

    def address(self, method: str) -> str:
        """Return where a method of the API is, such as `credentials/info`."""
        return f"{self.url.rstrip('/').removesuffix(_API)}{_API}/{method}"


class CscTable(Protocol):
    """What the settings say of a service."""

    @property
    def url(self) -> str:
        """Where it is."""

    @property
    def client_id(self) -> str | None:
        """As what the service knows the workspace."""

    @property
    def credential_id(self) -> str | None:
        """The credential to use; None: the only one that the service has for us."""


def service_of(name: str, table: CscTable, environment: Mapping[str, str]) -> CscService:
    """Return a service of the settings, with what the environment holds for it: `MOU_CSC_<NAME>_TOKEN` and `_SECRET`.

    Raises:
        KeyUnavailableError: its address is not safe.
    """
    return CscService(
        name,
        table.url,
        table.client_id,
        table.credential_id,
        token=environment.get(_variable(name, "TOKEN")) or None,
        secret=environment.get(_variable(name, "SECRET")) or None,
    )


def require_safe_address(service: CscService, address: str) -> None:
    """Check that an address is one of TLS or of this machine.

    Raises:
        KeyUnavailableError: it is none; the address is not repeated, since a password may stand in it.
    """
    try:
        parts = urlsplit(address)
        is_local = parts.scheme == "http" and _is_this_machine(parts.hostname or "")
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        is_safe = False
    else:
        is_plain = "@" not in parts.netloc and not parts.query and not parts.fragment
        is_safe = bool(parts.hostname) and has_port and is_plain and (parts.scheme == "https" or is_local)
    if not is_safe:
        raise KeyUnavailableError(
            "{service}: an address that begins with https:// and holds no login is expected; correct its url",
            service=service.name,
        )


async def ask(
    service: CscService,
    method: str,
    body: Mapping[str, object],
    *,
    secrets: tuple[str, ...] = (),
    timeout_seconds: float | None = None,
) -> dict[str, Any]:
    """Return what the service answers to one method of its API.

    Raises:
        KeyUnavailableError: it does not answer, refuses, or answers with something else than a JSON object.
    """
    headers = {"Authorization": f"Bearer {service.token}"} if service.token else {}
    return await _exchange(
        service, service.address(method), {"json": body, "headers": headers}, secrets, timeout_seconds or ANSWER_TIMEOUT_SECONDS
    )


async def ask_for_token(service: CscService, address: str, form: Mapping[str, str]) -> str:
    """Return the access token that a token end point gives for a form (RFC 6749, 4.1.3).

    Raises:
        KeyUnavailableError: as in `ask`.
    """
    require_safe_address(service, address)
    if service.client_id:
        form = {**form, "client_id": service.client_id}
    if service.secret:
        form = {**form, "client_secret": service.secret}
    secrets = tuple(value for name, value in form.items() if name in _SECRETS_OF_FORMS)
    answer = await _exchange(service, address, {"data": form}, secrets, ANSWER_TIMEOUT_SECONDS)
    return text_in(service, answer, "access_token")


def text_in(service: CscService, answer: Mapping[str, object], name: str) -> str:
    """Return a text that must stand in an answer.

    Raises:
        KeyUnavailableError: it does not.
    """
    value = answer.get(name)
    if isinstance(value, str) and value:
        return value
    raise unusable(service, say("{name} is missing", name=name))


def unusable(service: CscService, cause: Message) -> KeyUnavailableError:
    """Return the error of an answer that does not say what the standard asks for."""
    return KeyUnavailableError(
        "{service}: the service's answer cannot be used: {cause}. Ask its operator", service=service.name, cause=cause
    )


async def _exchange(
    service: CscService, address: str, request: Mapping[str, Any], secrets: tuple[str, ...], timeout_seconds: float
) -> dict[str, Any]:
    import aiohttp

    limit = aiohttp.ClientTimeout(total=timeout_seconds)
    try:
        async with (
            # Uncompressed: a small answer could become a large one.
            aiohttp.ClientSession(timeout=limit, auto_decompress=False, headers={"Accept-Encoding": "identity"}) as session,
            session.post(address, allow_redirects=False, **request) as answer,
        ):
            status, content = answer.status, await _read_within_limit(service, answer)
    except TimeoutError as error:
        raise KeyUnavailableError(
            "{service}: no answer within {seconds} seconds; try again later", service=service.name, seconds=timeout_seconds
        ) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise KeyUnavailableError(
            "{service}: the service cannot be reached: {cause}",
            service=service.name,
            cause=_spoken(str(error) or type(error).__name__, (*service.secrets, *secrets)),
        ) from error
    if status not in _OK:
        raise _refusal(service, status, content, (*service.secrets, *secrets))
    if (answered := _object_in(content)) is None:
        raise unusable(service, say("a JSON object was expected, got something else"))
    return answered


async def _read_within_limit(service: CscService, answer: "aiohttp.ClientResponse") -> bytes:
    content = bytearray()
    async for piece in answer.content.iter_any():
        content += piece
        if len(content) > LARGEST_ANSWER_BYTES:
            raise unusable(service, say("at most {limit} bytes are taken", limit=LARGEST_ANSWER_BYTES))
    return bytes(content)


def _refusal(service: CscService, status: int, content: bytes, secrets: tuple[str, ...]) -> KeyUnavailableError:
    """Return what a refusal means to a person (CSC 1.0.4, 10; RFC 6750, 3.1)."""
    answer = _object_in(content) or {}
    code, words = (str(answer.get(name) or "") for name in ("error", "error_description"))
    if code == "invalid_pin":
        return KeyUnavailableError(
            "{service}: wrong PIN; a service locks a key after a few wrong ones, so look it up before the next try",
            service=service.name,
        )
    if code == "invalid_otp":
        return KeyUnavailableError("{service}: wrong or expired one-time code; ask for a new one", service=service.name)
    if status == _UNAUTHORISED and code in _ABOUT_THE_TOKEN:
        return KeyUnavailableError(
            "{service}: the service does not accept the access token; put a new one into {variable}",
            service=service.name,
            variable=service.token_variable,
        )
    said = ": ".join(filter(None, (code, words))) or f"HTTP {status}"
    return KeyUnavailableError("{service}: the service refused: {cause}", service=service.name, cause=_spoken(said, secrets))


def _spoken(said: str, secrets: tuple[str, ...]) -> Message | str:
    """Return what somebody else's words say, unless they repeat a secret."""
    if any(secret and secret in said for secret in secrets):
        return say("its words are left out, since they repeat something secret")
    return excerpt(said)


def excerpt(said: object) -> str:
    """Return somebody else's words as a line that a terminal can show."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in one_line(said))


def _object_in(content: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _variable(name: str, kind: str) -> str:
    return f"MOU_CSC_{re.sub(r'[^A-Z0-9]', '_', name.upper())}_{kind}"
