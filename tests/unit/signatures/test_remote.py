"""Two phases, the key elsewhere: what goes in is the key's value over this document, or nothing does."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.authority import Subject
from signatures.errors import CertificateRefusedError, SigningError
from signatures.remote import PreparedSignature, checked_value, finish_signature, prepare_signature, public_signer
from signatures.signers import PrivateKey, Signer
from signatures.signing import SigningOrder
from signatures.validation import validate_signatures

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum

SIGNED_AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
ORDER = SigningOrder("S0001", "นายกเทศมนตรี", "นายก้อง ตัวอย่าง", SIGNED_AT)


def key_of(name: str) -> PrivateKey:
    if name == "RSA":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key({"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}[name])


def prepare(memorandum: "SignedMemorandum", key: PrivateKey) -> PreparedSignature:
    authority = memorandum.authority
    certificate = authority.issue(
        Subject(ORDER.name),
        key.public_key(),
        not_before=authority.certificate.not_valid_before_utc,
        not_after=authority.certificate.not_valid_after_utc,
    )
    signer = public_signer(certificate, (authority.certificate,))
    return prepare_signature(memorandum.certified, ORDER, signer, has_timestamp=False)


def value_of(key: PrivateKey, content: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(content, ec.ECDSA(hashes.SHA256()))


def raw(value: bytes, length: int) -> bytes:
    return b"".join(number.to_bytes(length, "big") for number in decode_dss_signature(value))


@pytest.mark.parametrize("name", ["P-256", "P-384", "RSA"])
def test_a_value_made_elsewhere_gives_a_valid_signature(memorandum: "SignedMemorandum", name: str) -> None:
    key = key_of(name)
    prepared = prepare(memorandum, key)
    value = value_of(key, prepared.signed_attributes)
    signed = finish_signature(prepared, value)
    assert signed.startswith(memorandum.certified)
    check = validate_signatures(signed, memorandum.anchors, at=SIGNED_AT)[-1]
    assert (check.field, check.signer, check.integrity, check.trusted) == ("S0001", ORDER.name, "intact", True)
    assert finish_signature(prepared, value) == signed
    if isinstance(key, ec.EllipticCurvePrivateKey):
        assert finish_signature(prepared, raw(value, key.key_size // 8)) == signed


def test_what_is_signed_is_the_document_without_the_place_of_the_signature(memorandum: "SignedMemorandum") -> None:
    prepared = prepare(memorandum, key_of("P-256"))
    first, start, end, rest = prepared.byte_range
    hole = prepared.content[start:end]
    assert (first, end + rest) == (0, len(prepared.content))
    assert (hole[:1], hole[-1:]) == (b"<", b">")
    assert set(hole[1:-1]) == set(b"0")
    assert f"/ByteRange [{first} {start} {end} {rest}]".encode() in prepared.content
    assert prepared.signed_attributes[0] == 0x31


def test_a_value_over_other_bytes_is_refused(memorandum: "SignedMemorandum") -> None:
    key = key_of("P-256")
    prepared = prepare(memorandum, key)
    for value in (value_of(key, prepared.content), b"", b"\0" * 64, bytes(71)):
        with pytest.raises(SigningError, match="not that of the certificate's key"):
            checked_value(prepared, value)


def test_another_keys_value_is_refused(memorandum: "SignedMemorandum") -> None:
    prepared = prepare(memorandum, key_of("P-256"))
    with pytest.raises(SigningError, match="not that of the certificate's key"):
        finish_signature(prepared, value_of(key_of("P-256"), prepared.signed_attributes))


def test_attributes_of_another_document_are_refused(memorandum: "SignedMemorandum") -> None:
    key = key_of("P-256")
    prepared, other = prepare(memorandum, key), prepare(memorandum, key)
    mixed = replace(prepared, signed_attributes=other.signed_attributes)
    changed = replace(prepared, content=prepared.content.replace(b"/ByteRange", b"/ByteRangf"))
    for wrong in (changed, replace(mixed, content=changed.content)):
        with pytest.raises(SigningError, match="another document"):
            finish_signature(wrong, value_of(key, wrong.signed_attributes))


def test_attributes_of_another_certificate_are_refused(memorandum: "SignedMemorandum") -> None:
    key = key_of("P-256")
    prepared = prepare(memorandum, key)
    wrong = replace(prepared, certificate=memorandum.signers["S0002"].certificate.public_bytes(Encoding.DER))
    with pytest.raises(SigningError, match="another certificate"):
        finish_signature(wrong, value_of(key, wrong.signed_attributes))


def test_a_weak_key_is_refused_before_anything_is_prepared(memorandum: "SignedMemorandum") -> None:
    signer = memorandum.signers["S0001"]
    assert isinstance(public_signer(signer.certificate, ()), Signer)
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505  # what must be refused
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(weak.public_key())
        .serial_number(1)
        .not_valid_before(SIGNED_AT)
        .not_valid_after(SIGNED_AT.replace(year=2030))
        .sign(weak, hashes.SHA256())
    )
    with pytest.raises(CertificateRefusedError):
        public_signer(certificate, ())
