"""Keys on software tokens of SoftHSM: which one an address means, what it signs, and what each refusal tells."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from signatures.authority import Authority, Subject, new_private_key
from signatures.errors import KeyUnavailableError, SignaturesError, SigningError
from signatures.pkcs11_keys import _failure, _pin_for, _TokenKey, open_token
from signatures.signers import PrivateKey, Signer
from signatures.signing import SigningOrder, sign
from signatures.token_address import TokenAddress, percent, read_address, written
from signatures.trust import TrustAnchors
from signatures.validation import validate_signatures
from tests.softhsm import IS_MISSING, MODULE, PIN, WHY, SoftHsm, new_softhsm, token_certificate, token_key

if TYPE_CHECKING:
    from tests.unit.signatures.conftest import SelfSigned

needs_softhsm = pytest.mark.skipif(IS_MISSING, reason=WHY)
DAY = timedelta(days=1)
CARD = "บัตร ก้อง"


@pytest.fixture(scope="module")
def tokens(
    network: Authority, rsa_key: rsa.RSAPrivateKey, self_signed: "SelfSigned", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SoftHsm]:
    """A card with keys of every kind and fault, an empty one, and two of one name; this process sees them."""
    hsm = new_softhsm(tmp_path_factory.mktemp("softhsm"))
    root, objects = network.certificate, [token_certificate("root", 0x70, network.certificate)]

    def add(number: int, label: str, key: PrivateKey, *, certified: PrivateKey | None = None, **ways: bool) -> None:
        public = (certified or key).public_key()
        first, last = root.not_valid_before_utc, root.not_valid_after_utc
        issued = network.issue(Subject(label), public, not_before=first, not_after=last)
        objects.extend([token_certificate(label, number, issued), token_key(label, number, key, **ways)])

    add(0x01, "rsa", rsa_key)
    add(0x02, "p256", new_private_key())
    add(0x03, "p384", ec.generate_private_key(ec.SECP384R1()))
    add(0x04, "twin", new_private_key())
    add(0x05, "twin", new_private_key())
    add(0x06, "mismatch", new_private_key(), certified=new_private_key())
    add(0x07, "not-for-signing", new_private_key(), signs=False)
    add(0x08, "careful", rsa_key, asks_each_time=True)
    add(0x09, "doubled", doubled := new_private_key())
    objects.append(token_key("doubled", 0x09, doubled))
    objects.append(token_certificate("weak", 0x0A, self_signed(ec.generate_private_key(ec.SECP521R1()))))
    objects.append(token_key("weak", 0x0A, new_private_key()))
    hsm.add_token(CARD)
    hsm.put(CARD, *objects)
    hsm.add_token("empty")
    hsm.add_token("pair")
    hsm.add_token("pair")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", hsm.settings)
        yield hsm
    import pkcs11

    pkcs11.unload(str(MODULE))  # so that another module's tokens are found


def at(label: str | None = None, **others: Any) -> TokenAddress:  # noqa: ANN401  # an address's own fields
    return replace(TokenAddress(str(MODULE), token=CARD, object=label), **others)


class Asked:
    """Somebody who types a PIN, and knows how often."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return self.typed


def pin() -> str:
    return PIN


def never_asked() -> str:
    raise AssertionError("the PIN was asked for")


def refusal(address: TokenAddress, ask: Callable[[], str] = pin) -> str:
    with pytest.raises(KeyUnavailableError) as refused, open_token(address, ask):
        pytest.fail("the token opened")
    message = str(refused.value)
    assert PIN not in message
    return message


