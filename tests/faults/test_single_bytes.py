"""No single flipped byte in a signed file is ever `passed`.

The evidence names the honest file, then the forged one: then it is the file alone that has to show it. The last signature's own
value is not among the signed bytes, nor is most of what lies in it; so each of its bytes is flipped in turn.
"""

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signatures.bundle import write_evidence
from signatures.verification import verify

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

FLIPPED_PLACES = 30
BYTES_BETWEEN_FLIPS = 11  # every byte was tried once; each eleventh is enough to notice a hole
SLOW_FIXTURE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def flipped(pdf: bytes, place: int, mask: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= mask
    return bytes(changed)


def assert_not_passed(memorandum: "SignedMemorandum", pdf: bytes) -> None:
    honest = verify(pdf, write_evidence(memorandum.evidence()), memorandum.policy())
    assert honest.verdict == "failed"
    colluding = verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())
    alone = verify(pdf, None, memorandum.policy())
    assert {colluding.verdict, alone.verdict} <= {"failed", "indeterminate"}


@SLOW_FIXTURE
@given(place=st.integers(0, 2**24), mask=st.integers(1, 255))
def test_a_flipped_byte_anywhere_is_not_passed(memorandum: "SignedMemorandum", place: int, mask: int) -> None:
    assert_not_passed(memorandum, flipped(memorandum.pdf, place % len(memorandum.pdf), mask))


@pytest.mark.parametrize("mask", [0x01, 0x20], ids=["last bit", "case of a letter"])
def test_a_flipped_byte_in_what_is_not_signed_is_not_passed(memorandum: "SignedMemorandum", mask: int) -> None:
    begin = memorandum.pdf.rindex(b"/Contents <")
    end = memorandum.pdf.index(b">", begin)
    chosen = random.Random(mask)  # noqa: S311  # the same places each time
    for place in sorted(chosen.sample(range(begin, end + 1), FLIPPED_PLACES)):
        assert_not_passed(memorandum, flipped(memorandum.pdf, place, mask))


def test_no_byte_of_a_signature_is_free_to_change(memorandum: "SignedMemorandum") -> None:
    begin = memorandum.pdf.rindex(b"/Contents <") + len(b"/Contents <")
    end = memorandum.pdf.index(b">", begin)
    value = bytes.fromhex(memorandum.pdf[begin:end].decode()).rstrip(b"\x00")
    for place in range(0, len(value), BYTES_BETWEEN_FLIPS):
        pdf = memorandum.pdf[:begin] + flipped(value, place, 1).hex().encode() + memorandum.pdf[begin + 2 * len(value) :]
        colluding = verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())
        assert colluding.verdict != "passed", place


@pytest.mark.parametrize("zeros", [2, 16, 64])
def test_a_signature_that_is_said_to_reach_into_the_zeros_behind_it_is_not_passed(
    memorandum: "SignedMemorandum", zeros: int
) -> None:
    begin = memorandum.pdf.rindex(b"/Contents <") + len(b"/Contents <")
    length = int(memorandum.pdf[begin + 4 : begin + 8], 16)  # after the tag and the count of two octets
    pdf = memorandum.pdf[: begin + 4] + b"%04X" % (length + zeros) + memorandum.pdf[begin + 8 :]
    assert len(pdf) == len(memorandum.pdf)
    assert_not_passed(memorandum, pdf)


def test_the_file_with_no_byte_flipped_is_passed(memorandum: "SignedMemorandum") -> None:
    assert verify(memorandum.pdf, write_evidence(memorandum.evidence()), memorandum.policy()).verdict == "passed"
