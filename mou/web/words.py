"""The program's own values as words on a page, with the sign that stands beside each: never colour alone."""

from collections.abc import Mapping
from typing import Final

from mou.models import Capacity
from mou.requests import RequestState
from mou.thai import capacity_in_thai
from signatures.messages import Message, say

STATES: Final[Mapping[RequestState, Message]] = {
    RequestState.DRAFT: say("not asked yet"),
    RequestState.SENT: say("asked"),
    RequestState.SIGNED: say("has signed"),
    RequestState.DECLINED: say("declined"),
    RequestState.EXPIRED: say("expired"),
    RequestState.WITHDRAWN: say("withdrawn"),
}
# The kinds of `chip` in macros.html.
STATE_KINDS: Final[Mapping[RequestState, str]] = {
    RequestState.DRAFT: "wait",
    RequestState.SENT: "wait",
    RequestState.SIGNED: "good",
    RequestState.DECLINED: "bad",
    RequestState.EXPIRED: "open",
    RequestState.WITHDRAWN: "open",
}
OUTCOME_KINDS: Final[Mapping[str, str]] = {"passed": "good", "failed": "bad", "indeterminate": "open", "not_checked": "open"}


def capacity_in_words(capacity: Capacity, language: str) -> str:
    """Return in what capacity somebody signs."""
    return capacity_in_thai(capacity) if language == "th" else capacity.value.replace("_", " ")
