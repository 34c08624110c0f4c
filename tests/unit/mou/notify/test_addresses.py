"""Mail addresses: what is one, how it travels, and how much of it is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mou.notify.addresses import ascii_address, is_address, mask_address, mask_addresses_in

ADDRESSES = {
    "plain": "kamon@example.org",
    "with a tag": "kamon.jaidee+mou@mail.example.co.th",
    "Thai domain": "office@ตัวอย่าง.ไทย",
    "Thai domain with sara am": "office@จำกัด.ไทย",
    "already encoded": "office@xn--72c4cbbe8j2a.xn--o3cw4h",
    "longest local part": "a" * 64 + "@example.org",
    "one letter": "k@example.org",
}
NO_ADDRESSES = {
    "empty": "",
    "no at": "example.org",
    "no local part": "@example.org",
    "no domain": "kamon@",
    "domain without a dot": "root@localhost",
    "two at": "kamon@home@example.org",
    "space": "kamon jaidee@example.org",
    "space around": " kamon@example.org",
    "line break at the end": "kamon@example.org\n",
    "line break inside": "kamon@example.org\nBcc: all@example.org",
    "carriage return": "kamon@example.org\r",
    "angle brackets": "Kamon <kamon@example.org>",
    "two addresses": "a@example.org,b@example.org",
    "quoted local part": '"kamon jaidee"@example.org',
    "dot at the beginning": ".kamon@example.org",
    "two dots": "kamon..jaidee@example.org",
    "dot at the end of the domain": "kamon@example.org.",
    "number as a domain": "kamon@[192.0.2.1]",
    "digits as the last label": "kamon@192.0.2.1",
    "hyphen at the edge": "kamon@-example.org",
    "underscore in the domain": "kamon@exa_mple.org",
    "Thai local part": "กมล@example.org",
    "local part too long": "a" * 65 + "@example.org",
    "address too long": "a@" + ".".join(["b" * 60] * 5) + ".org",
    "label too long": "a@" + "b" * 64 + ".org",
    "Thai label too long": "a@" + "ก" * 80 + ".ไทย",
    "control character": "kamon\x00@example.org",
    "line separator": "kamon@example.org\u2028",
}


@pytest.mark.parametrize("text", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_is_known_for_one(text: str) -> None:
    assert is_address(text)
    assert ascii_address(text).isascii()


@pytest.mark.parametrize("text", NO_ADDRESSES.values(), ids=NO_ADDRESSES)
def test_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert not is_address(text)
    with pytest.raises(ValueError, match="one mail address is expected"):
        ascii_address(text)


def test_a_thai_domain_travels_as_its_ascii_form_and_comes_back() -> None:
    travelling = ascii_address("office@ตัวอย่าง.ไทย")
    assert travelling.startswith("office@xn--")
    assert travelling.removeprefix("office@").encode().decode("idna") == "ตัวอย่าง.ไทย"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_that_is_taken_for_an_address_can_end_a_header(text: str) -> None:
    for candidate in (text, f"{text}@example.org", f"kamon@{text}", f"kamon@{text}.org"):
        if is_address(candidate):
            travelling = ascii_address(candidate)
            assert travelling.isascii()
            assert travelling.isprintable()
            assert not set(travelling) & set(' <>,;:"()[]\\')


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("somchai@example.org", "s•••@example.org"),
        ("k@example.org", "k•••@example.org"),
        ("office@ตัวอย่าง.ไทย", "o•••@ตัวอย่าง.ไทย"),
        ("no address", "•••"),
        ("@example.org", "•••"),
        ("", "•••"),
    ],
)
def test_an_address_is_shown_by_its_first_letter_and_its_domain(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_every_address_in_a_servers_answer_is_masked() -> None:
    answer = "5.1.1 <kamon.jaidee@example.net>: unknown; asked by secretariat@example.org, see https://example.org/help"
    assert (
        mask_addresses_in(answer) == "5.1.1 <k•••@example.net>: unknown; asked by s•••@example.org, see https://example.org/help"
    )
