"""The program as people start it: a process of its own, in workspaces of its own; the demo runs once for all."""

import csv
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pytest

MOU = Path(sys.executable).with_name("mou")
SECONDS_BEFORE_GIVING_UP = 300
LONGEST_EXCERPT = 600  # characters: the end of a traceback names the fault

CEREMONY = """
title = "พิธีลงนามทดสอบ"
project = "โครงการทดสอบ"
place = "หอประชุม"
district = "อำเภอเมือง"
province = "จังหวัดเชียงใหม่"
date = 2022-03-29
channels = ["on_site"]
convener = "มูลนิธิทดสอบ"
number_pattern = "N-{year}-{sequence:03d}"
is_sample = true

[host]
organisation_id = "host"
name_th = "เครือข่ายทดสอบ"
kind = "unregistered_civil_society_group"
juristic_person = "unknown"

[host.representative]
prefix = "นางสาว"
given_name = "ดวง"
family_name = "สมมติ"
position = "ประธาน"

[host.witness]
prefix = "นาย"
given_name = "ก้อง"
family_name = "ตัวอย่าง"
position = "เลขานุการ"
"""

NOTE_MANIFEST = """
name = "{name}"
title = "บันทึกทดสอบ"
title_lines = ["บันทึกทดสอบ"]
kind = "memorandum"
language = "th"
numerals = "thai"
version = "1"

[[fields]]
name = "organisation.name_th"
type = "text"
label = "ชื่อองค์กร"
example = "มูลนิธิตัวอย่าง"

[[roles]]
name = "party"
label = "ผู้แทนองค์กร"
capacity = "authorised_representative"
order = 1
source = "organisation.representative"

[[roles]]
name = "network"
label = "ผู้แทนเครือข่าย"
capacity = "network_countersigner"
order = 2
source = "host.representative"
"""
NOTE = "<p>ทำกับ {{ organisation.name_th }} ดังนี้</p>"

# One document for a whole list, in which all sign in any order.
PACT_MANIFEST = """
name = "{name}"
title = "ข้อตกลงทดสอบ"
title_lines = ["ข้อตกลงทดสอบ"]
kind = "memorandum"
language = "th"
numerals = "thai"
version = "1"

[[fields]]
name = "members"
type = "organisations"
label = "สมาชิก"
example = "มูลนิธิตัวอย่าง"

[[roles]]
name = "member"
label = "ผู้แทนสมาชิก"
capacity = "authorised_representative"
order = 1
source = "organisation.representative"
for_each_organisation = true
"""
PACT = "{% for member in members %}<p>สมาชิก {{ member.name_th }}</p>{% endfor %}"

MARKUP = """<!doctype html>
<html lang="th"><head><meta charset="utf-8"><title>ทดสอบ</title></head><body>
{body}
{% for slot in slots %}<div class="signature-box" id="slot-{{ slot.field }}"></div>
<p>{{ slot.person.full_name }}</p>
{% endfor %}
</body></html>
"""

LIST_HEADERS = (
    "organisation_id",
    "name_th",
    "kind",
    "prefix representative",
    "given name representative",
    "family name representative",
    "position representative",
)

State: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a finished command left."""

    code: int
    stdout: str
    stderr: str

    @property
    def table(self) -> list[dict[str, Any]]:
        """The rows that `--json` of a table gave."""
        rows = json.loads(self.stdout)
        assert isinstance(rows, list)
        return rows

    @property
    def object(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        found = json.loads(self.stdout)
        assert isinstance(found, dict)
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        """One JSON object for each line of standard output, as `mou verify --json` gives."""
        return [json.loads(line) for line in self.stdout.splitlines()]


class RunMou(Protocol):
    """Runs one command line to its end."""

    def __call__(self, *arguments: object, cwd: Path | None = None, **environment: str) -> Answer:
        """Return what the command left; a traceback is never an answer."""
        ...


class StartMou(Protocol):
    """Starts one command line and leaves it running."""

    def __call__(self, *arguments: object) -> "subprocess.Popen[str]":
        """Return the process."""
        ...


class WriteTemplate(Protocol):
    """Writes a template `faulty` into a workspace: the small memorandum, with what the test changes."""

    def __call__(self, workspace: Path, *, body: str = ..., css: str = ..., more_fields: str = ...) -> Path:
        """Return the template's folder."""
        ...


WriteList: TypeAlias = Callable[[Path, Sequence[Sequence[str]]], Path]
StateOf: TypeAlias = Callable[[Path], State]


