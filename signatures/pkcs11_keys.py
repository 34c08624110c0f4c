"""Keys on tokens, cards and hardware modules (PKCS#11): the key makes the signature where it lies.

1. A `TokenAddress` says where.
2. Exactly one token and one certificate must fit; a choice among several is the person's, and the message shows it.
3. The private key is the one with the certificate's id, as PKCS#11 pairs them, else the one with its label.
4. The PIN is asked for only when the token was found and will take one. Each wrong one counts, so none is tried twice.
5. One session per token: a second login of one process is refused by the token itself.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from signatures.errors import KeyUnavailableError
from signatures.excerpts import one_line
from signatures.keys_elsewhere import chain_of, checked_value, read_certificate
from signatures.messages import Message, say
from signatures.signers import Signer, can_be_typed
from signatures.token_address import TokenAddress, percent, written

if TYPE_CHECKING:
    from pkcs11 import Certificate, PKCS11Error, Session, SignMixin, Token

AskPin: TypeAlias = Callable[[], str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A certificate object of a token."""

    id: bytes
    label: str
    content: bytes

    def __str__(self) -> str:
        """The parts of an address that name it."""
        return f"object={written(self.label)};id={percent(self.id)}"


@contextmanager
def open_token(address: TokenAddress, ask_pin: AskPin) -> Iterator[Signer]:
    """Give the signer of a key on a token, logged in while the block runs.

    `ask_pin` is called once, and not at all where the reader has keys of its own for the PIN.

    Raises:
        KeyUnavailableError: no support, no library, no such token, certificate or key, more than one, a PIN that is wrong or
            locked. What fails later, while the key signs, is one too.
    """
    token = _find_token(address)
    from pkcs11 import PKCS11Error

    pin = _pin_for(token, address, ask_pin)
    session = _log_in(token, address, pin)
    try:
        yield _signer_in(session, token, address, pin if isinstance(pin, str) else None)
    finally:
        with suppress(PKCS11Error):  # a token that was taken out has no session any more
            session.close()


def _find_token(address: TokenAddress) -> "Token":
    """Return the one token that fits the address."""
    try:
        import pkcs11
    except ImportError as error:
        raise KeyUnavailableError(
            "keys on tokens need a package that is not installed here; install it with: pip install 'mou[pkcs11]'"
        ) from error
    try:
        tokens = list(_tokens_of(pkcs11.lib(address.module)))
    except (pkcs11.PKCS11Error, ValueError) as error:
        raise KeyUnavailableError(
            "{module} cannot be used as a token's PKCS#11 library: {cause}",
            module=address.module,
            cause=one_line(error) or type(error).__name__,
        ) from error
    fitting = [token for token in tokens if _fits(token, address)]
    if not fitting:
        raise KeyUnavailableError(
            "{place}: no such token is there; plug it in, or correct the address. There are: {tokens}",
            place=address.place,
            tokens=_names_of(tokens),
        )
    if len(fitting) > 1:
        raise KeyUnavailableError(
            "{place}: {count} tokens fit the address; add the serial number of one of them: {tokens}",
            place=address.place,
            count=len(fitting),
            tokens=_names_of(fitting),
        )
    return fitting[0]


def _tokens_of(library: Any) -> Iterator["Token"]:  # noqa: ANN401  # the library's class is made in C
    import pkcs11

    for slot in library.get_slots(token_present=True):
        try:
            token = slot.get_token()
        except (pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised):
            continue
        if token.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED:
            yield token


def _fits(token: "Token", address: TokenAddress) -> bool:
    asked_and_found = (
        (address.token, token.label),
        (address.serial, _serial(token)),
        (address.manufacturer, token.manufacturer_id),
        (address.model, token.model),
        (address.slot_id, token.slot.slot_id),
    )
    return all(asked in {None, found} for asked, found in asked_and_found)


def _serial(token: "Token") -> str:
    return token.serial.decode(errors="replace")


