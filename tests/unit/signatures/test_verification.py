import json
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from signatures import signing
from signatures.authority import Revoked, create_authority
from signatures.bundle import ExpectedSignature, write_evidence
from signatures.canonical import JsonValue, canonical_bytes
from signatures.digests import digest_of
from signatures.errors import VerificationError
from signatures.ledger.checkpoint import Checkpoint, LedgerKey, sign_checkpoint
from signatures.ledger.export import LedgerExport
from signatures.ledger.merkle import leaf_hash, root_of
from signatures.messages import say
from signatures.verification import VerificationReport, unreadable_report, verify

if TYPE_CHECKING:
    from tests.conftest import SignedMemorandum


def steps(report: VerificationReport, outcome: str) -> list[int]:
    return [step.number for step in report.steps if step.outcome == outcome]


def verified(memorandum: "SignedMemorandum", expected: tuple[ExpectedSignature, ...] | None = None) -> VerificationReport:
    return verify(memorandum.pdf, write_evidence(memorandum.evidence(expected=expected)), memorandum.policy())


def test_an_honest_memorandum_passes_every_step(memorandum: "SignedMemorandum") -> None:
    report = verified(memorandum)
    assert steps(report, "passed") == [0, 1, 2, 3, 4, 5, 6, 7]
    assert (report.verdict, report.integrity) == ("passed", "intact")
    assert str(report.reason) == "all steps from 0 to 7 passed"
    report.require_accepted()


def test_the_report_is_one_json_object_with_the_promised_members(memorandum: "SignedMemorandum") -> None:
    printed = verified(memorandum).as_json("mou-0001.pdf")
    assert json.loads(canonical_bytes(printed)) == printed
    assert list(printed) == ["file", "sha256", "verdict", "integrity", "reason", "steps", "signatures"]
    assert printed["sha256"] == digest_of(memorandum.pdf).hex
    signatures = printed["signatures"]
    assert isinstance(signatures, list)
    assert signatures[1] == {
        "field": "S0001",
        "kind": "signature",
        "signer": "นายก้อง ตัวอย่าง",
        "verdict": "passed",
        "sub_indication": "",
        "integrity": "intact",
        "trusted": True,
        "trust_root": "เครือข่ายตัวอย่าง",
        "trust_set": "",
        "level": "B-B",
        "time": "2026-11-22T01:00:00Z",
        "time_source": "claimed",
        "capacity": "นายกเทศมนตรี",
        "identity": None,
        "thai_type": 1,
        "reason": "นายก้อง ตัวอย่าง: leads to trust root เครือข่ายตัวอย่าง on 2026-11-22T03:00:00+00:00, not revoked",
    }


def test_step_0_refuses_bytes_that_no_revision_names(memorandum: "SignedMemorandum") -> None:
    pdf = memorandum.pdf + b"999 0 obj\n<< >>\nendobj\n"
    report = verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())
    assert steps(report, "failed") == [0]
    assert (report.verdict, report.integrity) == ("failed", "modified")


def test_step_1_refuses_a_signature_over_other_bytes(memorandum: "SignedMemorandum") -> None:
    pdf = memorandum.pdf.replace(b"/Adobe.PPKLite", b"/Adobe.PPKLitf", 1)
    report = verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())
    assert 1 in steps(report, "failed")
    assert (report.verdict, report.integrity) == ("failed", "invalid")


def test_step_1_counts_fields_so_that_a_signature_cut_off_is_missed(memorandum: "SignedMemorandum") -> None:
    report = verify(memorandum.states[-2], write_evidence(memorandum.evidence()), memorandum.policy())
    assert 1 in steps(report, "failed")
    assert "5 signatures are expected, got 4; missing: S0004" in str(report.steps[1].reason)
    assert report.integrity == "intact"


def test_a_document_that_waits_for_a_signature_is_neither_passed_nor_failed(memorandum: "SignedMemorandum") -> None:
    pdf = memorandum.states[-2]
    applied: dict[str, JsonValue] = {"field": "S0003", "certificate": str(memorandum.signers["S0003"].digest)}
    report = verify(pdf, write_evidence(memorandum.evidence(pdf, body=applied)), memorandum.policy())
    assert steps(report, "not_checked") == [1]
    assert "4 of 5 signatures are there; still to be signed: S0004" in str(report.steps[1].reason)
    assert (report.verdict, report.integrity) == ("indeterminate", "intact")