@needs_softhsm
@pytest.mark.parametrize("label", ["rsa", "p256", "p384", "careful"])
@pytest.mark.usefixtures("tokens")
def test_a_key_on_a_token_signs_documents(certified: bytes, network: Authority, now: datetime, label: str) -> None:
    with open_token(at(label), pin) as signer:
        first = sign(certified, SigningOrder("S0001", "ภาคี", label, now), signer)
        second = sign(first, SigningOrder("S0002", "พยาน", label, now), signer)
    assert (signer.common_name, signer.chain) == (label, (network.certificate,))
    lists = (network.revocation_list(at=now - DAY, next_update=now + DAY, number=1),)
    checks = validate_signatures(second, TrustAnchors((network.certificate,), lists), at=now)
    assert [check.verdict for check in checks] == ["passed"] * 3


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_the_pin_is_asked_for_once_and_the_token_is_free_afterwards() -> None:
    asked = Asked(PIN)
    for _ in range(2):
        with open_token(at("p256"), asked) as signer:
            values = [asyncio.run(value_of(signer, b"one")), asyncio.run(value_of(signer, b"two"))]
        assert values[0] != values[1]
    assert asked.times == 2


async def value_of(signer: Signer, content: bytes) -> bytes:
    key = signer.private_key
    assert not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey))
    return await key.sign(content, "sha256")


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_a_token_that_is_open_cannot_be_opened_twice_and_is_free_after_a_failure() -> None:
    with open_token(at("p256"), pin):
        assert "in use already" in refusal(at("rsa"))
    with pytest.raises(ZeroDivisionError), open_token(at("p256"), pin):
        _ = 1 // 0
    with open_token(at("p256"), pin) as signer:
        assert signer.common_name == "p256"


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_a_key_that_asks_each_time_gets_the_pin_and_no_other_key_keeps_it() -> None:
    with open_token(at("p256"), pin) as signer:
        assert isinstance(signer.private_key, _TokenKey)
        assert signer.private_key.pin is None
    with open_token(at("careful"), pin) as signer:
        assert isinstance(signer.private_key, _TokenKey)
        forgetful = replace(signer, private_key=replace(signer.private_key, pin=None))
        with pytest.raises(KeyUnavailableError, match="UserNotLoggedIn"):
            asyncio.run(value_of(forgetful, b"one"))


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_nothing_secret_shows_in_the_signer() -> None:
    with open_token(at("careful"), pin) as signer:
        assert PIN not in repr(signer) + repr(signer.private_key)


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_an_id_picks_one_of_two_objects_of_one_label() -> None:
    message = refusal(at("twin"))
    assert all(part in message for part in (CARD, "2 certificates", "object=twin;id=%04; object=twin;id=%05"))
    with open_token(at("twin", id=b"\x04"), pin) as first:
        pass
    with open_token(at("twin", id=b"\x05"), pin) as second:
        pass
    assert first.certificate != second.certificate


# what is asked for: (the address, what the refusal tells)
NOT_FOUND: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "no-such-label": ({"object": "nobody"}, ("no certificate on the token fits object=nobody", "object=rsa;id=%01")),
    "no-such-id": ({"id": b"\xff"}, ("fits id=%ff",)),
    "label-and-id-of-two": ({"object": "rsa", "id": b"\x02"}, ("fits object=rsa;id=%02",)),
    "a-choice-of-all": ({}, ("certificates with a key fit", "object=p384;id=%03")),
    "an-authority-without-its-key": ({"object": "root"}, ("object=root;id=%70", "no private key")),
    "a-key-that-may-not-sign": ({"object": "not-for-signing"}, ("no private key that belongs to it and may sign",)),
    "two-keys-of-one-certificate": ({"object": "doubled"}, ("2 private keys belong", "object=doubled;id=%09")),
    "a-kind-that-may-not-sign": ({"object": "weak"}, ("P-384 key is expected, got another kind",)),
    "an-empty-token": ({"token": "empty"}, ("fits an address that names none; it has: none",)),
}


@needs_softhsm
@pytest.mark.parametrize("case", NOT_FOUND)
@pytest.mark.usefixtures("tokens")
def test_what_is_not_exactly_one_key_with_its_certificate_is_refused(case: str) -> None:
    asked, told = NOT_FOUND[case]
    message = refusal(at(**asked))
    assert all(words in message for words in told), message


