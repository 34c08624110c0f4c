"""A remote signing service on this machine (Cloud Signature Consortium, API 1.0.4) with a real key: the part that tests own.

It holds one credential of one holder, and `others` where a test wants more. What it is asked is recorded; `answers` replaces
what it would say to one method. Where it `asks_login`, each holder logs in on its page, and only that login opens the keys.
"""

import base64
import hashlib
import html
import json
import secrets
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.csc_service import CscService
from signatures.signers import PrivateKey

TOKEN, CLIENT, SECRET, PIN, CODE = "token-of-the-workspace", "mou-test", "secret-of-the-client", "รหัส-1357", "864201"
PASSWORD = "รหัสผ่านของบริการ-2468"
CREDENTIAL = "holder-1"
SHA256 = "2.16.840.1.101.3.4.2.1"
EC_SHA256, RSA_SHA256 = "1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11"


@dataclass
class Refusal(Exception):  # noqa: N818  # what the service says, not a fault of the test
    """An answer that is no success."""

    error: str
    description: str = ""
    status: int = 400


@dataclass(frozen=True, slots=True)
class HeldKey:
    """One key with its certificate."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


@dataclass(slots=True)
class CscDouble:
    """The service: its one key, how its holder unlocks it, and what it was asked."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    way: str = "explicit"
    asks_pin: bool = True
    code_type: str | None = None  # "online": sent when asked to; "offline": from a device
    algorithms: tuple[str, ...] | None = None
    others: dict[str, HeldKey] = field(default_factory=dict)  # credential's id -> what the holder has beside the first
    asks_login: bool = False
    is_open: bool = False  # whether a client without a secret is taken: PKCE then says who asks
    tokens: set[str] = field(default_factory=set)  # of the logins so far
    url: str = ""
    questions: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    answers: dict[str, Callable[[], tuple[int, bytes]]] = field(default_factory=dict)
    pages: dict[str, dict[str, str]] = field(default_factory=dict)  # code -> the request of the page that gave it
    unlocked: dict[str, tuple[str, ...]] = field(default_factory=dict)  # SAD -> the digests that it is for
    codes_sent: int = 0

    def asked(self, method: str) -> list[Mapping[str, Any]]:
        """What was asked of one method."""
        return [body for name, body in self.questions if name == method]

    def answer(self, method: str, body: Mapping[str, Any], token: str) -> dict[str, Any]:
        """What the service says to a method of its API."""
        known = self.tokens if self.asks_login else {TOKEN}
        if method != "info" and token.removeprefix("Bearer ") not in known:
            raise Refusal("invalid_token", "The access token is not known", 401)
        if method not in {"info", "credentials/list"} and body.get("credentialID") not in {CREDENTIAL, *self.others}:
            raise Refusal("invalid_request", "Invalid parameter credentialID")
        methods: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "info": lambda _: {"specs": "1.0.4.0", "name": "double", "authType": ["oauth2code"], "oauth2": self.url},
            "credentials/list": lambda _: {"credentialIDs": [CREDENTIAL, *self.others]},
            "credentials/info": self._describe,
            "credentials/sendOTP": self._send_code,
            "credentials/authorize": self._unlock,
            "signatures/signHash": self._sign,
        }
        if method not in methods:
            raise Refusal("not_found", status=404)
        return methods[method](body)

    def held(self, body: Mapping[str, Any]) -> HeldKey:
        """The key that a question is about."""
        return self.others.get(body["credentialID"], HeldKey(self.key, self.certificate, self.chain))

    def _describe(self, body: Mapping[str, Any]) -> dict[str, Any]:
        held = self.held(body)
        own = EC_SHA256 if isinstance(held.key, ec.EllipticCurvePrivateKey) else RSA_SHA256
        certificates = [one.public_bytes(Encoding.DER) for one in (held.certificate, *held.chain)]
        return {
            "key": {"status": "enabled", "algo": list(self.algorithms or (own,)), "len": 256},
            "cert": {"status": "valid", "certificates": [base64.b64encode(one).decode() for one in certificates]},
            "authMode": self.way,
            "SCAL": "2",
            "PIN": {"presence": str(self.asks_pin).lower(), "format": "A"},
            "OTP": {"presence": str(self.code_type is not None).lower(), "type": self.code_type or "offline"},
            "multisign": 1,
        }

    def _send_code(self, _body: Mapping[str, Any]) -> dict[str, Any]:
        self.codes_sent += 1
        return {}

    def _unlock(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if self.way == "oauth2code":
            raise Refusal("invalid_request", "This credential is unlocked on a page")
        if self.asks_pin and body.get("PIN") != PIN:
            raise Refusal("invalid_pin", f"{body.get('PIN')} is not the PIN")
        if self.code_type is not None and (body.get("OTP") != CODE or (self.code_type == "online" and not self.codes_sent)):
            raise Refusal("invalid_otp", f"{body.get('OTP')} is not the code")
        return {"SAD": self._activation_for(tuple(body["hash"])), "expiresIn": 300}

    def _activation_for(self, digests: tuple[str, ...]) -> str:
        sad = secrets.token_urlsafe(24)
        self.unlocked[sad] = digests
        return sad

    def _sign(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if self.unlocked.pop(body.get("SAD", ""), ()) != tuple(body["hash"]):
            raise Refusal("invalid_request", f"Invalid parameter SAD: {body.get('SAD')}")
        if body["hashAlgo"] != SHA256:
            raise Refusal("invalid_request", "Invalid parameter hashAlgo")
        digest, algorithm, key = base64.b64decode(body["hash"][0]), Prehashed(hashes.SHA256()), self.held(body).key
        if isinstance(key, ec.EllipticCurvePrivateKey):
            value = key.sign(digest, ec.ECDSA(algorithm))
        else:
            value = key.sign(digest, padding.PKCS1v15(), algorithm)
        return {"signatures": [base64.b64encode(value).decode()]}

    def page(self, asked: Mapping[str, str]) -> bytes:
        """The page on which the holder types the PIN, or the password of their login."""
        word, name = ("Password", "password") if asked.get("scope") == "service" else ("PIN", "PIN")
        hidden = "".join(f'<input type="hidden" name="{html.escape(n)}" value="{html.escape(v)}">' for n, v in asked.items())
        return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Signing service</title><h1>Unlock</h1>
            <form method="post" action="/oauth2/authorize">{hidden}<label>{word} <input type="password" name="{name}"></label>
            <button>Unlock</button></form>
            <form method="post" action="/oauth2/authorize">{hidden}<button>Decline</button></form></html>""".encode()

    def leave_page(self, asked: dict[str, str]) -> str:
        """Where the browser goes when the PIN or the password was typed, or nothing."""
        is_login = asked.get("scope") == "service"
        given, pin = asked.pop("password", ""), asked.pop("PIN", "")
        back = {"state": asked.get("state", "")}
        is_right = given == PASSWORD if is_login else pin == PIN and asked.get("credentialID") in {CREDENTIAL, *self.others}
        if not is_right or asked.get("client_id") != CLIENT:
            back |= {"error": "access_denied"}
        else:
            code = secrets.token_urlsafe(16)
            self.pages[code] = asked
            back |= {"code": code}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """What the token end point gives."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, None if self.is_open else SECRET):
            raise Refusal("invalid_client", f"{form.get('client_secret')} is not the secret", 401)
        if form.get("grant_type") == "client_credentials":
            return {"access_token": TOKEN, "token_type": "Bearer"}
        page = self.pages.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if page is None or page["redirect_uri"] != form["redirect_uri"] or page["code_challenge"] != challenge:
            raise Refusal("invalid_grant", "The code is not known")
        if page["scope"] == "service":
            self.tokens.add(token := secrets.token_urlsafe(24))
            return {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        digests = (base64.b64encode(base64.urlsafe_b64decode(page["hash"])).decode(),)
        return {"access_token": self._activation_for(digests), "token_type": "SAD", "expires_in": 300}


@contextmanager
def serve(double: CscDouble, tls: ssl.SSLContext | None = None) -> Iterator[CscDouble]:
    """Serve the double on a free port of this machine; its `url` says where."""

    class Handler(_Handler):
        service = double

    server = _Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    double.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # the library's own
        """Say nothing of a client that hung up: some tests see to that."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    service: CscDouble

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path != "/oauth2/authorize":
            self._give(404, b"", {})
            return
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.service.questions.append(("page", asked))
        self._give(200, self.service.page(asked), {"Content-Type": "text/html"})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path).path
        if path == "/oauth2/authorize":
            self._give(302, b"", {"Location": self.service.leave_page(_form(content))})
            return
        method = path.removeprefix("/oauth2/").removeprefix("/csc/v1/")
        body = _form(content) if path == "/oauth2/token" else json.loads(content)
        self.service.questions.append((method, body))
        if (ready := self.service.answers.get(method)) is not None:
            status, answer = ready()
        else:
            status, answer = self._answer(method, body)
        elsewhere = {"Location": f"{self.service.url}/elsewhere"} if status in range(300, 400) else {}
        self._give(status, answer, {"Content-Type": "application/json", **elsewhere})

    def _answer(self, method: str, body: dict[str, Any]) -> tuple[int, bytes]:
        try:
            token = self.headers.get("Authorization", "")
            said = self.service.token(body) if method == "token" else self.service.answer(method, body, token)
        except Refusal as refusal:
            words = {"error": refusal.error, "error_description": refusal.description}
            return refusal.status, json.dumps(words).encode()
        return 200, json.dumps(said).encode()

    def _give(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's own name
        """Say nothing."""


def _form(content: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(content.decode()).items()}


def slowly(seconds: float) -> Callable[[], tuple[int, bytes]]:
    """An answer that comes late."""

    def answer() -> tuple[int, bytes]:
        time.sleep(seconds)
        return 200, b"{}"

    return answer


def answering(answer: object, status: int = 200) -> Callable[[], tuple[int, bytes]]:
    """An answer, as JSON unless it is bytes."""
    return lambda: (status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def on_page(address: str, **typed: str) -> str:
    """Type something on a page of the service and press its button; where the browser is sent then."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """Go nowhere."""

    with urllib.request.urlopen(address) as page:  # noqa: S310  # this machine's own service
        assert b'type="password"' in page.read()
    parts = urlsplit(address)
    form = {name: values[0] for name, values in parse_qs(parts.query).items()} | typed
    try:
        urllib.request.build_opener(Stay).open(parts._replace(query="").geturl(), urlencode(form).encode())
    except urllib.error.HTTPError as sent:
        with sent:
            return str(sent.headers["Location"])
    raise AssertionError("the page sent the browser nowhere")


def service_at(double: CscDouble, **others: Any) -> CscService:  # noqa: ANN401  # a service's own fields
    """The double as a workspace knows it."""
    return replace(CscService("bank", double.url, CLIENT, CREDENTIAL, token=TOKEN, secret=SECRET), **others)