def surroundings(**environment: str) -> dict[str, str]:
    """What a command finds in its environment: nothing of ours but what a test asks for."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MOU_", "LC_", "LANG"))}
    return own | {"MOU_LANG": "en", "COLUMNS": "120", "TERM": "dumb"} | environment


def require_no_traceback(answer: Answer) -> None:
    """A fault of the program itself shows as a traceback: whatever a person does, none may be printed."""
    for printed in (answer.stdout, answer.stderr):
        is_traceback = "Traceback (most recent call last)" in printed
        assert not is_traceback, printed[-LONGEST_EXCERPT:]


@pytest.fixture(scope="session")
def run_mou() -> RunMou:
    """The real program, run to its end."""

    def run(*arguments: object, cwd: Path | None = None, **environment: str) -> Answer:
        done = subprocess.run(
            [MOU, *map(str, arguments)],
            cwd=cwd,
            env=surroundings(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS_BEFORE_GIVING_UP,
            check=False,
        )
        answer = Answer(done.returncode, done.stdout, done.stderr)
        require_no_traceback(answer)
        return answer

    return run


@pytest.fixture
def start_mou() -> Iterator[StartMou]:
    """The real program, left running; what still runs at the end of the test is killed."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [MOU, *map(str, arguments)],
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def first_demo_run(tmp_path_factory: pytest.TempPathFactory, run_mou: RunMou) -> tuple[Path, Answer]:
    """The demo, run once for the whole session: its workspace and what it printed."""
    folder = tmp_path_factory.mktemp("finished")
    return folder / "demo", run_mou("demo", "demo", cwd=folder)


@pytest.fixture(scope="session")
def finished_demo(first_demo_run: tuple[Path, Answer]) -> Path:
    """A workspace in which the demo ran once; tests work on copies."""
    workspace, answer = first_demo_run
    assert answer.code == 0, answer.stderr
    return workspace


@pytest.fixture
def demo(finished_demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's workspace, to do with what the test wants."""
    return copy_of(finished_demo, tmp_path / "demo")


@pytest.fixture(scope="session")
def write_list() -> WriteList:
    """A function that writes a list of organisations as csv: id, name, kind, and the representative's four columns."""

    def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([LIST_HEADERS, *rows])
        return path

    return write


@pytest.fixture(scope="session")
def made_workspace(tmp_path_factory: pytest.TempPathFactory, run_mou: RunMou, write_list: WriteList) -> Path:
    """A workspace with six organisations and two small templates, of which nothing is generated yet; tests work on copies."""
    folder = tmp_path_factory.mktemp("made")
    workspace = folder / "workspace"
    assert run_mou("init", workspace, "--name", "เครือข่ายทดสอบ", "--origin", "example.org/test").code == 0
    (workspace / "ceremony.toml").write_text(CEREMONY, encoding="utf-8")
    _write_template(workspace, "note", NOTE_MANIFEST, NOTE)
    _write_template(workspace, "pact", PACT_MANIFEST, PACT)
    members = write_list(folder / "members.csv", [row_of(number) for number in range(1, 7)])
    pair = write_list(folder / "pair.csv", [row_of(number) for number in (7, 8)])
    for path in (members, pair):
        imported = run_mou("organisations", "import", path, "-w", workspace)
        assert imported.code == 0, imported.stderr
    return workspace


@pytest.fixture
def workspace(made_workspace: Path, tmp_path: Path) -> Path:
    """A copy of the made workspace."""
    return copy_of(made_workspace, tmp_path / "workspace")


@pytest.fixture(scope="session")
def write_template() -> WriteTemplate:
    """A function that writes a template into a workspace."""

    def write(workspace: Path, *, body: str = NOTE, css: str = "p { margin: 0 }", more_fields: str = "") -> Path:
        return _write_template(workspace, "faulty", NOTE_MANIFEST + more_fields, body, css)

    return write


@pytest.fixture(scope="session")
def state_of() -> StateOf:
    """A function that returns everything that a workspace holds: each file's digest, and each table's rows."""

    def state(workspace: Path) -> State:
        found = {
            str(path.relative_to(workspace)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(workspace.rglob("*"))
            if path.is_file() and not path.name.startswith("mou.db")
        }
        with closing(sqlite3.connect(workspace / "mou.db")) as database:
            found["mou.db"] = "\n".join(database.iterdump())
        return found

    return state


def row_of(number: int) -> tuple[str, ...]:
    """One invented organisation with its representative."""
    return (f"org-{number}", f"มูลนิธิที่{number}", "foundation", "นาย", f"ผู้แทน{number}", "ทดสอบ", "ประธาน")


def copy_of(workspace: Path, target: Path) -> Path:
    """A copy of a workspace at rest, file modes and all."""
    shutil.copytree(workspace, target, symlinks=True)
    return target


def _write_template(workspace: Path, name: str, manifest: str, body: str, css: str = "p { margin: 0 }") -> Path:
    folder = workspace / "templates" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.toml").write_text(manifest.replace("{name}", name), encoding="utf-8")
    (folder / "template.html").write_text(MARKUP.replace("{body}", body), encoding="utf-8")
    (folder / "template.css").write_text(css, encoding="utf-8")
    return folder
