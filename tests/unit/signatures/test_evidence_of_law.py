"""The four tests of section 26 and the Thai type: each fact alone moves them, and nothing is rounded up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.evidence_of_law import judge_by_law
from signatures.messages import say
from signatures.validation import SignatureCheck

STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
KEY_IN_DEVICE = bytes.fromhex("300a3008060604008e460104")  # SEQUENCE OF { SEQUENCE { 0.4.0.1862.1.4 } }
QUALIFIED_ONLY = bytes.fromhex("300a3008060604008e460101")

SelfSigned = Callable[..., x509.Certificate]


@pytest.fixture(scope="module")
def certificate_with(self_signed: SelfSigned) -> Callable[..., bytes]:
    """Make a certificate whose issuer states this."""

    def make(statements: bytes | None) -> bytes:
        extensions = () if statements is None else (x509.UnrecognizedExtension(STATEMENTS, statements),)
        return self_signed(ec.generate_private_key(ec.SECP256R1()), *extensions).public_bytes(Encoding.DER)

    return make


def a_check(**changed: Any) -> SignatureCheck:  # noqa: ANN401  # any of the facts
    sound = SignatureCheck(
        field="S0001",
        signer="นายก้อง ทดสอบ",
        intact=True,
        valid=True,
        trusted=True,
        covers_revision_end=True,
        later_changes_allowed=True,
        integrity="intact",
        sub_indication="",
        reason=say("intact and valid"),
        trust_root="เครือข่ายทดสอบ",
        range_end=1000,
    )
    return replace(sound, **changed)


def bearings(check: SignatureCheck) -> list[str]:
    return [row.bearing for row in judge_by_law(check).rows]


def test_a_trusted_signature_is_type_1_since_nothing_shows_who_held_its_key(certificate_with: Callable[..., bytes]) -> None:
    found = judge_by_law(a_check(certificate=certificate_with(None)))
    assert [row.number for row in found.rows] == [1, 2, 3, 4]
    assert [row.bearing for row in found.rows] == ["evidence", "none", "evidence", "evidence"]
    assert found.thai_type == 1
    assert "no evidence for test 2: nothing in the file or beside it shows who held the key" in str(found.why_not_higher)


def test_the_issuers_statement_about_the_key_makes_type_2(certificate_with: Callable[..., bytes]) -> None:
    found = judge_by_law(a_check(certificate=certificate_with(KEY_IN_DEVICE)))
    assert {row.bearing for row in found.rows} == {"evidence"}
    assert (found.thai_type, "section 28" in str(found.why_not_higher)) == (2, True)


def test_type_3_asks_for_the_set_that_the_verifier_named_nrca(certificate_with: Callable[..., bytes]) -> None:
    check = a_check(certificate=certificate_with(KEY_IN_DEVICE))
    assert judge_by_law(replace(check, trust_set="network")).thai_type == 2
    found = judge_by_law(replace(check, trust_set="NRCA"))
    assert found.thai_type == 3
    assert "no qualified electronic signature" in str(found.why_not_higher)


@pytest.mark.parametrize(
    "statements",
    [None, QUALIFIED_ONLY, b"", b"\x30\x80", KEY_IN_DEVICE + b"\x00", KEY_IN_DEVICE[:-1]],
    ids=["none", "another", "empty", "endless", "bytes behind it", "cut off"],
)
def test_only_that_one_statement_counts(certificate_with: Callable[..., bytes], statements: bytes | None) -> None:
    check = a_check(certificate=certificate_with(statements), trust_set="nrca")
    assert (bearings(check)[1], judge_by_law(check).thai_type) == ("none", 1)


def test_a_set_named_nrca_alone_makes_no_type_3(certificate_with: Callable[..., bytes]) -> None:
    assert judge_by_law(a_check(certificate=certificate_with(None), trust_set="nrca")).thai_type == 1


@pytest.mark.parametrize("trusted", [None, False])
def test_a_type_cannot_be_known_where_the_signatory_is_not(
    certificate_with: Callable[..., bytes],
    trusted: bool | None,  # noqa: FBT001  # both answers
) -> None:
    check = a_check(certificate=certificate_with(KEY_IN_DEVICE), trusted=trusted)
    found = judge_by_law(check)
    assert (bearings(check), found.thai_type) == (["none", "none", "evidence", "evidence"], None)
    assert "whose signature it is cannot be known" in str(found.why_not_higher)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"integrity": "modified"}, ["evidence", "none", "evidence", "contradicted"]),
        ({"integrity": "invalid", "intact": False, "trusted": None}, ["none", "none", "contradicted", "contradicted"]),
        ({"integrity": "invalid", "valid": False, "trusted": None}, ["none", "none", "contradicted", "contradicted"]),
        ({"integrity": "unreadable", "trusted": None}, ["none", "none", "none", "none"]),
        ({"sub_indication": "REVOKED", "trusted": False}, ["contradicted", "none", "evidence", "evidence"]),
    ],
    ids=["changed later", "other bytes", "another key", "unreadable", "revoked"],
)
def test_a_signature_that_does_not_hold_has_no_type(changed: dict[str, Any], expected: list[str]) -> None:
    check = a_check(**changed)
    assert (bearings(check), judge_by_law(check).thai_type) == (expected, None)


@pytest.mark.parametrize("kind", ["seal", "timestamp"])
def test_what_no_person_set_has_no_type_however_good_it_is(certificate_with: Callable[..., bytes], kind: str) -> None:
    check = a_check(kind=kind, certificate=certificate_with(KEY_IN_DEVICE), trust_set="nrca")
    assert (bearings(check), judge_by_law(check).thai_type) == (["none", "none", "evidence", "evidence"], None)
