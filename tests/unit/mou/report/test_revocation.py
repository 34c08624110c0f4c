"""Which statements on revocation a report names: each with where it came from and its times."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from mou.report.case import Case
from mou.report.revocation import Told, statements_at_hand
from signatures.longterm_revisions import write_validation_data

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum


def response_about(memorandum: "SignedMemorandum") -> bytes:
    """An OCSP answer of the network's authority about one of its signers."""
    authority, made = memorandum.authority, memorandum.signed_at
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=memorandum.signers["S0001"].certificate,
        issuer=authority.certificate,
        algorithm=SHA256(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=made,
        next_update=made + timedelta(days=7),
        revocation_time=None,
        revocation_reason=None,
    )
    signed = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, authority.certificate).sign(authority.private_key, SHA256())
    return signed.public_bytes(Encoding.DER)


def told(case: Case) -> list[Told]:
    return list(statements_at_hand(case))


def test_a_list_of_the_evidence_is_named_with_its_times(honest: Case, memorandum: "SignedMemorandum") -> None:
    (one,) = told(honest)
    assert (str(one.kind), one.issuer) == ("list, from the evidence", memorandum.authority.certificate.subject.rfc4514_string())
    assert one.made == memorandum.signed_at - timedelta(minutes=1)
    assert one.following == memorandum.signed_at + timedelta(days=10)


def test_what_the_verifier_gave_and_what_the_file_holds_is_named_too(honest: Case, memorandum: "SignedMemorandum") -> None:
    answer = response_about(memorandum)
    pdf = write_validation_data(
        memorandum.pdf, certificates=[], lists=[memorandum.revocation_list], responses=[answer], is_own=True
    )
    policy = replace(honest.policy, revocation_lists=(memorandum.revocation_list,))
    found = told(replace(honest, pdf=pdf, policy=policy))
    assert [str(one.kind) for one in found] == [
        "list, given by the verifier",
        "list, from the evidence",
        "list, from the file",
        "OCSP answer, from the file",
    ]
    assert (found[3].made, found[3].following) == (memorandum.signed_at, memorandum.signed_at + timedelta(days=7))


def test_what_cannot_be_read_is_no_statement(honest: Case) -> None:
    policy = replace(honest.policy, revocation_lists=(b"\x30\x00", b""))
    assert told(replace(honest, pdf=b"no PDF", evidence=b"no evidence", policy=policy)) == []
    assert told(replace(honest, pdf=None, evidence=None, policy=policy)) == []
