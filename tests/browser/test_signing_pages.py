"""Signing from the invitation to the thanks, with a key that the browser makes: on a phone, at a desk, in Thai, in English."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import require_accessible
from tests.browser.pages import is_one_file, require_no_sideways_scroll, words_of
from tests.browser.recording import Recording
from tests.browser.signing import LONGEST_WAIT_MS, Signing

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.site import Site

SEEN_AS = {
    "phone, Thai, light": ("phone", "th", "light"),
    "small, English, dark": ("small", "en", "dark"),
    "small, Thai, light": ("small", "th", "light"),
    "desk, Thai, dark": ("desk", "th", "dark"),
}


@pytest.fixture
def signing(open_page: "OpenPage", site: "Site") -> Signing:
    """Somebody with an invitation in their mail and a phone in their hand."""
    return Signing(site, open_page(device="phone", language="th"), site.invite())


def test_an_invited_signatory_signs_with_a_key_of_their_browser_and_the_program_says_passed(
    signing: Signing, files: Path
) -> None:
    signing.sign()
    signing.require_passed()
    pdf, evidence = signing.saved(".pdf", files), signing.saved("evidence", files)
    assert is_one_file(pdf.read_bytes(), signing.site.published(signing.invited.document).read_bytes())
    assert pdf.stem in evidence.name
    report = json.loads(signing.site.run("verify", pdf, "--evidence", evidence, "-w", signing.site.workspace, "--json"))
    assert report["verdict"] == "passed"
    (own,) = (one for one in report["signatures"] if one["signer"] == signing.invited.person.full_name)
    assert own["level"] in {"B-T", "B-LTA"}  # the house may have extended it by now, or not yet
    thanks = signing.site.mail.newest(signing.invited.person.address, after=2)
    assert any(is_one_file(pdf.read_bytes(), attached) for attached in thanks.attachments.values() if attached)


def test_the_signature_holds_long_after_its_certificate_has_ended(signing: Signing) -> None:
    """The certificate counts for minutes; with the issuer's word on the time stamp in the file, its time is proved for years."""
    signing.sign()
    document, next_month = signing.invited.document, (datetime.now(UTC) + timedelta(days=25)).strftime("%Y-%m-%d")
    signing.site.run("extend", document, "-w", signing.site.workspace)
    told = signing.site.run(
        "verify", signing.site.published(document), "-w", signing.site.workspace, "--at", next_month, "--json"
    )
    report = json.loads(told)
    (own,) = (one for one in report["signatures"] if one["signer"] == signing.invited.person.full_name)
    assert (report["verdict"], own["level"], own["time_source"]) == ("passed", "B-LTA", "timestamp")


