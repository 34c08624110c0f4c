import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatures.bundle import Evidence, ExpectedSignature, commitment, read_evidence, write_evidence
from signatures.digests import digest_of
from signatures.errors import EvidenceError
from signatures.ledger.receipt import Receipt

SALT = bytes(range(32))
EVIDENCE = Evidence(
    document_digest=digest_of(b"prepared"),
    signed_digest=digest_of(b"signed"),
    document_id="doc_1",
    expected=(
        ExpectedSignature("S0000", "seal", "เครือข่ายตัวอย่าง", "", None),
        ExpectedSignature("S0001", "signature", "นายก้อง ตัวอย่าง", "นายกเทศมนตรี", str(digest_of(b"certificate"))),
    ),
    salt=SALT,
    receipt=Receipt(
        leaf=b'{"v":1}', index=3, proof=(bytes(32), bytes(range(32))), note="example.org\n4\nAAAA\n\n— example.org AAAA\n"
    ),
    certificates=(b"one", b""),
    revocation_lists=(b"list",),
)
CONTENT = write_evidence(EVIDENCE)


def changed(**members: object) -> bytes:
    return json.dumps({**json.loads(CONTENT), **members}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_evidence_comes_back_as_it_was_written() -> None:
    assert read_evidence(CONTENT) == EVIDENCE


def test_the_same_evidence_has_the_same_bytes() -> None:
    assert write_evidence(replace(EVIDENCE)) == CONTENT


@settings(max_examples=300)
@given(place=st.integers(0, len(CONTENT) - 1), flip=st.integers(1, 255))
def test_evidence_with_any_byte_changed_is_refused(place: int, flip: int) -> None:
    content = bytearray(CONTENT)
    content[place] ^= flip
    with pytest.raises(EvidenceError):
        read_evidence(bytes(content))


@settings(max_examples=100)
@given(content=st.binary(max_size=200))
def test_bytes_that_are_no_evidence_are_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError):
        read_evidence(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CONTENT + b"\n", id="a newline at the end"),
        pytest.param(b" " + CONTENT, id="a space before"),
        pytest.param(b"\xef\xbb\xbf" + CONTENT, id="a byte order mark"),
        pytest.param(json.dumps(json.loads(CONTENT)).encode(), id="written by another encoder"),
        pytest.param(CONTENT.replace(b'"version":1}', b'"version":1,"version":1}'), id="a member twice"),
        pytest.param(changed(version=1.0), id="a version that is no integer"),
        pytest.param(changed(version=True), id="a version that is a truth value"),
        pytest.param(changed(surplus="x"), id="a member too many"),
        pytest.param(changed(salt="AAAA"), id="a short salt"),
        pytest.param(changed(certificates=["b25l="]), id="base64 with one padding too many"),
        pytest.param(changed(certificates=["b25m\n"]), id="base64 with a newline"),
        pytest.param(changed(certificates={"0": "b25l"}), id="certificates that are no list"),
        pytest.param(changed(expected=[["S0001"]]), id="an expectation that is no object"),
        pytest.param(changed(document_digest="sha256:00"), id="a short digest"),
        pytest.param(changed(receipt="c2sp.org/tlog-proof@v1"), id="a receipt cut short"),
        pytest.param(changed(document_id=7), id="an id that is no text"),
        pytest.param(CONTENT.replace(b"doc_1", b"\\ud800"), id="half a surrogate pair"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"[" * 100_000, id="brackets without end"),
    ],
)
def test_any_other_form_of_evidence_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError):
        read_evidence(content)


def test_a_newer_version_is_refused_with_what_to_do() -> None:
    with pytest.raises(EvidenceError, match="version 1 is expected, got 2: read it with the release that wrote it"):
        read_evidence(changed(version=2))


def test_a_changed_member_is_called_damage() -> None:
    with pytest.raises(EvidenceError, match="the evidence is damaged: checksum sha256:"):
        read_evidence(changed(document_id="doc_2"))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(EVIDENCE.expected[1], field="S0002"), id="field"),
        pytest.param(replace(EVIDENCE.expected[1], kind="seal"), id="kind"),
        pytest.param(replace(EVIDENCE.expected[1], name="นายก้อง ตัวอย่าม"), id="name"),
        pytest.param(replace(EVIDENCE.expected[1], capacity="พยาน"), id="capacity"),
        pytest.param(replace(EVIDENCE.expected[1], certificate_digest=None), id="certificate"),
    ],
)
def test_the_commitment_depends_on_every_member_of_every_expectation(other: ExpectedSignature) -> None:
    assert commitment((EVIDENCE.expected[0], other), SALT) != commitment(EVIDENCE.expected, SALT)


def test_the_commitment_depends_on_the_order_and_the_salt() -> None:
    of_evidence = commitment(EVIDENCE.expected, SALT)
    assert commitment(EVIDENCE.expected[::-1], SALT) != of_evidence
    assert commitment(EVIDENCE.expected, SALT[::-1]) != of_evidence


def test_a_commitment_has_one_value_for_ever() -> None:
    expected = (ExpectedSignature("S0001", "signature", "ก", "ข", None),)
    assert commitment(expected, SALT) == "sha256:12e2ba4b5e827de723febfb47e09a733d769dea2ef401d05f237e0048072dd06"


def test_a_commitment_without_a_whole_salt_is_refused() -> None:
    with pytest.raises(EvidenceError, match="salt: 32 bytes are expected, got 31"):
        commitment(EVIDENCE.expected, SALT[:-1])
