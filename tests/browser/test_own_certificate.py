"""Signing with a certificate of one's own, from a PKCS#12 file that is opened in the browser and never sent."""

import itertools
import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import require_accessible
from tests.browser.certificates import Kind, OwnCertificate, Wrapping, own_certificate
from tests.browser.recording import Recording
from tests.browser.signing import Signing

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.site import Site

PASSWORD = "รหัสลับ-ของฉัน-2569"
FILES: tuple[tuple[Kind, Wrapping], ...] = (
    *itertools.product(("p256", "rsa"), ("modern", "legacy")),  # type: ignore[arg-type]  # the literals of both types
    ("p384", "modern"),
    ("rsa", "rc2"),
)
ASKED_FOR = {  # what the page's script sends, and nothing beside it
    "/prepare": {"certificate", "chain"},
    "/value": {"preparation", "value"},
    "/certificate": {"public_key", "proof"},
}


@pytest.fixture
def signing(open_page: "OpenPage", site: "Site", recording: Recording) -> Signing:
    """Somebody at a desk, whose every request is recorded."""
    return Signing(site, open_page(language="th", through=recording), site.invite())


def own_of(signing: Signing, kind: Kind = "p256") -> OwnCertificate:
    return own_certificate(signing.site.workspace, signing.invited.person.full_name, kind)


def require_nothing_private_left(signing: Signing, recording: Recording, own: OwnCertificate, file: bytes) -> None:
    """Neither key, password nor file went over the wire or stayed in the browser; only what the interface asks for did."""
    public = (own_of(signing).file("another password"),)  # what every such file has in common
    for secret in own.secrets():
        assert not recording.holds(secret)
    assert not recording.holds(file, public=public)
    for password in (PASSWORD, "ไม่ใช่รหัสนี้"):
        assert not recording.holds_text(password)
    assert [request.url for request in recording.sent if not request.url.startswith(f"{signing.site.url}/")] == []
    for request in recording.sent:
        for path, names in ASKED_FOR.items():
            if request.method == "POST" and "/api/" in request.url and request.url.endswith(path):
                assert set(json.loads(request.body)) == names
    kept = json.dumps(signing.page.context.storage_state(indexed_db=True), ensure_ascii=False)
    kept += signing.page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    assert not Recording(sent=[recording.sent[0].__class__("", "", (), kept.encode())]).holds_text(PASSWORD)


@pytest.mark.parametrize(("kind", "wrapping"), FILES, ids=["-".join(file) for file in FILES])
def test_a_signatory_signs_with_their_own_file_and_nothing_of_it_is_sent(
    signing: Signing, recording: Recording, kind: Kind, wrapping: Wrapping
) -> None:
    own = own_of(signing, kind)
    file = own.file(PASSWORD, wrapping)
    signing.arrive_at_review("pkcs12")
    choose(signing, file, PASSWORD)
    signing.press_sign()
    signing.be_done()
    signing.require_passed()
    require_nothing_private_left(signing, recording, own, file)


def choose(signing: Signing, file: bytes, password: str) -> None:
    choice = {"name": "ลายมือชื่อ.p12", "mimeType": "application/x-pkcs12", "buffer": file}
    signing.page.locator("#key-file").set_input_files(choice)  # type: ignore[arg-type]  # a typed dict of the library's own
    signing.page.locator("#key-password").fill(password)


def test_after_a_wrong_password_the_page_goes_on_and_nothing_is_lost(signing: Signing, recording: Recording) -> None:
    own = own_of(signing)
    file = own.file(PASSWORD)
    signing.arrive_at_review("pkcs12")
    choose(signing, file, "ไม่ใช่รหัสนี้")
    signing.press_sign()
    expect(signing.failure).to_be_visible()
    require_accessible(signing.page)
    assert signing.page.locator("#key-password").input_value() == ""
    assert signing.page.evaluate("document.activeElement.id") in {"key-password", "failure"}
    signing.page.locator("#key-password").fill(PASSWORD)  # the file is still chosen
    signing.press_sign()
    signing.be_done()
    signing.require_passed()
    require_nothing_private_left(signing, recording, own, file)


NOT_TO_BE_OPENED = {
    "no PKCS#12 at all": b"%PDF-1.7 something else",
    "cut short": None,
    "empty": b"",
}


@pytest.mark.parametrize("content", NOT_TO_BE_OPENED.values(), ids=NOT_TO_BE_OPENED.keys())
def test_a_file_that_cannot_be_opened_is_told_in_words_and_another_one_may_be_chosen(
    signing: Signing, content: bytes | None
) -> None:
    file = own_of(signing).file(PASSWORD)
    signing.arrive_at_review("pkcs12")
    choose(signing, file[: len(file) // 2] if content is None else content, PASSWORD)
    signing.press_sign()
    expect(signing.failure).to_be_visible()
    require_accessible(signing.page)
    choose(signing, file, PASSWORD)
    signing.press_sign()
    signing.be_done()


def test_somebody_elses_certificate_is_refused_by_name_and_ones_own_goes_through(signing: Signing) -> None:
    other = own_certificate(signing.site.workspace, "นายคนอื่น ไม่ใช่ผู้ลงนาม")
    signing.arrive_at_review("pkcs12")
    choose(signing, other.file(PASSWORD), PASSWORD)
    signing.press_sign()
    expect(signing.failure).to_contain_text(signing.invited.person.full_name)
    choose(signing, own_of(signing).file(PASSWORD), PASSWORD)
    signing.press_sign()
    signing.be_done()
    signing.require_passed()


def test_without_a_file_the_page_asks_for_one(signing: Signing) -> None:
    signing.arrive_at_review("pkcs12")
    signing.press_sign()
    expect(signing.failure).to_be_visible()
    expect(signing.failure.locator("[data-heading]")).not_to_be_empty()


def test_what_leaves_the_browser_with_a_key_of_its_own_is_what_the_interface_asks_for(
    signing: Signing, recording: Recording
) -> None:
    signing.sign()
    calls = [request for request in recording.sent if "/api/" in request.url and request.method == "POST"]
    names = [(request.url.rpartition("/")[2], set(json.loads(request.body))) for request in calls]
    assert names == [(path.removeprefix("/"), ASKED_FOR[path]) for path in ("/certificate", "/prepare", "/value")]
    assert len(json.loads(calls[-1].body)["value"]) == 88  # 64 bytes, r and s
    databases = signing.page.evaluate("indexedDB.databases()")
    assert databases == []
