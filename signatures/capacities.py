"""Whether a signature was made while the capacity held in which its signatory was asked.

1. A trusted time stamp of the signature's own gives the time. Within the limits: nothing speaks against it; outside: failed.
2. An archive time stamp alone only says that the signature is no younger: before the end it is enough, after it nothing is known.
3. A claimed time says nothing.
"""

from datetime import UTC
from typing import Literal, TypeAlias

from signatures.bundle import ExpectedSignature
from signatures.messages import Message, say
from signatures.validation import SignatureCheck

CapacityOutcome: TypeAlias = Literal["failed", "not_checked"]


def judge_capacity(expected: ExpectedSignature | None, check: SignatureCheck) -> tuple[CapacityOutcome, Message] | None:
    """Return what speaks against the capacity at the time of signing; None when it has no limits, or nothing does."""
    if expected is None or (expected.capacity_from is None and expected.capacity_until is None):
        return None
    limits = {
        "field": check.field,
        "capacity": expected.capacity,
        "first": expected.capacity_from or "-",
        "last": expected.capacity_until or "-",
    }
    if check.time is None or check.time_source != "timestamp":
        return "not_checked", say(
            "{field}: the capacity {capacity} held from {first} until {last}; no time stamp says when it was signed", **limits
        )
    time = f"{check.time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    is_early = expected.capacity_from is not None and time < expected.capacity_from
    is_late = expected.capacity_until is not None and time >= expected.capacity_until
    if is_late and not check.has_own_time:
        return "not_checked", say(
            "{field}: the capacity {capacity} held from {first} until {last}; all that a time stamp proves is that it was signed "
            "before {time}",
            time=time,
            **limits,
        )
    if is_early or is_late:
        return "failed", say(
            "{field}: the capacity {capacity} held from {first} until {last}, it was signed on {time}", time=time, **limits
        )
    return None
