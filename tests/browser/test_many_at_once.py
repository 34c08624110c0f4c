"""35 signatories press sign on one joint charter within one second: 35 valid signatures, nothing lost, nothing doubled."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.browser.scripted import Scripted
from tests.browser.site import MANY, Person, joint_charter
from tests.browser.visitor import Visitor

if TYPE_CHECKING:
    from tests.browser.site import Site


def come_to_the_button(site: "Site", person: Person) -> Scripted:
    """Do everything that comes before pressing: link, code, consents, the last look."""
    visitor = Visitor(site.url)
    link = site.mail.newest(person.address).link
    begin = visitor.ask("GET", link)
    sent = len(site.mail.to(person.address))
    asked = visitor.send(begin, next(form for form in begin.page.forms if form.method == "post"))
    code = site.mail.newest(person.address, after=sent).code
    read = visitor.send(asked, asked.page.form("code"), code=code)
    form = read.page.form("consent", "way", "read")
    form.fields += [choice for choice in form.choices if choice[0] == "consent"]
    form.fields = [pair for pair in form.fields if pair[0] not in {"read", "way"}]
    review = visitor.send(read, form, read="otherwise", way="browser")
    return Scripted(visitor, review)


def test_all_sign_one_charter_within_one_second(site: "Site") -> None:
    document, people = joint_charter(site, "many", MANY)
    site.run("request", "send", document, "-w", site.workspace)
    with ThreadPoolExecutor(4) as threads:
        scripted = list(threads.map(lambda person: come_to_the_button(site, person), people))
    together = threading.Barrier(MANY)
    pressed: list[float] = []

    def press(one: Scripted) -> str:
        together.wait()
        pressed.append(time.monotonic())
        return one.sign()

    with ThreadPoolExecutor(MANY) as threads:
        done = list(threads.map(press, scripted))
    assert max(pressed) - min(pressed) < 1
    assert len(set(done)) == MANY
    assert sum(one.waited + one.repeated for one in scripted) > 0  # they were in each other's way
    for one, address in zip(scripted, done, strict=True):
        assert one.visitor.ask("GET", address).status == 200
    report = site.verify(site.published(document))
    assert report["verdict"] == "passed"
    signatures = [one for one in report["signatures"] if one["kind"] == "signature"]
    assert sorted(one["signer"] for one in signatures) == sorted(person.full_name for person in people)
    assert {one["level"] for one in signatures} <= {"B-T", "B-LTA"}  # the house may have extended it by now, or not yet
    assert {one["verdict"] for one in signatures} == {"passed"}
    (row,) = [row for row in site.rows("status") if row["document"] == document]
    assert (row["signed"], row["asked"]) == (MANY, MANY)
    site.run("ledger", "audit", "-w", site.workspace)
    assert "incident" not in site.log.read_text(encoding="utf-8")
