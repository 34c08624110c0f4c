"""Start-up: `mou --help` against a Python that does nothing, each a process of its own; wall time until it has ended."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measurement import Findings, Goal, Ratio, Series, Size, in_turns

GOAL = Goal(5, is_upper=True)
REPEATS = 30
WARMING_RUNS = 3


def measure(size: Size) -> Findings:
    """Return how many times as long the help page takes as a bare Python."""
    program = [str(Path(sys.executable).with_name("mou")), "--help"]
    bare = [sys.executable, "-c", "pass"]
    for _ in range(WARMING_RUNS):
        _time(program)
        _time(bare)
    helps, passes = in_turns(size.repeats or REPEATS, lambda _: _time(program), lambda _: _time(bare))
    ratio = Ratio(
        "start-up", Series("mou --help", tuple(helps)), Series("python -c pass", tuple(passes)), "wall, a process", GOAL
    )
    return Findings((ratio,))


def _time(command: Sequence[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin
