"""The secretariat's desk in a browser: from asking to attesting somebody on site, who then signs by that word."""

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.accessibility import require_accessible
from tests.browser.pages import require_no_sideways_scroll
from tests.browser.signing import Signing
from tests.browser.site import Invited

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage
    from tests.browser.site import Site


def look_at(page: "Page") -> None:
    require_accessible(page)
    require_no_sideways_scroll(page)


def test_a_person_on_site_signs_by_the_word_of_the_secretariat(open_page: "OpenPage", site: "Site") -> None:
    entry = re.findall(r"http\S+/enter/[0-9a-f]+", site.log.read_text("utf-8"))[-1]
    desk = open_page(device="desk", language="th")
    desk.goto(entry)
    look_at(desk)
    desk.locator("form[action^='/enter'] button").click()
    expect(desk.locator("a[href^='/documents/']").first).to_be_visible()
    look_at(desk)

    document, person = site.letter()
    before = len(site.mail.to(person.address))
    desk.goto(f"{site.url}/documents/{document}")
    look_at(desk)
    desk.locator(f"form[action='/documents/{document}/send'] button").first.click()
    mail = site.mail.newest(person.address, after=before)
    look_at(desk)
    desk.goto(f"{site.url}/documents/{document}/message/S0001")
    look_at(desk)
    assert mail.link in desk.locator("textarea").input_value()

    desk.goto(f"{site.url}/documents/{document}/attest/S0001")
    look_at(desk)
    desk.locator("#note").fill("แสดงบัตรประจำตัวประชาชน รู้จักกันตั้งแต่ปี ๒๕๖๒")
    desk.locator("main form button.button-large").click()
    code = re.sub(r"\D", "", desk.locator("[data-code]").inner_text())
    look_at(desk)
    assert code not in desk.url

    signing = Signing(site, open_page(device="phone", language="th"), Invited(document, person, mail))
    signing.come()
    look_at(signing.page)
    signing.page.locator("#code").fill(code)
    signing.page.locator("#code").press("Enter")
    expect(signing.page.locator("#decision")).to_be_visible()
    signing.read()
    signing.decide()
    signing.press_sign()
    signing.be_done()
    signing.require_passed()
    report = site.verify(site.published(document))
    assert {one["identity"] for one in report["signatures"]} == {None, "attested_on_site"}

    desk.goto(f"{site.url}/enter/{entry.rpartition('/')[2]}")
    expect(desk).to_have_url(re.compile(r"/$"))  # the desk knows its own browser
    stranger = open_page(device="desk", language="th")
    stranger.goto(entry)
    assert stranger.locator("form[action^='/enter']").count() == 0
    look_at(stranger)
