"""A memorandum with its seal and four signatures, its ledger and its evidence: made once, for every suite that needs one."""

import io
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signatures.authority import Authority, Subject, create_authority, new_private_key
from signatures.bundle import Evidence, ExpectedSignature, commitment, write_evidence
from signatures.canonical import JsonValue
from signatures.digests import digest_of
from signatures.fields import SEAL_FIELD, SignatureSlot, prepare_fields
from signatures.ledger.checkpoint import Checkpoint, LedgerKey, sign_checkpoint
from signatures.ledger.entry import Event, leaf_bytes
from signatures.ledger.merkle import inclusion_proof, leaf_hash, nodes_of, root_of
from signatures.ledger.receipt import Receipt
from signatures.signers import Signer, signer_from_key
from signatures.signing import SEAL_CAPACITY, SigningOrder, certify, sign
from signatures.trust import TrustAnchors
from signatures.verification import VerificationPolicy

SIGNED_AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
NETWORK = "เครือข่ายตัวอย่าง"
SIGNATORIES = {
    "S0001": ("นายก้อง ตัวอย่าง", "นายกเทศมนตรี"),
    "S0002": ("นางแก้ว ตัวอย่าง", "พยาน"),
    "S0003": ("นางสาวขวัญ ตัวอย่าง", "ผู้ประสานงานเครือข่าย"),
    "S0004": ("นายคำ ตัวอย่าง", "พยานฝ่ายเครือข่าย"),
}


@dataclass(frozen=True, repr=False)
class SignedMemorandum:
    """Every state of one document, and everybody who had a hand in it."""

    authority: Authority
    signers: Mapping[str, Signer]
    outsider: Signer
    prepared: bytes
    states: tuple[bytes, ...]
    """The certified document, then the document after each signature."""
    ledger_key: LedgerKey
    salt: bytes
    revocation_list: bytes

    @property
    def pdf(self) -> bytes:
        """The document with all its signatures."""
        return self.states[-1]

    @property
    def certified(self) -> bytes:
        """The document with its seal alone."""
        return self.states[0]

    @property
    def anchors(self) -> TrustAnchors:
        """The network's root and its revocation list."""
        return TrustAnchors(roots=(self.authority.certificate,), revocation_lists=(self.revocation_list,))

    @property
    def signed_at(self) -> datetime:
        """The time that every signature claims."""
        return SIGNED_AT

    def blank(self) -> bytes:
        """Return a document without any field."""
        return blank_pdf()

    def expected(self) -> tuple[ExpectedSignature, ...]:
        """Return what was asked of each field."""
        seal = ExpectedSignature(SEAL_FIELD, "seal", NETWORK, SEAL_CAPACITY, None)
        return (
            seal,
            *(ExpectedSignature(field, "signature", name, capacity, None) for field, (name, capacity) in SIGNATORIES.items()),
        )

    def policy(self, *, at: datetime = SIGNED_AT + timedelta(hours=2)) -> VerificationPolicy:
        """Return what an honest verifier brings along."""
        return VerificationPolicy(roots=(self.authority.certificate,), ledger_keys=(self.ledger_key.public,), at=at)

    def sign(self, pdf: bytes, field: str, signer: Signer | None = None) -> bytes:
        """Return the document with one more signature."""
        name, capacity = SIGNATORIES[field]
        order = SigningOrder(field=field, capacity=capacity, name=name, at=SIGNED_AT)
        return sign(pdf, order, signer or self.signers[field])

    def leaves(self, pdf: bytes, expected: Sequence[ExpectedSignature], body: Mapping[str, JsonValue]) -> tuple[bytes, ...]:
        """Return a small ledger whose third entry records the last signature of the PDF."""
        members: dict[str, JsonValue] = {
            "document": str(digest_of(self.prepared)),
            "before": str(digest_of(self.states[-2])),
            "after": str(digest_of(pdf)),
            "field": "S0004",
            "certificate": str(digest_of(self.signers["S0004"].certificate.public_bytes(Encoding.DER))),
            "expected": commitment(expected, self.salt),
            **body,
        }
        leaves: list[bytes] = []
        for number in range(5):
            is_ours = number == 2
            event = Event(
                type="signature.applied",
                subject="doc_1" if is_ours else f"doc_{number + 10}",
                actor="usr_1",
                body=members if is_ours else {"after": f"sha256:{number:064x}"},
                operation_id=f"op_{number}",
            )
            leaves.append(leaf_bytes(event, at=SIGNED_AT, previous=leaf_hash(leaves[-1]) if leaves else None))
        return tuple(leaves)

    def evidence(
        self,
        pdf: bytes | None = None,
        *,
        expected: Sequence[ExpectedSignature] | None = None,
        body: Mapping[str, JsonValue] | None = None,
    ) -> Evidence:
        """Return the evidence beside the PDF; `body` changes members of the ledger's entry."""
        pdf = self.pdf if pdf is None else pdf
        expected = self.expected() if expected is None else tuple(expected)
        hashes = [leaf_hash(leaf) for leaf in self.leaves(pdf, expected, body or {})]
        checkpoint = Checkpoint(self.ledger_key.name, len(hashes), root_of(hashes))
        return Evidence(
            document_digest=digest_of(self.prepared),
            signed_digest=digest_of(pdf),
            document_id="doc_1",
            expected=tuple(expected),
            salt=self.salt,
            receipt=Receipt(
                leaf=self.leaves(pdf, expected, body or {})[2],
                index=2,
                proof=inclusion_proof(nodes_of(hashes), 2, len(hashes)),
                note=sign_checkpoint(checkpoint, self.ledger_key),
            ),
            certificates=(self.authority.certificate.public_bytes(Encoding.DER),),
            revocation_lists=(self.revocation_list,),
        )

    def evidence_bytes(self, **changes: object) -> bytes:
        """Return the evidence file, with members of the evidence changed after everything was bound."""
        return write_evidence(replace(self.evidence(), **changes))  # type: ignore[arg-type] # a test names any member