def _names_of(tokens: list["Token"]) -> Message | str:
    return "; ".join(f"token={written(token.label)};serial={written(_serial(token))}" for token in tokens) or say("none")


def _pin_for(token: "Token", address: TokenAddress, ask_pin: AskPin) -> object:
    """Return the PIN, or what tells the library that the reader asks for it itself."""
    from pkcs11 import PROTECTED_AUTH, TokenFlag

    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise _locked(address)
    if token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH:
        return PROTECTED_AUTH
    pin = ask_pin()
    if not pin or not can_be_typed(pin):
        raise KeyUnavailableError("{place}: a PIN is expected, got none that can be typed", place=address.place)
    return pin


def _log_in(token: "Token", address: TokenAddress, pin: object) -> "Session":
    from pkcs11 import PKCS11Error

    try:
        return token.open(user_pin=pin)
    except PKCS11Error as error:
        raise _failure(error, address) from error


def _failure(error: "PKCS11Error", address: TokenAddress) -> KeyUnavailableError:
    """Return what a token's refusal means to a person."""
    match type(error).__name__:
        case "PinIncorrect" | "PinInvalid" | "PinLenRange":
            return KeyUnavailableError(
                "{place}: wrong PIN; a token locks itself after a few wrong ones, so look it up before the next try",
                place=address.place,
            )
        case "PinLocked":
            return _locked(address)
        case "PinExpired" | "UserPinNotInitialized":
            return KeyUnavailableError(
                "{place}: its PIN has to be set anew before it can sign; use the token's own program", place=address.place
            )
        case "UserAlreadyLoggedIn" | "AnotherUserAlreadyLoggedIn" | "SessionCount":
            return KeyUnavailableError(
                "{place}: the token is in use already; close what uses it and try again", place=address.place
            )
        case "DeviceRemoved" | "TokenNotPresent" | "SessionHandleInvalid" | "SessionClosed":
            return KeyUnavailableError("{place}: the token was taken out; plug it in and try again", place=address.place)
    return KeyUnavailableError(
        "{place}: the token refused: {cause}", place=address.place, cause=f"{type(error).__name__} {one_line(error)}".strip()
    )


def _locked(address: TokenAddress) -> KeyUnavailableError:
    return KeyUnavailableError(
        "{place}: the PIN is locked after too many wrong ones; unlock it with the token's own program", place=address.place
    )


def _signer_in(session: "Session", token: "Token", address: TokenAddress, pin: str | None) -> Signer:
    """Return the signer of the certificate that the address names, with the other certificates of the token that lead on."""
    from pkcs11 import Attribute, Mechanism, PKCS11Error

    try:
        entries = sorted(_certificates_in(session), key=str)
        entry, key = _pair_in(session, entries, address)
        certificate = read_certificate(entry.content, source=address.place)
        is_elliptic = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
        return Signer(
            certificate,
            chain_of(certificate, [each.content for each in entries]),
            _TokenKey(
                key,
                certificate,
                address,
                # Not every token hashes for ECDSA, and not every one lets RSA sign what it has not hashed itself.
                hashes_here=is_elliptic or Mechanism.SHA256_RSA_PKCS not in token.slot.get_mechanisms(),
                pin=pin if _attribute(key, Attribute.ALWAYS_AUTHENTICATE) else None,
            ),
        )
    except PKCS11Error as error:
        raise _failure(error, address) from error


def _certificates_in(session: "Session") -> Iterator[_Entry]:
    from pkcs11 import Attribute, ObjectClass

    found: list[Certificate] = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))  # type: ignore[arg-type]
    for one in found:
        if content := _attribute(one, Attribute.VALUE):
            yield _Entry(_attribute(one, Attribute.ID) or b"", _attribute(one, Attribute.LABEL) or "", bytes(content))


