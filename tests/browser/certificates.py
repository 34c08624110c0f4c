"""Keys and certificates that signatories bring along, in the files that programs of today and of yesterday make."""

import os
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from signatures.authority import Subject, open_authority

Kind: TypeAlias = Literal["p256", "p384", "rsa"]
Wrapping: TypeAlias = Literal["modern", "legacy", "rc2"]
PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True, repr=False)
class OwnCertificate:
    """A signatory's key with its certificate, and that of the authority that made it."""

    private_key: PrivateKey
    certificate: x509.Certificate
    issuer: x509.Certificate

    def secrets(self) -> tuple[bytes, ...]:
        """Return the numbers that make the key private, as they stand in any file of it."""
        numbers = self.private_key.private_numbers()
        if isinstance(numbers, ec.EllipticCurvePrivateNumbers):
            private: tuple[int, ...] = (numbers.private_value,)
        else:
            private = (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
        return tuple(number.to_bytes((number.bit_length() + 7) // 8) for number in private)

    def file(self, password: str, wrapping: Wrapping = "modern") -> bytes:
        """Return a PKCS#12 file: with AES as today, with 3DES as ten years ago, or with RC2-40 as openssl wrote it then."""
        if wrapping == "rc2":
            return self._file_of_openssl(password)
        encryption: KeySerializationEncryption
        if wrapping == "modern":
            encryption = BestAvailableEncryption(password.encode())
        else:
            encryption = (
                PrivateFormat.PKCS12.encryption_builder()
                .kdf_rounds(2048)
                .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
                .hmac_hash(hashes.SHA1())  # noqa: S303  # what such files have
                .build(password.encode())
            )
        return pkcs12.serialize_key_and_certificates(b"own", self.private_key, self.certificate, [self.issuer], encryption)

    def _file_of_openssl(self, password: str) -> bytes:
        parts = [
            self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            self.certificate.public_bytes(Encoding.PEM),
            self.issuer.public_bytes(Encoding.PEM),
        ]
        command = ["openssl", "pkcs12", "-export", "-legacy", "-passout", "env:P12_PASSWORD"]
        environment = {**os.environ, "P12_PASSWORD": password}
        return subprocess.run(command, input=b"".join(parts), env=environment, capture_output=True, check=True).stdout


def own_certificate(workspace: Path, name: str, kind: Kind = "p256") -> OwnCertificate:
    """Return a certificate that the network's authority gave to somebody of this name for a month."""
    own = workspace / "keys"
    authority = open_authority((own / "authority.key.pem").read_bytes(), (own / "authority.pem").read_bytes(), source="authority")
    key: PrivateKey
    if kind == "rsa":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    else:
        key = ec.generate_private_key(ec.SECP256R1() if kind == "p256" else ec.SECP384R1())
    begin = authority.certificate.not_valid_before_utc
    subject = Subject(name, "องค์กรทดสอบ")
    certificate = authority.issue(subject, key.public_key(), not_before=begin, not_after=begin + timedelta(days=30))
    return OwnCertificate(key, certificate, authority.certificate)
