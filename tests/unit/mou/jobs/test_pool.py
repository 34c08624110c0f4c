import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from mou.errors import UsageError
from mou.jobs import JobRunner
from mou.jobs.pool import InlineRunner, ProcessPool, WorkerLostError

JOBS = """
import os, pathlib, time
from mou.errors import UsageError

class Desk:
    def __init__(self, name):
        self.name = name
        self.process = os.getpid()

def measure(desk, item):
    if item == "bad":
        raise UsageError("{item} is refused", item=item)
    return f"{desk.name} {item}"

def place(desk, item):
    return desk.process

def write_for_ever(desk, item):
    path = pathlib.Path(item)
    while True:
        path.write_text(str(time.time()))
        time.sleep(0.02)

def be_killed(desk, item):
    os.kill(os.getpid(), 9)

def fail(desk, item):
    return 1 // 0
"""


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module whose jobs a worker process can import."""
    (tmp_path / "jobs_of_a_test.py").write_text(JOBS)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delitem(sys.modules, "jobs_of_a_test", raising=False)
    return importlib.import_module("jobs_of_a_test")


@pytest.fixture(params=["inline", "pool"])
def runner(request: pytest.FixtureRequest, jobs: ModuleType) -> Iterator[JobRunner[object]]:
    """Both carriers of jobs: they must not be told apart by what comes out."""
    carrier: JobRunner[object] = (
        InlineRunner(jobs.Desk("desk")) if request.param == "inline" else ProcessPool(2, jobs.Desk, "desk")
    )
    with carrier:
        yield carrier


def test_every_item_has_its_outcome_and_an_error_of_one_leaves_the_others(runner: JobRunner[object], jobs: ModuleType) -> None:
    outcomes = {outcome.item: outcome for outcome in runner.run(jobs.measure, ["a", "bad", "b"])}
    assert outcomes["a"].unwrap() == "desk a"
    assert outcomes["b"].unwrap() == "desk b"
    with pytest.raises(UsageError, match="bad is refused"):
        outcomes["bad"].unwrap()


def test_a_fault_of_the_program_is_not_hidden(runner: JobRunner[object], jobs: ModuleType) -> None:
    with pytest.raises(ZeroDivisionError):
        list(runner.run(jobs.fail, ["x"]))


def test_a_worker_prepares_its_desk_once(jobs: ModuleType) -> None:
    with ProcessPool(1, jobs.Desk, "desk") as pool:
        processes = {outcome.unwrap() for outcome in pool.run(jobs.place, list(range(5)))}
    assert len(processes) == 1
    assert processes != {os.getpid()}


def test_a_worker_that_was_killed_is_an_error_that_says_what_to_do(jobs: ModuleType) -> None:
    with ProcessPool(1, jobs.Desk, "desk") as pool, pytest.raises(WorkerLostError, match="run the command again"):
        list(pool.run(jobs.be_killed, ["x"]))


def test_workers_end_when_their_parent_is_killed(tmp_path: Path, jobs: ModuleType) -> None:
    heartbeat = tmp_path / "heartbeat"
    program = (
        "import jobs_of_a_test as jobs\n"
        "from mou.jobs.pool import ProcessPool\n"
        "if __name__ == '__main__':\n"
        f"    list(ProcessPool(1, jobs.Desk, 'x').run(jobs.write_for_ever, [{str(heartbeat)!r}]))\n"
    )
    (tmp_path / "parent.py").write_text(program)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    parent = subprocess.Popen([sys.executable, str(tmp_path / "parent.py")], env=environment)
    wait_until(heartbeat.exists)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: is_still(heartbeat))


def is_still(heartbeat: Path) -> bool:
    before = heartbeat.read_text()
    time.sleep(0.2)
    return heartbeat.read_text() == before


def wait_until(fact: Callable[[], bool]) -> None:
    for _ in range(200):
        if fact():
            return
        time.sleep(0.05)
    pytest.fail("did not happen within ten seconds")
