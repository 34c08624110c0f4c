"""The public page of a charter in a browser: any day is asked for without a script, and the page fits and is accessible."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from mou.app import open_workspace
from mou.workflow.public_view import code_of
from mou.workflow.status import find_document
from tests.browser.accessibility import require_accessible
from tests.browser.mailbox import free_port
from tests.browser.pages import require_no_sideways_scroll, words_of
from tests.browser.site import Site, served
from tests.kept_charters import PERSONS, make_kept_charter

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.mailbox import Mailbox
    from tests.browser.time_service import TimeService

SEEN_AS = {
    "phone, Thai, light": ("phone", "th", "light"),
    "small, Thai, dark": ("small", "th", "dark"),
    "small, English, light": ("small", "en", "light"),
    "desk, English, dark": ("desk", "en", "dark"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, mail: "Mailbox", time_stamps: "TimeService") -> Iterator[str]:
    """Where the charter's page is served."""
    folder = tmp_path_factory.mktemp("charter")
    workspace = open_workspace(make_kept_charter(folder / "workspace"))
    code = code_of(find_document(workspace, "accord"))
    workspace.database.close()
    site = Site(folder / "workspace", f"http://127.0.0.1:{free_port()}", mail, time_stamps, folder / "serve.log")
    with served(site):
        yield f"{site.url}/c/{code}"


@pytest.mark.parametrize(("device", "language", "scheme"), SEEN_AS.values(), ids=SEEN_AS.keys())
@pytest.mark.parametrize("day", ["2022-04-28", "2022-03-28", "2565-04-28", "2022-02-30"])
def test_the_page_is_accessible_fits_on_the_device_and_names_no_person(
    open_page: "OpenPage", address: str, day: str, device: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(device=device, language=language, scheme=scheme)
    page.goto(f"{address}/{day}")
    assert page.locator("html").get_attribute("lang") == language
    require_accessible(page)
    require_no_sideways_scroll(page)
    shown = words_of(page.locator("body"))
    assert [person for person in PERSONS if person in shown] == []


def test_a_day_is_asked_for_without_a_script_and_stays_when_the_language_changes(open_page: "OpenPage", address: str) -> None:
    page = open_page(language="en", scripts=False)
    page.goto(address)
    page.get_by_label("As of the end of the day").fill("2022-04-27")
    page.get_by_role("button", name="Show this day").click()
    page.wait_for_url(f"{address}/2022-04-27")
    expect(page.locator(".verdict")).to_contain_text("the day is fixed")
    page.get_by_role("link", name="ไทย").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("๒๗ เมษายน ๒๕๖๕")
    assert page.url.startswith(f"{address}/2022-04-27")


def test_a_year_of_the_buddhist_era_leads_to_the_day_that_was_meant(open_page: "OpenPage", address: str) -> None:
    page = open_page(language="en")
    page.goto(f"{address}/2565-04-28")
    page.get_by_role("link", name="Did you mean 28 April 2022?").click()
    page.wait_for_url(f"{address}/2022-04-28")
    expect(page.locator(".verdict")).to_contain_text("in force")
