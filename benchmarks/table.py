"""What was found out, as lines of text: a table of ratios with the medians behind them, and one of times."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.measurement import Figure, Findings, Ratio

RATIO_HEADS = ("ratios", "median", "lowest", "highest", "goal", "", "milliseconds behind it")
FIGURE_HEADS = ("only shown", "ms", "of")


def lines_of(findings: Findings, surroundings: Mapping[str, object]) -> Iterator[str]:
    """Yield the lines that `python -m benchmarks` prints."""
    if findings.ratios:
        yield from _table(RATIO_HEADS, [_ratio_row(ratio) for ratio in findings.ratios])
        yield ""
    if findings.figures:
        yield from _table(FIGURE_HEADS, [_figure_row(figure) for figure in findings.figures])
        yield ""
    yield ", ".join(f"{name} {found}" for name, found in surroundings.items())


def _ratio_row(ratio: Ratio) -> tuple[str, ...]:
    sides = ", ".join(f"{series.label} {series.milliseconds:.1f}" for series in (ratio.numerator, ratio.denominator))
    return (
        ratio.name,
        f"{ratio.median:.3f}",
        f"{min(ratio.ratios):.3f}",
        f"{max(ratio.ratios):.3f}",
        str(ratio.goal or ""),
        "" if ratio.goal is None else "met" if ratio.goal.is_met(ratio.median) else "missed",
        f"{sides} ({ratio.unit})",
    )


def _figure_row(figure: Figure) -> tuple[str, ...]:
    return figure.name, f"{figure.series.milliseconds:.1f}", figure.unit


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    for row in (heads, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
