"""`mou serve` as a process of its own: it listens on this machine, prints the way to the desk, and ends calmly."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

START = "import sys; from mou.cli.serve import command; sys.exit(command.main(sys.argv[1:], obj='en', standalone_mode=False))"
TOLD_TO_STOP_BEFORE_IT_RUNS = """
import signal, uvicorn
run = uvicorn.Server.run
def told_before(server, *given, **named):
    signal.raise_signal(signal.SIGINT)
    run(server, *given, **named)
uvicorn.Server.run = told_before
"""
SECONDS = 120

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(finished_workspace: Path) -> Iterator[Start]:
    """Start the command on a free port; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: str, program: str = START) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", program, "-w", str(finished_workspace), "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "MOU_LANG": "en"},
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


def printed(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """The address of the pages and the link to the desk."""
    assert process.stdout is not None
    pages, desk = process.stdout.readline(), process.stdout.readline()
    return pages.removeprefix("pages: ").strip(), desk.removeprefix("desk, opens once: ").strip()


def test_it_listens_on_this_machine_and_ends_calmly_when_told(start: Start) -> None:
    process = start()
    pages, desk = printed(process)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", pages)
    assert re.fullmatch(re.escape(pages) + r"/enter/[0-9a-f]{64}", desk)
    with urllib.request.urlopen(f"{pages}/verify", timeout=SECONDS) as answer:  # noqa: S310  # our own address
        assert answer.status == 200
    with urllib.request.urlopen(desk, timeout=SECONDS) as answer:  # noqa: S310
        assert b"<form" in answer.read()
    log = ended(process, signal.SIGTERM)
    assert "Traceback" not in log
    assert re.search(r"GET /verify 200 \d+ ms", log)
    assert "GET /enter/{key} 200" in log
    assert desk.rpartition("/")[2] not in log


def test_it_ends_calmly_when_told_before_it_runs(start: Start) -> None:
    process = start(program=TOLD_TO_STOP_BEFORE_IT_RUNS + START)
    _, log = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert "Traceback" not in log


def test_a_second_start_prints_another_link_and_finds_the_port_taken(start: Start) -> None:
    first = start("--https-behind-proxy")
    pages, desk = printed(first)
    assert pages == "https://mou.example.org"
    assert desk.startswith("https://mou.example.org/enter/")
    second = start()
    pages, other_desk = printed(second)
    assert other_desk.rpartition("/")[2] != desk.rpartition("/")[2]
    port = pages.rpartition(":")[2]
    _, log = start("--port", port).communicate(timeout=SECONDS)
    assert f"127.0.0.1, port {port}: nothing can be served there" in log
    assert "Traceback" not in ended(first, signal.SIGINT)


def ended(process: "subprocess.Popen[str]", number: signal.Signals) -> str:
    """What a process has logged that was told to stop and left without a fault."""
    process.send_signal(number)
    _, log = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, log
    return log


def test_without_the_packages_for_pages_it_says_which_and_how_to_get_them(start: Start) -> None:
    hidden = "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'uvicorn' else f(n, *a); "
    process = start(program=hidden + START)
    _, log = process.communicate(timeout=SECONDS)
    assert process.returncode != 0
    assert "(uvicorn); install them with: pip install 'mou[web]'" in log
