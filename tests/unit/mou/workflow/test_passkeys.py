"""Passkeys: registered after a code, for one address; what a device answers counts for one document, one site, one time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mou.requests import RequestRefusedError
from mou.storage.asking import Identity, IdentityMethod
from mou.workflow.asking import withdraw
from mou.workflow.identifying import address_digest, attest, confirm, send_code
from mou.workflow.passkeys import (
    MOST_PASSKEYS,
    NONCE_BYTES,
    PasskeyRefusedError,
    RelyingParty,
    authentication_options,
    challenge_for,
    confirm_by_passkey,
    may_register,
    register,
    registered_passkeys,
    registration_options,
)
from signatures.digests import digest_of
from tests.unit.mou.workflow.authenticator import Device, base64url
from tests.unit.mou.workflow.desk import ADDRESSES, BEGIN, Desk, code_in, opened_desk

SITE = RelyingParty("mou.example.org", "https://mou.example.org")
NONCE, OTHER_NONCE = bytes(range(NONCE_BYTES)), bytes(NONCE_BYTES)


@pytest.fixture
def desk(finished_workspace: Path, tmp_path: Path) -> Iterator[Desk]:
    """A memorandum of which one person is asked for two signatures, at one address."""
    with opened_desk(finished_workspace, tmp_path) as opened:
        opened.set_address("S0003", ADDRESSES["S0001"].upper())
        opened.ask("S0001", "S0002", "S0003", deadline=BEGIN.replace(hour=23))
        opened.letters()
        yield opened


@pytest.fixture
def device() -> Device:
    return Device(SITE.host, SITE.origin)


def identify(desk: Desk, field: str = "S0001") -> Identity:
    """Show by a code of the outbox who it is."""
    send_code(desk.workspace, desk.invited(field))
    return confirm(desk.workspace, desk.invited(field), code_in(desk.letters()[-1]))


def register_device(desk: Desk, device: Device, field: str = "S0001") -> None:
    invited, identity = desk.invited(field), identify(desk, field)
    made = device.make(registration_options(desk.workspace, invited, SITE, NONCE))
    register(desk.workspace, invited, identity, SITE, NONCE, made)


def asked_of(desk: Desk, field: str = "S0003", nonce: bytes = NONCE) -> dict[str, Any]:
    return authentication_options(desk.workspace, desk.invited(field), SITE, nonce)


def answered(desk: Desk, device: Device, field: str = "S0003") -> Identity:
    """What the device's answer establishes."""
    return confirm_by_passkey(desk.workspace, desk.invited(field), SITE, NONCE, device.answer(asked_of(desk, field)))


def counts(desk: Desk, field: str = "S0001") -> list[int]:
    return [each.kept.sign_count for each in registered_passkeys(desk.workspace, desk.invited(field))]


def methods(desk: Desk) -> list[object]:
    return [entry.body["method"] for entry in desk.told("identity.confirmed")]


def test_a_passkey_registered_after_a_code_establishes_who_answers_the_next_invitation(desk: Desk, device: Device) -> None:
    register_device(desk, device)
    identity = answered(desk, device)
    assert (identity.method, identity.invitation_id) == (
        IdentityMethod.PASSKEY,
        desk.invited("S0003").invitation.invitation_id,
    )
    assert identity.note == "registered after code_by_hand"
    entry = desk.told("identity.confirmed")[-1]
    assert (entry.body["identity"], entry.body["method"], entry.body["field"]) == (identity.identity_id, "passkey", "S0003")
    assert counts(desk) == [1]


def test_a_device_that_does_not_count_is_taken_each_time(desk: Desk) -> None:
    device = Device(SITE.host, SITE.origin, steps=0)
    register_device(desk, device)
    assert [answered(desk, device).method for _ in range(2)] == [IdentityMethod.PASSKEY] * 2
    assert counts(desk) == [0]


def _with_nonce(desk: Desk, device: Device) -> dict[str, Any]:
    return device.answer(asked_of(desk, nonce=OTHER_NONCE))


def _of_another_invitation(desk: Desk, device: Device) -> dict[str, Any]:
    return device.answer(asked_of(desk, "S0001"))


