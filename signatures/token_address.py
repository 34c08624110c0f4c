"""The address of a key on a token, card or hardware module: `pkcs11:token=...;object=...?module-path=...` (RFC 7512).

A PIN has no place in it, though the standard knows one: addresses stand in shell histories and process lists.
"""

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from signatures.errors import KeyUnavailableError

_EXAMPLE = "pkcs11:token=TOKEN;object=LABEL?module-path=/usr/lib/.../library.so"
_TEXTS = ("token", "serial", "manufacturer", "model", "object")
_KNOWN = (*_TEXTS, "id", "slot-id", "type", "module-path")
_KINDS = {"cert", "private"}  # what other programs print for a certificate and its key
_LONGEST_NUMBER = 20  # digits of 64 bits
_SEPARATORS = "%;?&"
_PIN_ATTRIBUTES = {"pin-value", "pin-source"}


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Where a key lies; whatever is None may be anything. `module` is the path of the token's PKCS#11 library."""

    module: str
    token: str | None = None
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    slot_id: int | None = None
    object: str | None = None
    id: bytes | None = None

    @property
    def place(self) -> str:
        """What a message calls the token."""
        return self.token or self.serial or self.module


def read_address(uri: str) -> TokenAddress:
    """Return what a `pkcs11:` address says.

    Raises:
        KeyUnavailableError: it is none, names something that is not known, or holds a PIN; the PIN is not repeated.
    """
    scheme, _, rest = uri.partition(":")
    if scheme.lower() != "pkcs11":
        raise KeyUnavailableError("an address of a token is expected, such as {example}", example=_EXAMPLE)
    path, _, query = rest.partition("?")
    given: dict[str, bytes] = {}
    for part in [*filter(None, path.split(";")), *filter(None, query.split("&"))]:
        name, sign, value = part.partition("=")
        if not sign:  # not repeated: it may be what follows a separator in a PIN
            raise KeyUnavailableError("each part of a token's address is NAME=VALUE, such as {example}", example=_EXAMPLE)
        if name in given:
            raise KeyUnavailableError("the token's address says {name} twice; leave one of them out", name=name)
        given[name] = unquote_to_bytes(value.encode(errors="surrogateescape"))  # as the command line gave it
    return _address_of(given)


def _address_of(given: dict[str, bytes]) -> TokenAddress:
    if _PIN_ATTRIBUTES & given.keys():
        raise KeyUnavailableError(
            "a PIN does not belong in a token's address, where other programs can read it; leave it out, you will be asked for it"
        )
    if unknown := given.keys() - set(_KNOWN):
        raise KeyUnavailableError(
            "the token's address says {unknown}, which is not known here; known are {known}",
            unknown=", ".join(sorted(unknown)),
            known=", ".join(_KNOWN),
        )
    texts = {name: _text(name, given[name]) for name in (*_TEXTS, "slot-id", "type", "module-path") if name in given}
    if not texts.get("module-path"):
        raise KeyUnavailableError(
            "the token's address names no library; add the path of its PKCS#11 library, such as {example}", example=_EXAMPLE
        )
    if (kind := texts.get("type", "cert")) not in _KINDS:
        raise KeyUnavailableError("the token's address: type is cert or private, got {kind}", kind=kind)
    slot = texts.get("slot-id")
    if slot is not None and not (slot.isascii() and slot.isdigit() and len(slot) <= _LONGEST_NUMBER):
        raise KeyUnavailableError("the token's address: slot-id is a number, got {slot}", slot=slot)
    return TokenAddress(
        module=texts["module-path"],
        slot_id=None if slot is None else int(slot),
        id=given.get("id"),
        **{name: texts[name] for name in _TEXTS if name in texts},
    )


def _text(name: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise KeyUnavailableError("the token's address: {name} is text in UTF-8, got other bytes", name=name) from error


def percent(value: bytes) -> str:
    """Return an id as an address holds it."""
    return "".join(f"%{byte:02x}" for byte in value)


def written(text: str) -> str:
    """Return a text as an address holds it and a person can read it."""
    return "".join(letter if letter.isprintable() and letter not in _SEPARATORS else percent(letter.encode()) for letter in text)
