"""Programs that signatories may have: each fills one field of a PDF and knows nothing of this project."""

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
from asn1crypto import keys
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signatures.authority import Subject, certificate_to_pem, create_authority, private_key_to_pem, write_pkcs12
from signatures.signers import PrivateKey, Signer, signer_from_key
from signatures.trust import for_asn1

HAS_MUPDF = shutil.which("mutool") is not None
HAS_PDFSIG = all(shutil.which(program) for program in ("pdfsig", "certutil", "pk12util"))
PASSWORD = "throw-away"

_BYTE_RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+) ?\]")


def sign_with_pyhanko(
    pdf: bytes,
    field: str | None,
    signer: Signer,
    *,
    reason: str | None = None,
    is_pades: bool = False,
    digest: str = "sha256",
    new_field: str | None = None,
) -> bytes:
    """Sign as pyHanko's own command line does; with `new_field` in a field that is made on the spot."""
    subfilter = SigSeedSubFilter.PADES if is_pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    metadata = PdfSignatureMetadata(field_name=field or new_field, md_algorithm=digest, reason=reason, subfilter=subfilter)
    box = SigFieldSpec(new_field, box=(20, 20, 120, 60)) if new_field else None
    return bytes(
        PdfSigner(metadata, signer=_for_pyhanko(signer), new_field_spec=box)
        .sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
        .getvalue()
    )


def sign_with_mupdf(pdf: bytes, field: str, signer: Signer, folder: Path) -> bytes:
    """Sign with MuPDF alone, which writes the PDF by itself; the key has to be an RSA key. Its 1.21 signs by SHA-1."""
    key_file, before, after = folder / "mupdf.p12", folder / "before.pdf", folder / "after.pdf"
    key_file.write_bytes(write_pkcs12("key", _own_key(signer), signer.certificate, signer.chain, PASSWORD))
    before.write_bytes(pdf)
    _run("mutool", "sign", "-s", key_file, "-P", PASSWORD, "-o", after, before, number_of(pdf, field))
    return after.read_bytes()


def sign_with_mupdf_and_openssl(pdf: bytes, field: str, signer: Signer, folder: Path) -> bytes:
    """Let MuPDF write the revision and OpenSSL sign it by SHA-256: neither shares code with pyHanko."""
    return _with_cms_by_openssl(sign_with_mupdf(pdf, field, _any_rsa_signer(), folder), signer, folder)


def sign_with_pdfsig(pdf: bytes, field: str, signer: Signer, folder: Path) -> bytes:
    """Sign with poppler's pdfsig, which writes the PDF by itself and signs by NSS; the key has to be an RSA key.

    It measures a trial signature and wants the real one as long, which ECDSA does not promise.
    """
    database, key_file = folder / "nss", folder / "pdfsig.p12"
    database.mkdir(exist_ok=True)
    key_file.write_bytes(write_pkcs12("key", _own_key(signer), signer.certificate, signer.chain, PASSWORD))
    before, after = folder / "before.pdf", folder / "after.pdf"
    before.write_bytes(pdf)
    _run("certutil", "-N", "-d", f"sql:{database}", "--empty-password")
    _run("pk12util", "-i", key_file, "-d", f"sql:{database}", "-W", PASSWORD)
    _run("pdfsig", "-nssdir", f"sql:{database}", "-nick", "key", "-sign", field, before, after)
    return after.read_bytes()


def openssl_accepts_last_signature(pdf: bytes, folder: Path) -> bool:
    """Whether OpenSSL finds the newest signature valid over the bytes that it covers; trust is not asked."""
    first, length, second, rest = _last_byte_range(pdf)
    signed, value = folder / "signed.bin", folder / "value.der"
    signed.write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    value.write_bytes(bytes.fromhex(pdf[first + length + 1 : second - 1].decode("ascii")))
    command = ("openssl", "cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", value, "-content", signed)
    return subprocess.run([*command, "-out", "/dev/null"], check=False, capture_output=True).returncode == 0


def number_of(pdf: bytes, field: str) -> int:
    """The object number of a field at the top of the form."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return next(int(one.objgen[0]) for one in document.Root.AcroForm.Fields if str(one.T) == field)


def _run(*command: object) -> bytes:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True).stdout


def _any_rsa_signer() -> Signer:
    key, at = rsa.generate_private_key(public_exponent=65537, key_size=2048), datetime.now(UTC)
    authority = create_authority("Any", at=at, lifetime=timedelta(days=1))
    certificate = authority.issue(Subject("Any"), key.public_key(), not_before=at, not_after=at + timedelta(hours=1))
    return signer_from_key(key, certificate, ())


def _own_key(signer: Signer) -> PrivateKey:
    assert isinstance(signer.private_key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey))
    return signer.private_key


def _for_pyhanko(signer: Signer) -> SimpleSigner:
    key = _own_key(signer).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=for_asn1(signer.certificate),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore.from_certs([for_asn1(one) for one in signer.chain]),
    )


def _with_cms_by_openssl(pdf: bytes, signer: Signer, folder: Path) -> bytes:
    first, length, second, rest = _last_byte_range(pdf)
    signed, key_file, certificate = (folder / name for name in ("to-sign.bin", "key.pem", "certificate.pem"))
    signed.write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    key_file.write_bytes(private_key_to_pem(_own_key(signer)))
    certificate.write_bytes(certificate_to_pem(signer.certificate))
    command = ("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-nosmimecap", "-in", signed)
    made = _run(*command, "-inkey", key_file, "-signer", certificate)
    place = first + length
    room = second - place - 2
    value = made.hex().encode("ascii").ljust(room, b"0")
    assert len(value) == room, "the program left less room than this signature needs"
    return pdf[:place] + b"<" + value + b">" + pdf[second:]


def _last_byte_range(pdf: bytes) -> tuple[int, int, int, int]:
    first, length, second, rest = (int(number) for number in _BYTE_RANGE.findall(pdf)[-1])
    return first, length, second, rest
