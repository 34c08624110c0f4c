"""Signing with a key at a signing service: its own pages are clicked through, and what is typed there comes to nobody else."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page, expect

from tests.browser.accessibility import require_accessible
from tests.browser.certificates import own_certificate
from tests.browser.pages import require_no_sideways_scroll
from tests.browser.recording import Recording
from tests.browser.signing import Signing
from tests.browser.site import HOST, Invited, Person, Site, joint_charter, make_site, served
from tests.csc_service import CLIENT, PASSWORD, PIN, CscDouble, HeldKey, serve

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.mailbox import Mailbox
    from tests.browser.time_service import TimeService

WAY = "csc:bank"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory, mail: "Mailbox", time_stamps: "TimeService") -> Site:
    """A workspace of its own, since its settings name a service; it is not served yet."""
    return make_site(tmp_path_factory.mktemp("network"), mail, time_stamps)


@pytest.fixture(scope="module")
def service(network: Site) -> Iterator[CscDouble]:
    """The service, at which each holder has a login; it knows the workspace by name, and gave it no secret."""
    held = key_of(network, HOST)
    double = CscDouble(held.key, held.certificate, held.chain, way="oauth2code", asks_login=True, is_open=True)
    with serve(double) as running:
        yield running


@pytest.fixture(scope="module")
def bank_site(network: Site, service: CscDouble) -> Iterator[Site]:
    """The workspace with the service in its settings, served."""
    with (network.workspace / "mou.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[csc.bank]\nurl = "{service.url}"\nclient_id = "{CLIENT}"\ntitle = "ธนาคารทดสอบ"\n')
    with served(network) as running:
        yield running


@pytest.fixture
def signing(open_page: "OpenPage", bank_site: Site, service: CscDouble, recording: Recording) -> Signing:
    """Somebody with a key at the service, whose every request is recorded."""
    invited = bank_site.invite()
    service.others = {"own": key_of(bank_site, invited.person)}
    return Signing(bank_site, open_page(language="th", through=recording), invited)


def key_of(site: Site, person: Person) -> HeldKey:
    """A key that the network's authority certified for somebody."""
    own = own_certificate(site.workspace, person.full_name)
    assert isinstance(own.private_key, ec.EllipticCurvePrivateKey)
    return HeldKey(own.private_key, own.certificate, (own.issuer,))


def press(page: Page) -> None:
    """Press our button."""
    page.locator("form[action$='/service'] button").click()


def log_in(page: Page) -> None:
    """Type the password on the service's page, and press its button."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()


def unlock(page: Page, pin: str = PIN) -> None:
    """Type the PIN on the service's page, and press its button."""
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Unlock").click()


def to(address: str, recording: Recording) -> Recording:
    """What was sent to one place."""
    place = urlsplit(address).netloc
    return Recording(sent=[request for request in recording.sent if urlsplit(request.url).netloc == place])


def test_a_key_at_a_service_signs_and_what_unlocks_it_is_typed_there_alone(
    signing: Signing, service: CscDouble, recording: Recording
) -> None:
    signing.arrive_at_review(WAY)
    press(signing.page)
    log_in(signing.page)
    unlock(signing.page)
    signing.be_done()
    signing.require_passed()
    for typed in (PASSWORD, PIN):
        assert to(service.url, recording).holds_text(typed)
        assert not to(signing.site.url, recording).holds_text(typed)
    returns = [parse_qs(urlsplit(request.url).query) for request in recording.sent if "/service/return" in request.url]
    log = signing.site.log.read_text("utf-8")
    assert "/service/return" in log
    assert [set(each) for each in returns] == [{"state", "code"}] * 2
    assert not [value for each in returns for (value,) in each.values() if value in log]
    assert not [token for token in service.tokens if token in log]
    assert not [word for word in (PASSWORD, PIN) if word in log]


def test_who_declines_at_the_service_is_told_so_and_may_confirm_without_another_login(
    open_page: "OpenPage", bank_site: Site, service: CscDouble
) -> None:
    invited = bank_site.invite()
    service.others = {"own": key_of(bank_site, invited.person)}
    signing = Signing(bank_site, open_page(device="small", language="en", scheme="dark"), invited)
    signing.arrive_at_review(WAY)
    press(signing.page)
    log_in(signing.page)
    expect(signing.page.get_by_label("PIN")).to_be_visible()
    signing.page.get_by_role("button", name="Decline").click()
    expect(signing.page.locator("h1")).to_have_text("Nothing was signed")
    assert signing.page.url == f"{invited.link}/service"
    require_accessible(signing.page)
    require_no_sideways_scroll(signing.page)
    signing.page.reload()
    expect(signing.page.locator("h1")).to_have_text("Nothing was signed")
    press(signing.page)
    unlock(signing.page)
    signing.be_done()
    signing.require_passed()


def test_two_people_at_one_document_sign_one_after_the_other_and_the_page_goes_on_by_itself(
    open_page: "OpenPage", bank_site: Site, service: CscDouble
) -> None:
    document, people = joint_charter(bank_site, "bank", 2)
    bank_site.run("request", "send", document, "-w", bank_site.workspace)
    service.others = {person.organisation_id: key_of(bank_site, person) for person in people}
    first, second = (
        Signing(bank_site, open_page(language="en"), Invited(document, person, bank_site.mail.newest(person.address)))
        for person in people
    )
    for signing in (first, second):
        signing.arrive_at_review(WAY)
    press(first.page)
    log_in(first.page)
    expect(first.page.get_by_label("PIN")).to_be_visible()
    press(second.page)
    expect(second.page.locator("h1")).to_have_text("Others are signing at this moment")
    require_accessible(second.page)
    unlock(first.page)
    first.be_done()
    log_in(second.page)
    unlock(second.page)
    second.be_done()
    second.require_passed()
    bank_site.run("ledger", "audit", "-w", bank_site.workspace)


def test_a_way_that_leads_to_the_service_is_there_for_who_has_no_scripts(
    open_page: "OpenPage", bank_site: Site, service: CscDouble
) -> None:
    invited = bank_site.invite()
    service.others = {"own": key_of(bank_site, invited.person)}
    with_scripts = Signing(bank_site, open_page(language="en"), invited)
    with_scripts.arrive_at_review(WAY)
    cookies = with_scripts.page.context.cookies()
    page = open_page(language="en", scripts=False)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # what one call gives the other takes
    page.goto(f"{invited.link}/review")
    press(page)
    log_in(page)
    unlock(page)
    expect(page.locator("a[href*=evidence][download]")).to_be_visible()
    with_scripts.require_passed()
