"""Keys behind a signing service: the real client against a service of our own, and each thing that it may do wrong."""

import asyncio
import base64
import hashlib
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.authority import Authority, new_private_key
from signatures.csc_keys import (
    Credential,
    Unlocking,
    asks_for_login,
    authorisation_address,
    authorise,
    exchange_code,
    exchange_login,
    fetch_credential,
    list_credentials,
    login_address,
    service_signer,
    sign_hash,
    signed_in,
)
from signatures.csc_service import CscService
from signatures.errors import KeyUnavailableError, SignaturesError, SigningError
from signatures.running import run
from signatures.signing import SigningOrder, sign
from signatures.trust import TrustAnchors
from signatures.validation import validate_signatures
from tests.csc_service import CODE, CREDENTIAL, PASSWORD, PIN, SECRET, TOKEN, CscDouble, HeldKey, answering, serve, service_at

if TYPE_CHECKING:
    from signatures.signers import PrivateKey
    from tests.unit.signatures.conftest import MakeSigner, SelfSigned

DAY = timedelta(days=1)
DIGEST = hashlib.sha256(b"attributes").digest()
UNLOCKING = Unlocking(PIN, CODE)
SECRETS = (PIN, CODE, TOKEN, SECRET)
BACK, VERIFIER = "https://mou.example/sign/back", "v" * 43


@pytest.fixture
def double(make_signer: "MakeSigner") -> Iterator[CscDouble]:
    """The service with a P-256 key, a PIN and no one-time code."""
    signer = make_signer()
    assert isinstance(signer.private_key, ec.EllipticCurvePrivateKey)
    with serve(CscDouble(signer.private_key, signer.certificate, signer.chain)) as running:
        yield running


def typed(_credential: Credential) -> Unlocking:
    return UNLOCKING


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


@pytest.mark.parametrize("code_type", [None, "offline", "online"])
@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
def test_a_key_behind_a_service_signs_documents(
    kind: str,
    code_type: str | None,
    certified: bytes,
    network: Authority,
    make_signer: "MakeSigner",
    rsa_key: rsa.RSAPrivateKey,
    now: datetime,
) -> None:
    keys: dict[str, PrivateKey] = {"p256": new_private_key(), "p384": ec.generate_private_key(ec.SECP384R1()), "rsa": rsa_key}
    key = keys[kind]
    holder = make_signer("นายก้อง ทดสอบ", key)
    with serve(CscDouble(key, holder.certificate, holder.chain, code_type=code_type)) as double:
        service, credential = fetched(double)
        asked: list[Credential] = []

        def ask_holder(one: Credential) -> Unlocking:
            asked.append(one)
            return UNLOCKING

        signer = service_signer(service, credential, ask_holder)
        signed = sign(certified, SigningOrder("S0001", "ภาคี", "นายก้อง ทดสอบ", now), signer)
    assert (signer.certificate, signer.chain) == (holder.certificate, (network.certificate,))
    assert (credential.asks_pin, credential.asks_code) == (True, code_type is not None)
    assert double.codes_sent == (code_type == "online")
    assert asked == [credential]
    lists = (network.revocation_list(at=now - DAY, next_update=now + DAY, number=1),)
    checks = validate_signatures(signed, TrustAnchors((network.certificate,), lists), at=now)
    assert [check.verdict for check in checks] == ["passed"] * 2


def test_a_key_is_unlocked_for_one_digest_and_once(double: CscDouble) -> None:
    service, credential = fetched(double)
    sad = run(authorise(service, credential, DIGEST, UNLOCKING))
    other = hashlib.sha256(b"another").digest()
    assert "service refused" in refusal(lambda: run(sign_hash(service, credential, other, sad)))
    sad = run(authorise(service, credential, DIGEST, UNLOCKING))
    assert run(sign_hash(service, credential, DIGEST, sad))
    assert "something secret" in refusal(lambda: run(sign_hash(service, credential, DIGEST, sad)))


def test_it_works_inside_an_event_loop(double: CscDouble) -> None:
    async def several() -> list[bytes]:
        service = service_at(double)
        credential = await fetch_credential(service)
        sads = [await authorise(service, credential, DIGEST, UNLOCKING) for _ in range(3)]
        return await asyncio.gather(*(sign_hash(service, credential, DIGEST, sad) for sad in sads))

    assert len({*asyncio.run(several())}) == 3