def _from_another_page(desk: Desk, device: Device) -> dict[str, Any]:
    return replace(device, origin="https://mou.example.com").answer(asked_of(desk))


def _without_https(desk: Desk, device: Device) -> dict[str, Any]:
    return replace(device, origin="http://mou.example.org").answer(asked_of(desk))


def _for_another_site(desk: Desk, device: Device) -> dict[str, Any]:
    return replace(device, host="example.org").answer(asked_of(desk))


def _without_its_user(desk: Desk, device: Device) -> dict[str, Any]:
    return replace(device, verifies=False).answer(asked_of(desk))


def _by_another_key(desk: Desk, device: Device) -> dict[str, Any]:
    return Device(SITE.host, SITE.origin, credential_id=device.credential_id).answer(asked_of(desk))


def _of_a_copy_that_counts_back(desk: Desk, device: Device) -> dict[str, Any]:
    return replace(device, count=1).answer(asked_of(desk))


def _of_a_copy_that_stands_still(desk: Desk, device: Device) -> dict[str, Any]:
    return replace(device, count=4).answer(asked_of(desk))


def _of_a_device_that_nobody_registered(desk: Desk, device: Device) -> dict[str, Any]:
    return replace(device, credential_id=b"nobody").answer(asked_of(desk))


def _made_and_not_asked(desk: Desk, device: Device) -> dict[str, Any]:
    made = device.make(asked_of(desk))
    return made | {"response": device.answer(asked_of(desk))["response"] | made["response"]}


def _with_another_raw_id(desk: Desk, device: Device) -> dict[str, Any]:
    return device.answer(asked_of(desk)) | {"rawId": base64url(b"another")}


def _without_a_signature(desk: Desk, device: Device) -> dict[str, Any]:
    answer = device.answer(asked_of(desk))
    del answer["response"]["signature"]
    return answer


def _with_data_cut_off(desk: Desk, device: Device) -> dict[str, Any]:
    answer = device.answer(asked_of(desk))
    answer["response"]["authenticatorData"] = answer["response"]["authenticatorData"][:20]
    return answer


def _with_words_for_data(desk: Desk, device: Device) -> dict[str, Any]:
    answer = device.answer(asked_of(desk))
    answer["response"]["clientDataJSON"] = base64url(b"\xff\xfe no json")
    return answer


def _empty(_desk: Desk, _device: Device) -> dict[str, Any]:
    return {}


LIES: list[Callable[[Desk, Device], dict[str, Any]]] = [
    _with_nonce,
    _of_another_invitation,
    _from_another_page,
    _without_https,
    _for_another_site,
    _without_its_user,
    _by_another_key,
    _of_a_copy_that_counts_back,
    _of_a_copy_that_stands_still,
    _of_a_device_that_nobody_registered,
    _made_and_not_asked,
    _with_another_raw_id,
    _without_a_signature,
    _with_data_cut_off,
    _with_words_for_data,
    _empty,
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__.strip("_"))
def test_an_answer_that_differs_in_one_thing_establishes_nobody(
    desk: Desk, device: Device, lie: Callable[[Desk, Device], dict[str, Any]]
) -> None:
    device.count = 5
    register_device(desk, device)
    answer = lie(desk, device)
    with pytest.raises(PasskeyRefusedError):
        confirm_by_passkey(desk.workspace, desk.invited("S0003"), SITE, NONCE, answer)
    assert methods(desk) == ["code_by_hand"]
    assert counts(desk) == [5]
    assert answered(desk, device).method is IdentityMethod.PASSKEY


def test_the_same_answer_again_establishes_nobody_where_the_device_counts(desk: Desk, device: Device) -> None:
    register_device(desk, device)
    answer = device.answer(asked_of(desk))
    confirm_by_passkey(desk.workspace, desk.invited("S0003"), SITE, NONCE, answer)
    with pytest.raises(PasskeyRefusedError, match="does not hold"):
        confirm_by_passkey(desk.workspace, desk.invited("S0003"), SITE, NONCE, answer)
    assert methods(desk) == ["code_by_hand", "passkey"]


