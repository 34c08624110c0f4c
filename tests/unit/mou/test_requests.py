"""Signature requests: each rule of the module, and that no sequence of steps leads around them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.charter.clauses import AuthorityKind
from mou.models import Capacity, Person, SignatorySlot
from mou.requests import (
    DocumentOfAuthority,
    RequestRefusedError,
    RequestState,
    SignatureRequest,
    advance,
    delegate_request,
    first_before,
    is_complete,
    is_overdue,
    require_turn,
    send_request,
    sign_request,
)
from signatures.digests import digest_of

CERTIFICATE = digest_of(b"certificate")
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
LATER = NOW + timedelta(days=7)
CLOSED_UNSIGNED = (RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN)
DELEGATE = Person("มอบ", "ตัวอย่าง", "รองประธาน", prefix="นาย")
AUTHORITY = DocumentOfAuthority(AuthorityKind.POWER_OF_ATTORNEY, TODAY, "มูลนิธิสมมติ", "๑/๒๕๖๙", TODAY + timedelta(days=30))


def request_in(state: RequestState, *, field: str = "S0001", order: int = 1) -> SignatureRequest:
    slot = SignatorySlot(
        field, "party", "org-1", "มูลนิธิสมมติ", Person("สมมติ", "ตัวอย่าง", "ประธาน"), Capacity.AUTHORISED_REPRESENTATIVE, order
    )
    return SignatureRequest("doc_1", slot, state)


def test_a_request_begins_as_a_draft_of_its_first_round() -> None:
    request = SignatureRequest("doc_1", request_in(RequestState.SENT).slot)
    assert (request.state, request.round, request.deadline) == (RequestState.DRAFT, 1, None)


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (RequestState.DRAFT, RequestState.SENT),
        (RequestState.DRAFT, RequestState.WITHDRAWN),
        (RequestState.SENT, RequestState.DECLINED),
        (RequestState.SENT, RequestState.EXPIRED),
        (RequestState.SENT, RequestState.WITHDRAWN),
    ],
    ids=str,
)
def test_an_open_request_takes_its_next_step(state: RequestState, wanted: RequestState) -> None:
    assert advance(request_in(state), wanted).state is wanted


@pytest.mark.parametrize("state", [RequestState.SIGNED, *CLOSED_UNSIGNED])
@pytest.mark.parametrize("wanted", list(RequestState))
def test_a_closed_request_stays_as_it_is(state: RequestState, wanted: RequestState) -> None:
    with pytest.raises(RequestRefusedError, match=f"is {state} and cannot become {wanted}"):
        advance(request_in(state), wanted)


@pytest.mark.parametrize("wanted", [RequestState.DECLINED, RequestState.EXPIRED], ids=str)
def test_a_draft_is_neither_declined_nor_does_it_expire_since_nobody_was_asked(wanted: RequestState) -> None:
    with pytest.raises(RequestRefusedError):
        advance(request_in(RequestState.DRAFT), wanted)


@pytest.mark.parametrize("state", list(RequestState), ids=str)
def test_every_state_is_open_or_signed_or_closed_unsigned(state: RequestState) -> None:
    request = request_in(state)
    assert [request.is_open, state is RequestState.SIGNED, request.is_closed_unsigned].count(True) == 1


def test_sending_again_changes_the_deadline_at_most() -> None:
    sent = send_request(request_in(RequestState.DRAFT), deadline=LATER, at=NOW)
    assert send_request(sent, deadline=None, at=NOW) == sent
    assert send_request(sent, deadline=LATER + timedelta(days=1), at=NOW) == replace(sent, deadline=LATER + timedelta(days=1))


@pytest.mark.parametrize("state", CLOSED_UNSIGNED, ids=str)
def test_who_did_not_sign_is_asked_once_more_in_a_new_round_with_a_new_deadline(state: RequestState) -> None:
    ended = replace(request_in(state), round=2, deadline=NOW - timedelta(days=1))
    again = send_request(ended, deadline=None, at=NOW)
    assert (again.state, again.round, again.deadline) == (RequestState.SENT, 3, None)


def test_who_has_signed_is_never_asked_again() -> None:
    with pytest.raises(RequestRefusedError, match="is signed and cannot become sent"):
        send_request(request_in(RequestState.SIGNED), deadline=LATER, at=NOW)


@pytest.mark.parametrize("deadline", [NOW, NOW - timedelta(seconds=1)], ids=["now", "past"])
def test_a_deadline_lies_in_the_future(deadline: datetime) -> None:
    with pytest.raises(RequestRefusedError, match="a deadline in the future is expected, got 2026-11-22"):
        send_request(request_in(RequestState.DRAFT), deadline=deadline, at=NOW)


OVERDUE = {
    "a second too late": (RequestState.SENT, NOW, NOW + timedelta(seconds=1), True),
    "in the last second": (RequestState.SENT, NOW, NOW, False),
    "without a deadline": (RequestState.SENT, None, LATER, False),
    "signed in time": (RequestState.SIGNED, NOW, LATER, False),
    "not sent": (RequestState.DRAFT, NOW, LATER, False),
}


@pytest.mark.parametrize(("state", "deadline", "at", "overdue"), OVERDUE.values(), ids=OVERDUE.keys())
def test_a_sent_request_is_overdue_after_its_deadline(
    state: RequestState,
    deadline: datetime | None,
    at: datetime,
    overdue: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert is_overdue(replace(request_in(state), deadline=deadline), at=at) is overdue


@pytest.mark.parametrize("state", [RequestState.DRAFT, RequestState.SENT])
def test_a_signed_request_keeps_its_certificate_and_time(state: RequestState) -> None:
    signed = sign_request(request_in(state), certificate=CERTIFICATE, at=NOW)
    assert (signed.state, signed.certificate, signed.signed_at) == (RequestState.SIGNED, CERTIFICATE, NOW)


def test_a_higher_order_waits_for_every_lower_one() -> None:
    first, second = request_in(RequestState.DRAFT), request_in(RequestState.DRAFT, field="S0002", order=2)
    with pytest.raises(RequestRefusedError, match=r"not yet the turn.*S0001"):
        require_turn(second, (first, second))
    signed = sign_request(first, certificate=CERTIFICATE, at=NOW)
    require_turn(second, (signed, second))


@pytest.mark.parametrize("state", [each for each in RequestState if each is not RequestState.SIGNED], ids=str)
def test_only_a_signature_lets_the_next_order_pass(state: RequestState) -> None:
    first, second = request_in(state), request_in(RequestState.SENT, field="S0002", order=2)
    assert first_before(second, (first, second)) == first


def test_slots_of_one_order_do_not_wait_for_each_other() -> None:
    first, second = request_in(RequestState.DRAFT), request_in(RequestState.DRAFT, field="S0002")
    require_turn(second, (first, second))


def test_a_document_is_complete_when_every_slot_is_signed() -> None:
    signed = sign_request(request_in(RequestState.DRAFT), certificate=CERTIFICATE, at=NOW)
    assert is_complete((signed, signed))
    assert not is_complete((signed, request_in(RequestState.SENT)))


@pytest.mark.parametrize("state", [RequestState.DRAFT, RequestState.SENT], ids=str)
def test_an_open_request_is_handed_over_with_person_capacity_and_authority(state: RequestState) -> None:
    before = request_in(state)
    after = delegate_request(before, DELEGATE, Capacity.ATTORNEY, AUTHORITY, on=TODAY)
    slot = replace(before.slot, person=DELEGATE, capacity=Capacity.ATTORNEY)
    assert after == replace(before, slot=slot, authority=AUTHORITY)


Change = Callable[[DocumentOfAuthority], DocumentOfAuthority]
AUTHORITIES: dict[str, tuple[Change, bool]] = {
    "from today on": (lambda paper: paper, True),
    "today is its last day": (lambda paper: replace(paper, expires_on=TODAY), True),
    "without an end": (lambda paper: replace(paper, expires_on=None), True),
    "ended yesterday": (lambda paper: replace(paper, issued_on=date(2026, 1, 1), expires_on=TODAY - timedelta(days=1)), False),
    "issued tomorrow": (lambda paper: replace(paper, issued_on=TODAY + timedelta(days=1)), False),
}


@pytest.mark.parametrize(("change", "counts"), AUTHORITIES.values(), ids=AUTHORITIES.keys())
def test_an_authority_counts_from_its_day_to_the_end_of_its_last(change: Change, counts: bool) -> None:  # noqa: FBT001  # a column
    def hand_over() -> SignatureRequest:
        return delegate_request(request_in(RequestState.SENT), DELEGATE, Capacity.ATTORNEY, change(AUTHORITY), on=TODAY)

    if counts:
        assert hand_over().slot.person == DELEGATE
    else:
        with pytest.raises(RequestRefusedError, match="an authority that counts on 2026-11-22 is expected"):
            hand_over()


@pytest.mark.parametrize("state", [RequestState.SIGNED, *CLOSED_UNSIGNED], ids=str)
def test_a_closed_request_is_not_handed_over(state: RequestState) -> None:
    with pytest.raises(RequestRefusedError, match=f"only a request that is open.* this one is {state}"):
        delegate_request(request_in(state), DELEGATE, Capacity.ATTORNEY, AUTHORITY, on=TODAY)


@pytest.mark.parametrize(
    "capacity", [Capacity.AUTHORISED_REPRESENTATIVE, Capacity.WITNESS, Capacity.NETWORK_COUNTERSIGNER], ids=str
)
def test_a_delegate_signs_in_a_capacity_of_delegates(capacity: Capacity) -> None:
    with pytest.raises(RequestRefusedError, match=f"a delegate's capacity is expected .*got {capacity}"):
        delegate_request(request_in(RequestState.SENT), DELEGATE, capacity, AUTHORITY, on=TODAY)


Step = Callable[[SignatureRequest, datetime], SignatureRequest]
STEPS: dict[str, Step] = {
    "send": lambda request, at: send_request(request, deadline=None, at=at),
    "send with a deadline": lambda request, at: send_request(request, deadline=at + timedelta(days=1), at=at),
    "send too late": lambda request, at: send_request(request, deadline=at, at=at),
    "sign": lambda request, at: sign_request(request, certificate=CERTIFICATE, at=at),
    "decline": lambda request, _: advance(request, RequestState.DECLINED),
    "expire": lambda request, _: advance(request, RequestState.EXPIRED),
    "withdraw": lambda request, _: advance(request, RequestState.WITHDRAWN),
    "begin again": lambda request, _: advance(request, RequestState.DRAFT),
    "hand over": lambda request, _: delegate_request(request, DELEGATE, Capacity.ATTORNEY, AUTHORITY, on=TODAY),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=25))
def test_no_sequence_of_steps_undoes_a_signature_or_counts_a_round_back(names: list[str]) -> None:
    request = request_in(RequestState.DRAFT)
    for number, name in enumerate(names):
        before = request
        try:
            request = STEPS[name](before, NOW + timedelta(minutes=number))
        except RequestRefusedError:
            continue
        assert before.state is not RequestState.SIGNED  # whatever is done to a signed request is refused
        assert request.round == before.round + before.is_closed_unsigned
        assert (request.certificate is not None) == (request.state is RequestState.SIGNED)
        assert (request.document_id, request.slot.field, request.slot.order) == ("doc_1", "S0001", 1)
