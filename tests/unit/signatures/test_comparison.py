"""Comparisons that take too long are an answer, and one whose time is up does not begin."""

from collections.abc import Callable
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signatures.comparison import COMPARISON_SECONDS_AT_MOST, Comparison, ComparisonTooLongError, Lock
from signatures.reader import open_reader
from signatures.validation import validate_signatures

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that goes on by so much each time that somebody looks."""
    ticks = count(0.0, seconds)
    return lambda: next(ticks)


def test_the_comparisons_of_one_file_share_their_seconds(memorandum: "SignedMemorandum") -> None:
    reader = open_reader(memorandum.pdf, strict=True)
    steps = (None,) * reader.xrefs.total_revisions
    slow = Comparison(reader, steps, 99, is_own=True, clock=ticking(COMPARISON_SECONDS_AT_MOST / 2))
    slow.after(3, Lock(None, None))
    with pytest.raises(ComparisonTooLongError):
        slow.after(2, Lock(None, None))


def test_a_signature_whose_changes_could_not_be_compared_is_indeterminate(
    memorandum: "SignedMemorandum", monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(memorandum.pdf))
    writer.add_object(generic.StreamObject(stream_data=b"loose"))
    out = BytesIO()
    writer.write(out)
    monkeypatch.setattr("signatures.comparison.COMPARISON_SECONDS_AT_MOST", -1.0)
    checks = validate_signatures(out.getvalue(), None, at=memorandum.policy().at)
    assert {check.verdict for check in checks} == {"indeterminate"}
    assert {check.sub_indication for check in checks} == {"GENERIC"}
    assert "could not be compared within" in str(checks[0].reason)
