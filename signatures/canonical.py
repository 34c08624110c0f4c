"""One value, one byte string: the JSON Canonicalization Scheme (RFC 8785), narrowed to what a ledger may hold."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import rfc8785

from signatures.errors import EntryError

JsonValue: TypeAlias = bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None

_LARGEST_SAFE_INTEGER = 2**53 - 1


def canonical_bytes(value: JsonValue) -> bytes:
    """Return the RFC 8785 bytes of the value.

    Floats and integers beyond 2^53 - 1 are refused, since readers disagree about them. Text is kept as it is: two
    spellings of one Thai word are two values.

    Raises:
        EntryError: the value holds something that has no canonical form here; the message gives its place.
    """
    _require_narrow(value, "$")
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise EntryError("the value has no canonical form (RFC 8785): {cause}", cause=error) from error


def _require_narrow(value: object, place: str) -> None:
    if value is None or isinstance(value, (bool, str)):
        return
    if isinstance(value, int):
        if abs(value) > _LARGEST_SAFE_INTEGER:
            raise EntryError("{place}: an integer of at most 2^53 - 1 is expected, got {value}", place=place, value=value)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            if not isinstance(key, str):
                raise EntryError("{place}: text is expected as a key, got {kind}", place=place, kind=type(key).__name__)
            _require_narrow(member, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, member in enumerate(value):
            _require_narrow(member, f"{place}[{index}]")
    else:
        raise EntryError(
            "{place}: null, a truth value, an integer, text, a list or a mapping is expected, got {kind}",
            place=place,
            kind=type(value).__name__,
        )
