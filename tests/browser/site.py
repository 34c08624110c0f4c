"""A small network as its secretariat set it up: a workspace made by the real program, and `mou serve` for its pages."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.acceptance.conftest import CEREMONY, LIST_HEADERS, MARKUP, NOTE_MANIFEST, PACT, PACT_MANIFEST
from tests.browser.mailbox import Delivered, Mailbox, free_port
from tests.browser.time_service import TimeService

MOU = Path(sys.executable).with_name("mou")
NAME = "เครือข่ายทดสอบ"
LETTERS = 96  # documents that one person signs; each test takes its own
LETTERS_AT_ONCE = 12
NOTES = 1
MANY = 35
SECONDS_TO_START = 120
SECONDS_BEFORE_GIVING_UP = 300
LONGEST_EXCERPT = 1500

LETTER_MANIFEST = NOTE_MANIFEST.rpartition("[[roles]]")[0]
LETTER = "<p>ทำกับ {{ organisation.name_th }} ดังนี้</p>" + "".join(
    f"<p>ข้อ {number} ทั้งสองฝ่ายจะร่วมกันดูแลให้เด็กทุกคนปลอดภัย ได้เรียน ได้เล่น และมีส่วนร่วม</p>" for number in range(1, 45)
)
GIVEN_NAMES = ("กานดา", "ขจร", "คำแก้ว", "งามตา", "จันทร์ฟอง", "ชัยวัฒน์", "ดวงใจ", "ทองคำ", "นภา", "บุญมี")
FAMILY_NAMES = ("ใจดี", "รักเด็ก", "แสนสุข", "ศรีเมือง", "มั่นคง")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a list, with the organisation that they sign for."""

    organisation_id: str
    organisation: str
    prefix: str
    given_name: str
    family_name: str
    address: str

    @property
    def full_name(self) -> str:
        """The name as it stands in a document."""
        return f"{self.prefix}{self.given_name} {self.family_name}"

    @property
    def row(self) -> tuple[str, ...]:
        """The row of the list."""
        names = (self.prefix, self.given_name, self.family_name)
        return (self.organisation_id, self.organisation, "foundation", *names, "ประธาน", self.address)