def test_only_what_the_credential_asks_for_is_sent(double: CscDouble) -> None:
    double.asks_pin = False
    service, credential = fetched(double)
    assert not credential.asks_pin
    run(authorise(service, credential, DIGEST, Unlocking()))
    (body,) = double.asked("credentials/authorize")
    assert body == {"credentialID": CREDENTIAL, "numSignatures": 1, "hash": [base64.b64encode(DIGEST).decode()]}


def test_a_service_that_asks_for_nothing_itself_needs_nothing_typed(double: CscDouble) -> None:
    double.way, double.asks_pin = "implicit", False
    service, credential = fetched(double)
    signer = service_signer(service, credential, lambda _: Unlocking())
    key = signer.private_key
    assert not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey))
    assert run(key.sign(b"attributes", "sha256"))


def test_raw_r_and_s_become_der(double: CscDouble) -> None:
    service, credential = fetched(double)
    sad = run(authorise(service, credential, DIGEST, UNLOCKING))
    first, second = decode_dss_signature(run(sign_hash(service, credential, DIGEST, sad)))
    raw = first.to_bytes(32, "big") + second.to_bytes(32, "big")
    double.answers["signatures/signHash"] = answering({"signatures": [base64.b64encode(raw).decode()]})
    assert decode_dss_signature(run(sign_hash(service, credential, DIGEST, "sad"))) == (first, second)


def test_a_key_that_names_its_kind_alone_signs_too(double: CscDouble) -> None:
    double.algorithms = ("1.2.840.10045.2.1",)
    service, credential = fetched(double)
    sad = run(authorise(service, credential, DIGEST, UNLOCKING))
    assert run(sign_hash(service, credential, DIGEST, sad))
    assert [body["signAlgo"] for body in double.asked("signatures/signHash")] == ["1.2.840.10045.2.1"]


def test_a_key_without_a_way_that_we_take_is_refused(double: CscDouble) -> None:
    double.algorithms = ("1.2.840.113549.1.1.10",)
    service, credential = fetched(double)
    message = refusal(lambda: run(sign_hash(service, credential, DIGEST, "sad")))
    assert "1.2.840.10045.4.3.2, 1.2.840.10045.2.1; it offers 1.2.840.113549.1.1.10" in message


# --- what the holder and the workspace give ---


@pytest.mark.parametrize(
    ("unlocking", "told"),
    [(Unlocking("0000", CODE), "wrong PIN"), (Unlocking(None, CODE), "wrong PIN"), (Unlocking(PIN, "1"), "one-time code")],
    ids=["a-wrong-pin", "no-pin", "a-wrong-code"],
)
def test_a_wrong_pin_and_a_wrong_code_are_told_apart(double: CscDouble, unlocking: Unlocking, told: str) -> None:
    double.code_type = "offline"
    service, credential = fetched(double)
    message = refusal(lambda: run(authorise(service, credential, DIGEST, unlocking)))
    assert told in message
    assert "0000" not in message


def test_nothing_secret_shows_in_what_is_kept(double: CscDouble) -> None:
    service, credential = fetched(double)
    shown = repr(service) + repr(UNLOCKING) + repr(service_signer(service, credential, typed))
    assert not [secret for secret in SECRETS if secret in shown]


def test_the_client_secret_gets_an_access_token_where_there_is_none(double: CscDouble) -> None:
    service = run(signed_in(service_at(double, token=None)))
    assert service.token == TOKEN
    assert run(fetch_credential(service)).credential_id == CREDENTIAL
    assert run(signed_in(service)) is service
    stranger = service_at(double, token=None, secret=None)
    assert run(signed_in(stranger)) is stranger
    assert "something secret" in refusal(lambda: run(signed_in(service_at(double, token=None, secret="guess"))))


# --- which key ---


def test_the_only_key_of_a_service_is_found(double: CscDouble) -> None:
    assert run(fetch_credential(service_at(double, credential_id=None))).credential_id == CREDENTIAL


@pytest.mark.parametrize(
    ("found", "told"), [([], "has 0; put"), (["a", "b"], "has 2; put its credential_id into mou.toml: a, b")]
)
def test_a_choice_among_keys_is_not_made(double: CscDouble, found: list[str], told: str) -> None:
    double.answers["credentials/list"] = answering({"credentialIDs": found})
    assert told in refusal(lambda: run(fetch_credential(service_at(double, credential_id=None))))


