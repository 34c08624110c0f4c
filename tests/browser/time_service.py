"""A time stamp service on this machine: RFC 3161 over HTTP, its tokens made by `openssl ts`, which shares no code with ours."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signatures.authority import Authority, certificate_to_pem, create_authority
from signatures.signers import subject_of

DAY = timedelta(days=1)
OPENSSL_SETTINGS = """
[tsa]
default_tsa = service
[service]
serial = {folder}/serial
signer_cert = {folder}/service.pem
signer_key = {folder}/service.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class TimeService:
    """A service that answers; whoever holds `root` to be true believes its times."""

    url: str
    root: Path


@contextmanager
def time_service(folder: Path) -> Iterator[TimeService]:
    """Keep a service with an authority of its own listening on 127.0.0.1; the folder holds its files."""
    authority = create_authority("Time root", at=datetime.now(UTC) - 2 * DAY, lifetime=4000 * DAY)
    (folder / "root.pem").write_bytes(certificate_to_pem(authority.certificate))
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "openssl.cnf").write_text(OPENSSL_SETTINGS.format(folder=folder), encoding="ascii")
    one_at_a_time = threading.Lock()  # openssl counts in a file

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            with one_at_a_time:
                self.answer("application/timestamp-reply", _reply(folder, query))

        def do_GET(self) -> None:
            now = datetime.now(UTC)
            self.answer("application/pkix-crl", authority.revocation_list(at=now - DAY, next_update=now + 30 * DAY, number=1))

        def answer(self, content_type: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's own name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    url = f"http://127.0.0.1:{server.server_port}"
    _write_service_key(folder, authority, url)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield TimeService(url, folder / "root.pem")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _reply(folder: Path, query: bytes) -> bytes:
    (folder / "query.tsq").write_bytes(query)
    command = ["openssl", "ts", "-reply", "-config", f"{folder}/openssl.cnf", "-queryfile", f"{folder}/query.tsq"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _write_service_key(folder: Path, authority: Authority, url: str) -> None:
    """Write the service's RSA key and its certificate, which says where the list of revoked ones lies."""
    key, now = rsa.generate_private_key(public_exponent=65537, key_size=2048), datetime.now(UTC)
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{url}/list.crl")], None, None, None)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time")]))
        .issuer_name(subject_of(authority.certificate))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 3900 * DAY)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .sign(authority.private_key, hashes.SHA256())
    )
    (folder / "service.pem").write_bytes(certificate_to_pem(certificate))
    (folder / "service.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
