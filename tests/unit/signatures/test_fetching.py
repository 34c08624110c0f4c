"""Asking an issuer over HTTP: what is asked, in which order, and the limits."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_crl, ocsp

from signatures import fetching
from signatures.fetching import FetchError, fetch_over_http, fetch_statement
from tests.unit.signatures.pki import Fetching, Pki, build_pki

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return build_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server that gives back what it was sent; a hundred bytes where nothing was."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(404 if self.path == "/missing" else 200, b"x" * 100)

        def do_POST(self) -> None:
            self.answer(200, self.rfile.read(int(self.headers["Content-Length"])) + self.headers["Content-Type"].encode())

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's own name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_plain_request_and_one_with_a_body_are_answered(address: str) -> None:
    assert fetch_over_http(address, None) == b"x" * 100
    assert fetch_over_http(address, b"request ") == b"request application/ocsp-request"


def test_an_answer_that_is_too_large_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST_ANSWER_BYTES", 100)
    assert len(fetch_over_http(address, None)) == 100
    monkeypatch.setattr(fetching, "LARGEST_ANSWER_BYTES", 99)
    with pytest.raises(FetchError, match="at most 99 bytes"):
        fetch_over_http(address, None)


def test_an_answer_that_takes_too_long_is_given_up(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "ANSWER_TIMEOUT_SECONDS", -1)
    with pytest.raises(FetchError, match="no whole answer within"):
        fetch_over_http(address, None)


def test_who_does_not_answer_is_named(address: str) -> None:
    for url, cause in ((f"{address}/missing", "Not Found"), ("http://127.0.0.1:1/list", "refused")):
        with pytest.raises(FetchError, match=cause) as refused:
            fetch_over_http(url, None)
        assert url in str(refused.value)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ldap://directory.test/cn=list", "ftp://files.test/list.crl"])
def test_only_http_is_asked(url: str) -> None:
    with pytest.raises(FetchError, match="an http address is expected"):
        fetch_over_http(url, None)


def test_the_responder_is_asked_first_without_a_nonce_and_the_list_after_it(pki: Pki) -> None:
    bodies: list[bytes | None] = []
    network = Fetching(pki, NOW, down=("ocsp",))

    def fetch(address: str, body: bytes | None) -> bytes:
        bodies.append(body)
        return network(address, body)

    statement = fetch_statement(pki.certificate("signer"), pki.certificate("interm"), fetch)
    assert statement.is_list
    assert [address.split("/")[4] for address in network.asked] == ["ocsp", "crls"]
    assert bodies[0] is not None
    request = ocsp.load_der_ocsp_request(bodies[0])
    assert (request.serial_number, len(request.extensions)) == (pki.certificate("signer").serial_number, 0)


def test_a_list_in_pem_is_taken_and_anything_else_is_not(pki: Pki) -> None:
    content = pki.revocation_list("root", NOW)
    pem = load_der_x509_crl(content).public_bytes(Encoding.PEM)
    certificate, issuer = pki.certificate("interm"), pki.certificate("root")
    assert fetch_statement(certificate, issuer, lambda *_: pem).content == content
    with pytest.raises(FetchError, match=r"word on revocation cannot be had .*a revocation list in DER is expected"):
        fetch_statement(certificate, issuer, lambda *_: b"<html>")


def test_a_certificate_without_an_address_says_so(pki: Pki) -> None:
    root = pki.certificate("stranger-root")
    with pytest.raises(FetchError, match="names no address"):
        fetch_statement(root, root, Fetching(pki, NOW))
