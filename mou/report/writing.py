"""A report under the name that was asked for: HTML or PDF by its suffix, whole or not at all, never over another file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from mou.errors import UsageError
from mou.report.case import Case
from mou.report.page import paper_style, report_markup, report_page
from mou.report.pictures import NOTHING_SEEN, look_at

SUFFIXES = (".html", ".pdf")


def check_target(path: Path) -> None:
    """Refuse a name that no report can have, before anything is verified.

    Raises:
        UsageError: another suffix, or a file that is there already.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError("{path}: a report is an HTML page or a PDF: name it OUT.html or OUT.pdf", path=path)
    if path.exists():
        raise UsageError("{path} is there already, and a report never takes the place of a file; choose another name", path=path)


def report_bytes(cases: Sequence[Case], language: str, *, as_pdf: bool, made_at: datetime) -> bytes:
    """Return the report on these files, the reader's language (`th` or `en`) first.

    Raises:
        RenderingError: the PDF cannot be drawn.
    """
    seen = [look_at(case.pdf) if case.pdf is not None and case.report.signatures else NOTHING_SEEN for case in cases]
    if not as_pdf:
        return report_page(cases, seen, language).encode("utf-8")
    from mou.rendering.report_pdf import draw_report

    return draw_report(report_markup(cases, seen, language), paper_style(cases, seen), created=made_at)
