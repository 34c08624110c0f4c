"""Every command that README and docs show is run here, and must print what they show.

A fence marked `console` holds commands after `$ ` and, below each, what it prints; a trailing backslash continues a command.
A line `...` stands for any lines, `...` inside a line for any text; a command with nothing below it may print anything. The
comment above the fence names the rule that prepares the folder, and the last command's exit code if it is not 0:

    <!-- run: demo, exit 1 -->

A last command that goes on until it is stopped is marked so, and must print what is shown before that:

    <!-- run: next, until stopped -->

A block without a rule, or with one that is not listed in `RULES`, fails. The rule `next` goes on in the folder of the block
before. A fence below a comment like this one is written to a file of that folder, where later commands find it:

    <!-- file: ours/members.csv -->

Python is shown as such a file alone, and a later command has to name it, so that every example runs.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mou.templates import bundled_templates_folder

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md")))
# What is shown and not run; every other language is refused, so that no command hides under another name.
SHOWN_LANGUAGES = {"", "text", "layers", "toml", "json", "html", "css"}
FILE_LANGUAGES = SHOWN_LANGUAGES | {"csv", "ini", "python"}
FENCE = re.compile(
    r"(?:^<!-- (?:run: (?P<rule>\w+)(?:, exit (?P<exit>\d+))?(?P<endless>, until stopped)?|file: (?P<file>[\w./-]+)) -->\n)?"
    r"^```(?P<language>[^\n]*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
ANYTHING = "..."
SECONDS_TO_SHOW = 120
NEXT = "next"


@dataclass(frozen=True, slots=True)
class Block:
    """One fence of one page."""

    place: str
    language: str
    rule: str | None
    exit_code: int
    is_endless: bool
    file: str | None
    body: str

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Each command with the lines that stand below it."""
        for part in re.split(r"^\$ ", self.body, flags=re.MULTILINE)[1:]:
            command, _, printed = re.sub(r"\\\n\s*", " ", part).partition("\n")
            yield command, printed.rstrip().splitlines()


def blocks_of(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for fence in FENCE.finditer(text):
        place = f"{page.relative_to(CHECKOUT)}:{text.count(chr(10), 0, fence.start('body'))}"
        exit_code = int(fence["exit"] or 0)
        endless = fence["endless"] is not None
        yield Block(place, fence["language"].strip(), fence["rule"], exit_code, endless, fence["file"], fence["body"])


def stories_of(page: Path) -> list[list[Block]]:
    """The page's commands and files, parted into what happens in one folder; what begins in none is a story of its own."""
    stories: list[list[Block]] = []
    for block in blocks_of(page):
        if block.file is None and block.language != "console":
            continue
        if stories and (block.rule == NEXT or block.file is not None):
            stories[-1].append(block)
        else:
            stories.append([block])
    return stories


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
COMMAND_BLOCKS = [block for block in BLOCKS if block.language == "console"]
STORIES = [story for page in PAGES for story in stories_of(page)]
# Setting a machine up takes minutes and the network: done in a bare system, where this is set, and elsewhere only looked up.
SETS_UP_FOR_REAL = "MOU_TEST_SETUP" in os.environ


def in_an_empty_folder(folder: Path, _request: pytest.FixtureRequest) -> None:
    """As on a fresh checkout, after the setup: the program and its templates."""
    (folder / ".venv").symlink_to(Path(sys.executable).parent.parent)
    (folder / "templates").symlink_to(bundled_templates_folder())


def in_a_copy_of_the_demo(folder: Path, request: pytest.FixtureRequest) -> None:
    """As after `python3 dev.py demo`: the demo's workspace too."""
    in_an_empty_folder(folder, request)
    shutil.copytree(request.getfixturevalue("finished_demo"), folder / "demo", symlinks=True)


def with_the_word_files(folder: Path, request: pytest.FixtureRequest) -> None:
    """As in an empty folder, with the Word files that the guides tell their readers to take."""
    in_an_empty_folder(folder, request)
    shutil.copytree(CHECKOUT / "docs" / "examples", folder, dirs_exist_ok=True)


def in_a_copy_of_the_checkout(folder: Path, _request: pytest.FixtureRequest) -> None:
    """As before the setup: the checkout alone."""
    hidden = shutil.ignore_patterns(".venv", "demo", ".git", ".*_cache", "__pycache__")
    shutil.copytree(CHECKOUT, folder, ignore=hidden, dirs_exist_ok=True)


RULES: dict[str, Callable[[Path, pytest.FixtureRequest], None]] = {
    "setup": in_a_copy_of_the_checkout,
    "empty": in_an_empty_folder,
    "demo": in_a_copy_of_the_demo,
    "word": with_the_word_files,
}


def surroundings() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("MOU_")}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{own['PATH']}"
    # Port 0 is any that is free: other tests serve pages at the same time.
    return own | {"PATH": programs, "MOU_LANG": "en", "COLUMNS": "120", "TERM": "dumb", "MOU_PORT": "0"}


