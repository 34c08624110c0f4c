"""What leaves the browser, byte by byte: a proxy between it and the server, and a search for secrets in what passed.

The browser's own account of its requests leaves out the content of uploaded files; what passes here is what was really sent.
"""

import base64
import binascii
import http.client
import itertools
import re
import sys
import threading
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 12  # bytes of a secret that nobody finds by chance
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
HEX_RUN = re.compile(rb"[0-9A-Fa-f]{24,}")
NUMBERS = itertools.count()
NOT_PASSED_ON = frozenset({"connection", "proxy-connection", "keep-alive", "transfer-encoding", "te", "upgrade"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it left the browser."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def raw(self) -> bytes:
        """Everything in it."""
        lines = [f"{self.method} {self.url}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


@dataclass
class Recording:
    """All requests of a browser, in the order in which they came."""

    proxy: str = ""
    sent: list[Sent] = field(default_factory=list)
    loses: str = ""
    """The end of the addresses whose answers are lost on their way; empty: none."""
    lost: list[int] = field(default_factory=list)
    """The status of each answer that was lost."""

    def forms(self) -> list[bytes]:
        """Return what was sent, and what it says when read as URL, base64 or hexadecimal text."""
        return [form for request in self.sent for form in readings_of(request.raw)]

    def holds(self, secret: bytes, *, public: Iterable[bytes] = ()) -> bool:
        """Whether 12 bytes in a row of a secret were sent in any form; what also stands in `public` does not count."""
        known = {piece for text in public for piece in pieces_of(text)}
        sought = pieces_of(secret) - known
        assert sought, f"a secret of at least {PIECE} bytes that is not public expected, got {len(secret)}"
        return any(not sought.isdisjoint(pieces_of(form)) for form in self.forms())

    def holds_text(self, secret: str) -> bool:
        """Whether a text was sent, whole, in any usual encoding and form."""
        encoded = {secret.encode(encoding) for encoding in ("utf-8", "utf-16-be", "utf-16-le")}
        encoded.add(secret.encode("ascii", "backslashreplace").replace(rb"\x", rb"\u00"))  # JSON
        return any(text in form for form in self.forms() for text in encoded)


def pieces_of(content: bytes) -> set[bytes]:
    """Return every run of 12 bytes."""
    return {content[start : start + PIECE] for start in range(len(content) - PIECE + 1)}


def readings_of(raw: bytes) -> Iterator[bytes]:
    """Yield the bytes themselves and what they may stand for."""
    plain = urllib.parse.unquote_to_bytes(raw.replace(b"+", b" "))
    for text in {raw, plain, urllib.parse.unquote_to_bytes(raw)}:
        yield text
        for run in HEX_RUN.findall(text):
            for start in (0, 1):
                even = run[start : len(run) - (len(run) - start) % 2]
                yield binascii.unhexlify(even)
        for run in BASE64_RUN.findall(text.replace(b"\r\n", b"").replace(rb"\/", b"/")):
            standard = run.translate(bytes.maketrans(b"-_", b"+/"))
            for start in range(4):  # where the encoded text begins is not known
                part = standard[start : len(standard) - ((len(standard) - start) % 4 == 1)]
                yield base64.b64decode(part + b"=" * (-len(part) % 4))


class Passing(BaseHTTPRequestHandler):
    """Passes one request on after another."""

    protocol_version = "HTTP/1.1"
    recording: Recording
    address: str

    def pass_on(self) -> None:
        """Record the request; what goes to this machine is passed on, all else is refused."""
        body = self.body()
        self.recording.sent.append(Sent(self.command, self.path, tuple(self.headers.items()), body))
        target = urllib.parse.urlsplit(self.path)
        if target.scheme != "http" or target.hostname != "127.0.0.1":
            self.close_connection = True
            self.send_error(502, "not from here")
            return
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60, source_address=(self.address, 0))
        address = urllib.parse.urlunsplit(("", "", target.path or "/", target.query, ""))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON}
        try:
            connection.request(self.command, address, body or None, headers)
            answered = connection.getresponse()
            if self.recording.loses and target.path.endswith(self.recording.loses):
                self.recording.lost.append(answered.status)
                self.close_connection = True
            else:
                self.answer(answered)
        except ConnectionError:  # the browser went on to another page meanwhile
            self.close_connection = True
        finally:
            connection.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_CONNECT = pass_on  # noqa: N815  # the library's names

    def body(self) -> bytes:
        """Return the request's body, whole."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def answer(self, answered: http.client.HTTPResponse) -> None:
        """Give back what the server answered."""
        content = answered.read()
        self.send_response_only(answered.status, answered.reason)
        for name, value in answered.getheaders():
            if name.lower() not in NOT_PASSED_ON | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's own name
        """Say nothing."""


def visitor_address() -> str:
    """Return an address of this machine that nobody else has come from: each visitor is counted by it."""
    number = next(NUMBERS)
    return f"127.0.{number // 250 + 1}.{number % 250 + 1}" if sys.platform == "linux" else "127.0.0.1"


@contextmanager
def recording_proxy() -> Iterator[Recording]:
    """Keep a proxy listening that records every request and passes it on from an address of its own."""
    recording = Recording()
    members = {"recording": recording, "address": visitor_address()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Passing,), members))
    server.daemon_threads = True
    recording.proxy = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield recording
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