def described(double: CscDouble, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    return double.answer("credentials/info", {"credentialID": CREDENTIAL}, f"Bearer {TOKEN}") | changes


def weak_certificate(self_signed: "SelfSigned") -> str:
    certificate = self_signed(ec.generate_private_key(ec.SECP521R1()))
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


# what the service says of its key: (the change, what is told)
BAD_DESCRIPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "no-key": ({"key": None}, "key is missing"),
    "a-disabled-key": ({"key": {"status": "disabled", "algo": []}}, "got disabled"),
    "a-revoked-certificate": ({"cert": {"status": "revoked"}}, "got revoked"),
    "no-certificate": ({"cert": {"certificates": []}}, "cert.certificates is missing"),
    "a-certificate-that-is-no-base64": ({"cert": {"certificates": ["?"]}}, "Base64 was expected"),
    "a-certificate-that-is-no-text": ({"cert": {"certificates": [7]}}, "Base64 was expected"),
    "a-certificate-that-is-none": ({"cert": {"certificates": ["AAAA"]}}, "certificate that can be read"),
    "no-algorithms": ({"key": {}}, "key.algo is missing"),
    "algorithms-that-are-no-texts": ({"key": {"algo": [1]}}, "key.algo is missing"),
    "another-way": ({"authMode": "magic\x1b"}, "authMode is one of implicit, explicit, oauth2code, got magic\ufffd"),
    "a-pin-that-is-no-table": ({"PIN": "yes"}, "PIN is missing"),
}


@pytest.mark.parametrize("fault", BAD_DESCRIPTIONS)
def test_a_description_of_a_key_that_cannot_be_used_is_refused(double: CscDouble, fault: str) -> None:
    change, told = BAD_DESCRIPTIONS[fault]
    double.answers["credentials/info"] = answering(described(double, **change))
    assert told in refusal(lambda: fetched(double))


def test_a_certificate_of_a_kind_that_may_not_sign_is_refused(double: CscDouble, self_signed: "SelfSigned") -> None:
    double.answers["credentials/info"] = answering(described(double, cert={"certificates": [weak_certificate(self_signed)]}))
    assert "P-384 key is expected, got another kind" in refusal(lambda: fetched(double))


def test_certificates_that_do_not_lead_on_are_left_out(
    double: CscDouble, self_signed: "SelfSigned", network: Authority, rsa_key: rsa.RSAPrivateKey
) -> None:
    double.chain = (self_signed(rsa_key), double.certificate, network.certificate)
    assert fetched(double)[1].chain == (network.certificate,)


# --- what comes back ---


def test_a_value_of_another_key_is_refused(double: CscDouble) -> None:
    service, credential = fetched(double)
    sad = run(authorise(service, credential, DIGEST, UNLOCKING))
    double.key = new_private_key()
    assert "not one of the certificate's key" in refusal(lambda: run(sign_hash(service, credential, DIGEST, sad)), SigningError)


# what the service answers: (status, body, what is told)
BAD_ANSWERS: dict[str, tuple[int, object, str]] = {
    "no-signature": (200, {"signatures": []}, "another number"),
    "two-signatures": (200, {"signatures": ["AA==", "AA=="]}, "another number"),
    "no-list": (200, {"signatures": "AA=="}, "another number"),
    "no-base64": (200, {"signatures": ["ก"]}, "Base64 was expected"),
    "no-text": (200, {"signatures": [None]}, "Base64 was expected"),
    "no-object": (200, [1], "a JSON object was expected"),
    "no-json": (200, b"\xff<html>", "a JSON object was expected"),
    "much-nesting": (200, b"[" * 100_000, "a JSON object was expected"),
    "nothing": (200, b"", "a JSON object was expected"),
    "sent-elsewhere": (302, b"", "service refused: HTTP 302"),
    "broken": (500, b"<html>", "service refused: HTTP 500"),
    "words-that-are-none": (400, {"error": ["a"], "error_description": None}, "service refused: ['a']"),
}