HOST = Person("host", NAME, "นางสาว", "ดวง", "สมมติ", "host@example.org")


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who found an invitation in their mail."""

    document: str
    person: Person
    mail: Delivered

    @property
    def link(self) -> str:
        """The link in it."""
        return self.mail.link


@dataclass
class Site:
    """What the secretariat has: the workspace, the address of its pages, everybody's mail."""

    workspace: Path
    url: str
    mail: Mailbox
    times: TimeService
    log: Path
    letters: Iterator[tuple[str, Person]] = field(default_factory=lambda: iter(()))
    notes: Iterator[tuple[str, Person]] = field(default_factory=lambda: iter(()))
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The id of a document -> its template and its number."""

    def run(self, *arguments: object, code: int = 0) -> str:
        """Return what a command of the program printed; it is expected to end with this exit code."""
        environment = _surroundings(self.mail)
        command = [str(MOU), *map(str, arguments)]
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False, timeout=300
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout[-LONGEST_EXCERPT:]}\n{done.stderr}"
        return done.stdout

    def rows(self, *arguments: object) -> list[dict[str, Any]]:
        """Return the rows that a command with `--json` gives."""
        rows = json.loads(self.run(*arguments, "-w", self.workspace, "--json"))
        assert isinstance(rows, list)
        return rows

    def letter(self) -> tuple[str, Person]:
        """Return a document that nobody was asked to sign yet, and who will be."""
        return next(self.letters)

    def note(self) -> tuple[str, Person, Person]:
        """Return a fresh document that two people sign in turn: first the organisation's, then the network's."""
        number, person = next(self.notes)
        return number, person, HOST

    def invite(self, *options: object) -> Invited:
        """Ask the signatory of a fresh letter by mail and return what they find."""
        document, person = self.letter()
        before = len(self.mail.to(person.address))
        self.run("request", "send", document, "-w", self.workspace, *options)
        return Invited(document, person, self.mail.newest(person.address, after=before))

    def published(self, document: str) -> Path:
        """Return where the newest revision of a document lies for everybody."""
        template, number = self.places[document]
        folder = self.workspace / "documents" / template
        (path,) = (*folder.glob(f"{number}.pdf"), *folder.glob(f"{number}-v*.pdf"))  # where another template has its number
        return path

    def verify(self, file: Path, *, code: int = 0) -> dict[str, Any]:
        """Return the report of `mou verify`."""
        report = json.loads(self.run("verify", file, "-w", self.workspace, "--json", code=code))
        assert isinstance(report, dict)
        return report


def people(prefix: str, count: int) -> list[Person]:
    """Return invented people, no two of one name."""
    return [
        Person(
            organisation_id=f"{prefix}-{number}",
            organisation=f"มูลนิธิ{prefix}ที่{number}",
            prefix="นางสาว",
            given_name=GIVEN_NAMES[number % len(GIVEN_NAMES)],
            family_name=FAMILY_NAMES[number // len(GIVEN_NAMES) % len(FAMILY_NAMES)],
            address=f"{prefix}-{number}@example.org",
        )
        for number in range(1, count + 1)
    ]


def make_site(folder: Path, mail: Mailbox, times: TimeService) -> Site:
    """Make a workspace with its templates, lists and documents; nobody is asked yet, and nothing is served."""
    site = Site(folder / "workspace", f"http://127.0.0.1:{free_port()}", mail, times, folder / "serve.log")
    site.run("init", site.workspace, "--name", NAME, "--origin", "example.org/test")
    settings = {"timestamp_url": times.url, "public_url": site.url, "smtp_host": "127.0.0.1", "smtp_security": "none"}
    lines = [f'{name} = "{value}"' for name, value in settings.items()]
    lines += [f"smtp_port = {mail.port}", 'mail_from = "secretariat@example.org"', ""]
    with (site.workspace / "mou.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines))
    (site.workspace / "trust").mkdir(exist_ok=True)
    (site.workspace / "trust" / "time.pem").write_bytes(times.root.read_bytes())
    mails = CEREMONY.replace('position = "ประธาน"', f'position = "ประธาน"\nemail = "{HOST.address}"')
    (site.workspace / "ceremony.toml").write_text(mails, encoding="utf-8")
    _write_template(site.workspace, "letter", LETTER_MANIFEST, LETTER)
    _write_template(site.workspace, "note", NOTE_MANIFEST, "<p>ทำกับ {{ organisation.name_th }} ดังนี้</p>")
    _import(site, "letters", people("letter", LETTERS))
    site.letters = _letters(site, people("letter", LETTERS))
    _import(site, "notes", people("note", NOTES))
    site.run("generate", "note", "--list", "notes", "-w", site.workspace)
    site.notes = iter(_documents_of(site, "note", people("note", NOTES)))
    return site


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Keep `mou serve` running on the site's address; what it logs goes to the site's log."""
    port = site.url.rpartition(":")[2]
    with site.log.open("ab") as log:
        command = [str(MOU), "serve", "--port", port, "-w", str(site.workspace)]
        process = subprocess.Popen(command, env=_surroundings(site.mail), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait_until_it_answers(site, process)
            yield site
        finally:
            process.send_signal(signal.SIGTERM)
            killer = threading.Timer(20, process.kill)
            killer.start()
            code = process.wait()
            killer.cancel()
    assert code in (0, -signal.SIGTERM), f"mou serve ended with {code}\n{site.log.read_text('utf-8')[-LONGEST_EXCERPT:]}"


def joint_charter(site: Site, name: str, count: int) -> tuple[str, list[Person]]:
    """Return one document for all people of a new list, which they sign in any order, and the people."""
    signatories = people(name, count)
    _import(site, name, signatories)
    _write_template(site.workspace, f"pact-{name}", PACT_MANIFEST, PACT)  # of each, one document stands in a workspace
    site.run("generate", f"pact-{name}", "--list", name, "-w", site.workspace)
    (row,) = (row for row in site.rows("status") if row["template"] == f"pact-{name}")
    return _place(site, row), signatories


def _letters(site: Site, signatories: list[Person]) -> Iterator[tuple[str, Person]]:
    """Yield one letter after another; a few are made at a time, when they are needed."""
    for start in range(0, len(signatories), LETTERS_AT_ONCE):
        some = signatories[start : start + LETTERS_AT_ONCE]
        chosen = [option for person in some for option in ("--organisation", person.organisation_id)]
        site.run("generate", "letter", "--list", "letters", *chosen, "-w", site.workspace)
        yield from _documents_of(site, "letter", some)


def _documents_of(site: Site, template: str, signatories: list[Person]) -> list[tuple[str, Person]]:
    by_id = {person.organisation_id: person for person in signatories}
    rows = [row for row in site.rows("status") if row["template"] == template and row["organisation"] in by_id]
    return [(_place(site, row), by_id[row["organisation"]]) for row in rows]


def _place(site: Site, row: dict[str, Any]) -> str:
    """Note where a document lies and return its id; its number is its own among those of its template alone."""
    site.places[row["document"]] = row["template"], row["number"]
    return str(row["document"])


def _import(site: Site, name: str, signatories: list[Person]) -> None:
    path = site.workspace.parent / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([(*LIST_HEADERS, "email representative"), *(person.row for person in signatories)])
    site.run("organisations", "import", path, "-w", site.workspace)


def _write_template(workspace: Path, name: str, manifest: str, body: str) -> None:
    folder = workspace / "templates" / name
    folder.mkdir(parents=True)
    (folder / "template.toml").write_text(manifest.replace("{name}", name), encoding="utf-8")
    (folder / "template.html").write_text(MARKUP.replace("{body}", body), encoding="utf-8")
    (folder / "template.css").write_text("p { margin: 0 }", encoding="utf-8")


def _surroundings(mail: Mailbox) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MOU_", "LC_", "LANG"))}
    return own | {"MOU_LANG": "en", "COLUMNS": "120", "TERM": "dumb", "PYTHONUNBUFFERED": "1"}


def _wait_until_it_answers(site: Site, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert process.poll() is None, f"mou serve ended with {process.returncode}\n{site.log.read_text('utf-8')}"
        try:
            with urllib.request.urlopen(f"{site.url}/verify", timeout=10):  # noqa: S310  # an address of our own
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"mou serve does not answer within {SECONDS_TO_START} s\n{site.log.read_text('utf-8')}")
