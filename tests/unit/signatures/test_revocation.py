"""Reading revocation statements: whole or not at all; what a file holds that cannot be read harms nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signatures.errors import TrustError
from signatures.fields import SignatureSlot, prepare_fields
from signatures.longterm_revisions import write_validation_data
from signatures.revocation import read_list, read_response
from signatures.signing import certify
from signatures.trust import TrustAnchors, for_asn1
from signatures.validation import validate_signatures
from tests.unit.signatures.pki import Pki, build_pki

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return build_pki(tmp_path_factory.mktemp("pki"))


def response_of(pki: Pki) -> bytes:
    request = ocsp.OCSPRequestBuilder().add_certificate(pki.certificate("signer"), pki.certificate("interm"), hashes.SHA1())  # noqa: S303
    return pki.response(request.build().public_bytes(Encoding.DER), NOW)


def test_a_list_speaks_of_its_issuers_certificates_between_its_times(pki: Pki) -> None:
    listed = read_list(pki.revocation_list("interm", NOW))
    about = [name for name in ("signer", "revoked", "interm", "tsa-one") if listed.is_about(for_asn1(pki.certificate(name)))]
    assert (listed.is_list, about, list(listed.responders())) == (True, ["signer", "revoked"], [])
    assert (listed.holds_at(NOW), listed.holds_at(listed.issued - DAY), listed.holds_at(NOW + 8 * DAY)) == (True, False, False)
    assert not listed.tells_of_expired()


def test_a_response_speaks_of_one_certificate_and_brings_its_signer(pki: Pki) -> None:
    response = read_response(response_of(pki))
    about = [name for name in ("signer", "revoked", "interm") if response.is_about(for_asn1(pki.certificate(name)))]
    assert (response.is_list, about, response.issued) == (False, ["signer"], NOW)
    assert [one.subject.native["common_name"] for one in response.responders()] == ["Trial responder"]


@pytest.mark.parametrize("content", [b"", b"no list", b"0\x03\x02\x01\x01"])
def test_what_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(TrustError, match="a revocation list in DER"):
        read_list(content)
    with pytest.raises(TrustError, match="an OCSP response in DER"):
        read_response(content)


def test_a_response_without_an_answer_is_refused() -> None:
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER)
    with pytest.raises(TrustError, match="an OCSP response with an answer is expected, got TRY_LATER"):
        read_response(refused)


def test_an_item_of_the_store_that_cannot_be_read_harms_nothing(pki: Pki, plain_pdf: bytes) -> None:
    prepared = prepare_fields(plain_pdf, [SignatureSlot("S0001", "ลายมือชื่อ", 0, (60, 100, 260, 160))])
    signed = certify(prepared, pki.signer("signer"), at=NOW, name="เครือข่าย")
    pdf = write_validation_data(
        signed,
        certificates=[b"no certificate", pki.certificate("interm").public_bytes(Encoding.DER)],
        lists=[b"no list", *(pki.revocation_list(one, NOW) for one in ("root", "interm"))],
        responses=[b"no response"],
        is_own=True,
    )
    (check,) = validate_signatures(pdf, TrustAnchors((pki.certificate("root"),)), at=NOW, strict=False)
    assert (check.sub_indication, check.verdict) == ("", "passed")