@pytest.mark.parametrize(("device", "language", "scheme"), SEEN_AS.values(), ids=SEEN_AS.keys())
def test_every_page_on_the_way_is_accessible_and_fits_on_the_device(
    open_page: "OpenPage", site: "Site", device: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    signing = Signing(site, open_page(device=device, language=language, scheme=scheme), site.invite())

    def look() -> None:
        assert signing.page.locator("html").get_attribute("lang") == language
        require_accessible(signing.page)
        require_no_sideways_scroll(signing.page)

    signing.come()
    look()
    code = signing.ask_for_code()
    look()
    signing.page.locator("#code").fill("000000" if code != "000000" else "111111")
    signing.page.locator("#code").press("Enter")
    expect(signing.page.locator("#code-error")).to_be_visible()
    look()
    signing.page.locator("#code").fill(code)
    signing.page.locator("#code").press("Enter")
    signing.read()
    look()
    signing.page.locator("#decision button.button-large").click()
    expect(signing.page.locator("#errors")).to_be_visible()
    look()
    signing.decide()
    look()
    signing.press_sign()
    signing.be_done()
    look()
    signing.page.goto(signing.invited.link)
    look()


def test_the_whole_way_is_gone_with_the_keyboard_alone(open_page: "OpenPage", site: "Site") -> None:
    signing = Signing(site, open_page(), site.invite())
    page = signing.page

    def reach(selector: str) -> None:
        for _ in range(80):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the tab key")

    signing.come()
    reach("form:not(:has(#code)) button.button-large")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_visible()
    code = site.mail.newest(signing.invited.person.address, after=1).code
    reach("#code")
    page.keyboard.insert_text(f"{code[:3]} {code[3:]}")
    page.keyboard.press("Enter")
    expect(page.locator("#reader-pages canvas").first).to_be_visible()
    reach("#reader-pages")
    signing.read()
    for place in range(page.locator("input[name=consent]").count()):
        reach(f"#{page.locator('input[name=consent]').nth(place).get_attribute('id')}")
        page.keyboard.press("Space")
    reach("input[name=way]")
    page.keyboard.press("Space")
    reach("#decision button.button-large")
    page.keyboard.press("Enter")
    expect(page.locator("#sign")).to_be_enabled()
    reach("#sign")
    page.keyboard.press("Enter")
    signing.be_done()
    signing.require_passed()


def test_a_person_who_cannot_see_pages_says_so_and_signs(signing: Signing) -> None:
    signing.identify()
    signing.page.locator("#read").check()
    signing.decide()
    signing.press_sign()
    signing.be_done()
    signing.require_passed()


def test_nothing_is_agreed_to_beforehand_and_each_missing_consent_is_named(signing: Signing) -> None:
    signing.identify()
    signing.read()
    boxes = signing.page.locator("input[name=consent]")
    assert boxes.count() >= 2
    assert not any(box.is_checked() for box in boxes.all())
    boxes.nth(0).check()
    signing.page.locator("input[name=way][value=browser]").check()
    signing.page.locator("#decision button.button-large").click()
    expect(signing.page.locator("#errors a")).to_have_count(boxes.count() - 1)
    assert boxes.nth(0).is_checked()
    assert signing.page.locator("input[name=way][value=browser]").is_checked()


def test_the_text_of_the_document_can_be_read_by_a_screen_reader(signing: Signing) -> None:
    signing.identify()
    expect(signing.page.locator("#reader-pages")).to_contain_text(signing.invited.person.organisation)


@pytest.mark.parametrize("place", ["identify", "read", "review"])
def test_a_reload_in_the_middle_loses_nothing(signing: Signing, place: str) -> None:
    signing.come()
    code = signing.ask_for_code()
    if place == "identify":
        signing.page.reload()
    signing.page.locator("#code").fill(code)
    signing.page.locator("#code").press("Enter")
    signing.read()
    if place == "read":
        signing.page.reload()
        expect(signing.page.locator("#read-pages[data-complete=yes]")).to_be_attached()
    signing.decide()
    if place == "review":
        signing.page.reload()
    signing.press_sign()
    signing.be_done()
    signing.require_passed()


def test_another_device_goes_on_where_the_first_one_stopped(open_page: "OpenPage", signing: Signing) -> None:
    signing.arrive_at_review()
    other = Signing(signing.site, open_page(device="desk", language="th"), signing.invited)
    other.identify()
    assert other.page.locator("input[name=way][value=browser]").is_checked()
    other.read()
    other.decide()
    other.press_sign()
    other.be_done()
    other.require_passed()


def test_an_answer_that_is_lost_on_its_way_does_not_sign_twice(open_page: "OpenPage", site: "Site", recording: Recording) -> None:
    """The server recorded the signature, and the browser does not know."""
    signing = Signing(site, open_page(language="th", through=recording), site.invite())
    signing.arrive_at_review()
    recording.loses = "/value"
    signing.press_sign()
    expect(signing.failure).to_be_visible(timeout=LONGEST_WAIT_MS)
    assert set(recording.lost) == {200}
    recording.loses = ""
    signing.press_sign()
    signing.be_done()
    signing.require_passed()
    kinds = [one["kind"] for one in site.verify(site.published(signing.invited.document))["signatures"]]
    assert sorted(kind for kind in kinds if kind != "timestamp") == ["seal", "signature"]  # extended by now, or not yet
    assert len({request.body for request in recording.sent if request.url.endswith("/value")}) == 1


def test_the_language_is_switched_and_stays(signing: Signing) -> None:
    signing.come()
    thai = words_of(signing.page.locator("h1"))
    signing.page.locator(".languages a[hreflang=en]").click()
    expect(signing.page.locator("html")).to_have_attribute("lang", "en")
    expect(signing.page.locator("h1")).to_have_text("You are asked to sign a document")
    assert thai != "You are asked to sign a document"
    signing.page.goto(signing.invited.link)
    expect(signing.page.locator("html")).to_have_attribute("lang", "en")
