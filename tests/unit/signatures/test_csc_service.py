"""Asking a signing service: where a PIN may be sent, what comes from the environment, and the limits of an answer."""

import hashlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from signatures import csc_keys, csc_service
from signatures.authority import new_private_key, private_key_to_pem
from signatures.csc_keys import Credential, Unlocking, authorise, fetch_credential
from signatures.csc_service import CscService, service_of
from signatures.errors import KeyUnavailableError, SignaturesError
from signatures.running import run
from tests.csc_service import CODE, PIN, SECRET, TOKEN, CscDouble, answering, serve, service_at, slowly

if TYPE_CHECKING:
    from tests.unit.signatures.conftest import MakeSigner, SelfSigned

DIGEST = hashlib.sha256(b"attributes").digest()
UNLOCKING = Unlocking(PIN, CODE)
SECRETS = (PIN, CODE, TOKEN, SECRET)


@pytest.fixture
def double(make_signer: "MakeSigner") -> Iterator[CscDouble]:
    """The service with a P-256 key, a PIN and no one-time code."""
    signer = make_signer()
    assert isinstance(signer.private_key, ec.EllipticCurvePrivateKey)
    with serve(CscDouble(signer.private_key, signer.certificate, signer.chain)) as running:
        yield running


def refusal(work: Callable[[], object], kind: type[SignaturesError] = KeyUnavailableError) -> str:
    with pytest.raises(kind) as refused:
        work()
    message = str(refused.value)
    assert not [secret for secret in SECRETS if secret in message], message
    assert message.isprintable()
    return message


def fetched(double: CscDouble) -> tuple[CscService, Credential]:
    service = service_at(double)
    return service, run(fetch_credential(service))


def test_a_service_that_repeats_a_secret_is_not_quoted(double: CscDouble) -> None:
    service, credential = fetched(double)
    words = {"error": "invalid_request", "error_description": f"no such PIN: {PIN}"}
    double.answers["credentials/authorize"] = answering(words, 400)
    message = refusal(lambda: run(authorise(service, credential, DIGEST, UNLOCKING)))
    assert "its words are left out" in message
    double.answers["credentials/authorize"] = answering({"error": "locked", "error_description": "try\x1b[2J\ntomorrow"}, 400)
    assert "locked: try\ufffd[2J tomorrow" in refusal(lambda: run(authorise(service, credential, DIGEST, UNLOCKING)))


def test_an_access_token_that_is_not_known_is_told_with_its_variable(double: CscDouble) -> None:
    message = refusal(lambda: run(fetch_credential(service_at(double, name="My bank", token="old"))))
    assert "MOU_CSC_MY_BANK_TOKEN" in message


@dataclass(frozen=True, slots=True)
class Table:
    """What the settings say of a service."""

    url: str
    client_id: str | None = None
    credential_id: str | None = None


def test_secrets_come_from_the_environment() -> None:
    environment = {"MOU_CSC_MY_BANK_TOKEN": "t", "MOU_CSC_MY_BANK_SECRET": "s", "MOU_CSC_OTHER_TOKEN": "x"}
    assert service_of("my-bank", Table("https://bank.example"), environment) == CscService(
        "my-bank", "https://bank.example", token="t", secret="s"
    )


@pytest.mark.parametrize("end", ["", "/", "/csc/v1", "/csc/v1/"])
def test_an_address_is_taken_with_or_without_the_name_of_the_api(end: str) -> None:
    assert CscService("b", f"https://bank.example/sign{end}").address("info") == "https://bank.example/sign/csc/v1/info"


SAFE = ["https://bank.example", "https://bank.example:8443/sign", "http://localhost:80", "http://127.0.0.1:9", "http://[::1]:9/x"]
UNSAFE = [
    "http://bank.example",
    "http://localhost.bank.example",
    "https://user:s3cret@bank.example",
    "https://bank.example/?s3cret",
    "https://bank.example/#s3cret",
    "https://",
    "https://bank.example:port",
    "https://[bank",
    "ftp://localhost",
    "bank.example",
    "",
]


@pytest.mark.parametrize("address", SAFE)
def test_a_safe_address_is_taken(address: str) -> None:
    assert CscService("bank", address).address("info").startswith(address)


@pytest.mark.parametrize("address", UNSAFE)
def test_an_address_that_a_pin_must_not_be_sent_to_is_refused(address: str) -> None:
    message = refusal(lambda: CscService("bank", address))
    assert message.startswith("bank: an address that begins with https://")
    assert "s3cret" not in message


def test_an_answer_that_is_too_large_is_refused(double: CscDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csc_service, "LARGEST_ANSWER_BYTES", 1000)
    service = service_at(double)
    double.answers["credentials/info"] = answering(b"{" + b" " * 998 + b"}")
    assert "key is missing" in refusal(lambda: run(fetch_credential(service)))
    double.answers["credentials/info"] = answering(b"{" + b" " * 999 + b"}")
    assert "at most 1000 bytes" in refusal(lambda: run(fetch_credential(service)))


def test_an_answer_that_does_not_come_in_time_is_not_waited_for(double: CscDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    service, credential = fetched(double)
    monkeypatch.setattr(csc_service, "ANSWER_TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(csc_keys, "APPROVAL_TIMEOUT_SECONDS", 0.2)
    double.answers |= dict.fromkeys(("credentials/info", "credentials/authorize"), slowly(0.4))
    assert "within 0.1 seconds" in refusal(lambda: run(fetch_credential(service)))
    assert "within 0.2 seconds" in refusal(lambda: run(authorise(service, credential, DIGEST, UNLOCKING)))


def test_a_service_that_is_not_there_is_told(double: CscDouble) -> None:
    service = service_at(double, url="http://127.0.0.1:9")
    assert "cannot be reached" in refusal(lambda: run(fetch_credential(service)))


def test_a_service_whose_certificate_nobody_vouches_for_gets_nothing(
    double: CscDouble, self_signed: "SelfSigned", tmp_path: Path
) -> None:
    key = new_private_key()
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    (tmp_path / "server.pem").write_bytes(private_key_to_pem(key) + self_signed(key, names).public_bytes(Encoding.PEM))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "server.pem")
    with serve(replace(double, questions=[]), tls) as imposter:
        service = service_at(imposter, url=imposter.url.replace("127.0.0.1", "localhost"))
        assert "cannot be reached" in refusal(lambda: run(fetch_credential(service)))
    assert imposter.questions == []
