import asyncio
import base64
import io
import subprocess
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader

from signatures import timestamps
from signatures.authority import (
    Authority,
    Subject,
    certificate_to_pem,
    create_authority,
    new_private_key,
    private_key_to_pem,
)
from signatures.errors import TimestampError
from signatures.fields import SignatureSlot, prepare_fields
from signatures.signers import Signer, signer_from_key, subject_of
from signatures.signing import SigningOrder, certify, sign
from signatures.timestamps import TimestampService
from signatures.trust import TrustAnchors
from signatures.validation import validate_signatures

DAY = timedelta(days=1)
REPLY = "application/timestamp-reply"
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = root.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""

Answer = tuple[int, str, bytes]


@dataclass
class LocalService:
    """A time stamp service on this machine; `spoil` turns its honest answer into another one."""

    folder: Path
    url: str = ""
    spoil: Callable[[bytes, bytes], Answer] | None = None
    logins: list[str | None] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, query: bytes) -> bytes:
        """Return OpenSSL's answer, whose time is the clock's."""
        with self.lock:
            (self.folder / "query").write_bytes(query)
            command = ["openssl", "ts", "-reply", "-queryfile", "query", "-config", "tsa.cnf", "-out", "reply"]
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
            return (self.folder / "reply").read_bytes()

    def answer(self, query: bytes) -> Answer:
        """Return status, content type and body."""
        return self.spoil(query, self.reply(query)) if self.spoil else (200, REPLY, self.reply(query))


