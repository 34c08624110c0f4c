"""What a link is good for: one person, one document, one time; whatever else is tried gets a calm page that says what to do."""

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import require_accessible
from tests.browser.pages import is_one_file, require_no_sideways_scroll, words_of
from tests.browser.signing import Signing

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.site import Invited, Site


@pytest.fixture
def signing(open_page: "OpenPage", site: "Site") -> Signing:
    """Somebody with an invitation."""
    return Signing(site, open_page(device="phone", language="en"), site.invite())


def require_calm_page(page: Page) -> None:
    """It says what happened, and it can be read by everybody."""
    expect(page.locator("h1")).not_to_be_empty()
    require_accessible(page)
    require_no_sideways_scroll(page)


def ask_interface(page: Page, path: str, content: object) -> tuple[int, dict[str, Any]]:
    """What the interface answers to a script of the open page."""
    status, text = page.evaluate(
        """async ([path, content]) => {
            const csrf = document.querySelector('meta[name=csrf]').content;
            const headers = {'Content-Type': 'application/json', 'X-CSRF-Token': csrf, Accept: 'application/json'};
            const answer = await fetch(path, {method: 'POST', headers, body: JSON.stringify(content)});
            return [answer.status, await answer.text()];
        }""",
        [path, content],
    )
    found = json.loads(text)
    assert isinstance(found, dict)
    return int(status), found


def state_of(site: "Site", invited: "Invited") -> str:
    (row,) = [row for row in site.rows("status") if row["document"] == invited.document]
    return str(row["signatories"][0]["state"])


def test_a_link_that_was_used_says_so_and_signs_nothing_twice(open_page: "OpenPage", signing: Signing) -> None:
    signing.sign()
    published = signing.site.published(signing.invited.document)
    before = published.read_bytes()
    signing.page.goto(signing.invited.link)
    expect(signing.page.locator("h1")).to_have_text("You have signed this document already")
    require_calm_page(signing.page)
    signing.page.goto(f"{signing.invited.link}/review")
    expect(signing.page.locator("#sign")).to_have_count(0)
    stranger = open_page(language="en")
    stranger.goto(signing.invited.link)
    expect(stranger.locator("h1")).to_have_text("You have signed this document already")
    expect(stranger.locator("a[download]")).to_have_count(0)
    assert is_one_file(published.read_bytes(), before)
    assert [one["kind"] for one in signing.site.verify(published)["signatures"]].count("signature") == 1


def test_who_confirmed_one_link_is_nobody_yet_for_another(open_page: "OpenPage", site: "Site", signing: Signing) -> None:
    other = site.invite()
    signing.arrive_at_review()
    signing.page.goto(other.link)
    expect(signing.page.locator("#decision")).to_have_count(0)
    expect(signing.page.locator("form button.button-large")).to_be_visible()
    token = other.link.rpartition("/")[2]
    for call, content in (
        ("certificate", {"public_key": "AA==", "proof": "AA=="}),
        ("prepare", {"certificate": "AA==", "chain": []}),
        ("value", {"preparation": "prp_0", "value": "AA=="}),
    ):
        status, answer = ask_interface(signing.page, f"/api/v1/sign/{token}/{call}", content)
        assert status == 401
        assert {"what", "kept", "next"} <= set(answer["error"])
    for path in ("document.pdf", "download", "review", "done", "evidence"):
        text = signing.page.evaluate("path => fetch(path).then(answer => answer.text())", f"{other.link}/{path}")
        assert "%PDF" not in text
        assert 'id="sign"' not in text
    assert signing.page.evaluate("path => fetch(path).then(answer => answer.status)", f"{other.link}/document.pdf") == 401


def test_a_preparation_of_one_document_is_worth_nothing_for_another(
    site: "Site", signing: Signing, open_page: "OpenPage"
) -> None:
    signing.arrive_at_review()
    other = Signing(site, open_page(language="en"), site.invite())
    other.arrive_at_review()
    prepared: list[str] = []
    other.page.on("response", lambda answer: prepared.append(answer.json()["preparation"]) if _is_prepared(answer.url) else None)
    other.press_sign()
    other.be_done()
    token = signing.invited.link.rpartition("/")[2]
    status, answer = ask_interface(signing.page, f"/api/v1/sign/{token}/value", {"preparation": prepared[0], "value": "AAAA"})
    assert (status, answer) == (409, {"state": "stale"})
    assert state_of(site, signing.invited) == "sent"


def _is_prepared(url: str) -> bool:
    return url.endswith("/prepare")


def test_a_session_of_somebody_else_does_not_open_a_page_that_signs(open_page: "OpenPage", signing: Signing) -> None:
    signing.arrive_at_review()
    thief = open_page(language="en")
    thief.goto(f"{signing.invited.link}/review")
    expect(thief.locator("#sign")).to_have_count(0)
    expect(thief.locator("#decision")).to_have_count(0)
    require_calm_page(thief)


