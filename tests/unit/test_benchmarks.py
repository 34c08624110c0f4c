"""Every benchmark runs, at its smallest. No time is judged here: a test may run on a busy machine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "benchmarks.md"
# What each benchmark must speak of: how many ratios, and how many of them have a goal.
BENCHMARKS = {
    "startup": (1, 1),
    "signing": (2, 1),
    "validation": (2, 0),
    "generation": (1, 1),
    "rendering": (1, 1),
    "steps": (0, 0),
    "workers": (3, 2),
}


def run_benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], cwd=CHECKOUT, capture_output=True, check=False, text=True
    )


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_gives_its_ratios_with_the_medians_behind_them(name: str) -> None:
    answer = run_benchmarks(name, "--repeats", "1", "--documents", "1", "--json")
    assert answer.returncode == 0, answer.stderr
    printed = json.loads(answer.stdout)
    ratios, goals = BENCHMARKS[name]
    assert len(printed["ratios"]) == ratios
    assert sum(ratio["goal"] is not None for ratio in printed["ratios"]) == goals
    assert all(len(ratio["milliseconds"]) == 2 and ratio["lowest"] > 0 for ratio in printed["ratios"])
    assert printed["ratios"] or printed["figures"]


def test_the_table_says_whether_a_goal_is_met_and_on_what_it_was_measured() -> None:
    heads, row, _, machine = run_benchmarks("startup", "--repeats", "1").stdout.splitlines()
    assert heads.split()[:3] == ["ratios", "median", "lowest"]
    assert row.startswith("start-up ")
    assert "less than 5" in row
    assert machine.startswith("cores ")
    assert "weasyprint " in machine


def test_an_unknown_benchmark_is_named_with_those_that_there_are() -> None:
    answer = run_benchmarks("reading")
    assert answer.returncode == 2
    assert "no benchmark reading; there are: startup, " in answer.stderr


@pytest.mark.parametrize("repeats", ["0", "-1", "many"])
def test_a_number_of_rounds_is_asked_for(repeats: str) -> None:
    answer = run_benchmarks("startup", f"--repeats={repeats}")
    assert answer.returncode == 2
    assert f"a number from 1 on is expected, got {repeats}" in answer.stderr


def test_the_page_about_benchmarks_names_every_one() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in BENCHMARKS if f"`{name}`" not in page] == []