def test_a_file_that_cannot_be_had_is_a_report_too() -> None:
    report = unreadable_report(say("no such file"))
    assert (report.verdict, report.integrity, report.as_json("x.pdf")["sha256"]) == ("failed", "unreadable", None)
    assert [step.outcome for step in report.steps] == ["failed", *["not_checked"] * 7]


def test_step_2_refuses_what_is_not_allowed_after_a_signature(memorandum: "SignedMemorandum") -> None:
    place = len(memorandum.pdf)
    root = memorandum.pdf.rindex(b"/Root ")
    previous = int(memorandum.pdf[memorandum.pdf.rindex(b"startxref") + 9 :].split()[0])
    catalog = int(memorandum.pdf[root + 6 :].split()[0])
    body = b"%d 0 obj\n<< /Type /Catalog /Pages 3 0 R /OpenAction [ 1 ] >>\nendobj\n" % catalog
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 900 /Root %d 0 R /Prev %d >>\n" % (catalog, place, catalog, previous)
    pdf = memorandum.pdf + body + table + b"startxref\n%d\n%%%%EOF\n" % (place + len(body))
    report = verify(pdf, None, memorandum.policy())
    assert report.verdict == "failed"
    assert report.integrity in {"modified", "unreadable"}


def test_step_3_refuses_a_revoked_certificate(memorandum: "SignedMemorandum") -> None:
    at = memorandum.signed_at + timedelta(hours=1)
    serial = memorandum.signers["S0002"].certificate.serial_number
    listed = memorandum.authority.revocation_list(
        at=at, next_update=at + timedelta(days=9), number=2, revoked=[Revoked(serial, at)]
    )
    report = verify(memorandum.pdf, memorandum.evidence_bytes(revocation_lists=(listed,)), memorandum.policy())
    assert steps(report, "failed") == [3]
    assert "REVOKED_NO_POE" in str(report.reason)
    assert report.integrity == "intact"


@pytest.mark.parametrize(
    "names_certificate", [pytest.param(True, id="certificate asked for"), pytest.param(False, id="name asked for")]
)
def test_an_outsider_in_an_expected_field_fails(memorandum: "SignedMemorandum", *, names_certificate: bool) -> None:
    pdf = memorandum.sign(memorandum.states[-2], "S0004", memorandum.outsider)
    asked = str(memorandum.signers["S0004"].digest) if names_certificate else None
    expected = (*memorandum.expected()[:-1], replace(memorandum.expected()[-1], certificate_digest=asked))
    honest = verify(pdf, write_evidence(memorandum.evidence(pdf, expected=expected)), memorandum.policy())
    assert steps(honest, "failed") == [3, 4]
    colluding = memorandum.evidence(pdf, expected=expected, body={"certificate": str(memorandum.outsider.digest)})
    assert 3 in steps(verify(pdf, write_evidence(colluding), memorandum.policy()), "failed")


@pytest.mark.parametrize(
    ("change", "expected_words"),
    [
        pytest.param({"name": "นายคำ อื่น"}, "S0004: signer นายคำ อื่น is expected, got นายคำ ตัวอย่าง", id="another name"),
        pytest.param({"capacity": "พยาน"}, "S0004: capacity 'พยาน' is expected, got 'พยานฝ่ายเครือข่าย'", id="another capacity"),
        pytest.param({"certificate_digest": f"sha256:{0:064}"}, "S0004: certificate sha256:0000", id="another certificate"),
        pytest.param({"kind": "seal"}, "S0004: a seal is expected, got a signature", id="another kind"),
    ],
)
def test_step_4_refuses_another_signer_than_was_asked(
    memorandum: "SignedMemorandum", change: dict[str, str], expected_words: str
) -> None:
    expected = (*memorandum.expected()[:-1], replace(memorandum.expected()[-1], **change))  # type: ignore[arg-type] # any member
    report = verified(memorandum, expected)
    assert steps(report, "failed") == [4]
    assert expected_words in str(report.reason)


