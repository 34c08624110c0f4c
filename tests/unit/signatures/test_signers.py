import subprocess
import traceback
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from signatures.authority import Authority, certificate_to_pem, new_private_key, private_key_to_pem, write_pkcs12
from signatures.errors import CertificateRefusedError, KeyUnavailableError
from signatures.signers import (
    Signer,
    common_name_of,
    open_pem,
    open_pkcs12,
    open_pkcs12_bytes,
    require_usable,
    signer_from_key,
)

if TYPE_CHECKING:
    from tests.unit.signatures.conftest import MakeSigner, SelfSigned

PASSWORD = "รหัสผ่าน-secret-๑๒๓"
LEGACY = {
    "3des": ("-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
    "as-windows-writes-it": ("-legacy",),
}


def pkcs12_of(signer: Signer, password: str = PASSWORD) -> bytes:
    return write_pkcs12("key", signer.key_here, signer.certificate, signer.chain, password)


def pkcs12_by_openssl(folder: Path, signer: Signer, password: str, *options: str) -> bytes:
    (folder / "key.pem").write_bytes(private_key_to_pem(signer.key_here))
    (folder / "own.pem").write_bytes(certificate_to_pem(signer.certificate))
    (folder / "chain.pem").write_bytes(certificate_to_pem(*signer.chain))
    command = ["openssl", "pkcs12", "-export", "-inkey", "key.pem", "-in", "own.pem", "-certfile", "chain.pem", "-out", "out.p12"]
    subprocess.run([*command, "-passout", f"pass:{password}", *options], cwd=folder, check=True, capture_output=True)
    return (folder / "out.p12").read_bytes()


def refusal(act: Callable[[], object]) -> KeyUnavailableError:
    with pytest.raises(KeyUnavailableError) as refused:
        act()
    return refused.value


def everything_said(error: BaseException) -> str:
    """The message, the repr, the arguments and the printed traceback of an error and of all that led to it."""
    said = ["".join(traceback.format_exception(error))]
    met: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in met:
            met.add(id(one))
            said += [str(one), repr(one), repr(one.args), repr(vars(one))]
            waiting += [one.__cause__, one.__context__]
    return "\n".join(said)


def test_a_file_gives_the_key_with_its_certificate_and_chain(signatory: Signer, network: Authority, tmp_path: Path) -> None:
    path = tmp_path / "key.p12"
    path.write_bytes(pkcs12_of(signatory))
    signer = open_pkcs12(path, PASSWORD)
    assert signer.certificate == signatory.certificate
    assert signer.chain == (network.certificate,)
    assert signer.common_name == "นายก้อง ทดสอบ"
    assert signer.digest == signatory.digest


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no.p12"
    assert str(refusal(lambda: open_pkcs12(path, PASSWORD))) == f"{path} cannot be read: No such file or directory"


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    assert str(tmp_path) in str(refusal(lambda: open_pkcs12(tmp_path, PASSWORD)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"\x30\x00",
        b"\x30\x03\x02\x01\x02",
        b"-----BEGIN PRIVATE KEY-----\n",
        b"\x30\x84\xff\xff\xff\xff",
    ],
    ids=["empty", "text", "pdf", "empty-sequence", "version-2", "pem", "cut"],
)
def test_what_is_no_pkcs12_is_said_to_be_something_else(content: bytes) -> None:
    error = refusal(lambda: open_pkcs12_bytes(content, PASSWORD, source="key.p12"))
    assert str(error) == "key.p12: a PKCS#12 file (.p12, .pfx) is expected, got something else"


@given(content=st.binary(max_size=60))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    for beginning in (b"", b"\x30\x3e\x02\x01\x03"):
        assert outcome(beginning + content).startswith("key.p12: ")


@given(at=st.integers(min_value=0, max_value=1200), flip=st.integers(min_value=1, max_value=255))
def test_a_damaged_file_opens_or_is_refused(damaged_base: bytes, at: int, flip: int) -> None:
    content = bytearray(damaged_base)
    content[at % len(content)] ^= flip
    assert outcome(bytes(content)).startswith(("opened", "key.p12: "))


def outcome(content: bytes) -> str:
    try:
        open_pkcs12_bytes(content, "x", source="key.p12")
    except KeyUnavailableError as error:
        return str(error)
    return "opened"


@pytest.fixture(scope="module")
def damaged_base(signatory: Signer) -> bytes:
    quick = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1).build(b"x")
    return pkcs12.serialize_key_and_certificates(b"key", signatory.key_here, signatory.certificate, None, quick)


