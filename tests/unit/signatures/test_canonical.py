import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatures.canonical import JsonValue, canonical_bytes
from signatures.errors import EntryError

LARGEST = 2**53 - 1
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}, None),
        ('a"\\\b\t\n\f\r\u0001\u007f/', '"a\\"\\\\\\b\\t\\n\\f\\r\\u0001\u007f/"'),
        ("กำ", '"กำ"'),
        (LARGEST, "9007199254740991"),
        (-LARGEST, "-9007199254740991"),
        ((1, (2, 3)), "[1,[2,3]]"),
        ({}, "{}"),
    ],
    ids=["keys in order", "keys by UTF-16", "escapes", "Thai stays", "largest", "smallest", "tuples", "empty"],
)
def test_a_value_has_the_bytes_of_rfc_8785(value: JsonValue, expected: str | None) -> None:
    # RFC 8785, 3.2.3: names are sorted by UTF-16 code units, so the emoji stands before U+FB33.
    by_utf16 = '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'
    assert canonical_bytes(value) == (by_utf16 if expected is None else expected).encode()


@given(VALUES)
@settings(deadline=None)
def test_the_bytes_read_back_as_the_value_and_give_themselves_again(value: JsonValue) -> None:
    written = canonical_bytes(value)
    assert json.loads(written) == value
    assert canonical_bytes(json.loads(written)) == written


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-9, 9), min_size=2))
@settings(deadline=None)
def test_the_order_of_insertion_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_bytes(dict(reversed(value.items()))) == canonical_bytes(value)


def test_two_spellings_of_one_word_are_two_values() -> None:
    assert canonical_bytes("น้ำ") != canonical_bytes("น\u0e49\u0e4d\u0e32")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [1, 0.5]}, "$.a[1]"),
        ({"a": {"b": 2**53}}, "$.a.b"),
        ([-(2**53)], "$[0]"),
        ({"a": b"bytes"}, "$.a"),
        ({1: "a"}, "$"),
        ({"a": float("nan")}, "$.a"),
        ({"a": {1, 2}}, "$.a"),
        ("\ud800", "canonical form"),
        ({"\udc00": 1}, "canonical form"),
    ],
    ids=["float", "2^53", "-2^53", "bytes", "integer key", "not a number", "set", "lone surrogate", "surrogate in a key"],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: JsonValue, place: str) -> None:
    with pytest.raises(EntryError) as refused:
        canonical_bytes(value)
    assert place in str(refused.value)