# what is asked for: (the address, what the refusal tells)
NO_TOKEN: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "no-such-name": ({"token": "nowhere"}, ("nowhere: no such token is there", f"token={CARD};serial=")),
    "no-such-serial": ({"serial": "0"}, (f"{CARD}: no such token",)),
    "no-such-slot": ({"slot_id": 18_446_744_073_709_551_616}, ("no such token",)),
    "another-maker": ({"manufacturer": "ACME"}, ("no such token",)),
    "two-of-one-name": ({"token": "pair"}, ("2 tokens fit", "token=pair;serial=")),
    "a-library-that-is-not-there": ({"module": "/nowhere/library.so"}, ("/nowhere/library.so", "cannot be used")),
    "a-file-that-is-no-library": ({"module": __file__}, (__file__, "cannot be used")),
    "a-path-that-no-file-has": ({"module": "a\0b"}, ("cannot be used",)),
}


@needs_softhsm
@pytest.mark.parametrize("case", NO_TOKEN)
@pytest.mark.usefixtures("tokens")
def test_a_token_that_is_not_found_is_told_before_the_pin_is_asked(case: str) -> None:
    asked, told = NO_TOKEN[case]
    message = refusal(at("p256", **asked), never_asked)
    assert all(words in message for words in told), message


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_serial_and_slot_tell_tokens_of_one_name_apart() -> None:
    message = refusal(at(token="pair"), never_asked)
    serials = [part.partition("serial=")[2].partition(";")[0] for part in message.split("token=pair;")[1:]]
    assert len({*serials}) == 2
    assert all("it has: none" in refusal(at(token="pair", serial=serial)) for serial in serials)


@needs_softhsm
@pytest.mark.parametrize("wrong", ["0000", "pin-2468" * 50, "๐๐๐๐"])
@pytest.mark.usefixtures("tokens")
def test_a_wrong_pin_is_told_and_tried_once(wrong: str) -> None:
    asked = Asked(wrong)
    message = refusal(at("p256"), asked)
    assert "wrong PIN" in message
    assert wrong not in message
    assert asked.times == 1