@pytest.mark.parametrize(
    "typed",
    ["ไม่ใช่-4711", "", PASSWORD[:-1], PASSWORD + "\udc80", PASSWORD + "\0", "\ud800"],
    ids=["another", "empty", "short", "undecodable", "nul", "surrogate"],
)
def test_a_wrong_password_is_said_to_be_wrong_and_nothing_secret_is_told(
    signatory: Signer, typed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    content = pkcs12_of(signatory)
    error = refusal(lambda: open_pkcs12_bytes(content, typed, source="key.p12"))
    assert str(error) == "key.p12: wrong password, or the file is damaged; try again"
    said = everything_said(error) + "".join(capfd.readouterr())
    secrets = {PASSWORD, typed, ascii(PASSWORD)[1:-1], "secret", "4711"} - {""}
    assert not [secret for secret in secrets if secret in said]


def test_no_refusal_tells_of_the_key(signatory: Signer) -> None:
    other = new_private_key()
    number = str(other.private_numbers().private_value)
    error = refusal(lambda: signer_from_key(other, signatory.certificate, ()))
    assert number not in everything_said(error)
    pem = private_key_to_pem(other)
    error = refusal(lambda: open_pem(pem[:80] + b"!" + pem[80:], certificate_to_pem(signatory.certificate), source="seal.pem"))
    assert pem.decode()[30:60] not in everything_said(error)


def test_a_signer_does_not_show_its_key(signatory: Signer) -> None:
    number = signatory.key_here.private_numbers()
    assert isinstance(number, ec.EllipticCurvePrivateNumbers)
    assert "private" not in repr(signatory).lower()
    assert str(number.private_value) not in repr(signatory)


@pytest.mark.parametrize("options", [(), ("-nomac",), *LEGACY.values()], ids=["today", "no-mac", *LEGACY])
@pytest.mark.parametrize("password", [PASSWORD, "plain", ""], ids=["thai", "ascii", "empty"])
def test_files_of_openssl_open_with_their_password(
    signatory: Signer, tmp_path: Path, password: str, options: tuple[str, ...]
) -> None:
    content = pkcs12_by_openssl(tmp_path, signatory, password, *options)
    signer = open_pkcs12_bytes(content, password, source="key.p12")
    assert signer.certificate == signatory.certificate
    assert refusal(lambda: open_pkcs12_bytes(content, "wrong", source="key.p12"))


def test_openssl_opens_our_files(signatory: Signer, tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_bytes(pkcs12_of(signatory))
    command = ["openssl", "pkcs12", "-in", "key.p12", "-passin", f"pass:{PASSWORD}", "-nodes", "-nocerts"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert private_key_to_pem(signatory.key_here).splitlines()[1] in done.stdout


@pytest.mark.parametrize("option", ["-nokeys", "-nocerts"], ids=["no-key", "no-certificate"])
def test_a_file_without_key_or_certificate_is_refused(signatory: Signer, tmp_path: Path, option: str) -> None:
    content = pkcs12_by_openssl(tmp_path, signatory, "x", option)
    error = refusal(lambda: open_pkcs12_bytes(content, "x", source="key.p12"))
    assert str(error) == "key.p12: a private key with its certificate is expected, there is none"


def test_a_certificate_of_another_key_is_refused(signatory: Signer) -> None:
    error = refusal(lambda: signer_from_key(new_private_key(), signatory.certificate, (), source="key.p12"))
    assert str(error) == "key.p12: the certificate belongs to another key"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "an RSA key of at least 2048 bits is expected, got 1024"),  # noqa: S505  # the weak key that is refused
        (ed25519.Ed25519PrivateKey.generate, "an RSA, P-256 or P-384 key is expected, got another kind"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "an RSA, P-256 or P-384 key is expected, got another kind"),
        (lambda: ec.generate_private_key(ec.SECP521R1()), "an RSA, P-256 or P-384 key is expected, got another kind"),
    ],
    ids=["rsa-1024", "ed25519", "secp256k1", "p-521"],
)
def test_a_key_that_is_weak_or_of_another_kind_is_refused(
    signatory: Signer, self_signed: "SelfSigned", key: Callable[[], Any], words: str
) -> None:
    made = key()
    certificate = signatory.certificate if isinstance(made, ed25519.Ed25519PrivateKey) else self_signed(made)
    encryption = BestAvailableEncryption(b"x")
    if isinstance(made, ed25519.Ed25519PrivateKey):
        error = refusal(lambda: signer_from_key(made, certificate, (), source="key.p12"))
    else:
        content = pkcs12.serialize_key_and_certificates(b"key", made, certificate, None, encryption)
        error = refusal(lambda: open_pkcs12_bytes(content, "x", source="key.p12"))
    assert str(error) == f"key.p12: {words}"