def test_five_wrong_codes_end_a_code_and_a_new_one_goes_on(signing: Signing) -> None:
    signing.come()
    code = signing.ask_for_code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        signing.page.locator("#code").fill(wrong)
        signing.page.locator("#code").press("Enter")
        signing.page.wait_for_load_state()
    expect(signing.page.locator("#code")).to_have_count(0)
    require_accessible(signing.page)
    signing.identify()
    signing.read()


def test_a_code_pasted_with_spaces_counts(signing: Signing) -> None:
    signing.come()
    code = signing.ask_for_code()
    signing.page.locator("#code").focus()
    signing.page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
            const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
            if (document.activeElement.dispatchEvent(paste)) document.execCommand('insertText', false, text); }""",
        f" {code[:3]} {code[3:]} ",
    )
    signing.page.locator("#code").press("Enter")
    expect(signing.page.locator("#decision")).to_be_visible()


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_link_that_nobody_gave_out_gets_a_calm_answer(open_page: "OpenPage", site: "Site", language: str) -> None:
    page = open_page(device="small", language=language)
    for token in ("unknown", "A" * 38):
        answer = page.goto(f"{site.url}/sign/{token}")
        assert answer is not None
        assert answer.status == 404
        require_calm_page(page)
        status, told = ask_interface(page, f"/api/v1/sign/{token}/prepare", {"certificate": "AA==", "chain": []})
        assert (status, set(told)) == (404, {"error"})


def test_a_request_that_was_withdrawn_meanwhile_ends_calmly(signing: Signing) -> None:
    signing.arrive_at_review()
    signing.site.run("request", "withdraw", signing.invited.document, "--slot", "S0001", "-w", signing.site.workspace)
    signing.press_sign()
    expect(signing.failure).to_be_visible()
    require_accessible(signing.page)
    signing.page.goto(signing.invited.link)
    require_calm_page(signing.page)
    expect(signing.page.locator("form button.button-large")).to_have_count(0)
    assert state_of(signing.site, signing.invited) == "withdrawn"


def test_after_the_deadline_nothing_is_signed_and_the_page_says_what_to_do(signing: Signing) -> None:
    signing.arrive_at_review()
    with closing(sqlite3.connect(signing.site.workspace / "mou.db", timeout=20)) as database, database:
        past = "UPDATE signature_request SET deadline = '2026-01-01T00:00:00+00:00' WHERE document_id = ?"
        changed = database.execute(past, (signing.invited.document,))
        assert changed.rowcount == 1
    signing.press_sign()
    expect(signing.failure).to_be_visible()
    signing.page.goto(signing.invited.link)
    expect(signing.page.locator("h1")).to_have_text("The time for signing is over")
    require_calm_page(signing.page)


def test_who_declines_gives_a_reason_and_the_secretariat_is_told(signing: Signing) -> None:
    signing.identify()
    signing.page.locator("a[href$=decline]").click()
    require_accessible(signing.page)
    signing.page.locator("#reason").fill("คณะกรรมการยังไม่ได้มีมติ")
    signing.page.locator("#confirm").check()
    signing.page.locator(".button-danger").click()
    expect(signing.page.locator("h1")).to_have_text("This request was declined")
    require_calm_page(signing.page)
    assert state_of(signing.site, signing.invited) == "declined"
    told = [one.text for one in signing.site.mail.to("secretariat@example.org")]
    told = told or [signing.site.mail.newest("secretariat@example.org").text]
    assert any("คณะกรรมการยังไม่ได้มีมติ" in text for text in told)
    signing.page.goto(signing.invited.link)
    expect(signing.page.locator("h1")).to_have_text("This request was declined")


def test_declining_without_a_reason_is_asked_about(signing: Signing) -> None:
    signing.identify()
    signing.page.locator("a[href$=decline]").click()
    signing.page.locator("#confirm").check()
    signing.page.evaluate("document.querySelector('form:has(#reason)').noValidate = true")
    signing.page.locator(".button-danger").click()
    expect(signing.page.locator("#reason-error")).to_be_visible()
    require_accessible(signing.page)
    assert state_of(signing.site, signing.invited) == "sent"


def test_the_log_names_no_person_no_address_and_no_link(signing: Signing) -> None:
    signing.sign()
    log = signing.site.log.read_text(encoding="utf-8")
    assert "POST /api/v1/sign/{token}/value 200" in log
    secret = (signing.invited.link.rpartition("/")[2], signing.invited.person.address, signing.invited.person.given_name)
    assert [part for part in secret if part in log] == []
    assert words_of(signing.page.locator("h1")) not in log
