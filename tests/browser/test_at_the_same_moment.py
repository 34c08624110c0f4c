"""Two people in front of one joint document: both press at the same moment, and both have signed."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.signing import LONGEST_WAIT_MS, Signing
from tests.browser.site import Invited, joint_charter

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.browser.site import Site


def test_two_people_who_press_at_one_moment_both_sign(open_page: "OpenPage", site: "Site") -> None:
    document, people = joint_charter(site, "pair", 2)
    site.run("request", "send", document, "-w", site.workspace)
    signings = [
        Signing(site, open_page(device=device, language="th"), Invited(document, person, site.mail.newest(person.address)))
        for device, person in zip(("phone", "desk"), people, strict=True)
    ]
    for signing in signings:
        signing.arrive_at_review()
        expect(signing.page.locator("#sign")).to_be_enabled(
            timeout=LONGEST_WAIT_MS
        )  # its script is there; a click from a script does not wait for that
    for signing in signings:  # the page goes on by itself; a click only starts it
        signing.page.evaluate("setTimeout(() => document.getElementById('sign').click(), 100)")
    for signing in signings:
        signing.be_done()
    for signing in signings:  # the document is complete only when both are
        signing.require_passed()
    report = site.verify(site.published(document))
    assert sorted(one["signer"] for one in report["signatures"] if one["kind"] == "signature") == sorted(
        person.full_name for person in people
    )
    site.run("ledger", "audit", "-w", site.workspace)


def test_one_signs_after_the_other_where_the_document_says_so(open_page: "OpenPage", site: "Site") -> None:
    document, first, second = site.note()
    before = {person.address: len(site.mail.to(person.address)) for person in (first, second)}
    site.run("request", "send", document, "-w", site.workspace)
    assert len(site.mail.to(second.address)) == before[second.address]
    for person in (first, second):
        mail = site.mail.newest(person.address, after=before[person.address])
        signing = Signing(site, open_page(language="th"), Invited(document, person, mail))
        signing.sign()
    signing.require_passed()