@pytest.fixture(scope="module")
def today() -> datetime:
    """OpenSSL's time stamps are made by the clock, so these signatures are made today."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def authority(today: datetime) -> Authority:
    return create_authority("เครือข่ายวันนี้", at=today - DAY, lifetime=60 * DAY)


@pytest.fixture(scope="module")
def anchors(authority: Authority, today: datetime) -> TrustAnchors:
    content = authority.revocation_list(at=today - timedelta(minutes=5), next_update=today + DAY, number=1)
    return TrustAnchors((authority.certificate,), (content,))


@pytest.fixture(scope="module")
def signer(authority: Authority, today: datetime) -> Signer:
    key = new_private_key()
    certificate = authority.issue(Subject("นางแก้ว ทดสอบ"), key.public_key(), not_before=today - DAY, not_after=today + DAY)
    return signer_from_key(key, certificate, (authority.certificate,))


@pytest.fixture(scope="module")
def document(plain_pdf: bytes, signer: Signer, today: datetime) -> bytes:
    slots = [SignatureSlot("S0001", "ลายมือชื่อ", 0, (60, 100, 260, 160)), SignatureSlot("S0002", "พยาน", 0, (60, 200, 260, 260))]
    return certify(prepare_fields(plain_pdf, slots), signer, at=today, name="เครือข่าย")


@pytest.fixture(scope="module")
def order(today: datetime) -> SigningOrder:
    return SigningOrder("S0001", "ภาคี", "นางแก้ว ทดสอบ", today)


@pytest.fixture(scope="module")
def running_service(authority: Authority, today: datetime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    folder = tmp_path_factory.mktemp("tsa")
    key = new_private_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA")]))
        .issuer_name(subject_of(authority.certificate))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - DAY)
        .not_valid_after(today + 30 * DAY)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(authority.private_key, hashes.SHA256())
    )
    (folder / "tsa.pem").write_bytes(certificate_to_pem(certificate))
    (folder / "root.pem").write_bytes(certificate_to_pem(authority.certificate))
    (folder / "tsa.key").write_bytes(private_key_to_pem(key))
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    service = LocalService(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.logins.append(self.headers.get("Authorization"))
            status, content_type, body = service.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's own name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}/tsa"
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def local(running_service: LocalService) -> Iterator[LocalService]:
    yield running_service
    running_service.spoil = None
    running_service.logins.clear()


def token_of(pdf: bytes) -> cms.ContentInfo:
    last = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
    attributes = {one["type"].native: one["values"] for one in last.signer_info["unsigned_attrs"]}
    return attributes["signature_time_stamp_token"][0]


def test_a_signature_with_a_time_stamp_proves_its_time(
    local: LocalService, document: bytes, order: SigningOrder, signer: Signer, anchors: TrustAnchors, today: datetime
) -> None:
    signed = sign(document, order, signer, timestamps=TimestampService(local.url))
    assert signed.startswith(document)
    seal, stamped = validate_signatures(signed, anchors, at=today + timedelta(hours=1))
    assert (seal.level, seal.time_source) == ("B-B", "claimed")
    assert (stamped.level, stamped.time_source, stamped.verdict) == ("B-T", "timestamp", "passed")
    assert stamped.time is not None
    assert abs(stamped.time - datetime.now(UTC)) < timedelta(minutes=5)


def test_openssl_agrees_with_the_time_stamp(
    local: LocalService, document: bytes, order: SigningOrder, signer: Signer, tmp_path: Path
) -> None:
    signed = sign(document, order, signer, timestamps=TimestampService(local.url))
    value = PdfFileReader(io.BytesIO(signed)).embedded_signatures[-1].signer_info["signature"].native
    (tmp_path / "value").write_bytes(value)
    (tmp_path / "token").write_bytes(token_of(signed).dump())
    verify = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        "value",
        "-in",
        "token",
        "-token_in",
        "-CAfile",
        str(local.folder / "root.pem"),
    ]
    done = subprocess.run(verify, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr


def test_the_seal_takes_a_time_stamp_too(
    local: LocalService, plain_pdf: bytes, signer: Signer, anchors: TrustAnchors, today: datetime
) -> None:
    prepared = prepare_fields(plain_pdf, [])
    certified = certify(prepared, signer, at=today, name="เครือข่าย", timestamps=TimestampService(local.url))
    (seal,) = validate_signatures(certified, anchors, at=today + timedelta(hours=1))
    assert (seal.kind, seal.level, seal.verdict) == ("seal", "B-T", "passed")


def test_trying_out_a_service_returns_its_time(local: LocalService) -> None:
    assert abs(TimestampService(local.url).try_out() - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_service_can_be_asked_inside_a_running_event_loop(
    local: LocalService, document: bytes, order: SigningOrder, signer: Signer
) -> None:
    async def ask() -> tuple[datetime, bytes]:
        service = TimestampService(local.url)
        return service.try_out(), sign(document, order, signer, timestamps=service)

    stated, signed = asyncio.run(ask())
    assert stated.tzinfo is not None
    assert token_of(signed)["content_type"].native == "signed_data"


def status(body: bytes = b"", *, code: int = 200, content_type: str = REPLY) -> Callable[[bytes, bytes], Answer]:
    return lambda _query, _reply: (code, content_type, body)


def refusal(_query: bytes, _reply: bytes) -> Answer:
    answer = {"status": "rejection", "status_string": ["come back tomorrow"], "fail_info": {"time_not_available"}}
    content = tsp.PKIStatusInfo(answer).dump()
    return 200, REPLY, b"\x30" + bytes([len(content)]) + content


def with_broken_signature(_query: bytes, reply: bytes) -> Answer:
    return 200, REPLY, reply[:-1] + bytes([reply[-1] ^ 1])


def cut(_query: bytes, reply: bytes) -> Answer:
    return 200, REPLY, reply[: len(reply) // 2]


def changed_query(service: LocalService, **changes: object) -> Callable[[bytes, bytes], Answer]:
    """Answer a request that was never sent."""

    def spoil(query: bytes, _reply: bytes) -> Answer:
        request = tsp.TimeStampReq.load(query)
        members = {
            "version": 1,
            "cert_req": True,
            "message_imprint": request["message_imprint"],
            "nonce": request["nonce"],
            **changes,
        }
        return 200, REPLY, service.reply(tsp.TimeStampReq({key: value for key, value in members.items() if value}).dump())

    return spoil


def imprint(algorithm: str, length: int) -> tsp.MessageImprint:
    return tsp.MessageImprint({"hash_algorithm": {"algorithm": algorithm}, "hashed_message": b"\7" * length})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: status(code=500, content_type="text/html"), "500"),
        (lambda _: status(code=404), "404"),
        (
            lambda _: status(b"<html>", content_type="text/html"),
            "expected content type application/timestamp-reply, but got text/html",
        ),
        (lambda _: status(), "got something that cannot be read"),
        (lambda _: status(b"\x30\x03\x02\x01\x05"), "got something that cannot be read"),
        (lambda _: status(b"hello"), "got something that cannot be read"),
        (lambda _: cut, "got something that cannot be read"),
        (lambda _: refusal, "it answered rejection: come back tomorrow; time_not_available"),
        (lambda _: with_broken_signature, "the signature of its token is wrong"),
        (lambda service: changed_query(service, nonce=4711), "its token answers another request"),
        (lambda service: changed_query(service, nonce=None), "its token answers another request"),
        (lambda service: changed_query(service, message_imprint=imprint("sha256", 32)), "its token is for something else"),
        (lambda service: changed_query(service, message_imprint=imprint("sha512", 64)), "its token is for something else"),
    ],
    ids=[
        "http-500",
        "http-404",
        "content-type",
        "empty",
        "other-der",
        "text",
        "half",
        "refused",
        "broken-signature",
        "another-number",
        "no-number",
        "another-digest",
        "another-algorithm",
    ],
)
def test_a_service_that_fails_is_named_and_nothing_is_signed_at_a_lower_level(
    local: LocalService,
    document: bytes,
    order: SigningOrder,
    signer: Signer,
    make: Callable[[LocalService], Callable[[bytes, bytes], Answer]],
    words: str,
) -> None:
    local.spoil = make(local)
    service = TimestampService(local.url)
    for ask in (lambda: sign(document, order, signer, timestamps=service), service.try_out):
        with pytest.raises(TimestampError) as failed:
            ask()
        said = str(failed.value)
        assert said.startswith(f"the time stamp service {local.url} gave no token (")
        assert words in said
        assert said.endswith("nothing was signed. Try again later, or set another timestamp_url")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/tsa", "no address", "ftp://127.0.0.1/", "http://"],
    ids=["nobody-there", "no-address", "another-scheme", "no-host"],
)
def test_a_service_that_cannot_be_reached_is_named(document: bytes, order: SigningOrder, signer: Signer, url: str) -> None:
    with pytest.raises(TimestampError) as failed:
        sign(document, order, signer, timestamps=TimestampService(url))
    assert f"the time stamp service {url} gave no token (" in str(failed.value)
    assert "()" not in str(failed.value)


def test_a_service_that_does_not_answer_in_time_is_given_up(
    local: LocalService, document: bytes, order: SigningOrder, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_query: bytes, reply: bytes) -> Answer:
        time.sleep(1)
        return 200, REPLY, reply

    local.spoil = wait
    monkeypatch.setattr(timestamps, "RESPONSE_TIMEOUT_SECONDS", 0.3)
    with pytest.raises(TimestampError, match="gave no token"):
        sign(document, order, signer, timestamps=TimestampService(local.url))


def test_a_token_that_is_too_long_is_refused_before_anything_is_written(
    local: LocalService, document: bytes, order: SigningOrder, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timestamps, "TOKEN_BYTES_RESERVED", 500)
    with pytest.raises(TimestampError, match=r"its token has \d+ bytes, at most 500 can be kept"):
        sign(document, order, signer, timestamps=TimestampService(local.url))


def test_a_token_granted_with_changes_is_a_token(local: LocalService) -> None:
    def with_changes(_query: bytes, reply: bytes) -> Answer:
        response = tsp.TimeStampResp.load(reply)
        changed = {"status": {"status": "granted_with_mods"}, "time_stamp_token": response["time_stamp_token"]}
        return 200, REPLY, tsp.TimeStampResp(changed).dump()

    local.spoil = with_changes
    assert TimestampService(local.url).try_out().tzinfo is not None


def test_a_login_is_sent_and_never_told(local: LocalService) -> None:
    service = TimestampService(local.url, login=("office", "pass-4711"))
    service.try_out()
    assert local.logins == ["Basic " + base64.b64encode(b"office:pass-4711").decode()]
    assert "4711" not in repr(service)
    local.spoil = status(code=401)
    with_address = replace(service, url=local.url.replace("//", "//office:pass-4711@"), login=None)
    for refused in (service, with_address):
        with pytest.raises(TimestampError) as failed:
            refused.try_out()
        assert f"the time stamp service {local.url} gave no token" in str(failed.value)
        assert "4711" not in "".join(traceback.format_exception(failed.value))