def run_until_shown(command: str, folder: Path, shown: list[str]) -> str:
    """Start a command, stop it as Ctrl-C does once it has printed what is shown, and return what it printed."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=folder,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    guard = threading.Timer(SECONDS_TO_SHOW, process.kill)
    guard.start()
    printed = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            printed += line
            if prints_what_is_shown(printed, shown):
                break
    finally:
        guard.cancel()
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=SECONDS_TO_SHOW)
        finally:
            process.kill()
            process.wait()
    return printed


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def prints_what_is_shown(printed: str, shown: list[str]) -> bool:
    pattern = ""
    for line in shown:
        text = re.escape(line.rstrip()).replace(re.escape(ANYTHING), ".*")
        pattern += r"(?:[^\n]*\n)*?" if line.strip() == ANYTHING else f"{text}[ ]*\n"
    return not shown or re.fullmatch(pattern, f"{printed.rstrip()}\n") is not None


def test_the_documentation_shows_commands() -> None:
    assert {block.place.partition(":")[0] for block in COMMAND_BLOCKS} >= {"README.md"}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_a_block_is_one_that_is_run_or_one_that_is_only_shown(block: Block) -> None:
    shows_a_command = re.search(r"^\$ ", block.body, re.MULTILINE) is not None
    languages = SHOWN_LANGUAGES if block.file is None else FILE_LANGUAGES
    allowed = block.language == "console" or (block.language in languages and not shows_a_command)
    assert allowed, f"{block.place}: commands go into a fence marked console, the rest into one of {languages}"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story[0].place)
def test_a_command_of_the_documentation_prints_what_is_shown(
    story: list[Block], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = story[0]
    assert first.rule in RULES, f"{first.place}: a comment <!-- run: {'|'.join(RULES)} --> is expected above the block"
    RULES[first.rule](tmp_path, request)
    if first.rule == "setup" and not SETS_UP_FOR_REAL:
        explained = run("python3 dev.py", tmp_path).stdout
        assert [command for block in story for command, _ in block.commands() if command not in explained] == []
        return
    for block in story:
        if block.file is not None:
            write_shown_file(block, tmp_path)
        else:
            run_shown_commands(block, tmp_path)


def write_shown_file(block: Block, folder: Path) -> None:
    assert block.file is not None
    path = (folder / block.file).resolve()
    assert path.is_relative_to(folder.resolve()), f"{block.place}: a file of the example's folder is expected"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.body, encoding="utf-8")


def run_shown_commands(block: Block, folder: Path) -> None:
    commands = list(block.commands())
    assert commands, f"{block.place}: a line that begins with '$ ' is expected"
    for number, (command, shown) in enumerate(commands, start=1):
        if block.is_endless and number == len(commands):
            printed = run_until_shown(command, folder, shown)
            assert prints_what_is_shown(printed, shown), f"{block.place}: $ {command}\n{printed}"
            return
        answer = run(command, folder)
        expected_code = block.exit_code if number == len(commands) else 0
        assert answer.returncode == expected_code, f"{block.place}: $ {command}\n{answer.stdout}"
        assert prints_what_is_shown(answer.stdout, shown), f"{block.place}: $ {command}\n{answer.stdout}"


def test_every_python_example_is_run_by_a_command_below_it() -> None:
    for story in STORIES:
        for place, block in enumerate(story):
            if block.language == "python":
                later = [command for other in story[place:] for command, _ in other.commands()]
                assert any(Path(block.file or "").name in command for command in later), f"{block.place}: no command runs it"


SHOWN = {
    "the-same": (["passed"], True),
    "another-text": (["failed"], False),
    "any-text-in-a-line": (["pa...ed"], True),
    "any-lines-before": (["...", "passed"], True),
    "one-line-too-many": (["passed", "passed"], False),
    "nothing-shown": ([], True),
}


@pytest.mark.parametrize(("shown", "agrees"), SHOWN.values(), ids=SHOWN.keys())
def test_what_is_shown_is_compared_line_by_line(shown: list[str], agrees: bool) -> None:  # noqa: FBT001  # a column of the table
    assert prints_what_is_shown("passed\n", shown) is agrees
