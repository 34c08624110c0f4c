"""`mou extend` as people run it, against a time stamp authority on this machine that answers over HTTP."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mou.rendering.conformance import check_conformance
from signatures.authority import Authority, certificate_to_pem, create_authority, new_private_key
from signatures.signers import subject_of

if TYPE_CHECKING:
    from tests.acceptance.conftest import RunMou, StateOf

DAY = timedelta(days=1)
NUMBER = "LCRN-MOU-2565-001"
PDF = f"documents/lanna-mou/{NUMBER}.pdf"
NEXT_YEAR = (datetime.now(UTC) + 300 * DAY).strftime("%Y-%m-%d")


@dataclass
class TimeAuthority:
    """An authority for time stamps: its root, its service and the list that it hands out; `down` silences the list."""

    authority: Authority
    url: str = ""
    stamper: TimeStamper | None = None
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def revocation_list(self) -> bytes:
        """The list as of now."""
        now = datetime.now(UTC)
        return self.authority.revocation_list(at=now - timedelta(minutes=5), next_update=now + 400 * DAY, number=1)


@pytest.fixture(scope="module")
def running() -> Iterator[TimeAuthority]:
    """The authority, listening."""
    now = datetime.now(UTC)
    time = TimeAuthority(create_authority("Time root", at=now - 2 * DAY, lifetime=4000 * DAY))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert time.stamper is not None
            query = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(200, "application/timestamp-reply", time.stamper.request_tsa_response(query).dump())

        def do_GET(self) -> None:
            self.answer(503 if time.down else 200, "application/pkix-crl", time.revocation_list())

        def answer(self, status: int, content_type: str, body: bytes) -> None:
            time.asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's own name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    time.url = f"http://127.0.0.1:{server.server_port}"
    time.stamper = stamper(time)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield time
    server.shutdown()
    thread.join()
    server.server_close()


def stamper(time: TimeAuthority) -> TimeStamper:
    """A service whose certificate says where the list lies."""
    key, now = new_private_key(), datetime.now(UTC)
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{time.url}/list.crl")], None, None, None)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time")]))
        .issuer_name(subject_of(time.authority.certificate))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 3900 * DAY)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .sign(time.authority.private_key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return TimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private), certs_to_embed=[]
    )


@pytest.fixture
def time(running: TimeAuthority) -> Iterator[TimeAuthority]:
    """The authority, answering."""
    yield running
    running.down = False
    running.asked.clear()


@pytest.fixture
def root(time: TimeAuthority, tmp_path: Path) -> Path:
    """The root of the time stamps, as a file."""
    path = tmp_path / "time-authority.pem"
    path.write_bytes(certificate_to_pem(time.authority.certificate))
    return path


def test_a_document_of_a_workspace_is_extended_recorded_and_published(
    run_mou: "RunMou", demo: Path, time: TimeAuthority, root: Path
) -> None:
    (demo / "trust").mkdir()
    root.rename(demo / "trust" / "time.pem")
    before = (demo / PDF).read_bytes()
    done = run_mou("extend", NUMBER, "-w", demo, "--timestamp-url", time.url)
    assert done.code == 0, done.stderr
    assert f"{NUMBER}: extended; its archive time stamp" in done.stdout
    assert time.asked == ["/", "/list.crl", "/"]
    after = (demo / PDF).read_bytes()
    assert after.startswith(before)
    assert check_conformance(after).findings == check_conformance(before).findings == ()
    verified = run_mou("verify", "-w", demo, demo / PDF, "--json")
    assert verified.code == 0, verified.stdout
    report = verified.lines[0]
    assert {step["outcome"] for step in report["steps"]} == {"passed"}
    assert {one["level"] for one in report["signatures"] if one["kind"] != "timestamp"} == {"B-LTA"}
    assert {(one["trust_set"], one["trust_root"]) for one in report["signatures"] if one["kind"] == "timestamp"} == {
        ("time", "Time root")
    }
    assert run_mou("ledger", "audit", "-w", demo).code == 0


def test_it_passes_when_the_list_in_the_evidence_has_long_run_out(
    run_mou: "RunMou", demo: Path, time: TimeAuthority, root: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.crl"
    newer.write_bytes(time.revocation_list())
    arguments = ("verify", "-w", demo, demo / PDF, "--at", NEXT_YEAR, "--trust", root, "--revocation-list", newer)
    assert run_mou(*arguments).code == 3
    assert run_mou("extend", NUMBER, "-w", demo, "--timestamp-url", time.url, "--trust", root).code == 0
    passed = run_mou(*arguments)
    assert passed.code == 0, passed.stdout


def test_a_second_run_has_nothing_to_add_and_changes_nothing(
    run_mou: "RunMou", demo: Path, time: TimeAuthority, root: Path, state_of: "StateOf"
) -> None:
    arguments = ("extend", NUMBER, "-w", demo, "--timestamp-url", time.url, "--trust", root)
    assert run_mou(*arguments).code == 0
    before, asked = state_of(demo), len(time.asked)
    again = run_mou(*arguments)
    assert (again.code, state_of(demo), len(time.asked)) == (0, before, asked)
    assert "nothing to add" in again.stdout


def test_an_authority_that_cannot_be_reached_is_named_and_nothing_is_written(
    run_mou: "RunMou", demo: Path, time: TimeAuthority, root: Path, state_of: "StateOf", tmp_path: Path
) -> None:
    time.down = True
    before = state_of(demo)
    arguments = ("extend", NUMBER, "-w", demo, "--timestamp-url", time.url, "--trust", root)
    refused = run_mou(*arguments)
    assert (refused.code, state_of(demo)) == (1, before)
    assert f"{time.url}/list.crl" in refused.stderr
    listed = tmp_path / "list.crl"
    listed.write_bytes(time.revocation_list())
    assert run_mou(*arguments, "--revocation-list", listed).code == 0


def test_a_time_stamp_authority_that_nobody_trusts_is_refused(
    run_mou: "RunMou", demo: Path, time: TimeAuthority, state_of: "StateOf"
) -> None:
    before = state_of(demo)
    refused = run_mou("extend", NUMBER, "-w", demo, "--timestamp-url", time.url)
    assert (refused.code, state_of(demo)) == (1, before)
    assert "none of the trust roots leads there" in refused.stderr


def test_a_file_is_extended_beside_itself_and_never_over_anything(
    run_mou: "RunMou", demo: Path, time: TimeAuthority, root: Path, tmp_path: Path
) -> None:
    file, listed = tmp_path / "signed.pdf", tmp_path / "network.crl"
    file.write_bytes((demo / PDF).read_bytes())
    listed.write_bytes((demo / "keys" / "revocation.crl").read_bytes())
    trust = ("--trust", f"net={demo / 'keys' / 'authority.pem'}", "--trust", root, "--revocation-list", listed)
    arguments = ("extend", file, "--timestamp-url", time.url, *trust, "-o")
    over = run_mou(*arguments, file)
    assert (over.code, "exists already" in over.stderr) == (1, True)
    out = tmp_path / "lasting.pdf"
    assert run_mou(*arguments, out).code == 0
    assert out.read_bytes().startswith(file.read_bytes())
    report = run_mou("verify", out, *trust[:4], "--json").lines[0]
    assert {one["verdict"] for one in report["signatures"]} == {"passed"}
    assert {one["trust_set"] for one in report["signatures"]} == {"net", "time-authority"}


def test_what_is_missing_is_asked_for(run_mou: "RunMou", demo: Path, tmp_path: Path) -> None:
    assert run_mou("extend", NUMBER, "-w", demo).code == 2
    assert run_mou("extend", demo / PDF, "-o", tmp_path / "out.pdf").code == 2
    assert run_mou("extend", "file.pdf", cwd=tmp_path).code == 2
