"""The verification page, as anybody opens it who was given a PDF: what `mou verify` says, in words, signs and colours."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Page, expect

from mou.messages import translate
from mou.report.words import OUTCOMES, SIGNS, VERDICTS
from signatures.messages import Message
from tests.browser.accessibility import require_accessible
from tests.browser.certificates import own_certificate
from tests.browser.pages import require_no_sideways_scroll, words_of
from tests.conftest import blank_pdf

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.site import Person, Site

PASSWORD = "ความลับ-correct-horse"
SEEN_AS = {
    "phone, Thai, light": ("phone", "th", "light"),
    "small, Thai, dark": ("small", "th", "dark"),
    "desk, English, light": ("desk", "en", "light"),
    "desk, English, dark": ("desk", "en", "dark"),
}
EXIT_CODES = {"passed": 0, "failed": 1, "indeterminate": 3}


@dataclass(frozen=True, slots=True)
class Finished:
    """A letter that its signatory has signed, kept as it was then: the house may extend the one in the workspace."""

    person: "Person"
    pdf: Path


@pytest.fixture(scope="session")
def finished(site: "Site", tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A letter, signed on the command line."""
    folder = tmp_path_factory.mktemp("own")
    document, person = site.letter()
    key, password = folder / "own.p12", folder / "password.txt"
    key.write_bytes(own_certificate(site.workspace, person.full_name).file(PASSWORD))
    password.write_text(PASSWORD, encoding="utf-8")
    site.run("sign", document, "--slot", "S0001", "--pkcs12", key, "--password-file", password, "-w", site.workspace)
    published, kept = site.published(document), folder / "letter.pdf"
    for suffix in (".pdf", ".evidence.json"):
        kept.with_suffix(suffix).write_bytes(published.with_suffix(suffix).read_bytes())
    return Finished(person, kept)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brings, and what is to be said of it."""

    content: bytes
    verdict: Literal["passed", "failed", "indeterminate"]


def _brought(name: str, intact: bytes) -> Brought:
    middle = len(intact) // 3
    return {
        "intact": Brought(intact, "passed"),
        "one byte changed": Brought(intact[:middle] + bytes([intact[middle] ^ 1]) + intact[middle + 1 :], "failed"),
        "something appended": Brought(intact + b"\n1 0 obj\n<<>>\nendobj\n", "failed"),
        "without a signature": Brought(blank_pdf(), "indeterminate"),
        "no PDF at all": Brought("สวัสดี".encode() * 50, "failed"),
        "empty": Brought(b"", "failed"),
    }[name]


BROUGHT = ("intact", "one byte changed", "something appended", "without a signature", "no PDF at all", "empty")


def bring(page: Page, site: "Site", content: bytes, name: str = "เอกสาร.pdf") -> None:
    page.goto(f"{site.url}/verify")
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    page.locator("form", has=page.locator("input[name=file]")).locator("button[type=submit]").click()
    page.wait_for_load_state()


def spoken(message: Message, language: str) -> str:
    return " ".join(translate(message, language).split())


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("name", BROUGHT)
def test_the_page_says_of_a_file_what_the_program_says(
    open_page: "OpenPage", site: "Site", finished: Finished, name: str, language: str, files: Path
) -> None:
    brought = _brought(name, finished.pdf.read_bytes())
    path = files / "brought.pdf"
    path.write_bytes(brought.content)
    if name == "intact":
        path.with_suffix(".evidence.json").write_bytes(finished.pdf.with_suffix(".evidence.json").read_bytes())
    told = site.verify(path, code=EXIT_CODES[brought.verdict])
    page = open_page(language=language)
    bring(page, site, brought.content)
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text(spoken(VERDICTS[told["verdict"]], language))
    expect(verdict).to_contain_text(SIGNS[told["verdict"]])
    steps = page.locator("ol[start='0'] > li")
    expect(steps).to_have_count(len(told["steps"]))
    for place, step in enumerate(told["steps"]):
        expect(steps.nth(place)).to_contain_text(spoken(OUTCOMES[step["outcome"]], language))
        expect(steps.nth(place)).to_contain_text(SIGNS[step["outcome"]])
    assert page.locator("html").get_attribute("lang") == language


def test_each_signature_is_shown_with_its_signer_time_and_level(open_page: "OpenPage", site: "Site", finished: Finished) -> None:
    page = open_page()
    bring(page, site, finished.pdf.read_bytes())
    shown = page.locator("section.card", has=page.get_by_role("heading", name=finished.person.full_name))
    signatures = site.verify(finished.pdf)["signatures"]
    (told,) = (one for one in signatures if one["signer"] == finished.person.full_name)
    assert told["level"] in {"B-T", "B-LTA"}  # the house may have extended it before it was kept
    for fact in (told["level"], told["capacity"], told["trust_root"]):
        expect(shown).to_contain_text(fact)
    expect(page.locator("section.card")).to_have_count(len(signatures))


@pytest.mark.parametrize(("device", "language", "scheme"), SEEN_AS.values(), ids=SEEN_AS.keys())
@pytest.mark.parametrize("name", ["intact", "one byte changed"])
def test_form_and_report_are_accessible_and_fit_on_the_device(
    open_page: "OpenPage",
    site: "Site",
    finished: Finished,
    name: str,
    device: str,
    language: str,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(device=device, language=language, scheme=scheme)
    page.goto(f"{site.url}/verify")
    require_accessible(page)
    require_no_sideways_scroll(page)
    bring(page, site, _brought(name, finished.pdf.read_bytes()).content)
    require_accessible(page)
    require_no_sideways_scroll(page)


def test_a_file_is_brought_with_the_keyboard_alone(open_page: "OpenPage", site: "Site", finished: Finished) -> None:
    page = open_page()
    page.goto(f"{site.url}/verify")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("skip-link")
    page.keyboard.press("Enter")
    reach(page, "file")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(finished.pdf)
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text(SIGNS["passed"])


def reach(page: Page, identifier: str) -> None:
    """Go on with the tab key until this element has the focus."""
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == identifier:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{identifier} cannot be reached with the tab key")


def test_the_page_needs_no_script(open_page: "OpenPage", site: "Site", finished: Finished) -> None:
    page = open_page(scripts=False)
    bring(page, site, finished.pdf.read_bytes())
    assert SIGNS["passed"] in words_of(page.locator(".verdict"))


def test_nothing_of_a_file_that_was_brought_stays(open_page: "OpenPage", site: "Site", finished: Finished) -> None:
    content = _brought("one byte changed", finished.pdf.read_bytes()).content
    page = open_page()
    bring(page, site, content)
    expect(page.locator(".verdict")).to_contain_text(SIGNS["failed"])
    assert [path for path in site.workspace.rglob("*") if path.is_file() and content in path.read_bytes()] == []


def test_without_a_file_the_page_says_what_is_missing(open_page: "OpenPage", site: "Site") -> None:
    page = open_page(language="th", scripts=False)
    page.goto(f"{site.url}/verify")
    page.locator("form", has=page.locator("input[name=file]")).locator("button[type=submit]").click()
    assert page.locator("html").get_attribute("lang") == "th"
    expect(page.locator("input[name=file]")).to_be_visible()


def test_the_code_under_a_qr_code_leads_to_a_page_that_names_no_person(
    open_page: "OpenPage", site: "Site", finished: Finished
) -> None:
    page = open_page(device="phone", language="th")
    bring(page, site, finished.pdf.read_bytes())
    address = page.locator("a[href^='/d/']").first.get_attribute("href")
    assert address is not None
    page.goto(f"{site.url}/verify")
    page.locator("#code").fill(address.removeprefix("/d/").upper())
    page.locator("#code").press("Enter")
    page.wait_for_url(f"**{address}")
    shown = words_of(page.locator("body"))
    assert finished.person.organisation in shown
    for part in (finished.person.given_name, finished.person.family_name, finished.person.address):
        assert part not in shown
    require_accessible(page)
    require_no_sideways_scroll(page)


def test_a_code_that_nobody_gave_out_gets_a_calm_answer(open_page: "OpenPage", site: "Site") -> None:
    page = open_page(language="en")
    answer = page.goto(f"{site.url}/d/{'0' * 32}")
    assert answer is not None
    assert answer.status == 404
    require_accessible(page)
    page.goto(f"{site.url}/verify")
    page.locator("#code").fill("not a code")
    page.locator("#code").press("Enter")
    expect(page.locator("#code-error")).to_be_visible()
    require_accessible(page)