@pytest.mark.parametrize("fault", BAD_ANSWERS)
def test_an_answer_that_is_no_signature_is_refused(double: CscDouble, fault: str) -> None:
    status, answer, told = BAD_ANSWERS[fault]
    service, credential = fetched(double)
    double.answers["signatures/signHash"] = answering(answer, status)
    assert told in refusal(lambda: run(sign_hash(service, credential, DIGEST, "sad")))


# --- unlocked on the service's own page ---


def browse(address: str, typed: str, *, name: str = "PIN") -> dict[str, str]:
    """Type a PIN, or what else is asked, on the service's page; what the browser brings back."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """Go nowhere."""

    with urllib.request.urlopen(address) as page:  # noqa: S310  # this machine's own service
        assert b'type="password"' in page.read()
    parts = urlsplit(address)
    form = {name: values[0] for name, values in parse_qs(parts.query).items()} | {name: typed}
    target = parts._replace(query="").geturl()
    with pytest.raises(urllib.error.HTTPError) as sent:
        urllib.request.build_opener(Stay).open(target, urlencode(form).encode())
    with sent.value as answer:
        location = answer.headers["Location"]
    assert location.startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture
def paged(double: CscDouble) -> CscDouble:
    """The service whose key is unlocked on its own page."""
    double.way = "oauth2code"
    return double


def test_a_key_is_unlocked_on_the_page_of_the_service(paged: CscDouble) -> None:
    service, credential = fetched(paged)
    state = secrets.token_urlsafe(16)
    address = authorisation_address(service, credential, DIGEST, return_to=BACK, state=state, verifier=VERIFIER)
    back = browse(address, PIN)
    assert back["state"] == state
    sad = run(exchange_code(service, credential, back["code"], return_to=BACK, verifier=VERIFIER))
    assert run(sign_hash(service, credential, DIGEST, sad))
    assert PIN not in str(paged.questions)  # what we sent
    (shown,) = paged.asked("page")
    assert (shown["scope"], shown["credentialID"], shown["numSignatures"]) == ("credential", CREDENTIAL, "1")
    assert base64.urlsafe_b64decode(shown["hash"]) == DIGEST
    again = refusal(lambda: run(exchange_code(service, credential, back["code"], return_to=BACK, verifier=VERIFIER)))
    assert "invalid_grant" in again


def test_a_wrong_pin_on_the_page_brings_no_code_back(paged: CscDouble) -> None:
    service, credential = fetched(paged)
    address = authorisation_address(service, credential, DIGEST, return_to=BACK, state="s", verifier=VERIFIER)
    assert browse(address, "0000") == {"error": "access_denied", "state": "s"}


@pytest.mark.parametrize(
    "wrong", [{"return_to": "https://mou.example/other"}, {"verifier": "w" * 43}], ids=["elsewhere", "thief"]
)
def test_a_code_counts_only_for_who_asked(paged: CscDouble, wrong: dict[str, str]) -> None:
    service, credential = fetched(paged)
    asked = {"return_to": BACK, "verifier": VERIFIER}
    back = browse(authorisation_address(service, credential, DIGEST, state="s", **asked), PIN)
    assert "invalid_grant" in refusal(lambda: run(exchange_code(service, credential, back["code"], **(asked | wrong))))


def test_a_key_of_a_page_cannot_be_unlocked_by_typing_and_the_other_way_round(paged: CscDouble) -> None:
    service, credential = fetched(paged)
    assert "in the browser" in refusal(lambda: service_signer(service, credential, typed))
    nobody = replace(service, client_id=None)
    ways = {"return_to": BACK, "verifier": VERIFIER}
    assert "client_id" in refusal(lambda: authorisation_address(nobody, credential, DIGEST, state="s", **ways))
    paged.way = "explicit"
    typing = fetched(paged)[1]
    assert "not unlocked on a page" in refusal(lambda: authorisation_address(service, typing, DIGEST, state="s", **ways))
    assert "not unlocked on a page" in refusal(lambda: run(exchange_code(service, typing, "code", **ways)))


@pytest.mark.parametrize("page", ["https://pages.example/", "https://pages.example/oauth2", "https://pages.example"])
def test_the_pages_may_lie_on_another_host(paged: CscDouble, page: str) -> None:
    paged.answers["info"] = answering({"oauth2": page})
    assert fetched(paged)[1].page == "https://pages.example/oauth2"


@pytest.mark.parametrize("page", ["http://pages.example", "javascript:alert(1)", 7, None])
def test_an_unsafe_address_of_the_pages_is_refused(paged: CscDouble, page: object) -> None:
    paged.answers["info"] = answering({"oauth2": page})
    message = refusal(lambda: fetched(paged))
    assert "https://" in message or "oauth2 is missing" in message


# --- where each holder has a login ---


@pytest.fixture
def with_logins(paged: CscDouble) -> tuple[CscDouble, CscService]:
    """The service as one where nobody but its holders has an account."""
    paged.asks_login = True
    return paged, service_at(paged, token=None, credential_id=None)


def logged_in(service: CscService) -> CscService:
    """The service as the holder's login opens it."""
    address = run(login_address(service, return_to=BACK, state="s", verifier=VERIFIER))
    back = browse(address, PASSWORD, name="password")
    token = run(exchange_login(service, back["code"], return_to=BACK, verifier=VERIFIER))
    return replace(service, token=token)