def blank_pdf() -> bytes:
    """Return a page of A4, written the same way every time."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    written = io.BytesIO()
    document.save(written, deterministic_id=True)
    return written.getvalue()


def issue_signer(authority: Authority, name: str) -> Signer:
    """Return a signer whose certificate the authority issued for a month."""
    key = new_private_key()
    certificate = authority.issue(
        Subject(common_name=name, organisation="องค์กรตัวอย่าง", title=None, serial_number=None),
        key.public_key(),
        not_before=SIGNED_AT - timedelta(hours=1),
        not_after=SIGNED_AT + timedelta(days=30),
    )
    return signer_from_key(key, certificate, (authority.certificate,))


@pytest.fixture(scope="session")
def memorandum() -> SignedMemorandum:
    """A memorandum with its seal and four signatures."""
    authority = create_authority(NETWORK, at=SIGNED_AT - timedelta(days=1), lifetime=timedelta(days=365))
    stranger = create_authority(NETWORK, at=SIGNED_AT - timedelta(days=1), lifetime=timedelta(days=365))
    signers = {field: issue_signer(authority, name) for field, (name, _) in SIGNATORIES.items()}
    seal = issue_signer(authority, NETWORK)
    slots = [
        SignatureSlot(name=field, label=name, page=0, box=(60.0, 100.0 + 80 * row, 260.0, 160.0 + 80 * row))
        for row, (field, (name, _)) in enumerate(SIGNATORIES.items())
    ]
    prepared = prepare_fields(blank_pdf(), slots)
    unfinished = SignedMemorandum(
        authority=authority,
        signers={SEAL_FIELD: seal, **signers},
        outsider=issue_signer(stranger, SIGNATORIES["S0004"][0]),
        prepared=prepared,
        states=(certify(prepared, seal, at=SIGNED_AT, name=NETWORK),),
        ledger_key=LedgerKey.generate("example.org/charters"),
        salt=secrets.token_bytes(32),
        revocation_list=authority.revocation_list(
            at=SIGNED_AT - timedelta(minutes=1), next_update=SIGNED_AT + timedelta(days=10), number=1
        ),
    )
    states = list(unfinished.states)
    for field in SIGNATORIES:
        states.append(unfinished.sign(states[-1], field))
    return replace(unfinished, states=tuple(states))
