"""Signing with P-256: one more signature in a prepared field, ours against pyHanko as its documentation shows it.

1. Both sides: PAdES B-B, SHA-256, the same reason and name, the same key opened beforehand, no stamp on the page.
2. pyHanko: `sign_pdf` with a `SimpleSigner`, and no `bytes_reserved`.
3. Ours: `signatures.signing.sign`, which also checks fields, seal and certificate first.
4. *first* is a memorandum's first signature behind its seal, *all four* the four of them one after the other.

CPU time of this process. Both results must be signed, intact and valid.
"""

import io
import time
from collections.abc import Callable, Sequence

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from benchmarks.example import SIGNED_AT, open_example
from benchmarks.measurement import Findings, Goal, Ratio, Size, by_round, in_turns
from benchmarks.signed import PASSWORD, CertifiedDocument, Signatory, certified_memorandum, trust
from signatures.signing import sign
from signatures.validation import validate_signatures

GOAL = Goal(1.6)
REPEATS = 5

Sign = Callable[[bytes, Signatory], tuple[bytes, float]]


def measure(size: Size) -> Findings:
    """Return how many times as long pyHanko's default takes."""
    documents = [certified_memorandum(number) for number in range(size.documents or len(open_example().organisations))]
    repeats = size.repeats or REPEATS
    return Findings(
        (
            _compare("signing, first", [_only(document, 1) for document in documents], repeats, GOAL),
            _compare("signing, all four", documents, repeats, None),
        )
    )


def _only(document: CertifiedDocument, count: int) -> CertifiedDocument:
    return CertifiedDocument(document.pdf, document.signatories[:count])


def _compare(name: str, documents: Sequence[CertifiedDocument], repeats: int, goal: Goal | None) -> Ratio:
    def time_with(sign_once: Sign) -> Callable[[int], float]:
        return lambda number: _time(documents[number % len(documents)], sign_once)

    time_with(sign_by_pyhanko)(0)
    time_with(sign_as_we_do)(0)
    default, ours = in_turns(repeats * len(documents), time_with(sign_by_pyhanko), time_with(sign_as_we_do))
    return Ratio(
        name,
        by_round("pyHanko's default", default, len(documents)),
        by_round("mou", ours, len(documents)),
        "CPU, a signature",
        goal,
    )


def _time(document: CertifiedDocument, sign_once: Sign) -> float:
    """Return the mean CPU seconds of the document's signatures, each behind the one before."""
    pdf, spent = document.pdf, 0.0
    for signatory in document.signatories:
        pdf, seconds = sign_once(pdf, signatory)
        spent += seconds
    checks = validate_signatures(pdf, trust(), at=SIGNED_AT)
    if len(checks) != len(document.signatories) + 1 or not all(check.intact and check.valid for check in checks):
        raise RuntimeError("a signature is missing or not valid, so that its time cannot be compared")
    return spent / len(document.signatories)


def sign_as_we_do(pdf: bytes, signatory: Signatory) -> tuple[bytes, float]:
    """Sign as the product does; return the signed document and the CPU seconds."""
    signer = signatory.open()
    begin = time.process_time()
    signed = sign(pdf, signatory.order, signer)
    return signed, time.process_time() - begin


def sign_by_pyhanko(pdf: bytes, signatory: Signatory) -> tuple[bytes, float]:
    """Sign as pyHanko's documentation shows; return the signed document and the CPU seconds."""
    signer = SimpleSigner.load_pkcs12_data(signatory.pkcs12, [], PASSWORD.encode())
    order = signatory.order
    begin = time.process_time()
    metadata = PdfSignatureMetadata(
        field_name=order.field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=order.capacity,
        name=order.name,
    )
    output = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer, existing_fields_only=True)
    return output.getvalue(), time.process_time() - begin