def _attribute(one: Any, attribute: object) -> Any:  # noqa: ANN401  # objects and values are of many kinds
    """Return an attribute, or None where the object has none of that kind."""
    from pkcs11 import AttributeSensitive, AttributeTypeInvalid

    try:
        return one[attribute]
    except (AttributeTypeInvalid, AttributeSensitive):
        return None


def _pair_in(session: "Session", entries: list[_Entry], address: TokenAddress) -> tuple[_Entry, "SignMixin"]:
    """Return the one certificate that fits the address, with its private key."""
    fitting = [each for each in entries if address.object in {None, each.label} and address.id in {None, each.id}]
    pairs = [(each, keys) for each in fitting if (keys := _keys_of(session, each))]
    if not pairs:
        if fitting:
            raise KeyUnavailableError(
                "{place}: there is a certificate {found}, but no private key that belongs to it and may sign",
                place=address.place,
                found="; ".join(map(str, fitting)),
            )
        raise KeyUnavailableError(
            "{place}: no certificate on the token fits {asked}; it has: {found}",
            place=address.place,
            asked=_asked_object(address),
            found="; ".join(map(str, entries)) or say("none"),
        )
    if len(pairs) > 1:
        raise KeyUnavailableError(
            "{place}: {count} certificates with a key fit the address; add object and id of one of them: {found}",
            place=address.place,
            count=len(pairs),
            found="; ".join(str(entry) for entry, _ in pairs),
        )
    entry, keys = pairs[0]
    if len(keys) > 1:
        raise KeyUnavailableError(
            "{place}: {count} private keys belong to the certificate {found}; give each its own id with the token's own program",
            place=address.place,
            count=len(keys),
            found=str(entry),
        )
    return entry, keys[0]


def _keys_of(session: "Session", entry: _Entry) -> list["SignMixin"]:
    from pkcs11 import Attribute, ObjectClass

    wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True}
    wanted |= {Attribute.ID: entry.id} if entry.id else {Attribute.LABEL: entry.label}
    return list(session.get_objects(wanted))  # type: ignore[arg-type]


def _asked_object(address: TokenAddress) -> Message | str:
    named = [] if address.object is None else [f"object={written(address.object)}"]
    named += [] if address.id is None else [f"id={percent(address.id)}"]
    return ";".join(named) or say("an address that names none")


@dataclass(frozen=True, slots=True)
class _TokenKey:
    """A private key on a token, in an open session. `pin` is there only for a key that asks for it at each signature."""

    key: "SignMixin"
    certificate: x509.Certificate
    address: TokenAddress
    hashes_here: bool
    pin: str | None = field(repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)  # a session does one thing at a time

    async def sign(self, content: bytes, digest_algorithm: str) -> bytes:
        """Return the signature value; the event loop waits for the token, as whoever holds it does."""
        from pkcs11 import PKCS11Error

        try:
            value = self._value_over(content, digest_algorithm)
        except PKCS11Error as error:
            raise _failure(error, self.address) from error
        digest = hashlib.new(digest_algorithm, content).digest()
        return checked_value(self.certificate, value, digest, digest_algorithm, source=self.address.place)

    def _value_over(self, content: bytes, digest_algorithm: str) -> bytes:
        from asn1crypto.algos import SignedDigestAlgorithm
        from pyhanko.sign.pkcs11 import select_pkcs11_signing_params

        kind = "ecdsa" if isinstance(self.certificate.public_key(), ec.EllipticCurvePublicKey) else "rsa"
        operation = select_pkcs11_signing_params(
            SignedDigestAlgorithm({"algorithm": f"{digest_algorithm}_{kind}"}),
            digest_algorithm,
            use_raw_mechanism=self.hashes_here,
            sign_kwargs={} if self.pin is None else {"pin": self.pin},
        )
        given = content if operation.pre_sign_transform is None else operation.pre_sign_transform(content)
        with self.lock:
            value = self.key.sign(given, **operation.sign_kwargs)
        return value if operation.post_sign_transform is None else operation.post_sign_transform(value)