def test_a_holder_logs_in_and_only_that_opens_their_keys(with_logins: tuple[CscDouble, CscService]) -> None:
    double, service = with_logins
    assert "access token" in refusal(lambda: run(list_credentials(service)))
    opened = logged_in(service)
    assert run(list_credentials(opened)) == (CREDENTIAL,)
    assert run(fetch_credential(opened)).certificate == double.certificate
    (page,) = double.asked("page")
    assert not {"credentialID", "hash", "numSignatures"} & set(page)
    assert (page["scope"], page["code_challenge_method"]) == ("service", "S256")
    assert str(opened.token) not in repr(opened)
    assert PASSWORD not in str(double.questions)  # what we sent


def test_a_login_counts_once_and_only_for_who_asked(with_logins: tuple[CscDouble, CscService]) -> None:
    _, service = with_logins
    address = run(login_address(service, return_to=BACK, state="s", verifier=VERIFIER))
    assert browse(address, "0000", name="password") == {"error": "access_denied", "state": "s"}
    code = browse(address, PASSWORD, name="password")["code"]
    assert "invalid_grant" in refusal(lambda: run(exchange_login(service, code, return_to=BACK, verifier="w" * 43)))
    assert "invalid_grant" in refusal(lambda: run(exchange_login(service, code, return_to=BACK, verifier=VERIFIER)))
    assert "client_id" in refusal(
        lambda: run(login_address(replace(service, client_id=None), return_to=BACK, state="s", verifier=VERIFIER))
    )


@pytest.mark.parametrize(
    ("known", "offered", "expected"),
    [
        ({}, ["oauth2code"], True),
        ({}, ["basic", "oauth2code"], True),
        ({}, ["external"], False),
        ({}, None, False),
        ({"token": TOKEN}, ["oauth2code"], False),
        ({"credential_id": CREDENTIAL}, ["oauth2code"], False),
    ],
    ids=["own logins", "among others", "another way", "unsaid", "workspace's token", "workspace's key"],
)
def test_a_login_is_asked_for_where_the_workspace_has_no_account(
    double: CscDouble, known: dict[str, str], offered: object, expected: object
) -> None:
    double.answers["info"] = answering({"oauth2": double.url, "authType": offered})
    nobody = {"token": None, "credential_id": None}
    assert run(asks_for_login(service_at(double, **(nobody | known)))) is expected


def test_each_of_several_keys_signs_by_its_own(double: CscDouble, make_signer: "MakeSigner") -> None:
    other = make_signer("นายก้อง ทดสอบ")
    assert isinstance(other.private_key, ec.EllipticCurvePrivateKey)
    double.others["holder-2"] = HeldKey(other.private_key, other.certificate, other.chain)
    service = service_at(double)
    assert run(list_credentials(service)) == (CREDENTIAL, "holder-2")
    credential = run(fetch_credential(replace(service, credential_id="holder-2")))
    assert credential.certificate == other.certificate
    assert run(sign_hash(service, credential, DIGEST, run(authorise(service, credential, DIGEST, UNLOCKING))))


def test_no_more_credentials_are_looked_at_than_a_person_has(double: CscDouble) -> None:
    double.answers["credentials/list"] = answering({"credentialIDs": [str(number) for number in range(1000)]})
    assert len(run(list_credentials(service_at(double)))) == 20
