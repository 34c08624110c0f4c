"""The shared hash gives for every range what hashing it alone gives."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.errors import PdfUnreadableError
from signatures.running_digest import HASHED_FILES_AT_MOST, RunningDigest

CONTENT = bytes(range(256)) * 4


@given(
    ranges=st.lists(st.tuples(*[st.integers(0, len(CONTENT))] * 3).map(sorted), min_size=1, max_size=8),
    algorithm=st.sampled_from(["sha256", "sha512"]),
)
def test_every_range_has_the_digest_of_its_bytes_in_any_order(ranges: list[list[int]], algorithm: str) -> None:
    running = RunningDigest(CONTENT)
    for begin, end, stop in ranges:
        alone = hashlib.new(algorithm, CONTENT[:begin] + CONTENT[end:stop]).digest()
        assert running.of(algorithm, begin, end, stop) == alone


def test_growing_ranges_are_read_once() -> None:
    running = RunningDigest(CONTENT)
    for begin in range(100, 1000, 100):
        running.of("sha256", begin, begin + 10, begin + 20)
    assert running.hashed < len(CONTENT) + 200


def test_ranges_that_overlap_again_and_again_are_refused() -> None:
    running = RunningDigest(CONTENT)
    for _ in range(HASHED_FILES_AT_MOST):
        running.of("sha256", 0, 0, len(CONTENT))
    with pytest.raises(PdfUnreadableError, match="ranges of together at most"):
        running.of("sha256", 0, 0, len(CONTENT))
