"""Time stamps from an RFC 3161 service: a third party's word for when something existed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

from signatures.digests import digest_of
from signatures.errors import TimestampError
from signatures.running import run

RESPONSE_TIMEOUT_SECONDS = 20
TOKEN_BYTES_RESERVED = 8_192  # tokens with a chain of three RSA-4096 certificates stay below this


@dataclass(frozen=True, slots=True)
class TimestampService:
    """A time stamp service at an HTTP address; `login` is its user name and password, where it asks for them."""

    url: str
    login: tuple[str, str] | None = None

    def time_stamper(self) -> HTTPTimeStamper:
        """Return the service as pyHanko takes it, fresh for one signature."""
        return HTTPTimeStamper(self.url, timeout=RESPONSE_TIMEOUT_SECONDS, auth=self.login)

    def try_out(self) -> datetime:
        """Ask for one token and return the time in it.

        Raises:
            TimestampError: the service does not answer, or not with a token.
        """
        token = run(self._token())
        stated = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
        assert isinstance(stated, datetime)
        return stated

    async def _token(self) -> Any:  # noqa: ANN401  # asn1crypto's objects carry no types
        with timestamp_errors(self):
            return await self.time_stamper().async_timestamp(bytes.fromhex(digest_of(b"trial").hex), "sha256")


@contextmanager
def timestamp_errors(service: TimestampService | None) -> Iterator[None]:
    """Turn whatever a service's failure raises into a `TimestampError` that names its address."""
    try:
        yield
    except (TimestampRequestError, aiohttp.ClientError, OSError, TimeoutError) as error:
        if service is None:
            raise
        raise TimestampError(
            "the time stamp service {url} gave no token ({cause}); nothing was signed. Try again later, or set another "
            "timestamp_url",
            url=service.url,
            cause=str(error) or type(error).__name__,
        ) from error