def signed_with(memorandum: "SignedMemorandum", reasons: dict[str, str]) -> bytes:
    """The memorandum, in some fields signed as by a program that writes another reason, or none."""
    pdf = memorandum.certified
    for expected in memorandum.expected()[1:]:
        reason = reasons.get(expected.field, expected.capacity)
        order = signing.SigningOrder(expected.field, reason, expected.name, memorandum.signed_at)
        pdf = signing.sign(pdf, order, memorandum.signers[expected.field])
    return pdf


@pytest.mark.parametrize("reason", ["", "  "])
def test_step_4_lets_a_signature_leave_its_capacity_to_the_request(memorandum: "SignedMemorandum", reason: str) -> None:
    pdf = signed_with(memorandum, {"S0002": reason, "S0004": reason})
    report = verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())
    assert report.verdict == "passed"
    assert str(report.steps[4].reason) == (
        "5 signers are those who were asked; 2 signatures do not state a capacity themselves: it rests on the request that "
        "evidence and ledger record"
    )


def test_step_4_refuses_another_reason_beside_signatures_without_one(memorandum: "SignedMemorandum") -> None:
    pdf = signed_with(memorandum, {"S0002": "I agree", "S0003": ""})
    report = verify(pdf, write_evidence(memorandum.evidence(pdf)), memorandum.policy())
    assert steps(report, "failed") == [4]
    assert "S0002: capacity 'พยาน' is expected, got 'I agree'" in str(report.reason)


def test_step_4_asks_the_seal_for_its_capacity(memorandum: "SignedMemorandum", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "SEAL_CAPACITY", "")
    seal = memorandum.expected()[0]
    pdf = signing.certify(memorandum.prepared, memorandum.signers[seal.field], at=memorandum.signed_at, name=seal.name)
    evidence = memorandum.evidence(pdf, expected=(seal,))
    report = verify(pdf, write_evidence(evidence), memorandum.policy())
    assert steps(report, "failed") == [4]
    assert "S0000: capacity" in str(report.reason)


def test_step_4_refuses_a_signature_where_nobody_was_asked(memorandum: "SignedMemorandum") -> None:
    report = verified(memorandum, memorandum.expected()[:-1])
    assert steps(report, "failed") == [4]
    assert "S0004: nobody was asked to sign there" in str(report.reason)


def test_step_4_takes_two_spellings_of_one_name_as_one(memorandum: "SignedMemorandum") -> None:
    first = memorandum.expected()[1]
    respelt = replace(first, name=unicodedata.normalize("NFD", first.name))
    assert verified(memorandum, (memorandum.expected()[0], respelt, *memorandum.expected()[2:])).verdict == "passed"


def test_step_4_refuses_expectations_that_the_ledger_did_not_bind(memorandum: "SignedMemorandum") -> None:
    forged = (
        *memorandum.expected()[:-1],
        replace(memorandum.expected()[-1], certificate_digest=str(memorandum.signers["S0004"].digest)),
    )
    report = verify(memorandum.pdf, memorandum.evidence_bytes(expected=forged), memorandum.policy())
    assert steps(report, "failed") == [4]
    assert "expected to bind who was asked" in str(report.reason)


def test_step_4_refuses_a_salt_that_the_ledger_did_not_bind(memorandum: "SignedMemorandum") -> None:
    assert steps(verify(memorandum.pdf, memorandum.evidence_bytes(salt=bytes(32)), memorandum.policy()), "failed") == [4]


def test_step_4_refuses_an_entry_that_names_another_certificate(memorandum: "SignedMemorandum") -> None:
    evidence = memorandum.evidence(body={"certificate": f"sha256:{0:064}"})
    assert steps(verify(memorandum.pdf, write_evidence(evidence), memorandum.policy()), "failed") == [4]


@pytest.mark.parametrize("where", ["evidence", "ledger"])
def test_step_5_refuses_another_text_under_the_first_signature(memorandum: "SignedMemorandum", where: str) -> None:
    other = digest_of(b"another text")
    content = (
        memorandum.evidence_bytes(document_digest=other)
        if where == "evidence"
        else write_evidence(memorandum.evidence(body={"document": str(other)}))
    )
    report = verify(memorandum.pdf, content, memorandum.policy())
    assert steps(report, "failed") == [5]
    assert str(digest_of(memorandum.prepared)) in str(report.reason)


