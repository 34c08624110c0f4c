"""How two ways of one work are compared: in one run, in turns, and judged by the median of their ratios.

A round is what gives one ratio: the same number of documents on either side. Who begins changes from one document to the next
(A B, B A, ...), so that neither side always finds the machine as the other one left it. Warming up is never counted.
"""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import fmean, median

LIBRARIES = ("weasyprint", "pydyf", "pikepdf", "pyhanko", "cryptography", "sqlalchemy")
MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: rounds for one ratio each, and documents in a round; None stands for a benchmark's own choice."""

    repeats: int | None = None
    documents: int | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio has to reach, or to stay under."""

    limit: float
    is_upper: bool = False

    def __str__(self) -> str:
        """Say it as the table shows it."""
        return f"{'less than' if self.is_upper else 'at least'} {self.limit:g}"

    def is_met(self, ratio: float) -> bool:
        """Whether the ratio does as it should."""
        return ratio < self.limit if self.is_upper else ratio >= self.limit


@dataclass(frozen=True, slots=True)
class Series:
    """What one side took: seconds for one piece of work, one figure per round."""

    label: str
    seconds: tuple[float, ...]

    @property
    def milliseconds(self) -> float:
        """The median."""
        return median(self.seconds) * MILLISECONDS


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long `numerator` takes as `denominator`; `unit` says which time it is, and of what."""

    name: str
    numerator: Series
    denominator: Series
    unit: str
    goal: Goal | None = None

    @property
    def ratios(self) -> tuple[float, ...]:
        """The ratio of each round."""
        return tuple(one / other for one, other in zip(self.numerator.seconds, self.denominator.seconds, strict=True))

    @property
    def median(self) -> float:
        """The figure that the goal speaks of."""
        return median(self.ratios)


@dataclass(frozen=True, slots=True)
class Figure:
    """A time that is only shown: on another machine it is another one."""

    name: str
    series: Series
    unit: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What one benchmark found out."""

    ratios: tuple[Ratio, ...] = ()
    figures: tuple[Figure, ...] = ()


def in_turns(count: int, one: Callable[[int], float], other: Callable[[int], float]) -> tuple[list[float], list[float]]:
    """Return the seconds that both sides report for works 0 to count - 1; every second work begins with the other side."""
    ones, others = [], []
    for number in range(count):
        if number % 2:
            others.append(other(number))
            ones.append(one(number))
        else:
            ones.append(one(number))
            others.append(other(number))
    return ones, others


def by_round(label: str, seconds: Sequence[float], size: int) -> Series:
    """Return the mean of each round of `size` works."""
    return Series(label, tuple(fmean(seconds[start : start + size]) for start in range(0, len(seconds), size)))


def machine() -> dict[str, str | int]:
    """Return what may be said of the machine: what a ratio depends on, and nothing by which it is known."""
    from weasyprint.text.ffi import pango

    return {
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "pango": ".".join(str(pango.pango_version() // unit % 100) for unit in (10_000, 100, 1)),
    }
