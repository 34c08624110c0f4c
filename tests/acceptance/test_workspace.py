"""A workspace: made whole or not at all, readable by its owner alone, and plain about what it cannot do."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mou.cli.overview import COMMANDS

if TYPE_CHECKING:
    from tests.acceptance.conftest import Answer, RunMou, StartMou, StateOf

SMALL_DISK = "3m"
PRIVATE_KEYS = ("authority.key.pem", "seal.key.pem", "ledger.key.pem")


def require_refused(answer: "Answer", *told: str) -> None:
    assert answer.code in {1, 2}, answer.stdout + answer.stderr
    assert answer.stdout == ""
    sentence, *places = answer.stderr.splitlines()
    assert sentence.startswith("mou: ")
    assert all(place.startswith("  - ") for place in places), answer.stderr
    for words in told:
        assert words in answer.stderr


def test_a_new_workspace_works_at_once_and_its_keys_are_its_owners_alone(run_mou: "RunMou", made_workspace: Path) -> None:
    keys = made_workspace / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()}
    private = {path.name for path in keys.iterdir() if b"PRIVATE KEY" in path.read_bytes()}
    assert private == set(PRIVATE_KEYS)
    assert {modes[name] for name in private} == {0o600}
    audit = run_mou("ledger", "audit", "--json", "-w", made_workspace)
    assert (audit.code, audit.object["sound"]) == (0, True)


def test_a_folder_that_holds_something_is_not_made_a_workspace(run_mou: "RunMou", tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine", encoding="utf-8")
    require_refused(run_mou("init", tmp_path / "full", "--name", "ทดสอบ"), "is not empty")
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "letter.txt"]


def test_a_workspace_is_not_made_a_second_time(run_mou: "RunMou", workspace: Path, state_of: "StateOf") -> None:
    before = state_of(workspace)
    require_refused(run_mou("init", workspace, "--name", "ทดสอบ"), "is not empty")
    assert state_of(workspace) == before


def keys_are_made(parent: Path) -> bool:
    return any(parent.glob(".workspace-*/keys/*.key.pem"))


def database_is_made(parent: Path) -> bool:
    return any(parent.glob(".workspace-*/mou.db"))


@pytest.mark.parametrize("moment", [keys_are_made, database_is_made])
def test_an_init_that_is_killed_leaves_no_half_workspace(
    run_mou: "RunMou", start_mou: "StartMou", tmp_path: Path, moment: Callable[[Path], bool]
) -> None:
    process = start_mou("init", tmp_path / "workspace", "--name", "ทดสอบ")
    while not moment(tmp_path):
        assert process.poll() is None, "the program ended before it could be killed"
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "workspace").exists()
    assert run_mou("init", tmp_path / "workspace", "--name", "ทดสอบ").code == 0


def test_settings_of_a_newer_version_are_refused(run_mou: "RunMou", workspace: Path, state_of: "StateOf") -> None:
    settings = workspace / "mou.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("workspace_version = 1", "workspace_version = 2"), encoding="utf-8")
    before = state_of(workspace)
    require_refused(run_mou("status", "-w", workspace), "version 2", "use a newer mou")
    assert state_of(workspace) == before


def test_a_database_of_a_newer_version_is_refused(run_mou: "RunMou", workspace: Path, state_of: "StateOf") -> None:
    with closing(sqlite3.connect(workspace / "mou.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = state_of(workspace)
    require_refused(run_mou("status", "-w", workspace), "9999", "use a newer mou")
    assert state_of(workspace) == before


def test_a_folder_that_is_no_workspace_is_named(run_mou: "RunMou", tmp_path: Path) -> None:
    require_refused(run_mou("status", cwd=tmp_path), "no workspace here", "mou init DIR")
    require_refused(run_mou("status", "-w", tmp_path), str(tmp_path), "not a workspace")
    assert list(tmp_path.iterdir()) == []


def test_the_nearest_parent_that_is_a_workspace_is_taken(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    assert run_mou("status", "--json", cwd=workspace / "documents").table == []
    assert run_mou("status", "--json", cwd=tmp_path, MOU_WORKSPACE=str(workspace)).table == []


@pytest.mark.parametrize("name", ["ledger.key.pem", "seal.key.pem"])
def test_a_missing_key_file_is_named(run_mou: "RunMou", workspace: Path, name: str) -> None:
    (workspace / "keys" / name).unlink()
    answer = run_mou("generate", "note", "--list", "pair", "-w", workspace)
    require_refused(answer, str(workspace / "keys" / name), "restore it from a backup")


def test_a_database_that_is_gone_is_not_quietly_begun_anew(run_mou: "RunMou", workspace: Path) -> None:
    for path in workspace.glob("mou.db*"):
        path.unlink()
    require_refused(run_mou("status", "-w", workspace), "mou.db")
    assert not list(workspace.glob("mou.db*"))


def test_a_database_that_is_damaged_is_told(run_mou: "RunMou", workspace: Path) -> None:
    (workspace / "mou.db").write_bytes(b"no database at all" * 1000)
    require_refused(run_mou("status", "-w", workspace), "mou.db")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is soon full, where the system lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a file system of its own cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """Fill the disk but for so many bytes."""
    free = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
    return filler


# the command that needs room: (its words, how many bytes are left for it, what the error tells)
HUNGRY: dict[str, tuple[tuple[str, ...], int, str]] = {
    # SQLite cannot even open its files then, and gives no other reason than an I/O error of this file.
    "import-without-any-room": (("organisations", "import", "{list}"), 0, "mou.db"),
    "import-with-some-room": (("organisations", "import", "{list}"), 60_000, "no space left"),
    "generate-with-room-for-the-file-only": (("generate", "note", "--list", "pair"), 160_000, "no space left"),
}


@pytest.mark.parametrize("hungry", HUNGRY)
def test_a_full_disk_is_told_and_the_same_command_succeeds_later(
    run_mou: "RunMou", made_workspace: Path, small_disk: Path, tmp_path: Path, hungry: str
) -> None:
    words, left, told = HUNGRY[hungry]
    more = tmp_path / "more.csv"
    rows = "".join(f"q-{number},มูลนิธิใหม่ที่ {number},foundation\n" for number in range(200))
    more.write_text(f"organisation_id,name_th,kind\n{rows}", encoding="utf-8")
    workspace = small_disk / "workspace"
    shutil.copytree(made_workspace, workspace)
    arguments = (*(word.format(list=more) for word in words), "-w", workspace)
    filler = fill(small_disk, leave=left)
    require_refused(run_mou(*arguments), told)
    filler.unlink()
    again = run_mou(*arguments)
    assert again.code == 0, again.stderr
    audit = run_mou("ledger", "audit", "--json", "-w", workspace)
    assert (audit.code, audit.object["findings"]) == (0, [])


def test_a_workspace_that_cannot_be_written_is_told(run_mou: "RunMou", made_workspace: Path, small_disk: Path) -> None:
    workspace = small_disk / "workspace"
    shutil.copytree(made_workspace, workspace)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    require_refused(run_mou("generate", "note", "--list", "pair", "-w", workspace), str(workspace))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_how_it_is_used(run_mou: "RunMou", command: str, tmp_path: Path) -> None:
    answer = run_mou(command, "--help", cwd=tmp_path)
    assert (answer.code, answer.stderr) == (0, "")
    assert answer.stdout.startswith(f"Usage: mou {command} ")
    assert list(tmp_path.iterdir()) == []


def test_the_overview_comes_in_thai_and_in_english(run_mou: "RunMou") -> None:
    for language, words in (("th", "วิธีใช้: mou"), ("en", "Usage: mou")):
        answer = run_mou("--help", MOU_LANG=language)
        assert (answer.code, answer.stdout.startswith(words)) == (0, True)
        assert all(command in answer.stdout for command in COMMANDS)


def test_messages_are_thai_for_who_asks_for_thai(run_mou: "RunMou", workspace: Path, tmp_path: Path) -> None:
    error = run_mou("--lang", "th", "status", cwd=tmp_path)
    assert error.code == 2
    assert "ไม่มีพื้นที่ทำงาน" in error.stderr
    assert "workspace" not in error.stderr
    made = run_mou("status", "-w", workspace, MOU_LANG="th_TH.UTF-8")
    assert made.code == 0
    assert "เอกสาร" in made.stdout


WRONG_USES = {
    "an-unknown-command": ("nonsense",),
    "an-unknown-option": ("status", "--nonsense"),
    "a-missing-argument": ("init",),
    "an-unknown-language": ("--lang", "fr", "status"),
}


@pytest.mark.parametrize("arguments", WRONG_USES.values(), ids=WRONG_USES.keys())
def test_a_wrong_use_ends_with_2_and_says_how_it_is_meant(run_mou: "RunMou", arguments: tuple[str, ...]) -> None:
    answer = run_mou(*arguments)
    assert (answer.code, answer.stdout) == (2, "")
    assert "Usage: mou" in answer.stderr


def test_verification_loads_neither_a_database_nor_a_renderer(finished_demo: Path) -> None:
    pdf = finished_demo / "documents" / "lanna-charter" / "lanna-charter.pdf"
    program = (
        "import sys\n"
        "from mou.cli.program import run\n"
        f"code = run(['verify', '--json', '-w', {str(finished_demo)!r}, {str(pdf)!r}])\n"
        "heavy = {'sqlalchemy', 'alembic', 'weasyprint', 'jinja2', 'openpyxl', 'rich'} & sys.modules.keys()\n"
        "sys.exit(f'code {code}, loaded: {sorted(heavy)}' if code or heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