def test_strong_keys_are_taken(make_signer: "MakeSigner", rsa_key: rsa.RSAPrivateKey) -> None:
    for key in (rsa_key, ec.generate_private_key(ec.SECP384R1()), new_private_key()):
        signer = make_signer("นางแก้ว ทดสอบ", key)
        assert open_pkcs12_bytes(pkcs12_of(signer), PASSWORD, source="key.p12").certificate == signer.certificate


def test_pem_of_key_and_certificates_opens(signatory: Signer, network: Authority) -> None:
    signer = open_pem(
        private_key_to_pem(signatory.key_here),
        certificate_to_pem(signatory.certificate, network.certificate),
        source="seal.pem",
    )
    assert (signer.certificate, signer.chain) == (signatory.certificate, (network.certificate,))


@pytest.mark.parametrize(
    ("key", "certificate"),
    [(b"", None), (b"no key", None), (None, b"no certificate"), ("locked", None)],
    ids=["empty", "text", "no-certificate", "locked"],
)
def test_pem_of_something_else_is_refused(signatory: Signer, key: bytes | str | None, certificate: bytes | None) -> None:
    if key == "locked":
        key = signatory.key_here.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    assert not isinstance(key, str)
    key = private_key_to_pem(signatory.key_here) if key is None else key
    certificate = certificate_to_pem(signatory.certificate) if certificate is None else certificate
    error = refusal(lambda: open_pem(key, certificate, source="seal.pem"))
    assert str(error) == "seal.pem: a private key and certificates in PEM are expected, got something else"


def test_pem_of_a_key_of_another_kind_is_refused(signatory: Signer) -> None:
    key = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    error = refusal(lambda: open_pem(key, certificate_to_pem(signatory.certificate), source="seal.pem"))
    assert "an RSA, P-256 or P-384 key is expected" in str(error)


def test_a_certificate_without_a_common_name_has_none(self_signed: "SelfSigned", signatory: Signer) -> None:
    assert common_name_of(signatory.certificate) == "นายก้อง ทดสอบ"
    nameless = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(x509.Name([]))
    certificate = self_signed(new_private_key())
    nameless = nameless.public_key(certificate.public_key()).serial_number(1)
    nameless = nameless.not_valid_before(certificate.not_valid_before_utc).not_valid_after(certificate.not_valid_after_utc)
    key = new_private_key()
    assert common_name_of(nameless.sign(key, certificate.signature_hash_algorithm)) == ""  # type: ignore[arg-type]  # SHA-256


def test_no_warning_of_a_library_reaches_who_opens_a_file(signatory: Signer, tmp_path: Path) -> None:
    content = pkcs12_by_openssl(tmp_path, signatory, "x", "-legacy")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        open_pkcs12_bytes(content, "x", source="key.p12")
    assert said == []


def usage(*, digital_signature: bool = False, content_commitment: bool = False, key_agreement: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=key_agreement,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.mark.parametrize(
    ("extensions", "words"),
    [
        ((), None),
        ((usage(digital_signature=True, content_commitment=True),), None),
        ((usage(digital_signature=True),), None),
        ((usage(content_commitment=True),), None),
        ((usage(key_agreement=True),), "its key usage has neither"),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),), None),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),), None),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),), "its extended key usage is that of a server"),
        ((usage(digital_signature=True), x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])), "extended key usage"),
    ],
    ids=["none", "both", "digital-signature", "content-commitment", "agreement", "mail", "client", "server", "time-stamps"],
)
def test_a_certificate_made_for_another_use_is_refused(
    self_signed: "SelfSigned", now: datetime, extensions: tuple[x509.ExtensionType, ...], words: str | None
) -> None:
    key = new_private_key()
    signer = signer_from_key(key, self_signed(key, *extensions), ())
    if words is None:
        require_usable(signer, at=now)
        return
    with pytest.raises(CertificateRefusedError, match=words):
        require_usable(signer, at=now)


def test_a_certificate_counts_from_its_first_to_its_last_second(signatory: Signer) -> None:
    first, last = signatory.certificate.not_valid_before_utc, signatory.certificate.not_valid_after_utc
    require_usable(signatory, at=first)
    require_usable(signatory, at=last)
    for at in (first - timedelta(seconds=1), last + timedelta(seconds=1)):
        with pytest.raises(CertificateRefusedError) as refused:
            require_usable(signatory, at=at)
        assert str(refused.value) == (
            f"the certificate of นายก้อง ทดสอบ is valid from {first.isoformat()} to {last.isoformat()}, and cannot sign at "
            f"{at.isoformat()}; ask for a new one"
        )