@needs_softhsm
@pytest.mark.parametrize("wrong", ["", "12\x0034", "\udc80"], ids=["empty", "a-zero", "no-text"])
@pytest.mark.usefixtures("tokens")
def test_a_pin_that_nobody_can_have_costs_no_try(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signatures.pkcs11_keys._log_in", never_asked)
    assert "a PIN is expected" in refusal(at("p256"), lambda: wrong)


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_a_value_of_another_key_than_the_certificates_is_not_taken(certified: bytes, now: datetime) -> None:
    order = SigningOrder("S0001", "ภาคี", "ก้อง", now)
    with open_token(at("mismatch"), pin) as signer, pytest.raises(SigningError, match="may not belong together"):
        sign(certified, order, signer)


@needs_softhsm
@pytest.mark.usefixtures("tokens")
def test_a_token_that_goes_away_while_it_signs_is_told(certified: bytes, now: datetime) -> None:
    order = SigningOrder("S0001", "ภาคี", "ก้อง", now)
    with open_token(at("p256"), pin) as signer:
        assert isinstance(signer.private_key, _TokenKey)
        signer.private_key.key.session.close()  # as a card that was pulled
        with pytest.raises(KeyUnavailableError, match=CARD):
            sign(certified, order, signer)


def test_without_the_package_for_tokens_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(KeyUnavailableError, match=r"pip install 'mou\[pkcs11\]'"), open_token(at("x"), never_asked):
        pytest.fail("the token opened")


class _Reader:
    """A token of which only the flags matter."""

    def __init__(self, flags: object) -> None:
        self.flags = flags


def test_a_locked_pin_is_told_before_it_is_asked_for() -> None:
    flags = pytest.importorskip("pkcs11").TokenFlag
    with pytest.raises(KeyUnavailableError, match="locked"):
        _pin_for(_Reader(flags.USER_PIN_LOCKED), at(), never_asked)  # type: ignore[arg-type]


def test_a_reader_with_its_own_keys_asks_for_the_pin_itself() -> None:
    pkcs11 = pytest.importorskip("pkcs11")
    reader = _Reader(pkcs11.TokenFlag.PROTECTED_AUTHENTICATION_PATH)
    assert _pin_for(reader, at(), never_asked) is pkcs11.PROTECTED_AUTH  # type: ignore[arg-type]


FAILURES = {
    "PinIncorrect": "wrong PIN",
    "PinLocked": "locked",
    "PinExpired": "set anew",
    "UserAlreadyLoggedIn": "in use already",
    "DeviceRemoved": "taken out",
    "DeviceError": "refused: DeviceError",
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_refusal_of_a_token_says_what_to_do(name: str) -> None:
    error = getattr(pytest.importorskip("pkcs11"), name)()
    assert FAILURES[name] in str(_failure(error, at()))


def test_an_address_is_read_with_all_its_parts() -> None:
    uri = "pkcs11:token=My%20Card;serial=0a;manufacturer=M;model=N;slot-id=7;object=ก้อง;id=%01%ff;type=private?module-path=/l.so"
    assert read_address(uri) == TokenAddress("/l.so", "My Card", "0a", "M", "N", 7, "ก้อง", b"\x01\xff")
    assert read_address("PKCS11:?module-path=/l.so") == TokenAddress("/l.so")


@given(st.text(min_size=1), st.binary(min_size=1))
def test_what_a_message_writes_is_an_address_again(label: str, number: bytes) -> None:
    try:
        label.encode()
    except UnicodeEncodeError:
        return
    uri = f"pkcs11:object={written(label)};id={percent(number)}?module-path=/l.so"
    assert read_address(uri) == TokenAddress("/l.so", object=label, id=number)
    assert written(label).isprintable()


# what is wrong: (the address, what the refusal tells)
BAD_ADDRESSES = {
    "another-scheme": ("https://token", "an address of a token is expected"),
    "nothing": ("", "an address of a token is expected"),
    "no-library": ("pkcs11:token=x", "names no library"),
    "an-empty-library": ("pkcs11:token=x?module-path=", "names no library"),
    "a-pin": ("pkcs11:token=x?module-path=/l.so&pin-value=s3cret", "a PIN does not belong"),
    "a-pin-in-the-path": ("pkcs11:token=x;pin-value=s3cret?module-path=/l.so", "a PIN does not belong"),
    "a-pin-in-a-file": ("pkcs11:token=x?module-path=/l.so&pin-source=file:/s3cret", "a PIN does not belong"),
    "a-pin-with-a-separator": ("pkcs11:token=x?module-path=/l.so&pin-value=a&s3cret", "NAME=VALUE"),
    "a-misspelt-part": ("pkcs11:tokn=s3cret?module-path=/l.so", "says tokn, which is not known"),
    "a-part-twice": ("pkcs11:token=x;token=s3cret?module-path=/l.so", "says token twice"),
    "no-value": ("pkcs11:s3cret?module-path=/l.so", "NAME=VALUE"),
    "another-kind": ("pkcs11:type=public?module-path=/l.so", "cert or private, got public"),
    "a-slot-that-is-no-number": ("pkcs11:slot-id=one?module-path=/l.so", "slot-id is a number, got one"),
    "a-slot-that-is-too-long": (f"pkcs11:slot-id={'9' * 5000}?module-path=/l.so", "slot-id is a number"),
    "no-text": ("pkcs11:token=%ff?module-path=/l.so", "token is text in UTF-8"),
    "no-text-on-the-command-line": ("pkcs11:token=\udcff?module-path=/l.so", "token is text in UTF-8"),
}


@pytest.mark.parametrize("case", BAD_ADDRESSES)
def test_an_address_that_cannot_be_used_is_refused_and_no_pin_is_repeated(case: str) -> None:
    uri, told = BAD_ADDRESSES[case]
    with pytest.raises(SignaturesError) as refused:
        read_address(uri)
    assert told in str(refused.value)
    assert "s3cret" not in str(refused.value)
