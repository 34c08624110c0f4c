from datetime import UTC, datetime

import pytest

from mou.models import Capacity, Person, SignatorySlot
from mou.requests import RequestRefusedError, RequestState, SignatureRequest, advance, is_complete, require_turn, sign_request
from signatures.digests import digest_of

CERTIFICATE = digest_of(b"certificate")
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def request_in(state: RequestState, *, field: str = "S0001", order: int = 1) -> SignatureRequest:
    slot = SignatorySlot(
        field, "party", "org-1", "มูลนิธิสมมติ", Person("สมมติ", "ตัวอย่าง", "ประธาน"), Capacity.AUTHORISED_REPRESENTATIVE, order
    )
    return SignatureRequest("doc_1", slot, state)


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


@pytest.mark.parametrize("state", [RequestState.SIGNED, RequestState.DECLINED, RequestState.EXPIRED, RequestState.WITHDRAWN])
@pytest.mark.parametrize("wanted", list(RequestState))
def test_a_closed_request_stays_as_it_is(state: RequestState, wanted: RequestState) -> None:
    with pytest.raises(RequestRefusedError, match=f"is {state} and cannot become {wanted}"):
        advance(request_in(state), wanted)


def test_a_draft_cannot_be_declined_since_nobody_was_asked() -> None:
    with pytest.raises(RequestRefusedError):
        advance(request_in(RequestState.DRAFT), RequestState.DECLINED)


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


def test_slots_of_one_order_do_not_wait_for_each_other() -> None:
    first, second = request_in(RequestState.DRAFT), request_in(RequestState.DRAFT, field="S0002")
    require_turn(second, (first, second))


def test_a_document_is_complete_when_every_slot_is_signed() -> None:
    signed = sign_request(request_in(RequestState.DRAFT), certificate=CERTIFICATE, at=NOW)
    assert is_complete((signed, signed))
    assert not is_complete((signed, request_in(RequestState.SENT)))
