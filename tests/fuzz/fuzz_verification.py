"""A fuzz target: whatever a file holds, `verify` gives a report, and says `passed` of none but the file that was signed.

    python tests/fuzz/fuzz_verification.py [FOLDER] -runs=100000 -max_len=60000 -timeout=60

It needs `atheris`, which is no dependency of the project; FOLDER holds further seeds. The first seeds are a small document with
its seal and two signatures, half of it, and objects with an empty table. What atheris makes of them is verified as a file of its
own, and behind the last %%EOF of the honest document, where the attacks of 2019 to 2021 stood; each time as our own and as one
from elsewhere.
"""

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]  # no dependency of the project

with atheris.instrument_imports(include=["signatures", "pyhanko.pdf_utils"]):
    import pikepdf

    from signatures.authority import Authority, Subject, create_authority, new_private_key
    from signatures.fields import SignatureSlot, prepare_fields
    from signatures.revisions import findings
    from signatures.shadows import shadow_content
    from signatures.signers import Signer, signer_from_key
    from signatures.signing import SigningOrder, certify, sign
    from signatures.verification import VerificationPolicy, verify

AT = datetime(2026, 11, 22, tzinfo=UTC)


def signed_document() -> tuple[bytes, Authority]:
    """Return a page with its seal and two signatures."""
    authority = create_authority("Sample network", at=AT - timedelta(days=1), lifetime=timedelta(days=365))
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    written = BytesIO()
    document.save(written, static_id=True)
    slots = [SignatureSlot(f"S000{number}", "sample", 0, (60, 100 * number, 260, 100 * number + 60)) for number in (1, 2)]
    pdf = certify(prepare_fields(written.getvalue(), slots), signer_of(authority), at=AT, name="Sample network")
    for slot in slots:
        pdf = sign(pdf, SigningOrder(slot.name, "sample", "Sample", AT), signer_of(authority))
    return pdf, authority


def signer_of(authority: Authority) -> Signer:
    """Return somebody whom the authority knows."""
    key = new_private_key()
    certificate = authority.issue(
        Subject("Sample", "Sample", None, None),
        key.public_key(),
        not_before=AT - timedelta(hours=1),
        not_after=AT + timedelta(days=9),
    )
    return signer_from_key(key, certificate, (authority.certificate,))


HONEST, AUTHORITY = signed_document()
POLICY = VerificationPolicy(roots=(AUTHORITY.certificate,), ledger_keys=(), at=AT + timedelta(hours=1))


def look_at(content: bytes) -> None:
    """Verify the bytes as a file of their own, and as what somebody put behind an honest one."""
    for pdf in (content, HONEST + content):
        for evidence in (None, b"{}"):
            report = verify(pdf, evidence, POLICY)
            assert report.verdict != "passed"
            assert report.as_json("fuzzed.pdf")
    if content:
        assert findings(HONEST + content), "bytes behind the last %%EOF"
    shadow_content(content)


def main() -> None:
    """Run until the number of executions that was asked for is reached, or something raises."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "honest.pdf").write_bytes(HONEST)
        Path(folder, "cut.pdf").write_bytes(HONEST[: len(HONEST) // 2])
        Path(folder, "tail").write_bytes(b"900 0 obj\n<< >>\nendobj\nxref\n0 0\ntrailer\n<< >>\nstartxref\n0\n%%EOF\n")
        atheris.Setup([*sys.argv, folder], look_at)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