def test_a_passkey_of_one_address_is_nothing_for_another(desk: Desk, device: Device) -> None:
    register_device(desk, device)
    other = Device(SITE.host, SITE.origin)
    register_device(desk, other, "S0002")
    assert [each["id"] for each in asked_of(desk, "S0002")["allowCredentials"]] == [other.name]
    with pytest.raises(PasskeyRefusedError, match="not registered for the address"):
        confirm_by_passkey(desk.workspace, desk.invited("S0002"), SITE, NONCE, device.answer(asked_of(desk, "S0002")))


def test_who_registers_the_id_of_another_address_does_not_take_its_place(desk: Desk, device: Device) -> None:
    register_device(desk, device)
    thief = Device(SITE.host, SITE.origin, credential_id=device.credential_id)
    register_device(desk, thief, "S0002")
    with pytest.raises(PasskeyRefusedError, match="does not hold"):
        answered(desk, thief)
    assert answered(desk, device).method is IdentityMethod.PASSKEY


def test_where_no_passkey_is_registered_nothing_is_asked_of_a_device(desk: Desk) -> None:
    assert registered_passkeys(desk.workspace, desk.invited("S0001")) == ()
    with pytest.raises(PasskeyRefusedError, match="no passkey is registered"):
        asked_of(desk, "S0001")


def test_a_request_that_was_withdrawn_is_not_confirmed_and_the_count_stays(desk: Desk, device: Device) -> None:
    register_device(desk, device)
    invited, answer = desk.invited("S0003"), device.answer(asked_of(desk))
    withdraw(desk.workspace, desk.document_id, "S0003", reason="the name was misspelt")
    with pytest.raises(RequestRefusedError):
        confirm_by_passkey(desk.workspace, invited, SITE, NONCE, answer)
    assert counts(desk) == [0]
    assert methods(desk) == ["code_by_hand"]


def test_a_challenge_is_about_one_invitation_and_one_document(desk: Desk) -> None:
    one, other = desk.invited("S0001"), desk.invited("S0003")
    elsewhere = replace(one, document=replace(one.document, prepared=digest_of(b"another")))
    found = {challenge_for(each, NONCE) for each in (one, other, elsewhere)}
    assert len(found) == 3
    assert {challenge[:NONCE_BYTES] for challenge in found} == {NONCE}
    assert challenge_for(one, OTHER_NONCE)[NONCE_BYTES:] != challenge_for(one, NONCE)[NONCE_BYTES:]


def test_a_passkey_keeps_after_which_way_it_was_registered_and_for_which_address(desk: Desk) -> None:
    register_device(desk, Device(SITE.host, SITE.origin))
    code = attest(desk.workspace, desk.invited("S0001").invitation.invitation_id, note="showed an identity card")
    identity, invited = confirm(desk.workspace, desk.invited("S0001"), code), desk.invited("S0001")
    second = Device(SITE.host, SITE.origin)
    made = second.make(registration_options(desk.workspace, invited, SITE, NONCE))
    kept = register(desk.workspace, invited, identity, SITE, NONCE, made)
    assert kept.credential_id == second.name
    found = registered_passkeys(desk.workspace, invited)
    assert [each.registered_after for each in found] == [IdentityMethod.CODE_BY_HAND, IdentityMethod.ATTESTED_ON_SITE]
    assert {each.kept.address_digest for each in found} == {address_digest(desk.workspace, ADDRESSES["S0001"])}


def test_the_device_is_told_names_and_no_address(desk: Desk, device: Device) -> None:
    options = registration_options(desk.workspace, desk.invited("S0001"), SITE, NONCE)
    assert options["rp"] == {"id": SITE.host, "name": "เครือข่ายทดสอบ"}
    assert options["user"]["name"] == desk.request("S0001").slot.person.full_name
    assert "example.net" not in str(options)
    assert (options["attestation"], options["authenticatorSelection"]["userVerification"]) == ("none", "required")
    register_device(desk, device)
    again = registration_options(desk.workspace, desk.invited("S0001"), SITE, NONCE)
    assert [each["id"] for each in again["excludeCredentials"]] == [device.name]


