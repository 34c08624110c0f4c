"""Time stamps from an RFC 3161 service: a third party's word for when something existed.

A token is taken only when it answers this request: granted, with our number and our digest in it, signed by the service's key,
and short enough for the room that is kept free. Whether that key deserves trust is the verifier's question.
"""

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import generic_cms
from pyhanko_certvalidator import ValidationContext

from signatures.digests import digest_of
from signatures.errors import TimestampError
from signatures.messages import Message, say
from signatures.running import run

RESPONSE_TIMEOUT_SECONDS = 20
TOKEN_BYTES_RESERVED = 8_192  # tokens with a chain of three RSA-4096 certificates stay below this
_GRANTED = ("granted", "granted_with_mods")  # RFC 3161, 2.4.2: with each of them a token must come
_LOGIN_IN_ADDRESS = re.compile(r"(?<=//)[^/\s]*@")


@dataclass(frozen=True, slots=True)
class TimestampService:
    """A time stamp service at an HTTP address; `login` is its user name and password, where it asks for them."""

    url: str
    login: tuple[str, str] | None = field(default=None, repr=False)

    def time_stamper(self) -> HTTPTimeStamper:
        """Return the service as pyHanko takes it, fresh for one signature; what fails in it is a `TimestampError`."""
        return _CheckedTimeStamper(self)

    def token(self, digest: bytes) -> cms.ContentInfo:
        """Return a token over a SHA-256 digest.

        Raises:
            TimestampError: the service does not answer, or not with a token.
        """
        return run(self.time_stamper().async_timestamp(digest, "sha256"))

    def trial_token(self) -> cms.ContentInfo:
        """Return a token over nothing of worth: it shows whose tokens these are.

        Raises:
            TimestampError: as in `token`.
        """
        return self.token(bytes.fromhex(digest_of(b"trial").hex))

    def try_out(self) -> datetime:
        """Ask for one token and return the time in it.

        Raises:
            TimestampError: as in `token`.
        """
        token = self.trial_token()
        stated = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
        assert isinstance(stated, datetime)
        return stated

    def failure(self, cause: Message | str) -> TimestampError:
        """Return the error that names this service's address, without a login that may stand in it."""
        return TimestampError(
            "the time stamp service {url} gave no token ({cause}); nothing was signed. Try again later, or set another "
            "timestamp_url",
            url=_LOGIN_IN_ADDRESS.sub("", self.url),
            cause=_LOGIN_IN_ADDRESS.sub("", cause) if isinstance(cause, str) else cause,
        )


class _CheckedTimeStamper(HTTPTimeStamper):
    """pyHanko's client, which looks at the answer's number alone, with the rest of RFC 3161, 2.2, looked at too."""

    def __init__(self, service: TimestampService) -> None:
        login = base64.b64encode(":".join(service.login).encode()).decode() if service.login else None
        # pyHanko's own parameter for a login takes a class that aiohttp is about to drop.
        headers = {"Authorization": f"Basic {login}"} if login else None
        super().__init__(service.url, timeout=RESPONSE_TIMEOUT_SECONDS, headers=headers)
        self._service = service

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the token for this digest."""
        number, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]  # pyHanko's has no types
        try:
            response = await self.async_request_tsa_response(request)
            fault = await _fault_in(response, message_digest, md_algorithm, number)
        except TimestampRequestError as error:
            # pyHanko's own words say only that something went wrong; what did is the cause.
            cause = error.__cause__ or error
            raise self._service.failure(str(cause) or type(cause).__name__) from error
        except Exception as error:
            raise self._service.failure(
                say("a time stamp response was expected, got something that cannot be read: {cause}", cause=error)
            ) from error
        if fault is not None:
            raise self._service.failure(fault)
        return response["time_stamp_token"]


async def _fault_in(response: tsp.TimeStampResp, digest: bytes, algorithm: str, number: int) -> Message | None:
    """Return what is wrong with a response; one that cannot be read raises whatever asn1crypto or pyHanko raise."""
    # Read alone: asn1crypto wants a token in every response, and one that refuses has none.
    status = tsp.PKIStatusInfo.load(core.Sequence.load(response.dump())[0].dump())
    if status["status"].native not in _GRANTED:
        words = [*(status["status_string"].native or ()), *(status["fail_info"].native or ())]
        return say("it answered {status}: {words}", status=status["status"].native, words="; ".join(words) or "-")
    token = response["time_stamp_token"]
    stated = token["content"]["encap_content_info"]["content"].parsed
    imprint = stated["message_imprint"]
    if stated["nonce"].native != number:
        return say("its token answers another request: the number in it is not the one that was sent")
    if imprint["hash_algorithm"]["algorithm"].native != algorithm or imprint["hashed_message"].native != digest:
        return say("its token is for something else: the digest in it is not the one that was sent")
    if (length := len(token.dump())) > TOKEN_BYTES_RESERVED:
        return say("its token has {length} bytes, at most {limit} can be kept", length=length, limit=TOKEN_BYTES_RESERVED)
    context = ValidationContext(trust_roots=[], allow_fetching=False, moment=stated["gen_time"].native)
    outcome: dict[str, Any] = await generic_cms.validate_tst_signed_data(token["content"], context, lambda _: digest)
    if not (outcome["intact"] and outcome["valid"]):
        return say("the signature of its token is wrong")
    return None
