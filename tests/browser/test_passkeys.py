"""Passkeys in a real browser with a virtual device: registered after a code, and then enough on their own for the same address.

The pages are called as `localhost`: browsers bind passkeys to names, never to numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, expect

from tests.browser.accessibility import require_accessible
from tests.browser.conftest import DEVICES, LOCALES, SECONDS_FOR_A_STEP
from tests.browser.pages import is_complaint, require_no_sideways_scroll
from tests.browser.signing import Signing
from tests.browser.site import Invited

if TYPE_CHECKING:
    from tests.browser.site import Site

Visit = Callable[[Invited], Signing]


@dataclass
class Device:
    """A browser on a device that can keep passkeys: a virtual one, which asks nobody and always knows its user's finger."""

    site: "Site"
    context: BrowserContext
    page: Page
    channel: CDPSession
    authenticator: str

    def visit(self, invited: Invited) -> Signing:
        """Somebody in front of it with their invitation."""
        return Signing(self.site, self.page, Invited(invited.document, invited.person, _Named(invited.mail)))  # type: ignore[arg-type]

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys that it keeps."""
        found = self.channel.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(found["credentials"])

    def know_user(self, *, knows: bool) -> None:
        """Let the device know its user, or not."""
        self.channel.send("WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": knows})


