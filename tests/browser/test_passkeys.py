"""Passkeys in a real browser with a virtual device: registered after a code, and then enough on their own for the same address.

The pages are called as `localhost`: browsers bind passkeys to names, never to numbers.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.accessibility import require_accessible
from tests.browser.conftest import DEVICES, LOCALES, SECONDS_FOR_A_STEP
from tests.browser.pages import is_complaint, require_no_sideways_scroll
from tests.browser.signing import Signing
from tests.browser.site import Invited

if TYPE_CHECKING:
    from tests.browser.site import Site

VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class ByName(Signing):
    """A signatory who opens the site by its name."""

    def come(self) -> None:
        """Open the link and be asked who it is."""
        self.page.goto(self.invited.link.replace("127.0.0.1", "localhost"))
        expect(self.page.locator("ol.way [aria-current=step]")).to_be_visible()


@dataclass
class Device:
    """A page on a device that keeps passkeys: a virtual one, which asks nobody and knows its user's finger as it is told."""

    page: Page
    channel: CDPSession
    authenticator: str = ""

    def start(self, *kept: dict[str, Any]) -> None:
        """Begin anew with these passkeys."""
        self.channel.send("WebAuthn.disable", {})
        self.channel.send("WebAuthn.enable", {})
        self.authenticator = self.channel.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})["authenticatorId"]
        for one in kept:
            self.channel.send("WebAuthn.addCredential", {"authenticatorId": self.authenticator, "credential": one})

    def passkeys(self) -> list[dict[str, Any]]:
        """What it keeps."""
        return list(self.channel.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})["credentials"])

    def forget_user(self) -> None:
        """Let it know its user no more."""
        self.channel.send("WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": False})

    def require_good_page(self) -> None:
        """Judge the page; the judge's channel takes the virtual device with it when it closes, so it is put back."""
        kept = self.passkeys()
        require_accessible(self.page)
        require_no_sideways_scroll(self.page)
        self.start(*kept)


@pytest.fixture
def device(browser: Browser) -> Iterator[Device]:
    """A telephone whose browser goes straight to this machine, since the recording knows the site by its number alone."""
    complaints: list[str] = []
    context = browser.new_context(**DEVICES["small"], locale=LOCALES["en"], reduced_motion="reduce")
    context.set_default_timeout(SECONDS_FOR_A_STEP * 1000)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said.type, said.text) else None)
    device = Device(page, context.new_cdp_session(page))
    device.start()
    yield device
    context.close()
    assert not complaints


def invite_again(site: "Site", invited: Invited) -> Invited:
    """Ask the same person, at the same address, to sign a document of another kind."""
    person = invited.person
    site.run("generate", "note", "--list", "letters", "--organisation", person.organisation_id, "-w", site.workspace)
    (row,) = (row for row in site.rows("status") if (row["template"], row["organisation"]) == ("note", person.organisation_id))
    document, before = str(row["document"]), len(site.mail.to(person.address))
    site.places[document] = "note", row["number"]
    site.run("request", "send", document, "-w", site.workspace)
    return Invited(document, person, site.mail.newest(person.address, after=before))


def recorded_methods(site: "Site", document: str) -> list[str]:
    """How those who were asked to sign a document were known, as the ledger says."""
    query = "SELECT leaf FROM ledger_entry WHERE type = 'identity.confirmed' AND subject = ? ORDER BY seq"
    with closing(sqlite3.connect(site.workspace / "mou.db", timeout=20)) as database:
        return [json.loads(leaf)["body"]["method"] for (leaf,) in database.execute(query, (document,))]


def sign_and_register(signing: ByName, device: Device) -> None:
    """Sign after a code, and take the offer of the last page."""
    signing.sign()
    offer = signing.page.locator("#passkey")
    expect(offer).to_be_visible()
    device.require_good_page()
    offer.locator("button").click()
    expect(offer.locator("[role=status]")).to_contain_text("The passkey is registered")
    expect(offer.locator("button")).to_be_hidden()
    assert len(device.passkeys()) == 1
    device.require_good_page()


def test_a_passkey_registered_after_a_code_opens_the_next_invitation_to_the_same_address(
    site: "Site", device: Device, files: Path
) -> None:
    first = ByName(site, device.page, site.invite())
    sign_and_register(first, device)
    second = ByName(site, device.page, invite_again(site, first.invited))
    letters = len(site.mail.to(first.invited.person.address))

    second.come()
    offer = second.page.locator("#passkey")
    expect(offer).to_be_visible()
    device.require_good_page()
    offer.locator("button").click()
    expect(second.page.locator("#decision")).to_be_visible()
    assert len(site.mail.to(first.invited.person.address)) == letters
    assert recorded_methods(site, first.invited.document) == ["code_by_mail"]
    assert recorded_methods(site, second.invited.document) == ["passkey"]

    second.read()
    second.decide()
    second.press_sign()
    second.be_done()
    expect(second.page.locator("#passkey")).to_have_count(0)
    evidence = second.saved("evidence", files).read_text(encoding="utf-8")
    assert re.findall(r'"identity":\s*"(\w+)"', evidence) == ["passkey"]


def test_where_the_device_does_not_know_its_user_nobody_is_confirmed_and_a_code_still_does(site: "Site", device: Device) -> None:
    first = ByName(site, device.page, site.invite())
    sign_and_register(first, device)
    second = ByName(site, device.page, invite_again(site, first.invited))
    second.come()
    offer = second.page.locator("#passkey")
    device.require_good_page()
    device.forget_user()
    offer.locator("button").click()
    expect(offer.locator("[role=status]")).to_contain_text("Your device did not confirm")
    assert recorded_methods(site, second.invited.document) == []

    old = second.page.context.new_page()
    old.add_init_script("delete window.PublicKeyCredential")
    without_passkeys = ByName(site, old, second.invited)
    without_passkeys.come()
    expect(old.locator("#passkey")).to_be_attached()
    expect(old.locator("#passkey")).to_be_hidden()
    without_passkeys.identify()
    assert recorded_methods(site, second.invited.document) == ["code_by_mail"]