def test_step_6_refuses_the_evidence_of_another_document(memorandum: "SignedMemorandum") -> None:
    report = verify(memorandum.pdf, write_evidence(memorandum.evidence(memorandum.pdf + b" ")), memorandum.policy())
    assert steps(report, "failed") == [6]
    assert str(digest_of(memorandum.pdf)) in str(report.reason)


@pytest.mark.parametrize("member", ["signed_digest", "document_id", "receipt"])
def test_step_6_refuses_evidence_that_its_entry_contradicts(memorandum: "SignedMemorandum", member: str) -> None:
    receipt = memorandum.evidence().receipt
    changes: dict[str, object] = {
        "signed_digest": digest_of(b"other"),
        "document_id": "doc_2",
        "receipt": replace(receipt, proof=receipt.proof[::-1]),
    }
    report = verify(memorandum.pdf, memorandum.evidence_bytes(**{member: changes[member]}), memorandum.policy())
    assert steps(report, "failed") == [6]


def test_step_6_refuses_an_entry_that_is_not_in_the_tree(memorandum: "SignedMemorandum") -> None:
    evidence = memorandum.evidence()
    note = sign_checkpoint(Checkpoint(memorandum.ledger_key.name, 5, bytes(32)), memorandum.ledger_key)
    content = memorandum.evidence_bytes(receipt=replace(evidence.receipt, note=note))
    assert steps(verify(memorandum.pdf, content, memorandum.policy()), "failed") == [6]


@pytest.mark.parametrize(
    "content", [pytest.param(b"", id="empty"), pytest.param(b"%PDF-1.7", id="a pdf"), pytest.param(b"{}", id="no members")]
)
def test_step_6_refuses_evidence_that_is_damaged(memorandum: "SignedMemorandum", content: bytes) -> None:
    report = verify(memorandum.pdf, content, memorandum.policy())
    assert steps(report, "failed") == [6]
    assert "the evidence cannot be used" in str(report.reason)


def test_step_6_refuses_evidence_with_a_certificate_that_is_none(memorandum: "SignedMemorandum") -> None:
    assert steps(verify(memorandum.pdf, memorandum.evidence_bytes(certificates=(b"x",)), memorandum.policy()), "failed") == [6]


def test_step_7_refuses_a_checkpoint_of_another_key(memorandum: "SignedMemorandum") -> None:
    policy = replace(memorandum.policy(), ledger_keys=(LedgerKey.generate(memorandum.ledger_key.name).public,))
    report = verify(memorandum.pdf, write_evidence(memorandum.evidence()), policy)
    assert steps(report, "failed") == [7]


def head(memorandum: "SignedMemorandum", size: int, *, forged: bool = False) -> Checkpoint:
    leaves = memorandum.leaves(memorandum.pdf, memorandum.expected(), {"field": "S0001"} if forged else {})
    return Checkpoint(memorandum.ledger_key.name, size, root_of([leaf_hash(leaf) for leaf in leaves[:size]]))


def export(memorandum: "SignedMemorandum", size: int = 5, *, forged: bool = False, is_damaged: bool = False) -> LedgerExport:
    leaves = memorandum.leaves(memorandum.pdf, memorandum.expected(), {"field": "S0001"} if forged else {})
    return LedgerExport(
        folder=Path("export"),
        checkpoint=head(memorandum, size, forged=forged),
        leaf_hashes=tuple(leaf_hash(leaf) for leaf in leaves[:size]),
        findings=(say("tile/0/000 is not that of the entries"),) if is_damaged else (),
    )


