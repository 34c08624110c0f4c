"""A signatory in front of their screen: from the link in their mail to the page that thanks them."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Locator, Page, expect

from tests.browser.certificates import OwnCertificate, Wrapping
from tests.browser.pages import words_of
from tests.browser.site import Invited, Site

LONGEST_WAIT_MS = 180_000  # for what the server does with a signature on a busy machine
DONE = re.compile(r"/sign/[^/]+/done")

Given = TypeVar("Given")


@dataclass
class Signing:
    """One signatory, one page, one request."""

    site: Site
    page: Page
    invited: Invited

    def come(self) -> None:
        """Open the link and be asked who it is."""
        self.page.goto(self.invited.link)
        expect(self.page.locator("ol.way [aria-current=step]")).to_be_visible()

    def ask_for_code(self) -> str:
        """Have a code sent and return it from the mail."""
        address = self.invited.person.address
        before = len(self.site.mail.to(address))
        self.page.locator("form:not(:has(#code)) button.button-large").click()
        expect(self.page.locator("#code")).to_be_visible()
        return self.site.mail.newest(address, after=before).code

    def identify(self) -> None:
        """Show by a code from the mail who it is."""
        self.come()
        self.page.locator("#code").fill(self.ask_for_code())
        self.page.locator("#code").press("Enter")
        expect(self.page.locator("#decision")).to_be_visible()

    def read(self) -> None:
        """Go through the pages to the end with the keyboard."""
        pages = self.page.locator("#reader-pages")
        expect(pages.locator("canvas").first).to_be_visible()
        pages.focus()
        complete = self.page.locator("#read-pages[data-complete=yes]")
        for _ in range(60):
            if complete.count():
                break
            self.page.keyboard.press("PageDown")
            self.page.wait_for_timeout(50)
        expect(complete).to_be_attached()

    def decide(self, way: str = "browser") -> None:
        """Agree to everything, choose a way and go on to the page that shows everything once more."""
        for box in self.page.locator("input[name=consent]").all():
            box.check()
        self.page.locator(f"input[name=way][value='{way}']").check()
        self.page.locator("#decision button.button-large").click()
        expect(self.page.locator(".way [aria-current=step] .way-sign")).to_have_text("3")

    def arrive_at_review(self, way: str = "browser") -> None:
        """Do everything that comes before the button."""
        self.identify()
        self.read()
        self.decide(way)

    def choose_key(self, own: OwnCertificate, password: str, wrapping: Wrapping = "modern", *, typed: str | None = None) -> None:
        """Choose a PKCS#12 file and type its password, or another one."""
        content = own.file(password, wrapping)
        choice = {"name": "ลายมือชื่อ.p12", "mimeType": "application/x-pkcs12", "buffer": content}
        self.page.locator("#key-file").set_input_files(choice)  # type: ignore[arg-type]  # a typed dict of the library's own
        self.page.locator("#key-password").fill(password if typed is None else typed)

    def press_sign(self) -> None:
        """Press the button; what follows takes its time."""
        self.page.locator("#sign").click()

    def be_done(self) -> None:
        """Wait for the page that thanks; a failure that the page tells of ends the wait at once."""
        outcome = self.page.locator("#failure:not([hidden]), a[href*=evidence][download]")
        expect(outcome.first).to_be_visible(timeout=LONGEST_WAIT_MS)
        assert DONE.search(self.page.url), words_of(self.failure)

    def sign(self, way: str = "browser") -> None:
        """Go the whole way with a key that is made for it."""
        self.arrive_at_review(way)
        self.press_sign()
        self.be_done()

    @property
    def failure(self) -> Locator:
        """Where the page tells of what went wrong."""
        return self.page.locator("#failure")

    def require_passed(self) -> None:
        """Check with the program itself that the published document holds, and that this person's signature is in it."""
        report = self.site.verify(self.site.published(self.invited.document))
        assert report["verdict"] == "passed"
        assert self.invited.person.full_name in {one["signer"] for one in report["signatures"]}

    def saved(self, part: str, folder: Path) -> Path:
        """Save a file that the page offers, and return where it lies."""
        with self.page.expect_download() as download:
            self.page.locator(f"a[download][href*='{part}']").first.click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def aside(function: Callable[[], Given]) -> Given:
    """Return what a function gives that runs an event loop of its own, while this thread is the browser's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function).result()
