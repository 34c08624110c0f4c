"""`python -m benchmarks`: how fast the product is, as ratios that were measured side by side in one run."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from benchmarks.measurement import Findings, Size, machine
from benchmarks.table import lines_of

BENCHMARKS = {
    "startup": "`mou --help` against a Python that does nothing",
    "signing": "a P-256 signature against pyHanko's default",
    "validation": "a finished memorandum and the charter against pyHanko's default",
    "generation": "memoranda in one process against a plain WeasyPrint loop",
    "rendering": "a document with all that it needs against plain pages",
    "drafts": "a draft in Word against the PDF of the same document",
    "steps": "each step of making a memorandum (only shown)",
    "register": "the register of a charter: all instruments against half of them, one question against all",
    "workers": "two worker processes against one",
}


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for."""

    names: Sequence[str]
    size: Size
    as_json: bool


def main() -> None:
    """Measure what was asked for and print it; a missed goal is shown: not an error, since other programs may have been busy."""
    arguments = _read_arguments()
    load = os.getloadavg()[0]
    found = []
    for name in arguments.names:
        print(f"{name}: {BENCHMARKS[name]} ...", file=sys.stderr, flush=True)
        found.append(_measure(name, arguments.size))
    findings = Findings(
        tuple(ratio for each in found for ratio in each.ratios), tuple(figure for each in found for figure in each.figures)
    )
    surroundings = {**machine(), "load before": f"{load:.2f}", "load after": f"{os.getloadavg()[0]:.2f}"}
    if arguments.as_json:
        print(json.dumps(_as_json(findings, surroundings), ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines_of(findings, surroundings)))


def _measure(name: str, size: Size) -> Findings:
    """Load a benchmark when it is its turn, so that none is measured in a process that others filled with more than they must."""
    findings = import_module(f"benchmarks.{name}").measure(size)
    assert isinstance(findings, Findings)
    return findings


def _read_arguments() -> Arguments:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="\n".join(f"{name:<12}{meaning}" for name, meaning in BENCHMARKS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure, see below (default: everything)")
    parser.add_argument("--repeats", type=_count, help="rounds, one ratio each (default: a benchmark's own choice)")
    parser.add_argument("--documents", type=_count, help="documents in a round (default: one for each of the example's 19)")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON document")
    given = parser.parse_args()
    if unknown := sorted(set(given.names) - set(BENCHMARKS)):
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    return Arguments(given.names or tuple(BENCHMARKS), Size(given.repeats, given.documents), given.as_json)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on is expected, got {text}")
    return int(text)


def _as_json(findings: Findings, surroundings: Mapping[str, object]) -> dict[str, object]:
    return {
        "machine": surroundings,
        "ratios": [
            {
                "name": ratio.name,
                "ratio": round(ratio.median, 3),
                "lowest": round(min(ratio.ratios), 3),
                "highest": round(max(ratio.ratios), 3),
                "goal": str(ratio.goal) if ratio.goal else None,
                "is_met": ratio.goal.is_met(ratio.median) if ratio.goal else None,
                "unit": ratio.unit,
                "milliseconds": {series.label: round(series.milliseconds, 3) for series in (ratio.numerator, ratio.denominator)},
            }
            for ratio in findings.ratios
        ],
        "figures": [
            {"name": figure.name, "milliseconds": round(figure.series.milliseconds, 3), "unit": figure.unit}
            for figure in findings.figures
        ],
    }


if __name__ == "__main__":
    main()
