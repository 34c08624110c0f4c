from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from signatures.bundle import ExpectedSignature, commitment, read_evidence, write_evidence
from signatures.capacities import judge_capacity
from signatures.errors import EvidenceError
from signatures.messages import say
from signatures.signing import SigningOrder, sign
from signatures.validation import SignatureCheck
from signatures.verification import VerificationReport, verify
from tests.unit.signatures.pki import Pki, build_pki

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

BEGIN, END = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
WITHIN, AFTER, BEFORE = (datetime(year, 6, 1, tzinfo=UTC) for year in (2026, 2027, 2025))
EXPECTED = ExpectedSignature("S0001", "signature", "นายก้อง ตัวอย่าง", "นายก", None, BEGIN, END)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return build_pki(tmp_path_factory.mktemp("pki"))


def outcome(time: datetime, *, source: str = "timestamp", is_own: bool = True) -> str | None:
    check = SignatureCheck(field="S0001", time=time, time_source=source, has_own_time=is_own, reason=say("-"))  # type: ignore[arg-type]
    found = judge_capacity(EXPECTED, check)
    return found[0] if found else None


def test_a_time_stamp_within_the_capacity_speaks_for_it() -> None:
    assert outcome(WITHIN) is None
    assert outcome(datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("time", [AFTER, BEFORE, datetime(2027, 1, 1, tzinfo=UTC)])
def test_a_time_stamp_outside_the_capacity_fails(time: datetime) -> None:
    assert outcome(time) == "failed"


def test_a_claimed_time_says_nothing_about_the_capacity() -> None:
    assert {outcome(time, source="claimed") for time in (WITHIN, AFTER, BEFORE)} == {"not_checked"}


def test_an_archive_time_stamp_after_the_end_does_not_say_when_it_was_signed() -> None:
    assert outcome(AFTER, is_own=False) == "not_checked"
    assert outcome(WITHIN, is_own=False) is None
    assert outcome(BEFORE, is_own=False) == "failed"


def test_a_capacity_without_limits_is_not_asked_about() -> None:
    check = SignatureCheck(field="S0001", reason=say("-"))
    assert judge_capacity(replace(EXPECTED, capacity_from=None, capacity_until=None), check) is None
    assert judge_capacity(None, check) is None


def test_a_time_has_one_spelling() -> None:
    for text in ("2027-01-01", "2027-01-01T00:00:00+00:00", "2027-01-01T07:00:00+07:00", "later"):
        with pytest.raises(EvidenceError, match="a time in UTC such as"):
            replace(EXPECTED, capacity_until=text)


def test_limits_are_committed_to_and_travel_while_their_absence_changes_nothing(memorandum: "SignedMemorandum") -> None:
    plain = memorandum.expected()
    limited = (plain[0], replace(plain[1], capacity_until=END), *plain[2:])
    assert commitment(plain, memorandum.salt) != commitment(limited, memorandum.salt)
    content = write_evidence(memorandum.evidence(expected=limited))
    assert read_evidence(content).expected == limited
    assert b"capacity_" not in write_evidence(memorandum.evidence())


def verified_with(memorandum: "SignedMemorandum", pki: Pki, until: datetime, *, stamped: bool) -> VerificationReport:
    """The memorandum with its last signature made anew, and a capacity that ends."""
    expected = list(memorandum.expected())
    last = expected[-1] = replace(expected[-1], capacity_until=f"{until:%Y-%m-%dT%H:%M:%SZ}")
    at = memorandum.signed_at
    order = SigningOrder(last.field, last.capacity, last.name, at)
    timestamps = pki.timestamps("one", at) if stamped else None
    pdf = sign(memorandum.states[-2], order, memorandum.signers[last.field], timestamps=timestamps)
    policy = replace(
        memorandum.policy(),
        roots=(memorandum.authority.certificate, pki.certificate("tsa-root")),
        revocation_lists=(pki.revocation_list("tsa-root", at),),
    )
    return verify(pdf, write_evidence(memorandum.evidence(pdf, expected=expected)), policy)


def test_a_signature_after_its_capacity_ended_fails_at_step_4(memorandum: "SignedMemorandum", pki: Pki) -> None:
    ended = verified_with(memorandum, pki, memorandum.signed_at - timedelta(days=1), stamped=True)
    assert [step.number for step in ended.steps if step.outcome == "failed"] == [4]
    assert "it was signed on 2026-11-22" in str(ended.reason)
    running = verified_with(memorandum, pki, memorandum.signed_at + timedelta(days=1), stamped=True)
    assert running.verdict == "passed"


def test_without_a_time_stamp_a_capacity_with_an_end_is_not_checked(memorandum: "SignedMemorandum", pki: Pki) -> None:
    report = verified_with(memorandum, pki, memorandum.signed_at + timedelta(days=1), stamped=False)
    assert (report.steps[4].outcome, report.verdict) == ("not_checked", "indeterminate")