def test_step_7_compares_with_checkpoints_that_are_held(memorandum: "SignedMemorandum") -> None:
    cases: dict[str, tuple[tuple[Checkpoint, ...], LedgerExport | None, str]] = {
        "the same head": ((head(memorandum, 5),), None, "passed"),
        "another root at the same size": ((head(memorandum, 5, forged=True),), None, "failed"),
        "an older head and no export": ((head(memorandum, 3),), None, "not_checked"),
        "an older head and the export": ((head(memorandum, 3),), export(memorandum), "passed"),
        "an older head of another history": ((head(memorandum, 3, forged=True),), export(memorandum), "failed"),
        "a newer head than the export": ((replace(head(memorandum, 5), size=9),), export(memorandum), "not_checked"),
        "a head of another ledger": ((replace(head(memorandum, 5), origin="example.org/other"),), None, "not_checked"),
        "the export alone": ((), export(memorandum), "passed"),
        "an export of another history": ((), export(memorandum, forged=True), "failed"),
        "an export that ends earlier": ((), export(memorandum, 2), "not_checked"),
        "a damaged export": ((), export(memorandum, is_damaged=True), "failed"),
        "one that agrees and one that does not": ((head(memorandum, 5), head(memorandum, 5, forged=True)), None, "failed"),
    }
    content = write_evidence(memorandum.evidence())
    met = {}
    for name, (held, exported, _) in cases.items():
        policy = replace(memorandum.policy(), held_checkpoints=held, ledger_export=exported)
        report = verify(memorandum.pdf, content, policy)
        assert steps(report, "passed")[:7] == [0, 1, 2, 3, 4, 5, 6]
        met[name] = report.steps[7].outcome
    assert met == {name: outcome for name, (_, _, outcome) in cases.items()}


def test_what_is_not_given_is_not_checked_and_never_passes(memorandum: "SignedMemorandum") -> None:
    content = write_evidence(memorandum.evidence())
    other = create_authority("อื่น", at=memorandum.signed_at, lifetime=timedelta(days=9)).certificate
    policy = memorandum.policy()
    assert steps(verify(memorandum.pdf, content, replace(policy, roots=())), "not_checked") == [3]
    assert steps(verify(memorandum.pdf, content, replace(policy, roots=(other,))), "not_checked") == [3]
    assert steps(verify(memorandum.pdf, content, replace(policy, ledger_keys=())), "not_checked") == [7]
    assert steps(verify(memorandum.pdf, memorandum.evidence_bytes(revocation_lists=()), policy), "not_checked") == [3]
    assert steps(verify(memorandum.pdf, None, policy), "not_checked") == [3, 4, 5, 6, 7]
    for report in (verify(memorandum.pdf, None, policy), verify(memorandum.pdf, content, replace(policy, roots=()))):
        assert (report.verdict, report.integrity) == ("indeterminate", "intact")
        with pytest.raises(VerificationError, match="indeterminate: "):
            report.require_accepted()


def test_an_expired_certificate_is_indeterminate(memorandum: "SignedMemorandum") -> None:
    at: datetime = memorandum.signed_at + timedelta(days=40)
    listed = memorandum.authority.revocation_list(at=at, next_update=at + timedelta(days=1), number=4)
    report = verify(memorandum.pdf, memorandum.evidence_bytes(revocation_lists=(listed,)), memorandum.policy(at=at))
    assert steps(report, "not_checked") == [3]
    assert "OUT_OF_BOUNDS_NO_POE" in str(report.reason)


def test_a_pdf_without_signatures_is_unsigned(memorandum: "SignedMemorandum") -> None:
    alone = verify(memorandum.prepared, None, memorandum.policy())
    assert (alone.verdict, alone.integrity) == ("indeterminate", "unsigned")
    asked = verify(memorandum.prepared, write_evidence(memorandum.evidence(memorandum.prepared)), memorandum.policy())
    assert (asked.verdict, asked.integrity) == ("failed", "unsigned")
    assert steps(asked, "failed") == [1]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param("ข้อความ\n".encode(), id="text"),
        pytest.param(b"%PDF-1.7\n%%EOF", id="header and end"),
        pytest.param(b"PK\x03\x04" + bytes(100), id="a zip"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_report(memorandum: "SignedMemorandum", content: bytes) -> None:
    for evidence in (None, write_evidence(memorandum.evidence())):
        report = verify(content, evidence, memorandum.policy())
        assert (report.verdict, report.integrity) == ("failed", "unreadable")
        assert steps(report, "failed")[0] == 0
        assert report.as_json("x.pdf")["signatures"] == []


def test_evidence_may_stand_beside_a_document_that_is_only_certified(memorandum: "SignedMemorandum") -> None:
    evidence = memorandum.evidence(memorandum.certified, expected=memorandum.expected()[:1])
    report = verify(memorandum.certified, write_evidence(evidence), memorandum.policy())
    assert report.verdict == "passed"
