"""A network's keys to sign with, and base documents: one tagged and Thai, as the product makes them, and ones made by hand."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pikepdf
import pytest
import weasyprint
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from mou.templates import bundled_templates_folder
from signatures.authority import Authority, Subject, create_authority, new_private_key
from signatures.fields import SignatureSlot, prepare_fields
from signatures.signers import PrivateKey, Signer, signer_from_key
from signatures.signing import SigningOrder, certify

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="session")
def now() -> datetime:
    """The time at which these tests sign."""
    return NOW


@pytest.fixture(scope="session")
def network() -> Authority:
    """The network's own authority."""
    return create_authority("เครือข่ายทดสอบ", at=NOW - DAY, lifetime=365 * DAY)


class MakeSigner(Protocol):
    """How a test asks for a signer of the network."""

    def __call__(
        self, name: str = ..., key: PrivateKey | None = ..., *, chain: tuple[x509.Certificate, ...] | None = ...
    ) -> Signer:
        """Return a signer whose certificate counts for a month."""


@pytest.fixture(scope="session")
def make_signer(network: Authority) -> MakeSigner:
    """Make signers whose certificates the network issued."""

    def make(
        name: str = "นายก้อง ทดสอบ", key: PrivateKey | None = None, *, chain: tuple[x509.Certificate, ...] | None = None
    ) -> Signer:
        key = key or new_private_key()
        subject = Subject(name, "เทศบาลทดสอบ", "นายกเทศมนตรี", "sgn-1")
        certificate = network.issue(subject, key.public_key(), not_before=NOW - DAY, not_after=NOW + 30 * DAY)
        return signer_from_key(key, certificate, (network.certificate,) if chain is None else chain)

    return make


@pytest.fixture(scope="session")
def rsa_key() -> rsa.RSAPrivateKey:
    """An RSA key of 2,048 bits: slow to make, so made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def seal(make_signer: MakeSigner) -> Signer:
    """The network's seal."""
    return make_signer("ตราประทับ เครือข่ายทดสอบ")


@pytest.fixture(scope="session")
def signatory(make_signer: MakeSigner) -> Signer:
    """Somebody who signs."""
    return make_signer()


SelfSigned = Callable[..., x509.Certificate]


@pytest.fixture(scope="session")
def self_signed() -> SelfSigned:
    """Make certificates as no sound authority would: any key, any times, any extensions."""

    def make(
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        *extensions: x509.ExtensionType,
        first: datetime = NOW - DAY,
        last: datetime = NOW + DAY,
        name: str = "Somebody",
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(first)
            .not_valid_after(last)
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(key, hashes.SHA256())

    return make


@pytest.fixture(scope="session")
def tagged_pdf() -> bytes:
    """A Thai document of two pages, archival and tagged, without any field."""
    font = next((bundled_templates_folder() / "fonts").rglob("*Regular.ttf"))
    html = """<!doctype html><html lang="th"><title>บันทึกข้อตกลง</title><body><h1>บันทึกข้อตกลง</h1>
    <p>น้ำทั้งสิ้น ข้อ ๑ เด็กทุกคนมีสิทธิ</p><p style="break-before: page">ลงนามไว้เป็นหลักฐาน</p></body></html>"""
    style = weasyprint.CSS(string=_style(font))
    return bytes(weasyprint.HTML(string=html).write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1") or b"")


def _style(font: Path) -> str:
    return f'@font-face {{ font-family: S; src: url("{font.as_uri()}") }} html {{ font-family: S }} @page {{ size: A4 }}'


@pytest.fixture(scope="session")
def plain_pdf() -> bytes:
    """Two empty pages of A4 without tags."""
    document = pikepdf.new()
    for _ in range(2):
        document.add_blank_page(page_size=(595, 842))
    written = io.BytesIO()
    document.save(written, deterministic_id=True)
    return written.getvalue()


@pytest.fixture(scope="session")
def slots() -> tuple[SignatureSlot, ...]:
    """Twenty places for a signature on the second page, clear of its text."""
    return tuple(SignatureSlot(f"S{number + 1:04}", f"ลายมือชื่อ {number + 1}", 1, _place(number)) for number in range(20))


def _place(number: int) -> tuple[float, float, float, float]:
    left, bottom = 60.0 + 250 * (number % 2), 40.25 + 60 * (number // 2)
    return left, bottom, left + 200.5, bottom + 50


@pytest.fixture(scope="session")
def prepared(tagged_pdf: bytes, slots: tuple[SignatureSlot, ...]) -> bytes:
    """The Thai document with all its fields, none of them filled."""
    return prepare_fields(tagged_pdf, slots)


@pytest.fixture(scope="session")
def certified(prepared: bytes, seal: Signer) -> bytes:
    """The Thai document under the network's seal."""
    return certify(prepared, seal, at=NOW, name="เครือข่ายทดสอบ")


@pytest.fixture(scope="session")
def order() -> SigningOrder:
    """What the signature in the first field says."""
    return SigningOrder("S0001", "ผู้แทนเทศบาล (party)", "นายก้อง ทดสอบ", NOW, "เชียงใหม่")