def _refused_registration(desk: Desk, device: Device, *, nonce: bytes = NONCE, algorithm: int = -7) -> None:
    """Try to register and expect a refusal that leaves nothing."""
    invited, identity = desk.invited("S0001"), identify(desk)
    made = device.make(registration_options(desk.workspace, invited, SITE, nonce), algorithm=algorithm)
    with pytest.raises(PasskeyRefusedError, match="does not hold"):
        register(desk.workspace, invited, identity, SITE, NONCE, made)
    assert registered_passkeys(desk.workspace, invited) == ()


def test_a_passkey_made_for_another_challenge_is_not_kept(desk: Desk, device: Device) -> None:
    _refused_registration(desk, device, nonce=OTHER_NONCE)


def test_a_passkey_of_a_kind_that_was_not_asked_for_is_not_kept(desk: Desk, device: Device) -> None:
    _refused_registration(desk, device, algorithm=-36)


@pytest.mark.parametrize(
    "device",
    [
        pytest.param(Device(SITE.host, "https://mou.example.com"), id="another page"),
        pytest.param(Device("example.org", SITE.origin), id="another site"),
        pytest.param(Device(SITE.host, SITE.origin, verifies=False), id="user not verified"),
    ],
)
def test_a_passkey_made_elsewhere_or_without_its_user_is_not_kept(desk: Desk, device: Device) -> None:
    _refused_registration(desk, device)


def test_the_same_passkey_is_kept_once(desk: Desk, device: Device) -> None:
    register_device(desk, device)
    desk.clock.move(minutes=1)
    with pytest.raises(PasskeyRefusedError, match="registered already"):
        register_device(desk, device)
    assert counts(desk) == [0]


def test_no_more_than_ten_passkeys_are_kept_for_one_address(desk: Desk) -> None:
    invited, identity = desk.invited("S0001"), identify(desk)

    def register_another() -> None:
        made = Device(SITE.host, SITE.origin).make(registration_options(desk.workspace, invited, SITE, NONCE))
        register(desk.workspace, invited, identity, SITE, NONCE, made)

    for _ in range(MOST_PASSKEYS):
        register_another()
    with pytest.raises(PasskeyRefusedError, match="at most 10"):
        register_another()
    assert len(counts(desk)) == MOST_PASSKEYS


def test_who_was_known_by_a_passkey_registers_no_other(desk: Desk, device: Device) -> None:
    register_device(desk, device)
    identity, invited = answered(desk, device), desk.invited("S0003")
    assert not may_register(invited, identity)
    made = Device(SITE.host, SITE.origin).make(registration_options(desk.workspace, invited, SITE, NONCE))
    with pytest.raises(PasskeyRefusedError, match="after a one-time code"):
        register(desk.workspace, invited, identity, SITE, NONCE, made)
    assert len(counts(desk)) == 1


def test_without_an_address_there_is_nothing_that_a_passkey_could_stand_for(desk: Desk) -> None:
    desk.ask("S0004")
    invited = desk.invited("S0004")
    code = attest(desk.workspace, invited.invitation.invitation_id, note="showed an identity card")
    identity = confirm(desk.workspace, invited, code)
    assert not may_register(invited, identity)
    assert registered_passkeys(desk.workspace, invited) == ()
    with pytest.raises(PasskeyRefusedError, match="registered address"):
        registration_options(desk.workspace, invited, SITE, NONCE)


def test_a_link_that_was_taken_back_registers_nothing(desk: Desk, device: Device) -> None:
    identity = identify(desk)
    made = device.make(registration_options(desk.workspace, desk.invited("S0001"), SITE, NONCE))
    invitation = replace(desk.invited("S0001").invitation, revoked_at=desk.clock())
    taken_back = replace(desk.invited("S0001"), invitation=invitation)
    with pytest.raises(PasskeyRefusedError, match="after a one-time code"):
        register(desk.workspace, taken_back, identity, SITE, NONCE, made)
    assert counts(desk) == []
