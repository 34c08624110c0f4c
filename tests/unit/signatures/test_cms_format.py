"""What the encoding of an own signature may hold, and what not."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.cms_format import is_in_own_encoding
from tests.conftest import SignedMemorandum


@pytest.fixture
def certificate(memorandum: SignedMemorandum) -> x509.Certificate:
    return memorandum.authority.certificate


def test_a_certificate_as_it_was_issued_is_in_own_encoding(certificate: x509.Certificate) -> None:
    assert is_in_own_encoding(certificate.public_bytes(Encoding.DER))


def test_a_last_bit_of_a_signature_that_is_called_unused_is_not(certificate: x509.Certificate) -> None:
    content = bytearray(certificate.public_bytes(Encoding.DER))
    content[content.rindex(certificate.signature) - 1] = 1
    assert not is_in_own_encoding(bytes(content))


@pytest.mark.parametrize(
    "content",
    [b"\x30\x05\x02\x01\x01\x00\x00", b"\x30\x81\x03\x02\x01\x01", b"\x30\x80\x02\x01\x01\x00\x00"],
    ids=["zeros at the end", "a length longer than need be", "an indefinite length"],
)
def test_what_a_reader_passes_over_is_not(content: bytes) -> None:
    assert not is_in_own_encoding(content)
