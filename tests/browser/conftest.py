"""A real browser, a real time stamp service, a real mail server and the real program that serves its pages."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.mailbox import Mailbox, mail_server
from tests.browser.pages import is_complaint
from tests.browser.recording import Recording, recording_proxy
from tests.browser.site import Site, make_site, served
from tests.browser.time_service import TimeService, time_service

BROWSERS = ("chromium", "chromium-browser")
SWITCHED_OFF = (
    "AutofillServerCommunication",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
ARGUMENTS = (
    "--no-sandbox",  # where the tests run as root there is none, and the pages are our own
    # Chromium asks its maker about the fields of a form as soon as one is for a password; that is no doing of the page. The list
    # takes the place of the driver's own, so the rest of it is what that switches off.
    "--disable-features=" + ",".join(SWITCHED_OFF),
)
SECONDS_FOR_A_STEP = 40
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
    "small": {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
    "desk": {"viewport": {"width": 1280, "height": 800}},
}
LOCALES = {"th": "th-TH", "en": "en-GB"}

Scheme: TypeAlias = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Running:
    """A browser and the event loop that carries it."""

    browser: Browser
    loop: asyncio.AbstractEventLoop


class OpenPage(Protocol):
    """Opens a page on a device of its own, with nothing kept from others."""

    def __call__(
        self,
        *,
        device: str = ...,
        language: str = ...,
        scheme: Scheme = ...,
        scripts: bool = ...,
        through: Recording | None = ...,
    ) -> Page:
        """Return an empty page; all its requests pass `through` a recording where one is given."""
        ...


def found_browser() -> str:
    """Return the browser's path; without one the tests are skipped, or fail where a browser is required."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"no browser on this system: {' or '.join(BROWSERS)} expected"
        if os.environ.get("MOU_TEST_BROWSER") == "required" or os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def running_browser() -> Iterator[Running]:
    """One browser for all tests.

    Playwright leaves its event loop marked as running in this thread, where no other test could run one; the mark is taken
    away as long as no test holds the browser.
    """
    path = found_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        expect.set_options(timeout=SECONDS_FOR_A_STEP * 1000)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield Running(browser, loop)
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture
def browser(running_browser: Running) -> Iterator[Browser]:
    """The browser, for one test."""
    asyncio._set_running_loop(running_browser.loop)
    yield running_browser.browser
    asyncio._set_running_loop(None)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """A function that opens a page; at the end no script may have failed, and nothing may have offended the policy."""
    opened = ExitStack()
    complaints: list[str] = []

    def open_it(
        *,
        device: str = "desk",
        language: str = "en",
        scheme: Scheme = "light",
        scripts: bool = True,
        through: Recording | None = None,
    ) -> Page:
        kept = through or opened.enter_context(recording_proxy())
        context = browser.new_context(
            **DEVICES[device],
            locale=LOCALES[language],
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
            proxy={"server": kept.proxy},
        )
        opened.callback(context.close)
        context.set_default_timeout(SECONDS_FOR_A_STEP * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said.type, said.text) else None)
        return page

    yield open_it
    opened.close()
    assert not complaints


@pytest.fixture
def recording() -> Iterator[Recording]:
    """Every request of the pages that are opened `through` it."""
    with recording_proxy() as kept:
        yield kept


@pytest.fixture(scope="session")
def time_stamps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeService]:
    """A time stamp service."""
    with time_service(tmp_path_factory.mktemp("time")) as service:
        yield service


@pytest.fixture(scope="session")
def mail() -> Iterator[Mailbox]:
    """Everybody's mail."""
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
def made_site(tmp_path_factory: pytest.TempPathFactory, mail: Mailbox, time_stamps: TimeService) -> Site:
    """The workspace with its letters, of which nobody has been told yet; it is not served."""
    return make_site(tmp_path_factory.mktemp("site"), mail, time_stamps)


@pytest.fixture(scope="session")
def site(made_site: Site) -> Iterator[Site]:
    """The workspace, served."""
    with served(made_site) as running:
        yield running


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder for what a person saves."""
    folder = tmp_path / "saved"
    folder.mkdir()
    return folder
