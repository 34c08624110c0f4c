import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from signatures.authority import (
    DOCUMENT_SIGNING,
    LONGEST_NAME,
    Authority,
    Revoked,
    Subject,
    certificate_to_pem,
    create_authority,
    new_private_key,
    open_authority,
    private_key_to_pem,
    write_pkcs12,
)
from signatures.errors import CertificateRefusedError, KeyUnavailableError
from signatures.signers import Signer, common_name_of, subject_of

if TYPE_CHECKING:
    from tests.unit.signatures.conftest import MakeSigner, SelfSigned

DAY = timedelta(days=1)
LONGEST_THAI_NAME = ("นางสาวรัตนาภรณ์ ศรีสวัสดิ์วิไล" * 3)[:LONGEST_NAME]


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def extension(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.Extension[x509.ExtensionType]:
    return certificate.extensions.get_extension_for_class(kind)


def test_an_authority_signs_certificates_and_lists_and_has_none_below_it(network: Authority) -> None:
    own = network.certificate
    constraints, usage = extension(own, x509.BasicConstraints), extension(own, x509.KeyUsage)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    assert usage.critical
    assert isinstance(usage.value, x509.KeyUsage)
    assert (usage.value.key_cert_sign, usage.value.crl_sign) == (True, True)
    assert (usage.value.digital_signature, usage.value.content_commitment) == (False, False)
    assert own.issuer == own.subject
    assert isinstance(own.public_key(), ec.EllipticCurvePublicKey)
    assert own.serial_number.bit_length() <= 159
    own.verify_directly_issued_by(own)


def test_a_certificate_is_for_signing_documents_and_nothing_else(network: Authority, signatory: Signer) -> None:
    own = signatory.certificate
    usage, constraints = extension(own, x509.KeyUsage), extension(own, x509.BasicConstraints)
    assert usage.critical
    assert isinstance(usage.value, x509.KeyUsage)
    assert (usage.value.digital_signature, usage.value.content_commitment, usage.value.key_cert_sign) == (True, True, False)
    assert constraints.value == x509.BasicConstraints(ca=False, path_length=None)
    assert extension(own, x509.ExtendedKeyUsage).value == x509.ExtendedKeyUsage([DOCUMENT_SIGNING])
    key_id = extension(network.certificate, x509.SubjectKeyIdentifier).value
    authority_key_id = extension(own, x509.AuthorityKeyIdentifier).value
    assert isinstance(key_id, x509.SubjectKeyIdentifier)
    assert isinstance(authority_key_id, x509.AuthorityKeyIdentifier)
    assert authority_key_id.key_identifier == key_id.digest
    own.verify_directly_issued_by(network.certificate)


def test_a_certificate_names_whom_it_was_issued_to(signatory: Signer) -> None:
    names = {attribute.oid: attribute.value for attribute in subject_of(signatory.certificate)}
    assert names == {
        NameOID.COMMON_NAME: "นายก้อง ทดสอบ",
        NameOID.ORGANIZATION_NAME: "เทศบาลทดสอบ",
        NameOID.TITLE: "นายกเทศมนตรี",
        NameOID.SERIAL_NUMBER: "sgn-1",
    }


def test_two_certificates_have_two_serial_numbers(make_signer: "MakeSigner") -> None:
    assert len({make_signer().certificate.serial_number for _ in range(3)}) == 3


@pytest.mark.parametrize(
    "name", ["ก" * LONGEST_NAME, LONGEST_THAI_NAME, "Ann"], ids=["64-letters", "64-letters-with-marks", "latin"]
)
def test_a_name_of_up_to_64_characters_stands_in_full(make_signer: "MakeSigner", name: str, tmp_path: Path) -> None:
    signer = make_signer(name)
    assert signer.common_name == name
    (tmp_path / "own.pem").write_bytes(certificate_to_pem(signer.certificate))
    shown = openssl(tmp_path, "x509", "-in", "own.pem", "-noout", "-subject", "-nameopt", "utf8,sep_multiline").stdout
    assert f"CN={name}" in shown


def test_a_longer_name_is_cut_to_what_x520_allows(make_signer: "MakeSigner") -> None:
    assert make_signer("ก" * 65).common_name == "ก" * 64


def test_a_long_name_of_the_authority_itself_does_no_harm(now: datetime) -> None:
    authority = create_authority("เครือข่ายสิทธิเด็กล้านนาแห่งภาคเหนือตอนบน" * 2, at=now, lifetime=30 * DAY)
    key = new_private_key()
    certificate = authority.issue(Subject("ก"), key.public_key(), not_before=now, not_after=now + DAY)
    assert len(common_name_of(authority.certificate)) == LONGEST_NAME
    assert x509.load_der_x509_crl(authority.revocation_list(at=now, next_update=now + DAY, number=1)).is_signature_valid(
        authority.private_key.public_key()
    )
    certificate.verify_directly_issued_by(authority.certificate)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (Subject("ก", serial_number="เลข"), "printable ASCII"),
        (Subject("ก", serial_number="a_b"), "printable ASCII"),
        (Subject(""), "a name"),
    ],
    ids=["thai-serial", "underscore", "nobody"],
)
def test_a_subject_that_cannot_be_written_is_the_programmers_error(
    network: Authority, now: datetime, subject: Subject, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        network.issue(subject, new_private_key().public_key(), not_before=now, not_after=now + DAY)


def test_openssl_finds_the_way_from_a_certificate_to_its_authority(
    network: Authority, signatory: Signer, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "root.pem").write_bytes(certificate_to_pem(network.certificate))
    (tmp_path / "own.pem").write_bytes(certificate_to_pem(signatory.certificate))
    verify = ("verify", "-x509_strict", "-CAfile", "root.pem", "-attime")
    assert openssl(tmp_path, *verify, seconds(now), "own.pem").stdout == "own.pem: OK\n"
    late = openssl(tmp_path, *verify, seconds(now + 31 * DAY), "own.pem")
    assert "certificate has expired" in late.stderr


def test_openssl_refuses_a_certificate_of_another_authority_with_the_same_name(
    network: Authority, signatory: Signer, now: datetime, tmp_path: Path
) -> None:
    other = create_authority(common_name_of(network.certificate), at=now - DAY, lifetime=60 * DAY)
    (tmp_path / "root.pem").write_bytes(certificate_to_pem(other.certificate))
    (tmp_path / "own.pem").write_bytes(certificate_to_pem(signatory.certificate))
    assert openssl(tmp_path, "verify", "-CAfile", "root.pem", "-attime", seconds(now), "own.pem").returncode != 0


def test_openssl_finds_a_revoked_certificate_in_the_list(
    network: Authority, make_signer: "MakeSigner", now: datetime, tmp_path: Path
) -> None:
    good, bad = make_signer("ดี").certificate, make_signer("เสีย").certificate
    revoked = [Revoked(bad.serial_number, now - timedelta(hours=1), x509.ReasonFlags.key_compromise)]
    content = network.revocation_list(at=now - timedelta(minutes=1), next_update=now + DAY, number=7, revoked=revoked)
    (tmp_path / "list.crl").write_bytes(content)
    (tmp_path / "root.pem").write_bytes(certificate_to_pem(network.certificate))
    assert openssl(tmp_path, "crl", "-inform", "DER", "-in", "list.crl", "-outform", "PEM", "-out", "list.pem").returncode == 0
    checked = openssl(tmp_path, "crl", "-verify", "-in", "list.pem", "-CAfile", "root.pem", "-noout")
    assert "verify OK" in checked.stderr
    verify = ("verify", "-crl_check", "-CRLfile", "list.pem", "-CAfile", "root.pem", "-attime", seconds(now))
    for certificate, expected in ((good, 0), (bad, 2)):
        (tmp_path / "own.pem").write_bytes(certificate_to_pem(certificate))
        done = openssl(tmp_path, *verify, "own.pem")
        assert done.returncode == expected
        assert ("certificate revoked" in done.stderr) == (expected != 0)


def read_list(content: bytes) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(content)


def test_a_revocation_list_says_who_when_and_why(network: Authority, now: datetime) -> None:
    revoked = [Revoked(11, now - DAY), Revoked(12, now, x509.ReasonFlags.superseded)]
    content = read_list(network.revocation_list(at=now, next_update=now + DAY, number=3, revoked=revoked))
    assert content.is_signature_valid(network.private_key.public_key())
    assert (content.last_update_utc, content.next_update_utc) == (now, now + DAY)
    assert {entry.serial_number: entry.revocation_date_utc for entry in content} == {11: now - DAY, 12: now}
    first, second = content.get_revoked_certificate_by_serial_number(11), content.get_revoked_certificate_by_serial_number(12)
    assert first is not None
    assert second is not None
    assert len(first.extensions) == 0
    assert second.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.superseded


def test_an_empty_list_and_the_number_of_each_list_are_its_own(network: Authority, now: datetime) -> None:
    lists = [read_list(network.revocation_list(at=now, next_update=now + DAY, number=number)) for number in (4, 5)]
    numbers = [one.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for one in lists]
    assert numbers == [4, 5]
    assert [len(one) for one in lists] == [0, 0]
    key_id = network.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    named = lists[0].extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert named == key_id


@pytest.mark.parametrize(("before", "after"), [(-400, 1), (0, 400)], ids=["too-early", "too-late"])
def test_no_certificate_counts_when_its_authority_does_not(network: Authority, now: datetime, before: int, after: int) -> None:
    with pytest.raises(CertificateRefusedError, match=r"ก: a certificate within the authority's own time, .* is expected, got "):
        network.issue(Subject("ก"), new_private_key().public_key(), not_before=now + before * DAY, not_after=now + after * DAY)


@pytest.mark.parametrize(
    "make",
    [lambda: rsa.generate_private_key(65537, 1024), lambda: ec.generate_private_key(ec.SECP256K1())],  # noqa: S505  # refused
    ids=["rsa-1024", "secp256k1"],
)
def test_no_certificate_is_issued_for_a_weak_key(network: Authority, now: datetime, make: object) -> None:
    assert callable(make)
    with pytest.raises(CertificateRefusedError, match="a public key of RSA with at least 2048 bits"):
        network.issue(Subject("ก"), make().public_key(), not_before=now, not_after=now + DAY)


def test_an_authority_comes_back_from_its_files(network: Authority) -> None:
    key, certificate = private_key_to_pem(network.private_key), certificate_to_pem(network.certificate)
    again = open_authority(key, certificate, source="authority.pem")
    assert again.certificate == network.certificate
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert again.private_key.public_key().public_bytes(*spki) == network.private_key.public_key().public_bytes(*spki)
    assert key.startswith(b"-----BEGIN PRIVATE KEY-----")


def test_files_that_are_no_authority_are_refused(network: Authority, signatory: Signer, self_signed: "SelfSigned") -> None:
    key, certificate = private_key_to_pem(network.private_key), certificate_to_pem(network.certificate)
    bare = new_private_key()
    cases = [
        (b"", certificate, "in PEM are expected, got something else"),
        (key, b"", "in PEM are expected, got something else"),
        (private_key_to_pem(bare), certificate, "the certificate belongs to another key"),
        (private_key_to_pem(signatory.key_here), certificate_to_pem(signatory.certificate), "certificate of an authority"),
        (private_key_to_pem(bare), certificate_to_pem(self_signed(bare)), "the certificate of an authority is expected"),
    ]
    for wrong_key, wrong_certificate, words in cases:
        with pytest.raises(KeyUnavailableError, match=words) as refused:
            open_authority(wrong_key, wrong_certificate, source="authority.pem")
        assert str(refused.value).startswith("authority.pem: ")


def test_an_authority_does_not_show_its_key(network: Authority) -> None:
    assert "private_key" not in repr(network)
    assert str(network.private_key.private_numbers().private_value) not in repr(network)


@pytest.mark.parametrize("password", ["", "a\0b", "a\ud800"], ids=["empty", "nul", "surrogate"])
def test_no_key_is_written_under_a_password_that_nobody_can_type(signatory: Signer, password: str) -> None:
    with pytest.raises(ValueError, match=r"[Pp]assword") as refused:
        write_pkcs12("key", signatory.key_here, signatory.certificate, signatory.chain, password)
    assert not password or password not in str(refused.value)


def test_signatures_of_the_authority_use_sha256(network: Authority, signatory: Signer) -> None:
    for certificate in (network.certificate, signatory.certificate):
        assert isinstance(certificate.signature_hash_algorithm, hashes.SHA256)


def test_a_key_file_asks_a_hundred_thousand_rounds_of_whoever_guesses_its_password(signatory: Signer, tmp_path: Path) -> None:
    path = tmp_path / "key.p12"
    path.write_bytes(write_pkcs12("ก", signatory.key_here, signatory.certificate, (), "รหัสผ่าน"))
    told = subprocess.run(
        ["openssl", "pkcs12", "-in", path, "-info", "-noout", "-passin", "pass:รหัสผ่าน"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256" in told.stderr
